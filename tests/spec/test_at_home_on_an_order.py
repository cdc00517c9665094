"""Aim 1: the clock runs while a child is both at home and on a compulsory supervision order."""

from __future__ import annotations

import pytest

from pace_nb.intervals import find_intervals
from pace_nb.spells import find_home_spells

ENDED = "order ended or child moved away from home"
HOME = """
    child | lives   | from       | to
    SYN-1 | at_home | 2018-01-01 |
"""


def spells(extract):
    found = find_home_spells(extract)
    return [(f"{r.start:%Y-%m-%d}", f"{r.end:%Y-%m-%d}" if r.end == r.end else "") for r in found.itertuples()]


def legal(*rows: str) -> str:
    return "\n".join(["child | order | from | to", *(f"SYN-1 | compulsory_supervision_order | {r}" for r in rows)])


def test_a_review_while_on_the_order_at_home_is_reached(draw, told):
    extract = draw(
        """
        child | event      | date
        SYN-1 | cso_review | 2018-03-02
        """,
        placements=HOME,
        legal=legal("2018-01-01 |"),
    )
    assert told(extract, "aim-1") == {"SYN-1": "reached after 60 days"}


def test_without_a_review_the_child_waits(draw, told):
    extract = draw(placements=HOME, legal=legal("2019-07-01 |"))
    assert told(extract, "aim-1") == {"SYN-1": "waiting for 30 days"}


def test_an_ordinary_review_is_not_the_review_of_the_order(draw, told):
    extract = draw(
        """
        child | event  | date
        SYN-1 | review | 2019-07-10
        """,
        placements=HOME,
        legal=legal("2019-07-01 |"),
    )
    assert told(extract, "aim-1") == {"SYN-1": "waiting for 30 days"}


@pytest.mark.parametrize(
    ("order", "home", "start"),
    [("2018-03-01 |", "2018-01-01 |", "2018-03-01"), ("2018-01-01 |", "2018-03-01 |", "2018-03-01")],
)
def test_the_clock_starts_when_both_hold(draw, order, home, start):
    extract = draw(placements=f"child | lives | from | to\nSYN-1 | at_home | {home}", legal=legal(order))
    assert spells(extract) == [(start, "")]


def test_an_order_away_from_home_is_not_at_home(draw, told):
    extract = draw(
        placements="""
        child | lives  | from       | to
        SYN-1 | foster | 2018-01-01 |
        """,
        legal=legal("2018-01-01 |"),
    )
    assert told(extract, "aim-1") == {}


@pytest.mark.parametrize("order", ["interim_compulsory_supervision_order", "section_25", "permanence_order"])
def test_another_legal_reason_at_home_is_not_the_order(draw, told, order):
    extract = draw(placements=HOME, legal=f"child | order | from | to\nSYN-1 | {order} | 2018-01-01 |")
    assert told(extract, "aim-1") == {}


def test_continuation_rows_are_one_order_and_do_not_restart_the_clock(draw):
    """Many systems write a new row each time a hearing continues the order."""
    rows = ("2018-01-01 | 2018-12-31", "2019-01-01 | 2019-05-31", "2019-05-20 |")
    assert spells(draw(placements=HOME, legal=legal(*rows))) == [("2018-01-01", "")]


def test_continuation_on_the_very_day_is_one_order(draw):
    rows = ("2018-01-01 | 2018-12-31", "2018-12-31 |")
    assert spells(draw(placements=HOME, legal=legal(*rows))) == [("2018-01-01", "")]


def test_a_gap_of_two_days_between_orders_is_a_new_clock(draw):
    rows = ("2018-01-01 | 2018-12-30", "2019-01-01 |")
    assert spells(draw(placements=HOME, legal=legal(*rows))) == [("2018-01-01", "2018-12-30"), ("2019-01-01", "")]


def test_a_short_order_within_a_long_one_does_not_end_it(draw):
    rows = ("2018-01-01 |", "2018-03-01 | 2018-04-01")
    assert spells(draw(placements=HOME, legal=legal(*rows))) == [("2018-01-01", "")]


