"""A first profile of an extract that nobody has described yet: guesses, each with its evidence, to be corrected by hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pace_nb import terms
from pace_nb.dates import PLACEHOLDERS, DateRules, read_dates
from pace_nb.profiles.guess import Guess, code_of, guess_sheets
from pace_nb.profiles.native import Column, codes_of, forms_of, join_alike, look_at
from pace_nb.profiles.showing import Showing
from pace_nb.schema import TABLES

MOST_OUTCOMES = 40
_FAR = np.datetime64("2050-01-01")  # no child of any extract is looked after on that day
_OFTEN = 5  # rows
_HELD = re.compile(r"\b(held|took place|attended|happened)\b")
_NOT_HELD = ("n", "no", "not held", "cancelled", "false", "0")
#: Events that are there once a meeting was held.
_MEETINGS = ("review", "hearing", "cso_review", "permanence_panel")
_MOSTLY = 0.8  # of a column's rows, those whose values may be shown: it is of codes, then


@dataclass(frozen=True)
class Draft:
    """The text of a first profile, in how many tables (sheets and files) something was recognised, and of how many."""

    text: str
    recognised: int
    tables: int

    @property
    def said(self) -> str:
        """How many tables were recognised, in words."""
        return f"recognised {self.recognised} of {self.tables} tables"


def draft_profile(folder: Path) -> Draft:
    """Return a first profile for the files at a place, with the evidence for each line as a comment."""
    guesses = guess_sheets(join_alike(look_at(folder)))
    showing = Showing.of((g.sheet, [c.heading for c in g.used]) for g in guesses)
    place = terms.authority_name((folder if folder.is_dir() else folder.parent).name.replace("-", " "))
    recognised = [g for g in guesses if g.tables]
    draft = Draft("", sum(g.sheet.sheets for g in recognised), sum(g.sheet.sheets for g in guesses))
    lines = [
        "# How to read this extract. Written by 'pace-nb profile new'; every line is a guess, with its evidence behind it.",
        "# Correct what is wrong, then run 'pace-nb profile check'. Lines that begin with # are ignored. See docs/profiles.md.",
        f"# It {draft.said} (sheets and files)."
        + (" The others are at the end." if len(recognised) < len(guesses) else ""),
        "",
        'describes = "what this extract is, and from which system (correct this)"',
        "",
        *_write_derive(recognised),
        "",
        *_write_dates(guesses, showing),
    ]
    for guess in recognised:
        lines += ["", *_write_source(guess, place, showing)]
    for guess in guesses:
        if not guess.tables:
            lines += ["", *_write_skeleton(guess, showing)]
    if not any("children" in g.tables for g in guesses):
        lines += [
            "",
            "# No sheet with a row for each child was recognised (a child's number and date of birth). Write one by hand.",
        ]
    return Draft("\n".join(lines) + "\n", draft.recognised, draft.tables)


def _write_derive(guesses: list[Guess]) -> list[str]:
    """What no file records, where the table that it follows from is there; what is recorded stays as it is recorded."""
    tables = {t for g in guesses for t in g.tables}
    needs = {"accommodated": "placements", "return_home": "placements", "order_granted": "legal"}
    can = [e for e, table in needs.items() if table in tables]
    lacking = [e for e in can if _lacks(guesses, e)]
    recorded = [e for e in needs if e not in lacking]
    lines = []
    if lacking:
        lines += [
            "# Dates that were not found as events and that follow from other tables. Take an event out that is recorded after all:",
            f"derive = {_list(lacking)}",
        ]
        if recorded:
            lines.append(f"# Not worked out, because it is recorded or cannot be: {', '.join(recorded)}.")
        return lines
    return [
        "# Facts that may be worked out where they are not recorded as events; take away the # to have them:",
        f"# derive = {_list(list(needs))}",
    ]


def _lacks(guesses: list[Guess], event: str) -> bool:
    if any(event in g.dates for g in guesses):
        return False
    columns = [g.columns["event"] for g in guesses if "event" in g.columns]
    return not any(code_of(v, "event") == event for c in columns for v in codes_of(c) or {})


def _write_dates(guesses: list[Guess], showing: Showing) -> list[str]:
    forms = forms_of([c for g in guesses for c in g.used if c.is_date])
    lines = ["[dates]"]
    lines.append("# " + (", ".join(f"{f}: {n:,} cells" for f, n in forms.items()) or "no date was recognised"))
    if forms:
        lines.append(f"formats = {_list(list(forms))}")
    far, words = _far_days(guesses), _words(guesses, showing)
    if far:
        rows = ", ".join(f"{v}: {n:,} rows" for v, n in far.items())
        lines.append(f'# Days so far ahead that they seem to mean "still open": {rows}')
        lines.append(f"open = {_list(list(far))}")
    else:
        lines.append('# open = ["31/12/9999"]  # further texts that mean "still open" or "not known"')
    if words:
        told = ", ".join(f"{_quoted(v)} ({n:,} rows)" for v, n in words.items())
        lines.append(
            f'# In columns of dates there is also {told}: put it into open if it means "still open" or "not known".'
        )
    return lines


def _far_days(guesses: list[Guess]) -> dict[str, int]:
    """Return the days after every child's childhood that stand in many rows of columns of dates."""
    found: Counter[str] = Counter()
    for column in (c for g in guesses for c in g.used if c.is_date):
        texts = [t for t in column.counts if t[:10] not in PLACEHOLDERS]
        days = read_dates(texts, DateRules()).days
        found.update({t: column.counts[t] for t, d in zip(texts, days, strict=True) if not np.isnat(d) and d >= _FAR})
    return {t: n for t, n in found.most_common() if n >= _OFTEN}


