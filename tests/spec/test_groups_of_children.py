"""Groups of waiting children: who is in one, how rows are laid and ordered, and what the picture and its table say of them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pace_nb.charts.histories import draw_histories
from pace_nb.errors import ParameterError
from pace_nb.pages.groups import describe_group
from pace_nb.timelines import AGES, ALIGNED, GROUPS, ORDERS, SHOWN_AT_ONCE, band_age, choose_group

CHILDREN = """
child | born
SYN-1 | 2018-06-01
SYN-2 | 2010-01-01
SYN-3 | 2004-01-01
SYN-4 | 2012-01-01
"""
EVENTS = """
child | event | date
SYN-1 | accommodated | 2019-05-01
SYN-2 | accommodated | 2017-01-01
SYN-3 | accommodated | 2018-01-01
SYN-3 | permanence_recommendation | 2018-06-01
SYN-4 | accommodated | 2018-10-01
SYN-4 | review | 2018-11-01
"""
PLACEMENTS = """
child | lives | from | to
SYN-1 | kinship | 2019-05-01 |
SYN-2 | foster | 2017-01-01 | 2018-01-01
SYN-2 | kinship | 2018-01-01 |
SYN-3 | kinship | 2018-01-01 |
SYN-4 | foster | 2018-10-01 | 2018-12-01
SYN-4 | residential | 2018-12-01 | 2019-02-01
SYN-4 | foster | 2019-02-01 |
"""


@pytest.fixture
def four(draw):
    return draw(EVENTS, PLACEMENTS, children=CHILDREN)


def who(chosen) -> list[int]:
    """Tell the members by the whole weeks that they have waited: that is how these four differ."""
    return [m.days // 7 for m in chosen.members]


@pytest.mark.parametrize(
    ("group", "weeks"),
    [
        ("waiting for a recommendation", [134, 43, 13]),
        ("past aim 2", [134, 43]),
        ("in kinship care without a recommendation", [134, 13]),
        ("in foster care without a recommendation", [43]),
        ("in residential care without a recommendation", []),
    ],
)
def test_a_group_holds_those_who_wait_for_its_step_where_it_says(four, group, weeks):
    assert who(choose_group(four, group)) == weeks


def test_at_home_over_18_months_counts_whole_calendar_months(draw):
    orders = "\n".join(
        f"SYN-{i} | compulsory_supervision_order | {day} |" for i, day in ((1, "2018-01-31"), (2, "2018-02-01"))
    )
    lives = "\n".join(f"SYN-{i} | at_home | 2017-01-01 |" for i in (1, 2))
    extract = draw(
        "child | event | date", f"child | lives | from | to\n{lives}", f"child | order | from | to\n{orders}"
    )
    assert len(choose_group(extract, "at home over 18 months").members) == 1
    assert choose_group(extract, "at home past two years").members == ()


@pytest.mark.parametrize(
    ("filters", "weeks"), [({"ages": "1 to 4"}, [13]), ({"placement": "foster"}, [43]), ({"ages": "16 and over"}, [])]
)
def test_filters_look_at_now(four, filters, weeks):
    assert who(choose_group(four, "waiting for a recommendation", **filters)) == weeks


@pytest.mark.parametrize(
    ("order", "weeks"), [("wait", [134, 43, 13]), ("age", [13, 43, 134]), ("moves", [43, 134, 13])]
)
def test_rows_stand_in_the_order_asked_for(four, order, weeks):
    assert who(choose_group(four, "waiting for a recommendation", order=order)) == weeks


def test_on_the_day_they_were_accommodated_a_later_wait_begins_to_the_right(four):
    (member,) = choose_group(four, "waiting for the agency decision", "accommodated").members
    assert (member.start - member.zero("accommodated")).days == 151
    assert member.zero("wait") == member.start
    assert member.zero("age").isoformat() == "2004-01-01"


def test_children_who_cannot_be_laid_beside_the_others_are_counted(draw):
    extract = draw(
        "child | event | date\nSYN-1 | accommodated | 2018-01-01\nSYN-2 | accommodated | 2018-01-01",
        children="child | born\nSYN-1 | 1900-01-01\nSYN-2 | 2015-01-01",
    )
    chosen = choose_group(extract, "waiting for a recommendation", "age")
    assert (len(chosen.members), chosen.left_out) == (1, 1)
    assert "1 more cannot be laid beside them" in draw_histories(chosen).caption
    assert choose_group(extract, "waiting for a recommendation", "date").left_out == 0


@pytest.mark.parametrize(
    "wrong", [{"group": "everyone"}, {"aligned": "height"}, {"order": "best"}, {"placement": "hotel"}, {"ages": "old"}]
)
def test_what_is_not_known_is_refused_with_what_is(four, wrong):
    with pytest.raises(ParameterError, match="There is no") as caught:
        choose_group(four, **{"group": "past aim 2", **wrong})
    assert caught.value.do.startswith("choose one of")


def test_everyone_else_is_refused(draw):
    with pytest.raises(ParameterError, match="people entitled"):
        choose_group(draw(EVENTS, PLACEMENTS, audience="aggregate"), "past aim 2")


@pytest.mark.parametrize("aligned", ALIGNED)
def test_each_row_is_drawn_within_the_picture_and_leads_to_its_child(four, aligned):
    chosen = choose_group(four, "waiting for a recommendation", aligned)
    figure = draw_histories(chosen)
    codes = re.findall(r'<a data-child="([0-9A-Z]+)"><title>([^<]+)</title>', figure.svg)
    assert (
        [said.split(":")[0] for _, said in codes]
        == [m.journey.label for m in chosen.members]
        == [r[0] for r in figure.rows]
    )
    bars = [
        tuple(map(float, m))
        for m in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="12"', figure.svg)
    ]
    assert bars
    assert all(x >= 150 and x + w <= 932 for x, w in bars), bars
    assert figure.child_level
    assert "SYN-" not in figure.svg + str(figure.rows) + figure.alt + figure.caption


def test_a_longer_stay_is_a_wider_bar(four):
    figure = draw_histories(choose_group(four, "in kinship care without a recommendation"))
    first, second, other = (float(w) for w in re.findall(r'width="([\d.]+)" height="12"', figure.svg))
    assert first == pytest.approx(780 * 365 / 941, abs=1)
    assert second == pytest.approx(780 * 576 / 941, abs=1)
    assert other == pytest.approx(780 * 91 / 941, abs=1)


def test_no_more_are_drawn_than_can_be_read_and_it_says_how_many_there_are(draw):
    n = SHOWN_AT_ONCE + 5
    events = "\n".join(f"SYN-{i:03d} | accommodated | 2018-01-{1 + i % 28:02d}" for i in range(n))
    chosen = choose_group(draw(f"child | event | date\n{events}"), "past aim 2")
    figure = draw_histories(chosen)
    assert len(figure.rows) == figure.svg.count("data-child") == SHOWN_AT_ONCE
    assert f"{SHOWN_AT_ONCE} of the {n} children in the group are drawn" in figure.caption
    assert f"{n} children" in describe_group(chosen).text
    assert describe_group(chosen).child_level


def test_an_empty_group_says_so(draw):
    figure = draw_histories(choose_group(draw("child | event | date\nSYN-1 | accommodated | 2019-07-01"), "past aim 4"))
    assert (figure.svg, figure.alt) == ("", "No child of Fife is in this group.")


def test_every_group_and_order_can_be_drawn(four):
    for group in GROUPS:
        for order in ORDERS:
            assert draw_histories(choose_group(four, group, order=order)).alt


@pytest.mark.parametrize(
    ("born", "band"),
    [("2019-07-31", "under 1"), ("2018-07-31", "1 to 4"), ("2018-08-01", "under 1"), ("2003-07-31", "16 and over")],
)
def test_a_band_begins_on_the_birthday(born, band):

    assert band_age(date.fromisoformat(born), date(2019, 7, 31)) == band
    assert band in AGES
