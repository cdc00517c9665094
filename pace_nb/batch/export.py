"""An executed notebook as one HTML file: no code, no script, no request to anywhere, marked by what is on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any

from nbconvert import HTMLExporter, TemplateExporter
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode

from pace_nb import vega
from pace_nb.batch.child_links import carry_codes, name_marks, tie
from pace_nb.batch.figure_names import name_apart
from pace_nb.charts.figure import MIME
from pace_nb.disclosure import METHOD
from pace_nb.errors import DataError
from pace_nb.marking import AGGREGATE, mark, without_bars
from pace_nb.paths import TEMPLATES
from pace_nb.shown import PAGE_MIME
from pace_nb.tables import make_table

#: Nothing may be fetched, run or sent: the page is text, style and pictures, all inside it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Page:
    """A page that nobody can open yet: its HTML, its marking, and the facts of it for the manifest.

    headline: its most important figures, as text; series: one of them in time, as it is drawn in the index.
    """

    html: str
    marking: str
    headline: dict[str, str]
    synthetic: bool
    key: str
    series: dict[str, Any] = field(default_factory=dict)

    @property
    def for_everyone(self) -> bool:
        """Whether it may be seen by people who are not entitled to see children."""
        return self.marking == AGGREGATE


def make_page(notebook: NotebookNode, name: str, audience: str, children: bool = False) -> Page:
    """Return an executed notebook as a page. Its marking is worked out from what is on it, whatever was asked for.

    audience: for whom the run was asked for. What does not say of itself whether it tells of single children (a table that
    was shown without this project's functions, a picture) is taken to tell of them. children: whether the page of every child is
    made beside it, so that marks and cells of single children are links to them.

    Raises DataError if it was asked for everyone and is not for everyone, or if it has no masthead: then there is no page at all.
    """
    facts, headline, series, child_level, number = {}, {}, {}, False, 0
    mastheads, names = set(), set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = [o for o in cell.outputs if o.output_type in ("display_data", "execute_result")]
        for output in cell.outputs:
            data = output.get("data", {})
            about = output.get("metadata", {}).get("pace", {})
            child_level |= bool(about.get("child_level", True))
            told = data.pop(PAGE_MIME, {})
            headline |= told.get("headline", {})
            series |= told.get("series", {})
            facts |= {k: v for k, v in told.items() if k not in ("headline", "series")}
            mastheads |= {str(told["audience"])} if "audience" in told else set()
            if "alt" in about:
                number += 1
                output["data"] = {"text/html": make_figure(data, about, number, name_apart(cell.source, number, names))}
            elif "text/html" in data:
                data["text/html"] = without_bars(data["text/html"])
        if "setup" in cell.metadata.get("tags", []):
            cell.outputs = []
    if not mastheads:
        raise DataError(
            f"{name} does not say for whom it is: it has no masthead.", do="tell the developers: this is a fault."
        )
    marking = mark(mastheads, child_level)
    if audience != "working" and marking != AGGREGATE:
        raise DataError(
            f"{name} would show single children to people who may not see them.",
            do="tell the developers: this is a fault.",
        )
    facts |= {"marking": marking, "open": marking == AGGREGATE, "method": METHOD if marking == AGGREGATE else ""}
    html = _render(notebook, facts)
    return Page(
        tie(html) if children and marking != AGGREGATE else html,
        marking,
        headline,
        bool(facts.get("synthetic")),
        str(facts.get("key", "")),
        series,
    )


def _render(notebook: NotebookNode, facts: dict[str, Any]) -> str:
    title = next((c.source.splitlines()[0].lstrip("# ") for c in notebook.cells if c.cell_type == "markdown"), "Report")
    lines = [line for c in notebook.cells if c.cell_type == "markdown" for line in c.source.splitlines()]
    names = [line.removeprefix("## ").strip() for line in lines if line.startswith("## ")]
    sections = [{"id": f"section-{n}", "name": name} for n, name in enumerate(names, 1)]
    body, _ = _exporter().from_notebook_node(
        notebook, resources={"pace": {**facts, "title": title, "sections": sections, "policy": POLICY}}
    )
    for section in sections:  # nbconvert gives headings an id only together with a link sign
        heading = f"<h2>{escape(section['name'], quote=False)}</h2>"
        body = body.replace(heading, f'<h2 id="{section["id"]}">{heading[4:]}', 1)
    return body


class _PageExporter(HTMLExporter):
    """HTMLExporter without its reading back of the finished page, which takes longer than making it.

    What it looks for there is pictures without a text (a page of ours has none; one with a picture of someone's own takes the long
    way) and the cells of a notebook (the template has none).
    """

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, dict[str, Any]]:
        prepared = self._init_resources(resources)
        self.register_filter("highlight_code", escape)  # code is left out
        self.register_filter(
            "filter_data_type",
            WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=prepared),
        )
        body, prepared = TemplateExporter.from_notebook_node(self, nb, prepared, **kw)
        return super().from_notebook_node(nb, resources, **kw) if "<img" in body else (body, prepared)

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Take the notebook through its steps as it is: a copy was made of it before, and another takes longer than they do."""
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        return nb, resources


@lru_cache(maxsize=1)
def _exporter() -> HTMLExporter:
    return _PageExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        optimistic_validation=True,  # once, after the last of its steps
    )


def make_figure(data: dict[str, Any], about: dict[str, Any], number: int, name: str) -> str:
    """Return a chart as an inline drawing with its text alternative, its caption and its numbers."""
    if MIME in data:
        svg = draw_svg(data[MIME], about["alt"], f"f{number}")
    elif "text/html" in data:  # a drawing of our own
        svg = _with_own_names(data["text/html"], f"f{number}")
    else:
        return f'<p class="empty">{escape(about["alt"])}</p>'
    read, *more = escape(about.get("caption", "")).split("\n")
    caption = f"<b>Figure {number}.</b> {read}" + "".join(f"<p>{line}</p>" for line in more)
    numbers = ""
    if about.get("rows"):
        table = make_table(about["columns"], about["rows"], f"Figure {number} as a table").html
        numbers = f"<details><summary>The numbers behind figure {number}</summary>{table}</details>"
    return (
        f'<figure id="figure-{number}" data-name="{escape(name)}">'
        f'<div class="chart" id="chart-{escape(name)}" tabindex="0" role="group" aria-label="Figure {number}">'
        f"{svg}</div>"
        f"<figcaption>{caption}</figcaption>{numbers}</figure>"
    )


def draw_svg(spec: dict[str, Any], alt: str, prefix: str) -> str:
    """Return a Vega-Lite chart as SVG that can stand beside others in one page and is spoken by its description."""
    svg = _with_own_names(vega.draw(name_marks(spec)), prefix)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    svg = svg.replace(size[0], f'style="width:{size[1]}px;min-width:min({size[1]}px,40rem)"', 1) if size else svg
    return carry_codes(svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1))


def _with_own_names(svg: str, prefix: str) -> str:
    """Return a drawing whose parts refer to one another by names that no other drawing of the page has."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    return re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', svg)
