"""The extracts of several areas as one: the same aims, the same day and the same period for all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from pace_nb.aims import read_aims
from pace_nb.errors import DataError, NothingToShow, PaceError, ParameterError, few
from pace_nb.extract import Extract, list_areas, read_extract
from pace_nb.files import digest, find_extracts, is_extract
from pace_nb.findings import LEVELS, Finding
from pace_nb.periods import show_date
from pace_nb.schema import TABLES
from pace_nb.terms import authority_name
from pace_nb.tests_of_change import ChangeIdea


def find_area(path: str | Path, area: str, as_at: date) -> Path:
    """Return the extract that is meant by a path and an area: the path, or the one in a folder of several that holds the area.

    What is no folder of extracts is returned as it is: reading it says what is wrong with it. Raises ParameterError where an area
    stands in place of a path, where it is not said which of several is meant, and where none of them, or more than one, holds it.
    """
    path = Path(path)
    if not path.exists() and authority_name(str(path)):
        raise ParameterError(
            f"'{path}' is an area; here stands the folder that its extract lies in.",
            do=f'name that folder; where it holds the extracts of several areas, add --area "{path}".',
        )
    if not path.is_dir() or is_extract(path):
        return path
    paths = find_extracts(path)
    name = authority_name(area) if area else ""
    if not name:
        said = f"'{area}' is not a Scottish local authority." if area else f"'{path.name}' holds {len(paths)} extracts."
        raise ParameterError(said, do=f"add --area with one of those in the folder: {few(p.name for p in paths)}.")
    held, faults = [], []
    for one in paths:
        try:
            held += [one] if name in list_areas(one, as_at) else []
        except DataError as error:
            faults.append(f"{one.name}: {error.what}")
    if len(held) != 1:
        raise ParameterError(
            f"{'More than one' if held else 'None'} of the {len(paths)} extracts in '{path.name}' holds {name}.",
            where=[p.name for p in held] or faults,
            do="name the extract that is meant, with its folder.",
        )
    return held[0]


def read_areas(
    path: str | Path, as_at: str | date, audience: str = "aggregate", since: str | date | None = None
) -> Extract:
    """Read every extract of a folder and return them as one, for comparing areas.

    path: a folder of extracts, or one extract that holds several authorities. The aims are the national ones: limits that an
    area sets itself would compare unlike with unlike. The period is the same for all: it begins with `since` or, if that is
    blank, on the first day from which the records of every area are complete.
    An extract that cannot be used is left out and named in the findings; so is one that lacks the events.

    Raises NothingToShow where fewer than two areas can be read, DataError where two extracts hold the same area.
    """
    findings: list[Finding] = []
    read: list[Extract] = []
    paths = find_extracts(Path(path))
    for one in paths:
        try:
            extract = read_extract(one, as_at, None, audience, since)
        except PaceError as error:
            findings.append(_left_out(one, error.what, error.do))
            continue
        if "events" in extract.refused:
            findings.append(_left_out(one, "its events could not be read.", "see that extract's own pages."))
            continue
        findings += _named(one, extract)
        read.append(extract)
    areas = [a for e in read for a in e.areas]
    twice = sorted({a for a in areas if areas.count(a) > 1})
    if twice:
        raise DataError(
            f"{few(twice)} is in two extracts, so its children would count twice.",
            do="keep the extract that is meant in the folder.",
        )
    if len(areas) < 2:
        raise NothingToShow(
            "To compare areas takes the extracts of two or more.",
            do="put the extracts into one folder, and name the folder.",
        )
    begin, notice = _common_period(read)
    joined = {t: _join([getattr(e, t) for e in read]) for t in TABLES}
    return replace(
        read[0],
        **joined,
        rows=_sum_rows(read),
        findings=tuple(sorted((*findings, *notice), key=lambda f: LEVELS.index(f.level))),
        areas=tuple(sorted(areas)),
        aims=read_aims(),
        changes=(),
        tests=_tests_of_all(read),
        since=begin,
        source=Path(path).name,
        sha256=digest_all(paths),
        synthetic=all(e.synthetic for e in read),
        refused=(),
        profile=", ".join(sorted({e.profile for e in read if e.profile})),
        files=tuple((f"{e.source}/{name}", sha256) for e in read for name, sha256 in e.files),
    )


def _tests_of_all(read: Sequence[Extract]) -> tuple[ChangeIdea, ...]:
    """Return every area's tests of change, each with the name of its area, in order of area; within one the order stays as it is.

    A test that does not say whose it is, in an extract of several areas, is nobody's and is left out.
    """
    named = [replace(t, area=t.area or e.areas[0]) for e in read for t in e.tests if t.area or len(e.areas) == 1]
    return tuple(sorted(named, key=lambda t: t.area))


def digest_all(paths: Sequence[Path]) -> str:
    """Return the SHA-256 of several extracts: of their names and hashes; of one extract, its own."""
    if len(paths) == 1:
        return digest(paths[0])
    lines = "".join(f"{p.name} {digest(p)}\n" for p in paths)
    return hashlib.sha256(lines.encode()).hexdigest()


def _left_out(path: Path, what: str, do: str) -> Finding:
    return Finding("area-left-out", "file", path.name, f"is not part of this page: {what}", do)


def _named(path: Path, extract: Extract) -> list[Finding]:
    """Return what was found in one extract under its name; notices stand on the area's own pages."""
    return [replace(f, file=f"{path.name}/{f.file}") for f in extract.findings if f.level != "notice"]


def _common_period(read: Sequence[Extract]) -> tuple[date | None, list[Finding]]:
    """Return the first day from which every area is complete, and say so where areas differ."""
    known = {e.since for e in read if e.since is not None}
    if not known:
        return None, []
    begin = max(known)
    if len({e.since for e in read}) == 1:
        return begin, []
    what = f"areas are complete from different days; all are compared from {show_date(begin)}."
    return begin, [Finding("period", "notice", "extract.toml", what)]


def _sum_rows(read: Sequence[Extract]) -> pd.DataFrame:
    """Return the rows of each table, counted over all areas; which files they came from stands on each area's own pages."""
    rows = pd.concat([e.rows for e in read]).drop(columns="file").groupby("table", sort=False).sum().reset_index()
    return rows.assign(file="")


def _join(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put the areas' rows under one another, areas in order of name; within an area the order stays as it is."""
    columns = list(frames[0].columns)
    return pd.concat([f[columns] for f in frames]).sort_values("local_authority", kind="stable").reset_index(drop=True)
