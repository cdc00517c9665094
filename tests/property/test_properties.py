"""What holds of any data: the order of rows, the unit of time, the day of the report, and who is added.

Hypothesis looks for a counterexample, always the same ones (derandomised) and few enough for every run of the suite.
"""

from __future__ import annotations

import csv
import random
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pace_nb.disclosure import protect_count
from pace_nb.extract import Extract, read_extract
from pace_nb.intervals import STATUSES, between, find_intervals
from pace_nb.measures import completeness, measure_share, share_met, waiting_bands, who_waits
from pace_nb.runchart import analyse_values
from pace_nb.terms import MILESTONES, PLACEMENTS, ROUTES
from pace_nb.waits import survival, typical_wait

CALM = {"derandomize": True, "deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
FAST = settings(max_examples=50, **CALM)
FILES = settings(max_examples=6, **CALM)  # each example writes and reads an extract
FIRST, LAST = date(2015, 1, 1), date(2019, 7, 31)
HEADERS = {
    "children": ["child_id", "local_authority", "date_of_birth", "sibling_group"],
    "placements": ["child_id", "placement_type", "start_date", "end_date"],
    "legal": ["child_id", "legal_type", "start_date", "end_date"],
    "events": ["child_id", "event", "date", "route"],
}


def on(day: int) -> str:
    return (FIRST + timedelta(days=day)).isoformat()


def stays(chance: random.Random, child: str, kinds: list[str]) -> list[tuple]:
    found = []
    for _ in range(chance.randint(0, 2)):
        start, length = chance.randint(0, 1500), chance.choice([None, chance.randint(0, 600)])
        found.append((child, chance.choice(kinds), on(start), "" if length is None else on(start + length)))
    return found


def world(seed: int) -> dict[str, list[tuple]]:
    """Return four tables of forty children: mostly plausible ones, and some whose records contradict themselves.

    Children do not touch each other, and reading an extract costs more than its rows, so each example has many.
    """
    chance = random.Random(seed)
    tables: dict[str, list[tuple]] = {t: [] for t in HEADERS}
    kinds = [*MILESTONES, "return_home", "cso_review", "permanence_recommendation", "adm_decision"]
    for n in range(40):
        child = f"SYN-{n}"
        born = date(1998, 1, 1) + timedelta(days=chance.randint(0, 7000))
        tables["children"].append((child, "Fife", born.isoformat(), chance.choice(["", "G1", "G2"])))
        start = chance.randint(0, 1500)
        tables["events"].append((child, "accommodated", on(start), ""))
        for _ in range(chance.randint(0, 6)):
            kind, later = chance.choice(kinds), chance.choice([0, chance.randint(-30, 60), chance.randint(0, 700)])
            routed = kind in ("permanence_recommendation", "adm_decision", "order_granted")
            tables["events"].append((child, kind, on(start + later), chance.choice(["", *ROUTES]) if routed else ""))
        tables["placements"] += stays(chance, child, ["at_home", *PLACEMENTS])
        tables["legal"] += stays(chance, child, ["compulsory_supervision_order", "section_25"])
    return tables


WORLDS = st.integers(0, 10**6).map(world)


def read(tables: dict[str, list[tuple]], as_at: date = LAST) -> Extract:
    with tempfile.TemporaryDirectory() as folder:
        for name, header in HEADERS.items():
            with (Path(folder) / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([header, *tables[name]])
        return read_extract(folder, as_at, audience="working")


def aims(extract: Extract) -> list:
    return [*extract.aims.values(), between("accommodated", "order_granted")]


class TestExtracts:
    @FILES
    @given(WORLDS, st.integers(0, 10**6))
    def test_the_order_of_the_rows_changes_nothing(self, tables, seed):
        shuffled = {name: random.Random(seed).sample(rows, len(rows)) for name, rows in tables.items()}
        one, other = read(tables), read(shuffled)
        for aim in aims(one):
            a, b = find_intervals(one, aim), find_intervals(other, aim)
            pd.testing.assert_frame_equal(a.table, b.table)
            assert a.out_of_scope == b.out_of_scope
        pd.testing.assert_frame_equal(completeness(one), completeness(other))
        pd.testing.assert_frame_equal(who_waits(one), who_waits(other))

    @FILES
    @given(WORLDS, st.integers(0, 2000), st.integers(0, 700))
    def test_a_later_report_never_unreaches_a_milestone(self, tables, day, later):
        first = FIRST + timedelta(days=day)
        before, after = read(tables, first), read(tables, first + timedelta(days=later))
        for aim in aims(before):
            then = {(r.child_id, r.spell): r.days for r in find_intervals(before, aim).reached.itertuples()}
            now = {(r.child_id, r.spell): r.days for r in find_intervals(after, aim).reached.itertuples()}
            assert then.items() <= now.items()

    @FILES
    @given(WORLDS)
    def test_the_statuses_partition_the_children_and_no_wait_is_negative(self, tables):
        extract = read(tables)
        for aim in aims(extract):
            found = find_intervals(extract, aim)
            assert sum(found.count(s) for s in STATUSES) == len(found.table)
            assert not found.table.duplicated(["local_authority", "child_id", "spell"]).any()
            assert (found.table["days"] >= 0).all()
            assert (found.table["end"].notna() == (found.table["status"] == "reached")).all()
            assert (found.table["reason"].ne("") == found.table["status"].isin(["left", "unusable"])).all()
            share = measure_share(found)
            if share is not None:
                assert share.everyone + found.count("unusable") == len(found.table)
            assert waiting_bands(found)["children"].sum() == found.count("waiting")

    @FILES
    @given(WORLDS)
    def test_each_child_away_from_home_is_in_one_stage(self, tables):
        assert len(who_waits(read(tables))) <= len(tables["children"])


WAITS = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["reached", "waiting", "left"])), min_size=5, max_size=40
)


