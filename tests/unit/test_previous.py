"""An extract against the one before: who vanished, what dropped, which dates changed (bad-inputs P07, P08)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pace_nb.extract import read_extract
from pace_nb.previous import DatesKept, compare_extracts

AS_AT = "2019-07-31"


@pytest.fixture
def read(write_extract):
    """A function that reads an extract of children and their events, written as words."""

    def of(folder: str, children: str, events: str = "", placements: str = ""):
        def rows(text: str) -> str:
            return "".join(f"{','.join(line.split())}\n" for line in text.splitlines() if line.strip())

        born = "\n".join(c if " " in c else f"{c} Fife 2010-01-01" for c in children.splitlines() if c.strip())
        path = write_extract(
            folder,
            children="child_id,local_authority,date_of_birth\n" + rows(born),
            events="child_id,event,date\n" + rows(events),
            placements="child_id,placement_type,start_date,end_date\n" + rows(placements),
        )
        return read_extract(path, AS_AT)

    return of


def dates(comparison, what: str) -> tuple[int, int, int, int]:
    (found,) = [d for d in comparison.dates if d.what == what]
    return found.same, found.changed, found.removed, found.added


def test_the_same_extract_twice_has_nothing_to_tell(read):
    one = read("one", "A\nB", "A review 2018-01-01\nB review 2018-02-01", "A foster 2018-01-01 -")
    found = compare_extracts(one, one)
    assert found.vanished == found.arrived == found.dropped == found.still_looked_after == found.renumbered == ()
    assert found.before == found.after == {"children": 2, "placements": 1, "legal": 0, "events": 2}
    assert [d for d in found.dates if d.changed or d.removed or d.added] == []
    assert dates(found, "Child's review") == (2, 0, 0, 0)
    assert dates(found, "Date of birth") == (2, 0, 0, 0)


def test_a_child_who_is_missing_has_vanished_and_one_who_is_new_has_come(read):
    found = compare_extracts(read("new", "B\nC"), read("old", "A\nB"))
    assert found.vanished == (("Fife", "A"),)
    assert found.arrived == (("Fife", "C"),)
    assert found.share_vanished == 0.5


def test_the_same_number_in_another_area_is_another_child(read):
    found = compare_extracts(read("new", "A Moray 2010-01-01"), read("old", "A Fife 2010-01-01"))
    assert found.vanished == (("Fife", "A"),)
    assert found.renumbered == ()


def test_who_vanished_while_still_looked_after_is_told_apart(read):
    old = read("old", "A\nB\nC", "", "A foster 2018-01-01 -\nB foster 2018-01-01 2018-05-01\nC foster 2018-01-01 -")
    found = compare_extracts(read("new", "C", "", "C foster 2018-01-01 -"), old)
    assert found.vanished == (("Fife", "A"), ("Fife", "B"))
    assert found.still_looked_after == (("Fife", "A"),)


def test_lost_zeros_are_recognised(read):
    found = compare_extracts(read("new", "1\n9"), read("old", "0001\n0002"))
    assert found.renumbered == (("Fife", "0001"),)
    assert len(found.vanished) == 2


@pytest.mark.parametrize(("kept", "dropped"), [(10, ()), (7, ()), (6, ("children",)), (1, ("children",))])
def test_more_than_three_in_ten_fewer_is_a_large_drop(read, kept, dropped):
    old = read("old", "\n".join(f"C{n}" for n in range(10)))
    new = read("new", "\n".join(f"C{n}" for n in range(kept)))
    assert compare_extracts(new, old).dropped == dropped


def test_a_table_that_lost_its_rows_is_named_though_the_children_are_there(read):
    old = read("old", "A", "A review 2018-01-01\nA review 2018-07-01")
    assert compare_extracts(read("new", "A", "A review 2018-01-01"), old).dropped == ("events",)


def test_a_date_that_went_while_another_came_for_the_same_child_is_changed(read):
    old = read("old", "A\nB", "A adm_decision 2018-01-01\nB adm_decision 2018-01-01")
    new = read("new", "A\nB", "A adm_decision 2018-01-08\nB adm_decision 2018-01-01")
    assert dates(compare_extracts(new, old), "Agency decision") == (1, 1, 0, 0)


def test_a_date_that_went_for_one_child_and_came_for_another_is_not(read):
    old = read("old", "A\nB", "A adm_decision 2018-01-01")
    new = read("new", "A\nB", "B adm_decision 2018-01-01")
    assert dates(compare_extracts(new, old), "Agency decision") == (0, 0, 1, 1)


def test_one_event_that_became_another_is_one_gone_and_one_come(read):
    old = read("old", "A", "A review 2018-01-01")
    new = read("new", "A", "A hearing 2018-01-01")
    found = compare_extracts(new, old)
    assert dates(found, "Child's review") == (0, 0, 1, 0)
    assert dates(found, "Children's Hearing") == (0, 0, 0, 1)


def test_dates_of_children_who_are_in_one_extract_only_are_not_compared(read):
    old = read("old", "A\nB", "A review 2018-01-01")
    new = read("new", "B\nC", "C review 2018-01-01")
    assert dates(compare_extracts(new, old), "Child's review") == (0, 0, 0, 0)


def test_an_end_that_came_since_is_added_and_a_corrected_birth_date_is_changed(read):
    old = read("old", "A Fife 2010-01-01", "", "A foster 2018-01-01 -")
    new = read("new", "A Fife 2010-01-10", "", "A foster 2018-01-01 2018-09-01")
    found = compare_extracts(new, old)
    assert dates(found, "Placement began") == (1, 0, 0, 0)
    assert dates(found, "Placement ended") == (0, 0, 0, 1)
    assert dates(found, "Date of birth") == (0, 1, 0, 0)


days = st.dictionaries(st.sampled_from("ABC"), st.sets(st.integers(1, 6), max_size=4), max_size=3)


@given(days, days)
def test_what_was_and_what_is_are_accounted_for_whatever_changed(before, after):
    """The counts again, child by child in plain loops; and what they add up to."""
    import pandas as pd

    from pace_nb.previous import _compare_dates

    def frame(of):
        rows = [("Fife", c, pd.Timestamp(2018, 1, d)) for c, ds in of.items() for d in ds]
        return pd.DataFrame(rows, columns=["local_authority", "child_id", "date"])

    found = _compare_dates("Review", frame(before), frame(after), {("Fife", c) for c in "AB"})
    expected = [0, 0, 0, 0]
    for child in "AB":
        was, now = before.get(child, set()), after.get(child, set())
        gone, came = len(was - now), len(now - was)
        for place, n in enumerate((len(was & now), min(gone, came), max(0, gone - came), max(0, came - gone))):
            expected[place] += n
    assert found == DatesKept("Review", *expected)
    assert found.before == sum(len(before.get(c, ())) for c in "AB")
    assert found.after == sum(len(after.get(c, ())) for c in "AB")


def test_prints_as_one_line_without_a_childs_number(read):
    found = compare_extracts(read("new", "B"), read("old", "SECRET7\nB"))
    assert str(found) == "Comparison: 2 children before, 1 now, 1 vanished, 0 dates changed or removed"
    assert "SECRET7" not in repr(found)
