"""What may be shown to people who are not entitled to see children.

In the aggregate audience every count is rounded to the nearest five and counts of one to four are not shown, so that
tables cannot be subtracted from one another to find a child; percentages come from the rounded counts; medians need
ten children and are whole weeks; nothing describes the longest wait. In the working audience numbers are exact.
"""

from __future__ import annotations

import os

from pace_nb.errors import ParameterError

VARIABLE = "PACE_NB_THRESHOLD"  # an area or programme may set it higher; every page of a run sees the same


def check_threshold(threshold: int) -> int:
    """Return a threshold that may be used. Raises ParameterError for one that is not a whole number from 5 to 10."""
    if threshold not in range(5, 11):
        raise ParameterError(f"The threshold is {threshold}.", do=f"set {VARIABLE} to a whole number from 5 to 10.")
    return int(threshold)


def _set_threshold(text: str) -> int:
    return check_threshold(int(text) if text.strip().isdecimal() else -1)


THRESHOLD = _set_threshold(
    os.environ.get(VARIABLE, "5")
)  # the smallest count shown (Scottish practice suppresses 1 to 4)
ROUND_TO = 5
MEDIAN_OF = 10  # a median of fewer describes children, not a group
PERIOD_OF = THRESHOLD  # a period with fewer has no point on a chart
HIDDEN = "*"
METHOD = (
    f"Counts are rounded to the nearest {ROUND_TO}; counts from 1 to {THRESHOLD - 1} are shown as {HIDDEN}, and so are further ones that "
    "would give such a count away; a dash stands where a total is not broken down, or a share may not be shown. "
    f"Percentages come from the rounded counts. Typical waits need at least {MEDIAN_OF} children. "
    "Dates, single children and longest waits are not shown."
)


def protect_count(n: int, audience: str) -> int | None:
    """Return a count as it may be shown; None where it may not be.

    >>> [protect_count(n, "aggregate") for n in (0, 1, 4, 5, 7, 8)], protect_count(3, "working")
    ([0, None, None, 5, 5, 10], 3)
    """
    if audience == "working" or n == 0:
        return n
    if n < THRESHOLD:
        return None
    nearest = (2 * n + ROUND_TO) // (2 * ROUND_TO) * ROUND_TO
    return nearest if nearest >= THRESHOLD else nearest + ROUND_TO  # "5" would look like a count that is not shown


def protect_share(part: int, whole: int, audience: str) -> float | None:
    """Return part / whole as it may be shown, from protected counts; None where there is nothing to show.

    >>> protect_share(17, 22, "aggregate"), protect_share(3, 20, "aggregate"), protect_share(0, 0, "working")
    (0.75, None, None)
    """
    part, whole = protect_count(part, audience), protect_count(whole, audience)
    if not whole or part is None:
        return None
    if audience != "working" and (whole < MEDIAN_OF or part in (0, whole)):
        return None  # 0 % or 100 % of a group says something of every child in it
    return min(1.0, part / whole)


def protect_median(days: float | None, n: int, audience: str) -> float | None:
    """Return a median in days as it may be shown: in aggregate, in whole weeks and of at least ten children."""
    if days is None or audience == "working":
        return days
    return int(days / 7 + 0.5) * 7 if n >= MEDIAN_OF else None


CURVE_STEPS = (0.05, 0.1, 0.25)


def curve_step(n: int) -> float | None:
    """Return to what the shares of a curve of n children are rounded in aggregate; None where no curve is drawn.

    A step of a curve is a child. The least step that is worth five children tells no more than a count rounded to five does.

    >>> [curve_step(n) for n in (19, 20, 49, 50, 99, 100)]
    [None, 0.25, 0.25, 0.1, 0.1, 0.05]
    """
    return next((step for step in CURVE_STEPS if round(step * n, 6) >= ROUND_TO), None)


def require_working(audience: str, what: str) -> None:
    """Raise ParameterError where something about single children is asked for in the aggregate audience."""
    if audience != "working":
        raise ParameterError(
            f"{what} shows single children, so it is made only for people entitled to see them.",
            do='if you are, set audience to "working"; the page will be marked OFFICIAL-SENSITIVE.',
        )
