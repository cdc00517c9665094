"""How complete the dates of the milestones are, as a table in colours."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from pace_nb import disclosure, tables, terms, theme
from pace_nb.charts.figure import Datasets, Figure
from pace_nb.charts.joined import layer

ROW, WIDTH = 40, 560
#: At least this share recorded: colour of the field, colour of its number, name. The darker, the more is missing.
SHADES = (
    (0.9, "#eef3f8", theme.INK, "90 % or more"),
    (0.75, "#b9cfe2", theme.INK, "75 to 89 %"),
    (0.5, theme.POINT, "white", "50 to 74 %"),
    (0.0, theme.INK, "white", "under 50 %"),
)
_NOT_SHOWN = ("white", theme.QUIET)


def draw_completeness_table(table: pd.DataFrame, by: str, names: Sequence[tuple[object, str]], audience: str) -> Figure:
    """Draw for each milestone (rows) and group (columns) the share of those who passed it whose date is recorded.

    table: milestone, a column named `by`, passed, recorded. names: the groups in order, as (value, heading).
    """
    data = Datasets()
    fields, numbers, low = [], [], []
    order = [terms.label(m) for m in terms.MILESTONES]
    found = {(r.milestone, getattr(r, by)): (int(r.recorded), int(r.passed)) for r in table.itertuples()}
    for milestone in terms.MILESTONES:
        cells = []
        for value, name in names:
            recorded, passed = found.get((milestone, value), (0, 0))
            few = (
                audience == "working" and 0 < passed < disclosure.MEDIAN_OF
            )  # a share of a few would stand out for nothing
            text = f"{recorded} of {passed}" if few else tables.percent(recorded, passed, audience)
            cells.append(f"{text} ({tables.count(passed, audience)})" if passed and not few else text)
            share = None if few else disclosure.protect_share(recorded, passed, audience)
            color, ink, said = _shade(share)
            fields.append(
                {
                    "milestone": terms.label(milestone),
                    "group": name,
                    "text": text,
                    "color": color,
                    "ink": ink,
                    "said": said,
                }
            )
            if share is not None and share < SHADES[1][0]:
                low.append(f"{terms.label(milestone)}, {name}: {text}")
        numbers.append([terms.label(milestone), *cells])
    if all(f["said"] == "" for f in fields):
        text = "Too few children passed a milestone to show how complete the dates are."
        return Figure(None, text, text)
    least = f"Under 75 %: {'; '.join(low)}." if low else "No field that can be shown is under 75 %."
    return Figure(
        _chart(data.add(fields), order, [name for _, name in names]),
        f"How complete the milestone dates are, by {by}. {least}",
        "Each field is the share of those who passed the milestone whose date of it is recorded; someone has passed it when its date, or "
        "that of a later step, is recorded. The darker the field, the more dates are missing. "
        + (
            "Of fewer than ten their number is given, without a colour; a dash: nobody passed it."
            if audience == "working"
            else "A star: too few to show, or none or all of them; a dash: nobody passed it."
        ),
        ["Milestone", *(name for _, name in names)],
        numbers,
        data=data,
    )


def _shade(share: float | None) -> tuple[str, str, str]:
    if share is None:
        return (*_NOT_SHOWN, "")
    return next((color, ink, said) for least, color, ink, said in SHADES if share >= least)


def _chart(name: alt.NamedData, milestones: Sequence[str], groups: Sequence[str]) -> alt.TopLevelMixin:
    padding = 4 + 13 * (max(len(group.split()) for group in groups) - 1)  # a heading has a line for each word
    base = alt.Chart(name).encode(
        y=alt.Y(
            "milestone:N", sort=list(milestones), title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False)
        ),
        x=alt.X(
            "group:N",
            sort=list(groups),
            title=None,
            axis=alt.Axis(
                orient="top",
                labelAngle=0,
                labelExpr="split(datum.label, ' ')",
                labelPadding=padding,
                ticks=False,
                domain=False,
            ),
        ),
    )
    return layer(
        base.mark_rect(stroke=theme.GRID, strokeWidth=2).encode(color=alt.Color("color:N", scale=None, legend=None)),
        base.mark_text(fontSize=12).encode(text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None, legend=None)),
    ).properties(width=WIDTH, height=ROW * len(milestones))
