"""A process that has run a dashboard's notebook once, and forks a kernel that is ready for each visitor.

Run as `python -m pace_nb.dashboards.warm` by `pace_nb.dashboards.kernels`. It reads one order a line from standard input
and answers, one line each, on standard output; when that input ends, because the server has ended however it did, so do all of them.
What a visitor's kernel would do when a page is opened (import, read, work
out, draw) has happened here already: a copy has every variable and every control in the state in which the page shows them,
and shares the memory of them. No copy can change another, or this process.

It stays single-threaded while it forks: it opens no socket, keeps no history, and starts no library's threads. If a notebook
starts one all the same, that is told, and the dashboard falls back to ordinary kernels.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import random
import select
import signal
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, NoReturn

from ipykernel import debugger
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from tornado import ioloop
from traitlets import Type
from traitlets.config import Config
from traitlets.log import get_logger
from zmq.eventloop.zmqstream import ZMQStream

from pace_nb.dashboards.log import quieten
from pace_nb.errors import PaceError
from pace_nb.processes import end_with_parent


class Recorder(Session):
    """Takes what a kernel would send, and keeps the outputs of each cell in the form in which a notebook holds them.

    What is written while an output control captures goes into that control, as a page's own script would put it.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cells: list[list[dict[str, Any]]] = []
        self.to_clear: set[int] = set()

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, **_: Any) -> None:
        """Keep an output; everything else (states, controls' messages) has nobody to go to yet."""
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content, parent)
        kind, content = message["header"]["msg_type"], message["content"]
        if not self.cells or kind not in ("display_data", "execute_result", "stream", "error", "clear_output"):
            return
        cell, control = self.cells[-1], self._capturing(message["parent_header"].get("msg_id"))
        outputs = list(control.outputs if control else cell)
        if kind == "clear_output" and content["wait"]:
            self.to_clear.add(id(control or cell))
            return
        if kind == "clear_output" or id(control or cell) in self.to_clear:
            self.to_clear.discard(id(control or cell))
            outputs = []
        last = outputs[-1] if outputs else {}
        if kind == "stream" and last.get("name") == content["name"]:
            outputs[-1] = {**last, "text": last["text"] + content["text"]}
        elif kind != "clear_output":
            outputs.append({"output_type": kind, **{k: v for k, v in content.items() if k != "transient"}})
        if control:
            control.outputs = tuple(outputs)
        else:
            cell[:] = outputs

    def _capturing(self, message: str | None) -> Any:
        """Return the output control that captures what this message says, if there is one."""
        widgets = sys.modules.get("ipywidgets")
        every = widgets.widgets.widget._instances.values() if widgets and message else ()
        return next((w for w in every if isinstance(w, widgets.Output) and w.msg_id == message), None)


class _Stream:
    """Standard output or error of a cell, before there is anyone to send it to."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, kernel: Kernel, name: str):
        self.kernel, self.name = kernel, name

    def write(self, text: str) -> int:
        if text:
            content = {"name": self.name, "text": str(text)}
            self.kernel.session.send(None, "stream", content, parent=self.kernel.get_parent())
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False


class Shell(ZMQInteractiveShell):
    """Shows what a reader can mend as a sentence, and of everything else only that it went wrong: never a traceback."""

    said_of_a_fault = "This could not be shown: something went wrong that you cannot mend. Choose something else, or load the page again."

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        words = str(evalue) if issubclass(etype, PaceError) else ""
        session, parent = self.displayhook.session, self.displayhook.parent_header
        if isinstance(session, Recorder):
            content = {"ename": etype.__name__, "evalue": words, "traceback": []}
            session.send(self.displayhook.pub_socket, "error", content, parent=parent)
            return
        words = words or self.said_of_a_fault
        data = {"text/plain": words, "text/html": f'<p class="empty" role="alert">{escape(words)}</p>'}
        session.send(self.displayhook.pub_socket, "display_data", {"data": data, "metadata": {}}, parent=parent)


class Kernel(IPythonKernel):
    """A kernel that exists before it has sockets, so that cells can run in it before it is copied."""

    shell_class = Type(Shell)

    def begin(self, number: int) -> None:
        """Begin a cell: what follows belongs to it."""
        self.session.cells.append([])
        self.set_parent([], {"header": {"msg_id": f"cell-{number}", "session": "warm"}})

    def adopt(self, app: Forked, shell_stream: ZMQStream, control_stream: ZMQStream) -> None:
        """Take the sockets of a copy, so that a visitor's page can talk to it."""
        self.session, self.log = app.session, app.log
        self.shell_stream, self.control_stream = shell_stream, control_stream
        self.iopub_thread, self.iopub_socket, self.stdin_socket = app.iopub_thread, app.iopub_socket, app.stdin_socket
        self.control_thread, self.shell_channel_thread = app.control_thread, app.shell_channel_thread
        for part in (self.shell.displayhook, self.shell.display_pub):
            part.session, part.pub_socket = self.session, self.iopub_socket
        self.set_parent([], {})


