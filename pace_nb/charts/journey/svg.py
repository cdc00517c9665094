"""A laid-out picture as SVG: patterns as well as colours, words that a screen reader can skip for one good description.

Fills are pale, so that ink on them has a contrast of at least 7:1 on paper and screen; the kind is told by the pattern, the colour
of pattern and border, and the words on it or in the key: any one of them is enough, in grey too.
"""

from __future__ import annotations

from html import escape

from pace_nb.charts.journey.shapes import Box, Line, Mark, Picture, Text
from pace_nb.theme import FONT, GRID, INK, LATE, PLACEMENTS, POINT, QUIET, SIGNAL

#: Pattern of each kind of place: lines within a tile of 8 pixels, or dots. At home is plain.
_TILES = {
    "at_home": "",
    "kinship": '<path d="M-2 2l4 -4M0 8l8 -8M6 10l4 -4" stroke="{c}" stroke-width="1.6"/>',
    "foster": '<path d="M0 2h8M0 6h8" stroke="{c}" stroke-width="1.1"/>',
    "prospective_adopter": '<circle cx="2" cy="2" r="1.3" fill="{c}"/><circle cx="6" cy="6" r="1.3" fill="{c}"/>',
    "residential": '<path d="M0 0l8 8M8 0l-8 8" stroke="{c}" stroke-width="1.1"/>',
    "secure": '<path d="M2 0v8M6 0v8" stroke="{c}" stroke-width="1.8"/>',
    "other": '<path d="M-2 6l4 4M0 0l8 8M6 -2l4 4" stroke="{c}" stroke-width="1.2"/>',
}
MARGIN = 6.0  # left and right of a picture: letters and signs reach a little beyond where they stand
_PALE, _FAINT = 0.76, 0.5  # how much white is mixed into a fill, and into the lines of its pattern
_LATE_TILE = '<path d="M-2 2l4 -4M0 8l8 -8M6 10l4 -4" stroke="{c}" stroke-width="2.2"/>'


def _mix(colour: str, white: float) -> str:
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(p + (255 - p) * white):02x}" for p in parts)


#: Look of a box: fill, lines of its pattern, border, dashes of the border, its thickness.
LOOKS: dict[str, tuple[str, str, str, str, float]] = {
    **{
        code: (_mix(c, 0.45 if code == "at_home" else _PALE), _TILES[code].format(c=_mix(c, _FAINT)), c, "", 1.4)
        for code, c in PLACEMENTS.items()
        if code in _TILES
    },
    "order": ("#eef1f5", "", QUIET, "", 1.2),
    "home": (_mix(PLACEMENTS["at_home"], 0.45), "", PLACEMENTS["at_home"], "", 1.2),
    "away": ("#d5dbe3", "", QUIET, "", 1.2),
    "gap": ("#ffffff", "", QUIET, "4 3", 1.4),
    "silence": ("#f7ecd8", "", "#7a5a16", "2 3", 1.4),
    "shade": ("#fcf6ea", "", "none", "", 0),
    "aim": (_mix(POINT, 0.7), "", POINT, "", 1.2),
    "over": ("#ffffff", _LATE_TILE.format(c=_mix(LATE, 0.25)), LATE, "", 1.2),
    "plain": ("#ffffff", "", QUIET, "", 1.2),
    "together": (_mix("#2b5d3a", 0.72), "", "#2b5d3a", "", 1.2),
    "apart": ("#ffffff", _TILES["residential"].format(c=_mix(QUIET, 0.65)), QUIET, "", 1.2),
    "unknown": ("#ffffff", "", QUIET, "4 3", 1.2),
}
_LINES = {
    "grid": (GRID, 1.0, ""),
    "rule": (QUIET, 1.0, ""),
    "lead": (QUIET, 1.0, ""),
    "born": (INK, 1.3, "2 3"),
    "now": (INK, 1.3, ""),
    "share": (SIGNAL, 1.2, "5 3"),
}


