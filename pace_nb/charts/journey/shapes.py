"""What a picture of a journey is made of, in pixels: boxes, marks, lines and words, laid out and not yet drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from pace_nb.charts import lettering
from pace_nb.theme import INK

#: The same words stand on picture after picture: their letters are counted once.
width = lru_cache(maxsize=20_000)(lettering.width)


@lru_cache(maxsize=1_000)
def wrap(words: str, room: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """Return words in lines no wider than `room`."""
    return tuple(lettering.wrap(words, room, size, bold))


@dataclass(frozen=True)
class Box:
    """A bar. look: its kind (see `svg.LOOKS`). end: how its right end is drawn: "" cut, "open" lasts, "torn" not recorded."""

    x: float
    y: float
    w: float
    h: float
    look: str
    end: str = ""


@dataclass(frozen=True)
class Mark:
    """A sign at a point. shape: circle, triangle, diamond, ring, house."""

    x: float
    y: float
    shape: str
    size: float = 6.0


@dataclass(frozen=True)
class Line:
    """A straight line. look: grid, lead, born, now, share."""

    x: float
    y: float
    x2: float
    y2: float
    look: str


@dataclass(frozen=True)
class Text:
    """One line of words. y: its base line. align: start, middle, end."""

    x: float
    y: float
    words: str
    size: float
    bold: bool = False
    align: str = "start"
    fill: str = INK

    @property
    def span(self) -> tuple[float, float]:
        """Its left and right edge."""
        w = width(self.words, self.size, self.bold)
        left = {"start": self.x, "middle": self.x - w / 2, "end": self.x - w}[self.align]
        return left, left + w


@dataclass
class Picture:
    """A picture that grows: what is in it, from back to front, and how wide and high it is."""

    width: float
    height: float = 0.0
    shades: list[Box] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
