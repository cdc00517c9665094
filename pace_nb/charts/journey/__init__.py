"""Journeys as pictures: laid out in numbers, then drawn as SVG of our own, because Vega-Lite neither hatches nor fits words to bars.

`draw_child` and `draw_siblings` return an SVG that scales to its place; each takes a few milliseconds and no Altair.
"""

from __future__ import annotations

from collections.abc import Sequence

from pace_nb.charts.journey.child import lay_out_child
from pace_nb.charts.journey.page import WIDTH
from pace_nb.charts.journey.siblings import lay_out_siblings
from pace_nb.charts.journey.svg import draw
from pace_nb.timelines.records import Journey
from pace_nb.wording.journey_told import summarise
from pace_nb.wording.journeys import PROFESSIONAL, Version
from pace_nb.wording.siblings import describe_siblings

__all__ = ["draw_child", "draw_siblings", "lay_out_child", "lay_out_siblings", "name_of"]


def draw_child(journey: Journey, version: Version = PROFESSIONAL, wide: float = WIDTH) -> str:
    """Return the picture of one child's journey as SVG, with its title and a summary as its description.

    wide: of the picture in pixels of its own; type is 14 of them (15.5 for a family), so a wider picture has smaller type on a sheet.
    """
    title = version.say("title", label=journey.label, first=version.day(journey.first), last=version.day(journey.last))
    return draw(
        lay_out_child(journey, version, wide),
        name_of([journey], version, wide),
        title,
        " ".join(summarise(journey, version)),
    )


def draw_siblings(journeys: Sequence[Journey], version: Version = PROFESSIONAL, wide: float = WIDTH) -> str:
    """Return the picture of brothers and sisters on one time axis as SVG. journeys: in order of birth; at least one."""
    first, last = min(j.first for j in journeys), max(j.last for j in journeys)
    title = version.say("siblings", n=len(journeys), first=version.day(first), last=version.day(last))
    description = describe_siblings(journeys, version)
    return draw(lay_out_siblings(journeys, version, wide), name_of(journeys, version, wide), title, description)


def name_of(journeys: Sequence[Journey], version: Version, wide: float = WIDTH) -> str:
    """Return letters and figures by which the parts of a picture are told from those of others on a page."""
    codes = "-".join(j.label.removeprefix("Child ").lower() for j in journeys)
    return f"j{version.name[0]}{wide:.0f}-{codes}"
