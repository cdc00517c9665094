"""The run before this one, and what has changed since: as the difference of what each of them showed, and of nothing else.

A difference is worked out from two figures as they were shown. So it tells no more than the two pages side by side: of two rounded
numbers it is the difference of rounded numbers, and where one of them was not shown there is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pace_nb.disclosure import THRESHOLD
from pace_nb.errors import ParameterError
from pace_nb.periods import show_date

MANIFEST = "manifest.json"
NONE = "No earlier run is known, so no change is shown."
_FIGURE = re.compile(r"(?:about )?(?P<n>\d{1,3}(?:,\d{3})*|\d+)(?P<unit> %| weeks?)?(?= of | \(|;|$)")
_PERCENT = re.compile(r"\((?P<n>\d+) %\)")


@dataclass(frozen=True)
class Before:
    """The figures of the run before, by area and then by what they are of, as text; and by what they were made.

    why: why there are none, in a sentence; blank where there are some. threshold: the smallest count that it showed.
    """

    why: str = NONE
    run: str = ""
    as_at: str = ""
    package: str = ""
    threshold: int = THRESHOLD
    since: str = ""
    headlines: dict[str, dict[str, str]] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        """What the manifest keeps of it, so that making the same day again compares with the same run before."""
        return asdict(self)


@dataclass(frozen=True)
class Change:
    """What became of a figure. text: as it is shown; number: the difference, None where there is none to be shown."""

    text: str
    number: float | None = None


def read_before(out: Path, day: date, audience: str, previous: str = "") -> Before:
    """Return the run before one of a day: that which `previous` names, or whatever the output folder tells of.

    previous: the folder of a run, or one that holds several, of which the last before the day counts. Ask before a new manifest is
    written. A run of the same day in the output folder is this one made before; what it was compared with counts. A run for other
    people is none: its figures are hidden in another way.

    Raises ParameterError if `previous` is no folder. One without a run in it is fine: a schedule names it from the first month on.
    """
    if previous and not Path(previous).is_dir():
        raise ParameterError(
            f"There is no folder '{Path(previous).name}' to compare with.",
            do="name the folder that pace-nb report wrote (its --out), or one that holds several.",
        )
    told = _find(Path(previous), day, audience) if previous else _read(out)
    try:
        return _before(told, day, audience, bool(previous))
    except (KeyError, ValueError, TypeError, AttributeError):
        return Before()


def _find(folder: Path, day: date, audience: str) -> dict[str, Any]:
    """Return the manifest of the run in a folder; of several in it, of the last before the day for the same people."""
    if one := _read(folder):
        return one
    several = [_read(file.parent) for file in sorted(folder.rglob(MANIFEST))]
    alike = [t for t in several if t.get("audience") == audience and str(t.get("as_at", "")) < day.isoformat()]
    return max(alike, key=lambda t: (str(t["as_at"]), str(t.get("finished", ""))), default={})


def _read(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) and "runs" in told else {}


def _before(told: Mapping[str, Any], day: date, audience: str, named: bool) -> Before:
    if not told:
        return Before()
    if told["audience"] != audience:
        return Before(
            "The run before was made for other people, whose figures are shown in another way: no change is shown."
        )
    then = date.fromisoformat(told["as_at"])
    if then == day and not named:
        return Before(**told["before"]) if "before" in told else Before()
    if then > day:
        return Before(f"The run before is of a later day ({show_date(then)}), so no change is shown.")
    rows = [r for r in told["runs"] if r.get("headline")]
    if not rows:
        return Before(f"The run as at {show_date(then)} has no figures to compare with.")
    return Before(
        "",
        str(told.get("run", "")),
        then.isoformat(),
        str(told.get("versions", {}).get("pace-nb", "")),
        int(told.get("threshold", THRESHOLD)),
        str(rows[0].get("parameters", {}).get("since", "")),
        {str(r["area"]): {str(k): str(v) for k, v in r["headline"].items()} for r in rows},
    )


def say_before(before: Before, day: date, since: str, columns: list[str]) -> list[str]:
    """Return, as sentences, with what this run is compared, and what else than children may have changed the figures."""
    if before.why:
        return [before.why]
    said = [f"Changes are since the run as at {show_date(date.fromisoformat(before.as_at))}."]
    if before.as_at == day.isoformat():
        said.append("It is of the same day: what differs is what was recorded since, or how it is counted.")
    if before.package != version("pace-nb"):
        said.append(
            f"That run was made with pace-nb {before.package or 'of an unknown version'} and this one with {version('pace-nb')}: "
            "a figure may be counted otherwise. CHANGELOG.md says so under 'Changed definitions'."
        )
    if before.threshold != THRESHOLD:
        said.append(f"It hid counts below {before.threshold}, and this one hides those below {THRESHOLD}.")
    if before.since != since:
        said.append("It counts waits from another day on, so that figures differ for that reason too.")
    known = {name for figures in before.headlines.values() for name in figures}
    if new := [c for c in columns if c not in known]:
        said.append(f"Not in that run: {', '.join(new)}.")
    return said


def lead(text: str) -> tuple[float, str] | None:
    """Return the figure that a text begins with, or the share in its brackets, with its unit; None where none is shown.

    >>> lead("about 60 % of about 45 due"), lead("26 weeks; about 145 followed"), lead("31 of 64 (48 %)"), lead("about 1,020")
    ((60, ' %'), (26, ' weeks'), (48, ' %'), (1020, ''))
    >>> lead("fewer than 5"), lead("–"), lead("too few to show"), lead("3 of 4")
    (None, None, None, None)
    """
    found = _PERCENT.search(text) or _FIGURE.match(text)
    if found is None or re.fullmatch(r"\d+ of \d+", text):
        return None
    unit = " %" if found.re is _PERCENT else {" week": " weeks"}.get(found["unit"] or "", found["unit"] or "")
    return int(found["n"].replace(",", "")), unit


def find_change(now: str, then: str | None) -> Change:
    """Return what became of a figure, from what is shown of it now and what was shown then; None: it was not shown at all.

    >>> find_change("about 20", "about 25"), find_change("fewer than 5", "about 5"), find_change("1 week", "1 week")
    (Change(text='−5 (was about 25)', number=-5), Change(text='was about 5', number=None), Change(text='as before', number=0))
    >>> find_change("about 60 % of about 45 due", "about 55 % of about 40 due").text
    '+5 points (was about 55 %)'
    """
    if then is None:
        return Change("not in the run before")
    one, other = lead(now), lead(then)
    if one is None or other is None or one[1] != other[1]:
        sentence = then.endswith(".") and not lead(then)
        return Change(
            "as before" if now == then else f"was{':' if sentence else ''} {_short(then)}",
            0 if now == then and one else None,
        )
    by = one[0] - other[0]
    if not by:
        return Change("as before", 0)
    unit = {" %": " point", " weeks": " week"}.get(one[1], "")
    unit += "s" if unit and abs(by) != 1 else ""
    return Change(f"{'+' if by > 0 else '−'}{abs(by):,}{unit} (was {_short(then)})", by)


def _short(text: str) -> str:
    """Return a figure without what it is of, and a sentence as it is."""
    return re.split(r" of (?=about|\d|fewer)|;", text)[0] if lead(text) and not _PERCENT.search(text) else text
