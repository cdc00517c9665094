"""Parts of the test-of-change page: the theory, the cycles, what people said, what was decided, what to watch."""

from __future__ import annotations

from pace_nb import tables
from pace_nb.charts import ramp
from pace_nb.charts.figure import Figure
from pace_nb.extract import Extract
from pace_nb.pages.change import ChangeStudy
from pace_nb.pages.change_words import MAY, say_beside, say_chart, say_decided, say_spread, say_start_cohorts
from pace_nb.periods import show_date
from pace_nb.shown import Shown, paragraphs
from pace_nb.study import VERDICTS
from pace_nb.tests_of_change import HELD, SCALES, STATES, Cycle
from pace_nb.theory.records import read_theory


def describe_verdict(study: ChangeStudy) -> Shown:
    """Say on one screen what may be said of the change: the verdict, what it rests on, what else may explain it, what was decided."""
    idea, e = study.idea, study.evidence
    may, may_not = MAY[study.verdict]
    return paragraphs(
        [
            f"Verdict: {VERDICTS[study.verdict]}",
            f"The test: {idea.title}, {_cycles(len(idea.cycles))}, {STATES[idea.state]}. Children are eligible from "
            f"{show_date(study.cohorts.day)}.",
            f"Start cohorts: {say_start_cohorts(e)}",
            f"Run chart: {say_chart(e)}",
            *say_beside(e),
            f"What may be said: {may}",
            f"What may not be said: {may_not}",
            f"Decided: {say_decided(idea, study.verdict)}",
            say_spread(idea),
        ],
        "conclusion",
    )


def _cycles(n: int) -> str:
    return "1 cycle" if n == 1 else f"{n} cycles"


def describe_idea(study: ChangeStudy) -> Shown:
    """Show the theory in one line: if the idea, then the driver, and so the aim."""
    idea, aim = study.idea, study.cohorts.eligible.aim
    driver = name_driver(study.extract, idea.driver)
    because = f" → {driver}" if driver else ""
    lines = [
        f"The theory: {idea.idea} {because} → {aim.title}".replace("  ", " "),
        f"Who: {idea.owner or 'no owner is recorded'}"
        + (f", with {', '.join(idea.partners)}" if idea.partners else "")
        + ".",
    ]
    others = [f"{i.title} (change = {i.id})" for i in study.extract.tests if i.id != idea.id]
    lines.append(f"Other ideas recorded in {study.extract.area}: {'; '.join(others)}." if others else "")
    return paragraphs(lines)


def name_driver(extract: Extract, driver: str) -> str:
    """Return the title of a driver of the national theory of change for its id; any other words as they are."""
    theory = read_theory(None, extract.aims)
    return theory.secondaries[driver].title if driver in theory.secondaries else driver


def draw_ramp(study: ChangeStudy) -> Figure:
    """Draw the cycles on a time line, scale growing upwards."""
    return ramp.draw_ramp(study.idea, study.extract.as_at)


def show_cycles(study: ChangeStudy) -> Shown:
    """Show each cycle: what was asked and predicted, whether it held, what was learned, what was decided."""
    rows = [[f"{c.number}", c.objective, _asked(c), c.learned or "–", _decision(c)] for c in study.idea.cycles]
    return tables.make_table(
        ["Cycle", "To find out", "Asked, predicted, held?", "Learned", "Decided"],
        rows,
        f"The cycles of '{study.idea.title}', as people recorded them",
        "Whether a prediction held is for those to say who made it; a prediction that did not hold teaches most.",
        empty="No cycle has begun.",
    )


def _asked(cycle: Cycle) -> str:
    parts = []
    for q in cycle.questions:
        held = f" {HELD[q.held][0].upper()}{HELD[q.held][1:]}" if q.held else " Not yet looked at"
        parts.append(f"{q.question} Predicted: {q.prediction}{held}{f': {q.found}' if q.found else '.'}")
    return " ".join(parts)


def _decision(cycle: Cycle) -> str:
    return (
        f"{cycle.decision}: {cycle.why}" if cycle.decision else "going on" if cycle.end is None else "no decision yet"
    )


def show_feedback(study: ChangeStudy) -> Shown:
    """Show what people said, beside the cycle in which they said it, each with a role."""
    rows = [
        [f"Cycle {c.number}, {SCALES[c.scale]}", f"“{f.quote}”", f.source]
        for c in study.idea.cycles
        for f in c.feedback
    ]
    return tables.make_table(
        ["When", "What was said", "By"],
        rows,
        "What people said",
        "Words beside the numbers, never in place of them: whoever was not asked is not here.",
        empty="Nothing that people said is recorded. Ask a parent, a carer, a child, a worker, and write down the role, never the name.",
    )


def show_next(study: ChangeStudy) -> Shown:
    """Say what comes next, and what to watch."""
    idea = study.idea
    last = idea.cycles[-1] if idea.cycles else None
    watch = ["the run chart of the aim, every quarter", "the number still waiting past the limit"]
    watch += [f"the wait of {b.title[0].lower()}{b.title[1:]}" for b in study.evidence.passed_on]
    if study.evidence.recording_changed:
        watch.append("a new baseline from the day on which recording changed")
    return paragraphs(
        [
            f"Next cycle: {last.next if last and last.next else 'none is planned yet. What would you try next, and what do you expect?'}",
            f"What to watch: {'; '.join(watch)}.",
        ]
    )
