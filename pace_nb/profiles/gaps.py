"""What a profile leaves unmapped: files, headings, codes, outcomes, and events that no file gives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pace_nb import terms
from pace_nb.checks.vocabulary import USUAL
from pace_nb.errors import DataError, few
from pace_nb.files import plain_name
from pace_nb.profiles.apply import _headings, _pattern, _plain, _sheets, find_file
from pace_nb.profiles.native import Column, Sheet, look_at, open_sheet
from pace_nb.profiles.outcomes import Line, read_lines
from pace_nb.profiles.records import NativeSource, Profile, Section
from pace_nb.profiles.showing import Showing
from pace_nb.schema import TABLES

LOST, WRONG, INFO = "Rows will be lost", "May be read wrongly", "For information"
_VALUES = 20  # of one column, named one by one


@dataclass(frozen=True)
class Gap:
    """One thing that a profile leaves out or may get wrong: where, what, and what comes of it (LOST, WRONG or INFO)."""

    where: str
    what: str
    level: str = INFO

    @property
    def costs(self) -> bool:
        """Whether it is to be mapped: rows are lost by it, or read as what they may not be."""
        return self.level != INFO


@dataclass(frozen=True)
class Outcomes:
    """What a profile makes of one column of outcomes. left: how many rows have an outcome that no line takes."""

    where: str
    heading: str
    rows: int
    blank: int
    left: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ProfileCheck:
    """What there is to say of a profile: its gaps, what costs rows first, and what becomes of outcomes."""

    gaps: tuple[Gap, ...]
    outcomes: tuple[Outcomes, ...]


def check_profile(profile: Profile, folder: Path) -> ProfileCheck:
    """Open every file and sheet that a profile names, and say what it leaves unmapped in an extract's files.

    Values are named only where `showing` lets them be: where at least five children have them. Others are given by their rows.
    Raises DataError for a workbook that cannot be read.
    """
    place = folder if folder.is_dir() else folder.parent
    gaps: list[Gap] = []
    read: dict[tuple[str, str | None], tuple[Sheet, list[Section]]] = {}
    sources: list[tuple[NativeSource, list[Sheet]]] = []
    for source in profile.sources:
        sheets = _open(source, place, gaps)
        sources.append((source, sheets))
        for sheet in sheets:
            read.setdefault((sheet.file, sheet.sheet), (sheet, []))[1].extend(source.sections)
    others = [s for s in look_at(folder) if (s.file, s.sheet) not in read]
    asked = [(sheet, [h for s in sections for h in _headings(s)]) for sheet, sections in read.values()]
    showing = Showing.of([*asked, *((s, ()) for s in others)])
    gaps += [Gap(s.name, f"is not read: no source names it ({s.rows:,} rows).") for s in others]
    for sheet, headings in asked:
        known = set(map(plain_name, headings))
        rest = [c.heading for c in sheet.columns if plain_name(c.heading) not in known]
        gaps += [Gap(sheet.name, f"columns that are not read: {', '.join(rest)}.")] if rest else []
    outcomes = []
    for source, sheets in sources:
        for section in source.sections:
            for sheet in sheets:
                gaps += _of_section(_without_skipped(sheet, section), section, showing)
            if section.outcome:
                found = _outcomes([_without_skipped(s, section) for s in sheets], section, showing, gaps)
                outcomes += [found] if found else []
    gaps += _not_given(profile)
    order = (LOST, WRONG, INFO)
    return ProfileCheck(tuple(sorted(dict.fromkeys(gaps), key=lambda g: order.index(g.level))), tuple(outcomes))


def _open(source: NativeSource, place: Path, gaps: list[Gap]) -> list[Sheet]:
    """The sheets that a source names, opened; one that is not there, or holds nothing, is a gap."""
    where = source.file if source.sheet is None else f"{source.file} ({source.sheet})"
    lost = partial(Gap, where, level=LOST)
    try:
        path = find_file(place, source.file)
    except DataError as error:
        gaps.append(lost(f"is not one file: {', '.join(error.where)} fit that name."))
        return []
    if path is None:
        gaps.append(lost("is named in the profile and is not in the extract."))
        return []
    try:
        names = [name for name, _ in _sheets(path, source)]
    except DataError as error:
        gaps.append(lost(f"is named in the profile, and the workbook has no such sheet ({'; '.join(error.where)})."))
        return []
    headings = [h for s in source.sections for h in _headings(s)]
    sheets = []
    for name in names:
        sheet = open_sheet(path, name, source.header_row, headings)
        if sheet is None:
            gaps.append(lost("cannot be read, or has no rows under a header."))
        else:
            sheets.append(sheet)
    return sheets


def _without_skipped(sheet: Sheet, section: Section) -> Sheet:
    """The rows that a section looks at: those that its `skip` passes over are nobody's gap."""
    kept = range(sheet.rows)
    for heading, values in section.skip.items():
        column, patterns = sheet.column(heading), [_pattern(v) for v in values]
        if column is not None:
            gone = {v for v in {"", *column.counts} if any(p.fullmatch(_plain(v)) for p in patterns)}
            kept = [i for i in kept if column.values[i] not in gone]
    return sheet if len(kept) == sheet.rows else sheet.keep(kept)


