"""Parts of the test-of-change page: the change, whom it was for, and what became of their waits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from pace_nb import disclosure, tables
from pace_nb.change import SHORTEST, Comparison, RestrictedWaits
from pace_nb.changes import Change
from pace_nb.charts import curves
from pace_nb.charts.figure import Figure
from pace_nb.charts.run_chart import draw_run_chart
from pace_nb.errors import NothingToShow, ParameterError
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals
from pace_nb.measures import measure_share
from pace_nb.pages.change_words import say_chance, say_difference, say_enough
from pace_nb.periods import show_date
from pace_nb.runchart import RunChart, analyse_run
from pace_nb.shown import Shown, paragraphs
from pace_nb.study import Cohorts, Evidence, find_cohorts, find_evidence, mark_cycles, weigh
from pace_nb.tests_of_change import ChangeIdea, as_change
from pace_nb.timelines import name_marks
from pace_nb.waits import summarise_waits
from pace_nb.wording import say_count

#: What the parameter `eligible` may be: whom a change counts as being for.
ELIGIBLE = {"": "as the record says", "new": "new children only", "waiting": "those who already waited too"}
_COULD_TELL = 4  # four against four is the smallest comparison that can come out below 5 in 100


@dataclass(frozen=True, eq=False)
class ChangeStudy:
    """A test of change studied once for a page. verdict: a code of `pace_nb.study.VERDICTS`; baseline, eligible: as they were asked for."""

    extract: Extract
    idea: ChangeIdea
    evidence: Evidence
    verdict: str
    baseline: str = ""
    eligible: str = ""

    @property
    def audience(self) -> str:
        """Who may see what is made from it."""
        return self.extract.audience

    @property
    def cohorts(self) -> Cohorts:
        """Whom the change was for."""
        return self.evidence.cohorts

    @property
    def run(self) -> RunChart:
        """The run chart, with every cycle marked."""
        return self.evidence.run

    def __str__(self) -> str:
        return f"ChangeStudy: {self.extract.area}, {self.idea}, {self.verdict}"

    __repr__ = __str__


def find_change(extract: Extract, id: str = "") -> Change:
    """Return an area's change with an id as a line on a chart; its first change if the id is blank.

    Raises NothingToShow if the area records no change, ParameterError if none has this id; it names those there are.
    """
    if not extract.changes:
        raise _none_recorded(extract)
    if not id:
        return extract.changes[0]
    found = [c for c in extract.changes if c.id == id]
    if not found:
        raise _not_there(id, [c.id for c in extract.changes])
    return found[0]


def _none_recorded(extract: Extract) -> NothingToShow:
    return NothingToShow(
        f"{extract.area} has recorded no change.", do="record one with 'pace-nb tests new' beside the extract."
    )


def _not_there(id: str, there: list[str]) -> ParameterError:
    return ParameterError(f"There is no change '{id}'.", do=f"choose one of: {', '.join(there)}.")


def find_test(extract: Extract, id: str = "") -> ChangeIdea:
    """Return an area's change idea with an id; if the id is blank, the one with most cycles (of several, the first).

    Raises NothingToShow if the area records none, ParameterError if none has this id; it names those there are.
    """
    if not extract.tests:
        raise _none_recorded(extract)
    if not id:
        return max(extract.tests, key=lambda i: (i.starts is not None, len(i.cycles)))
    found = [i for i in extract.tests if i.id == id]
    if not found:
        raise _not_there(id, [i.id for i in extract.tests])
    return found[0]


def study_change(extract: Extract, change: str = "", baseline: str = "", eligible: str = "") -> ChangeStudy:
    """Study a test of change: what people recorded, and what the extract says.

    change: its id; blank takes the one with most cycles. baseline: how many leading points of the run chart set its median; blank: those
    before the change. eligible: "new" (children whose clock started since), "waiting" (those who already waited too); blank: as recorded.

    Raises NothingToShow where there is none or it has not begun, ParameterError for an unknown change, baseline or eligible.
    """
    if eligible not in ELIGIBLE:
        raise ParameterError(f"eligible is '{eligible}'.", do="say new or waiting, or leave it blank.")
    idea = find_test(extract, change)
    if eligible:
        idea = replace(idea, also_waiting=eligible == "waiting")
    cohorts = find_cohorts(extract, idea)
    run = analyse_run(cohorts.eligible, [as_change(idea)])
    if baseline:
        run = analyse_run(cohorts.eligible, [as_change(idea)], _leading(baseline, len(run.points)))
    evidence = find_evidence(extract, cohorts, mark_cycles(run, idea))
    return ChangeStudy(extract, idea, evidence, weigh(evidence), baseline, eligible)


def _leading(text: str, points: int) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= points:
        raise ParameterError(
            f"baseline is '{text}'.", do=f"give a whole number of points from 1 to {points}, or leave it blank."
        )
    return number


def draw_change(study: ChangeStudy) -> Figure:
    """Draw the run chart with every cycle marked, the baseline carried on past them, and those still waiting beside it."""
    return draw_run_chart(study.run, study.cohorts.eligible, name_marks(study.extract))


def show_eligible(study: ChangeStudy) -> Shown:
    """Show whom the change was for, and who of the aim's children it was not for, with the reason."""
    c, a = study.cohorts, study.audience
    day = show_date(c.day)
    rows = [
        [f"Clock started on or after {day}: eligible", tables.count(len(c.since.table), a)],
        [
            f"Already waiting on {day}: {'eligible too' if study.idea.also_waiting else 'not counted as eligible'}",
            tables.count(len(c.already.table), a),
        ],
        [
            f"Started before {day} and no longer waiting then",
            tables.count(len(c.before.table) - len(c.already.table), a),
        ],
        *([f"Not eligible: {why}", tables.count(n, a)] for why, n in c.not_for.items()),
    ]
    return tables.make_table(
        ["Children whom the aim is about", "Children"],
        rows,
        f"Who was eligible for '{study.idea.title}', and who was not",
        "Told apart by the day on which a child's clock started, never by the day on which it stopped: choosing by the end makes "
        "every change look good.",
    )


