"""The search for what must not be told, in a text, a file or a folder.

All numbers at once: a text is cut into words, and the set of its words is compared with the set of numbers, so that it
takes no longer for ten thousand children than for ten.

What counts as found:

- a number of a child or of a sibling group with a figure in it and at least five letters and figures, standing by itself,
  whatever its capitals and whatever one character stands between its parts; not within a decimal number or a colour. Written
  as a number, with commas, from seven figures on (fewer could be a count).
- a shorter number, such as 12, only where the text says what it is: "child no. 12".
- a column of the records with a value behind it: "child_id: …", whatever the value.
- a label: one of the children's, or anything of that form ("Child K7Q-2MX").
- a date of birth, in any usual form, unless it is also a day that pages name on purpose.

Labels belong on pages for people entitled to see children, and dates of events too, which may be another child's date of
birth: there, neither is looked for, numbers and columns are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pace_nb.leaks.days import find_days
from pace_nb.leaks.secrets import Secrets
from pace_nb.leaks.texts import Unreadable, texts_of
from pace_nb.pseudonyms import ALPHABET

NUMBER, COLUMN, LABEL, BIRTH = (
    "a child's number",
    "a column of the records with its values",
    "the label of a child",
    "a date of birth",
)
UNREADABLE = "something that cannot be searched"
#: Numbers only: the points of a drawing. They are most of a page, and hold no number of a child.
_DRAWING = re.compile(r'\s(?:d|points|transform)="[-\d.,eA-Za-z()\s]*"')
#: What is no number of a child: a colour, a number with a decimal point, a number with commas.
#: Each begins with one class of characters and looks back from there: so it is sought three times as fast.
_OTHER = re.compile(
    r"[#\d.](?:(?<=#)(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3})\b"
    r"|(?<=\d)(?<!\w\d)\d{0,2}(?:,\d{3})+\b"
    r"|(?<=\d)(?<![\w.-]\d)\d*\.\d+(?![\w.-])"
    r"|(?<=\.)(?<![\w.-]\.)\d+(?![\w.-]))"
)
_GROUPED = re.compile(r"\b\d{1,3}(?:,\d{3}){2,}\b")
_WORD = re.compile(r"[^\W_]+")
_BEGIN, _BETWEEN, _END = r"(?<![^\W_])", r"[\W_]", r"(?![^\W_])"
_COLUMNS = ("child_id", "date_of_birth", "sibling_group", "home_ref")
_FIELD = re.compile(rf"(?:{'|'.join(_COLUMNS)})[\"']?\s{{0,2}}[:=]\s{{0,2}}[\"']?[^\s\"'=]")
_SAID = re.compile(r"(?:child|person|client|case)(?:'s|’s)?[\s_-]?(?:id|no\.?|number|#)[\s:=_#-]{0,3}([^\W_]+)")
_LABEL_FORM = re.compile(rf"child [{ALPHABET.lower()}]{{3}}(?:-[{ALPHABET.lower()}]{{1,3}}){{1,7}}\b")
_CODE_FORM = re.compile(r"\b[0-9a-z]{3}(?:-[0-9a-z]{1,3})+\b")


@dataclass(frozen=True)
class Leak:
    """Something found where it must not be: in which file, where in it, what kind, how many different ones; never what."""

    file: str
    where: str
    kind: str
    times: int = 1

    def __str__(self) -> str:
        place = self.file if self.where == self.file else f"{self.file} ({self.where})"
        return f"{place}: {self.kind}" + (f", {self.times} of them" if self.times > 1 else "")


def scan_text(text: str, secrets: Secrets, working: bool = False) -> dict[str, int]:
    """Return how many different secrets of each kind a text tells. working: it is for people entitled to see children.

    >>> scan_text("<td>syn_00001</td>", Secrets(frozenset(["SYN-00001"])))
    {"a child's number": 1}
    """
    text = _DRAWING.sub(" ", text).lower()
    once = _once(text)
    found = {
        NUMBER: _numbers(text, once, secrets),
        COLUMN: len(set(_FIELD.findall(text))) if any(c in text for c in _COLUMNS) else 0,
    }
    if not working:
        found[LABEL] = len(_labels(once, secrets))
        found[BIRTH] = len(find_days(once) & secrets.days)
    return {kind: times for kind, times in found.items() if times}


def _once(text: str) -> str:
    """Return each piece of a text between quotation marks and angle brackets once: a drawing says the same thousands of times.

    No word, label or day goes across one of those. What may is sought in the text as it is: the parts of a number with one character
    between them, a column with its value.
    """
    return '"'.join(dict.fromkeys(text.replace("<", '"').replace(">", '"').split('"')))


def _numbers(text: str, once: str, secrets: Secrets) -> int:
    grouped = {m.replace(",", "") for m in _GROUPED.findall(once)}
    words = set(_WORD.findall(_OTHER.sub(" ", once)))
    found = len(secrets.single & (words | grouped))
    likely = [p for p in secrets.several if words.issuperset(p)]
    found += sum(bool(re.search(_BEGIN + _BETWEEN.join(map(re.escape, p)) + _END, text)) for p in likely)
    found += len({"".join(p) for p in secrets.several} & words)  # written together: syn00001
    if secrets.short:
        found += len(secrets.short & set(_SAID.findall(once)))
    return found


def _labels(text: str, secrets: Secrets) -> set[str]:
    labels = set(_LABEL_FORM.findall(text))
    if secrets.codes:
        labels |= secrets.codes & set(_CODE_FORM.findall(text))
    return labels


def scan_bytes(name: str, data: bytes, secrets: Secrets, working: bool = False) -> list[Leak]:
    """Return what the content of a file tells that it must not: its name, its texts, and those of whatever lies inside it.

    What cannot be opened is a leak too: nobody can say what it holds.
    """
    found: list[Leak] = []
    try:
        for where, text in texts_of(name, data):
            found += [Leak(name, where, kind, n) for kind, n in scan_text(text, secrets, working).items()]
    except Unreadable:
        found.append(Leak(name, name, UNREADABLE))
    return [_unnamed(leak) if leak.where == f"name of {name}" else leak for leak in found]


def scan_file(path: Path, secrets: Secrets, working: bool = False, name: str = "") -> list[Leak]:
    """Return what a file tells that it must not, as `scan_bytes` does. name: what it is called in what is returned."""
    name = name or path.name
    try:
        return scan_bytes(name, path.read_bytes(), secrets, working)
    except OSError:
        return [Leak(name, name, UNREADABLE)]


def _unnamed(leak: Leak) -> Leak:
    """A name that tells is not told again."""
    return Leak("a file", "its name", leak.kind, leak.times)


def scan_folder(folder: Path, secrets: Secrets, working: bool = False, skip: Iterable[str] = ()) -> list[Leak]:
    """Return what the files of a folder, and of the folders in it, tell that they must not. skip: names that are left out."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() or p.is_symlink())
    named = [(p, p.relative_to(folder).as_posix()) for p in files]
    return [leak for p, name in named if name not in set(skip) for leak in scan_file(p, secrets, working, name)]
