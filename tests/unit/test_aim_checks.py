"""An aim read as an advisor reads it: every fault found where it is, and not where it is not."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from pace_nb.aim_checks import check_aim, check_record
from pace_nb.aim_checks.pace import find_pace
from pace_nb.aim_checks.record import in_months
from pace_nb.aims import Aim, read_aims
from pace_nb.intervals import Intervals
from pace_nb.measures import ShareMet
from pace_nb.periods import Limit

AS_AT = date(2019, 7, 31)
DAY = timedelta(days=1)
WELL_SET = Aim(
    "own",
    "A recommendation within six months",
    "accommodated",
    "permanence_recommendation",
    Limit(6, "months"),
    80,
    from_date=date(2018, 1, 1),
    to_date=date(2019, 12, 31),
    backlog_by=date(2018, 12, 31),
)


def but(**changes) -> Aim:
    return dataclasses.replace(WELL_SET, **changes)


def codes(findings) -> list[str]:
    return [f.code for f in findings]


def waits(rows: list[tuple], aim: Aim = WELL_SET, audience: str = "working", as_at: date = AS_AT, **more) -> Intervals:
    """Return intervals from (start, days, status)."""
    table = pd.DataFrame(
        [
            {
                "local_authority": "Fife",
                "child_id": f"SYN-{i:04}",
                "sibling_group": None,
                "spell": 1,
                "start": pd.Timestamp(start),
                "end": pd.Timestamp(start + days * DAY) if status == "reached" else pd.NaT,
                "days": days,
                "status": status,
                "due": pd.Timestamp(aim.limit.due(start)) if aim.limit else pd.NaT,
                "late": False,
                "cohort": "all" if aim.from_date is None else ("new" if start >= aim.from_date else "backlog"),
            }
            for i, (start, days, status) in enumerate(rows)
        ],
        columns=[
            "local_authority",
            "child_id",
            "sibling_group",
            "spell",
            "start",
            "end",
            "days",
            "status",
            "due",
            "late",
            "cohort",
        ],
    ).astype(dict.fromkeys(("start", "end", "due"), "datetime64[s]"))
    return Intervals(table, aim, "Fife", as_at, audience, **more)


def steady(aim: Aim, quick: int = 5, slow: int = 5, years=(2014, 2015, 2016, 2017, 2018), **more) -> Intervals:
    """Return waits that begin in the same way every month: so many of 100 days and so many of 250."""
    starts = [date(y, m, 1) for y in years for m in range(1, 13)]
    return waits([(s, n, "reached") for s in starts for n in [100] * quick + [250] * slow], aim, **more)


class TestRecord:
    def test_an_aim_that_says_how_much_for_whom_and_by_when_has_no_fault(self):
        assert check_record(WELL_SET) == []

    @pytest.mark.parametrize(
        ("aim", "code"),
        [
            (but(limit=None, title="A recommendation"), "no_limit"),
            (but(target=None), "no_target"),
            (but(from_date=None, backlog_by=None), "no_from_date"),
            (but(backlog_by=None), "no_backlog_part"),
            (but(from_date=None, backlog_by=None, to_date=None), "no_end"),
        ],
    )
    def test_each_part_that_is_missing_is_named(self, aim, code):
        assert code in codes(check_record(aim))

    def test_a_day_for_the_backlog_or_a_last_day_of_start_is_an_end(self):
        assert check_record(but(to_date=None)) == []
        assert "no_end" not in codes(check_record(but(from_date=None, backlog_by=None)))

    def test_without_a_from_date_there_is_no_backlog_to_answer_for(self):
        assert codes(check_record(but(from_date=None, backlog_by=None))) == ["no_from_date"]

    @pytest.mark.parametrize(
        ("title", "limit"),
        [
            ("A panel within 12 weeks", Limit(14, "weeks")),
            ("A panel within twelve weeks", Limit(12, "months")),
            ("The 18 week review", Limit(18, "months")),
            ("An 18-week review", Limit(18, "days")),
        ],
    )
    def test_a_title_that_says_another_limit_is_found(self, title, limit):
        assert "title_differs" in codes(check_record(but(title=title, limit=limit)))

    @pytest.mark.parametrize(
        ("title", "limit"),
        [
            ("A panel within 12 weeks, children under 12 years", Limit(12, "weeks")),
            ("A review after two years", Limit(24, "months")),
            ("A review after 14 days", Limit(2, "weeks")),
            ("A decision for children under 5 years", Limit(6, "months")),
            ("A decision soon", Limit(6, "months")),
        ],
    )
    def test_a_title_that_says_the_same_in_other_words_or_an_age_is_not(self, title, limit):
        assert "title_differs" not in codes(check_record(but(title=title, limit=limit)))

    def test_a_title_with_another_share_is_found(self):
        found = check_record(but(title="90 % within six months"))
        assert codes(found) == ["title_differs"]
        assert "90 %" in found[0].what
        assert "80 %" in found[0].what
        assert check_record(but(title="80 per cent within six months")) == []

    @pytest.mark.parametrize(
        ("limit", "months"),
        [
            (Limit(26, "weeks"), 6),
            (Limit(13, "weeks"), 3),
            (Limit(52, "weeks"), 12),
            (Limit(180, "days"), 6),
            (Limit(365, "days"), 12),
            (Limit(12, "weeks"), None),
            (Limit(18, "weeks"), None),
            (Limit(84, "days"), None),
            (Limit(6, "months"), None),
            (None, None),
        ],
    )
    def test_weeks_that_stand_for_months(self, limit, months):
        assert in_months(limit) == (None if months is None else Limit(months, "months"))

    def test_every_finding_says_what_and_what_to_do(self):
        bare = Aim("a", "Panel in 12 weeks", "accommodated", "permanence_panel", Limit(26, "weeks"))
        found = check_record(bare)
        assert len(found) == 5
        assert all(f.what and f.do and f.level in ("mend", "ask") and str(f) == f"{f.what} {f.do}" for f in found)


class TestChildren:
    def test_nothing_stands_out_of_a_good_aim(self):
        aim = but(target=60, to_date=date(2022, 12, 31))
        best = waits([(date(2017, m, 2), n, "reached") for m in range(1, 4) for n in [100] * 8 + [250] * 2])
        half = steady(aim, years=(2014, 2015, 2016, 2018))
        both = dataclasses.replace(
            half, table=pd.concat([half.table, best.table.assign(cohort="backlog")], ignore_index=True)
        )
        assert check_aim(aim, both) == []

    def test_another_aims_intervals_are_refused(self):
        with pytest.raises(ValueError, match="another aim"):
            check_aim(but(target=81), steady(WELL_SET))

    def test_without_a_from_date_it_says_how_many_were_past_the_step(self):
        aim = but(from_date=None, backlog_by=None)
        rows = [(date(2019, 1, 1), 50, "reached")] * 7 + [(date(2019, 1, 1), 60, "left")] * 2
        rows += [(date(2019, 6, 1), 60, "waiting")] * 3 + [(date(2019, 1, 1), 200, "unusable")] * 5
        (found,) = [f for f in check_aim(aim, waits(rows, aim)) if f.code == "no_from_date"]
        assert "counts 12 children; 9 of them had reached the step or left another way by 31 July 2019" in found.what

    def test_without_the_other_part_it_says_how_many_waited_and_still_wait(self):
        aim = but(backlog_by=None)
        rows = [(date(2017, 12, 1), 100, "reached")] * 4 + [(date(2017, 12, 1), 607, "waiting")] * 3
        rows += [(date(2017, 1, 1), 100, "reached")] * 6
        (found,) = [f for f in check_aim(aim, waits(rows, aim)) if f.code == "no_backlog_part"]
        assert "They were 7 children; still waiting: 3." in found.what

    def test_a_day_for_the_backlog_that_has_passed(self):
        rows = [(date(2017, 12, 1), 100, "reached")] * 4 + [(date(2017, 12, 1), 607, "waiting")] * 3
        assert "backlog_overdue" in codes(check_aim(WELL_SET, waits(rows)))
        assert "backlog_overdue" not in codes(check_aim(WELL_SET, waits(rows[:4])))
        on_the_day = but(backlog_by=AS_AT)
        assert "backlog_overdue" in codes(check_aim(on_the_day, waits(rows, on_the_day)))
        not_yet = but(backlog_by=AS_AT + DAY)
        assert "backlog_overdue" not in codes(check_aim(not_yet, waits(rows, not_yet)))

    def test_an_aim_whose_last_child_has_been_due_is_over(self):
        over = but(to_date=date(2019, 1, 31))
        assert "is_over" in codes(check_aim(over, steady(over)))
        runs = but(to_date=date(2019, 2, 1))
        assert "is_over" not in codes(check_aim(runs, steady(runs)))

    def test_a_from_date_after_the_records_end(self):
        later = but(from_date=AS_AT + DAY, backlog_by=date(2020, 12, 31))
        assert "starts_later" in codes(check_aim(later, steady(later)))
        today = but(from_date=AS_AT, backlog_by=date(2020, 12, 31))
        assert "starts_later" not in codes(check_aim(today, steady(today)))

    def test_a_scope_that_matches_nobody(self):
        aim = but(placements=("foster",))
        empty = waits([], aim, out_of_scope={"placed elsewhere when the clock started": 12})
        (found,) = check_aim(aim, empty)
        assert found.code == "nobody_counted"
        assert "12 children: placed elsewhere" in found.what

    def test_nobody_at_all(self):
        (found,) = check_aim(WELL_SET, waits([]))
        assert found.code == "nobody_counted"
        assert "Nobody has started" in found.what

    def test_an_aim_without_a_limit_is_checked_as_far_as_it_goes(self):
        aim = but(limit=None, title="A recommendation")
        assert "no_limit" in codes(check_aim(aim, waits([(date(2017, 1, 1), 100, "reached")] * 20, aim)))


class TestLimit:
    @pytest.mark.parametrize(
        ("limit", "level", "meant"),
        [
            (Limit(6, "weeks"), "mend", '"6 months"'),
            (Limit(6, "days"), "mend", '"6 months"'),
            (Limit(26, "months"), "mend", '"26 weeks"'),
            (Limit(5, "years"), "mend", '"5 months"'),
            (Limit(20, "days"), "mend", '"20 weeks"'),
            (Limit(60, "days"), "ask", None),
        ],
    )
    def test_a_limit_far_from_the_typical_wait_of_200_days(self, limit, level, meant):
        aim = but(limit=limit, title="A recommendation")
        run = waits([(date(2016, 1, 1) + i * DAY, 200, "reached") for i in range(20)], aim)
        (found,) = [f for f in check_aim(aim, run) if f.code == "limit_scale"]
        assert found.level == level
        assert "after 29 weeks" in found.what
        assert (meant in found.what) if meant else ("meant" not in found.what)

    @pytest.mark.parametrize("limit", [Limit(6, "months"), Limit(12, "weeks"), Limit(67, "days"), Limit(600, "days")])
    def test_a_limit_within_three_times_either_way_is_not_asked_about(self, limit):
        aim = but(limit=limit, title="A recommendation")
        run = waits([(date(2016, 1, 1) + i * DAY, 200, "reached") for i in range(20)], aim)
        assert "limit_scale" not in codes(check_aim(aim, run))

    def test_of_fewer_than_ten_children_nobody_knows_the_typical_wait(self):
        aim = but(limit=Limit(6, "days"), title="A recommendation")
        run = waits([(date(2016, 1, 1), 200, "reached")] * 9, aim)
        assert "limit_scale" not in codes(check_aim(aim, run))

    def test_weeks_for_months_say_for_how_many_it_matters(self):
        """From 31 August, 26 weeks end on 1 March and six months on 28 February."""
        aim = but(limit=Limit(26, "weeks"), title="A recommendation")
        rows = [(date(2018, 8, 31), 182, "reached")] * 2 + [(date(2018, 8, 31), 181, "reached")] * 5
        (found,) = [f for f in check_aim(aim, waits(rows, aim)) if f.code == "weeks_for_months"]
        assert "2 children here would be in time by one and late by the other" in found.what


class TestTarget:
    def test_a_target_that_was_met_before_it_began(self):
        for target, met in ((49, True), (50, True), (51, False)):
            aim = but(target=target)
            assert ("target_met" in codes(check_aim(aim, steady(aim)))) is met

    def test_what_came_after_the_from_date_is_not_the_baseline(self):
        aim = but(target=60)
        before, after = steady(aim, years=(2015, 2016)), steady(aim, quick=10, slow=0, years=(2018,))
        both = dataclasses.replace(before, table=pd.concat([before.table, after.table], ignore_index=True))
        assert "target_met" not in codes(check_aim(aim, both))

    def test_a_target_beyond_the_best_quarter_names_it(self):
        aim = but(target=90)
        (found,) = [f for f in check_aim(aim, steady(aim)) if f.code == "target_beyond_best"]
        assert found.level == "ask"
        assert "15 of 30 (50 %)" in found.what
        assert "target_beyond_best" not in codes(check_aim(but(target=50), steady(but(target=50))))

    def test_of_three_quarters_none_is_the_best(self):
        aim = but(target=90)
        run = waits([(date(2016, m, 1), n, "reached") for m in range(1, 10) for n in (100, 250, 100, 250)], aim)
        assert "target_beyond_best" not in codes(check_aim(aim, run))
        run = waits([(date(2016, m, 1), n, "reached") for m in range(1, 13) for n in (100, 250, 100, 250)], aim)
        assert "target_beyond_best" in codes(check_aim(aim, run))

    def test_with_fewer_than_ten_due_before_nobody_can_say_how_things_were(self):
        for n, missing in ((9, True), (10, False), (0, True)):
            rows = [(date(2016, 1, 1), 250, "reached")] * n + [(date(2018, 2, 1), 100, "reached")]
            assert ("no_baseline" in codes(check_aim(WELL_SET, waits(rows)))) is missing


class TestEnough:
    def test_the_pace_is_that_of_the_last_two_years(self):
        pace = find_pace(steady(WELL_SET), ShareMet(met=50, missed=50))
        # children due from August 2017 to July 2019: those who started in February 2017 to December 2018, 23 months of 10
        assert pace.a_month == pytest.approx(230 / (730 / (365.25 / 12)))
        assert pace.needed == 20
        assert pace.months == 3

    def test_the_pace_begins_with_the_period_of_the_page(self):
        run = dataclasses.replace(steady(WELL_SET), since=date(2018, 7, 31))
        assert find_pace(run, ShareMet(met=50, missed=50)).a_month == pytest.approx(110 / (365 / (365.25 / 12)))

    def test_of_less_than_a_quarter_of_a_year_there_is_no_pace(self):
        run = dataclasses.replace(steady(WELL_SET), since=AS_AT - 89 * DAY)
        assert find_pace(run, ShareMet(met=50, missed=50)) is None

    def test_too_few_by_the_end_says_how_many_it_takes_and_how_long(self):
        aim = but(target=60, to_date=date(2018, 12, 31))
        (found,) = [f for f in check_aim(aim, steady(aim)) if f.code == "too_few"]
        assert "It will count 120 children by the end." in found.what
        assert "60 % from the 210 of 420 (50 %) before 1 January 2018" in found.what
        assert "at least 199 children" in found.what
        assert "about 21 months" in found.what

    def test_children_still_to_start_before_the_end_are_counted(self):
        aim = but(target=60, to_date=date(2020, 7, 31))
        assert "too_few" not in codes(check_aim(aim, steady(aim)))

    def test_without_an_end_it_says_when_the_earliest_would_be(self):
        aim = but(target=60, from_date=None, backlog_by=None, to_date=None)
        found = {f.code: f for f in check_aim(aim, steady(aim))}
        assert "too_few" not in found
        assert "At least 199 children" in found["no_end"].do
        assert "30 April 2021 or later" in found["no_end"].do

    def test_an_aim_that_takes_more_than_two_years_to_tell_anything_is_too_slow(self):
        aim = but(target=60, to_date=None)
        assert "too slow" in next(f.what for f in check_aim(aim, steady(aim, quick=3, slow=3)) if f.code == "too_few")
        assert "too_few" not in codes(check_aim(aim, steady(aim)))


class TestAudience:
    def test_in_aggregate_every_number_is_protected(self):
        aim = but(from_date=None, backlog_by=None, target=90, to_date=None)
        rows = [(date(2016, 1, 1) + i * 20 * DAY, 100 if i % 3 else 250, "reached") for i in range(61)]
        rows += [(date(2019, 6, 1), 60, "waiting")] * 2
        run = waits(rows, aim, audience="aggregate")
        said = " ".join(f"{f.what} {f.do}" for f in check_aim(aim, run))
        assert "about 65 children; about 60 of them" in said
        assert "63" not in said
        assert "61 " not in said

    def test_in_aggregate_a_share_of_all_or_none_is_not_said(self):
        aim = but(target=50)
        found = codes(check_aim(aim, steady(aim, quick=10, slow=0, audience="aggregate")))
        assert "target_met" not in found
        assert "target_beyond_best" not in found
        assert "target_met" in codes(check_aim(aim, steady(aim, quick=10, slow=0)))


DOC = (Path(__file__).parent.parent.parent / "docs" / "aims.md").read_text(encoding="utf-8")


class TestDocumentation:
    @pytest.mark.parametrize("which", ["first", "repaired"])
    def test_the_worked_examples_have_the_faults_that_the_page_names(self, which, tmp_path):
        block, named = re.search(rf"```toml\n# {which}\n(.*?)```\n\nFound in the record: (.*?)\n", DOC, re.S).groups()
        (tmp_path / "aims.toml").write_text(block, encoding="utf-8")
        (aim,) = [a for a in read_aims(tmp_path / "aims.toml").values() if a.origin == "local"]
        assert codes(check_record(aim)) == re.findall(r"`(\w+)`", named)

    def test_the_first_aim_is_judged_on_the_last_day_of_2016(self, tmp_path):
        block = re.search(r"```toml\n# first\n(.*?)```", DOC, re.S)[1]
        (tmp_path / "aims.toml").write_text(block, encoding="utf-8")
        assert read_aims(tmp_path / "aims.toml")["ruled-in-or-out"].judged_on == date(2016, 12, 31)

    def test_every_code_is_explained(self):
        package = Path(__file__).parent.parent.parent / "pace_nb" / "aim_checks"
        source = "".join(p.read_text(encoding="utf-8") for p in package.glob("*.py"))
        used = set(re.findall(r'AimFinding\(\s*"(\w+)"', source))
        assert used == set(re.findall(r"^\| `(\w+)` \| (?:mend|ask)", DOC, re.M))

    @pytest.mark.parametrize(("target", "usual"), [(80, 50), (90, 50), (60, 50)])
    def test_the_numbers_of_children_are_right(self, target, usual):
        from pace_nb.measures import children_needed

        n = children_needed(usual / 100, target / 100)
        assert re.search(rf"{target} % from (?:a usual )?{usual} %[^;.]*?,? (?:takes at\s+least )?{n}\b", DOC)
