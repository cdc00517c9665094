"""How dates are written, and how a column of them is read: by stated rules, never by guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
