"""Tests of change: change ideas and the plan-do-study-act cycles in which they were tried, as people wrote them down.

"Test of change" is the field's own term, after the Model for Improvement: an idea is tried small, with a prediction each
time, and each cycle ends in a decision to adapt, adopt or abandon it. The records lie in a folder `changes/` beside an extract.
"""

from __future__ import annotations

from pace_nb.tests_of_change.privacy import Told, find_told, kinds_told, known_numbers
from pace_nb.tests_of_change.read import FOLDER, Survey, find_records, in_order, raise_faults, read_tests, survey_tests
from pace_nb.tests_of_change.records import (
    DECISIONS,
    HELD,
    SCALES,
    STATES,
    ChangeIdea,
    Cycle,
    Feedback,
    Question,
    as_change,
    known_on,
)
from pace_nb.tests_of_change.workbook import write_workbook
from pace_nb.tests_of_change.write import to_toml, write_idea

__all__ = [
    "DECISIONS",
    "FOLDER",
    "HELD",
    "SCALES",
    "STATES",
    "ChangeIdea",
    "Cycle",
    "Feedback",
    "Question",
    "Survey",
    "Told",
    "as_change",
    "find_records",
    "find_told",
    "in_order",
    "kinds_told",
    "known_numbers",
    "known_on",
    "raise_faults",
    "read_tests",
    "survey_tests",
    "to_toml",
    "write_idea",
    "write_workbook",
]