def _not_given(profile: Profile) -> list[Gap]:
    sections = [n for s in profile.sources for n in s.sections]
    given = {e for n in sections if n.table == "events" for e in _events(n)}
    rows = any("event" in n.columns for n in sections if n.table == "events")
    gaps = [
        Gap("events", f"no source gives '{terms.label(event)}' ({event}).")
        for event in terms.MILESTONES
        if event not in given and event not in profile.derive and not rows
    ]
    return gaps + [Gap(t, "no source gives this table.") for t in TABLES if not any(n.table == t for n in sections)]


def _events(section: Section) -> list[str]:
    from_outcomes = [code.partition(" ")[0] for code in section.outcomes.values() if code]
    return [
        *section.dates,
        *from_outcomes,
        *section.codes.get("event", {}).values(),
        *([section.constants["event"]] if "event" in section.constants else []),
    ]


def _of_section(sheet: Sheet, section: Section, showing: Showing) -> list[Gap]:
    gaps = [
        Gap(sheet.name, f"has no column '{heading}', which the profile names.", LOST)
        for heading in _headings(section)
        if sheet.column(heading) is None
    ]
    child = sheet.column(section.columns["child_id"])
    for column in TABLES[section.table].columns:
        native = sheet.column(section.columns[column.name]) if column.name in section.columns else None
        if column.codes and native is not None:
            left = _unmapped(section, column.name, column.codes, native)
            level = INFO if section.table == "children" else LOST
            if left:
                what = _tell(sheet, native, left, showing.values(native, child))
                gaps.append(Gap(sheet.name, f"column {native.heading}: values that are not mapped: {what}.", level))
    return gaps


def _unmapped(section: Section, name: str, codes, native: Column) -> set[str]:
    known = {_plain(v) for v in section.codes.get(name, {})} | {_plain(v) for v in section.ignore}
    spelled = {plain_name(c) for c in codes} | {plain_name(t.label) for t in codes.values()} | set(USUAL.get(name, ()))
    return {v for v in native.counts if _plain(v) not in known and plain_name(v) not in spelled}


def _tell(sheet: Sheet, native: Column, left: Collection[str], shown: dict[str, int]) -> str:
    """Name the values that may be shown, and give the others by their rows, for whoever may open the file."""
    named = [v for v in shown if v in left][:_VALUES]
    rest = [n for n, v in zip(sheet.lines, native.values, strict=True) if v in left and v not in named]
    parts = [f"'{v}' ({shown[v]:,} rows)" for v in named]
    if rest:
        parts.append(f"others, not shown, in {_rows(rest)}")
    return ", ".join(parts)


def _rows(lines: Sequence[int]) -> str:
    return f"{len(lines):,} row{'' if len(lines) == 1 else 's'} ({few(lines)})"


def _outcomes(sheets: list[Sheet], section: Section, showing: Showing, gaps: list[Gap]) -> Outcomes | None:
    """What becomes of the outcomes of one source, in all its sheets together: a line may be for one of them only."""
    found = [(s, c, s.column(section.columns["child_id"])) for s in sheets if (c := s.column(section.outcome))]
    if not found:
        return None
    values = tuple(v for _, c, _ in found for v in c.values)
    column = Column(section.outcome, values, 0)
    lines, left = read_lines(section, column)
    where = found[0][0].name if len(found) == 1 else f"{found[0][0].file} ({len(found)} sheets)"
    for line in lines:
        if line.idle:
            level = WRONG if line.fits else INFO
            gaps.append(Gap(where, f'column {section.outcome}: the outcome "{line.pattern}" {line.idle}.', level))
        if line.doubtful:
            told = [
                _tell(sheet, native, set(line.doubtful), showing.values(native, child))
                + (f" of {sheet.name}" if len(found) > 1 else "")
                for sheet, native, child in found
                if set(line.doubtful) & set(native.counts)
            ]
            what = (
                f'column {section.outcome}: the outcome "{line.pattern}" makes "{line.meaning}" of texts with a word of negation or '
                f"delay ({', '.join(line.words)}): {'; '.join(told)}. Put a line for them above it."
            )
            gaps.append(Gap(where, what, WRONG))
    if left:
        told = [
            _tell(sheet, native, set(left), showing.values(native, child))
            for sheet, native, child in found
            if set(left) & set(native.counts)
        ]
        gaps.append(Gap(where, f"column {section.outcome}: outcomes that are not mapped: {'; '.join(told)}."))
    return Outcomes(where, section.outcome, len(values), values.count(""), left.total(), tuple(lines))
