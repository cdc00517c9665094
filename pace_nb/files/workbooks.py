"""Workbooks: from sheets to records of text. Nothing in them is run, and nothing outside them is opened."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pace_nb.errors import DataError

WORKBOOK_BYTES = 400_000_000  # declared size of all sheets, uncompressed
WORKBOOK_RATIO = 200  # uncompressed to compressed; real sheets stay under 40


def sheet_names(path: Path) -> tuple[list[str], list[str]]:
    """Return the names of the sheets that are shown, and of those that are hidden."""
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


def sheet_records(path: Path, sheet: str) -> Iterator[list[str]]:
    """Yield the rows of a sheet as text."""
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
