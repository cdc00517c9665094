"""Areas beside one another: the rules of Spiegelhalter 2005, Newcombe 1998 and Garwood 1936, at every edge (method A.7)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom, chi2

from pace_nb.compare import (
    area_against_rest,
    false_discoveries,
    funnel_limits,
    observed_expected,
    overdispersion,
    ratio_interval,
)


class TestFunnelLimits:
    @pytest.mark.parametrize(
        ("target", "n", "p"), [(0.3, 50, 0.025), (0.33, 7, 0.975), (0.9, 120, 0.999), (0.05, 20, 0.001)]
    )
    def test_lies_between_the_whole_counts_on_either_side_of_the_tail(self, target, n, p):
        """(r - 1) / n < limit <= r / n, with r the smallest count whose distribution reaches p."""
        level = abs(1 - 2 * p)
        found = funnel_limits(target, n, level)
        limit = found.lower if p < 0.5 else found.upper
        r = next(k for k in range(n + 1) if binom.cdf(k, n, target) >= p)
        assert max(0, (r - 1) / n) <= limit <= r / n

    def test_the_published_formula_by_hand(self):
        """Three children, target 1/2, 80 %: F is 1/8, 4/8, 7/8, 1. Lower: r 0, (0.125 - 0.1) / 0.125. Upper: r 3, 0.1 / 0.125."""
        found = funnel_limits(0.5, 3, 0.8)
        assert found.lower == pytest.approx(max(0, (0 - 0.2) / 3))
        assert found.upper == pytest.approx((3 - 0.8) / 3)

    def test_where_the_tail_is_a_whole_count_the_limit_is_that_count(self):
        """One half of F is reached by exactly one of three children: nothing is left to interpolate."""
        assert funnel_limits(0.5, 3, 0.75).lower == pytest.approx(0.0)  # p 1/8 is F(0)
        assert funnel_limits(0.5, 3, 0.75).upper == pytest.approx(2 / 3)  # p 7/8 is F(2)

    def test_the_smaller_tail_lies_further_out(self):
        wide, near = funnel_limits(0.3, [10, 50, 500], 0.998), funnel_limits(0.3, [10, 50, 500], 0.95)
        assert (wide.lower <= near.lower).all()
        assert (near.lower < 0.3).all()
        assert (near.upper > 0.3).all()
        assert (near.upper < wide.upper).all()

    def test_limits_close_in_as_children_are_more(self):
        widths = np.subtract(
            *reversed([getattr(funnel_limits(0.4, range(5, 600), 0.95), s) for s in ("lower", "upper")])
        )
        assert (np.diff(widths) < 0).all()

    def test_never_leaves_0_to_1_though_the_normal_limits_do(self):
        found = funnel_limits(0.05, range(1, 40), 0.998)
        assert found.lower.min() == 0.0
        assert found.upper.max() <= 1.0
        assert 0.05 - 3.09 * math.sqrt(0.05 * 0.95 / 10) < 0

    def test_shares_mirror(self):
        low, high = funnel_limits(0.2, 50, 0.95), funnel_limits(0.8, 50, 0.95)
        assert (
            high.lower < 1 - low.upper + 1 / 50
        )  # the rule counts from below, so mirrored limits differ by less than a child
        assert high.lower > 1 - low.upper - 1 / 50

    @pytest.mark.parametrize("target", [0, 1])
    def test_where_nothing_can_vary_both_limits_are_the_target(self, target):
        assert (funnel_limits(target, 20, 0.95).lower, funnel_limits(target, 20, 0.95).upper) == (target, target)

    def test_gives_numbers_for_a_number_and_arrays_for_many(self):
        one, many = funnel_limits(0.3, 50, 0.95), funnel_limits(0.3, [50, 60], 0.95)
        assert isinstance(one.lower, float)
        assert many.upper.shape == (2,)
        assert many.upper[0] == one.upper

    @pytest.mark.parametrize(
        ("target", "n", "level"),
        [(-0.1, 5, 0.95), (1.1, 5, 0.95), (math.nan, 5, 0.95), (0.5, 0, 0.95), (0.5, 2.5, 0.95), (0.5, [5, -1], 0.95),
         (0.5, 5, 0), (0.5, 5, 1), (0.5, 5, 95)],
    )  # fmt: skip
    def test_refuses_what_makes_no_sense(self, target, n, level):
        with pytest.raises(ValueError, match=r"target|level|whole number"):
            funnel_limits(target, n, level)


class TestOverdispersion:
    def test_by_hand(self):
        """Two areas of 100 with 40 and 60: target 0.5, s 0.05, z -2 and 2; winsorised to -1.6 and 1.6, phi 2.56."""
        found = overdispersion([40, 60], [100, 100])
        assert found.target == 0.5
        assert found.z.tolist() == pytest.approx([-2, 2])
        assert found.phi == pytest.approx(2.56)
        assert found.threshold == 3.0
        assert not found.overdispersed
        # w 400 each: (2 * 2.56 - 1) / (800 - 320000 / 800) = 4.12 / 400
        assert found.tau2 == pytest.approx(0.0103)
        assert found.adjusted_z.tolist() == pytest.approx([-0.1 / math.sqrt(0.0128), 0.1 / math.sqrt(0.0128)])

    def test_the_farthest_tenth_is_pulled_in_for_the_spread_and_not_for_its_own_z(self):
        counts, totals = [50] * 10 + [95], [100] * 11
        found = overdispersion(counts, totals)
        assert found.z.max() > 7
        assert found.phi < 1  # the other ten lie close together

    def test_areas_of_chance_alone_are_not_overdispersed_and_of_two_kinds_are(self):
        assert not overdispersion([30, 33, 28, 31, 29, 32, 30, 27], [100] * 8).overdispersed
        assert overdispersion([10, 50, 10, 50, 10, 50, 10, 50], [100] * 8).overdispersed

    def test_with_32_areas_the_threshold_is_one_and_a_half(self):
        assert overdispersion([5] * 32, [10] * 32).threshold == 1.5

    def test_the_variance_between_areas_is_never_negative(self):
        found = overdispersion([50, 50, 51], [100, 100, 100])
        assert found.tau2 == 0.0
        assert found.adjusted_z.tolist() == found.z.tolist()

    def test_an_area_in_which_no_child_was_due_has_no_z_and_counts_as_none(self):
        found, without = overdispersion([40, 0, 60], [100, 0, 100]), overdispersion([40, 60], [100, 100])
        assert math.isnan(found.z[1])
        assert math.isnan(found.adjusted_z[1])
        assert (found.phi, found.tau2, found.areas) == (without.phi, without.tau2, 2)

    @pytest.mark.parametrize("counts", [[0, 0, 0], [10, 20, 5]])
    def test_where_all_or_none_are_in_time_nothing_varies_and_nothing_is_divided_by_nothing(self, counts):
        with np.errstate(all="raise"):
            found = overdispersion(counts, [10, 20, 5])
        assert (found.phi, found.tau2, found.overdispersed) == (0.0, 0.0, False)
        assert found.z.tolist() == [0.0, 0.0, 0.0]

    @pytest.mark.parametrize(("counts", "totals"), [([], []), ([0], [0])])
    def test_without_a_child_there_is_nothing_to_say(self, counts, totals):
        found = overdispersion(counts, totals)
        assert (found.target, found.phi, found.overdispersed) == (None, None, False)

    def test_one_area_has_no_spread(self):
        with np.errstate(all="raise"):
            assert overdispersion([3], [10]).tau2 == 0.0

    @pytest.mark.parametrize(("counts", "totals"), [([1], [1, 2]), ([3], [2]), ([-1], [2]), ([math.nan], [2])])
    def test_refuses_counts_that_cannot_be(self, counts, totals):
        with pytest.raises(ValueError, match=r"same length|between 0"):
            overdispersion(counts, totals)


class TestFalseDiscoveries:
    def test_the_rule_of_benjamini_and_hochberg_by_hand(self):
        """Of four: 0.01 * 4 / 1, 0.02 * 4 / 2, 0.04 * 4 / 3, 0.5; none above the one after it."""
        assert false_discoveries([0.5, 0.01, 0.04, 0.02]).tolist() == pytest.approx([0.5, 0.04, 0.16 / 3, 0.04])

    def test_a_look_that_could_not_be_tested_is_no_look(self):
        found = false_discoveries([0.02, math.nan, 0.5])
        assert found[0] == pytest.approx(0.04)
        assert math.isnan(found[1])

    def test_gives_nothing_for_nothing_and_changes_nothing_that_it_is_given(self):
        given = np.array([0.04, 0.01])
        assert len(false_discoveries([])) == 0
        false_discoveries(given)
        assert given.tolist() == [0.04, 0.01]

    def test_refuses_what_is_no_chance(self):
        with pytest.raises(ValueError, match="between 0 and 1"):
            false_discoveries([1.2])


class TestAreaAgainstRest:
    def test_the_published_interval_of_a_difference(self):
        """Newcombe 1998, method 10: 56/70 less 48/80."""
        one, other = area_against_rest([56, 48], [70, 80])
        assert one.difference == pytest.approx(0.2)
        assert one.interval == pytest.approx((0.0524, 0.3339), abs=5e-5)
        assert other.difference == -one.difference
        assert other.interval == pytest.approx((-one.interval[1], -one.interval[0]))
        assert other.p == pytest.approx(one.p)

    def test_the_rest_is_all_the_others_and_not_all(self):
        found = area_against_rest([1, 5, 9], [10, 10, 10])
        assert [a.difference for a in found] == pytest.approx([0.1 - 0.7, 0.5 - 0.5, 0.9 - 0.3])

    def test_p_is_exact(self):
        """Fisher's tea: three of four against one of four has p 0.4857 (Fisher 1935)."""
        assert area_against_rest([3, 1], [4, 4])[0].p == pytest.approx(34 / 70)

    def test_without_a_child_due_in_the_area_or_in_the_rest_nothing_is_said(self):
        found = area_against_rest([3, 0], [4, 0])
        assert [(a.difference, a.interval, a.p) for a in found] == [(None, None, None)] * 2

    def test_an_area_with_none_in_time_against_none_is_no_different(self):
        found = area_against_rest([0, 0], [5, 50])[0]
        assert (found.difference, found.p) == (0.0, 1.0)
        assert found.interval[0] < 0 < found.interval[1]

    def test_refuses_counts_that_cannot_be(self):
        with pytest.raises(ValueError, match="same length"):
            area_against_rest([5], [4])


