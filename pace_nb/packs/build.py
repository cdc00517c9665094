"""A pack from an extract: every aim for every group that can be shown, protected together."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np

from pace_nb import disclosure, terms
from pace_nb.aims import Aim
from pace_nb.areas import read_areas
from pace_nb.errors import NothingToShow, ParameterError, few
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.measures import measure_series, measure_share, share_by, waiting_bands
from pace_nb.packs.protect import protect_waiting, protect_years
from pace_nb.packs.records import ALL, Cell, Pack, PackAim, Slice, Table, Year
from pace_nb.pages.areas import compare_areas, describe_funnel, show_against_rest
from pace_nb.pages.baseline import show_timescales
from pace_nb.periods import show_date
from pace_nb.runchart import analyse_run
from pace_nb.shown import Shown
from pace_nb.waits import enter, summarise_waits, waiting_curves
from pace_nb.wording import say_typical, signal_sentences

EVERYONE = "All children"
OTHERS = "others"
#: A group of fewer children is not offered by itself: hardly a number of it could be shown.
LEAST = 30
QUARTER = 13  # weeks between the points of a curve, as in the reports


def build_pack(extract: Extract, everywhere: Path | None = None, before: Pack | None = None) -> Pack:
    """Return the pack of an area. everywhere: a folder with the extracts of all areas, to compare with the others together.

    before: an earlier pack of the area that people may still have; groups are offered only where both together pass the audit.

    Raises ParameterError for an extract that was read for people entitled to see children, or of several areas, and for an earlier pack
    of another area; NothingToShow where fewer than two areas can be compared.
    """
    if extract.audience != "aggregate":
        raise ParameterError("A pack is for everyone.", do='read the extract for the audience "aggregate".')
    if len(extract.areas) > 1:
        raise ParameterError(
            f"The extract holds {len(extract.areas)} areas.",
            do=f"say whose pack: --area, one of {few(extract.areas, 32)}.",
        )
    if before is not None and before.area != extract.area:
        raise ParameterError(
            f"The earlier pack is one of {before.area}, not of {extract.area}.",
            do="name an earlier pack of the same area.",
        )
    aims, slices, left_out = [], [], []
    for aim in extract.aims.values():
        intervals = find_intervals(extract, aim)
        if not extract.records(aim.end) or not len(intervals.table):
            left_out.append(
                f"{aim.title}: '{terms.lower(aim.end)}' is recorded for nobody, so nothing can be told of it."
            )
            continue
        made, why = _slices(aim, intervals, _told_before(aim, extract, before))
        aims.append(_told(aim))
        slices += made
        left_out += [f"{aim.title}: {why}"] if why else []
    if not aims:
        raise NothingToShow(f"Nothing can be told of {extract.area}.", do="check the extract: pace-nb check.")
    rest, said = _compare(extract, everywhere) if everywhere is not None else (None, ())
    return Pack(
        area=extract.area,
        slug=terms.AUTHORITIES[extract.area].slug,
        as_at=show_date(extract.as_at),
        since="" if extract.since is None else show_date(extract.since),
        synthetic=extract.synthetic,
        method=disclosure.METHOD,
        version=version("pace-nb"),
        sha256=extract.sha256,
        aims=tuple(aims),
        slices=tuple(slices),
        left_out=tuple(left_out),
        timescales=_as_table(show_timescales(extract)),
        rest=rest,
        rest_says=said,
    )


def _told(aim: Aim) -> PackAim:
    limit = aim.limit
    return PackAim(
        aim.id, aim.title, aim.clock, str(limit) if limit else "", limit.weeks if limit else None, aim.target
    )


def _told_before(aim: Aim, extract: Extract, before: Pack | None) -> dict[tuple[str, str, str], Cell]:
    """Return what an earlier pack tells of an aim in years that are over: those whose counts are the same children now."""
    told: dict[tuple[str, str, str], Cell] = {}
    for one in () if before is None else before.groups(aim.id):
        for year in one.years:
            if year.year.isdecimal() and int(year.year) < min(extract.as_at.year, int(before.as_at[-4:])):
                told["due", one.group, year.year], told["met", one.group, year.year] = year.due, year.met
    return told


def _slices(aim: Aim, intervals: Intervals, before: Mapping[tuple[str, str, str], Cell]) -> tuple[list[Slice], str]:
    """Return the slices of an aim, all children first, and why groups that could be asked for are not offered; "" if all are.

    Of groups too small to show, those left over are put together. If the counts of all groups do not pass the audit together, the
    smallest joins the others, until they do or only all children are left.
    """
    groups = _groups(intervals)
    joined = False
    while True:
        parts = {g: intervals.only(intervals.table["placement"].isin(codes)) for g, codes in groups.items()}
        years = None if aim.limit is None else protect_years(_counts(intervals, parts), before)
        bands = {g: waiting_bands(p)["children"].tolist() for g, p in parts.items()}
        waiting = protect_waiting(bands, {g: len(p.overdue) for g, p in parts.items()} if aim.limit else None)
        if (waiting is not None and (years is not None or aim.limit is None)) or len(groups) <= 1:
            break
        groups, joined = _join_smallest(groups, intervals), True
    shown = [ALL, *(g for g in groups if len(groups) > 1)]
    empty = ([disclosure.WITHHELD] * len(next(iter(bands.values()))), disclosure.WITHHELD, None)
    names = list(waiting_bands(intervals)["band"])
    made = [
        _slice(
            aim, intervals if g == ALL else parts[g], g, (years or {}).get(g, {}), names, (waiting or {}).get(g, empty)
        )
        for g in shown
    ]
    if len(groups) == 1:
        return made, "only all children together are offered, because groups are too small to tell apart."
    return made, "some groups are put together, so that no small number can be worked out." if joined else ""


def _groups(intervals: Intervals) -> dict[str, tuple[str, ...]]:
    """Return the groups that are large enough by themselves and one of all others, with their placement groups' codes."""
    sizes = intervals.table["placement"].value_counts()
    large = [g for g in dict.fromkeys(terms.PLACEMENT_GROUPS.values()) if sizes.get(g, 0) >= LEAST]
    others = tuple(g for g in sizes.index if g not in large)
    groups = {g: (g,) for g in large}
    if others and large:
        groups[OTHERS] = others
        if len(others) == 1 or sizes[list(others)].sum() < LEAST:
            groups = _join_smallest({**groups}, intervals)
    return groups if len(groups) > 1 else {ALL: tuple(sizes.index)}


