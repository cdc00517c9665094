"""The steps after the recommendation: a child waits only for steps that lie on the child's route."""

from __future__ import annotations

from pace_nb.intervals import between, find_intervals

GAP = "a later step is recorded, this one is not"
RECORDED_EARLY = "recorded before the start of the wait"


def test_the_clock_of_a_step_starts_with_the_milestone_before(draw, told):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2017-01-01 |
        SYN-1 | permanence_recommendation | 2018-01-01 | permanence_order
        SYN-1 | adm_decision              | 2018-03-02 | permanence_order
        SYN-1 | court_application         | 2018-04-01 |
    """)
    assert told(extract, "aim-3") == {"SYN-1": "reached after 60 days"}
    assert told(extract, "aim-4") == {"SYN-1": "reached after 30 days"}


def test_a_child_without_a_recommendation_does_not_wait_for_the_decision(draw, told):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
    """)
    assert told(extract, "aim-3") == {}
    assert told(extract, "aim-4") == {}


def test_a_child_with_a_recommendation_waits_for_the_decision(draw, told):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2019-07-01 | adoption
    """)
    assert told(extract, "aim-3") == {"SYN-1": "waiting for 30 days"}
    assert told(extract, "aim-4") == {}


def test_a_child_whose_route_is_not_recorded_waits_for_the_decision(draw, told):
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2019-07-01
    """)
    assert told(extract, "aim-3") == {"SYN-1": "waiting for 30 days"}


def test_routes_without_a_decision_are_out_of_scope_and_counted(draw):
    """A return home needs neither ADM nor court; a section 11 order is the carer's application."""
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-06-01 | return_home
        SYN-2 | accommodated              | 2018-01-01 |
        SYN-2 | permanence_recommendation | 2018-06-01 | kinship_care_order
        SYN-3 | accommodated              | 2018-01-01 |
        SYN-3 | permanence_recommendation | 2018-06-01 | permanence_order
    """)
    found = find_intervals(extract, extract.aims["aim-3"])
    assert found.table["child_id"].tolist() == ["SYN-3"]
    assert found.out_of_scope == {"the child's route does not pass through this step": 2}


def test_a_kinship_care_order_is_waited_for_and_a_return_home_is_not(draw, told):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2019-07-01 | kinship_care_order
        SYN-2 | accommodated              | 2018-01-01 |
        SYN-2 | permanence_recommendation | 2019-07-01 | return_home
    """)
    step = between("permanence_recommendation", "order_granted")
    assert told(extract, step) == {"SYN-1": "waiting for 30 days"}


def test_a_plan_that_changes_to_a_route_without_the_step_ends_the_wait(draw, told):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-06-01 | permanence_order
        SYN-1 | permanence_recommendation | 2018-07-31 | return_home
    """)
    assert told(extract, "aim-3") == {"SYN-1": "left after 60 days: route without this step"}


def test_a_plan_that_changes_to_a_route_with_the_step_goes_on_waiting(draw, told):
    """S06: the first recommendation starts the clock, whichever route came second."""
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2019-07-01 | adoption
        SYN-1 | permanence_recommendation | 2019-07-21 | permanence_order
    """)
    assert told(extract, "aim-3") == {"SYN-1": "waiting for 30 days"}


def test_a_decision_made_before_the_plan_changed_has_been_reached(draw, told):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-06-01 | permanence_order
        SYN-1 | adm_decision              | 2018-07-01 | permanence_order
        SYN-1 | permanence_recommendation | 2018-10-01 | return_home
    """)
    assert told(extract, "aim-3") == {"SYN-1": "reached after 30 days"}


def test_a_decision_before_the_recommendation_is_unusable_and_never_a_negative_wait(draw, told):
    """S01; the child's other waits are kept."""
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | adm_decision              | 2018-03-01 | adoption
        SYN-1 | permanence_recommendation | 2018-04-01 | adoption
        SYN-1 | court_application         | 2018-04-30 |
    """)
    assert told(extract, "aim-3") == {"SYN-1": f"unusable: {RECORDED_EARLY}"}
    assert told(extract, "aim-2") == {"SYN-1": "reached after 90 days"}
    assert told(extract, "aim-4") == {"SYN-1": "reached after 60 days"}


def test_an_application_before_the_decision_is_unusable(draw, told):
    """S02."""
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-02-01 | adoption
        SYN-1 | court_application         | 2018-03-01 |
        SYN-1 | adm_decision              | 2018-04-01 | adoption
    """)
    assert told(extract, "aim-4") == {"SYN-1": f"unusable: {RECORDED_EARLY}"}


