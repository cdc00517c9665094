"""What must not be found in what was made: the children's numbers, labels and dates of birth of an extract.

It is taken from the text of the files, rows that were set aside included: what could not be used must not be told either.
It stays in memory; nothing of it is ever written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pace_nb.checks import check_tables
from pace_nb.extract import find_profile, read_sources
from pace_nb.files import find_extracts
from pace_nb.leaks.days import find_days
from pace_nb.pseudonyms import Key, label_names, name_children
from pace_nb.schema import TABLES

LEAST = (
    5  # letters and figures of a number that is looked for by itself; a shorter one could be a count, a year, a size
)
#: Days of national aims, and of the law they rest on, may stand on any page.
_NATIONAL = Path(__file__).parent.parent / "national"
_FAR = date(2100, 1, 1)  # children are looked for whenever they were born
MOST = 6  # parts of a number: what has more is no number but a text
_PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Secrets:
    """What is looked for: numbers (of children and of sibling groups), dates of birth, labels; all as text is compared.

    others: days that a page may well name although a child was born on one (the as-at date, those of changes and aims).
    """

    numbers: frozenset[str] = frozenset()
    births: frozenset[date] = frozenset()
    labels: frozenset[str] = frozenset()
    others: frozenset[date] = frozenset()

    @cached_property
    def single(self) -> frozenset[str]:
        """Numbers of one part, telling enough to be looked for by themselves."""
        return frozenset(p[0] for p in map(parts, self.numbers) if len(p) == 1 and _tells(p))

    @cached_property
    def several(self) -> tuple[tuple[str, ...], ...]:
        """Numbers of several parts (SYN-00001 has two), telling enough to be looked for by themselves."""
        return tuple(sorted({p for p in map(parts, self.numbers) if len(p) > 1 and _tells(p)}))

    @cached_property
    def short(self) -> frozenset[str]:
        """Numbers like any other, such as 12: looked for only where the text says that it is a child's number."""
        return frozenset("".join(p) for p in map(parts, self.numbers) if p and not _tells(p) and len(p) <= MOST)

    @cached_property
    def days(self) -> frozenset[date]:
        """Dates of birth that are no other day which a page may name."""
        return self.births - self.others

    @cached_property
    def codes(self) -> frozenset[str]:
        """Labels without the word Child, as they may stand in a name or a link."""
        return frozenset(x.removeprefix("Child ").lower() for x in self.labels)

    def __or__(self, more: Secrets) -> Secrets:
        return Secrets(
            self.numbers | more.numbers,
            self.births | more.births,
            self.labels | more.labels,
            self.others | more.others,
        )

    def __repr__(self) -> str:  # never what they are
        return f"Secrets({len(self.numbers)} numbers, {len(self.births)} days, {len(self.labels)} labels)"


def parts(number: str) -> tuple[str, ...]:
    """Return the letters and figures of a number, in small letters, cut where something else stands between.

    >>> parts("SYN-00001"), parts(" A/12 b ")
    (('syn', '00001'), ('a', '12', 'b'))
    """
    return tuple(_PART.findall(number.lower()))


def _tells(split: tuple[str, ...]) -> bool:
    """A number can be told from other words and numbers if it has a figure and is long enough, and is no whole text."""
    joined = "".join(split)
    return len(split) <= MOST and len(joined) >= LEAST and any(c.isdigit() for c in joined)


def gather_secrets(path: Path, others: Iterable[date] = (), key: Key | None = None, whole: bool = False) -> Secrets:
    """Return what must not be told of the children of an extract, or of each extract in a folder.

    path: an extract (a folder or a workbook) or a folder of extracts. others: days that pages may name. Days that stand in TOML
    files (national aims, an area's aims and changes, from when an extract is complete) are added to them: they are printed on
    purpose. key: with it, the children's labels are looked for too. whole: read all tables and not that of the children alone:
    numbers that only other tables have, and every day of every child, as well as dates of birth. It takes ten times as long.

    Raises DataError where there is no extract, as `find_extracts` does.
    """
    found = Secrets(others=frozenset({*others, *_days_beside(_NATIONAL)}))
    for extract in find_extracts(path):
        found |= _of_one(extract, key, whole)
    return found


def _of_one(path: Path, key: Key | None, whole: bool) -> Secrets:
    raws, _ = read_sources(path, find_profile(path), tuple(TABLES) if whole else ("children",))
    numbers: set[str] = set()
    born: set[date] = set()
    for raw in (r for those in raws.values() for r in those):
        for name, column in raw.columns.items():
            if name in ("child_id", "sibling_group", "home_ref"):
                numbers |= {text.strip() for text in column.texts}
            elif name == "date_of_birth" or (whole and "date" in name):
                born |= find_days("\n".join(column.texts))
    labels: frozenset[str] = frozenset()
    if key is not None:
        children = check_tables({"children": raws["children"]}, _FAR)["children"].frame
        who = zip(children["local_authority"], children["child_id"], strict=True)
        labels = frozenset(label_names(name_children(who, key)).values())
    beside = _days_beside(path if path.is_dir() else path.parent)
    return Secrets(frozenset(numbers - {""}), frozenset(born), labels, frozenset(beside))


def _days_beside(folder: Path) -> set[date]:
    texts = (file.read_text(encoding="utf-8", errors="replace") for file in folder.rglob("*.toml"))
    return {day for text in texts for day in find_days(text)}
