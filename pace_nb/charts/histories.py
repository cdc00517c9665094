"""Placement histories of a group of children, one row each, laid over one another on a day that they have in common.

Drawn as SVG of our own: a row is a link to its child, its bars carry patterns, and nothing lies on anything else whatever the
number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from pace_nb import terms
from pace_nb.charts.figure import Figure
from pace_nb.charts.journey.svg import LOOKS
from pace_nb.charts.lettering import width
from pace_nb.periods import add_months, age, show_date
from pace_nb.pseudonyms import plain_label
from pace_nb.theme import FONT, GRID, INK, LATE, QUIET
from pace_nb.timelines import ALIGNED, ORDERS, Chosen, Journey, Member, Stay

WIDTH = 1100
_LEFT, _RIGHT = 150, 930  # of the bars; names stand before, what is said of a row behind
_ROW, _BAR, _TOP = 20, 12, 44
_SIZE = 13
_EVERY = 5  # rows that share a ground, so that the eye keeps its row


@dataclass(frozen=True)
class _Axis:
    """Days to pixels. low, high: the first and last day of the picture, counted from each row's own day, or from day one."""

    low: int
    high: int

    def x(self, day: float) -> float:
        """Return where a day lies."""
        return _LEFT + (day - self.low) / max(1, self.high - self.low) * (_RIGHT - _LEFT)


def draw_histories(chosen: Chosen) -> Figure:
    """Draw where each child of a group lived, a row for each, in the order and laid as `chosen` says; at most 60 rows.

    Every row carries its child's code as `data-child`: where the children's timelines are made beside the page, it becomes a link.
    The numbers behind it say the same in words.
    """
    drawn = chosen.drawn
    if not drawn:
        text = f"No child of {chosen.area} is in this group."
        return Figure(None, text, text, child_level=True)
    axis = _axis(chosen)
    foot = _TOP + len(drawn) * _ROW
    codes = [s.code for m in drawn for s, _, _ in _stays(chosen, m, axis)]
    legend, height = _legend(codes, foot + 54)
    words = _alt(chosen)
    parts = [
        f"<defs>{_fillings(codes)}</defs>",
        *_ground(len(drawn)),
        *_ticks(chosen, axis, foot),
        *(_row(chosen, m, axis, _TOP + i * _ROW) for i, m in enumerate(drawn)),
        *_limit(chosen, axis, foot),
        legend,
    ]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="group" aria-label="{escape(words)}" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'style="width:100%;min-width:52rem" font-family="{escape(FONT)}" font-size="{_SIZE}" fill="{INK}">{"".join(parts)}</svg>'
    )
    return Figure(None, words, _caption(chosen), *_table(drawn), child_level=True, svg=svg)


def _alt(chosen: Chosen) -> str:
    n, drawn = len(chosen.members), len(chosen.drawn)
    some = f", of whom the first {drawn} are drawn" if drawn < n else ""
    return (
        f"Placement histories of {n} children of {chosen.area} ({chosen.group.name}){some}, each from left to right, laid on "
        f"{ALIGNED[chosen.aligned]}, {ORDERS[chosen.order]}. The table after it says the same."
    )


def _caption(chosen: Chosen) -> str:
    n, drawn = len(chosen.members), len(chosen.drawn)
    some = (
        f"{drawn} of the {n} children in the group are drawn"
        if drawn < n
        else f"All {n} children of the group are drawn"
    )
    left = ""
    if chosen.left_out:
        left = f" {chosen.left_out} more cannot be laid beside them, because that day is not recorded for them."
    laid = f"rows are laid on {ALIGNED[chosen.aligned]}"
    how = f"Each row is a child, {ORDERS[chosen.order]}; {laid}. Patterns and colours say where the child lived."
    wait = (
        "The black line under a row is the wait; an upright orange mark, where the limit ran out"
        if chosen.aligned != "wait"
        else "The picture begins where the wait began; what came before is not drawn"
    )
    return f"{how} {wait}. Rings are reviews, triangles hearings; a dotted line means that no placement is recorded.\n{some}.{left}"


def _origin(chosen: Chosen, member: Member) -> int:
    """Return the day, as a number, from which a row counts: on a common date every row counts from the same."""
    return 0 if chosen.aligned == "date" else member.zero(chosen.aligned).toordinal()


def _axis(chosen: Chosen) -> _Axis:
    end = chosen.as_at.toordinal()
    firsts = []
    for m in chosen.drawn:
        begin = min([s.start.toordinal() for s in m.journey.placements] + [m.start.toordinal()])
        firsts.append(begin - _origin(chosen, m))
    longest = max(end - _origin(chosen, m) for m in chosen.drawn)
    low = min(firsts) if chosen.aligned in ("date", "age") else 0
    return _Axis(max(low, 0), max(longest, low + 60))


