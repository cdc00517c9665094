"""The index in a real browser: sorted, filtered, by keyboard, without script, on paper; and pages as PDF, from one browser."""

from __future__ import annotations

import os
import re
from datetime import date

import pytest
from small_pages import make_small_page

from pace_nb.batch.one import Result
from pace_nb.leaks import Secrets, scan_bytes
from pace_nb.leaks.pdf import pages_of
from pace_nb.marking import AGGREGATE, SENSITIVE
from pace_nb.outputs import pdf
from pace_nb.outputs.before import Before
from pace_nb.outputs.index import write_index
from pace_nb.outputs.page_files import PageAt, finish_pdf

pytestmark = pytest.mark.browser
DAY = date(2019, 7, 31)
WAITING = {"Angus": "about 25", "Fife": "fewer than 5", "Moray": "about 105"}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    out = tmp_path_factory.mktemp("run")
    told = {"In time": "about 60 % of about 45 due", "Is it getting better?": "Not enough children to tell."}
    results = [
        Result(
            *(a, a.lower(), "2_aims", "made"),
            page=f"{a.lower()}/2_aims.html",
            marking=AGGREGATE,
            headline={"Waiting": w, **told},
            series={"of": "share in time, by year", "periods": ["2017", "2018", "2019"], "values": [20, None, 60]},
        )
        for a, w in WAITING.items()
    ]
    results.append(Result("Moray", "moray", "7_balancing", "failed", "A cell stopped."))
    before = Before("", "x", "2019-06-30", "0.1.0", headlines={a: {"Waiting": "about 30"} for a in WAITING})
    return write_index(results, out, DAY, "aggregate", before)


def areas(page) -> list[list[str]]:
    """The areas that each table shows, in its order."""
    return page.evaluate(
        "[...document.querySelectorAll('tbody.sorted')].map(b => [...b.rows].filter(r => !r.hidden).map(r => r.dataset.area))"
    )


def test_opens_without_a_word_and_fits_a_telephone(visit, index):
    page = visit(index)
    assert page.noted == []
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        ends = page.evaluate("[...document.querySelectorAll('caption')].map(c => c.getBoundingClientRect().right)")
        assert max(ends) <= width, "what a table holds can be read before it is moved sideways"


def test_is_sorted_by_the_keyboard_and_what_is_not_shown_stays_last(visit, index):
    page = visit(index)
    head = page.locator("th[data-sort=number]", has_text="Waiting")
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert areas(page)[0] == ["Angus", "Moray", "Fife"], "25 before 105, as numbers"
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert areas(page)[0] == ["Moray", "Angus", "Fife"]
    assert page.locator("table").first.locator("th[aria-sort]").count() == 1
    assert areas(page)[1] == ["Angus", "Fife", "Moray"], "each table is sorted by itself"


def test_is_filtered_as_one_types_and_says_how_many_are_left(visit, index):
    page = visit(index)
    count = page.get_by_role("status")
    assert count.inner_text() == "All 3 areas are shown."
    page.get_by_label("Show areas with").fill("MOR")
    assert areas(page) == [["Moray"], ["Moray"]]
    assert count.inner_text() == "1 of 3 areas are shown."
    page.get_by_label("Show areas with").fill("failed")
    assert areas(page) == [["Moray"], ["Moray"]], "any word of the rows"
    page.get_by_label("Show areas with").fill("")
    assert areas(page)[0] == list(WAITING)


def test_is_a_plain_table_without_script(browser, index):
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(index.as_uri())
    assert page.locator("table").count() == 2
    assert page.locator("thead button").count() == 0
    assert not page.locator(".find").is_visible()
    assert page.get_by_text("Moray, 7_balancing").is_visible()
    context.close()


def test_a_script_that_is_not_its_own_does_not_run(visit, index, tmp_path):
    other = tmp_path / "index.html"
    html = index.read_text(encoding="utf-8")
    other.write_text(html.replace("</main>", "<script>document.title = 'run'</script></main>"), encoding="utf-8")
    assert visit(other).title() != "run"


@pytest.fixture(scope="module")
def printer():
    if pdf.find_browser() is None or os.name == "nt":
        pytest.skip("needs Chromium, spoken to through pipes")
    with pdf.open_browser() as started:
        yield started


@pytest.mark.parametrize(("audience", "marking"), [("aggregate", AGGREGATE), ("working", SENSITIVE)])
def test_a_page_is_printed_with_its_marking_on_each_sheet_and_the_same_bytes_each_time(
    printer, tmp_path, audience, marking
):
    page = tmp_path / "page.html"
    html = make_small_page(audience=audience).html
    page.write_text(
        html.replace("</main>", '<p style="break-before:page"><a href="../x.html">more</a></p></main>'),
        encoding="utf-8",
    )
    one, two = (pdf.settle(pdf.print_page(printer, page), DAY) for _ in range(2))
    assert one == two
    assert len(pages_of(one)) >= 2
    assert pdf.is_marked(one, marking)
    assert not pdf.is_marked(one, AGGREGATE + SENSITIVE)
    assert b"/StructTreeRoot" in one, "it can be followed by ear"
    assert b"file:" not in one, "the path of a page is nobody's business"
    assert re.search(rb"CreationDate \(D:20190731000000", one)


def test_a_pdf_that_tells_of_a_child_is_not_written(printer, tmp_path):
    made = make_small_page("SYN-00001 waits.")
    (tmp_path / "fife").mkdir()
    (tmp_path / "fife/2_aims.html").write_text(made.html, encoding="utf-8")
    printed = pdf.print_page(printer, tmp_path / "fife/2_aims.html")
    leaky = PageAt(tmp_path, "fife/2_aims.html", DAY, made.marking, Secrets(frozenset(["SYN-00001"])))
    assert finish_pdf(leaky, printed) == (
        [],
        ["The PDF is held back: it tells a child's number. Tell the developers: this is a fault."],
    )
    assert not (tmp_path / "fife/2_aims.pdf").exists()
    (row,), lacking = finish_pdf(PageAt(tmp_path, "fife/2_aims.html", DAY, made.marking, Secrets()), printed)
    assert (row["path"], lacking) == ("fife/2_aims.pdf", [])
    assert scan_bytes("a.pdf", (tmp_path / row["path"]).read_bytes(), Secrets(frozenset(["SYN-00002"]))) == []


def test_a_browser_that_ends_is_said_and_not_waited_for(tmp_path):
    if pdf.find_browser() is None or os.name == "nt":
        pytest.skip("needs Chromium, spoken to through pipes")
    page = tmp_path / "page.html"
    page.write_text(make_small_page().html, encoding="utf-8")
    with pdf.open_browser() as started:
        os.killpg(started._pid, 9)
        with pytest.raises(pdf.BrowserLost):
            started.print(page)


def test_without_a_browser_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    with pdf.open_browser() as started:
        assert pdf.print_page(started, tmp_path / "page.html") == pdf.NO_BROWSER
