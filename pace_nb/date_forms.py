"""The forms in which dates are written, in letters that a reader knows from spreadsheets: `dd/mm/yyyy`, `d mmmm yyyy`.

No text fits two forms of one set of rules in two ways, so that each value can be read by its own form.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import permutations
from typing import Any

ISO = "yyyy-mm-dd"
#: What a date may look like where nothing else is said. Each can be read in one way only, once the day comes before the month.
FORMATS = (
    *(ISO, "dd/mm/yyyy", "dd.mm.yyyy", "dd-mm-yyyy", "d mmmm yyyy", "dd-mmm-yyyy", "yyyy/mm/dd", "yyyymmdd"),
    *("dd/mm/yy", "dd.mm.yy", "d mmmm yy", "dd-mmm-yy"),
)
#: The first of the hundred years that two digits may mean. No record before it is used, and none more than two years after the
#: day of the report: so only one century is left for each.
TWO_DIGIT_YEARS = 1980
SCOTLAND = "Europe/London"
ZONES = (SCOTLAND, "UTC", "as written")

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MONTH_NUMBER = (
    {m.lower(): i for i, m in enumerate(_MONTHS, 1)}
    | {m[:3].lower(): i for i, m in enumerate(_MONTHS, 1)}
    | {"sept": 9}
)


@dataclass(frozen=True)
class DateRules:
    """How a column of dates may be written, as a profile's `[dates]` says it.

    formats: the forms, in letters; `yyyy-mm-dd` is always read besides, because a workbook's own dates arrive so. A time of day
    may follow any of them. open: further texts or dates that stand for "still open" or "not known".
    two_digit_years: the first of the hundred years that two digits may mean, for forms with `yy`.
    serials: whether a column of nothing but Excel's day numbers counts from "1900" or "1904", or is not read: "off".
    zone: a time with a zone is read as the day it then was in Scotland ("Europe/London"), or its day is taken "as written";
    "UTC": times without a zone are of that zone too.

    >>> DateRules().month_first
    False
    """

    formats: tuple[str, ...] = FORMATS
    open: tuple[str, ...] = ()
    two_digit_years: int = TWO_DIGIT_YEARS
    serials: str = "1900"
    zone: str = SCOTLAND

    @property
    def month_first(self) -> bool:
        """Whether a date of three numbers that ends with the year begins with the month."""
        return any(form_order(f) == "mdy" for f in self.formats)


_TOKEN = re.compile(r"y+|m+|d+|.", re.IGNORECASE)
_PARTS = {
    "yyyy": r"(?P<year>\d{4})",
    "yy": r"(?P<year>\d{2})",
    "mmmm": rf"(?P<name>{'|'.join(sorted(MONTH_NUMBER, key=len, reverse=True))})\.?",
    "mm": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{1,2})",
}
_TIME = (
    r"(?:(?:T| +|, *)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r" ?(?P<half>[ap]m)? ?(?P<zone>Z|UTC|GMT|BST|[+-]\d{2}:?\d{2})?)?"
)
_SAME = {"mmm": "mmmm", "m": "mm", "d": "dd"}
_CLOCK = re.compile(r"[ T]hh:mm(:ss)?$", re.IGNORECASE)  # a time may follow any form, so that it need not be said


@cache
def _tokens(form: str) -> tuple[str, ...]:
    return tuple(_SAME.get(t, t) for t in _TOKEN.findall(_CLOCK.sub("", form.strip()).lower()))


@cache
def form_pattern(form: str) -> re.Pattern[str]:
    """Return what a text in a form looks like: groups year, month or name, day; and hour to zone, where a time follows."""
    tokens = _tokens(form)
    parts = {**_PARTS}
    if tokens[0] == "yyyy":  # a date that begins with its year has all its noughts
        parts |= {"mm": r"(?P<month>\d{2})", "dd": r"(?P<day>\d{2})"}
    if not set(tokens) - set(_PARTS):  # without anything between the parts, each has its full width
        parts |= {"mm": r"(?P<month>\d{2})", "dd": r"(?P<day>\d{2})"}
    if "mmmm" in tokens:
        parts["dd"] += "(?:st|nd|rd|th)?"
    between = {" ": " +", "-": "-"}
    text = "".join(parts.get(t) or between.get(t) or re.escape(t) for t in tokens)
    return re.compile(text + _TIME, re.ASCII | re.IGNORECASE)


@cache
def form_order(form: str) -> str:
    """Return the order of a form's parts, as "dmy"; with "n" for a month by its name.

    >>> form_order("dd/mm/yyyy"), form_order("d mmmm yyyy"), form_order("yyyymmdd")
    ('dmy', 'dny', 'ymd')
    """
    return "".join("n" if t == "mmmm" else t[0] for t in _tokens(form) if t in _PARTS)


@cache
def short_year(form: str) -> bool:
    """Tell whether a form gives the year in two digits."""
    return "yy" in _tokens(form)


def write_date(day: date, form: str) -> str:
    """Write a date in a form.

    >>> write_date(date(2017, 5, 4), "dd-mmm-yy"), write_date(date(2017, 5, 4), "d mmmm yyyy")
    ('04-May-17', '4 May 2017')
    """
    name = _MONTHS[day.month - 1].capitalize()
    written = {
        "yyyy": f"{day.year:04}",
        "yy": f"{day.year % 100:02}",
        "mmmm": name,
        "mmm": name[:3],
        "mm": f"{day.month:02}",
        "m": f"{day.month}",
        "dd": f"{day.day:02}",
        "d": f"{day.day}",
    }
    return "".join(written.get(t.lower(), t) for t in _TOKEN.findall(_CLOCK.sub("", form.strip())))


_KEYS = ("formats", "open", "two_digit_years", "serials", "zone")
_BETWEEN = frozenset("/.-, ")
#: Days whose parts are all different numbers below 13, to find two forms that read one text in two ways.
_PROBES = tuple(date(2000 + y, m, d) for y, m, d in permutations((1, 2, 3)))


def read_date_rules(raw: Mapping[str, Any]) -> tuple[DateRules, list[str]]:
    """Return the rules of a profile's `[dates]` table, and every fault of it; what has a fault is as it is by default.

    >>> rules, faults = read_date_rules({"formats": ["dd/mm/yyyy", "dd/mm/yyy"], "serial": "1900"})
    >>> for fault in faults: print(fault)
    'serial' is not known: did you mean serials?
    formats: 'dd/mm/yyy' is not a form of dates: did you mean dd/mm/yyyy?
    """
    if not isinstance(raw, Mapping):
        return DateRules(), ["must be a table: write [dates] above its lines"]
    faults = [f"'{k}' is not known{_meant(k, _KEYS) or ': write ' + ', '.join(_KEYS)}" for k in raw if k not in _KEYS]
    given: dict[str, Any] = {}
    formats = _list_of_texts(raw, "formats", faults)
    if formats is not None:
        wrong = [f for f in formats if not _is_form(f)]
        faults += [f"formats: '{f}' is not a form of dates{_meant_form(f)}" for f in wrong]
        good = tuple(dict.fromkeys(_CLOCK.sub("", f.strip()).lower() for f in formats if f not in wrong))
        clash = _two_readings(good)
        faults += [
            f"formats: {a} and {b} would read one text in two ways; keep the one that is meant" for a, b in clash
        ]
        if not formats:
            faults.append("formats is empty: leave it out, or name a form such as dd/mm/yyyy")
        if good and not clash:
            given["formats"] = good
    opened = _list_of_texts(raw, "open", faults)
    if opened is not None:
        given["open"] = opened
    first = raw.get("two_digit_years", TWO_DIGIT_YEARS)
    if isinstance(first, bool) or not isinstance(first, int) or not 1900 <= first <= 2000:
        faults.append("two_digit_years must be the first of the hundred years that are meant, such as 1980")
    else:
        given["two_digit_years"] = first
    serials = raw.get("serials", "1900")
    serials = "off" if serials is False else str(serials)
    if serials in ("1900", "1904", "off"):
        given["serials"] = serials
    else:
        faults.append('serials must be "1900", "1904" or "off"')
    zone = raw.get("zone", SCOTLAND)
    if zone in ZONES:
        given["zone"] = zone
    else:
        faults.append(f"zone must be one of {', '.join(ZONES)}{_meant(str(zone), ZONES)}")
    return DateRules(**given), faults


def _list_of_texts(raw: Mapping[str, Any], key: str, faults: list[str]) -> tuple[str, ...] | None:
    if key not in raw:
        return None
    if not isinstance(raw[key], list) or not all(isinstance(t, str) for t in raw[key]):
        faults.append(
            f'{key} must be a list of texts, such as ["{"dd/mm/yyyy" if key == "formats" else "31/12/9999"}"]'
        )
        return None
    return tuple(raw[key])


def _is_form(text: str) -> bool:
    tokens = _tokens(text)
    return sorted(form_order(text).replace("n", "m")) == ["d", "m", "y"] and all(
        t in _PARTS or t in _BETWEEN for t in tokens
    )


def _two_readings(forms: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the pairs of forms, `yyyy-mm-dd` among them, that read some text as two days."""
    clash = []
    for one, two in permutations(dict.fromkeys([ISO, *forms]), 2):
        order = form_order(two).replace("n", "m")
        for day in _PROBES:
            found = form_pattern(one).fullmatch(write_date(day, two))
            if found and form_order(one).replace("n", "m") != order and (two, one) not in clash:
                clash.append((one, two))
                break
    return clash


def _meant(text: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(text.lower(), [k.lower() for k in known], 1)
    return f": did you mean {next(k for k in known if k.lower() == near[0])}?" if near else ""


_PERCENT = {
    "%Y": "yyyy",
    "%y": "yy",
    "%m": "mm",
    "%d": "dd",
    "%b": "mmm",
    "%B": "mmmm",
    "%H": "hh",
    "%M": "mm",
    "%S": "ss",
}


def _meant_form(text: str) -> str:
    letters = re.sub("%[a-zA-Z]", lambda m: _PERCENT.get(m[0], m[0]), text)
    if letters != text and _is_form(letters):
        return f": write {letters}"
    return (
        _meant(text, (*FORMATS, "mm/dd/yyyy", "mmmm d, yyyy"))
        or ": write it in letters, such as dd/mm/yyyy or d mmmm yyyy"
    )
