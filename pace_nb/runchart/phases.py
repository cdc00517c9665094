"""Phases: when a change has lasted, a new median may be proposed. It is never taken up without a person's decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pace_nb.runchart.rules import RULES, SAME, RunAnalysis, analyse_about


@dataclass(frozen=True)
class Phase:
    """A stretch of a chart with a median of its own. Positions are 0-based, in the values given, missing ones counted.

    median: of the useful points from `first` to `last`, which it was computed from. until: the last position it is drawn for.
    """

    median: float
    first: int
    last: int
    until: int


def propose_phases(
    values: Sequence[float | None], baseline: int, run: int = RULES.rephase, better: str = "lower"
) -> tuple[Phase, ...]:
    """Return the baseline's phase and every later phase that a lasting change in the better direction would justify.

    After the baseline, the first time `run` useful points in a row lie on the better side of the median, the median of those points
    is proposed, drawn from the first of them; the search goes on after the last of them, against the new median. Points
    on the median and missing values are passed over and are not among those points. A run is counted only from the first
    point after the points that set the median. Never proposed: a phase on fewer points, on a trend, or in the worse direction.

    baseline: how many leading positions set the first median. better: "lower" or "higher".
    Raises ValueError for a baseline out of range or without a value, a run below 2, or another direction.

    >>> propose_phases([9, 8] * 6 + [3] * 9 + [4], baseline=12)
    (Phase(median=8.5, first=0, last=11, until=11), Phase(median=3.0, first=12, last=20, until=21))
    """
    if better not in ("lower", "higher"):
        raise ValueError(f"better is '{better}'; choose 'lower' or 'higher'")
    if run < 2:
        raise ValueError(f"run is {run}; it must be at least 2")
    numbers = np.array([np.nan if v is None else v for v in values], dtype=float)
    if not 1 <= baseline <= max(len(numbers), 1):
        raise ValueError(f"baseline is {baseline}; it must be from 1 to the number of values, {len(numbers)}")
    if np.isnan(numbers[:baseline]).all():
        raise ValueError("the baseline holds only missing values")
    phases = [Phase(float(np.nanmedian(numbers[:baseline])), 0, baseline - 1, len(numbers) - 1)]
    while found := next_phase(numbers, phases[-1].median, phases[-1].last + 1, run, better):
        phases[-1] = replace(phases[-1], until=found.first - 1)
        phases.append(found)
    return tuple(phases)


def next_phase(
    values: Sequence[float | None], median: float, start: int, run: int = RULES.rephase, better: str = "lower"
) -> Phase | None:
    """Return the first phase that `run` useful points in a row on the better side of a median justify, from a position on.

    >>> next_phase([8, 3, 3, 4, 9], median=8.5, start=1, run=3)
    Phase(median=3.0, first=1, last=3, until=4)
    """
    sign = -1 if better == "lower" else 1
    numbers = np.array([np.nan if v is None else v for v in values], dtype=float)
    inside: list[int] = []
    for i in range(start, len(numbers)):
        value = numbers[i]
        if np.isnan(value) or abs(value - median) <= SAME * max(1.0, abs(value), abs(median)):
            continue
        inside = [*inside, i] if (value - median) * sign > 0 else []
        if len(inside) == run:
            return Phase(float(np.median(numbers[inside])), inside[0], i, len(numbers) - 1)
    return None


def analyse_phases(values: Sequence[float | None], phases: Sequence[Phase], rules: str = "scottish") -> RunAnalysis:
    """Apply the rules phase by phase: a run never spans two medians.

    Each phase is analysed alone, from its first position to `until`, against its own median. The counts and limits
    returned are those of the last phase; signals and sides are those of all phases, at their positions in `values`.
    """
    signals, sides, unusual = [], [], []
    for phase in phases:
        found = analyse_about(values[phase.first : phase.until + 1], phase.median, rules)
        signals += [replace(s, first=s.first + phase.first, last=s.last + phase.first) for s in found.signals]
        sides += found.sides
        unusual += [i + phase.first for i in found.unusual]
    return replace(found, signals=tuple(signals), sides=tuple(sides), unusual=tuple(unusual))
