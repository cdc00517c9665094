"""The run chart rules once more, in plain loops and whole numbers, written from the published rules and not from the package.

The benchmark of `analyse_many` takes its plain way from here too.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

SAME = 1e-9


def same(a: float, b: float) -> bool:
    return abs(a - b) <= SAME * max(1.0, abs(a), abs(b))


def missing(value) -> bool:
    return value is None or value != value


def median(values) -> float | None:
    kept = sorted(v for v in values if not missing(v))
    if not kept:
        return None
    half = len(kept) // 2
    return float(kept[half]) if len(kept) % 2 else (kept[half - 1] + kept[half]) / 2


def sides(values, centre) -> list[int | None]:
    found = []
    for v in values:
        if missing(v):
            found.append(None)
        elif same(v, centre):
            found.append(0)
        else:
            found.append(1 if v > centre else -1)
    return found


def runs(marks) -> list[tuple[int, int, int, int]]:
    """Return (first position, last position, side, length) of each run of useful points."""
    found = []
    for i, mark in enumerate(marks):
        if not mark:
            continue
        if found and found[-1][2] == mark:
            first, _, side, length = found[-1]
            found[-1] = (first, i, side, length + 1)
        else:
            found.append((i, i, mark, 1))
    return found


def trends(values) -> list[tuple[int, int, str, int]]:
    """Return (first, last, direction, distinct points) of each stretch that only rises or only falls."""
    points = []  # [value, first position, last position]
    for i, v in enumerate(values):
        if missing(v):
            continue
        if points and same(points[-1][0], v):
            points[-1][0], points[-1][2] = v, i
        else:
            points.append([v, i, i])
    found, at = [], 0
    while at < len(points) - 1:
        up = points[at + 1][0] > points[at][0]
        end = at + 1
        while end < len(points) - 1 and (points[end + 1][0] > points[end][0]) == up:
            end += 1
        found.append((points[at][1], points[end][2], "up" if up else "down", end - at + 1))
        at = end
    return found


@cache
def limits(above: int, below: int) -> tuple[int, int]:
    """Return the runs limits from exact fractions (Swed and Eisenhart 1943)."""
    if not above or not below:
        return 1, 1
    every = math.comb(above + below, above)
    chance = {}
    for r in range(2, above + below + 1):
        h = r // 2
        if r % 2 == 0:
            ways = 2 * math.comb(above - 1, h - 1) * math.comb(below - 1, h - 1)
        else:
            ways = math.comb(above - 1, h) * math.comb(below - 1, h - 1)
            ways += math.comb(above - 1, h - 1) * math.comb(below - 1, h)
        if ways:
            chance[r] = Fraction(ways, every)
    tail = Fraction(25, 1000)
    lower = next(r for r in sorted(chance) if sum(p for k, p in chance.items() if k <= r) > tail)
    upper = next(r for r in sorted(chance, reverse=True) if sum(p for k, p in chance.items() if k >= r) > tail)
    return lower, upper


def analyse(values, baseline=None) -> dict:
    centre = median(values[:baseline])
    if centre is None:
        return {"centre": None, "useful": 0, "runs": 0, "longest": 0, "signals": []}
    marks = sides(values, centre)
    above, below, found = marks.count(1), marks.count(-1), runs(marks)
    signals = [("shift", a, b, "above" if s > 0 else "below", n) for a, b, s, n in found if n >= 6]
    signals += [("trend", *t) for t in trends(values) if t[3] >= 5]
    useful = above + below
    if useful >= 10:
        lower, upper = limits(above, below)
        if len(found) < lower:
            signals.append(("too_few_runs", found[0][0], found[-1][1], "few", len(found)))
        if len(found) > upper:
            signals.append(("too_many_runs", found[0][0], found[-1][1], "many", len(found)))
    longest = max((n for *_, n in found), default=0)
    return {
        "centre": centre,
        "useful": useful,
        "above": above,
        "below": below,
        "runs": len(found),
        "longest": longest,
        "signals": signals,
    }


def phases(values, baseline, run=9, better="lower") -> list[tuple[float, int, int]]:
    """Return (median, first, last) of the baseline and of each new median that nine in a row justify."""
    found = [(median(values[:baseline]), 0, baseline - 1)]
    at = baseline
    while at < len(values):
        centre, inside = found[-1][0], []
        for i in range(at, len(values)):
            mark = sides([values[i]], centre)[0]
            if not mark:
                continue
            inside = [*inside, i] if mark == (-1 if better == "lower" else 1) else []
            if len(inside) == run:
                break
        if len(inside) < run:
            return found
        found.append((median([values[i] for i in inside]), inside[0], inside[-1]))
        at = inside[-1] + 1
    return found
