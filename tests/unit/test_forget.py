"""Forgetting: runs past a date are gone with all that they left, and nothing else is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pace_nb.batch.one import Result
from pace_nb.batch.publish import write_manifest
from pace_nb.errors import ParameterError
from pace_nb.pseudonyms import make_key, read_key
from pace_nb.runs import find_runs, forget_key, plan_forgetting, remove

OLD, NEW = "2018-03-01T10:00:00+00:00", "2019-03-01T10:00:00+00:00"


@pytest.fixture
def make_run(tmp_path):
    """Return a function that writes the folder of a run that ended at a time of day, with a page and a failed notebook."""

    def make(name: str, finished: str, key: str = "") -> Path:
        out = tmp_path / "reports" / name
        (out / "fife").mkdir(parents=True)
        made = Result("Fife", "fife", "2_aims", "made", page="fife/2_aims.html", key=key)
        failed = Result("Fife", "fife", "7_balancing", "failed", kept="fife/7_balancing.FAILED.ipynb")
        for file in (made.page, failed.kept, "index.html"):
            (out / file).write_text("x", encoding="utf-8")
        write_manifest([made, failed], out, date(2019, 7, 31), "working", 1.0)
        told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        (out / "manifest.json").write_text(json.dumps(told | {"finished": finished}), encoding="utf-8")
        return out

    return make


def below(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir() or p.is_symlink()}


WHOLE = {"fife/2_aims.html", "fife/7_balancing.FAILED.ipynb", "index.html", "manifest.json"}


def test_what_ended_before_the_day_is_removed_and_what_ended_on_it_stays(make_run, tmp_path):
    old, new = make_run("old", OLD), make_run("new", NEW)
    planned, staying = plan_forgetting(tmp_path / "reports", date(2019, 3, 1))
    assert [(p.run.folder, set(p.files), p.strangers) for p in planned] == [(old, WHOLE, ())]
    assert [r.folder for r in staying] == [new]
    assert below(old) == WHOLE, "to plan removes nothing"
    remove(planned)
    assert not old.exists()
    assert below(new) == WHOLE
    planned, _ = plan_forgetting(tmp_path / "reports", date(2019, 3, 2))
    remove(planned)
    assert below(tmp_path / "reports") == set()


def test_what_an_earlier_or_broken_run_left_in_the_folder_goes_too(make_run):
    run = make_run("old", OLD)
    left = {".work/fife-2_aims.ipynb", "orkney-islands/4_timelines.html", "fife/1_baseline.partial", "index.partial"}
    left |= {"fife/2_aims.pdf", "fife/2_aims.xlsx", "fife/2_aims/aim-2.svg", "orkney-islands/2_aims/aim-2.png"}
    left |= {"fife/7_balancing.pdf.partial", "fife/2_aims/aim-2.png.partial"}
    left |= {"events.jsonl", ".lock", ".writer.json", ".work/held-back", "back_test.partial"}
    for name in left:
        (run / name).parent.mkdir(exist_ok=True, parents=True)
        (run / name).write_text("x", encoding="utf-8")
    planned, _ = plan_forgetting(run, date(2019, 1, 1))
    assert set(planned[0].files) == WHOLE | left
    remove(planned)
    assert not run.exists()


@pytest.mark.parametrize(
    "name",
    [
        *("notes.docx", "fife/children.csv", "fife/2_aims.html.bak", "my/2_aims.html", "fife/deep/2_aims.html"),
        *("fife/my own.xlsx", "fife/2_aims/My slide.png", "fife/pictures/aim-2.svg"),
    ],
)
def test_what_the_project_did_not_write_stays_with_its_folder(make_run, name):
    run = make_run("old", OLD)
    (run / name).parent.mkdir(parents=True, exist_ok=True)
    (run / name).write_text("x", encoding="utf-8")
    planned, _ = plan_forgetting(run, date(2019, 1, 1))
    assert planned[0].strangers == (name,)
    remove(planned)
    assert below(run) == {name}


def test_links_are_never_followed(make_run, tmp_path):
    run, precious = make_run("old", OLD), tmp_path / "precious"
    precious.mkdir()
    (precious / "2_aims.html").write_text("mine", encoding="utf-8")
    (run / "glasgow-city").symlink_to(precious, target_is_directory=True)
    (run / "fife" / "2_aims.html").unlink()
    (run / "fife" / "2_aims.html").symlink_to(precious / "2_aims.html")
    planned, _ = plan_forgetting(run, date(2019, 1, 1))
    assert planned[0].strangers == ("glasgow-city",), "a link to a folder is one thing, and not ours"
    remove(planned)
    assert (precious / "2_aims.html").read_text(encoding="utf-8") == "mine"
    assert below(run) == {"glasgow-city"}
    linked = tmp_path / "linked"
    linked.symlink_to(precious)
    with pytest.raises(ParameterError, match="is a link"):
        plan_forgetting(linked, date(2019, 1, 1))


@pytest.mark.parametrize(
    "content", [None, "{}", '{"runs": [], "finished": "2018-01-01"}', '{"name": "an app", "version": "1"}']
)
def test_a_folder_that_is_no_run_is_refused_and_not_touched(tmp_path, content):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "index.html").write_text("mine", encoding="utf-8")
    if content is not None:
        (folder / "manifest.json").write_text(content, encoding="utf-8")
    before = below(folder)
    with pytest.raises(ParameterError, match="no run in"):
        plan_forgetting(folder, date(2100, 1, 1))
    assert below(folder) == before


def test_a_run_within_the_folder_of_another_is_judged_by_its_own_date(make_run):
    make_run("old", OLD)
    inner = make_run("old/fife/kept", NEW)
    planned, staying = plan_forgetting(inner.parent.parent.parent, date(2019, 1, 1))
    assert [r.folder for r in staying] == [inner]
    remove(planned)
    assert below(inner) == WHOLE


def test_a_removal_that_was_broken_off_can_be_begun_again(make_run, monkeypatch):
    run = make_run("old", OLD)
    planned, _ = plan_forgetting(run, date(2019, 1, 1))
    kept = Path.unlink

    def broken(path: Path, missing_ok: bool = False) -> None:
        if path.name == "index.html":
            raise PermissionError(13, "in use")
        kept(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", broken)
        with pytest.raises(ParameterError, match="cannot be removed: in use"):
            remove(planned)
    assert (run / "manifest.json").exists()
    remove(plan_forgetting(run, date(2019, 1, 1))[0])
    assert not run.exists()


def test_runs_of_earlier_versions_without_a_name_can_be_forgotten_too(make_run):
    run = make_run("old", OLD)
    told = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    for new in ("run", "marking", "marking_again", "index_sha256"):
        del told[new]
    (run / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    assert len(find_runs(run)[0].name) == 12
    remove(plan_forgetting(run, date(2019, 1, 1))[0])
    assert not run.exists()


def test_a_key_that_a_run_which_stays_was_made_with_is_not_forgotten(make_run, tmp_path):
    file = tmp_path / "keys" / "key"
    fingerprint = make_key(file)[0].fingerprint
    make_run("old", OLD, key=fingerprint)
    make_run("new", NEW, key=fingerprint)
    _, staying = plan_forgetting(tmp_path / "reports", date(2019, 1, 1))
    with pytest.raises(ParameterError, match="still in use: 1 run of the folder that stay"):
        forget_key(file, staying)
    assert read_key(file).fingerprint == fingerprint
    assert forget_key(file, []) == fingerprint


def test_a_file_that_holds_no_key_is_not_forgotten_as_one(tmp_path):
    file = tmp_path / "letter"
    file.write_text("Dear Agnes", encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(ParameterError, match="no key"):
        forget_key(file, [])
