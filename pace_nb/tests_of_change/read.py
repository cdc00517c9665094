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
from datetime import date
from pathlib import Path
from typing import Any

from pace_nb import terms
from pace_nb.definitions import Field, day, list_of, one_of, parse, read_values, text, whole_number
from pace_nb.errors import DefinitionError
from pace_nb.files.find import TESTS
from pace_nb.tests_of_change.records import DECISIONS, HELD, SCALES, ChangeIdea, Cycle, Feedback, Question

#: Beside the tables of an extract: one file for each change idea.
FOLDER = TESTS


def slug(value: Any) -> str:
    """Read an id: lower-case letters, digits and hyphens."""
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError("must be lower-case letters, digits and hyphens, such as two-week-meeting")
    return value


def truth(value: Any) -> bool:
    """Read true or false, written in TOML without quotation marks."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false, without quotation marks")
    return value


GROUPS = tuple(dict.fromkeys(terms.PLACEMENT_GROUPS.values()))
IDEA_FIELDS = {
    "id": Field(slug, True),
    "title": Field(text, True),
    "idea": Field(text, True),
    "aim": Field(text, True),
    "driver": Field(text),
    "owner": Field(text),
    "area": Field(text),
    "partners": Field(list_of(text)),
    "eligible_from": Field(day),
    "placements": Field(list_of(one_of(*GROUPS))),
    "under_age": Field(whole_number(1, 18)),
    "also_waiting": Field(truth),
    "recording_from": Field(day),
    "new_median_from": Field(day),
    "agreed_by": Field(text),
}
CYCLE_FIELDS = {
    "number": Field(whole_number(1, 999), True),
    "start": Field(day, True),
    "end": Field(day),
    "scale": Field(one_of(*SCALES), True),
    "objective": Field(text, True),
    "what": Field(text, True),
    "who": Field(text),
    "where": Field(text),
    "data": Field(text),
    "happened": Field(text),
    "learned": Field(text),
    "decision": Field(one_of(*DECISIONS)),
    "why": Field(text),
    "next": Field(text),
}
QUESTION_FIELDS = {
    "question": Field(text, True),
    "prediction": Field(text, True),
    "held": Field(one_of(*HELD)),
    "found": Field(text),
}
FEEDBACK_FIELDS = {"quote": Field(text, True), "source": Field(text, True)}


def read_tests(path: Path, aims: Collection[str] | None = None) -> tuple[ChangeIdea, ...]:
    """Read the change ideas at a path, in order of their first day, then id; those without a day last.

    path: a folder of TOML files or with one workbook, or one such file. Nothing there is no ideas. aims: the ids of the aims that may
    be named; None does not look. Raises DefinitionError with every fault of every file, and for a folder with both kinds: of one
    idea there is one record.
    """
    if not path.exists():
        return ()
    files = find_records(path)
    ideas, faults, of = [], [], {}
    for file in files:
        found, wrong = _read_file(file, aims)
        faults += wrong
        for idea in found:
            if idea.id in of:
                faults.append(f"{file.name}: the id '{idea.id}' is used in {of[idea.id]} too")
            of.setdefault(idea.id, file.name)
        ideas += found
    raise_faults(path, faults)
    return in_order(ideas)


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


def _read_file(file: Path, aims: Collection[str] | None) -> tuple[list[ChangeIdea], list[str]]:
    from pace_nb.tests_of_change.workbook import read_workbook  # it builds with what is here

    try:
        if file.suffix == ".xlsx":
            return read_workbook(file, aims)
        idea, wrong = build_idea(parse(file), file.name, aims)
    except DefinitionError as error:
        return [], [error.what]
    return [idea] if idea else [], wrong


def in_order(ideas: Collection[ChangeIdea]) -> tuple[ChangeIdea, ...]:
    """Return ideas in order of the day from which they were tried, then id; those without a day last."""
    return tuple(sorted(ideas, key=lambda i: (i.starts is None, i.starts or date.min, i.id)))


def raise_faults(path: Path, faults: list[str]) -> None:
    """Raise DefinitionError with every fault, if there is one."""
    if faults:
        raise DefinitionError(
            f"The tests of change in {path.name} cannot be used: {len(faults)} fault{'s' if len(faults) > 1 else ''}.",
            where=faults,
            do="mend each of them; all are listed.",
        )


def build_idea(
    raw: Mapping[str, Any], where: str, aims: Collection[str] | None = None
) -> tuple[ChangeIdea | None, list[str]]:
    """Return the idea that a mapping describes, and its faults, each with its place; None if it has any."""
    cycles, faults = [], []
    own = {k: v for k, v in raw.items() if k != "cycle"}
    values, wrong = read_values(own, IDEA_FIELDS, where)
    faults += wrong
    if "aim" in values and aims is not None and values["aim"] not in aims:
        faults.append(f"{where}: there is no aim '{values['aim']}'; there are {', '.join(aims)}")
    if ("new_median_from" in values) != ("agreed_by" in values):
        faults.append(f"{where}: new_median_from and agreed_by belong together: a new median is somebody's decision")
    for number, part in enumerate(_tables(raw, "cycle", where, faults), 1):
        cycle, wrong = _build_cycle(part, f"{where}, cycle {part.get('number', f'no. {number}')}")
        faults += wrong
        cycles += [cycle] if cycle else []
    faults += _order_faults(cycles, where)
    if faults:
        return None, faults
    idea = ChangeIdea(**values, cycles=tuple(cycles))
    if idea.new_median_from and idea.starts and idea.new_median_from < idea.starts:
        return None, [f"{where}: new_median_from is before the change itself"]
    return idea, []


def _tables(raw: Mapping[str, Any], name: str, where: str, faults: list[str]) -> list[Mapping[str, Any]]:
    parts = raw.get(name, [])
    if not isinstance(parts, list) or not all(isinstance(p, dict) for p in parts):
        faults.append(f"{where}: write {name} as tables with two pairs of square brackets")
        return []
    return parts


def _build_cycle(raw: Mapping[str, Any], where: str) -> tuple[Cycle | None, list[str]]:
    own = {k: v for k, v in raw.items() if k not in ("question", "feedback")}
    values, faults = read_values(own, CYCLE_FIELDS, where)
    parts: dict[str, list] = {"question": [], "feedback": []}
    for name, fields in (("question", QUESTION_FIELDS), ("feedback", FEEDBACK_FIELDS)):
        for number, part in enumerate(_tables(raw, name, where, faults), 1):
            found, wrong = read_values(part, fields, f"{where}, {name} {number}")
            faults += wrong
            parts[name].append(found)
    if not parts["question"]:
        faults.append(f"{where}: has no question; each cycle asks one at least, and predicts its answer")
    if "end" in values and "start" in values and values["end"] < values["start"]:
        faults.append(f"{where}: end is before start")
    if "decision" in values and "why" not in values:
        faults.append(f"{where}: a decision needs its reason: 'why' is missing")
    if "decision" in values and "end" not in values:
        faults.append(f"{where}: there is a decision, so the cycle has ended: 'end' is missing")
    if faults:
        return None, faults
    questions = tuple(Question(**q) for q in parts["question"])
    return Cycle(**values, questions=questions, feedback=tuple(Feedback(**f) for f in parts["feedback"])), []


def _order_faults(cycles: list[Cycle], where: str) -> list[str]:
    faults = []
    for before, after in zip(cycles, cycles[1:], strict=False):
        if after.number <= before.number:
            faults.append(f"{where}, cycle {after.number}: stands after cycle {before.number}; number them in order")
        if after.start < before.start:
            faults.append(f"{where}, cycle {after.number}: starts before cycle {before.number}")
    return faults
