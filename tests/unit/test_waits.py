"""Waits that count those who still wait: whom a number rests on, from when each is followed, and what is not told of few."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pandas as pd
import pytest

from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.periods import Limit
from pace_nb.spells import ENDINGS
from pace_nb.waits import (
    WAYS,
    WaysOut,
    find_ways_out,
    follow,
    round_ways,
    summarise_waits,
    survival,
    typical_wait,
    waiting_curves,
)

OPENS = date(2018, 1, 1)  # the period of the page, where a test has one


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

    def test_a_wait_of_no_days_counts(self):
        assert typical_wait(table(reached="0 0 0 0 0 50 50 50 50")) == 0

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


def children(drawn: str, since: date | None = OPENS) -> Intervals:
    """Draw children: the day on which the clock started, counted from the opening of the period, and how the wait stands."""
    rows = []
    for line in drawn.strip().splitlines():
        start, days, status, *reason = line.split(maxsplit=3)
        start = pd.Timestamp(OPENS + timedelta(days=int(start)))
        rows.append({"start": start, "days": int(days), "status": status, "reason": ENDINGS.get(*reason or [""], "")})
    found = intervals(pd.DataFrame(rows))
    return Intervals(found.table, AIM, "Fife", date(2019, 7, 31), since=since)


class TestWhoIsFollowedAndSinceWhen:
    def test_who_started_in_the_period_is_followed_from_the_start(self):
        found = follow(children("0 10 reached\n5 0 left\n9 3 waiting"))
        assert found["entry"].tolist() == [-1, -1, -1]

    def test_who_had_waited_when_it_opened_is_followed_from_that_age(self):
        assert follow(children("-30 100 reached"))["entry"].tolist() == [30]

    def test_who_no_longer_waited_the_day_after_it_opened_is_not_followed(self):
        found = follow(children("-30 30 reached\n-30 31 reached\n-30 29 left"))
        assert found["days"].tolist() == [31]

    def test_without_a_period_everyone_is_followed_from_the_start(self):
        assert follow(children("-30 100 reached\n-30 30 reached", since=None))["entry"].tolist() == [-1, -1]

    def test_unclear_records_are_not_followed(self):
        assert follow(children("0 10 unusable")).empty

    def test_the_typical_wait_counts_them_for_the_days_within_the_period(self):
        """Ten start and end on days 10 to 100. Ten more had waited 45 days; they are not at risk before.

        0.6 still wait after day 40; of the 16 at risk on day 50 one ends, of the 15 on day 60 two: 0.4875.
        """
        new = [f"0 {d} reached" for d in range(10, 101, 10)]
        old = [f"-45 {d} reached" for d in range(60, 70)]
        assert summarise_waits(children("\n".join(new))).typical == 50
        both = summarise_waits(children("\n".join(new + old)))
        assert (both.followed, both.typical) == (20, 60)
        assert summarise_waits(children("\n".join(new + old), since=None)).typical == 63

    def test_with_too_few_from_the_start_it_tells_of_those_who_had_waited_so_long(self):
        """Four start; six who had waited 10 days join, so ten are followed on day 11 and the first whole week of it is day 14."""
        few = ["0 100 reached"] * 4 + [f"-10 {d} reached" for d in (20, 30, 40, 50, 60, 70)]
        found = summarise_waits(children("\n".join(few)))
        assert (found.typical, found.later, found.followed) == (None, (14, 60), 10)

    def test_who_had_waited_so_long_is_followed_from_the_next_day_on(self):
        """Six had waited 14 days exactly: with the four who started, ten are followed on day 15, and the next whole week is day 21."""
        few = ["0 100 reached"] * 4 + [f"-14 {d} reached" for d in (30, 40, 50, 60, 70, 80)]
        assert summarise_waits(children("\n".join(few))).later == (21, 70)

    def test_a_wait_that_is_told_only_of_those_who_had_waited_already_is_not_the_typical_wait(self):
        later = follow(children("-10 40 reached\n" * 6))
        assert len(later) == 6
        assert typical_wait(later) is None

    def test_a_wait_that_ends_on_the_first_day_told_of_counts(self):
        """Five who had waited ten days, and one more who ends on day 14, the first whole week: a sixth ended at once."""
        found = waiting_curves({"all": follow(children("-10 14 reached" + "\n-10 90 reached" * 5))})
        assert found["week"].tolist()[0] == 2
        assert found["share"].tolist()[0] == pytest.approx(5 / 6)

    def test_the_first_week_is_not_that_of_a_moment_before_few_are_left(self):
        """Those who are followed from the start come first: five of them are enough, and the curve ends when they are fewer."""
        found = summarise_waits(children("\n".join(["0 20 reached"] * 5 + ["-30 90 reached"] * 9)))
        assert (found.typical, found.later) == (20, None)

    def test_of_whom_nobody_can_tell_nothing_is_told(self):
        found = summarise_waits(children("-30 29 reached\n0 5 waiting"))
        assert (found.started, found.followed, found.typical, found.later, found.typical_interval) == (
            2, 1, None, None, (None, None),
        )  # fmt: skip


class TestHowSure:
    def test_the_limits_of_the_typical_wait(self):
        """Ten end on days 10 to 100; the upper limit lies on a day on which fewer than five are followed."""
        found = summarise_waits(intervals(table("10 20 30 40 50 60 70 80 90 100")))
        assert (found.typical, found.typical_interval) == (50, (10, None))

    def test_a_limit_where_fewer_than_five_are_followed_is_not_reached(self):
        """Of twelve who end on days 10 to 120, three are at risk on day 100."""
        days = range(10, 121, 10)
        assert survival(days, [True] * 12).median_interval == (20, 100)
        assert summarise_waits(intervals(table(" ".join(map(str, days))))).typical_interval == (20, None)

    def test_both_limits_are_told_where_enough_are_followed(self):
        many = "10 " * 10 + "20 " * 10 + "30 " * 10 + "40 41 42 43"
        assert summarise_waits(intervals(table(many))).typical_interval == (20, 30)


class TestCurves:
    def test_the_curve_begins_with_everyone_waiting(self):
        first = waiting_curves({"all": table("10 20 30 40 50")}).iloc[0]
        assert (first["group"], first["week"], first["share"], first["at_risk"]) == ("all", 0, 1.0, 5)
        assert math.isnan(first["low"])

    def test_the_curve_stops_before_fewer_than_five_are_followed(self):
        """Six children: after day 14 four are left, so week 2 (day 14) is the last."""
        found = waiting_curves({"all": table("14 14 70 70", "70 70")})
        assert found["week"].tolist() == [0, 1, 2]
        assert found["at_risk"].tolist() == [6, 6, 6]
        assert found["share"].tolist() == pytest.approx([1, 1, 4 / 6])

    def test_a_week_on_whose_first_day_four_are_followed_is_not_drawn(self):
        """Two of six end on day 13; four are followed on day 14."""
        assert waiting_curves({"all": table("13 13 70 70", "70 70")})["week"].tolist() == [0, 1]

    def test_a_group_of_four_gives_no_curve_and_another_of_five_does(self):
        found = waiting_curves({"few": table("10 20 30 40"), "more": table("10 20 30 40 50")})
        assert set(found["group"]) == {"more"}

    def test_the_share_of_each_week_is_that_of_its_first_day(self):
        found = waiting_curves({"all": table("6 7 8 70 70 70 70 70")}).set_index("week")["share"]
        assert (found[0], found[1]) == (1, pytest.approx(6 / 8))

    def test_the_limits_hold_the_share_between_them(self):
        found = waiting_curves({"all": table("7 14 21 28 35 42 49 56 63 70 77")}).iloc[1:]
        assert ((found["low"] < found["share"]) & (found["share"] < found["high"])).all()

    def test_unusable_records_are_not_followed(self):
        assert waiting_curves({"all": table("10 20 30 40", unusable="50 60")}).empty

    def test_no_group_gives_an_empty_table_with_its_columns(self):
        assert waiting_curves({}).columns.tolist() == ["group", "week", "share", "low", "high", "at_risk"]

    def test_the_share_never_rises_and_stays_between_nought_and_one(self):
        share = waiting_curves({"all": table("42 42 42 49 70 91 112 154 161", "42 63 70 77 119 224 245")})["share"]
        assert len(share) > 10
        assert share.is_monotonic_decreasing
        assert share.between(0, 1).all()

    def test_every_thirteen_weeks_while_ten_are_followed(self):
        found = waiting_curves({"all": table("91 " * 5 + "182 " * 6 + "400 " * 9)}, least=10, every=13)
        assert found["week"].tolist() == [0, 13, 26]
        assert found["at_risk"].tolist() == [20, 20, 15]
        assert found["share"].tolist() == pytest.approx([1, 15 / 20, 9 / 20])

    def test_with_too_few_from_the_start_the_curve_begins_where_five_are_followed(self):
        """Three start and two of them end at once; five who had waited 20 days are first followed in week 3 (day 21)."""
        drawn = "0 1 reached\n0 1 reached\n0 99 reached" + "\n-20 60 reached" * 5
        found = waiting_curves({"all": follow(children(drawn))})
        assert found["week"].tolist()[0] == 3
        assert found["share"].tolist()[0] == 1
        assert found["at_risk"].tolist() == [6] * 6


class TestWaysOut:
    DRAWN = "\n".join(
        ["0 7 reached"] * 2
        + ["0 7 left return_home"]
        + ["0 14 left turned_18"]
        + ["0 21 reached"]
        + ["0 28 waiting"] * 5
    )

    def test_each_way_has_its_share_of_everyone_and_the_rest_still_wait(self):
        weeks = find_ways_out(children(self.DRAWN)).weeks.set_index("week")
        assert weeks.loc[0].tolist() == [0, 0, 0, 1, 10]
        assert weeks.loc[1].tolist() == pytest.approx([0.2, 0.1, 0, 0.7, 10])
        assert weeks.loc[3].tolist() == pytest.approx([0.3, 0.1, 0.1, 0.5, 6])

    def test_it_ends_where_fewer_than_five_are_followed(self):
        assert find_ways_out(children(self.DRAWN)).weeks["week"].tolist() == [0, 1, 2, 3, 4]

    def test_it_says_on_how_many_it_rests(self):
        assert find_ways_out(children(self.DRAWN)).children == 10

    def test_of_four_children_there_is_nothing(self):
        found = find_ways_out(children("\n".join(["0 7 reached"] * 4)))
        assert (len(found.weeks), found.children) == (0, 0)

    def test_children_who_had_waited_before_the_period_count_for_the_weeks_within_it(self):
        more = children(self.DRAWN + "\n-20 28 waiting" * 5)
        assert find_ways_out(more).weeks["at_risk"].tolist() == [10, 10, 7, 11, 10]


class TestRounding:
    def weeks(self, *rows) -> WaysOut:
        found = [(13 * i, *row, 1 - sum(row), 50) for i, row in enumerate(rows)]
        return WaysOut(None, pd.DataFrame(found, columns=["week", *WAYS, "waiting", "at_risk"]), 100)

    def test_shares_are_multiples_of_the_step_and_add_up_to_everyone(self):
        found = round_ways(self.weeks((0, 0, 0), (0.334, 0.334, 0.332)), 0.05).weeks
        shares = found[[*WAYS, "waiting"]]
        assert shares.sum(axis=1).tolist() == pytest.approx([1, 1])
        steps = shares.to_numpy().ravel() * 20
        assert steps == pytest.approx(steps.round())
        assert found["waiting"].tolist() == pytest.approx([1, 0])

    def test_the_share_still_waiting_is_rounded_to_the_nearest(self):
        waiting = round_ways(self.weeks((0.1, 0, 0), (0.1, 0.02, 0), (0.1, 0.03, 0)), 0.05).weeks["waiting"]
        assert waiting.tolist() == pytest.approx([0.9, 0.9, 0.85])

    def test_half_a_step_that_has_ended_is_a_whole_one_in_spite_of_floating_noise(self):
        """6.5 steps of 0.05 have ended, and as a float a little less."""
        assert 1 - (1 - 0.325) < 0.325
        waiting = round_ways(self.weeks((0.325, 0, 0)), 0.05).weeks["waiting"]
        assert waiting.tolist() == pytest.approx([0.65])

    def test_no_way_out_ever_falls(self):
        rows = [(0.011 * i, 0.007 * i, 0.006 * i) for i in range(40)]
        found = round_ways(self.weeks(*rows), 0.05).weeks
        assert all(found[way].is_monotonic_increasing for way in WAYS)
        assert all((found[way] - [r[i] for r in rows]).abs().max() <= 0.05 for i, way in enumerate(WAYS))

    def test_what_is_furthest_behind_comes_first(self):
        found = round_ways(self.weeks((0.06, 0.04, 0.2)), 0.1).weeks.iloc[0]
        assert found[list(WAYS)].tolist() == pytest.approx([0.1, 0, 0.2])

    def test_without_a_step_there_is_nothing(self):
        assert round_ways(self.weeks((0.5, 0.2, 0.1)), None).weeks.empty
