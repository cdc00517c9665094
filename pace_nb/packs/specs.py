"""The charts of a pack as Vega-Lite: every combination's numbers, and parameters that choose among them in the browser.

They are written out, not made with Altair: the page has to hold just these marks and parameters, and the browser evaluates each
expression with Vega's interpreter, so that the page's policy need not allow code made from text.
"""

from __future__ import annotations

from typing import Any

from pace_nb import theme
from pace_nb.packs.records import ALL, Pack

WIDTH = 330  # with its axis it fits the narrowest phone; the page scales the drawing to its place
_CHOSEN = "datum.aim == aim && datum.group == group"
#: What is written over lines has a white edge, which pack.css puts behind the letters.
_OVER = {"stroke": "white", "strokeWidth": 3, "fontWeight": "bold"}
_AXIS = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
#: The description that a reader hears is the page's own: it changes with the choice, and a specification's does not.
_CONFIG = {**theme.CONFIG, "aria": False}


def make_specs(pack: Pack) -> dict[str, dict[str, Any]]:
    """Return the charts of a pack by name: shares, bands, medians, curve. Parameters `aim` and `group` are in all of them."""
    return {"shares": _shares(pack), "bands": _bands(pack), "medians": _medians(pack), "curve": _curve(pack)}


def years_of(pack: Pack) -> tuple[int, int]:
    """Return the first and the last year of a pack; (0, 0) if no aim has a limit."""
    years = [int(y.year) for s in pack.slices for y in s.years if y.year != ALL]
    return (min(years), max(years)) if years else (0, 0)


def _choice(pack: Pack, bound: bool) -> list[dict[str, Any]]:
    """The parameters by which a reader chooses; only one chart has the controls, and the page hands their values on."""
    aim: dict[str, Any] = {"name": "aim", "value": pack.first}
    group: dict[str, Any] = {"name": "group", "value": ALL}
    if bound:
        names = {s.group: s.name for s in pack.slices}
        aim["bind"] = {
            "input": "select",
            "name": "Aim",
            "options": [a.id for a in pack.aims],
            "labels": [a.title for a in pack.aims],
        }
        group["bind"] = {
            "input": "select",
            "name": "Where the child lives",
            "options": list(names),
            "labels": list(names.values()),
        }
    return [aim, group]


def _slider(name: str, words: str, least: int, most: int, value: int, step: int = 1) -> dict[str, Any]:
    bind = {"input": "range", "min": least, "max": most, "step": step, "name": words}
    return {"name": name, "value": value, "bind": bind}


def _spec(
    params: list[dict[str, Any]], values: list[dict[str, Any]], layer: list[dict[str, Any]], height: int
) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",  # a name that readers of the format expect; never fetched
        "params": params,
        "data": {"values": values},
        "transform": [{"filter": _CHOSEN}],
        "layer": layer,
        "width": WIDTH,
        "height": height,
        "config": _CONFIG,
    }


