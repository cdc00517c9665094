"""Run charts: one value after another, the median of a baseline, and signs that something has changed.

The rules are those taught in Scotland (Perla, Provost and Murray 2011, BMJ Qual Saf 20:46-51; Public Health
Scotland's wording for ties): a point on the median neither breaks nor extends a run, a missing value is passed over.
Anhøj's rules (Anhøj and Olesen 2014, PLoS ONE 9:e113825) may be chosen instead. Detection knows nothing of good or
bad; that is for words to say, from the aim's direction.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import gammaln
from scipy.stats import binom

from pace_nb.aims import Aim
from pace_nb.changes import Change
from pace_nb.intervals import Intervals
from pace_nb.measures import MeasureSeries, measure_series


@dataclass(frozen=True)
class RunRules:
    """The numbers an analyst might dispute, each with its source."""

    shift: int = 6  # useful points in a row on one side (Perla 2011)
    trend: int = 5  # points in a row all rising or all falling (Perla 2011)
    useful: int = 10  # fewer useful points are drawn, not judged (Perla 2011)
    tail: float = 0.025  # each tail of the runs distribution (Swed and Eisenhart 1943)
    baseline: int = 8  # fewer points make no baseline (NHSScotland practice: first 8)
    firm_baseline: int = 10  # fewer make a provisional one


RULES = RunRules()
#: Relative tolerance for "on the median": 0.1 + 0.2 is 0.3. Whole days compare exactly.
SAME = 1e-9


@dataclass(frozen=True)
class Signal:
    """Something that chance seldom makes.

    rule: "shift", "trend", "runs" (Scottish), "longest_run", "crossings" (Anhøj).
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
    """What `analyse_values` found. `enough` is false below ten useful points: draw, do not judge."""

    centre: float | None
    useful: int
    runs: int
    longest_run: int
    crossings: int
    signals: tuple[Signal, ...]
    sides: tuple[int | None, ...] = field(default=(), repr=False)

    @property
    def enough(self) -> bool:
        """Whether there are enough useful points to apply the rules."""
        return self.useful >= RULES.useful


def analyse_values(values: Sequence[float | None], baseline: int | None = None, rules: str = "scottish") -> RunAnalysis:
    """Apply the run chart rules to a sequence of values.

    baseline: how many leading positions of `values`, missing ones counted, set the median; None: all of them.
    A missing value is None or NaN. The shift and trend rules are applied however few points there are (`enough`
    says whether to trust them); the runs rule only from ten useful points.

    Raises ValueError if the baseline is not between 1 and the number of values, holds only missing values, or the
    rules are not known.

    >>> found = analyse_values([9, 8, 9, 8, 9, 8, 9, 8, 3, 2, 3, 2, 3, 1], baseline=8)
    >>> found.centre, found.useful, [(s.rule, s.first, s.last, s.side) for s in found.signals]
    (8.5, 14, [('shift', 7, 13, 'below')])
    """
    if rules not in ("scottish", "anhoej"):
        raise ValueError(f"rules is '{rules}'; choose 'scottish' or 'anhoej'")
    numbers = np.array([np.nan if v is None else v for v in values], dtype=float)
    if baseline is not None and not 1 <= baseline <= max(len(numbers), 1):
        raise ValueError(f"baseline is {baseline}; it must be from 1 to the number of values, {len(numbers)}")
    there = ~np.isnan(numbers)
    if not there.any():
        return RunAnalysis(None, 0, 0, 0, 0, (), (None,) * len(numbers))
    within = numbers[:baseline] if baseline is not None else numbers
    if np.isnan(within).all():
        raise ValueError("the baseline holds only missing values")
    centre = float(np.nanmedian(within))

    on = np.abs(numbers - centre) <= SAME * np.maximum(1.0, np.maximum(np.abs(numbers), abs(centre)))
    side = np.where(on, 0, np.where(numbers > centre, 1, -1))
    positions = np.flatnonzero(there & (side != 0))
    runs = _runs(side[positions])
    useful, longest = len(positions), max((length for _, length in runs), default=0)
    crossings = max(0, len(runs) - 1)
    if rules == "anhoej":
        signals = _anhoej(positions, useful, longest, crossings)
    else:
        signals = [
            Signal("shift", int(positions[at]), int(positions[at + n - 1]), _word(side[positions[at]]), n)
            for at, n in runs
            if n >= RULES.shift
        ]
        signals += _trends(numbers, np.flatnonzero(there))
        signals += _runs_signal(positions, side, len(runs))
    sides = tuple(int(s) if t else None for s, t in zip(side, there, strict=True))
    return RunAnalysis(centre, useful, len(runs), longest, crossings, tuple(signals), sides)


def _word(side: int) -> str:
    return "above" if side > 0 else "below"


def _runs(sides: np.ndarray) -> list[tuple[int, int]]:
    """Return (where it begins, its length) for each run of equal signs."""
    if not len(sides):
        return []
    begins = np.flatnonzero(np.r_[True, sides[1:] != sides[:-1]])
    return list(zip(begins.tolist(), np.diff(np.r_[begins, len(sides)]).tolist(), strict=True))


