"""Children now: under which milestone a child stands, since when, against which limit; who is due next; orders at home."""

from __future__ import annotations

import re

import pytest

from pace_nb.charts.now import SHOWN
from pace_nb.intervals import find_intervals
from pace_nb.measures import who_waits
from pace_nb.now import count_standing, find_due, find_orders_at_home, find_standing
from pace_nb.pages.now import (
    describe_now,
    draw_board,
    show_board,
    show_due,
    show_due_children,
    show_orders_at_home,
)
from pace_nb.pages.outlook import describe_outlook, draw_look_back, study_outlook
from pace_nb.timelines import label_children

AIM_3 = '[[aim]]\nid = "aim-3"\nlimit = "14 weeks"\nsource = "here"\n'


def standing(extract):
    rows = find_standing(extract).itertuples()
    return [(r.child_id, r.stage, r.days, str(r.due)[:10], bool(r.past)) for r in rows]


@pytest.fixture
def at_home(draw):
    """Return a function that puts children at home on an order from some days on, with events."""

    def of(events: str = "child | event | date", **since: str):
        ids = {f"SYN-{n}": day for n, day in since.items()}
        places = "child | lives | from | to\n" + "\n".join(f"{c} | at_home | {d} |" for c, d in ids.items())
        orders = "child | order | from | to\n"
        orders += "\n".join(f"{c} | compulsory_supervision_order | {d} |" for c, d in ids.items())
        return draw(events, places, orders)

    return of


def test_a_child_stands_under_the_last_milestone_with_the_due_date_of_the_wait_that_runs(draw):
    extract = draw(
        """
        child | event                     | date       | route
        SYN-1 | accommodated              | 2019-06-01 |
        SYN-2 | accommodated              | 2018-01-01 |
        SYN-2 | permanence_recommendation | 2019-07-01 | adoption
        """,
        aims=AIM_3,
    )
    assert standing(extract) == [
        ("SYN-1", "accommodated", 60, "2019-12-01", False),
        ("SYN-2", "permanence_recommendation", 30, "2019-10-07", False),
    ]


def test_the_limit_runs_on_from_the_recommendation_when_the_panel_was_held(draw):
    """The aim is the agency decision: its due date may lie before the last milestone."""
    extract = draw(
        """
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2019-01-01 | adoption
        SYN-1 | permanence_panel          | 2019-07-01 |
        """,
        aims=AIM_3,
    )
    assert standing(extract) == [("SYN-1", "permanence_panel", 30, "2019-04-09", True)]


def test_without_a_limit_there_is_no_due_date_and_nobody_is_past_it(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2012-01-01 |
        SYN-1 | permanence_recommendation | 2013-01-01 | adoption
    """)
    assert standing(extract) == [("SYN-1", "permanence_recommendation", 2402, "NaT", False)]


def test_a_route_without_the_next_steps_has_no_limit_of_theirs(draw):
    extract = draw(
        """
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-02-01 | kinship_care_order
        """,
        aims=AIM_3,
    )
    assert [(stage, due) for _, stage, _, due, _ in standing(extract)] == [("permanence_recommendation", "NaT")]


def test_of_two_aims_the_first_due_date_counts(draw):
    early = '[[aim]]\nid = "ruled-out"\ntitle = "18 weeks"\nstart = "accommodated"\nend = "permanence_recommendation"\n'
    extract = draw(
        "child | event | date\nSYN-1 | accommodated | 2019-06-01", aims=early + 'limit = "18 weeks"\nsource = "here"\n'
    )
    assert [due for _, _, _, due, _ in standing(extract)] == ["2019-10-05"]


def test_those_past_a_limit_stand_first_then_those_who_have_waited_longest(draw):
    extract = draw(
        """
        child | event                     | date       | route
        SYN-1 | accommodated              | 2017-01-01 |
        SYN-1 | permanence_recommendation | 2017-02-01 | kinship_care_order
        SYN-2 | accommodated              | 2018-01-01 |
        SYN-2 | permanence_recommendation | 2019-04-01 | adoption
        SYN-3 | accommodated              | 2018-01-01 |
        SYN-3 | permanence_recommendation | 2019-03-01 | adoption
        SYN-4 | accommodated              | 2018-01-01 |
        SYN-4 | permanence_recommendation | 2019-07-01 | adoption
        """,
        aims=AIM_3,
    )
    assert [c for c, *_ in standing(extract)] == ["SYN-3", "SYN-2", "SYN-1", "SYN-4"]


def test_at_home_on_an_order_a_child_stands_there_until_the_plan_is_reviewed(at_home):
    events = "child | event | date\nSYN-2 | cso_review | 2019-01-01"
    assert standing(at_home(events, **{"1": "2018-07-31", "2": "2018-07-31"})) == [
        ("SYN-1", "cso_at_home", 365, "2020-07-31", False)
    ]


def test_away_from_home_they_are_the_children_of_the_first_page(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-2 | accommodated              | 2018-01-01 |
        SYN-2 | permanence_recommendation | 2019-07-01 | return_home
        SYN-3 | accommodated              | 2018-01-01 |
        SYN-3 | order_granted             | 2019-07-01 |
    """)
    first = [(stage, days) for stage, days in who_waits(extract)[["stage", "days"]].itertuples(index=False)]
    assert [(stage, days) for _, stage, days, _, _ in standing(extract)] == first == [("accommodated", 576)]


