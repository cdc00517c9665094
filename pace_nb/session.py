"""The first line of every notebook: are its parameters what it takes them for?"""

from __future__ import annotations

import ast
import difflib
from typing import Any

from pace_nb.errors import ParameterError
from pace_nb.extract import AUDIENCES
from pace_nb.periods import to_date


def start(**parameters: Any) -> None:
    """Check a notebook's parameters before anything is read, and refuse names that the notebook does not have.

    Every parameter is text. Papermill itself only logs a name that it does not know and goes on with the default, so a
    misspelt one is looked for in the cell that papermill injected. Raises ParameterError with all faults.
    """
    faults = [
        f"{name} is {type(value).__name__}; it has to be text in quotation marks"
        for name, value in parameters.items()
        if not isinstance(value, str)
    ]
    for name in _injected():
        if name not in parameters:
            close = difflib.get_close_matches(name, parameters, 1)
            faults.append(
                f"{name} is not a parameter of this notebook" + (f"; did you mean {close[0]}?" if close else "")
            )
    for name in ("extract_path", "area"):
        if name in parameters and not str(parameters[name]).strip():
            faults.append(f"{name} is blank")
    if parameters.get("audience", "aggregate") not in AUDIENCES:
        faults.append("audience is neither aggregate nor working")
    if faults:
        raise ParameterError(
            "The notebook cannot run with these parameters.",
            where=faults,
            do=f"the parameters are: {', '.join(parameters)}.",
        )
    if "as_at" in parameters:
        to_date(parameters["as_at"])
    if parameters.get("since"):
        to_date(parameters["since"], "since")


def is_injected() -> bool:
    """Tell whether papermill runs this notebook, for a report: then nobody is there to use a control."""
    return _cell() is not None


def _injected() -> list[str]:
    """Return the names that papermill set in the cell it added, if this notebook runs under papermill."""
    cell = _cell()
    if cell is None:
        return []
    tree = ast.parse(cell)
    return [t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)]


def _cell() -> str | None:
    """Return the cell with parameters that papermill added; None in any other notebook."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    shell = get_ipython()
    cells = [c for c in shell.user_ns.get("In", []) if c.startswith("# Parameters\n")] if shell else []
    return cells[-1] if cells else None