def _trends(numbers: np.ndarray, there: np.ndarray) -> list[Signal]:
    """Find maximal stretches of five or more points that all rise or all fall; ties neither count nor break."""
    groups: list[list[int]] = []  # neighbouring equal values count as one point
    for position in there.tolist():
        value = numbers[position]
        if groups and abs(value - numbers[groups[-1][0]]) <= SAME * max(1.0, abs(value)):
            groups[-1].append(position)
        else:
            groups.append([position])
    signals, begin = [], 0
    for i in range(1, len(groups)):
        up = numbers[groups[i][0]] > numbers[groups[i - 1][0]]
        last = i + 1 == len(groups)
        if last or (numbers[groups[i + 1][0]] > numbers[groups[i][0]]) != up:
            length = i - begin + 1
            if length >= RULES.trend:
                signals.append(Signal("trend", groups[begin][0], groups[i][-1], "up" if up else "down", length))
            begin = i  # the turning point belongs to both trends
    return signals


def _runs_signal(positions: np.ndarray, side: np.ndarray, runs: int) -> list[Signal]:
    if len(positions) < RULES.useful:
        return []
    above = int((side[positions] > 0).sum())
    lower, upper = runs_limits(above, len(positions) - above)
    if lower <= runs <= upper:
        return []
    return [Signal("runs", int(positions[0]), int(positions[-1]), "few" if runs < lower else "many", runs)]


@lru_cache(maxsize=4096)
def runs_limits(above: int, below: int) -> tuple[int, int]:
    """Return the fewest and the most runs that chance allows with so many points above and below the median.

    Exact distribution (Wald and Wolfowitz 1940; Swed and Eisenhart 1943), 2.5 % in each tail. With all points on one
    side there is one run, and nothing to judge.

    >>> runs_limits(10, 10), runs_limits(12, 12)
    ((7, 15), (8, 18))
    """
    if not above or not below:
        return (1, 1)

    def log_choose(n: int, k: int) -> float:
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) if 0 <= k <= n else -math.inf

    total = log_choose(above + below, above)
    most = 2 * min(above, below) + (above != below)
    chance = np.zeros(most + 1)
    for r in range(2, most + 1):
        h = r // 2
        if r % 2 == 0:
            chance[r] = 2 * math.exp(log_choose(above - 1, h - 1) + log_choose(below - 1, h - 1) - total)
        else:
            chance[r] = math.exp(log_choose(above - 1, h) + log_choose(below - 1, h - 1) - total) + math.exp(
                log_choose(above - 1, h - 1) + log_choose(below - 1, h) - total
            )
    at_most, at_least = np.cumsum(chance), np.cumsum(chance[::-1])[::-1]
    lower = int(np.argmax(at_most > RULES.tail))
    upper = int(np.flatnonzero(at_least > RULES.tail)[-1])
    return lower, upper


def _anhoej(positions: np.ndarray, useful: int, longest: int, crossings: int) -> list[Signal]:
    if useful < RULES.useful:
        return []
    first, last = int(positions[0]), int(positions[-1])
    signals = []
    if longest > round(math.log2(useful)) + 3:  # Schilling 2012
        signals.append(Signal("longest_run", first, last, "many", longest))
    if crossings < binom.ppf(0.05, useful - 1, 0.5):  # Chen 2010
        signals.append(Signal("crossings", first, last, "few", crossings))
    return signals


@lru_cache(maxsize=1024)
def false_alarm_rate(baseline: int | None, later: int, run: int = RULES.shift, charts: int = 10_000) -> float:
    """Return how often a shift of `run` or more shows among `later` points when nothing has changed since the baseline.

    Both directions, independent points, the median of `baseline` points frozen (None: the median of the `later` points
    themselves); simulated with a fixed seed, so the answer is always the same (standard error under half a percentage
    point). It is a guide: waits of sisters and brothers are not independent and signal more often.
    """
    if later < run:
        return 0.0
    rng = np.random.default_rng(20110)
    values = rng.random((charts, later))
    median = np.median(values if baseline is None else rng.random((charts, baseline)), axis=1, keepdims=True)
    above = values > median
    length = np.ones(charts, dtype=int)
    longest = length.copy()
    for i in range(1, later):
        length = np.where(above[:, i] == above[:, i - 1], length + 1, 1)
        np.maximum(longest, length, out=longest)
    return float((longest >= run).mean())


