"""What can go wrong, sorted by who can put it right.

    PaceError              shown as a sentence, never with a traceback
    ├── DataError          the extract cannot be used as it is        (exit code 3)
    ├── DefinitionError    an aim or test-of-change file has faults   (exit code 3)
    ├── ParameterError     a parameter or option is wrong             (exit code 2)
    └── NothingToShow      a notebook does not apply to this area     (not a failure)

Any other exception is a fault of ours and keeps its traceback. Messages say what cannot be done, where
(at most five places), and what to do next; they never contain a child's values.
"""

from __future__ import annotations

from collections.abc import Iterable

PLACES_SHOWN = 5


def few(places: Iterable[object], shown: int = PLACES_SHOWN) -> str:
    """Join at most `shown` places and say how many more there are.

    >>> few([2, 5, 9], shown=2)
    '2, 5 and 1 more'
    """
    places = [str(p) for p in places]
    if len(places) <= shown:
        return ", ".join(places)
    return f"{', '.join(places[:shown])} and {len(places) - shown:,} more"


class PaceError(Exception):
    """A fault that the reader can put right: what cannot be done, where, and what to do next."""

    exit_code = 3

    def __init__(self, what: str, *, where: Iterable[object] = (), do: str = ""):
        self.what, self.where, self.do = what, [str(w) for w in where], do
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append("\n".join(f"  - {w}" for w in self.where[:PLACES_SHOWN]))
            if len(self.where) > PLACES_SHOWN:
                parts.append(f"  - and {len(self.where) - PLACES_SHOWN:,} more")
        if self.do:
            parts.append(f"What to do: {self.do}")
        return "\n".join(parts)

    def _render_traceback_(self) -> list[str]:
        """IPython calls this in place of printing a traceback."""
        return str(self).splitlines()


class DataError(PaceError):
    """The extract, or a file of it, cannot be used."""


class DefinitionError(PaceError):
    """An aims or changes file has faults; all of them are listed."""

    def __str__(self) -> str:  # a definition is mended in one go, so every fault is shown
        return "\n".join(
            [self.what, *(f"  - {w}" for w in self.where), *([f"What to do: {self.do}"] if self.do else [])]
        )


class NothingToShow(PaceError):
    """What a notebook is about does not exist in this area, such as a change where none is recorded."""


class ParameterError(PaceError):
    """A parameter of a notebook or an option of the command line is missing, misspelt or of the wrong kind."""

    exit_code = 2
