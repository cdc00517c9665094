"""Where a child stands on the charts of the aims: which dot of a run chart, which bar of those who wait."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from pace_nb.aims import Aim
from pace_nb.extract import Extract
from pace_nb.intervals import find_intervals
from pace_nb.runchart import analyse_run


@dataclass(frozen=True)
class Standing:
    """A child's mark on the chart of an aim.

    reached: whether it is a dot of those who finished, in order of the date (else a bar of those who wait, longest first). place: which
    one, from 1. of: how many there are. days: waited, or waited so far. median: of the chart, in weeks; None where it has none.
    late: past the limit.
    """

    aim: Aim
    reached: bool
    place: int
    of: int
    days: int
    median: float | None
    late: bool


@lru_cache(maxsize=2)
def find_standings(extract: Extract) -> dict[tuple[str, str], tuple[Standing, ...]]:
    """Return every mark that each child has on the charts of the extract's aims, aim by aim. Nobody may change it.

    A child who came to live away from home twice may have two on one chart. Places and medians are those of the charts that
    the pages of this extract show, for people entitled to see children.
    """
    found = defaultdict(list)
    for aim in extract.aims.values():
        intervals = find_intervals(extract, aim)
        median = analyse_run(intervals, extract.changes).median
        for reached, rows in ((True, intervals.reached), (False, intervals.waiting)):
            columns = (rows[c] for c in ("local_authority", "child_id", "days", "late"))
            for place, (authority, child, days, late) in enumerate(zip(*columns, strict=True), 1):
                standing = Standing(aim, reached, place, len(rows), int(days), median, bool(late))
                found[authority, child].append(standing)
    return {child: tuple(own) for child, own in found.items()}
