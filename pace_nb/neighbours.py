"""Rows beside each other: those of a child mostly stand together and in order of day, so that few need a look of their own."""

from __future__ import annotations

import numpy as np


def firsts(*columns: np.ndarray) -> np.ndarray:
    """Return the rows that differ in some column from the row above: what is asked of them holds for those that follow.

    >>> firsts(np.array([7, 7, 8, 8, 7])).tolist()
    [0, 2, 4]
    """
    differs = np.ones(len(columns[0]), dtype=bool)
    differs[1:] = np.logical_or.reduce([c[1:] != c[:-1] for c in columns])
    return np.flatnonzero(differs)


def tied(key: np.ndarray) -> np.ndarray:
    """Return the rows that have the same key as a row beside them.

    >>> tied(np.array([3, 5, 5, 5, 8])).tolist()
    [1, 2, 3]
    """
    same = np.concatenate([[False], key[1:] == key[:-1], [False]])
    return np.flatnonzero(same[1:] | same[:-1])


def order_of(key: np.ndarray, then: np.ndarray) -> np.ndarray:
    """Return the order of rows by a key, and of those that share it by another number; rows alike in both stay as they stand.

    >>> order_of(np.array([2, 1, 1, 2]), np.array([5, 9, 3, 5])).tolist()
    [2, 1, 0, 3]
    """
    order = np.argsort(key, kind="stable")  # takes hardly any time where the rows are nearly in order
    some = tied(key[order])
    rows = order[some]
    order[some] = rows[np.lexsort((then[rows], key[rows]))]
    return order
