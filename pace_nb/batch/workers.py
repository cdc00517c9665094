"""Processes that make pages, one page at a time each. One that dies costs the page that it was making, and only if it dies of it twice.

Where the system can fork safely they are copies of one process that has imported everything (`pace_nb.batch.preload`) and has no
threads; elsewhere each is started afresh. They end with the process that asked for them, whatever ends it, and take with them what they
have started.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from typing import Any

from pace_nb.processes import CAN_FORK, name_process

#: A process that dies of the same piece of work as often as this is not given it again.
TRIES = 2
#: Seconds that processes have to end by themselves, before they are ended.
GRACE = 2.0


@dataclass(frozen=True)
class Job:
    """A piece of work: a function of a module, and what it is given. Both have to be pickled."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class Lost(Exception):
    """The processes that were given a piece of work ended without a word."""


@dataclass
class _Worker:
    process: multiprocessing.process.BaseProcess
    connection: Connection
    index: int | None = None


def prepare() -> None:
    """Begin to import what the processes need, in the process that they will be copied from, without waiting for it.

    Whoever knows that there will be work calls this first, and imports what it needs itself in the meantime.
    """
    if CAN_FORK:
        multiprocessing.set_forkserver_preload(["pace_nb.batch.preload"])
        forkserver.ensure_running()


def run_jobs(
    jobs: Sequence[Job], workers: int, lost: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[int, Any]]:
    """Yield the index of each job and what came of it, in the order in which they end.

    What came of it is the function's value, the exception that it raised, or `Lost`. lost: told each time that a process has died of
    a job. All processes have ended when this ends, also if it is left half way.
    """
    todo, tries = deque(range(len(jobs))), [0] * len(jobs)
    running: list[_Worker] = []
    try:
        while todo or any(w.index is not None for w in running):
            while todo and len(running) < workers:
                running.append(_start())
            for worker in running:
                if worker.index is None and todo:
                    worker.index = todo.popleft()
                    with contextlib.suppress(OSError):  # it has died; that is noticed below
                        worker.connection.send((jobs[worker.index].function, jobs[worker.index].arguments))
            ready = wait([w.connection for w in running])
            for worker in [w for w in running if w.connection in ready]:
                try:
                    value = worker.connection.recv()
                except (EOFError, OSError):
                    running.remove(worker)
                    worker.process.join()
                    index = worker.index
                    if index is None:
                        continue
                    lost(index)
                    tries[index] += 1
                    if tries[index] < TRIES:
                        todo.appendleft(index)
                    else:
                        yield index, Lost()
                else:
                    index, worker.index = worker.index, None
                    yield index, value
    finally:
        _stop(running)


def _start() -> _Worker:
    prepare()
    context = multiprocessing.get_context("forkserver" if CAN_FORK else "spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, dict(os.environ)), name="pace-nb")
    process.start()
    theirs.close()  # so that its end is seen when the process has ended
    return _Worker(process, ours)


def _stop(workers: Sequence[_Worker]) -> None:
    """End processes: those that wait because there is nothing more to come, those at work because they are told to."""
    for worker in workers:
        worker.connection.close()
        if worker.index is not None:
            worker.process.terminate()
    for worker in workers:
        worker.process.join(GRACE)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def _serve(connection: Connection, environment: dict[str, str]) -> None:
    """Do what is asked, one thing after another, until nothing more is. environment: of the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the first one decides
    os.environ.clear()
    os.environ.update(environment)
    if CAN_FORK:
        from pace_nb.batch.engine import fork_server

        fork_server(connection)  # while there is no thread
        name_process("pace-nb worker")
    signal.signal(signal.SIGTERM, lambda *_: _end())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            function, arguments = connection.recv()
        except (EOFError, OSError):
            return
        try:
            value = function(*arguments)
        except Exception as error:
            value = error
        connection.send(value)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _end()


def _end() -> None:
    """End at once, with the process that runs notebooks and all that a cell has started."""
    from pace_nb.batch.engine import stop_all

    stop_all()
    os._exit(1)
