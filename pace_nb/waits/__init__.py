"""How long children wait, counting those who still do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import CensoredData, ecdf

from pace_nb import terms
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, between, find_intervals

AT_RISK = 5  # a curve is drawn, and a median given, only while so many are still followed
HALF = 0.5 + 1e-9


@dataclass(frozen=True)
class Survival:
    """A Kaplan-Meier curve: `surviving[i]` is the share still waiting after `times[i]` days, `at_risk[i]` just before."""

    times: np.ndarray
    surviving: np.ndarray
    at_risk: np.ndarray

    def at(self, t: float) -> float:
        """Return the share still waiting after t days; a wait that ends on day t has ended."""
        before = np.searchsorted(self.times, t, side="right")
        return float(self.surviving[before - 1]) if before else 1.0

    @property
    def median(self) -> float | None:
        """The first day on which half or fewer still wait; None if that day is not reached."""
        below = np.flatnonzero(self.surviving <= HALF)
        return float(self.times[below[0]]) if len(below) else None


def survival(durations: Sequence[float], observed: Sequence[bool]) -> Survival:
    """Return the Kaplan-Meier curve of waits, of which some (`observed` false) have not ended.

    At equal times endings come before censorings.

    >>> survival([1, 2, 3, 4], [True, True, False, True]).median
    2.0
    """
    days, ended = np.asarray(durations, dtype=float), np.asarray(observed, dtype=bool)
    if not ended.any():
        return Survival(np.array([]), np.array([]), np.array([]))
    curve = ecdf(CensoredData(uncensored=days[ended], right=days[~ended])).sf
    times = np.unique(days[ended])
    at_risk = len(days) - np.searchsorted(np.sort(days), times, side="left")
    return Survival(times, np.asarray(curve.evaluate(times)), at_risk)


@dataclass(frozen=True)
class WaitSummary:
    """How long a step takes, in days.

    typical: the day by which half of the children whose clock started in the period no longer wait, whichever way the
    wait ended; children still waiting count for as long as they have waited. None if not reached, or if fewer than five
    were still followed. followed: how many children it rests on.
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


def summarise_waits(intervals: Intervals) -> WaitSummary:
    """Summarise the waits of one step or aim."""
    table = intervals.table
    cohort = intervals.started_within
    followed = cohort[cohort["status"].isin(["reached", "waiting", "left"])]
    reached = table.loc[table["status"] == "reached", "days"]
    waiting = table.loc[table["status"] == "waiting", "days"]
    return WaitSummary(
        started=len(table),
        followed=len(followed),
        reached=len(reached),
        waiting=len(waiting),
        left=intervals.count("left"),
        unusable=intervals.count("unusable"),
        overdue=len(intervals.overdue),
        typical=typical_wait(followed),
        finished_median=float(reached.median()) if len(reached) else None,
        quartiles=(float(reached.quantile(0.25)), float(reached.quantile(0.75))) if len(reached) >= 4 else None,
        longest_waiting=int(waiting.max()) if len(waiting) else None,
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


def typical_wait(table: pd.DataFrame) -> float | None:
    """Return the Kaplan-Meier median of the time until a child no longer waits, in days.

    Leaving another way ends the wait and is not censoring (home, an order, 18); only the day of the report censors.
    """
    if len(table) < AT_RISK:
        return None
    curve = survival(table["days"], table["status"] != "waiting")
    median = curve.median
    if median is None or curve.at_risk[np.searchsorted(curve.times, median)] < AT_RISK:
        return None
    return median


def waiting_curves(groups: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the share of each group still waiting, by week, for as long as five children are followed.

    Columns: group, week, share, at_risk. Groups with fewer than five children give no curve.
    """
    rows = []
    for name, table in groups.items():
        followed = table[table["status"].isin(["reached", "waiting", "left"])]
        if len(followed) < AT_RISK:
            continue
        curve = survival(followed["days"], followed["status"] != "waiting")
        for week in range(int(followed["days"].max()) // 7 + 1):
            at_risk = int((followed["days"] >= week * 7).sum())
            if at_risk < AT_RISK:
                break
            rows.append((name, week, curve.at(week * 7), at_risk))
    return pd.DataFrame(rows, columns=["group", "week", "share", "at_risk"])
