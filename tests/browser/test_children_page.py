"""The page of every child in a real browser, the network off: filtered, stepped through, from a dot and back, without script."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pace_nb.batch.child_links import tie
from pace_nb.batch.export import make_figure
from pace_nb.children_page.entries import find_entries
from pace_nb.children_page.make import make_children_page
from pace_nb.extract import read_extract
from pace_nb.pages.aims import draw_aim, study_aim
from pace_nb.paths import TEMPLATES

FALKIRK = Path(__file__).parent.parent.parent / "data" / "sample" / "falkirk"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def extract():
    return read_extract(FALKIRK, date(2019, 7, 31), audience="working")


@pytest.fixture(scope="module")
def entries(extract):
    return find_entries(extract).children


@pytest.fixture(scope="module")
def folder(extract, tmp_path_factory) -> Path:
    """The page, and one with a run chart that leads to it, as a run leaves them."""
    folder = tmp_path_factory.mktemp("children")
    page = make_children_page(extract, {"aim-2": "2_aims.html#chart-aim-2"})
    (folder / "children.html").write_text(page.html, encoding="utf-8")
    data, about = draw_aim(study_aim(extract, "aim-2"))._repr_mimebundle_()
    style = (TEMPLATES / "report" / "style.css").read_text(encoding="utf-8")
    chart = tie(make_figure(data, about["pace"], 1, "aim-2"))
    (folder / "2_aims.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8><style>{style}</style><main>{chart}</main>", "utf-8"
    )
    return folder


@pytest.fixture
def page(visit, folder):
    opened = visit(folder / "children.html")
    opened.wait_for_selector("#list a")
    return opened


def test_opens_with_a_list_asks_for_nothing_and_fits_any_width(page, entries):
    assert page.noted == []
    assert page.locator("#count").inner_text() == f"{len(entries)} of {len(entries)} children"
    assert page.locator("#list tbody tr").count() == 25
    for show in ("", f"#{entries[0].code}", "#together-0"):
        page.evaluate("to => { location.hash = to }", show)
        page.wait_for_selector("#part h2" if show else "#list a", state="visible")
        for width in (1280, 360, 320):  # 320 px is 1280 px at 400 %
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (show, width)
    assert page.noted == []


def test_filters_keep_who_fits_and_the_list_is_paged(page, entries):
    page.select_option("#lives", "kinship")
    page.select_option("#past", "past")
    kept = [e for e in entries if e.lives == "kinship" and any(s.late for s in e.waits)]
    assert page.locator("#count").inner_text() == f"{len(kept)} of {len(entries)} children"
    assert page.locator("#list tbody th").all_inner_texts() == [e.journey.label for e in kept][:25]
    page.get_by_role("button", name="Show everyone").click()
    page.get_by_role("button", name="Further rows").click()
    assert page.locator("#where").inner_text() == "Rows 26 to 50"
    assert page.locator("#list tbody th").all_inner_texts() == [e.journey.label for e in entries[25:50]]
    page.fill("#label", entries[30].journey.label.lower())
    assert page.locator("#list tbody th").all_inner_texts() == [entries[30].journey.label]
    page.fill("#label", "nobody")
    assert page.locator("#where").inner_text() == "No child fits"


def test_from_the_list_to_a_child_and_on_to_the_next_with_the_keyboard_alone(page, entries):
    page.locator("#list a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#part h2")
    assert page.evaluate("document.activeElement.textContent") == entries[0].journey.label
    assert page.locator("#part svg").count() >= 1
    assert page.locator("#before").is_disabled()
    for entry in entries[1:23]:  # past the end of a pack
        page.locator("#next").focus()
        page.keyboard.press("Enter")
        page.wait_for_function(
            "label => document.querySelector('#part h2').textContent === label", arg=entry.journey.label
        )
    assert page.locator("#place").inner_text() == f"23 of {len(entries)} chosen"
    page.go_back()
    page.wait_for_function(
        "label => document.querySelector('#part h2').textContent === label", arg=entries[21].journey.label
    )
    page.locator("#back").click()
    assert page.evaluate("document.activeElement.textContent") == entries[21].journey.label, (
        "the list has the focus where it was"
    )
    assert page.noted == []


def test_brothers_and_sisters_are_one_step_away(page, entries):
    entry = next(e for e in entries if e.together >= 0)
    page.evaluate("to => { location.hash = to }", entry.code)
    page.get_by_role("link", name="together on one time axis").click()
    page.wait_for_function("() => document.querySelector('#part h2').textContent === 'Brothers and sisters'")
    page.locator("#part p a").first.click()
    page.wait_for_function("() => document.querySelector('#part h2').textContent.startsWith('Child ')")


def test_from_a_dot_to_its_child_and_back_to_the_chart(visit, folder, extract):
    page = visit(folder / "2_aims.html")
    dot = page.locator("svg a[data-child]").nth(4)
    label = dot.locator("title").text_content()
    dot.focus()
    assert page.evaluate("document.activeElement.getAttribute('data-child')") == label.removeprefix("Child ").replace(
        "-", ""
    )
    page.keyboard.press("Enter")
    page.wait_for_selector("#part h2")
    assert page.locator("#part h2").inner_text() == label
    back = page.locator("#part [data-figure=aim-2] a").first
    assert "dot 5 of " in back.locator("xpath=ancestor::li").inner_text()
    back.click()
    page.wait_for_selector("#chart-aim-2")
    assert page.url.endswith("2_aims.html#chart-aim-2")


def test_a_label_that_nobody_has_is_said_to_be_one(visit, folder):
    page = visit(folder / "children.html")
    page.evaluate("location.hash = 'ZZZZZZ'")
    page.wait_for_function(
        "document.querySelector('#count').textContent.startsWith('No child of this page has that label.')"
    )


def test_without_script_it_says_so_and_gives_the_table(browser, folder, entries):
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((folder / "children.html").as_uri())
    seen = page.inner_text("main")
    assert "Scripts are switched off in this browser" in seen
    assert [line.split("\t")[0] for line in seen.splitlines() if "\t" in line][1:] == [e.journey.label for e in entries]
    assert not page.locator("#choose").is_visible()
    context.close()


def test_a_browser_that_cannot_unpack_says_so_and_gives_the_table(browser, folder, entries):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto((folder / "children.html").as_uri())
    assert page.locator("#old").is_visible()
    assert page.locator("main > table tbody tr").count() == len(entries)
    context.close()


def test_a_script_that_is_not_the_pages_own_does_not_run(visit, folder, tmp_path):
    spoilt = (
        (folder / "children.html")
        .read_text(encoding="utf-8")
        .replace("</main>", "<script>window.ran = 1</script></main>")
    )
    (tmp_path / "children.html").write_text(spoilt, encoding="utf-8")
    page = visit(tmp_path / "children.html")
    page.wait_for_selector("#list a")
    assert page.evaluate("typeof window.ran") == "undefined"
    assert any("Content Security Policy" in said for said in page.noted)
