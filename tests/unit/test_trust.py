"""What every page says of the rows it rests on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pace_nb.extract import Extract, read_extract
from pace_nb.pages.trust import show_rows

ORKNEY = Path(__file__).parent.parent.parent / "data" / "sample" / "orkney-islands"
COUNTS = ["read", "used", "set_aside", "duplicates", "blank"]


@pytest.fixture(scope="module")
def extract() -> Extract:
    rows = [
        ("children", "children.csv", 16, 16, 0, 0, 0),
        ("events", "events.csv", 194, 190, 2, 1, 1),
        ("events", "legal team.csv", 40, 39, 1, 0, 0),
    ]
    table = pd.DataFrame(rows, columns=["table", "file", *COUNTS])
    return replace(read_extract(ORKNEY, "2019-07-31", audience="working"), rows=table)


def lines(extract: Extract) -> list[list[str]]:
    return [line.split("\t") for line in show_rows(extract).text.splitlines() if line.count("\t") == len(COUNTS)][1:]


def test_the_files_of_a_table_are_counted_together_and_then_each_by_itself(extract):
    assert lines(extract) == [
        ["children", "16", "16", "0", "0", "0"],
        ["events", "234", "229", "3", "1", "1"],
        ["events, of events.csv", "194", "190", "2", "1", "1"],
        ["events, of legal team.csv", "40", "39", "1", "0", "0"],
    ]


def test_everyone_sees_protected_counts(extract):
    assert lines(replace(extract, audience="aggregate"))[1] == ["events", "235", "230", "*", "*", "*"]
