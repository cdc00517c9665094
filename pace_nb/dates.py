"""How a column of dates is read: by stated forms, never by guess.

Each value is read by its own form (`date_forms`). The one thing that a text cannot say, whether 04/05/2017 is in April or in
May, is decided by the rules for the whole column, and told. What is said shows a form by one fixed day, never by a child's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from pace_nb.date_forms import (
    FORMATS,
    ISO,
    MONTH_NUMBER,
    SCOTLAND,
    DateRules,
    form_order,
    form_pattern,
    read_date_rules,
    short_year,
    write_date,
)
from pace_nb.findings import Rule, rule
from pace_nb.periods import show_date

__all__ = ["NOT_KNOWN", "PLACEHOLDERS", "WORDS", "DateNote", "DateRules", "read_date_rules", "read_dates"]

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
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_NO_SERIAL = frozenset({"0", "1", "2958465"})  # a blank cell that was copied as a number, and 31/12/9999
#: Shown for the form of a date.
EXAMPLE = date(2017, 5, 4)

_rule = partial(rule, part="dates")
MONTH_FIRST = _rule(
    "us-dates",
    "file",
    says="writes the {first} first (such as {slip}) where the {then} was expected: no date of this column that is written in "
    "three numbers was used, because half of them would be wrong.",
    do="Export dates as 2017-04-13, or give their form in a profile.",
    fate="set aside",
)
PLACEHOLDER = _rule(
    "placeholder-date",
    "notice",
    says="holds a date or a word that stands for 'not known' or 'still open'; treated as blank.",
)
FORMULA = _rule(
    "formula",
    "rows",
    says="holds what a spreadsheet shows instead of a date: a formula's error, a formula that was never calculated, or ####.",
    do="Put the date itself there.",
    fate="set aside",
)
SERIALS = _rule(
    "excel-serials",
    "notice",
    says="holds Excel's day numbers; read as dates of the {system} date system.",
    do="Check three of them. If they are four years and a day out, the workbook has the other one (1904, of old Macs): export "
    "the dates as text.",
)
OPEN_ORDER = _rule(
    "day-or-month",
    "notice",
    says="has dates whose day and month could be exchanged in {n:,} of {m:,} rows, and none that tells which comes first: "
    "dates such as {example} are read as {day} ({first} first).",
    do="Confirm it with three records.",
)
FORMS = _rule(
    "date-forms",
    "notice",
    says="has dates written as {forms}; each was read by its own form, {example} as {day}.",
)
TWO_DIGITS = _rule(
    "two-digit-years",
    "notice",
    says="writes the year in two digits, read as {start} to {end}: dates such as {example} are read as {day}.",
)
ZONE = _rule(
    "zone",
    "notice",
    says="gives times of a zone; read as the day that it then was in Scotland: 2017-07-31T23:00:00Z as 1 August 2017.",
)
TIME = _rule("time-of-day", "notice", says="gives a time of day, which is not used; the day was taken as written.")
ELSEWHERE = _rule(
    "midnight-elsewhere",
    "notice",
    says="gives 23:00 where other dates give midnight. So do systems that keep time in UTC, where a summer's day begins at 23:00 "
    "of the day before. The days were taken as written, and may be one too early.",
    do='Compare three with the records; if they are, say zone = "UTC" under [dates] in a profile.',
)


class DateNote(NamedTuple):
    """What is to be said of some values of a column of dates.

    level: "notice": the values were read, or were blank; "rows" and "file": they were not read. where: which values.
    """

    code: str
    level: str
    where: pd.Series
    what: str
    do: str = ""


class _Seen(NamedTuple):
    """One text of a column: the day it says, if any, and how it says it.

    nothing: "blank", "placeholder" or "error". order: of three numbers that end with the year, whether the first two could be
    "exchanged", are "equal", make a day in this order alone ("told"), or in the "other" alone. moved: to another day's zone.
    """

    day: date | None = None
    form: str = ""
    nothing: str = ""
    order: str = ""
    time: str = ""
    moved: bool = False


def read_dates(values: pd.Series, rules: DateRules) -> tuple[pd.Series, pd.Series, list[DateNote]]:
    """Read a column of texts as dates: each value by its own form; Excel's day numbers only if the column holds nothing else.

    Returns the dates (datetime64[s], NaT where there is none), which values are no date, and what is to be said. A value of
    a note of level "rows" or "file" has no date and is not among those that are no date: it has a reason of its own.

    Day and month are never chosen value by value. Where some dates can only be read in the other order than the rules', and
    those are more than a slip (one in twenty of the dates that tell), no date of three numbers is used in that column.
    A time with a zone is read as the day that it then was in Scotland; without one, as the day that is written.

    >>> days, wrong, notes = read_dates(pd.Series(["2017-04-05", "13/04/2017", "31/02/2017", ""]), DateRules())
    >>> days.dt.strftime("%d %b").tolist(), wrong.tolist()
    (['05 Apr', '13 Apr', nan, nan], [False, False, True, False])
    >>> [n.code for n in notes]
    ['date-forms']
    """
    codes, texts = pd.factorize(values.fillna("").to_numpy(dtype=object))
    seen = [_reader(rules)(t) for t in texts]
    numbers = _day_numbers(texts, seen, rules)
    rows = pd.DataFrame(numbers or seen, columns=_Seen._fields).take(codes).set_axis(values.index)
    days = pd.Series(np.array([s.day for s in numbers or seen], dtype="datetime64[D]")[codes], values.index)
    days = days.astype("datetime64[s]")
    refused = rows["order"].ne("") & _more_than_a_slip(rows["order"])
    days = days.mask(refused)
    notes = _what_was_not_read(rows, refused, rules)
    if numbers:
        notes.append(_note(SERIALS, days.notna(), system=rules.serials))
    else:
        notes += _how_it_was_read(rows[days.notna()], rows["order"], rules)
    wrong = days.isna() & rows["nothing"].eq("") & ~refused
    return (
        days,
        wrong,
        [n._replace(where=n.where.reindex(values.index, fill_value=False)) for n in notes if n.where.any()],
    )


def _note(kind: Rule, where: pd.Series, **words: object) -> DateNote:
    said = kind.found("", **words)
    return DateNote(kind.code, kind.level, where, said.what, said.do)


def _more_than_a_slip(order: pd.Series) -> bool:
    """Tell dates that can only be read in the other order from a slip of the pen in one of them."""
    other, told = int(order.eq("other").sum()), int(order.eq("told").sum())
    return other * 20 > other + told and not (other == 1 and told > 1)


def _what_was_not_read(rows: pd.DataFrame, refused: pd.Series, rules: DateRules) -> list[DateNote]:
    first, then, slip = ("day", "month", "13/04/2017") if rules.month_first else ("month", "day", "04/13/2017")
    return [
        _note(MONTH_FIRST, refused, first=first, then=then, slip=slip),
        _note(PLACEHOLDER, rows["nothing"].eq("placeholder")),
        _note(FORMULA, rows["nothing"].eq("error")),
    ]


def _how_it_was_read(rows: pd.DataFrame, order: pd.Series, rules: DateRules) -> list[DateNote]:
    """Return what a reader has to confirm: the order of day and month, the forms, the century, the time of day."""
    said, notes = show_date(EXAMPLE), []
    if not order.isin(["told", "other"]).any():
        exchanged, form = rows["order"].eq("exchanged"), next((f for f in rules.formats if _ends_with_year(f)), ISO)
        first, example = "month" if rules.month_first else "day", write_date(EXAMPLE, form)
        notes.append(
            _note(OPEN_ORDER, exchanged, n=exchanged.sum(), m=len(rows), example=example, day=said, first=first)
        )
    used = rows["form"].value_counts()
    forms = sorted(used.index, key=lambda f: (-used[f], f != ISO, f))
    # A profile names the forms that are to be expected; where there is none, only the two usual ones, and not together.
    usual = [f for f in forms if f in (ISO, "dd/mm/yyyy")][:1] if rules.formats == FORMATS else [*rules.formats]
    strange = rows["form"].isin([f for f in forms if f not in usual])
    shown = [write_date(EXAMPLE, f) for f in forms]
    if forms:
        example = next((e for f, e in zip(forms, shown, strict=True) if f != ISO), shown[0])
        notes.append(_note(FORMS, strange, forms=_joined(shown), example=example, day=said))
    short = [f for f in forms if short_year(f)]
    if short:
        start, example = rules.two_digit_years, write_date(EXAMPLE, short[0])
        notes.append(
            _note(TWO_DIGITS, rows["form"].isin(short), start=start, end=start + 99, example=example, day=said)
        )
    notes.append(_note(ZONE, rows["moved"]))
    still = rows["time"].mask(rows["moved"], "")
    late = still.eq("23:00")
    if late.any() and still.isin(["", "00:00", "23:00"]).all():
        notes.append(_note(ELSEWHERE, late))
    else:
        notes.append(_note(TIME, ~still.isin(["", "00:00"])))
    return notes


def _joined(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _day_numbers(texts: Sequence[str], seen: list[_Seen], rules: DateRules) -> list[_Seen]:
    """Return what a column of nothing but Excel's day numbers says; empty if it holds anything else."""
    filled = [t for t, s in zip(texts, seen, strict=True) if not s.nothing and t not in _NO_SERIAL]
    if rules.serials == "off" or not filled or not all(map(_SERIAL.fullmatch, filled)):
        return []
    read = []
    for text, one in zip(texts, seen, strict=True):
        if text in _NO_SERIAL:
            one = _Seen(nothing="placeholder")
        elif not one.nothing and EXCEL_SERIALS[0] <= float(text) < EXCEL_SERIALS[1]:
            one = _Seen(EXCEL_DAY_0[rules.serials] + timedelta(int(float(text))))
        elif text.split(".")[0] == str(EXCEL_SERIALS[1]):
            one = _Seen(nothing="placeholder")  # 31/12/2099
        read.append(one)
    return read


