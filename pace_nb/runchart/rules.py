"""The run chart rules, applied to one series or to thousands at once. They know nothing of good or bad, or of children.

The set taught in Scotland is that of Perla, Provost and Murray 2011 (BMJ Qual Saf 20:46-51), with Public Health Scotland's
wording for ties: a point on the median neither breaks nor extends a run, a missing value is passed over. Anhøj's set
(Anhøj and Olesen 2014, PLoS ONE 9:e113825) may be chosen instead.

Of one series every run and trend is found, with its place (`_scan`); of thousands only how many and how long they are (`_count`),
going through all of them side by side, or one after another where there are fewer series than points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import gammaln
from scipy.stats import binom


@dataclass(frozen=True)
class RunRules:
    """The numbers an analyst might dispute, each with its source."""

    shift: int = 6  # useful points in a row on one side (Perla 2011)
    trend: int = 5  # points in a row all rising or all falling (Perla 2011)
    useful: int = 10  # fewer useful points are drawn, not judged (Perla 2011)
    tail: float = 0.025  # each tail of the runs distribution (Swed and Eisenhart 1943)
    baseline: int = 8  # fewer points make no baseline (NHSScotland practice: first 8)
    firm_baseline: int = 10  # fewer make a provisional one
    rephase: int = 9  # useful points in a row that propose a new median (NHS Highland and jsphdms practice)
    strong: int = 8  # a shift as long is a strong sign, with at most `strong_within` later points ...
    strong_within: int = 18
    strong_beyond: int = 9  # ... and this long with more of them (method, A.1.4)
    unusual: float = 3.0  # interquartile ranges above the upper quartile: look at the record


RULES = RunRules()
#: Relative tolerance for "the same": 0.1 + 0.2 is 0.3. Whole days compare exactly.
SAME = 1e-9


@dataclass(frozen=True)
class Signal:
    """Something that chance seldom makes.

    rule: "shift", "trend", "too_few_runs", "too_many_runs" (Scottish), "longest_run", "crossings" (Anhøj).
    first, last: 0-based positions in the values given, missing ones counted. A shift runs from its first to its last
    useful point; a trend includes the ties at its ends; the others span the first to the last useful point.
    side: "above" or "below" the median; "up" or "down" of a trend; "few" or "many" of runs and crossings.
    length: points in the shift, distinct points in the trend, or the number of runs or crossings.
    """

    rule: str
    first: int
    last: int
    side: str
    length: int


@dataclass(frozen=True)
class RunAnalysis:
    """What `analyse_values` found.

    centre: the median. useful: points not on it, `above` and `below` it. runs = crossings + 1. runs_limits: the fewest
    and the most runs that chance allows with these numbers above and below.
    unusual: positions beyond the upper quartile by more than three interquartile ranges; no signal, the record to look at.
    sides: 1 above, -1 below, 0 on the median, None missing. `enough` is false below ten useful points: draw, do not judge.
    """

    centre: float | None
    useful: int
    runs: int
    longest_run: int
    crossings: int
    signals: tuple[Signal, ...]
    sides: tuple[int | None, ...] = field(default=(), repr=False)
    above: int = 0
    below: int = 0
    runs_limits: tuple[int, int] = (0, 0)
    unusual: tuple[int, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether there are enough useful points to apply the rules."""
        return self.useful >= RULES.useful


def analyse_values(values: Sequence[float | None], baseline: int | None = None, rules: str = "scottish") -> RunAnalysis:
    """Apply the run chart rules to a sequence of values.

    baseline: how many leading positions of `values`, missing ones counted, set the median; None: all of them.
    A missing value is None or NaN. The shift and trend rules are applied however few points there are (`enough`
    says whether to trust them); the runs rules and Anhøj's only from ten useful points.

    Conventions. A point is on the median, and two neighbours are equal, within a relative 1e-9. A shift is six useful
    points in a row on one side. A trend is five distinct points in a row that all rise or all fall, equal neighbours
    counted once; it may cross the median, and a turning point belongs to both trends. Too few and too many runs are
    outside `runs_limits` of the actual numbers above and below, also with a frozen baseline. Anhøj: `longest_run` if
    longer than round(log2(useful)) + 3 (Schilling 2012), `crossings` if fewer than the lower 5 % point of a binomial
    with useful - 1 trials and one half (Chen 2010).

    Raises ValueError if the baseline is not between 1 and the number of values, holds only missing values, a value is
    infinite, or the rules are not known.

    >>> found = analyse_values([9, 8, 9, 8, 9, 8, 9, 8, 3, 2, 3, 2, 3, 1], baseline=8)
    >>> found.centre, found.above, found.below, found.runs, found.runs_limits
    (8.5, 4, 10, 8, (4, 9))
    >>> [(s.rule, s.first, s.last, s.side) for s in found.signals]
    [('shift', 7, 13, 'below')]
    """
    numbers = _as_matrix([values])
    return analyse_about(values, float(_centres(numbers, baseline)[0]), rules)


