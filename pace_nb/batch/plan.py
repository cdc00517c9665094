"""Which notebooks run for which area of which extract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import nbformat

from pace_nb import terms
from pace_nb.areas import digest_all
from pace_nb.errors import DataError, PaceError, ParameterError, few
from pace_nb.extract import AUDIENCES, list_areas, read_extract
from pace_nb.files import digest, find_extracts
from pace_nb.paths import NOTEBOOKS
from pace_nb.pseudonyms import find_key

WORKING_ONLY = (
    "shows single children, so it is made only for people entitled to see them: ask for it with --audience working."
)
#: What a page across areas is called, with its folder: of all 32 authorities, and of some of them.
SCOTLAND, SOME = "Scotland", "All areas"
FOLDERS = {SCOTLAND: "scotland", SOME: "all-areas"}
TWO_AREAS = "compares areas, so it is made only from a folder with the extracts of two or more."


@dataclass(frozen=True)
class Run:
    """One notebook for one area. `refusal` says why it is not run at all; "" if it is."""

    area: str
    notebook: str
    source: Path
    parameters: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    refusal: str = ""
    outcome: str = ""

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
    """Return the notebooks that make reports, by name. Raises ParameterError for a name that is none of them."""
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


def _says(notebook: Path, key: str) -> str | None:
    return nbformat.read(notebook, as_version=4).metadata.get("pace", {}).get(key)


def plan_runs(
    data: Path,
    as_at: date,
    *,
    areas: Sequence[str] = (),
    notebooks: Sequence[str] = (),
    audience: str = "aggregate",
    since: date | None = None,
) -> list[Run]:
    """Return every run, in order of area and notebook. An extract that cannot be read gives one failed run.

    A notebook across areas runs once, over all extracts; for areas that are asked for by name it runs once for each, over all
    extracts too, and names that area. It needs two areas; with fewer it is passed over, or says why if it was asked for.

    Raises DataError where there is no extract that can be used, ParameterError for an unknown area, notebook or audience, and for
    the working audience where there is no key.
    """
    if audience not in AUDIENCES:
        raise ParameterError(f"audience is '{audience}'.", do="say aggregate or working.")
    wanted = [_known_area(a) for a in areas]
    chosen = find_notebooks(notebooks)
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
            inside = list_areas(path, as_at)
        except PaceError as error:
            faults.append(str(error))
            runs.append(Run(path.name, "all notebooks", path, refusal=str(error), outcome="failed"))
            continue
        if audience == "working":
            _require_key(path, as_at)
        twice = [a for a in inside if a in found]
        if twice:
            raise ParameterError(
                f"{few(twice)} is in '{path.name}' and in another extract, and a page can be made from one of them only.",
                do="keep the extract that is meant in the folder, or name it in place of the folder. How the two differ, "
                "pace-nb check says with --previous.",
            )
        found += inside
        sha256 = digest(path)
        for area in inside:
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
    for name in across if enough or asked else ():
        for area in wanted or ([whole] if enough else found):
            given = _parameters(data, SCOTLAND if area == SOME else area, as_at, audience, since)
            outcome = ("", "") if enough else (TWO_AREAS, "nothing to show")
            runs.append(Run(area, name, data, given, digest_all(extracts), *outcome))
    return sorted(runs, key=lambda r: (r.area != whole, r.area, r.notebook))


def _require_key(path: Path, as_at: date) -> None:
    """Refuse before anything is made what each page would refuse. Only where there is no key does it matter whose children
    these are, and then the extract is read to know."""
    try:
        find_key(synthetic=False)
    except ParameterError as missing:
        try:
            sample = read_extract(path, as_at).synthetic
        except PaceError:  # its pages fail and say why
            return
        if not sample:
            raise missing from None


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
