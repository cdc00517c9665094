"""One writer for each output folder; whoever comes second is told who it is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pace_nb.batch.claim import WORK, WRITER, claim
from pace_nb.errors import ParameterError

HOLD = """
import sys, time
from pathlib import Path
from pace_nb.batch.claim import claim
with claim(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_writer_is_told_of_the_first_and_a_dead_one_holds_nobody_up(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path / "out"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "held\n"
        with (
            pytest.raises(ParameterError, match=f"process {process.pid} of .* since ") as told,
            claim(tmp_path / "out"),
        ):
            pytest.fail("two hold the folder")
        assert "--resume" in str(told.value)
    finally:
        process.kill()
        process.communicate()
    assert (tmp_path / "out" / WRITER).exists(), "it was killed, and left its name"
    with claim(tmp_path / "out"):
        pass


def test_nothing_stays_of_a_run_that_made_nothing(tmp_path):
    def break_off():
        with claim(tmp_path / "out"):
            (tmp_path / "out" / WORK / "half.ipynb").touch()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ParameterError, match="Nothing can be written to 'out'"), claim(tmp_path / "file" / "out"):
        pytest.fail("it cannot be held")