def _ends_with_year(form: str) -> bool:
    """Tell whether a form is of three numbers of which the last is the year: which of the others is the month?"""
    return form_order(form) in ("dmy", "mdy")


@cache
def _reader(rules: DateRules) -> Callable[[str], _Seen]:
    """Return a function that reads one text."""
    forms = [
        (f, form_pattern(f), form_order(f), short_year(f), _ends_with_year(f))
        for f in dict.fromkeys([ISO, *rules.formats])
    ]

    def day_of(text: str) -> _Seen:
        for form, pattern, order, short, open_order in forms:
            found = pattern.fullmatch(text)
            if found:
                year, number = int(found["year"]), int(found["day"])
                month = MONTH_NUMBER[found["name"].lower()] if "n" in order else int(found["month"])
                if short:
                    year += (rules.two_digit_years - year + 99) // 100 * 100
                day = _day(year, month, number)
                one = _Seen(day, form, "", _told_by(day, _day(year, number, month)) if open_order else "")
                return one if found["hour"] is None else _at_a_time(one, found, rules.zone)
        return _Seen()

    blank = NOT_KNOWN | {t.strip().lower() for t in rules.open} | {""}
    odd = {day_of(p).day for p in PLACEHOLDERS} - {None}
    opened = {day_of(t.strip()).day for t in rules.open} - {None}

    def read(text: str) -> _Seen:
        text = text.replace("\u00a0", " ").strip()
        small = text.lower()
        if small in blank:
            return _Seen(nothing="blank")
        if small in WORDS or text in PLACEHOLDERS:
            return _Seen(nothing="placeholder")
        if text[0] == "#" and CELL_ERROR.fullmatch(text):
            return _Seen(nothing="error")
        one = day_of(text)
        if one.day in opened:
            return _Seen(nothing="blank")
        return _Seen(nothing="placeholder") if one.day in odd else one

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


def _at_a_time(one: _Seen, found: re.Match, zone: str) -> _Seen:
    """Return a day with a time as a day in Scotland."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return _Seen()
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return _Seen()
    one = one._replace(time=f"{hour:02}:{minute:02}")
    stated = (found["zone"] or "").upper()
    if one.day is None or zone == "as written" or not (stated or zone == "UTC") or not 1 < one.day.year < 9999:
        return one
    away = timedelta(hours=stated == "BST")
    if stated[:1] in ("+", "-"):
        away = timedelta(hours=int(stated[1:3]), minutes=int(stated[-2:])) * (-1 if stated[0] == "-" else 1)
        if abs(away) >= timedelta(hours=24):
            return _Seen()
    then = datetime(one.day.year, one.day.month, one.day.day, hour, minute, second, tzinfo=timezone(away))
    return one._replace(day=then.astimezone(ZoneInfo(SCOTLAND)).date(), moved=True)
