"""Parts of the page on which somebody tries choices out: one aim, one group, one period, one baseline, one set of rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from pace_nb import terms
from pace_nb.aims import find_aim
from pace_nb.charts import shares
from pace_nb.charts.figure import Figure
from pace_nb.charts.quick import draw_share_points
from pace_nb.charts.run_chart import draw_run_chart
from pace_nb.disclosure import protect_grid, protect_share
from pace_nb.errors import ParameterError
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.measures import choose_period, measure_parts, share_by
from pace_nb.pages.aims import AimStudy
from pace_nb.periods import show_date, to_date
from pace_nb.runchart import RunChart, analyse_run
from pace_nb.shown import Shown, paragraphs
from pace_nb.tables import cell
from pace_nb.waits import summarise_waits

EVERYONE = "all"
#: The placement groups that can be chosen.
GROUPS = tuple(dict.fromkeys(terms.PLACEMENT_GROUPS.values()))
RULES = {
    "scottish": "shift, trend and runs, as taught in Scotland",
    "anhoej": "Anhøj's two rules, which allow for the length",
}
DOTS = {"child": "a child", "decision": "a decision (brothers and sisters decided on together are one)"}


@dataclass(frozen=True)
class Choice:
    """What was chosen, as text, as a notebook's parameters are.

    group: a placement group's code or "all", by where the child lived on the last day of the wait. since: waits that ended on or after
    this day; blank as the extract says. baseline: how many first dots set the median; blank for those before the first change.
    """

    aim: str = "aim-2"
    group: str = EVERYONE
    since: str = ""
    baseline: str = ""
    rules: str = "scottish"
    dots: str = "child"

    def told(self, extract: Extract) -> list[str]:
        """Say what was chosen, in lines."""
        begin = to_date(self.since) if self.since else extract.since
        base = f"the first {self.baseline} dots" if self.baseline else "the dots before the first change, or all"
        return [
            f"Aim: {find_aim(extract.aims, self.aim).title}.",
            f"Children: {'all' if self.group == EVERYONE else terms.label(self.group)}.",
            f"Period: waits that ended {f'on or after {show_date(begin)}' if begin else 'on any recorded day'}; all who still wait.",
            f"Baseline: {base}.",
            f"Rules: {RULES[self.rules]}.",
            f"A dot is {DOTS[self.dots]}.",
        ]


@lru_cache(maxsize=64)
def find_choice(extract: Extract, aim: str, group: str, since: str) -> Intervals:
    """Return the waits of a choice. Raises ParameterError for an aim, a group or a day that is not there."""
    if group != EVERYONE and group not in GROUPS:
        raise ParameterError(f"There is no group '{group}'.", do=f"say all, or one of {', '.join(GROUPS)}.")
    within = replace(extract, since=to_date(since, "since")) if since else extract
    intervals = _found(within, aim) if since else find_intervals(extract, find_aim(extract.aims, aim))
    return intervals if group == EVERYONE else intervals.only(intervals.table["placement"] == group)


def _found(extract: Extract, aim: str) -> Intervals:
    if extract.since >= extract.as_at:
        raise ParameterError(
            f"The period would begin on {show_date(extract.since)}, which is not before {show_date(extract.as_at)}.",
            do="choose an earlier day.",
        )
    return find_intervals(extract, find_aim(extract.aims, aim))


@lru_cache(maxsize=256)
def chart_choice(extract: Extract, choice: Choice) -> RunChart:
    """Return the run chart of a choice. Raises ParameterError for a baseline, rules or dots that cannot be."""
    intervals = find_choice(extract, choice.aim, choice.group, choice.since)
    if choice.baseline and not choice.baseline.isdecimal():
        raise ParameterError("The baseline is no whole number.", do="give how many of the first dots set the median.")
    baseline = int(choice.baseline) if choice.baseline else None
    n = len(intervals.reached)
    if baseline is not None and not 1 < baseline < n:
        raise ParameterError(
            f"The baseline of {baseline} dots does not fit: the chart has {n}.", do="choose another baseline, or none."
        )
    return analyse_run(intervals, extract.changes, baseline, choice.dots, choice.rules)


@lru_cache(maxsize=256)
def study_choice(extract: Extract, choice: Choice) -> AimStudy:
    """Return everything that is known of a choice, as the page of the aims has it for an aim: its parts take it."""
    intervals = find_choice(extract, choice.aim, choice.group, choice.since)
    parts = measure_parts(intervals)
    return AimStudy(
        intervals.aim,
        intervals,
        summarise_waits(intervals),
        chart_choice(extract, choice),
        parts.new,
        parts.backlog,
        parts,
        extract.records(intervals.aim.end),
    )


def show_choice(extract: Extract, choice: Choice) -> Shown:
    """Say what was chosen."""
    return paragraphs(choice.told(extract), "note")


def draw_choice(extract: Extract, choice: Choice) -> Figure:
    """Draw the run chart of a choice as the reports draw it."""
    return draw_run_chart(chart_choice(extract, choice), find_choice(extract, choice.aim, choice.group, choice.since))


def draw_choice_shares(extract: Extract, choice: Choice) -> Figure:
    """Draw the shares in time of a choice as the reports draw them."""
    return shares.draw_shares([find_choice(extract, choice.aim, choice.group, choice.since)])


def draw_shares_at_once(intervals: Intervals) -> str:
    """Return the shares in time as a drawing that takes a few milliseconds; "" where fewer than two can be shown."""
    audience, periods = intervals.audience, share_by(intervals, choose_period(intervals))
    counts = protect_grid([[p.share.due, p.share.met] for p in periods], audience, {0: [1]}, [(1, 0)], (0, 1))
    points = []
    for period, (due, met) in zip(periods, counts, strict=True):
        known = protect_share(period.share.met, period.share.due, audience) if isinstance(met, int) else None
        chance = period.share.interval if period.share.due and audience == "working" else None
        points.append((period.label, known, cell(due), chance))
    if sum(p[1] is not None for p in points) < 2:
        return ""
    said = "; ".join(f"{name} {100 * share:.0f} %" for name, share, _, _ in points if share is not None)
    alt = f"Share of children who had the step in time, of those who were due: {said}."
    return draw_share_points(points, "Who had it in time, of those who were due", alt, intervals.aim.target)
