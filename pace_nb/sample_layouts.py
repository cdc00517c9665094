"""Six areas of the synthetic sample in forms in which case systems and people keep such records: the same lives, other files.

Each area's files are made here from its four tables; the profile that reads them (`sample_profiles/`, written by hand) is put
beside them. Words, headings and forms are plausible for Scottish systems and are nobody's in particular.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from pace_nb.sample_natives import (
    WIDE_PLAN_REVIEWS,
    WIDE_TIMES,
    Files,
    Lines,
    Rows,
    meetings,
    research,
    semicolons,
    two_departments,
    wide,
    workbook,
    written,
)

PROFILES = Path(__file__).parent / "sample_profiles"


@dataclass(frozen=True)
class Layout:
    """One way of keeping records.

    what: in a few words, for the codebook. files: from the four tables, each file by its name: for a workbook its sheets by name
    (one in brackets is hidden), for others the lines. form: how dates are written as text. lost: what the form has no place for.
    """

    what: str
    files: Callable[[Rows], Files]
    form: str = "%d/%m/%Y"
    delimiter: str = ","
    encoding: str = "utf-8"
    lost: str = "nothing"


#: Which area keeps its records how. Areas not named have the project's own form.
LAYOUTS = {
    "Clackmannanshire": Layout(
        "workbook: one row for each child, a column for each milestone, and placements",
        wide,
        lost=f"legal reasons, reviews, hearings, more than {WIDE_TIMES} dates of one milestone and "
        f"{WIDE_PLAN_REVIEWS} reviews of the plan at home",
    ),
    "Dumfries and Galloway": Layout("workbook: sheets with title rows, dates as text", workbook),
    "Highland": Layout(
        "CSV with semicolons, Windows-1252, dd.mm.yyyy and dd-mmm-yyyy", semicolons, "%d.%m.%Y", ";", "cp1252"
    ),
    "Inverclyde": Layout(
        "CSV: the two tables of the national return's research extract, and permanence dates",
        research,
        "%Y-%m-%d",
        lost="sibling groups, referrals, reviews, hearings, panels; orders are those of the legal reasons",
    ),
    "Midlothian": Layout("CSV: meetings with outcomes in sentences", meetings),
    "Scottish Borders": Layout(
        "CSV of a case system (split placements, 31/12/9999), and Legal's workbook", two_departments
    ),
}


def write_native(place: Path, area: str, rows: Rows, as_at: date) -> list[Path]:
    """Write an area's four tables in its own form, and the profile that reads it; return the files.

    rows: as `make_area` gives them. The same rows give the same bytes. Raises KeyError for an area without a form of its own.
    """
    layout, made = LAYOUTS[area], []
    for name, content in layout.files(rows).items():
        path = place / name
        if isinstance(content, dict):
            _write_book(path, content, as_at)
        else:
            path.write_bytes(_delimited(content, layout).encode(layout.encoding))
        made.append(path)
    profile = place / "profile.toml"
    profile.write_bytes((PROFILES / f"{place.name}.toml").read_bytes())
    return [*made, profile]


def _delimited(lines: Lines, layout: Layout) -> str:
    text = io.StringIO()
    out = csv.writer(text, delimiter=layout.delimiter, lineterminator="\n")
    out.writerows([written(v, layout.form) for v in line] for line in lines)
    return text.getvalue()


def _write_book(path: Path, sheets: Mapping[str, Lines], as_at: date) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        made = datetime(as_at.year, as_at.month, as_at.day)  # the day it was written would change the bytes
        book.set_properties({"title": "Synthetic extract: no real child", "created": made})
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name.strip("()"))
            if name.startswith("("):
                sheet.hide()
            sheet.set_column(0, max(map(len, lines)) - 1, 22)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
