"""Which values of an extract may be shown to whoever writes a profile: those that many children share, and no name.

A profile is written by hand, often with somebody looking over the shoulder, and is handed on. So a value is shown only if it stands
for at least five different children and holds nothing that stands in a column of names or that nobody asked for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pace_nb.files import plain_name
from pace_nb.profiles.native import LONGEST_CODE, MOST_CODES, Column, Sheet
from pace_nb.profiles.synonyms import VALUES
from pace_nb.schema import TABLES

CHILDREN = 5  # a text that stands for fewer may be about one of them
ROWS = 20  # where nobody knows which child a row is about, and only for words that are known to be codes
_PHRASE = 5  # words: as many as a name or an address that is looked for inside a value
_NAMES = re.compile(
    r"(sur|fore|first|last|middle|family|full|child'?s?|known)?_?names?|known_as|aliase?s?|mother|father|initials|chi(_(no|number))?"
)
_PEOPLE = re.compile(
    r"(.*_)?((key|social|case)?_?worker|carers?|chair(ed)?|iro|manager|solicitor|gp|author|recorder|allocated(_to)?|address|"
    r"post_?code|e?mail|phone|notes?|comments?|remarks?|details?|names?)(_.*)?"
)
_KINDS = re.compile(r"(.*_)?(type|kind|category|code|status|group)(_.*)?")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


_OURS = {plain_name(w) for kinds in VALUES.values() for words in kinds.values() for w in words.split("|")} | {
    plain_name(text)
    for t in TABLES.values()
    for c in t.columns
    for term in (c.codes or {}).values()
    for text in (term.code, term.label)
}
#: Ordinary words of permanence: a child called Home does not make "Home with parents" a secret.
_ORDINARY = {word for text in _OURS for word in _words(text)}


def is_personal(heading: str) -> bool:
    """Tell whether a column is of names, people, places or notes, by its heading: nothing of it is ever shown.

    >>> [is_personal(h) for h in ("Surname", "Allocated worker", "Chair", "Note", "Type of carer", "Outcome")]
    [True, True, True, True, False, False]
    """
    name = re.sub(r"[^a-z0-9']+", "_", plain_name(heading)).strip("_")
    return bool(_NAMES.fullmatch(name) or (_PEOPLE.fullmatch(name) and not _KINDS.fullmatch(name)))


@dataclass(frozen=True)
class Showing:
    """What may be shown of an extract: `secrets` are what no shown value may hold, as words with a space between."""

    secrets: frozenset[str]

    @classmethod
    def of(cls, sheets: Iterable[tuple[Sheet, Collection[str]]]) -> Showing:
        """Return what may be shown of sheets, each with the headings that are asked for in it."""
        return cls(frozenset(s for sheet, asked in sheets for s in _secrets(sheet, {plain_name(a) for a in asked})))

    def values(self, column: Column, child: Column | None) -> dict[str, int]:
        """Return the values of a column that may be shown, with their numbers of rows, most frequent first.

        child: the column of the child's number in the same sheet. Without one only words that are known to be codes may be, and
        only if they stand in many rows.
        """
        if is_personal(column.heading):
            return {}
        counts = column.counts
        if child is None:
            kept = [v for v, n in counts.items() if n >= ROWS and plain_name(v) in _OURS]
        else:
            pairs = {(v, c.casefold()) for v, c in zip(column.values, child.values, strict=True) if v and c}
            several: dict[str, int] = {}
            for value, _ in pairs:
                several[value] = several.get(value, 0) + 1
            kept = [v for v, n in several.items() if n >= CHILDREN and len(v) <= LONGEST_CODE and not self._tells(v)]
        return {v: counts[v] for v in sorted(kept, key=lambda v: (-counts[v], v))}

    def _tells(self, value: str) -> bool:
        words = _words(value)
        return any(
            " ".join(words[i:j]) in self.secrets
            for i in range(len(words))
            for j in range(i + 1, min(i + _PHRASE, len(words)) + 1)
        )


def _secrets(sheet: Sheet, asked: set[str]) -> Iterable[str]:
    """Names word by word; of other columns about people, and of those with many texts that nobody asked for, the whole value."""
    for column in sheet.columns:
        name = plain_name(column.heading)
        names = _NAMES.fullmatch(re.sub(r"[^a-z0-9']+", "_", name).strip("_")) is not None
        if not names and (name in asked or column.is_date):
            continue
        if not names and not is_personal(column.heading) and len(column.counts) <= MOST_CODES:
            continue
        for value in column.counts:
            found = _words(value)
            for phrase in found if names else [" ".join(found[:_PHRASE])]:
                if _can_tell(phrase):
                    yield phrase


def _can_tell(phrase: str) -> bool:
    letters = sum(map(str.isalpha, phrase))
    return (letters >= 3 or sum(map(str.isdigit, phrase)) >= 6) and phrase not in _ORDINARY
