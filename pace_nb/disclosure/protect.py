"""A two-way table of counts with its totals, protected: exact counts where they may be shown, the others missing.

Rule: docs/disclosure.md, "Tables with totals". Nothing is returned that has not passed the audit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pace_nb.disclosure.audit import ALL, audit_table
from pace_nb.disclosure.choose import Need, choose
from pace_nb.disclosure.counts import THRESHOLD, check_threshold
from pace_nb.errors import DataError

TOTAL_COSTS = 4.0  # a hidden total costs the reader as much as four cells
_POOR = 0.5  # a table with fewer than half of its counts shown should be designed anew


@dataclass(frozen=True)
class Report:
    """How a table was protected.

    primaries: counts of 1 to k - 1, totals among them, and, where percentages are published, their complements. complements: further counts
    hidden so that those cannot be worked out. cells: all counts, totals among them. method: "nothing to hide", "exact" (as few hidden
    as can be), "fast" or "merged" (rows or columns were put together first). groups: rows and columns all of whose children are in one
    cell, which says something of each of them. redesign: what to do about a table that keeps little; blank where it keeps enough.
    """

    primaries: int
    complements: int
    cells: int
    method: str
    audited: bool
    groups: tuple[str, ...] = field(default=())
    redesign: str = ""

    @property
    def hidden(self) -> int:
        """How many counts are hidden."""
        return self.primaries + self.complements


def protect_table(
    counts: pd.DataFrame,
    threshold: int = THRESHOLD,
    totals: bool | str = True,
    percentages: bool = False,
    exact: bool = True,
    merge: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> tuple[pd.DataFrame, Report]:
    """Return a table of counts as it may be published, and how it was protected.

    counts: whole numbers of children, rows by columns, without totals. totals: True publishes a column and a row "All" beside them,
    "rows" only the column "All" (a total of each row), "columns" only the row "All"; False none. percentages: shares of the rows' totals
    are published too, so a count whose complement is 1 to k - 1 is hidden as well. merge: what to do with the rows and
    columns if totals would have to be hidden otherwise, such as `merge_small`; tried once, before totals are hidden.

    The table has dtype Int64, with pd.NA where a count is hidden. Counts of nought are shown, unless one is needed to hide
    another. Totals stay shown unless they are small or nothing else will do. Raises DataError for counts that are not whole
    numbers of children, labels that occur twice, percentages without their denominators, and where no table passes the audit;
    ParameterError for a threshold outside 5 to 10.

    >>> protect_table(pd.DataFrame({"home": [3, 9, 6], "away": [8, 7, 0]}, index=["boys", "girls", "none"]))[0]
           home  away  All
    boys   <NA>  <NA>   11
    girls  <NA>  <NA>   16
    none      6     0    6
    All      18    15   33
    """
    check_threshold(threshold)
    if percentages and totals not in (True, "rows"):
        raise DataError(
            "Percentages have no denominator here.", do="publish the totals of the rows too: totals='rows' or True."
        )
    frame = _checked(counts)
    table = _Table(frame, threshold, totals, percentages)
    tries = [(table, False)]
    if merge is not None:
        tries.append((_Table(_checked(merge(frame)), threshold, totals, percentages), False))
    tries.append((tries[-1][0], True))
    for candidate, with_totals in tries:
        for exactly in dict.fromkeys((exact, False)):
            found = candidate.hide(with_totals, exactly)
            if found is None:
                break  # hiding cannot do it, however it is searched
            hidden, method = found
            shown = candidate.shown(hidden)
            if audit_table(candidate.frame, shown, threshold, percentages=percentages).safe:
                merged = "merged" if candidate is not table else method
                return shown, candidate.report(hidden, merged)
    raise DataError("No way of hiding counts makes this table safe.", do="merge rows or columns, or do not publish it.")


class _Table:
    """One table with the totals that are published beside it."""

    def __init__(self, frame: pd.DataFrame, threshold: int, totals: bool | str, percentages: bool):
        if totals not in (True, False, "rows", "columns"):
            raise DataError(f"totals is '{totals}'.", do="say True, False, 'rows' or 'columns'.")
        self.frame, self.threshold, self.percentages = frame, threshold, percentages
        full = frame.copy()
        if totals in (True, "rows"):
            full[ALL] = frame.sum(axis=1)
        if totals in (True, "columns"):
            full.loc[ALL] = full.sum(axis=0)
        self.full = full.astype("int64")
        self.place = np.arange(full.size).reshape(full.shape)

    @property
    def sums(self) -> list[tuple[list[int], int]]:
        """The rows and columns that have a total."""
        (rows, columns), place = self.frame.shape, self.place
        found = [(line[:columns].tolist(), int(line[columns])) for line in place] if place.shape[1] > columns else []
        return found + ([(line[:rows].tolist(), int(line[rows])) for line in place.T] if place.shape[0] > rows else [])

    @property
    def rests(self) -> list[tuple[int, list[int], int]]:
        """Where shares are published: each count whose row holds 1 to k - 1 beside it, the cells of that rest, and how many they are."""
        if not self.percentages:
            return []
        found = []
        for line, counts in zip(
            self.place[:, : self.frame.shape[1]].tolist(), self.frame.to_numpy().tolist(), strict=False
        ):
            for cell, n in zip(line, counts, strict=True):
                if n and 1 <= sum(counts) - n < self.threshold:
                    found.append((cell, [c for c in line if c != cell], sum(counts) - n))
        return found

    @property
    def needs(self) -> list[Need]:
        """Every small count, and how far the attacker must be kept from it; where shares are published every count whose rest is small."""
        last = self.threshold - 1
        small = [(cell, n) for cell, n in enumerate(self.full.to_numpy().ravel().tolist()) if 1 <= n <= last]
        found = {cell: Need(cell, n - 1, last - n) for cell, n in small}
        return list(({cell: Need(cell, 0, 0) for cell, _, _ in self.rests} | found).values())

    def hide(self, with_totals: bool, exact: bool) -> tuple[np.ndarray, str] | None:
        """Return which cells to hide, as a table of the same shape, and how they were found."""
        needs, last, size = self.needs, self.threshold - 1, self.full.size
        if not needs:
            return np.zeros(self.full.shape, dtype=bool), "nothing to hide"
        costs = np.ones(self.full.shape)
        outer = np.ones(self.full.shape, dtype=bool)
        outer[: self.frame.shape[0], : self.frame.shape[1]] = False
        costs[outer] = TOTAL_COSTS if with_totals else np.inf
        # The rest of a row beside a count is one more count, which nobody shows and which must not be worked out either.
        counts = np.r_[self.full.to_numpy().ravel(), [n for _, _, n in self.rests]]
        sums = [*self.sums, *((others, size + i) for i, (_, others, _) in enumerate(self.rests))]
        needs = needs + [Need(size + i, n - 1, last - n) for i, (_, _, n) in enumerate(self.rests)]
        found = choose(counts, sums, needs, np.r_[costs.ravel(), np.zeros(len(self.rests))], exact)
        return None if found is None else (found[0][:size].reshape(self.full.shape), found[1])

    def shown(self, hidden: np.ndarray) -> pd.DataFrame:
        """The table as it is published."""
        return self.full.astype("Int64").mask(hidden)

    def report(self, hidden: np.ndarray, method: str) -> Report:
        """Count what was hidden, and say what else to think of."""
        first, cells = len(self.needs), self.full.size
        poor = hidden.sum() > _POOR * cells
        return Report(
            first,
            int(hidden.sum()) - first,
            cells,
            method,
            True,
            tuple(_groups(self.frame, hidden)),
            f"{int(hidden.sum())} of {cells} counts are hidden: put rows or columns together, or take a longer period."
            if poor
            else "",
        )


def _groups(frame: pd.DataFrame, hidden: np.ndarray) -> list[str]:
    """Name the rows and columns that lie in one cell and are shown: whoever knows that a child is in one, knows the other."""
    seen = ~hidden[: frame.shape[0], : frame.shape[1]]
    found = []
    for line, visible, kind in ((frame, seen, "row"), (frame.T, seen.T, "column")):
        if line.shape[1] > 1:
            for name, counts, shown in zip(line.index, line.to_numpy(), visible, strict=True):
                if (counts > 0).sum() == 1 and shown.all():
                    found.append(f"All children of {kind} '{name}' are in '{line.columns[counts.argmax()]}'.")
    return found


def _checked(counts: pd.DataFrame) -> pd.DataFrame:
    labels = [*counts.index, *counts.columns]
    numbers = counts.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    whole = np.isfinite(numbers).all() and (numbers >= 0).all() and (numbers == np.floor(numbers)).all()
    if not counts.size or not whole or not counts.index.is_unique or not counts.columns.is_unique or ALL in labels:
        raise DataError(
            "This is no table of counts.",
            do=f"give whole numbers of children, labels that occur once, and no totals (no label '{ALL}').",
        )
    return pd.DataFrame(numbers.astype("int64"), index=counts.index, columns=counts.columns)
