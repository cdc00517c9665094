"""Disclosure control on tables that nobody chose: what is published passes the audit, and the audit agrees with plain counting."""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pace_nb.disclosure import (
    ALL,
    WITHHELD,
    audit_counts,
    audit_table,
    protect_count,
    protect_grid,
    protect_parts,
    protect_table,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "oracle"))
from enumerate_tables import intervals, tables_behind

COUNTS = st.one_of(st.integers(0, 5), st.integers(0, 40))


@st.composite
def tables(draw, counts=COUNTS, rows=(1, 5), columns=(2, 5)) -> pd.DataFrame:
    r, c = draw(st.integers(*rows)), draw(st.integers(*columns))
    cells = draw(st.lists(counts, min_size=r * c, max_size=r * c))
    return pd.DataFrame(
        np.reshape(cells, (r, c)), index=[f"r{i}" for i in range(r)], columns=[f"c{j}" for j in range(c)]
    )


@settings(max_examples=40, deadline=None)
@given(tables(), st.sampled_from([True, "rows", "columns", False]), st.integers(5, 10), st.booleans(), st.booleans())
def test_every_protected_table_passes_the_audit(counts, totals, threshold, percentages, exact):
    assume(not percentages or totals in (True, "rows"))
    shown, report = protect_table(counts, threshold, totals, percentages, exact)
    assert audit_table(counts, shown, threshold, percentages=percentages).safe
    assert report.hidden == int(shown.isna().sum().sum())
    assert not ((shown >= 1) & (shown < threshold)).any(axis=None)


@settings(max_examples=15, deadline=None)
@given(tables(rows=(2, 4), columns=(2, 4)))
def test_the_exact_way_never_hides_more_than_the_fast_one(counts):
    exact, fast = protect_table(counts), protect_table(counts, exact=False)
    cost = [
        int(s.iloc[:-1, :-1].isna().sum().sum()) + 4 * int(s[ALL].isna().sum() + s.loc[ALL].iloc[:-1].isna().sum())
        for s, _ in (exact, fast)
    ]
    assert cost[0] <= cost[1]


@settings(max_examples=50, deadline=None)
@given(tables(st.integers(0, 7), (2, 3), (2, 3)), st.data())
def test_the_audit_agrees_with_counting_every_table_there_could_be(counts, data):
    mask = data.draw(st.lists(st.booleans(), min_size=counts.size, max_size=counts.size))
    hidden = np.reshape(mask, counts.shape) | ((counts >= 1) & (counts < 5)).to_numpy()
    rows, columns = counts.sum(axis=1).tolist(), counts.sum(axis=0).tolist()
    assume(not any(1 <= n < 5 for n in (*rows, *columns, sum(rows))))
    shown = counts.astype(float).mask(hidden)
    shown[ALL] = rows
    shown.loc[ALL] = [*columns, sum(rows)]
    parts = [
        [None if h else int(n) for n, h in zip(line, mask, strict=True)]
        for line, mask in zip(counts.to_numpy(), hidden, strict=True)
    ]
    true = {(f"r{i}", f"c{j}"): ends for (i, j), ends in intervals(parts, rows, columns).items()}
    found = audit_table(counts, shown)
    assert set(found.solved) == {name for name, (low, high) in true.items() if low == high}
    small = [n for n in true if 1 <= counts.loc[n] < 5]
    narrow = [n for n in small if true[n][0] > 1 or true[n][1] < 4]
    assert found.safe == (not narrow and not found.solved)
    assert all(true[n][0] <= low and high <= true[n][1] for n, (low, high) in found.intervals.items())


@settings(max_examples=40, deadline=None)
@given(tables(st.integers(0, 9), (1, 3), (2, 3)))
def test_what_is_published_exactly_leaves_every_small_count_open(counts):
    """Counted out, not solved: the smallest tables are where solvers and rules of thumb go wrong."""
    shown, _ = protect_table(counts)
    assume(shown[ALL].notna().all() and shown.loc[ALL].notna().all())
    rows, columns = shown[ALL].iloc[:-1].astype(int).tolist(), shown.loc[ALL].iloc[:-1].astype(int).tolist()
    inner = shown.iloc[:-1, :-1]
    parts = [[None if pd.isna(n) else int(n) for n in line] for line in inner.to_numpy()]
    behind = tables_behind(parts, rows, columns)
    for i, j in np.argwhere(((counts >= 1) & (counts < 5)).to_numpy()):
        values = {t[i][j] for t in behind}
        assert values >= {1, 2, 3, 4}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS), min_size=1, max_size=5), st.booleans())
def test_rounded_counts_that_add_up_leave_every_small_count_open(rows, down):
    grid = [[*row, sum(row)] for row in rows]
    shown = protect_grid(grid, "aggregate", {3: (0, 1, 2)}, down=[3] if down else [])
    truth, published, sums = {}, {}, []
    for i, (row, seen) in enumerate(zip(grid, shown, strict=True)):
        truth |= {(i, j): n for j, n in enumerate(row)}
        published |= {(i, j): s for j, s in enumerate(seen) if s != WITHHELD}
        sums.append(([(i, 0), (i, 1), (i, 2)], (i, 3)))
    if down:
        truth["sum"] = sum(row[3] for row in grid)
        sums.append(([(i, 3) for i in range(len(grid))], "sum"))
        published["sum"] = None if 1 <= truth["sum"] < 5 else (2 * truth["sum"] + 5) // 10 * 5
    assert audit_counts(truth, published, sums, rounded=True).safe


@settings(max_examples=100, deadline=None)
@given(st.lists(COUNTS, min_size=2, max_size=4))
def test_rounded_parts_leave_every_small_count_open_by_counting(parts):
    """Every way in which the parts could add up to what is shown as their total."""
    shown = protect_parts(parts, "aggregate")
    assume(shown is not None and sum(parts) <= 60)
    total = protect_count(sum(parts), "aggregate")

    def meant(seen, n):
        if seen is None:
            return range(1, 5) if n < 5 else range(1, 70)
        return [x for x in range(200) if protect_count(x, "aggregate") == seen]

    fits = [t for t in product(*map(meant, shown, parts)) if protect_count(sum(t), "aggregate") == total]
    for i, n in enumerate(parts):
        if 1 <= n < 5:
            assert {t[i] for t in fits} >= {1, 2, 3, 4}
