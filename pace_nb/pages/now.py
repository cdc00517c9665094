"""Parts of the page on children now: who is where, who is due next, and what to expect if nothing changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from pace_nb import disclosure, tables
from pace_nb.aims import Aim
from pace_nb.charts import now as drawn
from pace_nb.charts.figure import Figure
from pace_nb.extract import Extract
from pace_nb.intervals import find_intervals
from pace_nb.measures import due_soon
from pace_nb.now import (
    HOME_BANDS,
    WEEKS_AHEAD,
    count_standing,
    find_due,
    find_orders_at_home,
    find_standing,
)
from pace_nb.outlook import AHEAD
from pace_nb.periods import show_date
from pace_nb.shown import Shown, paragraphs
from pace_nb.spells import KEY
from pace_nb.terms import lower
from pace_nb.timelines import label_children
from pace_nb.wording import are, say_children, say_count

LISTED = 40  # children of one list; the note says how many more there are


def describe_now(extract: Extract) -> Shown:
    """Say how many children wait for a next step, how many are past a limit, who is due next, and whom to begin with."""
    standing, a = find_standing(extract), extract.audience
    if standing.empty:
        return paragraphs(
            [f"No child in {extract.area} waits for a next step, as far as the records say."], "conclusion"
        )
    at_home = int((standing["stage"] == "cso_at_home").sum())
    past = standing[standing["past"]]
    said = [
        f"Now: on {show_date(extract.as_at)}, {say_children(len(standing), a)} in {extract.area} "
        f"{are(len(standing), a)} between two milestones{_away_and_home(len(standing) - at_home, at_home, a)}.",
        f"Past a limit: {say_children(len(past), a)}. {_due_next(extract)}",
    ]
    unrecorded = [lower(aim.end) for aim in _with_limit(extract) if not extract.records(aim.end)]
    if unrecorded:
        said.append(
            f"Take care: recorded for nobody in this extract: {', '.join(dict.fromkeys(unrecorded))}. Children who had it stand here as "
            "waiting."
        )
    if a != "working" or past.empty:
        return paragraphs(said, "conclusion")
    first = past.sort_values(["due", "local_authority", "child_id"], kind="stable").iloc[0]
    label = label_children(extract)[first["local_authority"], first["child_id"]]
    over = (pd.Timestamp(extract.as_at) - first["due"]).days // 7
    said.append(
        f"Begin with: {label}, who is {over} weeks past the due date, longer than anyone else. Ask first whether the record is right."
    )
    return paragraphs(said, "conclusion", child_level=True)


def _away_and_home(away: int, home: int, audience: str) -> str:
    """Say how many of them are where; of so few that one could be worked out from the other, nothing."""
    if None in (disclosure.protect_parts([away, home], audience) or [None]):
        return ""
    return (
        f": {say_count(away, audience)} away from home and {say_count(home, audience)} at home on a supervision order whose plan was "
        "not reviewed since it began"
    )


def _due_next(extract: Extract) -> str:
    """Count children, not due dates: a child may wait for several aims."""
    due = [find_due(find_intervals(extract, aim), WEEKS_AHEAD[0]) for aim in _with_limit(extract)]
    soon = {key for d in due for key in d.loc[d["ahead"] > 0, KEY].itertuples(index=False, name=None)}
    return f"Due within {WEEKS_AHEAD[0]} weeks: {say_children(len(soon), extract.audience)}."


def _with_limit(extract: Extract) -> list[Aim]:
    return [aim for aim in extract.aims.values() if aim.limit is not None]


def draw_board(extract: Extract) -> Figure:
    """Draw who is where and for how long: a bar per child for people entitled to see children, otherwise counts in bands."""
    standing = find_standing(extract)
    if extract.audience == "working":
        return drawn.draw_board(standing, label_children(extract))
    return drawn.draw_board_counts(count_standing(standing, extract), extract.audience)


def show_board(extract: Extract) -> Shown:
    """Show how many children stand at each stage, by how long since the last milestone."""
    counts, a = count_standing(find_standing(extract), extract), extract.audience
    shown = drawn.protect_board(counts, a)
    rows = [[drawn.STAGE_NAMES[stage], *map(tables.cell, row)] for stage, row in shown.items()]
    return tables.make_table(
        ["Where the children stand", *counts.columns, "All"],
        rows,
        "Children between milestones, by the time since the last one",
        "Months are calendar months. Children whose route has no further step, and those with an order, wait for none and are not here.",
        empty="No child waits for a next step.",
    )


def show_due(extract: Extract) -> Shown:
    """Show, for each aim with a limit, how many wait, how many are past due, and how many come to their due date soon."""
    rows, a = [], extract.audience
    for aim in _with_limit(extract):
        intervals = find_intervals(extract, aim)
        soon = [n for _, n in due_soon(intervals, WEEKS_AHEAD)]
        counts = (len(intervals.waiting), len(intervals.overdue), *soon)
        rows.append([aim.title, aim.limit_label, *(tables.count(n, a) for n in counts)])
    return tables.make_table(
        ["Aim", "Limit", "Children waiting", "Past due", *(f"Due in {w}" for w in WEEKS_AHEAD)],
        rows,
        f"Children past due, and due within {', '.join(map(str, WEEKS_AHEAD))} weeks",
        "Each of the last columns includes the one before it. A child may wait for several aims. Aims without a limit have no due date.",
        empty="No aim has a limit.",
    )


def show_due_children(extract: Extract) -> Shown:
    """Show the children who are past due or due within 12 weeks, most pressing first, aim by aim.

    Only for people entitled to see children; for everyone else a sentence that says so.
    """
    if extract.audience != "working":
        return paragraphs(
            ["The list of children is made only for people entitled to see them. The counts above are for everyone."]
        )
    labels, shown = label_children(extract), []
    for aim in _with_limit(extract):
        due = find_due(find_intervals(extract, aim))
        rows = [
            [
                labels[r.local_authority, r.child_id],
                _when(r.due.date(), extract.as_at),
                f"{r.days // 7:,}",
                f"{-r.ahead:,} days over" if r.ahead <= 0 else f"{r.ahead:,} days left",
            ]
            for r in due.head(LISTED).itertuples()
        ]
        shown.append(
            tables.make_table(
                ["Child", "Due", "Weeks waited", "Days left or over"],
                rows,
                f"{aim.title}: past due, or due within {AHEAD} weeks",
                _more(len(due)),
                child_level=True,
                empty="No child is past due or comes to the limit in this time.",
            )
        )
    return _together(shown)


def _more(n: int) -> str:
    return f"The {LISTED} most pressing of {n:,} children." if n > LISTED else ""


def _when(day: date, as_at: date) -> str:
    """A day to come is for the diary; of one that has passed the month is enough."""
    return show_date(day) if day > as_at else f"{day:%B %Y}"


def _together(parts: Sequence[Shown]) -> Shown:
    html, text = "".join(p.html for p in parts), "\n\n".join(p.text for p in parts)
    return Shown(html, text, any(p.child_level for p in parts))


def describe_orders_at_home(extract: Extract) -> Shown:
    """Say how many children at home on an order come near 18 months, or are past 18 months or 2 years, without a review."""
    orders, a = find_orders_at_home(extract), extract.audience
    if orders.empty:
        return paragraphs(
            [
                "No child is at home on a supervision order whose plan was not reviewed since it began, as far as the records say."
            ]
        )
    n = {band: int((orders["band"] == band).sum()) for band in HOME_BANDS}
    near, past_18, past_24 = (n[b] for b in list(HOME_BANDS)[1:])
    if any(not isinstance(seen, int) and not 0 < n[b] < disclosure.THRESHOLD for b, seen in _home_shown(n, a).items()):
        text = "On an order at home: the table below shows what can be told apart of how long, without telling of single children."
        return paragraphs([text])
    return paragraphs(
        [
            f"On an order at home: {say_children(near, a)} {are(near, a)} between 15 and 18 months without a review of the plan; "
            f"{say_count(past_18, a)} {are(past_18, a)} past 18 months, and {say_count(past_24, a)} past 2 years, the limit of aim 1."
        ]
    )


def _home_shown(counts: Mapping[str, int], audience: str) -> dict[str, int | str | None]:
    """Return the counts of each band of `find_orders_at_home` as they may be shown beside their sum."""
    parts = [int(counts.get(band, 0)) for band in HOME_BANDS]
    return dict(
        zip(HOME_BANDS, disclosure.protect_parts(parts, audience) or [disclosure.WITHHELD] * len(parts), strict=True)
    )


def show_orders_at_home(extract: Extract) -> Shown:
    """Show the children at home on an order without a review: how many by months, and the list of those from 15 months on."""
    orders, a = find_orders_at_home(extract), extract.audience
    counts = orders["band"].value_counts()
    table = tables.make_table(
        ["At home on the order for", "Children"],
        [[band[0].upper() + band[1:], tables.cell(n)] for band, n in _home_shown(counts, a).items()],
        "At home on a supervision order, plan not reviewed since it began",
        "Calendar months since the order at home began. 2 years is the limit of aim 1; 18 months is how several areas tightened it.",
    )
    if a != "working":
        return table
    labels = label_children(extract)
    late = orders[orders["band"] != "under 15 months"]
    rows = [
        [
            labels[r.local_authority, r.child_id],
            f"{r.days // 7:,}",
            _when(r.at_18_months, extract.as_at),
            _when(r.at_2_years, extract.as_at),
        ]
        for r in late.head(LISTED).itertuples()
    ]
    listed = tables.make_table(
        ["Child", "Weeks on the order at home", "18 months", "2 years"],
        rows,
        "From 15 months on, longest first",
        _more(len(late)),
        child_level=True,
        empty="No child has been at home on an order for 15 months without a review.",
    )
    return _together([table, listed])
