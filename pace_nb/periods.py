"""Calendar arithmetic: whole days, calendar months, ages and quarters. Nothing here knows what day it is today."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from operator import index

from pace_nb.errors import ParameterError


def add_months(day: date, n: int) -> date:
    """Return the same day `n` calendar months later, or earlier for a negative n; a day that the month lacks becomes its last.

    So it does not always lead back: 31 January and a month is 28 February, and a month before that is 28 January. Months
    are counted from the start in one go, never one after the other. A time of day is dropped. Raises ValueError outside the
    years 1 to 9999, TypeError if n is no whole number.

    >>> add_months(date(2018, 8, 31), 6), add_months(date(2019, 3, 31), -1)
    (datetime.date(2019, 2, 28), datetime.date(2019, 2, 28))
    """
    years, month0 = divmod(day.year * 12 + day.month - 1 + index(n), 12)
    if not MINYEAR <= years <= MAXYEAR:
        raise ValueError(f"{n} months from {day:%d/%m/%Y} lie outside the years {MINYEAR} to {MAXYEAR}")
    return date(years, month0 + 1, min(day.day, calendar.monthrange(years, month0 + 1)[1]))


def birthday(born: date, age_reached: int) -> date:
    """Return the day on which an age is attained; born on 29 February, that is 1 March in common years.

    Age of Legal Capacity (Scotland) Act 1991, section 6: an age is attained at the beginning of the birthday. Age 0 is
    attained on the day of birth.

    >>> birthday(date(2004, 2, 29), 18)
    datetime.date(2022, 3, 1)
    """
    year = born.year + age_reached
    if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return born.replace(year=year)


def age(born: date, on: date) -> int:
    """Return the age in whole years on a day; on the birthday itself a child is a year older (see `birthday`).

    Before the birth it is negative: -1 in the year before it. Records of planning before birth hold such days.

    >>> age(date(2004, 2, 29), date(2022, 2, 28)), age(date(2004, 2, 29), date(2022, 3, 1))
    (17, 18)
    """
    years = on.year - born.year
    return years if on >= birthday(born, years) else years - 1


def reporting_year(day: date) -> str:
    """Return the looked after children's year (1 August to 31 July) that holds a day, as the statistics write it.

    >>> reporting_year(date(2019, 7, 31)), reporting_year(date(2019, 8, 1))
    ('2018/19', '2019/20')
    """
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def quarter(day: date) -> str:
    """Return the calendar quarter of a day, such as '2019 Q3'.

    >>> quarter(date(2019, 7, 1))
    '2019 Q3'
    """
    return f"{day.year} Q{(day.month - 1) // 3 + 1}"


_MONTHS = tuple(calendar.month_name)  # once: each look at it asks the system for the name


def show_date(day: date) -> str:
    """Return a date as people write it.

    >>> show_date(date(2019, 7, 31))
    '31 July 2019'
    """
    return f"{day.day} {_MONTHS[day.month]} {day.year}"


def to_date(value: object, name: str = "as_at") -> date:
    """Read a date that a person gave as a parameter: ISO (2019-07-31) or UK (31/07/2019).

    Raises ParameterError when it is blank or not a date: there is no default, and never today.

    >>> to_date("31/07/2019")
    datetime.date(2019, 7, 31)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            parsed = datetime.strptime(str(value).strip(), form).date()
        except ValueError:
            continue
        if 1990 <= parsed.year <= 2100:
            return parsed
    raise ParameterError(
        f"{name} is not a date that can be used.",
        do=f"give {name} as year-month-day, for example 2019-07-31. There is no default: a report made "
        "twice has to say the same, so it never takes today's date.",
    )


_UNITS = {"day": 1, "week": 7, "month": 0, "year": 0}


@dataclass(frozen=True)
class Limit:
    """A length of time with its unit. Months and years are calendar months, never a number of days."""

    value: int
    unit: str  # "days" | "weeks" | "months" | "years"

    def due(self, start: date) -> date:
        """Return the last day that still keeps the limit for a clock that starts on `start`.

        >>> Limit(6, "months").due(date(2018, 8, 31)), Limit(26, "weeks").due(date(2018, 8, 31))
        (datetime.date(2019, 2, 28), datetime.date(2019, 3, 1))
        """
        if self.unit in ("months", "years"):
            return add_months(start, self.value * (12 if self.unit == "years" else 1))
        return date.fromordinal(start.toordinal() + self.value * _UNITS[self.unit[:-1]])

    @property
    def weeks(self) -> float:
        """The limit in weeks, for drawing a line on a chart only: comparisons use `due`."""
        per = {"days": 1 / 7, "weeks": 1, "months": 365.25 / 12 / 7, "years": 365.25 / 7}
        return self.value * per[self.unit]

    def __str__(self) -> str:
        return f"{self.value} {self.unit[:-1] if self.value == 1 else self.unit}"


def read_limit(text: str) -> Limit:
    """Read a limit such as '26 weeks', '6 months' or '2 years'. Raises ValueError with the reason.

    >>> read_limit("6 months")
    Limit(value=6, unit='months')
    """
    found = re.fullmatch(r"\s*(\d+)\s*(day|week|month|year)s?\s*", str(text))
    if not found:
        raise ValueError(f"'{text}' is not a length of time such as '26 weeks', '6 months' or '2 years'")
    limit = Limit(int(found[1]), found[2] + "s")
    if not limit.weeks * 7 + 1e-9 >= 1 or limit.weeks > Limit(5, "years").weeks + 1e-9:
        raise ValueError(f"'{text}' is outside one day to five years; check the unit")
    return limit
