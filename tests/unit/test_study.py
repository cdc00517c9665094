"""The study of a test of change: the evidence, how it is weighed, and the right conclusion on each change of the sample."""

from __future__ import annotations

import random
import statistics
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pace_nb.aims import Aim
from pace_nb.change import compare_groups
from pace_nb.extract import read_extract
from pace_nb.intervals import Intervals
from pace_nb.pages.change import study_change
from pace_nb.pages.change_cycles import describe_verdict
from pace_nb.pages.change_words import MAY, say_decided, spread_early
from pace_nb.periods import read_limit
from pace_nb.study import VERDICTS, families_needed, find_backlog, mirrored_waits, weigh, what_is_enough
from pace_nb.study.beside import Backlog, Beside, Recorded
from pace_nb.study.verdict import Evidence
from pace_nb.tests_of_change import ChangeIdea, Cycle, Question

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
AS_AT = date(2019, 7, 31)
DAY = date(2018, 7, 30)


def child(start: date, days: int, status: str = "reached") -> dict:
    end = pd.Timestamp(start + timedelta(days=days)) if status == "reached" else pd.NaT
    due = pd.Timestamp(start + timedelta(days=182))
    row = {
        "local_authority": "Fife",
        "child_id": f"{start}{days}{status}",
        "spell": 1,
        "start": pd.Timestamp(start),
        "end": end,
    }
    return row | {"days": days, "status": status, "due": due, "sibling_group": None}


def intervals(*rows: dict, since: date | None = None) -> Intervals:
    aim = Aim("aim-2", "An aim", "accommodated", "permanence_recommendation", read_limit("26 weeks"))
    return Intervals(pd.DataFrame(list(rows)), aim, "Fife", AS_AT, "working", since)


class TestEnough:
    def test_the_number_sees_four_in_five_true_differences(self):
        """Simulated: waits before with a spread, waits since a half shorter; the exact test finds it about as often as was said."""
        rng = random.Random(2019)
        before = [rng.gauss(200, 90) for _ in range(40)]
        m = families_needed(before, 0.5)
        mean, spread = statistics.fmean(before), statistics.stdev(before)
        seen = 0
        for _ in range(200):
            one = [int(rng.gauss(mean, spread)) for _ in before]
            other = [int(rng.gauss(mean / 2, spread)) for _ in range(m)]
            seen += compare_groups(one, other).p <= 0.05
        assert 0.7 < seen / 200 < 0.92

    @pytest.mark.parametrize(
        ("before", "needed"), [([10, 200, 30], None), ([50], None), ([0, 0, 0], None), ([100] * 9, 4)]
    )
    def test_what_can_never_tell_has_no_number_and_the_least_is_four(self, before, needed):
        assert families_needed(before, 0.25) == needed

    def test_a_larger_difference_takes_fewer(self):
        before = [100, 120, 140, 160, 180, 200, 220, 240] * 4
        assert families_needed(before, 0.5) < families_needed(before, 0.25)

    def test_how_long_it_takes_at_the_areas_rate(self):
        waits = SimpleNamespace(days=182, before=tuple([100, 120, 140, 160, 180, 200, 220, 240] * 4), after=(90,) * 5)
        quarter, half = what_is_enough(waits, AS_AT - timedelta(days=182 + 365), AS_AT)
        assert (quarter.needed, quarter.have) == (14, 5)
        assert quarter.a_year == pytest.approx(5, rel=0.01)
        assert quarter.months == 22  # 9 more at 5 a year
        assert half.months == 0

    def test_where_none_come_nobody_can_say(self):
        waits = SimpleNamespace(days=182, before=tuple([100, 120, 140, 160, 180, 200, 220, 240] * 4), after=())
        assert what_is_enough(waits, date(2018, 1, 1), AS_AT)[0].months is None


