"""A profile: how one area's system names files, sheets, columns and codes, and where each milestone comes from.

It is a TOML file, written by `pace-nb profile new` and corrected by hand. `docs/profiles.md` describes it with examples.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pace_nb.dates import DateRules, read_date_rules
from pace_nb.definitions import faulty, parse
from pace_nb.schema import TABLES
from pace_nb.terms import EVENTS, ROUTES, authority_name

#: Facts that may be worked out from others, because few systems write them down as events.
DERIVED = {
    "accommodated": "first day of each time away from home in placements",
    "return_home": "first day at home after a time away, in placements",
    "order_granted": "first day of an order in legal that makes a plan secure",
}


@dataclass(frozen=True)
class Section:
    """What one file or sheet says of one table.

    columns: canonical column -> heading in the file. codes: canonical column -> value in the file -> code; "" for a value that
    stands for nothing. constants: canonical column -> what every row has. dates: event -> heading of a column of its dates (one
    row per child). outcomes: text of an outcome -> event, or "event route". merge: columns by which neighbouring rows of a child
    are one, and `gap` days between them. ignore: values of `event` that are passed over, counted as set aside. skip: heading in the
    file -> values of rows that are passed over in the same way; "" is a blank cell, `*` any text.
    """

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    merge: tuple[str, ...] = ()
    gap: int = 1
    ignore: tuple[str, ...] = ()
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class NativeSource:
    """One file or sheet of the extract, as the area's system makes it.

    `file` may hold `*`, for names with a date in them; `sheet` too, for several sheets of one form, such as one for each year.
    """

    file: str
    sheet: str | None
    header_row: int | None
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Profile:
    """How to read one area's extract."""

    name: str
    sources: tuple[NativeSource, ...]
    dates: DateRules
    derive: tuple[str, ...] = ()
    describes: str = ""
    path: Path | None = None


def read_profile(path: Path) -> Profile:
    """Read a profile. Raises DefinitionError with every fault of the file."""
    content = parse(path)
    faults: list[str] = []
    known = {"describes", "dates", "derive", "source"}
    faults += [f"'{k}' is not known here; {near(k, known, 'write ')}" for k in content if k not in known]
    describes = content.get("describes", "")
    if not isinstance(describes, str):
        faults.append("describes must be text in quotation marks")
    derive = content.get("derive", [])
    if not isinstance(derive, list) or not all(isinstance(d, str) for d in derive):
        faults.append(f"derive must be a list of some of {', '.join(DERIVED)}")
        derive = []
    faults += [f"derive: '{d}' cannot be worked out; {near(d, DERIVED, 'write ')}" for d in derive if d not in DERIVED]
    dates, wrong = read_date_rules(content.get("dates", {}))
    faults += [f"dates: {w}" for w in wrong]
    raws = content.get("source", [])
    if not isinstance(raws, list) or not raws:
        faults.append("a profile needs at least one [[source]]: a file or a sheet")
        raws = []
    sources = [_source(raw, f"source {i}", faults) for i, raw in enumerate(raws, 1)]
    if not faults and not any(s.table == "children" for n in sources for s in n.sections):
        faults.append("no source gives the table children: which file has a row for each child?")
    if faults:
        raise faulty(path, faults)
    return Profile(path.stem, tuple(sources), dates, tuple(derive), describes, path)


_SOURCE_KEYS = {"file", "sheet", "header_row"}
_SECTION_KEYS = {f.name for f in fields(Section)} - {"table"}


def _source(raw: Any, where: str, faults: list[str]) -> NativeSource:
    if not isinstance(raw, dict):
        faults.append(f"{where}: write [[source]] with two pairs of square brackets")
        return NativeSource("", None, None, ())
    file, sheet, row = raw.get("file"), raw.get("sheet"), raw.get("header_row")
    where = f"{where} ('{file}'{f', sheet {sheet!r}' if sheet else ''})"
    if not isinstance(file, str) or not file.strip() or "/" in file or "\\" in file:
        faults.append(f"{where}: file must be the name of a file beside the profile, in quotation marks")
    if sheet is not None and not isinstance(sheet, str):
        faults.append(f"{where}: sheet must be the name of a sheet, in quotation marks")
    if row is not None and (isinstance(row, bool) or not isinstance(row, int) or not 1 <= row <= 100):
        faults.append(f"{where}: header_row must be a row number from 1 to 100")
    sections = []
    for name, content in raw.items():
        if name in _SOURCE_KEYS:
            continue
        if name not in TABLES:
            hint = near(name, {*TABLES, *_SOURCE_KEYS}, "write ")
            faults.append(f"{where}: '{name}' is neither a table nor file, sheet or header_row; {hint}")
            continue
        for i, one in enumerate(content if isinstance(content, list) else [content], 1):
            sections.append(
                _section(name, one, f"{where}, {name}{f' {i}' if isinstance(content, list) else ''}", faults)
            )
    if not sections:
        faults.append(f"{where}: says nothing of any table ({', '.join(TABLES)})")
    return NativeSource(str(file), sheet, row, tuple(sections))


