"""A table as text, and where it comes from."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pace_nb.dates import DateRules
from pace_nb.findings import Finding
from pace_nb.schema import Table
from pace_nb.texts import Texts

SAVE_AS = "Open it in Excel and save it again as 'CSV UTF-8' or as .xlsx."


@dataclass
class RawTable:
    """One table as text, column by column; what stands in row i of the columns stood at row `lines[i]` of the file.

    native: the headings that the file has for the table's columns, where they are others. dates: how its dates may be written.
    """

    table: Table
    file: str
    columns: dict[str, Texts] = field(default_factory=dict)
    lines: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    findings: list[Finding] = field(default_factory=list)
    read: int = 0
    blank: int = 0
    set_aside: int = 0
    usable: bool = True
    native: dict[str, str] = field(default_factory=dict)
    dates: DateRules = field(default_factory=DateRules)

    @classmethod
    def of_rows(cls, table: Table, file: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> RawTable:
        """Return a table of rows that stood below a header in row 1."""
        columns = zip(*rows, strict=True) if rows else ((),) * len(header)
        texts = {h: Texts.of(c) for h, c in zip(header, columns, strict=True)}
        return cls(table, file, texts, np.arange(2, 2 + len(rows)), read=len(rows))

    @property
    def rows(self) -> list[list[str]]:
        """The rows, with a cell for each column; for looking at."""
        return [list(r) for r in zip(*(c.rows() for c in self.columns.values()), strict=True)]

    def keep(self, where: np.ndarray) -> None:
        """Leave out all rows but those of a mask."""
        if not where.all():
            self.columns = {n: c.keep(where) for n, c in self.columns.items()}
            self.lines = self.lines[where]

    def refuse(self, code: str, what: str, do: str, line: int | None = None) -> RawTable:
        """Refuse the whole file, for a reason."""
        self.usable = False
        self.columns, self.lines = {n: Texts.of([]) for n in self.columns}, self.lines[:0]
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


@contextmanager
def no_collecting() -> Iterator[None]:
    """Make a great many lists without a search for circles among them, which costs more than the reading itself."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
