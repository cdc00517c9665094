"""One writer for each output folder: a second run says who writes there, and since when.

The lock is the system's own, so that one left by a process which was killed, or by a machine that went down, holds nobody up.
On a folder of the network it holds as far as that network's locks do; in an object store there are none (docs/monthly-run.md).
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pace_nb.batch.journal import now
from pace_nb.errors import ParameterError

#: Unfinished runs, the lock, and the name of who holds it: inside the output folder.
WORK = ".work"
LOCK, WRITER = ".lock", ".writer.json"


@contextmanager
def claim(out: Path) -> Iterator[None]:
    """Hold an output folder, made if it is not there, while a run writes into it.

    Raises ParameterError where another run holds it, or where nothing can be written.
    """
    lock = FileLock(out / LOCK, timeout=0)
    try:
        (out / WORK).mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise ParameterError(
            f"Another run is writing into '{out.name}': {_who(out)}.",
            do="wait until it has ended (or end it: what it has made stays), then run this again with --resume; "
            "or choose another folder for --out.",
        ) from None
    except OSError as error:
        raise ParameterError(
            f"Nothing can be written to '{out.name}': {error.strerror}.", do="choose another folder for --out."
        ) from None
    who = out / WRITER
    try:
        told = {"process": os.getpid(), "computer": socket.gethostname(), "user": _user(), "since": now()}
        with contextlib.suppress(OSError):  # a full disk: the lock holds without it
            who.write_text(json.dumps(told), encoding="utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            who.unlink(missing_ok=True)
        shutil.rmtree(out / WORK, ignore_errors=True)
        if [p.name for p in out.iterdir()] == [LOCK]:
            with contextlib.suppress(OSError):  # Windows: not while it is held
                (out / LOCK).unlink()
        lock.release()
        with contextlib.suppress(OSError):  # a run that was refused leaves no empty folder
            out.rmdir()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a process without a user of that name, as in some containers
        return "?"


def _who(out: Path) -> str:
    """Say who holds a folder, as far as it is written there."""
    try:
        told = json.loads((out / WRITER).read_text(encoding="utf-8"))
        return f"process {told['process']} of {told['user']} on {told['computer']}, since {told['since']} (UTC)"
    except (OSError, ValueError, KeyError, TypeError):
        return "it does not say who"
