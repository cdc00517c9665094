from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pace_nb import periods
from pace_nb.day_numbers import NEVER, ages, birthdays, day_number, day_numbers, due_days, months_later, to_days

DAYS = st.dates(date(1985, 1, 1), date(2035, 12, 31))


def numbers(*days: date) -> np.ndarray:
    return np.array([day_number(d) for d in days])


def dates(found: np.ndarray) -> list[date]:
    return [date.fromordinal(n) for n in found.tolist()]


class TestNumbers:
    def test_a_column_comes_back_as_it_was_with_what_is_blank(self):
        column = pd.Series(["2019-07-31", None, "2020-02-29"], dtype="datetime64[s]")
        found = day_numbers(column)
        assert found.tolist() == [date(2019, 7, 31).toordinal(), NEVER, date(2020, 2, 29).toordinal()]
        pd.testing.assert_series_equal(pd.Series(to_days(found)), column)

    def test_what_is_blank_comes_after_every_day(self):
        assert date.max.toordinal() < NEVER


class TestTheSameCalendarAsForOneDay:
    @given(st.lists(DAYS, min_size=1), st.integers(-40, 40))
    def test_months_later(self, days, n):
        assert dates(months_later(numbers(*days), n)) == [periods.add_months(d, n) for d in days]

    @given(st.lists(DAYS, min_size=1), st.integers(0, 25))
    def test_birthdays(self, days, years):
        assert dates(birthdays(numbers(*days), years)) == [periods.birthday(d, years) for d in days]

    @given(st.lists(st.tuples(DAYS, DAYS), min_size=1))
    def test_ages(self, pairs):
        born, on = (numbers(*side) for side in zip(*pairs, strict=True))
        assert ages(born, on).tolist() == [periods.age(b, o) for b, o in pairs]

    def test_the_last_day_of_a_month_comes_before_a_birthday_on_the_first_of_the_next(self):
        born = numbers(*[date(2004, 2, 1)] * 2)
        assert ages(born, numbers(date(2022, 1, 31), date(2022, 2, 1))).tolist() == [17, 18]

    def test_whoever_is_born_on_29_february_is_a_year_older_on_1_march_of_a_common_year(self):
        born = numbers(*[date(2004, 2, 29)] * 2)
        assert ages(born, numbers(date(2022, 2, 28), date(2022, 3, 1))).tolist() == [17, 18]

    @pytest.mark.parametrize("limit", ["10 days", "12 weeks", "6 months", "2 years"])
    def test_due_days(self, limit):
        limit = periods.read_limit(limit)
        days = [date(2018, 8, 29) + timedelta(days=n) for n in range(800)]
        assert dates(due_days(numbers(*days), limit)) == [limit.due(d) for d in days]


def test_what_is_not_known_stays_so():
    blank = np.array([NEVER])
    assert months_later(blank, 6).tolist() == birthdays(blank, 18).tolist() == [NEVER]
    assert due_days(blank, periods.Limit(6, "months")).tolist() == due_days(blank, None).tolist() == [NEVER]
    assert np.isnan(ages(blank, numbers(date(2019, 1, 1)))).all()
    assert np.isnan(ages(numbers(date(2019, 1, 1)), blank)).all()
