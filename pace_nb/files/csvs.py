"""CSV files: from bytes to text, and to rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

from pace_nb.files.grid import ListedRows, PlainLines
from pace_nb.files.raw import SAVE_AS, RawTable, no_collecting

TITLE_ROWS = 10  # how far down a header is looked for


def read_csv(path: Path, raw: RawTable) -> ListedRows | PlainLines:
    """Return the rows of a CSV file. A file that cannot be read is refused in `raw` and has those before its fault, or none."""
    data, separator = _text(path, raw)
    plain = PlainLines.of(data, separator) if _is_utf8(data) else None
    if plain is not None:
        return plain
    csv.field_size_limit(50_000_000)
    text = data.decode(errors="surrogateescape")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    try:
        with no_collecting():
            rows.extend(reader)
        broken = swallowed_rows(rows, separator) if reader.line_num > len(rows) else None
    except csv.Error:
        broken = len(rows) + 1
    if broken:
        raw.refuse(
            "broken-csv",
            "has a quotation mark out of place (opened and never closed, or in the middle of a cell), so the rest cannot be told apart.",
            "Mend the row after the last one that looks right.",
            line=broken,
        )
    return ListedRows(rows)


def _text(path: Path, raw: RawTable) -> tuple[bytes, str]:
    """Return a file's text as UTF-8, and what separates its cells; no text if it is refused."""
    try:
        data = path.read_bytes()
    except PermissionError:
        raw.refuse("locked", "cannot be opened.", "Close the file in Excel and try again.")
        return b"", ","
    if not data[:1].strip() and not data.strip():
        raw.refuse("empty-file", "is empty.", "Export it again: it should at least hold a header row.")
        return b"", ","
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if data[:4] == b"PK\x03\x04":
        raw.refuse("workbook-as-csv", "is an Excel workbook named .csv.", "Rename it to .xlsx.")
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raw.refuse("old-excel", "is an old or password-protected Excel file.", SAVE_AS)
    elif start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raw.refuse("html-as-csv", "is a web page, not a table.", SAVE_AS)
    if not raw.usable:
        return b"", ","
    data = _as_utf8(data, raw)
    if data is None:
        return b"", ","
    text = data[:400_000].decode(errors="surrogateescape")  # enough of it for a look at the header
    first = text[:10].partition("\n")[0]
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        delimiter, data = first[4], data.partition(b"\n")[2]
        raw.notice("separator", f"the cells are separated by {_named(delimiter)}, as its first line says.")
    else:
        head = re.sub('"[^"]*"', "", "\n".join(text[:100_000].splitlines()[:TITLE_ROWS]))
        delimiter = max(",;\t|", key=lambda d: (head.count(d), d == ","))
        if delimiter != ",":
            raw.notice("separator", f"the cells are separated by {_named(delimiter)}.")
    return data, delimiter


def _named(delimiter: str) -> str:
    return {"\t": "tabs", ";": "semicolons", "|": "vertical bars", ",": "commas"}.get(delimiter, f"'{delimiter}'")


def _as_utf8(data: bytes, raw: RawTable) -> bytes | None:
    """Return a text as UTF-8 by a fixed ladder: byte order mark, strict UTF-8, Windows-1252. Bytes are never replaced or left out.

    Most files are UTF-8 as they are, and a large one is not copied.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw.notice("encoding", "was read as UTF-16 ('Unicode text').")
        try:
            return data.decode("utf-16").encode()
        except UnicodeDecodeError:
            raw.refuse("encoding", "breaks off in the middle of a letter (UTF-16).", SAVE_AS)
            return None
    if b"\x00" in data:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        raw.refuse("nul-bytes", "contains NUL bytes: it is damaged or not text.", "Export it again.", line=line)
        return None
    if _is_utf8(data) or _mostly_utf8(data):
        return data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raw.refuse("encoding", "is neither UTF-8 nor Windows text.", SAVE_AS, line=line)
        return None
    raw.notice("encoding", "is not UTF-8 and was read as Windows text (cp1252).")
    return text.encode()


def _is_utf8(data: bytes) -> bool:
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def _mostly_utf8(data: bytes) -> bool:
    """Tell UTF-8 with damaged lines from another encoding: more lines that need it can be read by it than cannot."""
    good = bad = 0
    for line in data.split(b"\n"):
        if not line.isascii():
            try:
                line.decode("utf-8")
                good += 1
            except UnicodeDecodeError:
                bad += 1
    return good > bad


def swallowed_rows(rows: list[list[str]], delimiter: str) -> int | None:
    """Return the number of the first row that holds others: a quotation mark opened in one and closed in a later one.

    Line breaks inside a cell are lawful; whole rows of as many cells as their own are not text that anybody wrote there.
    """
    for number, row in enumerate(rows, 1):
        for cell in row:
            if ("\n" in cell or "\r" in cell) and len(row) > 1:
                inside = cell.splitlines()[1:]
                if any(line.count(delimiter) >= max(1, len(row) - 2) and len(row) > 2 for line in inside):
                    return number
    return None
