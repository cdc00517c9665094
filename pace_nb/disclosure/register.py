"""What a run has published, held against itself and against what was published before."""

from __future__ import annotations

import json
from pathlib import Path


def audit_run(folder: Path, before: Path | None = None) -> list[str]:
    """Return what speaks against releasing the aggregate pages of a run, each as a sentence; none where nothing does.

    folder: where `pace-nb report` wrote pages and manifest.json. before: the folder of the last release of the same areas,
    if there is one. Reads only what is published. Fails closed: a manifest that is absent or cannot be read is a problem.
    """
    problems = []
    for place in [folder, *([before] if before else [])]:
        try:
            rows = json.loads((place / "manifest.json").read_text(encoding="utf-8"))["runs"]
        except (OSError, ValueError, KeyError, TypeError):
            problems.append(f"The manifest of '{place.name}' is not there or cannot be read, so nothing can be checked.")
            continue
        if not rows:
            problems.append(f"The run in '{place.name}' made no page.")
    return problems