class TestObservedExpected:
    def test_by_hand(self):
        """Ends on day 10 (of 4 followed), 20 (of 3) and 30 (of 2); the fourth is followed to 40 without an end."""
        a, b = observed_expected([10, 20, 30, 40], [True, True, True, False], ["a", "b", "a", "b"])
        h10, h20, h30 = 1 / 4, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 + 1 / 2
        assert (a.area, a.children, a.observed, a.expected) == ("a", 2, 2, pytest.approx(h10 + h30))
        assert (b.area, b.children, b.observed, b.expected) == ("b", 2, 1, pytest.approx(h20 + h30))
        assert a.ratio == pytest.approx(2 / (h10 + h30))

    def test_on_one_day_ends_come_before_those_who_stop_being_followed(self):
        found = observed_expected([10, 10], [True, False], ["a", "a"])[0]
        assert found.expected == pytest.approx(1.0)

    def test_who_comes_late_counts_for_the_days_since(self):
        """The second is followed from day 10 on: on day 10 only the first is, on day 20 only the second."""
        found = observed_expected([10, 20], [True, True], ["a", "b"], entry=[-1, 10])
        assert [o.expected for o in found] == pytest.approx([1.0, 1.0])

    def test_who_comes_on_the_day_before_is_followed_on_the_day(self):
        found = observed_expected([10, 20], [True, True], ["a", "b"], entry=[-1, 9])
        assert [o.expected for o in found] == pytest.approx([0.5, 0.5 + 1.0])

    def test_a_wait_of_no_days_counts(self):
        assert observed_expected([0, 5], [True, False], ["a", "b"])[0].expected == pytest.approx(0.5)

    def test_areas_come_in_order_of_name_whatever_their_numbers(self):
        found = observed_expected([9, 1, 5], [True] * 3, ["b", "c", "a"])
        assert [o.area for o in found] == ["a", "b", "c"]

    def test_where_nothing_ended_nothing_is_expected_and_there_is_no_ratio(self):
        found = observed_expected([3, 4], [False, False], ["a", "b"])
        assert [(o.observed, o.expected, o.ratio, o.interval) for o in found] == [(0, 0.0, None, None)] * 2

    def test_of_no_child_nothing_comes(self):
        assert observed_expected([], [], []) == []

    def test_refuses_lists_that_do_not_match(self):
        with pytest.raises(ValueError, match="same length"):
            observed_expected([1, 2], [True], ["a", "b"])


class TestRatioInterval:
    @pytest.mark.parametrize(
        ("observed", "low", "high"), [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390), (50, 37.111, 65.919)]
    )
    def test_the_published_limits_of_a_count(self, observed, low, high):
        """Exact Poisson limits as in Garwood's table; the expected divides them."""
        assert ratio_interval(observed, 1.0) == pytest.approx((low, high), abs=6e-4)
        assert ratio_interval(observed, 4.0) == pytest.approx((low / 4, high / 4), abs=6e-4)

    def test_of_none_the_upper_limit_is_that_of_chi_squared_with_two_degrees(self):
        assert ratio_interval(0, 2.0)[1] == pytest.approx(chi2.ppf(0.975, 2) / 4)
