"""The first line of every notebook: are its parameters what it takes them for?"""

from __future__ import annotations

import ast
import difflib
import json
import os
from pathlib import Path
from typing import Any

from pace_nb.errors import ParameterError
from pace_nb.extract import AUDIENCES
from pace_nb.periods import to_date

#: Names a JSON file that holds the parameters of a dashboard: one object, each value text. `pace-nb dashboard` sets it.
DASHBOARD = "PACE_NB_DASHBOARD"


def start(**parameters: Any) -> None:
    """Check a notebook's parameters before anything is read, and refuse names that the notebook does not have.

    Every parameter is text. Papermill itself only logs a name that it does not know and goes on with the default, so a
    misspelt one is looked for in the cell that papermill injected. Raises ParameterError with all faults.

    In a dashboard the notebook's own values give way to those with which the dashboard was started: they are set as the
    notebook's variables, so that every later line uses them. Call it with every parameter, by its own name.
    """
    given = dashboard_parameters()
    unknown = sorted(set(given) - set(parameters))
    if given and not unknown:
        _set_variables(given)
    parameters |= {name: value for name, value in given.items() if name in parameters}
    faults = [f"{name} is not a parameter of this notebook" for name in unknown]
    faults += [
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


def dashboard_parameters() -> dict[str, str]:
    """Return the parameters with which a dashboard was started; empty in a report and in JupyterLab.

    Raises ParameterError if what the environment variable PACE_NB_DASHBOARD names is not a file that holds one JSON object.
    """
    named = os.environ.get(DASHBOARD, "")
    if not named:
        return {}
    try:
        given = json.loads(Path(named).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        given = None
    if not isinstance(given, dict):
        raise ParameterError(
            "The dashboard's parameters cannot be read.",
            do=f"{DASHBOARD} has to name a file with one JSON object; start it with pace-nb dashboard.",
        )
    return given


def is_dashboard() -> bool:
    """Tell whether a dashboard runs this notebook: then readers use its controls and see no code."""
    return bool(os.environ.get(DASHBOARD))


def is_injected() -> bool:
    """Tell whether papermill runs this notebook, for a report: then nobody is there to use a control."""
    return _cell() is not None


def _set_variables(values: dict[str, str]) -> None:
    from IPython import get_ipython

    shell = get_ipython()
    if shell:
        shell.user_ns.update(values)


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
