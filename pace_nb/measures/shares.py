"""Shares that met a limit, each with its denominator: those whose due date has come, and nobody else."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from pace_nb import disclosure
from pace_nb.day_numbers import NEVER, day_number, day_numbers, due_days, months
from pace_nb.intervals import Intervals
from pace_nb.periods import Limit, quarter, read_limit


@dataclass(frozen=True)
class ShareMet:
    """How many met a limit, of those for whom it has run out. Everyone else stands beside it, never in it."""

    met: int = 0
    missed: int = 0
    not_yet_due: int = 0
    met_early: int = 0
    left: int = 0

    @property
    def due(self) -> int:
        """The denominator: children whose due date has come."""
        return self.met + self.missed

    @property
    def share(self) -> float | None:
        """Met of due; None where no child was due."""
        return self.met / self.due if self.due else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share (Newcombe 1998), without continuity correction; None where no child was due."""
        return _wilson(self.met, self.due) if self.due else None

    @property
    def everyone(self) -> int:
        """All children in scope, those who left another way included."""
        return self.due + self.not_yet_due + self.met_early + self.left

    @property
    def worst(self) -> float | None:
        """The share of everyone if none of those not yet due made it."""
        return (self.met + self.met_early) / self.everyone if self.everyone else None

    @property
    def best(self) -> float | None:
        """The share of everyone if all of those not yet due made it."""
        return (self.met + self.met_early + self.not_yet_due) / self.everyone if self.everyone else None


@lru_cache(maxsize=1024)  # a page asks for the same few shares again and again
def _wilson(met: int, due: int) -> tuple[float, float]:
    found = binomtest(met, due).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def share_met(
    starts: Sequence[date | None],
    events: Sequence[date | None],
    exits: Sequence[date | None],
    limit: str | Limit,
    as_at: date,
) -> ShareMet:
    """Sort children by whether they met a limit, as known on a day.

    starts, events, exits: one day or None per child (dates, datetimes, pandas Timestamps or numpy days; NaT and NaN are
    None, a time of day is dropped). limit: a `Limit`, or text such as "84 days", "12 weeks", "6 months", "2 years"; months
    and years are calendar ones, and a day that the month lacks becomes the month's last (`periods.add_months`).

    Conventions. The event on the due date meets it. On the due date itself a child without the event has missed it.
    Events and exits after `as_at` are not yet known; children who start after it, or have no start, are in no
    count. A child who left by the due date without the event is neither met nor missed; one who left after it has missed
    it. An event counts whatever exit is recorded beside it. `worst` and `best` are of everyone, those who left included.

    Raises ValueError if the lists differ in length or the limit cannot be read, TypeError for what is not a day.

    >>> share_met([date(2019, 1, 1)] * 2, [date(2019, 7, 1), None], [None, None], "6 months", date(2019, 7, 31)).share
    0.5
    """
    limit, census = limit if isinstance(limit, Limit) else read_limit(limit), _day(as_at)
    if census is None:
        raise TypeError("as_at is needed: without it nobody knows who is due")
    given = [[_day(value) for value in values] for values in (starts, events, exits)]
    if len({len(days) for days in given}) > 1:
        raise ValueError("starts, events and exits differ in length")
    start, event, exit_ = (np.array([NEVER if d is None else day_number(d) for d in days], int) for days in given)
    return _count(_standings(start, event, exit_, due_days(start, limit), day_number(census)))


#: What a child can be in a share; a child in no count is after them.
_STANDINGS = tuple(f.name for f in fields(ShareMet))


def _count(standings: np.ndarray) -> ShareMet:
    return _count_each(standings, np.zeros(len(standings), int), 1)[0]


def _count_each(standings: np.ndarray, group: np.ndarray, groups: int) -> list[ShareMet]:
    """Return the counts of each group, from their numbers and how many there are."""
    size = len(_STANDINGS) + 1
    counts = np.bincount(group * size + standings, minlength=groups * size).reshape(groups, size)
    return [ShareMet(*row[: len(_STANDINGS)]) for row in counts.tolist()]


def _standings(start: np.ndarray, event: np.ndarray, exit_: np.ndarray, due: np.ndarray, census: int) -> np.ndarray:
    """Return of each child where it is counted (its place in _STANDINGS). All are day numbers, NEVER where there is none."""
    event, exit_ = (np.where(days <= census, days, NEVER) for days in (event, exit_))
    over = due <= census
    in_time = (event < NEVER) & (event <= due)
    gone = (event == NEVER) & (exit_ < NEVER) & (exit_ <= due)
    names = ["", "met", "met_early", "left", "missed"]
    kinds = [start > census, in_time & over, in_time, gone, over]
    places = [len(_STANDINGS) if not name else _STANDINGS.index(name) for name in names]
    return np.select(kinds, places, _STANDINGS.index("not_yet_due"))


