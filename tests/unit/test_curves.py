"""The plain functions of waits: published curves, every convention of the module's docstring, and what is refused."""

from __future__ import annotations

import math
import random
import warnings

import numpy as np
import pandas as pd
import pytest

from pace_nb.waits import cumulative_incidence, logrank, restricted_mean, survival


def times(text: str) -> tuple[list[int], list[bool]]:
    """Read '6 6+ 7' as printed in papers: a plus means that the time was still running."""
    words = text.split()
    return [int(w.rstrip("+")) for w in words], [not w.endswith("+") for w in words]


MERCAPTOPURINE = times("6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+")  # Freireich 1963
PLACEBO = times("1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23")
AML_MAINTAINED = times("9 13 13+ 18 23 28+ 31 34 45+ 48 161+")  # Miller 1997, R's survival::aml
AML_NOT_MAINTAINED = times("5 5 8 8 12 16+ 23 27 30 33 43 45")
PUBLISHED = [MERCAPTOPURINE, PLACEBO, AML_MAINTAINED, AML_NOT_MAINTAINED]


def two(one, other):
    return [*one[0], *other[0]], [*one[1], *other[1]], ["one"] * len(one[0]) + ["other"] * len(other[0])


class TestPublishedCurves:
    @pytest.mark.parametrize(("data", "median"), list(zip(PUBLISHED, (23, 8, 31, 23), strict=True)))
    def test_the_published_median(self, data, median):
        assert survival(*data).median == median

    @pytest.mark.parametrize(("data", "limits"), [(MERCAPTOPURINE, (13, None)), (PLACEBO, (4, 11))])
    def test_the_published_limits_of_the_median(self, data, limits):
        assert survival(*data).median_interval == limits

    @pytest.mark.parametrize(("day", "share"), [(0, 1.0), (5, 1.0), (6, 0.8571), (10, 0.7529), (22, 0.5378)])
    def test_the_published_share_still_waiting(self, day, share):
        assert survival(*MERCAPTOPURINE).at(day) == pytest.approx(share, abs=5e-5)

    def test_the_published_numbers_at_risk_and_ended(self):
        """Gehan's table: 21 at 6, 17 at 7, 15 at 10, 12 at 13, 11 at 16, 7 at 22, 6 at 23."""
        curve = survival(*MERCAPTOPURINE)
        assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
        assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
        assert curve.ended.tolist() == [3, 1, 1, 1, 1, 1, 1]
        assert curve.last == 35

    def test_without_censoring_the_curve_is_the_plain_share(self):
        curve = survival(*PLACEBO)
        for day in range(25):
            assert curve.at(day) == pytest.approx(sum(d > day for d in PLACEBO[0]) / 21)

    def test_the_order_of_the_children_does_not_matter(self):
        pairs = list(zip(*MERCAPTOPURINE, strict=True))
        random.Random(7).shuffle(pairs)
        shuffled = survival([d for d, _ in pairs], [e for _, e in pairs])
        assert shuffled.surviving.tolist() == survival(*MERCAPTOPURINE).surviving.tolist()


