"""The run chart of a poster: few marks and large letters, because it is read from two metres away. Aggregate only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import altair as alt
import pandas as pd

from pace_nb import theme
from pace_nb.charts.figure import Datasets, Figure
from pace_nb.charts.joined import layer
from pace_nb.charts.run_chart_words import describe_run_chart, list_run_chart
from pace_nb.errors import ParameterError
from pace_nb.intervals import Intervals
from pace_nb.runchart import RunChart

WIDTH, HEIGHT = 640, 400  # the height is the least: a poster with fewer words has a taller chart
_SIZE = 17
_QUARTERS = ("Jan–Mar", "Apr–Jun", "Jul–Sep", "Oct–Dec")
_APART = 70  # pixels between the names of two cycles that stand beside each other
_LEAST = 3  # periods that can be shown, below which there is no chart


def draw_poster_chart(
    run: RunChart, intervals: Intervals, starts: Mapping[int, date] | None = None, height: int = HEIGHT
) -> Figure:
    """Draw the median wait of each period with its baseline carried on, and the day on which each cycle began.

    starts: first day of each cycle that is to be marked, by its number. The figure has no chart where fewer than three
    periods may be shown. Raises ParameterError for a chart of single children: a poster hangs where everybody sees it.
    """
    if run.kind != "period":
        raise ParameterError("A poster shows no single child.", do='make it for the audience "aggregate".')
    said = describe_run_chart(run, intervals)
    if run.points["value"].notna().sum() < _LEAST:
        return Figure(None, said)
    data, points = Datasets(), run.points
    n = len(points)
    top = max(float(points["value"].max()), run.aim.limit.weeks if run.aim.limit else 0.0) * 1.18
    every = max(1, -(-n // 7))
    shown_labels = list(zip(points["position"], points["label"], strict=True))[::every]
    names = {str(p): say_period(label) for p, label in shown_labels}
    axis = alt.Axis(
        values=[int(p) for p in names],
        labelExpr=f"({names!r})[toString(datum.value)] || ''",
        grid=False,
        labelFontSize=_SIZE - 2,
        titleFontSize=_SIZE,
        labelFlush=False,
    )
    x = alt.X(
        "position:Q",
        title="Period in which the wait ended",
        scale=alt.Scale(domain=[0.4, n + 0.6], nice=False),
        axis=axis,
    )
    y = alt.Y(
        "value:Q",
        title="Weeks waited (median)",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(tickCount=6, labelFontSize=_SIZE - 2, titleFontSize=_SIZE),
    )
    shown = data.only(points[points["value"].notna()], "position", "value")
    drawn = alt.Chart(shown)
    layers = [
        drawn.mark_line(color=theme.LINE, strokeWidth=2).encode(x, y),
        drawn.mark_point(size=150, filled=True, color=theme.POINT, opacity=1).encode(
            x=alt.X("position:Q"), y=alt.Y("value:Q")
        ),
        *_levels(data, run, n, top / height),
        *_cycles(data, points, starts or {}, top, top / height),
    ]
    chart = layer(*layers, width=WIDTH, height=height)
    return Figure(chart, said, "", *list_run_chart(run), data=data)


def say_period(label: str) -> list[str]:
    """Return the label of a period in lines, for readers who do not count in quarters.

    >>> say_period("2019 Q3"), say_period("2019")
    (['Jul–Sep', '2019'], ['2019'])
    """
    year, _, number = label.partition(" Q")
    return [_QUARTERS[int(number) - 1], year] if number else [label]


def _levels(data: Datasets, run: RunChart, n: int, pixel: float) -> list[alt.Chart]:
    """The median, solid over the points that set it and dashed beyond, and the limit; each named beside its line."""
    rules, names = [], []
    if run.median is not None:
        until = (run.baseline or n) + 0.5
        rules.append({"x": 0.4, "x2": until, "value": run.median, "dash": "solid", "color": theme.INK})
        if until < n + 0.5:
            rules.append({"x": until, "x2": n + 0.6, "value": run.median, "dash": "on", "color": theme.INK})
        names.append({"value": run.median, "name": f"Median {run.median:.0f}", "color": theme.INK})
    if run.aim.limit is not None:
        weeks = run.aim.limit.weeks
        rules.append({"x": 0.4, "x2": n + 0.6, "value": weeks, "dash": "limit", "color": theme.LATE})
        names.append({"value": weeks, "name": f"Aim: {run.aim.limit}", "color": theme.LATE})
    if not rules:
        return []
    names.sort(key=lambda one: one["value"])
    for lower, upper in zip(names, names[1:], strict=False):
        upper["value"] = max(upper["value"], lower["value"] + 22 * pixel)
    dash = alt.StrokeDash("dash:N", scale=alt.Scale(domain=["solid", "on", "limit"], range=[[1, 0], [8, 5], [2, 4]]))
    color = alt.Color("color:N", scale=None, legend=None)
    lines = alt.Chart(data.add(rules)).mark_rule(strokeWidth=2.4)
    words = alt.Chart(data.add(names)).mark_text(align="left", dx=8, fontWeight="bold", fontSize=_SIZE - 1, clip=False)
    return [
        lines.encode(x=alt.X("x:Q"), x2=alt.X2("x2:Q"), y=alt.Y("value:Q"), strokeDash=dash.legend(None), color=color),
        words.encode(y=alt.Y("value:Q"), text=alt.Text("name:N"), color=color, x=alt.XValue(WIDTH)),
    ]


def _cycles(
    data: Datasets, points: pd.DataFrame, starts: Mapping[int, date], top: float, pixel: float
) -> list[alt.Chart]:
    """An upright line where each cycle began, with its number above; those that lie together share one line."""
    numbers: dict[float, list[str]] = {}
    for number, day in starts.items():
        if points["date"].min() <= pd.Timestamp(day) <= points["until"].max():
            at = float((points["until"] < pd.Timestamp(day)).sum()) + 0.5
            numbers.setdefault(at, []).append(str(number))
    if not numbers:
        return []
    rows, step = [], 22 * pixel
    for at, ns in numbers.items():  # names of lines that lie close stand one above the other
        close = rows and at - rows[-1]["position"] < _APART * len(points) / WIDTH
        name = f"Cycle{'s' if len(ns) > 1 else ''} {', '.join(ns)}"
        rows.append({"position": at, "value": rows[-1]["value"] + step if close else top, "name": name})
    named = alt.Chart(data.add(rows))
    return [
        named.mark_rule(color=theme.SIGNAL, strokeWidth=2).encode(x=alt.X("position:Q")),
        named.mark_text(color=theme.SIGNAL, fontWeight="bold", fontSize=_SIZE, dy=-10, clip=False).encode(
            x=alt.X("position:Q"), y=alt.Y("value:Q"), text=alt.Text("name:N")
        ),
    ]