@dataclass(frozen=True)
class RunChart:
    """A run chart ready to draw or describe.

    points: position (1, 2, ...), value (weeks; blank where a period has too few children), days (one dot per child
    only), date and until (first and last day), label, cohort, n (children behind the point).
    kind: "child" (one dot per child) or "period" (median of each period). baseline: how many points set the median,
    None for all. changes: (position after which it lies, change).
    """

    points: pd.DataFrame
    analysis: RunAnalysis
    kind: str
    aim: Aim
    area: str
    as_at: date
    audience: str
    baseline: int | None = None
    baseline_note: str = ""
    changes: tuple[tuple[float, Change], ...] = ()
    shared_decisions: bool = False

    @property
    def median(self) -> float | None:
        """The median of the baseline, in weeks."""
        return (
            self.analysis.centre if self.kind == "period" or self.analysis.centre is None else self.analysis.centre / 7
        )

    @property
    def signals(self) -> tuple[Signal, ...]:
        """The signals, unless there are too few points to judge."""
        return self.analysis.signals if self.analysis.enough else ()

    @property
    def later(self) -> tuple[int, int]:
        """How many points since the baseline lie below and above its median; all points, without a baseline."""
        sides = [s for s in self.analysis.sides[self.baseline or 0 :] if s]
        return sides.count(-1), sides.count(1)

    def since_baseline(self, shift: Signal) -> list[int]:
        """Return the positions of a shift's useful points that come after the baseline."""
        span = range(max(shift.first, self.baseline or 0), shift.last + 1)
        return [i for i in span if self.analysis.sides[i]]

    @property
    def main_shift(self) -> Signal | None:
        """The longest shift since the baseline; without one, the last shift of the chart."""
        found = [s for s in self.signals if s.rule == "shift" and len(self.since_baseline(s)) >= RULES.shift]
        if self.baseline is None:
            return found[-1] if found else None
        return max(found, key=lambda s: (len(self.since_baseline(s)), s.last), default=None)

    @property
    def length(self) -> int:
        """How many useful points of the main shift have come since the baseline."""
        return len(self.since_baseline(self.main_shift)) if self.main_shift else 0

    @property
    def lasts(self) -> bool:
        """Whether recent points still lie where the main shift lies: 6 or more of the last ten useful ones."""
        recent = [s for s in self.analysis.sides if s][-RULES.useful :]
        shift = self.main_shift
        return shift is not None and recent.count(1 if shift.side == "above" else -1) >= RULES.shift

    @property
    def strong(self) -> bool:
        """Whether the main shift is long enough to be a strong sign: 8 in a row, or 9 after more than 18 later points."""
        return self.baseline is not None and self.length >= (8 if sum(self.later) <= 18 else 9)

    def __str__(self) -> str:
        what = "children" if self.kind == "child" else "periods"
        signs = ", ".join(s.rule for s in self.signals) or "no signal"
        return f"RunChart: {self.aim.title}, {self.area}, {len(self.points)} {what}, {signs}"

    __repr__ = __str__


def analyse_run(
    run: Intervals | MeasureSeries, changes: Sequence[Change] = (), baseline: int | None = None
) -> RunChart:
    """Make the run chart of an aim: one dot per child in order of the end of the wait, or one per period.

    In the aggregate audience a chart never has a dot per child: the median of each period with at least five takes
    its place. The first of `changes` that leaves eight points before it sets the baseline there; `baseline` overrules
    that. Without either, the median is that of all points.
    """
    if isinstance(run, Intervals) and run.audience != "working":
        run = measure_series(run)
    if isinstance(run, Intervals):
        points, values, kind = _child_points(run), None, "child"
        values = points["days"].tolist()
    else:
        points, kind = run.points.copy(), "period"
        values = points["value"].tolist()
    own = sorted((c for c in changes if c.aim == run.aim.id), key=lambda c: (c.date, c.id))
    # A period that holds the change is partly after it, so it does not belong to the baseline.
    placed = tuple((float((points["until"] < pd.Timestamp(c.date)).sum()), c) for c in own)
    note = ""
    if baseline is None:
        baseline, note = _baseline_before(placed, values)
    analysis = analyse_values(values, baseline if values else None)
    chart = RunChart(points, analysis, kind, run.aim, run.area, run.as_at, run.audience, baseline, note, placed)
    shift = chart.main_shift
    if shift is None or kind != "child":
        return chart
    inside = points.iloc[chart.since_baseline(shift)]
    groups = inside["sibling_group"].fillna(pd.Series([f"alone {i}" for i in inside.index], index=inside.index))
    decisions = pd.MultiIndex.from_arrays([groups, inside["date"]]).nunique()
    return RunChart(**{**chart.__dict__, "shared_decisions": decisions < RULES.shift})


def _child_points(intervals: Intervals) -> pd.DataFrame:
    reached = intervals.reached
    return pd.DataFrame(
        {
            "position": np.arange(1, len(reached) + 1),
            "value": reached["days"] / 7,
            "days": reached["days"],
            "date": reached["end"],
            "until": reached["end"],
            "label": reached["end"].dt.strftime("%b %Y"),
            "cohort": reached["cohort"],
            "sibling_group": reached["sibling_group"],
            "n": 1,
        }
    )


def _baseline_before(placed: tuple, values: list) -> tuple[int | None, str]:
    for position, change in placed:
        before = int(position)
        there = sum(v is not None and v == v for v in values[:before])
        if RULES.baseline <= there and before < len(values):
            weak = there < RULES.firm_baseline
            return before, f"the points before '{change.title}'" + (" (provisional: fewer than ten)" if weak else "")
    return None, "all points" + (" (too few before the change for a baseline of their own)" if placed else "")
