"""Curves by weeks since the clock started: who still waits, and which way the waits ended."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from pace_nb import disclosure, tables, terms, theme
from pace_nb.charts.figure import Datasets, Figure
from pace_nb.charts.joined import layer
from pace_nb.intervals import Intervals
from pace_nb.periods import show_date
from pace_nb.waits import AT_RISK, WAYS, WaysOut, enter, waiting_curves

WIDTH = 720
ROUNDED = (
    " Shares are rounded: to 5 % of 100 children or more, 10 % of 50 or more, 25 % of fewer."  # disclosure.CURVE_STEPS
)
QUARTER = 13  # weeks between the rows of a table, and between the points of an aggregate curve


def draw_waiting_curves(groups: dict[str, pd.DataFrame], intervals: Intervals) -> Figure:
    """Draw what share of each group of children still waits, week by week since their clock started, with its 95 % band.

    groups: name and rows of `intervals.table`; children whose clock started before the period of the page count for the weeks
    within it. In the aggregate audience there is a point every thirteen weeks, rounded, and no band.
    """
    data, audience = Datasets(), intervals.audience
    working = audience == "working"
    groups = {name: enter(table, intervals.since) for name, table in groups.items()}
    curves = waiting_curves(groups) if working else _rounded_curves(groups)
    names = list(groups)
    if curves.empty:
        return Figure(
            None, "Too few children to draw waiting curves.", "Too few children in each group to draw waiting curves."
        )
    colors = [theme.QUIET, theme.POINT][: len(names)]
    base = alt.Chart(data.only(curves, "week", "share", "low", "high", "group")).encode(
        x=alt.X("week:Q", title="Weeks since the clock started", axis=_weeks_axis(curves["week"].max())),
        y=_share_axis("Share still waiting"),
        color=alt.Color(
            "group:N",
            title=None,
            scale=alt.Scale(domain=names, range=colors),
            legend=alt.Legend(
                orient="top", symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=2.5, symbolSize=400
            ),
        ),
    )
    step = "step-after" if working else "linear"
    line = base.mark_line(interpolate=step, strokeWidth=2.2, point=not working).encode(
        strokeDash=alt.StrokeDash(
            "group:N", title=None, scale=alt.Scale(domain=names, range=[[5, 4], [1, 0]][: len(names)])
        )
    )
    band = base.transform_filter("isValid(datum.low)").mark_area(interpolate=step, opacity=0.14, strokeWidth=0)
    layers = [band.encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q")), line] if working else [line]
    layers += _limit_mark(data, intervals)
    weeks = sorted(curves.loc[curves["week"] % QUARTER == 0, "week"].unique())
    at = curves.set_index(["group", "week"]).to_dict("index")
    rows = [
        [
            str(w),
            *(_say_share(at.get((n, w))) for n in names),
            *(_say_followed(at.get((n, w)), audience) for n in names),
        ]
        for w in weeks
    ]
    halves = "; ".join(f"{n}: {_half(curves, n)}" for n in names)
    read = (
        "A lower line is a shorter wait. Children still waiting count for as long as they have waited; children who left another way "
        f"stop waiting then. Each line ends where fewer than {AT_RISK if working else disclosure.MEDIAN_OF} children are still followed."
    )
    how = (
        " Shading: where the line may lie, allowing for chance (95 %). Brothers and sisters decided on together make it too narrow."
        if working
        else ROUNDED
    )
    return Figure(
        layer(*layers).properties(width=WIDTH, height=280),
        f"Share of children still waiting by weeks since their clock started. Half still wait: {halves}.",
        read + how + _joined_later(intervals) + _begins_later(curves),
        [
            "Week",
            *(f"Still waiting, {n}{' (95 % limits)' if working else ''}" for n in names),
            *(f"Children followed, {n}" for n in names),
        ],
        rows,
        data=data,
    )


WAY_COLORS = {"reached": theme.POINT, "home": theme.PLACEMENTS["at_home"], "other": theme.LINE, "waiting": theme.GRID}


def name_ways(ways: WaysOut) -> dict[str, str]:
    """Return the ways in which waits ended here, and "waiting", each with its words, in the order in which they are stacked."""
    words = {
        "reached": terms.label(ways.intervals.aim.end),
        "home": "Gone home first",
        "other": "Left another way",
        "waiting": "Still waiting",
    }
    return {way: name for way, name in words.items() if way not in WAYS or (ways.weeks[way] > 0).any()}


def draw_ways_out(ways: WaysOut) -> Figure:
    """Draw the share of children whose wait has ended in each way, and of those still waiting, by weeks since the clock started.

    ways: as it may be shown (`pages.baseline.study_ways_out`): in the aggregate audience rounded, every thirteen weeks.
    """
    data, weeks, audience = Datasets(), ways.weeks, ways.intervals.audience
    if weeks.empty:
        return Figure(None, "Too few children to show how these waits end.", "Too few children to show how waits end.")
    words = name_ways(ways)
    top = weeks[list(words)].cumsum(axis=1)
    long = pd.concat(
        pd.DataFrame({"week": weeks["week"], "low": top[way] - weeks[way], "high": top[way], "way": name})
        for way, name in words.items()
    )
    last = weeks.iloc[-1]
    heights = _spread([float(top[way].iloc[-1] - last[way] / 2) for way in words])
    labels = [
        {"week": int(last["week"]), "height": height, "name": f"{name}, {100 * last[way]:.0f} %"}
        for (way, name), height in zip(words.items(), heights, strict=True)
    ]
    x = alt.X(
        "week:Q", title="Weeks since the clock started", axis=_weeks_axis(last["week"]), scale=alt.Scale(nice=False)
    )
    bands = (
        alt.Chart(data.only(long, "week", "low", "high", "way"))
        .mark_area(interpolate="step-after" if audience == "working" else "linear", stroke="white", strokeWidth=1)
        .encode(
            x=x,
            y=_share_axis("Share of children", "low:Q"),
            y2=alt.Y2("high:Q"),
            color=alt.Color(
                "way:N",
                legend=None,
                scale=alt.Scale(domain=list(words.values()), range=[WAY_COLORS[way] for way in words]),
            ),
        )
    )
    named = (
        alt.Chart(data.add(labels))
        .mark_text(align="left", dx=6)
        .encode(x=alt.X("week:Q"), y=alt.Y("height:Q"), text=alt.Text("name:N"))
    )
    aim = ways.intervals.aim
    limit = _limit_mark(data, ways.intervals, theme.INK) if aim.limit and aim.limit.weeks <= last["week"] else []
    table = weeks[weeks["week"] % QUARTER == 0]
    rows = [
        [
            str(int(row["week"])),
            *(f"{100 * row[way]:.0f} %" for way in words),
            tables.count(int(row["at_risk"]), audience),
        ]
        for _, row in table.iterrows()
    ]
    spoken = "; ".join(f"{name} {100 * last[way]:.0f} %" for way, name in words.items())
    return Figure(
        layer(bands, named, *limit).properties(width=WIDTH - 130, height=300),
        f"How these waits end, as shares of all children, by weeks since the clock started. At {int(last['week'])} weeks: {spoken}.",
        "At each week the whole height is all the children: each band is the share whose wait had ended in that way by then, and the "
        "top band is those still waiting. Children still waiting count for as long as they have waited. The picture ends where fewer "
        f"than {AT_RISK if audience == 'working' else disclosure.MEDIAN_OF} children are still followed."
        + ("" if audience == "working" else ROUNDED)
        + _joined_later(ways.intervals),
        ["Week", *words.values(), "Children followed"],
        rows,
        data=data,
    )


def _spread(heights: list[float], gap: float = 0.065) -> list[float]:
    """Move labels apart, as little as it takes: upwards from the first, then down from the top of the chart."""
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + gap)
    ceiling = 1.0
    for i in reversed(range(len(heights))):
        heights[i] = min(heights[i], ceiling)
        ceiling = heights[i] - gap
    return heights


def _rounded_curves(groups: dict[str, pd.DataFrame]) -> pd.DataFrame:
    curves = waiting_curves(groups, disclosure.MEDIAN_OF, QUARTER)
    steps = {name: disclosure.curve_step(len(table)) for name, table in groups.items()}
    step = curves["group"].map(steps).astype(float)
    curves = curves.assign(share=np.floor(curves["share"] / step + 0.5) * step, low=np.nan, high=np.nan)
    return curves[step.notna()]


def _weeks_axis(furthest: int) -> alt.Axis:
    return alt.Axis(values=list(range(0, 2000, QUARTER if furthest <= 156 else 52)))


def _share_axis(title: str, field: str = "share:Q") -> alt.Y:
    return alt.Y(field, title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))


def _limit_mark(data: Datasets, intervals: Intervals, color: str = theme.LATE) -> list[alt.Chart]:
    """Return the layers that mark the aim's limit, if it has one."""
    if not intervals.aim.limit:
        return []
    mark = alt.Chart(data.add([{"week": intervals.aim.limit.weeks, "name": f"Limit {intervals.aim.limit}"}]))
    name = mark.mark_text(align="left", dx=5, y=4, baseline="top", color=color, fontWeight="bold")
    rule = mark.mark_rule(color=color, strokeDash=[2, 3], strokeWidth=2)
    return [rule.encode(x=alt.X("week:Q")), name.encode(x=alt.X("week:Q"), text=alt.Text("name:N"))]


