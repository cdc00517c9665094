"""What several kinds of test share: small extracts as text, and reports that the real command line made once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
AS_AT = "2019-07-31"
AREAS = ("fife", "orkney-islands")
PATIENCE = 900  # seconds that a run of the batch, or another process's run of it, may take


@pytest.fixture(scope="session", autouse=True)
def key_of_the_tests(tmp_path_factory: pytest.TempPathFactory):
    """A key for the invented children of tests; nobody's own key is ever read or written by one."""
    file = tmp_path_factory.mktemp("key") / "key"
    file.write_text(bytes(range(32)).hex(), encoding="ascii")
    file.chmod(0o600)
    before = os.environ.get("PACE_NB_KEY_FILE")
    os.environ["PACE_NB_KEY_FILE"] = str(file)
    yield file
    del os.environ["PACE_NB_KEY_FILE"]
    if before is not None:
        os.environ["PACE_NB_KEY_FILE"] = before


@pytest.fixture
def write_extract(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a folder of files, named as keywords: `events="..."` becomes events.csv."""

    def write(folder: str = "extract", **files: str | bytes) -> Path:
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        for name, content in files.items():
            target = path / (name if "." in name else f"{name}.csv")
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def pace_nb(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person runs it."""
    command = [sys.executable, "-m", "pace_nb", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)


@pytest.fixture(scope="session")
def run_cli() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs `python -m pace_nb` in a folder."""
    return pace_nb


@dataclass(frozen=True)
class Reports:
    """Folders that the batch made, what it said, and the extracts that it was given."""

    data: Path
    working: Path
    aggregate: Path
    said: dict[str, dict]

    def pages(self, audience: str) -> list[Path]:
        """The pages that notebooks made for one audience: without the index, and without those in which children are chosen."""
        return sorted(
            p for p in getattr(self, audience).rglob("*.html") if p.name not in ("index.html", "children.html")
        )

    def manifest(self, audience: str) -> dict:
        return json.loads((getattr(self, audience) / "manifest.json").read_text(encoding="utf-8"))


def _make_reports(folder: Path) -> None:
    data = folder / "data"
    for area in AREAS:
        shutil.copytree(SAMPLE / area, data / area)
    said = {}
    for audience in ("working", "aggregate"):
        ended = pace_nb(
            *("report", data, "--as-at", AS_AT, "--audience", audience, "--out", folder / audience, "--workers", 2),
            cwd=folder,
        )
        said[audience] = {"code": ended.returncode, "out": ended.stdout, "err": ended.stderr}
    (folder / "said.json").write_text(json.dumps(said), encoding="utf-8")


def make_once(shared: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that one of several test processes makes while the others wait for it."""
    folder, done, failed = shared / name, shared / f"{name}.done", shared / f"{name}.failed"
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        until = time.monotonic() + PATIENCE
        while not done.exists():
            if failed.exists() or time.monotonic() > until:
                pytest.fail(f"another test process could not make {name}")
            time.sleep(0.2)
        return folder
    try:
        make(folder)
    except BaseException:
        failed.touch()
        raise
    done.touch()
    return folder


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def make_shared(shared_folder: Path) -> Callable[..., Path]:
    """Return a function that makes a folder of a name once for all processes: `make_shared("across", make)`."""
    return lambda name, make: make_once(shared_folder, name, make)


@pytest.fixture(scope="session")
def reports(shared_folder: Path) -> Reports:
    """Reports of a large area and of an island, for both audiences, made by the command line."""
    folder = make_once(shared_folder, "reports", _make_reports)
    said = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    return Reports(folder / "data", folder / "working", folder / "aggregate", said)


#: Text that tries to be more than text, as it may stand in any cell and in any definition.
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)> **b** {{7*7}} $x$ "q"'


def _make_troubled(folder: Path) -> None:
    data, old = folder / "data", folder / "out" / "orkney-islands"
    for area in ("orkney-islands", "shetland-islands", "na-h-eileanan-siar"):
        shutil.copytree(SAMPLE / area, data / area)
    (data / "shetland-islands" / "children.csv").write_text("child_id,born\nSYN-1,2010-01-01\n", encoding="utf-8")
    children = data / "orkney-islands" / "children.csv"
    head, *lines = children.read_text(encoding="utf-8").splitlines()
    quoted = HOSTILE.replace('"', '""')
    rows = [f'{line.rsplit(",", 1)[0]},"{quoted}"' for line in lines]
    children.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    fields = {"id": "c", "title": HOSTILE, "aim": "aim-2", "idea": HOSTILE}
    idea = "\n".join(f"{name} = '''{text}'''" for name, text in fields.items())
    for file in (data / "orkney-islands" / "changes").glob("*.toml"):
        file.unlink()
    (data / "orkney-islands" / "changes" / "c.toml").write_text(
        f"{idea}\neligible_from = 2017-11-06\n", encoding="utf-8"
    )
    old.mkdir(parents=True)
    (old / "3_test_of_change.html").write_text("an earlier run's page", encoding="utf-8")
    asked = ("--notebook", "3_test_of_change", "--notebook", "4_timelines", "--audience", "working")
    ended = pace_nb("report", "data", "--as-at", AS_AT, *asked, "--out", "out", "--workers", 2, cwd=folder)
    said = {"code": ended.returncode, "out": ended.stdout, "err": ended.stderr}
    (folder / "said.json").write_text(json.dumps(said), encoding="utf-8")


@pytest.fixture(scope="session")
def troubled(shared_folder: Path) -> tuple[Path, dict]:
    """Output, and what was said, of a run over three areas: one unusable, one whose texts are hostile, one sound."""
    folder = make_once(shared_folder, "troubled", _make_troubled)
    return folder / "out", json.loads((folder / "said.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def hostile_text() -> str:
    return HOSTILE
