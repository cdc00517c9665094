"""What may be shown to people who are not entitled to see children: rules, tables, an audit, a register (docs/disclosure.md).

counts    one count, share, median or curve at a time: rounded to five, 1 to 4 hidden
rounded   rounded counts that add up: what else to hide
protect   a two-way table of exact counts with totals: what else to hide
choose    how few further cells that takes
merge     rows and columns put together first
audit     what an attacker can work out of what is published; knows nothing of the others
register  what a run has published, held against itself and against what was published before
"""

from pace_nb.disclosure.audit import ALL, Audit, audit_counts, audit_table
from pace_nb.disclosure.counts import (
    CURVE_STEPS,
    HIDDEN,
    MEDIAN_OF,
    METHOD,
    PERIOD_OF,
    ROUND_TO,
    THRESHOLD,
    curve_step,
    protect_count,
    protect_median,
    protect_share,
    require_working,
)
from pace_nb.disclosure.merge import merge_neighbours, merge_periods, merge_small
from pace_nb.disclosure.protect import Report, protect_table
from pace_nb.disclosure.register import audit_run
from pace_nb.disclosure.rounded import WITHHELD, protect_grid, protect_parts, round_counts

__all__ = [
    "ALL",
    "CURVE_STEPS",
    "HIDDEN",
    "MEDIAN_OF",
    "METHOD",
    "PERIOD_OF",
    "ROUND_TO",
    "THRESHOLD",
    "WITHHELD",
    "Audit",
    "Report",
    "audit_counts",
    "audit_run",
    "audit_table",
    "curve_step",
    "merge_neighbours",
    "merge_periods",
    "merge_small",
    "protect_count",
    "protect_grid",
    "protect_median",
    "protect_parts",
    "protect_share",
    "protect_table",
    "require_working",
    "round_counts",
]