def _day(value: object) -> date | None:
    """Return a day as a plain date; None for what pandas calls missing."""
    if value is None or type(value) is date:
        return value
    if isinstance(value, date | np.datetime64 | float) and pd.isna(value):
        return None
    if isinstance(value, datetime | np.datetime64):  # a pandas Timestamp is a datetime
        return pd.Timestamp(value).date()
    if isinstance(value, date):
        return value
    raise TypeError(f"{type(value).__name__} is not a day: give a date or None")


def measure_share(intervals: Intervals) -> ShareMet | None:
    """Return how many met an aim's limit; None where the aim has no limit. Unusable records are not in it.

    All rows count, new children and backlog alike; `parts.measure_parts` tells them apart.
    """
    if intervals.aim.limit is None:
        return None
    return _count(_standing_of(intervals)[0])


def _standing_of(intervals: Intervals) -> tuple[np.ndarray, np.ndarray]:
    """Return how each child who counts in a share stands (as `_standings`), and when each is due.

    Children who were due before the period of the page began are left out: of those only the late ones are known.
    """
    table, status = intervals.table, intervals.table["status"].to_numpy()
    counts = status != "unusable"
    if intervals.since is not None:
        counts &= (table["due"] >= pd.Timestamp(intervals.since)).to_numpy()
    start, due = (day_numbers(table[name])[counts] for name in ("start", "due"))
    last, status = start + table["days"].to_numpy()[counts], status[counts]
    event, exit_ = (np.where(status == kind, last, NEVER) for kind in ("reached", "left"))
    return _standings(start, event, exit_, due, day_number(intervals.as_at)), due


@dataclass(frozen=True)
class PeriodShare:
    """The share of the children who were due in one period. `first` and `last` are its days."""

    label: str
    first: date
    last: date
    share: ShareMet


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def share_by(intervals: Intervals, by: str) -> list[PeriodShare]:
    """Return how many met the limit, by the month, quarter or calendar year in which they were due.

    Every period is there from the first in which a child was due to that of the report. One in between in which no child was
    due has a share of None, and is never 0 %. The last period may not be over; its children not yet due stand in
    their own counts. Empty where the aim has no limit, or where nobody's due date has come. Raises ValueError for
    another period.
    """
    if by not in _MONTHS:
        raise ValueError(f"'{by}' is not a period: choose month, quarter or year")
    if intervals.aim.limit is None:
        return []
    standing, due = _standing_of(intervals)
    has_come = np.isin(standing, [_STANDINGS.index("met"), _STANDINGS.index("missed")])
    if not has_come.any():
        return []
    period = months(due) // _MONTHS[by]
    first, last = int(period[has_come].min()), int(months(np.array([day_number(intervals.as_at)]))[0]) // _MONTHS[by]
    within = (period >= first) & (period <= last)
    shares = _count_each(standing[within], period[within] - first, last - first + 1)
    begins = [_first_day(n * _MONTHS[by]) for n in range(first, last + 2)]
    return [
        PeriodShare(_label(begin, by), begin, end - timedelta(days=1), share)
        for begin, end, share in zip(begins, begins[1:], shares, strict=False)
    ]


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _label(begin: date, by: str) -> str:
    if by == "quarter":
        return quarter(begin)
    return str(begin.year) if by == "year" else f"{calendar.month_abbr[begin.month]} {begin.year}"


#: A finer period is taken if this share of its periods have children enough to say something.
MOST = 2 / 3
#: More periods than this cannot be told apart on a chart.
MOST_PERIODS = 40


def choose_period(intervals: Intervals) -> str:
    """Return the finest period, "month", "quarter" or "year", in most of which enough children were due.

    Enough: five; in the aggregate audience ten, since the share of fewer is not shown. Most: two thirds, and at least
    three periods; and there are at most forty. A part of a period at either end counts as one.
    """
    least = disclosure.PERIOD_OF if intervals.audience == "working" else disclosure.MEDIAN_OF
    for by in ("month", "quarter"):
        due = [p.share.due for p in share_by(intervals, by)]
        if len(due) <= MOST_PERIODS and sum(n >= least for n in due) >= max(3, len(due) * MOST):
            return by
    return "year"


def share_by_year(intervals: Intervals) -> list[tuple[str, ShareMet]]:
    """Return how many met the limit, by the calendar year in which they were due; years without any are left out."""
    return [(p.label, p.share) for p in share_by(intervals, "year") if p.share.due]


def due_soon(intervals: Intervals, weeks: Sequence[int] = (4, 8, 12)) -> list[tuple[int, int]]:
    """Return how many waiting children come to their due date within so many weeks (each count includes the one before)."""
    ahead = (intervals.waiting["due"] - pd.Timestamp(intervals.as_at)).dt.days
    return [(w, int(((ahead > 0) & (ahead <= w * 7)).sum())) for w in weeks]
