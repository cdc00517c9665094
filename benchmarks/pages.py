"""How heavy pages are, and how long it takes from opening one to all its charts drawn, in Chromium with the network off.

    python benchmarks/pages.py              pages of the largest area of the sample, for both audiences, made first
    python benchmarks/pages.py small        two pages of the smallest
    python benchmarks/pages.py FOLDER ...   every page of runs that were made
    python benchmarks/pages.py files FOLDER what the files that go with the pages of a run cost

Drawn: each chart of the page has its size, and the browser has painted a frame after that. The time is counted by the page itself,
from when its address was opened; the median of several openings, each in a browser window of its own that has nothing kept.
Targets: under 1.5 MB and under one second a page.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, sync_playwright

from pace_nb.handouts.render import find_browser
from pace_nb.leaks.pdf import texts_of_pdf
from pace_nb.outputs import pdf
from pace_nb.outputs.content import read_content
from pace_nb.outputs.pictures import make_png, make_svg
from pace_nb.outputs.workbook import make_workbook

T = TypeVar("T", str, bytes)

ROOT = Path(__file__).parent.parent
LARGEST, SMALLEST, AS_AT = "glasgow-city", "orkney-islands", "2019-07-31"
MEGABYTES, SECONDS = 1.5, 1.0
OPENINGS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
DRAWN = """async () => {
  const charts = [...document.querySelectorAll('figure svg[role=img], figure .chart svg')];
  const empty = charts.filter(c => !c.getBoundingClientRect().width || !c.getBoundingClientRect().height).length;
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return [performance.now() / 1000, charts.length, empty];
}"""


def make_pages(area: str, folder: Path, notebooks: tuple[str, ...] = ()) -> list[Path]:
    """Make an area's pages for both audiences with the command line, and return the folders of the two runs."""
    made = []
    for audience in ("aggregate", "working"):
        out = folder / audience
        asked = [word for name in notebooks for word in ("--notebook", name)]
        command = [
            "report",
            ROOT / "data" / "sample" / area,
            "--as-at",
            AS_AT,
            "--audience",
            audience,
            "--out",
            out,
            *asked,
        ]
        subprocess.run([sys.executable, "-m", "pace_nb", *map(str, command)], cwd=ROOT, check=True)
        made.append(out)
    return made


def open_page(browser: Browser, page: Path) -> tuple[float, int]:
    """Return the median seconds until a page is drawn, and its number of charts. Raises SystemExit if one of them has no size."""
    taken = []
    for _ in range(OPENINGS):
        context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
        tab = context.new_page()
        tab.goto(page.resolve().as_uri(), wait_until="load")
        seconds, charts, empty = tab.evaluate(DRAWN)
        context.close()
        if empty:
            raise SystemExit(f"{page.name}: {empty} of {charts} charts are not drawn")
        taken.append(seconds)
    return statistics.median(taken), charts


def measure(folders: list[Path]) -> bool:
    """Print a line for each page of the runs, and return whether all reach the targets."""
    rows = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        print(f"Chromium {browser.version} on {platform.machine()}, {platform.system()}; median of {OPENINGS} openings")
        print(f"{'page':60} {'MB':>6} {'charts':>7} {'seconds':>8}")
        for folder in folders:
            for page in sorted(folder.rglob("*.html")):
                seconds, charts = open_page(browser, page)
                rows.append((page.stat().st_size / 1e6, seconds))
                name = page.relative_to(folder.parent).as_posix()
                late = rows[-1][0] >= MEGABYTES or seconds >= SECONDS
                print(f"{name:60} {rows[-1][0]:6.2f} {charts:7} {seconds:8.2f}{'  over the target' if late else ''}")
        browser.close()
    heaviest, slowest = max(r[0] for r in rows), max(r[1] for r in rows)
    print(f"{len(rows)} pages: the heaviest {heaviest:.2f} MB, the slowest {slowest:.2f} s")
    print(f"Targets: under {MEGABYTES} MB, under {SECONDS} s")
    return heaviest < MEGABYTES and slowest < SECONDS


def measure_files(folder: Path) -> None:
    """Print how many seconds a page's workbook, its pictures and its PDF take, and how heavy they are. Nothing is written."""
    pages = [p for p in sorted(folder.rglob("*.html")) if p.name != "index.html"]
    took: dict[str, list[float]] = {}
    weight: dict[str, list[int]] = {}

    def timed(what: str, make: Callable[[], T]) -> T:
        began = time.perf_counter()
        made = make()
        took.setdefault(what, []).append(time.perf_counter() - began)
        weight.setdefault(what, []).append(len(made))
        return made

    with pdf.open_browser() as browser:
        pdf.print_page(browser, pages[0])  # what a browser does once
        for page in pages:
            content = read_content(page.read_text(encoding="utf-8"))
            timed("workbook", lambda c=content: make_workbook(c, datetime(2019, 7, 31)))
            for part in content.charts:
                svg = timed("SVG, a chart", lambda c=content, p=part: make_svg(c, p))
                timed("PNG, a chart", lambda s=svg, p=part: make_png(s, p.title, p.alt))
            printed = timed("PDF, printed", lambda p=page: pdf.print_page(browser, p))
            timed("PDF, read again", lambda d=printed: "".join(texts_of_pdf(d)))
    print(f"{len(pages)} pages on {platform.machine()}, {platform.system()}")
    print(f"{'':18} {'each, s':>8} {'all, s':>8} {'each, kB':>9}")
    for what, seconds in took.items():
        mean = sum(seconds) / len(seconds)
        print(f"{what:18} {mean:8.3f} {sum(seconds):8.1f} {sum(weight[what]) / len(seconds) / 1000:9.0f}")


if __name__ == "__main__":
    asked = sys.argv[1:]
    if asked[:1] == ["files"]:
        measure_files(Path(asked[1]))
        raise SystemExit(0)
    with tempfile.TemporaryDirectory() as scratch:
        if asked == ["small"]:
            runs = make_pages(SMALLEST, Path(scratch), ("1_baseline", "2_aims"))
        else:
            runs = [Path(name) for name in asked] or make_pages(LARGEST, Path(scratch))
        raise SystemExit(0 if measure(runs) else 1)
