"""Spells: from the day a child is accommodated (or is at home on an order) to the day that ends.

A spell away from home begins with `accommodated` and ends with the first of: return home, the order that makes
the plan secure, the end of the last placement, the 18th birthday. Accommodated again after that is a new spell with
a new clock. Accommodated recorded again while the spell lasts is the same spell.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

import numpy as np
import pandas as pd

from pace_nb.extract import Extract
from pace_nb.periods import birthday

KEY = ["local_authority", "child_id"]
COLUMNS = [*KEY, "spell", "start", "end", "ended_by"]

#: How a spell ends, as a reader sees it.
ENDINGS = {
    "return_home": "returned home",
    "order_granted": "order granted",
    "left_care": "left care",
    "turned_18": "turned 18",
    "order_ended": "order ended or child moved away from home",
}
SAME_STAY = np.timedelta64(1, "D")  # placements or orders that follow within a day are one stay


def _by_child(frame: pd.DataFrame, columns: list[str]) -> dict[tuple[str, str], list[tuple]]:
    """Return each child's rows as tuples, in the order of the frame."""
    rows = defaultdict(list)
    for la, child, *values in frame[[*KEY, *columns]].itertuples(index=False, name=None):
        rows[la, child].append(tuple(values))
    return rows


def _eighteenth(extract: Extract) -> dict[tuple[str, str], pd.Timestamp]:
    born = extract.children.dropna(subset=["date_of_birth"])
    found = zip(born["local_authority"], born["child_id"], born["date_of_birth"], strict=True)
    as_at = pd.Timestamp(extract.as_at)
    days = {(la, child): pd.Timestamp(birthday(dob.date(), 18)) for la, child, dob in found}
    return {key: day for key, day in days.items() if day <= as_at}


# Every measure of a page asks for the same spells: they are found once for an extract. Nobody may change them.
@lru_cache(maxsize=4)
def find_away_spells(extract: Extract) -> pd.DataFrame:
    """Return spells away from home: one row per child and spell, `end` blank while it lasts.

    Columns: local_authority, child_id, spell, start, end, ended_by, id (row number), who (number of the child's row in the
    children table), sibling_group, date_of_birth.
    """
    turning = extract.events[extract.events["event"].isin(["accommodated", "return_home", "order_granted"])]
    events = _by_child(turning, ["date", "event"])
    placements = _by_child(extract.placements, ["start_date", "end_date"])
    eighteenth = _eighteenth(extract)
    rows = []
    for key in sorted(events):
        spells = _spells_of(events[key], placements.get(key, []), eighteenth.get(key))
        rows += [(*key, n, *spell) for n, spell in enumerate(spells, 1)]
    return _frame(rows, extract)


def _spells_of(events: list[tuple], placements: list[tuple], eighteenth: pd.Timestamp | None) -> list[tuple]:
    starts = sorted({day for day, event in events if event == "accommodated"})
    spells: list[tuple] = []
    for i, start in enumerate(starts):
        if spells and (pd.isna(spells[-1][1]) or start < spells[-1][1]):
            continue  # recorded again while the spell lasts
        # What happened on the very day of a new start belongs to the spell before.
        ends = [
            (day, 0 if event == "order_granted" else 1, event)
            for day, event in events
            if event != "accommodated" and (day > start or (day == start and not spells))
        ]
        for following in [*starts[i + 1 :], None]:
            stays = [(a, b) for a, b in placements if following is None or a < following]
            if stays and all(pd.notna(b) for _, b in stays):
                last = max(b for _, b in stays)
                if last >= start and (following is None or last + SAME_STAY < following):
                    ends.append((last, 3, "left_care"))
        if eighteenth is not None and eighteenth > start:
            ends.append((eighteenth, 2, "turned_18"))
        end, _, by = min(ends, default=(pd.NaT, 0, None))
        spells.append((start, end, by))
    return spells


