"""The page of every child as one page of a run."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import nbformat

from pace_nb.batch.export import Page
from pace_nb.batch.figure_names import name_figure
from pace_nb.batch.plan import RUN_CHARTS, Run, find_notebooks
from pace_nb.children_page.make import make_children_page
from pace_nb.extract import read_extract


def make_children(run: Run) -> Page:
    """Return the page of every child of a run's area. Raises PaceError where the extract cannot be used or there is no key."""
    asked = run.parameters
    since = date.fromisoformat(asked["since"]) if asked["since"] else None
    extract = read_extract(run.source, date.fromisoformat(asked["as_at"]), run.area, run.audience, since)
    made = make_children_page(extract, _run_charts() if RUN_CHARTS in run.beside else {})
    return Page(made.html, made.marking, {}, made.synthetic, made.key)


@lru_cache(maxsize=1)
def _run_charts() -> dict[str, str]:
    """Return where the run chart of each aim that has one stands, by the aim's id: what the notebook draws, and the page's own names."""
    cells = nbformat.read(find_notebooks([RUN_CHARTS])[RUN_CHARTS], as_version=4).cells
    names = {name_figure(c.source) for c in cells if c.cell_type == "code"}
    return {name: f"{RUN_CHARTS}.html#chart-{name}" for name in sorted(names) if re.fullmatch(r"aim-\d+", name)}
