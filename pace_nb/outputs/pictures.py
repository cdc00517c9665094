"""The charts of a page as pictures for slides and papers: SVG and PNG, each with its title, its day and its marking in it.

A picture that is cut out of a page loses who may see it; these keep it, in the picture and in the text that goes with it.
"""

from __future__ import annotations

import re
import struct
import zlib
from html import escape

from pace_nb import vega
from pace_nb.charts.lettering import wrap
from pace_nb.marking import AGGREGATE
from pace_nb.outputs.content import Content, Part

SCALE = 2  # dots of a PNG for each unit of the drawing: sharp on a large screen
_MARGIN, _LEAST = 24, 520  # of the picture in units; narrower than this a title would be broken too often
_TITLE, _SMALL = 20, 13  # type sizes
_FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_INK, _QUIET, _OPEN, _MARK = "#1f2a37", "#5f6b7a", "#2b5d3a", "#8a1c1c"
#: HTML writes names of SVG in small letters and a browser knows them again; a file of its own has to have them right.
_NAMES = (
    *(
        "viewBox",
        "preserveAspectRatio",
        "clipPath",
        "clipPathUnits",
        "linearGradient",
        "radialGradient",
        "gradientUnits",
    ),
    *("gradientTransform", "textLength", "patternUnits", "patternTransform", "patternContentUnits"),
)
_LOWER = re.compile(r"(?<=[\s</])(" + "|".join(n.lower() for n in _NAMES) + r")(?=[\s=>])")
_LINK = re.compile(r'\s(?:xlink:)?href="(?!#)[^"]*"')  # to another page: it would lead nowhere from a slide
_RIGHT = {n.lower(): n for n in _NAMES}


def make_svg(content: Content, part: Part) -> str:
    """Return a chart as an SVG file: white ground, title above, whose it is, as at when and for whom below.

    Raises ValueError where the drawing says no size.
    """
    svg = _LINK.sub("", _LOWER.sub(lambda m: _RIGHT[m[1]], part.svg))
    opened, inner = re.fullmatch(r"(<svg\b[^>]*>)(.*)</svg>", svg, re.S).groups()
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', opened)
    if box is None:
        raise ValueError("the drawing says no size")
    drawn, high = float(box[1]), float(box[2])
    wide = max(drawn, _LEAST)
    title = wrap(part.title, wide, _TITLE, bold=True)
    foot = [line for text in (_foot(content), content.synthetic) if text for line in wrap(text, wide, _SMALL)]
    at = _MARGIN + len(title) * (_TITLE + 6) + 10
    below = at + high + 16
    marked = wrap(content.marking, wide, _SMALL, bold=True)
    total = below + (len(foot) + len(marked)) * (_SMALL + 5) + _MARGIN - 8
    given = " ".join(re.findall(r'(?:fill|font-family|class)="[^"]*"', opened))
    texts = _text(title, _MARGIN + _TITLE, _TITLE, 'font-weight="bold"', _INK)
    texts += _text(foot, below + _SMALL, _SMALL, "", _QUIET)
    texts += _text(
        marked,
        below + _SMALL + len(foot) * (_SMALL + 5),
        _SMALL,
        'font-weight="bold"',
        _OPEN if content.marking == AGGREGATE else _MARK,
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'aria-labelledby="title desc" width="{wide + 2 * _MARGIN:g}" height="{total:g}" '
        f'viewBox="0 0 {wide + 2 * _MARGIN:g} {total:g}" font-family="{escape(_FONT)}">'
        f'<title id="title">{escape(part.title)}</title><desc id="desc">{escape(describe(content, part))}</desc>'
        f'<rect width="100%" height="100%" fill="white"/>{texts}'
        f'<svg x="{_MARGIN}" y="{at:g}" width="{drawn:g}" height="{high:g}" viewBox="0 0 {drawn:g} {high:g}" {given}>{inner}</svg></svg>\n'
    )


def make_png(svg: str, title: str, description: str) -> bytes:
    """Return an SVG as PNG, with its title and what it shows in words in the file's own notes."""
    png = vega.as_png(svg, SCALE)
    end = png.rindex(b"IEND") - 4
    notes = _note("Title", title) + _note("Description", description)
    return png[:end] + notes + png[end:]


def describe(content: Content, part: Part) -> str:
    """Return what a picture shows in words, for people who do not see it: what its page says of it, and who may have it."""
    return " ".join(t for t in (part.alt, _foot(content), content.synthetic, content.marking) if t)


def _foot(content: Content) -> str:
    return f"{content.area}. {content.as_at.split('. For ')[0].rstrip('.')}."


def _text(lines: list[str], y: float, size: int, more: str, colour: str) -> str:
    step = size + (6 if size == _TITLE else 5)
    return "".join(
        f'<text x="{_MARGIN}" y="{y + i * step:g}" font-size="{size}" fill="{colour}" {more}>{escape(line)}</text>'
        for i, line in enumerate(lines)
    )


def _note(name: str, text: str) -> bytes:
    """A text chunk of a PNG (iTXt: not packed, of no language, UTF-8)."""
    body = b"iTXt" + name.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
