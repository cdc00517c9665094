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
from pace_nb.runchart import RULES, RunChart, anhoej_limits, false_alarm_rate, false_alarms
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
    dots = {"child": "children", "decision": "decisions", "period": "periods", "made up": "waits"}[run.kind]
    if run.kind == "period" and run.analysis.centre is None:
        return "Too few children finished in any period to show a run chart."
    if not len(run.points):
        return "No child has reached this step yet, so there is no run chart to read."
    if not run.analysis.enough:
        return (
            f"There are too few points for run chart rules ({run.analysis.useful} off the median; {RULES.useful} needed), so this "
            "chart cannot say whether waits are changing."
        )
    said = _say_balance(run, dots)
    said.append(_say_baseline(run))
    if run.rules == "anhoej":
        return " ".join(s for s in [*said, _say_anhoej(run, dots), _say_phases(run)] if s)
    shift = run.main_shift
    if shift is None:
        return " ".join(s for s in [*said, _say_runs(run, dots), _say_phases(run)] if s)
    direction = "sooner" if shift.side == "below" else "later"
    said.append(
        f"{'The longest run' if run.baseline else 'The latest run'} on one side is {run.length} {dots} {shift.side} the median"
        + ("." if run.kind == "made up" else f": they finished {direction} than we would expect by chance.")
    )
    said.append(_how_sure(run, run.length))
    if not run.lasts:
        said.append("It has not lasted to the end of the chart.")
    if run.rests_on_siblings:
        said.append(
            "Some of them are brothers and sisters decided on together. Counted once for each decision there is no such run, so it "
            "rests on one or a few families: take care."
        )
    elif run.decisions is not None:
        said.append("It also stands when brothers and sisters decided on together are counted once.")
    if run.same_day == "yes":
        said.append(
            "It hangs on the order of children who finished on one day, and that order is arbitrary: do not rely on it."
        )
    if not run.better and run.kind in ("child", "decision"):
        said.append(
            ("That is a deterioration" if run.length >= RULES.rephase else "That is the wrong direction")
            + ", unless long-waiting children were being cleared from a backlog: look at the bars of children still waiting."
        )
    return " ".join(s for s in [*said, _say_phases(run)] if s)


def _say_anhoej(run: RunChart, dots: str) -> str:
    """Say what Anhøj's two rules find; they look at the whole chart (the newest phase) and say nothing of direction."""
    found = run.analysis
    longest, fewest = (int(limit) for limit in anhoej_limits(found.useful))
    counts = (
        f"the longest run on one side of the median is {found.longest_run} {dots} (chance alone makes up to {longest}), and the line "
        f"crosses it {found.crossings} times (chance alone makes {fewest} or more)"
    )
    if not run.signals:
        return f"By Anhøj's rules there is no sign of a change: {counts}."
    rate = _in_100(false_alarms(run.behind_median, sum(run.later)).anhoej)
    return (
        f"By Anhøj's rules something has changed more than we would expect by chance: {counts}. With nothing changed, {rate} of this "
        "length show such a sign."
    )


def _say_baseline(run: RunChart) -> str:
    """Warn of a baseline that is no fair yardstick."""
    if run.baseline is None or run.steady or len(run.phases) > 1:
        return ""
    return "The baseline was not steady itself (the rules find a signal in it), so take the comparison with care."


def _say_runs(run: RunChart, dots: str) -> str:
    found = {s.rule for s in run.signals}
    if not found & {"too_few_runs", "too_many_runs"}:
        return f"There is no sign of a lasting change: no {RULES.shift} {dots} in a row lie on one side of the median."
    rate = _in_100(false_alarms(run.behind_median, sum(run.later)).runs)
    if "too_few_runs" in found:
        what = "less often than we would expect by chance: waits were different at different times."
    else:
        what = "more often than we would expect by chance: two kinds of wait may be mixed in it."
    return f"There is no shift, but the line crosses the median {what} With nothing changed, {rate} of this length cross it so oddly."


