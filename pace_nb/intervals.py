"""Intervals: each child's wait from one milestone to another, with a status that hides no one.

reached   the end milestone is recorded within the spell, on or after the start
waiting   neither the end milestone nor a way out is recorded by the day the report is as at
left      the child went another way first: home, an order, out of care, 18, or a route without this step
unusable  the record contradicts itself: the end lies before the start, or a later step is recorded and this one is not
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from pace_nb import terms
from pace_nb.aims import Aim
from pace_nb.day_numbers import NEVER, ages, day_number, day_numbers, due_days, to_days
from pace_nb.extract import Extract
from pace_nb.numbered import EVENT, EVENTS, KEY, ROUTES, number_events, number_placements
from pace_nb.periods import show_date
from pace_nb.spells import (
    BY,
    ENDINGS,
    Spells,
    Within,
    number_away_events,
    number_away_spells,
    number_home_events,
    number_home_spells,
    texts,
)

STATUSES = ("reached", "waiting", "left", "unusable")
#: Steps after which an earlier one that is not recorded is a gap in recording, not a wait.
_CHAIN = terms.MILESTONES[1:]


@dataclass(frozen=True, eq=False)
class Intervals:
    """One row per child and spell to which the aim applies.

    Columns: local_authority, child_id, sibling_group, spell, start, end (blank unless reached), days (whole days to the
    end, to the way out, or to as_at), status, reason (of left and unusable), route, placement (group on the last of
    those days), due (blank without a limit), late (reached after due, or due by as_at and not reached), cohort
    ("new", "backlog", or "all" where the aim has no from-date).
    out_of_scope: why children are not in the table, with how many.
    """

    table: pd.DataFrame
    aim: Aim
    area: str
    as_at: date
    audience: str = "aggregate"
    since: date | None = None
    out_of_scope: dict[str, int] = field(default_factory=dict)

    def having(self, status: str) -> pd.DataFrame:
        """Return the rows with a status."""
        return self.table[self.table["status"] == status]

    @cached_property
    def reached(self) -> pd.DataFrame:
        """Children who reached the end milestone, in order of its date."""
        keys = ["end", "start", *KEY, "spell"]
        return self.having("reached").sort_values(keys, kind="stable").reset_index(drop=True)

    @cached_property
    def waiting(self) -> pd.DataFrame:
        """Children still waiting, longest first."""
        rows = self.having("waiting").sort_values(["days", *KEY, "spell"], ascending=[False, True, True, True])
        return rows.reset_index(drop=True)

    @property
    def started_within(self) -> pd.DataFrame:
        """Return the children whose clock started within the period of the page: the cohort for curves and typical waits.

        Of those who started before it only the slow are known, so counting them would lengthen the wait (left truncation).
        """
        return self.table if self.since is None else self.table[self.table["start"] >= pd.Timestamp(self.since)]

    @property
    def overdue(self) -> pd.DataFrame:
        """Children still waiting whose limit has passed."""
        return self.waiting[self.waiting["late"]]

    def count(self, status: str) -> int:
        """Return how many rows have a status."""
        return int((self.table["status"] == status).sum())

    def only(self, keep: pd.Series) -> Intervals:
        """Return the same intervals for some of the rows."""
        return replace(self, table=self.table[keep].reset_index(drop=True))

    def __str__(self) -> str:
        counts = ", ".join(f"{self.count(s):,} {s}" for s in STATUSES)
        return f"Intervals: {self.aim.title}, {self.area}, {len(self.table):,} children, {counts}, as at {show_date(self.as_at)}"

    __repr__ = __str__


def between(start: str, end: str) -> Aim:
    """Return a step without a limit, to see how long it takes: between("accommodated", "order_granted")."""
    title = f"{terms.label(start)} to {terms.lower(end)}"
    return Aim(f"{start}-{end}", title, start, end, source="a step, not an aim")


@lru_cache(maxsize=64)  # a page asks for the same wait in several places; nobody may change a table
def find_intervals(extract: Extract, aim: Aim) -> Intervals:
    """Return every child's wait for an aim (or a step from `between`), spell by spell.

    Rules: the first end milestone on or after the start counts (a second recommendation is a change of plan, not a
    later arrival). A route that does not pass through the end milestone is a way out on the day it was recommended;
    if it was known when the clock started, the child is out of scope.
    """
    at_home = aim.start == "cso_at_home"
    spells, past = _home(extract) if at_home else _away(extract)
    dropped: dict[str, int] = {} if at_home else {NEVER_ACCOMMODATED: _never_accommodated(extract, spells, aim)}
    rows, start = np.arange(len(spells)), spells.start
    if not at_home and aim.start != "accommodated":
        start = past.first((aim.start,))
        without = start == NEVER
        later = past.first(_after(aim.start)) < NEVER
        dropped[f"a later step is recorded, but no date for '{terms.lower(aim.start)}'"] = int((without & later).sum())
        rows, start = rows[~without], start[~without]
    waits = _find_ends(past, aim, rows, start)
    if aim.start == "accommodated":
        waits["before"] = np.where(waits["before"] < NEVER, waits["before"], _early(extract, aim.end)[rows])
    known_before = (waits["end"] == NEVER) & (waits["no_step"] < NEVER) & (waits["no_step"] <= start)
    dropped["the child's route does not pass through this step"] = int(known_before.sum())
    waits = _statuses(_some(waits, ~known_before), spells, extract.as_at)
    status, spell_end = waits["status"], spells.end[waits["row"]]
    closed = np.isin(status, _CLOSED) | ((status == _UNUSABLE) & (spell_end < NEVER))
    if extract.since is not None:
        ended = np.where(status != _UNUSABLE, waits["last"], spell_end)
        before = closed & (ended < day_number(extract.since))
        dropped[f"ended before {show_date(extract.since)}, when the period of this page begins"] = int(before.sum())
        waits = _some(waits, ~before)
    waits["placement"] = _placed_on(extract, spells.who[waits["row"]], waits["last"])
    waits, outside = _in_cohort(waits, spells, extract, aim)
    return Intervals(
        _table(waits, spells, extract, aim),
        aim,
        extract.area,
        extract.as_at,
        extract.audience,
        extract.since,
        {why: n for why, n in (dropped | outside).items() if n},
    )


NEVER_ACCOMMODATED = "milestones are recorded, but not that the child was accommodated"
_REACHED, _WAITING, _LEFT, _UNUSABLE = range(len(STATUSES))
_CLOSED = (_REACHED, _LEFT)
#: What `reason` can say, by its number.
_REASONS = (
    "",
    "recorded before the start of the wait",
    "a later step is recorded, this one is not",
    "route without this step",
    *(ENDINGS[by] for by in BY),
)
_GROUPS = (*dict.fromkeys(terms.PLACEMENT_GROUPS.values()), "not_recorded")
_COHORTS = ("all", "new", "backlog")


class _Past:
    """What happened within the spells of an extract: the first day of each event in each spell, and the plan."""

    def __init__(self, events: Within, n: int):
        self.events, self.n = events, n
        self._first: dict[int, np.ndarray] = {}
        routed = events.route > 0
        spell, route, day = events.spell[routed], events.route[routed], events.day[routed]
        #: The plan of each spell as last recorded (in ROUTES), and since when it has been that.
        self.plan = np.zeros(n, dtype=np.int64)
        self.plan[spell] = route  # in order of date: the last one stays
        self.planned = _first_of(spell[route == self.plan[spell]], day[route == self.plan[spell]], n)

    def first(self, kinds: tuple[str, ...]) -> np.ndarray:
        """Return the first day of an event of these kinds in each spell, NEVER without one."""
        found = np.full(self.n, NEVER)
        for kind in kinds:
            found = np.minimum(found, self._first_day(EVENT[kind]))
        return found

    def _first_day(self, code: int) -> np.ndarray:
        if code not in self._first:
            these = self.events.event == code
            self._first[code] = _first_of(self.events.spell[these], self.events.day[these], self.n)
        return self._first[code]


def _first_of(row: np.ndarray, day: np.ndarray, n: int) -> np.ndarray:
    """Return the first of the days of each row; the days are in order."""
    found = np.full(n, NEVER)
    found[row[::-1]] = day[::-1]
    return found


@lru_cache(maxsize=4)
def _away(extract: Extract) -> tuple[Spells, _Past]:
    spells = number_away_spells(extract)
    return spells, _Past(number_away_events(extract), len(spells))


@lru_cache(maxsize=4)
def _home(extract: Extract) -> tuple[Spells, _Past]:
    spells = number_home_spells(extract)
    return spells, _Past(number_home_events(extract), len(spells))


def _some(waits: dict[str, np.ndarray], keep: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[keep] for name, values in waits.items()}


def _never_accommodated(extract: Extract, spells: Spells, aim: Aim) -> int:
    """Count children who have the start of this wait, or a later step, but no spell away from home to hold it."""
    kinds = _CHAIN if aim.start == "accommodated" else (aim.start, *_after(aim.start))
    events, of = number_events(extract), np.zeros(len(EVENTS), dtype=bool)
    of[[EVENT[kind] for kind in kinds]] = True
    some = np.zeros(len(extract.children), dtype=bool)
    some[events.who[of[events.event]]] = True
    some[spells.who] = False
    return int(some.sum())


def _after(milestone: str) -> tuple[str, ...]:
    return _CHAIN[_CHAIN.index(milestone) + 1 :] if milestone in _CHAIN else ()


def _early(extract: Extract, event: str) -> np.ndarray:
    """Return, for each spell that is a child's first, the first day of an event before it, NEVER otherwise.

    It was recorded at home, before birth, or by mistake. What lies between two spells belongs to neither.
    """
    spells, events = number_away_spells(extract), number_events(extract)
    first, found = np.full(len(extract.children), -1), np.full(len(spells), NEVER)
    first[spells.who[spells.spell == 1]] = np.flatnonzero(spells.spell == 1)
    spell, begins = (
        first[events.who],
        np.append(spells.start, 0),
    )  # a child without a spell has -1: nothing is before day 0
    early = (events.event == EVENT[event]) & (events.day < begins[spell])
    np.minimum.at(found, spell[early], events.day[early])
    return found


def _find_ends(past: _Past, aim: Aim, rows: np.ndarray, start: np.ndarray) -> dict[str, np.ndarray]:
    """Return, for each spell: end and before (the end milestone on or after the start, and only before it), later (a later
    step), route (the plan as last recorded) and no_step (since when the plan passes this milestone by)."""
    began = np.full(past.n, NEVER)
    began[rows] = start
    events, these = past.events, past.events.event == EVENT[aim.end]
    spell, day = events.spell[these], events.day[these]
    in_time = day >= began[spell]
    skips = np.array([aim.end in terms.STEPS_NOT_ON_ROUTE.get(route, ()) for route in ROUTES])
    found = {
        "end": _first_of(spell[in_time], day[in_time], past.n),
        "before": _first_of(spell[~in_time], day[~in_time], past.n),
        "later": past.first(_after(aim.end)),
        "route": past.plan,
        "no_step": np.where(skips[past.plan], past.planned, NEVER),
    }
    return {"row": rows, "start": start} | {name: values[rows] for name, values in found.items()}


def _statuses(waits: dict[str, np.ndarray], spells: Spells, as_at: date) -> dict[str, np.ndarray]:
    """Add status (in STATUSES), reason (in _REASONS), last (the last day of the wait as it is known) and days."""
    spell_end, by = spells.end[waits["row"]], spells.by[waits["row"]]
    reached = waits["end"] < NEVER
    backwards = ~reached & (waits["before"] < NEVER)
    gap = ~reached & ~backwards & (waits["later"] < NEVER)
    rerouted = ~reached & ~backwards & ~gap & (waits["no_step"] < NEVER)
    gone = ~reached & ~backwards & ~gap & ~rerouted & (spell_end < NEVER)
    status = np.select([reached, backwards | gap, rerouted | gone], [_REACHED, _UNUSABLE, _LEFT], _WAITING)
    reason = np.select([backwards, gap, rerouted, gone], [1, 2, 3, 4 + by], 0)
    last = np.select([reached, rerouted, gone], [waits["end"], waits["no_step"], spell_end], day_number(as_at))
    return waits | {"status": status, "reason": reason, "last": last, "days": last - waits["start"]}


def placed_on(table: pd.DataFrame, on: str, extract: Extract) -> np.ndarray:
    """Return the placement group of each child on a day: that of the placement that began last, or "not_recorded".

    table: with `who` (number of the child's row in the children table) and the day in the column `on`.
    """
    placed = _placed_on(extract, table["who"].to_numpy(), day_numbers(table[on]))
    return np.array(_GROUPS, dtype=object)[placed]


@lru_cache(maxsize=4)
def _placements(extract: Extract) -> tuple[np.ndarray, np.ndarray]:
    """Return placements in order of child and start, as one number for both, and their groups; a last one has none."""
    placements = number_placements(extract)
    key = placements.who * NEVER + placements.start
    order = np.argsort(key, kind="stable")
    groups = [_GROUPS.index(terms.PLACEMENT_GROUPS.get(kind, "not_recorded")) for kind in placements.kinds]
    return key[order], np.append(np.array(groups, dtype=np.int64)[placements.kind[order]], len(_GROUPS) - 1)


def _placed_on(extract: Extract, who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return groups (in _GROUPS) of children on days: of the placement that began last, up to and with that day."""
    key, group = _placements(extract)
    at = np.searchsorted(key, who * NEVER + day, side="right") - 1
    mine = np.append(key, -1)[at] // NEVER == who  # without one before it, `at` is -1: the last, which is nobody's
    return np.where(mine, group[at], len(_GROUPS) - 1)


def _in_cohort(
    waits: dict[str, np.ndarray], spells: Spells, extract: Extract, aim: Aim
) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    outside = {}
    if aim.to_date is not None:
        after = waits["start"] > day_number(aim.to_date)
        outside[f"the clock started after {show_date(aim.to_date)}, the last day that counts for this aim"] = int(
            after.sum()
        )
        waits = _some(waits, ~after)
    if aim.placements:
        placed = _placed_on(extract, spells.who[waits["row"]], waits["start"])
        other = ~np.isin(placed, [_GROUPS.index(p) for p in aim.placements])
        outside["placed elsewhere when the clock started"] = int(other.sum())
        waits = _some(waits, ~other)
    if aim.under_age is not None:
        born = day_numbers(extract.children["date_of_birth"])[spells.who[waits["row"]]]
        years = ages(born, waits["start"])
        unknown, old = np.isnan(years), years >= aim.under_age
        outside["no date of birth, so no age"] = int(unknown.sum())
        outside[f"aged {aim.under_age} or over when the clock started"] = int(old.sum())
        waits = _some(waits, ~(unknown | old))
    return waits, outside


def _table(waits: dict[str, np.ndarray], spells: Spells, extract: Extract, aim: Aim) -> pd.DataFrame:
    """Return the rows as a table, against the limit of the aim."""
    due, day = due_days(waits["start"], aim.limit), day_number(extract.as_at)
    if aim.limit is None:
        late = np.zeros(len(due), dtype=bool)
    else:
        late = ((waits["end"] < NEVER) & (waits["end"] > due)) | ((waits["status"] == _WAITING) & (due <= day))
    new = np.full(len(due), 0) if aim.from_date is None else np.where(waits["start"] >= day_number(aim.from_date), 1, 2)
    about = extract.children[[*KEY, "sibling_group"]].iloc[spells.who[waits["row"]]].reset_index(drop=True)
    return about.assign(
        spell=spells.spell[waits["row"]],
        start=to_days(waits["start"]),
        end=to_days(waits["end"]),
        days=waits["days"],
        status=texts(STATUSES, waits["status"]),
        reason=texts(_REASONS, waits["reason"]),
        route=texts((*ROUTES[1:], None), waits["route"] - 1),
        placement=texts(_GROUPS, waits["placement"]),
        due=to_days(due),
        late=late,
        cohort=texts(_COHORTS, new),
    )
