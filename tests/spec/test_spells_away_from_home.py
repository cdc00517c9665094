"""A spell begins when a child is accommodated; being accommodated again after it has ended starts a new clock."""

from __future__ import annotations

from pace_nb.intervals import between
from pace_nb.spells import find_away_spells


def spells(extract):
    """Return (child, spell, from, to, how it ended) of every spell."""
    found = find_away_spells(extract)
    return [
        (r.child_id, r.spell, f"{r.start:%Y-%m-%d}", f"{r.end:%Y-%m-%d}" if r.end == r.end else "", r.ended_by or "")
        for r in found.fillna({"ended_by": ""}).itertuples()
    ]


def test_accommodated_again_after_a_return_home_is_a_second_spell_with_its_own_clock(draw, told):
    """S07."""
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2017-01-01
        SYN-1 | return_home               | 2017-03-02
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2018-01-31
    """)
    assert told(extract) == {
        "SYN-1, spell 1": "left after 60 days: returned home",
        "SYN-1, spell 2": "reached after 30 days",
    }


def test_a_recommendation_in_the_first_spell_does_not_count_in_the_second(draw, told):
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2017-01-01
        SYN-1 | permanence_recommendation | 2017-01-31
        SYN-1 | return_home               | 2017-03-02
        SYN-1 | accommodated              | 2019-07-01
    """)
    assert told(extract) == {"SYN-1, spell 1": "reached after 30 days", "SYN-1, spell 2": "waiting for 30 days"}


def test_a_recommendation_between_two_spells_belongs_to_neither(draw, told):
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2017-01-01
        SYN-1 | return_home               | 2017-03-02
        SYN-1 | permanence_recommendation | 2017-06-01
        SYN-1 | accommodated              | 2019-07-01
    """)
    assert told(extract) == {
        "SYN-1, spell 1": "left after 60 days: returned home",
        "SYN-1, spell 2": "waiting for 30 days",
    }


def test_accommodated_twice_while_the_spell_lasts_is_one_spell(draw, told):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2019-07-01
        SYN-1 | accommodated | 2019-07-15
    """)
    assert told(extract) == {"SYN-1": "waiting for 30 days"}


def test_accommodated_twice_in_one_spell_still_ends_with_the_last_placement(draw, told):
    """The second date is a move recorded as a new start; the child left care on 1 July 2018 and does not wait today."""
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-1 | accommodated | 2018-03-01
        """,
        placements="""
        child | lives   | from       | to
        SYN-1 | foster  | 2018-01-01 | 2018-03-01
        SYN-1 | kinship | 2018-03-01 | 2018-07-01
        """,
    )
    assert spells(extract) == [("SYN-1", 1, "2018-01-01", "2018-07-01", "left_care")]
    assert told(extract) == {"SYN-1": "left after 181 days: left care"}


def test_returning_home_and_being_accommodated_on_one_day_are_two_spells(draw):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-1 | return_home  | 2018-03-02
        SYN-1 | accommodated | 2018-03-02
    """)
    assert spells(extract) == [
        ("SYN-1", 1, "2018-01-01", "2018-03-02", "return_home"),
        ("SYN-1", 2, "2018-03-02", "", ""),
    ]


def test_an_event_on_the_last_day_of_one_spell_and_first_of_the_next_counts_once(draw, told):
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2018-03-02
        SYN-1 | return_home               | 2018-03-02
        SYN-1 | accommodated              | 2018-03-02
    """)
    found = told(extract)
    assert found["SYN-1, spell 1"] == "reached after 60 days"
    assert found["SYN-1, spell 2"].startswith("waiting")


def test_a_child_accommodated_and_home_again_on_one_day_had_a_spell_of_no_days(draw, told):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-1 | return_home  | 2018-01-01
    """)
    assert told(extract) == {"SYN-1": "left after 0 days: returned home"}


