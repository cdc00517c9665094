"""Every measure a second time, in plain loops over the CSV files, compared with the package on the synthetic sample.

Nothing here knows how the package does it: no pandas, and of `pace_nb` only the results under test and the words in
`terms`. The rules are those of the method and of the docstrings, written down again.
"""

from __future__ import annotations

import calendar
import csv
import tomllib
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from pace_nb import terms
from pace_nb.extract import Extract, read_extract
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.measures import (
    completeness,
    due_soon,
    measure_backlog,
    measure_share,
    share_by_year,
    waiting_bands,
    who_waits,
)
from pace_nb.runchart import analyse_run
from pace_nb.waits import summarise_waits

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
AS_AT = date(2019, 7, 31)
AIMS = ("aim-1", "aim-2", "aim-3", "aim-4")
#: Small and large areas; dates as dd/mm/yyyy (Falkirk, Perth and Kinross); every mistake that the sample holds.
AREAS = [
    *("aberdeen-city", "angus", "falkirk", "fife", "glasgow-city", "north-lanarkshire"),
    *("orkney-islands", "perth-and-kinross", "renfrewshire", "south-lanarkshire"),
]
CASES = [(area, aim) for area in AREAS for aim in AIMS]
pytestmark = pytest.mark.skipif(not SAMPLE.is_dir(), reason="no sample beside the tests")


# --- reading -----------------------------------------------------------------------------------------------------


def read_day(text: str) -> date | None:
    """Read 2019-07-31 or 31/07/2019; None for a blank; ValueError for what is no date."""
    if not text:
        return None
    return datetime.strptime(text, "%d/%m/%Y" if "/" in text else "%Y-%m-%d").date()


