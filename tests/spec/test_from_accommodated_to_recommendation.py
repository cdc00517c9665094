"""Aim 2: every child who was accommodated has reached a recommendation, waits for one, has left, or has a gap in the record.

All reports are as at 31 July 2019.
"""

from __future__ import annotations

from pace_nb.intervals import between, find_intervals

RECORDED_EARLY = "recorded before the start of the wait"
GAP = "a later step is recorded, this one is not"


def test_a_child_with_a_recommendation_has_reached_it(draw, told):
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2018-04-01
    """)
    assert told(extract) == {"SYN-1": "reached after 90 days"}


def test_a_child_with_no_later_event_waits_until_the_day_of_the_report(draw, told):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2019-07-01
    """)
    assert told(extract) == {"SYN-1": "waiting for 30 days"}


def test_a_child_accommodated_on_the_day_of_the_report_waits_for_no_day(draw, told):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2019-07-31
    """)
    assert told(extract) == {"SYN-1": "waiting for 0 days"}


def test_reviews_and_hearings_do_not_end_the_wait(draw, told):
    extract = draw("""
        child | event        | date
        SYN-1 | referral     | 2019-06-01
        SYN-1 | accommodated | 2019-07-01
        SYN-1 | review       | 2019-07-10
        SYN-1 | hearing      | 2019-07-11
    """)
    assert told(extract) == {"SYN-1": "waiting for 30 days"}


def test_a_recommendation_to_return_home_counts(draw, told):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-01-31 | return_home
    """)
    assert told(extract) == {"SYN-1": "reached after 30 days"}


def test_a_child_who_returned_home_first_has_left(draw, told):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-1 | return_home  | 2018-03-02
    """)
    assert told(extract) == {"SYN-1": "left after 60 days: returned home"}


def test_a_child_whose_last_placement_ended_has_left(draw, told):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        """,
        placements="""
        child | lives  | from       | to
        SYN-1 | foster | 2018-01-01 | 2018-03-02
        """,
    )
    assert told(extract) == {"SYN-1": "left after 60 days: left care"}


def test_a_child_who_turned_eighteen_has_left_on_the_birthday(draw, told):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        """,
        children="""
        child | born
        SYN-1 | 2000-03-02
        """,
    )
    assert told(extract) == {"SYN-1": "left after 60 days: turned 18"}


def test_an_order_without_a_recommendation_is_a_gap_in_the_record_and_not_a_wait(draw, told):
    extract = draw("""
        child | event         | date
        SYN-1 | accommodated  | 2018-01-01
        SYN-1 | order_granted | 2019-01-01
    """)
    assert told(extract) == {"SYN-1": f"unusable: {GAP}"}
    assert told(extract, between("accommodated", "order_granted")) == {"SYN-1": "reached after 365 days"}


def test_a_panel_without_a_recommendation_is_a_gap_although_the_spell_lasts(draw, told):
    extract = draw("""
        child | event            | date
        SYN-1 | accommodated     | 2018-01-01
        SYN-1 | permanence_panel | 2019-01-01
    """)
    assert told(extract) == {"SYN-1": f"unusable: {GAP}"}


def test_the_first_of_two_recommendations_ends_the_wait(draw, told):
    """S06: the second is a change of plan, not a later arrival."""
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-03-02 | adoption
        SYN-1 | permanence_recommendation | 2018-09-18 | permanence_order
    """)
    assert told(extract) == {"SYN-1": "reached after 60 days"}


def test_everything_on_one_day_is_reached_after_no_day(draw, told):
    """S05."""
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-01-01 | permanence_order
        SYN-1 | permanence_panel          | 2018-01-01 |
        SYN-1 | adm_decision              | 2018-01-01 | permanence_order
        SYN-1 | court_application         | 2018-01-01 |
        SYN-1 | order_granted             | 2018-01-01 | permanence_order
    """)
    steps = ("accommodated", "permanence_recommendation", "permanence_panel", "adm_decision", "court_application")
    for start, end in zip(steps, (*steps[1:], "order_granted"), strict=True):
        assert told(extract, between(start, end)) == {"SYN-1": "reached after 0 days"}


def test_a_recommendation_on_the_day_of_the_return_home_counts(draw, told):
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2018-03-02
        SYN-1 | return_home               | 2018-03-02
    """)
    assert told(extract) == {"SYN-1": "reached after 60 days"}


