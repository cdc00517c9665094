"""Run chart rules, held against the published ones: Perla 2011, Public Health Scotland's wording, Anhøj and Olesen 2014.

The tables of limits are typed in from the method's tables (A.1.2 to A.1.4), not taken from the code.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from pace_nb.aims import Aim
from pace_nb.changes import Change
from pace_nb.errors import ParameterError
from pace_nb.intervals import Intervals
from pace_nb.runchart import (
    RULES,
    analyse_many,
    analyse_phases,
    analyse_run,
    analyse_values,
    anhoej_limits,
    cases_between_limits,
    false_alarm_rate,
    false_alarms,
    individuals_limits,
    propose_phases,
    runs_limits,
    same_day_order,
    time_between_limits,
)

# Twelve baseline points, median 10, without a run of six or a trend of five.
BASELINE = [8, 12, 9, 11, 12, 8, 11, 9, 8, 12, 9, 11]
ENDS_BELOW = [*BASELINE[:-2], 11, 9]  # so that a shift above begins after it


def signals(values, rule, **options):
    """Return (first, last, side, length) of one rule's signals."""
    found = analyse_values(values, **options).signals
    return [(s.first, s.last, s.side, s.length) for s in found if s.rule == rule]


def shifts(later, before=BASELINE):
    """Return the shifts of `before` and `later` against the median of `before`, positions counted from `later`."""
    at = len(before)
    return [(a - at, b - at, side, n) for a, b, side, n in signals([*before, *later], "shift", baseline=at)]


class TestEmptyAndMissing:
    def test_no_values_give_no_median_and_no_signal(self):
        found = analyse_values([])
        assert (found.centre, found.useful, found.runs, found.signals, found.enough) == (None, 0, 0, (), False)

    @pytest.mark.parametrize("values", [[None], [math.nan, None, math.nan]])
    def test_only_missing_values_give_no_median_but_keep_their_places(self, values):
        found = analyse_values(values)
        assert found.centre is None
        assert found.sides == (None,) * len(values)

    def test_one_value_is_its_own_median_and_not_useful(self):
        found = analyse_values([7])
        assert (found.centre, found.useful, found.runs, found.longest_run) == (7.0, 0, 0, 0)

    def test_none_and_nan_are_the_same_missing_value(self):
        values = [*BASELINE, 1, None, 2, 3]
        assert analyse_values(values) == analyse_values([math.nan if v is None else v for v in values])

    def test_missing_values_neither_break_nor_lengthen_a_shift(self):
        assert shifts([1, None, 2, 1, None, None, 2, 1, 2]) == [(0, 8, "below", 6)]
        assert shifts([1, None, 2, 1, None, None, 2, 1, None]) == []

    def test_missing_values_neither_break_nor_lengthen_a_trend(self):
        assert signals([1, 2, None, 3, 4, None, 5], "trend") == [(0, 6, "up", 5)]
        assert signals([1, 2, None, 3, 4, None], "trend") == []

    def test_missing_values_do_not_count_towards_the_median(self):
        assert analyse_values([None, 1, None, 3, None]).centre == 2

    def test_a_missing_value_has_no_side_and_a_value_on_the_median_has_side_nought(self):
        assert analyse_values([1, None, 2, 3]).sides == (-1, None, 0, 1)


class TestMedian:
    def test_an_even_number_of_points_takes_the_mean_of_the_two_middle_ones(self):
        assert analyse_values([1, 2, 4, 100]).centre == 3

    @pytest.mark.parametrize("n", [11, 21, 35])
    def test_an_odd_number_of_distinct_values_puts_one_on_the_median(self, n):
        assert analyse_values(list(range(n))).useful == n - 1

    @pytest.mark.parametrize("n", [10, 20, 36])
    def test_an_even_number_of_distinct_values_puts_none_on_the_median(self, n):
        assert analyse_values(list(range(n))).useful == n

    def test_a_tenth_and_two_tenths_are_three_tenths(self):
        """A floating sum that misses the median by its last bit is on the median."""
        assert 0.1 + 0.2 != 0.3
        assert analyse_values([0.2, 0.3, 0.4, 0.1 + 0.2], baseline=3).sides[-1] == 0
        assert analyse_values([0.2, 0.1 + 0.2, 0.4, 0.3], baseline=3).sides[-1] == 0

    def test_a_day_off_the_median_of_long_waits_is_off_the_median(self):
        """Tolerance is for floating noise only: 2,000 and 2,001 days differ."""
        assert analyse_values([1999, 2000, 2001]).sides == (-1, 0, 1)

    def test_days_are_compared_not_rounded_weeks(self):
        """83, 84 and 85 days are all 'twelve weeks', and only one of them is the median."""
        assert analyse_values([83, 84, 85]).useful == 2

    def test_all_the_same_value_leaves_no_useful_point(self):
        found = analyse_values([84] * 20)
        assert (found.useful, found.runs, found.crossings, found.signals, found.enough) == (0, 0, 0, (), False)


class TestShift:
    def test_five_on_one_side_are_one_short(self):
        assert shifts([1, 2, 1, 2, 1]) == []

    def test_six_on_one_side_are_a_shift(self):
        assert shifts([1, 2, 1, 2, 1, 2]) == [(0, 5, "below", 6)]

    def test_seven_are_one_shift_of_seven(self):
        assert shifts([21, 22, 21, 22, 21, 22, 21], ENDS_BELOW) == [(0, 6, "above", 7)]

    def test_a_shift_is_broken_by_one_point_on_the_other_side(self):
        assert shifts([1, 2, 1, 11, 2, 1, 2]) == []

    def test_six_up_then_six_down_are_two_neighbouring_shifts(self):
        assert shifts([21, 22] * 3 + [1, 2] * 3, ENDS_BELOW) == [(0, 5, "above", 6), (6, 11, "below", 6)]

    def test_five_then_one_on_the_median_then_one_more_are_a_shift_of_six(self):
        assert shifts([1, 2, 1, 2, 1, 10, 2]) == [(0, 6, "below", 6)]

    def test_a_point_on_the_median_does_not_make_up_the_sixth(self):
        assert shifts([1, 2, 1, 2, 1, 10]) == []
        assert shifts([10, 1, 2, 1, 2, 1]) == []

    def test_many_points_on_the_median_are_passed_over(self):
        assert shifts([1, 10, 10, 10, 2, 1, 10, 2, 1, 10, 10, 2]) == [(0, 11, "below", 6)]

    def test_points_on_the_median_at_the_ends_are_not_part_of_the_shift(self):
        assert shifts([10, 1, 2, 1, 2, 1, 2, 10]) == [(1, 6, "below", 6)]

    def test_a_shift_does_not_need_different_values(self):
        assert shifts([3] * 6) == [(0, 5, "below", 6)]

    def test_read_backwards_the_same_shifts_are_there(self):
        values = [21, 22, 21, 22, 21, 22, 23, 1, 2, 1, 2, 10, 1, 2, 1]
        forwards = signals(values, "shift")
        backwards = [(14 - b, 14 - a, side, k) for a, b, side, k in signals(values[::-1], "shift")]
        assert forwards == sorted(backwards) == [(0, 6, "above", 7), (7, 14, "below", 7)]

    def test_a_shift_may_begin_within_the_baseline(self):
        """The last baseline point counts if it is on that side of the median."""
        assert signals([9, 8] * 4 + [3, 2, 3, 2, 3, 1], "shift", baseline=8) == [(7, 13, "below", 7)]


