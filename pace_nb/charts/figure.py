"""A chart with everything that has to go with it: what it shows in words, its numbers, and whether it tells of children."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import pandas as pd

from pace_nb import theme
from pace_nb.charts.contents import only_used

#: JupyterLab draws this kind itself, with no network; the report exporter turns it into SVG.
MIME = "application/vnd.vegalite.v5+json"
#: The column by which a mark names its child: spoken over the mark in a notebook, and a link where the children's page is made too.
CHILD = "child"
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # a name that readers of the format expect; never fetched


class Datasets:
    """The rows that a chart draws, each set kept once under a name of its own.

    Layers refer to them by name: Altair copies what a chart holds at every step, and rows are the bulk of it.
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, rows: list[dict[str, Any]]) -> alt.NamedData:
        """Keep rows and return the name by which a layer draws them."""
        name = f"rows{len(self.rows) + 1}"
        self.rows[name] = rows
        return alt.NamedData(name)

    def only(self, frame: pd.DataFrame, *columns: str) -> alt.NamedData:
        """Keep the named columns of a frame and no others: whatever is kept is written into the page."""
        plain = [
            [v if there else None for v, there in zip(c.tolist(), c.notna(), strict=True)]
            for c in (frame[name] for name in columns)
        ]
        return self.add([dict(zip(columns, row, strict=True)) for row in zip(*plain, strict=True)])


@dataclass(frozen=True)
class Figure:
    """A chart, its text alternative, a caption that says how to read it, and the numbers behind it as a table.

    Each line of the caption is a paragraph. svg: a drawing of our own in place of a chart, with its role and its name.
    """

    chart: alt.TopLevelMixin | None
    alt: str
    caption: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=list)
    child_level: bool = False
    data: Datasets = field(default_factory=Datasets)
    svg: str = ""

    @property
    def spec(self) -> dict[str, Any]:
        """The chart as Vega-Lite, with the theme and the description that screen readers speak.

        It holds the columns that it draws and no others, whatever its rows were made with.
        """
        spec = self.chart.to_dict(validate=False)  # validated in the tests, where the time it takes hurts no one
        return {
            **spec,
            "datasets": only_used(spec, self.data.rows),
            "$schema": _SCHEMA,
            "config": theme.CONFIG,
            "description": self.alt,
            "usermeta": {"embedOptions": {"actions": False, "renderer": "svg"}},
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        about = {
            "child_level": self.child_level,
            "alt": self.alt,
            "caption": self.caption,
            "columns": list(self.columns),
            "rows": [list(map(str, r)) for r in self.rows],
        }
        data: dict[str, Any] = {"text/plain": self.alt}
        if self.chart is not None:
            data[MIME] = self.spec
        if self.svg:
            data["text/html"] = self.svg
        return data, {"pace": about}

    def __repr__(self) -> str:
        return self.alt


def name_child() -> alt.Tooltip:
    """Return what says over a mark whose it is: the label in its column `CHILD`."""
    return alt.Tooltip(f"{CHILD}:N", title="Child")


def text_width(text: str, size: int = 12) -> float:
    """Return about how many pixels a piece of text takes in the charts' font."""
    return len(text) * size * 0.54
