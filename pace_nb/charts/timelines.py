"""Timelines: one child's journey in lanes, siblings on one axis, and a group's placement histories stacked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import altair as alt
import pandas as pd

from pace_nb import terms, theme
from pace_nb.aims import Aim
from pace_nb.charts.figure import Datasets, Figure, text_width
from pace_nb.periods import age, birthday, show_date
from pace_nb.timelines import Journey

WIDTH = 800
GUTTER = 150  # left of the lanes, for their names
BAR = 22
ROW = 26
LABEL = 16  # height of one row of milestone labels
MILESTONES = (*terms.MILESTONES, "return_home", "cso_review", "referral")


class _Scale:
    """Turns days into pixels, so that labels can be laid where they fit."""

    def __init__(self, first: date, last: date):
        span = max((last - first).days, 60)
        self.first = pd.Timestamp(first) - pd.Timedelta(days=max(3, span // 60))
        self.last = pd.Timestamp(last) + pd.Timedelta(days=max(3, span // 60))
        self.span = (self.last - self.first).days

    def px(self, day: pd.Timestamp | date) -> float:
        return (pd.Timestamp(day) - self.first).days / self.span * WIDTH

    def axis(self) -> list[tuple[float, str]]:
        """Return where the calendar is marked: years, or months where there are few of them."""
        years = self.span / 365
        step = 1 if years < 0.7 else 3 if years < 2.5 else 6 if years < 5 else 12 if years < 12 else 24
        marks = pd.date_range(self.first.to_period("M").start_time, self.last, freq="MS")
        marks = [m for m in marks if (m.month - 1 + 12 * m.year) % step == 0 and m >= self.first]
        return [(self.px(m), f"{m:%Y}" if step >= 12 else f"{m:%b %Y}") for m in marks]


def _lay(spans: list[tuple[float, float]], gap: float = 0.0) -> list[int]:
    """Return a row for each span so that none overlaps another in its row; first row first."""
    ends: list[float] = []
    rows = []
    for low, high in spans:
        row = next((i for i, end in enumerate(ends) if low >= end + gap), len(ends))
        ends[row : row + 1] = [high]
        rows.append(row)
    return rows


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

    def key(self, y: float, name: str, shape: str, fill: str) -> None:
        """Name a lane of marks, with the mark before the name."""
        self.say(-10, y, name, "right", bold=True)
        self.mark(-10 - text_width(name) - 16, y, shape, fill)

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


def draw_timeline(journey: Journey, aim: Aim | None = None) -> Figure:
    """Draw one child's journey: places, legal basis, meetings, milestones, long silences, age and date."""
    scale, picture = _Scale(journey.first, journey.as_at), _Picture()
    y = _lanes(picture, scale, journey, 0.0)
    y = _milestones(picture, scale, journey, aim, y)
    _calendar(picture, scale, y, journey)
    title = f"{journey.label}: {show_date(journey.first)} to {show_date(journey.as_at)}"
    chart = picture.chart(y + 44).properties(title=title)
    return Figure(chart, describe_journey(journey), _key(), *_table(journey), child_level=True, data=picture.data)


def _lanes(picture: _Picture, scale: _Scale, journey: Journey, y: float) -> float:
    y = _bars(picture, scale, journey.placements, "Where the child lived", y, placements=True)
    y = _bars(picture, scale, journey.legal, "Legal basis", y + 8, placements=False)
    meetings = journey.events[journey.events["code"].isin(["review", "hearing"])]
    if len(meetings):
        y += 8
        for code, shape, name in (("review", "circle", "Reviews"), ("hearing", "triangle-up", "Hearings")):
            those = meetings[meetings["code"] == code]
            if len(those):
                picture.key(y + ROW / 2, name, shape, theme.QUIET)
                for day in those["date"]:
                    picture.mark(scale.px(day), y + ROW / 2, shape, theme.QUIET)
                y += ROW
    return y


def _bars(picture: _Picture, scale: _Scale, stays: pd.DataFrame, name: str, y: float, placements: bool) -> float:
    picture.say(-10, y + ROW / 2, name, "right", bold=True)
    if stays.empty:
        picture.say(4, y + ROW / 2, "nothing recorded", color=theme.QUIET)
        return y + ROW
    spans = [(scale.px(a), scale.px(b)) for a, b in zip(stays["start"], stays["end"], strict=True)]
    rows = _lay(spans)
    for stay, (low, high), row in zip(stays.itertuples(), spans, rows, strict=True):
        group = terms.PLACEMENT_GROUPS.get(stay.code, "other") if placements else None
        fill = theme.PLACEMENTS[stay.code] if placements else "#dfe6ee"
        ink = theme.ON_PLACEMENT[stay.code] if placements else theme.INK
        picture.box(low, high, y + row * ROW, BAR, fill, "white" if placements else theme.QUIET)
        label = terms.label(group if placements and stay.code not in ("secure",) else stay.code)
        for text in (label, _short(label)):
            if text_width(text) + 8 < high - low:
                picture.say(low + 5, y + row * ROW + BAR / 2, text, color=ink)
                break
    return y + (max(rows) + 1) * ROW


