"""Parts of the page on children now: what to expect if nothing changes, and how such expectations did before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pace_nb import tables
from pace_nb.charts import now as drawn
from pace_nb.charts.figure import Figure
from pace_nb.extract import Extract
from pace_nb.intervals import find_intervals
from pace_nb.outlook import AHEAD, LEVEL, LookBack, Outlook, expect_missed, look_back
from pace_nb.shown import Shown, paragraphs
from pace_nb.wording import are, say_children, say_count

HELD_POORLY = 0.75  # a range for nine in ten that held fewer than this is called a rough guide


@dataclass(frozen=True)
class OutlookStudy:
    """What to expect of each aim with a limit in the next 12 weeks, and how earlier outlooks of the same kind did."""

    outlooks: tuple[Outlook, ...]
    looks: dict[str, list[LookBack]]
    audience: str
    area: str

    def __str__(self) -> str:
        return f"OutlookStudy: {self.area}, {len(self.outlooks)} aims, {max(map(len, self.looks.values()), default=0)} looks back"

    __repr__ = __str__


def study_outlook(extract: Extract) -> OutlookStudy:
    """Work out how many children are expected to pass their due date if nothing changes, now and on earlier days."""
    aims = [aim for aim in extract.aims.values() if aim.limit is not None]
    outlooks = tuple(expect_missed(find_intervals(extract, aim)) for aim in aims)
    return OutlookStudy(outlooks, look_back(extract, aims), extract.audience, extract.area)


def describe_outlook(study: OutlookStudy) -> Shown:
    """Say, for each aim, how many are expected to wait still on their due date, and how far such a number could be trusted."""
    said = [_say_outlook(outlook, study) for outlook in study.outlooks]
    return paragraphs(said or ["No aim has a limit, so no child has a due date."], "conclusion")


def _say_outlook(outlook: Outlook, study: OutlookStudy) -> str:
    a, name = study.audience, outlook.aim.title.split(":")[0]
    if not outlook.due:
        return f"{name}: no child comes to the limit in the next {AHEAD} weeks."
    come = "comes" if are(outlook.due, a) == "is" else "come"
    limit = f"the limit of {outlook.aim.limit} in the next {AHEAD} weeks"
    due = f"{name}: {say_children(outlook.due, a)} {come} to {limit}."
    if outlook.count is None:
        return f"{due} There are not enough children to tell how many will still wait on their due date."
    n = outlook.count
    expected = f"about {n.expected:.0f}" if a == "working" else say_count(round(n.expected), a)
    most = f", most likely from {n.low} to {n.high}" if a == "working" else ""
    held = _say_held(study.looks[outlook.aim.id])
    return f"{due} If nothing changes, {expected} will still wait on the due date{most}. {held}"


def _say_held(looks: Sequence[LookBack]) -> str:
    told = [b for b in looks if b.held is not None]
    if not told:
        return "There were not enough children to tell how good such an outlook was before."
    held = sum(b.held for b in told)
    said = f"Looking back: the number that came lay in the range in {held} of {len(told)} earlier quarters."
    if held < HELD_POORLY * len(told):
        said += f" A range for {LEVEL * 10:.0f} in 10 should have held more often, so take this one as a rough guide."
    return said


def show_outlook(study: OutlookStudy) -> Shown:
    """Show, for each aim, what is expected now, and what was expected and what came on earlier days, summed."""
    rows, a = [], study.audience
    for outlook in study.outlooks:
        told = [b for b in study.looks[outlook.aim.id] if b.held is not None]
        before = round(sum(b.outlook.count.expected for b in told))
        rows.append(
            [
                outlook.aim.title,
                tables.count(outlook.due, a),
                _expected(outlook, a),
                f"{sum(b.held for b in told)} of {len(told)}" if told else "–",
                tables.count(sum(b.outlook.due for b in told), a),
                tables.count(before, a),
                tables.count(sum(b.came for b in told), a),
                tables.count(sum(b.unclear for b in told), a),
            ]
        )
    return tables.make_table(
        [
            "Aim",
            f"Due in the next {AHEAD}",
            "Expected to wait still",
            "Quarters in the range",
            "Due in those quarters",
            "Expected then",
            "Came",
            "Record unclear since",
        ],
        rows,
        f"If nothing changes: the next {AHEAD} weeks, and the same question on earlier days",
        f"Expected, with the range for {LEVEL * 10:.0f} in 10. The range allows for chance only. It does not allow for the waiting curve "
        "itself, which rests on the children of this area, for brothers and sisters decided on together, or for a change in practice. "
        "Every 13 weeks back, with what was known then; of what was written down late, the true date is used. "
        "Left out: quarters in which no child was due, or too few children had been followed.",
        empty="No aim has a limit.",
    )


def _expected(outlook: Outlook, audience: str) -> str:
    if not outlook.due:
        return "no child is due"
    if outlook.count is None:
        return "not enough children to tell"
    n = outlook.count
    if audience != "working":
        return tables.count(round(n.expected), audience)
    return f"{n.expected:.1f} ({n.low} to {n.high})"


def draw_look_back(study: OutlookStudy) -> Figure:
    """Draw what was expected on earlier days beside what came."""
    titles = {outlook.aim.id: outlook.aim.title for outlook in study.outlooks}
    return drawn.draw_look_back({titles[i]: looks for i, looks in study.looks.items()}, study.audience)
