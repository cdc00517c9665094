"""Every table that could lie behind a published one, by plain counting: slow, and with nothing to get wrong."""

from __future__ import annotations

import itertools
from collections.abc import Iterator


def rows_behind(parts: list[int | None], total: int) -> Iterator[tuple[int, ...]]:
    """Yield every row of counts that agrees with the parts shown (None: hidden) and the total."""
    ranges = [range(total + 1) if p is None else (p,) for p in parts]
    yield from (row for row in itertools.product(*ranges) if sum(row) == total)


def tables_behind(
    parts: list[list[int | None]], rows: list[int], columns: list[int]
) -> list[tuple[tuple[int, ...], ...]]:
    """Return every table that agrees with the parts shown and with all totals."""
    found = []
    for table in itertools.product(*(list(rows_behind(p, t)) for p, t in zip(parts, rows, strict=True))):
        if [sum(c) for c in zip(*table, strict=True)] == columns:
            found.append(table)
    return found


def intervals(
    parts: list[list[int | None]], rows: list[int], columns: list[int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the least and the most of every hidden count."""
    tables = tables_behind(parts, rows, columns)
    hidden = [(i, j) for i, row in enumerate(parts) for j, p in enumerate(row) if p is None]
    return {(i, j): (min(t[i][j] for t in tables), max(t[i][j] for t in tables)) for i, j in hidden}
