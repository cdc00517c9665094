"""Curves of waits on plain sequences: how many still wait (Kaplan-Meier), and which way each wait ended (Aalen-Johansen).

Conventions, the same for every function here, so that a difference from other programs is a convention:

- Durations are numbers of one unit (days in this project), 0 or more. Equal durations are ties; no tolerance is applied.
- A wait that ends at t was still going on just before t: S(t) is the share that lasts longer than t, and drops at t.
- At a tie endings come before censorings: who was last seen waiting at t is among those at risk at t.
- `entry` (left truncation, "delayed entry"): the child is followed from then on and is at risk at t if entry < t <= duration, as in
  R's Surv(entry, time, event). A negative entry means followed from the outset, endings at 0 included; so does no entry at all.
- Endings at 0 count: S(0) is then below 1, as in R's Surv(time, event).
- After the last time followed a curve stays where it is (R: extend=TRUE); `last` says when that was. Nobody at all: a curve at 1.
- Refused with ValueError, naming positions and never values: negative, infinite and missing durations, missing or infinite entries,
  an entry at or after its duration, sequences of different lengths.

Sources: Kaplan and Meier 1958; Greenwood 1926; Kalbfleisch and Prentice (log-log limits); Aalen and Johansen 1978; Mantel 1966.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from pace_nb.waits.given import read_causes, read_flags, read_times, refuse, same_length

HALF = 0.5 + 1e-9  # a share that is one half but for the last bits of a float is one half
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, eq=False)
class Survival:
    """A Kaplan-Meier curve, at the times at which something ended, in order.

    surviving[i]: the share still waiting after times[i]; at_risk[i]: how many were followed just before it; ended[i]: how many
    ended then; last: the last time at which anyone was followed (None of nobody).
    """

    times: np.ndarray
    surviving: np.ndarray
    at_risk: np.ndarray
    ended: np.ndarray
    last: float | None = None

    def at(self, t: float) -> float:
        """Return the share still waiting after t; a wait that ends at t has ended."""
        i = self._before(t)
        return float(self.surviving[i]) if i >= 0 else 1.0

    def interval_at(self, t: float) -> tuple[float, float] | None:
        """Return the pointwise 95 % limits of `at(t)` (Greenwood, log-log); None while the share is 1 and once it is 0.

        R: conf.type="log-log"; it gives NA where this gives None.
        """
        i = self._before(t)
        if i < 0 or np.isnan(self._limits[0][i]):
            return None
        return float(self._limits[0][i]), float(self._limits[1][i])

    @property
    def median(self) -> float | None:
        """The first time at which half or fewer still wait; None if that is not reached.

        Where the curve is flat at exactly one half R gives the middle of the flat part, and this its beginning.
        """
        return self._first(self.surviving)

    @property
    def median_interval(self) -> tuple[float | None, float | None]:
        """The 95 % limits of the median: the first times at which the lower and the upper limit of the curve are half or less.

        None for a limit that is not reached (R: NA).
        """
        lower, upper = self._limits
        return self._first(lower), self._first(upper)

    def _before(self, t: float) -> int:
        return int(np.searchsorted(self.times, t, side="right")) - 1

    def _first(self, shares: np.ndarray) -> float | None:
        below = np.flatnonzero(shares <= HALF)  # a limit that cannot be had is nan, and not below
        return float(self.times[below[0]]) if len(below) else None

    @cached_property
    def _limits(self) -> tuple[np.ndarray, np.ndarray]:
        """The lower and upper limit at each time: exp(-exp(log(-log S) -+ z se)), nan where S is 0 or 1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(self.surviving)
            far = Z * np.sqrt(np.cumsum(_greenwood(self.ended, self.at_risk))) / -log
            far[(self.surviving <= 0) | (self.surviving >= 1)] = np.nan
            return np.exp(log * np.exp(far)), np.exp(log * np.exp(-far))


def survival(durations: Sequence[float], observed: Sequence[bool], entry: Sequence[float] | None = None) -> Survival:
    """Return the Kaplan-Meier curve of waits, of which some (`observed` false: censored) have not ended.

    durations: how long each wait lasted, or has lasted so far. entry: since when each was followed. Conventions: see the module.
    With entries the number at risk can be small at first; if everyone at risk at some time ends then, the share is 0 from there on
    (as in R), so begin where enough are at risk (`waiting_curves` does).

    >>> curve = survival([1, 2, 3, 4], [True, True, False, True])
    >>> curve.median, curve.at(3), curve.at_risk.tolist()
    (2.0, 0.5, [4, 3, 1])
    >>> [round(limit, 4) for limit in curve.interval_at(2)]
    [0.0578, 0.8449]
    """
    days, entries = read_times(durations, entry)
    flags = read_flags(observed, len(days))
    times, at_risk, ended = _tally(days, entries, flags, 1)
    ended = ended[:, 0]
    return Survival(times, np.cumprod(1 - ended / at_risk), at_risk, ended, _last(days))