def test_bands_are_calendar_months_and_begin_on_their_day(draw):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2019-05-01
        SYN-2 | accommodated | 2019-04-30
        SYN-3 | accommodated | 2019-01-31
        SYN-4 | accommodated | 2018-07-31
    """)
    counts = count_standing(find_standing(extract), extract)
    assert counts.loc["accommodated"].tolist() == [1, 1, 1, 1]
    assert counts.to_numpy().sum() == 4


def test_orders_at_home_fall_into_bands_by_full_months(at_home):
    days = {
        "1": "2018-05-01",
        "2": "2018-04-30",
        "3": "2018-02-01",
        "4": "2018-01-31",
        "5": "2017-08-01",
        "6": "2017-07-31",
    }
    orders = find_orders_at_home(at_home(**days))
    assert dict(zip(orders["child_id"], orders["band"], strict=True)) == {
        "SYN-1": "under 15 months",
        "SYN-2": "15 to 18 months",
        "SYN-3": "15 to 18 months",
        "SYN-4": "18 months to 2 years",
        "SYN-5": "18 months to 2 years",
        "SYN-6": "past 2 years",
    }
    assert str(orders["at_18_months"].iloc[0]) == "2019-01-31"


def test_due_next_lists_the_longest_overdue_first_and_the_soonest_due_after_them(draw):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2019-02-01
        SYN-2 | accommodated | 2018-01-01
        SYN-3 | accommodated | 2019-01-31
        SYN-4 | accommodated | 2019-04-23
        SYN-5 | accommodated | 2019-04-24
    """)
    due = find_due(find_intervals(extract, extract.aims["aim-2"]))
    assert list(zip(due["child_id"], due["ahead"], strict=True)) == [
        ("SYN-2", -395),
        ("SYN-3", 0),
        ("SYN-1", 1),
        ("SYN-4", 84),
    ]


def many(n: int) -> str:
    return "child | event | date\n" + "\n".join(
        f"SYN-{i:03d} | accommodated | 2018-{1 + i % 12:02d}-01" for i in range(n)
    )


def test_the_board_names_children_by_labels_and_says_how_many_are_not_drawn(draw):
    extract = draw(many(SHOWN + 5))
    board = draw_board(extract)
    drawn = [row for rows in board.data.rows.values() for row in rows if str(row.get("child", "")).startswith("Child")]
    assert len(drawn) == SHOWN
    assert f"{SHOWN + 5}, {SHOWN + 5} past a limit; the {SHOWN} most pressing are drawn" in board.alt
    assert len(board.rows) == SHOWN + 5, "the table behind the picture holds them all"
    assert board.child_level
    assert "SYN-" not in str(board.spec) + str(board.rows)


def test_in_aggregate_nothing_on_the_page_tells_of_a_single_child(draw):
    extract = draw(many(12), audience="aggregate")
    study = study_outlook(extract)
    shown = [describe_now, show_due, show_due_children, show_orders_at_home]
    parts = [f(extract) for f in shown] + [describe_outlook(study)]
    assert not any(p.child_level for p in parts)
    assert not any(re.search(r"Child [0-9A-Z]{3}-", p.text) for p in parts)
    figures = [draw_board(extract), draw_look_back(study)]
    assert not any(f.child_level for f in figures)
    assert all(int(r["children"]) % 5 == 0 for r in next(iter(figures[0].data.rows.values())))


def test_the_meeting_begins_with_the_child_longest_past_a_limit(draw):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2018-07-01
        SYN-2 | accommodated | 2018-01-01
        SYN-3 | accommodated | 2019-02-05
    """)
    said = describe_now(extract)
    assert "Past a limit: 2 children. Due within 4 weeks: 1 child." in said.text
    begin_with = label_children(extract)["Fife", "SYN-2"]
    assert f"Begin with: {begin_with}, who is 56 weeks past the due date" in said.text
    assert said.child_level


def test_a_child_who_waits_for_two_aims_is_one_child_due_soon(draw):
    second = '[[aim]]\nid = "plan"\ntitle = "Plan"\nstart = "accommodated"\nend = "permanence_recommendation"\n'
    extract = draw(
        "child | event | date\nSYN-1 | accommodated | 2019-02-05", aims=second + 'limit = "26 weeks"\nsource = "here"\n'
    )
    assert "Due within 4 weeks: 1 child." in describe_now(extract).text


def test_a_stage_of_fewer_than_five_is_hidden_and_not_broken_down(draw):
    """What is withheld stands beside what is hidden: neither becomes "nan" on its way to the page."""
    rows = [f"SYN-{n} | accommodated | 2019-0{1 + n % 6}-05" for n in range(1, 9)]
    rows += [f"SYN-{n} | permanence_recommendation | 2019-07-01" for n in (1, 2, 3)]
    extract = draw("child | event | date\n" + "\n".join(rows), audience="aggregate")
    drawn_rows = {row[0]: row[1:] for row in draw_board(extract).rows}
    assert drawn_rows["Recommended, next step awaited"] == ["–", "–", "–", "–"]
    assert "Recommended, next step awaited\t–\t–\t–\t–\t*\n" in show_board(extract).text


def test_where_nobody_waits_the_page_says_so(draw):
    extract = draw("child | event | date\nSYN-1 | return_home | 2019-01-01")
    assert "No child in Fife waits for a next step" in describe_now(extract).text
    assert draw_board(extract).chart is None
    assert "no child comes to the limit" in describe_outlook(study_outlook(extract)).text