def test_a_gap_between_placements_does_not_end_the_spell(draw, told):
    """S14: thirty days without a placement are a gap in the record, not an end."""
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        """,
        placements="""
        child | lives   | from       | to
        SYN-1 | foster  | 2018-01-01 | 2018-03-01
        SYN-1 | kinship | 2018-03-31 |
        """,
    )
    assert spells(extract) == [("SYN-1", 1, "2018-01-01", "", "")]


def test_a_gap_before_being_accommodated_again_ends_the_first_spell(draw):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-1 | accommodated | 2018-06-01
        """,
        placements="""
        child | lives   | from       | to
        SYN-1 | foster  | 2018-01-01 | 2018-03-01
        SYN-1 | kinship | 2018-06-01 |
        """,
    )
    assert spells(extract) == [
        ("SYN-1", 1, "2018-01-01", "2018-03-01", "left_care"),
        ("SYN-1", 2, "2018-06-01", "", ""),
    ]


def test_a_placement_that_follows_within_a_day_is_one_stay(draw):
    tables = {
        "placements": """
        child | lives   | from       | to
        SYN-1 | foster  | 2018-01-01 | 2018-02-28
        SYN-1 | kinship | 2018-03-01 |
        """
    }
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-1 | accommodated | 2018-03-01
        """,
        **tables,
    )
    assert spells(extract) == [("SYN-1", 1, "2018-01-01", "", "")]


def test_a_placement_that_follows_after_two_days_is_a_second_stay(draw):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-1 | accommodated | 2018-03-02
        """,
        placements="""
        child | lives   | from       | to
        SYN-1 | foster  | 2018-01-01 | 2018-02-28
        SYN-1 | kinship | 2018-03-02 |
        """,
    )
    assert spells(extract) == [
        ("SYN-1", 1, "2018-01-01", "2018-02-28", "left_care"),
        ("SYN-1", 2, "2018-03-02", "", ""),
    ]


def test_a_placement_that_ends_on_the_day_the_child_was_accommodated_ends_the_spell_and_one_before_it_does_not(draw):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-2 | accommodated | 2018-01-01
        """,
        placements="""
        child | lives  | from       | to
        SYN-1 | foster | 2018-01-01 | 2018-01-01
        SYN-2 | foster | 2017-12-01 | 2017-12-31
        """,
    )
    assert spells(extract) == [
        ("SYN-1", 1, "2018-01-01", "2018-01-01", "left_care"),
        ("SYN-2", 1, "2018-01-01", "", ""),
    ]


def test_a_short_placement_within_a_long_one_does_not_end_the_spell(draw):
    """A weekend of respite is recorded after the placement that goes on, and ends before it."""
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-2 | accommodated | 2018-01-01
        """,
        placements="""
        child | lives       | from       | to
        SYN-1 | foster      | 2018-01-01 |
        SYN-1 | residential | 2018-03-02 | 2018-03-04
        SYN-2 | foster      | 2018-01-01 | 2018-06-01
        SYN-2 | residential | 2018-03-02 | 2018-03-04
        """,
    )
    assert spells(extract) == [
        ("SYN-1", 1, "2018-01-01", "", ""),
        ("SYN-2", 1, "2018-01-01", "2018-06-01", "left_care"),
    ]