def _short(label: str) -> str:
    short = {
        "Compulsory supervision order": "CSO",
        "Interim supervision order": "ICSO",
        "Section 25 (voluntary)": "s.25",
        "Child protection order": "CPO",
        "Permanence order": "PO",
        "Permanence order with authority to adopt": "POA",
        "Kinship care order (section 11)": "KCO",
        "At home with parents": "Home",
        "Kinship care": "Kin",
        "Foster care": "Foster",
        "Residential care": "Res.",
        "Prospective adopters": "Adopters",
        "Adoption order": "Adoption",
    }
    return short.get(label, label[:4])


def _milestones(picture: _Picture, scale: _Scale, journey: Journey, aim: Aim | None, y: float) -> float:
    events = journey.events[journey.events["code"].isin(MILESTONES)].sort_values(["date", "code"], kind="stable")
    y += 12
    picture.key(y + ROW / 2, "Milestones", "diamond", theme.SIGNAL)
    top = y
    labels = []
    before = None
    for event in events.itertuples():
        x = scale.px(event.date)
        picture.mark(x, y + ROW / 2, "diamond", theme.SIGNAL)
        weeks = f", {(event.date - before).days // 7} weeks later" if before is not None else ""
        route = f" ({terms.lower(event.route)})" if isinstance(event.route, str) else ""
        labels.append((x, f"{terms.label(event.code)}{route}, {event.date.day} {event.date:%b %Y}{weeks}"))
        before = event.date
    spans = []
    for x, text in labels:
        width = text_width(text) + 6
        spans.append((x, x + width) if x + width < WIDTH else (x - width, x))
    rows: list[int] = []
    taken: list[list[tuple[float, float]]] = []
    for span in spans:
        row = next((i for i, r in enumerate(taken) if all(span[1] < a or span[0] > b for a, b in r)), len(taken))
        if row == len(taken):
            taken.append([])
        taken[row].append(span)
        rows.append(row)
    y += ROW
    for (x, text), span, row in zip(labels, spans, rows, strict=True):
        line = y + row * LABEL + LABEL / 2
        picture.rule(x, top + ROW / 2, line, theme.GRID)
        picture.say(x + (3 if span[0] == x else -3), line, text, "left" if span[0] == x else "right")
    y += (max(rows, default=-1) + 1) * LABEL
    started = events.loc[events["code"] == (aim.start if aim else ""), "date"]
    if aim and aim.limit and len(started):
        due = aim.limit.due(started.iloc[0].date())
        if pd.Timestamp(due) <= scale.last:
            picture.rule(scale.px(due), 0, y, theme.LATE, dash=True)
            y += LABEL
            picture.say(
                scale.px(due) + 3,
                y - LABEL / 2,
                f"limit of {aim.limit} reached, {due.day} {due:%b %Y}",
                color=theme.LATE,
            )
    for silence in journey.silences.itertuples():
        y += 6
        low, high = scale.px(silence.start), scale.px(silence.end)
        picture.box(low, high, y, 18, theme.SHADE, "#c9a86a")
        text = f"{silence.weeks} weeks with no recorded milestone"
        width = text_width(text) + 8
        if width < high - low:
            picture.say((low + high) / 2, y + 9, text, "center")
        elif high + width < WIDTH:
            picture.say(high + 5, y + 9, text)
        else:
            picture.say(low - 5, y + 9, text, "right")
        y += 18
    if len(journey.silences):
        picture.say(-10, y - 9, "Long silences", "right", bold=True)
    return y + 8


def _calendar(picture: _Picture, scale: _Scale, y: float, journey: Journey | None) -> None:
    last = -1e9
    for x, name in scale.axis():
        picture.rule(x, 0, y, theme.GRID)
        if x - last > text_width(name) + 14 and x > text_width(name) / 2 and x + text_width(name) / 2 < WIDTH + 20:
            picture.say(x, y + 10, name, "center", theme.INK)
            last = x
    if journey is None or journey.born is None:
        return
    picture.say(-10, y + 10, "Date", "right", bold=True)
    picture.say(-10, y + 28, "Age", "right", bold=True)
    last = -1e9
    for years in range(0, 19):
        day = journey.born if years == 0 else birthday(journey.born, years)
        x = scale.px(day)
        name = "born" if years == 0 else str(years)
        if 0 <= x <= WIDTH and x - last > text_width(name) + 8:
            picture.say(x, y + 28, name, "center", theme.QUIET)
            last = x


