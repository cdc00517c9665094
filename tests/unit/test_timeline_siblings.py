"""Who lived together: said only as far as the record can tell, and decisions shared on a day told once."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pace_nb.timelines.siblings import compare_homes, find_joint
from pace_nb.wording.siblings import summarise_siblings, tabulate_siblings

sys.path.insert(0, str(Path(__file__).parents[1] / "journeys"))
from hard_children import read_journeys


@pytest.fixture(scope="module")
def family():
    return read_journeys("siblings apart")[1]


@pytest.fixture(scope="module")
def without_references(family):
    """The same family, as most records hold it."""
    return [replace(j, placements=tuple(replace(p, home="") for p in j.placements)) for j in family]


def told(journeys) -> dict[tuple[int, int], list[tuple[str, str, str]]]:
    return {
        (p.first, p.second): [(s.start.isoformat(), s.end.isoformat(), s.state) for s in p.shared]
        for p in compare_homes(journeys)
    }


def test_the_same_reference_is_together_another_or_another_kind_is_apart(family):
    assert told(family)[0, 1] == [
        ("2014-05-12", "2014-10-27", "together"),
        ("2014-10-27", "2017-03-06", "apart"),
        ("2017-03-06", "2019-07-31", "together"),
    ]


def test_one_kind_with_only_one_reference_cannot_be_told(family):
    assert told(family)[0, 2] == [("2016-02-23", "2017-05-15", "unknown"), ("2017-05-15", "2019-07-31", "apart")]


def test_without_references_nobody_is_ever_together(without_references):
    states = {s for own in told(without_references).values() for *_, s in own}
    assert states == {"apart", "unknown"}
    assert told(without_references)[0, 1][0] == ("2014-05-12", "2014-10-27", "unknown")


def test_before_a_child_is_in_care_nothing_is_said(family):
    assert min(start for start, *_ in told(family)[1, 2]) == "2016-02-23"


def test_what_is_recorded_for_several_on_a_day_stands_once(family):
    joint = [(j.day, j.code, j.who) for j in find_joint(family) if len(j.who) > 1]
    assert (date(2014, 5, 12), "accommodated", (0, 1)) in joint
    assert (date(2016, 11, 10), "permanence_panel", (0, 2)) in joint
    assert len([j for j in find_joint(family) if j.code == "permanence_panel"]) == 1


def test_a_route_is_said_only_if_all_have_it(family):
    routes = {(j.day, j.code): j.route for j in find_joint(family)}
    assert routes[date(2015, 2, 16), "permanence_recommendation"] == ""
    assert routes[date(2016, 8, 15), "permanence_recommendation"] == "adoption"


def test_summary_and_table_say_both(family, without_references):
    assert any("together for" in s for s in summarise_siblings(family))
    assert not any("together for" in s for s in summarise_siblings(without_references))
    headings, rows = tabulate_siblings(family)
    assert {len(r) for r in rows} == {len(headings)}
    assert [
        "A and B",
        "12 May 2014",
        "27 October 2014",
        "Who lived together",
        "in the same home, by its reference",
    ] in [r[:5] for r in rows]
