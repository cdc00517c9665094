"""From a file or a sheet to the rows of one table, every row counted."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pace_nb.dates import CELL_ERROR, DateRules
from pace_nb.files.csvs import DAMAGED, TITLE_ROWS, csv_records, swallowed_rows
from pace_nb.files.raw import RawTable, Source, plain_name, tidy
from pace_nb.files.workbooks import sheet_records
from pace_nb.findings import Finding
from pace_nb.schema import TABLES, Table

LONGEST_CELL = 10_000  # characters; a longer cell is not a date, a code or an id
_ASIDE = {
    "short-row": "has fewer cells than the header",
    "long-row": "has more cells than the header",
    "huge-cell": f"has a cell of more than {LONGEST_CELL:,} characters",
    "damaged-text": "holds bytes that are no text in the encoding of the rest of the file",
}


@dataclass(frozen=True)
class Records:
    """The rows of a file or sheet as text, the first one row 1.

    refused: why none of them may be used, if none may be. open_ended: a row ends with its last cell that holds anything, as in a
    workbook. dates: what the file says of how it counts days.
    """

    file: str
    rows: list[list[str]]
    findings: tuple[Finding, ...] = ()
    refused: Finding | None = None
    open_ended: bool = False
    dates: DateRules = field(default_factory=DateRules)


def read_table(source: Source) -> RawTable:
    """Read one table as text. What cannot be read, or not all of it, is said in its findings."""
    return fit_table(read_records(source.path, source.sheet), source.table)


def read_records(path: Path, sheet: str | None = None) -> Records:
    """Read a CSV file, or a sheet of a workbook. Raises DataError for a workbook that breaks off."""
    file = path.name if sheet is None else f"{path.name} ({sheet})"
    raw = RawTable(TABLES["events"], file)
    rows: list[list[str]] = []
    if sheet is not None:
        rows = sheet_records(path, sheet, raw)
        return Records(file, rows, tuple(raw.findings), open_ended=True, dates=raw.dates)
    reader = csv_records(path, raw)
    try:
        rows.extend(reader)
        lines_read = getattr(reader, "line_num", 0)
        broken = swallowed_rows(rows, reader.dialect.delimiter) if lines_read > len(rows) else None
    except csv.Error:
        broken = len(rows) + 1
    if broken:
        raw.refuse(
            "broken-csv",
            "has a quotation mark out of place (opened and never closed, or in the middle of a cell), so the rest cannot be told apart.",
            "Mend the row after the last one that looks right.",
            line=broken,
        )
    refused = None if raw.usable else raw.findings[-1]
    notices = tuple(f for f in raw.findings if f is not refused)
    return Records(file, rows, notices, refused)


def day_rules(rules: DateRules, records: Records) -> DateRules:
    """Return the rules of a profile for a file: a workbook knows for itself from which year it counts days."""
    return replace(rules, serials="1904") if records.dates.serials == "1904" and rules.serials == "1900" else rules


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
    raw = RawTable(table, records.file, findings=list(records.findings), dates=records.dates)
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
            + DAMAGED.sub("?", ", ".join(extra))[:200]
            + ".",
        )
    raw.header = [c for c, n in asked.items() if n in header]
    places = [header.index(asked[c]) for c in raw.header]
    width = len(header)
    if own:
        spelled = sum(tidy(records.rows[first - 1][i]) != c for c, i in zip(raw.header, places, strict=True))
        if spelled:
            raw.notice("header-spelling", f"writes {spelled} heading(s) in another way; they were recognised.")
    _fit_rows(raw, records, first, width, places)
    return raw


def _fit_rows(raw: RawTable, records: Records, first: int, width: int, places: list[int]) -> None:
    """Bring the rows below the header to its width; set aside those that cannot be, with the reason."""
    aside: dict[str, list[int]] = {code: [] for code in _ASIDE}
    kept: list[list[str]] = []
    lines: list[int] = []
    commas = beyond = 0
    body = records.rows[first:]
    for number, record in enumerate(body, first + 1):
        text = "".join(record)
        if not text or text.isspace():
            continue
        size = len(record)
        if size != width:
            rest = size > width and any(map(tidy, record[width:]))
            if records.open_ended:
                beyond += rest
                record = record[:width] + [""] * (width - size)
            elif size < width or rest:
                aside["short-row" if size < width else "long-row"].append(number)
                continue
            else:
                commas += 1
                record = record[:width]
        if len(text) > LONGEST_CELL and max(map(len, record)) > LONGEST_CELL:
            aside["huge-cell"].append(number)
        elif not text.isascii() and DAMAGED.search(text):
            aside["damaged-text"].append(number)
        else:
            kept.append(record)
            lines.append(number)
    raw.read = len(body)
    raw.blank = raw.read - len(kept) - sum(map(len, aside.values()))
    raw.rows, raw.lines = _tidy_rows(raw, kept, lines, places)
    for code, what, do in (
        ("trailing-separators", commas, "row(s) end with separators that the header has not; no column was moved."),
        ("beyond-header", beyond, "row(s) have something to the right of the last heading; it was not read."),
        ("blank-rows", raw.blank, "blank row(s) were passed over."),
    ):
        if what:
            raw.notice(code, f"{what:,} {do}")
    for code, numbers in aside.items():
        if numbers:
            raw.set_aside += len(numbers)
            raw.findings.append(
                Finding(
                    code,
                    "rows",
                    raw.file,
                    f"{_ASIDE[code]}; set aside.",
                    "Correct it in the export.",
                    "",
                    tuple(numbers),
                )
            )


def _tidy_rows(
    raw: RawTable, kept: list[list[str]], lines: list[int], places: list[int]
) -> tuple[list[list[str]], list[int]]:
    """Return the wanted cells without space around them, and their row numbers; an id that is a formula's error is no id."""
    kinds = {c.name: c.kind for c in raw.table.columns}
    columns, no_id = [], set()
    for name, place in zip(raw.header, places, strict=True):
        cells = [record[place] for record in kept]
        known = {c: tidy(c) for c in set(cells)}  # the same few texts again and again
        if kinds.get(name) in ("id", "text"):
            errors = {c for c, t in known.items() if t.startswith("#") and CELL_ERROR.fullmatch(t)}
            where = [i for i, c in enumerate(cells) if c in errors] if errors else []
            if kinds[name] == "id":
                no_id.update(where)
            elif where:
                known |= dict.fromkeys(errors, "")
            if where:
                what = "holds a formula's error, or a formula that was never calculated; "
                what += "set aside." if kinds[name] == "id" else "taken as not recorded."
                at = tuple(lines[i] for i in where)
                heading = raw.native.get(name, name)
                raw.findings.append(
                    Finding("formula", "rows", raw.file, what, "Put the value itself there.", heading, at)
                )
        columns.append([known[c] for c in cells])
    rows = list(map(list, zip(*columns, strict=True)))
    if no_id:
        raw.set_aside += len(no_id)
        rows = [r for i, r in enumerate(rows) if i not in no_id]
        lines = [n for i, n in enumerate(lines) if i not in no_id]
    return rows, lines


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
