"""Folders that lie elsewhere: an object store or a server, named by an address such as s3://bucket/extracts.

Addresses are read by fsspec. What is read from one is copied into a folder that only this user can open, and taken away with it;
what is made is copied to one, page by page. A path without "://" is a folder of this machine, or of a network drive, and is used as it is.
Kinds of addresses beyond fsspec's own (file, memory, http, ftp, sftp, ...) need a package of theirs, such as s3fs.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import fsspec
import fsspec.core

from pace_nb.batch.journal import EVENTS
from pace_nb.errors import DataError, ParameterError

if TYPE_CHECKING:
    from pace_nb.batch.one import Result


@dataclass(frozen=True)
class Mirror:
    """Where pages are written, and what has to be told of each so that it goes where it is wanted: None at the end of the run."""

    folder: Path
    send: Callable[[Result | None], None]


def is_address(place: str) -> bool:
    """Tell whether a place is an address and no path.

    >>> is_address("s3://bucket/extracts"), is_address("extracts/fife")
    (True, False)
    """
    return "://" in place


def without_password(place: str) -> str:
    """Return a place as it may be told, without the name and password that an address can hold.

    >>> without_password("sftp://me:secret@server/reports")
    'sftp://server/reports'
    """
    return re.sub(r"(?<=://)[^/@]*@", "", place)


@contextmanager
def fetched(place: str) -> Iterator[Path]:
    """Give a folder of this machine with what lies at a place: the folder itself, or a copy of what an address holds.

    Raises DataError where there is nothing, ParameterError for an address that cannot be read.
    """
    if not is_address(place):
        yield Path(place)
        return
    with tempfile.TemporaryDirectory(prefix="pace-nb-") as private:
        system, path = _open(place)
        folder = Path(private) / (PurePosixPath(path).name or "extracts")
        if not _copy_here(system, path, folder):
            raise DataError(f"There is nothing at '{without_password(place)}'.", do="check the address of the extract.")
        yield folder


@contextmanager
def mirrored(place: str) -> Iterator[Mirror]:
    """Give a folder of this machine into which pages are made: the folder itself, or one whose pages go to an address as they are made.

    What an earlier run left at the address is fetched first, so that it can be gone on with. Raises ParameterError for an address that
    cannot be used.
    """
    if not is_address(place):
        yield Mirror(Path(place), lambda _: None)
        return
    with tempfile.TemporaryDirectory(prefix="pace-nb-") as private:
        system, path = _open(place)
        folder = Path(private) / (PurePosixPath(path).name or "reports")
        _copy_here(system, path, folder)
        folder.mkdir(exist_ok=True)
        sent = {name: _state(folder / name) for name in _names(folder)}

        def send(result: Result | None) -> None:
            """Bring the address up to date: the files that are new, then what tells of them; and take away what is no more."""
            names = _names(folder)
            changed = [n for n in names if sent.get(n) != _state(folder / n)]
            if result is not None:  # the index and the manifest come last, once all that they name is there
                changed = [n for n in changed if n.startswith(f"{result.slug}/") or n == EVENTS]
            for name in sorted(changed, key=lambda n: "/" not in n):
                _put(system, (folder / name).read_bytes(), f"{path}/{name}", place)
                sent[name] = _state(folder / name)
            for name in [n for n in sent if n not in names]:
                _refusing(place, lambda n=name: system.rm_file(f"{path}/{n}"))
                del sent[name]

        yield Mirror(folder, send)


def _open(place: str) -> tuple[Any, str]:
    kind = place.split("://", 1)[0]
    try:
        system, path = fsspec.core.url_to_fs(place)
    except ImportError as error:
        raise ParameterError(f"Addresses that begin with {kind}:// cannot be used here: {error}.") from None
    except ValueError:
        raise ParameterError(f"There is no kind of address '{kind}://'.", do="use one that fsspec knows.") from None
    except Exception as error:  # some kinds connect at once
        raise _refused(place, error) from None
    return system, str(path).rstrip("/")


def _copy_here(system: Any, path: str, folder: Path) -> bool:
    """Copy what lies at an address, if anything does, and tell whether it does."""

    def copy() -> bool:
        if not system.exists(path):
            return False
        if system.isfile(path):
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.write_bytes(system.cat_file(path))
            return True
        for file in system.find(path):
            name = PurePosixPath(file.removeprefix(path).lstrip("/"))
            if ".." in name.parts or name.is_absolute():
                continue
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(system.cat_file(file))
        return folder.exists()

    return _refusing(path, copy)


def _put(system: Any, content: bytes, path: str, place: str) -> None:
    def put() -> None:
        system.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        system.pipe_file(path, content)  # whole or not at all in an object store

    _refusing(place, put)


def _refusing(place: str, do: Callable[[], Any]) -> Any:
    """Do something at an address, and say so in a sentence where it is refused."""
    try:
        return do()
    except Exception as error:  # each kind of address has errors of its own
        raise _refused(place, error) from None


def _refused(place: str, error: Exception) -> ParameterError:
    return ParameterError(
        f"'{without_password(place)}' cannot be used: {type(error).__name__}.",
        do="check the address, and what you may do there.",
    )


def _names(folder: Path) -> list[str]:
    """Return the files of a run by their path from its folder; not those of a run at work."""
    return sorted(
        n
        for p in folder.rglob("*")
        if p.is_file() and not (n := p.relative_to(folder).as_posix()).startswith((".work/", ".lock", ".writer"))
    )


def _state(file: Path) -> tuple[int, int]:
    return file.stat().st_size, file.stat().st_mtime_ns
