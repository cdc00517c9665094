"""Children now and the balancing measures a second time, in plain loops over the CSV files of the synthetic sample.

The rules are those of the docstrings, written down again; of the package only the results under test are used. Days are
walked one by one where that is the plainest way.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache

import pytest
from test_oracle import (
    AS_AT,
    SAMPLE,
    Wait,
    away_spells,
    children,
    definitions,
    due_date,
    eighteenth,
    extract,
    last_route,
    months_later,
    one_wait,
    result,
    waits,
    within,
)

from pace_nb import terms
from pace_nb.balancing import DECISIONS, follow_decisions, follow_returns, moves_by_year
from pace_nb.now import find_due, find_orders_at_home, find_standing
from pace_nb.outlook import expect_missed, look_back
from pace_nb.reviews import find_chains, measure_reviews

AREAS = ["fife", "falkirk", "glasgow-city", "orkney-islands", "perth-and-kinross"]
LIMITED = [(area, aim) for area in AREAS for aim in ("aim-1", "aim-2", "aim-3", "aim-4")]
each_area = pytest.mark.parametrize("area", AREAS)
pytestmark = pytest.mark.skipif(not SAMPLE.is_dir(), reason="no sample beside the tests")
DAY = timedelta(days=1)


def clamped(first: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    start = months_later(first.replace(day=1), months)
    last = months_later(start, 1) - DAY
    return start.replace(day=min(first.day, last.day))


# --- children now ------------------------------------------------------------------------------------------------


@each_area
def test_who_stands_where_since_when_and_against_which_day(area):
    dues = defaultdict(list)
    for aim in ("aim-1", "aim-2", "aim-3", "aim-4"):
        limit = definitions(area)[0][aim].get("limit")
        for w in waits(area, aim):
            if limit and w.status == "waiting":
                dues[w.child, aim == "aim-1"].append(due_date(w.start, limit))
    ours = Counter(
        (w.child, "cso_at_home", w.start, min(dues[w.child, True], default=None))
        for w in waits(area, "aim-1")
        if w.status == "waiting"
    )
    for name, child in children(area).items():
        spells = away_spells(child)
        if not spells or spells[-1][1] is not None:
            continue
        events = within(child, spells, len(spells) - 1)
        stages = [e for _, e, _ in events if e in terms.MILESTONES]
        stage = max(stages, key=terms.MILESTONES.index)
        route = last_route(events) if any(r for _, _, r in events) else None
        ahead = [m for m in terms.MILESTONES if terms.MILESTONES.index(m) > terms.MILESTONES.index(stage)]
        if any(m not in terms.STEPS_NOT_ON_ROUTE.get(route, ()) for m in ahead):
            since = max(d for d, e, _ in events if e == stage)
            ours[name, stage, since, min(dues[name, False], default=None)] += 1
    rows = find_standing(extract(area)).itertuples()
    theirs = Counter((r.child_id, r.stage, r.since.date(), r.due.date() if r.due == r.due else None) for r in rows)
    assert theirs == ours
    assert ours


@each_area
def test_orders_at_home_by_full_months(area):
    ours = Counter()
    for w in waits(area, "aim-1"):
        if w.status == "waiting":
            full = [name for name, m in ((0, 0), (15, 15), (18, 18), (24, 24)) if clamped(w.start, m) <= AS_AT]
            ours[w.child, max(full)] += 1
    names = {"under 15 months": 0, "15 to 18 months": 15, "18 months to 2 years": 18, "past 2 years": 24}
    rows = find_orders_at_home(extract(area))
    assert Counter(zip(rows["child_id"], rows["band"].map(names), strict=True)) == ours


@pytest.mark.parametrize(("area", "aim"), LIMITED)
def test_due_next_in_their_order(area, aim):
    limit = definitions(area)[0][aim].get("limit")
    if limit is None:
        pytest.skip("this area has no limit for the aim")
    waiting = [(due_date(w.start, limit), w.child) for w in waits(area, aim) if w.status == "waiting"]
    ours = sorted((due, child) for due, child in waiting if due <= AS_AT + timedelta(weeks=12))
    rows = find_due(result(area, aim))
    assert [(r.due.date(), r.child_id) for r in rows.itertuples()] == ours


# --- what to expect ----------------------------------------------------------------------------------------------


def share_waiting(found: list[tuple[int, int, bool]], first: int, last: int) -> float:
    """Of those who still wait after `first` days the share who wait after `last`: day by day, each day's endings of those followed."""
    share = 1.0
    for day in range(first + 1, last + 1):
        at_risk = sum(entry < day <= days for entry, days, _ in found)
        ended = sum(days == day and entry < day and over for entry, days, over in found)
        share *= 1 - ended / at_risk if ended else 1
    return share


