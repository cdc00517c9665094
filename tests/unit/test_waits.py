"""Waits that count those who still wait: published curves, the traps of the method (A.4), and what is not told of few."""

from __future__ import annotations

import math
import random
from datetime import date

import pandas as pd
import pytest

from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.periods import Limit
from pace_nb.waits import summarise_waits, survival, typical_wait, waiting_curves


def times(text: str) -> tuple[list[int], list[bool]]:
    """Read '6 6+ 7' as printed in papers: a plus means that the time was still running."""
    words = text.split()
    return [int(w.rstrip("+")) for w in words], [not w.endswith("+") for w in words]


MERCAPTOPURINE = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"  # Freireich 1963
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
AML_MAINTAINED = "9 13 13+ 18 23 28+ 31 34 45+ 48 161+"  # Miller 1997, R's survival::aml
AML_NOT_MAINTAINED = "5 5 8 8 12 16+ 23 27 30 33 43 45"


class TestPublishedCurves:
    @pytest.mark.parametrize(
        ("data", "median"),
        [(MERCAPTOPURINE, 23), (PLACEBO, 8), (AML_MAINTAINED, 31), (AML_NOT_MAINTAINED, 23)],
    )
    def test_the_published_median(self, data, median):
        assert survival(*times(data)).median == median

    @pytest.mark.parametrize(("day", "share"), [(0, 1.0), (5, 1.0), (6, 0.8571), (10, 0.7529), (22, 0.5378)])
    def test_the_published_share_still_waiting(self, day, share):
        assert survival(*times(MERCAPTOPURINE)).at(day) == pytest.approx(share, abs=5e-5)

    def test_the_published_numbers_at_risk(self):
        """Gehan's table: 21 at 6, 17 at 7, 15 at 10, 12 at 13, 11 at 16, 7 at 22, 6 at 23."""
        curve = survival(*times(MERCAPTOPURINE))
        assert dict(zip(curve.times, curve.at_risk, strict=True)) == {
            6: 21,
            7: 17,
            10: 15,
            13: 12,
            16: 11,
            22: 7,
            23: 6,
        }

    def test_without_censoring_the_curve_is_the_plain_share(self):
        days, ended = times(PLACEBO)
        curve = survival(days, ended)
        for day in range(25):
            assert curve.at(day) == pytest.approx(sum(d > day for d in days) / len(days))

    def test_the_order_of_the_children_does_not_matter(self):
        pairs = list(zip(*times(MERCAPTOPURINE), strict=True))
        random.Random(7).shuffle(pairs)
        shuffled = survival([d for d, _ in pairs], [e for _, e in pairs])
        assert shuffled.surviving.tolist() == survival(*times(MERCAPTOPURINE)).surviving.tolist()


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
        assert (curve.at(1000), curve.median) == (1.0, None)

    def test_no_child_at_all_is_no_error(self):
        assert survival([], []).median is None

    def test_a_median_that_is_not_reached_is_none_and_never_the_last_time(self):
        assert survival([10, 20, 30, 40, 50], [True, True, False, False, False]).median is None

    def test_all_ending_on_the_first_day(self):
        curve = survival([0, 0, 0], [True] * 3)
        assert (curve.median, curve.at(0)) == (0, 0)


def table(reached="", waiting="", left="", unusable="") -> pd.DataFrame:
    rows = [
        {"days": int(d), "status": status}
        for status, days in (("reached", reached), ("waiting", waiting), ("left", left), ("unusable", unusable))
        for d in days.split()
    ]
    return pd.DataFrame(rows, columns=["days", "status"]).astype({"days": "int64", "status": "str"})


class TestTypicalWait:
    def test_with_no_one_waiting_it_is_the_median_day(self):
        assert typical_wait(table(reached="10 20 30 40 50 60 70 80 90 100")) == 50

    def test_children_still_waiting_count_for_as_long_as_they_have_waited(self):
        """Of those who finished the median is 20; half of all ten wait longer than that."""
        assert typical_wait(table(reached="10 20 30", waiting="40 40 40 40 40 40 40")) is None
        assert typical_wait(table(reached="10 20 30 40 50", waiting="60 60 60 60 60")) == 50

    def test_leaving_another_way_ends_the_wait_and_is_not_censoring(self):
        assert typical_wait(table(reached="50 50 50 50 50", left="10 10 10 10 10")) == 10

    def test_of_four_children_nothing_is_told(self):
        assert typical_wait(table(reached="10 10 10 10")) is None

    def test_of_five_children_it_is_told_if_five_are_followed_on_that_day(self):
        assert typical_wait(table(reached="10 10 10 10 10")) == 10

    def test_it_is_not_told_if_fewer_than_five_are_followed_on_that_day(self):
        """Nine children wait one day only; by day 100 four are followed and two finish."""
        few = table(reached="100 100 200 200", waiting="1 1 1 1 1 1 1 1 1")
        assert typical_wait(few) is None
        enough = table(reached="100 100 100 200 200", waiting="1 1 1 1 1 1 1 1 1")
        assert typical_wait(enough) == 100

    def test_nobody_has_finished_yet_is_not_reached(self):
        assert typical_wait(table(waiting="10 20 30 40 50 60")) is None


