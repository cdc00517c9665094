"""All counts of an aim protected together: every group, every year, and the sums between them.

A page on which readers choose aim, group and year holds many tables at once, and each can be subtracted from another. So the counts of
an aim are one system with one audit: of every group in every year those due, those in time and the rest, with the sums over groups,
over years and over both. Counts that the reports publish are taken as they stand there. Rule: docs/disclosure.md, "Rounded counts".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pace_nb.disclosure import (
    HIDDEN,
    THRESHOLD,
    WITHHELD,
    audit_counts,
    protect_count,
    protect_grid,
    protect_parts,
    protect_share,
    round_counts,
)
from pace_nb.disclosure.register import read_shown
from pace_nb.errors import DataError
from pace_nb.packs.records import ALL, Cell

#: (due, in time) of each year of each group; the sums are made here.
Counts = Mapping[str, Mapping[str, tuple[int, int]]]
Name = tuple[str, str, str]


@dataclass(frozen=True)
class System:
    """The counts of an aim by name (what, group, year), the sums between them, and what of them may never be worked out."""

    truth: dict[Name, int]
    sums: list[tuple[list[Name], Name]]
    guarded: list[Name]
    unsaid: list[Name]


def protect_years(
    counts: Counts, before: Mapping[Name, Cell] | None = None
) -> dict[str, dict[str, tuple[Cell, Cell]]] | None:
    """Return (due, in time) of each group and year as they may be published together, "all" of both among them; None if nothing passes.

    counts: groups that together are all children, each with the same years. What the reports say of all children is kept as it is.
    Where all groups do not pass together, None: the caller offers fewer. before: what an earlier pack shows of the same counts, which an
    attacker lays beside this one; of years that are over it is the same children.
    """
    groups, years = list(counts), list(next(iter(counts.values())))
    system = _system(counts, groups, years)
    whole = _as_reported(system, years)
    given = {n: c for n, c in whole.items() if not isinstance(c, str)}
    silent = [n for n, c in whole.items() if isinstance(c, str)]
    if not any(system.truth["due", ALL, y] for y in years):
        return None
    if len(groups) == 1:
        shown = given
    else:
        unsaid = _not_alone([*system.unsaid, *silent], system, groups, years)
        guarded = [*system.guarded, *(n for n in silent if 1 <= system.truth[n] < THRESHOLD)]
        try:
            shown = round_counts(system.truth, system.sums, guarded, unsaid, given)
        except DataError:
            return None
        if not is_safe(system, shown, guarded, _known(system, before or {})):
            return None
    cells = {n: shown.get(n, WITHHELD) for n in system.truth}
    return {g: {y: (cells["due", g, y], cells["met", g, y]) for y in [*years, ALL]} for g in [ALL, *groups]}


def is_safe(
    system: System,
    shown: Mapping[Name, int | None],
    guarded: Sequence[Name] = (),
    known: Mapping[Name, tuple[int, int]] | None = None,
) -> bool:
    """Tell whether nothing that is hidden can be worked out of what is shown: the audit alone, whoever chose what to hide.

    known: the least and the most of counts that are known from elsewhere.
    """
    guarded = [*system.guarded, *guarded]
    return bool(audit_counts(system.truth, shown, system.sums, THRESHOLD, True, guarded, known))


def _known(system: System, before: Mapping[Name, Cell]) -> dict[Name, tuple[int, int]]:
    """Return what an earlier pack tells of the counts of this one: the least and the most of each.

    Where a count is another now (a record was corrected, a child who waits lives elsewhere), what was told misleads whoever relies on it.
    """
    told = {n: read_shown(HIDDEN if c is None else str(c)) for n, c in before.items() if n in system.truth}
    return {n: ends for n, ends in told.items() if ends is not None and ends[0] <= system.truth[n] <= ends[1]}


def _system(counts: Counts, groups: Sequence[str], years: Sequence[str]) -> System:
    truth: dict[Name, int] = {}
    sums: list[tuple[list[Name], Name]] = []
    for group in groups:
        for year in years:
            truth["due", group, year], truth["met", group, year] = counts[group][year]
    for what in ("due", "met"):
        for year in years:
            truth[what, ALL, year] = sum(truth[what, g, year] for g in groups)
        for group in [ALL, *groups]:
            truth[what, group, ALL] = sum(truth[what, group, y] for y in years)
            sums.append(([(what, group, y) for y in years], (what, group, ALL)))
        if len(groups) > 1:
            sums += [([(what, g, y) for g in groups], (what, ALL, y)) for y in [*years, ALL]]
    guarded, unsaid = [], []
    for group in [ALL, *groups]:
        for year in [*years, ALL]:
            due, met = truth["due", group, year], truth["met", group, year]
            truth["rest", group, year] = due - met
            sums.append(([("met", group, year), ("rest", group, year)], ("due", group, year)))
            if due and protect_share(met, due, "aggregate") is None:
                unsaid.append(("met", group, year))
                guarded += [("met", group, year)] if met < THRESHOLD else []
            guarded.append(("rest", group, year))
    return System(truth, sums, guarded, unsaid)


def _not_alone(unsaid: Sequence[Name], system: System, groups: Sequence[str], years: Sequence[str]) -> list[Name]:
    """Return what is not said of those in time, with the further counts that would give it away by subtraction: in each year and in
    each group the count of the fewest children goes with one that would be missing alone.
    """
    found = dict.fromkeys(unsaid)
    lines = [[("met", g, y) for g in groups] for y in [*years, ALL]]
    lines += [[("met", g, y) for y in years] for g in groups]
    while True:
        before = len(found)
        for line in lines:
            missing, there = [n for n in line if n in found], [n for n in line if n not in found]
            if len(missing) == 1 and there:
                some = [n for n in there if system.truth["due", n[1], n[2]]] or there
                found[min(some, key=lambda n: (system.truth["due", n[1], n[2]], n))] = None
        if len(found) == before:
            return list(found)


def _as_reported(system: System, years: Sequence[str]) -> dict[Name, Cell]:
    """Return the counts of all children as the page of the aims tells them, year by year and together (`pages.aims.show_aim`)."""
    shown = {}
    pairs = [[system.truth["due", ALL, y], system.truth["met", ALL, y]] for y in [*years, ALL]]
    by_year = protect_grid(pairs, "aggregate", {0: [1]}, [(1, 0)], (0, 1))
    for year, (due, met) in zip([*years, ALL], by_year, strict=True):
        shown["due", ALL, year], shown["met", ALL, year] = due, met
    return shown


def protect_waiting(
    bands: Mapping[str, Sequence[int]], overdue: Mapping[str, int] | None
) -> dict[str, tuple[list[Cell], Cell, Cell]] | None:
    """Return of each group its bands of waiting, how many wait and how many of them past the limit, as they may be published together.

    bands: of each group how many wait in each band. overdue: past the limit; None where the aim has none, and then nothing is said of
    it. "all" is the sum of all groups. None where they do not pass together.
    """
    groups, places = list(bands), range(len(next(iter(bands.values()))))
    truth = {("band", g, str(i)): bands[g][i] for g in groups for i in places}
    truth |= {("band", ALL, str(i)): sum(bands[g][i] for g in groups) for i in places}
    sums: list[tuple[list[Name], Name]] = []
    late = {} if overdue is None else {**overdue, ALL: sum(overdue.values())}
    for group in [ALL, *groups]:
        total = truth["wait", group, ""] = sum(truth["band", group, str(i)] for i in places)
        sums.append(([("band", group, str(i)) for i in places], ("wait", group, "")))
        if late:
            truth["late", group, ""], truth["not late", group, ""] = late[group], total - late[group]
            sums.append(([("late", group, ""), ("not late", group, "")], ("wait", group, "")))
    several = len(groups) > 1
    for what, part in dict.fromkeys((what, part) for what, _, part in truth):
        if several:
            sums.append(([(what, g, part) for g in groups], (what, ALL, part)))
    unsaid = [n for n in truth if n[0] == "not late"]
    # What the run chart of the reports and their sentences say of all children stands as it is there.
    whole = protect_parts([truth["band", ALL, str(i)] for i in places], "aggregate")
    given: dict[Name, int | None] = {("wait", ALL, ""): protect_count(truth["wait", ALL, ""], "aggregate")}
    if late:
        given["late", ALL, ""] = protect_count(truth["late", ALL, ""], "aggregate")
    if whole is None:
        unsaid += [("band", ALL, str(i)) for i in places]
    else:
        given |= {("band", ALL, str(i)): n for i, n in zip(places, whole, strict=True)}
    try:
        shown = round_counts(truth, sums, (), unsaid, given) if several else given
    except DataError:
        return None
    if not several:
        truth, sums = {n: c for n, c in truth.items() if n[1] == ALL}, [s for s in sums if s[1][1] == ALL]
    if not audit_counts(truth, shown, sums, THRESHOLD, True):
        return None
    names = [ALL, *groups] if several else [ALL]
    return {
        g: (
            [shown.get(("band", g, str(i)), WITHHELD) for i in places],
            shown.get(("wait", g, ""), WITHHELD),
            shown.get(("late", g, ""), WITHHELD) if late else None,
        )
        for g in names
    }
