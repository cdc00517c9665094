"""The lab in which everyone draws: their own numbers, the median guessed, the signals guessed; and a game against chance."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import ipywidgets as widgets

from pace_nb.charts.quick import draw_points
from pace_nb.controls.parts import Draggable, Fragment, Live, Picture, ask, column, heading, press, row, words
from pace_nb.errors import ParameterError
from pace_nb.pages.learning import chart_values, show_false_alarms
from pace_nb.pages.own_numbers import (
    SIGNS,
    chart_numbers,
    judge_median,
    judge_signs,
    read_numbers,
    say_chance,
)
from pace_nb.runchart.game import BASELINE, POINTS, ROUNDS, make_game, rule_score
from pace_nb.session import is_injected

#: How narrow a chart may become on a phone, and its own width: so its letters stay readable there.
_LEAST, _NARROW = "17rem", 470
_FIRST = "26 31 22 28 35 24 30 27 19 21 18 20 17 16"


def try_numbers(numbers: str = _FIRST) -> Any:
    """Return the part in which people draw their own numbers and guess; None in a report. numbers: those to begin with."""
    return None if is_injected() else Lab(numbers).page


def play_game(game: str = "1") -> Any:
    """Return the game that mixes chance with real changes; None in a report. game: its number; the same number gives the same charts."""
    return None if is_injected() else Game(game).page


class Lab:
    """Numbers, a chart of them without answers, a guess of the median and of the signals, and the answers."""

    def __init__(self, numbers: str):
        self.text = ask("Your numbers (type or paste them: a column from a spreadsheet will do)", numbers, lines=3)
        self.live, self.picture, self.drag = Live(), Picture(), Draggable(name="Your values, as dots that can be moved")
        self.median = ask("Guess the median: half of the dots lie below it")
        self.ticks = {rule: widgets.Checkbox(description=words, indent=False) for rule, words in SIGNS.items()}
        self.about_median, self.about_signs = Fragment(), Fragment()
        self.run: Any = None
        self.text.observe(lambda _: self.read(), "value")
        self.drag.observe(self._moved, "values")
        self.page = column(
            self.text,
            self.drag,
            self.live,
            heading("1. Guess the median", 3),
            row(self.median, press("Is that the median?", self.check_median)),
            self.about_median,
            heading("2. Guess the signals", 3),
            words("What do you see? Tick what applies; tick nothing if there is nothing."),
            *self.ticks.values(),
            press("What do the rules see?", self.check_signs),
            self.about_signs,
            self.picture,
            kind="pace-lab",
        )
        self.read()

    def read(self) -> None:
        """Read the numbers and draw them without the answers."""
        try:
            values, how = read_numbers(self.text.value)
            run = chart_numbers(values)
        except ParameterError as error:
            self.live.text = _say(error)
            return
        self.live.text = how
        if list(self.drag.values) != values:
            with self.drag.hold_trait_notifications():
                self.drag.values = values
        self._take(run)

    def _take(self, run: Any) -> None:
        self.run = run
        self.about_median.html = self.about_signs.html = ""
        self.picture.draw("")

    def _moved(self, moved: Any) -> None:
        """A dot was dragged: the text follows, and the answers are hidden again."""
        values = [float(v) for v in moved["new"]]
        words = " ".join(f"{v:g}" for v in values)
        try:
            same = read_numbers(self.text.value)[0] == values
        except ParameterError:
            same = False
        if not same:
            self.text.value = words

    def check_median(self) -> None:
        """Say whether the guess is right, and how a median is found."""
        if self.run is None:
            return
        try:
            right, said = judge_median(self.run, self.median.value)
        except ParameterError as error:
            self.about_median.html = _box(False, [_say(error)])
            self.live.text = _say(error)
            return
        self.about_median.html = _box(right, [said])
        self.live.text = said

    def check_signs(self) -> None:
        """Say what the rules see and why, and draw it."""
        if self.run is None:
            return
        right, said = judge_signs(self.run, [rule for rule, tick in self.ticks.items() if tick.value])
        self.about_signs.html = _box(right, [*said, say_chance(self.run)])
        self.live.text = said[0]
        alt = f"Your {len(self.run.points)} values with their median. {' '.join(said)}"
        self.picture.draw(
            draw_points(self.run, alt, least=_LEAST, width=_NARROW, unit="")
        )  # days or weeks, as they come


class Game:
    """Ten charts, one after another: only chance, or did something change? The score is kept, and the rule plays along."""

    def __init__(self, game: str):
        self.number = ask("Game number (everyone at a table takes the same)", game)
        self.live, self.picture, self.says = Live(), Picture(), Fragment()
        self.chance = press("Only chance", lambda: self.answer(False))
        self.change = press("Something changed", lambda: self.answer(True))
        self.on = press("Next chart", self.next)
        self.number.observe(lambda _: self.begin(), "value")
        self.page = column(
            words(
                f"Each game has {ROUNDS} charts. In half of them nothing changed; in the others waits became shorter after the first "
                f"{BASELINE} dots, by a quarter or by more. A right answer is one point, whichever it is: whoever tosses a coin gets "
                f"about {ROUNDS // 2}. The rule of six in a row plays along."
            ),
            self.number,
            self.picture,
            row(self.chance, self.change, self.on),
            self.live,
            self.says,
            kind="pace-lab",
        )
        self.begin()

    def begin(self) -> None:
        """Begin the game of this number."""
        if not self.number.value.strip().isdecimal() or not 0 < int(self.number.value) <= 100_000:
            self.live.text = "The number of a game is a whole number from 1 to 100,000."
            return
        self.rounds, self.at = make_game(int(self.number.value)), 0
        self.score, self.rule, self.open = 0, 0, True
        self.says.html = ""
        self.show(answered=False)
        self.live.text = f"Game {self.number.value}, chart 1 of {ROUNDS}."

    def show(self, answered: bool) -> None:
        """Draw the chart of this round: with its median, and with what the rules mark only once it is answered."""
        run = chart_values(self.rounds[self.at].waits, BASELINE)
        if not answered:
            run = replace(run, analysis=replace(run.analysis, signals=(), unusual=()))
            alt = f"Chart {self.at + 1}: {POINTS} made-up waits with the median of the first {BASELINE}."
            self.picture.draw(
                draw_points(
                    run,
                    alt,
                    key=f"line: the median of the first {BASELINE}, carried on dashed",
                    least=_LEAST,
                    width=_NARROW,
                )
            )
            return
        self.picture.draw(
            draw_points(run, f"Chart {self.at + 1}, with what the rules see.", least=_LEAST, width=_NARROW)
        )

    def answer(self, changed: bool) -> None:
        """Keep the score, and say what is true and what the rule would have said."""
        if not self.open:
            return
        one = self.rounds[self.at]
        right = changed == one.changed
        self.score, self.rule, self.open = self.score + right, self.rule + (one.rule_says == one.changed), False
        truth = (
            f"The truth: waits became {100 * (1 - one.factor):.0f} % shorter after the first {BASELINE} dots."
            if one.changed
            else "The truth: nothing changed. Every dot was drawn from the same pot."
        )
        rule = (
            f"The rule: {one.longest} dots in a row lie below the median, so it says that something changed"
            if one.rule_says
            else f"The rule: at most {one.longest} in a row lie below the median, so it says nothing"
        )
        said = [
            "Right: one point." if right else "Not this time: no point.",
            truth,
            f"{rule}, and is {'right' if one.rule_says == one.changed else 'wrong'} here.",
            f"Score: you {self.score} of {self.at + 1}, the rule {self.rule} of {self.at + 1}.",
        ]
        if self.at + 1 == ROUNDS:
            said.append(
                f"The game is over. A coin would get about {ROUNDS // 2}, the rule got {rule_score(int(self.number.value))}. "
                "Take another game number to play on: one game says little about anyone."
            )
        self.says.html = _box(right, said)
        self.live.text = f"{said[0]} {said[3]}"
        self.show(answered=True)

    def next(self) -> None:
        """Go on to the next chart, once this one is answered."""
        if self.open:
            self.live.text = "Answer first: only chance, or something changed?"
            return
        if self.at + 1 == ROUNDS:
            self.live.text = "The game is over: take another game number."
            return
        self.at, self.open, self.says.html = self.at + 1, True, ""
        self.show(answered=False)
        self.live.text = f"Chart {self.at + 1} of {ROUNDS}."


def show_chance() -> Any:
    """Show how often each rule speaks on charts of the game's length on which nothing changed."""
    return show_false_alarms(chart_values(make_game(1)[0].waits, BASELINE))


def _box(right: bool, said: list[str]) -> str:
    return f'<div class="{"right" if right else "wrong"}">{"".join(f"<p>{escape(s)}</p>" for s in said)}</div>'


def _say(error: ParameterError) -> str:
    where = f" ({'; '.join(error.where[:5])})" if error.where else ""
    return f"{error.what}{where} What to do: {error.do}"
