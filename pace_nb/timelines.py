"""A child's journey as facts to draw: where the child lived, on what legal basis, what happened, and long silences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from pace_nb import terms
from pace_nb.aims import Aim
from pace_nb.disclosure import require_working
from pace_nb.errors import ParameterError, few
from pace_nb.extract import Extract
from pace_nb.intervals import find_intervals
from pace_nb.periods import add_months
from pace_nb.pseudonyms import find_key, label_names, name_children, plain_label, show_label
from pace_nb.spells import KEY

SILENCE_WEEKS = 26  # a stretch this long without a milestone is marked
#: What counts as a decision about where the child will live; reviews and hearings are meetings.
DECISIONS = (*terms.MILESTONES, "return_home", "cso_review")


@dataclass(frozen=True)
class Journey:
    """One child's record, named by a label that is not the child's number.

    placements, legal: start, end (as_at where it lasts), code, open. events: date, code, route. silences: start, end, weeks.
    """

    label: str
    born: date | None
    sibling_group: str | None
    placements: pd.DataFrame
    legal: pd.DataFrame
    events: pd.DataFrame
    silences: pd.DataFrame
    first: date
    as_at: date
    area: str
    wait_days: int = 0

    @property
    def moves(self) -> int:
        """How often the child changed placement."""
        return max(0, len(self.placements) - 1)

    def __str__(self) -> str:
        return f"Journey: {self.label}, {self.area}, {len(self.placements)} placements, {len(self.events)} events"

    __repr__ = __str__


def label_children(extract: Extract) -> dict[tuple[str, str], str]:
    """Return a label for each child, such as "Child K7Q-2MX", made with the key: it says nothing of the child.

    The same child has the same label in the next extract, as long as the key stays the same; where two children of an
    extract would share one, both get a longer one that begins alike. Children stand in order of their numbers.

    Raises ParameterError where there is no key, unless every child is of the synthetic sample.
    """
    children = sorted(extract.children[KEY].itertuples(index=False, name=None))
    return label_names(name_children(children, find_key(extract.synthetic)))


def find_by_label(extract: Extract, label: str) -> tuple[str, str]:
    """Return the authority and the number of the child with a label, for people who have the key and the extract.

    Raises ParameterError where there is no key, or no child of the extract has this label; the label is not repeated.
    """
    wanted = plain_label(label)
    found = [child for child, name in label_children(extract).items() if plain_label(name) == wanted]
    if not found:
        raise ParameterError(
            "No child of this extract has this label with the key in use.",
            do="check the label, and that the key is the one whose fingerprint stands at the end of the page.",
        )
    return found[0]


def tell_journey(extract: Extract, key: tuple[str, str], label: str) -> Journey:
    """Gather what is recorded of one child, up to the day of the extract."""

    def of(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["local_authority"] == key[0]) & (frame["child_id"] == key[1])]

    as_at = pd.Timestamp(extract.as_at)
    child = of(extract.children).iloc[0]
    placements, legal = (
        _stays(of(f), c, as_at) for f, c in ((extract.placements, "placement_type"), (extract.legal, "legal_type"))
    )
    events = of(extract.events)[["date", "event", "route"]].rename(columns={"event": "code"}).reset_index(drop=True)
    days = [d for d in (placements["start"].min(), legal["start"].min(), events["date"].min()) if pd.notna(d)]
    first = min(days) if days else as_at
    born = None if pd.isna(child["date_of_birth"]) else child["date_of_birth"].date()
    group = None if pd.isna(child["sibling_group"]) else str(child["sibling_group"])
    return Journey(
        label,
        born,
        group,
        placements,
        legal,
        events,
        _silences(placements, events),
        first.date(),
        extract.as_at,
        extract.area,
    )


def _stays(frame: pd.DataFrame, code: str, as_at: pd.Timestamp) -> pd.DataFrame:
    stays = frame.rename(columns={"start_date": "start", "end_date": "end", code: "code"})[["start", "end", "code"]]
    stays = stays.assign(open=stays["end"].isna(), end=stays["end"].fillna(as_at))
    return stays.sort_values(["start", "end", "code"], kind="stable").reset_index(drop=True)


def _silences(placements: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Find stretches in care of half a year or more in which no milestone is recorded."""
    rows = []
    if len(placements):
        begin, finish = placements["start"].min(), placements["end"].max()
        last_order = events.loc[events["code"] == "order_granted", "date"].max()
        if pd.notna(last_order):
            finish = min(finish, last_order)
        days = events.loc[events["code"].isin(DECISIONS), "date"]
        marks = [begin, *sorted(d for d in days if begin < d < finish), finish]
        for a, b in zip(marks, marks[1:], strict=False):
            weeks = (b - a).days // 7
            if weeks >= SILENCE_WEEKS:
                rows.append((a, b, weeks))
    return pd.DataFrame(rows, columns=["start", "end", "weeks"])


