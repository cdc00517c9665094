"""The rows to correct as a workbook that goes back to whoever keeps the records.

It says where to look and what to do, and holds no value of the records: it can be worked through beside the case system
and sent back. Row numbers point to single children all the same, so it is marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import xlsxwriter

from pace_nb.errors import ParameterError
from pace_nb.extract import Extract
from pace_nb.findings import HEADS, LEVELS, Finding
from pace_nb.fitness import fix_first
from pace_nb.marking import POINTS
from pace_nb.periods import show_date

READ, ROWS = "Read first", "Rows to correct"
LISTED = 100_000  # rows that are listed; what is more is counted on the first sheet
#: Heading and width of each column; the last two are filled in by hand.
COLUMNS = {
    "File": 24,
    "Row": 9,
    "Column": 20,
    "What is wrong": 58,
    "What to do": 58,
    "Kind": 20,
    "Corrected by": 18,
    "Done": 10,
}
HOW = (
    "The second sheet lists what is to be corrected, what helps most first. Each line is one row of one file, or a file as a whole.",
    "Row numbers are those that Excel shows in the file that was sent: the header is row 1. Look there for the child's number.",
    "Correct the record in the case system, not in the file that was sent: the next export would bring the fault back.",
    "Write who corrected it and choose 'yes' under Done; choose 'cannot be known' where nobody can tell any more.",
    "Then export again. The next check says what is left.",
    "No name, number, date or other value of a child is in this workbook. Please keep it so: write none in.",
)


@dataclass(frozen=True)
class Correction:
    """One thing to correct: in which row (None: the file as a whole) and column of which file, and what to do."""

    file: str
    row: int | None
    column: str
    what: str
    do: str
    level: str


def list_corrections(extract: Extract) -> list[Correction]:
    """Return every row to correct, what helps most first, then in order of file and row.

    What was only noted is listed where something can be done about it, after all that was set aside or refused.
    """
    rank = {fix.code: n for n, fix in enumerate(fix_first(extract))}

    def place(finding: Finding) -> tuple:
        return finding.level == "notice", rank.get(finding.code, len(rank)), LEVELS.index(finding.level), finding.file

    wanted = sorted((f for f in extract.findings if f.level != "notice" or f.do), key=place)
    return [
        Correction(f.file, line, f.column, _sentence(f.what), f.do, f.level)
        for f in wanted
        for line in (sorted(f.lines) or [None])
    ]


def _sentence(text: str) -> str:
    """Findings go on from their place ("events.csv, row 5: is not a date"); in a cell of its own one begins anew."""
    return text[:1].upper() + text[1:]


def write_corrections(extract: Extract, path: Path) -> list[Correction]:
    """Write the workbook and return what is in it. The same extract gives the same bytes.

    Every cell of text is written as text, so that nothing in it is ever worked out as a formula.

    Raises ParameterError if the name does not end in .xlsx, if the file is there already (someone may have written in it),
    or if it cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise ParameterError("The list of corrections is a workbook.", do="give it a name that ends in .xlsx.")
    if path.exists():
        raise ParameterError(
            f"'{path.name}' is there already, and someone may have written in it.", do="choose another name."
        )
    found = list_corrections(extract)
    partial = path.with_name(f"{path.name}.partial")
    options = {"strings_to_formulas": False, "in_memory": True}  # nothing is left among the computer's temporary files
    try:
        with partial.open("wb") as file, xlsxwriter.Workbook(file, options) as book:
            day = extract.as_at  # the day it was written would change the bytes
            book.set_properties({"title": ROWS, "comments": POINTS, "created": datetime(day.year, day.month, day.day)})
            _write_read_first(book, extract, found)
            _write_rows(book, found[:LISTED])
        partial.replace(path)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        partial.unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or "the workbook could not be made"
        raise ParameterError(f"'{path.name}' cannot be written: {why}.", do="choose another place.") from None
    return found


def _write_read_first(book: xlsxwriter.Workbook, extract: Extract, found: Sequence[Correction]) -> None:
    sheet = book.add_worksheet(READ)
    bold, plain = (
        book.add_format({"bold": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    title = book.add_format({"bold": True, "font_size": 16})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100)
    counts = {level: sum(c.level == level for c in found) for level in LEVELS}
    more = f" The first {LISTED:,} are listed." if len(found) > LISTED else ""
    facts = [
        ("Marking", POINTS),
        ("Area", extract.area),
        ("As at", show_date(extract.as_at)),
        ("Extract", extract.source),
        ("SHA-256 of the extract", extract.sha256),
        ("To correct", f"{len(found):,}: {'; '.join(f'{HEADS[x].lower()} {n:,}' for x, n in counts.items())}.{more}"),
        ("Made with", f"pace-nb {version('pace-nb')}"),
    ]
    sheet.write_string(0, 0, "What to correct in the extract, and how", title)
    for row, (name, text) in enumerate(facts, 2):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text, plain)
    for row, text in enumerate(HOW, len(facts) + 3):
        sheet.write_string(row, 0, f"{row - len(facts) - 2}.", bold)
        sheet.write_string(row, 1, text, plain)
    _print_setup(sheet)


def _write_rows(book: xlsxwriter.Workbook, found: Sequence[Correction]) -> None:
    sheet = book.add_worksheet(ROWS)
    head = book.add_format({"bold": True, "bg_color": "#E4ECF3", "border": 1, "text_wrap": True})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C9CFD6"})
    for column, (name, width) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    for row, c in enumerate(found, 1):
        for column, text in ((0, c.file), (2, c.column), (3, c.what), (4, c.do), (5, HEADS[c.level])):
            sheet.write_string(row, column, text, cell)
        if c.row is None:
            sheet.write_string(row, 1, "all", cell)
        else:
            sheet.write_number(row, 1, c.row, cell)
        sheet.write_blank(row, 6, None, cell)
        sheet.write_blank(row, 7, None, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(found)), len(COLUMNS) - 1)
    if found:
        sheet.data_validation(1, 7, len(found), 7, {"validate": "list", "source": ["yes", "cannot be known"]})
    sheet.repeat_rows(0)
    _print_setup(sheet)


def _print_setup(sheet: xlsxwriter.workbook.Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&C&B{POINTS}")
    sheet.set_footer(f"&L{POINTS}&RPage &P of &N")