class TestTraps:
    def test_a_curve_that_is_flat_at_one_half_gives_the_first_day_of_it(self):
        """R would say 25, others 30; the method asks for the first day with half or fewer waiting."""
        assert survival([10, 20, 30, 40], [True] * 4).median == 20

    def test_one_half_is_met_in_spite_of_floating_noise(self):
        """Eight of ten at risk lose three: 8/10 x 6/8 x 5/6 is one half, and as floats a hair above it."""
        assert survival(*times("1 1 12 12 13 14+ 17 21 25 29+")).median == 13

    def test_an_ending_comes_before_a_censoring_on_the_same_day(self):
        """The child last seen waiting on day 10 was still at risk on day 10."""
        curve = survival([10, 10, 20], [True, False, True])
        assert curve.at(10) == pytest.approx(2 / 3)
        assert curve.at_risk.tolist() == [3, 1]

    def test_a_wait_that_ends_on_a_day_has_ended_on_that_day(self):
        curve = survival([10, 20], [True, True])
        assert (curve.at(9), curve.at(10), curve.at(19), curve.at(20)) == (1, 0.5, 0.5, 0)

    def test_if_no_wait_has_ended_everyone_still_waits(self):
        curve = survival([10, 20, 30], [False] * 3)
        assert (curve.at(1000), curve.median, curve.median_interval, curve.last) == (1.0, None, (None, None), 30)

    def test_no_child_at_all_is_a_curve_at_one(self):
        curve = survival([], [])
        assert (curve.median, curve.at(0), curve.interval_at(0), curve.last) == (None, 1.0, None, None)

    def test_a_median_that_is_not_reached_is_none_and_never_the_last_time(self):
        assert survival([10, 20, 30, 40, 50], [True, True, False, False, False]).median is None

    def test_all_ending_on_the_first_day(self):
        curve = survival([0, 0, 0], [True] * 3)
        assert (curve.median, curve.at(0), curve.at(-1)) == (0, 0, 1)

    def test_after_the_last_time_followed_the_curve_stays_where_it_is(self):
        curve = survival([10, 20, 30], [True, False, False])
        assert curve.at(31) == curve.at(10) == pytest.approx(2 / 3)

    def test_nought_and_one_serve_for_false_and_true(self):
        assert (
            survival([1, 2, 3], [1, 0, 1]).surviving.tolist()
            == survival([1, 2, 3], [True, False, True]).surviving.tolist()
        )

    def test_columns_of_a_frame_serve_whatever_their_index(self):
        frame = pd.DataFrame({"days": [3, 1, 2], "ended": pd.array([True, True, False], "boolean")}, index=[7, 7, 9])
        assert (
            survival(frame["days"], frame["ended"]).surviving.tolist()
            == survival([1, 2, 3], [1, 0, 1]).surviving.tolist()
        )


