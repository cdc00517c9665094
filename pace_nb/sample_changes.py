"""The tests of change of the synthetic sample: ten told in full (`sample_tests/`), the others in one cycle."""

from __future__ import annotations

from pathlib import Path

from pace_nb.sample_plan import DRIVERS, IDEAS, PLANS, Plan
from pace_nb.terms import AUTHORITIES
from pace_nb.tests_of_change import ChangeIdea, Cycle, Question, read_tests

STORIES = Path(__file__).parent / "sample_tests"


def tests_of(area: str) -> list[ChangeIdea]:
    """Return what an area of the sample tried, in the order of its plans."""
    return [_told(area, plan) or _in_short(plan) for plan in PLANS[area]]


def _told(area: str, plan: Plan) -> ChangeIdea | None:
    """Return an idea that is told in full; None if it is not."""
    return next(iter(read_tests(STORIES / f"{AUTHORITIES[area].slug}--{plan.idea}.toml")), None)


def _in_short(plan: Plan) -> ChangeIdea:
    aim, title, what = IDEAS[plan.idea]
    question = Question("Do children who start from then on wait less?", "Yes, within a year.")
    objective = f"See whether the wait of {aim.replace('-', ' ')} becomes shorter."
    cycle = Cycle(1, plan.on, "area", objective, what, (question,))
    return ChangeIdea(plan.idea, title, what, aim, driver=DRIVERS[plan.idea], cycles=(cycle,))
