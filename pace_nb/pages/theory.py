"""The theory of change on a page: a driver diagram for each aim, the same as a list, and what it leaves open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path

from pace_nb import tables
from pace_nb.aims import Aim, find_aim
from pace_nb.charts.drivers import Box, draw_drivers, list_drivers
from pace_nb.extract import Extract
from pace_nb.shown import Shown, paragraphs
from pace_nb.theory.records import KINDS, NAME, Idea, Measure, Primary, Secondary, Theory, read_theory
from pace_nb.theory.tested import WORDS, Tested, place_tests


@dataclass(frozen=True)
class TheoryStudy:
    """A theory of change with the tests of an extract in it."""

    extract: Extract
    tested: Tested

    @property
    def theory(self) -> Theory:
        """The theory, with an idea for every test that names one of its drivers."""
        return self.tested.theory

    def __repr__(self) -> str:
        return f"{self.extract.area}: {self.theory}"


def study_theory(extract: Extract, extract_path: str | Path) -> TheoryStudy:
    """Read the theory of change of an area (`theory.toml` beside its extract, else the national one) and place its tests in it.

    extract_path: where the extract lies: its folder, or the workbook. Raises DefinitionError with every fault of the file.
    """
    path = Path(extract_path)
    beside = (path if path.is_dir() else path.parent) / NAME
    theory = read_theory(beside if beside.exists() else None, extract.aims)
    return TheoryStudy(extract, place_tests(theory, extract.tests))


def describe_theory(study: TheoryStudy) -> Shown:
    """Say how many ideas there are, how they stand, and for which drivers nothing is tried."""
    theory, tested = study.theory, study.tested
    ideas = list(theory.ideas.values())
    counted = Counter(tested.state(i.id) for i in ideas)
    standing = "; ".join(f"{counted[s]} {word}" for s, word in WORDS.items() if counted[s])
    said = [f"{len(ideas)} change ideas serve {len(theory.aims)} aims: {standing}."]
    idle = [
        s.title for s in theory.secondaries.values() if not any(tested.tests.get(i.id) for i in theory.ideas_of(s.id))
    ]
    if idle:
        said.append(f"Nothing tried yet for {len(idle)} of {len(theory.secondaries)} drivers: {'; '.join(idle)}.")
    if tested.astray:
        names = "; ".join(t.title for t in tested.astray)
        said.append(
            f"Not in the diagrams: {names}. Their records name no driver of the theory: write `driver` in each, by its id or title."
        )
    said.append(
        "A driver diagram is a theory: it says what people believe leads to what. The tests are there to find out whether they are right."
    )
    return paragraphs(said, "conclusion")


def draw_theory(study: TheoryStudy, aim: str) -> Shown:
    """Draw the driver diagram of one aim, each idea marked by how its tests stand; the same as a list stands under it.

    Raises ParameterError if there is no such aim.
    """
    found = find_aim(dict(study.theory.aims), aim)
    root = aim_box(study.tested, found)
    if not root.inside:
        return paragraphs([f"{found.title}: no driver is written down for this aim."])
    drawing = draw_drivers(root, say_diagram(study.tested, found))
    html = (
        f'<figure class="drivers" data-name="theory-{escape(found.id)}">'
        f'<div class="chart" tabindex="0" role="group" aria-label="Driver diagram, {escape(found.title)}">'
        f"{drawing}</div><figcaption><b>Driver diagram.</b> Read it from the right: what is tried should act upon a driver, which should "
        f"move the aim. Sign, word and border of an idea say how its tests stand.</figcaption>"
        f"<details><summary>The diagram as a list</summary>{list_drivers(root)}</details></figure>"
    )
    return Shown(html, _as_text(root))


def aim_box(tested: Tested, aim: Aim) -> Box:
    """Return the diagram of an aim: each box with its measures, each idea with how it stands."""
    theory = tested.theory
    return Box(
        0,
        aim.title,
        (_goal(aim),),
        inside=tuple(_primary(tested, p) for p in theory.primaries_of(aim.id)),
    )


def _goal(aim: Aim) -> str:
    if aim.limit is None:
        return "Measure: how long it takes. No limit is set."
    if aim.target is None:
        return f"Measure: share in time, of children whose {aim.limit} have run out. No target is set."
    return f"Measure: {aim.target} % in time, of children whose {aim.limit} have run out"


def _primary(tested: Tested, primary: Primary) -> Box:
    theory = tested.theory
    inside = tuple(_secondary(tested, s) for s in theory.secondaries_of(primary.id))
    return Box(1, primary.title, _measured(theory.measures_of(primary.id)), inside=inside)


def _secondary(tested: Tested, secondary: Secondary) -> Box:
    theory = tested.theory
    inside = tuple(_idea(tested, i) for i in theory.ideas_of(secondary.id))
    return Box(2, secondary.title, _measured(theory.measures_of(secondary.id)), inside=inside)


def _idea(tested: Tested, idea: Idea) -> Box:
    return Box(3, idea.title, (tested.say_state(idea.id),), state=tested.state(idea.id))


def _measured(measures: list[Measure]) -> tuple[str, ...]:
    return tuple(f"Measure: {m.title}" for m in measures)


def say_diagram(tested: Tested, aim: Aim) -> str:
    """Return what a diagram shows in a sentence, for those who do not see it."""
    theory = tested.theory
    secondaries = [s for p in theory.primaries_of(aim.id) for s in theory.secondaries_of(p.id)]
    states = Counter(tested.state(i.id) for s in secondaries for i in theory.ideas_of(s.id))
    standing = "; ".join(f"{states[s]} {word}" for s, word in WORDS.items() if states[s]) or "no idea yet"
    return (
        f"Driver diagram of {aim.title}: {len(theory.primaries_of(aim.id))} primary and {len(secondaries)} secondary drivers; "
        f"change ideas: {standing}. The list under it says the same."
    )


def _as_text(box: Box, depth: int = 0) -> str:
    line = "  " * depth + ". ".join([box.title, *box.small])
    return "\n".join([line, *(_as_text(b, depth + 1) for b in box.inside)])


def show_measures(study: TheoryStudy) -> Shown:
    """Show how one would know: every measure with what it is of, its denominator, source, owner and schedule."""
    theory = study.theory
    short = {id: aim.title.split(":")[0] for id, aim in theory.aims.items()}
    rows = [
        [
            m.title,
            KINDS[m.kind],
            "; ".join(short.get(x, theory.title_of(x)) for x in m.of),
            m.denominator,
            m.source,
            m.owner or "to be agreed",
            m.schedule,
        ]
        for kind in KINDS
        for m in theory.measures.values()
        if m.kind == kind
    ]
    return tables.make_table(
        ["Measure", "Kind", "Of", "Out of", "Source", "Owner", "How often"],
        rows,
        "How one would know",
        "Outcome: is the aim met? Process: is what should lead to it happening? Balancing: is something else getting worse? "
        "What exactly is counted stands in the measurement plan, which can be printed.",
    )


def show_ideas(study: TheoryStudy) -> Shown:
    """Show every change idea with its driver, what it is, and what is known of its being tried before."""
    theory = study.theory
    rows = [
        [i.title, theory.title_of(i.driver), i.what or "–", i.tried or "–", study.tested.say_state(i.id)]
        for s in theory.secondaries.values()
        for i in theory.ideas_of(s.id)
    ]
    return tables.make_table(
        ["Idea", "For", "What is done differently", "Tried before", "Here"],
        rows,
        "Change ideas and what is known of them",
        "Tried before: as the report of the PACE programme (2020) tells it, without numbers that would let its strength be judged.",
    )