def _shares(pack: Pack) -> dict[str, Any]:
    first, last = years_of(pack)
    targets = {a.id: a.target for a in pack.aims}
    values = [
        {
            "aim": s.aim,
            "group": s.group,
            "year": int(y.year),
            "share": y.share,
            "due": "*" if y.due is None else str(y.due),
            "target": None if targets[s.aim] is None else targets[s.aim] / 100,
        }
        for s in pack.slices
        for y in s.years
        if y.year != ALL
    ]
    params = [
        *_choice(pack, True),
        _slider("from", "Years from", first, last, first),
        _slider("to", "Years to", first, last, last),
    ]
    x = {
        "field": "year",
        "type": "ordinal",
        "title": "Year the limit ran out; above it, how many children",
        "axis": {**_AXIS, "labelAngle": 0, "labelPadding": 4},
    }
    y = {
        "field": "share",
        "type": "quantitative",
        "title": "In time",
        "scale": {"domain": [-0.12, 1]},
        "axis": {**_AXIS, "format": "%", "values": [0, 0.25, 0.5, 0.75, 1]},
    }
    spec = _spec(
        params,
        values,
        [
            {
                "mark": {"type": "rule", "color": theme.LATE, "strokeDash": [5, 3], "strokeWidth": 1.6},
                "transform": [{"filter": "isValid(datum.target)"}],
                "encoding": {"y": {"field": "target", "type": "quantitative", "aggregate": "max"}},
            },
            {"mark": {"type": "line", "color": theme.LINE, "strokeWidth": 1.5}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "point", "filled": True, "size": 90, "color": theme.POINT, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
            {
                "mark": {"type": "text", "dy": -13, **_OVER},
                "transform": [{"filter": "isValid(datum.share)"}],
                "encoding": {"x": x, "y": y, "text": {"field": "share", "format": ".0%"}},
            },
            {
                "mark": {"type": "text", "color": theme.QUIET, "fontSize": 11},
                "encoding": {"x": x, "y": {"datum": -0.06}, "text": {"field": "due", "type": "nominal"}},
            },
        ],
        210,
    )
    spec["transform"].append({"filter": "datum.year >= min(from, to) && datum.year <= max(from, to)"})
    return spec


def _bands(pack: Pack) -> dict[str, Any]:
    values = [
        {
            "aim": s.aim,
            "group": s.group,
            "band": name,
            "children": n if isinstance(n, int) else 0,
            "words": "too few to show"
            if n is None
            else "not shown"
            if isinstance(n, str)
            else f"about {n}"
            if n
            else "0",
        }
        for s in pack.slices
        for name, n in s.bands
    ]
    y = {
        "field": "band",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {**_AXIS, "labelLimit": 120, "ticks": False, "domain": False},
    }
    x = {
        "field": "children",
        "type": "quantitative",
        "title": "Children waiting",
        "axis": {**_AXIS, "tickMinStep": 5, "tickCount": 4},
        "scale": {"domainMin": 0},
    }
    layer = [
        {
            "mark": {"type": "point", "opacity": 0},
            "encoding": {"x": {"datum": 20}},
        },  # a few children do not fill the picture
        {"mark": {"type": "bar", "color": theme.WAITING}, "encoding": {"y": y, "x": x}},
        {
            "mark": {"type": "text", "align": "left", "dx": 5},
            "encoding": {"y": y, "x": x, "text": {"field": "words", "type": "nominal"}},
        },
    ]
    spec = _spec(_choice(pack, False), values, layer, 150)
    return {**spec, "width": WIDTH - 60}


def _medians(pack: Pack) -> dict[str, Any]:
    limits = {a.id: a.weeks for a in pack.aims}
    values = [
        {"aim": s.aim, "group": s.group, "period": period, "weeks": weeks, "centre": s.centre, "limit": limits[s.aim]}
        for s in pack.slices
        for period, weeks in s.medians
    ]
    x = {
        "field": "period",
        "type": "ordinal",
        "title": "Period in which the wait ended",
        "axis": {**_AXIS, "labelAngle": -50, "labelOverlap": "parity"},
    }
    y = {
        "field": "weeks",
        "type": "quantitative",
        "title": "Median wait, weeks",
        "axis": {**_AXIS, "tickCount": 5},
        "scale": {"zero": True},
    }

    def rule(field: str, color: str, dash: list[int]) -> dict[str, Any]:
        return {
            "mark": {"type": "rule", "color": color, "strokeDash": dash, "strokeWidth": 1.8},
            "transform": [{"filter": f"isValid(datum.{field})"}],
            "encoding": {"y": {"field": field, "type": "quantitative", "aggregate": "max"}},
        }

    def name(field: str, words: str, color: str, side: str) -> dict[str, Any]:
        return {
            "mark": {"type": "text", "align": side, "dy": -7, "color": color, **_OVER},
            "transform": [
                {"filter": f"isValid(datum.{field})"},
                {"aggregate": [{"op": "max", "field": field, "as": "at"}]},
                {"calculate": f"'{words} ' + format(datum.at, '.0f') + ' weeks'", "as": "words"},
            ],
            "encoding": {
                "x": {"value": WIDTH if side == "right" else 4},
                "y": {"field": "at", "type": "quantitative"},
                "text": {"field": "words", "type": "nominal"},
            },
        }

    layer = [
        {  # a period without a number keeps its place: time does not jump
            "mark": {"type": "point", "opacity": 0},
            "encoding": {"x": x, "y": {"datum": 0}},
        },
        {
            "mark": {"type": "line", "color": theme.LINE},
            "transform": [{"filter": "isValid(datum.weeks)"}],
            "encoding": {"x": x, "y": y},
        },
        rule("centre", theme.INK, [1, 0]),
        rule("limit", theme.LATE, [2, 3]),
        {
            "mark": {"type": "point", "filled": True, "size": 70, "color": theme.POINT, "opacity": 1},
            "transform": [{"filter": "isValid(datum.weeks)"}],
            "encoding": {"x": x, "y": y},
        },
        name("centre", "Median", theme.INK, "right"),
        name("limit", "Limit", theme.LATE, "left"),
    ]
    return _spec(_choice(pack, False), values, layer, 210)


def _curve(pack: Pack) -> dict[str, Any]:
    limits = {a.id: a.weeks for a in pack.aims}
    values = [
        {"aim": s.aim, "group": s.group, "week": week, "share": share, "limit": limits[s.aim]}
        for s in pack.slices
        for week, share in s.curve
    ]
    most = max([v["week"] for v in values], default=104)
    x = {
        "field": "week",
        "type": "quantitative",
        "title": "Weeks since the clock started",
        "axis": {**_AXIS, "tickMinStep": 13, "tickCount": 6},
    }
    y = {
        "field": "share",
        "type": "quantitative",
        "title": "Still waiting",
        "scale": {"domain": [0, 1]},
        "axis": {**_AXIS, "format": "%", "tickCount": 5},
    }
    there = [{"filter": "datum.week == week"}]
    layer = [
        {"mark": {"type": "line", "point": True, "color": theme.POINT, "strokeWidth": 2}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "rule", "color": theme.LATE, "strokeDash": [2, 3], "strokeWidth": 1.8},
            "transform": [{"filter": "isValid(datum.limit)"}],
            "encoding": {"x": {"field": "limit", "type": "quantitative", "aggregate": "max"}},
        },
        {"mark": {"type": "rule", "color": theme.INK}, "transform": there, "encoding": {"x": x}},
        {
            "mark": {"type": "point", "size": 220, "color": theme.SIGNAL, "strokeWidth": 2.5},
            "transform": there,
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 12, "dy": -12, "fontSize": 13, **_OVER},
            "transform": [
                *there,
                {"calculate": "'week ' + datum.week + ': about ' + format(datum.share, '.0%')", "as": "words"},
            ],
            "encoding": {"x": x, "y": y, "text": {"field": "words", "type": "nominal"}},
        },
    ]
    params = [*_choice(pack, False), _slider("week", "After how many weeks", 0, most, 26, 13)]
    return _spec(params, values, layer, 210)
