"""Rounded counts that add up: what else has to be hidden, so that sums do not give a small count away.

Rule: docs/disclosure.md, "Rounded counts". Rounding alone is not enough. A total shown as 5 is 5 to 7; beside parts shown as 5, * and *
both hidden ones are exactly 1. So counts are hidden, smallest first, until the audit finds every hidden one as uncertain as it was.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from pace_nb.disclosure.audit import Audit, audit_counts
from pace_nb.disclosure.counts import THRESHOLD, protect_count, protect_share
from pace_nb.errors import DataError

Name = Hashable
Sums = Sequence[tuple[Sequence[Name], Name]]
Cell = int | str | None
WITHHELD = "–"  # beside a whole that is shown, and says nothing: not even that there is a child


def round_counts(
    truth: Mapping[Name, int],
    sums: Sums,
    guarded: Sequence[Name] = (),
    unsaid: Sequence[Name] = (),
    given: Mapping[Name, int | None] | None = None,
) -> dict[Name, int | None]:
    """Return counts as they may be published together: rounded to five, None where hidden, absent where nothing may be said.

    sums: which of them add up to which. guarded: counts that are not published and must not be worked out (the rest of a share).
    unsaid: counts that are not published, and need not be guarded. given: counts as another table shows them already.
    A total of 1 to k - 1 is not broken down: its parts are absent. Where hiding a part does not help either, all parts of that total
    are absent. Raises DataError if no audit is passed even so.

    >>> round_counts({"a": 5, "b": 1, "c": 1, "all": 7}, [(("a", "b", "c"), "all")])
    {'a': None, 'b': None, 'c': None, 'all': 5}
    """
    silent = set(guarded) | set(unsaid)
    for _, total in sums:
        if 1 <= truth[total] < THRESHOLD:
            _withhold(total, sums, silent)
    given = given or {}
    shown = {n: protect_count(count, "aggregate") for n, count in truth.items() if n not in silent} | {**given}
    for _ in range(2 * len(truth) + 1):
        audit = audit_counts(truth, shown, sums, THRESHOLD, True, guarded)
        if audit.safe:
            return shown
        before = dict(shown)
        _hide_more(shown, truth, sums, audit, given)
        shown |= given
        if shown == before:
            break
    raise DataError("Nothing makes these counts safe.", do="do not publish them.")


def _withhold(total: Name, sums: Sums, silent: set[Name]) -> None:
    for parts, of in sums:
        if of == total:
            silent.update(parts)
            for part in parts:
                _withhold(part, sums, silent)


def _hide_more(
    shown: dict[Name, int | None], truth: Mapping[Name, int], sums: Sums, audit: Audit, given: Mapping[Name, int | None]
) -> None:
    """Hide the smallest part beside each count that failed; if there is none, break that total down no further."""
    totals = {total for _, total in sums}
    touched: set[int] = set()
    for name in audit.failed:
        beside = [(i, parts, total) for i, (parts, total) in enumerate(sums) if name in parts or name == total]
        if touched & {i for i, _, _ in beside}:
            continue  # what was hidden for another count of this sum may do
        touched |= {i for i, _, _ in beside}
        others = [p for _, parts, _ in beside for p in parts if p != name and shown.get(p) and p not in given]
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


def protect_parts(parts: Sequence[int], audience: str) -> list[int | None] | None:
    """Return the parts of a whole whose total is published too, each as it may be shown; None where they may not be told apart.

    >>> protect_parts([5, 1, 1], "aggregate"), protect_parts([12, 3, 0], "aggregate"), protect_parts([1, 2], "aggregate")
    ([None, None, None], [10, None, 0], None)
    """
    (row,) = protect_grid([[*parts, sum(parts)]], audience, {len(parts): range(len(parts))})
    return None if WITHHELD in row else row[:-1]


def protect_grid(
    rows: Sequence[Sequence[int]],
    audience: str,
    within: Mapping[int, Sequence[int]] | None = None,
    shares: Sequence[tuple[int, int]] = (),
    down: Sequence[int] = (),
) -> list[list[Cell]]:
    """Return a table of counts as it may be shown: a count, None where it is hidden, WITHHELD where a whole is not broken down.

    rows: counts, all rows alike. within: for each column that is a whole, the columns that are its parts; something may remain, unless
    nothing does in any row. shares: (part, whole) columns of which percentages are shown; what remains of such a whole is guarded like
    a count (17 of 20 gives away 3), and a part whose percentage may not be shown is withheld with it. down: columns whose sum over all
    rows is published too, as this function would show it in a row of its own. In the working audience everything is shown.

    >>> protect_grid([[20, 17], [20, 8], [11, 10], [3, 1]], "aggregate", {0: [1]}, [(1, 0)], [0, 1])
    [[20, 15], [20, 10], [10, '–'], [None, '–']]
    """
    if audience == "working" or not rows:
        return [list(row) for row in rows]
    lines: dict[Name, Sequence[int]] = dict(enumerate(rows))
    if down:
        lines["sum"] = [sum(column) for column in zip(*rows, strict=True)]
    truth = {(i, j): n for i, row in lines.items() for j, n in enumerate(row) if i != "sum" or j in down}
    sums: list[tuple[Sequence[Name], Name]] = [([(i, j) for i in range(len(rows))], ("sum", j)) for j in down]
    guarded, unsaid, without = [], [], []
    for i, row in lines.items():
        for whole, parts in (within or {}).items():
            if all((i, j) in truth for j in (whole, *parts)):
                shared = any(w == whole for _, w in shares)
                if not shared and all(r[whole] == sum(r[p] for p in parts) for r in rows):
                    sums.append(([(i, p) for p in parts], (i, whole)))  # the parts are all there is
                    continue
                truth[i, whole, "rest"] = row[whole] - sum(row[p] for p in parts)
                sums.append(([*((i, p) for p in parts), (i, whole, "rest")], (i, whole)))
                (guarded if shared else unsaid).append((i, whole, "rest"))
        for part, whole in shares:
            if (i, part) in truth and row[whole] and protect_share(row[part], row[whole], audience) is None:
                without.append((i, part))
    given, unseen = _shown_elsewhere(lines["sum"], audience, within, shares, down) if down else ({}, [])
    unsaid += [*without, *unseen]
    guarded += [n for n in without if truth[n] < THRESHOLD]
    try:
        shown: dict[Name, Cell] = dict(round_counts(truth, sums, guarded, unsaid, given))
    except DataError:
        shown = {}  # not one count of this table is published
    return [[shown.get((i, j), WITHHELD) for j in range(len(row))] for i, row in enumerate(rows)]


def _shown_elsewhere(
    row: Sequence[int],
    audience: str,
    within: Mapping[int, Sequence[int]] | None,
    shares: Sequence[tuple[int, int]],
    down: Sequence[int],
) -> tuple[dict[Name, int | None], list[Name]]:
    """Return the row of sums as the table shows it that has them for a row, and which of them it does not tell."""
    rules = {whole: parts for whole, parts in (within or {}).items() if {whole, *parts} <= {*down}}
    (shown,) = protect_grid([row], audience, rules, [s for s in shares if {*s} <= {*down}])
    hidden = {part for part, whole in shares if {part, whole} <= {*down} and not isinstance(shown[part], int)}
    given = {("sum", j): shown[j] for j in down if not isinstance(shown[j], str) and j not in hidden}
    return given, [("sum", j) for j in down if ("sum", j) not in given]
