"""Parts of the page on which people draw their own run chart: their numbers read, their guesses answered, the rules explained."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from pace_nb.errors import ParameterError
from pace_nb.pages.learning import chart_values
from pace_nb.runchart import RULES, RunChart, false_alarms
from pace_nb.runchart.rules import analyse_about

LEAST, MOST = 5, 200
#: What can be seen on a chart, as people tick it, and the rules' names for it.
SIGNS = {
    "shift": f"a shift: {RULES.shift} or more in a row on one side of the median",
    "trend": f"a trend: {RULES.trend} or more in a row all going up or all going down",
    "too_few_runs": "too few runs: the line crosses the median too seldom",
    "too_many_runs": "too many runs: it crosses the median too often",
}
_UNIT = re.compile(r"(?<=\d)\s*(?:weeks?|wks?|w|days?|d)\b\.?", re.I)
_NUMBER = re.compile(r"[+]?(?:\d+(?:[.]\d+)?|[.]\d+)")


def read_numbers(words: str) -> tuple[list[float], str]:
    """Return the numbers of a text as people type or paste it, and how it was read.

    Numbers may stand in a line or a column, with spaces, tabs, semicolons, commas or line ends between them; "weeks" or "days" after a
    number is passed over. A comma within a number is a decimal comma where something else parts the numbers (12,5 13,4), the mark of
    thousands where three figures follow it (1,234); where only commas part them, each begins a new number.
    Raises ParameterError that names the places, not the words, of what is no number, and where there are too few or too many.

    >>> read_numbers("12 14;9\\n8,5")[0], read_numbers("12,14,9,8,10")[0], read_numbers("1,234 20 30 40 50")[0]
    ([12.0, 14.0, 9.0, 8.5], [12.0, 14.0, 9.0, 8.0, 10.0], [1234.0, 20.0, 30.0, 40.0, 50.0])
    """
    text = _UNIT.sub("", words.strip())
    text = re.sub(r",(?=\s|$)", " ", text)
    only_commas = "," in text and not re.search(r"[\s;|]", text)
    pieces = [p for p in re.split(r"[\s;|,]+" if only_commas else r"[\s;|]+", text) if p]
    found, wrong, commas = [], [], False
    for place, piece in enumerate(pieces, 1):
        plain = piece
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+", piece):
            plain = piece.replace(",", "")
        elif re.fullmatch(r"\d+,\d{1,2}", piece):
            plain, commas = piece.replace(",", "."), True
        if _NUMBER.fullmatch(plain):
            found.append(float(plain))
        else:
            wrong.append(f"number {place} of {len(pieces)} cannot be read")
    if wrong:
        raise ParameterError(
            "Not everything is a number.",
            where=wrong,
            do="write figures only, with a space or a new line between them.",
        )
    if len(found) > MOST:
        raise ParameterError(f"These are {len(found)} numbers.", do=f"give at most {MOST}.")
    how = f"Read: {len(found)} numbers" + (", with commas taken as decimal commas." if commas else ".")
    return found, how


def chart_numbers(values: Sequence[float]) -> RunChart:
    """Return the run chart of somebody's own numbers about the median of all of them. Raises ParameterError for fewer than five."""
    if len(values) < LEAST:
        raise ParameterError(
            f"There {'is' if len(values) == 1 else 'are'} {len(values)} so far.", do=f"give at least {LEAST} numbers."
        )
    return chart_values(np.array(values, dtype=float) * 7)


def without_answers(run: RunChart) -> RunChart:
    """Return a run chart with its dots alone: no median and no signal, so that people can guess them."""
    return replace(run, analysis=analyse_about(run.points["days"].tolist(), float("nan")), phases=(), baseline=None)


