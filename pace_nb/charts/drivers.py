"""The driver diagram: what an aim depends on, what moves that, and what could be tried, each idea marked by its tests' state.

Drawn as SVG of our own, because Vega-Lite cannot set text into boxes. Every line of text is broken by the width of its letters
before it is drawn, and each box is as high as its lines, so nothing runs over. A state is told by a word, a sign, the
kind of border and a colour: any one of them is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from pace_nb.charts.lettering import width, wrap
from pace_nb.theme import FONT, INK, LINE, QUIET
from pace_nb.theory.tested import WORDS, capital

WIDTH = 1400  # of the whole: fits A4 landscape with 9 point type, and a projector with 22 pixels
_COLUMNS = ((0, 236), (290, 262), (606, 286), (946, 454))  # left edge and width of aim, primary, secondary, idea
_HEADS = ("Aim", "What it depends on", "What we can act upon", "What could be tried")
_SIZE, _LEADING, _SMALL, _SMALL_LEADING = 17, 21, 14.5, 18.5
_PAD, _BAND = 11, 38  # inside a box; the band of an idea that holds its sign
_GAPS = (0, 26, 18, 10)  # above a primary driver, a secondary driver, an idea
_TOP, _FOOT = 34, 46
#: Colour of the band, of the box, and the border, of each state: dark enough for a white sign (4.5:1), light enough for text.
_LOOKS = {
    "idea": ("#ffffff", "#ffffff", QUIET, "7 5", 1.5),
    "testing": ("#1d5b8f", "#eaf2f9", "#1d5b8f", "", 1.5),
    "adapting": ("#8a5200", "#fbf1df", "#8a5200", "12 4", 2.0),
    "adopted": ("#2b5d3a", "#e7f2e9", "#2b5d3a", "", 3.5),
    "abandoned": ("#5f6b7a", "#eef0f3", "#5f6b7a", "2 4", 2.0),
}
_DRIVER = "#f4f6f8"


@dataclass(frozen=True)
class Box:
    """One box of a diagram. kind: 0 aim, 1 primary, 2 secondary driver, 3 idea. small: lines under the title. state: of an idea."""

    kind: int
    title: str
    small: tuple[str, ...] = ()
    state: str = ""
    inside: tuple[Box, ...] = ()


@dataclass
class _Placed:
    box: Box
    lines: list[str]
    small: list[str]
    height: float
    y: float = 0.0
    inside: list[_Placed] = field(default_factory=list)

    @property
    def x(self) -> float:
        return _COLUMNS[self.box.kind][0]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def draw_drivers(aim: Box, alt: str) -> str:
    """Return the diagram of one aim as an SVG drawing that scales to any page. alt: what it shows, in a sentence."""
    root = _measure(aim)
    extent = _extent(root)
    _place(root, _TOP, extent)
    height = _TOP + extent + _FOOT
    parts = [_head(), *_lines(root), *_boxes(root), _legend(_TOP + extent + 16)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt)}" '
        f'viewBox="0 0 {WIDTH} {height:.0f}" preserveAspectRatio="xMidYMin meet" '
        f'style="width:100%;min-width:52rem" font-family="{escape(FONT)}" fill="{INK}">{"".join(parts)}</svg>'
    )


def _measure(box: Box) -> _Placed:
    """Break a box's text into lines, and say how high it will be."""
    room = _COLUMNS[box.kind][1] - 2 * _PAD - (_BAND if box.kind == 3 else 0)
    lines = wrap(box.title, room, _SIZE, bold=box.kind < 3)
    small = [line for text in box.small for line in wrap(text, room, _SMALL, bold=box.kind == 3)]
    height = 2 * _PAD + len(lines) * _LEADING + (4 + len(small) * _SMALL_LEADING if small else 0)
    return _Placed(box, lines, small, height, inside=[_measure(b) for b in box.inside])


def _extent(placed: _Placed) -> float:
    """Return how high a box and all that hangs on it are together."""
    below = [_extent(p) for p in placed.inside]
    return max(placed.height, sum(below) + _GAPS[min(3, placed.box.kind + 1)] * max(0, len(below) - 1))


def _place(placed: _Placed, top: float, room: float) -> None:
    """Put a box into the middle of what hangs on it, and that from top to bottom without a gap but its own."""
    gap = _GAPS[min(3, placed.box.kind + 1)]
    below = [_extent(p) for p in placed.inside]
    y = top + (room - sum(below) - gap * max(0, len(below) - 1)) / 2
    for one, height in zip(placed.inside, below, strict=True):
        _place(one, y, height)
        y += height + gap
    ends = (placed.inside[0].middle, placed.inside[-1].middle) if placed.inside else (top, top + room)
    middle = sum(ends) / 2 - placed.height / 2
    placed.y = min(max(middle, top), top + room - placed.height)


def _all(placed: _Placed) -> list[_Placed]:
    return [placed, *(p for one in placed.inside for p in _all(one))]


def _head() -> str:
    return "".join(
        f'<text x="{x}" y="16" font-size="15" font-weight="bold" fill="{QUIET}">{head}</text>'
        for (x, _), head in zip(_COLUMNS, _HEADS, strict=True)
    )


