"""From a file or a sheet to the rows of one table, every row counted."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from pace_nb.errors import DataError
from pace_nb.files.csvs import TITLE_ROWS, csv_records
from pace_nb.files.raw import RawTable, Source, plain_name, tidy
from pace_nb.files.workbooks import sheet_records
from pace_nb.findings import Finding
from pace_nb.schema import TABLES

LONGEST_CELL = 10_000  # characters; a longer cell is not a date, a code or an id


def read_table(source: Source) -> RawTable:
    """Read one table as text. What cannot be read, or not all of it, is said in its findings."""
    name = source.path.name if source.sheet is None else f"{source.path.name} ({source.sheet})"
    raw = RawTable(source.table, name)
    records = csv_records(source.path, raw) if source.sheet is None else sheet_records(source.path, source.sheet)
    if not raw.usable:
        return raw
    try:
        return _shape(raw, records)
    except csv.Error:
        return raw.refuse(
            "broken-csv",
            "has a quotation mark out of place (opened and never closed, or in the middle of a cell), so the rest cannot be told apart.",
            "Mend the row after the last one that looks right.",
            line=raw.read + 2,
        )
    except Exception as error:
        if source.sheet is None:
            raise
        # openpyxl reads a sheet as it goes, and raises whatever its XML parser raises
        raise DataError(
            f"{raw.file} is not a workbook that can be read: it breaks off ({type(error).__name__}).",
            do="open it in Excel and save it again as .xlsx.",
        ) from None


def _shape(raw: RawTable, records: Iterable[list[str]]) -> RawTable:
    """Find the header, drop the columns nobody asked for, and bring every row to the header's width."""
    needed = {c.name for c in raw.table.columns if c.required}
    records = iter(records)
    seen: list[list[str]] = []
    for record in records:
        names = [plain_name(c) for c in record]
        seen.append(names)
        if needed <= set(names) or len(seen) == TITLE_ROWS:
            break
    header = next((n for n in seen if needed <= set(n)), None)
    if header is None:
        found = next((n for n in seen if any(n)), [])
        lacking = sorted(needed - set(found))
        other = next((t.name for t in TABLES.values() if {c.name for c in t.columns if c.required} <= set(found)), None)
        hint = f" It looks like the table '{other}': are the files swapped?" if other else ""
        known = {c.name for t in TABLES.values() for c in t.columns}
        columns = [n for n in found if n in known]
        there = f"it has {', '.join(columns)}" if columns else "no known column was found"
        return raw.refuse(
            "missing-column",
            f"has no column {' and no column '.join(lacking)} ({there}).{hint}",
            "Add the column to the export; the other files are used without this one.",
            line=1,
        )
    wanted = raw.table.column_names
    twice = [n for n in wanted if header.count(n) > 1]
    if twice:
        return raw.refuse(
            "column-twice", f"has the column {twice[0]} twice.", "Delete the one that is not meant.", line=1
        )
    first = len(seen)
    if first > 1:
        raw.notice("title-rows", f"{first - 1} row(s) above the header were passed over.")
    extra = sum(1 for n in header if n and n not in wanted)
    if extra:
        raw.notice(
            "extra-columns",
            f"{extra} column(s) that no report needs were dropped on reading and are kept nowhere: "
            + ", ".join(n for n in header if n and n not in wanted)[:200]
            + ".",
        )
    raw.header = [n for n in wanted if n in header]
    places = [header.index(n) for n in raw.header]
    width = len(header)
    short, long, huge = [], [], []
    for number, record in enumerate(records, first + 1):
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
