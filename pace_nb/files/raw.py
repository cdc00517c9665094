"""A table as text, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pace_nb.dates import DateRules
from pace_nb.findings import Finding
from pace_nb.schema import Table

SAVE_AS = "Open it in Excel and save it again as 'CSV UTF-8' or as .xlsx."


@dataclass
class RawTable:
    """One table as text: `rows[i]` stood at row `lines[i]` of the file and has one cell for each name in `header`.

    native: the headings that the file has for the table's columns, where they are others. dates: how its dates may be written.
    """

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
    native: dict[str, str] = field(default_factory=dict)
    dates: DateRules = field(default_factory=DateRules)

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
