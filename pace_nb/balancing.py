"""Balancing measures: has a gain in one place a cost in another? Moves, changes after a decision, returns to care, other waits.

Each year is a looked after year, 1 August to 31 July. A day away from home is counted from the first day of a spell up to,
but not including, the day on which it ended; of a spell that lasts the as-at date is the last day counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, between, find_intervals
from pace_nb.measures import ShareMet, measure_share, share_met
from pace_nb.periods import add_months, birthday, reporting_year
from pace_nb.spells import KEY, find_away_events, find_away_spells
from pace_nb.waits import STEPS, WaitSummary, summarise_waits

FOLLOW = "12 months"  # how long after a decision, or after going home, a child is followed
#: Moves that were meant: they are no sign that a placement failed.
PLANNED = ("prospective_adopter",)
DECISIONS = ("permanence_recommendation", "adm_decision")


@dataclass(frozen=True)
class YearOfMoves:
    """One looked after year: how often children away from home moved.

    moves: new placements away from home after the first of a spell. days: child-days away from home. children: how many
    were away from home on some day of it; several: of them, those who lived in more than one placement in it.
    over: the year is wholly within what is known; otherwise the numbers are of a part of it.
    """

    year: str
    moves: int
    days: int
    children: int
    several: int
    over: bool

    @property
    def rate(self) -> float | None:
        """Moves for each child-year (365.25 days) away from home; None without a day."""
        return self.moves / (self.days / 365.25) if self.days else None


def count_moves(start: date, end: date, stays: Iterable[tuple[date, date | None]]) -> list[date]:
    """Return the days on which a child moved within one spell away from home, in order.

    start: the first day; end: the first day that no longer counts. stays: first and last day of each placement away from home, the
    last None while it lasts. A move is the start of a placement after the first day of the spell, unless none went before it
    in the spell: that is where the child was first placed, recorded late. Several placements that start on one day are one
    move. Two rows of one placement (such as a carer approved again) cannot be told from a move and count as one.

    >>> count_moves(date(2018, 1, 1), date(2019, 1, 1), [(date(2018, 1, 1), date(2018, 3, 1)), (date(2018, 3, 1), None)])
    [datetime.date(2018, 3, 1)]
    """
    stays = [(a, b) for a, b in stays if a < end and (b is None or b >= start)]
    begins = sorted({a for a, _ in stays})
    later = [a for a in begins if a > start]
    return later if len(later) < len(begins) else later[1:]


def find_moves(extract: Extract) -> pd.DataFrame:
    """Return every move within a spell away from home. Columns: local_authority, child_id, id (of the spell), date, planned.

    planned: the child moved to prospective adopters, and nowhere else on that day.
    """
    rows = []
    for spell, end, stays in _spells(extract):
        for day in count_moves(spell.start.date(), end, [(a, b) for a, b, _ in stays]):
            kinds = {kind for a, _, kind in stays if a == day}
            rows.append((spell.local_authority, spell.child_id, spell.id, day, kinds <= set(PLANNED)))
    return pd.DataFrame(rows, columns=[*KEY, "id", "date", "planned"]).astype({"planned": bool})


def _spells(extract: Extract):
    """Yield each spell away from home, the first day that no longer counts, and the child's placements away from home."""
    placed = extract.placements[extract.placements["placement_type"] != "at_home"]
    columns = [*KEY, "start_date", "end_date", "placement_type"]
    stays: dict[tuple[str, str], list[tuple]] = {}
    for la, child, start, end, kind in placed[columns].itertuples(index=False, name=None):
        stays.setdefault((la, child), []).append((start.date(), None if pd.isna(end) else end.date(), kind))
    for spell in find_away_spells(extract).itertuples():
        end = extract.as_at + timedelta(days=1) if pd.isna(spell.end) else spell.end.date()
        yield spell, end, stays.get((spell.local_authority, spell.child_id), [])


