"""Controls: the choices of a page tried out without running its notebook again, in JupyterLab and in a dashboard.

Nothing is worked out here: a control sets a choice, and the page's own parts show what comes of it.
"""

from pace_nb.controls.change import explore_change

__all__ = ["explore_change"]
