"""A journey without dates: weeks, no label, nothing rare, the same story; and it says what remains."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pace_nb.errors import ParameterError
from pace_nb.extract import Extract, read_extract
from pace_nb.marking import SENSITIVE
from pace_nb.pages.anonymous import show_anonymous
from pace_nb.spells import KEY
from pace_nb.timelines import Journey, label_children, tell_journey
from pace_nb.timelines.anonymous import NAME, OTHER_ORDER, WEEK_0, make_anonymous, week_of

ANGUS = Path(__file__).parent.parent.parent / "data" / "sample" / "angus"


@pytest.fixture(scope="module")
def extract() -> Extract:
    return read_extract(ANGUS, date(2019, 7, 31), audience="working")


@pytest.fixture(scope="module")
def journeys(extract) -> list[Journey]:
    labels = label_children(extract)
    return [tell_journey(extract, key, label) for key, label in labels.items()]


def days_of(journey: Journey) -> list[date]:
    stays = [
        d for s in (*journey.placements, *journey.legal, *journey.gaps, *journey.silences) for d in (s.start, s.end)
    ]
    waits = [d for w in journey.waits for d in (w.start, w.last, w.due) if d]
    spells = [d for s in journey.spells for d in (s.start, s.end) if d]
    around = [d for span in journey.looked_after for d in span]
    own = [journey.first, journey.last, journey.as_at, *journey.moves]
    return [*stays, *waits, *spells, *around, *(e.day for e in journey.events), *own]


def test_every_day_is_the_first_of_a_week_and_none_is_the_childs_own(extract, journeys):
    for journey in journeys:
        told = make_anonymous(journey, extract).journey
        assert all((day - WEEK_0).days % 7 == 0 for day in days_of(told))
        assert told.born is None
        assert told.sibling_group is None
        assert all(not p.home for p in told.placements)


def test_the_same_journey_a_year_later_is_told_the_same(extract, journeys):
    """Nothing of it hangs on the calendar, nor on the weekday."""
    journey = next(j for j in journeys if len(j.placements) > 3 and j.waits)

    def later(day: date) -> date:
        return day + timedelta(days=366)

    moved = replace(
        journey,
        born=later(journey.born),
        placements=tuple(replace(p, start=later(p.start), end=later(p.end)) for p in journey.placements),
        legal=tuple(replace(p, start=later(p.start), end=later(p.end)) for p in journey.legal),
        events=tuple(replace(e, day=later(e.day)) for e in journey.events),
        spells=tuple(replace(s, start=later(s.start), end=s.end and later(s.end)) for s in journey.spells),
        waits=tuple(
            replace(w, start=later(w.start), last=later(w.last), due=w.due and later(w.due)) for w in journey.waits
        ),
        looked_after=tuple((later(a), later(b)) for a, b in journey.looked_after),
        gaps=tuple(replace(s, start=later(s.start), end=later(s.end)) for s in journey.gaps),
        silences=tuple(replace(s, start=later(s.start), end=later(s.end)) for s in journey.silences),
        first=later(journey.first),
        last=later(journey.last),
        as_at=later(journey.as_at),
    )
    assert show_anonymous(moved, extract).html == show_anonymous(journey, extract).html


def test_it_tells_the_same_story(extract, journeys):
    for journey in journeys:
        told = make_anonymous(journey, extract).journey
        assert len(told.placements) == len(journey.placements)
        assert len(told.moves) == len(journey.moves)
        assert [e.code for e in told.events] == [e.code for e in journey.events]
        for wait, own in zip(told.waits, journey.waits, strict=True):
            assert (wait.status, wait.late) == (own.status, own.late)
            assert abs(wait.days - own.days) < 7
            if own.due:
                assert (wait.last > wait.due) or not own.last > own.due, "what was past the limit is past it still"


def test_neither_label_nor_year_nor_date_is_on_the_page(extract, journeys):
    for journey in journeys[:25]:
        shown = show_anonymous(journey, extract)
        html = shown.html.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert journey.label not in html
        assert journey.label.removeprefix("Child ").lower() not in html
        assert not re.search(r"\b(?:19|20)\d\d\b", re.sub(r'(?:[dxy]|points|width|height|viewBox)="[^"]*"', "", html))
        assert not re.search(
            r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b", html
        )
        assert NAME in html


def test_what_is_rare_in_the_area_is_told_as_other(extract, journeys):
    def count(table: str, column: str, code: str) -> int:
        rows = getattr(extract, table)
        return len(rows.loc[rows[column] == code, KEY].drop_duplicates())

    merged = 0
    for journey in journeys:
        made = make_anonymous(journey, extract)
        for told, own in zip(made.journey.legal, journey.legal, strict=True):
            assert told.code == (own.code if count("legal", "legal_type", own.code) >= 5 else OTHER_ORDER)
        for told, own in zip(made.journey.placements, journey.placements, strict=True):
            assert told.code != "secure"
            assert own.code == "secure" or told.code == (
                own.code if count("placements", "placement_type", own.code) >= 5 else "other"
            )
        merged += made.merged
    assert 0 < merged < len(journeys)


def test_it_says_what_remains_and_stays_child_level(extract, journeys):
    journey = max(journeys, key=lambda j: len(j.placements))
    shown = show_anonymous(journey, extract)
    assert f"What remains: {len(journey.placements)} placements and {len(journey.events)} events" in shown.text
    assert "only for people entitled to see children" in shown.text
    assert shown.child_level
    assert SENSITIVE in shown._repr_mimebundle_()[0]["text/html"]


def test_for_everyone_there_is_none(journeys):
    with pytest.raises(ParameterError, match="entitled"):
        show_anonymous(journeys[0], read_extract(ANGUS, date(2019, 7, 31), audience="aggregate"))


def test_weeks_are_counted_from_the_day_the_child_came_to_live_away_from_home(extract, journeys):
    for journey in journeys:
        began = [e.day for e in journey.events if e.code == "accommodated"]
        told = make_anonymous(journey, extract).journey
        zero = [week_of(e.day) for e in told.events if e.code == "accommodated"] if began else [week_of(told.first)]
        assert zero[0] == 0
