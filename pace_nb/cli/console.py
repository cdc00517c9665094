"""What every command uses: where it prints, how it tells of progress, the option that all of them have."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

out_console = Console(soft_wrap=True, highlight=False, markup=False)
err_console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)

AsAt = Annotated[
    str,
    typer.Option(
        "--as-at", help="The day up to which the records are known, such as 2019-07-31. Never today by default."
    ),
]


@contextmanager
def progress(total: int, what: str):
    """Yield a function to call after each piece of work: a bar with the time left on a terminal, plain lines in a log, nothing in a pipe.

    It takes what to say, and how many pieces that is: several at once were there before, so they say nothing of the time left.
    A log is a file, the journal of systemd, or what a service for continuous integration keeps (CI is set).
    """
    if err_console.is_terminal:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=err_console) as bar:
            task = bar.add_task(what, total=total)

            def show(text: str, pieces: int = 1) -> None:
                if pieces > 1:
                    bar.reset(task, completed=int(bar.tasks[0].completed) + pieces)
                bar.update(task, advance=1 if pieces == 1 else 0, description=text[:60])

            yield show
    elif not _is_log(err_console.file):
        yield lambda *_: None
    else:
        done = 0

        def tell(text: str, pieces: int = 1) -> None:
            nonlocal done
            done += pieces
            if pieces > 1 or done % max(1, total // 16) == 0 or done == total:
                err_console.print(f"{done} of {total}: {text}")

        yield tell


def _is_log(stream: Any) -> bool:
    """Tell whether somebody will read later what is written to a stream, rather than a program now."""
    try:
        held = os.fstat(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    journal = os.environ.get("JOURNAL_STREAM") == f"{held.st_dev}:{held.st_ino}"
    return stat.S_ISREG(held.st_mode) or journal or bool(os.environ.get("CI"))
