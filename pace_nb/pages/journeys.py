"""Parts of the timelines page: what it was like for a child, for siblings, for a group."""

from __future__ import annotations

from collections.abc import Sequence

from pace_nb.aims import Aim
from pace_nb.charts import timelines as drawn
from pace_nb.charts.figure import Figure
from pace_nb.extract import Extract
from pace_nb.shown import Shown, paragraphs
from pace_nb.timelines import SHOWN_AT_ONCE, Journey, choose_child, choose_group, choose_siblings

__all__ = [
    "choose_child",
    "choose_group",
    "choose_siblings",
    "describe_group",
    "describe_journey",
    "draw_histories",
    "draw_siblings",
    "draw_timeline",
]


def describe_journey(journey: Journey) -> Shown:
    """Say one child's journey in plain sentences."""
    return paragraphs([drawn.describe_journey(journey)], "conclusion", child_level=True)


def draw_timeline(journey: Journey, extract: Extract) -> Figure:
    """Draw one child's journey, with the day on which the limit of aim 2 was reached."""
    return drawn.draw_timeline(journey, extract.aims["aim-2"])


def draw_siblings(journeys: Sequence[Journey]) -> Figure:
    """Draw brothers and sisters on one time axis."""
    return drawn.draw_siblings(journeys)


def describe_group(group: tuple[list[Journey], Aim, int], name: str) -> Shown:
    """Say which children are drawn and how many there are."""
    journeys, aim, n = group
    said = [f"{n:,} children: {name} ({aim.clock}, {aim.limit_label})."]
    if n > SHOWN_AT_ONCE:
        said.append(f"The {SHOWN_AT_ONCE} who have waited longest are drawn.")
    if journeys:
        said.append(f"The longest has waited {journeys[0].wait_days // 7} weeks.")
    return paragraphs(said, child_level=True)


def draw_histories(group: tuple[list[Journey], Aim, int]) -> Figure:
    """Draw where each child of the group has lived since the clock started."""
    return drawn.draw_histories(*group[:2])
