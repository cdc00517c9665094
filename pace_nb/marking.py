"""The words that say above and below who may see something, worked out from what is in it.

Nobody chooses a marking. A page is marked for people entitled to see children if anything on it tells of single children, if it
was made for them (its counts are exact then), or if it does not say for whom it was made.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

SENSITIVE = "OFFICIAL-SENSITIVE: contains child-level data. Do not forward."
POINTS = "OFFICIAL-SENSITIVE: points to the records of single children. For the area's data lead only."
AGGREGATE = "Aggregate, disclosure-controlled."


def mark(audiences: Iterable[str], child_level: bool) -> str:
    """Return the marking of a page. audiences: what each of its mastheads says; child_level: whether a part tells of a child.

    >>> mark(["aggregate"], False) == AGGREGATE
    True
    >>> {mark(["aggregate"], True), mark(["aggregate", "working"], False), mark([], False)} == {SENSITIVE}
    True
    """
    return AGGREGATE if set(audiences) == {"aggregate"} and not child_level else SENSITIVE


def strictest(markings: Iterable[str]) -> str:
    """Return the marking of several things together: one that is not for everyone makes all of it so.

    >>> strictest([AGGREGATE, SENSITIVE]) == SENSITIVE, strictest([AGGREGATE, ""]) == AGGREGATE
    (True, True)
    """
    return AGGREGATE if {m for m in markings if m} == {AGGREGATE} else SENSITIVE


def bar(marking: str) -> str:
    """Return the marking as it stands above and below in a notebook that is open; a page has its own, outside the cells."""
    colour = "#2b5d3a" if marking == AGGREGATE else "#8a1c1c"
    style = f"background:{colour};color:white;font-weight:bold;text-align:center;padding:.3rem 1rem;margin:.3rem 0"
    return f'<div style="{style}">{escape(marking)}</div>'


def without_bars(html: str) -> str:
    """Return HTML without the bars of `bar`.

    >>> without_bars(bar(SENSITIVE) + "<p>5</p>" + bar(AGGREGATE))
    '<p>5</p>'
    """
    return html.replace(bar(SENSITIVE), "").replace(bar(AGGREGATE), "")
