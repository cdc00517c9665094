"""The charts of controls: what is written on them fits, and says what the sentences beside them say."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from pace_nb.charts.lettering import width
from pace_nb.charts.quick import draw_points
from pace_nb.controls.learn import Game, Lab
from pace_nb.extract import read_extract
from pace_nb.pages.explore import Choice, chart_choice
from pace_nb.pages.own_numbers import chart_numbers, judge_median, read_numbers

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
WIDER = 1.17  # a letter of DejaVu Sans, which Linux has, against one of Arial


def names_in_the_margin(svg: str) -> list[tuple[float, float, str]]:
    """Each name of a line: where it begins, how large it is, what it says."""
    found = re.findall(r'<text x="([\d.]+)" y="[^"]*" font-size="([\d.]+)"[^>]*font-weight="bold">([^<]*)', svg)
    return [(float(x), float(size), words) for x, size, words in found if float(x) > 500]


def test_the_names_of_the_lines_are_not_cut_whatever_the_letters():
    glasgow = read_extract(SAMPLE / "glasgow-city", date(2019, 7, 31), audience="working")
    svg = draw_points(chart_choice(glasgow, Choice("aim-2")), "")
    most = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
    names = names_in_the_margin(svg)
    assert "Proposed: 18 weeks" in [words for _, _, words in names]
    assert [words for x, size, words in names if x + WIDER * width(words, size, bold=True) > most] == []


def test_the_median_on_a_chart_of_ones_own_numbers_is_the_one_that_is_explained():
    run = chart_numbers(read_numbers("12 14 13 15 16 30 31 29 33 35 34 36")[0])
    assert "lies 29.5." in judge_median(run, "22")[1]
    assert "Median 29.5<" in draw_points(run, "", unit="")
    assert "Median 14<" in draw_points(chart_numbers([12, 13, 14, 15, 16]), "", unit="")


def test_numbers_of_ones_own_may_be_days_so_the_lab_does_not_call_them_weeks():
    lab = Lab("30 days, 41 days, 28 days, 35 days, 39 days, 50 days")
    lab.check_signs()
    assert "Median 37<" in lab.picture.svg
    assert "eeks" not in lab.picture.svg
    assert "Weeks waited" in Game("1").picture.svg
