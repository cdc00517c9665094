"""Timelines as a browser sets them: no label lies on another, letters are as wide as was thought, one sheet when printed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from pace_nb.charts.lettering import width
from pace_nb.handouts.timelines import make_page, tell

sys.path.insert(0, str(Path(__file__).parents[1] / "journeys"))
from hard_children import CHILDREN, read_journeys

pytestmark = pytest.mark.browser

#: Texts that lie on one another, that leave the picture, and whose length is not what they were laid out for. A box of text is
#: higher than its letters, so boxes of neighbouring lines may meet by a hair.
LOOK = """() => [...document.querySelectorAll('svg.journey')].filter(s => s.getBoundingClientRect().width).map(svg => {
  const frame = svg.getBoundingClientRect(), faults = [], scale = frame.width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect(), e]);
  texts.forEach(([words, r], i) => {
    if (r.left < frame.left - 0.5 || r.right > frame.right + 0.5 || r.top < frame.top - 0.5 || r.bottom > frame.bottom + 0.5)
      faults.push('leaves the picture: ' + words);
    for (const [other, q] of texts.slice(i + 1)) {
      const wide = Math.min(r.right, q.right) - Math.max(r.left, q.left);
      const high = Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top);
      if (wide > 0.5 && high > 0.15 * Math.min(r.height, q.height)) faults.push(words + ' lies on ' + other);
    }
  });
  const set = texts.map(([words, , e]) => [words, +e.getAttribute('font-size'), e.hasAttribute('font-weight'), e.getComputedTextLength()]);
  return {faults, set, shown: texts.length};
})"""
PAGE_SIZE = re.compile(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+) ?\]")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Each hard child's page in both versions, and the siblings' together."""
    made = {}
    out = tmp_path_factory.mktemp("pages")
    for name in CHILDREN:
        extract, journeys = read_journeys(name)
        kinds = [(v, s) for v in ("professional", "family") for s in ((False, True) if len(journeys) > 1 else (False,))]
        for version, siblings in kinds:
            path = out / f"{name.replace(' ', '-')}-{version}{'-siblings' if siblings else ''}.html"
            told = tell(extract, journeys[0].label, version, siblings)
            path.write_text(make_page(extract, told), encoding="utf-8")
            made[path.stem] = path
    return made


@pytest.fixture(scope="module")
def tab(browser):
    """One tab for all pages, without a network."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.usefixtures("arial")
@pytest.mark.parametrize("media", ["screen", "print"])
def test_no_label_lies_on_another_or_leaves_its_picture(pages, tab, media):
    tab.emulate_media(media=media)
    found = {}
    for name, path in pages.items():
        tab.goto(path.as_uri())
        seen = tab.evaluate(LOOK)
        assert len(seen) == 1, name
        assert seen[0]["shown"] > 15, name
        found[name] = seen[0]["faults"]
    assert {n: f for n, f in found.items() if f} == {}


@pytest.mark.usefixtures("arial")
def test_letters_are_as_wide_as_they_were_taken_to_be(pages, tab):
    tab.emulate_media(media="screen")
    tab.goto(pages["thirty-placements-family"].as_uri())
    for words, size, bold, length in tab.evaluate(LOOK)[0]["set"]:
        assert length == pytest.approx(width(words, size, bold), rel=0.02, abs=1.5), words


def test_each_prints_to_one_sheet_of_a4_landscape_with_all_of_it_on_it(pages, tab):
    tab.emulate_media(media="print")
    for name, path in pages.items():
        tab.goto(path.as_uri())
        sheets = PAGE_SIZE.findall(tab.pdf(prefer_css_page_size=True, print_background=True))
        assert len(sheets) == 1, name
        assert [float(x) / 72 * 25.4 for x in sheets[0]] == pytest.approx([297, 210], abs=1), name


def test_on_paper_nothing_is_cut_off_at_the_foot(pages, tab):
    """The size of the sheet less its margins, in pixels of a browser: 281 by 198 mm."""
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 1062, "height": 748})
    for name, path in pages.items():
        tab.goto(path.as_uri())
        foot = tab.evaluate("[...document.querySelectorAll('.marking')].map(e => e.getBoundingClientRect().bottom)")
        assert foot[-1] <= 748, name
        svg, last = tab.evaluate(
            "[[...document.querySelectorAll('svg.journey')].find(s => s.getBoundingClientRect().width).getBoundingClientRect().bottom,"
            "document.querySelector('footer').getBoundingClientRect().top]"
        )
        assert svg <= last + 1, name
        over = tab.evaluate("document.querySelector('main').scrollHeight - document.querySelector('main').clientHeight")
        assert over <= 1, name
    tab.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("width_of_screen", [1280, 360])
def test_pages_fit_a_desk_and_a_telephone_and_ask_for_nothing(pages, visit, width_of_screen):
    """The picture scrolls within its frame, large enough to be read; the page does not."""
    page = visit(pages["thirty-placements-professional"], width_of_screen)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.querySelector('svg.journey').getBoundingClientRect().width") >= 890
    assert page.noted == []
