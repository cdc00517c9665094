"""Questions on the terminal, asked until the answer can be used; what may tell of a person is asked about at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import typer

from pace_nb.cli.console import out_console
from pace_nb.errors import few

#: Said before the first question.
HOW = "Press Enter to leave a question blank that says (may be blank); all others need an answer. Days: 25/03/2019 or 2019-03-25."
_BLANK = "(may be blank)"


@dataclass(frozen=True)
class Form:
    """A form that knows what must not be written down. numbers: of children, from `tests_of_change.known_numbers`."""

    numbers: Collection[tuple[str, ...]] = ()

    def ask(
        self, question: str, read: Callable[[str], Any] | None = None, default: str = "", optional: bool = False
    ) -> Any:
        """Ask until the answer can be used. read: turns it into what is meant, or raises ValueError with the reason."""
        from pace_nb.tests_of_change import kinds_told

        if optional and "blank" not in question:
            question = f"{question} {_BLANK}"
        while True:
            answer = " ".join(typer.prompt(question, default=default, show_default=bool(default)).split())
            if not answer and optional:
                return ""
            if not answer:
                out_console.print("  An answer is needed here.")
                continue
            try:
                found = answer if read is None else read(answer)
            except ValueError as error:
                out_console.print(f"  {error}")
                continue
            kinds = kinds_told(answer, self.numbers) if isinstance(found, str) else []
            if not kinds or typer.confirm(
                f"  This may hold {few(kinds)}. Is it fit for everyone to read?", default=False
            ):
                return found

    def choose(self, question: str, choices: dict[str, str], optional: bool = False) -> str:
        """Ask for one of several, by its number or its code."""
        codes, known = list(choices), {code.lower(): code for code in choices}
        for n, code in enumerate(codes, 1):
            out_console.print(f"  {n}  {code}: {choices[code]}")

        def read(answer: str) -> str:
            if answer.isdecimal() and 1 <= int(answer) <= len(codes):
                return codes[int(answer) - 1]
            if answer.lower() in known:
                return known[answer.lower()]
            raise ValueError(f"Give a number from 1 to {len(codes)}, or a word from the list.")

        return self.ask(question, read, optional=optional)

    def day(self, question: str, earliest: date | None = None) -> date:
        """Ask for a day that is not before another, and say it back in words."""
        from pace_nb.periods import show_date
        from pace_nb.tests_of_change.build import day_of

        def read(answer: str) -> date:
            found = day_of(answer)
            if earliest is not None and found < earliest:
                raise ValueError(f"{show_date(found)} is before {show_date(earliest)}.")
            return found

        found = self.ask(question, read)
        out_console.print(f"  That is {found:%A}, {show_date(found)}.")
        return found

    def several(self, question: str) -> tuple[str, ...]:
        """Ask for one after the other, until one is left blank."""
        found: list[str] = []
        while one := self.ask(f"{question} (blank: no more)", optional=True):
            found.append(one)
        return tuple(found)
