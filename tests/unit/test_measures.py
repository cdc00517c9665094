"""Shares with honest denominators: every status at every boundary, and the published intervals (method A.6)."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.measures import (
    ShareMet,
    children_needed,
    choose_period,
    due_soon,
    measure_backlog,
    measure_parts,
    measure_series,
    measure_share,
    share_by,
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
        with pytest.raises(ValueError, match="differ in length"):
            share_met([START], [], [], "6 months", AS_AT)


class TestWhatIsGiven:
    @pytest.mark.parametrize(
        "missing", [None, pd.NaT, float("nan"), np.datetime64("NaT")], ids=["None", "NaT", "NaN", "numpy NaT"]
    )
    def test_what_pandas_calls_missing_is_no_date(self, missing):
        assert sort_one(missing, missing) == "missed"
        assert sort_one(start=missing) == "nowhere"

    @pytest.mark.parametrize(
        "given",
        [
            pd.Timestamp(DUE),
            datetime(2019, 2, 28, 23, 59),
            np.datetime64("2019-02-28"),
            pd.Timestamp("2019-02-28 23:59"),
        ],
        ids=["Timestamp", "datetime", "numpy", "late in the day"],
    )
    def test_days_of_other_kinds_are_days_and_their_time_is_dropped(self, given):
        assert sort_one(given) == "met"
        assert sort_one(exit_=given) == "left"
        assert sort_one(as_at=given) == "missed"
        assert sort_one(start=given) == "not_yet_due"

    def test_columns_of_a_frame_can_be_given_as_they_are(self):
        starts = pd.to_datetime(pd.Series([START, START, None]))
        events = pd.to_datetime(pd.Series([DUE, None, DUE]))
        found = share_met(starts, events, [pd.NaT] * 3, "6 months", AS_AT)
        assert (found.met, found.missed, found.everyone) == (1, 1, 2)

    @pytest.mark.parametrize("wrong", ["2019-02-28", 43524, True], ids=str)
    def test_what_is_not_a_day_is_refused(self, wrong):
        with pytest.raises(TypeError, match="is not a day"):
            sort_one(wrong)

    def test_a_day_to_judge_by_is_needed(self):
        with pytest.raises(TypeError, match="as_at is needed"):
            share_met([START], [None], [None], "6 months", None)

    @pytest.mark.parametrize(
        ("limit", "start", "due"),
        [
            ("84 days", date(2019, 1, 1), date(2019, 3, 26)),
            ("12 weeks", date(2019, 1, 1), date(2019, 3, 26)),
            ("6 months", date(2018, 8, 31), date(2019, 2, 28)),
            ("6 months", date(2015, 8, 31), date(2016, 2, 29)),
            ("6 months", date(2016, 2, 29), date(2016, 8, 29)),
            ("2 years", date(2016, 2, 29), date(2018, 2, 28)),
            ("2 years", date(2017, 3, 1), date(2019, 3, 1)),
            ("1 day", date(2019, 2, 28), date(2019, 3, 1)),
        ],
    )
    def test_the_due_date_of_each_kind_of_limit(self, limit, start, due):
        assert sort_one(due, start=start, limit=limit) == "met"
        assert sort_one(due + DAY, start=start, limit=limit) == "missed"

    @pytest.mark.parametrize("limit", ["6", "half a year", "", "6 moths"])
    def test_a_limit_that_cannot_be_read_is_refused(self, limit):
        with pytest.raises(ValueError, match="not a length of time"):
            share_met([], [], [], limit, AS_AT)

    def test_an_event_counts_whatever_exit_is_recorded_beside_it(self):
        assert sort_one(DUE, exit_=START) == "met"
        assert sort_one(DUE + DAY, exit_=START) == "missed"

    def test_nobody_is_nobody(self):
        assert share_met([], [], [], "6 months", AS_AT) == ShareMet()


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


class TestSharesByPeriod:
    @staticmethod
    def due(*days: date, status: str = "waiting", **more) -> Intervals:
        """Return children who come to their 28 days on these days."""
        aim = dataclasses.replace(AIM, limit=Limit(28, "days"))
        rows = [(d - 28 * DAY, status, d if status == "reached" else None) for d in days]
        return waits(rows, aim, **more)

    @pytest.mark.parametrize(
        ("by", "labels"),
        [
            ("month", ["Dec 2018", "Jan 2019", "Feb 2019", "Mar 2019", "Apr 2019", "May 2019", "Jun 2019", "Jul 2019"]),
            ("quarter", ["2018 Q4", "2019 Q1", "2019 Q2", "2019 Q3"]),
            ("year", ["2018", "2019"]),
        ],
    )
    def test_every_period_between_is_there_and_one_without_children_has_no_share(self, by, labels):
        found = share_by(self.due(date(2018, 12, 31), date(2019, 4, 1)), by)
        assert [p.label for p in found] == labels
        assert [p.share.share is None for p in found] == [p.share.due == 0 for p in found]
        assert sum(p.share.missed for p in found) == 2

    def test_the_first_and_last_day_of_a_period_belong_to_it(self):
        found = share_by(self.due(date(2019, 1, 1), date(2019, 3, 31), date(2019, 4, 1)), "quarter")
        assert [(p.label, p.share.due) for p in found][:2] == [("2019 Q1", 2), ("2019 Q2", 1)]
        assert (found[0].first, found[0].last) == (date(2019, 1, 1), date(2019, 3, 31))

    def test_children_not_yet_due_in_the_running_period_stand_beside_it(self):
        found = share_by(self.due(date(2019, 7, 31), date(2019, 8, 1), as_at=AS_AT), "quarter")
        assert [(p.label, p.share) for p in found] == [("2019 Q3", ShareMet(missed=1, not_yet_due=1))]

    def test_a_period_before_the_first_child_was_due_is_not_there(self):
        rows = [(date(2018, 1, 1), "left", date(2018, 1, 5)), (date(2019, 5, 1), "waiting", None)]
        run = waits(rows, dataclasses.replace(AIM, limit=Limit(28, "days")))
        assert [p.label for p in share_by(run, "quarter")] == ["2019 Q2", "2019 Q3"]

    def test_those_who_left_stand_in_the_period_of_their_due_date(self):
        rows = [(date(2018, 1, 1), "waiting", None), (date(2018, 9, 1), "left", date(2018, 9, 2))]
        years = {p.label: p.share for p in share_by(waits(rows), "year")}
        assert years == {"2018": ShareMet(missed=1), "2019": ShareMet(left=1)}

    def test_the_periods_add_up_to_the_whole_however_they_are_cut(self):
        run = waits(
            [
                (date(2016, 1, 1) + 13 * i * DAY, "reached", date(2016, 1, 1) + (13 * i + 90 + i) * DAY)
                for i in range(80)
            ]
        )
        whole = measure_share(run)
        for by in ("month", "quarter", "year"):
            parts = [p.share for p in share_by(run, by)]
            assert (sum(p.met for p in parts), sum(p.missed for p in parts)) == (whole.met, whole.missed)

    def test_without_a_limit_or_a_child_due_there_are_no_periods(self):
        assert share_by(waits([(START, "waiting", None)], dataclasses.replace(AIM, limit=None)), "year") == []
        assert share_by(waits([(AS_AT, "waiting", None)]), "year") == []
        assert share_by(waits([]), "year") == []

    def test_another_period_is_refused(self):
        with pytest.raises(ValueError, match="choose month, quarter or year"):
            share_by(waits([]), "week")

    @pytest.mark.parametrize(
        ("each", "audience", "by"),
        [
            ([5] * 9, "working", "month"),
            ([5] * 6 + [4] * 3, "working", "month"),
            ([5] * 5 + [4] * 4, "working", "quarter"),  # five of nine months are fewer than two thirds
            ([3] * 9, "working", "quarter"),  # three of four quarters
            ([1] * 9, "working", "year"),
            ([9] * 2, "working", "year"),  # two periods are no series
            ([5] * 9, "aggregate", "quarter"),
            ([10] * 9, "aggregate", "month"),
        ],
    )
    def test_the_finest_period_in_most_of_which_enough_children_were_due(self, each, audience, by):
        last = [date(2018, 11, 15), date(2018, 12, 15), *(date(2019, m, 15) for m in range(1, 8))][-len(each) :]
        run = self.due(*(d for d, n in zip(last, each, strict=True) for _ in range(n)), audience=audience)
        assert choose_period(run) == by

    def test_more_periods_than_a_chart_can_hold_are_too_fine(self):
        months = pd.period_range("2016-04", "2019-07", freq="M")
        days = [p.start_time.date() for p in months for _ in range(5)]
        assert len(months) == 40
        assert choose_period(self.due(*days, audience="working")) == "month"
        assert choose_period(self.due(date(2016, 3, 1), *days, audience="working")) == "quarter"


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


class TestTwoParts:
    def test_the_fixed_group_on_its_day_and_now(self):
        run = waits(
            [
                (START, "reached", date(2019, 6, 30)),
                (START, "reached", date(2019, 7, 1)),
                (START, "left", date(2019, 6, 30)),
                (START, "left", date(2019, 7, 1)),
                (START, "waiting", None),
            ],
            TWO_PART,
        )
        found = measure_backlog(run)
        assert (found.size, found.done_in_time, found.left_in_time, found.open_at_by) == (5, 1, 1, 3)
        assert (found.done, found.left, found.waiting) == (2, 2, 1)
        assert found.share == 0.2
        assert found.by == date(2019, 6, 30)

    def test_nobody_waiting_has_no_share(self):
        found = measure_backlog(waits([(date(2019, 5, 1), "waiting", None)], TWO_PART))
        assert (found.share, found.open_at_by) == (None, 0)

    def test_of_a_period_that_begins_after_the_from_date_the_backlog_is_not_known(self):
        run = waits([(START, "waiting", None)], TWO_PART)
        assert measure_backlog(dataclasses.replace(run, since=TWO_PART.from_date)).size == 1
        assert measure_backlog(dataclasses.replace(run, since=TWO_PART.from_date + DAY)) is None

    def test_new_children_the_backlog_and_what_went_before(self):
        aim = dataclasses.replace(TWO_PART, limit=Limit(28, "days"))
        run = waits(
            [
                (date(2019, 1, 1), "reached", date(2019, 1, 29)),  # before: in time
                (date(2019, 1, 1), "reached", date(2019, 1, 30)),  # before: late
                (date(2019, 3, 3), "reached", date(2019, 3, 4)),  # due on 31 March: before
                (date(2019, 3, 4), "reached", date(2019, 3, 5)),  # due on the from-date: no longer before
                (date(2019, 4, 1), "reached", date(2019, 4, 29)),  # new: in time
                (date(2019, 4, 1), "waiting", None),  # new: late
                (date(2019, 7, 30), "waiting", None),  # new: not yet due
            ],
            aim,
        )
        parts = measure_parts(run)
        assert parts.before == ShareMet(met=2, missed=1)
        assert parts.new == ShareMet(met=1, missed=1, not_yet_due=1)
        assert parts.backlog.size == 0

    def test_without_a_from_date_everyone_is_new(self):
        run = waits([(START, "waiting", None)])
        parts = measure_parts(run)
        assert (parts.new, parts.backlog, parts.before) == (measure_share(run), None, None)

    def test_without_a_limit_there_is_a_backlog_and_no_share(self):
        run = waits([(START, "waiting", None)], dataclasses.replace(TWO_PART, limit=None))
        parts = measure_parts(run)
        assert (parts.new, parts.before, parts.backlog.size) == (None, None, 1)


class TestChildrenNeeded:
    def test_the_published_example(self):
        """A'Hern's 78 for 10 % against 20 % (error 5 %, power 80 %), quoted in Khan, Sarker and Hackshaw 2012, Br J Cancer 107:1801."""
        assert children_needed(0.1, 0.2, alpha=0.05) == 78
        assert children_needed(0.1, 0.2, alpha=0.05, power=0.9) > 78

    def test_a_target_that_is_not_above_what_was_usual_cannot_be_told(self):
        assert children_needed(0.5, 0.5) is None
        assert children_needed(0.5, 0.4) is None
        assert children_needed(1, 1) is None

    def test_every_child_against_nine_of_ten(self):
        """36 in a row: 0.9 to the power 36 is 0.0225, to the power 35 is 0.0250."""
        assert children_needed(0.9, 1) == 36

    def test_against_none_one_is_enough_to_tell(self):
        """From 0 %, a single child in time is impossible; at 50 %, three give one with 87.5 %."""
        assert children_needed(0, 0.5) == 3

    def test_a_step_too_small_to_see_is_none(self):
        assert children_needed(0.5, 0.51) is None

    @pytest.mark.parametrize("wrong", [(-0.1, 0.5), (0.5, 1.1), (50, 80)])
    def test_shares_lie_between_nought_and_one(self, wrong):
        with pytest.raises(ValueError, match="between 0 and 1"):
            children_needed(*wrong)

    def test_a_further_target_needs_no_more_children(self):
        needed = [children_needed(0.3, t / 100) for t in range(40, 101, 5)]
        assert needed == sorted(needed, reverse=True)


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
