"""Sentences made from results, in plain English and never stronger than the evidence.

Allowed: "sooner than we would expect by chance", "not enough children to tell", "not reached", "no child was due".
Never: "significant", "proves", "caused", "success". Numbers pass through `pace_nb.disclosure` first.
"""

from pace_nb.wording.aims import define_aim, say_aim, say_scope, say_typical
from pace_nb.wording.numbers import are, say_children, say_count, say_share, say_weeks
from pace_nb.wording.run_charts import say_direction, say_progress, say_signal, signal_sentences

__all__ = [
    "are",
    "define_aim",
    "say_aim",
    "say_children",
    "say_count",
    "say_direction",
    "say_progress",
    "say_scope",
    "say_share",
    "say_signal",
    "say_typical",
    "say_weeks",
    "signal_sentences",
]