class TestBacklog:
    def test_counts_who_was_past_the_limit_on_the_day_and_done_within_half_a_year(self):
        old = DAY - timedelta(days=300)
        rows = [
            child(old, 301),  # the day after the change
            child(old, 300 + 182),  # the last day that counts
            child(old, 300 + 183),
            child(old, 400, "left"),
            child(DAY - timedelta(days=182), 200),  # due on the day itself: not yet past
            child(old, 500, "unusable"),
            child(DAY, 10),
        ]
        found = find_backlog(intervals(*rows), DAY)
        assert (found.long, found.done) == (4, 2)
        assert (found.old, found.new) == (4, 1)

    def test_is_cleared_only_where_more_are_done_than_was_usual(self):
        stuck = [child(DAY - timedelta(days=1500 + 3 * i), 1510 + 3 * i) for i in range(8)]
        usual = [child(DAY - timedelta(days=1500 + 3 * i), 2000) for i in range(8)]
        assert find_backlog(intervals(*stuck), DAY).cleared
        assert not find_backlog(intervals(*usual), DAY).cleared

    def test_days_before_the_period_of_the_page_are_no_yardstick(self):
        rows = [child(DAY - timedelta(days=1500 + 3 * i), 1510 + 3 * i) for i in range(8)]
        found = find_backlog(intervals(*rows, since=DAY - timedelta(days=300)), DAY)
        assert found.usual_long == 8  # one half year, not four

    def test_without_a_limit_there_is_none(self):
        i = intervals(child(DAY, 10))
        assert find_backlog(replace(i, aim=replace(i.aim, limit=None)), DAY) is None


class TestMirrored:
    def test_each_wait_counts_from_when_the_change_could_reach_the_child(self):
        rows = [
            child(DAY - timedelta(days=500), 520),  # 20 days since the change; 134 + followed before
            child(DAY, 50),
            child(DAY - timedelta(days=1), 0),  # over before the change; started within a day of it
            child(AS_AT, 0, "waiting"),  # not followed long enough
        ]
        found = mirrored_waits(intervals(*rows), DAY)
        assert found.days == 182
        assert found.after == (20, 50)
        assert found.before == (182,)  # the first child, from a year before the change on

    def test_too_soon_gives_none(self):
        assert mirrored_waits(intervals(child(DAY, 5)), AS_AT - timedelta(days=100)) is None

    def test_the_period_of_the_page_shortens_the_time_before(self):
        found = mirrored_waits(intervals(child(DAY, 50), since=DAY - timedelta(days=200)), DAY)
        assert found.days == 98  # half of 200 days, in whole weeks


def evidence(
    chart="no_change", comparison="close", half=True, recording=False, longer=False, cleared=False, waits=True
) -> Evidence:
    """Evidence that says what it is told to say."""
    backlog = Backlog(10, 9, 40, 5, 0.001 if cleared else 0.5, 9, 9)
    step = Beside(
        "A step",
        "permanence_panel",
        None,
        SimpleNamespace(p=0.001, smallest_p=0.0001, difference=9.0) if longer else None,
    )
    recorded = Recorded("permanence_recommendation", 40, 20, 40, 39, 0.001 if recording else 0.9)

    class Told(Evidence):
        chart = property(lambda self: told["chart"])
        comparison = property(lambda self: told["comparison"])
        could_see_half = property(lambda self: told["half"])

    told = {"chart": chart, "comparison": comparison, "half": half}
    cohorts = SimpleNamespace(idea=ChangeIdea("a", "A", "x", "aim-2"), eligible=SimpleNamespace(audience="working"))
    return Told(cohorts, None, object() if waits else None, None, (recorded,), (step,), backlog)


class TestWeighed:
    @pytest.mark.parametrize(
        ("told", "verdict"),
        [
            ({"waits": False, "comparison": "unknown"}, "too_soon"),
            ({"comparison": "unknown", "chart": "better"}, "too_few"),
            ({"half": False}, "too_few"),
            ({"half": False, "chart": "better"}, "sign"),
            ({"comparison": "shorter", "chart": "better"}, "shorter"),
            ({"comparison": "shorter", "chart": "better", "recording": True}, "recording"),
            ({"comparison": "longer", "recording": True}, "recording"),
            ({"comparison": "shorter", "chart": "better", "longer": True}, "moved"),
            ({"chart": "better", "longer": True}, "moved"),
            ({"longer": True}, "no_sign"),
            ({"comparison": "shorter", "chart": "unknown"}, "sign"),
            ({"comparison": "shorter", "chart": "worse"}, "sign"),
            ({"chart": "better"}, "sign"),
            ({"comparison": "longer", "chart": "better"}, "longer"),
            ({"chart": "worse", "cleared": True}, "backlog"),
            ({"chart": "worse"}, "no_sign"),
            ({}, "no_sign"),
        ],
    )
    def test_in_the_order_that_is_written(self, told, verdict):
        assert weigh(evidence(**told)) == verdict

    def test_every_verdict_says_what_may_and_what_may_not_be_said(self):
        assert set(MAY) == set(VERDICTS)

    def test_no_verdict_claims_a_cause(self):
        said = " ".join([*VERDICTS.values(), *(x for pair in MAY.values() for x in pair)]).lower()
        for word in ("significant", "proves", "proved", "caused", "success", "improvement"):
            assert word not in said

    @pytest.mark.parametrize(
        ("gap", "p", "changed"),
        [((20, 39), 0.001, True), ((36, 39), 0.01, False), ((20, 39), 0.06, False), ((39, 20), 0.001, True)],
    )
    def test_recording_has_changed_by_a_tenth_and_by_more_than_chance(self, gap, p, changed):
        assert Recorded("adm_decision", 40, gap[0], 40, gap[1], p).changed == changed


