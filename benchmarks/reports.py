"""What a monthly run costs: the batch, the least that its cells can cost, and the shell loop that a team would write without it.

    python benchmarks/reports.py [areas] [pages of the loop]        32 and 8 by default

Four notebooks (baseline, aims, test of change, timelines) for each area, so 128 reports for all 32, on two workers. In one run:

the batch        `pace-nb report` as it is installed, from starting the command to its end, with the memory of all its processes
again            the same command with --resume and nothing changed
its cells        the code cells of the same notebooks in two processes that have imported everything, one area after another, each
                 report in a fork of its own; no outputs are kept, no chart is drawn as SVG, no page is written
a shell loop     `papermill`, then `jupyter nbconvert --to html`, page after page; some pages only, spread over areas and
                 notebooks, because it takes so long

Growth: the batch for a few areas, more, and all of them. Read the ratios; absolute times are those of the machine that is named.
"""

import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from pace_nb.batch.plan import find_notebooks
from pace_nb.terms import AUTHORITIES

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
AS_AT = "2019-07-31"
BIN = Path(sys.executable).parent
NOTEBOOKS = ("1_baseline", "2_aims", "3_test_of_change", "4_timelines")
WORKERS = 2


def batch(areas: list[str], out: Path, *more: str) -> tuple[float, float]:
    """Return the seconds that a run took, and the most memory (MB, proportional) that its processes had together."""
    command = [BIN / "pace-nb", "report", SAMPLE, "--as-at", AS_AT, "--audience", "working", "--out", out]
    command += ["--workers", str(WORKERS), *more]
    options = [word for area in areas for word in ("--area", area)]
    options += [word for name in NOTEBOOKS for word in ("--notebook", name)]
    began = time.perf_counter()
    process = subprocess.Popen([*map(str, command), *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = [0.0]
    watch = threading.Thread(target=_watch, args=(process.pid, peak))
    watch.start()
    _, said = process.communicate()
    watch.join()
    if process.returncode:
        raise SystemExit(said.decode())
    return time.perf_counter() - began, peak[0]


def _watch(pid: int, peak: list[float]) -> None:
    """Look twice a second at the memory of a process and all that it started."""
    while psutil.pid_exists(pid):
        used = 0
        try:
            whole = psutil.Process(pid)
            for process in (whole, *whole.children(recursive=True)):
                used += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
            pass
        peak[0] = max(peak[0], used / 2**20)
        time.sleep(0.5)


_CELLS = """
import os, sys, time
import nbformat, scipy.stats, pace_nb.names
from altair.vegalite import v6
from IPython.core.interactiveshell import InteractiveShell
sys.stdout = open(os.devnull, "w")
began = time.perf_counter()
for line in sys.argv[1:]:
    notebook, source, area = line.split("|")
    cells = [c for c in nbformat.read(notebook, as_version=4).cells if c.cell_type == "code"]
    pid = os.fork()
    if pid == 0:
        shell = InteractiveShell.instance()
        for cell in cells:
            result = shell.run_cell(cell.source)
            if "parameters" in cell.metadata.get("tags", []):
                given = {"extract_path": source, "area": area, "as_at": "AS_AT", "audience": "working"}
                shell.user_ns.update(given)
        os._exit(0)
    os.waitpid(pid, 0)
print(time.perf_counter() - began, file=sys.stderr)
""".replace("AS_AT", AS_AT)


def cells(areas: list[str]) -> float:
    """Return the seconds that the cells alone take, on as many processes as there are workers; importing is not counted."""
    jobs = [f"{find_notebooks()[n]}|{SAMPLE / AUTHORITIES[a].slug}|{a}" for a in areas for n in NOTEBOOKS]

    def run(share: list[str]) -> float:
        done = subprocess.run([sys.executable, "-c", _CELLS, *share], check=True, stderr=subprocess.PIPE, text=True)
        return float(done.stderr.strip().splitlines()[-1])

    with ThreadPoolExecutor(WORKERS) as pool:
        return max(pool.map(run, [jobs[i::WORKERS] for i in range(WORKERS)]))


def shell_loop(areas: list[str], out: Path, pages: int) -> float:
    """Return the seconds a page of a loop over some pages, spread over the areas and over the notebooks alike."""
    wanted = [areas[i * len(areas) // pages] for i in range(pages)]
    began = time.perf_counter()
    for i, area in enumerate(wanted):
        notebook = find_notebooks()[NOTEBOOKS[i % len(NOTEBOOKS)]]
        executed = out / f"{i}.ipynb"
        values = {"extract_path": SAMPLE / AUTHORITIES[area].slug, "area": area, "as_at": AS_AT, "audience": "working"}
        given = [word for key, value in values.items() for word in ("-p", key, str(value))]
        for command in (
            [BIN / "papermill", notebook, executed, "-k", "python3", *given],
            [BIN / "jupyter", "nbconvert", "--to", "html", executed],
        ):
            subprocess.run(command, check=True, capture_output=True)
    return (time.perf_counter() - began) / pages


def main() -> None:
    numbers = [int(a) for a in sys.argv[1:]] + [32, 8][len(sys.argv) - 1 :]
    areas, looped = sorted(AUTHORITIES)[: numbers[0]], numbers[1]
    pages = len(areas) * len(NOTEBOOKS)
    print(f"{pages} reports, {os.cpu_count()} processors, Python {platform.python_version()}, {platform.platform()}")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        seconds, memory = batch(areas, out / "all")
        print(f"the batch        {seconds:8.1f} s   {seconds / pages:6.2f} s a report   {memory:6.0f} MB at most")
        again, _ = batch(areas, out / "all", "--resume")
        print(f"again            {again:8.1f} s")
        least = cells(areas)
        print(
            f"its cells        {least:8.1f} s   {least / pages:6.2f} s a report   the batch takes {seconds / least:.2f} times as long"
        )
        if looped:
            loop = shell_loop(areas, out, looped)
            said = f"{loop:6.2f} s a report (of {looped})   {loop * pages / seconds:.1f} times as long as the batch"
            print(f"a shell loop     {loop * pages:8.1f} s   {said}")
        grow: Callable[[int], tuple[float, float]] = lambda n: batch(areas[:n], out / str(n))  # noqa: E731
        for n in (n for n in (2, 8) if n < len(areas)):
            took, memory = grow(n)
            print(
                f"growth {n * len(NOTEBOOKS):4}      {took:8.1f} s   {took / n / len(NOTEBOOKS):6.2f} s a report   {memory:6.0f} MB"
            )


if __name__ == "__main__":
    main()
