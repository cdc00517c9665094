"""Pages for everyone, with the files that go with them, copied out of a run once it was audited, searched and signed by a second person.

Nothing goes out by halves: the pages are put together under another name and appear at once, or not at all. Each release, and
each that was refused, is a line of the disclosure log beside the folder: what, by whom, when, protected how, and what stayed behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pace_nb.areas import digest_all
from pace_nb.disclosure import METHOD, ROUND_TO, THRESHOLD, audit_run
from pace_nb.errors import DefinitionError, ParameterError
from pace_nb.files import digest, find_extracts
from pace_nb.leaks import Secrets, gather_secrets, scan_bytes
from pace_nb.leaks.texts import Unreadable, texts_of
from pace_nb.marking import AGGREGATE, SENSITIVE
from pace_nb.runs.folder import INDEX, MANIFEST, Run, read_run
from pace_nb.runs.sign_off import SignOff, read_sign_off

LOG = "disclosure-log.jsonl"


@dataclass(frozen=True)
class Released:
    """What was released: where it lies, its pages, the log that tells of it, and the files that go with the pages."""

    folder: Path
    pages: tuple[str, ...]
    log: Path
    files: tuple[str, ...] = ()


def release_run(
    folder: Path,
    to: Path,
    sign_off: Path,
    *,
    extract: Path | None = None,
    before: Path | None = None,
    log: Path | None = None,
) -> Released:
    """Copy a run's pages for everyone into a folder of their own, and write the log.

    folder: of the run. to: the new folder; it must not be there yet. sign_off: the form that a second person filled in. extract:
    what the run was made from; with it, pages are searched once more, for all tables. before: the last release of the same
    areas, against which the audit holds this one. log: the disclosure log; without one, disclosure-log.jsonl beside `to`.

    Raises ParameterError with every reason why nothing was released: pages for people entitled to see children, a folder that is
    not as the run left it, what the audit or the search found, a sign-off that is not in order, another extract.
    """
    run = read_run(folder)
    log = log or to.parent / LOG
    if to.exists() or to.is_symlink():
        raise ParameterError(
            f"'{to.name}' is there already.", do="name a new folder: a release is never added to another."
        )
    if not to.parent.is_dir():
        raise ParameterError(f"There is no folder '{to.parent.name}' to release into.", do="make it first.")
    signed, reasons = _signed(sign_off, run)
    reasons += _not_for_everyone(run) + run.changes()
    held = _read(run)
    if not reasons:
        reasons += audit_run(folder, before) + _searched(run, held, extract)
    if reasons:
        _write_log(log, {"refused": _now(), "run": run.name, "manifest": run.manifest_sha256, "why": reasons})
        raise ParameterError(
            "Nothing was released.",
            where=reasons,
            do=f"all reasons stand in {log.name}; mend them, or make the run again.",
        )
    held[MANIFEST] = _manifest(run)
    partial = to.with_name(f".{to.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        for name, content in held.items():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_bytes(content)
        _write_log(log, _entry(run, signed, to, extract, before))
        partial.rename(to)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        with contextlib.suppress(OSError):
            _write_log(log, {"refused": _now(), "run": run.name, "why": ["the folder or the log could not be written"]})
        raise ParameterError(f"Nothing was released: {error.strerror}.", do="choose another folder for --to.") from None
    return Released(to, run.pages, log, tuple(run.beside))


def _signed(file: Path, run: Run) -> tuple[SignOff | None, list[str]]:
    try:
        return read_sign_off(file, run), []
    except DefinitionError as error:
        return None, error.where or [error.what]


def _not_for_everyone(run: Run) -> list[str]:
    """Say what in a run is for people entitled to see children only; each page says so itself too."""
    said = []
    if run.audience != "aggregate":
        said.append("the run was made for people entitled to see children")
    if run.kept:
        said.append("the run keeps the notebook of a page that failed, which may hold anything: make the run again")
    if run.marking != AGGREGATE:
        said.append("the run is marked for people entitled to see children")
    said += [
        f"{row['page']} is marked for people entitled to see children"
        for row in run.made
        if row["marking"] != AGGREGATE
    ]
    if not run.made:
        said.append("the run made no page")
    return said


def _read(run: Run) -> dict[str, bytes]:
    """Read each file once, so that what is searched is what is released."""
    names = (*run.pages, *run.beside, INDEX)
    return {n: (run.folder / n).read_bytes() for n in names if (run.folder / n).is_file()}


def _searched(run: Run, held: dict[str, bytes], extract: Path | None) -> list[str]:
    """Say what the pages tell that they must not, what they are marked with, and whether the extract is the run's."""
    wanted = {row["page"]: row["page_sha256"] for row in run.made} | {INDEX: run.index_sha256} | run.beside
    secrets, said = Secrets(others=run.days), []
    if extract is not None:
        extracts = find_extracts(extract)
        known = {digest(p) for p in extracts} | {digest_all(extracts)}
        if any(row["sha256"] not in known for row in run.made):
            return [f"the run was not made from '{extract.name}' as it is now"]
        secrets = gather_secrets(extract, run.days, whole=True)
    for name, content in held.items():
        if hashlib.sha256(content).hexdigest() != wanted[name]:
            said.append(f"{name} was changed after the run")
        if not _marked_open(name, content):
            said.append(f"{name} does not carry the marking of a page for everyone above and below")
        said += [str(leak) for leak in scan_bytes(name, content, secrets)]
    return said


