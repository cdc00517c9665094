"""Brothers and sisters: when two of them lived together, as far as the record can tell, and what was decided for several on one day.

A placement of the same kind that began on the same day is no proof of the same home. Only the authority's own reference of a home
(`home_ref` of a placement) tells that two children shared it. Two that lived in placements of different kinds were apart; of two
in placements of one kind without references, nobody can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from pace_nb.timelines.records import Journey
from pace_nb.timelines.stretches import MEETINGS, Stay

TOGETHER, APART, UNKNOWN = "together", "apart", "unknown"


@dataclass(frozen=True)
class Shared:
    """A stretch in which both of two children had a recorded placement. state: together, apart or unknown."""

    start: date
    end: date
    state: str


@dataclass(frozen=True)
class Pair:
    """Two of several siblings, by their places in the order of birth, and the stretches that both were in placements."""

    first: int
    second: int
    shared: tuple[Shared, ...]


@dataclass(frozen=True)
class Joint:
    """What was recorded on a day for one or more siblings: the event, the route if all have the same one, and whose."""

    day: date
    code: str
    route: str
    who: tuple[int, ...]


def compare_homes(journeys: Sequence[Journey]) -> tuple[Pair, ...]:
    """Return, for each two of several children, when they lived together, apart, or in what the record cannot tell."""
    numbered = enumerate(journeys)
    return tuple(Pair(i, j, _compare(a.placements, b.placements)) for (i, a), (j, b) in combinations(numbered, 2))


def _compare(one: Sequence[Stay], other: Sequence[Stay]) -> tuple[Shared, ...]:
    days = sorted({d for s in (*one, *other) for d in (s.start, s.end)})
    found: list[Shared] = []
    for start, end in zip(days, days[1:], strict=False):
        here, there = _on(one, start), _on(other, start)
        if here is None or there is None:
            continue
        state = _state(here, there)
        if found and found[-1].state == state and found[-1].end == start:
            found[-1] = Shared(found[-1].start, end, state)
        else:
            found.append(Shared(start, end, state))
    return tuple(found)


def _on(stays: Sequence[Stay], day: date) -> Stay | None:
    """Return the placement in which a child lived from a day on: of several, the one that began last."""
    return next((s for s in reversed(stays) if s.start <= day < s.end), None)


def _state(one: Stay, other: Stay) -> str:
    homes = [s.home.strip().casefold() for s in (one, other)]
    if all(homes):
        return TOGETHER if homes[0] == homes[1] else APART
    return UNKNOWN if one.code == other.code else APART


def find_joint(journeys: Sequence[Journey]) -> tuple[Joint, ...]:
    """Return what is recorded of siblings but meetings, in order of day: what several have on one day stands once."""
    found: dict[tuple[date, str], list[tuple[int, str]]] = {}
    for i, journey in enumerate(journeys):
        for event in journey.events:
            if event.code not in MEETINGS:
                found.setdefault((event.day, event.code), []).append((i, event.route))
    return tuple(
        Joint(day, code, own[0][1] if len({route for _, route in own}) == 1 else "", tuple(i for i, _ in own))
        for (day, code), own in sorted(found.items(), key=lambda item: item[0][0])
    )
