"""What becomes of the folders that the batch made: released after a check by two people, or forgotten.

folder    what a run wrote, and whether it is still as it was written
sign_off  the form in which somebody else than the maker says that pages may go out
release   pages for everyone, copied into a folder of their own, with an entry in the disclosure log
forget    runs past a date, removed with what belongs to them
"""

from pace_nb.runs.folder import Run, find_runs, read_run
from pace_nb.runs.forget import Forgotten, forget_key, plan_forgetting, remove
from pace_nb.runs.release import Released, release_run
from pace_nb.runs.sign_off import SignOff, read_sign_off, write_form

__all__ = [
    "Forgotten",
    "Released",
    "Run",
    "SignOff",
    "find_runs",
    "forget_key",
    "plan_forgetting",
    "read_run",
    "read_sign_off",
    "release_run",
    "remove",
    "write_form",
]
