"""Rounded counts that add up: what else has to be hidden, so that sums do not give a small count away.

Rule: docs/disclosure.md, "Rounded counts". Rounding alone is not enough. A total shown as 5 is 5 to 7; beside parts shown as 5, * and * both
hidden ones are exactly 1. So counts are hidden, smallest first, until the audit finds every hidden one as uncertain as it was.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from pace_nb.disclosure.audit import Audit, audit_counts
from pace_nb.disclosure.counts import THRESHOLD, protect_count
from pace_nb.errors import DataError

Name = Hashable
Sums = Sequence[tuple[Sequence[Name], Name]]
Row = list[int | None]


def round_counts(
    truth: Mapping[Name, int], sums: Sums, guarded: Sequence[Name] = (), unsaid: Sequence[Name] = ()
) -> dict[Name, int | None]:
    """Return counts as they may be published together: rounded to five, None where hidden, absent where nothing may be said.

    sums: which of them add up to which. guarded: counts that are not published and must not be worked out (the rest of a share).
    unsaid: counts that are not published, and need not be guarded. A total of 1 to k - 1 is not broken down: its parts are absent. Where
    hiding a part does not help either, all parts of that total are absent. Raises DataError if no audit is passed even so.

    >>> round_counts({"a": 5, "b": 1, "c": 1, "all": 7}, [(("a", "b", "c"), "all")])
    {'a': None, 'b': None, 'c': None, 'all': 5}
    """
    silent = set(guarded) | set(unsaid)
    for parts, total in sums:
        if 1 <= truth[total] < THRESHOLD:
            _withhold(total, sums, silent)
    shown = {n: protect_count(count, "aggregate") for n, count in truth.items() if n not in silent}
    for _ in range(2 * len(truth) + 1):
        audit = audit_counts(truth, shown, sums, THRESHOLD, True, guarded)
        if audit.safe:
            return shown
        _hide_more(shown, truth, sums, audit)
    raise DataError("Nothing makes these counts safe.", do="do not publish them.")


def _withhold(total: Name, sums: Sums, silent: set[Name]) -> None:
    for parts, of in sums:
        if of == total:
            silent.update(parts)
            for part in parts:
                _withhold(part, sums, silent)


def _hide_more(shown: dict[Name, int | None], truth: Mapping[Name, int], sums: Sums, audit: Audit) -> None:
    """Hide the smallest part beside each count that failed; if there is none, break that total down no further."""
    totals = {total for _, total in sums}
    touched: set[int] = set()
    for name in audit.failed:
        beside = [(i, parts, total) for i, (parts, total) in enumerate(sums) if name in parts or name == total]
        if touched & {i for i, _, _ in beside}:
            continue  # what was hidden for another count of this sum may do
        touched |= {i for i, _, _ in beside}
        others = [p for _, parts, _ in beside for p in parts if p != name and shown.get(p)]
        if others:
            shown[min(others, key=lambda p: (p in totals, truth[p], str(p)))] = None
            continue
        for _, parts, total in beside:
            silent = set(parts)
            _withhold(total, sums, silent)
            for part in silent:
                shown.pop(part, None)
        if not beside:
            shown.pop(name, None)


def protect_parts(parts: Sequence[int], audience: str) -> Row | None:
    """Return the parts of a whole whose total is published too, each as it may be shown; None where they may not be told apart.

    >>> protect_parts([5, 1, 1], "aggregate"), protect_parts([12, 3, 0], "aggregate"), protect_parts([1, 2], "aggregate")
    ([None, None, None], [10, None, 0], None)
    """
    if audience == "working":
        return list(parts)
    names = list(range(len(parts)))
    shown = round_counts({**dict(enumerate(parts)), "all": sum(parts)}, [(names, "all")])
    return [shown[n] for n in names] if all(n in shown for n in names) else None


def protect_rows(rows: Sequence[Sequence[int]], audience: str) -> list[tuple[Row | None, int | None]]:
    """Return each row's parts (None where they may not be told apart) and its total, where the sum of all totals is published too.

    >>> protect_rows([[10, 3], [1, 1], [20, 30]], "aggregate")
    [([10, None], 15), (None, None), ([20, 30], 50)]
    """
    if audience == "working":
        return [(list(row), sum(row)) for row in rows]
    truth: dict[Name, int] = {(i, j): n for i, row in enumerate(rows) for j, n in enumerate(row)}
    truth |= {i: sum(row) for i, row in enumerate(rows)}
    truth["all"] = sum(map(sum, rows))
    sums: list[tuple[Sequence[Name], Name]] = [([(i, j) for j in range(len(row))], i) for i, row in enumerate(rows)]
    shown = round_counts(truth, [*sums, (list(range(len(rows))), "all")])
    found = []
    for i, row in enumerate(rows):
        names = [(i, j) for j in range(len(row))]
        found.append(([shown[n] for n in names] if all(n in shown for n in names) else None, shown.get(i)))
    return found


def protect_shares(shares: Sequence[tuple[int, int]], audience: str) -> list[tuple[int | None, int | None]]:
    """Return (part, whole) of each group as they may be shown, where part and whole of all groups together are published too.

    The rest, whole less part, is guarded like a count: 17 of 20 gives away 3. A part is None where its share may not be shown.

    >>> protect_shares([(17, 20), (8, 20), (10, 11)], "aggregate")
    [(15, 20), (10, 20), (None, 10)]
    """
    if audience == "working":
        return list(shares)
    groups = [*shares, (sum(p for p, _ in shares), sum(w for _, w in shares))]
    truth: dict[Name, int] = {}
    sums: list[tuple[Sequence[Name], Name]] = []
    unsaid = []
    for i, (part, whole) in enumerate(groups):
        truth |= {("part", i): part, ("rest", i): whole - part, ("whole", i): whole}
        sums.append(([("part", i), ("rest", i)], ("whole", i)))
        seen, of = protect_count(part, audience), protect_count(whole, audience)
        if seen is None or not of or of < 2 * THRESHOLD or seen in (0, of):
            unsaid.append(("part", i))  # shown as *, which here may be anything
    last = len(shares)
    for kind in ("part", "whole"):
        sums.append(([(kind, i) for i in range(last)], (kind, last)))
    guarded = [("rest", i) for i in range(last + 1)]
    guarded += [n for n in unsaid if 1 <= truth[n] < THRESHOLD]
    shown = round_counts(truth, sums, guarded, unsaid)
    return [(shown.get(("part", i)), shown.get(("whole", i))) for i in range(last)]
