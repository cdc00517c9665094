"""Comparing two small groups exactly: before a change and after it.

Nothing is approximated. Where the exact answer would take too long it is not given.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import comb

import numpy as np

ENUMERATED = 2_000_000  # relabellings that are tried one by one
COUNTED = 4_000_000_000  # steps of the counting recursion, about ten seconds: 150 children a side, waits in days
LEVEL = 0.95  # of the interval of the shift
_CLOSE = 1e-9  # of the spread: numbers with decimals that differ by less are equal


@dataclass(frozen=True)
class Comparison:
    """Two groups compared. difference: mean after less mean before. before, after: how many values (blocks) each has.

    p: how often a difference at least so large, in either direction, comes up when the labels before and after are dealt
    out anew in every way; None with fewer than two in a group, or where it cannot be worked out exactly.
    smallest_p: the smallest p that groups of these sizes can ever give. shift: the median of all differences between a
    value after and a value before (Hodges and Lehmann). interval: the exact 95 % interval of the shift; None where groups
    so small cannot give one.
    """

    difference: float
    p: float | None
    smallest_p: float | None
    shift: float
    interval: tuple[float, float] | None
    before: int
    after: int


def compare_groups(
    before: Sequence[float], after: Sequence[float], blocks: Sequence[Hashable] | None = None
) -> Comparison:
    """Compare two groups by the exact permutation test of their means.

    before, after: one number for each child, with nobody still waiting. blocks: for the children before and then those after,
    the group (of brothers and sisters) to which each belongs, None for a child alone; then whole groups are dealt out,
    not children. A group with children on both sides is a block on each.

    Conventions: p is the share of all relabellings whose |difference| is at least the one found. So for groups of unequal
    size it is not twice the smaller tail, as scipy's permutation_test has it; for equal sizes the two are the same. Whole
    numbers are compared exactly by counting sums; numbers with decimals with a tolerance of one in a billion of their
    spread, one relabelling after another while there are at most 2,000,000, and beyond that p is None.
    smallest_p is 2 / C(n + m, n) for equal sizes, because the mirrored labels give the same size of difference, and
    1 / C(n + m, n) for unequal ones, where they do not. Ties in the data can keep p above it.
    The interval has the order statistics of the differences for the exact rank sum distribution (as R's wilcox.test);
    with ties it covers at least as often. With blocks there is none.

    Raises ValueError if a group is empty, a value is not a number, or blocks do not match the children.

    >>> found = compare_groups([30, 41, 52], [12, 15, 20])
    >>> round(found.difference, 2), found.p, found.smallest_p, found.shift
    (-25.33, 0.1, 0.1, -26.0)
    """
    x, y = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if x.ndim != 1 or y.ndim != 1 or not len(x) or not len(y):
        raise ValueError("before and after have to be lists with at least one number each")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("before and after have to be numbers")
    shifts = np.sort((y[:, None] - x[None, :]).ravel())
    difference, shift = float(y.mean() - x.mean()), float(np.median(shifts))
    if blocks is not None:
        sums, sizes, n, m = _as_blocks(x, y, blocks)
        p = None if min(n, m) < 2 else _tried_p(sums, sizes, m)
        return Comparison(difference, p, _smallest_p(n, m), shift, None, n, m)
    n, m = len(x), len(y)
    p = None if min(n, m) < 2 else _means_p(np.concatenate([x, y]), m)
    interval = None if min(n, m) < 2 else _interval(shifts, n, m)
    return Comparison(difference, p, _smallest_p(n, m), shift, interval, n, m)


def _smallest_p(n: int, m: int) -> float | None:
    return None if min(n, m) < 2 else (2 if n == m else 1) / comb(n + m, n)


def _means_p(values: np.ndarray, m: int) -> float | None:
    """Return the p of the last m values against the rest, counted where they are whole, tried out where they are not."""
    total = len(values)
    whole = np.rint(values - values.min())
    if np.array_equal(whole, values - values.min()) and whole.max() < 2**31:
        step = max(1, int(np.gcd.reduce(whole.astype(np.int64))))
        units = (whole / step).astype(np.int64)
        units = min(units, units.max() - units, key=np.sum)  # the same differences; many long waits make small sums
        chances = sum_chances(units, m)
        if chances is not None:
            all_, got = int(units.sum()), int(units[-m:].sum())
            sums = np.arange(len(chances), dtype=np.int64)
            return min(1.0, float(chances[abs(total * sums - m * all_) >= abs(total * got - m * all_)].sum()))
    return _tried_p(values, np.ones(total), m)


def sum_chances(units: np.ndarray, m: int) -> np.ndarray | None:
    """Return the chance of each sum of m of the values, drawn without replacement: chances[s] for the sum s.

    units: whole numbers from 0. The values are taken one by one; of those still to come each is as likely as any other to
    be among those still to be drawn, so chances are only added and multiplied, and nothing is rounded away. None where it
    would take too many steps.

    >>> sum_chances(np.array([0, 1, 2]), 2).round(3).tolist()
    [0.0, 0.333, 0.333, 0.333]
    """
    total, few = len(units), min(m, len(units) - m)
    largest = int(np.sort(units)[total - few :].sum())
    if total * (few + 1) * (largest + 1) > COUNTED:
        return None
    chances = np.zeros((few + 1, largest + 1))
    chances[0, 0] = 1.0
    reach = 0  # the largest sum so far: beyond it there is nothing to add
    for i, value in enumerate(np.sort(units)):
        most = min(i, few)
        drawn = (few - np.arange(most + 1)) / (total - i)
        rows = chances[: most + 1, : reach + 1]
        taken = rows * drawn[:, None]
        rows *= (1 - drawn)[:, None]
        reach = min(largest, reach + int(value))
        width = min(taken.shape[1], largest + 1 - int(value))
        into = min(most + 1, few)
        chances[1 : into + 1, value : value + width] += taken[:into, :width]
    if few == m:
        return chances[few]
    of_rest = chances[few]  # the sum of the m is what the sum of the others leaves
    all_ = int(units.sum())
    found = np.zeros(all_ + 1)
    found[all_ - np.arange(len(of_rest))] = of_rest
    return found


def _as_blocks(x: np.ndarray, y: np.ndarray, blocks: Sequence[Hashable]) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Return the sum and size of each block, those before first, and how many there are on each side."""
    if len(blocks) != len(x) + len(y):
        raise ValueError("blocks has to name the group of every child, before and then after")
    sides = []
    for values, names in ((x, blocks[: len(x)]), (y, blocks[len(x) :])):
        side: dict[Hashable, list[float]] = {}
        for i, (value, name) in enumerate(zip(values, names, strict=True)):
            side.setdefault(("alone", i) if name is None else ("group", name), []).append(float(value))
        sides.append(list(side.values()))
    both = [*sides[0], *sides[1]]
    return np.array([sum(b) for b in both]), np.array([len(b) for b in both], dtype=float), len(sides[0]), len(sides[1])


def _tried_p(sums: np.ndarray, sizes: np.ndarray, m: int) -> float | None:
    """Try out every choice of blocks for one side; None if there are too many. The last m are those after the change."""
    total = len(sums)
    few = min(m, total - m)  # choosing the smaller side chooses the other too
    choices = comb(total, few)
    if choices > ENUMERATED:
        return None
    picked = np.fromiter(chain.from_iterable(combinations(range(total), few)), dtype=np.int32, count=choices * few)
    picked = picked.reshape(choices, few)
    inside, count = sums[picked].sum(axis=1), sizes[picked].sum(axis=1)
    differences = np.abs(inside / count - (sums.sum() - inside) / (sizes.sum() - count))
    found = differences[-1 if few == m else 0]
    return float((differences >= found - _CLOSE * np.ptp(sums / sizes)).mean())


def _interval(shifts: np.ndarray, n: int, m: int) -> tuple[float, float] | None:
    """Return the 95 % interval of the shift: from the k-th smallest to the k-th largest difference."""
    chances = sum_chances(np.arange(n + m), m)
    if chances is None:
        return None
    chances = chances[np.flatnonzero(chances)[0] :]  # of the rank sum, from its smallest value on
    k = int(np.searchsorted(np.cumsum(chances), (1 - LEVEL) / 2 * (1 - 1e-12)))
    return None if k == 0 else (float(shifts[k - 1]), float(shifts[-k]))
