"""What a profile makes of the outcomes of reviews: how many rows each of its lines takes, and where one may take too many."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pace_nb import terms
from pace_nb.profiles.apply import _pattern, _plain
from pace_nb.profiles.native import Column
from pace_nb.profiles.records import Section

#: Words that say that something did not happen, or not yet.
NOT_SO = re.compile(
    r"\b(no|not|nor|none|never|cannot|without|unable|yet|until|unless|on hold|put back|ruled out|fell through|"
    r"defer\w*|adjourn\w*|cancel\w*|postpon\w*|delay\w*|await\w*|pending|refus\w*|declin\w*|reject\w*|withdr[ae]w\w*|"
    r"rescind\w*|revers\w*|overturn\w*|abandon\w*|contest\w*|disagree\w*)\b|n't\b"
)


@dataclass(frozen=True)
class Line:
    """One line of outcomes: its pattern, what it stands for, the texts that it takes with their rows, and whether it is of use.

    fits: whether it would take any text if it stood first. doubtful: the texts that hold a word of negation or delay that the
    line does not have itself.
    """

    pattern: str
    code: str
    taken: Counter[str]
    fits: bool
    doubtful: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The words that make its doubtful texts so."""
        return sorted({w for text in self.doubtful for w in _not_so(text)} - _not_so(self.pattern.replace("*", " ")))

    @property
    def rows(self) -> int:
        """How many rows it takes."""
        return self.taken.total()

    @property
    def meaning(self) -> str:
        """What its rows become, in words."""
        event, _, route = self.code.partition(" ")
        if not event:
            return "nothing came of it"
        return terms.label(event) + (f", route: {terms.label(route)}" if route else "")

    @property
    def idle(self) -> str:
        """Why it takes no rows; "" if it takes some."""
        if self.rows:
            return ""
        return "never fits: an earlier line takes its rows" if self.fits else "fits nothing"


def says_no(text: str) -> bool:
    """Tell whether a text has a word of negation or delay.

    >>> [says_no(t) for t in ("No perm rec yet", "Adoption NOT agreed", "ADM deferred", "Didn't agree", "Notified; panel next")]
    [True, True, True, True, False]
    """
    return bool(_not_so(text))


def _not_so(text: str) -> set[str]:
    return {m.group() for m in NOT_SO.finditer(_plain(text).replace("\u2019", "'"))}


def read_lines(section: Section, column: Column) -> tuple[list[Line], Counter[str]]:
    """Return every line of a section's outcomes with what it takes, the first that fits, and the texts that no line takes."""
    texts: dict[str, Counter[str]] = {}
    for text, n in column.counts.items():
        texts.setdefault(_plain(text), Counter())[text] += n
    left, lines = dict(texts), []
    for pattern, code in section.outcomes.items():
        fitting = [t for t in texts if _pattern(pattern).fullmatch(t)]
        taken = Counter({text: n for t in fitting if t in left for text, n in left[t].items()})
        lines.append(Line(pattern, code, taken, bool(fitting), tuple(_doubtful(pattern, code, taken))))
        left = {t: found for t, found in left.items() if t not in fitting}
    return lines, Counter({text: n for found in left.values() for text, n in found.items()})


def _doubtful(pattern: str, code: str, taken: Counter[str]) -> Iterator[str]:
    """A line that stands for nothing, or that has the word itself, was written by somebody who had seen it."""
    if code:
        seen = _not_so(pattern.replace("*", " "))
        yield from (text for text in taken if _not_so(text) - seen)
