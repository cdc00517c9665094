"""The names that notebooks use: listed once, documented, and all of them in use or promised."""

from __future__ import annotations

import inspect
import json
import re
import types
from pathlib import Path

import pytest

import pace_nb as pace
from pace_nb import names

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("**/*.ipynb"))


def test_all_lists_every_public_name_in_order():
    found = {n for n, v in vars(names).items() if not n.startswith("_") and not isinstance(v, types.ModuleType)}
    assert set(pace.__all__) == found
    assert pace.__all__ == sorted(pace.__all__)
    assert len(pace.__all__) == len(set(pace.__all__))


@pytest.mark.parametrize("name", pace.__all__)
def test_every_public_name_says_what_it_does(name):
    said = inspect.getdoc(getattr(pace, name)) or ""
    first = said.splitlines()[0] if said else ""
    assert len(first) >= 20, f"{name} has no docstring to speak of"
    assert first[0].isupper()
    assert re.search(r"[.:]$", said.split("\n\n")[0].strip()), f"the docstring of {name} does not end as a sentence"


@pytest.mark.parametrize("name", [n for n in pace.__all__ if not inspect.isclass(getattr(pace, n))])
def test_every_parameter_of_a_public_function_has_a_type(name):
    signature = inspect.signature(getattr(pace, name))
    assert [p.name for p in signature.parameters.values() if p.annotation is inspect.Parameter.empty] == []
    assert signature.return_annotation is not inspect.Signature.empty


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_use_public_names_only(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    assert set(re.findall(r"\bpace\.(\w+)", code)) - set(pace.__all__) == set()
