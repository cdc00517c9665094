"""Parts of the test-of-change page: what else may explain a difference, and what would be enough to tell."""

from __future__ import annotations

from pace_nb import tables
from pace_nb.balancing import follow_decisions, follow_returns
from pace_nb.measures import ShareMet
from pace_nb.pages.change import ChangeStudy
from pace_nb.pages.change_words import in_100
from pace_nb.periods import show_date
from pace_nb.shown import Shown, paragraphs
from pace_nb.study.beside import Beside, Recorded
from pace_nb.terms import label
from pace_nb.wording import say_count, say_share

DIRECTIONS = {
    "longer": "longer than we would expect by chance",
    "shorter": "shorter than we would expect by chance",
    "close": "no more than chance gives",
    "unknown": "too few to tell",
}


def show_beside(study: ChangeStudy) -> Shown:
    """Show every other step and the whole way, before the change and since, to see whether the delay moved on."""
    rows = [_step(b, study.audience) for b in study.evidence.beside]
    return tables.make_table(
        [
            "Step",
            "Families before",
            "Families since",
            "Mean wait, weeks, before",
            "Mean wait, weeks, since",
            "Since the change",
        ],
        rows,
        f"The other steps, for children whose clock for them started before {show_date(study.cohorts.day)} and since",
        "Compared as the aim itself is: everyone followed equally long, waits counted up to that length. Several steps are looked at, so a "
        "difference is named only where chance gives it in fewer than 1 in 100 ways. Who left another way after the recommendation counts "
        "as one who waited on.",
        empty="These children are on another way: no other step follows.",
    )


def _step(b: Beside, a: str) -> list[str]:
    if b.waits is None:
        return [b.title, "–", "–", "–", "–", "too soon to tell"]
    sides = [b.waits.before, b.waits.after]
    means = [tables.weeks(sum(s) / len(s) if s else None, len(s), a) for s in sides]
    known = b.direction if "–" not in means else "unknown"
    return [b.title, *(tables.count(len(s), a) for s in sides), *means, DIRECTIONS[known]]


def show_recorded(study: ChangeStudy) -> Shown:
    """Show how often the dates were recorded, before the change and since: better recording is not a shorter wait."""
    rows = [_recorded(r, study.audience) for r in study.evidence.recorded]
    said = study.idea.recording_from
    note = f" People say that dates have been recorded differently since {show_date(said)}." if said else ""
    return tables.make_table(
        [
            "Date of",
            "Passed before",
            "Recorded before",
            "%, before",
            "Passed since",
            "Recorded since",
            "%, since",
            "Changed?",
        ],
        rows,
        f"Were the dates recorded as before? Children who passed the milestone before {show_date(study.cohorts.day)}, and since",
        "A milestone was passed if its date, or a later one, is recorded. The first half year since is left out: gaps of before would be "
        f"counted in it.{note}",
        empty="Nothing follows these dates that would show a gap, so the records cannot answer. Ask who enters them, and since when.",
    )


def _recorded(r: Recorded, a: str) -> list[str]:
    cells = [label(r.milestone)]
    for n, k in ((r.passed_before, r.recorded_before), (r.passed_since, r.recorded_since)):
        cells += [tables.count(n, a), tables.count(k, a), tables.percent(k, n, a)]
    said = "too few to tell" if r.p is None else "yes" if r.changed else "not that it shows"
    return [*cells, said]


def show_backlog(study: ChangeStudy) -> Shown:
    """Say whether a backlog was cleared, and who makes up the dots since the change."""
    b, a = study.evidence.backlog, study.audience
    if b is None:
        return paragraphs(["The aim has no limit, so nobody counts as having waited too long."])
    if not b.long:
        return paragraphs(["Nobody was past the limit when the change came, so there was no backlog to clear."])
    said = (
        f"Backlog: of the children past the limit when the change came, {say_share(b.done, b.long, a)} reached the step within "
        "half a year."
    )
    if b.usual_long:
        said += f" On four days in the two years before, it was {say_share(b.usual_done, b.usual_long, a)}."
    if b.p is not None:
        said += f" Chance alone gives as large a difference in {in_100(b.p)}."
    told = (
        "More long waits were brought to an end than is usual. Their dots lie high and look like a deterioration; it is the opposite."
        if b.cleared
        else "That is no more than is usual, so high dots since the change are not explained by a backlog that was cleared."
    )
    dots = (
        f"Of the dots since the change, {say_count(b.old, a)} are of children who had started before it, {say_count(b.new, a)} of "
        "children who started since."
    )
    return paragraphs([said, told, dots])


def show_balancing(study: ChangeStudy) -> Shown:
    """Show whether children moved again or came back into care more often since the change."""
    a, day = study.audience, study.cohorts.day
    found = {
        "Moved again within 12 months after the agency decision": follow_decisions(study.extract),
        "Back in care within 12 months after going home": follow_returns(study.extract),
    }
    rows = []
    for name, followed in found.items():
        before = followed.rows["start"].map(lambda d: d < day).astype(bool)
        rows.append([name, *_share(followed.part(before), a), *_share(followed.part(~before), a)])
    return tables.make_table(
        [
            "",
            "Followed, before",
            "It happened, before",
            "%, before",
            "Followed, since",
            "It happened, since",
            "%, since",
        ],
        rows,
        f"At whose cost? Children decided on, or gone home, before {show_date(day)}, and since",
        "Only children whose 12 months are over. The page on balancing measures has more.",
    )


def _share(share: ShareMet, a: str) -> list[str]:
    return [tables.count(share.due, a), tables.count(share.met, a), tables.percent(share.met, share.due, a)]
