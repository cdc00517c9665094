"""The numbers that the checks rest on, as far as an audience may know them."""

from __future__ import annotations

from pace_nb import disclosure
from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.measures import ShareMet, measure_parts
from pace_nb.periods import show_date

BASELINE_OF = 10  # a share of fewer children due is no state of things to compare with


def share_before(intervals: Intervals) -> ShareMet | None:
    """Return the share of the children due before the aim began; without a from-date, of everyone due so far."""
    parts = measure_parts(intervals)
    return parts.new if intervals.aim.from_date is None else parts.before


def when_before(aim: Aim) -> str:
    """Say which time that was."""
    return f"before {show_date(aim.from_date)}" if aim.from_date else "so far"


def known_share(share: ShareMet | None, audience: str) -> float | None:
    """Return a share as this audience may know it; None where it rests on fewer than ten."""
    if share is None or share.due < BASELINE_OF:
        return None
    return disclosure.protect_share(share.met, share.due, audience)


def say_count(n: int, audience: str) -> str:
    """Return a count as this audience may see it."""
    shown = disclosure.protect_count(n, audience)
    if shown is None:
        return f"fewer than {disclosure.THRESHOLD}"
    return f"{shown:,}" if audience == "working" or not shown else f"about {shown:,}"


def say_children(n: int, audience: str) -> str:
    """Return a number of children as this audience may see it."""
    return "1 child" if n == 1 and audience == "working" else f"{say_count(n, audience)} children"


def say_share(share: ShareMet, audience: str) -> str:
    """Return a share as this audience may see it, which has to be known (`disclosure.protect_share`)."""
    if audience == "working":
        return f"{share.met:,} of {share.due:,} ({100 * share.share:.0f} %)"
    return f"about {100 * disclosure.protect_share(share.met, share.due, audience):.0f} %"
