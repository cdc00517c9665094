"""Several extracts as one: what is joined, what is left out and named, and the period that all share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pace_nb.areas import digest_all, find_area, read_areas
from pace_nb.errors import DataError, NothingToShow, ParameterError
from pace_nb.files import digest
from pace_nb.intervals import find_intervals

AS_AT = "2019-07-31"


@pytest.fixture
def write_area(tmp_path):
    """Return a function that writes one area's extract: children who wait for a recommendation since a day."""

    def write(name: str, *, folder: str = "", children: int = 3, events: bool = True, **files: str) -> Path:
        path = tmp_path / "all" / (folder or name.lower().replace(" ", "-"))
        path.mkdir(parents=True)
        ids = [f"SYN-{i}" for i in range(children)]  # the same numbers in every area
        rows = "".join(f"{i},{name},2012-01-01\n" for i in ids)
        (path / "children.csv").write_text(f"child_id,local_authority,date_of_birth\n{rows}", encoding="utf-8")
        if events:
            rows = "".join(f"{i},accommodated,2018-03-0{n + 1},\n" for n, i in enumerate(ids))
            (path / "events.csv").write_text(f"child_id,event,date,route\n{rows}", encoding="utf-8")
        for table, head in (("placements", "placement_type"), ("legal", "legal_type")):
            (path / f"{table}.csv").write_text(f"child_id,{head},start_date,end_date\n", encoding="utf-8")
        for file, content in files.items():
            (path / f"{file}.toml").write_text(content, encoding="utf-8")
        return path.parent

    return write


class TestJoined:
    def test_areas_stand_in_order_of_name_and_every_row_is_counted(self, write_area):
        write_area("Stirling", children=2)
        found = read_areas(write_area("Fife"), AS_AT)
        assert found.areas == ("Fife", "Stirling")
        assert found.children["local_authority"].tolist() == ["Fife"] * 3 + ["Stirling"] * 2
        assert dict(zip(found.rows["table"], found.rows["used"], strict=True)) == {
            "children": 5, "placements": 0, "legal": 0, "events": 5,
        }  # fmt: skip
        assert found.synthetic

    def test_children_with_one_number_in_two_areas_are_two_children(self, write_area):
        write_area("Stirling")
        extract = read_areas(write_area("Fife"), AS_AT)
        assert len(find_intervals(extract, extract.aims["aim-2"]).waiting) == 6

    def test_the_aims_are_the_national_ones_whatever_an_area_sets_itself(self, write_area):
        write_area("Stirling")
        own = '[[aim]]\nid = "aim-2"\nlimit = "3 months"\nsource = "local"\n[[aim]]\nid = "aim-3"\nlimit = "14 weeks"\nsource = "local"\n'
        found = read_areas(write_area("Fife", aims=own), AS_AT)
        assert [str(a.limit) for a in found.aims.values()] == ["2 years", "6 months", "None", "None"]

    def test_one_extract_of_several_areas_will_do(self, write_area):
        path = write_area("Fife") / "fife"
        with (path / "children.csv").open("a", encoding="utf-8") as file:
            file.write("SYN-9,Moray,2012-01-01\n")
        assert read_areas(path, AS_AT).areas == ("Fife", "Moray")


class TestPeriod:
    def test_is_that_in_which_every_area_is_complete(self, write_area):
        write_area("Stirling", extract="complete_from = 2015-08-01\n")
        found = read_areas(write_area("Fife", extract="complete_from = 2013-08-01\n"), AS_AT)
        assert found.since == date(2015, 8, 1)
        assert ["period" for f in found.findings if "1 August 2015" in f.what] == ["period"]

    def test_is_not_remarked_on_where_all_are_alike(self, write_area):
        write_area("Stirling", extract="complete_from = 2013-08-01\n")
        found = read_areas(write_area("Fife", extract="complete_from = 2013-08-01\n"), AS_AT)
        assert (found.since, found.findings) == (date(2013, 8, 1), ())

    def test_can_be_set(self, write_area):
        write_area("Stirling", extract="complete_from = 2013-08-01\n")
        assert read_areas(write_area("Fife"), AS_AT, since="2016-01-01").since == date(2016, 1, 1)

    def test_where_nobody_says_from_when_the_records_are_complete_all_count(self, write_area):
        write_area("Stirling")
        assert read_areas(write_area("Fife"), AS_AT).since is None


