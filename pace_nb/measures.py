"""Measures of an aim and of an area: shares with their denominators, who is due, who waits where, what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from pace_nb import disclosure, terms
from pace_nb.aims import Aim
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals
from pace_nb.periods import Limit, add_months, read_limit
from pace_nb.spells import KEY, find_away_events, find_away_spells

#: Waiting children in aggregate pages: lower bounds in months.
BANDS = {"under 3 months": 0, "3 to 6 months": 3, "6 to 12 months": 6, "over 12 months": 12}


@dataclass(frozen=True)
class ShareMet:
    """How many met a limit, of those for whom it has run out. Everyone else stands beside it, never in it."""

    met: int = 0
    missed: int = 0
    not_yet_due: int = 0
    met_early: int = 0
    left: int = 0

    @property
    def due(self) -> int:
        """The denominator: children whose due date has come."""
        return self.met + self.missed

    @property
    def share(self) -> float | None:
        """Met of due; None where no child was due."""
        return self.met / self.due if self.due else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share (Newcombe 1998); None where no child was due."""
        if not self.due:
            return None
        found = binomtest(self.met, self.due).proportion_ci(method="wilson")
        return float(found.low), float(found.high)

    @property
    def everyone(self) -> int:
        """All children in scope."""
        return self.due + self.not_yet_due + self.met_early + self.left

    @property
    def worst(self) -> float | None:
        """The share of everyone if none of those not yet due made it."""
        return (self.met + self.met_early) / self.everyone if self.everyone else None

    @property
    def best(self) -> float | None:
        """The share of everyone if all of those not yet due made it."""
        return (self.met + self.met_early + self.not_yet_due) / self.everyone if self.everyone else None


def share_met(
    starts: Sequence[date | None],
    events: Sequence[date | None],
    exits: Sequence[date | None],
    limit: str | Limit,
    as_at: date,
) -> ShareMet:
    """Sort children by whether they met a limit, as known on a day.

    starts, events, exits: one date or None per child. The event on the due date meets it. Events and exits after
    as_at are not yet known; children who start after it, or have no start, are not in scope. A child who left by the
    due date without the event is neither met nor missed.

    >>> share_met([date(2019, 1, 1)] * 2, [date(2019, 7, 1), None], [None, None], "6 months", date(2019, 7, 31)).share
    0.5
    """
    limit = limit if isinstance(limit, Limit) else read_limit(limit)
    counts = {"met": 0, "missed": 0, "not_yet_due": 0, "met_early": 0, "left": 0}
    for start, event, exit_ in zip(starts, events, exits, strict=True):
        if start is None or start > as_at:
            continue
        event = event if event is not None and event <= as_at else None
        exit_ = exit_ if exit_ is not None and exit_ <= as_at else None
        due = limit.due(start)
        if event is not None and event <= due:
            counts["met" if due <= as_at else "met_early"] += 1
        elif event is None and exit_ is not None and exit_ <= due:
            counts["left"] += 1
        else:
            counts["missed" if due <= as_at else "not_yet_due"] += 1
    return ShareMet(**counts)


def measure_share(intervals: Intervals) -> ShareMet | None:
    """Return how many met an aim's limit; None where the aim has no limit. Unusable records are not in it."""
    if intervals.aim.limit is None:
        return None
    return _share_of(_due_within(intervals), intervals)


def _due_within(intervals: Intervals) -> pd.DataFrame:
    """Leave out children who were due before the period of the page began: of those only the late ones are known."""
    table = intervals.table
    return table if intervals.since is None else table[table["due"] >= pd.Timestamp(intervals.since)]


def _share_of(table: pd.DataFrame, intervals: Intervals) -> ShareMet:
    table = table[table["status"] != "unusable"]
    last = table["start"] + pd.to_timedelta(table["days"], unit="D")
    reached, left = table["status"] == "reached", table["status"] == "left"
    return share_met(
        [d.date() for d in table["start"]],
        [d.date() if r else None for d, r in zip(last, reached, strict=True)],
        [d.date() if x else None for d, x in zip(last, left, strict=True)],
        intervals.aim.limit,
        intervals.as_at,
    )


def share_by_year(intervals: Intervals) -> list[tuple[str, ShareMet]]:
    """Return how many met the limit, by the calendar year in which they were due."""
    table = _due_within(intervals)
    table = table[table["due"].notna()]
    years = table["due"].dt.year
    shares = [(str(y), _share_of(table[years == y], intervals)) for y in sorted(years.unique())]
    return [(year, share) for year, share in shares if share.due]


