"""What a run says of the one before it into the same folder: a key that changed is noticed."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pace_nb.batch.one import Result
from pace_nb.batch.publish import other_keys, read_keys, write_manifest

DAY = date(2019, 7, 31)


def run(area: str, key: str, notebook: str = "6_children_now") -> Result:
    return Result(area, area.lower(), notebook, "made", key=key)


@pytest.fixture
def before(tmp_path):
    """A folder into which pages of Fife and Angus were made, with a key each."""
    runs = [run("Angus", "ANGUS-KEY"), run("Fife", "FIFE-KEY"), run("Fife", "", "5_across_areas")]
    write_manifest(runs, tmp_path, DAY, "working", 1.0)
    return tmp_path


def test_another_key_is_noticed_for_the_area_whose_children_it_names(before):
    assert other_keys([run("Angus", "ANGUS-KEY"), run("Fife", "NEW-KEY")], read_keys(before)) == ["Fife"]


@pytest.mark.parametrize(
    "now",
    [
        [run("Angus", "ANGUS-KEY"), run("Fife", "FIFE-KEY")],
        [run("Fife", "")],  # pages for everyone name nobody
        [run("Moray", "NEW-KEY")],  # not made before
        [],
    ],
    ids=["the same", "no single child", "a new area", "nothing"],
)
def test_nothing_is_said_where_no_label_has_changed(before, now):
    assert other_keys(now, read_keys(before)) == []


@pytest.mark.parametrize(
    "manifest", [None, "", "{", "[]", '{"runs": 3}', '{"runs": [1]}', '{"runs": [{"key": "x"}]}', "\ud800"]
)
def test_a_manifest_that_is_none_says_nothing(tmp_path, manifest):
    if manifest is not None:
        (tmp_path / "manifest.json").write_bytes(manifest.encode("utf-8", "surrogatepass"))
    assert other_keys([run("Fife", "NEW-KEY")], read_keys(tmp_path)) == []


def test_the_manifest_keeps_the_fingerprint_of_each_run(before):
    runs = json.loads((before / "manifest.json").read_text(encoding="utf-8"))["runs"]
    assert [r["key"] for r in runs] == ["ANGUS-KEY", "FIFE-KEY", ""]
