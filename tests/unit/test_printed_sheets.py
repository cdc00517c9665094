"""What is printed: nothing is fetched or run, every text is escaped and fits its place, and no child is shown."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pace_nb.errors import NothingToShow, ParameterError
from pace_nb.extract import read_extract
from pace_nb.handouts import render as rendering
from pace_nb.handouts import write_plans
from pace_nb.handouts.poster import SIZES, choose_cycles, choose_quotes, find_idea, make_poster, shorten, write_posters
from pace_nb.pages.theory import study_theory
from pace_nb.tests_of_change import Cycle, Feedback, Question
from pace_nb.theory.records import KINDS

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
AS_AT = date(2019, 7, 31)


def words(html: str) -> str:
    html = re.sub(r"<style.*?</style>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def harmless(html: str) -> bool:
    """Nothing on it is run, fetched or sent."""
    held = re.search(r"(?:src|href)=[\"'](?!#)|<script|<link|@import|\son\w+=", html) is None
    return held and "default-src 'none'" in unescape(html)


def cycle(number: int, *quotes: tuple[str, str]) -> Cycle:
    feedback = tuple(Feedback(q, s) for q, s in quotes)
    return Cycle(
        number, date(2018, number, 1), "team", "See.", "Do.", (Question("Does it?", "Yes."),), feedback=feedback
    )


@pytest.fixture(scope="module")
def fife():
    return read_extract(SAMPLE / "fife", AS_AT)


@pytest.fixture(scope="module")
def theory(fife):
    return study_theory(fife, SAMPLE / "fife").theory


@pytest.fixture(scope="module")
def poster(fife, theory):
    return make_poster(fife, theory, find_idea(fife, "two-week-planning-meeting"))


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    return {
        p.stem: p.read_text("utf-8") for p in write_plans(SAMPLE / "fife", tmp_path_factory.mktemp("p"), AS_AT, "Fife")
    }


class TestPlans:
    def test_are_three_and_harmless(self, plans):
        assert set(plans) == {"driver-diagrams", "measurement-plan", "data-requirements"}
        assert all(harmless(html) for html in plans.values())

    def test_need_no_record_of_a_child(self, tmp_path):
        """An area makes them before it has an extract."""
        (tmp_path / "aims.toml").write_text((SAMPLE / "fife" / "aims.toml").read_text("utf-8"), "utf-8")
        assert len(write_plans(tmp_path, tmp_path / "out", AS_AT)) == 3

    def test_the_measurement_plan_defines_every_measure(self, plans, theory):
        text = words(plans["measurement-plan"])
        for measure in theory.measures.values():
            for part in (measure.title, measure.definition, measure.numerator, measure.denominator, measure.schedule):
                assert " ".join(part.split()) in text, part
        assert all(k in text for k in KINDS.values())
        assert "90 % of children whose clock starts on or after 1 July 2016" in text

    def test_an_owner_stands_there_and_a_missing_one_is_asked_for(self, tmp_path):
        (tmp_path / "theory.toml").write_text(
            '[[measure]]\nid = "aim-2-in-time"\nowner = "Lead <reviewing> officer"\n', "utf-8"
        )
        text = write_plans(tmp_path, tmp_path / "out", AS_AT)[1].read_text("utf-8")
        assert "Lead &lt;reviewing&gt; officer" in text
        assert "to be agreed" in text

    def test_the_data_requirements_have_every_date_that_is_needed(self, plans, theory):
        text = words(plans["data-requirements"])
        assert all(e in text for m in theory.measures.values() for e in m.events)
        assert "no names, no addresses" in text

    def test_the_diagrams_mark_what_fife_tests(self, plans):
        assert "Planning meeting two weeks after coming into care. Adopted" in words(plans["driver-diagrams"])
        assert plans["driver-diagrams"].count("<svg ") == 4


class TestShorten:
    @given(st.text(max_size=300), st.integers(12, 120))
    def test_never_longer_than_asked_and_only_ever_the_beginning(self, text, most):
        short = shorten(text, most).replace("\u200b", "")
        assert len(short) <= most
        assert " ".join(text.split()).startswith(short.removesuffix(" …").removesuffix("…"))

    @given(st.text(st.characters(codec="ascii", categories=("L",)), min_size=29, max_size=200))
    def test_a_word_that_is_wider_than_any_place_may_be_broken(self, word):
        assert max(map(len, re.split("[\u200b ]", shorten(word, 400)))) <= 28

    def test_what_fits_is_left_alone(self):
        assert shorten("It  works.\nPeople like it.", 26) == "It works. People like it."


class TestChoosing:
    def test_the_first_and_the_latest_cycles_are_shown_and_the_rest_counted(self):
        cycles = [cycle(n) for n in range(1, 8)]
        chosen, between = choose_cycles(cycles)
        assert ([c.number for c in chosen], between) == ([1, 5, 6, 7], 3)
        assert choose_cycles(cycles[:4]) == (cycles[:4], 0)

    def test_one_voice_does_not_drown_the_rest(self):
        said = [
            cycle(1, ("First.", "a parent"), ("Mine.", "a solicitor")),
            cycle(2, ("Second.", "A parent"), ("Third.", "a parent")),
        ]
        assert choose_quotes(said) == [("Third.", "a parent"), ("Mine.", "a solicitor"), ("Second.", "A parent")]


class TestPoster:
    def test_is_harmless_and_says_that_it_is_a_sample(self, poster):
        assert harmless(poster)
        assert "Synthetic sample: no real child is shown." in words(poster)
        assert "Aggregate, disclosure-controlled." in words(poster)

    def test_tells_aim_theory_cycles_numbers_voices_learning_and_what_comes_next(self, poster, fife):
        text, idea = words(poster), find_idea(fife, "two-week-planning-meeting")
        assert fife.aims[idea.aim].title in text
        assert "Parents know early what has to change, and by when" in text
        for c in idea.cycles:
            assert c.learned in text
            assert all(q.prediction in text for q in c.questions)
        assert idea.cycles[-1].next in text
        assert "a reviewing officer" in text
        assert "Before and after in one area cannot tell" in text

    def test_a_cycle_with_one_family_is_told_by_its_year_only(self, poster):
        assert "January 2016" not in words(poster)
        assert "June 2016 to June 2017" in words(poster)

    def test_a_decision_of_the_whole_area_is_not_taken_from_the_numbers(self, poster, fife):
        assert "Adopt. " + find_idea(fife, "two-week-planning-meeting").cycles[-1].why[:40] in words(poster)

    def test_what_people_wrote_is_text_and_never_markup(self, fife, theory):
        idea = find_idea(fife, "two-week-planning-meeting")
        bad = '<img src=x onerror="alert(1)"> {{ 7 * 7 }}'
        first = replace(idea.cycles[0], what=bad, learned=bad, feedback=(Feedback(bad, bad),))
        html = make_poster(fife, theory, replace(idea, title=bad, idea=bad, owner=bad, cycles=(first,)))
        assert "<img" not in html
        assert "{{ 7 * 7 }}" in unescape(html)

    def test_is_never_made_from_exact_counts(self, tmp_path):
        exact = read_extract(SAMPLE / "fife", AS_AT, audience="working")
        with pytest.raises(ParameterError, match="for everyone"):
            write_posters(exact, SAMPLE / "fife", [], tmp_path)

    def test_words_that_may_tell_of_a_person_have_to_be_read_first(self, fife, tmp_path):
        idea = find_idea(fife, "legal-advice-early")
        child = str(fife.children["child_id"].iloc[0])
        told = replace(idea.cycles[0], learned=f"It went well for {child}.")
        extract = replace(fife, tests=(replace(idea, cycles=(told,)),))
        with pytest.raises(ParameterError) as refused:
            write_posters(extract, SAMPLE / "fife", [], tmp_path)
        assert "legal-advice-early, cycle 1, learned" in str(refused.value)
        assert child not in str(refused.value)
        assert len(write_posters(extract, SAMPLE / "fife", [], tmp_path, was_read=True)) == 1

    def test_an_unknown_size_or_change_is_refused_with_those_there_are(self, fife, tmp_path):
        with pytest.raises(ParameterError, match="A3, A1"):
            write_posters(fife, SAMPLE / "fife", [], tmp_path, "A4")
        with pytest.raises(ParameterError, match="legal-advice-early"):
            write_posters(fife, SAMPLE / "fife", ["nothing"], tmp_path)

    def test_an_area_without_a_change_has_none(self, fife, tmp_path):
        with pytest.raises(NothingToShow, match="no change"):
            write_posters(replace(fife, tests=()), SAMPLE / "fife", [], tmp_path)

    def test_a1_is_a3_twice_as_large(self):
        assert SIZES["A1"][2] == 2 * SIZES["A3"][2]
        assert abs(SIZES["A1"][0] - 2 * SIZES["A3"][0]) < 1


def test_without_a_browser_there_is_no_pdf_and_nothing_fails(monkeypatch, tmp_path):
    monkeypatch.delenv("PACE_NB_CHROMIUM", raising=False)
    monkeypatch.setattr(rendering.shutil, "which", lambda name: None)
    page = tmp_path / "page.html"
    page.write_text("<p>", "utf-8")
    assert rendering.print_pdf(page) is None
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]
