"""The index of a run: its figures with what they are of, what has changed since the run before, and every page and file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from html import unescape

import pytest

from pace_nb.batch.one import Result
from pace_nb.batch.publish import write_manifest
from pace_nb.errors import ParameterError
from pace_nb.marking import AGGREGATE
from pace_nb.outputs.before import NONE, Before, find_change, read_before, say_before
from pace_nb.outputs.index import write_index
from pace_nb.outputs.sparkline import draw_sparkline, say_series

JUNE, JULY = date(2019, 6, 30), date(2019, 7, 31)
SERIES = {"of": "share in time, by year", "periods": ["2016", "2017", "2018", "2019"], "values": [20, None, 40, 60]}


def told(area: str, waiting: str = "about 20", **more) -> Result:
    headline = {
        "Waiting": waiting,
        "In time": "about 60 % of about 45 due",
        "Is it getting better?": "Not enough children to tell.",
    }
    given = {"headline": headline, "series": SERIES, "page": f"{area.lower()}/2_aims.html", "marking": AGGREGATE} | more
    return Result(area, area.lower(), "2_aims", "made", **given)


def index_of(results, out, before=None, audience="aggregate") -> str:
    return write_index(results, out, JULY, audience, before).read_text(encoding="utf-8")


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", " ", html, flags=re.S)).split())


class TestTheRunBefore:
    def run_of(self, out, day, waiting="about 20", audience="aggregate", before=None):
        more = {"before": before.as_row()} if before else {}
        write_manifest([told("Fife", waiting)], out, day, audience, 1.0, more)

    def test_is_the_one_that_lay_in_the_folder(self, tmp_path):
        self.run_of(tmp_path, JUNE, "about 25")
        before = read_before(tmp_path, JULY, "aggregate")
        assert (before.as_at, before.headlines["Fife"]["Waiting"]) == ("2019-06-30", "about 25")

    def test_making_the_same_day_again_compares_with_the_same_run(self, tmp_path):
        self.run_of(tmp_path, JUNE, "about 25")
        before = read_before(tmp_path, JULY, "aggregate")
        self.run_of(tmp_path, JULY, before=before)
        assert read_before(tmp_path, JULY, "aggregate") == before

    def test_can_be_named(self, tmp_path):
        (tmp_path / "old").mkdir()
        self.run_of(tmp_path / "old", JUNE, "about 35")
        assert (
            read_before(tmp_path, JULY, "aggregate", str(tmp_path / "old")).headlines["Fife"]["Waiting"] == "about 35"
        )

    def test_a_folder_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(ParameterError, match="There is no folder 'absent'"):
            read_before(tmp_path, JULY, "aggregate", str(tmp_path / "absent"))

    def test_of_a_folder_of_runs_it_is_the_last_before_the_day_for_the_same_people(self, tmp_path):
        runs = {
            "may": ("2019-05-31", "about 5"),
            "june": ("2019-06-30", "about 25"),
            "august": ("2019-08-31", "about 95"),
        }
        for name, (day, waiting) in runs.items():
            (tmp_path / name).mkdir()
            self.run_of(tmp_path / name, date.fromisoformat(day), waiting)
        (tmp_path / "team").mkdir()
        self.run_of(tmp_path / "team", date(2019, 7, 1), "23", audience="working")
        before = read_before(tmp_path / "new", JULY, "aggregate", str(tmp_path))
        assert (before.as_at, before.headlines["Fife"]["Waiting"]) == ("2019-06-30", "about 25")
        assert read_before(tmp_path / "new", date(2019, 5, 1), "aggregate", str(tmp_path)).why == NONE

    def test_exact_figures_of_another_audience_are_never_compared_with(self, tmp_path):
        self.run_of(tmp_path, JUNE, "23", audience="working")
        before = read_before(tmp_path, JULY, "aggregate")
        assert before.headlines == {}
        assert "made for other people" in before.why

    def test_a_later_day_is_no_run_before(self, tmp_path):
        self.run_of(tmp_path, date(2019, 8, 31))
        assert "of a later day (31 August 2019)" in read_before(tmp_path, JULY, "aggregate").why

    @pytest.mark.parametrize("text", [None, "", "{", "[]", '{"runs": 3}', '{"runs": [1], "audience": "aggregate"}'])
    def test_what_cannot_be_read_is_none(self, tmp_path, text):
        if text is not None:
            (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
        assert read_before(tmp_path, JULY, "aggregate").why == NONE

    def test_what_else_may_have_changed_the_figures_is_said(self):
        before = Before("", "x", "2019-06-30", "0.0.1", 10, "2015-01-01", {"Fife": {"Waiting": "about 20"}})
        said = " ".join(say_before(before, JULY, "", ["Waiting", "In time"]))
        for part in (
            "as at 30 June 2019",
            "pace-nb 0.0.1",
            "hid counts below 10",
            "from another day on",
            "Not in that run: In time.",
        ):
            assert part in said

    @pytest.mark.parametrize(
        ("now", "then", "text", "number"),
        [
            ("about 20", "about 20", "as before", 0),
            ("about 25", "about 20", "+5 (was about 20)", 5),
            ("0", "fewer than 5", "was fewer than 5", None),
            ("fewer than 5", "fewer than 5", "as before", None),
            ("–", "26 weeks; about 145 followed", "was 26 weeks", None),
            ("27 weeks; 9 followed", "26 weeks; 8 followed", "+1 week (was 26 weeks)", 1),
            ("31 of 64 (48 %)", "30 of 64 (47 %)", "+1 point (was 30 of 64 (47 %))", 1),
            ("3 of 4", "4 of 4", "was 4 of 4", None),
            ("about 1,020", "about 980", "+40 (was about 980)", 40),
        ],
    )
    def test_a_change_comes_from_the_two_figures_as_they_were_shown(self, now, then, text, number):
        change = find_change(now, then)
        assert (change.text, change.number) == (text, number)


class TestTheIndex:
    def test_gives_figures_with_what_they_are_of_and_what_has_changed(self, tmp_path):
        before = Before("", "x", "2019-06-30", "0.1.0", headlines={"Fife": {"Waiting": "about 25"}})
        text = words(index_of([told("Angus"), told("Fife")], tmp_path, before))
        assert "about 60 % of about 45 due" in text
        assert "−5 (was about 25)" in text
        assert "Changes are since the run as at 30 June 2019." in text
        assert text.count("not in the run before") >= 2
        assert "no ranking" in text

    def test_says_that_there_is_no_earlier_run(self, tmp_path):
        assert NONE in words(index_of([told("Fife")], tmp_path, Before()))

    def test_all_areas_together_stand_first_and_not_among_the_areas(self, tmp_path):
        scotland = told("Scotland", page="scotland/5_across_areas.html")
        html = index_of([told("Angus"), scotland, told("Fife")], tmp_path)
        assert html.index('<section class="together"') < html.index("<table")
        assert 'href="scotland/5_across_areas.html"' in html
        figures = html[html.index("<table") : html.index("</table>")]
        assert re.findall(r'<tr data-area="([^"]*)"', figures) == ["Angus", "Fife"]

    def test_what_failed_for_one_reason_is_said_once_with_every_name_and_what_was_not_reached_is_no_fault(
        self, tmp_path
    ):
        rows = [Result(a, a.lower(), "2_aims", "failed", "The cluster went away.") for a in ("Angus", "Moray")]
        stopped = [
            Result(a, a.lower(), "7_balancing", "stopped", "It was stopped.") for a in ("Angus", "Fife", "Moray")
        ]
        text = words(index_of([told("Fife"), *rows, *stopped], tmp_path))
        assert "1 pages made, 2 failed, 3 not reached." in text
        assert "Angus, 2_aims; Moray, 2_aims : The cluster went away." in text
        assert "Angus, 7_balancing; Fife, 7_balancing; Moray, 7_balancing : It was stopped." in text

    def test_the_back_test_is_told_and_leads_to_its_page(self, tmp_path):
        html = write_index([told("Fife")], tmp_path, JULY, "aggregate", None, "5 of 15 figures differ.").read_text(
            encoding="utf-8"
        )
        assert '5 of 15 figures differ. <a href="back_test.html">' in html
        assert "back_test.html" not in index_of([told("Fife")], tmp_path)

    def test_what_failed_stays_in_sight_with_its_sentence(self, tmp_path):
        failed = Result(
            "Fife", "fife", "7_balancing", "failed", "A cell stopped.", kept="fife/7_balancing.FAILED.ipynb"
        )
        text = words(index_of([told("Fife"), failed], tmp_path))
        assert (
            "Fife, 7_balancing : A cell stopped. The marked notebook is kept as fife/7_balancing.FAILED.ipynb." in text
        )
        assert "1 failed" in text

    def test_leads_to_every_file_and_says_which_could_not_be_made(self, tmp_path):
        paths = {
            "pdf": ["fife/2_aims.pdf"],
            "workbook": ["fife/2_aims.xlsx"],
            "pictures": ["fife/2_aims/a.svg", "fife/2_aims/a.png"],
        }
        files = [{"kind": k, "path": p, "title": "Who waits"} for k, those in paths.items() for p in those]
        html = index_of([told("Fife", files=files), told("Angus", lacking=["No PDF: there is no browser."])], tmp_path)
        assert {p for those in paths.values() for p in those} <= set(re.findall(r'href="([^"]+)"', html))
        assert "No PDF: there is no browser. Angus, Aims" in words(html)

    def test_runs_its_own_script_and_no_other(self, tmp_path):
        html = index_of([told("Fife")], tmp_path)
        (script,) = re.findall(r"<script>(.*?)</script>", html, re.S)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
        assert unescape(policy).endswith(f"; script-src 'sha256-{digest}'")
        assert unescape(policy).startswith("default-src 'none';")
        assert not re.search(r"fetch|XMLHttpRequest|import\(|eval|innerHTML|https?:", script)

    def test_shows_what_is_in_names_and_messages_as_the_text_that_it_is(self, tmp_path):
        bad = '<script>alert(1)</script>"'
        html = index_of([Result(bad, "x", "2_aims", "failed", bad, lacking=[bad]), told("Fife")], tmp_path)
        assert html.count("<script>") == 1
        assert "<script>alert" not in html

    def test_is_the_same_to_the_byte_when_it_is_written_again(self, tmp_path):
        assert index_of([told("Fife"), told("Angus")], tmp_path) == index_of([told("Fife"), told("Angus")], tmp_path)


class TestTheSmallDrawing:
    def test_a_value_that_is_not_shown_is_a_gap_and_said(self):
        svg = draw_sparkline(SERIES)
        assert svg.count("<polyline") == 1, "2018 to 2019; 2016 stands by itself"
        assert svg.count("<circle") == 2
        assert 'aria-label="Share in time, by year: 2016 20 %, 2017 not shown, 2018 40 %, 2019 60 %."' in svg

    def test_there_is_none_without_values(self):
        assert draw_sparkline({}) == ""

    def test_markup_in_the_name_of_a_period_is_text(self):
        assert "<b>" not in draw_sparkline(SERIES | {"periods": ["<b>", "2017", "2018", "2019"]})
        assert "<b>" in say_series(SERIES | {"periods": ["<b>", "2017", "2018", "2019"]})


def test_the_manifest_keeps_what_was_compared_with(tmp_path):
    before = Before("", "x", "2019-06-30", "0.1.0", headlines={"Fife": {"Waiting": "about 25"}})
    write_manifest([told("Fife")], tmp_path, JULY, "aggregate", 1.0, {"before": before.as_row()})
    kept = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["before"]
    assert Before(**kept) == before
