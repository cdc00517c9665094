"""Tests of change with a date, as an area writes them in `changes.toml` beside its extract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pace_nb.aims import Aim
from pace_nb.definitions import Field, day, read_records, text


@dataclass(frozen=True)
class Change:
    """One change: what was done differently, from which day, and the aim whose wait it should shorten."""

    id: str
    title: str
    aim: str
    date: date
    description: str = ""


_FIELDS = {
    "id": Field(text, True),
    "title": Field(text, True),
    "aim": Field(text, True),
    "date": Field(day, True),
    "description": Field(text),
}


def read_changes(path: Path | None, aims: dict[str, Aim]) -> list[Change]:
    """Read an area's changes in order of date; none if there is no file. Raises DefinitionError with every fault."""
    if path is None or not path.exists():
        return []

    def build(values: dict[str, Any]) -> Change:
        if values["aim"] not in aims:
            raise ValueError(f"there is no aim '{values['aim']}'; there are {', '.join(aims)}")
        return Change(**values)

    return sorted(read_records(path, "change", _FIELDS, build), key=lambda c: (c.date, c.id))
