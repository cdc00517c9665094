"""An extract as the workbench uses it: four tables of facts, what was found, and where it all came from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from pace_nb import terms
from pace_nb.aims import Aim, read_aims
from pace_nb.changes import Change
from pace_nb.checks import Checked, check_facts, check_tables
from pace_nb.definitions import Field, day, read_one
from pace_nb.errors import DataError, DefinitionError, ParameterError, few
from pace_nb.files import RawTable, data_files, digest, find_sources, read_table, state, unchanged
from pace_nb.findings import LEVELS, Finding
from pace_nb.neighbours import tied
from pace_nb.periods import show_date, to_date
from pace_nb.profiles import NAME, Profile, apply_profile, derive_events, read_profile
from pace_nb.schema import TABLES
from pace_nb.store import Records, read_once
from pace_nb.tests_of_change import FOLDER, ChangeIdea, as_change, known_on, read_tests

# The same texts in every environment, whether or not pyarrow is there; on the small tables of an area they are also quicker.
pd.set_option("mode.string_storage", "python")

AUDIENCES = ("aggregate", "working")
#: Every id of the synthetic sample begins so; pages made from it say that they show no real child.
SYNTHETIC = "SYN-"


@dataclass(frozen=True, eq=False)  # two extracts are the same only if they are one
class Extract:
    """The children of one area, or of several, as known on a day.

    children, placements, legal, events: tables with the schema's columns; events and placements are in order of date.
    rows: per table and file, rows read = used + set_aside + duplicates + blank.
    audience: who may see what is made from it; "aggregate" unless "working" is said aloud.
    since: waits that ended before this day are left out of every measure; None counts all. The records of children who
    finished before an extract is complete are those of the children who happened to stay, and would mislead.
    tests: the change ideas that were tried, with their cycles, as known on the day; changes: the same as dated lines of a run chart.
    profile: the name of the profile it was read by; "" for an extract in the project's own form. files: name and SHA-256 of each.
    """

    children: pd.DataFrame
    placements: pd.DataFrame
    legal: pd.DataFrame
    events: pd.DataFrame
    rows: pd.DataFrame
    findings: tuple[Finding, ...]
    as_at: date
    areas: tuple[str, ...]
    aims: dict[str, Aim]
    changes: tuple[Change, ...]
    audience: str = "aggregate"
    since: date | None = None
    source: str = ""
    sha256: str = ""
    synthetic: bool = False
    refused: tuple[str, ...] = field(default=())
    profile: str = ""
    files: tuple[tuple[str, str], ...] = ()
    tests: tuple[ChangeIdea, ...] = ()

    @property
    def area(self) -> str:
        """The area in words."""
        return self.areas[0] if len(self.areas) == 1 else f"{len(self.areas)} areas"

    def records(self, event: str) -> bool:
        """Tell whether an event is recorded for anybody: where it is not, nobody can be seen to reach it or to be late."""
        return bool((self.events["event"] == event).any())

    def __str__(self) -> str:
        used, read = int(self.rows["used"].sum()), int(self.rows["read"].sum())
        return (
            f"Extract: {self.area}, {len(self.children):,} children, {used:,} of {read:,} rows used, "
            f"as at {show_date(self.as_at)}"
        )

    __repr__ = __str__


def read_extract(
    path: str | Path,
    as_at: str | date,
    area: str | None = None,
    audience: str = "aggregate",
    since: str | date | None = None,
) -> Extract:
    """Read, check and join one extract as known on a day.

    path: a folder of CSV files or a workbook. An `aims.toml`, an `extract.toml` and a folder `changes` of tests of change beside
    the tables are read too; `extract.toml` says from when the records are complete (`complete_from = 2013-08-01`).
    area: keep one authority of an extract that holds several.
    since: count only waits that ended on or after this day; None or blank takes `complete_from`, or else counts all.

    Raises DataError if the children table cannot be used, DefinitionError if a TOML file has faults, ParameterError
    if as_at, area or audience is wrong. Anything less is a finding, and the rest is used and counted.
    """
    path, as_at = Path(path), to_date(as_at)
    since = to_date(since, "since") if since else None
    if audience not in AUDIENCES:
        raise ParameterError(f"audience is '{audience}'.", do="say aggregate or working.")
    if not path.exists():
        raise DataError(f"There is nothing at '{path.name}'.", do="check the path of the extract.")
    folder = path if path.is_dir() else path.parent
    records = read_once(path, as_at, area, lambda hashes: _read_records(path, as_at, hashes))
    aims = read_aims(folder / "aims.toml")
    if since is None and (folder / "extract.toml").exists():
        since = read_one(folder / "extract.toml", {"complete_from": Field(day)}).get("complete_from")
    if since is not None and since >= as_at:
        raise ParameterError(
            f"The period would begin on {show_date(since)}, which is not before {show_date(as_at)}.",
            do="give an earlier day for since, or a later as_at.",
        )
    tests = _read_tests(folder, aims, as_at)
    extract = Extract(
        **records.tables,
        rows=records.rows,
        findings=records.findings,
        as_at=as_at,
        areas=records.areas,
        aims=aims,
        changes=tuple(change for idea in tests if (change := as_change(idea)) is not None),
        audience=audience,
        since=since,
        source=path.name,
        sha256=digest(path, records.hashes),
        synthetic=records.synthetic,
        refused=records.refused,
        profile=records.profile,
        files=tuple((p.name, records.hashes[p.name]) for p in data_files(path)),
        tests=tests,
    )
    return extract if area is None else only_area(extract, area)


def _read_records(path: Path, as_at: date, hashes: dict[str, str]) -> Records:
    """Read and check the tables of an extract."""
    before = state(path)
    profile = find_profile(path)
    raws, findings = read_sources(path, profile)
    checked = check_tables(raws, as_at)
    names = {raw.file for raw in raws["children"]}
    refused = tuple(n for n in TABLES if not any(raw.usable for raw in raws[n]))
    del raws  # of a nation, a gigabyte of which nothing more is asked
    if profile is not None:
        checked = derive_events(checked, profile.derive)
    checked = check_facts(checked, as_at)
    for one in checked.values():
        findings += one.findings
    children = checked["children"].frame
    if children.empty:
        faults = [f for f in findings if f.file in names and f.level != "notice"]
        raise DataError(
            "No child can be read from the extract, so nothing can be made from it.",
            where=faults or [f"{name} holds no rows" for name in sorted(names)],
            do="correct the children table and try again.",
        )
    place = np.empty(len(children), dtype=np.int64)
    place[np.lexsort([pd.factorize(children[c], sort=True)[0] for c in ("child_id", "local_authority")])] = np.arange(
        len(children)
    )
    unchanged(path, before)
    tables = {
        "children": children.drop(columns=["file", "line"]),
        "placements": _in_order(checked["placements"], "start_date", place),
        "legal": _in_order(checked["legal"], "start_date", place),
        "events": _in_order(checked["events"], "date", place),
    }
    return Records(
        {name: _texts(frame) for name, frame in tables.items()},
        rows=_row_counts(checked),
        findings=tuple(sorted(findings, key=lambda f: LEVELS.index(f.level))),
        areas=tuple(sorted(children["local_authority"].unique())),
        synthetic=_synthetic(children),
        refused=refused,
        profile="" if profile is None else profile.name,
        hashes=hashes,
    )


def _read_tests(folder: Path, aims: dict[str, Aim], as_at: date) -> tuple[ChangeIdea, ...]:
    """Read the tests of change beside an extract, as they were known on the day."""
    if (folder / "changes.toml").exists():
        raise DefinitionError(
            "changes.toml is not read any more: each change idea has a file of its own, with its cycles.",
            do=f"write each of its changes with 'pace-nb tests new {FOLDER}', then take changes.toml away.",
        )
    return known_on(read_tests(folder / FOLDER, aims), as_at)


def find_profile(path: Path) -> Profile | None:
    """Return the profile that lies beside an extract's files, if there is one. Raises DefinitionError with all its faults."""
    beside = (path if path.is_dir() else path.parent) / NAME
    return read_profile(beside) if beside.exists() else None


