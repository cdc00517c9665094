"""A page may count from a day on (`since`): earlier records are those of the children who happened to stay."""

from __future__ import annotations

from pace_nb.intervals import find_intervals
from pace_nb.measures import ShareMet, completeness, measure_share
from pace_nb.waits import follow, summarise_waits

EVENTS = """
    child | event                     | date
    SYN-1 | accommodated              | 2017-06-01
    SYN-1 | permanence_recommendation | 2017-12-31
    SYN-2 | accommodated              | 2017-06-01
    SYN-2 | permanence_recommendation | 2018-01-01
    SYN-3 | accommodated              | 2017-06-01
    SYN-3 | return_home               | 2017-12-31
    SYN-4 | accommodated              | 2017-06-01
    SYN-5 | accommodated              | 2017-07-01
    SYN-6 | accommodated              | 2018-01-01
"""


def test_without_a_day_all_waits_count(draw, told):
    assert len(told(draw(EVENTS))) == 6


def test_waits_that_ended_before_the_day_are_left_out_and_counted(draw, told):
    """A wait that ended on the day itself is in, and so is everyone who still waits."""
    extract = draw(EVENTS, since="2018-01-01")
    assert set(told(extract)) == {"SYN-2", "SYN-4", "SYN-5", "SYN-6"}
    out = find_intervals(extract, extract.aims["aim-2"]).out_of_scope
    assert out == {"ended before 1 January 2018, when the period of this page begins": 2}


def test_a_child_whose_clock_started_on_the_day_started_within_the_period(draw):
    extract = draw(EVENTS, since="2018-01-01")
    assert find_intervals(extract, extract.aims["aim-2"]).started_within["child_id"].tolist() == ["SYN-6"]


def test_children_due_before_the_day_are_not_in_the_share(draw):
    """Of those due on 1 December 2017 only the late ones are known; those due on 1 January 2018 are all known."""
    extract = draw(EVENTS, since="2018-01-01")
    assert measure_share(find_intervals(extract, extract.aims["aim-2"])) == ShareMet(missed=2)


def test_the_typical_wait_follows_everyone_who_waited_within_the_period_for_the_days_within_it(draw):
    """SYN-2 waited until the day on which the period opens, and so for no day within it."""
    extract = draw(EVENTS, since="2018-01-01")
    found = find_intervals(extract, extract.aims["aim-2"])
    assert summarise_waits(found).started == 4
    assert dict(zip(follow(found)["child_id"], follow(found)["entry"], strict=True)) == {
        "SYN-4": 214,  # days from 1 June 2017 to 1 January 2018
        "SYN-5": 184,
        "SYN-6": -1,  # from the start
    }


def test_a_contradiction_in_a_spell_that_ended_before_the_day_is_left_out_and_one_in_a_lasting_spell_is_not(draw, told):
    extract = draw(
        """
        child | event            | date
        SYN-1 | accommodated     | 2017-01-01
        SYN-1 | permanence_panel | 2017-06-01
        SYN-1 | return_home      | 2017-12-31
        SYN-2 | accommodated     | 2017-01-01
        SYN-2 | permanence_panel | 2017-06-01
        """,
        since="2018-01-01",
    )
    assert list(told(extract)) == ["SYN-2"]


def test_milestones_passed_before_the_day_are_not_asked_for(draw):
    extract = draw(EVENTS, since="2018-01-01")
    passed = completeness(extract).set_index("milestone")["passed"]
    assert passed["permanence_recommendation"] == 1
    assert passed["accommodated"] == 1
