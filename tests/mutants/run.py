"""Runs tests against a copy of the package with one line changed, over and over. Called by test_mutants.py.

    python run.py COPY RESULTS

COPY is a folder that holds a copy of pace_nb. Libraries are imported once; then every run is a fork of this process that
imports the copy afresh, so that a run costs what its tests cost. RESULTS is written as JSON: name of the mutant or of the set
of tests -> outcome. Needs a system with fork.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import json
import os
import signal
import sys
from pathlib import Path

import numpy  # noqa: F401  imported here once, so that no run has to
import pandas  # noqa: F401
import pytest
import scipy.stats  # noqa: F401
from table import MUTANTS, TESTS, Mutant

HERE = Path(__file__).parent
SECONDS = 60  # a run that takes longer goes round in circles
QUIETLY = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception")
OUTCOMES = {0: "passed", 1: "failed"}


def run_tests(copy: Path, tests: tuple[str, ...], keep_compiled: bool = False) -> str:
    """Run tests against the copy in a fork, and return "passed", "failed", "ran on", or that they could not run."""
    child = os.fork()
    if not child:
        code = 70
        try:
            signal.alarm(SECONDS)
            sys.dont_write_bytecode = not keep_compiled
            sys.path.insert(0, str(copy))
            with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
                os.dup2(nowhere.fileno(), 1)
                os.dup2(nowhere.fileno(), 2)
                code = int(pytest.main([*QUIETLY, *(str(HERE.parent / t) for t in tests)]))
                used = Path(sys.modules["pace_nb"].__file__)
                if not used.is_relative_to(copy):
                    code = 71  # the tests did not look at the copy
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return "ran on" if os.WTERMSIG(status) == signal.SIGALRM else "crashed"
    code = os.WEXITSTATUS(status)
    return OUTCOMES.get(code, f"could not run (exit code {code})")


def run_mutant(copy: Path, mutant: Mutant) -> str:
    """Change the line in the copy, run its tests, and put the line back."""
    path = copy / "pace_nb" / f"{mutant.module}.py"
    if not path.exists():
        return "there is no such module"
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.was) != 1:
        return f"its text is found {text.count(mutant.was)} times, not once"
    Path(importlib.util.cache_from_source(str(path))).unlink(
        missing_ok=True
    )  # of the same size and second, it would be used
    path.write_text(text.replace(mutant.was, mutant.now), encoding="utf-8")
    try:
        return run_tests(copy, TESTS[mutant.tests])
    finally:
        path.write_text(text, encoding="utf-8")


def main() -> None:
    copy, results = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    (copy / "pace_nb" / "__init__.py").write_text(
        "", encoding="utf-8"
    )  # what tests need they import; the rest takes time
    gc.freeze()  # what is here now need not be gone through again in every run
    used = dict.fromkeys(m.tests for m in MUTANTS)
    found = {name: run_tests(copy, TESTS[name], keep_compiled=True) for name in used}
    found |= {m.name: run_mutant(copy, m) for m in MUTANTS}
    results.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
