"""What may leave the authority: every count that is hidden or rounded, at every boundary."""

from __future__ import annotations

import pytest

from pace_nb.disclosure import (
    METHOD,
    protect_count,
    protect_median,
    protect_share,
    require_working,
)
from pace_nb.errors import ParameterError


class TestCounts:
    @pytest.mark.parametrize("n", [1, 2, 3, 4])
    def test_one_to_four_are_not_shown(self, n):
        assert protect_count(n, "aggregate") is None

    def test_nought_is_shown(self):
        assert protect_count(0, "aggregate") == 0

    @pytest.mark.parametrize(
        ("n", "shown"), [(5, 5), (6, 5), (7, 5), (8, 10), (12, 10), (13, 15), (97, 95), (98, 100), (1002, 1000)]
    )
    def test_other_counts_are_rounded_to_the_nearest_five(self, n, shown):
        assert protect_count(n, "aggregate") == shown

    def test_what_is_shown_is_never_more_than_two_away_and_a_multiple_of_five(self):
        for n in range(5, 500):
            shown = protect_count(n, "aggregate")
            assert shown % 5 == 0
            assert abs(shown - n) <= 2

    def test_each_count_shown_stands_for_at_least_three_true_counts(self):
        """So two tables that differ by one child cannot be told apart."""
        by_shown: dict = {}
        for n in range(5, 500):
            by_shown.setdefault(protect_count(n, "aggregate"), []).append(n)
        assert min(map(len, list(by_shown.values())[:-1])) >= 3

    @pytest.mark.parametrize("n", [0, 1, 4, 5, 7, 123])
    def test_in_the_working_audience_numbers_are_exact(self, n):
        assert protect_count(n, "working") == n

    @pytest.mark.parametrize("audience", ["", "Working", "public", "internal"])
    def test_an_audience_that_is_not_working_is_protected(self, audience):
        """A misspelt audience must not open anything."""
        assert protect_count(3, audience) is None


class TestShares:
    def test_a_percentage_comes_from_the_rounded_counts(self):
        assert protect_share(17, 22, "aggregate") == 15 / 20

    @pytest.mark.parametrize(("part", "whole"), [(3, 20), (1, 100), (4, 12)])
    def test_a_part_that_is_hidden_gives_no_share(self, part, whole):
        assert protect_share(part, whole, "aggregate") is None

    @pytest.mark.parametrize("whole", [5, 6, 7])
    def test_a_whole_that_rounds_below_ten_gives_no_share(self, whole):
        assert protect_share(5, whole, "aggregate") is None

    def test_a_whole_that_rounds_to_ten_gives_a_share(self):
        assert protect_share(5, 8, "aggregate") == 0.5

    @pytest.mark.parametrize(("part", "whole"), [(0, 20), (20, 20), (19, 21), (18, 20)])
    def test_none_or_all_of_a_group_is_not_told(self, part, whole):
        """19 of 21 round to 20 of 20: that too would say 'all'."""
        assert protect_share(part, whole, "aggregate") is None

    def test_nobody_gives_no_share_to_anyone(self):
        assert protect_share(0, 0, "working") is None
        assert protect_share(0, 0, "aggregate") is None

    def test_in_the_working_audience_shares_are_exact(self):
        assert protect_share(1, 3, "working") == 1 / 3
        assert protect_share(0, 3, "working") == 0
        assert protect_share(3, 3, "working") == 1

    def test_a_share_never_leaves_nought_to_one(self):
        for whole in range(60):
            for part in range(whole + 1):
                share = protect_share(part, whole, "aggregate")
                assert share is None or 0 < share < 1

    def test_no_share_leads_back_to_a_hidden_part(self):
        """A share shown always has at least five in it and at least five outside it after rounding."""
        for whole in range(60):
            for part in range(whole + 1):
                share = protect_share(part, whole, "aggregate")
                if share is not None:
                    shown = protect_count(whole, "aggregate")
                    assert 5 <= round(share * shown) <= shown - 5


class TestMedians:
    def test_ten_children_make_a_group_and_nine_do_not(self):
        assert protect_median(70, 10, "aggregate") == 70
        assert protect_median(70, 9, "aggregate") is None

    @pytest.mark.parametrize(
        ("days", "shown"),
        [(70, 70), (73, 70), (73.5, 77), (74, 77), (3, 0), (3.5, 7), (17.5, 21), (31.5, 35), (24.5, 28)],
    )
    def test_whole_weeks_half_rounded_up(self, days, shown):
        """Half up, not Python's half to even: 2.5 weeks are shown as three."""
        assert protect_median(days, 12, "aggregate") == shown

    def test_not_reached_stays_not_reached(self):
        assert protect_median(None, 100, "aggregate") is None
        assert protect_median(None, 100, "working") is None

    def test_in_the_working_audience_medians_are_exact(self):
        assert protect_median(73, 1, "working") == 73


class TestWorking:
    def test_single_children_are_for_the_working_audience(self):
        assert require_working("working", "This chart") is None

    @pytest.mark.parametrize("audience", ["aggregate", "", "Working"])
    def test_anyone_else_is_refused_and_told_why(self, audience):
        with pytest.raises(ParameterError, match="This chart shows single children"):
            require_working(audience, "This chart")

    def test_the_method_note_states_the_numbers_in_use(self):
        assert "nearest 5" in METHOD
        assert "1 to 4" in METHOD
        assert "at least 10 children" in METHOD