def test_the_order_of_the_rows_does_not_matter(draw):
    rows = ("2019-01-01 | 2019-05-31", "2018-01-01 | 2018-12-31")
    assert spells(draw(placements=HOME, legal=legal(*rows))) == [("2018-01-01", "2019-05-31")]


def test_moving_away_from_home_ends_the_wait(draw, told):
    extract = draw(
        placements="""
        child | lives   | from       | to
        SYN-1 | at_home | 2018-01-01 | 2018-03-02
        SYN-1 | kinship | 2018-03-02 |
        """,
        legal=legal("2018-01-01 |"),
    )
    assert told(extract, "aim-1") == {"SYN-1": f"left after 60 days: {ENDED}"}


@pytest.mark.parametrize(("ordered", "found"), [("2018-03-01", [("2018-03-01", "2018-03-02")]), ("2018-03-02", [])])
def test_an_order_made_on_the_day_the_child_moves_away_is_not_at_home(draw, ordered, found):
    extract = draw(
        placements="""
        child | lives   | from       | to
        SYN-1 | at_home | 2018-01-01 | 2018-03-02
        SYN-1 | kinship | 2018-03-02 |
        """,
        legal=legal(f"{ordered} |"),
    )
    assert spells(extract) == found


def test_home_again_on_the_same_order_is_a_new_clock(draw):
    extract = draw(
        placements="""
        child | lives   | from       | to
        SYN-1 | at_home | 2018-01-01 | 2018-03-02
        SYN-1 | kinship | 2018-03-02 | 2018-06-01
        SYN-1 | at_home | 2018-06-01 |
        """,
        legal=legal("2018-01-01 |"),
    )
    assert spells(extract) == [("2018-01-01", "2018-03-02"), ("2018-06-01", "")]


def test_the_end_of_the_order_ends_the_wait(draw, told):
    extract = draw(placements=HOME, legal=legal("2018-01-01 | 2018-03-02"))
    assert told(extract, "aim-1") == {"SYN-1": f"left after 60 days: {ENDED}"}


def test_a_review_on_the_last_day_of_the_order_counts_and_one_after_it_does_not(draw, told):
    for day, expected in (("2018-03-02", "reached after 60 days"), ("2018-03-03", f"left after 60 days: {ENDED}")):
        extract = draw(
            f"child | event | date\nSYN-1 | cso_review | {day}",
            placements=HOME,
            legal=legal("2018-01-01 | 2018-03-02"),
        )
        assert told(extract, "aim-1") == {"SYN-1": expected}


def test_a_review_before_the_child_was_at_home_on_the_order_does_not_count(draw, told):
    extract = draw(
        """
        child | event      | date
        SYN-1 | cso_review | 2019-06-30
        """,
        placements=HOME,
        legal=legal("2019-07-01 |"),
    )
    assert told(extract, "aim-1") == {"SYN-1": "waiting for 30 days"}


def test_turning_eighteen_ends_the_wait(draw, told):
    extract = draw(
        placements=HOME,
        legal=legal("2018-01-01 |"),
        children="""
        child | born
        SYN-1 | 2000-03-02
        """,
    )
    assert told(extract, "aim-1") == {"SYN-1": "left after 60 days: turned 18"}


def test_the_limit_is_two_calendar_years(draw):
    extract = draw(
        placements="""
        child | lives   | from       | to
        SYN-1 | at_home | 2016-02-29 |
        """,
        legal=legal("2016-02-29 |"),
    )
    found = find_intervals(extract, extract.aims["aim-1"])
    assert found.table["due"].dt.strftime("%Y-%m-%d").tolist() == ["2018-02-28"]
    assert len(found.overdue) == 1


def test_a_child_accommodated_is_not_in_aim_1_and_a_child_at_home_not_in_aim_2(draw, told):
    extract = draw(
        """
        child | event        | date
        SYN-2 | accommodated | 2019-07-01
        """,
        placements=HOME,
        legal=legal("2019-07-01 |"),
    )
    assert list(told(extract, "aim-1")) == ["SYN-1"]
    assert list(told(extract, "aim-2")) == ["SYN-2"]
