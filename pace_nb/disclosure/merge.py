"""Rows and columns put together before anything is blanked: months to quarters to years, small categories to "other".

Rule: docs/disclosure.md, "Design anew before blanking". Each function takes a table of counts, rows by columns, and returns a smaller one with
the same sum; give one to `protect_table` as `merge`, or call it first.
"""

from __future__ import annotations

import pandas as pd

from pace_nb.disclosure.counts import THRESHOLD
from pace_nb.errors import DataError

OTHER = "other"
_COARSER = {"M": "Q", "Q": "Y"}


def merge_small(counts: pd.DataFrame, threshold: int = THRESHOLD, other: str = OTHER) -> pd.DataFrame:
    """Return the table with its columns of small counts put together: a column goes if more than half of its counts are 1 to k - 1.

    At least two columns go, or none does: with one alone nothing is gained.

    >>> merge_small(pd.DataFrame({"a": [20, 30], "b": [1, 2], "c": [3, 4]})).columns.tolist()
    ['a', 'other']
    """
    small = counts.ge(1) & counts.lt(threshold)
    go = [c for c in counts if small[c].mean() > 0.5]
    if len(go) < 2:
        return counts
    if other in set(counts.columns) - set(go):
        raise DataError(f"There is a column '{other}' already.", do="give another name for what is put together.")
    return counts.drop(columns=go).assign(**{other: counts[go].sum(axis=1)})


def merge_neighbours(counts: pd.DataFrame, threshold: int = THRESHOLD) -> pd.DataFrame:
    """Return the table with columns that have an order (bands of time) put together, each with its next, until no sum is 1 to k - 1.

    >>> merge_neighbours(pd.DataFrame({"0 to 3": [1], "3 to 6": [2], "6 to 12": [9], "over 12": [4]})).iloc[0].to_dict()
    {'0 to 3 and 3 to 6 and 6 to 12 and over 12': 16}
    """
    groups: list[list[object]] = []
    for column in counts:
        if groups and 1 <= counts[groups[-1]].to_numpy().sum() < threshold:
            groups[-1].append(column)
        else:
            groups.append([column])
    if len(groups) > 1 and 1 <= counts[groups[-1]].to_numpy().sum() < threshold:
        groups[-2:] = [groups[-2] + groups[-1]]
    return pd.concat({" and ".join(map(str, g)): counts[g].sum(axis=1) for g in groups}, axis=1)


def merge_periods(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its rows, months or quarters as a PeriodIndex, put together to quarters or years.

    Raises DataError for rows that are neither.

    >>> months = pd.period_range("2019-01", "2019-06", freq="M")
    >>> merge_periods(pd.DataFrame({"n": [1, 2, 3, 4, 5, 6]}, index=months)).to_dict()["n"]
    {Period('2019Q1', 'Q-DEC'): 6, Period('2019Q2', 'Q-DEC'): 15}
    """
    coarser = _COARSER.get(getattr(counts.index, "freqstr", "")[:1])
    if not isinstance(counts.index, pd.PeriodIndex) or coarser is None:
        raise DataError(
            "These rows are neither months nor quarters.", do="give rows with a PeriodIndex of months or quarters."
        )
    return counts.groupby(counts.index.asfreq(coarser)).sum()
