"""A page as the batch makes it, of a chart and two tables, without running a notebook: for tests of what is made of pages."""

from __future__ import annotations

import altair as alt
import nbformat

from pace_nb.batch.export import Page, make_page
from pace_nb.charts.figure import Datasets, Figure
from pace_nb.shown import Shown
from pace_nb.tables import make_table

ROWS = [["2017", "20", "*", "–"], ["2018", "1,025", "15", "75 %"], ['=HYPERLINK("x")', "0", "@cmd", "+1"]]


def figure(child_level: bool = False) -> Figure:
    """A chart of two dots whose text alternative, caption and numbers stand on the page."""
    data = Datasets()
    chart = alt.Chart(data.add([{"x": 1, "y": 20}, {"x": 2, "y": 40}])).mark_point().encode(x="x:Q", y="y:Q")
    chart = chart.properties(width=300, height=100)
    return Figure(
        chart, "Share in time, 20 % and then 40 %, of 45 children.", "Read it from left to right.\nOf 45 children.",
        ["Due in", "Children", "In time", "In time, %"], ROWS, child_level, data,
    )  # fmt: skip


def make_small_page(text: str = "Nobody is named.", audience: str = "aggregate") -> Page:
    """Return a page of Fife for an audience; text: a sentence in a table of it."""
    masthead = Shown("<p>Fife</p>", "Fife", page={
        "area": "Fife", "as_at": "31 July 2019", "audience": audience, "synthetic": True, "source": "fife",
        "sha256": "0" * 64, "version": "0.1.0", "key": "",
    })  # fmt: skip
    table = make_table(
        ["Step", "Children waiting"], [["Recommendation", "15"], [text, "*"]], "Who waits", "Rounded to 5."
    )
    cells = [nbformat.v4.new_markdown_cell("# How long do children wait?", id="c00")]
    for number, (source, shown) in enumerate(
        (("pace.show_page(extract)", masthead), ("pace.draw_aim(aim_2)", figure()), ("pace.show_rows(extract)", table)),
        1,
    ):
        data, metadata = shown._repr_mimebundle_()
        output = nbformat.v4.new_output("execute_result", data=data, metadata=metadata, execution_count=number)
        cells.append(nbformat.v4.new_markdown_cell(f"## Section {number}", id=f"h{number:02}"))
        cells.append(nbformat.v4.new_code_cell(source, outputs=[output], id=f"c{number:02}"))
    return make_page(nbformat.v4.new_notebook(cells=cells), "2_aims", audience)
