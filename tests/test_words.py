"""No sentence is stronger than its evidence: what the tool may never say, and when it may say what (method, A.9)."""

from __future__ import annotations

import ast
import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.aims import Aim
from pace_nb.intervals import Intervals
from pace_nb.periods import read_limit
from pace_nb.runchart import RULES, analyse_run, false_alarm_rate
from pace_nb.waits import summarise_waits
from pace_nb.wording import say_direction, say_progress, say_signal

ROOT = Path(__file__).parent.parent
#: Claims that no before-and-after picture, no rule and no comparison of areas can carry.
OVER_CLAIMS = re.compile(
    r"significan(t|ce|tly)|\bprov(e|es|ed|en|ing)\b|\bcaus(e|es|ed|ing)\b|\bbecause of the change\b|\bsuccess(es|ful|fully)?\b"
    r"|\bperform(ance|ing)\b|\b(best|worst)[- ](area|authority|authorities|perform\w*)\b|\bleague\b"
    r"|(?<!no )(?<!No )\brank(s|ed|ing|ings)?\b"
    r"|\bfail(s|ing|ure)? (area|authorit\w+)\b|\boutliers?\b|\bdramatic\w*|\bclearly\b|\bobviously\b|\bguarantee\w*",
    re.IGNORECASE,
)
SPOKEN = ("wording.py", "charts", "pages", "tables.py", "shown.py")


def sentences_of(path: Path) -> list[str]:
    """Every text in a module that is not a docstring: what it can say."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs
    ]


def spoken() -> list[tuple[str, str]]:
    """Every text that a reader may see: of the modules that speak, the notebooks, the templates and the definitions."""
    found = []
    for path in sorted((ROOT / "pace_nb").rglob("*.py")):
        if path.relative_to(ROOT / "pace_nb").parts[0] in SPOKEN or "batch" in path.parts:
            found += [(str(path.relative_to(ROOT)), text) for text in sentences_of(path)]
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found += [(path.name, "".join(c["source"])) for c in cells]
    for path in [*(ROOT / "templates").rglob("*.j2"), *(ROOT / "pace_nb" / "national").glob("*.toml")]:
        found.append((path.name, path.read_text(encoding="utf-8")))
    return found


def test_no_text_of_the_project_claims_too_much():
    faults = [(where, m[0], text[:90]) for where, text in spoken() for m in OVER_CLAIMS.finditer(text)]
    assert faults == []


@pytest.mark.parametrize(
    "claim",
    [
        "a significant improvement",
        "This proves that the change worked",
        "The meeting caused shorter waits",
        "ranked 3rd of 32",
        "The change was a success",
    ],
)
def test_the_list_would_find_a_claim(claim):
    assert OVER_CLAIMS.search(claim)


AIM = Aim("aim-2", "Aim 2", "accommodated", "permanence_recommendation", limit=read_limit("6 months"))


def intervals(waits: list[int], groups: list[str | None], audience: str = "working") -> Intervals:
    n = len(waits)
    end = pd.Series(pd.to_datetime([date(2017, 1, 1) + pd.Timedelta(days=3 * (i // 2)) for i in range(n)])).astype(
        "datetime64[s]"
    )
    table = pd.DataFrame(
        {
            "local_authority": "Fife",
            "child_id": [f"SYN-{i:03}" for i in range(n)],
            "sibling_group": pd.Series(groups, dtype="object"),
            "spell": 1,
            "start": end - pd.to_timedelta(pd.Series(waits, dtype="int64"), unit="D"),
            "end": end,
            "days": np.array(waits, dtype="int64"),
            "status": "reached",
            "reason": "",
            "cohort": "all",
            "late": False,
        }
    )
    return Intervals(table, AIM, "Fife", date(2019, 7, 31), audience)


RUNS = st.lists(
    st.tuples(st.integers(1, 500), st.sampled_from([None, None, None, "s1", "s2"])), min_size=1, max_size=45
)


@settings(max_examples=60, deadline=None)
@given(RUNS, st.integers(0, 20))
def test_what_is_said_of_a_run_chart_follows_from_what_the_rules_found(dots, baseline):
    found = intervals([w for w, _ in dots], [g for _, g in dots])
    run = analyse_run(found, baseline=baseline if 8 <= baseline < len(dots) else None)
    said, direction = say_signal(run), say_direction(run)
    everything = f"{said} {direction} {say_progress(run, summarise_waits(found))}"
    assert not OVER_CLAIMS.search(everything)
    assert "improvement" not in everything
    assert ("It is a strong sign." in said) == run.strong
    assert ("by chance" in said) >= (run.main_shift is not None)
    if not run.analysis.enough:
        assert f"{RULES.useful} needed" in said
        assert direction == "Not enough children to tell."
    if run.main_shift is not None:
        rate = false_alarm_rate(run.behind_median, sum(run.later), run.length)
        assert ("fewer than 1 in 100" if rate < 0.01 else f"about {100 * rate:.0f} in 100 charts") in said
    if run.main_shift is None or not run.lasts:
        assert "shorter" not in direction
    if "shorter than we would expect by chance" in direction:
        assert run.strong
    if run.rests_on_siblings:
        assert "rests on one or a few families" in said


def test_a_run_of_nine_on_the_worse_side_is_called_a_deterioration():
    waits = [8, 12, 9, 11, 12, 8, 11, 9, 8, 12, 9, 11, *[30] * 9]
    said = say_signal(analyse_run(intervals(waits, [None] * 21), baseline=12))
    assert "That is a deterioration, unless" in said
    said = say_signal(analyse_run(intervals(waits[:-1], [None] * 20), baseline=12))
    assert "That is the wrong direction, unless" in said


def test_a_new_median_is_offered_and_never_taken():
    waits = [80, 120, 90, 110, 120, 80, 110, 90, 80, 120, 90, 110, *[28] * 9]
    run = analyse_run(intervals(waits, [None] * 21), baseline=12)
    assert "a median of 4 weeks" in say_signal(run)
    assert "until then the old one stays" in say_signal(run)
    assert run.median == 100 / 7


def test_anhoejs_rules_say_what_they_saw_and_how_often_chance_shows_it():
    waits = [80, 120, 90, 110, 120, 80, 110, 90, 80, 120, 90, 110, *[30] * 12]
    run = analyse_run(intervals(waits, [None] * 24), baseline=12, rules="anhoej")
    said = say_signal(run)
    assert "the longest run on one side of the median is 13 children (chance alone makes up to 8)" in said
    assert "With nothing changed, about 8 in 100 charts" in said
    assert "strong" not in said
    quiet = analyse_run(intervals(waits[:12] * 2, [None] * 24), baseline=12, rules="anhoej")
    assert "no sign of a change" in say_signal(quiet)
