"""Profiles: what they may say, every fault of one at once, and what comes of each thing that they can say."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.errors import DataError, DefinitionError
from pace_nb.extract import Extract, list_areas, read_extract
from pace_nb.profiles import apply_profile, read_profile

AS_AT = "2019-07-31"
KIDS = "No,Born\nA1,2010-01-01\nA2,2011-02-02\nA3,2012-03-03\n"
CHILDREN = """
[[source]]
file = "kids.csv"
[source.children]
columns = { child_id = "No", date_of_birth = "Born" }
constants = { local_authority = "Fife" }
"""


def source(file: str, table: str, **said: str) -> str:
    """One [[source]] with one table; what is said of it is TOML."""
    lines = "\n".join(f"{key} = {value}" for key, value in said.items())
    return f'\n[[source]]\nfile = "{file}"\n[source.{table}]\n{lines}\n'


@pytest.fixture
def read(write_extract) -> Callable[..., Extract]:
    """Return a function that writes a profile and files beside it, and reads them: `**{"log.csv": "..."}`."""

    def make(profile: str, kids: str = KIDS, **files: str | bytes) -> Extract:
        folder = write_extract(**{"profile.toml": profile, "kids.csv": kids, **files})
        return read_extract(folder, AS_AT, audience="working")

    return make


@pytest.fixture
def faults(tmp_path) -> Callable[[str], list[str]]:
    """Return a function that tells every fault of a profile."""

    def of(text: str) -> list[str]:
        (tmp_path / "profile.toml").write_text(text, encoding="utf-8")
        with pytest.raises(DefinitionError) as error:
            read_profile(tmp_path / "profile.toml")
        return [str(w) for w in error.value.where]

    return of


def events(extract: Extract, *names: str) -> list[tuple]:
    """Child, day, event and route of each event (of these names)."""
    table = extract.events[["child_id", "date", "event", "route"]]
    rows = [(c, f"{d:%Y-%m-%d}", e, r if isinstance(r, str) else "") for c, d, e, r in table.itertuples(index=False)]
    return [r for r in rows if not names or r[2] in names]


def stays(extract: Extract) -> list[tuple]:
    """Child, kind, first and last day of each placement."""
    table = extract.placements[["child_id", "placement_type", "start_date", "end_date"]].astype(str)
    return [tuple(row) for row in table.where(extract.placements[table.columns].notna(), "").itertuples(index=False)]


def codes(extract: Extract, part: str = "profile") -> dict[str, tuple[str, tuple[int, ...]]]:
    """Of each finding of a part: its file and rows."""
    return {f.code: (f.file, f.lines) for f in extract.findings if f.code.startswith(part)}


def balanced(extract: Extract) -> bool:
    rows = extract.rows
    return bool((rows["read"] == rows["used"] + rows["set_aside"] + rows["duplicates"] + rows["blank"]).all())


def counts(extract: Extract, file: str, table: str) -> dict[str, int]:
    rows = extract.rows[(extract.rows["file"] == file) & (extract.rows["table"] == table)]
    assert len(rows) == 1
    return {k: int(v) for k, v in rows.iloc[0].items() if k not in ("table", "file") and v}


class TestFaults:
    """All at once, each with what may have been meant."""

    def test_every_fault_of_a_file_is_told_at_once(self, faults):
        found = faults(
            """
            descibes = "A list"
            derive = ["accomodated"]
            [dates]
            formats = ["dd/mm/yyy"]
            [[source]]
            file = "kids.csv"
            header_rows = 4
            [source.children]
            columns = { child_id = "No", date_of_brith = "Born" }
            constants = { local_authority = "Fifeshire", sex = "female" }
            code = { sex = { F = "female" } }
            [source.legel]
            columns = { child_id = "No" }
            [[source]]
            file = "log.csv"
            [source.events]
            columns = { event = "What", date = "When" }
            codes.event = { "Rec" = "permanence_recomendation" }
            codes.date = { "x" = "y" }
            dates.adm_decison = "ADM"
            outcome = "Outcome"
            outcomes = { "*po*" = "order_granted permanance_order", "x" = "orders_granted" }
            """
        )
        expected = [
            ("'descibes'", "did you mean 'describes'?"),
            ("'accomodated'", "did you mean 'accommodated'?"),
            ("dd/mm/yyy", "did you mean dd/mm/yyyy?"),
            ("'header_rows'", "did you mean 'header_row'?"),
            ("'date_of_brith'", "did you mean 'date_of_birth'?"),
            ("'Fifeshire'", "not a Scottish local authority"),
            ("'code' is not known", "did you mean 'codes'?"),
            ("'legel'", "did you mean 'legal'?"),
            ("'permanence_recomendation'", "did you mean 'permanence_recommendation'?"),
            ("codes.date", "not a column of codes"),
            ("'adm_decison'", "did you mean 'adm_decision'?"),
            ("'order_granted permanance_order'", "did you mean 'permanence_order'?"),
            ("'orders_granted'", "did you mean 'order_granted'?"),
            ("source 2 ('log.csv'), events", "columns needs child_id"),
        ]
        for name, hint in expected:
            assert [f for f in found if name in f and hint in f], (name, hint, found)
        assert len(found) == len(expected)

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("columns = { child_id = 3 }", 'every line must be name = "text"'),
            ('columns = "No"', 'every line must be name = "text"'),
            ('columns = { child_id = " " }', "'child_id' has no heading"),
            ('columns = { child_id = "No" }\nmerge = ["carer"]', "'carer' has no heading under columns"),
            ('columns = { child_id = "No" }\nmerge = "carer"', "merge must be a list of columns"),
            ('columns = { child_id = "No" }\ngap = -1', "gap must be a number of days from 0 to 366"),
            ('columns = { child_id = "No" }\ngap = true', "gap must be a number of days from 0 to 366"),
            ('columns = { child_id = "No" }\nignore = ["x"]', "write it under events"),
            ('columns = { child_id = "No" }\nignore = "x"', "ignore must be a list of values"),
            ('columns = { child_id = "No" }\nskip = { "Held?" = "N" }', "skip must be a heading and a list of values"),
            ('columns = { child_id = "No" }\nskip = { "Held?" = [] }', "skip must be a heading and a list of values"),
            ('columns = { child_id = "No" }\noutcome = "What"', "belong together"),
            ('columns = { child_id = "No" }\ndates.referral = "Referred"', "write them under events"),
            ('columns = { child_id = "No" }\ncodes = "x"', "codes must be a table for each column"),
            ('columns = { child_id = "No" }\noutcome = 3', "outcome must be the heading of a column"),
            (
                'columns = { child_id = "No", start_date = "A" }\nconstants = { start_date = "x" }',
                "'start_date' stands under columns and under constants",
            ),
        ],
    )
    def test_what_would_be_passed_over_in_silence_is_a_fault(self, faults, said, told):
        found = faults(f'{CHILDREN}\n[[source]]\nfile = "x.csv"\n[source.placements]\n{said}')
        assert [f for f in found if told in f], found

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "needs at least one [[source]]"),
            ("source = 3", "needs at least one [[source]]"),
            ("source = [3]", "two pairs of square brackets"),
            (
                '[[source]]\nfile = "../kids.csv"\n[source.children]\ncolumns = { child_id = "No" }',
                "beside the profile",
            ),
            ('[[source]]\nfile = "a.csv"', "says nothing of any table"),
            ('[[source]]\nfile = "a.xlsx"\nsheet = 1\n[source.children]\ncolumns.child_id = "No"', "name of a sheet"),
            ('[[source]]\nfile = "a.csv"\nheader_row = 0\n[source.children]\ncolumns.child_id = "No"', "from 1 to 100"),
            ('[[source]]\nfile = "a.csv"\nchildren = 3', "must be a table of columns"),
            (
                'derive = [{}]\n[[source]]\nfile = "a.csv"\n[source.children]\ncolumns.child_id = "No"',
                "a list of some of",
            ),
            ('describes = 3\n[[source]]\nfile = "a.csv"\n[source.children]\ncolumns.child_id = "No"', "must be text"),
            (
                '[[source]]\nfile = "a.csv"\n[source.events]\ncolumns.child_id = "No"',
                "no source gives the table children",
            ),
        ],
    )
    def test_a_profile_that_is_not_one(self, faults, text, told):
        found = faults(text)
        assert [f for f in found if told in f], found

    def test_a_good_profile_is_read(self, tmp_path):
        (tmp_path / "profile.toml").write_text(CHILDREN, encoding="utf-8")
        profile = read_profile(tmp_path / "profile.toml")
        assert [(s.file, s.sheet, s.header_row) for s in profile.sources] == [("kids.csv", None, None)]
        assert profile.sources[0].sections[0].constants == {"local_authority": "Fife"}


class TestFiles:
    """Which file or sheet a source means."""

    LOG = source("LAC extract*.csv", "events", columns='{ child_id = "No", event = "What", date = "When" }')
    ROWS = "No,What,When\nA1,Review,2018-01-05\n"

    def test_a_name_with_a_star_fits_one_file_in_capitals_or_not(self, read):
        extract = read(CHILDREN + self.LOG, **{"lac Extract 2019-07.csv": self.ROWS})
        assert events(extract) == [("A1", "2018-01-05", "review", "")]
        assert {f for f, _ in extract.files} == {"kids.csv", "lac Extract 2019-07.csv"}

    def test_two_files_that_fit_are_an_error_that_names_both(self, read):
        with pytest.raises(DataError, match="Several files fit") as error:
            read(CHILDREN + self.LOG, **{"LAC extract 1.csv": self.ROWS, "LAC extract 2.csv": self.ROWS})
        assert [str(w) for w in error.value.where] == ["LAC extract 1.csv", "LAC extract 2.csv"]

    def test_a_file_that_is_not_there_is_told_and_the_rest_is_used(self, read):
        extract = read(CHILDREN + self.LOG)
        assert codes(extract) == {"profile-no-file": ("LAC extract*.csv", ())}
        assert extract.refused == ("placements", "legal", "events")
        assert len(extract.children) == 3

    def test_nothing_but_the_star_is_special_in_a_name(self, read):
        log = source("log [2019]?.csv", "events", columns='{ child_id = "No", event = "What", date = "When" }')
        extract = read(CHILDREN + log, **{"log [2019]?.csv": self.ROWS, "log 2x.csv": "not,read\n"})
        assert len(extract.events) == 1
        assert codes(extract) == {"profile-unread": ("log 2x.csv", ())}

    def test_without_the_children_there_is_nothing(self, write_extract):
        folder = write_extract(**{"profile.toml": CHILDREN})
        with pytest.raises(DataError, match="No child can be read"):
            read_extract(folder, AS_AT)

    @pytest.fixture
    def book(self, tmp_path) -> Path:
        made = openpyxl.Workbook()
        made.active.title = "About"
        made.active.append(["No", "Born"])
        for title, state in (("Kids ", "visible"), ("Old", "hidden")):
            sheet = made.create_sheet(title)
            sheet.sheet_state = state
            for row in (["All children"], ["No", "Born"], ["A1", date(2010, 1, 1)]):
                sheet.append(row)
        made.save(tmp_path / "book.xlsx")
        return tmp_path

    def sheet(self, folder: Path, line: str, head: str = "") -> Extract:
        profile = CHILDREN.replace('"kids.csv"', f'"book.xlsx"\n{line}\n{head}')
        (folder / "profile.toml").write_text(profile, encoding="utf-8")
        return read_extract(folder, AS_AT)

    def test_a_sheet_is_found_by_its_name_and_its_header_below_a_title(self, book):
        extract = self.sheet(book, 'sheet = "kids"')
        assert extract.children["child_id"].tolist() == ["A1"]
        assert counts(extract, "book.xlsx (Kids )", "children") == {"read": 1, "used": 1}

    def test_a_hidden_sheet_is_read_only_where_it_is_named_and_that_is_told(self, book):
        found = codes(self.sheet(book, 'sheet = "Old"'))
        assert found["profile-hidden-sheet"] == ("book.xlsx (Old)", ())

    def test_sheets_that_nobody_named_are_told_hidden_or_not(self, book):
        extract = self.sheet(book, 'sheet = "Kids"')
        unread = [f.file for f in extract.findings if f.code == "profile-unread"]
        assert unread == ["book.xlsx (About)", "book.xlsx (Old)"]

    def test_a_sheet_that_is_not_there_is_an_error_that_names_those_that_are(self, book):
        with pytest.raises(DataError, match="no sheet 'Children', which the profile names") as error:
            self.sheet(book, 'sheet = "Children"')
        assert "About, Kids" in str(error.value.where[0])

    def test_sheets_of_one_form_are_read_together(self, tmp_path):
        made = openpyxl.Workbook()
        for year, child in (("Year 2017", "A1"), ("Year 2018", "A2"), ("year 2016 (old)", "A3")):
            sheet = made.create_sheet(year)
            sheet.append(["No", "Born"])
            sheet.append([child, date(2010, 1, 1)])
        made["year 2016 (old)"].sheet_state = "hidden"
        made.save(tmp_path / "book.xlsx")
        extract = self.sheet(tmp_path, 'sheet = "Year *"')
        assert extract.children["child_id"].tolist() == ["A1", "A2"]
        assert {f.file for f in extract.findings if f.code == "profile-unread"} == {
            "book.xlsx (Sheet)",
            "book.xlsx (year 2016 (old))",  # a hidden sheet has to be named in full
        }
        with pytest.raises(DataError, match=r"no sheet 'Jahr \*'"):
            self.sheet(tmp_path, 'sheet = "Jahr *"')

    def test_without_a_name_it_is_the_first_sheet(self, book):
        with pytest.raises(DataError, match="No child can be read"):
            self.sheet(book, "")

    def test_a_header_row_is_taken_as_it_is_said(self, book):
        assert len(self.sheet(book, 'sheet = "Kids"', "header_row = 2").children) == 1
        with pytest.raises(DataError) as error:
            self.sheet(book, 'sheet = "Kids"', "header_row = 1")
        assert "which the profile names" in str(error.value.where[0])

    def test_a_heading_that_is_not_there_refuses_that_table_only(self, read):
        log = source("log.csv", "events", columns='{ child_id = "No", event = "What", date = "Wen" }')
        extract = read(CHILDREN + log, **{"log.csv": self.ROWS})
        said = next(f for f in extract.findings if f.code == "missing-column")
        assert (said.level, said.file) == ("file", "log.csv")
        assert "wen" in said.what
        assert len(extract.children) == 3

    def test_one_file_may_feed_several_tables_and_counts_for_each(self, read):
        rows = "No,Born,Kind,From,To\nA1,2010-01-01,Foster,2018-01-01,2018-03-01\nA1,2010-01-01,Foster,2018-03-01,\n"
        profile = CHILDREN + (
            "[source.placements]\n"
            'columns = { child_id = "No", placement_type = "Kind", start_date = "From", end_date = "To" }\n'
        )
        extract = read(profile, kids=rows)
        assert counts(extract, "kids.csv", "children") == {"read": 2, "used": 1, "duplicates": 1}
        assert counts(extract, "kids.csv", "placements") == {"read": 2, "used": 2}

    def test_the_areas_of_an_extract_are_told_from_its_children_alone(self, write_extract):
        broken = source("none*.csv", "legal", columns='{ child_id = "No" }')
        folder = write_extract(**{"profile.toml": CHILDREN + broken, "kids.csv": KIDS})
        assert list_areas(folder, date(2019, 7, 31)) == ("Fife",)


class TestWords:
    """Local words become codes."""

    def log(self, read, rows: str, extra: str = "") -> Extract:
        said = {"columns": '{ child_id = "No", event = "What", date = "When", route = "Plan" }'}
        text = source("log.csv", "events", **said) + extra
        return read(CHILDREN + text, **{"log.csv": f"No,What,When,Plan\n{rows}"})

    def test_a_word_is_known_in_any_capitals_and_with_any_spaces(self, read):
        extra = 'codes.event = { "Perm  rec" = "permanence_recommendation" }\ncodes.route = { "KIN" = "kinship_care_order" }'
        rows = "A1,PERM REC,2018-01-05,kin\nA2,\u00a0perm   Rec ,2018-01-06,Kin \n"
        found = events(self.log(read, rows, extra))
        assert found == [
            ("A1", "2018-01-05", "permanence_recommendation", "kinship_care_order"),
            ("A2", "2018-01-06", "permanence_recommendation", "kinship_care_order"),
        ]

    def test_a_word_that_stands_for_nothing_is_blank(self, read):
        extra = 'codes.route = { "not decided" = "" }'
        extract = self.log(read, "A1,permanence_recommendation,2018-01-05,Not decided\n", extra)
        assert events(extract)[0][3] == ""
        assert "unknown-detail" not in {f.code for f in extract.findings}

    def test_a_word_that_nobody_knows_is_left_to_the_checks_and_named_by_row_and_heading(self, read):
        extract = self.log(read, "A1,Mystery,2018-01-05,\n", 'codes.event = { "Rec" = "permanence_recommendation" }')
        said = next(f for f in extract.findings if f.code == "unknown-code")
        assert (said.file, said.lines, said.column) == ("log.csv", (2,), "What")
        assert "Mystery" not in str(said)

    def test_what_is_passed_over_is_set_aside_and_told(self, read):
        rows = "A1,Core Group,2018-01-05,\nA1,Review,2018-01-06,\n,core group,2018-01-07,\n"
        extract = self.log(read, rows, 'ignore = ["core group"]')
        assert codes(extract) == {"profile-ignored": ("log.csv", (2, 4))}
        assert counts(extract, "log.csv", "events") == {"read": 3, "used": 1, "set_aside": 2}

    def test_a_constant_fills_every_row_and_a_fault_in_it_is_laid_on_no_column(self, read):
        text = source(
            "reviews.csv",
            "events",
            columns='{ child_id = "No", date = "When" }',
            constants='{ event = "order_granted", route = "permanence_order" }',
        )
        extract = read(CHILDREN + text, **{"reviews.csv": "No,When\nA1,2018-01-05\nA2,2018-02-05\n"})
        assert {e[2:] for e in events(extract)} == {("order_granted", "permanence_order")}
        gap = next(f for f in extract.findings if f.code == "no-permanence-recommendation")
        assert (gap.file, gap.lines, gap.column) == ("reviews.csv", (2, 3), "")

    def test_columns_that_nobody_asked_for_are_named_and_kept_nowhere(self, read):
        extract = read(CHILDREN, kids="No,Born,Surname\nA1,2010-01-01,Zebedee\n")
        said = next(f for f in extract.findings if f.code == "extra-columns")
        assert "surname" in said.what
        assert not any("Zebedee" in str(value) for value in vars(extract).values())
        assert "Zebedee" not in extract.children.to_csv() + "".join(map(str, extract.findings))


class TestColumnsOfDates:
    """One row for each child, a column for each milestone."""

    WIDE = source(
        "wide.csv",
        "events",
        columns='{ child_id = "No", route = "Plan" }',
        **{
            "dates.accommodated": '"In care"',
            "dates.permanence_recommendation": '"Rec"',
            "dates.order_granted": '"Order"',
            "codes.route": '{ "KIN" = "kinship_care_order" }',
        },
    )
    ROWS = "No,Plan,In care,Rec,Order\nA1,KIN,2018-01-01,2018-06-01,\nA2,,2018-02-01,n/a,\n,,,,\nA3,KIN,,2018-07-01,31/02/2018\n"

    def test_a_date_is_an_event_and_a_cell_without_one_is_none(self, read):
        extract = read(CHILDREN + self.WIDE, **{"wide.csv": self.ROWS})
        assert events(extract) == [
            ("A1", "2018-01-01", "accommodated", ""),  # a plan says nothing of coming into care
            ("A1", "2018-06-01", "permanence_recommendation", "kinship_care_order"),
            ("A2", "2018-02-01", "accommodated", ""),
            ("A3", "2018-07-01", "permanence_recommendation", "kinship_care_order"),
        ]

    def test_a_text_that_means_not_yet_is_no_date_and_no_fault(self, read):
        dates = '\n[dates]\nopen = ["not yet"]\n'
        extract = read(
            dates + CHILDREN + self.WIDE, **{"wide.csv": self.ROWS.replace("2018-06-01,", "2018-06-01,Not yet")}
        )
        assert counts(extract, "wide.csv, Order", "events") == {"read": 4, "set_aside": 1, "blank": 3}
        assert not [f for f in extract.findings if f.code == "no-date"]

    def test_every_cell_of_every_column_is_counted(self, read):
        extract = read(CHILDREN + self.WIDE, **{"wide.csv": self.ROWS})
        assert counts(extract, "wide.csv, In care", "events") == {"read": 4, "used": 2, "blank": 2}
        assert counts(extract, "wide.csv, Order", "events") == {"read": 4, "set_aside": 1, "blank": 3}
        assert balanced(extract)

    def test_a_fault_names_the_row_and_the_heading_of_its_own_column(self, read):
        extract = read(CHILDREN + self.WIDE, **{"wide.csv": self.ROWS})
        said = next(f for f in extract.findings if f.code == "impossible-date")
        assert (said.file, said.lines, said.column) == ("wide.csv, Order", (5,), "Order")

    def test_a_notice_on_the_whole_file_is_told_once(self, read):
        rows = self.ROWS.replace("No,Plan", "No,Team,Plan", 1).replace("\nA1,", "\nA1,x,").replace("\nA2,", "\nA2,x,")
        rows = rows.replace("\nA3,", "\nA3,x,").replace("\n,,,,", "\n,,,,,")
        extract = read(CHILDREN + self.WIDE, **{"wide.csv": rows})
        assert [f.code for f in extract.findings].count("extra-columns") == 1

    def test_a_missing_heading_refuses_its_column_and_no_other(self, read):
        extract = read(CHILDREN + self.WIDE, **{"wide.csv": self.ROWS.replace("Order\n", "Orders\n", 1)})
        assert [f.file for f in extract.findings if f.code == "missing-column"] == ["wide.csv, Order"]
        assert len(extract.events) == 4


class TestOutcomes:
    """What a meeting came to, in words."""

    OUTCOMES = (
        '{ "*not agreed*" = "", "*agreed*adoption*" = "permanence_recommendation adoption", '
        '"*agreed*" = "permanence_recommendation", "Sheriff [PO]?" = "order_granted permanence_order" }'
    )
    LOG = source(
        "log.csv",
        "events",
        columns='{ child_id = "No", event = "Meeting", date = "When" }',
        ignore='["Agency decision"]',
        outcome='"Outcome"',
        outcomes=OUTCOMES,
    )
    ROWS = (
        "No,Meeting,When,Outcome\n"
        "A1,Review,2018-01-05,Agreed: adoption.\n"
        "A1,Review,2018-02-05,Plan for adoption not agreed\n"
        "A2,Review,2018-03-05,AGREED   in principle\n"
        "A2,Review,2018-04-05,Something else\n"
        "A3,Review,2018-05-05,\n"
        "A3,Agency decision,2018-06-05,sheriff [po]?\n"
        "A3,agency decision,2018-07-05,Sheriff Px\n"
    )

    def test_the_first_line_that_fits_says_what_came_of_it(self, read):
        extract = read(CHILDREN + self.LOG, **{"log.csv": self.ROWS})
        assert events(extract, "permanence_recommendation", "order_granted") == [
            ("A1", "2018-01-05", "permanence_recommendation", "adoption"),
            ("A2", "2018-03-05", "permanence_recommendation", ""),
            ("A3", "2018-06-05", "order_granted", "permanence_order"),
        ]

    def test_each_meeting_stays_what_it_was_unless_it_is_passed_over(self, read):
        extract = read(CHILDREN + self.LOG, **{"log.csv": self.ROWS})
        assert len(events(extract, "review")) == 5
        assert len(extract.events) == 8
        assert events(extract, "adm_decision") == []  # though its name is that of a milestone
        assert codes(extract)["profile-ignored"] == ("log.csv", (7, 8))
        assert counts(extract, "log.csv", "events") == {"read": 7, "used": 5, "set_aside": 2}
        assert counts(extract, "log.csv, Outcome", "events") == {"read": 7, "used": 3, "blank": 4}

    def test_outcomes_that_nothing_fits_are_counted_and_not_repeated(self, read):
        extract = read(CHILDREN + self.LOG, **{"log.csv": self.ROWS})
        said = next(f for f in extract.findings if f.code == "profile-outcome")
        assert (said.file, said.lines, said.column) == ("log.csv, Outcome", (5, 8), "Outcome")
        assert "Something" not in str(said)

    def test_without_a_column_of_kinds_every_row_is_a_review(self, read):
        log = self.LOG.replace('event = "Meeting", ', "").replace('ignore = ["Agency decision"]\n', "")
        extract = read(CHILDREN + log, **{"log.csv": self.ROWS})
        assert len(events(extract, "review")) == 7
        assert balanced(extract)


class TestSkip:
    """Rows that another column says to pass over: meetings that were not held, cases that are not decided."""

    LOG = source(
        "log.csv",
        "events",
        columns='{ child_id = "No", date = "When" }',
        outcome='"Outcome"',
        outcomes='{ "*perm*" = "permanence_recommendation" }',
        skip='{ "Held?" = ["N", "Cancel*"], "When" = [""] }',
    )
    ROWS = "No,When,Held?,Outcome\nA1,2018-01-01,Y,perm\nA1,2018-02-01, n ,perm\nA2,,Y,perm\nA2,2018-03-01,CANCELLED,x\nA3,2018-04-01,,x\n"

    def test_they_are_neither_meetings_nor_what_came_of_them(self, read):
        assert events(read(CHILDREN + self.LOG, **{"log.csv": self.ROWS})) == [
            ("A1", "2018-01-01", "permanence_recommendation", ""),
            ("A1", "2018-01-01", "review", ""),
            ("A3", "2018-04-01", "review", ""),
        ]

    def test_they_are_set_aside_and_named(self, read):
        extract = read(CHILDREN + self.LOG, **{"log.csv": self.ROWS})
        assert codes(extract)["profile-ignored"][1] == (3, 4, 5)
        assert counts(extract, "log.csv", "events") == {"read": 5, "used": 2, "set_aside": 3}
        assert balanced(extract)

    def test_a_heading_that_is_not_there_is_told(self, read):
        extract = read(CHILDREN + self.LOG, **{"log.csv": self.ROWS.replace("Held?", "Took place")})
        assert "held?" in next(f.what for f in extract.findings if f.code == "missing-column")


class TestMerge:
    """Rows of one placement that a system has split."""

    def merged(self, read, rows: str, gap: int = 1, merge: str = '["placement_type", "carer"]') -> Extract:
        said = {
            "columns": '{ child_id = "No", placement_type = "Kind", carer = "Carer", start_date = "From", end_date = "To" }',
            "merge": merge,
            "gap": str(gap),
            "codes.placement_type": '{ "FC" = "foster" }',
        }
        profile = '[dates]\nopen = ["31/12/9999"]\n' + CHILDREN + source("places.csv", "placements", **said)
        extract = read(profile, **{"places.csv": f"No,Kind,Carer,From,To\n{rows}"})
        assert balanced(extract)
        return extract

    def test_three_rows_of_one_carer_are_one_stay(self, read):
        rows = "A1,FC,c1,01/06/2017,01/06/2018\nA1,FC,c1,01/06/2016,01/06/2017\nA1,FC,c1,02/06/2018,01/03/2019\n"
        extract = self.merged(read, rows)
        assert stays(extract) == [("A1", "foster", "2016-06-01", "2019-03-01")]
        assert codes(extract) == {"profile-merged": ("places.csv", (2, 4))}
        assert counts(extract, "places.csv", "placements") == {"read": 3, "used": 1, "set_aside": 2}

    @pytest.mark.parametrize("last", ["", "31/12/9999"])
    def test_the_stay_is_open_where_its_last_row_is(self, read, last):
        rows = f"A1,FC,c1,01/06/2016,01/06/2017\nA1,FC,c1,01/06/2017,{last}\n"
        assert stays(self.merged(read, rows)) == [("A1", "foster", "2016-06-01", "")]

    @pytest.mark.parametrize(("gap", "days"), list(itertools.product((0, 1, 2), (-1, 0, 1, 2, 3))))
    def test_a_gap_is_as_long_as_is_said_and_rows_that_overlap_are_left_to_the_checks(self, read, gap, days):
        again = date(2017, 6, 1) + timedelta(days)
        rows = f"A1,FC,c1,01/06/2016,01/06/2017\nA1,FC,c1,{again:%d/%m/%Y},\n"
        assert (len(stays(self.merged(read, rows, gap))) == 1) == (0 <= days <= gap)

    @pytest.mark.parametrize(
        "second",
        [
            "A1,FC,c2,01/06/2017,",  # another carer
            "A1,Kinship,c1,01/06/2017,",  # another kind
            "A2,FC,c1,01/06/2017,",  # another child
        ],
    )
    def test_a_move_stays_a_move(self, read, second):
        assert len(stays(self.merged(read, f"A1,FC,c1,01/06/2016,01/06/2017\n{second}\n"))) == 2

    def test_carers_that_are_not_recorded_are_not_one_carer(self, read):
        assert len(stays(self.merged(read, "A1,FC,,01/06/2016,01/06/2017\nA1,FC,,01/06/2017,\n"))) == 2

    def test_children_that_are_not_recorded_are_not_one_child(self, read):
        extract = self.merged(read, ",FC,c1,01/06/2016,01/06/2017\n,FC,c1,01/06/2017,\nA1,FC,c1,01/06/2018,\n")
        assert next(f.lines for f in extract.findings if f.code == "no-id") == (2, 3)
        assert codes(extract) == {}

    def test_a_row_with_a_broken_date_joins_nothing_and_is_named(self, read):
        extract = self.merged(read, "A1,FC,c1,01/06/2016,31/02/2017\nA1,FC,c1,01/06/2017,\n")
        assert codes(extract) == {}
        assert next(f.lines for f in extract.findings if f.code == "impossible-date") == (2,)

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.integers(0, 3), st.randoms())
    def test_the_days_that_are_covered_stay_the_same_in_any_order_of_rows(self, tmp_path_factory, gaps, gap, shuffle):
        """Stays of one carer one after the other: as many as there are gaps that are too long, and no day away is lost."""
        day, rows = date(2010, 1, 1), []
        for wait in gaps:
            start = day + timedelta(wait)
            day = start + timedelta(30)
            rows.append(f"A1,FC,c1,{start:%d/%m/%Y},{day:%d/%m/%Y}")
        first = date(2010, 1, 1) + timedelta(gaps[0])
        shuffle.shuffle(rows)
        columns = '{ child_id = "No", placement_type = "Kind", carer = "Carer", start_date = "From", end_date = "To" }'
        said = {
            "columns": columns,
            "merge": '["carer"]',
            "gap": str(gap),
            "codes.placement_type": '{ "FC" = "foster" }',
        }
        folder = tmp_path_factory.mktemp("merge")
        (folder / "profile.toml").write_text(CHILDREN + source("places.csv", "placements", **said), encoding="utf-8")
        (folder / "kids.csv").write_text(KIDS, encoding="utf-8")
        (folder / "places.csv").write_text("No,Kind,Carer,From,To\n" + "\n".join(rows) + "\n", encoding="utf-8")
        raw = apply_profile(read_profile(folder / "profile.toml"), folder)[0]["placements"][0]
        assert len(raw.rows) == 1 + sum(wait > gap for wait in gaps[1:])
        assert raw.read == len(raw.rows) + raw.set_aside + raw.blank
        days = (raw.columns[name].rows() for name in ("start_date", "end_date"))
        kept = [[date(*map(int, reversed(d.split("/")))) for d in both] for both in zip(*days, strict=True)]
        assert min(kept)[0] == first
        assert max(kept)[1] == day
        assert sum((b - a).days for a, b in kept) == 30 * len(rows) + sum(w for w in gaps[1:] if w <= gap)


class TestDerived:
    """Facts that follow from others, where the profile asks for them."""

    PLACES = source(
        "places.csv",
        "placements",
        columns='{ child_id = "No", placement_type = "Kind", start_date = "From", end_date = "To" }',
    )
    LEGAL = source(
        "legal.csv", "legal", columns='{ child_id = "No", legal_type = "Kind", start_date = "From", end_date = "To" }'
    )
    LOG = source("log.csv", "events", columns='{ child_id = "No", event = "What", date = "When", route = "Plan" }')

    def derived(
        self, read, places: str = "", legal: str = "", log: str | None = None, wanted: str | None = None
    ) -> Extract:
        wanted = '["accommodated", "return_home", "order_granted"]' if wanted is None else wanted
        head = f"derive = {wanted}\n" + CHILDREN + self.PLACES + self.LEGAL + (self.LOG if log is not None else "")
        files = {"places.csv": f"No,Kind,From,To\n{places}", "legal.csv": f"No,Kind,From,To\n{legal}"}
        if log is not None:
            files["log.csv"] = f"No,What,When,Plan\n{log}"
        extract = read(head, **files)
        assert balanced(extract)
        return extract

    def test_each_time_away_begins_on_its_first_day(self, read):
        places = (
            "A1,foster,2015-01-01,2015-06-01\nA1,kinship,2015-06-01,2016-01-01\n"
            "A1,foster,2017-01-01,2017-06-01\nA1,residential,2017-06-02,\n"
        )
        assert events(self.derived(read, places)) == [
            ("A1", "2015-01-01", "accommodated", ""),
            ("A1", "2017-01-01", "accommodated", ""),
        ]

    @pytest.mark.parametrize(("gap", "times"), [(0, 1), (1, 1), (2, 2)])
    def test_more_than_a_day_without_a_placement_ends_a_time_away(self, read, gap, times):
        again = date(2016, 1, 1) + timedelta(gap)
        extract = self.derived(read, f"A1,foster,2015-01-01,2016-01-01\nA1,foster,{again},\n")
        assert len(events(extract, "accommodated")) == times

    @pytest.mark.parametrize(("gap", "home"), [(0, True), (1, True), (2, False), (-30, False)])
    def test_home_is_the_day_a_time_away_ends(self, read, gap, home):
        """Not long after it, when the child was looked after by nobody; not before it, which the records contradict."""
        day = date(2016, 1, 1) + timedelta(gap)
        extract = self.derived(read, f"A1,foster,2015-01-01,2016-01-01\nA1,at_home,{day},\n")
        assert events(extract, "return_home") == ([("A1", str(day), "return_home", "")] if home else [])

    def test_home_and_away_again_are_two_times_away(self, read):
        places = "A1,foster,2015-01-01,2016-01-01\nA1,at_home,2016-01-01,2016-09-01\nA1,foster,2016-09-01,\n"
        assert events(self.derived(read, places)) == [
            ("A1", "2015-01-01", "accommodated", ""),
            ("A1", "2016-01-01", "return_home", ""),
            ("A1", "2016-09-01", "accommodated", ""),
        ]

    def test_a_child_at_home_from_the_start_has_not_come_home(self, read):
        extract = self.derived(
            read, "A1,at_home,2015-01-01,2016-01-01\nA2,foster,2015-01-01,2015-12-31\nA2,at_home,2017-01-01,\n"
        )
        assert events(extract) == [("A2", "2015-01-01", "accommodated", "")]

    def test_stays_side_by_side_are_one_time_away(self, read):
        """A short stay inside a long one, and the long one going on after it."""
        places = "A1,foster,2015-01-01,\nA1,other,2015-03-01,2015-03-10\nA1,residential,2015-06-01,2015-07-01\n"
        assert len(events(self.derived(read, places), "accommodated")) == 1

    def test_one_childs_time_away_is_not_the_next_childs(self, read):
        extract = self.derived(read, "A1,foster,2015-01-01,2015-06-01\nA2,at_home,2015-06-01,\n")
        assert events(extract, "return_home") == []

    def test_a_stay_of_one_day_comes_before_what_begins_on_that_day(self, read):
        extract = self.derived(read, "A1,at_home,2015-01-02,\nA1,foster,2015-01-02,2015-01-02\n")
        assert events(extract) == [
            ("A1", "2015-01-02", "accommodated", ""),
            ("A1", "2015-01-02", "return_home", ""),
        ]

    @pytest.mark.parametrize(("days", "added"), [(0, False), (31, False), (-31, False), (32, True)])
    def test_coming_into_care_that_is_recorded_within_a_month_is_not_said_again(self, read, days, added):
        recorded = date(2015, 3, 1) + timedelta(days)
        extract = self.derived(read, "A1,foster,2015-03-01,\n", log=f"A1,accommodated,{recorded},\n")
        assert len(events(extract, "accommodated")) == 1 + added

    def test_another_childs_record_is_not_this_childs(self, read):
        extract = self.derived(read, "A1,foster,2015-03-01,\n", log="A2,accommodated,2015-03-01,\n")
        assert {e[0] for e in events(extract, "accommodated")} == {"A1", "A2"}

    def test_an_order_that_makes_the_plan_secure_is_one_that_was_granted(self, read):
        legal = (
            "A1,permanence_order,2016-01-01,\nA1,adoption_order,2017-01-01,2017-01-01\n"
            "A2,compulsory_supervision_order,2016-01-01,\nA3,kinship_care_order,2018-01-01,2018-01-01\n"
        )
        log = "A3,order_granted,2018-01-01,kinship_care_order\n"
        extract = self.derived(read, legal=legal, log=log)
        assert events(extract) == [
            ("A1", "2016-01-01", "order_granted", "permanence_order"),
            ("A1", "2017-01-01", "order_granted", "adoption"),
            ("A3", "2018-01-01", "order_granted", "kinship_care_order"),
        ]

    def test_how_many_and_from_which_file_is_told(self, read):
        extract = self.derived(read, "A1,foster,2015-01-01,\nA2,foster,2015-01-01,\n")
        told = [(f.file, f.what) for f in extract.findings if f.code == "profile-derived"]
        assert told == [("places.csv", "gave 2 dates of 'accommodated' that are not recorded as events.")]

    def test_nothing_is_worked_out_that_was_not_asked_for(self, read):
        extract = self.derived(
            read, "A1,foster,2015-01-01,\n", "A1,permanence_order,2016-01-01,\n", wanted="[]", log=""
        )
        assert extract.events.empty
        extract = self.derived(
            read, "A1,foster,2015-01-01,\n", "A1,permanence_order,2016-01-01,\n", wanted='["order_granted"]'
        )
        assert [e[2] for e in events(extract)] == ["order_granted"]

    def test_a_fault_of_a_fact_that_follows_is_laid_on_the_row_it_follows_from(self, read):
        """And on no column: the file has none that says it."""
        extract = self.derived(read, "A1,foster,2015-01-01,2015-06-01\nA1,foster,2016-01-01,\n")
        said = next(f for f in extract.findings if f.code == "again-accommodated")
        assert (said.file, said.lines, said.column) == ("places.csv", (3,), "")