@dataclass(frozen=True, eq=False)
class CumulativeIncidence:
    """Of everyone who began, the share for whom each cause has ended the wait, at the times at which something ended.

    incidence[i, k]: the share ended by causes[k] at times[i] or before; ended[i, k]: how many ended so then; surviving[i]: the share
    still waiting (all causes together), so that the row of incidence and surviving add up to 1; at_risk, last: as in `Survival`.
    """

    times: np.ndarray
    causes: tuple[int, ...]
    incidence: np.ndarray
    surviving: np.ndarray
    at_risk: np.ndarray
    ended: np.ndarray
    last: float | None = None

    def at(self, t: float, cause: int) -> float:
        """Return the share ended by a cause at t or before; 0 for a cause that never occurs. Raises ValueError for cause 0."""
        if cause == 0:
            raise ValueError("cause 0 means that the wait had not ended; ask surviving_at for those still waiting")
        i = int(np.searchsorted(self.times, t, side="right")) - 1
        return float(self.incidence[i, self.causes.index(cause)]) if i >= 0 and cause in self.causes else 0.0

    def surviving_at(self, t: float) -> float:
        """Return the share still waiting after t."""
        i = int(np.searchsorted(self.times, t, side="right")) - 1
        return float(self.surviving[i]) if i >= 0 else 1.0


def cumulative_incidence(
    durations: Sequence[float], cause: Sequence[int], entry: Sequence[float] | None = None
) -> CumulativeIncidence:
    """Return the Aalen-Johansen curves of the ways in which waits end; cause 0: not ended (censored), any other whole number: a way.

    F_k(t) is the sum over times up to t of S(just before) x ended by k / at risk. All causes at a tie are taken from one risk set, so
    the order of the rows does not matter. Where nobody is censored it is the plain share. Other conventions: see the module.
    One minus a Kaplan-Meier curve of a single cause is larger than this and answers another question.

    >>> found = cumulative_incidence([5, 5, 8, 9, 12], [1, 2, 1, 0, 2])
    >>> round(found.at(8, 1), 4), round(found.at(8, 2), 4), round(found.surviving_at(8), 4)
    (0.4, 0.2, 0.4)
    """
    days, entries = read_times(durations, entry)
    codes = read_causes(cause, len(days))
    found = np.sort(pd.unique(codes))
    causes = found[found != 0]
    kind = np.where(codes == 0, 0, np.searchsorted(causes, codes) + 1)
    times, at_risk, ended = _tally(days, entries, kind, len(causes))
    surviving = np.cumprod(1 - ended.sum(axis=1) / at_risk)
    before = np.concatenate([[1.0], surviving])[: len(times)]
    incidence = np.cumsum(ended * (before / at_risk)[:, np.newaxis], axis=0)
    return CumulativeIncidence(times, tuple(causes.tolist()), incidence, surviving, at_risk, ended, _last(days))


@dataclass(frozen=True)
class LogRank:
    """A log-rank comparison: statistic, its p from chi-squared with `degrees` of freedom; both None if there is nothing to compare.

    groups: in order of appearance; ended and expected: how many waits of each ended, and would have if all waited alike.
    """

    statistic: float | None
    p: float | None
    degrees: int
    groups: tuple
    ended: tuple[int, ...]
    expected: tuple[float, ...]


def logrank(durations: Sequence[float], observed: Sequence[bool], group: Sequence) -> LogRank:
    """Compare the waits of two or more groups (R: survdiff with rho=0).

    Variance: hypergeometric, so ties are allowed for. A group with no expected ending does not count towards the degrees of freedom.
    The statistic is None where the groups were never at risk together or all ended at once. With few children p is
    approximate; prefer an exact permutation. Raises ValueError for fewer than two groups or a missing one.

    >>> found = logrank([5, 8, 9, 12, 12, 20], [True] * 6, list("aaabbb"))
    >>> round(found.statistic, 4), round(found.p, 4), found.degrees
    (5.0517, 0.0246, 1)
    """
    days, _ = read_times(durations, None)
    flags = read_flags(observed, len(days))
    code, groups = pd.factorize(pd.Series(list(group), dtype=object))
    same_length(len(code), len(days), "group")
    refuse("group", "is missing", code < 0)
    if len(groups) < 2:
        raise ValueError("a comparison needs at least two groups")
    k = len(groups)
    times, _, ended = _tally(days, None, np.where(flags, code + 1, 0), k)
    at_risk = np.stack([_at_risk(times, days[code == g]) for g in range(k)], axis=1)
    d, n = ended.sum(axis=1), at_risk.sum(axis=1)
    share = at_risk / n[:, np.newaxis]
    expected = (d[:, np.newaxis] * share).sum(axis=0)
    spread = d * (n - d) / np.maximum(n - 1, 1)  # the last child at risk tells nothing
    variance = np.diag(spread @ share) - share.T @ (share * spread[:, np.newaxis])
    counted = np.flatnonzero(expected > 0)[1:]  # the differences of all groups add up to nought, so one is left out
    excess, within = (ended.sum(axis=0) - expected)[counted], variance[np.ix_(counted, counted)]
    statistic = p = None
    if len(counted) and np.linalg.matrix_rank(within) == len(counted):
        statistic = float(excess @ np.linalg.solve(within, excess))
        p = float(chdtrc(len(counted), statistic))
    both = (tuple(ended.sum(axis=0).tolist()), tuple(expected.tolist()))
    return LogRank(statistic, p, len(counted), tuple(groups), *both)


