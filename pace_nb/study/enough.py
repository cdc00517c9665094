"""How many children it would take to see a difference, and how long that takes at an area's own rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from statistics import fmean, variance

from pace_nb.change import RestrictedWaits
from pace_nb.study.beside import FEWEST

#: (1.960 + 0.842) squared: the normal quantiles of a 95 % level, both sides, and of a power of 80 %.
FACTOR = 7.849
#: By how much shorter a wait should be to be seen.
LESS = (0.25, 0.5)
MOST = 1000  # families; more is never waited for


@dataclass(frozen=True)
class Enough:
    """What it takes to see waits shorter by a share.

    less: that share of the mean wait. needed: families since the change; None where no number would do, as those before are too few.
    have: families since who were followed long enough. a_year: how many begin in a year. months: how long until there are enough and have
    been followed; 0 if there are; None where it cannot be said.
    """

    less: float
    needed: int | None
    have: int
    a_year: float
    months: int | None


def families_needed(before: Sequence[float], less: float) -> int | None:
    """Return how many families since a change it takes to see waits shorter by a share of the mean wait before it.

    before: waits counted up to one length (restricted), one for each family. The usual formula for two means, 1/m = d²/(7.85 s²) − 1/n,
    with power 80 % at the 95 % level, both sides (Cohen 1988): n before with the variance s², supposed to be the same since;
    d the difference. Four at least, as fewer can never tell. It is approximate: the exact comparison needs about as many.

    None where those before are too few for any number since, or more than 1,000 would be needed; also where nobody waits.

    >>> families_needed([100, 120, 140, 160, 180, 200, 220, 240] * 4, 0.25), families_needed([10, 200, 30], 0.25)
    (19, None)
    """
    if len(before) < 2:
        return None
    difference, spread = less * fmean(before), variance(before)
    if not difference:
        return None
    rest = difference**2 / (FACTOR * spread) - 1 / len(before) if spread else 1.0
    needed = max(FEWEST, ceil(1 / rest - 1e-9)) if rest > 0 else None
    return needed if needed is not None and needed <= MOST else None


def what_is_enough(waits: RestrictedWaits, day: date, as_at: date) -> tuple[Enough, ...]:
    """Return, for each share of LESS, what it takes to see waits shorter by it.

    The rate is that of families whose clock started from the change to the last day from which they are followed long enough.
    """
    years = ((as_at - day).days - waits.days) / 365.25
    a_year = len(waits.after) / years if years > 0 else 0.0
    found = []
    for less in LESS:
        needed = families_needed(waits.before, less)
        months = None
        if needed is not None and needed <= len(waits.after):
            months = 0
        elif needed is not None and a_year:
            months = ceil(12 * (needed - len(waits.after)) / a_year)
        found.append(Enough(less, needed, len(waits.after), a_year, months))
    return tuple(found)
