"""The rows of a file, however they are held: as lists, or as the bytes of a CSV file that needs no unquoting.

The second is many times faster. Where no cell is quoted, every line is a row and every separator parts two cells; so pandas'
own parser may read the lines that have as many cells as the header, and the others are looked at one by one.
"""

from __future__ import annotations

import io
import re
from functools import cached_property

import numpy as np
import pandas as pd

from pace_nb.texts import Texts

LONGEST_CELL = 10_000  # characters; a longer cell is not a date, a code or an id
#: Bytes that are no text in the file's encoding stay what they are, and the rows that hold them are set aside.
DAMAGED = re.compile("[\udc80-\udcff]")


class ListedRows:
    """Rows as lists of text."""

    def __init__(self, rows: list[list[str]]):
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def head(self, n: int) -> list[list[str]]:
        """Return the first rows."""
        return self.rows[:n]

    def row(self, i: int) -> list[str]:
        """Return one row."""
        return self.rows[i]

    def widths(self) -> np.ndarray:
        """Return how many cells each row has."""
        return np.fromiter(map(len, self.rows), np.intp, len(self.rows))

    def columns(self, which: np.ndarray, width: int, places: list[int]) -> list[Texts]:
        """Return some columns of some rows, all of a width."""
        columns = list(zip(*(self.rows[i] for i in which.tolist()), strict=True)) or [()] * width
        read = {p: Texts.of(columns[p]) for p in set(places)}
        return [read[p] for p in places]

    def unfit(self, first: int, width: int) -> dict[int, str]:
        """Return the rows from the first on with a cell that is no text or far too long, and which of the two."""
        found = {}
        for i, row in enumerate(self.rows[first:], first):
            whole = "".join(row)
            if len(whole) > LONGEST_CELL and any(len(c) > LONGEST_CELL for c in row[:width]):
                found[i] = "huge-cell"
            if not whole.isascii() and any(map(DAMAGED.search, row[:width])):
                found[i] = "damaged-text"
        return found


class PlainLines:
    """Rows as lines of UTF-8 without a quotation mark; none longer than a cell may be."""

    def __init__(self, data: bytes, separator: str):
        self.data, self.separator = data, separator

    @classmethod
    def of(cls, text: bytes, separator: str) -> PlainLines | None:
        """Return the lines of a text, if they are plain: otherwise it has to be read with all the rules of CSV."""
        if b'"' in text or separator not in (",", ";", "\t", "|"):
            return None
        lines = cls(text, separator)
        longest = int((lines.ends - lines.starts).max(initial=0))
        before = lines._bytes[lines.ends[lines.ends > 0] - 1]
        lone = text.count(b"\r") - int((before == ord("\r")).sum())  # a return that ends a row without a line feed
        return lines if longest <= LONGEST_CELL and not lone else None

    @cached_property
    def ends(self) -> np.ndarray:
        """Where each line ends: at its line feed, or where the file does."""
        ends = np.flatnonzero(self._bytes == ord("\n"))
        return ends if self.data.endswith(b"\n") or not self.data else np.append(ends, len(self.data))

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each line begins."""
        return np.concatenate([[0], self.ends[:-1] + 1]) if len(self.ends) else self.ends

    @property
    def _bytes(self) -> np.ndarray:
        return np.frombuffer(self.data, np.uint8)

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def rows(self) -> list[list[str]]:
        """Every row as a list."""
        return self.head(len(self))

    def head(self, n: int) -> list[list[str]]:
        """Return the first rows."""
        return [self.row(i) for i in range(min(n, len(self)))]

    def row(self, i: int) -> list[str]:
        """Return one row."""
        line = self.data[self.starts[i] : self.ends[i]].decode().removesuffix("\r")
        return line.split(self.separator) if line else []

    def widths(self) -> np.ndarray:
        """Return how many cells each row has."""
        separators = np.flatnonzero(self._bytes == ord(self.separator))
        cells = np.diff(np.searchsorted(separators, self.ends), prepend=0) + 1
        empty = self.ends - self.starts
        for i in np.flatnonzero(empty < 2):
            cells[i] = len(self.row(i))
        return cells

    def columns(self, which: np.ndarray, width: int, places: list[int]) -> list[Texts]:
        """Return some columns of some rows, all of a width."""
        if not len(which):
            return [Texts.of([])] * len(places)
        first, last = which[0], which[-1]
        data = self.data[self.starts[first] : self.ends[last]]
        if last - first + 1 > len(which):
            wanted = np.zeros(last - first + 1, dtype=bool)
            wanted[which - first] = True
            each = np.diff(self.starts[first : last + 1], append=self.ends[last])
            data = np.frombuffer(data, np.uint8)[np.repeat(wanted, each)].tobytes()
        frame = pd.read_csv(
            io.BytesIO(data),
            sep=self.separator,
            header=None,
            names=range(width),
            usecols=sorted(set(places)),
            dtype=object,
            na_filter=False,
            quoting=3,
            skip_blank_lines=False,
            low_memory=False,
            index_col=False,
            encoding="utf-8",
        )
        read = {p: Texts.of(frame[p].to_numpy()) for p in set(places)}
        return [read[p] for p in places]

    def unfit(self, first: int, width: int) -> dict[int, str]:
        """Return nothing: lines with such cells are not plain."""
        return {}
