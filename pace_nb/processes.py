"""What processes that fork others have in common: quiet libraries, a name in lists of processes, an end with who started them."""

from __future__ import annotations

import ctypes
import signal
import sys

#: Set before the libraries are imported, so that none of them starts threads of its own: a fork takes no thread along. The third is of
#: the jemalloc that comes with pyarrow.
QUIET = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
#: Whether a process can be forked safely. On macOS libraries of the system forbid it, Windows knows no such thing.
CAN_FORK = sys.platform.startswith("linux")

_SET_DEATH_SIGNAL, _SET_NAME = 1, 15  # PR_SET_PDEATHSIG and PR_SET_NAME (Linux: man 2 prctl)


def end_with_parent() -> None:
    """Have the system end this process when the one that started it has ended, whatever ended that. Linux only."""
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)


def name_process(name: str) -> None:
    """Give this process a name of at most 15 letters in the system's list of processes; does nothing where that is not Linux.

    >>> name_process("pace-nb")
    """
    if CAN_FORK:
        ctypes.CDLL(None).prctl(_SET_NAME, name.encode())
