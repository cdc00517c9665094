"""A child's journey as facts: where the child lived, on what legal basis, what happened, and stretches without anything recorded."""

from pace_nb.timelines.choose import choose_child, choose_siblings
from pace_nb.timelines.groups import (
    AGES,
    ALIGNED,
    GROUPS,
    ORDERS,
    SHOWN_AT_ONCE,
    Chosen,
    Group,
    Member,
    band_age,
    choose_group,
)
from pace_nb.timelines.labels import find_by_label, label_children, name_marks
from pace_nb.timelines.records import Journey, Spell, Wait, tell_journey
from pace_nb.timelines.standing import Standing, find_standings
from pace_nb.timelines.stretches import SILENCE_WEEKS, Event, Stay, Stretch

__all__ = [
    "AGES",
    "ALIGNED",
    "GROUPS",
    "ORDERS",
    "SHOWN_AT_ONCE",
    "SILENCE_WEEKS",
    "Chosen",
    "Event",
    "Group",
    "Journey",
    "Member",
    "Spell",
    "Standing",
    "Stay",
    "Stretch",
    "Wait",
    "band_age",
    "choose_child",
    "choose_group",
    "choose_siblings",
    "find_by_label",
    "find_standings",
    "label_children",
    "name_marks",
    "tell_journey",
]
