"""From text to facts: every value is read by a stated rule, and every row that cannot be used is set aside and counted.

Rows read = rows used + set aside + exact duplicates + blank, for each table, always.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pace_nb import terms
from pace_nb.dates import DateRules, read_dates
from pace_nb.files import RawTable, plain_name
from pace_nb.findings import Finding
from pace_nb.periods import show_date
from pace_nb.schema import Column, Table

EARLIEST = pd.Timestamp(1980, 1, 1)  # an earlier event or birth cannot be a child's in care today


@dataclass
class Checked:
    """A table of facts (one column per schema column, and `line`), what was found, and where its rows went."""

    table: Table
    frame: pd.DataFrame
    findings: list[Finding]
    read: int = 0
    used: int = 0
    set_aside: int = 0
    duplicates: int = 0
    blank: int = 0


class _Work:
    """The rows of one table on their way through the checks."""

    def __init__(self, raw: RawTable):
        self.raw = raw
        self.findings = list(raw.findings)
        self.set_aside = raw.set_aside
        self.frame = pd.DataFrame(raw.rows, columns=raw.header, dtype="str")
        for column in raw.table.columns:
            if column.name not in self.frame:
                self.frame[column.name] = pd.Series("", index=self.frame.index, dtype="str")
        self.frame = self.frame[raw.table.column_names]
        self.frame["line"] = raw.lines

    def say(self, code: str, level: str, where: pd.Series, what: str, do: str = "", column: str = "") -> None:
        lines = tuple(int(n) for n in self.frame.loc[where.to_numpy(dtype=bool), "line"])
        if lines:
            self.findings.append(Finding(code, level, self.raw.file, what, do, column, lines))

    def drop(self, code: str, where: pd.Series, what: str, do: str = "", column: str = "", level: str = "rows") -> None:
        """Set rows aside, with the reason."""
        self.say(code, level, where, f"{what}; set aside.", do, column)
        gone = where.to_numpy(dtype=bool)
        self.set_aside += int(gone.sum())
        self.frame = self.frame[~gone]


def check_tables(raws: dict[str, RawTable], as_at: date) -> dict[str, Checked]:
    """Check the tables of one extract against the schema and against each other.

    Raises nothing: a table that was refused comes back empty, with the finding that says why.
    """
    children = _check_one(raws["children"], as_at)
    keys = _one_row_per_child(children)
    done = {"children": children}
    for name, raw in raws.items():
        if name != "children":
            work = _check_one(raw, as_at)
            _join_children(work, keys)
            done[name] = work
    return {name: _count(work, raws[name]) for name, work in done.items()}


def _count(work: _Work, raw: RawTable) -> Checked:
    frame = work.frame
    compare = [c for c in frame.columns if c != "line"]
    again = frame.duplicated(compare, keep="first")
    work.say("duplicate", "notice", again, "is an exact copy of an earlier row; used once.")
    frame = frame[~again].reset_index(drop=True).astype({"local_authority": "str", "child_id": "str"})
    return Checked(raw.table, frame, work.findings, raw.read, len(frame), work.set_aside, int(again.sum()), raw.blank)


def _check_one(raw: RawTable, as_at: date) -> _Work:
    work = _Work(raw)
    readers = {"id": _ids, "text": _text, "authority": _authorities, "code": _codes, "date": _dates}
    for column in raw.table.columns:
        readers[column.kind](work, column)
    start = raw.table.start
    if start:
        _known_by(work, start, as_at)
        if "end_date" in work.frame:
            _ends(work, as_at)
    else:
        born = work.frame["date_of_birth"]
        later = born.notna() & (born > pd.Timestamp(as_at))
        work.say(
            "born-later",
            "notice",
            later,
            f"is born after {show_date(as_at)}; the birth date was not used.",
            "Check the date.",
            "date_of_birth",
        )
        work.frame.loc[later, "date_of_birth"] = pd.NaT
    return work


def _blank(values: pd.Series) -> pd.Series:
    return values.eq("")


def _ids(work: _Work, column: Column) -> None:
    values = work.frame[column.name]
    work.drop("no-id", _blank(values), "has no child_id", "Add it in the export.", column.name)
    values = work.frame[column.name]
    heading = values.str.lower().map(plain_name).eq(column.name)
    work.drop("header-again", heading, "repeats the header", "Delete the row.", column.name)
    total = work.frame[column.name].str.lower().isin(["total", "totals", "grand total"])
    work.drop("total-row", total, "is a total, not a child", "Delete the row.", column.name)
    rounded = work.frame[column.name].str.fullmatch(r"\d(?:\.\d+)?E\+\d+")
    work.drop(
        "rounded-id",
        rounded,
        "has an id that Excel has rounded (such as 1.23E+15), so it could be several children",
        "Format the column as text before exporting.",
        column.name,
    )


def _text(work: _Work, column: Column) -> None:
    work.frame[column.name] = work.frame[column.name].replace("", None)


def _authorities(work: _Work, column: Column) -> None:
    values = work.frame[column.name]
    named = {v: terms.authority_name(v) for v in values.unique() if v}
    changed = values.map(lambda v: v in named and named[v] is not None and named[v] != v)
    work.say(
        "authority-spelling",
        "notice",
        changed,
        "writes the authority in another way; it was recognised.",
        "",
        column.name,
    )
    unknown = values.map(lambda v: v in named and named[v] is None)
    blank = _blank(values)
    work.frame[column.name] = values.map(named)
    work.drop(
        "unknown-authority",
        unknown,
        "names no Scottish local authority",
        "Correct the name, or use its GSS code.",
        column.name,
    )
    if column.required:
        work.drop("no-authority", blank.loc[work.frame.index], "has no local authority", "Add it.", column.name)


def _codes(work: _Work, column: Column) -> None:
    values = work.frame[column.name]
    spelled = {plain_name(c): c for c in column.codes} | {plain_name(t.label): c for c, t in column.codes.items()}
    if column.name == "sex":
        spelled |= {"f": "female", "m": "male", "x": "other", "u": "unknown", "not_known": "unknown"}
    read = {v: spelled.get(plain_name(v)) for v in values.unique() if v}
    changed = values.map(lambda v: v in read and read[v] is not None and read[v] != v)
    work.say("code-spelling", "notice", changed, "writes a code in another way; it was recognised.", "", column.name)
    unknown = values.map(lambda v: v in read and read[v] is None)
    hints = {
        difflib.get_close_matches(plain_name(v), spelled, 1)[0]
        for v in read
        if read[v] is None and difflib.get_close_matches(plain_name(v), spelled, 1)
    }
    hint = f"Nearest code: {', '.join(sorted(spelled[h] for h in hints)[:3])}. " if hints else ""
    do = f"{hint}Known codes: {', '.join(column.codes)}."
    blank = _blank(values)
    work.frame[column.name] = values.map(read).astype("str").where(values.map(read).notna(), None)
    if column.required:
        work.drop("unknown-code", unknown, "holds a code that is not known", do, column.name)
        work.drop(
            "no-code", blank.loc[work.frame.index], "is blank", f"Known codes: {', '.join(column.codes)}.", column.name
        )
    else:
        work.say(
            "unknown-code",
            "notice",
            unknown,
            "holds a code that is not known; treated as not recorded.",
            do,
            column.name,
        )


def _dates(work: _Work, column: Column) -> None:
    parsed, wrong, notices = read_dates(work.frame[column.name], DateRules())
    for code, level, where, what, do in notices:
        if level == "file" and column.name != "date_of_birth":
            work.drop(code, where, what.rstrip("."), do, column.name, level)
        else:
            work.say(code, level, where, what, do, column.name)
    parsed, wrong = parsed.loc[work.frame.index], wrong.loc[work.frame.index]
    early = parsed.notna() & (parsed < EARLIEST)
    missing = parsed.isna() & ~wrong
    work.frame[column.name] = parsed
    # A birth date is used for ages only: without it the child's waits still stand.
    if column.name == "date_of_birth":
        work.say(
            "impossible-date",
            "rows",
            wrong,
            "is not a date that exists; the child is used without an age.",
            "Correct it; write dates as 2019-07-31 or 31/07/2019.",
            column.name,
        )
        work.say(
            "early-date",
            "rows",
            early,
            f"lies before {EARLIEST.year}; the child is used without an age.",
            "Correct the year.",
            column.name,
        )
        work.frame.loc[early, column.name] = pd.NaT
        return
    work.drop(
        "impossible-date",
        wrong,
        "is not a date that exists, or not one of the forms 2019-07-31 and 31/07/2019",
        "Correct the date.",
        column.name,
    )
    kept = work.frame.index
    work.drop("early-date", early.loc[kept], f"lies before {EARLIEST.year}", "Correct the year.", column.name)
    if column.required == "value":
        kept = work.frame.index
        work.drop("no-date", missing.loc[kept], "has no date", "Add the date, or leave the row out.", column.name)


def _known_by(work: _Work, start: str, as_at: date) -> None:
    """What is dated after the day the report is as at is not yet known on that day."""
    day = pd.Timestamp(as_at)
    far = work.frame[start] > day + pd.DateOffset(years=2)
    work.drop("far-future", far, f"lies more than two years after {show_date(as_at)}", "Correct the year.", start)
    later = work.frame[start] > day
    work.drop(
        "later", later, f"is dated after {show_date(as_at)}, the day this report is as at", "", start, level="notice"
    )


def _ends(work: _Work, as_at: date) -> None:
    frame = work.frame
    work.drop(
        "end-before-start",
        frame["end_date"] < frame["start_date"],
        "ends before it starts",
        "Correct the dates.",
        "end_date",
    )
    later = work.frame["end_date"] > pd.Timestamp(as_at)
    work.frame.loc[later, "end_date"] = pd.NaT  # not yet known to end


def _one_row_per_child(work: _Work) -> pd.DataFrame:
    """Set aside children whose rows contradict each other; return the keys that remain."""
    facts = [c for c in work.frame.columns if c != "line"]
    distinct = work.frame.drop_duplicates(facts)
    clash = distinct.duplicated(["local_authority", "child_id"], keep=False)
    keys = distinct.loc[clash, ["local_authority", "child_id"]].drop_duplicates()
    conflict = pd.Series(
        pd.MultiIndex.from_frame(work.frame[["local_authority", "child_id"]]).isin(pd.MultiIndex.from_frame(keys)),
        index=work.frame.index,
        dtype=bool,
    )
    work.drop(
        "conflict",
        conflict,
        "describes a child that another row describes differently",
        "Decide which row is right and delete the other.",
    )
    return work.frame[["local_authority", "child_id"]].drop_duplicates()


def _join_children(work: _Work, keys: pd.DataFrame) -> None:
    """Give every row its authority, and set aside the rows of children that the children table does not have."""
    frame = work.frame
    owners = keys.groupby("child_id")["local_authority"].agg(["nunique", "first"])
    count = frame["child_id"].map(owners["nunique"]).fillna(0)
    stated = frame["local_authority"].notna()
    ambiguous = ~stated & (count > 1)
    work.drop(
        "which-authority",
        ambiguous,
        "belongs to a child_id that several authorities use",
        "Add the column local_authority to this table.",
        "child_id",
    )
    frame = work.frame
    frame["local_authority"] = frame["local_authority"].where(
        frame["local_authority"].notna(), frame["child_id"].map(owners["first"])
    )
    known = pd.MultiIndex.from_frame(frame[["local_authority", "child_id"]]).isin(pd.MultiIndex.from_frame(keys))
    orphan = pd.Series(~known, index=frame.index, dtype=bool)
    stripped = set(keys["child_id"].str.lstrip("0"))
    zeros = orphan & frame["child_id"].str.lstrip("0").isin(stripped)
    hint = " Some would match if leading zeros had not been lost." if zeros.any() else ""
    work.drop(
        "no-such-child",
        orphan,
        "belongs to a child who is not in the children table",
        f"Add the child to children, or correct the id.{hint}",
        "child_id",
    )
