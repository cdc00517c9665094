"""Charts of balancing measures: moves by year, waits of all steps side by side, reviews by year, time between rare events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt
import pandas as pd

from pace_nb import disclosure, tables, theme
from pace_nb.balancing import StepGroup, YearOfMoves, days_between
from pace_nb.charts.figure import Datasets, Figure
from pace_nb.charts.joined import beside, layer
from pace_nb.measures import ShareMet
from pace_nb.runchart import time_between_limits
from pace_nb.wording import say_weeks

WIDTH = 620
ENOUGH = 20  # events below which limits would rest on too little (method, A.2)
LINK_NAMES = {"first": "First review", "second": "Second review", "later": "Later reviews"}


def protect_rate(year: YearOfMoves, audience: str) -> float | None:
    """Return moves for each child-year as they may be shown: in aggregate from protected counts."""
    if audience == "working" or year.rate is None:
        return year.rate
    moves, years = (disclosure.protect_count(n, audience) for n in (year.moves, round(year.days / 365.25)))
    return moves / years if moves and years and years >= disclosure.MEDIAN_OF else None


def year_name(year: YearOfMoves) -> str:
    """Return a year's name; one of which a part only is known says so."""
    return year.year if year.over else f"{year.year} (part)"


def draw_moves(years: Sequence[YearOfMoves], audience: str) -> Figure:
    """Draw moves for each child-year away from home, and the share of children with more than one placement, by year."""
    data = Datasets()
    rows, numbers = [], []
    for year in years:
        rate = protect_rate(year, audience)
        share = disclosure.protect_share(year.several, year.children, audience)
        said = "–" if rate is None else f"{rate:.2f}"
        numbers.append([year_name(year), said, tables.percent(year.several, year.children, audience)])
        rows.append({"year": year_name(year), "rate": rate, "share": share, "name": said})
    if not any(r["rate"] is not None or r["share"] is not None for r in rows):
        text = "Too few children were away from home, or too few moved, to show this by year."
        return Figure(None, text, text)
    base = alt.Chart(data.only(pd.DataFrame(rows), "year", "rate", "share", "name"))
    x = alt.X("year:N", sort=[r["year"] for r in rows], title=None, axis=alt.Axis(labelAngle=-40, grid=False))
    size = {"width": WIDTH / 2 - 40, "height": 170}
    left = base.transform_filter("isValid(datum.rate)").mark_bar(color=theme.POINT, size=26)
    right = base.transform_filter("isValid(datum.share)").mark_bar(color=theme.WAITING, size=26)
    percent = alt.Axis(format="%")
    chart = beside(
        left.encode(x, alt.Y("rate:Q", title="Moves for each child-year")).properties(
            **size, title="Moves to another placement"
        ),
        right.encode(x, alt.Y("share:Q", title="Share of children", axis=percent)).properties(
            **size, title="More than one placement in the year"
        ),
        spacing=30,
    )
    spoken = "; ".join(
        f"{n[0]}: {n[1]} moves for each child-year, {n[2]} with more than one placement" for n in numbers
    )
    return Figure(
        chart,
        f"Moves of children away from home by looked after year. {spoken}.",
        "Years run from 1 August to 31 July. Left: new placements for each year that one child spends away from home, so that a year with "
        "more children can be compared with one with fewer. Right: of the children away from home in the year, those with more than "
        "one placement in it.",
        ["Looked after year", "Moves for each child-year", "More than one placement, %"],
        numbers,
        data=data,
    )


