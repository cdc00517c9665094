"""The study of a test of change: whom it was for, what became of their waits, what else may explain it, and what may be said."""

from __future__ import annotations

from pace_nb.study.beside import (
    Backlog,
    Beside,
    Recorded,
    find_backlog,
    find_beside,
    find_recorded,
)
from pace_nb.study.cohorts import Cohorts, find_cohorts, mark_cycles, mirrored_waits
from pace_nb.study.enough import Enough, families_needed, what_is_enough
from pace_nb.study.verdict import VERDICTS, Evidence, find_evidence, weigh

__all__ = [
    "VERDICTS",
    "Backlog",
    "Beside",
    "Cohorts",
    "Enough",
    "Evidence",
    "Recorded",
    "families_needed",
    "find_backlog",
    "find_beside",
    "find_cohorts",
    "find_evidence",
    "find_recorded",
    "mark_cycles",
    "mirrored_waits",
    "weigh",
    "what_is_enough",
]
