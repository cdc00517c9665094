"""Days as whole numbers, many at once: the calendar of `periods` for a whole column.

A day is its ordinal, as `datetime.date` counts it. A day that is not known, or has not come, is NEVER, which lies after every
day: so the smallest of several is the first that came.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from pace_nb.periods import Limit

NEVER = 4_000_000  # after the year 9999
_EPOCH = date(1970, 1, 1).toordinal()  # where numpy begins


def day_number(day: date) -> int:
    """Return the number of a day.

    >>> day_number(date(1, 1, 31))
    31
    """
    return day.toordinal()


def day_numbers(column: pd.Series) -> np.ndarray:
    """Return the numbers of a column of days, NEVER where it is blank; a time of day is dropped."""
    days = column.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), NEVER, _numbers(days))


def _numbers(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[D]").astype("int64") + _EPOCH


def _days(numbers: np.ndarray) -> np.ndarray:
    return (numbers - _EPOCH).astype("datetime64[D]")


def to_days(numbers: np.ndarray) -> np.ndarray:
    """Return numbers as days (datetime64[s]), blank where NEVER."""
    days = _days(numbers).astype("datetime64[s]")
    days[numbers >= NEVER] = np.datetime64("NaT")
    return days


def months(numbers: np.ndarray) -> np.ndarray:
    """Return the calendar months of days as numbers that count on from one to the next: twelve times the year, and 0 for January.

    >>> months(np.array([day_number(date(2019, 1, 31)), day_number(date(2019, 2, 1))])) - 12 * 2019
    array([0, 1])
    """
    return _days(numbers).astype("datetime64[M]").astype("int64") + 12 * 1970


def months_later(numbers: np.ndarray, n: int) -> np.ndarray:
    """Return the same days `n` calendar months later, as `periods.add_months`: a day that the month lacks becomes its last."""
    days = _days(numbers)
    first = days.astype("datetime64[M]")
    wanted = first + n
    within = (days - first.astype("datetime64[D]")).astype("int64")
    last = ((wanted + 1).astype("datetime64[D]") - wanted.astype("datetime64[D]")).astype("int64") - 1
    later = _numbers(wanted) + np.minimum(within, last)
    return np.where(numbers >= NEVER, NEVER, later)


def due_days(starts: np.ndarray, limit: Limit | None) -> np.ndarray:
    """Return the last days that still keep a limit (`Limit.due`); NEVER without one."""
    if limit is None:
        return np.full(len(starts), NEVER)
    if limit.unit in ("months", "years"):
        return months_later(starts, limit.value * (12 if limit.unit == "years" else 1))
    later = starts + limit.value * (7 if limit.unit == "weeks" else 1)
    return np.where(starts >= NEVER, NEVER, later)


def birthdays(born: np.ndarray, age_reached: int) -> np.ndarray:
    """Return the days on which an age is attained, as `periods.birthday`: 29 February becomes 1 March in common years."""
    days = _days(born)
    month = days.astype("datetime64[M]")
    within = (days - month.astype("datetime64[D]")).astype("int64")
    reached = _numbers(month + 12 * age_reached) + within  # the 30th of February is 1 March
    return np.where(born >= NEVER, NEVER, reached)


def ages(born: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Return ages in whole years, as `periods.age`; NaN where either day is not known."""
    (born_in, birth), (in_, day) = (_year_and_place(numbers) for numbers in (born, on))
    found = (in_ - born_in - (day < birth)).astype(float)
    return np.where((born >= NEVER) | (on >= NEVER), np.nan, found)


def _year_and_place(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the year (since 1970) of each day, and its place in a year, which 29 February has between its neighbours."""
    days = _days(numbers)
    months = days.astype("datetime64[M]")
    within = (days - months.astype("datetime64[D]")).astype("int64")
    return months.astype("int64") // 12, months.astype("int64") % 12 * 100 + within
