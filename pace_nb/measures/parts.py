"""An aim in two parts: new children from a date within a limit, and those who already waited then, by a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from pace_nb.intervals import Intervals
from pace_nb.measures.shares import ShareMet, measure_share


@dataclass(frozen=True)
class Backlog:
    """The children who were already waiting when an aim's from-date came, and what has become of them.

    A fixed group: `size` never changes, whatever becomes of the children. done, left, waiting: how they stand now;
    together they are `size`. by: the day by which the aim wants them done (None: it names none). done_in_time and
    left_in_time: how many were done, or had left another way, by the end of that day or, before it comes, by now.
    """

    size: int
    done: int
    left: int
    waiting: int
    done_in_time: int | None
    left_in_time: int | None = None
    by: date | None = None

    @property
    def share(self) -> float | None:
        """Done by the day, of all who waited on the from-date; None without a day or where nobody waited."""
        return None if self.done_in_time is None or not self.size else self.done_in_time / self.size

    @property
    def open_at_by(self) -> int | None:
        """How many neither had been done nor had left when the day came (or, before it comes, now)."""
        return None if self.done_in_time is None else self.size - self.done_in_time - self.left_in_time


def measure_backlog(intervals: Intervals) -> Backlog | None:
    """Return what has become of the children who waited on the aim's from-date.

    A child who reached the step, or left, on the from-date itself still waited when it came. Unusable records are not in it.
    None without a from-date, and where the period of the page begins after it: of the backlog only those who were
    not yet done when that period began would be known.
    """
    aim = intervals.aim
    if aim.from_date is None or (intervals.since is not None and intervals.since > aim.from_date):
        return None
    table, start = intervals.table, pd.Timestamp(aim.from_date)
    last = table["start"] + pd.to_timedelta(table["days"], unit="D")
    there = (
        (table["cohort"] == "backlog")
        & (table["status"] != "unusable")
        & ((last >= start) | (table["status"] == "waiting"))
    )
    status, last = table.loc[there, "status"], last[there]
    count = status.value_counts()
    done_in_time = left_in_time = None
    if aim.backlog_by:
        in_time = last <= pd.Timestamp(aim.backlog_by)
        done_in_time = int(((status == "reached") & in_time).sum())
        left_in_time = int(((status == "left") & in_time).sum())
    return Backlog(
        len(status),
        int(count.get("reached", 0)),
        int(count.get("left", 0)),
        int(count.get("waiting", 0)),
        done_in_time,
        left_in_time,
        aim.backlog_by,
    )


@dataclass(frozen=True)
class TwoParts:
    """One aim as its two parts and what went before.

    new: those whose clock started on the from-date or later (everyone, where the aim has no from-date); None without a
    limit. backlog: those who waited then. before: those who started before it and were also due before it, the state of
    things that the aim set out to change; None without a limit or a from-date.
    """

    new: ShareMet | None
    backlog: Backlog | None
    before: ShareMet | None


def measure_parts(intervals: Intervals) -> TwoParts:
    """Return the two parts of an aim and the share in time before it began."""
    aim, table = intervals.aim, intervals.table
    if aim.from_date is None:
        return TwoParts(measure_share(intervals), None, None)
    before = (table["cohort"] == "backlog") & (table["due"] < pd.Timestamp(aim.from_date))
    return TwoParts(
        measure_share(intervals.only(table["cohort"] == "new")),
        measure_backlog(intervals),
        measure_share(intervals.only(before)),
    )
