"""The theory of change as data: read whole, every fault at once, an area's own beside the national one, its tests in their place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pace_nb.aims import read_aims
from pace_nb.errors import DefinitionError
from pace_nb.schema import TABLES
from pace_nb.tests_of_change import STATES, ChangeIdea, Cycle, Question
from pace_nb.theory.plan import columns_needed, events_needed, kept_by_hand, measures_for, state_aim
from pace_nb.theory.records import KINDS, outcome_of, read_theory
from pace_nb.theory.tested import WORDS, place_tests

AIMS = read_aims()
NATIONAL = read_theory(None, AIMS)
OWN = """
[[secondary]]
id = "letters"
title = "Letters in plain words"
of = "clear-plan-early"

[[idea]]
id = "letter-at-two-weeks"
title = "A letter to parents at two weeks"
driver = "letters"
"""


@pytest.fixture
def read(tmp_path):
    def of(content: str, aims=AIMS):
        path = tmp_path / "theory.toml"
        path.write_text(content, encoding="utf-8")
        return read_theory(path, aims)

    return of


@pytest.fixture
def faults(read):
    def of(content: str) -> list[str]:
        with pytest.raises(DefinitionError) as caught:
            read(content)
        assert all(f"- {w}" in str(caught.value) for w in caught.value.where), "all are shown"
        return caught.value.where

    return of


def tried(id="two-week-planning-meeting", *, driver="", decision="", begun=True, area="") -> ChangeIdea:
    cycle = Cycle(1, date(2017, 1, 9), "team", "See.", "Do.", (Question("Does it?", "Yes."),), decision=decision)
    return ChangeIdea(id, id.title(), "Do it.", "aim-2", driver, area=area, cycles=(cycle,) if begun else ())


class TestTheNationalTheory:
    def test_leads_from_every_aim_to_ideas_through_both_kinds_of_driver(self):
        for aim in AIMS:
            primaries = NATIONAL.primaries_of(aim)
            assert primaries
            for primary in primaries:
                assert NATIONAL.secondaries_of(primary.id)

    def test_every_secondary_driver_has_an_idea_and_a_measure(self):
        for secondary in NATIONAL.secondaries.values():
            assert NATIONAL.ideas_of(secondary.id), secondary.id
            assert NATIONAL.measures_of(secondary.id), secondary.id

    def test_every_idea_says_what_it_is_and_where_it_is_known_from(self):
        assert [i.id for i in NATIONAL.ideas.values() if not (i.what and i.tried and i.source)] == []

    def test_every_aim_has_a_measure_of_each_kind(self):
        for aim in AIMS:
            assert {m.kind for m in measures_for(NATIONAL, aim)} == set(KINDS)

    def test_claims_no_more_than_is_known(self):
        said = " ".join(f"{i.title} {i.what} {i.tried}" for i in NATIONAL.ideas.values()).casefold()
        assert not [w for w in ("significant", "proven", "proves", "caused", "success", "performance") if w in said]


class TestAnAreasOwn:
    def test_adds_to_the_national_one(self, read):
        theory = read(OWN)
        assert theory.origin == "national, completed locally"
        assert [i.title for i in theory.ideas_of("letters")] == ["A letter to parents at two weeks"]
        assert len(theory.ideas) == len(NATIONAL.ideas) + 1

    def test_changes_a_record_with_a_national_id_and_keeps_the_rest_of_it(self, read):
        theory = read('[[measure]]\nid = "moves"\nowner = "Information officer"\n')
        assert theory.measures["moves"] == replace(NATIONAL.measures["moves"], owner="Information officer")

    def test_names_the_owner_of_an_aims_own_measure(self, read):
        theory = read('[[measure]]\nid = "aim-2-in-time"\nowner = "Lead reviewing officer"\n')
        assert theory.measures["aim-2-in-time"].owner == "Lead reviewing officer"
        assert theory.measures["aim-2-in-time"].definition == outcome_of(AIMS["aim-2"]).definition

    def test_what_is_left_out_takes_with_it_what_hangs_on_it_alone(self, read):
        theory = read('leave_out = ["assessed-in-time"]\n')
        assert not {"kinship-side-by-side", "health-known-early"} & set(theory.secondaries)
        assert not {"kinship-panel", "medical-early"} & set(theory.ideas)
        assert "medical-before-recommendation" not in theory.measures
        assert "delay-elsewhere" in theory.measures, "it is about aims, which stay"
        assert "two-week-planning-meeting" in theory.ideas

    def test_one_idea_can_be_left_out(self, read):
        theory = read('leave_out = ["kinship-panel"]\n')
        assert set(NATIONAL.ideas) - set(theory.ideas) == {"kinship-panel"}

    def test_without_a_file_it_is_the_national_one(self, tmp_path):
        assert read_theory(tmp_path / "theory.toml", AIMS) == NATIONAL


class TestFaults:
    def test_are_all_told_at_once_each_with_its_place(self, faults):
        found = faults(
            "[aims]\n"
            '[[primary]]\nid = "p"\ntitle = "P"\naims = "aim-2"\n'
            '[[secondary]]\nid = "s"\ntitel = "S"\nof = "p"\n'
            '[[idea]]\nid = "i"\ntitle = "I"\ndriver = 3\n'
            '[[measure]]\nid = "m"\ntitle = "M"\nkind = "proces"\n'
        )
        assert [f for f in found if f.startswith("'aims' is not known here")]
        assert "primary 1 ('p'): aims must be a list in square brackets" in found
        assert "secondary 1 ('s'): 'titel' is not a field; did you mean 'title'?" in found
        assert "secondary 1 ('s'): 'title' is missing" in found
        assert "idea 1 ('i'): driver must be text in quotation marks" in found
        assert any(f.startswith("measure 1 ('m'): kind: 'proces' is not one of") for f in found)
        assert "measure 1 ('m'): 'denominator' is missing" in found

    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            ('[[idea]]\nid = "i"\ntitle = "I"\ndriver = "nowhere"\n', "idea 'i': driver: there is no secondary driver 'nowhere'"),
            ('[[secondary]]\nid = "s"\ntitle = "S"\nof = "parents"\n', "secondary 's': of: there is no primary driver 'parents'"),
            ('[[primary]]\nid = "p"\ntitle = "P"\naims = ["aim-2", "aim-9"]\n', "primary 'p': aims: there is no aim 'aim-9'"),
            ('[[measure]]\nid = "moves"\nof = ["aim-x"]\n', "measure 'moves': of: there is no aim or driver 'aim-x'"),
            ('[[idea]]\nid = "less-paper"\ntitle = "I"\ndriver = "less-paper"\n', "idea 'less-paper': a secondary has this id too"),
            ('leave_out = ["never-there"]\n', "leave_out: there is no 'never-there'"),
            ('leave_out = "moves"\n', "leave_out must be a list of ids in square brackets"),
        ],
    )  # fmt: skip
    def test_what_leads_nowhere_is_told(self, faults, content, fault):
        assert fault in faults(content)


class TestTestsInTheirPlace:
    def test_one_with_the_id_of_an_idea_is_a_test_of_it(self):
        tested = place_tests(NATIONAL, [tried(decision="adopt")])
        assert tested.state("two-week-planning-meeting") == "adopted"
        assert tested.say_state("two-week-planning-meeting") == "Adopted"
        assert tested.theory.ideas == NATIONAL.ideas

    @pytest.mark.parametrize("driver", ["less-paper", "Nothing is written twice", "nothing is written twice"])
    def test_one_of_its_own_stands_under_the_driver_it_names(self, driver):
        tested = place_tests(NATIONAL, [tried("own-idea", driver=driver)])
        assert [i.id for i in tested.theory.ideas_of("less-paper")][-1] == "own-idea"
        assert tested.state("own-idea") == "testing"

    def test_one_that_names_no_driver_of_the_theory_is_told_apart(self):
        lost = tried("own-idea", driver="something else")
        tested = place_tests(NATIONAL, [lost])
        assert tested.astray == (lost,)
        assert "own-idea" not in tested.theory.ideas

    def test_where_people_say_that_an_idea_serves_another_driver_it_stands_there(self):
        tested = place_tests(NATIONAL, [tried("kinship-panel", driver="less-paper")])
        assert tested.theory.ideas["kinship-panel"].driver == "less-paper"

    def test_where_they_do_not_agree_it_stays(self):
        tests = [tried("kinship-panel", driver=d) for d in ("less-paper", "time-to-write")]
        assert place_tests(NATIONAL, tests).theory.ideas["kinship-panel"].driver == "kinship-side-by-side"

    def test_an_idea_without_a_test_is_not_yet_tested(self):
        tested = place_tests(NATIONAL, [])
        assert {tested.say_state(i) for i in NATIONAL.ideas} == {"Not yet tested"}

    def test_of_several_the_one_furthest_on_is_drawn_and_all_are_said(self):
        ideas = [tried(decision=d, area=a) for a, d in (("Fife", "adopt"), ("Moray", ""), ("Angus", ""))]
        tested = place_tests(NATIONAL, ideas)
        assert tested.state(ideas[0].id) == "adopted"
        assert tested.say_state(ideas[0].id) == "Adopted in 1, being tested in 2 areas"
        assert tested.state_in(ideas[0].id, "Moray") == "testing"

    def test_there_is_a_word_for_every_state(self):
        assert set(WORDS) == set(STATES)


class TestTheMeasurementPlan:
    @pytest.mark.parametrize("aim", AIMS.values(), ids=lambda a: a.id)
    def test_names_clock_and_limit_of_an_aim(self, aim):
        said, measure = state_aim(aim), outcome_of(aim)
        for text in (said, measure.definition):
            assert (str(aim.limit) in text) == (aim.limit is not None)
        assert measure.events == (aim.start, aim.end)
        assert measure.better == ("higher" if aim.limit else "lower")

    def test_an_aim_says_how_much_for_whom_and_by_when(self):
        aim = replace(AIMS["aim-2"], target=90, from_date=date(2017, 4, 1), backlog_by=date(2017, 10, 31))
        assert state_aim(aim) == (
            "90 % of children whose clock starts on or after 1 April 2017 go from 'Accommodated' to 'Permanence recommendation' within "
            "6 months. Those who waited already on 1 April 2017 have it by 31 October 2017."
        )

    def test_has_the_measures_of_an_aim_and_its_drivers_each_once_outcome_first(self):
        expected = {m.id for m in NATIONAL.measures.values() if "aim-2" in m.of}
        for primary in NATIONAL.primaries.values():
            if "aim-2" in primary.aims:
                below = {s.id for s in NATIONAL.secondaries.values() if s.of == primary.id} | {primary.id}
                expected |= {m.id for m in NATIONAL.measures.values() if below & set(m.of)}
        found = measures_for(NATIONAL, "aim-2")
        assert {m.id for m in found} == expected
        assert len(found) == len(expected)
        assert found[0].id == "aim-2-in-time"
        assert [m.kind for m in found] == sorted((m.kind for m in found), key=list(KINDS).index)

    def test_needs_every_date_that_some_measure_needs_and_no_other(self):
        needed = {n.name: n.used_by for n in events_needed(NATIONAL)}
        assert set(needed) == {e for m in NATIONAL.measures.values() for e in m.events}
        assert "Aim 2" in needed["permanence_recommendation"]
        assert "Aim 3" in needed["permanence_recommendation"]
        assert "referral" not in needed

    def test_needs_the_columns_of_the_schema_in_its_words(self):
        for table, columns in columns_needed(NATIONAL).items():
            assert [(n.name, n.meaning) for n in columns] == [(c.name, c.meaning) for c in TABLES[table].columns]

    def test_knows_what_somebody_has_to_keep_by_hand(self):
        for measure in NATIONAL.measures.values():
            assert (measure in kept_by_hand(NATIONAL)) == (not measure.tables or "by hand" in measure.source.casefold())
