"""The run chart with the children still waiting beside it, on one vertical scale."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from pace_nb import disclosure, theme
from pace_nb.charts.figure import CHILD, Datasets, Figure, name_child, text_width
from pace_nb.charts.joined import beside, layer
from pace_nb.charts.run_chart_words import (
    LETTERS,
    describe_run_chart,
    explain_run_chart,
    list_run_chart,
    list_waiting,
    say_who_waits,
)
from pace_nb.intervals import Intervals
from pace_nb.measures import waiting_bands
from pace_nb.periods import show_date
from pace_nb.runchart import RunChart
from pace_nb.spells import KEY
from pace_nb.wording import say_children, say_signal

HEIGHT = 330
WIDTH = 610
MARGIN = 22
CUT = 2  # bars more than twice as long as the longest finished wait are cut off there, and the chart says so
BANDS_WIDTH = 200


def draw_run_chart(run: RunChart, intervals: Intervals, labels: Mapping[tuple[str, str], str] | None = None) -> Figure:
    """Draw the waits of those who finished, one after another, and beside them everyone who still waits.

    Working: a dot per child by the date of finishing, a bar per child waiting, longest first. Aggregate: the median of
    each period with at least five children, and bands of time waited so far.

    labels: from `timelines.label_children`, so that each dot and bar says whose it is; only in the working audience.
    """
    data = Datasets()
    working = run.kind != "period" and run.audience == "working"
    if not working and run.points["value"].notna().sum() < 3:
        return _too_few(data, run, intervals)
    if working and run.points.empty and intervals.waiting.empty:
        text = f"No child in {run.area} has reached this step by {show_date(run.as_at)}, and none waits for it."
        return Figure(None, text, text)
    top = _top(run, intervals) if working else _top(run, None)
    named = labels if working else None
    dots = _names(intervals.reached, named) if run.kind == "child" else None
    left = _run(data, run, top, dots)
    right = _waiting(data, intervals, top, _names(intervals.waiting, named)) if working else _bands(data, intervals)
    chart = beside(left, right, spacing=MARGIN)
    columns, rows = list_run_chart(run, dots)
    if named and dots is not None:
        rows += list_waiting(intervals, _names(intervals.waiting, named))
    return Figure(
        chart,
        describe_run_chart(run, intervals),
        explain_run_chart(run, intervals),
        columns,
        rows,
        child_level=working,
        data=data,
    )


def _names(rows: pd.DataFrame, labels: Mapping[tuple[str, str], str] | None) -> list[str] | None:
    """Return the label of the child of each row; None where nobody is named."""
    return None if labels is None else [labels[k] for k in rows[KEY].itertuples(index=False, name=None)]


def draw_dots(run: RunChart) -> Figure:
    """Draw the dots of a run chart alone, of values behind which no child stands: to learn on."""
    data = Datasets()
    text = f"Run chart of {len(run.points)} made-up waits. {say_signal(run)}"
    caption = "Each dot is a made-up wait. The line across is the median, dashed where it is carried on past the dots that set it."
    return Figure(_run(data, run, _top(run, None)), text, caption, *list_run_chart(run), data=data)


def _too_few(data: Datasets, run: RunChart, intervals: Intervals) -> Figure:
    """What people who may not see single children are shown of so few: the bands of those who wait, if those can be."""
    text = f"{say_children(intervals.count('reached'), run.audience)} in {run.area} reached this step: too few to show as a run chart."
    shown = any(disclosure.protect_parts(waiting_bands(intervals)["children"].tolist(), run.audience) or [])
    words = f"{text[0].upper()}{text[1:]} {say_who_waits(intervals)[0].upper()}{say_who_waits(intervals)[1:]}"
    return Figure(_bands(data, intervals) if shown else None, words, words, data=data)


def _top(run: RunChart, intervals: Intervals | None) -> float:
    highest = [run.points["value"].max(), run.aim.limit.weeks if run.aim.limit else 0]
    known = float(np.nanmax(highest))
    longest = intervals.waiting["days"].max() / 7 if intervals is not None and len(intervals.waiting) else 0.0
    return max(known, min(longest, CUT * known) if known else longest) * 1.06


def _y(top: float, title: str | None) -> alt.Y:
    return alt.Y("value:Q", title=title, scale=alt.Scale(domain=[0, top], nice=False), axis=alt.Axis(tickCount=7))


#: What a mark looks like: (shape, fill, stroke, times the size of a dot). Shape and filling differ as well as colour.
_LOOKS = {
    ("dot", False): ("circle", theme.POINT, theme.POINT, 1.0),
    ("dot", True): ("circle", "white", theme.POINT, 1.0),
    ("shift", False): ("diamond", theme.SIGNAL, theme.SIGNAL, 1.6),
    ("shift", True): ("diamond", "white", theme.SIGNAL, 1.6),
}
_DASHES = alt.Scale(domain=["solid", "extended", "limit"], range=[[1, 0], [6, 4], [2, 3]])


def _as_given(channel: type, field: str):
    """Return a channel whose values are colours, shapes or sizes as they stand in the data."""
    return channel(f"{field}:N", scale=None, legend=None)


def _run(data: Datasets, run: RunChart, top: float, names: list[str] | None = None) -> alt.LayerChart:
    points, n = run.points.copy(), len(run.points)
    domain = alt.Scale(domain=[0.4, n + 0.6], nice=False)
    x, y = alt.X("position:Q", title=_x_title(run), scale=domain, axis=_x_axis(points)), _y(top, "Weeks waited")
    shifted = np.zeros(n, dtype=bool)
    for s in run.signals:
        if s.rule == "shift":
            shifted[s.first : s.last + 1] = True
    useful = np.array([bool(s) for s in run.analysis.sides], dtype=bool)
    looks = [
        _LOOKS["shift" if s else "dot", c == "backlog"] for s, c in zip(shifted & useful, points["cohort"], strict=True)
    ]
    dot = 62 if n <= 60 else 40 if n <= 150 else 22
    points["shape"], points["fill"], points["stroke"], points["size"] = zip(*looks, strict=True) if n else ((),) * 4
    points["size"] = [dot * float(times) for times in points["size"]]
    points[CHILD] = names
    shown = data.only(points[points["value"].notna()], "position", "value", "shape", "fill", "stroke", "size", CHILD)
    line = alt.Chart(shown).mark_line(color=theme.LINE, strokeWidth=1).encode(x, y)
    dots = (
        alt.Chart(shown)
        .mark_point(strokeWidth=1.5, opacity=1)
        .encode(
            alt.X("position:Q"),
            alt.Y("value:Q"),
            _as_given(alt.Shape, "shape"),
            _as_given(alt.Fill, "fill"),
            _as_given(alt.Stroke, "stroke"),
            alt.Size("size:Q", scale=None, legend=None),
            *([name_child()] if names else []),
        )
    )
    layers = [
        line,
        *_lines(data, run, n, top),
        *_trends(data, run),
        dots,
        *_unusual(data, run),
        *_changes(data, run, n),
    ]
    what = {"child": "child who finished", "decision": "decision", "period": "period", "made up": "wait"}[run.kind]
    order = "one after another" if run.kind == "made up" else "in order of the date"
    title = alt.Title(f"Each {what}, {order}", subtitle=_key(run))
    return layer(*layers, width=WIDTH, height=HEIGHT, title=title)


def _x_title(run: RunChart) -> str:
    if run.kind == "made up":
        return "Made-up waits, one after another"
    if run.kind != "period":
        who = "Children" if run.kind == "child" else "Decisions"
        return f"{who} in the order in which they reached this step (with the month of some of them)"
    return "Period in which the wait ended"


def _x_axis(points: pd.DataFrame) -> alt.Axis:
    n = len(points)
    every = max(1, -(-n // 8))
    values = [int(p) for p in points["position"][::every]]
    names = dict(zip(points["position"].astype(str), points["label"], strict=True))
    names = {k: v for k, v in names.items() if int(k) in values}
    return alt.Axis(
        values=values,
        grid=False,
        labelFlush=False,
        labelOverlap=True,
        labelExpr=f"({names!r})[toString(datum.value)] || ''",
    )


def _key(run: RunChart) -> str:
    key = []
    if any(s.rule == "shift" for s in run.signals):
        key.append("diamond: part of a shift")
    if any(s.rule == "trend" for s in run.signals):
        key.append("thick line: trend")
    if (run.points["cohort"] == "backlog").any():
        key.append("hollow: started before the aim's from-date")
    if run.kind != "period" and run.analysis.unusual:
        key.append("ring: unusual, check the record")
    return " · ".join(key) or "No shift and no trend is marked"


def _lines(data: Datasets, run: RunChart, n: int, top: float) -> list[alt.Chart]:
    """The median (solid over its baseline, dashed beyond) and the limit, named in the margin without overlapping."""
    rules, names = _medians(run, n)
    if run.aim.limit is not None:
        weeks = run.aim.limit.weeks
        rules.append({"x": 0.4, "x2": n + 0.6, "value": weeks, "dash": "limit", "color": theme.LATE})
        names.append({"value": weeks, "name": f"Limit {run.aim.limit}", "color": theme.LATE})
    if not rules:
        return []
    _set_apart(names, 15 * top / HEIGHT)
    dash, color = alt.StrokeDash("dash:N", scale=_DASHES, legend=None), _as_given(alt.Color, "color")
    drawn = alt.Chart(data.add(rules)).mark_rule(strokeWidth=1.8)
    named = alt.Chart(data.add(names)).mark_text(align="left", dx=6, fontWeight="bold", clip=False)
    return [
        drawn.encode(alt.X("x:Q"), alt.X2("x2:Q"), alt.Y("value:Q"), dash, color),
        named.encode(alt.Y("value:Q"), alt.Text("name:N"), color, x=alt.XValue(WIDTH)),
    ]


def _medians(run: RunChart, n: int) -> tuple[list[dict], list[dict]]:
    """The median of each phase: solid over the points that set it, dashed as far as it is in force, dotted where it was before."""
    if run.median is None:
        return [], []
    ink, old = {"color": theme.INK}, {"color": theme.QUIET}
    names = [{"value": run.median, "name": f"Median {run.median:.0f} weeks", **ink}]
    if not run.phases:
        return [{"x": 0.4, "x2": n + 0.5, "value": run.median, "dash": "solid", **ink}], names
    rules = []
    for phase in run.phases:
        value, end = run.in_weeks(phase.median), phase.until + 1.5
        rules.append({"x": phase.first + 0.5, "x2": phase.last + 1.5, "value": value, "dash": "solid", **ink})
        if phase.until > phase.last:
            rules.append({"x": phase.last + 1.5, "x2": end, "value": value, "dash": "extended", **ink})
        if phase is not run.phases[-1]:
            rules.append({"x": end, "x2": n + 0.6, "value": value, "dash": "limit", **old})
            names.append({"value": value, "name": f"Before: {value:.0f} weeks", **old})
    if run.proposed is not None:
        value = run.in_weeks(run.proposed.median)
        rules.append(
            {"x": run.proposed.first + 0.5, "x2": n + 0.6, "value": value, "dash": "limit", "color": theme.SIGNAL}
        )
        names.append({"value": value, "name": f"Proposed: {value:.0f} weeks", "color": theme.SIGNAL})
    return rules, names


def _set_apart(names: list[dict], apart: float) -> None:
    """Move names in the margin so that none lies on another: upwards from the lowest, then down from the middle of all."""
    names.sort(key=lambda r: r["value"])
    wanted = [r["value"] for r in names]
    for lower, upper in zip(names, names[1:], strict=False):
        upper["value"] = max(upper["value"], lower["value"] + apart)
    moved = sum(r["value"] - w for r, w in zip(names, wanted, strict=True)) / max(1, len(names))
    for r in names:
        r["value"] -= moved


def _trends(data: Datasets, run: RunChart) -> list[alt.Chart]:
    parts = [
        run.points.iloc[s.first : s.last + 1].assign(trend=i) for i, s in enumerate(run.signals) if s.rule == "trend"
    ]
    if not parts:
        return []
    every = pd.concat(parts)
    marked = alt.Chart(data.only(every[every["value"].notna()], "position", "value", "trend"))
    marked = marked.mark_line(color=theme.SIGNAL, strokeWidth=3, opacity=0.55)
    return [marked.encode(alt.X("position:Q"), alt.Y("value:Q"), alt.Detail("trend:N"))]


def _unusual(data: Datasets, run: RunChart) -> list[alt.Chart]:
    """A ring round points so far from the rest that the record wants a look. In aggregate nothing is said of extremes."""
    if run.kind == "period" or not run.analysis.unusual:
        return []
    rings = data.only(run.points.iloc[list(run.analysis.unusual)], "position", "value")
    ring = alt.Chart(rings).mark_point(shape="circle", size=260, filled=False, color=theme.INK, strokeWidth=1.3)
    return [ring.encode(alt.X("position:Q"), alt.Y("value:Q"))]


def _changes(data: Datasets, run: RunChart, n: int) -> list[alt.Chart]:
    rows = []
    for i, (position, change) in enumerate(run.changes):
        name = change.title if len(run.changes) == 1 else LETTERS[i % 26]
        room = WIDTH * (1 - (position + 0.1) / (n + 0.2))
        left = room < text_width(name) + 12 and room < WIDTH / 2
        close = rows and len(name) == 1 and (position + 0.5 - rows[-1]["position"]) * WIDTH / (n + 0.2) < 14
        level = (rows[-1]["level"] + 1) % 4 if close else 0  # one below the other, where they would lie on one another
        room = max(room, WIDTH - room) - 8
        rows.append({"position": position + 0.5, "name": name, "left": left, "level": level, "room": room})
    layers = []
    if rows:
        drawn = alt.Chart(data.add([{"position": r["position"]} for r in rows]))
        layers.append(drawn.mark_rule(color=theme.QUIET, strokeWidth=1.2).encode(alt.X("position:Q")))
    for left, level in sorted({(r["left"], r["level"]) for r in rows}):
        same = [r for r in rows if (r["left"], r["level"]) == (left, level)]
        those = [{"position": r["position"], "name": r["name"]} for r in same]
        if those:
            words = alt.Chart(data.add(those)).mark_text(
                align="right" if left else "left",
                dx=-5 if left else 5,
                baseline="top",
                y=2 + 13 * level,
                fontStyle="italic",
                color=theme.INK,
                limit=min(r["room"] for r in same),
            )
            layers.append(words.encode(alt.X("position:Q"), alt.Text("name:N")))
    return layers


def _waiting(data: Datasets, intervals: Intervals, top: float, names: list[str] | None) -> alt.LayerChart:
    bars = intervals.waiting[["days", "late"]].copy()
    bars["value"], bars["place"] = bars["days"] / 7, np.arange(1, len(bars) + 1)
    cut = bars["value"] > top
    bars["value"] = bars["value"].clip(upper=top)
    width = int(min(300, max(120, 9 * len(bars))))
    overdue = int(bars["late"].sum())
    sub = (
        f"{overdue:,} past the limit (dark), {len(bars) - overdue:,} not" if intervals.aim.limit else "no limit is set"
    )
    if cut.any():
        sub = [sub, f"{cut.sum()} cut off at the top: up to {bars['days'].max() // 7:,} weeks"]
    title = alt.Title(f"Still waiting: {len(bars):,}", subtitle=sub)
    step = width / max(1, len(bars))
    bars["from"], bars["to"] = bars["place"] - 0.5, bars["place"] + 0.5
    bars["color"], bars[CHILD] = np.where(bars["late"], theme.LATE, theme.WAITING), names
    domain = alt.Scale(domain=[0.5, max(1, len(bars)) + 0.5], nice=False)
    axis = alt.Axis(labels=False, ticks=False, grid=False)
    drawn = (
        alt.Chart(data.only(bars, "from", "to", "value", "color", CHILD))
        .mark_rect(stroke="white" if step > 4 else None, strokeWidth=0.7)
        .encode(
            alt.X("from:Q", title="Children still waiting, longest first", axis=axis, scale=domain),
            alt.X2("to:Q"),
            _y(top, None),
            _as_given(alt.Color, "color"),
            *([name_child()] if names else []),
            y2=alt.Y2Value(HEIGHT),
        )
    )
    layers = [drawn]
    if intervals.aim.limit:
        rule = alt.Chart(data.add([{"value": intervals.aim.limit.weeks}]))
        layers.append(rule.mark_rule(color=theme.LATE, strokeWidth=1.8, strokeDash=[2, 3]).encode(alt.Y("value:Q")))
    return layer(*layers, width=width, height=HEIGHT, title=title)


def _bands(data: Datasets, intervals: Intervals) -> alt.LayerChart:
    bands = waiting_bands(intervals)
    parts = disclosure.protect_parts(bands["children"].tolist(), "aggregate")
    shown = parts or [None] * len(bands)
    bands["value"] = [n or 0 for n in shown]
    few = "too few to show" if parts else disclosure.WITHHELD
    bands["name"] = [few if n is None else f"{n}" if n == 0 else f"about {n}" for n in shown]
    base = alt.Chart(data.only(bands, "band", "value", "name")).encode(
        y=alt.Y("band:N", sort=None, title=None, axis=alt.Axis(labelLimit=140, ticks=False, domain=False)),
        x=alt.X("value:Q", title="Children waiting", axis=alt.Axis(tickMinStep=5, tickCount=4)),
    )
    title = alt.Title("Still waiting", subtitle="by how long so far")
    return layer(
        base.mark_bar(color=theme.WAITING), base.mark_text(align="left", dx=4).encode(text=alt.Text("name:N"))
    ).properties(width=BANDS_WIDTH, height=HEIGHT / 2, title=title)
