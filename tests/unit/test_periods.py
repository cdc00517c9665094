"""Calendar arithmetic on the days where it goes wrong: ends of months, 29 February, the turn of the reporting year."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta

import pytest

from pace_nb.errors import ParameterError
from pace_nb.periods import (
    Limit,
    add_months,
    age,
    birthday,
    quarter,
    read_limit,
    reporting_year,
    show_date,
    to_date,
)


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "later"),
        [
            (date(2018, 8, 31), 6, date(2019, 2, 28)),
            (date(2019, 8, 31), 6, date(2020, 2, 29)),  # a leap year
            (date(2019, 8, 30), 6, date(2020, 2, 29)),
            (date(2019, 8, 29), 6, date(2020, 2, 29)),
            (date(2019, 8, 28), 6, date(2020, 2, 28)),
            (date(2019, 1, 31), 1, date(2019, 2, 28)),
            (date(2019, 10, 31), 1, date(2019, 11, 30)),
            (date(2019, 12, 31), 1, date(2020, 1, 31)),
            (date(2019, 11, 30), 1, date(2019, 12, 30)),
            (date(2020, 2, 29), 12, date(2021, 2, 28)),
            (date(2020, 2, 29), 48, date(2024, 2, 29)),
            (date(2019, 5, 17), 0, date(2019, 5, 17)),
        ],
    )
    def test_a_day_that_the_month_lacks_becomes_its_last(self, day, months, later):
        assert add_months(day, months) == later

    @pytest.mark.parametrize(
        ("day", "months", "earlier"),
        [
            (date(2019, 3, 31), -1, date(2019, 2, 28)),
            (date(2020, 3, 31), -1, date(2020, 2, 29)),
            (date(2019, 1, 15), -1, date(2018, 12, 15)),
            (date(2019, 1, 31), -2, date(2018, 11, 30)),
            (date(2019, 12, 31), -12, date(2018, 12, 31)),
            (date(2020, 2, 29), -12, date(2019, 2, 28)),
            (date(2019, 7, 31), -24, date(2017, 7, 31)),
        ],
    )
    def test_months_before(self, day, months, earlier):
        assert add_months(day, months) == earlier

    def test_it_does_not_always_lead_back(self):
        assert add_months(add_months(date(2019, 1, 31), 1), -1) == date(2019, 1, 28)
        assert add_months(add_months(date(2019, 1, 31), 1), 1) == date(2019, 3, 28)
        assert add_months(date(2019, 1, 31), 2) == date(2019, 3, 31)

    def test_a_time_of_day_is_dropped(self):
        found = add_months(datetime(2018, 8, 31, 23, 59), 6)
        assert found == date(2019, 2, 28)
        assert type(found) is date

    @pytest.mark.parametrize(
        ("day", "months"), [(date(9999, 12, 1), 1), (date(1, 1, 31), -1), (date(2019, 1, 1), 10**6)]
    )
    def test_what_lies_outside_the_calendar_is_refused(self, day, months):
        with pytest.raises(ValueError, match="outside the years 1 to 9999"):
            add_months(day, months)
        assert add_months(date(9999, 11, 30), 1) == date(9999, 12, 30)
        assert add_months(date(1, 2, 28), -1) == date(1, 1, 28)

    @pytest.mark.parametrize("months", [6.0, "6", None])
    def test_months_are_whole_numbers(self, months):
        with pytest.raises(TypeError):
            add_months(date(2019, 1, 1), months)

    def test_a_later_start_is_never_due_earlier(self):
        """On every day of four years, with limits of one to 24 months."""
        days = [date(2016, 1, 1) + timedelta(days=i) for i in range(1461)]
        for months in (1, 3, 6, 12, 24):
            due = [add_months(d, months) for d in days]
            assert due == sorted(due)

    def test_six_months_are_181_to_184_days(self):
        days = [date(2016, 1, 1) + timedelta(days=i) for i in range(1461)]
        assert {(add_months(d, 6) - d).days for d in days} == {181, 182, 183, 184}


class TestLimit:
    def test_months_and_weeks_differ(self):
        start = date(2018, 8, 31)
        assert Limit(6, "months").due(start) == date(2019, 2, 28)
        assert Limit(26, "weeks").due(start) == date(2019, 3, 1)

    def test_years_are_calendar_years(self):
        assert Limit(2, "years").due(date(2016, 2, 29)) == date(2018, 2, 28)
        assert Limit(2, "years").due(date(2018, 3, 1)) == date(2020, 3, 1)

    def test_days_are_days_whatever_the_clocks_do(self):
        """The clocks change on 31 March 2019."""
        assert Limit(7, "days").due(date(2019, 3, 28)) == date(2019, 4, 4)

    @pytest.mark.parametrize(
        ("text", "limit"),
        [
            ("26 weeks", Limit(26, "weeks")),
            ("1 week", Limit(1, "weeks")),
            (" 6 months ", Limit(6, "months")),
            ("2years", Limit(2, "years")),
            ("1 day", Limit(1, "days")),
            ("260 weeks", Limit(260, "weeks")),
        ],
    )
    def test_a_limit_is_read_as_people_write_it(self, text, limit):
        assert read_limit(text) == limit

    @pytest.mark.parametrize("text", ["5 years", "60 months"])
    def test_five_years_are_within_one_day_to_five_years(self, text):
        """The refusal says 'outside one day to five years': five years themselves are inside."""
        assert read_limit(text).due(date(2014, 1, 1)) == date(2019, 1, 1)

    @pytest.mark.parametrize("text", ["0 days", "0 months", "6 years", "61 months", "262 weeks", "9999 weeks"])
    def test_a_limit_outside_one_day_to_five_years_is_refused(self, text):
        with pytest.raises(ValueError, match="outside one day to five years"):
            read_limit(text)

    @pytest.mark.parametrize("text", ["", "6", "months", "half a year", "-6 months", "0.5 years", "6 fortnights", "26"])
    def test_what_is_not_a_length_of_time_is_refused(self, text):
        with pytest.raises(ValueError, match="not a length of time"):
            read_limit(text)

    def test_one_is_written_without_an_s(self):
        assert (str(Limit(1, "weeks")), str(Limit(6, "months"))) == ("1 week", "6 months")

    @pytest.mark.parametrize("text", ["1 day", "12 weeks", "6 months", "2 years"])
    def test_a_limit_as_written_is_read_back(self, text):
        assert str(read_limit(text)) == text

    def test_weeks_for_the_line_on_a_chart(self):
        assert Limit(26, "weeks").weeks == 26
        assert Limit(7, "days").weeks == 1
        assert Limit(6, "months").weeks == pytest.approx(26.09, abs=0.01)


class TestBirthdays:
    def test_born_on_29_february_eighteen_on_1_march_of_a_common_year(self):
        assert birthday(date(2004, 2, 29), 18) == date(2022, 3, 1)

    def test_born_on_29_february_sixteen_on_29_february_of_a_leap_year(self):
        assert birthday(date(2004, 2, 29), 16) == date(2020, 2, 29)

    def test_born_on_29_february_the_turn_of_the_century_is_common(self):
        assert birthday(date(2096, 2, 29), 4) == date(2100, 3, 1)

    @pytest.mark.parametrize(
        ("on", "years"),
        [(date(2022, 2, 28), 17), (date(2022, 3, 1), 18), (date(2020, 2, 28), 15), (date(2020, 2, 29), 16)],
    )
    def test_age_of_a_child_born_on_29_february(self, on, years):
        assert age(date(2004, 2, 29), on) == years

    def test_a_child_is_a_year_older_on_the_birthday_itself(self):
        assert age(date(2001, 8, 1), date(2019, 7, 31)) == 17
        assert age(date(2001, 8, 1), date(2019, 8, 1)) == 18

    def test_age_is_nought_on_the_day_of_birth(self):
        assert age(date(2019, 1, 1), date(2019, 1, 1)) == 0

    def test_before_the_birth_it_is_negative(self):
        assert age(date(2019, 8, 1), date(2019, 7, 31)) == -1
        assert age(date(2019, 8, 1), date(2018, 8, 1)) == -1
        assert age(date(2019, 8, 1), date(2018, 7, 31)) == -2

    def test_born_on_28_february_is_a_day_ahead_of_29_february_in_common_years(self):
        assert birthday(date(2003, 2, 28), 18) == date(2021, 2, 28)
        assert birthday(date(2004, 2, 29), 17) == date(2021, 3, 1)
        assert age(date(2004, 2, 29), date(2021, 2, 28)) == 16

    def test_the_birthday_is_the_first_day_of_the_new_age(self):
        """For every day of four years."""
        for i in range(1461):
            born = date(2000, 1, 1) + timedelta(days=i)
            turned = birthday(born, 18)
            assert (age(born, turned), age(born, turned - timedelta(days=1))) == (18, 17)


class TestYearsAndQuarters:
    @pytest.mark.parametrize(
        ("day", "year"),
        [
            (date(2019, 7, 31), "2018/19"),
            (date(2019, 8, 1), "2019/20"),
            (date(2000, 7, 31), "1999/00"),
            (date(2009, 12, 31), "2009/10"),
            (date(2010, 1, 1), "2009/10"),
        ],
    )
    def test_the_reporting_year_turns_between_31_july_and_1_august(self, day, year):
        assert reporting_year(day) == year

    @pytest.mark.parametrize(
        ("day", "name"),
        [(date(2019, 3, 31), "2019 Q1"), (date(2019, 4, 1), "2019 Q2"), (date(2019, 12, 31), "2019 Q4")],
    )
    def test_quarters_are_those_of_the_calendar(self, day, name):
        assert quarter(day) == name

    def test_a_date_is_shown_without_a_leading_nought(self):
        assert show_date(date(2019, 8, 1)) == "1 August 2019"
        assert all(show_date(date(2019, m, 1)).split()[1] == calendar.month_name[m] for m in range(1, 13))


class TestToDate:
    @pytest.mark.parametrize(
        "given",
        ["2019-07-31", "31/07/2019", " 2019-07-31 ", date(2019, 7, 31), datetime(2019, 7, 31, 23, 59)],
    )
    def test_iso_and_uk_dates_are_read(self, given):
        found = to_date(given)
        assert found == date(2019, 7, 31)
        assert type(found) is date

    @pytest.mark.parametrize(
        "given", [None, "", "None", "31/02/2019", "07/31/2019", 20190731, "2019", "31.07.2019", "1889-07-31"]
    )
    def test_anything_else_is_refused_and_never_becomes_today(self, given):
        with pytest.raises(ParameterError, match="as_at is not a date"):
            to_date(given)

    def test_the_refusal_names_the_parameter(self):
        with pytest.raises(ParameterError, match="from_date is not a date"):
            to_date("soon", "from_date")
