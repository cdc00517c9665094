"""How a column of dates is read: each value by its own form, day and month by one rule for the column, and everything told."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.date_forms import FORMATS, ISO, form_order, form_pattern, short_year, write_date
from pace_nb.date_texts import Said, iso_days, reader
from pace_nb.dates import EXAMPLE, NOT_KNOWN, PLACEHOLDERS, WORDS, DateRules, read_date_rules, read_dates

RULES = DateRules()
FIRST_OF_APRIL = date(2017, 4, 1)


def read(*texts: str, rules: DateRules = RULES) -> list[date | str]:
    """Return what each text is: a day, "blank", "wrong", or "refused" with a reason of its own."""
    days, wrong, notes = read_dates(texts, rules)
    refused = [any(n.where[i] for n in notes if n.level != "notice") for i in range(len(texts))]
    parsed = days.tolist()
    assert not any(w and (r or d) for d, w, r in zip(parsed, wrong, refused, strict=True))
    return [
        d if d else "refused" if r else "wrong" if w else "blank"
        for d, w, r in zip(parsed, wrong, refused, strict=True)
    ]


def told(*texts: str, rules: DateRules = RULES) -> list[tuple[str, list[int]]]:
    """Return the codes of what is said, with the places of the values."""
    _, _, notes = read_dates(texts, rules)
    return [(n.code, [i for i, here in enumerate(n.where) if here]) for n in notes]


def sentence(code: str, *texts: str, rules: DateRules = RULES) -> str:
    _, _, notes = read_dates(texts, rules)
    return next(f"{n.what} {n.do}" for n in notes if n.code == code)


class TestForms:
    @pytest.mark.parametrize(
        "text",
        ["2017-04-01", "2017/04/01", "20170401", "01/04/2017", "1/4/2017", "01.04.2017", "1.4.2017", "01-04-2017",
         "1st April 2017", "1 April 2017", "01 APR 2017", "1 Apr. 2017", "1  april  2017", "01-Apr-2017", "01-Apr-17",
         "1 Apr 17", "01/04/17", "01.04.17", " 01/04/2017\u00a0", "2017-04-01 00:00", "2017-04-01T00:00:00",
         "2017-04-01 00:00:00.000", "01/04/2017 00:00:00", "01/04/2017 14:30", "1 April 2017, 2:30 pm",
         "2017-04-01T14:30:00Z", "2017-04-01T14:30:00+0100"],
    )  # fmt: skip
    def test_the_first_of_april_in_every_form(self, text):
        assert read(text, "13/04/2017")[0] == FIRST_OF_APRIL

    @pytest.mark.parametrize(
        "text",
        ["tbc.", "awaiting court", "approx June 2017", "2017", "04/2017", "April 2017", "Apr 17", "2017-4-1", "0", "-1", "1/1/1",
         "2017-04-01x", "31/02/2017", "29/02/2017", "00/05/2017", "15/13/2017", "2017-02-30", "31 June 2017", "1 Avril 2017",
         "01/04-2017", "010417", "201704", "April 1, 2017", "2017-04-01 25:00", "2017-04-01 12:61", "1 April 2017 13:00 pm",
         "\u0661/\u0664/\u0662\u0660\u0661\u0667", "42826", "2017-04-01 to 2017-05-01"],
    )  # fmt: skip
    def test_what_is_no_date_is_never_guessed(self, text):
        assert read(text, "13/04/2017", "2017-04-20") == ["wrong", date(2017, 4, 13), date(2017, 4, 20)]

    @pytest.mark.parametrize("form", FORMATS)
    def test_every_day_that_is_written_in_a_form_is_read_back(self, form):
        days = [date(1999, 12, 25) + timedelta(i) for i in range(900)]
        assert read(*[write_date(d, form) for d in days]) == days

    def test_no_text_fits_two_forms_in_two_ways(self):
        for one, two in permutations(FORMATS, 2):
            for day in (EXAMPLE, date(2001, 2, 3), date(2011, 10, 12)):
                found = form_pattern(two).fullmatch(write_date(day, one))
                same = form_order(one).replace("n", "m") == form_order(two).replace("n", "m")
                assert not found or (same and short_year(one) == short_year(two)), (one, two)

    def test_one_usual_form_needs_no_word(self):
        assert told("2017-04-01", "", "2017-04-02") == []
        assert told("01/04/2017", "13/04/2017") == []

    def test_other_forms_are_told_by_a_fixed_day(self):
        assert told("01.04.2017", "13.04.2017") == [("date-forms", [0, 1])]
        assert "written as 04.05.2017; each was read by its own form, 04.05.2017 as 4 May 2017." in sentence(
            "date-forms", "01.04.2017", "13.04.2017"
        )

    def test_two_forms_are_told_for_the_rarer_one(self):
        assert told("2017-04-05", "2017-04-06", "13/04/2017") == [("date-forms", [2])]
        assert "written as 2017-05-04 and 04/05/2017" in sentence(
            "date-forms", "2017-04-05", "2017-04-06", "13/04/2017"
        )

    def test_the_form_of_a_profile_needs_no_word_and_no_other_form_is_read(self):
        rules = DateRules(("dd.mm.yyyy", "d mmmm yyyy"))
        assert told("13.04.2017", "14 April 2017", rules=rules) == []
        assert read("13.04.2017", "13/04/2017", "13-Apr-2017", rules=rules) == [date(2017, 4, 13), "wrong", "wrong"]

    def test_the_dates_of_a_workbook_are_read_whatever_the_form(self):
        assert read("2017-04-13", rules=DateRules(("mm/dd/yyyy",))) == [date(2017, 4, 13)]


class TestDayAndMonth:
    def test_iso_dates_are_never_turned_round(self):
        assert read("2017-04-05", "05/04/2017", "13/04/2017") == [date(2017, 4, 5), date(2017, 4, 5), date(2017, 4, 13)]

    def test_what_cannot_be_told_is_read_day_first_and_counted(self):
        texts = ["01/04/2017", "04/04/2017", "2017-04-30", "05/06/2017", ""]
        assert read(*texts)[0] == FIRST_OF_APRIL
        assert ("day-or-month", [0, 3]) in told(*texts)
        said = sentence("day-or-month", *texts)
        assert "in 2 of 4 rows" in said
        assert "dates such as 04/05/2017 are read as 4 May 2017 (day first)" in said

    def test_one_day_after_the_twelfth_tells_for_the_column(self):
        assert told("01/04/2017", "13/04/2017") == []

    def test_the_same_number_twice_leaves_nothing_open(self):
        assert told("04/04/2017", "05/05/2017") == []

    @pytest.mark.parametrize("between", "/.-")
    def test_month_first_refuses_every_date_of_three_numbers(self, between):
        texts = [t.replace("/", between) for t in ("04/05/2017", "04/13/2017", "05/05/2017", "4/6/2017")]
        assert read(*texts, "2017-04-20", "20 April 2017") == [*["refused"] * 4, date(2017, 4, 20), date(2017, 4, 20)]
        assert ("us-dates", [0, 1, 2, 3]) in told(*texts, "2017-04-20", "20 April 2017")

    def test_two_systems_pasted_together_are_refused_too(self):
        british, american = ["13/04/2017"] * 10, ["04/13/2017"] * 2
        assert set(read(*british, *american, "04/05/2017")) == {"refused"}

    def test_a_slip_of_the_pen_is_a_row_not_a_column(self):
        assert read("13/04/2017", "14/05/2017", "04/13/2017", "04/05/2017")[2:] == ["wrong", date(2017, 5, 4)]
        assert read(*["13/04/2017"] * 38, "04/13/2017", "04/14/2017")[-2:] == ["wrong", "wrong"]
        assert set(read(*["13/04/2017"] * 37, "04/13/2017", "04/14/2017")) == {"refused"}

    def test_a_profile_may_say_that_the_month_comes_first(self):
        rules = DateRules(("mm/dd/yyyy",))
        assert read("04/05/2017", "04/13/2017", rules=rules) == [date(2017, 4, 5), date(2017, 4, 13)]
        assert "dates such as 05/04/2017 are read as 4 May 2017 (month first)" in sentence(
            "day-or-month", "04/05/2017", rules=rules
        )
        assert read("04/05/2017", "13/04/2017", rules=rules) == ["refused", "refused"]
        assert "writes the day first (such as 13/04/2017)" in sentence(
            "us-dates", "04/05/2017", "13/04/2017", rules=rules
        )


class TestTwoDigits:
    @pytest.mark.parametrize(("text", "year"), [("80", 1980), ("99", 1999), ("00", 2000), ("17", 2017), ("79", 2079)])
    def test_the_century_is_the_one_whose_dates_could_be_used(self, text, year):
        assert read(f"13/04/{text}") == [date(year, 4, 13)]

    def test_the_rule_is_told(self):
        assert told("13/04/17", "13/04/2017") == [("date-forms", [0]), ("two-digit-years", [0])]
        assert "read as 1980 to 2079: dates such as 04/05/17 are read as 4 May 2017" in sentence(
            "two-digit-years", "13/04/17"
        )

    @pytest.mark.parametrize(("text", "year"), [("89", 2089), ("90", 1990), ("17", 2017)])
    def test_a_profile_may_say_another(self, text, year):
        assert read(f"13/04/{text}", rules=DateRules(two_digit_years=1990)) == [date(year, 4, 13)]

    def test_a_profile_that_names_other_forms_refuses_them(self):
        assert read("13/04/17", rules=DateRules(("dd/mm/yyyy",))) == ["wrong"]


class TestNothing:
    @pytest.mark.parametrize("text", ["", " ", "\u00a0", *sorted(NOT_KNOWN), "N/A"])
    def test_what_databases_write_for_nothing_is_blank(self, text):
        assert read(text, "2017-04-01") == ["blank", FIRST_OF_APRIL]
        assert told(text, "2017-04-01") == []

    @pytest.mark.parametrize(
        "text", [*sorted(WORDS), "TBC", *PLACEHOLDERS, "31-Dec-9999", "31.12.9999", "31/12/9999 00:00"]
    )
    def test_what_stands_for_not_known_is_blank_and_told(self, text):
        assert read(text, "2017-04-01") == ["blank", FIRST_OF_APRIL]
        assert told(text, "2017-04-01") == [("placeholder-date", [0])]

    @pytest.mark.parametrize("text", ["still open", "STILL OPEN", "31/12/2050", "2050-12-31"])
    def test_a_profile_says_what_its_system_writes_in_words_or_as_a_date_in_any_form(self, text):
        rules = DateRules(open=("Still open", "31/12/2050"))
        assert read(text, "2017-04-01", rules=rules) == ["blank", FIRST_OF_APRIL]
        assert told(text, "2017-04-01", rules=rules) == []

    @pytest.mark.parametrize("text", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NOT CALCULATED!"])
    def test_what_a_formula_could_not_work_out_has_a_reason_of_its_own(self, text):
        assert read(text, "2017-04-01") == ["refused", FIRST_OF_APRIL]
        assert told(text, "2017-04-01") == [("formula", [0])]

    @pytest.mark.parametrize("texts", [[], [""], ["", "tbc"], ["x", "y"]])
    def test_a_column_without_a_date(self, texts):
        assert {type(d) for d in read(*texts)} <= {str}


class TestDayNumbers:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("25569", date(1970, 1, 1)),
            ("42826", FIRST_OF_APRIL),
            ("42826.75", FIRST_OF_APRIL),
            ("43677", date(2019, 7, 31)),
        ],
    )
    def test_are_dates_where_the_column_holds_nothing_else(self, text, day):
        assert read(text, "", "42000", "n/a")[0] == day
        assert told(text, "42000") == [("excel-serials", [0, 1])]
        assert "1904" in sentence("excel-serials", text)

    @pytest.mark.parametrize(
        ("text", "what"),
        [("25568", "wrong"), ("73051", "wrong"), ("73050", "blank"), ("0", "blank"), ("2958465", "blank")],
    )
    def test_out_of_range_is_no_date_and_the_ends_of_calendars_stand_for_nothing(self, text, what):
        assert read("42826", text) == [FIRST_OF_APRIL, what]

    @pytest.mark.parametrize("other", ["2018-01-01", "soon", "20170401", "13/04/2017"])
    def test_are_no_dates_among_anything_else(self, other):
        assert read("42826", other)[0] == "wrong"

    def test_may_count_from_1904_or_be_no_dates_at_all(self):
        assert read("41364", rules=DateRules(serials="1904")) == [FIRST_OF_APRIL]
        assert read("42826", rules=DateRules(serials="off")) == ["wrong"]

    def test_of_both_systems_are_those_that_excel_shows(self):
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel

        for number in range(30_000, 60_000, 777):
            assert read(str(number)) == [from_excel(number).date()]
            mac = from_excel(number, CALENDAR_MAC_1904).date()
            assert read(str(number), rules=DateRules(serials="1904")) == [mac]


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2017-07-31T23:00:00Z", date(2017, 8, 1)),
            ("2017-07-31T22:59:59Z", date(2017, 7, 31)),
            ("2017-01-31T23:00:00Z", date(2017, 1, 31)),
            ("2017-08-01T00:30:00+01:00", date(2017, 8, 1)),
            ("2017-08-01T00:30:00+02:00", date(2017, 7, 31)),
            ("2017-07-31 19:00:00 -0500", date(2017, 8, 1)),
            ("01/08/2017 00:30 BST", date(2017, 8, 1)),
            ("2017-03-26T00:59:59Z", date(2017, 3, 26)),
            ("2017-10-28T23:00:00Z", date(2017, 10, 29)),
            ("2017-10-29T23:00:00Z", date(2017, 10, 29)),
        ],
    )
    def test_a_time_with_a_zone_is_the_day_that_it_was_in_scotland(self, text, day):
        assert read(text, "13/01/2017")[0] == day
        assert "zone" in dict(told(text, "13/01/2017"))

    def test_every_hour_of_two_years_is_the_day_of_a_scottish_clock(self):
        hours = [datetime(2017, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(hours=5 * i) for i in range(3500)]
        texts = [h.strftime("%Y-%m-%dT%H:%M:%SZ") for h in hours]
        assert read(*texts) == [h.astimezone(ZoneInfo("Europe/London")).date() for h in hours]

    def test_a_time_without_a_zone_is_of_the_day_that_is_written(self):
        assert read("2017-07-31 23:30:00") == [date(2017, 7, 31)]
        assert told("2017-07-31 23:30:00", "2017-07-30 00:00") == [("time-of-day", [0])]

    def test_midnight_is_no_time_of_day(self):
        assert told("2017-07-31 00:00:00", "2017-07-30") == []

    def test_a_shadow_of_another_midnight_is_told(self):
        """A system that keeps days as midnights, and writes them out in UTC without saying so."""
        assert told("2017-07-30 23:00:00", "2017-01-30 00:00:00") == [("midnight-elsewhere", [0])]
        assert read("2017-07-30 23:00:00", "2017-01-30 00:00:00", rules=DateRules(zone="UTC")) == [
            date(2017, 7, 31),
            date(2017, 1, 30),
        ]

    def test_a_zone_may_be_passed_over(self):
        assert read("2017-07-31T23:00:00Z", rules=DateRules(zone="as written")) == [date(2017, 7, 31)]

    @pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland", "UTC"])
    def test_nothing_depends_on_the_clock_of_the_machine(self, zone, monkeypatch):
        texts = ("2017-07-31T23:00:00Z", "2017-03-26 01:30", "29 October 2017", "26/03/2017")
        before = read(*texts)
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        try:
            assert read(*texts) == before
        finally:
            monkeypatch.undo()
            time.tzset()


class TestProfiles:
    def test_nothing_said_is_everything_that_is_read_without_a_profile(self):
        assert read_date_rules({}) == (DateRules(), [])

    def test_everything_said(self):
        raw = {
            "formats": ["DD/MM/YYYY", "d mmmm yyyy hh:mm"],
            "open": ["31/12/9999", "current"],
            "two_digit_years": 1990,
            "serials": 1904,
            "zone": "UTC",
        }
        rules = DateRules(("dd/mm/yyyy", "d mmmm yyyy"), ("31/12/9999", "current"), 1990, "1904", "UTC")
        assert read_date_rules(raw) == (rules, [])

    @pytest.mark.parametrize(
        ("raw", "fault"),
        [
            ({"format": []}, "'format' is not known: did you mean formats?"),
            ({"formats": "dd/mm/yyyy"}, 'formats must be a list of texts, such as ["dd/mm/yyyy"]'),
            ({"formats": []}, "formats is empty"),
            ({"formats": ["dd/mm/yyy"]}, "'dd/mm/yyy' is not a form of dates: did you mean dd/mm/yyyy?"),
            ({"formats": ["%d/%m/%Y"]}, "'%d/%m/%Y' is not a form of dates: write dd/mm/yyyy"),
            ({"formats": ["dd/mm"]}, "'dd/mm' is not a form of dates"),
            ({"formats": [""]}, "'' is not a form of dates"),
            ({"formats": ["dd/dd/yyyy"]}, "'dd/dd/yyyy' is not a form of dates"),
            ({"formats": ["dd/mm/yyyy", "mm/dd/yyyy"]}, "dd/mm/yyyy and mm/dd/yyyy would read one text in two ways"),
            ({"formats": ["dd/mm/yy", "yy/mm/dd"]}, "would read one text in two ways"),
            ({"formats": ["yyyy-dd-mm"]}, "yyyy-mm-dd and yyyy-dd-mm would read one text in two ways"),
            ({"formats": ["yyyymmdd", "ddmmyyyy"]}, "would read one text in two ways"),
            ({"open": "31/12/9999"}, 'open must be a list of texts, such as ["31/12/9999"]'),
            ({"two_digit_years": True}, "two_digit_years must be the first of the hundred years"),
            ({"two_digit_years": 30}, "two_digit_years must be the first of the hundred years"),
            ({"serials": "1905"}, 'serials must be "1900", "1904" or "off"'),
            ({"zone": "London"}, "zone must be one of Europe/London, UTC, as written"),
            ([], "must be a table"),
        ],
    )
    def test_a_fault_is_told_and_what_it_concerns_is_as_it_is_by_default(self, raw, fault):
        rules, faults = read_date_rules(raw)
        assert rules == DateRules()
        assert len(faults) == 1
        assert fault in faults[0]

    def test_every_fault_is_told_at_once(self):
        _, faults = read_date_rules({"formats": ["x", "y"], "open": 3, "serials": "1", "zone": "", "other": 1})
        assert len(faults) == 6

    @pytest.mark.parametrize("form", ["mm/dd/yyyy", "mmmm d, yyyy", "ddmmyyyy", "dd-mmm-yyyy", "yy/mm/dd", "d.m.yy"])
    def test_a_form_that_a_profile_may_name_is_read(self, form):
        rules, faults = read_date_rules({"formats": [form]})
        assert faults == []
        days = [date(2001, 1, 1) + timedelta(13 * i) for i in range(400)]
        assert read(*[write_date(d, form) for d in days], rules=rules) == days


def test_what_is_said_holds_nothing_of_the_column():
    texts = [
        "23/11/2003",
        "12/31/2011",
        "17.06.2005",
        "23 Nov 09",
        "2009-08-07T23:00:00Z",
        "approx June",
        "31/12/9999",
        "#REF!",
    ]
    for rules in (RULES, DateRules(("mm/dd/yyyy",))):
        _, _, notes = read_dates(texts, rules)
        said = " ".join(f"{n.what} {n.do}" for n in notes)
        assert not any(t in said for t in [*texts, "November 2003", "2011", "2005", "2009"])


def test_texts_that_stand_in_many_rows_count_as_many_times():
    """One date in twenty that tells the other order is a slip; by rows, not by different texts."""
    texts = ["13/04/2017", "04/13/2017"]
    assert not any(n.code == "us-dates" for n in read_dates(texts, RULES, np.array([40, 2])).notes)
    assert any(n.code == "us-dates" for n in read_dates(texts, RULES, np.array([30, 2])).notes)


ODD = st.sampled_from(["2017-02-29", "0000-01-01", "x", "1900-01-01"])


@settings(deadline=None)
@given(st.lists(st.dates(date(1, 1, 1), date(9999, 12, 31)) | ODD, max_size=20))
def test_iso_days_read_all_at_once_are_those_read_one_by_one(days):
    texts = [str(d) for d in days]
    plain, read = iso_days(texts, RULES)
    said = [reader(RULES)(t) for t in texts]
    assert [s for s, p in zip(said, plain, strict=True) if p] == [Said(d, ISO) for d in read[plain].tolist()]
    # What is left for one by one is no day, stands for none, or is the 29th of February.
    left = [s.day for s, p in zip(said, plain, strict=True) if not p]
    assert all(d is None or (d.month, d.day) == (2, 29) for d in left)
