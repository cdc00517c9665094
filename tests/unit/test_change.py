"""Two small groups, exactly: every relabelling counted, at every edge (method A.8)."""

from __future__ import annotations

import math
import random
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, permutation_test, rankdata

from pace_nb import change
from pace_nb.change import compare_groups, sum_chances


def counted_p(before: list[float], after: list[float]) -> float:
    """The p again, in plain loops over every relabelling."""
    values, m = [*before, *after], len(after)

    def away(chosen) -> float:
        inside = [values[i] for i in chosen]
        outside = [v for i, v in enumerate(values) if i not in chosen]
        return abs(sum(inside) / len(inside) - sum(outside) / len(outside))

    found = away(range(len(before), len(values)))
    every = [away(chosen) for chosen in combinations(range(len(values)), m)]
    return sum(a >= found - 1e-9 for a in every) / len(every)


class TestP:
    @pytest.mark.parametrize(("size", "smallest"), [(3, 0.10), (4, 0.029), (5, 0.0079), (6, 0.0022)])
    def test_the_published_smallest_chances(self, size, smallest):
        """Groups that do not overlap at all: method A.8."""
        found = compare_groups(range(100, 100 + size), range(size))
        assert found.p == pytest.approx(found.smallest_p)
        assert found.smallest_p == pytest.approx(smallest, abs=0.0005)

    def test_in_groups_of_unequal_size_the_mirrored_labels_do_not_exist(self):
        """Of the ten choices of two only one is as far out as 50 and 100."""
        found = compare_groups([0, 1, 2], [50, 100])
        assert found.p == pytest.approx(1 / 10)
        assert found.smallest_p == pytest.approx(1 / 10)
        assert found.p == counted_p([0, 1, 2], [50, 100])

    def test_smallest_is_never_undercut(self):
        chance = random.Random(1)
        for _ in range(60):
            n, m = chance.randint(2, 5), chance.randint(2, 5)
            groups = [[chance.choice([0, 1, 2, 5, 90, 300]) for _ in range(k)] for k in (n, m)]
            found = compare_groups(*groups)
            assert found.p >= found.smallest_p - 1e-12
            assert found.p == pytest.approx(counted_p(*groups))

    def test_a_difference_exactly_as_large_counts(self):
        """1, 2 against 3, 4: of six choices only {3, 4} and {1, 2} lie so far apart."""
        assert compare_groups([1, 2], [3, 4]).p == pytest.approx(2 / 6)
        assert compare_groups([1, 3], [2, 4]).p == pytest.approx(
            4 / 6
        )  # {1, 2}, {1, 3}, {2, 4}, {3, 4}; 1, 4 and 2, 3 are equal

    def test_equal_groups_are_as_far_apart_as_any(self):
        assert compare_groups([5, 5, 5], [5, 5, 5]).p == pytest.approx(1.0)
        assert compare_groups([1, 4], [2, 3]).p == pytest.approx(1.0)

    def test_decimals_that_differ_by_a_rounding_are_equal(self):
        """0.1 + 0.2 is not 0.3 to a computer; here it is."""
        found = compare_groups([0.1 + 0.2, 0.1], [0.3, 0.1])
        assert found.p == 1.0
        assert compare_groups([0.1, 0.2, 0.3], [1.1, 1.2, 1.3]).p == pytest.approx(0.1)

    def test_whole_numbers_and_the_same_with_decimals_agree(self):
        before, after = [30, 41, 52, 60], [12, 15, 20, 47, 66]
        tenths = [[v / 10 for v in g] for g in (before, after)]
        assert compare_groups(*tenths).p == pytest.approx(compare_groups(before, after).p)
        assert compare_groups(before, after).p == pytest.approx(counted_p(before, after))

    def test_is_the_same_with_the_groups_the_other_way_round(self):
        one, other = compare_groups([3, 9, 14, 2], [40, 8, 11]), compare_groups([40, 8, 11], [3, 9, 14, 2])
        assert one.p == pytest.approx(other.p)
        assert one.difference == -other.difference

    def test_a_hundred_children_are_still_counted_exactly(self):
        """1 to 60 dealt into halves: near to what a normal curve says, which is close for so many and no more than close."""
        values = list(range(60))
        random.Random(3).shuffle(values)
        found = compare_groups(values[:30], values[30:])
        assert found.p == pytest.approx(_normal_p(values[:30], values[30:]), abs=0.01)
        assert found.p != pytest.approx(_normal_p(values[:30], values[30:]), abs=1e-6)

    def test_what_would_take_too_long_is_not_given(self, monkeypatch):
        monkeypatch.setattr(change, "ENUMERATED", 100)
        assert compare_groups([0.5, 1.5, 2.25, 3], [4.5, 5, 6, 7]).p is not None  # 70 relabellings
        assert compare_groups([0.5, 1.5, 2.25, 3, 9], [4.5, 5, 6, 7, 8]).p is None  # 252
        monkeypatch.setattr(change, "COUNTED", 10)
        assert compare_groups([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]).p is None

    @pytest.mark.parametrize(("before", "after"), [([1], [2, 3, 4]), ([2, 3, 4], [1]), ([1], [2])])
    def test_one_child_on_a_side_is_no_test(self, before, after):
        found = compare_groups(before, after)
        assert (found.p, found.smallest_p, found.interval) == (None, None, None)
        assert found.difference == np.mean(after) - np.mean(before)

    @pytest.mark.parametrize(
        ("before", "after"), [([], [1]), ([1], []), ([1, math.nan], [1]), ([[1, 2]], [3]), ([math.inf, 1], [2, 3])]
    )
    def test_refuses_what_is_no_group(self, before, after):
        with pytest.raises(ValueError, match="before and after"):
            compare_groups(before, after)


