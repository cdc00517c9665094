"""A game to learn on: charts on which nothing changed beside charts on which something did, and who tells them apart.

Each game has a number; the same number always gives the same charts. Of its rounds half are changed, in an order that nobody can
guess, and how much is drawn anew for each: so neither answer pays by itself, and whoever tosses a coin gets half right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pace_nb.runchart.chance import SEED
from pace_nb.runchart.made_up import make_up_waits
from pace_nb.runchart.rules import RULES, longest_runs

ROUNDS = 10
POINTS, BASELINE = 24, 12
#: How long waits are after a change, as a share of before: from hard to see to plain.
FACTORS = (0.75, 0.6, 0.5, 0.4)


@dataclass(frozen=True, eq=False)
class Round:
    """One chart of a game. waits: in days, of which the first BASELINE set the median; factor: 1.0 where nothing changed."""

    number: int
    waits: np.ndarray
    factor: float

    @property
    def changed(self) -> bool:
        """Whether something changed after the baseline."""
        return self.factor != 1.0

    @property
    def longest(self) -> int:
        """How many of the later dots lie below the median in a row, at most."""
        centre = np.array([np.median(self.waits[:BASELINE])])
        return int(longest_runs(self.waits[None, BASELINE:], centre)[0][0])

    @property
    def rule_says(self) -> bool:
        """Whether the rule of six in a row below would say that something changed."""
        return self.longest >= RULES.shift


def make_game(game: int) -> tuple[Round, ...]:
    """Return the rounds of a game, half of them changed. Seeded with the game's number.

    >>> [r.changed for r in make_game(1)] == [r.changed for r in make_game(1)], sum(r.changed for r in make_game(1))
    (True, 5)
    """
    rng = np.random.default_rng([SEED, 1, game])
    half = ROUNDS // 2
    factors = np.r_[np.ones(ROUNDS - half), rng.choice(FACTORS, half)]
    charts = rng.integers(1, 100_000, ROUNDS)
    return tuple(
        Round(i, make_up_waits(POINTS, BASELINE, int(chart), float(factor)), float(factor))
        for i, (factor, chart) in enumerate(zip(rng.permutation(factors), charts, strict=True), 1)
    )


def rule_score(game: int) -> int:
    """Return how many rounds of a game the rule of six in a row gets right."""
    return sum(r.rule_says == r.changed for r in make_game(game))
