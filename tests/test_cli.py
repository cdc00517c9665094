"""The command line: what it offers, what it says, and its exit codes (0 well, 1 some failed, 2 wrong use, 3 bad data)."""

from __future__ import annotations

import hashlib
import re
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pace_nb import cli
from pace_nb.batch.one import Result
from pace_nb.batch.publish import write_manifest
from pace_nb.extract import read_extract
from pace_nb.marking import AGGREGATE, POINTS, SENSITIVE
from pace_nb.outputs.index import write_index
from pace_nb.pseudonyms import DEMO, label_names, name_children
from pace_nb.terms import AUTHORITIES

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
AS_AT = ("--as-at", "2019-07-31")


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs the command line in this process: exit code, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["pace-nb", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code or 0
        out, err = capsys.readouterr()
        return code, re.sub(r"\x1b\[[0-9;]*m", "", out), re.sub(r"\x1b\[[0-9;]*m", "", err)

    return call


@pytest.fixture
def island(tmp_path):
    return Path(shutil.copytree(SAMPLE / "orkney-islands", tmp_path / "orkney-islands"))


class TestHelp:
    def test_lists_the_commands_with_what_they_do(self, run):
        code, out, _ = run("--help")
        assert code == 0
        for name in ("sample", "check", "aims", "report", "release", "forget", "key"):
            assert re.search(rf"\b{name}\b +\S.*\S", out)

    @pytest.mark.parametrize(
        ("command", "options"),
        [
            ("sample", ("--scale", "--seed")),
            ("check", ("--as-at", "--corrections", "--previous")),
            ("aims", ("--as-at", "--audience")),
            ("release", ("--to", "--sign-off", "--prepare", "--extract", "--before", "--log")),
            ("forget", ("--before", "--key", "--dry-run")),
            ("report", ("--as-at", "--area", "--notebook", "--audience", "--out", "--since", "--workers")),
        ],
    )
    def test_every_option_is_explained(self, run, command, options):
        code, out, _ = run(command, "--help")
        assert code == 0
        for option in options:
            line = next(x for x in out.splitlines() if re.search(rf"{option}\b", x) and "Usage" not in x)
            assert re.search(r"[a-z]{3,} [a-z]{2,}", line), line
        assert not re.search(r"\b(DataFrame|papermill|kwargs|boolean)\b", out)

    def test_is_also_a_module(self, run_cli, tmp_path):
        ended = run_cli("--help", cwd=tmp_path)
        assert ended.returncode == 0
        assert "permanence" in ended.stdout

    def test_is_installed_as_pace_nb(self):
        from importlib.metadata import entry_points

        (found,) = entry_points(group="console_scripts", name="pace-nb")
        assert found.load() is cli.main


class TestWrongUse:
    @pytest.mark.parametrize(
        "arguments",
        [(), ("reports",), ("check", SAMPLE), ("report", SAMPLE), ("check", SAMPLE / "fife", "--as-at", "soon"),
         ("report", SAMPLE, *AS_AT, "--audience", "all"), ("sample", "x", "--scale", "0"), ("report", SAMPLE, *AS_AT, "--workers", "-1")],
    )  # fmt: skip
    def test_is_2_with_a_sentence(self, run, arguments, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        code, out, err = run(*arguments)
        assert code == 2
        assert "Traceback" not in err
        assert out + err
        assert list(tmp_path.iterdir()) == []

    def test_there_is_no_default_of_today(self, run):
        code, _, err = run("check", SAMPLE / "fife")
        assert code == 2
        assert "--as-at" in err


class TestAims:
    def test_every_aim_is_named_with_what_stands_out(self, run, island):
        code, out, _ = run("aims", island, *AS_AT, "--audience", "working")
        assert code == 0
        assert re.findall(r"^Orkney Islands: (Aim \d)", out, re.M) == ["Aim 1", "Aim 2", "Aim 3", "Aim 4"]
        assert "To mend: It does not say how much" in out
        assert "It counts 7 children; 6 of them" in out

    def test_unless_asked_numbers_are_those_for_everyone(self, run, island):
        _, out, _ = run("aims", island, *AS_AT)
        assert "It counts about 5 children" in out

    def test_an_aim_that_is_well_set_has_nothing_to_mend(self, run, island):
        aim = 'id = "aim-2"\nfrom_date = 2018-01-01\nto_date = 2019-06-30\nbacklog_by = 2018-12-31\ntarget = 90\n'
        (island / "aims.toml").write_text(f"[[aim]]\n{aim}", encoding="utf-8")
        _, out, _ = run("aims", island, *AS_AT)
        about = out.split("Aim 2:")[1].split("Aim 3:")[0]
        assert "To mend" not in about

    def test_another_audience_and_no_day_are_refused(self, run, island):
        assert run("aims", island, *AS_AT, "--audience", "public")[0] == 2
        assert run("aims", island)[0] == 2


class TestCheck:
    def test_a_good_extract_is_0_and_every_row_is_counted(self, run, island):
        code, out, _ = run("check", island, *AS_AT)
        assert code == 0
        rows = sum(len((island / f"{t}.csv").read_text().splitlines()) - 1 for t in ("children", "events"))
        counts = re.findall(r"^(?:children|events) +([\d,]+) +([\d,]+) +([\d,]+) +([\d,]+) +([\d,]+)", out, re.M)
        read, used, aside, copies, blank = (sum(int(n.replace(",", "")) for n in c) for c in zip(*counts, strict=True))
        assert read == rows == used + aside + copies + blank
        assert "Fit to use" in out or "Nothing was found wrong." in out

    def test_a_file_that_cannot_be_used_is_3_and_named(self, run, island):
        (island / "events.csv").write_bytes(b"")
        code, out, _ = run("check", island, *AS_AT)
        assert code == 3
        assert "events.csv: is empty." in out
        assert "Not fit as it is" in out

    def test_an_extract_that_cannot_be_used_is_3_and_the_others_are_still_checked(self, run, island):
        bad = Path(shutil.copytree(island, island.parent / "bad"))
        (bad / "children.csv").write_text("child_id\n1\n", encoding="utf-8")
        code, out, err = run("check", island.parent, *AS_AT)
        assert code == 3
        assert "orkney-islands: " in out
        assert "bad cannot be used." in err
        assert "children.csv, row 1: has no column date_of_birth" in err

    def test_rows_set_aside_are_no_failure(self, run, island):
        with (island / "events.csv").open("a", encoding="utf-8") as file:
            file.write("SYN-00001,adm_decision,2018-02-30,\n")
        last = len((island / "events.csv").read_text().splitlines())
        code, out, _ = run("check", island, *AS_AT)
        assert code == 0
        assert f"events.csv, row {last}, column date: is not a date that exists" in out

    def test_each_aim_has_a_line_that_says_whether_the_extract_is_fit_for_it(self, run, island):
        _, out, _ = run("check", island, *AS_AT)
        lines = re.findall(r"^  (Aim \d): .*: (fit to use|use with care|not fit to use)\. [A-Z]", out, re.M)
        assert [aim for aim, _ in lines] == ["Aim 1", "Aim 2", "Aim 3", "Aim 4"]

    def test_what_is_used_is_told_by_kind(self, run, island):
        _, out, _ = run("check", island, *AS_AT)
        events = pd.read_csv(island / "events.csv", dtype=str)
        (told,) = re.findall(r"^events used: .*\breview ([\d,]+)", out, re.M)
        assert 0 < int(told.replace(",", "")) <= (events["event"] == "review").sum()
        assert re.search(r"^placements used: .*foster", out, re.M)

    def test_corrections_are_written_for_whoever_keeps_the_records(self, run, island, tmp_path):
        with (island / "events.csv").open("a", encoding="utf-8") as file:
            file.write("SYN-00001,adm_decision,2018-02-30,\n")
        code, out, _ = run("check", island, *AS_AT, "--corrections", tmp_path / "back.xlsx")
        assert code == 0
        ((rows, noted),) = re.findall(r"^(\d+) to correct and (\d+) to know of, listed in .*back\.xlsx$", out, re.M)
        listed = int(rows) + int(noted)
        sheet = openpyxl.load_workbook(tmp_path / "back.xlsx")["Rows to correct"]
        assert sheet.max_row - 1 == listed >= int(rows) >= 1
        assert run("check", island, *AS_AT, "--corrections", tmp_path / "back.xlsx")[0] == 2, "never written over"

    def test_corrections_never_lie_among_the_extracts_files(self, run, island):
        before = sorted(island.iterdir())
        code, _, err = run("check", island, *AS_AT, "--corrections", island / "back.xlsx")
        assert code == 2
        assert "among the extract's files" in err
        assert sorted(island.iterdir()) == before

    def test_an_earlier_extract_is_compared_and_a_large_drop_is_said(self, run, island, tmp_path):
        before = Path(shutil.copytree(island, tmp_path / "june"))
        children = (island / "children.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        gone = len(children[1:]) // 2
        (island / "children.csv").write_text("".join(children[: -gone or None]), encoding="utf-8")
        code, out, _ = run("check", island, *AS_AT, "--previous", before)
        assert code == 0
        assert f"; {gone} of those before are no longer there, 0 came." in out
        assert "A large drop" in out
        assert "Against june" in out
        assert "SYN-" not in out

    @pytest.mark.parametrize("option", ["--corrections", "--previous"])
    def test_both_are_of_one_extract(self, run, island, tmp_path, option):
        shutil.copytree(island, tmp_path / "another")
        code, _, err = run("check", tmp_path, *AS_AT, option, tmp_path / "x.xlsx")
        assert code == 2
        assert "name one of them" in err

    def test_nothing_there_is_3(self, run, tmp_path):
        code, _, err = run("check", tmp_path / "nowhere", *AS_AT)
        assert code == 3
        assert "There is no extract at 'nowhere'." in err

    def test_a_faulty_definition_is_3_with_all_its_faults(self, run, island):
        (island / "aims.toml").write_text('[[aim]]\nid = "aim-2"\ntarget = 900\nlimit = "x"\n', encoding="utf-8")
        code, _, err = run("check", island, *AS_AT)
        assert code == 3
        assert "aims.toml cannot be used: 2 faults." in err


class TestMarkings:
    """What is printed is marked above and below, by what it is."""

    @pytest.mark.parametrize(
        ("command", "marking"),
        [
            (("check",), POINTS),
            (("aims", "--audience", "working"), SENSITIVE),
            (("aims",), AGGREGATE),
            (("key", "whose"), SENSITIVE),
        ],
        ids=["rows to correct", "exact numbers", "rounded numbers", "whose a label is"],
    )
    def test_stand_above_and_below(self, run, island, command, marking):
        if command[0] == "key":
            children = read_extract(island, AS_AT[1]).children
            label = next(
                iter(
                    label_names(
                        name_children([tuple(children.iloc[0][["local_authority", "child_id"]])], DEMO)
                    ).values()
                )
            )
            command = (*command[:2], island, label)
        else:
            command = (command[0], island, *command[1:])
        code, out, _ = run(*command, *AS_AT)
        assert code == 0
        lines = out.strip().splitlines()
        assert len(lines) > 2
        assert [lines[0], lines[-1]] == [marking] * 2


class TestReleaseAndForget:
    @pytest.fixture
    def made(self, tmp_path) -> Path:
        """A run with one page for everyone, as the batch leaves it."""
        folder = tmp_path / "reports"
        (folder / "fife").mkdir(parents=True)
        page = folder / "fife" / "2_aims.html"
        page.write_text(f"<p>{AGGREGATE}</p><p>15 children</p><p>{AGGREGATE}</p>", encoding="utf-8")
        sha256 = hashlib.sha256(page.read_bytes()).hexdigest()
        row = Result("Fife", "fife", "2_aims", "made", page="fife/2_aims.html", page_sha256=sha256, marking=AGGREGATE)
        write_index([row], folder, date(2019, 7, 31), "aggregate")
        write_manifest([row], folder, date(2019, 7, 31), "aggregate", 1.0)
        return folder

    def test_a_form_is_written_filled_in_and_the_pages_go_out(self, run, made, tmp_path):
        form = tmp_path / "form.toml"
        assert run("release", made, "--prepare", form)[0] == 0
        code, _, err = run("release", made, "--to", tmp_path / "out", "--sign-off", form)
        assert (code, (tmp_path / "out").exists()) == (2, False)
        assert "Nothing was released." in err
        text = (
            form.read_text(encoding="utf-8")
            .replace('""', '"Agnes"', 1)
            .replace('""', '"Hamish"')
            .replace("# date", "date")
        )
        form.write_text(text.replace("2019-08-01", str(date.today())), encoding="utf-8")
        code, out, err = run("release", made, "--to", tmp_path / "out", "--sign-off", form)
        assert (code, err) == (0, "")
        assert "1 page and the index are in" in out
        assert (tmp_path / "out" / "fife" / "2_aims.html").exists()
        assert len((tmp_path / "disclosure-log.jsonl").read_text(encoding="utf-8").splitlines()) == 2

    def test_a_release_without_a_second_person_is_wrong_use(self, run, made, tmp_path):
        code, _, err = run("release", made, "--to", tmp_path / "out")
        assert code == 2
        assert "--prepare writes the form" in err

    def test_forget_says_what_it_would_remove_then_removes_it_and_says_what_it_cannot(self, run, made, tmp_path):
        code, out, _ = run("forget", made, "--before", "2100-01-01", "--dry-run")
        assert code == 0
        assert "Would be removed:" in out
        assert "  fife/2_aims.html" in out.splitlines()
        assert made.exists()
        code, out, _ = run("forget", made, "--before", "2100-01-01")
        assert code == 0
        assert "1 run removed; 0 not." in out
        assert "backups, copies that were released, sent or printed" in out
        assert not made.exists()

    def test_forget_removes_a_key_only_if_asked_and_says_which(self, run, made, tmp_path, monkeypatch):
        monkeypatch.setenv("PACE_NB_KEY_FILE", str(tmp_path / "mine" / "key"))
        run("key", "new")
        fingerprint = run("key", "show")[1].split()[0]
        _, out, _ = run("forget", made, "--before", "2100-01-01", "--key", tmp_path / "mine" / "key", "--dry-run")
        assert f"Would be removed: the key {fingerprint}" in out
        assert (tmp_path / "mine" / "key").exists()
        run("forget", made, "--before", "2100-01-01", "--key", tmp_path / "mine" / "key")
        assert not (tmp_path / "mine" / "key").exists()

    def test_a_folder_that_is_no_run_is_wrong_use(self, run, island):
        before = sorted(p.name for p in island.iterdir())
        code, _, err = run("forget", island, "--before", "2100-01-01")
        assert code == 2
        assert "There is no run in 'orkney-islands'." in err
        assert sorted(p.name for p in island.iterdir()) == before


class TestKey:
    @pytest.fixture
    def file(self, tmp_path, monkeypatch) -> Path:
        monkeypatch.setenv("PACE_NB_KEY_FILE", str(tmp_path / "mine" / "key"))
        return tmp_path / "mine" / "key"

    def test_new_writes_a_key_and_says_its_fingerprint_and_never_the_key(self, run, file):
        code, out, err = run("key", "new")
        assert code == 0
        secret = file.read_text(encoding="ascii").splitlines()[-1]
        assert len(bytes.fromhex(secret)) == 32
        assert secret[:8] not in out + err
        fingerprint = re.search(r"fingerprint is ((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})\.", out)[1]
        code, out, err = run("key", "show")
        assert (code, err) == (0, "")
        assert out.split()[0] == fingerprint
        assert secret[:8] not in out

    def test_a_key_that_is_there_is_replaced_only_if_rotation_is_said(self, run, file):
        run("key", "new")
        first = file.read_bytes()
        code, _, err = run("key", "new")
        assert (code, file.read_bytes()) == (2, first)
        assert "There is a key already" in err
        code, out, _ = run("key", "new", "--rotate")
        assert code == 0
        assert file.read_bytes() != first
        (kept,) = [p for p in file.parent.iterdir() if p != file]
        assert kept.read_bytes() == first
        assert kept.name in out

    def test_without_one_show_says_how_to_make_one(self, run, file):
        code, _, err = run("key", "show")
        assert code == 2
        assert "pace-nb key new" in err


class TestSample:
    def test_writes_32_areas_and_the_same_seed_gives_the_same_bytes(self, run, tmp_path):
        def digests(folder: Path) -> dict[str, str]:
            files = sorted(p for p in folder.rglob("*") if p.is_file())
            return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

        made = {}
        for name, seed in (("a", 7), ("b", 7), ("c", 8)):
            code, out, _ = run("sample", tmp_path / name, "--scale", "0.01", "--seed", seed)
            assert code == 0
            assert "32 synthetic extracts" in out
            made[name] = digests(tmp_path / name)
        areas = {p.name for p in (tmp_path / "a").iterdir() if p.is_dir()}
        assert areas == {a.slug for a in AUTHORITIES.values()}
        assert made["a"] == made["b"]
        assert made["a"].keys() == made["c"].keys()
        assert made["a"] != made["c"]


class TestReportThatCannotBegin:
    """Nothing is run and nothing is written before the request is known to make sense."""

    @pytest.mark.parametrize(
        ("arguments", "code", "phrase"),
        [
            (("--area", "Narnia"), 2, "'Narnia' is not a Scottish local authority"),
            (("--area", "Moray"), 2, "There are no children of Moray"),
            (("--area", "Moray"), 2, "areas there: Orkney Islands"),
            (("--notebook", "9_all"), 2, "choose from 0_check_extract, 1_baseline, 2_aims, 3_test_of_change"),
            (("--audience", "public"), 2, "say aggregate or working"),
            (("--notebook", "4_timelines"), 2, "ask for it with --audience working"),
            (("--since", "soon"), 2, "since is not a date"),
        ],
    )
    def test_wrong_use(self, run, island, arguments, code, phrase):
        out = island.parent / "out"
        found = run("report", island, *AS_AT, "--out", out, *arguments)
        assert found[0] == code
        assert phrase in " ".join(found[2].split())
        assert not out.exists()

    def test_pages_of_single_children_without_a_key(self, run, island, tmp_path, monkeypatch):
        monkeypatch.setenv("PACE_NB_KEY_FILE", str(tmp_path / "no key here"))
        for file in island.glob("*.csv"):
            file.write_text(file.read_text(encoding="utf-8").replace("SYN-", "X-"), encoding="utf-8")
        code, _, err = run("report", island, *AS_AT, "--audience", "working", "--out", tmp_path / "out")
        assert code == 2
        assert "There is no key for pseudonyms" in err
        assert not (tmp_path / "out").exists()

    def test_unusable_data(self, run, island):
        (island / "children.csv").write_bytes(b"")
        code, _, err = run("report", island, *AS_AT, "--out", island.parent / "out")
        assert code == 3
        assert "children.csv: is empty." in err
        assert not (island.parent / "out").exists()


def test_an_authority_in_two_extracts_is_refused_before_anything_is_made(run, island, tmp_path):
    shutil.copytree(island, tmp_path / "orkney-again")
    code, _, err = run("report", tmp_path, "--as-at", "2019-07-31", "--out", tmp_path / "out")
    assert code == 2
    assert "Orkney Islands" in err
    assert "another extract" in err
    assert "--previous" in err
    assert not (tmp_path / "out").exists()


def test_a_name_in_square_brackets_is_printed_as_it_is(run, island, tmp_path):
    shutil.copytree(island, tmp_path / "orkney[bold]")
    code, out, _ = run("check", tmp_path / "orkney[bold]", "--as-at", "2019-07-31")
    assert code == 0
    assert "orkney[bold]: 1" in out
