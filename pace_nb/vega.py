"""Vega-Lite charts as drawings, and drawings as pictures: the renderer, with letters of its own.

The renderer measures every label, and looks into the font files of the system for each: half the time of drawing a chart, and another
length where other fonts are installed. It carries Liberation Sans, whose letters are as wide as Arial's, so it is told to look nowhere
else (on Linux; Windows and Mac do not ask). A drawing names the fonts of `theme.FONT`, as all others do.
"""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

from pace_nb.theme import FONT

_VEGA_LITE = "5.21"
_MEASURED = "Liberation Sans"
_FONTS_FROM = "FONTCONFIG_FILE"


def draw(spec: dict[str, Any]) -> str:
    """Return a Vega-Lite chart as SVG. Whatever it says of fonts, it is set in those of `theme.FONT`.

    >>> chart = {"data": {"values": [{"weeks": 4}]}, "mark": "point", "encoding": {"x": {"field": "weeks"}}}
    >>> draw(chart).count("font-family")
    1
    """
    spec = {**spec, "config": {**spec.get("config", {}), "font": _MEASURED}}
    svg = _renderer().vegalite_to_svg(spec, vl_version=_VEGA_LITE).replace(f' font-family="{_MEASURED}"', "")
    return svg.replace("<svg ", f'<svg font-family="{escape(FONT, quote=False)}" ', 1)


def as_png(svg: str, scale: float) -> bytes:
    """Return a drawing as PNG, with so many dots for each of its units."""
    return _renderer().svg_to_png(svg, scale=scale)


def as_pdf(svg: str) -> bytes:
    """Return a drawing as PDF."""
    return _renderer().svg_to_pdf(svg)


def vega_script(version: str) -> str:
    """Return Vega, Vega-Lite of a version and vega-embed as one script for a page; it names no address that it would fetch from."""
    return _renderer().javascript_bundle(vl_version=version)


@lru_cache(maxsize=1)
def _renderer() -> ModuleType:
    """Return the renderer once it has looked for fonts, which it does when it is first used, and never again."""
    import vl_convert

    before = os.environ.get(_FONTS_FROM)
    with tempfile.TemporaryDirectory() as nothing:
        only = Path(nothing) / "fonts.conf"
        only.write_text(f"<fontconfig><dir>{escape(nothing)}</dir></fontconfig>", encoding="utf-8")
        os.environ[_FONTS_FROM] = str(only)
        try:
            vl_convert.register_font_directory(nothing)
        finally:  # a browser that this process starts needs its fonts
            os.environ.pop(_FONTS_FROM)
            if before is not None:
                os.environ[_FONTS_FROM] = before
    return vl_convert
