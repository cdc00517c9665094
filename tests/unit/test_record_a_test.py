"""The form for a cycle: the same log and checks as the command line, and nothing that was there is ever lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pace_nb.controls.record import Recorder
from pace_nb.errors import ParameterError
from pace_nb.tests_of_change import ChangeIdea, read_tests, write_idea, write_workbook
from pace_nb.tests_of_change.keep import keep_idea

FORM = {
    "title": "Early meeting",
    "idea": "A meeting after two weeks.",
    "objective": "Who can come?",
    "what": "One meeting.",
}
TITLES = {"aim-2": "Aim 2"}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "changes"


def filled(log: Path) -> Recorder:
    form = Recorder(log)
    form.aim.value = "aim-2"
    for name, words in FORM.items():
        form.boxes[name].value = words
    form.start.value, form.question.value, form.prediction.value = "25/03/2019", "Could everyone come?", "Yes."
    return form


def test_an_idea_with_its_first_cycle_is_written_and_read_by_the_command_line(log, run_cli, tmp_path):
    form = filled(log)
    form.write()
    assert form.live.text.startswith("Written to early-meeting.toml in the folder changes")
    (idea,) = read_tests(log, TITLES)
    assert (idea.title, idea.aim, idea.cycles[0].start.isoformat(), idea.state) == (
        "Early meeting",
        "aim-2",
        "2019-03-25",
        "testing",
    )
    checked = run_cli("tests", "check", log, cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert form.boxes["title"].value == ""  # nothing is written twice


def test_a_cycle_is_closed_and_the_next_one_added_and_the_first_stays(log):
    filled(log).write()
    form = Recorder(log)
    form.kind.value = "close"
    form.end.value, form.boxes["why"].value = "2019-04-05", "It can begin earlier."
    form.decision.value, form.held.value, form.found.value = "adapt", "partly", "Half came."
    form.write()
    form.kind.value = "cycle"
    form.boxes["objective"].value, form.boxes["what"].value = "Is ten days enough?", "Two meetings."
    form.start.value, form.question.value, form.prediction.value = "8 April 2019", "Who came?", "All."
    form.write()
    (idea,) = read_tests(log, TITLES)
    first, second = idea.cycles
    assert (first.decision, first.questions[0].held, first.questions[0].found) == ("adapt", "partly", "Half came.")
    assert (second.number, second.start.isoformat()) == (2, "2019-04-08")


def test_every_fault_is_named_by_its_box_and_nothing_is_written(log):
    form = Recorder(log)
    form.boxes["objective"].value, form.start.value = "Who can come?", "31/31/2019"
    form.write()
    for words in ("The change idea, in a few words", "What is done differently", "What will be done?", "first day"):
        assert words in form.told.html
    assert not log.exists()


@pytest.mark.parametrize("words", ["Emma Smith was there.", "Child SYN-00012 came.", "Born 3/4/2012."])
def test_what_may_tell_of_a_person_is_asked_about_and_not_repeated(log, words):
    form = filled(log)
    form.boxes["what"].value = words
    form.write()
    assert "early-meeting, cycle 1, what" in form.told.html
    assert words not in form.told.html
    assert not log.exists()
    form.fit.value = True
    form.write()
    assert log.exists()


def test_children_of_the_extract_beside_the_log_are_known_by_number(write_extract):
    children = "local_authority,child_id,date_of_birth,sex\nFife,QX77120,2012-03-04,female\n"
    place = write_extract(children=children)
    form = filled(place / "changes")
    form.boxes["what"].value = "We met qx77120 twice."
    form.write()
    assert "number of the extract" in form.told.html
    assert not (place / "changes").exists()


def test_what_somebody_else_wrote_meanwhile_is_not_lost(log):
    filled(log).write()
    (was,) = read_tests(log, TITLES)
    write_idea(replace(was, owner="a team manager"), log)
    with pytest.raises(ParameterError, match="nothing was written"):
        keep_idea(log, replace(was, owner="another"), was, TITLES)
    assert read_tests(log, TITLES)[0].owner == "a team manager"


def test_an_idea_of_the_same_name_is_refused_and_a_file_in_the_way_too(log):
    filled(log).write()
    before = (log / "early-meeting.toml").read_bytes()
    again = filled(log)
    again.write()
    assert "an idea of this name is in the log" in again.told.html
    with pytest.raises(ParameterError, match="nothing was written"):
        keep_idea(log, ChangeIdea("early-meeting", "Other", "Other.", "aim-2"), None, TITLES)
    assert (log / "early-meeting.toml").read_bytes() == before


def test_a_log_that_is_a_workbook_stays_one_with_all_that_it_held(log):
    log.mkdir()
    write_workbook((ChangeIdea("older", "Older", "An older idea.", "aim-2"),), log / "log.xlsx", TITLES)
    form = filled(log)
    form.write()
    assert form.live.text.startswith("Written to log.xlsx")
    assert {i.id for i in read_tests(log, TITLES)} == {"older", "early-meeting"}


def test_a_log_that_cannot_be_read_is_said_and_left_alone(log):
    log.mkdir()
    (log / "a.toml").write_text("title = 3\n")
    form = filled(log)
    assert form.live.text == "The log cannot be read."
    form.write()
    assert (log / "a.toml").read_text() == "title = 3\n"
    assert len(list(log.iterdir())) == 1
