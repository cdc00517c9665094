"""From text to facts, and whether the facts can be true; every row accounted for."""

from pace_nb.checks.reading import check_tables
from pace_nb.checks.work import Checked, FileCount

__all__ = ["Checked", "FileCount", "check_tables"]
