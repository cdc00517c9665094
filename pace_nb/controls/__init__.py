"""Controls: the choices of a page tried out without running its notebook again, in JupyterLab and in a dashboard.

Nothing is worked out here: a control sets a choice, and the page's own parts show what comes of it.

parts    what ipywidgets has not: a spoken line, a part that changes in place, a drawing whose dots answer
change   the choices of a test of change
explore  aim, group, period, baseline and rules of one area
children every child of an area: filtered, opened, stepped through; groups whose rows open
event    the steps of a learning event, from a pack
learn    one's own run chart, and a game against chance
record   a plan-do-study-act cycle written to the log
"""
