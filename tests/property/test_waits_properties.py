"""What holds of the curves of any waits: they add up, do not depend on order or unit, and never pretend.

Always the same examples (derandomised), few enough for every run of the suite.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.disclosure import CURVE_STEPS, curve_step
from pace_nb.waits import (
    WAYS,
    WaysOut,
    cumulative_incidence,
    find_followed,
    logrank,
    restricted_mean,
    round_ways,
    survival,
)

FAST = settings(max_examples=60, derandomize=True, deadline=None)
ROWS = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from([0, 0, 1, 1, 2, 3]), st.integers(1, 40)), min_size=1, max_size=60
)


def split(rows, factor: int = 1):
    """Return durations, causes and entries; the third number is how long a child was followed for."""
    days = [d * factor for d, _, _ in rows]
    return days, [c for _, c, _ in rows], [(d - back) * factor for d, _, back in rows]


def arrays(curve):
    return [np.asarray(a).tolist() for a in (curve.times, curve.surviving, curve.at_risk, curve.ended)]


@FAST
@given(ROWS)
def test_the_ways_out_and_those_still_waiting_add_up_to_everyone(rows):
    days, cause, entry = split(rows)
    for late in (None, entry):
        found = cumulative_incidence(days, cause, late)
        assert found.incidence.sum(axis=1) + found.surviving == pytest.approx(1, abs=1e-9)
        assert (np.diff(found.incidence, axis=0) >= 0).all()
        assert found.surviving.tolist() == survival(days, [c != 0 for c in cause], late).surviving.tolist()


@FAST
@given(ROWS, st.integers(0, 1000))
def test_the_order_of_the_rows_changes_not_one_bit(rows, seed):
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    for a, b in zip((split(rows),), (split(shuffled),), strict=True):
        assert arrays(cumulative_incidence(*a)) == arrays(cumulative_incidence(*b))
        assert cumulative_incidence(*a).incidence.tolist() == cumulative_incidence(*b).incidence.tolist()


@FAST
@given(ROWS)
def test_seven_times_the_days_are_seven_times_the_times_and_the_same_shares(rows):
    (days, cause, entry), (longer, _, later) = split(rows), split(rows, 7)
    one, seven = survival(days, [c != 0 for c in cause], entry), survival(longer, [c != 0 for c in cause], later)
    assert (one.times * 7).tolist() == seven.times.tolist()
    assert one.surviving.tolist() == seven.surviving.tolist()
    assert seven.median == (None if one.median is None else 7 * one.median)


@FAST
@given(ROWS)
def test_the_limits_hold_the_share_between_them_and_the_median_between_its_own(rows):
    days, cause, _ = split(rows)
    curve = survival(days, [c != 0 for c in cause])
    for t in [-1.0, *curve.times.tolist()]:
        share, limits = curve.at(t), curve.interval_at(t)
        assert (limits is None) == (share in (0, 1))
        assert limits is None or 0 <= limits[0] < share < limits[1] <= 1
    low, high = curve.median_interval
    assert low is None or curve.median is None or low <= curve.median
    assert high is None or (curve.median is not None and curve.median <= high)


@FAST
@given(ROWS, st.lists(st.integers(0, 60), min_size=1, max_size=4))
def test_more_children_still_waiting_never_lower_the_curve(rows, more):
    days, cause, _ = split(rows)
    before = survival(days, [c != 0 for c in cause])
    after = survival([*days, *more], [*(c != 0 for c in cause), *([False] * len(more))])
    assert all(after.at(t) >= before.at(t) - 1e-12 for t in range(61))


@FAST
@given(ROWS, st.integers(1, 60))
def test_the_mean_up_to_a_day_is_the_sum_of_the_shares_day_by_day(rows, until):
    days, cause, _ = split(rows)
    ended = [c != 0 for c in cause]
    curve = survival(days, ended)
    if until > curve.last and curve.at(curve.last) > 0:
        with pytest.raises(ValueError, match="beyond"):
            restricted_mean(days, ended, until)
        return
    found = restricted_mean(days, ended, until)
    assert found.value == pytest.approx(sum(curve.at(t) for t in range(until)))
    assert found.degenerate == (curve.at(until - 1) == 1)
    assert found.error >= 0
    assert not found.degenerate or found.error == 0


@FAST
@given(ROWS, st.integers(2, 4))
def test_what_was_expected_of_all_groups_is_what_ended(rows, k):
    days, cause, back = split(rows)
    group = [b % k for b in back]
    if len(set(group)) < 2:
        return
    found = logrank(days, [c != 0 for c in cause], group)
    assert sum(found.expected) == pytest.approx(sum(found.ended))
    assert found.statistic is None or (found.statistic >= -1e-9 and 0 <= found.p <= 1)


@FAST
@given(ROWS, st.sampled_from([1, 3, 5]), st.sampled_from([1, 2]))
def test_enough_are_followed_on_every_day_that_is_told_of(rows, least, every):
    days, cause, entry = split(rows)
    status = ["reached" if c else "waiting" for c in cause]
    table = pd.DataFrame({"days": days, "entry": np.maximum(entry, -1), "status": status})
    part = find_followed(table, least, every)
    risk = [sum(max(e, -1) < t <= d for e, d in zip(entry, days, strict=True)) for t in range(62)]
    starts = [t for t in range(0, 62, 7 * every) if risk[t] >= least]
    if part is None:
        assert starts == []
        return
    assert part.begins == starts[0]
    assert min(risk[part.begins : part.ends + 1]) >= least
    assert risk[part.ends + 1] < least
    assert part.curve.at(part.begins - 1) == 1


SHARES = st.lists(
    st.tuples(st.floats(0, 0.05), st.floats(0, 0.03), st.floats(0, 0.02)), min_size=1, max_size=20
)  # what is added every thirteen weeks


@FAST
@given(SHARES, st.sampled_from(CURVE_STEPS))
def test_rounded_shares_add_up_never_fall_and_stay_near(added, step):
    shares = np.minimum(np.cumsum(added, axis=0), 1 / 3)
    weeks = pd.DataFrame(shares, columns=list(WAYS)).assign(week=range(len(added)), at_risk=50)
    weeks["waiting"] = 1 - shares.sum(axis=1)
    found = round_ways(WaysOut(None, weeks, 100), step).weeks
    assert found[[*WAYS, "waiting"]].sum(axis=1).tolist() == pytest.approx([1] * len(added))
    assert all(found[way].is_monotonic_increasing for way in WAYS)
    assert (found["waiting"] - weeks["waiting"]).abs().max() <= step / 2 + 1e-9
    assert found["waiting"].min() >= -1e-9


@FAST
@given(st.integers(0, 2000))
def test_no_step_of_an_aggregate_curve_is_worth_fewer_than_five_children(n):
    step = curve_step(n)
    assert step is None if n < 20 else step * n >= 5 - 1e-9
