"""An aim with a from-date in words: what it asks of new children, of those who already waited, and how it was before."""

from __future__ import annotations

from pace_nb import disclosure
from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.measures import Backlog, ShareMet, TwoParts
from pace_nb.periods import show_date
from pace_nb.wording import say_children, say_count, say_share


def say_parts(aim: Aim, parts: TwoParts, intervals: Intervals) -> list[str]:
    """Say the part of the new children, and the part of the backlog with its fixed denominator."""
    audience, began = intervals.audience, show_date(aim.from_date)
    until = f" to {show_date(aim.to_date)}" if aim.to_date else " or later"
    new = (
        f"In time: of children who started on {began}{until} and whose {aim.limit} have run out, "
        f"{_in_time(parts.new, audience)}{_chance(parts.new, audience)}."
    )
    if aim.target is not None:
        new += f" The aim is {aim.target} %."
    new += f" Of children due before {began}, {_in_time(parts.before, audience)}."
    return [new, say_backlog(aim, parts.backlog, intervals)]


def _in_time(share: ShareMet, audience: str) -> str:
    if not share.due:
        return "no child was due"
    if audience != "working" and disclosure.protect_share(share.met, share.due, audience) is None:
        return "too few children to show"
    return f"{say_share(share.met, share.due, audience)} had it in time"


def _chance(share: ShareMet, audience: str) -> str:
    if audience != "working" or share.due < disclosure.MEDIAN_OF:
        return ""
    low, high = share.interval
    return f" (allowing for chance, the rate behind it lies between {100 * low:.0f} and {100 * high:.0f} %)"


def say_backlog(aim: Aim, backlog: Backlog | None, intervals: Intervals) -> str:
    """Say what became of those who waited on the from-date: a fixed group, by its day and now."""
    a, began = intervals.audience, show_date(aim.from_date)
    if backlog is None:
        return f"Backlog: the period of this page begins after {began}, so what became of those who waited then is not known."
    if aim.from_date > intervals.as_at:
        return f"Backlog: waiting now, before the aim begins on {began}: {say_children(backlog.waiting, a)}."
    if not backlog.size:
        return f"Backlog: no child already waited on {began}."
    said = f"Backlog: {say_children(backlog.size, a)} already waited on {began}. "
    now = (
        f"taken the step, {say_count(backlog.done, a)}; left another way, {say_count(backlog.left, a)}; still waiting, "
        f"{say_count(backlog.waiting, a)}."
    )
    if backlog.by is None:
        return f"{said}By now: {now} No day is set for them."
    if backlog.by > intervals.as_at:
        return f"{said}The day set for them, {show_date(backlog.by)}, has not come. So far: {now}"
    return (
        f"{said}By {show_date(backlog.by)}, the day set for them: taken the step, {say_count(backlog.done_in_time, a)}; left another "
        f"way, {say_count(backlog.left_in_time, a)}; still waiting, {say_count(backlog.open_at_by, a)}. By now: {now}"
    )