@lru_cache(maxsize=4)
def find_home_spells(extract: Extract) -> pd.DataFrame:
    """Return spells at home on a compulsory supervision order: the days on which both hold, joined up."""
    legal = extract.legal[extract.legal["legal_type"] == "compulsory_supervision_order"]
    home = extract.placements[extract.placements["placement_type"] == "at_home"]
    orders, stays = _by_child(legal, ["start_date", "end_date"]), _by_child(home, ["start_date", "end_date"])
    eighteenth = _eighteenth(extract)
    rows = []
    for key in sorted(orders.keys() & stays.keys()):
        number = 0
        for order_start, order_end in _joined(orders[key]):
            for stay_start, stay_end in _joined(stays[key]):
                start = max(order_start, stay_start)
                ends = [(day, "order_ended") for day in (order_end, stay_end) if pd.notna(day)]
                if key in eighteenth:
                    ends.append((eighteenth[key], "turned_18"))
                end, by = min(ends, default=(pd.NaT, None))
                if pd.isna(end) or start < end:
                    number += 1
                    rows.append((*key, number, start, end, by))
    return _frame(rows, extract)


def _joined(stays: list[tuple]) -> list[tuple]:
    """Join stays that touch or overlap; a blank end lasts."""
    joined: list[tuple] = []
    for start, end in sorted(stays, key=lambda s: (s[0], pd.isna(s[1]), s[1] if pd.notna(s[1]) else s[0])):
        if joined and (pd.isna(joined[-1][1]) or start <= joined[-1][1] + SAME_STAY):
            if pd.notna(joined[-1][1]) and (pd.isna(end) or end > joined[-1][1]):
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _frame(rows: list[tuple], extract: Extract) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame = frame.astype(
        {**dict.fromkeys(KEY, "str"), "start": "datetime64[s]", "end": "datetime64[s]", "spell": "int64"}
    )
    who = child_numbers(extract, frame)
    about = extract.children[["sibling_group", "date_of_birth"]].iloc[who].reset_index(drop=True)
    return pd.concat([frame.assign(id=np.arange(len(frame)), who=who), about], axis=1)


def child_numbers(extract: Extract, frame: pd.DataFrame) -> np.ndarray:
    """Return, for each row of a table, the number of its child's row in the children table."""
    known = pd.MultiIndex.from_frame(extract.children[KEY])
    first = ~known.duplicated()
    return np.flatnonzero(first)[known[first].get_indexer(pd.MultiIndex.from_frame(frame[KEY]))]


@lru_cache(maxsize=4)
def find_away_events(extract: Extract) -> pd.DataFrame:
    """Return the events within spells away from home. Columns: the child, spell, id of the spell, date, event, route."""
    return _within(extract.events, find_away_spells(extract))


@lru_cache(maxsize=4)
def find_home_events(extract: Extract) -> pd.DataFrame:
    """Return the events within spells at home on an order, with the same columns."""
    return _within(extract.events, find_home_spells(extract))


def _within(events: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """Return the events that fall within a spell, both ends included, in order of date."""
    joined = events.merge(spells[[*KEY, "spell", "id", "start", "end"]], on=KEY)
    inside = (joined["date"] >= joined["start"]) & (joined["end"].isna() | (joined["date"] <= joined["end"]))
    kept = joined.loc[inside, [*KEY, "spell", "id", "date", "event", "route"]]
    kept = kept.sort_values(["date", *KEY, "event", "spell"], kind="stable")
    # The last day of one spell may be the first of the next: being accommodated on it begins the later one, and
    # everything else belongs to the earlier one.
    same = [*KEY, "date", "event", "route"]
    begins = kept["event"] == "accommodated"
    extra = kept.duplicated(same, keep="first").where(~begins, kept.duplicated(same, keep="last"))
    return kept[~extra].reset_index(drop=True)


@lru_cache(maxsize=4)
def find_placements(extract: Extract) -> pd.DataFrame:
    """Return placements in order of their start. Columns: who (number of the child), start_date, placement_type."""
    placed = extract.placements[["start_date", "placement_type"]].assign(who=child_numbers(extract, extract.placements))
    return placed.astype({"start_date": "datetime64[s]"}).sort_values("start_date", kind="stable")


@lru_cache(maxsize=4)
def find_early_events(extract: Extract) -> pd.DataFrame:
    """Return the events before a child was ever accommodated, with the id of the child's first spell.

    Columns: id, date, event. They were recorded at home, before birth, or by mistake. What lies between two spells
    belongs to neither.
    """
    spells, events = find_away_spells(extract), extract.events
    first = spells[spells["spell"] == 1].set_index("who")
    who = child_numbers(extract, events)
    numbered = events.assign(id=first["id"].reindex(who).to_numpy(), start=first["start"].reindex(who).to_numpy())
    early = numbered[numbered["date"] < numbered["start"]].sort_values("date", kind="stable")
    return early.astype({"id": "int64"})[["id", "date", "event"]]
