"""A process that has already imported everything, and forks a throw-away copy of itself for each notebook.

Started by `pace_nb.batch.engine`: forked from a process that has imported everything, or run as `python -m pace_nb.batch.warm`. It
reads one notebook a line and answers a line a cell. It stays single-threaded: it imports, forks and waits, and never draws or
exports, so no library's thread (BLAS, V8, history) is alive when it forks. The copy has a session of its own, so that a
time limit ends all that a cell may have started; nothing that it does outlives it. What such programs print stands in the notebook, as
with a kernel, and in no log.
"""

from __future__ import annotations

import base64
import builtins
import codecs
import gc
import io
import json
import os
import random
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, NoReturn

import comm
from comm.base_comm import BaseComm
from ipykernel.compiler import XCachingCompiler
from ipykernel.jsonutil import json_clean
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from pace_nb.processes import end_with_parent, name_process

_WIDGETS = "application/vnd.jupyter.widget-state+json"
#: What a kernel sets for the programs that cells start, and for matplotlib.
_KERNEL = {
    "TERM": "xterm-color",
    "CLICOLOR": "1",
    "FORCE_COLOR": "1",
    "CLICOLOR_FORCE": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


class Programs:
    """What is written past Python to standard output and error, by programs that a cell starts: kept in memory, read as it grows."""

    def __init__(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")
        self.files = [(n, os.memfd_create(n), decoder("replace")) for n in ("stdout", "stderr")]
        for number, (_, file, _) in enumerate(self.files, 1):
            os.dup2(file, number)
        self.read = [0, 0]
        self.one_at_a_time = threading.RLock()

    def more(self) -> list[tuple[str, str]]:
        """Return what is new, each with the name of its stream."""
        found = []
        with self.one_at_a_time:  # a cell's threads print too
            for i, (name, file, decoder) in enumerate(self.files):
                while chunk := os.pread(file, 1 << 20, self.read[i]):
                    self.read[i] += len(chunk)
                    found.append((name, decoder.decode(chunk)))
        return found


class Recorder:
    """The outputs of each cell, in the form in which a notebook holds them.

    programs: gives what programs have written since it was called last, with the name of the stream.
    """

    def __init__(self, programs: Callable[[], Iterable[tuple[str, str]]] = tuple) -> None:
        self.programs = programs
        self.cells: list[list[dict[str, Any]]] = []
        self.changed: set[int] = set()
        self.shown: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        self.clear_next = False
        self.widgets: dict[str, dict[str, Any]] = {}
        self.buffers: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}

    def begin(self) -> None:
        """Begin the next cell."""
        self.cells.append([])
        self.clear_next = False

    def add(self, output: dict[str, Any], display_id: str | None = None) -> None:
        """Add an output to the running cell; a display id makes it one that can be changed later."""
        self.catch_up()
        self._add(output)
        if display_id:
            self.shown.setdefault(display_id, []).append((len(self.cells) - 1, output))

    def _add(self, output: dict[str, Any]) -> None:
        if self.clear_next:
            self.cells[-1].clear()
            self.clear_next = False
        self.cells[-1].append(output)
        self.changed.add(len(self.cells) - 1)

    def update(self, display_id: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Change what was shown before under this id, in whichever cell it stands."""
        for cell, output in self.shown.get(display_id, []):
            output["data"], output["metadata"] = data, metadata
            self.changed.add(cell)

    def write(self, name: str, text: str) -> None:
        """Add text to the stream of this name."""
        self.catch_up()
        self._write(name, text)

    def catch_up(self) -> None:
        """Add what programs have written since."""
        for name, text in self.programs():
            self._write(name, text)

    def _write(self, name: str, text: str) -> None:
        last = self.cells[-1][-1] if self.cells and self.cells[-1] and not self.clear_next else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        elif self.cells:
            self._add({"output_type": "stream", "name": name, "text": text})

    def clear(self, wait: bool) -> None:
        """Remove the running cell's outputs, now or when the next one comes."""
        self.catch_up()
        if wait:
            self.clear_next = True
        else:
            self.cells[-1].clear()

    def keep_state(self, model: str, data: dict[str, Any], buffers: list[Any]) -> None:
        """Add what a widget says of its state to what it said before."""
        if "state" not in data:
            return
        self.widgets.setdefault(model, {}).update(data["state"])
        for path, content in zip(data.get("buffer_paths") or [], buffers, strict=False):
            encoded = base64.b64encode(bytes(content)).decode("ascii")
            self.buffers.setdefault(model, {})[tuple(path)] = {"data": encoded, "encoding": "base64", "path": path}

    def widget_states(self) -> dict[str, Any]:
        """The state of each widget in the form in which a notebook's metadata hold it; nothing where there is none."""
        states = {}
        for model, state in self.widgets.items():
            if "_model_name" in state:
                names = {n: state.get(f"_{n}") for n in ("model_name", "model_module", "model_module_version")}
                held = {"buffers": list(self.buffers[model].values())} if model in self.buffers else {}
                states[model] = {**names, "state": state, **held}
        return {_WIDGETS: {"state": states, "version_major": 2, "version_minor": 0}} if self.widgets else {}


class _Comm(BaseComm):
    """A widget's connection to a page that nobody looks at."""

    recorder: Recorder

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **_: Any) -> None:
        self.recorder.keep_state(self.comm_id, json_clean(data or {}), buffers or [])


class _Stream(io.TextIOBase):
    """Standard output or error of a cell."""

    encoding, errors = "UTF-8", None

    def __init__(self, recorder: Recorder, name: str):
        self.recorder, self.name = recorder, name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if text:
            self.recorder.write(self.name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1 if self.name == "stdout" else 2


class _Publisher(DisplayPublisher):
    recorder: Recorder

    def publish(self, data, metadata=None, *, transient=None, update=False, **_: Any) -> None:
        display_id = (transient or {}).get("display_id")
        data, metadata = json_clean(data), json_clean(metadata or {})
        if update:
            self.recorder.update(display_id, data, metadata)
        else:
            self.recorder.add({"output_type": "display_data", "data": data, "metadata": metadata}, display_id)

    def clear_output(self, wait: bool = False) -> None:
        self.recorder.clear(wait)


class _Hook(DisplayHook):
    recorder: Recorder

    def start_displayhook(self) -> None: ...

    def write_output_prompt(self) -> None: ...

    def write_format_data(self, format_dict, md_dict=None) -> None:
        self.output = {
            "output_type": "execute_result",
            "execution_count": self.prompt_count,
            "data": json_clean(format_dict),
            "metadata": json_clean(md_dict or {}),
        }

    def finish_displayhook(self) -> None:
        if getattr(self, "output", None):
            self.recorder.add(self.output)
        self.output = None


class _Shell(InteractiveShell):
    """IPython without a terminal and without a kernel: it records what a kernel would have sent."""

    recorder: Recorder
    compiler_class = Type(XCachingCompiler)  # names cells as a kernel does
    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def _showtraceback(self, etype, evalue, stb) -> None:
        self.recorder.add(
            {"output_type": "error", "ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)}
        )

    def init_io(self) -> None: ...

    def enable_gui(self, gui=None) -> None: ...

    def ask_exit(self) -> None: ...


def _refuse_input(*_: Any) -> str:
    raise RuntimeError("a report cannot ask for input")


def run_cells(cells: list[tuple[int, str, bool]], tell, programs: Programs) -> None:
    """Run code cells one after another until one fails that may not; tell each one's beginning, and its outputs when it has ended."""
    recorder = Recorder(programs.more)
    config = Config()
    config.HistoryManager.enabled = False
    shell = _Shell.instance(config=config)
    shell.recorder = shell.display_pub.recorder = shell.displayhook.recorder = _Comm.recorder = recorder
    comm.create_comm = _Comm
    sys.stdout, sys.stderr = _Stream(recorder, "stdout"), _Stream(recorder, "stderr")
    builtins.input = _refuse_input
    for index, source, may_fail in cells:
        recorder.begin()
        tell({"begin": index})
        result = shell.run_cell(source, store_history=True)
        recorder.catch_up()
        outputs = {cells[i][0]: recorder.cells[i] for i in sorted(recorder.changed)}
        recorder.changed.clear()
        ok = result.success or may_fail
        tell({"end": index, "count": result.execution_count, "outputs": list(outputs.items()), "ok": ok})
        if not ok:
            break
    if recorder.widgets:
        tell({"widgets": recorder.widget_states()})


def _child(job: dict[str, Any], answers: int) -> None:
    end_with_parent()
    name_process("pace-nb cells")
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what a cell starts must not read the next notebook
    sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123
    signal.signal(signal.SIGINT, signal.default_int_handler)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    os.chdir(job["cwd"])
    os.environ.update(_KERNEL)
    sys.path.insert(0, "")

    def tell(message: dict[str, Any]) -> None:
        # Half a letter cannot be written.
        line = json.dumps(message, ensure_ascii=False).encode(errors="replace") + b"\n"
        while line:
            line = line[os.write(answers, line) :]

    tell({"pid": os.getpid()})
    run_cells([tuple(c) for c in job["cells"]], tell, Programs())


def serve(asked: Iterable[str], answers: int) -> None:
    """Fork for each notebook that is asked for, a line each, until no more are; `answers` is the descriptor to write to."""
    end_with_parent()
    name_process("pace-nb warm")
    for line in asked:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                _child(json.loads(line), answers)
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        _, status = os.waitpid(pid, 0)
        os.write(answers, json.dumps({"ended": status}).encode() + b"\n")


def serve_copy(asked: int, answers: int) -> NoReturn:
    """Be the warm process in a process that has just been forked from one which has imported everything. Descriptors."""
    os.dup2(2, 1)  # whatever a cell's programs print does not belong on the output of the whole run
    try:
        serve(os.fdopen(asked), answers)
    finally:
        os._exit(0)


def main() -> None:
    """Import what notebooks need, then be the warm process: notebooks from standard input, answers to standard output."""
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not be taken for an answer
    for module in ("scipy.stats", "altair.vegalite.v6", "pace_nb.names"):
        import_module(module)
    gc.collect()
    gc.freeze()  # what is shared with the copies is not touched by their garbage collection
    serve(sys.stdin, answers)


if __name__ == "__main__":
    main()
