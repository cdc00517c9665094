"""From what a file says to the records of a change idea: the fields, and every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from pace_nb import terms
from pace_nb.definitions import Field, day, list_of, one_of, read_values, text, whole_number
from pace_nb.tests_of_change.records import DECISIONS, HELD, SCALES, ChangeIdea, Cycle, Feedback, Question


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
