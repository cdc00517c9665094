"""Writes the records of tests of change as TOML, so that reading them again gives the same records."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from pace_nb.tests_of_change.records import ChangeIdea, Cycle

_PARTS = {"cycles": "cycle", "questions": "question", "feedback": "feedback"}


def to_toml(idea: ChangeIdea, comment: str = "") -> str:
    """Return an idea as the text of its TOML file; fields without a value are left out.

    >>> print(to_toml(ChangeIdea("a", "A", "Try.", "aim-2")))
    id = "a"
    title = "A"
    idea = "Try."
    aim = "aim-2"
    <BLANKLINE>
    """
    lines = [f"# {comment}", ""] if comment else []
    return "\n".join([*lines, *_own(idea), *_parts(idea, "")]) + "\n"


def write_idea(idea: ChangeIdea, folder: Path, name: str = "") -> Path:
    """Write an idea to a file in a folder, which is made if need be; return the file. name: `<id>.toml` unless given."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{idea.id}.toml")
    path.write_text(to_toml(idea), encoding="utf-8", newline="\n")
    return path


def _own(record: Any) -> list[str]:
    named = ((f.name, getattr(record, f.name)) for f in fields(record) if f.name not in _PARTS)
    return [f"{name} = {_value(value)}" for name, value in named if value not in (None, "", (), False)]


def _parts(record: ChangeIdea | Cycle, above: str) -> list[str]:
    lines = []
    for many, one in _PARTS.items():
        for part in getattr(record, many, ()):
            lines += ["", f"[[{above}{one}]]", *_own(part), *_parts(part, f"{one}.")]
    return lines


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | int):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
