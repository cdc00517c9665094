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
from pace_nb.extract import Extract
from pace_nb.periods import age, show_date
from pace_nb.spells import (
    ENDINGS,
    KEY,
    child_numbers,
    find_away_events,
    find_away_spells,
    find_early_events,
    find_home_events,
    find_home_spells,
    find_placements,
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
    spells = find_home_spells(extract) if at_home else find_away_spells(extract)
    events = find_home_events(extract) if at_home else find_away_events(extract)
    dropped: dict[str, int] = {} if at_home else {NEVER_ACCOMMODATED: _never_accommodated(extract, spells, aim)}
    table = spells.rename(columns={"end": "spell_end"})
    if not at_home and aim.start != "accommodated":
        started = _first(events, (aim.start,))
        table["start"] = started.reindex(table["id"]).to_numpy()
        without = table["start"].isna()
        later = _first(events, _after(aim.start)).index
        dropped[f"a later step is recorded, but no date for '{terms.lower(aim.start)}'"] = int(
            table.loc[without, "id"].isin(later).sum()
        )
        table = table[~without]
    table = _find_ends(table, events, aim)
    if aim.start == "accommodated":
        early = _first(find_early_events(extract), (aim.end,)).reindex(table["id"]).to_numpy()
        table["before"] = table["before"].where(table["before"].notna(), early)
    known_before = table["end"].isna() & table["no_step"].notna() & (table["no_step"] <= table["start"])
    dropped["the child's route does not pass through this step"] = int(known_before.sum())
    table = _statuses(table[~known_before], extract.as_at)
    closed = table["status"].isin(["reached", "left"]) | ((table["status"] == "unusable") & table["spell_end"].notna())
    if extract.since is not None:
        ended = table["last"].where(table["status"] != "unusable", table["spell_end"])
        before = closed & (ended < pd.Timestamp(extract.since))
        dropped[f"ended before {show_date(extract.since)}, when the period of this page begins"] = int(before.sum())
        table = table[~before]
    table = table.assign(placement=placed_on(table, "last", extract))
    table, outside = _in_cohort(table, extract, aim)
    dropped |= outside
    table = _against_limit(table, aim, extract.as_at)
    columns = [
        *KEY,
        "sibling_group",
        "spell",
        "start",
        "end",
        "days",
        "status",
        "reason",
        "route",
        "placement",
        "due",
        "late",
        "cohort",
    ]
    return Intervals(
        table[columns].reset_index(drop=True),
        aim,
        extract.area,
        extract.as_at,
        extract.audience,
        extract.since,
        {why: n for why, n in dropped.items() if n},
    )


NEVER_ACCOMMODATED = "milestones are recorded, but not that the child was accommodated"


def _never_accommodated(extract: Extract, spells: pd.DataFrame, aim: Aim) -> int:
    """Count children who have the start of this wait, or a later step, but no spell away from home to hold it."""
    kinds = _CHAIN if aim.start == "accommodated" else (aim.start, *_after(aim.start))
    who = child_numbers(extract, extract.events[extract.events["event"].isin(kinds)])
    return len(set(who.tolist()) - set(spells["who"]))


def _after(milestone: str) -> tuple[str, ...]:
    return _CHAIN[_CHAIN.index(milestone) + 1 :] if milestone in _CHAIN else ()


def _first(events: pd.DataFrame, kinds: tuple[str, ...]) -> pd.Series:
    """Return the first day of an event of these kinds in each spell, by the spell's id. Events are in order of date."""
    return events[events["event"].isin(kinds)].drop_duplicates("id").set_index("id")["date"]


def _find_ends(table: pd.DataFrame, events: pd.DataFrame, aim: Aim) -> pd.DataFrame:
    """Add, for each spell: end and before (the end milestone on or after the start, and only before it), later (a later
    step), route (the plan as last recorded) and no_step (since when the plan passes this milestone by)."""
    start = table.set_index("id")["start"]
    ends = events[(events["event"] == aim.end) & events["id"].isin(start.index)]
    in_time = ends["date"].to_numpy() >= start.reindex(ends["id"]).to_numpy()
    routed = events[events["route"].notna()]
    plan = routed.drop_duplicates("id", keep="last").set_index("id")["route"]
    planned = routed[routed["route"].to_numpy() == plan.reindex(routed["id"]).to_numpy()].drop_duplicates("id")
    skips = [aim.end in terms.STEPS_NOT_ON_ROUTE.get(r, ()) for r in planned["route"]]
    found = {
        "end": _first(ends[in_time], (aim.end,)),
        "before": _first(ends[~in_time], (aim.end,)),
        "later": _first(events, _after(aim.end)),
        "route": plan,
        "no_step": planned[np.array(skips, dtype=bool)].set_index("id")["date"],
    }
    return table.assign(**{name: values.reindex(table["id"]).to_numpy() for name, values in found.items()})


def _statuses(table: pd.DataFrame, as_at: date) -> pd.DataFrame:
    reached = table["end"].notna()
    backwards = ~reached & table["before"].notna()
    gap = ~reached & ~backwards & table["later"].notna()
    rerouted = ~reached & ~backwards & ~gap & table["no_step"].notna()
    gone = ~reached & ~backwards & ~gap & ~rerouted & table["spell_end"].notna()
    status = np.select([reached, backwards | gap, rerouted | gone], ["reached", "unusable", "left"], "waiting")
    reason = np.select(
        [backwards, gap, rerouted, gone],
        [
            "recorded before the start of the wait",
            "a later step is recorded, this one is not",
            "route without this step",
            table["ended_by"].map(ENDINGS).fillna(""),
        ],
        "",
    )
    day = pd.Timestamp(as_at)
    last = table["end"].where(reached, table["no_step"].where(rerouted, table["spell_end"].where(gone, day)))
    last = last.where(~(backwards | gap), day)
    days = (last - table["start"]).dt.days
    return table.assign(status=status, reason=reason, last=last, days=days.astype("int64"))


def placed_on(table: pd.DataFrame, on: str, extract: Extract) -> np.ndarray:
    """Return the placement group of each child on a day: that of the placement that began last, or "not_recorded".

    table: with `who` (number of the child's row in the children table) and the day in the column `on`.
    """
    asked = pd.DataFrame({"who": table["who"].to_numpy(), "day": table[on].to_numpy(), "at": np.arange(len(table))})
    asked = asked.astype({"day": "datetime64[s]"}).sort_values("day", kind="stable")
    found = pd.merge_asof(asked, find_placements(extract), left_on="day", right_on="start_date", by="who")
    groups = found.sort_values("at")["placement_type"].map(terms.PLACEMENT_GROUPS)
    return groups.fillna("not_recorded").to_numpy()


def _in_cohort(table: pd.DataFrame, extract: Extract, aim: Aim) -> tuple[pd.DataFrame, dict[str, int]]:
    outside = {}
    if aim.to_date is not None:
        after = table["start"] > pd.Timestamp(aim.to_date)
        outside[f"the clock started after {show_date(aim.to_date)}, the last day that counts for this aim"] = int(
            after.sum()
        )
        table = table[~after]
    if aim.placements:
        other = ~np.isin(placed_on(table, "start", extract), aim.placements)
        outside["placed elsewhere when the clock started"] = int(other.sum())
        table = table[~other]
    if aim.under_age is not None:
        pairs = zip(table["date_of_birth"], table["start"], strict=True)
        years = np.array([age(b.date(), s.date()) if pd.notna(b) else np.nan for b, s in pairs], dtype=float)
        unknown, old = np.isnan(years), years >= aim.under_age
        outside["no date of birth, so no age"] = int(unknown.sum())
        outside[f"aged {aim.under_age} or over when the clock started"] = int(old.sum())
        table = table[~(unknown | old)]
    return table, outside


def _against_limit(table: pd.DataFrame, aim: Aim, as_at: date) -> pd.DataFrame:
    day = pd.Timestamp(as_at)
    if aim.limit is None:
        due = pd.Series(pd.NaT, index=table.index, dtype="datetime64[s]")
    else:
        due = pd.to_datetime(pd.Series([aim.limit.due(s.date()) for s in table["start"]], index=table.index))
        due = due.astype("datetime64[s]")
    late = (table["end"] > due) | ((table["status"] == "waiting") & due.notna() & (due <= day))
    if aim.from_date is None:
        cohort = pd.Series("all", index=table.index)
    else:
        cohort = pd.Series(np.where(table["start"] >= pd.Timestamp(aim.from_date), "new", "backlog"), index=table.index)
    return table.assign(due=due, late=late.astype(bool), cohort=cohort)
