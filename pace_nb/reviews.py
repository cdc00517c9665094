"""Reviews against the statutory chain: each is due from the actual one before it, not from the day of the placement.

Looked After Children (Scotland) Regulations 2009 (SSI 2009/210), reg 45(2), for children in kinship, foster and residential care:
the first review within 6 weeks of the placement, the second within 3 months of the first, each later one within 6 months
of the one before. Reviews of children at home have no fixed interval (reg 44) and are not in it.

The regulation begins the chain again with a new placement; practice counts from the first day away from home. Both are offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pace_nb.extract import Extract
from pace_nb.measures import ShareMet, share_met
from pace_nb.numbered import number_children
from pace_nb.periods import Limit, add_months, reporting_year
from pace_nb.spells import KEY, find_away_events, find_away_spells

#: The three kinds of link, with the time that each allows from the review (or the start) before it.
LINKS = {"first": Limit(6, "weeks"), "second": Limit(3, "months"), "later": Limit(6, "months")}
#: What can have become of a review that is due.
STATES = {
    "in time": "held on or before its due date",
    "late": "held after its due date",
    "overdue": "its due date has come, the child is still away from home, and none is recorded",
    "not recorded": "its due date came while the child was away from home, and none is recorded until the child left",
    "not yet due": "its due date is still to come, and none is recorded",
    "ended": "the child left on or before its due date",
}


@dataclass(frozen=True)
class ReviewLink:
    """One review of a chain: from which day it was due, when it was due, when it was held, and what became of it.

    number: 1, 2, 3 ... state: a key of `STATES`. left: when the chain ended, None while it lasts.
    """

    number: int
    clock: date
    due: date
    held: date | None
    state: str
    left: date | None = None

    @property
    def kind(self) -> str:
        """Which link of the chain it is: first, second, or later."""
        return kind_of(self.number)


def kind_of(number: int) -> str:
    """Return the kind of the nth review: "first", "second" or "later"."""
    return list(LINKS)[min(number, 3) - 1]


def review_chain(
    start: date, reviews: Iterable[date], end: date | None, as_at: date, number: int = 1
) -> list[ReviewLink]:
    """Return the links of a chain of reviews, the last of them the one that is still to come (or never came).

    start: the first day of the chain. reviews: the days on which reviews were held, in any order. end: the last day, None
    while the chain lasts; the last link of a chain that has ended says whether a review was still missing. number: which
    review is the next one on `start`; 3 or more where `start` is itself the day of a review.

    Conventions: a review on its due date is in time. Months are calendar months (`periods.add_months`). Reviews on one day
    are one review; those before `start`, after `end` or after `as_at` are not in the chain; one on the start day is the first.
    An end after `as_at` is not yet known. On the due date itself a review that is not recorded is overdue. A child who
    leaves on the due date leaves before it runs out.

    >>> [(k.number, k.state) for k in review_chain(date(2019, 1, 1), [date(2019, 2, 12)], None, date(2019, 5, 12))]
    [(1, 'in time'), (2, 'overdue')]
    """
    end = end if end is not None and end <= as_at else None
    held = sorted({d for d in reviews if start <= d <= (end or as_at)})
    links, clock = [], start
    for n, day in enumerate([*held, None], number):
        due = LINKS[kind_of(n)].due(clock)
        if day is not None:
            state = "in time" if day <= due else "late"
        elif end is not None:
            state = "ended" if end <= due else "not recorded"
        else:
            state = "overdue" if due <= as_at else "not yet due"
        links.append(ReviewLink(n, clock, due, day, state, end))
        clock = day
    return links


def latest_lawful(start: date) -> tuple[date, date, date]:
    """Return the days of the first three reviews if each is held on the last day that the regulation allows.

    >>> latest_lawful(date(2019, 1, 1))
    (datetime.date(2019, 2, 12), datetime.date(2019, 5, 12), datetime.date(2019, 11, 12))
    """
    first = LINKS["first"].due(start)
    second = LINKS["second"].due(first)
    return first, second, LINKS["later"].due(second)


def find_chains(extract: Extract, restart: bool = False) -> pd.DataFrame:
    """Return the review links of every time away from home, in order of child, start and number.

    restart: begin the chain again with each placement away from home, as the regulation has it, and let it end with that
    placement; otherwise it runs from the first day away from home to the last. Columns: local_authority, child_id, id (of
    the spell), start (of the chain), number, kind, clock, due, held, state, left. Only events coded `review` are reviews.

    Of a chain that began before the period of the page only what lies within it is followed, because earlier reviews may
    not be in the records: from the first review within it (or, without one, from its first day), as later links.
    """
    spells, events = find_away_spells(extract), find_away_events(extract)
    reviews = events[events["event"] == "review"]
    held = {spell: [d.date() for d in days] for spell, days in reviews.groupby("id")["date"]}
    placed = _placed(extract) if restart else {}
    rows = []
    for spell in spells.sort_values([*KEY, "start"], kind="stable").itertuples():
        end = None if pd.isna(spell.end) else spell.end.date()
        stays = _stays(spell, end, placed.get(spell.who, [])) if restart else [(spell.start.date(), end)]
        for first, last in stays:
            # The review on the day of a move belongs to the placement that ends.
            moved = first != spell.start.date()
            own = [d for d in held.get(spell.id, []) if d > first or (d == first and not moved)]
            for link in _followed(first, own, last, extract):
                about = (link.number, link.kind, link.clock, link.due, link.held, link.state, link.left)
                rows.append((spell.local_authority, spell.child_id, spell.id, first, *about))
    columns = [*KEY, "id", "start", "number", "kind", "clock", "due", "held", "state", "left"]
    return pd.DataFrame(rows, columns=columns)


def _followed(start: date, held: list[date], end: date | None, extract: Extract) -> list[ReviewLink]:
    since = extract.since
    if since is None or start >= since:
        return review_chain(start, held, end, extract.as_at)
    if end is not None and end <= since:
        return []
    known = [d for d in held if d >= since and (end is None or d <= end)]
    begins = min(known, default=since)
    return review_chain(begins, [d for d in known if d > begins], end, extract.as_at, 3)


def _placed(extract: Extract) -> dict[int, list[date]]:
    """Return the days on which placements away from home begin, by the number of the child."""
    placed = extract.placements[extract.placements["placement_type"] != "at_home"]
    starts: dict[int, list[date]] = {}
    for who, start in zip(number_children(extract).of(placed).tolist(), placed["start_date"], strict=True):
        starts.setdefault(who, []).append(start.date())
    return starts


def _stays(spell, end: date | None, placed: Sequence[date]) -> Sequence[tuple[date, date | None]]:
    """Return the days on which placements away from home begin within a spell, each with the day on which the next begins."""
    first = spell.start.date()
    starts = sorted({first, *(d for d in placed if d > first)})
    starts = [d for d in starts if end is None or d < end]
    return list(zip(starts, [*starts[1:], end], strict=True)) or [(first, end)]


def measure_reviews(chains: pd.DataFrame, as_at: date) -> dict[str, ShareMet]:
    """Return, for each kind of link, how many reviews were held in time, of those whose due date has come.

    chains: from `find_chains`. Counts reviews, not children: a child has several later ones. As in every share in time
    (`measures.share_met`), a review held before its due date counts once that date has come.
    """
    return {kind: _share(chains[chains["kind"] == kind], kind, as_at) for kind in LINKS}


def _share(links: pd.DataFrame, kind: str, as_at: date) -> ShareMet:
    return share_met(links["clock"].tolist(), links["held"].tolist(), links["left"].tolist(), LINKS[kind], as_at)


def reviews_by_year(chains: pd.DataFrame, as_at: date) -> dict[str, dict[str, ShareMet]]:
    """Return the same by looked after year (1 August to 31 July) of the due date: each year in which one came, in order."""
    years = chains["due"].map(reporting_year)
    wanted = sorted(set(years[chains["due"] <= as_at]))
    return {year: measure_reviews(chains[years == year], as_at) for year in wanted}


@dataclass(frozen=True)
class Loophole:
    """Of the third reviews that were in time by the chain, as were the two before: how many came later than 6 months."""

    in_time: int
    past_six_months: int


def measure_loophole(chains: pd.DataFrame) -> Loophole:
    """Count the chains whose first three reviews were all in time, and whose third came more than 6 months after the start."""
    first = chains[(chains["number"] <= 3) & (chains["state"] == "in time")]
    whole = first.groupby(["id", "start"])["number"].transform("size") == 3
    third = first[whole & (first["number"] == 3)]
    past = [held > add_months(start, 6) for held, start in zip(third["held"], third["start"], strict=True)]
    return Loophole(len(third), sum(past))


def find_overdue(chains: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """Return the children away from home whose next review is overdue, the longest overdue first; `gap`: days since the last.

    Where no review was ever held the gap runs from the first day away from home.
    """
    rows = chains[chains["state"] == "overdue"].sort_values(["due", *KEY], kind="stable")
    return rows.assign(gap=[(as_at - clock).days for clock in rows["clock"]]).reset_index(drop=True)


def gaps(chains: pd.DataFrame) -> pd.Series:
    """Return the days from each held review to the one before it (or to the start), one per held review."""
    held = chains[chains["held"].notna()]
    return pd.Series(
        [(h - c).days for h, c in zip(held["held"], held["clock"], strict=True)], index=held.index, dtype="int64"
    )
