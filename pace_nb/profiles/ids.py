"""Which column holds the child's number, by its heading and by its values: the same numbers stand in several sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pace_nb.files import plain_name
from pace_nb.profiles.native import Column, Sheet
from pace_nb.profiles.showing import is_personal
from pace_nb.profiles.synonyms import HEADINGS, NOT_CHILD

_ALIKE = 0.8  # of the different numbers of one sheet, those that the other sheet has too
_FEWEST = 5  # different numbers
_KNOWN = HEADINGS["child_id"].split()
_NOT_CHILD = set(NOT_CHILD.split())
_SUFFIX = re.compile(r"(?:(.+)_)?(id|no|ref|number|reference|identifier|key)")


def find_ids(sheets: Sequence[Sheet]) -> list[Column | None]:
    """Return for each sheet its column of the child's number, or None.

    The numbers are those of the column that stands once in each row of its sheet and comes back in most other sheets. A sheet has
    them in the column that shares most of them, whatever its heading; where no numbers come back, the heading alone decides.
    """
    able = [[c for c in sheet.columns if _can_be(c)] for sheet in sheets]
    headed = [_by_heading(sheet, columns) for sheet, columns in zip(sheets, able, strict=True)]
    values = {id(c): {v.casefold() for v in c.counts} for columns in able for c in columns}
    best: tuple[tuple, set[str]] = ((0,), set())
    for i, columns in enumerate(able):
        for column in columns:
            own = values[id(column)]
            if len(own) < 0.98 * len(column.values):
                continue
            support = sum(
                any(_alike(values[id(c)], own) for c in other) for j, other in enumerate(able) if j != i and other
            )
            rank = (support, column is headed[i], len(own))
            if rank > best[0]:
                best = (rank, own)
    numbers = best[1] if best[0][0] else set()
    return [_best(columns, head, numbers, values) for columns, head in zip(able, headed, strict=True)]


def _best(columns: list[Column], head: Column | None, numbers: set[str], values: dict[int, set[str]]) -> Column | None:
    if not numbers or (head is not None and _alike(values[id(head)], numbers)):
        return head
    shared = [(len(values[id(c)] & numbers), -i, c) for i, c in enumerate(columns) if _alike(values[id(c)], numbers)]
    return max(shared, key=lambda s: s[:2])[2] if shared else head


def _alike(some: set[str], others: set[str]) -> bool:
    """Tell whether most of the shorter of two lists stands in the other. A handful of a long list is no sign: it may be a counter."""
    least = min(len(some), len(others))
    return least >= max(_FEWEST, 0.1 * max(len(some), len(others))) and len(some & others) >= _ALIKE * least


def _by_heading(sheet: Sheet, able: list[Column]) -> Column | None:
    ranks = []
    for i, column in enumerate(sheet.columns):
        name = re.sub(r"[^a-z0-9]+", "_", plain_name(column.heading)).strip("_")
        found = _SUFFIX.fullmatch(name)
        if column.is_date or is_personal(column.heading):
            continue
        if name in _KNOWN:
            ranks.append((0, i, column))
        elif found and found[1] and not set(found[1].split("_")) & _NOT_CHILD and column in able:
            ranks.append((1, i, column))
    return min(ranks, key=lambda r: r[:2])[2] if ranks else None


def _can_be(column: Column) -> bool:
    """Tell whether a column may be of numbers: filled, with digits, and not just 1, 2, 3 for each row."""
    texts = column.counts
    if (
        column.is_date
        or is_personal(column.heading)
        or len(texts) < _FEWEST
        or column.filled < 0.9 * len(column.values)
    ):
        return False
    if sum(any(map(str.isdigit, t)) for t in texts) < 0.9 * len(texts):
        return False
    return set(texts) != {str(i) for i in range(1, len(texts) + 1)} or plain_name(column.heading) in _KNOWN
