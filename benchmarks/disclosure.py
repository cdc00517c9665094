"""How long protection takes, what it costs, and what an intruder finds: ours beside the "next smallest in the row" rule.

    python benchmarks/disclosure.py            a table of 32 areas and 6 categories, from the sample, with totals
    python benchmarks/disclosure.py all        the intruder of tests/attack against every area, and how much of each page survives
    python benchmarks/disclosure.py AREA ...   the same for some areas (folders of data/sample)

The row rule hides counts of 1 to 4 and, beside a single hidden one in a row, the next smallest of that row; it looks along rows only.
"Solved": hidden counts that can be only one number. "Narrowed": small ones of which not all of 1 to 4 remain possible.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "sample"
MONTHS = ("2019-06-30", "2019-07-31")
sys.path.insert(0, str(ROOT / "tests" / "attack"))

import pace_nb.disclosure as disclosure
from pace_nb.areas import read_areas
from pace_nb.disclosure import ALL, audit_table, protect_table, rounded
from pace_nb.extract import read_extract
from pace_nb.now import STAGES, find_standing


def row_rule(full: pd.DataFrame) -> pd.DataFrame:
    """Hide small counts, and the next smallest of a row in which one count alone is hidden."""
    shown = full.astype(float).mask((full >= 1) & (full < 5))
    for name, row in full.iterrows():
        if shown.loc[name].isna().sum() == 1:
            rest = row[shown.loc[name].notna() & (row > 0)]
            shown.loc[name, rest.idxmin()] = np.nan
    return shown


def waiting_by_stage() -> pd.DataFrame:
    """Children between milestones on a day: 32 areas, the six stages at which they stand."""
    standing = find_standing(read_areas(SAMPLE, MONTHS[1]))
    return pd.crosstab(standing["local_authority"], standing["stage"]).reindex(columns=list(STAGES), fill_value=0)


def solved_of(counts: pd.DataFrame, shown: pd.DataFrame) -> tuple[int, int]:
    found = audit_table(counts, shown)
    return len(found.solved), len(found.failed) - len(found.solved)


def made_up(seed: int) -> pd.DataFrame:
    """A table of the same size with other counts; always the same for a seed."""
    chance = np.random.default_rng(seed)
    cells = chance.poisson(chance.gamma(1.2, 12, (32, 1)) * chance.dirichlet(np.full(6, 2.0), 32))
    return pd.DataFrame(cells, index=[f"area {i}" for i in range(32)], columns=list("abcdef"))


def one_table(name: str, counts: pd.DataFrame) -> None:
    full = counts.assign(**{ALL: counts.sum(axis=1)})
    full.loc[ALL] = full.sum()
    plain = row_rule(full)
    small = int(((full >= 1) & (full < 5)).sum().sum())
    print(f"{name}: {counts.shape[0]} x {counts.shape[1]} with totals, {small} small counts")
    solved, narrowed = solved_of(counts, plain)
    theirs = int(plain.isna().sum().sum())
    print(f"  row rule   hidden {theirs:4}  solved {solved:3}  narrowed {narrowed:3}")
    for exact in (True, False):
        began = time.perf_counter()
        shown, report = protect_table(counts, exact=exact)
        seconds = time.perf_counter() - began
        solved, narrowed = solved_of(counts, shown)
        print(
            f"  {report.method:9}  hidden {report.hidden:4}  solved {solved:3}  narrowed {narrowed:3}  "
            f"{report.hidden / theirs:.2f} times the row rule, {seconds:.1f} seconds with the audit"
        )


def attack(areas: list[str]) -> None:
    from intruder import Knowledge, look_at, one_child

    spent, calls = 0.0, 0
    plain = rounded.round_counts

    def timed(*args, **kwargs):
        nonlocal spent, calls
        began = time.perf_counter()
        try:
            return plain(*args, **kwargs)
        finally:
            spent, calls = spent + time.perf_counter() - began, calls + 1

    rounded.round_counts = timed
    pages, total = ("baseline", "aims", "test of change", "children now"), [0, 0, 0]
    print(f"{'':22}{'hidden':>8}{'solved':>8}{'narrowed':>9}   counts shown, of all: {', '.join(pages)}")
    for area in areas:
        knowledge, known = Knowledge(), {}
        for month in MONTHS:
            extract = read_extract(SAMPLE / area, month)
            look_at(extract, knowledge, month)
            known |= one_child(extract, month)
        found = knowledge.attack({n: e for n, e in known.items() if n in knowledge.truth})
        hidden = sum(n is None for n in knowledge.seen.values())
        numbers = [hidden, len(found.solved), len(found.failed) - len(found.solved)]
        total = [a + b for a, b in zip(total, numbers, strict=True)]
        shares = "  ".join(
            f"{100 * knowledge.told[p] / knowledge.cells[p]:3.0f} %" if knowledge.cells[p] else "  –  " for p in pages
        )
        print(f"{area:22}{numbers[0]:8}{numbers[1]:8}{numbers[2]:9}   {shares}", flush=True)
        for problem in found.problems[:5]:
            print(f"    {problem}")
    print(f"{'all':22}{total[0]:8}{total[1]:8}{total[2]:9}")
    print(f"{calls} tables protected (two months) in {spent:.1f} seconds, threshold {disclosure.THRESHOLD}")


def main() -> None:
    asked = sys.argv[1:]
    if asked:
        attack(sorted(p.name for p in SAMPLE.iterdir() if p.is_dir()) if asked == ["all"] else asked)
        return
    one_table("Children by stage", waiting_by_stage())
    for seed in range(3):
        one_table(f"Made-up table {seed}", made_up(seed))


if __name__ == "__main__":
    main()
