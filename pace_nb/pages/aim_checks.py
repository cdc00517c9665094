"""Are the aims well set? What an improvement advisor would say of each of them."""

from __future__ import annotations

from pace_nb import tables
from pace_nb.aim_checks import AimFinding, check_aim
from pace_nb.aims import Aim
from pace_nb.extract import Extract
from pace_nb.intervals import find_intervals
from pace_nb.shown import Shown, paragraphs
from pace_nb.wording import define_aim

#: An aim of which nothing but the limit is set: one finding says so better than three.
ONLY_A_LIMIT = {"no_target", "no_from_date", "no_end"}


def check_aims(extract: Extract) -> dict[str, list[AimFinding]]:
    """Return what would be said of each aim of an extract, by its id; the sentences are those that its audience may see."""
    return {aim.id: check_aim(aim, find_intervals(extract, aim)) for aim in extract.aims.values()}


def show_aim_checks(extract: Extract) -> Shown:
    """Show for each aim what to mend before it is worked on, what to ask, and what it counts."""
    in_short = {id: _in_short(extract.aims[id], found) for id, found in check_aims(extract).items()}
    rows = [row for aim in extract.aims.values() for row in _rows(aim, in_short[aim.id])]
    mend = sum(any(f.level == "mend" for f in findings) for findings in in_short.values())
    note = (
        "To mend: as it stands the aim cannot be judged, or will mislead. To ask: there may be a good reason. How many children it "
        "takes is worked out for telling the target from what was usual in four of five tries, with one error in forty "
        "(exact binomial, A'Hern 2001). How to write an aim: docs/aims.md."
    )
    caption = (
        f"What an improvement advisor would say of the aims of {extract.area}: {mend} of {len(in_short)} to be mended"
    )
    defined = paragraphs([define_aim(aim) for aim in extract.aims.values()])
    table = tables.make_table(["Aim", "Mend or ask", "What stands out", "What to do"], rows, caption, note)
    return Shown(f"{table.html}{defined.html}", f"{table.text}\n{defined.text}")


def _rows(aim: Aim, findings: list[AimFinding]) -> list[list[str]]:
    if not findings:
        return [[aim.title, "Nothing", "It says how much, for whom and by when.", "–"]]
    levels = {"mend": "To mend", "ask": "To ask"}
    return [[aim.title if not i else "", levels[f.level], f.what, f.do] for i, f in enumerate(findings)]


def _in_short(aim: Aim, findings: list[AimFinding]) -> list[AimFinding]:
    """Say once of an aim that nothing but its limit is set. A national aim may stand so: not every area works on it."""
    if not {f.code for f in findings} >= ONLY_A_LIMIT:
        return findings
    one = AimFinding(
        "only_a_limit",
        "mend" if aim.origin == "local" else "ask",
        "Only its limit is set. It does not say how much (no target), for whom from when (no from-date), or by when (no end)."
        + next((_numbers(f) for f in findings if f.code == "no_from_date"), ""),
        "If it is one of those that you work on, set target, from_date, to_date and backlog_by in aims.toml.",
    )
    return [one, *(f for f in findings if f.code not in ONLY_A_LIMIT)]


def _numbers(finding: AimFinding) -> str:
    """Return what a finding says after its first sentence: its numbers."""
    _, _, rest = finding.what.partition(". ")
    return f" {rest}" if rest else ""
