"""What is recorded of a change idea and of each of its cycles.

The fields of a cycle are those of the plan-do-study-act forms in use (Langley and others, The Improvement Guide), with what
the permanence programme asked for besides: partner agencies, and what people said, each with a role and never a name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pace_nb.changes import Change

#: On how many a change is tried, from small to large.
SCALES = {"child": "one child or family", "team": "one team", "area": "the whole area"}
#: What a cycle ends in.
DECISIONS = {
    "adapt": "change it and try again",
    "adopt": "make it usual practice",
    "abandon": "give it up",
}
#: Whether a prediction held.
HELD = {"yes": "held", "partly": "held in part", "no": "did not hold", "unknown": "cannot be told"}
#: How an idea stands: worked out from its cycles, so that the two never contradict each other.
STATES = {
    "idea": "not yet tested",
    "testing": "being tested",
    "adapting": "being adapted, next cycle to come",
    "adopted": "adopted",
    "abandoned": "abandoned",
}
_AFTER = {"adapt": "adapting", "adopt": "adopted", "abandon": "abandoned"}


@dataclass(frozen=True)
class Question:
    """What a cycle should answer, what was predicted before it began, whether that held (a code of HELD, "" before the study)."""

    question: str
    prediction: str
    held: str = ""
    found: str = ""


@dataclass(frozen=True)
class Feedback:
    """What somebody said, in their words, and in which role: "a parent", "a reviewing officer". Never a name."""

    quote: str
    source: str


@dataclass(frozen=True)
class Cycle:
    """One plan-do-study-act cycle.

    scale: a code of SCALES. start, end: first and last day; end None while it goes on. who: roles. happened: what was seen, with
    problems and surprises. decision: a code of DECISIONS, "" before it is made; why: the reason. next: what the next cycle will be.
    """

    number: int
    start: date
    scale: str
    objective: str
    what: str
    questions: tuple[Question, ...]
    end: date | None = None
    who: str = ""
    where: str = ""
    data: str = ""
    happened: str = ""
    learned: str = ""
    feedback: tuple[Feedback, ...] = ()
    decision: str = ""
    why: str = ""
    next: str = ""


@dataclass(frozen=True)
class ChangeIdea:
    """A change idea with its cycles, in order of number.

    title: its name, in a few words; idea: what is done differently. aim: the id of the aim whose wait it should shorten; driver:
    the id of the driver of the theory of change, or its words. partners: agencies. owner: a role. area: the name of the
    authority, "" for that of the extract beside which it lies.

    Whom it is for: children whose clock starts from the day `eligible_from` (the start of the first cycle unless it is given), in
    one of the placement groups `placements` (empty: any) and under `under_age` (None: any) then. also_waiting: it is also for those who
    already waited on that day. recording_from: the day from which the aim's dates were recorded better; None if that did not change.
    new_median_from, agreed_by: a new median of the run chart that people agreed (see `pace_nb.runchart`), and in which role.
    """

    id: str
    title: str
    idea: str
    aim: str
    driver: str = ""
    owner: str = ""
    area: str = ""
    partners: tuple[str, ...] = ()
    eligible_from: date | None = None
    placements: tuple[str, ...] = ()
    under_age: int | None = None
    also_waiting: bool = False
    recording_from: date | None = None
    new_median_from: date | None = None
    agreed_by: str = ""
    cycles: tuple[Cycle, ...] = ()

    @property
    def state(self) -> str:
        """How it stands, a code of STATES, after its last cycle."""
        if not self.cycles:
            return "idea"
        return _AFTER.get(self.cycles[-1].decision, "testing")

    @property
    def scale(self) -> str:
        """The largest scale on which it has been tried, a code of SCALES; "" before the first cycle."""
        order = list(SCALES)
        return max((c.scale for c in self.cycles), key=order.index, default="")

    @property
    def starts(self) -> date | None:
        """The day from which children count as eligible; None before there is one."""
        return self.eligible_from or (self.cycles[0].start if self.cycles else None)

    @property
    def ends(self) -> date | None:
        """The last day of an abandoned idea: children whose clock starts later are not eligible; None for any other."""
        return self.cycles[-1].end if self.state == "abandoned" else None

    def __str__(self) -> str:
        cycles = f"{len(self.cycles)} cycle{'' if len(self.cycles) == 1 else 's'}"
        return f"{self.title} ({self.aim}): {cycles}, {STATES[self.state]}"


def known_on(ideas: tuple[ChangeIdea, ...], day: date) -> tuple[ChangeIdea, ...]:
    """Return the ideas as they were known on a day: cycles that had begun by then, without what was found or decided later.

    An idea whose first cycle had not begun is left as an idea without cycles. What was found in a cycle counts as known on its last day.
    """
    return tuple(replace(i, cycles=tuple(_known(c, day) for c in i.cycles if c.start <= day)) for i in ideas)


def _known(cycle: Cycle, day: date) -> Cycle:
    if cycle.end is None or cycle.end <= day:
        return cycle
    questions = tuple(Question(q.question, q.prediction) for q in cycle.questions)
    return replace(
        cycle, end=None, questions=questions, happened="", learned="", feedback=(), decision="", why="", next=""
    )


def as_change(idea: ChangeIdea) -> Change | None:
    """Return an idea as the dated line of a run chart; None before there is a day."""
    if idea.starts is None:
        return None
    return Change(idea.id, idea.title, idea.aim, idea.starts, idea.idea, idea.new_median_from, idea.agreed_by)
