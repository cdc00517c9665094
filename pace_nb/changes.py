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
    """One change: what was done differently, from which day, and the aim whose wait it should shorten.

    new_median_from: a day from which people have agreed to judge by a new median (see `pace_nb.runchart`); agreed_by says
    in which role, never by name.
    """

    id: str
    title: str
    aim: str
    date: date
    description: str = ""
    new_median_from: date | None = None
    agreed_by: str = ""


_FIELDS = {
    "id": Field(text, True),
    "title": Field(text, True),
    "aim": Field(text, True),
    "date": Field(day, True),
    "description": Field(text),
    "new_median_from": Field(day),
    "agreed_by": Field(text),
}


def read_changes(path: Path | None, aims: dict[str, Aim]) -> list[Change]:
    """Read an area's changes in order of date; none if there is no file. Raises DefinitionError with every fault."""
    if path is None or not path.exists():
        return []

    def build(values: dict[str, Any]) -> Change:
        if values["aim"] not in aims:
            raise ValueError(f"there is no aim '{values['aim']}'; there are {', '.join(aims)}")
        if ("new_median_from" in values) != ("agreed_by" in values):
            raise ValueError("new_median_from and agreed_by belong together: a new median is somebody's decision")
        if "new_median_from" in values and values["new_median_from"] < values["date"]:
            raise ValueError("new_median_from is before the change itself")
        return Change(**values)

    return sorted(read_records(path, "change", _FIELDS, build), key=lambda c: (c.date, c.id))
