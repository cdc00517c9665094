"""What a run chart says, with how often chance alone says it."""

from __future__ import annotations

from pace_nb.periods import show_date
from pace_nb.runchart import RULES, RunChart, anhoej_limits, false_alarm_rate, false_alarms
from pace_nb.waits import WaitSummary
from pace_nb.wording.numbers import say_children, say_weeks


def say_signal(run: RunChart) -> str:
    """Return what the run chart says, with how often chance alone says it."""
    return " ".join(signal_sentences(run))


def signal_sentences(run: RunChart) -> list[str]:
    """Return what the run chart says, in short paragraphs: what it shows, how sure that is, what is proposed."""
    dots = {"child": "children", "decision": "decisions", "period": "periods", "made up": "waits"}[run.kind]
    if run.kind == "period" and run.analysis.centre is None:
        return ["Too few children finished in any period to show a run chart."]
    if not len(run.points):
        return ["No child has reached this step yet, so there is no run chart to read."]
    if not run.analysis.enough:
        return [
            f"There are too few points for run chart rules ({run.analysis.useful} off the median; {RULES.useful} needed), so this "
            "chart cannot say whether waits are changing."
        ]
    found, sure = _say_balance(run, dots), _say_baseline(run)
    if run.rules == "anhoej":
        found += _say_anhoej(run, dots)
    elif run.main_shift is None:
        found += _say_runs(run, dots)
    else:
        found += _say_shift(run, dots)
        sure += _how_sure(run)
    said = [f"What it shows: {' '.join(found)}"]
    if sure:
        said.append(f"How sure: {' '.join(sure)}")
    return [*said, *_say_phases(run)]


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


def _say_baseline(run: RunChart) -> list[str]:
    """Warn of a baseline that is no fair yardstick."""
    if run.baseline is None or run.steady or len(run.phases) > 1:
        return []
    return ["The baseline was not steady itself (the rules find a signal in it), so take the comparison with care."]


def _say_shift(run: RunChart, dots: str) -> list[str]:
    shift = run.main_shift
    direction = "sooner" if shift.side == "below" else "later"
    said = [
        f"{'The longest run' if run.baseline else 'The latest run'} on one side is {run.length} {dots} {shift.side} the median"
        + ("." if run.kind == "made up" else f": they finished {direction} than we would expect by chance.")
    ]
    if not run.lasts:
        said.append("It has not lasted to the end of the chart.")
    if not run.better and run.kind in ("child", "decision"):
        said.append(
            ("That is a deterioration" if run.length >= RULES.rephase else "That is the wrong direction")
            + ", unless long-waiting children were being cleared from a backlog: look at the bars of children still waiting."
        )
    return said


def _how_sure(run: RunChart) -> list[str]:
    """Say how often a run so long turns up in unchanged charts, and call it strong only where the method allows."""
    often = _in_100(false_alarm_rate(run.behind_median, sum(run.later), run.length))
    said = [f"With nothing changed, a run of {run.length} or more turns up in {often} of this length."]
    if run.baseline is not None:
        said.append("It is a strong sign." if run.strong else "So take it as a sign to look closer.")
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
    return said


def _say_runs(run: RunChart, dots: str) -> list[str]:
    found = {s.rule for s in run.signals}
    if not found & {"too_few_runs", "too_many_runs"}:
        return [
            f"There is no sign of a lasting change: no {RULES.shift} {dots} in a row lie on one side of the median."
        ]
    rate = _in_100(false_alarms(run.behind_median, sum(run.later)).runs)
    if "too_few_runs" in found:
        what = "less often than we would expect by chance: waits were different at different times."
    else:
        what = "more often than we would expect by chance: two kinds of wait may be mixed in it."
    return [
        f"There is no shift, but the line crosses the median {what} With nothing changed, {rate} of this length cross it so oddly."
    ]


def _say_anhoej(run: RunChart, dots: str) -> list[str]:
    """Say what Anhøj's two rules find; they look at the whole chart (the newest phase) and say nothing of direction."""
    found = run.analysis
    longest, fewest = (int(limit) for limit in anhoej_limits(found.useful))
    counts = (
        f"the longest run on one side of the median is {found.longest_run} {dots} (chance alone makes up to {longest}), and the line "
        f"crosses it {found.crossings} times (chance alone makes {fewest} or more)"
    )
    if not run.signals:
        return [f"By Anhøj's rules there is no sign of a change: {counts}."]
    rate = _in_100(false_alarms(run.behind_median, sum(run.later)).anhoej)
    return [
        f"By Anhøj's rules something has changed more than we would expect by chance: {counts}. With nothing changed, {rate} of this "
        "length show such a sign."
    ]


def _say_phases(run: RunChart) -> list[str]:
    """Say which medians were agreed, and offer the next one: a proposal, which changes nothing until people agree."""
    said = [run.note] if run.note else []
    if len(run.phases) > 1:
        weeks = " to ".join(f"{run.in_weeks(p.median):.0f}" for p in run.phases)
        agreed = "; ".join(f"{c.title}, {c.agreed_by}" for _, c in run.changes if c.new_median_from)
        said.append(f"A new median: it was moved by agreement from {weeks} weeks ({agreed}).")
    if run.proposed is not None:
        from_day = run.points["date"].iloc[run.proposed.first]
        rate = _in_100(false_alarms(run.behind_median, sum(run.later)).shift(RULES.rephase, one_side=True))
        when = show_date(from_day.date()) if run.audience == "working" else run.points["label"].iloc[run.proposed.first]
        weeks = _weeks(run.in_weeks(run.proposed.median))
        said.append(
            f"A new median could be agreed: {RULES.rephase} in a row lie on the better side (with nothing changed, {rate} of this "
            f"length show that). If you agree that the work has changed for good, a median of {weeks} from {when} could be used from "
            "now on; until then the old one stays."
        )
    return said


def _weeks(weeks: float) -> str:
    return say_weeks(7 * weeks, 0)


def _in_100(rate: float) -> str:
    return "fewer than 1 in 100 charts" if rate < 0.01 else f"about {rate * 100:.0f} in 100 charts"


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
