"""Comparing two small groups exactly: before a change and after it.

Nothing is approximated. Where the exact answer would take too long it is not given.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain, combinations
from math import comb

import numpy as np
import pandas as pd

from pace_nb.intervals import Intervals

ENUMERATED = 2_000_000  # relabellings that are tried one by one
COUNTED = (
    12_000_000_000  # steps of the counting recursion (most are passed over): 200 a side, waits in days, ten seconds
)
ROWS = 16  # of the recursion at a time: few enough to pass over sums that cannot come up, many enough to be quick
LEVEL = 0.95  # of the interval of the shift
_CLOSE = 1e-9  # of the spread: numbers with decimals that differ by less are equal


@dataclass(frozen=True)
class Comparison:
    """Two groups compared. difference: mean after less mean before. before, after: how many values (blocks) each has.

    p: how often a difference at least so large, in either direction, comes up when the labels before and after are dealt
    out anew in every way; None with fewer than two in a group, or where it cannot be worked out exactly.
    smallest_p: the smallest p that groups of these sizes can ever give. shift: the median of all differences between a
    value after and a value before (Hodges and Lehmann). shifts: those differences, in order; None where blocks were dealt out.
    """

    difference: float
    p: float | None
    smallest_p: float | None
    shift: float
    before: int
    after: int
    shifts: np.ndarray | None = field(default=None, repr=False, compare=False)

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """The exact 95 % interval of the shift; None where groups so small cannot give one, and with blocks.

        Worked out where it is asked for: most comparisons are made for their p alone, and this takes longer than that.
        """
        if self.shifts is None or min(self.before, self.after) < 2:
            return None
        return _interval(self.shifts, self.before, self.after)


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
        return Comparison(difference, p, _smallest_p(n, m), shift, n, m)
    n, m = len(x), len(y)
    p = None if min(n, m) < 2 else _means_p(np.concatenate([x, y]), m)
    return Comparison(difference, p, _smallest_p(n, m), shift, n, m, shifts)


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
    upto = np.concatenate([[0], np.cumsum(np.sort(units))])
    largest = int(upto[total] - upto[total - few])
    if total * (few + 1) * (largest + 1) > COUNTED:
        return None
    chances = np.zeros((few + 1, largest + 1))  # by how many are drawn, and their sum
    chances[0, 0] = 1.0
    for i, value in enumerate(np.diff(upto)):
        least, most = max(0, few - (total - i)), min(i, few)
        for top in range(most, least - 1, -ROWS):  # from above, as each row passes its chances on to the next
            drawn = np.arange(max(least, top - ROWS + 1), top + 1)
            low, high = upto[drawn[0]], upto[i] - upto[i - top] + 1  # sums that so many of these values can have
            rows = chances[drawn[0] : top + 1, low:high]
            taken = rows * ((few - drawn) / (total - i))[:, None]
            rows *= (1 - (few - drawn) / (total - i))[:, None]
            into = chances[drawn[0] + 1 : top + 2, low + value : high + value]
            into += taken[: into.shape[0], : into.shape[1]]
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


LONGEST = 104 * 7  # days for which both groups are followed, at most
SHORTEST = 13 * 7  # and at least: a shorter time shows hardly any wait end


@dataclass(frozen=True)
class RestrictedWaits:
    """Waits of two start cohorts in whole days, none counted beyond `days`, through which every child was followed.

    before, after: one value for each family (children with a sibling group once, with their mean wait, halves rounded up).
    children_before, children_after: how many children these are.
    """

    days: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    children_before: int
    children_after: int


def restrict_waits(intervals: Intervals, day: date, days: int | None = None) -> RestrictedWaits | None:
    """Return waits that may be compared although children still wait: those of children followed equally long.

    day: when the change came; a child's clock that started on it counts as after. Conventions: both groups are followed for
    half the time from the change to the day of the report, in whole weeks, at most two years; so the length depends on dates
    alone and not on how anybody's wait ended. Counted are children whose clock started within the period of the page and at
    least that long before its day; each wait, whichever way it ended, counts up to that length (restricted mean). Records
    that are unclear are left out. None if that would be less than 13 weeks. days: how long to follow, where something else says so.
    """
    if days is None:
        days = min(LONGEST, (intervals.as_at - day).days // 2 // 7 * 7)
    if days < SHORTEST:
        return None
    columns = ["local_authority", "sibling_group", "start", "days", "status"]  # a row of a table costs by its width
    table = intervals.table[columns]
    if intervals.since is not None:
        table = table[table["start"] >= pd.Timestamp(intervals.since)]
    started = (pd.Timestamp(intervals.as_at) - table["start"]).dt.days
    table = table[(table["status"] != "unusable") & (started >= days)]
    after = (table["start"] >= pd.Timestamp(day)).to_numpy()
    family, waits = _families(table), table["days"].clip(upper=days).to_numpy()
    sides = [_by_family(family[side], waits[side]) for side in (~after, after)]
    return RestrictedWaits(days, *sides, int((~after).sum()), int(after.sum()))


def _families(table: pd.DataFrame) -> np.ndarray:
    """Return a number for the family of each row: those of one authority with one sibling group; a child without one is alone."""
    group, groups = pd.factorize(table["sibling_group"].replace("", None))
    area, _ = pd.factorize(table["local_authority"])
    alone = group < 0
    family = area * len(groups) + group
    family[alone] = -1 - np.arange(alone.sum())
    return family


def _by_family(family: np.ndarray, waits: np.ndarray) -> tuple[int, ...]:
    _, which = np.unique(family, return_inverse=True)
    means = np.bincount(which, waits) / np.bincount(which)
    return tuple(sorted(int(m + 0.5) for m in means))
