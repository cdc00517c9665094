"""The controls with which an analyst tries choices out, driven as a reader drives them, without a browser."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from pace_nb.controls.explore import Explorer
from pace_nb.extract import read_extract
from pace_nb.pages.explore import Choice, find_choice

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
AS_AT = date(2019, 7, 31)


@pytest.fixture(scope="module")
def moray():
    return read_extract(SAMPLE / "moray", AS_AT, audience="working")


@pytest.fixture
def explorer(moray) -> Explorer:
    return Explorer(moray, SAMPLE / "moray", Choice("aim-2"))


def listed(explorer: Explorer) -> list[str]:
    return [name for name, _ in explorer.child.options[1:]]


def sentences(html: str) -> list[str]:
    """The paragraphs of a part of a page, as a reader reads them."""
    found = re.findall(r"<p>(.*?)</p>", html, re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", p)).split()) for p in found]


def test_every_child_of_the_chart_can_be_opened_and_those_who_wait_come_first(explorer, moray):
    intervals = find_choice(moray, "aim-2", "all", "")
    waiting, names = len(intervals.waiting), listed(explorer)
    assert waiting
    assert len(names) == waiting + len(intervals.reached)
    assert ["still waits" in name for name in names] == [True] * waiting + [False] * len(intervals.reached)
    weeks = [int(re.search(r"waits, ([\d,]+) weeks", name)[1].replace(",", "")) for name in names[:waiting]]
    assert weeks == sorted(weeks, reverse=True)
    for name in (names[0], names[-1]):
        explorer.child.value = name.split(",")[0]
        assert name.split(",")[0] in explorer.timeline.html


def test_the_list_becomes_shorter_with_every_letter_and_an_open_timeline_stays(explorer):
    before = listed(explorer)
    explorer.child.value = before[0].split(",")[0]
    timeline = explorer.timeline.html
    code = before[-1].split(",")[0].removeprefix("Child ")
    explorer.find.value = code.replace("-", "").lower()
    assert {name.split(",")[0] for name in listed(explorer)} == {f"Child {code}"}
    assert explorer.opened.text == f"{len(listed(explorer))} of {len(before)} children fit what is sought."
    explorer.find.value = "nobody of this name"
    assert listed(explorer) == []
    assert explorer.child.options[0][0] == "no child fits what is sought"
    explorer.find.value = "still waits"
    assert listed(explorer) == [name for name in before if "still waits" in name]
    assert explorer.timeline.html == timeline


def test_another_aim_lists_its_own_children_and_closes_the_timeline(explorer):
    explorer.child.value = listed(explorer)[0].split(",")[0]
    before = listed(explorer)
    explorer.aim.value = "aim-3"
    assert listed(explorer) != before
    assert explorer.timeline.html == ""


def test_in_the_aggregate_audience_no_child_is_listed(moray):
    open_to_all = Explorer(read_extract(SAMPLE / "moray", AS_AT), SAMPLE / "moray", Choice("aim-2"))
    assert open_to_all.names == []
    assert open_to_all.labels == []
    assert open_to_all.find not in open_to_all.page.children


def test_the_page_that_is_downloaded_says_what_the_screen_says(explorer):
    """Every sentence, of every choice, and the table of shares: the page is that of exactly these choices."""
    explorer.group.value = "foster"
    explorer.rules.value = [code for _, code in explorer.rules.options][-1]
    explorer.since.value = explorer.since.options[1][1]
    name, kind, content = explorer.download()
    page = content.decode()
    assert (name, kind) == ("moray-explore.html", "text/html")
    assert explorer.saved.text.startswith("The page is saved. OFFICIAL-SENSITIVE")
    told = sentences(page)
    said = sentences(explorer.says.html) + sentences(explorer.table.html)
    assert len(said) >= 4
    assert [s for s in said if s not in told] == []
    rows = re.findall(r"<tr>.*?</tr>", explorer.table.html, re.S)
    assert rows
    assert [r for r in rows if re.sub(r"\s+", "", r) not in re.sub(r"\s+", "", page)] == []


def test_the_picture_stands_next_to_the_controls_that_change_it(explorer):
    parts = list(explorer.page.children)
    between = parts[parts.index(explorer.live) + 1 : parts.index(explorer.run)]
    assert [part.html for part in between] == ["<h2>How long children waited, and who still waits</h2>"]


def test_every_choice_is_spoken_and_finished_are_children_whatever_a_dot_is(explorer, moray):
    reached = len(find_choice(moray, "aim-2", "all", "").reached)
    assert f"All children: {reached:,} finished" in explorer.live.text
    assert "Rules" not in explorer.live.text
    explorer.dots.value = [code for _, code in explorer.dots.options][-1]
    assert f"All children: {reached:,} finished" in explorer.live.text
    assert "A dot is: a decision" in explorer.live.text
    explorer.rules.value = [code for _, code in explorer.rules.options][-1]
    explorer.since.value = explorer.since.options[1][1]
    explorer.baseline.value = "10"
    assert explorer.live.text.endswith(
        f"Waits that ended: {explorer.since.label}. Baseline: the first 10. Rules: {explorer.rules.label}. "
        f"A dot is: {explorer.dots.label}."
    )


def test_words_that_belong_to_the_picture_before_are_marked_until_the_new_ones_are_there(explorer):
    async def choose() -> list[tuple[str, str]]:
        seen = []
        explorer.aim.value = "aim-3"
        seen.append((explorer.says.kind, explorer.live.text))
        while explorer.says.kind:
            await asyncio.sleep(0.02)
        return [*seen, (explorer.says.kind, explorer.live.text[:16])]

    assert asyncio.run(choose()) == [("stale", ""), ("", "Shown now: Aim 3")]
