"""A column of texts, each once; and rows of a file that are read in two ways and have to be the same."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.files import grid
from pace_nb.files.grid import LONGEST_CELL, ListedRows, PlainLines
from pace_nb.texts import Texts

CELLS = st.lists(st.sampled_from(["", "a", "b", " a", "B", "é"]), max_size=12)


@settings(deadline=None)
@given(CELLS, st.data())
def test_a_column_is_its_rows(cells, data):
    column = Texts.of(cells)
    assert column.rows() == cells
    assert len(set(column.texts)) == len(column.texts) == len(set(cells))
    where = np.array(data.draw(st.lists(st.booleans(), min_size=len(cells), max_size=len(cells))), dtype=bool)
    kept = column.keep(where)
    assert kept.rows() == [c for c, w in zip(cells, where, strict=True) if w]
    assert set(kept.texts) == set(kept.rows()), "no text is left of which there is no row"
    assert column.read_as(str.strip).rows() == [c.strip() for c in cells]
    assert len(set(column.read_as(str.upper).texts)) == len(column.read_as(str.upper).texts)
    assert column.are(bool).tolist() == [bool(c) for c in cells]
    assert Texts.joined([column, kept, column]).rows() == [*cells, *kept.rows(), *cells]


def test_a_column_without_rows():
    assert Texts.of([]).rows() == Texts.same("x", 0).rows() == Texts.of([]).keep(np.zeros(0, dtype=bool)).rows() == []


LINES = st.lists(st.text(alphabet="ab,; é\u00a0\u2028\x0b\x85", max_size=8), max_size=9)


@settings(deadline=None)
@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from(",;"))
def test_plain_lines_are_the_rows_that_the_csv_module_reads(lines, end, ended, separator):
    text = end.join(lines) + (end if ended and lines else "")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    plain = PlainLines.of(text.encode(), separator)
    assert plain.rows == rows
    listed = ListedRows(rows)
    assert plain.widths().tolist() == listed.widths().tolist()
    for width in set(plain.widths().tolist()) - {0}:
        which = np.flatnonzero(plain.widths() == width)
        places = [width - 1, 0]
        assert [c.rows() for c in plain.columns(which, width, places)] == [
            c.rows() for c in listed.columns(which, width, places)
        ]


@settings(deadline=None)
@given(LINES, st.booleans(), st.integers(1, 9), st.integers(1, 3))
def test_lines_are_the_same_rows_however_many_of_them_are_looked_at_together(lines, ended, letters, rows):
    text = ("\r\n".join(lines) + ("\n" if ended and lines else "")).encode()
    whole = PlainLines.of(text, ",")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grid, "_TOGETHER", letters)
        patch.setattr(grid, "_ROWS", rows)
        parts = PlainLines.of(text, ",")
        assert parts.rows == whole.rows
        assert parts.widths().tolist() == whole.widths().tolist()
        for width in set(whole.widths().tolist()) - {0}:
            which, places = np.flatnonzero(whole.widths() == width), list(range(width))
            columns = [c.columns(which, width, places) for c in (parts, whole)]
            for one, other in zip(*columns, strict=True):
                assert one.rows() == other.rows()
                assert len(set(one.texts)) == len(one.texts), "each text is there once"


def test_lines_that_need_the_rules_of_csv_are_not_plain():
    assert PlainLines.of(b"a,b\n1,2\n", ",").rows == [["a", "b"], ["1", "2"]]
    for text in (b'a,"b"\n', b"a,b\r1,2\n", b"\ra\n", b"a" * LONGEST_CELL + b",b\n"):
        assert PlainLines.of(text, ",") is None, text[:10]
    assert PlainLines.of(b"a b\n", " ") is None
