"""An intruder with two months of aggregate pages, one child's dates and a neighbour's table works out nothing.

Four of the smallest areas, where there is most to find. All 32: `python benchmarks/disclosure.py all`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import pace_nb.disclosure as disclosure
from pace_nb.areas import read_areas
from pace_nb.disclosure import protect_count
from pace_nb.extract import read_extract
from pace_nb.pages import aims
from pace_nb.pages.areas import compare_areas

sys.path.insert(0, str(Path(__file__).parent))
from intruder import Knowledge, look_across, look_at, one_child

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
MONTHS = ("2019-06-30", "2019-07-31")
SMALL = ("orkney-islands", "shetland-islands", "na-h-eileanan-siar", "clackmannanshire")

pytestmark = pytest.mark.skipif(not SAMPLE.is_dir(), reason="no sample beside the tests")


def two_months(area: str) -> tuple[Knowledge, dict]:
    knowledge, known = Knowledge(), {}
    for month in MONTHS:
        extract = read_extract(SAMPLE / area, month)
        look_at(extract, knowledge, month)
        known |= one_child(extract, month)
    return knowledge, {name: ends for name, ends in known.items() if name in knowledge.truth}


@pytest.mark.parametrize("area", SMALL)
def test_two_months_of_pages_and_a_childs_dates_give_nothing_away(area):
    knowledge, known = two_months(area)
    hidden = [name for name, shown in knowledge.seen.items() if shown is None]
    assert hidden, "nothing was hidden, so nothing was attacked"
    found = knowledge.attack(known)
    assert found.problems == ()
    small = [name for name in hidden if 1 <= knowledge.truth[name] < 5]
    assert set(small) <= set(found.intervals) | set(known)


def test_the_intruder_is_one_to_fear(monkeypatch):
    """Counts rounded and hidden one by one, as they were before, are narrowed down by the same intruder."""

    def one_by_one(rows, audience, within=None, shares=(), down=()):
        return [[protect_count(n, audience) for n in row] for row in rows]

    monkeypatch.setattr(disclosure, "protect_grid", one_by_one)
    monkeypatch.setattr(
        disclosure, "protect_parts", lambda parts, audience: [protect_count(n, audience) for n in parts]
    )
    monkeypatch.setattr(aims, "protect_grid", one_by_one)
    knowledge, known = two_months("orkney-islands")
    assert len(knowledge.attack(known).failed) > 10


def test_a_neighbour_who_knows_its_own_counts_learns_no_other_areas(tmp_path):
    for area in (*SMALL, "fife"):
        (tmp_path / area).symlink_to(SAMPLE / area)
    knowledge = Knowledge()
    look_across(compare_areas(read_areas(tmp_path, MONTHS[1])), knowledge)
    own = {name: (n, n) for name, n in knowledge.truth.items() if "Fife" in name}
    assert knowledge.told["across areas"]
    assert (
        knowledge.attack({n: e for n, e in own.items() if n in {x for p, t in knowledge.sums for x in (*p, t)}}).solved
        == ()
    )