def _join_smallest(groups: Mapping[str, tuple[str, ...]], intervals: Intervals) -> dict[str, tuple[str, ...]]:
    """Return the groups with the smallest one put to the others; only one is left once there would be nothing but others."""
    sizes = intervals.table["placement"].value_counts()
    alone = [g for g in groups if g != OTHERS]
    if len(alone) <= 1:
        return {ALL: tuple(sizes.index)}
    smallest = min(alone, key=lambda g: int(sizes.get(g, 0)))
    rest = {g: codes for g, codes in groups.items() if g not in (smallest, OTHERS)}
    return {**rest, OTHERS: (*groups.get(OTHERS, ()), *groups[smallest])}


def _counts(intervals: Intervals, parts: Mapping[str, Intervals]) -> dict[str, dict[str, tuple[int, int]]]:
    labels = [p.label for p in share_by(intervals, "year")]
    found = {}
    for group, part in parts.items():
        of = {p.label: (p.share.due, p.share.met) for p in share_by(part, "year")}
        found[group] = {label: of.get(label, (0, 0)) for label in labels}
    return found


def _slice(
    aim: Aim,
    part: Intervals,
    group: str,
    years: Mapping[str, tuple[Cell, Cell]],
    names: list[str],
    waiting: tuple[list[Cell], Cell, Cell],
) -> Slice:
    waits, whole = summarise_waits(part), group == ALL
    medians, centre, by, says = _medians(part, whole)
    bands, total, late = waiting
    name = EVERYONE if whole else "Other places together" if group == OTHERS else terms.label(group)
    return Slice(
        aim.id,
        group,
        name,
        tuple(Year(*_year(part, y, due, met)) for y, (due, met) in years.items()),
        tuple(zip(names, bands, strict=True)),
        total,
        late,
        say_typical(waits, "aggregate"),
        medians,
        centre,
        by,
        says,
        _curve(part),
    )


def _year(part: Intervals, year: str, due: Cell, met: Cell) -> tuple[str, Cell, Cell, float | None]:
    share = None
    if isinstance(due, int) and isinstance(met, int):
        found = {p.label: p.share for p in share_by(part, "year")} | {ALL: measure_share(part)}
        one = found.get(year)
        share = None if one is None else disclosure.protect_share(one.met, one.due, "aggregate")
    return year, due, met, None if share is None else round(share, 4)


def _medians(part: Intervals, whole: bool) -> tuple[tuple, float | None, str, tuple[str, ...]]:
    """Return the median of each period and what the run chart says; of a group by year, and of no fewer than ten children."""
    series = measure_series(part) if whole else measure_series(part, "year")
    if not whole:
        few_of = series.points["n"] < disclosure.MEDIAN_OF
        series.points.loc[few_of, "value"] = np.nan
    run = analyse_run(series)
    known = run.points["value"].notna()
    medians = tuple(
        (str(label), int(value) if there else None)
        for label, value, there in zip(run.points["label"], run.points["value"], known, strict=True)
    )
    if int(known.sum()) < 3:
        return (), None, series.period, ("Too few children finished in any period to show a run chart.",)
    centre = run.median if run.analysis.enough else None
    return medians, centre, series.period, tuple(signal_sentences(run))


def _curve(part: Intervals) -> tuple[tuple[int, float], ...]:
    """Return the share still waiting every thirteen weeks, rounded to what five children are worth, as the reports draw it."""
    table = enter(part.table, part.since)
    step = disclosure.curve_step(len(table))
    if step is None:
        return ()
    rows = waiting_curves({"": table}, disclosure.MEDIAN_OF, QUARTER)
    return tuple(
        (int(w), round(float(np.floor(s / step + 0.5) * step), 4))
        for w, s in zip(rows["week"], rows["share"], strict=True)
    )


def _compare(extract: Extract, everywhere: Path) -> tuple[Table, tuple[str, ...]]:
    """Return the area against all others together, by the national aims that all share, as the page across areas tells it."""
    study = compare_areas(read_areas(everywhere, extract.as_at), extract.area)
    rows, says, note, columns = [], [], "", ()
    for id, funnel in study.funnels.items():
        table = _as_table(show_against_rest(study, id))
        rows += [(funnel.aim.title, *row[1:]) for row in table.rows]
        columns, note = ("Aim", *table.columns[1:]), table.note
        says += [f"{funnel.aim.title}: {describe_funnel(study, id).text.splitlines()[1]}"]
    return Table(f"{extract.area} against all other areas together", columns, tuple(rows), note), tuple(says)


def _as_table(shown: Shown) -> Table:
    """Return a table of a report as its cells: what it says is taken as it stands there."""
    caption, head, *lines = shown.text.split("\n")
    rows = [tuple(line.split("\t")) for line in lines if "\t" in line]
    note = next((line for line in lines if "\t" not in line), "")
    return Table(caption, tuple(head.split("\t")), tuple(rows), note)
