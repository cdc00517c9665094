"""How long a changed control takes until its new picture is ready to be sent, in the process that draws it.

    python benchmarks/controls.py [small]

Takes the sample's largest area (small: Fife), changes every control of the dashboard `explore` to every value it offers, one after
another as a reader does, and prints the median and the 90th centile: of wall time, and of the processor's, which other work on the
machine does not lengthen. The same for the steps of a learning event. What the browser adds, the browser tests show: a few tens of ms.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pace_nb as pace
from pace_nb.controls.event import Event
from pace_nb.controls.explore import Explorer
from pace_nb.packs import build_pack
from pace_nb.pages.explore import Choice

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
AS_AT = "2019-07-31"


def main(area: str) -> None:
    """Measure both dashboards and print a line for each."""
    extract = pace.read_extract(SAMPLE / area, AS_AT, audience="working")
    explorer = Explorer(extract, SAMPLE / area, Choice())
    pictures: list[tuple[float, float]] = []
    words: list[tuple[float, float]] = []
    explorer.words = watched(explorer.words, words)
    explorer.draw = watched(explorer.draw, pictures)
    for control in explorer.controls:
        first = control.value
        for _, value in [*control.options, (None, first)]:
            control.value = value
    tell(f"explore, {area}: control to picture", pictures)
    tell(f"explore, {area}: the words that follow once the hand rests", words)
    event = Event(build_pack(pace.read_extract(SAMPLE / area, AS_AT)))
    steps: list[tuple[float, float]] = []
    event.show = watched(event.show, steps)
    for aim in [v for _, v in event.aim.options]:
        event.aim.value = aim
        for step in range(len(event.told)):
            event.where.step = step
    tell(f"learning_event, {area}: step to picture", steps)


def watched(act: Callable, times: list[tuple[float, float]]) -> Callable:
    """Return a function that notes how long it takes, in wall and processor milliseconds."""

    def timed() -> object:
        wall, work = time.perf_counter(), time.process_time()
        made = act()
        times.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - work)))
        return made

    return timed


def tell(what: str, times: list[tuple[float, float]]) -> None:
    """Print the median and the 90th centile of both times."""
    for name, found in zip(("wall", "processor"), zip(*times, strict=True), strict=True):
        ordered = sorted(found)
        print(
            f"{what}: {name}: median {statistics.median(ordered):.0f} ms, 90th centile {ordered[int(0.9 * len(ordered))]:.0f} ms, "
            f"{len(ordered)} changes"
        )


if __name__ == "__main__":
    main("fife" if "small" in sys.argv[1:] else "glasgow-city")
