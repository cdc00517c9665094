"""A column as text: each different text once, and for every row which one it is.

Most texts of a case system come again and again. What is asked of a text (is it a code, a date, a child's number?) is asked
once, and rows are compared by numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Texts:
    """A column of text. `texts[numbers[i]]` stands in row i; every text is there once, and in some row."""

    numbers: np.ndarray
    texts: list[str]

    @classmethod
    def of(cls, values: Sequence[str] | np.ndarray) -> Texts:
        """Return a column of the texts of its rows, in order.

        >>> column = Texts.of(["foster", "kinship", "foster"])
        >>> column.texts, column.numbers.tolist(), column.rows()
        (['foster', 'kinship'], [0, 1, 0], ['foster', 'kinship', 'foster'])
        """
        array = values if isinstance(values, np.ndarray) else np.fromiter(values, dtype=object, count=len(values))
        numbers, texts = pd.factorize(array)
        return cls(numbers, texts.tolist())

    @classmethod
    def same(cls, text: str, rows: int) -> Texts:
        """Return a column that holds one text in every row."""
        return cls(np.zeros(rows, dtype=np.intp), [text] if rows else [])

    @classmethod
    def joined(cls, columns: Sequence[Texts]) -> Texts:
        """Return columns one below the other."""
        if len(columns) == 1:
            return columns[0]
        texts = list(dict.fromkeys(t for c in columns for t in c.texts))
        place = {t: i for i, t in enumerate(texts)}
        moved = [np.fromiter((place[t] for t in c.texts), np.intp, len(c.texts))[c.numbers] for c in columns]
        return cls(np.concatenate(moved), texts)

    def __len__(self) -> int:
        return len(self.numbers)

    def rows(self) -> list[str]:
        """Return the text of every row."""
        return [self.texts[n] for n in self.numbers.tolist()]

    def keep(self, where: np.ndarray | slice) -> Texts:
        """Return the rows of a mask, of row numbers or of a slice alone."""
        numbers = self.numbers[where]
        seen = np.zeros(len(self.texts), dtype=bool)
        seen[numbers] = True
        if seen.all():
            return Texts(numbers, self.texts)
        return Texts((np.cumsum(seen) - 1)[numbers], [t for t, s in zip(self.texts, seen.tolist(), strict=True) if s])

    def read_as(self, how: Callable[[str], str]) -> Texts:
        """Return the column with every text read in another way; texts that become the same become one.

        >>> Texts.of(["Foster", "foster ", "Foster"]).read_as(lambda t: t.strip().lower()).texts
        ['foster']
        """
        texts = [how(t) for t in self.texts]
        if texts == self.texts:
            return self
        place = {t: i for i, t in enumerate(dict.fromkeys(texts))}
        return Texts(np.fromiter((place[t] for t in texts), np.intp, len(texts))[self.numbers], list(place))

    def where(self, answers: Iterable[bool]) -> np.ndarray:
        """Return a mask of rows from an answer for each text."""
        return np.fromiter(map(bool, answers), bool, len(self.texts))[self.numbers]

    def are(self, test: Callable[[str], object]) -> np.ndarray:
        """Return a mask of the rows whose text passes a test."""
        return self.where(map(test, self.texts))
