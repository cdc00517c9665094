"""What could change a page besides the records and the parameters: this package, its templates, and what they stand on.

A version number alone would not do: in a checkout the code changes and its number does not. Everything is hashed whole, each time;
sizes and times of files are never taken for their content. It takes a few hundredths of a second.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pace_nb.errors import ParameterError
from pace_nb.paths import NOTEBOOKS, TEMPLATES
from pace_nb.pseudonyms import find_key

#: Libraries that compute, draw or write something that stands on a page.
PACKAGES = (
    "pace-nb",
    "pandas",
    "numpy",
    "scipy",
    "altair",
    "vl-convert-python",
    "papermill",
    "nbconvert",
    "nbclient",
    "ipykernel",
)
_CHUNK = 1 << 20


def versions() -> dict[str, str]:
    """Return the version of Python and of each library that a page depends on; "" of one that is not installed."""
    return {"python": platform.python_version(), **{p: _version(p) for p in PACKAGES}}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@lru_cache(maxsize=1)
def software() -> str:
    """Return the SHA-256 of this package, its templates, and the versions of the libraries; not of the notebooks."""
    package = Path(__file__).parent.parent
    own = (p for p in files_below(package) if "_notebooks" not in p.relative_to(package).parts)
    known = {"package": digest_files(package, own), "templates": digest_files(TEMPLATES, files_below(TEMPLATES))}
    return _digest(repr(sorted({**known, **versions()}.items())).encode())


@lru_cache(maxsize=64)
def notebook_digest(name: str) -> str:
    """Return the SHA-256 of a notebook's file, by its name without the ending."""
    return _digest((NOTEBOOKS / f"{name}.ipynb").read_bytes())


def notebooks_digest() -> str:
    """Return the SHA-256 of all notebooks that there are."""
    return digest_files(NOTEBOOKS, sorted(NOTEBOOKS.glob("*.ipynb")))


def key_digest() -> str:
    """Return the fingerprint of the key that children are named with; "" where there is none that can be used."""
    try:
        return find_key(synthetic=False).fingerprint
    except ParameterError:
        return ""


def files_below(folder: Path) -> list[Path]:
    """Return every file below a folder, in order of path; not what Python and the system keep for themselves."""
    return sorted(
        p
        for p in folder.rglob("*")
        if p.is_file() and p.name != ".DS_Store" and not {"__pycache__", ".ipynb_checkpoints"} & {*p.parts}
    )


def digest_files(folder: Path, files: Iterable[Path]) -> str:
    """Return the SHA-256 of files: of the path of each from `folder`, and of its content."""
    lines = (f"{p.relative_to(folder).as_posix()} {digest_file(p)}\n" for p in files)
    return _digest("".join(lines).encode())


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file of any size, read a piece at a time."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