def test_a_placement_that_ends_after_the_report_has_not_ended(draw):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        """,
        placements="""
        child | lives  | from       | to
        SYN-1 | foster | 2018-01-01 | 2019-08-01
        """,
    )
    assert spells(extract) == [("SYN-1", 1, "2018-01-01", "", "")]


def test_the_order_ends_the_spell_although_the_child_stays_in_the_placement(draw):
    extract = draw(
        """
        child | event         | date
        SYN-1 | accommodated  | 2018-01-01
        SYN-1 | order_granted | 2019-01-01
        """,
        placements="""
        child | lives   | from       | to
        SYN-1 | kinship | 2018-01-01 |
        """,
    )
    assert spells(extract) == [("SYN-1", 1, "2018-01-01", "2019-01-01", "order_granted")]


def test_of_several_endings_on_one_day_the_order_is_the_one_told(draw):
    extract = draw(
        """
        child | event         | date
        SYN-1 | accommodated  | 2018-01-01
        SYN-1 | order_granted | 2018-06-01
        SYN-1 | return_home   | 2018-06-01
        SYN-2 | accommodated  | 2018-01-01
        SYN-2 | return_home   | 2018-06-01
        SYN-3 | accommodated  | 2018-01-01
        """,
        placements="""
        child | lives  | from       | to
        SYN-1 | foster | 2018-01-01 | 2018-06-01
        SYN-2 | foster | 2018-01-01 | 2018-06-01
        SYN-3 | foster | 2018-01-01 | 2018-06-01
        """,
        children="""
        child | born
        SYN-1 | 2000-06-01
        SYN-2 | 2000-06-01
        SYN-3 | 2000-06-01
        """,
    )
    assert [(s[0], s[3], s[4]) for s in spells(extract)] == [
        ("SYN-1", "2018-06-01", "order_granted"),
        ("SYN-2", "2018-06-01", "return_home"),
        ("SYN-3", "2018-06-01", "turned_18"),
    ]


def test_two_orders_on_one_day_are_one_exit(draw, told):
    """S16."""
    extract = draw("""
        child | event         | date       | route
        SYN-1 | accommodated  | 2018-01-01 |
        SYN-1 | order_granted | 2018-06-01 | permanence_order
        SYN-1 | order_granted | 2018-06-01 | adoption
    """)
    assert told(extract, between("accommodated", "order_granted")) == {"SYN-1": "reached after 151 days"}


def test_an_order_after_the_eighteenth_birthday_is_not_this_spells(draw, told):
    """S17."""
    extract = draw(
        """
        child | event         | date
        SYN-1 | accommodated  | 2018-01-01
        SYN-1 | order_granted | 2018-06-01
        """,
        children="""
        child | born
        SYN-1 | 2000-03-02
        """,
    )
    assert told(extract, between("accommodated", "order_granted")) == {"SYN-1": "left after 60 days: turned 18"}


def test_an_order_on_the_eighteenth_birthday_counts(draw, told):
    extract = draw(
        """
        child | event         | date
        SYN-1 | accommodated  | 2018-01-01
        SYN-1 | order_granted | 2018-03-02
        """,
        children="""
        child | born
        SYN-1 | 2000-03-02
        """,
    )
    assert told(extract, between("accommodated", "order_granted")) == {"SYN-1": "reached after 60 days"}


def test_a_child_born_on_29_february_turns_eighteen_on_1_march(draw, told):
    tables = {
        "events": """
        child | event        | date
        SYN-1 | accommodated | 2018-02-01
        """,
        "children": """
        child | born
        SYN-1 | 2000-02-29
        """,
    }
    assert told(draw(**tables, as_at="2018-02-28")) == {"SYN-1": "waiting for 27 days"}
    assert told(draw(**tables, as_at="2018-03-01")) == {"SYN-1": "left after 28 days: turned 18"}


def test_a_spell_that_begins_on_the_eighteenth_birthday_is_not_ended_by_it(draw, told):
    """Whoever is accommodated at 18 or over stands in the record as it was written; the day before, the birthday ends it."""
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2019-07-01
        SYN-2 | accommodated | 2019-07-01
        """,
        children="""
        child | born
        SYN-1 | 2001-07-01
        SYN-2 | 2001-07-02
        """,
    )
    assert told(extract) == {"SYN-1": "waiting for 30 days", "SYN-2": "left after 1 days: turned 18"}


def test_a_birthday_after_the_report_has_not_come(draw, told):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2019-07-01
        """,
        children="""
        child | born
        SYN-1 | 2001-08-01
        """,
    )
    assert told(extract) == {"SYN-1": "waiting for 30 days"}


def test_a_child_without_a_birth_date_is_not_lost(draw, told):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2019-07-01
        """,
        children="""
        child | born
        SYN-1 | n/a
        """,
    )
    assert told(extract) == {"SYN-1": "waiting for 30 days"}


def test_accommodated_again_on_the_day_of_the_order_is_not_a_second_order(draw, told):
    """The order ends the spell before, as a return home on the day of a new start does: it is granted once."""
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2018-03-02
        SYN-1 | order_granted             | 2019-01-01
        SYN-1 | accommodated              | 2019-01-01
    """)
    assert [s for s in spells(extract) if s[4] == "order_granted"] == [
        ("SYN-1", 1, "2018-01-01", "2019-01-01", "order_granted")
    ]
