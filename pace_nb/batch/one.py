"""One run: a notebook executed, made a page, searched for what it must not tell, and only then put where it can be opened."""

from __future__ import annotations

import atexit
import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from traitlets.config import Config

from pace_nb.batch.claim import WORK
from pace_nb.batch.plan import Run, find_notebooks
from pace_nb.children_page import CHILDREN
from pace_nb.errors import DataError, PaceError, ParameterError
from pace_nb.leaks import Leak, Secrets, gather_secrets, scan_bytes
from pace_nb.marking import SENSITIVE
from pace_nb.outputs.files import PDF, remove_files
from pace_nb.outputs.page_files import PageAt, make_files

#: Faults of the system that a reader can do something about.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Result:
    """What became of a run.

    outcome: "made", "failed", "withheld" (it would tell on a child, so nobody gets to see it), "refused" (not for this audience),
    "nothing to show" (does not apply to the area), "stopped" (the whole run was ended before). message: why, in a sentence. page: where
    it lies, and page_sha256: of what it holds, so that a page that was changed is noticed; kept: the marked notebook of a failed run.
    made_from: see `Run`.
    key: the fingerprint of the key that its children are named with; blank where it names none.
    headline, series: figures of the page as they stand in the index. files: what was made of the page besides (PDF, workbook,
    pictures), each with its kind, path, SHA-256 and size; lacking: sentences on what was asked for and could not be made.
    """

    area: str
    slug: str
    notebook: str
    outcome: str
    message: str = ""
    seconds: float = 0.0
    page: str = ""
    page_sha256: str = ""
    kept: str = ""
    bytes: int = 0
    marking: str = ""
    sha256: str = ""
    synthetic: bool = False
    key: str = ""
    made_from: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    headline: dict[str, str] = field(default_factory=dict)
    series: dict[str, Any] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)

    def as_row(self) -> dict[str, Any]:
        """The manifest's row of this run."""
        return asdict(self)


def no_page(run: Run, outcome: str, message: str) -> Result:
    """Return what to say of a run that made no page."""
    return Result(
        run.area,
        run.slug,
        run.notebook,
        outcome,
        message,
        sha256=run.sha256,
        made_from=run.made_from,
        parameters=run.told,
    )


def known_result(row: dict[str, Any]) -> Result:
    """Return a result from a row of a manifest, whichever version wrote it. What was lacking then is tried again."""
    names = {f.name for f in fields(Result)} - {"lacking"}
    return Result(**{name: value for name, value in row.items() if name in names})


def run_one(run: Run, out: Path, engine: str | None = None) -> Result:
    """Execute one notebook and write its page. Never raises for a fault of the data or of the notebook."""
    began = time.monotonic()
    result = Result(**_attempt(run, out, engine))
    if result.outcome == "made" and (kinds := [k for k in run.files if k != PDF]):
        day = date.fromisoformat(run.parameters["as_at"])
        files, lacking = make_files(PageAt(out, result.page, day, result.marking, secrets_of(run)), kinds)
        result = replace(result, files=files, lacking=lacking)
    return replace(result, seconds=round(time.monotonic() - began, 2))


