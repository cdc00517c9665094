"""Tests of change in a workbook, for people who live in Excel: one sheet for ideas, one for their cycles.

The same records as in the TOML files, and one becomes the other without loss. Headings are the names of the fields with blanks for
underscores; lists stand one to a line in their cell.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pace_nb.definitions import day
from pace_nb.errors import DataError, DefinitionError
from pace_nb.files.workbooks import sheet_names
from pace_nb.tests_of_change.build import (
    CYCLE_FIELDS,
    FEEDBACK_FIELDS,
    GROUPS,
    IDEA_FIELDS,
    QUESTION_FIELDS,
    build_cycle,
    build_idea,
    day_of,
)
from pace_nb.tests_of_change.records import DECISIONS, HELD, SCALES, ChangeIdea, Cycle

IDEAS, CYCLES, HELP = "Ideas", "Cycles", "Read first"
_LISTS = ("partners", "placements")
_REPEATED = {"question": QUESTION_FIELDS, "feedback": FEEDBACK_FIELDS}
_SPARE = 3  # groups of question and feedback columns that are there at least
_ROWS = 500  # for which drop-down lists are made
_CHOICES = {"scale": SCALES, "decision": DECISIONS, "held": HELD}
_DAYS = {name for known in (IDEA_FIELDS, CYCLE_FIELDS) for name, field in known.items() if field.read is day}
_MOST_LISTED = 255  # letters that Excel takes in a drop-down list
#: What a fault of a TOML file says, and what it is to somebody before a cell.
_IN_EXCEL = {
    "must be a date without quotation marks, such as 2017-04-01": "must be a date, such as 01/04/2017",
    "must be true or false, without quotation marks": "must be yes or no",
}
HOW = (
    "One row of 'Ideas' for each change idea, one row of 'Cycles' for each plan-do-study-act cycle of it.",
    "The id joins them: lower-case letters, digits and hyphens, such as two-week-meeting. It is the same on both sheets.",
    "Each cycle needs a number, a start, a scale, an objective, what is done, and one question with a prediction.",
    "When it ends: the end, what happened, what was learned, whether each prediction held, a decision (adapt, adopt or abandon) and why.",
    "Feedback is what somebody said, in their words; its source is a role, such as 'a parent'. Write no name, number or date of birth.",
    "Lists (partners, placements) stand one to a line in their cell: Alt+Enter. Placements may be: "
    + ", ".join(GROUPS)
    + ".",
    "Save it in the folder 'changes' beside the extract, then: pace-nb tests check changes",
)


def _headings(ideas: Sequence[ChangeIdea]) -> list[str]:
    """Return the headings of the cycles' sheet: its fields, then questions and feedback as often as is needed."""
    cycles = [c for i in ideas for c in i.cycles]
    heads = ["id", *CYCLE_FIELDS]
    for part, many in ((QUESTION_FIELDS, "questions"), (FEEDBACK_FIELDS, "feedback")):
        most = max((len(getattr(c, many)) for c in cycles), default=0)
        heads += [f"{field} {n}" for n in range(1, max(_SPARE, most + 1) + 1) for field in part]
    return heads


def write_workbook(ideas: Sequence[ChangeIdea], path: Path, aims: Mapping[str, str] | None = None) -> Path:
    """Write ideas and their cycles to a workbook with drop-down lists; return it. Every text is written as text, never as a formula.

    aims: the titles of the aims that may be named, by id: told on the first sheet, and listed on the sheet of ideas.
    """
    aims = aims or {}
    import xlsxwriter  # only whoever writes one needs it

    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        book.set_properties(
            {"title": "Tests of change", "created": datetime(2020, 1, 1)}
        )  # the same records, the same bytes
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        }
        sheet = book.add_worksheet(HELP)
        sheet.set_column(0, 0, 120)
        for number, line in enumerate([*HOW, *(f"Aim {id}: {title}" for id, title in aims.items())]):
            sheet.write_string(number, 0, line, styles["text"])
        _sheet(book, IDEAS, list(IDEA_FIELDS), [_idea_cells(i) for i in ideas], styles, aims)
        _sheet(book, CYCLES, _headings(ideas), [_cycle_cells(i, c) for i in ideas for c in i.cycles], styles)
    return path


