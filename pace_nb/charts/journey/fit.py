"""Where things go so that none lies on another: rows for spans, places for labels, stairs for labels with leader lines.

Everything is in pixels; nothing knows of children.
"""

from __future__ import annotations

from collections.abc import Sequence


def pack(spans: Sequence[tuple[float, float]], gap: float = 0.0, rows_each: Sequence[int] | None = None) -> list[int]:
    """Return a row for each span so that none overlaps another of its row, and spans of a row lie `gap` apart; rows from 0.

    Spans are taken in the order given, each into the first row that has room. rows_each: how many rows each takes, 1 without it; its
    first is returned.

    >>> pack([(0, 10), (5, 8), (10, 12)]), pack([(0, 10), (5, 8)], rows_each=[2, 1])
    ([0, 1, 0], [0, 2])
    """
    taken: list[list[tuple[float, float]]] = []
    rows = []
    for (low, high), n in zip(spans, rows_each or [1] * len(spans), strict=True):
        free = [all(high + gap <= a or low >= b + gap for a, b in own) for own in taken]
        row = next(r for r in range(len(taken) + 1) if all(free[r : r + n]))
        taken += [[] for _ in range(row + n - len(taken))]
        for own in taken[row : row + n]:
            own.append((low, high))
        rows.append(row)
    return rows


def spread(centres: Sequence[float], widths: Sequence[float], low: float, high: float, gap: float = 4.0) -> list[float]:
    """Return places for labels near where they belong: in the same order, at least `gap` apart, within low and high.

    centres: where each belongs, rising. Each place is moved as little as the others allow (least squares). If they cannot all fit,
    they run over `high`.

    >>> spread([10, 11], [10, 10], 0, 100, gap=0)
    [5.5, 15.5]
    """
    if not centres:
        return []
    offsets, at = [], 0.0
    for i, width in enumerate(widths):
        at += (widths[i - 1] / 2 + gap + width / 2) if i else 0.0
        offsets.append(at)
    # With the offsets taken away the places only have to rise: pool neighbours that do not (isotonic regression).
    blocks: list[list[float]] = []  # sum, count
    for centre, offset in zip(centres, offsets, strict=True):
        blocks.append([centre - offset, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, n = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += n
    floor, ceiling = low + widths[0] / 2, high - widths[-1] / 2 - offsets[-1]
    levels = [max(floor, min(total / n, ceiling)) for total, n in blocks for _ in range(int(n))]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


def staircase(places: Sequence[float], widths: Sequence[float], gap: float = 6.0) -> list[int]:
    """Return rows for labels that begin below their marks and run to the right, each led to by a line from above.

    places: where the lines come down, rising. No label lies on another, and no line crosses a label: a label that reaches below
    others to its right stands lower than they do.

    >>> staircase([0, 50, 300], [100, 100, 100])
    [1, 0, 0]
    """
    rows = [0] * len(places)
    for i in range(len(places) - 1, -1, -1):
        beside = [rows[j] for j in range(i + 1, len(places)) if places[j] < places[i] + widths[i] + gap]
        rows[i] = max(beside) + 1 if beside else 0
    return rows
