"""The pages in a real browser with the network off: they ask for nothing, fit any width, and can be read by anyone."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGES = [
    f"{audience}/{page}"
    for audience, names in (
        (
            "working",
            (
                "0_check_extract",
                "1_baseline",
                "2_aims",
                "3_test_of_change",
                "4_timelines",
                "6_children_now",
                "7_balancing",
                "8_portfolio",
            ),
        ),
        (
            "aggregate",
            (
                "0_check_extract",
                "1_baseline",
                "2_aims",
                "3_test_of_change",
                "6_children_now",
                "7_balancing",
                "8_portfolio",
            ),
        ),
    )
    for page in (
        *(f"{slug}/{name}.html" for slug in ("fife", "orkney-islands") for name in names),
        "all-areas/5_across_areas.html",
        "all-areas/9_tried_elsewhere.html",
        "index.html",
    )
]
LARGE = [p for p in PAGES if "orkney" not in p and "working" in p]
pytestmark = pytest.mark.browser


@pytest.fixture
def root(reports) -> Path:
    return reports.working.parent


@pytest.mark.parametrize("name", PAGES)
def test_opens_without_a_word_or_a_request(visit, root, name):
    page = visit(root / name)
    assert page.noted == []
    assert page.title()
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    assert page.evaluate("document.scripts.length") == (name.endswith("index.html"))


@pytest.mark.parametrize("name", [p for p in PAGES if "fife" in p])
def test_charts_are_seen(visit, root, name):
    page = visit(root / name)
    boxes = [s.bounding_box() for s in page.locator("figure svg[role]").all()]
    assert boxes
    assert all(b["width"] > 200 and b["height"] > 60 for b in boxes), boxes
    assert (
        page.evaluate("[...document.querySelectorAll('figure svg text')].filter(t => t.textContent.trim()).length") > 10
    )


@pytest.mark.parametrize("name", PAGES)
def test_fits_a_desk_a_telephone_and_four_times_the_size(visit, root, name):
    """Charts and tables may scroll within themselves; the page may not. 320 px is 1280 px at 400 %."""
    page = visit(root / name)
    for width in (1280, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate(
            """[...document.querySelectorAll('body *')].filter(e => !e.closest('.chart, .table') && !e.matches('.skip')
            && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, wide)


@pytest.mark.parametrize("name", [p for p in LARGE if "index" not in p])
def test_can_be_used_from_the_keyboard(visit, root, name):
    page = visit(root / name)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0, "the skip link is seen once it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    links = page.locator("nav.contents a")
    assert links.count() >= 3
    for i in range(links.count()):
        links.nth(i).focus()
        page.keyboard.press("Enter")
        target = page.evaluate("decodeURIComponent(location.hash.slice(1))")
        top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", target)
        at_end = page.evaluate("Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight")
        assert -2 <= top < 900, target
        assert top < 60 or at_end
    for region in page.locator(".chart, .table").all():
        assert region.get_attribute("tabindex") == "0", "what scrolls can be scrolled from the keyboard"
        assert region.get_attribute("aria-label")


CONTRAST = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const faults = [];
  for (const e of document.querySelectorAll('body *:not(svg):not(svg *)')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    if (!e.checkVisibility() && !e.closest('details')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faults.push(e.outerHTML.slice(0, 90));
  }
  for (const t of document.querySelectorAll('svg text')) {
    const c = getComputedStyle(t);
    if (!t.textContent.trim() || c.fill === 'none' || +c.opacity === 0) continue;
    const fill = light(parse(c.fill));
    if (Math.max(1.05 / (fill + 0.05), (fill + 0.05) / 0.05) < 4.5) faults.push(t.outerHTML.slice(0, 90));
  }
  return faults;
}"""


@pytest.mark.parametrize("name", LARGE)
def test_text_stands_out_from_its_ground(visit, root, name):
    assert visit(root / name).evaluate(CONTRAST) == []


@pytest.mark.parametrize("name", PAGES)
def test_headings_and_tables_can_be_followed_by_ear(visit, root, name):
    page = visit(root / name)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), levels
    assert page.locator("main").count() == 1
    faults = page.evaluate(
        """[...document.querySelectorAll('table')].filter(t => !t.caption || !t.caption.textContent.trim()
        || [...t.querySelectorAll('th')].some(h => !h.scope) || !t.querySelector('th[scope=col]')
        || [...t.tBodies[0].rows].some(r => r.cells.length > 1 && r.cells[0].scope !== 'row')).map(t => t.outerHTML.slice(0, 120))"""
    )
    assert faults == []


@pytest.mark.parametrize("name", [*LARGE, "aggregate/fife/2_aims.html"])
def test_prints_with_its_marking_on_each_sheet(visit, root, name, tmp_path):
    page = visit(root / name)
    marking = page.locator(".marking").first.inner_text()
    pdf = tmp_path / "page.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    data = pdf.read_bytes()
    sheets = len(re.findall(rb"/Type\s*/Page\b", data))
    assert 1 <= sheets <= 40
    if shutil.which("pdftotext") and "index" not in name:
        text = subprocess.run(
            ["pdftotext", "-layout", pdf, "-"], capture_output=True, encoding="utf-8", check=True
        ).stdout
        printed = [" ".join(s.split()) for s in text.split("\f") if s.strip()]
        assert len(printed) == sheets
        assert [i for i, s in enumerate(printed, 1) if marking not in s] == []


@pytest.mark.parametrize("name", ["3_test_of_change", "4_timelines"])
def test_markup_in_the_data_is_shown_as_the_text_that_it_is(visit, troubled, hostile_text, name):
    page = visit(troubled[0] / "orkney-islands" / f"{name}.html")
    page.wait_for_timeout(200)
    assert page.noted == []
    assert page.evaluate("document.querySelectorAll('script, main img, [onerror]').length") == 0
    if name == "3_test_of_change":
        assert hostile_text in page.locator("main").inner_text()