def _lines(root: _Placed) -> list[str]:
    """Draw what leads to what: from each box to the one it serves, with the arrow at that one."""
    drawn = []
    for parent in _all(root):
        right = parent.x + _COLUMNS[parent.box.kind][1]
        for child in parent.inside:
            turn = (right + child.x) / 2
            drawn.append(
                f'<path d="M{child.x:.1f} {child.middle:.1f}H{turn:.1f}V{parent.middle:.1f}H{right + 8:.1f}" fill="none" '
                f'stroke="{LINE}" stroke-width="2.5"/>'
            )
        if parent.inside:
            drawn.append(f'<path d="M{right + 1:.1f} {parent.middle:.1f}l11 -6v12z" fill="{QUIET}"/>')
    return drawn


def _boxes(root: _Placed) -> list[str]:
    return [_box(p) for p in _all(root)]


def _box(placed: _Placed) -> str:
    box, x, y, h = placed.box, placed.x, placed.y, placed.height
    w = _COLUMNS[box.kind][1]
    ink, start = INK, x + _PAD
    if box.kind == 3:
        band, fill, stroke, dashes, thick = _LOOKS[box.state]
        start += _BAND
    else:
        fill, stroke, dashes, thick = (INK, INK, "", 1.5) if box.kind == 0 else (_DRIVER, QUIET, "", 1.5)
        ink = "white" if box.kind == 0 else INK
    parts = [f'<rect x="{x}" y="{y:.1f}" width="{w}" height="{h:.1f}" rx="6" fill="{fill}"/>']
    if box.kind == 3:
        if box.state != "idea":
            parts.append(f'<path d="{_left_band(x, y, h)}" fill="{band}"/>')
        parts.append(_sign(box.state, x + _BAND / 2, y + h / 2))
    parts.append(
        f'<rect x="{x}" y="{y:.1f}" width="{w}" height="{h:.1f}" rx="6" fill="none" stroke="{stroke}" stroke-width="{thick}"'
        f"{f' stroke-dasharray={chr(34)}{dashes}{chr(34)}' if dashes else ''}/>"
    )
    at = y + _PAD + _SIZE * 0.84
    for line in placed.lines:
        parts.append(_text(line, start, at, _SIZE, ink, bold=box.kind < 3))
        at += _LEADING
    at += 4 - (_SIZE - _SMALL) * 0.84
    for line in placed.small:
        shade = "#d7dde4" if box.kind == 0 else INK if box.kind == 3 else QUIET
        parts.append(_text(line, start, at, _SMALL, shade, bold=box.kind == 3))
        at += _SMALL_LEADING
    return f'<g class="box">{"".join(parts)}</g>'


def _text(line: str, x: float, y: float, size: float, fill: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}"{weight}>{escape(line)}</text>'


def _left_band(x: float, y: float, h: float) -> str:
    return f"M{x + _BAND:.1f} {y:.1f}H{x + 6:.1f}a6 6 0 0 0 -6 6V{y + h - 6:.1f}a6 6 0 0 0 6 6H{x + _BAND:.1f}z"


def _sign(state: str, x: float, y: float) -> str:
    """Draw the sign of a state: empty, half full, turning, a tick, a cross."""
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9.5" fill="none" stroke="white" stroke-width="2.6"/>'
    if state == "testing":
        return ring + f'<path d="M{x:.1f} {y - 9.5:.1f}a9.5 9.5 0 0 1 0 19z" fill="white"/>'
    if state == "adapting":
        return (
            f'<path d="M{x + 8:.1f} {y - 5:.1f}a9.5 9.5 0 1 0 1.4 6.5" fill="none" stroke="white" stroke-width="2.8"/>'
            f'<path d="M{x + 10.5:.1f} {y - 11:.1f}v9.5h-9.5z" fill="white"/>'
        )
    if state == "adopted":
        return f'<path d="M{x - 9:.1f} {y + 0.5:.1f}l6.5 7l11 -15" fill="none" stroke="white" stroke-width="4"/>'
    if state == "abandoned":
        return f'<path d="M{x - 7:.1f} {y - 7:.1f}l14 14m0 -14l-14 14" fill="none" stroke="white" stroke-width="4"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9.5" fill="none" stroke="{QUIET}" stroke-width="2" stroke-dasharray="3 3"/>'


def _legend(y: float) -> str:
    parts, x = [], _COLUMNS[0][0]
    parts.append(_text("How each idea stands:", x, y + 18, 15, QUIET, bold=True))
    x += width("How each idea stands:", 15, bold=True) + 20
    for state, word in WORDS.items():
        band, _, stroke, dashes, thick = _LOOKS[state]
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{_BAND}" height="26" rx="5" fill="{band}" stroke="{stroke}" '
            f'stroke-width="{thick}"{dash}/>'
        )
        parts.append(_sign(state, x + _BAND / 2, y + 13))
        label = capital(word)
        parts.append(_text(label, x + _BAND + 8, y + 18, 15, INK))
        x += _BAND + 8 + width(label, 15) + 26
    return "".join(parts)


def list_drivers(aim: Box) -> str:
    """Return the same as a nested list: what a screen reader speaks, and what can be copied."""
    return f"<ul>{_item(aim)}</ul>"


def _item(box: Box) -> str:
    said = escape(". ".join([box.title.rstrip("."), *(s.rstrip(".") for s in box.small)]))
    inside = "".join(_item(b) for b in box.inside)
    return f"<li>{said}.{f'<ul>{inside}</ul>' if inside else ''}</li>"


def heights(boxes: Sequence[Box]) -> list[float]:
    """Return how high the diagram of each aim will be, in the unit of WIDTH."""
    return [_TOP + _extent(_measure(b)) + _FOOT for b in boxes]
