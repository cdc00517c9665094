"""A facilitator records a cycle by answering questions: nothing has to be known of TOML, and slips are asked about at once."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pace_nb.cli import app
from pace_nb.errors import DefinitionError, ParameterError
from pace_nb.tests_of_change import read_tests, write_workbook

NEW = [
    *(
        "Earlier letters",
        "",
        "Letters go out in week one",
        "aim-2",
        "parents-early",
        "Team manager",
        "Education",
        "",
        "y",
    ),
    *("2018-03-05", "1", "See whether it can be done", "One letter", "Does it arrive?", "Yes", "", "", "", ""),
]
CLOSE = [
    "y",
    "2018-04-06",
    "It arrived",
    "yes",
    "",
    "Easy",
    "Good to know early",
    "a teacher",
    "",
    "adapt",
    "It can be done",
    "A team",
    "n",
]

#: Children of an extract, one of whose numbers are no more than a count.
CHILDREN = (
    "child_id,local_authority,date_of_birth\nSYN-00012,Fife,2010-04-05\n14,Fife,2011-05-06\nQX 7/31,Fife,2012-06-07\n"
)


def run(*arguments: object, answers: list[str] = ()) -> str:
    ended = CliRunner().invoke(app, ["tests", *map(str, arguments)], input="".join(f"{a}\n" for a in answers))
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return f"{ended.exit_code} {ended.output}"


@pytest.fixture
def folder(tmp_path):
    run("new", tmp_path / "changes", answers=NEW)
    return tmp_path / "changes"


def test_a_new_idea_is_what_was_answered(folder):
    (idea,) = read_tests(folder)
    assert (idea.id, idea.aim, idea.driver, idea.partners, idea.state) == (
        "earlier-letters",
        "aim-2",
        "parents-early",
        ("Education",),
        "testing",
    )
    assert idea.cycles[0].start == date(2018, 3, 5)
    assert idea.cycles[0].questions[0].prediction == "Yes"


def test_a_cycle_is_closed_with_what_was_found(folder):
    run("add-cycle", folder, answers=CLOSE)
    (cycle,) = read_tests(folder)[0].cycles
    assert (cycle.end, cycle.decision, cycle.questions[0].held) == (date(2018, 4, 6), "adapt", "yes")
    assert cycle.feedback[0].source == "a teacher"


def test_a_cycle_is_added_to_a_workbook_too(folder, tmp_path):
    book = write_workbook(read_tests(folder), tmp_path / "all.xlsx")
    run("add-cycle", book, answers=CLOSE)
    assert read_tests(book)[0].state == "adapting"


def test_a_name_a_wrong_day_and_a_wrong_choice_are_asked_about_again(tmp_path):
    answers = [*NEW]
    answers[9:12] = [
        "March",
        "2018-03-05",
        "village",
        "1",
        "See whether Emma likes it",
        "n",
        "See whether it can be done",
    ]
    said = run("new", tmp_path / "changes", answers=answers)
    assert "Write the day as 25/03/2019 or 2019-03-25" in said
    assert "Give a number from 1 to 3" in said
    assert "This may hold a first name" in said
    assert "Emma" not in (tmp_path / "changes" / "earlier-letters.toml").read_text(encoding="utf-8")


def test_check_says_where_and_not_what(folder):
    file = folder / "earlier-letters.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("One letter", "One letter on Callum"), encoding="utf-8")
    said = run("check", folder)
    assert said.startswith("3 ")
    assert "earlier-letters, cycle 1, what: a first name" in said
    assert "Callum" not in said


def test_convert_overwrites_nothing(folder, tmp_path):
    assert "1 change ideas, 1 cycles" in run("convert", folder, tmp_path / "all.xlsx")
    assert "1 change ideas" in run("convert", tmp_path / "all.xlsx", tmp_path / "again")
    assert read_tests(tmp_path / "again") == read_tests(folder)
    with pytest.raises(ParameterError, match="there already"):
        run("convert", folder, tmp_path / "all.xlsx")
    with pytest.raises(ParameterError, match="There already"):
        run("convert", folder, tmp_path / "again")


def test_an_empty_workbook_can_be_read_back(tmp_path):
    run("workbook", tmp_path / "changes" / "all.xlsx")
    assert read_tests(tmp_path / "changes") == ()


@pytest.fixture
def beside(folder):
    """The folder with tests of change, beside the children's table of an extract."""
    (folder.parent / "children.csv").write_text(CHILDREN, encoding="utf-8")
    return folder


def written(folder: Path, before: str, after: str) -> None:
    """Change the words of a record by hand."""
    file = folder / "earlier-letters.toml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


