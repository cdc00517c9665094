"""Helpers for the PACE notebooks: read an extract, follow each child's wait, draw it, and say what it means.

    extract = pace.read_extract(extract_path, as_at, area, audience)
    aim = pace.study_aim(extract, "aim-2")
    pace.draw_aim(aim)

Importing this does not import papermill, nbconvert or voila.
"""

from pace_nb.charts.run_chart import draw_run_chart
from pace_nb.extract import read_extract
from pace_nb.intervals import between, find_intervals
from pace_nb.pages.aims import (
    AimStudy,
    describe_aim,
    describe_aims,
    draw_aim,
    show_aim,
    show_aims,
    show_definitions,
    study_aim,
)
from pace_nb.pages.baseline import (
    describe_baseline,
    draw_completeness,
    draw_steps,
    draw_who_waits,
    show_pairs,
    show_steps,
    show_timescales,
    show_timescales_by_placement,
    show_waiting_by_placement,
)
from pace_nb.pages.change import (
    describe_change,
    draw_waiting_curves,
    enough_to_compare,
    find_change,
    show_before_after,
    show_changes,
)
from pace_nb.pages.journeys import (
    choose_child,
    choose_group,
    choose_siblings,
    describe_group,
    describe_journey,
    draw_histories,
    draw_siblings,
    draw_timeline,
)
from pace_nb.pages.trust import show_findings, show_page, show_provenance, show_rows
from pace_nb.runchart import analyse_run, analyse_values
from pace_nb.session import start
from pace_nb.waits import summarise_steps

__all__ = [
    "AimStudy",
    "analyse_run",
    "analyse_values",
    "between",
    "choose_child",
    "choose_group",
    "choose_siblings",
    "describe_aim",
    "describe_aims",
    "describe_baseline",
    "describe_change",
    "describe_group",
    "describe_journey",
    "draw_aim",
    "draw_completeness",
    "draw_histories",
    "draw_run_chart",
    "draw_siblings",
    "draw_steps",
    "draw_timeline",
    "draw_waiting_curves",
    "draw_who_waits",
    "enough_to_compare",
    "find_change",
    "find_intervals",
    "read_extract",
    "show_aim",
    "show_aims",
    "show_before_after",
    "show_changes",
    "show_definitions",
    "show_findings",
    "show_page",
    "show_pairs",
    "show_provenance",
    "show_rows",
    "show_steps",
    "show_timescales",
    "show_timescales_by_placement",
    "show_waiting_by_placement",
    "start",
    "study_aim",
    "summarise_steps",
]