def read_sources(
    path: Path, profile: Profile | None, only: Collection[str] = tuple(TABLES)
) -> tuple[dict[str, list[RawTable]], list[Finding]]:
    """Return what the files of an extract hold of each table, as text, and what there is to say of whole files.

    only: the tables that are wanted.
    """
    if profile is not None:
        raws, findings = apply_profile(profile, path if path.is_dir() else path.parent, only)
    else:
        sources, findings = find_sources(path)
        raws = {name: [] for name in TABLES}
        for source in (s for s in sources if s.table.name in only):
            raws[source.table.name].append(read_table(source))
    for name, table in TABLES.items():
        if not raws[name] and name in only:
            file = f"{name}.csv" if profile is None else f"table {name}"
            level = "file" if name in ("children", "events") else "notice"
            if name == "events" and profile is not None and profile.derive:
                level = "notice"
            missing = Finding("no-file", level, file, "is not in the extract; what needs it says so.", "Export it too.")
            raws[name].append(RawTable(table, file, findings=[missing], usable=False))
    return raws, findings


@dataclass(frozen=True)
class Inside:
    """What an extract's children table says alone: whose children these are, and whether all of them are those of the sample."""

    areas: tuple[str, ...]
    synthetic: bool


def look_inside(path: str | Path, as_at: date) -> Inside:
    """Read an extract's children table and nothing else. Raises DataError if it cannot be used."""
    raws, _ = read_sources(Path(path), find_profile(Path(path)), ("children",))
    table = check_tables({"children": raws["children"]}, as_at)["children"]
    if table.frame.empty:
        faults = [f for f in table.findings if f.level != "notice"]
        raise DataError(
            f"No child can be read from the extract '{Path(path).name}'.",
            where=faults or ["children holds no rows"],
            do="correct the children table and try again.",
        )
    return Inside(tuple(sorted(table.frame["local_authority"].unique())), _synthetic(table.frame))


