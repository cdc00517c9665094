"""The rows of one table on their way through the checks, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pace_nb.files import RawTable
from pace_nb.findings import Finding, Rule
from pace_nb.schema import Table
from pace_nb.texts import Texts

#: The column of a table that says of what kind a row is.
KIND = {"events": "event", "placements": "placement_type", "legal": "legal_type"}


@dataclass(frozen=True)
class FileCount:
    """Where the rows of one table in one file went: read = used + set_aside + duplicates + blank."""

    file: str
    read: int = 0
    used: int = 0
    set_aside: int = 0
    duplicates: int = 0
    blank: int = 0


@dataclass(frozen=True, eq=False)
class Checked:
    """A table of facts (one column per schema column, `file` and `line`), what was found, and where its rows went.

    source: of each row, which of the sources it is from; rows that were added since follow from others and have none.
    headings: for each source, the headings that it has for the columns, where they are others. who: of each row, the number
    of its child: its row in `children`. codes: each column of codes as numbers, in the schema's order; -1 for none.
    """

    table: Table
    frame: pd.DataFrame
    findings: list[Finding]
    files: tuple[FileCount, ...]
    source: np.ndarray
    headings: tuple[Mapping[str, str], ...]
    who: np.ndarray
    codes: Mapping[str, np.ndarray]

    @property
    def read(self) -> int:
        """Rows read from all files."""
        return sum(f.read for f in self.files)

    @property
    def used(self) -> int:
        """Rows that are used."""
        return sum(f.used for f in self.files)

    @property
    def set_aside(self) -> int:
        """Rows set aside, each with its reason in a finding."""
        return sum(f.set_aside for f in self.files)

    @property
    def duplicates(self) -> int:
        """Rows that say nothing that another row does not say."""
        return sum(f.duplicates for f in self.files)

    @property
    def blank(self) -> int:
        """Rows without any text."""
        return sum(f.blank for f in self.files)


class Work:
    """The rows of one table, from one source or several, column by column; `alive` says which are still used.

    texts: columns of text, as they are read so far; "" where nothing is recorded. days: columns of dates that have been read
    (datetime64[s]). line: the row in the file; source: which of `raws`; who: the child's number, once that is known.
    ordinary: ids of which there is nothing to say, as found in this table and those before it.
    """

    def __init__(self, raws: Sequence[RawTable], ordinary: set[str] | None = None):
        self.ordinary = set() if ordinary is None else ordinary
        self.raws, self.table = list(raws), raws[0].table
        self.findings = [f for raw in raws for f in raw.findings]
        sizes = [len(raw.lines) for raw in raws]
        self.texts = {
            name: Texts.joined([raw.columns.get(name) or Texts.same("", n) for raw, n in zip(raws, sizes, strict=True)])
            for name in self.table.column_names
        }
        self.days: dict[str, np.ndarray] = {}
        self.line = np.concatenate([raw.lines for raw in raws])
        self.source = np.repeat(np.arange(len(raws)), sizes)
        self.alive = np.ones(len(self.line), dtype=bool)
        self.who = np.full(len(self.line), -1)
        self._copies = np.zeros(len(self.line), dtype=bool)
        self._files = np.array([raw.file for raw in raws], dtype=object)
        self._headings = tuple(raw.native for raw in raws)

    def __len__(self) -> int:
        return len(self.line)

    def say(self, rule: Rule, where: np.ndarray, column: str = "", **words: object) -> None:
        """Record a finding for the rows of a mask that are still used, one for each file."""
        if where.any():
            self.tell(rule.found("", column=column, **words), where)

    def drop(self, rule: Rule, where: np.ndarray, column: str = "", **words: object) -> None:
        """Set rows aside, with the reason."""
        if where.any():
            self.say(rule, where, column, **words)
            self.alive &= ~where

    def copy(self, rule: Rule, where: np.ndarray) -> None:
        """Leave out rows that say nothing that another row does not say."""
        self.say(rule, where)
        self._copies |= where & self.alive
        self.alive &= ~self._copies

    def tell(self, finding: Finding, where: np.ndarray) -> None:
        """Record a finding whose words are known, in each file that has rows of the mask."""
        hit = np.flatnonzero(where & self.alive)
        if hit.size:
            source, rows = self.source[hit], pd.DataFrame({"line": self.line[hit]})
            rows["file"] = self._files[source]
            if self.table.name in KIND:
                rows[KIND[self.table.name]] = self.texts[KIND[self.table.name]].keep(hit).rows()
            self.findings += spread(finding, rows, source, self._headings, self.table)

    def numbers(self, columns: Iterable[str]) -> np.ndarray:
        """Return one number for every row: the same where rows say the same in all of the columns."""
        whole, size = np.zeros(len(self), dtype=np.int64), 1
        for name in columns:
            if name in self.days:
                days = self.days[name].astype("datetime64[D]").astype(np.int64)
                known = ~np.isnat(self.days[name])
                low = int(days[known].min(initial=0))
                part = np.where(known, days - low + 1, 0)
            else:
                part = self.texts[name].numbers
            parts = int(part.max(initial=0)) + 1
            if size * parts >= 2**62:
                whole = pd.factorize(whole)[0].astype(np.int64)
                size = int(whole.max(initial=0)) + 1
            whole *= parts
            whole += part
            size *= parts
        return whole

    def counts(self) -> tuple[FileCount, ...]:
        """Return where the rows of each file went; sources in one file count together."""
        counts: dict[str, FileCount] = {}
        size = len(self.raws)
        here, used, copies = (
            np.bincount(self.source[mask], minlength=size).tolist() for mask in (slice(None), self.alive, self._copies)
        )
        for i, raw in enumerate(self.raws):
            gone = raw.set_aside + here[i] - used[i] - copies[i]
            before = counts.get(raw.file, FileCount(raw.file))
            counts[raw.file] = FileCount(
                raw.file,
                before.read + raw.read,
                before.used + used[i],
                before.set_aside + gone,
                before.duplicates + copies[i],
                before.blank + raw.blank,
            )
        return tuple(counts.values())

    def frame(self, where: np.ndarray | slice) -> pd.DataFrame:
        """Return some rows with the schema's columns and `line`."""
        columns = {n: self.days[n][where] if n in self.days else _strings(self.texts[n], where) for n in self.texts}
        return pd.DataFrame({**columns, "line": self.line[where]}, copy=False)

    def done(self) -> Checked:
        """Return the rows that are left as a table of facts."""
        left = slice(None) if self.alive.all() else self.alive  # nothing is copied where every row is left
        source = self.source[left]
        frame = self.frame(left).assign(file=_strings(Texts(self.source, [r.file for r in self.raws]), left))
        who, codes = self.who[left], {}
        for column in (c for c in self.table.columns if c.kind == "code"):
            place, texts = {code: i for i, code in enumerate(column.codes)}, self.texts[column.name]
            codes[column.name] = np.array([place.get(t, -1) for t in texts.texts], dtype="int16")[texts.numbers[left]]
        return Checked(self.table, frame, self.findings, self.counts(), source, self._headings, who, codes)


def _strings(column: Texts, where: np.ndarray | slice) -> pd.api.extensions.ExtensionArray:
    """Return rows of a column of text, missing where there is none. Each text is looked at once, not each row."""
    texts = pd.array([t or None for t in column.texts] or [None], dtype="str")
    return texts.take(column.numbers[where])


def spread(
    finding: Finding, rows: pd.DataFrame, source: np.ndarray, headings: Sequence[Mapping[str, str]], table: Table
) -> list[Finding]:
    """Return a finding once for each file that has some of the rows, with their lines and the file's own heading.

    rows: with `file` and `line`. source: of each row, its number in `headings`; -1 for rows that follow from others.
    """
    found = []
    codes = next((c.codes for c in table.columns if c.name == KIND.get(table.name)), None) or {}
    for (file, number), some in rows.groupby(["file", source], sort=False):
        counts = some[KIND[table.name]].value_counts() if codes else {}
        heads = headings[number] if number >= 0 else {}
        place = {
            "file": file,
            "column": heads.get(finding.column, finding.column) if number >= 0 else "",
            "lines": tuple(sorted(some["line"].tolist())),
            "kinds": tuple((c, int(counts[c])) for c in codes if c in counts),
        }
        found.append(replace(finding, **place))
    return found
