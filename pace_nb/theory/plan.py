"""The measurement plan and the data requirements that follow from a theory of change: nothing is written down twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pace_nb import terms
from pace_nb.aims import Aim
from pace_nb.periods import show_date
from pace_nb.schema import TABLES
from pace_nb.theory.records import KINDS, Measure, Theory

#: What each kind of measure tells, in a sentence.
KIND_MEANS = {
    "outcome": "Is the aim being met?",
    "process": "Is what should lead to it happening?",
    "balancing": "Is something else getting worse?",
}


@dataclass(frozen=True)
class Needed:
    """One thing an extract has to hold. name: a column or a milestone; required: may rows without it be used; used_by: titles."""

    name: str
    label: str
    meaning: str
    required: str = ""
    used_by: tuple[str, ...] = ()


def state_aim(aim: Aim) -> str:
    """Return an aim as people say it: how much, for whom, by when; what is not set is said to be open.

    >>> from pace_nb.aims import read_aims
    >>> state_aim(read_aims()["aim-3"])
    "From 'Permanence recommendation' to 'Agency decision': no limit is set; agree one locally."
    """
    clock = f"from {aim.clock}"
    if aim.limit is None:
        return f"F{clock[1:]}: no limit is set; agree one locally."
    share = f"{aim.target} % of children" if aim.target else "Children"
    since = f" whose clock starts on or after {show_date(aim.from_date)}" if aim.from_date else ""
    said = f"{share}{since} go {clock} within {aim.limit}."
    if not aim.target:
        said += " No target share is set: agree one."
    if aim.local_limit:
        said += " The limit is a local value: confirm it with CELCIS."
    if aim.backlog_by:
        said += f" Those who waited already on {show_date(aim.from_date)} have it by {show_date(aim.backlog_by)}."
    return said


def measures_for(theory: Theory, aim: str) -> list[Measure]:
    """Return the measures of an aim and of every driver that serves it: outcome first, then process, then balancing; each once."""
    about = [aim]
    for primary in theory.primaries_of(aim):
        about += [primary.id, *(s.id for s in theory.secondaries_of(primary.id))]
    found = {m.id: m for id in about for m in theory.measures_of(id)}
    return sorted(found.values(), key=lambda m: list(KINDS).index(m.kind))


def events_needed(theory: Theory) -> list[Needed]:
    """Return every milestone and event that a measure needs, in the order of the vocabulary, with the measures that need it.

    Those that are worked out from the tables rather than recorded stand last.
    """
    known = {**terms.EVENTS, **terms.DERIVED_MILESTONES}
    found = []
    for code, term in known.items():
        used = _titles(theory, (m for m in theory.measures.values() if code in m.events))
        if used:
            derived = "worked out from placements and legal" if code in terms.DERIVED_MILESTONES else "recorded"
            found.append(Needed(code, term.label, term.meaning, derived, used))
    return found


def columns_needed(theory: Theory) -> dict[str, list[Needed]]:
    """Return, for each table that a measure needs, its columns, and whether rows without one can be used."""
    words = {
        "column": "the column must be there; a value may be blank",
        "value": "every row",
        "": "if it is kept",
    }
    wanted = {t for m in theory.measures.values() for t in m.tables}
    return {
        name: [Needed(c.name, c.name.replace("_", " "), c.meaning, words[c.required]) for c in table.columns]
        for name, table in TABLES.items()
        if name in wanted
    }


def kept_by_hand(theory: Theory) -> list[Measure]:
    """Return the measures that no extract holds, or not wholly: somebody has to keep a list."""
    return [m for m in theory.measures.values() if "by hand" in m.source.casefold()]


def _titles(theory: Theory, measures: Iterable[Measure]) -> tuple[str, ...]:
    """Return what measures are about, shortly: an outcome measure by its aim's short name, another by its title."""
    return tuple(
        theory.aims[m.of[0]].title.split(":")[0] if m.kind == "outcome" and m.of[0] in theory.aims else m.title
        for m in measures
    )
