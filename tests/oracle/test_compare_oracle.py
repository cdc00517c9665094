"""Comparisons of areas and of small groups a second time, in plain loops and fractions, on numbers and on the sample.

Nothing here uses numpy or scipy; of `pace_nb` only the results under test.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest

from pace_nb.areas import read_areas
from pace_nb.change import compare_groups, restrict_waits
from pace_nb.compare import area_against_rest, false_discoveries, funnel_limits, observed_expected, overdispersion
from pace_nb.extract import read_extract
from pace_nb.funnels import compare_waits, measure_funnels
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.measures import measure_share

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
AS_AT = date(2019, 7, 31)
AREAS = ("fife", "falkirk", "orkney-islands", "stirling")


def binomial(r: int, n: int, share: float) -> float:
    return sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(r + 1))


def limit(share: float, n: int, p: float) -> float:
    r = 0
    while binomial(r, n, share) < p:
        r += 1
    above, below = binomial(r, n, share), binomial(r - 1, n, share)
    return min(1.0, max(0.0, (r - (above - p) / (above - below)) / n))


@pytest.mark.parametrize("share", [0.05, 0.33, 0.5, 0.81])
@pytest.mark.parametrize("level", [0.95, 0.998])
def test_funnel_limits(share, level):
    for n in (1, 2, 5, 9, 17, 40, 181):
        found = funnel_limits(share, n, level)
        assert found.lower == pytest.approx(limit(share, n, (1 - level) / 2), abs=1e-9)
        assert found.upper == pytest.approx(limit(share, n, (1 + level) / 2), abs=1e-9)


def percentile(values: list[float], p: float) -> float:
    """The p-th quantile, type 7: on the straight line between the two values on either side."""
    ordered, at = sorted(values), p * (len(values) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


COUNTS, TOTALS = [2, 5, 11, 28, 75, 20, 208, 9, 0, 36], [3, 25, 42, 80, 181, 93, 549, 48, 0, 103]


def test_overdispersion():
    found = overdispersion(COUNTS, TOTALS)
    pairs = [(y, n) for y, n in zip(COUNTS, TOTALS, strict=True) if n]
    target = sum(y for y, _ in pairs) / sum(n for _, n in pairs)
    z = [(y / n - target) / math.sqrt(target * (1 - target) / n) for y, n in pairs]
    low, high = percentile(z, 0.1), percentile(z, 0.9)
    phi = sum(min(max(v, low), high) ** 2 for v in z) / len(z)
    weights = [n / (target * (1 - target)) for _, n in pairs]
    tau2 = (len(z) * phi - (len(z) - 1)) / (sum(weights) - sum(w * w for w in weights) / sum(weights))
    tau2 = max(0.0, tau2)
    assert found.phi == pytest.approx(phi)
    assert found.tau2 == pytest.approx(tau2)
    assert found.tau2 > 0
    assert found.overdispersed == (phi > 1 + 2 * math.sqrt(2 / len(z)))
    kept = [i for i, n in enumerate(TOTALS) if n]
    for i, own, (y, n) in zip(kept, z, pairs, strict=True):
        assert found.z[i] == pytest.approx(own)
        assert found.adjusted_z[i] == pytest.approx((y / n - target) / math.sqrt(target * (1 - target) / n + tau2))


def wilson(y: int, n: int) -> tuple[float, float]:
    z = 1.959963984540054
    p = y / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def fisher(a: int, n: int, b: int, m: int) -> Fraction:
    """Add up every table with these margins that is no likelier than the one found."""
    every = [Fraction(math.comb(n, k) * math.comb(m, a + b - k), math.comb(n + m, a + b)) for k in range(a + b + 1)]
    return sum(p for p in every if p <= every[a])


def test_area_against_rest():
    for y, n, found in zip(COUNTS, TOTALS, area_against_rest(COUNTS, TOTALS), strict=True):
        b, m = sum(COUNTS) - y, sum(TOTALS) - n
        if not n:
            assert found.p is None
            continue
        (low, high), (other_low, other_high) = wilson(y, n), wilson(b, m)
        gap = y / n - b / m
        assert found.difference == pytest.approx(gap)
        assert found.interval[0] == pytest.approx(gap - math.hypot(y / n - low, other_high - b / m))
        assert found.interval[1] == pytest.approx(gap + math.hypot(high - y / n, b / m - other_low))
        assert found.p == pytest.approx(float(fisher(y, n, b, m)))


def test_false_discoveries():
    p = [0.9, 0.003, 0.04, 0.04, 0.011, 0.2, 0.5, 0.051]
    for own, found in zip(p, false_discoveries(p), strict=True):
        wanted = min(1.0, *(x * len(p) / sum(q <= x for q in p) for x in p if x >= own))
        assert found == pytest.approx(wanted)


def expected_by_hand(days: list[int], ended: list[bool], area: list[str], entry: list[int]) -> dict[str, float]:
    """For each child, over each day of following: how many ended that day, of how many followed."""
    rates = {}
    for day in sorted({d for d, e in zip(days, ended, strict=True) if e}):
        followed = sum(e < day <= d for d, e in zip(days, entry, strict=True))
        rates[day] = sum(d == day and x for d, x in zip(days, ended, strict=True)) / followed
    found = defaultdict(float)
    for d, e, a in zip(days, entry, area, strict=True):
        found[a] += sum(rate for day, rate in rates.items() if e < day <= d)
    return found


def test_observed_expected():
    days = [0, 3, 3, 5, 8, 8, 8, 13, 21, 21, 34, 40]
    ended = [True, True, False, True, True, True, False, True, False, True, True, False]
    area, entry = list("abcabcabcabc"), [-1, -1, 1, -1, 4, -1, 7, -1, 8, -1, -1, 20]
    wanted = expected_by_hand(days, ended, area, entry)
    for found in observed_expected(days, ended, area, entry):
        assert found.expected == pytest.approx(wanted[found.area])
        assert found.observed == sum(e for e, a in zip(ended, area, strict=True) if a == found.area)


def poisson(k: int, mean: float) -> float:
    return sum(math.exp(-mean) * mean**i / math.factorial(i) for i in range(k + 1))


@pytest.mark.parametrize("ended", [1, 4, 11])
def test_the_interval_of_observed_to_expected_cuts_off_a_fortieth_at_each_end(ended):
    found = observed_expected(range(20), [i < ended for i in range(20)], ["a"] * 20)[0]
    low, high = (x * found.expected for x in found.interval)
    assert poisson(ended, high) == pytest.approx(0.025)
    assert 1 - poisson(ended - 1, low) == pytest.approx(0.025)


@pytest.mark.parametrize(
    ("before", "after"),
    [([71, 12, 300, 44, 9], [8, 12, 15, 71]), ([5, 5, 6, 7], [5, 5, 5, 5, 9]), ([10, 400], [12, 13, 14, 15, 16, 17])],
)
def test_compare_groups(before, after):
    values, m = [*before, *after], len(after)

    def away(chosen: tuple[int, ...]) -> Fraction:
        inside = sum(values[i] for i in chosen)
        return abs(Fraction(inside, m) - Fraction(sum(values) - inside, len(before)))

    every = [away(c) for c in combinations(range(len(values)), m)]
    found = compare_groups(before, after)
    assert found.p == pytest.approx(float(Fraction(sum(a >= every[-1] for a in every), len(every))))
    differences = sorted(b - a for a in before for b in after)
    half = len(differences) // 2
    assert found.shift == (
        differences[half] if len(differences) % 2 else (differences[half - 1] + differences[half]) / 2
    )
    ranks = [sum(c) - m * (m - 1) // 2 for c in combinations(range(len(values)), m)]
    k = next(k for k in range(len(ranks)) if sum(u <= k for u in ranks) / len(ranks) >= 0.025)
    assert found.interval == (None if k == 0 else (differences[k - 1], differences[-k]))


# --- on the sample -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    if not SAMPLE.is_dir():
        pytest.skip("no sample beside the tests")
    path = tmp_path_factory.mktemp("areas")
    for area in AREAS:
        (path / area).symlink_to(SAMPLE / area)
    return path


@pytest.fixture(scope="module")
def together(folder) -> dict[str, Intervals]:
    extract = read_areas(folder, AS_AT, "working")
    return {id: find_intervals(extract, aim) for id, aim in extract.aims.items()}


def test_an_area_has_the_same_numbers_among_others_as_alone(folder, together):
    areas = ["Falkirk", "Fife", "Orkney Islands", "Stirling"]
    funnels = {f.aim.id: {p.area: p for p in f.places} for f in measure_funnels(list(together.values()), areas)}
    assert set(funnels) == {"aim-1", "aim-2"}, "only aims with a limit that all areas share"
    for name in AREAS:
        extract = read_extract(folder / name, AS_AT, None, "working")
        for id in funnels:
            own = measure_share(find_intervals(extract, together[id].aim))
            among = funnels[id][extract.area]
            assert (among.met, among.due) == (own.met, own.due)
            assert among.due > 0


def test_what_is_expected_of_each_area(together):
    for id in ("aim-2", "aim-3"):
        begin = together[id].since
        days, ended, area, entry = [], [], [], []
        for row in together[id].table.itertuples():
            waited_before = (begin - row.start.date()).days
            since = waited_before if waited_before > 0 else -1
            if row.status == "unusable" or row.days <= since:
                continue
            days.append(row.days)
            ended.append(row.status == "reached")
            area.append(row.local_authority)
            entry.append(since)
        wanted = expected_by_hand(days, ended, area, entry)
        found = compare_waits(together[id])
        assert {o.area: round(o.expected, 6) for o in found} == {a: round(e, 6) for a, e in wanted.items()}
        assert sum(o.observed for o in found) == sum(ended)


def test_waits_that_may_be_compared_before_and_since_a_change(together):
    intervals, day = together["aim-2"], date(2016, 6, 6)
    length = (AS_AT - day).days // 2 // 7 * 7
    families = {"before": defaultdict(list), "after": defaultdict(list)}
    for i, row in enumerate(intervals.table.itertuples()):
        start = row.start.date()
        if row.status == "unusable" or start < intervals.since or (AS_AT - start).days < length:
            continue
        group = row.sibling_group if isinstance(row.sibling_group, str) and row.sibling_group else f"child {i}"
        families["after" if start >= day else "before"][row.local_authority, group].append(min(row.days, length))
    found = restrict_waits(intervals, day)
    assert found.days == length
    for side, waits in families.items():
        assert list(getattr(found, side)) == sorted(math.floor(sum(w) / len(w) + 0.5) for w in waits.values())
        assert getattr(found, f"children_{side}") == sum(map(len, waits.values()))
        assert len(waits) < sum(map(len, waits.values())), "the sample has brothers and sisters"
