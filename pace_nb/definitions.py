"""Reads definition files (TOML) into records and reports every fault of a file at once."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pace_nb.errors import DefinitionError


@dataclass(frozen=True)
class Field:
    """One field of a record: how its value is read (raising ValueError with the reason) and whether it must be there."""

    read: Callable[[Any], Any]
    required: bool = False


def text(value: Any) -> str:
    """Read a piece of text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text in quotation marks")
    return " ".join(value.split())


def day(value: Any) -> date:
    """Read a date, written in TOML without quotation marks."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError("must be a date without quotation marks, such as 2017-04-01")
    if not 1990 <= value.year <= 2100:
        raise ValueError(f"{value.year} is not a year that can be meant")
    return value


def one_of(*allowed: str) -> Callable[[Any], str]:
    """Read one of a list of words."""

    def read(value: Any) -> str:
        if value not in allowed:
            close = difflib.get_close_matches(str(value), allowed, 1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            raise ValueError(f"'{value}' is not one of {', '.join(allowed)}{hint}")
        return value

    return read


def list_of(read_one: Callable[[Any], Any]) -> Callable[[Any], tuple]:
    """Read a list whose members are each read by `read_one`."""

    def read(value: Any) -> tuple:
        if not isinstance(value, list) or not value:
            raise ValueError("must be a list in square brackets")
        return tuple(read_one(v) for v in value)

    return read


def whole_number(low: int, high: int) -> Callable[[Any], int]:
    """Read a whole number between two others."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return value

    return read


def read_one(path: Path, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Read a TOML file that is one record. Raises DefinitionError with all its faults."""
    values, wrong = _read_fields(parse(path), fields, path.name)
    if wrong:
        raise faulty(path, wrong)
    return values


def parse(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds. Raises DefinitionError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except tomllib.TOMLDecodeError as error:
        place, what = _say_toml(str(error))
        raise DefinitionError(
            f"{path.name} is not valid TOML: {place}{what}.",
            do="mend the line that is named; the fault may also be at the end of the line above it.",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise DefinitionError(f"{path.name} cannot be read: {reason}.", do="check the file.") from None


#: What the reader of TOML says, and what is meant by it.
_TOML = {
    "Expected '=' after a key": "a name has to be followed by = and a value; a name with spaces or full stops stands in quotation marks",
    "Invalid value": "what stands after = is no value: text stands in quotation marks, a list in square brackets",
    "Expected newline or end of document": "something stands after the end of the value; a remark begins with #",
    "Cannot overwrite a value": "the same name stands twice in one part; keep one of the lines",
    "Cannot declare": "the same heading in square brackets stands twice; keep one, or write it with two pairs of brackets each time",
    "Unclosed array": "a list is not closed with ]",
    "Unterminated string": "a text is not closed with a quotation mark",
    "Illegal character": "a text is not closed with a quotation mark on its line, or holds a character that TOML has not",
    "Expected ']": "a heading is not closed with as many square brackets as it begins with",
    "Invalid initial character": "a line begins with something that is no name; a name with spaces or signs stands in quotation marks",
    "Unescaped": "a backslash in a text has to be written twice",
    "Invalid statement": "a line begins with something that is neither a name nor a heading in square brackets",
}


def _say_toml(error: str) -> tuple[str, str]:
    """Return the place of a fault of TOML, and what is wrong there, as a sentence.

    >>> _say_toml("Invalid value (at line 3, column 7)")
    ('line 3: ', 'what stands after = is no value: text stands in quotation marks, a list in square brackets')
    """
    said, _, at = error.partition(" (at ")
    place = at.rstrip(")").partition(", column")[0] or "its last line"
    if place == "end of document":
        place = "its last line"
    return f"{place}: ", next((ours for theirs, ours in _TOML.items() if said.startswith(theirs)), said)


def read_values(raw: Mapping[str, Any], fields: Mapping[str, Field], where: str) -> tuple[dict[str, Any], list[str]]:
    """Return what a mapping says of some fields, and its faults (unknown, wrong and missing fields), each with its place."""
    values, wrong = _read_fields(raw, fields, where)
    return values, wrong + [f"{where}: '{n}' is missing" for n, f in fields.items() if f.required and n not in raw]


def _read_fields(raw: Mapping[str, Any], fields: Mapping[str, Field], where: str) -> tuple[dict[str, Any], list[str]]:
    values, wrong = {}, []
    for name, value in raw.items():
        if name not in fields:
            close = difflib.get_close_matches(name, fields, 1)
            wrong.append(f"{where}: '{name}' is not a field" + (f"; did you mean '{close[0]}'?" if close else ""))
            continue
        try:
            values[name] = fields[name].read(value)
        except ValueError as error:
            wrong.append(f"{where}: {name}{'' if str(error).startswith('must') else ':'} {error}")
    return values, wrong


def faulty(path: Path, faults: list[str]) -> DefinitionError:
    """Return the error that names every fault of a definition file."""
    return DefinitionError(
        f"{path.name} cannot be used: {len(faults)} fault{'s' if len(faults) > 1 else ''}.",
        where=faults,
        do="mend each of them in the file; all are listed.",
    )


def read_records(
    path: Path,
    table: str,
    fields: Mapping[str, Field],
    build: Callable[[dict[str, Any]], Any],
    optional_when: Callable[[dict[str, Any]], bool] = lambda _: False,
) -> list[Any]:
    """Read every `[[table]]` of a TOML file into records built by `build`, which may raise ValueError itself.

    A record for which `optional_when` is true may leave out required fields (it completes another record).
    Raises DefinitionError with all faults of the file: bad TOML, unknown, missing or wrong fields, ids used twice.
    """
    content = parse(path)
    faults = [f"'{key}' is not known here; only [[{table}]] is" for key in content if key != table]
    built, wrong = read_table(content, table, fields, build, optional_when)
    if faults + wrong:
        raise faulty(path, faults + wrong)
    return built


def read_table(
    content: Mapping[str, Any],
    table: str,
    fields: Mapping[str, Field],
    build: Callable[[dict[str, Any]], Any],
    optional_when: Callable[[dict[str, Any]], bool] = lambda _: False,
) -> tuple[list[Any], list[str]]:
    """Read one kind of record of a file that may hold several kinds: those that can be built, and every fault with its place.

    As `read_records`, but the faults are returned, so that those of all kinds of record can be told at once.
    """
    raws = content.get(table, [])
    if not isinstance(raws, list) or not all(isinstance(r, dict) for r in raws):
        return [], [f"write [[{table}]] with two pairs of square brackets"]
    built, faults, seen = [], [], set()
    for number, raw in enumerate(raws, 1):
        where = f"{table} {number}" + (f" ('{raw['id']}')" if isinstance(raw.get("id"), str) else "")
        values, wrong = _read_fields(raw, fields, where)
        if not optional_when(raw):
            wrong += [f"{where}: '{n}' is missing" for n, f in fields.items() if f.required and n not in raw]
        if raw.get("id") in seen:
            wrong.append(f"{where}: this id is used twice")
        seen.add(raw.get("id"))
        if not wrong:
            try:
                built.append(build(values))
            except ValueError as error:
                wrong.append(f"{where}: {error}")
        faults += wrong
    return built, faults
