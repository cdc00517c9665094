"""The run chart engine against plain loops and exact fractions, on anything that Hypothesis thinks of."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.runchart import analyse_many, analyse_values, propose_phases, runs_limits

sys.path.insert(0, str(Path(__file__).parent))
import plain_runchart as plain

#: Few different values, so that ties and points on the median are common; some missing.
VALUE = st.one_of(st.none(), st.integers(0, 6), st.sampled_from([0.1 + 0.2, 0.3, 2.5, 1e6]))
SERIES = st.lists(VALUE, min_size=1, max_size=45)


def told(found) -> list[tuple]:
    return [(s.rule, s.first, s.last, s.side, s.length) for s in found.signals]


@settings(max_examples=400, deadline=None)
@given(SERIES, st.integers(1, 45))
def test_every_signal_and_count_is_that_of_plain_loops(values, baseline):
    baseline = min(baseline, len(values))
    expected = plain.analyse(values, baseline)
    if expected["centre"] is None:
        if any(v is not None for v in values):
            with pytest.raises(ValueError, match="only missing"):
                analyse_values(values, baseline)
        return
    found = analyse_values(values, baseline)
    assert (found.centre, found.useful, found.above, found.below) == tuple(
        expected[k] for k in ("centre", "useful", "above", "below")
    )
    assert (found.runs, found.longest_run) == (expected["runs"], expected["longest"])
    assert sorted(told(found)) == sorted(expected["signals"])


@pytest.mark.parametrize("times", [1, 61], ids=["fewer series than points", "fewer points than series"])
@settings(max_examples=60, deadline=None)
@given(st.lists(SERIES, min_size=1, max_size=6))
def test_many_series_at_once_are_each_as_plain_loops_have_it(times, series):
    many = analyse_many(series * times)
    for i, values in enumerate(series):
        expected = plain.analyse(values)
        assert (many.useful[i], many.runs[i], many.longest_run[i]) == (
            expected["useful"],
            expected["runs"],
            expected["longest"],
        )
        rules = {rule for rule, *_ in expected["signals"]}
        assert {
            "shift": many.shift[i],
            "trend": many.trend[i],
            "too_few_runs": many.too_few_runs[i],
            "too_many_runs": many.too_many_runs[i],
        } == {rule: rule in rules for rule in ("shift", "trend", "too_few_runs", "too_many_runs")}


@settings(max_examples=300, deadline=None)
@given(
    st.lists(VALUE, min_size=3, max_size=60),
    st.integers(1, 12),
    st.integers(2, 9),
    st.sampled_from(["lower", "higher"]),
)
def test_proposed_phases_are_those_of_plain_loops(values, baseline, run, better):
    baseline = min(baseline, len(values))
    if plain.median(values[:baseline]) is None:
        return
    found = propose_phases(values, baseline, run, better)
    assert [(p.median, p.first, p.last) for p in found] == plain.phases(values, baseline, run, better)
    assert [p.until + 1 for p in found] == [*(p.first for p in found[1:]), len(values)]


def test_runs_limits_are_exact_for_every_split_of_up_to_sixty_points():
    for n in range(2, 61):
        for above in range(n + 1):
            assert runs_limits(above, n - above) == plain.limits(above, n - above), (above, n - above)
