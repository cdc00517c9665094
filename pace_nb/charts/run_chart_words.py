"""What stands under and behind a run chart: its text alternative, its caption, its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pace_nb.intervals import Intervals
from pace_nb.periods import show_date
from pace_nb.runchart import RULES, RunChart, false_alarms
from pace_nb.wording import say_children, say_count, say_signal

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def say_who_waits(intervals: Intervals) -> str:
    """Say how many still wait, and how many of them past the limit."""
    audience, n = intervals.audience, len(intervals.waiting)
    late = (
        f", {say_count(len(intervals.overdue), audience)} of them past the limit" if intervals.aim.limit and n else ""
    )
    return f"{say_children(n, audience)} still wait{late}."


def describe_run_chart(run: RunChart, intervals: Intervals) -> str:
    """Return the text alternative of the chart."""
    unit = {"child": "children who finished", "decision": "decisions", "period": "periods"}[run.kind]
    median = f" The median is {run.median:.0f} weeks." if run.median is not None else ""
    limit = f" The limit is {run.aim.limit}." if run.aim.limit else ""
    return (
        f"Run chart of {len(run.points):,} {unit}, {run.aim.clock}, {run.area}.{median}{limit} {say_signal(run)} "
        f"Beside it: {say_who_waits(intervals)}"
    )


def explain_run_chart(run: RunChart, intervals: Intervals) -> str:
    """Return the caption, a paragraph to a line: how to read the chart, what to beware of, everyone it is about."""
    how = {
        "child": "Each dot is a child, placed at the weeks waited.",
        "decision": "Each dot is a decision, placed at the median wait of the brothers and sisters it was made for.",
        "period": "Each dot is the median wait of the children who finished in that period (at least five).",
    }[run.kind]
    base = f"The median is that of {run.baseline_note or 'all points'}; it is dashed where it is carried on past them."
    read = [how, base, f"A shift is {RULES.shift} or more in a row on one side of it.", _changes_words(run)]
    if run.kind != "period" and len(intervals.waiting):
        read.append("Bars do not belong to the median: these waits are not over.")
    beware = [_cohort_words(run), _order_words(run)]
    if any(s.rule == "trend" for s in run.signals):
        rate = false_alarms(run.behind_median, sum(run.later)).trend
        beware.append(
            f"A trend is {RULES.trend} or more in a row all rising or all falling. It says little: with nothing changed, about "
            f"{100 * rate:.0f} in 100 charts of this length show one."
        )
    lines = (" ".join(s for s in part if s) for part in (read, beware, [_count_words(run, intervals)]))
    return "\n".join(line for line in lines if line)


def _changes_words(run: RunChart) -> str:
    if len(run.changes) > 1:
        named = (f"{LETTERS[i % 26]} {c.title} ({show_date(c.date)})" for i, (_, c) in enumerate(run.changes))
        return f"Changes: {'; '.join(named)}."
    if run.changes:
        return f"The upright line marks a change: {run.changes[0][1].title}, {show_date(run.changes[0][1].date)}."
    return ""


def _cohort_words(run: RunChart) -> str:
    """Why dots of new children must not be compared with the others by their order (method, A.3)."""
    if run.kind == "period" or not (run.points["cohort"] == "new").any():
        return ""
    return (
        "Of the children who started since the aim's from-date only the quick ones can have finished yet: judge them by when they "
        "started, not by their dots alone."
    )


def _order_words(run: RunChart) -> str:
    if run.kind == "period":
        return ""
    said = "Children who finished on one day stand in an arbitrary order"
    return {
        "": f"{said}.",
        "no": f"{said}; no other order changes what the rules find.",
        "yes": f"{said}, and in another order the rules would find something else.",
        "not found": f"{said}; of 2,000 other orders tried, none changed what the rules find.",
    }[run.same_day]


def _count_words(run: RunChart, intervals: Intervals) -> str:
    """Everyone whom the chart is about: a chart of those who finished must not hide the others."""
    a = run.audience
    late = f" ({say_count(len(intervals.overdue), a)} past the limit)" if intervals.aim.limit else ""
    return (
        f"Finished: {say_count(intervals.count('reached'), a)}; still waiting: {say_count(len(intervals.waiting), a)}{late}; left another "
        f"way: {say_count(intervals.count('left'), a)}; not counted because the record is unclear: "
        f"{say_count(intervals.count('unusable'), a)}."
    )


def list_run_chart(run: RunChart, names: Sequence[str] | None = None) -> tuple[list[str], list[list[str]]]:
    """Return the chart as a table: headings and rows. names: of the children whose dots they are."""
    side = {1: "above", -1: "below", 0: "on it", None: "–"}
    sides = [side[s] for s in run.analysis.sides]
    if run.kind == "made up":
        rows = zip(run.points["position"], run.points["value"], sides, strict=True)
        return ["Order", "Weeks", "Side of the median"], [[str(p), f"{w:.1f}", s] for p, w, s in rows]
    if run.kind != "period":
        rows = zip(run.points["position"], run.points["label"], run.points["value"], sides, strict=True)
        told = [[str(p), m, f"{w:.1f}", s] for p, m, w, s in rows]
        columns = ["Order", "Finished", "Weeks waited", "Side of the median"]
        if names is not None:  # none to name where nobody has finished, and the column stays for those who wait
            return [*columns, "Child"], [[*row, name] for row, name in zip(told, names, strict=True)]
        return columns, told
    rows = zip(run.points["label"], run.points["value"], sides, strict=True)
    return ["Period", "Median weeks", "Side of the median"], [
        [p, "fewer than 5 children" if pd.isna(w) else f"{w:.0f}", s] for p, w, s in rows
    ]


def list_waiting(intervals: Intervals, names: Sequence[str]) -> list[list[str]]:
    """Return the bars of those who still wait as rows of the same table. names: of the children whose bars they are."""
    days = intervals.waiting["days"]
    return [["–", "still waiting", f"{d / 7:.1f}", "–", name] for d, name in zip(days, names, strict=True)]
