"""The controls that go from child to child, driven as a reader drives them, without a browser."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from pace_nb.controls import children
from pace_nb.controls.children import ChildExplorer, explore_children
from pace_nb.errors import ParameterError
from pace_nb.extract import read_extract

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
AS_AT = date(2019, 7, 31)


@pytest.fixture(scope="module")
def moray():
    return read_extract(SAMPLE / "moray", AS_AT, audience="working")


@pytest.fixture
def explorer(moray) -> ChildExplorer:
    return ChildExplorer(moray, SAMPLE / "moray")


def shown(explorer: ChildExplorer) -> str:
    return re.match(r"<h3>(Child [^<]+)</h3>", explorer.timeline.html)[1]


def test_begins_with_everyone_and_the_first_of_them(explorer):
    first = explorer.entries.children[0]
    assert (
        explorer.live.text
        == f"{len(explorer.entries.children)} of {len(explorer.entries.children)} children of Moray fit."
    )
    assert shown(explorer) == first.journey.label
    assert explorer.before.disabled
    assert not explorer.next.disabled
    assert "<svg" in explorer.timeline.html
    assert "On the charts of the aims" in explorer.timeline.html


def test_a_filter_leaves_who_fits_and_opens_the_first(explorer):
    explorer.lives.value = "kinship"
    kept = [e for e in explorer.entries.children if e.lives == "kinship"]
    assert [code for _, code in explorer.child.options] == [e.code for e in kept]
    assert shown(explorer) == kept[0].journey.label


def test_steps_go_through_those_chosen_and_stop_at_the_ends(explorer):
    explorer.care.value = "before"
    codes = [code for _, code in explorer.child.options]
    for code in codes[1:4]:
        explorer.next.click()
        assert explorer.child.value == code
    explorer.child.value = codes[-1]
    assert explorer.next.disabled
    explorer.step(1)
    assert explorer.child.value == codes[-1]


def test_where_nobody_fits_nothing_is_shown(explorer):
    explorer.waiting.value = "aim-2"
    explorer.care.value = "before"
    assert explorer.child.options == (("no child fits", ""),)
    assert explorer.timeline.html == ""
    explorer.step(1)
    explorer.care.value = ""
    assert explorer.timeline.html


def test_a_row_of_a_group_opens_its_child_though_the_filters_hide_it(explorer):
    explorer.group.value = "waiting for a recommendation"
    explorer.care.value = "before"
    codes = re.findall(r'data-child="([0-9A-Z]+)"', explorer.histories.html)
    explorer.histories.chosen = [codes[2], "1"]
    assert shown(explorer).removeprefix("Child ").replace("-", "") == codes[2]
    assert "is open under the choices" in explorer.live.text
    explorer.histories.chosen = ["ZZZZZZ", "2"]
    assert shown(explorer).removeprefix("Child ").replace("-", "") == codes[2]


def test_the_views_show_siblings_together_and_the_journey_without_dates(explorer):
    entry = next(e for e in explorer.entries.children if e.together >= 0)
    explorer.child.value = entry.code
    assert f'data-child="{entry.code}"' not in explorer.timeline.html
    explorer.view.value = "siblings"
    assert all(j.label in explorer.timeline.html for j in explorer.entries.siblings[entry.together])
    explorer.view.value = "anonymous"
    assert entry.journey.label not in explorer.timeline.html
    assert "What remains" in explorer.timeline.html


def test_the_group_is_laid_as_asked(explorer):
    explorer.group.value, explorer.aligned.value = "waiting for a recommendation", "age"
    assert "Age in years" in explorer.histories.html
    assert "children" in explorer.says.html


def test_another_area_of_a_folder_is_read_when_it_is_chosen(moray, tmp_path):
    for name in ("moray", "orkney-islands"):
        shutil.copytree(SAMPLE / name, tmp_path / name)
    explorer = ChildExplorer(moray, tmp_path)
    assert [v for _, v in explorer.area.options] == ["Moray", "Orkney Islands"]
    explorer.area.value = "Orkney Islands"
    assert "children of Orkney Islands fit" in explorer.live.text
    assert explorer.extract.area == "Orkney Islands"


def test_nothing_is_made_in_a_report_and_nothing_for_everyone(moray, monkeypatch):
    with pytest.raises(ParameterError, match="entitled"):
        explore_children(read_extract(SAMPLE / "moray", AS_AT, audience="aggregate"), str(SAMPLE / "moray"))
    monkeypatch.setattr(children, "is_injected", lambda: True)
    assert explore_children(moray, str(SAMPLE / "moray")) is None
