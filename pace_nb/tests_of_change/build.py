"""From what a file says to the records of a change idea: the fields, and every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
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


def choice(*allowed: str) -> Callable[[Any], str]:
    """Read one of a list of words, whatever its capitals."""
    read = one_of(*allowed)
    return lambda value: read(value.strip().lower() if isinstance(value, str) else value)


_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y")


def day_of(words: str) -> date:
    """Return the day that somebody wrote: year first, or day first with slashes, points or the month's name. Raises ValueError.

    >>> day_of("2019-03-25") == day_of("25/3/2019") == day_of("25 March 2019")
    True
    """
    for form in _DAYS:
        try:
            return day(datetime.strptime(words.strip(), form).date())
        except ValueError as error:
            if "year" in str(error):
                raise
    raise ValueError("Write the day as 25/03/2019 or 2019-03-25.")


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
    "placements": Field(list_of(choice(*GROUPS))),
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
    "scale": Field(choice(*SCALES), True),
    "objective": Field(text, True),
    "what": Field(text, True),
    "who": Field(text),
    "where": Field(text),
    "data": Field(text),
    "happened": Field(text),
    "learned": Field(text),
    "decision": Field(choice(*DECISIONS)),
    "why": Field(text),
    "next": Field(text),
}
QUESTION_FIELDS = {
    "question": Field(text, True),
    "prediction": Field(text, True),
    "held": Field(choice(*HELD)),
    "found": Field(text),
}
FEEDBACK_FIELDS = {"quote": Field(text, True), "source": Field(text, True)}


def build_idea(
    raw: Mapping[str, Any], where: str, aims: Collection[str] | None = None, rows: Sequence[str] = ()
) -> tuple[ChangeIdea | None, list[str]]:
    """Return the idea that a mapping describes, and its faults, each with its place; None if it has any.

    rows: where each cycle stands, if that is not under the idea.
    """
    cycles, faults = [], []
    own = {k: v for k, v in raw.items() if k != "cycle"}
    values, wrong = read_values(own, IDEA_FIELDS, where)
    faults += wrong
    if "aim" in values and aims is not None and values["aim"] not in aims:
        faults.append(f"{where}: there is no aim '{values['aim']}'; there are {', '.join(aims)}")
    if ("new_median_from" in values) != ("agreed_by" in values):
        faults.append(f"{where}: new_median_from and agreed_by belong together: a new median is somebody's decision")
    parts = _tables(raw, "cycle", where, faults)
    places = rows or [f"{where}, cycle {part.get('number', f'no. {n}')}" for n, part in enumerate(parts, 1)]
    for part, place in zip(parts, places, strict=True):
        cycle, wrong = build_cycle(part, place)
        faults += wrong
        cycles += [cycle] if cycle else []
    faults += _order_faults(parts, places)
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


def build_cycle(raw: Mapping[str, Any], where: str) -> tuple[Cycle | None, list[str]]:
    """Return the cycle that a mapping describes, and its faults, each with its place; None if it has any."""
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


def _order_faults(parts: Sequence[Mapping[str, Any]], places: Sequence[str]) -> list[str]:
    """Return what is out of order, of cycles as they are written: those with a fault elsewhere have their order too."""
    faults = []
    for before, after, place in zip(parts, parts[1:], places[1:], strict=False):
        (first, begun), (number, start) = (
            (p.get("number") if type(p.get("number")) is int else None, p.get("start")) for p in (before, after)
        )
        named = "the one before" if first is None else f"cycle {first}"
        if None not in (first, number) and number <= first:
            faults.append(f"{place}: cycle {number} stands after cycle {first}; number them in order")
        if type(begun) is date and type(start) is date and start < begun:
            faults.append(f"{place}: starts before {named}")
    return faults
