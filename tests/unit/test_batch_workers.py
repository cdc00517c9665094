"""Processes that do one thing after another: one that dies costs what it was doing, and only if it dies of it twice."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from pace_nb.batch.workers import Job, Lost, run_jobs


def square(n):
    return n * n


def fail(text):
    raise ValueError(text)


def die():
    os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def die_once(file):
    """Die, but not a second time."""
    if not Path(file).exists():
        Path(file).touch()
        die()
    return "lived"


def sleep(file):
    Path(file).write_text(str(os.getpid()))
    time.sleep(600)


def test_each_job_is_done_once_and_known_by_its_index():
    assert sorted(run_jobs([Job(square, (n,)) for n in range(7)], 2)) == [(n, n * n) for n in range(7)]


def test_no_job_needs_no_process():
    assert list(run_jobs([], 4)) == []


def test_one_that_dies_costs_no_other_and_is_given_up_after_the_second_time(tmp_path):
    lost = []
    jobs = [
        Job(square, (2,)),
        Job(die, ()),
        Job(die_once, (str(tmp_path / "once"),)),
        Job(fail, ("no",)),
        Job(square, (3,)),
    ]
    ended = dict(run_jobs(jobs, 2, lost.append))
    assert (ended[0], ended[2], ended[4]) == (4, "lived", 9)
    assert isinstance(ended[1], Lost)
    assert isinstance(ended[3], ValueError)
    assert sorted(lost) == [1, 1, 2]


def test_leaving_half_way_ends_the_processes(tmp_path):
    jobs = run_jobs([Job(sleep, (str(tmp_path / "pid"),)), Job(square, (2,))], 2)
    assert next(jobs) == (1, 4)
    until = time.monotonic() + 60
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert time.monotonic() < until
        time.sleep(0.05)
    jobs.close()
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError), contextlib.suppress(PermissionError):
        os.kill(pid, 0)
