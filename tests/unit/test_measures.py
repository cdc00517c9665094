"""Shares with honest denominators: every status at every boundary, and the published intervals (method A.6)."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pandas as pd
import pytest

from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.measures import (
    ShareMet,
    due_soon,
    measure_backlog,
    measure_series,
    measure_share,
    share_by_year,
    share_met,
    waiting_bands,
)
from pace_nb.periods import Limit

START = date(2018, 8, 31)  # six months on: 28 February 2019
DUE = date(2019, 2, 28)
DAY = timedelta(days=1)
AS_AT = date(2019, 7, 31)


def sort_one(event=None, exit_=None, as_at=AS_AT, start=START, limit="6 months") -> str:
    """Return the status in which one child is counted, or 'nowhere'."""
    found = dataclasses.asdict(share_met([start], [event], [exit_], limit, as_at))
    assert sum(found.values()) <= 1
    return next((status for status, n in found.items() if n), "nowhere")


class TestStatuses:
    @pytest.mark.parametrize(
        ("event", "status"),
        [(START, "met"), (DUE - DAY, "met"), (DUE, "met"), (DUE + DAY, "missed"), (AS_AT, "missed"), (None, "missed")],
    )
    def test_an_event_on_the_due_date_meets_it(self, event, status):
        assert sort_one(event) == status

    def test_an_event_after_the_census_is_not_yet_known(self):
        assert sort_one(AS_AT + DAY) == "missed"
        assert sort_one(DUE, as_at=DUE - DAY) == "not_yet_due"

    def test_26_weeks_are_a_day_longer_than_six_months_from_31_august(self):
        event = date(2019, 3, 1)
        assert sort_one(event, limit="26 weeks") == "met"
        assert sort_one(event, limit="6 months") == "missed"

    @pytest.mark.parametrize(
        ("as_at", "status"),
        [(DUE - DAY, "not_yet_due"), (DUE, "missed"), (DUE + DAY, "missed"), (START, "not_yet_due")],
    )
    def test_without_the_event_a_child_is_due_on_the_census_that_is_the_due_date(self, as_at, status):
        assert sort_one(as_at=as_at) == status

    @pytest.mark.parametrize(("as_at", "status"), [(DUE - DAY, "met_early"), (DUE, "met"), (DUE + DAY, "met")])
    def test_a_child_who_met_it_early_joins_the_denominator_on_the_due_date(self, as_at, status):
        assert sort_one(date(2018, 12, 1), as_at=as_at) == status

    @pytest.mark.parametrize(
        ("exit_", "status"),
        [(START, "left"), (DUE - DAY, "left"), (DUE, "left"), (DUE + DAY, "missed"), (AS_AT, "missed")],
    )
    def test_a_child_who_left_by_the_due_date_is_neither_met_nor_missed(self, exit_, status):
        assert sort_one(exit_=exit_) == status

    def test_a_child_who_left_before_the_due_date_has_left_also_before_it_comes(self):
        assert sort_one(exit_=date(2018, 12, 1), as_at=date(2019, 1, 1)) == "left"

    def test_an_event_or_an_exit_on_the_day_of_the_census_is_known(self):
        assert sort_one(DUE - DAY, as_at=DUE - DAY) == "met_early"
        assert sort_one(DUE, as_at=DUE) == "met"
        assert sort_one(exit_=DUE - DAY, as_at=DUE - DAY) == "left"

    def test_an_exit_after_the_census_is_not_yet_known(self):
        assert sort_one(exit_=DUE, as_at=DUE - DAY) == "not_yet_due"
        assert sort_one(exit_=date(2019, 1, 2), as_at=date(2019, 1, 1)) == "not_yet_due"

    def test_a_child_who_met_it_and_then_left_has_met_it(self):
        assert sort_one(date(2018, 12, 1), exit_=date(2018, 12, 1)) == "met"

    def test_a_child_who_was_late_and_then_left_has_missed_it(self):
        assert sort_one(DUE + DAY, exit_=DUE + 2 * DAY) == "missed"

    def test_a_child_who_starts_on_the_census_is_in_scope_and_one_who_starts_after_it_is_not(self):
        assert sort_one(start=AS_AT) == "not_yet_due"
        assert sort_one(start=AS_AT + DAY) == "nowhere"

    def test_a_child_without_a_start_is_in_no_count(self):
        assert share_met([None], [AS_AT], [None], "6 months", AS_AT) == ShareMet()

    def test_lists_of_different_lengths_are_refused(self):
        with pytest.raises(ValueError, match=r"argument 2 is shorter"):
            share_met([START], [], [], "6 months", AS_AT)


class TestShare:
    def test_children_not_yet_due_are_not_in_the_denominator(self):
        found = ShareMet(met=3, missed=1, not_yet_due=50, met_early=20, left=9)
        assert (found.due, found.share, found.everyone) == (4, 0.75, 83)

    def test_nobody_due_is_no_percentage(self):
        found = ShareMet(not_yet_due=5, met_early=2)
        assert (found.share, found.interval) == (None, None)

    def test_the_bounds_are_of_everyone_who_started(self):
        found = ShareMet(met=3, missed=1, not_yet_due=4, met_early=2, left=10)
        assert found.worst == 5 / 20
        assert found.best == 9 / 20

    def test_nobody_at_all_has_no_bounds(self):
        assert (ShareMet().worst, ShareMet().best) == (None, None)

    def test_the_forbidden_headline_is_not_the_share(self):
        """One on time and one long overdue: half, not '100 % of those that happened'."""
        found = share_met([START] * 2, [DUE, None], [None] * 2, "6 months", AS_AT)
        assert found.share == 0.5

    @pytest.mark.parametrize(
        ("met", "due", "low", "high"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
    )
    def test_the_published_wilson_intervals(self, met, due, low, high):
        found = ShareMet(met=met, missed=due - met).interval
        assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))

    def test_the_interval_of_all_is_the_mirror_of_that_of_none(self):
        none, everyone = ShareMet(met=0, missed=20).interval, ShareMet(met=20).interval
        assert everyone == (pytest.approx(1 - none[1]), pytest.approx(1 - none[0]))

    def test_the_interval_contains_the_share_and_stays_between_nought_and_one(self):
        for n in range(1, 30):
            for met in range(n + 1):
                low, high = ShareMet(met=met, missed=n - met).interval
                assert 0 <= low <= met / n <= high <= 1


AIM = Aim("aim-2", "Aim 2", "accommodated", "permanence_recommendation", Limit(6, "months"))


def waits(rows: list[tuple], aim: Aim = AIM, as_at: date = AS_AT, audience: str = "aggregate") -> Intervals:
    """Return intervals from (start, status, last day or None for the day of the report)."""
    table = pd.DataFrame(
        [
            {
                "local_authority": "Fife",
                "child_id": f"SYN-{i:03}",
                "sibling_group": None,
                "spell": 1,
                "start": pd.Timestamp(start),
                "end": pd.Timestamp(last) if status == "reached" else pd.NaT,
                "days": ((last or as_at) - start).days,
                "status": status,
                "due": pd.Timestamp(aim.limit.due(start)) if aim.limit else pd.NaT,
                "late": False,
                "cohort": "all" if aim.from_date is None else ("new" if start >= aim.from_date else "backlog"),
            }
            for i, (start, status, last) in enumerate(rows)
        ],
        columns=[
            *("local_authority", "child_id", "sibling_group", "spell", "start", "end", "days"),
            *("status", "due", "late", "cohort"),
        ],
    ).astype(dict.fromkeys(("start", "end", "due"), "datetime64[s]"))
    return Intervals(table, aim, "Fife", as_at, audience)


class TestShareOfIntervals:
    def test_every_status_is_counted_where_it_belongs(self):
        run = waits(
            [
                (START, "reached", DUE),
                (START, "reached", DUE + DAY),
                (START, "waiting", None),
                (date(2019, 5, 1), "waiting", None),
                (date(2019, 5, 1), "reached", date(2019, 6, 1)),
                (START, "left", DUE),
                (START, "left", DUE + DAY),
            ]
        )
        assert measure_share(run) == ShareMet(met=1, missed=3, not_yet_due=1, met_early=1, left=1)

    def test_unusable_records_are_in_no_count(self):
        assert measure_share(waits([(START, "unusable", None)])) == ShareMet()

    def test_without_a_limit_there_is_no_share(self):
        assert measure_share(waits([(START, "waiting", None)], dataclasses.replace(AIM, limit=None))) is None

    def test_the_years_are_those_of_the_due_date(self):
        """Started in July 2018, due in January 2019: a child of 2019."""
        run = waits([(date(2018, 7, 1), "reached", date(2018, 9, 1)), (date(2017, 7, 1), "waiting", None)])
        assert share_by_year(run) == [("2018", ShareMet(missed=1)), ("2019", ShareMet(met=1))]

    def test_years_after_that_of_the_report_are_left_out(self):
        assert share_by_year(waits([(date(2019, 7, 30), "waiting", None)])) == []

    def test_the_years_add_up_to_the_whole(self):
        run = waits([(date(2016, 1, 1) + 37 * i * DAY, "waiting", None) for i in range(30)])
        years = [found for _, found in share_by_year(run)]
        assert sum(y.missed for y in years) == measure_share(run).missed


class TestDueSoon:
    @staticmethod
    def due_on(day: date) -> Intervals:
        run = waits([(START, "waiting", None)])
        return dataclasses.replace(run, table=run.table.assign(due=pd.Timestamp(day)))

    @pytest.mark.parametrize(
        ("days", "counts"),
        [
            (0, [0, 0, 0]),
            (1, [1, 1, 1]),
            (28, [1, 1, 1]),
            (29, [0, 1, 1]),
            (56, [0, 1, 1]),
            (84, [0, 0, 1]),
            (85, [0, 0, 0]),
        ],
    )
    def test_due_within_so_many_weeks_includes_the_last_day_and_not_today(self, days, counts):
        assert [n for _, n in due_soon(self.due_on(AS_AT + days * DAY))] == counts

    def test_only_children_who_wait_come_due(self):
        assert due_soon(waits([(date(2019, 2, 10), "reached", date(2019, 3, 1))]), [12]) == [(12, 0)]

    def test_children_already_past_their_due_date_do_not_come_due_again(self):
        assert due_soon(waits([(START, "waiting", None)]), [12]) == [(12, 0)]


TWO_PART = dataclasses.replace(AIM, from_date=date(2019, 4, 1), backlog_by=date(2019, 6, 30))


class TestBacklog:
    def test_without_a_from_date_there_is_no_backlog(self):
        assert measure_backlog(waits([(START, "waiting", None)])) is None

    def test_what_has_become_of_those_who_waited_on_the_from_date(self):
        run = waits(
            [
                (START, "reached", date(2019, 6, 30)),  # in time, on the last day
                (START, "reached", date(2019, 7, 1)),
                (START, "left", date(2019, 5, 1)),
                (START, "waiting", None),
                (START, "reached", date(2019, 3, 31)),  # was done before the aim began
                (START, "left", date(2019, 3, 31)),
                (START, "unusable", None),
                (date(2019, 4, 1), "waiting", None),  # new, not backlog
            ],
            TWO_PART,
        )
        found = measure_backlog(run)
        assert (found.size, found.done, found.left, found.waiting, found.done_in_time) == (4, 2, 1, 1, 1)

    def test_without_a_date_to_clear_it_no_one_is_in_time(self):
        run = waits([(START, "reached", date(2019, 6, 30))], dataclasses.replace(TWO_PART, backlog_by=None))
        assert measure_backlog(run).done_in_time is None

    def test_a_child_done_on_the_from_date_was_waiting_when_it_came(self):
        found = measure_backlog(waits([(START, "reached", date(2019, 4, 1))], TWO_PART))
        assert (found.size, found.done, found.done_in_time) == (1, 1, 1)

    def test_an_empty_backlog(self):
        found = measure_backlog(waits([(date(2019, 5, 1), "waiting", None)], TWO_PART))
        assert (found.size, found.done, found.done_in_time) == (0, 0, 0)


def finished(*groups: tuple[date, int, int], as_at: date = AS_AT) -> Intervals:
    """Return intervals in which so many children finished on a day after so many days each."""
    rows = [(day - n * DAY, "reached", day) for day, children, n in groups for _ in range(children)]
    return waits(rows, as_at=as_at)


class TestSeries:
    def test_a_period_of_four_has_no_point_and_one_of_five_has(self):
        run = finished((date(2019, 2, 1), 4, 70), (date(2019, 5, 1), 5, 70))
        points = measure_series(run, "quarter").points
        assert points["label"].tolist() == ["2019 Q1", "2019 Q2", "2019 Q3"]
        assert points["n"].tolist() == [4, 5, 0]
        assert points["value"].isna().tolist() == [True, False, True]
        assert points["value"][1] == 10

    def test_a_quarter_in_which_nobody_finished_keeps_its_place(self):
        run = finished((date(2018, 2, 1), 5, 70), (date(2018, 11, 1), 5, 70), as_at=date(2018, 12, 31))
        assert measure_series(run, "quarter").points["n"].tolist() == [5, 0, 0, 5]

    def test_the_last_day_of_a_quarter_belongs_to_it(self):
        run = finished((date(2019, 3, 31), 5, 70), (date(2019, 4, 1), 6, 70))
        assert measure_series(run, "quarter").points["n"].tolist() == [5, 6, 0]

    @pytest.mark.parametrize(("days", "weeks"), [(70, 10), (73, 10), (74, 11), (3, 0), (4, 1)])
    def test_the_median_is_in_whole_weeks(self, days, weeks):
        run = finished((date(2019, 5, 1), 5, days))
        assert measure_series(run, "quarter").points["value"][0] == weeks

    @pytest.mark.parametrize(("low", "high", "weeks"), [(17, 18, 3), (31, 32, 5), (24, 25, 4)])
    def test_half_a_week_is_rounded_up(self, low, high, weeks):
        """A median of 17.5 days is 2.5 weeks, shown as three; half to even would say two."""
        run = finished((date(2019, 5, 1), 3, low), (date(2019, 5, 1), 3, high))
        assert measure_series(run, "quarter").points["value"][0] == weeks

    def test_a_last_unfinished_year_is_left_out(self):
        run = finished((date(2017, 5, 1), 5, 70), (date(2018, 5, 1), 5, 70), (date(2019, 5, 1), 5, 70))
        assert measure_series(run, "year").points["label"].tolist() == ["2017", "2018"]

    def test_a_last_year_that_is_complete_is_kept(self):
        run = finished((date(2017, 5, 1), 5, 70), (date(2018, 5, 1), 5, 70), as_at=date(2018, 12, 31))
        assert measure_series(run, "year").points["label"].tolist() == ["2017", "2018"]

    def test_quarters_are_taken_if_two_thirds_of_them_have_five(self):
        quarters = [date(2018, 1, 1), date(2018, 4, 1), date(2018, 7, 1), date(2018, 10, 1)]
        four = [(d, 5, 70) for d in quarters]
        assert measure_series(finished(*four, as_at=date(2018, 12, 31))).period == "quarter"
        three = [(d, 5 if i else 4, 70) for i, d in enumerate(quarters)]
        assert measure_series(finished(*three, as_at=date(2018, 12, 31))).period == "quarter"
        two = [(d, 5 if i > 1 else 4, 70) for i, d in enumerate(quarters)]
        assert measure_series(finished(*two, as_at=date(2018, 12, 31))).period == "year"

    def test_nobody_finished_gives_no_point(self):
        assert measure_series(waits([(START, "waiting", None)])).points.empty


class TestBands:
    @staticmethod
    def band(start: date, as_at: date = AS_AT) -> str:
        found = waiting_bands(waits([(start, "waiting", None)], as_at=as_at)).set_index("band")["children"]
        assert found.sum() == 1
        return found.idxmax()

    @pytest.mark.parametrize(
        ("start", "band"),
        [
            (AS_AT, "under 3 months"),
            (date(2019, 5, 1), "under 3 months"),
            (date(2019, 4, 30), "3 to 6 months"),
            (date(2019, 2, 1), "3 to 6 months"),
            (date(2019, 1, 31), "6 to 12 months"),
            (date(2018, 8, 1), "6 to 12 months"),
            (date(2018, 7, 31), "over 12 months"),
            (date(2009, 1, 1), "over 12 months"),
        ],
    )
    def test_a_wait_of_exactly_a_bound_is_in_the_longer_band(self, start, band):
        assert self.band(start) == band

    def test_a_child_whose_six_months_have_run_out_has_waited_six_months(self):
        """31 August and six months are 28 February: the bands must agree with the due date."""
        assert self.band(START, as_at=DUE) == "6 to 12 months"

    def test_only_children_who_wait_are_in_the_bands(self):
        run = waits([(START, "reached", DUE), (START, "left", DUE), (START, "unusable", None)])
        assert waiting_bands(run)["children"].tolist() == [0, 0, 0, 0]
