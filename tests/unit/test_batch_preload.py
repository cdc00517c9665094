"""The process that others are forked from: it has imported everything, has one thread, and passes nothing of its own on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pace_nb.batch.workers import Job, run_jobs
from pace_nb.processes import CAN_FORK

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="needs Linux: processes are not forked elsewhere")


def look(name):
    """What a worker sees of itself and of the process that runs its notebooks."""
    from pace_nb.batch.engine import _servers

    (server,) = _servers.values()
    return {
        "value": os.environ.get(name),
        "unwanted": os.environ.get("JE_ARROW_MALLOC_CONF"),
        "name": Path("/proc/self/comm").read_text().strip(),
        "warm": Path(f"/proc/{server.process}/comm").read_text().strip(),
        "its threads": len(list(Path(f"/proc/{server.process}/task").iterdir())),
        "its parent": Path(f"/proc/{server.process}/stat").read_text().rpartition(")")[2].split()[1]
        == str(os.getpid()),
        "lark": "lark" in sys.modules,
    }


def test_a_process_that_has_imported_everything_has_one_thread():
    code = "import json, os, sys, pace_nb.batch.preload; print(json.dumps([len(os.listdir('/proc/self/task')), sorted(sys.modules)]))"
    environment = {k: v for k, v in os.environ.items() if "THREADS" not in k}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    threads, modules = json.loads(ended.stdout)
    assert threads == 1
    assert {"altair", "scipy.stats", "papermill", "nbconvert", "pace_nb.names", "pyarrow.parquet"} <= set(modules)
    assert "lark" not in modules, "seconds of building a grammar that nobody uses"


def test_processes_have_the_environment_of_who_asked_and_a_warm_process_each(monkeypatch):
    """The process that they are forked from outlives one run, so that its own environment is an older one."""
    # This process has it where an earlier test has imported the module that sets it.
    monkeypatch.delenv("JE_ARROW_MALLOC_CONF", raising=False)
    for value in ("first", "second"):
        monkeypatch.setenv("PACE_NB_TOLD", value)
        assert list(run_jobs([Job(look, ("PACE_NB_TOLD",))], 1)) == [
            (
                0,
                {
                    "value": value,
                    "unwanted": None,
                    "name": "pace-nb worker",
                    "warm": "pace-nb warm",
                    "its threads": 1,
                    "its parent": True,
                    "lark": False,
                },
            )
        ]
