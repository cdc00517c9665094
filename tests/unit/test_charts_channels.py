"""How charts name what they draw: a channel of Altair's, never a bare text, for which Altair goes through all its classes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pace_nb.charts

CHARTS = sorted(Path(pace_nb.charts.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", CHARTS, ids=lambda p: p.stem)
def test_what_is_drawn_is_named_by_its_channel(path):
    """`y="weeks:Q"` costs Altair as long as a whole layer; `y=alt.Y("weeks:Q")` nothing. Nor `alt.value`, a plain dictionary."""
    calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    encoded = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "encode"]
    given = [value for call in encoded for value in (*call.args, *(k.value for k in call.keywords))]
    bare = [v.lineno for v in given if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    loose = [v.lineno for v in given if isinstance(v, ast.Call) and ast.unparse(v.func) in ("alt.value", "alt.datum")]
    assert bare + loose == []
