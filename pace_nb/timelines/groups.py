"""Groups of waiting children whose placement histories are worth looking at together.

A group is data: whose wait it is, and which of those who wait belong to it. How its rows are laid beside one another, and
in which order, is asked for with the question: what happened at the same time (date), how the same stretch of care went
(the day the wait began, the day they were accommodated), what they lived through by the same age.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pace_nb.aims import Aim
from pace_nb.disclosure import require_working
from pace_nb.errors import ParameterError, few
from pace_nb.extract import Extract
from pace_nb.intervals import find_intervals
from pace_nb.periods import add_months, age
from pace_nb.terms import PLACEMENT_GROUPS
from pace_nb.timelines.labels import label_children
from pace_nb.timelines.records import Journey, tell_journey

SHOWN_AT_ONCE = 60  # rows of one picture: two screens of a desk, and still read without losing the row


@dataclass(frozen=True)
class Group:
    """Children who wait for the step of an aim.

    late: only those past its limit. months: only those who have waited so many whole calendar months. placement: only those who live
    in a group of placements (`terms.PLACEMENT_GROUPS`) on the as-at date; "" for any.
    """

    name: str
    aim: str
    late: bool = False
    months: int = 0
    placement: str = ""


#: Groups that teams asked for, by name. Another one is another row here.
GROUPS = {
    g.name: g
    for g in (
        Group("past aim 2", "aim-2", late=True),
        Group("waiting for a recommendation", "aim-2"),
        Group("in kinship care without a recommendation", "aim-2", placement="kinship"),
        Group("in foster care without a recommendation", "aim-2", placement="foster"),
        Group("in residential care without a recommendation", "aim-2", placement="residential"),
        Group("at home over 18 months", "aim-1", months=18),
        Group("at home past two years", "aim-1", late=True),
        Group("waiting for the agency decision", "aim-3"),
        Group("past aim 3", "aim-3", late=True),
        Group("waiting for the court application", "aim-4"),
        Group("past aim 4", "aim-4", late=True),
    )
}
#: What day the rows have in common, and in which order they stand: what is asked for, and what it means.
ALIGNED = {
    "wait": "the day the wait began",
    "accommodated": "the day they came to live away from home",
    "date": "the same date",
    "age": "the same age",
}
ORDERS = {"wait": "longest wait first", "age": "youngest first", "moves": "most moves first"}
#: Ages on the as-at date, as the national statistics band them: name, from, below.
AGES = {
    "under 1": (0, 1),
    "1 to 4": (1, 5),
    "5 to 11": (5, 12),
    "12 to 15": (12, 16),
    "16 and over": (16, 200),
}


@dataclass(frozen=True)
class Member:
    """A child of a group: the journey, the first day of the wait, whole days waited, the due date if there is a limit."""

    journey: Journey
    start: date
    days: int
    due: date | None
    late: bool

    def zero(self, aligned: str) -> date | None:
        """Return the day on which this child's row is laid over the others; None where it has none. On "date" it has no own."""
        if aligned == "accommodated":
            spells = [
                s for s in self.journey.spells if s.start <= self.start and (s.end is None or s.end >= self.start)
            ]
            return spells[-1].start if spells else None
        return self.journey.born if aligned == "age" else self.start


@dataclass(frozen=True)
class Chosen:
    """The children of a group, in the order asked for, and how they are to be laid beside one another.

    members: everyone in the group who can be laid so; left_out: how many cannot, because the day they would be laid on is not recorded.
    """

    group: Group
    aim: Aim
    aligned: str
    order: str
    members: tuple[Member, ...]
    left_out: int
    area: str
    as_at: date

    @property
    def drawn(self) -> tuple[Member, ...]:
        """Those who are drawn: the first of them, as many as a picture holds."""
        return self.members[:SHOWN_AT_ONCE]

    def __str__(self) -> str:
        return f"Group: {self.group.name}, {self.area}, {len(self.members)} children"

    __repr__ = __str__


def band_age(born: date | None, on: date) -> str:
    """Return the band of `AGES` that a child is in on a day; "not recorded" without a date of birth.

    >>> band_age(date(2015, 7, 31), date(2019, 7, 30)), band_age(None, date(2019, 7, 30))
    ('1 to 4', 'not recorded')
    """
    if born is None:
        return "not recorded"
    years = age(born, on)
    return next((name for name, (low, high) in AGES.items() if low <= years < high), "not recorded")


def choose_group(
    extract: Extract, group: str, aligned: str = "wait", order: str = "wait", placement: str = "", ages: str = ""
) -> Chosen:
    """Return the children of a group, by name from `GROUPS`, laid and ordered as asked (`ALIGNED`, `ORDERS`).

    placement, ages: only those who live there now (a code of `terms.PLACEMENT_GROUPS`), or are so old now (a name of `AGES`).

    Raises ParameterError in the aggregate audience, without a key, and for a name that is not known.
    """
    require_working(extract.audience, "A group of timelines")
    for what, asked, known in (
        ("group", group, list(GROUPS)),
        ("way to lay rows beside one another", aligned, list(ALIGNED)),
        ("order", order, list(ORDERS)),
        ("placement", placement, ["", *sorted(set(PLACEMENT_GROUPS.values()))]),
        ("band of ages", ages, ["", *AGES]),
    ):
        if asked not in known:
            raise ParameterError(
                f"There is no {what} '{asked}'.", do=f"choose one of: {few([k for k in known if k], 20)}."
            )
    kind, labels = GROUPS[group], label_children(extract)
    intervals = find_intervals(extract, extract.aims[kind.aim])
    rows = intervals.overdue if kind.late else intervals.waiting
    members = []
    for row in rows.itertuples():
        if any(where not in ("", row.placement) for where in (kind.placement, placement)):
            continue
        start = row.start.date()
        if add_months(start, kind.months) > extract.as_at:
            continue
        key = (row.local_authority, row.child_id)
        journey = tell_journey(extract, key, labels[key])
        if ages and band_age(journey.born, extract.as_at) != ages:
            continue
        due = None if row.due != row.due else row.due.date()
        members.append(Member(journey, start, int(row.days), due, bool(row.late)))
    laid = [m for m in members if m.zero(aligned) is not None]
    laid.sort(key=_order(order))
    return Chosen(
        kind, intervals.aim, aligned, order, tuple(laid), len(members) - len(laid), extract.area, extract.as_at
    )


def _order(order: str):
    """Return the key that puts members into an order; ties stand longest wait first, then by label, which says nothing."""

    def key(member: Member) -> tuple:
        journey = member.journey
        by = {
            "wait": 0,
            "age": -(journey.born or date.min).toordinal(),
            "moves": -len(journey.moves),
        }[order]
        return by, -member.days, journey.label

    return key
