"""Charts of waits: what each audience is shown, what they say in words, and whom they rest on."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd
import pytest

from pace_nb.aims import Aim
from pace_nb.charts.curves import draw_waiting_curves, draw_ways_out
from pace_nb.disclosure import curve_step
from pace_nb.intervals import Intervals
from pace_nb.pages.baseline import describe_ways_out, ways_to_show
from pace_nb.periods import Limit
from pace_nb.spells import ENDINGS
from pace_nb.waits import WaitSummary, summarise_waits
from pace_nb.wording import say_typical

OPENS = date(2018, 1, 1)
AIM = Aim("aim-2", "Aim 2", "accommodated", "permanence_recommendation", Limit(6, "months"))


def children(rows: list[tuple[int, int, str]], audience: str = "working", since: date | None = OPENS) -> Intervals:
    """Draw children: day of the start, counted from the opening of the period; days; how the wait stands."""
    table = pd.DataFrame(
        {
            "local_authority": "Fife",
            "child_id": [f"SYN-{i}" for i in range(len(rows))],
            "spell": 1,
            "start": [pd.Timestamp(OPENS + timedelta(days=start)) for start, _, _ in rows],
            "days": [days for _, days, _ in rows],
            "status": [status if status in ("reached", "waiting") else "left" for _, _, status in rows],
            "reason": [ENDINGS.get(status, "") for _, _, status in rows],
            "late": False,
        }
    )
    return Intervals(table, AIM, "Fife", date(2021, 7, 31), audience, since)


def many(n: int = 120, start: int = 0) -> list[tuple[int, int, str]]:
    """Return n waits, a tenth of which end at home, a tenth at 18, and a tenth not yet."""
    kinds = ["reached"] * 7 + ["return_home", "turned_18", "waiting"]
    return [(start, 7 + 5 * i * 120 // n, kinds[i % 10]) for i in range(n)]


def numbers(figure) -> list[str]:
    return [cell for row in figure.rows for cell in row[1:]]


class TestWaitingCurves:
    def test_a_team_sees_every_week_and_the_band(self):
        figure = draw_waiting_curves({"all": children(many()).table}, children(many()))
        drawn = figure.data.rows["rows1"]
        assert [r["week"] for r in drawn[:4]] == [0, 1, 2, 3]
        assert all(r["low"] < r["share"] < r["high"] for r in drawn[5:])
        assert re.fullmatch(r"\d+ % \(\d+ to \d+\)", figure.rows[1][1])

    def test_others_see_every_thirteenth_week_rounded_and_no_band(self):
        found = children(many(), "aggregate")
        figure = draw_waiting_curves({"all": found.table}, found)
        drawn = figure.data.rows["rows1"]
        assert [r["week"] for r in drawn[:3]] == [0, 13, 26]
        assert all(r["low"] is None and r["high"] is None for r in drawn)
        assert [r["share"] * 20 for r in drawn] == pytest.approx([round(r["share"] * 20) for r in drawn])
        assert all(int(row[-1]) % 5 == 0 for row in figure.rows)

    @pytest.mark.parametrize(("n", "step"), [(20, 0.25), (49, 0.25), (50, 0.1), (99, 0.1), (100, 0.05)])
    def test_no_step_of_theirs_is_worth_fewer_than_five_children(self, n, step):
        found = children(many(n), "aggregate")
        shares = {r["share"] for r in draw_waiting_curves({"all": found.table}, found).data.rows["rows1"]}
        assert all(abs(s / step - round(s / step)) < 1e-9 for s in shares)
        assert curve_step(n) * n >= 5

    @pytest.mark.parametrize(("audience", "n"), [("aggregate", 19), ("working", 4)])
    def test_of_too_few_children_nothing_is_drawn(self, audience, n):
        found = children([(0, 500, "reached")] * n, audience)
        assert draw_waiting_curves({"all": found.table}, found).chart is None

    def test_a_group_too_small_to_show_does_not_take_the_other_with_it(self):
        found, few = children(many(), "aggregate"), children(many(12), "aggregate")
        figure = draw_waiting_curves({"before": found.table, "since": few.table}, found)
        assert {r["group"] for r in figure.data.rows["rows1"]} == {"before"}
        assert {row[2] for row in figure.rows} == {"–"}
        assert "since: too few to say" in figure.alt

    def test_half_is_said_or_said_not_to_be_reached(self):
        slow = [(0, 70, "reached")] * 3 + [(0, 140, "waiting")] * 9
        found = children(slow)
        assert "all: not reached in the time followed" in draw_waiting_curves({"all": found.table}, found).alt
        quick = children([(0, 70, "reached")] * 12)
        assert "all: until week 10" in draw_waiting_curves({"all": quick.table}, quick).alt

    def test_children_who_had_waited_before_the_period_join_at_that_week_and_the_caption_says_so(self):
        rows = [(0, 700, "waiting")] * 10 + [(-70, 700, "waiting")] * 7
        found = children(rows)
        figure = draw_waiting_curves({"all": found.table}, found)
        followed = {r["week"]: row for r, row in zip(figure.data.rows["rows1"], figure.rows, strict=False)}
        assert followed
        assert [row[-1] for row in figure.rows[:2]] == ["10", "17"]
        assert "before 1 January 2018 are followed from then on" in figure.caption
        plain = children(rows, since=None)
        assert "followed from then on" not in draw_waiting_curves({"all": plain.table}, plain).caption

    def test_a_curve_that_begins_later_says_of_whom_it_tells(self):
        found = children([(0, 700, "waiting")] * 2 + [(-70, 700, "waiting")] * 7)
        figure = draw_waiting_curves({"all": found.table}, found)
        assert "The line 'all' begins at week 11" in figure.caption


class TestWaysOut:
    def test_the_bands_fill_the_whole_height_at_every_week(self):
        for audience in ("working", "aggregate"):
            ways = ways_to_show(children(many(), audience))
            drawn = pd.DataFrame(draw_ways_out(ways).data.rows["rows1"])
            height = (drawn["high"] - drawn["low"]).groupby(drawn["week"]).sum()
            assert height.tolist() == pytest.approx([1.0] * len(height))
            assert (drawn["high"] >= drawn["low"] - 1e-9).all()

    def test_others_see_every_thirteenth_week_rounded(self):
        figure = draw_ways_out(ways_to_show(children(many(), "aggregate")))
        assert [row[0] for row in figure.rows[:3]] == ["0", "13", "26"]
        assert all(int(cell.removesuffix(" %")) % 5 == 0 for cell in numbers(figure))

    def test_of_too_few_children_nothing_is_drawn_or_said(self):
        for found in (children(many(19), "aggregate"), children([(0, 70, "reached")] * 4)):
            ways = ways_to_show(found)
            assert draw_ways_out(ways).chart is None
            assert describe_ways_out(ways).text == "Not enough children to tell how these waits end."

    def test_of_seven_children_a_team_sees_the_chart_and_no_percentages_in_words(self):
        ways = ways_to_show(children([(0, 70, "reached")] * 7))
        assert draw_ways_out(ways).chart is not None
        assert "%" not in describe_ways_out(ways).text

    def test_a_way_that_no_child_went_is_not_drawn(self):
        figure = draw_ways_out(ways_to_show(children([(0, 70 + i, "reached") for i in range(12)])))
        assert figure.columns == ["Week", "Permanence recommendation", "Still waiting", "Children followed"]

    def test_half_a_year_and_a_year_are_said_and_who_is_counted(self):
        """Of ten, by 26 weeks three had it and two had gone home; by 52 weeks one more of each, and one turned 18."""
        rows = [(0, 100, "reached")] * 3 + [(0, 120, "return_home")] * 2
        rows += [(0, 300, "reached"), (0, 310, "return_home"), (0, 320, "turned_18")] + [(0, 800, "waiting")] * 12
        said = describe_ways_out(ways_to_show(children(rows))).text
        assert (
            "By 26 weeks: 15 % had their permanence recommendation, 10 % had gone home first, 0 % had left another way, "
            in said
        )
        assert "and 75 % still waited." in said
        assert (
            "By 52 weeks: 20 % had their permanence recommendation, 15 % had gone home first, 5 % had left another way"
            in said
        )
        assert "Who is counted: 20 children." in said
        assert "a fall in one may be a rise in another" in said

    def test_the_last_week_is_said_where_half_a_year_is_not_reached(self):
        said = describe_ways_out(ways_to_show(children([(0, 30, "reached")] * 6 + [(0, 70, "waiting")] * 6))).text
        assert "By 10 weeks: 50 % had their" in said

    def test_names_beside_the_chart_do_not_run_into_one_another(self):
        rows = [(0, 70, "reached")] * 90 + [(0, 80, "return_home")] + [(0, 80, "turned_18")] + [(0, 90, "waiting")] * 6
        figure = draw_ways_out(ways_to_show(children(rows)))
        heights = [r["height"] for r in figure.data.rows["rows2"]]
        assert all(b - a >= 0.06 for a, b in zip(heights, heights[1:], strict=False))
        assert max(heights) <= 1

    def test_charts_are_of_no_single_child(self):
        ways = ways_to_show(children(many(), "aggregate"))
        assert not draw_ways_out(ways).child_level


class TestTypicalWaitInWords:
    def summary(self, **more) -> WaitSummary:
        given = {
            "started": 30, "followed": 30, "reached": 20, "waiting": 5, "left": 5, "unusable": 0, "overdue": 0, "typical": 182.0,
            "finished_median": 150.0, "quartiles": None, "longest_waiting": None, "typical_interval": (140.0, 210.0),
        }  # fmt: skip
        return WaitSummary(**{**given, **more})

    def test_a_team_is_told_how_sure_it_is(self):
        said = say_typical(self.summary(), "working")
        assert (
            said
            == "half of the children who start still wait after 26 weeks (between 20 and 30 weeks, allowing for chance)."
        )

    def test_others_are_not_nor_is_anyone_of_fewer_than_ten(self):
        assert "chance" not in say_typical(self.summary(), "aggregate")
        assert "chance" not in say_typical(self.summary(followed=9), "working")

    def test_an_upper_limit_that_is_not_reached_is_not_made_up(self):
        assert "(20 weeks or more, allowing for chance)" in say_typical(
            self.summary(typical_interval=(140.0, None)), "working"
        )
        assert "chance" not in say_typical(self.summary(typical_interval=(None, None)), "working")

    def test_of_children_followed_from_later_on_it_says_so(self):
        said = say_typical(self.summary(typical=None, later=(28, 182.0)), "working")
        assert said.startswith(
            "too few children were followed from the start. Half of those who have waited 4 weeks already still "
        )
        assert "after 26 weeks" in said
        few = self.summary(typical=None, later=(28, 182.0), followed=9)
        assert say_typical(few, "aggregate") == "not enough children to tell."

    def test_a_real_summary_holds_what_is_said(self):
        found = summarise_waits(children([(0, 7 * w, "reached") for w in range(1, 41)]))
        assert say_typical(found, "working") == (
            "half of the children who start still wait after 20 weeks (between 14 and 26 weeks, allowing for chance)."
        )
