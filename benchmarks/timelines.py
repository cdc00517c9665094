"""How long the page of every child takes to make, to send, to open and to step through: beside one page for each child.

    python benchmarks/timelines.py             the largest area of the sample (Glasgow), and of a generated one of full size
    python benchmarks/timelines.py small       a small area of the sample alone
    python benchmarks/timelines.py AREA        another area (a folder of data/sample)

"The plain way": a picture of Altair for each child, turned to SVG by vl-convert, in an HTML file of its own; of the first 40 children,
and the rest in proportion. "Usable": the list can be read and pressed, counted from the start of loading; "open": from a click to the
child's picture; "next": from a key to the next child's picture, median of 30. Needs Chromium for what a browser measures.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import altair as alt
import pandas as pd
import vl_convert

from pace_nb import theme
from pace_nb.children_page.entries import Entries, find_entries, parts_of
from pace_nb.children_page.make import make_children_page
from pace_nb.children_page.pack import pack_parts
from pace_nb.extract import read_extract
from pace_nb.handouts.render import find_browser
from pace_nb.leaks import gather_secrets, scan_bytes
from pace_nb.timelines import Journey

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "sample"
AS_AT = "2019-07-31"
PLAIN = 40  # children drawn the plain way
STEPS = 30
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def timed(work):
    began = time.perf_counter()
    made = work()
    return made, time.perf_counter() - began


def draw_plainly(journey: Journey) -> str:
    """A picture of a child's placements and events as Altair draws it, in a page of its own."""
    stays = pd.DataFrame(
        [(str(s.start), str(s.end), s.code) for s in journey.placements], columns=["start", "end", "code"]
    )
    events = pd.DataFrame([(str(e.day), e.code) for e in journey.events], columns=["day", "code"])
    scale = alt.Scale(domain=list(theme.PLACEMENTS), range=list(theme.PLACEMENTS.values()))
    bars = (
        alt.Chart(stays)
        .mark_bar(height=20)
        .encode(x="start:T", x2="end:T", color=alt.Color("code:N", scale=scale), y=alt.value(20))
    )
    marks = alt.Chart(events).mark_point().encode(x="day:T", y="code:N", shape="code:N")
    svg = vl_convert.vegalite_to_svg(alt.layer(bars, marks).properties(width=800, height=300).to_dict())
    return f"<!DOCTYPE html><title>{journey.label}</title>{svg}"


def in_browser(page: Path) -> dict[str, float]:
    """Seconds in Chromium, the network off."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(find_browser()), args=list(FLAGS))
        tab = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}).new_page()
        began = time.perf_counter()
        tab.goto(page.as_uri(), wait_until="commit")
        tab.wait_for_selector("#list a")
        usable = time.perf_counter() - began
        timing = tab.evaluate("() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000")
        began = time.perf_counter()
        tab.locator("#list a").first.click()
        tab.wait_for_selector("#part svg")
        opened = time.perf_counter() - began
        steps = tab.evaluate(
            """async (n) => { const took = [];
            for (let i = 0; i < n; i += 1) {
              const now = document.querySelector("#part h2").textContent, began = performance.now();
              document.getElementById("next").click();
              while (document.querySelector("#part h2").textContent === now) await new Promise(requestAnimationFrame);
              await new Promise(requestAnimationFrame);
              took.push((performance.now() - began) / 1000);
            } return took; }""",
            STEPS,
        )
        began = time.perf_counter()
        tab.locator("#back").click()
        tab.select_option("#lives", "kinship")
        tab.wait_for_selector("#list a")
        filtered = time.perf_counter() - began
        browser.close()
    return {
        "usable": usable,
        "loaded (as the browser counts)": timing,
        "open the first": opened,
        "next, median": statistics.median(steps),
        "next, slowest": max(steps),
        "back and filter": filtered,
    }


def measure(path: Path, area: str) -> None:
    extract, read = timed(lambda: read_extract(path, AS_AT, area, audience="working"))
    entries, gathered = timed(lambda: find_entries(extract))
    parts, drawn = timed(lambda: list(parts_of(entries)))
    packs, packed = timed(lambda: list(pack_parts(parts)))
    page, whole = timed(lambda: make_children_page(extract))
    content = page.html.encode()
    secrets = gather_secrets(path, [extract.as_at])
    leaks, searched = timed(lambda: scan_bytes("children.html", content, secrets, working=True))
    n, raw = len(entries.children), sum(len(p.encode()) for p in parts)
    print(
        f"\n{area}: {n:,} children, {len(entries.siblings):,} sibling groups; what must not be told: {'found' if leaks else 'not found'}"
    )
    print(f"  read the extract           {read:8.2f} s")
    print(f"  gather every journey       {gathered:8.2f} s  {1000 * gathered / n:6.1f} ms a child")
    print(f"  draw and write every part  {drawn:8.2f} s  {1000 * drawn / n:6.1f} ms a child")
    print(f"  pack                       {packed:8.2f} s")
    print(f"  the page in one go         {whole:8.2f} s")
    print(f"  search it                  {searched:8.2f} s")
    print(
        f"  weight: {len(content) / 1e6:.2f} MB; its parts unpacked {raw / 1e6:.1f} MB ({raw / len(content):.1f} times); {len(packs)} packs"
    )
    compare(entries, whole, len(content))
    if find_browser() is None:
        print("  no browser: nothing more is measured")
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "children.html"
        file.write_bytes(content)
        for name, seconds in in_browser(file).items():
            print(f"  in Chromium, {name:31}{seconds:8.3f} s")


def compare(entries: Entries, whole: float, weight: int) -> None:
    some = [e.journey for e in entries.children if e.journey.placements and e.journey.events][:PLAIN]
    pages, took = timed(lambda: [draw_plainly(j) for j in some])
    each, size = took / len(some), sum(len(p.encode()) for p in pages) / len(some)
    n = len(entries.children)
    print(
        f"  the plain way: {1000 * each:.0f} ms and {size / 1000:.0f} kB a child: {each * n:.0f} s and {size * n / 1e6:.1f} MB for all"
    )
    print(
        f"  ratio, plain to ours: {each * n / whole:.1f} times as long, {size * n / weight:.1f} times the weight, {n:,} files for one"
    )


def main(asked: str = "") -> None:
    if asked == "small":
        measure(SAMPLE / "moray", "Moray")
        return
    if asked:
        extract = read_extract(SAMPLE / asked, AS_AT)
        measure(SAMPLE / asked, extract.area)
        return
    measure(SAMPLE / "glasgow-city", "Glasgow City")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "sample"
        subprocess.run(
            [sys.executable, "-m", "pace_nb", "sample", str(made), "--scale", "1.0"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        measure(made / "glasgow-city", "Glasgow City")


if __name__ == "__main__":
    main(*sys.argv[1:2])
