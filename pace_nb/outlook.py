"""How many children will still wait on their due date if nothing changes, and how good such expectations were before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from pace_nb.aims import Aim
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.past import known_on
from pace_nb.spells import KEY
from pace_nb.waits import find_followed, follow

AHEAD = 12  # weeks that are looked ahead
APART = 13  # weeks between two looks back, so that one quarter's children are not the next one's
LOOKS = 8  # how many looks back: two years; each costs the work of all waits on an earlier day
LEVEL = 0.9


@dataclass(frozen=True)
class Expected:
    """How many of several children are expected to do something, each with a probability of their own.

    expected: the sum of the probabilities. low, high: the range that holds the number with probability `level` or more,
    and misses it on either side with (1 - level) / 2 or less.
    """

    expected: float
    low: int
    high: int


def expected_count(probabilities: Sequence[float], level: float = LEVEL) -> Expected:
    """Return the expected number and its range, from the exact Poisson-binomial distribution (by convolution).

    The children are taken to be independent of one another, and the probabilities to be right: brothers and sisters
    are not, and a curve of few children is not, so the true range is wider. Tails are compared with a tolerance of
    1e-12. No child gives 0, from 0 to 0. Raises ValueError for a probability outside 0 to 1.

    >>> expected_count([0.5, 0.5, 1.0])
    Expected(expected=2.0, low=1, high=3)
    """
    chances = np.asarray(probabilities, dtype=float)
    if not ((chances >= 0) & (chances <= 1)).all():
        raise ValueError("a probability lies outside 0 to 1")
    exactly = np.ones(1)
    for p in chances:
        exactly = np.convolve(exactly, [1 - p, p])
    tail = (1 - level) / 2 + 1e-12
    low = int((np.cumsum(exactly) <= tail).sum())
    high = len(chances) - int((np.cumsum(exactly[::-1]) <= tail).sum())
    return Expected(float(chances.sum()), low, high)


@dataclass(frozen=True)
class Outlook:
    """What is expected of the children who wait on a day and are due within the weeks after it.

    due: how many they are. count: None where the curve does not reach their due dates with five children still
    followed, or where no child is due.
    """

    aim: Aim
    on: date
    due: int
    count: Expected | None


def expect_missed(intervals: Intervals, weeks: int = AHEAD) -> Outlook:
    """Return how many of the children due within so many weeks are expected to wait still on their due date.

    For a child who has waited d days and is due after D: S(D) / S(d), where S is the waiting curve of page 1 (Kaplan-Meier
    of "no longer waiting", from `waits.find_followed`, while five children are followed). Every way of no longer
    waiting counts, leaving another way too; records that are unclear are left out.
    """
    ahead = _due_within(intervals, weeks)
    if ahead.empty:
        return Outlook(intervals.aim, intervals.as_at, 0, None)
    waited, until = ahead["days"], (ahead["due"] - ahead["start"]).dt.days
    part = find_followed(follow(intervals))
    unknown = Outlook(intervals.aim, intervals.as_at, len(ahead), None)
    if part is None or waited.min() < part.begins or until.max() > part.ends:
        return unknown
    curve = part.curve
    now = [curve.at(d) for d in waited]
    if min(now) <= 0:  # everyone followed at some earlier day ended then
        return unknown
    chances = [curve.at(last) / share for last, share in zip(until, now, strict=True)]
    return Outlook(intervals.aim, intervals.as_at, len(ahead), expected_count(chances))


def _due_within(intervals: Intervals, weeks: int) -> pd.DataFrame:
    table, day = intervals.table, pd.Timestamp(intervals.as_at)
    soon = (table["due"] > day) & (table["due"] <= day + pd.Timedelta(weeks=weeks))
    return table[soon.to_numpy() & (table["status"].to_numpy() == "waiting")]


@dataclass(frozen=True)
class LookBack:
    """An outlook of an earlier day, and what came.

    came: how many still waited on their due date. unclear: of how many the record cannot tell by now.
    """

    outlook: Outlook
    came: int
    unclear: int

    @property
    def held(self) -> bool | None:
        """Whether the range held what came, whatever the unclear records hide; None where there was no range."""
        count = self.outlook.count
        return None if count is None else count.low <= self.came and self.came + self.unclear <= count.high


def look_back(extract: Extract, aims: Sequence[Aim], looks: int = LOOKS) -> dict[str, list[LookBack]]:
    """Return, for each aim's id, the outlooks of earlier days with what came, the earliest first.

    Each is made from the extract as it was known on its day (`past.known_on`), every 13 weeks back from 12 weeks before
    as_at, as long as it lies within the period of the page. What came is read from the extract as it is now: a child
    still waited on the due date if the end milestone, or the leaving, is recorded for a later day, or neither.
    """
    found: dict[str, list[LookBack]] = {aim.id: [] for aim in aims}
    for n in range(looks):
        day = extract.as_at - timedelta(weeks=AHEAD + APART * n)
        if extract.since is not None and day <= extract.since:
            break
        known = known_on(extract, day)
        for aim in aims:  # within a day, so that its spells are found once
            found[aim.id].insert(0, _compare(find_intervals(known, aim), find_intervals(extract, aim)))
    return found


def _compare(then: Intervals, now: Intervals) -> LookBack:
    outlook, ahead = expect_missed(then), _due_within(then, AHEAD)
    known = ahead[[*KEY, "start", "due"]].merge(
        now.table[[*KEY, "start", "days", "status"]], on=[*KEY, "start"], how="left"
    )
    unclear = ~known["status"].isin(["reached", "left", "waiting"])
    longer = known["start"] + pd.to_timedelta(known["days"], unit="D") > known["due"]
    came = ~unclear & ((known["status"] == "waiting") | longer)
    return LookBack(outlook, int(came.sum()), int(unclear.sum()))
