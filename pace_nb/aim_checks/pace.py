"""How many children it takes to tell a target from what was usual, and how soon they come due in an area."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import pandas as pd

from pace_nb import disclosure
from pace_nb.aim_checks.numbers import known_share, say_children, say_share, when_before
from pace_nb.aim_checks.record import AimFinding
from pace_nb.intervals import Intervals
from pace_nb.measures import ShareMet, children_needed, measure_parts, measure_share
from pace_nb.periods import add_months, show_date

RATE_OVER = 24  # months over which the number of children becoming due is counted
LONGEST = 24  # an aim that takes more months than this to tell anything is too slow to steer by; PACE gave an area 15
MONTH = 365.25 / 12  # days


@dataclass(frozen=True)
class Pace:
    """needed: children due before the target can be told from what was usual; a_month: how many become due here."""

    needed: int
    a_month: float

    @property
    def months(self) -> int:
        """How many months it takes for so many to start (or, as steadily, to become due)."""
        return ceil(self.needed / self.a_month - 1e-9)


def find_pace(intervals: Intervals, before: ShareMet | None) -> Pace | None:
    """Return how many children an aim needs and how fast they come; None where one of the two is not known.

    before: the share in time before the aim began. As usual, so many become due in a month as did in the last two years
    (or since the period of the page began, if that is at least a quarter of a year).
    """
    usual, target = known_share(before, intervals.audience), intervals.aim.target
    needed = children_needed(usual, target / 100) if usual is not None and target is not None else None
    first = add_months(intervals.as_at, -RATE_OVER)
    if intervals.since is not None:
        first = max(first, intervals.since)
    days = (intervals.as_at - first).days
    if needed is None or days < 90:
        return None
    due = intervals.table["due"]
    recent = intervals.only((due > pd.Timestamp(first)) & (due <= pd.Timestamp(intervals.as_at)))
    n = disclosure.protect_count(measure_share(recent).due, intervals.audience)
    return Pace(needed, n / (days / MONTH)) if n else None


def say_earliest(intervals: Intervals, pace: Pace | None) -> str:
    """Return the earliest end that could tell anything, as a sentence that follows another."""
    if pace is None:
        return ""
    begins = max(intervals.aim.from_date or intervals.as_at, intervals.as_at)
    return (
        f" At least {pace.needed} children have to come due before {intervals.aim.target} % can be told from what was usual; "
        f"here that takes about {pace.months} months, so it would be {show_date(add_months(begins, pace.months))} or later."
    )


def too_few(intervals: Intervals, before: ShareMet, pace: Pace | None) -> AimFinding | None:
    """Return that too few children come by the end, or that an aim without one takes too long to tell anything."""
    aim, a = intervals.aim, intervals.audience
    if pace is None:
        return None
    takes = (
        f"To tell {aim.target} % from the {say_share(before, a)} {when_before(aim)} takes at least {pace.needed} children who have "
        f"come due: about {pace.months} months of them here."
    )
    if aim.to_date is None:
        if pace.months <= LONGEST:
            return None
        what = f"{takes} That is too slow to steer by."
    else:
        coming = children_by_the_end(intervals, pace)
        if coming >= pace.needed:
            return None
        what = f"It will count {say_children(coming, a)} by the end. {takes}"
    return AimFinding(
        "too_few",
        "mend",
        what,
        "Give it longer, count more children (all placements, all ages, several areas), aim further from what was usual, or "
        "measure a step that happens more often.",
    )


def children_by_the_end(intervals: Intervals, pace: Pace) -> int:
    """Return how many children will have come due when the aim can be judged: those who started, and those still to start.

    Children who left another way are not counted, and of those to come as many are expected as become due.
    """
    aim = intervals.aim
    new = measure_parts(intervals).new
    begins = max(intervals.as_at, aim.from_date) if aim.from_date else intervals.as_at
    ahead = max(0, (aim.to_date - begins).days)
    return new.everyone - new.left + round(ahead / MONTH * pace.a_month)
