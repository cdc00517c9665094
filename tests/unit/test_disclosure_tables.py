"""Two-way tables with totals: what is hidden, what stays, and what is said of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pace_nb.disclosure import ALL, audit_table, merge_neighbours, merge_periods, merge_small, protect_table
from pace_nb.disclosure.counts import check_threshold
from pace_nb.errors import DataError, ParameterError


def table(*rows: list[int]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=[f"area {i}" for i in range(len(rows))], columns=list("abcdefg"[: len(rows[0])]))


SMALL = table([3, 9, 6, 14], [8, 7, 11, 0], [12, 20, 2, 9], [30, 6, 7, 8])


class TestProtect:
    def test_what_is_shown_is_true_and_what_is_small_is_hidden(self):
        shown, report = protect_table(SMALL)
        full = SMALL.assign(All=SMALL.sum(axis=1))
        full.loc[ALL] = full.sum()
        assert shown.shape == full.shape
        assert (shown.isna() | (shown == full)).all(axis=None)
        assert shown.isna().to_numpy()[((full >= 1) & (full < 5)).to_numpy()].all()
        assert report.primaries == 2
        assert report.hidden == int(shown.isna().sum().sum())
        assert audit_table(SMALL, shown).safe

    def test_two_small_counts_in_different_rows_and_columns_share_one_rectangle(self):
        shown, report = protect_table(SMALL)
        assert report.method == "exact"
        assert report.complements == 2
        assert shown[ALL].notna().all()

    def test_the_fast_way_is_as_safe(self):
        shown, report = protect_table(SMALL, exact=False)
        assert report.method == "fast"
        assert audit_table(SMALL, shown).safe

    def test_a_table_without_small_counts_is_shown_whole(self):
        shown, report = protect_table(table([5, 0], [7, 9]))
        assert report.method == "nothing to hide"
        assert shown.notna().all(axis=None)

    def test_a_small_total_is_hidden_too(self):
        shown, report = protect_table(table([1, 2, 0], [20, 30, 9], [15, 8, 9]))
        assert pd.isna(shown.loc["area 0", ALL])
        assert report.primaries == 3

    def test_without_totals_nothing_but_small_counts_is_hidden(self):
        shown, report = protect_table(SMALL, totals=False)
        assert shown.shape == SMALL.shape
        assert report.complements == 0

    @pytest.mark.parametrize(("totals", "shape"), [("rows", (4, 5)), ("columns", (5, 4)), (True, (5, 5))])
    def test_totals_are_published_where_asked(self, totals, shape):
        assert protect_table(SMALL, totals=totals)[0].shape == shape

    def test_with_percentages_a_count_whose_rest_is_small_is_hidden(self):
        counts = table([17, 1, 2], [20, 30, 10], [25, 9, 14])
        shown, _ = protect_table(counts, percentages=True)
        assert pd.isna(shown.loc["area 0", "a"])
        assert audit_table(counts, shown, percentages=True).safe

    @pytest.mark.parametrize("threshold", [5, 7, 10])
    def test_a_higher_threshold_hides_more(self, threshold):
        shown, _ = protect_table(SMALL, threshold=threshold)
        assert not ((shown >= 1) & (shown < threshold)).any(axis=None)
        assert audit_table(SMALL, shown, threshold).safe

    @pytest.mark.parametrize("threshold", [0, 4, 11, 5.5])
    def test_no_other_threshold_is_taken(self, threshold):
        with pytest.raises(ParameterError):
            check_threshold(threshold)

    def test_totals_go_only_if_nothing_else_will_do(self):
        counts = table([2, 7], [9, 8])
        shown, report = protect_table(counts)
        assert audit_table(counts, shown).safe
        assert report.hidden >= 4
        assert "put rows or columns together" in protect_table(table([1, 1], [2, 1]))[1].redesign

    def test_merging_comes_before_hiding_totals(self):
        counts = table([1, 5], [0, 9])
        plain, _ = protect_table(counts)
        assert plain.loc[ALL, "b"] is pd.NA
        shown, report = protect_table(counts, merge=lambda f: pd.DataFrame({"a or b": f.sum(axis=1)}))
        assert report.method == "merged"
        assert shown["a or b"].tolist() == [6, 9, 15]

    def test_everyone_in_one_cell_is_told(self):
        assert protect_table(table([0, 12], [8, 9]))[1].groups == (
            "All children of row 'area 0' are in 'b'.",
            "All children of column 'a' are in 'area 1'.",
        )

    def test_percentages_need_their_denominators(self):
        with pytest.raises(DataError, match="denominator"):
            protect_table(SMALL, totals=False, percentages=True)

    @pytest.mark.parametrize(
        "counts",
        [
            table([1, -2]),
            table([1, 2]) + 0.5,
            table([1, 2]).rename(columns={"a": ALL}),
            pd.DataFrame(),
            table([1, 2]).astype(float) * np.nan,
        ],
    )
    def test_what_is_no_table_of_counts_is_refused(self, counts):
        with pytest.raises(DataError):
            protect_table(counts)

    def test_the_order_of_rows_and_columns_does_not_decide_what_is_hidden(self):
        turned = protect_table(SMALL.iloc[::-1, ::-1])[0]
        pd.testing.assert_frame_equal(turned.reindex_like(protect_table(SMALL)[0]), protect_table(SMALL)[0])


class TestTheRowRule:
    """Hiding the next smallest count of the row, as is widely done, leaves columns that can be subtracted."""

    def test_it_leaves_counts_that_are_worked_out(self):
        full = SMALL.assign(All=SMALL.sum(axis=1)).astype(float)
        full.loc[ALL] = full.sum()
        for row in SMALL.index[(SMALL.min(axis=1) < 5) & (SMALL.min(axis=1) > 0)]:
            full.loc[row, SMALL.loc[row].nsmallest(2).index] = np.nan
        found = audit_table(SMALL, full)
        assert not found.safe
        assert found.solved


class TestMerging:
    def test_small_columns_become_one(self):
        assert merge_small(table([20, 1, 2], [30, 3, 1])).to_dict("list") == {"a": [20, 30], "other": [3, 4]}

    def test_one_small_column_is_left(self):
        counts = table([20, 1], [30, 3])
        assert merge_small(counts) is counts

    def test_bands_take_in_their_neighbours(self):
        merged = merge_neighbours(table([1, 2, 9, 7, 3]))
        assert merged.to_dict("list") == {"a and b and c": [12], "d and e": [10]}

    def test_months_become_quarters_and_quarters_years(self):
        months = pd.DataFrame({"n": range(1, 13)}, index=pd.period_range("2019-01", periods=12, freq="M"))
        assert merge_periods(months)["n"].tolist() == [6, 15, 24, 33]
        assert merge_periods(merge_periods(months))["n"].tolist() == [78]

    def test_years_and_names_are_not_periods_to_merge(self):
        with pytest.raises(DataError):
            merge_periods(table([1, 2]))
