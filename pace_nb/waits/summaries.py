"""How long the children of an extract wait: summaries and curves of a step or aim, for the pages."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pace_nb import terms
from pace_nb.extract import Extract
from pace_nb.intervals import STATUSES, Intervals, between, find_intervals
from pace_nb.spells import ENDINGS
from pace_nb.waits.curves import CumulativeIncidence, Survival, cumulative_incidence, survival

FOLLOWED = ("reached", "waiting", "left")  # an unclear record says nothing of how long a wait was
AT_RISK = 5  # a curve is drawn, and a median given, only while so many are followed
WEEK = 7


def follow(intervals: Intervals) -> pd.DataFrame:
    """Return the children whose wait can be followed within the period of the page, with the day on which following began.

    Adds `entry`: the days that a child had waited when the period began (left truncation); -1 where the clock started within
    it, so that a wait of no days counts too. Of children who started before the period only those who still waited then are
    known, so they count for the days since, and not for the days before. Left out: unclear records, and waits that were
    over when the period began.
    """
    return enter(intervals.table, intervals.since)


def enter(table: pd.DataFrame, since: object = None) -> pd.DataFrame:
    """Return the rows of an intervals' table that can be followed from a day on, with their `entry`; see `follow`."""
    rows, entry = _entered(table, since)
    return table[rows].assign(entry=entry[rows])