def read_rows(area: str, table: str, start: str | None, days: tuple[str, ...]) -> list[dict]:
    """Return the rows that can be used: each once, with dates that exist, known by the day of the report."""
    seen, kept = set(), []
    with (SAMPLE / area / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if tuple(row.values()) in seen:
                continue
            seen.add(tuple(row.values()))
            try:
                row |= {d: read_day(row[d]) for d in days}
            except ValueError:
                if table != "children":
                    continue
                row |= dict.fromkeys(days)
            if start and (row[start] is None or row[start] > AS_AT):
                continue
            if "end_date" in days and row["end_date"]:
                if row["end_date"] < row["start_date"]:
                    continue
                if row["end_date"] > AS_AT:
                    row["end_date"] = None
            kept.append(row)
    return kept


class Child:
    """One child: birth date and the rows of the other tables."""

    def __init__(self, born: date | None):
        self.born = born
        self.events: list[tuple[date, str, str]] = []
        self.placements: list[tuple[date, date | None, str]] = []
        self.orders: list[tuple[date, date | None]] = []


@cache
def children(area: str) -> dict[str, Child]:
    found = {r["child_id"]: Child(r["date_of_birth"]) for r in read_rows(area, "children", None, ("date_of_birth",))}
    for r in read_rows(area, "events", "date", ("date",)):
        if r["child_id"] in found:
            found[r["child_id"]].events.append((r["date"], r["event"], r["route"]))
    for r in read_rows(area, "placements", "start_date", ("start_date", "end_date")):
        if r["child_id"] in found:
            found[r["child_id"]].placements.append((r["start_date"], r["end_date"], r["placement_type"]))
    for r in read_rows(area, "legal", "start_date", ("start_date", "end_date")):
        if r["child_id"] in found and r["legal_type"] == "compulsory_supervision_order":
            found[r["child_id"]].orders.append((r["start_date"], r["end_date"]))
    return found


@cache
def definitions(area: str) -> tuple[dict, list[dict], date | None]:
    """Return the aims (start, end, limit and what the area adds), its changes, and the first day that counts."""
    aims = {
        "aim-1": {"start": "cso_at_home", "end": "cso_review", "limit": "2 years"},
        "aim-2": {"start": "accommodated", "end": "permanence_recommendation", "limit": "6 months"},
        "aim-3": {"start": "permanence_recommendation", "end": "adm_decision"},
        "aim-4": {"start": "adm_decision", "end": "court_application"},
    }
    folder = SAMPLE / area

    def toml(name: str) -> dict:
        return tomllib.loads((folder / name).read_text(encoding="utf-8")) if (folder / name).exists() else {}

    for own in toml("aims.toml").get("aim", []):
        aims.setdefault(own["id"], {}).update(own)
    tests = [toml(f"changes/{p.name}") for p in sorted((folder / "changes").glob("*.toml"))]
    changes = [{"aim": t["aim"], "date": t.get("eligible_from") or t["cycle"][0]["start"]} for t in tests]
    return aims, sorted(changes, key=lambda c: c["date"]), toml("extract.toml").get("complete_from")


# --- calendar ----------------------------------------------------------------------------------------------------


def months_later(day: date, n: int) -> date:
    for _ in range(n):  # one month at a time, keeping the wish for the same day
        year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
        day = day.replace(year=year, month=month, day=1)
    return day


def due_date(start: date, limit: str) -> date:
    value, unit = limit.split()
    if unit.startswith("week"):
        return start + timedelta(weeks=int(value))
    first = months_later(start.replace(day=1), int(value) * (12 if unit.startswith("year") else 1))
    return first.replace(day=min(start.day, calendar.monthrange(first.year, first.month)[1]))


def eighteenth(born: date | None) -> date | None:
    if born is None:
        return None
    try:
        return born.replace(year=born.year + 18)
    except ValueError:  # 29 February
        return date(born.year + 18, 3, 1)


# --- spells and waits --------------------------------------------------------------------------------------------


def away_spells(child: Child) -> list[tuple[date, date | None]]:
    starts = sorted({day for day, event, _ in child.events if event == "accommodated"})
    adult = eighteenth(child.born)
    spells: list[tuple[date, date | None]] = []
    for start in starts:
        if spells and (spells[-1][1] is None or start < spells[-1][1]):
            continue
        ends = [d for d, e, _ in child.events if e in ("return_home", "order_granted") and d > start]
        if not spells:
            ends += [d for d, e, _ in child.events if e in ("return_home", "order_granted") and d == start]
        if adult and start < adult <= AS_AT:
            ends.append(adult)
        for cut in [*[s for s in starts if s > start], date.max]:  # no placement left before a new start, or at all
            stays = [(a, b) for a, b, _ in child.placements if a < cut]
            if stays and all(b for _, b in stays):
                last = max(b for _, b in stays)
                if start <= last and (cut == date.max or last + timedelta(days=1) < cut):
                    ends.append(last)
        spells.append((start, min(ends, default=None)))
    return spells


def home_spells(child: Child) -> list[tuple[date, date | None]]:
    """Walk along the days on which something changes and note where both the home and the order hold."""
    home = [(a, b) for a, b, kind in child.placements if kind == "at_home"]
    adult = eighteenth(child.born)

    def joined(stays):
        whole = []
        for a, b in sorted(stays, key=lambda s: s[0]):
            if whole and a <= whole[-1][1] + timedelta(days=1):
                whole[-1][1] = max(whole[-1][1], b or OPEN)
            else:
                whole.append([a, b or OPEN])
        return whole

    spells = []
    for order_start, order_end in joined(child.orders):
        for stay_start, stay_end in joined(home):
            start, end = max(order_start, stay_start), min(order_end, stay_end)
            if adult and adult <= AS_AT:
                end = min(end, adult)
            if start < end:
                spells.append((start, None if end == OPEN else end))
    return sorted(spells)


OPEN = date.max - timedelta(days=2)


def within(child: Child, spells: list, n: int) -> list[tuple[date, str, str]]:
    """Return the events of spell n; one on the last day of a spell belongs to that spell, not to the next."""
    start, end = spells[n]
    earlier = n > 0 and spells[n - 1][1]
    return sorted(
        (
            e
            for e in child.events
            if start <= e[0] <= (end or OPEN) and not (e[0] == earlier and e[1] != "accommodated")
        ),
        key=lambda e: e[0],
    )


class Wait:
    """How one wait stands."""

    def __init__(self, child: str, start: date, status: str, last: date, spell_end: date | None):
        self.child, self.start, self.status, self.last, self.spell_end = child, start, status, last, spell_end
        self.days = (last - start).days


@cache
def waits(area: str, aim_id: str) -> list[Wait]:
    aims, _, since = definitions(area)
    aim = aims[aim_id]
    found = []
    for name, child in sorted(children(area).items()):
        spells = home_spells(child) if aim["start"] == "cso_at_home" else away_spells(child)
        for n, (spell_start, spell_end) in enumerate(spells):
            events = within(child, spells, n)
            start = spell_start
            if aim["start"] not in ("cso_at_home", "accommodated"):
                start = next((d for d, e, _ in events if e == aim["start"]), None)
            if start is None:
                continue
            wait = one_wait(name, start, spell_end, events, aim["end"])
            if wait is None:
                continue
            over = wait.spell_end if wait.status == "unusable" else (wait.last if wait.status != "waiting" else None)
            if since is None or over is None or over >= since:
                found.append(wait)
    return found


def one_wait(name, start, spell_end, events, wanted) -> Wait | None:
    chain = list(terms.MILESTONES[1:])
    later = chain[chain.index(wanted) + 1 :] if wanted in chain else []
    routes = [(d, r) for d, _, r in events if r]
    skipped_on = None
    if routes:
        plan = last_route(events)
        if wanted in terms.STEPS_NOT_ON_ROUTE.get(plan, ()):
            skipped_on = min(d for d, r in routes if r == plan)
    if skipped_on and skipped_on <= start:
        return None
    ends = [d for d, e, _ in events if e == wanted]
    if any(d >= start for d in ends):
        return Wait(name, start, "reached", min(d for d in ends if d >= start), spell_end)
    if ends or any(e in later for _, e, _ in events):
        return Wait(name, start, "unusable", AS_AT, spell_end)
    if skipped_on:
        return Wait(name, start, "left", skipped_on, spell_end)
    if spell_end:
        return Wait(name, start, "left", spell_end, spell_end)
    return Wait(name, start, "waiting", AS_AT, None)


def last_route(events) -> str:
    """Return the plan as last recorded (of one day, the sample never records two different ones)."""
    last_day = max(d for d, _, r in events if r)
    routes = {r for d, _, r in events if d == last_day and r}
    assert len(routes) == 1
    return routes.pop()


@cache
def extract(area: str) -> Extract:
    return read_extract(SAMPLE / area, AS_AT, audience="working")


@cache
def result(area: str, aim: str) -> Intervals:
    return find_intervals(extract(area), extract(area).aims[aim])


# --- comparisons -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("area", "aim"), CASES)
def test_every_wait_has_the_same_status_and_days(area, aim):
    ours = Counter((w.child, w.start, w.status, w.days) for w in waits(area, aim))
    table = result(area, aim).table
    theirs = Counter((r.child_id, r.start.date(), r.status, r.days) for r in table.itertuples())
    assert theirs == ours
    assert ours


def test_the_sample_holds_every_status():
    """Otherwise the comparisons would prove little."""
    for aim in AIMS:
        counts = Counter(w.status for area in AREAS for w in waits(area, aim))
        assert set(counts) >= {"reached", "waiting", "left"} | (set() if aim == "aim-1" else {"unusable"})


@pytest.mark.parametrize(("area", "aim"), CASES)
def test_the_share_met(area, aim):
    aims, _, since = definitions(area)
    limit = aims[aim].get("limit")
    if limit is None:
        assert measure_share(result(area, aim)) is None
        return
    counts, years = Counter(), defaultdict(Counter)
    for w in waits(area, aim):
        due = due_date(w.start, limit)
        if w.status == "unusable" or (since and due < since):
            continue
        if w.status == "reached" and w.last <= due:
            where = "met" if due <= AS_AT else "met_early"
        elif w.status == "left" and w.last <= due:
            where = "left"
        else:
            where = "missed" if due <= AS_AT else "not_yet_due"
        counts[where] += 1
        years[str(due.year)][where] += 1
    found = measure_share(result(area, aim))
    assert {s: getattr(found, s) for s in ("met", "missed", "not_yet_due", "met_early", "left")} == {
        s: counts[s] for s in ("met", "missed", "not_yet_due", "met_early", "left")
    }
    due_years = {y: (c["met"], c["missed"]) for y, c in sorted(years.items()) if c["met"] + c["missed"]}
    assert {y: (s.met, s.missed) for y, s in share_by_year(result(area, aim)) if s.due} == due_years


@pytest.mark.parametrize(("area", "aim"), CASES)
def test_the_order_of_the_dots_and_the_shifts_of_the_run_chart(area, aim):
    reached = sorted((w for w in waits(area, aim) if w.status == "reached"), key=lambda w: (w.last, w.start, w.child))
    chart = analyse_run(result(area, aim), extract(area).changes)
    days = [w.days for w in reached]
    assert chart.points["days"].tolist() == days
    baseline = None
    for change in sorted(definitions(area)[1], key=lambda c: c["date"]):
        before = sum(w.last < change["date"] for w in reached)
        if change["aim"] == aim and 8 <= before < len(reached):
            baseline = before
            break
    assert chart.baseline == baseline
    if not days:
        assert chart.analysis.centre is None
        return
    middle = sorted(days[:baseline])
    n = len(middle)
    centre = Fraction(middle[(n - 1) // 2] + middle[n // 2], 2)
    assert chart.analysis.centre == centre
    useful = [(i, d > centre) for i, d in enumerate(days) if d != centre]
    shifts, run = [], []
    for i, above in [*useful, (None, None)]:
        if run and run[-1][1] == above:
            run.append((i, above))
            continue
        if len(run) >= 6:
            shifts.append((run[0][0], run[-1][0], "above" if run[0][1] else "below", len(run)))
        run = [(i, above)]
    assert [(s.first, s.last, s.side, s.length) for s in chart.analysis.signals if s.rule == "shift"] == shifts
    assert chart.analysis.useful == len(useful)


@pytest.mark.parametrize(("area", "aim"), CASES)
def test_the_summary_of_the_waits(area, aim):
    counts = Counter(w.status for w in waits(area, aim))
    limit = definitions(area)[0][aim].get("limit")
    waiting = [w for w in waits(area, aim) if w.status == "waiting"]
    found = summarise_waits(result(area, aim))
    assert {s: getattr(found, s) for s in ("reached", "waiting", "left", "unusable")} == {
        s: counts[s] for s in ("reached", "waiting", "left", "unusable")
    }
    assert found.overdue == (sum(due_date(w.start, limit) <= AS_AT for w in waiting) if limit else 0)
    assert found.longest_waiting == max((w.days for w in waiting), default=None)


@pytest.mark.parametrize(("area", "aim"), CASES)
def test_who_comes_due_soon(area, aim):
    limit = definitions(area)[0][aim].get("limit")
    dues = [due_date(w.start, limit) for w in waits(area, aim) if w.status == "waiting" and limit]
    ours = [(n, sum(AS_AT < due <= AS_AT + timedelta(weeks=n) for due in dues)) for n in (4, 8, 12)]
    assert due_soon(result(area, aim)) == ours


@pytest.mark.parametrize(("area", "aim"), CASES)
def test_the_bands_of_those_who_wait(area, aim):
    """A child is in the last band whose months have run out."""
    bounds = (0, 3, 6, 12)
    counts = [0] * 4
    for w in waits(area, aim):
        if w.status == "waiting":
            counts[max(i for i, m in enumerate(bounds) if due_date(w.start, f"{m} months") <= AS_AT)] += 1
    assert waiting_bands(result(area, aim))["children"].tolist() == counts


@pytest.mark.parametrize("area", AREAS)
def test_the_backlog_of_a_two_part_aim(area):
    aim = definitions(area)[0]["aim-2"]
    if "from_date" not in aim:
        assert measure_backlog(result(area, "aim-2")) is None
        return
    there = [
        w
        for w in waits(area, "aim-2")
        if w.start < aim["from_date"]
        and w.status != "unusable"
        and (w.status == "waiting" or w.last >= aim["from_date"])
    ]
    found = measure_backlog(result(area, "aim-2"))
    counts = Counter(w.status for w in there)
    assert (found.size, found.done, found.left, found.waiting) == (
        len(there), counts["reached"], counts["left"], counts["waiting"],
    )  # fmt: skip
    assert found.done_in_time == sum(w.status == "reached" and w.last <= aim["backlog_by"] for w in there)


@pytest.mark.parametrize("area", AREAS)
def test_where_children_wait_now(area):
    ours = Counter()
    for child in children(area).values():
        spells = away_spells(child)
        if not spells or spells[-1][1] is not None:
            continue
        events = within(child, spells, len(spells) - 1)
        reached = {e: max(d for d, k, _ in events if k == e) for _, e, _ in events if e in terms.MILESTONES}
        stage = max(reached, key=terms.MILESTONES.index)
        plan = last_route(events) if any(r for _, _, r in events) else None
        if stage == "order_granted" or "order_granted" in terms.STEPS_NOT_ON_ROUTE.get(plan, ()):
            continue
        lives = max(child.placements, key=lambda p: p[0])[2] if child.placements else None
        group = terms.PLACEMENT_GROUPS.get(lives, "not_recorded")
        ours[stage, group, (AS_AT - reached[stage]).days] += 1
    found = who_waits(extract(area))
    assert Counter(found.itertuples(index=False, name=None)) == ours
    assert ours


@pytest.mark.parametrize("area", AREAS)
def test_what_is_recorded(area):
    since = definitions(area)[2]
    recent = date(2017, 7, 31)
    ours = {m: [0, 0, 0, 0] for m in terms.MILESTONES}
    for child in children(area).values():
        spells = away_spells(child)
        for n in range(len(spells)):
            events = within(child, spells, n)
            plan = last_route(events) if any(r for _, _, r in events) else None
            for i, milestone in enumerate(terms.MILESTONES):
                days = [d for d, e, _ in events if e in terms.MILESTONES[i:]]
                if not days or milestone in terms.STEPS_NOT_ON_ROUTE.get(plan, ()) or (since and min(days) < since):
                    continue
                recorded = any(e == milestone for _, e, _ in events)
                new = min(days) >= recent
                for at, yes in enumerate((True, recorded, new, new and recorded)):
                    ours[milestone][at] += yes
    found = completeness(extract(area))
    assert {m: list(rest) for m, *rest in found.itertuples(index=False, name=None)} == ours


def test_shares_of_the_whole_sample_are_neither_none_nor_all():
    """A guard on the sample: with everyone met or missed, the comparison of shares would be idle."""
    met = missed = 0
    for area in AREAS:
        for aim in AIMS:
            found = measure_share(result(area, aim))
            if found is not None:
                met, missed = met + found.met, missed + found.missed
    assert met > 100
    assert missed > 100
