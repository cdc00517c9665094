"""Made-up waits, to learn on: how often the rules fire on nothing, and how often they see a real change.

The waits are skewed as real ones are (log-normal, median 26 weeks) and come in whole days. Seeds are fixed, so that a
number of a chart always means the same chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pace_nb.runchart.chance import CHARTS, SEED
from pace_nb.runchart.rules import RULES, analyse_many, longest_runs

MEDIAN_DAYS = 182
SPREAD = 0.6  # of the logarithm: the middle half of waits lies between about 17 and 39 weeks
#: How many of 100 decisions are for one, two, three and four children; about a third of children come with siblings.
FAMILIES = (0.82, 0.12, 0.045, 0.015)


def make_up_waits(points: int, baseline: int, chart: int, factor: float = 1.0) -> np.ndarray:
    """Return one chart's waits in days; after the first `baseline` they last `factor` times as long.

    >>> make_up_waits(5, 5, chart=1).tolist()
    [162.0, 191.0, 108.0, 489.0, 658.0]
    """
    waits = _waits(np.random.default_rng([SEED, chart]), (1, points))[0]
    waits[baseline:] *= factor
    return np.maximum(1, np.round(waits))


def _waits(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return MEDIAN_DAYS * np.exp(SPREAD * rng.standard_normal(shape))


def detection_rate(points: int, baseline: int, factor: float, run: int = RULES.shift) -> float:
    """Return the share of charts whose points after the baseline show `run` in a row below its median.

    factor: how long waits are after the baseline, as a share of before; with 1 this is a rate of false alarms.

    >>> round(detection_rate(24, 12, 0.5), 1) > round(detection_rate(24, 12, 1.0), 1)
    True
    """
    waits = _waits(np.random.default_rng(SEED), (CHARTS, points))
    centre = np.median(waits[:, :baseline], axis=1)
    below, _ = longest_runs(factor * waits[:, baseline:], centre)
    return float((below >= run).mean())


@dataclass(frozen=True)
class SiblingRates:
    """Shares of unchanged charts with a shift: of as many single children, of children with siblings, of decisions."""

    alone: float
    children: float
    decisions: float


@lru_cache(maxsize=8)
def sibling_rates(points: int, charts: int = 4_000) -> SiblingRates:
    """Return how often a shift shows by chance on charts of so many children, when brothers and sisters are decided on together.

    Children of one decision stand side by side and wait equally long, which is the most that they can have in common. The
    median is that of all points; the charts of decisions have as many decisions as the children came in.
    """
    rng = np.random.default_rng(SEED)
    sizes = rng.choice(np.arange(1, len(FAMILIES) + 1), (charts, points), p=FAMILIES)
    waits = _waits(rng, (charts, points))
    begins = np.cumsum(sizes, axis=1) - sizes
    decisions = np.where(begins < points, waits, np.nan)
    # Each child has the wait of the last decision that begins at or before its place.
    which = np.array([np.searchsorted(row, np.arange(points), side="right") - 1 for row in begins])
    children = np.take_along_axis(waits, which, axis=1)
    found = [analyse_many(v).shift.mean() for v in (waits, children, decisions)]
    return SiblingRates(*(float(f) for f in found))
