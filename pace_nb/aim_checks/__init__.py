"""Reads an aim as an improvement advisor would, and says what is wrong with it before a year is spent on it.

A good aim says how much, for whom and by when, in numbers that its own children can bear out. `check_record` looks at the
record alone; `check_aim` also at the children it is about. Worked examples: docs/aims.md.
"""

from pace_nb.aim_checks.children import check_aim
from pace_nb.aim_checks.record import AimFinding, check_record

__all__ = ["AimFinding", "check_aim", "check_record"]
