"""What ends a run, or a page of it, in the middle: each leaves a sentence, whole pages only, and a run that can be gone on with.

Run as commands with small notebooks of their own, because the real ones take longer to make than to break.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc"),
]

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
PATIENCE = 600  # seconds until a run must have come to where a test waits for it
AT_MOST = 30  # seconds in which a run that is stopped must have ended; on an idle machine it takes two or three
#: The command line with notebooks of our own. Processes that it starts run this file again, as another module.
DRIVER = """
from pathlib import Path
import pace_nb.paths
pace_nb.paths.NOTEBOOKS = Path(__file__).parent / "notebooks"
import pace_nb.batch.software as software
software.software = lambda: "the same all the time"
import pace_nb.batch.plan as plan
plan.NOTEBOOKS = pace_nb.paths.NOTEBOOKS
if __name__ == "__main__":
    from pace_nb.cli import main
    main()
"""
#: What a cell of each notebook does. `go` is a file beside the notebooks.
CELLS = {
    "1_quick": "answer = 1",
    "2_waits": "import pathlib, time\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.1)",
    "3_endless": "import time\nwhile True:\n    time.sleep(1)",
    "4_dies": "import os\nos._exit(9)",
    "5_memory": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**33, 2**33))\nlen(bytearray(2**40))",
    "6_large": "from pace_nb.shown import Shown\nShown('<p>' + 'large ' * 500_000 + '</p>', 'large')",
}
PARAMETERS = 'extract_path: str = ""\narea: str = ""\nas_at: str = ""\nsince: str = ""\naudience: str = "aggregate"'
SETUP = "import pace_nb as pace\nextract = pace.read_extract(extract_path, as_at, area, audience, since)\npace.show_page(extract)"


@pytest.fixture
def place(tmp_path):
    """A folder with the driver, its notebooks, and the extracts of two small areas."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "driver.py").write_text(DRIVER, encoding="utf-8")
    for name, code in CELLS.items():
        cells = [
            new_markdown_cell(f"# {name}"),
            new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
            new_code_cell(SETUP),
            new_code_cell(code),
            new_code_cell("pace.show_provenance(extract)"),
        ]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        if name == "3_endless":
            metadata["pace"] = {"cell_seconds": 2}
        nbformat.write(new_notebook(cells=cells, metadata=metadata), tmp_path / "notebooks" / f"{name}.ipynb")
    for area in ("orkney-islands", "shetland-islands"):
        shutil.copytree(SAMPLE / area, tmp_path / "data" / area)
    return tmp_path


def command(place, *arguments, notebooks=(), data="data"):
    asked = [x for n in notebooks for x in ("--notebook", n)]
    return [sys.executable, "driver.py", "report", data, "--as-at", "2019-07-31", "--out", "out", *asked, *arguments]


def run(place, *arguments, **options):
    """Run to the end and return what was said."""
    asked = command(place, *arguments, **options)
    return subprocess.run(asked, cwd=place, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)


