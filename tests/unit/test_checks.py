"""Each value is read by a stated rule: dates by exact forms, codes by their spellings, ids as text."""

from __future__ import annotations

from datetime import date

import pytest

from pace_nb.checks import check_tables
from pace_nb.dates import NOT_KNOWN, PLACEHOLDERS
from pace_nb.files import RawTable
from pace_nb.schema import TABLES
from pace_nb.terms import EVENTS, LEGAL, PLACEMENTS, ROUTES

AS_AT = date(2019, 7, 31)


def raw(name: str, *rows: list[str], header: list[str] | None = None) -> RawTable:
    header = header or TABLES[name].column_names[: len(rows[0]) if rows else None]  # a column that may be left out is
    return RawTable.of_rows(TABLES[name], f"{name}.csv", header, rows)


def child(id: str = "C1", area: str = "Fife", born: str = "2010-05-06", sex: str = "", group: str = "") -> list[str]:
    return [id, area, born, sex, group]


def event(day: str = "2018-01-01", what: str = "review", id: str = "C1", area: str = "", route: str = "") -> list[str]:
    return [id, area, what, day, route]


def check(*children: list[str], **tables: list[list[str]]):
    raws = {n: [raw(n, *tables.get(n, []))] for n in TABLES}
    raws["children"] = [raw("children", *(children or [child()]))]
    return check_tables(raws, AS_AT)


def events_of(*days: str) -> list[str]:
    """Return what is read from a column of dates."""
    return [d.strftime("%Y-%m-%d") for d in check(events=[event(d) for d in days])["events"].frame["date"]]


def codes(checked) -> list[str]:
    return [f.code for f in checked.findings]


class TestDates:
    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("2017-04-05", "2017-04-05"),  # never 4 May
            ("05/04/2017", "2017-04-05"),
            ("5/4/2017", "2017-04-05"),
            ("2017-04-05 00:00:00", "2017-04-05"),
            ("2017-04-05T00:00:00.000", "2017-04-05"),
            ("05/04/2017 00:00", "2017-04-05"),
            ("29/02/2016", "2016-02-29"),
        ],
    )
    def test_forms_that_are_read(self, text, read):
        assert events_of(text) == [read]

    @pytest.mark.parametrize(
        "text",
        ["29/02/2017", "31/04/2017", "2017-13-01", "2017-04-31", "2017", "04/2017", "Apr 2017",
         "2017-4-5", "0", "1/1/1", "-1", "2017-04-05x"],
    )  # fmt: skip
    def test_what_is_no_date_is_set_aside_not_guessed(self, text):
        checked = check(events=[event("2018-01-01"), event(text)])["events"]
        assert (checked.used, checked.set_aside) == (1, 1)
        (finding,) = [f for f in checked.findings if f.level == "rows"]
        assert (finding.code, finding.lines, finding.column) == ("impossible-date", (3,), "date")

    @pytest.mark.parametrize("text", ["", *sorted(NOT_KNOWN), "N/A", *PLACEHOLDERS])
    def test_what_stands_for_not_known_is_blank(self, text):
        placements = [["C1", "", "foster", "2018-01-01", text]]
        checked = check(placements=placements)["placements"]
        assert checked.used == 1
        assert checked.frame["end_date"].isna().all()
        assert ("placeholder-date" in codes(checked)) == (text in PLACEHOLDERS)

    def test_each_value_is_read_by_its_own_shape(self):
        assert events_of("2017-04-05", "06/04/2017", "2017-04-07") == ["2017-04-05", "2017-04-06", "2017-04-07"]

    def test_one_month_first_date_refuses_every_stroked_date_of_its_column(self):
        checked = check(events=[event("04/05/2017"), event("04/13/2017"), event("2017-04-20")])["events"]
        assert list(checked.frame["date"].dt.strftime("%Y-%m-%d")) == ["2017-04-20"]
        assert ("file", (2, 3)) in [(f.level, f.lines) for f in checked.findings if f.code == "us-dates"]

    def test_a_slip_does_not_make_a_month_first_column_british(self):
        days = ("04/13/2017", "05/14/2017", "06/15/2017", "13/04/2017", "04/05/2017")
        checked = check(events=[event(d) for d in days])["events"]
        assert checked.frame.empty
        assert codes(checked) == ["us-dates"], "each row is named once, with the true reason"
        assert checked.read == checked.set_aside == len(days)

    def test_a_slip_in_a_british_column_sets_one_row_aside(self):
        days = ("13/04/2017", "14/05/2017", "04/13/2017", "04/05/2017")
        checked = check(events=[event(d) for d in days])["events"]
        assert list(checked.frame["date"].dt.strftime("%Y-%m-%d")) == ["2017-04-13", "2017-05-14", "2017-05-04"]
        assert [(f.code, f.lines) for f in checked.findings] == [("impossible-date", (4,))]

    def test_a_day_that_proves_the_order_keeps_a_column_british(self):
        assert events_of("04/05/2017", "13/05/2017") == ["2017-05-04", "2017-05-13"]

    @pytest.mark.parametrize(("text", "read"), [("25569", None), ("42826", "2017-04-01"), ("43677", "2019-07-31")])
    def test_day_numbers_are_read_when_the_whole_column_is_numbers(self, text, read):
        assert events_of(text, "42000") == [*([read] if read else []), "2014-12-27"]

    def test_a_day_number_among_dates_is_no_date(self):
        assert events_of("42826", "2018-01-01") == ["2018-01-01"]

    @pytest.mark.parametrize(
        ("day", "level"),
        [
            ("2019-07-31", None),
            ("2019-08-01", "notice"),
            ("2021-07-31", "notice"),
            ("2021-08-01", "rows"),
            ("2107-04-01", "rows"),
        ],
    )
    def test_what_is_dated_after_the_day_is_not_yet_known(self, day, level):
        checked = check(events=[event(day)])["events"]
        assert checked.used == (level is None)
        assert [f.level for f in checked.findings] == ([level] if level else [])

    @pytest.mark.parametrize(("day", "used"), [("1979-12-31", 0), ("1980-01-01", 1)])
    def test_what_lies_before_1980_is_a_slip(self, day, used):
        assert check(events=[event(day)])["events"].used == used

    @pytest.mark.parametrize("born", ["", "2010-02-30", "1960-01-01", "2019-08-01", "n/a"])
    def test_a_child_without_a_birth_date_is_still_a_child(self, born):
        checked = check(child(born=born), events=[event()])
        assert checked["children"].used == 1
        assert checked["children"].frame["date_of_birth"].isna().all()
        assert checked["events"].used == 1

    def test_born_on_the_day_is_born(self):
        assert check(child(born="2019-07-31"))["children"].frame["date_of_birth"].notna().all()


