"""Parts of the balancing page: has a gain in one place a cost in another?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from pace_nb import disclosure, tables
from pace_nb.balancing import (
    DECISIONS,
    Followed,
    StepGroup,
    YearOfMoves,
    follow_decisions,
    follow_returns,
    moves_by_year,
    steps_around,
    steps_by_year,
)
from pace_nb.changes import Change
from pace_nb.charts import balancing as drawn
from pace_nb.charts.figure import Figure
from pace_nb.extract import Extract
from pace_nb.measures import ShareMet
from pace_nb.pages.change import find_change
from pace_nb.periods import show_date
from pace_nb.reviews import find_chains, measure_reviews
from pace_nb.shown import Shown, paragraphs
from pace_nb.timelines import label_children
from pace_nb.wording import say_children, say_count, say_share

DECISION_NAMES = {"permanence_recommendation": "the permanence recommendation", "adm_decision": "the agency decision"}


@dataclass(frozen=True, eq=False)
class BalanceStudy:
    """The balancing measures of an area, worked out once for a page.

    change: the change that the waits of the steps are compared around; None where the area has recorded none.
    chains: links of reviews from the first day away from home; restarted: begun again with each placement.
    """

    extract: Extract
    moves: list[YearOfMoves]
    decisions: dict[str, Followed]
    returns: Followed
    steps: list[StepGroup]
    around: list[tuple[StepGroup, StepGroup]]
    change: Change | None
    chains: pd.DataFrame
    restarted: pd.DataFrame
    labels: dict[tuple[str, str], str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"BalanceStudy: {self.extract.area}, {len(self.moves)} years of moves, {len(self.chains):,} reviews"

    __repr__ = __str__

    @property
    def audience(self) -> str:
        """Who may see what is made from it."""
        return self.extract.audience


def study_balance(extract: Extract, change: str = "") -> BalanceStudy:
    """Work out the balancing measures of an area, around the change with an id (its first change if the id is blank).

    Raises ParameterError for an id that no change has. Without any change the steps are compared by year only.
    """
    chosen = find_change(extract, change) if extract.changes or change else None
    return BalanceStudy(
        extract,
        moves_by_year(extract),
        {d: follow_decisions(extract, d) for d in DECISIONS},
        follow_returns(extract),
        steps_by_year(extract),
        steps_around(extract, chosen.date) if chosen else [],
        chosen,
        find_chains(extract),
        find_chains(extract, restart=True),
        label_children(extract) if extract.audience == "working" else {},
    )


def describe_balance(study: BalanceStudy) -> Shown:
    """Say what each balancing measure shows, in a sentence each."""
    a = study.audience
    moved = _say_followed(study.decisions["adm_decision"], a, "moved again within 12 months, other than to adopters")
    back = _say_followed(study.returns, a, "came back into care within 12 months")
    said = [
        _say_moves(study),
        f"After {DECISION_NAMES['adm_decision']}: {moved}",
        f"After going home: {back}",
        _say_steps(study),
        _say_reviews(study),
    ]
    return paragraphs(said, "conclusion")


def _say_moves(study: BalanceStudy) -> str:
    a = study.audience
    whole = [y for y in study.moves if y.over]
    rates = [(y, drawn.protect_rate(y, a)) for y in whole]
    known = [(y, r) for y, r in rates if r is not None]
    if not known or whole[-1] is not known[-1][0] or (a == "working" and known[-1][0].children < disclosure.MEDIAN_OF):
        return "Moves: not enough children to tell from one year to the next."
    last, rate = known[-1]
    said = f"Moves: in {last.year} children away from home moved {rate:.2f} times for each child-year"
    if len(known) > 1:
        said += f", in {known[-2][0].year} {known[-2][1]:.2f} times"
    several = say_share(last.several, last.children, a)
    return f"{said}. Of the children away from home in {last.year}, {several} had more than one placement."


def _say_followed(followed: Followed, audience: str, what: str) -> str:
    share = followed.share
    early = share.not_yet_due + share.met_early
    later = f"not yet followed for so long: {say_children(early, audience)}."
    if not share.due:
        return f"no child has been followed for 12 months; {later}"
    return f"of {say_children(share.due, audience)} followed for 12 months, {_part(share, audience)} {what}; {later}"


def _part(share: ShareMet, audience: str) -> str:
    if audience == "working":
        return f"{share.met:,}" + (f" ({100 * share.share:.0f} %)" if share.due >= disclosure.MEDIAN_OF else "")
    return say_count(share.met, audience)


def _say_steps(study: BalanceStudy) -> str:
    """Name the steps whose typical wait lies outside what chance allows for the other group, in both directions."""
    if study.change is None:
        return "Delay moved on? No change is recorded here, so the steps below are compared by year only."
    found: dict[str, list[str]] = {"shorter": [], "longer": [], "close": [], "unknown": []}
    for before, since in study.around[: _steps_only(study)]:
        found[_compare(before, since, study.audience)].append(before.step)
    if len(found["unknown"]) == _steps_only(study):
        return "Delay moved on? Not enough children to tell."
    said = [
        f"{name}: {'; '.join(found[key])}."
        for key, name in (
            ("shorter", "Shorter than we would expect by chance"),
            ("longer", "Longer than we would expect by chance"),
        )
        if found[key]
    ]
    said += [f"Too close to tell: {len(found['close'])} of {_steps_only(study)}."] if found["close"] else []
    said += (
        [f"Not enough children to tell: {len(found['unknown'])} of {_steps_only(study)}."] if found["unknown"] else []
    )
    return f"Delay moved on? Children who started since {show_date(study.change.date)}, against those before. {' '.join(said)}"


def _compare(before: StepGroup, since: StepGroup, audience: str) -> str:
    """Return whether a step is shorter or longer since, by intervals that do not overlap: stricter than 95 %, and plain to see."""
    shown = [disclosure.protect_median(g.waits.typical, g.waits.followed, audience) for g in (before, since)]
    if None in shown:
        return "unknown"
    (low, high), (other_low, other_high) = before.waits.typical_interval, since.waits.typical_interval
    if low is not None and other_high is not None and other_high < low:
        return "shorter"
    if high is not None and other_low is not None and other_low > high:
        return "longer"
    return "close"


def _steps_only(study: BalanceStudy) -> int:
    return len(dict.fromkeys(g.step for g in study.steps))


NO_REVIEWS = "No review is recorded in this extract, so nothing can be said of when reviews were held."


def _say_reviews(study: BalanceStudy) -> str:
    if not study.extract.records("review"):
        return f"Reviews: {NO_REVIEWS[0].lower()}{NO_REVIEWS[1:]}"
    shares = measure_reviews(study.chains, study.extract.as_at)
    parts = [f"{drawn.LINK_NAMES[kind].lower()} {_in_time(share, study.audience)}" for kind, share in shares.items()]
    return f"Reviews held in time: {', '.join(parts)}."


def _in_time(share: ShareMet, audience: str) -> str:
    return "none due" if not share.due else say_share(share.met, share.due, audience)


def draw_moves(study: BalanceStudy) -> Figure:
    """Draw placement moves by looked after year."""
    return drawn.draw_moves(study.moves, study.audience)


def show_moves(study: BalanceStudy) -> Shown:
    """Show placement moves by looked after year, with their denominators."""
    a, rows = study.audience, []
    for y in study.moves:
        rate = drawn.protect_rate(y, a)
        counts = (y.moves, round(y.days / 365.25), y.children, y.several)
        moves, years, children, several = (tables.count(n, a) for n in counts)
        shown = "–" if rate is None else f"{rate:.2f}"
        rows.append(
            [drawn.year_name(y), moves, years, shown, children, several, tables.percent(y.several, y.children, a)]
        )
    return tables.make_table(
        [
            "Looked after year",
            "Moves",
            "Child-years away from home",
            "Moves for each child-year",
            "Children away from home",
            "with more than one placement",
            "%",
        ],
        rows,
        "Placement moves of children away from home, by year",
        "A move is a new placement away from home, after the first one; planned moves, such as to adopters, are among them. Child-years: "
        "the days that children spent away from home, divided by 365.25. A year of which a part only is known says so.",
        empty="No child was away from home.",
    )


def show_decisions(study: BalanceStudy) -> Shown:
    """Show how many children moved again within 12 months after a decision, by the year of the decision."""
    parts = [
        _followed_table(
            study.decisions[d],
            study.audience,
            f"Moved again within 12 months after {DECISION_NAMES[d]}",
            "Moved again",
            "Had the order, went home or left first",
        )
        for d in reversed(DECISIONS)
    ]
    return Shown("".join(p.html for p in parts), "\n\n".join(p.text for p in parts))


def show_returns(study: BalanceStudy) -> Shown:
    """Show how many children came back into care within 12 months after going home, by the year of going home."""
    return _followed_table(
        study.returns,
        study.audience,
        "Back in care within 12 months after going home",
        "Accommodated again",
        "Turned 18 first",
    )


def _protect_years(shares: Sequence[ShareMet], audience: str) -> list[list[int | None | str]]:
    """Return due, met, not yet followed and left of each year and, last, of all years, as they may be shown together."""

    def protect(part: Sequence[ShareMet]) -> list[list[int | None | str]]:
        counts = [[s.due, s.met, s.not_yet_due + s.met_early, s.left] for s in part]
        return disclosure.protect_grid(counts, audience, {0: [1]}, [(1, 0)], range(4))

    return [*protect(shares[:-1]), *protect(shares[-1:])]


def _followed_table(followed: Followed, a: str, caption: str, event: str, left: str) -> Shown:
    years = followed.by_year()
    named = [*years, ("All years", followed.share)] if years else []
    rows = []
    for (name, s), (due, met, early, gone) in zip(named, _protect_years([s for _, s in named], a), strict=True):
        percent = tables.percent(s.met, s.due, a) if isinstance(met, int) else disclosure.HIDDEN if s.due else "–"
        rows.append([name, tables.cell(due), tables.cell(met), percent, tables.cell(early), tables.cell(gone)])
    return tables.make_table(
        ["Looked after year", "Followed for 12 months", event, "%", "Not yet followed", left],
        rows,
        caption,
        "The share is of children whose 12 months are over. The last two columns stand beside it and are not in it.",
        empty="No child is followed in the period of this page.",
    )


def draw_decision_gaps(study: BalanceStudy) -> Figure:
    """Draw the time from one move after a permanence recommendation to the next."""
    return drawn.draw_gaps(
        study.decisions["permanence_recommendation"].days, "a move after a recommendation", study.audience
    )


def draw_return_gaps(study: BalanceStudy) -> Figure:
    """Draw the time from one return to care to the next."""
    return drawn.draw_gaps(study.returns.days, "a return to care", study.audience)


def draw_neighbours(study: BalanceStudy) -> Figure:
    """Draw the typical wait of every step by the year in which the clock started."""
    return drawn.draw_neighbours(study.steps, study.audience)


def show_neighbours(study: BalanceStudy) -> Shown:
    """Show every step, the whole way and every aim with a limit, before a change and since."""
    if study.change is None:
        return paragraphs([f"{study.extract.area} has recorded no change, so there is no before and since to compare."])
    a = study.audience
    rows = []
    for pair in study.around:
        cells = [pair[0].step]
        for g in pair:
            cells += [tables.count(g.waits.started, a), _typical(g, a), _share_cell(g, a)]
        rows.append(cells)
    day = show_date(study.change.date)
    heads = [
        f"{name} {when}" for when in ("before", "since") for name in ("Started", "Typical wait, weeks,", "In time, %,")
    ]
    note = (
        "Typical wait: children still waiting are counted. Allowing for chance it lies between the numbers in brackets (95 %)."
        if a == "working"
        else ""
    )
    return tables.make_table(
        ["Step", *heads],
        rows,
        f"Every step for children whose clock started before {day} ({study.change.title}), and since",
        f"{note} A dash: not reached, too few children, or no limit.".strip(),
    )


def _typical(group: StepGroup, audience: str) -> str:
    waits = group.waits
    said = tables.weeks(waits.typical, waits.followed, audience)
    if audience != "working" or waits.typical is None:
        return said
    low, high = ("?" if d is None else f"{d / 7:.0f}" for d in waits.typical_interval)
    return f"{said} ({low} to {high})"


def _share_cell(group: StepGroup, audience: str) -> str:
    share = group.share
    if share is None or not share.due:
        return "–"
    if audience == "working" and share.due < disclosure.MEDIAN_OF:
        return f"{share.met} of {share.due}"
    return tables.percent(share.met, share.due, audience)
