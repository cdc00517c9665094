"""The same pages on a Dask cluster, where one machine is not enough. The only module that imports Dask, and only when it is asked for.

A worker gets one page at a time: it reads the extract from where everybody can reach it (a shared folder, or an address), makes the
page in a private folder of its own, and sends back what it made. Only the process that asked writes into the output folder, so there
is one writer however many make pages, and a worker that is lost leaves nothing half written. Dask gives its page to another one.

A worker has to have the same package, notebooks, templates and libraries, to the byte, and the same key, and has to see the same
records: each is compared by its SHA-256, before the first page and again with each page, because workers come and go.

Names of tasks are numbers: no area, no file, no child stands in one, nor on Dask's dashboard. What a cluster is sent is pickled, so a
scheduler that strangers can reach is a computer that strangers can use: see docs/monthly-run.md.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pace_nb.batch.one import Result, no_page, run_one
from pace_nb.batch.places import fetched
from pace_nb.batch.plan import Run
from pace_nb.batch.software import key_digest, notebooks_digest, software
from pace_nb.errors import PaceError, ParameterError, few

#: What --scheduler takes for a cluster on this machine, which ends with the run.
LOCAL = "local"
#: Seconds to wait for a scheduler, and for its first worker.
PATIENCE = 30
#: A page that came to a worker which must not make it is given to another one as often as this.
TRIES = 3
#: Seconds for which a run goes on waiting while its cluster has no worker at all.
ALONE = 120
LOST = (
    "Each worker of the cluster that was given this page ended without a word (out of memory?). Run it again with --resume, and with "
    "fewer workers on one machine."
)
GONE = "The scheduler of the cluster went away, or was left without a worker, before this page was made. Run it again with --resume."


@dataclass(frozen=True)
class Sent:
    """What a worker sends back: what became of the page, and every file of it by its path from the output folder.

    refused: why this worker did not try; blank if it did.
    """

    result: Result | None
    files: dict[str, bytes]
    refused: str = ""


def fingerprint() -> str:
    """Return the SHA-256 of all that has to be the same on every machine that makes pages of one run."""
    return hashlib.sha256(json.dumps([software(), notebooks_digest(), key_digest()]).encode()).hexdigest()


@contextmanager
def open_cluster(scheduler: str, workers: int) -> Iterator[Any]:
    """Give a client of a cluster whose workers are as this machine is.

    scheduler: the address of a Dask scheduler, or "local". workers: of a local cluster, how many; 0 for one for each processor.

    Raises ParameterError where Dask is not installed, where no scheduler answers, where there is no worker, or where one differs.
    """
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise ParameterError(
            "Making pages on a cluster needs Dask, and it is not installed.",
            do="install it with pip install 'pace-nb[cluster]', or leave out --scheduler.",
        ) from None
    with _client(scheduler, workers) as client:
        _require_same(client, fingerprint())
        yield client


def run_on_cluster(
    client: Any, runs: Sequence[Run], out: Path, engine: str | None, where: Callable[[Run], str]
) -> Iterator[tuple[int, Any]]:
    """Yield the index of each run and its result, in the order in which they end; their files are written into `out` before that.

    client: from `open_cluster`. engine: papermill's name of it. where: the path or the address at which workers find the extract of a run.
    """
    from distributed import as_completed

    expected = fingerprint()
    name = f"page-{secrets.token_hex(4)}"

    def submit(index: int, again: int) -> Any:
        key = f"{name}-{index}-{again}"
        return client.submit(make_remote, runs[index], where(runs[index]), engine, expected, key=key, pure=False)

    running = {submit(i, 0): (i, 0) for i in range(len(runs))}
    ended = as_completed(running, loop=client.loop)
    try:
        for future in _as_they_end(ended, client):
            index, again = running.pop(future)
            value = _result(future, runs[index])
            if isinstance(value, Sent) and value.refused:
                if again + 1 < TRIES:
                    retry = submit(index, again + 1)
                    running[retry] = (index, again + 1)
                    ended.add(retry)
                    continue
                value = no_page(runs[index], "failed", value.refused)
            elif isinstance(value, Sent):
                value = _write(value, runs[index], out)
            yield index, value
        for index, _ in running.values():
            yield index, no_page(runs[index], "failed", GONE)
    finally:
        client.cancel(list(running), force=True)


def make_remote(run: Run, place: str, engine: str | None, expected: str) -> Sent:
    """Make one page on a worker, and return it with every file that belongs to it. Nothing is left on the worker.

    place: where the extract lies, as the worker sees it.
    """
    if fingerprint() != expected:
        return Sent(None, {}, _other("a worker of the cluster"))
    try:
        with fetched(place) as here, tempfile.TemporaryDirectory(prefix="pace-nb-") as private:
            if not here.exists():
                return Sent(None, {}, _unseen(run))
            given = {**run.parameters, "extract_path": str(here.resolve())}
            result = run_one(replace(run, source=here, parameters=given), Path(private), engine)
            made = [p for p in Path(private, run.slug).rglob("*") if p.is_file()]
            return Sent(result, {p.relative_to(private).as_posix(): p.read_bytes() for p in made})
    except PaceError as error:
        return Sent(None, {}, str(error))


def _unseen(run: Run) -> str:
    return (
        f"A worker of the cluster cannot see the extract '{run.source.name}'. What to do: put the extracts where every worker finds them "
        "under the same path, or name them by an address."
    )


def _other(who: str) -> str:
    return (
        f"{who[0].upper()}{who[1:]} has another version of pace-nb, of its notebooks, of a library or of the key, so its pages would not "
        "be the same. What to do: install the same version there, and start the worker again."
    )


def _as_they_end(ended: Any, client: Any) -> Iterator[Any]:
    """Yield each task that has ended; stop before the rest where the cluster has had no worker for `ALONE` seconds."""
    seen = asked = time.monotonic()
    while not ended.is_empty():
        if ended.has_ready():
            seen = time.monotonic()
            yield next(ended)
            continue
        time.sleep(0.02)
        if time.monotonic() - asked > ALONE / 10:
            asked = time.monotonic()
            with contextlib.suppress(Exception):  # it does not answer just now; the tasks say when it is gone
                seen = asked if client.scheduler_info()["workers"] else seen
            if asked - seen > ALONE:
                return


def _result(future: Any, run: Run) -> Any:
    """Return what came of a task, as a result where it is known why there is no page; else the error."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return no_page(run, "failed", LOST)
    except CancelledError:  # nobody cancels one but Dask, which has lost the scheduler
        return no_page(run, "failed", GONE)
    except Exception as error:
        return error


