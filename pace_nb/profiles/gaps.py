"""What a profile leaves unmapped: headings, codes, outcomes, and events that no file gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pace_nb import terms
from pace_nb.files import plain_name, tidy
from pace_nb.profiles.apply import find_file
from pace_nb.profiles.native import Column, Sheet, look_at, show_codes
from pace_nb.profiles.records import NativeSource, Profile, Section
from pace_nb.schema import TABLES


@dataclass(frozen=True)
class Gap:
    """One thing that a profile leaves out: where, what, and whether it costs rows (`costs`) or is only for information."""

    where: str
    what: str
    costs: bool = False


def find_gaps(profile: Profile, folder: Path) -> list[Gap]:
    """Return what a profile leaves unmapped in an extract's files, what costs rows first.

    Values are named only where they are short and stand in at least three rows: a rarer text may be about a child.
    """
    sheets, gaps = look_at(folder), []
    for sheet in sheets:
        source = _source_of(profile, folder, sheet)
        if source is None:
            gaps.append(Gap(sheet.name, f"is not read: no source names it ({sheet.rows:,} rows)."))
            continue
        gaps += _of_source(sheet, source)
    given = {e for s in profile.sources for n in s.sections if n.table == "events" for e in _events(n)}
    rows = any("event" in n.columns for s in profile.sources for n in s.sections if n.table == "events")
    for event in terms.MILESTONES:
        if event not in given and event not in profile.derive and not rows:
            gaps.append(Gap("events", f"no source gives '{terms.label(event)}' ({event})."))
    for table in TABLES:
        if not any(n.table == table for s in profile.sources for n in s.sections):
            gaps.append(Gap(table, "no source gives this table."))
    return sorted(gaps, key=lambda g: not g.costs)


def _source_of(profile: Profile, folder: Path, sheet: Sheet) -> NativeSource | None:
    place = folder if folder.is_dir() else folder.parent
    for source in profile.sources:
        path = find_file(place, source.file)
        if path is None or path.name != sheet.file:
            continue
        if sheet.sheet is None or source.sheet is None or plain_name(source.sheet) == plain_name(sheet.sheet):
            return source
    return None


def _events(section: Section) -> list[str]:
    from_outcomes = [code.partition(" ")[0] for code in section.outcomes.values() if code]
    return [
        *section.dates,
        *from_outcomes,
        *section.codes.get("event", {}).values(),
        *([section.constants["event"]] if "event" in section.constants else []),
    ]


def _of_source(sheet: Sheet, source: NativeSource) -> list[Gap]:
    columns = {plain_name(c.heading): c for c in sheet.columns}
    read = {plain_name(h) for s in source.sections for h in (*s.columns.values(), *s.dates.values(), s.outcome) if h}
    rest = [c.heading for name, c in columns.items() if name not in read]
    gaps = [Gap(sheet.name, f"columns that are not read: {', '.join(rest)}.")] if rest else []
    for section in source.sections:
        for heading in (
            *section.columns.values(),
            *section.dates.values(),
            *([section.outcome] if section.outcome else []),
        ):
            if plain_name(heading) not in columns:
                gaps.append(Gap(sheet.name, f"has no column '{heading}', which the profile names.", costs=True))
        for column in TABLES[section.table].columns:
            native = columns.get(plain_name(section.columns.get(column.name, "")))
            if column.codes and native is not None:
                gaps += _of_codes(sheet, section, column.name, column.codes, native)
        if section.outcome and plain_name(section.outcome) in columns:
            gaps += _of_outcomes(sheet, section, columns[plain_name(section.outcome)])
    return gaps


def _plain(text: str) -> str:
    return " ".join(tidy(text).casefold().split())


def _of_codes(sheet: Sheet, section: Section, name: str, codes, native: Column) -> list[Gap]:
    known = {_plain(v) for v in section.codes.get(name, {})} | {_plain(v) for v in section.ignore}
    spelled = {plain_name(c) for c in codes} | {plain_name(t.label) for t in codes.values()}
    left = {v: n for v, n in native.counts.items() if _plain(v) not in known and plain_name(v) not in spelled}
    return _tell(sheet, native, left, "values that are not mapped", section.table != "children")


def _of_outcomes(sheet: Sheet, section: Section, native: Column) -> list[Gap]:
    patterns = [_plain(p) for p in section.outcomes]
    left = {v: n for v, n in native.counts.items() if not any(fnmatchcase(_plain(v), p) for p in patterns)}
    return _tell(sheet, native, left, "outcomes that are not mapped", False)


def _tell(sheet: Sheet, native: Column, left: dict[str, int], what: str, costs: bool) -> list[Gap]:
    if not left:
        return []
    shown, hidden = show_codes(dict(Counter(left).most_common()))
    parts = [f"'{v}' ({n:,} rows)" for v, n in list(shown.items())[:20]]
    rest = sum(list(shown.values())[20:]) + hidden
    if rest:
        parts.append(f"others, in {rest:,} rows, not shown")
    return [Gap(sheet.name, f"column {native.heading}: {what}: {', '.join(parts)}.", costs)]
