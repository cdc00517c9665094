"""CSV files: from bytes to records of text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from pace_nb.files.raw import SAVE_AS, RawTable

TITLE_ROWS = 10  # how far down a header is looked for


def csv_records(path: Path, raw: RawTable) -> Iterator[list[str]]:
    """Yield the rows of a CSV file; a file that cannot be read is refused in `raw` and yields nothing."""
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
        raw.refuse("old-excel", "is an old or password-protected Excel file.", SAVE_AS)
    elif start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raw.refuse("html-as-csv", "is a web page, not a table.", SAVE_AS)
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
        raw.refuse("encoding", "is neither UTF-8 nor Windows text.", SAVE_AS, line=line)
        return None
    raw.notice("encoding", "is not UTF-8 and was read as Windows text (cp1252).")
    return text
