"""The ramp of a change idea: its cycles on a time line, each on the scale on which it was tried, from one child to the area."""

from __future__ import annotations

from datetime import date

import altair as alt

from pace_nb import theme
from pace_nb.charts.figure import Datasets, Figure
from pace_nb.charts.joined import layer
from pace_nb.periods import show_date
from pace_nb.tests_of_change import DECISIONS, SCALES, ChangeIdea

WIDTH, ROW = 700, 46
#: What a cycle ended in: the fill of its bar, and the sign before its name. Never the colour alone: the word stands beside it.
_LOOKS = {
    "adopt": (theme.POINT, "●"),
    "adapt": (theme.WAITING, "◐"),
    "abandon": (theme.LATE, "✕"),
    "": (theme.GRID, "…"),
}


def draw_ramp(idea: ChangeIdea, as_at: date) -> Figure:
    """Draw the cycles of an idea on a time line, scale growing upwards, each with what was decided."""
    if not idea.cycles:
        text = f"No cycle of '{idea.title}' had begun by {show_date(as_at)}."
        return Figure(None, text, text)
    data, bars, names = Datasets(), [], []
    order = list(SCALES)
    first, last = idea.cycles[0].start, max(c.end or as_at for c in idea.cycles)
    span = max(182, (last - first).days)
    for cycle in idea.cycles:
        fill, sign = _LOOKS[cycle.decision]
        # A week or two would be a hair on a line of years.
        end = max((cycle.end or as_at).toordinal(), cycle.start.toordinal() + span // 60)
        level = order.index(cycle.scale)
        word = cycle.decision or ("going on" if cycle.end is None else "no decision yet")
        bars.append(
            {"from": cycle.start.isoformat(), "to": date.fromordinal(end).isoformat(), "y": level, "fill": fill}
        )
        right = cycle.start.toordinal() - first.toordinal() > 0.7 * span
        place = date.fromordinal(end) if right else cycle.start
        names.append({"x": place.isoformat(), "y": level, "name": f"{cycle.number} {sign} {word}", "right": right})
    y = alt.Y(
        "y:Q",
        title=None,
        scale=alt.Scale(domain=[-0.5, len(order) - 0.3], nice=False),
        axis=alt.Axis(
            values=list(range(len(order))),
            labelExpr=f"{[SCALES[s][0].upper() + SCALES[s][1:] for s in order]!r}[datum.value]",
            ticks=False,
            domain=False,
            labelLimit=200,
        ),
    )
    x = alt.X("from:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=7, labelOverlap=True, labelFlush=False))
    drawn = (
        alt.Chart(data.add(bars))
        .mark_bar(height=14, stroke=theme.INK, strokeWidth=0.8)
        .encode(x=x, x2=alt.X2("to:T"), y=y, color=alt.Color("fill:N", scale=None, legend=None))
    )
    layers = [drawn]
    for right in (False, True):
        those = [{k: n[k] for k in ("x", "y", "name")} for n in names if n["right"] == right]
        if those:
            words = alt.Chart(data.add(those)).mark_text(align="right" if right else "left", dy=-16, fontWeight="bold")
            layers.append(words.encode(x=alt.X("x:T"), y=alt.Y("y:Q"), text=alt.Text("name:N")))
    rows = [
        [
            str(c.number),
            show_date(c.start),
            show_date(c.end) if c.end else "going on",
            SCALES[c.scale],
            f"{c.decision}: {DECISIONS[c.decision]}" if c.decision else "none yet",
        ]
        for c in idea.cycles
    ]
    spoken = "; ".join(f"cycle {r[0]}, {r[3]}, from {r[1]}, {r[4]}" for r in rows)
    return Figure(
        layer(*layers, width=WIDTH, height=ROW * len(order), title="The ramp of cycles"),
        f"The cycles of '{idea.title}' on a time line, on a growing scale: {spoken}.",
        "Each bar is one cycle, from its first day to its last, with what was decided: adapt, adopt or abandon. Higher is a larger scale. "
        "A ramp climbs: small and quick first, the whole area last.",
        ["Cycle", "From", "To", "Scale", "Decision"],
        rows,
        data=data,
    )