def frame(waits: list[tuple[int, str]]) -> pd.DataFrame:
    return pd.DataFrame(waits, columns=["days", "status"])


class TestWaits:
    @FAST
    @given(WAITS)
    def test_seven_times_the_days_are_seven_times_the_typical_wait(self, waits):
        typical = typical_wait(frame(waits))
        longer = typical_wait(frame([(7 * d, s) for d, s in waits]))
        assert longer == (None if typical is None else 7 * typical)

    @FAST
    @given(WAITS, st.lists(st.integers(0, 500), min_size=1, max_size=5))
    def test_a_waiting_child_more_never_shortens_the_typical_wait(self, waits, more):
        before = typical_wait(frame(waits))
        after = typical_wait(frame(waits + [(d, "waiting") for d in more]))
        assert before is None or after is None or after >= before

    @FAST
    @given(WAITS, st.integers(0, 500))
    def test_a_waiting_child_more_never_lowers_the_curve(self, waits, more):
        def curve(rows):
            return survival([d for d, _ in rows], [s != "waiting" for _, s in rows])

        before, after = curve(waits), curve([*waits, (more, "waiting")])
        assert all(after.at(day) >= before.at(day) - 1e-12 for day in range(0, 501, 7))

    @FAST
    @given(WAITS)
    def test_the_curve_falls_from_one_and_stays_between_nought_and_one(self, waits):
        curve = survival([d for d, _ in waits], [s != "waiting" for _, s in waits])
        shares = [1.0, *curve.surviving.tolist()]
        assert all(0 <= b <= a <= 1 for a, b in zip(shares, shares[1:], strict=False))


MAYBE_DAY = st.one_of(st.none(), st.integers(0, 900))
CHILDREN = st.lists(st.tuples(st.integers(0, 800), MAYBE_DAY, MAYBE_DAY), max_size=30)


