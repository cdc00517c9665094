"""What the test-of-change page says: of a difference, of chance, and of what may and may not be concluded."""

from __future__ import annotations

from collections.abc import Sequence

from pace_nb.change import Comparison
from pace_nb.periods import show_date
from pace_nb.study import Enough, Evidence
from pace_nb.study.beside import LEVEL
from pace_nb.terms import lower
from pace_nb.tests_of_change import SCALES, ChangeIdea
from pace_nb.wording import say_count, say_direction, say_share


def say_difference(result: Comparison, weeks: int) -> str:
    """Say how far apart the two groups lie, and between which limits a typical wait changed."""
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


def say_chance(result: Comparison) -> str:
    """Say how often chance alone makes as large a difference, and the smallest chance that such numbers could ever give."""
    if result.p is None:
        return "There are so many children here that counting every way to deal them out takes too long: read the curves above."
    smallest = (
        f"With {result.before} and {result.after} the smallest chance that these numbers could ever give is {in_100(result.smallest_p)}."
        if result.smallest_p > 0.001
        else ""
    )
    said = (
        f"If the day of the change had meant nothing, a difference as large, in either direction, would come up in {in_100(result.p)} "
        "ways of dealing the same waits out to before and since."
    )
    if result.smallest_p > LEVEL:
        return f"{said} {smallest} So they cannot tell: not enough children."
    verdict = (
        "That is more than we would expect by chance; what else changed then, these numbers do not know."
        if result.p <= LEVEL
        else "Chance alone gives as much often enough: not enough to tell."
    )
    return " ".join(x for x in (said, smallest, verdict) if x)


def in_100(p: float) -> str:
    """Return a chance as so many in 100, or in 1,000 where it is small."""
    if p < 0.001:
        return "fewer than 1 in 1,000"
    return f"about {p * 1000:.0f} in 1,000" if p < 0.0095 else f"about {p * 100:.0f} in 100"


def say_start_cohorts(e: Evidence) -> str:
    """Say in one sentence what the exact comparison found."""
    if e.waits is None:
        return "they have not been followed for 13 weeks yet."
    if e.result is None or e.comparison == "unknown":
        return "too few families to compare."
    gap, weeks = e.result.difference / 7, e.waits.days // 7
    size = "no difference" if abs(gap) < 0.5 else f"{abs(gap):.0f} weeks {'less' if gap < 0 else 'longer'} on average"
    chance = in_100(e.result.p)
    return (
        f"{say_count(e.result.before, e.audience)} families before and {say_count(e.result.after, e.audience)} since, followed for "
        f"{weeks} weeks: {size}. Chance alone gives as much in {chance}."
    )


def say_beside(e: Evidence) -> list[str]:
    """Say what else may explain a difference: recording, a delay that moved on, a backlog, each in a sentence."""
    return [f"Recorded as before? {_recorded(e)}", f"Delay moved on? {_moved(e)}", f"Backlog? {_backlog(e)}"]


def _recorded(e: Evidence) -> str:
    parts = [
        f"{lower(r.milestone)} {say_share(r.recorded_before, r.passed_before, e.audience)} before, "
        f"{say_share(r.recorded_since, r.passed_since, e.audience)} since"
        for r in e.recorded
        if r.passed_before and r.passed_since
    ]
    numbers = f" Recorded of those who passed it: {'; '.join(parts)}." if parts else ""
    said = e.cohorts.idea.recording_from
    if any(r.changed for r in e.recorded):
        people = f" People say so too, from {show_date(said)}." if said else ""
        return f"No: dates were recorded more often, or less often, than before.{people}{numbers}"
    if said:
        return f"People say no: dates have been recorded differently since {show_date(said)}.{numbers}"
    if not e.recorded:
        return "These dates cannot show whether any are missing; ask."
    return f"Nothing says otherwise.{numbers}"


def _moved(e: Evidence) -> str:
    told = [b for b in e.beside if b.direction != "unknown"]
    if not e.beside:
        return "No other step can be followed for these children."
    if not told:
        return "Not enough children at any other step to tell."
    few = (
        f" At {len(e.beside) - len(told)} others there are too few children to tell."
        if len(told) < len(e.beside)
        else ""
    )
    if not e.passed_on:
        return f"No other step is longer than we would expect by chance ({len(told)} looked at).{few}"
    return f"Longer since, more than we would expect by chance: {'; '.join(b.title for b in e.passed_on)}.{few}"


def _backlog(e: Evidence) -> str:
    b = e.backlog
    if b is None:
        return "The aim has no limit, so nobody counts as past it."
    if not b.long:
        return "Nobody was past the limit when the change came."
    half = f"{say_share(b.done, b.long, e.audience)} of those past the limit then were done within half a year"
    usual = f"; in the two years before, {say_share(b.usual_done, b.usual_long, e.audience)}" if b.usual_long else ""
    told = " That is more than is usual: dots rise when long waits end at last." if b.cleared else ""
    return f"{half[0].upper()}{half[1:]}{usual}.{told}"


