"""Reads the records of tests of change from TOML files, one for each change idea, and names every fault at once.

id = "two-week-meeting"
title = "Planning meeting at two weeks"
idea = "The first planning meeting is held two weeks after a child is accommodated, not six."
aim = "aim-2"

[[cycle]]
number = 1
start = 2017-03-06
scale = "child"
objective = "See whether everyone can be there at two weeks."
what = "One meeting, with the parents, the health visitor and the teacher."

[[cycle.question]]
question = "Could everyone come?"
prediction = "Yes, with ten days' notice."
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pace_nb.definitions import parse
from pace_nb.errors import DefinitionError
from pace_nb.files.find import TESTS
from pace_nb.tests_of_change.build import build_idea
from pace_nb.tests_of_change.records import ChangeIdea
from pace_nb.tests_of_change.workbook import read_workbook

#: Beside the tables of an extract: one file for each change idea.
FOLDER = TESTS


_LINE = re.compile(r"\bline (\d+)")
_SLASHES = re.compile(r"=\s*\d{1,4}[/.]\d{1,2}[/.]\d{1,4}")


@dataclass(frozen=True)
class Survey:
    """All that the records at a path are: ideas without a fault in order, every fault, and what their files say, faults or not.

    unread: names of files of which nothing could be read.
    """

    ideas: tuple[ChangeIdea, ...] = ()
    faults: tuple[str, ...] = ()
    raws: tuple[Mapping[str, Any], ...] = ()
    unread: tuple[str, ...] = ()


def read_tests(path: Path, aims: Collection[str] | None = None) -> tuple[ChangeIdea, ...]:
    """Read the change ideas at a path, in order of their first day, then id; those without a day last.

    path: a folder of TOML files or with one workbook, or one such file. Nothing there is no ideas. aims: the ids of the aims that may
    be named; None does not look. Raises DefinitionError with every fault of every file, and for a folder with both kinds: of one
    idea there is one record.
    """
    found = survey_tests(path, aims)
    raise_faults(path, found.faults)
    return found.ideas


def survey_tests(path: Path, aims: Collection[str] | None = None) -> Survey:
    """Read the change ideas at a path as `read_tests` does, and return their faults beside them."""
    if not path.exists():
        return Survey()
    ideas, faults, raws, unread, of = [], [], [], [], {}
    for file in find_records(path):
        try:
            found, wrong, said = _read_file(file, aims)
        except DefinitionError as error:
            faults.append(_say_unread(file, error.what))
            unread.append(file.name)
            continue
        faults += wrong
        raws += said
        for idea in found:
            if idea.id in of:
                faults.append(f"{file.name}: the id '{idea.id}' is used in {of[idea.id]} too")
            of.setdefault(idea.id, file.name)
        ideas += found
    return Survey(in_order(ideas), tuple(faults), tuple(raws), tuple(unread))


def find_records(path: Path) -> list[Path]:
    """Return the files with records at a path, in order of name. Raises DefinitionError for a folder with TOML files and a workbook."""
    if path.is_file():
        return [path]
    files = sorted(p for p in path.iterdir() if p.suffix in (".toml", ".xlsx") and not p.name.startswith(("~$", ".")))
    books = [p for p in files if p.suffix == ".xlsx"]
    if books and len(files) > 1:
        raise DefinitionError(
            f"'{path.name}' holds a workbook and other records, so nobody knows which count.",
            where=[p.name for p in files],
            do="keep the workbook alone, or the TOML files; 'pace-nb tests convert' makes one from the other.",
        )
    return files


def _read_file(file: Path, aims: Collection[str] | None) -> tuple[list[ChangeIdea], list[str], list[Mapping[str, Any]]]:
    if file.suffix == ".xlsx":
        return read_workbook(file, aims)
    raw = parse(file)
    idea, wrong = build_idea(raw, file.name, aims)
    return [idea] if idea else [], wrong, [raw]


def _say_unread(file: Path, what: str) -> str:
    """Return why a file cannot be read; a day with slashes, which is what most often is no TOML, is named with its line."""
    if (found := _LINE.search(what)) is None:
        return what
    line = file.read_text(encoding="utf-8").splitlines()[int(found[1]) - 1]
    if not _SLASHES.search(line):
        return what
    field = line.partition("=")[0].strip()
    return f"{file.name}, line {found[1]}: '{field}' is no TOML: write a day as 2018-03-05, the year first and without slashes"


def in_order(ideas: Collection[ChangeIdea]) -> tuple[ChangeIdea, ...]:
    """Return ideas in order of the day from which they were tried, then id; those without a day last."""
    return tuple(sorted(ideas, key=lambda i: (i.starts is None, i.starts or date.min, i.id)))


def raise_faults(path: Path, faults: Collection[str]) -> None:
    """Raise DefinitionError with every fault, if there is one."""
    if faults:
        raise DefinitionError(
            f"The tests of change in {path.name} cannot be used: {len(faults)} fault{'s' if len(faults) > 1 else ''}.",
            where=faults,
            do="mend each of them; all are listed.",
        )
