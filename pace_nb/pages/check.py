"""Parts of the page that judges an extract: fit for which aims, what to correct first, what became of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pace_nb import tables, terms
from pace_nb.charts.check import draw_completeness_table
from pace_nb.charts.figure import Figure
from pace_nb.errors import DataError, few
from pace_nb.extract import Extract, read_extract
from pace_nb.findings import HEADS, LEVELS
from pace_nb.fitness import AimFitness, Fix, fix_first, judge_fitness
from pace_nb.measures import completeness, completeness_by, who_waits
from pace_nb.periods import show_date
from pace_nb.previous import LARGE_DROP, Comparison, compare_extracts
from pace_nb.pseudonyms import find_key, label_names, name_children
from pace_nb.shown import Shown, paragraphs
from pace_nb.spells import KEY
from pace_nb.wording import are, say_children, say_count

VERDICTS = {"fit": "fit to use", "care": "use with care", "not fit": "not fit to use"}
LISTED = 40  # children of one list; the note says how many more there are
FIRST = 3  # faults named at the top of the page
YEARS_SHOWN = 9


@dataclass(frozen=True)
class PreviousStudy:
    """An extract held against the one before; `comparison` is None where none was named."""

    extract: Extract
    source: str = ""
    comparison: Comparison | None = None

    def __str__(self) -> str:
        return str(self.comparison) if self.comparison else "No earlier extract was named."

    __repr__ = __str__


def describe_fitness(extract: Extract) -> Shown:
    """Say whether the extract is fit to use, for which aims, and what to correct first."""
    a = extract.audience
    refused = [f for f in extract.findings if f.level == "file"]
    aside, read = int(extract.rows["set_aside"].sum()), int(extract.rows["read"].sum())
    said = [_fit_for(judge_fitness(extract))]
    if refused:
        said.append(
            f"Not usable: {len(refused)} {'file or column' if len(refused) == 1 else 'files or columns'}, named below."
        )
    said.append(
        f"Rows: {say_count(read, a)} read; {say_count(aside, a)} set aside, each with its reason."
        if aside
        else f"Rows: {say_count(read, a)} read, none set aside."
    )
    fixes = fix_first(extract)[:FIRST]
    for place, fix in enumerate(fixes):
        said.append(f"{'Then' if place else 'Correct first'}: {_say_fix(fix, a)} {fix.do}")
    if not fixes:
        said.append("To correct: nothing that was found.")
    return paragraphs(said, "conclusion")


def _fit_for(fitness: Sequence[AimFitness]) -> str:
    parts = []
    for verdict, words in VERDICTS.items():
        those = [f.aim.title.split(":")[0] for f in fitness if f.verdict == verdict]
        if those:
            parts.append(f"{words} for {', '.join(those)}")
    return f"Is it fit? {_sentence('; '.join(parts))}."


def _say_fix(fix: Fix, audience: str) -> str:
    """Say what is wrong with how many rows, or with which file; what was found goes on from there: "is not a date"."""
    if fix.waits is None:
        return f"{fix.places[0].split(',')[0]} {fix.what}"
    if fix.rows == 1 and audience == "working":
        return f"1 row. It {fix.what}"
    return f"{say_count(fix.rows, audience)} rows. Each {fix.what}"


def show_fitness(extract: Extract) -> Shown:
    """Show for each aim whether the extract is fit for it, and why."""
    a = extract.audience
    rows = [
        [
            f.aim.title,
            VERDICTS[f.verdict].capitalize(),
            *(tables.count(n, a) for n in (f.starts, f.unclear + f.unstarted, f.passed, f.ends_recorded)),
            " ".join(f.why),
        ]
        for f in judge_fitness(extract)
    ]
    return tables.make_table(
        ["Aim", "Verdict", "Waits", "Cannot be measured", "Passed the end", "End recorded", "Why"],
        rows,
        "Is the extract fit for each aim?",
        "Fit means that what is recorded is enough to measure the aim. It says nothing of how long children wait. "
        "Cannot be measured: no start is recorded, or the records contradict themselves.",
    )


def show_fixes(extract: Extract) -> Shown:
    """Show what to correct first: one line for each kind of fault, what helps most at the top."""
    a = extract.audience
    working = a == "working"
    rows = [
        [
            str(place),
            _sentence(fix.what),
            fix.do,
            tables.count(fix.rows, a),
            *(["; ".join(fix.places)] if working else []),
        ]
        for place, fix in enumerate(fix_first(extract), 1)
    ]
    note = "The rows themselves, as a workbook for the data lead: pace-nb check, with --corrections."
    return tables.make_table(
        ["Place", "What is wrong", "What to do", "Rows", *(["Where"] if working else [])],
        rows,
        "What to correct first",
        note,
        empty="Nothing to correct was found.",
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def show_checks(extract: Extract) -> Shown:
    """Show what the checks found, one line for each check: how many rows, of how many files. No row is named."""
    a = extract.audience
    counts: dict[tuple[int, str], list] = {}
    for finding in extract.findings:
        count = counts.setdefault((LEVELS.index(finding.level), finding.code), [0, set(), finding.what])
        count[0] += len(finding.lines) or 1
        count[1].add(finding.file)
    rows = [
        [HEADS[LEVELS[level]], code, _sentence(what), tables.count(n, a), few(sorted(files), 3)]
        for (level, code), (n, files, what) in sorted(counts.items(), key=lambda c: (c[0][0], -c[1][0], c[0][1]))
    ]
    return tables.make_table(
        ["Kind", "Check", "What it found", "Rows", "Files"],
        rows,
        "Checks that found something",
        "Rows that are only noted are used. A file as a whole counts as one row.",
        empty="Nothing was found wrong.",
    )


def draw_completeness_by_year(extract: Extract) -> Figure:
    """Draw how complete the milestone dates are by the year in which the milestone was passed."""
    table = completeness_by(extract, "year")
    years = sorted(table["year"].unique())[-YEARS_SHOWN:]
    return draw_completeness_table(table, "year", [(y, str(y)) for y in years], extract.audience)


def draw_completeness_by_placement(extract: Extract) -> Figure:
    """Draw how complete the milestone dates are by where the children lived when they passed the milestone."""
    table = completeness_by(extract, "placement")
    here = set(table["placement"])
    order = [*dict.fromkeys(terms.PLACEMENT_GROUPS.values()), "not_recorded"]
    groups = [(code, terms.label(code)) for code in order if code in here]
    return draw_completeness_table(table, "placement", groups, extract.audience)


def show_gaps(extract: Extract) -> Shown:
    """Show of each milestone where a date is missing and where a child waits: only the first can be put right in the records."""
    a = extract.audience
    waiting = who_waits(extract)["stage"].value_counts()
    rows = [
        [
            terms.label(r.milestone),
            tables.count(int(r.recorded), a),
            tables.count(int(r.passed - r.recorded), a),
            tables.count(int(waiting.get(r.milestone, 0)), a),
        ]
        for r in completeness(extract).itertuples()
    ]
    return tables.make_table(
        [
            "Milestone",
            "Date recorded",
            "A gap: a later step is recorded, this one is not",
            "Waiting now for the step after it",
        ],
        rows,
        "Gaps in the records, apart from waits",
        "A gap is never counted as a wait: the wait that it would end or begin is left out, and counted as not recorded.",
    )


def study_previous(extract: Extract, previous_path: str) -> PreviousStudy:
    """Read the earlier extract at a path, as at the same day, and hold this one against it; blank compares with none.

    Raises DataError if it cannot be read, or if it is of another area.
    """
    if not previous_path.strip():
        return PreviousStudy(extract)
    path = Path(previous_path)
    area = extract.areas[0] if len(extract.areas) == 1 else None
    old = read_extract(path, extract.as_at, area, extract.audience, extract.since)
    if old.areas != extract.areas:
        raise DataError(
            "The earlier extract holds other areas, so the two cannot be compared.",
            do="name the earlier extract of the same area.",
        )
    return PreviousStudy(extract, path.name, compare_extracts(extract, old))


def describe_previous(study: PreviousStudy) -> Shown:
    """Say what became of the records since the extract before: children who vanished, counts that dropped, dates that changed."""
    found, a = study.comparison, study.extract.audience
    if found is None:
        return paragraphs(["No earlier extract was named. Set previous_path to one to see what has changed since."])
    gone = len(found.vanished)
    said = [
        f"Children: {say_count(found.before['children'], a)} before, {say_count(found.after['children'], a)} now; "
        f"{say_count(gone, a)} of those before {are(gone, a)} no longer there, {say_count(len(found.arrived), a)} came."
    ]
    if "children" in found.dropped:
        said.append(
            f"A large drop: more than {LARGE_DROP} % of the children are gone. Ask whether the export was whole before using it."
        )
    others = [t for t in found.dropped if t != "children"]
    if others:
        said.append(f"Far fewer rows than before: in {', '.join(others)}. Ask whether the export was whole.")
    if found.still_looked_after:
        n = len(found.still_looked_after)
        said.append(
            f"Still looked after when last seen: {say_children(n, a)} of those no longer there. "
            "A child whose placement had not ended should be in the next extract."
        )
    if found.renumbered:
        said.append(
            f"Numbers changed: {say_children(len(found.renumbered), a)} came back with more or fewer zeros in front of the number. "
            "Format the column as text before exporting."
        )
    moved = sum(d.changed + d.removed for d in found.dates)
    said.append(
        f"Dates: {say_count(moved, a)} of those before changed or went, {say_count(sum(d.added for d in found.dates), a)} were added."
    )
    return paragraphs(said, "conclusion")


def show_previous(study: PreviousStudy) -> Shown:
    """Show how many rows of each table the two extracts hold, both read as at the same day."""
    found, a = study.comparison, study.extract.audience
    if found is None:
        return paragraphs([])
    rows = [
        [
            t,
            tables.count(n, a),
            tables.count(found.after[t], a),
            f"fell by more than {LARGE_DROP} %" if t in found.dropped else "",
        ]
        for t, n in found.before.items()
    ]
    return tables.make_table(
        ["Table", "Rows before", "Rows now", "Ask about it"],
        rows,
        f"This extract against '{study.source}'",
        f"Both are read as at {show_date(study.extract.as_at)}. Rows used; of children, children.",
    )


def show_dates_changed(study: PreviousStudy) -> Shown:
    """Show for each kind of date, of children in both extracts, how many are the same, changed, went or came."""
    found, a = study.comparison, study.extract.audience
    if found is None:
        return paragraphs([])
    rows = [
        [
            d.what,
            *(tables.count(n, a) for n in (d.before, d.same, d.changed, d.removed, d.added)),
            tables.percent(d.changed + d.removed, d.before, a),
        ]
        for d in found.dates
        if d.before or d.after
    ]
    return tables.make_table(
        ["Date of", "Before", "The same", "Changed", "Went", "Came", "Changed or went"],
        rows,
        "Dates of children who are in both extracts",
        "Changed: a date went and another of the same kind came for the same child. Dates that come are mostly what has happened since.",
        empty="No date of a child is in either.",
    )


def show_vanished(study: PreviousStudy) -> Shown:
    """Show the children who are no longer there, by their labels; only for people entitled to see children."""
    found, extract = study.comparison, study.extract
    if found is None or extract.audience != "working":
        return paragraphs(
            [] if found is None else ["The list of children is made only for people entitled to see them."]
        )
    everyone = [*found.vanished, *extract.children[KEY].itertuples(index=False, name=None)]
    labels = label_names(name_children(everyone, find_key(extract.synthetic)))
    known = set(found.still_looked_after)
    first = sorted(found.vanished, key=lambda child: (child not in known, child))
    rows = [[labels[c], "yes" if c in known else "no"] for c in first[:LISTED]]
    more = f"The first {LISTED} of {len(first):,} children. " if len(first) > LISTED else ""
    return tables.make_table(
        ["Child", "Still looked after when last seen"],
        rows,
        "Children who are no longer in the extract",
        f"{more}Their labels are those of the pages made from '{study.source}' with the same key.",
        child_level=True,
        empty="No child is missing.",
    )
