"""What of an earlier run is kept: a page that would come out the same to the byte, and that lies there as it was made."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pace_nb.batch import plan, resume
from pace_nb.batch.journal import EVENTS, Journal, read_events
from pace_nb.batch.one import Result
from pace_nb.batch.order import Order
from pace_nb.batch.plan import plan_runs
from pace_nb.batch.publish import write_manifest
from pace_nb.batch.resume import digest_asked, find_left, is_good, nothing_to_do

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
DAY = date(2019, 7, 31)


@pytest.fixture
def orkney(tmp_path):
    shutil.copytree(SAMPLE / "orkney-islands", tmp_path / "data" / "orkney-islands")
    return tmp_path / "data" / "orkney-islands"


def made_from(path, notebook="2_aims", **said):
    (run,) = plan_runs(path, said.pop("as_at", DAY), notebooks=[notebook], **said)
    assert len(run.made_from) == 64
    return run.made_from


def add_to(file):
    def change(path, _):
        (path / file).write_bytes((path / file).read_bytes() + b"\n# more\n")

    return change


def new_file(name):
    def change(path, _):
        (path / name).write_text("", encoding="utf-8")

    return change


def other_notebook(_, monkeypatch):
    monkeypatch.setattr(plan, "notebook_digest", lambda name: f"another {name}")


def other_version(_, monkeypatch):
    monkeypatch.setattr(plan, "software", lambda: "another version")


CHANGES = {
    "a row of the records": add_to("events.csv"),
    "the local aims": add_to("aims.toml"),
    "from when the extract is complete": add_to("extract.toml"),
    "a test of change": new_file("changes/another.toml"),
    "a profile": new_file("profile.toml"),
    "the notebook": other_notebook,
    "the package, a template or a library": other_version,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_page_is_made_again_where_something_that_it_comes_from_changes(orkney, monkeypatch, name):
    before = plan_runs(orkney, DAY, notebooks=["2_aims"])[0]
    CHANGES[name](orkney, monkeypatch)
    if name == "a profile":  # one that is empty cannot be planned with; its hash counts all the same
        from pace_nb.files import digest

        assert digest(orkney) != before.sha256
        return
    assert made_from(orkney) != before.made_from


def test_a_page_is_made_again_where_it_is_asked_for_otherwise(orkney):
    same = made_from(orkney)
    assert made_from(orkney) == same
    others = {
        made_from(orkney, as_at=date(2019, 6, 30)),
        made_from(orkney, since=date(2016, 4, 1)),
        made_from(orkney, audience="working"),
        made_from(orkney, notebook="1_baseline"),
    }
    assert len(others | {same}) == 5


def test_another_key_makes_pages_with_children_again_and_no_others(orkney, monkeypatch):
    before = made_from(orkney), made_from(orkney, audience="working")
    monkeypatch.setattr(plan, "key_digest", lambda: "another key")
    assert made_from(orkney) == before[0]
    assert made_from(orkney, audience="working") != before[1]


def test_where_an_extract_lies_and_how_fast_pages_are_made_changes_nothing(orkney, tmp_path):
    before = made_from(orkney)
    shutil.move(tmp_path / "data", tmp_path / "elsewhere")
    moved = tmp_path / "elsewhere" / "orkney-islands"
    assert made_from(moved) == before
    assert made_from(moved, seconds=7, limits={"2_aims": 9}) == before


@pytest.fixture
def left(tmp_path, orkney):
    """An output folder in which a run of this order ended, with a page, a file of it, and one that shows nothing."""
    out = tmp_path / "out"
    (out / "orkney-islands").mkdir(parents=True)
    content = {
        "orkney-islands/2_aims.html": b"<p>page",
        "orkney-islands/2_aims.xlsx": b"figures",
        "index.html": b"<p>index",
    }
    for name, held in content.items():
        (out / name).write_bytes(held)
    hashes = {name: hashlib.sha256(held).hexdigest() for name, held in content.items()}
    page, book, _ = content
    files = [{"kind": "workbook", "path": book, "sha256": hashes[book], "bytes": 7}]
    common = ("Orkney Islands", "orkney-islands")
    results = [
        Result(*common, "2_aims", "made", page=page, page_sha256=hashes[page], made_from="a" * 64, files=files),
        Result(*common, "3_test_of_change", "nothing to show", made_from="b" * 64),
    ]
    order = Order(str(orkney.parent), DAY, str(out), resume=True)
    write_manifest(
        results, out, DAY, "aggregate", 1.0, {"state": "finished", "asked": digest_asked(order), "files": []}
    )
    return order, out


def test_with_nothing_changed_there_is_nothing_to_do(left):
    order, _ = left
    assert [r["notebook"] for r in nothing_to_do(order)["runs"]] == ["2_aims", "3_test_of_change"]


def alter_manifest(**said):
    def alter(_, out):
        told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        (out / "manifest.json").write_text(json.dumps({**told, **said}), encoding="utf-8")

    return alter


def a_failed_row(_, out):
    told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    told["runs"][0]["outcome"] = "failed"
    (out / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


SPOILT = {
    "the page": lambda _, out: (out / "orkney-islands/2_aims.html").write_bytes(b"<p>pagf"),
    "a file of the page": lambda _, out: (out / "orkney-islands/2_aims.xlsx").unlink(),
    "the index": lambda _, out: (out / "index.html").write_bytes(b"other"),
    "the manifest is no manifest": lambda _, out: (out / "manifest.json").write_text("{", encoding="utf-8"),
    "the run was stopped": alter_manifest(state="stopped"),
    "the run was broken off": alter_manifest(state="running"),
    "a run that failed": a_failed_row,
    "a record": lambda order, _: add_to("events.csv")(Path(order.data) / "orkney-islands", None),
    "a file that nobody knows": lambda order, _: (Path(order.data) / "new.csv").write_text("x", encoding="utf-8"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_there_is_something_to_do_as_soon_as_something_differs(left, name):
    order, out = left
    SPOILT[name](order, out)
    assert nothing_to_do(order) is None


def test_a_page_that_is_a_link_to_the_same_content_is_not_taken_for_it(left, tmp_path):
    order, out = left
    page = out / "orkney-islands/2_aims.html"
    page.rename(tmp_path / "elsewhere.html")
    page.symlink_to(tmp_path / "elsewhere.html")
    assert nothing_to_do(order) is None


def test_a_row_is_kept_for_the_same_page_only(left):
    _, out = left
    rows = find_left(out)
    assert is_good(rows["orkney-islands", "2_aims"], "a" * 64, out)
    assert is_good(rows["orkney-islands", "3_test_of_change"], "b" * 64, out)
    assert not is_good(rows["orkney-islands", "2_aims"], "c" * 64, out)
    assert not is_good({**rows["orkney-islands", "2_aims"], "made_from": ""}, "", out), (
        "unknown is not the same as unknown"
    )
    assert not is_good({**rows["orkney-islands", "2_aims"], "outcome": "withheld"}, "a" * 64, out)
    assert not is_good({**rows["orkney-islands", "2_aims"], "page_sha256": "0"}, "a" * 64, out)


def test_of_a_run_that_was_broken_off_its_log_tells_more_than_its_manifest(left):
    order, out = left
    row = find_left(out)["orkney-islands", "2_aims"]
    journal = Journal(out)
    journal.write("page", row={**row, "made_from": "of an earlier run", "notebook": "1_baseline"})
    journal.write("begun")
    journal.write("page", row={**row, "made_from": "d" * 64})
    journal.close()
    assert find_left(out)["orkney-islands", "2_aims"] == row, "a manifest that is whole has the last word"
    alter_manifest(state="running")(order, out)
    with (out / EVENTS).open("ab") as file:
        file.write(b'{"time": "2026-01-01", "event": "page", "row": {"slug"')  # the machine went down
    assert find_left(out)["orkney-islands", "2_aims"]["made_from"] == "d" * 64
    assert ("orkney-islands", "1_baseline") not in find_left(out)
    journal = Journal(out)
    journal.write("ended", state="finished")
    journal.close()
    told = [e["event"] for e in read_events(out)]
    assert told == ["page", "begun", "page", "ended"], (
        "a torn line is passed over, and what comes next is a line of its own"
    )


def test_looking_whether_anything_is_to_do_loads_nothing_that_makes_pages(left):
    order, out = left
    code = (
        "import sys\nfrom pace_nb.cli import app\n"
        f"app(['report', {order.data!r}, '--as-at', '2019-07-31', '--out', {str(out)!r}, '--resume'], standalone_mode=False)\n"
        "print([m for m in ('pandas', 'numpy', 'altair', 'papermill', 'nbconvert', 'dask', 'fsspec') if m in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.stdout.splitlines()[-1] == "[]", ended.stderr
    assert "Nothing to do: all 1 pages are there" in ended.stdout


def test_the_hash_of_the_package_changes_with_each_of_its_files(tmp_path, monkeypatch):
    from pace_nb.batch import software

    for name in ("package/batch", "templates", "notebooks"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "package" / "aims.toml").write_text("x", encoding="utf-8")
    (tmp_path / "templates" / "style.css").write_text("x", encoding="utf-8")
    monkeypatch.setattr(software, "__file__", str(tmp_path / "package" / "batch" / "software.py"))
    monkeypatch.setattr(software, "TEMPLATES", tmp_path / "templates")
    known = set()
    for change in (
        lambda: None,
        lambda: (tmp_path / "package" / "aims.toml").write_text("y", encoding="utf-8"),
        lambda: (tmp_path / "templates" / "style.css").write_text("y", encoding="utf-8"),
        lambda: (tmp_path / "package" / "aims.toml").rename(tmp_path / "package" / "goals.toml"),
        lambda: monkeypatch.setattr(software, "versions", lambda: {"pandas": "0"}),
    ):
        change()
        software.software.cache_clear()
        known.add(software.software())
    software.software.cache_clear()
    assert len(known) == 5
    assert resume.software is software.software


def test_of_other_runs_only_those_that_the_index_may_be_compared_with_count(tmp_path, orkney):
    """The same schedule makes several runs, one after another: those that are made after this one change nothing of it."""
    order = Order(str(orkney), DAY, str(tmp_path / "runs" / "july"), previous=str(tmp_path / "runs"))

    def leave(name, day, audience="aggregate"):
        (tmp_path / "runs" / name).mkdir(parents=True, exist_ok=True)
        write_manifest([], tmp_path / "runs" / name, day, audience, 1.0)

    leave("june", date(2019, 6, 30))
    before = digest_asked(order)
    leave("team", date(2019, 6, 30), "working")
    leave("again", DAY)
    leave("august", date(2019, 8, 31))
    assert digest_asked(order) == before
    leave("july-1", date(2019, 7, 1))
    assert digest_asked(order) != before
