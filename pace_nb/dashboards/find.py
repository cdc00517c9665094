"""Which dashboards there are, and what each says of itself."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import nbformat

from pace_nb.errors import DefinitionError, ParameterError
from pace_nb.paths import NOTEBOOKS

FOLDER = NOTEBOOKS / "dashboards"
AUDIENCES = ("aggregate", "working")
NEEDS = ("extract", "pack", "nothing")


@dataclass(frozen=True)
class Dashboard:
    """A notebook that is shown as a dashboard.

    audience: "aggregate", for everyone, or "working", for people entitled to see children. needs: what it reads, "extract",
    "pack" or "nothing". parameters: the names that its parameters cell takes. fresh: whether it is worked out anew for each visitor,
    because what it shows changes while it is served; the others are worked out once, when they are started.
    """

    path: Path
    title: str
    audience: str
    needs: str
    parameters: tuple[str, ...]
    fresh: bool = False

    @property
    def name(self) -> str:
        """Its name on the command line."""
        return self.path.stem


def find_dashboard(name: str) -> Dashboard:
    """Return the dashboard of this name, or that a path to a notebook leads to.

    Raises ParameterError for a name that is none, DefinitionError for a notebook that does not say for whom it is.
    """
    known = {p.stem: p for p in sorted(FOLDER.glob("*.ipynb"))}
    path = Path(name) if name.endswith(".ipynb") else known.get(name)
    if path is None or not path.is_file():
        raise ParameterError(f"There is no dashboard '{Path(name).name}'.", do=f"choose from {', '.join(known)}.")
    return read_dashboard(path)


def find_dashboards() -> list[Dashboard]:
    """Return every dashboard there is, in order of name."""
    return [read_dashboard(p) for p in sorted(FOLDER.glob("*.ipynb"))]


def read_dashboard(path: Path) -> Dashboard:
    """Return what a notebook says of itself in its metadata, under "pace": {"dashboard": {"audience": …, "needs": …, "fresh": …}}."""
    notebook = nbformat.read(path, as_version=4)
    about = notebook.metadata.get("pace", {}).get("dashboard", {})
    if about.get("audience") not in AUDIENCES or about.get("needs") not in NEEDS:
        raise DefinitionError(
            f"{path.name} is no dashboard: it does not say for whom it is and what it needs.",
            do='its metadata need "pace": {"dashboard": {"audience": "aggregate" or "working", '
            '"needs": "extract", "pack" or "nothing"}}.',
        )
    first = next((c.source for c in notebook.cells if c.cell_type == "markdown"), path.stem)
    title = first.splitlines()[0].lstrip("# ")
    return Dashboard(path, title, about["audience"], about["needs"], _parameters(notebook), bool(about.get("fresh")))


def _parameters(notebook: nbformat.NotebookNode) -> tuple[str, ...]:
    cell = next((c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])), None)
    body = ast.parse(cell.source).body if cell else []
    return tuple(n.target.id for n in body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name))
