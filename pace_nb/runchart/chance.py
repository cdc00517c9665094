"""What chance alone does: how often the rules fire when nothing has changed, and whether a signal hangs on an arbitrary order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import permutations, product

import numpy as np
import pandas as pd

from pace_nb.runchart.rules import RULES, ManyAnalyses, analyse_many, count_trends, longest_runs

SEED = 20110
CHARTS = 10_000
_MOST_POINTS = 1_000_000  # simulated in one go; long charts get fewer charts, so that a page need not wait
_ARRANGEMENTS = 2_000  # all of so many are tried; of more, so many


@dataclass(frozen=True)
class FalseAlarms:
    """How often signals show on charts like this one, with independent points and nothing changed.

    baseline: points that set the median, kept for `later` more points; None: the median of all `later` points.
    charts: how many were simulated. Each rate has a standard error of at most 1 / (2 * sqrt(charts)).
    """

    baseline: int | None
    later: int
    charts: int
    longest_below: np.ndarray
    longest_above: np.ndarray

    @cached_property
    def whole(self) -> ManyAnalyses:
        """The same charts, baseline included, judged by every rule: worked out where one besides shift and trend is asked for."""
        return analyse_many(_simulate(self.baseline, self.later, self.charts), self.baseline)

    def shift(self, run: int = RULES.shift, one_side: bool = False) -> float:
        """Return the share of charts with `run` or more later points in a row on one side; `one_side`: only below."""
        found = self.longest_below >= run
        return float((found if one_side else found | (self.longest_above >= run)).mean())

    @property
    def trend(self) -> float:
        """Return the share of charts with a trend, baseline included."""
        values = _simulate(self.baseline, self.later, self.charts)  # whether one rises does not hang on any median
        return float((count_trends(values, np.zeros(self.charts)) >= RULES.trend).mean())

    @property
    def runs(self) -> float:
        """Return the share of charts with too few or too many runs, baseline included."""
        return float((self.whole.too_few_runs | self.whole.too_many_runs).mean())

    @property
    def any_scottish(self) -> float:
        """Return the share of charts on which at least one of the Scottish rules fires, baseline included."""
        w = self.whole
        return float((w.shift | w.trend | w.too_few_runs | w.too_many_runs).mean())

    @property
    def anhoej(self) -> float:
        """Return the share of charts on which one of Anhøj's two rules fires, baseline included."""
        return float((self.whole.long_run | self.whole.few_crossings).mean())


@lru_cache(maxsize=64)
def false_alarms(baseline: int | None, later: int, charts: int | None = None) -> FalseAlarms:
    """Simulate unchanged charts of one shape and return how often each rule fires on them.

    The points are independent and never equal; the seed is fixed, so the answer is always the same. It is a guide:
    waits of sisters and brothers are not independent and signal far more often (method, A.0.7).

    baseline: as in `FalseAlarms`. charts: None takes 10,000, fewer (at least 2,000) for charts of more than 100 points.

    >>> unchanged = false_alarms(12, 12)
    >>> round(unchanged.shift(6), 2), round(unchanged.shift(8), 2)
    (0.2, 0.06)
    """
    points = later + (baseline or 0)
    charts = charts or int(np.clip(_MOST_POINTS // max(points, 1), 2_000, CHARTS))
    values = _simulate(baseline, later, charts)
    centre = np.median(values[:, : baseline or points], axis=1) if points else np.full(charts, np.nan)
    below, above = longest_runs(values[:, baseline or 0 :], centre)
    return FalseAlarms(baseline, later, charts, below, above)


def _simulate(baseline: int | None, later: int, charts: int) -> np.ndarray:
    return np.random.default_rng(SEED).random((charts, later + (baseline or 0)))


def false_alarm_rate(baseline: int | None, later: int, run: int = RULES.shift) -> float:
    """Return how often a shift of `run` or more, on either side, shows among `later` points when nothing has changed."""
    return 0.0 if later < run else false_alarms(baseline, later).shift(run)


def same_day_order(values: Sequence[float], days: Sequence[object], baseline: int | None = None) -> str:
    """Say whether the signals hang on the order of points that share a day, which is arbitrary.

    values, days: one per point, in the order drawn; equal days stand together. baseline: as in `analyse_values`.
    What is compared: whether there is a shift since the baseline on each side, whether it is strong, and whether there
    are too few or too many runs. Trends are not: they never decide what is said.

    Returns "no" if every order gives the same signals (all orders were tried, or each day lies on one side of the
    median), "yes" if some order gives others, "not found" if there are too many orders to try and none of 2,000
    (fixed seed) gave others.

    >>> same_day_order([9, 1, 1, 1, 1, 1, 1, 9], ["mon", "mon", "tue", "tue", "wed", "wed", "thu", "fri"], baseline=None)
    'no'
    """
    numbers = np.asarray(values, dtype=float)
    groups = [np.flatnonzero(codes) for codes in _by_day(days)]
    groups = [g for g in groups if len(g) > 1]
    straddled = baseline is not None and any(g[0] < baseline <= g[-1] for g in groups)
    if not straddled:  # the median stays as it is, so only the sides matter
        centre = np.median(numbers[:baseline]) if len(numbers) else np.nan
        groups = [g for g in groups if len(set(np.sign(numbers[g] - centre))) > 1]
    if not groups:
        return "no"
    orders = math.prod(math.factorial(min(len(g), 12)) for g in groups)
    everything = orders <= _ARRANGEMENTS
    tried = _every_order(numbers, groups) if everything else _some_orders(numbers, groups)
    found = _verdicts(tried, baseline)
    if (found != found[0]).any():
        return "yes"
    return "no" if everything else "not found"


def _by_day(days: Sequence[object]) -> list[np.ndarray]:
    codes = pd.factorize(pd.Series(list(days)))[0]
    return [codes == c for c in np.unique(codes)]


def _every_order(numbers: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    tried = []
    for orders in product(*(permutations(g) for g in groups)):
        one = numbers.copy()
        for g, order in zip(groups, orders, strict=True):
            one[g] = numbers[list(order)]
        tried.append(one)
    return np.array(tried)


def _some_orders(numbers: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """Return the drawn order, each day falling, each day rising, the two in turn, and orders drawn with a fixed seed."""
    rng = np.random.default_rng(SEED)
    tried = np.tile(numbers, (_ARRANGEMENTS, 1))
    for i, g in enumerate(groups):
        rising = np.sort(numbers[g])
        tried[1, g], tried[2, g] = rising[::-1], rising
        tried[3, g], tried[4, g] = (rising, rising[::-1]) if i % 2 else (rising[::-1], rising)
        tried[5:, g] = rng.permuted(tried[5:, g], axis=1)
    return tried


def _verdicts(tried: np.ndarray, baseline: int | None) -> np.ndarray:
    whole = analyse_many(tried, baseline)
    below, above = longest_runs(tried[:, baseline or 0 :], whole.centre)
    enough = strong_run(tried.shape[1] - (baseline or 0))
    runs = [below >= RULES.shift, above >= RULES.shift, below >= enough, above >= enough]
    return np.stack([*runs, whole.too_few_runs, whole.too_many_runs], axis=1)


def strong_run(later: int) -> int:
    """Return how many points in a row make a strong sign on a frozen median, with so many later points."""
    return RULES.strong if later <= RULES.strong_within else RULES.strong_beyond