def _words(guesses: list[Guess], showing: Showing) -> dict[str, int]:
    found: Counter[str] = Counter()
    for guess in guesses:
        for column in (c for c in guess.used if c.is_date and guess.columns.get("child_id")):
            shown = showing.values(column, guess.columns["child_id"])
            found.update({v: n for v, n in shown.items() if not any(map(str.isdigit, v))})
    return dict(found.most_common())


def _write_source(guess: Guess, place: str | None, showing: Showing) -> list[str]:
    lines = ["[[source]]", *_write_file(guess)]
    for table in guess.tables:
        lines += ["", *_write_section(guess, table, place, showing)]
    used = {id(c) for c in guess.used}
    rest = [c.heading for c in guess.sheet.columns if id(c) not in used]
    if rest:
        lines.append(f"# Not read, and kept nowhere: {', '.join(rest)}")
    return lines


def _write_file(guess: Guess) -> list[str]:
    sheet = guess.sheet
    lines = [f"file = {_quoted(sheet.file)}  # {sheet.rows:,} rows, {len(sheet.columns)} columns"]
    if sheet.sheet is not None:
        several = f"  # {sheet.sheets} sheets of one form" if sheet.sheets > 1 else ""
        lines.append(f"sheet = {_quoted(sheet.sheet)}{several}")
    return [*lines, f"header_row = {sheet.header_row}"]


def _write_skeleton(guess: Guess, showing: Showing) -> list[str]:
    """A source to be finished by hand, all of it commented out: each heading with what stands under it."""
    child = guess.columns.get("child_id")
    named = {id(c): name for name, c in [*guess.dates.items(), *guess.columns.items()]}
    lines = [
        f"Not used, because no table was recognised in it: {guess.sheet.name}. To use it, take away the # of the lines that you need",
        "and write what each heading is (children, placements, legal or events for TABLE; our own names for ?):",
        "[[source]]",
        *_write_file(guess),
        "[source.TABLE.columns]",
    ]
    for column in guess.sheet.columns:
        lines.append(f"{named.get(id(column), '?')} = {_quoted(column.heading)}  # {_evidence(column)}")
        shown = showing.values(column, child) if codes_of(column) else {}
        if sum(shown.values()) >= _MOSTLY * column.filled:
            lines += [f"    {_quoted(value)}: {n:,} rows" for value, n in shown.items()]
    return [f"# {line}" for line in lines]


