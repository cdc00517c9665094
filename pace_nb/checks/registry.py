"""The registry of checks over facts. To add one, write a function under `@check` in the module of its part.

    @check("panel-late", "notice", "plausibility", table="events", column="date",
           says="is a panel of which ...", do="Correct ...")
    def _(facts):
        return <a mask, or numbers, of rows of facts.events>

That is all: the finding gets its file, rows and heading here, docs/checks.md is made of the registry, and the tests ask for
an example of it that is found and one that is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from pace_nb.checks.facts import Facts, find_facts
from pace_nb.checks.work import Checked, spread
from pace_nb.findings import Finding, Rule, rule


@dataclass(frozen=True)
class Counted:
    """Rows that matter in number only: told as one sentence with how many of how many, and never row by row."""

    rows: np.ndarray
    of: int


Found = np.ndarray | Counted
Look = Callable[[Facts], Found]


@dataclass(frozen=True)
class Check:
    """One check: its rule, the table and column that its rows are of, and what finds them.

    blanks: the column that is not used in the rows found.
    """

    rule: Rule
    table: str
    look: Look
    column: str = ""
    blanks: str = ""


#: Every check over facts, by its code, in the order in which they are made.
CHECKS: dict[str, Check] = {}


def check(
    code: str,
    level: str,
    part: str,
    *,
    table: str,
    says: str,
    do: str = "",
    column: str = "",
    fate: str = "used",
    blanks: str = "",
) -> Callable[[Look], Look]:
    """Register the function below as a check. It returns which rows of a table are hit, as a mask or as row numbers."""
    declared = rule(code, level, part, says, do, fate)

    def register(look: Look) -> Look:
        CHECKS[code] = Check(declared, table, look, column, blanks)
        return look

    return register


def check_facts(checked: Mapping[str, Checked], as_at: date) -> dict[str, Checked]:
    """Return the tables with what the checks of the registry find in them, once every fact is there that follows from others.

    checked: all four tables, from `check_tables`. No row is lost; a birth date that cannot be is not used, and said. A check
    that blanks a column does so before the others look.
    """
    facts = find_facts(checked, as_at)
    found: dict[str, list[Finding]] = {name: [] for name in checked}
    for one in sorted(CHECKS.values(), key=lambda c: not c.blanks):
        hit = one.look(facts)
        rows = hit.rows if isinstance(hit, Counted) else hit
        rows = np.flatnonzero(rows) if rows.dtype == bool else np.unique(rows)
        if not len(rows):
            continue
        words = {"n": f"{len(rows):,}", "of": f"{hit.of:,}"} if isinstance(hit, Counted) else {}
        finding = one.rule.found("", column=one.column, **words)
        frame, table = getattr(facts, one.table), checked[one.table]
        named = spread(finding, frame.iloc[rows], facts.sources[one.table][rows], table.headings, table.table)
        found[one.table] += [_counted(finding, named)] if isinstance(hit, Counted) else named
        if one.blanks:
            frame.loc[frame.index[rows], one.blanks] = pd.NaT
    children = checked["children"].frame.assign(date_of_birth=facts.children["date_of_birth"].to_numpy())
    frames = {name: one.frame for name, one in checked.items()} | {"children": children}
    return {
        name: replace(one, frame=frames[name], findings=[*one.findings, *found[name]]) for name, one in checked.items()
    }


def _counted(finding: Finding, named: list[Finding]) -> Finding:
    """Return one finding without rows for all files."""
    kinds: Counter[str] = Counter()
    for one in named:
        kinds.update(dict(one.kinds))
    files = ", ".join(dict.fromkeys(one.file for one in named))
    return replace(finding, file=files, column=named[0].column, kinds=tuple(kinds.items()))
