"""Progress goes to where somebody reads it: a bar on a terminal, lines in a log, nothing into a pipe."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CODE = """
from pace_nb.cli.console import progress
with progress(3, "Making pages") as tell:
    for area in ("Angus", "Fife", "Moray"):
        tell(area)
"""


def told(stderr, **environment):
    """Run the code with standard error going somewhere."""
    known = {k: v for k, v in os.environ.items() if k not in ("CI", "JOURNAL_STREAM", "FORCE_COLOR")}
    return subprocess.run([sys.executable, "-c", CODE], stderr=stderr, env={**known, **environment}, check=True)


def test_a_log_has_plain_lines(tmp_path):
    with (tmp_path / "log").open("wb") as log:
        told(log)
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert lines == ["1 of 3: Angus", "2 of 3: Fife", "3 of 3: Moray"]


def test_what_was_there_before_is_told_at_once_and_not_taken_for_speed(tmp_path):
    code = CODE.replace("    for area in", "    tell('2 kept from before', 2)\n    for area in").replace(
        '"Angus", "Fife", "Moray"', '"Moray",'
    )
    with (tmp_path / "log").open("wb") as log:
        subprocess.run([sys.executable, "-c", code], stderr=log, check=True)
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert lines == ["2 of 3: 2 kept from before", "3 of 3: Moray"]


def test_a_pipe_has_nothing_unless_it_is_kept():
    assert told(subprocess.PIPE).stderr == b""
    assert told(subprocess.PIPE, CI="true").stderr.decode().splitlines()[-1] == "3 of 3: Moray"


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals to make on Windows")
def test_a_terminal_has_a_bar_that_tells_how_far_it_is():
    ours, theirs = os.openpty()
    told(theirs, TERM="xterm", COLUMNS="100")
    os.close(theirs)
    seen = b""
    while True:
        try:
            chunk = os.read(ours, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        seen += chunk
    os.close(ours)
    assert "Moray" in seen.decode()
    assert "3/3" in seen.decode()
