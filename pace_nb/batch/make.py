"""One order from beginning to end: planned, held against what is there already, made, and published with its index and manifest.

Whatever ends it, the folder tells how far it came: the manifest says "running" before the first page is made, each page is written
to the event log when it is there, and a run that is stopped writes its index and manifest before it ends.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pace_nb.batch.back_test import back_test, find_last_run, say_back_test, write_back_test
from pace_nb.batch.claim import WORK, claim
from pace_nb.batch.dead_links import drop_dead_links
from pace_nb.batch.execute import run_reports
from pace_nb.batch.journal import Journal
from pace_nb.batch.one import Result, say_os_error
from pace_nb.batch.order import Order
from pace_nb.batch.places import fetched, is_address, mirrored
from pace_nb.batch.plan import Run, plan_runs
from pace_nb.batch.publish import mark_run, other_keys, read_keys, write_manifest
from pace_nb.batch.resume import digest_asked, find_left
from pace_nb.errors import DefinitionError, ParameterError
from pace_nb.files import PROFILE, file_digest, find_extracts
from pace_nb.outputs.before import Before, read_before
from pace_nb.outputs.index import write_index
from pace_nb.outputs.make import make_outputs

#: Bytes that are held back while pages are made, so that a full disk leaves room for the index and the manifest that say so.
_RESERVE, _RESERVE_EACH = 1 << 17, 1 << 13
_SIGNALS = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]

Progress = Callable[[int], AbstractContextManager[Callable[..., Any]]]


@dataclass(frozen=True)
class Made:
    """What a run has left: its folder, what became of each page, how many were kept from before, and whether it was stopped.

    renamed: areas whose children have other labels than in the run before. back_test: what came of working the last run's figures out
    again, in a sentence; blank without a back-test.
    """

    out: str
    results: tuple[Result, ...]
    kept: int
    seconds: float
    stopped: bool
    renamed: tuple[str, ...] = ()
    back_test: str = ""

    @property
    def lacking(self) -> dict[str, int]:
        """What was asked for of the pages and could not be made, as sentences, each with the number of pages."""
        return dict(Counter(said for r in self.results for said in r.lacking))


def make_run(order: Order, progress: Progress) -> Made:
    """Make the pages of an order, and return what became of them.

    progress: called with the number of pages; a context that gives a function to be told of each, or of several at once.

    Raises PaceError where nothing can be made or written, or where another run writes into the folder; KeyboardInterrupt if it is
    stopped before anything was changed.
    """
    with fetched(order.data) as data, mirrored(order.out) as mirror:
        here = replace(order, data=str(data), out=str(mirror.folder))
        made = _make(here, progress, mirror.send, order.data)
        return replace(made, out=order.out)


def _make(order: Order, progress: Progress, send: Callable[[Result | None], None], place: str) -> Made:
    """Make an order whose folders are those of this machine. place: where the data lie for everybody else."""
    began, out = time.monotonic(), Path(order.out)
    with claim(out), _stoppable() as shelter:
        _require_profiles(order)
        asked, runs = _asked(order), _plan(order)
        last = find_last_run(order)
        tested = None if last is None else back_test(last, order, runs)
        left, keys = find_left(out), read_keys(out)
        looked_back = "" if tested is None else say_back_test(tested)
        before = read_before(out, order.as_at, order.audience, order.previous)
        with _held_back(out, len(runs)) as give_back, _journal(out) as journal, progress(len(runs)) as tell:
            more: dict[str, Any] = {"asked": asked, "before": before.as_row(), **write_back_test(tested, order, out)}
            kept = 0

            def begun(known: list[Result]) -> None:
                nonlocal kept
                kept = sum(bool(r.made_from) for r in known)
                (out / "index.html").unlink(missing_ok=True)
                write_manifest(known, out, order.as_at, order.audience, 0.0, {"state": "running", **more})
                asked_for = {"as_at": order.as_at.isoformat(), "audience": order.audience, "asked": asked}
                marking = mark_run(known, order.audience)
                journal.write("begun", marking=marking, **asked_for, planned=len(runs), kept=kept, engine=order.engine)
                for result in known:
                    if not result.made_from:
                        tell(_say(result))
                if kept:
                    tell(f"{kept} kept from before", kept)

            def made(result: Result) -> None:
                journal.write("page", row=result.as_row())
                send(result)
                tell(_say(result))

            results = run_reports(
                runs,
                out,
                workers=order.workers,
                engine=order.engine,
                scheduler=order.scheduler,
                where=lambda run: _where(run, Path(order.data), place),
                left=left if order.resume else None,
                begun=begun,
                tell=made,
                lost=lambda run: journal.write("lost", slug=run.slug, notebook=run.notebook),
            )
            stopped = any(r.outcome == "stopped" for r in results)
            results = drop_dead_links(results, out)
            if not stopped:
                results, stopped = _files(runs, results, order)
            shelter()
            give_back()
            seconds = time.monotonic() - began
            state = "stopped" if stopped else "finished"
            _publish(results, order, seconds, {"state": state, **more}, before, looked_back)
            journal.write("ended", state=state, seconds=round(seconds, 1))
        send(None)
    return Made(order.out, tuple(results), kept, seconds, stopped, tuple(other_keys(results, keys)), looked_back)


def _say(result: Result) -> str:
    return f"{result.area}, {result.notebook}: {result.outcome}"


def _plan(order: Order) -> list[Run]:
    runs = plan_runs(
        Path(order.data),
        order.as_at,
        areas=order.areas,
        notebooks=order.notebooks,
        audience=order.audience,
        since=order.since,
        seconds=order.cell_seconds,
        limits=order.limits,
    )
    return [replace(run, files=order.files) for run in runs]


def _where(run: Run, data: Path, place: str) -> str:
    """Return where others find the extract of a run: a path of this machine, or the address from which it was fetched."""
    if not is_address(place):
        return str(run.source.resolve())
    below = run.source.relative_to(data).as_posix()
    return place if below == "." else f"{place.rstrip('/')}/{below}"


def _asked(order: Order) -> str:
    """Return the SHA-256 of all that the order's pages come from; "" where a file cannot be read, so that it equals no other."""
    try:
        return digest_asked(order)
    except OSError:
        return ""