def test_a_second_decision_in_the_right_order_mends_a_first_in_the_wrong_one(draw, told):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | adm_decision              | 2018-03-01 | adoption
        SYN-1 | permanence_recommendation | 2018-04-01 | adoption
        SYN-1 | adm_decision              | 2018-05-01 | adoption
    """)
    assert told(extract, "aim-3") == {"SYN-1": "reached after 30 days"}


def test_an_application_without_a_decision_is_a_gap_in_both_waits(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-02-01 | adoption
        SYN-1 | court_application         | 2018-06-01 |
    """)
    to_decision = find_intervals(extract, extract.aims["aim-3"])
    assert to_decision.table["reason"].tolist() == [GAP]
    from_decision = find_intervals(extract, extract.aims["aim-4"])
    assert len(from_decision.table) == 0
    assert from_decision.out_of_scope == {"a later step is recorded, but no date for 'agency decision'": 1}


def test_the_panel_is_not_needed_for_the_decision(draw, told):
    """A missing panel date is a gap of the panel's own step only."""
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-02-01 | adoption
        SYN-1 | adm_decision              | 2018-03-03 | adoption
    """)
    assert told(extract, "aim-3") == {"SYN-1": "reached after 30 days"}
    assert told(extract, between("permanence_recommendation", "permanence_panel")) == {"SYN-1": f"unusable: {GAP}"}


def test_a_child_who_went_home_after_the_recommendation_has_left(draw, told):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-02-01 | permanence_order
        SYN-1 | return_home               | 2018-03-03 |
    """)
    assert told(extract, "aim-3") == {"SYN-1": "left after 30 days: returned home"}


def test_in_a_second_spell_the_clock_starts_with_that_spells_recommendation(draw, told):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2017-01-01 |
        SYN-1 | permanence_recommendation | 2017-02-01 | permanence_order
        SYN-1 | return_home               | 2017-03-03 |
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-02-01 | permanence_order
        SYN-1 | adm_decision              | 2018-04-02 | permanence_order
    """)
    assert told(extract, "aim-3") == {
        "SYN-1, spell 1": "left after 30 days: returned home",
        "SYN-1, spell 2": "reached after 60 days",
    }


def test_a_child_without_an_accommodated_date_keeps_the_later_waits_or_is_counted(draw):
    """S08: only the waits that start with the accommodation are lost, and nobody is hidden."""
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | permanence_recommendation | 2018-02-01 | permanence_order
        SYN-1 | adm_decision              | 2018-03-03 | permanence_order
    """)
    found = find_intervals(extract, extract.aims["aim-3"])
    assert len(found.table) + sum(found.out_of_scope.values()) == 1


def test_a_decision_that_was_reached_stays_reached_when_the_plan_goes_back_to_an_earlier_one(draw, told):
    """What a report of June said, a report of July does not take back."""
    tables = """
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-02-01 | kinship_care_order
        SYN-1 | permanence_recommendation | 2018-03-01 | permanence_order
        SYN-1 | adm_decision              | 2018-03-03 | permanence_order
        SYN-1 | permanence_recommendation | 2018-07-01 | kinship_care_order
    """
    assert told(draw(tables, as_at="2018-06-30"), "aim-3") == {"SYN-1": "reached after 30 days"}
    assert told(draw(tables, as_at="2018-07-31"), "aim-3") == {"SYN-1": "reached after 30 days"}