def _stays(chosen: Chosen, member: Member, axis: _Axis) -> list[tuple[Stay, float, float]]:
    """Return the placements that are seen, with where they begin and end; what lies before the picture is cut off."""
    origin, seen = _origin(chosen, member), []
    for stay in member.journey.placements:
        low, high = (max(axis.low, d.toordinal() - origin) for d in (stay.start, stay.end))
        if high > axis.low or (stay.open and high >= axis.low):
            seen.append((stay, axis.x(low), max(axis.x(high), axis.x(low) + 1.5)))
    return seen


def _row(chosen: Chosen, member: Member, axis: _Axis, y: float) -> str:
    journey, origin, middle = member.journey, _origin(chosen, member), y + _ROW / 2 - 1
    top = middle - _BAR / 2
    parts = [
        f'<rect x="0" y="{y}" width="{WIDTH}" height="{_ROW}" fill="none" pointer-events="all"/>',
        f'<text x="{_LEFT - 10}" y="{middle + 4.5:.1f}" text-anchor="end">{escape(journey.label)}</text>',
    ]
    for gap in journey.gaps:
        a, b = (axis.x(max(axis.low, d.toordinal() - origin)) for d in (gap.start, gap.end))
        if b - a > 2:
            parts.append(
                f'<path d="M{a:.1f} {middle:.1f}H{b:.1f}" stroke="{QUIET}" stroke-width="2" stroke-dasharray="2 4"/>'
            )
    for stay, a, b in _stays(chosen, member, axis):
        parts.append(f'<rect x="{a:.1f}" y="{top:.1f}" width="{b - a:.1f}" height="{_BAR}" {_fill(stay.code)}/>')
    for event in journey.events:
        day = event.day.toordinal() - origin
        if event.code in ("review", "hearing") and day >= axis.low:
            parts.append(_meeting(event.code, axis.x(day), middle))
    if chosen.aligned != "wait":
        a, b = (axis.x(d.toordinal() - origin) for d in (member.start, chosen.as_at))
        parts.append(
            f'<path d="M{a:.1f} {top - 1:.1f}V{top + _BAR + 2.5:.1f}H{b:.1f}" fill="none" stroke="{INK}" stroke-width="1.6"/>'
        )
    if member.due is not None and chosen.aligned != "wait" and member.due <= chosen.as_at:
        x = axis.x(member.due.toordinal() - origin)
        parts.append(f'<path d="M{x:.1f} {top - 3:.1f}V{top + _BAR + 4:.1f}" stroke="{LATE}" stroke-width="3"/>')
    said = _say_wait(member, chosen.as_at)
    color = LATE if member.late else INK
    parts.append(f'<text x="{_RIGHT + 10}" y="{middle + 4.5:.1f}" fill="{color}">{escape(said)}</text>')
    told = f"{journey.label}: {said}"
    return f'<a data-child="{plain_label(journey.label)}"><title>{escape(told)}</title>{"".join(parts)}</a>'


def _say_wait(member: Member, as_at: date) -> str:
    weeks = f"{member.days // 7} weeks"
    if member.due is None:
        return weeks
    over = (as_at - member.due).days // 7
    return f"{weeks}, {over} past due" if member.late else f"{weeks}, {max(0, -over)} left"


def _fillings(codes: Iterable[str]) -> str:
    """Return the patterns of the placements, the same as in the picture of one child."""
    return "".join(
        f'<pattern id="lives-{code}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{LOOKS[code][0]}"/>{LOOKS[code][1]}</pattern>'
        for code in terms.PLACEMENTS
        if code in set(codes)
    )


def _fill(code: str) -> str:
    return f'fill="url(#lives-{code})" stroke="{LOOKS[code][2]}"'


def _meeting(code: str, x: float, y: float) -> str:
    if code == "review":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.7" fill="white" stroke="{INK}" stroke-width="1.2"/>'
    return f'<path d="M{x - 3.4:.1f} {y + 2.8:.1f}h6.8l-3.4 -6z" fill="white" stroke="{INK}" stroke-width="1.2"/>'


def _ground(rows: int) -> list[str]:
    return [
        f'<rect x="0" y="{_TOP + i * _ROW}" width="{WIDTH}" height="{min(_EVERY, rows - i) * _ROW}" fill="#f4f6f8"/>'
        for i in range(0, rows, 2 * _EVERY)
    ]


