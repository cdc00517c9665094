"""Balancing measures: moves by year, children followed for 12 months, reviews from the actual one before, waits of all steps."""

from __future__ import annotations

from datetime import date

from pace_nb.balancing import follow_decisions, follow_returns, moves_by_year, steps_around, steps_by_year
from pace_nb.pages.balancing import (
    describe_balance,
    show_decisions,
    study_balance,
)
from pace_nb.pages.reviews import describe_reviews, show_overdue_reviews, show_reviews
from pace_nb.reviews import find_chains, find_overdue, measure_loophole, measure_reviews, reviews_by_year
from pace_nb.timelines import label_children

ONE = "child | event | date\nSYN-1 | accommodated | 2018-01-01\n"


def years(extract):
    return {y.year: (y.moves, y.days, y.children, y.several) for y in moves_by_year(extract)}


def test_days_away_from_home_are_shared_out_among_looked_after_years(draw):
    """From 30 July 2018 to 3 August, when the child went home: 2 days of one year, 2 of the next; the last day does not count."""
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2018-07-30
        SYN-1 | return_home  | 2018-08-03
    """)
    assert years(extract) == {"2017/18": (0, 2, 1, 0), "2018/19": (0, 2, 1, 0)}


def test_of_a_spell_that_lasts_the_day_of_the_report_is_the_last_counted(draw):
    assert years(draw("child | event | date\nSYN-1 | accommodated | 2019-07-31")) == {"2018/19": (0, 1, 1, 0)}


def test_a_move_belongs_to_the_year_in_which_the_new_placement_began(draw):
    extract = draw(
        ONE,
        """
        child | lives   | from       | to
        SYN-1 | foster  | 2018-01-01 | 2018-08-01
        SYN-1 | kinship | 2018-08-01 | 2019-02-01
        SYN-1 | foster  | 2019-02-01 |
        """,
    )
    assert years(extract) == {"2017/18": (0, 212, 1, 0), "2018/19": (2, 365, 1, 1)}


def test_time_at_home_is_no_placement_away_from_home(draw):
    extract = draw(
        ONE, "child | lives | from | to\nSYN-1 | foster | 2018-01-01 | 2018-09-01\nSYN-1 | at_home | 2018-09-01 |"
    )
    assert years(extract)["2018/19"][0] == 0


def test_before_the_period_of_the_page_nothing_is_counted_and_the_first_year_says_it_is_a_part(draw):
    extract = draw(ONE, since="2018-07-01")
    assert years(extract) == {"2017/18": (0, 31, 1, 0), "2018/19": (0, 365, 1, 0)}
    assert [y.over for y in moves_by_year(extract)] == [False, True]
    assert [y.over for y in moves_by_year(draw(ONE, as_at="2019-07-30"))] == [True, False], "a year lasts until 31 July"


def followed(share):
    return {k: v for k, v in vars(share).items() if v}


def decided(draw, *rows: str, moved: str = "", **more):
    events = "child | event | date | route\nSYN-1 | accommodated | 2017-01-01 |\nSYN-1 | adm_decision | 2018-03-01 | permanence_order\n"
    places = "child | lives | from | to\nSYN-1 | foster | 2017-01-01 | " + (
        f"{moved}\nSYN-1 | foster | {moved} |" if moved else ""
    )
    return follow_decisions(draw(events + "\n".join(rows), places, **more)).share


def test_a_move_on_the_anniversary_of_the_decision_is_within_12_months(draw):
    assert followed(decided(draw, moved="2019-03-01")) == {"met": 1}
    assert followed(decided(draw, moved="2019-03-02")) == {"missed": 1}


def test_a_move_on_the_day_of_the_decision_was_before_it(draw):
    assert followed(decided(draw, moved="2018-03-01")) == {"missed": 1}


def test_children_not_followed_for_12_months_stand_beside_the_share(draw):
    assert followed(decided(draw, as_at="2019-02-28")) == {"not_yet_due": 1}
    assert followed(decided(draw, moved="2018-06-01", as_at="2019-02-28")) == {"met_early": 1}


def test_a_child_who_had_the_order_first_has_left(draw):
    assert followed(decided(draw, "SYN-1 | order_granted | 2018-09-01 | permanence_order")) == {"left": 1}


def test_a_move_to_adopters_was_meant(draw):
    extract = draw(
        "child | event | date | route\nSYN-1 | accommodated | 2017-01-01 |\nSYN-1 | adm_decision | 2018-03-01 | adoption",
        "child | lives | from | to\nSYN-1 | foster | 2017-01-01 | 2018-06-01\nSYN-1 | prospective_adopter | 2018-06-01 |",
    )
    assert followed(follow_decisions(extract).share) == {"missed": 1}


def test_a_recommendation_to_return_home_is_not_followed(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2017-01-01 |
        SYN-1 | permanence_recommendation | 2018-03-01 | return_home
        SYN-2 | accommodated              | 2017-01-01 |
        SYN-2 | permanence_recommendation | 2018-03-01 |
    """)
    assert followed(follow_decisions(extract, "permanence_recommendation").share) == {"missed": 1}


