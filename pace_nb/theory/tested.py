"""Where the tests of one or more areas stand in a theory of change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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

    def say_state(self, idea: str) -> str:
        """Return how an idea stands in words; of several tests, how many stand how."""
        tests = self.tests.get(idea, ())
        if len(tests) < 2:
            return capital(WORDS[self.state(idea)])
        counted = Counter(t.state for t in tests)
        return capital(", ".join(f"{WORDS[s]} in {counted[s]}" for s in _FIRST if counted[s])) + " areas"


def place_tests(theory: Theory, tests: Sequence[ChangeIdea]) -> Tested:
    """Put each test under the idea of the theory with its id; else, as an idea of its own, under the driver that it names.

    A test names a secondary driver by its id or its title. One that names none of them is returned apart, so that it can be told.
    """
    drivers = {s.id: s.id for s in theory.secondaries.values()}
    drivers |= {s.title.casefold(): s.id for s in theory.secondaries.values()}
    ideas, placed, astray = dict(theory.ideas), {}, []
    for test in tests:
        driver = drivers.get(test.driver, drivers.get(test.driver.casefold()))
        if test.id not in ideas:
            if driver is None:
                astray.append(test)
                continue
            ideas[test.id] = Idea(test.id, test.title, driver, test.idea)
        placed.setdefault(test.id, []).append(test)
    return Tested(_with_ideas(theory, ideas), {k: tuple(v) for k, v in placed.items()}, tuple(astray))


def _with_ideas(theory: Theory, ideas: Mapping[str, Idea]) -> Theory:
    return Theory(theory.aims, theory.primaries, theory.secondaries, ideas, theory.measures, theory.origin)


def capital(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]