class Forked(IPKernelApp):
    """The kernel application of a copy: it opens sockets and hands them to the kernel that has run the notebook."""

    def initialize(self, argv: Any = None) -> None:
        """Open what a kernel needs; everything else was done before the copy was made."""
        self.init_connection_file()
        self.init_poller()
        self.init_sockets()
        self.init_heartbeat()
        self.init_io()
        self.init_signal()
        self.init_kernel()

    def init_control(self, context: Any) -> None:
        """Open the control channel, without a debugger and without subshells: nobody writes code here."""
        from ipykernel.control import ControlThread
        from zmq import ROUTER

        self.control_socket = context.socket(ROUTER)
        self.control_socket.linger = 1000
        self.control_port = self._bind_socket(self.control_socket, self.control_port)
        self.control_thread = ControlThread(daemon=True)

    def init_kernel(self) -> None:
        """Hand the sockets to the kernel that is there already."""
        shell_stream = ZMQStream(self.shell_socket)
        control_stream = ZMQStream(self.control_socket, self.control_thread.io_loop)
        self.control_thread.start()
        self.kernel = Kernel.instance()
        self.kernel.adopt(self, shell_stream, control_stream)
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count


def make_kernel() -> Kernel:
    """Return this process's kernel, which records what it would send; its cells' output is recorded too."""
    debugger._is_debugpy_available = False  # it would bring threads and a server that nobody here may use
    config = Config()
    config.HistoryManager.enabled = False
    kernel = Kernel.instance(config=config, session=Recorder())
    kernel.shell.displayhook.session = kernel.shell.display_pub.session = kernel.session
    sys.stdout, sys.stderr = _Stream(kernel, "stdout"), _Stream(kernel, "stderr")
    return kernel


def run_cells(kernel: Kernel, cells: list[tuple[int, str]]) -> list[tuple[int, list[dict[str, Any]]]]:
    """Run code cells one after another until one fails, and return the outputs of each under its number."""
    for number, source in cells:
        kernel.begin(number)
        if not kernel.shell.run_cell(source, store_history=False).success:
            break
    return [(number, outputs) for (number, _), outputs in zip(cells, kernel.session.cells, strict=False)]


def threads() -> list[str]:
    """Return the names of this process's threads, those of libraries included; its own first."""
    tasks = sorted(Path("/proc/self/task").iterdir(), key=lambda t: int(t.name))
    return [(t / "comm").read_text().strip() for t in tasks]


def _become(order: dict[str, Any], ready: Callable[[], None]) -> None:
    """Turn this copy into the kernel of one visitor and say when it can be connected to; returns when it has been shut down."""
    end_with_parent()
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123
    nowhere = open(os.devnull, "w")  # noqa: SIM115, PTH123  what goes wrong here must not be told with its values
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = nowhere
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    os.environ.update(order["env"])
    with contextlib.suppress(OSError):
        os.chdir(order["cwd"])
    loop = ioloop.IOLoop(make_current=True)
    app = Forked(
        connection_file=order["connection_file"],
        parent_handle=os.getppid(),
        log_level=40,
        capture_fd_output=False,
    )
    log = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    quieten(app.log, get_logger(), level=logging.ERROR, stream=log)
    app.initialize()
    ready()
    app.start()
    loop.close(all_fds=True)


def serve() -> None:
    """Run the notebook that the first order holds, then fork a kernel for each further order, until standard input ends."""
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not be taken for an answer

    def tell(message: dict[str, Any]) -> None:
        line = json.dumps(message).encode() + b"\n"
        while line:
            line = line[os.write(answers, line) :]

    job = json.loads(sys.stdin.readline())
    sys.path.insert(0, "")
    kernel = make_kernel()
    outputs = run_cells(kernel, [tuple(c) for c in job["cells"]])
    tell({"ran": outputs, "threads": threads()})
    gc.collect()
    gc.freeze()  # what is shared with the copies is not touched by their garbage collection
    read, write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    alive: dict[int, str] = {}
    buffer = b""
    while True:
        ready, _, _ = select.select([0, read], [], [])
        if read in ready:
            os.read(read, 4096)
            for pid in list(alive):
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    tell({"id": alive.pop(pid), "ended": pid, "code": os.waitstatus_to_exitcode(status)})
        if 0 not in ready:
            continue
        chunk = os.read(0, 1 << 16)
        if not chunk:
            break
        *lines, buffer = (buffer + chunk).split(b"\n")
        for line in lines:
            order = json.loads(line)
            pid = os.fork()
            if pid == 0:
                os.close(read)
                os.close(write)
                _copy(order, answers, tell)
            alive[pid] = order["id"]
    for pid in alive:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _copy(order: dict[str, Any], answers: int, tell: Callable[[dict[str, Any]], None]) -> NoReturn:
    def ready() -> None:
        tell({"id": order["id"], "pid": os.getpid()})
        os.close(answers)

    code = 1
    try:
        _become(order, ready)
        code = 0
    except BaseException:
        logging.getLogger().exception("a kernel ended")
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve()
