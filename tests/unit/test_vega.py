"""The renderer of charts: with letters of its own, so that a chart is the same wherever it is drawn."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pace_nb import vega

BARS = {
    "data": {
        "values": [{"step": "Accommodated to recommendation", "weeks": 12}, {"step": "To the order", "weeks": 30}]
    },
    "mark": "bar",
    "encoding": {"x": {"field": "weeks", "type": "quantitative"}, "y": {"field": "step", "type": "nominal"}},
}


def words(font: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40">'
        f'<text x="4" y="24" font-size="20" font-family="{font}">Weeks waited so far</text></svg>'
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux can the renderer be told where fonts are")
def test_fonts_of_the_system_are_not_looked_for():
    """A font that is installed draws as one that is nowhere; the renderer's own draws as itself."""
    here = [p for p in Path("/usr/share/fonts").rglob("*.ttf") if p.stem == "DejaVuSerif" or p.stem == "DejaVuSans"]
    if not here:
        pytest.skip("needs a font to be blind to: apt-get install fonts-dejavu-core")
    named = "DejaVu Serif" if here[0].stem == "DejaVuSerif" else "DejaVu Sans"
    assert vega.as_png(words(named), 1) == vega.as_png(words("No Such Font"), 1)
    assert vega.as_png(words("Liberation Sans"), 1) != vega.as_png(words("DejaVu Serif, serif"), 1)


def test_where_fonts_are_is_unchanged_for_whatever_is_started_next(monkeypatch):
    for before in (None, "/somewhere/fonts.conf"):
        vega._renderer.cache_clear()
        monkeypatch.setenv("FONTCONFIG_FILE", before) if before else monkeypatch.delenv(
            "FONTCONFIG_FILE", raising=False
        )
        vega.draw(BARS)
        assert os.environ.get("FONTCONFIG_FILE") == before


def test_every_word_of_a_chart_is_set_in_the_fonts_of_all_drawings_whatever_it_asks_for():
    svg = vega.draw({**BARS, "config": {"font": "Comic Sans MS", "background": "white"}})
    assert svg.count("font-family=") == 1
    assert svg.startswith("<svg font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\"")
    assert 'fill="white"' in svg  # the rest of what it asks for stays


def test_a_chart_is_drawn_the_same_each_time():
    assert vega.draw(BARS) == vega.draw(BARS)
