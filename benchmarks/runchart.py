"""Run chart rules on many series: seconds of `analyse_many` against a plain Python loop over the same series.

    python benchmarks/runchart.py

The plain way is the second computation of the tests (tests/oracle/plain_runchart.py), one series after another; both ways
take the runs limits from the package, because exact fractions of a million points would never end. Each figure is the
best of three runs of one process; the ratio is what to look at, for machines differ.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from pace_nb.runchart import analyse_many, runs_limits

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "oracle"))
import plain_runchart as plain


def seconds(work: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best


def plain_loop(series: np.ndarray) -> list[dict]:
    return [plain.analyse(row) for row in series.tolist()]


def main() -> None:
    plain.limits = runs_limits
    rng = np.random.default_rng(1)
    print(f"{'series x points':>18}  {'analyse_many, s':>16}  {'plain loop, s':>14}  {'times faster':>12}")
    for n, points in ((1_000, 100), (1, 1_000_000)):
        series = rng.integers(20, 400, (n, points)).astype(float)
        ours, theirs = seconds(lambda s=series: analyse_many(s)), seconds(lambda s=series: plain_loop(s), 1)
        print(f"{f'{n:,} x {points:,}':>18}  {ours:16.3f}  {theirs:14.2f}  {theirs / ours:12.0f}")
    print("\nCost per point, nanoseconds (a straight line if it stays the same):")
    for points in (10_000, 100_000, 1_000_000, 4_000_000):
        series = rng.random((1, points))
        print(f"{points:>12,}  {seconds(lambda s=series: analyse_many(s)) / points * 1e9:6.0f}")


if __name__ == "__main__":
    main()
