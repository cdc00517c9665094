"""Comparing areas: how far apart can shares and waits lie by chance alone?

The rules are those of Spiegelhalter 2005 (Stat Med 24:1185) for funnels and overdispersion, Newcombe 1998 (Stat Med
17:873) for differences of shares, Garwood 1936 for observed against expected. Nothing here puts areas in an order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.stats import binom, binomtest, chi2, false_discovery_control, fisher_exact

CONFIDENCE = 0.95  # of every interval of this module
WINSORISED = 0.10  # of each tail, before the spread of areas is measured (Spiegelhalter 2005)


@dataclass(frozen=True)
class FunnelLimits:
    """Between which shares an area of a size lies, if only chance sets it apart. Shares from 0 to 1, in the shape of n."""

    lower: float | np.ndarray
    upper: float | np.ndarray


def funnel_limits(target: float, n: int | Sequence[int], level: float) -> FunnelLimits:
    """Return the exact binomial limits of a funnel for a number of children, or for each of several.

    target: the share against which areas are held, usually that of all of them together. level: how much lies within
    both limits, 0.95 or 0.998; each tail has half of the rest.

    Conventions (Spiegelhalter 2005): with F the binomial distribution and r the smallest count with F(r) >= p, the limit
    is (r - a) / n, a = (F(r) - p) / (F(r) - F(r - 1)), for p in each tail; so limits lie between whole counts and fall
    smoothly with n. They are kept within 0 and 1. With a target of 0 or 1 nothing can vary and both limits are the target.

    Raises ValueError for a target outside 0 to 1, an n that is not a whole number of at least 1, a level not between 0 and 1.

    >>> limits = funnel_limits(0.3, 50, 0.95)
    >>> round(limits.lower, 4), round(limits.upper, 4)
    (0.1661, 0.4201)
    """
    size = np.asarray(n, dtype=float)
    if not 0 <= target <= 1:
        raise ValueError(f"a target is a share from 0 to 1, not {target}")
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, such as 0.95 or 0.998; not {level}")
    if not np.all((size >= 1) & (size == np.floor(size)) & np.isfinite(size)):
        raise ValueError("n has to be a whole number of at least 1")
    lower, upper = (_limit(target, size, p) for p in ((1 - level) / 2, (1 + level) / 2))
    return FunnelLimits(*((float(lower), float(upper)) if size.ndim == 0 else (lower, upper)))


def _limit(target: float, n: np.ndarray, p: float) -> np.ndarray:
    if target in (0, 1):
        return np.full(n.shape, float(target))
    r = binom.ppf(p, n, target)
    above, below = binom.cdf(r, n, target), binom.cdf(r - 1, n, target)
    return np.clip((r - (above - p) / (above - below)) / n, 0.0, 1.0)


@dataclass(frozen=True)
class Dispersion:
    """Whether areas lie further apart than chance sets them; one value of z and adjusted_z for each area.

    target: all counts of all totals (None if every total is 0). areas: how many have a total. phi: the mean squared z,
    winsorised; 1 is chance. threshold: above it areas count as overdispersed. tau2: the variance between areas.
    """

    target: float | None
    z: np.ndarray
    phi: float | None
    tau2: float
    adjusted_z: np.ndarray
    areas: int
    threshold: float | None

    @property
    def overdispersed(self) -> bool:
        """Whether areas differ by more than chance explains."""
        return self.phi is not None and self.phi > self.threshold


def overdispersion(counts: Sequence[int], totals: Sequence[int]) -> Dispersion:
    """Return how far areas lie from their common share, and whether that is further than chance sets them.

    counts, totals: for each area, children in time and children due.

    Conventions (Spiegelhalter 2005, additive random effects): target = sum of counts / sum of totals;
    s2 = target (1 - target) / total; z = (count / total - target) / s. phi is the mean of z squared after winsorising: the
    lowest and highest 10 % of z are set to the 10th and 90th percentile (type 7, the default of R and numpy). z itself is
    returned as it is. tau2 = max(0, (I phi - (I - 1)) / (sum w - sum w2 / sum w)) with w = 1 / s2 and I areas;
    adjusted_z = (count / total - target) / sqrt(s2 + tau2), whether or not they are overdispersed: phi > 1 + 2 sqrt(2 / I).
    An area with a total of 0 has z NaN and is not counted in I. Where nothing varies (target 0 or 1) each z is 0, phi is 0.

    Raises ValueError for lists of different lengths and for counts that are negative or greater than their totals.

    >>> found = overdispersion([10, 20, 45], [50, 50, 50])
    >>> round(found.phi, 2), found.overdispersed, [round(float(z), 2) for z in found.adjusted_z]
    (11.17, True, [-1.04, -0.35, 1.38])
    """
    y, n = np.asarray(counts, dtype=float), np.asarray(totals, dtype=float)
    if y.shape != n.shape or y.ndim != 1:
        raise ValueError("counts and totals have to be two lists of the same length")
    if not np.all((y >= 0) & (y <= n) & np.isfinite(n)):
        raise ValueError("each count has to lie between 0 and its total")
    has = n > 0
    areas, empty = int(has.sum()), np.full(n.shape, np.nan)
    if not areas:
        return Dispersion(None, empty, None, 0.0, empty, 0, None)
    target = float(y.sum() / n.sum())
    z, adjusted = empty.copy(), empty.copy()
    if target in (0, 1):
        z[has] = adjusted[has] = 0.0
        return Dispersion(target, z, 0.0, 0.0, adjusted, areas, _threshold(areas))
    away, variance = y[has] / n[has] - target, target * (1 - target) / n[has]
    z[has] = away / np.sqrt(variance)
    held = np.clip(z[has], *np.quantile(z[has], [WINSORISED, 1 - WINSORISED]))
    phi, weight = float((held**2).mean()), 1 / variance
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, (areas * phi - (areas - 1)) / spread) if areas > 1 else 0.0
    adjusted[has] = away / np.sqrt(variance + tau2)
    return Dispersion(target, z, phi, float(tau2), adjusted, areas, _threshold(areas))


def _threshold(areas: int) -> float:
    return 1 + 2 * sqrt(2 / areas)


def false_discoveries(p: Sequence[float]) -> np.ndarray:
    """Return the p-values of many looks, adjusted so that of those at or below 0.05 one in twenty is expected to be chance.

    Benjamini and Hochberg 1995, through scipy. A look that could not be tested (NaN) stays NaN and is no look.
    Raises ValueError for values outside 0 to 1.

    >>> [round(float(q), 4) for q in false_discoveries([0.001, 0.02, 0.03, 0.5])]
    [0.004, 0.04, 0.04, 0.5]
    """
    found = np.asarray(p, dtype=float).copy()
    tested = ~np.isnan(found)
    if tested.any():
        found[tested] = false_discovery_control(found[tested])
    return found


@dataclass(frozen=True)
class AgainstRest:
    """One area's share less that of all others together, with its 95 % interval and the exact chance of so much; None where
    the area, or all others, had no child due."""

    difference: float | None
    interval: tuple[float, float] | None
    p: float | None


def area_against_rest(met: Sequence[int], due: Sequence[int]) -> list[AgainstRest]:
    """Compare each area with all other areas together: difference of shares (area less rest), interval, p.

    Conventions: the interval is Newcombe's method 10 (from Wilson's intervals without continuity correction), 95 %; p is
    Fisher's exact test, two-sided by adding all tables that are no likelier than the one found (as R's fisher.test).
    Raises ValueError for lists of different lengths or a met that is negative or greater than due.

    >>> [round(x, 4) for x in area_against_rest([56, 48], [70, 80])[0].interval]
    [0.0524, 0.3339]
    """
    y, n = [int(x) for x in met], [int(x) for x in due]
    if len(y) != len(n) or any(not 0 <= a <= b for a, b in zip(y, n, strict=False)):
        raise ValueError("met and due have to be two lists of the same length, each met between 0 and its due")
    all_met, all_due = sum(y), sum(n)
    return [_difference(a, b, all_met - a, all_due - b) for a, b in zip(y, n, strict=True)]


def _difference(met: int, due: int, other_met: int, other_due: int) -> AgainstRest:
    if not due or not other_due:
        return AgainstRest(None, None, None)
    one, other = met / due, other_met / other_due
    (low, high), (other_low, other_high) = (
        binomtest(a, b).proportion_ci(CONFIDENCE, method="wilson") for a, b in ((met, due), (other_met, other_due))
    )
    interval = (
        one - other - sqrt((one - low) ** 2 + (other_high - other) ** 2),
        one - other + sqrt((high - one) ** 2 + (other - other_low) ** 2),
    )
    found = fisher_exact([[met, due - met], [other_met, other_due - other_met]])
    return AgainstRest(one - other, interval, float(found.pvalue))


@dataclass(frozen=True)
class ObservedExpected:
    """How many of an area's children reached a step, and how many would have at the pace of all areas together.

    children: how many the numbers rest on. ratio: observed / expected, None where none is expected; its 95 % interval.
    """

    area: str
    children: int
    observed: int
    expected: float
    ratio: float | None
    interval: tuple[float, float] | None


def observed_expected(
    days: Sequence[float], ended: Sequence[bool], area: Sequence[str], entry: Sequence[float] | None = None
) -> list[ObservedExpected]:
    """Compare each area's waits with those of all areas, children still waiting counted; areas in order of name.

    days: how long each child waited, or has waited. ended: whether the wait ended with the step. A child who left another
    way, or still waits, is followed for as long as the wait lasted and has `ended` false. entry: how long each had waited
    when it began to be followed (as in `waits.survival`; -1 or no entry at all: from the outset).

    Conventions: H is the Nelson-Aalen cumulative hazard of all children together (sum of ended / followed over the days
    up to and including t; a child is followed on day t if entry < t <= days, so endings come before censorings). A child is
    expected to end H(days) - H(entry) times, so that all expected add up to all observed. The interval is exact Poisson
    (Garwood 1936): chi2(0.025, 2 O) / 2 E to chi2(0.975, 2 O + 2) / 2 E, with E taken as known. A ratio above 1 is shorter
    waits than elsewhere. Raises ValueError for lists of different lengths.

    >>> [(o.area, o.observed, round(o.expected, 2)) for o in observed_expected([1, 2, 3, 4], [1, 1, 0, 1], list("aabb"))]
    [('a', 2, 0.83), ('b', 1, 2.17)]
    """
    entry = [-1] * len(days) if entry is None else entry
    if not len(days) == len(ended) == len(area) == len(entry):
        raise ValueError("days, ended, area and entry have to be lists of the same length")
    time, since = np.asarray(days, dtype=float), np.asarray(entry, dtype=float)
    event, where = np.asarray(ended, dtype=bool), np.asarray(area, dtype=str)
    expected = _expected(time, event, since)
    return [
        _ratio(str(a), int((where == a).sum()), int(event[where == a].sum()), float(expected[where == a].sum()))
        for a in np.unique(where)
    ]


def _expected(time: np.ndarray, event: np.ndarray, since: np.ndarray) -> np.ndarray:
    """Return how often each child would have ended under the Nelson-Aalen cumulative hazard of all."""
    times, ended = np.unique(time[event], return_counts=True)
    gone = np.searchsorted(np.sort(time), times, side="left")
    come = np.searchsorted(np.sort(since), times, side="left")
    hazard = np.concatenate([[0.0], np.cumsum(ended / (come - gone))])
    upto, before = (np.searchsorted(times, t, side="right") for t in (time, since))
    return hazard[upto] - hazard[before]


def _ratio(area: str, children: int, observed: int, expected: float) -> ObservedExpected:
    if expected <= 0:
        return ObservedExpected(area, children, observed, expected, None, None)
    return ObservedExpected(area, children, observed, expected, observed / expected, ratio_interval(observed, expected))


def ratio_interval(observed: int, expected: float, level: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact Poisson interval of observed / expected (Garwood 1936); the lower limit of none observed is 0.

    >>> [round(x, 3) for x in ratio_interval(10, 8.0)]
    [0.599, 2.299]
    """
    tail = (1 - level) / 2
    low = chi2.ppf(tail, 2 * observed) / 2 if observed else 0.0
    return float(low / expected), float(chi2.ppf(1 - tail, 2 * observed + 2) / 2 / expected)
