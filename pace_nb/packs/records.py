"""What a pack holds: protected numbers of one area, and nothing that they were made from.

A pack is read by a dashboard whose process must never hold a child's row, and its numbers stand in a page that many people open. So
it holds only what may be shown, as it may be shown: a count, None where it is hidden, a dash where nothing is said.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pace_nb.errors import DataError
from pace_nb.marking import AGGREGATE

FORMAT = 1
#: A count as it may be shown: a number, None (hidden), or a dash (nothing is said).
Cell = int | str | None
#: The group of all children together.
ALL = "all"


@dataclass(frozen=True)
class Year:
    """The children of a year whose limit ran out in it: how many, how many in time, and the share; "all" is all years together."""

    year: str
    due: Cell
    met: Cell
    share: float | None


@dataclass(frozen=True)
class Slice:
    """One aim for the children of one group.

    group: a placement group's code, or "all"; name: its words. years: the last of them is all years together; none where the aim has
    no limit. bands: (how long so far, how many wait). waiting, overdue: how many wait, and of those past the limit (None where the
    aim has none). typical: the typical wait in a sentence. medians: (period, weeks or None). centre: their median, once there are
    enough. by: "quarter" or "year". signals: what the run chart says. curve: (week, share still waiting).
    """

    aim: str
    group: str
    name: str
    years: tuple[Year, ...]
    bands: tuple[tuple[str, Cell], ...]
    waiting: Cell
    overdue: Cell
    typical: str
    medians: tuple[tuple[str, int | None], ...]
    centre: float | None
    by: str
    signals: tuple[str, ...]
    curve: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class PackAim:
    """An aim as a pack tells it. limit: in words, "" for none; weeks: the same in weeks; target: a percentage or None."""

    id: str
    title: str
    clock: str
    limit: str
    weeks: float | None
    target: int | None


@dataclass(frozen=True)
class Table:
    """A table of a report, as it stands there."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Pack:
    """All that a learning event needs of one area: protected, audited, searched.

    as_at, since: days in words. method: how it was protected. slices: in the order of aims, all children first. left_out: what is not
    offered because it could not be made safe, in sentences. timescales: against law and guidance. rest: against all other areas together,
    None where their extracts were not given; rest_says: in sentences.
    """

    area: str
    slug: str
    as_at: str
    since: str
    synthetic: bool
    method: str
    version: str
    sha256: str
    aims: tuple[PackAim, ...]
    slices: tuple[Slice, ...]
    left_out: tuple[str, ...]
    timescales: Table
    rest: Table | None = None
    rest_says: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """The aim that is shown first: the wait for a recommendation where there is one, else the first."""
        ids = [a.id for a in self.aims]
        return "aim-2" if "aim-2" in ids else ids[0]

    def aim(self, id: str) -> PackAim:
        """Return an aim by its id."""
        return next(a for a in self.aims if a.id == id)

    def groups(self, aim: str) -> tuple[Slice, ...]:
        """Return the slices of an aim: all children first."""
        return tuple(s for s in self.slices if s.aim == aim)

    def slice(self, aim: str, group: str = ALL) -> Slice:
        """Return one aim for one group."""
        return next(s for s in self.slices if (s.aim, s.group) == (aim, group))

    def __repr__(self) -> str:
        return f"Pack of {self.area}, as at {self.as_at}: {len(self.aims)} aims, {len(self.slices)} combinations"


def to_json(pack: Pack) -> str:
    """Return a pack as the text of its file, the same bytes for the same pack."""
    told = {"format": FORMAT, "marking": AGGREGATE, **asdict(pack)}
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read_pack(path: str | Path) -> Pack:
    """Read a pack's data file, which `pace-nb pack` wrote. No extract is read.

    Raises DataError where there is none, or where the file is another kind of file or of another version of this project.
    """
    path = Path(path)
    again = "make it again in another folder (pace-nb pack EXTRACT --as-at DAY --out FOLDER), then name the file that ends in .pack.json."
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT or told.pop("marking") != AGGREGATE:
            raise ValueError
        return _from(told)
    except OSError:
        raise DataError(f"There is no pack at '{path.name}'.", do=again) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DataError(f"'{path.name}' is no pack that can be read.", do=again) from None


def _from(told: dict[str, Any]) -> Pack:
    aims = tuple(PackAim(**a) for a in told.pop("aims"))
    slices = tuple(_slice(s) for s in told.pop("slices"))
    rest = told.pop("rest")
    lists = {name: tuple(told.pop(name)) for name in ("left_out", "rest_says")}
    timescales = _table(told.pop("timescales"))
    return Pack(aims=aims, slices=slices, timescales=timescales, rest=_table(rest) if rest else None, **lists, **told)


def _slice(told: dict[str, Any]) -> Slice:
    pairs = {name: tuple(map(tuple, told.pop(name))) for name in ("bands", "medians", "curve")}
    years = tuple(Year(**y) for y in told.pop("years"))
    return Slice(years=years, signals=tuple(told.pop("signals")), **pairs, **told)


def _table(told: dict[str, Any]) -> Table:
    return Table(told["caption"], tuple(told["columns"]), tuple(map(tuple, told["rows"])), told["note"])
