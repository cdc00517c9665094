"""Measures of an area's records: who waits for which step and where, and which dates are recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pace_nb import terms
from pace_nb.extract import Extract
from pace_nb.spells import KEY, find_away_events, find_away_spells


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

    A spell has passed a milestone if its date, or a later milestone's, is recorded and its route includes it.
    Columns: milestone, passed, recorded, and the same for spells that passed it in the last `recent_years`
    (passed_recent, recorded_recent), judged by the first date recorded at or after the milestone.
    """
    events = find_away_events(extract)
    routed = events[events["route"].notna()].sort_values("date", kind="stable")
    plan = routed.drop_duplicates([*KEY, "spell"], keep="last").set_index([*KEY, "spell"])["route"]
    recent = pd.Timestamp(extract.as_at) - pd.DateOffset(years=recent_years)
    rows = []
    for i, milestone in enumerate(terms.MILESTONES):
        at_or_after = events[events["event"].isin(terms.MILESTONES[i:])]
        first = at_or_after.groupby([*KEY, "spell"])["date"].min()
        route = plan.reindex(first.index)
        first = first[[milestone not in terms.STEPS_NOT_ON_ROUTE.get(r, ()) for r in route]]
        if extract.since is not None:
            first = first[first >= pd.Timestamp(extract.since)]
        own = set(events.loc[events["event"] == milestone, [*KEY, "spell"]].itertuples(index=False, name=None))
        has = pd.Series([k in own for k in first.index], index=first.index, dtype=bool)
        new = first >= recent
        rows.append((milestone, len(first), int(has.sum()), int(new.sum()), int((has & new).sum())))
    return pd.DataFrame(rows, columns=["milestone", "passed", "recorded", "passed_recent", "recorded_recent"])