def _ticks(chosen: Chosen, axis: _Axis, foot: float) -> list[str]:
    names = {"wait": "Weeks since the wait began", "accommodated": "Weeks since they came to live away from home"}
    title = {**names, "date": "Date", "age": "Age in years"}[chosen.aligned]
    parts = [f'<text x="{_LEFT}" y="{foot + 36:.1f}" fill="{QUIET}">{title}</text>']
    last = -1e9
    for day, name in _marks(chosen, axis):
        x = axis.x(day)
        parts.append(f'<path d="M{x:.1f} {_TOP - 4}V{foot + 4:.1f}" stroke="{GRID}" stroke-width="1.2"/>')
        half = width(name, _SIZE) / 2
        if x - half > last + 10 and x + half < _RIGHT + 60:
            for y in (_TOP - 10, foot + 18):
                parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{name}</text>')
            last = x + half
    return parts


def _marks(chosen: Chosen, axis: _Axis) -> list[tuple[float, str]]:
    """Return where the axis is marked: (day, name)."""
    span = axis.high - axis.low
    if chosen.aligned == "date":
        step = 1 if span < 300 else 3 if span < 900 else 6 if span < 1900 else 12
        day, marks = date.fromordinal(axis.low).replace(day=1), []
        while day.toordinal() <= axis.high:
            if day.toordinal() >= axis.low and (day.month - 1) % step == 0:
                marks.append((day.toordinal(), f"{day:%Y}" if step == 12 else f"{day:%b %Y}"))
            day = add_months(day, 1)
        return marks
    if chosen.aligned == "age":
        return [(years * 365.25, f"{years}") for years in range(axis.high // 365 + 1) if years * 365.25 >= axis.low]
    step = 7 * (13 if span <= 130 * 7 else 26 if span <= 400 * 7 else 52)
    return [(day, f"{day // 7}") for day in range(0, axis.high + 1, step)]


def _limit(chosen: Chosen, axis: _Axis, foot: float) -> list[str]:
    """Where rows begin with the wait they share one limit: a line, named above."""
    limit = chosen.aim.limit
    if chosen.aligned != "wait" or limit is None or limit.weeks * 7 > axis.high:
        return []
    x = axis.x(limit.weeks * 7)
    end = 'text-anchor="end" ' if x > _RIGHT - 150 else ""
    return [
        f'<path d="M{x:.1f} {_TOP - 6}V{foot + 4:.1f}" stroke="{LATE}" stroke-width="1.8" stroke-dasharray="5 4"/>',
        f'<text x="{x + (-6 if end else 6):.1f}" y="14" {end}fill="{LATE}" font-weight="bold">Limit: {escape(str(limit))}</text>',
    ]


def _legend(codes: Sequence[str], y: float) -> tuple[str, float]:
    """Name each filling and each mark; a line is broken where it is full. Returns the drawing and where it ends."""
    seen = [c for c in terms.PLACEMENTS if c in set(codes)]
    keys = [
        (
            f'<rect x="{{x}}" y="{{y}}" width="24" height="14" {_fill(c)}/>',
            terms.label(c),
        )
        for c in seen
    ]
    keys += [
        (_meeting(code, 12, 7), name)
        for code, name in (("review", "Child's review"), ("hearing", "Children's Hearing"))
    ]
    parts, x = [], 0.0
    for mark, name in keys:
        if x + 30 + width(name, _SIZE) > WIDTH:
            x, y = 0.0, y + 22
        drawn = mark.format(x=0, y=0) if mark.startswith("<rect") else mark
        parts.append(
            f'<g transform="translate({x:.1f} {y:.1f})">{drawn}<text x="30" y="11.5">{escape(name)}</text></g>'
        )
        x += 30 + width(name, _SIZE) + 24
    return "".join(parts), y + 22


def _table(members: Sequence[Member]) -> tuple[list[str], list[list[str]]]:
    columns = [
        "Child",
        "Weeks waited",
        "Against the limit",
        "Age now",
        "Moves",
        "Lives now",
        "Where the child lived, in order",
    ]
    rows = []
    for m in members:
        j = m.journey
        years = "–" if j.born is None else f"{age(j.born, j.as_at)}"
        now = terms.label(j.lives.code) if j.lives else "not recorded"
        against = "–" if m.due is None else ("past since " if m.late else "due ") + show_date(m.due)
        rows.append([j.label, f"{m.days // 7}", against, years, f"{len(j.moves)}", now, _in_words(j)])
    return columns, rows


def _in_words(journey: Journey) -> str:
    told = [
        f"{terms.lower(s.code)} {max(0, s.days // 7)} weeks{' so far' if s.open else ''}" for s in journey.placements
    ]
    return "; ".join(told) or "no placement recorded"
