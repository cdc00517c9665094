"""The share in time, period by period of the due date, with how far chance alone could carry it."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from pace_nb import disclosure, tables, theme
from pace_nb.charts.figure import Datasets, Figure
from pace_nb.charts.joined import layer
from pace_nb.intervals import Intervals
from pace_nb.measures import PeriodShare, choose_period, share_by
from pace_nb.wording import say_share

WIDTH = 640
HEIGHT = 130
LEAST = 2  # a panel with fewer points says nothing that the table does not
UNDER = -0.1  # where the number of children stands: under the line of 0 %
COLUMNS = ("aim", "mark", "day", "until", "share", "low", "high", "children")


def draw_shares(aims: Sequence[Intervals]) -> Figure:
    """Draw, for each aim with a limit, the share in time by month, quarter or year of the due date.

    One panel for each aim, on one scale of time. A point is the share of the children who were due in the period (at its
    middle), the bar through it Wilson's 95 % interval (not in the aggregate audience, whose shares are protected); the
    number under it is how many were due. A dashed line is the target, from the from-date on.
    """
    data = Datasets()
    rows, numbers, spoken, left_out = [], [], [], []
    for intervals in aims:
        by = choose_period(intervals)
        periods = share_by(intervals, by)
        shown = _protected(intervals, periods)
        if sum(_known(intervals, p, met) is not None for p, (_, met) in zip(periods, shown, strict=True)) < LEAST:
            left_out.append(intervals.aim.title)
            continue
        rows += [_mark(intervals, p, due, met) for p, (due, met) in zip(periods, shown, strict=True)]
        rows += _target(intervals, periods)
        numbers += _numbers(intervals, periods)
        spoken.append(f"{intervals.aim.title}, by {by}: {_ends(intervals, periods, shown)}")
    if not rows:
        return Figure(
            None, "Too few children were due to draw shares.", "Too few children were due in any period to draw shares."
        )
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    titles = list(dict.fromkeys(frame["aim"]))
    return Figure(
        _chart(data.only(frame, *COLUMNS), titles),
        f"Share of children who had the step in time, of those who were due. {'; '.join(spoken)}.",
        _caption(aims[0].audience) + _not_drawn(left_out),
        ["Aim", "Due in", "Children due", "In time", "In time, %", "Allowing for chance"],
        numbers,
        data=data,
    )


def share_series(intervals: Intervals, by: str = "") -> dict[str, object]:
    """Return the share in time, period by period of the due date, as a page tells it: for the small drawing of an index.

    by: "month", "quarter" or "year"; without one, the period that `draw_shares` would take, so that nothing is told that the
    page does not tell. Keys: "of" (what of whom, in words), "periods" (their names), "values" (whole per cent, or None where the
    share may not be shown or nobody was due). Empty where fewer than two values may be shown.
    """
    by = by or choose_period(intervals)
    periods = share_by(intervals, by)
    shown = _protected(intervals, periods)
    known = [_known(intervals, p, met) for p, (_, met) in zip(periods, shown, strict=True)]
    if sum(share is not None for share in known) < LEAST:
        return {}
    return {
        "of": f"share in time of the children who were due, by {by}",
        "periods": [p.label for p in periods],
        "values": [None if share is None else round(100 * share) for share in known],
    }


def _known(intervals: Intervals, period: PeriodShare, met: int | str | None) -> float | None:
    """Return the share in time as it may be shown; met: from `_protected`."""
    if not isinstance(met, int):
        return None
    return disclosure.protect_share(period.share.met, period.share.due, intervals.audience)


def _mark(intervals: Intervals, period: PeriodShare, due: int | str | None, met: int | str | None) -> dict[str, object]:
    audience, share = intervals.audience, period.share
    low, high = share.interval if share.due and audience == "working" else (None, None)
    return {
        "aim": intervals.aim.title,
        "mark": "share",
        "day": str((pd.Timestamp(period.first) + (pd.Timestamp(period.last) - pd.Timestamp(period.first)) / 2).date()),
        "until": None,
        "share": _known(intervals, period, met),
        "low": low,
        "high": high,
        "children": tables.cell(due),
    }


def _target(intervals: Intervals, periods: Sequence[PeriodShare]) -> list[dict[str, object]]:
    aim = intervals.aim
    if aim.target is None:
        return []
    first = max(aim.from_date, periods[0].first) if aim.from_date else periods[0].first
    return [
        {
            "aim": aim.title,
            "mark": "target",
            "day": str(first),
            "until": str(max(periods[-1].last, first)),
            "share": aim.target / 100,
            "children": f"Aim: {aim.target} %",
        }
    ]


def _chart(name: alt.NamedData, titles: Sequence[str]) -> alt.TopLevelMixin:
    share = alt.Y(
        "share:Q",
        title="In time",
        scale=alt.Scale(domain=[2 * UNDER, 1.15]),
        axis=alt.Axis(format="%", values=[0, 0.5, 1], domain=False),
    )
    day = alt.X(
        "day:T",
        title="When the children were due",
        scale=alt.Scale(padding=14),
        axis=alt.Axis(format="%Y", tickCount="year", grid=True),
    )
    base = alt.Chart().encode(x=day)
    shares = base.transform_filter("datum.mark == 'share'")
    target = base.transform_filter("datum.mark == 'target'")
    layers = layer(
        target.mark_rule(color=theme.LATE, strokeDash=[5, 3], strokeWidth=1.6).encode(x2=alt.X2("until:T"), y=share),
        target.mark_text(color=theme.LATE, align="left", dy=-7, fontWeight="bold").encode(
            y=share, text=alt.Text("children:N")
        ),
        shares.transform_filter("isValid(datum.low)")
        .mark_rule(color=theme.WAITING, strokeWidth=2)
        .encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q")),
        shares.transform_filter("isValid(datum.share)")
        .mark_point(filled=True, size=55, color=theme.POINT, opacity=1)
        .encode(y=share),
        shares.mark_text(color=theme.QUIET, fontSize=10).encode(y=alt.YDatum(UNDER), text=alt.Text("children:N")),
        data=name,
    ).properties(width=WIDTH, height=HEIGHT)
    header = alt.Header(title=None, labelOrient="top", labelAnchor="start", labelFontWeight="bold", labelLimit=WIDTH)
    return layers.facet(facet=alt.Facet("aim:N", sort=list(titles), header=header), columns=1)


def _protected(intervals: Intervals, periods: Sequence[PeriodShare]) -> list[list[int | str | None]]:
    """Return how many were due in each period and how many in time, as they may be shown beside their sums."""
    counts = [[p.share.due, p.share.met] for p in periods]
    return disclosure.protect_grid(counts, intervals.audience, {0: [1]}, [(1, 0)], (0, 1))


def _numbers(intervals: Intervals, periods: Sequence[PeriodShare]) -> list[list[str]]:
    rows = []
    for period, (due, met) in zip(periods, _protected(intervals, periods), strict=True):
        share, chance, in_time = period.share, "–", disclosure.HIDDEN
        if share.due and intervals.audience == "working":
            low, high = share.interval
            chance = f"{100 * low:.0f} to {100 * high:.0f} %"
        if isinstance(met, int):
            in_time = tables.percent(share.met, share.due, intervals.audience)
        cells = ["0", "–", "no child was due"] if due == 0 else [tables.cell(due), tables.cell(met), in_time]
        rows.append([intervals.aim.title, period.label, *cells, chance])
    return rows


def _ends(intervals: Intervals, periods: Sequence[PeriodShare], shown: Sequence[Sequence[int | str | None]]) -> str:
    """Say the first and the last period in which a child was due."""
    due = [(p, met) for p, (_, met) in zip(periods, shown, strict=True) if p.share.due]
    return ", ".join(
        f"{p.label} {say_share(p.share.met, p.share.due, intervals.audience) if isinstance(met, int) else 'too few to show'}"
        for p, met in {due[0][0].label: due[0], due[-1][0].label: due[-1]}.values()
    )


def _not_drawn(titles: Sequence[str]) -> str:
    return f" Not drawn, because too few children were due or no limit is set: {'; '.join(titles)}." if titles else ""


def _caption(audience: str) -> str:
    said = (
        "Each point is the share of the children due in that period who had the step by their due date; the number under it is how "
        "many were due. Children not yet due are in none of them. The dashed line is the aim, from the day on which it began. "
    )
    if audience == "working":
        said += "The bar through a point shows how far chance alone could carry it: with few children it is long. "
    else:
        said += "Where fewer than ten were due, or nobody or everybody made it, no point is shown. "
    return said + "The last period may not be over."
