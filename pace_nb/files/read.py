"""From a file or a sheet to the rows of one table, every row counted."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from pace_nb.errors import DataError
from pace_nb.files.csvs import TITLE_ROWS, csv_records
from pace_nb.files.raw import RawTable, Source, plain_name, tidy
from pace_nb.files.workbooks import sheet_records
from pace_nb.findings import Finding
from pace_nb.schema import TABLES, Table

LONGEST_CELL = 10_000  # characters; a longer cell is not a date, a code or an id


@dataclass(frozen=True)
class Records:
    """The rows of a file or sheet as text, the first one row 1.

    refused: why none of them may be used, if none may be.
    """

    file: str
    rows: list[list[str]]
    findings: tuple[Finding, ...] = ()
    refused: Finding | None = None


def read_table(source: Source) -> RawTable:
    """Read one table as text. What cannot be read, or not all of it, is said in its findings."""
    return fit_table(read_records(source.path, source.sheet), source.table)


def read_records(path: Path, sheet: str | None = None) -> Records:
    """Read a CSV file, or a sheet of a workbook. Raises DataError for a workbook that breaks off."""
    file = path.name if sheet is None else f"{path.name} ({sheet})"
    raw, rows = RawTable(TABLES["events"], file), []
    try:
        for record in csv_records(path, raw) if sheet is None else sheet_records(path, sheet):
            rows.append(record)
    except csv.Error:
        raw.refuse(
            "broken-csv",
            "has a quotation mark out of place (opened and never closed, or in the middle of a cell), so the rest cannot be told apart.",
            "Mend the row after the last one that looks right.",
            line=len(rows) + 1,
        )
    except Exception as error:
        if sheet is None:
            raise
        # openpyxl reads a sheet as it goes, and raises whatever its XML parser raises
        raise DataError(
            f"{file} is not a workbook that can be read: it breaks off ({type(error).__name__}).",
            do="open it in Excel and save it again as .xlsx.",
        ) from None
    refused = None if raw.usable else raw.findings[-1]
    notices = tuple(f for f in raw.findings if f is not refused)
    return Records(file, rows, notices, refused)


def fit_table(
    records: Records,
    table: Table,
    headings: Mapping[str, str] | None = None,
    header_row: int | None = None,
    known: Collection[str] | None = None,
) -> RawTable:
    """Find the header, drop the columns nobody asked for, and bring every row to the header's width.

    headings: for each column that is wanted, the heading it has in the file; None: the table's own names. Every heading given
    has to be there, and of the table's own names those that it cannot do without.
    header_row: where the header stands, as Excel counts; None: the first of ten rows that has all of them.
    known: headings that others ask for, so that they are not told of as dropped.
    """
    raw = RawTable(table, records.file, findings=list(records.findings))
    if records.refused is not None:
        raw.usable = False
        raw.findings.append(records.refused)
        raw.read = max(0, len(records.rows) - 1)
        raw.blank = sum(1 for r in records.rows[1:] if not any(map(tidy, r)))
        raw.set_aside = raw.read - raw.blank
        return raw
    own = headings is None
    asked = (
        {c.name: plain_name(c.name) for c in table.columns} if own else {c: plain_name(h) for c, h in headings.items()}
    )
    raw.native = {} if own else dict(headings)
    needed = {asked[c.name] for c in table.columns if c.required} if own else set(asked.values())
    first = header_row - 1 if header_row else 0
    seen = [[plain_name(c) for c in r] for r in records.rows[first : first + (1 if header_row else TITLE_ROWS)]]
    at = next((i for i, n in enumerate(seen) if needed <= set(n)), None)
    if at is None:
        return _no_header(raw, seen, needed, own)
    header, first = seen[at], first + at + 1
    wanted = list(asked.values())
    twice = [n for n in wanted if header.count(n) > 1]
    if twice:
        return raw.refuse(
            "column-twice", f"has the column {twice[0]} twice.", "Delete the one that is not meant.", line=first
        )
    if first > 1:
        raw.notice("title-rows", f"{first - 1} row(s) above the header were passed over.")
    extra = [n for n in header if n and n not in wanted and n not in (known or ())]
    if extra:
        raw.notice(
            "extra-columns",
            f"{len(extra)} column(s) that no report needs were dropped on reading and are kept nowhere: "
            + ", ".join(extra)[:200]
            + ".",
        )
    raw.header = [c for c, n in asked.items() if n in header]
    places = [header.index(asked[c]) for c in raw.header]
    width = len(header)
    short, long, huge = [], [], []
    for number, record in enumerate(records.rows[first:], first + 1):
        raw.read += 1
        if not any(record) or not any(map(tidy, record)):
            raw.blank += 1
            continue
        if len(record) > width and not any(map(tidy, record[width:])):
            record = record[:width]
        if len(record) != width:
            (short if len(record) < width else long).append(number)
        elif max(map(len, record)) > LONGEST_CELL:
            huge.append(number)
        else:
            raw.rows.append([tidy(record[i]) for i in places])
            raw.lines.append(number)
    for code, lines, what in (
        ("short-row", short, "has fewer cells than the header"),
        ("long-row", long, "has more cells than the header"),
        ("huge-cell", huge, f"has a cell of more than {LONGEST_CELL:,} characters"),
    ):
        if lines:
            raw.set_aside += len(lines)
            raw.findings.append(
                Finding(code, "rows", raw.file, f"{what}; set aside.", "Correct it in the export.", lines=tuple(lines))
            )
    return raw


def _no_header(raw: RawTable, seen: list[list[str]], needed: set[str], own: bool) -> RawTable:
    found = next((n for n in seen if any(n)), [])
    lacking = sorted(needed - set(max(seen, key=lambda n: len(needed & set(n)), default=[])))
    if not own:
        return raw.refuse(
            "missing-column",
            f"has no column {' and no column '.join(lacking)}, which the profile names.",
            "Correct the heading in the profile, or add the column to the export.",
            line=1,
        )
    lacking = sorted(needed - set(found))
    other = next((t.name for t in TABLES.values() if {c.name for c in t.columns if c.required} <= set(found)), None)
    hint = f" It looks like the table '{other}': are the files swapped?" if other else ""
    columns = [n for n in found if n in {c.name for t in TABLES.values() for c in t.columns}]
    there = f"it has {', '.join(columns)}" if columns else "no known column was found"
    return raw.refuse(
        "missing-column",
        f"has no column {' and no column '.join(lacking)} ({there}).{hint}",
        "Add the column to the export; the other files are used without this one.",
        line=1,
    )
