"""The last run's figures against the same figures from the records of now: which run is the last, what differs, and what a page says."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pace_nb.batch.back_test import (
    BackTest,
    LastRun,
    back_test,
    find_last_run,
    headline,
    say_back_test,
    write_back_test,
)
from pace_nb.batch.one import Result
from pace_nb.batch.order import Order
from pace_nb.batch.plan import plan_runs
from pace_nb.batch.publish import write_manifest

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
THEN, NOW = date(2019, 6, 30), date(2019, 7, 31)
FIFE = {"Waiting for a recommendation": "15", "In time": "60%"}


def leave_run(folder, as_at, audience="aggregate", figures=FIFE, more=None):
    """Leave the manifest of a run, as the batch writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    results = [
        Result(
            "Fife",
            "fife",
            "2_aims",
            "made",
            page="fife/2_aims.html",
            headline=figures,
            parameters={"since": "2016-04-01"},
        ),
        Result("Fife", "fife", "1_baseline", "made", page="fife/1_baseline.html", headline={"Other": "1"}),
        Result("Angus", "angus", "2_aims", "failed"),
        Result("Scotland", "scotland", "2_aims", "made", page="scotland/2_aims.html", headline={"Waiting": "500"}),
    ]
    write_manifest(results, folder, as_at, audience, 1.0, more)


def order(place, **said):
    return Order("data", NOW, str(place / "new"), back_test=str(place), **said)


class TestWhichRunIsTheLast:
    def test_the_latest_before_this_day_for_the_same_people(self, tmp_path):
        leave_run(tmp_path / "may", date(2019, 5, 31), figures={"In time": "may"})
        leave_run(tmp_path / "june", THEN, figures={"In time": "june"})
        leave_run(tmp_path / "june-working", THEN, "working", {"In time": "working"})
        leave_run(tmp_path / "july", NOW, figures={"In time": "july"})
        last = find_last_run(order(tmp_path))
        assert (last.as_at, last.figures, last.since) == (
            "2019-06-30",
            {"Fife": {"In time": "june"}},
            {"Fife": "2016-04-01"},
        )
        assert find_last_run(order(tmp_path, audience="working")).figures == {"Fife": {"In time": "working"}}

    def test_none_where_there_is_none(self, tmp_path):
        assert find_last_run(order(tmp_path)) is None
        assert find_last_run(order(tmp_path / "missing")) is None
        leave_run(tmp_path / "july", NOW)
        assert find_last_run(order(tmp_path)) is None

    def test_a_run_that_took_its_place_in_the_folder_has_kept_it(self, tmp_path):
        leave_run(tmp_path, THEN)
        last = find_last_run(order(tmp_path))
        tested = BackTest(last, 1, 2, (), {})
        more = {"state": "stopped", **write_back_test(tested, order(tmp_path), tmp_path)}
        leave_run(tmp_path, NOW, figures={"In time": "now"}, more=more)
        assert find_last_run(order(tmp_path)) == last


