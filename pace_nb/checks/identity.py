"""Identity: numbers of children as text, never as numbers; who is one child, and who is nobody.

Spaces around a number are dropped on reading. Characters that cannot be seen are taken out and full-width ones made plain
(Unicode NFKC). Letters of another alphabet that look Latin are never guessed at. Capitals count, except that a number of
another table that matches no child as written, and just one child when capitals are ignored, is that child's.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from pace_nb.checks.work import Work, each_once
from pace_nb.files import plain_name, tidy
from pace_nb.findings import rule
from pace_nb.schema import Column

#: From this share of a file's numbers on, they are taken for CHI numbers (one in 300 of any ten figures looks like one).
CHI_SHARE = 0.5

_rule = partial(rule, part="identity")
NO_ID = _rule("no-id", "rows", says="has no child_id; set aside.", do="Add it in the export.", fate="set aside")
HEADER_AGAIN = _rule(
    "header-again", "rows", says="repeats the header; set aside.", do="Delete the row.", fate="set aside"
)
TOTAL = _rule("total-row", "rows", says="is a total, not a child; set aside.", do="Delete the row.", fate="set aside")
ROUNDED = _rule(
    "rounded-id",
    "rows",
    says="has an id that Excel has rounded (such as 1.23E+15), so it could be several children; set aside.",
    do="Format the column as text before exporting.",
    fate="set aside",
)
CHI = _rule(
    "chi-number",
    "file",
    says="looks like a CHI number: no row with such numbers was used, and they are shown nowhere.",
    do="Put the authority's own number, or a pseudonym, in its place, and delete this copy of the extract.",
    fate="set aside",
)
UNSEEN = _rule(
    "unseen-characters",
    "notice",
    says="has an id with characters that cannot be seen or are of unusual width; it was read without them.",
    do="Type the id anew in the system.",
)
LOOK_ALIKE = _rule(
    "look-alike-id",
    "rows",
    says="has an id with letters of another alphabet that look like ours, so it could be another child; set aside.",
    do="Type the id anew in the system.",
    fate="set aside",
)
FORMULA = _rule(
    "formula-text",
    "notice",
    says="begins like a formula (=, + or @); it was kept as text and is never worked out.",
)
COPY = _rule("duplicate", "notice", says="is an exact copy of an earlier row; used once.", fate="used once")
FULLER = _rule(
    "said-already",
    "notice",
    says="says nothing of the child that another row does not say; they were used as one.",
    fate="used once",
)
CONFLICT = _rule(
    "conflict",
    "rows",
    says="describes a child that another row describes differently; set aside.",
    do="Decide which row is right and delete the other.",
    fate="set aside",
)
CASE = _rule(
    "id-capitals",
    "notice",
    says="writes the id with other capitals than the children table; it was taken for the same child.",
    do="Write ids alike everywhere.",
)
WHICH = _rule(
    "which-authority",
    "rows",
    says="belongs to a child_id that several authorities use; set aside.",
    do="Add the column local_authority to this table.",
    fate="set aside",
)
ZEROS = _rule(
    "lost-zeros",
    "rows",
    says="belongs to no child as it is written, but would if leading zeros had not been lost; set aside.",
    do="Format the column as text before exporting, so that Excel keeps leading zeros.",
    fate="set aside",
)
ORPHAN = _rule(
    "no-such-child",
    "rows",
    says="belongs to a child who is not in the children table; set aside.",
    do="Add the child to children, or correct the id.",
    fate="set aside",
)

_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+")
_FORMULA = re.compile(r"[=+@]|-.")  # a lone hyphen is somebody's way of writing a number


def read_ids(work: Work, column: Column) -> None:
    """Read the column of children's numbers."""
    numbers, texts = each_once(work.frame[column.name])
    ids = [plain_id(t) for t in texts]

    def those(*which: bool) -> np.ndarray:
        return np.array(which, dtype=bool)[numbers]

    work.frame[column.name] = np.array(ids, dtype=object)[numbers] if len(texts) else ""
    headings = {plain_name(h) for raw in work.raws for h in (column.name, raw.native.get(column.name, column.name))}
    work.say(UNSEEN, those(*(i != t for i, t in zip(ids, texts, strict=True))), column.name)
    work.drop(NO_ID, those(*(not i for i in ids)), column.name)
    work.drop(HEADER_AGAIN, those(*(plain_name(i) in headings for i in ids)), column.name)
    work.drop(TOTAL, those(*(i.lower() in ("total", "totals", "grand total") for i in ids)), column.name)
    work.drop(ROUNDED, those(*(bool(_ROUNDED.fullmatch(i)) for i in ids)), column.name)
    work.drop(LOOK_ALIKE, those(*map(has_look_alikes, ids)), column.name)
    chi = those(*map(is_chi, ids))
    for number in range(len(work.raws)):
        here = work.alive & (work.frame["source"].to_numpy() == number)
        some = np.unique(numbers[here])
        if some.size and np.unique(numbers[here & chi]).size >= CHI_SHARE * some.size:
            work.drop(CHI, here, column.name)
    work.say(FORMULA, those(*(bool(_FORMULA.match(i)) for i in ids)), column.name)


