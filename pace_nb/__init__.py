"""Helpers for the PACE notebooks: read an extract, follow each child's wait, draw it, and say what it means.

    extract = pace.read_extract(extract_path, as_at, area, audience)
    aim = pace.study_aim(extract, "aim-2")
    pace.draw_aim(aim)

The names stand in `pace_nb/names.py`; a new one is added there. They are loaded when the first of them is used, so that a command
which needs no analysis (`pace-nb --help`, `pace-nb report --resume` with nothing to do) does not wait for pandas and Altair.
Importing this does not import papermill, nbconvert or voila.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

#: jsonschema, which Altair and Jupyter use, looks for a checker of international addresses, and that one builds its grammar as it is
#: imported: seconds of every process, for a format that no schema here names. jsonschema does without a checker that is not there.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def __getattr__(name: str) -> Any:
    """Load the public names; a module of this package is left to the import system."""
    if name != "__all__" and (name.startswith("_") or find_spec(f"{__name__}.{name}") is not None):
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    names = import_module(f"{__name__}.names")
    try:
        return getattr(names, name)
    except AttributeError:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'") from None


def __dir__() -> list[str]:
    """Return the public names, for completion in a notebook."""
    return list(import_module(f"{__name__}.names").__all__)
