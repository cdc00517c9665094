"""From an area's own files to the four tables as text, by its profile. Nothing is looked at twice and no row is lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from pace_nb.date_texts import reader
from pace_nb.dates import read_dates
from pace_nb.errors import DataError
from pace_nb.files import (
    RawTable,
    Records,
    day_rules,
    fit_table,
    is_ours,
    not_read,
    plain_name,
    read_records,
    sheet_names,
    tidy,
)
from pace_nb.findings import Finding, Rule, rule
from pace_nb.profiles.records import NativeSource, Profile, Section
from pace_nb.schema import TABLES
from pace_nb.texts import Texts

_rule = partial(rule, part="profile")
NO_FILE = _rule(
    "profile-no-file", "file", says="is named in the profile and is not in the extract.", do="Export it too."
)
UNREAD = _rule("profile-unread", "notice", says="is not named in the profile and was not read.")
HIDDEN = _rule(
    "profile-hidden-sheet", "notice", says="is hidden in the workbook; it was read because the profile names it."
)
IGNORED = _rule(
    "profile-ignored",
    "notice",
    says="is of a kind that the profile says to pass over; set aside.",
    fate="set aside",
)
MERGED = _rule(
    "profile-merged",
    "notice",
    says="continues the placement of the row before it, as the profile says; the two are one, set aside as a row of its own.",
    fate="set aside",
)
NO_OUTCOME = _rule(
    "profile-outcome",
    "notice",
    says="has an outcome that the profile does not map; no milestone was taken from it.",
    do="Look at the list that 'pace-nb profile check' gives, and add it to outcomes.",
)


def apply_profile(
    profile: Profile, folder: Path, only: Collection[str] = tuple(TABLES)
) -> tuple[dict[str, list[RawTable]], list[Finding]]:
    """Read the files of an extract as its profile says; `only` some of the tables.

    Returns for each table what each source gives of it (canonical columns, the file's own row numbers and headings), and what
    there is to say of whole files. A file that is not there gives a table that cannot be used, with the finding that says so.

    Raises DataError where one name of the profile fits several files, or a workbook cannot be read.
    """
    found: dict[str, list[RawTable]] = {name: [] for name in TABLES}
    findings: list[Finding] = []
    read: dict[Path, set[str | None]] = {}
    for source in profile.sources:
        if not any(s.table in only for s in source.sections):
            continue
        path = find_file(folder, source.file)
        if path is None:
            missing = NO_FILE.found(source.file if source.sheet is None else f"{source.file} ({source.sheet})")
            for table in dict.fromkeys(s.table for s in source.sections):
                found[table].append(RawTable(TABLES[table], missing.file, findings=[missing], usable=False))
            continue
        for sheet, hidden in _sheets(path, source):
            read.setdefault(path, set()).add(sheet)
            records = read_records(path, sheet)
            if hidden:
                records = replace(records, findings=(*records.findings, HIDDEN.found(records.file)))
            known = {plain_name(h) for s in source.sections for h in _headings(s)}
            for i, section in enumerate(s for s in source.sections if s.table in only):
                for raw in _read_section(records, section, source, known, profile):
                    raw.dates = day_rules(profile.dates, records)
                    if i:  # what there is to tell of the whole file was told with its first section
                        raw.findings = [f for f in raw.findings if f.level != "notice" or f.code.startswith("profile")]
                    found[section.table].append(raw)
    findings += not_read(folder)
    findings += [UNREAD.found(p.name) for p in sorted(folder.iterdir()) if is_ours(p) and p not in read]
    for path, named in read.items():
        sheets = () if None in named else chain(*sheet_names(path))
        findings += [UNREAD.found(f"{path.name} ({s})") for s in sheets if s not in named]
    return found, findings


def find_file(folder: Path, name: str) -> Path | None:
    """Return the one file of a folder that a profile's name fits. Raises DataError where several do."""
    files = [p for p in sorted(folder.iterdir()) if is_ours(p) and _pattern(name).fullmatch(_plain(p.name))]
    if len(files) > 1:
        raise DataError(
            f"Several files fit the name '{name}' of the profile.",
            where=[p.name for p in files],
            do="keep the one that is meant, or name it in the profile.",
        )
    return files[0] if files else None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Return what a text of a profile stands for, in which `*` is any text and nothing else is special."""
    return re.compile(".*".join(re.escape(part) for part in _plain(text).split("*")))


def fits_sheet(name: str | None, sheet: str) -> bool:
    """Tell whether a sheet is one that a profile's `sheet` names: by its name, or by a part of it and `*`."""
    return name is not None and (plain_name(sheet) == plain_name(name) or bool(_pattern(name).fullmatch(_plain(sheet))))


def _sheets(path: Path, source: NativeSource) -> list[tuple[str | None, bool]]:
    """Return the sheets that a source means, and whether each is hidden; hidden ones only if they are named in full."""
    if path.suffix.lower() == ".csv":
        return [(None, False)]
    shown, hidden = sheet_names(path)
    if source.sheet is None and shown:
        return [(shown[0], False)]
    several = "*" in (source.sheet or "")
    named = [(s, s in hidden) for s in (*shown, *(() if several else hidden)) if fits_sheet(source.sheet, s)]
    if named:
        return named if several else named[:1]
    what = f"sheet '{source.sheet}', which the profile names" if source.sheet else "sheet that is shown"
    raise DataError(
        f"{path.name} has no {what}.",
        where=[f"its sheets: {', '.join(shown)}"],
        do="correct the name of the sheet in the profile.",
    )


def _headings(section: Section) -> list[str]:
    outcome = [section.outcome] if section.outcome else []
    return [*section.columns.values(), *section.dates.values(), *outcome, *section.skip]


def _read_section(
    records: Records, section: Section, source: NativeSource, known: set[str], profile: Profile
) -> list[RawTable]:
    def fit(headings: Mapping[str, str]) -> RawTable:
        asked = {_SKIP.format(i): heading for i, heading in enumerate(section.skip)}
        raw = fit_table(records, TABLES[section.table], {**headings, **asked}, source.header_row, known)
        return _skipped(raw, section)

    if section.dates:
        kept = {c: h for c, h in section.columns.items() if c != "date"}
        return [
            _dated(fit({**kept, "date": heading}), event, section, profile, i)
            for i, (event, heading) in enumerate(section.dates.items())
        ]
    if section.outcome:
        raw = fit({**section.columns, "outcome": section.outcome})
        return [
            _without(_ignore(raw, section), "outcome", section),
            _outcomes(fit({**section.columns, "outcome": section.outcome}), section),
        ]
    raw = _constants(fit(section.columns), section)
    raw = _ignore(raw, section)
    _translate(raw, section)
    return [_merge(raw, section, profile) if section.merge else raw]


#: Under what name a column is read that only says which rows to pass over.
_SKIP = "skip {}"


def _skipped(raw: RawTable, section: Section) -> RawTable:
    """Set aside the rows that hold one of the values of `skip` in its column."""
    gone = np.zeros(len(raw.lines), dtype=bool)
    for i, values in enumerate(section.skip.values()):
        column = raw.columns.pop(_SKIP.format(i), None)
        raw.native.pop(_SKIP.format(i), None)
        if column is not None:
            patterns = [_pattern(v) for v in values]
            gone |= column.are(lambda t, patterns=patterns: any(p.fullmatch(_plain(t)) for p in patterns))
    return _set_aside(raw, gone, IGNORED)


def _constants(raw: RawTable, section: Section) -> RawTable:
    for column, value in section.constants.items():
        if column not in raw.columns:
            raw.columns[column] = Texts.same(value, len(raw.lines))
            raw.native[column] = ""  # it stands under no heading
    return raw


def _translate(raw: RawTable, section: Section) -> None:
    """Put a code where the profile knows one for a value; what it does not know is left for the checks to name."""
    for column, mapping in section.codes.items():
        if column in raw.columns:
            codes = {_plain(value): code for value, code in mapping.items()}
            raw.columns[column] = raw.columns[column].read_as(lambda t, codes=codes: codes.get(_plain(t), t))


def _plain(text: str) -> str:
    return " ".join(tidy(text).casefold().split())


def _ignore(raw: RawTable, section: Section) -> RawTable:
    if not section.ignore or "event" not in raw.columns:
        return raw
    passed = {_plain(v) for v in section.ignore}
    return _set_aside(raw, raw.columns["event"].are(lambda t: _plain(t) in passed), IGNORED)


def _set_aside(raw: RawTable, gone: np.ndarray, why: Rule) -> RawTable:
    lines = raw.lines[gone].tolist()
    if lines:
        raw.findings.append(why.found(raw.file, lines))
        raw.set_aside += len(lines)
        raw.keep(~gone)
    return raw


def _dated(raw: RawTable, event: str, section: Section, profile: Profile, number: int) -> RawTable:
    """One column of dates of one event: a cell that is blank, or says that nothing is there yet, is no event, counted as blank."""
    if number:
        raw.findings = [f for f in raw.findings if f.level == "file"]  # said of the first column already
    raw.file = f"{raw.file}, {section.dates[event]}"
    raw.findings = [replace(f, file=raw.file) for f in raw.findings]
    _constants(raw, section)
    raw.columns["event"] = Texts.same(event, len(raw.lines))
    raw.native["event"] = section.dates[event]
    if "date" in raw.columns:
        said = reader(profile.dates)
        filled = raw.columns["date"].are(lambda t: said(t).nothing != "blank")
        raw.blank += int((~filled).sum())
        raw.keep(filled)
    if event not in _ROUTED and "route" in raw.columns:
        raw.columns["route"] = Texts.same("", len(raw.lines))
    _translate(raw, section)
    return raw


#: The events that a column of routes of a child is about.
_ROUTED = ("permanence_recommendation", "permanence_panel", "adm_decision", "court_application", "order_granted")


def _without(raw: RawTable, column: str, section: Section) -> RawTable:
    """The rows as they are: each is a review, whatever came of it (or what the constants say)."""
    raw.columns.pop(column, None)
    if "event" not in raw.columns and "event" not in section.constants:
        raw.columns["event"] = Texts.same("review", len(raw.lines))
        raw.native["event"] = ""
    _constants(raw, section)
    _translate(raw, section)
    return raw


def _outcomes(raw: RawTable, section: Section) -> RawTable:
    """The milestones that outcomes stand for; a row whose outcome stands for none has none, and is counted as blank here."""
    raw.findings = [f for f in raw.findings if f.level == "file"]
    raw.file = f"{raw.file}, {section.outcome}"
    if "outcome" not in raw.columns:
        return raw
    raw.native |= {"event": section.outcome, "route": section.outcome}
    outcomes = raw.columns.pop("outcome").read_as(_plain)
    codes = [
        next((c for pattern, c in section.outcomes.items() if _pattern(pattern).fullmatch(t)), None)
        for t in outcomes.texts
    ]
    unmapped = outcomes.where(c is None and bool(t) for c, t in zip(codes, outcomes.texts, strict=True))
    lines = raw.lines[unmapped].tolist()
    stands = outcomes.where(codes)
    code = dict(zip(outcomes.texts, codes, strict=True))
    for name, part in (("event", 0), ("route", 2)):
        raw.columns[name] = outcomes.read_as(lambda t, part=part: (code[t] or "").partition(" ")[part])
    raw.blank += int((~stands).sum())
    raw.keep(stands)
    if lines:
        raw.findings.append(NO_OUTCOME.found(raw.file, lines, column=section.outcome))
    return raw


def _merge(raw: RawTable, section: Section, profile: Profile) -> RawTable:
    """Join neighbouring rows of a child that say the same of the same place: systems split them when carers are approved anew.

    The first row of a chain is kept, with the end of the last. A row that says nothing in a column of `merge` joins no other.
    """
    if not len(raw.lines) or not {"child_id", "start_date", "end_date", *section.merge} <= set(raw.columns):
        return raw
    frame = pd.DataFrame({name: column.rows() for name, column in raw.columns.items()})
    start, end = (pd.Series(_days(raw.columns[c], profile)) for c in ("start_date", "end_date"))
    same = [c for c in ("local_authority", "child_id") if c in frame] + list(section.merge)
    order = frame.assign(start=start).sort_values([*same, "start"], kind="stable", na_position="last").index
    frame, start, end = frame.loc[order], start.loc[order], end.loc[order]
    days = (start - end.shift()).dt.days
    told = (frame[["child_id", *section.merge]] != "").all(axis=1)  # two blanks are not the same carer
    joins = told & (frame[same] == frame[same].shift()).all(axis=1) & days.between(0, section.gap)
    stay = (~joins).cumsum()
    ends = frame.groupby(stay)["end_date"].transform("last").sort_index()
    raw.columns["end_date"] = Texts.of(ends.tolist())
    return _set_aside(raw, joins.sort_index().to_numpy(dtype=bool), MERGED)


def _days(column: Texts, profile: Profile) -> np.ndarray:
    return read_dates(column.texts, profile.dates).days.astype("datetime64[s]")[column.numbers]