class TestLeftOut:
    def test_an_extract_that_cannot_be_read_is_named_and_the_others_are_read(self, write_area):
        write_area("Stirling")
        write_area("Moray")
        path = write_area("Fife")
        (path / "moray" / "children.csv").write_text("child_id,born\n1,2\n", encoding="utf-8")
        found = read_areas(path, AS_AT)
        assert found.areas == ("Fife", "Stirling")
        (said,) = [f for f in found.findings if f.code == "area-left-out"]
        assert (said.file, said.level) == ("moray", "file")
        assert "No child can be read" in said.what

    def test_so_is_one_without_events_because_none_of_its_children_would_seem_to_wait(self, write_area):
        write_area("Stirling")
        write_area("Moray", events=False)
        found = read_areas(write_area("Fife"), AS_AT)
        assert found.areas == ("Fife", "Stirling")
        assert [f.file for f in found.findings if f.code == "area-left-out"] == ["moray"]

    def test_rows_set_aside_are_named_with_their_extract(self, write_area):
        write_area("Stirling")
        path = write_area("Fife")
        with (path / "fife" / "events.csv").open("a", encoding="utf-8") as file:
            file.write("SYN-0,review,2018-02-30,\n")
        (said,) = [f for f in read_areas(path, AS_AT).findings if f.level == "rows"]
        assert said.file == "fife/events.csv"
        assert said.lines == (5,)

    def test_an_area_in_two_extracts_would_count_twice(self, write_area):
        write_area("Fife")
        with pytest.raises(DataError, match="Fife is in two extracts"):
            read_areas(write_area("Fife", folder="fife-again"), AS_AT)

    @pytest.mark.parametrize("others", [0, 1])
    def test_with_fewer_than_two_areas_there_is_nothing_to_compare(self, write_area, others):
        if others:
            path = write_area("Moray")
            (path / "moray" / "children.csv").write_text("", encoding="utf-8")
        with pytest.raises(NothingToShow, match="two or more"):
            read_areas(write_area("Fife"), AS_AT)


class TestDigest:
    def test_of_one_extract_is_its_own(self, write_area):
        path = write_area("Fife") / "fife"
        assert digest_all([path]) == digest(path)

    def test_of_several_changes_with_any_of_them(self, write_area):
        write_area("Stirling")
        path = write_area("Fife")
        both = [path / "fife", path / "stirling"]
        before = digest_all(both)
        assert read_areas(path, AS_AT).sha256 == before
        with (path / "stirling" / "events.csv").open("a", encoding="utf-8") as file:
            file.write("\n")
        assert digest_all(both) != before


class TestWhichExtractIsMeant:
    def test_the_one_that_holds_the_area_however_its_folder_is_called(self, write_area):
        folder = write_area("Fife", folder="our-files")
        write_area("Moray")
        assert find_area(folder, "S12000047", date(2019, 7, 31)) == folder / "our-files"
        assert find_area(folder / "moray", "", date(2019, 7, 31)) == folder / "moray"

    @pytest.mark.parametrize(
        ("area", "says"),
        [
            ("", "'all' holds 2 extracts.\nWhat to do: add --area with one of those in the folder: fife, moray."),
            ("Narnia", "'Narnia' is not a Scottish local authority."),
            ("Angus", "None of the 2 extracts in 'all' holds Angus."),
        ],
    )
    def test_what_is_not_clear_is_asked(self, write_area, area, says):
        folder = write_area("Fife")
        write_area("Moray")
        with pytest.raises(ParameterError) as refused:
            find_area(folder, area, date(2019, 7, 31))
        assert str(refused.value).startswith(says)

    def test_an_area_that_lies_in_two_extracts_is_not_guessed_at(self, write_area):
        folder = write_area("Fife")
        write_area("Fife", folder="fife-last-month")
        with pytest.raises(ParameterError, match=r"(?s)More than one.*fife-last-month"):
            find_area(folder, "Fife", date(2019, 7, 31))

    def test_an_extract_that_cannot_be_read_is_named_where_the_area_is_in_none(self, write_area):
        folder = write_area("Moray")
        (write_area("Fife") / "fife" / "children.csv").write_text("child\n1\n", encoding="utf-8")
        assert find_area(folder, "Moray", date(2019, 7, 31)) == folder / "moray"
        with pytest.raises(ParameterError, match=r"(?s)None of the 2.*fife: "):
            find_area(folder, "Fife", date(2019, 7, 31))

    def test_an_area_in_place_of_a_folder_is_told_what_stands_there(self):
        with pytest.raises(ParameterError, match=r'(?s)here stands the folder.*--area "Fife"'):
            find_area("Fife", "", date(2019, 7, 31))
