"""What an extract records for nobody is told as not recorded, on every page: never as nought per cent of the children."""

from __future__ import annotations

import pytest

from pace_nb.pages import balancing, now, reviews

EVENTS = """
    child | event        | date
    S1    | accommodated | 2017-01-02
    S2    | accommodated | 2017-01-02
    S3    | accommodated | 2017-01-02
"""
PLACED = """
    child | lives  | from
    S1    | foster | 2017-01-02
    S2    | foster | 2017-01-02
    S3    | foster | 2017-01-02
"""
REVIEWED = """
    S1    | review       | 2017-01-20
"""


@pytest.fixture
def silent(draw):
    return draw(events=EVENTS, placements=PLACED, audience="aggregate")


def test_reviews_that_are_in_no_record_are_not_late(silent):
    study = balancing.study_balance(silent)
    for shown in (reviews.describe_reviews(study), reviews.show_reviews(study), reviews.show_overdue_reviews(study)):
        assert shown.text == balancing.NO_REVIEWS
    assert reviews.draw_reviews(study).alt == balancing.NO_REVIEWS
    assert "no review is recorded in this extract" in balancing.describe_balance(study).text


def test_one_review_makes_the_others_late(draw):
    study = balancing.study_balance(draw(events=EVENTS + REVIEWED, placements=PLACED, audience="aggregate"))
    assert balancing.NO_REVIEWS not in reviews.show_reviews(study).text
    assert "Reviews held in time: " in balancing.describe_balance(study).text


def test_a_step_whose_end_is_in_no_record_has_no_share(silent, draw):
    aims = [g for g in (pair for pairs in _around(silent) for pair in pairs) if g.step.startswith("Aim 2")]
    assert len(aims) == 2
    assert [g.share for g in aims] == [None, None]
    late = draw(events=EVENTS + "S1 | permanence_recommendation | 2018-06-01\n", placements=PLACED)
    assert any(
        g.share is not None and g.share.missed == 3
        for pair in _around(late)
        for g in pair
        if g.step.startswith("Aim 2")
    )


def _around(extract):
    from datetime import date

    from pace_nb.balancing import steps_around

    return steps_around(extract, date(2018, 1, 1))


def test_the_board_says_what_nobody_has(silent, draw):
    assert "Take care: recorded for nobody in this extract: " in now.describe_now(silent).text
    known = draw(
        events=EVENTS + "S1 | permanence_recommendation | 2018-06-01\nS1 | cso_review | 2018-06-01\n",
        placements=PLACED,
        audience="aggregate",
    )
    assert "Take care" not in now.describe_now(known).text
