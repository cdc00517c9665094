"""A child is one authority's child; sisters and brothers are separate children who may share a decision."""

from __future__ import annotations

from pace_nb.extract import only_area
from pace_nb.intervals import find_intervals
from pace_nb.runchart import analyse_run

TWO_AUTHORITIES = {
    "children": """
        child | authority
        SYN-1 | Fife
        SYN-1 | Moray
        SYN-2 | Moray
    """,
    "events": """
        child | authority | event                     | date
        SYN-1 | Fife      | accommodated              | 2018-01-01
        SYN-1 | Moray     | accommodated              | 2018-06-01
        SYN-1 | Moray     | permanence_recommendation | 2018-07-01
        SYN-2 | Moray     | accommodated              | 2019-07-01
    """,
}


def test_the_same_number_in_two_authorities_is_two_children(draw):
    """I10: a recommendation of one never ends the wait of the other."""
    found = find_intervals(draw(**TWO_AUTHORITIES), draw(**TWO_AUTHORITIES).aims["aim-2"]).table
    told = [(r.local_authority, r.child_id, r.status) for r in found.itertuples()]
    assert told == [("Fife", "SYN-1", "waiting"), ("Moray", "SYN-1", "reached"), ("Moray", "SYN-2", "waiting")]


def test_keeping_one_authority_keeps_its_children_only(draw, told):
    assert told(only_area(draw(**TWO_AUTHORITIES), "Moray")) == {
        "SYN-1": "reached after 30 days",
        "SYN-2": "waiting for 30 days",
    }


def test_a_row_that_could_be_either_childs_is_set_aside(draw, told):
    extract = draw(
        children=TWO_AUTHORITIES["children"],
        events="""
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-2 | accommodated | 2019-07-01
        """,
    )
    assert told(extract) == {"SYN-2": "waiting for 30 days"}
    assert "which-authority" in [f.code for f in extract.findings]


def test_numbers_are_text_and_keep_their_noughts(draw, told):
    extract = draw("""
        child   | event        | date
        SYN-007 | accommodated | 2019-07-01
        SYN-07  | accommodated | 2019-07-21
    """)
    assert told(extract) == {"SYN-007": "waiting for 30 days", "SYN-07": "waiting for 10 days"}


def test_siblings_are_separate_rows_and_keep_their_group(draw):
    extract = draw(
        """
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2018-03-02
        SYN-2 | accommodated              | 2018-01-01
        SYN-2 | permanence_recommendation | 2018-03-02
        SYN-3 | accommodated              | 2018-01-01
        """,
        children="""
        child | siblings
        SYN-1 | G1
        SYN-2 | G1
        SYN-3 | G1
        """,
    )
    found = find_intervals(extract, extract.aims["aim-2"])
    assert found.table["sibling_group"].tolist() == ["G1"] * 3
    assert [found.count(s) for s in ("reached", "waiting")] == [2, 1]
    assert len(analyse_run(found).points) == 2


def test_the_reached_are_in_order_of_the_end_then_of_the_start_then_of_the_child(draw):
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-05
        SYN-1 | permanence_recommendation | 2018-04-01
        SYN-2 | accommodated              | 2018-01-01
        SYN-2 | permanence_recommendation | 2018-04-01
        SYN-3 | accommodated              | 2018-02-01
        SYN-3 | permanence_recommendation | 2018-03-01
        SYN-0 | accommodated              | 2018-01-05
        SYN-0 | permanence_recommendation | 2018-04-01
    """)
    reached = find_intervals(extract, extract.aims["aim-2"]).reached
    assert reached["child_id"].tolist() == ["SYN-3", "SYN-2", "SYN-0", "SYN-1"]


def test_those_who_wait_are_in_order_of_the_longest_wait(draw):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2019-01-01
        SYN-2 | accommodated | 2018-01-01
        SYN-3 | accommodated | 2019-01-01
    """)
    waiting = find_intervals(extract, extract.aims["aim-2"]).waiting
    assert waiting["child_id"].tolist() == ["SYN-2", "SYN-1", "SYN-3"]


def test_an_exact_copy_of_a_row_is_used_once(draw, told):
    row = "SYN-1 | accommodated | 2019-07-01"
    extract = draw(f"child | event | date\n{row}\n{row}")
    assert told(extract) == {"SYN-1": "waiting for 30 days"}


def test_uk_dates_and_iso_dates_are_the_same_days(draw, told):
    extract = draw("""
        child | event                     | date
        SYN-1 | accommodated              | 01/02/2018
        SYN-1 | permanence_recommendation | 2018-03-03
    """)
    assert told(extract) == {"SYN-1": "reached after 30 days"}
