"""Many small run charts side by side, to see how often chance looks like a change."""

from __future__ import annotations

import altair as alt
import numpy as np

from pace_nb import theme
from pace_nb.charts.figure import Datasets, Figure
from pace_nb.charts.joined import layer

COLUMNS = 4
WIDTH, HEIGHT = 190, 95


def draw_many(waits: np.ndarray, baseline: int, fires: np.ndarray, caption: str) -> Figure:
    """Draw one small chart per row of waits (in days), with the median of its baseline; those that signal are marked.

    fires: whether the later points of each show a shift below the median.
    """
    data = Datasets()
    medians = np.median(waits[:, :baseline], axis=1) / 7
    names = [f"Chart {i + 1}{': a shift' if f else ''}" for i, f in enumerate(fires)]
    dots = [
        {"chart": names[i], "position": j + 1, "weeks": round(float(w) / 7, 1), "median": round(float(medians[i]), 1)}
        for i, row in enumerate(waits)
        for j, w in enumerate(row)
    ]
    for dot, fire in zip(dots, np.repeat(fires, waits.shape[1]), strict=True):
        dot["color"] = theme.SIGNAL if fire else theme.POINT
    base = alt.Chart().encode(
        alt.X("position:Q", title=None, axis=alt.Axis(labels=False, ticks=False, grid=False)),
        color=alt.Color("color:N", scale=None, legend=None),
    )
    weeks = alt.Y("weeks:Q", title="Weeks", axis=alt.Axis(tickCount=3))
    layered = layer(
        base.mark_line(strokeWidth=1, point=alt.OverlayMarkDef(size=14)).encode(weeks),
        base.mark_line(color=theme.INK, strokeWidth=1.2).encode(alt.Y("median:Q"), color=alt.ColorValue(theme.INK)),
        width=WIDTH,
        height=HEIGHT,
        data=data.add(dots),
    )
    chart = layered.facet(
        alt.Facet("chart:N", title=None, sort=names, header=alt.Header(labelFontWeight="bold", labelAnchor="start")),
        columns=COLUMNS,
    )
    fired = [str(i + 1) for i in np.flatnonzero(fires)]
    text = f"{len(waits)} run charts of {waits.shape[1]} made-up waits each. " + (
        f"A shift below the median shows in {len(fired)}: charts {', '.join(fired)}."
        if fired
        else "No shift shows in any."
    )
    rows = [[str(i + 1), f"{m:.0f}", "yes" if f else "no"] for i, (m, f) in enumerate(zip(medians, fires, strict=True))]
    return Figure(chart, text, caption, ["Chart", "Median of its baseline, weeks", "Shift below it"], rows, data=data)
