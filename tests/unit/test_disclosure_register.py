"""The register of what was published, and what speaks against a release."""

from __future__ import annotations

import json

import pytest

from pace_nb.disclosure import audit_run
from pace_nb.disclosure.register import Register, read_shown, register_run
from pace_nb.tables import make_table


def register(*counts: tuple[str, str, str], as_at: str = "2019-07-31") -> Register:
    made = Register()
    for measure, group, text in counts:
        made.add(measure, group, "now", as_at, text)
    return made


@pytest.fixture
def run(tmp_path):
    """Return a function that writes a run whose one page has one table."""

    def make(name: str = "run", audience: str = "aggregate", as_at: str = "2019-07-31", **rows: str):
        folder = tmp_path / name
        (folder / "fife").mkdir(parents=True)
        table = make_table(["Area", "Children"], list(rows.items()), "Who waits").html
        (folder / "fife" / "2_aims.html").write_text(f"<html>{table}</html>", encoding="utf-8")
        row = {"area": "Fife", "notebook": "2_aims", "outcome": "made", "page": "fife/2_aims.html"}
        content = {"as_at": as_at, "audience": audience, "runs": [row]}
        (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
        return folder

    return make


@pytest.mark.parametrize(
    ("text", "meant"), [("0", (0, 0)), ("5", (5, 7)), ("10", (8, 12)), ("*", (1, 4)), ("7", (7, 7)), ("4 %", None)]
)
def test_a_shown_count_says_what_it_can_be(text, meant):
    assert read_shown(text) == meant


class TestDifferences:
    def test_two_exact_counts_fewer_than_five_apart_are_told(self):
        before, now = register(("waiting", "Fife", "23"), as_at="2019-06-30"), register(("waiting", "Fife", "24"))
        assert "fewer than 5 apart" in now.differences(before)[0]

    @pytest.mark.parametrize(
        ("then", "text"), [("25", "30"), ("10", "15"), ("0", "*"), ("23", "28"), ("25", "25"), ("23", "23")]
    )
    def test_rounded_counts_and_five_apart_are_not(self, then, text):
        before, now = register(("waiting", "Fife", then), as_at="2019-06-30"), register(("waiting", "Fife", text))
        assert now.differences(before) == []

    def test_another_area_is_another_count(self):
        before = register(("waiting", "Angus", "23"), as_at="2019-06-30")
        assert register(("waiting", "Fife", "24")).differences(before) == []

    def test_one_count_shown_in_two_ways_is_told(self):
        assert len(register(("waiting", "Fife", "25"), ("waiting", "Fife", "30")).told_differently()) == 1

    def test_a_nation_less_all_areas_but_one_is_told_if_it_is_small(self):
        made = register(("waiting", "Scotland", "52"), ("waiting", "Fife", "31"), ("waiting", "Angus", "19"))
        whole, *parts = made.counts
        assert "can only be 2 to 2" in made.remainder(whole, parts)
        assert made.remainder(whole, parts[:1]) == ""


class TestAuditOfARun:
    def test_a_rounded_run_has_nothing_against_it(self, run):
        folder = run(boys="15", girls="*", none="0")
        assert audit_run(folder) == []
        assert len(register_run(folder).counts) == 3

    def test_a_count_that_is_not_rounded_is_told(self, run):
        assert "which is not rounded" in audit_run(run(boys="17"))[0]

    def test_a_working_run_is_not_for_release(self, run):
        assert audit_run(run(audience="working", boys="15")) == ["The run in 'run' was not made for everyone."]

    def test_last_months_run_is_held_against_this_one(self, run):
        problems = audit_run(run("now", boys="24"), run("before", as_at="2019-06-30", boys="23"))
        assert any("apart" in p for p in problems)

    @pytest.mark.parametrize("spoil", ["manifest.json", "fife/2_aims.html"])
    def test_what_is_not_there_speaks_against_it(self, run, spoil):
        folder = run(boys="15")
        (folder / spoil).unlink()
        assert "cannot be read" in audit_run(folder)[0]

    def test_a_run_that_made_no_page_is_told(self, run):
        folder = run()
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest["runs"][0]["outcome"] = "failed"
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        assert audit_run(folder) == ["The run in 'run' made no page."]
