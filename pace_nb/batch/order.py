"""What is asked of a run: on the command line, or in a batch file that a schedule hands over again and again.

A batch file is TOML. What stands at its top holds for each `[[report]]`, which may say otherwise; each has a folder of its own:

    data = "extracts"            # a folder of extracts, from the batch file; or an address such as s3://bucket/extracts
    as_at = 2019-07-31           # or --as-at on the command line, which comes first
    [limits]
    2_aims = 60                  # seconds that a cell of this notebook may take
    [profiles]
    fife = "profiles/fife.toml"  # the extract named fife is read by this profile, or nothing is made
    [[report]]
    out = "board/{as_at}"        # {as_at} becomes the day
    audience = "aggregate"

Nothing depends on today's date: a schedule that means "the end of last month" says so on its command line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from pace_nb.definitions import Field, day, faulty, list_of, one_of, parse, read_values, text, whole_number
from pace_nb.errors import ParameterError
from pace_nb.outputs.files import KINDS

ENGINES = ("warm", "standard")
CELL_SECONDS = 300  # a cell that takes longer is stopped, unless its notebook or the batch file says otherwise
_LONGEST = 24 * 60 * 60
_EVERY = {
    "data": Field(text),
    "areas": Field(list_of(text)),
    "notebooks": Field(list_of(text)),
    "audience": Field(one_of("aggregate", "working")),
    "since": Field(day),
    "back_test": Field(text),
    "previous": Field(text),
    "files": Field(list_of(one_of(*KINDS))),
}
_TOP = {
    "as_at": Field(day),
    "engine": Field(one_of(*ENGINES)),
    "workers": Field(whole_number(0, 1024)),
    "scheduler": Field(text),
    "cell_seconds": Field(whole_number(1, _LONGEST)),
    **_EVERY,
}
_REPORT = {"out": Field(text, required=True), **_EVERY}
_PARTS = ("report", "limits", "profiles")


@dataclass(frozen=True)
class Order:
    """One run: which pages, from what, for whom, into which folder, and how.

    data, out: folders, or addresses with "://". areas, notebooks: blank for all. since: blank for when each extract is complete.
    workers: 0 for one for each processor. scheduler: of a Dask cluster, "local" for one on this machine; blank for none.
    limits: seconds that a cell of a notebook may take, by its name; cell_seconds: of every other one, None as the notebook says.
    profiles: by the name of an extract, the file that has to be its profile. back_test: where the run before this one lies; blank
    for no back-test. previous: the folder of the run with which the index compares; blank for the one before in the same folder.
    files: what is made of each page besides, of `KINDS`. resume: keep the pages of an earlier run that would come out the same.
    """

    data: str
    as_at: date
    out: str
    areas: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    audience: str = "aggregate"
    since: date | None = None
    engine: str = "warm"
    workers: int = 0
    scheduler: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)
    cell_seconds: int | None = None
    profiles: Mapping[str, str] = field(default_factory=dict)
    back_test: str = ""
    resume: bool = False
    previous: str = ""
    files: tuple[str, ...] = ()


def is_batch_file(path: str) -> bool:
    """Tell whether what was named in place of an extract is a batch file."""
    return path.lower().endswith(".toml") and Path(path).is_file()


def read_batch(path: Path, as_at: date | None = None) -> list[Order]:
    """Read a batch file: one order for each `[[report]]`, in the order of the file. Paths in it are taken from its folder.

    as_at: the day said on the command line; without it, that of the file.

    Raises DefinitionError with every fault and its line, ParameterError where no day is said.
    """
    content, lines = parse(path), _Lines(path)
    top, faults = lines.read({k: v for k, v in content.items() if k not in _PARTS}, _TOP)
    limits, wrong = lines.read_free(content.get("limits", {}), "limits", whole_number(1, _LONGEST))
    profiles, more = lines.read_free(content.get("profiles", {}), "profiles", text)
    faults += wrong + more
    reports = content.get("report", [])
    if not isinstance(reports, list) or not reports or not all(isinstance(r, dict) for r in reports):
        faults.append(f"{path.name}: no run is asked for: write [[report]], and under it out = and a folder")
        reports = []
    orders, outs, day_asked = [], {}, as_at or top.get("as_at")
    for number, raw in enumerate(reports, 1):
        own, wrong = lines.read(raw, _REPORT, number)
        said = {**{k: v for k, v in top.items() if k in _EVERY}, **own}
        if "data" not in said:
            wrong.append(f"{lines.place('report', number)}: 'data' is missing here and at the top of the file")
        faults += wrong
        if wrong:
            continue
        out = said["out"].replace("{as_at}", day_asked.isoformat() if day_asked else "")
        if out in outs:
            faults.append(
                f"{lines.place('out', number)}: out is the folder of report {outs[out]} too; give each its own"
            )
        outs.setdefault(out, number)
        orders.append(
            Order(
                _from(path, said["data"]),
                day_asked or date.max,
                _from(path, out),
                said.get("areas", ()),
                said.get("notebooks", ()),
                said.get("audience", "aggregate"),
                said.get("since"),
                limits=limits,
                profiles={name: _from(path, file) for name, file in profiles.items()},
                back_test=_from(path, said["back_test"]) if "back_test" in said else "",
                previous=_from(path, said["previous"]) if "previous" in said else "",
                files=said.get("files", ()),
                **{k: top[k] for k in ("engine", "workers", "scheduler", "cell_seconds") if k in top},
            )
        )
    if faults:
        raise faulty(path, faults)
    if day_asked is None:
        raise ParameterError(
            f"{path.name} does not say up to which day the records are known.",
            do="write as_at = and a date at its top, or give --as-at.",
        )
    return orders


def with_options(order: Order, **said: Any) -> Order:
    """Return an order in which what was said on the command line as well (not None) holds."""
    return replace(order, **{name: value for name, value in said.items() if value is not None})


def _from(file: Path, place: str) -> str:
    """Return a path of a batch file, taken from the folder in which the file lies; an address stays as it is."""
    return place if "://" in place else str(file.parent / place)


class _Lines:
    """The lines of a batch file, to say where a fault is. What tomllib reads has lost them."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.known: dict[tuple[str, int], int] = {}
        part, number = "", 0
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if head := re.match(r"\s*\[+\s*([\w-]+)\s*\]+", line):
                part = head[1]
                number = number + (part == "report")
                self.known.setdefault((part, number if part == "report" else 0), n)
            elif key := re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line):
                self.known.setdefault((key[1], number if part == "report" else 0), n)

    def place(self, name: str, number: int = 0) -> str:
        """Return the file and line of a name: of the top of the file, or of the report with this number."""
        line = self.known.get((name, number)) or self.known.get(("report", number))
        return f"{self.name}, line {line}" if line else self.name

    def read(self, raw: Mapping[str, Any], fields: Mapping[str, Field], number: int = 0) -> tuple[dict, list[str]]:
        """Return the values of the top of the file, or of a report, and every fault with its line."""
        values, faults = {}, []
        for name, value in raw.items():
            optional = {n: replace(f, required=False) for n, f in fields.items()}
            found, wrong = read_values({name: value}, optional, self.place(name, number))
            values |= found
            faults += wrong
        head = self.place("report", number)
        return values, faults + [f"{head}: '{n}' is missing" for n, f in fields.items() if f.required and n not in raw]

    def read_free(self, raw: Any, part: str, read: Any) -> tuple[dict, list[str]]:
        """Return the values of a part whose names are not known beforehand, and every fault with its line."""
        if not isinstance(raw, dict):
            return {}, [f"{self.place(part)}: write [{part}] above a line for each"]
        values, faults = {}, []
        for name, value in raw.items():
            found, wrong = read_values({name: value}, {name: Field(read)}, self.place(name))
            values |= found
            faults += wrong
        return values, faults
