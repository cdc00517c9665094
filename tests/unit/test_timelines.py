"""What a journey holds: stays, moves, gaps in recording, stretches without a decision, waits; each from rows drawn here."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from pace_nb.extract import read_extract
from pace_nb.timelines import choose_child, label_children, tell_journey
from pace_nb.timelines.stretches import (
    Event,
    Stay,
    find_decisions,
    find_gaps,
    find_moves,
    find_silences,
    home_and_away,
    looked_after,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "journeys"))
from hard_children import CHILDREN, read_journeys, write_extract

D0 = date(2015, 1, 5)
CSO, S25, PO = "compulsory_supervision_order", "section_25", "permanence_order"


def day(n: int) -> date:
    return D0 + timedelta(days=n)


def stay(start: int, end: int, code: str = "foster", **more) -> Stay:
    return Stay(day(start), day(end), code, **more)


def event(n: int, code: str, route: str = "") -> Event:
    return Event(day(n), code, route)


@pytest.fixture(scope="module")
def hard():
    """Every hard child's journeys, by name."""
    return {n: read_journeys(n)[1] for n in CHILDREN}


class TestStretchesWithoutADecision:
    ACCOMMODATED = event(0, "accommodated")

    def weeks(self, events=(), legal=(), last=400):
        found = find_silences([self.ACCOMMODATED, *events], legal, [(day(0), day(last))])
        return [(s.weeks, s.reviews, s.hearings) for s in found]

    def test_twenty_six_weeks_are_marked_and_a_day_less_is_not(self):
        assert self.weeks(last=182) == [(26, 0, 0)]
        assert self.weeks(last=181) == []

    def test_meetings_do_not_end_a_stretch_and_are_counted_in_it(self):
        held = [event(30, "review"), event(90, "review"), event(200, "hearing")]
        assert self.weeks(held) == [(57, 2, 1)]

    def test_a_recommendation_ends_it_and_the_next_begins(self):
        assert self.weeks([event(190, "permanence_recommendation")]) == [(27, 0, 0), (30, 0, 0)]

    def test_an_order_of_another_kind_is_a_decision(self):
        assert self.weeks(legal=[stay(0, 190, S25), stay(190, 400, CSO)]) == [(27, 0, 0), (30, 0, 0)]

    def test_an_order_that_goes_on_is_none(self):
        assert self.weeks(legal=[stay(0, 190, CSO), stay(190, 400, CSO)]) == [(57, 0, 0)]
        assert self.weeks(legal=[stay(0, 190, CSO), stay(191, 400, CSO)]) == [(57, 0, 0)]

    def test_an_order_of_the_same_kind_made_anew_is_one(self):
        assert self.weeks(legal=[stay(0, 100, CSO), stay(200, 400, CSO)]) == [(28, 0, 0), (28, 0, 0)]

    def test_none_is_counted_after_the_order_that_made_the_plan_secure(self):
        assert self.weeks([event(100, "order_granted")], last=3000) == []

    def test_they_are_counted_again_when_the_child_is_accommodated_again(self):
        again = [event(100, "order_granted"), event(200, "accommodated")]
        assert self.weeks(again, last=400) == [(28, 0, 0)]

    def test_decisions_are_in_order_and_orders_say_so(self):
        found = find_decisions([event(50, "adm_decision"), event(10, "review")], [stay(20, 90, S25)])
        assert [(d.day, d.code, d.order) for d in found] == [(day(20), S25, True), (day(50), "adm_decision", False)]


class TestGaps:
    def test_days_between_placements_are_a_gap_and_the_next_day_is_none(self):
        placed = [stay(0, 50), stay(51, 100), stay(103, 200)]
        assert [(g.start, g.end, g.days) for g in find_gaps(placed, [(day(0), day(200))])] == [(day(100), day(103), 3)]

    def test_an_order_without_a_placement_is_a_gap_before_and_after(self):
        periods = looked_after([stay(20, 60)], [stay(0, 90, CSO)], [], None)
        assert [g.days for g in find_gaps([stay(20, 60)], periods)] == [20, 30]

    def test_after_adoption_a_child_is_not_looked_after(self):
        assert looked_after([stay(0, 60)], [stay(60, 900, "adoption_order")], [], None) == ((day(0), day(60)),)

    def test_nobody_is_looked_after_from_the_18th_birthday(self):
        assert looked_after([stay(0, 500)], [stay(0, 500, CSO)], [], day(300)) == ((day(0), day(300)),)

    def test_a_child_without_any_placement_is_one_gap(self):
        assert [g.days for g in find_gaps([], [(day(0), day(30))])] == [30]


