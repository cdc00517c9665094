"""From a file or a sheet to the rows of one table, every row counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from pace_nb.dates import CELL_ERROR, DateRules
from pace_nb.files.csvs import TITLE_ROWS, read_csv
from pace_nb.files.grid import DAMAGED, LONGEST_CELL, ListedRows, PlainLines
from pace_nb.files.raw import RawTable, Source, no_collecting, plain_name, tidy
from pace_nb.files.workbooks import sheet_records
from pace_nb.findings import Finding
from pace_nb.schema import TABLES, Table
from pace_nb.texts import Texts

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
    grid: ListedRows | PlainLines
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
    if sheet is not None:
        with no_collecting():
            rows = sheet_records(path, sheet, raw)
        return Records(file, ListedRows(rows), tuple(raw.findings), open_ended=True, dates=raw.dates)
    grid = read_csv(path, raw)
    refused = None if raw.usable else raw.findings[-1]
    notices = tuple(f for f in raw.findings if f is not refused)
    return Records(file, grid, notices, refused)


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
        rows = records.grid.rows[1:]
        raw.read = len(rows)
        raw.blank = sum(1 for r in rows if not any(map(tidy, r)))
        raw.set_aside = raw.read - raw.blank
        return raw
    own = headings is None
    asked = (
        {c.name: plain_name(c.name) for c in table.columns} if own else {c: plain_name(h) for c, h in headings.items()}
    )
    raw.native = {} if own else dict(headings)
    needed = {asked[c.name] for c in table.columns if c.required} if own else set(asked.values())
    first = header_row - 1 if header_row else 0
    top = records.grid.head(header_row or TITLE_ROWS)
    seen = [[plain_name(c) for c in r] for r in top[first:]]
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
    places = {c: header.index(n) for c, n in asked.items() if n in header}
    if own:
        spelled = sum(tidy(top[first - 1][i]) != c for c, i in places.items())
        if spelled:
            raw.notice("header-spelling", f"writes {spelled} heading(s) in another way; they were recognised.")
    _fit_rows(raw, records, first, len(header), places)
    return raw


def _fit_rows(raw: RawTable, records: Records, first: int, width: int, places: dict[str, int]) -> None:
    """Bring the rows below the header to its width; set aside those that cannot be, with the reason."""
    grid, widths = records.grid, records.grid.widths()
    aside: dict[str, list[int]] = {code: [] for code in _ASIDE}
    commas = beyond = 0
    mended: dict[int, list[str]] = {}
    for i in first + np.flatnonzero(widths[first:] != width):
        record, size = grid.row(i), int(widths[i])
        rest = size > width and any(map(tidy, record[width:]))
        if not any(map(tidy, record)):
            continue
        if records.open_ended:
            beyond += rest
            mended[i] = record[:width] + [""] * (width - size)
        elif size < width or rest:
            aside["short-row" if size < width else "long-row"].append(int(i) + 1)
        else:
            commas += 1
            mended[i] = record[:width]
    raw.read = len(grid) - first
    rows = first + np.flatnonzero(widths[first:] == width)
    columns = grid.columns(rows, width, list(places.values()))
    if mended:
        rows = np.concatenate([rows, list(mended)])
        order = np.argsort(rows)
        more = [Texts.of([r[p] for r in mended.values()]) for p in places.values()]
        columns = [Texts.joined([c, m]).keep(order) for c, m in zip(columns, more, strict=True)]
        rows = rows[order]
    columns = list(map(_tidied, columns))
    nothing = columns[0].are(lambda t: not t) if "" in columns[0].texts else np.zeros(len(rows), dtype=bool)
    gone = {i: "" for i in rows[nothing].tolist() if not any(map(tidy, grid.row(i)[:width]))}
    gone = grid.unfit(first, width) | gone
    used = ~np.isin(rows, list(gone)) if gone else np.ones(len(rows), dtype=bool)
    for i in rows[~used].tolist():
        if gone[i]:
            aside[gone[i]].append(i + 1)
    raw.blank = raw.read - int(used.sum()) - sum(map(len, aside.values()))
    raw.columns = dict(zip(places, columns, strict=True))
    raw.lines = rows + 1
    raw.keep(used)
    _take_errors_out(raw)
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
            what = f"{_ASIDE[code]}; set aside."
            raw.findings.append(
                Finding(code, "rows", raw.file, what, "Correct it in the export.", lines=tuple(numbers))
            )


def _tidied(column: Texts) -> Texts:
    """Take the space around cells away. Most have none, and strip() gives the same text back then."""
    plain = list(map(str.strip, column.texts)) == column.texts and "\u00a0" not in "".join(column.texts)
    return column if plain else column.read_as(tidy)


def _take_errors_out(raw: RawTable) -> None:
    """An id that is a formula's error is no id; in a text such an error is not recorded."""
    kinds = {c.name: c.kind for c in raw.table.columns}
    gone = np.zeros(len(raw.lines), dtype=bool)
    for name, column in raw.columns.items():
        if kinds.get(name) not in ("id", "text"):
            continue
        some = column.texts if "#" in "".join(column.texts) else ()
        errors = {t for t in some if CELL_ERROR.fullmatch(t)}
        if not errors:
            continue
        where = column.are(errors.__contains__) & ~gone
        at = tuple(raw.lines[where].tolist())
        what = "holds a formula's error, or a formula that was never calculated; "
        if kinds[name] == "id":
            gone |= where
            raw.set_aside += len(at)
            what += "set aside."
        else:
            raw.columns[name] = column.read_as(lambda t, errors=errors: "" if t in errors else t)
            what += "taken as not recorded."
        if at:
            heading = raw.native.get(name, name)
            raw.findings.append(Finding("formula", "rows", raw.file, what, "Put the value itself there.", heading, at))
    raw.keep(~gone)


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
