"""Identity: numbers of children as text, never as numbers; who is one child, and who is nobody.

Spaces around a number are dropped on reading. Characters that cannot be seen are taken out and full-width ones made plain
(Unicode NFKC). Letters of another alphabet that look Latin are never guessed at. Capitals count, except that a number of
another table that matches no child as written, and just one child when capitals are ignored, is that child's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cached_property, partial
from itertools import repeat

import numpy as np
import pandas as pd

from pace_nb.checks.work import Work
from pace_nb.files import plain_name, tidy
from pace_nb.findings import rule
from pace_nb.neighbours import firsts
from pace_nb.schema import Column
from pace_nb.texts import Texts

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

#: How most systems write a number: a letter or more, then figures; nothing that has to be looked at more closely.
_ORDINARY = re.compile(r"[A-Z]{1,5}[-_/]?\d[\d-]*")
_TOTALS = ("total", "totals", "grand total")
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+")
_FORMULA = re.compile(r"[=+@]|-.")  # a lone hyphen is somebody's way of writing a number


def read_ids(work: Work, column: Column) -> None:
    """Read the column of children's numbers."""
    name, texts = column.name, work.texts[column.name]
    ids, whole = texts, "".join(texts.texts)
    if not (whole.isascii() and whole.isprintable()):
        work.texts[name] = ids = texts.read_as(plain_id)
        work.say(UNSEEN, texts.are(lambda t: plain_id(t) != t), name)
    new = set(ids.texts).difference(work.ordinary)
    strange = {t for t in new if not _ORDINARY.fullmatch(t)}  # few, and only these need be looked at closely
    work.ordinary |= new - strange
    headings = {plain_name(h) for raw in work.raws for h in (name, raw.native.get(name, name))}
    if any(_ORDINARY.fullmatch(h.upper()) for h in headings):
        strange = set(ids.texts)

    def those(test: Callable[[str], object]) -> np.ndarray:
        hit = {t for t in strange if test(t)}
        return ids.are(hit.__contains__) if hit else np.zeros(len(work), dtype=bool)

    work.drop(NO_ID, those(lambda t: not t), name)
    work.drop(HEADER_AGAIN, those(lambda t: plain_name(t) in headings), name)
    work.drop(TOTAL, those(lambda t: t.lower() in _TOTALS), name)
    work.drop(ROUNDED, those(_ROUNDED.fullmatch), name)
    work.drop(LOOK_ALIKE, those(has_look_alikes), name)
    chi = those(is_chi)
    for number in range(len(work.raws)) if chi.any() else ():
        here = work.alive & (work.source == number)
        some = np.unique(ids.numbers[here])
        if some.size and np.unique(ids.numbers[here & chi]).size >= CHI_SHARE * some.size:
            work.drop(CHI, here, name)
    work.say(FORMULA, those(_FORMULA.match), name)


def read_text(work: Work, column: Column) -> None:
    """Read a column of text: kept as it is, blank as missing."""
    work.say(FORMULA, work.texts[column.name].are(_FORMULA.match), column.name)


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
    rows = np.flatnonzero(work.alive)
    number = pd.Series(work.numbers(KEYS)[rows])
    again = number.duplicated(keep=False).to_numpy()
    if not again.any():
        return
    rows, group = rows[again], number[again].set_axis(rows[again])
    facts = [c for c in work.texts if c not in KEYS]
    those = work.frame(rows)[facts].set_axis(rows)
    several = those.groupby(group)[facts].nunique().gt(1)
    for fact in facts:
        work.say(CONFLICT, _mask(work, rows[group.isin(several.index[several[fact]])]), fact)
    clash = group.isin(several.index[several.any(axis=1)]).to_numpy()
    work.alive[rows[clash]] = False
    rest = those[~clash]
    first = rest.groupby(group[~clash], sort=False)[facts].first()  # the first value of each that is not blank
    head = rest.index[~group[~clash].duplicated()].to_numpy()
    for fact in facts:
        if fact in work.days:
            work.days[fact][head] = first[fact].to_numpy(dtype="datetime64[s]")
        else:
            texts = np.array(work.texts[fact].rows(), dtype=object)
            texts[head] = first[fact].fillna("").to_numpy(dtype=object)
            work.texts[fact] = Texts.of(texts)
    work.copy(FULLER, _mask(work, np.setdiff1d(rest.index.to_numpy(), head)))


def _mask(work: Work, rows: np.ndarray) -> np.ndarray:
    mask = np.zeros(len(work), dtype=bool)
    mask[rows] = True
    return mask


