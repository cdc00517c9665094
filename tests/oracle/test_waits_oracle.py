"""Waits a second time: in plain loops with fractions on the synthetic sample, and against scipy and statsmodels.

The loops know nothing of how the package does it; the rules are those of the docstrings, written down again.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight, survdiff
from test_oracle import AIMS, AREAS, CASES, SAMPLE, children, definitions, result, waits

from pace_nb.waits import cumulative_incidence, find_ways_out, logrank, summarise_waits, survival

pytestmark = pytest.mark.skipif(not SAMPLE.is_dir(), reason="no sample beside the tests")


# --- the sample, in plain loops ----------------------------------------------------------------------------------


def followed(area: str, aim: str) -> list[tuple[int, int, object]]:
    """Return for each wait that can be followed: days waited before it was, days, and the wait itself."""
    since, found = definitions(area)[2], []
    for w in waits(area, aim):
        if w.status == "unusable":
            continue
        before = -1 if since is None or w.start >= since else (since - w.start).days
        if w.days > before:
            found.append((before, w.days, w))
    return found


def at_risk(rows: list, day: int) -> int:
    return sum(before < day <= days for before, days, _ in rows)


def first_week_with_five(rows: list) -> int | None:
    for week in range(max((days for _, days, _ in rows), default=0) // 7 + 1):
        if at_risk(rows, 7 * week) >= 5:
            return week
    return None


@pytest.mark.parametrize(("area", "aim"), CASES)
def test_the_typical_wait(area, aim):
    """The first day with half or fewer waiting, if five were followed on every day until then."""
    rows = followed(area, aim)
    week = first_week_with_five(rows)
    found = summarise_waits(result(area, aim))
    if week is None:
        assert (found.typical, found.later, found.followed) == (None, None, len(rows))
        return
    rows = [r for r in rows if r[1] >= 7 * week]
    surviving, half = Fraction(1), None
    for day in range(7 * week, max(days for _, days, _ in rows) + 1):
        risk = at_risk(rows, day)
        if risk < 5:
            break
        surviving *= 1 - Fraction(sum(days == day and w.status != "waiting" for _, days, w in rows), risk)
        if surviving <= Fraction(1, 2):
            half = day
            break
    assert found.followed == len(rows)
    assert found.typical == (half if week == 0 else None)
    assert found.later == ((7 * week, half) if week and half is not None else None)


def test_the_sample_holds_children_who_waited_when_the_period_began():
    """Otherwise the comparison would say nothing of late entries."""
    entries = Counter(before > 0 for area in AREAS for aim in AIMS for before, _, _ in followed(area, aim))
    assert entries[True] > 100
    assert entries[False] > 1000


def went_home(area: str, wait) -> bool:
    """Whether a child who left did so by going home on the last day of the spell, and neither by an order nor by a route."""
    events = [e for day, e, _ in children(area)[wait.child].events if day == wait.last]
    return wait.status == "left" and wait.last == wait.spell_end and "return_home" in events


@pytest.mark.parametrize("area", AREAS)
def test_the_ways_out(area):
    """Aalen and Johansen with fractions: each way's share grows by those still waiting times its part of those at risk."""
    rows = followed(area, "aim-2")
    week = first_week_with_five(rows)
    found = find_ways_out(result(area, "aim-2"))
    rows = [r for r in rows if r[1] >= 7 * week]
    ended = {"reached": Fraction(0), "home": Fraction(0), "other": Fraction(0)}
    weeks = []
    for day in range(7 * week, max(days for _, days, _ in rows) + 1):
        risk = at_risk(rows, day)
        if risk < 5:
            break
        still = 1 - sum(ended.values())
        for w in (w for _, days, w in rows if days == day and w.status != "waiting"):
            way = "reached" if w.status == "reached" else "home" if went_home(area, w) else "other"
            ended[way] += still / risk
        if day % 7 == 0:
            weeks.append((day // 7, *map(float, ended.values()), float(1 - sum(ended.values())), risk))
    assert found.children == len(rows)
    assert found.weeks.to_numpy(dtype=float) == pytest.approx(np.array(weeks), abs=1e-12)


# --- other programs ----------------------------------------------------------------------------------------------


def made_up(seed: int, n: int = 80, longest: int = 30) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return days, causes (0: not ended) and groups with many ties, always the same for a seed."""
    chance = random.Random(seed)
    rows = [(chance.randint(1, longest), chance.choice([0, 0, 1, 1, 2, 3]), chance.randint(0, 2)) for _ in range(n)]
    return tuple(np.array(column) for column in zip(*rows, strict=True))


SEEDS = range(12)


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")  # at 0 and 1, where ours are None
@pytest.mark.parametrize("seed", SEEDS)
def test_the_curve_is_that_of_scipy_and_of_statsmodels(seed):
    days, cause, _ = made_up(seed)
    ours = survival(days, cause != 0)
    scipys = ecdf(CensoredData(uncensored=days[cause != 0], right=days[cause == 0])).sf
    assert ours.surviving == pytest.approx(scipys.evaluate(ours.times), abs=1e-12)
    limits = scipys.confidence_interval(method="log-log")
    for day in ours.times[:-1]:
        low, high = ours.interval_at(day)
        assert low == pytest.approx(limits.low.evaluate(day), abs=1e-10)
        assert high == pytest.approx(limits.high.evaluate(day), abs=1e-10)
    theirs = SurvfuncRight(days, cause != 0)
    assert ours.times.tolist() == theirs.surv_times.tolist()
    assert ours.at_risk.tolist() == theirs.n_risk.tolist()
    assert ours.surviving == pytest.approx(theirs.surv_prob, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_curve_with_late_entries_is_that_of_statsmodels(seed):
    days, cause, _ = made_up(seed, n=120)
    entry = np.array([random.Random(seed + i).randint(0, int(d)) // 2 for i, d in enumerate(days)], dtype=float)
    days = days + entry
    ours, theirs = survival(days, cause != 0, entry), SurvfuncRight(days, cause != 0, entry=entry)
    assert (entry > 0).sum() > 50
    assert ours.at_risk.tolist() == theirs.n_risk.tolist()
    assert ours.surviving == pytest.approx(theirs.surv_prob, abs=1e-12)


@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")  # in statsmodels' standard errors, not asked for
@pytest.mark.parametrize("seed", SEEDS)
def test_the_ways_out_are_those_of_statsmodels(seed):
    days, cause, _ = made_up(seed)
    ours, theirs = cumulative_incidence(days, cause), CumIncidenceRight(days, cause)
    assert ours.causes == (1, 2, 3)
    for k in range(3):
        at = [ours.at(t, k + 1) for t in theirs.times]
        assert at == pytest.approx(theirs.cinc[k], abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_comparison_is_that_of_statsmodels(seed):
    days, cause, group = made_up(seed)
    for several in (group, group > 0):
        ours, (statistic, p) = logrank(days, cause != 0, several), survdiff(days, cause != 0, several)
        assert ours.statistic == pytest.approx(statistic, rel=1e-9)
        assert ours.p == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_late_entries_in_plain_loops(seed):
    """The rule itself: at risk at t if entry < t <= duration; and Greenwood's limits from the same numbers."""
    days, cause, _ = made_up(seed, n=150)
    days, cause = days.tolist(), cause.tolist()  # plain numbers: fractions of numpy's overflow
    entry = [random.Random(1000 * seed + i).randint(-1, d - 1) for i, d in enumerate(days)]
    ours = cumulative_incidence(days, cause, entry)
    curve = survival(days, [c != 0 for c in cause], entry)
    surviving, ended, spread = Fraction(1), dict.fromkeys((1, 2, 3), Fraction(0)), Fraction(0)
    for t in range(max(days) + 1):
        risk = sum(e < t <= d for e, d in zip(entry, days, strict=True))
        counts = Counter(c for d, c in zip(days, cause, strict=True) if d == t and c)
        if not counts:
            continue
        for k, n in counts.items():
            ended[k] += surviving * Fraction(n, risk)
        gone = sum(counts.values())
        surviving *= 1 - Fraction(gone, risk)
        assert [ours.at(t, k) for k in (1, 2, 3)] == pytest.approx([float(f) for f in ended.values()], abs=1e-12)
        assert curve.at(t) == pytest.approx(float(surviving), abs=1e-12)
        if surviving:
            spread += Fraction(gone, risk * (risk - gone))
            middle = math.log(-math.log(surviving))
            far = 1.959963984540054 * math.sqrt(spread) / -math.log(surviving)
            assert curve.interval_at(t) == pytest.approx(
                (math.exp(-math.exp(middle + far)), math.exp(-math.exp(middle - far))), rel=1e-9
            )
        else:
            assert curve.interval_at(t) is None
            break
    assert sum(ended.values()) + surviving == 1