class TestLimits:
    def test_limits_of_greenwood_on_the_log_log_scale_by_hand(self):
        """At 10: S = 18/21 x 16/17 x 14/15, Greenwood 3/(21x18) + 1/(17x16) + 1/(15x14)."""
        share, spread = 18 / 21 * 16 / 17 * 14 / 15, 3 / 378 + 1 / 272 + 1 / 210
        far = 1.959963984540054 * math.sqrt(spread) / abs(math.log(share))
        low, high = survival(*MERCAPTOPURINE).interval_at(10)
        assert low == pytest.approx(math.exp(-math.exp(math.log(-math.log(share)) + far)), rel=1e-12)
        assert high == pytest.approx(math.exp(-math.exp(math.log(-math.log(share)) - far)), rel=1e-12)
        assert 0 < low < share < high < 1

    def test_there_are_none_before_the_first_ending_and_when_all_have_ended(self):
        curve = survival(*PLACEBO)
        assert (curve.interval_at(0), curve.interval_at(23), curve.interval_at(99)) == (None, None, None)
        assert curve.interval_at(22) is not None

    def test_a_limit_is_half_or_less_from_the_limit_of_the_median_on(self):
        for data in PUBLISHED:
            curve = survival(*data)
            for side, limit in enumerate(curve.median_interval):
                known = [(t, curve.interval_at(t)[side]) for t in curve.times if curve.interval_at(t)]
                assert limit == min((t for t, share in known if share <= 0.5), default=None)

    def test_an_end_for_all_gives_no_warning(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert survival([5, 5], [True, True]).median_interval == (None, None)


class TestLateEntry:
    def test_a_child_is_at_risk_after_the_entry_and_up_to_the_duration(self):
        """Followed from 5: not at risk when another ends at 5, at risk at 6."""
        curve = survival([5, 6, 9], [True, True, True], entry=[0, 0, 5])
        assert curve.times.tolist() == [5, 6, 9]
        assert curve.at_risk.tolist() == [2, 2, 1]
        assert curve.surviving.tolist() == [0.5, 0.25, 0]

    def test_an_entry_at_nought_leaves_what_happens_at_nought_out_and_none_does_not(self):
        with pytest.raises(ValueError, match="entry"):
            survival([0, 4], [True, True], entry=[0, 0])
        assert survival([0, 4], [True, True], entry=[-1, -1]).surviving.tolist() == [0.5, 0]
        assert survival([0, 4], [True, True]).surviving.tolist() == [0.5, 0]

    def test_entries_at_the_outset_change_nothing(self):
        for days, ended in PUBLISHED:
            plain, late = survival(days, ended), survival(days, ended, entry=[0] * len(days))
            assert late.surviving.tolist() == plain.surviving.tolist()
            assert late.median_interval == plain.median_interval

    def test_if_everyone_at_risk_ends_early_the_curve_is_nought_from_then_on(self):
        """One child is followed from the start and ends at 2; ten more join at 10. R gives 0 too."""
        curve = survival([2, *range(20, 30)], [True] * 11, entry=[0] + [10] * 10)
        assert curve.at(2) == curve.at(25) == 0
        assert curve.interval_at(25) is None

    def test_leaving_the_entry_out_makes_waits_look_longer(self):
        """Of those who had started before only the slow are known: counting them from the start hides the quick ones."""
        days, ended, entry = [3, 4, 30, 40, 50, 60], [True] * 6, [0, 0, 20, 20, 20, 20]
        assert survival(days, ended).median == 30
        assert survival(days, ended, entry).median == 3


class TestWaysOut:
    CAUSES = (1, 2, 1, 0, 2, 1, 0, 3)
    DAYS = (5, 5, 8, 8, 12, 15, 20, 21)

    def test_by_hand(self):
        """At 5, two of eight end; at 8, one of six; at 12, one of four; at 15, one of three; at 21, the last."""
        found = cumulative_incidence(self.DAYS, self.CAUSES)
        assert found.at_risk.tolist() == [8, 6, 4, 3, 1]
        after_5, after_8, after_12 = 6 / 8, 6 / 8 * 5 / 6, 6 / 8 * 5 / 6 * 3 / 4
        assert found.at(5, 1) == found.at(5, 2) == pytest.approx(1 / 8)
        assert found.at(8, 1) == pytest.approx(1 / 8 + after_5 / 6)
        assert found.at(12, 2) == pytest.approx(1 / 8 + after_8 / 4)
        assert found.at(15, 1) == pytest.approx(1 / 8 + after_5 / 6 + after_12 / 3)
        assert found.at(20, 3) == 0
        assert found.at(21, 3) == pytest.approx(after_12 * 2 / 3)

    def test_the_ways_and_those_still_waiting_add_up_to_everyone(self):
        found = cumulative_incidence(self.DAYS, self.CAUSES)
        assert found.incidence.sum(axis=1) + found.surviving == pytest.approx(1, abs=1e-12)
        assert found.surviving.tolist() == survival(self.DAYS, [c != 0 for c in self.CAUSES]).surviving.tolist()

    def test_ties_are_taken_from_one_risk_set_whatever_the_order_of_the_rows(self):
        rows = list(zip([7] * 6 + [9] * 4, [1, 2, 1, 2, 0, 1, 2, 1, 0, 1], strict=True))
        first = None
        for seed in range(20):
            random.Random(seed).shuffle(rows)
            found = cumulative_incidence([d for d, _ in rows], [c for _, c in rows]).incidence.tolist()
            first = first or found
            assert found == first

    def test_one_cause_is_one_minus_kaplan_meier(self):
        days, ended = MERCAPTOPURINE
        found = cumulative_incidence(days, [int(e) for e in ended])
        assert found.incidence[:, 0] == pytest.approx(1 - survival(days, ended).surviving, abs=1e-12)

    def test_naive_curves_of_each_cause_add_up_to_more_than_everyone_and_these_do_not(self):
        causes = sorted(set(self.CAUSES) - {0})
        naive = sum(1 - survival(self.DAYS, [c == k for c in self.CAUSES]).at(21) for k in causes)
        ours = sum(cumulative_incidence(self.DAYS, self.CAUSES).at(21, k) for k in causes)
        assert naive > 1.3
        assert ours == pytest.approx(1)

    def test_causes_are_any_whole_numbers_but_nought(self):
        found = cumulative_incidence([1, 2, 3], [-4, 17, 0])
        assert found.causes == (-4, 17)
        assert found.at(2, 17) == pytest.approx(1 / 3)

    def test_a_cause_that_never_occurs_stays_at_nought_and_cause_nought_is_refused(self):
        found = cumulative_incidence([1, 2], [1, 0])
        assert found.at(5, 2) == 0
        with pytest.raises(ValueError, match="cause 0"):
            found.at(5, 0)

    def test_nobody_ended_and_nobody_at_all(self):
        for found in (cumulative_incidence([3, 4], [0, 0]), cumulative_incidence([], [])):
            assert (found.at(9, 1), found.surviving_at(9), found.causes) == (0, 1, ())

    def test_late_entries_are_at_risk_after_they_entered(self):
        found = cumulative_incidence([5, 6, 9], [1, 2, 1], entry=[0, 0, 5])
        assert found.at_risk.tolist() == [2, 2, 1]
        assert (found.at(9, 1), found.at(9, 2)) == (0.75, 0.25)

    def test_before_the_first_ending_nobody_has_ended(self):
        found = cumulative_incidence(self.DAYS, self.CAUSES)
        assert (found.at(4.9, 1), found.surviving_at(4.9)) == (0, 1)


class TestComparison:
    @pytest.mark.parametrize(
        ("one", "other", "statistic", "p"),
        [(MERCAPTOPURINE, PLACEBO, 16.79, 4.17e-5), (AML_MAINTAINED, AML_NOT_MAINTAINED, 3.40, 0.0653)],
    )
    def test_the_published_statistic(self, one, other, statistic, p):
        found = logrank(*two(one, other))
        assert found.statistic == pytest.approx(statistic, abs=5e-3)
        assert found.p == pytest.approx(p, abs=5e-5, rel=1e-3)
        assert (found.degrees, found.groups) == (1, ("one", "other"))

    def test_the_published_expected_numbers(self):
        """R prints 9 observed and 19.3 expected, 21 and 10.7."""
        found = logrank(*two(MERCAPTOPURINE, PLACEBO))
        assert found.ended == (9, 21)
        assert found.expected == pytest.approx((19.3, 10.7), abs=0.05)

    def test_three_groups_by_hand(self):
        """Each of three children ends on a day of its own: sums of O - E and of the covariances, written out."""
        found = logrank([1, 2, 3], [True] * 3, ["a", "b", "c"])
        excess = np.array([1 - 1 / 3, 1 - 1 / 3 - 1 / 2])
        within = np.array([[2 / 9, -1 / 9], [-1 / 9, 2 / 9 + 1 / 4]])
        assert found.statistic == pytest.approx(excess @ np.linalg.inv(within) @ excess)
        assert found.p == pytest.approx(math.exp(-found.statistic / 2))  # chi-squared with two degrees of freedom
        assert found.degrees == 2

    def test_names_and_order_of_the_groups_do_not_matter(self):
        days, ended, group = two(MERCAPTOPURINE, PLACEBO)
        renamed = [("z", 1) if g == "one" else ("a", 2) for g in group]
        backwards = logrank(days[::-1], ended[::-1], renamed[::-1])
        assert backwards.statistic == pytest.approx(logrank(days, ended, group).statistic)

    def test_alike_groups_do_not_differ(self):
        found = logrank(*two(PLACEBO, PLACEBO))
        assert found.statistic == pytest.approx(0, abs=1e-12)
        assert found.p == pytest.approx(1)

    @pytest.mark.parametrize("ended", [[False] * 4, [True] * 4])
    def test_where_nothing_ended_or_all_at_once_there_is_nothing_to_compare(self, ended):
        found = logrank([5] * 4, ended, list("aabb"))
        assert (found.statistic, found.p) == (None, None)

    def test_a_group_with_no_expected_ending_does_not_count(self):
        """The child of c was gone before anyone's wait ended."""
        with_ = logrank([1, 5, 6, 7, 8], [False, True, True, True, True], list("caabb"))
        without = logrank([5, 6, 7, 8], [True] * 4, list("aabb"))
        assert (with_.statistic, with_.degrees) == (pytest.approx(without.statistic), 1)

    def test_one_group_and_a_missing_group_are_refused(self):
        with pytest.raises(ValueError, match="two groups"):
            logrank([1, 2], [True, True], ["a", "a"])
        with pytest.raises(ValueError, match="group: is missing at position 1"):
            logrank([1, 2], [True, True], ["a", None])


class TestRestrictedMean:
    def test_the_published_sampling_error(self):
        """0.50, and not the 2.27 that is the spread of the waits themselves."""
        found = restricted_mean(*MERCAPTOPURINE, until=12)
        assert found.error == pytest.approx(0.50, abs=5e-3)
        assert not found.degenerate

    def test_the_area_by_hand(self):
        """6 weeks at 1, one at 18/21, three at 18/21 x 16/17, two at that x 14/15."""
        one, two_, three = 18 / 21, 18 / 21 * 16 / 17, 18 / 21 * 16 / 17 * 14 / 15
        assert restricted_mean(*MERCAPTOPURINE, until=12).value == pytest.approx(6 + one + 3 * two_ + 2 * three)

    def test_without_censoring_it_is_the_mean_and_its_error_the_spread_over_the_root_of_n(self):
        found = restricted_mean(*PLACEBO, until=23)
        days = np.array(PLACEBO[0])
        assert found.value == pytest.approx(days.mean())
        assert found.error == pytest.approx(days.std() / math.sqrt(len(days)))

    def test_where_everyone_exceeds_it_the_error_is_nought_and_says_so(self):
        found = restricted_mean([20, 30, 40], [True, True, False], until=15)
        assert (found.value, found.error, found.degenerate) == (15, 0, True)

    def test_an_ending_on_the_last_day_takes_nothing_away(self):
        found = restricted_mean([12, 20], [True, True], until=12)
        assert (found.value, found.error, found.degenerate) == (12, 0, True)

    def test_up_to_the_last_time_followed_it_can_be_had_while_some_still_wait(self):
        assert restricted_mean([10, 20], [True, False], until=20).value == 15

    def test_beyond_the_last_time_followed_it_is_refused_unless_all_have_ended(self):
        with pytest.raises(ValueError, match="beyond"):
            restricted_mean([10, 20], [True, False], until=21)
        assert restricted_mean([10, 20], [True, True], until=21).value == 15
        with pytest.raises(ValueError, match="beyond"):
            restricted_mean([], [], until=5)

    @pytest.mark.parametrize("until", [0, -1, math.inf, math.nan])
    def test_it_has_to_be_above_nought(self, until):
        with pytest.raises(ValueError, match="above 0"):
            restricted_mean([10], [True], until=until)


class TestRefused:
    """Messages name positions, counted from 0, and never a value: they may be of a child."""

    @pytest.mark.parametrize("bad", [-3, math.nan, math.inf, None, "soon"])
    def test_a_duration_that_is_none(self, bad):
        for call in (lambda d: survival(d, [True] * 4), lambda d: cumulative_incidence(d, [1] * 4)):
            with pytest.raises(ValueError, match=r"durations: .* at position 1, 3$") as told:
                call([1, bad, 5, bad])
            assert str(bad) not in str(told.value)

    @pytest.mark.parametrize("bad", [math.nan, None, math.inf, 7, 8])
    def test_an_entry_that_is_none_or_does_not_come_before_the_duration(self, bad):
        with pytest.raises(ValueError, match=r"entry: .* at position 1$"):
            survival([7, 7], [True, True], entry=[0, bad])

    @pytest.mark.parametrize("bad", [2, None, math.nan, "yes"])
    def test_an_observation_that_is_neither_true_nor_false(self, bad):
        with pytest.raises(ValueError, match=r"observed: .* at position 0$"):
            survival([1, 2], [bad, True])

    def test_a_missing_cause_in_a_column_of_whole_numbers(self):
        with pytest.raises(ValueError, match=r"cause: .* at position 1$"):
            cumulative_incidence([1, 2], pd.array([1, None], "Int64"))

    def test_whole_numbers_of_any_width_and_floats_serve_as_causes(self):
        for causes in ([1, 0, 2], np.array([1, 0, 2], "int8"), np.array([1.0, 0.0, 2.0]), pd.array([1, 0, 2], "Int64")):
            assert cumulative_incidence([1, 2, 3], causes).incidence.tolist()[-1] == pytest.approx([1 / 3, 2 / 3])

    @pytest.mark.parametrize("bad", [1.5, None, "home"])
    def test_a_cause_that_is_no_whole_number(self, bad):
        with pytest.raises(ValueError, match=r"cause: .* at position 1$"):
            cumulative_incidence([1, 2], [1, bad])

    def test_many_positions_are_cut_short(self):
        with pytest.raises(ValueError, match=r"position 0, 1, 2, 3, 4 and 5 more$"):
            survival([-1] * 10, [True] * 10)

    def test_sequences_of_different_lengths(self):
        for call in (
            lambda: survival([1, 2], [True]),
            lambda: survival([1, 2], [True, True], entry=[0]),
            lambda: cumulative_incidence([1, 2], [1]),
            lambda: logrank([1, 2], [True, True], ["a", "b", "b"]),
        ):
            with pytest.raises(ValueError, match="different lengths"):
                call()
