"""A theory of change: what an aim depends on, what could be done about it, and how one would know.

`pace_nb.theory.records` reads it; `pace_nb.theory.plan` makes the measurement plan and the data requirements from it.
"""

from pace_nb.theory.records import Idea, Measure, Primary, Secondary, Theory, read_theory

__all__ = ["Idea", "Measure", "Primary", "Secondary", "Theory", "read_theory"]