def expectation(found: list[Wait], since: date | None, day: date, limit: str) -> tuple[int, float | None]:
    """How many are due in the 12 weeks after a day, and how many of them are expected to wait still."""
    followed = []
    for w in found:
        entry = (since - w.start).days if since and w.start < since else -1
        if w.status != "unusable" and w.days > entry:
            followed.append((entry, w.days, w.status != "waiting"))
    ahead = [(w.days, due_date(w.start, limit), w.start) for w in found if w.status == "waiting"]
    ahead = [(d, (due - start).days) for d, due, start in ahead if day < due <= day + timedelta(weeks=12)]
    if not ahead:
        return 0, None
    enough = [sum(entry < d <= days for entry, days, _ in followed) >= 5 for d in range(max(u for _, u in ahead) + 1)]
    if True not in enough:
        return len(ahead), None
    # The curve begins with the first whole week on which five are followed.
    begins = next((d for d in range(0, len(enough), 7) if enough[d]), len(enough))
    if min(d for d, _ in ahead) < begins or not all(enough[begins:]):
        return len(ahead), None
    part = [(max(entry, begins - 1), days, over) for entry, days, over in followed if days >= begins]
    return len(ahead), math.fsum(share_waiting(part, d, until) for d, until in ahead)


@pytest.mark.parametrize(("area", "aim"), LIMITED)
def test_the_expected_number(area, aim):
    aims, _, since = definitions(area)
    limit = aims[aim].get("limit")
    if limit is None:
        pytest.skip("this area has no limit for the aim")
    due, expected = expectation(waits(area, aim), since, AS_AT, limit)
    found = expect_missed(result(area, aim))
    assert found.due == due
    assert (found.count is None) == (expected is None)
    if expected is not None:
        assert found.count.expected == pytest.approx(expected, abs=1e-9)


def test_what_came_of_an_earlier_outlook():
    """The children who waited for a recommendation 12 weeks before: which of them still waited on their due date?"""
    day, area = AS_AT - timedelta(weeks=12), "fife"
    known = look_back(extract(area), [extract(area).aims["aim-2"]], looks=1)["aim-2"][0]
    due = came = unclear = 0
    for name, child in children(area).items():
        spells, then = (
            away_spells(child),
            [(a, b if b and b <= day else None) for a, b in away_spells(child) if a <= day],
        )
        for n, (start, end) in enumerate(then):
            events = [e for e in within(child, spells, n) if e[0] <= day]
            last = due_date(start, "6 months")
            wait = one_wait(name, start, end, events, "permanence_recommendation")
            if wait is None or wait.status != "waiting" or not day < last <= AS_AT:
                continue
            now = next(w for w in waits(area, "aim-2") if w.child == name and w.start == start)
            due += 1
            unclear += now.status == "unusable"
            came += now.status != "unusable" and (now.status == "waiting" or now.last > last)
    assert due > 0
    assert (known.outlook.due, known.came, known.unclear) == (due, came, unclear)


# --- balancing ---------------------------------------------------------------------------------------------------


@cache
def days_away(area: str) -> list[tuple[str, int, date, date]]:
    """Every spell away from home: child, number, first day, first day that no longer counts."""
    return [
        (name, n, start, end or AS_AT + DAY)
        for name, child in children(area).items()
        for n, (start, end) in enumerate(away_spells(child))
    ]


def moves_of(area: str, name: str, start: date, end: date) -> list[tuple[date, str]]:
    """Walk through a spell day by day; a placement that begins after its first day is a move if the child was placed before."""
    stays = [(a, b, kind) for a, b, kind in children(area)[name].placements if kind != "at_home"]
    placed = any(a <= start and (b is None or b >= start) for a, b, _ in stays)
    found = []
    for a, kind in sorted({(a, kind) for a, b, kind in stays if start < a < end}):
        if placed and (not found or found[-1][0] != a):
            found.append((a, kind))
        placed = True
    return found


def year(day: date) -> str:
    first = day.year - (day < date(day.year, 8, 1))
    return f"{first}/{str(first + 1)[-2:]}"


@pytest.mark.parametrize("area", ["falkirk", "orkney-islands", "perth-and-kinross"])
def test_moves_days_and_children_by_year(area):
    since = definitions(area)[2]
    days, moves, who, homes = Counter(), Counter(), defaultdict(set), defaultdict(set)
    for name, _, start, end in days_away(area):
        for day, _ in moves_of(area, name, start, end):
            moves[year(day)] += day >= since
        day = max(start, since)
        while day < end:
            days[year(day)] += 1
            who[year(day)].add(name)
            for a, b, kind in children(area)[name].placements:
                if kind != "at_home" and a <= day and (b is None or day < b or day == a):
                    homes[year(day), name].add((a, b, kind))
            day += DAY
    ours = {y: (moves[y], days[y], len(who[y]), sum(len(homes[y, c]) > 1 for c in who[y])) for y in days}
    assert {y.year: (y.moves, y.days, y.children, y.several) for y in moves_by_year(extract(area))} == ours


