"""What an earlier run left in an output folder, and whether any of it has to be made again.

A page is kept only if what it was made from is the same to the byte (the records with the profile, aims and tests of change beside
them, the parameters, the notebook, this package with its templates, the versions of the libraries, the key) and if it lies there as
it was made. That is looked up by hashes of whole contents; times and sizes of files are never trusted.

First everything together is compared, which takes none of the libraries that make pages (`nothing_to_do`); only where something
differs is it worked out which pages that touches (`Run.made_from` against the rows of `find_left`).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pace_nb.batch.journal import read_events
from pace_nb.batch.order import Order
from pace_nb.batch.software import digest_file, digest_files, files_below, key_digest, notebooks_digest, software

MANIFEST = "manifest.json"
#: What became of a page, where trying again would come to the same.
SETTLED = ("made", "nothing to show", "refused")


def read_manifest(out: Path) -> dict[str, Any]:
    """Return the manifest of an output folder; an empty one where there is none that can be read."""
    try:
        told = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def digest_asked(order: Order) -> str:
    """Return the SHA-256 of all that an order's pages come from. Raises OSError where a file cannot be read.

    Of the records it takes every file at their place, whether it belongs to an extract or not, so that it never has to know which do.
    """
    data = Path(order.data)
    folder = data if data.is_dir() else data.parent
    files = (
        files_below(data) if data.is_dir() else [data, *sorted(folder.glob("*.toml")), *files_below(folder / "changes")]
    )
    told = {
        "name": data.resolve().name,
        "as_at": order.as_at.isoformat(),
        "since": order.since.isoformat() if order.since else "",
        "audience": order.audience,
        "areas": sorted(order.areas),
        "notebooks": sorted(order.notebooks),
        "profiles": {name: digest_file(Path(file)) for name, file in order.profiles.items()},
        "back_test": bool(order.back_test),
        "files": sorted(order.files),
        "previous": _digest_previous(order),
        "records": digest_files(folder, files),
        "software": software(),
        "all notebooks": notebooks_digest(),
        "key": key_digest(),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _digest_previous(order: Order) -> str:
    """Return the SHA-256 of the manifests among which the run lies that an order's index is compared with.

    These are the one in the folder that is named, or those below it of a day before, for the same people: runs that one schedule makes
    after this one change nothing of it.
    """
    if not order.previous:
        return ""
    folder, own = Path(order.previous), Path(order.out).resolve()
    if (folder / MANIFEST).is_file():
        return digest_files(folder, [folder / MANIFEST] if folder.resolve() != own else [])
    told = {p: read_manifest(p.parent) for p in sorted(folder.rglob(MANIFEST)) if own not in p.resolve().parents}
    day, people = order.as_at.isoformat(), order.audience
    return digest_files(
        folder, [p for p, t in told.items() if t.get("audience") == people and str(t.get("as_at")) < day]
    )


def nothing_to_do(order: Order) -> dict[str, Any] | None:
    """Return the manifest of an output folder if a run of this order would leave it as it is; else None.

    It would if that run ended, everything that its pages come from is the same, no page failed, and each file lies there as it was made.
    """
    out = Path(order.out)
    told = read_manifest(out)
    rows = told.get("runs", [])
    settled = all(r.get("outcome") in SETTLED and not r.get("lacking") for r in rows)
    if told.get("state") != "finished" or not rows or not settled:
        return None
    try:
        if told.get("asked") != digest_asked(order) or digest_file(out / "index.html") != told.get("index_sha256"):
            return None
    except OSError:
        return None
    return told if all(is_whole(row, out) for row in [*rows, told]) else None


def find_left(out: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what is known of the pages that lie in an output folder, by the area's folder and the notebook.

    It is taken from the manifest; of a run that was broken off before it could write one, from what its event log tells as well. Whether
    a page is still good is not asked here.
    """
    told = read_manifest(out)
    rows = [r for r in told.get("runs", []) if isinstance(r, dict)]
    if told.get("state") not in ("finished", "stopped"):
        since = []
        for event in read_events(out):
            since = [] if event["event"] == "begun" else [*since, event]
        rows += [e["row"] for e in since if e["event"] == "page" and isinstance(e.get("row"), dict)]
    return {(str(r.get("slug")), str(r.get("notebook"))): r for r in rows}


def is_good(row: dict[str, Any], made_from: str, out: Path) -> bool:
    """Tell whether what an earlier run says of a page is what a run of now would say, so that it need not be made again."""
    return (
        bool(made_from) and row.get("made_from") == made_from and row.get("outcome") in SETTLED and is_whole(row, out)
    )


def is_whole(row: dict[str, Any], out: Path) -> bool:
    """Tell whether a page, and each file that was made with it, lies there as it was made; of a manifest, the files of the whole run."""
    files = {f["path"]: f["sha256"] for f in row.get("files") or []}
    if row.get("outcome") == "made":
        files[row.get("page", "")] = row.get("page_sha256", "")
    return all_there(files, out)


def all_there(files: dict[str, str], out: Path) -> bool:
    """Tell whether each file lies in a folder with the SHA-256 that it should have. Links are not followed."""
    try:
        return all(not (out / n).is_symlink() and digest_file(out / n) == sha256 for n, sha256 in files.items())
    except OSError:
        return False
