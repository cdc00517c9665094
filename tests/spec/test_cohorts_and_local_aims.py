"""Who an aim is about: new children from a date, the backlog before it, and the scopes an area sets itself."""

from __future__ import annotations

from datetime import date

import pytest

from pace_nb.errors import DefinitionError
from pace_nb.intervals import find_intervals
from pace_nb.measures import Backlog, ShareMet, measure_backlog, measure_parts, measure_share

TWO_PART = """
[[aim]]
id = "aim-2"
from_date = 2019-04-01
backlog_by = 2019-06-30
source = "drawn for this test"
"""


def cohorts(extract, aim="aim-2"):
    table = find_intervals(extract, extract.aims[aim]).table
    return dict(zip(table["child_id"], table["cohort"], strict=True))


def test_without_a_from_date_all_children_are_one_cohort(draw):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
    """)
    assert cohorts(extract) == {"SYN-1": "all"}


def test_a_child_who_started_on_the_from_date_is_new(draw):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2019-03-31
        SYN-2 | accommodated | 2019-04-01
        SYN-3 | accommodated | 2019-04-02
        """,
        aims=TWO_PART,
    )
    assert cohorts(extract) == {"SYN-1": "backlog", "SYN-2": "new", "SYN-3": "new"}


def test_the_backlog_is_a_fixed_group_and_those_done_before_the_aim_began_are_not_in_it(draw):
    extract = draw(
        """
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-1 | permanence_recommendation | 2019-03-31
        SYN-2 | accommodated              | 2018-01-01
        SYN-2 | permanence_recommendation | 2019-06-30
        SYN-3 | accommodated              | 2018-01-01
        SYN-3 | permanence_recommendation | 2019-07-01
        SYN-4 | accommodated              | 2018-01-01
        SYN-4 | return_home               | 2019-05-01
        SYN-5 | accommodated              | 2018-01-01
        SYN-6 | accommodated              | 2019-04-01
        """,
        aims=TWO_PART,
    )
    backlog = measure_backlog(find_intervals(extract, extract.aims["aim-2"]))
    assert backlog == Backlog(size=4, done=2, left=1, waiting=1, done_in_time=1, left_in_time=1, by=date(2019, 6, 30))
    assert backlog.open_at_by == 2


def test_an_aim_without_a_from_date_has_no_backlog(draw):
    extract = draw("""
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
    """)
    assert measure_backlog(find_intervals(extract, extract.aims["aim-2"])) is None


def test_the_share_of_the_new_children_leaves_the_backlog_out(draw):
    extract = draw(
        """
        child | event                     | date
        SYN-1 | accommodated              | 2018-01-01
        SYN-2 | accommodated              | 2019-04-01
        SYN-2 | permanence_recommendation | 2019-05-01
        """,
        aims=TWO_PART.replace("backlog_by = 2019-06-30", 'limit = "8 weeks"'),
    )
    found = find_intervals(extract, extract.aims["aim-2"])
    assert measure_share(found.only(found.table["cohort"] == "new")) == ShareMet(met=1)
    assert measure_share(found.only(found.table["cohort"] == "backlog")) == ShareMet(missed=1)


def test_a_local_limit_is_the_one_that_counts(draw):
    extract = draw(
        """
        child | event                     | date       | route
        SYN-1 | accommodated              | 2018-01-01 |
        SYN-1 | permanence_recommendation | 2018-02-01 | adoption
        SYN-1 | adm_decision              | 2018-05-10 | adoption
        SYN-2 | accommodated              | 2018-01-01 |
        SYN-2 | permanence_recommendation | 2018-02-01 | adoption
        SYN-2 | adm_decision              | 2018-05-11 | adoption
        """,
        aims='[[aim]]\nid = "aim-3"\nlimit = "14 weeks"\nsource = "drawn"\n',
    )
    assert measure_share(find_intervals(extract, extract.aims["aim-3"])) == ShareMet(met=1, missed=1)
    assert "local value" in extract.aims["aim-3"].limit_label


def test_an_aim_without_a_limit_can_be_neither_met_nor_late(draw):
    extract = draw("""
        child | event                     | date       | route
        SYN-1 | accommodated              | 2015-01-01 |
        SYN-1 | permanence_recommendation | 2015-02-01 | adoption
    """)
    found = find_intervals(extract, extract.aims["aim-3"])
    assert measure_share(found) is None
    assert found.table["due"].isna().all()
    assert not found.table["late"].any()