def shares(children, as_at=700):
    def days(which):
        return [None if c[which] is None else FIRST + timedelta(days=c[which]) for c in children]

    return share_met(days(0), days(1), days(2), "6 months", FIRST + timedelta(days=as_at))


class TestShares:
    @FAST
    @given(CHILDREN, st.integers(600, 700), st.integers(0, 700))
    def test_a_child_not_yet_due_does_not_change_the_share(self, children, start, event):
        """Whether that child has already met the limit or not."""
        before = shares(children)
        for newcomer in ((start, None, None), (start, max(start, event), None)):
            after = shares([*children, newcomer])
            assert (after.met, after.missed, after.share) == (before.met, before.missed, before.share)
            assert after.everyone == before.everyone + 1

    @FAST
    @given(CHILDREN)
    def test_each_child_who_has_started_is_counted_once(self, children):
        assert shares(children).everyone == sum(c[0] <= 700 for c in children)

    @FAST
    @given(CHILDREN, st.integers(0, 800), st.integers(0, 200))
    def test_children_once_met_or_missed_stay_so(self, children, as_at, later):
        """The due cohort only grows, and nobody in it changes sides: what happens later comes too late."""
        before, after = shares(children, as_at), shares(children, as_at + later)
        assert after.met >= before.met
        assert after.missed >= before.missed

    @FAST
    @given(CHILDREN)
    def test_the_truth_lies_between_the_worst_and_the_best(self, children):
        found = shares(children)
        if found.everyone:
            assert 0 <= found.worst <= found.best <= 1
            worst = shares(children, 2000)  # as it turned out for those who had started
            assert found.met + found.met_early <= worst.met


VALUES = st.lists(st.one_of(st.none(), st.integers(0, 30)), max_size=60)


def found(values, baseline=None, **options):
    return analyse_values(values, baseline=baseline, **options)


class TestRunCharts:
    @FAST
    @given(VALUES, st.integers(-1000, 1000), st.sampled_from(["scottish", "anhoej"]))
    def test_adding_the_same_to_every_value_changes_no_signal(self, values, more, rules):
        moved = [None if v is None else v + more for v in values]
        assert found(moved, rules=rules).signals == found(values, rules=rules).signals

    @FAST
    @given(VALUES, st.sampled_from(["scottish", "anhoej"]))
    def test_turned_upside_down_the_signals_are_mirrored(self, values, rules):
        other = {"above": "below", "below": "above", "up": "down", "down": "up", "few": "few", "many": "many"}
        mirrored = found([None if v is None else -v for v in values], rules=rules).signals
        expected = [(s.rule, s.first, s.last, other[s.side], s.length) for s in found(values, rules=rules).signals]
        assert [(s.rule, s.first, s.last, s.side, s.length) for s in mirrored] == expected

    @FAST
    @given(VALUES)
    def test_days_and_weeks_tell_the_same(self, values):
        """Seven times every value: the signals stay and the median is seven times as long."""
        one, seven = found(values), found([None if v is None else 7 * v for v in values])
        assert seven.signals == one.signals
        assert seven.centre == (None if one.centre is None else 7 * one.centre)

    @FAST
    @given(VALUES)
    def test_read_backwards_the_shifts_and_trends_are_the_same(self, values):
        turned = {"up": "down", "down": "up"}
        last = len(values) - 1
        forwards = Counter((s.rule, s.side, s.length) for s in found(values).signals)
        backwards = [(s.rule, turned.get(s.side, s.side), s.length) for s in found(values[::-1]).signals]
        assert Counter(backwards) == forwards
        spans = sorted((s.first, s.last) for s in found(values).signals)
        assert sorted((last - s.last, last - s.first) for s in found(values[::-1]).signals) == spans

    @FAST
    @given(VALUES, st.lists(st.integers(0, 60), max_size=10))
    def test_missing_values_anywhere_change_no_count(self, values, places):
        holed = list(values)
        for at in places:
            holed.insert(min(at, len(holed)), None)
        one, other = found(values), found(holed)
        assert (one.centre, one.useful, one.runs, one.longest_run) == (
            *(other.centre, other.useful, other.runs, other.longest_run),
        )
        assert [(s.rule, s.side, s.length) for s in one.signals] == [(s.rule, s.side, s.length) for s in other.signals]

    @FAST
    @given(st.lists(st.integers(0, 30), min_size=8, max_size=30), VALUES, VALUES)
    def test_later_values_never_move_a_frozen_median(self, baseline, later, other):
        n = len(baseline)
        assert found([*baseline, *later], n).centre == found([*baseline, *other], n).centre

    @FAST
    @given(VALUES.filter(any))
    def test_the_useful_points_lie_half_and_half_about_their_own_median(self, values):
        """At most half of all points lie on either side, so a shift of all points is impossible."""
        sides = [s for s in found(values).sides if s is not None]
        assert sides.count(1) <= len(sides) / 2
        assert sides.count(-1) <= len(sides) / 2


