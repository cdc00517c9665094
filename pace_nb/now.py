"""What is happening now: where each child stands between two milestones, for how long, and who is due next."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pace_nb import terms
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.measures import BANDS
from pace_nb.periods import add_months
from pace_nb.spells import KEY, find_away_events, find_away_spells

#: Where a child can stand, in the order in which children come there. The last milestone has nothing after it.
STAGES = ("cso_at_home", *terms.MILESTONES[:-1])
#: Months on an order at home: national aim 1 asks for a review by 24, and areas that tighten it for one by 18.
HOME_BANDS = {"under 15 months": 0, "15 to 18 months": 15, "18 months to 2 years": 18, "past 2 years": 24}
WEEKS_AHEAD = (4, 8, 12)


def find_standing(extract: Extract) -> pd.DataFrame:
    """Return every child who waits for a next step now: by stage, those past a limit first, each part longest first.

    Columns: local_authority, child_id, stage (the last milestone reached, or cso_at_home), since (its day), days (from
    since to as_at), route (the plan as last recorded), due (when the first of the child's limits runs out; blank
    without one), past (that day has come).

    Away from home: the children of `measures.who_waits`, by the same rules; the wait for an aim may have begun before
    the last milestone, so `due` can lie before `since`. At home: those on a supervision order whose plan was not
    reviewed since it began. A child recorded both at home on an order and away from home stands in both places.
    """
    found = pd.concat([_at_home(extract), _away(extract)], ignore_index=True)
    day = pd.Timestamp(extract.as_at)
    found["due"] = _first_due(found, extract)
    found["days"] = (day - found["since"]).dt.days
    found["past"] = found["due"] <= day
    found["place"] = found["stage"].map(STAGES.index)
    found["begins"] = found["due"].where(found["past"], found["since"])  # past a limit: the longest overdue first
    keys = ["place", "past", "begins", *KEY]
    found = found.sort_values(keys, ascending=[True, False, True, True, True], kind="stable")
    return found[[*KEY, "stage", "since", "days", "route", "due", "past"]].reset_index(drop=True)


def _at_home(extract: Extract) -> pd.DataFrame:
    rows = find_intervals(extract, extract.aims["aim-1"]).waiting
    return rows.assign(stage="cso_at_home", since=rows["start"])[[*KEY, "stage", "since", "route"]]


def _away(extract: Extract) -> pd.DataFrame:
    spells, events = find_away_spells(extract), find_away_events(extract)
    events = events[events["id"].isin(spells.loc[spells["end"].isna(), "id"])]
    chain = events[events["event"].isin(terms.MILESTONES)]
    chain = chain.assign(rank=chain["event"].map(terms.MILESTONES.index).astype("int64"))
    last = chain.sort_values(["rank", "date"], kind="stable").drop_duplicates("id", keep="last")
    plan = events[events["route"].notna()].drop_duplicates("id", keep="last").set_index("id")["route"]
    last = last.assign(route=plan.reindex(last["id"]).to_numpy(), stage=last["event"], since=last["date"])
    ahead = [
        set(terms.MILESTONES[rank + 1 :]) - terms.STEPS_NOT_ON_ROUTE.get(route, frozenset())
        for rank, route in zip(last["rank"], last["route"], strict=True)
    ]
    return last.loc[np.array([bool(steps) for steps in ahead], dtype=bool), [*KEY, "stage", "since", "route"]]


def _first_due(standing: pd.DataFrame, extract: Extract) -> pd.Series:
    """Find, for each child, the first due date among the aims the child waits for, at home or away."""
    due = pd.Series(pd.NaT, index=standing.index, dtype="datetime64[s]")
    keys, at_home = pd.MultiIndex.from_frame(standing[KEY]), standing["stage"] == "cso_at_home"
    for aim in extract.aims.values():
        if aim.limit is not None:
            waiting = find_intervals(extract, aim).waiting.groupby(KEY)["due"].min()
            own = pd.Series(waiting.reindex(keys).to_numpy(), index=standing.index)
            due = due.combine(own.where(at_home == (aim.start == "cso_at_home")), _earlier)
    return pd.to_datetime(due).astype("datetime64[s]")


def _earlier(one: pd.Timestamp, two: pd.Timestamp) -> pd.Timestamp:
    known = [d for d in (one, two) if pd.notna(d)]
    return min(known, default=pd.NaT)


def count_standing(standing: pd.DataFrame, extract: Extract) -> pd.DataFrame:
    """Count who stands where by how long since the last milestone: a row per stage, a column per band of calendar months.

    standing: from `find_standing`. A band begins on its day: three calendar months to the day is "3 to 6 months".
    """
    band = _bands(standing["since"], BANDS, extract)
    counts = pd.crosstab(standing["stage"], band)
    return counts.reindex(index=STAGES, columns=list(BANDS), fill_value=0)


def find_orders_at_home(extract: Extract) -> pd.DataFrame:
    """Return the children at home on a supervision order whose plan was not reviewed since it began, longest first.

    Columns: local_authority, child_id, start, days, band (of `HOME_BANDS`, in calendar months; the day on which the
    months are full is in the next band, so "past 2 years" are those past the limit of national aim 1), at_18_months,
    at_2_years (the days on which those months are full).
    """
    rows = find_intervals(extract, extract.aims["aim-1"]).waiting[[*KEY, "start", "days"]]
    starts = [d.date() for d in rows["start"]]
    return rows.assign(
        band=_bands(rows["start"], HOME_BANDS, extract),
        at_18_months=[add_months(s, 18) for s in starts],
        at_2_years=[add_months(s, 24) for s in starts],
    )


def _bands(starts: pd.Series, bands: dict[str, int], extract: Extract) -> pd.Series:
    names = [
        [name for name, months in bands.items() if add_months(start.date(), months) <= extract.as_at][-1]
        for start in starts
    ]
    return pd.Series(names, index=starts.index, dtype="str")


def find_due(intervals: Intervals, weeks: int = WEEKS_AHEAD[-1]) -> pd.DataFrame:
    """Return the waiting children who are past due or come to their due date within so many weeks, most pressing first.

    The rows of `intervals.table`, and `ahead`: days from as_at to the due date, 0 or less if it has come. Those whose
    due date has come stand first, the longest overdue at the top; then the others, the soonest due first. A child
    who is due on as_at itself and still waits is past due.
    """
    rows = intervals.waiting
    ahead = (rows["due"] - pd.Timestamp(intervals.as_at)).dt.days
    return (
        rows.assign(ahead=ahead)[ahead <= weeks * 7].sort_values(["ahead", *KEY], kind="stable").reset_index(drop=True)
    )
