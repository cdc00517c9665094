"""Bars and ranges of counts, shares and waits."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pace_nb import disclosure, tables, terms, theme
from pace_nb.charts.figure import Datasets, Figure
from pace_nb.charts.joined import layer
from pace_nb.intervals import Intervals
from pace_nb.waits import WaitSummary
from pace_nb.wording import say_children, say_weeks

WIDTH = 620


def draw_steps(steps: list[tuple[Intervals, WaitSummary]]) -> Figure:
    """Draw how long each step takes: the typical wait of everyone, and the middle half of those who finished."""
    data = Datasets()
    rows, spoken, numbers = [], [], []
    for intervals, waits in steps:
        audience = intervals.audience
        typical = disclosure.protect_median(waits.typical, waits.followed, audience)
        quartiles = waits.quartiles if audience == "working" or waits.reached >= disclosure.MEDIAN_OF else None
        low, high = (round(q / 7) for q in quartiles) if quartiles else (None, None)
        weeks = None if typical is None else round(typical / 7)
        name = intervals.aim.title
        rows.append(
            {
                "step": name,
                "typical": weeks,
                "low": low,
                "high": high,
                "name": "too few to say, or not reached"
                if weeks is None
                else f"{weeks} week{'' if weeks == 1 else 's'}",
            }
        )
        spoken.append(f"{name}: {say_weeks(waits.typical, waits.followed, audience, 'not reached or too few to say')}")
        numbers.append([name, "–" if weeks is None else str(weeks), "–" if low is None else f"{low} to {high}"])
    frame = pd.DataFrame(rows)
    order = frame["step"].tolist()
    y = alt.Y(
        "step:N", sort=order, title=None, axis=alt.Axis(labelLimit=300, ticks=False, domain=False, labelFontSize=12)
    )
    base = alt.Chart(data.only(frame, "step", "typical", "low", "high", "name")).encode(y=y)
    chart = layer(
        base.mark_bar(height=16, color=theme.WAITING).encode(x=alt.X("low:Q", title="Weeks"), x2=alt.X2("high:Q")),
        base.mark_tick(thickness=4, size=26, color=theme.INK).encode(x=alt.X("typical:Q")),
        base.transform_filter("isValid(datum.typical)")
        .mark_text(align="left", dx=8, dy=-17)
        .encode(x=alt.X("typical:Q"), text=alt.Text("name:N")),
        base.transform_filter("!isValid(datum.typical)")
        .mark_text(align="left", color=theme.QUIET)
        .encode(x=alt.XValue(4), text=alt.Text("name:N")),
    ).properties(width=WIDTH - 60, height=52 * len(order))
    return Figure(
        chart,
        f"How long each step takes. Typical wait, counting those still waiting: {'; '.join(spoken)}.",
        "Upright mark: the typical wait, after which half of all children who started no longer wait; children still waiting "
        "are counted. Bar: the middle half of those who finished.",
        ["Step", "Typical wait, weeks", "Middle half of those who finished, weeks"],
        numbers,
        data=data,
    )


def draw_who_waits(waiting: pd.DataFrame, audience: str) -> Figure:
    """Draw how many children wait after each milestone, by where they live. `waiting`: from `measures.who_waits`."""
    data = Datasets()
    stages = [m for m in terms.MILESTONES if m != "order_granted"]
    counts = pd.crosstab(waiting["stage"], waiting["placement"])
    table = counts.assign(total=counts.sum(axis=1)).astype(int)
    parts = range(len(counts.columns))
    shown = disclosure.protect_grid(table.to_numpy().tolist(), audience, {len(parts): parts}, down=[len(parts)])
    rows, numbers = [], []
    pairs = [(i, stage, j, group) for i, stage in enumerate(counts.index) for j, group in enumerate(counts.columns)]
    for i, stage, j, group in pairs:
        if not counts.iloc[i, j]:
            continue
        seen = shown[i][j]
        numbers.append([f"After: {terms.label(stage)}", terms.label(group), tables.cell(seen)])
        if isinstance(seen, int):
            rows.append({"stage": terms.label(stage), "group": terms.label(group), "children": seen, "code": group})
    if not rows:
        return Figure(
            None, "Too few children are waiting to show where they are.", "Too few children are waiting to show."
        )
    frame = pd.DataFrame(rows)
    codes = [c for c in theme.PLACEMENTS if c in set(frame["code"])]
    chart = (
        alt.Chart(data.only(frame, "stage", "group", "children"))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y(
                "stage:N",
                sort=[terms.label(s) for s in stages],
                title="Last milestone reached",
                axis=alt.Axis(labelLimit=220, ticks=False, domain=False),
            ),
            x=alt.X("sum(children):Q", title="Children waiting for the next step", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "group:N",
                title="Where they live",
                sort=[terms.label(c) for c in codes],
                scale=alt.Scale(domain=[terms.label(c) for c in codes], range=[theme.PLACEMENTS[c] for c in codes]),
            ),
            order=alt.Order("group:N"),
        )
        .properties(width=WIDTH - 120, height=38 * len(stages))
    )
    told = {s: n[-1] for s, n in zip(counts.index, shown, strict=True)}
    total = ", ".join(
        f"{say_children(int((waiting['stage'] == s).sum()), audience) if isinstance(told[s], int) else 'too few children to show'} "
        f"after '{terms.label(s)}'"
        for s in stages
        if s in told
    )
    return Figure(
        chart,
        f"Children waiting for the next step: {total}.",
        "Each row holds the children whose last recorded milestone is this one; its colours say where they live.",
        ["Last milestone", "Where they live", "Children"],
        numbers,
        data=data,
    )


def draw_completeness(table: pd.DataFrame, audience: str) -> Figure:
    """Draw the share of milestones whose date is recorded. `table`: from `measures.completeness`."""
    data = Datasets()
    rows, numbers = [], []
    for row in table.itertuples():
        for name, part, whole in (
            ("all years", row.recorded, row.passed),
            ("last two years", row.recorded_recent, row.passed_recent),
        ):
            share = disclosure.protect_share(part, whole, audience)
            numbers.append(
                [terms.label(row.milestone), name, tables.percent(part, whole, audience), tables.count(whole, audience)]
            )
            if share is not None:
                rows.append({"milestone": terms.label(row.milestone), "years": name, "share": share})
    if not rows:
        return Figure(None, "Too few children to show how complete the dates are.", "Too few children to show.")
    frame = pd.DataFrame(rows)
    order = [terms.label(m) for m in terms.MILESTONES]
    y = alt.Y("milestone:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False))
    x = alt.X(
        "share:Q",
        title="Share of children who passed the milestone whose date is recorded",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%"),
    )
    names = alt.Scale(domain=["all years", "last two years"], range=["circle", "diamond"])
    colors = alt.Scale(domain=["all years", "last two years"], range=[theme.QUIET, theme.POINT])
    base = alt.Chart(data.only(frame, "milestone", "years", "share")).encode(
        y=y,
        x=x,
        shape=alt.Shape("years:N", title="Period", scale=names),
        color=alt.Color("years:N", title="Period", scale=colors),
    )
    chart = layer(  # the wide ring stays visible round the small diamond where both shares are the same
        base.transform_filter("datum.years == 'all years'").mark_point(size=190, strokeWidth=2, opacity=1),
        base.transform_filter("datum.years != 'all years'").mark_point(size=60, filled=True, opacity=1),
    ).properties(width=WIDTH - 120, height=34 * len(order))
    spoken = "; ".join(f"{n[0]}, {n[1]}: {n[2]}" for n in numbers)
    return Figure(
        chart,
        f"How complete the milestone dates are. {spoken}.",
        "A child has passed a milestone when its date, or that of a later step, is recorded. Where a date is often missing, "
        "the waits before and after it are known for fewer children.",
        ["Milestone", "Period", "Recorded", "Passed"],
        numbers,
        data=data,
    )
