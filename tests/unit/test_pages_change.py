"""What the page says of an exact comparison: how many, how far apart, how often chance alone, and what would be enough."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pandas as pd
import pytest

from pace_nb.aims import Aim
from pace_nb.change import compare_groups, restrict_waits
from pace_nb.changes import Change
from pace_nb.intervals import Intervals
from pace_nb.pages.change import ChangeStudy, compare_exactly
from pace_nb.study import Cohorts, Evidence
from pace_nb.tests_of_change import ChangeIdea

AS_AT = date(2019, 7, 31)
CHANGE = Change("c", "A change", "aim-2", date(2018, 7, 30))  # 366 days before: followed for 182
DAY = timedelta(days=1)


def child(start: date, days: int, status: str = "reached", siblings: str = "") -> dict:
    row = {"local_authority": "Fife", "start": pd.Timestamp(start), "days": days, "status": status}
    return row | {"sibling_group": siblings or None, "end": pd.NaT}


def intervals(*rows: dict, audience: str = "working", since: date | None = None) -> Intervals:
    aim = Aim("aim-2", "An aim", "accommodated", "permanence_recommendation")
    table = pd.DataFrame(rows, columns=list(child(AS_AT, 0)))
    return Intervals(table, aim, "Fife", AS_AT, audience, since)


BEFORE, SINCE = date(2017, 1, 1), CHANGE.date


def both(before: list[int], after: list[int], **options) -> Intervals:
    return intervals(*(child(BEFORE, d) for d in before), *(child(SINCE, d) for d in after), **options)


class TestRestricted:
    def test_both_are_followed_for_half_the_time_since_the_change_in_whole_weeks(self):
        found = restrict_waits(both([10], [20]), SINCE)
        assert found.days == 182
        assert restrict_waits(both([10], [20]), AS_AT - timedelta(days=2 * 182 + 13)).days == 182
        assert restrict_waits(both([10], [20]), AS_AT - timedelta(days=2 * 182 + 14)).days == 189

    def test_for_two_years_at_most_and_thirteen_weeks_at_least(self):
        assert restrict_waits(both([10], [20]), date(2010, 1, 1)).days == 728
        assert restrict_waits(both([10], [20]), AS_AT - timedelta(days=182)).days == 91
        assert restrict_waits(both([10], [20]), AS_AT - timedelta(days=181)) is None

    def test_a_clock_that_starts_on_the_day_of_the_change_is_after_it(self):
        found = restrict_waits(intervals(child(SINCE - DAY, 50), child(SINCE, 60)), SINCE)
        assert (found.before, found.after) == ((50,), (60,))

    def test_only_who_was_followed_all_the_time_is_counted_however_quick(self):
        last = AS_AT - timedelta(days=182)
        found = restrict_waits(
            intervals(child(last, 50), child(last + DAY, 3), child(last + DAY, 181, "waiting")), SINCE
        )
        assert found.after == (50,)

    def test_a_wait_counts_up_to_the_length_and_who_still_waits_is_in_it(self):
        rows = [
            child(BEFORE, 181),
            child(BEFORE, 182),
            child(BEFORE, 900),
            child(BEFORE, 941, "waiting"),
            child(BEFORE, 40, "left"),
        ]
        assert restrict_waits(intervals(*rows), SINCE).before == (40, 181, 182, 182, 182)

    def test_an_unclear_record_and_one_from_before_the_period_are_left_out(self):
        rows = [child(BEFORE, 30, "unusable"), child(BEFORE - DAY, 40), child(BEFORE, 50)]
        assert restrict_waits(intervals(*rows, since=BEFORE), SINCE).before == (50,)

    def test_brothers_and_sisters_count_once_on_a_side_with_their_mean_wait(self):
        rows = [
            child(BEFORE, 10, siblings="G"),
            child(BEFORE, 21, siblings="G"),
            child(SINCE, 70, siblings="G"),
            child(BEFORE, 5),
        ]
        found = restrict_waits(intervals(*rows), SINCE)
        assert (found.before, found.after) == ((5, 16), (70,))
        assert (found.children_before, found.children_after) == (3, 1)


def compared(change: Change, waits: Intervals) -> str:
    """What the page says of an exact comparison around a change, of waits that are drawn in the test."""
    idea = ChangeIdea(change.id, change.title, "Something", change.aim, eligible_from=change.date)
    before = waits.table["start"] < pd.Timestamp(change.date)
    cohorts = Cohorts(
        idea, waits, waits, waits.only(before), waits.only(~before), waits.only(before), change.date, None, {}
    )
    found, least = cohorts.restricted(), 2 if waits.audience == "working" else 10
    enough = found is not None and min(len(found.before), len(found.after)) >= least
    result = compare_groups(found.before, found.after) if enough else None
    evidence = Evidence(cohorts, None, found, result, (), (), None)
    return compare_exactly(ChangeStudy(SimpleNamespace(audience=waits.audience), idea, evidence, "")).text


class TestWords:
    def test_a_difference_with_its_numbers_and_the_smallest_chance(self):
        said = compared(CHANGE, both([140, 147, 154, 161], [14, 21, 28, 35]))
        assert "4 families whose clock started before the change and 4 since, all of them followed for 26 weeks" in said
        assert "those who started since waited 18 weeks less on average" in said
        assert "would come up in about 3 in 100 ways" in said
        assert "With 4 and 4 the smallest chance that these numbers could ever give is about 3 in 100." in said
        assert "That is more than we would expect by chance" in said

    def test_no_difference_is_not_enough_to_tell(self):
        said = compared(CHANGE, both([10, 40, 70, 100], [12, 38, 73, 98]))
        assert "both groups waited equally long on average, to the week" in said
        assert "not enough to tell" in said

    def test_three_against_three_can_never_tell_however_far_apart(self):
        said = compared(CHANGE, both([140, 147, 154], [14, 21, 28]))
        assert "smallest chance that these numbers could ever give is about 10 in 100." in said
        assert "they cannot tell: not enough children" in said
        assert "more than we would expect" not in said

    def test_longer_is_said_to_be_longer(self):
        assert "waited 18 weeks longer on average" in compared(CHANGE, both([14, 21, 28, 35], [140, 147, 154, 161]))

    @pytest.mark.parametrize(("before", "after"), [([], [10, 20]), ([10], [10, 20]), ([10, 20], [])])
    def test_with_one_or_none_on_a_side_it_says_what_would_be_enough(self, before, after):
        said = compared(CHANGE, both(before, after))
        assert f"{len(before)} before and {len(after)} since" in said
        assert "at least 2 on either side" in said
        assert "4 on either side before a difference could be larger than we would expect by chance" in said

    def test_too_soon_says_when(self):
        soon = replace(CHANGE, date=AS_AT - timedelta(days=100))
        said = compared(soon, both([10, 20], [30, 40]))
        assert "it is too soon" in said
        assert "26 weeks from 22 April 2019" in said

    def test_what_takes_too_long_to_count_is_said(self, monkeypatch):
        monkeypatch.setattr("pace_nb.change.COUNTED", 10)
        monkeypatch.setattr("pace_nb.change.ENUMERATED", 10)
        said = compared(CHANGE, both([140, 147, 154, 161], [14, 21, 28, 35]))
        assert "takes too long" in said
        assert "95 % interval" not in said

    @pytest.mark.parametrize(("n", "shown"), [(9, False), (10, True)])
    def test_everyone_sees_it_from_ten_families_on_either_side(self, n, shown):
        said = compared(CHANGE, both(list(range(20, 33)), list(range(40, 40 + n)), audience="aggregate"))
        assert ("on average" in said) == shown
        assert ("about 15" in said) == shown
        assert ("fewer than 10 on one side" in said) != shown
        assert not re.search(r"\b13\b(?! weeks)", said)
