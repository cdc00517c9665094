"""Parts of the test-of-change page: a dated change, before and after."""

from __future__ import annotations

import pandas as pd

from pace_nb import disclosure, tables
from pace_nb.change import SHORTEST, Comparison, compare_groups, restrict_waits
from pace_nb.changes import Change
from pace_nb.charts import curves
from pace_nb.charts.figure import Figure
from pace_nb.errors import NothingToShow, ParameterError
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals
from pace_nb.measures import measure_share
from pace_nb.periods import show_date
from pace_nb.runchart import RunChart
from pace_nb.shown import Shown, paragraphs
from pace_nb.waits import summarise_waits
from pace_nb.wording import say_count, say_weeks, signal_sentences


def find_change(extract: Extract, id: str = "") -> Change:
    """Return an area's change with an id; its first change if the id is blank.

    Raises NothingToShow if the area records no change, ParameterError if none has this id; it names those there are.
    """
    if not extract.changes:
        raise NothingToShow(
            f"{extract.area} has recorded no change.", do="record one with 'pace-nb tests new' beside the extract."
        )
    if not id:
        return extract.changes[0]
    found = [c for c in extract.changes if c.id == id]
    if not found:
        raise ParameterError(
            f"There is no change '{id}'.", do=f"choose one of: {', '.join(c.id for c in extract.changes)}."
        )
    return found[0]


def split_cohorts(intervals: Intervals, change: Change) -> tuple[Intervals, Intervals]:
    """Return the children whose clock started before the change, and those whose clock started on its day or later.

    By start, never by end: choosing by end date makes every change look good.
    """
    after = intervals.table["start"] >= pd.Timestamp(change.date)
    return intervals.only(~after), intervals.only(after)


def describe_change(change: Change, intervals: Intervals, run: RunChart) -> Shown:
    """Say what was changed, what the run chart says since, and how the two start cohorts compare."""
    before, after = (summarise_waits(i) for i in split_cohorts(intervals, change))
    a = intervals.audience
    said = [
        f"The change: {change.title}, from {show_date(change.date)}. It should shorten: {intervals.aim.clock}.",
        *signal_sentences(run),
    ]
    if not after.started or not before.started:
        empty = "after" if not after.started else "before"
        said.append(f"No child's clock started {empty} the change, so there is nothing to compare.")
    else:
        one, two = (
            say_weeks(w.typical, w.followed, a, "a time that is not reached or that too few children give")
            for w in (before, after)
        )
        said.append(
            f"Children who started before it ({say_count(before.started, a)}): half still waited after {one}. "
            f"Children who started since ({say_count(after.started, a)}): half still waited after {two}."
        )
    said.append(
        "A before-and-after picture in one area cannot tell the change from other things that happened at the same time, from chance "
        "falling back to the usual, or from better recording. It can say where to look."
    )
    return paragraphs(said, "conclusion")


def show_before_after(change: Change, intervals: Intervals) -> Shown:
    """Show the two start cohorts side by side."""
    cohorts, a = split_cohorts(intervals, change), intervals.audience
    waits = [summarise_waits(i) for i in cohorts]
    shares = [measure_share(i) for i in cohorts]

    def row(name: str, values: list[str]) -> list[str]:
        return [name, *values]

    counts = [[w.started, w.reached, w.waiting, w.left, w.unusable] for w in waits]
    shown = disclosure.protect_grid(counts, a, {0: (1, 2, 3, 4)}, down=range(5))
    names = ("Children whose clock started", "reached the step", "still wait", "left another way", "record unclear")
    rows = [
        *(row(name, [tables.cell(column[i]) for column in shown]) for i, name in enumerate(names)),
        row("Typical wait, weeks (still waiting counted)", [tables.weeks(w.typical, w.followed, a) for w in waits]),
    ]
    if shares[0] is not None:
        rows += [
            row("Limit has run out for", [tables.count(s.due, a) for s in shares]),
            row("In time, % of those", [tables.percent(s.met, s.due, a) for s in shares]),
        ]
    return tables.make_table(
        ["", f"Started before {show_date(change.date)}", "Started on or after it"],
        rows,
        "Before and after the change, by when the clock started",
        "Children who were already waiting on the day of the change stand in the first column, though it may have helped them too.",
    )


def draw_waiting_curves(change: Change, intervals: Intervals) -> Figure:
    """Draw the share of each start cohort that still waits, week by week."""
    before, after = split_cohorts(intervals, change)
    return curves.draw_waiting_curves(
        {"started before the change": before.table, "started since": after.table}, intervals
    )