class TestWhatDiffers:
    @pytest.fixture
    def data(self, tmp_path):
        shutil.copytree(SAMPLE / "fife", tmp_path / "data" / "fife")
        return tmp_path / "data"

    def test_the_same_records_give_the_same_figures_and_others_are_listed(self, data):
        then = headline(data / "fife", "Fife", "2019-06-30", "working", "")
        last = LastRun("abc", "2019-06-30", {"Fife": then, "Angus": then}, {"Fife": "", "Angus": ""})
        runs = plan_runs(data, NOW, areas=["Fife"], notebooks=["2_aims"], audience="working")
        asked = Order(str(data), NOW, "out", audience="working")
        same = back_test(last, asked, runs)
        assert (same.areas, same.compared, same.differences, same.missing) == (1, len(then), (), {})
        events = data / "fife" / "events.csv"
        lines = events.read_text(encoding="utf-8").splitlines()
        kept = [
            line for line in lines if ",permanence_recommendation," not in line or not re.search(r"2019-0[1-6]", line)
        ]
        assert len(kept) < len(lines), "what the test takes away has to be there"
        events.write_text("\n".join(kept) + "\n", encoding="utf-8")
        runs = plan_runs(data, NOW, areas=["Fife"], notebooks=["2_aims"], audience="working")
        changed = back_test(last, asked, runs)
        assert changed.compared == len(then)
        (waiting,) = [d for d in changed.differences if d["figure"] == "Waiting for a recommendation"]
        assert waiting["area"] == "Fife"
        assert waiting["then"] == then["Waiting for a recommendation"]
        assert int(waiting["now"].replace(",", "")) > int(waiting["then"].replace(",", ""))

    def test_an_area_that_cannot_be_read_so_early_is_named_with_the_reason(self, data):
        last = LastRun("abc", "2010-01-31", {"Fife": FIFE}, {"Fife": "2016-04-01"})
        runs = plan_runs(data, NOW, notebooks=["2_aims"])
        tested = back_test(last, Order(str(data), NOW, "out"), runs)
        assert (tested.areas, tested.compared) == (0, 0)
        assert "The period would begin" in tested.missing["Fife"]


class TestThePage:
    TESTED = BackTest(
        LastRun("abc", "2019-06-30", {"Fife": FIFE}, {"Fife": ""}),
        1,
        2,
        ({"area": "Fife", "figure": "In time", "then": "60%", "now": "<b>65%</b>"},),
        {"Angus": "No child can be read."},
    )

    def test_it_lists_what_differs_with_what_it_is_out_of(self, tmp_path):
        told = write_back_test(self.TESTED, order(tmp_path), tmp_path)
        html = (tmp_path / "back_test.html").read_text(encoding="utf-8")
        assert "1 of 2 figures come out otherwise" in html
        assert "60%" in html
        assert "&lt;b&gt;65%&lt;/b&gt;" in html
        assert "Angus" in html
        assert html.count("Aggregate, disclosure-controlled.") >= 2
        assert "<script" not in html
        assert told["files"][0]["path"] == "back_test.html"
        assert json.loads(json.dumps(told)) == told

    def test_a_sentence_says_out_of_how_many(self):
        last = LastRun("", "2019-06-30", {}, {})
        some = BackTest(last, 3, 15, ({"area": "Fife"},) * 5, {})
        assert (
            say_back_test(some)
            == "5 of 15 figures of the run as at 30 June 2019 come out otherwise from the records of now."
        )
        none = BackTest(last, 3, 15, (), {"Angus": "why"})
        assert say_back_test(none) == (
            "All 15 figures of the run as at 30 June 2019 come out from the records of now as they were published. "
            "Those of 1 area could not be worked out."
        )
        assert say_back_test(BackTest(last, 0, 0, (), {"Angus": "why"})) == (
            "No figure of the run as at 30 June 2019 was worked out again. Those of 1 area could not be worked out."
        )

    def test_a_page_for_people_entitled_to_see_children_is_marked(self, tmp_path):
        write_back_test(self.TESTED, order(tmp_path, audience="working"), tmp_path)
        assert (tmp_path / "back_test.html").read_text(encoding="utf-8").count("OFFICIAL-SENSITIVE") >= 2

    def test_where_nothing_differs_it_says_out_of_how_many(self, tmp_path):
        write_back_test(replace(self.TESTED, differences=(), missing={}), order(tmp_path), tmp_path)
        assert "All 2 figures of 1 area come out as they were published." in (tmp_path / "back_test.html").read_text(
            encoding="utf-8"
        )

    def test_that_of_an_earlier_run_does_not_stay(self, tmp_path):
        write_back_test(self.TESTED, order(tmp_path), tmp_path)
        assert write_back_test(None, order(tmp_path), tmp_path) == {"back_test": None, "files": []}
        assert not (tmp_path / "back_test.html").exists()
