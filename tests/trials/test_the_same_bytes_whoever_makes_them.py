"""A run that is killed, gone on with by two workers of a cluster, one of which is killed too, and run again: the same bytes."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="needs the extra 'cluster'")
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
PATIENCE = 600
ASKED = ("report", "data", "--as-at", "2019-07-31", "--notebook", "1_baseline", "--notebook", "2_aims", "--out", "out")
#: What differs from run to run, and is said to: when it was, how long it took, and the name that is worked out from that.
STAMPS = ("run", "finished", "seconds")


@contextlib.contextmanager
def started(*arguments, cwd):
    """Begin a process, and leave nothing of it."""
    process = subprocess.Popen(
        [sys.executable, "-m", *map(str, arguments)], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(what):
    until = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.02)
    return found


def pages_told_of(place):
    log = place / "out" / "events.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return sum('"event": "page"' in line and line.endswith("}") for line in lines)


def left(place):
    """Every file of a run but its log and lock, and the manifest without its time stamps."""
    out = place / "out"
    files = {
        p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and p.suffix != ".jsonl"
    }
    files = {name: content for name, content in files.items() if not name.startswith(".")}
    told = json.loads(files.pop("manifest.json"))
    told["runs"] = [{k: v for k, v in row.items() if k not in STAMPS} for row in told["runs"]]
    return files, {k: v for k, v in told.items() if k not in STAMPS}


def test_pages_are_the_same_to_the_byte(tmp_path, run_cli):
    for area in ("orkney-islands", "shetland-islands"):
        shutil.copytree(SAMPLE / area, tmp_path / "data" / area)
    with started("pace_nb", *ASKED, "--workers", 1, cwd=tmp_path) as broken:
        wait_until(lambda: pages_told_of(tmp_path) or broken.poll() is not None)
        broken.kill()
    first = pages_told_of(tmp_path)
    assert 1 <= first < 4, "it was to be killed in the middle"
    assert json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["state"] == "running"

    file = tmp_path / "scheduler.json"
    network = ("--scheduler-file", file, "--host", "127.0.0.1", "--no-dashboard")
    with contextlib.ExitStack() as processes:
        processes.enter_context(started("distributed.cli.dask_scheduler", *network, "--port", "0", cwd=tmp_path))
        address = json.loads(wait_until(lambda: file.exists() and file.read_text(encoding="utf-8").strip()))["address"]
        alone = ("distributed.cli.dask_worker", *network, "--nthreads", "1", "--no-nanny")
        workers = [processes.enter_context(started(*alone, cwd=tmp_path)) for _ in range(2)]
        resumed = processes.enter_context(started("pace_nb", *ASKED, "--resume", "--scheduler", address, cwd=tmp_path))
        wait_until(lambda: pages_told_of(tmp_path) > first or resumed.poll() is not None)
        workers[0].kill()
        said = resumed.communicate(timeout=PATIENCE)[0].decode()
    assert resumed.returncode == 0, said
    assert f"4 pages made ({first} of them kept from before), 0 failed" in said
    by_cluster, told_of_cluster = left(tmp_path)
    assert sum(name.endswith(("1_baseline.html", "2_aims.html")) for name in by_cluster) == 4

    again = run_cli(*ASKED, "--workers", 2, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    here, told_here = left(tmp_path)
    assert {n for n in {*here, *by_cluster} if here.get(n) != by_cluster.get(n)} == set()
    assert told_here == told_of_cluster
    nothing = run_cli(*ASKED, "--resume", cwd=tmp_path)
    assert "Nothing to do: all 4 pages are there" in nothing.stdout, nothing.stderr
