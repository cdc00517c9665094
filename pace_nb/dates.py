"""How dates are written, and how a column of them is read: by stated rules, never by guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

#: Dates that systems write for "not known" or "still open".
PLACEHOLDERS = (
    "1900-01-01",
    "1970-01-01",
    "9999-12-31",
    "2099-12-31",
    "0000-00-00",
    "00/00/0000",
    "01/01/1900",
    "01/01/1970",
    "31/12/9999",
    "31/12/2099",
)
NOT_KNOWN = frozenset({"n/a", "na", "none", "null", "nan", "nat", "-", "not known", "unknown", "tbc"})
EXCEL_DAY_0 = pd.Timestamp(1899, 12, 30)
EXCEL_SERIALS = (25569, 73050)  # 1970 to 2099

_ISO = r"\d{4}-\d{2}-\d{2}(?:[T ]00:00(?::00(?:\.0+)?)?)?"
_UK = r"\d{1,2}/\d{1,2}/\d{4}(?: 00:00(?::00)?)?"


@dataclass(frozen=True)
class DateRules:
    """How a column of dates may be written, as a profile's `[dates]` says it.

    formats: the exact forms, tried in order. open: further texts that stand for "still open" or "not known".
    """

    formats: tuple[str, ...] = ("yyyy-mm-dd", "dd/mm/yyyy")
    open: tuple[str, ...] = ()


def read_date_rules(raw: Mapping[str, Any]) -> tuple[DateRules, list[str]]:
    """Return the rules of a profile's `[dates]` table, and every fault of it."""
    return DateRules(), [f"'{key}' is not known" for key in raw if key not in ("formats", "open")]


def read_dates(values: pd.Series, rules: DateRules) -> tuple[pd.Series, pd.Series, list[tuple]]:
    """Read a column of dates by exact forms: ISO or UK, each value by its own shape; Excel serial numbers if all are.

    Returns the dates, which values are not dates, and notices (code, level, where, what, do).
    """
    notices: list[tuple] = []
    text = values.fillna("").str.strip()
    unknown = text.str.lower().isin(NOT_KNOWN | {t.lower() for t in rules.open})
    placeholder = text.str.slice(0, 10).isin(PLACEHOLDERS)
    notices.append(
        (
            "placeholder-date",
            "notice",
            placeholder,
            "holds a date that stands for 'not known' or 'still open'; treated as blank.",
            "",
        )
    )
    text = text.mask(unknown | placeholder, "")
    iso, uk = text.str.fullmatch(_ISO), text.str.fullmatch(_UK)
    parsed = pd.Series(pd.NaT, index=values.index, dtype="datetime64[s]")
    parsed[iso] = pd.to_datetime(text[iso].str.slice(0, 10), format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    slashed = text[uk].str.split(" ").str[0]
    parsed[uk] = pd.to_datetime(slashed, format="%d/%m/%Y", errors="coerce").astype("datetime64[s]")
    american = pd.to_datetime(slashed, format="%m/%d/%Y", errors="coerce")
    only_us = parsed[uk].isna() & american.notna()
    only_uk = parsed[uk].notna() & american.isna()
    refused = pd.Series(False, index=values.index)
    if only_us.any() and only_us.sum() >= only_uk.sum():  # a slip or two does not make a column British
        refused = pd.Series(uk.to_numpy(), index=values.index)
        notices.append(
            (
                "us-dates",
                "file",
                refused,
                "writes the month first (such as 04/13/2017): no date of this column "
                "written with strokes was used, because half of them would be wrong.",
                "Export dates as 2017-04-13.",
            )
        )
        parsed[uk] = pd.NaT
    filled = text.ne("")
    digits = text.str.fullmatch(r"\d{5}")
    if filled.any() and digits[filled].all():
        serial = pd.to_numeric(text.where(digits), errors="coerce")
        good = serial.between(*EXCEL_SERIALS)
        parsed[good] = (EXCEL_DAY_0 + pd.to_timedelta(serial[good], unit="D")).astype("datetime64[s]")
        notices.append(
            (
                "excel-serials",
                "notice",
                good,
                "holds Excel's day numbers; read as dates of the 1900 system.",
                "Check three of them.",
            )
        )
    wrong = filled & parsed.isna() & ~refused
    return parsed, wrong, notices
