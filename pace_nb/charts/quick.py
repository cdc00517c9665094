"""The charts of controls, drawn at once: a run chart with those who wait, shares in time, medians, bands of waiting.

They show what the charts of the reports show and say it in the same words; only the drawing is another (`charts.sketch`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pace_nb import disclosure, theme
from pace_nb.charts.figure import Figure
from pace_nb.charts.run_chart_words import LETTERS, describe_run_chart, explain_run_chart, list_run_chart
from pace_nb.charts.sketch import Plot, bar, drawing, frame, line, mark, path, steps, text
from pace_nb.intervals import Intervals
from pace_nb.measures import waiting_bands
from pace_nb.runchart import RunChart

_WIDTH, _HEIGHT = 720, 360
_RIGHT = 146  # room for the names of the lines, in wide letters too
_SIDE = 300
_CUT = 2  # bars more than twice as long as the longest finished wait are cut off, and the chart says so


def draw_quick_run(run: RunChart, intervals: Intervals) -> Figure:
    """Draw a run chart with those who still wait beside it, as `charts.run_chart.draw_run_chart` does, with all its words."""
    alt, caption = describe_run_chart(run, intervals), explain_run_chart(run, intervals)
    svg = draw_run_at_once(run, intervals, alt)
    if not svg:
        return Figure(None, alt, "Too few children finished to draw a chart.")
    return Figure(None, alt, caption, *list_run_chart(run), child_level=_shows_children(run), svg=svg)


def draw_run_at_once(run: RunChart, intervals: Intervals, alt: str = "") -> str:
    """Return the drawing alone, "" where there is too little to draw. alt: its words, which may take longer than the drawing."""
    children = _shows_children(run)
    if (run.points.empty and intervals.waiting.empty) or (not children and run.points["value"].notna().sum() < 3):
        return ""
    top = _top(run, intervals if children else None)
    alt = alt or f"Run chart of {len(run.points):,} dots, {run.aim.clock}, {run.area}."
    beside = _waiting(intervals, top) if children else _bands(intervals)
    return f'<div class="beside">{draw_points(run, alt, top)}{beside}</div>'


def _shows_children(run: RunChart) -> bool:
    return run.kind != "period" and run.audience == "working"


def draw_points(
    run: RunChart,
    alt: str,
    top: float = 0,
    key: str | None = None,
    least: str = "30rem",
    width: float = _WIDTH,
    unit: str = "weeks",
) -> str:
    """Return the drawing of a run chart alone.

    top: of the scale of weeks; 0: as high as the chart needs. key: what the marks mean; None works it out. least: its least width
    on the page. width: of the drawing; a narrower one has larger letters on the same screen. unit: of the values; "" where it is not
    known.
    """
    n = len(run.points)
    top = top or _top(run, None)
    upwards = f"{unit.capitalize()} waited" if unit else "Value"
    plot = Plot(width, _HEIGHT, (0.4, n + 0.6), (0, top), right=_RIGHT)
    parts = [
        frame(plot, steps(top), _title(run), _key(run) if key is None else key, _below(run), upwards),
        *_months(plot, run),
    ]
    known = run.points[run.points["value"].notna()]
    there = [(plot.across(p), plot.down(v)) for p, v in zip(known["position"], known["value"], strict=True)]
    parts.append(path(there, theme.LINE))
    parts += _lines(plot, run, n, unit)
    parts += _changes(plot, run)
    for s in run.signals:
        if s.rule == "trend":
            part = run.points.iloc[s.first : s.last + 1].dropna(subset="value")
            spots = [(plot.across(p), plot.down(v)) for p, v in zip(part["position"], part["value"], strict=True)]
            parts.append(path(spots, theme.SIGNAL, 3, ' stroke-opacity="0.55"'))
    parts += _dots(run, known, there)
    return drawing(width, _HEIGHT, parts, alt, least)


def _dots(run: RunChart, known: pd.DataFrame, there: Sequence[tuple[float, float]]) -> list[str]:
    n = len(run.points)
    shifted = {i for s in run.signals if s.rule == "shift" for i in range(s.first, s.last + 1) if run.analysis.sides[i]}
    size = 4.6 if n <= 60 else 3.6 if n <= 150 else 2.6
    parts = []
    for i, (x, y), cohort in zip(known["position"].astype(int) - 1, there, known["cohort"], strict=True):
        color, shape = (theme.SIGNAL, "diamond") if i in shifted else (theme.POINT, "circle")
        parts.append(mark(x, y, shape, size, "white" if cohort == "backlog" else color, color, i))
        if run.kind != "period" and i in run.analysis.unusual:
            parts.append(f'<circle cx="{x}" cy="{y}" r="9" fill="none" stroke="{theme.INK}" stroke-width="1.3"/>')
    return parts


def _top(run: RunChart, intervals: Intervals | None) -> float:
    known = float(np.nanmax([run.points["value"].max(), run.aim.limit.weeks if run.aim.limit else 0, 1]))
    longest = intervals.waiting["days"].max() / 7 if intervals is not None and len(intervals.waiting) else 0.0
    return max(known, min(longest, _CUT * known)) * 1.06


def _title(run: RunChart) -> str:
    what = {"child": "child who finished", "decision": "decision", "period": "period", "made up": "wait"}[run.kind]
    return f"Each {what}, {'one after another' if run.kind == 'made up' else 'in order of the date'}"


def _key(run: RunChart) -> str:
    key = ["diamond: part of a shift"] if any(s.rule == "shift" for s in run.signals) else []
    key += ["thick line: trend"] if any(s.rule == "trend" for s in run.signals) else []
    key += ["hollow: started before the aim's from-date"] if (run.points["cohort"] == "backlog").any() else []
    key += ["ring: unusual"] if run.kind != "period" and run.analysis.unusual else []
    return " · ".join(key) or "No shift and no trend is marked"


def _below(run: RunChart) -> str:
    if run.kind == "made up":
        return "In the order in which they were given"
    if run.kind == "period":
        return "Period in which the wait ended"
    return "In the order in which they reached this step (with the month of some of them)"


def _months(plot: Plot, run: RunChart) -> list[str]:
    every = max(1, -(-len(run.points) // 8))
    some = run.points.iloc[::every]
    spots = zip(some["position"], some["label"], strict=True)
    return [text(plot.across(p), plot.floor + 16, str(name), 11, "middle") for p, name in spots]


def _lines(plot: Plot, run: RunChart, n: int, unit: str) -> list[str]:
    """The medians, each solid over the points that set it, and the limit; their names stand in the margin and never on one another."""
    rules, names = [], []
    if run.median is not None and not run.phases:
        rules.append((0.4, n + 0.6, run.median, theme.INK, ""))
    for phase in run.phases:
        value = run.in_weeks(phase.median)
        rules.append((phase.first + 0.5, phase.last + 1.5, value, theme.INK, ""))
        rules.append((phase.last + 1.5, phase.until + 1.5, value, theme.INK, "6 4"))
        if phase is not run.phases[-1]:
            rules.append((phase.until + 1.5, n + 0.6, value, theme.QUIET, "2 3"))
            names.append((value, f"Before: {value:.0f} weeks", theme.QUIET))
    if run.median is not None:
        median = f"{run.median:.1f}".removesuffix(".0") if run.kind == "made up" else f"{run.median:.0f}"
        names.append((run.median, f"Median {median} {unit}".rstrip(), theme.INK))
    if run.proposed is not None:
        value = run.in_weeks(run.proposed.median)
        rules.append((run.proposed.first + 0.5, n + 0.6, value, theme.SIGNAL, "2 3"))
        names.append((value, f"Proposed: {value:.0f} weeks", theme.SIGNAL))
    if run.aim.limit is not None:
        rules.append((0.4, n + 0.6, run.aim.limit.weeks, theme.LATE, "2 3"))
        names.append((run.aim.limit.weeks, f"Limit {run.aim.limit}", theme.LATE))
    drawn = [line(plot.across(a), plot.down(v), plot.across(b), plot.down(v), c, 1.8, d) for a, b, v, c, d in rules]
    spots: list[float] = []
    for value, _, _ in sorted(names, reverse=True):
        spots.append(max(plot.down(value), spots[-1] + 15 if spots else 0))
    for (_, words, color), y in zip(sorted(names, reverse=True), spots, strict=True):
        drawn.append(text(plot.width - plot.right + 8, y + 4, words, 12, color=color, bold=True))
    return drawn


def _changes(plot: Plot, run: RunChart) -> list[str]:
    parts = []
    for i, (position, change) in enumerate(run.changes):
        x = plot.across(position + 0.5)
        name = change.title if len(run.changes) == 1 else LETTERS[i % 26]
        left = x > plot.width * 0.55
        parts.append(line(x, plot.top, x, plot.floor, theme.QUIET, 1.2))
        parts.append(text(x + (-5 if left else 5), plot.top + 11 + 13 * (i % 4), name, 12, "end" if left else "start"))
    return parts


def _waiting(intervals: Intervals, top: float) -> str:
    """A bar for each child who waits, longest first, on the scale of the run chart."""
    days, late = intervals.waiting["days"].to_numpy(), intervals.waiting["late"].to_numpy(dtype=bool)
    n, overdue = len(days), int(late.sum())
    plot = Plot(_SIDE, _HEIGHT, (0, max(1, n)), (0, top), left=34, right=8)
    sub = f"{overdue:,} past the limit (dark), {n - overdue:,} not" if intervals.aim.limit else "no limit is set"
    parts = [frame(plot, steps(top), f"Still waiting: {n:,}", sub, "One bar a child, longest first")]
    wide = plot.across(1) - plot.across(0)
    for i, (d, is_late) in enumerate(zip(days, late, strict=True)):
        y = plot.down(min(d / 7, top))
        stroke = "white" if wide > 4 else "none"
        parts.append(bar(plot.across(i), y, wide, plot.floor - y, theme.LATE if is_late else theme.WAITING, stroke))
    if intervals.aim.limit:
        y = plot.down(intervals.aim.limit.weeks)
        parts.append(line(plot.left, y, plot.width - plot.right, y, theme.LATE, 1.8, "2 3"))
    cut = int((days / 7 > top).sum())
    if cut:
        words = f"{cut} cut off at the top: up to {int(days.max()) // 7:,} weeks"
        parts.append(text(plot.left, plot.top + 10, words, 11, color=theme.QUIET))
    return drawing(_SIDE, _HEIGHT, parts, f"{n:,} still waiting: {sub}.", "16rem")


def _bands(intervals: Intervals) -> str:
    bands = waiting_bands(intervals)
    shown = disclosure.protect_parts(bands["children"].tolist(), "aggregate")
    cells = shown or [disclosure.WITHHELD] * len(bands)
    return draw_bands(list(zip(bands["band"], cells, strict=True)), _SIDE)


def draw_bands(bands: Sequence[tuple[str, int | str | None]], width: float = 480, title: str = "Still waiting") -> str:
    """Return bars of how many wait how long. bands: name and protected count; None where it is hidden, a text where nothing is said."""
    most = max([n for _, n in bands if isinstance(n, int)], default=0) or 5
    room = 44
    plot = Plot(width, 54 + room * len(bands), (0, most * 1.35), (0, 1), left=118, right=10, bottom=6)
    parts = [text(4, 15, title, 14, bold=True), text(4, 30, "by how long so far", 12, color=theme.QUIET)]
    for i, (name, n) in enumerate(bands):
        y = 44 + room * i
        parts.append(text(110, y + 18, name, 13, "end"))
        value = n if isinstance(n, int) else 0
        words = "too few to show" if n is None else n if isinstance(n, str) else f"about {n:,}" if n else "0"
        if value:
            parts.append(bar(plot.left, y, plot.across(value) - plot.left, 28, theme.WAITING))
        parts.append(text(plot.across(value) + 6, y + 19, words, 13))
    said = "; ".join(
        f"{name}: {'too few to show' if n is None else 'not shown' if isinstance(n, str) else n}" for name, n in bands
    )
    return drawing(width, 54 + room * len(bands), parts, f"{title}, by how long so far. {said}.", "16rem")


def draw_share_points(
    points: Sequence[tuple[str, float | None, str, tuple[float, float] | None]],
    title: str,
    alt: str,
    target: int | None = None,
    width: float = _WIDTH,
) -> str:
    """Return shares in time, period by period.

    points: name, share, how many were due as text, Wilson interval or None. width: of the drawing; its letters stay as they are, so
    a narrower drawing has larger ones on the same screen.
    """
    n = len(points)
    plot = Plot(width, 300, (0.4, n + 0.6), (0, 1), left=62, right=84, bottom=62)
    parts = [frame(plot, [0, 0.25, 0.5, 0.75, 1], title, as_share=True, y_title="In time")]
    every = max(1, -(-n * 46 // int(width - 146)))
    for i, (name, _, due, _) in enumerate(points, 1):
        if (i - 1) % every == 0:
            parts.append(text(plot.across(i), plot.floor + 16, name, 11, "middle"))
            parts.append(text(plot.across(i), plot.floor + 31, due, 11, "middle", theme.QUIET))
    parts.append(text(plot.left, plot.height - 8, "When the children were due, and under it how many were", 12))
    if target is not None:
        y = plot.down(target / 100)
        parts.append(line(plot.left, y, plot.width - plot.right, y, theme.LATE, 1.6, "5 3"))
        parts.append(text(plot.width - plot.right + 6, y + 4, f"Aim: {target} %", color=theme.LATE, bold=True))
    spots = [(plot.across(i), plot.down(s)) for i, (_, s, _, _) in enumerate(points, 1) if s is not None]
    for i, (_, _, _, interval) in enumerate(points, 1):
        if interval is not None:
            x = plot.across(i)
            parts.append(line(x, plot.down(interval[0]), x, plot.down(interval[1]), theme.WAITING, 2))
    parts += [mark(x, y, "circle", 5, theme.POINT, theme.POINT) for x, y in spots]
    return drawing(width, 300, parts, alt)


def draw_medians(
    medians: Sequence[tuple[str, int | None]],
    centre: float | None,
    limit: float | None,
    alt: str,
    title: str,
    width: float = _WIDTH,
) -> str:
    """Return the median wait of each period. medians: (period, weeks or None); centre: the median of all; limit: in weeks."""
    n = len(medians)
    top = max([w for _, w in medians if w is not None] + [limit or 0, 1]) * 1.12
    plot = Plot(width, 330, (0.4, n + 0.6), (0, top), right=_RIGHT, top=24)
    parts = [frame(plot, steps(top), title, "", "Period in which the wait ended", "Median wait, weeks")]
    every = max(1, -(-n * 62 // int(width - 180)))
    parts += [
        text(plot.across(i), plot.floor + 16, name, 12, "middle")
        for i, (name, _) in enumerate(medians, 1)
        if (i - 1) % every == 0
    ]
    names = [(centre, f"Median {centre:.0f} weeks", theme.INK, "")] if centre is not None else []
    names += [(limit, f"Limit {limit:.0f} weeks", theme.LATE, "2 3")] if limit is not None else []
    last = -99.0
    for value, words, color, dash in sorted(names, reverse=True):
        y = plot.down(value)
        parts.append(line(plot.left, y, plot.width - plot.right, y, color, 1.8, dash))
        last = max(y, last + 16)
        parts.append(text(plot.width - plot.right + 8, last + 4, words, 12.5, color=color, bold=True))
    spots = [(plot.across(i), plot.down(w)) for i, (_, w) in enumerate(medians, 1) if w is not None]
    parts.append(path(spots, theme.LINE, 1.5))
    parts += [mark(x, y, "circle", 5, theme.POINT, theme.POINT) for x, y in spots]
    return drawing(width, 330, parts, alt)


def draw_curve(
    curve: Sequence[tuple[int, float]],
    limit: float | None,
    limit_words: str,
    alt: str,
    title: str,
    width: float = _WIDTH,
) -> str:
    """Return the share still waiting by weeks since the clock started. curve: (week, share)."""
    most = max(w for w, _ in curve)
    plot = Plot(width, 330, (0, most), (0, 1), left=62, right=40, top=24)
    parts = [
        frame(plot, [0, 0.25, 0.5, 0.75, 1], title, "", "Weeks since the clock started", "Still waiting", as_share=True)
    ]
    every = 13 * max(1, -(-most // (13 * 10)))
    parts += [text(plot.across(w), plot.floor + 16, str(w), 12, "middle") for w in range(0, most + 1, every)]
    if limit is not None and limit <= most:
        x = plot.across(limit)
        parts.append(line(x, plot.top, x, plot.floor, theme.LATE, 1.8, "2 3"))
        parts.append(text(x + 6, plot.top + 12, f"Limit {limit_words}", 12.5, color=theme.LATE, bold=True))
    spots = [(plot.across(w), plot.down(s)) for w, s in curve]
    parts.append(path(spots, theme.POINT, 2.4))
    parts += [mark(x, y, "circle", 4.5, theme.POINT, theme.POINT) for x, y in spots]
    return drawing(width, 330, parts, alt)


def draw_group_shares(
    groups: Sequence[tuple[str, float | None, str]], target: int | None, alt: str, title: str, width: float = _WIDTH
) -> str:
    """Return the share in time of each group as a bar with its number and of how many children it is.

    groups: name, share, how many were due as text; a share of None is too few to show. The groups stay in their order.
    """
    room = 44
    plot = Plot(width, 66 + room * len(groups), (0, 1), (0, 1), left=150, right=120, top=26, bottom=30)
    parts = [text(4, 15, title, 14, bold=True)]
    for share in (0, 0.25, 0.5, 0.75, 1):
        x = plot.across(share)
        parts.append(line(x, plot.top, x, plot.floor, theme.GRID))
        parts.append(text(x, plot.floor + 16, f"{100 * share:.0f} %", 12, "middle"))
    for i, (name, share, due) in enumerate(groups):
        y = plot.top + 6 + room * i
        parts.append(text(plot.left - 8, y + 18, name, 13, "end"))
        if share is not None:
            parts.append(bar(plot.left, y, plot.across(share) - plot.left, 26, theme.WAITING))
        words = "too few to show" if share is None else f"about {100 * share:.0f} % of {due}"
        parts.append(text((plot.left if share is None else plot.across(share)) + 6, y + 18, words, 13, bold=True))
    if target is not None:
        x = plot.across(target / 100)
        parts.append(line(x, plot.top, x, plot.floor, theme.LATE, 1.8, "5 3"))
        parts.append(text(x + 4, plot.top - 4, f"Aim: {target} %", 12.5, color=theme.LATE, bold=True))
    return drawing(width, 66 + room * len(groups), parts, alt)