def _write_section(guess: Guess, table: str, place: str | None, showing: Showing) -> list[str]:
    columns = dict(guess.columns)
    wide = table == "events" and bool(guess.dates)
    outcomes = table == "events" and guess.has_outcomes and not wide
    if wide and "route" not in columns and "legal_type" in columns:
        columns["route"] = columns["legal_type"]  # the order that is applied for and granted
    own = [c for c in TABLES[table].column_names if c in columns]
    if wide:
        own = [c for c in own if c in ("child_id", "local_authority", "route")]
    child = columns["child_id"]
    ready = outcomes and any(code_of(v, "event") for v in showing.values(columns["outcome"], child))
    lines = []
    if outcomes:  # a profile with the column of outcomes and without outcomes cannot be read
        told = "" if ready else "# "
        lines += [f"[source.{table}]"]
        lines += [f"{told}outcome = {_quoted(columns['outcome'].heading)}  # {_evidence(columns['outcome'])}"]
        lines += _write_ignore(columns.get("event"), child, showing) + _write_skip(guess, child, showing)
    lines.append(f"[source.{table}.columns]")
    lines += [f"{c} = {_quoted(columns[c].heading)}  # {_evidence(columns[c])}" for c in own]
    if table == "children" and "local_authority" not in columns:
        told = "from the name of the folder" if place else "no column names it: write the authority here"
        lines += [f"[source.{table}.constants]", f"local_authority = {_quoted(place or '?')}  # {told}"]
    if wide:
        lines.append(f"[source.{table}.dates]")
        lines += [f"{e} = {_quoted(c.heading)}  # {_evidence(c)}" for e, c in guess.dates.items()]
    for column in TABLES[table].columns:
        if column.name in own and column.codes:
            lines += _write_codes(columns[column.name], child, table, column.name, column.codes, showing, outcomes)
    if outcomes and not ready and "event" not in own:
        lines += [f"[source.{table}.constants]", 'event = "review"  # until outcomes are mapped, each row is a review']
    if outcomes:
        lines += _write_outcomes(columns["outcome"], child, table, showing)
    return lines


def _write_ignore(column: Column | None, child: Column, showing: Showing) -> list[str]:
    """Meetings named after a decision: that one was held decides nothing, and what came of it stands beside it."""
    shown = showing.values(column, child) if column is not None else {}
    named = [v for v in shown if (code := code_of(v, "event")) and code not in _MEETINGS]
    if not named:
        return []
    return [f"ignore = {_list(named)}  # a meeting may have decided nothing: map what came of it under outcomes"]


def _write_skip(guess: Guess, child: Column, showing: Showing) -> list[str]:
    """A column that says which meetings were held, as a line to be taken: one that was not is no review."""
    found = []
    for column in guess.sheet.columns:
        if _HELD.search(column.heading.casefold()):
            shown = [v for v in showing.values(column, child) if v.casefold() in _NOT_HELD]
            if shown:
                found.append(
                    f"# skip = {{ {_quoted(column.heading)} = {_list(shown)} }}  # if those meetings were not held"
                )
    return found


def _evidence(column: Column) -> str:
    said = f"filled in {column.filled:,} of {len(column.values):,} rows"
    if column.dates:
        said += f", {column.dates:,} of them dates"
    return f"{said}, {len(column.counts):,} different"


def _write_codes(
    column: Column,
    child: Column,
    table: str,
    name: str,
    codes: Mapping[str, terms.Term],
    showing: Showing,
    outcomes: bool = False,
) -> list[str]:
    """The values of a column of codes. Beside a column of outcomes, a meeting is no decision: what came of it stands there."""
    lines = [f"[source.{table}.codes.{name}]"]
    if codes_of(column) is None:
        return [*lines, f"# {column.heading} holds {len(column.counts):,} different texts: too many to be codes."]
    shown = showing.values(column, child)
    for value, n in shown.items():
        code = code_of(value, name)
        if code is None:
            lines.append(f'# {_quoted(value)} = ""  # {n:,} rows: choose one of {", ".join(codes)}')
        elif outcomes and name == "event" and code not in _MEETINGS:
            lines.append(f"# {_quoted(value)}: {n:,} rows, passed over by ignore")
        else:
            lines.append(f"{_quoted(value)} = {_quoted(code)}  # {n:,} rows")
    hidden = column.filled - sum(shown.values())
    if hidden:
        lines.append(
            f"# {hidden:,} rows hold rarer values, which are not shown here; 'pace-nb profile check' says in which rows."
        )
    return lines


def _write_outcomes(column: Column, child: Column, table: str, showing: Showing) -> list[str]:
    """Outcomes are often sentences: only those of several children are shown. `*` stands for any words."""
    shown = dict(list(showing.values(column, child).items())[:MOST_OUTCOMES])
    lines = [
        '# What outcomes stand for: an event and, after a space, a route; "" where nothing came of it. * stands for any words; the',
        '# first line that fits counts, so a line for "not agreed" stands above one for "*agreed*".',
        f"[source.{table}.outcomes]",
    ]
    for value, n in shown.items():
        event = code_of(value, "event")
        lines.append(f"{'' if event else '# '}{_quoted(value.lower())} = {_quoted(event or '?')}  # {n:,} rows")
    hidden = column.filled - sum(shown.values())
    if hidden:
        lines.append(f'# {hidden:,} rows hold rarer outcomes. A pattern such as "*recommend*adoption*" = ')
        lines[-1] += '"permanence_recommendation adoption" finds many at once.'
    return lines


def _list(texts: list[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
