"""Links between pages of a run that lead nowhere, because what they lead to could not be made: taken away again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pace_nb.batch.child_links import untie
from pace_nb.batch.one import Result, publish_file
from pace_nb.batch.plan import RUN_CHARTS
from pace_nb.children_page import CHILDREN
from pace_nb.children_page.make import without_figures


def drop_dead_links(results: Sequence[Result], out: Path) -> list[Result]:
    """Return the results after links that lead nowhere were taken away: to the page of every child, or from it to run charts.

    They were planned, and what they lead to was not made. A page that is changed so is made again when the run is resumed.
    """
    made = {(r.slug, r.notebook) for r in results if r.outcome == "made"}
    planned = {(r.slug, r.notebook) for r in results}
    return [_without_dead_links(r, out, planned - made) if r.outcome == "made" else r for r in results]


def _without_dead_links(result: Result, out: Path, missing: set[tuple[str, str]]) -> Result:
    to = RUN_CHARTS if result.notebook == CHILDREN else CHILDREN
    if (result.slug, to) not in missing:
        return result
    path = out / result.page
    before = path.read_text(encoding="utf-8")
    after = without_figures(before) if to == RUN_CHARTS else untie(before)
    if after == before:
        return result
    content = after.encode()
    publish_file(content, path)
    return replace(result, page_sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