AIM = Aim("aim-2", "Aim 2", "accommodated", "permanence_recommendation", Limit(6, "months"))


def intervals(frame: pd.DataFrame) -> Intervals:
    n = len(frame)
    frame = frame.assign(
        local_authority="Fife", child_id=[f"SYN-{i}" for i in range(n)], spell=1, late=frame["days"] > 184
    )
    return Intervals(frame, AIM, "Fife", date(2019, 7, 31))


class TestSummary:
    def test_everyone_is_counted_in_one_place(self):
        found = summarise_waits(intervals(table("10 20 30", "40 200", "50", "60 70")))
        assert (found.started, found.reached, found.waiting, found.left, found.unusable) == (8, 3, 2, 1, 2)

    def test_the_overdue_are_those_still_waiting_past_the_limit(self):
        assert summarise_waits(intervals(table("300", "40 200 300", "400"))).overdue == 2

    def test_the_longest_wait_is_of_those_still_waiting(self):
        assert summarise_waits(intervals(table("900", "40 200", "800"))).longest_waiting == 200
        assert summarise_waits(intervals(table("900"))).longest_waiting is None

    def test_unusable_records_do_not_touch_the_typical_wait(self):
        with_, without = table("30 30 30 40 50 60", unusable="1 1 1 1 1 1 1"), table("30 30 30 40 50 60")
        assert summarise_waits(intervals(with_)).typical == summarise_waits(intervals(without)).typical == 30

    def test_the_median_and_quartiles_are_of_those_who_finished(self):
        found = summarise_waits(intervals(table("10 20 30 40 50", "900 900", "1 1 1")))
        assert (found.finished_median, found.quartiles) == (30, (20, 40))

    def test_quartiles_need_four_who_finished(self):
        assert summarise_waits(intervals(table("10 20 30"))).quartiles is None
        assert summarise_waits(intervals(table("10 20 30 40"))).quartiles is not None

    def test_nobody_at_all(self):
        found = summarise_waits(intervals(table()))
        assert (found.started, found.typical, found.finished_median, found.quartiles) == (0, None, None, None)


class TestCurves:
    def test_the_curve_begins_with_everyone_waiting(self):
        found = waiting_curves({"all": table("10 20 30 40 50")})
        assert found.iloc[0].tolist() == ["all", 0, 1.0, 5]

    def test_the_curve_stops_before_fewer_than_five_are_followed(self):
        """Six children: after day 14 four are left, so week 2 (day 14) is the last."""
        found = waiting_curves({"all": table("14 14 70 70", "70 70")})
        assert found["week"].tolist() == [0, 1, 2]
        assert found["at_risk"].tolist() == [6, 6, 6]
        assert found["share"].tolist() == pytest.approx([1, 1, 4 / 6])

    def test_a_group_of_four_gives_no_curve_and_another_of_five_does(self):
        found = waiting_curves({"few": table("10 20 30 40"), "more": table("10 20 30 40 50")})
        assert set(found["group"]) == {"more"}

    def test_the_share_of_each_week_is_that_of_its_first_day(self):
        found = waiting_curves({"all": table("6 7 8 70 70 70 70 70")}).set_index("week")["share"]
        assert (found[0], found[1]) == (1, pytest.approx(6 / 8))

    def test_unusable_records_are_not_followed(self):
        assert waiting_curves({"all": table("10 20 30 40", unusable="50 60")}).empty

    def test_no_group_gives_an_empty_table_with_its_columns(self):
        assert waiting_curves({}).columns.tolist() == ["group", "week", "share", "at_risk"]

    def test_the_share_never_rises_and_stays_between_nought_and_one(self):
        days, ended = times(MERCAPTOPURINE)
        frame = pd.DataFrame({"days": [d * 7 for d in days], "status": ["reached" if e else "waiting" for e in ended]})
        share = waiting_curves({"all": frame})["share"]
        assert share.is_monotonic_decreasing
        assert share.between(0, 1).all()
        assert not share.map(math.isnan).any()