def drop_copies(work: Work) -> None:
    """Use each row once that says the same as an earlier one."""
    number = work.numbers(work.texts)[work.alive]
    in_order = np.sort(number)  # much quicker than to look each up, and mostly all that there is to do
    if (in_order[1:] == in_order[:-1]).any():
        again = pd.Series(number).duplicated(keep="first").to_numpy()
        work.copy(COPY, _mask(work, np.flatnonzero(work.alive)[again]))


class Children:
    """The children of an extract by number, which is their row: each one's id and authority, and what an id alone tells.

    alone: of each different id, the number of the child who has it, -1 where several have. shared: which ids children of several
    authorities have. The last of both is for an id that no child has: its place is -1.
    """

    def __init__(self, work: Work):
        self.ids, self.authorities = (work.texts[c].keep(work.alive) for c in KEYS[::-1])
        self._place = {one: i for i, one in enumerate(self.ids.texts)}
        self.shared = np.bincount(self.ids.numbers, minlength=len(self._place) + 1) > 1
        self.alone = np.full(len(self._place) + 1, -1)
        self.alone[self.ids.numbers] = np.arange(len(self.ids))
        self.alone[self.shared] = -1

    def places(self, ids: Texts) -> np.ndarray:
        """Return for each different text its place among the ids of children; -1 where no child has it."""
        return np.fromiter(map(self._place.get, ids.texts, repeat(-1)), np.intp, len(ids.texts))

    def of_authorities(self, places: np.ndarray, authorities: Texts) -> np.ndarray:
        """Return the number of the child of each row by id (its place) and authority; -1 where there is none."""
        known = {one: i for i, one in enumerate(self.authorities.texts)}
        areas = np.array([known.get(t, -1) for t in authorities.texts], dtype=np.int64)[authorities.numbers]
        pairs = np.where((places < 0) | (areas < 0), -1, places * len(known) + areas)
        first = firsts(pairs)
        found = pd.Index(self.ids.numbers * len(known) + self.authorities.numbers).get_indexer(pairs[first])
        return np.repeat(found, np.diff(first, append=len(pairs)))

    @cached_property
    def lower(self) -> dict[str, str]:
        """The id that is the same but for capitals; "" where several are."""
        lower: dict[str, str] = {}
        for one in self.ids.texts:
            if lower.setdefault(one.casefold(), one) != one:
                lower[one.casefold()] = ""
        return lower

    @cached_property
    def stripped(self) -> set[str]:
        """The ids without leading zeros."""
        return {one.lstrip("0") for one in self.ids.texts}

    def known(self, text: str) -> bool:
        """Tell whether a child has an id."""
        return text in self._place

    def spelled(self, text: str) -> str:
        """Return the id that a text is: itself, or that of the one child who has it but for capitals."""
        return text if self.known(text) else self.lower.get(text.casefold()) or text


def join_children(work: Work, children: Children) -> None:
    """Give every row its child and authority, and set aside the rows of children that the children table does not have."""
    ids, stated = work.texts["child_id"], work.texts["local_authority"].are(bool)
    places = children.places(ids)
    strange = [ids.texts[i] for i in np.flatnonzero(places < 0).tolist()]
    other = {t: children.spelled(t) for t in strange if children.spelled(t) != t}
    if other:
        work.say(CASE, ids.are(other.__contains__), "child_id")
        work.texts["child_id"] = ids = ids.read_as(lambda t: other.get(t, t))
        places = children.places(ids)
    work.who = children.alone[places][ids.numbers]
    work.drop(WHICH, ~stated & children.shared[places][ids.numbers], "child_id")
    if stated.any():
        authorities = work.texts["local_authority"].keep(stated)
        work.who[stated] = children.of_authorities(places[ids.numbers[stated]], authorities)
    blank = ~stated & (work.who >= 0)
    if blank.any():
        _fill_in_authorities(work, children, blank)
    unknown = work.who < 0
    if unknown.any():
        lost = {t for t in strange if t.lstrip("0") in children.stripped}
        work.drop(ZEROS, unknown & ids.are(lost.__contains__), "child_id")
        work.drop(ORPHAN, unknown, "child_id")


def _fill_in_authorities(work: Work, children: Children, blank: np.ndarray) -> None:
    """Give rows of a mask the authority of their child."""
    owner = Texts(children.authorities.numbers[work.who[blank]], children.authorities.texts).keep(slice(None))
    both = Texts.joined([work.texts["local_authority"], owner])
    place = np.arange(len(work))
    place[blank] = np.arange(len(owner)) + len(work)
    work.texts["local_authority"] = both.keep(place)
