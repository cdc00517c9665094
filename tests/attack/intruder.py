"""An intruder who has the aggregate pages of an area, of this month and of last month, and knows more besides.

The intruder reads the text of what the pages show, knows which tables add up to which, that years gone by do not change, one
child's dates, and in the tables across areas the exact counts of a neighbour. `attack` puts all of it into one system and returns
the audit of every count that was not shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pace_nb.disclosure import Audit, audit_counts
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.measures import measure_share, share_by, waiting_bands
from pace_nb.now import count_standing, find_standing
from pace_nb.pages import aims, areas, baseline, change, now
from pace_nb.shown import Shown
from pace_nb.waits import summarise_steps, summarise_waits

HIDDEN, WITHHELD = "*", "–"


@dataclass
class Knowledge:
    """What there is to know: true counts by name, what was shown of them, and what adds up to what."""

    truth: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)
    sums: list = field(default_factory=list)
    page: str = ""
    cells: Counter = field(default_factory=Counter)
    told: Counter = field(default_factory=Counter)

    def see(self, name, n: int, text: str) -> None:
        """Take in one cell of a page. What is shown anywhere counts for everywhere."""
        if self.truth.setdefault(name, n) != n:
            raise AssertionError(f"two true counts of {name}: {self.truth[name]} and {n}")
        found = read(text)
        self.cells[self.page] += 1
        self.told[self.page] += found is not None
        if found is not None:
            assert self.seen.get(name) in (None, found), f"{name} is shown as {self.seen[name]} and as {found}"
            self.seen[name] = found
        elif text == HIDDEN:
            self.seen.setdefault(name, None)

    def add_up(self, parts: Mapping, total, n: int) -> None:
        """Take in that parts make a total; both with their true counts."""
        for name, count in {**parts, total: n}.items():
            self.truth.setdefault(name, count)
        if sum(parts.values()) == n:
            self.sums.append((list(parts), total))

    def attack(self, known=None) -> Audit:
        """Return the audit of everything that was shown as hidden."""
        return audit_counts(self.truth, self.seen, self.sums, rounded=True, known=known)


def read(text: str) -> int | None:
    """Return the count that a cell shows, None where it shows none."""
    found = re.fullmatch(r"(?:about )?([\d,]+)(?: children)?", text)
    return int(found[1].replace(",", "")) if found else None


def rows_of(shown: Shown) -> Iterator[dict[str, str]]:
    """Yield each row of a table as heading -> text; the name of the row under ''."""
    _, heading, *lines = [*shown.text.split("\n"), "", ""]
    columns = heading.split("\t")
    for line in lines:
        cells = line.split("\t")
        if len(cells) == len(columns):
            yield {"": cells[0], **dict(zip(columns, cells, strict=True))}


def look_at(extract: Extract, knowledge: Knowledge, month: str) -> None:
    """Read the pages of one area as at one day."""
    knowledge.page = "aims"
    for id in extract.aims:
        study = aims.study_aim(extract, id)
        _waits(knowledge, study.intervals, month)
        if study.share is not None and study.recorded and id in ("aim-1", "aim-2", "aim-3", "aim-4"):
            _years(knowledge, study, month)
        _bands(knowledge, study, month)
    knowledge.page = "baseline"
    _steps(knowledge, extract, month)
    _places(knowledge, extract, month)
    knowledge.page = "children now"
    _due(knowledge, extract, month)
    _board(knowledge, extract, month)
    if extract.changes:
        knowledge.page = "test of change"
        _before_after(knowledge, extract, month)


def key(intervals: Intervals) -> tuple[str, str]:
    return intervals.aim.start, intervals.aim.end


def _waits(knowledge: Knowledge, i: Intervals, month: str) -> None:
    w, k = summarise_waits(i), (month, *key(i))
    parts = {"reached": w.reached, "waiting": w.waiting, "left": w.left, "unusable": w.unusable}
    knowledge.add_up({(*k, p): n for p, n in parts.items()}, (*k, "started"), w.started)
    if i.aim.limit:
        late = (*k, i.aim.id)
        knowledge.add_up(
            {(*late, "overdue"): w.overdue, (*late, "in time yet"): w.waiting - w.overdue}, (*k, "waiting"), w.waiting
        )


def _bands(knowledge: Knowledge, study, month: str) -> None:
    i, k = study.intervals, (month, *key(study.intervals))
    bands = waiting_bands(i)
    counts = dict(zip(bands["band"], bands["children"].astype(int), strict=True))
    knowledge.add_up({(*k, "band", b): n for b, n in counts.items()}, (*k, "waiting"), len(i.waiting))
    for rows in aims.draw_aim(study).data.rows.values():
        for row in rows:
            if "band" in row and row["band"] in counts:
                text = HIDDEN if row["name"] == "too few to show" else row["name"]
                knowledge.see((*k, "band", row["band"]), counts[row["band"]], text)


def _years(knowledge: Knowledge, study, month: str) -> None:
    i, this = study.intervals, str(study.intervals.as_at.year)
    s = measure_share(i)
    groups = {p.label: p.share for p in share_by(i, "year")}
    k = (month, i.aim.id)
    text = {row[""].removeprefix("Due in "): row for row in rows_of(aims.show_aim(study))}

    def place(year: str, what: str, n: int):
        settled = ("settled", i.aim.id, year, what)  # a year gone by is the same next month
        return settled if year < this and knowledge.truth.get(settled, n) == n else (*k, year, what)

    for what, of in (("due", lambda x: x.due), ("met", lambda x: x.met)):
        years = {place(y, what, of(x)): of(x) for y, x in groups.items()}
        knowledge.add_up(years, (*k, "all", what), of(s))
        column = {"due": "Children", "met": "In time"}[what]
        for y, x in groups.items():
            knowledge.see(place(y, what, of(x)), of(x), text[y][column])
        if s.due:
            knowledge.see((*k, "all", what), of(s), text["All who were due"][column])
    for y, x in {**groups, "all": s}.items():
        due, met = ((*k, y, w) if y == "all" else place(y, w, n) for w, n in (("due", x.due), ("met", x.met)))
        knowledge.add_up({met: x.met, (*k, y, "not met"): x.due - x.met}, due, x.due)


def _due(knowledge: Knowledge, extract: Extract, month: str) -> None:
    titles = {aim.title: find_intervals(extract, aim) for aim in extract.aims.values()}
    for row in rows_of(now.show_due(extract)):
        i = titles[row[""]]
        knowledge.see((month, *key(i), "waiting"), len(i.waiting), row["Children waiting"])
        knowledge.see((month, *key(i), i.aim.id, "overdue"), len(i.overdue), row["Past due"])


def _steps(knowledge: Knowledge, extract: Extract, month: str) -> None:
    steps = summarise_steps(extract)
    columns = {
        "Started": "started",
        "Reached": "reached",
        "Waiting": "waiting",
        "Left another way": "left",
        "Record unclear": "unusable",
    }
    for row, (i, w) in zip(rows_of(baseline.show_steps(steps)), steps, strict=True):
        _waits(knowledge, i, month)
        for column, what in columns.items():
            knowledge.see((month, *key(i), what), getattr(w, what), row[column])


def _places(knowledge: Knowledge, extract: Extract, month: str) -> None:
    i = find_intervals(extract, extract.aims["aim-2"])
    k, whole = (month, *key(i)), summarise_waits(i)
    columns = {
        "Accommodated": "started",
        "Recommended": "reached",
        "Waiting now": "waiting",
        "Past six months": "overdue",
    }
    labels = {t: g for g, t in ((g, baseline.terms.label(g)) for g in baseline.terms.PLACEMENT_GROUPS.values())}
    groups = {}
    for row in rows_of(baseline.show_waiting_by_placement(extract)):
        g = labels[row[""]]
        groups[g] = w = summarise_waits(i.only(i.table["placement"] == g))
        for column, what in columns.items():
            knowledge.see((*k, g, what), getattr(w, what), row[column])
        rest = {(*k, g, "rest"): w.started - w.reached - w.waiting}
        knowledge.add_up(
            {(*k, g, "reached"): w.reached, (*k, g, "waiting"): w.waiting} | rest, (*k, g, "started"), w.started
        )
        later = {(*k, g, "not overdue"): w.waiting - w.overdue}
        knowledge.add_up({(*k, g, "overdue"): w.overdue} | later, (*k, g, "waiting"), w.waiting)
    for what in columns.values():
        total = (*k, "aim-2", what) if what == "overdue" else (*k, what)
        knowledge.add_up({(*k, g, what): getattr(w, what) for g, w in groups.items()}, total, getattr(whole, what))


def _board(knowledge: Knowledge, extract: Extract, month: str) -> None:
    counts = count_standing(find_standing(extract), extract)
    stages = {now.drawn.STAGE_NAMES[s]: s for s in counts.index}
    totals = {(month, "board", s): int(counts.loc[s].sum()) for s in counts.index}
    knowledge.add_up(totals, (month, "board"), sum(totals.values()))
    for row in rows_of(now.show_board(extract)):
        s = stages[row[""]]
        cells = {(month, "board", s, band): int(counts.loc[s, band]) for band in counts.columns}
        knowledge.add_up(cells, (month, "board", s), sum(cells.values()))
        for band in counts.columns:
            knowledge.see((month, "board", s, band), int(counts.loc[s, band]), row[band])
        knowledge.see((month, "board", s), sum(cells.values()), row["All"])


def _before_after(knowledge: Knowledge, extract: Extract, month: str) -> None:
    one = extract.changes[0]
    i = find_intervals(extract, extract.aims[one.aim])
    sides = [summarise_waits(part) for part in change.split_cohorts(i, one)]
    names = {"Children whose clock started": "started", "reached the step": "reached", "still wait": "waiting"}
    names |= {"left another way": "left", "record unclear": "unusable"}
    rows = {row[""]: list(row.values())[1:] for row in rows_of(change.show_before_after(one, i))}
    for label, what in names.items():
        cells = {(month, "change", *key(i), side, what): getattr(w, what) for side, w in enumerate(sides)}
        knowledge.add_up(cells, (month, *key(i), what), sum(cells.values()))
        for (name, n), text in zip(cells.items(), rows[label], strict=True):
            knowledge.see(name, n, text)
    for side, w in enumerate(sides):
        k = (month, "change", *key(i), side)
        parts = {(*k, p): getattr(w, p) for p in ("reached", "waiting", "left", "unusable")}
        knowledge.add_up(parts, (*k, "started"), w.started)


def one_child(extract: Extract, month: str) -> dict:
    """Return what follows from the dates of one child who waits for a recommendation: where the child is counted, there is one."""
    i = find_intervals(extract, extract.aims["aim-2"])
    if i.waiting.empty:
        return {}
    k, top = (month, *key(i)), 10**6
    child = i.only(i.table.index == i.table.index[i.table["status"] == "waiting"][0])
    assert len(child.waiting) == 1
    band = waiting_bands(child).set_index("band")["children"].idxmax()
    group = child.table["placement"].iloc[0]
    return {(*k, "waiting"): (1, top), (*k, "band", band): (1, top), (*k, group, "waiting"): (1, top)}


def look_across(study: areas.AreasStudy, knowledge: Knowledge) -> None:
    """Read the page across areas: each area's children due and in time, and all of them together."""
    knowledge.page = "across areas"
    titles = {i.aim.title: id for id, i in study.intervals.items()}
    for row in rows_of(areas.show_national(study)):
        id = titles[row[""]]
        share = measure_share(study.intervals[id])
        if share is not None:
            for what, n, column in (("due", share.due, "Time has run out for"), ("met", share.met, "of whom in time")):
                knowledge.see((id, "all", what), n, row[column])
    for id, funnel in study.funnels.items():
        for row in rows_of(areas.show_against_rest(study, id)):
            place = next(p for p in funnel.places if p.area == row[""])
            for what, column in (("due", "Children due"), ("met", "In time")):
                knowledge.see((id, place.area, what), getattr(place, what), row[column])
        for what in ("due", "met"):
            parts = {(id, p.area, what): getattr(p, what) for p in funnel.places}
            knowledge.add_up(parts, (id, "all", what), getattr(funnel.total, what))
        for p in [*funnel.places]:
            rest = {(id, p.area, "met"): p.met, (id, p.area, "not met"): p.due - p.met}
            knowledge.add_up(rest, (id, p.area, "due"), p.due)