@contextlib.contextmanager
def begun(place, *arguments, **options):
    """Begin a run, and leave nothing of it behind."""
    process = subprocess.Popen(
        command(place, *arguments, **options), cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        left = [process.pid, *descendants(process.pid)]
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate()


def descendants(pid):
    """Every process below one, as the system knows them."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [d for child in children for d in (int(child), *descendants(int(child)))]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(what, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.05)
    return found


def events(place, kind):
    log = place / "out" / "events.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    read = [json.loads(line) for line in lines if line.endswith("}")]
    return [e for e in read if e["event"] == kind]


def fail_if_ended(process):
    """Fail at once, with what it said, where a process has ended that should not have."""
    if process.poll() is not None:
        pytest.fail(process.communicate()[0])


def manifest(place):
    return json.loads((place / "out" / "manifest.json").read_text(encoding="utf-8"))


def rows(place):
    return {(r["slug"], r["notebook"]): r for r in manifest(place)["runs"]}


def unfinished(place):
    """Files that are not whole, or belong to a run at work."""
    return [p for p in (place / "out").rglob("*") if p.suffix == ".partial" or ".work" in p.parts]


def runs_notebook(pid):
    """Whether a process is one in which cells run: a fork of the warm process, or a kernel."""
    return _named(pid, "pace-nb cells") or b"ipykernel" in _of(pid, "cmdline")


def _named(pid, name):
    return _of(pid, "comm").strip() == name.encode()


def _of(pid, what):
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize(("number", "engine"), [(signal.SIGINT, "warm"), (signal.SIGTERM, "standard")])
def test_a_run_that_is_told_to_end_ends_and_is_gone_on_with(place, number, engine):
    asked = {"notebooks": ("1_quick", "2_waits"), "data": "data/orkney-islands"}
    with begun(place, "--engine", engine, "--workers", "2", **asked) as process:
        wait_until(lambda: events(place, "page") or fail_if_ended(process))
        everyone = wait_until(lambda: (f := descendants(process.pid)) and any(map(runs_notebook, f)) and f)
        if engine == "warm":
            second = run(place, **asked)
            assert second.returncode == 2
            assert f"Another run is writing into 'out': process {process.pid} of " in second.stderr
            assert "--resume" in second.stderr
            assert "Traceback" not in second.stderr
        told = time.monotonic()
        process.send_signal(number)
        said = process.communicate(timeout=PATIENCE)[0]
        assert time.monotonic() - told < AT_MOST
        wait_until(lambda: not any(map(alive, everyone)), AT_MOST)
    assert process.returncode == 130, said
    assert "Stopped: 1 pages were not made. The same command with --resume goes on from here." in said
    assert "Traceback" not in said
    assert manifest(place)["state"] == "stopped"
    assert {n: r["outcome"] for (_, n), r in rows(place).items()} == {"1_quick": "made", "2_waits": "stopped"}
    assert "The run was stopped before this page was made." in (place / "out" / "index.html").read_text(
        encoding="utf-8"
    )
    assert unfinished(place) == []
    (place / "notebooks" / "go").touch()
    ended = run(place, "--resume", **asked)
    assert ended.returncode == 0, ended.stderr
    assert "2 pages made (1 of them kept from before), 0 failed" in ended.stdout
    assert [e["state"] for e in events(place, "ended")] == ["stopped", "finished"]
    again = run(place, "--resume", **asked)
    assert "Nothing to do: all 2 pages are there" in again.stdout


def test_a_run_whose_process_is_killed_leaves_no_process_and_no_lock(place):
    asked = {"notebooks": ("1_quick", "2_waits"), "data": "data/orkney-islands"}
    with begun(place, "--workers", "2", **asked) as process:
        wait_until(lambda: events(place, "page") or fail_if_ended(process))
        everyone = wait_until(lambda: (f := descendants(process.pid)) and any(map(runs_notebook, f)) and f)
        process.kill()
        process.wait()
        wait_until(lambda: not any(map(alive, everyone)), AT_MOST)
    assert manifest(place)["state"] == "running", "nobody could say that it had ended"
    log = place / "out" / "events.jsonl"
    log.write_bytes(log.read_bytes() + b'{"time": "2026-01-01T00:00:00+00:00", "event": "pa')  # the machine went down
    (place / "notebooks" / "go").touch()
    ended = run(place, "--resume", **asked)
    assert ended.returncode == 0, ended.stderr
    assert "2 pages made (1 of them kept from before), 0 failed" in ended.stdout
    assert unfinished(place) == []


def test_a_process_that_is_killed_costs_its_own_page_only(place):
    """Killed once, its page is tried again; killed each time, it is given up, and the others are made all the same."""

    def kill_the_one_that_waits(process, times):
        for n in range(1, times + 1):
            found = wait_until(lambda: [w for w in workers(process.pid) if any(map(waits, descendants(w)))])
            os.kill(found[0], signal.SIGKILL)
            wait_until(lambda n=n: len(events(place, "lost")) == n)

    def workers(pid):
        return [p for p in descendants(pid) if _named(p, "pace-nb worker")]

    def waits(pid):
        return _named(pid, "pace-nb cells") and (place / "out" / ".work").exists() and in_cell(pid)

    def in_cell(pid):
        return Path(f"/proc/{pid}/cwd").samefile(place / "notebooks")

    asked = {"notebooks": ("1_quick", "2_waits")}
    with begun(place, "--area", "Orkney Islands", "--workers", "1", **asked) as process:
        wait_until(lambda: events(place, "page") or fail_if_ended(process))
        kill_the_one_that_waits(process, 1)
        (place / "notebooks" / "go").touch()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert {r["outcome"] for r in rows(place).values()} == {"made"}
    (place / "notebooks" / "go").unlink()
    with begun(place, "--area", "Orkney Islands", "--workers", "1", **asked) as process:
        wait_until(lambda: len(events(place, "page")) == 3)
        for more in (2, 3):
            found = wait_until(lambda: [w for w in workers(process.pid) if any(map(waits, descendants(w)))])
            os.kill(found[0], signal.SIGKILL)
            wait_until(lambda more=more: len(events(place, "lost")) == more)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    told = rows(place)
    assert told["orkney-islands", "1_quick"]["outcome"] == "made"
    assert told["orkney-islands", "2_waits"]["outcome"] == "failed"
    assert "ended without a word, twice" in told["orkney-islands", "2_waits"]["message"]
    assert "ended without a word, twice" in (place / "out" / "index.html").read_text(encoding="utf-8")


def test_what_goes_wrong_with_a_page_is_said_and_costs_no_other(place):
    """An endless cell, a dead kernel, no memory, an extract that cannot be read: a sentence each, in the index and in the manifest."""
    children = place / "data" / "shetland-islands" / "children.csv"
    children.unlink()
    children.mkdir()  # nobody can read a folder as a file, whoever he is
    ended = run(place, notebooks=("1_quick", "3_endless", "4_dies", "5_memory"))
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    told = {(slug, n): (r["outcome"], r["message"]) for (slug, n), r in rows(place).items()}
    said = {
        ("orkney-islands", "3_endless"): "A cell took longer than 2 seconds and was stopped.",
        ("orkney-islands", "4_dies"): "The process that ran the notebook ended in the middle of a cell",
        ("orkney-islands", "5_memory"): "There was not enough memory for a cell of the notebook.",
        ("shetland-islands", "all notebooks"): "No child can be read from the extract 'shetland-islands'",
    }
    index = (place / "out" / "index.html").read_text(encoding="utf-8").replace("&#39;", "'")
    for one, sentence in said.items():
        assert told[one][0] == "failed"
        assert sentence in told[one][1]
        assert sentence in index
    assert told["orkney-islands", "1_quick"] == ("made", "")
    assert sorted(p.name for p in (place / "out").rglob("[0-9]_*.html")) == ["1_quick.html"]
    assert unfinished(place) == []


def test_a_batch_file_limits_how_long_a_cell_may_take(place):
    (place / "monthly.toml").write_text(
        'data = "data"\nas_at = 2019-07-31\nareas = ["Orkney Islands"]\n[limits]\n2_waits = 1\n'
        '[[report]]\nout = "out"\nnotebooks = ["2_waits"]\n[[report]]\nout = "other"\nnotebooks = ["1_quick"]\naudience = "aggregate"\n',
        encoding="utf-8",
    )
    asked = [sys.executable, "driver.py", "report", "monthly.toml"]
    ended = subprocess.run(asked, cwd=place, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)
    assert ended.returncode == 1
    assert rows(place)["orkney-islands", "2_waits"]["message"] == "A cell took longer than 1 seconds and was stopped."
    assert (place / "other" / "orkney-islands" / "1_quick.html").exists(), "one run that failed stops no other"


@pytest.fixture
def small_disk(place):
    """A disk of two megabytes, as the output folder."""
    (place / "out").mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place / "out"], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can be made by the administrator only")
    yield place / "out"
    subprocess.run(["umount", place / "out"], check=True)


def test_a_full_disk_is_said_and_leaves_whole_pages_only(place, small_disk):
    ended = run(place, notebooks=("1_quick", "6_large"), data="data/orkney-islands")
    assert ended.returncode == 1, ended.stderr
    told = rows(place)
    assert told["orkney-islands", "1_quick"]["outcome"] == "made"
    assert told["orkney-islands", "6_large"]["outcome"] == "failed"
    assert "There was no room left to write the page." in told["orkney-islands", "6_large"]["message"]
    assert "There was no room left to write the page." in (small_disk / "index.html").read_text(encoding="utf-8")
    assert unfinished(place) == []
    assert sorted(p.name for p in small_disk.rglob("[0-9]_*")) == ["1_quick.html"]


def test_a_disk_that_is_full_before_is_said_before_anything_is_made(place, small_disk):
    with contextlib.suppress(OSError):
        (small_disk / "else").write_bytes(b"\0" * (2 << 20))
    (small_disk / "more").write_bytes(b"")
    ended = run(place, notebooks=("1_quick",), data="data/orkney-islands")
    assert ended.returncode == 2
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (small_disk / "manifest.json").exists()
