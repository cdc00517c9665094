"""How heavy pages are, and how long it takes from opening one to all its charts drawn, in Chromium with the network off.

    python benchmarks/pages.py              pages of the largest area of the sample, for both audiences, made first
    python benchmarks/pages.py small        two pages of the smallest
    python benchmarks/pages.py FOLDER ...   every page of runs that were made

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
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from pace_nb.handouts.render import find_browser

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


if __name__ == "__main__":
    asked = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        if asked == ["small"]:
            runs = make_pages(SMALLEST, Path(scratch), ("1_baseline", "2_aims"))
        else:
            runs = [Path(name) for name in asked] or make_pages(LARGEST, Path(scratch))
        raise SystemExit(0 if measure(runs) else 1)