def describe_journey(journey: Journey) -> str:
    """Return one child's journey in plain sentences."""
    who = journey.label
    said = []
    if journey.born:
        start = journey.placements["start"].min() if len(journey.placements) else pd.Timestamp(journey.first)
        old = age(journey.born, start.date())
        years = "under one year old" if old < 1 else "1 year old" if old == 1 else f"{old} years old"
        said.append(f"{who} was {years} when this record of care begins, on {show_date(start.date())}.")
    places = len(journey.placements)
    if places:
        now = journey.placements[journey.placements["open"]]
        where = f" and now lives: {terms.lower(now.iloc[-1]['code'])}" if len(now) else " and is no longer looked after"
        said.append(f"{who} has lived in {places} placement{'s' if places > 1 else ''}{where}.")
    chain = journey.events[journey.events["code"].isin(MILESTONES)].sort_values("date", kind="stable")
    if len(chain):
        said.append(
            "Milestones: "
            + "; ".join(f"{terms.lower(e.code)} on {show_date(e.date.date())}" for e in chain.itertuples())
            + "."
        )
    else:
        said.append("No milestone is recorded.")
    if len(journey.silences):
        longest = int(journey.silences["weeks"].max())
        said.append(f"The longest stretch with no recorded milestone is {longest} weeks.")
    return " ".join(said)


def _key() -> str:
    return (
        "Bars: where the child lived and on what legal basis. Circles are reviews, triangles hearings, diamonds milestones with the "
        "weeks since the one before. Shaded: half a year or more with no recorded milestone. Nothing recorded is not the same as "
        "nothing done."
    )


def _table(journey: Journey) -> tuple[list[str], list[list[str]]]:
    rows = [
        (s.start, "Placement", terms.label(s.code), "" if s.open else show_date(s.end.date()))
        for s in journey.placements.itertuples()
    ]
    rows += [
        (s.start, "Legal basis", terms.label(s.code), "" if s.open else show_date(s.end.date()))
        for s in journey.legal.itertuples()
    ]
    rows += [
        (
            e.date,
            "Event",
            terms.label(e.code) + (f" ({terms.lower(e.route)})" if isinstance(e.route, str) else ""),
            "",
        )
        for e in journey.events.itertuples()
    ]
    rows.sort(key=lambda r: (r[0], r[1], r[2]))
    return ["Date", "Kind", "What", "Until"], [[show_date(d.date()), k, w, u] for d, k, w, u in rows]


def draw_siblings(journeys: Sequence[Journey]) -> Figure:
    """Draw brothers and sisters on one time axis: where each lived, and their milestones."""
    scale = _Scale(min(j.first for j in journeys), max(j.as_at for j in journeys))
    picture, y, rows = _Picture(), 0.0, []
    for journey in journeys:
        born = f", born {journey.born.year}" if journey.born else ""
        picture.say(-GUTTER, y + 8, f"{journey.label}{born}", bold=True)
        y = _bars(picture, scale, journey.placements, "", y + 18, placements=True)
        marks = journey.events[journey.events["code"].isin(MILESTONES)]
        picture.key(y + 8, "Milestones", "diamond", theme.SIGNAL)
        for day in sorted(marks["date"].unique()):
            picture.mark(scale.px(day), y + 8, "diamond", theme.SIGNAL)
        y += 30
        _, own = _table(journey)
        rows += [[journey.label, *r] for r in own if r[1] == "Placement" or "review" not in r[2].lower()]
    _calendar(picture, scale, y, None)
    words = f"Placements and milestones of {len(journeys)} brothers and sisters on one time axis. " + " ".join(
        describe_journey(j) for j in journeys
    )
    return Figure(
        picture.chart(y + 24),
        words,
        "Colours are places to live; diamonds are milestones. Bars above one another show who lived "
        "in the same kind of place at the same time, not necessarily in the same home.",
        ["Child", "Date", "Kind", "What", "Until"],
        rows,
        child_level=True,
        data=picture.data,
    )


def draw_histories(journeys: Sequence[Journey], aim: Aim) -> Figure:
    """Draw a group's placement histories stacked, each from the day its clock started; longest wait at the top."""
    if not journeys:
        return Figure(None, "No child is in this group.", "No child is in this group.", child_level=True)
    longest = max(j.wait_days for j in journeys)
    picture, rows = _Picture(), []
    for i, journey in enumerate(journeys):
        y = i * 17.0
        start = pd.Timestamp(journey.first)
        picture.say(-10, y + 7, journey.label, "right")
        for stay in journey.placements.itertuples():
            low, high = (max(0, (d - start).days) / longest * (WIDTH - 90) for d in (stay.start, stay.end))
            if stay.end > start:
                picture.box(low, high, y, 14, theme.PLACEMENTS[stay.code])
        for event in journey.events[journey.events["code"].isin(["review", "hearing"])].itertuples():
            if event.date >= start:
                picture.mark((event.date - start).days / longest * (WIDTH - 90), y + 7, "circle", theme.INK)
        weeks = journey.wait_days // 7
        picture.say((WIDTH - 90) + 6, y + 7, f"{weeks} weeks")
        now = journey.placements[journey.placements["open"]]
        rows.append(
            [
                journey.label,
                str(weeks),
                str(len(journey.placements)),
                terms.label(now.iloc[-1]["code"]) if len(now) else "–",
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
        c
        for c in theme.PLACEMENTS
        if any(((j.placements["code"] == c) & (j.placements["end"] > pd.Timestamp(j.first))).any() for j in journeys)
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
