"""The last run's figures, worked out again from the records of now, as at the day of that run: what has changed under them?

A figure of last month can come out otherwise today because records were put right, because an event was written down late with its
true date, or because a definition changed. Whoever publishes this month's figures should know before. Compared is what an area's
row in the index says (its headline figures), in the words in which it was published: for everyone they are rounded, or hidden, now
as then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from pace_nb import terms
from pace_nb.batch.export import POLICY
from pace_nb.batch.order import Order
from pace_nb.batch.places import is_address
from pace_nb.batch.plan import Run
from pace_nb.batch.resume import read_manifest
from pace_nb.errors import PaceError, ParameterError
from pace_nb.extract import read_extract
from pace_nb.marking import AGGREGATE, SENSITIVE
from pace_nb.pages.aims import describe_aims, study_aim
from pace_nb.paths import TEMPLATES
from pace_nb.periods import show_date
from pace_nb.runs import find_runs

PAGE = "back_test.html"
#: The notebook whose headline figures are compared, and the aim that they are of.
_NOTEBOOK, _AIM = "2_aims", "aim-2"


@dataclass(frozen=True)
class LastRun:
    """An earlier run: its name and day, and of each area the figures that it published and the beginning of the period they count."""

    run: str
    as_at: str
    figures: Mapping[str, Mapping[str, str]]
    since: Mapping[str, str]


@dataclass(frozen=True)
class BackTest:
    """What became of the last run's figures.

    compared: how many figures, of how many areas. differences: each that comes out otherwise, with its area, `then` and `now`.
    missing: areas of the last run whose figures cannot be worked out from the records of now, with the reason.
    """

    last: LastRun
    areas: int
    compared: int
    differences: tuple[dict[str, str], ...]
    missing: dict[str, str]


def find_last_run(order: Order) -> LastRun | None:
    """Return the latest run before the day of an order, for the same audience, in the folder that it names; None where there is none.

    A run into the same folder that was begun already has taken the last one's place there; it has kept what it was held against.

    Raises ParameterError for an address.
    """
    if not order.back_test:
        return None
    if is_address(order.back_test):
        raise ParameterError(
            "The last run is looked for in a folder, not at an address.", do="fetch it first, and name its folder."
        )
    folder = Path(order.back_test)
    try:
        known = [read_manifest(run.folder) for run in find_runs(folder)] if folder.is_dir() else []
    except ParameterError:  # the first run of all has none before it
        known = []
    runs = [_as_published(m) for m in known if m.get("audience") == order.audience]
    runs += [_as_kept(m) for m in known if m.get("audience") == order.audience and m.get("back_test")]
    before = [r for r in runs if r is not None and r.as_at < order.as_at.isoformat() and r.figures]
    return max(before, key=lambda r: (r.as_at, r.run), default=None)


def _as_published(manifest: Mapping[str, Any]) -> LastRun | None:
    rows = [
        r
        for r in manifest.get("runs", [])
        if r.get("notebook") == _NOTEBOOK and r.get("outcome") == "made" and r.get("area") in terms.AUTHORITIES
    ]
    return LastRun(
        str(manifest.get("run", "")),
        str(manifest.get("as_at", "")),
        {r["area"]: r.get("headline", {}) for r in rows},
        {r["area"]: r.get("parameters", {}).get("since", "") for r in rows},
    )


def _as_kept(manifest: Mapping[str, Any]) -> LastRun | None:
    try:
        return LastRun(**manifest["back_test"]["last"])
    except (KeyError, TypeError):
        return None


def back_test(last: LastRun, order: Order, runs: Sequence[Run]) -> BackTest:
    """Work out the figures of the last run again, from the extracts that this run is made from, and hold the two against each other.

    Areas of the last run that are not in this one are not compared and not named. Cost: one reading of each area's extract.
    """
    sources = {r.area: r.source for r in runs if r.area in last.figures and not r.outcome and r.source.name}
    compared, differences, missing = 0, [], {}
    for area in sorted(sources):
        then = last.figures[area]
        try:
            now = headline(sources[area], area, last.as_at, order.audience, last.since.get(area, ""))
        except PaceError as error:
            missing[area] = error.what
            continue
        compared += len(then)
        differences += [
            {"area": area, "figure": name, "then": said, "now": now.get(name, "not counted any more")}
            for name, said in then.items()
            if now.get(name) != said
        ]
    return BackTest(last, len(sources) - len(missing), compared, tuple(differences), missing)


def headline(source: Path, area: str, as_at: str, audience: str, since: str) -> dict[str, str]:
    """Return an area's headline figures, as page 2 would show them on that day. Raises PaceError where they cannot be worked out."""
    extract = read_extract(source, as_at, area, audience, since or None)
    return describe_aims(study_aim(extract, _AIM)).page["headline"]


def say_back_test(tested: BackTest) -> str:
    """Say in a sentence or two what came of a back-test, and out of how many figures."""
    of, run = tested.compared, f"of the run as at {show_date(date.fromisoformat(tested.last.as_at))}"
    if not of:
        said = f"No figure {run} was worked out again."
    elif tested.differences:
        said = f"{len(tested.differences)} of {of} figures {run} come out otherwise from the records of now."
    else:
        said = f"All {of} figures {run} come out from the records of now as they were published."
    lost = len(tested.missing)
    return f"{said} Those of {lost} {'area' if lost == 1 else 'areas'} could not be worked out." if lost else said


def write_back_test(tested: BackTest | None, order: Order, out: Path) -> dict[str, Any]:
    """Write the page of a back-test into an output folder, and return what the manifest says of it. Without one there is no page."""
    if tested is None:
        (out / PAGE).unlink(missing_ok=True)
        return {"back_test": None, "files": []}
    marking = AGGREGATE if order.audience == "aggregate" else SENSITIVE
    html = (
        Environment(loader=FileSystemLoader(TEMPLATES / "report"), autoescape=True)
        .get_template("back_test.html.j2")
        .render(
            tested=tested,
            then=show_date(date.fromisoformat(tested.last.as_at)),
            as_at=show_date(order.as_at),
            marking=marking,
            open=marking == AGGREGATE,
            policy=POLICY,
        )
    )
    content = html.encode()
    partial = (out / PAGE).with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(out / PAGE)
    file = {"kind": "back-test", "path": PAGE, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    return {"back_test": json.loads(json.dumps(asdict(tested))), "files": [file]}