class TestMoves:
    def test_the_first_place_and_the_first_after_home_are_none(self):
        placed = [stay(0, 10), stay(10, 20), stay(20, 30, "at_home"), stay(30, 40), stay(40, 50)]
        assert find_moves(placed, [(day(0), day(50))]) == (day(10), day(40))

    def test_another_time_in_care_begins_anew(self):
        assert find_moves([stay(0, 10), stay(300, 400)], [(day(0), day(10)), (day(300), day(400))]) == ()

    def test_two_that_start_on_one_day_are_one(self):
        assert find_moves([stay(0, 10), stay(10, 12), stay(10, 30)], [(day(0), day(30))]) == (day(10),)


def test_home_and_away_are_joined_and_in_order():
    placed = [stay(0, 10), stay(10, 20, "kinship"), stay(20, 30, "at_home"), stay(30, 40)]
    told = [(day(0), day(20), False), (day(20), day(30), True), (day(30), day(40), False)]
    assert list(home_and_away(placed)) == told


class TestAJourney:
    def test_before_birth_the_first_day_is_the_referral(self, hard):
        (journey,) = hard["before birth"]
        assert (journey.first, journey.born) == (date(2017, 11, 20), date(2018, 3, 10))

    def test_a_placement_without_an_end_is_believed_until_the_next_one(self, hard):
        (journey,) = hard["missing ends"]
        ends = [(p.end.isoformat(), p.unended, p.open) for p in journey.placements]
        assert ends == [
            ("2016-05-03", True, False),
            ("2016-08-22", False, False),
            ("2018-06-25", True, False),
            ("2019-07-31", False, True),
        ]
        assert [(g.start.isoformat(), g.days) for g in journey.gaps] == [("2016-08-22", 140)]

    def test_between_adoption_and_return_nothing_is_missed(self, hard):
        (journey,) = hard["adopted and returned"]
        assert journey.gaps == ()
        assert not [s for s in journey.silences if date(2012, 3, 16) <= s.start < date(2017, 6, 12)]
        assert len(journey.spells) == 3

    def test_thirty_placements_are_thirty(self, hard):
        (journey,) = hard["thirty placements"]
        assert len(journey.placements) == 30
        assert len(journey.moves) == 25  # 29 changes, less into home twice and out of it twice
        assert journey.lives.code == "residential"

    def test_turning_18_is_told(self, hard):
        (journey,) = hard["turning 18"]
        assert journey.eighteenth == date(2019, 5, 20)
        (wait,) = journey.waits
        assert (wait.status, wait.reason, wait.last) == ("left", "turned 18", date(2019, 5, 20))

    def test_one_whose_record_has_ended_ends_there(self, tmp_path):
        folder = write_extract("turning 18", tmp_path / "x")
        file = folder / "placements.csv"
        file.write_text("\n".join(file.read_text(encoding="utf-8").splitlines()[:-1]), encoding="utf-8")
        extract = read_extract(folder, "2019-07-31", audience="working")
        (journey,) = (tell_journey(extract, k, v) for k, v in label_children(extract).items())
        assert journey.last == date(2019, 5, 20)
        assert journey.lives is None

    def test_events_of_one_day_stand_in_the_order_of_the_chain(self, hard):
        (journey,) = hard["overlapping orders"]
        same = [e.code for e in journey.events if e.day == date(2016, 2, 4)]
        assert same == ["permanence_panel", "adm_decision"]

    def test_it_is_told_whole_whatever_period_the_page_counts(self, tmp_path):
        folder = write_extract("two spells", tmp_path / "x")
        counts = []
        for since in (None, "2018-01-01"):
            extract = read_extract(folder, "2019-07-31", audience="working", since=since)
            counts.append(len(choose_child(extract).waits))
        assert counts[0] == counts[1] > 1

    def test_nothing_of_it_prints_a_number_or_a_home(self, hard):
        for journeys in hard.values():
            for journey in journeys:
                assert "SYN-" not in repr(journey)
                assert "H3" not in repr(journey.placements)
