"""The four tables of an extract, declared once: the declaration validates, documents and feeds the sample.

An extract is a folder of CSV files or one workbook whose sheets have the same names. It may hold
several authorities; a child is known by (local_authority, child_id), never by child_id alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pace_nb import terms


@dataclass(frozen=True)
class Column:
    """One column: what it means, what it may hold, and whether a row can do without it.

    kind: "id" and "text" are kept as text; "date" is a whole day; "code" is one of `codes`;
    "authority" is a Scottish local authority under any known spelling.
    required: "column" - the file is refused without it; "value" - and a row without a value is set aside;
    "" - may be absent or blank.
    """

    name: str
    kind: str
    meaning: str
    required: str = ""
    codes: Mapping[str, terms.Term] | None = None


@dataclass(frozen=True)
class Table:
    """One table: its columns in order and what a row stands for. `start` names the date a row begins to be known."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    start: str | None = None

    @property
    def column_names(self) -> list[str]:
        """Names in the order in which the files hold them."""
        return [c.name for c in self.columns]


_CHILD = Column("child_id", "id", "The authority's own number for the child, as text.", "value")
#: Only needed where an extract holds several authorities whose numbers may clash; otherwise filled in from children.
_AUTHORITY = Column("local_authority", "authority", "Needed here only when an extract holds several authorities.")

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        Table(
            "children",
            "One row for each child who has been looked after.",
            (
                _CHILD,
                Column(
                    "local_authority",
                    "authority",
                    "The responsible authority, even when the child is placed elsewhere: its name or its GSS code.",
                    "value",
                ),
                Column("date_of_birth", "date", "Used for age only; never shown.", "column"),
                Column("sex", "code", "As recorded.", "", terms.SEX),
                Column("sibling_group", "text", "The same value for brothers and sisters planned for together."),
            ),
        ),
        Table(
            "placements",
            "One row for each place where a looked after child lived.",
            (
                _CHILD,
                _AUTHORITY,
                Column("placement_type", "code", "The kind of placement.", "value", terms.PLACEMENTS),
                Column("start_date", "date", "First day of the placement.", "value"),
                Column("end_date", "date", "Last day; blank while it lasts.", "column"),
                Column(
                    "home_ref",
                    "text",
                    "The same value for children who live in the same home: a reference of your own, never a name or an address.",
                ),
            ),
            start="start_date",
        ),
        Table(
            "legal",
            "One row for each legal reason for being looked after; several may overlap.",
            (
                _CHILD,
                _AUTHORITY,
                Column("legal_type", "code", "The order or section.", "value", terms.LEGAL),
                Column("start_date", "date", "The day it took effect.", "value"),
                Column("end_date", "date", "The day it ended; blank while it lasts.", "column"),
            ),
            start="start_date",
        ),
        Table(
            "events",
            "One row for each dated event: milestones, reviews, hearings.",
            (
                _CHILD,
                _AUTHORITY,
                Column("event", "code", "What happened.", "value", terms.EVENTS),
                Column("date", "date", "The day it happened.", "value"),
                Column(
                    "route",
                    "code",
                    "Of a recommendation, decision or order: the route to permanence.",
                    "",
                    terms.ROUTES,
                ),
            ),
            start="date",
        ),
    )
}
