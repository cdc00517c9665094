"""What can be seen of an aim from the children it is about: can it be met, missed, and told from chance?"""

from __future__ import annotations

import pandas as pd

from pace_nb import disclosure
from pace_nb.aim_checks.numbers import (
    BASELINE_OF,
    known_share,
    say_children,
    say_count,
    say_share,
    share_before,
    when_before,
)
from pace_nb.aim_checks.pace import find_pace, say_earliest, too_few
from pace_nb.aim_checks.record import (
    AimFinding,
    check_record,
    in_months,
    say_backlog_part,
    say_end,
    say_from_date,
    say_weeks_for_months,
)
from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.measures import ShareMet, measure_backlog, share_by
from pace_nb.periods import Limit, show_date
from pace_nb.waits import survival

QUARTERS = 4  # so many quarters make a best one
SCALE = 3  # a limit more than so many times the typical wait, or less than that part of it, is worth a question


def check_aim(aim: Aim, intervals: Intervals) -> list[AimFinding]:
    """Return what an improvement advisor would say of an aim, its record first, then what its children show.

    intervals: `find_intervals(extract, aim)`; the numbers in the sentences are those that their audience may see.

    Codes beside those of `check_record`, most of which now carry numbers: nobody_counted (the scope matches no child),
    starts_later (the from-date has not come), is_over (every child who counts has been due), backlog_overdue, limit_scale
    (the limit is far from the wait it limits: the wrong unit?), no_baseline, target_met (already met before it
    began), target_beyond_best (more than the best quarter before it began reached), too_few (not enough children by the
    end to tell the target from what was usual: see `measures.children_needed`).

    Before it began: children due before the from-date; without a from-date, everyone due so far. Raises ValueError if the
    intervals are those of another aim.
    """
    if intervals.aim != aim:
        raise ValueError("these are another aim's intervals: give find_intervals(extract, aim)")
    if not len(intervals.table):
        return [*check_record(aim), *_some(_nobody(intervals))]
    before = share_before(intervals)
    pace = find_pace(intervals, before)
    told = [
        say_from_date(aim, _past(intervals)),
        say_end(aim, say_earliest(intervals, pace)),
        say_backlog_part(aim, _waited(intervals)),
        say_weeks_for_months(aim, _differ(intervals)),
    ]
    numbered = {f.code: f for f in told if f is not None}
    found = [numbered.get(f.code, f) for f in check_record(aim)]
    return found + _some(
        _starts_later(intervals),
        _is_over(intervals),
        _backlog_overdue(intervals),
        _limit_scale(intervals),
        _no_baseline(aim, before, intervals.audience),
        _target_met(aim, before, intervals.audience),
        _target_beyond_best(intervals),
        too_few(intervals, before, pace),
    )


def _some(*findings: AimFinding | None) -> list[AimFinding]:
    return [f for f in findings if f is not None]


def _nobody(intervals: Intervals) -> AimFinding:
    why = "; ".join(f"{say_children(n, intervals.audience)}: {reason}" for reason, n in intervals.out_of_scope.items())
    return AimFinding(
        "nobody_counted",
        "mend",
        f"It counts no child. {f'Left out are {why}.' if why else 'Nobody has started this step in the records.'}",
        "Look at start, placements, under_age and to_date: does any child fit them?",
    )


def _past(intervals: Intervals) -> str:
    counted = len(intervals.table) - intervals.count("unusable")
    past = intervals.count("reached") + intervals.count("left")
    a = intervals.audience
    return (
        f" It counts {say_children(counted, a)}; {say_count(past, a)} of them had reached the step or left another way by "
        f"{show_date(intervals.as_at)}, so whatever is tried from then on changes nothing for them."
    )


def _waited(intervals: Intervals) -> str:
    backlog, a = measure_backlog(intervals), intervals.audience
    if backlog is None:
        return ""
    return f" They were {say_children(backlog.size, a)}; still waiting: {say_count(backlog.waiting, a)}."


def _differ(intervals: Intervals) -> str:
    months = in_months(intervals.aim.limit)
    if months is None:
        return ""
    table = intervals.table[intervals.table["status"] != "unusable"]
    last = table["start"] + pd.to_timedelta(table["days"], unit="D")
    ended = table["status"] == "reached"
    dues = [pd.to_datetime([limit.due(s.date()) for s in table["start"]]) for limit in (intervals.aim.limit, months)]
    n = int((ended & ((last <= dues[0]) != (last <= dues[1]))).sum())
    return f" {say_children(n, intervals.audience).capitalize()} here would be in time by one and late by the other."


