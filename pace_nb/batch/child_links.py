"""Links from the marks of a page to the children whose they are: on pages for people entitled to see children, and nowhere else.

A mark or a cell that is a child's carries the child's code as `data-child` and is no link until `tie` makes it one, on a page that
has the page of every child beside it; where that page was not made after all, `untie` takes the links away again.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from pace_nb.charts.figure import CHILD
from pace_nb.children_page import CHILDREN
from pace_nb.pseudonyms import plain_label

PAGE = f"{CHILDREN}.html"
_CODE = r"[0-9A-HJKMNP-TV-Z]{6,}"
_LABEL = r"Child [0-9A-Z]{3}(?:-[0-9A-Z]{1,3})+"
_DRAWN = re.compile(rf'<a xlink:href="[^"]*?({_LABEL})">')
_CELL = re.compile(rf"(<t[dh]\b[^>]*>)({_LABEL})(</t[dh]>)")
_MARK = re.compile(rf'<a data-child="({_CODE})">')
_TIED = re.compile(rf'<a data-child="({_CODE})" href="{PAGE}#\1">')
_TIED_CELL = re.compile(rf'(<t[dh]\b[^>]*>)<a data-child="{_CODE}">({_LABEL})</a>(</t[dh]>)')
_WAY_PAST = re.compile(
    r'<a class="past" href="#(figure-\d+)-read">[^<]*</a>(.*?<figcaption) id="\1-read" tabindex="-1"', re.DOTALL
)
_FIGURE = re.compile(r'(<figure id="(figure-\d+)"[^>]*>)(.*?)<figcaption', re.DOTALL)
_MANY = 5  # links of a drawing; where there are more, one before them leads past them


def name_marks(spec: Any) -> Any:
    """Return a Vega-Lite chart in which every mark that says whose it is (by the column `CHILD`) is drawn with that name."""
    if isinstance(spec, list):
        return [name_marks(part) for part in spec]
    if not isinstance(spec, dict):
        return spec
    named = {key: value if key == "datasets" else name_marks(value) for key, value in spec.items()}
    encoding = named.get("encoding", {})
    over = encoding.get("tooltip")
    if isinstance(over, dict) and over.get("field") == CHILD:
        named["encoding"] = {**encoding, "href": {"field": CHILD, "type": "nominal"}}
    return named


def carry_codes(svg: str) -> str:
    """Return the drawing of such a chart with each of those marks carrying its child's code, and its name to be spoken.

    A drawing with such marks is a group: what is inside a picture is not told to those who cannot see it.

    >>> carry_codes('<svg role="img"><a xlink:href="https://x/Child K7Q-2MX"><path/></a></svg>')
    '<svg role="group"><a data-child="K7Q2MX"><title>Child K7Q-2MX</title><path/></a></svg>'
    """
    said, n = _DRAWN.subn(lambda m: f'<a data-child="{plain_label(m[1])}"><title>{escape(m[1])}</title>', svg)
    return said.replace('role="img"', 'role="group"', 1) if n else svg


def tie(html: str) -> str:
    """Return a page whose marks and cells of children are links to them.

    >>> tie("<td>Child K7Q-2MX</td>")
    '<td><a data-child="K7Q2MX" href="children.html#K7Q2MX">Child K7Q-2MX</a></td>'
    """
    html = _CELL.sub(lambda m: f'{m[1]}<a data-child="{plain_label(m[2])}">{m[2]}</a>{m[3]}', html)
    html = _FIGURE.sub(_with_way_past, html)
    return _MARK.sub(rf'<a data-child="\1" href="{PAGE}#\1">', html)


def _with_way_past(figure: re.Match[str]) -> str:
    n = len(_MARK.findall(figure[3]))
    if n <= _MANY:
        return figure[0]
    way = f'<a class="past" href="#{figure[2]}-read">Past the {n:,} links of this figure</a>'
    return f'{figure[1]}{way}{figure[3]}<figcaption id="{figure[2]}-read" tabindex="-1"'


def untie(html: str) -> str:
    """Return a page as it was before `tie`: where there is no page of every child, and where a page leaves its folder.

    >>> untie(tie('<td>Child K7Q-2MX</td><a data-child="K7Q2MX"><path/></a>'))
    '<td>Child K7Q-2MX</td><a data-child="K7Q2MX"><path/></a>'
    """
    html = _TIED.sub(r'<a data-child="\1">', html)
    return _WAY_PAST.sub(r"\2", _TIED_CELL.sub(r"\1\2\3", html))
