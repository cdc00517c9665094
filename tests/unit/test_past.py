"""An extract cut at an earlier day is the one that would have been read with that day as its as-at date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pace_nb.errors import ParameterError
from pace_nb.extract import read_extract
from pace_nb.intervals import find_intervals
from pace_nb.past import known_on

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
TABLES = ("children", "placements", "legal", "events")
DAYS = [date(2013, 8, 2), date(2016, 2, 29), date(2018, 8, 8), date(2019, 7, 30), date(2019, 7, 31)]


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="no sample beside the tests")
@pytest.mark.parametrize("area", ["fife", "falkirk", "orkney-islands"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_cut_equals_reading_the_files_as_at_that_day(area, day):
    cut = known_on(read_extract(SAMPLE / area, "2019-07-31", audience="working"), day)
    read = read_extract(SAMPLE / area, day, audience="working")
    assert (cut.as_at, cut.since, cut.audience, cut.areas) == (day, read.since, "working", read.areas)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(cut, name), getattr(read, name))
    for aim in cut.aims.values():
        pd.testing.assert_frame_equal(find_intervals(cut, aim).table, find_intervals(read, aim).table)


@pytest.fixture
def drawn(write_extract) -> Path:
    return write_extract(
        children="child_id,local_authority,date_of_birth\nA,Fife,2015-01-01\nB,Fife,2018-03-01\n",
        placements="child_id,placement_type,start_date,end_date\n"
        "A,foster,2017-01-01,2018-09-01\nA,foster,2017-01-01,2019-01-01\nA,foster,2017-01-01,2017-06-01\n"
        "A,kinship,2018-09-01,\n",
        legal="child_id,legal_type,start_date,end_date\nA,section_25,2017-01-01,2018-06-01\n",
        events="child_id,event,date,route\nA,accommodated,2017-01-01,\nA,review,2018-01-01,\nA,review,2018-01-02,\n",
    )


def test_rows_that_differ_only_in_what_was_not_yet_known_are_one(drawn):
    """Two rows end on different later days; on the earlier day both are open, and one is a copy of the other."""
    cut = known_on(read_extract(drawn, "2019-07-31"), date(2018, 1, 1))
    assert [str(e)[:10] for e in cut.placements["end_date"]] == ["2017-06-01", "NaT"]
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(cut, name), getattr(read_extract(drawn, "2018-01-01"), name))


def test_what_happened_on_the_day_itself_is_known_and_what_came_after_it_is_not(drawn):
    cut = known_on(read_extract(drawn, "2019-07-31"), date(2018, 1, 1))
    assert cut.events["date"].max() == pd.Timestamp("2018-01-01")
    assert cut.legal["end_date"].isna().all()
    assert cut.children["date_of_birth"].isna().tolist() == [False, True], "B is not yet born"


def test_a_day_outside_what_is_known_is_refused(drawn):
    extract = read_extract(drawn, "2019-07-31", since="2017-01-01")
    with pytest.raises(ParameterError, match="1 August 2019 lies after 31 July 2019"):
        known_on(extract, date(2019, 8, 1))
    with pytest.raises(ParameterError, match="begins on 1 January 2017"):
        known_on(extract, date(2017, 1, 1))


def test_the_extract_itself_stays_as_it_was(drawn):
    extract = read_extract(drawn, "2019-07-31")
    before = {name: getattr(extract, name).copy() for name in TABLES}
    known_on(extract, date(2018, 1, 1))
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(extract, name), before[name])
