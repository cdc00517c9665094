"""The facts of an extract as the checks see them: four tables, and each child's times in care in order.

The times in care here are rougher than the spells of the measures and serve the checks only: a new one begins with
`accommodated` after a return home, after an order, or after every placement ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from pace_nb import terms
from pace_nb.checks.work import Checked
from pace_nb.neighbours import order_of

NEVER = np.iinfo("int64").max // 4  # later than any day: "not recorded", or an end that has not come
_KINDS = tuple(terms.EVENTS)
_CHILD = 1 << 20  # days that a child's numbers are apart, so that child and day are one number
#: Order of what is recorded for one day: going home ends the time before; then the chain of milestones; then the rest.
_ORDER = {"return_home": -1} | {m: i for i, m in enumerate(terms.MILESTONES)}


@dataclass(frozen=True, eq=False)
class Facts:
    """Four tables with the schema's columns, `file` and `line`, and the day.

    Every row of a table but `children` belongs to a child. Days are counted from 1 January 1970; `NEVER` stands for none.
    codes: the columns of codes of each table, as categories. numbers: of each table, the number of each row's child (its row in
    `children`). sources: of each table, the source that each row is from; -1 for rows that follow from others.
    """

    children: pd.DataFrame
    placements: pd.DataFrame
    legal: pd.DataFrame
    events: pd.DataFrame
    as_at: date
    codes: Mapping[str, Mapping[str, pd.Categorical]]
    numbers: Mapping[str, np.ndarray]
    sources: Mapping[str, np.ndarray]
    _days: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)

    def day(self, table: str, column: str) -> np.ndarray:
        """Return a column of dates in days, `NEVER` where there is none."""
        if table == "children":  # a birth date may be taken back by a check
            return days_of(self.children[column])
        if (table, column) not in self._days:
            self._days[table, column] = days_of(getattr(self, table)[column])
        return self._days[table, column]

    def first_of_its(self, unit: str, table: str, column: str) -> np.ndarray:
        """Return which dates of a column are the first day of their month ("M") or year ("Y"). All have a date."""
        days = self.day(table, column)
        low = int(days.min(initial=0))
        calendar = np.arange(low, int(days.max(initial=0)) + 1).astype("datetime64[D]")
        return (calendar == calendar.astype(f"datetime64[{unit}]"))[days - low]

    def who(self, table: str) -> np.ndarray:
        """Return the number of each row's child."""
        return self.numbers[table]

    @property
    def born(self) -> np.ndarray:
        """The day of birth of each child."""
        return self.day("children", "date_of_birth")

    def born_or_never(self, who: np.ndarray) -> np.ndarray:
        """Return the days of birth of children by number; a day before all others where none is known."""
        born = self.born[who]
        return np.where(born == NEVER, -NEVER, born)

    def birthday_of(self, years: int) -> np.ndarray:
        """Return the day on which each child attains an age; of 29 February, 1 March in common years (`periods.birthday`)."""
        born = self.children["date_of_birth"].to_numpy()
        month = born.astype("datetime64[M]")
        day = born.astype("datetime64[D]") - month.astype("datetime64[D]")
        return np.where(np.isnat(born), NEVER, ((month + 12 * years).astype("datetime64[D]") + day).astype("int64"))

    @cached_property
    def kind(self) -> pd.Categorical:
        """The code of each event."""
        return self.codes["events"]["event"]

    @cached_property
    def lives(self) -> pd.Categorical:
        """The type of each placement."""
        return self.codes["placements"]["placement_type"]

    @cached_property
    def in_care(self) -> TimesInCare:
        """Each child's times in care."""
        return _times_in_care(self)

    @cached_property
    def stays(self) -> Stays:
        """Each child's placements in order."""
        return self.stays_of("placements", np.ones(len(self.placements), dtype=bool))

    @cached_property
    def routes(self) -> pd.Categorical:
        """The route recorded last in each time in care."""
        care, all_routes = self.in_care, self.codes["events"]["route"]
        route = all_routes.codes[care.rows]
        last = np.full(len(care.begins), -1)
        last[care.time[route >= 0]] = route[route >= 0]  # in order of day, so the last one stays
        return pd.Categorical.from_codes(last, dtype=all_routes.dtype)

    def stays_of(self, table: str, where: np.ndarray) -> Stays:
        """Return the rows of a mask of placements or legal reasons in order."""
        return Stays.of(self.who(table), self.day(table, "start_date"), self.day(table, "end_date"), where)

    @staticmethod
    def key(who: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return one number for child and day, in the order of both."""
        return who * _CHILD + np.minimum(day, _CHILD - 1)

    def first_of(self, table: str, where: np.ndarray) -> np.ndarray:
        """Return, for each child, the first day on which a row of the mask begins."""
        start = self.day(table, "date" if table == "events" else "start_date")
        first = np.full(len(self.children), NEVER)
        np.minimum.at(first, self.who(table)[where], start[where])
        return first


def find_facts(checked: Mapping[str, Checked], as_at: date) -> Facts:
    """Return the rows of checked tables as facts, each with the number of its child."""
    frames, codes, sources = {}, {}, {}
    for name, one in checked.items():
        added = np.full(len(one.frame) - len(one.source), -1)  # what was added since stands behind
        sources[name] = np.concatenate([one.source, added]) if len(added) else one.source
        frames[name] = one.frame.reset_index(drop=True)
        columns = [c for c in one.table.columns if c.kind == "code"]
        codes[name] = {c.name: _category(one, c.name, list(c.codes)) for c in columns}
    numbers = {name: one.who for name, one in checked.items()}
    return Facts(**frames, as_at=as_at, codes=codes, numbers=numbers, sources=sources)


def _category(one: Checked, column: str, codes: list[str]) -> pd.Categorical:
    added = pd.Categorical(one.frame[column].iloc[len(one.source) :], categories=codes)
    return pd.Categorical.from_codes(np.concatenate([one.codes[column], added.codes]), categories=codes)


def days_of(values: pd.Series) -> np.ndarray:
    """Return dates in days since 1 January 1970."""
    known = values.notna().to_numpy()
    days = values.to_numpy(dtype="datetime64[D]").astype("int64")
    return np.where(known, days, NEVER)


@dataclass(frozen=True, eq=False)
class Stays:
    """Placements (or legal reasons) in order of child and start.

    rows: their rows in the table; who, start, end (`NEVER` while open); latest: the last end of the child's rows up to here.
    """

    rows: np.ndarray
    who: np.ndarray
    start: np.ndarray
    end: np.ndarray
    latest: np.ndarray

    @classmethod
    def of(cls, who: np.ndarray, start: np.ndarray, end: np.ndarray, where: np.ndarray) -> Stays:
        """Return the rows of a mask."""
        rows = np.flatnonzero(where)
        who, start, end = who[rows], start[rows], end[rows]
        order = order_of(Facts.key(who, start), end)
        rows, who, start, end = rows[order], who[order], start[order], end[order]
        open_ = np.minimum(
            end, _CHILD - 1
        )  # a later child's number is always greater, so the maximum stays with the child
        latest = np.maximum.accumulate(who * _CHILD + open_) - who * _CHILD if len(who) else end
        return cls(rows, who, start, end, np.where(latest == _CHILD - 1, NEVER, latest))

    def latest_before(self, who: np.ndarray, day: np.ndarray, same_day: bool = False) -> np.ndarray:
        """Return the last end of what began before a day (on it, too, with `same_day`) for a child; -1 if nothing did."""
        keys = self.who * _CHILD + self.start
        side = "right" if same_day else "left"
        at = np.searchsorted(keys, who * _CHILD + np.minimum(day, _CHILD - 1), side=side) - 1
        found = (at >= 0) & (self.who[at] == who) if len(self.who) else np.zeros(len(who), dtype=bool)
        return np.where(found, self.latest[at] if len(self.who) else -1, -1)

    @cached_property
    def previous(self) -> np.ndarray:
        """The last end of the child's earlier rows; -1 for the child's first."""
        first = np.ones(len(self.who), dtype=bool)
        first[1:] = self.who[1:] != self.who[:-1]
        return np.where(first, -1, np.concatenate([[-1], self.latest[:-1]]) if len(self.who) else self.latest)


@dataclass(frozen=True, eq=False)
class TimesInCare:
    """Events in order of child and day, each in a time in care.

    rows: their rows in the table; who, day, kind; time: number of the time in care; first: for each kind, where in this
    order the first event of the kind stands in each time (-1: none), last: the last; ended: the day a time ended by a return home or by the
    end of all placements; begins: the day it began; again: `accommodated` while the time before had not ended.
    """

    rows: np.ndarray
    who: np.ndarray
    day: np.ndarray
    kind: pd.Categorical
    time: np.ndarray
    first: dict[str, np.ndarray]
    last: dict[str, np.ndarray]
    begins: np.ndarray
    ended: np.ndarray
    again: np.ndarray

    def first_day(self, kind: str) -> np.ndarray:
        """Return the first day of a kind of event in each time in care."""
        at = self.first[kind]
        return np.where(at >= 0, self.day[at], NEVER) if len(self.day) else at


def _times_in_care(facts: Facts) -> TimesInCare:
    who, day = facts.who("events"), facts.day("events", "date")
    place = np.array([_ORDER.get(k, len(_ORDER)) for k in facts.kind.categories], dtype="int64")[facts.kind.codes]
    rows = np.argsort(facts.key(who, day) * 16 + place + 1, kind="stable")
    who, day, kind = who[rows], day[rows], facts.kind[rows]
    n = len(rows)
    change = np.ones(n, dtype=bool)
    change[1:] = who[1:] != who[:-1]
    starts = np.flatnonzero(kind == "accommodated")
    endings = np.cumsum(kind.isin(["return_home", "order_granted"]))
    follows = np.zeros(len(starts), dtype=bool)  # not the child's first
    follows[1:] = who[starts[1:]] == who[starts[:-1]]
    before = np.roll(starts, 1)
    left = facts.stays.latest_before(who[starts], day[starts])
    over = (endings[starts] > endings[before]) | ((left >= 0) & (left + 1 < day[starts]))
    new = np.zeros(n, dtype=bool)
    new[starts[follows & over]] = True
    again = np.zeros(n, dtype=bool)
    again[starts[follows & ~over & (day[starts] > day[before])]] = True
    begun = np.flatnonzero(change | new)
    count = len(begun)
    time = np.repeat(np.arange(count), np.diff(begun, append=n))
    firsts, lasts = (np.full(len(_KINDS) * count, -1) for _ in range(2))
    each, back = kind.codes.astype("int64") * count + time, np.arange(n)[::-1]
    lasts[each] = np.arange(n)  # in order of day, so the last one stays
    firsts[each[back]] = back
    first, last = (dict(zip(_KINDS, np.split(at, len(_KINDS)), strict=True)) for at in (firsts, lasts))
    begin = first["accommodated"]
    begins = np.where(begin >= 0, day[begin], NEVER) if n else begin
    ended = np.full(count, NEVER)
    home = np.flatnonzero(kind == "return_home")
    home = home[day[home] > begins[time[home]]]
    np.minimum.at(ended, time[home], day[home])
    child = who[begun]
    following = np.full(count, NEVER)
    following[:-1] = np.where(child[1:] == child[:-1], begins[1:], NEVER) if count else following[:-1]
    left = facts.stays.latest_before(child, following)
    ended = np.minimum(ended, np.where((left >= begins) & (begins < NEVER), left, NEVER))
    return TimesInCare(rows, who, day, kind, time, first, last, begins, ended, again)
