"""Spells: from the day a child is accommodated (or is at home on an order) to the day that ends.

A spell away from home begins with `accommodated` and ends with the first of: return home, the order that makes
the plan secure, the end of the last placement, the 18th birthday. Accommodated again after that is a new spell with
a new clock. Accommodated recorded again while the spell lasts is the same spell.

Everything here follows all children at once, as numbers (`numbered`): a nation takes seconds. What it means is written out,
child by child, in tests/oracle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from pace_nb.day_numbers import NEVER, to_days
from pace_nb.extract import Extract
from pace_nb.neighbours import order_of, tied
from pace_nb.numbered import (
    EVENT,
    EVENTS,
    KEY,
    ROUTES,
    Events,
    Stays,
    number_children,
    number_events,
    number_legal,
    number_placements,
)

COLUMNS = [*KEY, "spell", "start", "end", "ended_by"]

#: How a spell ends, as a reader sees it.
ENDINGS = {
    "return_home": "returned home",
    "order_granted": "order granted",
    "left_care": "left care",
    "turned_18": "turned 18",
    "order_ended": "order ended or child moved away from home",
}
#: Their numbers: of two that fall on one day the first counts. -1 is a spell that lasts.
BY = ("order_granted", "return_home", "turned_18", "left_care", "order_ended")
SAME_STAY = 1  # placements or orders that follow within a day are one stay
_SPAN = 4 * NEVER  # further apart than any two days, so that a child's days stand in a row of their own


@dataclass(frozen=True, eq=False)
class Spells:
    """Spells as numbers, in order of the children's numbers and of time: who, spell (1, 2 ...), start, end, by (in BY)."""

    who: np.ndarray
    spell: np.ndarray
    start: np.ndarray
    end: np.ndarray
    by: np.ndarray

    def __len__(self) -> int:
        return len(self.who)


@lru_cache(maxsize=4)
def number_away_spells(extract: Extract) -> Spells:
    """Return spells away from home as numbers."""
    children, events, placements = number_children(extract), number_events(extract), number_placements(extract)
    accommodated = events.event == EVENT["accommodated"]
    starts = np.unique(events.who[accommodated] * _SPAN + events.day[accommodated])
    who, start = starts // _SPAN, starts % _SPAN
    nth = _count_within(who)
    ends = [
        (_first_turning(who, start, nth, events), 0),
        (_left_care(who, start, placements), BY.index("left_care")),
        (np.where(children.eighteenth[who] > start, children.eighteenth[who], NEVER), BY.index("turned_18")),
    ]
    # The first to come, and of those on one day the first of BY: the day and its rank are one number.
    turning, *others = ends
    best = np.minimum.reduce([turning[0], *(day * len(BY) + by for day, by in others)])
    end, by = best // len(BY), best % len(BY)
    kept = _one_after_another(who, start, end, nth)
    return _in_order(children.place, who[kept], start[kept], end[kept], by[kept])


def _count_within(who: np.ndarray) -> np.ndarray:
    """Return of each row how many rows of the same child stand before it; the rows of a child follow one another."""
    new = np.append(True, who[1:] != who[:-1])[: len(who)]
    begins = np.maximum.accumulate(np.where(new, np.arange(len(who)), 0))
    return np.arange(len(who)) - begins


def _first_turning(who: np.ndarray, start: np.ndarray, nth: np.ndarray, events: Events) -> np.ndarray:
    """Return the first order or return home after each start, as day and rank in one number.

    What happened on the very day of a new start belongs to the spell before; there is none before a child's first.
    """
    kinds = np.full(len(EVENTS), -1)
    kinds[EVENT["order_granted"]], kinds[EVENT["return_home"]] = BY.index("order_granted"), BY.index("return_home")
    rank = kinds[events.event]
    ends = rank >= 0
    days = np.sort((events.who[ends] * _SPAN + events.day[ends]) * len(BY) + rank[ends])
    from_day = (who * _SPAN + start + (nth > 0)) * len(BY)
    at = np.searchsorted(days, from_day)
    found = np.append(days, np.iinfo(np.int64).max)[at]
    mine = found // len(BY) // _SPAN == who
    return np.where(mine, found % (_SPAN * len(BY)), NEVER * len(BY))