def _say_phases(run: RunChart) -> str:
    """Say which medians were agreed, and offer the next one: a proposal, which changes nothing until people agree."""
    said = [run.note]
    if len(run.phases) > 1:
        weeks = " to ".join(f"{run.in_weeks(p.median):.0f}" for p in run.phases)
        agreed = "; ".join(f"{c.title}, {c.agreed_by}" for _, c in run.changes if c.new_median_from)
        said.append(f"The median was moved by agreement from {weeks} weeks ({agreed}).")
    if run.proposed is not None:
        from_day = run.points["date"].iloc[run.proposed.first]
        rate = _in_100(false_alarms(run.behind_median, sum(run.later)).shift(RULES.rephase, one_side=True))
        when = show_date(from_day.date()) if run.audience == "working" else run.points["label"].iloc[run.proposed.first]
        weeks = _weeks(run.in_weeks(run.proposed.median))
        said.append(
            f"{RULES.rephase} in a row lie on the better side (with nothing changed, {rate} of this length show that). If you agree "
            f"that the work has changed for good, a new median of {weeks} from {when} could be used from now on; until then "
            "the old one stays."
        )
    return " ".join(s for s in said if s)


def _say_balance(run: RunChart, dots: str) -> list[str]:
    if not run.baseline:
        return []
    below, above = run.later
    since = "the new median was set" if len(run.phases) > 1 else "the baseline"
    if below + above < RULES.useful:
        return [
            f"Only {below + above} points off the median have come since {since}: too few to judge what has changed."
        ]
    return [
        f"Since {since}, {below} of {below + above} {dots} lie below its median of {_weeks(run.median)}; with nothing changed "
        "we would expect about half."
    ]


def _weeks(weeks: float) -> str:
    return say_weeks(7 * weeks, 0)


def _in_100(rate: float) -> str:
    return "fewer than 1 in 100 charts" if rate < 0.01 else f"about {rate * 100:.0f} in 100 charts"


def _how_sure(run: RunChart, length: int) -> str:
    """Say how often a run so long turns up in unchanged charts, and call it strong only where the method allows."""
    often = _in_100(false_alarm_rate(run.behind_median, sum(run.later), length))
    words = f"With nothing changed, a run of {length} or more turns up in {often} of this length."
    if run.baseline is None:
        return words
    return words + (" It is a strong sign." if run.strong else " So take it as a sign to look closer.")


def say_progress(run: RunChart, waits: WaitSummary) -> str:
    """Return in one sentence whether things are getting better, worse, or cannot be told."""
    return f"Are things getting better? {say_direction(run)}{_still_waiting(run, waits)}"


def say_direction(run: RunChart) -> str:
    """Return what a run chart says of the direction of waits, no more strongly than it may."""
    if not run.analysis.enough:
        return "Not enough children to tell."
    if run.rules == "anhoej":
        return (
            "The run chart shows a change: see which way." if run.signals else "The run chart shows no lasting change."
        )
    shift = run.main_shift
    if shift is None or not run.lasts:
        return "The run chart shows no lasting change."
    if not run.better:
        return "Recent waits are longer than we would expect by chance, or a backlog is being cleared."
    if run.strong:
        return "Recent waits are shorter than we would expect by chance."
    return "There is a sign of shorter waits, not yet a strong one."


def _still_waiting(run: RunChart, waits: WaitSummary) -> str:
    """A chart of those who finished says nothing of those who have not."""
    if not waits.overdue or not run.analysis.enough:
        return ""
    return f" The chart says nothing of the {say_children(waits.overdue, run.audience)} still waiting past the limit."


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
    backlog = (
        f" Those who started before it are to be decided by {show_date(aim.backlog_by)}." if aim.backlog_by else ""
    )
    target = f" Target: {aim.target} %." if aim.target else ""
    return f"{aim.title}. Clock: {aim.clock}. Limit: {aim.limit_label}.{target}{since}{backlog} Source: {aim.source}."