def split_cohorts(intervals: Intervals, change: Change) -> tuple[Intervals, Intervals]:
    """Return the children whose clock started before the change, and those whose clock started on its day or later.

    By start, never by end: choosing by end date makes every change look good.
    """
    after = intervals.table["start"] >= pd.Timestamp(change.date)
    return intervals.only(~after), intervals.only(after)


def show_cohorts(study: ChangeStudy) -> Shown:
    """Show the two start cohorts side by side."""
    both = pd.concat([study.cohorts.before.table, study.cohorts.since.table])
    return show_before_after(as_change(study.idea), replace(study.cohorts.eligible, table=both))


def show_before_after(change: Change, intervals: Intervals) -> Shown:
    """Show those whose clock started before a change, and since, side by side."""
    cohorts, a = split_cohorts(intervals, change), intervals.audience
    waits = [summarise_waits(i) for i in cohorts]
    shares = [measure_share(i) for i in cohorts]
    counts = [[w.started, w.reached, w.waiting, w.left, w.unusable] for w in waits]
    shown = disclosure.protect_grid(counts, a, {0: (1, 2, 3, 4)}, down=range(5))  # their sums stand on other pages
    names = ("Children whose clock started", "reached the step", "still wait", "left another way", "record unclear")
    rows = [
        *([name, *(tables.cell(column[i]) for column in shown)] for i, name in enumerate(names)),
        ["Typical wait, weeks (still waiting counted)", *(tables.weeks(w.typical, w.followed, a) for w in waits)],
    ]
    if shares[0] is not None:
        rows += [
            ["Limit has run out for", *(tables.count(s.due, a) for s in shares)],
            ["In time, % of those", *(tables.percent(s.met, s.due, a) for s in shares)],
        ]
    return tables.make_table(
        ["", f"Started before {show_date(change.date)}", "Started on or after it"],
        rows,
        "Before and after the change, by when the clock started",
        "Children who were already waiting on the day of the change stand in the first column, though it may have helped them too.",
    )


def draw_waiting_curves(study: ChangeStudy) -> Figure:
    """Draw the share of each start cohort that still waits, week by week."""
    c = study.cohorts
    groups = {"started before the change": c.before.table, "started since": c.since.table}
    return curves.draw_waiting_curves(groups, c.eligible)


def compare_exactly(study: ChangeStudy) -> Shown:
    """Say how far the waits before and since the change lie apart, and how often chance alone would set them so far apart.

    Only what can be compared is: waits up to a length through which every child counted was followed, one for each family, by the
    exact permutation test (`pace_nb.change`). In aggregate, from ten families on either side. Then it says what would be enough
    children, and how long that takes at this area's rate.
    """
    e = study.evidence
    if e.waits is None:
        return paragraphs(
            [
                f"Compared exactly: it is too soon. Children who started since have to be followed for {SHORTEST // 7} weeks, and as "
                f"long again has to pass for enough of them to start: {2 * SHORTEST // 7} weeks from {show_date(study.cohorts.day)}."
            ]
        )
    return paragraphs(
        say_comparison(e.waits, e.result, study.audience, _by_reach(study)) + say_enough(e.enough, study.audience)
    )


def _by_reach(study: ChangeStudy) -> bool:
    """Whether those who already waited are compared too, each from when the change could reach them."""
    return study.idea.also_waiting and not (study.evidence.backlog and study.evidence.backlog.cleared)


def say_comparison(waits: RestrictedWaits, result: Comparison | None, a: str, by_reach: bool = False) -> list[str]:
    """Say what an exact comparison of restricted waits found; result: None where an audience may not see one of so few."""
    n, m, weeks = len(waits.before), len(waits.after), waits.days // 7
    if result is None or min(n, m) < 2:
        least = 2 if a == "working" else disclosure.MEDIAN_OF
        followed = f"followed for {weeks} weeks, brothers and sisters counted once"
        few = (
            f"{n} before and {m} since have been {followed}; at least {least} on either side are needed, and {_COULD_TELL} on either "
            "side before a difference could be larger than we would expect by chance."
            if a == "working"
            else f"fewer than {least} on one side have been {followed}, and this page needs {least} on either."
        )
        return [f"Compared exactly: not enough children to tell; {few}"]
    whose = (
        f"{say_count(n, a)} families who waited in the time before the change and {say_count(m, a)} since, each from the day on which it "
        f"reached them (or would have, as long before), all of them followed for {weeks} weeks"
        if by_reach
        else f"{say_count(n, a)} families whose clock started before the change and {say_count(m, a)} since, all of them followed for "
        f"{weeks} weeks"
    )
    who = (
        f"Compared exactly: {whose}. A wait counts up to {weeks} weeks and no further, so children still waiting count too; brothers and "
        "sisters count once, with their mean wait."
    )
    return [who, say_difference(result, weeks), say_chance(result)]
