"""The run chart of an aim: its points, its medians, and what the rules find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from pace_nb.aims import Aim
from pace_nb.changes import Change
from pace_nb.errors import ParameterError
from pace_nb.intervals import Intervals
from pace_nb.measures import MeasureSeries, measure_series
from pace_nb.runchart.chance import same_day_order, strong_run
from pace_nb.runchart.phases import Phase, analyse_phases, next_phase, propose_phases
from pace_nb.runchart.rules import RULES, RunAnalysis, Signal, analyse_values


@dataclass(frozen=True)
class RunChart:
    """A run chart ready to draw or describe.

    points: position (1, 2, ...), value (weeks; blank where a period has too few children), days (one dot per child
    or decision only), date and until (first and last day), label, cohort, n (children behind the point).
    kind: "child" (one dot per child), "decision" (one dot per decision: children of a sibling group whose wait ended on one
    day are one), "period" (median of each period) or "made up" (to learn on).
    baseline: how many leading points set the first median, None for all. steady: whether they show no signal themselves, by
    Anhøj's rules, which allow for their number. phases: the median in force and those before it; none without a baseline.
    proposed: a new median that nine points in a row would justify; it is drawn as a proposal and judges nothing.
    changes: (position after which it lies, change).
    same_day: whether the signals hang on the arbitrary order within a day (see `chance.same_day_order`); "" if no two
    share a day. decisions: the same chart with one dot per decision, where that is another chart.
    """

    points: pd.DataFrame
    analysis: RunAnalysis
    kind: str
    aim: Aim
    area: str
    as_at: date
    audience: str
    baseline: int | None = None
    baseline_note: str = ""
    changes: tuple[tuple[float, Change], ...] = ()
    steady: bool = True
    phases: tuple[Phase, ...] = ()
    proposed: Phase | None = None
    note: str = ""
    same_day: str = ""
    rules: str = "scottish"
    decisions: RunChart | None = None

    @property
    def median(self) -> float | None:
        """The median in force, in weeks."""
        return None if self.analysis.centre is None else self.in_weeks(self.analysis.centre)

    def in_weeks(self, value: float) -> float:
        """Return a value of the analysis in weeks: charts of children are analysed in days."""
        return value if self.kind == "period" else value / 7

    @property
    def signals(self) -> tuple[Signal, ...]:
        """The signals, unless there are too few points to judge."""
        return self.analysis.signals if self.analysis.enough else ()

    @property
    def judged_from(self) -> int:
        """The first position that the median in force was not computed from; 0 if it is the median of all points."""
        return self.phases[-1].last + 1 if self.phases else 0

    @property
    def behind_median(self) -> int | None:
        """How many points set the median in force; None for all."""
        return self.phases[-1].last + 1 - self.phases[-1].first if self.phases else None

    @property
    def later(self) -> tuple[int, int]:
        """How many points since the median was set lie below and above it; all points, without a baseline."""
        sides = [s for s in self.analysis.sides[self.judged_from :] if s]
        return sides.count(-1), sides.count(1)

    def since_baseline(self, shift: Signal) -> list[int]:
        """Return the positions of a shift's useful points that come after the points that set the median."""
        span = range(max(shift.first, self.judged_from), shift.last + 1)
        return [i for i in span if self.analysis.sides[i]]

    @property
    def main_shift(self) -> Signal | None:
        """The longest shift since the baseline; without one, the last shift of the chart."""
        found = [s for s in self.signals if s.rule == "shift" and len(self.since_baseline(s)) >= RULES.shift]
        if self.baseline is None:
            return found[-1] if found else None
        return max(found, key=lambda s: (len(self.since_baseline(s)), s.last), default=None)

    @property
    def length(self) -> int:
        """How many useful points of the main shift have come since the baseline."""
        return len(self.since_baseline(self.main_shift)) if self.main_shift else 0

    @property
    def better(self) -> bool:
        """Whether the main shift lies on the side that the aim calls better."""
        return self.main_shift is not None and (self.main_shift.side == "below") == (self.aim.better == "lower")

    @property
    def lasts(self) -> bool:
        """Whether recent points still lie where the main shift lies: 6 or more of the last ten useful ones."""
        recent = [s for s in self.analysis.sides if s][-RULES.useful :]
        shift = self.main_shift
        return shift is not None and recent.count(1 if shift.side == "above" else -1) >= RULES.shift

    @property
    def rests_on_siblings(self) -> bool:
        """Whether the main shift goes when each decision is counted once."""
        if self.main_shift is None or self.decisions is None:
            return False
        other = self.decisions.main_shift
        return other is None or other.side != self.main_shift.side

    @property
    def strong(self) -> bool:
        """Whether the main shift is a strong sign.

        It has 8 in a row, or 9 after more than 18 later points; it is judged by a steady median of at least ten points; it
        stands when each decision is counted once and whatever the order within a day.
        """
        firm = self.baseline is not None and self.steady and self.baseline >= RULES.firm_baseline
        sound = not self.rests_on_siblings and self.same_day != "yes"
        return firm and sound and self.length >= strong_run(sum(self.later))

    def __str__(self) -> str:
        what = {"child": "children", "decision": "decisions", "period": "periods", "made up": "made-up waits"}[
            self.kind
        ]
        signs = ", ".join(s.rule.replace("_", " ") for s in self.signals) or "no signal"
        return f"RunChart: {self.aim.title}, {self.area}, {len(self.points)} {what}, {signs}"

    __repr__ = __str__


