"""Which notebooks run for which area of which extract."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import nbformat

from pace_nb import terms
from pace_nb.areas import digest_all
from pace_nb.batch.order import CELL_SECONDS
from pace_nb.batch.software import key_digest, notebook_digest, software
from pace_nb.children_page import CHILDREN
from pace_nb.errors import DataError, PaceError, ParameterError, few
from pace_nb.extract import AUDIENCES, look_inside
from pace_nb.files import digest, find_extracts
from pace_nb.paths import NOTEBOOKS
from pace_nb.pseudonyms import find_key

WORKING_ONLY = (
    "shows single children, so it is made only for people entitled to see them: ask for it with --audience working."
)
#: The page whose run charts the page of every child leads to.
RUN_CHARTS = "2_aims"
#: What a page across areas is called, with its folder: of all 32 authorities, and of some of them.
SCOTLAND, SOME = "Scotland", "All areas"
FOLDERS = {SCOTLAND: "scotland", SOME: "all-areas"}
TWO_AREAS = "compares areas, so it is made only from a folder with the extracts of two or more."


@dataclass(frozen=True)
class Run:
    """One notebook for one area. `refusal` says why it is not run at all; "" if it is.

    beside: of the pages that others have links to (CHILDREN, RUN_CHARTS), those planned for the area with CHILDREN. seconds: how long a
    cell may take. made_from: the SHA-256 of all that its page is made from; "" where none is made. files: what is made of its page
    besides, of `outputs.files.KINDS`.
    """

    area: str
    notebook: str
    source: Path
    parameters: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    refusal: str = ""
    outcome: str = ""
    beside: tuple[str, ...] = ()
    seconds: int = CELL_SECONDS
    made_from: str = ""
    files: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The area's folder."""
        known = terms.AUTHORITIES.get(self.area)
        return known.slug if known else FOLDERS.get(self.area, self.area)

    @property
    def audience(self) -> str:
        """For whom it is asked."""
        return self.parameters.get("audience", "aggregate")

    @property
    def days(self) -> tuple[date, ...]:
        """The days that its page names because they were asked for: the as-at date, and the beginning of the period."""
        return tuple(date.fromisoformat(d) for n in ("as_at", "since") if (d := self.parameters.get(n)))

    @property
    def told(self) -> dict[str, str]:
        """The parameters as the manifest tells them: the extract by its name, not by where it lies on someone's drive."""
        return {**self.parameters, "extract_path": self.source.name} if self.parameters else {}

    @property
    def page(self) -> str:
        """Where the page will lie, from the output folder."""
        return f"{self.slug}/{self.notebook}.html"


def find_notebooks(names: Sequence[str] = ()) -> dict[str, Path]:
    """Return the notebooks that make reports, by name: those named, or all. Raises ParameterError for a name that is none of them."""
    known = {p.stem: p for p in sorted(NOTEBOOKS.glob("[0-9]_*.ipynb"))}
    unknown = [n for n in names if n.removesuffix(".ipynb") not in known]
    if unknown:
        raise ParameterError(f"There is no notebook '{unknown[0]}'.", do=f"choose from {', '.join(known)}.")
    wanted = {n.removesuffix(".ipynb") for n in names}
    return {n: p for n, p in known.items() if not wanted or n in wanted}


def working_only(notebook: Path) -> bool:
    """Tell whether a notebook says of itself that it shows single children."""
    return _says(notebook, "audience") == "working"


def across_areas(notebook: Path) -> bool:
    """Tell whether a notebook says of itself that it takes all extracts at once."""
    return _says(notebook, "scope") == "areas"


def cell_seconds(notebook: Path) -> int | None:
    """Return how long a cell may take, as far as a notebook says it of itself (`"pace": {"cell_seconds": 60}`)."""
    said = _says(notebook, "cell_seconds")
    return said if isinstance(said, int) and said > 0 else None


def _says(notebook: Path, key: str) -> Any:
    return nbformat.read(notebook, as_version=4).metadata.get("pace", {}).get(key)


