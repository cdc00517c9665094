"""How long children wait for an aim's step, how many met it, who is counted."""

from __future__ import annotations

from pace_nb import disclosure, terms
from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.measures import ShareMet
from pace_nb.periods import show_date
from pace_nb.runchart import RULES
from pace_nb.waits import WaitSummary
from pace_nb.wording.numbers import say_children, say_count, say_share, say_weeks


def say_aim(intervals: Intervals, waits: WaitSummary, share: ShareMet | None) -> list[str]:
    """Return how long children wait for a step, how many met the aim, and how many wait now, in plain sentences."""
    aim, audience = intervals.aim, intervals.audience
    if not waits.started:
        return [
            f"No child in {intervals.area} has started this step in the records, so there is nothing to show for it."
        ]
    step = terms.lower(aim.end)
    said = [
        f"How long: {say_typical(waits, audience)}"
        + (
            f" Of the {say_children(waits.reached, audience)} who reached it ({step}), half waited "
            f"{say_weeks(waits.finished_median, waits.reached, audience)} or less."
            if waits.reached and (audience == "working" or waits.reached >= disclosure.MEDIAN_OF)
            else ""
        )
    ]
    if share is not None:
        said.append(f"In time: {_say_in_time(aim, share, audience)}.")
    now = f"Waiting on {show_date(intervals.as_at)}: {say_children(waits.waiting, audience)}"
    if aim.limit is not None and waits.waiting:
        now += f", of whom {say_count(waits.overdue, audience)} past the limit of {aim.limit_label}"
    if waits.longest_waiting is not None and audience == "working":
        now += f"; the longest wait so far is {say_weeks(waits.longest_waiting, waits.waiting)}"
    return [*said, f"{now}."]


def _say_in_time(aim: Aim, share: ShareMet, audience: str) -> str:
    if not share.due:
        return "no child's time has run out yet"
    if audience != "working" and disclosure.protect_share(share.met, share.due, audience) is None:
        return "too few children to show"
    said = f"of children whose {aim.limit} have run out, {say_share(share.met, share.due, audience)} had it in time"
    if audience == "working" and share.due >= RULES.useful:
        low, high = share.interval
        said += f" (allowing for chance, the rate behind it lies between {100 * low:.0f} and {100 * high:.0f} %)"
    return said


def say_typical(waits: WaitSummary, audience: str) -> str:
    """Return the typical wait of everyone who started, in a sentence; for a team with its 95 % limits, from ten children.

    Where too few were followed from the start it says of whom it tells instead.
    """
    enough = audience == "working" or waits.followed >= disclosure.MEDIAN_OF
    if waits.typical is not None and enough:
        half = f"half of the children who start still wait after {say_weeks(waits.typical, waits.followed, audience)}"
        return f"{half}{_allowing_for_chance(waits, audience)}."
    if waits.later is not None and enough:
        already, days = (say_weeks(d, waits.followed, audience) for d in waits.later)
        return (
            f"too few children were followed from the start. Half of those who have waited {already} already still wait after "
            f"{days}{_allowing_for_chance(waits, audience)}."
        )
    if waits.followed < disclosure.MEDIAN_OF or waits.reached < RULES.baseline:
        return "not enough children to tell."
    return "the typical wait is not reached: fewer than half have stopped waiting so far."


def _allowing_for_chance(waits: WaitSummary, audience: str) -> str:
    low, high = waits.typical_interval
    if audience != "working" or waits.followed < disclosure.MEDIAN_OF or low is None:
        return ""
    if high is None:
        return f" ({say_weeks(low, waits.followed)} or more, allowing for chance)"
    return f" (between {low / 7:.0f} and {say_weeks(high, waits.followed)}, allowing for chance)"


def say_scope(intervals: Intervals) -> list[str]:
    """Return who is counted and who is not, so that the numbers add up."""
    audience, n = intervals.audience, len(intervals.table)
    parts = [
        f"{say_count(intervals.count('reached'), audience)} reached it",
        f"{say_count(intervals.count('waiting'), audience)} still waiting",
        f"{say_count(intervals.count('left'), audience)} left another way first",
        f"{say_count(intervals.count('unusable'), audience)} whose record contradicts itself or skips this step",
    ]
    said = [f"In all, {say_children(n, audience)}: {', '.join(parts)}. A child with two spells counts twice."]
    if intervals.out_of_scope:
        why = "; ".join(f"{say_count(k, audience)}: {text}" for text, k in intervals.out_of_scope.items())
        said.append(f"Not in this chart: {why}.")
    return said


def define_aim(aim: Aim) -> str:
    """Return an aim's definition in a sentence."""
    since = f" The cohort of new children begins on {show_date(aim.from_date)}." if aim.from_date else ""
    if aim.to_date:
        since += f" It counts children who start up to {show_date(aim.to_date)}."
    backlog = (
        f" Those who started before it are to be decided by {show_date(aim.backlog_by)}." if aim.backlog_by else ""
    )
    target = f" Target: {aim.target} %." if aim.target else ""
    return f"{aim.title}. Clock: {aim.clock}. Limit: {aim.limit_label}.{target}{since}{backlog} Source: {aim.source}."
