"""The part of the timelines page on a group of waiting children: who they are, and where each has lived."""

from __future__ import annotations

from pace_nb.charts import histories as drawn
from pace_nb.charts.figure import Figure
from pace_nb.shown import Shown, paragraphs
from pace_nb.timelines import Chosen, choose_group

__all__ = ["choose_group", "describe_group", "draw_histories"]


def describe_group(group: Chosen) -> Shown:
    """Say how many children are in a group, how many of them are past the limit, and how many are drawn."""
    n, late = len(group.members), sum(m.late for m in group.members)
    said = [
        f"{group.group.name[0].upper()}{group.group.name[1:]}: {n:,} children ({group.aim.clock}, {group.aim.limit_label})."
    ]
    if n and group.aim.limit is not None:
        said.append(f"{late:,} of these {n:,} are past the limit.")
    if n:
        said.append(f"The longest has waited {max(m.days for m in group.members) // 7} weeks.")
    if len(group.drawn) < n:
        said.append(f"The first {len(group.drawn)} are drawn.")
    return paragraphs([" ".join(said)], child_level=True)


def draw_histories(group: Chosen) -> Figure:
    """Draw where each child of a group lived, laid and ordered as the group was chosen."""
    return drawn.draw_histories(group)