def sort_followed(rows: list[tuple[date, date | None, date | None]]) -> Counter:
    found = Counter()
    for start, event, left in rows:
        last = clamped(start, 12)
        if event and event <= last:
            found["met" if last <= AS_AT else "met_early"] += 1
        elif not event and left and left <= min(last, AS_AT):
            found["left"] += 1
        else:
            found["missed" if last <= AS_AT else "not_yet_due"] += 1
    return found


@each_area
@pytest.mark.parametrize("decision", DECISIONS)
def test_moves_in_the_year_after_a_decision(area, decision):
    since, rows = definitions(area)[2], []
    for name, n, start, end in days_away(area):
        events = within(children(area)[name], away_spells(children(area)[name]), n)
        first = sorted((d, r) for d, e, r in events if e == decision)
        if not first or first[0][0] < since or first[0][1] == "return_home":
            continue
        later = [d for d, kind in moves_of(area, name, start, end) if d > first[0][0] and kind != "prospective_adopter"]
        rows.append((first[0][0], min(later, default=None), end if end <= AS_AT else None))
    found = follow_decisions(extract(area), decision).share
    assert Counter({k: v for k, v in vars(found).items() if v}) == sort_followed(rows)


@each_area
def test_returns_to_care(area):
    since, rows = definitions(area)[2], []
    for child in children(area).values():
        spells = away_spells(child)
        for n, (_, end) in enumerate(spells):
            home = any(d == end and e == "return_home" for d, e, _ in child.events)
            if not end or not home or end < since or any(d == end and e == "order_granted" for d, e, _ in child.events):
                continue
            again = spells[n + 1][0] if n + 1 < len(spells) else None
            rows.append((end, again, eighteenth(child.born)))
    found = follow_returns(extract(area)).share
    assert Counter({k: v for k, v in vars(found).items() if v}) == sort_followed(rows)


# --- reviews -----------------------------------------------------------------------------------------------------


def links(start: date, held: list[date], end: date | None, number: int) -> list[tuple[int, date, date | None, str]]:
    clock, found = start, []
    for day in [*sorted(set(held)), None]:
        months = {1: None, 2: 3}.get(number, 6)
        due = clock + timedelta(days=42) if months is None else clamped(clock, months)
        if day:
            state = "late" if day > due else "in time"
        elif end:
            state = "not recorded" if end > due else "ended"
        else:
            state = "not yet due" if due > AS_AT else "overdue"
        found.append((number, due, day, state))
        clock, number = day, number + 1
    return found


def chain_of(start: date, held: list[date], end: date | None, since: date | None):
    if since is None or start >= since:
        return links(start, held, end, 1)
    if end and end <= since:
        return []
    known = [d for d in held if d >= since]
    first = min(known) if known else since
    return links(first, [d for d in known if d > first], end, 3)


@each_area
@pytest.mark.parametrize("restart", [False, True], ids=["from the first day", "from each placement"])
def test_every_review_link(area, restart):
    since, ours = definitions(area)[2], Counter()
    for name, n, start, end in days_away(area):
        child, over = children(area)[name], end if end <= AS_AT else None
        held = [d for d, e, _ in within(child, away_spells(child), n) if e == "review"]
        starts = [start]
        if restart:
            starts += sorted({a for a, _, kind in child.placements if kind != "at_home" and start < a < end})
        for first, last in zip(starts, [*starts[1:], over], strict=True):
            own = [d for d in held if (d > first or first == d == start) and (last is None or d <= last)]
            ours.update((name, *link) for link in chain_of(first, own, last, since))
    chains = find_chains(extract(area), restart)
    columns = ["child_id", "number", "due", "held", "state"]
    assert Counter(chains[columns].itertuples(index=False, name=None)) == ours
    late = sum(n for (_, _, _, _, state), n in ours.items() if state in ("late", "overdue", "not recorded"))
    shares = measure_reviews(chains, AS_AT)
    early_late = sum(state == "late" and due > AS_AT for (_, _, due, _, state) in ours)
    assert early_late == 0
    assert sum(s.missed for s in shares.values()) == late
    in_time = sum(n for (_, _, due, _, state), n in ours.items() if state == "in time" and due <= AS_AT)
    assert sum(s.met for s in shares.values()) == in_time
