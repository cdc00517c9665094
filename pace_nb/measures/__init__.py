"""Measures of an aim and of an area: shares with their denominators, who is due, who waits where, what is recorded."""

from pace_nb.measures.parts import Backlog, TwoParts, measure_backlog, measure_parts
from pace_nb.measures.power import children_needed
from pace_nb.measures.records import completeness, completeness_around, completeness_by, who_waits
from pace_nb.measures.shares import (
    PeriodShare,
    ShareMet,
    choose_period,
    due_soon,
    measure_share,
    share_by,
    share_by_year,
    share_met,
)
from pace_nb.measures.waiting import BANDS, MeasureSeries, measure_series, waiting_bands

__all__ = [
    "BANDS",
    "Backlog",
    "MeasureSeries",
    "PeriodShare",
    "ShareMet",
    "TwoParts",
    "children_needed",
    "choose_period",
    "completeness",
    "completeness_around",
    "completeness_by",
    "due_soon",
    "measure_backlog",
    "measure_parts",
    "measure_series",
    "measure_share",
    "share_by",
    "share_by_year",
    "share_met",
    "waiting_bands",
    "who_waits",
]