def _left_care(who: np.ndarray, start: np.ndarray, placements: Stays) -> np.ndarray:
    """Return the end of the last placement of each start's spell, if all have ended and the next start is not the day after.

    Which placements are the last before a later start depends on that start, so every later one is looked at, and none.
    """
    order = np.argsort(placements.who * _SPAN + placements.start, kind="stable")
    key = (placements.who * _SPAN + placements.start)[order]
    last = _running_max(placements.who[order], placements.end[order])
    found = np.full(len(who), NEVER)
    rows = np.arange(len(who))
    following = rows + 1
    while len(rows):
        more = following < len(who)
        again = more & (who[np.where(more, following, 0)] == who[rows])
        until = np.where(again, start[np.where(again, following, 0)], NEVER)
        at = np.searchsorted(key, who[rows] * _SPAN + until) - 1
        mine = (at >= 0) & (key[at] // _SPAN == who[rows]) if len(key) else np.zeros(len(rows), dtype=bool)
        day = np.where(mine, last[at] if len(key) else NEVER, NEVER)
        ended = (day < NEVER) & (day >= start[rows]) & ((until == NEVER) | (day + SAME_STAY < until))
        found[rows[ended]] = day[ended]
        rows, following = rows[again & ~ended], following[again & ~ended] + 1
    return found


def _running_max(who: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the largest value so far of each child; the rows of a child follow one another, children in order."""
    return np.maximum.accumulate(values + who * _SPAN) - who * _SPAN


def _one_after_another(who: np.ndarray, start: np.ndarray, end: np.ndarray, nth: np.ndarray) -> np.ndarray:
    """Return which starts begin a spell: not those recorded again while the one before lasts."""
    kept = nth == 0
    until = np.full(int(who.max(initial=-1)) + 1, NEVER)
    until[who[kept]] = end[kept]
    for n in range(1, int(nth.max(initial=0)) + 1):
        rows = np.flatnonzero(nth == n)
        rows = rows[start[rows] >= until[who[rows]]]
        kept[rows], until[who[rows]] = True, end[rows]
    return kept


def _in_order(place: np.ndarray, who: np.ndarray, start: np.ndarray, end: np.ndarray, by: np.ndarray) -> Spells:
    order = np.argsort(place[who], kind="stable")
    who, start, end, by = who[order], start[order], end[order], by[order]
    return Spells(who, _count_within(who) + 1, start, end, np.where(end >= NEVER, -1, by))


@lru_cache(maxsize=4)
def number_home_spells(extract: Extract) -> Spells:
    """Return spells at home on a compulsory supervision order as numbers: the days on which both hold, joined up."""
    children = number_children(extract)
    orders = _joined(number_legal(extract).of("compulsory_supervision_order"))
    stays = _joined(number_placements(extract).of("at_home"))
    low, high = (np.searchsorted(stays.who, orders.who, side) for side in ("left", "right"))
    each = high - low
    order = np.repeat(np.arange(len(orders.who)), each)
    stay = np.arange(len(order)) - np.repeat(np.cumsum(each) - each, each) + low[order]
    who, start = orders.who[order], np.maximum(orders.start[order], stays.start[stay])
    ended, eighteenth = np.minimum(orders.end[order], stays.end[stay]), children.eighteenth[who]
    end = np.minimum(ended, eighteenth)
    by = np.where(ended <= eighteenth, BY.index("order_ended"), BY.index("turned_18"))
    kept = start < end
    return _in_order(children.place, who[kept], start[kept], end[kept], by[kept])


def _joined(stays: Stays) -> Stays:
    """Join stays that touch or overlap, in order of child and start."""
    order = order_of(stays.who * _SPAN + stays.start, stays.end)
    who, start, last = stays.who[order], stays.start[order], _running_max(stays.who[order], stays.end[order])
    new = np.append(True, (who[1:] != who[:-1]) | (start[1:] > last[:-1] + SAME_STAY))[: len(who)]
    first = np.flatnonzero(new)
    final = np.append(first[1:], len(who))[: len(first)] - 1
    return Stays(who[first], start[first], last[final], stays.kind[order][first], stays.kinds)


# Every measure of a page asks for the same spells: they are found once for an extract. Nobody may change them.
@lru_cache(maxsize=4)
def find_away_spells(extract: Extract) -> pd.DataFrame:
    """Return spells away from home: one row per child and spell, `end` blank while it lasts.

    Columns: local_authority, child_id, spell, start, end, ended_by, id (row number), who (number of the child's row in the
    children table), sibling_group, date_of_birth.
    """
    return _frame(number_away_spells(extract), extract)


@lru_cache(maxsize=4)
def find_home_spells(extract: Extract) -> pd.DataFrame:
    """Return spells at home on a compulsory supervision order: the days on which both hold, joined up."""
    return _frame(number_home_spells(extract), extract)


def _frame(spells: Spells, extract: Extract) -> pd.DataFrame:
    about = extract.children[[*KEY, "sibling_group", "date_of_birth"]].iloc[spells.who].reset_index(drop=True)
    found = {
        "spell": spells.spell,
        "start": to_days(spells.start),
        "end": to_days(spells.end),
        "ended_by": texts((*BY, None), spells.by),
        "id": np.arange(len(spells)),
        "who": spells.who,
    }
    columns = [*COLUMNS, "id", "who", "sibling_group", "date_of_birth"]
    return about.assign(**found)[columns]


def texts(names: tuple[str | None, ...], codes: np.ndarray) -> pd.Series:
    """Return names by their numbers as a column of text; -1 is the last name, None is blank."""
    return pd.Series(pd.array(names, dtype="str").take(codes % len(names)))


@dataclass(frozen=True, eq=False)
class Within:
    """The events within spells as numbers, in order of date: spell (its row), who, day, event (in EVENTS), route (in ROUTES).

    row: of each, the row of the events table.
    """

    spell: np.ndarray
    who: np.ndarray
    day: np.ndarray
    event: np.ndarray
    route: np.ndarray
    row: np.ndarray


@lru_cache(maxsize=4)
def number_away_events(extract: Extract) -> Within:
    """Return the events within spells away from home as numbers."""
    return _within(extract, number_away_spells(extract))


@lru_cache(maxsize=4)
def number_home_events(extract: Extract) -> Within:
    """Return the events within spells at home on an order as numbers."""
    return _within(extract, number_home_spells(extract))


def _within(extract: Extract, spells: Spells) -> Within:
    """Return the events that fall within a spell, both ends included, in order of date."""
    events, place = number_events(extract), number_children(extract).place
    count, first = np.bincount(spells.who, minlength=len(place)), np.zeros(len(place), dtype=np.int64)
    first[spells.who[spells.spell == 1]] = np.flatnonzero(spells.spell == 1)
    each = count[events.who]
    rows, found = [], []
    for nth in range(max(1, int(count.max(initial=0)))):  # few children have a second, and fewer a third
        row = np.flatnonzero(each > nth)
        spell = first[events.who[row]] + nth
        inside = (events.day[row] >= spells.start[spell]) & (events.day[row] <= spells.end[spell])
        rows.append(row[inside])
        found.append(spell[inside])
    row, spell = np.concatenate(rows), np.concatenate(found)
    group = (events.day[row] * len(place) + place[events.who[row]]) * len(EVENTS) + events.event[row]
    order = order_of(group, spell)
    row, spell, group = row[order], spell[order], group[order]
    # The last day of one spell may be the first of the next: being accommodated on it begins the later one, and
    # everything else belongs to the earlier one.
    some = tied(group)
    same = pd.Series(group[some] * len(ROUTES) + events.route[row[some]])
    begins = events.event[row[some]] == EVENT["accommodated"]
    extra = some[np.where(begins, same.duplicated(keep="last"), same.duplicated(keep="first"))]
    row, spell = np.delete(row, extra), np.delete(spell, extra)
    return Within(spell, events.who[row], events.day[row], events.event[row], events.route[row], row)


@lru_cache(maxsize=4)
def find_away_events(extract: Extract) -> pd.DataFrame:
    """Return the events within spells away from home. Columns: the child, spell, id of the spell, date, event, route."""
    return _event_frame(extract, number_away_events(extract), number_away_spells(extract))


@lru_cache(maxsize=4)
def find_home_events(extract: Extract) -> pd.DataFrame:
    """Return the events within spells at home on an order, with the same columns."""
    return _event_frame(extract, number_home_events(extract), number_home_spells(extract))


def _event_frame(extract: Extract, within: Within, spells: Spells) -> pd.DataFrame:
    rows = extract.events.iloc[within.row].reset_index(drop=True)
    found = rows.assign(spell=spells.spell[within.spell], id=within.spell)
    return found[[*KEY, "spell", "id", "date", "event", "route"]]