class TestChildrensNumbers:
    def test_of_the_extract_beside_are_asked_about_in_the_form(self, beside):
        answers = [*CLOSE[:2], "It arrived with qx 7 31", "n", *CLOSE[2:]]
        said = run("add-cycle", beside, answers=answers)
        assert "This may hold a child's number of the extract. Is it fit for everyone to read?" in said
        assert "qx" not in (beside / "earlier-letters.toml").read_text(encoding="utf-8")

    def test_of_the_extract_beside_are_asked_about_in_a_new_idea(self, beside):
        said = run("new", beside, answers=["Letters for QX-7-31", "n", "Later letters", *NEW[1:]])
        assert "This may hold a child's number of the extract" in said
        assert (beside / "later-letters.toml").exists()

    @pytest.mark.parametrize("words", ["One letter on QX-7-31", "One letter, child 14", "One letter: qx 7/31"])
    def test_of_the_extract_beside_are_found_by_check_without_a_word_more(self, beside, words):
        written(beside, "One letter", words)
        said = run("check", beside)
        assert said.startswith("3 ")
        assert "earlier-letters, cycle 1, what: a child's number of the extract" in said
        assert "QX" not in said

    def test_that_could_be_any_count_are_not_found_in_a_count(self, beside):
        written(beside, "One letter", "14 letters to 14 schools")
        said = run("check", beside)
        assert said.startswith("0 ")
        assert "No name, child's number or date of birth was found" in said

    def test_of_another_extract_need_no_day(self, folder, beside, tmp_path):
        far = tmp_path / "far" / "changes"
        shutil.copytree(folder, far)
        written(far, "One letter", "One letter on QX 7/31")
        assert run("check", far, "--extract", tmp_path).startswith("3 ")

    def test_are_said_not_to_be_looked_for_where_there_is_no_extract(self, folder):
        said = run("check", folder)
        assert "Children's own numbers are NOT looked for" in said
        assert f"pace-nb tests check {folder} --extract" in said
        assert "child's number or date" not in said
        assert "Children's own numbers are NOT looked for" in run("add-cycle", folder, answers=CLOSE)

    def test_of_that_form_are_asked_about_without_an_extract(self, folder):
        written(folder, "One letter", "One letter on AB/1234")
        said = run("check", folder)
        assert "earlier-letters, cycle 1, what: letters and figures like the number of a child or a case" in said
        assert "AB/1234" not in said


class TestCheckSaysAll:
    def test_what_may_tell_of_a_person_while_there_are_faults(self, folder, capsys):
        written(folder, "One letter", "One letter on Callum")
        written(folder, 'scale = "child"', 'scale = "village"')
        ended = CliRunner().invoke(app, ["tests", "check", str(folder)])
        assert "earlier-letters, cycle 1, what: a first name" in ended.output
        assert "Callum" not in ended.output
        assert isinstance(ended.exception, DefinitionError)
        assert "'village' is not one of" in str(ended.exception)

    def test_a_driver_that_is_in_no_theory(self, folder):
        written(folder, 'driver = "parents-early"', 'driver = "parents-erly"')
        said = run("check", folder)
        assert (
            "earlier-letters: its driver 'parents-erly' is in no theory of change; did you mean 'parents-early'?"
            in said
        )

    def test_no_driver_that_the_theory_beside_has(self, folder):
        (folder.parent / "theory.toml").write_text(
            '[[secondary]]\nid = "own-driver"\ntitle = "Our own"\nof = "clear-plan-early"\n', encoding="utf-8"
        )
        written(folder, 'driver = "parents-early"', 'driver = "own-driver"')
        assert "is in no theory" not in run("check", folder)
        written(folder, 'driver = "own-driver"', 'driver = "our own"')
        assert "is in no theory" not in run("check", folder)


class TestForm:
    def test_takes_a_day_as_people_write_it_and_says_it_back(self, tmp_path):
        answers = ["05/03/2018" if a == "2018-03-05" else a for a in NEW]
        said = run("new", tmp_path / "changes", answers=answers)
        assert "That is Monday, 5 March 2018." in said
        assert read_tests(tmp_path / "changes")[0].cycles[0].start == date(2018, 3, 5)

    def test_says_what_may_be_blank_and_what_to_run_next(self, tmp_path):
        folder = tmp_path / "changes"
        said = run("new", folder, answers=NEW)
        assert said.index("Press Enter to leave a question blank") < said.index("The change idea, in a few words")
        assert "Who leads it (a role, no name) (may be blank)" in said
        assert "What is done differently:" in said
        assert f"pace-nb tests check {folder}" in said
        assert f"When cycle 1 has ended: pace-nb tests add-cycle {folder} --change earlier-letters" in said

    def test_a_day_before_the_cycle_before_is_asked_again(self, folder):
        answers = [CLOSE[0], "01/02/2018", *CLOSE[1:]]
        assert "1 February 2018 is before 5 March 2018" in run("add-cycle", folder, answers=answers)
