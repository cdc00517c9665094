"""From text to facts: every value is read by a stated rule, and every row that cannot be used is set aside and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from pace_nb.checks.completeness import about_day
from pace_nb.checks.days import keep_known, read_days
from pace_nb.checks.identity import Children, drop_copies, join_children, one_row_per_child, read_ids, read_text
from pace_nb.checks.vocabulary import read_authorities, read_codes
from pace_nb.checks.work import Checked, Work
from pace_nb.files import RawTable

_READERS = {"id": read_ids, "text": read_text, "authority": read_authorities, "code": read_codes, "date": read_days}


def check_tables(raws: Mapping[str, Sequence[RawTable]], as_at: date) -> dict[str, Checked]:
    """Check the tables of one extract against the schema and against each other. What they say together: `check_facts`.

    raws: for each table, what each of its sources holds, as text; at least `children`, and at least one source each.
    Rows read = rows used + set aside + exact copies + blank, for each table and file, always. Raises nothing: a table that
    was refused comes back empty, with the finding that says why.
    """
    children = _read(raws["children"], as_at, set())
    drop_copies(children)
    one_row_per_child(children)
    children.who[children.alive] = np.arange(int(children.alive.sum()))
    known = Children(children)
    works = {"children": children}
    for name, sources in raws.items():
        if name != "children":
            works[name] = _read(sources, as_at, children.ordinary)
            join_children(works[name], known)
            drop_copies(works[name])
    children.findings += about_day(works, as_at)
    return {name: work.done() for name, work in works.items()}


def _read(sources: Sequence[RawTable], as_at: date, ordinary: set[str]) -> Work:
    work = Work(sources, ordinary)
    for column in work.table.columns:
        _READERS[column.kind](work, column)
    keep_known(work, as_at)
    return work