def _section(table: str, raw: Any, where: str, faults: list[str]) -> Section:
    if not isinstance(raw, dict):
        faults.append(f"{where}: must be a table of columns, codes and so on")
        return Section(table)
    for key in raw:
        if key not in _SECTION_KEYS:
            faults.append(f"{where}: '{key}' is not known; {near(key, _SECTION_KEYS, 'write ')}")
    canonical = TABLES[table].column_names
    columns = _texts(raw.get("columns", {}), f"{where}, columns", faults)
    headings = {**columns, **_texts(raw.get("dates", {}), "", [])}
    faults += [
        f"{where}: '{c}' has no heading: write the one in the file" for c, h in headings.items() if not h.strip()
    ]
    constants = _texts(raw.get("constants", {}), f"{where}, constants", faults)
    faults += [f"{where}: '{c}' stands under columns and under constants; keep one" for c in constants if c in columns]
    merge = raw.get("merge", [])
    if not isinstance(merge, list) or not all(isinstance(m, str) for m in merge):
        faults.append(f"{where}: merge must be a list of columns")
        merge = []
    extra = [c for c in merge if c not in canonical]
    for name in [*columns, *constants]:
        if name not in canonical and name not in extra:
            hint = near(name, canonical, "its columns are ")
            faults.append(f"{where}: '{name}' is not a column of {table}; {hint}")
    faults += [f"{where}: merge: '{m}' has no heading under columns" for m in merge if m not in columns]
    if merge and not {"start_date", "end_date"} <= set(canonical):
        faults.append(f"{where}: merge joins rows that begin and end: placements or legal reasons")
    if "local_authority" in constants and authority_name(constants["local_authority"]) is None:
        faults.append(f"{where}: '{constants['local_authority']}' is not a Scottish local authority")
    codes = {}
    raw_codes = raw.get("codes", {})
    if not isinstance(raw_codes, dict):
        faults.append(f"{where}: codes must be a table for each column, such as codes.sex")
        raw_codes = {}
    for column, mapping in raw_codes.items():
        allowed = next((c.codes for c in TABLES[table].columns if c.name == column), None)
        if allowed is None:
            hint = near(column, [c.name for c in TABLES[table].columns if c.codes], "those are ")
            faults.append(f"{where}: codes.{column}: '{column}' is not a column of codes of {table}; {hint}")
            continue
        codes[column] = _texts(mapping, f"{where}, codes.{column}", faults)
        for value, code in codes[column].items():
            if code and code not in allowed:
                hint = near(code, allowed, "codes are ")
                faults.append(f"{where}: codes.{column}: '{value}' is mapped to '{code}', which is no code; {hint}")
    dates = _texts(raw.get("dates", {}), f"{where}, dates", faults)
    for event in (e for e in dates if e not in EVENTS):
        faults.append(f"{where}: dates: '{event}' is not an event; {near(event, EVENTS, 'events are ')}")
    outcomes = _texts(raw.get("outcomes", {}), f"{where}, outcomes", faults)
    for text, code in outcomes.items():
        event, _, route = code.partition(" ")
        if code and (event not in EVENTS or (route and route not in ROUTES)):
            wrong, known = (event, EVENTS) if event not in EVENTS else (route, ROUTES)
            hint = f"write an event and, after a space, a route; {near(wrong, known, 'those are ')}"
            faults.append(f"{where}: outcomes: '{text}' is mapped to '{code}'; {hint}")
    outcome = raw.get("outcome", "")
    if not isinstance(outcome, str):
        faults.append(f"{where}: outcome must be the heading of a column, in quotation marks")
    if bool(outcome) != bool(outcomes):
        faults.append(f"{where}: outcome (the column of outcomes) and outcomes (what they mean) belong together")
    if (dates or outcomes) and table != "events":
        faults.append(f"{where}: dates and outcomes give events; write them under events")
    ignore = raw.get("ignore", [])
    gap = raw.get("gap", 1)
    if isinstance(gap, bool) or not isinstance(gap, int) or not 0 <= gap <= 366:
        faults.append(f"{where}: gap must be a number of days from 0 to 366")
        gap = 1
    if ignore and table != "events":
        faults.append(f"{where}: ignore names events that are passed over; write it under events")
    if not isinstance(ignore, list) or not all(isinstance(i, str) for i in ignore):
        faults.append(f"{where}: ignore must be a list of values")
        ignore = []
    skip = raw.get("skip", {})
    if not isinstance(skip, dict) or not all(
        isinstance(v, list) and v and all(isinstance(one, str) for one in v) for v in skip.values()
    ):
        faults.append(f'{where}: skip must be a heading and a list of values for each, such as "Held?" = ["N"]')
        skip = {}
    if "child_id" not in columns:
        faults.append(f"{where}: columns needs child_id: the heading under which the child's number stands")
    return Section(
        table,
        columns,
        codes,
        constants,
        dates,
        outcome,
        outcomes,
        tuple(merge),
        gap,
        tuple(ignore),
        {h: tuple(v) for h, v in skip.items()},
    )


def _texts(raw: Any, where: str, faults: list[str]) -> dict[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(v, str) for v in raw.values()):
        faults.append(f'{where}: every line must be name = "text"')
        return {}
    return dict(raw)


def near(text: str, known: Collection[str], otherwise: str) -> str:
    """Return what may have been meant by a word, or else all that could be.

    >>> near("legel", ["children", "legal"], "write ")
    "did you mean 'legal'?"
    >>> near("x", ["children", "legal"], "write ")
    'write children, legal'
    """
    close = difflib.get_close_matches(text, known, 1)
    return f"did you mean '{close[0]}'?" if close else otherwise + ", ".join(sorted(known))
