"""A child's timeline to hand to people: a page that prints to one sheet, and the picture as SVG, PNG and PDF.

It tells of one child, or of brothers and sisters, and is marked so wherever it goes: in the page, in the picture itself, in each
file. File names hold the child's label and nothing else of the child.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from pace_nb import vega
from pace_nb.charts.journey import draw_child, draw_siblings
from pace_nb.charts.lettering import wrap
from pace_nb.disclosure import require_working
from pace_nb.errors import ParameterError
from pace_nb.extract import Extract
from pace_nb.handouts.render import render, write
from pace_nb.marking import SENSITIVE
from pace_nb.outputs.pictures import make_png
from pace_nb.pages.trust import SYNTHETIC
from pace_nb.periods import show_date
from pace_nb.pseudonyms import find_key, plain_label
from pace_nb.tables import make_table
from pace_nb.theme import FONT, INK, QUIET
from pace_nb.timelines import Journey, choose_child, choose_siblings
from pace_nb.wording.journey_told import summarise, tabulate
from pace_nb.wording.journeys import VERSIONS, Version, find_version
from pace_nb.wording.siblings import summarise_siblings, tabulate_siblings

#: Room for the picture on a sheet of A4 landscape, in millimetres: within margins, markings and the last line.
ROOM = (281.0, 174.0)
_WIDTHS = (
    1120.0,
    1300.0,
    1480.0,
    1660.0,
)  # of pictures to choose from: a long history reads better on paper if it is wide
_SENTENCE = 4.6  # millimetres that a sentence of the summary takes on paper, in two columns
_MARK = "#8a1c1c"
_SHEET = (1188.0, 840.0)  # units of an A4 sheet as it is drawn for PDF: a quarter of a millimetre each


@dataclass(frozen=True)
class Told:
    """A timeline ready to be written. svg: the picture for a screen; paper: as it is laid out for a sheet, where that reads better."""

    journeys: tuple[Journey, ...]
    version: Version
    svg: str
    paper: str
    summary: tuple[str, ...]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def title(self) -> str:
        """The title of the picture."""
        return re.search(r"<title[^>]*>(.*?)</title>", self.svg)[1]

    @property
    def whose(self) -> str:
        """The labels of the children."""
        return ", ".join(j.label for j in self.journeys)


def size_of(svg: str) -> tuple[float, float]:
    """Return the width and height of a picture in its own units."""
    wide, high = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    return float(wide), float(high)


def _fit(svg: str, room: tuple[float, float]) -> float:
    """Return how large a unit of a picture is where it has that much room."""
    wide, high = size_of(svg)
    return min(room[0] / wide, room[1] / high)


def write_timeline(
    extract: Extract, child: str, out: Path, version: str = "professional", siblings: bool = False
) -> list[Path]:
    """Write a child's timeline as .html, .svg, .png and .pdf, and return where they lie.

    child: its label. version: "professional", or "family" in plain words for the child or a parent. siblings: the picture of the
    child with brothers and sisters. Raises ParameterError for the aggregate audience, without a key, for a label that no child has,
    for another version, and for siblings of a child who has none in the records.
    """
    told = tell(extract, child, version, siblings)
    code = plain_label(told.journeys[0].label if not siblings else child).lower()
    stem = f"timeline-{code}{'-siblings' if siblings else ''}-{version}"
    svg = mark_picture(told)
    html = write(out / f"{stem}.html", make_page(extract, told))
    drawing = write(out / f"{stem}.svg", svg)
    png = _write_bytes(out / f"{stem}.png", make_png(svg, told.title, f"{' '.join(told.summary)} {SENSITIVE}"))
    pdf = _write_bytes(out / f"{stem}.pdf", vega.as_pdf(make_sheet(extract, told)))
    return [html, drawing, png, pdf]


def tell(extract: Extract, child: str, version: str = "professional", siblings: bool = False) -> Told:
    """Return a timeline, drawn and put into words; it raises as `write_timeline` does."""
    require_working(extract.audience, "A timeline")
    if version not in VERSIONS:
        raise ParameterError(f"There is no version '{version}'.", do=f"say one of: {', '.join(VERSIONS)}.")
    if not child.strip():
        raise ParameterError("No child was named.", do="give the child's label, from a page made with the same key.")
    words, journey = find_version(version), choose_child(extract, child)
    family = choose_siblings(extract, journey) if siblings and journey.sibling_group else [journey]
    if siblings and len(family) < 2:
        raise ParameterError(
            "No brother or sister of this child is in the extract.",
            do="leave out --siblings; or give brothers and sisters the same sibling_group in the children table.",
        )
    if siblings:
        drawn = [draw_siblings(family, words, wide) for wide in _WIDTHS]
        summary, table = summarise_siblings(family, words), tabulate_siblings(family, words)
    else:
        drawn = [draw_child(journey, words, wide) for wide in _WIDTHS]
        summary, table = summarise(journey, words), tabulate(journey, words)
    paper = max(drawn, key=lambda svg: _fit(svg, ROOM))
    return Told(tuple(family), words, drawn[0], paper, tuple(summary), *table)


def make_page(extract: Extract, told: Told) -> str:
    """Return a timeline as a page: picture, summary, table; on paper one sheet with the picture, and the summary if it has room."""
    wide, high = size_of(told.paper)
    left = ROOM[1] - (7 if told.version.name == "family" else 0) - (4 if extract.synthetic else 0)
    scale = _fit(told.paper, (ROOM[0], left))
    beside = _SENTENCE * (len(told.summary) + 1) / 2 + _SENTENCE
    return render(
        "timeline",
        "timeline.html.j2",
        title=told.title,
        words=told.version,
        marking=SENSITIVE,
        synthetic=SYNTHETIC if extract.synthetic else "",
        svg=told.svg,
        paper=told.paper if told.paper != told.svg else "",
        width=wide * scale,
        height=high * scale,
        long=high * scale + beside > left,
        summary=told.summary,
        table=make_table(told.columns, told.rows, told.title, child_level=True).html,
        whose=told.whose,
        area=extract.area,
        as_at=show_date(extract.as_at),
        key=find_key(extract.synthetic).fingerprint,
    )


def mark_picture(told: Told) -> str:
    """Return the picture as an SVG file of its own, with its marking above and below."""
    wide, high = size_of(told.svg)
    band, margin = 28.0, 14.0
    total = (wide + 2 * margin, high + 2 * band + 2 * margin)
    inner = _placed(told.svg, margin, band + margin, wide, high)
    return _svg(total, f"{_band(0, total[0], band)}{inner}{_band(total[1] - band, total[0], band)}")


def make_sheet(extract: Extract, told: Told) -> str:
    """Return a sheet of A4 landscape as SVG: marking, picture, as much of the summary as has room, whose it is, marking."""
    wide, high = size_of(told.paper)
    margin, band = 28.0, 24.0
    room = (_SHEET[0] - 2 * margin, _SHEET[1] - 2 * band - 44)
    scale = _fit(told.paper, room)
    top = band + 10
    drawn = _placed(told.paper, (_SHEET[0] - wide * scale) / 2, top, wide * scale, high * scale)
    foot = _SHEET[1] - band - 10
    note = f"{told.whose} · {extract.area}, known on {show_date(extract.as_at)}"
    note += f" · {SYNTHETIC}" if extract.synthetic else ""
    parts = [_band(0, _SHEET[0], band), drawn, _words(told.summary, margin, top + high * scale + 8, room[0], foot - 18)]
    parts += [_line(note, margin, foot, 12, QUIET), _band(_SHEET[1] - band, _SHEET[0], band)]
    return _svg(_SHEET, "".join(parts))


def _words(sentences: Sequence[str], x: float, y: float, room: float, bottom: float) -> str:
    """Return a summary as lines of text, if all of it has room; a part of it could mislead."""
    lines = [line for s in sentences for line in wrap(s, room, 15)]
    if y + len(lines) * 19 > bottom:
        return ""
    return "".join(_line(line, x, y + 17 + i * 19, 15, INK) for i, line in enumerate(lines))


def _line(words: str, x: float, y: float, size: float, fill: str) -> str:
    return f'<text x="{x:g}" y="{y:.1f}" font-size="{size:g}" fill="{fill}">{escape(words)}</text>'


def _band(y: float, wide: float, high: float) -> str:
    return (
        f'<rect y="{y:.1f}" width="{wide:.1f}" height="{high:g}" fill="{_MARK}"/><text x="{wide / 2:.1f}" y="{y + high * 0.68:.1f}" '
        f'font-size="{high * 0.55:.1f}" font-weight="bold" text-anchor="middle" fill="white">{escape(SENSITIVE)}</text>'
    )


def _placed(svg: str, x: float, y: float, wide: float, high: float) -> str:
    """Return a picture at its place within another."""
    svg = re.sub(r' style="[^"]*"', "", svg, count=1)
    return svg.replace("<svg ", f'<svg x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" ', 1)


def _svg(size: tuple[float, float], inner: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]:g}" height="{size[1]:g}" viewBox="0 0 {size[0]:g} {size[1]:g}" '
        f'font-family="{escape(FONT)}"><rect width="100%" height="100%" fill="white"/>{inner}</svg>\n'
    )


def _write_bytes(path: Path, content: bytes) -> Path:
    partial = path.with_suffix(f"{path.suffix}.partial")
    partial.write_bytes(content)
    return partial.replace(path)
