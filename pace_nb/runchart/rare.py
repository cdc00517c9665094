"""Limits for measures that a run chart does not suit: single measurements, and events too rare to count by month.

Use them with at least twenty values; of fewer a run chart, or the plain list, is honest (method, A.2). They suit what is
roughly symmetrical. Waits are not: take their logarithms, or do not use the lower limit where it is negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ENOUGH = 20
_D2, _D4 = 1.128, 3.267  # of moving ranges of two (Shewhart; any table of control chart constants)
_POWER = 3.6  # makes exponential gaps nearly normal (Nelson 1994)


@dataclass(frozen=True)
class Limits:
    """A centre line with limits that chance seldom passes.

    range_centre, range_upper: of the moving ranges, for charts of single measurements. varies: false where all values are
    the same; then the limits fall together and say nothing.
    """

    centre: float
    lower: float
    upper: float
    varies: bool = True
    range_centre: float | None = None
    range_upper: float | None = None


def individuals_limits(values: Sequence[float], drop_large_ranges: bool = False) -> Limits:
    """Return the limits of an XmR chart: the mean, and three times the mean moving range / 1.128 either side of it.

    drop_large_ranges: leave out, once, moving ranges above 3.267 times their mean (Nelson 1982), so that one unusual point does
    not widen the limits. Raises ValueError for fewer than two values or one that is missing or infinite.

    >>> found = individuals_limits([10, 12, 11, 13])
    >>> round(found.centre, 2), round(found.lower, 2), round(found.upper, 2)
    (11.5, 7.07, 15.93)
    """
    numbers = _numbers(values)
    ranges = np.abs(np.diff(numbers))
    if drop_large_ranges:
        ranges = ranges[ranges <= _D4 * ranges.mean()]
    centre, mean_range = float(numbers.mean()), float(ranges.mean())
    reach = 3 * mean_range / _D2
    return Limits(centre, centre - reach, centre + reach, mean_range > 0, mean_range, _D4 * mean_range)


def time_between_limits(gaps: Sequence[float]) -> Limits:
    """Return the limits of a T chart of days between events: those of gaps ** (1 / 3.6), turned back; never below 0.

    Raises ValueError for fewer than two gaps and for a gap of 0 days: then count events by day of panel instead. Nothing is
    added to make a gap of 0 pass.

    >>> found = time_between_limits([30, 12, 55, 7, 90, 21])
    >>> round(found.centre, 1), round(found.lower, 1), round(found.upper, 1)
    (28.0, 0.0, 512.0)
    """
    numbers = _numbers(gaps)
    if (numbers <= 0).any():
        raise ValueError(
            "a gap is 0 days or less: two events on one day have no time between them; count events by day"
        )
    found = individuals_limits(numbers ** (1 / _POWER))
    centre, lower, upper = (max(0.0, x) ** _POWER for x in (found.centre, found.lower, found.upper))
    return Limits(centre, lower, upper, found.varies)


def cases_between_limits(counts: Sequence[int]) -> Limits:
    """Return the limits of a G chart of children between events: mean + 3 * sqrt(mean * (mean + 1)), and 0.

    centre is the median of the counts (some texts take 0.693 times the mean). Raises ValueError for fewer than two counts
    or a negative one.

    >>> found = cases_between_limits([4, 0, 7, 12, 3])
    >>> found.centre, found.lower, round(found.upper, 1)
    (4.0, 0.0, 22.2)
    """
    numbers = _numbers(counts)
    if (numbers < 0).any():
        raise ValueError("a number of children between two events is negative")
    mean = float(numbers.mean())
    varies = bool((numbers != numbers[0]).any())
    return Limits(float(np.median(numbers)), 0.0, mean + 3 * (mean * (mean + 1)) ** 0.5, varies)


def _numbers(values: Sequence[float]) -> np.ndarray:
    numbers = np.asarray([np.nan if v is None else v for v in values], dtype=float)
    if len(numbers) < 2:
        raise ValueError(f"there are {len(numbers)} values; at least 2 are needed, and {ENOUGH} to judge by")
    if not np.isfinite(numbers).all():
        raise ValueError("a value is missing or infinite; leave it out, and say so beside the chart")
    return numbers
