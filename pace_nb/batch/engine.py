"""A papermill engine that runs each notebook in a copy of a process that has already imported everything.

Registered as `pace-warm`. The notebook, its outputs and its errors are those of the standard engine; what is saved is
the start of a kernel and its imports, which cost several times the analysis. The state of widgets is kept, as they were made: there
is nobody to move one. What is written inside an Output widget stands in the cell and not in the widget.
Where a process cannot be forked safely (Windows, macOS) the standard engine does the same, slower.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import platform
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from io import FileIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.notebooknode import from_dict
from papermill.engines import Engine, NBClientEngine

from pace_nb.batch.warm import serve_copy
from pace_nb.processes import CAN_FORK, QUIET

#: What a kernel says of itself, for those who show the notebook.
_LANGUAGE = {
    "name": "python",
    "version": platform.python_version(),
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": sys.version_info.major},
    "pygments_lexer": "ipython3",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}


class WarmEngine(Engine):
    """Executes a notebook in a fork of a warm process."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, execution_timeout=None, **kwargs: Any) -> None:
        """Run the cells of `nb_man.nb` and put their outputs into it; stop at the first that fails."""
        if not CAN_FORK or nb_man.nb.metadata.get("kernelspec", {}).get("language", "python") != "python":
            NBClientEngine.execute_managed_notebook(nb_man, kernel_name, execution_timeout=execution_timeout, **kwargs)
            return
        cells = list(_cells(nb_man.nb))
        server, cell, ended = _server(), None, None
        try:
            server.ask({"cwd": str(Path.cwd()), "cells": cells})
            for message in server.answers(execution_timeout):
                if message is None:
                    raise CellTimeoutError.error_from_timeout_and_cell(
                        "Cell execution timed out", execution_timeout, cell
                    )
                if "begin" in message:
                    cell = nb_man.nb.cells[message["begin"]]
                    nb_man.cell_start(cell, message["begin"])
                elif "end" in message:
                    _fill(nb_man, message)
                elif "widgets" in message:
                    nb_man.nb.metadata["widgets"] = from_dict(message["widgets"])
                elif "ended" in message:
                    ended = message["ended"]
            nb_man.nb.metadata["language_info"] = from_dict(_LANGUAGE)
        finally:
            if (
                ended is None
            ):  # interrupted or timed out: what is still to come must not be taken for the next notebook's
                server.stop()
        if ended:
            raise DeadKernelError("The process that ran the notebook ended in the middle of a cell.")


def _cells(notebook: Any) -> Iterator[tuple[int, str, bool]]:
    """Yield what is to be run: the number of each cell, its code, and whether it may fail. The tags are those of the standard engine."""
    for index, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and cell.source.strip() and "skip-execution" not in tags:
            yield index, cell.source, "raises-exception" in tags


def _fill(nb_man: Any, message: dict[str, Any]) -> None:
    for index, outputs in message["outputs"]:
        nb_man.nb.cells[index].outputs = [from_dict(o) for o in outputs]
    cell = nb_man.nb.cells[message["end"]]
    cell.execution_count = message["count"]
    if not message["ok"]:
        nb_man.cell_exception(cell, cell_index=message["end"])
    nb_man.cell_complete(cell, cell_index=message["end"])


class _Server:
    """The warm process, and the conversation with it: its number, a pipe to write to and one to read from."""

    def __init__(self, start: Callable[[int, int, int], int]) -> None:
        (theirs, asked), (answered, answers) = os.pipe(), os.pipe()
        self.asked, self.answered = FileIO(asked, "wb"), FileIO(answered, "rb")
        try:
            self.process = start(theirs, answers, asked)
        finally:
            os.close(theirs)
            os.close(answers)
        self.pid: int | None = None
        self.buffer = b""

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        if self.process and os.waitpid(self.process, os.WNOHANG) != (0, 0):
            self.process = 0
        return self.process != 0

    def ask(self, job: dict[str, Any]) -> None:
        line = json.dumps(job).encode() + b"\n"
        while line:
            line = line[self.asked.write(line) :]

    def answers(self, seconds: float | None):
        """Yield each answer until the notebook has ended; None once a running cell takes longer than its time limit."""
        began, running = time.monotonic(), False
        while True:
            wait = max(0.0, began + seconds - time.monotonic()) if seconds and running else None
            if not select.select([self.answered], [], [], wait)[0]:
                yield None
                return
            chunk = self.answered.read(1 << 20)
            if not chunk:
                self.stop()
                raise DeadKernelError("The process that runs notebooks ended without a word.")
            *lines, self.buffer = (self.buffer + chunk).split(b"\n")
            for line in lines:
                message = json.loads(line)
                began, running = time.monotonic(), "begin" in message
                self.pid = message.get("pid", self.pid)
                yield message
                if "ended" in message:
                    self.pid = None
                    return

    def stop(self) -> None:
        """End the warm process and whatever it is running."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        if self.alive:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            self.process = 0
        self.asked.close()
        self.answered.close()
        for thread, server in list(_servers.items()):
            if server is self:
                del _servers[thread]


#: The warm process of each thread that runs notebooks, by the number of the thread.
_servers: dict[int, _Server] = {}


def _server() -> _Server:
    """Return this thread's warm process; it is started once and serves one notebook after another."""
    server = _servers.get(threading.get_ident())
    if server is None or not server.alive:
        server = _servers[threading.get_ident()] = _Server(_start)
    return server


def _start(asked: int, answers: int, _: int) -> int:
    """Start a process that imports everything first; it reads from `asked` and writes to `answers`. Returns its number."""
    program, environment = [sys.executable, "-m", "pace_nb.batch.warm"], {**os.environ, **QUIET}
    pipes = [(os.POSIX_SPAWN_DUP2, asked, 0), (os.POSIX_SPAWN_DUP2, answers, 1)]
    return os.posix_spawn(program[0], program, environment, file_actions=pipes)


def fork_server(not_theirs: Connection) -> None:
    """Have a copy of this process run this thread's notebooks. It must have imported everything and have no other thread.

    not_theirs: what the copy must not keep open, so that whoever is at the other end sees when this process has ended.
    """

    def fork(asked: int, answers: int, ours: int) -> int:
        pid = os.fork()
        if pid == 0:
            not_theirs.close()
            os.close(ours)  # else the copy would never see the end of what is asked
            serve_copy(asked, answers)
        return pid

    _servers[threading.get_ident()] = _Server(fork)


@atexit.register
def stop_all() -> None:
    """End the warm processes of this process, and whatever they are running."""
    for server in list(_servers.values()):
        server.stop()
