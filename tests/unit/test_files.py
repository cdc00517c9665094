"""From bytes to rows of text: what is a data file, how its bytes are read, and where its header stands."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import openpyxl
import pytest

from pace_nb.errors import DataError
from pace_nb.files import (
    LONGEST_CELL,
    Source,
    digest,
    find_extracts,
    find_sources,
    is_extract,
    plain_name,
    read_table,
    table_name,
    tidy,
)
from pace_nb.schema import TABLES

HEAD = "child_id,event,date,route\n"
ROW = "C1,accommodated,2018-01-01,\n"


@pytest.fixture
def read(tmp_path):
    """Return a function that reads bytes as the table of events."""

    def of(data: str | bytes, table: str = "events"):
        path = tmp_path / f"{table}.csv"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_table(Source(TABLES[table], path))

    return of


@pytest.mark.parametrize("text", [" child_id ", "Child ID", "child-id", "CHILD  id", "Child\u00a0ID", "_child_id_"])
def test_a_header_is_read_whatever_its_case_and_spaces(text):
    assert plain_name(text) == "child_id"


def test_a_no_break_space_is_a_space():
    assert tidy("\u00a0 a b\u00a0") == "a b"


@pytest.mark.parametrize(
    ("text", "table"),
    [("events", "events"), ("Legal Reasons", "legal"), ("legal_reasons", "legal"), ("event", None), ("", None)],
)
def test_a_table_is_known_by_its_name(text, table):
    assert table_name(text) == table


class TestWhereExtractsLie:
    def test_a_folder_of_tables_is_one(self, write_extract):
        path = write_extract(children=HEAD)
        assert is_extract(path)
        assert find_extracts(path) == [path]

    def test_a_folder_of_folders_holds_several_in_order_of_name(self, write_extract):
        lot = write_extract("lot")
        paths = [write_extract(f"lot/{name}", children=HEAD) for name in ("b", "a")]
        assert find_extracts(lot) == sorted(paths)

    def test_lock_files_and_system_files_are_none(self, write_extract):
        path = write_extract(**{"~$pace.xlsx": "x", ".~lock.events.csv#": "x", "Thumbs.db": "x", "desktop.ini": "x"})
        assert not is_extract(path)
        with pytest.raises(DataError, match="There is no extract at 'extract'"):
            find_extracts(path)

    def test_what_is_not_there_is_said_with_what_would_do(self, tmp_path):
        with pytest.raises(DataError, match=r"give a folder with children\.csv"):
            find_extracts(tmp_path / "nowhere")

    def test_two_files_for_one_table_are_not_chosen_between(self, write_extract):
        with pytest.raises(DataError, match="hold the same table") as caught:
            find_sources(write_extract(legal=HEAD, legal_reasons=HEAD))
        assert caught.value.where == ["legal"]

    def test_two_workbooks_are_not_chosen_between(self, write_extract):
        with pytest.raises(DataError, match="several workbooks"):
            find_sources(write_extract(**{"a.xlsx": "x", "b.xlsx": "x"}))

    def test_a_file_that_is_no_table_is_named_and_not_read(self, write_extract):
        sources, notices = find_sources(write_extract(children=HEAD, notes="secret", **{"a.xlsx": b"PK"}))
        assert [s.table.name for s in sources] == ["children"]
        assert [(n.code, n.file) for n in notices] == [("unknown-file", "notes.csv"), ("unknown-file", "a.xlsx")]


class TestDigest:
    """The SHA-256 of an extract can be worked out by anyone: of the lines `name hash`, in order of name."""

    def test_of_a_folder(self, write_extract):
        files = {"children.csv": b"a", "aims.toml": b"b", "events.csv": b"c"}
        path = write_extract(**files, **{"readme.txt": b"not counted", ".events.csv": b"not counted"})
        lines = "".join(f"{n} {hashlib.sha256(files[n]).hexdigest()}\n" for n in sorted(files))
        assert digest(path) == hashlib.sha256(lines.encode()).hexdigest()

    def test_of_a_file(self, tmp_path):
        path = tmp_path / "pace.xlsx"
        path.write_bytes(b"abc")
        assert digest(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @pytest.mark.parametrize("change", [{"events": "d"}, {"changes.toml": "x"}, {"legal": ""}])
    def test_changes_with_any_file_of_the_extract(self, write_extract, change):
        before = digest(write_extract(children="a", events="b"))
        assert digest(write_extract(**change)) != before


class TestText:
    @pytest.mark.parametrize(
        ("encoding", "code"),
        [
            ("utf-8", None),
            ("utf-8-sig", None),
            ("utf-16", "encoding"),
            ("utf-16-le", "nul-bytes"),
            ("cp1252", "encoding"),
        ],
    )
    def test_is_decoded_by_a_fixed_ladder(self, read, encoding, code):
        raw = read((HEAD + "Ó1,accommodated,2018-01-01,\n").encode(encoding))
        assert [f.code for f in raw.findings] == ([code] if code else [])
        assert raw.rows == ([["Ó1", "accommodated", "2018-01-01", ""]] if code != "nul-bytes" else [])

    def test_bytes_are_never_replaced(self, read):
        raw = read(HEAD.encode() + b"C\x81,accommodated,2018-01-01,\n")
        assert not raw.usable
        assert raw.findings[0].lines == (2,)

    @pytest.mark.parametrize("delimiter", list(",;\t|"))
    def test_is_split_at_the_separator_of_its_first_line(self, read, delimiter):
        raw = read((HEAD + ROW).replace(",", delimiter))
        assert raw.rows == [["C1", "accommodated", "2018-01-01", ""]]
        assert [f.code for f in raw.findings] == ([] if delimiter == "," else ["separator"])

    def test_the_line_that_names_the_separator_for_excel_is_no_row(self, read):
        raw = read("sep=|\r\n" + (HEAD + ROW).replace(",", "|"))
        assert raw.rows == [["C1", "accommodated", "2018-01-01", ""]]

    @pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
    def test_lines_end_in_any_way(self, read, ends):
        assert read((HEAD + ROW + ROW).replace("\n", ends)).lines.tolist() == [2, 3]


class TestShape:
    def test_columns_may_come_in_any_order(self, read):
        raw = read("Date,CHILD ID,event\n2018-01-01,C1,review\n")
        assert list(raw.columns) == ["child_id", "event", "date"]
        assert raw.rows == [["C1", "review", "2018-01-01"]]

    def test_what_nobody_asked_for_is_in_no_row(self, read):
        raw = read("child_id,name,event,date\nC1,Morag,review,2018-01-01\n")
        assert raw.rows == [["C1", "review", "2018-01-01"]]
        assert "name" in raw.findings[0].what
        assert "Morag" not in str(raw)

    @pytest.mark.parametrize("above", range(12))
    def test_a_header_is_looked_for_in_the_first_ten_rows(self, read, above):
        raw = read("A report,,,\n" * above + HEAD + ROW)
        assert raw.usable == (above < 10)
        assert raw.lines.tolist() == ([above + 2] if above < 10 else [])

    def test_a_row_number_is_that_of_excel(self, read):
        """A quoted cell with line breaks is one row; a blank row counts as a row."""
        raw = read(HEAD + '"C\n1",review,2018-01-01,\n\nC2,review,2018-01-01,\n')
        assert raw.lines.tolist() == [2, 4]
        assert (raw.read, raw.blank) == (3, 1)

    @pytest.mark.parametrize(("n", "used"), [(LONGEST_CELL, 1), (LONGEST_CELL + 1, 0)])
    def test_a_cell_is_no_longer_than_ten_thousand_characters(self, read, n, used):
        raw = read(f"child_id,event,date,note\nC1,review,2018-01-01,{'x' * n}\n")
        assert (len(raw.rows), raw.set_aside) == (used, 1 - used)

    def test_a_missing_column_is_named_with_those_that_are_there(self, read):
        raw = read("child_id,evnt,date\nC1,review,2018-01-01\n")
        assert "no column event (it has child_id, date)" in raw.findings[0].what
        assert "evnt" not in raw.findings[0].what  # might be a child's name

    def test_a_refused_file_still_counts_its_rows(self, read):
        raw = read(HEAD + ROW + "\n" + ROW + '"C3,review\n')
        assert (raw.read, raw.blank, raw.set_aside, raw.rows) == (3, 1, 2, [])


class TestWorkbooks:
    @pytest.fixture
    def book(self, tmp_path):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "Events"
        for row in (
            ["child_id", "event", "date"],
            [7, "review", dt.datetime(2018, 1, 31)],
            [7.0, "hearing", "01/02/2018"],
        ):
            sheet.append(row)
        hidden = book.create_sheet("children")
        hidden.sheet_state = "hidden"
        path = tmp_path / "pace.xlsx"
        book.save(path)
        return path

    def test_sheets_are_tables_and_hidden_ones_are_said_not_read(self, book):
        sources, notices = find_sources(book)
        assert [(s.table.name, s.sheet) for s in sources] == [("events", "Events")]
        assert [n.code for n in notices] == ["hidden-sheet"]

    def test_every_cell_is_text(self, book):
        raw = read_table(find_sources(book)[0][0])
        assert raw.rows == [["7", "review", "2018-01-31"], ["7", "hearing", "01/02/2018"]]
        assert raw.file == "pace.xlsx (Events)"

    def test_a_book_that_would_unpack_to_too_much_is_refused_unread(self, book, monkeypatch):
        monkeypatch.setattr("pace_nb.files.workbooks.WORKBOOK_BYTES", 100)
        with pytest.raises(DataError, match="would unpack to"):
            find_sources(book)


def test_a_file_that_is_open_elsewhere_says_close_it(read, monkeypatch):
    def locked(self):
        raise PermissionError(13, "sharing violation")

    monkeypatch.setattr(Path, "read_bytes", locked)
    raw = read(HEAD)
    assert "Close the file in Excel and try again." in raw.findings[0].do
