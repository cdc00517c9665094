"""A first profile of an extract that nobody has described yet: guesses, each with its evidence, to be corrected by hand."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pace_nb import terms
from pace_nb.files import plain_name
from pace_nb.profiles.native import Column, Sheet, codes_of, forms_of, look_at, show_codes
from pace_nb.profiles.synonyms import DATES, HEADINGS, VALUES, WORDS
from pace_nb.schema import TABLES

CLOSE = 0.86  # how like a known heading another one has to be
_HEADINGS = {h: c for c, names in HEADINGS.items() for h in names.split()}
_DATES = {h: e for e, names in DATES.items() for h in names.split()}
#: What a sheet has to have for each table.
_NEEDS = {
    "children": ("child_id", "date_of_birth"),
    "placements": ("child_id", "placement_type", "start_date"),
    "legal": ("child_id", "legal_type", "start_date"),
    "events": ("child_id", "event", "date"),
}


@dataclass
class Guess:
    """What a sheet seems to hold: canonical column -> its column, and event -> its column of dates."""

    sheet: Sheet
    columns: dict[str, Column] = field(default_factory=dict)
    dates: dict[str, Column] = field(default_factory=dict)

    @property
    def tables(self) -> list[str]:
        """The tables that it can give."""
        found = [t for t, needs in _NEEDS.items() if all(n in self.columns for n in needs)]
        if "events" not in found and "child_id" in self.columns and (self.dates or self.has_outcomes):
            found.append("events")
        return found

    @property
    def has_outcomes(self) -> bool:
        """Whether it looks like a list of reviews with their outcomes."""
        return {"date", "outcome"} <= set(self.columns) and "event" not in self.columns


def guess_profile(folder: Path) -> str:
    """Return the text of a first profile for the files at a place, with the evidence for each line as a comment."""
    sheets = look_at(folder)
    guesses = [_guess(s) for s in sheets]
    _find_ids(guesses)
    place = terms.authority_name((folder if folder.is_dir() else folder.parent).name.replace("-", " "))
    every = [c for g in guesses for c in [*g.columns.values(), *g.dates.values()] if c.is_date]
    forms = forms_of(every)
    lines = [
        "# How to read this extract. Written by 'pace-nb profile new'; every line is a guess, with its evidence behind it.",
        "# Correct what is wrong, then run 'pace-nb profile check'. Lines that begin with # are ignored. See docs/profiles.md.",
        "",
        'describes = "what this extract is, and from which system (correct this)"',
        "",
        "# Facts that may be worked out where they are not recorded as events; take away the # to have them:",
        f"{'' if _lacks(guesses, 'accommodated') else '# '}derive = "
        f"[{', '.join(repr(d).replace(chr(39), chr(34)) for d in _derive(guesses))}]",
        "",
        "[dates]",
    ]
    known = ", ".join(f"{form}: {n:,} cells" for form, n in forms.items()) or "no date was recognised"
    lines.append(f"# {known}")
    if forms:
        lines.append(f"formats = [{', '.join(_quoted(f) for f in forms)}]")
    lines.append('# open = ["31/12/9999"]  # further texts that mean "still open" or "not known"')
    unused = []
    for guess in guesses:
        if guess.tables:
            lines += ["", *_write_source(guess, place)]
        else:
            unused.append(guess.sheet)
    for sheet in unused:
        lines += [
            "",
            f"# Not used, because no table was recognised in it: {sheet.name}, {sheet.rows:,} rows. Its headings:",
        ]
        lines += [f"#   {c.heading}" for c in sheet.columns]
    if not any("children" in g.tables for g in guesses):
        lines += [
            "",
            "# No sheet with a row for each child was recognised (a child's number and date of birth). Write one by hand.",
        ]
    return "\n".join(lines) + "\n"


def _guess(sheet: Sheet) -> Guess:
    guess = Guess(sheet)
    for column in sheet.columns:
        name = plain_name(column.heading)
        canonical, event = _known(name, _HEADINGS), _known(name, _DATES)
        if event and (column.is_date or not column.filled) and canonical != "date":
            guess.dates.setdefault(event, column)
        elif canonical and canonical not in guess.columns and _fits(canonical, column):
            guess.columns[canonical] = column
    return guess


def _known(name: str, words: Mapping[str, str]) -> str | None:
    name = re.sub(r"[^a-z0-9]+", "_", name).strip("_")
    if name in words:
        return words[name]
    close = difflib.get_close_matches(name, words, 1, CLOSE)
    return words[close[0]] if close else None


def _fits(canonical: str, column: Column) -> bool:
    """Tell whether the values can be what the heading says: a date where one is needed, and none where it is not."""
    wants_date = canonical in ("date_of_birth", "start_date", "end_date", "date")
    return column.is_date == wants_date or not column.filled


def _find_ids(guesses: list[Guess]) -> None:
    """Where a sheet has no heading known for the child's number, take the column whose values are those of another sheet's."""
    known = {v for g in guesses if "child_id" in g.columns for v in g.columns["child_id"].values if v}
    for guess in guesses:
        if "child_id" in guess.columns or not known:
            continue
        shares = [
            (len(set(c.counts) & known) / len(c.counts), -i, c) for i, c in enumerate(guess.sheet.columns) if c.counts
        ]
        best = max(shares, default=(0, 0, None), key=lambda s: s[:2])
        if best[0] >= 0.8:
            guess.columns["child_id"] = best[2]


def _derive(guesses: list[Guess]) -> list[str]:
    return [e for e in ("accommodated", "return_home", "order_granted") if _lacks(guesses, e)] or ["accommodated"]


def _lacks(guesses: list[Guess], event: str) -> bool:
    if any(event in g.dates for g in guesses):
        return False
    columns = [g.columns["event"] for g in guesses if "event" in g.columns]
    return not any(_code(v, "event") == event for c in columns for v in codes_of(c) or {})


def _write_source(guess: Guess, place: str | None) -> list[str]:
    sheet = guess.sheet
    lines = ["[[source]]", f"file = {_quoted(sheet.file)}  # {sheet.rows:,} rows, {len(sheet.columns)} columns"]
    if sheet.sheet is not None:
        lines.append(f"sheet = {_quoted(sheet.sheet)}")
    lines.append(f"header_row = {sheet.header_row}")
    for table in guess.tables:
        lines += ["", *_write_section(guess, table, place)]
    used = {id(c) for c in [*guess.columns.values(), *guess.dates.values()]}
    rest = [c.heading for c in sheet.columns if id(c) not in used]
    if rest:
        lines.append(f"# Not read, and kept nowhere: {', '.join(rest)}")
    return lines


def _write_section(guess: Guess, table: str, place: str | None) -> list[str]:
    own = [c for c in TABLES[table].column_names if c in guess.columns]
    wide = table == "events" and bool(guess.dates)
    outcomes = table == "events" and guess.has_outcomes
    if wide:
        own = [c for c in own if c in ("child_id", "local_authority", "route")]
    lines = _write_outcome(guess.columns["outcome"], table) if outcomes else []
    lines.append(f"[source.{table}.columns]")
    lines += [f"{c} = {_quoted(guess.columns[c].heading)}  # {_evidence(guess.columns[c])}" for c in own]
    if table == "children" and "local_authority" not in guess.columns:
        if place:
            lines += [
                f"[source.{table}.constants]",
                f"local_authority = {_quoted(place)}  # from the name of the folder",
            ]
        else:
            lines += [
                f"[source.{table}.constants]",
                'local_authority = "?"  # no column names it: write the authority here',
            ]
    if wide:
        lines.append(f"[source.{table}.dates]")
        lines += [f"{e} = {_quoted(c.heading)}  # {_evidence(c)}" for e, c in guess.dates.items()]
    for column in TABLES[table].columns:
        if column.name in own and column.codes:
            lines += _write_codes(guess.columns[column.name], table, column.name, column.codes)
    if outcomes and lines[1].startswith("# "):
        lines += [f"[source.{table}.constants]", 'event = "review"  # until outcomes are mapped, each row is a review']
    if outcomes:
        lines += _write_outcomes(guess.columns["outcome"], table)
    return lines


def _write_outcome(column: Column, table: str) -> list[str]:
    """The column of outcomes, once at least one outcome is mapped: a profile with one and not the other cannot be read."""
    ready = any(_code(v, "event") for v in show_codes(dict(column.counts))[0])
    return [f"[source.{table}]", f"{'' if ready else '# '}outcome = {_quoted(column.heading)}  # {_evidence(column)}"]


def _evidence(column: Column) -> str:
    total = len(column.values)
    said = f"filled in {column.filled:,} of {total:,} rows"
    if column.dates:
        said += f", {column.dates:,} of them dates"
    return said + f", {len(column.counts):,} different"


def _write_codes(column: Column, table: str, name: str, codes: Mapping[str, terms.Term]) -> list[str]:
    counts = codes_of(column)
    lines = [f"[source.{table}.codes.{name}]"]
    if counts is None:
        return [*lines, f"# {column.heading} holds {len(column.counts):,} different texts: too many to be codes."]
    shown, hidden = show_codes(counts)
    for value, n in shown.items():
        code = _code(value, name, codes)
        if code is None:
            lines.append(f'# {_quoted(value)} = ""  # {n:,} rows: choose one of {", ".join(codes)}')
        else:
            lines.append(f"{_quoted(value)} = {_quoted(code)}  # {n:,} rows")
    if hidden:
        lines.append(f"# {hidden:,} rows hold rarer values, which are not shown here.")
    return lines


def _write_outcomes(column: Column, table: str) -> list[str]:
    """Outcomes are often sentences: only those in several rows are shown. `*` stands for any words."""
    shown, hidden = show_codes(dict(column.counts.most_common(MOST_OUTCOMES)))
    lines = [
        "# What outcomes stand for: an event and, after a space, a route. * stands for any words; the first that fits counts."
    ]
    lines += [f"[source.{table}.outcomes]"]
    for value, n in shown.items():
        event = _code(value, "event", terms.EVENTS)
        mark = "" if event else "# "
        lines.append(f"{mark}{_quoted(value.lower())} = {_quoted(event or '')}  # {n:,} rows")
    if hidden:
        lines.append(f'# {hidden:,} rows hold rarer outcomes. A pattern such as "*recommend*adoption*" = ')
        lines[-1] += '"permanence_recommendation adoption" finds many at once.'
    return lines


MOST_OUTCOMES = 40


def _code(value: str, name: str, codes: Mapping[str, terms.Term] | None = None) -> str | None:
    """Return the code that a value stands for, if its spelling says so."""
    codes = codes or next(c.codes for t in TABLES.values() for c in t.columns if c.name == name)
    spelled = {plain_name(c): c for c in codes} | {plain_name(t.label): c for c, t in codes.items()}
    for code, words in VALUES.get(name, {}).items():
        spelled |= {plain_name(w): code for w in words.split("|")}
    found = plain_name(value)
    if found in spelled:
        return spelled[found]
    close = difflib.get_close_matches(found, spelled, 1, 0.9)
    if close:
        return spelled[close[0]]
    return next((code for word, code in WORDS.get(name, {}).items() if word in value.casefold()), None)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
