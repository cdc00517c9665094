"""Sentences made from results, in plain English and never stronger than the evidence.

Allowed: "sooner than we would expect by chance", "not enough children to tell", "not reached", "no child was due".
Never: "significant", "proves", "caused", "success". Numbers pass through `pace_nb.disclosure` first.
"""

from __future__ import annotations

from pace_nb import disclosure, terms
from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.measures import ShareMet
from pace_nb.periods import show_date
from pace_nb.runchart import RULES, RunChart, false_alarm_rate
from pace_nb.waits import WaitSummary


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


def say_signal(run: RunChart) -> str:
    """Return what the run chart says, with how often chance alone says it."""
    dots = "children" if run.kind == "child" else "periods"
    if not len(run.points) or run.analysis.centre is None:
        return "No child has reached this step yet, so there is no run chart to read."
    if not run.analysis.enough:
        return (
            f"There are too few points for run chart rules ({run.analysis.useful} off the median; {RULES.useful} needed), so this "
            "chart cannot say whether waits are changing."
        )
    shift = run.recent_shift
    if shift is None:
        few = [s for s in run.signals if s.rule == "runs"]
        if few and few[0].side == "few":
            return (
                "There is no shift, but the line crosses the median less often than we would expect by chance: waits were "
                "different at different times. Look at the chart for when."
            )
        return f"There is no sign of a lasting change: no {RULES.shift} {dots} in a row lie on one side of the median."
    better = (shift.side == "below") == (run.aim.better == "lower")
    lasting = "The latest" if run.latest_shift_is_last else "At one time"
    verb = "lie" if run.latest_shift_is_last else "lay"
    direction = "sooner" if shift.side == "below" else "later"
    said = (
        f"{lasting} {shift.length} {dots} in a row {verb} {shift.side} the median: they finished {direction} than we would "
        "expect by chance."
    )
    said += _how_sure(run, shift.length)
    if not run.latest_shift_is_last:
        said += " It has not lasted to the end of the chart."
    if run.shared_decisions:
        said += " But sisters and brothers decided on together make up part of this run, so it rests on fewer than six decisions."
    if not better and run.kind == "child":
        said += (
            " That is the wrong direction, unless long-waiting children were being cleared from a backlog: "
            "look at the bars of children still waiting."
        )
    return said


def _how_sure(run: RunChart, length: int) -> str:
    if run.baseline is None:
        return " (The median is that of all points, so this is a guide to where to look.)"
    later = sum(s is not None and s != 0 for s in run.analysis.sides[run.baseline :])
    rate = false_alarm_rate(run.baseline, later)
    if rate <= 0:
        return ""
    strong = length >= (8 if later <= 18 else 9)
    once = f"With nothing changed, {RULES.shift} in a row turn up in about {max(1, round(rate * 100))} of 100 charts like this one."
    return f" {once}" + (
        f" A run of {length} is a strong sign." if strong else " So take it as a sign to look closer, not as proof."
    )


def say_progress(run: RunChart, waits: WaitSummary) -> str:
    """Return in one sentence whether things are getting better, worse, or cannot be told."""
    if not run.analysis.enough:
        return "Are things getting better? Not enough children to tell yet."
    shift = run.recent_shift
    if shift is None or not run.latest_shift_is_last:
        return "Are things getting better? The run chart shows no lasting change."
    better = (shift.side == "below") == (run.aim.better == "lower")
    if not better:
        return "Are things getting better? No: recent waits are longer than we would expect by chance (or a backlog is being cleared)."
    caution = (
        " But look at those still waiting: " + f"{waits.overdue:,} past the limit."
        if waits.overdue and run.audience == "working"
        else ""
    )
    return f"Are things getting better? Recent waits are shorter than we would expect by chance.{caution}"


def say_aim(intervals: Intervals, waits: WaitSummary, share: ShareMet | None) -> list[str]:
    """Return how long children wait for a step, how many met the aim, and how many wait now, in plain sentences."""
    aim, audience = intervals.aim, intervals.audience
    if not waits.started:
        return [
            f"No child in {intervals.area} has started this step in the records, so there is nothing to show for it."
        ]
    step = terms.label(aim.end).lower()
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
        due = f"Of children whose {aim.limit} have run out, {say_share(share.met, share.due, audience)} had it in time"
        if audience == "working" and share.interval and share.due >= RULES.useful:
            low, high = share.interval
            due += f" (with so few children, the true rate may lie between {100 * low:.0f} and {100 * high:.0f} %)"
        said.append("No child's time has run out yet." if not share.due else f"{due}.")
    now = f"Waiting now, on {show_date(intervals.as_at)}: {say_children(waits.waiting, audience)}"
    if aim.limit is not None and waits.waiting:
        now += f", of whom {say_count(waits.overdue, audience)} past the limit of {aim.limit_label}"
    if waits.longest_waiting is not None and audience == "working":
        now += f"; the longest wait so far is {say_weeks(waits.longest_waiting, waits.waiting)}"
    return [*said, f"{now}."]


def say_typical(waits: WaitSummary, audience: str) -> str:
    """Return the typical wait of everyone who started, in a sentence."""
    if waits.typical is not None and (audience == "working" or waits.started >= disclosure.MEDIAN_OF):
        return f"half of the children who start still wait after {say_weeks(waits.typical, waits.started, audience)}."
    if waits.started < disclosure.MEDIAN_OF or waits.reached < RULES.baseline:
        return "not enough children to tell."
    return "the typical wait is not reached: fewer than half have stopped waiting so far."


def say_scope(intervals: Intervals) -> list[str]:
    """Return who is counted and who is not, so that the numbers add up."""
    audience, n = intervals.audience, len(intervals.table)
    parts = [
        f"{say_count(intervals.count('reached'), audience)} reached it",
        f"{say_count(intervals.count('waiting'), audience)} still waiting",
        f"{say_count(intervals.count('left'), audience)} left another way first",
        f"{say_count(intervals.count('unusable'), audience)} whose record contradicts itself or skips this step",
    ]
    said = [f"{say_children(n, audience)} in all: {', '.join(parts)}. A child with two spells counts twice."]
    if intervals.out_of_scope:
        why = "; ".join(f"{say_count(k, audience)}: {text}" for text, k in intervals.out_of_scope.items())
        said.append(f"Not in this chart: {why}.")
    return said


def define_aim(aim: Aim) -> str:
    """Return an aim's definition in a sentence."""
    since = f" The cohort of new children begins on {show_date(aim.from_date)}." if aim.from_date else ""
    backlog = (
        f" Those who started before it are to be decided by {show_date(aim.backlog_by)}." if aim.backlog_by else ""
    )
    target = f" Target: {aim.target} %." if aim.target else ""
    return f"{aim.title}. Clock: {aim.clock}. Limit: {aim.limit_label}.{target}{since}{backlog} Source: {aim.source}."