def _write(sent: Sent, run: Run, out: Path) -> Result:
    """Write what a worker sent into the output folder, each file whole or not at all."""
    from pace_nb.batch.one import publish_file, say_os_error

    try:
        for name, content in sent.files.items():
            if not name.startswith(f"{run.slug}/") or ".." in Path(name).parts:
                return no_page(run, "failed", "A worker of the cluster sent a file that belongs to no page.")
            publish_file(content, out / name)
    except OSError as error:
        return no_page(run, "failed", say_os_error(error))
    return sent.result if sent.result is not None else no_page(run, "failed", "A worker of the cluster sent nothing.")


@contextmanager
def _client(scheduler: str, workers: int) -> Iterator[Any]:
    """Give a client of the cluster. TLS is taken from Dask's own settings (`distributed.comm.tls`), for an address with tls://."""
    import dask
    from distributed import Client, LocalCluster

    dask.config.set({"distributed.comm.timeouts.connect": PATIENCE})
    if scheduler == LOCAL:
        with (
            LocalCluster(
                n_workers=workers or None,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                worker_dashboard_address=None,
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ParameterError(
            f"No Dask scheduler answers at '{scheduler}' ({type(error).__name__}).",
            do="start one with `dask scheduler --host 127.0.0.1`, or check the address.",
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ParameterError(
                f"The scheduler at '{scheduler}' has no worker.",
                do="start one with `dask worker ADDRESS --nthreads 1`.",
            ) from None
        yield client


def _require_same(client: Any, expected: str) -> None:
    """Refuse to begin where a worker is not as this machine is. Raises ParameterError with the address of each, and why."""
    threads = {name: told["nthreads"] for name, told in client.scheduler_info(n_workers=-1)["workers"].items()}
    faults = [f"{name} runs {n} pages at once in one process" for name, n in threads.items() if n != 1]
    if faults:
        raise ParameterError(
            "A worker has to make one page at a time.",
            where=faults,
            do="start workers with --nthreads 1 (and --nworkers as many).",
        )
    told = client.run(fingerprint, on_error="return")
    other = [name for name, one in told.items() if one != expected]
    if other:
        raise ParameterError(_other(f"the worker at {few(other)}"))


def crosses_network_openly(scheduler: str) -> bool:
    """Tell whether what goes to a scheduler can be read on the way: it is on another machine, and its address has no tls://.

    >>> crosses_network_openly("tcp://10.0.0.4:8786"), crosses_network_openly("tcp://127.0.0.1:8786"), crosses_network_openly("tls://x:1")
    (True, False, False)
    """
    if scheduler in ("", LOCAL) or scheduler.startswith("tls://"):
        return False
    host = scheduler.split("://")[-1].rsplit(":", 1)[0]
    return host not in ("127.0.0.1", "localhost", "[::1]")
