"""What is printed, in a real browser: a poster is one sheet and nothing runs over it; a diagram's text stays in its boxes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pace_nb.extract import read_extract
from pace_nb.handouts import print_pdf, write_plans
from pace_nb.handouts.poster import SIZES, make_poster
from pace_nb.handouts.render import find_browser
from pace_nb.pages.theory import study_theory
from pace_nb.tests_of_change import ChangeIdea, Cycle, Feedback, Question

pytestmark = [pytest.mark.browser, pytest.mark.skipif(find_browser() is None, reason="needs Chromium")]
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
AS_AT = date(2019, 7, 31)
LONG = (
    "Everybody who was asked said that it had taken them a while, and that it was worth it in the end because of what it changed for them. "
    * 6
)
WORD = "They said Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch/Donaudampfschifffahrt, and meant it. " * 5
#: What leaves the sheet, what text leaves its own block, and what blocks lie on one another.
FAULTS = """() => {
  const sheet = document.querySelector('.poster').getBoundingClientRect(), found = [], least = 0.75;
  for (const e of document.querySelectorAll('.poster *')) {
    const r = e.getBoundingClientRect();
    if (!r.width || e.closest('svg svg') || e.tagName === 'tspan') continue;
    if (r.left < sheet.left - 1 || r.right > sheet.right + 1 || r.top < sheet.top - 1 || r.bottom > sheet.bottom + 1)
      found.push('leaves the sheet: ' + e.tagName + ' ' + e.textContent.slice(0, 40));
    if (!e.closest('svg') && (e.scrollWidth > e.clientWidth + 2 && e.clientWidth || e.scrollHeight > e.clientHeight + 4 && e.clientHeight)
        && getComputedStyle(e).display !== 'inline')
      found.push('runs over: ' + e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 40));
  }
  const blocks = [...document.querySelector('.poster').children].map(e => [e.className || e.tagName, e.getBoundingClientRect()]);
  blocks.slice(1).forEach(([name, r], i) => { if (r.top < blocks[i][1].bottom - 1) found.push(name + ' lies on ' + blocks[i][0]); });
  const chart = document.querySelector('.chart');
  if (chart && chart.getBoundingClientRect().height < sheet.height * 0.17) found.push('the chart is too small to read');
  return found;
}"""


@pytest.fixture(scope="module")
def fife():
    return read_extract(SAMPLE / "fife", AS_AT)


@pytest.fixture(scope="module")
def shetland():
    return read_extract(SAMPLE / "shetland-islands", AS_AT)


@pytest.fixture
def look(browser):
    """Return a function that opens a file without a network, laid out as for the printer."""
    pages = []

    def at(path: Path):
        page = browser.new_context(offline=True, viewport={"width": 1400, "height": 1000}).new_page()
        page.emulate_media(media="print")
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield at
    for page in pages:
        page.context.close()


def cycle(number: int, text: str, *, quotes: int = 3) -> Cycle:
    return Cycle(
        number, date(2016, number, 1), ("child", "team", "area")[min(number, 3) - 1], text, text,
        tuple(Question(text, text, "partly", text) for _ in range(3)), date(2016, number + 1, 1), text, text, text, text, text,
        tuple(Feedback(text, f"{text} {n}") for n in range(quotes)), "adapt", text, text,
    )  # fmt: skip


def changed(text: str, cycles: int) -> ChangeIdea:
    made = tuple(cycle(n, text) for n in range(1, cycles + 1))
    driver = "parents-early"
    return ChangeIdea(
        "a-change",
        text,
        text,
        "aim-2",
        driver,
        text,
        partners=(text, text),
        eligible_from=date(2016, 6, 6),
        cycles=made,
    )


IDEAS = {
    "as long as can be": changed(LONG, 6),
    "four cycles": changed(LONG, 4),
    "one cycle": changed(LONG, 1),
    "words that never end": changed(WORD, 3),
    "hardly a word": changed("Yes.", 1),
    "few words": changed("It took them a while.", 2),
    "some words": changed("Everybody who was asked said that it was worth it.", 3),
    "not yet tested": replace(changed("A letter to parents.", 0), eligible_from=None),
}


@pytest.mark.usefixtures("arial")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", IDEAS)
@pytest.mark.parametrize("where", ["fife", "shetland"])
def test_a_poster_holds_whatever_people_wrote(request, look, tmp_path, where, name, size):
    extract = request.getfixturevalue(where)
    theory = study_theory(extract, SAMPLE).theory
    path = tmp_path / "poster.html"
    path.write_text(make_poster(extract, theory, IDEAS[name], size), encoding="utf-8")
    assert look(path).evaluate(FAULTS) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("idea", ["as long as can be", "hardly a word"])
def test_a_poster_prints_to_one_sheet_of_its_size(fife, tmp_path, idea, size):
    path = tmp_path / "poster.html"
    path.write_text(make_poster(fife, study_theory(fife, SAMPLE).theory, IDEAS[idea], size), encoding="utf-8")
    assert sheets(print_pdf(path)) == [pytest.approx(SIZES[size][:2], abs=1.0)]


def sheets(pdf: Path) -> list[tuple[float, float]]:
    """Return the size in millimetres of every page of a PDF."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf.read_bytes())
    return [(float(w) / 72 * 25.4, float(h) / 72 * 25.4) for w, h in found]


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    return {p.stem: p for p in write_plans(SAMPLE / "fife", tmp_path_factory.mktemp("plans"), AS_AT, "Fife")}


def test_each_driver_diagram_prints_to_one_landscape_sheet(plans):
    assert sheets(print_pdf(plans["driver-diagrams"])) == [pytest.approx((297, 210), abs=1)] * 4


@pytest.mark.parametrize("name", ["measurement-plan", "data-requirements"])
def test_the_other_documents_print_upright(plans, name):
    found = sheets(print_pdf(plans[name]))
    assert 3 <= len(found) <= 12
    assert found == [pytest.approx((210, 297), abs=1)] * len(found)


@pytest.mark.usefixtures("arial")
def test_text_as_the_browser_sets_it_stays_in_its_box(plans, look):
    over = look(plans["driver-diagrams"]).evaluate(
        """() => [...document.querySelectorAll('g.box')].flatMap(g => {
          const box = g.querySelector('rect').getBoundingClientRect();
          return [...g.querySelectorAll('text')].filter(t => { const r = t.getBoundingClientRect();
            return r.left < box.left || r.right > box.right || r.top < box.top - 1 || r.bottom > box.bottom + 1; }).map(t => t.textContent);
        })"""
    )
    assert over == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_documents_fit_a_desk_and_a_telephone(plans, browser, width):
    """Diagrams and tables may scroll within themselves; the page may not."""
    for path in plans.values():
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path.name
        page.close()
