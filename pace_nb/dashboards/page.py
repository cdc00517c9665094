"""A dashboard's page: what its cells have shown, in the form in which every visitor gets it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert import HTMLExporter

from pace_nb.batch.export import make_figure
from pace_nb.dashboards.find import Dashboard
from pace_nb.disclosure import METHOD
from pace_nb.errors import DataError
from pace_nb.marking import AGGREGATE, mark, without_bars
from pace_nb.paths import TEMPLATES
from pace_nb.shown import PAGE_MIME

STATIC = TEMPLATES / "dashboard" / "static"
STYLES = ("report/style.css", "dashboard/dashboard.css")
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"
_SCRIPTS = "<!-- scripts -->"  # where a visitor's own kernel is named; the template has it once


@dataclass(frozen=True)
class Page:
    """A page in two parts: everything that can be read, and what connects its controls with a visitor's kernel."""

    reading: str
    ending: str
    marking: str

    def scripts(self, base_url: str, config: dict[str, Any], main_js: str) -> str:
        """Return the end of the page for one visitor. config: what Voila's script needs, the kernel's id among it.

        Nothing in it is a script by itself: data for scripts, and files that hold them.
        """
        data = json.dumps(config).replace("<", "\\u003c")  # a "</script>" in a value must not end it
        return (
            f'<script id="jupyter-config-data" type="application/json">{data}</script>\n'
            f'<script src="{escape(base_url)}pace/dashboard.js" defer></script>\n'
            f'<script src="{escape(main_js)}" defer></script>{self.ending}'
        )


def make_page(dashboard: Dashboard, outputs: dict[int, list[dict[str, Any]]]) -> Page:
    """Return the page of a notebook. outputs: what each of its code cells has shown, by number of the cell.

    Its marking is worked out from for whom the dashboard is and from what is on the page. Controls do not say what they hold: what
    is in them was made by this project's functions for the same audience.
    Raises DataError if a dashboard for everyone would show single children.
    """
    notebook = nbformat.read(dashboard.path, as_version=4)
    facts: dict[str, Any] = {"audience": dashboard.audience}
    audiences, child_level, number = {dashboard.audience}, False, 0
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        shown = [o for o in outputs.get(index, []) if o["output_type"] in ("display_data", "execute_result")]
        cell.outputs = [nbformat.from_dict(o) for o in shown]
        for output in cell.outputs:
            data, about = output.data, output.metadata.get("pace", {})
            if WIDGET_MIME in data:
                output.data = {WIDGET_MIME: data[WIDGET_MIME]}
                continue
            child_level |= bool(about.get("child_level", True))
            facts |= data.pop(PAGE_MIME, {})
            audiences.add(facts["audience"])
            if "alt" in about:
                number += 1
                output.data = {"text/html": make_figure(data, about, number, f"figure-{number}")}
            elif "text/html" in data:
                data["text/html"] = without_bars(data["text/html"])
        if "setup" in cell.metadata.get("tags", []):
            cell.outputs = []
    marking = mark(audiences, child_level)
    if dashboard.audience == "aggregate" and marking != AGGREGATE:
        raise DataError(
            f"The dashboard '{dashboard.name}' is for everyone, and would show single children.",
            do="tell the developers: this is a fault.",
        )
    facts |= {"marking": marking, "open": marking == AGGREGATE, "title": dashboard.title}
    facts["style"] = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in STYLES)
    facts |= {"method": METHOD if marking == AGGREGATE and facts.get("source") else ""}
    body, _ = _exporter().from_notebook_node(notebook, resources={"pace": facts})
    reading, ending = body.split(_SCRIPTS)
    return Page(reading, ending, marking)


@lru_cache(maxsize=1)
def _exporter() -> HTMLExporter:
    exporter = HTMLExporter(
        template_name="dashboard",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    exporter.register_filter("as_data", _as_data)
    return exporter


def _as_data(value: Any) -> Markup:
    """Return a value as JSON that can stand inside a script element, which ends at the first "</"."""
    return Markup(json.dumps(value).replace("<", "\\u003c"))
