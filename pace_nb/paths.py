"""Where the notebooks and templates lie: beside the package in a checkout, inside it once installed as a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _find(name: str) -> Path:
    inside = _PACKAGE / f"_{name}"
    return inside if inside.is_dir() else _PACKAGE.parent / name


NOTEBOOKS = _find("notebooks")
TEMPLATES = _find("templates")
