"""Helpers for the PACE notebooks: read an extract, follow each child's wait, draw it, and say what it means.

    extract = pace.read_extract(extract_path, as_at, area, audience)
    aim = pace.study_aim(extract, "aim-2")
    pace.draw_aim(aim)

Importing this does not import papermill, nbconvert or voila.
"""

from pace_nb.areas import read_areas
from pace_nb.charts.run_chart import draw_run_chart
from pace_nb.extract import read_extract
from pace_nb.intervals import between, find_intervals
from pace_nb.pages.aim_checks import check_aims, show_aim_checks
from pace_nb.pages.aims import (
    AimStudy,
    describe_aim,
    describe_aims,
    draw_aim,
    draw_shares,
    show_aim,
    show_aims,
    show_definitions,
    study_aim,
)
from pace_nb.pages.areas import (
    AreasStudy,
    compare_areas,
    describe_areas,
    describe_funnel,
    draw_funnel,
    draw_observed_expected,
    show_against_rest,
    show_national,
    show_national_years,
)
from pace_nb.pages.baseline import (
    describe_baseline,
    describe_ways_out,
    draw_completeness,
    draw_steps,
    draw_ways_out,
    draw_who_waits,
    show_pairs,
    show_steps,
    show_timescales,
    show_timescales_by_placement,
    show_waiting_by_placement,
    study_ways_out,
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
from pace_nb.pages.learning import (
    choose_chart,
    describe_made_up,
    draw_made_up,
    draw_twenty,
    show_detection,
    show_false_alarms,
    show_siblings,
)
from pace_nb.pages.now import (
    OutlookStudy,
    describe_now,
    describe_orders_at_home,
    describe_outlook,
    draw_board,
    draw_look_back,
    show_board,
    show_due,
    show_due_children,
    show_orders_at_home,
    show_outlook,
    study_outlook,
)
from pace_nb.pages.trust import show_findings, show_page, show_provenance, show_rows
from pace_nb.runchart import analyse_run, analyse_values
from pace_nb.session import start
from pace_nb.waits import summarise_steps

__all__ = [
    "AimStudy",
    "AreasStudy",
    "OutlookStudy",
    "analyse_run",
    "analyse_values",
    "between",
    "check_aims",
    "choose_chart",
    "choose_child",
    "choose_group",
    "choose_siblings",
    "compare_areas",
    "describe_aim",
    "describe_aims",
    "describe_areas",
    "describe_baseline",
    "describe_change",
    "describe_funnel",
    "describe_group",
    "describe_journey",
    "describe_made_up",
    "describe_now",
    "describe_orders_at_home",
    "describe_outlook",
    "describe_ways_out",
    "draw_aim",
    "draw_board",
    "draw_completeness",
    "draw_funnel",
    "draw_histories",
    "draw_look_back",
    "draw_made_up",
    "draw_observed_expected",
    "draw_run_chart",
    "draw_shares",
    "draw_siblings",
    "draw_steps",
    "draw_timeline",
    "draw_twenty",
    "draw_waiting_curves",
    "draw_ways_out",
    "draw_who_waits",
    "enough_to_compare",
    "find_change",
    "find_intervals",
    "read_areas",
    "read_extract",
    "show_against_rest",
    "show_aim",
    "show_aim_checks",
    "show_aims",
    "show_before_after",
    "show_board",
    "show_changes",
    "show_definitions",
    "show_detection",
    "show_due",
    "show_due_children",
    "show_false_alarms",
    "show_findings",
    "show_national",
    "show_national_years",
    "show_orders_at_home",
    "show_outlook",
    "show_page",
    "show_pairs",
    "show_provenance",
    "show_rows",
    "show_siblings",
    "show_steps",
    "show_timescales",
    "show_timescales_by_placement",
    "show_waiting_by_placement",
    "start",
    "study_aim",
    "study_outlook",
    "study_ways_out",
    "summarise_steps",
]
