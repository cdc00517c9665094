"""Days that a text names, in the forms in which people and programs write them."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_SPACE = r"[\s.,/_-]{0,3}"
_YEAR = r"(\d{4}|\d{2})"
#: 2010-05-04, 20100504
_YEAR_FIRST = re.compile(r"(?<![\d.])((?:19|20)\d\d)([-/._]?)(\d\d)\2(\d\d)(?!\d)")
#: 04/05/2010, 4.5.2010, 04-05-10; two figures of a year not after points, which stand in version numbers
_DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})(?:([/-])(\d{1,2})\2(\d{4}|\d{2})|\.(\d{1,2})\.(\d{4}))(?!\d)")
#: 4 May 2010, 4th of May 2010, 04-May-10
_NAMED = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?{_SPACE}(?:of )?{_NAME}{_SPACE}{_YEAR}(?!\d)")
#: May 4, 2010
_NAME_FIRST = re.compile(rf"(?<![a-z]){_NAME}{_SPACE}(\d{{1,2}})(?:st|nd|rd|th)?[\s,]{{1,2}}(\d{{4}})(?!\d)")


def find_days(text: str) -> set[date]:
    """Return every day that a text names with its year. Three figures are read day first; a date that does not exist is none.

    Years of two figures are of the thirty years around 2010: from 1980 to 2079.

    >>> sorted(find_days("born 2010-05-04 or 6/7/2011, not 1.13.12; May 8, 2012")) == [
    ...     date(2010, 5, 4), date(2011, 7, 6), date(2012, 5, 8)]
    True
    """
    text = text.lower()
    found = [(y, m, d) for y, _, m, d in _YEAR_FIRST.findall(text)]
    found += [(y or y2, m or m2, d) for d, _, m, y, m2, y2 in _DAY_FIRST.findall(text)]
    if any(name in text for name in _MONTHS):
        found += [(y, _number(m), d) for d, m, y in _NAMED.findall(text)]
        found += [(y, _number(m), d) for m, d, y in _NAME_FIRST.findall(text)]
    return {day for parts in set(found) if (day := _day(*parts)) is not None}


def _number(month: str) -> int:
    return _MONTHS.index(month[:3]) + 1


def _day(year: str, month: str | int, day: str) -> date | None:
    whole = int(year)
    if len(year) == 2:
        whole += 2000 if whole < 80 else 1900
    try:
        return date(whole, int(month), int(day))
    except ValueError:
        return None
