"""A dated change, as it is marked on a run chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Change:
    """One change: what was done differently, from which day, and the aim whose wait it should shorten.

    What an area records of it, cycle by cycle, is in `pace_nb.tests_of_change`; this is what a chart needs of it.
    new_median_from: a day from which people have agreed to judge by a new median (see `pace_nb.runchart`); agreed_by says
    in which role, never by name.
    """

    id: str
    title: str
    aim: str
    date: date
    description: str = ""
    new_median_from: date | None = None
    agreed_by: str = ""
