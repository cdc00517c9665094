"""Workbooks: from sheets to records of text. Nothing in them is run, and nothing outside them is opened.

openpyxl's own parser is read from directly: its sheets believe the size that a workbook states for itself, and would drop
what lies beyond without a word; and they show a formula that was never calculated as an empty cell.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pace_nb.dates import NOT_CALCULATED
from pace_nb.errors import DataError
from pace_nb.files.raw import RawTable

WORKBOOK_BYTES = (
    400_000_000  # declared size of all parts, uncompressed; a part is never unpacked beyond what it declares
)
PART_RATIO = 100  # uncompressed to compressed, of a part that is large at all; real sheets stay under 40
LARGE_PART = 20_000_000
ROWS = 1_048_576  # as many as Excel has
CELLS = 20_000_000
SAVE_AGAIN = "open it in Excel and save it again as .xlsx."


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

    _refuse_traps(path)
    try:
        with warnings.catch_warnings(action="ignore"):  # of features of Excel that are not data
            return load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its XML parser raises
        raise _unreadable(path.name, error) from None


def _unreadable(name: str, error: Exception) -> DataError:
    kind = type(error).__name__
    if kind in ("EntitiesForbidden", "DTDForbidden", "ExternalReferenceForbidden"):  # of defusedxml
        return DataError(
            f"{name} is not a workbook that can be read: it defines XML entities, which no spreadsheet program writes.",
            do="ask where it came from; a workbook that was made in Excel has none.",
        )
    return DataError(f"{name} is not a workbook that can be read: it breaks off ({kind}).", do=SAVE_AGAIN)


def _refuse_traps(path: Path) -> None:
    """Look at an archive's list of contents before anything of it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except PermissionError:
        raise DataError(f"{path.name} cannot be opened.", do="close the file in Excel and try again.") from None
    except (zipfile.BadZipFile, OSError, ValueError):
        raise DataError(
            f"{path.name} is not a workbook that can be read: damaged, password-protected or of the old kind.",
            do=SAVE_AGAIN,
        ) from None
    names = [PurePosixPath(p.filename.replace("\\", "/")) for p in parts]
    if any(n.is_absolute() or ".." in n.parts for n in names):
        raise DataError(
            f"{path.name} holds files that would be unpacked outside their folder, as no workbook does.",
            do="ask where it came from. It was not unpacked.",
        )
    if PurePosixPath("[Content_Types].xml") not in names:
        raise DataError(
            f"{path.name} is an archive of files, and no Excel workbook.",
            do="unpack it, look at what is in it, and give the tables as .csv or .xlsx.",
        )
    trap = any(p.file_size > max(LARGE_PART, PART_RATIO * p.compress_size) for p in parts)
    whole = sum(p.file_size for p in parts)
    if trap or whole > WORKBOOK_BYTES:
        raise DataError(
            f"{path.name} would unpack to {whole / 1e6:,.0f} MB: more than a workbook of records can need.",
            do="save only the sheets with the four tables to a new workbook.",
        )


def sheet_records(path: Path, sheet: str, raw: RawTable) -> list[list[str]]:
    """Return the rows of a sheet as text, each up to its last cell that holds anything, and say in `raw` what is unusual.

    Raises DataError for a sheet that breaks off, or that has more cells than records can need.
    """
    book = _open_workbook(path)
    try:
        if book.epoch.year == 1904:
            raw.dates = replace(raw.dates, serials="1904")
        with warnings.catch_warnings(action="ignore"), book[sheet]._get_source() as part:
            return _read_part(_parser(book[sheet], part), raw)
    except DataError:
        raise
    except Exception as error:
        raise _unreadable(raw.file, error) from None
    finally:
        book.close()


def _parser(sheet, part):
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    class Parser(WorkSheetParser):
        """Gives a formula without a value as such."""

        def parse_cell(self, element) -> dict:
            cell = super().parse_cell(element)
            if cell["value"] is None and element.find(FORMULA_TAG) is not None:
                cell["value"] = NOT_CALCULATED
            return cell

    book = sheet.parent
    return Parser(
        part,
        sheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )


def _read_part(parser, raw: RawTable) -> list[list[str]]:
    rows: list[list[str]] = []
    nothing: list[str] = []
    cells = 0
    for number, found in parser.parse():
        if not len(rows) < number <= ROWS:
            raise DataError(f"{raw.file} is not a workbook that can be read: its rows are out of order.", do=SAVE_AGAIN)
        rows.extend([nothing] * (number - 1 - len(rows)))
        width = max((c["column"] for c in found if c["value"] is not None), default=0)
        cells += width
        if cells > CELLS:
            raise DataError(
                f"{raw.file} has more than {CELLS:,} cells: more than a sheet of records can need.",
                do="copy the columns that are needed to a new workbook.",
            )
        row = [""] * width
        for cell in found:
            if cell["value"] is not None:
                row[cell["column"] - 1] = _cell_text(cell["value"])
        rows.append(row)
    _say_what_is_hidden(parser, raw)
    return rows


def _say_what_is_hidden(parser, raw: RawTable) -> None:
    yes = ("1", "true")
    columns = sum(
        int(c.get("max", c["min"])) - int(c["min"]) + 1
        for c in parser.column_dimensions.values()
        if c.get("hidden") in yes
    )
    hidden = sum(r.get("hidden") in yes for r in parser.row_dimensions.values())
    if columns or hidden:
        raw.notice(
            "hidden-cells",
            f"has {columns:,} hidden column(s) and {hidden:,} hidden or filtered row(s); they were read like the others.",
            "Delete them in the export if they are not meant.",
        )
    merged = len(getattr(parser.merged_cells, "mergeCell", ()))
    if merged:
        raw.notice("merged-cells", f"has merged cells in {merged:,} place(s); only the first of each holds its value.")


def _cell_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