def _idea_cells(idea: ChangeIdea) -> dict[str, Any]:
    return {f.name: getattr(idea, f.name) for f in fields(idea) if f.name != "cycles"}


def _cycle_cells(idea: ChangeIdea, cycle: Cycle) -> dict[str, Any]:
    cells = {"id": idea.id, **{name: getattr(cycle, name) for name in CYCLE_FIELDS}}
    for parts, known in ((cycle.questions, QUESTION_FIELDS), (cycle.feedback, FEEDBACK_FIELDS)):
        for n, part in enumerate(parts, 1):
            cells |= {f"{field} {n}": getattr(part, field) for field in known}
    return cells


def _sheet(
    book: Any,
    name: str,
    heads: Sequence[str],
    rows: Sequence[dict[str, Any]],
    styles: dict[str, Any],
    aims: Iterable[str] = (),
) -> None:
    lists = {**_CHOICES, "aim": aims, "also_waiting": ("yes", "no")}
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 2)
    for column, head in enumerate(heads):
        words = head.replace("_", " ")
        sheet.write_string(0, column, words, styles["head"])
        short = head in ("number", "start", "end", "scale", "decision", "aim", "under_age", "also_waiting")
        sheet.set_column(column, column, 12 if short or head.startswith("held") else 30, styles["text"])
        choices = list(lists.get(head.split()[0], ()))
        if choices and len(",".join(choices)) <= _MOST_LISTED:
            sheet.data_validation(1, column, _ROWS, column, {"validate": "list", "source": choices})
    for number, row in enumerate(rows, 1):
        for column, head in enumerate(heads):
            _write(sheet, number, column, row.get(head), styles)


def _write(sheet: Any, row: int, column: int, value: Any, styles: dict[str, Any]) -> None:
    if value is True:
        sheet.write_string(row, column, "yes", styles["text"])
    elif value in (None, "", (), False):
        return
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), styles["date"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, styles["text"])
    else:
        sheet.write_string(row, column, "\n".join(value) if isinstance(value, tuple) else value, styles["text"])


def read_workbook(
    path: Path, aims: Collection[str] | None = None
) -> tuple[list[ChangeIdea], list[str], list[Mapping[str, Any]]]:
    """Return the ideas of a workbook, every fault with its sheet and row, and what the rows say.

    Cycles of an idea stand in order of their rows. Raises DefinitionError for a file that cannot be read as a workbook, or that lacks
    a sheet.
    """
    try:
        shown, _ = sheet_names(path)  # it refuses what is no plain workbook
    except DataError as error:
        raise DefinitionError(error.what, do=error.do) from None
    missing = [s for s in (IDEAS, CYCLES) if s not in shown]
    if missing:
        raise DefinitionError(
            f"{path.name} has no sheet '{missing[0]}'.",
            do="begin with the workbook that 'pace-nb tests workbook' writes.",
        )
    ideas, faults = _rows(path, IDEAS, {*IDEA_FIELDS})
    cycles, wrong = _rows(path, CYCLES, {"id", *CYCLE_FIELDS}, repeated=True)
    faults += wrong
    ids = [str(raw.get("id", "")) for _, raw in ideas]
    built, raws = [], []
    for where, raw in ideas:
        own = [(place, _without_id(c)) for place, c in cycles if c.get("id") == raw.get("id")]
        raws.append({**raw, **({"cycle": [c for _, c in own]} if own else {})})
        idea, wrong = build_idea(raws[-1], where, aims, [place for place, _ in own])
        faults += [_say_in_excel(w) for w in wrong]
        built += [idea] if idea else []
    for where, raw in cycles:
        if raw.get("id") in ids:
            continue
        faults.append(f"{where}: {_no_idea(raw.get('id'), ids)}")
        faults += [_say_in_excel(w) for w in build_cycle(_without_id(raw), where)[1]]
        raws.append({"id": raw.get("id", ""), "cycle": [_without_id(raw)]})
    return built, faults, raws