class TestTrend:
    def test_four_rising_are_one_short(self):
        assert signals([1, 2, 3, 4], "trend") == []

    def test_five_rising_are_a_trend(self):
        assert signals([1, 2, 3, 4, 5], "trend") == [(0, 4, "up", 5)]

    def test_five_falling_are_a_trend(self):
        assert signals([5, 4, 3, 2, 1], "trend") == [(0, 4, "down", 5)]

    def test_an_equal_value_does_not_count_and_does_not_break(self):
        assert signals([1, 2, 3, 4, 4, 5], "trend") == [(0, 5, "up", 5)]
        assert signals([1, 2, 3, 4, 4, 4, 5], "trend") == [(0, 6, "up", 5)]

    def test_equal_values_alone_do_not_make_up_a_trend(self):
        assert signals([1, 2, 3, 4, 4, 4], "trend") == []
        assert signals([1, 1, 2, 3, 4], "trend") == []

    def test_the_turning_point_belongs_to_the_trend_with_its_ties(self):
        assert signals([5, 6, 6, 5, 5, 6, 7, 8, 9], "trend") == [(3, 8, "up", 5)]

    def test_ties_at_both_ends_lie_in_the_span_and_not_in_the_count(self):
        assert signals([1, 1, 2, 3, 4, 5, 5], "trend") == [(0, 6, "up", 5)]

    def test_a_turning_point_belongs_to_both_trends(self):
        assert signals([1, 2, 3, 4, 5, 4, 3, 2, 1], "trend") == [(0, 4, "up", 5), (4, 8, "down", 5)]

    def test_a_trend_may_cross_the_median(self):
        found = analyse_values([1, 2, 3, 4, 5])
        assert found.centre == 3
        assert [s.rule for s in found.signals] == ["trend"]

    def test_a_trend_ends_where_it_turns(self):
        assert signals([1, 2, 3, 4, 5, 6, 2], "trend") == [(0, 5, "up", 6)]

    def test_a_floating_tie_is_a_tie(self):
        """0.1 + 0.2 does not rise above 0.3, so only four distinct values rise here."""
        assert signals([0.1, 0.2, 0.3, 0.1 + 0.2, 0.4], "trend") == []

    def test_all_ties_are_no_trend(self):
        assert signals([4] * 12, "trend") == []

    def test_one_value_is_no_trend(self):
        assert signals([4], "trend") == []


class TestEnough:
    def test_nine_useful_points_are_too_few_to_judge(self):
        found = analyse_values([2, *[1, 3] * 4, 1], baseline=3)
        assert (found.useful, found.enough) == (9, False)

    def test_ten_useful_points_are_enough(self):
        found = analyse_values([2, *[1, 3] * 5], baseline=3)
        assert (found.useful, found.enough) == (10, True)

    def test_the_runs_rule_is_silent_below_ten_useful_points(self):
        assert signals([1] * 4 + [2] * 5, "too_few_runs", baseline=None) == []
        assert signals([1] * 5 + [2] * 5, "too_few_runs") == [(0, 9, "few", 2)]

    def test_points_on_the_median_do_not_count_as_useful(self):
        found = analyse_values([1, 2, 3] * 5)
        assert (found.useful, found.enough) == (10, True)
        assert analyse_values([1, 2, 3] * 4).useful == 8


class TestBaseline:
    @pytest.mark.parametrize("baseline", [0, -1, 13])
    def test_a_baseline_that_does_not_fit_is_refused_with_its_value(self, baseline):
        with pytest.raises(ValueError, match=f"baseline is {baseline};"):
            analyse_values(BASELINE, baseline=baseline)

    def test_a_baseline_of_missing_values_is_refused(self):
        with pytest.raises(ValueError, match="only missing"):
            analyse_values([None, None, 1, 2], baseline=2)

    def test_unknown_rules_are_refused(self):
        with pytest.raises(ValueError, match="nelson"):
            analyse_values(BASELINE, rules="nelson")

    def test_a_baseline_as_long_as_the_series_is_all_of_it(self):
        assert analyse_values(BASELINE, baseline=len(BASELINE)) == analyse_values(BASELINE)

    def test_later_points_never_move_an_extended_median(self):
        for later in ([0] * 30, [1000] * 30, [None] * 3):
            assert analyse_values([*BASELINE, *later], baseline=12).centre == 10

    def test_without_a_baseline_later_points_do_move_the_median(self):
        assert analyse_values([*BASELINE, *[0] * 30]).centre == 0

    def test_missing_values_hold_their_places_in_the_baseline(self):
        assert analyse_values([None, 4, None, 6, 100, 100], baseline=4).centre == 5


def runs_by_counting(above: int, below: int) -> Counter:
    """Count the runs of every arrangement, one by one."""
    n = above + below
    found: Counter = Counter()
    for places in itertools.combinations(range(n), above):
        row = [i in places for i in range(n)]
        found[1 + sum(x != y for x, y in itertools.pairwise(row))] += 1
    return found