def _normal_p(before: list[float], after: list[float]) -> float:
    from scipy.stats import norm

    n, m, every = len(before), len(after), [*before, *after]
    spread = np.var(every, ddof=1) * (1 / n + 1 / m)
    return 2 * norm.sf(abs(np.mean(after) - np.mean(before)) / math.sqrt(spread))


class TestAgainstScipy:
    @staticmethod
    def theirs(before, after) -> float:
        def statistic(x, y, axis):
            return np.mean(y, axis=axis) - np.mean(x, axis=axis)

        return permutation_test((before, after), statistic, n_resamples=np.inf, vectorized=True).pvalue

    @pytest.mark.parametrize(
        ("before", "after"),
        [([30, 41, 52, 60], [12, 15, 20, 47]), ([1, 1, 2, 9], [2, 2, 9, 9]), ([5, 5, 6], [5, 6, 7])],
    )
    def test_groups_of_equal_size_agree(self, before, after):
        assert compare_groups(before, after).p == pytest.approx(self.theirs(before, after))

    def test_groups_of_unequal_size_do_not_because_scipy_doubles_the_smaller_tail(self):
        before, after = [0, 1, 2], [50, 100]
        assert self.theirs(before, after) == pytest.approx(2 / 10)
        assert compare_groups(before, after).p == pytest.approx(1 / 10)

    def test_the_rank_sum_test_that_is_called_exact_passes_over_ties(self):
        """With ties the permutation of the ranks is exact, and mannwhitneyu(method="exact") is not."""
        before, after = [1, 2, 2, 3, 3, 5], [2, 3, 3, 5, 5, 6]
        ranks = (2 * rankdata([*before, *after])).astype(int)  # doubled, so that shared ranks are whole
        exact = compare_groups(ranks[:6], ranks[6:]).p
        assert exact == pytest.approx(counted_p(list(ranks[:6]), list(ranks[6:])))
        assert mannwhitneyu(before, after, method="exact").pvalue != pytest.approx(exact, abs=0.005)

    def test_without_ties_they_agree(self):
        before, after = [1, 4, 6, 9, 12], [2, 7, 13, 15, 20]
        ranks = rankdata([*before, *after]).astype(int)
        assert compare_groups(ranks[:5], ranks[5:]).p == pytest.approx(
            mannwhitneyu(before, after, method="exact").pvalue
        )


