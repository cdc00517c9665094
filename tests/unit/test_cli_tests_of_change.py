"""A facilitator records a cycle by answering questions: nothing has to be known of TOML, and slips are asked about at once."""

from __future__ import annotations

from datetime import date

import pytest
from typer.testing import CliRunner

from pace_nb.cli import app
from pace_nb.errors import ParameterError
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
    assert "Write the day as 2019-03-25" in said
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
