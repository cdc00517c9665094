"""Whose a label is: for somebody who has the key and the extract, and for nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pace_nb.errors import ParameterError
from pace_nb.extract import read_extract
from pace_nb.marking import SENSITIVE
from pace_nb.timelines import find_by_label, label_children

ORKNEY = Path(__file__).parent.parent.parent / "data" / "sample" / "orkney-islands"
AS_AT = "2019-07-31"


def test_every_label_leads_back_to_its_child():
    extract = read_extract(ORKNEY, AS_AT, audience="working")
    labels = label_children(extract)
    assert len(labels) == len(extract.children)
    assert {find_by_label(extract, label) for label in labels.values()} == set(labels)


@pytest.mark.parametrize("typed", ["{}", " child {} ", "Child {}"])
def test_a_label_may_be_typed_in_any_form(typed):
    extract = read_extract(ORKNEY, AS_AT, audience="working")
    child, label = next(iter(label_children(extract).items()))
    assert find_by_label(extract, typed.format(label.removeprefix("Child ").lower())) == child


def test_a_label_of_nobody_is_refused_and_not_repeated():
    extract = read_extract(ORKNEY, AS_AT, audience="working")
    with pytest.raises(ParameterError) as caught:
        find_by_label(extract, "ZZZ-ZZZ")
    assert "ZZZ" not in str(caught.value)
    assert "fingerprint" in str(caught.value)


def test_the_command_line_prints_the_number_between_its_marking_and_nothing_else(run_cli, tmp_path):
    extract = read_extract(ORKNEY, AS_AT, audience="working")
    (authority, number), label = next(iter(label_children(extract).items()))
    ended = run_cli("key", "whose", ORKNEY, label, "--as-at", AS_AT, cwd=tmp_path)
    assert (ended.returncode, ended.stdout.strip()) == (0, f"{SENSITIVE}\n{number} ({authority})\n{SENSITIVE}")