def test_decisions_before_the_period_of_the_page_are_not_followed(draw):
    assert followed(decided(draw, since="2018-03-02")) == {}
    assert followed(decided(draw, since="2018-03-01")) == {"missed": 1}


def test_back_in_care_within_12_months_of_going_home(draw):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2016-01-01
        SYN-1 | return_home  | 2017-01-01
        SYN-1 | accommodated | 2018-01-01
        SYN-2 | accommodated | 2016-01-01
        SYN-2 | return_home  | 2017-01-01
        SYN-2 | accommodated | 2018-01-02
        SYN-3 | accommodated | 2016-01-01
        SYN-3 | return_home  | 2019-01-01
        SYN-4 | accommodated | 2016-01-01
        SYN-4 | order_granted | 2017-01-01
    """)
    found = follow_returns(extract)
    assert followed(found.share) == {"met": 1, "missed": 1, "not_yet_due": 1}
    assert found.days == [date(2018, 1, 1)]
    assert [(y, followed(s)) for y, s in found.by_year()] == [
        ("2016/17", {"met": 1, "missed": 1}),
        ("2018/19", {"not_yet_due": 1}),
    ]


def test_a_child_who_turns_18_in_the_year_after_going_home_has_left(draw):
    extract = draw(
        "child | event | date\nSYN-1 | accommodated | 2016-01-01\nSYN-1 | return_home | 2017-06-01",
        children="child | authority | born\nSYN-1 | Fife | 2000-01-01",
    )
    assert followed(follow_returns(extract).share) == {"left": 1}


REVIEWED = ONE + "SYN-1 | review | 2018-02-12\nSYN-1 | review | 2018-05-12\nSYN-1 | review | 2018-11-12\n"


def test_the_six_month_review_may_lawfully_come_after_ten_months(draw):
    extract = draw(REVIEWED)
    chains = find_chains(extract)
    assert chains["state"].tolist() == ["in time", "in time", "in time", "overdue"]
    found = measure_loophole(chains)
    assert (found.in_time, found.past_six_months) == (1, 1)
    assert (
        "of 1 child whose first three reviews were all in time, 1 had the third"
        in describe_reviews(study_balance(extract)).text
    )


def test_a_chain_that_was_late_is_no_example_of_the_loophole(draw):
    assert measure_loophole(find_chains(draw(REVIEWED.replace("2018-02-12", "2018-02-13")))).in_time == 0
    early = ONE + "SYN-1 | review | 2018-02-01\nSYN-1 | review | 2018-04-01\nSYN-1 | review | 2018-07-01\n"
    found = measure_loophole(find_chains(draw(early)))
    assert (found.in_time, found.past_six_months) == (1, 0)


def test_shares_of_reviews_count_those_whose_due_date_has_come(draw):
    shares = measure_reviews(find_chains(draw(REVIEWED)), date(2019, 7, 31))
    assert {k: followed(s) for k, s in shares.items()} == {
        "first": {"met": 1},
        "second": {"met": 1},
        "later": {"met": 1, "missed": 1},
    }
    assert list(reviews_by_year(find_chains(draw(REVIEWED)), date(2019, 7, 31))) == ["2017/18", "2018/19"]


def test_reviews_of_children_at_home_are_not_in_the_chain(draw):
    extract = draw(
        "child | event | date\nSYN-1 | review | 2019-01-01",
        "child | lives | from | to\nSYN-1 | at_home | 2018-01-01 |",
        "child | order | from | to\nSYN-1 | compulsory_supervision_order | 2018-01-01 |",
    )
    assert find_chains(extract).empty


PLACES = "child | lives | from | to\nSYN-1 | foster | 2018-01-01 | 2018-05-12\nSYN-1 | kinship | 2018-05-12 |"


def test_with_a_new_placement_the_regulation_begins_again_and_the_review_of_that_day_belongs_to_the_old_one(draw):
    chains = find_chains(draw(REVIEWED, PLACES), restart=True)
    found = chains[["number", "due", "held", "state"]].itertuples(index=False, name=None)
    assert [(n, str(due), str(held), state) for n, due, held, state in found] == [
        (1, "2018-02-12", "2018-02-12", "in time"),
        (2, "2018-05-12", "2018-05-12", "in time"),
        (3, "2018-11-12", "None", "ended"),
        (1, "2018-06-23", "2018-11-12", "late"),
        (2, "2019-02-12", "None", "overdue"),
    ]


def test_of_a_child_already_in_care_when_the_records_begin_the_chain_is_followed_from_the_first_review_known(draw):
    """Earlier reviews may not be recorded: nothing is said of them, and the first known one is neither in time nor late."""
    chains = find_chains(draw(REVIEWED, since="2018-03-01"))
    found = chains[["number", "clock", "state"]].itertuples(index=False, name=None)
    assert [(n, str(clock), state) for n, clock, state in found] == [
        (3, "2018-05-12", "in time"),
        (4, "2018-11-12", "overdue"),
    ]
    none = find_chains(draw(ONE, since="2018-03-01"))
    assert [(str(d), s) for d, s in zip(none["due"], none["state"], strict=True)] == [("2018-09-01", "overdue")]


def test_the_longest_overdue_review_stands_first_with_the_time_since_the_last(draw):
    extract = draw(REVIEWED + "SYN-2 | accommodated | 2019-06-01\n")
    overdue = find_overdue(find_chains(extract), extract.as_at)
    assert list(zip(overdue["child_id"], overdue["gap"], strict=True)) == [("SYN-1", 261), ("SYN-2", 60)]
    shown = show_overdue_reviews(study_balance(extract))
    assert shown.child_level
    labels = label_children(extract)
    assert shown.text.index(labels["Fife", "SYN-1"]) < shown.text.index(labels["Fife", "SYN-2"])
    hidden = show_overdue_reviews(study_balance(draw(REVIEWED, audience="aggregate")))
    assert "fewer than 5 children" in hidden.text
    assert not hidden.child_level


CHANGE = """
    child | event                     | date       | route
    SYN-1 | accommodated              | 2018-01-01 |
    SYN-1 | permanence_recommendation | 2018-03-01 | adoption
    SYN-2 | accommodated              | 2018-06-01 |
"""


def test_steps_are_compared_by_when_the_clock_started(draw):
    extract = draw(CHANGE)
    first = steps_around(extract, date(2018, 6, 1))[0]
    assert [(g.group, g.waits.started, g.waits.reached) for g in first] == [("before", 1, 1), ("since", 1, 0)]
    assert [(g.step, g.group, g.waits.started) for g in steps_by_year(extract)][:1] == [
        ("Accommodated to permanence recommendation", "2017/18", 2)
    ]
    names = [pair[0].step for pair in steps_around(extract, date(2018, 6, 1))]
    assert names[5] == "Accommodated to order granted", "the whole way stands after the steps"


def test_a_tiny_area_is_told_what_cannot_be_told(draw):
    text = describe_balance(study_balance(draw(CHANGE))).text
    assert "Moves: not enough children to tell" in text
    assert "no child has been followed for 12 months" in text
    assert "No change is recorded here" in text


def test_in_aggregate_counts_are_protected(draw):
    study = study_balance(draw(REVIEWED, audience="aggregate"))
    for shown in (show_decisions(study), show_reviews(study), describe_balance(study)):
        assert not shown.child_level
    assert "\t1\t" not in show_reviews(study).text
