"""Links between pages of a run and children: each leads somewhere in the working audience; for everyone there is no trace of any."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from pace_nb.children_page.pack import unpack_parts
from pace_nb.leaks.texts import texts_of

LINK = re.compile(r'href="children\.html#([0-9A-Z]+)"')
LINKED = ("2_aims", "3_test_of_change", "4_timelines", "6_children_now")
#: What a page would hold that names a child, or could be made to: marks, links, the page itself, labels, codes of pictures.
TRACES = (
    "data-child",
    "data-figure",
    "children.html",
    'class="pack"',
    "DecompressionStream",
    "tooltip",
    'class="journey"',
    "lives-kinship",
)
LABEL = re.compile(r"Child [0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}")


def folders(root: Path) -> list[Path]:
    return [f for f in sorted(root.iterdir()) if f.is_dir() and f.name != "all-areas"]


def test_every_link_to_a_child_leads_to_one_who_is_there(reports):
    seen = set()
    for folder in folders(reports.working):
        codes = set(re.findall(r'<tr data-code="([0-9A-Z]+)"', (folder / "children.html").read_text(encoding="utf-8")))
        for page in folder.glob("[0-9]_*.html"):
            found = set(LINK.findall(page.read_text(encoding="utf-8")))
            assert found <= codes, page.name
            seen |= {page.stem} if found else set()
    assert seen >= set(LINKED)


def test_every_link_from_a_child_leads_to_a_chart_that_is_there(reports):
    for folder in folders(reports.working):
        html = (folder / "children.html").read_text(encoding="utf-8")
        targets = re.findall(
            r'"(\d_[a-z_]+\.html)#([a-z0-9-]+)"',
            unescape(re.search(r'<meta name="figures" content="([^"]*)"', html)[1]),
        )
        assert {t[0] for t in targets} == {"2_aims.html"}
        for page, name in targets:
            text = (folder / page).read_text(encoding="utf-8")
            child_is_there = f'data-figure="{name.removeprefix("chart-")}"' in "".join(
                part for pack in re.findall(r'class="pack">([^<]+)<', html) for part in unpack_parts(pack)
            )
            assert f'id="{name}"' in text or not child_is_there


def test_marks_that_are_no_links_are_on_no_page(reports):
    """Where the page of every child was made, what names a child leads to it."""
    for folder in folders(reports.working):
        for page in folder.glob("[0-9]_*.html"):
            assert not re.findall(r'<a data-child="[0-9A-Z]+">', page.read_text(encoding="utf-8")), page.name


def test_for_everyone_there_is_neither_the_page_nor_a_trace_of_it_in_any_byte(reports):
    files = [p for p in reports.aggregate.rglob("*") if p.is_file() and p.name not in (".lock",)]
    assert len(files) >= 10
    assert "children.html" not in {p.name for p in files}
    for file in files:
        for _, text in texts_of(file.name, file.read_bytes()):
            assert not LABEL.search(text), file.name
            assert not [t for t in TRACES if t in text], file.name


@pytest.mark.parametrize("name", ["children", "2_aims"])
def test_the_search_for_traces_would_find_them(reports, name):
    html = (reports.working / "orkney-islands" / f"{name}.html").read_text(encoding="utf-8")
    assert LABEL.search(html)
    assert [t for t in TRACES if t in html]
