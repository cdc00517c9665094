"""From text to facts, and whether the facts can be true; every row accounted for."""

import pace_nb.checks.completeness
import pace_nb.checks.plausibility
import pace_nb.checks.sequence  # noqa: F401 - the checks in all three register themselves
from pace_nb.checks.reading import check_tables
from pace_nb.checks.registry import CHECKS, check_facts
from pace_nb.checks.work import Checked, FileCount

__all__ = ["CHECKS", "Checked", "FileCount", "check_facts", "check_tables"]
