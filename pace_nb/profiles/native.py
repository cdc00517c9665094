"""What an area's own files look like: sheets, headings, how full a column is and what kind of values it holds.

Only for writing and checking profiles. Values are shown to whoever runs it only where they are codes: short, few, and each
in several rows. Nothing else of a cell ever leaves this module.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pace_nb.date_forms import FORMATS, form_pattern
from pace_nb.dates import NOT_KNOWN, PLACEHOLDERS, DateRules, read_dates
from pace_nb.files import data_files, plain_name, read_records, sheet_names, tidy
from pace_nb.texts import Texts

HEADER_WITHIN = 15  # rows
MOST_CODES = 60  # different values, in a column of codes
LONGEST_CODE = 80  # characters
SHOWN_FROM = 3  # rows: a text in fewer may be about a child


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its heading, its values as text, and how many of them are dates."""

    heading: str
    values: tuple[str, ...]
    dates: int

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(1 for v in self.values if v)

    @property
    def is_date(self) -> bool:
        """Whether nine of ten filled cells are dates."""
        return self.filled > 0 and self.dates >= 0.9 * self.filled

    @property
    def counts(self) -> Counter[str]:
        """Each value with the number of rows that have it."""
        return Counter(v for v in self.values if v)


@dataclass(frozen=True)
class Sheet:
    """A CSV file, or a sheet of a workbook, with the row in which its header was found."""

    file: str
    sheet: str | None
    header_row: int
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """How it is called in what is said of it."""
        return self.file if self.sheet is None else f"{self.file} ({self.sheet})"

    @property
    def rows(self) -> int:
        """How many rows it has under its header."""
        return len(self.columns[0].values) if self.columns else 0


def codes_of(column: Column) -> dict[str, int] | None:
    """Return the values of a column of codes with their numbers of rows, most frequent first; None if it holds no codes."""
    counts = column.counts
    if not counts or len(counts) > MOST_CODES or max(map(len, counts)) > LONGEST_CODE or column.is_date:
        return None
    return dict(sorted(counts.items(), key=lambda c: (-c[1], c[0])))


def show_codes(counts: dict[str, int]) -> tuple[dict[str, int], int]:
    """Return the values that may be shown, and in how many rows the others stand: a rare text may be about a child."""
    shown = {v: n for v, n in counts.items() if n >= SHOWN_FROM and len(v) <= LONGEST_CODE}
    return shown, sum(n for v, n in counts.items() if v not in shown)


def look_at(folder: Path) -> list[Sheet]:
    """Return every sheet of an extract's files that has a header and rows. Hidden sheets are left alone."""
    sheets = []
    for path in data_files(folder):
        names = [None] if path.suffix.lower() == ".csv" else sheet_names(path)[0]
        for name in names:
            records = read_records(path, name)
            if records.refused is None:
                sheet = _sheet(path.name, name, records.grid.rows)
                if sheet is not None:
                    sheets.append(sheet)
    return sheets


def _sheet(file: str, name: str | None, rows: list[list[str]]) -> Sheet | None:
    head = [sum(1 for c in row if _is_heading(c)) for row in rows[:HEADER_WITHIN]]
    if not head or max(head) < 2:
        return None
    at = head.index(max(head))
    width = len(rows[at])
    body = [[tidy(c) for c in row[:width]] + [""] * (width - len(row)) for row in rows[at + 1 :] if any(map(tidy, row))]
    if not body:
        return None
    columns = [
        _column(tidy(heading), tuple(row[i] for row in body))
        for i, heading in enumerate(rows[at])
        if plain_name(heading)
    ]
    return Sheet(file, name, at + 1, tuple(columns))


def _is_heading(cell: str) -> bool:
    text = tidy(cell)
    return (
        0 < len(text) <= 60
        and any(c.isalpha() for c in text)
        and not any(form_pattern(f).fullmatch(text) for f in FORMATS)
    )


def _column(heading: str, values: tuple[str, ...]) -> Column:
    column = Texts.of(values)
    dated = ~np.isnat(read_dates(column.texts, DateRules()).days)
    dates = column.where(d or t[:10] in PLACEHOLDERS for d, t in zip(dated, column.texts, strict=True))
    return Column(heading, values, int(dates.sum()))


def forms_of(columns: list[Column]) -> dict[str, int]:
    """Return in which forms the dates of columns are written, with the number of cells of each."""
    found: Counter[str] = Counter()
    for column in columns:
        for value in column.values:
            if value and value not in PLACEHOLDERS and value.lower() not in NOT_KNOWN:
                form = next((f for f in FORMATS if form_pattern(f).fullmatch(value)), None)
                if form:
                    found[form] += 1
    return dict(found.most_common())
