"""The questions about a plan-do-study-act cycle: its plan before it begins, its study and its decision when it has ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pace_nb.cli.console import out_console
from pace_nb.cli.form import Form

if TYPE_CHECKING:
    from pace_nb.tests_of_change import ChangeIdea, Cycle, Feedback, Question


def new_cycle(form: Form, idea: ChangeIdea) -> Cycle:
    """Ask for the next cycle of an idea: its plan."""
    from pace_nb.tests_of_change import SCALES, Cycle

    number = idea.cycles[-1].number + 1 if idea.cycles else 1
    out_console.print(f"Cycle {number}: plan")
    earliest = idea.cycles[-1].start if idea.cycles else None
    return Cycle(
        number,
        start=form.day("First day", earliest),
        scale=form.choose("On what scale", SCALES),
        objective=form.ask("What should it find out"),
        what=form.ask("What will be done"),
        questions=_questions(form),
        who=form.ask("Who does it (roles)", optional=True),
        where=form.ask("Where", optional=True),
        data=form.ask("What data are collected", optional=True),
    )


def _questions(form: Form) -> tuple[Question, ...]:
    from pace_nb.tests_of_change import Question

    found = [Question(form.ask("A question that it answers"), form.ask("What do you predict"))]
    while question := form.ask("Another question (blank: no more)", optional=True):
        found.append(Question(question, form.ask("What do you predict")))
    return tuple(found)


def close_cycle(form: Form, cycle: Cycle) -> Cycle:
    """Ask what came of a cycle: study and act. What stands there already is offered."""
    from pace_nb.tests_of_change import DECISIONS, HELD

    out_console.print(f"Cycle {cycle.number}: study and act")
    end = cycle.end or form.day("Last day", cycle.start)
    happened = form.ask("What happened, with problems and surprises", optional=True, default=cycle.happened)
    questions = []
    for question in cycle.questions:
        out_console.print(f"{question.question} You predicted: {question.prediction}")
        held = form.choose("Did that hold", HELD)
        questions.append(
            replace(question, held=held, found=form.ask("What was found", optional=True, default=question.found))
        )
    return replace(
        cycle,
        end=end,
        happened=happened,
        questions=tuple(questions),
        learned=form.ask("What was learned", optional=True, default=cycle.learned),
        feedback=(*cycle.feedback, *_feedback(form)),
        decision=form.choose("The decision", DECISIONS),
        why=form.ask("Why"),
        next=form.ask("What comes next", optional=True),
    )


def _feedback(form: Form) -> tuple[Feedback, ...]:
    from pace_nb.tests_of_change import Feedback

    found = []
    while quote := form.ask("What somebody said, in their words (blank: no more)", optional=True):
        found.append(Feedback(quote, form.ask("In which role (such as: a parent)")))
    return tuple(found)
