"""Stretches of a child's record: looked after, at home and away, without a recorded placement, without a recorded decision.

What counts as a decision: coming to live away from home, a permanence recommendation, panel, agency decision, application to
court, order granted, return home, review of the plan on a supervision order at home, and the day on which an order or a
section of another kind took effect. Reviews and hearings are meetings: what they decided is not in the extract, so a
stretch in which meetings were held says how many. A change of placement alone is no recorded decision either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pace_nb import terms

SILENCE_WEEKS = (
    26  # a stretch this long without a recorded decision is marked; half a year, as in the aim for a recommendation
)
#: Events that are decisions about where the child will live.
DECISIONS = (*terms.MILESTONES, "return_home", "cso_review")
MEETINGS = ("review", "hearing")
#: Orders under which a child is no longer looked after, however long they last.
SECURE = ("adoption_order", "kinship_care_order")
_NEXT_DAY = timedelta(days=1)  # what follows within a day follows on


@dataclass(frozen=True)
class Stay:
    """A placement, or an order in force. end: its last day; of one that lasts (`open`) the as-at date.

    unended: a placement without a recorded end; `end` is then the start of the next one, because until then it can be believed. home:
    the authority's own reference of the home, "" where it has none; only ever compared, never shown.
    """

    start: date
    end: date
    code: str
    open: bool = False
    unended: bool = False
    home: str = field(default="", repr=False)

    @property
    def days(self) -> int:
        """Whole days from the first to the last."""
        return (self.end - self.start).days


@dataclass(frozen=True)
class Event:
    """A dated event: its code, and the route to permanence where one is recorded with it."""

    day: date
    code: str
    route: str = ""


@dataclass(frozen=True)
class Decision:
    """A recorded decision: an event, or an order that took effect (`order` is then its code)."""

    day: date
    code: str
    order: bool = False


@dataclass(frozen=True)
class Stretch:
    """A stretch of days. kind: "gap" (no placement) or "silence" (no decision). reviews, hearings: how many were held within it."""

    start: date
    end: date
    kind: str
    reviews: int = 0
    hearings: int = 0

    @property
    def days(self) -> int:
        """Whole days from the first to the last."""
        return (self.end - self.start).days

    @property
    def weeks(self) -> int:
        """Whole weeks."""
        return self.days // 7


def join_stays(stays: Sequence[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Join spans of days that overlap or follow within a day.

    >>> join_stays([(date(2019, 1, 1), date(2019, 2, 1)), (date(2019, 2, 2), date(2019, 3, 1))])
    ((datetime.date(2019, 1, 1), datetime.date(2019, 3, 1)),)
    """
    joined: list[tuple[date, date]] = []
    for start, end in sorted(stays):
        if joined and start <= joined[-1][1] + _NEXT_DAY:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def looked_after(
    placements: Sequence[Stay], legal: Sequence[Stay], spells: Sequence[tuple[date, date]], adult: date | None
) -> tuple[tuple[date, date], ...]:
    """Return the spans of days on which a child was looked after, as far as the record tells: placed, on an order, or in a spell.

    adult: the 18th birthday; no order holds after it. Orders that end care (`SECURE`) do not count.
    """
    spans = [(s.start, s.end) for s in (*placements, *legal) if s.code not in SECURE]
    spans += spells
    cut = [(a, min(b, adult) if adult else b) for a, b in spans]
    return join_stays([(a, b) for a, b in cut if a <= b])


def find_gaps(placements: Sequence[Stay], periods: Sequence[tuple[date, date]]) -> tuple[Stretch, ...]:
    """Return where a child was looked after and no placement is recorded: more than one day between two of them."""
    placed = join_stays([(p.start, p.end) for p in placements])
    gaps = []
    for start, end in periods:
        day = start
        for a, b in placed:
            if b < start or a > end:
                continue
            if (a - day).days > 1:
                gaps.append(Stretch(day, a, "gap"))
            day = max(day, b)
        if (end - day).days > 1:
            gaps.append(Stretch(day, end, "gap"))
    return tuple(gaps)


def find_decisions(events: Sequence[Event], legal: Sequence[Stay]) -> tuple[Decision, ...]:
    """Return every recorded decision in order of its day. An order that goes on from one of its own kind is no new one."""
    found = [Decision(e.day, e.code) for e in events if e.code in DECISIONS]
    for i, stay in enumerate(legal):
        goes_on = any(s.code == stay.code and s.end + _NEXT_DAY >= stay.start for s in legal[:i])
        if not goes_on:
            found.append(Decision(stay.start, stay.code, order=True))
    return tuple(sorted(found, key=lambda d: (d.day, d.order, d.code)))


def find_silences(
    events: Sequence[Event], legal: Sequence[Stay], periods: Sequence[tuple[date, date]]
) -> tuple[Stretch, ...]:
    """Return the stretches of half a year or more in care without a recorded decision, with the meetings held within them.

    Each time of being looked after runs from its first day to its last, or to the last order that was granted within it: the plan
    was secure then.
    """
    decided = [d.day for d in find_decisions(events, legal)]
    found = []
    for begin, finish in periods:
        orders = [e.day for e in events if e.code == "order_granted" and begin <= e.day <= finish]
        again = [e.day for e in events if e.code == "accommodated" and orders and orders[-1] < e.day <= finish]
        stop = finish if again or not orders else orders[-1]
        marks = [begin, *sorted({d for d in decided if begin < d < stop}), stop]
        for a, b in zip(marks, marks[1:], strict=False):
            if (b - a).days // 7 >= SILENCE_WEEKS:
                held = [e.code for e in events if a < e.day < b and e.code in MEETINGS]
                found.append(Stretch(a, b, "silence", held.count("review"), held.count("hearing")))
    return tuple(found)


def home_and_away(placements: Sequence[Stay]) -> tuple[tuple[date, date, bool], ...]:
    """Return when a child lived at home and when away from home, each stretch joined: first day, last day, at home."""
    parts = []
    for at_home in (True, False):
        spans = [(p.start, p.end) for p in placements if (p.code == "at_home") == at_home]
        parts += [(a, b, at_home) for a, b in join_stays(spans)]
    return tuple(sorted(parts))


def find_moves(placements: Sequence[Stay], periods: Sequence[tuple[date, date]]) -> tuple[date, ...]:
    """Return the days of moves: the start of a placement away from home that follows another one in the same time in care.

    The first place away from home is no move, and neither is the first after living at home. Several placements that start on one day
    are one move. Two rows of one placement, such as a carer approved again, cannot be told from a move.
    """
    moves = []
    for begin, finish in periods:
        before = None
        for stay in (p for p in placements if begin <= p.start <= finish):
            if stay.code != "at_home" and before is not None and before.code != "at_home" and stay.start > before.start:
                moves.append(stay.start)
            before = stay
    return tuple(moves)