def read_text(work: Work, column: Column) -> None:
    """Read a column of text: kept as it is, blank as missing."""
    values = work.frame[column.name]
    work.say(FORMULA, values.str.match(_FORMULA.pattern).to_numpy(dtype=bool), column.name)
    work.frame[column.name] = values.replace("", None)


def plain_id(text: str) -> str:
    """Return an id without what cannot be seen.

    >>> plain_id("CH\\u200b001"), plain_id("ＣＨ００１")
    ('CH001', 'CH001')
    """
    if text.isascii() and text.isprintable():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return tidy("".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc")))


def has_look_alikes(text: str) -> bool:
    """Tell whether a text has letters that are not Latin.

    >>> has_look_alikes("\\u0421H001"), has_look_alikes("CHÉ01")
    (True, False)
    """
    return not text.isascii() and any(c.isalpha() and "LATIN" not in unicodedata.name(c, "LATIN") for c in text)


def is_chi(text: str) -> bool:
    """Tell whether a text has the form of a CHI number: a date ddmmyy, three figures, and the right check figure.

    Check figure: weights 10 to 2, modulo 11. A leading zero may have been lost.

    >>> is_chi("0101011237"), is_chi("0101011230"), is_chi("CH001")
    (True, False, False)
    """
    figures = re.sub(r"[ -]", "", text)
    if not (figures.isascii() and figures.isdigit() and len(figures) in (9, 10)):
        return False
    figures = figures.zfill(10)
    try:
        date(2000 + int(figures[4:6]), int(figures[2:4]), int(figures[:2]))
    except ValueError:
        return False
    whole = sum(int(f) * w for f, w in zip(figures, range(10, 1, -1), strict=False))
    return (11 - whole % 11) % 11 == int(figures[9])


KEYS = ["local_authority", "child_id"]


def one_row_per_child(work: Work) -> None:
    """Make one row of those that say the same of a child; set aside the children whose rows contradict each other.

    A blank cell contradicts nothing: the first row is filled in from the others.
    """
    live = work.live
    facts = [c for c in live.columns if c not in (*KEYS, "line", "source")]
    number = live.groupby(KEYS, sort=False).ngroup()
    again = number.duplicated(keep=False)
    if not again.any():
        return
    those, group = live[again], number[again]
    several = those.groupby(group)[facts].nunique().gt(1)
    for fact in facts:
        where = np.zeros(len(work.frame), dtype=bool)
        clash = several.index[several[fact]]
        where[those.index[group.isin(clash)]] = True
        work.say(CONFLICT, where, fact)
    where = np.zeros(len(work.frame), dtype=bool)
    where[those.index[group.isin(several.index[several.any(axis=1)])]] = True
    work.alive &= ~where
    rest = those[~where[those.index]]
    first = rest.groupby(group[rest.index])[facts].first()  # the first value of each that is not blank
    head = rest.index[~group[rest.index].duplicated()]
    for fact in facts:
        filled = first[fact].to_numpy()
        work.frame.loc[head, fact] = filled
    later = np.zeros(len(work.frame), dtype=bool)
    later[rest.index.difference(head)] = True
    work.copy(FULLER, later)


def drop_copies(work: Work) -> None:
    """Use each row once that says the same as an earlier one."""
    compare = [c for c in work.frame.columns if c not in ("line", "source")]
    again = np.zeros(len(work.frame), dtype=bool)
    again[work.live.index[work.live.duplicated(compare, keep="first")]] = True
    work.copy(COPY, again)


def join_children(work: Work, keys: pd.DataFrame) -> None:
    """Give every row its authority, and set aside the rows of children that the children table does not have."""
    frame = work.frame
    _match_capitals(work, keys)
    owners = keys.groupby("child_id")["local_authority"].agg(["nunique", "first"])
    count = frame["child_id"].map(owners["nunique"]).fillna(0).to_numpy()
    stated = frame["local_authority"].notna().to_numpy()
    work.drop(WHICH, ~stated & (count > 1), "child_id")
    owner = frame["child_id"].map(owners["first"])
    frame["local_authority"] = frame["local_authority"].where(stated, owner)
    if count.max(initial=0) > 1:
        known = pd.MultiIndex.from_frame(frame[KEYS]).isin(pd.MultiIndex.from_frame(keys))
    else:
        known = (frame["local_authority"] == owner).to_numpy(dtype=bool)
    stripped = set(keys["child_id"].str.lstrip("0"))
    lost = ~known & frame["child_id"].str.lstrip("0").isin(stripped).to_numpy() & (count == 0)
    work.drop(ZEROS, lost, "child_id")
    work.drop(ORPHAN, ~known, "child_id")


def _match_capitals(work: Work, keys: pd.DataFrame) -> None:
    """Take an id that no child has, and one child has but for capitals, for that child's."""
    exact = set(keys["child_id"])
    lower: dict[str, set[str]] = {}
    for one in exact:
        lower.setdefault(one.casefold(), set()).add(one)
    numbers, texts = each_once(work.frame["child_id"])
    same = [
        t if t in exact or len(lower.get(t.casefold(), ())) != 1 else next(iter(lower[t.casefold()])) for t in texts
    ]
    changed = np.array([s != t for s, t in zip(same, texts, strict=True)], dtype=bool)[numbers]
    if changed.any():
        work.say(CASE, changed, "child_id")
        work.frame["child_id"] = np.array(same, dtype=object)[numbers]
