"""The records of tests of change: read exactly, every fault at once, the same from TOML and from a workbook, no names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.errors import DefinitionError
from pace_nb.tests_of_change import (
    DECISIONS,
    HELD,
    SCALES,
    ChangeIdea,
    Cycle,
    Feedback,
    Question,
    as_change,
    find_told,
    kinds_told,
    known_numbers,
    known_on,
    read_tests,
    to_toml,
    write_idea,
    write_workbook,
)

ASKED = (Question("Does it arrive?", "Yes."),)
FIRST = Cycle(
    1,
    date(2018, 3, 5),
    "child",
    "Try it",
    "One letter",
    ASKED,
    end=date(2018, 4, 6),
    decision="adapt",
    why="It can be done",
)
SECOND = Cycle(2, date(2018, 4, 9), "team", "Try more", "All letters", ASKED)
IDEA = ChangeIdea("letters", "Earlier letters", "Letters go out in week one.", "aim-2", cycles=(FIRST, SECOND))


def faults_of(tmp_path, text: str, aims=None) -> str:
    (tmp_path / "letters.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_tests(tmp_path, aims)
    return str(caught.value)


class TestReading:
    def test_what_is_written_is_read(self, tmp_path):
        write_idea(IDEA, tmp_path)
        assert read_tests(tmp_path) == (IDEA,)

    def test_nothing_there_is_no_ideas(self, tmp_path):
        assert read_tests(tmp_path / "changes") == ()

    def test_ideas_stand_in_order_of_their_first_day_and_those_without_one_last(self, tmp_path):
        later = replace(IDEA, id="later", eligible_from=date(2019, 1, 1))
        never = replace(IDEA, id="a-never", cycles=())
        for idea in (later, never, IDEA):
            write_idea(idea, tmp_path)
        assert [i.id for i in read_tests(tmp_path)] == ["letters", "later", "a-never"]

    def test_every_fault_of_every_file_is_told_with_its_place(self, tmp_path):
        write_idea(replace(IDEA, id="other"), tmp_path)
        (tmp_path / "third.toml").write_text("x = [", encoding="utf-8")
        wrong = (
            to_toml(IDEA)
            .replace('aim = "aim-2"', 'aim = "aim-9"\nowners = "x"')
            .replace('scale = "child"', 'scale = "village"')
            .replace("start = 2018-04-09", 'start = "April"')
            .replace('why = "It can be done"', "")
        )
        told = faults_of(tmp_path, wrong, ("aim-1", "aim-2"))
        for phrase in (
            "third.toml is not valid TOML",
            "letters.toml: 'owners' is not a field; did you mean 'owner'?",
            "letters.toml: there is no aim 'aim-9'",
            "letters.toml, cycle 1: scale: 'village' is not one of child, team, area",
            "letters.toml, cycle 1: a decision needs its reason",
            "letters.toml, cycle 2: start must be a date",
        ):
            assert phrase in told
        assert "cannot be used: 6 faults" in told

    @pytest.mark.parametrize(
        ("before", "after", "fault"),
        [
            ("end = 2018-04-06", "end = 2018-03-04", "end is before start"),
            ("end = 2018-04-06", "", "there is a decision, so the cycle has ended"),
            ("number = 2", "number = 1", "number them in order"),
            ("start = 2018-04-09", "start = 2018-03-04", "starts before cycle 1"),
            ('prediction = "Yes."', "", "'prediction' is missing"),
            ('id = "letters"', 'id = "Two Weeks"', "lower-case letters, digits and hyphens"),
            ('aim = "aim-2"', 'aim = "aim-2"\nnew_median_from = 2018-09-01', "belong together"),
            (
                'aim = "aim-2"',
                'aim = "aim-2"\nnew_median_from = 2018-01-01\nagreed_by = "group"',
                "before the change itself",
            ),
        ],
    )
    def test_what_contradicts_itself_is_a_fault(self, tmp_path, before, after, fault):
        text = to_toml(IDEA)
        assert before in text
        assert fault in faults_of(tmp_path, text.replace(before, after, 1))

    def test_the_order_of_cycles_is_told_with_their_other_faults(self, tmp_path):
        wrong = to_toml(IDEA).replace("number = 2", "number = 1").replace('scale = "team"', 'scale = "village"')
        told = faults_of(tmp_path, wrong.replace("start = 2018-04-09", "start = 2018-03-04"))
        for phrase in ("number them in order", "starts before cycle 1", "'village' is not one of"):
            assert phrase in told

    @pytest.mark.parametrize("day", ["05/03/2018", "5.3.2018", "2018/03/05"])
    def test_a_day_with_slashes_is_told_with_its_line_and_how_to_write_it(self, tmp_path, day):
        text = to_toml(IDEA).replace("start = 2018-03-05", f"start = {day}")
        line = text.splitlines().index(f"start = {day}") + 1
        told = faults_of(tmp_path, text)
        assert f"letters.toml, line {line}: 'start' is no TOML: write a day as 2018-03-05" in told

    def test_any_other_fault_of_toml_is_told_with_its_line(self, tmp_path):
        assert "line 2" in faults_of(tmp_path, 'id = "letters"\ntitle = Letters\n')

    def test_capitals_do_not_matter_in_a_choice(self, tmp_path):
        text = to_toml(IDEA).replace('"adapt"', '"Adapt"').replace('"team"', '"TEAM"')
        (tmp_path / "letters.toml").write_text(text, encoding="utf-8")
        assert read_tests(tmp_path) == (IDEA,)

    def test_a_cycle_without_a_question_is_a_fault(self, tmp_path):
        text = to_toml(replace(IDEA, cycles=(replace(FIRST, questions=()),)))
        assert "has no question" in faults_of(tmp_path, text)

    def test_an_id_used_twice_names_both_files(self, tmp_path):
        write_idea(IDEA, tmp_path, "one.toml")
        assert "letters.toml" in faults_of(tmp_path, to_toml(IDEA))

    def test_a_workbook_beside_other_records_is_refused(self, tmp_path):
        write_idea(IDEA, tmp_path)
        write_workbook((IDEA,), tmp_path / "all.xlsx")
        with pytest.raises(DefinitionError, match="nobody knows which count"):
            read_tests(tmp_path)


class TestStates:
    @pytest.mark.parametrize(
        ("decision", "state"), [("", "testing"), ("adapt", "adapting"), ("adopt", "adopted"), ("abandon", "abandoned")]
    )
    def test_follow_from_the_last_decision(self, decision, state):
        assert replace(IDEA, cycles=(SECOND, replace(FIRST, decision=decision))).state == state

    def test_without_a_cycle_it_is_an_idea_and_no_line_on_a_chart(self):
        idea = replace(IDEA, cycles=())
        assert (idea.state, idea.scale, idea.starts, as_change(idea)) == ("idea", "", None, None)

    def test_the_scale_is_the_largest_that_was_tried(self):
        assert replace(IDEA, cycles=(SECOND, FIRST)).scale == "team"

    def test_an_abandoned_idea_ends_with_its_last_cycle(self):
        assert replace(IDEA, cycles=(replace(FIRST, decision="abandon"),)).ends == date(2018, 4, 6)
        assert IDEA.ends is None

    def test_on_an_earlier_day_nothing_is_known_that_was_found_later(self):
        full = replace(
            FIRST,
            happened="x",
            learned="y",
            feedback=(Feedback("z", "a parent"),),
            questions=(Question("a", "b", "yes", "c"),),
        )
        (idea,) = known_on((replace(IDEA, cycles=(full, SECOND)),), date(2018, 4, 5))
        (cycle,) = idea.cycles
        assert cycle == Cycle(1, FIRST.start, "child", "Try it", "One letter", (Question("a", "b"),))
        assert known_on((replace(IDEA, cycles=(full, SECOND)),), date(2018, 4, 6))[0].cycles == (full,)


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")), min_size=1, max_size=30
)
PLAIN = TEXT.map(lambda s: " ".join(s.split())).filter(bool)
OPTIONAL = st.one_of(st.just(""), PLAIN)
DAYS = st.dates(date(2014, 1, 1), date(2019, 12, 31))
QUESTIONS = st.builds(Question, PLAIN, PLAIN, st.sampled_from(["", *HELD]), OPTIONAL)


@st.composite
def ideas(draw) -> ChangeIdea:
    starts = sorted(draw(st.lists(DAYS, max_size=3)))
    cycles = []
    for number, start in enumerate(starts, 1):
        decision = draw(st.sampled_from(["", *DECISIONS]))
        cycles.append(
            Cycle(
                number,
                start,
                draw(st.sampled_from(list(SCALES))),
                draw(PLAIN),
                draw(PLAIN),
                tuple(draw(st.lists(QUESTIONS, min_size=1, max_size=5))),
                end=draw(st.dates(start, date(2020, 12, 31))) if decision else None,
                feedback=tuple(draw(st.lists(st.builds(Feedback, PLAIN, PLAIN), max_size=4))),
                decision=decision,
                why=draw(PLAIN) if decision else "",
                who=draw(OPTIONAL),
                learned=draw(OPTIONAL),
            )
        )
    return ChangeIdea(
        "an-idea",
        draw(PLAIN),
        draw(PLAIN),
        "aim-2",
        owner=draw(OPTIONAL),
        partners=tuple(draw(st.lists(PLAIN, max_size=3))),
        placements=tuple(draw(st.lists(st.sampled_from(["kinship", "foster"]), max_size=2, unique=True))),
        under_age=draw(st.one_of(st.none(), st.integers(1, 18))),
        also_waiting=draw(st.booleans()),
        recording_from=draw(st.one_of(st.none(), DAYS)),
        cycles=tuple(cycles),
    )


@settings(max_examples=40, deadline=None)
@given(idea=ideas())
def test_toml_and_workbook_become_one_another_without_loss(idea, tmp_path_factory):
    folder = tmp_path_factory.mktemp("one")
    write_idea(idea, folder / "toml")
    assert read_tests(folder / "toml") == (idea,)
    assert read_tests(write_workbook((idea,), folder / "all.xlsx")) == (idea,)


class TestWorkbook:
    def edited(self, tmp_path, sheet: str, cells: dict[str, object], forms: dict[str, str] | None = None) -> Path:
        from openpyxl import load_workbook

        path = write_workbook((IDEA,), tmp_path / "all.xlsx")
        book = load_workbook(path)
        for cell, value in cells.items():
            book[sheet][cell] = value
        for cell, form in (forms or {}).items():
            book[sheet][cell].number_format = form
        book.save(path)
        return path

    def changed(self, tmp_path, sheet: str, cells: dict[str, object] | str, value=None) -> str:
        cells = cells if isinstance(cells, dict) else {cells: value}
        with pytest.raises(DefinitionError) as caught:
            read_tests(self.edited(tmp_path, sheet, cells))
        return str(caught.value)

    def test_a_fault_of_a_cycle_is_told_with_its_own_sheet_and_row(self, tmp_path):
        assert "all.xlsx, sheet Cycles, row 2: scale: 'village' is not one of" in self.changed(
            tmp_path, "Cycles", "E2", "village"
        )
        assert "all.xlsx, sheet Cycles, row 3: cycle 1 stands after cycle 1" in self.changed(
            tmp_path, "Cycles", "B3", 1
        )

    def test_a_fault_of_an_idea_is_told_with_its_own_sheet_and_row(self, tmp_path):
        assert "all.xlsx, sheet Ideas, row 2: under age must be a whole number" in self.changed(
            tmp_path, "Ideas", "K2", "ten"
        )

    @pytest.mark.parametrize(
        ("sheet", "cell", "value"),
        [("Cycles", "C2", "April"), ("Cycles", "C2", 2018), ("Ideas", "I2", "soon"), ("Ideas", "L2", "perhaps")],
    )
    def test_no_fault_speaks_of_marks_that_only_a_file_of_text_has(self, tmp_path, sheet, cell, value):
        told = self.changed(tmp_path, sheet, cell, value)
        assert f"sheet {sheet}, row 2: " in told
        assert not any(word in told for word in ("quotation", "bracket", "true", "_"))

    def test_a_cycle_of_no_idea_is_told_with_its_other_faults(self, tmp_path):
        told = self.changed(tmp_path, "Cycles", {"A3": "lettres", "E3": "village"})
        assert "sheet Cycles, row 3: there is no idea 'lettres' on the sheet Ideas; did you mean 'letters'?" in told
        assert "sheet Cycles, row 3: scale: 'village' is not one of" in told

    def test_a_heading_that_is_not_known_is_told_once(self, tmp_path):
        told = self.changed(tmp_path, "Cycles", {"J1": "happend", "J2": "It went well", "J3": "This too"})
        assert "sheet Cycles: 'happend' is not a heading; did you mean 'happened'?" in told
        assert told.count("happend") == 1
        assert "1 fault." in told

    def test_a_number_in_a_cell_for_words_is_words(self, tmp_path):
        path = self.edited(
            tmp_path, "Cycles", {"F2": 12, "G2": 0.9, "H2": 2.5, "E2": "Child", "N2": " Adapt"}, {"G2": "0%"}
        )
        (cycle, _) = read_tests(path)[0].cycles
        assert (cycle.objective, cycle.what, cycle.who) == ("12", "90 %", "2.5")
        assert (cycle.scale, cycle.decision) == ("child", "adapt")

    def test_a_day_that_excel_holds_as_words_is_a_day(self, tmp_path):
        path = self.edited(tmp_path, "Cycles", {"C2": "06/03/2018", "C3": "9 April 2018"})
        assert [c.start for c in read_tests(path)[0].cycles] == [date(2018, 3, 6), date(2018, 4, 9)]

    def test_aims_and_choices_stand_in_lists(self, tmp_path):
        from openpyxl import load_workbook

        path = write_workbook((IDEA,), tmp_path / "all.xlsx", {"aim-1": "Reviews", "aim-2": "Orders"})
        book = load_workbook(path)
        lists = {str(v.sqref): v.formula1 for v in book["Ideas"].data_validations.dataValidation}
        assert book["Ideas"]["D1"].value == "aim"
        assert lists["D2:D501"] == '"aim-1,aim-2"'
        assert "Aim aim-2: Orders" in [row[0].value for row in book["Read first"].iter_rows()]

    def test_no_text_is_ever_a_formula(self, tmp_path):
        from openpyxl import load_workbook

        path = write_workbook((replace(IDEA, title="=1+1"),), tmp_path / "all.xlsx")
        assert load_workbook(path)["Ideas"]["B2"].data_type == "s"
        assert read_tests(path)[0].title == "=1+1"

    def test_the_same_records_give_the_same_bytes(self, tmp_path):
        one, other = (write_workbook((IDEA,), tmp_path / f"{n}.xlsx").read_bytes() for n in "ab")
        assert one == other


class TestPrivacy:
    @pytest.mark.parametrize(
        "text",
        [
            "The review of Emma went well.",
            "Callum's mother came.",
            "We saw Zbigniew Kowalski twice.",
            "Grace MacLeod said so.",
            "Mrs McKay was there.",
            "J.S. was moved.",
            "It helped child B most.",
            "CHI 0101121234",
            "His number is 010112 1234.",
            "A girl born in March 2012.",
            "Seen on 03/04/2012.",
            "The child of 3 April 2012.",
            "Write to someone@council.scot.",
            "They live at EH1 2AB.",
            "See C-1017 for this.",
            "See c 1017 for this.",
            "It is SYN-00012 again.",
            "It is syn-00012 again.",
            "It is AB/1234 again.",
            "It is P0012345 again.",
        ],
    )
    def test_what_tells_of_a_person_is_found_and_not_repeated(self, text):
        idea = replace(IDEA, cycles=(replace(FIRST, feedback=(Feedback(text, "a parent"),)),))
        (told, *_) = find_told((idea,), {"C-1017"})
        assert told.place == "letters, cycle 1, feedback 1, quote"
        assert not set(str(told).split(": ")[1].split()) & {w.strip(".,'s") for w in text.split() if w[0].isupper()}

    @pytest.mark.parametrize(
        "text",
        [
            "The Kinship Care Team met the Health Visitors.",
            "Will it help? May we go on? Hope so.",
            "Done in six weeks by 14 of 20 families, in March 2017.",
            "A child of East Ayrshire Council.",
            "Form E and a Permanence Order.",
            "I could talk about my own sister.",
            "COVID-19 came; from mid-2018 and in March/2018 we had more, in 2019/20 less.",
            "Aim-2, page-12 and the A720.",
        ],
    )
    def test_words_of_the_field_are_no_names(self, text):
        assert kinds_told(text) == []

    @given(
        parts=st.lists(st.text("abcdefgh0123456789", min_size=1, max_size=5), min_size=1, max_size=5).filter(
            lambda p: len("".join(p)) >= 5 and any(c.isdigit() for c in "".join(p))
        ),
        between=st.sampled_from("-/ ._"),
    )
    def test_a_number_is_found_however_it_is_written_and_only_whole(self, parts, between):
        known = known_numbers(["/".join(parts)])
        told = "a child's number of the extract"
        for form in (between.join(parts), between.join(parts).upper(), "".join(parts)):
            assert told in kinds_told(f"Seen {form}, twice.", known)
        assert told not in kinds_told(f"Seen z{between.join(parts)}z, twice.", known)

    def test_an_id_that_tells_is_looked_through_and_not_repeated(self):
        (told,) = find_told((replace(IDEA, id="syn-00012"),))
        assert told.place == "change idea 1, id"