def _without_id(raw: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in raw.items() if k != "id"}


def _no_idea(id: str | None, ids: Sequence[str]) -> str:
    if id is None:
        return "'id' is missing"
    close = difflib.get_close_matches(id, ids, 1)
    return f"there is no idea '{id}' on the sheet {IDEAS}" + (f"; did you mean '{close[0]}'?" if close else "")


def _say_in_excel(fault: str) -> str:
    """Return a fault as somebody reads it who sees headings and cells, and no file of text."""
    for toml, excel in _IN_EXCEL.items():
        fault = fault.replace(toml, excel)
    place, _, said = fault.partition(": ")
    return f"{place}: {re.sub('|'.join(n for n in IDEA_FIELDS if '_' in n), lambda n: n[0].replace('_', ' '), said)}"


def _rows(path: Path, sheet: str, known: set[str], repeated: bool = False) -> tuple[list[tuple[str, dict]], list[str]]:
    """Return the rows of a sheet by field, each with its place, and the headings that are not known; what is under them is not read."""
    from openpyxl import load_workbook  # slow to import, and most tests of change are TOML

    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        lines = [[_plain(cell) for cell in row] for row in book[sheet].iter_rows()]
    finally:
        book.close()
    place = f"{path.name}, sheet {sheet}"
    parts = {f for part in _REPEATED.values() for f in part} if repeated else set()
    heads, faults = [_field(h) for h in (lines[0] if lines else ())], []
    for n, head in enumerate(heads):
        if head and head[0] not in (known if len(head) == 1 else parts):
            close = difflib.get_close_matches(head[0], known | parts, 1)
            hint = f"; did you mean '{' '.join((close[0].replace('_', ' '), *head[1:]))}'?" if close else ""
            faults.append(f"{place}: '{' '.join(head).replace('_', ' ')}' is not a heading{hint}")
            heads[n] = ()
    records = [(f"{place}, row {number}", _record(heads, line)) for number, line in enumerate(lines[1:], 2)]
    return [(where, raw) for where, raw in records if raw], faults


def _plain(cell: Any) -> Any:
    """Return what a cell holds; of a share what it shows, such as '90 %'."""
    if isinstance(cell.value, float | int) and not isinstance(cell.value, bool) and "%" in cell.number_format:
        return f"{100 * cell.value:.10g} %"
    return cell.value


def _field(heading: Any) -> tuple[str, ...]:
    """Return the field that a heading names, and which of several; () for a blank one."""
    words = str(heading or "").strip().lower().split()
    if len(words) > 1 and words[-1].isdecimal():
        return ("_".join(words[:-1]), words[-1])
    return ("_".join(words),) if words else ()


def _record(heads: Sequence[tuple[str, ...]], line: Sequence[Any]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    parts: dict[tuple[str, str], dict[str, Any]] = {}
    for head, cell in zip(heads, line, strict=False):
        if not head or cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        value = _value(head[0], cell)
        if len(head) == 1:
            raw[head[0]] = value
            continue
        name = next(n for n, part in _REPEATED.items() if head[0] in part)
        parts.setdefault((name, head[1]), {})[head[0]] = value
    for (name, _), part in sorted(parts.items(), key=lambda p: (p[0][0], int(p[0][1]))):
        raw.setdefault(name, []).append(part)
    return raw


def _value(field: str, cell: Any) -> Any:
    """Return what a cell says for a field: a day, a number, yes or no, a list; for any other field its text, if it is a number too."""
    if isinstance(cell, datetime) and cell == datetime(cell.year, cell.month, cell.day):
        cell = cell.date()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if field in _DAYS:
        try:
            return day_of(cell) if isinstance(cell, str) else cell
        except ValueError:
            return cell  # which is told with its place
    if field in ("number", "under_age"):
        return int(cell) if isinstance(cell, str) and cell.strip().isdecimal() else cell
    if field == "also_waiting":
        return {"yes": True, "no": False}.get(str(cell).strip().lower(), cell)
    if field in _LISTS:
        return [part.strip() for part in str(cell).splitlines() if part.strip()]
    text = f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    return text.strip().lower() if field == "id" else text
