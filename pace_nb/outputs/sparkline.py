"""A series of figures as a drawing the size of a word, with what it shows in words."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

WIDTH, HEIGHT = 132, 34
_SIDE, _TOP = 4, 5  # room at the ends for the last point
_MOST = 40  # periods; a longer series would be a smear


def draw_sparkline(series: Mapping[str, Any]) -> str:
    """Return the drawing of a series as SVG, 0 % at its foot and 100 % at its head; blank where there is none.

    series: "of", "periods" and "values" in per cent, as `share_series` gives them. A value that may not be shown is a gap, never a
    nought.
    """
    known = _last(series)
    if not known:
        return ""
    n = max(1, len(known) - 1)
    points = [
        None
        if value is None
        else (_SIDE + i * (WIDTH - 2 * _SIDE) / n, HEIGHT - _TOP - value / 100 * (HEIGHT - 2 * _TOP))
        for i, (_, value) in enumerate(known)
    ]
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    lines = "".join(
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}" fill="none" stroke="#1d5b8f" stroke-width="1.6"/>'
        for run in runs
        if len(run) > 1
    )
    dots = "".join(
        f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="1.6" fill="#1d5b8f"/>' for run in runs if len(run) == 1
    )
    x, y = next(p for p in reversed(points) if p is not None)
    return (
        f'<svg class="spark" role="img" aria-label="{escape(say_series(series))}" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}"><line x1="0" x2="{WIDTH}" y1="{HEIGHT - _TOP}" y2="{HEIGHT - _TOP}" stroke="#c3cad3"/>'
        f'{lines}{dots}<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1d5b8f"/></svg>'
    )


def say_series(series: Mapping[str, Any]) -> str:
    """Return a series in words, each value with its period.

    >>> say_series({"of": "share in time, by year", "periods": ["2017", "2018", "2019"], "values": [40, None, 60]})
    'Share in time, by year: 2017 40 %, 2018 not shown, 2019 60 %.'
    """
    told = ", ".join(f"{period} {'not shown' if value is None else f'{value} %'}" for period, value in _last(series))
    of = str(series.get("of", ""))
    return f"{of[:1].upper()}{of[1:]}: {told}."


def say_ends(series: Mapping[str, Any]) -> str:
    """Return the first and the last value that are shown, as they stand under the drawing.

    >>> say_ends({"of": "x", "periods": ["2017", "2018", "2019"], "values": [40, 50, None]})
    '40 % in 2017, 50 % in 2018'
    """
    shown = [(period, value) for period, value in _last(series) if value is not None]
    return ", ".join(f"{value} % in {period}" for period, value in (shown[0], shown[-1])) if shown else ""


def _last(series: Mapping[str, Any]) -> list[tuple[str, int | None]]:
    return list(zip(series.get("periods", ()), series.get("values", ()), strict=False))[-_MOST:]
