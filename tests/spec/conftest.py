"""Draws an extract as tables in a test, reads it as an extract is read, and tells what was found in sentences."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from pace_nb.extract import Extract, read_extract
from pace_nb.intervals import Intervals, find_intervals

AS_AT = "2019-07-31"
COLUMNS = {
    "children": ["child_id", "local_authority", "date_of_birth", "sex", "sibling_group"],
    "placements": ["child_id", "local_authority", "placement_type", "start_date", "end_date"],
    "legal": ["child_id", "local_authority", "legal_type", "start_date", "end_date"],
    "events": ["child_id", "local_authority", "event", "date", "route"],
}
#: Headings that read better in a drawn table.
SHORT = {
    "child": "child_id",
    "authority": "local_authority",
    "born": "date_of_birth",
    "siblings": "sibling_group",
    "from": "start_date",
    "to": "end_date",
    "lives": "placement_type",
    "order": "legal_type",
}


def rows_of(drawn: str) -> list[dict[str, str]]:
    """Read a table drawn with a heading row and bars between the cells."""
    lines = [[c.strip() for c in line.split("|")] for line in drawn.strip().splitlines() if line.strip()]
    if not lines:
        return []
    heading, *rows = lines
    names = [SHORT.get(h, h) for h in heading]
    return [dict(zip(names, row + [""] * (len(names) - len(row)), strict=True)) for row in rows]


def write_tables(folder: Path, children: str, placements: str, legal: str, events: str) -> Path:
    """Write the four tables; children who are only named in another table live in Fife and were born in 2010."""
    drawn = {t: rows_of(d) for t, d in zip(COLUMNS, (children, placements, legal, events), strict=True)}
    named = {r["child_id"] for r in drawn["children"]}
    others = {r["child_id"] for t in ("placements", "legal", "events") for r in drawn[t]} - named
    drawn["children"] += [{"child_id": c} for c in sorted(others)]
    for child in drawn["children"]:
        child["local_authority"] = child.get("local_authority") or "Fife"
        child["date_of_birth"] = child.get("date_of_birth") or "2010-01-01"
    folder.mkdir(exist_ok=True)
    for table, columns in COLUMNS.items():
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(drawn[table])
    return folder


@pytest.fixture
def draw(tmp_path: Path) -> Callable[..., Extract]:
    """Return a function that makes an extract of drawn tables."""

    def read(
        events: str = "",
        placements: str = "",
        legal: str = "",
        children: str = "",
        aims: str = "",
        as_at: str = AS_AT,
        audience: str = "working",
        since: str | None = None,
    ) -> Extract:
        folder = write_tables(tmp_path / "extract", children, placements, legal, events)
        if aims:
            (folder / "aims.toml").write_text(aims, encoding="utf-8")
        return read_extract(folder, as_at, audience=audience, since=since)

    return read


def tell(intervals: Intervals) -> dict[str, str]:
    """Tell of each child (and spell, if there are several) how the wait stands."""
    table = intervals.table
    told = {}
    for row in table.itertuples():
        several = (table["child_id"] == row.child_id).sum() > 1
        name = f"{row.child_id}, spell {row.spell}" if several else row.child_id
        told[name] = {
            "reached": f"reached after {row.days} days",
            "waiting": f"waiting for {row.days} days",
            "left": f"left after {row.days} days: {row.reason}",
            "unusable": f"unusable: {row.reason}",
        }[row.status]
    assert len(told) == len(table), "two rows for one child and spell"
    return told


@pytest.fixture
def told() -> Callable[..., dict[str, str]]:
    """Return a function that tells how every child's wait for an aim (an id, or an Aim) stands."""

    def of(extract: Extract, aim="aim-2") -> dict[str, str]:
        return tell(find_intervals(extract, extract.aims[aim] if isinstance(aim, str) else aim))

    return of