def analyse_run(
    run: Intervals | MeasureSeries,
    changes: Sequence[Change] = (),
    baseline: int | None = None,
    dots: str = "child",
    rules: str = "scottish",
) -> RunChart:
    """Make the run chart of an aim: one dot per child in order of the end of the wait, or one per period.

    In the aggregate audience a chart never has a dot per child: the median of each period with at least five takes
    its place. The first of `changes` that leaves eight points before it sets the baseline there; `baseline` overrules
    that. Without either, the median is that of all points.
    dots: "child", or "decision" to count children of one sibling group whose wait ended on one day once, at their median
    wait: they are not independent. A chart of children carries that other chart in `decisions` where they differ.
    A new median comes into force only where a change says `new_median_from` and by whom it was agreed, and only from the
    first nine points in a row on the better side on or after that day.

    rules: "scottish", or "anhoej" for the two rules that allow for the length of the chart.

    Raises ParameterError for another kind of dots or other rules.
    """
    if rules not in ("scottish", "anhoej"):
        raise ParameterError(f"rules is '{rules}'.", do="say scottish or anhoej.")
    if dots not in ("child", "decision"):
        raise ParameterError(f"dots is '{dots}'.", do="say child or decision.")
    if isinstance(run, Intervals) and run.audience != "working":
        run = measure_series(run)
    if not isinstance(run, Intervals):
        return _chart(run.points.copy(), "period", run, changes, baseline, rules)
    points = _child_points(run)
    collapsed = _decision_points(points)
    if dots == "decision":
        return _chart(collapsed, "decision", run, changes, baseline, rules)
    chart = _chart(points, "child", run, changes, baseline, rules)
    if len(collapsed) == len(points):
        return chart
    # A baseline given as a number of children means nothing for decisions: theirs ends on the same day.
    ends = None if baseline is None else int((collapsed["date"] <= points["date"].iloc[baseline - 1]).sum())
    return replace(chart, decisions=_chart(collapsed, "decision", run, changes, ends, rules))


