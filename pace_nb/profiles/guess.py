"""What an extract that nobody has described yet seems to hold: which column is what, by its heading and by its values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pace_nb import terms
from pace_nb.files import plain_name
from pace_nb.profiles.ids import find_ids
from pace_nb.profiles.native import Column, Sheet, codes_of
from pace_nb.profiles.outcomes import says_no
from pace_nb.profiles.showing import is_personal
from pace_nb.profiles.synonyms import AMBIGUOUS, DATES, HEADINGS, VALUES, WORDS
from pace_nb.schema import TABLES

CLOSE = 0.86  # how like a known heading another one has to be
KNOWN = 0.4  # of its rows, those whose values are known: a column under a vague heading is what its values say
_HEADINGS = {h: c for c, names in HEADINGS.items() for h in names.split() if c != "child_id"}
_DATES = {h: e for e, names in DATES.items() for h in names.split()}
_VAGUE = AMBIGUOUS.split()
_DAYS = ("date_of_birth", "start_date", "end_date", "date")
_KINDS = ("placement_type", "legal_type", "event")
#: What a sheet has to have for each table.
_NEEDS = {
    "children": ("child_id", "date_of_birth"),
    "placements": ("child_id", "placement_type", "start_date"),
    "legal": ("child_id", "legal_type", "start_date"),
    "events": ("child_id", "event", "date"),
}


@dataclass
class Guess:
    """What a sheet seems to hold: canonical column -> its column, and event -> its column of dates."""

    sheet: Sheet
    columns: dict[str, Column] = field(default_factory=dict)
    dates: dict[str, Column] = field(default_factory=dict)

    @property
    def tables(self) -> list[str]:
        """The tables that it can give."""
        found = [t for t, needs in _NEEDS.items() if all(n in self.columns for n in needs)]
        if "events" not in found and "child_id" in self.columns and (self.dates or self.has_outcomes):
            found.append("events")
        return found

    @property
    def has_outcomes(self) -> bool:
        """Whether it looks like a list of reviews with their outcomes."""
        return {"child_id", "date", "outcome"} <= set(self.columns) and not self.dates

    @property
    def used(self) -> list[Column]:
        """Every column of the sheet that it has a name for, once, in the order of the sheet."""
        known = {id(c) for c in [*self.columns.values(), *self.dates.values()]}
        return [c for c in self.sheet.columns if id(c) in known]


def guess_sheets(sheets: Sequence[Sheet]) -> list[Guess]:
    """Return what each sheet of an extract seems to hold."""
    return [_guess(sheet, child) for sheet, child in zip(sheets, find_ids(sheets), strict=True)]


def _guess(sheet: Sheet, child: Column | None) -> Guess:
    guess = Guess(sheet)
    if child is not None:
        guess.columns["child_id"] = child
    vague = []
    for column in sheet.columns:
        if column is child:
            continue
        name = _plain(column.heading)
        canonical, event = _known(name, _HEADINGS), _known(name, _DATES)
        if name in _VAGUE and not column.is_date:
            vague.append(column)
        elif event and (column.is_date or not column.filled) and canonical != "date":
            guess.dates.setdefault(event, column)
        elif canonical and canonical not in guess.columns and _fits(canonical, column):
            guess.columns[canonical] = column
    for column in vague:
        kind = _by_values(column, KNOWN) or _known(_plain(column.heading), _HEADINGS)
        if kind and kind not in guess.columns and _fits(kind, column):
            guess.columns[kind] = column
    _complete(guess)
    return guess


def _complete(guess: Guess) -> None:
    """What headings leave open: a kind that values tell, the one column of dates beside it, the order that is granted."""
    taken = {id(c) for c in [*guess.columns.values(), *guess.dates.values()]}
    rest = [c for c in guess.sheet.columns if id(c) not in taken and c.filled]
    if not set(_KINDS) & set(guess.columns) and not guess.has_outcomes and "date_of_birth" not in guess.columns:
        for column in rest:
            kind = None if column.is_date or is_personal(column.heading) else _by_values(column, 2 * KNOWN)
            if kind:
                guess.columns.setdefault(kind, column)
    days = [c for c in rest if c.is_date]
    if "event" in guess.columns and not guess.dates and len(days) == 1:
        guess.columns.setdefault("date", days[0])
    if "legal_type" in guess.columns and "order_granted" in guess.dates:
        guess.columns.setdefault("start_date", guess.dates["order_granted"])  # an order begins when it is granted


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", plain_name(heading)).strip("_")


def _known(name: str, words: Mapping[str, str]) -> str | None:
    if name in words:
        return words[name]
    close = difflib.get_close_matches(name, words, 1, CLOSE)
    return words[close[0]] if close else None


def _fits(canonical: str, column: Column) -> bool:
    """Tell whether the values can be what the heading says: a date where one is needed, and none where it is not."""
    return column.is_date == (canonical in _DAYS) or not column.filled


def _by_values(column: Column, least: float) -> str | None:
    """Return which kind of code most rows of a column hold, if at least that share of them is known."""
    codes = codes_of(column)
    if not codes:
        return None
    shares = [(sum(n for v, n in codes.items() if code_of(v, k)) / column.filled, -i, k) for i, k in enumerate(_KINDS)]
    share, _, kind = max(shares)
    return kind if share >= least else None


def code_of(value: str, name: str) -> str | None:
    """Return the code of a column that a value stands for, if its spelling says so; a text that says no or not yet stands for none.

    >>> code_of("LAAC", "event"), code_of("Fostering (internal)", "placement_type")
    ('review', 'foster')
    >>> code_of("Permanence not recommended", "event")
    """
    codes: Mapping[str, terms.Term] = next(c.codes for t in TABLES.values() for c in t.columns if c.name == name)
    spelled = {plain_name(c): c for c in codes} | {plain_name(t.label): c for c, t in codes.items()}
    for code, words in VALUES.get(name, {}).items():
        spelled |= {plain_name(w): code for w in words.split("|")}
    found = plain_name(value)
    if found in spelled:
        return spelled[found]
    if says_no(value):
        return None
    close = difflib.get_close_matches(found, spelled, 1, 0.9)
    if close:
        return spelled[close[0]]
    words = WORDS.get(name, {})
    return next((code for word, code in words.items() if re.search(rf"\b{word}", value.casefold())), None)
