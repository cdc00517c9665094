"""An extract as a whole: what is read beside the tables, which children are kept, and what it says of itself."""

from __future__ import annotations

from datetime import date

import pytest

from pace_nb.errors import DataError, DefinitionError, ParameterError
from pace_nb.extract import list_areas, only_area, read_extract

AS_AT = "2019-07-31"
CHILDREN = (
    "child_id,local_authority,date_of_birth\n"
    "C2,Fife,2010-05-06\nC1,Fife,2011-05-06\nC1,Moray,2012-05-06\nC3,Moray,2012-05-06\n"
)
EVENTS = (
    "child_id,local_authority,event,date\n"
    "C2,,review,2018-03-01\nC2,,accommodated,2018-01-01\nC1,Moray,review,2018-02-01\nC1,Fife,review,2018-04-01\n"
)


@pytest.fixture
def folder(write_extract):
    return write_extract(children=CHILDREN, events=EVENTS, **{"extract.toml": "complete_from = 2013-08-01\n"})


def test_is_aggregate_unless_working_is_said_aloud(folder):
    assert read_extract(folder, AS_AT).audience == "aggregate"
    assert read_extract(folder, AS_AT, audience="working").audience == "working"
    with pytest.raises(ParameterError, match="say aggregate or working"):
        read_extract(folder, AS_AT, audience="everyone")


def test_says_in_one_line_what_it_is(folder):
    assert str(read_extract(folder, AS_AT)) == "Extract: 2 areas, 4 children, 8 of 8 rows used, as at 31 July 2019"
    assert str(read_extract(folder, AS_AT, "Moray")).startswith("Extract: Moray, 2 children")


def test_events_stand_in_order_of_child_and_date(folder):
    events = read_extract(folder, AS_AT, "Fife").events
    assert list(zip(events["child_id"], events["event"], strict=True)) == [
        ("C1", "review"),
        ("C2", "accommodated"),
        ("C2", "review"),
    ]


def test_the_order_of_the_rows_in_the_files_changes_nothing(folder, write_extract):
    def turned(text):
        head, *rows = text.splitlines(keepends=True)
        return "".join([head, *reversed(rows)])

    one, two = (
        read_extract(folder, AS_AT),
        read_extract(write_extract("turned", children=CHILDREN, events=turned(EVENTS)), AS_AT),
    )
    assert one.events.equals(two.events)
    assert one.sha256 != two.sha256


class TestPeriod:
    def test_begins_when_the_extract_is_complete(self, folder):
        assert read_extract(folder, AS_AT).since == date(2013, 8, 1)

    @pytest.mark.parametrize("since", ["2015-01-01", "01/01/2015", date(2015, 1, 1)])
    def test_or_when_the_reader_says(self, folder, since):
        assert read_extract(folder, AS_AT, since=since).since == date(2015, 1, 1)

    @pytest.mark.parametrize("since", ["", None])
    def test_blank_takes_the_extracts_own(self, folder, since):
        assert read_extract(folder, AS_AT, since=since).since == date(2013, 8, 1)

    def test_is_open_where_nothing_is_said(self, write_extract):
        assert read_extract(write_extract(children=CHILDREN), AS_AT).since is None

    def test_does_not_begin_after_it_ends(self, folder):
        with pytest.raises(ParameterError, match="not before 1 August 2013"):
            read_extract(folder, "2013-08-01")


class TestAreas:
    def test_an_area_is_found_by_any_spelling(self, folder):
        for name in ("Moray", "moray council", "S12000020"):
            assert read_extract(folder, AS_AT, name).areas == ("Moray",)

    def test_only_its_children_are_kept(self, folder):
        extract = read_extract(folder, AS_AT, "Moray")
        assert list(extract.children["child_id"]) == ["C1", "C3"]
        assert list(extract.events["child_id"]) == ["C1"]
        assert set(extract.events["local_authority"]) == {"Moray"}

    @pytest.mark.parametrize("name", ["Glasgow City", "Narnia"])
    def test_an_area_that_is_not_there_is_said_with_those_that_are(self, folder, name):
        with pytest.raises(ParameterError, match="choose one of: Fife, Moray"):
            only_area(read_extract(folder, AS_AT), name)

    def test_are_listed_from_the_children_alone(self, write_extract):
        path = write_extract(children=CHILDREN, events="broken")
        assert list_areas(path, date(2019, 7, 31)) == ("Fife", "Moray")

    def test_without_children_there_is_none(self, write_extract):
        with pytest.raises(DataError, match=r"No child can be read.*'extract'"):
            list_areas(write_extract(events=EVENTS), date(2019, 7, 31))


def test_what_lies_beside_the_tables_is_read(folder, write_extract):
    write_extract(**{"aims.toml": '[[aim]]\nid = "aim-3"\nlimit = "14 weeks"\nsource = "local"\n'})
    for name, aim, first in (("b", "aim-3", "2018-01-02"), ("a", "aim-2", "2018-01-01")):
        idea = f'id = "{name}"\ntitle = "{name}"\nidea = "Something"\naim = "{aim}"\neligible_from = {first}\n'
        (folder / "changes").mkdir(exist_ok=True)
        (folder / "changes" / f"{name}.toml").write_text(idea, encoding="utf-8")
    extract = read_extract(folder, AS_AT)
    assert str(extract.aims["aim-3"].limit) == "14 weeks"
    assert [c.id for c in extract.changes] == [i.id for i in extract.tests] == ["a", "b"]


def test_the_old_file_of_changes_is_refused_and_says_what_takes_its_place(folder, write_extract):
    write_extract(**{"changes.toml": ""})
    with pytest.raises(DefinitionError, match="pace-nb tests new"):
        read_extract(folder, AS_AT)


@pytest.mark.parametrize("name", ["aims.toml", "changes/a.toml", "extract.toml"])
def test_a_faulty_definition_stops_and_names_its_file(folder, write_extract, name):
    (folder / "changes").mkdir(exist_ok=True)
    write_extract(**{name: "x = ["})
    with pytest.raises(DefinitionError, match=name.split("/")[-1]):
        read_extract(folder, AS_AT)


@pytest.mark.parametrize(
    ("ids", "synthetic"), [(("SYN-1", "SYN-2"), True), (("SYN-1", "2"), False), (("XSYN-1",), False)]
)
def test_says_that_it_is_synthetic_only_if_every_child_is(write_extract, ids, synthetic):
    rows = "".join(f"{i},Fife,2010-05-06\n" for i in ids)
    path = write_extract(children="child_id,local_authority,date_of_birth\n" + rows)
    assert read_extract(path, AS_AT).synthetic == synthetic


def test_findings_come_worst_first(write_extract):
    path = write_extract(children=CHILDREN + "C1,Narnia,2010-01-01\n", events="")
    levels = [f.level for f in read_extract(path, AS_AT).findings]
    assert levels == sorted(levels, key=["file", "rows", "notice"].index)
    assert set(levels) == {"file", "rows", "notice"}


def test_a_path_that_is_not_there_is_said(tmp_path):
    with pytest.raises(DataError, match="nothing at 'gone'"):
        read_extract(tmp_path / "gone", AS_AT)


def test_no_message_holds_a_whole_path(tmp_path, write_extract):
    """A path may hold the name of a person or of a child's folder; the last part is enough to find it."""
    for path in (tmp_path / "gone", write_extract("empty")):
        with pytest.raises(DataError) as caught:
            read_extract(path, AS_AT)
        assert str(tmp_path) not in str(caught.value)