def due_soon(intervals: Intervals, weeks: Sequence[int] = (4, 8, 12)) -> list[tuple[int, int]]:
    """Return how many waiting children come to their due date within so many weeks (each count includes the one before)."""
    ahead = (intervals.waiting["due"] - pd.Timestamp(intervals.as_at)).dt.days
    return [(w, int(((ahead > 0) & (ahead <= w * 7)).sum())) for w in weeks]


@dataclass(frozen=True)
class Backlog:
    """The children who were already waiting when an aim's from-date came, and what has become of them."""

    size: int
    done: int
    left: int
    waiting: int
    done_in_time: int | None


def measure_backlog(intervals: Intervals) -> Backlog | None:
    """Return what has become of the children who waited on the aim's from-date; None without a from-date."""
    aim = intervals.aim
    if aim.from_date is None:
        return None
    table, start = intervals.table, pd.Timestamp(aim.from_date)
    last = table["start"] + pd.to_timedelta(table["days"], unit="D")
    there = (
        (table["cohort"] == "backlog")
        & (table["status"] != "unusable")
        & ((last >= start) | (table["status"] == "waiting"))
    )
    table, last = table[there], last[there]
    in_time = None
    if aim.backlog_by:
        in_time = int(((table["status"] == "reached") & (last <= pd.Timestamp(aim.backlog_by))).sum())
    count = table["status"].value_counts()
    return Backlog(
        len(table), int(count.get("reached", 0)), int(count.get("left", 0)), int(count.get("waiting", 0)), in_time
    )


@dataclass(frozen=True)
class MeasureSeries:
    """The median wait of each period in which at least five children finished.

    points: position, value (weeks, whole; blank where fewer finished), date and until (first and last day), label, n.
    """

    points: pd.DataFrame
    period: str
    aim: Aim
    area: str
    as_at: date
    audience: str

    @property
    def shown(self) -> int:
        """How many periods have a value."""
        return int(self.points["value"].notna().sum())

    def __str__(self) -> str:
        return f"MeasureSeries: {self.aim.title}, {self.area}, {self.shown} of {len(self.points)} {self.period}s"

    __repr__ = __str__


def measure_series(intervals: Intervals, by: str | None = None) -> MeasureSeries:
    """Return the median wait, in whole weeks, of those who finished in each quarter (or year), by date of finishing.

    by: "quarter" or "year"; None takes quarters if at least two thirds of them have five children, otherwise years.
    The last, unfinished period is left out when it is a year.
    """
    if by is None:
        series = measure_series(intervals, "quarter")
        return series if series.shown >= max(3, len(series.points) * 2 / 3) else measure_series(intervals, "year")
    reached = intervals.reached
    code = {"quarter": "Q", "year": "Y"}[by]
    points = pd.DataFrame(columns=["position", "value", "date", "until", "label", "cohort", "n"])
    if len(reached):
        period = reached["end"].dt.to_period(code)
        last = pd.Timestamp(intervals.as_at).to_period(code)
        if by == "year" and pd.Timestamp(intervals.as_at) < last.end_time.normalize():
            last -= 1  # a part of a year is not comparable with whole ones
        every = pd.period_range(period.min(), last, freq=code)
        grouped = reached.groupby(period)["days"].agg(["size", "median"]).reindex(every)
        enough = grouped["size"] >= disclosure.PERIOD_OF
        points = pd.DataFrame(
            {
                "position": np.arange(1, len(every) + 1),
                "value": np.floor(grouped["median"].where(enough) / 7 + 0.5).to_numpy(),  # half up, as people round
                "date": every.start_time,
                "until": every.end_time.normalize(),
                "label": [f"{p.year} Q{p.quarter}" if by == "quarter" else str(p.year) for p in every],
                "cohort": "all",
                "n": grouped["size"].fillna(0).astype(int).to_numpy(),
            }
        )
    return MeasureSeries(points, by, intervals.aim, intervals.area, intervals.as_at, intervals.audience)


def waiting_bands(intervals: Intervals) -> pd.DataFrame:
    """Return how many children wait in each band of time so far. Columns: band, children."""
    starts = [d.date() for d in intervals.waiting["start"]]
    reached = [sum(add_months(s, months) <= intervals.as_at for s in starts) for months in BANDS.values()]
    rows = [(name, n - following) for name, n, following in zip(BANDS, reached, [*reached[1:], 0], strict=True)]
    return pd.DataFrame(rows, columns=["band", "children"])


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
