"""The rows of a file, however they are held: as lists, or as the bytes of a CSV file that needs no unquoting.

The second is many times faster. Where no cell is quoted, every line is a row and every separator parts two cells; so the cells of
lines that have as many as the header are told apart by where they end, and the other lines are looked at one by one.
"""

from __future__ import annotations

import re
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pace_nb.texts import Texts

LONGEST_CELL = 10_000  # characters; a longer cell is not a date, a code or an id
#: Bytes that are no text in the file's encoding stay what they are, and the rows that hold them are set aside.
DAMAGED = re.compile("[\udc80-\udcff]")
#: Bytes, and rows, that are looked at together: few enough for what is made of them to stay close to the processor.
_TOGETHER, _ROWS = 1 << 21, 40_000
_FEED = ord("\n")


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
    def of(cls, data: bytes, separator: str) -> PlainLines | None:
        """Return the lines of a text, if they are plain: otherwise it has to be read with all the rules of CSV."""
        if b'"' in data or separator not in (",", ";", "\t", "|"):
            return None
        lines = cls(data, separator)
        longest = int((lines.ends - lines.starts).max(initial=0))
        return lines if longest <= LONGEST_CELL and not lines._lone_returns() else None

    @cached_property
    def ends(self) -> np.ndarray:
        """Where each line ends: at its line feed, or where the file does."""
        return self._measured[0]

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each line begins."""
        starts = np.zeros_like(self.ends)
        starts[1:] = self.ends[:-1]
        starts[1:] += 1
        return starts

    @cached_property
    def _measured(self) -> tuple[np.ndarray, np.ndarray]:
        """Where each line ends, and how many separators it has."""
        ends, separators = [], []
        before = 0
        for start in range(0, len(self.data), _TOGETHER):
            part = memoryview(self.data)[start : start + _TOGETHER]
            marks = self._marks(part)
            feeds = np.flatnonzero(np.frombuffer(part, np.uint8)[marks] == _FEED)
            each = np.diff(feeds, prepend=-1) - 1
            each[:1] += before
            before = len(marks) - feeds[-1] - 1 if len(feeds) else before + len(marks)
            ends.append(marks[feeds] + start)
            separators.append(each)
        if self.data and not self.data.endswith(b"\n"):
            ends.append(np.array([len(self.data)]))
            separators.append(np.array([before]))
        nothing = np.zeros(0, dtype=np.intp)
        return np.concatenate([nothing, *ends]), np.concatenate([nothing, *separators])

    def _marks(self, part: bytes | memoryview) -> np.ndarray:
        """Return where in a part of the text cells end: at separators and line feeds."""
        each = np.frombuffer(part, np.uint8)
        return np.flatnonzero((each == ord(self.separator)) | (each == _FEED))

    def _lone_returns(self) -> bool:
        """Tell whether a return stands anywhere but before a line feed: some systems end a row with it alone."""
        if b"\r" not in self.data:
            return False
        return self.data.count(b"\r") > self.data.count(b"\r\n") + self.data.endswith(b"\r")

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
        cells = self._measured[1] + 1
        for i in np.flatnonzero(self.ends - self.starts < 2):
            cells[i] = len(self.row(i))
        return cells

    def columns(self, which: np.ndarray, width: int, places: list[int]) -> list[Texts]:
        """Return some columns of some rows, all of a width."""
        read = {p: _Growing() for p in places}
        for start in range(0, len(which), _ROWS):
            numbers, cells = self._cells(which[start : start + _ROWS])
            for p, column in read.items():
                column.add(numbers[p::width], cells)
        return [read[p].texts() for p in places]

    def _cells(self, which: np.ndarray) -> tuple[np.ndarray, pa.LargeStringArray]:
        """Return the cells of some rows in order as numbers of texts, and the texts, of which some may be the same."""
        first, last = which[0], which[-1]
        data = self.data[self.starts[first] : self.ends[last]] + b"\n"
        if last - first + 1 > len(which):
            wanted = np.zeros(last - first + 1, dtype=bool)
            wanted[which - first] = True
            each = np.diff(self.starts[first : last + 1], append=self.ends[last] + 1)
            data = np.frombuffer(data, np.uint8)[np.repeat(wanted, each)].tobytes()
        begins = np.concatenate([[0], self._marks(data) + 1])
        cells = pa.LargeStringArray.from_buffers(len(begins) - 1, pa.py_buffer(begins), pa.py_buffer(data))
        different = cells.dictionary_encode()  # each with what ends it, so that the bytes can stay as they are
        return different.indices.to_numpy(), pc.ascii_rtrim(different.dictionary, f"{self.separator}\r\n")

    def unfit(self, first: int, width: int) -> dict[int, str]:
        """Return nothing: lines with such cells are not plain."""
        return {}


class _Growing:
    """A column of text to which rows are added."""

    def __init__(self) -> None:
        self.numbers: list[np.ndarray] = []
        self.cells: list[pa.LargeStringArray] = []
        self.size = 0

    def add(self, numbers: np.ndarray, cells: pa.LargeStringArray) -> None:
        """Add rows as numbers of texts; those of other columns may be among the texts."""
        place = np.zeros(len(cells), dtype=np.intp)
        place[numbers] = 1
        mine = np.flatnonzero(place)
        place[mine] = np.arange(self.size, self.size + len(mine))
        self.numbers.append(place[numbers])
        self.cells.append(cells.take(pa.array(mine)))
        self.size += len(mine)

    def texts(self) -> Texts:
        """Return the column. What stands in part after part is made a text of Python's once."""
        if not self.cells:
            return Texts.of([])
        cells = pa.concat_arrays(self.cells).dictionary_encode()
        place = cells.indices.to_numpy().astype(np.intp)
        numbers = np.concatenate([place[part] for part in self.numbers])
        return Texts(numbers, cells.dictionary.to_numpy(zero_copy_only=False).tolist())