def draw(picture: Picture, name: str, title: str, description: str) -> str:
    """Return a picture as SVG. name: letters and figures that no other picture of the page uses, for its patterns' names.

    title, description: what a screen reader speaks. It scales to the width that it is given.
    """
    used = [look for look in LOOKS if LOOKS[look][1] and any(b.look == look for b in picture.boxes)]
    patterns = "".join(_pattern(name, look) for look in used)
    words = "".join(_text(t) for t in picture.texts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="journey" role="img" aria-labelledby="{name}-t {name}-d" '
        f'viewBox="0 0 {picture.width + 2 * MARGIN:g} {picture.height:.0f}" preserveAspectRatio="xMidYMin meet" '
        f'style="width:100%;min-width:56rem;max-width:{picture.width * 1.3:.0f}px" font-family="{escape(FONT)}" fill="{INK}">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
        f'{f"<defs>{patterns}</defs>" if patterns else ""}<g transform="translate({MARGIN:g} 0)">'
        f"{''.join(_box(b, name) for b in picture.shades)}{''.join(_line(line) for line in picture.lines)}"
        f"{''.join(_box(b, name) for b in picture.boxes)}{''.join(_mark(m) for m in picture.marks)}"
        f'<g aria-hidden="true">{words}</g></g></svg>'
    )


def _pattern(name: str, look: str) -> str:
    fill, tile, *_ = LOOKS[look]
    return (
        f'<pattern id="{name}-{look}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="{fill}"/>'
        f"{tile}</pattern>"
    )


def _box(box: Box, name: str) -> str:
    fill, tile, stroke, dashes, thick = LOOKS[box.look]
    paint = f"url(#{name}-{box.look})" if tile else fill
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    style = f'fill="{paint}" stroke="{stroke}" stroke-width="{thick}"{dash}'
    x, y, w, h = box.x, box.y, box.w, box.h
    if box.end == "open" and w > 10:
        return f'<path d="M{x:.1f} {y:.1f}h{w - 6:.1f}l6 {h / 2:.1f}l-6 {h / 2:.1f}h{-(w - 6):.1f}z" {style}/>'
    if box.end == "torn" and w > 10:
        q = h / 4
        return f'<path d="M{x:.1f} {y:.1f}h{w:.1f}l-5 {q:.1f}l5 {q:.1f}l-5 {q:.1f}l5 {q:.1f}h{-w:.1f}z" {style}/>'
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" {style}/>'


def _line(line: Line) -> str:
    colour, thick, dashes = _LINES[line.look]
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="M{line.x:.1f} {line.y:.1f}L{line.x2:.1f} {line.y2:.1f}" fill="none" stroke="{colour}" '
        f'stroke-width="{thick}"{dash}/>'
    )


def _mark(mark: Mark) -> str:
    x, y, r = mark.x, mark.y, mark.size
    white = 'stroke="white" stroke-width="1"'
    if mark.shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r * 0.8:.1f}" fill="{POINT}" {white}/>'
    if mark.shape == "triangle":
        return f'<path d="M{x:.1f} {y - r:.1f}l{r:.1f} {1.8 * r:.1f}h{-2 * r:.1f}z" fill="{INK}" {white}/>'
    if mark.shape == "house":
        return f'<path d="M{x:.1f} {y - r:.1f}l{r:.1f} {r:.1f}h-2v{r:.1f}h{-2 * r + 4:.1f}v{-r:.1f}h-2z" fill="{SIGNAL}" {white}/>'
    if mark.shape == "ring":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r * 0.75:.1f}" fill="white" stroke="{INK}" stroke-width="2.2"/>'
    return (
        f'<path d="M{x:.1f} {y - r:.1f}l{r:.1f} {r:.1f}l{-r:.1f} {r:.1f}l{-r:.1f} {-r:.1f}z" fill="{SIGNAL}" {white}/>'
    )


def _text(text: Text) -> str:
    weight = ' font-weight="bold"' if text.bold else ""
    anchor = "" if text.align == "start" else f' text-anchor="{text.align}"'
    fill = "" if text.fill == INK else f' fill="{text.fill}"'
    return (
        f'<text x="{text.x:.1f}" y="{text.y:.1f}" font-size="{text.size:g}"{weight}{anchor}{fill} paint-order="stroke" '
        f'stroke="white" stroke-width="3.5" stroke-linejoin="round">{escape(text.words)}</text>'
    )
