"""A large extract: from its files to the waits, the run chart and the aims of one area and of the nation.

    python benchmarks/nation.py [children ...]        10000 100000 1000000 by default

The sample's children are written out as often as it takes, with numbers of their own, in one folder of four CSV files (the tables
grow in the same measure). Each size runs in a process of its own, so that its peak memory is its own. Beside it stand the same figures by
plain pandas: read_csv with dates, first date of each milestone by child, median wait and share in time by quarter. That
checks nothing, knows no spells and counts nobody who waits; read it as the least that a machine has to do.
"""

import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
AS_AT, AREA = "2019-07-31", "Fife"


def main(sizes: list[int]) -> None:
    print(f"Python {platform.python_version()}, {platform.platform()}")
    print(
        f"{'children':>10} {'way':8} {'reading':>9} {'waits':>9} {'figures':>9} {'area':>9} {'all':>9} {'peak MB':>9}"
    )
    for n in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _python("write", folder, str(n))
            found = {way: json.loads(_python(way, folder)) for way in ("pace-nb", "pandas", "store")}
        for way, row in found.items():
            cells = " ".join(f"{row[k]:9.2f}" for k in ("reading", "waits", "figures", "area"))
            whole = sum(row[k] for k in ("reading", "waits", "figures", "area"))
            print(f"{n:10,} {way:8} {cells} {whole:9.2f} {row['peak']:9.0f}")


def _python(*words: str) -> str:
    return subprocess.run(
        [sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


def write(folder: Path, children: int) -> None:
    """Write the sample's children as often as it takes to have so many."""
    from pace_nb.areas import read_areas
    from pace_nb.schema import TABLES

    areas = read_areas(SAMPLE, AS_AT)
    copies = -(-children // len(areas.children))
    for name in TABLES:
        frame = getattr(areas, name)
        if copies * len(areas.children) > children:  # whole children only
            kept = areas.children["child_id"].head(children // copies)
            frame = frame[frame["child_id"].isin(kept)]
        for i in range(copies):
            again = frame.assign(child_id=frame["child_id"] + f"-{i}")
            if "sibling_group" in again:
                again = again.assign(sibling_group=again["sibling_group"] + f"-{i}")
            again.to_csv(
                folder / f"{name}.csv", mode="a" if i else "w", header=not i, index=False, date_format="%Y-%m-%d"
            )
    (folder / "extract.toml").write_text("complete_from = 2013-08-01\n", encoding="utf-8")


def ours(folder: Path) -> dict[str, float]:
    from pace_nb.extract import only_area, read_extract
    from pace_nb.intervals import find_intervals
    from pace_nb.measures import measure_share, share_by
    from pace_nb.runchart.chart import analyse_run
    from pace_nb.waits import summarise_waits

    def figures(waits) -> None:
        for one in waits:
            measure_share(one)
            share_by(one, "quarter")
            summarise_waits(one)
            analyse_run(one)

    clock = Clock()
    extract = read_extract(folder, AS_AT)
    clock.lap("reading")
    waits = [find_intervals(extract, aim) for aim in extract.aims.values()]
    clock.lap("waits")
    figures(waits)
    clock.lap("figures")
    area = only_area(extract, AREA)
    figures([find_intervals(area, aim) for aim in area.aims.values()])
    clock.lap("area")
    return clock.laps


def stored(folder: Path) -> dict[str, float]:
    """The same from the store that a batch keeps: read once before, and one area of it."""
    import os

    from pace_nb.extract import read_extract
    from pace_nb.intervals import find_intervals
    from pace_nb.store import FOLDER

    os.environ[FOLDER] = str(folder / "store")
    subprocess.run(
        [sys.executable, "-c", f"from pace_nb.extract import read_extract; read_extract({str(folder)!r}, {AS_AT!r})"],
        check=True,
    )
    clock = Clock()
    area = read_extract(folder, AS_AT, AREA)
    clock.lap("reading")
    for aim in area.aims.values():
        find_intervals(area, aim)
    clock.lap("waits")
    return {**clock.laps, "figures": 0.0, "area": 0.0}


def plain(folder: Path) -> dict[str, float]:
    """Plain pandas, nothing checked."""
    import pandas as pd

    from pace_nb.aims import read_aims

    def figures(frame: pd.DataFrame, children: pd.DataFrame) -> None:
        first = frame.groupby(["local_authority", "child_id", "event"])["date"].min().unstack()  # noqa: PD010
        first = children.join(first, on=["local_authority", "child_id"])
        for aim in read_aims().values():
            if aim.start in first and aim.end in first:
                wait = (first[aim.end] - first[aim.start]).dt.days
                by = wait.groupby(first[aim.end].dt.to_period("Q"))
                by.median(), by.agg(lambda w: (w <= 182).mean())

    clock = Clock()
    events = pd.read_csv(folder / "events.csv", parse_dates=["date"])
    children = pd.read_csv(folder / "children.csv", parse_dates=["date_of_birth"])
    for name in ("placements", "legal"):
        pd.read_csv(folder / f"{name}.csv", parse_dates=["start_date", "end_date"])
    clock.lap("reading")
    clock.lap("waits")
    figures(events, children)
    clock.lap("figures")
    figures(events[events["local_authority"] == AREA], children[children["local_authority"] == AREA])
    clock.lap("area")
    return clock.laps


class Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self.began = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name], self.began = now - self.began, now


if __name__ == "__main__":
    ways = {"pace-nb": ours, "pandas": plain, "store": stored}
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:] and sys.argv[1] in ways:
        laps = ways[sys.argv[1]](Path(sys.argv[2]))
        print(json.dumps({**laps, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
    else:
        main([int(a) for a in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
