"""A finished page, read back: what its tables and charts say, as they say it.

Files that go with a page are made from the page and not from the figures behind it, so they hold what is hidden as it is
hidden there. What is read here was written by our own template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_PART = re.compile(
    r"<(?P<head>h[23])\b[^>]*>(?P<heading>.*?)</(?P=head)>"
    r"|<figure\b(?P<about>[^>]*)>(?P<figure>.*?)</figure>"
    r'|<table\b[^>]*>(?P<table>.*?)</table>(?:</div>\s*<p class="note">(?P<note>.*?)</p>)?',
    re.S,
)
SUMMARY = "In short"  # the heading of the first section, which says nothing of what is under it
_MAIN = re.compile(r"<main\b.*?</nav>(.*)</main>", re.S)


@dataclass(frozen=True)
class Table:
    """Cells as they are shown. columns: the headings; rows: as many cells each; note: what stands under it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A table, or a chart with its numbers as a table where it has some.

    title: what it is of; section: the heading that it stands under. Of a chart: name, which stays when charts are added before
    it; alt, what it shows in words; caption, how to read it; svg, the drawing. All blank for a table by itself.
    """

    title: str
    section: str
    table: Table | None = None
    name: str = ""
    alt: str = ""
    caption: str = ""
    svg: str = ""


@dataclass(frozen=True)
class Content:
    """What a page says of itself and what is on it.

    as_at: the line with the day and for whom it is. synthetic: that no real child is shown; blank where there are real ones.
    notes: what stands at its foot: how numbers are protected, from which extract it was made.
    """

    title: str
    area: str
    as_at: str
    marking: str
    synthetic: str
    notes: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def charts(self) -> tuple[Part, ...]:
        """The parts that are drawn."""
        return tuple(p for p in self.parts if p.svg)

    @property
    def tables(self) -> tuple[Part, ...]:
        """The parts with numbers."""
        return tuple(p for p in self.parts if p.table is not None)


def read_content(html: str) -> Content:
    """Read a page that `make_page` wrote. Raises ValueError for any other text."""
    main = _MAIN.search(html)
    marking = _first(r'<div class="marking[^"]*">(.*?)</div>', html)
    if main is None or not marking:
        raise ValueError("not a page of a run")
    foot = html[html.rindex('<footer class="page">') :]
    return Content(
        _first(r"<h1>(.*?)</h1>", html),
        _first(r'<p class="area">(.*?)</p>', html),
        _first(r"<p>(As at .*?)</p>", html),
        marking,
        _first(r'<div class="synthetic">(.*?)</div>', html),
        tuple(plain(p) for p in re.findall(r"<p>(.*?)</p>", foot, re.S)),
        tuple(_parts(main[1])),
    )


def _parts(main: str) -> Iterator[Part]:
    section, heading = "", ""
    for found in _PART.finditer(main):
        if found["head"]:
            heading = plain(found["heading"])
            section = heading if found["head"] == "h2" else section
        elif found["figure"] is not None:
            yield _chart(found["about"], found["figure"], heading, section)
        else:
            table = read_table(found["table"], plain(found["note"] or ""))
            yield Part(table.caption or heading, section, table)


def _chart(about: str, inner: str, heading: str, section: str) -> Part:
    svg = re.search(r"<svg\b.*</svg>", inner, re.S)
    table = re.search(r"<table\b[^>]*>(.*?)</table>", inner, re.S)
    caption = re.search(r"<figcaption>(.*?)</figcaption>", inner, re.S)
    alt = unescape(_first(r'<svg\b[^>]*?\baria-label="([^"]*)"', inner))
    if not alt:  # a drawing of our own may be named by its title and its description
        alt = " ".join(t for t in (_first(rf"<{tag}\b[^>]*>(.*?)</{tag}>", inner) for tag in ("title", "desc")) if t)
    return Part(
        _titled(heading, section, alt),
        section,
        read_table(table[1]) if table else None,
        _first(r'data-name="([^"]*)"', about),
        alt,
        plain(caption[1].replace("<p>", " ")) if caption else "",
        svg[0] if svg else "",
    )


def _titled(heading: str, section: str, alt: str) -> str:
    """Return what a chart is of, to stand by itself: its heading with that above it; of the first section what it shows.

    >>> _titled("To the order", "How long the steps take", ""), _titled("In short", "In short", "Share in time. By year.")
    ('How long the steps take: to the order', 'Share in time')
    """
    if heading == SUMMARY:
        return alt.split(". ")[0].rstrip(".")
    return heading if heading == section or not section else f"{section}: {heading[:1].lower()}{heading[1:]}"


def read_table(inner: str, note: str = "") -> Table:
    """Return what stands between the tags of a table.

    >>> read_table('<tr><th scope="col">Year</th><th scope="col">Due</th></tr><tr><th scope="row">2018</th><td>&lt;5</td></tr>')
    Table(columns=('Year', 'Due'), rows=(('2018', '<5'),), caption='', note='')
    """
    lines = [
        tuple(plain(cell) for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", line, re.S))
        for line in re.findall(r"<tr\b[^>]*>(.*?)</tr>", inner, re.S)
    ]
    columns, *rows = lines or [()]
    return Table(columns, tuple(rows), _first(r"<caption\b[^>]*>(.*?)</caption>", inner), note)


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.S)
    return plain(found[1]) if found else ""


def plain(html: str) -> str:
    """Return a piece of HTML as the text that is seen.

    >>> plain("<b>Figure&nbsp;1.</b>  Read it &amp; weep")
    'Figure 1. Read it & weep'
    """
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
