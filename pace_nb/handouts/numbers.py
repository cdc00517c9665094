"""What a poster says in numbers: the verdict, the chart of periods that are over, and how many are in time now."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pace_nb.changes import Change
from pace_nb.disclosure import ROUND_TO, protect_count, protect_share
from pace_nb.intervals import Intervals
from pace_nb.measures import measure_series, measure_share
from pace_nb.periods import add_months, show_date
from pace_nb.runchart import RunChart, analyse_run
from pace_nb.study import VERDICTS, Evidence, weigh
from pace_nb.wording import say_count, signal_sentences

_CHART_SAYS = ("What it shows: ", "How sure: ")


def chart_whole_periods(intervals: Intervals, changes: tuple[Change, ...] = ()) -> tuple[RunChart, bool]:
    """Return the run chart of the periods that were over on the day of the extract, and whether one that was not is left out.

    A period of which one month of three has passed stands on those who finished first, and no reader of a poster knows that.
    """
    series = measure_series(intervals)
    over = series.points["until"] <= pd.Timestamp(intervals.as_at)
    return analyse_run(replace(series, points=series.points[over]), changes), not over.all()


def say_numbers(evidence: Evidence | None) -> list[str]:
    """Return the verdict, then what the chart says and how sure that is, then whether another step takes longer."""
    if evidence is None:
        return ["Not yet tested, so there is nothing to count."]
    lead, last = VERDICTS[weigh(evidence)], []
    sentences = signal_sentences(evidence.run)
    chart = [s.partition(": ")[2] for s in sentences if s.startswith(_CHART_SAYS)] or sentences[:1]
    if evidence.passed_on:
        last = [f"Longer since: {b.title[:1].lower()}{b.title[1:]}." for b in evidence.passed_on[:2]]
    elif any(b.direction == "close" for b in evidence.beside):
        last = ["No other step takes longer than we would expect by chance."]
    if evidence.result is not None:
        before, since = (say_count(n, evidence.audience) for n in (evidence.result.before, evidence.result.after))
        last.append(f"Compared: {before} families whose wait began before the change, and {since} since.")
    return [lead, *chart[:2], *last]


def say_in_time(intervals: Intervals) -> str:
    """Return in a line whether an aim is met: the share in time, of whom, and the aim's own; from protected counts alone.

    Counted are those of whom the aim speaks, whose clock started from its first day; where it has none, those who were due in the
    twelve months to the day of the extract. Whether it is met is said only where no count that is rounded to the same could
    say otherwise.
    """
    aim, audience, table = intervals.aim, intervals.audience, intervals.table
    if aim.limit is None:
        return "The aim has no limit, so nobody can be said to be in time."
    if aim.from_date is not None:
        who, counted = (
            f"clock started since {show_date(aim.from_date)} and whose {aim.limit} have run out",
            table["cohort"] == "new",
        )
    else:
        since = pd.Timestamp(add_months(intervals.as_at, -12))
        who, counted = f"{aim.limit} ran out in the year to {show_date(intervals.as_at)}", table["due"] > since
    share = measure_share(intervals.only(counted))
    who = f"children whose {who}"
    target = f"The aim is {aim.target} %" if aim.target else "No target share is set"
    if not share.due:
        return f"In time now: no child was due, of {who}. {target}."
    known = protect_share(share.met, share.due, audience)
    if known is None:
        return f"In time now: too few {who} to say, or they fared too much alike to be shown. {target}."
    met = f": {_is_met(share.met, share.due, aim.target, audience)}" if aim.target else ""
    return f"In time now: about {100 * known:.0f} % of {say_count(share.due, audience)} {who}. {target}{met}."


def _is_met(met: int, due: int, target: int, audience: str) -> str:
    """Say whether a share reaches a target, from counts as they are shown: each stands for any that is rounded to it."""
    part, whole, most = protect_count(met, audience), protect_count(due, audience), ROUND_TO // 2 + 1
    if (part - most) / (whole + most) >= target / 100:
        return "met so far"
    if (part + most) / (whole - most) < target / 100:
        return "not met so far"
    return "too close to say from rounded counts"