def analyse_about(values: Sequence[float | None], centre: float, rules: str = "scottish") -> RunAnalysis:
    """Apply the rules about a given centre line, wherever it comes from; NaN where there is none. Otherwise as `analyse_values`."""
    if rules not in ("scottish", "anhoej"):
        raise ValueError(f"rules is '{rules}'; choose 'scottish' or 'anhoej'")
    numbers = _as_matrix([values])
    if math.isnan(centre):
        return RunAnalysis(None, 0, 0, 0, 0, (), (None,) * numbers.shape[1])
    scan = _scan(numbers[0], centre)
    found = _summarise(scan)
    sides = np.full(numbers.shape[1], None, dtype=object)
    sides[scan.at] = scan.side
    useful, above = int(found.useful[0]), int(found.above[0])
    return RunAnalysis(
        centre,
        useful,
        int(found.runs[0]),
        int(found.longest_run[0]),
        int(found.crossings[0]),
        tuple(_scottish(scan, found) if rules == "scottish" else _anhoej(scan, found)),
        tuple(None if s is None else int(s) for s in sides),
        above,
        useful - above,
        (int(found.lower[0]), int(found.upper[0])),
        _unusual(scan),
    )


@dataclass(frozen=True)
class ManyAnalyses:
    """What `analyse_many` found: arrays with one entry per series, as the fields of `RunAnalysis`.

    lower, upper: the runs limits. longest_trend: distinct points. The properties say, series by series, which rule
    gives a signal.
    """

    centre: np.ndarray
    useful: np.ndarray
    above: np.ndarray
    runs: np.ndarray
    longest_run: np.ndarray
    longest_trend: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @property
    def below(self) -> np.ndarray:
        """Useful points below the median."""
        return self.useful - self.above

    @property
    def crossings(self) -> np.ndarray:
        """How often the line crosses the median."""
        return np.maximum(self.runs - 1, 0)

    @property
    def enough(self) -> np.ndarray:
        """Whether there are enough useful points to judge."""
        return self.useful >= RULES.useful

    @property
    def shift(self) -> np.ndarray:
        """Whether there is a shift."""
        return self.longest_run >= RULES.shift

    @property
    def trend(self) -> np.ndarray:
        """Whether there is a trend."""
        return self.longest_trend >= RULES.trend

    @property
    def too_few_runs(self) -> np.ndarray:
        """Whether there are fewer runs than chance allows."""
        return self.enough & (self.runs < self.lower)

    @property
    def too_many_runs(self) -> np.ndarray:
        """Whether there are more runs than chance allows."""
        return self.enough & (self.runs > self.upper)

    @property
    def long_run(self) -> np.ndarray:
        """Whether the longest run is a signal by Anhøj's rule."""
        return self.enough & (self.longest_run > anhoej_limits(self.useful)[0])

    @property
    def few_crossings(self) -> np.ndarray:
        """Whether the crossings are a signal by Anhøj's rule."""
        return self.enough & (self.crossings < anhoej_limits(self.useful)[1])


def analyse_many(series: Any, baseline: int | None = None) -> ManyAnalyses:
    """Apply the rules to many series at once, with the same answers as `analyse_values` gives one by one.

    series: a two-dimensional array (series by points), or sequences of different length; NaN or None is missing.
    baseline: how many leading positions of each series set its median; None: all. A series without a value in its
    baseline gets NaN for a centre, and no signal. Raises ValueError for a baseline out of range or an infinite value.

    >>> found = analyse_many([[1, 2] * 6, [1] * 6 + [5] * 6])
    >>> found.runs.tolist(), found.too_many_runs.tolist(), found.shift.tolist()
    ([12, 2], [True, False], [False, True])
    """
    numbers = _as_matrix(series)
    centre = _centres(numbers, baseline, strict=False)
    return _judge(centre, *_count(numbers, centre))


