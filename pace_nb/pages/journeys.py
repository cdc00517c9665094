"""Parts of the timelines page: what it was like for a child, for siblings."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pace_nb.charts.journey import draw_child
from pace_nb.charts.journey import draw_siblings as drawn_siblings
from pace_nb.errors import ParameterError
from pace_nb.shown import Shown, paragraphs
from pace_nb.tables import make_table
from pace_nb.timelines import Journey, choose_child, choose_siblings
from pace_nb.wording.journey_told import summarise, tabulate
from pace_nb.wording.journeys import PROFESSIONAL, VERSIONS, Version, find_version
from pace_nb.wording.siblings import summarise_siblings, tabulate_siblings

__all__ = [
    "choose_child",
    "choose_siblings",
    "describe_journey",
    "describe_siblings",
    "draw_siblings",
    "draw_timeline",
    "show_journey",
    "show_siblings",
]


def describe_journey(journey: Journey, version: str = "professional") -> Shown:
    """Say one child's journey in plain sentences. version: "professional", or "family" for the child or a parent."""
    return paragraphs(summarise(journey, _version(version)), "conclusion", child_level=True)


def draw_timeline(journey: Journey, version: str = "professional") -> Shown:
    """Draw one child's journey, with a table of the same content below it. version: as for `describe_journey`."""
    return show_journey(journey, _version(version))


def _version(name: str) -> Version:
    if name not in VERSIONS:
        raise ParameterError(f"There is no version '{name}'.", do=f"say one of: {', '.join(VERSIONS)}.")
    return find_version(name)


def show_journey(journey: Journey, version: Version = PROFESSIONAL) -> Shown:
    """Return the picture of a child's journey and, folded up below it, the same as a table."""
    columns, rows = tabulate(journey, version)
    table = make_table(columns, rows, f"{journey.label} as a table", child_level=True)
    return _with_table(
        draw_child(journey, version), f"Timeline of {journey.label}", table, " ".join(summarise(journey, version))
    )


def _with_table(svg: str, name: str, table: Shown, words: str) -> Shown:
    html = (
        f'<figure class="journey"><div class="chart" tabindex="0" role="group" aria-label="{escape(name)}">{svg}</div>'
        f"<details><summary>The same as a table</summary>{table.html}</details></figure>"
    )
    return Shown(html, f"{words}\n{table.text}", child_level=True)


def describe_siblings(journeys: Sequence[Journey]) -> Shown:
    """Say who the brothers and sisters are, when they lived together as far as the record tells, and what was decided on one day."""
    return paragraphs(summarise_siblings(journeys), "conclusion", child_level=True)


def draw_siblings(journeys: Sequence[Journey]) -> Shown:
    """Draw brothers and sisters on one time axis, with a table of the same content below it."""
    return show_siblings(journeys)


def show_siblings(journeys: Sequence[Journey], version: Version = PROFESSIONAL) -> Shown:
    """Return the picture of brothers and sisters and, folded up below it, the same as a table. journeys: in order of birth."""
    columns, rows = tabulate_siblings(journeys, version)
    table = make_table(columns, rows, "Brothers and sisters as a table", child_level=True)
    words = " ".join(summarise_siblings(journeys, version))
    return _with_table(drawn_siblings(journeys, version), "Timeline of brothers and sisters", table, words)
