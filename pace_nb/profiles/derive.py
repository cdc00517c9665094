"""Facts that few systems write down as events and that follow from others: coming into care, going home, the order.

Only where the profile asks for it, only where the event itself is not recorded, and always said how many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from pace_nb.checks import Checked
from pace_nb.findings import rule

KEYS = ["local_authority", "child_id"]
#: Orders that make a plan secure, with the route that they are.
ORDERS = {
    "permanence_order": "permanence_order",
    "permanence_order_with_authority_to_adopt": "permanence_order_with_authority_to_adopt",
    "kinship_care_order": "kinship_care_order",
    "adoption_order": "adoption",
}
DERIVED = partial(rule, part="profile")(
    "profile-derived",
    "notice",
    says="gave {count} dates of '{event}' that are not recorded as events.",
)


def derive_events(checked: Mapping[str, Checked], wanted: Sequence[str]) -> dict[str, Checked]:
    """Return the tables with the events that follow from placements and legal reasons, as a profile's `derive` asks.

    accommodated: the first day of each time away from home (a day at home, or more than a day without a placement, ends one).
    return_home: the first day of a placement at home within a day of the end of a time away; one that begins while the child is
    still said to be placed away from home is a contradiction in the records and no return. order_granted: the first day of an order that
    makes a plan secure. A child with such an event recorded on that day or, for accommodated, within 31 days of it, gets none.
    """
    events, found = checked["events"], []
    for event in wanted:
        rows = {"accommodated": _away, "return_home": _home, "order_granted": _orders}[event](checked)
        rows = rows.assign(event=event)
        have = events.frame.loc[events.frame["event"] == event, [*KEYS, "date"]]
        found.append(_not_recorded(rows, have, event))
    new = [f for f in found if len(f)]
    if not new:
        return dict(checked)
    frame = pd.concat([events.frame, *new], ignore_index=True)[events.frame.columns]
    findings = [
        DERIVED.found(file, count=len(part), event=f["event"].iloc[0])
        for f in new
        for file, part in f.groupby("file", sort=True)
    ]
    children = pd.MultiIndex.from_frame(checked["children"].frame[KEYS])
    added = frame.iloc[len(events.who) :][KEYS]
    who = np.concatenate([events.who, children.get_indexer(pd.MultiIndex.from_frame(added))])
    return {**checked, "events": replace(events, frame=frame, findings=[*events.findings, *findings], who=who)}


def _spans(checked: Mapping[str, Checked]) -> pd.DataFrame:
    """Return placements in order, with `away` and `new`: whether a time away from home begins with this one."""
    frame = (
        checked["placements"].frame.sort_values([*KEYS, "start_date", "end_date"], kind="stable").reset_index(drop=True)
    )
    away = frame["placement_type"] != "at_home"
    open_end = pd.Timestamp.max.normalize()
    rows, key, until = [], None, None
    for row, is_away in zip(frame.itertuples(), away, strict=True):
        this = (row.local_authority, row.child_id)
        if this != key:
            key, until = this, None
        new = is_away and (until is None or (row.start_date - until).days > 1)
        back = not is_away and until is not None and abs((row.start_date - until).days) <= 1
        end = row.end_date if pd.notna(row.end_date) else open_end
        if is_away:
            until = end if until is None or new else max(until, end)
        elif back:
            until = None
        rows.append((new, back, until if is_away else pd.NaT))
    return frame.assign(**dict(zip(("new", "back", "until"), zip(*rows, strict=True), strict=True))) if rows else frame


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    columns = [*KEYS, "start_date", "file", "line"]
    return frame[columns].rename(columns={"start_date": "date"}).assign(route=None)


def _away(checked: Mapping[str, Checked]) -> pd.DataFrame:
    spans = _spans(checked)
    return _rows(spans[spans["new"].astype(bool)] if len(spans) else spans)


def _home(checked: Mapping[str, Checked]) -> pd.DataFrame:
    spans = _spans(checked)
    return _rows(spans[spans["back"].astype(bool)] if len(spans) else spans)


def _orders(checked: Mapping[str, Checked]) -> pd.DataFrame:
    legal = checked["legal"].frame
    secure = legal[legal["legal_type"].isin(ORDERS)]
    return _rows(secure).assign(route=secure["legal_type"].map(ORDERS).to_numpy())


def _not_recorded(rows: pd.DataFrame, have: pd.DataFrame, event: str) -> pd.DataFrame:
    """Leave out what is recorded: on the same day, or for coming into care within the month."""
    near = 31 if event == "accommodated" else 0
    pairs = rows.reset_index().merge(have.rename(columns={"date": "recorded"}), on=KEYS)
    close = (pairs["date"] - pairs["recorded"]).dt.days.abs() <= near
    return rows.drop(index=pairs.loc[close, "index"].unique())