def draw_neighbours(groups: Sequence[StepGroup], audience: str) -> Figure:
    """Draw the typical wait of every step by the year in which the clock started, one row for each step."""
    data = Datasets()
    rows, numbers = [], []
    steps = list(dict.fromkeys(g.step for g in groups))
    for g in groups:
        days = disclosure.protect_median(g.waits.typical, g.waits.followed, audience)
        said = say_weeks(g.waits.typical, g.waits.followed, audience, "–").split(" ")[0]
        numbers.append([g.step, g.group, said, tables.count(g.waits.started, audience)])
        rows.append({"step": g.step, "year": g.group, "weeks": None if days is None else round(days / 7)})
    if not any(r["weeks"] is not None for r in rows):
        text = "There are not enough children in any year to compare the steps."
        return Figure(None, text, text)
    years, top = sorted({r["year"] for r in rows}), 1.3 * max(r["weeks"] or 0 for r in rows)  # room for the numbers
    steps = [s for s in steps if any(r["weeks"] is not None for r in rows if r["step"] == s)]
    drawn = alt.Chart(data.only(pd.DataFrame([r for r in rows if r["weeks"] is not None]), "step", "year", "weeks"))
    x = alt.X(
        "year:N",
        sort=years,
        scale=alt.Scale(domain=years),
        title="Year in which the clock started",
        axis=alt.Axis(labelAngle=0),
    )
    y = alt.Y("weeks:Q", title="Weeks", axis=alt.Axis(tickCount=3), scale=alt.Scale(domain=[0, top]))
    layers = layer(
        drawn.mark_line(color=theme.LINE, strokeWidth=1.5).encode(x, y),
        drawn.mark_point(filled=True, size=60, color=theme.POINT, opacity=1).encode(x, y),
        drawn.mark_text(dy=-11).encode(x, y, alt.Text("weeks:Q")),
    ).properties(width=WIDTH - 20, height=74)
    header = alt.Header(labelOrient="top", labelAnchor="start", labelFontWeight="bold", labelFontSize=12)
    chart = layers.facet(row=alt.Row("step:N", sort=steps, title=None, header=header), spacing=8)
    known = (n for n in numbers if n[2] != "–")
    return Figure(
        chart,
        f"Typical wait of each step by the year in which the clock started. {'; '.join(f'{n[0]}, {n[1]}: {n[2]} weeks' for n in known)}.",
        "Each row is one step, all on the same scale. Each point is the typical wait of the children whose clock started in that year, "
        "children still waiting counted. A year without a point has too few children, or fewer than half have stopped waiting.",
        ["Step", "Looked after year of the start", "Typical wait, weeks", "Started"],
        numbers,
        data=data,
    )


def draw_reviews(years: Mapping[str, Mapping[str, ShareMet]], audience: str) -> Figure:
    """Draw the share of reviews held in time by the looked after year in which they were due, one line for each kind."""
    data = Datasets()
    rows, numbers = [], []
    for year, kinds in years.items():
        for kind, share in kinds.items():
            shown = disclosure.protect_share(share.met, share.due, audience)
            percent = tables.percent(share.met, share.due, audience)
            numbers.append([year, LINK_NAMES[kind], percent, tables.count(share.due, audience)])
            if shown is not None and share.due >= disclosure.PERIOD_OF:
                rows.append({"year": year, "kind": LINK_NAMES[kind], "share": shown})
    if not rows:
        text = "Too few reviews were due in any year to show a share by year."
        return Figure(None, text, text)
    names = list(LINK_NAMES.values())
    base = alt.Chart(data.only(pd.DataFrame(rows), "year", "kind", "share")).encode(
        alt.X(
            "year:N",
            sort=list(years),
            title="Looked after year in which the review was due",
            axis=alt.Axis(labelAngle=0),
        ),
        alt.Y("share:Q", title="Held in time", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%")),
        alt.Color("kind:N", title=None, scale=alt.Scale(domain=names, range=[theme.POINT, theme.LATE, theme.QUIET])),
    )
    dashes = alt.StrokeDash("kind:N", title=None, scale=alt.Scale(domain=names, range=[[1, 0], [6, 4], [2, 3]]))
    shapes = alt.Shape("kind:N", title=None, scale=alt.Scale(domain=names, range=["circle", "diamond", "square"]))
    chart = layer(
        base.mark_line(strokeWidth=2).encode(dashes), base.mark_point(filled=True, size=80, opacity=1).encode(shapes)
    ).properties(width=WIDTH, height=230)
    spoken = "; ".join(f"{r['year']}, {r['kind'].lower()}: {100 * r['share']:.0f} %" for r in rows)
    return Figure(
        chart,
        f"Reviews held in time, by the year in which they were due. {spoken}.",
        "Only reviews whose due date has come are counted. Years with fewer than five reviews due are not drawn: one review would move "
        "the line too far.",
        ["Looked after year", "Review", "In time, %", "Due"],
        numbers,
        data=data,
    )


def draw_gaps(days: Sequence[date], what: str, audience: str) -> Figure:
    """Draw the time between rare events: with limits from 20 events on (a T chart), otherwise each event on a time line.

    days: when it happened; what: the event in words, such as "a return to care". Only for the working audience: each mark
    is a child's date.
    """
    each, between = days_between(days)
    if audience != "working":
        text = "The time from one to the next is not drawn here: each mark would be a child's date. The table has the counts by year."
        return Figure(None, text, text)
    if len(each) < 2:
        text = f"There is no time between two events to draw: {what} is recorded on {len(each)} day{'' if len(each) == 1 else 's'}."
        return Figure(None, text, text)
    weeks = ", ".join(f"{gap / 7:.0f}" for gap in between)
    numbers = [[f"{day:%B %Y}", f"{gap / 7:.1f}"] for day, gap in zip(each[1:], between, strict=True)]
    columns = [f"Month of {what}", "Weeks since the one before"]
    if len(each) < ENOUGH:
        text = (
            f"{len(each)} days on which there was {what}, with these weeks from each to the next: {weeks}. With fewer than {ENOUGH} "
            "there are too few to say what chance alone would do, so no limits are drawn."
        )
        data = Datasets()
        return Figure(_strip(each, data), text, text, columns, numbers, child_level=True, data=data)
    return _time_between(each, between, what, columns, numbers)


def _strip(each: Sequence[date], data: Datasets) -> alt.Chart:
    marks = alt.Chart(data.add([{"day": day.isoformat()} for day in each]))
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6))
    return marks.mark_tick(thickness=3, size=26, color=theme.POINT).encode(x).properties(width=WIDTH, height=46)


