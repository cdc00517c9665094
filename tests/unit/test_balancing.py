"""Moves within a spell, events with the time between them, and the charts of rare events."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pace_nb.balancing import YearOfMoves, count_moves, days_between
from pace_nb.charts.balancing import ENOUGH, draw_gaps, protect_rate
from pace_nb.runchart import time_between_limits

START, END = date(2018, 1, 1), date(2018, 12, 31)
DAY = timedelta(days=1)


def moves(*stays):
    return count_moves(START, END, stays)


def test_the_first_placement_is_no_move_and_each_new_one_is():
    assert moves((START, date(2018, 3, 1)), (date(2018, 3, 1), date(2018, 6, 1)), (date(2018, 6, 2), None)) == [
        date(2018, 3, 1),
        date(2018, 6, 2),
    ]


def test_a_placement_that_began_before_the_spell_is_where_the_child_lived_first():
    assert moves((date(2017, 6, 1), date(2018, 3, 1)), (date(2018, 3, 1), None)) == [date(2018, 3, 1)]


def test_a_placement_that_begins_on_the_first_day_is_no_move_even_after_an_earlier_one():
    assert moves((date(2017, 6, 1), START), (START, None)) == []


def test_a_first_placement_recorded_late_is_no_move():
    assert moves((START + DAY, date(2018, 3, 1)), (date(2018, 3, 1), None)) == [date(2018, 3, 1)]


def test_a_placement_of_an_earlier_spell_does_not_make_the_first_one_a_move():
    assert moves((date(2017, 1, 1), date(2017, 12, 31)), (START + DAY, None)) == []


def test_placements_that_begin_when_the_spell_is_over_are_not_of_it():
    assert moves((START, END), (END, None)) == []
    assert moves((START, END - DAY), (END - DAY, None)) == [END - DAY]


def test_two_that_begin_on_one_day_are_one_move():
    assert moves((START, date(2018, 3, 1)), (date(2018, 3, 1), None), (date(2018, 3, 1), None)) == [date(2018, 3, 1)]


def test_nothing_recorded_is_no_move():
    assert moves() == []


def test_a_rate_needs_a_day_and_is_made_of_protected_counts():
    year = YearOfMoves("2018/19", 33, 36525, 120, 20, True)
    assert year.rate == 0.33
    assert protect_rate(year, "working") == 0.33
    assert protect_rate(year, "aggregate") == 0.35
    assert YearOfMoves("2018/19", 0, 0, 0, 0, True).rate is None
    assert protect_rate(YearOfMoves("2018/19", 3, 36525, 120, 20, True), "aggregate") is None, "1 to 4 are hidden"
    assert protect_rate(YearOfMoves("2018/19", 7, 7 * 365, 9, 5, True), "aggregate") is None, "too few child-years"


def test_several_on_one_day_are_one_event():
    assert days_between([START + DAY, START, START]) == ([START, START + DAY], [1])
    assert days_between([]) == ([], [])


def events(n: int) -> list[date]:
    return [START + timedelta(days=30 * i + (i % 3)) for i in range(n)]


def test_limits_are_drawn_from_twenty_events_on():
    few, many = (draw_gaps(events(n), "a return to care", "working") for n in (ENOUGH - 1, ENOUGH))
    assert "too few to say what chance alone would do" in few.caption
    assert "T chart" in many.caption
    assert (few.child_level, many.child_level) == (True, True)
    limits = time_between_limits(days_between(events(ENOUGH))[1])
    assert f"middle {limits.centre / 7:.0f} weeks" in many.alt
    for drawn in (few, many):
        assert drawn.spec["datasets"]


def test_a_gap_beyond_the_limits_is_named():
    days = [*events(25), events(25)[-1] + timedelta(days=900)]
    assert "1 lies outside the limits (diamonds)" in draw_gaps(days, "a return to care", "working").caption


@pytest.mark.parametrize("n", [0, 5, 30])
def test_no_date_of_a_child_is_drawn_for_everyone(n):
    found = draw_gaps(events(n), "a return to care", "aggregate")
    assert found.chart is None
    assert found.child_level is False
    assert not found.rows
    assert "2018" not in found.alt + found.caption
