"""What may be shown to people who are not entitled to see children: rules, tables, an audit, a register (docs/disclosure.md).

counts    one count, share, median or curve at a time: rounded to five, 1 to 4 hidden
register  what a run has published, held against itself and against what was published before
"""

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
from pace_nb.disclosure.register import audit_run

__all__ = [
    "CURVE_STEPS",
    "HIDDEN",
    "MEDIAN_OF",
    "METHOD",
    "PERIOD_OF",
    "ROUND_TO",
    "THRESHOLD",
    "audit_run",
    "curve_step",
    "protect_count",
    "protect_median",
    "protect_share",
    "require_working",
]
