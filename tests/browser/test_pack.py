"""A pack in a real browser with the network off: each control changes what it should, by keyboard, on a phone and enlarged."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import pace_nb as pace
from pace_nb.packs import ALL, build_pack
from pace_nb.packs.page import make_pack_page

pytestmark = pytest.mark.browser
SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"


@pytest.fixture(scope="module")
def pack():
    return build_pack(pace.read_extract(SAMPLE / "fife", "2019-07-31"))


@pytest.fixture(scope="module")
def file(pack, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "fife.pack.html"
    path.write_text(make_pack_page(pack), encoding="utf-8")
    return path


@pytest.fixture
def page(file, visit):
    page = visit(file)
    page.locator("body[data-ready=yes]").wait_for(timeout=30_000)
    yield page
    assert page.noted == []  # no request, no complaint of the console, no error


def shown(page, section: str) -> str:
    return page.locator(f"section[aria-labelledby=h-{section}] div.slice:visible").inner_text()


def drawn(page, chart: str) -> str:
    return page.locator(f'.chart[data-chart="{chart}"] svg').inner_html()


class TestControls:
    def test_the_aim_changes_every_picture_every_sentence_and_every_text_alternative(self, page, pack):
        charts = ("shares", "bands", "medians", "curve")
        before = {
            c: (drawn(page, c), page.locator(f'.chart[data-chart="{c}"]').get_attribute("aria-label")) for c in charts
        }
        page.locator("select[name=aim]").select_option("aim-3")
        page.get_by_text("Shown now: Aim 3").wait_for()
        for chart in charts:
            name = page.locator(f'.chart[data-chart="{chart}"]').get_attribute("aria-label")
            assert drawn(page, chart) != before[chart][0]
            assert name != before[chart][1]
            assert pack.aim("aim-3").title in name
        assert pack.aim("aim-3").title in shown(page, "shares")

    def test_a_period_without_a_number_keeps_its_place_in_time(self, page, pack):
        one = next(s for s in pack.slices if (s.aim, s.group) == ("aim-2", ALL))
        assert None in [weeks for _, weeks in one.medians]
        labels = page.locator('.chart[data-chart="medians"] svg .role-axis-label').first.locator("text")
        assert labels.all_text_contents() == [period for period, _ in one.medians]

    def test_the_group_changes_the_numbers_to_those_of_the_pack(self, page, pack):
        page.locator("select[name=group]").select_option("kinship")
        page.get_by_text("Kinship care.").last.wait_for()
        total = next(y for y in pack.slice("aim-2", "kinship").years if y.year == ALL)
        assert f"about {total.due} children" in shown(page, "shares")
        assert f"about {100 * total.share:.0f} %" in shown(page, "shares")

    def test_only_groups_that_are_offered_can_be_chosen(self, page, pack):
        page.locator("select[name=group]").select_option("kinship")
        page.locator("select[name=aim]").select_option("aim-1")
        page.get_by_text("Shown now: Aim 1").wait_for()
        free = page.locator("select[name=group] option:not([disabled])").evaluate_all("all => all.map(o => o.value)")
        assert free == [s.group for s in pack.groups("aim-1")]
        assert page.locator("select[name=group]").input_value() == ALL

    def test_the_years_that_are_chosen_are_drawn(self, page):
        assert "2013" in drawn(page, "shares")
        slider = page.locator("input[type=range][name=from]")
        slider.focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        page.get_by_text("Years shown: 2016 to 2019.").wait_for()
        assert "2013" not in drawn(page, "shares")
        assert "2016" in drawn(page, "shares")

    def test_the_slider_of_weeks_says_how_many_still_wait(self, page, pack):
        week, share = pack.slice("aim-2").curve[3]
        slider = page.locator("input[type=range][name=week]")
        slider.focus()
        page.keyboard.press("ArrowRight")
        said = f"After {week} weeks about {100 * share:.0f} % still wait."
        page.get_by_text(said).wait_for()
        assert f"week {week}" in drawn(page, "curve")


def test_the_keyboard_alone_reaches_and_moves_every_control(page):
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.tagName"))
    assert {"aim", "group", "from", "to", "week", "SUMMARY"} <= set(reached)
    page.locator("select[name=aim]").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_text("Shown now: Aim 3").wait_for()
    assert page.evaluate("document.activeElement.name") == "aim"  # the focus stays where it was
    page.locator("summary:visible").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open] table").count() == 1


def test_every_control_has_a_visible_label_that_is_its_name(page):
    for control in page.locator("select, input[type=range]").all():
        name = control.get_attribute("aria-label") or control.evaluate(
            "c => c.labels[0].querySelector('span').textContent"
        )
        assert page.locator(".vega-bind-name", has_text=name).first.is_visible()


@pytest.mark.parametrize(
    ("width", "what"),
    [(320, "enlarged four times"), (390, "on a phone"), (1280, "on a laptop"), (1920, "on a projector")],
)
def test_nothing_runs_over_the_side(file, visit, width, what, pictures):
    page = visit(file, width)
    page.locator("body[data-ready=yes]").wait_for(timeout=30_000)
    page.locator("details:visible").evaluate_all("all => all.forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, what
    for chart in page.locator(".chart svg").all():
        box = chart.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    page.screenshot(path=pictures / f"pack-{width}.png", full_page=True)


def test_without_scripts_every_combination_is_there_as_text(file, browser, pack):
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator("div.slice:visible").count() == 4 * len(pack.slices)
    assert page.get_by_text("runs no scripts").is_visible()
    context.close()


def test_on_paper_the_tables_are_unfolded_and_the_controls_are_gone(page):
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("table:visible").count() >= 5
    assert not page.locator("select[name=aim]").is_visible()


def test_what_the_browser_shows_is_the_data_file(page, pack):
    """The numbers in the tables that a reader sees, combination by combination, against those of the pack."""
    for one in pack.slices:
        page.locator("select[name=aim]").select_option(one.aim)
        page.locator("select[name=group]").select_option(one.group)
        table = page.locator(
            f'section[aria-labelledby=h-curve] details[data-aim="{one.aim}"][data-group="{one.group}"]'
        )
        table.wait_for()
        table.evaluate("d => { d.open = true; }")
        found = (
            [tuple(map(int, re.findall(r"\d+", row.inner_text()))) for row in table.locator("tbody tr").all()]
            if one.curve
            else []
        )
        assert found == [(week, round(100 * share)) for week, share in one.curve]


def test_it_opens_from_any_folder_under_any_name(file, visit, tmp_path):
    other = tmp_path / "A name with spaces & signs.html"
    shutil.copy(file, other)
    page = visit(other)
    page.locator("body[data-ready=yes]").wait_for(timeout=30_000)
    assert page.noted == []