# Method A.1.2, column "exact": n useful points, fewest and most runs. Half lie above the median; of an odd n one side
# has one more, (n - 1) / 2 and (n + 1) / 2. (Checked below: no split further from even gives the table's odd rows.)
EXACT_LIMITS = {
    10: (3, 9), 11: (4, 9), 12: (4, 10), 13: (4, 11), 14: (4, 12), 15: (5, 12), 16: (5, 13), 17: (6, 13),
    18: (6, 14), 19: (6, 15), 20: (7, 15), 21: (7, 16), 22: (8, 16), 23: (8, 17), 24: (8, 18), 25: (9, 18),
    26: (9, 19), 27: (10, 19), 28: (10, 20), 29: (10, 21), 30: (11, 21), 31: (11, 22), 32: (12, 22), 33: (12, 23),
    34: (12, 24), 35: (13, 24), 36: (13, 25), 37: (14, 25), 38: (14, 26), 39: (14, 26), 40: (15, 27), 41: (15, 28),
    42: (16, 28), 43: (16, 29), 44: (17, 29), 45: (17, 30), 46: (17, 31), 47: (18, 31), 48: (18, 32), 49: (19, 32),
    50: (19, 33), 51: (20, 33), 52: (20, 34), 53: (20, 35), 54: (21, 35), 55: (21, 36), 56: (22, 36), 57: (22, 37),
    58: (23, 37), 59: (23, 38), 60: (24, 38),
}  # fmt: skip

# Method A.1.3: n useful points, longest run allowed, fewest crossings allowed.
ANHOEJ = {
    10: (6, 2), 11: (6, 2), 12: (7, 3), 14: (7, 4), 15: (7, 4), 16: (7, 4), 18: (7, 5), 19: (7, 6), 20: (7, 6),
    21: (7, 6), 22: (7, 7), 23: (8, 7), 24: (8, 8), 30: (8, 10), 32: (8, 11), 36: (8, 13), 40: (8, 14), 45: (8, 17),
    46: (9, 17), 50: (9, 19), 60: (9, 23), 90: (9, 37), 91: (10, 37), 100: (10, 41),
}  # fmt: skip


