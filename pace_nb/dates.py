"""How a column of dates is read: by stated forms, never by guess.

Each value is read by its own form (`date_forms`). The one thing that a text cannot say, whether 04/05/2017 is in April or in
May, is decided by the rules for the whole column, and told. What is said shows a form by one fixed day, never by a child's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from pace_nb.date_forms import FORMATS, ISO, DateRules, read_date_rules, short_year, write_date
from pace_nb.date_texts import (
    CELL_ERROR,
    NOT_CALCULATED,
    NOT_KNOWN,
    PLACEHOLDERS,
    WORDS,
    day_numbers,
    ends_with_year,
    iso_days,
    reader,
)
from pace_nb.findings import Rule, rule
from pace_nb.periods import show_date

__all__ = [
    "CELL_ERROR",
    "NOT_CALCULATED",
    "NOT_KNOWN",
    "PLACEHOLDERS",
    "WORDS",
    "DateNote",
    "DateRules",
    "DatesRead",
    "read_date_rules",
    "read_dates",
]

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
    """What is to be said of some texts of a column of dates.

    level: "notice": they were read, or were blank; "rows" and "file": they were not read. where: a mask of the texts.
    """

    code: str
    level: str
    where: np.ndarray
    what: str
    do: str = ""


def read_dates(texts: Sequence[str], rules: DateRules, rows: np.ndarray | None = None) -> DatesRead:
    """Read the texts of a column as dates: each by its own form; Excel's day numbers only if the column holds nothing else.

    texts: each different text once, or again and again. rows: in how many rows each stands; None: one each.

    Day and month are never chosen value by value. Where some dates can only be read in the other order than the rules', and
    those are more than a slip (one in twenty of the dates that tell), no date of three numbers is used in that column.
    A time with a zone is read as the day that it then was in Scotland; without one, as the day that is written.

    >>> days, wrong, notes = read_dates(["2017-04-05", "13/04/2017", "31/02/2017", ""], DateRules())
    >>> days.astype(str).tolist(), wrong.tolist()
    (['2017-04-05', '2017-04-13', 'NaT', 'NaT'], [False, False, True, False])
    >>> [n.code for n in notes]
    ['date-forms']
    """
    table, serials = _what_is_said(texts, rules)
    table["n"] = 1 if rows is None else rows
    refused = table["order"].ne("") & _more_than_a_slip(table)
    dated = table["day"].notna() & ~refused
    notes = _what_was_not_read(table, refused, rules)
    if serials:
        notes.append(_note(SERIALS, dated, system=rules.serials))
    else:
        notes += _how_it_was_read(table[dated], table, rules)

    def in_all(where: pd.Series) -> np.ndarray:
        return where.reindex(table.index, fill_value=False).to_numpy(dtype=bool)

    days = np.where(dated, table["day"].to_numpy().astype("datetime64[D]"), np.datetime64("NaT"))
    wrong = in_all(~dated & table["nothing"].eq("") & ~refused)
    return DatesRead(days, wrong, [n._replace(where=in_all(n.where)) for n in notes if n.where.any()])


def _what_is_said(texts: Sequence[str], rules: DateRules) -> tuple[pd.DataFrame, bool]:
    """Return what each text says, a column for each field of `Said`; and whether all of them are Excel's day numbers."""
    plain, days = iso_days(texts, rules)
    said = reader(rules)
    others = [said(t) for t, known in zip(texts, plain.tolist(), strict=True) if not known]
    numbers = [] if plain.any() else day_numbers(texts, others, rules)
    others = numbers or others
    columns: dict[str, np.ndarray] = {"day": days.astype("datetime64[s]")}
    columns["day"][~plain] = np.array([o.day for o in others], dtype="datetime64[s]")
    for name, usual in {"form": ISO, "nothing": "", "order": "", "time": "", "moved": False}.items():
        columns[name] = np.full(len(texts), usual, dtype=bool if usual is False else object)
        columns[name][~plain] = [getattr(o, name) for o in others]
    return pd.DataFrame(columns), bool(numbers)


class DatesRead(NamedTuple):
    """What a column of texts says.

    days: datetime64[D] of each text, NaT where it says none. wrong: which are no date; a text of a note of level "rows" or
    "file" has no day and is not among them: it has a reason of its own. notes: what is to be said.
    """

    days: np.ndarray
    wrong: np.ndarray
    notes: list[DateNote]


def _note(kind: Rule, where: pd.Series, **words: object) -> DateNote:
    said = kind.found("", **words)
    return DateNote(kind.code, kind.level, where, said.what, said.do)


def _more_than_a_slip(table: pd.DataFrame) -> bool:
    """Tell dates that can only be read in the other order from a slip of the pen in one of them."""
    other, told = (int(table.loc[table["order"].eq(order), "n"].sum()) for order in ("other", "told"))
    return other * 20 > other + told and not (other == 1 and told > 1)


def _what_was_not_read(rows: pd.DataFrame, refused: pd.Series, rules: DateRules) -> list[DateNote]:
    first, then, slip = ("day", "month", "13/04/2017") if rules.month_first else ("month", "day", "04/13/2017")
    return [
        _note(MONTH_FIRST, refused, first=first, then=then, slip=slip),
        _note(PLACEHOLDER, rows["nothing"].eq("placeholder")),
        _note(FORMULA, rows["nothing"].eq("error")),
    ]


def _how_it_was_read(rows: pd.DataFrame, table: pd.DataFrame, rules: DateRules) -> list[DateNote]:
    """Return what a reader has to confirm: the order of day and month, the forms, the century, the time of day."""
    said, notes = show_date(EXAMPLE), []
    if not table["order"].isin(["told", "other"]).any():
        exchanged, form = rows["order"].eq("exchanged"), next((f for f in rules.formats if ends_with_year(f)), ISO)
        first, example = "month" if rules.month_first else "day", write_date(EXAMPLE, form)
        notes.append(
            _note(
                OPEN_ORDER,
                exchanged,
                n=rows.loc[exchanged, "n"].sum(),
                m=rows["n"].sum(),
                example=example,
                day=said,
                first=first,
            )
        )
    used = rows.groupby("form")["n"].sum()
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
