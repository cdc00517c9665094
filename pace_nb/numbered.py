"""The rows of an extract as numbers: which child, which day, which event. What follows many children counts with them.

Each table is looked at once for an extract; nobody may change what is returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from pace_nb import terms
from pace_nb.day_numbers import NEVER, birthdays, day_number, day_numbers
from pace_nb.extract import Extract
from pace_nb.neighbours import firsts

KEY = ["local_authority", "child_id"]
#: Events by name, so that their numbers sort as their names do; routes in their order, 0 where no plan is recorded.
EVENTS = tuple(sorted(terms.EVENTS))
EVENT = {name: i for i, name in enumerate(EVENTS)}
ROUTES = (None, *terms.ROUTES)


@dataclass(frozen=True, eq=False)
class Children:
    """The children of an extract, by the number of their row.

    place: of each row, its place in the order of authority and id. eighteenth: the number of the 18th birthday, NEVER where it is
    not known or lies after the day of the extract.
    """

    areas: pd.Index
    ids: pd.Index
    pairs: pd.Index
    rows: np.ndarray
    place: np.ndarray
    eighteenth: np.ndarray

    def of(self, frame: pd.DataFrame) -> np.ndarray:
        """Return, for each row of a table, the number of its child's row in the children table."""
        first = firsts(*(frame[c].to_numpy() for c in KEY))
        ids, areas = frame["child_id"].iloc[first], frame["local_authority"].iloc[first]
        pairs = self.ids.get_indexer(ids) * len(self.areas) + self.areas.get_indexer(areas)
        return np.repeat(self.rows[self.pairs.get_indexer(pairs)], np.diff(first, append=len(frame)))


@lru_cache(maxsize=4)
def number_children(extract: Extract) -> Children:
    """Number the children of an extract; one that stands in two rows has the number of the first."""
    children = extract.children
    area, areas = pd.factorize(children["local_authority"], sort=True)
    child, ids = pd.factorize(children["child_id"], sort=True)
    place = np.empty(len(children), dtype=np.int64)
    place[np.lexsort((child, area))] = np.arange(len(children))
    pairs, rows = np.unique(child * len(areas) + area, return_index=True)
    eighteenth = birthdays(day_numbers(children["date_of_birth"]), 18)
    eighteenth[eighteenth > day_number(extract.as_at)] = NEVER
    return Children(pd.Index(areas), pd.Index(ids), pd.Index(pairs), rows, place, eighteenth)


@dataclass(frozen=True, eq=False)
class Events:
    """Events as numbers: who (row of the child), day, event (its place in EVENTS), route (in ROUTES), in the table's order."""

    who: np.ndarray
    day: np.ndarray
    event: np.ndarray
    route: np.ndarray


@lru_cache(maxsize=4)
def number_events(extract: Extract) -> Events:
    """Return the events of an extract as numbers."""
    events = extract.events
    return Events(
        number_children(extract).of(events),
        day_numbers(events["date"]),
        _codes(events["event"], EVENTS),
        _codes(events["route"], tuple(terms.ROUTES)) + 1,
    )


@dataclass(frozen=True, eq=False)
class Stays:
    """Placements or legal reasons as numbers: who, start and end (NEVER while it lasts), kind (its place in `kinds`)."""

    who: np.ndarray
    start: np.ndarray
    end: np.ndarray
    kind: np.ndarray
    kinds: tuple[str, ...]

    def of(self, kind: str) -> Stays:
        """Return those of one kind."""
        keep = self.kind == (self.kinds.index(kind) if kind in self.kinds else -1)
        return Stays(self.who[keep], self.start[keep], self.end[keep], self.kind[keep], self.kinds)


@lru_cache(maxsize=4)
def number_placements(extract: Extract) -> Stays:
    """Return the placements of an extract as numbers."""
    return _stays(extract, extract.placements, "placement_type")


@lru_cache(maxsize=4)
def number_legal(extract: Extract) -> Stays:
    """Return the legal reasons of an extract as numbers."""
    return _stays(extract, extract.legal, "legal_type")


def _stays(extract: Extract, frame: pd.DataFrame, column: str) -> Stays:
    kind, kinds = pd.factorize(frame[column], sort=True)
    who = number_children(extract).of(frame)
    return Stays(who, day_numbers(frame["start_date"]), day_numbers(frame["end_date"]), kind, tuple(kinds))


def _codes(column: pd.Series, names: tuple[str, ...]) -> np.ndarray:
    """Return the place of each text among names, -1 where it is blank."""
    kinds, found = pd.factorize(column)
    place = np.array([names.index(name) for name in found] + [-1], dtype=np.int64)
    return place[kinds]
