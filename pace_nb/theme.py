"""Colours and type of every chart. Each pair of colours that has to be told apart also differs in shape, dash or words.

Contrast with white: INK 14:1, QUIET 5.3:1, POINT 7.0:1, LATE 5.4:1 (WCAG 2.2 AA asks 4.5 for text, 3 for marks).
"""

from __future__ import annotations

INK = "#1f2a37"
QUIET = "#5f6b7a"
GRID = "#e3e7ec"
POINT = "#1d5b8f"
LINE = "#9fb3c8"
LATE = "#b8450b"
WAITING = "#7fa3c4"
SIGNAL = "#6b2a8c"
SHADE = "#f3e9d8"
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"

#: Placement groups: colours of equal weight that stay apart for the colour-blind and in grey (dark to light).
PLACEMENTS = {
    "at_home": "#e0a526",
    "kinship": "#3c8d5a",
    "foster": "#2c6fb0",
    "prospective_adopter": "#8a4fa3",
    "residential": "#9c3b30",
    "secure": "#5c1f19",
    "other": "#8b95a1",
    "not_recorded": "#c9ced6",
}

CONFIG = {
    "aria": False,  # a point's own label would repeat its values in the page; the chart has one description
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": QUIET,
        "tickColor": QUIET,
        "titlePadding": 8,
        "labelLimit": 0,  # nothing is cut here, so nothing need be measured for it: a tenth of the time of drawing
        "titleLimit": 0,
    },
    "title": {
        "color": INK,
        "fontSize": 14,
        "anchor": "start",
        "fontWeight": "bold",
        "subtitleColor": QUIET,
        "subtitleFontSize": 12,
        "offset": 10,
        "limit": 0,
    },
    "legend": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "labelLimit": 260},
    "text": {"color": INK, "fontSize": 12},
    "header": {"labelColor": INK, "labelFontSize": 12},
}
