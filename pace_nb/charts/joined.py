"""Charts laid over one another and side by side, without the copies that Altair makes of them.

Altair copies every part whole whenever parts are put together, and again for each copy of that, to keep apart the parameters that
readers can change (selections). No chart of ours has any: what can be chosen is a control beside the chart, or is worked out before
it is drawn. So the parts are taken as they are. That was half the time of building a chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt


class Layers(alt.LayerChart):
    """Charts over one another. Rows that all of them draw stand once, above them, as `alt.layer` has it."""

    def __init__(self, data: Any = alt.Undefined, layer: Sequence[alt.Chart] = (), **about: Any) -> None:
        data, layer = _shared(data, layer)
        super(alt.LayerChart, self).__init__(data=data, layer=layer, **about)


class Beside(alt.HConcatChart):
    """Charts side by side. Rows that all of them draw stand once, as `alt.hconcat` has it."""

    def __init__(self, data: Any = alt.Undefined, hconcat: Sequence[Any] = (), **about: Any) -> None:
        data, hconcat = _shared(data, hconcat)
        super(alt.HConcatChart, self).__init__(data=data, hconcat=hconcat, **about)


def layer(*charts: alt.Chart, **about: Any) -> Layers:
    """Return charts drawn over one another, the first at the bottom. about: width, height and title of the whole.

    The charts have no size, facets or parameters of their own.
    """
    return Layers(layer=charts, **about)


def beside(*charts: Any, **about: Any) -> Beside:
    """Return charts side by side, the first on the left. They have no parameters. about: the space between them."""
    return Beside(hconcat=charts, **about)


def _shared(data: Any, parts: Sequence[Any]) -> tuple[Any, list[Any]]:
    """Return the rows that all parts draw, and the parts without them; rows that differ stay with the parts."""
    first = parts[0].data if parts else alt.Undefined
    if data is not alt.Undefined or first is alt.Undefined or any(p.data is not first for p in parts):
        return data, list(parts)
    parts = [p.copy(deep=False) for p in parts]
    for part in parts:
        part.data = alt.Undefined
    return first, parts
