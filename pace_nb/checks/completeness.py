"""Completeness: what must have happened and is not recorded. A gap in the records is not a wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from pace_nb import terms
from pace_nb.checks.facts import NEVER, Facts
from pace_nb.checks.registry import Counted, check
from pace_nb.checks.work import Work
from pace_nb.findings import Finding, rule
from pace_nb.periods import show_date

#: A milestone of nobody that so many times in care went past is not known to the extract: told once, and not row by row.
NOWHERE_FROM = 10
SILENT_YEARS = 2  # nothing recorded for so long before the as-at date: the day is probably mistyped

_rule = partial(rule, part="completeness")
TOO_EARLY = _rule(
    "as-at-before-all",
    "file",
    says="everything recorded is dated after {day}, the day this report is as at, so nothing was known on it.",
    do="Give a later day for as_at, or check the dates of the extract.",
)
TOO_LATE = _rule(
    "as-at-long-after",
    "notice",
    says=f"the last thing recorded lies more than {SILENT_YEARS} years before {{day}}, the day this report is as at; "
    "children without an end count as waiting all that time.",
    do="If the extract was made earlier, give the day on which it was made as as_at.",
)


@check(
    "never-accommodated",
    "rows",
    "completeness",
    table="events",
    column="event",
    says="is a milestone of a child of whom no day of being accommodated is recorded; it is counted in no wait that begins then.",
    do="Add the event accommodated with its date.",
)
def _(facts: Facts) -> np.ndarray:
    who = facts.who("events")
    start = facts.first_of("events", facts.kind == "accommodated")
    home, away = _lived(facts)
    at_home_only = home & ~away
    return facts.kind.isin(terms.MILESTONES[1:]) & ((start == NEVER) & ~at_home_only)[who]


@check(
    "placed-not-accommodated",
    "rows",
    "completeness",
    table="placements",
    column="start_date",
    says="is the first placement away from home of a child of whom no event says so; the child is in no wait.",
    do="Add the event accommodated with its date.",
)
def _(facts: Facts) -> np.ndarray:
    start = facts.first_of("events", facts.kind == "accommodated")
    away = facts.lives != "at_home"
    first = facts.first_of("placements", away)
    who = facts.who("placements")
    return away & (start[who] == NEVER) & (facts.day("placements", "start_date") == first[who])


def _lived(facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each child, whether a placement at home is recorded, and whether one away from home is."""
    home = facts.lives == "at_home"
    return facts.first_of("placements", home) < NEVER, facts.first_of("placements", ~home) < NEVER


for _milestone in terms.MILESTONES[1:-1]:

    @check(
        f"no-{_milestone.replace('_', '-')}",
        "notice",
        "completeness",
        table="events",
        column="event",
        says=f"is a step after '{terms.lower(_milestone)}', of which no date is recorded: a gap in the records, not a wait.",
        do=f"Add the event {_milestone} with its date, or the route if the child's plan does not pass through it.",
    )
    def _(facts: Facts, milestone: str = _milestone) -> np.ndarray:
        passed = _passed_unrecorded(facts, milestone)
        return passed[:0] if _is_nowhere(facts, milestone, passed) else passed

    @check(
        f"nowhere-{_milestone.replace('_', '-')}",
        "notice",
        "completeness",
        table="events",
        says=f"has no row at all that is '{terms.lower(_milestone)}', though {{n}} times in care went on to a later step: gaps in the "
        "records, not waits.",
        do=f"The date is probably kept elsewhere, such as in another system or a list: name it in the profile as {_milestone}.",
    )
    def _(facts: Facts, milestone: str = _milestone) -> Counted:
        passed = _passed_unrecorded(facts, milestone)
        return Counted(passed if _is_nowhere(facts, milestone, passed) else passed[:0], len(facts.in_care.begins))


def _is_nowhere(facts: Facts, milestone: str, passed: np.ndarray) -> bool:
    """Tell a milestone that an extract does not know from one that is missing here and there."""
    return len(passed) >= NOWHERE_FROM and not (facts.kind == milestone).any()


def _passed_unrecorded(facts: Facts, milestone: str) -> np.ndarray:
    """Return the next step that is recorded, of each time in care that passed a milestone without a date for it."""
    care = facts.in_care
    later = terms.MILESTONES[terms.MILESTONES.index(milestone) + 1 :]
    at = np.full(len(care.begins), -1)
    for step in later[::-1]:
        at = np.where(care.first[step] >= 0, care.first[step], at)
    at = at[(at >= 0) & (care.first[milestone] < 0)]
    needed = [milestone not in terms.STEPS_NOT_ON_ROUTE.get(r, ()) for r in facts.routes.categories]
    return care.rows[at[np.array([*needed, True])[facts.routes.codes[care.time[at]]]]]  # without a route each is needed


@check(
    "no-placement",
    "notice",
    "completeness",
    table="events",
    column="child_id",
    says="is the start away from home of a child without any placement; where the child lives is not known.",
    do="Add the child's placements.",
)
def _(facts: Facts) -> np.ndarray:
    home, away = _lived(facts)
    none = ~(home | away) & bool(len(facts.placements))
    return (facts.kind == "accommodated") & none[facts.who("events")]


@check(
    "child-without-records",
    "notice",
    "completeness",
    table="children",
    column="child_id",
    says="is a child of whom no other table says anything; the child is in no number.",
    do="If the child was looked after, add the records. Otherwise leave the row out.",
)
def _(facts: Facts) -> np.ndarray:
    seen = np.zeros(len(facts.children), dtype=bool)
    for table in ("placements", "legal", "events"):
        seen[facts.who(table)] = True
    return ~seen & bool(seen.any())


def about_day(works: Mapping[str, Work], as_at: date) -> list[Finding]:
    """Say if the day of the report lies before everything that is recorded, or long after it.

    Never compared with today's clock.
    """
    works = {n: w for n, w in works.items() if w.table.start}
    day, nothing = np.datetime64(as_at, "s"), np.datetime64("NaT")
    starts = [w.days[w.table.start] for w in works.values()]
    files = ", ".join(dict.fromkeys(raw.file for w in works.values() for raw in w.raws if raw.usable))
    if all(np.isnat(days).all() for days in starts):
        return []
    if not any((days <= day).any() for days in starts):
        return [TOO_EARLY.found(files, day=show_date(as_at))]
    each = [np.fmax.reduce(d[w.alive], initial=nothing) for w in works.values() for d in w.days.values()]
    last = np.fmax.reduce(each, initial=nothing)
    if last < np.datetime64(pd.Timestamp(as_at) - pd.DateOffset(years=SILENT_YEARS), "s"):
        return [TOO_LATE.found(files, day=show_date(as_at))]
    return []
