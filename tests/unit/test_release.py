"""The release step: two people, nothing that is not for everyone, nothing by halves, and a log of it."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from pace_nb.batch.one import Result
from pace_nb.batch.publish import write_manifest
from pace_nb.errors import DefinitionError, ParameterError
from pace_nb.files import digest
from pace_nb.marking import AGGREGATE, SENSITIVE
from pace_nb.outputs.index import write_index
from pace_nb.runs import read_run, read_sign_off, release_run, write_form
from pace_nb.runs.folder import file_sha256
from pace_nb.runs.release import LOG

DAY = date(2019, 7, 31)
PAGES = ("fife/1_baseline.html", "fife/2_aims.html")


def html(text: str = "15 children wait.", marking: str = AGGREGATE) -> str:
    return f"<!DOCTYPE html><p>{marking}</p><p>{text}</p><p>{marking}</p>"


@pytest.fixture
def extract(write_extract) -> Path:
    return write_extract(
        "fife",
        children="child_id,local_authority,date_of_birth\nF-10001,Fife,2010-05-04\n",
        events="child_id,event,date\nF-10001,accommodated,2016-02-29\nF-10002,accommodated,2016-02-28\n",
    )


@pytest.fixture
def make_run(tmp_path, extract):
    """Return a function that writes the folder of a run as the batch does: its pages, the index, the manifest."""

    def make(
        texts: dict[str, str] | None = None, audience: str = "aggregate", others=(), marking: str = AGGREGATE
    ) -> Path:
        out = tmp_path / "run"
        results = list(others)
        for page in PAGES:
            content = html((texts or {}).get(page, "15 children wait."), marking)
            (out / page).parent.mkdir(parents=True, exist_ok=True)
            (out / page).write_text(content, encoding="utf-8", newline="\n")
            results.append(
                Result(
                    *("Fife", "fife", Path(page).stem, "made"),
                    page=page,
                    page_sha256=file_sha256(out / page),
                    marking=marking,
                    sha256=digest(extract),
                    parameters={"as_at": "2019-07-31", "since": "", "audience": audience},
                )
            )
        write_index(results, out, DAY, audience)
        write_manifest(results, out, DAY, audience, 1.0)
        return out

    return make


@pytest.fixture
def sign(tmp_path):
    """Return a function that fills in the form for a run, as a person would: `checked_by="…"` and so on."""

    def fill(run: Path, **given: str) -> Path:
        form = write_form(read_run(run), tmp_path / f"sign-off-{len(list(tmp_path.glob('sign-off*')))}.toml")
        today = read_run(run).finished.date().isoformat()
        words = {
            "made_by": "Agnes Burns",
            "checked_by": "Hamish Reid",
            "for_whom": "the learning event",
            "statement": "Every page opened; no child can be told.",
        } | given
        text = form.read_text(encoding="utf-8").replace("# date = 2019-08-01", f"date = {words.pop('date', today)}")
        for name, value in words.items():
            text = text.replace(f'{name} = ""', f'{name} = "{value}"')
        form.write_text(text, encoding="utf-8")
        return form

    return fill


def log_of(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / LOG).read_text(encoding="utf-8").splitlines()]


def below(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


class TestWhatIsReleased:
    def test_pages_and_index_as_they_were_made_and_a_manifest_of_them(self, make_run, sign, tmp_path):
        run = make_run()
        done = release_run(run, tmp_path / "out", sign(run))
        assert done.pages == PAGES
        assert below(done.folder) == {*PAGES, "index.html", "manifest.json"}
        for name in (*PAGES, "index.html"):
            assert (done.folder / name).read_bytes() == (run / name).read_bytes()
        rows = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))["runs"]
        assert [(r["page"], r["page_sha256"]) for r in rows] == [(p, file_sha256(run / p)) for p in PAGES]

    def test_the_log_says_what_by_whom_when_how_and_what_stayed_behind(self, make_run, sign, tmp_path):
        refused = Result("Fife", "fife", "4_timelines", "refused", "shows single children")
        run = make_run(others=[refused])
        form = sign(run)
        release_run(run, tmp_path / "out", form)
        (entry,) = log_of(tmp_path)
        assert datetime.fromisoformat(entry["released"]).tzinfo is not None
        assert (entry["folder"], entry["run"], entry["manifest"]) == (
            "out",
            read_run(run).name,
            file_sha256(run / "manifest.json"),
        )
        assert [(p["page"], p["page_sha256"]) for p in entry["pages"]] == [(p, file_sha256(run / p)) for p in PAGES]
        assert (entry["made_by"], entry["checked_by"], entry["for_whom"]) == (
            "Agnes Burns",
            "Hamish Reid",
            "the learning event",
        )
        assert entry["sign_off_sha256"] == file_sha256(form)
        assert (entry["threshold"], entry["rounded_to"]) == (5, 5)
        assert "rounded to the nearest 5" in entry["method"]
        assert entry["not_released"] == [
            {"area": "Fife", "notebook": "4_timelines", "outcome": "refused", "message": "shows single children"}
        ]

    def test_each_release_is_a_line_of_its_own(self, make_run, sign, tmp_path):
        run = make_run()
        for name in ("one", "two"):
            release_run(run, tmp_path / name, sign(run))
        assert [e["folder"] for e in log_of(tmp_path)] == ["one", "two"]


class TestTheFilesThatGoWithPages:
    """A workbook, a picture, a PDF: they go out with their page, or nothing does."""

    def with_files(self, make_run, change=lambda name, data: data) -> Path:
        """A run whose first page has a workbook and a picture beside it, listed as they are made; change: before they are listed."""
        svg = f'<svg xmlns="http://www.w3.org/2000/svg"><text>{AGGREGATE}</text></svg>'.encode()
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("xl/sharedStrings.xml", f"<t>{AGGREGATE}</t>")
        run = make_run()
        told = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        rows = []
        for name, data in (("fife/1_baseline.xlsx", held.getvalue()), ("fife/1_baseline/steps.svg", svg)):
            data = change(name, data)
            (run / name).parent.mkdir(exist_ok=True)
            (run / name).write_bytes(data)
            rows.append({"kind": "workbook", "path": name, "sha256": file_sha256(run / name), "bytes": len(data)})
        told["runs"][0]["files"] = rows
        (run / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
        return run

    def test_go_out_with_them_and_stand_in_the_log(self, make_run, sign, tmp_path):
        run = self.with_files(make_run)
        done = release_run(run, tmp_path / "out", sign(run))
        assert done.files == ("fife/1_baseline.xlsx", "fife/1_baseline/steps.svg")
        assert below(done.folder) == {*PAGES, *done.files, "index.html", "manifest.json"}
        (entry,) = log_of(tmp_path)
        assert entry["files"] == {n: file_sha256(run / n) for n in done.files}
        assert json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))["runs"][0]["files"]

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (
                lambda n, d: d.replace(AGGREGATE.encode(), b"") if n.endswith("svg") else d,
                "steps.svg does not carry the marking",
            ),
            (lambda n, d: d.replace(b"</svg>", SENSITIVE.encode() + b"</svg>"), "steps.svg does not carry the marking"),
            (lambda n, d: b"PK\x03\x04 no archive" if n.endswith("xlsx") else d, "something that cannot be searched"),
            (lambda n, d: d.replace(b"</svg>", b"F-10001</svg>"), "steps.svg: a child's number"),
        ],
        ids=["not marked", "marked for others", "not to be opened", "tells of a child"],
    )
    def test_one_that_may_not_go_out_keeps_all_back(self, make_run, sign, tmp_path, extract, change, why):
        run = self.with_files(make_run, change)
        TestWhatIsRefused().refuse(run, sign(run), tmp_path, why, extract=extract)

    def test_one_that_was_changed_or_is_gone_keeps_all_back(self, make_run, sign, tmp_path):
        run = self.with_files(make_run)
        form = sign(run)
        (run / "fife/1_baseline/steps.svg").write_text("other", encoding="utf-8")
        (run / "fife/1_baseline.xlsx").unlink()
        assert read_run(run).changes() == [
            "fife/1_baseline.xlsx is not there any more",
            "fife/1_baseline/steps.svg was changed after the run",
        ]
        TestWhatIsRefused().refuse(run, form, tmp_path, "was changed after the run")

    @pytest.mark.parametrize("path", ["../secret.xlsx", "fife/notes.txt", "/etc/x.pdf", "fife/1_baseline/../../x.svg"])
    def test_a_manifest_that_names_a_file_elsewhere_is_none(self, make_run, path):
        run = self.with_files(make_run)
        text = (run / "manifest.json").read_text(encoding="utf-8")
        (run / "manifest.json").write_text(text.replace("fife/1_baseline.xlsx", path), encoding="utf-8")
        with pytest.raises(ParameterError, match="is not the folder of a run"):
            read_run(run)


class TestWhatIsRefused:
    def refuse(self, run: Path, form: Path, tmp_path: Path, why: str, **options) -> None:
        with pytest.raises(ParameterError) as caught:
            release_run(run, tmp_path / "out", form, **options)
        assert any(why in reason for reason in caught.value.where), caught.value.where
        assert not (tmp_path / "out").exists()
        assert not list(tmp_path.glob(".out*")), "nothing by halves"
        assert why in " ".join(log_of(tmp_path)[-1]["why"])
        assert "released" not in log_of(tmp_path)[-1]

    def test_a_run_for_people_entitled_to_see_children(self, make_run, sign, tmp_path):
        run = make_run(audience="working", marking=SENSITIVE)
        self.refuse(run, sign(run), tmp_path, "fife/1_baseline.html is marked for people entitled to see children")

    def test_a_page_whose_own_words_say_that_it_is_not_for_everyone(self, make_run, sign, tmp_path):
        run = make_run({PAGES[0]: f"{SENSITIVE} 3 children"})
        self.refuse(run, sign(run), tmp_path, "does not carry the marking of a page for everyone")

    def test_a_run_that_keeps_a_failed_notebook(self, make_run, sign, tmp_path):
        failed = Result("Fife", "fife", "7_balancing", "failed", "x", kept="fife/7_balancing.FAILED.ipynb")
        run = make_run(others=[failed])
        self.refuse(run, sign(run), tmp_path, "make the run again")

    @pytest.mark.parametrize("name", [*PAGES, "index.html"])
    def test_a_page_that_was_changed(self, make_run, sign, tmp_path, name):
        run = make_run()
        form = sign(run)
        (run / name).write_text((run / name).read_text(encoding="utf-8") + " ", encoding="utf-8")
        self.refuse(run, form, tmp_path, f"{name} was changed after the run")

    def test_a_page_that_is_gone(self, make_run, sign, tmp_path):
        run = make_run()
        form = sign(run)
        (run / PAGES[0]).unlink()
        self.refuse(run, form, tmp_path, f"{PAGES[0]} is not there any more")

    def test_a_file_that_the_run_did_not_make(self, make_run, sign, tmp_path):
        run = make_run()
        form = sign(run)
        (run / "fife" / "4_timelines.html").write_text("left by an earlier run", encoding="utf-8")
        self.refuse(run, form, tmp_path, "fife/4_timelines.html was not made by this run")

    def test_a_page_behind_a_link(self, make_run, sign, tmp_path):
        run = make_run()
        form = sign(run)
        shutil.move(run / PAGES[0], tmp_path / "elsewhere.html")
        (run / PAGES[0]).symlink_to(tmp_path / "elsewhere.html")
        self.refuse(run, form, tmp_path, f"{PAGES[0]} is not there any more")

    def test_a_link_to_a_folder_that_the_run_did_not_make(self, make_run, sign, tmp_path):
        run = make_run()
        form = sign(run)
        (run / "more").symlink_to(tmp_path, target_is_directory=True)
        self.refuse(run, form, tmp_path, "more was not made by this run")

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("F-10001", "a child's number"),
            ("F-10002", "a child's number"),
            ("4 May 2010", "a date of birth"),
            ("29/02/2016", "a date of birth"),
        ],
        ids=["of the children", "of another table alone", "a day of birth", "another day of a child"],
    )
    def test_a_page_that_tells_on_a_child_without_saying_what(self, make_run, sign, tmp_path, extract, text, kind):
        run = make_run({PAGES[1]: text})
        self.refuse(run, sign(run), tmp_path, f"{PAGES[1]}: {kind}", extract=extract)
        assert text not in (tmp_path / LOG).read_text(encoding="utf-8")

    def test_a_label_is_found_without_the_extract_too(self, make_run, sign, tmp_path):
        run = make_run({PAGES[1]: "Child K7Q-2MX waits."})
        self.refuse(run, sign(run), tmp_path, "the label of a child")

    def test_another_extract(self, make_run, sign, tmp_path, extract):
        run = make_run()
        with (extract / "events.csv").open("a", encoding="utf-8") as file:
            file.write("F-10001,adm_decision,2018-01-01\n")
        self.refuse(run, sign(run), tmp_path, "was not made from 'fife' as it is now", extract=extract)

    def test_what_the_audit_speaks_against(self, make_run, sign, tmp_path, monkeypatch):
        from pace_nb.runs import release

        monkeypatch.setattr(release, "audit_run", lambda folder, before: [f"{folder.name} can be solved"])
        run = make_run()
        self.refuse(run, sign(run), tmp_path, "run can be solved")

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"checked_by": "burns,  AGNES"}, "made_by and checked_by are the same person"),
            ({"checked_by": " "}, "checked_by must be text"),
            ({"statement": ""}, "statement must be text"),
            ({"date": "2019-08-01"}, "the check is dated before the run was made"),
            ({"date": '"today"'}, "date must be a date"),
        ],
    )
    def test_a_sign_off_that_is_not_in_order(self, make_run, sign, tmp_path, given, why):
        run = make_run()
        self.refuse(run, sign(run, **given), tmp_path, why)

    def test_a_form_that_nobody_filled_in_has_every_fault_named(self, make_run, tmp_path):
        run = read_run(make_run())
        with pytest.raises(DefinitionError) as caught:
            read_sign_off(write_form(run, tmp_path / "form.toml"), run)
        assert {f.split(": ")[1].split()[0].strip("'") for f in caught.value.where} == {
            *("made_by", "checked_by", "for_whom", "statement", "date")
        }

    def test_the_sign_off_of_another_run(self, make_run, sign, tmp_path):
        form = sign(make_run())
        again = make_run({PAGES[0]: "20 children wait."})
        self.refuse(again, form, tmp_path, "and this is run")

    def test_a_manifest_that_was_changed_since(self, make_run, sign, tmp_path):
        run = make_run()
        form = sign(run)
        text = (run / "manifest.json").read_text(encoding="utf-8")
        (run / "manifest.json").write_text(text.replace('"seconds": 1.0', '"seconds": 2.0'), encoding="utf-8")
        self.refuse(run, form, tmp_path, "no longer the one that was signed")

    def test_a_folder_that_is_there_already(self, make_run, sign, tmp_path):
        run = make_run()
        (tmp_path / "out").mkdir()
        with pytest.raises(ParameterError, match="is there already"):
            release_run(run, tmp_path / "out", sign(run))
        assert below(tmp_path / "out") == set()

    @pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"runs": []}'])
    def test_a_folder_that_is_no_run(self, tmp_path, content):
        folder = tmp_path / "folder"
        folder.mkdir()
        if content is not None:
            (folder / "manifest.json").write_text(content, encoding="utf-8")
        with pytest.raises(ParameterError, match="is not the folder of a run"):
            read_run(folder)

    def test_a_manifest_that_points_out_of_its_folder_is_none(self, make_run):
        run = make_run()
        text = (run / "manifest.json").read_text(encoding="utf-8")
        (run / "manifest.json").write_text(text.replace("fife/2_aims.html", "../../secret.html"), encoding="utf-8")
        with pytest.raises(ParameterError, match="is not the folder of a run"):
            read_run(run)


def test_when_writing_fails_nothing_is_there(make_run, sign, tmp_path, monkeypatch):
    run = make_run()
    form = sign(run)
    kept = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "2_aims.html":
            raise OSError(28, "No space left on device")
        return kept(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ParameterError, match="No space left"):
        release_run(run, tmp_path / "out", form)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))
    assert "refused" in log_of(tmp_path)[-1]


def test_the_form_is_not_written_over_and_not_into_the_run(make_run, tmp_path):
    run = read_run(make_run())
    form = write_form(run, tmp_path / "form.toml")
    assert all(f"#   {page}" in form.read_text(encoding="utf-8") for page in PAGES)
    with pytest.raises(ParameterError, match="is there already"):
        write_form(run, form)
    with pytest.raises(ParameterError, match="would change the folder"):
        write_form(run, run.folder / "form.toml")
