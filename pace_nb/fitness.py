"""Is this extract fit, for which aims, and what should be corrected first?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pace_nb import disclosure, terms
from pace_nb.aim_checks.numbers import say_count
from pace_nb.aims import Aim
from pace_nb.extract import Extract
from pace_nb.findings import LEVELS, Finding
from pace_nb.intervals import NEVER_ACCOMMODATED, Intervals, find_intervals
from pace_nb.measures import completeness

VERDICTS = ("fit", "care", "not fit")


@dataclass(frozen=True)
class FitRules:
    """From where on an extract is fit for an aim, or not fit. No source: they are ours, and can be argued with here.

    recorded_*: the share of the passed end milestones whose date is recorded. unclear_*: the share of waits whose records
    contradict themselves, or that have an end and no start. few: with fewer waits, there is little to tell.
    """

    recorded_fit: float = 0.8
    recorded_least: float = 0.5
    unclear_fit: float = 1 / 10
    unclear_most: float = 1 / 3
    few: int = 10


@dataclass(frozen=True)
class AimFitness:
    """How far an extract can be trusted for one aim. The numbers are exact: an audience may not know them all.

    verdict: "fit", "care" or "not fit"; why: in sentences this audience may read. starts: waits whose clock can be started.
    passed, ends_recorded: waits that passed the end milestone (its date or a later step's is recorded), and those whose date
    is recorded. unclear: waits whose records contradict themselves; unstarted: children with a later step and no start.
    flagged: rows of its milestones that were set aside or contradict another.
    """

    aim: Aim
    verdict: str
    why: tuple[str, ...]
    starts: int
    ends_recorded: int
    passed: int
    unclear: int
    unstarted: int
    flagged: int


@dataclass(frozen=True)
class Fix:
    """Something to correct: what was found, in how many rows and where, and how many waits on the aims it touches.

    waits: None where a whole file or column is unusable, which may be all of them.
    """

    code: str
    what: str
    do: str
    rows: int
    places: tuple[str, ...]
    waits: int | None


def judge_fitness(extract: Extract, rules: FitRules | None = None) -> tuple[AimFitness, ...]:
    """Return, for every aim, whether the extract is fit to study it, with the reasons.

    Not fit: a table it rests on is unusable, no clock can be started, fewer than half of the passed end milestones have a date, or
    more than a third of the waits are unclear. Care: the end is recorded for nobody, fewer than 8 in 10 have a date, more than 1 in
    10 are unclear, there are fewer than ten waits, or the aim has no limit. `FitRules` holds the numbers.
    """
    table = completeness(extract).set_index("milestone")
    return tuple(_judge(extract, aim, table, rules or FitRules()) for aim in extract.aims.values())


def _judge(extract: Extract, aim: Aim, table, rules: FitRules) -> AimFitness:
    intervals = find_intervals(extract, aim)
    starts, unclear = len(intervals.table), intervals.count("unusable")
    unstarted = intervals.out_of_scope.get(NEVER_ACCOMMODATED, 0)
    if aim.start in table.index:
        unstarted += int(table.loc[aim.start, "passed"] - table.loc[aim.start, "recorded"])
    passed = recorded = intervals.count("reached")  # outside the chain nothing shows that it was passed
    if aim.end in table.index:
        passed, recorded = int(table.loc[aim.end, "passed"]), int(table.loc[aim.end, "recorded"])
    kinds = {"at_home", "compulsory_supervision_order"} if aim.start == "cso_at_home" else {aim.start}
    flagged = sum(
        n for f in extract.findings if f.level != "notice" for kind, n in f.kinds if kind in kinds | {aim.end}
    )
    bad, poor = _faults(extract, intervals, passed, recorded, unstarted, rules)
    verdict = "not fit" if bad else "care" if poor else "fit"
    why = [*bad, *poor] or [_sound(intervals, passed, recorded)]
    if flagged:
        rows = say_count(flagged, extract.audience)
        why.append(f"Rows of its milestones that were set aside, or contradict another: {rows}.")
    return AimFitness(aim, verdict, tuple(why), starts, recorded, passed, unclear, unstarted, flagged)


def _sound(intervals: Intervals, passed: int, recorded: int) -> str:
    said = f"Waits whose clock can be started: {say_count(len(intervals.table), intervals.audience)}."
    share = _say_part(recorded, passed, intervals.audience) if intervals.aim.end in terms.MILESTONES else ""
    return (
        f"{said} Of those that passed '{terms.lower(intervals.aim.end)}', {share} have a date for it."
        if share
        else said
    )


def _say_part(part: int, whole: int, audience: str) -> str:
    """Return a share as this audience may see it; nothing where it may not, or there is none."""
    share = disclosure.protect_share(part, whole, audience)
    if share is None:
        return ""
    return f"{part:,} of {whole:,}" if audience == "working" else f"about {100 * share:.0f} %"


def _faults(
    extract: Extract, intervals: Intervals, passed: int, recorded: int, unstarted: int, rules: FitRules
) -> tuple[list[str], list[str]]:
    """Return why the extract is not fit for an aim, and why it takes care."""
    aim, audience, starts = intervals.aim, extract.audience, len(intervals.table)
    needs = ("placements", "legal", "events") if aim.start == "cso_at_home" else ("events",)
    lacking = [t for t in needs if t in extract.refused and getattr(extract, t).empty]
    if lacking:
        return [f"The table {' and the table '.join(lacking)} could not be used, and this aim rests on it."], []
    if not starts:
        return [f"No clock can be started: nobody has '{terms.lower(aim.start)}' recorded in a time in care."], []
    bad, poor = [], []
    end, unclear = terms.lower(aim.end), intervals.count("unusable") + unstarted
    if starts >= rules.few and not extract.records(aim.end):
        poor.append(
            f"'{terms.label(aim.end)}' is recorded for nobody. If some have had it, its date is kept elsewhere."
        )
    if passed and recorded < rules.recorded_fit * passed:
        least = recorded < rules.recorded_least * passed
        much = "fewer than half" if least else "fewer than 8 in 10"
        said = f"Of the waits that passed '{end}', {much} have a date for it"
        share = _say_part(recorded, passed, audience)
        (bad if least else poor).append(
            f"{said}{f' ({share})' if share else ''}. The others are gaps in recording, not waits."
        )
    if unclear > rules.unclear_fit * (starts + unstarted):
        most = unclear > rules.unclear_most * (starts + unstarted)
        said = f"{'More than a third' if most else 'More than 1 in 10'} of the waits cannot be measured"
        share = _say_part(unclear, starts + unstarted, audience)
        why = "a date is missing, or one lies before the other."
        (bad if most else poor).append(f"{said}{f' ({share})' if share else ''}: {why}")
    if starts < rules.few:
        poor.append(
            f"There are fewer than {rules.few} waits: enough for a conversation about each child, too few for a typical wait."
        )
    if aim.limit is None:
        poor.append("No limit is set for this aim, so waits can be shown, but nobody can be early or late.")
    return bad, poor


#: What a row is about that does not say so itself.
_STANDS_FOR = {"placed-not-accommodated": "accommodated", "order-not-in-events": "order_granted"}
_GAPS = {f"{how}-{m.replace('_', '-')}": m for how in ("no", "nowhere") for m in terms.MILESTONES[1:-1]}


def fix_first(extract: Extract) -> list[Fix]:
    """Return what should be corrected, first what is unusable, then by how many waits on the aims it touches.

    A row touches each aim that its milestone begins or ends; rows of one wait's beginning and end count once. An estimate:
    a wait with two faults is touched twice. What is only for information is left out, but for gaps in the chain of milestones.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in extract.findings:
        if finding.level != "notice" or finding.code in _GAPS:
            groups.setdefault(finding.code, []).append(finding)
    only_children = _only_children(extract)
    fixes = []
    for code, group in groups.items():
        counts = [_waits(f, extract, only_children) for f in group]
        whole = any(f.level == "file" for f in group)
        fixes.append(
            Fix(
                code,
                group[0].what,
                group[0].do,
                sum(len(f.lines) or 1 for f in group),
                tuple(f.place for f in group),
                None if whole else sum(counts),
            )
        )
    level = {code: min(LEVELS.index(f.level) for f in group) for code, group in groups.items()}
    return sorted(fixes, key=lambda f: (f.waits is not None, -(f.waits or 0), level[f.code], -f.rows, f.code))


def _only_children(extract: Extract) -> set[str]:
    """Return the files that hold children and no other table."""
    tables = extract.rows.groupby("file")["table"].agg(set)
    return {file for file, names in tables.items() if names == {"children"}}


def _waits(finding: Finding, extract: Extract, only_children: set[str]) -> int:
    """Return how many waits on the aims the rows of a finding touch."""
    rows = len(finding.lines)
    if finding.code in _GAPS:
        counts = Counter({_GAPS[finding.code]: rows or sum(dict(finding.kinds).values())})
    elif finding.code in _STANDS_FOR:
        counts = Counter({_STANDS_FOR[finding.code]: rows})
    elif finding.file in only_children and "set aside" in finding.what:
        counts = Counter({"accommodated": rows})
    else:
        counts = Counter(dict(finding.kinds))
    counts["cso_at_home"] = max(counts["at_home"], counts["compulsory_supervision_order"])
    return sum(max(counts[aim.start], counts[aim.end]) for aim in extract.aims.values())
