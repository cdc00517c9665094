"""The workbook of rows to correct: it can be opened, worked through and sent back, and holds no value of the records."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import openpyxl
import pytest

from pace_nb.corrections import COLUMNS, READ, ROWS, list_corrections, write_corrections
from pace_nb.errors import ParameterError
from pace_nb.extract import read_extract
from pace_nb.findings import Finding
from pace_nb.marking import POINTS

CHILDREN = "child_id,local_authority,date_of_birth\nSECRET-A,Fife,2010-05-06\nSECRET-B,Fife,2031-02-30\n"
EVENTS = (
    "child_id,event,date,route\n"
    "SECRET-A,accommodated,2018-01-01,\n"
    "SECRET-A,adm_decision,2018-02-30,\n"
    "SECRET-B,no_such_thing,2018-02-01,\n"
    "SECRET-Z,review,2018-02-01,\n"
    "SECRET-A,review,2018-02-31,\n"
)
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
    '=HYPERLINK("http://x","y")',
    "https://x",
    "{=1}",
)


@pytest.fixture
def extract(write_extract):
    return read_extract(write_extract(children=CHILDREN, events=EVENTS), "2019-07-31")


@pytest.fixture
def write(tmp_path):
    """A function that writes the workbook and opens it again."""

    def of(extract, name="corrections.xlsx"):
        write_corrections(extract, tmp_path / name)
        return openpyxl.load_workbook(tmp_path / name)

    return of


def listed(book) -> list[tuple]:
    return list(book[ROWS].iter_rows(min_row=2, values_only=True))


class TestTheList:
    def test_every_row_that_was_set_aside_is_in_it_with_what_to_do(self, extract):
        found = list_corrections(extract)
        aside = {(f.file, n) for f in extract.findings if f.level == "rows" for n in f.lines}
        assert {(c.file, c.row) for c in found} >= aside
        assert {("events.csv", n) for n in (3, 4, 5, 6)} <= aside
        assert all(c.what[0].isupper() for c in found)

    def test_a_row_for_each_row_of_the_file_in_order(self, extract):
        dates = [c for c in list_corrections(extract) if (c.file, c.column) == ("events.csv", "date")]
        assert [c.row for c in dates] == [3, 6]

    def test_what_only_was_noted_stands_last_and_only_where_something_can_be_done(self, extract):
        with_do = Finding("check-it", "notice", "events.csv", "was assumed.", "Check it.", "date", (2,))
        without = Finding("known", "notice", "events.csv", "was recognised.", "", "date", (2,))
        found = list_corrections(replace(extract, findings=(without, with_do, *extract.findings)))
        assert "Was assumed." in [c.what for c in found]
        assert not [c for c in found if c.what == "Was recognised."]
        assert [c.level == "notice" for c in found] == sorted(c.level == "notice" for c in found)

    def test_a_file_as_a_whole_has_no_row_number(self, write_extract, write):
        broken = read_extract(write_extract(children=CHILDREN, events="child_id,event\n"), "2019-07-31")
        (first, *_) = listed(write(broken))
        assert first[:2] == ("events.csv", 1) or first[:2] == ("events.csv", "all")
        assert first[5] == "Not usable"


class TestTheWorkbook:
    def test_tells_how_to_use_it_first(self, extract, write):
        book = write(extract)
        assert book.sheetnames == [READ, ROWS]
        told = [c for row in book[READ].iter_rows(values_only=True) for c in row if c]
        for phrase in (POINTS, "Fife", "31 July 2019", extract.sha256):
            assert phrase in told
        assert any(t.startswith(f"{len(list_corrections(extract))}: ") for t in told)
        assert any("Correct the record in the case system" in t for t in told)

    def test_lists_the_rows_under_headings_with_room_for_who_corrected_them(self, extract, write):
        sheet = write(extract)[ROWS]
        assert [c.value for c in sheet[1]] == list(COLUMNS)
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        found = list_corrections(extract)
        assert [(r[0], r[1], r[2] or "") for r in rows] == [(c.file, c.row or "all", c.column) for c in found]
        assert sum(isinstance(r[1], int) for r in rows) >= 4
        assert {r[6:] for r in rows} == {(None, None)}

    def test_can_be_filtered_scrolled_printed_and_filled_in(self, extract, write):
        sheet = write(extract)[ROWS]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:H{sheet.max_row}"
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$1"
        assert POINTS in sheet.oddHeader.center.text
        (choice,) = sheet.data_validations.dataValidation
        assert str(choice.sqref) == f"H2:H{sheet.max_row}"
        assert all(sheet.column_dimensions[c].width >= 9 for c in "ABCDEFGH")

    def test_holds_no_value_of_the_records(self, extract, tmp_path):
        write_corrections(extract, tmp_path / "c.xlsx")
        with zipfile.ZipFile(tmp_path / "c.xlsx") as archive:
            content = b"".join(archive.read(n) for n in archive.namelist()).decode("utf-8")
        for value in ("SECRET", "2018-02", "2031", "no_such_thing"):
            assert value not in content

    @pytest.mark.parametrize("text", HOSTILE)
    def test_nothing_in_it_is_ever_worked_out(self, extract, write, text):
        fault = Finding("x", "rows", text, text, text, text, (7,))
        sheet = write(replace(extract, findings=(fault,)))[ROWS]
        cells = [sheet.cell(2, n) for n in (1, 3, 4, 5)]
        assert {c.data_type for c in cells} == {"s"}
        assert [c.hyperlink for c in cells] == [None] * 4
        said = [str(c.value).replace("_x000D_", "\r").strip().lower() for c in cells]
        assert said == [text.strip().lower()] * 4

    def test_the_same_extract_gives_the_same_bytes(self, extract, tmp_path):
        for name in ("a.xlsx", "b.xlsx"):
            write_corrections(extract, tmp_path / name)
        assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()

    def test_of_an_extract_without_a_fault_is_empty_and_can_still_be_opened(self, write_extract, write):
        clean = read_extract(write_extract(children=CHILDREN.replace("2031-02-30", "2011-01-01")), "2019-07-31")
        book = write(replace(clean, findings=()))
        assert listed(book) == []

    def test_lists_only_so_many_and_counts_the_rest(self, extract, write, monkeypatch):
        monkeypatch.setattr("pace_nb.corrections.LISTED", 2)
        book = write(extract)
        assert len(listed(book)) == 2
        told = " ".join(str(c) for row in book[READ].iter_rows(values_only=True) for c in row if c)
        assert f"{len(list_corrections(extract))}: " in told
        assert "The first 2 are listed." in told


class TestWhatIsRefused:
    def test_a_workbook_that_is_there_is_never_overwritten(self, extract, tmp_path):
        file = tmp_path / "c.xlsx"
        file.write_bytes(b"what somebody wrote in it")
        with pytest.raises(ParameterError, match="is there already"):
            write_corrections(extract, file)
        assert file.read_bytes() == b"what somebody wrote in it"

    def test_another_kind_of_file(self, extract, tmp_path):
        with pytest.raises(ParameterError, match="is a workbook"):
            write_corrections(extract, tmp_path / "c.csv")

    def test_a_folder_that_is_not_there(self, extract, tmp_path):
        with pytest.raises(ParameterError, match="cannot be written") as caught:
            write_corrections(extract, tmp_path / "nowhere" / "c.xlsx")
        assert str(tmp_path) not in str(caught.value)
        assert [p.name for p in tmp_path.iterdir()] == ["extract"]
