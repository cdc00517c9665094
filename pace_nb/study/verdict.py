"""What may be said of a change, and no more: the evidence weighed by rules that are the same for every change.

One picture never decides alone. Dots that fall may be a record that improved; dots that rise may be a backlog that was cleared; a
step that became shorter may have passed its delay on. So each of these is asked before a word is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

from pace_nb import disclosure
from pace_nb.change import Comparison, RestrictedWaits, compare_groups
from pace_nb.extract import Extract
from pace_nb.runchart import RunChart
from pace_nb.study.beside import LEVEL, Backlog, Beside, Recorded, find_backlog, find_beside, find_recorded
from pace_nb.study.cohorts import Cohorts
from pace_nb.study.enough import Enough, what_is_enough

#: What a verdict may be, in words that claim no more than the evidence.
VERDICTS = {
    "too_soon": "It is too soon to tell.",
    "too_few": "Not enough children to tell.",
    "recording": "Dates were recorded differently, so nobody can tell whether children waited less.",
    "moved": "Waits of this step are shorter, and those of a later step are longer: the delay may have moved on.",
    "shorter": "Waits are shorter than we would expect by chance.",
    "sign": "There is a sign of shorter waits, not yet more than that.",
    "backlog": "Long waits were brought to an end; for new children no difference can be seen.",
    "no_sign": "No sign of a difference.",
    "longer": "Waits are longer than we would expect by chance.",
}


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that a verdict rests on. result: None where the two groups cannot be compared exactly."""

    cohorts: Cohorts
    run: RunChart
    waits: RestrictedWaits | None
    result: Comparison | None
    recorded: tuple[Recorded, ...]
    beside: tuple[Beside, ...]
    backlog: Backlog | None
    enough: tuple[Enough, ...] = ()

    @property
    def audience(self) -> str:
        """Who may see it."""
        return self.cohorts.eligible.audience

    @property
    def chart(self) -> str:
        """What the run chart says: "better", "worse", "no_change", or "unknown" with too few points since the baseline."""
        run = self.run
        if not run.analysis.enough or (run.baseline is not None and sum(run.later) < 6) or run.baseline is None:
            return "unknown"
        if run.main_shift is None or not run.lasts:
            return "worse" if run.main_shift is not None and not run.better else "no_change"
        return "better" if run.better else "worse"

    @property
    def comparison(self) -> str:
        """What the exact comparison says: "shorter", "longer", "close" (within chance), "unknown" (too few can never tell)."""
        if self.result is None or self.result.p is None or self.result.smallest_p > LEVEL:
            return "unknown"
        if self.result.p > LEVEL:
            return "close"
        return "shorter" if self.result.difference < 0 else "longer"

    @property
    def recording_changed(self) -> bool:
        """Whether dates were recorded differently since: by the records themselves, or because people say so."""
        said = self.cohorts.idea.recording_from
        return said is not None or any(r.changed for r in self.recorded)

    @property
    def could_see_half(self) -> bool:
        """Whether there are enough families to see waits half as long; with fewer "no difference" would say nothing."""
        half = self.enough[-1] if self.enough else None
        return half is not None and half.needed is not None and half.needed <= half.have

    @property
    def passed_on(self) -> tuple[Beside, ...]:
        """The other steps that take longer since."""
        return tuple(b for b in self.beside if b.direction == "longer")


def find_evidence(extract: Extract, cohorts: Cohorts, run: RunChart) -> Evidence:
    """Gather what there is to say of a change. run: its run chart, with the baseline that is to be used."""
    aim, day = cohorts.eligible.aim, cohorts.day
    backlog, result = find_backlog(cohorts.eligible, day), None
    # Where a backlog was cleared, counting it would call that a shorter wait: then new children alone are compared.
    waits = cohorts.restricted(new_only=backlog is not None and backlog.cleared)
    # In aggregate a difference of fewer than ten families on a side would describe them, and no group.
    least = 2 if extract.audience == "working" else disclosure.MEDIAN_OF
    if waits is not None and min(len(waits.before), len(waits.after)) >= least:
        result = compare_groups(waits.before, waits.after)
    known = waits is not None and (extract.audience == "working" or len(waits.before) >= disclosure.MEDIAN_OF)
    enough = what_is_enough(waits, day, extract.as_at) if known else ()
    return Evidence(
        cohorts,
        run,
        waits,
        result,
        find_recorded(extract, aim, day),
        find_beside(extract, aim, day),
        backlog,
        enough,
    )


def weigh(evidence: Evidence) -> str:
    """Return the verdict, a code of VERDICTS.

    In this order. Too soon, if those since cannot have been followed for 13 weeks. Too few, if the exact comparison could never come
    out below 5 in 100, or finds nothing and could not even have seen waits half as long. If dates were recorded differently since, no
    difference is believed in either direction. Waits are shorter only where the exact comparison of the two start cohorts and
    the run chart both say so, and there is a sign of it where one of them does; if a later step became longer, the delay may have
    moved on. Where the start cohorts do not differ and more of a backlog was cleared than is usual, it tells of the backlog.
    """
    if evidence.waits is None:
        return "too_soon"
    if evidence.comparison == "unknown":
        return "too_few"
    chart, comparison = evidence.chart, evidence.comparison
    if evidence.recording_changed:
        return "recording"
    if comparison == "close" and chart != "better" and not evidence.could_see_half:
        return "too_few"
    better = comparison == "shorter" or (comparison == "close" and chart == "better")
    if better and evidence.passed_on:
        return "moved"
    if comparison == "longer":
        return "longer"
    if comparison == "shorter":
        return "shorter" if chart == "better" else "sign"
    if evidence.backlog is not None and evidence.backlog.cleared:
        return "backlog"
    return "sign" if chart == "better" else "no_sign"
