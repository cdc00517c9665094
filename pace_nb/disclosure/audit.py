"""What an attacker can work out of what is published: for every hidden count the least and the most it can be.

Rule: docs/disclosure.md, "Audit". It shares no code with what chooses the cells to hide and knows nothing of how they were chosen.
Each end of an interval is a whole table of whole counts, found by mixed-integer linear programming and then checked here in whole
numbers: everything shown is what was published, every sum holds, no count is below nought. So a fault of the solver can make an
interval too narrow, never too wide, and every doubt counts against publishing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Name = Hashable
Interval = tuple[int, int]
Sums = Sequence[tuple[Sequence[Name], Name]]

ALL = "All"  # the row or the column of totals
_BASE = 5  # what rounded counts are multiples of


@dataclass(frozen=True)
class Audit:
    """Whether something may be published, and if not, why not.

    intervals: of each hidden count the smallest and the largest value that a table was found for; a small count's search ends
    once it holds all of 1 to k - 1. solved: the hidden counts that can be only one number. failed: these, and those narrowed too far.
    """

    problems: tuple[str, ...] = ()
    intervals: Mapping[Name, Interval] = field(default_factory=dict)
    solved: tuple[Name, ...] = ()
    failed: tuple[Name, ...] = ()

    @property
    def safe(self) -> bool:
        """Whether nothing speaks against publishing."""
        return not self.problems

    def __bool__(self) -> bool:
        return self.safe


def audit_table(
    original: pd.DataFrame,
    protected: pd.DataFrame,
    threshold: int = 5,
    rounded: bool = False,
    percentages: bool = False,
    known: Mapping[Name, Interval] | None = None,
) -> Audit:
    """Audit a two-way table of counts as it is about to be published against the true one.

    original: the true counts, without totals. protected: the same rows and columns in the same order, hidden counts missing
    (NaN or pd.NA), and a row or a column "All" where totals are published too. rounded: shown counts are multiples of five and
    hidden ones were shown as fewer than `threshold`. percentages: shares of the rows are published, so the rest of a row beside a count is
    guarded too. known: what an attacker knows beside it, for names (row, column).
    Fails closed: other labels, a shown count that is not the true one, a small count shown, no answer from the solver: not safe.

    >>> true = pd.DataFrame({"home": [1, 9], "away": [8, 7]}, index=["boys", "girls"])
    >>> hidden = true.astype(float).assign(All=true.sum(axis=1)).replace(1.0, float("nan"))
    >>> audit_table(true, hidden).solved
    (('boys', 'home'),)
    """
    rows, columns = list(original.index), list(original.columns)
    by_row, by_column = ALL in protected.columns, ALL in protected.index
    if (
        list(protected.index) != rows + [ALL] * by_column
        or list(protected.columns) != columns + [ALL] * by_row
        or ALL in [*rows, *columns]
        or len({*rows}) != len(rows)
        or len({*columns}) != len(columns)
    ):
        return Audit(("The rows and columns of the two tables are not the same.",))
    if percentages and not by_row:
        return Audit(("The percentages have no denominators.",))
    truth: dict[Name, object] = {(r, c): original.iat[i, j] for i, r in enumerate(rows) for j, c in enumerate(columns)}
    if not all(_is_count(n) for n in truth.values()):
        return Audit(("A true count is missing, negative or not whole.",))
    for c in columns:
        truth[ALL, c] = sum(int(truth[r, c]) for r in rows)
    for r in [*rows, ALL]:
        truth[r, ALL] = sum(int(truth[r, c]) for c in columns)
    sums: list[tuple[list[Name], Name]] = []
    if by_row:
        sums += [([(r, c) for c in columns], (r, ALL)) for r in (rows + [ALL] * by_column)]
    if by_column:
        sums += [([(r, c) for r in rows], (ALL, c)) for c in (columns + [ALL] * by_row)]
    published = {
        (r, c): protected.iat[i, j] for i, r in enumerate(protected.index) for j, c in enumerate(protected.columns)
    }
    guarded = []
    if percentages:
        for r, c in [(r, c) for r in rows for c in columns if int(truth[r, c])]:
            others = [(r, other) for other in columns if other != c]
            truth[r, c, "rest"] = sum(int(truth[o]) for o in others)
            sums.append((others, (r, c, "rest")))
            guarded.append((r, c, "rest"))
    truth = {n: int(truth[n]) for n in [*published, *guarded]}
    return audit_counts(truth, published, sums, threshold, rounded, guarded, known)


def audit_counts(
    truth: Mapping[Name, int],
    published: Mapping[Name, object],
    sums: Sums,
    threshold: int = 5,
    rounded: bool = False,
    guarded: Collection[Name] = (),
    known: Mapping[Name, Interval] | None = None,
) -> Audit:
    """Audit counts under any sums between them: several tables at once where a count in two of them has one name.

    truth: every count by name. published: what is shown of each, missing where it is hidden; a name that is in `sums` and not here
    was not published at all. guarded: counts that are not published and must not be worked out either. known: least and most that an attacker knows from elsewhere (a child's dates, a neighbour's table,
    last month's page). An attacker is taken to know which hidden counts of a rounded table are small, and that the others are not 0.
    """
    known, bounds = known or {}, {}
    top = 2 * sum(int(n) for n in truth.values()) + 100 * threshold  # taken to be known: it can only narrow
    names = dict.fromkeys([*published, *guarded, *(n for parts, total in sums for n in (*parts, total))])
    if unknown := [n for n in names if not _is_count(truth.get(n))] + [n for n in known if n not in names]:
        return Audit((f"There is no true count of {unknown[0]}.",))
    if wrong := [total for parts, total in sums if sum(truth[p] for p in parts) != truth[total]]:
        return Audit((f"The true counts do not add up to {wrong[0]}.",))
    hidden = [n for n in names if n in guarded or (n in published and _is_missing(published[n]))]
    small = {n for n in hidden if 1 <= truth[n] < threshold}
    for name in names:
        n = int(truth[name])
        if name not in published or (name in hidden and not rounded):
            bounds[name] = (0, top)
        elif name in hidden:
            bounds[name] = (1, threshold - 1) if name in small else (min(n, 1), top)
        else:
            bounds[name] = _shown(published[name], n, threshold, rounded)
    if bad := [n for n, b in bounds.items() if b is None]:
        return Audit(tuple(f"What is shown of {n} is not what may be shown of it." for n in bad), failed=tuple(bad))
    for name, (low, high) in known.items():
        bounds[name] = (max(low, bounds[name][0]), min(high, bounds[name][1]))
    hidden = [n for n in hidden if n in small or n in published]
    found: dict[Name, Interval | None] = {}
    for part in _connected(bounds, sums):
        within = [n for n in hidden if n in part and bounds[n][0] < bounds[n][1]]
        if within:
            system = _System([n for n in bounds if n in part], bounds, [s for s in sums if s[1] in part], truth)
            for name in within:
                found[name] = system.ends(name, _wanted(name in small, int(truth[name]), threshold))
    return _judge(found, small, threshold)


def _wanted(small: bool, n: int, threshold: int) -> Interval:
    return (1, threshold - 1) if small else (max(0, n - 1), n + 1)


def _judge(found: Mapping[Name, Interval | None], small: Collection[Name], threshold: int) -> Audit:
    """Say of each hidden count what is wrong with the interval that was found for it."""
    problems: dict[Name, str] = {}
    for name, ends in found.items():
        if ends is None:
            problems[name] = f"No possible table was found for {name}."
        elif ends[0] == ends[1]:
            problems[name] = f"{name} can be worked out."
        elif name in small and (ends[0] > 1 or ends[1] < threshold - 1):
            problems[name] = f"{name} can be narrowed to {ends[0]} to {ends[1]}."
    intervals = {n: e for n, e in found.items() if e is not None}
    solved = tuple(n for n, (low, high) in intervals.items() if low == high)
    return Audit(tuple(problems.values()), intervals, solved, tuple(problems))


class _System:
    """Counts that hang together, the sums between them, and every possible table that was found."""

    def __init__(self, names: list[Name], bounds: Mapping[Name, Interval], sums: Sums, truth: Mapping[Name, int]):
        self.place = {n: i for i, n in enumerate(names)}
        self.low, self.high = (np.array([bounds[n][side] for n in names], dtype=np.int64) for side in (0, 1))
        self.sums = [([self.place[p] for p in parts], self.place[total]) for parts, total in sums]
        entries = [(i, p, 1) for i, (parts, _) in enumerate(self.sums) for p in parts]
        entries += [(i, total, -1) for i, (_, total) in enumerate(self.sums)]
        self.limits = []
        if entries:
            row, column, sign = zip(*entries, strict=True)
            matrix = csr_matrix((sign, (row, column)), shape=(len(self.sums), len(names)), dtype=float)
            self.limits = [LinearConstraint(matrix, 0, 0)]
        self.least = np.full(len(names), np.iinfo(np.int64).max)
        self.most = np.full(len(names), -1)
        self._keep(np.array([int(truth[n]) for n in names], dtype=np.int64))  # the true table is a possible one

    def ends(self, name: Name, wanted: Interval) -> Interval | None:
        """Return the least and the most of a count; either search is spared if a table found before goes as far as is wanted."""
        at = self.place[name]
        if self.least[at] > wanted[0]:
            self._find(at, 1)
        if self.most[at] < wanted[1]:
            self._find(at, -1)
        return (int(self.least[at]), int(self.most[at])) if self.most[at] >= self.least[at] else None

    def _find(self, at: int, sign: int) -> None:
        aim = np.zeros(len(self.low))
        aim[at] = sign
        solved = milp(
            aim,
            constraints=self.limits,
            integrality=np.ones(len(aim)),
            bounds=Bounds(self.low, self.high),
            options={"node_limit": 10_000},
        )
        if solved.x is None or not np.isfinite(solved.x).all():
            return
        self._keep(np.rint(solved.x).astype(np.int64))

    def _keep(self, table: np.ndarray) -> None:
        if self._possible(table):
            self.least, self.most = np.minimum(self.least, table), np.maximum(self.most, table)

    def _possible(self, table: np.ndarray) -> bool:
        inside = bool(((table >= self.low) & (table <= self.high)).all())
        return inside and all(table[parts].sum() == table[total] for parts, total in self.sums)


def _connected(names: Mapping[Name, object], sums: Sums) -> list[set[Name]]:
    """Return the counts in groups between which no sum runs."""
    group = {n: {n} for n in names}
    for parts, total in sums:
        for p in parts:
            if group[p] is not group[total]:
                small, large = sorted((group[p], group[total]), key=len)
                large |= small
                for n in small:
                    group[n] = large
    return list({id(g): g for g in group.values()}.values())


def _shown(value: object, n: int, threshold: int, rounded: bool) -> Interval | None:
    """Return what a shown count says of the true one; None if it must not be shown, or is not what is to be shown of it."""
    if not _is_count(value) or 1 <= n < threshold:
        return None
    value = int(value)
    if not rounded or value == 0:
        return (value, value) if value == n else None
    if value % _BASE:
        return None
    meant = [x for x in range(max(threshold, value - 2 * _BASE), value + _BASE) if _rounded(x, threshold) == value]
    return (meant[0], meant[-1]) if n in meant else None


def _rounded(n: int, threshold: int) -> int:
    nearest = math.floor(n / _BASE + 0.5) * _BASE
    return nearest if nearest >= threshold else nearest + _BASE


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float | np.floating) and math.isnan(value))


def _is_count(value: object) -> bool:
    if isinstance(value, bool | np.bool_) or _is_missing(value):
        return False
    return (
        isinstance(value, int | float | np.integer | np.floating)
        and value >= 0
        and math.isfinite(value)
        and int(value) == value
    )
