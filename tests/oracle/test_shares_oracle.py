"""Shares, periods and the number of children needed, again in plain loops, on random children and on the sample."""

from __future__ import annotations

import calendar
import random
from collections import Counter
from datetime import date, timedelta
from math import comb, sqrt
from pathlib import Path

import pytest

from pace_nb.extract import read_extract
from pace_nb.intervals import find_intervals
from pace_nb.measures import ShareMet, children_needed, measure_parts, share_by, share_met

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
AS_AT = date(2019, 7, 31)
LIMITS = {"84 days": (84, 0), "12 weeks": (84, 0), "6 months": (0, 6), "2 years": (0, 24)}


def due_date(start: date, limit: str) -> date:
    """Walk month by month; a day that the last month lacks is its last."""
    days, months = LIMITS[limit]
    year, month = start.year, start.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    length = 29 if month == 2 and calendar.isleap(year) else [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return date(year, month, min(start.day, length)) + timedelta(days=days)


def sort_child(start, event, exit_, limit, census) -> str | None:
    if start is None or start > census:
        return None
    due = due_date(start, limit)
    in_time = event is not None and event <= due and event <= census
    if in_time and due <= census:
        return "met"
    if in_time:
        return "met_early"
    happened = event is not None and event <= census
    if not happened and exit_ is not None and exit_ <= census and exit_ <= due:
        return "left"
    return "missed" if due <= census else "not_yet_due"


def wilson(met: int, n: int) -> tuple[float, float]:
    z = 1.959963984540054
    p = met / n
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


@pytest.mark.parametrize("limit", LIMITS)
def test_every_child_is_sorted_as_in_plain_loops(limit):
    chance = random.Random(f"shares {limit}")

    def some_day(low: int, high: int) -> date | None:
        return None if chance.random() < 0.25 else AS_AT + timedelta(days=chance.randint(low, high))

    for _ in range(300):
        children = [(some_day(-900, 30), some_day(-900, 200), some_day(-900, 200)) for _ in range(12)]
        for start, *_ in list(children):  # and the edges themselves
            if start is not None:
                due = due_date(start, limit)
                children += [(start, due, None), (start, due + timedelta(days=1), None), (start, None, due)]
        census = chance.choice([AS_AT, *(due_date(s, limit) for s, _, _ in children if s is not None)])
        counts = Counter(sort_child(*c, limit, census) for c in children)
        found = share_met(*zip(*children, strict=True), limit, census)
        expected = {n: counts[n] for n in ("met", "missed", "not_yet_due", "met_early", "left")}
        assert {n: getattr(found, n) for n in expected} == expected
        if found.due:
            assert found.share == counts["met"] / (counts["met"] + counts["missed"])
            assert found.interval == pytest.approx(wilson(found.met, found.due), abs=1e-12)
        everyone = sum(n for status, n in counts.items() if status)
        if everyone:
            early = counts["met"] + counts["met_early"]
            assert (found.worst, found.best) == (early / everyone, (early + counts["not_yet_due"]) / everyone)


def needed_in_plain_loops(usual: float, target: float, alpha: float, power: float) -> int:
    def tail(c: int, n: int, p: float) -> float:
        return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(c, n + 1))

    n = 0
    while True:
        n += 1
        c = 0
        while tail(c, n, usual) > alpha:
            c += 1
        if c <= n and tail(c, n, target) >= power - 1e-12:
            return n


@pytest.mark.parametrize(
    ("usual", "target"),
    [(0.1, 0.3), (0.26, 0.9), (0.5, 0.8), (0.5, 0.9), (0.62, 0.8), (0.9, 1.0), (0.0, 0.2), (0.75, 0.95)],
)
def test_how_many_children_it_takes(usual, target):
    for alpha, power in ((0.025, 0.8), (0.05, 0.9)):
        assert children_needed(usual, target, alpha, power) == needed_in_plain_loops(usual, target, alpha, power)


@pytest.fixture(scope="module", params=["fife", "aberdeen-city"])
def waits(request):
    """The waits of aim 2 of an area of the sample, whose aim has a from-date."""
    extract = read_extract(SAMPLE / request.param, AS_AT, audience="working")
    return find_intervals(extract, extract.aims["aim-2"])


def children_of(waits):
    """Yield start, event, exit and cohort of each child that counts, as plain dates."""
    for row in waits.table.itertuples():
        if row.status == "unusable":
            continue
        start = row.start.date()
        last = start + timedelta(days=row.days)
        event, exit_ = (last if row.status == s else None for s in ("reached", "left"))
        if waits.since is None or due_date(start, "6 months") >= waits.since:
            yield start, event, exit_


@pytest.mark.parametrize("by", ["month", "quarter", "year"])
def test_the_share_of_every_period_of_the_sample(waits, by):
    names: dict[tuple[int, int], Counter] = {}
    for child in children_of(waits):
        due = due_date(child[0], "6 months")
        part = {"month": due.month, "quarter": (due.month + 2) // 3, "year": 0}[by]
        names.setdefault((due.year, part), Counter())[sort_child(*child, "6 months", AS_AT)] += 1
    found = {}
    for p in share_by(waits, by):
        part = {"month": p.first.month, "quarter": (p.first.month + 2) // 3, "year": 0}[by]
        found[p.first.year, part] = p.share
    for period, counts in names.items():
        if counts["met"] + counts["missed"]:
            assert found[period] == ShareMet(**counts)
    assert sum(s.due for s in found.values()) == sum(c["met"] + c["missed"] for c in names.values()) > 50
    keys = list(found)
    steps = {"month": 12, "quarter": 4, "year": 1}[by]
    places = [year * steps + max(part - 1, 0) for year, part in keys]
    assert places == list(range(places[0], places[0] + len(places)))


def test_the_two_parts_of_an_aim_of_the_sample(waits):
    began = waits.aim.from_date
    new, before = Counter(), Counter()
    for child in children_of(waits):
        status = sort_child(*child, "6 months", AS_AT)
        if child[0] >= began:
            new[status] += 1
        elif due_date(child[0], "6 months") < began:
            before[status] += 1
    parts = measure_parts(waits)
    assert parts.new == ShareMet(**new)
    assert parts.before == ShareMet(**before)
    assert parts.new.due > 10 < parts.before.due
