"""The aim that the PACE report calls flawed, and the one that repaired it, on the same drawn children."""

from __future__ import annotations

import pytest

from pace_nb.aim_checks import check_aim
from pace_nb.intervals import find_intervals
from pace_nb.measures import ShareMet, measure_parts

FLAWED = """
[[aim]]
id = "plan"
title = "A return home ruled in or out by the review at 18 weeks"
start = "accommodated"
end = "permanence_recommendation"
limit = "18 weeks"
target = 80
to_date = 2016-08-27
source = "PACE programme report"
"""
REPAIRED = """
[[aim]]
id = "plan"
title = "A permanence decision within six months of being accommodated"
start = "accommodated"
end = "permanence_recommendation"
limit = "6 months"
target = 100
from_date = 2017-04-01
backlog_by = 2017-10-31
source = "PACE programme report"
"""
CHILDREN = """
    child | event                     | date
    SYN-1 | accommodated              | 2015-01-05
    SYN-1 | permanence_recommendation | 2015-03-02
    SYN-2 | accommodated              | 2015-02-02
    SYN-2 | permanence_recommendation | 2015-12-07
    SYN-3 | accommodated              | 2015-06-01
    SYN-3 | permanence_recommendation | 2015-09-07
    SYN-4 | accommodated              | 2016-01-04
    SYN-4 | permanence_recommendation | 2017-09-04
    SYN-5 | accommodated              | 2016-05-02
    SYN-6 | accommodated              | 2016-06-06
    SYN-6 | return_home               | 2017-05-01
    SYN-7 | accommodated              | 2017-04-03
    SYN-7 | permanence_recommendation | 2017-08-07
    SYN-8 | accommodated              | 2017-05-01
"""


@pytest.fixture
def found(draw):
    """Return a function that gives the findings, by code, and the two parts of one of the aims."""

    def of(aims: str, as_at: str):
        extract = draw(CHILDREN, aims=aims, as_at=as_at)
        intervals = find_intervals(extract, extract.aims["plan"])
        return {f.code: f for f in check_aim(extract.aims["plan"], intervals)}, measure_parts(intervals)

    return of


def test_the_flawed_aim_counts_children_who_were_past_the_step_before_it_began(found):
    findings, _ = found(FLAWED, "2016-07-01")
    assert (
        "It counts 6 children; 3 of them had reached the step or left another way by 1 July 2016"
        in findings["no_from_date"].what
    )


def test_the_flawed_aim_is_judged_by_old_cases(found):
    """Of the five children due, the three of 2015 could not be changed by anything that began in 2016."""
    _, parts = found(FLAWED, "2016-12-31")
    assert parts.new == ShareMet(met=2, missed=4)


def test_the_repaired_aim_has_none_of_those_faults(found):
    findings, _ = found(REPAIRED, "2017-07-31")
    assert not {"no_from_date", "no_end", "no_backlog_part", "no_target", "title_differs"} & set(findings)


def test_the_repaired_aim_counts_new_children_and_those_who_waited_each_by_themselves(found):
    findings, parts = found(REPAIRED, "2017-11-30")
    assert parts.new == ShareMet(met=1, missed=1)
    backlog = parts.backlog
    assert (backlog.size, backlog.done_in_time, backlog.left_in_time, backlog.open_at_by) == (3, 1, 1, 1)
    assert "backlog_overdue" in findings


def test_before_its_day_the_backlog_is_not_overdue(found):
    findings, parts = found(REPAIRED, "2017-10-30")
    assert "backlog_overdue" not in findings
    assert parts.backlog.open_at_by == 1


def test_the_group_that_waited_stays_the_same_size_whatever_becomes_of_it(found):
    sizes = {found(REPAIRED, day)[1].backlog.size for day in ("2017-04-01", "2017-06-30", "2017-10-31", "2019-07-31")}
    assert sizes == {3}
