"""Whom a change was for, and whom not: by the day on which a child's clock started, never by the day on which it stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from pace_nb.change import LONGEST, SHORTEST, RestrictedWaits, restrict_waits
from pace_nb.changes import Change
from pace_nb.errors import NothingToShow
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.periods import show_date
from pace_nb.runchart import RunChart
from pace_nb.tests_of_change import SCALES, ChangeIdea


@dataclass(frozen=True, eq=False)
class Cohorts:
    """The children of an aim, told apart by a change.

    everyone: all whom the aim is about. eligible: those in the placements and of the age that the idea is for, whenever they started.
    before, since: of these, whose clock started before `day`, and from it on (up to `until`, when the idea was abandoned).
    already: of those before, who still waited on `day`; an idea may be for them too (`also_waiting`).
    not_for: why others are not eligible, with how many.
    """

    idea: ChangeIdea
    everyone: Intervals
    eligible: Intervals
    before: Intervals
    since: Intervals
    already: Intervals
    day: date
    until: date | None
    not_for: dict[str, int]

    def restricted(self, new_only: bool = False) -> RestrictedWaits | None:
        """Return waits that may be compared exactly; None if it is too soon (see `restrict_waits` and `mirrored_waits`).

        new_only: by the start of the clock, also for an idea that is for those who already waited too.
        """
        if self.idea.also_waiting and not new_only:
            return mirrored_waits(self.eligible, self.day)
        both = pd.concat([self.before.table, self.since.table])
        return restrict_waits(replace(self.eligible, table=both), self.day)


def find_cohorts(extract: Extract, idea: ChangeIdea) -> Cohorts:
    """Return the children of an area, told apart by a change.

    A child whose clock started on the day itself started since. Raises NothingToShow where the idea has no first day yet.
    """
    day = idea.starts
    if day is None:
        raise NothingToShow(f"'{idea.title}' has not been tried yet.", do="come back when its first cycle has begun.")
    aim = extract.aims[idea.aim]
    scope = replace(
        aim,
        placements=_both(aim.placements, idea.placements),
        under_age=min((n for n in (aim.under_age, idea.under_age) if n is not None), default=None),
    )
    everyone, eligible = find_intervals(extract, aim), find_intervals(extract, scope)
    start, until = eligible.table["start"], idea.ends
    since = start >= pd.Timestamp(day)
    if until is not None:
        since &= start <= pd.Timestamp(until)
    already = (start < pd.Timestamp(day)) & _waits_on(eligible.table, day)
    not_for = {why: n - everyone.out_of_scope.get(why, 0) for why, n in eligible.out_of_scope.items()}
    if until is not None and (later := int((start > pd.Timestamp(until)).sum())):
        not_for[f"the clock started after {show_date(until)}, when the idea was given up"] = later
    return Cohorts(
        idea,
        everyone,
        eligible,
        eligible.only(start < pd.Timestamp(day)),
        eligible.only(since),
        eligible.only(already),
        day,
        until,
        {why: n for why, n in not_for.items() if n > 0},
    )


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(p for p in one if p in other) if one and other else one or other


def _waits_on(table: pd.DataFrame, day: date) -> pd.Series:
    """Tell who still waited on a day: whose wait ended on it did. Unclear records are passed over."""
    last = table["start"] + pd.to_timedelta(table["days"], unit="D")
    return (table["status"] != "unusable") & ((last >= pd.Timestamp(day)) | (table["status"] == "waiting"))


def mirrored_waits(intervals: Intervals, day: date) -> RestrictedWaits | None:
    """Return waits to compare where a change is for those who already waited too: each counted from when it could reach the child.

    Since: from the day of the change, or from the start of the clock if that is later. Before: the same, from a day as long before
    the change as the report is after it (or from the beginning of the period of the page). Every child is followed for half of
    that time, in whole weeks, so all of those before are followed before the change begins: nobody is in both at once, though a
    child who waited on both days is in each. None if that would be less than 13 weeks.

    Children who already waited stand in both groups for the rest of their wait; a longer backlog on one of the days makes the
    groups unlike. That is the price of counting them, and the page says so.
    """
    length = intervals.as_at - day
    earlier = day - length
    if intervals.since is not None and intervals.since > earlier:
        earlier = intervals.since
    days = min(LONGEST, min(length, day - earlier).days // 2 // 7 * 7)
    if days < SHORTEST:
        return None
    sides = [_could_reach(intervals, first, last, days) for first, last in ((earlier, day), (day, intervals.as_at))]
    joined = replace(intervals, table=pd.concat(sides), since=None)
    return restrict_waits(joined, day, days)


def _could_reach(intervals: Intervals, first: date, last: date, days: int) -> pd.DataFrame:
    """Return those who waited on the first day or started by `days` before the last, with the wait from when they could be reached."""
    table = intervals.table[_waits_on(intervals.table, first)]
    begin = table["start"].where(table["start"] >= pd.Timestamp(first), pd.Timestamp(first))
    waited = (begin - table["start"]).dt.days
    table = table.assign(start=begin, days=table["days"] - waited)
    return table[table["start"] <= pd.Timestamp(last - timedelta(days=days))]


def mark_cycles(run: RunChart, idea: ChangeIdea) -> RunChart:
    """Return a run chart on which each cycle of an idea is marked in place of the idea; with fewer than two, as it was.

    Baseline, medians and signals stay what they were: judged by the day from which children were eligible.
    """
    if len(idea.cycles) < 2:
        return run
    placed = tuple(
        (
            float((run.points["until"] < pd.Timestamp(c.start)).sum()),
            Change(f"{idea.id}-{c.number}", f"Cycle {c.number}: {SCALES[c.scale]}", idea.aim, c.start),
        )
        for c in idea.cycles
    )
    return replace(run, changes=placed)
