"""The house rules for dashboards: notebooks as thin as the others, that say of themselves for whom they are and what they need."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent.parent / "notebooks" / "dashboards"
DASHBOARDS = sorted(FOLDER.glob("*.ipynb"))
LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.AsyncFor)
NAMES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
PARAMETER = re.compile(r'[a-z_]+: str = ".*"  # \S.*')

pytestmark = pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda p: p.stem)


def stored(dashboard: Path) -> dict:
    return json.loads(dashboard.read_text(encoding="utf-8"))


def cells(dashboard: Path, kind: str = "code") -> list[tuple[str, list[str]]]:
    found = [c for c in stored(dashboard)["cells"] if c["cell_type"] == kind]
    return [("".join(c["source"]), c["metadata"].get("tags", [])) for c in found]


def test_says_for_whom_it_is_and_what_it_needs(dashboard):
    about = stored(dashboard)["metadata"]["pace"]["dashboard"]
    assert about["audience"] in ("aggregate", "working")
    assert about["needs"] in ("extract", "pack", "nothing")


def test_is_stored_without_outputs_and_with_plain_ids(dashboard):
    found = stored(dashboard)["cells"]
    assert [c["id"] for c in found] == [f"c{n:02}" for n in range(len(found))]
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in found if c["cell_type"] == "code")
    assert all(set(c["metadata"]) <= {"tags"} for c in found)


def test_opens_with_the_question_who_asks_and_what_it_decides(dashboard):
    first = cells(dashboard, "markdown")[0][0]
    assert re.match(r"# [A-Z].*\?\n", first)
    assert "**Who asks:** " in first
    assert "**What it decides:** " in first


def test_parameters_are_text_and_setup_hands_all_of_them_on(dashboard):
    tagged = {t: source for source, tags in cells(dashboard) for t in tags}
    names = [line.split(":")[0] for line in tagged["parameters"].splitlines()]
    assert all(PARAMETER.fullmatch(line) for line in tagged["parameters"].splitlines())
    started = re.search(r"pace\.start\((.*)\)", tagged["setup"])[1]
    assert started == ", ".join(f"{n}={n}" for n in names)


def test_code_is_thin(dashboard):
    for source, tags in cells(dashboard):
        assert len(source.splitlines()) <= 8
        tree = list(ast.walk(ast.parse(source)))
        assert not [n for n in tree if isinstance(n, (*LOOPS, *NAMES))]
        assert ("import" in source) == ("setup" in tags)


def test_one_for_everyone_reads_no_extract(dashboard):
    if stored(dashboard)["metadata"]["pace"]["dashboard"]["audience"] == "aggregate":
        assert not re.search(r"read_extract|read_areas", "".join(source for source, _ in cells(dashboard)))
