"""What is recorded of one child, as plain days and codes: fast to gather for every child of an extract, and nothing drawn yet.

The tables of an extract are gone through once; after that a child's journey is put together from plain tuples, so that
thousands of them cost little more than one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd

from pace_nb import terms
from pace_nb.aims import Aim
from pace_nb.extract import Extract
from pace_nb.intervals import find_intervals
from pace_nb.periods import birthday
from pace_nb.spells import KEY, find_away_spells
from pace_nb.timelines.stretches import (
    Decision,
    Event,
    Stay,
    Stretch,
    find_decisions,
    find_gaps,
    find_moves,
    find_silences,
    looked_after,
)

Child = tuple[str, str]  # local authority and number


@dataclass(frozen=True)
class Spell:
    """A time away from home, as waits are counted (see `spells`). end: None while it lasts. ended_by: a code of `spells.ENDINGS`."""

    start: date
    end: date | None
    ended_by: str


@dataclass(frozen=True)
class Wait:
    """A child's wait for one aim in one spell, as `intervals.find_intervals` counts it.

    status: reached, waiting, left or unusable, with its reason. last: the day it was reached, the way out, or the as-at date. due:
    the last day that keeps the limit, None without a limit. late: reached after it, or not reached although it has passed.
    """

    aim: Aim
    start: date
    last: date
    days: int
    status: str
    reason: str
    due: date | None
    late: bool


@dataclass(frozen=True)
class Journey:
    """One child's record, named by a label that is not the child's number. Nothing in it is after `as_at`.

    placements, legal: in order of start. events: in order of date, each day and code once. spells: times away from home. waits: for
    the aims of the extract, in order of start. looked_after: days from and to, joined. gaps: looked after, and no placement
    recorded. silences: 26 weeks or more without a recorded decision. first: the first recorded day. last: the as-at date while
    anything lasts, else the last recorded day. wait_days: of a journey that was chosen for a wait, how long that is.
    """

    label: str
    born: date | None
    sibling_group: str | None = field(repr=False)
    placements: tuple[Stay, ...]
    legal: tuple[Stay, ...]
    events: tuple[Event, ...]
    spells: tuple[Spell, ...]
    waits: tuple[Wait, ...]
    looked_after: tuple[tuple[date, date], ...]
    gaps: tuple[Stretch, ...]
    silences: tuple[Stretch, ...]
    first: date
    last: date
    as_at: date
    area: str
    wait_days: int = 0

    @cached_property
    def moves(self) -> tuple[date, ...]:
        """The days on which the child went from one place away from home to another: see `stretches.find_moves`."""
        return find_moves(self.placements, self.looked_after)

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """Every recorded decision, in order: see `stretches.find_decisions`."""
        return find_decisions(self.events, self.legal)

    @property
    def lives(self) -> Stay | None:
        """The placement that lasts on the as-at date: of several, the one that began last."""
        return next((p for p in reversed(self.placements) if p.open), None)

    @property
    def eighteenth(self) -> date | None:
        """The 18th birthday, if it has come by the as-at date."""
        day = birthday(self.born, 18) if self.born else None
        return day if day and day <= self.as_at else None

    def __str__(self) -> str:
        return f"Journey: {self.label}, {self.area}, {len(self.placements)} placements, {len(self.events)} events"

    __repr__ = __str__


def tell_journey(extract: Extract, key: Child, label: str) -> Journey:
    """Gather what is recorded of one child, up to the day of the extract. Raises KeyError for a child the extract lacks."""
    rows = _gather(extract)
    born, group = rows.children[key]
    as_at = extract.as_at
    placements = _end_open(rows.placements.get(key, ()))
    legal = tuple(rows.legal.get(key, ()))
    events = tuple(dict.fromkeys(rows.events.get(key, ())))
    adult = birthday(born, 18) if born else None
    spells = tuple(rows.spells.get(key, ()))
    periods = looked_after(placements, legal, [(s.start, s.end or as_at) for s in spells], adult)
    days = [s.start for s in (*placements, *legal)] + [e.day for e in events]
    ends = [s.end for s in (*placements, *legal)] + [e.day for e in events]
    return Journey(
        label=label,
        born=born,
        sibling_group=group,
        placements=placements,
        legal=legal,
        events=events,
        spells=spells,
        waits=tuple(rows.waits.get(key, ())),
        looked_after=periods,
        gaps=find_gaps(placements, periods),
        silences=find_silences(events, legal, periods),
        first=min(days, default=as_at),
        last=max(ends, default=as_at),
        as_at=as_at,
        area=key[0],
    )


def _end_open(stays: list[Stay] | tuple) -> tuple[Stay, ...]:
    """Say of each placement without an end until when it is known: another that began later tells no more than that."""
    told = []
    for i, stay in enumerate(stays):
        later = next((s.start for s in stays[i + 1 :] if s.start > stay.start), None)
        told.append(replace(stay, end=later, open=False, unended=True) if stay.open and later else stay)
    return tuple(told)


@dataclass(frozen=True)
class _Rows:
    children: dict[Child, tuple[date | None, str | None]]
    placements: dict[Child, list[Stay]]
    legal: dict[Child, list[Stay]]
    events: dict[Child, list[Event]]
    spells: dict[Child, list[Spell]]
    waits: dict[Child, list[Wait]]


@lru_cache(maxsize=2)
def _gather(extract: Extract) -> _Rows:
    """Go through the tables once. The period of a page counts waits; a journey is told whole, so it is set aside here."""
    children = {
        (la, child): (born, None if pd.isna(group) else str(group))
        for la, child, born, group in _plain(extract.children, "date_of_birth", "sibling_group")
    }
    events = defaultdict(list)
    for la, child, day, code, route in _plain(extract.events, "date", "event", "route"):
        events[la, child].append(Event(day, code, route if isinstance(route, str) else ""))
    for own in events.values():
        own.sort(key=lambda e: (e.day, _ORDER[e.code], e.code))
    spells = defaultdict(list)
    for la, child, start, end, by in _plain(find_away_spells(extract), "start", "end", "ended_by"):
        spells[la, child].append(Spell(start, end, by if isinstance(by, str) else ""))
    return _Rows(
        children,
        _stays(extract.placements, "placement_type", extract.as_at),
        _stays(extract.legal, "legal_type", extract.as_at),
        dict(events),
        dict(spells),
        _waits(replace(extract, since=None) if extract.since else extract),
    )


#: Of events on one day, what led to the child being looked after comes first, then the milestones in their order, meetings last.
_ORDER = {
    code: n for n, code in enumerate(("referral", *terms.MILESTONES, "return_home", "cso_review", "review", "hearing"))
}


def _stays(frame: pd.DataFrame, code: str, as_at: date) -> dict[Child, list[Stay]]:
    found = defaultdict(list)
    homes = frame.get("home_ref")  # legal reasons have none
    rows = _plain(frame.assign(home_ref=homes), "start_date", "end_date", code, "home_ref")
    for la, child, start, end, kind, home in rows:
        stay = Stay(start, end or as_at, kind, end is None, home=home if isinstance(home, str) else "")
        found[la, child].append(stay)
    for own in found.values():
        own.sort(key=lambda s: (s.start, s.end, s.code))
    return dict(found)


def _waits(extract: Extract) -> dict[Child, list[Wait]]:
    found = defaultdict(list)
    for aim in extract.aims.values():
        table = find_intervals(extract, aim).table
        for la, child, start, days, status, reason, due, late in _plain(
            table, "start", "days", "status", "reason", "due", "late"
        ):
            last = date.fromordinal(start.toordinal() + int(days))
            found[la, child].append(Wait(aim, start, last, int(days), status, reason, due, bool(late)))
    for own in found.values():
        own.sort(key=lambda w: w.start)  # of those that began on one day, in the order of the aims
    return dict(found)


def _plain(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Go through the rows of a table as plain values: days as dates, None where blank."""
    return zip(*(_values(frame[name]) for name in (*KEY, *columns)), strict=True)


def _values(column: pd.Series) -> list[Any]:
    return (column.to_numpy().astype("datetime64[D]") if column.dtype.kind == "M" else column).tolist()
