"""What a check found in an extract: where, what, and what to do. Never a child's values.

Every kind of fault is declared once, as a `Rule`; `docs/checks.md` is made of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pace_nb.errors import few

#: notice: used, something was assumed or should be known; rows: the named rows were set aside, or contradict another
#: record so that a wait is not counted; file: a file, or the whole of a column, could not be used.
LEVELS = ("file", "rows", "notice")
#: The levels as a reader sees them.
HEADS = {"file": "Not usable", "rows": "Rows to correct", "notice": "For information"}


@dataclass(frozen=True)
class Finding:
    """One kind of fault in one place. `lines` are row numbers as Excel shows them: the header is row 1.

    kinds: of a table of events, placements or legal reasons, how many of the rows are of which code.
    """

    code: str
    level: str
    file: str
    what: str
    do: str = ""
    column: str = ""
    lines: tuple[int, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()

    @property
    def place(self) -> str:
        """File, rows and column, as a reader looks for them."""
        rows = ""
        if self.lines:
            rows = f", row{'s' if len(self.lines) > 1 else ''} {few(self.lines)}"
        return f"{self.file}{rows}{f', column {self.column}' if self.column else ''}"

    def __str__(self) -> str:
        return f"{self.place}: {self.what}{f' {self.do}' if self.do else ''}"


@dataclass(frozen=True)
class Rule:
    """One kind of fault: its code, how bad it is, what it says of a row, and what to do about it.

    says: goes on from "events.csv, row 5, column date:"; words in braces are filled in when it is found.
    fate: what becomes of the row: "set aside", "used", or what it is used without.
    """

    code: str
    level: str
    part: str
    says: str
    do: str = ""
    fate: str = "used"

    def found(
        self,
        file: str,
        lines: Sequence[int] = (),
        column: str = "",
        kinds: Sequence[tuple[str, int]] = (),
        **words: object,
    ) -> Finding:
        """Return a finding of this kind in a place."""
        what, do = self.says.format(**words), self.do.format(**words)
        return Finding(self.code, self.level, file, what, do, column, tuple(lines), tuple(kinds))


#: Every rule that has been declared, by its code.
RULES: dict[str, Rule] = {}


def rule(code: str, level: str, part: str, says: str, do: str = "", fate: str = "used") -> Rule:
    """Declare a kind of fault. Raises ValueError if its code is taken or it is not a plain sentence."""
    if code in RULES:
        raise ValueError(f"two rules are called '{code}'")
    if level not in LEVELS:
        raise ValueError(f"'{level}' is none of {', '.join(LEVELS)}")
    if not says.endswith(".") or (do and not do.endswith((".", "}"))):
        raise ValueError(f"'{code}' says something that does not end like a sentence")
    RULES[code] = Rule(code, level, part, says, do, fate)
    return RULES[code]
