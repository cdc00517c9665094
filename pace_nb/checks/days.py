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

EARLIEST = np.datetime64("1980-01-01", "s")  # an earlier event or birth cannot be a child's in care today
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
    "early-date",
    "rows",
    says=f"lies before {EARLIEST.item().year}; set aside.",
    do="Correct the year.",
    fate="set aside",
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
    says=f"lies before {EARLIEST.item().year}; the child is used without an age.",
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
    values, name = work.texts[column.name], column.name
    days, wrong = np.full(len(work), np.datetime64("NaT"), dtype="datetime64[s]"), np.zeros(len(work), dtype=bool)
    birth = name == "date_of_birth"  # used for ages only: without it the child's waits still stand
    for number, raw in enumerate(work.raws):
        here = work.alive & (work.source == number)
        if not here.any():
            continue
        here = slice(None) if here.all() else np.flatnonzero(here)
        some = values.keep(here)
        read = read_dates(some.texts, raw.dates, np.bincount(some.numbers))
        days[here], wrong[here] = read.days.astype("datetime64[s]")[some.numbers], read.wrong[some.numbers]
        for code, level, where, what, do in read.notes:
            mask = np.zeros(len(work), dtype=bool)
            mask[here] = where[some.numbers]
            gone = level != "notice" and not birth
            work.tell(Finding(code, level, "", f"{what.rstrip('.')}; set aside." if gone else what, do, name), mask)
            if gone:
                work.alive &= ~mask
    missing, early = np.isnat(days) & ~wrong, days < EARLIEST
    work.days[name] = days
    if birth:
        work.say(IMPOSSIBLE_BIRTH, wrong, name)
        work.say(EARLY_BIRTH, early, name)
        days[early] = np.datetime64("NaT")
        return
    work.drop(IMPOSSIBLE, wrong, name)
    work.drop(EARLY, early, name)
    if column.required == "value":
        work.drop(NO_DATES, missing & bool(np.isnat(days).all()), name)
        work.drop(NO_DATE, missing, name)


def keep_known(work: Work, as_at: date) -> None:
    """Set aside what begins after the day, and what ends before it begins; an end after the day is not yet known."""
    day = np.datetime64(as_at, "s")
    if work.table.start is None:
        born = work.days["date_of_birth"]
        work.say(BORN_LATER, born > day, "date_of_birth", day=show_date(as_at))
        born[born > day] = np.datetime64("NaT")
        return
    start, end = work.days[work.table.start], work.days.get("end_date")
    far = np.datetime64(pd.Timestamp(as_at) + pd.DateOffset(years=YEARS_AHEAD), "s")
    work.drop(FAR_FUTURE, start > far, work.table.start, day=show_date(as_at))
    work.drop(LATER, start > day, work.table.start, day=show_date(as_at))
    if end is not None:
        work.drop(BACKWARDS, end < start, "end_date")
        end[end > day] = np.datetime64("NaT")