def moves_by_year(extract: Extract) -> list[YearOfMoves]:
    """Return how often children away from home moved in each looked after year, in order.

    A year begins no earlier than the period of the page, so that its first may be a part of one.
    """
    found: dict[int, dict] = {}
    moves = find_moves(extract).groupby("id")["date"].apply(list).to_dict()
    for spell, end, stays in _spells(extract):
        first = max(d for d in (spell.start.date(), extract.since) if d is not None)
        for year in range(_year_of(first), _year_of(end) + 1):
            low, high = max(first, date(year, 8, 1)), min(end, date(year + 1, 8, 1))
            if low >= high:
                continue
            own = found.setdefault(year, {"moves": 0, "days": 0, "children": set(), "homes": {}})
            child = (spell.local_authority, spell.child_id)
            own["days"] += (high - low).days
            own["moves"] += sum(low <= d < high for d in moves.get(spell.id, []))
            own["children"].add(child)
            homes = {(a, b, kind) for a, b, kind in stays if _overlaps(a, b, low, high)}
            own["homes"].setdefault(child, set()).update(homes)
    return [
        YearOfMoves(
            reporting_year(date(year, 8, 1)),
            own["moves"],
            own["days"],
            len(own["children"]),
            sum(len(h) > 1 for h in own["homes"].values()),
            _whole(year, extract),
        )
        for year, own in sorted(found.items())
    ]


def _overlaps(start: date, end: date | None, low: date, high: date) -> bool:
    """Tell whether a child lived in a placement on some day from low up to high; one that began and ended on a day had that day."""
    return start < high and (end is None or max(end, start + timedelta(days=1)) > low)


def _year_of(day: date) -> int:
    return day.year if day.month >= 8 else day.year - 1


def _whole(year: int, extract: Extract) -> bool:
    begun = extract.since is None or extract.since <= date(year, 8, 1)
    return begun and extract.as_at >= date(year + 1, 7, 31)


@dataclass(frozen=True)
class Followed:
    """Children followed for 12 months after something, and whether something else happened to them by then.

    rows: local_authority, child_id, start (the day from which a child is followed), event (its first day, or None), left (when
    the child left without it, or None). as_at: the day up to which it is known.
    """

    rows: pd.DataFrame
    as_at: date

    @property
    def share(self) -> ShareMet:
        """How many it happened to within 12 months ("met"), of those whose 12 months are over; the others stand beside it."""
        return self._of(self.rows)

    def by_year(self) -> list[tuple[str, ShareMet]]:
        """Return the same by the looked after year of the start, in order."""
        years = self.rows["start"].map(reporting_year)
        return [(year, self._of(self.rows[years == year])) for year in sorted(set(years))]

    @property
    def days(self) -> list[date]:
        """The days of the events within 12 months, in order, one for each child."""
        rows = self.rows[self.rows["event"].notna()]
        return sorted(e for s, e in zip(rows["start"], rows["event"], strict=True) if e <= add_months(s, 12))

    def part(self, keep: pd.Series) -> ShareMet:
        """Return the same of some of the rows."""
        return self._of(self.rows[keep])

    def _of(self, rows: pd.DataFrame) -> ShareMet:
        columns = ([None if pd.isna(d) else d for d in rows[c]] for c in ("start", "event", "left"))
        return share_met(*columns, FOLLOW, self.as_at)


def _followed(rows: list[tuple], extract: Extract) -> Followed:
    if extract.since is not None:
        rows = [r for r in rows if r[2] >= extract.since]
    return Followed(pd.DataFrame(rows, columns=[*KEY, "start", "event", "left"], dtype=object), extract.as_at)