class TestOneDay:
    """Children who finish on one day stand in an arbitrary order.

    What their order cannot change: the median, which points are useful, and how many lie on each side; and if all of a
    day lie on one side, the runs and the shifts too. What it can change: where values on both sides fall on one day,
    the number of runs, the length of a shift that ends in that day, and any trend. So the order is fixed (by start,
    then by child), and the same data always give the same chart.
    """

    @FAST
    @given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.data())
    def test_the_median_and_the_sides_do_not_depend_on_the_order_within_a_day(self, values, data):
        a = data.draw(st.integers(0, len(values) - 1))
        b = data.draw(st.integers(a, len(values)))
        mixed = [*values[:a], *data.draw(st.permutations(values[a:b])), *values[b:]]
        one, other = found(values), found(mixed)
        assert (one.centre, one.useful) == (other.centre, other.useful)
        assert Counter(one.sides) == Counter(other.sides)

    @FAST
    @given(st.lists(st.integers(0, 30), max_size=20), st.lists(st.integers(31, 60), min_size=1, max_size=8), st.data())
    def test_a_day_that_lies_on_one_side_may_be_reordered_without_changing_a_run(self, others, day, data):
        """Twenty values under the median go before, so that all of the day lies above it."""
        before = [*[0] * 40, *others]
        mixed = data.draw(st.permutations(day))
        one, other = found([*before, *day], 40), found([*before, *mixed], 40)
        assert (one.runs, one.longest_run, one.crossings) == (other.runs, other.longest_run, other.crossings)
        assert [s for s in one.signals if s.rule != "trend"] == [s for s in other.signals if s.rule != "trend"]

    def test_a_day_with_values_on_both_sides_can_make_or_break_a_shift(self):
        """Why the order has to be fixed: one and the same day, in two orders."""
        before = [8, 12] * 5 + [8]
        broken, whole = [3, 3, 3, 3, 3, 12], [12, 3, 3, 3, 3, 3]
        after = [3]
        assert not [s for s in found([*before, *broken, *after], 10).signals if s.rule == "shift" and s.first > 10]
        assert [s for s in found([*before, *whole, *after], 10).signals if s.rule == "shift" and s.first > 10]


class TestDisclosure:
    @FAST
    @given(st.integers(0, 10_000), st.integers(0, 10_000))
    def test_more_children_are_never_shown_as_fewer(self, n, more):
        shown, larger = protect_count(n, "aggregate"), protect_count(n + more, "aggregate")
        assert shown is None or larger is None or larger >= shown

    @FAST
    @given(st.integers(0, 10_000))
    def test_one_child_more_is_never_seen_in_a_difference_of_one(self, n):
        shown, larger = protect_count(n, "aggregate"), protect_count(n + 1, "aggregate")
        if shown is not None and larger is not None:
            assert larger - shown in (0, 5)
