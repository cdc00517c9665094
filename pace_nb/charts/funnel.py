"""Areas side by side without an order: the funnel of shares in time, and waits observed against expected."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from pace_nb import disclosure, tables, theme
from pace_nb.charts.figure import Datasets, Figure
from pace_nb.charts.joined import layer
from pace_nb.compare import ObservedExpected, ratio_interval
from pace_nb.funnels import LOOK, NAMED_FROM, SPEAK, Funnel, Place

WIDTH, HEIGHT = 700, 400
ROW = 17
RATIOS = (0.25, 4.0)  # the scale of observed to expected; what lies beyond is cut off and said to be
#: Where a dot lies, as a reader sees it; each has a shape and a colour of its own.
WHERE = {"within": "within the limits", "look": "outside 95 %: worth a look", "speak": "outside 99.8 %"}
SHAPES, COLORS = ["circle", "diamond", "square"], [theme.POINT, theme.SIGNAL, theme.LATE]
REST = "all other areas together"


def shown_share(place: Place, audience: str) -> tuple[int, float] | None:
    """Return children due and share in time of an area with enough of them, as may be shown; None where they may not be."""
    share = disclosure.protect_share(place.met, place.due, audience)
    return None if share is None else (disclosure.protect_count(place.due, audience), share)


def draw_funnel(funnel: Funnel, audience: str, named: str | None = None) -> Figure:
    """Draw each area's share in time by how many children were due, with the limits that chance sets.

    named: the only area that is named; the others are dots without a name. Without it, areas outside the 99.8 % limits are.
    """
    data = Datasets()
    places = {p.area: (p, found) for p in funnel.shown if (found := shown_share(p, audience))}
    if len(places) < 2:
        text = "Too few children in each area to draw areas side by side."
        return Figure(None, text, text)
    dots = pd.DataFrame(
        {
            "due": n,
            "share": share,
            "where": WHERE[p.where],
            "label": a if a == named or (named is None and p.where == "speak") else None,
            "size": 190 if a == named else 70,
            "strength": 1.0 if named in (None, a) else 0.35,
        }
        for a, (p, (n, share)) in places.items()
    )
    most = int(dots["due"].max())
    lines = _limit_lines(funnel, most)
    x = alt.X(
        "due:Q",
        title="Children due (closer together to the right)",
        scale=alt.Scale(type="sqrt", domain=[0, most * 1.12], nice=False),
        axis=alt.Axis(
            values=[v for v in (5, 10, 25, 50, 100, 200, 300, 400, 600, 800, 1000, 2000) if v <= most * 1.12]
        ),
    )
    y = alt.Y(
        "share:Q",
        title="Share in time",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", values=[0, 0.2, 0.4, 0.6, 0.8, 1]),
    )
    names = ["99.8 % limits", "95 % limits", "all areas together"]
    drawn = (
        alt.Chart(data.only(lines, "due", "share", "line", "name"))
        .mark_line()
        .encode(
            x=x,
            y=y,
            detail=alt.Detail("line:N"),
            strokeDash=alt.StrokeDash(
                "name:N", title="Line", scale=alt.Scale(domain=names, range=[[8, 4], [2, 3], [1, 0]])
            ),
            color=alt.ColorValue(theme.QUIET),
            strokeWidth=alt.StrokeWidthValue(1.6),
        )
    )
    points = (
        alt.Chart(data.only(dots, "due", "share", "where", "size", "strength"))
        .mark_point(filled=True)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("where:N", title="Area", scale=alt.Scale(domain=list(WHERE.values()), range=SHAPES)),
            color=alt.Color("where:N", title="Area", scale=alt.Scale(domain=list(WHERE.values()), range=COLORS)),
            size=alt.Size("size:Q", scale=None),
            opacity=alt.Opacity("strength:Q", scale=None),
        )
    )
    layers = [drawn, points]
    if dots["label"].notna().any():
        labels = data.only(dots[dots["label"].notna()], "due", "share", "label")
        text = alt.Chart(labels).encode(x=x, y=y, text=alt.Text("label:N"))
        # A white edge keeps a name readable on a line.
        layers.append(text.mark_text(dy=-15, fontWeight="bold", color="white", stroke="white", strokeWidth=5))
        layers.append(text.mark_text(dy=-15, fontWeight="bold", color=theme.INK))
    return Figure(
        layer(*layers).properties(width=WIDTH - 160, height=HEIGHT),
        _describe(funnel, [p for p, _ in places.values()], audience, named),
        _caption(funnel, audience, named),
        ["Area", "Children due", "In time, %", "95 % limits, %", "99.8 % limits, %", "Where it lies"],
        [_row(funnel, p, found) for a, (p, found) in places.items() if named in (None, a)],
        data=data,
    )


def _limit_lines(funnel: Funnel, most: int) -> pd.DataFrame:
    """Return the limits and the common share as points of lines, closer together where the funnel bends."""
    n = np.unique(np.rint(np.linspace(np.sqrt(NAMED_FROM), np.sqrt(most * 1.12), 90) ** 2).astype(int))
    parts = [
        pd.DataFrame({"due": n, "share": funnel.dispersion.target, "line": "target", "name": "all areas together"})
    ]
    for level, name in ((SPEAK, "99.8 % limits"), (LOOK, "95 % limits")):
        for side, share in zip(("lower", "upper"), funnel.limits(n, level), strict=True):
            parts.append(pd.DataFrame({"due": n, "share": share.round(4), "line": f"{name} {side}", "name": name}))
    return pd.concat(parts)


def _row(funnel: Funnel, place: Place, found: tuple[int, float]) -> list[str]:
    n, share = found
    limits = [
        f"{100 * low[0]:.0f} to {100 * high[0]:.0f}" for low, high in (funnel.limits([n], v) for v in (LOOK, SPEAK))
    ]
    return [place.area, f"{n:,}", f"{100 * share:.0f} %", *limits, WHERE[place.where]]


def _describe(funnel: Funnel, places: list[Place], audience: str, named: str | None) -> str:
    where = [p.where for p in places]
    said = (
        f"{funnel.aim.title}: share in time of {len(places)} areas by children due. All together "
        f"{tables.percent(funnel.total.met, funnel.total.due, audience)}. {where.count('speak')} outside the 99.8 % limits, "
        f"{where.count('look')} more outside the 95 % limits."
    )
    own = next((p for p in places if p.area == named), None)
    if own is not None:
        said += f" {own.area} lies at {tables.percent(own.met, own.due, audience)}: {WHERE[own.where]}."
    return said


def _caption(funnel: Funnel, audience: str, named: str | None) -> str:
    said = (
        "Each dot is an area; the more children were due, the further to the right. The limits are narrower there because a share of "
        "many children varies less by chance. A dot between the limits is where chance alone may put it."
    )
    if named is not None:
        said += f" Only {named} is named."
    if funnel.dispersion.overdispersed:
        said += " The limits are widened by how much areas differ among themselves."
    if audience != "working":
        said += (
            " Dots are drawn from counts rounded to 5, and areas whose counts may not be shown are left out; whether a dot is outside is "
            "judged by the exact counts, so near a limit it may be drawn on the other side."
        )
    return said


def draw_ratios(found: list[ObservedExpected], audience: str, named: str | None = None) -> Figure:
    """Draw, for each area, how many reached a step against how many would at the pace of all areas, with the exact interval.

    named: then only this area is drawn, with all the others together beside it.
    """
    data, rows = Datasets(), []
    for one in _for_view(found, named):
        observed = disclosure.protect_count(one.observed, audience)
        if observed is None or one.children < NAMED_FROM or not one.ratio:
            continue
        # A round number of children over an exact expectation would tell the exact one.
        expected = one.expected if audience == "working" else disclosure.protect_count(round(one.expected), audience)
        if not expected:
            continue
        low, high = ratio_interval(observed, expected)
        wide = ratio_interval(one.observed, one.expected, SPEAK)
        where = "within" if low <= 1 <= high else "speak" if not wide[0] <= 1 <= wide[1] else "look"
        rows.append((one.area, observed, expected, observed / expected, low, high, WHERE[where]))
    if not rows:
        text = "Too few children in each area to compare how long this step takes."
        return Figure(None, text, text)
    columns = ["area", "observed", "expected", "ratio", "low", "high", "where"]
    frame = pd.DataFrame(rows, columns=columns)
    cut = frame.assign(**{c: frame[c].clip(*RATIOS) for c in ("ratio", "low", "high")})
    y = alt.Y("area:N", sort=list(frame["area"]), title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False))
    x = alt.X(
        "ratio:Q",
        title="Reached it, against expected: left fewer, right more",
        scale=alt.Scale(type="log", domain=list(RATIOS), nice=False),
        axis=alt.Axis(values=[0.25, 0.5, 1, 2, 4], format="~g"),
    )
    base = alt.Chart(data.only(cut, "area", "ratio", "low", "high", "where"))
    one = data.add([{"ratio": 1}])
    chart = layer(
        alt.Chart(one).mark_rule(color=theme.INK, strokeWidth=1.4).encode(x=alt.X("ratio:Q")),
        base.mark_rule(color=theme.QUIET, strokeWidth=1.6).encode(y=y, x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        base.mark_point(filled=True, size=75, opacity=1).encode(
            y=y,
            x=x,
            shape=alt.Shape("where:N", title="Area", scale=alt.Scale(domain=list(WHERE.values()), range=SHAPES)),
            color=alt.Color("where:N", title="Area", scale=alt.Scale(domain=list(WHERE.values()), range=COLORS)),
        ),
    ).properties(width=WIDTH - 310, height=max(60, ROW * len(frame)))
    outside = sum(r[-1] == WHERE["speak"] for r in rows)
    return Figure(
        chart,
        f"Reached the step against expected, in {len(rows)} rows. {outside} outside the 99.8 % limits.",
        "1 means that as many children reached the step as would at the pace of all areas together, given how long each has been "
        "followed. To the right more did, so waits are shorter; to the left fewer did. The line is the exact 95 % interval. Ages, "
        "placements and needs of children differ between areas, so this is a difference, not a judgement of anybody's work."
        + (" Lines are cut off at 0.25 and 4." if (cut != frame).any(axis=None) else "")
        + ("" if audience == "working" else " Worked out from counts rounded to 5."),
        ["Area", "Reached it", "Expected", "Reached / expected", "95 % interval"],
        [[a, f"{o:,}", f"{e:,.0f}", f"{r:.2f}", f"{lo:.2f} to {hi:.2f}"] for a, o, e, r, lo, hi, _ in rows],
        data=data,
    )


def _for_view(found: list[ObservedExpected], named: str | None) -> list[ObservedExpected]:
    """Return every area, or the named one and all the others together."""
    if named is None:
        return found
    others = [o for o in found if o.area != named]
    expected, observed = sum(o.expected for o in others), sum(o.observed for o in others)
    rest = ObservedExpected(
        REST.capitalize(),
        sum(o.children for o in others),
        observed,
        expected,
        observed / expected if expected else None,
        ratio_interval(observed, expected) if expected else None,
    )
    return [*(o for o in found if o.area == named), rest]
