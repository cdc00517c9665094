"""Looks for what may tell of a person in the free text of tests of change: names, numbers, dates of birth.

It is a net with holes. It finds what usually goes wrong, says where, and never repeats what it found. It cannot know that "the twins
in the village" are known to everyone: somebody who knows the area has to read the texts too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from pace_nb.terms import AUTHORITIES
from pace_nb.tests_of_change.records import ChangeIdea

_LIST = Path(__file__).parent / "words.txt"
_CAPITALISED = re.compile(r"[A-Z][A-Za-zà-ÿ'’-]+")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_TITLES = r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sister|Aunt|Auntie|Uncle|Granny|Nan|Nana)\.?\s+[A-Z][\w'’-]+"
_PATTERNS = (
    ("a number as long as a health or social work number", re.compile(r"(?<!\d)(?:\d[ -]?){6,}(?!\d)")),
    (
        "a date to the day, which may be a date of birth",
        re.compile(
            rf"\b\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}\b|\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}} (?:{_MONTHS}) (?:19|20)\d\d\b"
        ),
    ),
    (
        "a date to the day, which may be a date of birth",
        re.compile(r"(?i)\b(?:born|birth|dob|d\.o\.b\.?)\b[^.]{0,25}\b(?:19|20)\d\d\b"),
    ),
    ("a title with a name", re.compile(_TITLES)),
    ("initials", re.compile(r"\b[A-Z]\.\s?[A-Z]\.")),
    (
        "a child or family by initials",
        re.compile(
            r"\b(?:[Cc]hild|[Bb]oy|[Gg]irl|[Bb]aby|[Ff]amily|[Mm]other|[Ff]ather|[Mm]um|[Dd]ad|[Ss]ibling) [A-Z]{1,3}\b(?!['’])"
        ),
    ),
    ("an address of electronic mail", re.compile(r"\S+@\S+\.\w+")),
    ("a postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")),
)


@dataclass(frozen=True)
class Told:
    """Something in a text that may tell of a person: where, and of what kind. Never what it says."""

    place: str
    kind: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}"


def find_told(ideas: Iterable[ChangeIdea], ids: Collection[str] = ()) -> tuple[Told, ...]:
    """Return what may tell of a person in the texts of tests of change, each kind once for each place.

    ids: children's numbers of the extract; they are looked for as whole words, whatever their form.
    """
    known = {i.casefold() for i in ids if len(i) > 1}
    found: dict[Told, None] = {}
    for idea in ideas:
        for place, text in _texts(idea, idea.id):
            for kind in kinds_told(text, known):
                found[Told(place, kind)] = None
    return tuple(found)


def kinds_told(text: str, ids: Collection[str] = ()) -> list[str]:
    """Return of what kinds the things are in a text that may tell of a person.

    A name: a common first name; one that is also a word ("Grace", "Mark") with a capitalised word after it; two capitalised words within
    a sentence that are not words of the field. ids: in lower case.

    >>> kinds_told("The review of Emma went well."), kinds_told("Kinship Care Team and Health Visitors"), kinds_told("Will it work?")
    (['a first name'], [], [])
    """
    found = [kind for kind, pattern in _PATTERNS if pattern.search(text)]
    if any(word in ids for word in re.findall(r"[\w-]+", text.casefold())):
        found.append("a child's number of the extract")
    words = re.findall(r"[\w'’-]+|[.!?;:,“”\"(]", text)
    names, also_words, of_the_field = word_lists()
    for word, after in zip(words, [*words[1:], ""], strict=False):
        if not _CAPITALISED.fullmatch(word):
            continue
        name = re.split(r"['’-]", word)[0].lower()
        if name in names or (name in also_words and _CAPITALISED.fullmatch(after)):
            found.append("a first name")
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        pair = all(_CAPITALISED.fullmatch(w) for w in (word, after)) and before[0].isalpha()
        if pair and not {word.lower().removesuffix("'s"), after.lower().removesuffix("'s")} & of_the_field:
            found.append("two words with capital letters, perhaps a name")
    return list(dict.fromkeys(found))


@cache
def word_lists() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return in lower case: first names; those that are also words ("grace", "mark"); words of the field, and of its areas' names."""
    parts = re.split(r"^#.*$", _LIST.read_text(encoding="utf-8"), flags=re.M)[1:]
    plain, also, field = (frozenset(part.split()) for part in parts)
    areas = {word.lower() for area in AUTHORITIES for word in area.split()}
    return plain, also, field | areas


def _texts(record: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a record with its place."""
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name == "id":
            continue
        if isinstance(value, str):
            yield f"{place}, {field.name}", value
        elif field.name in ("cycles", "questions", "feedback"):
            one = {"cycles": "cycle", "questions": "question"}.get(field.name, field.name)
            for n, part in enumerate(value, 1):
                yield from _texts(part, f"{place}, {one} {getattr(part, 'number', n)}")
        elif isinstance(value, tuple):
            yield from ((f"{place}, {field.name}", text) for text in value)