def follow_decisions(extract: Extract, decision: str = "adm_decision") -> Followed:
    """Follow each child from a decision: did the child move again within 12 months, other than to adopters?

    decision: "adm_decision" or "permanence_recommendation"; the first of a spell. A recommendation to return home is not
    followed: the placement is meant to end. A child who went home, had the order or left otherwise before moving has left.
    A planned move to the family where the child is to stay cannot be told from a breakdown, so this is more than the
    breakdowns are. The move on the day of the decision itself is not counted.
    """
    events = find_away_events(extract)
    first = events[events["event"] == decision].drop_duplicates("id").set_index("id")
    moves = find_moves(extract)
    after: dict[int, list[date]] = moves[~moves["planned"]].groupby("id")["date"].apply(list).to_dict()
    rows = []
    for spell in find_away_spells(extract).itertuples():
        if spell.id not in first.index or first.loc[spell.id, "route"] == "return_home":
            continue
        start = first.loc[spell.id, "date"].date()
        event = next((d for d in after.get(spell.id, []) if d > start), None)
        left = None if pd.isna(spell.end) else spell.end.date()
        rows.append((spell.local_authority, spell.child_id, start, event, left))
    return _followed(rows, extract)


def follow_returns(extract: Extract) -> Followed:
    """Follow each child who went home from a spell away from home: was the child accommodated again within 12 months?

    Accommodated again on the day of going home counts. A child who turns 18 has left. What happens in another authority
    is not in the records.
    """
    spells = find_away_spells(extract)
    rows = []
    for spell, following in pairwise(
        [*spells.itertuples(), None]
    ):  # a child's spells follow one another, children in order
        if spell.ended_by != "return_home":
            continue
        again = following is not None and following.who == spell.who
        event = following.start.date() if again else None
        adult = None if pd.isna(spell.date_of_birth) else birthday(spell.date_of_birth.date(), 18)
        rows.append((spell.local_authority, spell.child_id, spell.end.date(), event, adult))
    return _followed(rows, extract)


def days_between(days: Sequence[date]) -> tuple[list[date], list[int]]:
    """Return the days on which something happened, each once, and the days from each to the next.

    Several events on one day (often brothers and sisters) are one: between them there is no time to measure.

    >>> days_between([date(2019, 3, 1), date(2019, 1, 1), date(2019, 3, 1)])
    ([datetime.date(2019, 1, 1), datetime.date(2019, 3, 1)], [59])
    """
    each = sorted(set(days))
    return each, [(b - a).days for a, b in pairwise(each)]


@dataclass(frozen=True)
class StepGroup:
    """How long one step takes the children of a group: those whose clock started in one year, or on one side of a change.

    share: how many were in time, where the step is an aim with a limit; None otherwise.
    """

    step: str
    group: str
    waits: WaitSummary
    share: ShareMet | None


#: Every step, and the whole way: if a delay has only moved from one step to another, the whole takes as long as before.
WHOLE = ("accommodated", "order_granted")


def steps_by_year(extract: Extract) -> list[StepGroup]:
    """Return the waits of every step, and of the whole way, by the looked after year in which the clock started.

    In the order of the steps, then of the years. With `since`, years before it are left out: of their children only the slow
    are known.
    """
    found = []
    for step in (*STEPS, WHOLE):
        intervals = find_intervals(extract, between(*step))
        years = intervals.table["start"].map(lambda d: reporting_year(d.date()))
        for year in sorted(set(years)):
            if extract.since is None or year >= reporting_year(extract.since):
                found.append(_group(extract, intervals, years == year, year))
    return found


def steps_around(extract: Extract, day: date) -> list[tuple[StepGroup, StepGroup]]:
    """Return, for every step, the whole way and every aim with a limit, the children who started before a day and since.

    By start, never by end: choosing by end date makes every change look good.
    """
    wanted = [between(*step) for step in (*STEPS, WHOLE)]
    wanted += [aim for aim in extract.aims.values() if aim.limit is not None]
    found = []
    for aim in wanted:
        intervals = find_intervals(extract, aim)
        before = intervals.table["start"] < pd.Timestamp(day)
        found.append((_group(extract, intervals, before, "before"), _group(extract, intervals, ~before, "since")))
    return found


def _group(extract: Extract, intervals: Intervals, keep: pd.Series, name: str) -> StepGroup:
    part, recorded = intervals.only(keep), extract.records(intervals.aim.end)
    return StepGroup(intervals.aim.title, name, summarise_waits(part), measure_share(part) if recorded else None)
