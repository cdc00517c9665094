"""Plausibility: ages that cannot be, and days that are too regular to be the days on which things happened."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from pace_nb.checks.facts import NEVER, Facts
from pace_nb.checks.registry import Counted, check

OLDEST = 21  # nobody is first accommodated at this age; so the birth date must be wrong
PANEL_DAYS = 14  # from panel to agency decision: Adoption Agencies (Scotland) Regulations 2009, reg 13
PLACEMENTS = 30  # more than this of one child is more likely two children, or rows split at each payment
DAYS = 365.25
#: A day of the year is a default if so many times the expected number fall on it, and at least so many.
JANUARY_TIMES, JANUARY_LEAST = 5, 5
MONTH_TIMES, MONTH_LEAST = 3, 20

_birth = partial(
    check,
    part="plausibility",
    table="children",
    column="date_of_birth",
    blanks="date_of_birth",
    fate="used without an age",
)


def _care_began(facts: Facts) -> np.ndarray:
    """Return the first day away from home of each child, by event or placement."""
    away = facts.lives != "at_home"
    return np.minimum(facts.first_of("events", facts.kind == "accommodated"), facts.first_of("placements", away))


@_birth(
    "born-after-care",
    "rows",
    says="is later than the day on which the child was accommodated; the child is used without an age.",
    do="Correct whichever date is wrong.",
)
def _(facts: Facts) -> np.ndarray:
    began = _care_began(facts)
    return (facts.born < NEVER) & (facts.born > began)


@_birth(
    "too-old",
    "rows",
    says=f"makes the child {OLDEST} or older when first accommodated; the child is used without an age.",
    do="Correct the date.",
)
def _(facts: Facts) -> np.ndarray:
    began = _care_began(facts)
    return (began < NEVER) & (facts.birthday_of(OLDEST) <= began)


@check(
    "id-in-two-authorities",
    "notice",
    "identity",
    table="children",
    column="child_id",
    says="has a child_id that another authority uses too; they are two children.",
    do="If they are one child, keep the row of the authority that is responsible.",
)
def _(facts: Facts) -> np.ndarray:
    return facts.children["child_id"].duplicated(keep=False).to_numpy()


@check(
    "decision-late-after-panel",
    "notice",
    "plausibility",
    table="events",
    column="date",
    says=f"{{n}} of {{of}} agency decisions came more than {PANEL_DAYS} days after the panel.",
    do="If the date is that of the letter or of the minute, record the day of the decision.",
)
def _(facts: Facts) -> Counted:
    care = facts.in_care
    panel, decision = care.first_day("permanence_panel"), care.first_day("adm_decision")
    both = (panel < NEVER) & (decision < NEVER) & (decision >= panel)
    late = both & (decision - panel > PANEL_DAYS)
    return Counted(care.rows[care.first["adm_decision"][late]], int(both.sum()))


@check(
    "recommended-on-first-day",
    "notice",
    "plausibility",
    table="events",
    column="date",
    says="{n} of {of} recommendations are dated on the day on which the child was accommodated; they count as waits of no days.",
    do="Check whether one of the dates was filled in for the other.",
)
def _(facts: Facts) -> Counted:
    care = facts.in_care
    recommended = care.first_day("permanence_recommendation")
    both = (recommended < NEVER) & (care.begins < NEVER)
    same = both & (recommended == care.begins)
    return Counted(care.rows[care.first["permanence_recommendation"][same]], int(both.sum()))


@check(
    "at-home-without-order",
    "notice",
    "plausibility",
    table="placements",
    column="placement_type",
    says="is a placement at home during which no compulsory supervision order is recorded; it counts as no time at home on an order.",
    do="Add the order to legal.",
)
def _(facts: Facts) -> np.ndarray:
    orders = facts.codes["legal"]["legal_type"].isin(
        ["compulsory_supervision_order", "interim_compulsory_supervision_order"]
    )
    if not orders.any():
        return np.zeros(len(facts.placements), dtype=bool)
    home = facts.lives == "at_home"
    start, end = facts.day("placements", "start_date"), facts.day("placements", "end_date")
    latest = facts.stays_of("legal", orders).latest_before(facts.who("placements"), end, same_day=True)
    return home & (latest < start)


@check(
    "adopters-without-decision",
    "notice",
    "plausibility",
    table="placements",
    column="placement_type",
    says="is a placement with prospective adopters of a child without an agency decision.",
    do="Add the date of the decision to events.",
)
def _(facts: Facts) -> np.ndarray:
    decided = facts.first_of("events", facts.kind == "adm_decision")[facts.who("placements")]
    return (facts.lives == "prospective_adopter") & (decided == NEVER)


@check(
    "many-placements",
    "notice",
    "plausibility",
    table="placements",
    column="child_id",
    says=f"is the last of more than {PLACEMENTS} placements of one child.",
    do="Check whether one placement is split into several rows, or two children have one number.",
)
def _(facts: Facts) -> np.ndarray:
    stays = facts.stays
    last = np.ones(len(stays.who), dtype=bool)
    last[:-1] = stays.who[1:] != stays.who[:-1]
    many = np.bincount(stays.who, minlength=len(facts.children)) > PLACEMENTS
    return stays.rows[last & many[stays.who]]


for _table, _column, _kind in (("events", "date", "event"), ("placements", "start_date", "placement_type")):

    @check(
        f"first-of-january-{_table}",
        "notice",
        "plausibility",
        table=_table,
        column=_column,
        says="{n} of {of} dates of one kind are 1 January, many more than chance would give; they may stand for 'not known'.",
        do="Replace them by the true dates, or leave them blank.",
    )
    def _(facts: Facts, table: str = _table, column: str = _column, kind: str = _kind) -> Counted:
        on = facts.first_of_its("Y", table, column)
        return _spikes(facts.codes[table][kind], on, 1 / DAYS, JANUARY_TIMES, JANUARY_LEAST)

    @check(
        f"first-of-month-{_table}",
        "notice",
        "plausibility",
        table=_table,
        column=_column,
        says="{n} of {of} dates of one kind are the first of a month, many more than chance would give; the days may be made up.",
        do="Ask where the dates come from; a wait may be wrong by up to a month.",
    )
    def _(facts: Facts, table: str = _table, column: str = _column, kind: str = _kind) -> Counted:
        on = facts.first_of_its("M", table, column)
        return _spikes(facts.codes[table][kind], on, 12 / DAYS, MONTH_TIMES, MONTH_LEAST)


def _spikes(kind: pd.Categorical, on: np.ndarray, expected: float, times: float, least: int) -> Counted:
    """Return the rows on a day, of the kinds of which far more fall on it than should."""
    hit, of = (np.bincount(kind.codes[rows], minlength=len(kind.categories)) for rows in (on, slice(None)))
    those = ((hit >= least) & (hit >= times * expected * of))[kind.codes]
    return Counted(np.flatnonzero(on & those), int(those.sum()))
