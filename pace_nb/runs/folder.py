"""The folder of a run: what its manifest says was written into it, and whether that is still what lies there.

A manifest is a file that anybody can write. What it names is used only if it has the form of a page's name and lies in the
folder itself, and nothing is followed out of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pace_nb.errors import ParameterError
from pace_nb.outputs.files import NAMES

MANIFEST, INDEX = "manifest.json", "index.html"
#: What a run leaves beside its pages: its event log, the lock of its folder, and who held it.
BESIDE = ("events.jsonl", ".lock", ".writer.json")
_PAGE = re.compile(r"[a-z0-9-]+/(?:[0-9]_[a-z0-9_]+|children)\.html")
_FILE = re.compile(r"(?:[a-z0-9-]+/)?[a-z0-9_-]+\.[a-z]+")
_KEPT = re.compile(r"[a-z0-9-]+/[0-9]_[a-z0-9_]+\.FAILED\.ipynb")


@dataclass(frozen=True)
class Run:
    """A run of the batch, as its manifest tells of it.

    Runs of earlier versions can be read too, so that they can be forgotten; they have no hashes, so that they cannot be released.
    name: what it is known by in a sign-off and in the log. finished: when it ended (UTC). made: the rows of its pages, each with
    `page` and `page_sha256`, and in `files` what was made of the page besides; others: the rows of what was not made, with the reason.
    state: "finished", "stopped" by somebody, or "running" still, or broken off. files: what is of the whole run. before: the
    day of the run with which its index compares. keys: fingerprints of the keys in use.
    """

    folder: Path
    name: str
    as_at: date
    audience: str
    marking: str
    finished: datetime
    made: tuple[dict[str, Any], ...]
    others: tuple[dict[str, Any], ...]
    index_sha256: str
    manifest_sha256: str
    state: str = "finished"
    files: tuple[str, ...] = ()
    before: str = ""

    @property
    def pages(self) -> tuple[str, ...]:
        """Where its pages lie, from its folder."""
        return tuple(row["page"] for row in self.made)

    @property
    def beside(self) -> dict[str, str]:
        """What was made of its pages besides (PDF, workbooks, pictures): where it lies, with its SHA-256."""
        return {f["path"]: f["sha256"] for row in self.made for f in row.get("files", ())}

    @property
    def kept(self) -> tuple[str, ...]:
        """Where the marked notebooks of what failed lie."""
        return tuple(row["kept"] for row in self.others if _KEPT.fullmatch(str(row.get("kept", ""))))

    @property
    def keys(self) -> frozenset[str]:
        """Fingerprints of the keys that its children are named with."""
        return frozenset(row["key"] for row in self.made if row.get("key"))

    @property
    def named(self) -> frozenset[str]:
        """Every file that the manifest says the run left."""
        return frozenset({MANIFEST, INDEX, *BESIDE, *self.pages, *self.beside, *self.kept, *self.files})

    @property
    def days(self) -> frozenset[date]:
        """The days that its pages name because they were asked for, and the day with which its index compares."""
        given = [row.get("parameters", {}) for row in self.made]
        asked = [g[n] for g in given for n in ("as_at", "since") if g.get(n)]
        return frozenset(map(date.fromisoformat, [*asked, *([self.before] if self.before else [])]))

    def changes(self) -> list[str]:
        """Return in what the folder is no longer as the run left it: a page that is gone or altered, a file that was added."""
        wanted = {row["page"]: row.get("page_sha256", "") for row in self.made}
        wanted |= {INDEX: self.index_sha256, **self.beside}
        said = (
            []
            if self.state == "finished"
            else ["the run was stopped or broken off before its end: finish it with --resume"]
        )
        for name, sha256 in wanted.items():
            path = self.folder / name
            if path.is_symlink() or not path.is_file():
                said.append(f"{name} is not there any more")
            elif file_sha256(path) != sha256:
                said.append(f"{name} was changed after the run")
        strangers = sorted(n for n in files_in(self.folder) if n not in self.named)
        return said + [f"{name} was not made by this run" for name in strangers]


def _named(file: Any) -> str:
    return str(file.get("path", "")) if isinstance(file, dict) else ""


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files_in(folder: Path) -> list[str]:
    """Return every file below a folder by its path from there; a link counts as a file and is not followed."""
    found = (p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir())
    return sorted(p.relative_to(folder).as_posix() for p in found)


def read_run(folder: Path) -> Run:
    """Read the folder of a run. Raises ParameterError where it is none: `pace-nb report` leaves a manifest.json in each."""
    try:
        content = (folder / MANIFEST).read_bytes()
        told = json.loads(content)
        rows = [dict(row) for row in told["runs"]]
        made = tuple(row for row in rows if row["outcome"] == "made")
        beside = [f["path"] for row in made for f in row.get("files", ()) if f["sha256"]]
        if not all(map(_PAGE.fullmatch, (row["page"] for row in made))) or not all(map(NAMES.fullmatch, beside)):
            raise ValueError
        if "pace-nb" not in told["versions"]:
            raise ValueError
        return Run(
            folder,
            str(told.get("run") or hashlib.sha256(content).hexdigest()[:12]),
            date.fromisoformat(told["as_at"]),
            str(told["audience"]),
            str(told.get("marking", "")),
            datetime.fromisoformat(told["finished"]),
            made,
            tuple(row for row in rows if row["outcome"] != "made"),
            str(told.get("index_sha256", "")),
            hashlib.sha256(content).hexdigest(),
            str(told.get("state", "finished")),
            tuple(n for n in map(_named, told.get("files", [])) if _FILE.fullmatch(n)),
            str(told.get("before", {}).get("as_at", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ParameterError(
            f"'{folder.name}' is not the folder of a run: it has no {MANIFEST} that pace-nb wrote.",
            do="name the folder that pace-nb report wrote (its --out).",
        ) from None


def find_runs(folder: Path) -> list[Run]:
    """Return the run in a folder, or those in the folders below it, oldest first. Links are not followed.

    Raises ParameterError where there is none.
    """
    if folder.is_symlink():
        raise ParameterError(f"'{folder.name}' is a link.", do="name the folder itself.")
    found = []
    for manifest in [folder / MANIFEST] if (folder / MANIFEST).exists() else sorted(folder.rglob(MANIFEST)):
        try:
            found.append(read_run(manifest.parent))
        except ParameterError:  # another program's manifest: its folder is none of ours
            continue
    if not found:
        raise ParameterError(
            f"There is no run in '{folder.name}'.",
            do="name the folder that pace-nb report wrote, or one that holds several.",
        )
    return sorted(found, key=lambda r: (r.finished, str(r.folder)))
