"""What the page of aims says of an aim in two parts, draws of its shares, and shows of its checks."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from pace_nb.aims import Aim
from pace_nb.charts.shares import draw_shares
from pace_nb.extract import read_extract
from pace_nb.intervals import Intervals
from pace_nb.measures import Backlog, ShareMet, TwoParts
from pace_nb.pages.aim_checks import check_aims, show_aim_checks
from pace_nb.pages.aim_parts import say_backlog, say_parts
from pace_nb.pages.aims import describe_aim, describe_aims, draw_aim, show_aim, show_aims, study_aim
from pace_nb.pages.aims import draw_shares as draw_studies
from pace_nb.periods import Limit

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
AS_AT = date(2019, 7, 31)
DAY = timedelta(days=1)
AIM = Aim(
    "aim-2",
    "Aim 2",
    "accommodated",
    "permanence_recommendation",
    Limit(28, "days"),
    90,
    from_date=date(2018, 4, 1),
    backlog_by=date(2018, 10, 31),
)


def waits(rows: list[tuple[date, int]], audience: str = "working", aim: Aim = AIM, as_at: date = AS_AT) -> Intervals:
    """Return children who reached the step so many days after their start."""
    table = pd.DataFrame(
        [
            {
                "local_authority": "Fife",
                "child_id": f"SYN-{i:04}",
                "spell": 1,
                "start": pd.Timestamp(start),
                "end": pd.Timestamp(start + days * DAY),
                "days": days,
                "status": "reached",
                "due": pd.Timestamp(aim.limit.due(start)) if aim.limit else pd.NaT,
                "late": False,
                "cohort": "new" if start >= AIM.from_date else "backlog",
            }
            for i, (start, days) in enumerate(rows)
        ]
    ).astype(dict.fromkeys(("start", "end", "due"), "datetime64[s]"))
    return Intervals(table, aim, "Fife", as_at, audience)


def quarterly(each: list[tuple[int, int]], audience: str = "working", aim: Aim = AIM) -> Intervals:
    """Return so many in time and so many late for each quarter of 2018 and 2019."""
    starts = [date(2018, 1, 15), date(2018, 4, 15), date(2018, 7, 15), date(2018, 10, 15), date(2019, 1, 15)]
    rows = [(s, n) for s, (quick, slow) in zip(starts, each, strict=False) for n in [10] * quick + [50] * slow]
    return waits(rows, audience, aim)


class TestWords:
    def test_each_part_is_said_with_its_own_denominator(self):
        parts = TwoParts(ShareMet(met=8, missed=4, not_yet_due=3), None, ShareMet(met=3, missed=9))
        new, _ = say_parts(AIM, parts, waits([(date(2018, 5, 1), 10)]))
        assert new == (
            "In time: of children who started on 1 April 2018 or later and whose 28 days have run out, 8 of 12 (67 %) had it in "
            "time (allowing for chance, the rate behind it lies between 39 and 86 %). The aim is 90 %. Of children due before "
            "1 April 2018, 3 of 12 (25 %) had it in time."
        )

    def test_nobody_due_is_said_so_and_is_no_percentage(self):
        new, _ = say_parts(AIM, TwoParts(ShareMet(), None, ShareMet()), waits([(date(2018, 5, 1), 10)]))
        assert new.count("no child was due") == 2
        assert "0 %" not in new.replace("90 %", "")

    def test_a_last_day_of_start_is_said(self):
        aim = dataclasses.replace(AIM, to_date=date(2019, 3, 31))
        new, _ = say_parts(aim, TwoParts(ShareMet(), None, ShareMet()), waits([(date(2018, 5, 1), 10)], aim=aim))
        assert "started on 1 April 2018 to 31 March 2019" in new

    def test_the_backlog_by_its_day_and_now(self):
        backlog = Backlog(30, 25, 4, 1, 20, 2, AIM.backlog_by)
        said = say_backlog(AIM, backlog, waits([(date(2018, 5, 1), 10)]))
        assert said == (
            "Backlog: 30 children already waited on 1 April 2018. By 31 October 2018, the day set for them: taken the step, 20; left "
            "another way, 2; still waiting, 8. By now: taken the step, 25; left another way, 4; still waiting, 1."
        )

    @pytest.mark.parametrize(
        ("by", "as_at", "words"),
        [
            (AS_AT, AS_AT, "By 31 July 2019, the day set for them"),
            (AS_AT + DAY, AS_AT, "has not come. So far"),
            (None, AS_AT, "No day is set for them"),
            (AIM.backlog_by, AIM.from_date - DAY, "waiting now, before the aim begins"),
        ],
    )
    def test_a_day_that_has_come_that_has_not_and_that_is_not_set(self, by, as_at, words):
        aim = dataclasses.replace(AIM, backlog_by=by)
        told = (None, None) if by is None else (20, 2)
        said = say_backlog(aim, Backlog(30, 25, 4, 1, *told, by), waits([(date(2018, 5, 1), 10)], aim=aim, as_at=as_at))
        assert words in said

    def test_where_it_is_not_known_it_says_so(self):
        assert "is not known" in say_backlog(AIM, None, waits([(date(2018, 5, 1), 10)]))
        assert "no child already waited" in say_backlog(
            AIM, Backlog(0, 0, 0, 0, 0, 0, AIM.backlog_by), waits([(AS_AT, 1)])
        )

    def test_in_aggregate_counts_are_protected(self):
        run = waits([(date(2018, 5, 1), 10)], "aggregate")
        said = say_backlog(AIM, Backlog(31, 25, 4, 2, 21, 2, AIM.backlog_by), run)
        assert "31 children" not in said
        assert "about 30 children" in said
        assert said.count("fewer than 5") == 3
        (new, _) = say_parts(AIM, TwoParts(ShareMet(met=8, missed=4), None, ShareMet(met=3, missed=9)), run)
        assert "allowing for chance" not in new
        assert "too few children to show" in new


class TestChart:
    def marks(self, figure) -> list[dict]:
        (rows,) = figure.spec["datasets"].values()
        return rows

    def test_a_point_for_each_period_with_its_interval_and_the_children_due(self):
        figure = draw_shares([quarterly([(3, 2), (4, 1), (5, 0), (1, 4), (5, 5)])])
        points = [r for r in self.marks(figure) if r["mark"] == "share"]
        assert [r["share"] for r in points[:5]] == [0.6, 0.8, 1, 0.2, 0.5]
        assert [r["children"] for r in points] == ["5", "5", "5", "5", "10", "0", "0"]
        assert points[0]["low"] == pytest.approx(0.2307, abs=5e-5)  # Wilson of 3 of 5, by hand
        assert points[0]["high"] == pytest.approx(0.8824, abs=5e-5)
        assert points[0]["low"] < 0.6 < points[0]["high"]

    def test_a_period_in_which_no_child_was_due_has_no_point_and_is_never_nought_per_cent(self):
        run = dataclasses.replace(quarterly([(3, 2), (4, 1), (0, 0), (1, 4), (5, 5)]), as_at=date(2019, 3, 31))
        figure = draw_shares([run])
        empty = [r for r in self.marks(figure) if r["children"] == "0"]
        assert len(empty) == 1
        assert all(r["share"] is None and r["low"] is None for r in empty)
        assert [row[1:5] for row in figure.rows][2] == ["2018 Q3", "0", "–", "no child was due"]

    def test_the_target_begins_with_the_from_date(self):
        (target,) = [r for r in self.marks(draw_shares([quarterly([(3, 2)] * 5)])) if r["mark"] == "target"]
        assert (target["day"], target["share"], target["children"]) == ("2018-04-01", 0.9, "Aim: 90 %")
        without = dataclasses.replace(AIM, target=None)
        assert [
            r for r in self.marks(draw_shares([quarterly([(3, 2)] * 5, aim=without)])) if r["mark"] == "target"
        ] == []

    def test_in_aggregate_shares_are_protected_and_have_no_bars(self):
        figure = draw_shares([quarterly([(8, 6), (14, 0), (9, 9), (3, 9), (11, 4)], "aggregate")])
        points = [r for r in self.marks(figure) if r["mark"] == "share"][:5]
        assert [r["share"] for r in points] == [
            pytest.approx(10 / 15),
            None,
            pytest.approx(10 / 20),
            None,
            pytest.approx(10 / 15),
        ]
        assert [r["children"] for r in points] == ["15", "15", "20", "10", "15"]
        assert all(r["low"] is None and r["high"] is None for r in self.marks(figure))
        assert [row[3] for row in figure.rows][:5] == ["10", "–", "10", "–", "10"]
        assert not figure.child_level
        assert "bar" not in figure.caption

    def test_an_aim_without_a_limit_or_with_too_few_is_named_and_not_drawn(self):
        no_limit = dataclasses.replace(AIM, title="Aim 3", limit=None)
        bare = dataclasses.replace(waits([(date(2018, 5, 1), 10)], aim=no_limit), aim=no_limit)
        figure = draw_shares([quarterly([(3, 2)] * 5), bare])
        assert "no limit is set: Aim 3." in figure.caption
        assert {r["aim"] for r in self.marks(figure)} == {"Aim 2"}

    def test_nobody_due_draws_nothing(self):
        figure = draw_shares([waits([(AS_AT, 1)])])
        assert figure.chart is None
        assert "Too few children" in figure.alt

    def test_the_chart_is_valid_vega_lite(self):
        figure = draw_shares([quarterly([(3, 2)] * 5)])
        figure.chart.to_dict()  # raises where it is not
        assert "Aim 2, by quarter: 2018 Q1 3 of 5" in figure.alt


@pytest.fixture(scope="module", params=["working", "aggregate"])
def fife(request):
    return read_extract(SAMPLE / "fife", AS_AT, audience=request.param)


class TestPage:
    def test_every_aim_has_a_row_and_what_to_do(self, fife):
        shown = show_aim_checks(fife)
        for aim in fife.aims.values():
            assert aim.title in shown.text
        assert "0 of 4 to be mended" in shown.text
        assert shown.text.count("Only its limit is set") == 3
        assert not shown.child_level

    def test_a_number_of_children_is_exact_only_for_those_entitled(self, fife):
        said = " ".join(f.what for found in check_aims(fife).values() for f in found)
        assert ("about " in said) is (fife.audience == "aggregate")
        assert ("backlog of 30 children" in said) is (fife.audience == "working")

    def test_the_table_holds_the_parts_and_they_add_up(self, fife):
        rows = [line.split("\t") for line in show_aim(study_aim(fife, "aim-2")).text.splitlines()]
        names = [r[0] for r in rows]
        whole = names.index("All who were due")
        assert [n.split(",")[0] for n in names[whole + 1 : whole + 4]] == ["Of them"] * 3
        if fife.audience == "working":
            assert int(rows[whole][1]) == sum(int(r[1]) for r in rows[whole + 1 : whole + 4])
            assert int(rows[whole][2]) == sum(int(r[2]) for r in rows[whole + 1 : whole + 4])

    def test_in_aggregate_neither_none_nor_all_of_a_year_is_said(self, fife):
        rows = [
            line.split("\t")
            for line in show_aim(study_aim(fife, "aim-3")).text.splitlines()
            if line.startswith("Due in")
        ]
        assert len(rows) == 7
        none = [r for r in rows if r[2] == "0"]
        assert bool(none) is (fife.audience == "working")

    def test_the_chart_of_all_aims(self, fife):
        figure = draw_studies(*(study_aim(fife, i) for i in fife.aims))
        assert figure.chart is not None
        assert {row[0] for row in figure.rows} >= {fife.aims["aim-2"].title}


def test_an_aim_of_its_own_with_nothing_but_a_limit_is_to_be_mended(tmp_path):
    folder = shutil.copytree(SAMPLE / "orkney-islands", tmp_path / "orkney-islands")
    own = '[[aim]]\nid = "own"\ntitle = "Own"\nstart = "accommodated"\nend = "permanence_panel"\nlimit = "9 months"\nsource = "x"\n'
    (folder / "aims.toml").write_text(own, encoding="utf-8")
    # the two national aims for which this area sets no limit, and its own
    assert "3 of 5 to be mended" in show_aim_checks(read_extract(folder, AS_AT)).text


def test_an_end_that_is_in_nobodys_record_is_no_nought_per_cent(write_extract):
    """An extract without a kind of event says nothing of the children: neither in time nor late."""
    ids = [f"C{i}" for i in range(12)]
    tables = {
        "children": "child_id,local_authority,date_of_birth\n" + "".join(f"{c},Fife,2010-03-01\n" for c in ids),
        "placements": "child_id,placement_type,start_date,end_date\n"
        + "".join(f"{c},foster,2017-01-02,\n" for c in ids),
        "legal": "child_id,legal_type,start_date,end_date\n",
        "events": "child_id,event,date,route\n" + "".join(f"{c},accommodated,2017-01-02,\n" for c in ids),
    }
    extract = read_extract(write_extract(**tables), "2019-07-31", audience="working")
    study = study_aim(extract, "aim-2")
    for shown in (describe_aim(study), show_aim(study), describe_aims(study)):
        assert "'Permanence recommendation' is recorded for nobody in this extract" in shown.text
        assert "0 of 12" not in shown.text
        assert "(0 %)" not in shown.text
    row = next(line for line in show_aims(extract).text.splitlines() if line.startswith("Aim 2"))
    assert "end not recorded" in row
    assert "0 %" not in row


def test_where_nobody_has_finished_those_who_wait_are_still_named_in_a_column_of_their_own():
    extract = read_extract(SAMPLE / "inverclyde", "2019-07-31", audience="working")
    figure = draw_aim(study_aim(extract, "aim-1"))
    assert figure.columns[-1] == "Child"
    assert figure.rows
    assert {len(row) for row in figure.rows} == {len(figure.columns)}
