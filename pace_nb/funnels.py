"""Where each area lies in the funnel of an aim, and what may be said of it. Areas stand in order of name, never of share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from pace_nb.aims import Aim
from pace_nb.compare import (
    AgainstRest,
    Dispersion,
    ObservedExpected,
    area_against_rest,
    false_discoveries,
    funnel_limits,
    observed_expected,
    overdispersion,
)
from pace_nb.intervals import Intervals
from pace_nb.measures import ShareMet, measure_share
from pace_nb.waits import follow

LOOK, SPEAK = 0.95, 0.998  # limits that make an area worth a look, and worth speaking of (method A.7)
NAMED_FROM = 5  # an area with fewer children due is not shown, even with all years taken together
FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Place:
    """One area in a funnel.

    where: "within" the limits; "look": outside the 95 % limits; "speak": outside the 99.8 % limits; "too few" children.
    stands_out: whether its difference from all other areas is left after allowing for the number of looks.
    """

    area: str
    met: int
    due: int
    where: str
    against: AgainstRest
    stands_out: bool

    @property
    def share(self) -> float:
        """Children in time, of those due."""
        return self.met / self.due


@dataclass(frozen=True)
class Funnel:
    """An aim in every area: each area's place, all of them together, and how far apart they lie."""

    aim: Aim
    total: ShareMet
    places: tuple[Place, ...]
    dispersion: Dispersion
    looks: int

    @property
    def shown(self) -> list[Place]:
        """The areas with enough children."""
        return [p for p in self.places if p.where != "too few"]

    def limits(self, n: Sequence[int], level: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the lower and upper limit for numbers of children due: exact ones, widened where areas are overdispersed."""
        d, exact = self.dispersion, funnel_limits(self.dispersion.target, n, level)
        if not d.overdispersed:
            return exact.lower, exact.upper
        reach = norm.ppf((1 + level) / 2) * np.sqrt(d.target * (1 - d.target) / np.asarray(n, dtype=float) + d.tau2)
        return np.minimum(exact.lower, np.maximum(0, d.target - reach)), np.maximum(
            exact.upper, np.minimum(1, d.target + reach)
        )


def measure_funnels(aims: Sequence[Intervals], areas: Sequence[str]) -> list[Funnel]:
    """Return the funnel of each aim that has a limit; the looks at all of them are allowed for together.

    aims: the intervals of all areas, one for each aim. areas: their names, also of those without a child in them.

    All years of the period are taken together, for every area alike, so that small areas have a place too. Limits are exact;
    where areas are overdispersed they are those of the adjusted z (normal, with the variance between areas added) if these
    are wider, because the exact ones would put areas outside for what nearly all areas do. Which areas stand out is the
    rule of Benjamini and Hochberg at 5 %, on the exact p of each area against the rest.
    """
    aims, areas = [i for i in aims if i.aim.limit is not None], sorted(areas)
    shares = [[measure_share(i.only(i.table["local_authority"] == a)) for a in areas] for i in aims]
    against = [area_against_rest([s.met for s in found], [s.due for s in found]) for found in shares]
    p = [
        [r.p if r.p is not None and s.due >= NAMED_FROM else np.nan for s, r in zip(found, rests, strict=True)]
        for found, rests in zip(shares, against, strict=True)
    ]
    adjusted = false_discoveries([x for row in p for x in row]).reshape(len(aims), len(areas))
    looks = int((~np.isnan(adjusted)).sum())
    return [_funnel(i, areas, *found, looks) for i, *found in zip(aims, shares, against, adjusted, strict=True)]


def _funnel(
    intervals: Intervals,
    areas: Sequence[str],
    shares: Sequence[ShareMet],
    against: Sequence[AgainstRest],
    adjusted: np.ndarray,
    looks: int,
) -> Funnel:
    dispersion = overdispersion([s.met for s in shares], [s.due for s in shares])
    empty = Funnel(intervals.aim, measure_share(intervals), (), dispersion, looks)
    places = [
        Place(a, s.met, s.due, _where(empty, s), rest, bool(q <= FALSE_DISCOVERIES))
        for a, s, rest, q in zip(areas, shares, against, adjusted, strict=True)
    ]
    return Funnel(intervals.aim, empty.total, tuple(places), dispersion, looks)


def _where(funnel: Funnel, share: ShareMet) -> str:
    if share.due < NAMED_FROM:
        return "too few"
    for name, level in (("speak", SPEAK), ("look", LOOK)):
        lower, upper = (float(x[0]) for x in funnel.limits([share.due], level))
        if not lower <= share.met / share.due <= upper:
            return name
    return "within"


def compare_waits(intervals: Intervals) -> list[ObservedExpected]:
    """Return, for each area, how many reached a step against how many would have at the pace of all areas together.

    Counted are the days of the period, as in every waiting curve (`waits.follow`); records that are unclear are not in it.
    """
    rows = follow(intervals)
    rows = rows[rows["status"] != "unusable"]
    areas = rows["local_authority"].to_numpy(str)
    return observed_expected(
        rows["days"].to_numpy(), (rows["status"] == "reached").to_numpy(), areas, rows["entry"].to_numpy()
    )