@dataclass(frozen=True)
class RestrictedMean:
    """The mean wait up to `until`: its value, its standard error, and how many waits ended before `until`.

    degenerate: nobody's wait ended before `until`, so the value is `until` and an error of 0 says nothing of how sure it is.
    """

    value: float
    error: float
    until: float
    degenerate: bool


def restricted_mean(durations: Sequence[float], observed: Sequence[bool], until: float) -> RestrictedMean:
    """Return the mean wait where none is counted beyond `until`: the area under the Kaplan-Meier curve up to there.

    The error is the sampling error of that area, the square root of the sum of A_i^2 d_i / (n_i (n_i - d_i)), where A_i is the area
    from the i-th time to `until` (R: print(survfit, rmean=), survRM2); it is not the spread of the waits themselves.
    Raises ValueError unless `until` is above 0, and if it lies beyond the last time followed while some still wait then.

    >>> found = restricted_mean([6, 6, 10, 13, 16], [True, True, False, True, False], until=12)
    >>> round(found.value, 4), round(found.error, 4)
    (9.6, 1.3145)
    """
    if not 0 < until < np.inf:
        raise ValueError("until has to be above 0")
    curve = survival(durations, observed)
    if curve.last is None or (until > curve.last and curve.at(curve.last) > 0):
        raise ValueError("until lies beyond the last time at which anyone was followed")
    within = curve.times < until
    times, ended, at_risk = curve.times[within], curve.ended[within], curve.at_risk[within]
    areas = np.diff([0.0, *times, until]) * np.concatenate([[1.0], curve.surviving[within]])
    beyond = np.cumsum(areas[::-1])[::-1][1:]  # the area from each time on
    variance = np.where(beyond > 0, beyond**2 * _greenwood(ended, at_risk, at_end=0.0), 0.0).sum()
    return RestrictedMean(float(areas.sum()), float(np.sqrt(variance)), float(until), not len(times))


def _greenwood(ended: np.ndarray, at_risk: np.ndarray, at_end: float = np.inf) -> np.ndarray:
    """Return the terms of Greenwood's sum; `at_end` where everyone at risk ended."""
    left = at_risk - ended
    return np.where(left > 0, ended / (at_risk * np.maximum(left, 1)), at_end)


def _tally(days: np.ndarray, entries: np.ndarray | None, kind: np.ndarray, kinds: int) -> tuple[np.ndarray, ...]:
    """Return the times at which anything ended, how many were at risk just before each, and how many ended in each way.

    kind: 0 for a wait that has not ended, 1 to `kinds` for the way in which it did.
    """
    times, place = _places(days)
    counts = np.bincount(place * (kinds + 1) + kind, minlength=len(times) * (kinds + 1)).reshape(-1, kinds + 1)
    gone = counts.sum(axis=1)
    at_risk = len(days) - np.cumsum(gone) + gone
    if entries is not None:
        at_risk -= len(days) - np.searchsorted(np.sort(entries), times, side="left")  # not yet entered
    ended = counts[:, 1:]
    some = ended.any(axis=1)
    return times[some], at_risk[some], ended[some]


def _places(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different durations in order, and the place of each duration among them.

    Whole numbers that are not far apart are counted, which takes a tenth of the time that sorting does.
    """
    whole = days.astype(np.int64)
    if len(days) and days.max() < 4 * len(days) and (whole == days).all():
        there = np.bincount(whole) > 0
        return np.flatnonzero(there).astype(float), (np.cumsum(there) - 1)[whole]
    return np.unique(days, return_inverse=True)


def _at_risk(times: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return how many of some children are at risk at each time: all but those who were gone before it."""
    return len(days) - np.searchsorted(np.sort(days), times, side="left")


def _last(days: np.ndarray) -> float | None:
    return float(days.max()) if len(days) else None
