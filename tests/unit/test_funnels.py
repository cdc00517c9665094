"""Where an area lies: within the limits, worth a look, worth speaking of, or too few to say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pace_nb.aims import Aim
from pace_nb.compare import area_against_rest, false_discoveries, funnel_limits
from pace_nb.funnels import LOOK, SPEAK, Funnel, compare_waits, measure_funnels
from pace_nb.intervals import Intervals
from pace_nb.periods import Limit

AS_AT = date(2019, 7, 31)
SIX_MONTHS = Limit(6, "months")


def children(area: str, met: int, due: int, waiting: int = 0) -> list[dict]:
    """Children of one area: due long ago and in time or not, and some who are not due yet."""
    old = {"local_authority": area, "start": pd.Timestamp("2018-01-01"), "due": pd.Timestamp("2018-07-01")}
    new = {"local_authority": area, "start": pd.Timestamp("2019-07-01"), "due": pd.Timestamp("2020-01-01")}
    return [
        *({**old, "days": 30, "status": "reached"} for _ in range(met)),
        *({**old, "days": 400, "status": "reached"} for _ in range(due - met)),
        *({**new, "days": 30, "status": "waiting"} for _ in range(waiting)),
    ]


def intervals(rows: list[dict], limit: Limit | None = SIX_MONTHS, id: str = "aim") -> Intervals:
    table = pd.DataFrame(rows)
    return Intervals(
        table, Aim(id, "An aim", "accommodated", "permanence_recommendation", limit), "areas", AS_AT, "working"
    )


def funnel(**areas: tuple[int, int]):
    (found,) = measure([intervals([c for a, (met, due) in areas.items() for c in children(a, met, due)])], areas)
    return found


def measure(aims: list[Intervals], areas=()) -> list[Funnel]:
    return measure_funnels(aims, sorted({a for i in aims for a in i.table["local_authority"]} | set(areas)))


def where(**areas: tuple[int, int]) -> dict[str, str]:
    return {p.area: p.where for p in funnel(**areas).places}


ALIKE = {f"x{i}": (30, 100) for i in range(12)}


class TestWhere:
    def test_alike_areas_lie_within(self):
        assert set(where(**ALIKE).values()) == {"within"}

    @pytest.mark.parametrize(
        ("met", "expected"),
        [(30, "within"), (21, "within"), (20, "look"), (17, "look"), (15, "speak"), (41, "look"), (46, "speak")],
    )
    def test_by_the_exact_limits(self, met, expected):
        """Of 100 at a share close to 0.3: between 21 and 39 lies 95 %, between 16 and 44 lies 99.8 %."""
        found = funnel(**ALIKE, own=(met, 100))
        assert not found.dispersion.overdispersed
        (own,) = [p for p in found.places if p.area == "own"]
        assert own.where == expected
        for level, outside in ((SPEAK, ("speak",)), (LOOK, ("speak", "look"))):
            limits = funnel_limits(found.dispersion.target, 100, level)
            assert (limits.lower <= met / 100 <= limits.upper) == (expected not in outside)

    def test_fewer_than_five_due_are_too_few_and_five_are_enough(self):
        found = where(**ALIKE, four=(4, 4), five=(2, 5), none=(0, 0))
        assert (found["four"], found["five"]) == ("too few", "within")
        assert found["none"] == "too few"

    def test_an_area_whose_children_are_all_not_due_yet_is_too_few(self):
        rows = [c for a, (y, n) in ALIKE.items() for c in children(a, y, n)] + children("new", 0, 0, waiting=30)
        (found,) = measure([intervals(rows)])
        assert [(p.due, p.where) for p in found.places if p.area == "new"] == [(0, "too few")]

    def test_areas_stand_in_order_of_name(self):
        assert [p.area for p in funnel(c=(1, 9), a=(9, 9), b=(5, 9)).places] == ["a", "b", "c"]

    def test_all_are_in_the_share_of_all_the_small_ones_too(self):
        found = funnel(a=(10, 20), b=(1, 3))
        assert (found.total.met, found.total.due) == (11, 23)
        assert found.dispersion.target == 11 / 23


class TestOverdispersed:
    TWO_KINDS = {f"x{i}": (20 if i % 2 else 60, 100) for i in range(12)}  # noqa: RUF012

    def test_the_limits_widen_and_areas_that_nearly_all_lie_apart_are_not_singled_out(self):
        found = funnel(**self.TWO_KINDS)
        assert found.dispersion.overdispersed
        exact = funnel_limits(found.dispersion.target, 100, SPEAK)
        assert not exact.lower <= 0.2 <= exact.upper
        assert {p.where for p in found.places} == {"within"}

    def test_the_adjusted_z_is_what_decides(self):
        found = funnel(**self.TWO_KINDS, far=(95, 100))
        for place, z in zip(found.places, found.dispersion.adjusted_z, strict=True):
            assert place.where == ("speak" if abs(z) > 3.0902 else "look" if abs(z) > 1.96 else "within")
        assert [p.area for p in found.places if p.where != "within"] == ["far"]

    def test_limits_never_become_narrower_than_those_of_chance(self):
        found = funnel(**self.TWO_KINDS)
        for level in (LOOK, SPEAK):
            n = np.arange(1, 300)
            lower, upper = found.limits(n, level)
            exact = funnel_limits(found.dispersion.target, n, level)
            assert (lower <= exact.lower).all()
            assert (upper >= exact.upper).all()
            assert lower.min() >= 0
            assert upper.max() <= 1


class TestLooks:
    def test_the_looks_at_all_aims_are_allowed_for_together(self):
        one = intervals([c for i in range(6) for c in children(f"a{i}", 30, 100)] + children("own", 16, 100), id="one")
        two = intervals([c for i in range(40) for c in children(f"b{i}", 30, 100)], id="two")
        alone, (first, second) = measure([one])[0], measure([one, two])
        assert (alone.looks, first.looks, second.looks) == (7, 47, 47)
        p = area_against_rest(*zip(*((pl.met, pl.due) for pl in alone.places), strict=True))
        assert min(false_discoveries([x.p for x in p])) <= 0.05
        assert [pl.area for pl in alone.places if pl.stands_out] == ["own"]
        assert [pl.area for pl in first.places if pl.stands_out] == []

    def test_an_area_with_too_few_children_is_no_look(self):
        assert funnel(**ALIKE, few=(0, 4)).looks == 12

    def test_an_aim_without_a_limit_has_no_funnel(self):
        assert measure([intervals(children("a", 1, 5), None)]) == []


class TestWaits:
    def test_unclear_records_are_in_neither_number(self):
        rows = [*children("a", 4, 8), *children("b", 8, 8)]
        clear = compare_waits(intervals(rows))
        rows += [{**r, "status": "unusable"} for r in children("a", 5, 5)]
        assert compare_waits(intervals(rows)) == clear

    def test_who_left_another_way_is_followed_until_then_and_did_not_reach_it(self):
        rows = [*children("a", 4, 8), *({**c, "status": "left", "days": 10} for c in children("a", 3, 3))]
        (found,) = compare_waits(intervals(rows))
        assert (found.children, found.observed) == (11, 8)
        assert found.expected == pytest.approx(8)
