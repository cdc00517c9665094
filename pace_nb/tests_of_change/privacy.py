"""Looks for what may tell of a person in the free text of tests of change: names, numbers, dates of birth.

It is a net with holes. It finds what usually goes wrong, says where, and never repeats what it found. It cannot know that "the twins
in the village" are known to everyone: somebody who knows the area has to read the texts too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pace_nb.terms import AUTHORITIES
from pace_nb.tests_of_change.records import ChangeIdea

_LIST = Path(__file__).parent / "words.txt"
_CAPITALISED = re.compile(r"[A-Z][A-Za-zà-ÿ'’-]+")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_TITLES = r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sister|Aunt|Auntie|Uncle|Granny|Nan|Nana)\.?\s+[A-Z][\w'’-]+"
#: SYN-00012, AB/1234, C-1017, P0012345; not COVID-19, mid-2018 or March/2018.
_NUMBER = r"\b(?:[A-Z]{1,6}[-/]\d{3,}|[A-Z]{1,6}\d{4,}|[A-Za-z]{1,6}[-/](?!(?:19|20)\d\d\b)\d{3,})"
_PATTERNS = (
    ("letters and figures like the number of a child or a case", re.compile(_NUMBER)),
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
_PART = re.compile(r"[^\W_]+")
_SAID = re.compile(r"\b(?:child|person|client|case|family|number|no|id|ref|reference)\W{1,3}$")
_LEAST = 5  # letters and figures of a number that is looked for by itself, as in what is written (`pace_nb.leaks`)
_MOST = 6  # parts of a number


@dataclass(frozen=True)
class Told:
    """Something in a text that may tell of a person: where, and of what kind. Never what it says."""

    place: str
    kind: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}"


def find_told(records: Iterable[ChangeIdea | Mapping[str, Any]], ids: Collection[str] = ()) -> tuple[Told, ...]:
    """Return what may tell of a person in the texts of tests of change, each kind once for each place.

    records: change ideas, or what their files say of them, so that those with a fault can be looked through too. ids: children's
    numbers of the extract, see `known_numbers`.
    """
    known = known_numbers(ids)
    found: dict[Told, None] = {}
    for n, record in enumerate(records, 1):
        raw = asdict(record) if isinstance(record, ChangeIdea) else record
        name = str(raw.get("id", ""))
        if not name or kinds_told(name, known):
            name = f"change idea {n}"
        for place, text in _texts(raw, name):
            for kind in kinds_told(text, known):
                found[Told(place, kind)] = None
    return tuple(found)


def known_numbers(ids: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Return children's numbers as they are looked for: in small letters, cut where something else stands between.

    A number is found whatever its capitals and whatever one character stands between its parts, or none. One without a figure, or of
    fewer than five letters and figures, could be any word or count: it is found only after a word such as "child" or "number".

    >>> sorted(known_numbers(["SYN-00012"]))
    [('syn', '00012'), ('syn00012',)]
    """
    parts = [tuple(_PART.findall(i.casefold())) for i in ids]
    return frozenset(form for p in parts if p for form in (p, ("".join(p),)))


def kinds_told(text: str, numbers: Collection[tuple[str, ...]] = ()) -> list[str]:
    """Return of what kinds the things are in a text that may tell of a person.

    A name: a common first name; one that is also a word ("Grace", "Mark") with a capitalised word after it; two capitalised words within
    a sentence that are not words of the field. numbers: of children, from `known_numbers`.

    >>> kinds_told("The review of Emma went well."), kinds_told("Kinship Care Team and Health Visitors"), kinds_told("Will it work?")
    (['a first name'], [], [])
    """
    found = [kind for kind, pattern in _PATTERNS if pattern.search(text)]
    if numbers and _has_number(text.casefold(), numbers):
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


def _has_number(text: str, numbers: Collection[tuple[str, ...]]) -> bool:
    """Tell whether a child's number stands in a text, among its words that stand one character apart."""
    words = list(_PART.finditer(text))
    for n, first in enumerate(words):
        run: tuple[str, ...] = ()
        for before, word in zip([first, *words[n:]], words[n : n + _MOST], strict=False):
            if run and word.start() - before.end() != 1:
                break
            run += (word.group(),)
            joined = "".join(run)
            plain = len(joined) < _LEAST or not any(c.isdigit() for c in joined)
            if run in numbers and (not plain or _SAID.search(text[: first.start()])):
                return True
    return False


@cache
def word_lists() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return in lower case: first names; those that are also words ("grace", "mark"); words of the field, and of its areas' names."""
    parts = re.split(r"^#.*$", _LIST.read_text(encoding="utf-8"), flags=re.M)[1:]
    plain, also, field = (frozenset(part.split()) for part in parts)
    areas = {word.lower() for area in AUTHORITIES for word in area.split()}
    return plain, also, field | areas


def _texts(record: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a record, and of the records in it, with its place."""
    for field, value in record.items():
        if isinstance(value, str):
            yield f"{place}, {field}", value
        elif isinstance(value, list | tuple):
            one = {"cycles": "cycle", "questions": "question"}.get(field, field)
            for n, part in enumerate(value, 1):
                if isinstance(part, Mapping):
                    yield from _texts(part, f"{place}, {one} {part.get('number', n)}")
                elif isinstance(part, str):
                    yield f"{place}, {field}", part
