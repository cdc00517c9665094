"""A theory of change as data: aims, what they depend on (drivers), what could be tried (ideas), and measures.

A national default ships with the package (`national/theory.toml`). An area's own `theory.toml` stands beside its extract: a
record with a national id completes or changes that record, any other id adds one, and `leave_out` names what the area does not
work on. `docs/theory-of-change.md` shows how to write one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pace_nb import terms
from pace_nb.aims import Aim
from pace_nb.definitions import Field, faulty, list_of, one_of, parse, read_table, text
from pace_nb.periods import show_date
from pace_nb.schema import TABLES

NATIONAL = Path(__file__).parent.parent / "national" / "theory.toml"
NAME = "theory.toml"
#: What a measure is for: the aim itself, something on the way to it, or harm done elsewhere.
KINDS = {"outcome": "Outcome", "process": "Process", "balancing": "Balancing"}


@dataclass(frozen=True)
class Primary:
    """A primary driver: one of the few things that the aims of `aims` (their ids) mainly depend on."""

    id: str
    title: str
    aims: tuple[str, ...]


@dataclass(frozen=True)
class Secondary:
    """A secondary driver: something people can act upon, which moves the primary driver `of` (its id)."""

    id: str
    title: str
    of: str


@dataclass(frozen=True)
class Idea:
    """A change idea: what could be done differently, for the secondary driver `driver` (its id).

    what: the change in one or two sentences. tried: what is known of its being tried before. source: where that is said.
    """

    id: str
    title: str
    driver: str
    what: str = ""
    tried: str = ""
    source: str = ""


@dataclass(frozen=True)
class Measure:
    """How one would know: an operational definition that two people would count alike.

    kind: "outcome", "process" or "balancing". of: ids of the aims or drivers that it is about. definition: what is counted and how.
    events, tables: which milestones and tables of an extract it needs; none for what is collected by hand. owner: a role,
    never a name; blank until it is agreed. better: in which direction is good; "" where neither is.
    """

    id: str
    title: str
    kind: str
    of: tuple[str, ...]
    definition: str
    numerator: str
    denominator: str
    source: str
    schedule: str
    owner: str = ""
    better: str = ""
    events: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Theory:
    """The whole: aims in order, drivers, ideas and measures by id. `origin` is "national" or "national, completed locally"."""

    aims: Mapping[str, Aim]
    primaries: Mapping[str, Primary]
    secondaries: Mapping[str, Secondary]
    ideas: Mapping[str, Idea]
    measures: Mapping[str, Measure]
    origin: str = "national"

    def primaries_of(self, aim: str) -> list[Primary]:
        """Return what an aim mainly depends on."""
        return [p for p in self.primaries.values() if aim in p.aims]

    def secondaries_of(self, primary: str) -> list[Secondary]:
        """Return what moves a primary driver."""
        return [s for s in self.secondaries.values() if s.of == primary]

    def ideas_of(self, secondary: str) -> list[Idea]:
        """Return what could be tried for a secondary driver."""
        return [i for i in self.ideas.values() if i.driver == secondary]

    def measures_of(self, id: str) -> list[Measure]:
        """Return the measures of an aim or a driver."""
        return [m for m in self.measures.values() if id in m.of]

    def title_of(self, id: str) -> str:
        """Return the title of an aim, driver or idea; the id itself if there is none, as a record elsewhere may have an old one."""
        found = next((d[id] for d in (self.aims, self.primaries, self.secondaries, self.ideas) if id in d), None)
        return found.title if found else id

    def __str__(self) -> str:
        return (
            f"Theory of change ({self.origin}): {len(self.aims)} aims, {len(self.primaries)} primary and {len(self.secondaries)} "
            f"secondary drivers, {len(self.ideas)} change ideas, {len(self.measures)} measures"
        )

    __repr__ = __str__


_IDS = list_of(text)
_SHAPES: dict[str, tuple[type, dict[str, Field]]] = {
    "primary": (Primary, {"id": Field(text, True), "title": Field(text, True), "aims": Field(_IDS, True)}),
    "secondary": (Secondary, {"id": Field(text, True), "title": Field(text, True), "of": Field(text, True)}),
    "idea": (
        Idea,
        {
            "id": Field(text, True),
            "title": Field(text, True),
            "driver": Field(text, True),
            "what": Field(text),
            "tried": Field(text),
            "source": Field(text),
        },
    ),
    "measure": (
        Measure,
        {
            "id": Field(text, True),
            "title": Field(text, True),
            "kind": Field(one_of(*KINDS), True),
            "of": Field(_IDS, True),
            "definition": Field(text, True),
            "numerator": Field(text, True),
            "denominator": Field(text, True),
            "source": Field(text, True),
            "schedule": Field(text, True),
            "owner": Field(text),
            "better": Field(one_of("lower", "higher")),
            "events": Field(list_of(one_of(*terms.EVENTS, *terms.DERIVED_MILESTONES))),
            "tables": Field(list_of(one_of(*TABLES))),
        },
    ),
}


def read_theory(path: Path | None, aims: Mapping[str, Aim]) -> Theory:
    """Read the national theory of change and, where `path` names an area's own theory.toml, what it adds, changes or leaves out.

    aims: those of the area (`pace_nb.aims.read_aims`), which drivers and measures refer to by id. Each has an outcome measure, made
    from it; an area completes it (with an owner, say) under the id "<aim>-in-time". Drivers, ideas and measures of
    what an area leaves out are left out with it. Raises DefinitionError with every fault of the file, with its place.
    """
    national = _read(NATIONAL, {}, aims)
    national["measure"] = {m.id: m for m in map(outcome_of, aims.values())} | national["measure"]
    if path is None or not path.exists():
        return Theory(aims, *national.values())
    return Theory(aims, *_read(path, national, aims).values(), origin="national, completed locally")


def outcome_of(aim: Aim) -> Measure:
    """Return the outcome measure of an aim, as docs/measures.md counts it: of those whose limit has run out, who had it in time.

    Of an aim without a limit, the typical wait: nobody can be early or late.
    """
    begins, ends = terms.lower(aim.start), terms.lower(aim.end)
    clock = f"The clock starts on the day of '{begins}' and stops on the day of '{ends}'."
    who = f"who began on or after {show_date(aim.from_date)}" if aim.from_date else "who began within the period"
    common = {
        "kind": "outcome",
        "of": (aim.id,),
        "source": "Extract: events, with placements and legal for those who left another way",
        "schedule": "Each extract",
        "events": (aim.start, aim.end),
        "tables": ("children", "placements", "legal", "events"),
    }
    if aim.limit is None:
        return Measure(
            f"{aim.id}-in-time",
            f"Typical wait from {begins} to {ends}",
            definition=f"{clock} Children still waiting are followed to the day of the extract; no limit is set, so none is late.",
            numerator="Not a share: the first day on which half or fewer still wait",
            denominator=f"Every child {who}",
            better="lower",
            **common,
        )
    return Measure(
        f"{aim.id}-in-time",
        f"In time: within {aim.limit}",
        definition=f"{clock} In time means on or before the day {aim.limit} later, by the calendar. A child counts once that day has "
        "come, whatever has happened by then; one who left another way before it, or whose records contradict themselves, does not.",
        numerator="Children who had it in time",
        denominator=f"Children {who} and whose {aim.limit} have run out",
        better="higher",
        **common,
    )


def _read(path: Path, base: dict[str, dict[str, Any]], aims: Mapping[str, Aim]) -> dict[str, dict[str, Any]]:
    content = parse(path)
    allowed = {*_SHAPES, *(["leave_out"] if base else [])}
    faults = [f"'{k}' is not known here; only {', '.join(sorted(allowed))} are" for k in content if k not in allowed]
    known: dict[str, dict[str, Any]] = {}
    for table, (kind, fields) in _SHAPES.items():
        there = base.get(table, {})

        def build(values: dict[str, Any], there: dict[str, Any] = there, kind: type = kind) -> Any:
            return replace(there[values["id"]], **values) if values["id"] in there else kind(**values)

        own, wrong = read_table(content, table, fields, build, lambda raw, there=there: raw.get("id") in there)
        faults += wrong
        known[table] = there | {r.id: r for r in own}
    faults += _twice(known) + ([] if faults else _astray(known, aims))
    if base:
        left, wrong = _left_out(content.get("leave_out", []), known)
        faults += wrong
        known = _without(known, left)
    if faults:
        raise faulty(path, faults)
    return known


def _twice(known: dict[str, dict[str, Any]]) -> list[str]:
    """Return ids that two kinds of record share: a measure could not say which it is about."""
    seen: dict[str, str] = {}
    faults = []
    for table in ("primary", "secondary", "idea"):
        for id in known[table]:
            if id in seen:
                faults.append(f"{table} '{id}': a {seen[id]} has this id too")
            seen[id] = table
    return faults


def _astray(known: dict[str, dict[str, Any]], aims: Mapping[str, Aim]) -> list[str]:
    """Return every reference that leads nowhere."""
    drivers = {**known["primary"], **known["secondary"]}
    refers = (
        ("primary", "aims", aims, "aim"),
        ("secondary", "of", known["primary"], "primary driver"),
        ("idea", "driver", known["secondary"], "secondary driver"),
        ("measure", "of", {**aims, **drivers}, "aim or driver"),
    )
    faults = []
    for table, name, there, what in refers:
        for record in known[table].values():
            value = getattr(record, name)
            for id in (value,) if isinstance(value, str) else value:
                if id not in there:
                    faults.append(f"{table} '{record.id}': {name}: there is no {what} '{id}'")
    return faults


def _left_out(raw: Any, known: dict[str, dict[str, Any]]) -> tuple[set[str], list[str]]:
    if not isinstance(raw, list) or not all(isinstance(i, str) for i in raw):
        return set(), ["leave_out must be a list of ids in square brackets"]
    there = {id for records in known.values() for id in records}
    return set(raw), [f"leave_out: there is no '{id}'" for id in raw if id not in there]


def _without(known: dict[str, dict[str, Any]], left: set[str]) -> dict[str, dict[str, Any]]:
    """Return the records without those left out, and without what hung on nothing else."""

    def keep(table: str, hangs_on: str, gone: set[str]) -> dict[str, Any]:
        return {id: r for id, r in known[table].items() if id not in left and getattr(r, hangs_on) not in gone}

    primaries = {id: r for id, r in known["primary"].items() if id not in left}
    secondaries = keep("secondary", "of", set(known["primary"]) - set(primaries))
    ideas = keep("idea", "driver", set(known["secondary"]) - set(secondaries))
    gone = {*known["primary"], *known["secondary"]} - {*primaries, *secondaries}
    measures = {
        id: replace(r, of=tuple(x for x in r.of if x not in gone))
        for id, r in known["measure"].items()
        if id not in left and not set(r.of) <= gone
    }
    return {"primary": primaries, "secondary": secondaries, "idea": ideas, "measure": measures}
