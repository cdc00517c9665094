"""What an area's own files look like: sheets, headings, how full a column is and what kind of values it holds.

Only for writing and checking profiles. Which values whoever runs it may be shown, `showing` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np

from pace_nb.date_forms import FORMATS, form_pattern
from pace_nb.dates import NOT_KNOWN, PLACEHOLDERS, DateRules, read_dates
from pace_nb.files import data_files, plain_name, read_records, sheet_names, tidy
from pace_nb.texts import Texts

HEADER_WITHIN = 15  # rows
MOST_CODES = 60  # different values, in a column of codes
LONGEST_CODE = 80  # characters


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
        """Whether nine of ten filled cells are dates; a word or two that stands for no date, such as "not yet", is not counted."""
        if not self.dates:
            return False
        words = {v: n for v, n in self.counts.items() if not any(map(str.isdigit, v))}
        said = sum(words.values()) if len(words) <= 2 else 0
        return self.dates >= max(0.9 * (self.filled - said), 0.1 * self.filled)

    @property
    def counts(self) -> Counter[str]:
        """Each value with the number of rows that have it."""
        return Counter(v for v in self.values if v)


@dataclass(frozen=True)
class Sheet:
    """A CSV file, or a sheet of a workbook: where its header was found, and the number of each row under it that is not blank."""

    file: str
    sheet: str | None
    header_row: int
    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    sheets: int = 1  # of one form, which are looked at as one

    @property
    def name(self) -> str:
        """How it is called in what is said of it."""
        return self.file if self.sheet is None else f"{self.file} ({self.sheet})"

    @property
    def rows(self) -> int:
        """How many rows it has under its header."""
        return len(self.lines)

    def keep(self, rows: Collection[int]) -> Sheet:
        """Return the sheet with some of its rows alone; a column is of dates if it was."""
        columns = tuple(replace(c, values=tuple(c.values[i] for i in rows)) for c in self.columns)
        return replace(self, columns=columns, lines=tuple(self.lines[i] for i in rows))

    def column(self, heading: str) -> Column | None:
        """Return the column under a heading, as a profile may write it."""
        return next((c for c in self.columns if plain_name(c.heading) == plain_name(heading)), None)


def codes_of(column: Column) -> dict[str, int] | None:
    """Return the values of a column of codes with their numbers of rows, most frequent first; None if it holds no codes."""
    counts = column.counts
    if not counts or len(counts) > MOST_CODES or max(map(len, counts)) > LONGEST_CODE or column.is_date:
        return None
    return dict(sorted(counts.items(), key=lambda c: (-c[1], c[0])))


def look_at(folder: Path) -> list[Sheet]:
    """Return every sheet of an extract's files that has a header and rows. Hidden sheets are left alone."""
    names = ((p, n) for p in data_files(folder) for n in ([None] if _is_csv(p) else sheet_names(p)[0]))
    return [sheet for path, name in names if (sheet := open_sheet(path, name)) is not None]


def open_sheet(
    path: Path, name: str | None, header_row: int | None = None, asked: Collection[str] = ()
) -> Sheet | None:
    """Return a CSV file (`name` is None) or a sheet of a workbook; None where it cannot be read or has no rows under a header.

    header_row: where its header stands, as Excel counts. Without it, the row with most of the headings that are `asked` for, or
    else the one with most cells that look like headings.
    """
    records = read_records(path, None if _is_csv(path) else name)
    if records.refused is not None:
        return None
    rows, wanted = records.grid.rows, {plain_name(h) for h in asked}
    if header_row is None:
        top = rows[:HEADER_WITHIN]
        fits = [(len(wanted & set(map(plain_name, r))), sum(map(_is_heading, r)), -i) for i, r in enumerate(top)]
        best = max(fits, default=(0, 0, 0))
        if best[1] < 2:
            return None
        header_row = 1 - best[2]
    if not header_row <= len(rows):
        return None
    header = rows[header_row - 1]
    body = [(i, r) for i, r in enumerate(rows[header_row:], header_row + 1) if any(map(tidy, r[: len(header)]))]
    if not body:
        return None
    columns = [
        _column(tidy(heading), tuple(tidy(r[at]) if at < len(r) else "" for _, r in body))
        for at, heading in enumerate(header)
        if plain_name(heading)
    ]
    return Sheet(path.name, None if _is_csv(path) else name, header_row, tuple(columns), tuple(i for i, _ in body))


def join_alike(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return sheets with those of one form in one workbook as one, such as one for each year, under a name with `*`."""
    joined: list[Sheet] = []
    forms: dict[tuple, list[Sheet]] = {}
    for sheet in sheets:
        forms.setdefault((sheet.file, sheet.header_row, tuple(c.heading for c in sheet.columns)), []).append(sheet)
    for (file, _, _), alike in forms.items():
        names = [s.sheet or "" for s in alike]
        short = min(map(len, names))
        start = names[0][: next((i for i in range(short) if len({n[i] for n in names}) > 1), short)].rstrip(
            "0123456789"
        )
        fitting = [s for s in sheets if s.file == file and (s.sheet or "").startswith(start)]
        if len(alike) == 1 or len(start.strip()) < 2 or len(fitting) != len(alike):
            joined += alike
            continue
        columns = tuple(
            Column(same[0].heading, tuple(chain(*(c.values for c in same))), sum(c.dates for c in same))
            for same in zip(*(s.columns for s in alike), strict=True)
        )
        lines = tuple(chain(*(s.lines for s in alike)))
        joined.append(Sheet(file, f"{start}*", alike[0].header_row, columns, lines, len(alike)))
    return joined


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() == ".csv"


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