def list_areas(path: str | Path, as_at: date) -> tuple[str, ...]:
    """Return the authorities of an extract, from its children table alone. Raises DataError if it cannot be used."""
    return look_inside(path, as_at).areas


def _synthetic(children: pd.DataFrame) -> bool:
    return all(one.startswith(SYNTHETIC) for one in children["child_id"].tolist())


def only_area(extract: Extract, area: str) -> Extract:
    """Return an extract's children of one authority. Raises ParameterError if it has none, naming those it has."""
    name = terms.authority_name(area)
    if name not in extract.areas:
        raise ParameterError(
            f"'{area}' is not in the extract '{extract.source}'.", do=f"choose one of: {few(extract.areas, 32)}."
        )
    tables = {t: getattr(extract, t) for t in TABLES}
    kept = {t: f[f["local_authority"] == name].reset_index(drop=True) for t, f in tables.items()}
    tests = tuple(i for i in extract.tests if i.area in ("", name))
    changes = tuple(c for c in extract.changes if c.id in {i.id for i in tests})
    return replace(extract, areas=(name,), tests=tests, changes=changes, **kept)


def _in_order(checked: Checked, by: str, place: np.ndarray) -> pd.DataFrame:
    """Return a table in order of child and day, and of all else that tells two rows of one day apart.

    place: of each child, its place in the order of authority and id.
    """
    frame = checked.frame.drop(columns=["file", "line"])
    who, day = place[checked.who], frame[by].to_numpy().astype("datetime64[D]").astype("int64")
    days = day - day.min(initial=0)
    key = who * (int(days.max(initial=0)) + 1) + days
    order = np.argsort(key, kind="stable")
    key = key[order]
    at = tied(key)
    rest = [c for c in frame if c not in ("local_authority", "child_id", by)]
    some = frame[rest].iloc[order[at]].assign(key=key[at], row=order[at])
    order[at] = some.sort_values(["key", *rest], kind="stable", na_position="last", key=_place)["row"].to_numpy()
    return frame.iloc[order].reset_index(drop=True)


def _place(column: pd.Series) -> pd.Series:
    """Routes stand in the order of `terms.ROUTES`: of two for one day, the one that binds for longer comes last and counts."""
    return column.map({r: i for i, r in enumerate(terms.ROUTES)}) if column.name == "route" else column


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts are all of one kind, also where every one is blank or a profile made them."""
    return frame.astype({c: "str" for c, kind in frame.dtypes.items() if kind.kind == "O" and kind.name == "object"})


def _row_counts(checked: dict[str, Checked]) -> pd.DataFrame:
    return pd.DataFrame([{"table": n, **asdict(file)} for n, c in checked.items() for file in c.files])
