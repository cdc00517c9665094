"""Runs notebooks with papermill, each in a kernel of its own, as many at once as there are processors."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from traitlets.config import Config

from pace_nb.batch.plan import Run, find_notebooks
from pace_nb.errors import PaceError, ParameterError

CELL_SECONDS = 300  # a cell that takes longer is stopped
#: Papermill's names. "warm" falls back to the standard engine where a process cannot be forked safely.
ENGINES = {"warm": "pace-warm", "standard": None}
WORK = ".work"  # unfinished runs, inside the output folder


@dataclass(frozen=True)
class Result:
    """What became of a run.

    outcome: "made", "failed", "refused" (not for this audience), "nothing to show" (does not apply to the area).
    message: why, in a sentence. page: where it lies; kept: the marked notebook of a failed run.
    key: the fingerprint of the key that its children are named with; blank where it names none.
    """

    area: str
    slug: str
    notebook: str
    outcome: str
    message: str = ""
    seconds: float = 0.0
    page: str = ""
    kept: str = ""
    bytes: int = 0
    marking: str = ""
    sha256: str = ""
    synthetic: bool = False
    key: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    headline: dict[str, str] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        """The manifest's row of this run."""
        return asdict(self)


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


def run_one(run: Run, out: Path, engine: str | None = None) -> Result:
    """Execute one notebook and write its page. Never raises for a fault of the data or of the notebook."""
    began = time.monotonic()
    result = _attempt(run, out, engine)
    return Result(**{**result, "seconds": round(time.monotonic() - began, 2)})


def _attempt(run: Run, out: Path, engine: str | None) -> dict[str, Any]:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from pace_nb.batch.export import export_page

    common = {
        "area": run.area,
        "slug": run.slug,
        "notebook": run.notebook,
        "sha256": run.sha256,
        "parameters": run.told,
    }
    work = out / WORK / f"{run.slug}-{run.notebook}.ipynb"
    folder = out / run.slug
    page, failed = folder / f"{run.notebook}.html", folder / f"{run.notebook}.FAILED.ipynb"
    for old in (page, failed):  # what an earlier run left must not pass for this one's
        old.unlink(missing_ok=True)
    try:
        executed = _papermill(run, work, engine)
        folder.mkdir(parents=True, exist_ok=True)
        facts = export_page(executed, page, run.notebook)
    except PapermillExecutionError as error:
        if error.ename == "NothingToShow":
            return {**common, "outcome": "nothing to show", "message": _plain(error.evalue)}
        kept = _keep(work, failed)
        known = error.ename in {c.__name__ for c in _family(PaceError)}
        message = (
            _plain(error.evalue)
            if known
            else f"A cell of the notebook stopped with {error.ename}; see the marked notebook."
        )
        return {**common, "outcome": "failed", "message": message, "kept": kept}
    except CellTimeoutError:
        return {
            **common,
            "outcome": "failed",
            "message": f"A cell took longer than {CELL_SECONDS} seconds and was stopped.",
            "kept": _keep(work, failed),
        }
    except DeadKernelError:
        return {
            **common,
            "outcome": "failed",
            "message": "The process that ran the notebook ended in the middle of a cell "
            "(out of memory?). Run it again, with fewer --workers.",
            "kept": _keep(work, failed),
        }
    except PaceError as error:
        return {**common, "outcome": "failed", "message": str(error), "kept": _keep(work, failed)}
    except Exception as error:  # our own fault: the batch goes on, and the kind of error says where to look
        return {
            **common,
            "outcome": "failed",
            "message": f"The page could not be made ({type(error).__name__}).",
            "kept": _keep(work, failed),
        }
    return {**common, "outcome": "made", "page": run.page, **facts}


def _papermill(run: Run, work: Path, engine: str | None) -> Any:
    import papermill

    notebook = find_notebooks([run.notebook])[run.notebook]
    known = papermill.inspect_notebook(str(notebook))
    extra = set(run.parameters) - set(known)
    if extra:  # papermill would only log it
        raise ParameterError(
            f"{run.notebook} has no parameter {', '.join(sorted(extra))}.", do=f"its parameters are {', '.join(known)}."
        )
    return papermill.execute_notebook(
        str(notebook),
        str(work),
        run.parameters,
        kernel_name="python3",
        cwd=str(notebook.parent),
        progress_bar=False,
        engine_name=engine,
        config=kernel_settings(),
        request_save_on_cell_execute=False,
        execution_timeout=CELL_SECONDS,
    )


@lru_cache(maxsize=1)
def kernel_settings() -> Config:
    """Return how this process and its kernels talk: through files in a folder that only this user can open.

    On a port other people on the machine can listen, and two kernels that start at once can take the same one. Each
    process has a folder of its own, as kernels number their files alike. Windows has no such files.
    """
    if os.name == "nt":
        return Config()
    folder = tempfile.mkdtemp(prefix="pace-nb-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})


def _family(kind: type) -> list[type]:
    return [kind, *(c for sub in kind.__subclasses__() for c in _family(sub))]


def _plain(text: str) -> str:
    return " ".join(str(text).split())


def _keep(work: Path, failed: Path) -> str:
    """Keep a failed run's notebook under a name that nobody takes for a report."""
    if not work.exists():
        return ""
    failed.parent.mkdir(parents=True, exist_ok=True)
    work.replace(failed)
    return f"{failed.parent.name}/{failed.name}"
