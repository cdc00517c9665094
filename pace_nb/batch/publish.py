"""The manifest that a program reads, and the marking of a run as a whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pace_nb.batch.one import Result
from pace_nb.batch.software import versions
from pace_nb.marking import AGGREGATE, SENSITIVE, strictest

#: Outcomes that somebody has to look into.
NOT_PUBLISHED = ("failed", "withheld", "stopped")


def mark_run(results: Sequence[Result], audience: str) -> str:
    """Return the marking of a run as a whole: that of its strictest page. The notebook of a failed run may hold anything.

    A run that was asked for people entitled to see children is marked so even where it made no page.
    """
    kept = [SENSITIVE for r in results if r.kept]
    asked = AGGREGATE if audience == "aggregate" else SENSITIVE
    return strictest([asked, *kept, *(r.marking for r in results if r.outcome == "made")])


def write_manifest(
    results: Sequence[Result],
    out: Path,
    as_at: date,
    audience: str,
    seconds: float,
    more: Mapping[str, Any] | None = None,
) -> Path:
    """Write what was run, with what, and what became of it. Time stamps are the only part that changes from run to run.

    `run` names this run and no other: it is worked out from what was made, and when. Write the index first: its SHA-256 stands here too.
    more: what else is to stand in it: the state of the run, what was asked for, the back-test.
    """
    finished = datetime.now(UTC).isoformat(timespec="seconds")
    runs = [r.as_row() for r in results]
    marking, index = mark_run(results, audience), out / "index.html"
    content = {
        "marking": marking,
        "run": hashlib.sha256(json.dumps([finished, runs]).encode()).hexdigest()[:12],
        "as_at": as_at.isoformat(),
        "audience": audience,
        "finished": finished,
        "seconds": round(seconds, 1),
        "versions": versions(),
        "index_sha256": hashlib.sha256(index.read_bytes()).hexdigest() if index.exists() else "",
        **(more or {}),
        "runs": runs,
        "marking_again": marking,
    }
    return write_text(out / "manifest.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def read_keys(out: Path) -> dict[str, str]:
    """Return the fingerprint of the key with which the last run into a folder named the children of each area.

    Read from the manifest that is there, so ask before the new one is written. One that cannot be read says nothing.
    """
    try:
        before = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["runs"]
        return {r["area"]: r["key"] for r in before if r.get("key")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def other_keys(results: Sequence[Result], keys: Mapping[str, str]) -> list[str]:
    """Return the areas whose children were named with another key before (`read_keys`), so that labels have changed."""
    return sorted({r.area for r in results if r.key and keys.get(r.area, r.key) != r.key})


def write_text(path: Path, text: str) -> Path:
    """Write a file under its final name only once it is whole."""
    partial = path.with_suffix(".partial")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return path