Q = (Question("?", "!", "yes"),)


def cycle(number: int, scale: str, held: str = "yes", decision: str = "adapt", end: bool = True) -> Cycle:
    start = date(2016, number, 1)
    return Cycle(
        number,
        start,
        scale,
        "o",
        "w",
        (Question("?", "!", held),),
        end=start + timedelta(days=20) if end else None,
        decision=decision,
    )


class TestSpread:
    @pytest.mark.parametrize(
        ("cycles", "early"),
        [
            ([cycle(1, "child"), cycle(2, "team"), cycle(3, "area")], False),
            ([cycle(1, "child"), cycle(2, "area")], True),
            ([cycle(1, "team", held="no"), cycle(2, "area")], True),
            ([cycle(1, "team", end=False), cycle(2, "area")], True),
            ([cycle(1, "child"), cycle(2, "team")], False),
        ],
    )
    def test_is_early_before_a_team_found_what_it_predicted(self, cycles, early):
        assert spread_early(ChangeIdea("a", "A", "x", "aim-2", cycles=tuple(cycles))) == early

    def test_a_decision_that_these_numbers_do_not_carry_says_so(self):
        idea = ChangeIdea(
            "a", "A", "x", "aim-2", cycles=(replace(cycle(1, "area", decision="adopt"), why="We like it"),)
        )
        assert "rests on other reasons" in say_decided(idea, "no_sign")
        assert "rests on other reasons" not in say_decided(idea, "shorter")


#: What was built into the sample (see its README), and what may be concluded: verdict, and words that have to be there.
CONCLUSIONS = {
    ("fife", "two-week-planning-meeting"): ("shorter", "Recent waits are shorter than we would expect by chance"),
    ("fife", "legal-advice-early"): ("no_sign", "No sign of a difference"),
    ("highland", "review-outcomes-checklist"): ("no_sign", "Spread early"),
    ("north-lanarkshire", "independent-kinship-assessment"): ("moved", "Permanence recommendation to permanence panel"),
    ("shetland-islands", "independent-kinship-assessment"): ("too_few", "Not enough children to tell"),
    ("inverclyde", "independent-kinship-assessment"): ("no_sign", "abandon, after cycle 2"),
    ("falkirk", "review-outcomes-checklist"): ("recording", "People say so too"),
    ("north-ayrshire", "review-outcomes-checklist"): ("backlog", "more than is usual"),
    ("east-ayrshire", "orders-at-home-at-18-months"): ("no_sign", "the decision rests on other reasons"),
    ("aberdeenshire", "medical-early"): ("recording", "nobody can tell whether children waited less"),
}


@pytest.mark.parametrize(("area", "change"), CONCLUSIONS)
def test_the_right_conclusion_on_each_change_of_the_sample(area, change):
    study = study_change(read_extract(SAMPLE / area, AS_AT, audience="working"), change)
    verdict, words = CONCLUSIONS[area, change]
    assert study.verdict == verdict
    assert words in describe_verdict(study).text


@pytest.mark.parametrize(
    ("area", "change"), [("fife", "two-week-planning-meeting"), ("falkirk", "review-outcomes-checklist")]
)
def test_for_everyone_it_claims_no_more_than_for_those_who_see_children(area, change):
    study = study_change(read_extract(SAMPLE / area, AS_AT), change)
    assert study.verdict in {"fife": ("shorter", "sign", "too_few"), "falkirk": ("recording", "too_few")}[area]


def test_what_counts_as_eligible_and_the_baseline_can_be_chosen():
    extract = read_extract(SAMPLE / "fife", AS_AT, audience="working")
    as_recorded, waiting = study_change(extract), study_change(extract, eligible="waiting")
    assert (as_recorded.idea.also_waiting, waiting.idea.also_waiting) == (False, True)
    assert waiting.evidence.waits.before != as_recorded.evidence.waits.before
    assert study_change(extract, baseline="30").run.baseline == 30
    assert as_recorded.run.baseline != 30