def _starts_later(intervals: Intervals) -> AimFinding | None:
    aim = intervals.aim
    if aim.from_date is None or aim.from_date <= intervals.as_at:
        return None
    return AimFinding(
        "starts_later",
        "ask",
        f"It counts children from {show_date(aim.from_date)} on, and the records end on {show_date(intervals.as_at)}: no child "
        "counts yet.",
        "Use the time to see how things are before it begins; look again when children have come due.",
    )


def _is_over(intervals: Intervals) -> AimFinding | None:
    end = intervals.aim.judged_on
    if end is None or end > intervals.as_at:
        return None
    return AimFinding(
        "is_over",
        "ask",
        f"The last child who counts was due by {show_date(end)}, before these records end.",
        "Say how it ended, and set the next aim.",
    )


def _backlog_overdue(intervals: Intervals) -> AimFinding | None:
    backlog, a = measure_backlog(intervals), intervals.audience
    if backlog is None or backlog.by is None or backlog.by > intervals.as_at or not backlog.waiting:
        return None
    return AimFinding(
        "backlog_overdue",
        "ask",
        f"The backlog of {say_children(backlog.size, a)} was to be dealt with by {show_date(backlog.by)}. Still waiting: "
        f"{say_count(backlog.waiting, a)}.",
        "Go through these children one by one, and set a new day for them.",
    )


_UNITS = ("days", "weeks", "months", "years")


def _limit_scale(intervals: Intervals) -> AimFinding | None:
    """Ask about a limit that is far from the typical wait, and name the unit that would fit."""
    limit, followed = intervals.aim.limit, intervals.started_within
    followed = followed[followed["status"] != "unusable"]
    if limit is None or len(followed) < BASELINE_OF:
        return None
    typical = survival(followed["days"], followed["status"] != "waiting").median
    typical = disclosure.protect_median(typical, len(followed), intervals.audience)
    if not typical or 1 / SCALE <= limit.weeks * 7 / typical <= SCALE:
        return None
    fitting = [Limit(limit.value, unit) for unit in _UNITS if unit != limit.unit]
    fitting = [x for x in fitting if 0.5 <= x.weeks * 7 / typical <= 2]
    meant = f' Is "{fitting[0]}" meant?' if fitting else ""
    return AimFinding(
        "limit_scale",
        "mend" if fitting else "ask",
        f"Its limit is {limit}, and half of the children still wait after {typical / 7:.0f} weeks: the two are far apart.{meant}",
        "Check the unit. Days are calendar days, not working days; months and years are calendar ones.",
    )


def _no_baseline(aim: Aim, before: ShareMet | None, audience: str) -> AimFinding | None:
    if aim.target is None or before is None or before.due >= BASELINE_OF:
        return None
    due = "no child was due" if not before.due else f"only {say_children(before.due, audience)} were due"
    return AimFinding(
        "no_baseline",
        "ask",
        f"Nobody can say how things were: {due} {when_before(aim)}, and {BASELINE_OF} are needed.",
        "Ask for earlier records, or let the first months of the aim be its baseline and set the target then.",
    )


def _target_met(aim: Aim, before: ShareMet | None, audience: str) -> AimFinding | None:
    known = known_share(before, audience)
    if aim.target is None or known is None or known < aim.target / 100:
        return None
    return AimFinding(
        "target_met",
        "mend",
        f"Its target of {aim.target} % was already met: of the children due {when_before(aim)}, "
        f"{say_share(before, audience)} had it in time.",
        "Aim higher, or choose a step that does keep children waiting.",
    )


def _target_beyond_best(intervals: Intervals) -> AimFinding | None:
    aim, a, table = intervals.aim, intervals.audience, intervals.table
    if aim.target is None or aim.limit is None:
        return None
    if aim.from_date is not None:
        intervals = intervals.only((table["cohort"] == "backlog") & (table["due"] < pd.Timestamp(aim.from_date)))
    least = disclosure.PERIOD_OF if a == "working" else disclosure.MEDIAN_OF
    quarters = [p for p in share_by(intervals, "quarter") if p.share.due >= least]
    if len(quarters) < QUARTERS:
        return None
    best = max(quarters, key=lambda p: p.share.share)
    if aim.target / 100 <= best.share.share or disclosure.protect_share(best.share.met, best.share.due, a) is None:
        return None
    return AimFinding(
        "target_beyond_best",
        "ask",
        f"Its target of {aim.target} % is more than the best quarter {when_before(aim)} reached: {best.label}, "
        f"{say_share(best.share, a)} in time.",
        "That can be right, if the work is going to be done differently. Say what will be different, or take a nearer step first.",
    )
