"""How long children wait, counting those who still do.

curves: plain functions on plain sequences. summaries: the waits of an extract, for the pages.
"""

from pace_nb.waits.curves import (
    CumulativeIncidence,
    LogRank,
    RestrictedMean,
    Survival,
    cumulative_incidence,
    logrank,
    restricted_mean,
    survival,
)
from pace_nb.waits.summaries import (
    AT_RISK,
    STEPS,
    WAYS,
    WaitSummary,
    WaysOut,
    enter,
    find_followed,
    find_ways_out,
    follow,
    round_ways,
    summarise_pairs,
    summarise_steps,
    summarise_waits,
    typical_wait,
    waiting_curves,
)

__all__ = [
    "AT_RISK",
    "STEPS",
    "WAYS",
    "CumulativeIncidence",
    "LogRank",
    "RestrictedMean",
    "Survival",
    "WaitSummary",
    "WaysOut",
    "cumulative_incidence",
    "enter",
    "find_followed",
    "find_ways_out",
    "follow",
    "logrank",
    "restricted_mean",
    "round_ways",
    "summarise_pairs",
    "summarise_steps",
    "summarise_waits",
    "survival",
    "typical_wait",
    "waiting_curves",
]
