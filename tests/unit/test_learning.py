"""The page to learn on: made-up waits that are always the same, and rates that agree with the method's simulations."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pace_nb.errors import ParameterError
from pace_nb.pages import learning
from pace_nb.runchart import RULES, analyse_values
from pace_nb.runchart.made_up import detection_rate, make_up_waits, sibling_rates

NOTEBOOK = Path(__file__).parent.parent.parent / "notebooks" / "dashboards" / "learn_run_charts.ipynb"


def test_the_same_number_always_makes_the_same_chart_and_another_makes_another():
    assert (make_up_waits(24, 12, 4) == make_up_waits(24, 12, 4)).all()
    assert (make_up_waits(24, 12, 4) != make_up_waits(24, 12, 5)).any()


def test_a_change_touches_the_later_waits_only():
    plain, shorter = make_up_waits(24, 12, 4), make_up_waits(24, 12, 4, 0.5)
    assert (plain[:12] == shorter[:12]).all()
    assert np.abs(shorter[12:] - plain[12:] / 2).max() <= 1


def test_made_up_waits_are_skewed_about_half_a_year():
    waits = np.concatenate([make_up_waits(200, 100, i) for i in range(50)])
    assert np.median(waits) == pytest.approx(182, abs=5)
    assert waits.mean() > 1.1 * np.median(waits)


def test_what_is_seen_of_nothing_is_the_false_alarm_rate_of_one_side():
    """Method A.1.4: twelve frozen and twelve later dots, six in a row in the better direction: 10.3 %."""
    assert detection_rate(24, 12, 1.0) == pytest.approx(0.103, abs=0.012)


def test_a_shift_of_a_known_size_is_seen_as_often_as_the_method_says():
    """Method A.1.4, power: a shift of 1 standard deviation shows as 6 in a row in 66 % of charts, as 8 in 41 %."""
    factor = float(np.exp(-0.6))  # one standard deviation of the logarithm
    assert detection_rate(24, 12, factor) == pytest.approx(0.66, abs=0.02)
    assert detection_rate(24, 12, factor, 8) == pytest.approx(0.41, abs=0.02)


def test_siblings_raise_false_alarms_and_counting_decisions_lowers_them():
    found = sibling_rates(24)
    assert found.alone == pytest.approx(0.156, abs=0.02)
    assert found.children > 2 * found.alone
    assert found.decisions < found.alone


def test_the_chart_says_what_the_rules_find_and_what_is_true():
    run = learning.choose_chart("24", "12", "9")
    assert run.length >= RULES.shift
    said = learning.describe_made_up(run).text
    assert "What it shows: " in said
    assert "The truth: nothing was changed." in said
    assert "finished sooner" not in said
    assert "30 % shorter" in learning.describe_made_up(learning.choose_chart("24", "12", "9", "-30"), "-30").text


def test_the_answers_are_marked_only_when_asked_for():
    run = learning.choose_chart("24", "12", "1")
    asked, answered = learning.draw_twenty(run, answers=False), learning.draw_twenty(run)
    assert ": a shift" not in json.dumps(asked.spec)
    marked = {row[0] for row in answered.rows if row[2] == "yes"}
    expected = set()
    for i in range(1, 21):
        found = analyse_values(make_up_waits(24, 12, i), 12)
        below = [s for s in found.signals if s.rule == "shift" and s.side == "below"]
        if any(sum(1 for p in range(max(12, s.first), s.last + 1) if found.sides[p]) >= 6 for s in below):
            expected.add(str(i))
    assert marked == expected
    assert marked


def test_every_fault_of_the_numbers_is_told_at_once():
    with pytest.raises(ParameterError) as caught:
        learning.choose_chart("many", "2", "0", "5")
    for name in ("points", "baseline", "chart"):
        assert name in str(caught.value)
    assert "change" not in str(caught.value).split("Do")[0].replace("change the numbers", "")
    with pytest.raises(ParameterError, match="smaller than points"):
        learning.choose_chart("12", "12")


def test_the_tables_hold_what_the_functions_say():
    run = learning.choose_chart("24", "12")
    rows = [line.split("\t") for line in learning.show_false_alarms(run).text.splitlines()]
    assert ["12 + 12", "20", "6", "4", "25", "2", "8"] in rows
    rows = [line.split("\t") for line in learning.show_detection(run).text.splitlines()]
    assert ["nothing changes", "10", "3"] in rows
    assert str(round(100 * sibling_rates(24).children)) in learning.show_siblings(run).text


def test_the_notebook_runs_and_shows_something_in_every_cell(tmp_path):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    cells = [c for c in notebook.cells if c.cell_type == "code" and not c.metadata.get("tags")]
    assert len(cells) == 10
    for cell in cells:
        assert [o.output_type for o in cell.outputs] == ["execute_result"], cell.source