def longest_runs(series: np.ndarray, centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the longest run below and above a given centre, per series of a matrix."""
    *_, below, above, _ = _count(np.asarray(series, dtype=float), np.asarray(centre, dtype=float))
    return below, above


def _count(numbers: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return six rows with a column for each series: useful points, those above, runs, the longest run below, the longest above, and
    the distinct points of the longest trend. The loop is over whichever is less, series or points."""
    if len(numbers) < numbers.shape[1]:
        rows = [_count_one(_scan(*one)) for one in zip(numbers, centre.tolist(), strict=True)]
        return np.array(rows, dtype=np.int64).reshape(-1, 6).T
    return np.vstack([_count_runs(numbers, centre), count_trends(numbers, centre)]).astype(np.int64)


def _count_one(scan: _Scan) -> tuple[int, ...]:
    below = scan.side[scan.begins] < 0
    return (
        int(np.count_nonzero(scan.side)),
        int((scan.side > 0).sum()),
        len(scan.lengths),
        int(scan.lengths[below].max(initial=0)),
        int(scan.lengths[~below].max(initial=0)),
        0 if math.isnan(scan.centre) else int(scan.trend_points.max(initial=0)),
    )


def _count_runs(numbers: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return five rows: useful points, those above, runs, and the longest run below and above; a column for each series."""
    counts = np.zeros((5, len(numbers)), dtype=np.int32)
    useful, above, runs, longest_below, longest_above = counts
    run_below, run_above = np.zeros(
        (2, len(numbers)), dtype=np.int32
    )  # of the run so far; 0 while one on the other side lasts
    least = np.maximum(1.0, np.abs(centre))
    for values in np.ascontiguousarray(numbers.T):
        distance, close = values - centre, SAME * np.maximum(least, np.abs(values))
        over, under = distance > close, distance < -close
        useful += over | under
        above += over
        runs += (over & (run_above == 0)) | (under & (run_below == 0))
        run_above += over
        run_below += under
        run_above *= ~under
        run_below *= ~over
        np.maximum(longest_below, run_below, out=longest_below)
        np.maximum(longest_above, run_above, out=longest_above)
    return counts


def count_trends(numbers: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return the distinct points of the longest trend of each series; 0 where no two differ, or where there is no centre."""
    n, judged = len(numbers), ~np.isnan(centre)
    longest, points = np.zeros((2, n), dtype=np.int32)
    rising = np.zeros(n, dtype=bool)
    before, point = np.full((2, n), np.nan)  # the last value, and the first of the equal ones that it stands with
    for values in np.ascontiguousarray(numbers.T):
        there = judged & ~np.isnan(values)
        other = there & ~_same(values, before)
        step = other & ~np.isnan(point)
        up = values > point
        more = np.where((up == rising) & (points > 0), points + 1, 2)
        points = np.where(step, more, points)
        rising = np.where(step, up, rising)
        point = np.where(other, values, point)
        before = np.where(there, values, before)
        np.maximum(longest, points, out=longest)
    return longest


@dataclass(frozen=True)
class _Scan:
    """All points of a series that are there. Runs by where they begin; trends by their first and last point."""

    values: np.ndarray
    centre: float
    at: np.ndarray  # the position of each in the series
    side: np.ndarray
    begins: np.ndarray  # of each run: the index of its first useful point
    ends: np.ndarray  # and of its last
    lengths: np.ndarray
    trend_first: np.ndarray  # of each stretch that rises or falls: the index of its first point, ties included
    trend_last: np.ndarray
    trend_points: np.ndarray  # how many distinct points it has
    trend_up: np.ndarray


def _as_matrix(series: Any) -> np.ndarray:
    try:
        numbers = np.asarray(series, dtype=float)
    except ValueError:  # of different length
        longest = max((len(s) for s in series), default=0)
        numbers = np.array([[*s, *[np.nan] * (longest - len(s))] for s in series], dtype=float)
    if numbers.ndim == 1:  # no series, or none with a value
        numbers = numbers.reshape(len(series), 0)
    if np.isinf(numbers).any():
        raise ValueError("a value is infinite; give a number, or None where it is missing")
    return numbers


def _centres(numbers: np.ndarray, baseline: int | None, strict: bool = True) -> np.ndarray:
    """Return the median of each series' baseline; NaN where a series holds nothing."""
    n, points = numbers.shape
    if baseline is not None and not 1 <= baseline <= max(points, 1):
        raise ValueError(f"baseline is {baseline}; it must be from 1 to the number of values, {points}")
    within = numbers[:, :baseline]
    if not within.size:
        return np.full(n, np.nan)
    missing = np.isnan(within)
    if not missing.any():
        return np.median(within, axis=1)
    there = (~missing).sum(axis=1)
    if strict and (there == 0).any() and not np.isnan(numbers).all():
        raise ValueError("the baseline holds only missing values")
    ordered = np.sort(within, axis=1)  # missing values last
    rows, last = np.arange(n), np.maximum(there, 1)
    middle = (ordered[rows, (last - 1) // 2] + ordered[rows, last // 2]) / 2
    return np.where(there > 0, middle, np.nan)


def _same(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    return np.abs(a - b) <= SAME * np.maximum(1.0, np.maximum(np.abs(a), np.abs(b)))


def _scan(numbers: np.ndarray, centre: float) -> _Scan:
    at = np.flatnonzero(~np.isnan(numbers))
    values = numbers[at]
    side = (values > centre).astype(np.int8) - (values < centre)
    side[_same(values, centre)] = 0

    useful = np.flatnonzero(side)
    s = side[useful]
    first = np.flatnonzero(np.r_[True, s[1:] != s[:-1]]) if len(useful) else useful
    lengths = np.diff(np.r_[first, len(useful)])

    # Equal neighbours make one point, which begins where a step is not level and ends before the next such step.
    point = np.flatnonzero(np.r_[True, ~_same(values[1:], values[:-1])]) if len(values) else useful
    point_end = np.r_[point[1:], len(values)] - 1
    up = values[point[1:]] > values[point[:-1]]  # a step from each point to the next
    starts = np.flatnonzero(np.r_[True, up[1:] != up[:-1]]) if len(up) else useful[:0]
    stops = np.r_[starts[1:], len(up)] if len(up) else starts
    return _Scan(
        values,
        centre,
        at,
        side,
        useful[first],
        useful[first + lengths - 1] if len(first) else first,
        lengths,
        point[starts],
        point_end[stops],
        stops - starts + 1,
        up[starts],
    )


def _summarise(scan: _Scan) -> ManyAnalyses:
    """Return the counts of one series."""
    return _judge(np.array([scan.centre]), *np.array([_count_one(scan)], dtype=np.int64).T)


def _judge(
    centre: np.ndarray,
    useful: np.ndarray,
    above: np.ndarray,
    runs: np.ndarray,
    longest_below: np.ndarray,
    longest_above: np.ndarray,
    longest_trend: np.ndarray,
) -> ManyAnalyses:
    """Set beside the counts how many runs chance allows."""
    longest_run = np.maximum(longest_below, longest_above)
    size = int(useful.max(initial=0)) + 1
    pairs, which = np.unique(above * size + useful, return_inverse=True)  # each pair of counts once
    lower, upper = _limits(pairs // size, pairs % size - pairs // size)
    return ManyAnalyses(centre, useful, above, runs, longest_run, longest_trend, lower[which], upper[which])


def _scottish(scan: _Scan, found: ManyAnalyses) -> list[Signal]:
    signals = []
    for i in np.flatnonzero(scan.lengths >= RULES.shift):
        side = "above" if scan.side[scan.begins[i]] > 0 else "below"
        signals.append(
            Signal("shift", int(scan.at[scan.begins[i]]), int(scan.at[scan.ends[i]]), side, int(scan.lengths[i]))
        )
    for i in np.flatnonzero(scan.trend_points >= RULES.trend):
        first, last = scan.at[scan.trend_first[i]], scan.at[scan.trend_last[i]]
        signals.append(
            Signal("trend", int(first), int(last), "up" if scan.trend_up[i] else "down", int(scan.trend_points[i]))
        )
    if found.too_few_runs[0]:
        signals.append(_whole("too_few_runs", scan, "few", found.runs[0]))
    if found.too_many_runs[0]:
        signals.append(_whole("too_many_runs", scan, "many", found.runs[0]))
    return signals


def _anhoej(scan: _Scan, found: ManyAnalyses) -> list[Signal]:
    signals = []
    if found.long_run[0]:
        signals.append(_whole("longest_run", scan, "many", found.longest_run[0]))
    if found.few_crossings[0]:
        signals.append(_whole("crossings", scan, "few", found.crossings[0]))
    return signals


def _whole(rule: str, scan: _Scan, side: str, length: int) -> Signal:
    return Signal(rule, int(scan.at[scan.begins[0]]), int(scan.at[scan.ends[-1]]), side, int(length))


def _unusual(scan: _Scan) -> tuple[int, ...]:
    if len(scan.values) < RULES.useful:
        return ()
    low, high = np.quantile(scan.values, [0.25, 0.75])
    return tuple(scan.at[scan.values > high + RULES.unusual * (high - low)].tolist())


@lru_cache(maxsize=4096)
def runs_limits(above: int, below: int) -> tuple[int, int]:
    """Return the fewest and the most runs that chance allows with so many points above and below the median.

    Exact distribution (Wald and Wolfowitz 1940; Swed and Eisenhart 1943), with at most 2.5 % outside on each side: fewer
    runs than the first, or more than the second, are a signal. With all points on one side there is one run, and
    nothing to judge. Printed tables differ from these by one here and there.

    >>> runs_limits(10, 10), runs_limits(12, 12)
    ((7, 15), (8, 18))
    """
    lower, upper = _limits(np.array([above]), np.array([below]))
    return int(lower[0]), int(upper[0])


def _limits(above: np.ndarray, below: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits for pairs of counts, a block at a time so that memory stays small."""
    lower, upper = np.ones(len(above), dtype=np.int64), np.ones(len(above), dtype=np.int64)
    todo = np.flatnonzero((above > 0) & (below > 0))
    if not len(todo):
        return lower, upper
    factorial = gammaln(np.arange(int((above + below).max()) + 2) + 1.0)  # logarithms, of 0, 1, 2, ...
    todo = todo[np.argsort(np.minimum(above, below)[todo], kind="stable")]
    block = max(1, int(2_000_000 // (2 * np.minimum(above, below)[todo[-1]] + 2)))
    for i in range(0, len(todo), block):
        those = todo[i : i + block]
        lower[those], upper[those] = _limits_of(above[those], below[those], factorial)
    return lower, upper


def _limits_of(above: np.ndarray, below: np.ndarray, factorial: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, b = above[:, None] - 1, below[:, None] - 1
    # Runs come in pairs: 2h of them, or 2h + 1. Twelve standard deviations from the mean nothing is left to sum.
    n = (above + below).astype(float)
    mean = 1 + 2 * above * below / n
    reach = 12 * np.sqrt(np.maximum(0.0, (mean - 1) * (mean - 2) / np.maximum(n - 1, 1))) + 10
    first = max(1, int((mean - reach).min() // 2))
    last = min(int(np.minimum(above, below).max()), int((mean + reach).max() // 2))
    h = np.arange(first, last + 1)

    def choose(n: np.ndarray, k: np.ndarray) -> np.ndarray:
        """Logarithm of n over k, minus infinity where k > n."""
        rest = n - k
        found = factorial[n] - factorial[k] - factorial[np.maximum(rest, 0)]
        return np.where(rest < 0, -np.inf, found)

    total = choose((above + below)[:, None], above[:, None])
    a_less, b_less, a_more, b_more = choose(a, h - 1), choose(b, h - 1), choose(a, h), choose(b, h)
    chance = np.empty((len(above), 2 * len(h)))
    chance[:, 0::2] = 2 * np.exp(a_less + b_less - total)
    chance[:, 1::2] = np.exp(a_more + b_less - total) + np.exp(a_less + b_more - total)
    beyond = RULES.tail * (1 + SAME)  # a chance of exactly 2.5 % is not more than 2.5 %
    lower = 2 * first + np.argmax(np.cumsum(chance, axis=1) > beyond, axis=1)
    upper = 2 * last + 1 - np.argmax(np.cumsum(chance[:, ::-1], axis=1) > beyond, axis=1)
    return lower, upper


def anhoej_limits(useful: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the longest run and the fewest crossings that are no signal by Anhøj's rules, for numbers of useful points.

    >>> [int(limit) for limit in anhoej_limits(24)]
    [8, 8]
    """
    n = np.asarray(useful)
    sizes, which = np.unique(n, return_inverse=True)
    longest = np.round(np.log2(np.maximum(sizes, 1))).astype(int) + 3
    fewest = np.where(sizes > 1, binom.ppf(0.05, np.maximum(sizes - 1, 1), 0.5), 0).astype(int)
    return longest[which].reshape(n.shape), fewest[which].reshape(n.shape)
