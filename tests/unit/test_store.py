from __future__ import annotations

import shutil
import stat
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from pace_nb import extract as extracts
from pace_nb.errors import DataError, ParameterError
from pace_nb.extract import Extract, read_extract
from pace_nb.schema import TABLES
from pace_nb.store import FOLDER

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
AS_AT = "2019-07-31"


@pytest.fixture
def store(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture
def readings(monkeypatch) -> list[str]:
    """The extracts that were read from their files, in order."""
    seen, read = [], extracts._read_records
    monkeypatch.setattr(extracts, "_read_records", lambda path, *more: (seen.append(path.name), read(path, *more))[1])
    return seen


def assert_same(one: Extract, other: Extract) -> None:
    for field in fields(Extract):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right)
        else:
            assert left == right, field.name


@pytest.fixture
def orkney(tmp_path) -> Path:
    return Path(shutil.copytree(SAMPLE / "orkney-islands", tmp_path / "orkney"))


@pytest.mark.parametrize("area", ["orkney-islands", "highland", "inverclyde", "clackmannanshire"])
def test_what_comes_out_of_the_store_is_what_was_read(area, monkeypatch, tmp_path, readings):
    plain = read_extract(SAMPLE / area, AS_AT)
    monkeypatch.setenv(FOLDER, str(tmp_path))
    first, second = read_extract(SAMPLE / area, AS_AT), read_extract(SAMPLE / area, AS_AT)
    assert readings == [area] * 2  # without a store, and for the first time with it
    assert_same(plain, first)
    assert_same(plain, second)


@pytest.fixture(scope="module")
def nation(tmp_path_factory) -> Path:
    """Three areas as one extract, as a national one comes."""
    folder = tmp_path_factory.mktemp("together") / "nation"
    folder.mkdir()
    areas = [read_extract(SAMPLE / name, AS_AT) for name in ("orkney-islands", "shetland-islands", "stirling")]
    for name in TABLES:
        rows = pd.concat([getattr(a, name) for a in areas])
        rows.to_csv(folder / f"{name}.csv", index=False, date_format="%Y-%m-%d")
    return folder


def test_a_national_extract_is_read_once_and_cut_by_area(nation, store, readings, monkeypatch):
    cut = {area: read_extract(nation, AS_AT, area) for area in ("Stirling", "S12000023", "Shetland Islands")}
    assert readings == ["nation"]
    assert [len(e.children) > 0 for e in cut.values()] == [True] * 3
    monkeypatch.delenv(FOLDER)
    for area, extract in cut.items():
        assert_same(read_extract(nation, AS_AT, area), extract)


def test_an_area_that_is_not_there_is_refused_as_without_a_store(nation, store):
    read_extract(nation, AS_AT)
    with pytest.raises(ParameterError, match="'Fife' is not in the extract"):
        read_extract(nation, AS_AT, "Fife")


class TestWhatIsReadAgain:
    def test_another_day(self, orkney, store, readings):
        read_extract(orkney, AS_AT)
        assert read_extract(orkney, "2018-07-31").as_at.year == 2018
        assert len(readings) == 2

    def test_a_file_that_was_changed(self, orkney, store, readings):
        before = read_extract(orkney, AS_AT)
        lines = (orkney / "events.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        (orkney / "events.csv").write_text("".join(lines[:-1]), encoding="utf-8")
        assert len(read_extract(orkney, AS_AT).events) < len(before.events)
        assert len(readings) == 2

    def test_aims_and_changes_always(self, orkney, store, readings):
        assert read_extract(orkney, AS_AT).since is not None
        (orkney / "extract.toml").write_text("complete_from = 2015-01-01\n", encoding="utf-8")
        assert read_extract(orkney, AS_AT).since.year == 2015

    def test_what_could_not_be_read(self, orkney, store, readings):
        (orkney / "children.csv").write_text("child_id,date_of_birth\n", encoding="utf-8")
        for _ in range(2):
            with pytest.raises(DataError, match="No child can be read"):
                read_extract(orkney, AS_AT)
        assert len(readings) == 2

    def test_what_was_not_kept_whole(self, orkney, store, readings):
        read_extract(orkney, AS_AT)
        for about in store.rglob("about.json"):  # it is written last
            about.unlink()
        read_extract(orkney, AS_AT)
        assert len(readings) == 2


def test_nothing_is_kept_unless_it_is_asked_for(orkney, readings, tmp_path, monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    read_extract(orkney, AS_AT)
    read_extract(orkney, AS_AT)
    assert len(readings) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["orkney"]


def test_only_its_owner_can_open_the_store_and_no_name_in_it_tells_of_a_child(orkney, store):
    extract = read_extract(orkney, AS_AT)
    assert stat.S_IMODE(store.stat().st_mode) == 0o700
    names = " ".join(str(p.relative_to(store)) for p in store.rglob("*"))
    assert not [child for child in extract.children["child_id"] if child in names]
