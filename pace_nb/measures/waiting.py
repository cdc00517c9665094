"""How many wait how long, and how the median wait went from period to period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from pace_nb import disclosure
from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.periods import add_months

#: Waiting children in aggregate pages: lower bounds in months.
BANDS = {"under 3 months": 0, "3 to 6 months": 3, "6 to 12 months": 6, "over 12 months": 12}


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
