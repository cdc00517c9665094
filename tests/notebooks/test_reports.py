"""Every notebook, run as the command line runs it: what the batch leaves behind, what a page holds, and what it must not.

The reports are made once for all of these tests (tests/conftest.py): a large area and an island, for both audiences.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import papermill
import pytest

from pace_nb.batch import plan, software
from pace_nb.batch.one import run_one
from pace_nb.batch.plan import Run, plan_runs
from pace_nb.disclosure import METHOD
from pace_nb.marking import AGGREGATE, SENSITIVE
from pace_nb.pseudonyms import DEMO

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "data" / "sample"
AS_AT = "2019-07-31"
AREAS = {"Fife": "fife", "Orkney Islands": "orkney-islands"}
NAMES = [
    "0_check_extract", "1_baseline", "2_aims", "3_test_of_change", "4_timelines", "6_children_now", "7_balancing", "8_portfolio",
]  # fmt: skip
SHARED = [n for n in NAMES if n != "4_timelines"]  # those that are made for everyone too
ACROSS_NAMES = ["5_across_areas", "9_tried_elsewhere"]
ACROSS = [f"all-areas/{n}.html" for n in ACROSS_NAMES]
BOTH = pytest.mark.parametrize("audience", ["working", "aggregate"])
MEGABYTES = 1.5
LABEL = re.compile(r"Child [0-9A-Z]{3}-[0-9A-Z]{3}")


class Table(HTMLParser):
    """Reads the tables of a page: caption, column heads, and each row with its head."""

    def __init__(self, html: str):
        super().__init__()
        self.tables: list[dict] = []
        self.text: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append({"caption": "", "heads": [], "rows": []})
        elif tag == "tr" and self.tables:
            self.tables[-1]["rows"].append([])
        if tag in ("caption", "th", "td"):
            self.text = []

    def handle_data(self, data):
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag):
        if tag in ("caption", "th", "td") and self.text is not None:
            text, self.text = "".join(self.text).strip(), None
            if tag == "caption":
                self.tables[-1]["caption"] = text
            else:
                self.tables[-1]["rows"][-1].append(text)
        if tag == "thead":
            self.tables[-1]["heads"] = self.tables[-1]["rows"].pop()


def tables(page: Path) -> list[dict]:
    return Table(page.read_text(encoding="utf-8")).tables


def words(page: Path) -> str:
    """The text of a page, the spoken text of its charts included."""
    html = page.read_text(encoding="utf-8")
    spoken = " ".join(re.findall(r'aria-label="([^"]*)"', html))
    html = re.sub(r"<style.*?</style>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html) + " " + spoken).split())


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def forms(day: str) -> Iterator[str]:
    """The ways in which a day may be written."""
    parsed = date.fromisoformat(day)
    yield day
    yield f"{parsed:%d/%m/%Y}"
    yield f"{parsed.day} {parsed:%B %Y}"
    yield f"{parsed.day} {parsed:%b %Y}"
    yield f"{parsed:%d %B %Y}"


def dates_of_birth(folder: Path) -> set[str]:
    """Birth dates that are no other date of the extract, so that one found on a page can be nothing else."""
    other = {AS_AT}
    for table in ("placements", "legal", "events"):
        other |= {v for row in rows_of(folder, table) for v in row.values() if v}
    for path in folder.glob("*.toml"):
        other |= set(re.findall(r"\d{4}-\d\d-\d\d", path.read_text(encoding="utf-8")))
    born = {
        row["date_of_birth"]
        for row in rows_of(folder, "children")
        if re.fullmatch(r"\d{4}-\d\d-\d\d", row["date_of_birth"])
    }
    known = born - other
    assert len(known) > len(born) / 2
    return known


class TestTheRun:
    @BOTH
    def test_ends_well_and_says_where_the_index_lies(self, reports, audience):
        said = reports.said[audience]
        assert said["code"] == 0, said["err"]
        assert f"Open {(getattr(reports, audience) / 'index.html').resolve()}" in said["out"].replace("\n", "")
        assert f"{20 if audience == 'working' else 16} pages made, 0 failed" in said["out"]
        assert "Traceback" not in said["err"]

    @BOTH
    def test_leaves_the_pages_the_index_and_the_manifest_and_nothing_else(self, reports, audience):
        names = NAMES if audience == "working" else SHARED
        wanted = {f"{slug}/{name}.html" for slug in AREAS.values() for name in names}
        wanted |= {f"{slug}/children.html" for slug in AREAS.values() if audience == "working"}
        wanted |= {*ACROSS, "index.html", "manifest.json", "events.jsonl", ".lock"}
        folder = getattr(reports, audience)
        assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == wanted
        assert not [p for p in folder.rglob("*") if p.name == ".work" or p.suffix == ".partial"]

    @BOTH
    def test_changes_no_extract_and_writes_nothing_beside_it(self, reports, audience):
        for slug in AREAS.values():
            one, two = (
                {p.relative_to(d).as_posix(): p.read_bytes() for p in d.rglob("*") if p.is_file()}
                for d in (reports.data / slug, SAMPLE / slug)
            )
            assert one == two

    def test_4_timelines_is_refused_in_aggregate_with_a_sentence(self, reports):
        refused = [r for r in reports.manifest("aggregate")["runs"] if r["outcome"] == "refused"]
        assert [(r["area"], r["notebook"], r["page"]) for r in refused] == [(a, "4_timelines", "") for a in AREAS]
        assert all("ask for it with --audience working." in r["message"] for r in refused)
        assert "Not made: 4_timelines shows single children" in reports.said["aggregate"]["err"]
        assert "only for people entitled to see them" in words(reports.aggregate / "index.html")

    @BOTH
    def test_each_run_stands_in_the_manifest(self, reports, audience):
        manifest = reports.manifest(audience)
        assert (manifest["as_at"], manifest["audience"]) == (AS_AT, audience)
        assert manifest["seconds"] > 0
        assert {"python", "pace-nb", "pandas", "altair", "papermill", "nbconvert"} <= set(manifest["versions"])
        every_child = ["children"] if audience == "working" else []
        runs = [*(("All areas", n) for n in ACROSS_NAMES), *((a, n) for a in AREAS for n in [*NAMES, *every_child])]
        assert [(r["area"], r["notebook"]) for r in manifest["runs"]] == runs
        for run in manifest["runs"]:
            assert run["parameters"] == {
                # not where it lay: a path may name a person
                "extract_path": "data" if run["page"] in ACROSS else run["slug"],
                "area": "Scotland" if run["page"] in ACROSS else run["area"],
                "as_at": AS_AT,
                "audience": audience,
                "since": "",
            }
            if run["outcome"] == "made":
                page = getattr(reports, audience) / run["page"]
                assert run["bytes"] == page.stat().st_size
                assert run["seconds"] > 0
                assert run["synthetic"] is True
                assert run["marking"] == (SENSITIVE if audience == "working" else AGGREGATE)
                assert run["kept"] == run["message"] == ""
                assert run["key"] == (DEMO.fingerprint if audience == "working" else "")

    @BOTH
    def test_the_sha256_is_that_of_the_extracts_files_by_name(self, reports, audience):
        for run in reports.manifest(audience)["runs"][len(ACROSS) :]:  # the first are made from several
            folder = reports.data / run["slug"]
            files = sorted(p for p in folder.iterdir() if p.suffix in (".csv", ".toml"))
            files += sorted((folder / "changes").glob("*.toml"))
            lines = "".join(
                f"{p.relative_to(folder).as_posix()} {hashlib.sha256(p.read_bytes()).hexdigest()}\n" for p in files
            )
            assert run["sha256"] == hashlib.sha256(lines.encode()).hexdigest()

    @BOTH
    def test_links_of_the_index_lead_to_pages(self, reports, audience):
        folder = getattr(reports, audience)
        links = re.findall(r'href="([^"#]+)"', (folder / "index.html").read_text(encoding="utf-8"))
        every_child = [f"{slug}/children.html" for slug in AREAS.values() if audience == "working"]
        assert set(links) == {*every_child, *(p.relative_to(folder).as_posix() for p in reports.pages(audience))}

    @BOTH
    def test_the_index_gives_each_areas_figures(self, reports, audience):
        figures, files = tables(getattr(reports, audience) / "index.html")
        assert [r[0] for r in figures["rows"]] == list(AREAS)
        assert [r[0] for r in files["rows"]] == ["All areas", *AREAS]
        assert "Waiting for a recommendation" in figures["heads"]
        assert all(len(r) == len(figures["heads"]) and all(r) for r in figures["rows"])
        told = words(getattr(reports, audience) / "index.html")
        assert "All areas: all areas together" in told
        assert "No earlier run is known, so no change is shown." in told


class TestAPage:
    @BOTH
    def test_needs_nothing_but_itself(self, reports, audience):
        for page in [*reports.pages(audience), getattr(reports, audience) / "index.html"]:
            html = page.read_text(encoding="utf-8")
            assert html.lower().count("<script") == (page.name == "index.html")  # its own: see test_run_index.py
            assert not re.search(r"\son[a-z]+\s*=", re.sub(r">[^<]*<", "><", html))
            assert not re.search(r"javascript:|@import|<(iframe|object|embed|link|form)\b", html, re.I)
            sources = re.findall(r'(?:src|href|xlink:href|action)="([^"]*)"', html) + re.findall(
                r"url\(([^)]*)\)", html
            )
            to_children = r"children\.html#[0-9A-Z]{6,}"  # see test_children_page.py
            outside = [s for s in sources if not s.strip("\"'").startswith("#")]
            assert [s for s in outside if audience == "aggregate" or not re.fullmatch(to_children, s)] == [
                s for s in sources if page.name == "index.html" and s.endswith(".html") and "//" not in s
            ]
            (policy,) = re.findall(r'<meta\b[^>]*"Content-Security-Policy"[^>]*>', html)
            assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:;" in unescape(policy)
            assert ("script-src 'sha256-" in unescape(policy)) == (page.name == "index.html")
            assert html.index(policy) < html.index("<style>")

    @BOTH
    def test_every_link_within_it_leads_somewhere(self, reports, audience):
        for page in reports.pages(audience):
            html = page.read_text(encoding="utf-8")
            ids = re.findall(r'\bid="([^"]+)"', html)
            assert len(ids) == len(set(ids)), f"{page.name} has an id twice"
            targets = {unescape(t) for t in re.findall(r'href="#([^"]+)"', html)}
            assert targets <= {unescape(i) for i in ids}
            assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)
            assert len(re.findall(r"<nav\b", html)) == 1
            assert html.count("<h1") == 1

    @BOTH
    def test_every_chart_has_a_text_alternative(self, reports, audience):
        for page in reports.pages(audience):
            html = page.read_text(encoding="utf-8")
            drawn = re.findall(r"<svg\b[^>]*>", html)
            assert drawn or page.parent.name == "orkney-islands"
            for tag in drawn:
                assert re.search(r'role="(?:img|group)"', tag), "a drawing whose marks are links is a group"
                said = re.findall(r'aria-label="([^"]+)"', tag)
                for name in " ".join(re.findall(r'aria-labelledby="([^"]+)"', tag)).split():
                    said += re.findall(rf'<(?:title|desc) id="{name}">([^<]+)<', html)
                assert len(" ".join(said)) > 40, tag[:80]

    @BOTH
    def test_hides_the_code_and_shows_no_error(self, reports, audience):
        for page in reports.pages(audience):
            text = words(page)
            assert not re.search(r"\bpace\.\w+\(|extract_path|Traceback|\bnan\b|\bNaT\b|\bNone\b", text), page

    @BOTH
    def test_says_whose_it_is_and_from_what_it_was_made(self, reports, audience):
        for page in reports.pages(audience):
            text, slug = words(page), page.parent.name
            area = next((a for a, s in AREAS.items() if s == slug), "2 areas")
            run = next(r for r in reports.manifest(audience)["runs"] if r["slug"] == slug)
            for phrase in (
                area,
                "As at 31 July 2019",
                "Synthetic sample: no real child is shown.",
                run["sha256"],
                "pace-nb",
            ):
                assert phrase in text
            assert text.count(run["marking"]) >= 2, "the marking stands above and below"

    @BOTH
    def test_is_small_enough_to_send(self, reports, audience):
        for page in reports.pages(audience):
            size = page.stat().st_size
            print(f"{audience}/{page.parent.name}/{page.name}: {size / 1000:,.0f} kB")
            assert size < MEGABYTES * 1e6


class TestWhatMustNotBeSeen:
    @BOTH
    @pytest.mark.parametrize("slug", AREAS.values())
    def test_no_childs_number_and_no_date_of_birth_on_any_page(self, reports, audience, slug):
        born = {f for day in dates_of_birth(reports.data / slug) for f in forms(day)}
        groups = {r["sibling_group"] for r in rows_of(reports.data / slug, "children")} - {""}
        for path in [p for p in reports.pages(audience) if p.parent.name == slug] + [
            getattr(reports, audience) / "index.html"
        ]:
            html = path.read_text(encoding="utf-8")
            assert "SYN-" not in html
            assert not [g for g in groups if g in html]
            found = set(re.findall(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}|\d{1,2} [A-Z][a-z]+ \d{4}", html))
            assert found & born == set()

    def test_aggregate_pages_name_no_single_child(self, reports):
        for page in reports.pages("aggregate"):
            text = words(page)
            assert not LABEL.search(text)
            assert METHOD in text
            assert SENSITIVE not in text
            assert not re.search(r"(?<![\d,.])[1-4] (child\b|children\b|of them\b|of the)", text)

    def test_aggregate_tables_hold_no_exact_count(self, reports):
        """Counts are multiples of five, nothing, or hidden; columns of weeks and shares hold no counts."""
        seen = 0
        for page in [*reports.pages("aggregate"), reports.aggregate / "index.html"]:
            for table in tables(page):
                if table["caption"].startswith("Weeks between"):
                    counts = [m for r in table["rows"] for c in r[1:] for m in re.findall(r"\(([^)]*)\)", c)]
                else:
                    kept = [
                        i for i, h in enumerate(table["heads"]) if i and not re.search(r"[Ww]eek|%|^Due in$", h)
                    ]  # a year
                    counts = [
                        r[i] for r in table["rows"] for i in kept if i < len(r) and not re.search(r"[Ww]eek|%", r[0])
                    ]
                for cell in counts:
                    if re.fullmatch(r"[\d,]+", cell):
                        seen += 1
                        assert int(cell.replace(",", "")) % 5 == 0, (page.parent.name, table["caption"], cell)
                    assert cell not in {"1", "2", "3", "4"}
        assert seen > 50

    def test_aggregate_charts_have_no_dot_for_a_day(self, reports):
        """What assistive technology is told of a chart must not tell more than the picture."""
        for page in reports.pages("aggregate"):
            html = page.read_text(encoding="utf-8")
            marks = re.findall(r'<(?:path|g|text)[^>]*aria-label="([^"]*)"', html)
            assert not [m for m in marks if re.search(r"\d{4}-\d\d-\d\d|[A-Z][a-z]{2} \d{1,2}, \d{4}", m)]

    def test_timelines_show_children_under_labels_only(self, reports):
        for slug in AREAS.values():
            text = words(reports.working / slug / "4_timelines.html")
            assert LABEL.search(text)
            assert "not the children's numbers" in text.replace("’", "'")


class TestWhatFails:
    def test_one_extract_stops_no_other(self, troubled):
        out, said = troubled
        assert said["code"] == 1
        assert "4 pages made, 1 failed" in said["out"]
        made = sorted({p.parent.name for p in out.glob("*/*.html")})
        assert made == ["na-h-eileanan-siar", "orkney-islands"]

    def test_it_is_listed_with_its_reason(self, troubled):
        out, said = troubled
        told = words(out / "index.html")
        for text in (told, " ".join(said["err"].split())):
            assert "shetland-islands, all notebooks" in text
            assert "children.csv, row 1: has no column date_of_birth" in text
        assert "Failed: not published" in told
        runs = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["runs"]
        assert sorted(r["outcome"] for r in runs) == ["failed", *["made"] * 4]

    def test_a_page_of_an_earlier_run_is_replaced(self, troubled):
        page = troubled[0] / "orkney-islands" / "3_test_of_change.html"
        assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

    def broken(self, tmp_path, monkeypatch, line: str) -> tuple[Run, Path]:
        """Make a notebook whose second code cell fails, and a page that an earlier run left."""
        folder, out = tmp_path / "notebooks", tmp_path / "out"
        folder.mkdir()
        parameters = (ROOT / "notebooks" / "1_baseline.ipynb").read_text(encoding="utf-8")
        cell = nbformat.reads(parameters, as_version=4).cells[1]
        cells = [nbformat.v4.new_markdown_cell("# Is it broken?"), cell, nbformat.v4.new_code_cell(line)]
        book = nbformat.v4.new_notebook(
            cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
        )
        nbformat.write(book, folder / "1_broken.ipynb")
        monkeypatch.setattr(plan, "NOTEBOOKS", folder)
        monkeypatch.setattr(software, "NOTEBOOKS", folder)
        (out / "orkney-islands").mkdir(parents=True)
        (out / ".work").mkdir()
        (out / "orkney-islands" / "1_broken.html").write_text("an earlier run's page", encoding="utf-8")
        (run,) = plan_runs(SAMPLE / "orkney-islands", date.fromisoformat(AS_AT))
        return run, out

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ('raise KeyError("SYN-00001 was born on 2010-05-06")', "A cell of the notebook stopped with KeyError"),
            ('from pace_nb.errors import DataError\nraise DataError("No child can be read.")', "No child can be read."),
        ],
        ids=["our own fault", "a fault of the data"],
    )
    def test_a_cell_that_fails_leaves_a_marked_notebook_and_no_page(self, tmp_path, monkeypatch, line, message):
        run, out = self.broken(tmp_path, monkeypatch, line)
        result = run_one(run, out)
        assert (result.outcome, result.page) == ("failed", "")
        assert message in result.message
        assert "SYN-" not in result.message
        assert result.kept == "orkney-islands/1_broken.FAILED.ipynb"
        assert [p.name for p in (out / "orkney-islands").iterdir()] == ["1_broken.FAILED.ipynb"]

    def test_what_does_not_apply_to_an_area_is_no_failure(self, tmp_path, monkeypatch):
        line = 'from pace_nb.errors import NothingToShow\nraise NothingToShow("No change is recorded.")'
        run, out = self.broken(tmp_path, monkeypatch, line)
        result = run_one(run, out)
        assert (result.outcome, result.message, result.kept) == ("nothing to show", "No change is recorded.", "")
        assert list((out / "orkney-islands").iterdir()) == []

    def test_a_misspelt_parameter_is_refused_not_ignored(self, tmp_path):
        """Papermill itself only logs a name that it does not know, and goes on with the default."""
        notebook = ROOT / "notebooks" / "3_test_of_change.ipynb"
        with pytest.raises(papermill.exceptions.PapermillExecutionError) as caught:
            papermill.execute_notebook(
                notebook, tmp_path / "out.ipynb", {"as_att": "2018-07-31"}, cwd=notebook.parent, progress_bar=False
            )
        assert caught.value.ename == "ParameterError"
        assert "as_att is not a parameter of this notebook; did you mean as_at?" in caught.value.evalue
        assert caught.value.exec_count <= 3
