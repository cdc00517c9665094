"""How long a report takes: the batch, the batch on papermill's standard engine, and a shell loop, in one run.

    python benchmarks/reports.py [number of areas]

The shell loop is what a team would write without the batch: `papermill`, then `jupyter nbconvert --to html`, page after
page. Read the ratios; absolute times are those of the machine that is named.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pace_nb.batch.plan import find_notebooks
from pace_nb.terms import AUTHORITIES

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
AS_AT = "2019-07-31"
BIN = Path(sys.executable).parent


def batch(areas: list[str], out: Path, engine: str) -> None:
    options = [word for area in areas for word in ("--area", area)]
    command = [
        BIN / "pace-nb",
        "report",
        SAMPLE,
        "--as-at",
        AS_AT,
        "--audience",
        "working",
        "--out",
        out,
        "--engine",
        engine,
    ]
    subprocess.run([*map(str, command), *options], check=True, capture_output=True)


def shell_loop(areas: list[str], out: Path) -> None:
    for area in areas:
        for name, notebook in find_notebooks().items():
            executed = out / f"{name}.ipynb"
            values = {
                "extract_path": SAMPLE / AUTHORITIES[area].slug,
                "area": area,
                "as_at": AS_AT,
                "audience": "working",
            }
            given = [word for key, value in values.items() for word in ("-p", key, str(value))]
            subprocess.run(
                [BIN / "papermill", notebook, executed, "-k", "python3", *given], check=True, capture_output=True
            )
            subprocess.run([BIN / "jupyter", "nbconvert", "--to", "html", executed], check=True, capture_output=True)


def main() -> None:
    areas = sorted(AUTHORITIES)[: int(sys.argv[1]) if len(sys.argv) > 1 else 4]
    pages = len(areas) * len(find_notebooks())
    ways = {
        "the batch": lambda out: batch(areas, out, "warm"),
        "the batch, standard engine": lambda out: batch(areas, out, "standard"),
        "a shell loop": lambda out: shell_loop(areas, out),
    }
    print(f"{pages} pages, {os.cpu_count()} processors, Python {platform.python_version()}, {platform.platform()}")
    first = None
    for name, way in ways.items():
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            way(Path(folder))
            seconds = (time.perf_counter() - began) / pages
        first = first or seconds
        print(f"{name:30} {seconds:6.2f} s a page   {seconds / first:5.1f} times the batch")


if __name__ == "__main__":
    main()