def _chart(
    points: pd.DataFrame,
    kind: str,
    run: Intervals | MeasureSeries,
    changes: Sequence[Change],
    baseline: int | None,
    rules: str,
) -> RunChart:
    values = points["value" if kind == "period" else "days"].tolist()
    own = sorted((c for c in changes if c.aim == run.aim.id), key=lambda c: (c.date, c.id))
    # A period that holds the change is partly after it, so it does not belong to the baseline.
    placed = tuple((float((points["until"] < pd.Timestamp(c.date)).sum()), c) for c in own)
    note, steady = "", True
    if baseline is None:
        baseline, note = _baseline_before(placed, values)
    phases, proposed, refused = (), None, ""
    if baseline is not None and values:
        # Six in a row come by chance in most long baselines; Anhøj's rules allow for the length.
        steady = not analyse_values(values[:baseline], rules="anhoej").signals
        phases, proposed, refused = _phases(values, points, baseline, own, run.aim.better)
    analysis = analyse_phases(values, phases, rules) if phases else analyse_values(values, rules=rules)
    same_day = ""
    if kind != "period" and points["date"].duplicated().any() and analysis.enough and len(phases) < 2:
        same_day = same_day_order(values, points["date"].tolist(), baseline)
    return RunChart(
        points,
        analysis,
        kind,
        run.aim,
        run.area,
        run.as_at,
        run.audience,
        baseline,
        note,
        placed,
        steady,
        phases,
        proposed,
        refused,
        same_day,
        rules,
    )


def _phases(
    values: list, points: pd.DataFrame, baseline: int, changes: Sequence[Change], better: str
) -> tuple[tuple[Phase, ...], Phase | None, str]:
    """Return the phases in force, the next one that could be proposed, and why an agreed one is not in force."""
    phases, note = [propose_phases(values, baseline, better=better)[0]], ""
    phases[0] = replace(phases[0], until=len(values) - 1)
    for day in sorted(c.new_median_from for c in changes if c.new_median_from):
        start = max(phases[-1].last + 1, int((points["date"] < pd.Timestamp(day)).sum()))
        found = next_phase(values, phases[-1].median, start, better=better)
        if found is None:
            note = (
                f"A new median was agreed, but no {RULES.rephase} points in a row on the better side since then "
                "justify it, so the old one stays."
            )
            continue
        phases[-1] = replace(phases[-1], until=found.first - 1)
        phases.append(found)
    return tuple(phases), next_phase(values, phases[-1].median, phases[-1].last + 1, better=better), note


def _child_points(intervals: Intervals) -> pd.DataFrame:
    reached = intervals.reached
    return pd.DataFrame(
        {
            "position": np.arange(1, len(reached) + 1),
            "value": reached["days"] / 7,
            "days": reached["days"],
            "date": reached["end"],
            "until": reached["end"],
            "label": reached["end"].dt.strftime("%b %Y"),
            "cohort": reached["cohort"],
            "sibling_group": reached["sibling_group"],
            "n": 1,
        }
    )


def _decision_points(points: pd.DataFrame) -> pd.DataFrame:
    """Return one row per decision: children of a sibling group whose wait ended on one day, at their median wait."""
    alone = pd.Series([f"alone {i}" for i in points.index], index=points.index)
    who = points["sibling_group"].astype(object).where(points["sibling_group"].notna(), alone)
    grouped = points.groupby([points["date"], who], sort=False)
    one = grouped.agg(
        {"days": "median", "until": "first", "label": "first", "cohort": "first", "sibling_group": "first", "n": "sum"}
    )
    one = one.reset_index("date").reset_index(drop=True)
    return one.assign(position=np.arange(1, len(one) + 1), value=one["days"] / 7)


def _baseline_before(placed: tuple, values: list) -> tuple[int | None, str]:
    for position, change in placed:
        before = int(position)
        there = sum(v is not None and v == v for v in values[:before])
        if RULES.baseline <= there and before < len(values):
            weak = there < RULES.firm_baseline
            return before, f"the points before '{change.title}'" + (" (provisional: fewer than ten)" if weak else "")
    return None, "all points" + (" (too few before the change for a baseline of their own)" if placed else "")
