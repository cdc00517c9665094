"""The rows of one table on their way through the checks, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pace_nb.files import RawTable
from pace_nb.findings import Finding, Rule
from pace_nb.schema import Table

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
    headings: for each source, the headings that it has for the columns, where they are others.
    """

    table: Table
    frame: pd.DataFrame
    findings: list[Finding]
    files: tuple[FileCount, ...]
    source: np.ndarray
    headings: tuple[Mapping[str, str], ...]

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
    """The rows of one table, from one source or several: `frame` holds them all, `alive` says which are still used.

    frame: the schema's columns, `line` (row number in the file) and `source` (which of `raws`).
    """

    def __init__(self, raws: Sequence[RawTable]):
        self.raws, self.table = list(raws), raws[0].table
        self.findings = [f for raw in raws for f in raw.findings]
        self.frame = pd.concat([_frame(raw, i) for i, raw in enumerate(raws)], ignore_index=True)
        self.alive = np.ones(len(self.frame), dtype=bool)
        self._copies = np.zeros(len(self.frame), dtype=bool)
        self._files = np.array([raw.file for raw in raws], dtype=object)
        self._headings = tuple(raw.native for raw in raws)

    @property
    def live(self) -> pd.DataFrame:
        """The rows that are still used, under their numbers in `frame`."""
        return self.frame[self.alive]

    def say(self, rule: Rule, where: np.ndarray, column: str = "", **words: object) -> None:
        """Record a finding for the rows of a mask that are still used, one for each file."""
        self.tell(rule.found("", column=column, **words), where)

    def drop(self, rule: Rule, where: np.ndarray, column: str = "", **words: object) -> None:
        """Set rows aside, with the reason."""
        self.say(rule, where, column, **words)
        self.alive &= ~np.asarray(where, dtype=bool)

    def copy(self, rule: Rule, where: np.ndarray) -> None:
        """Leave out rows that say nothing that another row does not say."""
        self.say(rule, where)
        self._copies |= np.asarray(where, dtype=bool) & self.alive
        self.alive &= ~self._copies

    def tell(self, finding: Finding, where: np.ndarray) -> None:
        """Record a finding whose words are known, in each file that has rows of the mask."""
        hit = np.flatnonzero(np.asarray(where, dtype=bool) & self.alive)
        if hit.size:
            rows = self.frame.iloc[hit]
            source = rows["source"].to_numpy()
            self.findings += spread(finding, rows.assign(file=self._files[source]), source, self._headings, self.table)

    def counts(self) -> tuple[FileCount, ...]:
        """Return where the rows of each file went; sources in one file count together."""
        counts: dict[str, FileCount] = {}
        source = self.frame["source"].to_numpy()
        for i, raw in enumerate(self.raws):
            here = source == i
            used, copies = int((here & self.alive).sum()), int((here & self._copies).sum())
            gone = raw.set_aside + int(here.sum()) - used - copies
            before = counts.get(raw.file, FileCount(raw.file))
            counts[raw.file] = FileCount(
                raw.file,
                before.read + raw.read,
                before.used + used,
                before.set_aside + gone,
                before.duplicates + copies,
                before.blank + raw.blank,
            )
        return tuple(counts.values())

    def done(self) -> Checked:
        """Return the rows that are left as a table of facts."""
        frame = self.live.reset_index(drop=True)
        source = frame["source"].to_numpy()
        frame = frame.assign(file=pd.Series(self._files[source], dtype="str")).drop(columns="source")
        frame = frame.astype({"local_authority": "str", "child_id": "str"})
        return Checked(self.table, frame, self.findings, self.counts(), source, self._headings)


def each_once(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Return each text of a column once, and for every row the place of its text in that list: rules are asked once for each."""
    numbers, texts = pd.factorize(values)
    return numbers, texts.tolist()


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
            "lines": tuple(sorted(int(n) for n in some["line"])),
            "kinds": tuple((c, int(counts[c])) for c in codes if c in counts),
        }
        found.append(replace(finding, **place))
    return found


def _frame(raw: RawTable, number: int) -> pd.DataFrame:
    frame = pd.DataFrame(raw.rows, columns=raw.header, dtype="str")
    for column in raw.table.columns:
        if column.name not in frame:
            frame[column.name] = pd.Series("", index=frame.index, dtype="str")
    return frame[raw.table.column_names].assign(line=np.asarray(raw.lines, dtype="int64"), source=number)