def test_a_recommendation_after_the_return_home_does_not_count_for_the_closed_spell(draw, told):
    """S15."""
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | return_home               | 2018-03-02
        SYN-1 | permanence_recommendation | 2018-03-03
    """)
    assert told(extract) == {"SYN-1": "left after 60 days: returned home"}


def test_a_recommendation_before_the_child_was_accommodated_is_not_a_wait(draw, told):
    """S04: it may have been made while the child was at home, or before birth. It is never a negative wait, and the
    child does not wait for what the record already holds: someone has to look at it."""
    extract = draw("""
        child | event                     | date
        SYN-1 | permanence_recommendation | 2017-12-01
        SYN-1 | accommodated              | 2018-01-01
    """)
    assert told(extract) == {"SYN-1": f"unusable: {RECORDED_EARLY}"}


def test_an_event_after_the_day_of_the_report_is_not_yet_known(draw, told):
    tables = """
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2018-04-01
    """
    assert told(draw(tables, as_at="2018-03-31")) == {"SYN-1": "waiting for 89 days"}
    assert told(draw(tables, as_at="2018-04-01")) == {"SYN-1": "reached after 90 days"}


def test_a_return_home_after_the_day_of_the_report_is_not_yet_known(draw, told):
    tables = """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-1 | return_home  | 2018-03-02
    """
    assert told(draw(tables, as_at="2018-03-01")) == {"SYN-1": "waiting for 59 days"}


def test_before_anything_was_recorded_nobody_waits(draw, told):
    tables = """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
    """
    extract = draw(tables, as_at="2017-12-31")
    assert told(extract) == {}
    assert {aim: told(extract, aim) for aim in extract.aims} == {aim: {} for aim in extract.aims}


def test_a_child_who_is_not_accommodated_has_no_wait(draw, told):
    extract = draw(
        children="""
        child | born
        SYN-1 | 2015-01-01
    """
    )
    assert told(extract) == {}


def test_a_child_with_milestones_but_no_accommodated_date_is_counted_not_hidden(draw):
    """S08: left out of the waits that start there, but told of."""
    extract = draw("""
        child | event                     | date
        SYN-1 | permanence_recommendation | 2018-01-01
    """)
    found = find_intervals(extract, extract.aims["aim-2"])
    assert len(found.table) == 0
    assert sum(found.out_of_scope.values()) == 1


def test_the_limit_is_six_calendar_months(draw):
    """Six months from 31 August are 28 February; a recommendation on that day is in time, and one on the next is late."""
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2018-08-31
        SYN-1 | permanence_recommendation | 2019-02-28
        SYN-2 | accommodated              | 2018-08-31
        SYN-2 | permanence_recommendation | 2019-03-01
    """)
    table = find_intervals(extract, extract.aims["aim-2"]).table
    assert table["due"].dt.strftime("%Y-%m-%d").tolist() == ["2019-02-28"] * 2
    assert table["late"].tolist() == [False, True]


def test_a_child_still_waiting_is_overdue_from_the_due_date_on(draw):
    tables = """
        child | event        | date
        SYN-1 | accommodated | 2018-08-31
    """
    for as_at, overdue in (("2019-02-27", 0), ("2019-02-28", 1), ("2019-03-01", 1)):
        extract = draw(tables, as_at=as_at)
        assert len(find_intervals(extract, extract.aims["aim-2"]).overdue) == overdue


def test_the_placement_is_that_of_the_last_day_of_the_wait(draw):
    extract = draw(
        """
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2018-04-01
        SYN-2 | accommodated              | 2018-01-01
        SYN-3 | accommodated              | 2018-01-01
        """,
        placements="""
        child | lives       | from       | to
        SYN-1 | foster      | 2018-01-01 | 2018-02-01
        SYN-1 | kinship     | 2018-02-01 | 2018-05-01
        SYN-1 | residential | 2018-05-01 |
        SYN-2 | foster      | 2018-01-01 | 2018-02-01
        SYN-2 | secure      | 2018-02-01 |
        """,
    )
    table = find_intervals(extract, extract.aims["aim-2"]).table.set_index("child_id")
    assert table["placement"].to_dict() == {"SYN-1": "kinship", "SYN-2": "residential", "SYN-3": "not_recorded"}
