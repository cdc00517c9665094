"""Days: which dates of a row are used, and what of them is not yet known on the day the report is as at."""

from __future__ import annotations

from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from pace_nb.checks.work import Work
from pace_nb.dates import read_dates
from pace_nb.findings import Finding, rule
from pace_nb.periods import show_date
from pace_nb.schema import Column

EARLIEST = pd.Timestamp(1980, 1, 1)  # an earlier event or birth cannot be a child's in care today
YEARS_AHEAD = 2  # what lies further ahead is a slip of the pen, not a plan

_rule = partial(rule, part="days")
NO_DATE = _rule(
    "no-date", "rows", says="has no date; set aside.", do="Add the date, or leave the row out.", fate="set aside"
)
NO_DATES = _rule(
    "no-dates",
    "file",
    says="is blank, and there are no usable dates in the whole column; set aside.",
    do="Export the dates too, or choose the column that has them.",
    fate="set aside",
)
IMPOSSIBLE = _rule(
    "impossible-date",
    "rows",
    says="is not a date that exists, or not one of the forms that are read; set aside.",
    do="Correct the date; write it as 2019-07-31 or 31/07/2019.",
    fate="set aside",
)
EARLY = _rule(
    "early-date", "rows", says=f"lies before {EARLIEST.year}; set aside.", do="Correct the year.", fate="set aside"
)
IMPOSSIBLE_BIRTH = _rule(
    "impossible-birth-date",
    "rows",
    says="is not a date that exists; the child is used without an age.",
    do="Correct it; write dates as 2019-07-31 or 31/07/2019.",
    fate="used without an age",
)
EARLY_BIRTH = _rule(
    "early-birth-date",
    "rows",
    says=f"lies before {EARLIEST.year}; the child is used without an age.",
    do="Correct the year.",
    fate="used without an age",
)
BORN_LATER = _rule(
    "born-later",
    "notice",
    says="is born after {day}; the birth date was not used.",
    do="Check the date.",
    fate="used without an age",
)
FAR_FUTURE = _rule(
    "far-future",
    "rows",
    says="lies more than two years after {day}; set aside.",
    do="Correct the year.",
    fate="set aside",
)
LATER = _rule(
    "later",
    "notice",
    says="is dated after {day}, the day this report is as at; set aside.",
    fate="set aside",
)
BACKWARDS = _rule(
    "end-before-start", "rows", says="ends before it starts; set aside.", do="Correct the dates.", fate="set aside"
)


def read_days(work: Work, column: Column) -> None:
    """Read a column of dates, each source by its own rules."""
    parsed = pd.Series(pd.NaT, index=work.frame.index, dtype="datetime64[s]")
    wrong = np.zeros(len(work.frame), dtype=bool)
    birth = column.name == "date_of_birth"  # used for ages only: without it the child's waits still stand
    for number, raw in enumerate(work.raws):
        here = np.flatnonzero(work.alive & (work.frame["source"].to_numpy() == number))
        if not here.size:
            continue
        one, bad, notices = read_dates(work.frame[column.name].iloc[here], raw.dates)
        parsed.iloc[here], wrong[here] = one.to_numpy(), np.asarray(bad, dtype=bool)
        for code, level, where, what, do in notices:
            mask = np.zeros(len(work.frame), dtype=bool)
            mask[here] = np.asarray(where, dtype=bool)
            gone = level != "notice" and not birth
            work.tell(
                Finding(code, level, "", f"{what.rstrip('.')}; set aside." if gone else what, do, column.name), mask
            )
            work.alive &= ~(mask & gone)
    missing = parsed.isna().to_numpy() & ~wrong
    early = (parsed < EARLIEST).to_numpy()
    if birth:
        work.say(IMPOSSIBLE_BIRTH, wrong, column.name)
        work.say(EARLY_BIRTH, early, column.name)
        work.frame[column.name] = parsed.mask(early)
        return
    work.frame[column.name] = parsed
    work.drop(IMPOSSIBLE, wrong, column.name)
    work.drop(EARLY, early, column.name)
    if column.required == "value":
        work.drop(NO_DATES, missing & bool(parsed.isna().all()), column.name)
        work.drop(NO_DATE, missing, column.name)


def keep_known(work: Work, as_at: date) -> None:
    """Set aside what begins after the day, and what ends before it begins; an end after the day is not yet known."""
    day, frame, start = pd.Timestamp(as_at), work.frame, work.table.start
    if start is None:
        later = (frame["date_of_birth"] > day).to_numpy()
        work.say(BORN_LATER, later, "date_of_birth", day=show_date(as_at))
        frame["date_of_birth"] = frame["date_of_birth"].mask(later)
        return
    far = (frame[start] > day + pd.DateOffset(years=YEARS_AHEAD)).to_numpy()
    work.drop(FAR_FUTURE, far, start, day=show_date(as_at))
    work.drop(LATER, (frame[start] > day).to_numpy(), start, day=show_date(as_at))
    if "end_date" in frame:
        work.drop(BACKWARDS, (frame["end_date"] < frame[start]).to_numpy(), "end_date")
        frame["end_date"] = frame["end_date"].mask(frame["end_date"] > day)
