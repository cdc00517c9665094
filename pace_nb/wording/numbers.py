"""Counts, shares and times as people say them, each with what may be shown to whom."""

from __future__ import annotations

from pace_nb import disclosure
from pace_nb.runchart import RULES


def say_count(n: int, audience: str = "working") -> str:
    """Return a count as it may be shown.

    >>> say_count(1234), say_count(3, "aggregate"), say_count(23, "aggregate"), say_count(0, "aggregate")
    ('1,234', 'fewer than 5', 'about 25', '0')
    """
    shown = disclosure.protect_count(n, audience)
    if shown is None:
        return f"fewer than {disclosure.THRESHOLD}"
    return f"{shown:,}" if audience == "working" or shown == 0 else f"about {shown:,}"


def say_children(n: int, audience: str = "working") -> str:
    """Return a number of children.

    >>> say_children(1), say_children(12)
    ('1 child', '12 children')
    """
    return "1 child" if n == 1 and audience == "working" else f"{say_count(n, audience)} children"


def are(n: int, audience: str = "working") -> str:
    """Return "is" for one child and "are" for any other number."""
    return "is" if n == 1 and audience == "working" else "are"


def say_weeks(days: float | None, n: int, audience: str = "working", none: str = "too few to say") -> str:
    """Return a number of days as weeks.

    >>> say_weeks(182, 20), say_weeks(None, 20), say_weeks(7, 20)
    ('26 weeks', 'too few to say', '1 week')
    """
    days = disclosure.protect_median(days, n, audience)
    if days is None:
        return none
    weeks = round(days / 7)
    return "1 week" if weeks == 1 else f"{weeks:,} weeks"


def say_share(part: int, whole: int, audience: str = "working") -> str:
    """Return a share with its denominator; of fewer than ten the fraction alone.

    >>> say_share(3, 4), say_share(31, 64), say_share(0, 0), say_share(31, 64, "aggregate")
    ('3 of 4', '31 of 64 (48 %)', 'no child was due', 'about 46 %')
    """
    if not whole:
        return "no child was due"
    if audience != "working":
        share = disclosure.protect_share(part, whole, audience)
        return "too few to show" if share is None else f"about {share:.0%}".replace("%", " %")
    if whole < RULES.useful:
        return f"{part} of {whole}"
    return f"{part:,} of {whole:,} ({100 * part / whole:.0f} %)"