def _entered(table: pd.DataFrame, since: object) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows can be followed from a day on, and since when each is (of all rows)."""
    rows, days = _is_one_of(table, FOLLOWED), table["days"].to_numpy()
    if since is None:
        return rows, np.full(len(table), -1)
    before = (np.datetime64(since, "s") - table["start"].to_numpy()) // np.timedelta64(1, "D")
    entry = np.where(before > 0, before, -1)
    return rows & (days > entry), entry


def _is_one_of(table: pd.DataFrame, statuses: tuple[str, ...]) -> np.ndarray:
    status = table["status"].to_numpy()
    return np.logical_or.reduce([status == one for one in statuses])


@dataclass(frozen=True, eq=False)
class Followed:
    """The part of a group's waits that enough children were followed through.

    rows: the children it rests on. begins: the days that each of them had waited at least when the curve begins; 0: it is about
    everyone who started. ends: the last day on which enough are followed. at_risk[d]: how many are followed on day d.
    """

    rows: pd.DataFrame
    begins: int
    ends: int
    at_risk: np.ndarray

    @property
    def curve(self) -> Survival:
        """The share still waiting; leaving another way ends the wait, and only the day of the report censors."""
        return survival(self.rows["days"], self.rows["status"] != "waiting", self.rows["entry"])

    def within(self, day: float | None) -> float | None:
        """Return a day if enough are followed until then; None otherwise."""
        return day if day is not None and day <= self.ends else None


def find_followed(table: pd.DataFrame, least: int = AT_RISK, every: int = 1) -> Followed | None:
    """Return the part of some waits through which `least` children are followed; None if there is none.

    table: days, status (unclear records are passed over), and entry (from `enter`; without it everyone is followed from the
    start). The part begins with the first multiple of `every` weeks at which enough are followed. If that is not week 0 it
    tells of children who had waited so long already: small numbers at the start would otherwise decide the whole curve.
    """
    rows = _is_one_of(table, FOLLOWED)
    entry = table["entry"].to_numpy()[rows] if "entry" in table else np.full(int(rows.sum()), -1)
    part = _find_part(table["days"].to_numpy()[rows], entry, least, every)
    if part is None:
        return None
    keep, since, *where = part
    rows[rows] = keep
    return Followed(table[rows].assign(entry=since[keep]), *where)


def _find_part(days: np.ndarray, entry: np.ndarray, least: int, every: int) -> tuple | None:
    """Return which waits are in the part that can be followed, since when, its begin and end, and how many are at risk."""
    size = int(days.max(initial=0)) + 2
    at_risk = np.cumsum(np.bincount(entry + 1, minlength=size) - np.bincount(days + 1, minlength=size))
    enough = np.append(at_risk >= least, False)
    starts = np.flatnonzero(enough[:: every * WEEK]) * every * WEEK
    if not len(starts):
        return None
    begins = int(starts[0])
    ends = begins + int(np.argmin(enough[begins:])) - 1
    return days >= begins, np.maximum(entry, begins - 1), begins, ends, at_risk


def typical_wait(table: pd.DataFrame) -> float | None:
    """Return the Kaplan-Meier median of the time until a child no longer waits, in days; None if not reached or too few followed.

    table: as in `find_followed`. Leaving another way ends the wait and is not censoring (home, an order, 18); only the day of the
    report censors. Fewer than five children followed, from the first day or by the median day, are too few.
    """
    part = find_followed(table)
    return part.within(part.curve.median) if part is not None and part.begins == 0 else None


@dataclass(frozen=True)
class WaitSummary:
    """How long a step takes, in days.

    typical: the day by which half of the children no longer wait, whichever way the wait ended; children still waiting count for
    as long as they have waited, and those who had waited before the period of the page for the days within it. None if not
    reached, or if fewer than five were followed, from the start or by then. followed: how many children it rests on.
    later: where too few were followed from the start, the same for children who had waited some days already: (those days, the
    day by which half of them no longer wait); None otherwise.
    typical_interval: the 95 % limits of either, each None where not reached; they take children as independent, which brothers and
    sisters are not.
    finished_median and quartiles describe only those who reached the step.
    """

    started: int
    followed: int
    reached: int
    waiting: int
    left: int
    unusable: int
    overdue: int
    typical: float | None
    finished_median: float | None
    quartiles: tuple[float, float] | None
    longest_waiting: int | None
    typical_interval: tuple[float | None, float | None] = (None, None)
    later: tuple[int, float] | None = None


def summarise_waits(intervals: Intervals) -> WaitSummary:
    """Summarise the waits of one step or aim."""
    table, days = intervals.table, intervals.table["days"].to_numpy()
    is_ = {status: _is_one_of(table, (status,)) for status in STATUSES}
    reached, waiting = days[is_["reached"]], days[is_["waiting"]]
    rows, entry = _entered(table, intervals.since)
    part = _find_part(days[rows], entry[rows], AT_RISK, 1)
    followed, typical, limits, later = int(rows.sum()), None, (None, None), None
    if part is not None:
        keep, since, begins, ends, _ = part
        curve = survival(days[rows][keep], ~is_["waiting"][rows][keep], since[keep])
        followed, (typical, *limits) = (
            int(keep.sum()),
            (day if day is not None and day <= ends else None for day in (curve.median, *curve.median_interval)),
        )
        typical, later = (None, None if typical is None else (begins, typical)) if begins else (typical, None)
    return WaitSummary(
        started=len(table),
        followed=followed,
        reached=len(reached),
        waiting=len(waiting),
        left=int(is_["left"].sum()),
        unusable=int(is_["unusable"].sum()),
        overdue=int((is_["waiting"] & table["late"].to_numpy()).sum()),
        typical=typical,
        finished_median=float(np.median(reached)) if len(reached) else None,
        quartiles=tuple(np.quantile(reached, (0.25, 0.75)).tolist()) if len(reached) >= 4 else None,
        longest_waiting=int(waiting.max()) if len(waiting) else None,
        typical_interval=tuple(limits),
        later=later,
    )


#: The steps that follow one another on the way to permanence.
STEPS = tuple(zip(terms.MILESTONES, terms.MILESTONES[1:], strict=False))


def summarise_steps(extract: Extract) -> list[tuple[Intervals, WaitSummary]]:
    """Summarise each step from one milestone to the next."""
    found = [find_intervals(extract, between(start, end)) for start, end in STEPS]
    return [(intervals, summarise_waits(intervals)) for intervals in found]


def summarise_pairs(extract: Extract) -> dict[tuple[str, str], WaitSummary]:
    """Summarise the time between every pair of milestones, earlier to later."""
    pairs = [(a, b) for i, a in enumerate(terms.MILESTONES) for b in terms.MILESTONES[i + 1 :]]
    return {pair: summarise_waits(find_intervals(extract, between(*pair))) for pair in pairs}


def waiting_curves(groups: dict[str, pd.DataFrame], least: int = AT_RISK, every: int = 1) -> pd.DataFrame:
    """Return the share of each group still waiting, every so many weeks, for as long as `least` children are followed.

    groups: name and table, as in `find_followed`. Columns: group, week, share, low and high (95 % limits, blank where they cannot be
    had), at_risk. A group that too few are followed in gives no rows; one whose first week is not 0 tells of children who had
    waited so long already.
    """
    rows = []
    for name, table in groups.items():
        part = find_followed(table, least, every)
        if part is None:
            continue
        curve = part.curve
        for week in range(part.begins // WEEK, part.ends // WEEK + 1, every):
            low, high = curve.interval_at(week * WEEK) or (np.nan, np.nan)
            rows.append((name, week, curve.at(week * WEEK), low, high, int(part.at_risk[week * WEEK])))
    return pd.DataFrame(rows, columns=["group", "week", "share", "low", "high", "at_risk"])


#: The ways in which a wait ends, in the order in which they are drawn, with their causes in `cumulative_incidence`.
WAYS = {"reached": 1, "home": 2, "other": 3}


@dataclass(frozen=True, eq=False)
class WaysOut:
    """Of the children whose clock started, the share for whom the wait has ended in each way, by weeks since.

    weeks: week, reached, home, other, waiting (shares that add up to 1), at_risk. children: how many it rests on.
    The first week is 0 unless too few were followed from the start.
    """

    intervals: Intervals
    weeks: pd.DataFrame
    children: int

    def __str__(self) -> str:
        return f"Ways out: {self.intervals.aim.title}, {self.intervals.area}, {len(self.weeks)} weeks"

    __repr__ = __str__


def find_ways_out(intervals: Intervals, least: int = AT_RISK, every: int = 1) -> WaysOut:
    """Return the Aalen-Johansen shares of the ways in which a wait ends, while `least` children are followed.

    reached: the step; home: returned home first; other: left in any other way. What is reached by one way cannot be reached by
    another, so a fall in one may be a rise in another. Unclear records are left out.
    """
    part = find_followed(follow(intervals), least, every)
    columns = ["week", *WAYS, "waiting", "at_risk"]
    if part is None:
        return WaysOut(intervals, pd.DataFrame(columns=columns), 0)
    curves = cumulative_incidence(part.rows["days"], _ways(part.rows), part.rows["entry"])
    rows = [
        (week, *_shares(curves, week * WEEK), int(part.at_risk[week * WEEK]))
        for week in range(part.begins // WEEK, part.ends // WEEK + 1, every)
    ]
    return WaysOut(intervals, pd.DataFrame(rows, columns=columns), len(part.rows))


def round_ways(ways: WaysOut, step: float | None) -> WaysOut:
    """Return the shares as multiples of `step`, still adding up to 1, no way out ever falling; no weeks if there is no step.

    The share that has ended is rounded to the nearest; each new step of it goes to the way that is furthest behind its own share.
    """
    if step is None:
        return replace(ways, weeks=ways.weeks[:0])
    given, rows = np.zeros(len(WAYS)), []
    for shares, waiting in zip(ways.weeks[list(WAYS)].to_numpy(), ways.weeks["waiting"], strict=True):
        while given.sum() + step / 2 <= 1 - waiting + 1e-9:
            given[np.argmax(shares - given)] += step
        rows.append((*given, 1 - given.sum()))
    rounded = pd.DataFrame(rows, columns=[*WAYS, "waiting"], index=ways.weeks.index)
    return replace(ways, weeks=ways.weeks.assign(**rounded))


def _ways(table: pd.DataFrame) -> np.ndarray:
    home = (table["status"] == "left") & (table["reason"] == ENDINGS["return_home"])
    kinds = [table["status"] == "waiting", table["status"] == "reached", home]
    return np.select(kinds, [0, WAYS["reached"], WAYS["home"]], WAYS["other"])


def _shares(curves: CumulativeIncidence, day: int) -> tuple[float, ...]:
    return (*(curves.at(day, cause) for cause in WAYS.values()), curves.surviving_at(day))