def _require_profiles(order: Order) -> None:
    """Refuse to go on where an extract is not read by the profile that the batch file names for it."""
    if not order.profiles:
        return
    found = {p.name: p if p.is_dir() else p.parent for p in find_extracts(Path(order.data))}
    faults = []
    for name, file in order.profiles.items():
        agreed = Path(file)
        if name not in found:
            faults.append(f"{name}: there is no extract of this name")
        elif not agreed.is_file():
            faults.append(f"{name}: its profile '{agreed.name}' is not there")
        elif not (beside := found[name] / PROFILE).is_file():
            faults.append(f"{name}: no {PROFILE} lies beside it")
        elif file_digest(beside) != file_digest(agreed):
            faults.append(f"{name}: the {PROFILE} beside it is not '{agreed.name}'")
    if faults:
        raise DefinitionError(
            "Extracts are not read by the profiles that the batch file names.",
            where=faults,
            do=f"put the profile beside its extract, as {PROFILE}; or mend the batch file.",
        )


def _files(runs: list[Run], results: list[Result], order: Order) -> tuple[list[Result], bool]:
    """Return the results with the files that were asked for of their pages, and whether somebody stopped it."""
    try:
        return make_outputs(runs, results, Path(order.out), order.files), False
    except KeyboardInterrupt:
        return results, True


def _publish(
    results: list[Result], order: Order, seconds: float, more: Mapping[str, Any], before: Before, looked_back: str
) -> None:
    out = Path(order.out)
    try:
        write_index(results, out, order.as_at, order.audience, before, looked_back)
        write_manifest(results, out, order.as_at, order.audience, seconds, more)
    except OSError as error:
        raise ParameterError(
            f"The index and the manifest could not be written. {say_os_error(error)}",
            do="make room, and run this again with --resume: what was made is kept.",
        ) from None


@contextmanager
def _stoppable() -> Iterator[Callable[[], None]]:
    """Let Ctrl-C, and the signals by which a system ends a process, interrupt a run once; after that, and once the function that this
    gives was called, they are passed over: what is left is a matter of seconds, and leaves the folder whole.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return

    def shelter() -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def stop(*_: Any) -> None:
        shelter()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield shelter
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _held_back(out: Path, pages: int) -> Iterator[Callable[[], None]]:
    """Take up some room on the disk until the function that this gives is called. Raises ParameterError where there is none."""
    file = out / WORK / "held-back"
    try:
        file.write_bytes(b"\0" * (_RESERVE + _RESERVE_EACH * pages))
    except OSError as error:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)
        raise ParameterError(
            f"Nothing can be written to '{out.name}': {error.strerror}.",
            do="make room, or choose another folder for --out.",
        ) from None
    try:
        yield lambda: file.unlink(missing_ok=True)
    finally:
        file.unlink(missing_ok=True)


@contextmanager
def _journal(out: Path) -> Iterator[Journal]:
    journal = Journal(out)
    try:
        yield journal
    finally:
        journal.close()
