"""The list of all checks for docs/checks.md: `python -m pace_nb.checks.document > docs/checks.md`."""

from __future__ import annotations

import re

import pace_nb.extract  # noqa: F401 - importing it declares every rule
from pace_nb.findings import LEVELS, RULES

#: The parts in the order in which a row meets them, and what each asks.
PARTS = {
    "identity": "Who is who: numbers of children, rows that are copies, rows of nobody.",
    "vocabulary": "Which code or authority a text stands for.",
    "profile": "What a profile reads, merges, passes over and works out.",
    "dates": "How a column of dates is written.",
    "days": "Which dates of a row can be used on the day the report is as at.",
    "sequence": "Whether things can have come in the order that is recorded. No row is set aside.",
    "plausibility": "Ages that cannot be, days that are too regular. No row is set aside.",
    "completeness": "What must have happened and is not recorded. No row is set aside.",
}
_HEAD = """# What is checked

Each kind of fault that a check can find, by its code. `pace-nb check` and the notebooks name the file, the rows and the column;
the sentence goes on from there. This page is made from the code: `python -m pace_nb.checks.document > docs/checks.md`.

The levels: **file**, the file or a whole column could not be used; **rows**, the named rows were set aside, or contradict
another record so that a wait is not counted; **notice**, used, and something was assumed or should be known. What is found while
files are opened (encodings, headers, sheets) is described in [extract.md](extract.md).

Words in braces stand for what was found. To add a check, write one function: see `pace_nb/checks/registry.py`.
"""


def document() -> str:
    """Return the page: a table for each part, worst first."""
    text = [_HEAD]
    for part, asks in PARTS.items():
        rules = sorted((r for r in RULES.values() if r.part == part), key=lambda r: (LEVELS.index(r.level), r.code))
        text.append(f"## {part.capitalize()}\n\n{asks}\n")
        text.append("| code | level | says of a row that it … | what to do | the row is |\n| -- | -- | -- | -- | -- |")
        text.append(
            "\n".join(f"| `{r.code}` | {r.level} | {r.says} | {_braces(r.do)} | {r.fate} |" for r in rules) + "\n"
        )
    return "\n".join(text)


def _braces(text: str) -> str:
    return re.sub(r"\{near\}", "", text)


if __name__ == "__main__":
    print(document(), end="")
