"""What is printed: nothing is fetched or run, every text is escaped and fits its place, and no child is shown."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pace_nb.charts.poster import say_period
from pace_nb.disclosure import protect_share
from pace_nb.errors import NothingToShow, ParameterError
from pace_nb.extract import read_extract
from pace_nb.handouts import render as rendering
from pace_nb.handouts import write_plans
from pace_nb.handouts.numbers import chart_whole_periods, say_in_time
from pace_nb.handouts.poster import SIZES, choose_cycles, choose_quotes, find_idea, make_poster, shorten, write_posters
from pace_nb.intervals import find_intervals
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

    def test_a_measure_of_several_aims_stands_once_and_is_named_in_one_line_under_the_others(self, plans, theory):
        text, html = words(plans["measurement-plan"]), plans["measurement-plan"]
        assert html.count('<div class="measure">') == len(theory.measures)
        for part in html.split("<section>")[1:]:
            lines = re.findall(r"As under ([^:<]*):", part)
            assert len(lines) == len(set(lines))
        shared = [m for m in theory.measures.values() if text.count(m.title) > 1]
        assert shared
        assert "As under Aim 1:" in text

    def test_each_diagram_is_headed_by_its_aim(self, plans, theory):
        headings = re.findall("<h1>(.*?)</h1>", plans["driver-diagrams"])
        assert [unescape(h) for h in headings] == [a.title for a in theory.aims.values()]

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


class TestInTime:
    def of(self, fife, met: int, missed: int, waiting: int = 0, target: int | None = 90, **own):
        """An aim of six months from 2018 on, with so many children who met it, missed it, are not yet due."""
        aim = replace(fife.aims["aim-2"], target=target, from_date=date(2018, 1, 1), **own)
        table = find_intervals(fife, aim).table.iloc[[0] * (met + missed + waiting)].reset_index(drop=True)
        due = [date(2019, 1, 10)] * (met + missed) + [date(2019, 12, 1)] * waiting
        days = [100] * met + [300] * missed + [30] * waiting
        start = [date(2018, 7, 10)] * (met + missed) + [date(2019, 6, 1)] * waiting
        table = table.assign(
            start=pd.to_datetime(start), due=pd.to_datetime(due), days=days, cohort="new",
            status=["reached"] * (met + missed) + ["waiting"] * waiting,
        )  # fmt: skip
        return replace(find_intervals(fife, aim), table=table, aim=aim)

    @pytest.mark.parametrize(
        ("met", "missed", "verdict"),
        [(20, 20, "not met so far"), (190, 6, "met so far"), (90, 10, "too close to say from rounded counts")],
    )
    def test_says_the_share_its_denominator_the_aim_and_whether_it_is_met(self, fife, met, missed, verdict):
        said = say_in_time(self.of(fife, met, missed, waiting=13))
        share = protect_share(met, met + missed, "aggregate")
        assert (
            f"about {100 * share:.0f} % of about {round((met + missed) / 5) * 5} children whose clock started since"
            in said
        )
        assert said.endswith(f"The aim is 90 %: {verdict}.")

    @given(met=st.integers(5, 120), missed=st.integers(5, 120), target=st.integers(1, 100))
    @example(met=92, missed=9, target=91)  # 90 of 100 as it is shown
    @example(met=98, missed=11, target=90)  # 100 of 110 as it is shown
    def test_what_it_says_of_a_target_is_so_whatever_the_true_counts_are(self, fife, met, missed, target):
        """It is worked out from rounded counts, and is never wrong of those behind them."""
        said = say_in_time(self.of(fife, met, missed, target=target))
        if "not met so far" in said:
            assert met / (met + missed) < target / 100
        elif "met so far" in said:
            assert met / (met + missed) >= target / 100

    @pytest.mark.parametrize(("met", "missed"), [(3, 4), (2, 30), (0, 40), (40, 0)])
    def test_of_few_or_of_all_alike_no_number_is_said(self, fife, met, missed):
        said = say_in_time(self.of(fife, met, missed))
        assert "too few children" in said
        assert said.count(" %") == 1  # that of the aim

    def test_nobody_due_and_no_target_and_no_limit_are_said(self, fife):
        assert "no child was due" in say_in_time(self.of(fife, 0, 0, waiting=12))
        assert "No target share is set" in say_in_time(self.of(fife, 20, 20, target=None))
        assert "no limit" in say_in_time(self.of(fife, 20, 20, limit=None))

    def test_without_a_first_day_only_those_due_in_the_last_year_count(self, fife):
        found = self.of(fife, 20, 20)
        aim = replace(found.aim, from_date=None)
        early = found.table["due"].where(found.table.index >= 15, pd.Timestamp(2018, 7, 31))
        said = say_in_time(replace(found, aim=aim, table=found.table.assign(due=early)))
        assert "about 20 % of about 25 children whose 6 months ran out in the year to 31 July 2019" in said

    def test_stands_on_the_poster(self, poster, fife):
        assert say_in_time(find_intervals(fife, fife.aims["aim-2"])) in words(poster)


class TestPosterChart:
    def test_has_no_period_that_was_not_over(self, fife):
        found = find_intervals(fife, fife.aims["aim-2"])
        run, unfinished = chart_whole_periods(found)
        assert unfinished
        assert run.points["until"].max() <= pd.Timestamp(AS_AT)
        assert run.points["label"].iloc[-1] == "2019 Q2"

    def test_keeps_a_period_that_ends_on_the_day(self, fife):
        found = replace(find_intervals(fife, fife.aims["aim-2"]), as_at=date(2019, 9, 30))
        run, unfinished = chart_whole_periods(found)
        assert not unfinished
        assert run.points["label"].iloc[-1] == "2019 Q3"

    def test_names_quarters_by_their_months_and_says_what_is_left_out(self, poster):
        text = words(poster)
        assert [say_period(f"2019 Q{n}")[0] for n in range(1, 5)] == ["Jan–Mar", "Apr–Jun", "Jul–Sep", "Oct–Dec"]
        assert "Jul–Sep" in text
        assert re.search(r"20\d\d Q\d", text) is None
        assert "The period that was not over on 31 July 2019 is left out." in text

    def test_names_the_cycles_at_their_lines_and_on_their_cards(self, poster):
        text = words(poster)
        assert text.count("Cycle 2") == 2  # at its line, on its card
        assert text.count("Cycle 1") == 1  # one family: no line, for it would tell the day
        assert "Upright lines: where that cycle began" in text


class TestPoster:
    def test_says_what_was_found_and_has_no_cross_for_a_prediction_that_did_not_hold(self, poster, fife):
        for c in find_idea(fife, "two-week-planning-meeting").cycles:
            assert all(f"We found: {q.found}" in words(poster) for q in c.questions if q.found)
        marks = re.findall(r'<span class="held (\w+)"><svg[^>]*>(.*?)</svg>', poster)
        assert {"yes", "no", "partly"} <= {code for code, _ in marks}
        assert all("<path" not in drawn for code, drawn in marks if code == "no")
        color = re.search(r"\.held\.no \{ color: #(\w\w)(\w\w)(\w\w)", poster)
        assert int(color[1], 16) < int(color[3], 16)  # more blue than red

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
