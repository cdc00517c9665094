"""Imports point down only, and each outside library has one owner (docs/architecture.md, the table of layers)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "pace_nb"
LAYERS = (
    ("words", {"day_numbers", "errors", "terms", "neighbours", "periods", "processes", "texts"}),
    (
        "declarations and data",
        {
            "schema",
            "store",
            "definitions",
            "date_forms",
            "date_texts",
            "dates",
            "profiles",
            "pseudonyms",
            "aims",
            "areas",
            "changes",
            "findings",
            "files",
            "checks",
            "extract",
            "past",
            "sample",
            "sample_changes",
            "sample_layouts",
            "sample_lives",
            "sample_natives",
            "sample_plan",
            "theory",
            "tests_of_change",
        },
    ),
    ("facts", {"numbered", "spells", "intervals"}),
    ("numbers", {"balancing", "disclosure", "measures", "now", "outlook", "previous", "reviews", "waits"}),
    ("analysis", {"aim_checks", "change", "compare", "fitness", "funnels", "runchart", "study", "timelines"}),
    ("display", {"theme", "marking", "shown", "wording", "tables", "charts", "vega", "pages"}),
    (
        "delivery",
        {
            "corrections",
            "handouts",
            "packs",
            "leaks",
            "outputs",
            "names",
            "runs",
            "session",
            "paths",
            "batch",
            "cli",
            "__main__",
            "controls",
            "dashboards",
            "children_page",
        },
    ),
)
RANK = {name: i for i, (_, names) in enumerate(LAYERS) for name in names}
#: Outside library: the modules that may import it. What is not listed here may be used anywhere.
OWNERS = {
    "altair": {"charts"},
    "vl_convert": {"vega"},
    "papermill": {"batch"},
    "nbconvert": {"batch", "dashboards"},
    "nbclient": {"batch", "dashboards"},
    "nbformat": {"batch", "dashboards"},
    "jinja2": {"batch", "children_page", "handouts", "outputs"},
    "ipykernel": {"batch", "dashboards"},
    "filelock": {"batch.claim", "store"},
    "fsspec": {"batch.places"},
    "dask": {"batch.cluster"},  # an extra: imported when it is asked for
    "distributed": {"batch.cluster"},
    "typer": {"cli"},
    "rich": {"cli"},
    "ipywidgets": {"controls"},
    "anywidget": {"controls"},
    "voila": {"dashboards"},
    "jupyter_client": {"dashboards"},
    "jupyter_server": {"dashboards"},
    "tornado": {"dashboards"},
    "openpyxl": {"files", "tests_of_change"},
    "xlsxwriter": {"corrections", "outputs", "sample", "sample_layouts", "tests_of_change"},
    "scipy": {"compare", "disclosure", "funnels", "measures", "waits", "runchart"},
}


def modules() -> list[str]:
    """Every module of the package but its root, by its name inside the package."""
    names = (p.relative_to(PACKAGE).with_suffix("") for p in sorted(PACKAGE.rglob("*.py")))
    return [".".join(n.parts).removesuffix(".__init__") for n in names if str(n) != "__init__"]


def source(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imports(module: str) -> Iterator[str]:
    """Yield what a module imports, wherever in it: `pace_nb.x.y` and the names of outside libraries."""
    for node in ast.walk(ast.parse(source(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            if node.module == "pace_nb":
                yield from (f"pace_nb.{a.name}" for a in node.names)
            else:
                yield str(node.module)


def home(module: str) -> str:
    """The name under which the table of layers knows a module: its first part."""
    return module.split(".")[0]


def test_every_module_has_a_layer():
    assert {home(m) for m in modules()} - set(RANK) == set()


@pytest.mark.parametrize("module", modules())
def test_imports_point_down_only(module):
    inside = {i.removeprefix("pace_nb.") for i in imports(module) if i.startswith("pace_nb.")}
    up = sorted(i for i in inside if RANK[home(i)] > RANK[home(module)])
    assert up == [], f"{module} stands below {up}"


@pytest.mark.parametrize("module", modules())
def test_no_module_imports_the_root_that_imports_them_all(module):
    assert not {"pace_nb", "pace_nb.names"} & set(imports(module))


@pytest.mark.parametrize("module", modules())
def test_a_library_is_used_only_where_it_belongs(module):
    used = {i.split(".")[0] for i in imports(module)}
    strangers = {lib for lib in used & set(OWNERS) if not {module, home(module)} & OWNERS[lib]}
    assert strangers == set()


def test_modules_of_one_layer_do_not_import_in_circles():
    below = {m: {i.removeprefix("pace_nb.") for i in imports(m) if i.startswith("pace_nb.")} for m in modules()}
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " -> ".join([*above, module])
        if module not in done:
            for lower in below.get(module, ()):
                visit(lower, (*above, module))
            done.add(module)

    for module in below:
        visit(module, ())


def test_importing_the_package_does_not_import_what_only_the_batch_needs():
    # ipywidgets is not among them: Altair imports it by itself where anywidget is installed.
    heavy = ("papermill", "nbconvert", "nbclient", "voila", "typer", "vl_convert", "openpyxl")
    code = f"import sys, pace_nb; pace_nb.start; print([m for m in {heavy!r} if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
