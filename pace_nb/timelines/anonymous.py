"""A journey without what points to a child at first glance: weeks in place of dates, an age band, no rare kind of place or order.

It stays one child's journey. Nobody should take it for anonymous in the sense of the law: how long each stay lasted, and in which
order, is enough for whoever knows the child.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from pace_nb.disclosure import THRESHOLD, require_working
from pace_nb.extract import Extract
from pace_nb.spells import KEY
from pace_nb.terms import PLACEMENT_GROUPS
from pace_nb.timelines.groups import band_age
from pace_nb.timelines.records import Journey, Spell, Wait
from pace_nb.timelines.stretches import Event, Stay, Stretch

#: The first day of week 0: of no child, and the same for all. A day is only ever told as its week from here.
WEEK_0 = date(2000, 1, 3)
NAME = "Child X"
OTHER_PLACE, OTHER_ORDER = "other", "other_order"


@dataclass(frozen=True)
class Anonymous:
    """A journey told in weeks. ages: the band at week 0, the day the child came to live away from home or, without one, the first
    recorded day. merged: whether anything of it was rare in the extract and is told as "other".
    """

    journey: Journey
    ages: str
    merged: bool


def week_of(day: date) -> int:
    """Return the number of a week of such a journey.

    >>> week_of(WEEK_0), week_of(WEEK_0 - timedelta(days=1))
    (0, -1)
    """
    return (day - WEEK_0).days // 7


def make_anonymous(journey: Journey, extract: Extract) -> Anonymous:
    """Return a journey with each day as its week from week 0, under no label, without birth and brothers and sisters.

    Kinds of placement, order and route that fewer than 5 children of the extract have are told as other ones or left out; secure care
    is told as residential care. Raises ParameterError in the aggregate audience: it still tells of a single child.
    """
    require_working(extract.audience, "A timeline, even one without dates,")
    began = [e.day for e in journey.events if e.code == "accommodated"]
    zero = began[0] if began else journey.first
    places = {p.code: _usual_place(p.code, extract) for p in journey.placements}
    orders = {
        o.code: o.code if _count(extract, "legal", "legal_type", o.code) >= THRESHOLD else OTHER_ORDER
        for o in journey.legal
    }
    routes = {
        e.route: e.route if _count(extract, "events", "route", e.route) >= THRESHOLD else ""
        for e in journey.events
        if e.route
    }

    def move(day: date) -> date:
        return WEEK_0 + timedelta(days=(day - zero).days // 7 * 7)

    placements = tuple(_stay(p, places[p.code], move) for p in journey.placements)
    legal = tuple(_stay(o, orders[o.code], move) for o in journey.legal)
    events = tuple(Event(move(e.day), e.code, routes.get(e.route, "")) for e in journey.events)
    periods = tuple((move(a), move(b)) for a, b in journey.looked_after)
    told = replace(
        journey,
        label=NAME,
        born=None,
        sibling_group=None,
        placements=placements,
        legal=legal,
        events=events,
        spells=tuple(Spell(move(s.start), s.end and move(s.end), s.ended_by) for s in journey.spells),
        waits=tuple(_wait(w, move) for w in journey.waits),
        looked_after=periods,
        gaps=tuple(_stretch(s, move) for s in journey.gaps),
        silences=tuple(_stretch(s, move) for s in journey.silences),
        first=move(journey.first),
        last=move(journey.last),
        as_at=move(journey.as_at),
    )
    # Two stays of a week can become one: what was a move in days is one still.
    vars(told)["moves"] = tuple(map(move, journey.moves))
    merged = any(a != b for codes in (places, orders, routes) for a, b in codes.items())
    return Anonymous(told, band_age(journey.born, zero), merged)


def _usual_place(code: str, extract: Extract) -> str:
    group = "residential" if code == "secure" else code
    kinds = [c for c in PLACEMENT_GROUPS if (c == "secure" and group == "residential") or c == group]
    rows = extract.placements[extract.placements["placement_type"].isin(kinds)]
    return group if len(rows[KEY].drop_duplicates()) >= THRESHOLD else OTHER_PLACE


def _count(extract: Extract, table: str, column: str, code: str) -> int:
    """Count the children of an extract who have a code."""
    rows: pd.DataFrame = getattr(extract, table)
    return len(rows.loc[rows[column] == code, KEY].drop_duplicates())


def _stay(stay: Stay, code: str, move) -> Stay:
    return replace(stay, start=move(stay.start), end=move(stay.end), code=code, home="")


def _stretch(stretch: Stretch, move) -> Stretch:
    return replace(stretch, start=move(stretch.start), end=move(stretch.end))


def _wait(wait: Wait, move) -> Wait:
    """Move a wait; one that is late stays so, where both days fall into one week."""
    start, last, due = move(wait.start), move(wait.last), wait.due and move(wait.due)
    if due and wait.last > wait.due and last <= due:
        due = last - timedelta(days=7)
    return replace(wait, start=start, last=last, days=(last - start).days, due=due)
