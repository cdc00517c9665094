"""Parts of the aims page: is each aim met, who waits, who is due next, and is it getting better?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pace_nb import tables
from pace_nb.aims import Aim, find_aim
from pace_nb.charts import curves, shares
from pace_nb.charts.figure import Figure
from pace_nb.charts.run_chart import draw_run_chart
from pace_nb.disclosure import HIDDEN, protect_grid, protect_share
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.measures import Backlog, ShareMet, TwoParts, due_soon, measure_parts, measure_share, share_by
from pace_nb.pages.aim_parts import say_parts
from pace_nb.periods import show_date
from pace_nb.runchart import RunChart, analyse_run
from pace_nb.shown import Shown, paragraphs
from pace_nb.terms import label
from pace_nb.timelines import name_marks
from pace_nb.waits import WaitSummary, summarise_waits
from pace_nb.wording import (
    say_aim,
    say_children,
    say_count,
    say_direction,
    say_progress,
    say_scope,
    say_share,
    say_weeks,
    signal_sentences,
)


@dataclass(frozen=True)
class AimStudy:
    """Everything that is known of one aim in one area on one day.

    share: of those the aim is about, from its from-date on where it has one. parts: the same beside the backlog and what
    went before.
    """

    aim: Aim
    intervals: Intervals
    waits: WaitSummary
    run: RunChart
    share: ShareMet | None
    backlog: Backlog | None
    parts: TwoParts
    recorded: bool = True
    extract: Extract | None = None

    def __repr__(self) -> str:
        return f"AimStudy of {self.intervals}"


@lru_cache(maxsize=16)  # a table of all aims studies them again; nobody may change what is found
def study_aim(extract: Extract, id: str) -> AimStudy:
    """Study one aim. Raises ParameterError if there is no aim with this id."""
    aim = find_aim(extract.aims, id)
    intervals = find_intervals(extract, aim)
    parts = measure_parts(intervals)
    run = analyse_run(intervals, extract.changes)
    return AimStudy(
        aim,
        intervals,
        summarise_waits(intervals),
        run,
        parts.new,
        parts.backlog,
        parts,
        extract.records(aim.end),
        extract,
    )


def describe_aims(*studies: AimStudy) -> Shown:
    """Say the most important things of the page: the wait for a recommendation first, then each aim in a line."""
    main = next((s for s in studies if s.aim.id == "aim-2"), studies[0])
    said = [main.aim.title + ".", *_say_aim(main), say_progress(main.run, main.waits)]
    for study in studies:
        if study is not main:
            said.append(f"{study.aim.title}: {_in_short(study)}")
    audience = main.intervals.audience
    told = {
        "headline": headline_figures(main.waits, main.share, audience)
        | {"Is it getting better?": say_direction(main.run)},
        "series": shares.share_series(main.intervals),
    }
    shown = paragraphs(said, "conclusion")
    return Shown(shown.html, shown.text, page=told)


def headline_figures(waits: WaitSummary, share: ShareMet | None, audience: str) -> dict[str, str]:
    """Return the figures by which an index tells of an area, as text, each share with what it is a share of."""
    typical = say_weeks(waits.typical, waits.followed, audience, "–")
    in_time = say_share(share.met, share.due, audience) if share else "–"
    return {
        "Waiting for a recommendation": say_count(waits.waiting, audience),
        "Past six months": f"{say_count(waits.overdue, audience)} of {say_count(waits.waiting, audience)} waiting",
        "Typical wait": f"{typical}; {say_count(waits.followed, audience)} followed"
        if typical[:1].isdigit()
        else typical,
        "In time": f"{in_time} of {say_count(share.due, audience)} due" if share and in_time.endswith("%") else in_time,
    }


def _in_short(study: AimStudy) -> str:
    audience, w = study.intervals.audience, study.waits
    if not w.started:
        return "no child has started this step in the records."
    if not study.recorded:
        return _say_unrecorded(study)
    late = f", {say_count(w.overdue, audience)} of them past the limit" if study.aim.limit and w.waiting else ""
    share, s = "", study.share
    if s is not None and s.due and (audience == "working" or protect_share(s.met, s.due, audience) is not None):
        share = f"{say_share(s.met, s.due, audience)} in time; "
    return f"{share}{say_children(w.waiting, audience)} waiting now{late}."


def _say_unrecorded(study: AimStudy) -> str:
    """Where the end of a wait is in nobody's record, "none in time" would be a statement about the extract, not about children."""
    return (
        f"'{label(study.aim.end)}' is recorded for nobody in this extract, so it cannot be said who reached it and who waits "
        f"({say_children(study.waits.started, study.intervals.audience)} started)."
    )


def describe_aim(study: AimStudy) -> Shown:
    """Say how long children wait for this aim's step, who is late, and what the run chart says."""
    return paragraphs([*_say_aim(study), *signal_sentences(study.run)])


def _say_aim(study: AimStudy) -> list[str]:
    """Say how long children wait, who had it in time, and who waits; of an aim in two parts, each part by itself."""
    if study.waits.started and not study.recorded:
        return [_say_unrecorded(study)]
    if study.aim.from_date is None or study.share is None or not study.waits.started:
        return say_aim(study.intervals, study.waits, study.share)
    long, *rest = say_aim(study.intervals, study.waits, None)
    return [long, *say_parts(study.aim, study.parts, study.intervals), *rest]


