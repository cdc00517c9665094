"""The run chart with the children still waiting beside it, on one vertical scale."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from pace_nb import disclosure, theme
from pace_nb.charts.figure import Figure, only, text_width
from pace_nb.intervals import Intervals
from pace_nb.measures import waiting_bands
from pace_nb.periods import show_date
from pace_nb.runchart import RULES, RunChart
from pace_nb.wording import say_children, say_count, say_signal

HEIGHT = 330
WIDTH = 610
MARGIN = 22
CUT = 2  # bars more than twice as long as the longest finished wait are cut off there, and the chart says so
BANDS_WIDTH = 200


def draw_run_chart(run: RunChart, intervals: Intervals) -> Figure:
    """Draw the waits of those who finished, one after another, and beside them everyone who still waits.

    Working: a dot per child by the date of finishing, a bar per child waiting, longest first. Aggregate: the median of
    each period with at least five children, and bands of time waited so far.
    """
    working = run.kind == "child" and run.audience == "working"
    enough = run.points["value"].notna().sum() >= (1 if working else 3)
    if not enough:
        finished = say_children(intervals.count("reached"), run.audience)
        why = f"{finished} in {run.area} reached this step"
        text = (
            f"{why}: too few to show as a chart to people who may not see single children."
            if not working
            else f"No child in {run.area} has reached this step by {show_date(run.as_at)}, so there are no dots to draw."
        )
        if not working or not len(intervals.waiting):
            return Figure(
                _bands(intervals) if not working else None, f"{text} {_waiting_words(intervals)}", caption=text
            )
    top = _top(run, intervals) if working else _top(run, None)
    left = _run(run, top)
    right = _waiting(intervals, top) if working else _bands(intervals)
    chart = alt.hconcat(left, right, spacing=MARGIN)
    return Figure(chart, _describe(run, intervals), _caption(run, intervals), *_numbers(run), child_level=working)


def _top(run: RunChart, intervals: Intervals | None) -> float:
    highest = [run.points["value"].max(), run.aim.limit.weeks if run.aim.limit else 0]
    known = float(np.nanmax(highest))
    longest = intervals.waiting["days"].max() / 7 if intervals is not None and len(intervals.waiting) else 0.0
    return max(known, min(longest, CUT * known) if known else longest) * 1.06


def _y(top: float, title: str | None, axis: bool = True) -> alt.Y:
    return alt.Y(
        "value:Q",
        title=title,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(tickCount=7) if axis else alt.Axis(labels=False, ticks=False, domain=False, tickCount=7),
    )


def _run(run: RunChart, top: float) -> alt.LayerChart:
    points, n = run.points.copy(), len(run.points)
    x = alt.X(
        "position:Q", title=_x_title(run), scale=alt.Scale(domain=[0.4, n + 0.6], nice=False), axis=_x_axis(points)
    )
    y = _y(top, "Weeks waited")
    marks = np.full(n, "no signal", dtype=object)
    for s in run.signals:
        if s.rule == "shift":
            marks[s.first : s.last + 1] = "shift"
    sides = [s or 0 for s in run.analysis.sides]
    points["mark"] = np.where((marks == "shift") & (np.array(sides) != 0), "shift", "dot")
    size = 62 if n <= 60 else 40 if n <= 150 else 22
    shown = points[points["value"].notna()]
    base = alt.Chart(only(shown, "position", "value", "mark", "cohort")).encode(x=x, y=y)
    layers = [
        base.mark_line(color=theme.LINE, strokeWidth=1),
        *_lines(run, n, top),
        base.transform_filter("datum.mark == 'dot' && datum.cohort != 'backlog'").mark_point(
            filled=True, color=theme.POINT, size=size, opacity=1
        ),
        base.transform_filter("datum.mark == 'shift' && datum.cohort != 'backlog'").mark_point(
            filled=True, shape="diamond", color=theme.SIGNAL, size=size * 1.6, opacity=1
        ),
        base.transform_filter("datum.mark == 'dot' && datum.cohort == 'backlog'").mark_point(
            filled=True, fill="white", stroke=theme.POINT, strokeWidth=1.5, size=size, opacity=1
        ),
        base.transform_filter("datum.mark == 'shift' && datum.cohort == 'backlog'").mark_point(
            filled=True, shape="diamond", fill="white", stroke=theme.SIGNAL, strokeWidth=1.5, size=size * 1.6, opacity=1
        ),
        *_trends(run, x, y),
        *_changes(run, n),
    ]
    what = "child who finished" if run.kind == "child" else "period"
    title = alt.Title(f"Each {what}, in order of the date", subtitle=_key(run))
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=title)


def _x_title(run: RunChart) -> str:
    if run.kind == "child":
        return "Children in the order in which they reached this step (month of every so many)"
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
    return " · ".join(key) or "No shift and no trend is marked"


def _lines(run: RunChart, n: int, top: float) -> list[alt.Chart]:
    """The median (solid over its baseline, dashed beyond) and the aim, named in the margin without overlapping."""
    names = []
    layers = []
    if run.median is not None:
        known = n if run.baseline is None else run.baseline
        rows = [{"x": 0.4, "x2": known + 0.5, "value": run.median, "dash": "solid"}]
        if known < n:
            rows.append({"x": known + 0.5, "x2": n + 0.6, "value": run.median, "dash": "extended"})
        base = alt.Chart(alt.Data(values=rows)).encode(x="x:Q", x2="x2:Q", y="value:Q")
        layers.append(base.transform_filter("datum.dash == 'solid'").mark_rule(color=theme.INK, strokeWidth=1.6))
        layers.append(
            base.transform_filter("datum.dash == 'extended'").mark_rule(
                color=theme.INK, strokeWidth=1.6, strokeDash=[6, 4]
            )
        )
        names.append({"value": run.median, "name": f"Median {run.median:.0f} weeks", "color": theme.INK})
    if run.aim.limit is not None:
        layers.append(_aim_line(run.aim.limit.weeks))
        names.append({"value": run.aim.limit.weeks, "name": f"Limit {run.aim.limit}", "color": theme.LATE})
    apart = 15 * top / HEIGHT
    names.sort(key=lambda r: r["value"])
    if len(names) == 2 and names[1]["value"] - names[0]["value"] < apart:
        middle = sum(r["value"] for r in names) / 2
        names[0]["value"], names[1]["value"] = middle - apart / 2, middle + apart / 2
    for row in names:
        layers.append(
            alt.Chart(alt.Data(values=[{"value": row["value"], "name": row["name"]}]))
            .mark_text(align="left", dx=6, color=row["color"], fontWeight="bold", clip=False)
            .encode(x=alt.value(WIDTH), y="value:Q", text="name:N")
        )
    return layers


def _aim_line(weeks: float) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=[{"value": weeks}]))
        .mark_rule(color=theme.LATE, strokeWidth=2, strokeDash=[2, 3])
        .encode(y="value:Q")
    )


def _trends(run: RunChart, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    layers = []
    for s in run.signals:
        if s.rule == "trend":
            part = run.points.iloc[s.first : s.last + 1]
            part = part[part["value"].notna()]
            layers.append(
                alt.Chart(only(part, "position", "value"))
                .mark_line(color=theme.SIGNAL, strokeWidth=3, opacity=0.55)
                .encode(x=x, y=y)
            )
    return layers


def _changes(run: RunChart, n: int) -> list[alt.LayerChart]:
    layers = []
    for i, (position, change) in enumerate(run.changes):
        name = change.title if len(run.changes) == 1 else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 26]
        at = position + 0.5
        room = WIDTH * (1 - (at - 0.4) / (n + 0.2))
        left = room < text_width(name) + 12 and room < WIDTH / 2
        base = alt.Chart(alt.Data(values=[{"position": at, "name": name}]))
        layers.append(base.mark_rule(color=theme.QUIET, strokeWidth=1.2).encode(x="position:Q"))
        layers.append(
            base.mark_text(
                align="right" if left else "left",
                dx=-5 if left else 5,
                baseline="top",
                y=2,
                fontStyle="italic",
                color=theme.INK,
                limit=max(room, WIDTH - room) - 8,
            ).encode(x="position:Q", text="name:N")
        )
    return layers


def _waiting(intervals: Intervals, top: float) -> alt.LayerChart:
    bars = intervals.waiting[["days", "late"]].copy()
    bars["value"], bars["rank"] = bars["days"] / 7, np.arange(1, len(bars) + 1)
    bars["state"] = np.where(bars["late"], "past the limit", "not yet")
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
    chart = (
        alt.Chart(only(bars, "rank", "value", "state"))
        .mark_rect(stroke="white" if step > 4 else None, strokeWidth=0.7)
        .encode(
            x=alt.X(
                "from:Q",
                title="Children still waiting, longest first",
                axis=alt.Axis(labels=False, ticks=False, grid=False),
                scale=alt.Scale(domain=[0.5, max(1, len(bars)) + 0.5], nice=False),
            ),
            x2="to:Q",
            y=_y(top, None, axis=True),
            y2=alt.value(HEIGHT),
            color=alt.Color(
                "state:N",
                scale=alt.Scale(domain=["past the limit", "not yet"], range=[theme.LATE, theme.WAITING]),
                legend=None,
            ),
        )
        .transform_calculate(**{"from": "datum.rank - 0.5", "to": "datum.rank + 0.5"})
    )
    layers = [chart, _aim_line(intervals.aim.limit.weeks)] if intervals.aim.limit else [chart]
    return alt.layer(*layers).properties(width=width, height=HEIGHT, title=title)


def _bands(intervals: Intervals) -> alt.LayerChart:
    bands = waiting_bands(intervals)
    shown = [disclosure.protect_count(n, "aggregate") for n in bands["children"]]
    bands["value"] = [0 if n is None else n for n in shown]
    bands["name"] = ["fewer than 5" if n is None else f"{n}" if n == 0 else f"about {n}" for n in shown]
    base = alt.Chart(only(bands, "band", "value", "name")).encode(
        y=alt.Y("band:N", sort=None, title=None, axis=alt.Axis(labelLimit=140, ticks=False, domain=False)),
        x=alt.X("value:Q", title="Children waiting", axis=alt.Axis(tickMinStep=5, tickCount=4)),
    )
    title = alt.Title("Still waiting", subtitle="by how long so far")
    return alt.layer(
        base.mark_bar(color=theme.WAITING), base.mark_text(align="left", dx=4).encode(text="name:N")
    ).properties(width=BANDS_WIDTH, height=HEIGHT / 2, title=title)


def _waiting_words(intervals: Intervals) -> str:
    audience, n = intervals.audience, len(intervals.waiting)
    late = (
        f", {say_count(len(intervals.overdue), audience)} of them past the limit" if intervals.aim.limit and n else ""
    )
    return f"{say_children(n, audience)} still wait{late}."


def _describe(run: RunChart, intervals: Intervals) -> str:
    unit = "children who finished" if run.kind == "child" else "periods"
    median = f" The median is {run.median:.0f} weeks." if run.median is not None else ""
    limit = f" The limit is {run.aim.limit}." if run.aim.limit else ""
    return (
        f"Run chart of {len(run.points):,} {unit}, {run.aim.clock}, {run.area}.{median}{limit} {say_signal(run)} "
        f"Beside it: {_waiting_words(intervals)}"
    )


def _caption(run: RunChart, intervals: Intervals) -> str:
    how = (
        "Each dot is a child, placed at the weeks waited; the next child to finish will appear at the right. "
        if run.kind == "child"
        else "Each dot is the median wait of the children who finished in that period (at least five). "
    )
    base = f"The median is that of {run.baseline_note or 'all points'}; it is dashed where it is carried on past them. "
    letters = ""
    if len(run.changes) > 1:
        letters = (
            "Changes: "
            + "; ".join(
                f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i % 26]} {c.title} ({show_date(c.date)})"
                for i, (_, c) in enumerate(run.changes)
            )
            + ". "
        )
    elif run.changes:
        letters = f"The upright line marks a change: {run.changes[0][1].title}, {show_date(run.changes[0][1].date)}. "
    bars = (
        "Bars do not belong to the median: these waits are not over. "
        if run.kind == "child" and len(intervals.waiting)
        else ""
    )
    order = "Children who finished on one day stand in an arbitrary order. " if run.kind == "child" else ""
    return f"{how}{base}{letters}{bars}{order}A shift is {RULES.shift} or more in a row on one side of the median."


def _numbers(run: RunChart) -> tuple[list[str], list[list[str]]]:
    side = {1: "above", -1: "below", 0: "on it", None: "–"}
    sides = [side[s] for s in run.analysis.sides]
    if run.kind == "child":
        rows = zip(run.points["position"], run.points["label"], run.points["value"], sides, strict=True)
        return ["Order", "Finished", "Weeks waited", "Side of the median"], [
            [str(p), m, f"{w:.1f}", s] for p, m, w, s in rows
        ]
    rows = zip(run.points["label"], run.points["value"], sides, strict=True)
    return ["Period", "Median weeks", "Side of the median"], [
        [p, "fewer than 5 children" if pd.isna(w) else f"{w:.0f}", s] for p, w, s in rows
    ]
