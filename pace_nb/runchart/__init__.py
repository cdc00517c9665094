"""Run charts: one value after another, the median of a baseline, and signs that something has changed.

rules: the rules, on one series (`analyse_values`) or thousands (`analyse_many`). chance: how often they fire on nothing.
phases: a new median, proposed. rare: limits for single measurements and rare events. chart: the run chart of an aim.
"""

from pace_nb.runchart.chance import FalseAlarms, false_alarm_rate, false_alarms, same_day_order
from pace_nb.runchart.chart import RunChart, analyse_run
from pace_nb.runchart.phases import Phase, analyse_phases, propose_phases
from pace_nb.runchart.rare import Limits, cases_between_limits, individuals_limits, time_between_limits
from pace_nb.runchart.rules import (
    RULES,
    ManyAnalyses,
    RunAnalysis,
    RunRules,
    Signal,
    analyse_many,
    analyse_values,
    anhoej_limits,
    runs_limits,
)

__all__ = [
    "RULES",
    "FalseAlarms",
    "Limits",
    "ManyAnalyses",
    "Phase",
    "RunAnalysis",
    "RunChart",
    "RunRules",
    "Signal",
    "analyse_many",
    "analyse_phases",
    "analyse_run",
    "analyse_values",
    "anhoej_limits",
    "cases_between_limits",
    "false_alarm_rate",
    "false_alarms",
    "individuals_limits",
    "propose_phases",
    "runs_limits",
    "same_day_order",
    "time_between_limits",
]
