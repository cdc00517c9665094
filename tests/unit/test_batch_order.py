"""What a batch file asks for, and what is said of one that has faults: all of them at once, each with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pace_nb.batch.order import is_batch_file, read_batch
from pace_nb.cli import app, reports
from pace_nb.errors import DefinitionError, ParameterError

DAY = date(2019, 7, 31)
WHOLE = """\
data = "extracts"
as_at = 2019-07-31
since = 2016-04-01
workers = 3
cell_seconds = 120

[limits]
2_aims = 60

[profiles]
fife = "agreed/fife.toml"

[[report]]
out = "board/{as_at}"
notebooks = ["2_aims"]
back_test = "board"

[[report]]
out = "/srv/team"
audience = "working"
areas = ["Fife", "Angus"]
data = "s3://bucket/extracts"
since = 2018-04-01
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "monthly.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_batch_file_asks_for_several_runs(write, tmp_path):
    board, team = read_batch(write(WHOLE))
    assert (board.data, board.out) == (str(tmp_path / "extracts"), str(tmp_path / "board/2019-07-31"))
    assert (board.notebooks, board.areas, board.audience) == (("2_aims",), (), "aggregate")
    assert (board.since, board.workers, board.cell_seconds, board.limits) == (date(2016, 4, 1), 3, 120, {"2_aims": 60})
    assert board.profiles == {"fife": str(tmp_path / "agreed/fife.toml")}
    assert board.back_test == str(tmp_path / "board")
    assert (team.data, team.out) == ("s3://bucket/extracts", "/srv/team")
    assert (team.areas, team.audience, team.since, team.back_test) == (
        ("Fife", "Angus"),
        "working",
        date(2018, 4, 1),
        "",
    )
    assert {o.as_at for o in (board, team)} == {DAY}
    assert not any(o.resume for o in (board, team))


def test_the_day_of_the_command_line_comes_first(write, tmp_path):
    board, _ = read_batch(write(WHOLE), date(2019, 8, 31))
    assert board.as_at == date(2019, 8, 31)
    assert board.out == str(tmp_path / "board/2019-08-31")


def test_no_day_is_no_day_of_its_own(write):
    with pytest.raises(ParameterError, match="does not say up to which day"):
        read_batch(write('data = "x"\n[[report]]\nout = "y"\n'))


FAULTY = """\
dta = "extracts"
as_at = "2019-07-31"
workers = -1

[limits]
2_aims = "long"

[[report]]
audience = "everybody"
out = 3

[[report]]
notebooks = []
data = "extracts"

[[report]]
data = "extracts"
out = "same"

[[report]]
data = "extracts"
out = "same"
"""


def test_every_fault_is_told_at_once_with_its_line(write):
    with pytest.raises(DefinitionError) as told:
        read_batch(write(FAULTY))
    said = str(told.value)
    for line, what in {
        1: "'dta' is not a field; did you mean 'data'?",
        2: "as_at must be a date without quotation marks",
        3: "workers must be a whole number",
        6: "2_aims must be a whole number",
        8: "'data' is missing here and at the top of the file",
        9: "audience: 'everybody' is not one of aggregate, working",
        10: "out must be text",
        12: "'out' is missing",
        13: "notebooks must be a list",
        22: "out is the folder of report 3 too",
    }.items():
        assert any(f"line {line}:" in x and what in x for x in said.splitlines()), (line, what, said)
    assert "10 faults" in said


def test_a_file_that_asks_for_nothing_says_what_to_write(write):
    with pytest.raises(DefinitionError, match=r"write \[\[report\]\]"):
        read_batch(write('data = "x"\nas_at = 2019-07-31\n'))


def test_what_is_a_batch_file(write, tmp_path):
    assert is_batch_file(str(write(WHOLE)))
    assert not is_batch_file(str(tmp_path / "other.toml")), (
        "one that is not there is asked for as an extract, and missed as one"
    )
    assert not is_batch_file(str(tmp_path))


def test_the_example_is_a_batch_file(write):
    printed = CliRunner().invoke(app, ["report", "--example"])
    assert printed.exit_code == 0
    everyone, team = read_batch(write(printed.stdout), DAY)
    assert (everyone.audience, team.audience) == ("aggregate", "working")
    bare = "\n".join(
        line.removeprefix("# ") if "=" in line or "[" in line else line for line in printed.stdout.splitlines()[3:]
    )
    assert read_batch(write(bare), DAY)[0].limits, "what is commented out has to be right too"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as-at", "2019-07-31"], "not said what to make reports of"),
        (["extracts"], "not said up to which day"),
        (["MONTHLY", "--area", "Fife", "--out", "x"], "--area, --out stands in the batch file"),
        (["extracts", "--as-at", "2019-07-31", "--engine", "steam"], "There is no engine 'steam'"),
    ],
)
def test_what_cannot_be_meant_is_refused(write, arguments, said):
    path = str(write(WHOLE))
    ended = CliRunner().invoke(app, ["report", *[path if a == "MONTHLY" else a for a in arguments]])
    assert isinstance(ended.exception, ParameterError)
    assert said in str(ended.exception)


def test_the_command_line_says_how_and_the_file_says_what(write, monkeypatch):
    asked = []
    monkeypatch.setattr(reports, "_make", lambda order: asked.append(order) or len(asked) - 1)
    ended = CliRunner().invoke(app, ["report", str(write(WHOLE)), "--resume", "--workers", "1", "--engine", "standard"])
    assert [(o.resume, o.workers, o.engine) for o in asked] == [(True, 1, "standard")] * 2
    assert ended.exit_code == 1, "one that failed is told, whichever it was"


def test_schedules_say_the_day_aloud_and_name_files_that_are_there():
    folder = Path(__file__).parents[2] / "templates" / "schedule"
    for name in ("crontab", "pace-nb.service", "monthly.cmd"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "--as-at" in text
        assert "report monthly.toml" in text
    assert (folder / "monthly.toml").exists()
