"""Situations that are not a file's contents: names, links, locks, a file that changes, the clock and the language of the machine."""

from __future__ import annotations

import locale
import shutil
import time
import tracemalloc
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import pace_nb.extract
from pace_nb.errors import DataError
from pace_nb.extract import read_extract
from pace_nb.files import find_extracts

AS_AT = "2019-07-31"
TABLES = {
    "children": "child_id,local_authority,date_of_birth\nC1,Fife,2010-03-10\nC2,Fife,2011-03-10\n",
    "placements": "child_id,placement_type,start_date,end_date\nC1,foster,26/03/2017,\nC2,foster,2017-10-29 01:30,\n",
    "legal": "child_id,legal_type,start_date,end_date\nC1,section_25,26/03/2017,\nC2,section_25,29 October 2017,\n",
    "events": "child_id,event,date\nC1,accommodated,2017-03-25T23:30:00Z\nC1,permanence_recommendation,2017-03-26T23:30:00Z\n"
    "C2,accommodated,2017-10-28T23:30:00Z\nC2,permanence_recommendation,2017-10-29T23:30:00Z\n",
}


@pytest.fixture
def extract(write_extract) -> Path:
    return write_extract(**TABLES)


@pytest.mark.parametrize(
    "name",
    [
        "two words",
        "it's",
        "Ò Siar",
        "a" * 200,
        "%PDF",
        "[x]",
        "--as-at",
        "data; rm -rf",
        "\u202eevil",
        "x.csv",
        "x.xlsx",
    ],
)
def test_a_folder_may_have_any_name(write_extract, tmp_path, name):
    deep = tmp_path / "a long way down" / ("d" * 100)
    deep.mkdir(parents=True)
    shutil.move(write_extract(**TABLES), deep / name)
    assert len(find_extracts(deep)) == 1
    assert len(read_extract(deep / name, AS_AT).events) == 4


def test_a_link_that_leads_outside_is_not_followed(write_extract, tmp_path):
    (tmp_path / "elsewhere.csv").write_text(TABLES["legal"], encoding="utf-8")
    path = write_extract(**{t: text for t, text in TABLES.items() if t != "legal"})
    before = read_extract(path, AS_AT).sha256
    (path / "legal.csv").symlink_to(tmp_path / "elsewhere.csv")
    found = read_extract(path, AS_AT)
    assert found.legal.empty
    assert found.sha256 == before
    said = [str(f) for f in found.findings if f.file == "legal.csv" and f.level == "file"]
    assert said == [
        "legal.csv: is a link to a file outside the folder; it was not read. Copy the file itself into the folder."
    ]


def test_a_link_within_the_folder_is_a_file_like_any_other(write_extract):
    path = write_extract(**{t: text for t, text in TABLES.items() if t != "legal"}, **{"of_may.txt": TABLES["legal"]})
    (path / "legal.csv").symlink_to("of_may.txt")
    assert len(read_extract(path, AS_AT).legal) == 2


def test_a_whole_folder_may_be_a_link(extract, tmp_path):
    (tmp_path / "link").symlink_to(extract)
    assert len(read_extract(tmp_path / "link", AS_AT).legal) == 2


def test_a_file_that_is_open_in_excel_says_so(extract, monkeypatch):
    opening = Path.open

    def locked(self, *how, **ever):
        if self.name == "events.csv":
            raise PermissionError(13, "sharing violation")
        return opening(self, *how, **ever)

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(
        DataError, match=r"events\.csv cannot be opened\.\nWhat to do: close the file in Excel and try again"
    ):
        read_extract(extract, AS_AT)


def test_a_workbook_that_is_open_in_excel_says_so(write_extract, monkeypatch):
    def locked(*_, **__):
        raise PermissionError(13, "sharing violation")

    path = write_extract(**{"pace.xlsx": b"PK"})
    monkeypatch.setattr(zipfile, "ZipFile", locked)
    with pytest.raises(DataError, match="close the file in Excel and try again"):
        read_extract(path, AS_AT)


@pytest.mark.parametrize("name", ["events.csv", "aims.toml", "placements_2.csv"])
def test_a_file_that_changes_while_it_is_read_stops_the_reading(extract, monkeypatch, name):
    check = pace_nb.extract.check_tables

    def meanwhile(*args):
        with (extract / name).open("a", encoding="utf-8") as file:
            file.write("# C1\n")
        return check(*args)

    monkeypatch.setattr(pace_nb.extract, "check_tables", meanwhile)
    with pytest.raises(DataError, match="changed while it was being read"):
        read_extract(extract, AS_AT)


def days(extract: Path) -> list[str]:
    found = read_extract(extract, AS_AT)
    return [
        str(d.date())
        for t in (found.events["date"], found.placements["start_date"], found.legal["start_date"])
        for d in t
    ]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Europe/London"])
def test_the_clock_of_the_machine_moves_no_day(extract, monkeypatch, zone):
    before = days(extract)
    assert before[:4] == ["2017-03-25", "2017-03-27", "2017-10-29", "2017-10-29"]
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert days(extract) == before
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_language_of_the_machine_moves_no_day(extract):
    before, language = days(extract), locale.setlocale(locale.LC_ALL)
    for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C"):
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            continue  # not on this machine; "C" is on all
        try:
            assert days(extract) == before
        finally:
            locale.setlocale(locale.LC_ALL, language)


def test_a_wait_over_the_night_of_the_clocks_is_of_whole_days(extract):
    events = read_extract(extract, AS_AT).events
    assert events["date"].eq(events["date"].dt.normalize()).all()
    waits = events.groupby("child_id")["date"].agg(lambda d: (d.max() - d.min()) / pd.Timedelta(days=1))
    assert list(waits) == [2.0, 0.0]


def test_sixty_thousand_rows_are_read_in_seconds(write_extract):
    rows = [
        f"C{1 + i % 2},review,{pd.Timestamp(2010, 1, 1) + pd.Timedelta(days=i % 3000):%Y-%m-%d}" for i in range(60_000)
    ]
    path = write_extract(**TABLES | {"events": "child_id,event,date\n" + "\n".join(rows) + "\n"})
    began = time.perf_counter()
    found = read_extract(path, AS_AT)
    assert time.perf_counter() - began < 30
    counted = found.rows.set_index("table").loc["events"]
    assert counted["read"] == 60_000 == counted["used"] + counted["duplicates"] + counted["set_aside"]


def test_a_bomb_costs_no_memory(write_extract, tmp_path):
    """300 MB of spaces in 300 kB: refused from the list of contents, before any of it is unpacked."""
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(300):
                part.write(b" " * 1_000_000)
    path = write_extract(**{"pace.xlsx": (tmp_path / "bomb.xlsx").read_bytes()})
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="would unpack to 300 MB"):
            read_extract(path, AS_AT)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
