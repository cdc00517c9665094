"""Pages about an area: where children wait now, and for which milestones the date is recorded."""

from __future__ import annotations

from pace_nb.measures import completeness, who_waits


def stages(extract):
    found = who_waits(extract)
    return sorted(zip(found["stage"], found["placement"], found["days"].tolist(), strict=True))


def test_a_child_waits_at_the_last_milestone_reached_for_as_long_as_since_then(draw):
    extract = draw(
        """
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-2 | accommodated              | 2018-01-01 |
        SYN-2 | permanence_recommendation | 2019-07-01 | adoption
        """,
        placements="""
        child | lives  | from       | to
        SYN-1 | foster | 2018-01-01 | 2019-01-01
        SYN-1 | secure | 2019-01-01 |
        """,
    )
    assert stages(extract) == [
        ("accommodated", "residential", 576),
        ("permanence_recommendation", "not_recorded", 30),
    ]


def test_the_milestones_count_in_their_order_not_in_that_of_their_dates(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | adm_decision              | 2019-07-01 | adoption
        SYN-1 | permanence_recommendation | 2019-07-21 | adoption
    """)
    assert stages(extract) == [("adm_decision", "not_recorded", 30)]


def test_of_a_milestone_recorded_twice_the_later_date_counts(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-06-01 | adoption
        SYN-1 | permanence_recommendation | 2019-07-01 | adoption
    """)
    assert stages(extract) == [("permanence_recommendation", "not_recorded", 30)]


def test_children_with_an_order_or_back_home_wait_for_nothing(draw):
    extract = draw("""
        child | event         | date
        SYN-1 | accommodated  | 2018-01-01
        SYN-1 | order_granted | 2019-01-01
        SYN-2 | accommodated  | 2018-01-01
        SYN-2 | return_home   | 2019-01-01
    """)
    assert stages(extract) == []


def test_a_child_whose_plan_is_the_return_home_waits_for_no_step(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2019-07-01 | return_home
    """)
    assert stages(extract) == []


def test_a_child_whose_plan_changed_to_the_return_home_after_the_panel_waits_for_no_step(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-06-01 | permanence_order
        SYN-1 | permanence_panel          | 2018-09-01 |
        SYN-1 | permanence_recommendation | 2019-07-01 | return_home
    """)
    assert stages(extract) == []


def test_a_child_who_is_to_have_a_kinship_care_order_still_waits_for_it(draw):
    """The route has no panel, ADM or court date of the authority's, but it does end in an order."""
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2019-07-01 | kinship_care_order
    """)
    assert stages(extract) == [("permanence_recommendation", "not_recorded", 30)]


def test_the_milestones_of_an_earlier_spell_do_not_count(draw):
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2017-01-01
        SYN-1 | permanence_recommendation | 2017-02-01
        SYN-1 | return_home               | 2017-03-01
        SYN-1 | accommodated              | 2019-07-01
    """)
    assert stages(extract) == [("accommodated", "not_recorded", 30)]


def recorded(extract, recent=False):
    found = completeness(extract).set_index("milestone")
    columns = ["recorded_recent", "passed_recent"] if recent else ["recorded", "passed"]
    return {m: f"{a} of {b}" for m, a, b in found[columns].itertuples() if b}


def test_a_milestone_was_passed_if_it_or_a_later_one_is_recorded(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-02-01 | adoption
        SYN-1 | court_application         | 2018-06-01 |
        SYN-2 | accommodated              | 2018-01-01 |
    """)
    assert recorded(extract) == {
        "accommodated": "2 of 2",
        "permanence_recommendation": "1 of 1",
        "permanence_panel": "0 of 1",
        "adm_decision": "0 of 1",
        "court_application": "1 of 1",
    }


def test_steps_that_are_not_on_the_route_are_not_missing(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-02-01 | kinship_care_order
        SYN-1 | order_granted             | 2018-06-01 | kinship_care_order
    """)
    assert recorded(extract) == {
        "accommodated": "1 of 1",
        "permanence_recommendation": "1 of 1",
        "order_granted": "1 of 1",
    }


def test_recent_means_the_last_two_years_to_the_day(draw):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2017-07-30
        SYN-2 | accommodated | 2017-07-31
    """)
    assert recorded(extract, recent=True) == {"accommodated": "1 of 1"}


def test_each_spell_is_counted(draw):
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2017-01-01
        SYN-1 | return_home               | 2017-03-01
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2018-02-01
    """)
    assert recorded(extract) == {"accommodated": "2 of 2", "permanence_recommendation": "1 of 1"}


def test_a_start_on_the_last_day_of_the_spell_before_is_recorded(draw):
    """Home and accommodated again on one day: the second spell has its date too."""
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2017-01-01
        SYN-1 | return_home               | 2018-01-01
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2018-02-01
    """)
    assert recorded(extract) == {"accommodated": "2 of 2", "permanence_recommendation": "1 of 1"}


def test_nothing_recorded_is_nothing_missing(draw):
    extract = draw(children="child | born\nSYN-1 | 2015-01-01")
    assert recorded(extract) == {}
