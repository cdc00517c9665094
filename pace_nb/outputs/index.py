"""The index that a reader opens: all areas together, each area's figures with what has changed, and every page with its files.

It is a plain table without a script. With one, which stands in the page and is allowed by its hash, rows can be sorted and
filtered; the script fetches nothing and keeps nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from pace_nb.batch.export import POLICY
from pace_nb.batch.one import Result
from pace_nb.batch.plan import FOLDERS, find_notebooks
from pace_nb.batch.publish import NOT_PUBLISHED, mark_run, write_text
from pace_nb.children_page import CHILDREN
from pace_nb.marking import AGGREGATE
from pace_nb.outputs.before import Before, Change, find_change, lead, say_before
from pace_nb.outputs.files import PDF, PICTURES, WORKBOOK
from pace_nb.outputs.sparkline import draw_sparkline, say_ends
from pace_nb.pages.trust import SYNTHETIC
from pace_nb.paths import TEMPLATES
from pace_nb.periods import show_date

SCRIPT = "run_index.js"


@dataclass(frozen=True)
class Cell:
    """A figure of an area: what is shown, what it is sorted by (None: last), and what became of it."""

    text: str
    order: float | None
    change: Change | None = None


@dataclass(frozen=True)
class Row:
    """An area's figures. page: of the page that they are from; spark: their course in time as SVG, ends: in words."""

    area: str
    slug: str
    page: str
    cells: tuple[Cell, ...]
    spark: Markup
    ends: str
    since: float | None


@dataclass(frozen=True)
class Page:
    """A page and the files that go with it. pictures: title, and the path by ending."""

    result: Result
    pdf: str
    workbook: str
    pictures: tuple[tuple[str, dict[str, str]], ...]


def write_index(
    results: Sequence[Result],
    out: Path,
    as_at: date,
    audience: str,
    before: Before | None = None,
    looked_back: str = "",
) -> Path:
    """Write index.html: all areas together, each area's figures and pages, and what could not be made, with the reason.

    looked_back: what came of the back-test, in a sentence; blank where there is none.
    """
    areas: dict[str, dict[str, Result]] = {}
    for result in results:
        areas.setdefault(result.area, {})[result.notebook] = result
    titles = {**{n: _title(p) for n, p in find_notebooks().items()}, CHILDREN: "Every child"}
    notebooks = {n: title for n, title in titles.items() if any(n in pages for pages in areas.values())}
    told = [r for r in results if r.headline]
    columns = list(dict.fromkeys(name for r in told for name in r.headline))
    rows = [_row(r, columns, before) for r in told]
    marking, script = mark_run(results, audience), (TEMPLATES / "report" / SCRIPT).read_text(encoding="utf-8")
    since = told[0].parameters.get("since", "") if told else ""
    lacking: dict[str, list[str]] = {}
    for r in results:
        for said in r.lacking:
            lacking.setdefault(said, []).append(f"{r.area}, {notebooks.get(r.notebook, r.notebook)}")
    template = Environment(
        loader=FileSystemLoader(TEMPLATES / "report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    ).get_template("run_index.html.j2")
    html = template.render(
        areas={area: {n: _page(r) for n, r in pages.items()} for area, pages in areas.items()},
        count=len([a for a in areas if a not in FOLDERS]),  # all areas together are no area
        together=next((r for r in rows if r.area in FOLDERS), None),
        rows=[r for r in rows if r.area not in FOLDERS],
        changes=say_before(before, as_at, since, columns) if before and told else [],
        compared=bool(before and not before.why),
        slugs={r.area: r.slug for r in results},
        folders=FOLDERS,
        notebooks=notebooks,
        columns=columns,
        made=sum(r.outcome == "made" for r in results),
        failed=_failed(results),
        not_made=sum(r.outcome in NOT_PUBLISHED and r.outcome != "stopped" for r in results),
        stopped=sum(r.outcome == "stopped" for r in results),
        looked_back=looked_back,
        others=_other_outcomes(results, notebooks),
        lacking=list(lacking.items()),
        as_at=show_date(as_at),
        marking=marking,
        open=marking == AGGREGATE,
        synthetic=SYNTHETIC if results and all(r.synthetic for r in results if r.outcome == "made") else "",
        policy=f"{POLICY}; script-src '{_hash(script)}'",
        script=Markup(script),
        version=version("pace-nb"),
    )
    return write_text(out / "index.html", html)


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def _row(result: Result, columns: Sequence[str], before: Before | None) -> Row:
    then: Mapping[str, str] = before.headlines.get(result.area, {}) if before and not before.why else {}
    cells = tuple(
        Cell(
            text := result.headline.get(name, "–"),
            found[0] if (found := lead(text)) else None,
            find_change(text, then.get(name)) if before and not before.why else None,
        )
        for name in columns
    )
    known: dict[str, Any] = result.series or {}
    shown = [v for v in known.get("values", ()) if v is not None]
    return Row(
        result.area,
        result.slug,
        result.page,
        cells,
        Markup(draw_sparkline(known)),  # of numbers and names of periods, escaped where it is drawn
        say_ends(known),
        shown[-1] if shown else None,
    )


def _page(result: Result) -> Page:
    pictures: dict[str, tuple[str, dict[str, str]]] = {}
    for f in result.files:
        if f["kind"] == PICTURES:
            stem, ending = f["path"].rsplit(".", 1)
            pictures.setdefault(stem, (f.get("title", stem), {}))[1][ending] = f["path"]
    path = {f["kind"]: f["path"] for f in result.files}
    return Page(result, path.get(PDF, ""), path.get(WORKBOOK, ""), tuple(pictures.values()))


def _failed(results: Sequence[Result]) -> list[tuple[str, str]]:
    """Return what is not published, with the reason; one line for all that share it."""
    shared: dict[str, list[str]] = {}
    for r in results:
        if r.outcome in NOT_PUBLISHED:
            kept = f" The marked notebook is kept as {r.kept}." if r.kept else ""
            shared.setdefault(r.message + kept, []).append(f"{r.area}, {r.notebook}")
    return [("; ".join(names), said) for said, names in shared.items()]


def _other_outcomes(results: Sequence[Result], notebooks: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return pages that are not made on purpose, with the reason; one line for all areas that share it."""
    shared: dict[tuple[str, str], list[str]] = {}
    for r in results:
        if r.outcome in ("refused", "nothing to show"):
            shared.setdefault((r.notebook, r.message), []).append(r.area)
    return [
        (
            f"{notebooks.get(n, n)} ({'all areas' if len(a) == sum(r.notebook == n for r in results) else ', '.join(a)})",
            message,
        )
        for (n, message), a in shared.items()
    ]


def _title(notebook: Path) -> str:
    """Return a notebook's short name: 3_test_of_change is "Test of change"."""
    return notebook.stem.split("_", 1)[1].replace("_", " ").capitalize()
