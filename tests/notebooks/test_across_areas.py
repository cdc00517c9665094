"""The page across areas as the command line makes it: once for a folder of extracts, or for the area that is named."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from pace_nb.areas import digest_all
from pace_nb.batch.plan import plan_runs
from pace_nb.errors import ParameterError
from pace_nb.terms import AUTHORITIES

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
AS_AT = date(2019, 7, 31)
NAME = "5_across_areas"

pytestmark = pytest.mark.skipif(not SAMPLE.is_dir(), reason="no sample beside the tests")


@pytest.fixture
def folder(tmp_path):
    """Return a function that makes a folder of some of the sample's extracts."""

    def make(*areas: str) -> Path:
        path = tmp_path / "extracts"
        path.mkdir()
        for area in areas:
            (path / area).symlink_to(SAMPLE / area)
        return path

    return make


def across(runs) -> list:
    return [r for r in runs if r.notebook == NAME]


class TestPlan:
    def test_a_folder_of_extracts_gives_one_page_in_a_folder_of_its_own_and_first(self, folder):
        data = folder("fife", "stirling")
        runs = plan_runs(data, AS_AT)
        (run,) = across(runs)
        assert runs[0] is run
        assert (run.area, run.page, run.outcome) == ("All areas", f"all-areas/{NAME}.html", "")
        assert run.parameters == {
            "extract_path": str(data.resolve()), "area": "Scotland", "as_at": "2019-07-31", "audience": "aggregate", "since": "",
        }  # fmt: skip
        assert run.told["extract_path"] == "extracts"
        assert run.sha256 == digest_all([data / "fife", data / "stirling"])

    def test_each_area_still_has_its_own_pages_and_not_this_one(self, folder):
        runs = plan_runs(folder("fife", "stirling"), AS_AT)
        assert {r.area for r in runs if r.notebook not in (NAME, "9_tried_elsewhere")} == {"Fife", "Stirling"}
        assert len({r.page for r in runs}) == len(runs)

    def test_all_32_are_scotland(self):
        (run,) = plan_runs(SAMPLE, AS_AT, notebooks=[NAME])
        assert (run.area, run.slug, run.parameters["area"]) == ("Scotland", "scotland", "Scotland")
        assert len(AUTHORITIES) == 32

    def test_an_area_asked_for_by_name_has_the_page_in_its_own_folder_made_from_all_extracts(self, folder):
        data = folder("fife", "orkney-islands", "stirling")
        found = across(plan_runs(data, AS_AT, areas=["S12000047", "Orkney"], audience="working"))
        assert [(r.area, r.page, r.parameters["area"]) for r in found] == [
            ("Fife", f"fife/{NAME}.html", "Fife"),
            ("Orkney Islands", f"orkney-islands/{NAME}.html", "Orkney Islands"),
        ]
        assert {r.parameters["extract_path"] for r in found} == {str(data.resolve())}

    def test_one_extract_is_not_compared_with_itself(self):
        assert across(plan_runs(SAMPLE / "fife", AS_AT)) == []

    def test_asked_for_by_name_it_says_why_and_fails_nothing(self):
        (run,) = plan_runs(SAMPLE / "fife", AS_AT, notebooks=[NAME])
        assert (run.area, run.outcome) == ("Fife", "nothing to show")
        assert "two or more" in run.refusal

    def test_an_extract_that_cannot_be_read_stops_neither_the_others_nor_this(self, folder):
        data = folder("fife", "stirling")
        (data / "bad").mkdir()
        (data / "bad" / "children.csv").write_text("child_id\n1\n", encoding="utf-8")
        runs = plan_runs(data, AS_AT)
        assert [r.area for r in runs if r.outcome == "failed"] == ["bad"]
        assert [r.area for r in across(runs)] == ["All areas"]

    def test_an_area_that_is_not_there_is_refused(self, folder):
        with pytest.raises(ParameterError, match="Moray"):
            plan_runs(folder("fife", "stirling"), AS_AT, areas=["Moray"], notebooks=[NAME])


def _make(path: Path, run_cli) -> None:
    data = path / "data"
    data.mkdir()
    for area in ("falkirk", "orkney-islands", "stirling"):
        (data / area).symlink_to(SAMPLE / area)
    (data / "moray").mkdir()
    (data / "moray" / "children.csv").write_text("child_id\n1\n", encoding="utf-8")
    asked = ("report", data, "--as-at", "2019-07-31", "--notebook", NAME)
    for options in (("--audience", "working", "--out", "all"), ("--area", "Falkirk", "--out", "one")):
        ended = run_cli(*asked, *options, cwd=path)
        assert "1 pages made, 1 failed" in ended.stdout, ended.stderr
        assert ended.returncode == 1, "moray could not be read"


@pytest.fixture(scope="module")
def made(make_shared, run_cli) -> Path:
    """A page over three areas and one that cannot be read, for all alike and for Falkirk."""
    return make_shared("across", lambda path: _make(path, run_cli))


class TestPage:
    @staticmethod
    def words(page: Path) -> str:
        html = page.read_text(encoding="utf-8")
        html = re.sub(r"<style.*?</style>", " ", html, flags=re.S)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())

    def test_is_in_the_index_and_the_manifest(self, made):
        index = (made / "all" / "index.html").read_text(encoding="utf-8")
        assert f'href="all-areas/{NAME}.html"' in index
        assert "Across areas" in index
        runs = json.loads((made / "all" / "manifest.json").read_text(encoding="utf-8"))["runs"]
        (run,) = [r for r in runs if r["outcome"] == "made"]
        assert (run["area"], run["parameters"]["extract_path"]) == ("All areas", "data")
        assert run["headline"]["Waiting for a recommendation"].isdigit()
        assert run["sha256"] in self.words(made / "all" / run["page"])

    def test_names_what_could_not_be_read(self, made):
        for page in (made / "all" / "all-areas", made / "one" / "falkirk"):
            assert "moray is not part of this page" in self.words(page / f"{NAME}.html")

    def test_without_a_name_all_areas_stand_on_it_in_order(self, made):
        text = self.words(made / "all" / "all-areas" / f"{NAME}.html")
        assert "OFFICIAL-SENSITIVE" in text
        table = text.split("each area against all the others together, in order of name", 1)[1]
        assert table.index("Falkirk") < table.index("Orkney Islands") < table.index("Stirling")
        assert not re.search(r"\bnan\b|\bNone\b|SYN-", text)

    def test_with_a_name_no_other_area_is_on_it(self, made):
        html = (made / "one" / "falkirk" / f"{NAME}.html").read_text(encoding="utf-8")
        assert "Falkirk" in html
        assert "Stirling" not in html
        assert "Orkney" not in html
        assert "Aggregate, disclosure-controlled." in html
