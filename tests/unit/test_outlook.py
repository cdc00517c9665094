"""Expected numbers: the exact distribution, the curve behind it, and earlier outlooks made with what was known then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pandas as pd
import pytest

from pace_nb.extract import Extract, read_extract
from pace_nb.intervals import find_intervals
from pace_nb.outlook import AHEAD, APART, Expected, LookBack, Outlook, expect_missed, expected_count, look_back


def exactly(chances: list[float]) -> list[float]:
    """The distribution, by going through every way in which the children may fall."""
    found = [0.0] * (len(chances) + 1)
    for falls in product([0, 1], repeat=len(chances)):
        p = 1.0
        for fell, chance in zip(falls, chances, strict=True):
            p *= chance if fell else 1 - chance
        found[sum(falls)] += p
    return found


CASES = [[0.5], [0.1, 0.9], [0.2, 0.4, 0.6, 0.8], [0.97, 0.5, 0.03, 0.5, 0.5, 0.2], [1.0, 0.0, 0.3]]


@pytest.mark.parametrize("chances", CASES, ids=str)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_the_range_is_the_narrowest_that_leaves_no_more_than_its_share_on_either_side(chances, level):
    found, p = expected_count(chances, level), exactly(chances)
    tail = (1 - level) / 2 + 1e-12
    assert found.expected == pytest.approx(sum(chances))
    assert sum(p[: found.low]) <= tail < sum(p[: found.low + 1])
    assert sum(p[found.high + 1 :]) <= tail < sum(p[found.high :])


def test_no_child_and_certain_children():
    assert expected_count([]) == Expected(0.0, 0, 0)
    assert expected_count([1.0, 1.0, 0.0]) == Expected(2.0, 2, 2)


@pytest.mark.parametrize("chances", [[1.1], [-0.1], [float("nan")]], ids=str)
def test_what_is_no_probability_is_refused(chances):
    with pytest.raises(ValueError, match="outside 0 to 1"):
        expected_count(chances)


def ten_children(write_extract, waited: int) -> Extract:
    """Ten children of whom four had the recommendation after 100 days, and one who has waited so many days."""
    day, events = date(2019, 7, 31), []
    for n in range(10):
        start = date(2018, 1, 1) + timedelta(days=n)
        events.append(f"A{n},accommodated,{start},")
        length = 100 if n < 4 else 250
        events.append(f"A{n},permanence_recommendation,{start + timedelta(days=length)},adoption")
    events.append(f"B,accommodated,{day - timedelta(days=waited)},")
    ids = [*(f"A{n}" for n in range(10)), "B"]
    folder = write_extract(
        children="child_id,local_authority,date_of_birth\n" + "".join(f"{c},Fife,2015-01-01\n" for c in ids),
        events="child_id,event,date,route\n" + "\n".join(events) + "\n",
    )
    return read_extract(folder, "2019-07-31", audience="working")


def outlook(extract) -> Outlook:
    return expect_missed(find_intervals(extract, extract.aims["aim-2"]))


def test_a_child_who_has_waited_past_the_quick_ones_is_more_likely_to_wait_on(write_extract):
    """After 100 days four of ten no longer wait (of eleven, before B is past them), and nobody else before the due date."""
    before, past = outlook(ten_children(write_extract, 99)), outlook(ten_children(write_extract, 101))
    assert (before.due, past.due) == (1, 1)
    assert before.count.expected == pytest.approx(6 / 10)
    assert past.count.expected == pytest.approx(1.0)


def test_only_children_due_within_the_weeks_ahead_are_asked_about(write_extract):
    """Six calendar months from 22 April 2019 are 22 October; 84 days from 31 July are 23 October."""
    on = {}
    for start in (date(2019, 4, 23), date(2019, 4, 24)):
        extract = ten_children(write_extract, (date(2019, 7, 31) - start).days)
        on[start] = outlook(extract).due
    assert on == {date(2019, 4, 23): 1, date(2019, 4, 24): 0}
    assert outlook(ten_children(write_extract, 0)).count is None


def test_a_child_due_on_the_day_itself_is_past_due_and_not_due_next(write_extract):
    assert outlook(ten_children(write_extract, (date(2019, 7, 31) - date(2019, 1, 31)).days)).due == 0


def test_with_too_few_children_followed_to_the_due_date_nothing_is_expected(write_extract):
    extract = ten_children(write_extract, 101)
    few = replace(extract, events=extract.events[~extract.events["child_id"].isin(["A5", "A6", "A7"])])
    found = outlook(few)
    assert (found.due, found.count) == (1, None)


def test_an_outlook_of_an_earlier_day_does_not_change_with_what_came_after_it(write_extract):
    extract = ten_children(write_extract, 101)
    start = date(2019, 7, 31) - timedelta(days=101 + 7 * AHEAD)
    row = {"local_authority": "Fife", "child_id": "C", "event": "accommodated", "date": pd.Timestamp(start)}
    child = pd.DataFrame([{"child_id": "C", "local_authority": "Fife", "date_of_birth": pd.Timestamp("2015-01-01")}])
    with_c = replace(
        extract,
        children=pd.concat([extract.children, child], ignore_index=True),
        events=pd.concat([extract.events, pd.DataFrame([row])], ignore_index=True).sort_values(["child_id", "date"]),
    )
    later = {
        "event": "permanence_recommendation",
        "date": pd.Timestamp(start + timedelta(days=150)),
        "route": "adoption",
    }
    ended = replace(with_c, events=pd.concat([with_c.events, pd.DataFrame([row | later])], ignore_index=True))
    aim = extract.aims["aim-2"]
    (still,), (in_time,) = (look_back(e, [aim], looks=1)["aim-2"] for e in (with_c, ended))
    assert still.outlook.on == date(2019, 7, 31) - timedelta(weeks=AHEAD)
    assert still.outlook.due == 1
    assert still.outlook == in_time.outlook
    assert (still.came, in_time.came) == (1, 0)


def test_the_looks_back_are_thirteen_weeks_apart_and_end_where_the_period_begins(write_extract):
    extract = ten_children(write_extract, 101)
    aim = extract.aims["aim-2"]
    days = [b.outlook.on for b in look_back(extract, [aim])["aim-2"]]
    assert len(days) == 8
    assert {(b - a).days for a, b in zip(days, days[1:], strict=False)} == {7 * APART}
    since = replace(extract, since=days[5])
    assert [b.outlook.on for b in look_back(since, [aim])["aim-2"]] == days[6:]


@pytest.mark.parametrize(
    ("came", "unclear", "held"), [(1, 0, False), (2, 0, True), (4, 0, True), (5, 0, False), (3, 1, True), (4, 1, False)]
)
def test_a_range_held_if_it_holds_what_came_whatever_the_unclear_records_hide(came, unclear, held):
    found = Outlook(None, date(2019, 1, 1), 6, Expected(3.0, 2, 4))
    assert LookBack(found, came, unclear).held is held


def test_without_a_range_nothing_was_held_or_missed():
    assert LookBack(Outlook(None, date(2019, 1, 1), 6, None), 3, 0).held is None
