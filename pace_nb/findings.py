"""What a check found in an extract: where, what, and what to do. Never a child's values."""

from __future__ import annotations

from dataclasses import dataclass

from pace_nb.errors import few

#: notice: loaded, something was assumed or changed; rows: the named rows were set aside; file: a file was refused.
LEVELS = ("file", "rows", "notice")


@dataclass(frozen=True)
class Finding:
    """One kind of fault in one place. `lines` are row numbers as Excel shows them: the header is row 1."""

    code: str
    level: str
    file: str
    what: str
    do: str = ""
    column: str = ""
    lines: tuple[int, ...] = ()

    @property
    def place(self) -> str:
        """File, rows and column, as a reader looks for them."""
        rows = ""
        if self.lines:
            rows = f", row{'s' if len(self.lines) > 1 else ''} {few(self.lines)}"
        return f"{self.file}{rows}{f', column {self.column}' if self.column else ''}"

    def __str__(self) -> str:
        return f"{self.place}: {self.what}{f' {self.do}' if self.do else ''}"