#: What may be said, and what may not, of each verdict.
MAY = {
    "too_soon": ("That it was tried, and what people said.", "Anything about waits."),
    "too_few": (
        "That it was tried, what people said, and how many more children it takes.",
        "That it works, or that it does not.",
    ),
    "recording": (
        "That dates are recorded differently, which is worth having in itself.",
        "That children wait less, or more: the picture would look like this if only the recording had changed.",
    ),
    "moved": (
        "That this step became shorter and a later one longer, so the whole way has to be looked at.",
        "That children are better off, before the later step is understood.",
    ),
    "shorter": (
        "That children who started since the change waited less, that chance seldom does this, and that no later step was seen to "
        "become longer.",
        "That the change alone did it: whatever else began then is in the same picture.",
    ),
    "sign": (
        "That one of two pictures points to shorter waits, so it is worth going on and looking again.",
        "That waits are shorter: the other picture does not show it.",
    ),
    "backlog": (
        "That more children who had waited long were done than is usual.",
        "That things got worse because the dots rose, or that new children wait less: no difference is seen for them.",
    ),
    "no_sign": (
        "That no difference can be seen, with enough children to have seen waits half as long.",
        "That it can do no good: a smaller difference would not show with so few.",
    ),
    "longer": (
        "That children who started since the change waited longer, and that chance seldom does this.",
        "That the change did it: whatever else began then is in the same picture.",
    ),
}
_SHORTER = ("shorter", "sign")


def say_decided(idea: ChangeIdea, verdict: str) -> str:
    """Say what people decided, and where these numbers do not carry it."""
    last = next((c for c in reversed(idea.cycles) if c.decision), None)
    if last is None:
        return "No decision is recorded yet: adapt, adopt or abandon, and why."
    said = f"{last.decision}, after cycle {last.number}: {last.why}"
    said = said if said.endswith((".", "?", "!")) else f"{said}."
    if last.decision == "adopt" and verdict not in _SHORTER:
        said += " These numbers do not show shorter waits, so the decision rests on other reasons."
    if last.decision == "abandon" and verdict in _SHORTER:
        said += " These numbers point to shorter waits: was it given up for other reasons?"
    return said


def spread_early(idea: ChangeIdea) -> bool:
    """Tell whether an idea went to the whole area before a cycle with one team had ended with all its predictions held.

    Our own rule, after the steps from one to a team to all (The Improvement Guide) and the programme's warning of premature spread.
    Without a cycle for the whole area there was no spread; without any smaller one there was nothing to go by.
    """
    wide = next((c for c in idea.cycles if c.scale == "area"), None)
    if wide is None:
        return False
    teams = [c for c in idea.cycles if c.scale == "team" and c.end is not None and c.end <= wide.start]
    return not any(all(q.held in ("yes", "partly") for q in c.questions) for c in teams)


def say_spread(idea: ChangeIdea) -> str:
    """Say how far an idea was spread, and whether that came early; "" where only one cycle is recorded, as the rest may be lost."""
    if len(idea.cycles) < 2 or not spread_early(idea):
        return ""
    return (
        f"Spread early: it went to {SCALES['area']} before a cycle with one team had ended as predicted. What works once with one family "
        "need not work for all."
    )


def say_chart(e: Evidence) -> str:
    """Say in one sentence what the run chart shows since its baseline."""
    if e.chart == "unknown":
        return "Too few points since its baseline to judge."
    return say_direction(e.run)


def say_enough(found: Sequence[Enough], a: str) -> list[str]:
    """Say what would be enough children to see a difference, and how long that takes at this area's rate."""
    if not found:
        return [
            "What would be enough: that can be worked out when enough children from before the change, and some since, have been followed "
            "for 13 weeks."
        ]
    said = []
    for e in found:
        less = f"a wait {'half' if e.less == 0.5 else 'a quarter'} shorter"
        if e.needed is None:
            said.append(f"{less}: no number since would do, as too few families are known from before")
        elif e.months == 0:
            said.append(f"{less}: about {e.needed} families since, and there are enough")
        else:
            wait = "which cannot be said, as none came" if e.months is None else _months(e.months, a)
            said.append(f"{less}: about {e.needed} families since, {wait}")
    rate = round(found[0].a_year)
    shown = f"{say_count(rate, a)} families a year begin this wait here"
    have = say_count(found[0].have, a)
    return [
        f"What would be enough: to see {'; '.join(said)}.",
        f"Followed so far since the change: {have} families; {shown}. Four in five true differences of that size would be seen with so "
        "many; it is worked out from how much waits differed before.",
    ]


def _months(months: int, a: str) -> str:
    """Say a number of months; in aggregate in half years, as it comes from an exact number of families."""
    months = months if a == "working" else -(-months // 6) * 6
    long = f"about {months} months" if months < 24 else f"about {months / 12:.0f} years"
    return f"{long} from now at this area's rate"