def _marked_open(name: str, content: bytes) -> bool:
    """Tell whether a page is marked for everyone above and below, and any other file at least once, and neither otherwise."""
    if name.endswith(".html"):
        return content.count(AGGREGATE.encode()) >= 2 and SENSITIVE.encode() not in content
    try:
        told = "".join("".join(text for _, text in texts_of(name, content)).split())
    except Unreadable:
        return False
    return AGGREGATE.replace(" ", "") in told and SENSITIVE.replace(" ", "") not in told


def _manifest(run: Run) -> bytes:
    """The manifest of what is released: the run's, without what stayed behind and without what happened on the way."""
    kept = ("area", "slug", "notebook", "outcome", "page", "page_sha256", "bytes", "marking", "sha256", "synthetic")
    content = {
        "marking": AGGREGATE,
        "released_from": run.name,
        "as_at": run.as_at.isoformat(),
        "audience": run.audience,
        "method": METHOD,
        "versions": {"pace-nb": version("pace-nb")},
        "index_sha256": run.index_sha256,
        "runs": [{name: row[name] for name in kept} | {"files": row.get("files", [])} for row in run.made],
        "marking_again": AGGREGATE,
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _entry(run: Run, signed: SignOff, to: Path, extract: Path | None, before: Path | None) -> dict[str, Any]:
    return {
        "released": _now(),
        "folder": to.name,
        "run": run.name,
        "as_at": run.as_at.isoformat(),
        "finished": run.finished.isoformat(),
        "manifest": run.manifest_sha256,
        "pages": [{n: row[n] for n in ("page", "page_sha256", "area", "notebook", "sha256")} for row in run.made],
        "files": run.beside,
        "index_sha256": run.index_sha256,
        "not_released": [{n: row[n] for n in ("area", "notebook", "outcome", "message")} for row in run.others],
        "method": METHOD,
        "threshold": THRESHOLD,
        "rounded_to": ROUND_TO,
        "compared_with": before.name if before else "",
        "searched": "when made, and again with all tables of the extract" if extract else "when made",
        "made_by": signed.made_by,
        "checked_by": signed.checked_by,
        "checked_on": signed.date.isoformat(),
        "for_whom": signed.for_whom,
        "statement": signed.statement,
        "sign_off_sha256": signed.sha256,
        "version": version("pace-nb"),
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write_log(log: Path, entry: dict[str, Any]) -> None:
    with log.open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
