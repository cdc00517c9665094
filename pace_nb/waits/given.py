"""What the plain functions are given, as arrays; refused with ValueError that names positions and never values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pace_nb.errors import few


def read_times(durations: Sequence[float], entry: Sequence[float] | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Return durations and entries as numbers; entries may be None."""
    days = read_numbers(durations, "durations")
    refuse("durations", "is below 0", days < 0)
    if entry is None:
        return days, None
    entries = read_numbers(entry, "entry")
    same_length(len(entries), len(days), "entry")
    refuse("entry", "does not come before the duration", entries >= days)
    return days, entries


def read_numbers(values: Sequence[float], name: str) -> np.ndarray:
    """Return finite numbers."""
    found = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    refuse(name, "is no number", ~np.isfinite(found))
    return found


def read_flags(observed: Sequence[bool], n: int) -> np.ndarray:
    """Return n booleans, given as such or as 0 and 1."""
    found = read_numbers(observed, "observed")
    same_length(len(found), n, "observed")
    refuse("observed", "is neither true nor false", (found != 0) & (found != 1))
    return found == 1


def read_causes(cause: Sequence[int], n: int) -> np.ndarray:
    """Return n whole numbers."""
    dtype = getattr(cause, "dtype", None)
    if isinstance(dtype, np.dtype) and dtype.kind == "i":  # nothing to mend, and a million take a while
        same_length(len(cause), n, "cause")
        return np.asarray(cause, dtype=np.int64)
    found = read_numbers(cause, "cause")
    same_length(len(found), n, "cause")
    refuse("cause", "is no whole number", found != np.floor(found))
    return found.astype(np.int64)


def same_length(n: int, wanted: int, name: str) -> None:
    """Raise ValueError where there are more or fewer values than durations."""
    if n != wanted:
        raise ValueError(f"durations and {name} have different lengths: {wanted} and {n}")


def refuse(name: str, why: str, bad: np.ndarray) -> None:
    """Raise ValueError where something is bad, naming its positions (counted from 0)."""
    at = np.flatnonzero(bad)
    if len(at):
        raise ValueError(f"{name}: {why} at position {few(at)}")
