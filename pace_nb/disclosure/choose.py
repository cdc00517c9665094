"""Which further cells of a table have to be hidden, so that those that must be hidden cannot be worked out.

Rule: docs/disclosure.md, "Tables with totals" (level B): given everything published, additivity and counts of nought or more,
the attacker's interval of each small count still holds all of 1 to k - 1. For each small count that asks for one possible table
in which it is 1 or less and one in which it is k - 1 or more (the two intruder tables of Fischetti and Salazar 2001). Here both
are written as differences from the true table: they sum to nought along every row and column, are nought where a cell is shown,
and take no count below nought.

`choose` decides nothing about whether a table may be published: that is `pace_nb.disclosure.audit`, which shares no code with this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix

ROUNDS = 60  # of the exact chooser; rounds and nodes, unlike seconds, give the same table on every computer
NODES = 2_000  # of one round's search tree
_TINY = 1e-7

Sum = tuple[Sequence[int], int]  # the cells that add up, and the cell that holds their total


@dataclass(frozen=True)
class Need:
    """By how much the attacker must be unable to say that a cell is not smaller (down) or not larger (up)."""

    cell: int
    down: int
    up: int


def choose(
    counts: np.ndarray, sums: Sequence[Sum], needs: Sequence[Need], costs: np.ndarray, exact: bool = True
) -> tuple[np.ndarray, str] | None:
    """Return which cells to hide (True) and how they were found, "exact" or "fast"; None where hiding cells cannot do it.

    counts: every cell, totals among them, in one row. needs: one for each cell that must be hidden. costs: of hiding each cell;
    infinite where it has to stay shown. "exact" costs as little as can be. "fast" is each need's shortest way round in turn,
    with what proves superfluous shown again; it is what remains when the search takes more than ROUNDS rounds, or was not asked for.
    """
    search = _Search(counts, sums, needs, costs)
    found = search.quickly()
    if found is None or not exact:
        return None if found is None else (found, "fast")
    return search.exactly(found)


class _Search:
    """One table, what it needs, and for each need the last differences that were found to meet it."""

    def __init__(self, counts: np.ndarray, sums: Sequence[Sum], needs: Sequence[Need], costs: np.ndarray):
        self.counts, self.costs = np.asarray(counts, float), np.asarray(costs, float)
        rows = [[(i, c, 1.0) for c in parts] + [(i, total, -1.0)] for i, (parts, total) in enumerate(sums)]
        row, column, sign = zip(*(x for r in rows for x in r), strict=True) if rows else ((), (), ())
        self.lines = csr_matrix((sign, (row, column)), shape=(len(sums), len(self.counts)))
        self.first = np.isin(np.arange(len(self.counts)), [n.cell for n in needs])
        ways = [(n.cell, sign, size) for n in needs for sign, size in ((1, n.up), (-1, n.down)) if size > 0]
        self.ways = sorted(ways, key=lambda w: (-w[2], w[0], w[1]))
        self.used: dict[tuple[int, int, int], np.ndarray] = {}  # for each way, the cells that its differences touch

    def meets(self, way: tuple[int, int, int], hidden: np.ndarray) -> np.ndarray | None:
        """Return None if the cells hidden meet a need; otherwise the multipliers of the lines that prove they do not."""
        if way in self.used and hidden[self.used[way]].all():
            return None
        cell, sign, size = way
        aim = np.zeros(len(self.counts))
        aim[cell] = -sign
        low, high = np.where(hidden, -self.counts, 0.0), np.where(hidden, np.inf, 0.0)
        low[cell], high[cell] = max(low[cell], -size), min(high[cell], size)
        found = linprog(
            aim, A_eq=self.lines, b_eq=np.zeros(self.lines.shape[0]), bounds=np.c_[low, high], method="highs"
        )
        if found.status != 0:
            raise RuntimeError(f"the solver stopped with status {found.status}")
        if -found.fun >= size - _TINY:
            self.used[way] = np.abs(found.x) > _TINY
            return None
        return -found.eqlin.marginals

    def quickly(self) -> np.ndarray | None:
        """Hide, need by need, the cheapest cells through which the differences can run; then show again what is superfluous."""
        hidden = self.first.copy()
        n, allowed = len(self.counts), np.isfinite(self.costs)
        for way in self.ways:
            if self.meets(way, hidden) is None:
                continue
            cell, sign, size = way
            price = np.where(hidden, 1e-4, np.where(allowed, self.costs, 0.0))
            high = np.where(hidden | allowed, np.inf, 0.0)
            bounds = np.r_[np.c_[np.zeros(n), high], np.c_[np.zeros(n), np.minimum(high, self.counts)]]
            at, against = (cell, n + cell) if sign > 0 else (n + cell, cell)
            bounds[at], bounds[against] = (size, size), (0, 0)
            if sign < 0 and size > self.counts[cell]:
                return None
            both = csr_matrix(np.c_[self.lines.toarray(), -self.lines.toarray()])
            found = linprog(np.r_[price, price], A_eq=both, b_eq=np.zeros(both.shape[0]), bounds=bounds, method="highs")
            if found.status != 0:
                return None
            touched = np.abs(found.x[:n] - found.x[n:]) > _TINY
            self.used[way] = touched
            hidden |= touched
        return self._show_again(hidden)

    def _show_again(self, hidden: np.ndarray) -> np.ndarray:
        extra = np.flatnonzero(hidden & ~self.first)
        for cell in sorted(extra, key=lambda c: (-self.costs[c], -self.counts[c], c)):
            fewer = hidden.copy()
            fewer[cell] = False
            before = dict(self.used)
            if all(self.meets(way, fewer) is None for way in self.ways):
                hidden = fewer
            else:
                self.used = before
        return hidden

    def exactly(self, found: np.ndarray) -> tuple[np.ndarray, str]:
        """Solve a small problem of what to hide, look which needs it fails, add what each failure proves, and begin again."""
        n = len(self.counts)
        price = np.where(np.isfinite(self.costs), self.costs, 0.0) + 1e-6 * np.minimum(self.counts, 1e3)
        low = self.first.astype(float)
        high = np.where(np.isfinite(self.costs), 1.0, low)
        cuts = [cut for way in self.ways for cut in self._first_cuts(way)]
        for _ in range(ROUNDS):
            if cuts:
                rows = csr_matrix(np.array([c for c, _ in cuts]))
                limits = [LinearConstraint(rows, np.array([least for _, least in cuts]), np.inf)]
            else:
                limits = []
            solved = milp(
                price,
                constraints=limits,
                integrality=np.ones(n),
                bounds=Bounds(low, high),
                options={"node_limit": NODES},
            )
            if solved.status != 0 or solved.x is None:
                return found, "fast"
            hidden = solved.x > 0.5
            failed = [(way, self.meets(way, hidden)) for way in self.ways]
            new = [self._cut(way, lines) for way, lines in failed if lines is not None]
            if not new:
                return hidden, "exact"
            cuts += new
        return found, "fast"

    def _first_cuts(self, way: tuple[int, int, int]) -> list[tuple[np.ndarray, float]]:
        lines = self.lines[:, [way[0]]].toarray().ravel()
        return [self._cut(way, way[1] * lines[i] * np.eye(len(lines))[i]) for i in np.flatnonzero(lines)]

    def _cut(self, way: tuple[int, int, int], lines: np.ndarray) -> tuple[np.ndarray, float]:
        """Return what a failure proves of every choice: these cells, weighted by what each could take up, must come to the need.

        Weak duality: with any multipliers of the lines the cell can move by no more than the sum, over hidden cells, of the
        larger of rest x room up and rest x room down. A room beyond what is needed counts as what is needed.
        """
        cell, sign, size = way
        rest = -(self.lines.T @ lines)
        rest[cell] += sign
        rest[np.abs(rest) < _TINY] = 0.0
        # Were the cell to move by the whole need, what it counts for itself is known, and the others must bring the remainder.
        least = size * (1 - sign * rest[cell])
        room = np.where(rest > 0, least, np.where(rest < 0, np.minimum(-rest * self.counts, least), 0.0))
        room[cell] = 0.0
        return room, least
