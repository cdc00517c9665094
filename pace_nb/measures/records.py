"""Measures of an area's records: who waits for which step and where, and which dates are recorded."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from pace_nb import terms
from pace_nb.day_numbers import NEVER, day_number, to_days
from pace_nb.extract import Extract
from pace_nb.intervals import placed_on
from pace_nb.numbered import EVENT, ROUTES
from pace_nb.spells import KEY, find_away_events, find_away_spells, number_away_events, number_away_spells


def who_waits(extract: Extract) -> pd.DataFrame:
    """Return the children who are away from home now, by the milestone they reached last and where they live.

    Columns: stage (the last milestone reached), placement (group), days (since that milestone). One row per child;
    for tables and charts it is counted. Children whose route has no further step, and those with an order, are not
    waiting for one and are left out.
    """
    spells = find_away_spells(extract)
    open_ = spells[spells["end"].isna()]
    events = find_away_events(extract)
    events = events[events["id"].isin(open_["id"])]
    chain = events[events["event"].isin(terms.MILESTONES)].copy()
    chain["rank"] = chain["event"].map(terms.MILESTONES.index)
    last = chain.sort_values(["rank", "date"], kind="stable").drop_duplicates([*KEY, "spell"], keep="last")
    plan = events[events["route"].notna()].sort_values("date", kind="stable").drop_duplicates(KEY, keep="last")
    last = last.drop(columns="route").merge(plan[[*KEY, "route"]], on=KEY, how="left")
    ahead = [
        set(terms.MILESTONES[terms.MILESTONES.index(event) + 1 :]) - terms.STEPS_NOT_ON_ROUTE.get(route, frozenset())
        for event, route in zip(last["event"], last["route"], strict=True)
    ]
    waiting = last[np.array([bool(steps) for steps in ahead], dtype=bool)]
    placed = extract.placements.drop_duplicates(KEY, keep="last")
    waiting = waiting.merge(placed[[*KEY, "placement_type"]], on=KEY, how="left")
    return pd.DataFrame(
        {
            "stage": waiting["event"],
            "placement": waiting["placement_type"].map(terms.PLACEMENT_GROUPS).fillna("not_recorded"),
            "days": (pd.Timestamp(extract.as_at) - waiting["date"]).dt.days,
        }
    )


def completeness(extract: Extract, recent_years: int = 2) -> pd.DataFrame:
    """Return, for each milestone, of how many spells that passed it the date is recorded.

    A spell has passed a milestone if its date, or a later milestone's, is recorded and its route includes it. So a gap in the
    records (passed, not recorded) is told apart from a wait (not passed), which is in neither number.
    Columns: milestone, passed, recorded, and the same for spells that passed it in the last `recent_years`
    (passed_recent, recorded_recent), judged by the first date recorded at or after the milestone.
    """
    passed = _passed(extract)
    recent = pd.Timestamp(extract.as_at) - pd.DateOffset(years=recent_years)
    rows = []
    for milestone in terms.MILESTONES:
        these = passed[passed["milestone"] == milestone]
        new = these["first"] >= recent
        has = these["recorded"]
        rows.append((milestone, len(these), int(has.sum()), int(new.sum()), int((has & new).sum())))
    return pd.DataFrame(rows, columns=["milestone", "passed", "recorded", "passed_recent", "recorded_recent"])


def completeness_by(extract: Extract, by: str) -> pd.DataFrame:
    """Return, for each milestone and each year or placement group, of how many spells that passed it the date is recorded.

    by: "year" (the calendar year of the first date recorded at or after the milestone) or "placement" (the group where the
    child lived on that day, or "not_recorded"). Passed and recorded are those of `completeness`, and add up to them.
    Columns: milestone, the name in `by`, passed, recorded; milestones in order, then years or groups; only those that occur.
    Raises ValueError for another `by`.
    """
    if by not in ("year", "placement"):
        raise ValueError(f"'{by}' is neither year nor placement")
    passed = _passed(extract)
    part = passed["first"].dt.year if by == "year" else pd.Series(placed_on(passed, "first", extract), passed.index)
    counted = passed.assign(**{by: part}).groupby(["milestone", by])["recorded"].agg(["size", "sum"]).reset_index()
    groups = [*dict.fromkeys(terms.PLACEMENT_GROUPS.values()), "not_recorded"] if by == "placement" else None
    order = {m: i for i, m in enumerate(terms.MILESTONES)} | {g: i for i, g in enumerate(groups or ())}
    counted = counted.sort_values(["milestone", by], key=lambda c: c.map(lambda v: order.get(v, v)), kind="stable")
    counted = counted.rename(columns={"size": "passed", "sum": "recorded"}).reset_index(drop=True)
    return counted.astype({"passed": "int64", "recorded": "int64"})


@lru_cache(maxsize=4)  # a page asks for it several times; nobody may change it
def _passed(extract: Extract) -> pd.DataFrame:
    """Return one row for each spell and milestone that it passed: milestone, id, who, first (date at or after it), recorded."""
    events, spells = number_away_events(extract), number_away_spells(extract)
    routed, plan = events.route > 0, np.zeros(len(spells), dtype=np.int64)
    plan[events.spell[routed]] = events.route[routed]  # in order of date: the last one stays
    since = 0 if extract.since is None else day_number(extract.since)
    first, parts = np.full(len(spells), NEVER), []
    for milestone in reversed(terms.MILESTONES):
        these, own = events.event == EVENT[milestone], np.full(len(spells), NEVER)
        own[events.spell[these][::-1]] = events.day[these][::-1]  # of several, the first
        first = np.minimum(first, own)
        skipped = np.array([milestone in terms.STEPS_NOT_ON_ROUTE.get(route, ()) for route in ROUTES])
        id = np.flatnonzero((first < NEVER) & (first >= since) & ~skipped[plan])
        found = {"milestone": milestone, "id": id, "first": to_days(first[id]), "recorded": own[id] < NEVER}
        parts.append(pd.DataFrame(found))
    return pd.concat(parts[::-1], ignore_index=True).assign(who=lambda passed: spells.who[passed["id"]])


def completeness_around(extract: Extract, milestone: str, day: date) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return (passed, recorded) of a milestone for spells that passed it before a day, and for those that passed it since.

    As `completeness`: judged by the first date recorded at or after the milestone. A spell whose own date is missing passed it
    earlier than that; so the first half year (182 days) since the day, in which gaps of before would be counted, is in neither.
    """
    passed = _passed(extract)
    passed = passed[passed["milestone"] == milestone]
    before = passed["first"] < pd.Timestamp(day)
    since = passed["first"] >= pd.Timestamp(day) + pd.Timedelta(days=182)
    one, other = ((int(side.sum()), int((side & passed["recorded"]).sum())) for side in (before, since))
    return one, other
