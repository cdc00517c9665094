"""The portfolio: how old each test is, which have gone quiet, what was tried elsewhere, and how strong its numbers are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from pace_nb.aims import read_aims
from pace_nb.errors import NothingToShow, ParameterError
from pace_nb.pages import portfolio as page
from pace_nb.pages.portfolio import Line, Portfolio, describe_portfolio, say_strength, show_portfolio, show_spread
from pace_nb.pages.theory import TheoryStudy
from pace_nb.study import VERDICTS
from pace_nb.tests_of_change import ChangeIdea, Cycle, Question
from pace_nb.theory import read_theory
from pace_nb.theory.tested import place_tests

AS_AT = date(2019, 7, 31)
AIMS = read_aims()


def idea(id="two-week-planning-meeting", *, cycles=(), area="Fife", title="", aim="aim-2") -> ChangeIdea:
    made = tuple(
        Cycle(n, start, "team", "See.", "Do.", (Question("Does it?", "Yes."),), end=end, decision=decision, why=decision and "It does.")
        for n, (start, end, decision) in enumerate(cycles, 1)
    )  # fmt: skip
    return ChangeIdea(id, title or id, "Do it.", aim, area=area, cycles=made)


def line(verdict="no_sign", *, area="Fife", id="two-week-planning-meeting", decision="", quiet=0) -> Line:
    tested = idea(id, cycles=[(date(2018, 1, 1), AS_AT if decision else None, decision)], area=area)
    return Line(area, tested, verdict, VERDICTS.get(verdict, ""), 82, quiet)


def portfolio(*lines: Line, named: str | None = None) -> Portfolio:
    areas = tuple(sorted({x.area for x in lines}))
    extract = SimpleNamespace(areas=areas, area=areas[0], as_at=AS_AT, aims=AIMS, audience="aggregate")
    return Portfolio(extract, lines, named)


def spread(of: Portfolio) -> str:
    tested = place_tests(read_theory(None, AIMS), [x.idea for x in of.lines])
    return show_spread(of, TheoryStudy(of.extract, tested)).text


@pytest.fixture
def study(monkeypatch):
    """Return a function that makes the portfolio of some ideas, of which the numbers say nothing."""
    monkeypatch.setattr(page, "gather", lambda extract, idea: None)

    def of(*ideas: ChangeIdea) -> Portfolio:
        return page.study_portfolio(SimpleNamespace(areas=("Fife",), area="Fife", as_at=AS_AT, aims=AIMS, tests=ideas))

    return of


class TestAge:
    def test_is_counted_in_weeks_from_the_first_cycle_to_the_day_of_the_page(self, study):
        (one,) = study(
            idea(cycles=[(date(2019, 5, 22), date(2019, 6, 5), "adapt"), (date(2019, 7, 3), None, "")])
        ).lines
        assert one.age == 10
        assert one.quiet == 4, "since the last day that the record names"

    def test_an_idea_not_yet_tested_has_none_and_the_numbers_say_so(self, study):
        (one,) = study(idea()).lines
        assert (one.age, one.quiet, one.verdict, one.said) == (None, None, "", "Not yet tested.")
        assert not one.stalled

    @pytest.mark.parametrize(
        ("decision", "last", "stalled"),
        [
            ("", date(2019, 1, 23), True),
            ("", date(2019, 1, 30), False),
            ("adapt", date(2018, 1, 1), True),
            ("adopt", date(2018, 1, 1), False),
            ("abandon", date(2018, 1, 1), False),
        ],
    )
    def test_a_test_that_is_not_over_has_gone_quiet_after_26_weeks(self, study, decision, last, stalled):
        (one,) = study(idea(cycles=[(last, last if decision else None, decision)])).lines
        assert one.stalled == stalled

    def test_an_aim_of_an_areas_own_is_not_judged_among_others(self, study):
        (one,) = study(idea(cycles=[(date(2018, 1, 1), None, "")], aim="own")).lines
        assert one.verdict == ""
        assert "area's own" in one.said


class TestWhatIsSaid:
    def test_nothing_recorded_is_no_page(self, study):
        with pytest.raises(NothingToShow, match="has recorded no test"):
            study()

    def test_an_area_that_was_not_read_is_refused(self):
        extract = SimpleNamespace(areas=("Angus", "Fife"), area="2 areas", as_at=AS_AT, aims=AIMS, tests=(idea(),))
        with pytest.raises(ParameterError, match="Moray"):
            page.study_portfolio(extract, "Moray")

    def test_counts_states_and_verdicts(self):
        said = describe_portfolio(
            portfolio(line("shorter", decision="adopt"), line("too_few", id="kinship-panel"))
        ).text
        assert "2 tests, as at 31 July 2019: 1 being tested; 1 adopted." in said
        assert "waits are shorter than we would expect by chance (1); not enough children to tell (1)." in said

    def test_what_was_adopted_without_firm_numbers_is_named_and_asked_about(self):
        said = describe_portfolio(
            portfolio(line("recording", decision="adopt"), line("shorter", id="b", decision="adopt"))
        ).text
        assert "Adopted without firm numbers: 1 test ('two-week-planning-meeting')" in said

    def test_many_looks_are_told_of_where_there_are_many(self):
        areas = ("Angus", "Fife", "Moray", "Falkirk", "Stirling", "Highland")
        assert "Many looks: 6 of these" in describe_portfolio(portfolio(*(line(area=a) for a in areas))).text
        assert "Many looks" not in describe_portfolio(portfolio(*(line("too_few", area=a) for a in areas))).text

    def test_the_table_has_every_test_with_its_decision_and_reason(self):
        text = show_portfolio(portfolio(line(decision="adapt"), line(id="kinship-panel"))).text
        assert "Adapt: It does." in text
        assert "Not yet" in text
        assert "\nkinship-panel\tAim 2\tBeing tested\t82\t1, one team: Jan 2018 and goes on\t" in text

    def test_a_reason_that_may_tell_of_a_person_is_not_on_a_page_for_everyone(self):
        one = line(decision="adapt")
        told = replace(one.idea.cycles[0], why="It helped Mrs Campbell.")
        text = show_portfolio(portfolio(replace(one, idea=replace(one.idea, cycles=(told,))))).text
        assert "Adapt: the reason is not shown" in text
        assert "Campbell" not in text

    def test_the_day_of_a_cycle_is_told_by_its_month(self):
        assert "1 January 2018" not in show_portfolio(portfolio(line())).text


class TestSpread:
    def test_each_areas_test_is_judged_by_itself(self):
        said = say_strength(
            [line("shorter", area="Fife"), line("too_few", area="Angus"), line("shorter", area="Moray")]
        )
        assert said == (
            "2 areas can show shorter waits: waits are shorter than we would expect by chance (Fife, Moray); not enough children to tell "
            "(Angus)."
        )

    @pytest.mark.parametrize("verdict", [v for v in VERDICTS if v != "shorter"])
    def test_only_shorter_waits_are_called_so(self, verdict):
        assert say_strength([line(verdict)]).startswith("No area can show shorter waits yet: ")

    def test_one_area_is_one(self):
        assert say_strength([line("shorter")]).startswith("One area can show shorter waits: ")
        assert say_strength([line("")]) == "No numbers yet."

    def test_every_verdict_has_its_place_in_the_order(self):
        assert set(page._ORDER) == set(VERDICTS)

    def test_a_named_area_sees_what_others_tried_for_its_drivers_only(self):
        lines = [
            line(area="Fife", id="kinship-panel"),
            line("shorter", area="Angus", id="independent-kinship-assessment"),
            line("shorter", area="Moray", id="legal-advice-early"),
        ]
        text = spread(portfolio(*lines, named="Fife"))
        assert "A second worker assesses kinship carers\tAngus" in text
        assert "Moray" not in text, "of a driver on which Fife tests nothing"
        assert "\tFife" not in text

    def test_the_same_idea_elsewhere_is_told_with_how_it_stands_here(self):
        text = spread(portfolio(line(area="Fife", decision="adapt"), line(area="Angus"), named="Fife"))
        assert "Being tested in 1. Here: adapted, to be tested again" in text

    def test_nothing_elsewhere_says_so(self):
        assert show_spread_empty() == "No other area has tried anything for the drivers on which Fife works."

    def test_without_a_name_every_idea_that_was_tried_is_there(self):
        text = spread(portfolio(line(area="Fife"), line(area="Angus", id="legal-advice-early")))
        assert "Fife" in text
        assert "Angus" in text
        assert "no ranking" in text


def show_spread_empty() -> str:
    of = portfolio(line(area="Fife"), line(area="Angus", id="legal-advice-early"), named="Fife")
    tested = place_tests(read_theory(None, AIMS), [x.idea for x in of.lines])
    html = show_spread(of, TheoryStudy(of.extract, tested)).html
    return html.split("<td colspan", 1)[1].split(">", 1)[1].split("<", 1)[0]
