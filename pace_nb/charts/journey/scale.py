"""From days to pixels, and which days an axis marks: dates of the calendar, and ages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pace_nb.charts.journey.shapes import width
from pace_nb.periods import add_months, birthday

LEAST_DAYS = 21  # a shorter record is drawn as wide as three weeks
#: Steps of the axis of ages, from the finest; how many days a unit has, about.
_AGES = (
    ("weeks", 1),
    ("weeks", 2),
    ("months", 1),
    ("months", 3),
    ("months", 6),
    ("years", 1),
    ("years", 2),
    ("years", 3),
)
_DAYS = {"weeks": 7.0, "months": 30.4, "years": 365.25}
_MONTHS = (1, 2, 3, 6, 12, 24, 36)


@dataclass(frozen=True)
class Scale:
    """A stretch of days laid from `left` over `width` pixels."""

    first: date
    last: date
    left: float
    width: float

    @cached_property
    def days(self) -> int:
        """How many days are laid out."""
        return max((self.last - self.first).days, LEAST_DAYS)

    def x(self, day: date) -> float:
        """Return where a day lies."""
        return self.left + (day - self.first).days / self.days * self.width

    @property
    def right(self) -> float:
        """Where the last day lies, or would."""
        return self.left + self.width

    def calendar(self, size: float) -> list[tuple[date, str]]:
        """Return the days to mark and their texts, as close as their letters allow."""
        for step in (7, 14):
            if self.days < 200 and self._fits("30 Mar", step, size):
                days = [self.first + timedelta(days=n) for n in range(0, self.days + 1, step)]
                return [(d, f"{d.day} {d:%b}") for d in days]
        room = (n for n in _MONTHS if self._fits("2020" if n >= 12 else "Mar 2020", n * 30.4, size))
        step = next(room, _MONTHS[-1])
        form = "%Y" if step >= 12 else "%b %Y"
        return [(d, d.strftime(form)) for d in self._months(step)]

    def _months(self, step: int) -> list[date]:
        months = (self.first.year * 12 + self.first.month - 1 + step - 1) // step * step
        days = []
        while (day := date(months // 12, months % 12 + 1, 1)) <= self._end:
            if day >= self.first:
                days.append(day)
            months += step
        return days

    @property
    def _end(self) -> date:
        return self.first + timedelta(days=self.days)

    def _fits(self, widest: str, step: float, size: float) -> bool:
        return width(widest, size) + 12 <= step / self.days * self.width

    def ages(self, born: date, size: float) -> tuple[str, list[tuple[date, str]]]:
        """Return the unit of the ages and where each is attained, as close as the letters allow; birth itself is not among them."""
        old = (self._end - born).days
        counted = (
            a for a in _AGES if a[0] == "years" or old <= 30 * _DAYS[a[0]]
        )  # nobody counts the weeks of an older child
        unit, step = next(((u, n) for u, n in counted if self._fits("17", n * _DAYS[u], size)), _AGES[-1])
        found = [(_ATTAINED[unit](born, n), n) for n in range(step, int(old // _DAYS[unit]) + 2, step)]
        return unit, [(day, str(n)) for day, n in found if self.first <= day <= self._end]


_ATTAINED: dict[str, Callable[[date, int], date]] = {
    "weeks": lambda born, n: born + timedelta(weeks=n),
    "months": add_months,
    "years": birthday,
}
