"""What else may explain a difference: dates recorded better, a delay that moved on, a backlog that was cleared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from pace_nb import disclosure, terms
from pace_nb.aims import Aim
from pace_nb.change import LONGEST, Comparison, RestrictedWaits, compare_groups, restrict_waits
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, between, find_intervals
from pace_nb.measures import completeness_around
from pace_nb.waits import STEPS

LEVEL = 0.05  # a difference that chance gives less often is larger than we would expect by chance
LEVEL_BESIDE = 0.01  # of the steps beside: several are looked at, and one in twenty would differ for nothing
POINTS = 0.1  # recorded more often by a tenth of all: less hardly moves a median
CLEARED_WITHIN = 182  # days after a change in which a backlog is looked for
YARDSTICK = 4  # half years before a change against which the half year after it is set
FEWEST = 4  # a side: with fewer no comparison can come out below LEVEL


@dataclass(frozen=True)
class Recorded:
    """How often the date of a milestone was recorded for those who passed it, before a day and since (see `completeness`).

    p: how often dealing the same records out to before and since gives as large a difference; None where it cannot be told.
    """

    milestone: str
    passed_before: int
    recorded_before: int
    passed_since: int
    recorded_since: int
    p: float | None

    @property
    def changed(self) -> bool:
        """Whether dates were recorded more (or less) often by a tenth or more, and oftener than chance would have it."""
        if self.p is None:
            return False
        gap = self.recorded_since / self.passed_since - self.recorded_before / self.passed_before
        return self.p <= LEVEL and abs(gap) >= POINTS


def find_recorded(extract: Extract, aim: Aim, day: date) -> tuple[Recorded, ...]:
    """Return how often each end of an aim's wait was recorded, before a change and since.

    Only milestones after which others follow can be looked at: a gap shows only by a later date. So there is none for the first day
    away from home, or for reviews at home.
    """
    found = []
    for milestone in (aim.start, aim.end):
        if milestone not in terms.MILESTONES[1:-1]:
            continue
        (n, a), (m, b) = completeness_around(extract, milestone, day)
        p = compare_groups([1] * a + [0] * (n - a), [1] * b + [0] * (m - b)).p if min(n, m) >= FEWEST else None
        found.append(Recorded(milestone, n, a, m, b, p))
    return tuple(found)


@dataclass(frozen=True)
class Beside:
    """Another step, compared as the aim's own: waits of those whose clock for it started before the change and since."""

    title: str
    start: str
    waits: RestrictedWaits | None
    result: Comparison | None

    @property
    def direction(self) -> str:
        """ "longer", "shorter", "close" (within chance) or "unknown" (too few)."""
        if self.result is None or self.result.p is None:
            return "unknown"
        if self.result.p > LEVEL_BESIDE:
            return "close" if self.result.smallest_p <= LEVEL_BESIDE else "unknown"
        return "longer" if self.result.difference > 0 else "shorter"


def find_beside(extract: Extract, aim: Aim, day: date) -> tuple[Beside, ...]:
    """Return every other step on the way to permanence, and the whole way, before a change and since.

    From the recommendation on, a child who left another way never reached the step, and counts as one who waited all the time that is
    compared: leaving care in a queue is no shorter wait. From being accommodated it ends the wait, as for an aim: most who leave
    before a recommendation go home. Of aim 1 (at home) there is none: its children are on another way.
    """
    if aim.start == "cso_at_home":
        return ()
    found = []
    for start, end in (*STEPS, (terms.MILESTONES[0], terms.MILESTONES[-1])):
        if (start, end) == (aim.start, aim.end):
            continue
        intervals = find_intervals(extract, between(start, end))
        if start != terms.MILESTONES[0]:
            table = intervals.table
            intervals = replace(
                intervals, table=table.assign(days=table["days"].where(table["status"] != "left", LONGEST))
            )
        waits = restrict_waits(intervals, day)
        # In aggregate a direction of fewer than ten families on a side would describe them, and no group.
        least = FEWEST if extract.audience == "working" else disclosure.MEDIAN_OF
        enough = waits is not None and min(len(waits.before), len(waits.after)) >= least
        found.append(
            Beside(intervals.aim.title, start, waits, compare_groups(waits.before, waits.after) if enough else None)
        )
    return tuple(found)


@dataclass(frozen=True)
class Backlog:
    """Children past the limit on the day of a change, and how many of them were done within half a year.

    long, done: on the day of the change; usual_long, usual_done: the same on the days half a year, one, one and a half and two years
    earlier, taken together. p: as in `Recorded`.
    old, new: how many of those done since the change had started before it, and since.
    """

    long: int
    done: int
    usual_long: int
    usual_done: int
    p: float | None
    old: int
    new: int

    @property
    def cleared(self) -> bool:
        """Whether those who had waited long were done oftener than in the two years before, by more than we would expect by chance."""
        if self.p is None or not self.long or not self.usual_long:
            return False
        return self.p <= LEVEL and self.done / self.long > self.usual_done / self.usual_long


def find_backlog(intervals: Intervals, day: date) -> Backlog | None:
    """Return what became of those who had waited past the limit when a change came; None for an aim without a limit.

    Earlier days are the yardstick only if they lie within the period of the page. A child who waited long stands in several of them.
    """
    if intervals.aim.limit is None:
        return None
    half = timedelta(days=CLEARED_WITHIN)
    long, done = _done_within(intervals, day)
    earlier = [day - n * half for n in range(1, YARDSTICK + 1)]
    known = [_done_within(intervals, d) for d in earlier if intervals.since is None or intervals.since <= d]
    usual_long, usual_done = (sum(k[i] for k in known) for i in (0, 1))
    enough = min(long, usual_long) >= FEWEST and day + half <= intervals.as_at
    p = None
    if enough:
        p = compare_groups([1] * usual_done + [0] * (usual_long - usual_done), [1] * done + [0] * (long - done)).p
    reached = intervals.reached
    later = reached[reached["end"] >= pd.Timestamp(day)]
    old = int((later["start"] < pd.Timestamp(day)).sum())
    return Backlog(long, done, usual_long, usual_done, p, old, len(later) - old)


def _done_within(intervals: Intervals, day: date) -> tuple[int, int]:
    """Return how many were past their limit on a day and still waited, and how many of them reached the step within half a year."""
    table, when = intervals.table, pd.Timestamp(day)
    last = table["start"] + pd.to_timedelta(table["days"], unit="D")
    there = (table["status"] != "unusable") & ((last > when) | (table["status"] == "waiting")) & (table["due"] < when)
    done = there & (table["status"] == "reached") & (last <= when + pd.Timedelta(days=CLEARED_WITHIN))
    return int(there.sum()), int(done.sum())
