"""What a run has published, held against itself and against what was published before.

The register is made from the pages themselves: every count in every table of a page, by area, page, table, row and column. So it holds
nothing that was not published, no true count lies beside it, and the folder of a release is all that has to be kept. Rule:
docs/disclosure.md, "Register".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from pace_nb.disclosure.counts import HIDDEN, ROUND_TO, THRESHOLD, protect_count

Key = tuple[str, str, str]

#: Columns that hold no counts of children: weeks, shares, names and days.
_NO_COUNT = re.compile(
    r"week|%|limit|target|share|moves for|quarters in|ratio|/ expected|difference|median|followed|^period$|^due in$|^value$|point",
    re.I,
)
#: Columns whose numbers are years: they say of what a row is.
_PERIOD = re.compile(r"due in|period|year", re.I)
#: Rows that hold none, where the headings are groups of children.
_NO_COUNTS = re.compile(r"\bweeks\b|%", re.I)
_COUNT = re.compile(r"[\d,]+")
_REACH = 2 * ROUND_TO  # no count is rounded further than this


@dataclass(frozen=True)
class Published:
    """A count as it was published: what it measures, of whom, where in time, and from which day's records.

    low, high: what it can be, as far as this one count says.
    """

    measure: str
    group: str
    period: str
    as_at: str
    text: str
    low: int
    high: int

    @property
    def key(self) -> Key:
        """What the count is of, whatever the day of the records."""
        return (self.measure, self.group, self.period)

    def __str__(self) -> str:
        return f"'{self.measure}' of {self.group}, {self.period}"


def read_shown(text: str, threshold: int = THRESHOLD) -> tuple[int, int] | None:
    """Return the least and the most that a count shown on an aggregate page can be; None for what is no count.

    >>> read_shown("5"), read_shown("1,000"), read_shown("*"), read_shown("0"), read_shown("12"), read_shown("–")
    ((5, 7), (998, 1002), (1, 4), (0, 0), (12, 12), None)
    """
    if text == HIDDEN:
        return (1, threshold - 1)
    if not _COUNT.fullmatch(text):
        return None
    n = int(text.replace(",", ""))
    meant = [x for x in range(max(threshold, n - _REACH), n + _REACH) if protect_count(x, "aggregate") == n]
    return (meant[0], meant[-1]) if meant else (n, n)


@dataclass
class Register:
    """The counts that were published, in the order of the pages."""

    counts: list[Published] = field(default_factory=list)

    def add(self, measure: str, group: str, period: str, as_at: str, text: str) -> Published | None:
        """Enter a count as it is shown; what is no count is not entered."""
        found = read_shown(text)
        if found is None:
            return None
        self.counts.append(Published(measure, group, period, as_at, text, *found))
        return self.counts[-1]

    def told_differently(self) -> list[str]:
        """Return, as sentences, counts that were published twice and do not agree: subtracting one from the other tells something."""
        first: dict[tuple[Key, str], Published] = {}
        return [
            f"{c} is shown as {first[c.key, c.as_at].text} and as {c.text}."
            for c in self.counts
            if first.setdefault((c.key, c.as_at), c).text != c.text
        ]

    def unrounded(self) -> list[str]:
        """Return, as sentences, counts that are neither hidden nor rounded."""
        return [
            f"{c} is shown as {c.text}, which is not rounded."
            for c in self.counts
            if c.text != HIDDEN and c.high == c.low != 0
        ]

    def differences(self, before: Register, threshold: int = THRESHOLD) -> list[str]:
        """Return, as sentences, counts that differ from those published before by what can be told to be 1 to k - 1 children.

        A count that was nought and is hidden now tells no more than the hidden one by itself, so it is not among them.
        """
        known = {c.key: c for c in before.counts}
        said = []
        for now in self.counts:
            then = known.get(now.key)
            if then is None or 0 in (now.high, then.high):
                continue
            more, less = (now.low - then.high, now.high - then.low), (then.low - now.high, then.high - now.low)
            if any(low >= 1 and high < threshold for low, high in (more, less)):
                said.append(
                    f"{now} was {then.text} as at {then.as_at} and is {now.text} as at {now.as_at}: fewer than {threshold} apart."
                )
        return said

    def remainder(self, whole: Published, parts: list[Published], threshold: int = THRESHOLD) -> str:
        """Return what a whole less all its published parts gives away (a nation less 31 areas), as a sentence; blank if nothing."""
        low, high = whole.low - sum(p.high for p in parts), whole.high - sum(p.low for p in parts)
        if max(low, 1) <= min(high, threshold - 1) and (low > 1 or high < threshold - 1) and high > 0:
            return f"{whole} less its {len(parts)} published parts can only be {max(low, 0)} to {high}."
        return ""


def register_run(folder: Path) -> Register:
    """Return the register of the pages that a run made. Raises OSError, ValueError or KeyError where the run cannot be read."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    register = Register()
    for row in manifest["runs"]:
        if row["outcome"] == "made":
            page = (folder / row["page"]).read_text(encoding="utf-8")
            for caption, name, column, text in _cells(page):
                if not _NO_COUNT.search(column) and not _NO_COUNTS.search(name):
                    register.add(f"{row['notebook']}: {caption}: {column}", row["area"], name, manifest["as_at"], text)
    return register


def _cells(page: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield caption, name of the row, heading and text of every cell of every table of a page."""
    for table in re.findall(r"<table>.*?</table>", page, re.S):
        caption = _plain(re.search(r"<caption>(.*?)</caption>", table, re.S)[1])
        columns = [_plain(c) for c in re.findall(r'<th\b[^>]*scope="col"[^>]*>(.*?)</th>', table, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", table.split("</thead>")[-1], re.S):
            cells = [_plain(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
            named = list(zip(columns, cells, strict=False))
            words = [cell for column, cell in named if read_shown(cell) is None or _PERIOD.fullmatch(column)]
            for column, cell in list(zip(columns, cells, strict=False))[1:]:
                yield caption, " ".join(words[:2]) or cells[0], column, cell


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def audit_run(folder: Path, before: Path | None = None) -> list[str]:
    """Return what speaks against releasing the aggregate pages of a run, each as a sentence; none where nothing does.

    folder: where `pace-nb report` wrote pages and manifest.json. before: the folder of the last release of the same areas,
    if there is one. Reads only what is published. Fails closed: a manifest or a page that is absent or cannot be read is a problem.
    """
    registers, problems = [], []
    for place in [folder, *([before] if before else [])]:
        try:
            rows = _runs(place)
            registers.append(register_run(place))
        except (OSError, ValueError, KeyError, TypeError):
            return [f"The run in '{place.name}' is not there or cannot be read, so nothing can be checked."]
        if not any(r["outcome"] == "made" for r in rows):
            problems.append(f"The run in '{place.name}' made no page.")
    now = registers[0]
    if json.loads((folder / "manifest.json").read_text(encoding="utf-8")).get("audience") != "aggregate":
        problems.append(f"The run in '{folder.name}' was not made for everyone.")
    problems += now.unrounded() + now.told_differently()
    return problems + (now.differences(registers[1]) if before else [])


def _runs(place: Path) -> list[dict[str, Any]]:
    return list(json.loads((place / "manifest.json").read_text(encoding="utf-8"))["runs"])