def _attempt(run: Run, out: Path, engine: str | None) -> dict[str, Any]:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from pace_nb.batch.children import make_children
    from pace_nb.batch.export import make_page

    common = {
        "area": run.area,
        "slug": run.slug,
        "notebook": run.notebook,
        "sha256": run.sha256,
        "made_from": run.made_from,
        "parameters": run.told,
    }
    work = out / WORK / f"{run.slug}-{run.notebook}.ipynb"
    page, failed = clear(run, out)
    try:
        if run.notebook == CHILDREN:
            made = make_children(run)
        else:
            work.parent.mkdir(parents=True, exist_ok=True)
            executed = _papermill(run, work, engine)
            made = make_page(executed, run.notebook, run.audience, CHILDREN in run.beside)
        content = made.html.encode()
        if run.sha256 not in made.html:  # each page tells from which records it is made
            raise DataError(
                f"The extract '{run.source.name}' is not the one that was planned with: it has changed since, or another one lies there.",
                do="wait until it stays as it is, and run this again with --resume.",
            )
        leaks = scan_bytes(run.page, content, secrets_of(run), working=not made.for_everyone)
        if leaks:
            return {**common, "outcome": "withheld", "message": _withheld(leaks)}
        publish_file(content, page)
    except PapermillExecutionError as error:
        if error.ename == "NothingToShow":
            return {**common, "outcome": "nothing to show", "message": _plain(error.evalue)}
        kept = _keep(work, failed)
        known = error.ename in {c.__name__ for c in _family(PaceError)}
        message = f"A cell of the notebook stopped with {error.ename}; see the marked notebook."
        if known:
            message = _plain(error.evalue)
        elif error.ename in ("MemoryError", "ArrowMemoryError"):
            message = "There was not enough memory for a cell of the notebook. Run it again, with fewer --workers."
        return {**common, "outcome": "failed", "message": message, "kept": kept}
    except CellTimeoutError:
        return {
            **common,
            "outcome": "failed",
            "message": f"A cell took longer than {run.seconds} seconds and was stopped.",
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
    except OSError as error:
        work.unlink(missing_ok=True)
        return {**common, "outcome": "failed", "message": say_os_error(error)}
    except Exception as error:  # our own fault: the batch goes on, and the kind of error says where to look
        return {
            **common,
            "outcome": "failed",
            "message": f"The page could not be made ({type(error).__name__}).",
            "kept": _keep(work, failed),
        }
    return {
        **common,
        "outcome": "made",
        "page": run.page,
        "page_sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "marking": made.marking,
        "headline": made.headline,
        "series": made.series,
        "synthetic": made.synthetic,
        "key": made.key,
    }


def clear(run: Run, out: Path) -> tuple[Path, Path]:
    """Return where a run's page and its failed notebook go, and take away those of an earlier run, which must not pass for them."""
    folder = out / run.slug
    page, failed = folder / f"{run.notebook}.html", folder / f"{run.notebook}.FAILED.ipynb"
    for old in (page, failed, page.with_suffix(".partial")):
        old.unlink(missing_ok=True)
    remove_files(out, run.page)
    return page, failed


def secrets_of(run: Run) -> Secrets:
    """Return what no page and no file of a run may tell. An extract is read once for all of them."""
    return _secrets(run.source, run.days, run.sha256)


@lru_cache(maxsize=4)
def _secrets(source: Path, days: tuple[date, ...], sha256: str) -> Secrets:  # noqa: ARG001
    """What no page of an extract may tell. It is read once for all its pages and kept in memory only; `sha256` has it read again by a
    process that lives on while the records change."""
    return gather_secrets(source, days)


def _withheld(leaks: list[Leak]) -> str:
    """Say why a page is held back, and never what stands on it."""
    kinds = " and ".join(sorted({leak.kind for leak in leaks}))
    return (
        f"The page was made and is held back: it tells {kinds}, which no page of its kind may. "
        "Tell the developers: this is a fault."
    )


def publish_file(content: bytes, page: Path) -> None:
    """Write a page, or a file that belongs to one, under its final name once it is whole. Raises OSError, and leaves nothing half."""
    page.parent.mkdir(parents=True, exist_ok=True)
    partial = page.with_suffix(".partial")
    try:
        partial.write_bytes(content)
        partial.replace(page)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def say_os_error(error: OSError) -> str:
    """Say why the system refused to read or write a file, and what to do; never which file, as its name may tell."""
    if error.errno in _NO_ROOM:
        return "There was no room left to write the page. Make room on the disk of the output folder and run it again with --resume."
    if error.errno == errno.ENOMEM:
        return "There was not enough memory to make the page. Run it again, with fewer --workers."
    return f"The page could not be made: {error.strerror or type(error).__name__}."


def _papermill(run: Run, work: Path, engine: str | None) -> Any:
    """Run a notebook with its parameters and return it. Only one that fails is written, to `work`, before it raises.

    These are the steps of papermill's `execute_notebook`, which writes every notebook: records of children on the disk, and a
    thirtieth of a run's time, for files that nobody reads.
    """
    from papermill import inspect_notebook
    from papermill.engines import papermill_engines
    from papermill.execute import raise_for_execution_errors
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    notebook = find_notebooks([run.notebook])[run.notebook]
    known = inspect_notebook(str(notebook))
    extra = set(run.parameters) - set(known)
    if extra:  # papermill would only log it
        raise ParameterError(
            f"{run.notebook} has no parameter {', '.join(sorted(extra))}.", do=f"its parameters are {', '.join(known)}."
        )
    kernel = {"kernel_name": "python3", "engine_name": engine}
    book = parameterize_notebook(load_notebook_node(str(notebook)), run.parameters, **kernel)
    with contextlib.chdir(notebook.parent):
        book = papermill_engines.execute_notebook_with_engine(
            nb=book,
            **kernel,
            progress_bar=False,
            log_output=False,
            config=kernel_settings(),
            execution_timeout=run.seconds,
        )
    raise_for_execution_errors(book, str(work))
    return book


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
    try:
        _mark(work)
        work.replace(failed)
    except OSError:  # a full disk: what is half written is not kept
        work.unlink(missing_ok=True)
        return ""
    return f"{failed.parent.name}/{failed.name}"


def _mark(notebook: Path) -> None:
    """Mark a notebook above and below. What stopped it may stand in it, so it is never for everyone."""
    import nbformat

    content = nbformat.read(notebook, as_version=4)
    for place, name in ((0, "marking-above"), (len(content.cells) + 1, "marking-below")):
        content.cells.insert(place, nbformat.v4.new_markdown_cell(f"**{SENSITIVE}**", id=name))
    nbformat.write(content, notebook)
