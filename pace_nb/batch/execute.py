"""Runs notebooks with papermill, each in a kernel of its own, as many at once as there are processors."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from pace_nb.batch.one import WORK, Result, clear, run_one
from pace_nb.batch.plan import Run
from pace_nb.errors import ParameterError

#: Papermill's names. "warm" falls back to the standard engine where a process cannot be forked safely.
ENGINES = {"warm": "pace-warm", "standard": None}


def run_reports(
    runs: Sequence[Run],
    out: Path,
    *,
    workers: int | None = None,
    engine: str = "warm",
    tell: Callable[[Result], None] = lambda _: None,
) -> list[Result]:
    """Run everything that is planned and return the results in the order of the plan. One failure stops no other.

    Raises ParameterError if the output folder cannot be written to, or for an engine other than "warm" and "standard".
    """
    if engine not in ENGINES:
        raise ParameterError(f"There is no engine '{engine}'.", do=f"choose {' or '.join(ENGINES)}.")
    try:
        (out / WORK).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParameterError(
            f"Nothing can be written to '{out.name}': {error.strerror}.", do="choose another folder for --out."
        ) from None
    results: dict[int, Result] = {}

    def done(i: int, result: Result) -> None:
        results[i] = result
        tell(result)

    todo = [(i, r) for i, r in enumerate(runs) if not r.outcome]
    for i, run in enumerate(runs):
        if run.outcome:
            clear(run, out)
            done(
                i,
                Result(
                    run.area,
                    run.slug,
                    run.notebook,
                    run.outcome,
                    run.refusal,
                    sha256=run.sha256,
                    parameters=run.told,
                ),
            )
    workers = min(workers or os.cpu_count() or 1, max(1, len(todo)))
    context = multiprocessing.get_context("spawn")  # the same on every system, and no thread is ever copied
    try:
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            futures = {pool.submit(run_one, run, out, ENGINES[engine]): i for i, run in todo}
            for future in as_completed(futures):
                i = futures[future]
                try:
                    done(i, future.result())
                except BrokenProcessPool:
                    done(i, _lost(runs[i]))
    finally:
        shutil.rmtree(out / WORK, ignore_errors=True)
    return [results[i] for i in range(len(runs))]


def _lost(run: Run) -> Result:
    return Result(
        run.area,
        run.slug,
        run.notebook,
        "failed",
        "The process that made this page ended without a word (out of memory?). Run it again, with fewer --workers.",
        sha256=run.sha256,
        parameters=run.told,
    )
