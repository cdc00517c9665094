"""Where the tests of one or more areas stand in a theory of change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pace_nb.tests_of_change import ChangeIdea
from pace_nb.theory.records import Idea, Theory

#: The states of `tests_of_change.STATES` in a word or two, for a mark on a diagram.
WORDS = {
    "idea": "not yet tested",
    "testing": "being tested",
    "adapting": "adapted, to be tested again",
    "adopted": "adopted",
    "abandoned": "abandoned",
}
#: Of an idea that several areas test, the state that is drawn; all of them stand in words beside it.
_FIRST = ("adopted", "adapting", "testing", "abandoned", "idea")


@dataclass(frozen=True)
class Tested:
    """A theory with its tests: those of each idea by the idea's id, in order, and those that name no driver of the theory.

    theory: with an idea added for every test that names a driver and has an id of its own.
    """

    theory: Theory
    tests: Mapping[str, tuple[ChangeIdea, ...]]
    astray: tuple[ChangeIdea, ...] = ()

    def state(self, idea: str) -> str:
        """Return how an idea stands, a code of `tests_of_change.STATES`: of several tests, the one furthest on."""
        states = {t.state for t in self.tests.get(idea, ())}
        return next((s for s in _FIRST if s in states), "idea")

    def state_in(self, idea: str, area: str | None) -> str:
        """Return how an idea stands in one area, a code of `tests_of_change.STATES`."""
        return next((t.state for t in self.tests.get(idea, ()) if t.area == area), "idea")

    def say_state(self, idea: str) -> str:
        """Return how an idea stands in words; of several tests, how many stand how."""
        tests = self.tests.get(idea, ())
        if len(tests) < 2:
            return capital(WORDS[self.state(idea)])
        counted = Counter(t.state for t in tests)
        return capital(", ".join(f"{WORDS[s]} in {counted[s]}" for s in _FIRST if counted[s])) + " areas"


def place_tests(theory: Theory, tests: Sequence[ChangeIdea]) -> Tested:
    """Put each test under the idea of the theory with its id; else, as an idea of its own, under the driver that it names.

    A test names a secondary driver by its id or its title. Where all tests of an idea name another driver than the theory does, the
    idea stands under theirs: it is their theory. A test that leads nowhere is returned apart, so that it can be told.
    """
    drivers = {s.title.casefold(): s.id for s in theory.secondaries.values()} | {s: s for s in theory.secondaries}
    ideas, placed, astray = dict(theory.ideas), {}, []
    for test in tests:
        driver = drivers.get(test.driver, drivers.get(test.driver.casefold()))
        if test.id not in ideas and driver is None:
            astray.append(test)
            continue
        ideas.setdefault(test.id, Idea(test.id, test.title, driver or "", test.idea))
        placed.setdefault(test.id, []).append((test, driver))
    for id, those in placed.items():
        named = {driver for _, driver in those if driver}
        if len(named) == 1:
            ideas[id] = replace(ideas[id], driver=named.pop())
    tests_of = {id: tuple(t for t, _ in those) for id, those in placed.items()}
    return Tested(replace(theory, ideas=ideas), tests_of, tuple(astray))


def capital(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]