def choose_child(extract: Extract, child: str = "") -> Journey:
    """Return the journey of the child with a label; of the one waiting longest for a recommendation if it is blank.

    child: its label, however it is typed: "Child K7Q-2MX" or "k7q2mx".

    Raises ParameterError in the aggregate audience, without a key, and for a label that no child has.
    """
    require_working(extract.audience, "A timeline")
    labels = label_children(extract)
    if child:
        found = [k for k, name in labels.items() if plain_label(name) == plain_label(child)]
        if not found:
            raise ParameterError(
                "No child of this extract has the label that was asked for.",
                do="take it from a page made with the same key, such as 6_children_now; it looks like "
                f"{show_label('K7Q2MX')}.",
            )
        key = found[0]
    else:
        waiting = find_intervals(extract, extract.aims["aim-2"]).waiting
        rows = waiting if len(waiting) else extract.children.sort_values(KEY)
        key = tuple(rows.iloc[0][KEY])
    return tell_journey(extract, key, labels[key])


def choose_siblings(extract: Extract, journey: Journey) -> list[Journey]:
    """Return the journeys of a child's sibling group, oldest first; of the largest group in care if the child has none."""
    require_working(extract.audience, "A timeline of siblings")
    labels = label_children(extract)
    children = extract.children
    group = journey.sibling_group
    if group is None:
        sizes = children.dropna(subset=["sibling_group"]).groupby("sibling_group").size()
        if sizes.empty:
            return [journey]
        largest = sizes[sizes == sizes.max()]
        group = str(largest.index[0])
    members = children[children["sibling_group"] == group].sort_values(["date_of_birth", *KEY])
    return [tell_journey(extract, k, labels[k]) for k in members[KEY].itertuples(index=False, name=None)]


#: Groups of children worth looking at together: name, the aim whose waiting children they are, whether past its limit.
GROUPS = {
    "past aim 2": ("aim-2", True),
    "waiting for a recommendation": ("aim-2", False),
    "at home past two years": ("aim-1", True),
    "waiting for the agency decision": ("aim-3", False),
    "waiting for the court application": ("aim-4", False),
}
SHOWN_AT_ONCE = 40


def choose_group(extract: Extract, group: str) -> tuple[list[Journey], Aim, int]:
    """Return the journeys of a group of waiting children, longest wait first, with the aim and how many there are.

    At most 40 are drawn at once. Raises ParameterError for a group that is not known.
    """
    require_working(extract.audience, "A group of timelines")
    if group not in GROUPS:
        raise ParameterError(f"There is no group '{group}'.", do=f"choose one of: {few(GROUPS, 9)}.")
    aim_id, overdue = GROUPS[group]
    intervals = find_intervals(extract, extract.aims[aim_id])
    rows = intervals.overdue if overdue else intervals.waiting
    labels = label_children(extract)
    journeys = []
    for row in rows.head(SHOWN_AT_ONCE).itertuples():
        key = (row.local_authority, row.child_id)
        journey = tell_journey(extract, key, labels[key])
        journeys.append(Journey(**{**journey.__dict__, "first": row.start.date(), "wait_days": int(row.days)}))
    return journeys, intervals.aim, len(rows)


def due_date(journey: Journey, aim: Aim) -> date | None:
    """Return when the journey's wait for an aim is due; None without a limit."""
    return None if aim.limit is None else aim.limit.due(journey.first)


def months_between(first: date, last: date, step: int) -> list[date]:
    """Return the same day of every `step`th month from `first` until `last`."""
    days, n = [], 0
    while add_months(first, n) <= last:
        days.append(add_months(first, n))
        n += step
    return days
