"""How long `pace-nb report --resume` takes where nothing has changed, and where one area has: against making all pages.

    python benchmarks/resume.py          32 areas, 4 notebooks: 128 pages (it makes them all once first)
    python benchmarks/resume.py small    2 areas, 2 notebooks
    python benchmarks/resume.py hashes   the hashes alone, of a generated national extract of a million rows a table, in one process

Each is a command of its own, from starting Python to its last line, as a schedule starts it. The best of five counts for what is
over in seconds.
"""

import platform
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from pace_nb.batch.order import Order
from pace_nb.batch.resume import digest_asked

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
NOTEBOOKS = ("1_baseline", "2_aims", "3_test_of_change", "7_balancing")
TARGET = 2.0  # seconds


def timed(*arguments: object) -> tuple[float, str]:
    """Return how long a command took, and the last but one line of what it said."""
    began = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-m", "pace_nb", *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - began, ended.stdout.splitlines()[-2]


def measure(areas: list[str], notebooks: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as place:
        data, out = Path(place) / "data", Path(place) / "out"
        for area in areas:
            shutil.copytree(SAMPLE / area, data / area)
        asked = [x for n in notebooks for x in ("--notebook", n)]
        command = ("report", data, "--as-at", "2019-07-31", "--out", out, *asked)
        whole, said = timed(*command)
        print(f"{'all pages':40} {whole:8.2f} s           {said}")
        none, said = min(timed(*command, "--resume") for _ in range(5))
        print(f"{'nothing changed':40} {none:8.2f} s {whole / none:7.0f} x  {said}")
        events = data / areas[-1] / "events.csv"
        events.write_bytes(events.read_bytes() + b"\n")
        one, said = timed(*command, "--resume")
        print(f"{'a blank line more in one extract':40} {one:8.2f} s {whole / one:7.1f} x  {said}")
        bare, _ = min(timed_bare() for _ in range(5))
        print(f"{'of it, starting Python and the command':40} {bare:8.2f} s")
        print(f"nothing changed: {none:.2f} s, {'under' if none < TARGET else 'OVER'} the target of {TARGET:.0f} s")


def timed_bare() -> tuple[float, str]:
    """Return how long the command takes to start and do nothing."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pace_nb", "--help"], capture_output=True, check=True)
    return time.perf_counter() - began, ""


def measure_hashes(rows: int = 1_000_000) -> None:
    """Hash an extract of four tables with as many rows each, as the look whether anything is to do does."""
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "nation"
        data.mkdir()
        for name in ("children", "placements", "legal", "events"):
            with (data / f"{name}.csv").open("w", encoding="utf-8") as file:
                file.writelines(f"SYN-{n:07d},2010-01-01,2019-01-01,some text of usual length\n" for n in range(rows))
        size = sum(p.stat().st_size for p in data.iterdir())
        order = Order(str(data), date(2019, 7, 31), str(Path(place) / "out"))
        for state in ("package hashed too", "again"):
            began = time.perf_counter()
            digest_asked(order)
            seconds = time.perf_counter() - began
            print(
                f"{size / 2**20:,.0f} MiB of records, {state:20} {seconds:6.2f} s, {size / 2**20 / seconds:,.0f} MiB a second"
            )


if __name__ == "__main__":
    what = sys.argv[1:]
    print(f"{platform.machine()}, Python {platform.python_version()}, {platform.system()} {platform.release()}")
    if what == ["hashes"]:
        measure_hashes()
    elif what == ["small"]:
        measure(["orkney-islands", "shetland-islands"], NOTEBOOKS[:2])
    else:
        measure(sorted(p.name for p in SAMPLE.iterdir() if p.is_dir()), NOTEBOOKS)
