"""Plots as SVG of our own, for controls: drawn in a few milliseconds, where Vega-Lite takes some hundred.

A control has to answer while the hand is still on it. What is drawn here has the theme's colours and type, and scales with the page;
a dot that a reader can take hold of carries its number, and nothing else of whom it stands for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pace_nb.theme import FONT, GRID, INK, QUIET


@dataclass(frozen=True)
class Plot:
    """A frame with two scales. width, height: of the whole; left, right, top, bottom: margins; x, y: (least, most) of each scale."""

    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    left: float = 46
    right: float = 20
    top: float = 34
    bottom: float = 46

    def across(self, value: float) -> float:
        """Return where a value lies from the left."""
        low, high = self.x
        return round(self.left + (value - low) / ((high - low) or 1) * (self.width - self.left - self.right), 1)

    def down(self, value: float) -> float:
        """Return where a value lies from the top."""
        low, high = self.y
        inside = self.height - self.top - self.bottom
        return round(self.top + inside - (value - low) / ((high - low) or 1) * inside, 1)

    @property
    def floor(self) -> float:
        """Where the lower edge of the frame lies."""
        return self.height - self.bottom


def steps(most: float, about: int = 6) -> list[float]:
    """Return round values from nought up to `most`, about so many.

    >>> steps(93), steps(1), steps(0)
    ([0, 20, 40, 60, 80], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0])
    """
    if most <= 0:
        return [0]
    rough, size = most / about, 1.0
    while size * 10 <= rough:
        size *= 10
    while size > rough:
        size /= 10
    step = next(size * k for k in (1, 2, 5, 10) if size * k >= rough)
    found = [round(step * i, 6) for i in range(int(most / step + 1e-9) + 1)]
    return [int(v) if v == int(v) and step >= 1 else v for v in found]


def text(
    x: float, y: float, words: str, size: float = 12, anchor: str = "start", color: str = INK, bold: bool = False
) -> str:
    """Return a line of text. anchor: "start", "middle" or "end"."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{color}"{weight}>{escape(words)}</text>'
    )


def line(x1: float, y1: float, x2: float, y2: float, color: str, width: float = 1, dash: str = "") -> str:
    """Return a straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{color}" stroke-width="{width}"{dashed}/>'


def path(points: Sequence[tuple[float, float]], color: str, width: float = 1, more: str = "") -> str:
    """Return a line through points."""
    there = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline points="{there}" fill="none" stroke="{color}" stroke-width="{width}"{more}/>'


def bar(x: float, y: float, width: float, height: float, color: str, stroke: str = "none") -> str:
    """Return a bar."""
    return (
        f'<rect x="{round(x, 1)}" y="{round(y, 1)}" width="{round(max(0, width), 1)}" height="{round(max(0, height), 1)}" '
        f'fill="{color}" stroke="{stroke}" stroke-width="0.7"/>'
    )


def mark(x: float, y: float, shape: str, size: float, fill: str, stroke: str, number: int | None = None) -> str:
    """Return a dot: "circle" or "diamond". number: by which a reader's hand finds it."""
    data = "" if number is None else f' class="dot" data-i="{number}"'
    look = f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"'
    if shape == "diamond":
        r = size * 1.35
        points = f"{x},{round(y - r, 1)} {round(x + r, 1)},{y} {x},{round(y + r, 1)} {round(x - r, 1)},{y}"
        return f'<polygon{data} points="{points}" {look}/>'
    return f'<circle{data} cx="{x}" cy="{y}" r="{size}" {look}/>'


def frame(
    plot: Plot,
    up: Sequence[float],
    title: str = "",
    sub: str = "",
    x_title: str = "",
    y_title: str = "",
    as_share: bool = False,
) -> str:
    """Return grid, labels of the vertical scale, titles and the floor. up: the values at which the grid lies."""
    parts = []
    if title:
        parts.append(text(plot.left, 15, title, 14, bold=True))
    if sub:
        parts.append(text(plot.left, 30, sub, 12, color=QUIET))
    for value in up:
        y = plot.down(value)
        words = f"{100 * value:.0f} %" if as_share else f"{value:g}"
        parts.append(line(plot.left, y, plot.width - plot.right, y, GRID))
        parts.append(text(plot.left - 6, y + 4, words, anchor="end"))
    parts.append(line(plot.left, plot.floor, plot.width - plot.right, plot.floor, QUIET))
    if x_title:
        parts.append(text((plot.left + plot.width - plot.right) / 2, plot.height - 6, x_title, anchor="middle"))
    if y_title:
        middle = (plot.top + plot.floor) / 2
        parts.append(f'<g transform="rotate(-90 12 {middle})">{text(12, middle + 4, y_title, anchor="middle")}</g>')
    return "".join(parts)


def drawing(width: float, height: float, parts: Sequence[str], alt: str, least: str = "30rem") -> str:
    """Return a whole drawing with its name. least: how narrow it may become before its own box scrolls."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt)}" viewBox="0 0 {width:g} {height:g}" '
        f'font-family="{escape(FONT)}" style="width:100%;max-width:{width:g}px;min-width:min({width:g}px,{least})">{"".join(parts)}</svg>'
    )
