"""What became of the records since an earlier extract: children who vanished, counts that dropped, dates that changed.

An area sends its extract again and again. A child who is missing this time was left out by the export, or finished before
the days that it now covers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from pace_nb import terms
from pace_nb.extract import Extract
from pace_nb.schema import TABLES
from pace_nb.spells import KEY

#: Per cent: a table that lost more of its children or rows than this was probably not exported whole.
LARGE_DROP = 30


@dataclass(frozen=True)
class DatesKept:
    """What became of the dates of one kind, of children who are in both extracts.

    same: dates that are still there. changed: dates that went while another came for the same child. removed: dates that went
    and nothing came. added: dates that came. So there were same + changed + removed of them, and are same + changed + added.
    """

    what: str
    same: int = 0
    changed: int = 0
    removed: int = 0
    added: int = 0

    @property
    def before(self) -> int:
        """How many dates the earlier extract had."""
        return self.same + self.changed + self.removed

    @property
    def after(self) -> int:
        """How many dates the later extract has."""
        return self.same + self.changed + self.added


@dataclass(frozen=True)
class Comparison:
    """A later extract held against an earlier one.

    before, after: rows used of each table; of "children", children. vanished, arrived: children, by (authority, child_id), in
    order. still_looked_after: those of the vanished whose last placement had not ended in the earlier extract. renumbered:
    those of the vanished whose number has come back with or without zeros in front. dates: what became of each kind of date.
    """

    before: dict[str, int]
    after: dict[str, int]
    vanished: tuple[tuple[str, str], ...]
    arrived: tuple[tuple[str, str], ...]
    still_looked_after: tuple[tuple[str, str], ...]
    renumbered: tuple[tuple[str, str], ...]
    dates: tuple[DatesKept, ...]

    @property
    def dropped(self) -> tuple[str, ...]:
        """The tables that lost more than 30 % of what they held."""
        return tuple(t for t, n in self.before.items() if 100 * self.after[t] < (100 - LARGE_DROP) * n)

    @property
    def share_vanished(self) -> float:
        """The share of the earlier extract's children who are not in the later one; 0 of none."""
        return len(self.vanished) / self.before["children"] if self.before["children"] else 0.0

    def __str__(self) -> str:
        changed = sum(d.changed + d.removed for d in self.dates)
        return (
            f"Comparison: {self.before['children']:,} children before, {self.after['children']:,} now, "
            f"{len(self.vanished):,} vanished, {changed:,} dates changed or removed"
        )

    __repr__ = __str__


def compare_extracts(new: Extract, old: Extract) -> Comparison:
    """Hold an extract against an earlier one of the same area.

    Both should be read as at the same day, so that what differs is the records and not the day. A child is known by
    (authority, child_id) in the numbers of the source; pseudonyms play no part, so a change of key changes nothing here.

    Conventions: the dates of a child of one kind are compared as a set, so a date written twice counts once, and which
    of two dates became which is not guessed. A date that went while another of the same kind came for the same child
    counts as changed: it may also be that one event was deleted and another added. Dates of children who are in one extract
    only are not compared, and count among children vanished or arrived.

    Raises nothing.
    """
    was, now = set(_keys(old)), set(_keys(new))
    vanished = tuple(sorted(was - now))
    plain = {(area, child.lstrip("0")) for area, child in now - was}
    open_stays = old.placements[old.placements["end_date"].isna()]
    in_care = set(open_stays[KEY].itertuples(index=False, name=None))
    both = was & now
    before, after = dict(_dates(old)), dict(_dates(new))
    return Comparison(
        {t: len(getattr(old, t)) for t in TABLES} | {"children": len(was)},
        {t: len(getattr(new, t)) for t in TABLES} | {"children": len(now)},
        vanished,
        tuple(sorted(now - was)),
        tuple(k for k in vanished if k in in_care),
        tuple(k for k in vanished if (k[0], k[1].lstrip("0")) in plain),
        tuple(_compare_dates(what, before[what], after[what], both) for what in before),
    )


def _keys(extract: Extract) -> Iterator[tuple[str, str]]:
    return extract.children[KEY].itertuples(index=False, name=None)


def _dates(extract: Extract) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each kind of date with its rows, the dates in a column `date`: birth, milestones, stays, legal reasons."""
    yield "Date of birth", extract.children.rename(columns={"date_of_birth": "date"})
    for code, term in terms.EVENTS.items():
        yield term.label, extract.events[extract.events["event"] == code]
    for name, what in (("placements", "Placement"), ("legal", "Legal reason")):
        yield f"{what} began", getattr(extract, name).rename(columns={"start_date": "date"})
        yield f"{what} ended", getattr(extract, name).rename(columns={"end_date": "date"})


def _compare_dates(what: str, before: pd.DataFrame, after: pd.DataFrame, both: set[tuple[str, str]]) -> DatesKept:
    was, now = (_distinct(f, both) for f in (before, after))
    gone, came = _per_child(was - now), _per_child(now - was)
    changed = sum(min(n, came.get(child, 0)) for child, n in gone.items())
    return DatesKept(what, len(was & now), changed, sum(gone.values()) - changed, sum(came.values()) - changed)


def _distinct(frame: pd.DataFrame, both: set[tuple[str, str]]) -> set[tuple[str, str, pd.Timestamp]]:
    rows = frame.loc[frame["date"].notna(), [*KEY, "date"]].itertuples(index=False, name=None)
    return {row for row in rows if row[:2] in both}


def _per_child(rows: set[tuple[str, str, pd.Timestamp]]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for area, child, _ in rows:
        counts[area, child] = counts.get((area, child), 0) + 1
    return counts
