"""Everything that is planned, made by processes of this machine or by a cluster; what an earlier run made and still holds is kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pace_nb.batch.claim import WORK
from pace_nb.batch.one import Result, clear, known_result, no_page, run_one
from pace_nb.batch.order import ENGINES
from pace_nb.batch.plan import Run
from pace_nb.batch.resume import is_good
from pace_nb.batch.workers import Job, Lost, run_jobs
from pace_nb.errors import ParameterError
from pace_nb.store import FOLDER

#: Papermill's names. "warm" falls back to the standard engine where a process cannot be forked safely.
PAPERMILL = dict(zip(ENGINES, ("pace-warm", None), strict=True))
LOST = (
    "The process that made this page ended without a word, twice (out of memory?). Run it again with --resume, and with "
    "fewer --workers."
)
STOPPED = "The run was stopped before this page was made. Run it again with --resume."


def run_reports(
    runs: Sequence[Run],
    out: Path,
    *,
    workers: int = 0,
    engine: str = "warm",
    scheduler: str = "",
    where: Callable[[Run], str] | None = None,
    left: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    begun: Callable[[list[Result]], None] = lambda _: None,
    tell: Callable[[Result], None] = lambda _: None,
    lost: Callable[[Run], None] = lambda _: None,
) -> list[Result]:
    """Make everything that is planned and return the results in the order of the plan. One failure stops no other.

    workers: how many pages at once; 0 for one for each processor. scheduler: of a Dask cluster that makes them instead; where: the path or
    address at which its workers find the extract of a run, if that is not where it lies here. left: rows of an earlier run into this
    folder, by the area's folder and the notebook; what would come out the same is not made again. begun: told what is known before the
    first page is made, when the pages of before that are no longer good have been taken away. tell: told of each further result; lost:
    of each run that a process died of.

    A run that is interrupted (Ctrl-C) ends its processes and returns too: what was not reached has the outcome "stopped".

    Raises ParameterError for an unknown engine or a cluster that cannot be used.
    """
    if engine not in ENGINES:
        raise ParameterError(f"There is no engine '{engine}'.", do=f"choose {' or '.join(ENGINES)}.")
    (out / WORK).mkdir(parents=True, exist_ok=True)
    results: dict[int, Result] = {}
    for i, run in enumerate(runs):
        row = (left or {}).get((run.slug, run.notebook))
        if run.outcome:
            results[i] = no_page(run, run.outcome, run.refusal)
        elif row is not None and is_good(row, run.made_from, out):
            results[i] = known_result(row)
    todo = [i for i in range(len(runs)) if i not in results]
    with _reading_once(out), _cluster(scheduler if todo else "", workers) as client:
        for i, run in enumerate(runs):  # only now: what refuses to begin takes nothing away
            if i not in results or run.outcome:
                clear(run, out)
        begun(list(results.values()))
        try:
            for i, value in _made([runs[i] for i in todo], out, workers, engine, client, where, lost):
                result = value if isinstance(value, Result) else no_page(runs[todo[i]], "failed", _why(value))
                results[todo[i]] = result
                tell(result)
        except KeyboardInterrupt:
            for i in todo:
                results.setdefault(i, no_page(runs[i], "stopped", STOPPED))
    return [results[i] for i in range(len(runs))]


@contextmanager
def _reading_once(out: Path) -> Iterator[None]:
    """Let the processes of a run share what one of them has read of an extract, unless somebody has set a store for them already."""
    if os.environ.get(FOLDER):
        yield
        return
    place = out / WORK / "read"
    os.environ[FOLDER] = str(place.resolve())
    try:
        yield
    finally:
        del os.environ[FOLDER]
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _cluster(scheduler: str, workers: int) -> Iterator[Any]:
    """Give a client of the cluster that makes the pages; None where processes of this machine do."""
    if not scheduler:
        yield None
        return
    from pace_nb.batch.cluster import open_cluster

    with open_cluster(scheduler, workers) as client:
        yield client


def _made(
    runs: Sequence[Run],
    out: Path,
    workers: int,
    engine: str,
    client: Any,
    where: Callable[[Run], str] | None,
    lost: Callable[[Run], None],
) -> Iterator[tuple[int, Any]]:
    """Yield what came of each run, in the order in which they end."""
    if not runs:
        return iter(())
    if client is not None:
        from pace_nb.batch.cluster import run_on_cluster

        return run_on_cluster(client, runs, out, PAPERMILL[engine], where or (lambda run: str(run.source.resolve())))
    jobs = [Job(run_one, (run, out, PAPERMILL[engine])) for run in runs]
    return run_jobs(jobs, min(workers or os.cpu_count() or 1, len(jobs)), lambda i: lost(runs[i]))


def _why(value: Any) -> str:
    """Say why there is no result: `run_one` raises nothing that it can foresee."""
    return LOST if isinstance(value, Lost) else f"The page could not be made ({type(value).__name__})."