def plan_runs(
    data: Path,
    as_at: date,
    *,
    areas: Sequence[str] = (),
    notebooks: Sequence[str] = (),
    audience: str = "aggregate",
    since: date | None = None,
    seconds: int | None = None,
    limits: Mapping[str, int] | None = None,
) -> list[Run]:
    """Return every run, in order of area and notebook. An extract that cannot be read gives one failed run.

    seconds: how long a cell may take, unless `limits` says otherwise for its notebook; None as the notebook says of itself.

    A notebook across areas runs once, over all extracts; for areas that are asked for by name it runs once for each, over all
    extracts too, and names that area. It needs two areas; with fewer it is passed over, or says why if it was asked for.

    Raises DataError where there is no extract that can be used, ParameterError for an unknown area, notebook or audience, and for
    the working audience where there is no key.

    In the working audience the page of every child (`children_page`) is made for each area, unless only other pages are asked for.
    """
    if audience not in AUDIENCES:
        raise ParameterError(f"audience is '{audience}'.", do="say aggregate or working.")
    wanted = [_known_area(a) for a in areas]
    named = [n for n in notebooks if n != CHILDREN]
    if CHILDREN in notebooks and audience != "working":
        raise ParameterError(f"{CHILDREN} {WORKING_ONLY}")
    every_child = audience == "working" and (not notebooks or CHILDREN in notebooks)
    chosen = find_notebooks(named) if named or not notebooks else {}
    limits = limits or {}
    find_notebooks(list(limits))
    may_take = {n: limits.get(n) or seconds or cell_seconds(p) or CELL_SECONDS for n, p in chosen.items()}
    across = [name for name, path in chosen.items() if across_areas(path)]
    private = {name for name, path in chosen.items() if working_only(path)}
    if audience != "working" and private and private == set(chosen):
        raise ParameterError(f"{', '.join(sorted(private))} {WORKING_ONLY}")
    runs: list[Run] = []
    found: list[str] = []
    faults: list[str] = []
    extracts = find_extracts(data)
    for path in extracts:
        try:
            inside, sha256 = look_inside(path, as_at), digest(path)
        except (PaceError, OSError) as error:
            said = _unreadable(path, error)
            faults.append(said)
            runs.append(Run(path.name, "all notebooks", path, refusal=said, outcome="failed"))
            continue
        if audience == "working":
            find_key(inside.synthetic)  # refused before anything is made, as each page would refuse it
        twice = [a for a in inside.areas if a in found]
        if twice:
            raise ParameterError(
                f"{few(twice)} is in '{path.name}' and in another extract, and a page can be made from one of them only.",
                do="keep the extract that is meant in the folder, or name it in place of the folder. How the two differ, "
                "pace-nb check says with --previous.",
            )
        found += inside.areas
        for area in inside.areas:
            if wanted and area not in wanted:
                continue
            given = _parameters(path, area, as_at, audience, since)
            for name in chosen:
                if name in across:
                    continue
                refused = audience != "working" and name in private
                runs.append(
                    Run(area, name, path, given, sha256, WORKING_ONLY if refused else "", "refused" if refused else "")
                )
            if every_child:
                runs.append(Run(area, CHILDREN, path, given, sha256))
    if len(faults) == len(extracts):
        raise DataError(
            f"No extract at '{data.name}' can be used.", where=faults, do="mend what is named and try again."
        )
    absent = [a for a in wanted if a not in found]
    if absent:
        raise ParameterError(
            f"There are no children of {few(absent)} in '{data.name}'.", do=f"areas there: {few(sorted(found), 32)}."
        )
    whole = SCOTLAND if set(found) == set(terms.AUTHORITIES) else SOME
    enough, asked = len(found) > 1, bool(notebooks)
    together = _digest_together(extracts) if across else ""
    for name in across if enough or asked else ():
        for area in wanted or ([whole] if enough else found):
            given = _parameters(data, SCOTLAND if area == SOME else area, as_at, audience, since)
            outcome = ("", "") if enough else (TWO_AREAS, "nothing to show")
            runs.append(Run(area, name, data, given, together, *outcome))
    beside = (CHILDREN, RUN_CHARTS) if RUN_CHARTS in chosen else (CHILDREN,)
    linked = {r.area for r in runs if r.notebook == CHILDREN}
    runs = [
        replace(r, beside=beside if r.area in linked else (), seconds=may_take.get(r.notebook, CELL_SECONDS))
        for r in runs
    ]
    runs = [replace(r, made_from=_made_from(r)) for r in runs]
    return sorted(runs, key=lambda r: (r.area != whole, r.area, r.notebook))


def _made_from(run: Run) -> str:
    """Return the SHA-256 of all that the page of a run is made from; "" of a run that makes none."""
    if run.outcome or not run.sha256:
        return ""
    key = key_digest() if run.audience == "working" else ""
    notebook = "" if run.notebook == CHILDREN else notebook_digest(run.notebook)
    told = [run.sha256, sorted(run.told.items()), notebook, software(), key, run.beside]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _digest_together(extracts: Sequence[Path]) -> str:
    """Return the SHA-256 of several extracts; "" where one cannot be opened: the page across areas says so itself."""
    try:
        return digest_all(extracts)
    except (PaceError, OSError):
        return ""


def _unreadable(path: Path, error: Exception) -> str:
    """Say why an extract cannot be used, whoever refused it."""
    if isinstance(error, PaceError):
        return str(error)
    return f"The extract '{path.name}' cannot be read: {error.strerror}. What to do: see that it can be opened here."


def _parameters(data: Path, area: str, as_at: date, audience: str, since: date | None) -> dict[str, str]:
    return {
        "extract_path": str(data.resolve()),
        "area": area,
        "as_at": as_at.isoformat(),
        "audience": audience,
        "since": since.isoformat() if since else "",
    }


def _known_area(text: str) -> str:
    name = terms.authority_name(text)
    if name is None:
        raise ParameterError(f"'{text}' is not a Scottish local authority.", do="use its name or its GSS code.")
    return name