def _say_share(at: dict[str, float] | None) -> str:
    if at is None:
        return "–"
    limits = "" if pd.isna(at["low"]) else f" ({100 * at['low']:.0f} to {100 * at['high']:.0f})"
    return f"{100 * at['share']:.0f} %{limits}"


def _say_followed(at: dict[str, float] | None, audience: str) -> str:
    return "–" if at is None else tables.count(int(at["at_risk"]), audience)


def _half(curves: pd.DataFrame, name: str) -> str:
    group = curves[curves["group"] == name]
    below = group[group["share"] <= 0.5]
    if group.empty:
        return "too few to say"
    return f"until week {int(below['week'].iloc[0])}" if len(below) else "not reached in the time followed"


def _joined_later(intervals: Intervals) -> str:
    """Say why the number followed can rise: who waited when the period of the page began joins it at that age."""
    if intervals.since is None:
        return ""
    return (
        f" Children whose clock started before {show_date(intervals.since)} are followed from then on, so they join at the week "
        "that they had reached."
    )


def _begins_later(curves: pd.DataFrame) -> str:
    """Say which curves do not begin with the clock, and of whom they tell."""
    first = curves.groupby("group", sort=False)["week"].min()
    return "".join(
        f" The line '{name}' begins at week {week}: too few children were followed from the start, so it tells of those who "
        "had waited that long."
        for name, week in first.items()
        if week
    )
