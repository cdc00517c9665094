"""What a monthly run costs: the batch, the least that its cells can cost, and the shell loop that a team would write without it.

    python benchmarks/reports.py [areas] [pages of the loop]        32 and 8 by default

Four notebooks (baseline, aims, test of change, timelines) for each area, so 128 reports for all 32, on two workers. In one run:

the batch        `pace-nb report` as it is installed, from starting the command to its end, with the memory of all its processes
again            the same command with --resume and nothing changed
its cells        the code cells of the same notebooks in two processes that have imported everything, one area after another, each
                 report in a fork of its own; no outputs are kept, no chart is drawn as SVG, no page is written
a shell loop     `papermill`, then `jupyter nbconvert --to html`, page after page; some pages only, spread over areas and
                 notebooks, because it takes so long

Growth: the batch for 8, 32, 128 and 512 reports; the last as a batch file that asks for all areas from four days on, in one command.
Read the ratios; absolute times are those of the machine that is named. Before each part a yardstick is read: the time of a fixed
piece of Python. Where it differs between two parts, the machine itself was faster for one of them, and so is their ratio.
"""

import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
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


def yardstick() -> float:
    """Return the seconds that a fixed piece of Python takes at this moment."""
    began, total = time.perf_counter(), 0
    for number in range(2_000_000):
        total += number * number
    return time.perf_counter() - began


def tell(part: str, seconds: float, reports: int, rest: str = "") -> None:
    """Print a line of the table."""
    print(f"{part:15} {seconds:8.1f} s   {seconds / reports:7.3f} s a report   {rest}", flush=True)


def batch(areas: list[str], out: Path, *more: str) -> tuple[float, float]:
    """Return the seconds that a run took, and the most memory (MB, proportional) that its processes had together."""
    asked = ["--as-at", AS_AT, "--audience", "working", "--out", out, "--workers", WORKERS, *more]
    asked += [word for area in areas for word in ("--area", area)]
    asked += [word for name in NOTEBOOKS for word in ("--notebook", name)]
    return watched("report", SAMPLE, *asked)


def four_days(areas: list[str], folder: Path) -> tuple[float, float]:
    """The same for four runs that one batch file asks for: waits that ended from four days on."""
    file, lines = folder / "batch.toml", [f"as_at = {AS_AT}", f"workers = {WORKERS}", f"data = '{SAMPLE}'"]
    lines += [f"areas = {areas}", f"notebooks = {list(NOTEBOOKS)}", "audience = 'working'"]
    for year in (2014, 2015, 2016, 2017):
        lines += ["[[report]]", f"out = '{folder / str(year)}'", f"since = {year}-08-01"]
    file.write_text("\n".join(lines), encoding="utf-8")
    return watched("report", file)


def watched(*asked: object) -> tuple[float, float]:
    began = time.perf_counter()
    command = [str(word) for word in (BIN / "pace-nb", *asked)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
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
import nbformat, pace_nb.batch.preload
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
sys.stdout = open(os.devnull, "w")
began = time.perf_counter()
for line in sys.argv[1:]:
    notebook, source, area = line.split("|")
    given = {"extract_path": source, "area": area, "as_at": "AS_AT", "audience": "working"}
    cells = []
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            cells.append(cell.source)
            if "parameters" in cell.metadata.get("tags", []):  # as papermill sets them, so that the notebook knows it is a report
                cells.append("# Parameters\\n" + "\\n".join(f"{name} = {value!r}" for name, value in given.items()))
    pid = os.fork()
    if pid == 0:
        config = Config()
        config.HistoryManager.enabled = False
        shell = InteractiveShell.instance(config=config)
        ended = all(shell.run_cell(source, store_history=True).success for source in cells)
        os._exit(0 if ended else 1)
    if os.waitpid(pid, 0)[1]:
        sys.exit(f'a cell of {notebook} failed for {area}')
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

        def begin() -> str:
            return f"(yardstick {yardstick():.2f} s)"

        speed = begin()
        seconds, memory = batch(areas, out / "all")
        tell("the batch", seconds, pages, f"{memory:6.0f} MB at most {speed}")
        speed = begin()
        again, _ = batch(areas, out / "all", "--resume")
        tell("again", again, pages, speed)
        speed = begin()
        least = cells(areas)
        tell("its cells", least, pages, f"the batch takes {seconds / least:.2f} times as long {speed}")
        if looped:
            speed = begin()
            loop = shell_loop(areas, out, looped)
            tell(
                "a shell loop",
                loop * looped,
                looped,
                f"{loop * pages / seconds:.1f} times as long as the batch {speed}",
            )
        for n in sorted({n for n in (2, 8, len(areas)) if n <= len(areas)}):
            speed = begin()
            took, memory = batch(areas[:n], out / f"first {n}")
            tell(f"growth {n * len(NOTEBOOKS)}", took, n * len(NOTEBOOKS), f"{memory:6.0f} MB {speed}")
        speed = begin()
        took, memory = four_days(areas, out)
        tell(f"growth {4 * pages}", took, 4 * pages, f"{memory:6.0f} MB {speed}")


if __name__ == "__main__":
    main()
