"""The part of the timelines page that shows a journey without dates, and says what can still be known from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from pace_nb.disclosure import THRESHOLD
from pace_nb.extract import Extract
from pace_nb.pages.journeys import show_journey
from pace_nb.shown import Shown, paragraphs
from pace_nb.timelines import Journey
from pace_nb.timelines.anonymous import OTHER_ORDER, WEEK_0, Anonymous, make_anonymous, week_of
from pace_nb.wording.journeys import PROFESSIONAL


def say_week(day: date) -> str:
    """Return a day of an anonymous journey as people say it.

    >>> say_week(WEEK_0), say_week(WEEK_0 - timedelta(days=14))
    ('week 0', '2 weeks before')
    """
    week = week_of(day)
    return f"week {week:,}" if week >= 0 else f"{-week} week{'' if week == -1 else 's'} before"


def _axis(first: date, last: date) -> list[tuple[date, str]]:
    """Mark the weeks, so that there are about ten marks."""
    low, high = week_of(first), week_of(last)
    step = next((s for s in (1, 2, 4, 13, 26, 52, 104) if (high - low) / s <= 12), 208)
    return [(WEEK_0 + timedelta(weeks=w), f"{w}") for w in range(low + -low % step, high + 1, step)]


#: The words of a journey without dates.
ANONYMOUS = replace(
    PROFESSIONAL,
    name="anonymous",
    orders={**PROFESSIONAL.orders, OTHER_ORDER: ("Another order or section", "Other")},
    lanes={**PROFESSIONAL.lanes, "date": "Week"},
    texts={
        name: text.replace("on {day}", "in {day}").replace("on {due}", "in {due}")
        for name, text in PROFESSIONAL.texts.items()
    }
    | {"begin": "The record of {who} begins: {day}."},
    day=say_week,
    short_day=say_week,
    axis=_axis,
    ages=False,
)


def show_anonymous(journey: Journey, extract: Extract) -> Shown:
    """Show a journey in weeks, under no label, and say what remains by which the child can be known. It stays child-level.

    Raises ParameterError in the aggregate audience.
    """
    told = make_anonymous(journey, extract)
    said, shown = (
        paragraphs(_say_what_remains(told), "conclusion", child_level=True),
        show_journey(told.journey, ANONYMOUS),
    )
    return Shown(said.html + shown.html, f"{said.text}\n{shown.text}", child_level=True)


def _say_what_remains(told: Anonymous) -> Sequence[str]:
    journey, weeks = told.journey, week_of(told.journey.last) - week_of(told.journey.first)
    changed = "Changed: weeks stand for dates (week 0 is when the child came to live away from home, or the first recorded week)"
    rare = (
        f"kinds of placement, order and plan that fewer than {THRESHOLD} children of this area have are told as others"
    )
    return [
        f"{changed}; {rare}{'' if told.merged else ' (none of this child’s are)'}; no label, no date of birth, no brothers and sisters.",
        f"Age at week 0: {told.ages}{' years' if told.ages[:1].isdigit() else ''}.",
        f"What remains: {len(journey.placements)} placements and {len(journey.events)} events in their order over {weeks:,} weeks, each to "
        "the week. Whoever knows the child, or one of these dates, can tell who it is and learn the rest. Hardly any other child "
        "has the same order of weeks.",
        "So: it is still about a single child, and only for people entitled to see children. Show it beside others only where everyone "
        "in the room may know.",
    ]
