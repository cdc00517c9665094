"""Placement histories of a group of children, stacked, each from the day its clock started."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from pace_nb import terms, theme
from pace_nb.aims import Aim
from pace_nb.charts.figure import Datasets, Figure, text_width
from pace_nb.timelines import Journey

WIDTH = 800
GUTTER = 150  # left of the rows, for the labels


class _Picture:
    """Collects rectangles, marks and words in pixels and turns them into one chart."""

    def __init__(self) -> None:
        self.data = Datasets()
        self.boxes: list[dict] = []
        self.marks: list[dict] = []
        self.words: list[dict] = []
        self.rules: list[dict] = []

    def box(self, x: float, x2: float, y: float, height: float, fill: str, stroke: str = "white") -> None:
        self.boxes.append({"x": x, "x2": max(x2, x + 1.5), "y": y, "y2": y + height, "fill": fill, "stroke": stroke})

    def mark(self, x: float, y: float, shape: str, fill: str) -> None:
        self.marks.append({"x": x, "y": y, "shape": shape, "fill": fill})

    def say(
        self, x: float, y: float, text: str, align: str = "left", color: str = theme.INK, bold: bool = False
    ) -> None:
        self.words.append(
            {"x": x, "y": y, "text": text, "align": align, "color": color, "weight": "bold" if bold else "normal"}
        )

    def rule(self, x: float, y: float, y2: float, color: str, dash: bool = False) -> None:
        self.rules.append({"x": x, "y": y, "y2": y2, "color": color, "dash": "dashed" if dash else "solid"})

    def chart(self, height: float, first_y: float = 0) -> alt.LayerChart:
        def data(rows: list[dict]) -> alt.NamedData:
            return self.data.add([{k: round(v, 1) if isinstance(v, float) else v for k, v in r.items()} for r in rows])

        x = alt.X("x:Q", scale=alt.Scale(domain=[-GUTTER, WIDTH], nice=False), axis=None)
        y = alt.Y("y:Q", scale=alt.Scale(domain=[height, first_y], nice=False), axis=None)
        fill, color = alt.Color("fill:N", scale=None, legend=None), alt.Color("color:N", scale=None, legend=None)
        layers: list[alt.Chart] = []
        for dash, pattern in (("solid", [1, 0]), ("dashed", [3, 3])):
            rows = [r for r in self.rules if r["dash"] == dash]
            if rows:
                layers.append(
                    alt.Chart(data(rows)).mark_rule(strokeDash=pattern).encode(x=x, y=y, y2="y2:Q", color=color)
                )
        if self.boxes:
            stroke = alt.Stroke("stroke:N", scale=None, legend=None)
            layers.append(
                alt.Chart(data(self.boxes))
                .mark_rect(strokeWidth=1)
                .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", fill=alt.Fill("fill:N", scale=None, legend=None), stroke=stroke)
            )
        if self.marks:
            layers.append(
                alt.Chart(data(self.marks))
                .mark_point(filled=True, size=80, opacity=1, stroke="white", strokeWidth=0.6)
                .encode(x=x, y=y, shape=alt.Shape("shape:N", scale=None, legend=None), color=fill)
            )
        for align in ("left", "center", "right"):
            for weight in ("normal", "bold"):
                rows = [r for r in self.words if r["align"] == align and r["weight"] == weight]
                if rows:
                    layers.append(
                        alt.Chart(data(rows))
                        .mark_text(align=align, baseline="middle", fontWeight=weight, clip=False)
                        .encode(x=x, y=y, text="text:N", color=color)
                    )
        return alt.layer(*layers).properties(width=WIDTH + GUTTER, height=height - first_y)


def draw_histories(journeys: Sequence[Journey], aim: Aim) -> Figure:
    """Draw a group's placement histories stacked, each from the day its clock started; longest wait at the top."""
    if not journeys:
        return Figure(None, "No child is in this group.", "No child is in this group.", child_level=True)
    longest = max(j.wait_days for j in journeys)
    picture, rows = _Picture(), []
    for i, journey in enumerate(journeys):
        y = i * 17.0
        start = journey.first
        picture.say(-10, y + 7, journey.label, "right")
        for stay in journey.placements:
            low, high = (max(0, (d - start).days) / longest * (WIDTH - 90) for d in (stay.start, stay.end))
            if stay.end > start:
                picture.box(low, high, y, 14, theme.PLACEMENTS[stay.code])
        for event in journey.events:
            if event.code in ("review", "hearing") and event.day >= start:
                picture.mark((event.day - start).days / longest * (WIDTH - 90), y + 7, "circle", theme.INK)
        weeks = journey.wait_days // 7
        picture.say((WIDTH - 90) + 6, y + 7, f"{weeks} weeks")
        now = journey.lives
        rows.append(
            [
                journey.label,
                str(weeks),
                str(len(journey.placements)),
                terms.label(now.code) if now else "–",
            ]
        )
    height = len(journeys) * 17.0
    per = 13 if longest // 7 <= 130 else 26 if longest // 7 <= 400 else 52
    for week in range(0, longest // 7 + 1, per):
        x = week * 7 / longest * (WIDTH - 90)
        picture.rule(x, 0, height, theme.GRID)
        picture.say(x, height + 10, str(week), "center")
    picture.say(-10, height + 10, "Weeks since the start", "right")
    if aim.limit is not None and aim.limit.weeks * 7 <= longest:
        x = aim.limit.weeks * 7 / longest * (WIDTH - 90)
        picture.rule(x, 0, height, theme.LATE, dash=True)
        picture.say(x, -8, f"limit: {aim.limit}", "center", theme.LATE)
    codes = [
        c for c in theme.PLACEMENTS if any(p.code == c and p.end > j.first for j in journeys for p in j.placements)
    ]
    x = 0.0
    for code in codes:
        picture.box(x, x + 14, height + 28, 14, theme.PLACEMENTS[code])
        picture.say(x + 19, height + 35, terms.label(code))
        x += text_width(terms.label(code)) + 38
    words = f"Placement histories of {len(journeys)} children from the day their clock started, longest wait first."
    return Figure(
        picture.chart(height + 50, -18),
        words,
        "Each row is a child. Colours are places to live, dots are reviews and hearings.",
        ["Child", "Weeks so far", "Placements", "Lives now"],
        rows,
        child_level=True,
        data=picture.data,
    )
