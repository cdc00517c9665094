"""From bytes to rows of text: CSV files and workbooks, read by stated rules, with nothing guessed and nothing lost.

Every cell is text. Row numbers are those that Excel shows (the header is row 1, or below title rows).
A file that cannot be read gives a finding of level "file" and no rows.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pace_nb.errors import DataError
from pace_nb.findings import Finding
from pace_nb.schema import TABLES, Table

#: Other names under which a table may come.
ALSO_NAMED = {"legal_reasons": "legal"}
TITLE_ROWS = 10  # how far down a header is looked for
LONGEST_CELL = 10_000  # characters; a longer cell is not a date, a code or an id
WORKBOOK_BYTES = 400_000_000  # declared size of all sheets, uncompressed
WORKBOOK_RATIO = 200  # uncompressed to compressed; real sheets stay under 40

_SAVE_AS = "Open it in Excel and save it again as 'CSV UTF-8' or as .xlsx."


@dataclass
class RawTable:
    """One table as text: `rows[i]` stood at row `lines[i]` of the file and has one cell for each name in `header`."""

    table: Table
    file: str
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    read: int = 0
    blank: int = 0
    set_aside: int = 0
    usable: bool = True

    def refuse(self, code: str, what: str, do: str, line: int | None = None) -> RawTable:
        """Refuse the whole file, for a reason."""
        self.usable = False
        self.rows, self.lines = [], []
        self.set_aside = self.read - self.blank
        self.findings.append(Finding(code, "file", self.file, what, do, lines=(line,) if line else ()))
        return self

    def notice(self, code: str, what: str, do: str = "") -> None:
        """Record what was assumed or changed."""
        self.findings.append(Finding(code, "notice", self.file, what, do))


@dataclass(frozen=True)
class Source:
    """Where one table comes from: a CSV file, or a sheet of a workbook."""

    table: Table
    path: Path
    sheet: str | None = None


def tidy(text: str) -> str:
    """Return text without space around it; a no-break space counts as a space."""
    return text.replace("\u00a0", " ").strip()


def plain_name(text: str) -> str:
    """Return a header or sheet name as the schema writes names.

    >>> plain_name(" Child ID ")
    'child_id'
    """
    return "_".join(tidy(text).lower().replace("-", " ").replace("_", " ").split())


def is_ours(path: Path) -> bool:
    """Tell a data file from the lock and system files that lie beside it."""
    return (
        path.is_file() and not path.name.startswith(("~$", ".")) and path.suffix.lower() in (".csv", ".xlsx", ".xlsm")
    )


def table_name(text: str) -> str | None:
    """Return the table that a file or sheet name stands for."""
    name = plain_name(text)
    name = ALSO_NAMED.get(name, name)
    return name if name in TABLES else None


def is_extract(path: Path) -> bool:
    """Tell whether a path is one extract: a workbook, or a folder that holds tables."""
    if path.is_file():
        return is_ours(path) and path.suffix.lower() != ".csv"
    return path.is_dir() and any(table_name(p.stem) or p.suffix.lower() != ".csv" for p in path.iterdir() if is_ours(p))


def find_extracts(path: Path) -> list[Path]:
    """Return the extracts at a path: itself, or those directly in the folder, in order of name.

    Raises DataError where there is none.
    """
    if is_extract(path):
        return [path]
    found = sorted(p for p in path.iterdir() if is_extract(p)) if path.is_dir() else []
    if not found:
        raise DataError(
            f"There is no extract at '{path.name or path}'.",
            do="give a folder with children.csv, placements.csv, legal.csv and events.csv, a workbook with sheets "
            "of those names, or a folder of such folders.",
        )
    return found


def find_sources(path: Path) -> tuple[list[Source], list[Finding]]:
    """Return where each table of an extract lies. Raises DataError where two files claim the same table."""
    files = [path] if path.is_file() else sorted(p for p in path.iterdir() if is_ours(p))
    csvs = [p for p in files if p.suffix.lower() == ".csv"]
    books = [p for p in files if p.suffix.lower() != ".csv"]
    sources = [Source(TABLES[name], p) for p in csvs if (name := table_name(p.stem))]
    notices = [
        Finding("unknown-file", "notice", p.name, "is not one of the tables and was not read.")
        for p in csvs
        if not table_name(p.stem)
    ]
    if not sources:
        if len(books) != 1:
            names = ", ".join(b.name for b in books)
            raise DataError(
                f"The folder '{path.name}' holds {'several workbooks' if books else 'no table'}.",
                where=[names] if books else [],
                do="keep one workbook in the folder, or name the one that is meant."
                if books
                else "put the files in it.",
            )
        sheets, hidden = _sheet_names(books[0])
        sources = [Source(TABLES[name], books[0], s) for s in sheets if (name := table_name(s))]
        notices += [
            Finding("hidden-sheet", "notice", books[0].name, f"{len(hidden)} hidden sheet(s) were not read.")
        ] * bool(hidden)
    elif books:
        notices += [
            Finding("unknown-file", "notice", b.name, "was not read: the folder's CSV files were.") for b in books
        ]
    names = [s.table.name for s in sources]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise DataError(
            f"Two files of '{path.name}' hold the same table.", where=twice, do="keep the one that is meant."
        )
    return sources, notices


def digest(path: Path) -> str:
    """Return the SHA-256 of an extract: of the names and hashes of its data files and the TOML files beside them.

    A workbook alone in its folder has the hash of its bytes.
    """
    whole = hashlib.sha256()
    if path.is_file():
        files = [path, *sorted(path.parent.glob("*.toml"))]
    else:
        files = sorted(p for p in path.iterdir() if is_ours(p) or p.suffix == ".toml")
    for file in files:
        one = hashlib.sha256(file.read_bytes()).hexdigest()
        if files == [path]:
            return one
        whole.update(f"{file.name} {one}\n".encode())
    return whole.hexdigest()


def read_table(source: Source) -> RawTable:
    """Read one table as text. What cannot be read, or not all of it, is said in its findings."""
    name = source.path.name if source.sheet is None else f"{source.path.name} ({source.sheet})"
    raw = RawTable(source.table, name)
    records = _csv_records(source.path, raw) if source.sheet is None else _sheet_records(source.path, source.sheet)
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


def _csv_records(path: Path, raw: RawTable) -> Iterator[list[str]]:
    try:
        data = path.read_bytes()
    except PermissionError:
        raw.refuse("locked", "cannot be opened.", "Close the file in Excel and try again.")
        return iter(())
    if not data.strip():
        raw.refuse("empty-file", "is empty.", "Export it again: it should at least hold a header row.")
        return iter(())
    start = data[:512].lstrip().lower()
    if data[:4] == b"PK\x03\x04":
        raw.refuse("workbook-as-csv", "is an Excel workbook named .csv.", "Rename it to .xlsx.")
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raw.refuse("old-excel", "is an old or password-protected Excel file.", _SAVE_AS)
    elif start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raw.refuse("html-as-csv", "is a web page, not a table.", _SAVE_AS)
    if not raw.usable:
        return iter(())
    text = _decode(data, raw)
    if text is None:
        return iter(())
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
        raw.notice("separator", f"the cells are separated by '{delimiter}', as its first line says.")
    else:
        head = "\n".join(text.splitlines()[:TITLE_ROWS])
        delimiter = max(",;\t|", key=lambda d: (head.count(d), d == ","))
        if delimiter != ",":
            shown = {"\t": "tabs", ";": "semicolons", "|": "vertical bars"}[delimiter]
            raw.notice("separator", f"the cells are separated by {shown}.")
    csv.field_size_limit(50_000_000)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _decode(data: bytes, raw: RawTable) -> str | None:
    """Decode by a fixed ladder: byte order mark, strict UTF-8, Windows-1252. Bytes are never replaced."""
    encoding = "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
        raw.notice("encoding", "was read as UTF-16 ('Unicode text').")
    if encoding == "utf-8-sig" and b"\x00" in data:
        raw.refuse("nul-bytes", "contains NUL bytes: it is damaged or not text.", "Export it again.")
        return None
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raw.refuse("encoding", "is neither UTF-8 nor Windows text.", _SAVE_AS, line=line)
        return None
    raw.notice("encoding", "is not UTF-8 and was read as Windows text (cp1252).")
    return text


def _sheet_names(path: Path) -> tuple[list[str], list[str]]:
    book = _open_workbook(path)
    try:
        shown = [s.title for s in book.worksheets if s.sheet_state == "visible"]
        return shown, [s.title for s in book.worksheets if s.sheet_state != "visible"]
    finally:
        book.close()


def _open_workbook(path: Path):
    from openpyxl import load_workbook  # slow to import, and most extracts are CSV

    try:
        with zipfile.ZipFile(path) as archive:
            sizes = [(i.file_size, i.compress_size) for i in archive.infolist()]
    except PermissionError:
        raise DataError(f"{path.name} cannot be opened.", do="close the file in Excel and try again.") from None
    except (zipfile.BadZipFile, OSError):
        raise DataError(
            f"{path.name} is not a workbook that can be read: damaged, password-protected or of the old kind.",
            do="open it in Excel and save it again as .xlsx.",
        ) from None
    whole, packed = sum(s for s, _ in sizes), max(1, sum(c for _, c in sizes))
    if whole > WORKBOOK_BYTES or (whole > 20_000_000 and whole / packed > WORKBOOK_RATIO):
        raise DataError(
            f"{path.name} would unpack to {whole / 1e6:,.0f} MB: more than a sheet of records can need.",
            do="save only the sheets with the four tables to a new workbook.",
        )
    try:
        return load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its XML parser raises
        raise DataError(
            f"{path.name} is not a workbook that can be read ({type(error).__name__}).",
            do="open it in Excel and save it again as .xlsx.",
        ) from None


def _sheet_records(path: Path, sheet: str) -> Iterator[list[str]]:
    book = _open_workbook(path)
    try:
        for row in book[sheet].iter_rows(values_only=True):
            yield [_cell_text(v) for v in row]
    finally:
        book.close()


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d") if value.time() == dt.time() else value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


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