def judge_median(run: RunChart, guess: str) -> tuple[bool, str]:
    """Tell whether a guessed median is right, to half a unit, and say how it is found. Raises ParameterError for no number."""
    try:
        said = float(guess.strip().replace(",", "."))
    except ValueError:
        raise ParameterError("The guess is no number.", do="write a number, such as 24.") from None
    ordered, true = sorted(run.points["value"]), run.median
    n = len(ordered)
    middle = (
        f"the one in the middle, the {_nth(n // 2 + 1)}, is {true:g}"
        if n % 2
        else f"half way between the {_nth(n // 2)} ({ordered[n // 2 - 1]:g}) and the {_nth(n // 2 + 1)} ({ordered[n // 2]:g}) lies {true:g}"
    )
    right = abs(said - true) <= 0.5
    above, below = sum(v > said for v in ordered), sum(v < said for v in ordered)
    lead = "Right." if right else f"Not quite: {below} lie below {said:g} and {above} above."
    return right, f"{lead} Put the {n} values in order of size: {middle}. That is the median."


def judge_signs(run: RunChart, ticked: Collection[str]) -> tuple[bool, list[str]]:
    """Tell whether somebody saw what the rules see, and say of each rule what it sees and why."""
    there = {s.rule for s in run.signals}
    said = []
    for rule, words in SIGNS.items():
        name = words.split(":")[0]
        if rule in there and rule in ticked:
            said.append(f"Yes, there is {name}.")
        elif rule in there:
            said.append(f"You passed over {name}.")
        elif rule in ticked:
            said.append(f"The rules see no {name.removeprefix('a ')} here.")
    right = there == {t for t in ticked if t in SIGNS}
    if right and not there:
        said.append("Right: the rules see nothing here.")
    return right, [*said, *explain_rules(run)]


def explain_rules(run: RunChart) -> list[str]:
    """Say of each rule what it looks at on this chart, and why it speaks or does not."""
    found = run.analysis
    if not found.enough:
        return [
            f"Only {found.useful} dots lie off the median. Below {RULES.useful} the rules say nothing: draw, and go on collecting."
        ]
    on_it = sum(s == 0 for s in found.sides)
    said = [
        f"Useful dots: {found.useful} lie off the median"
        + (f"; {on_it} on it {'is' if on_it == 1 else 'are'} passed over." if on_it else ".")
    ]
    shifts = [s for s in run.signals if s.rule == "shift"]
    said.append(
        "Shift: "
        + "; ".join(f"dots {s.first + 1} to {s.last + 1} lie {s.side} the median, {s.length} in a row" for s in shifts)
        + "."
        if shifts
        else f"Shift: the longest run on one side is {found.longest_run}; {RULES.shift} would be a shift."
    )
    trends = [s for s in run.signals if s.rule == "trend"]
    said.append(
        "Trend: " + "; ".join(f"dots {s.first + 1} to {s.last + 1} all go {s.side}" for s in trends) + "."
        if trends
        else f"Trend: nowhere do {RULES.trend} in a row all go up or all go down."
    )
    low, high = found.runs_limits
    verdict = "as chance may have it" if low <= found.runs <= high else "which chance seldom makes"
    said.append(
        f"Runs: the line makes {found.runs} runs; with {found.above} above and {found.below} below chance makes {low} to "
        f"{high}, so that is {verdict}."
    )
    if found.unusual:
        said.append(
            f"Far off: {_list(i + 1 for i in found.unusual)}. That is no rule of change: look at the record first."
        )
    return said


def say_chance(run: RunChart) -> str:
    """Say how often chance alone makes the rules speak on a chart of this length."""
    rates = false_alarms(run.baseline, len(run.points) - (run.baseline or 0))
    shift, any_rule = (round(100 * r) for r in (rates.shift(RULES.shift), rates.any_scottish))
    return (
        f"How sure: of 100 charts of this length on which nothing changed, about {shift} show a shift, and about {any_rule} at least one "
        "of these signs."
    )


def _nth(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _list(numbers: Collection[int]) -> str:
    return ", ".join(f"dot {n}" for n in numbers)
