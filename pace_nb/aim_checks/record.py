"""What can be seen of an aim from its record alone: how much, for whom, by when, and does the title say the same?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pace_nb.aims import Aim
from pace_nb.periods import Limit, show_date

#: mend: as it stands the aim cannot be judged, or will mislead; ask: there may be a reason, and someone should know it.
LEVELS = ("mend", "ask")


@dataclass(frozen=True)
class AimFinding:
    """One thing that an advisor would say of an aim: what was seen, with its numbers, and what to do.

    The sentences hold only numbers that may be shown to the audience of the intervals they came from.
    """

    code: str
    level: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.what} {self.do}"


def check_record(aim: Aim) -> list[AimFinding]:
    """Return what is wrong with an aim's record, without looking at any child.

    Codes: no_limit, no_target, no_from_date, no_end, no_backlog_part, title_differs, weeks_for_months.

    >>> [f.code for f in check_record(Aim("a", "Panel within 12 weeks", "accommodated", "permanence_panel", Limit(26, "weeks")))]
    ['no_target', 'no_from_date', 'no_end', 'title_differs', 'weeks_for_months']
    """
    found = [
        _limit(aim),
        _target(aim),
        say_from_date(aim),
        say_end(aim),
        say_backlog_part(aim),
        _title(aim),
        say_weeks_for_months(aim),
    ]
    return [f for f in found if f is not None]


def _limit(aim: Aim) -> AimFinding | None:
    if aim.limit is not None:
        return None
    return AimFinding(
        "no_limit",
        "mend",
        "It has no limit, so no child can be early or late.",
        'Agree how long the step may take at most, and set it: limit = "14 weeks", for example.',
    )


def _target(aim: Aim) -> AimFinding | None:
    if aim.target is not None:
        return None
    return AimFinding(
        "no_target",
        "mend",
        "It does not say how much: no share of the children who should make it.",
        "Set target, in per cent. An aim for every child is target = 100.",
    )


def say_from_date(aim: Aim, past: str = "") -> AimFinding | None:
    """Return that an aim has no from-date; `past` says of how many children it changes nothing."""
    if aim.from_date is not None:
        return None
    return AimFinding(
        "no_from_date",
        "mend",
        "It has no from-date, so it also counts children who were past the step before anything was tried." + past,
        "Set from_date: the first day on which a child's clock can start and the child is still new to what you try. "
        "Give those who wait on that day a date of their own: backlog_by.",
    )


def say_end(aim: Aim, until: str = "") -> AimFinding | None:
    """Return that an aim has no day by which; `until` says how long it takes at least. A date for the backlog is one."""
    if aim.to_date is not None or aim.backlog_by is not None:
        return None
    return AimFinding(
        "no_end",
        "mend",
        "It does not say by when, so it can be neither met nor missed.",
        "Set to_date: the last day of start that counts. It can be judged once the limit of a child who started that day has "
        "run out." + until,
    )


def say_backlog_part(aim: Aim, waited: str = "") -> AimFinding | None:
    """Return that an aim for new children says nothing of those who already wait; `waited` says how many they are."""
    if aim.from_date is None or aim.backlog_by is not None:
        return None
    return AimFinding(
        "no_backlog_part",
        "mend",
        f"It counts children from {show_date(aim.from_date)} on and says nothing of those who were already waiting then."
        + waited,
        "Add the other part: set backlog_by, the day by which those children should have taken the step.",
    )


_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: n for n, word in enumerate(_WORDS, start=1)} | {"eighteen": 18, "twenty-four": 24}
_LENGTH = re.compile(
    rf"(?<!under )(?<!aged )(?<!over )\b(\d+|{'|'.join(_NUMBERS)})[ -](day|week|month|year)s?\b", re.IGNORECASE
)
_PERCENT = re.compile(r"\b(\d{1,3}) ?(?:%|per ?cent)", re.IGNORECASE)


def _title(aim: Aim) -> AimFinding | None:
    """Compare what the title says with the record: readers see both."""
    lengths = [
        (int(n) if n.isdigit() else _NUMBERS[n.lower()], unit.lower() + "s") for n, unit in _LENGTH.findall(aim.title)
    ]
    shares = [int(n) for n in _PERCENT.findall(aim.title)]
    wrong = []
    if aim.limit is not None and lengths and _calendar(aim.limit) not in [_calendar(Limit(*x)) for x in lengths]:
        wrong.append((f"{Limit(*lengths[0])}", f"limit {aim.limit}"))
    if aim.target is not None and shares and aim.target not in shares:
        wrong.append((f"{shares[0]} %", f"target {aim.target} %"))
    if not wrong:
        return None
    said = "; ".join(f"its title says {title}, its record {record}" for title, record in wrong)
    return AimFinding(
        "title_differs",
        "mend",
        f"It says two things: {said}.",
        "Readers see both. Mend the one that is wrong; pages count by the record.",
    )


def _calendar(limit: Limit) -> tuple[int, str]:
    """Return a limit in the smaller of two units that always mean the same: 2 years are 24 months, 2 weeks are 14 days."""
    if limit.unit in ("years", "months"):
        return limit.value * (12 if limit.unit == "years" else 1), "months"
    return limit.value * (7 if limit.unit == "weeks" else 1), "days"


#: Days that people write when they mean calendar months. Six months are 181 to 184 days, so 26 weeks are sometimes too few.
_MEANT = {91: 3, 182: 6, 273: 9, 364: 12, 546: 18, 728: 24, 90: 3, 180: 6, 270: 9, 360: 12, 365: 12, 730: 24}


def in_months(limit: Limit | None) -> Limit | None:
    """Return the calendar months that a limit in weeks or days probably stands for; None if it stands for itself.

    >>> in_months(Limit(26, "weeks")), in_months(Limit(12, "weeks"))
    (Limit(value=6, unit='months'), None)
    """
    if limit is None or limit.unit not in ("weeks", "days"):
        return None
    months = _MEANT.get(_calendar(limit)[0])
    return None if months is None else Limit(months, "months")


def say_weeks_for_months(aim: Aim, differ: str = "") -> AimFinding | None:
    """Return that a limit in weeks or days stands for months; `differ` says for how many children that matters."""
    months = in_months(aim.limit)
    if months is None:
        return None
    return AimFinding(
        "weeks_for_months",
        "ask",
        f"Its limit is {aim.limit}. If {months} are meant, that is not quite the same: months differ in length."
        + differ,
        f'If months are meant, write limit = "{months}"; if not, leave it.',
    )
