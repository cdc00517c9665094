"""Break the statistics one line at a time: some test has to fail each time (the lines are in table.py)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from table import MUTANTS, TESTS

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PATIENCE = 900

pytestmark = [
    pytest.mark.skipif(
        not hasattr(os, "fork"), reason="this system has no fork, and a process for each would take long"
    ),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, str]:
    """What became of each set of tests on the untouched copy, and of each mutant."""
    folder = tmp_path_factory.mktemp("mutants")
    shutil.copytree(ROOT / "pace_nb", folder / "copy" / "pace_nb", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, str(HERE / "run.py"), str(folder / "copy"), str(folder / "results.json")]
    quiet = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
    quiet |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OPENBLAS_NUM_THREADS": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def test_no_two_mutants_are_the_same():
    names = [m.name for m in MUTANTS]
    assert len(set(names)) == len(names)
    assert {m.tests for m in MUTANTS} == set(TESTS)


@pytest.mark.parametrize("tests", TESTS)
def test_the_untouched_copy_passes(outcomes, tests):
    assert outcomes[tests] == "passed"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name)
def test_some_test_notices(outcomes, mutant):
    assert outcomes[mutant.name] in ("failed", "ran on"), f"{mutant.name}: {outcomes[mutant.name]}"
