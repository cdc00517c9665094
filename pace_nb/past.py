"""An extract as it was known on an earlier day, so that what would have been expected then can be held against what came.

What was put right in the records since, or written down late with its true date, is known here earlier than it was then:
an extract does not say when a row was typed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from pace_nb.errors import ParameterError
from pace_nb.extract import Extract
from pace_nb.periods import show_date
from pace_nb.schema import TABLES


def known_on(extract: Extract, day: date) -> Extract:
    """Return the extract as `read_extract` reads the same files with `as_at=day`.

    Events of later days, and placements and legal reasons that begin later, are not in it; an end that comes later is
    blank, and so is a later birth date. Rows that become exact copies of one another by that are one. Every child
    stays in `children`: one of whom nothing is known yet has no row elsewhere, so no measure counts that child.
    `rows` and `findings` stay those of the reading, because they tell of the files and not of a day.

    Raises ParameterError for a day after the extract's own as-at date, and for one on or before its `since`.

    Cost: one pass over each table.
    """
    if day > extract.as_at:
        raise ParameterError(
            f"{show_date(day)} lies after {show_date(extract.as_at)}, up to which the extract is known.",
            do="ask for an earlier day.",
        )
    if extract.since is not None and day <= extract.since:
        raise ParameterError(
            f"{show_date(day)} lies before the period of the extract, which begins on {show_date(extract.since)}.",
            do="ask for a later day.",
        )
    cut = {name: _cut(getattr(extract, name), name, day) for name in TABLES if name != "children"}
    born = extract.children["date_of_birth"]
    children = extract.children.assign(date_of_birth=born.where(born <= pd.Timestamp(day)))
    return replace(extract, as_at=day, children=children, **cut)


def _cut(frame: pd.DataFrame, name: str, day: date) -> pd.DataFrame:
    start = TABLES[name].start
    known = frame[frame[start] <= pd.Timestamp(day)]
    if "end_date" in known:
        ended = known["end_date"].where(known["end_date"] <= pd.Timestamp(day))
        known = known.assign(end_date=ended).drop_duplicates()
        # A blank end stands last among rows that begin together, as on reading.
        first = ["local_authority", "child_id", start]
        known = known.sort_values([*first, *[c for c in known if c not in first]], kind="stable", na_position="last")
    return known.reset_index(drop=True)