class TestRunsLimits:
    @pytest.mark.parametrize(("n", "limits"), EXACT_LIMITS.items())
    def test_the_published_exact_table_with_an_even_split(self, n, limits):
        assert runs_limits(n // 2, n - n // 2) == limits

    @pytest.mark.parametrize("n", [n for n in EXACT_LIMITS if n % 2])
    def test_of_an_odd_number_the_side_with_one_more_does_not_matter(self, n):
        assert runs_limits(n // 2, n - n // 2) == runs_limits(n - n // 2, n // 2)

    @pytest.mark.parametrize(("above", "below"), [(a, b) for a in range(1, 9) for b in range(1, 9) if a + b <= 13])
    def test_the_limits_are_those_of_counting_every_arrangement(self, above, below):
        counts = runs_by_counting(above, below)
        whole, tail = sum(counts.values()), Fraction(25, 1000)
        lower = min(r for r in counts if Fraction(sum(c for k, c in counts.items() if k <= r), whole) > tail)
        upper = max(r for r in counts if Fraction(sum(c for k, c in counts.items() if k >= r), whole) > tail)
        assert runs_limits(above, below) == (lower, upper)

    @pytest.mark.parametrize(("above", "below"), [(9, 2), (2, 9), (15, 3), (30, 6)])
    def test_an_uneven_split_uses_the_points_that_there_are(self, above, below):
        """With a frozen baseline the sides differ: the limits are not those of an even split."""
        assert runs_limits(above, below) == runs_limits(below, above)
        half = (above + below) // 2
        assert runs_limits(above, below) != runs_limits(half, above + below - half)

    def test_all_on_one_side_is_one_run_and_nothing_to_judge(self):
        assert runs_limits(0, 12) == runs_limits(12, 0) == (1, 1)
        assert signals([*[5] * 9, *[9] * 11], "runs", baseline=9) == []

    def test_runs_on_the_limits_are_no_signal_and_one_beyond_is(self):
        """Ten useful points: three to nine runs are what chance allows."""
        for runs, side in ((2, "few"), (3, None), (9, None), (10, "many")):
            lengths = [5 - (runs - 1) // 2, 6 - runs // 2, *[1] * (runs - 2)]
            values = [9 if i % 2 else 1 for i, n in enumerate(lengths) for _ in range(n)]
            assert sorted(values) == [1] * 5 + [9] * 5
            assert analyse_values(values).runs == runs
            found = signals(values, "too_few_runs") + signals(values, "too_many_runs")
            assert found == ([(0, 9, side, runs)] if side else [])
            assert analyse_values(values).runs_limits == (3, 9)

    def test_the_signal_of_runs_spans_the_useful_points(self):
        values = [5, *[1] * 6, *[9] * 6, 5, None]
        assert signals(values, "too_few_runs") == [(1, 12, "few", 2)]


def arrangement(n: int, longest: int | None = None, crossings: int | None = None) -> list[int]:
    """Return n values around 0, half on each side, with a longest run or a number of crossings as asked."""
    if crossings is not None:
        runs = crossings + 1
        sides = [1 if i % 2 == 0 else -1 for i in range(runs)]
        return _balance(sides, n)
    return [1] * longest + [-1 if i % 2 == 0 else 1 for i in range(n - longest)]


def _balance(sides: list[int], n: int) -> list[int]:
    lengths = [1] * len(sides)
    at = 0
    while sum(lengths) < n:  # lengthen the runs in turn, so that none is much longer than the others
        lengths[at % len(sides)] += 1
        at += 1
    return [s for s, k in zip(sides, lengths, strict=True) for _ in range(k)]


class TestAnhoej:
    """The baseline is a frozen median of nought, so that every arrangement can be drawn as it is."""

    @staticmethod
    def found(values):
        # Two leading points that fix the median at 0 would be useful points themselves; a leading 0 is not.
        return analyse_values([0, *values], baseline=1, rules="anhoej")

    @pytest.mark.parametrize(("n", "most", "fewest"), [(n, *v) for n, v in ANHOEJ.items()])
    def test_the_longest_run_that_is_allowed_is_no_signal_and_one_more_is(self, n, most, fewest):
        at, over = self.found(arrangement(n, longest=most)), self.found(arrangement(n, longest=most + 1))
        assert (at.useful, at.longest_run) == (n, most)
        assert "longest_run" not in [s.rule for s in at.signals]
        assert [(s.side, s.length) for s in over.signals if s.rule == "longest_run"] == [("many", most + 1)]

    @pytest.mark.parametrize(("n", "most", "fewest"), [(n, *v) for n, v in ANHOEJ.items()])
    def test_the_fewest_crossings_allowed_are_no_signal_and_one_fewer_is(self, n, most, fewest):
        at, under = self.found(arrangement(n, crossings=fewest)), self.found(arrangement(n, crossings=fewest - 1))
        assert (at.useful, at.crossings) == (n, fewest)
        assert "crossings" not in [s.rule for s in at.signals]
        assert [(s.side, s.length) for s in under.signals if s.rule == "crossings"] == [("few", fewest - 1)]

    def test_the_scottish_rules_are_not_applied_beside_them(self):
        rules = {s.rule for s in self.found([1] * 30).signals}
        assert rules == {"longest_run", "crossings"}

    def test_below_ten_useful_points_nothing_is_said(self):
        assert self.found([1] * 9).signals == ()


# Method A.1.4: 12 baseline points, m later, a run of k on one side, in per cent of 20,000 simulated charts.
FALSE_ALARMS = {
    (6, 6): 6.9, (8, 6): 11.7, (8, 7): 5.8, (8, 8): 2.8, (12, 6): 20.7, (12, 7): 11.8, (12, 8): 6.5, (12, 9): 3.7,
    (18, 6): 33.0, (18, 7): 20.0, (18, 8): 12.2, (18, 9): 7.5, (24, 6): 42.4, (24, 7): 26.5, (24, 8): 16.5,
    (24, 9): 10.5, (36, 6): 57.4, (36, 7): 38.5, (36, 8): 25.4, (36, 9): 16.6,
}  # fmt: skip


class TestFalseAlarms:
    @pytest.mark.parametrize(("case", "per_cent"), FALSE_ALARMS.items())
    def test_the_rate_is_that_of_the_table(self, case, per_cent):
        """Two simulations, of 10,000 and 20,000 charts: they may differ by three standard errors."""
        later, run = case
        p = per_cent / 100
        error = math.sqrt(p * (1 - p) * (1 / 10_000 + 1 / 20_000))
        assert false_alarm_rate(12, later, run) == pytest.approx(p, abs=3 * error + 0.0005)

    def test_the_rate_is_the_same_each_time_and_leaves_the_global_generator_alone(self):
        np.random.seed(1)
        before = np.random.get_state()[1].copy()
        first = false_alarms.__wrapped__(12, 12).shift(6)
        assert first == false_alarms.__wrapped__(12, 12).shift(6)
        assert (np.random.get_state()[1] == before).all()

    def test_a_run_longer_than_the_points_cannot_show(self):
        assert false_alarm_rate(12, 5, 6) == 0

    def test_a_longer_baseline_gives_fewer_false_alarms(self):
        assert false_alarm_rate(60, 24) < false_alarm_rate(12, 24) < false_alarm_rate(8, 24)

    def test_without_a_baseline_the_later_points_set_their_own_median(self):
        """Method A.1.4, first table: 20 points about their own median show a run of six in 10.7 % of charts."""
        for n, per_cent in ((12, 1.3), (16, 5.7), (20, 10.7), (24, 15.6), (36, 30.6)):
            assert false_alarm_rate(None, n) == pytest.approx(per_cent / 100, abs=0.012)

    def test_an_even_chance_is_matched_when_the_median_is_known(self):
        """Six later points all on one side of the true median: 2 / 2**6; a baseline of 1,001 is nearly that."""
        assert false_alarms(1001, 6, 4000).shift(6) == pytest.approx(2 / 64, abs=0.01)


AIM = Aim("aim-2", "Aim 2", "accommodated", "permanence_recommendation")


def children(waits, ends=None, groups=None, audience="working", areas=None) -> Intervals:
    """Return intervals in which one child after another reached the end after so many days, a week apart."""
    n = len(waits)
    ends = ends or [date(2018, 1, 1) + pd.Timedelta(weeks=i) for i in range(n)]
    end = pd.Series(pd.to_datetime(ends), dtype="datetime64[s]")
    table = pd.DataFrame(
        {
            "local_authority": areas or ["Fife"] * n,
            "child_id": [f"SYN-{i:03}" for i in range(n)],
            "sibling_group": pd.Series(groups or [None] * n, dtype="object"),
            "spell": 1,
            "start": end - pd.to_timedelta(pd.Series(waits), unit="D"),
            "end": end,
            "days": waits,
            "status": "reached",
            "reason": "",
            "cohort": "all",
            "late": False,
        }
    )
    return Intervals(table, AIM, "Fife", date(2019, 7, 31), audience)


def change(day: date, id: str = "c1", aim: str = "aim-2") -> Change:
    return Change(id, f"Change {id}", aim, day)


class TestChartOfChildren:
    def test_one_dot_for_each_child_in_order_of_the_end(self):
        ends = [date(2018, 3, 1), date(2018, 1, 1), date(2018, 2, 1)]
        chart = analyse_run(children([30, 10, 20], ends))
        assert chart.kind == "child"
        assert chart.points["days"].tolist() == [10, 20, 30]
        assert chart.points["position"].tolist() == [1, 2, 3]

    def test_the_same_day_is_ordered_by_start_then_by_child(self):
        chart = analyse_run(children([10, 30, 20], [date(2018, 3, 1)] * 3))
        assert chart.points["days"].tolist() == [30, 20, 10]

    def test_the_median_is_told_in_weeks_and_compared_in_days(self):
        chart = analyse_run(children([83, 84, 85]))
        assert chart.median == 12
        assert chart.analysis.sides == (-1, 0, 1)

    def test_no_child_gives_a_chart_without_a_median(self):
        chart = analyse_run(children([]))
        assert (chart.median, chart.signals, chart.main_shift) == (None, (), None)

    def test_below_ten_useful_points_the_chart_tells_no_signal(self):
        chart = analyse_run(children([11, 9, 10, 3, 3, 3, 3, 3, 3, 3]), baseline=3)
        assert chart.analysis.useful == 9
        assert "shift" in [s.rule for s in chart.analysis.signals]
        assert (chart.signals, chart.main_shift) == ((), None)

    def test_a_change_with_eight_points_before_it_sets_the_baseline(self):
        run = children([8, 12] * 4 + [3] * 6)
        on = run.reached["end"][8].date()
        assert analyse_run(run, [change(on)]).baseline == 8

    def test_a_child_who_finished_on_the_day_of_the_change_is_after_it(self):
        run = children([8, 12] * 5 + [3] * 6)
        on = run.reached["end"][9].date()
        assert analyse_run(run, [change(on)]).baseline == 9

    def test_with_seven_points_before_the_change_the_median_is_that_of_all(self):
        run = children([8, 12] * 4 + [3] * 6)
        chart = analyse_run(run, [change(run.reached["end"][7].date())])
        assert chart.baseline is None
        assert "too few" in chart.baseline_note

    @pytest.mark.parametrize(("before", "provisional"), [(8, True), (9, True), (10, False)])
    def test_a_baseline_of_fewer_than_ten_is_provisional(self, before, provisional):
        run = children([8, 12] * 5 + [3] * 6)
        chart = analyse_run(run, [change(run.reached["end"][before].date())])
        assert chart.baseline == before
        assert ("provisional" in chart.baseline_note) is provisional

    def test_the_first_change_that_leaves_enough_points_sets_the_baseline(self):
        run = children([8, 12] * 8 + [3] * 6)
        days = run.reached["end"].dt.date.tolist()
        chart = analyse_run(run, [change(days[14], "c"), change(days[10], "b"), change(days[3], "a")])
        assert chart.baseline == 10
        assert [c.id for _, c in chart.changes] == ["a", "b", "c"]

    def test_the_changes_of_other_aims_are_left_out(self):
        run = children([8, 12] * 8)
        assert analyse_run(run, [change(run.reached["end"][10].date(), aim="aim-3")]).changes == ()

    def test_a_change_after_all_points_sets_no_baseline(self):
        assert analyse_run(children([8, 12] * 8), [change(date(2019, 7, 1))]).baseline is None

    def test_the_callers_baseline_overrules_that_of_a_change(self):
        run = children([8, 12] * 8)
        assert analyse_run(run, [change(run.reached["end"][10].date())], baseline=12).baseline == 12


class TestDecisions:
    """Brothers and sisters decided on together are one decision, and a shift has to stand when each is counted once."""

    ENDS = tuple(date(2018, 1, 1 + i) for i in range(12))

    def test_a_shift_made_of_one_decision_rests_on_siblings(self):
        """Six dots of which three are one decision are four decisions: fewer than a shift needs."""
        ends = [*self.ENDS, *[date(2018, 2, 1)] * 3, *[date(2018, 3, i) for i in (1, 2, 3)]]
        chart = analyse_run(
            children([*BASELINE, *[3] * 6], ends, [None] * 12 + ["sib-1"] * 3 + [None] * 3), baseline=12
        )
        assert chart.main_shift is not None
        assert chart.decisions.points["n"].tolist() == [1] * 12 + [3, 1, 1, 1]
        assert chart.decisions.main_shift is None
        assert chart.rests_on_siblings
        assert not chart.strong

    def test_a_shift_that_stands_when_counted_once_does_not_rest_on_siblings(self):
        ends = [*self.ENDS, *[date(2018, 2, 1)] * 3, *[date(2018, 3, 1 + i) for i in range(7)]]
        chart = analyse_run(
            children([*BASELINE, *[3] * 10], ends, [None] * 12 + ["sib-1"] * 3 + [None] * 7), baseline=12
        )
        assert (chart.length, chart.decisions.length) == (10, 8)
        assert not chart.rests_on_siblings
        assert chart.strong

    def test_siblings_decided_on_different_days_are_different_decisions(self):
        chart = analyse_run(children([*ENDS_BELOW, *[13] * 6], groups=[None] * 12 + ["sib-1"] * 6), baseline=12)
        assert chart.main_shift is not None
        assert chart.decisions is None

    def test_single_children_on_one_day_are_different_decisions(self):
        ends = [*self.ENDS, *[date(2018, 2, 1)] * 6]
        chart = analyse_run(children([*BASELINE, *[3] * 6], ends), baseline=12)
        assert chart.main_shift is not None
        assert chart.decisions is None

    def test_dots_on_the_median_do_not_hide_that_a_shift_rests_on_one_group(self):
        """Only the useful dots of a shift are its evidence: here five of its six are one decision."""
        waits = [*BASELINE, 3, 10, 10, 10, 10, 10, 3, 3, 3, 3, 3]
        ends = [date(2018, 1, 1 + i) for i in range(18)] + [date(2018, 2, 1)] * 5
        chart = analyse_run(children(waits, ends, [None] * 18 + ["sib-1"] * 5), baseline=12)
        assert chart.main_shift is not None
        assert chart.rests_on_siblings

    def test_a_decision_is_placed_at_the_median_wait_of_its_children(self):
        ends = [date(2018, 2, 1)] * 3 + [date(2018, 3, 1)] * 2
        chart = analyse_run(children([10, 40, 20, 7, 8], ends, ["s"] * 3 + ["t"] * 2), dots="decision")
        assert chart.kind == "decision"
        assert chart.points["days"].tolist() == [20, 7.5]
        assert chart.decisions is None

    def test_the_baseline_of_decisions_ends_on_the_day_that_the_children_s_ends(self):
        ends = [date(2018, 1, 1 + i // 2) for i in range(24)]
        chart = analyse_run(children([*BASELINE, *[3] * 12], ends, [f"s{i // 2}" for i in range(24)]), baseline=12)
        assert (chart.baseline, chart.decisions.baseline) == (12, 6)

    def test_other_rules_are_refused(self):
        with pytest.raises(ParameterError, match="scottish or anhoej"):
            analyse_run(children([1, 2]), rules="nelson")

    def test_another_kind_of_dot_is_refused(self):
        with pytest.raises(ParameterError, match="child or decision"):
            analyse_run(children([1, 2]), dots="family")

    def test_a_shift_that_hangs_on_the_order_within_a_day_is_not_strong(self):
        later = [3] * 7 + [20] + [3] * 4
        ends = [*self.ENDS, *[date(2018, 2, 1)] * 8, *[date(2018, 3, 1 + i) for i in range(4)]]
        chart = analyse_run(children([*BASELINE, *later], ends), baseline=12)
        assert chart.same_day == "yes"
        assert not chart.strong


class TestAgreedMedians:
    """A new median is a person's decision; the nine points are what it takes for that to be open to them."""

    WAITS = (*BASELINE, *[3] * 9, *[4, 2] * 3)

    def test_nine_in_a_row_propose_a_median_and_the_old_one_stays_in_force(self):
        chart = analyse_run(children(list(self.WAITS)), baseline=12)
        assert (chart.proposed.median, chart.proposed.first) == (3, 12)
        assert chart.median == 10 / 7
        assert len(chart.phases) == 1

    def test_a_median_that_was_agreed_is_in_force_from_the_first_of_the_nine(self):
        run = children(list(self.WAITS))
        days = run.reached["end"].dt.date
        agreed = replace(change(days[12]), new_median_from=days[12], agreed_by="permanence group")
        chart = analyse_run(run, [agreed])
        assert [(p.median, p.first, p.last, p.until) for p in chart.phases] == [(10, 0, 11, 11), (3, 12, 20, 26)]
        assert chart.median == 3 / 7
        assert chart.later == (3, 3)
        assert chart.proposed is None
        assert [s.rule for s in chart.analysis.signals if s.rule == "shift"] == []

    def test_a_median_agreed_from_a_later_day_begins_with_the_first_nine_since(self):
        run = children([*self.WAITS, *[3] * 9])
        days = run.reached["end"].dt.date
        agreed = replace(change(days[12]), new_median_from=days[14], agreed_by="permanence group")
        assert analyse_run(run, [agreed]).phases[1].first == 14

    def test_an_agreement_without_nine_points_in_a_row_changes_nothing_and_says_so(self):
        run = children([*BASELINE, *[3] * 8, 20])
        days = run.reached["end"].dt.date
        agreed = replace(change(days[12]), new_median_from=days[12], agreed_by="permanence group")
        chart = analyse_run(run, [agreed])
        assert len(chart.phases) == 1
        assert "the old one stays" in chart.note

    def test_nine_in_a_row_on_the_worse_side_propose_nothing(self):
        assert analyse_run(children([*BASELINE, *[30] * 12]), baseline=12).proposed is None

    @pytest.mark.parametrize(("waits", "steady"), [(BASELINE, True), ([8] * 6 + [12] * 6, False), ([8, 12] * 6, True)])
    def test_a_baseline_with_a_signal_of_its_own_is_not_steady(self, waits, steady):
        chart = analyse_run(children([*waits, *[3] * 8]), baseline=12)
        assert chart.steady is steady
        assert chart.strong is steady

    def test_a_provisional_baseline_makes_nothing_strong(self):
        assert not analyse_run(children([8, 12, 9, 11, 12, 8, 11, 9, *[3] * 12]), baseline=8).strong


class TestMainShift:
    def test_a_shift_after_the_baseline_counts(self):
        chart = analyse_run(children([8, 12] * 6 + [3] * 6), baseline=12)
        assert (chart.main_shift.first, chart.main_shift.last) == (12, 17)

    def test_a_shift_that_begins_with_the_last_point_of_the_baseline_counts_if_six_follow(self):
        assert analyse_run(children([8, 12] * 6 + [13] * 6), baseline=12).main_shift.first == 11
        assert analyse_run(children([8, 12] * 6 + [13] * 5), baseline=12).main_shift is None

    def test_a_shift_within_the_baseline_is_not_a_sign_of_change(self):
        chart = analyse_run(children([8, 8, 8, 8, 8, 8, 12, 12, 12, 12, 12, 11, 8, 12]), baseline=12)
        assert "shift" in [s.rule for s in chart.signals]
        assert chart.main_shift is None

    def test_a_shift_needs_six_useful_points_since_the_baseline(self):
        """Five useful points in the baseline, three on the median and three after it are no news."""
        chart = analyse_run(children([8, 8, 8, 12, 8, 8, 8, 12, 12, 12, 12, 12, 10, 10, 10, 12, 12, 12]), baseline=12)
        assert chart.median == 10 / 7
        assert [(s.first, s.last, s.length) for s in chart.signals if s.rule == "shift"] == [(7, 17, 8)]
        assert chart.main_shift is None

    def test_with_a_baseline_the_longest_shift_is_the_main_one(self):
        chart = analyse_run(children([8, 12] * 6 + [3] * 9 + [20] * 6), baseline=12)
        assert (chart.main_shift.side, chart.main_shift.length) == ("below", 9)

    def test_of_shifts_as_long_as_each_other_the_later_is_the_main_one(self):
        chart = analyse_run(children([8, 12] * 6 + [3] * 6 + [20] * 6), baseline=12)
        assert chart.main_shift.side == "above"

    def test_without_a_baseline_the_last_shift_is_the_main_one(self):
        chart = analyse_run(children([3] * 9 + [20] * 9))
        assert chart.main_shift.side == "above"

    def test_points_since_the_baseline_are_counted_below_and_above(self):
        assert analyse_run(children([8, 12] * 6 + [3] * 4 + [10] * 2 + [20] * 3), baseline=12).later == (4, 3)

    @pytest.mark.parametrize(("last_ten", "lasts"), [([3] * 6 + [12] * 4, True), ([3] * 5 + [12] * 5, False)])
    def test_a_shift_lasts_while_six_of_the_last_ten_useful_points_lie_there(self, last_ten, lasts):
        chart = analyse_run(children([8, 12] * 6 + [3] * 8 + last_ten + [10] * 3), baseline=12)
        assert chart.main_shift.side == "below"
        assert chart.lasts is lasts

    @pytest.mark.parametrize(
        ("later", "strong"),
        [
            ([3] * 7, False),
            ([3] * 8, True),
            ([8, 12] * 5 + [3] * 8, True),  # 18 later points
            ([8, 12] * 5 + [12] + [3] * 8, False),  # 19 later points
            ([8, 12] * 5 + [12] + [3] * 9, True),
        ],
    )
    def test_eight_in_a_row_are_strong_and_nine_after_more_than_18_points(self, later, strong):
        assert analyse_run(children([*BASELINE, *later]), baseline=12).strong is strong

    def test_points_of_the_baseline_do_not_make_a_shift_strong(self):
        """The false-alarm rate that makes eight strong is that of runs among the later points alone."""
        assert not analyse_run(children([8, 12] * 4 + [12, 12, 8, 8] + [3] * 6), baseline=12).strong

    def test_without_a_baseline_nothing_is_strong(self):
        assert not analyse_run(children([3] * 10 + [20] * 10)).strong


class TestChartOfPeriods:
    @staticmethod
    def quarters(medians, audience="aggregate"):
        """Return intervals with five children in each quarter from 2014, each with the quarter's wait in weeks."""
        waits, ends = [], []
        for i, weeks in enumerate(medians):
            first = pd.Timestamp(2014, 1, 1) + pd.DateOffset(months=3 * i)
            waits += [weeks * 7] * 5
            ends += [(first + pd.Timedelta(days=d)).date() for d in range(5)]
        run = children(waits, ends, audience=audience)
        return Intervals(run.table, AIM, "Fife", ends[-1], audience)

    def test_in_the_aggregate_audience_no_dot_is_a_child(self):
        chart = analyse_run(self.quarters([8, 12] * 6))
        assert chart.kind == "period"
        assert "days" not in chart.points
        assert chart.points["n"].tolist() == [5] * 12

    def test_the_median_of_periods_is_already_in_weeks(self):
        assert analyse_run(self.quarters([8, 12] * 6)).median == 10

    def test_the_period_that_holds_the_change_is_not_before_it(self):
        """A change on 15 August 2016 lies in its quarter: the points before it end with the quarter before."""
        run = self.quarters([8, 12] * 5 + [3] * 6)  # quarter 10 (0-based) is 2016 Q3
        chart = analyse_run(run, [change(date(2016, 8, 15))])
        assert chart.points["label"][10] == "2016 Q3"
        assert chart.baseline == 10


class TestMany:
    """Thousands of series at once give what one at a time gives."""

    def test_gives_what_one_series_at_a_time_gives(self):
        rng = np.random.default_rng(7)
        series = rng.integers(0, 9, (300, 40)).astype(float)
        series[rng.random(series.shape) < 0.1] = np.nan
        series += 1e-12 * rng.integers(0, 2, series.shape)  # the same but for rounding: on the median, and level steps
        many = analyse_many(series, 12)
        for i, row in enumerate(series):
            one = analyse_values(row, 12)
            rules = {s.rule for s in one.signals}
            assert (many.centre[i], many.useful[i], many.above[i], many.below[i]) == (
                one.centre,
                one.useful,
                one.above,
                one.below,
            )
            assert (many.runs[i], many.longest_run[i], many.crossings[i]) == (one.runs, one.longest_run, one.crossings)
            assert (many.lower[i], many.upper[i]) == one.runs_limits
            assert rules == {
                name
                for name, found in (
                    ("shift", many.shift[i]),
                    ("trend", many.trend[i]),
                    ("too_few_runs", many.too_few_runs[i]),
                    ("too_many_runs", many.too_many_runs[i]),
                )
                if found
            }
            other = {s.rule for s in analyse_values(row, 12, "anhoej").signals}
            assert ("longest_run" in other, "crossings" in other) == (many.long_run[i], many.few_crossings[i])

    def test_series_of_different_length_are_as_if_the_rest_were_missing(self):
        many = analyse_many([[1, 2, 3], [4], []])
        assert many.useful.tolist() == [2, 0, 0]
        assert many.centre[:2].tolist() == [2, 4]
        assert math.isnan(many.centre[2])

    def test_no_series_gives_no_answer(self):
        assert len(analyse_many([]).centre) == 0

    def test_a_run_never_goes_on_into_the_next_series(self):
        many = analyse_many([[1, 2, 2, 2], [2, 2, 2, 1]], 1)
        assert many.longest_run.tolist() == [3, 1]

    def test_a_trend_never_goes_on_into_the_next_series(self):
        assert analyse_many([[1, 2, 3], [4, 5, 6]]).longest_trend.tolist() == [3, 3]

    def test_infinity_is_no_value(self):
        with pytest.raises(ValueError, match="infinite"):
            analyse_many([[1, math.inf]])

    @pytest.mark.parametrize("baseline", [0, 3])
    def test_a_baseline_out_of_range_is_refused(self, baseline):
        with pytest.raises(ValueError, match="baseline is"):
            analyse_many([[1, 2]], baseline)


class TestUnusual:
    def test_a_point_far_above_the_middle_half_is_marked_and_is_no_signal(self):
        values = [10, 11, 12, 13, 14, 15, 16, 17, 18, 60]
        found = analyse_values(values)
        assert found.unusual == (9,)
        assert [s.rule for s in found.signals if s.first == 9] == []

    def test_three_times_the_middle_half_is_not_yet_unusual(self):
        """The quartiles of 0, 0, 1, 1 ... are 0 and 1: 4 is on the bound, 4.1 beyond it."""
        base = [0, 1] * 8
        assert analyse_values([*base, 4]).unusual == ()
        assert analyse_values([*base, 4.1]).unusual == (16,)

    def test_a_small_value_is_not_marked(self):
        assert analyse_values([-500, *range(20)]).unusual == ()


class TestPhases:
    def test_nine_on_the_better_side_make_a_phase_with_their_own_median(self):
        first, second = propose_phases([*BASELINE, 3, 4, 3, 4, 3, 4, 3, 4, 5, 20], 12)
        assert (first.median, first.first, first.last, first.until) == (10, 0, 11, 11)
        assert (second.median, second.first, second.last, second.until) == (4, 12, 20, 21)

    def test_eight_make_none(self):
        assert len(propose_phases([*BASELINE, *[3] * 8, 20, 3], 12)) == 1

    def test_points_on_the_median_and_missing_ones_are_passed_over_and_not_counted(self):
        phases = propose_phases([*BASELINE, 3, 10, None, *[3] * 7, 10, 5], 12)
        assert (phases[1].first, phases[1].last, phases[1].median) == (12, 23, 3)
        assert len(propose_phases([*BASELINE, 3, 10, None, *[3] * 7, 10], 12)) == 1

    def test_the_search_goes_on_after_the_ninth_against_the_new_median(self):
        phases = propose_phases([*BASELINE, *[6] * 9, *[2] * 9], 12)
        assert [(p.median, p.first, p.last, p.until) for p in phases] == [
            (10, 0, 11, 11),
            (6, 12, 20, 20),
            (2, 21, 29, 29),
        ]

    def test_a_run_that_begins_in_the_baseline_is_counted_from_its_end(self):
        assert len(propose_phases([*BASELINE[:-3], 8, 8, 8, *[8] * 8], 12)) == 1

    def test_the_worse_side_makes_none_and_the_other_direction_does(self):
        values = [*BASELINE, *[30] * 9]
        assert len(propose_phases(values, 12)) == 1
        assert propose_phases(values, 12, better="higher")[1].median == 30

    def test_the_length_of_the_run_can_be_chosen(self):
        assert propose_phases([*BASELINE, *[3] * 8], 12, run=8)[1].last == 19

    @pytest.mark.parametrize(
        "options", [{"baseline": 0}, {"baseline": 99}, {"baseline": 2, "run": 1}, {"baseline": 2, "better": "less"}]
    )
    def test_what_makes_no_sense_is_refused(self, options):
        with pytest.raises(ValueError, match="is"):
            propose_phases(BASELINE, **options)

    def test_a_shift_does_not_span_two_medians(self):
        """Each phase ends with three points below its own median and goes on with three below the next."""
        values = [*BASELINE, 4, 2, 4, 2, 4, 2, 4, 2, 3, 2.5, 2.5, 2.5]
        phases = propose_phases(values, 12)
        found = analyse_phases(values, phases)
        assert len(found.sides) == len(values)
        assert [s for s in found.signals if s.rule == "shift"] == []
        assert analyse_values(values, 12).longest_run == 12

    def test_one_phase_is_the_plain_analysis(self):
        values = [*BASELINE, *[3] * 7, 20]
        assert analyse_phases(values, propose_phases(values, 12)) == analyse_values(values, 12)


class TestSameDay:
    def test_days_of_one_side_cannot_change_anything(self):
        assert same_day_order([1, 2, 3, 9, 8, 7], list("aaabbb")) == "no"

    def test_a_shift_that_another_order_would_break_hangs_on_it(self):
        values = [*BASELINE, *[3] * 6, 20]
        days = [*range(12), *[99] * 7]
        assert same_day_order(values, days, 12) == "yes"

    def test_an_order_across_the_end_of_the_baseline_may_change_the_median(self):
        values, days = [8, 12] * 5 + [11, 30, *[11.5] * 6], [*range(10), 99, 99, *range(100, 106)]
        assert same_day_order(values, days, 11) == "yes"

    def test_too_many_orders_are_tried_in_part(self):
        values = [1, 9] * 20
        assert same_day_order(values, [i // 20 for i in range(40)]) in ("yes", "not found")

    def test_is_the_same_each_time(self):
        values, days = [1, 9, 9, 1] * 10, [i // 8 for i in range(40)]
        assert len({same_day_order(values, days) for _ in range(3)}) == 1


class TestFalseAlarmsOfWholeCharts:
    """Method A.1.4, first table: percentages of 20,000 unchanged charts, against 10,000 of ours."""

    @pytest.mark.parametrize(
        ("n", "shift", "trend", "runs", "any_rule", "anhoej"),
        [
            (12, 1.3, 11.3, 2.8, 14, 1.3),
            (16, 5.7, 16.5, 1.8, 22, 0.9),
            (24, 15.6, 26.0, 2.0, 38, 2.8),
            (36, 30.6, 37.1, 2.7, 56, 4.4),
            (60, 52.8, 55.4, 5.1, 80, 4.3),
        ],
    )
    def test_the_rates_are_those_of_the_table(self, n, shift, trend, runs, any_rule, anhoej):
        found = false_alarms(None, n)
        for rate, per_cent in (
            (found.shift(6), shift),
            (found.trend, trend),
            (found.runs, runs),
            (found.any_scottish, any_rule),
            (found.anhoej, anhoej),
        ):
            assert 100 * rate == pytest.approx(per_cent, abs=1.9)

    @pytest.mark.parametrize(("later", "one_side"), [(6, 3.5), (12, 10.3), (24, 21.9), (36, 30.2)])
    def test_one_side_alone_is_half_as_often(self, later, one_side):
        assert 100 * false_alarms(12, later).shift(6, one_side=True) == pytest.approx(one_side, abs=1.4)

    def test_fewer_charts_of_many_points_and_never_fewer_than_2000(self):
        assert (false_alarms(12, 300).charts, false_alarms(12, 3000).charts) == (3205, 2000)


class TestAnhoejLimits:
    def test_are_those_of_the_table(self):
        """Method A.1.3."""
        table = {10: (6, 2), 12: (7, 3), 20: (7, 6), 24: (8, 8), 36: (8, 13), 46: (9, 17), 91: (10, 37), 100: (10, 41)}
        longest, fewest = anhoej_limits(list(table))
        assert list(zip(longest.tolist(), fewest.tolist(), strict=True)) == list(table.values())


class TestRareEvents:
    VISCOSITY = (33.75, 33.05, 34, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.2, 33.62, 33, 33.54, 33.12, 33.84)

    def test_single_measurements_as_published(self):
        """Montgomery's viscosity data, as the method gives them."""
        found = individuals_limits(self.VISCOSITY)
        assert [round(x, 4) for x in (found.centre, found.lower, found.upper, found.range_upper)] == [
            33.5233,
            32.2448,
            34.8018,
            1.5705,
        ]

    def test_one_far_point_widens_the_limits_unless_its_ranges_are_dropped(self):
        values = [*self.VISCOSITY, 60, *self.VISCOSITY]
        wide, narrow = individuals_limits(values), individuals_limits(values, drop_large_ranges=True)
        assert wide.upper - wide.lower > 3 * (narrow.upper - narrow.lower)

    def test_constant_values_have_no_variation(self):
        found = individuals_limits([5, 5, 5])
        assert (found.lower, found.centre, found.upper, found.varies) == (5, 5, 5, False)

    def test_days_between_events_by_hand(self):
        gaps = [30, 12, 55, 7, 90, 21]
        powers = [g ** (1 / 3.6) for g in gaps]
        mean = sum(powers) / 6
        reach = 3 / 1.128 * sum(abs(a - b) for a, b in itertools.pairwise(powers)) / 5
        found = time_between_limits(gaps)
        assert found.centre == pytest.approx(mean**3.6)
        assert found.upper == pytest.approx((mean + reach) ** 3.6)
        assert found.lower == 0

    def test_two_events_on_one_day_are_refused(self):
        with pytest.raises(ValueError, match="count events by day"):
            time_between_limits([3, 0, 4])

    def test_children_between_events_by_hand(self):
        found = cases_between_limits([4, 0, 7, 12, 3])
        assert (found.centre, found.lower) == (4, 0)
        assert found.upper == pytest.approx(5.2 + 3 * math.sqrt(5.2 * 6.2))
        assert not cases_between_limits([2, 2]).varies

    @pytest.mark.parametrize("values", [[1], [], [1, None], [1, math.nan], [1, math.inf]])
    def test_too_few_or_missing_values_are_refused(self, values):
        for limits in (individuals_limits, time_between_limits, cases_between_limits):
            with pytest.raises(ValueError, match=r"needed|missing"):
                limits(values)

    def test_a_negative_number_of_children_is_refused(self):
        with pytest.raises(ValueError, match="negative"):
            cases_between_limits([1, -1])


def test_the_rules_are_the_published_numbers():
    assert (RULES.shift, RULES.trend, RULES.useful, RULES.tail, RULES.baseline) == (6, 5, 10, 0.025, 8)
    assert (RULES.rephase, RULES.strong, RULES.strong_within, RULES.strong_beyond) == (9, 8, 18, 9)
