"""What one text of a column of dates says: a day in one of the forms that are read, nothing, or no date at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from pace_nb.date_forms import ISO, MONTH_NUMBER, SCOTLAND, DateRules, form_order, form_pattern, short_year

#: Dates that systems write for "not known" or "still open": their first day, their last, or a nought.
PLACEHOLDERS = (
    *("1900-01-01", "1970-01-01", "2099-12-31", "9999-12-31", "01/01/1900", "01/01/1970", "31/12/2099", "31/12/9999"),
    *("0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "2999-12-31", "4712-12-31"),
    *("0000-00-00", "00/00/0000", "00/01/1900", "00:00:00"),
)
#: What databases write for nothing.
NOT_KNOWN = frozenset({"n/a", "na", "none", "null", "nan", "nat", "-", "\u2013", "\u2014"})
#: What people write for nothing; told, because somebody may know more.
WORDS = frozenset({"not known", "unknown", "tbc"})
#: What is read from a cell whose formula was never calculated: not a blank, which could stand for "still open".
NOT_CALCULATED = "#NOT CALCULATED!"
#: What a spreadsheet shows instead of a value; the last of them where a column is too narrow for its dates.
CELL_ERROR = re.compile(
    rf"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA)|{NOT_CALCULATED}|#{{3,}}"
)
EXCEL_SERIALS = (25569, 73050)  # 1970 to 2099
EXCEL_DAY_0 = {"1900": date(1899, 12, 30), "1904": date(1904, 1, 1)}
#: A day that every year has, written in the form ISO: 29 February is for `reader`.
_ISO_DAY = re.compile(
    r"(?!0000)\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)",
    re.ASCII,
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_NO_SERIAL = frozenset({"0", "1", "2958465"})  # a blank cell that was copied as a number, and 31/12/9999


class Said(NamedTuple):
    """What a text says: its day, if any, and how it says it.

    nothing: "blank", "placeholder" or "error". order: of three numbers that end with the year, whether the first two could be
    "exchanged", are "equal", make a day in this order alone ("told"), or in the "other" alone. moved: to another day's zone.
    """

    day: date | None = None
    form: str = ""
    nothing: str = ""
    order: str = ""
    time: str = ""
    moved: bool = False


@cache
def _dated_by(rules: DateRules) -> Callable[[str], Said]:
    """Return a function that reads a text in the first form that fits, whatever the day may stand for."""
    forms = [
        (f, form_pattern(f), form_order(f), short_year(f), ends_with_year(f))
        for f in dict.fromkeys([ISO, *rules.formats])
    ]

    def day_of(text: str) -> Said:
        for form, pattern, order, short, open_order in forms:
            found = pattern.fullmatch(text)
            if found:
                year, number = int(found["year"]), int(found["day"])
                month = MONTH_NUMBER[found["name"].lower()] if "n" in order else int(found["month"])
                if short:
                    year += (rules.two_digit_years - year + 99) // 100 * 100
                day = _day(year, month, number)
                one = Said(day, form, "", _told_by(day, _day(year, number, month)) if open_order else "")
                return one if found["hour"] is None else _at_a_time(one, found, rules.zone)
        return Said()

    return day_of


@cache
def _no_days(rules: DateRules) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days that stand for "not known", and those that stand for "still open"."""
    day_of = _dated_by(rules)
    odd = frozenset(day_of(p).day for p in PLACEHOLDERS) - {None}
    return odd, frozenset(day_of(t.strip()).day for t in rules.open) - {None}


@cache
def reader(rules: DateRules) -> Callable[[str], Said]:
    """Return a function that reads one text."""
    day_of = _dated_by(rules)
    blank = NOT_KNOWN | {t.strip().lower() for t in rules.open} | {""}
    odd, opened = _no_days(rules)

    @lru_cache(maxsize=50_000)  # the same days stand in column after column
    def read(text: str) -> Said:
        text = text.replace("\u00a0", " ").strip()
        small = text.lower()
        if small in blank:
            return Said(nothing="blank")
        if small in WORDS or text in PLACEHOLDERS:
            return Said(nothing="placeholder")
        if text[0] == "#" and CELL_ERROR.fullmatch(text):
            return Said(nothing="error")
        one = day_of(text)
        if one.day in opened:
            return Said(nothing="blank")
        return Said(nothing="placeholder") if one.day in odd else one

    return read


def _told_by(day: date | None, exchanged: date | None) -> str:
    if day is None:
        return "" if exchanged is None else "other"
    return "told" if exchanged is None else "equal" if day == exchanged else "exchanged"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _at_a_time(one: Said, found: re.Match, zone: str) -> Said:
    """Return a day with a time as a day in Scotland."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return Said()
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return Said()
    one = one._replace(time=f"{hour:02}:{minute:02}")
    stated = (found["zone"] or "").upper()
    if one.day is None or zone == "as written" or not (stated or zone == "UTC") or not 1 < one.day.year < 9999:
        return one
    away = timedelta(hours=stated == "BST")
    if stated[:1] in ("+", "-"):
        away = timedelta(hours=int(stated[1:3]), minutes=int(stated[-2:])) * (-1 if stated[0] == "-" else 1)
        if abs(away) >= timedelta(hours=24):
            return Said()
    then = datetime(one.day.year, one.day.month, one.day.day, hour, minute, second, tzinfo=timezone(away))
    return one._replace(day=then.astimezone(ZoneInfo(SCOTLAND)).date(), moved=True)


def iso_days(texts: Sequence[str], rules: DateRules) -> tuple[np.ndarray, np.ndarray]:
    """Read the texts that are days such as 2019-07-31 and stand for nothing else, all at once.

    Returns which texts these are, and the day of each (datetime64[D]; of the others, none). What `reader` gives for these is
    the same day, the form ISO and nothing besides.
    """
    never = {day.isoformat() for days in _no_days(rules) for day in days}
    plain = np.fromiter((_ISO_DAY.fullmatch(t) is not None and t not in never for t in texts), bool, len(texts))
    days = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[D]")
    days[plain] = np.array([t for t, p in zip(texts, plain.tolist(), strict=True) if p], dtype="datetime64[D]")
    return plain, days


def day_numbers(texts: Sequence[str], seen: list[Said], rules: DateRules) -> list[Said]:
    """Return what a column of nothing but Excel's day numbers says; empty if it holds anything else."""
    filled = [t for t, s in zip(texts, seen, strict=True) if not s.nothing and t not in _NO_SERIAL]
    if rules.serials == "off" or not filled or not all(map(_SERIAL.fullmatch, filled)):
        return []
    read = []
    for text, one in zip(texts, seen, strict=True):
        if text in _NO_SERIAL:
            one = Said(nothing="placeholder")
        elif not one.nothing and EXCEL_SERIALS[0] <= float(text) < EXCEL_SERIALS[1]:
            one = Said(EXCEL_DAY_0[rules.serials] + timedelta(int(float(text))))
        elif text.split(".")[0] == str(EXCEL_SERIALS[1]):
            one = Said(nothing="placeholder")  # 31/12/2099
        read.append(one)
    return read


def ends_with_year(form: str) -> bool:
    """Tell whether a form is of three numbers of which the last is the year: which of the others is the month?"""
    return form_order(form) in ("dmy", "mdy")