def show_changes(extract: Extract) -> Shown:
    """Show every change that the area has recorded."""
    rows = [
        [c.title, c.id, show_date(c.date), extract.aims[c.aim].title, c.description or "–"] for c in extract.changes
    ]
    return tables.make_table(
        ["Change", "Id", "From", "Aim", "What is different"], rows, f"Changes recorded in {extract.area}"
    )


def enough_to_compare(intervals: Intervals, change: Change) -> Shown:
    """Say whether there are enough children on both sides to compare anything."""
    before, after = (len(i.table) for i in split_cohorts(intervals, change))
    least, a = disclosure.MEDIAN_OF, intervals.audience
    if min(before, after) >= least:
        return paragraphs(
            [
                f"There are {say_count(before, a)} children before and {say_count(after, a)} after: enough to look, with care."
            ]
        )
    return paragraphs(
        [
            f"With {say_count(before, a)} before and {say_count(after, a)} after there are not enough children to tell "
            f"(fewer than {least} on one side). Go on collecting, and look again."
        ]
    )


CHANCE = 0.05  # a difference that chance gives less often is called larger than we would expect by chance
_COULD_TELL = 4  # four against four is the smallest comparison that can come out below it


def compare_exactly(change: Change, intervals: Intervals) -> Shown:
    """Say how far the waits before and since the change lie apart, and how often chance alone would set them so far apart.

    Only what can be compared is: waits up to a length through which every child counted was followed (`restrict_waits`), one
    for each family, by the exact permutation test (`compare_groups`). In aggregate, from ten families on either side.
    """
    found, a = restrict_waits(intervals, change.date), intervals.audience
    if found is None:
        return paragraphs(
            [
                f"Compared exactly: it is too soon. Children who started since have to be followed for {SHORTEST // 7} weeks, and "
                f"as long again has to pass for enough of them to start: {2 * SHORTEST // 7} weeks from {show_date(change.date)}."
            ]
        )
    n, m, weeks = len(found.before), len(found.after), found.days // 7
    least = 2 if a == "working" else disclosure.MEDIAN_OF
    if min(n, m) < least:
        followed = f"followed for {weeks} weeks, brothers and sisters counted once"
        few = (
            f"{n} before and {m} since have been {followed}; at least {least} on either side are needed, and {_COULD_TELL} on either "
            "side before a difference could be larger than we would expect by chance."
            if a == "working"
            else f"fewer than {least} on one side have been {followed}, and this page needs {least} on either."
        )
        return paragraphs([f"Compared exactly: not enough children to tell; {few}"])
    result = compare_groups(found.before, found.after)
    who = (
        f"Compared exactly: {say_count(n, a)} families whose clock started before the change and {say_count(m, a)} since, all of them "
        f"followed for {weeks} weeks. A wait counts up to {weeks} weeks and no further, so children still waiting count too; brothers and "
        "sisters count once, with their mean wait."
    )
    return paragraphs([who, _say_difference(result, weeks), _say_chance(result)])


def _say_difference(result: Comparison, weeks: int) -> str:
    gap = result.difference / 7
    if abs(gap) < 0.5:
        return f"Within these {weeks} weeks both groups waited equally long on average, to the week."
    said = (
        f"Within these {weeks} weeks those who started since waited {abs(gap):.0f} {'week' if round(abs(gap)) == 1 else 'weeks'} "
        f"{'longer' if gap > 0 else 'less'} on average."
    )
    if result.interval is not None:
        low, high = (round(x / 7) for x in result.interval)
        said += f" Allowing for chance, a typical wait changed by between {_signed(low)} and {_signed(high)} weeks (95 % interval)."
    return said


def _signed(weeks: int) -> str:
    return f"{weeks:+d}".replace("-", "−") if weeks else "0"


def _say_chance(result: Comparison) -> str:
    if result.p is None:
        return "There are so many children here that counting every way to deal them out takes too long: read the curves above."
    smallest = (
        f"With {result.before} and {result.after} the smallest chance that these numbers could ever give is {_in_100(result.smallest_p)}."
        if result.smallest_p > 0.001
        else ""
    )
    said = (
        f"If the day of the change had meant nothing, a difference as large, in either direction, would come up in {_in_100(result.p)} "
        "ways of dealing the same waits out to before and since."
    )
    if result.smallest_p > CHANCE:
        return f"{said} {smallest} So they cannot tell: not enough children."
    verdict = (
        "That is more than we would expect by chance; what else changed then, these numbers do not know."
        if result.p <= CHANCE
        else "Chance alone gives as much often enough: not enough to tell."
    )
    return " ".join(x for x in (said, smallest, verdict) if x)


def _in_100(p: float) -> str:
    if p < 0.001:
        return "fewer than 1 in 1,000"
    return f"about {p * 1000:.0f} in 1,000" if p < 0.0095 else f"about {p * 100:.0f} in 100"
