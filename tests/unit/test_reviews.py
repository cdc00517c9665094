"""The chain of reviews: each is due from the actual one before it, by the calendar, and the last says what is missing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pace_nb.periods import add_months
from pace_nb.reviews import LINKS, STATES, kind_of, latest_lawful, review_chain

START = date(2018, 1, 1)
SIX_WEEKS = date(2018, 2, 12)


def states(reviews, end=None, as_at=date(2019, 7, 31), start=START, number=1):
    return [k.state for k in review_chain(start, reviews, end, as_at, number)]


def test_a_review_on_its_last_day_is_in_time_and_a_day_later_it_is_late():
    assert states([SIX_WEEKS])[0] == "in time"
    assert states([SIX_WEEKS + timedelta(days=1)])[0] == "late"


def test_the_clock_runs_from_the_actual_review_not_from_the_day_it_was_due():
    early, late = date(2018, 1, 15), date(2018, 4, 1)
    assert review_chain(START, [early], None, START)[0].due == SIX_WEEKS
    assert review_chain(START, [early], None, date(2018, 2, 1))[1].due == date(2018, 4, 15)
    assert review_chain(START, [late], None, date(2018, 4, 2))[1].due == date(2018, 7, 1)


def test_months_are_calendar_months():
    """Three months from 30 November end on 28 February, six from 31 August too."""
    chain = review_chain(date(2018, 11, 1), [date(2018, 11, 30), date(2019, 2, 28)], None, date(2019, 7, 31))
    assert [k.state for k in chain[:2]] == ["in time", "in time"]
    assert chain[1].due == date(2019, 2, 28)
    assert review_chain(date(2018, 8, 31), [], None, date(2018, 8, 31), number=3)[0].due == date(2019, 2, 28)


def test_the_third_and_every_later_one_has_six_months():
    days = [SIX_WEEKS, add_months(SIX_WEEKS, 3), add_months(SIX_WEEKS, 9), add_months(SIX_WEEKS, 15)]
    chain = review_chain(START, days, None, date(2019, 7, 31))
    assert [(k.number, k.kind, k.state) for k in chain] == [
        (1, "first", "in time"),
        (2, "second", "in time"),
        (3, "later", "in time"),
        (4, "later", "in time"),
        (5, "later", "not yet due"),
    ]


@pytest.mark.parametrize(
    ("end", "as_at", "state"),
    [
        (None, SIX_WEEKS - timedelta(days=1), "not yet due"),
        (None, SIX_WEEKS, "overdue"),
        (SIX_WEEKS, date(2019, 1, 1), "ended"),
        (SIX_WEEKS + timedelta(days=1), date(2019, 1, 1), "not recorded"),
        (date(2019, 2, 1), date(2018, 2, 1), "not yet due"),
    ],
    ids=["before the day", "on the day", "left on the day", "left later", "leaving is not yet known"],
)
def test_what_the_last_link_says(end, as_at, state):
    assert states([], end, as_at) == [state]


def test_reviews_outside_the_chain_do_not_count_and_two_on_a_day_are_one():
    days = [date(2017, 12, 31), date(2018, 2, 1), date(2018, 2, 1), date(2018, 6, 2), date(2018, 7, 1)]
    chain = review_chain(START, days, date(2018, 6, 1), date(2019, 7, 31))
    assert [k.held for k in chain] == [date(2018, 2, 1), None]


def test_a_review_on_the_first_day_is_the_first():
    assert review_chain(START, [START], None, START)[0].held == START


def test_the_order_of_the_reviews_given_does_not_matter():
    days = [date(2018, 5, 1), date(2018, 2, 1), date(2018, 9, 1)]
    assert review_chain(START, days, None, date(2019, 1, 1)) == review_chain(
        START, sorted(days), None, date(2019, 1, 1)
    )


def test_a_chain_whose_every_review_is_on_its_last_day_comes_to_ten_months_and_a_half():
    assert [kind_of(n) for n in (1, 2, 3, 9)] == ["first", "second", "later", "later"]
    first, second, third = latest_lawful(START)
    assert states([first, second, third])[:3] == ["in time"] * 3
    assert [round((d - START).days / 7) for d in (first, second, third)] == [6, 19, 45]
    assert third > add_months(START, 10)


def test_every_state_and_kind_has_its_meaning():
    seen = {s for end in (None, date(2018, 2, 1), date(2018, 12, 1)) for s in states([], end)}
    seen |= set(states([SIX_WEEKS, date(2018, 9, 1)], as_at=date(2018, 9, 2)))
    assert seen == set(STATES)
    assert list(LINKS) == ["first", "second", "later"]