class TestEnds:
    @pytest.mark.parametrize(("end", "used"), [("2017-12-31", 0), ("2018-01-01", 1), ("2018-01-02", 1)])
    def test_a_placement_does_not_end_before_it_starts(self, end, used):
        assert check(placements=[["C1", "", "foster", "2018-01-01", end]])["placements"].used == used

    def test_an_end_after_the_day_is_not_yet_known(self):
        frame = check(placements=[["C1", "", "foster", "2018-01-01", "2019-08-01"]])["placements"].frame
        assert frame["end_date"].isna().all()


class TestCodes:
    @pytest.mark.parametrize("code", EVENTS)
    def test_a_code_or_its_label_is_read(self, code):
        rows = [event(what=w) for w in (code, code.upper(), EVENTS[code].label, f" {code.replace('_', '-')} ")]
        frame = check(events=[[*r[:3], f"2018-01-0{i}", ""] for i, r in enumerate(rows, 1)])["events"].frame
        assert set(frame["event"]) == {code}

    @pytest.mark.parametrize(("table", "known"), [("placements", PLACEMENTS), ("legal", LEGAL)])
    def test_every_code_of_the_vocabulary_is_accepted(self, table, known):
        checked = check(**{table: [["C1", "", code, "2018-01-01", ""] for code in known]})[table]
        assert checked.used == len(known)
        assert not {"unknown-code", "code-spelling", "usual-spelling"} & set(codes(checked))

    def test_an_unknown_event_is_set_aside_with_the_codes_that_are_known(self):
        (finding,) = check(events=[event(what="adm_desicion")])["events"].findings
        assert finding.lines == (2,)
        assert "Nearest code: adm_decision." in finding.do
        assert "adm_desicion" not in str(finding)

    def test_an_unknown_route_costs_the_route_not_the_row(self):
        checked = check(events=[event(route="somewhere"), event("2018-02-02", route="adoption")])["events"]
        assert [r if isinstance(r, str) else None for r in checked.frame["route"]] == [None, "adoption"]
        assert codes(checked) == ["unknown-detail"]
        assert set(ROUTES) >= {"adoption"}


class TestWhoIsWho:
    def test_ids_are_text(self):
        ids = ["007", "7", "1e5", "NA", "TRUE", "9007199254740993"]
        assert list(check(*(child(i) for i in ids))["children"].frame["child_id"]) == ids

    def test_an_id_that_excel_rounded_is_nobody(self):
        checked = check(child("1.23457E+15"), child("1E+15"), child("1E5"))["children"]
        assert list(checked.frame["child_id"]) == ["1E5"]

    def test_rows_that_contradict_each_other_are_both_set_aside(self):
        checked = check(child("C1", sex="female"), child("C1", sex="male"), child("C2"))["children"]
        assert list(checked.frame["child_id"]) == ["C2"]
        assert [(f.code, f.lines, f.column) for f in checked.findings] == [("conflict", (2, 3), "sex")]

    def test_the_same_number_in_two_authorities_is_two_children(self):
        checked = check(child(), child(area="Moray", born="2011-01-01"), events=[event(), event(area="Moray")])
        assert checked["children"].used == 2
        assert list(checked["events"].frame["local_authority"]) == ["Moray"]
        assert codes(checked["events"]) == ["which-authority"]

    def test_a_row_that_names_another_authority_than_the_child_is_an_orphan(self):
        assert codes(check(events=[event(area="Moray")])["events"]) == ["no-such-child"]

    def test_a_row_gets_its_childs_authority(self):
        assert list(check(events=[event()])["events"].frame["local_authority"]) == ["Fife"]

    def test_copies_are_counted_after_what_they_say_is_read(self):
        checked = check(events=[event("2018-01-05"), event("05/01/2018"), event("2018-01-05", what="Child's review")])
        assert (checked["events"].used, checked["events"].duplicates) == (1, 2)


def test_every_row_is_accounted_for():
    rows = [
        event("2018-01-01"),
        event("x"),
        event("2018-01-01"),
        event(id=""),
        event(id="C9"),
        event("2030-01-01"),
        event(what="?"),
    ]
    checked = check(events=rows)["events"]
    assert checked.read == checked.used + checked.set_aside + checked.duplicates + checked.blank == len(rows)
    assert (checked.used, checked.set_aside, checked.duplicates) == (1, 5, 1)
