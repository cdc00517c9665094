"""Aims as data: G % of a cohort go from milestone A to milestone B within a limit, from a date.

The four national aims ship with the package (`national/aims.toml`). An area's own `aims.toml` stands beside its
extract: a record with a national id completes or tightens that aim (aims 3 and 4 have no limit until an area sets
one), any other id adds an aim.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from pace_nb import terms
from pace_nb.definitions import Field, day, list_of, one_of, read_records, text, whole_number
from pace_nb.errors import ParameterError
from pace_nb.periods import Limit, read_limit, show_date

NATIONAL = Path(__file__).parent / "national" / "aims.toml"
TIMESCALES = Path(__file__).parent / "national" / "timescales.toml"


@dataclass(frozen=True)
class Aim:
    """One aim. `from_date` begins the cohort of new children; those who started before it are its backlog.

    `to_date` is the last day of start that counts: children who start after it are out of scope. So the aim can be judged
    when the limit of a child who started that day has run out (`judged_on`). `backlog_by` is the day by which the
    backlog should have taken the step.

    `limit` may be None: then waits are shown, and no child can be early or late. `local_limit` is true when an
    area, not the programme, set the limit. `target` is a percentage.
    """

    id: str
    title: str
    start: str
    end: str
    limit: Limit | None = None
    target: int | None = None
    from_date: date | None = None
    to_date: date | None = None
    backlog_by: date | None = None
    placements: tuple[str, ...] = ()
    under_age: int | None = None
    better: str = "lower"
    why: str = ""
    source: str = ""
    checked_by: str = ""
    checked_on: date | None = None
    origin: str = "national"
    local_limit: bool = False

    @property
    def limit_label(self) -> str:
        """The limit as a reader sees it, with a local value labelled as such."""
        if self.limit is None:
            return "no limit set"
        return f"{self.limit} (local value: confirm with CELCIS)" if self.local_limit else str(self.limit)

    @property
    def clock(self) -> str:
        """From which milestone to which, in words."""
        return f"'{terms.label(self.start)}' to '{terms.label(self.end)}'"

    @property
    def judged_on(self) -> date | None:
        """The day on which the limit of the last child who counts has run out; None without a limit or a to_date."""
        return self.limit.due(self.to_date) if self.limit and self.to_date else None

    def __str__(self) -> str:
        since = f", from {show_date(self.from_date)}" if self.from_date else ""
        until = f", to {show_date(self.to_date)}" if self.to_date else ""
        return f"{self.title}: {self.clock}, {self.limit_label}{since}{until}"


_START = one_of(*terms.EVENTS, *terms.DERIVED_MILESTONES)
_FIELDS = {
    "id": Field(text, True),
    "title": Field(text, True),
    "start": Field(_START, True),
    "end": Field(one_of(*terms.EVENTS), True),
    "limit": Field(read_limit),
    "target": Field(whole_number(1, 100)),
    "from_date": Field(day),
    "to_date": Field(day),
    "backlog_by": Field(day),
    "placements": Field(list_of(one_of(*dict.fromkeys(terms.PLACEMENT_GROUPS.values())))),
    "under_age": Field(whole_number(1, 18)),
    "better": Field(one_of("lower", "higher")),
    "why": Field(text),
    "source": Field(text, True),
    "checked_by": Field(text),
    "checked_on": Field(day),
}


def _check(values: dict[str, Any]) -> dict[str, Any]:
    if "backlog_by" in values and "from_date" not in values:
        raise ValueError("backlog_by needs a from_date: the backlog is everyone who started before it")
    if "backlog_by" in values and values["backlog_by"] <= values["from_date"]:
        raise ValueError("backlog_by has to be later than from_date")
    if "to_date" in values and "from_date" in values and values["to_date"] < values["from_date"]:
        raise ValueError("to_date is earlier than from_date, so no child can count")
    if "start" in values and values.get("start") == values.get("end"):
        raise ValueError("start and end are the same milestone")
    return values


def read_aims(path: Path | None = None) -> dict[str, Aim]:
    """Read the national aims and, where `path` names an area's own aims.toml, what the area adds or completes.

    Raises DefinitionError with every fault of the file.
    """
    aims = {a.id: a for a in read_records(NATIONAL, "aim", _FIELDS, lambda v: Aim(**_check(v)))}
    if path is None or not path.exists():
        return aims
    known = set(aims)

    def build(values: dict[str, Any]) -> Aim:
        base = aims.get(values["id"])
        if base is None:
            return Aim(**_check(values), origin="local", local_limit="limit" in values)
        own = {k: v for k, v in values.items() if k not in ("start", "end")}
        if {k: values[k] for k in ("start", "end") if k in values} not in ({}, {"start": base.start, "end": base.end}):
            raise ValueError("a national aim's start and end cannot be changed; give the aim an id of its own")
        merged = {f.name: getattr(base, f.name) for f in fields(Aim) if getattr(base, f.name) not in (None, ())} | own
        _check(merged)
        return replace(base, **own, origin="national, completed locally", local_limit="limit" in own)

    local = read_records(path, "aim", _FIELDS, build, optional_when=lambda raw: raw.get("id") in known)
    return aims | {a.id: a for a in local}


def read_timescales() -> list[Aim]:
    """Read the timescales of law and guidance as aims whose `origin` says which: "statutory" or "guidance"."""
    shape = {n: _FIELDS[n] for n in ("id", "title", "start", "end", "source")}
    shape |= {"limit": Field(read_limit, True), "standing": Field(one_of("statutory", "guidance"), True)}

    def build(values: dict[str, Any]) -> Aim:
        standing = values.pop("standing")
        return Aim(**values, origin=standing)

    return read_records(TIMESCALES, "timescale", shape, build)


def find_aim(aims: dict[str, Aim], id: str) -> Aim:
    """Return the aim with an id. Raises ParameterError with the ids there are."""
    if id not in aims:
        raise ParameterError(f"There is no aim '{id}'.", do=f"choose one of {', '.join(aims)}.")
    return aims[id]
