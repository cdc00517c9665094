"""The house rules for notebooks, so that they stay true (docs/architecture.md, section 5)."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent.parent / "notebooks").glob("*.ipynb"))
COMMON = ("extract_path", "area", "as_at", "since", "audience")
OWN_ACROSS_AREAS = {"extract_path", "area"}  # it takes a folder of extracts, and names an authority only if asked
PARAMETER = re.compile(r"(?P<name>[a-z_]+): (?P<type>str|int|float|bool) = (?P<value>.+?)  # (?P<help>\S.*)")
LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.AsyncFor)
NAMES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

pytestmark = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda p: p.stem)


def cells(notebook: Path) -> list[dict]:
    found = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [{**c, "source": "".join(c["source"]), "tags": c["metadata"].get("tags", [])} for c in found]


def code(notebook: Path) -> list[dict]:
    return [c for c in cells(notebook) if c["cell_type"] == "code"]


def parameters(notebook: Path) -> dict[str, tuple[str, str, str]]:
    """Return type, literal and help of each parameter."""
    found = [PARAMETER.fullmatch(line) for line in cells(notebook)[1]["source"].splitlines()]
    assert all(found), "a line of the parameters cell is not `name: type = literal  # help`"
    return {f["name"]: (f["type"], f["value"], f["help"]) for f in found}


def made_up(notebook: Path) -> bool:
    """Tell whether a notebook reads no extract: it is to learn on, and no report is made of it."""
    return not notebook.stem[0].isdigit()


def across_areas(notebook: Path) -> bool:
    stored = json.loads(notebook.read_text(encoding="utf-8"))
    return stored["metadata"].get("pace", {}).get("scope") == "areas"


def test_is_stored_without_outputs_and_counts(notebook):
    for cell in code(notebook):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


def test_metadata_hold_nothing_of_the_person_who_ran_it(notebook):
    stored = json.loads(notebook.read_text(encoding="utf-8"))
    assert set(stored["metadata"]) <= {"kernelspec", "language_info", "pace"}
    assert stored["metadata"]["kernelspec"]["name"] == "python3"
    assert stored["metadata"]["language_info"] == {"name": "python"}
    assert all(set(c["metadata"]) <= {"tags"} for c in stored["cells"])


def test_opens_with_the_question_who_asks_and_what_it_decides(notebook):
    first = cells(notebook)[0]
    assert first["cell_type"] == "markdown"
    assert re.match(r"# [A-Z].*\?\n", first["source"])
    assert "**Who asks:** " in first["source"]
    assert "**What it decides:** " in first["source"]


def test_has_one_title_and_sections_under_it(notebook):
    heads = [
        line
        for c in cells(notebook)
        if c["cell_type"] == "markdown"
        for line in c["source"].splitlines()
        if line[:1] == "#"
    ]
    levels = [len(h) - len(h.lstrip("#")) for h in heads]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    assert len(set(heads)) == len(heads), "two sections have the same name, so the contents list cannot tell them apart"


def test_has_15_to_30_cells(notebook):
    assert 15 <= len(cells(notebook)) <= 30


def test_parameters_are_names_with_a_type_a_literal_and_help(notebook):
    assert cells(notebook)[1]["tags"] == ["parameters"]
    for kind, value, _ in parameters(notebook).values():
        assert type(ast.literal_eval(value)).__name__ == kind, "derived, or not of its type"


def test_parameters_that_all_notebooks_have_are_the_same_in_each(notebook):
    own, first = parameters(notebook), parameters(NOTEBOOKS[0])
    if made_up(notebook):
        assert not set(own) & set(COMMON), "no parameter of an extract where none is read"
        return
    assert tuple(own)[: len(COMMON)] == COMMON
    same = [n for n in COMMON if not (across_areas(notebook) and n in OWN_ACROSS_AREAS)]
    assert {n: own[n] for n in same} == {n: first[n] for n in same}
    assert {n: own[n][0] for n in COMMON} == dict.fromkeys(COMMON, "str")


def test_is_aggregate_unless_working_is_said_aloud(notebook):
    if made_up(notebook):
        assert "read_extract" not in "".join(c["source"] for c in code(notebook))
        return
    assert parameters(notebook)["audience"][:2] == ("str", '"aggregate"')


def test_sets_up_with_one_import_and_a_check_of_every_parameter(notebook):
    setup = cells(notebook)[2]
    assert setup["tags"] == ["setup"]
    body = ast.parse(setup["source"]).body
    assert [
        ast.unparse(n) for n in ast.walk(ast.parse(setup["source"])) if isinstance(n, ast.Import | ast.ImportFrom)
    ] == ["import pace_nb as pace"]
    call = body[1].value
    assert ast.unparse(call.func) == "pace.start"
    assert call.args == []
    assert {k.arg: ast.unparse(k.value) for k in call.keywords} == {n: n for n in parameters(notebook)}


def test_imports_nothing_else(notebook):
    for cell in code(notebook)[2:]:
        assert not any(isinstance(n, ast.Import | ast.ImportFrom) for n in ast.walk(ast.parse(cell["source"])))


def test_code_cells_are_short_define_nothing_and_repeat_nothing(notebook):
    for cell in code(notebook):
        assert 1 <= len(cell["source"].splitlines()) <= 8
        nodes = list(ast.walk(ast.parse(cell["source"])))
        assert not any(isinstance(n, LOOPS) for n in nodes), cell["source"]
        assert not any(isinstance(n, NAMES) for n in nodes), cell["source"]


def test_no_cell_gives_a_name_a_second_meaning(notebook):
    given: list[str] = []
    for cell in code(notebook):
        for node in ast.walk(ast.parse(cell["source"])):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                given.append(node.id)
    assert sorted(set(given)) == sorted(given)


def test_ends_with_how_far_to_trust_it_and_the_footer(notebook):
    last = cells(notebook)[-1]
    if made_up(notebook):
        assert "Every number on this page is made up." in cells(notebook)[0]["source"]
        return
    assert last["tags"] == ["footer"]
    assert last["source"] == "pace.show_provenance(extract)"
    assert any(c["source"].startswith("## How far to trust this page") for c in cells(notebook))
    assert [c for c in cells(notebook) if "footer" in c["tags"]] == [last]


def test_only_known_tags_are_used(notebook):
    tags = [t for c in cells(notebook) for t in c["tags"]]
    assert sorted(tags) == (["parameters", "setup"] if made_up(notebook) else ["footer", "parameters", "setup"])


def test_the_default_extract_is_in_the_sample(notebook):
    if made_up(notebook):
        assert "extract" not in "".join(c["source"] for c in code(notebook))
        return
    path = ast.literal_eval(parameters(notebook)["extract_path"][1])
    assert list((notebook.parent / path).glob("*/children.csv" if across_areas(notebook) else "children.csv"))


def test_says_of_itself_if_it_takes_the_extracts_of_all_areas(notebook):
    read = [c for c in code(notebook) if re.search(r"pace\.read_areas\b", c["source"])]
    assert across_areas(notebook) == bool(read)


def test_says_of_itself_if_it_shows_single_children(notebook):
    stored = json.loads(notebook.read_text(encoding="utf-8"))
    drawn = any(re.search(r"pace\.(draw_timeline|draw_siblings|draw_histories)\b", c["source"]) for c in code(notebook))
    assert (stored["metadata"].get("pace", {}).get("audience") == "working") == drawn
