"""What holds of any comparison: the order of children, the names of areas, the unit of time, and what adds up."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pace_nb.change import compare_groups
from pace_nb.compare import area_against_rest, false_discoveries, funnel_limits, observed_expected, overdispersion

CALM = settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CHILDREN = st.lists(
    st.tuples(st.integers(0, 60), st.booleans(), st.sampled_from("abcd"), st.integers(-1, 40)).filter(
        lambda c: c[3] < c[0]
    ),
    min_size=1,
    max_size=60,
)
SHARES = st.lists(
    st.integers(0, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=32
)
GROUP = st.lists(st.integers(0, 40), min_size=2, max_size=9)


@CALM
@given(CHILDREN)
def test_all_that_is_expected_adds_up_to_all_that_is_observed(children):
    found = observed_expected(*zip(*children, strict=True))
    assert sum(o.expected for o in found) == pytest.approx(sum(o.observed for o in found))
    assert sum(o.children for o in found) == len(children)
    for one in found:
        assert one.ratio is None or one.interval[0] <= one.ratio <= one.interval[1]


@CALM
@given(CHILDREN, st.randoms(use_true_random=False))
def test_neither_the_order_of_children_nor_the_unit_of_time_matters(children, chance):
    shuffled = [(d * 7, e, a, s if s < 0 else s * 7) for d, e, a, s in chance.sample(children, len(children))]
    one, other = (observed_expected(*zip(*c, strict=True)) for c in (children, shuffled))
    assert [(o.area, o.observed) for o in one] == [(o.area, o.observed) for o in other]
    assert [o.expected for o in one] == pytest.approx([o.expected for o in other])


@CALM
@given(CHILDREN)
def test_one_area_alone_has_what_is_expected_of_it(children):
    days, ended, _, entry = zip(*children, strict=True)
    found = observed_expected(days, ended, ["a"] * len(days), entry)[0]
    assert found.expected == pytest.approx(found.observed)


@CALM
@given(SHARES, st.randoms(use_true_random=False))
def test_areas_are_compared_alike_in_whatever_order_they_stand(shares, chance):
    order = chance.sample(range(len(shares)), len(shares))
    one, other = (overdispersion(*zip(*s, strict=True)) for s in (shares, [shares[i] for i in order]))
    for name in ("phi", "tau2", "target"):
        assert getattr(one, name) == pytest.approx(getattr(other, name))
    assert other.z.tolist() == pytest.approx(one.z[order].tolist(), nan_ok=True)
    first, second = (area_against_rest(*zip(*s, strict=True)) for s in (shares, [shares[i] for i in order]))
    assert [s.p for s in second] == [first[i].p for i in order]


@CALM
@given(SHARES)
def test_an_adjusted_z_is_never_further_out_and_never_changes_side(shares):
    found = overdispersion(*zip(*shares, strict=True))
    known = ~np.isnan(found.z)
    assert (abs(found.adjusted_z[known]) <= abs(found.z[known]) + 1e-12).all()
    assert (found.adjusted_z[known] * found.z[known] >= 0).all()
    assert known.tolist() == [n > 0 for _, n in shares]


@CALM
@given(SHARES)
def test_a_difference_lies_in_its_interval_and_counting_the_missed_turns_it_round(shares):
    met, due = zip(*shares, strict=True)
    turned = area_against_rest([n - y for y, n in shares], due)
    for one, other in zip(area_against_rest(met, due), turned, strict=True):
        if one.difference is None:
            continue
        low, high = one.interval
        assert -1 - 1e-9 <= low <= one.difference <= high <= 1 + 1e-9
        assert other.interval == pytest.approx((-high, -low))
        assert other.p == pytest.approx(one.p)


@CALM
@given(st.floats(0.01, 0.99), st.integers(1, 400), st.floats(0.5, 0.999))
def test_limits_lie_in_order(share, n, level):
    found, wider = funnel_limits(share, n, level), funnel_limits(share, n, (1 + level) / 2)
    assert 0 <= wider.lower <= found.lower <= found.upper <= wider.upper <= 1


@CALM
@given(st.lists(st.floats(0, 1), min_size=1, max_size=128))
def test_allowing_for_many_looks_never_makes_one_surer_and_keeps_their_order(p):
    found = false_discoveries(p)
    assert (found >= np.array(p) - 1e-12).all()
    ordered = found[np.argsort(p, kind="stable")]
    assert (np.diff(ordered) >= -1e-12).all()


@CALM
@given(GROUP, GROUP)
def test_a_comparison_of_groups_turns_round_with_them(before, after):
    one, other = compare_groups(before, after), compare_groups(after, before)
    assert one.p == pytest.approx(other.p)
    assert (one.difference, one.shift) == pytest.approx((-other.difference, -other.shift))
    assert one.smallest_p == other.smallest_p
    assert one.smallest_p - 1e-12 <= one.p <= 1


@CALM
@given(GROUP, GROUP, st.integers(-500, 500))
def test_moving_all_children_or_changing_the_unit_changes_no_chance(before, after, by):
    one = compare_groups(before, after)
    moved = compare_groups([v + by for v in before], [v + by for v in after])
    weeks = compare_groups([v / 7 for v in before], [v / 7 for v in after])
    assert one.p == pytest.approx(moved.p)
    assert one.p == pytest.approx(weeks.p)
    assert moved.shift == pytest.approx(one.shift)
    assert weeks.shift * 7 == pytest.approx(one.shift)


@CALM
@given(GROUP, GROUP)
def test_the_order_within_a_group_does_not_matter(before, after):
    chance = random.Random(1)
    shuffled = [chance.sample(g, len(g)) for g in (before, after)]
    one, other = compare_groups(before, after), compare_groups(*shuffled)
    assert one.p == pytest.approx(other.p)
    assert one.difference == pytest.approx(other.difference)
    assert (one.shift, one.interval, one.smallest_p) == (other.shift, other.interval, other.smallest_p)
