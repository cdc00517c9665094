"""One case for each mistake that an extract may arrive with: what is said, where, and that the rest is used.

The ids are those of the catalogue of bad inputs. Each case is built here from one small good extract.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import socket
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel

from pace_nb import cli
from pace_nb.errors import DataError, PaceError, ParameterError
from pace_nb.extract import Extract, read_extract
from pace_nb.findings import RULES, Finding
from pace_nb.intervals import between, find_intervals
from pace_nb.measures import completeness

AS_AT = "2019-07-31"
#: What is said of a child's records as a whole, such as an event without the one before it, once a row is gone.
CONSEQUENCES = {r.code for r in RULES.values() if r.part in ("sequence", "plausibility", "completeness")}
#: Those that are made of one extract: neither the page across areas nor the one to learn on.
NOTEBOOKS = sorted((Path(__file__).parent.parent.parent / "notebooks").glob("[0-46-8]_*.ipynb"))
BORN = [date(2003 + i, 3, 10 + i) for i in range(1, 7)]

CHILDREN = "child_id,local_authority,date_of_birth,sex,sibling_group\n" + "".join(
    f"CH{i:03d},Fife,{born},female,\n" for i, born in enumerate(BORN, 1)
)
PLACEMENTS = "child_id,placement_type,start_date,end_date\n" + "".join(
    f"CH{i:03d},foster,2017-04-0{i},\n" for i in range(1, 7)
)
LEGAL = "child_id,legal_type,start_date,end_date\n" + "".join(
    f"CH{i:03d},section_25,2017-04-0{i},\n" for i in range(1, 7)
)
EVENTS = (
    "child_id,event,date,route\n"
    + "".join(f"CH{i:03d},accommodated,2017-04-0{i},\n" for i in range(1, 7))
    + "".join(f"CH{i:03d},permanence_recommendation,2017-09-1{i + 2},adoption\n" for i in range(1, 5))
)
GOOD = {"children": CHILDREN, "placements": PLACEMENTS, "legal": LEGAL, "events": EVENTS}
ROWS = {"children": 6, "placements": 6, "legal": 6, "events": 10}
EVENT_DATES = [row.split(",")[2] for row in EVENTS.splitlines()[1:]]


def swap(text: str, *pairs: tuple[str, str]) -> str:
    """Replace pieces of a table; each must be there."""
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def events_on(*days: str) -> str:
    """Return the events with other dates, from the first row on."""
    head, *rows = EVENTS.splitlines()
    rows = [
        ",".join([*r.split(",")[:2], d, r.split(",")[3]])
        for r, d in zip(rows, [*days, *EVENT_DATES[len(days) :]], strict=True)
    ]
    return "\n".join([head, *rows]) + "\n"


def written(form: str, days: list[str] = EVENT_DATES) -> list[str]:
    return [date.fromisoformat(d).strftime(form) for d in days]


def first_children(n: int) -> dict[str, str]:
    """Return the good extract with its first `n` children only."""
    keep = {f"CH{i:03d}" for i in range(1, n + 1)}
    return {
        t: "".join(line for i, line in enumerate(text.splitlines(keepends=True)) if not i or line.split(",")[0] in keep)
        for t, text in GOOD.items()
    }


def workbook(as_text: bool = False, epoch: int = 1900, plain: bool = False, **changed: str) -> bytes:
    """Return a workbook of four sheets with real dates; every second one is text if `as_text`, all are numbers if `plain`."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904 if epoch == 1904 else book.epoch
    book.remove(book.active)
    for name, text in {**GOOD, **changed}.items():
        sheet = book.create_sheet(name)
        for i, line in enumerate(text.splitlines()):
            cells: list[object] = []
            for cell in line.split(","):
                day = re.fullmatch(r"\d{4}-\d\d-\d\d", cell) and date.fromisoformat(cell)
                cells.append(day.strftime("%d/%m/%Y") if day and as_text and i % 2 else day or cell or None)
            sheet.append([to_excel(c, book.epoch) if plain and isinstance(c, date) else c for c in cells])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_cells(**sheets: dict[str, str]) -> bytes:
    """Return the good workbook with other cells in some sheets; a formula in it was never calculated."""
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    for name, cells in sheets.items():
        for place, value in cells.items():
            book[name][place] = value
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def workbook_with_hidden_parts() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    sheet = book["events"]
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Events of the last years"
    sheet.merge_cells("A1:D1")
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[6].hidden = sheet.row_dimensions[7].hidden = True
    book.create_sheet("old").sheet_state = "hidden"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def plain_zip(**entries: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in {"events.csv": EVENTS, **entries}.items():
            archive.writestr(name, text)
    return held.getvalue()


def slipping_zip() -> bytes:
    return plain_zip(**{"../../evil.csv": "child_id\n", "/tmp/evil.csv": "child_id\n"})


def with_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one part of its archive changed."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item.filename, change(content) if item.filename == part else content)
    return held.getvalue()


def _with_entity(sheet: bytes) -> bytes:
    body = sheet[sheet.index(b"<worksheet") :]
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return head + swap(body.decode(), ("accommodated", "&a;")).encode()


@dataclass(frozen=True)
class Said:
    """One finding: its level, where it points, and a phrase of it."""

    level: str
    file: str
    phrase: str
    lines: tuple[int, ...] = ()
    column: str = ""


@dataclass(frozen=True)
class Case:
    """One mistake: the files that differ from the good extract (None: absent), what must be said, and what is used.

    counts: per table, what differs from all rows read and used: (read, used, set aside, exact copies, blank).
    refused: the error, with phrases of it, where nothing at all can be used. holds: whatever else must be true.
    quiet: nothing but `said` may be found, except what follows for a child's records as a whole.
    secrets: what must not be seen in any finding.
    """

    id: str
    files: dict[str, str | bytes | None]
    said: tuple[Said, ...] = ()
    counts: dict[str, tuple[int, int, int, int, int]] = field(default_factory=dict)
    refused: tuple[type[PaceError], str] | None = None
    holds: Callable[[Extract], bool] = lambda _: True
    quiet: bool = True
    secrets: tuple[str, ...] = ()
    as_at: str = AS_AT
    since: str | None = None


def _all_dates(e: Extract) -> bool:
    return sorted(e.events["date"].dt.strftime("%Y-%m-%d")) == sorted(EVENT_DATES)


def _only(used: int, aside: int, table: str = "events", read: int | None = None) -> dict:
    return {table: (read if read is not None else used + aside, used, aside, 0, 0)}


def _gone(file: str, *lines: int, column: str = "child_id") -> Said:
    return Said("rows", file, "not in the children table", lines, column)


def _orphans(*children: int) -> tuple[Said, ...]:
    """What is said of the rows in the other tables when children are set aside, and how those tables then count."""
    lines = tuple(1 + c for c in children)
    later = tuple(7 + c for c in children if c <= 4)
    return (_gone("placements.csv", *lines), _gone("legal.csv", *lines), _gone("events.csv", *lines, *later))


def _without(*children: int, extra: int = 0) -> dict:
    n, m = len(children), sum(1 if c > 4 else 2 for c in children)
    return {
        "children": (6 + extra, 6 - n, n + extra, 0, 0),
        "placements": (6, 6 - n, n, 0, 0),
        "legal": (6, 6 - n, n, 0, 0),
        "events": (10, 10 - m, m, 0, 0),
    }


def _refused_events(phrase: str, read: int = 0, line: int | None = None) -> dict:
    return {
        "said": (Said("file", "events.csv", phrase, (line,) if line else ()),),
        "counts": {"events": (read, 0, read, 0, 0)},
        "holds": lambda e: "events" in e.refused and len(e.children) == 6,
    }


def more_events(*rows: str, child: str = "CH001") -> str:
    """Return the good events with further ones of one child: the first of them in row 12."""
    return EVENTS + "".join(f"{child},{row},\n" for row in rows)


def wait_of(extract: Extract, start: str, end: str, spell: int = 1) -> tuple[str, int] | None:
    """Return how the first child's wait between two milestones stands, and its days."""
    table = find_intervals(extract, between(start, end)).table
    assert (table["days"] >= 0).all(), "a wait is never negative"
    row = table[(table["child_id"] == "CH001") & (table["spell"] == spell)]
    return None if row.empty else (row["status"].iloc[0], int(row["days"].iloc[0]))


ACC, REC, ADM, COURT, ORDER = (
    "accommodated",
    "permanence_recommendation",
    "adm_decision",
    "court_application",
    "order_granted",
)
#: What the first child's good records say.
FIRST_WAIT = ("reached", 165)


def as_chi(number: int) -> str:
    """Return an invented number in the form of a CHI number: a day of birth, three figures, the check figure."""
    for serial in range(100 + 10 * number, 999):
        figures = f"{number:02d}0190{serial}"
        check = (11 - sum(int(f) * w for f, w in zip(figures, range(10, 1, -1), strict=True)) % 11) % 11
        if check < 10:
            return f"{figures}{check}"
    raise AssertionError


def renamed(*names: str) -> dict[str, str]:
    """Return the good extract with other numbers for its first children."""
    files = dict(GOOD)
    for i, name in enumerate(names, 1):
        files = {t: text.replace(f"CH{i:03d}", name) for t, text in files.items()}
    return files


NULL_LIKE = ["NA", "None", "null", "TRUE", "1e5", "nan"]
AS_NULL = [(f"CH{i:03d}", n) for i, n in enumerate(NULL_LIKE, 1)]
_ONE = 'female,"a group\nof ""three"", they say"\nCH002'
_BAD_DATE = "not a date that exists"
_SEMI = EVENTS.replace(",", ";")

CASES = [
    Case("F00", {}),
    Case("F01", {"events": b""}, **_refused_events("is empty")),
    Case("F02", {"events": EVENTS.splitlines()[0] + "\n"}, counts=_only(0, 0), holds=lambda e: e.events.empty),
    Case("F03", {"children": b"\xef\xbb\xbf" + CHILDREN.encode()}),
    Case(
        "F04",
        {"children": swap(CHILDREN, ("female,\nCH002", "female,Ó Néill – O’Neill\nCH002")).encode("cp1252")},
        (Said("notice", "children.csv", "cp1252"),),
        holds=lambda e: e.children["sibling_group"].iloc[0] == "Ó Néill – O’Neill",
        secrets=("Neill", "Néill"),
    ),
    Case("F05", {"events": EVENTS.encode("utf-16")}, (Said("notice", "events.csv", "UTF-16"),), holds=_all_dates),
    Case(
        "F06",
        {"events": EVENTS.encode().replace(b"CH003,acc", b"CH\x81\xff,acc")},
        **_refused_events("neither UTF-8 nor Windows text", line=4),
    ),
    Case(
        "F06, in a file that is UTF-8",  # the damaged rows are told from those that hold other letters
        {
            "events": EVENTS.replace("route\n", "route,kommentar\n")
            .replace(",\n", ",,Ó Néill\n")
            .encode()
            .replace(b"CH003,acc", b"CH\xff\xfe3,acc")
            .replace(b",adoption\n", b",adoption,\n")
        },
        (
            Said("notice", "events.csv", "1 column(s) that no report needs"),
            Said("rows", "events.csv", "bytes that are no text", (4,)),
        ),
        counts=_only(9, 1),
        secrets=("Néill",),
        quiet=False,
    ),
    Case(
        "F06, Windows letters in an id",  # read as Windows text: such an id is another one, and never merged with a good one
        {"events": EVENTS.encode().replace(b"CH003,acc", b"CH\xff\xfe3,acc")},
        (Said("notice", "events.csv", "cp1252"), _gone("events.csv", 4)),
        counts=_only(9, 1),
        quiet=False,
    ),
    Case("F07", {"events": _SEMI}, (Said("notice", "events.csv", "semicolons"),), holds=_all_dates),
    Case("F08", {"events": EVENTS.replace(",", "\t")}, (Said("notice", "events.csv", "tabs"),), holds=_all_dates),
    Case("F09", {"events": EVENTS.replace("\n", "\r")}, holds=_all_dates),
    Case("F10", {"events": EVENTS.replace("\n", "\n\0", 3)}, **_refused_events("NUL bytes", line=2)),
    Case(
        "F11",
        {"events": EVENTS.replace("\n", ",\n").replace(",\n", "\n", 1)},
        (Said("notice", "events.csv", "10 row(s) end with separators that the header has not; no column was moved"),),
        holds=lambda e: _all_dates(e) and set(e.events["child_id"]) == {f"CH{i:03d}" for i in range(1, 7)},
    ),
    Case(
        "F12",
        {
            "events": swap(
                EVENTS,
                ("CH003,accommodated,2017-04-03,", "CH003,accommodated,2017-04-03"),
                ("2017-04-05,", "2017-04-05,,x"),
            )
        },
        (Said("rows", "events.csv", "fewer cells", (4,)), Said("rows", "events.csv", "more cells", (6,))),
        counts=_only(8, 2),
    ),
    Case("F13", {"events": swap(EVENTS, ("CH003,acc", '"CH003,acc'))}, **_refused_events("never closed", 2, 4)),
    Case(
        "F13, closed again by another",  # the rows between two stray marks would be one cell of text
        {"events": swap(EVENTS, ("CH003,accommodated", '"CH003,accommodated'), ("CH006,accommodated", 'CH006"'))},
        **_refused_events("quotation mark out of place", 7, 4),
    ),
    Case(
        "F14",
        {"children": swap(CHILDREN, ("female,\nCH002", _ONE))},
        holds=lambda e: e.children["sibling_group"].iloc[0] == 'a group\nof "three", they say',
        secrets=("they say",),
    ),
    Case(
        "F14, and a row further down",  # a row number is a row of Excel, not a line of the file
        {"children": swap(CHILDREN, ("female,\nCH002", _ONE), ("CH005,Fife", "CH005,Narnia"))},
        (Said("rows", "children.csv", "no Scottish local authority", (6,), "local_authority"), *_orphans(5)),
        counts=_without(5),
        secrets=("they say", "Narnia"),
    ),
    Case(
        "F15",
        {"placements": swap(PLACEMENTS, ("start_date,end_date", "start_date,end_date,start_date"))},
        (Said("file", "placements.csv", "start_date twice", (1,)),),
        counts=_only(0, 0, "placements"),
        holds=lambda e: e.refused == ("placements",) and _all_dates(e),
    ),
    Case(
        "F16",
        {
            "children": swap(
                CHILDREN, ("child_id,local_authority,date_of_birth", " Child ID,Local\u00a0Authority,Date of Birth ")
            )
        },
        said=(Said("notice", "children.csv", "writes 3 heading(s) in another way"),),
        holds=lambda e: e.children["date_of_birth"].notna().all(),
    ),
    Case(
        "F17",
        {"events": swap(EVENTS, ("event,date", "event,when"))},
        **_refused_events("no column date (it has child_id, event, route)", 0, 1),
    ),
    Case(
        "F18",
        {
            "children": CHILDREN.replace(",\n", ",,Morag,0310041234,KY1 2AB,Mother says so\n").replace(
                "group\n", "group,forename,CHI,postcode,notes\n"
            )
        },
        (Said("notice", "children.csv", "4 column(s) that no report needs were dropped"),),
        holds=lambda e: set(e.children) == {"child_id", "local_authority", "date_of_birth", "sex", "sibling_group"},
        secrets=("Morag", "0310041234", "KY1", "Mother"),
    ),
    Case(
        "F19",
        {"events": "Events\nmade by A. Worker\n\nFife,,,\n" + EVENTS.replace("2017-04-02", "2017-02-31")},
        (
            Said("notice", "events.csv", "4 row(s) above the header"),
            Said("rows", "events.csv", _BAD_DATE, (7,), "date"),
        ),
        counts=_only(9, 1),
        secrets=("Worker",),
    ),
    Case(
        "F20",
        {"children": CHILDREN + "Total,,57,,\n"},
        (Said("rows", "children.csv", "a total, not a child", (8,), "child_id"),),
        counts=_only(6, 1, "children"),
    ),
    Case(
        "F21",
        {"events": EVENTS + EVENTS.splitlines()[0] + "\n"},
        (Said("rows", "events.csv", "repeats the header", (12,), "child_id"),),
        counts=_only(10, 1),
    ),
    Case(
        "F22",
        {"children": PLACEMENTS, "placements": CHILDREN},
        refused=(DataError, "looks like the table 'placements': are the files swapped?"),
    ),
    Case(
        "F22, two other tables",
        {"legal": PLACEMENTS, "placements": LEGAL},
        (
            Said("file", "placements.csv", "looks like the table 'legal'", (1,)),
            Said("file", "legal.csv", "looks like the table 'placements'", (1,)),
        ),
        counts=_only(0, 0, "legal") | _only(0, 0, "placements"),
    ),
    Case("F23", {"legal": None}, (Said("notice", "legal.csv", "is not in the extract"),), counts=_only(0, 0, "legal")),
    Case("F23, events", {"events": None}, (Said("file", "events.csv", "is not in the extract"),), counts=_only(0, 0)),
    Case(
        "F24", {"events": "<html><body><table><tr><td>child_id</td></tr></table>"}, **_refused_events("is a web page")
    ),
    Case(
        "F25",
        {"events": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)},
        **_refused_events("old or password-protected Excel"),
    ),
    Case(
        "F26",
        {"events": "sep=;\n" + _SEMI},
        (Said("notice", "events.csv", "separated by semicolons, as its first line says"),),
        holds=_all_dates,
    ),
    Case(
        "F27",
        {"children": swap(CHILDREN, ("female,\nCH002", f"female,{'x' * 1_000_000}\nCH002"))},
        (Said("rows", "children.csv", "more than 10,000 characters", (2,)), *_orphans(1)),
        counts=_without(1),
        secrets=("xxx",),
    ),
    Case("F29", {"events": EVENTS.rstrip("\n")}, holds=_all_dates),
    Case(
        "F30",
        {"events": swap(EVENTS, ("\nCH003,acc", "\n\n,,,\n  ,\u00a0,,\nCH003,acc"), ("2017-04-05", "2017-02-30"))},
        (
            Said("notice", "events.csv", "3 blank row(s) were passed over"),
            Said("rows", "events.csv", _BAD_DATE, (9,), "date"),
        ),
        counts={"events": (13, 9, 1, 0, 3)},
    ),
    Case("D01", {"events": events_on(*written("%d/%m/%Y"))}, holds=_all_dates),
    Case(
        "D02",
        {"events": events_on(*written("%m/%d/%Y"))},
        (Said("file", "events.csv", "writes the month first", tuple(range(2, 12)), "date"),),
        counts=_only(0, 10),
        quiet=False,
    ),
    Case(
        "D03",  # the good dates have the 13th to the 16th of September, which would tell
        {"events": events_on(*written("%d/%m/%Y", [d.replace("09-1", "09-0") for d in EVENT_DATES]))},
        (
            Said(
                "notice",
                "events.csv",
                "in 9 of 10 rows, and none that tells which comes first: dates such as 04/05/2017 are read as 4 May 2017 (day first)",
                (2, 3, 4, 6, 7, 8, 9, 10, 11),
                "date",
            ),
        ),
        holds=lambda e: sorted(e.events["date"].dt.day) == [1, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    ),
    Case(
        "D04",
        {"events": events_on("2017-04-01", "02/04/2017", "2017-04-03", "4/4/2017")},
        (Said("notice", "events.csv", "written as 2017-05-04 and 04/05/2017", (3, 5), "date"),),
        holds=_all_dates,
        quiet=False,  # it also says that nothing tells day from month in those two
    ),
    Case(
        "D06",
        {"events": events_on(*(str((date.fromisoformat(d) - date(1904, 1, 1)).days) for d in EVENT_DATES))},
        (
            Said(
                "notice",
                "events.csv",
                "the workbook has the other one (1904, of old Macs)",
                tuple(range(2, 12)),
                "date",
            ),
        ),
    ),
    Case(
        "D07",
        {
            "events": events_on(*written("%d/%m/%y")),
            "children": CHILDREN.replace(str(BORN[0]), BORN[0].strftime("%d/%m/%y")),
        },
        (
            Said("notice", "events.csv", "two digits, read as 1980 to 2079", tuple(range(2, 12)), "date"),
            Said("notice", "events.csv", "written as 04/05/17", tuple(range(2, 12)), "date"),
            Said("notice", "children.csv", "two digits, read as 1980 to 2079", (2,), "date_of_birth"),
        ),
        holds=lambda e: _all_dates(e) and e.children["date_of_birth"].iloc[0] == pd.Timestamp(BORN[0]),
        quiet=False,
    ),
    Case(
        "D05",
        {"events": events_on(*(str((date.fromisoformat(d) - date(1899, 12, 30)).days) for d in EVENT_DATES))},
        (Said("notice", "events.csv", "day numbers", tuple(range(2, 12)), "date"),),
        holds=_all_dates,
    ),
    Case(
        "D05, one among dates",
        {"events": events_on("42826")},
        (Said("rows", "events.csv", _BAD_DATE, (2,), "date"),),
        counts=_only(9, 1),
        holds=lambda e: e.events["date"].min() == pd.Timestamp("2017-04-02"),
    ),
    Case(
        "D08",
        {"events": events_on("31/02/2017", "29/02/2017", "00/05/2017", "15/13/2017")},
        (Said("rows", "events.csv", _BAD_DATE, (2, 3, 4, 5), "date"),),
        counts=_only(6, 4),
    ),
    Case(
        "D09",
        {
            "placements": swap(
                PLACEMENTS,
                ("04-01,\n", "04-01,31/12/9999\n"),
                ("04-02,\n", "04-02,1900-01-01\n"),
                ("04-03,\n", "04-03,00/00/0000\n"),
            )
        },
        (Said("notice", "placements.csv", "stands for 'not known' or 'still open'", (2, 3, 4), "end_date"),),
        holds=lambda e: e.placements["end_date"].isna().all(),
    ),
    Case(
        "D09, a date that is needed",
        {"events": events_on("01/01/1970")},
        (
            Said("notice", "events.csv", "treated as blank", (2,), "date"),
            Said("rows", "events.csv", "has no date", (2,), "date"),
        ),
        counts=_only(9, 1),
    ),
    Case(
        "D10",
        {"events": events_on("2019-08-15", "2107-04-01")},
        (
            Said("notice", "events.csv", "after 31 July 2019", (2,), "date"),
            Said("rows", "events.csv", "two years after", (3,), "date"),
        ),
        counts=_only(8, 2),
        holds=lambda e: e.events["date"].max() <= pd.Timestamp(AS_AT),
    ),
    Case(
        "D10, an end",
        {"placements": swap(PLACEMENTS, ("04-01,\n", "04-01,2019-09-01\n"))},
        holds=lambda e: e.placements["end_date"].isna().all(),
        quiet=False,
    ),
    Case(
        "D11",
        {
            "events": events_on(
                "2017-03-31T23:00:00Z",
                "2017-04-02T22:59:59Z",
                "2017-04-03 23:30:00",
                "2017-04-04T00:00:00",
                "2017-04-05 09:15",
            )
        },
        (
            Said("notice", "events.csv", "2017-07-31T23:00:00Z as 1 August 2017", (2, 3), "date"),
            Said("notice", "events.csv", "gives a time of day", (4, 6), "date"),
        ),
        holds=_all_dates,
    ),
    Case(
        "D13",
        {
            "events": events_on(
                "01.04.2017", "2nd April 2017", "03-Apr-17", " 04/04/2017\u00a0", "20170405", "2017-04-06"
            )
        },
        (
            Said("notice", "events.csv", "each was read by its own form", (2, 3, 4, 5, 6), "date"),
            Said("notice", "events.csv", "two digits", (4,), "date"),
        ),
        holds=_all_dates,
        quiet=False,
    ),
    Case(
        "D14",
        {"events": events_on(*[""] * 10)},
        (Said("file", "events.csv", "no usable dates", tuple(range(2, 12)), "date"),),
        counts=_only(0, 10),
        quiet=False,
    ),
    Case(
        "D12",
        {"events": events_on("tbc", "awaiting court", "approx June 2017", "2017", "04/2017", "N/A")},
        (
            Said("rows", "events.csv", _BAD_DATE, (3, 4, 5, 6), "date"),
            Said("notice", "events.csv", "treated as blank", (2,), "date"),
            Said("rows", "events.csv", "has no date", (2, 7), "date"),
        ),
        counts=_only(4, 6),
        secrets=("awaiting", "approx", "04/2017"),
    ),
    Case(
        "I01",
        {
            "children": CHILDREN + "".join(CHILDREN.splitlines(keepends=True)[1:4]),
            "events": EVENTS + "".join(EVENTS.splitlines(keepends=True)[1:4]),
        },
        (
            Said("notice", "children.csv", "exact copy", (8, 9, 10)),
            Said("notice", "events.csv", "exact copy", (12, 13, 14)),
        ),
        counts={"children": (9, 6, 0, 3, 0), "events": (13, 10, 0, 3, 0)},
    ),
    Case(
        "I02",
        {"children": CHILDREN + "CH003,Fife,2001-01-02,female,\n"},
        (
            Said("rows", "children.csv", "another row describes differently", (4, 8), "date_of_birth"),
            *_orphans(3),
        ),
        counts=_without(3, extra=1),
        secrets=("2001-01-02",),
    ),
    Case(
        "I03",
        {
            "children": CHILDREN + "".join(f"{blank},Fife,2001-01-02,male,\n" for blank in ("", "  ", "\u00a0")),
            "events": EVENTS + "  ,accommodated,2017-01-01,\n",
        },
        (
            Said("rows", "children.csv", "has no child_id", (8, 9, 10), "child_id"),
            Said("rows", "events.csv", "has no child_id", (12,), "child_id"),
        ),
        counts=_only(6, 3, "children") | _only(10, 1),
    ),
    Case(
        "I04",
        {
            "children": CHILDREN.replace("CH", "00"),
            "placements": PLACEMENTS.replace("CH", "00"),
            "legal": LEGAL.replace("CH", "00"),
            "events": EVENTS.replace("CH00", ""),
        },
        (Said("rows", "events.csv", "leading zeros", tuple(range(2, 12)), "child_id"),),
        counts=_only(0, 10),
    ),
    Case(
        "I05",
        {t: text.replace("CH00", "900719925474099") for t, text in GOOD.items()},
        holds=lambda e: set(e.events["child_id"]) == {f"900719925474099{i}" for i in range(1, 7)},
        secrets=("900719925474099",),
    ),
    Case(
        "I06",
        {"children": swap(CHILDREN, ("CH001", "1.23457E+15"), ("CH002", "1.23457E+15"))},
        (Said("rows", "children.csv", "Excel has rounded", (2, 3), "child_id"), *_orphans(1, 2)),
        counts=_without(1, 2),
        secrets=("1.23457",),
    ),
    Case(
        "I08",
        {
            "events": EVENTS + "CH999,accommodated,2017-01-01,\n",
            "placements": PLACEMENTS + "CH999,foster,2017-01-01,\n",
        },
        (_gone("placements.csv", 8), _gone("events.csv", 12)),
        counts=_only(6, 1, "placements") | _only(10, 1),
        holds=lambda e: "CH999" not in set(e.events["child_id"]),
    ),
    Case(
        "I09",
        {t: swap(text, *AS_NULL) for t, text in GOOD.items()}
        | {"children": swap(CHILDREN, *AS_NULL) + "-,Fife,2001-01-02,male,\n0,Fife,2001-01-02,male,\n"},
        counts=_only(8, 0, "children"),
        holds=lambda e: (
            set(e.children["child_id"]) == {*NULL_LIKE, "-", "0"} and set(e.events["child_id"]) == set(NULL_LIKE)
        ),
    ),
    Case(
        "I10",
        {"children": CHILDREN + "CH001,Moray,2010-01-02,male,\n"},
        (
            Said("notice", "children.csv", "another authority uses too", (2, 8), "child_id"),
            Said("rows", "placements.csv", "several authorities use", (2,), "child_id"),
            Said("rows", "legal.csv", "several authorities use", (2,), "child_id"),
            Said("rows", "events.csv", "several authorities use", (2, 8), "child_id"),
        ),
        counts=_only(7, 0, "children") | _only(5, 1, "placements") | _only(5, 1, "legal") | _only(8, 2),
        holds=lambda e: e.areas == ("Fife", "Moray"),
    ),
    Case(
        "I10, told apart",
        {
            "children": CHILDREN + "CH001,Moray,2010-01-02,male,\n",
            "events": "".join(
                line.replace("\n", ",local_authority\n" if not i else ",Fife\n")
                for i, line in enumerate(EVENTS.splitlines(keepends=True))
            )
            + "CH001,accommodated,2018-05-05,,Moray\n",
            "placements": None,
            "legal": None,
        },
        (
            Said("notice", "children.csv", "another authority uses too", (2, 8), "child_id"),
            Said("notice", "placements.csv", "is not in the extract"),
            Said("notice", "legal.csv", "is not in the extract"),
        ),
        counts=_only(7, 0, "children") | _only(0, 0, "placements") | _only(0, 0, "legal") | _only(11, 0),
        holds=lambda e: (
            e.events.groupby(["local_authority", "child_id"]).size()[[("Fife", "CH001"), ("Moray", "CH001")]] == [2, 1]
        ).all(),
    ),
    Case(
        "I15",
        {
            "children": swap(
                CHILDREN,
                ("CH001,Fife", "CH001,Edinburgh"),
                ("CH002,Fife", 'CH002,"Edinburgh, City of"'),
                ("CH003,Fife", "CH003,S12000036"),
                ("CH004,Fife", "CH004,FIFE "),
                ("CH005,Fife", "CH005,Comhairle nan Eilean Siar"),
                ("CH006,Fife", "CH006,Narnia"),
            )
        },
        (
            Said("notice", "children.csv", "recognised", (2, 3, 4, 5, 6), "local_authority"),
            Said("rows", "children.csv", "no Scottish local authority", (7,), "local_authority"),
            *_orphans(6),
        ),
        counts=_without(6),
        holds=lambda e: e.areas == ("City of Edinburgh", "Fife", "Na h-Eileanan Siar"),
        secrets=("Narnia",),
    ),
    Case(
        "I16",
        {
            "children": "".join(
                line.replace("female", sex)
                for line, sex in zip(
                    CHILDREN.splitlines(keepends=True), ["", "Male", "m", "1", "U", "", "not known"], strict=True
                )
            )
        },
        (
            Said("notice", "children.csv", "recognised", (2, 7), "sex"),
            Said("notice", "children.csv", "codes: male, unknown.", (3, 5), "sex"),
            Said("notice", "children.csv", "treated as not recorded", (4,), "sex"),
        ),
        holds=lambda e: (
            [s if isinstance(s, str) else None for s in e.children["sex"]]
            == ["male", "male", None, "unknown", None, "unknown"]
        ),
    ),
    Case(
        "I17",
        {
            "children": swap(
                CHILDREN,
                (str(BORN[1]), "2031-05-06"),
                (str(BORN[2]), ""),
                (str(BORN[3]), "31/02/2006"),
                (str(BORN[4]), "1907-05-06"),
            )
        },
        (
            Said("notice", "children.csv", "born after", (3,), "date_of_birth"),
            Said("rows", "children.csv", "used without an age", (5,), "date_of_birth"),
            Said("rows", "children.csv", "used without an age", (6,), "date_of_birth"),
        ),
        holds=lambda e: list(e.children["date_of_birth"].isna()) == [False, True, True, True, True, False],
        secrets=("2031", "1907", "31/02"),
    ),
    Case(
        "S08",
        {
            "events": swap(EVENTS, ("CH001,accommodated,2017-04-01,\n", "")),
            "placements": swap(PLACEMENTS, ("CH001,foster,2017-04-01,\n", "")),
        },
        counts=_only(9, 0) | _only(5, 0, "placements"),
        holds=lambda e: (
            "CH001" not in set(find_intervals(e, e.aims["aim-2"]).table["child_id"]) and len(e.children) == 6
        ),
        quiet=False,
    ),
    Case(
        "S09",
        {"events": swap(EVENTS, ("CH001,permanence_recommendation,2017-09-13", "CH001,order_granted,2018-09-13"))},
        holds=lambda e: (
            _statuses(e, "aim-2")["CH001"] == "unusable"
            and _statuses(e, between("accommodated", "order_granted"))["CH001"] == "reached"
            and _recorded(e, "adm_decision") == (1, 0)
        ),
    ),
    Case(
        "S10",
        {
            "events": swap(
                EVENTS,
                ("CH001,accommodated", "CH001,Perm Rec"),
                ("CH002,accommodated", "CH002,ADM sign off"),
                ("CH003,accommodated", "CH003,"),
                ("CH004,accommodated", "CH004,Permanence Recommendation"),
                ("CH005,accommodated", "CH005,LAC Review"),
                ("CH006,accommodated", "CH006,Came to us"),
            )
        },
        (
            Said(
                "notice",
                "events.csv",
                "codes: adm_decision, permanence_recommendation, review.",
                (2, 3, 6),
                "event",
            ),
            Said("rows", "events.csv", "a code that is not known", (7,), "event"),
            Said("rows", "events.csv", "is blank", (4,), "event"),
            Said("notice", "events.csv", "writes a code in another way", (5,), "event"),
        ),
        counts=_only(8, 2),
        quiet=False,  # without "accommodated" the children's records contradict themselves
        secrets=("Came", "came to", "Perm Rec", "perm rec", "sign off"),
    ),
    Case(
        "S11",
        {"placements": swap(PLACEMENTS, ("04-01,\n", "04-01,2017-03-01\n"))},
        (Said("rows", "placements.csv", "ends before it starts", (2,), "end_date"),),
        counts=_only(5, 1, "placements"),
    ),
    Case(
        "I07",
        {"events": swap(EVENTS, ("CH001,acc", "CH001 ,acc"), ("CH002,acc", "ch002,acc"))},
        (Said("notice", "events.csv", "other capitals", (3,), "child_id"),),
        holds=lambda e: set(e.events["child_id"]) == {f"CH{i:03d}" for i in range(1, 7)},
    ),
    Case(
        "I07, two children who differ in capitals",  # then nothing is guessed
        {"children": CHILDREN + "ch001,Fife,2004-03-11,male,\n", "events": EVENTS + "Ch001,review,2017-05-01,\n"},
        (_gone("events.csv", 12),),
        counts=_only(7, 0, "children") | _only(10, 1),
    ),
    Case(
        "I11",
        renamed("=1+1", "@SUM(1)", "+5", "＝2"),
        tuple(
            said
            for table, formulas, wide in (
                ("children", (2, 3, 4, 5), (5,)),
                ("placements", (2, 3, 4, 5), (5,)),
                ("legal", (2, 3, 4, 5), (5,)),
                ("events", (2, 3, 4, 5, 8, 9, 10, 11), (5, 11)),
            )
            for said in (
                Said("notice", f"{table}.csv", "begins like a formula", formulas, "child_id"),
                Said("notice", f"{table}.csv", "unusual width", wide, "child_id"),
            )
        ),
        holds=lambda e: set(e.events["child_id"]) == {"=1+1", "@SUM(1)", "+5", "=2", "CH005", "CH006"},
        secrets=("1+1", "SUM"),
    ),
    Case(
        "I12",
        {
            "children": swap(
                CHILDREN,
                ("CH001,Fife", "CH001,<script>alert(1)</script>"),
                ("female,\nCH003", "female,<b>x</b>{{7*7}}$x$\nCH003"),
            ),
            "placements": swap(PLACEMENTS, ("CH003,foster", "CH003,<img src=x onerror=alert(2)>")),
        },
        (
            Said("rows", "children.csv", "no Scottish local authority", (2,), "local_authority"),
            Said("rows", "placements.csv", "a code that is not known", (4,), "placement_type"),
            *_orphans(1),
        ),
        counts=_without(1) | _only(4, 2, "placements"),
        holds=lambda e: "<b>x</b>{{7*7}}$x$" in set(e.children["sibling_group"].dropna()),
        secrets=("<script", "<img", "{{7"),
    ),
    Case(
        "I13",
        renamed(*(as_chi(i) for i in range(1, 7))),
        refused=(DataError, "looks like a CHI number"),
        secrets=tuple(as_chi(i) for i in range(1, 7)),
    ),
    Case(
        "I13, with spaces and lost zeros",
        renamed(*(f"{as_chi(i)[1:6]} {as_chi(i)[6:]}" for i in range(1, 7))),
        refused=(DataError, "looks like a CHI number"),
        secrets=tuple(as_chi(i)[6:] for i in range(1, 7)),
    ),
    Case(
        "I14",
        {
            "children": swap(CHILDREN, ("female,\nCH002", "female,🧸\nCH002")),
            "events": swap(EVENTS, ("CH001,acc", "CH​001,acc"), ("CH002,acc", "СH002,acc"), ("CH003,acc", "‮CH003,acc")),
        },
        (
            Said("notice", "events.csv", "cannot be seen", (2, 4), "child_id"),
            Said("rows", "events.csv", "letters of another alphabet", (3,), "child_id"),
        ),
        counts=_only(9, 1),
        holds=lambda e: e.children["sibling_group"].iloc[0] == "🧸",
    ),
    Case(
        "I17, held against the day of being accommodated",
        {"children": swap(CHILDREN, (str(BORN[1]), "2017-04-03"), (str(BORN[2]), "1992-04-03"))},
        (
            Said(
                "rows", "children.csv", "later than the day on which the child was accommodated", (3,), "date_of_birth"
            ),
            Said("rows", "children.csv", "21 or older when first accommodated", (4,), "date_of_birth"),
        ),
        holds=lambda e: (
            list(e.children["date_of_birth"].isna()) == [False, True, True, False, False, False]
            and len(find_intervals(e, e.aims["aim-2"]).table) == 6
        ),
        secrets=("2017-04-03", "1992"),
    ),
    Case(
        "S01",
        {"events": more_events("adm_decision,2017-09-01")},
        (Said("rows", "events.csv", "an agency decision before the recommendation", (12,), "date"),),
        counts=_only(11, 0),
        holds=lambda e: (
            wait_of(e, REC, ADM)[0] == "unusable"
            and wait_of(e, ACC, REC) == FIRST_WAIT
            and wait_of(e, ACC, ADM) == ("reached", 153)
        ),
    ),
    Case(
        "S02",
        {"events": more_events("adm_decision,2017-10-01", "court_application,2017-09-20")},
        (Said("rows", "events.csv", "an application to court before the decision", (13,), "date"),),
        counts=_only(12, 0),
        holds=lambda e: (
            wait_of(e, ADM, COURT)[0] == "unusable"
            and wait_of(e, REC, ADM) == ("reached", 18)
            and wait_of(e, ACC, COURT) == ("reached", 172)
        ),
    ),
    Case(
        "S03",
        {"events": more_events("adm_decision,2017-10-01", "court_application,2018-03-01", "order_granted,2018-02-01")},
        (Said("rows", "events.csv", "an order before the application to court", (14,), "date"),),
        counts=_only(13, 0),
        # The order ended the time in care, so the application lies outside it: neither wait with it can be measured.
        holds=lambda e: (
            wait_of(e, COURT, ORDER) is None
            and wait_of(e, ADM, COURT)[0] == "unusable"
            and wait_of(e, REC, ADM) == ("reached", 18)
            and wait_of(e, ACC, ORDER) == ("reached", 306)
        ),
    ),
    Case(
        "S04",
        {
            "events": swap(
                EVENTS, ("CH001,permanence_recommendation,2017-09-13", "CH001,permanence_recommendation,2017-03-01")
            )
        },
        (Said("rows", "events.csv", "a permanence recommendation before the child was accommodated", (8,), "date"),),
        holds=lambda e: wait_of(e, ACC, REC)[0] == "unusable",
    ),
    Case(
        "S05",
        {
            "events": more_events(*(f"{m},2017-09-13" for m in ("permanence_panel", ADM, COURT, ORDER))).replace(
                "CH001,accommodated,2017-04-01", "CH001,accommodated,2017-09-13"
            )
        },
        counts=_only(14, 0),
        holds=lambda e: (
            all(wait_of(e, a, b) == ("reached", 0) for a, b in ((ACC, REC), (REC, ADM), (ADM, COURT), (COURT, ORDER)))
            and not [f for f in e.findings if f.level != "notice"]
        ),
    ),
    Case(
        "S06",
        {"events": more_events("permanence_recommendation,2018-04-01")},
        (Said("notice", "events.csv", "a further recommendation", (12,), "date"),),
        counts=_only(11, 0),
        holds=lambda e: wait_of(e, ACC, REC) == FIRST_WAIT,
    ),
    Case(
        "S07",
        {"events": more_events("return_home,2017-06-01", "accommodated,2018-02-01")},
        (
            Said("notice", "events.csv", "a new time away from home", (13,), "date"),
            Said("rows", "events.csv", "after the child went home", (8,), "date"),
        ),
        counts=_only(12, 0),
        holds=lambda e: wait_of(e, ACC, REC) == ("left", 61) and wait_of(e, ACC, REC, spell=2) == ("waiting", 545),
    ),
    Case(
        "S12",
        {"placements": swap(PLACEMENTS, ("04-01,\n", "04-01,2017-06-01\n")) + "CH001,kinship,2017-05-01,\n"},
        (Said("notice", "placements.csv", "begins before the placement before it ended", (8,), "start_date"),),
        counts=_only(7, 0, "placements"),
        holds=lambda e: wait_of(e, ACC, REC) == FIRST_WAIT,
    ),
    Case(
        "S13",
        {"placements": PLACEMENTS + "CH001,kinship,2017-05-01,\n"},
        (
            Said(
                "rows", "placements.csv", "one of several placements of a child that have no end", (2, 8), "start_date"
            ),
        ),
        counts=_only(7, 0, "placements"),
        holds=lambda e: find_intervals(e, between(ACC, ADM)).table["placement"].iloc[0] == "kinship",
    ),
    Case(
        "S14",
        {"placements": swap(PLACEMENTS, ("04-01,\n", "04-01,2017-06-01\n")) + "CH001,kinship,2017-07-01,\n"},
        (Said("notice", "placements.csv", "the gap is not filled in", (8,), "start_date"),),
        counts=_only(7, 0, "placements"),
        holds=lambda e: wait_of(e, ACC, REC) == FIRST_WAIT,
    ),
    Case(
        "S15",
        {"events": more_events("return_home,2017-06-01")},
        (Said("rows", "events.csv", "after the child went home", (8,), "date"),),
        counts=_only(11, 0),
        holds=lambda e: wait_of(e, ACC, REC) == ("left", 61),
    ),
    Case(
        "S16",
        {
            "events": EVENTS
            + "CH001,order_granted,2018-02-01,adoption\nCH001,order_granted,2018-02-01,permanence_order\n"
        },
        (Said("rows", "events.csv", "one of two orders granted to a child on one day", (12, 13), "date"),),
        counts=_only(12, 0),
        holds=lambda e: (
            wait_of(e, ACC, ORDER) == ("reached", 306)
            and find_intervals(e, between(ACC, ORDER)).table["route"].iloc[0] == "adoption"
        ),
    ),
    Case(
        "S17",
        {"children": swap(CHILDREN, (str(BORN[0]), "2000-01-01")), "events": more_events("order_granted,2018-02-01")},
        (Said("rows", "events.csv", "after the child's 18th birthday", (12,), "date"),),
        counts=_only(11, 0),
        holds=lambda e: wait_of(e, ACC, ORDER) == ("left", 275),
        secrets=("2000-01-01",),
    ),
    Case(
        "S18",
        {
            "children": swap(CHILDREN, (str(BORN[0]), "2017-04-01")),
            "events": swap(
                EVENTS, ("CH001,permanence_recommendation,2017-09-13", "CH001,permanence_recommendation,2017-03-01")
            ),
        },
        (Said("notice", "events.csv", "dated before the child was born", (8,), "date"),),
        holds=lambda e: wait_of(e, ACC, REC)[0] == "unusable" and e.children["date_of_birth"].notna().all(),
        secrets=("2017-04-01",),
    ),
    Case(
        "N01",
        first_children(1),
        counts={t: (n, n, 0, 0, 0) for t, n in {"children": 1, "placements": 1, "legal": 1, "events": 2}.items()},
    ),
    Case(
        "N02",
        first_children(2),
        counts={t: (n, n, 0, 0, 0) for t, n in {"children": 2, "placements": 2, "legal": 2, "events": 4}.items()},
    ),
    Case(
        "N03",
        {"events": "".join(EVENTS.splitlines(keepends=True)[:7])},
        counts=_only(6, 0),
        holds=lambda e: set(_statuses(e, "aim-2").values()) == {"waiting"},
    ),
    Case("X01", dict.fromkeys(GOOD) | {"pace.xlsx": workbook()}, holds=_all_dates),
    Case(
        "X02",
        dict.fromkeys(GOOD) | {"pace.xlsx": workbook(as_text=True)},
        (Said("notice", "pace.xlsx (events)", "written as 2017-05-04 and 04/05/2017", (2, 4, 6, 8, 10), "date"),),
        holds=_all_dates,
        quiet=False,  # the other columns hold two forms as well, and some leave open which is the month
    ),
    Case(
        "X03",
        dict.fromkeys(GOOD)
        | {"pace.xlsx": with_cells(events={"C2": "=TODAY()", "C3": "=#REF!", "C4": "#N/A", "C5": "=1/0"})},
        (Said("rows", "pace.xlsx (events)", "a formula's error", (2, 3, 4, 5), "date"),),
        counts=_only(6, 4),
        holds=lambda e: e.events["date"].max() == pd.Timestamp("2017-09-16"),
    ),
    Case(
        "X03, where an end could look open",
        dict.fromkeys(GOOD) | {"pace.xlsx": with_cells(placements={"D2": "=TODAY()"})},
        (Said("rows", "pace.xlsx (placements)", "a formula's error", (2,), "end_date"),),
        counts=_only(5, 1, "placements"),
        quiet=False,
    ),
    Case(
        "X03, in ids",  # two errors are not one child
        dict.fromkeys(GOOD) | {"pace.xlsx": with_cells(events={"A2": "#REF!", "A3": "#REF!"})},
        (Said("rows", "pace.xlsx (events)", "a formula's error", (2, 3), "child_id"),),
        counts=_only(8, 2),
        quiet=False,
    ),
    Case(
        "X04",
        dict.fromkeys(GOOD) | {"pace.xlsx": workbook_with_hidden_parts()},
        (
            Said("notice", "pace.xlsx", "1 hidden sheet(s) were not read"),
            Said("notice", "pace.xlsx (events)", "1 hidden column(s) and 2 hidden or filtered row(s); they were read"),
            Said("notice", "pace.xlsx (events)", "merged cells in 1 place"),
            Said("notice", "pace.xlsx (events)", "2 row(s) above the header"),
        ),
        holds=_all_dates,
    ),
    Case("X05", dict.fromkeys(GOOD) | {"pace.xlsx": workbook(epoch=1904)}, holds=_all_dates),
    Case(
        "X05, dates that are not formatted as such",
        dict.fromkeys(GOOD) | {"pace.xlsx": workbook(epoch=1904, plain=True)},
        (Said("notice", "pace.xlsx (events)", "dates of the 1904 date system", tuple(range(2, 12)), "date"),),
        holds=_all_dates,
        quiet=False,
    ),
    Case(
        "a sheet that says it is smaller than it is",
        dict.fromkeys(GOOD)
        | {
            "pace.xlsx": with_part(
                workbook(),
                "xl/worksheets/sheet4.xml",
                lambda b: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B3"', b),
            )
        },
        holds=_all_dates,
    ),
    Case(
        "a sheet with a row beyond those of Excel",
        dict.fromkeys(GOOD)
        | {
            "pace.xlsx": with_part(
                workbook(), "xl/worksheets/sheet4.xml", lambda b: b.replace(b'<row r="9"', b'<row r="999999999"')
            )
        },
        refused=(DataError, "out of order"),
    ),
    Case("X10", dict.fromkeys(GOOD) | {"pace.xlsx": slipping_zip()}, refused=(DataError, "outside their folder")),
    Case(
        "X10, an archive beside the tables",
        {"more.zip": slipping_zip(), "legal.zip": slipping_zip()},
        (Said("notice", "more.zip", "is an archive; it was not read"), Said("file", "legal.zip", "is an archive")),
    ),
    Case("any archive", dict.fromkeys(GOOD) | {"pace.xlsx": plain_zip()}, refused=(DataError, "no Excel workbook")),
    Case(
        "F24, named .xls",
        {"events": None, "events.xls": "<html><table></table></html>"},
        (Said("file", "events.xls", "of a kind that is not read"), Said("file", "events.csv", "is not in the extract")),
        counts=_only(0, 0),
    ),
    Case(
        "X06",
        dict.fromkeys(GOOD) | {"pace.xlsx": workbook()[:4000]},
        refused=(DataError, "not a workbook that can be read"),
    ),
    Case("X07", {"events": workbook()}, **_refused_events("is an Excel workbook named .csv")),
    Case(
        "X08",
        dict.fromkeys(GOOD)
        | {
            "pace.xlsx": with_part(
                workbook(),
                "xl/worksheets/sheet4.xml",
                lambda b: b.replace(b"</sheetData>", b" " * 60_000_000 + b"</sheetData>"),
            )
        },
        refused=(DataError, "would unpack to 60 MB"),
    ),
    Case(
        "X09",
        dict.fromkeys(GOOD) | {"pace.xlsx": with_part(workbook(), "xl/worksheets/sheet4.xml", _with_entity)},
        refused=(DataError, "not a workbook that can be read"),
        secrets=("root:",),
    ),
    Case(
        "a sheet that breaks off",  # the archive is whole, the sheet in it is not
        dict.fromkeys(GOOD)
        | {"pace.xlsx": with_part(workbook(), "xl/worksheets/sheet4.xml", lambda b: b[: len(b) // 2])},
        refused=(DataError, "not a workbook that can be read"),
    ),
    Case(
        "P01",
        {
            "~$pace.xlsx": b"\x01",
            ".~lock.events.csv#": b"x",
            "desktop.ini": b"x",
            "Thumbs.db": b"x",
            ".DS_Store": b"\0",
            ".events.csv": b"x",
        },
        holds=lambda e: e.sha256 == _digest(GOOD),
    ),
    Case(
        "N04",
        {
            "events": "".join(EVENTS.splitlines(keepends=True)[:7])
            + "".join(f"CH{i:03d},permanence_recommendation,{date(2017, 4, i) + timedelta(84)},\n" for i in range(1, 7))
        },
        counts=_only(12, 0),
        holds=lambda e: set(find_intervals(e, e.aims["aim-2"]).reached["days"]) == {84},
    ),
    Case(
        "N05",
        {t: re.sub(r"2017-04-0\d", "2017-04-03", text).replace("female,", "female,G1") for t, text in GOOD.items()},
        holds=lambda e: len(e.children) == 6 and len(find_intervals(e, e.aims["aim-2"]).table) == 6,
    ),
    Case(
        "P10, before everything",
        {},
        (
            Said("file", "placements.csv, legal.csv, events.csv", "everything recorded is dated after 1 January 2016"),
            *(
                Said("notice", f"{t}.csv", "after 1 January 2016", tuple(range(2, 2 + ROWS[t])), column)
                for t, column in (("placements", "start_date"), ("legal", "start_date"), ("events", "date"))
            ),
        ),
        counts=_only(0, 6, "placements") | _only(0, 6, "legal") | _only(0, 10),
        as_at="2016-01-01",
    ),
    Case(
        "P10, long after everything",
        {},
        (Said("notice", "placements.csv, legal.csv, events.csv", "more than 2 years before 31 July 2029"),),
        as_at="2029-07-31",
    ),
    Case("P10, blank", {}, refused=(ParameterError, "never takes today's date"), as_at=""),
    Case("P10, not a date", {}, refused=(ParameterError, "as_at is not a date"), as_at="soon"),
    Case("P10, no such day", {}, refused=(ParameterError, "as_at is not a date"), as_at="2019-02-30"),
    Case("P13", {}, refused=(ParameterError, "not before 31 July 2019"), since="2019-08-01"),
    Case("P13, the same day", {}, refused=(ParameterError, "not before 31 July 2019"), since=AS_AT),
    Case("no children", {"children": None}, refused=(DataError, "No child can be read")),
    Case(
        "no child in children",
        {"children": CHILDREN.splitlines()[0] + "\n"},
        refused=(DataError, "children.csv holds no rows"),
    ),
]


def _statuses(extract: Extract, aim) -> dict[str, str]:
    table = find_intervals(extract, extract.aims[aim] if isinstance(aim, str) else aim).table
    return dict(zip(table["child_id"], table["status"], strict=True))


def _recorded(extract: Extract, milestone: str) -> tuple[int, int]:
    row = completeness(extract).set_index("milestone").loc[milestone]
    return int(row["passed"]), int(row["recorded"])


def _digest(files: dict[str, str]) -> str:
    lines = [f"{name}.csv {hashlib.sha256(text.encode()).hexdigest()}\n" for name, text in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write(case: Case, folder: Path) -> Path:
    folder.mkdir()
    for name, content in {**GOOD, **case.files}.items():
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode()
            (folder / (name if "." in name else f"{name}.csv")).write_bytes(data)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def attempt(case: Case, folder: Path) -> Extract | PaceError:
    """Read the extract; any exception that is not a PaceError fails the test with its traceback."""
    try:
        return read_extract(folder, case.as_at, since=case.since)
    except PaceError as error:
        return error


def forms(day: date) -> tuple[str, ...]:
    return (day.isoformat(), day.strftime("%d/%m/%Y"), f"{day.day} {day:%B %Y}", f"{day.day} {day:%b %Y}")


def told(result: Extract | PaceError) -> str:
    if isinstance(result, PaceError):
        return f"{result}\n{result.what}\n{result.where}\n{result.do}"
    return "\n".join(f"{f} {f!r}" for f in result.findings) + str(result)


def assert_discreet(case: Case, text: str) -> None:
    """Assert that a text holds no id, no date of birth and no free text of the extract."""
    for secret in [*case.secrets, *(f for day in BORN for f in forms(day))]:
        assert secret not in text
    assert not re.search(r"\bCH\d{3}\b", text)


@dataclass(frozen=True)
class Tried:
    """A case, read twice, with the folder's contents before and after."""

    case: Case
    folder: Path
    before: dict[str, bytes]
    after: dict[str, bytes]
    result: Extract | PaceError
    again: Extract | PaceError
    seconds: float


@pytest.fixture(scope="module", params=CASES, ids=lambda c: c.id)
def tried(request, tmp_path_factory) -> Tried:
    case, parent = request.param, tmp_path_factory.mktemp("case")
    folder = write(case, parent / "extract")
    before = contents(parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", _no_network)
        began = time.perf_counter()
        result, again = attempt(case, folder), attempt(case, folder)
    return Tried(case, folder, before, contents(parent), result, again, time.perf_counter() - began)


def _no_network(*_, **__):
    raise AssertionError("something asks for the network")


def is_said(said: Said, finding: Finding) -> bool:
    place = (said.level, said.file, said.column)
    return (finding.level, finding.file, finding.column) == place and said.phrase in str(finding)


def test_what_is_said_and_that_the_rest_is_used(tried):
    case, result = tried.case, tried.result
    if case.refused:
        kind, phrase = case.refused
        assert isinstance(result, kind)
        assert phrase in str(result)
        assert "What to do: " in str(result)
        return
    assert isinstance(result, Extract), str(result)
    for said in case.said:
        match = [f for f in result.findings if is_said(said, f)]
        found = [f.lines for f in match if not said.lines or set(f.lines) == set(said.lines)]
        assert found == [said.lines], [str(f) for f in result.findings]
    if case.quiet:
        unsaid = [
            f for f in result.findings if f.code not in CONSEQUENCES and not any(is_said(s, f) for s in case.said)
        ]
        assert unsaid == [], [str(f) for f in unsaid]
    expected = {t: (n, n, 0, 0, 0) for t, n in ROWS.items()} | case.counts
    assert {r.table: (r.read, r.used, r.set_aside, r.duplicates, r.blank) for r in result.rows.itertuples()} == expected
    assert case.holds(result)


def test_every_row_is_counted_and_every_finding_has_its_place(tried):
    if isinstance(tried.result, PaceError):
        return
    rows = tried.result.rows
    assert (rows["read"] == rows["used"] + rows["set_aside"] + rows["duplicates"] + rows["blank"]).all()
    assert dict(zip(rows["table"], rows["used"], strict=True)) == {t: len(getattr(tried.result, t)) for t in ROWS}
    for finding in tried.result.findings:
        assert finding.code
        assert finding.level in ("file", "rows", "notice")
        assert finding.file
        assert finding.what[-1] in ".?"
        assert finding.level != "rows" or finding.lines, f"{finding} names no row"
        assert all(n >= 1 for n in finding.lines)


def test_nothing_of_a_child_is_told(tried):
    assert_discreet(tried.case, told(tried.result))


#: What the files of these cases say is another day than that of the good extract.
OTHER_DAYS = ("D03", "D06", "D10, an end")


def facts(extract: Extract) -> set[tuple]:
    """Return every dated fact of an extract: what, whose, from when, until when."""
    events = extract.events[["child_id", "event", "date"]].itertuples(index=False, name=None)
    spans = [
        *extract.placements[["child_id", "placement_type", "start_date", "end_date"]].itertuples(
            index=False, name=None
        ),
        *extract.legal[["child_id", "legal_type", "start_date", "end_date"]].itertuples(index=False, name=None),
    ]
    return {*events, *((*s[:3], str(s[3])) for s in spans)}


def test_no_date_is_wrong_and_no_row_better_than_it_was(tried, good):
    """However a file is spoilt, each fact that is read from it is one that the good extract has: none is made up or moved."""
    case, result = tried.case, tried.result
    if isinstance(result, PaceError) or case.id[0] not in "FDX" or case.id in OTHER_DAYS:
        return
    assert facts(result) <= facts(good)
    assert set(result.children["child_id"]) <= set(good.children["child_id"])
    born = dict(zip(good.children["child_id"], good.children["date_of_birth"], strict=True))
    for child, day in zip(result.children["child_id"], result.children["date_of_birth"], strict=True):
        assert pd.isna(day) or day == born[child]
    lost = sum(ROWS.values()) - int(result.rows["used"].sum())
    assert lost == 0 or any(f.level in ("file", "rows", "notice") for f in result.findings)


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Extract:
    return read_extract(write(CASES[0], tmp_path_factory.mktemp("good") / "extract"), AS_AT)


def test_no_case_takes_long(tried):
    assert tried.seconds < 30


def test_the_files_are_left_as_they_were(tried):
    assert tried.after == tried.before


def test_reading_twice_says_the_same(tried):
    assert told(tried.result) == told(tried.again)
    if isinstance(tried.result, Extract):
        assert tried.result.sha256 == tried.again.sha256
        for table in ROWS:
            pd.testing.assert_frame_equal(getattr(tried.result, table), getattr(tried.again, table))


def test_the_command_line_says_the_same(tried, monkeypatch, capsys):
    case, result = tried.case, tried.result
    if case.since:
        return  # the command `check` takes no period
    monkeypatch.setattr("sys.argv", ["pace-nb", "check", str(tried.folder), "--as-at", case.as_at])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    assert_discreet(case, out + err)
    assert "Traceback" not in err
    if isinstance(result, PaceError):
        assert result.what in err
        assert ended.value.code != 0
    else:
        assert ended.value.code == (3 if any(f.level == "file" for f in result.findings) else 0)
        for finding in result.findings:
            assert str(finding) in out


def run_cells(notebook: Path, folder: Path, audience: str) -> str:
    """Run a notebook's code cells in this process; return everything that they show."""
    names: dict = {}
    shown = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, notebook.name, "exec"), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names.update(extract_path=str(folder), area="Fife", as_at=AS_AT, audience=audience)
            value = eval(compile(last, notebook.name, "eval"), names) if last else None
            if value is not None:
                shown.append(json.dumps(value._repr_mimebundle_()))
    return "\n".join(shown)


@pytest.mark.parametrize(
    ("id", "audience"),
    [
        ("F01", "working"),
        ("F02", "aggregate"),
        ("F23", "working"),
        ("N01", "aggregate"),
        ("N02", "working"),
        ("N03", "working"),
        ("N04", "working"),
        ("N05", "working"),
        ("S15", "working"),
    ],
)
def test_every_page_can_still_be_made(id, audience, tmp_path):
    """Nobody at home on an order, no events, one child: every notebook runs to its end and says so in words."""
    case = next(c for c in CASES if c.id == id)
    folder = write(case, tmp_path / "extract")
    idea = 'id = "c"\ntitle = "A change"\nidea = "Something"\naim = "aim-2"\neligible_from = 2018-01-01\n'
    (folder / "changes").mkdir()
    (folder / "changes" / "c.toml").write_text(idea, encoding="utf-8")
    for notebook in NOTEBOOKS:
        if audience == "working" or not notebook.stem.endswith("timelines"):
            shown = run_cells(notebook, folder, audience)
            assert not re.search(r"\bnan\b|NaT|Infinity", shown), notebook.stem
            assert_discreet(case, shown)
