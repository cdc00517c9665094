"""How long an extract takes to be read and checked, and how much memory, against plain pandas on the same files in the same run.

    python benchmarks/reading.py [times Scotland ...] [--workbook]

The synthetic sample of all Scotland in one extract, and that many times as many children, each copy with ids of its own; as CSV
files, and as one workbook with real dates if asked. "plain" is pandas.read_csv or pandas.read_excel of the four tables as text,
which checks nothing; "read" is ours up to rows of text; "checked" is `read_extract`, from files to facts with every finding.
Each runs in a process of its own, the best of three for the seconds of processor time (one for what takes over twenty); the memory
is what the process took at its height beyond what it held before. Read the ratios; absolute times are those of the machine.
A sheet of Excel ends at row 1,048,576, which the events of ten times Scotland exceed: give --workbook up to 2 times.
"""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np

from pace_nb.sample_lives import COLUMNS, make_area
from pace_nb.terms import AUTHORITIES

WAYS = ("plain", "read", "checked")
AS_AT = "2019-07-31"


def make_tables(times: float) -> dict[str, list[tuple]]:
    """Return the rows of each table, always the same; `times` below 1 makes fewer children."""
    tables: dict[str, list[tuple]] = {name: [] for name in COLUMNS}
    copies, scale = (1, times) if times < 1 else (int(times), 1.0)
    for index, authority in enumerate(AUTHORITIES.values()):
        rows = make_area(authority, scale, np.random.default_rng([2019, index]))
        for name in tables:
            for copy in range(copies):
                tables[name] += [(f"{r[0]}-{index}-{copy}", *r[1:]) for r in rows[name]]
    return tables


def write_csvs(folder: Path, tables: dict[str, list[tuple]]) -> int:
    """Write a file for each table; return the number of rows."""
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([COLUMNS[name], *rows])
    return sum(map(len, tables.values()))


def write_workbook(folder: Path, tables: dict[str, list[tuple]]) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(folder / "pace.xlsx", options) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate([COLUMNS[name], *rows]):
                for j, cell in enumerate(row):
                    (sheet.write_datetime if isinstance(cell, date) else sheet.write_string)(i, j, cell or "")


def work(way: str, folder: Path) -> None:
    """Read the extract in one way."""
    if way == "plain":
        import pandas as pd

        for path in sorted(folder.glob("*.csv")):
            pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in folder.glob("*.xlsx"):
            pd.read_excel(path, sheet_name=None, dtype=str, keep_default_na=False)
    elif way == "read":
        from pace_nb.files import find_sources, read_table

        for source in find_sources(folder)[0]:
            read_table(source)
    else:
        from pace_nb.extract import read_extract

        read_extract(folder, AS_AT)


def measure(way: str, folder: Path) -> None:
    """Print seconds and megabytes; for a process of its own."""
    import openpyxl  # noqa: F401 - what is imported is not what is measured
    import pandas  # noqa: F401

    import pace_nb.extract  # noqa: F401

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        work(way, folder)
        best = min(best, time.process_time() - began)
        if best > 20:
            break
    print(best, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def report(kind: str, rows: int, folder: Path) -> None:
    found = {}
    for way in WAYS:
        ended = subprocess.run(
            [sys.executable, __file__, "--measure", way, str(folder)], capture_output=True, text=True
        )
        if ended.returncode:
            sys.exit(ended.stderr)
        found[way] = tuple(map(float, ended.stdout.split()))
    plain = found["plain"][0]
    for way, (seconds, memory) in found.items():
        print(
            f"{kind:>9} {rows:>10,} {way:>8} {seconds:9.2f} {seconds / rows * 1e6:9.2f} {seconds / plain:7.1f} {memory:8.0f}",
            flush=True,
        )


def main() -> None:
    sizes = [float(a) for a in sys.argv[1:] if not a.startswith("-")] or [1, 10]
    print(f"{'':>9} {'rows':>10} {'way':>8} {'seconds':>9} {'us/row':>9} {'ratio':>7} {'MB':>8}")
    for times in sizes:
        tables = make_tables(times)
        with tempfile.TemporaryDirectory() as name:
            report("CSV", write_csvs(Path(name), tables), Path(name))
        if "--workbook" in sys.argv:
            with tempfile.TemporaryDirectory() as name:
                write_workbook(Path(name), tables)
                report("workbook", sum(map(len, tables.values())), Path(name))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
