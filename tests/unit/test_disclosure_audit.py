"""The audit: what can be worked out is found, and every doubt counts against publishing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pace_nb.disclosure.audit as audit_module
from pace_nb.disclosure import audit_counts, audit_table

TRUE = pd.DataFrame({"home": [1, 9, 3], "away": [8, 7, 2], "foster": [6, 5, 12]}, index=["a", "b", "c"])


def with_totals(frame: pd.DataFrame) -> pd.DataFrame:
    full = frame.astype(float)
    full["All"] = frame.sum(axis=1)
    full.loc["All"] = full.sum(axis=0)
    return full


def hide(*cells: tuple[str, str]) -> pd.DataFrame:
    shown = with_totals(TRUE)
    for row, column in cells:
        shown.loc[row, column] = np.nan
    return shown


class TestTwoWayTables:
    def test_one_hidden_count_in_a_row_is_worked_out_by_subtraction(self):
        found = audit_table(TRUE, hide(("a", "home"), ("c", "home"), ("c", "away")))
        assert not found.safe
        assert ("a", "home") in found.solved

    def test_two_hidden_counts_in_each_row_and_column_can_still_be_too_few(self):
        """1 and 1 beside a total of 2: neither is known, yet neither can be more than 2."""
        true = pd.DataFrame({"x": [1, 1], "y": [1, 1], "z": [9, 9]}, index=["a", "b"])
        shown = with_totals(true).drop(index="All")
        shown.loc[["a", "b"], ["x", "y"]] = np.nan
        found = audit_table(true, shown)
        assert found.solved == ()
        assert found.intervals["a", "x"][1] == 2
        assert not found.safe

    def test_a_rectangle_wide_enough_is_safe(self):
        cells = [(r, c) for r in ("a", "c") for c in ("home", "away")]
        assert audit_table(TRUE, hide(*cells, ("b", "home"), ("b", "away"))).safe

    def test_without_totals_nothing_can_be_subtracted(self):
        shown = TRUE.astype(float).mask(TRUE < 5)
        assert audit_table(TRUE, shown).safe

    def test_percentages_of_a_row_give_the_rest_away(self):
        true = pd.DataFrame({"in time": [17, 20], "late": [3, 9], "lost": [0, 8]}, index=["a", "b"])
        hidden = true.astype(float).assign(All=true.sum(axis=1)).mask(true.assign(All=20) < 5)
        assert ("a", "in time", "rest") in audit_table(true, hidden, percentages=True).solved
        assert audit_table(true, hidden.mask(true.assign(All=20) < 18), percentages=True).safe

    def test_percentages_without_their_denominator_are_not_published(self):
        assert not audit_table(TRUE, TRUE.astype(float).mask(TRUE < 5), percentages=True).safe


class TestItFailsClosed:
    @pytest.mark.parametrize("value", [4.0, 10.0, 9.5, -1.0, np.inf])
    def test_a_shown_count_that_is_not_the_true_one(self, value):
        shown = hide(("a", "home"), ("c", "home"), ("c", "away"), ("a", "away"))
        shown.loc["b", "home"] = value
        assert not audit_table(TRUE, shown).safe

    def test_a_small_count_that_is_shown(self):
        assert "may be shown" in audit_table(TRUE, with_totals(TRUE)).problems[0]

    @pytest.mark.parametrize(
        "change", [lambda f: f.iloc[::-1], lambda f: f.drop(columns="away"), lambda f: f.rename(index={"a": "x"})]
    )
    def test_other_rows_or_columns(self, change):
        assert not audit_table(TRUE, change(TRUE.astype(float).mask(TRUE < 5))).safe

    def test_a_true_count_that_is_missing(self):
        original = TRUE.astype(float)
        original.iloc[1, 1] = np.nan
        assert not audit_table(original, hide(("a", "home"))).safe

    def test_sums_that_do_not_add_up(self):
        found = audit_counts({"a": 7, "b": 8, "all": 16}, {"a": 7, "b": 8, "all": 16}, [(("a", "b"), "all")])
        assert found.problems == ("The true counts do not add up to all.",)

    @pytest.mark.parametrize("answer", [None, "wrong table", "nan"])
    def test_a_solver_that_fails_or_lies(self, monkeypatch, answer):
        class Answer:
            x = None

        def milp(aim, **_):
            if answer is not None:
                Answer.x = np.full(len(aim), 3.0 if answer == "wrong table" else np.nan)
            return Answer

        cells = [(r, c) for r in ("a", "b", "c") for c in ("home", "away")]
        assert audit_table(TRUE, hide(*cells)).safe
        monkeypatch.setattr(audit_module, "milp", milp)
        assert not audit_table(TRUE, hide(*cells)).safe

    @pytest.mark.parametrize(
        ("truth", "lie"),
        [({"a": 4, "b": 9, "all": 13}, [0.0, 0.0, 0.0]), ({"a": 1, "b": 9, "all": 10}, [4.0, 9.0, 10.0])],
        ids=["what is shown is another", "the sum does not hold"],
    )
    def test_a_table_that_could_not_lie_behind_is_no_proof(self, monkeypatch, truth, lie):
        class Answer:
            x = np.array(lie)

        monkeypatch.setattr(audit_module, "milp", lambda *_, **__: Answer)
        found = audit_counts(truth, truth | {"a": None}, [(("a", "b"), "all")])
        assert found.solved == ("a",)


class TestRoundedCounts:
    SUMS = ((("a", "b", "c"), "all"),)

    def test_a_total_shown_as_5_beside_a_5_solves_the_other_two(self):
        truth = {"a": 5, "b": 1, "c": 1, "all": 7}
        found = audit_counts(truth, {"a": 5, "b": None, "c": None, "all": 5}, self.SUMS, rounded=True)
        assert set(found.solved) == {"b", "c"}

    def test_hiding_the_5_as_well_keeps_them_apart(self):
        truth = {"a": 5, "b": 1, "c": 1, "all": 7}
        found = audit_counts(truth, {"a": None, "b": None, "c": None, "all": 5}, self.SUMS, rounded=True)
        assert found.safe
        assert found.intervals["b"] == (1, 4)

    def test_two_fours_shown_as_10_are_solved(self):
        found = audit_counts(
            {"a": 4, "b": 4, "all": 8}, {"a": None, "b": None, "all": 10}, [(("a", "b"), "all")], rounded=True
        )
        assert set(found.solved) == {"a", "b"}

    @pytest.mark.parametrize(("n", "shown"), [(8, 5), (7, 10), (3, 5), (0, 5), (12, 12), (1, 0)])
    def test_a_count_rounded_wrongly_is_a_problem(self, n, shown):
        assert not audit_counts({"a": n}, {"a": shown}, [], rounded=True).safe

    def test_the_same_total_behind_two_tables_is_one(self):
        """Boys and girls: * and *, so at most 8 in all. By age: 10 and 0, so at least 8. So there are 4 of each."""
        truth = {"boys": 4, "girls": 4, "young": 8, "old": 0, "all": 8}
        published = {"boys": None, "girls": None, "young": 10, "old": 0}
        sums = [(("boys", "girls"), "all"), (("young", "old"), "all")]
        assert audit_counts(truth, published, sums[:1], rounded=True).safe
        assert set(audit_counts(truth, published, sums, rounded=True).solved) == {"boys", "girls"}

    def test_what_an_attacker_knows_counts(self):
        truth = {"a": 3, "b": 9, "all": 12}
        published = {"a": None, "b": 10, "all": 10}
        sums = [(("a", "b"), "all")]
        assert audit_counts(truth, published, sums, rounded=True).safe
        assert not audit_counts(truth, published, sums, rounded=True, known={"b": (9, 9)}).safe
