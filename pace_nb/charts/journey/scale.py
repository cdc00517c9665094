"""From days to pixels, and which days an axis marks: dates of the calendar, and ages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pace_nb.charts.lettering import width
from pace_nb.periods import add_months, birthday

LEAST_DAYS = 21  # a shorter record is drawn as wide as three weeks
#: Steps of the axis of ages: unit, how many, days that makes.
_AGES = (("weeks", 1, 7), ("weeks", 2, 14), ("months", 1, 30), ("months", 3, 91), ("months", 6, 182), ("years", 1, 365))
_MONTHS = (1, 2, 3, 6, 12, 24, 36)


@dataclass(frozen=True)
class Scale:
    """A stretch of days laid from `left` over `width` pixels."""

    first: date
    last: date
    left: float
    width: float

    @property
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
            ticks = [self.first + timedelta(days=n) for n in range(0, self.days + 1, step)]
            marks = [(d, f"{d.day} {d:%b}") for d in ticks]
            if self.days < 200 and self._fits(marks, step, size):
                return marks
        for step in _MONTHS:
            form = "%Y" if step >= 12 else "%b %Y"
            marks = [(d, d.strftime(form)) for d in self._months(step)]
            if self._fits(marks, step * 30.4, size):
                return marks
        return marks

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

    def _fits(self, marks: list[tuple[date, str]], step: float, size: float) -> bool:
        widest = max((width(text, size) for _, text in marks), default=0)
        return widest + 12 <= step / self.days * self.width

    def ages(self, born: date, size: float) -> tuple[str, list[tuple[date, str]]]:
        """Return the unit of the ages and where each is attained, as close as the letters allow; birth itself is not among them."""
        years = tuple(("years", n, 365 * n) for n in (2, 3))
        for unit, step, days in (*_AGES, *years):
            old = (self._end - born).days
            if old // {"weeks": 7, "months": 30, "years": 365}[unit] > 30 and unit != "years":
                continue  # nobody counts the weeks or months of an older child
            attained = _ATTAINED[unit]
            found = [(attained(born, n), n) for n in range(step, old // (days // step) + 2, step)]
            marks = [(day, str(n)) for day, n in found if self.first <= day <= self._end]
            if self._fits(marks, days, size):
                return unit, marks
        return "years", marks


_ATTAINED: dict[str, Callable[[date, int], date]] = {
    "weeks": lambda born, n: born + timedelta(weeks=n),
    "months": add_months,
    "years": birthday,
}