def draw_aim(study: AimStudy) -> Figure:
    """Draw the run chart with the children still waiting beside it."""
    return draw_run_chart(study.run, study.intervals, name_marks(study.extract))


def draw_shares(*studies: AimStudy) -> Figure:
    """Draw the share in time of each aim, by the month, quarter or year in which children were due."""
    return shares.draw_shares([s.intervals for s in studies])


def draw_cohorts(study: AimStudy) -> Figure:
    """Draw how long children wait who started before the aim's from-date, and who started on it or later.

    By start, never by end: of the newest children only the quick ones have finished, so their dots alone flatter.
    """
    aim, table = study.aim, study.intervals.table
    if aim.from_date is None:
        text = "This aim has no from-date, so there are no earlier and later children to compare."
        return Figure(None, text, text)
    day = show_date(aim.from_date)
    groups = {f"started before {day}": "backlog", f"started on {day} or later": "new"}
    cohorts = {name: table[table["cohort"] == code] for name, code in groups.items()}
    return curves.draw_waiting_curves(cohorts, study.intervals)


def show_aim(study: AimStudy) -> Shown:
    """Show who met the aim year by year, its parts, who is due soon, and who is counted."""
    a, note = study.intervals.audience, " ".join(say_scope(study.intervals))
    if study.waits.started and not study.recorded:
        return paragraphs([_say_unrecorded(study)], "note")
    if study.share is None:
        no_limit = "No limit is set for this aim, so no child can be early or late. An area sets its own in aims.toml."
        return paragraphs([no_limit, note], "note")
    s = measure_share(study.intervals)
    years = share_by(study.intervals, "year")
    rows = _share_rows([f"Due in {p.label}" for p in years], [p.share for p in years], a)
    rows += _share_rows(["All who were due"], [s], a)
    if study.aim.from_date:
        began = show_date(study.aim.from_date)
        table = study.intervals.table
        between = study.intervals.only((table["cohort"] == "backlog") & (table["due"] >= str(study.aim.from_date)))
        names = [
            f"started on {began} or later: the aim",
            f"due before {began}: before the aim",
            f"started before {began} and due later",
        ]
        parts = [study.share, study.parts.before, measure_share(between)]
        rows += _share_rows([f"Of them, {name}" for name in names], parts, a)
    beside = (
        f"Beside these: {say_count(s.not_yet_due, a)} not yet due, {say_count(s.met_early, a)} reached it before it was due and are "
        f"counted when it is, {say_count(s.left, a)} left another way before it was due. "
    )
    if a == "working" and s.everyone and s.worst is not None:
        beside += f"Of everyone who started, between {100 * s.worst:.0f} % and {100 * s.best:.0f} % will have made it. "
    ahead = "; ".join(f"{say_count(n, a)} within {w} weeks" for w, n in due_soon(study.intervals))
    beside += f"Of those waiting, the limit comes up for: {ahead}. "
    return tables.make_table(
        ["Year in which the limit ran out", "Children", "In time", "In time, %"],
        rows,
        f"Who had it in time, of those whose {study.aim.limit} had run out by {show_date(study.intervals.as_at)}",
        beside + note,
    )


def _share_rows(names: Sequence[str], shares: Sequence[ShareMet], audience: str) -> list[list[str]]:
    """Return a row for each part of all who were due. "None of them" in time would tell of each of them, so it is not said."""
    grid = protect_grid([[s.due, s.met] for s in shares], audience, {0: [1]}, [(1, 0)], (0, 1))
    rows = []
    for name, share, (due, met) in zip(names, shares, grid, strict=True):
        in_time = tables.percent(share.met, share.due, audience) if isinstance(met, int) else HIDDEN
        rows.append(
            [name, "0", "–", "no child was due"] if due == 0 else [name, tables.cell(due), tables.cell(met), in_time]
        )
    return rows


def show_aims(extract: Extract) -> Shown:
    """Show every aim of the area in one table, its own aims included."""
    rows, a = [], extract.audience
    for aim in extract.aims.values():
        study = study_aim(extract, aim.id)
        s, w = study.share, study.waits
        met = [tables.count(s.due, a), tables.percent(s.met, s.due, a)] if s else ["–", "–"]
        if w.started and not study.recorded:
            limit = [aim.limit_label, f"{aim.target} %" if aim.target else "–"]
            rows.append([aim.title, *limit, "end not recorded", "–", "–", "–"])
            continue
        rows.append(
            [
                aim.title,
                aim.limit_label,
                f"{aim.target} %" if aim.target else "–",
                *met,
                tables.count(w.waiting, a),
                tables.count(w.overdue, a) if aim.limit else "–",
            ]
        )
    return tables.make_table(
        ["Aim", "Limit", "Target", "Time has run out for", "In time", "Waiting now", "of whom past it"],
        rows,
        f"All aims of {extract.area}",
        "Time has run out for, and in time: an aim with a from-date counts only children who started on it or later.",
    )
