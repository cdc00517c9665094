"""Sequence: milestones, placements and orders that cannot have come in the order that is recorded.

Nothing is set aside here. A wait that would be negative is not counted (`intervals`: "record unclear"), and the child's
other waits are; these checks name the rows.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from pace_nb import terms
from pace_nb.checks.facts import NEVER, Facts
from pace_nb.checks.registry import check

_event = partial(check, part="sequence", table="events", column="date")
_placement = partial(check, part="sequence", table="placements", column="start_date")
_CORRECT = "Correct whichever date is wrong."

#: Legal reasons that are an order which makes a plan secure.
ORDERS = ("permanence_order", "permanence_order_with_authority_to_adopt", "kinship_care_order", "adoption_order")


def _before_earlier_step(facts: Facts, milestone: str) -> np.ndarray:
    """Return the events of a milestone that all lie before the step last recorded ahead of it in the chain."""
    care = facts.in_care
    ahead = np.full(len(care.begins), NEVER)
    for earlier in terms.MILESTONES[: terms.MILESTONES.index(milestone)]:
        day = care.first_day(earlier)
        ahead = np.where(day < NEVER, day, ahead)
    at = care.last[milestone]
    return at[(at >= 0) & (ahead < NEVER) & (care.day[at] < ahead)] if len(care.day) else at


@_event(
    "recommendation-before-accommodated",
    "rows",
    says="is a permanence recommendation before the child was accommodated; no wait is counted from the one to the other.",
    do="If the child was looked after at home then, nothing is wrong. Otherwise correct the date.",
)
def _(facts: Facts) -> np.ndarray:
    at = _before_earlier_step(facts, "permanence_recommendation")
    care = facts.in_care
    return care.rows[at[care.day[at] >= facts.born_or_never(care.who[at])]]  # before birth is told of as such


for _milestone, _code, _step in (
    ("permanence_panel", "panel-before-recommendation", "a panel before the recommendation"),
    ("adm_decision", "decision-before-recommendation", "an agency decision before the recommendation or panel"),
    ("court_application", "application-before-decision", "an application to court before the decision"),
    ("order_granted", "order-before-application", "an order before the application to court"),
):

    @_event(
        _code,
        "rows",
        says=f"is {_step} (or the last step recorded before that); no wait is counted between the two.",
        do=_CORRECT,
    )
    def _(facts: Facts, milestone: str = _milestone) -> np.ndarray:
        return facts.in_care.rows[_before_earlier_step(facts, milestone)]


@_event(
    "before-birth",
    "notice",
    says="is dated before the child was born. A referral may be; this counts in no wait that starts later.",
    do="If the plan was made before birth, nothing is wrong. Otherwise correct the date, or the date of birth.",
)
def _(facts: Facts) -> np.ndarray:
    who = facts.who("events")
    return (facts.kind != "referral") & (facts.day("events", "date") < facts.born_or_never(who))


@_event(
    "second-recommendation",
    "notice",
    says="is a further recommendation in the same time in care; the first one on or after the start ends the wait.",
    do="If the first was withdrawn, no correction is needed.",
)
def _(facts: Facts) -> np.ndarray:
    care = facts.in_care
    later = care.day > care.first_day("permanence_recommendation")[care.time]
    return care.rows[(care.kind == "permanence_recommendation") & later]


@_event(
    "again-accommodated",
    "notice",
    says="is a new time away from home of a child who had left: a second wait with a clock of its own.",
)
def _(facts: Facts) -> np.ndarray:
    care = facts.in_care
    at = care.first["accommodated"]
    earlier = np.zeros(len(care.begins), dtype=bool)
    child = care.who[at]
    earlier[1:] = (child[1:] == child[:-1]) & (at[1:] >= 0) & (at[:-1] >= 0)
    return care.rows[at[earlier]]


@_event(
    "accommodated-twice",
    "rows",
    says="says again that the child was accommodated, though no end of the time before is recorded; the first counts.",
    do="Record the return home between the two, or delete the one that is not meant.",
)
def _(facts: Facts) -> np.ndarray:
    return facts.in_care.rows[facts.in_care.again]


@_event(
    "after-leaving",
    "rows",
    says="is dated after the child went home or the last placement ended, and no new start away from home is recorded; "
    "it is counted in no wait.",
    do="Add the day on which the child was accommodated again, or correct the date.",
)
def _(facts: Facts) -> np.ndarray:
    care = facts.in_care
    return care.rows[care.kind.isin(terms.MILESTONES[1:]) & (care.day > care.ended[care.time])]


@_event(
    "two-orders",
    "rows",
    says="is one of two orders granted to a child on one day; they are one way out of care, and the route is that of "
    "adoption before permanence order with authority, permanence order, kinship care order.",
    do="Delete the one that is not meant.",
)
def _(facts: Facts) -> np.ndarray:
    care = facts.in_care
    at = np.flatnonzero(care.kind == "order_granted")
    same = (care.who[at[1:]] == care.who[at[:-1]]) & (care.day[at[1:]] == care.day[at[:-1]])
    return care.rows[np.concatenate([at[1:][same], at[:-1][same]])]


@_event(
    "order-after-18",
    "rows",
    says="is an order after the child's 18th birthday; the wait ended on that birthday.",
    do="Check the date, and the date of birth.",
)
def _(facts: Facts) -> np.ndarray:
    eighteenth = facts.birthday_of(18)[facts.who("events")]
    return (facts.kind == "order_granted") & (facts.day("events", "date") > eighteenth)


@_event(
    "accommodated-at-18",
    "rows",
    says="is the start away from home of someone aged 18 or over.",
    do="Check the date, and the date of birth. Leave out those who were accommodated as adults.",
)
def _(facts: Facts) -> np.ndarray:
    eighteenth = facts.birthday_of(18)[facts.who("events")]
    return (facts.kind == "accommodated") & (facts.day("events", "date") >= eighteenth)


@_placement(
    "placements-overlap",
    "notice",
    says="begins before the placement before it ended; both are drawn, and where the child lived is told by the one that "
    "began last.",
    do="Correct the dates, unless the child lived in two places, as in respite.",
)
def _(facts: Facts) -> np.ndarray:
    stays = facts.stays
    both_open = (stays.previous == NEVER) & (stays.end == NEVER)
    return stays.rows[(stays.start < stays.previous) & ~both_open]


@_placement(
    "two-open-placements",
    "rows",
    says="is one of several placements of a child that have no end; the child is taken to live where the last one began.",
    do="Add the end of the others.",
)
def _(facts: Facts) -> np.ndarray:
    open_ = facts.placements["end_date"].isna().to_numpy()
    who = facts.who("placements")
    several = np.bincount(who[open_], minlength=len(facts.children)) > 1
    return open_ & several[who]


@_placement(
    "placement-gap",
    "notice",
    says="begins more than a day after the placement before it ended, and nothing says that the child was home in between; "
    "the gap is not filled in.",
    do="Add what is missing: a placement, or the return home.",
)
def _(facts: Facts) -> np.ndarray:
    stays, care = facts.stays, facts.in_care
    # A child at home again, on an order, need not have been looked after in between.
    away = facts.lives[stays.rows] != "at_home"
    gap = away & (stays.previous >= 0) & (stays.start > stays.previous + 1) & (stays.previous < NEVER)
    at = np.flatnonzero(gap)
    turning = care.kind.isin(["accommodated", "return_home", "order_granted"])
    days = np.sort(facts.key(care.who[turning], care.day[turning]))
    between = np.searchsorted(days, facts.key(stays.who[at], stays.start[at]), side="right") > np.searchsorted(
        days, facts.key(stays.who[at], stays.previous[at])
    )
    return stays.rows[at[~between]]


@_placement(
    "home-but-placed",
    "rows",
    says="is a placement away from home without an end, though the child went home later and did not come back.",
    do="Add the end of the placement, or the day on which the child was accommodated again.",
)
def _(facts: Facts) -> np.ndarray:
    care = facts.in_care
    home = np.full(len(facts.children), -1)
    turns = care.kind.isin(["accommodated", "return_home"])
    home[care.who[turns]] = np.where(care.kind == "return_home", care.day, -1)[turns]  # the last one of a child stays
    placed = facts.placements
    away = (facts.lives != "at_home") & placed["end_date"].isna().to_numpy()
    return away & (facts.day("placements", "start_date") < home[facts.who("placements")])


@_placement(
    "adopters-before-decision",
    "notice",
    says="is a placement with prospective adopters that began before the agency decision.",
    do=_CORRECT,
)
def _(facts: Facts) -> np.ndarray:
    decided = facts.first_of("events", facts.kind == "adm_decision")[facts.who("placements")]
    adopters = facts.lives == "prospective_adopter"
    return adopters & (decided < NEVER) & (facts.day("placements", "start_date") < decided)


@check(
    "order-not-in-events",
    "rows",
    "sequence",
    table="legal",
    column="legal_type",
    says="is an order that makes the plan secure, but no event says that one was granted, so no wait ends with it.",
    do="Add the event order_granted with its date and route.",
)
def _(facts: Facts) -> np.ndarray:
    granted = facts.first_of("events", facts.kind == "order_granted")[facts.who("legal")]
    return facts.codes["legal"]["legal_type"].isin(ORDERS) & (granted == NEVER)


@_event(
    "order-not-in-legal",
    "notice",
    says="is an order of which the table of legal reasons knows nothing.",
    do="Add the order to legal, or correct the event.",
)
def _(facts: Facts) -> np.ndarray:
    orders = facts.codes["legal"]["legal_type"].isin(ORDERS)
    known = facts.first_of("legal", orders)[facts.who("events")]
    return (facts.kind == "order_granted") & (known == NEVER) & bool(orders.any())
