"""A chart carries what it draws and nothing else, however its rows were made."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.batch.export import draw_svg
from pace_nb.charts.contents import unused_columns
from pace_nb.charts.figure import Datasets, Figure

ROWS = [{"weeks": 4, "n": 10, "child_id": "SYN-00417"}, {"weeks": 9, "n": 15, "child_id": "SYN-00418"}]


def figure(chart, data) -> Figure:
    return Figure(chart, "Waits in weeks.", data=data)


def point(data: Datasets, rows, **encoding):
    return alt.Chart(data.add(rows)).mark_point().encode(**encoding)


def columns(drawn: Figure) -> dict[str, set[str]]:
    return {name: {c for row in rows for c in row} for name, rows in drawn.spec["datasets"].items()}


def test_a_column_that_is_not_drawn_is_not_there():
    data = Datasets()
    drawn = figure(point(data, ROWS, x="weeks:Q", y="n:Q"), data)
    assert columns(drawn) == {"rows1": {"weeks", "n"}}
    assert "SYN-" not in str(drawn.spec)
    assert "SYN-" not in str(drawn._repr_mimebundle_()[0])


def test_the_picture_is_the_same_without_it():
    data, bare = Datasets(), Datasets()
    kept = [{k: v for k, v in row.items() if k != "child_id"} for row in ROWS]
    one = figure(point(data, ROWS, x="weeks:Q", y="n:Q"), data)
    other = figure(point(bare, kept, x="weeks:Q", y="n:Q"), bare)
    assert draw_svg(one.spec, one.alt, "f1") == draw_svg(other.spec, other.alt, "f1")


@pytest.mark.parametrize(
    "use",
    [
        lambda c: c.encode(tooltip="child_id:N"),
        lambda c: c.encode(detail="child_id:N"),
        lambda c: c.encode(x=alt.X("weeks:Q", sort=alt.EncodingSortField("child_id"))),
        lambda c: c.transform_filter("datum.child_id != 'x'"),
        lambda c: c.transform_filter("datum['child_id'] != 'x'"),
        lambda c: c.transform_calculate(short="slice(datum.child_id, 0, 3)"),
        lambda c: c.encode(color=alt.condition("datum.child_id == 'x'", alt.value("red"), alt.value("blue"))),
        lambda c: c.transform_aggregate(m="mean(weeks)", groupby=["child_id"]),
        lambda c: c.facet("child_id:N"),
    ],
)
def test_a_column_that_is_used_in_any_way_stays(use):
    data = Datasets()
    drawn = figure(use(point(data, ROWS, x="weeks:Q", y="n:Q")), data)
    assert "child_id" in columns(drawn)["rows1"]


def test_each_set_of_rows_is_held_to_the_layers_that_draw_it():
    """What one layer draws of its rows is no reason for another's to hold it."""
    data = Datasets()
    layered = point(data, ROWS, x="weeks:Q", y="child_id:N") + point(data, ROWS, x="weeks:Q")
    assert columns(figure(layered, data)) == {"rows1": {"weeks", "child_id"}, "rows2": {"weeks"}}


def test_layers_within_layers_inherit_what_is_drawn_above():
    data = Datasets()
    named = data.add(ROWS)
    inner = alt.layer(alt.Chart().mark_point().encode(x="weeks:Q"), alt.Chart().mark_rule().encode(y="n:Q"))
    assert columns(figure(alt.layer(inner, data=named), data)) == {"rows1": {"weeks", "n"}}


def test_a_title_that_has_the_name_of_a_column_uses_no_column():
    data = Datasets()
    drawn = figure(point(data, ROWS, x=alt.X("weeks:Q", title="child_id")), data)
    assert columns(drawn) == {"rows1": {"weeks"}}


NAMES = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True)


@settings(max_examples=60, deadline=None)
@given(NAMES, st.data())
def test_whatever_is_drawn_the_rest_is_unused(names, choose):
    used = choose.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
    encoding = {channel: {"field": name} for channel, name in zip(("x", "y", "color", "size"), used, strict=False)}
    spec = {"data": {"name": "rows1"}, "mark": "point", "encoding": encoding}
    rows = pd.DataFrame([range(len(names))], columns=names).to_dict("records")
    assert unused_columns({**spec, "datasets": {"rows1": rows}}) == (
        {"rows1": left} if (left := set(names) - set(used)) else {}
    )


def test_a_drawing_names_no_point_and_leads_nowhere():
    data = Datasets()
    drawn = figure(point(data, ROWS, x="weeks:Q", y="n:Q", tooltip="n:Q"), data)
    svg = draw_svg(drawn.spec, drawn.alt, "f1")
    assert svg.count("aria-label=") == 1, "the chart as a whole, and none of its points"
    for word in ("usermeta", "vega.github.io", "href", "<script", "onclick", "actions"):
        assert word not in svg
