"""The index that a reader opens and the manifest that a program reads."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from pace_nb.batch.export import POLICY
from pace_nb.batch.one import Result
from pace_nb.batch.plan import FOLDERS, find_notebooks
from pace_nb.marking import AGGREGATE, SENSITIVE, strictest
from pace_nb.pages.trust import SYNTHETIC
from pace_nb.paths import TEMPLATES
from pace_nb.periods import show_date

#: Outcomes that somebody has to look into.
NOT_PUBLISHED = ("failed", "withheld")
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


def mark_run(results: Sequence[Result], audience: str) -> str:
    """Return the marking of a run as a whole: that of its strictest page. The notebook of a failed run may hold anything.

    A run that was asked for people entitled to see children is marked so even where it made no page.
    """
    kept = [SENSITIVE for r in results if r.kept]
    asked = AGGREGATE if audience == "aggregate" else SENSITIVE
    return strictest([asked, *kept, *(r.marking for r in results if r.outcome == "made")])


def write_manifest(results: Sequence[Result], out: Path, as_at: date, audience: str, seconds: float) -> Path:
    """Write what was run, with what, and what became of it. Time stamps are the only part that changes from run to run.

    `run` names this run and no other: it is worked out from what was made, and when. Write the index first: its SHA-256 stands here too.
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
        "versions": {"python": platform.python_version(), **{p: version(p) for p in PACKAGES}},
        "index_sha256": hashlib.sha256(index.read_bytes()).hexdigest() if index.exists() else "",
        "runs": runs,
        "marking_again": marking,
    }
    return _write(out / "manifest.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def other_keys(results: Sequence[Result], out: Path) -> list[str]:
    """Return the areas whose children the last run into this folder named with another key, so that labels have changed.

    Read from the manifest that is there, so ask before the new one is written. One that cannot be read says nothing.
    """
    try:
        before = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["runs"]
        keys = {r["area"]: r["key"] for r in before if r.get("key")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    return sorted({r.area for r in results if r.key and keys.get(r.area, r.key) != r.key})


def write_index(results: Sequence[Result], out: Path, as_at: date, audience: str) -> Path:
    """Write index.html: each area with its pages, its headline figures, and what could not be made, with the reason."""
    areas: dict[str, dict[str, Result]] = {}
    for result in results:
        areas.setdefault(result.area, {})[result.notebook] = result
    notebooks = {n: _title(p) for n, p in find_notebooks().items() if any(n in pages for pages in areas.values())}
    headlines = {area: next((r.headline for r in pages.values() if r.headline), {}) for area, pages in areas.items()}
    columns = next((list(h) for h in headlines.values() if h), [])
    marking = mark_run(results, audience)
    template = Environment(loader=FileSystemLoader(TEMPLATES / "report"), autoescape=True).get_template(
        "run_index.html.j2"
    )
    html = template.render(
        areas=areas,
        count=len([a for a in areas if a not in FOLDERS]),  # all areas together are no area
        notebooks=notebooks,
        headlines=headlines,
        columns=columns,
        made=sum(r.outcome == "made" for r in results),
        failed=[r for r in results if r.outcome in NOT_PUBLISHED],
        others=_other_outcomes(results, notebooks),
        as_at=show_date(as_at),
        marking=marking,
        open=marking == AGGREGATE,
        synthetic=SYNTHETIC if results and all(r.synthetic for r in results if r.outcome == "made") else "",
        policy=POLICY,
        version=version("pace-nb"),
    )
    return _write(out / "index.html", html)


def _other_outcomes(results: Sequence[Result], notebooks: dict[str, str]) -> list[tuple[str, str]]:
    """Return pages that are not made on purpose, with the reason; one line for all areas that share it."""
    shared: dict[tuple[str, str], list[str]] = {}
    for r in results:
        if r.outcome in ("refused", "nothing to show"):
            shared.setdefault((r.notebook, r.message), []).append(r.area)
    return [
        (
            f"{notebooks.get(n, n)} ({'all areas' if len(a) == len({r.area for r in results}) else ', '.join(a)})",
            message,
        )
        for (n, message), a in shared.items()
    ]


def _title(notebook: Path) -> str:
    """Return a notebook's short name: 3_test_of_change is "Test of change"."""
    return notebook.stem.split("_", 1)[1].replace("_", " ").capitalize()


def _write(path: Path, text: str) -> Path:
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)
    return path
