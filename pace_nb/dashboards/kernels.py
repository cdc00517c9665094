"""A kernel for each visitor: a copy of the process that has run the notebook already.

`WarmProvisioner` is what jupyter_client asks for a kernel's process (entry point `pace-warm`). Where a process cannot be
copied (Windows, macOS), or no notebook was run beforehand, it starts an ordinary kernel.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import uuid
from dataclasses import dataclass
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from pace_nb.processes import QUIET

AVAILABLE = sys.platform.startswith("linux")
AT_ONCE = 2 * (os.cpu_count() or 1)  # kernels that start at the same time; the next waits its turn
#: A background thread of an allocator is known to survive a fork; every other thread would be lost in the copy.
HARMLESS_THREADS = {"jemalloc_bg_thd"}


@dataclass(frozen=True)
class Ran:
    """What became of the notebook: the outputs of each cell under its number, and the threads that are left running."""

    outputs: dict[int, list[dict[str, Any]]]
    threads: tuple[str, ...]


class Warm:
    """The process that has run a notebook, and the conversation with it."""

    def __init__(self, cells: list[tuple[int, str]], cwd: str):
        self.cells, self.cwd = cells, cwd
        self.process: subprocess.Popen | None = None
        self.heard: subprocess.Popen | None = None  # the one whose answers the event loop listens to
        self.started: dict[str, asyncio.Future] = {}
        self.ended: dict[int, int] = {}
        self.turn = asyncio.Semaphore(AT_ONCE)  # first come, first served
        self.buffer = b""

    def run(self) -> Ran:
        """Start the process and have it run the notebook; return when it has. Raises OSError if it ends without a word."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pace_nb.dashboards.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self.cwd,
            env={**os.environ, **QUIET},
            start_new_session=True,  # Ctrl-C is for the server, which ends this one in order
        )
        self._order({"cells": self.cells})
        while b"\n" not in self.buffer:
            chunk = os.read(self.process.stdout.fileno(), 1 << 20)
            if not chunk:
                raise OSError("the process that runs the notebook ended without a word")
            self.buffer += chunk
        line, self.buffer = self.buffer.split(b"\n", 1)
        told = json.loads(line)
        return Ran(dict(told["ran"]), tuple(told["threads"]))

    async def fork(self, connection_file: str, cwd: str, env: dict[str, str]) -> int:
        """Return the process id of a new kernel once it can be connected to. Raises OSError if it does not come up."""
        async with self.turn:
            if self.process is None or self.process.poll() is not None:
                await asyncio.to_thread(self.run)
            if self.heard is not self.process:
                asyncio.get_running_loop().add_reader(self.process.stdout.fileno(), self._read)
                self.heard = self.process
            name = uuid.uuid4().hex
            self.started[name] = asyncio.get_running_loop().create_future()
            self._order({"id": name, "connection_file": connection_file, "cwd": cwd, "env": env})
            try:
                return await asyncio.wait_for(self.started[name], 60)
            except TimeoutError as slow:
                raise OSError("a kernel did not start within a minute") from slow
            finally:
                del self.started[name]

    def stop(self) -> None:
        """End the process and every kernel that came of it."""
        if self.process is not None:
            self.process.stdin.close()  # it ends its kernels, then itself
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _order(self, order: dict[str, Any]) -> None:
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()

    def _read(self) -> None:
        chunk = os.read(self.process.stdout.fileno(), 1 << 16)
        if not chunk:
            asyncio.get_running_loop().remove_reader(self.process.stdout.fileno())
            self.process.wait()  # its kernels end with it
            for future in self.started.values():
                if not future.done():
                    future.set_exception(OSError("the process that runs the notebook ended"))
            return
        *lines, self.buffer = (self.buffer + chunk).split(b"\n")
        for line in lines:
            told = json.loads(line)
            if "ended" in told:
                self.ended[told["ended"]] = told["code"]
            future = self.started.get(told.get("id"))
            if future is not None and not future.done():
                if "ended" in told:
                    future.set_exception(OSError("a kernel ended before it could be used"))
                else:
                    future.set_result(told["pid"])


class Copy:
    """A kernel's process that another process has started: what `subprocess.Popen` says of a process of one's own."""

    stdin = stdout = stderr = None

    def __init__(self, warm: Warm, pid: int):
        self.warm, self.pid, self.returncode, self.parent = warm, pid, None, warm.process

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        if self.returncode is None:
            gone = self.parent.poll() is not None
            self.returncode = self.warm.ended.pop(self.pid, -signal.SIGKILL if gone else None)
        return self.returncode

    def wait(self) -> int | None:
        """Return the exit code of a process that has ended (the provisioner polls until it has)."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the process, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Gives a kernel manager a copy of the warm process; everything else is as for a local process."""

    warm: Warm | None = None  # set by the server that has one; the same for every kernel of it

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Start a kernel and return how to connect to it."""
        if WarmProvisioner.warm is None:  # what goes wrong there must not be told with its values, in the server's log
            return await super().launch_kernel(cmd, **{**kwargs, "stderr": subprocess.DEVNULL})
        env = {k: v for k, v in (kwargs.get("env") or {}).items() if os.environ.get(k) != v}
        pid = await WarmProvisioner.warm.fork(self.parent.connection_file, str(kwargs.get("cwd") or "."), env)
        self.process = Copy(WarmProvisioner.warm, pid)
        self.pid = self.pgid = pid  # the copy leads a session of its own
        return self.connection_info


def threads_that_matter(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the threads of a process, beside its first, that a copy of it would lack.

    >>> threads_that_matter(("python", "jemalloc_bg_thd", "V8 Worker"))
    ('V8 Worker',)
    """
    return tuple(n for n in names[1:] if n not in HARMLESS_THREADS)