UNDER_12 = """
[[aim]]
id = "under-12"
title = "Under twelve"
start = "accommodated"
end = "permanence_recommendation"
limit = "9 months"
under_age = 12
source = "drawn"
"""


@pytest.mark.parametrize(("born", "in_scope"), [("2006-01-01", False), ("2006-01-02", True), ("2006-01-03", True)])
def test_under_twelve_means_before_the_twelfth_birthday_on_the_day_the_clock_starts(draw, born, in_scope):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        """,
        children=f"child | born\nSYN-1 | {born}",
        aims=UNDER_12,
    )
    found = find_intervals(extract, extract.aims["under-12"])
    assert (len(found.table) == 1) is in_scope
    assert found.out_of_scope == ({} if in_scope else {"aged 12 or over when the clock started": 1})


def test_a_child_without_a_birth_date_is_counted_out_of_an_aim_with_an_age(draw):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        """,
        children="child | born\nSYN-1 | n/a",
        aims=UNDER_12,
    )
    found = find_intervals(extract, extract.aims["under-12"])
    assert found.out_of_scope == {"no date of birth, so no age": 1}


def test_an_aim_for_some_placements_looks_at_the_day_the_clock_starts(draw):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        SYN-2 | accommodated | 2018-01-01
        """,
        placements="""
        child | lives   | from       | to
        SYN-1 | foster  | 2018-01-01 | 2018-02-01
        SYN-1 | kinship | 2018-02-01 |
        SYN-2 | kinship | 2018-01-01 | 2018-02-01
        SYN-2 | foster  | 2018-02-01 |
        """,
        aims=UNDER_12.replace("under_age = 12", 'placements = ["foster"]').replace("under-12", "foster-only"),
    )
    found = find_intervals(extract, extract.aims["foster-only"])
    assert found.table["child_id"].tolist() == ["SYN-1"]
    assert found.out_of_scope == {"placed elsewhere when the clock started": 1}


def test_of_the_report_day_before_the_from_date_everyone_waiting_is_backlog(draw):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-01-01
        """,
        aims=TWO_PART,
        as_at="2019-01-01",
    )
    backlog = measure_backlog(find_intervals(extract, extract.aims["aim-2"]))
    assert (backlog.size, backlog.waiting, backlog.done_in_time) == (1, 1, 0)


ONE_CHILD = "child | event | date\nSYN-1 | accommodated | 2019-01-01"
WINDOW = """
[[aim]]
id = "aim-2"
limit = "8 weeks"
from_date = 2019-01-01
to_date = 2019-03-31
source = "drawn"
"""


def test_children_who_start_after_the_last_day_that_counts_are_out_of_the_aim_and_counted(draw):
    extract = draw(
        """
        child | event        | date
        SYN-1 | accommodated | 2018-12-31
        SYN-2 | accommodated | 2019-01-01
        SYN-3 | accommodated | 2019-03-31
        SYN-4 | accommodated | 2019-04-01
        """,
        aims=WINDOW,
    )
    found = find_intervals(extract, extract.aims["aim-2"])
    assert cohorts(extract) == {"SYN-1": "backlog", "SYN-2": "new", "SYN-3": "new"}
    assert found.out_of_scope == {"the clock started after 31 March 2019, the last day that counts for this aim": 1}
    assert measure_parts(found).new == ShareMet(missed=2)


def test_an_aim_with_a_last_day_of_start_can_be_judged_when_the_limit_of_that_day_has_run_out(draw):
    assert draw(ONE_CHILD, aims=WINDOW).aims["aim-2"].judged_on == date(2019, 5, 26)
    assert draw(ONE_CHILD, aims=WINDOW.replace("to_date = 2019-03-31", "")).aims["aim-2"].judged_on is None


def test_a_last_day_of_start_before_the_first_is_refused(draw):
    with pytest.raises(DefinitionError, match="to_date is earlier than from_date"):
        draw(ONE_CHILD, aims=WINDOW.replace("2019-03-31", "2018-12-31"))


def test_a_window_of_one_day_is_an_aim(draw):
    aim = draw(ONE_CHILD, aims=WINDOW.replace("2019-03-31", "2019-01-01")).aims["aim-2"]
    assert (aim.from_date, aim.to_date) == (date(2019, 1, 1), date(2019, 1, 1))
