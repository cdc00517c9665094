"""Parts of the page on which people learn run charts: made-up waits, and how often the rules fire on nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from pace_nb import tables
from pace_nb.aims import Aim
from pace_nb.charts import learning
from pace_nb.charts.figure import Figure
from pace_nb.charts.run_chart import draw_dots
from pace_nb.errors import ParameterError
from pace_nb.runchart import RULES, Phase, RunChart, analyse_values, false_alarms
from pace_nb.runchart.made_up import detection_rate, make_up_waits, sibling_rates
from pace_nb.runchart.rules import longest_runs
from pace_nb.shown import Shown, paragraphs
from pace_nb.wording import signal_sentences

_AIM = Aim("made-up", "Made-up waits", "accommodated", "permanence_recommendation", source="made up")
_NEVER = date(2000, 1, 1)  # no day is shown


def choose_chart(points: str, baseline: str, chart: str = "1", change: str = "0") -> RunChart:
    """Return made-up chart number `chart`: so many points, the first of which are the baseline.

    change: by how many per cent waits change after the baseline (-30: 30 % shorter; 0: nothing changes).
    Raises ParameterError with every fault of the four, which are whole numbers as text.
    """
    limits = {"points": (10, 200), "baseline": (8, 100), "chart": (1, 100_000), "change": (-90, 200)}
    given = {"points": points, "baseline": baseline, "chart": chart, "change": change}
    faults, numbers = [], {}
    for name, text in given.items():
        low, high = limits[name]
        try:
            numbers[name] = int(text)
        except ValueError:
            numbers[name] = low - 1
        if not low <= numbers[name] <= high:
            faults.append(f"{name} has to be a whole number from {low} to {high}")
    if not faults and numbers["baseline"] >= numbers["points"]:
        faults.append("baseline has to be smaller than points")
    if faults:
        raise ParameterError("The chart cannot be made up.", where=faults, do="change the numbers and run it again.")
    n, first = numbers["points"], numbers["baseline"]
    return chart_values(make_up_waits(n, first, numbers["chart"], 1 + numbers["change"] / 100), first)


def chart_values(days: np.ndarray, baseline: int | None = None) -> RunChart:
    """Return the run chart of waits behind which no child stands, in days. baseline: how many of the first set the median; None: all."""
    n = len(days)
    position = np.arange(1, n + 1)
    frame = pd.DataFrame(
        {"position": position, "value": days / 7, "days": days, "label": position.astype(str), "cohort": "all", "n": 1}
    )
    analysis = analyse_values(days, baseline)
    phases = () if baseline is None else (Phase(analysis.centre, 0, baseline - 1, n - 1),)
    note = "" if baseline is None else "the first dots"
    return RunChart(frame, analysis, "made up", _AIM, "", _NEVER, "working", baseline, note, phases=phases)


def draw_made_up(run: RunChart) -> Figure:
    """Draw a made-up run chart."""
    return draw_dots(run)


def describe_made_up(run: RunChart, change: str = "0") -> Shown:
    """Say what the rules find on a made-up chart, and what is true of it."""
    truth = (
        "The truth: nothing was changed. Every dot was drawn from the same pot, so whatever shows here is chance."
        if not int(change)
        else f"The truth: after the baseline every wait was made {abs(int(change))} % {'shorter' if int(change) < 0 else 'longer'}."
    )
    return paragraphs([*signal_sentences(run), truth], "conclusion")


def draw_twenty(run: RunChart, change: str = "0", answers: bool = True) -> Figure:
    """Draw twenty made-up charts of this one's shape; `answers` marks those in which the rules see a shift."""
    n, first = len(run.points), run.baseline
    factor = 1 + int(change) / 100
    waits = np.array([make_up_waits(n, first, i, factor) for i in range(1, 21)])
    below, _ = longest_runs(waits[:, first:], np.median(waits[:, :first], axis=1))
    fires = (below >= RULES.shift) & answers
    true = "nothing changed in any of them" if factor == 1 else f"all later waits were multiplied by {factor:g}"
    if not answers:
        return learning.draw_many(
            waits, first, fires, f"Charts 1 to 20, {n} dots each. Dark line: the median of the first {first}."
        )
    caption = (
        f"Charts 1 to 20, {n} dots each; {true}. Dark line: the median of the first {first}, carried on. The heading and the colour "
        f"tell where {RULES.shift} or more later dots in a row lie below it: what people would take for an improvement."
    )
    return learning.draw_many(waits, first, fires, caption)


def show_false_alarms(run: RunChart) -> Shown:
    """Show how often each rule fires on unchanged charts of this shape, and of others."""
    first = run.baseline
    rows = []
    for later in sorted({6, 12, 18, 24, 36, len(run.points) - first}):
        found = false_alarms(first, later)
        rows.append(
            [
                f"{first} + {later}",
                *(_per_100(found.shift(k)) for k in (RULES.shift, RULES.strong, RULES.strong_beyond)),
                _per_100(found.trend),
                _per_100(found.runs),
                _per_100(found.anhoej),
            ]
        )
    return tables.make_table(
        [
            "Dots in the baseline + later",
            f"Shift: {RULES.shift} in a row",
            f"{RULES.strong} in a row",
            f"{RULES.strong_beyond} in a row",
            f"Trend of {RULES.trend}",
            "Too few or too many runs",
            "Anhøj's rules",
        ],
        rows,
        "Of 100 charts in which nothing changed, so many show the sign",
        "Shifts are counted among the later dots, on either side; the other signs on the whole chart. The dots are independent; "
        "waits of brothers and sisters are not, and signal more often. Simulated with a fixed seed.",
    )


def show_detection(run: RunChart) -> Shown:
    """Show how often a real change of some size is seen."""
    n, first = len(run.points), run.baseline
    sizes = {
        "nothing changes": 1.0,
        "10 % shorter": 0.9,
        "25 % shorter": 0.75,
        "40 % shorter": 0.6,
        "half as long": 0.5,
    }
    rows = [
        [name, *(_per_100(detection_rate(n, first, factor, k)) for k in (RULES.shift, RULES.strong))]
        for name, factor in sizes.items()
    ]
    return tables.make_table(
        ["Waits after the baseline", f"{RULES.shift} in a row below", f"{RULES.strong} in a row below"],
        rows,
        f"Of 100 charts with {first} dots in the baseline and {n - first} later, so many show the shift",
        "The first row is chance. What a rule finds on top of it is what it can see. Where a real change is seen seldom, "
        "'no sign of a change' is no proof that there was none: go on collecting.",
    )


def show_siblings(run: RunChart) -> Shown:
    """Show what brothers and sisters who are decided on together do to the rules."""
    n = len(run.points)
    found = sibling_rates(n)
    rows = [
        ["Every child alone", _per_100(found.alone)],
        ["Brothers and sisters side by side, one dot for each child", _per_100(found.children)],
        ["The same, one dot for each decision", _per_100(found.decisions)],
    ]
    return tables.make_table(
        ["What a dot is", "Charts of 100 with a shift"],
        rows,
        f"Charts of {n} children in which nothing changed: how often {RULES.shift} in a row lie on one side",
        "About a third of the made-up children have brothers or sisters in the chart, who are decided on together and waited as long. "
        "Reports count each decision once as well, and say if a shift does not stand then.",
    )


def _per_100(rate: float) -> str:
    return "under 1" if 0 < rate < 0.01 else f"{100 * rate:.0f}"
