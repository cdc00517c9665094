"""From a file or a sheet to the rows of one table, every row counted."""

from __future__ import annotations

import csv
import gc
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
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
        with _no_collecting():
            rows = sheet_records(path, sheet, raw)
        return Records(file, rows, tuple(raw.findings), open_ended=True, dates=raw.dates)
    reader = csv_records(path, raw)
    try:
        with _no_collecting():
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


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Make a great many lists without a search for circles among them, which costs more than the reading itself."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


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
    body = records.rows[first:]
    aside: dict[str, list[int]] = {code: [] for code in _ASIDE}
    commas = beyond = 0
    lines = list(range(first + 1, first + 1 + len(body)))
    odd = [i for i, record in enumerate(body) if len(record) != width]
    for i in odd:
        record, size, number = body[i], len(body[i]), first + 1 + i
        rest = size > width and any(map(tidy, record[width:]))
        body[i] = []
        if not any(map(tidy, record)):
            continue
        if records.open_ended:
            beyond += rest
            body[i] = record[:width] + [""] * (width - size)
        elif size < width or rest:
            aside["short-row" if size < width else "long-row"].append(number)
        else:
            commas += 1
            body[i] = record[:width]
    raw.read = len(body)
    if odd:
        lines = [n for n, record in zip(lines, body, strict=True) if record]
        body = [record for record in body if record]
    # Column by column from here on, and each different text once: most of them come again and again.
    columns = list(zip(*body, strict=True)) or [()] * width
    texts = [set(c) for c in columns]
    key = places[0]
    blank = {t for t in texts[key] if not tidy(t)}
    gone = {i: "" for i, c in enumerate(columns[key]) if c in blank and not any(map(tidy, body[i]))} if blank else {}
    for column, different in zip(columns, texts, strict=True):
        bad = {t: "damaged-text" for t in different if not t.isascii() and DAMAGED.search(t)}
        bad |= {t: "huge-cell" for t in different if len(t) > LONGEST_CELL}
        for i, c in enumerate(column) if bad else ():
            if c in bad:
                gone.setdefault(i, bad[c])
    for i in sorted(gone):
        if gone[i]:
            aside[gone[i]].append(lines[i])
    raw.blank = raw.read - len(lines) - len(aside["short-row"]) - len(aside["long-row"])
    raw.blank += sum(code == "" for code in gone.values())
    with _no_collecting():
        _tidy_rows(raw, [columns[p] for p in places], [texts[p] for p in places], lines, set(gone))
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


def _tidy_rows(
    raw: RawTable, columns: list[tuple[str, ...]], texts: list[set[str]], lines: list[int], gone: set[int]
) -> None:
    """Give `raw` its rows without space around the cells, but for those gone; an id that is a formula's error is no id."""
    kinds = {c.name: c.kind for c in raw.table.columns}
    tidied = []
    for name, cells, different in zip(raw.header, columns, texts, strict=True):
        known = {t: tidy(t) for t in different}
        errors = {c for c, t in known.items() if t.startswith("#") and CELL_ERROR.fullmatch(t)}
        where = [i for i, c in enumerate(cells) if c in errors and i not in gone] if errors else []
        if where and kinds.get(name) in ("id", "text"):
            at, what = (
                tuple(lines[i] for i in where),
                "holds a formula's error, or a formula that was never calculated; ",
            )
            if kinds[name] == "id":
                gone = gone | set(where)
                raw.set_aside += len(where)
                what += "set aside."
            else:
                known |= dict.fromkeys(errors, "")
                what += "taken as not recorded."
            heading = raw.native.get(name, name)
            raw.findings.append(Finding("formula", "rows", raw.file, what, "Put the value itself there.", heading, at))
        tidied.append(map(known.__getitem__, cells))
    rows = list(map(list, zip(*tidied, strict=True)))
    raw.rows = [r for i, r in enumerate(rows) if i not in gone] if gone else rows
    raw.lines = [n for i, n in enumerate(lines) if i not in gone] if gone else lines


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