def _time_between(each: Sequence[date], between: Sequence[int], what: str, columns: list[str], numbers: list) -> Figure:
    data, limits = Datasets(), time_between_limits(between)
    rows = [
        {"place": i, "month": f"{day:%b %Y}", "weeks": gap / 7, "out": not limits.lower <= gap <= limits.upper}
        for i, (day, gap) in enumerate(zip(each[1:], between, strict=True), 1)
    ]
    lines = [
        {"weeks": value / 7, "name": f"{name} {value / 7:.0f} weeks", "dash": dash}
        for name, value, dash in (("Middle", limits.centre, "solid"), ("Upper limit", limits.upper, "limit"))
    ]
    every = max(1, len(rows) // 8)
    names = {str(r["place"]): r["month"] for r in rows[::every]}
    axis = alt.Axis(
        values=[int(k) for k in names],
        grid=False,
        labelExpr=f"({names!r})[toString(datum.value)] || ''",
        labelOverlap=True,
    )
    x = alt.X(
        "place:Q",
        title="One event after another (month)",
        axis=axis,
        scale=alt.Scale(domain=[0.4, len(rows) + 0.6], nice=False),
    )
    y = alt.Y("weeks:Q", title="Weeks since the one before")
    points, rules = alt.Chart(data.add(rows)), alt.Chart(data.add(lines))
    shape = alt.Shape("out:N", legend=None, scale=alt.Scale(domain=[False, True], range=["circle", "diamond"]))
    color = alt.Color("out:N", legend=None, scale=alt.Scale(domain=[False, True], range=[theme.POINT, theme.SIGNAL]))
    dashes = alt.StrokeDash("dash:N", legend=None, scale=alt.Scale(domain=["solid", "limit"], range=[[1, 0], [2, 3]]))
    chart = layer(
        points.mark_line(color=theme.LINE, strokeWidth=1).encode(x, y),
        rules.mark_rule(strokeWidth=1.6, color=theme.INK).encode(y, dashes),
        rules.mark_text(align="left", dx=6, fontWeight="bold").encode(y, alt.Text("name:N"), x=alt.XValue(WIDTH)),
        points.mark_point(filled=True, size=60, opacity=1).encode(x, y, color, shape),
    ).properties(width=WIDTH, height=220)
    outside = sum(r["out"] for r in rows)
    said = (
        "No gap lies outside the limits: the time between them varies no more than we would expect by chance."
        if not outside
        else f"{outside} lie{'s' if outside == 1 else ''} outside the limits (diamonds): look at what was different then."
    )
    return Figure(
        chart,
        f"Time between one {what.split(' ', 1)[-1]} and the next: {len(rows)} gaps, middle {limits.centre / 7:.0f} weeks. {said}",
        f"Higher is better: a longer time without {what}. {said} Events on one day count once. The limits are those of a T chart: gaps to "
        "the power 1/3.6, three times their mean moving range / 1.128 either side of the mean, turned back; the lower one is "
        f"{limits.lower / 7:.1f} weeks.",
        columns,
        numbers,
        child_level=True,
        data=data,
    )