class TestShift:
    def test_is_the_median_of_all_differences(self):
        """After less before: 12 - 10, 12 - 20, 25 - 10, 25 - 20."""
        found = compare_groups([10, 20], [12, 25])
        assert found.difference == 3.5
        assert found.shift == np.median([2, -8, 15, 5])

    def test_one_child_who_waited_very_long_moves_the_means_and_not_the_shift(self):
        near, far = compare_groups([10, 20, 30], [12, 22, 32]), compare_groups([10, 20, 30], [12, 22, 3200])
        assert far.difference > 1000
        assert abs(far.shift - near.shift) <= 10

    def test_the_interval_is_that_of_the_rank_sum(self):
        """Four against four, nothing overlapping: P(U = 0) is 1/70, so the ends are the smallest and largest difference."""
        found = compare_groups([1, 2, 3, 4], [5, 6, 7, 8])
        assert found.interval == (1, 7)

    def test_five_against_five_leaves_out_two_differences_at_each_end(self):
        """P(U <= 1) is 2/252 and P(U <= 2) 4/252, below 0.025; P(U <= 3) is 7/252, above it: the third of each end."""
        found = compare_groups([0, 0, 0, 0, 0], [1, 10, 100, 1000, 10000])
        assert found.interval == (1, 10000)
        before, after = [0, 1, 2, 3, 4], [100, 210, 330, 460, 600]
        differences = sorted(b - a for a in before for b in after)
        assert compare_groups(before, after).interval == (differences[2], differences[-3])

    def test_three_against_three_can_give_none(self):
        assert compare_groups([1, 2, 3], [4, 5, 6]).interval is None

    def test_moves_with_the_group(self):
        one, other = compare_groups([3, 9, 14, 2], [4, 8, 11, 30]), compare_groups([3, 9, 14, 2], [104, 108, 111, 130])
        assert other.shift == one.shift + 100
        assert other.interval == (one.interval[0] + 100, one.interval[1] + 100)


class TestBlocks:
    def test_brothers_and_sisters_are_dealt_out_together(self):
        """Two families before and two after: six ways to deal them out, not C(7, 4)."""
        before, after, blocks = [50, 52, 54, 60], [10, 12, 14], ["A", "A", "A", None, "B", "B", None]
        found = compare_groups(before, after, blocks)
        assert (found.before, found.after) == (2, 2)
        assert found.p == pytest.approx(2 / 6)
        assert found.smallest_p == pytest.approx(2 / 6)
        assert found.interval is None
        assert compare_groups(before, after).p < 0.1

    def test_the_means_are_those_of_children_however_large_the_families(self):
        """Families of 2, 1, 3 and 1 children, two of them before: the six dealings, each with means over its children."""
        found = compare_groups([1, 2, 5], [9, 9, 9, 3], ["B", "B", None, "A", "A", "A", None])
        families = [(3, 2), (5, 1), (27, 3), (3, 1)]  # sum and size
        every = []
        for one, two in combinations(families, 2):
            inside, size = one[0] + two[0], one[1] + two[1]
            every.append(abs(inside / size - (38 - inside) / (7 - size)))
        assert found.difference == pytest.approx(30 / 4 - 8 / 3) == pytest.approx(every[-1])
        assert found.p == pytest.approx(sum(d >= every[-1] - 1e-9 for d in every) / 6) == pytest.approx(4 / 6)

    def test_one_family_on_a_side_is_no_test(self):
        assert compare_groups([1, 2], [9, 8, 7], ["A", "A", None, None, None]).p is None

    def test_everyone_alone_is_the_same_as_no_blocks(self):
        before, after = [30, 41, 52, 60], [12, 15, 20, 47]
        assert compare_groups(before, after, [None] * 8).p == pytest.approx(compare_groups(before, after).p)

    def test_a_family_on_both_sides_is_a_block_on_each(self):
        found = compare_groups([1, 2, 3], [4, 5, 6], ["A", None, None, "A", None, None])
        assert (found.before, found.after) == (3, 3)

    def test_refuses_blocks_that_do_not_name_every_child(self):
        with pytest.raises(ValueError, match="every child"):
            compare_groups([1, 2], [3, 4], ["A"])


class TestSumChances:
    def test_every_sum_by_hand(self):
        """Two of 0, 1, 1, 5: the sums are 1, 1, 5, 2, 6, 6."""
        assert sum_chances(np.array([0, 1, 1, 5]), 2).tolist() == pytest.approx([0, 2 / 6, 1 / 6, 0, 0, 1 / 6, 2 / 6])

    @pytest.mark.parametrize("m", [1, 2, 3, 4, 5])
    def test_few_and_many_drawn_mirror_each_other(self, m):
        units = np.array([0, 2, 3, 3, 8, 9])
        sums = [sum(c) for c in combinations(units.tolist(), m)]
        wanted = np.bincount(sums, minlength=26) / len(sums)
        found = sum_chances(units, m)
        assert found.sum() == pytest.approx(1.0)
        assert found.tolist() == pytest.approx(wanted[: len(found)].tolist())
        assert wanted[len(found) :].sum() == 0
