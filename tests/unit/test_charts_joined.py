"""Charts put together without copies come out as Altair's own, and leave their parts as they were."""

from __future__ import annotations

import altair as alt
import pytest

from pace_nb.charts.joined import beside, layer


def marks(rows: alt.NamedData, title: str = "") -> list[alt.Chart]:
    x, y = alt.X("n:Q", title=title), alt.Y("weeks:Q", scale=alt.Scale(domain=[0, 60]))
    return [alt.Chart(rows).mark_line().encode(x, y), alt.Chart(rows).mark_point(size=40).encode(x, y)]


ONE, OTHER = alt.NamedData("rows1"), alt.NamedData("rows2")


@pytest.mark.parametrize(
    "parts",
    [marks(ONE), [*marks(ONE), *marks(OTHER)], [alt.layer(*marks(ONE)), *marks(ONE)], marks(ONE)[:1]],
    ids=["one set of rows", "several", "layers within layers", "a single part"],
)
def test_layers_are_those_of_altair(parts):
    told = {"width": 300, "height": 200, "title": "Waits"}
    assert layer(*parts, **told).to_dict() == alt.layer(*parts, **told).to_dict()
    assert layer(*parts).properties(**told).to_dict() == alt.layer(*parts).properties(**told).to_dict()


@pytest.mark.parametrize("rows", [ONE, OTHER], ids=["the same rows", "other rows"])
def test_charts_side_by_side_are_those_of_altair(rows):
    ours = beside(layer(*marks(ONE), width=300), layer(*marks(rows), width=90), spacing=4)
    theirs = alt.hconcat(alt.layer(*marks(ONE), width=300), alt.layer(*marks(rows), width=90), spacing=4)
    assert ours.to_dict() == theirs.to_dict()


def test_a_facet_of_layers_is_that_of_altair():
    ours, theirs = (f(*marks(ONE)).facet(row=alt.Row("step:N", sort=["b", "a"])) for f in (layer, alt.layer))
    assert ours.resolve_scale(y="independent").to_dict() == theirs.resolve_scale(y="independent").to_dict()


def test_the_parts_stay_as_they_were():
    parts = marks(ONE, "Children")
    before = [p.to_dict() for p in parts]
    layer(*parts, width=300).properties(height=200)
    assert [p.to_dict() for p in parts] == before
