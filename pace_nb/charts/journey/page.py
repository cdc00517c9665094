"""What the pictures of one child and of siblings share: the columns of the sheet, lanes with names, axes, keys and symbols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pace_nb.charts.journey.fit import pack, spread, staircase
from pace_nb.charts.journey.scale import Scale
from pace_nb.charts.journey.shapes import Box, Line, Mark, Picture, Text, width, wrap
from pace_nb.theme import INK, QUIET
from pace_nb.wording.journeys import Version

WIDTH = 1120.0  # of a sheet: A4 landscape with type of 10 points, and a page of a report as it is
LEFT, RIGHT = 138.0, 176.0  # room for the names of lanes, and for labels of what happened last
BAR, GAP = 26.0, 12.0  # height of a bar; between lanes
LEAST = 3.0  # a bar is at least this wide, or nobody sees it
_MANY = 12  # entries of a key in the type of the picture
_STAIRS = 4  # rows of labels under the milestones; where more would be needed, letters stand there and a key below


@dataclass(frozen=True)
class Bar:
    """A bar and what is said of it. parts: from, to, look. inside: its words belong within it if they fit."""

    parts: tuple[tuple[date, date, str], ...]
    words: str
    inside: bool = False


@dataclass
class Sheet:
    """A picture being laid out from top to bottom. y: where the next lane begins. keys: what letters and numbers stand for."""

    scale: Scale
    version: Version
    picture: Picture = field(default_factory=lambda: Picture(0))
    y: float = 0.0
    keys: list[tuple[str, list[tuple[str, str, str]]]] = field(default_factory=list)

    @property
    def wide(self) -> float:
        """How wide the picture is."""
        return self.scale.right + RIGHT

    def finish(self) -> Picture:
        """Return the picture, as wide and high as it has become."""
        self.picture.width, self.picture.height = self.wide, self.y + 4
        return self.picture

    @property
    def size(self) -> float:
        """The type size."""
        return self.version.size

    @property
    def line(self) -> float:
        """The distance between base lines."""
        return self.size * 1.24

    def text(self, x: float, y: float, words: str, **how: object) -> None:
        """Put a line of words; y is its base line."""
        self.picture.texts.append(Text(x, y, words, **{"size": self.size, **how}))

    def box(self, start: date, end: date, y: float, h: float, look: str, stop: str = "") -> tuple[float, float]:
        """Put a bar between two days and return its left and right edge."""
        x, x2 = self.scale.x(start), self.scale.x(end)
        self.picture.boxes.append(Box(x, y, max(x2 - x, LEAST), h, look, stop))
        return x, max(x2, x + LEAST)

    def name_lane(self, words: str, y: float, room: float) -> float:
        """Put a lane's name left of it, in as many lines as it takes, and return how high the lane has to be for it."""
        lines = wrap(words, LEFT - 14, self.size, bold=True)
        top = y + max(0.0, (min(room, BAR) - len(lines) * self.line) / 2)
        for i, line in enumerate(lines):
            self.text(0, top + self.line * i + self.size * 0.95, line, bold=True)
        return max(room, len(lines) * self.line + 2)

    def end_lane(self, height: float) -> None:
        """Go on below a lane, with a line between it and the next."""
        self.y += height + GAP
        y = self.y - GAP / 2
        self.picture.lines.append(Line(0, y, self.wide, y, "grid"))

    def heading(self, title: str) -> None:
        """Put the title of the picture at its top."""
        for line in wrap(title, self.wide, self.size * 1.3, bold=True):
            self.y += self.size * 1.45
            self.text(0, self.y, line, size=self.size * 1.3, bold=True)
        self.y += 10

    def axis(self, born: date | None, last: str) -> None:
        """Put dates and ages along the top, and let lines begin there. last: what is said of the last day."""
        scale, size, y = self.scale, self.size, self.y + self.size
        self.text(0, y, self.version.lanes["date"], bold=True)
        marks = self.version.axis(scale.first, scale.last) if self.version.axis else scale.calendar(size)
        self._ticks([(d, t) for d, t in marks if scale.x(d) <= scale.right - width(t, size) / 2], y)
        self.text(scale.right + 10, y, last)
        if born is not None and self.version.ages:
            y += self.line
            unit, ages = scale.ages(born, size)
            name = f"{self.version.lanes['age']} ({unit})"
            self.text(0, y, name, bold=True)
            room = self._birth(born, y) if scale.first <= born else width(name, size, True) + 8
            self._ticks([(d, t) for d, t in ages if scale.x(d) - width(t, size) / 2 > room], y, QUIET)
        self.y = y + 8
        for day, _ in marks:
            self.upright(day, "grid")

    def _birth(self, born: date, y: float) -> float:
        """Say on the axis of ages when the child was born, and what is before; return from where there is room for ages."""
        words, before, x = self.version.event("born", True), self.version.say("before_birth"), self.scale.x(born)
        wide = width(words, self.size)
        left = max(LEFT, x - wide / 2)
        self.text(left, y, words)
        if left - LEFT > width(before, self.size) + 12:
            self.text(LEFT, y, before, fill=QUIET)
        return left + wide + 8

    def _ticks(self, marks: Sequence[tuple[date, str]], y: float, fill: str = INK) -> None:
        for day, words in marks:
            self.text(self.scale.x(day), y, words, align="middle", fill=fill)

    def upright(self, day: date, look: str) -> None:
        """Put a line from the axis to the last lane."""
        self.picture.lines.append(Line(self.scale.x(day), self.y, self.scale.x(day), -1, look))

    def shade(self, start: date, end: date, top: float) -> None:
        """Shade the lanes from `top` to here between two days."""
        x, x2 = self.scale.x(start), self.scale.x(end)
        self.picture.shades.append(Box(x, top, x2 - x, self.y - GAP / 2 - top, "shade"))

    def close_lines(self) -> None:
        """Let every upright line end where the lanes end."""
        self.picture.lines = [
            Line(line.x, line.y, line.x2, self.y - GAP / 2, line.look) if line.y2 == -1 else line
            for line in self.picture.lines
        ]

    def marks_lane(self, name: str, days: Sequence[date], shape: str) -> None:
        """Put a lane of signs; those that would lie on one another stand one above the other."""
        xs = [self.scale.x(d) for d in days]
        rows = pack([(x - 6.5, x + 6.5) for x in xs])
        height = self.name_lane(name, self.y, (max(rows, default=0) + 1) * 15.0 + 6)
        for x, row in zip(xs, rows, strict=True):
            self.picture.marks.append(Mark(x, self.y + 10 + row * 15, shape))
        self.end_lane(height)

    def labelled_marks(
        self, name: str, groups: Sequence[tuple[date, Sequence[str], Sequence[str]]], empty: str
    ) -> None:
        """Put a lane of signs with words under each. groups: in order of day: the day, shapes, lines of words (the first bold).

        Where the words would need too many rows, letters stand under the signs and the words in the key.
        """
        top, line = self.y, self.line
        if not groups:
            self.end_lane(self._say_empty(name, empty))
            return
        self.name_lane(name, top, BAR)
        marks = [(self.scale.x(day), shape) for day, shapes, _ in groups for shape in shapes]
        rows = pack([(x - 7, x + 7) for x, _ in marks])
        for (x, shape), row in zip(marks, rows, strict=True):
            self.picture.marks.append(Mark(x, top + 11 + row * 15, shape, 7))
        below = top + 20 + max(rows) * 15
        xs = [self.scale.x(day) for day, _, _ in groups]
        widths = [max(width(t, self.size, i == 0) for i, t in enumerate(lines)) + 5 for _, _, lines in groups]
        stairs = staircase(xs, widths)
        if max(stairs) >= _STAIRS or any(x + w > self.wide for x, w in zip(xs, widths, strict=True)):
            letters = [_letter(i) for i in range(len(groups))]
            self.spread_numbers(xs, letters, below, below + 12)
            told = [(n, "", f"{'; '.join(w[:-1])}, {w[-1]}") for n, (_, _, w) in zip(letters, groups, strict=True)]
            self.add_key("key_marks", told)
            self.end_lane(max(below + 12 + line - top, 2 * line))
            return
        heights = [0] * (max(stairs) + 1)
        for row, (_, _, lines) in zip(stairs, groups, strict=True):
            heights[row] = max(heights[row], len(lines))
        tops = [below + 5 + sum(h * line + 5 for h in heights[:row]) for row in range(len(heights))]
        for x, row, (_, _, lines) in zip(xs, stairs, groups, strict=True):
            foot = tops[row] + len(lines) * line
            self.picture.lines.append(Line(x, below - 4, x, foot, "lead"))
            for i, words in enumerate(lines):
                self.text(x + 5, tops[row] + line * i + self.size, words, bold=i == 0)
        self.end_lane(tops[-1] + heights[-1] * line - top + 4)

    def inside(self, x: float, x2: float, y: float, texts: Sequence[str]) -> bool:
        """Put the first text for which there is room between two edges; say whether there was one."""
        fitting = next((t for t in texts if width(t, self.size) + 10 <= x2 - x), None)
        if fitting is not None:
            self.text(x + 5, y, fitting)
        return fitting is not None

    def add_key(self, title: str, items: list[tuple[str, str, str]]) -> None:
        """Add what numbers or letters stand for: number, look of a box or "", words. What has the same title stands together."""
        known = next((own for name, own in self.keys if name == title), None)
        if known is None:
            self.keys.append((title, items))
        else:
            known += items

    def spread_numbers(self, xs: Sequence[float], numbers: Sequence[str], above: float, y: float) -> None:
        """Put numbers below what they stand for, apart from one another, each led to by a line."""
        places = spread(xs, [width(n, self.size, True) for n in numbers], LEFT, self.wide)
        for x, place, number in zip(xs, places, numbers, strict=True):
            self.picture.lines.append(Line(x, above, place, y, "lead"))
            self.text(place, y + self.size, number, bold=True, align="middle")

    def bars_with_words(self, name: str, bars: Sequence[Bar], bold: bool = False) -> None:
        """Put bars with words: after the bar if there is room, else before it, else within it; `inside` first within it."""
        if not bars:
            return
        laid = [self._beside(bar, bold) for bar in bars]
        rows = pack([span for *_, span in laid], 14, [n for _, _, n, _ in laid])
        step = self.line + 5
        height = self.name_lane(name, self.y, (max(r + n for r, (_, _, n, _) in zip(rows, laid, strict=True))) * step)
        for bar, (at, align, n, _), row in zip(bars, laid, rows, strict=True):
            y = self.y + row * step
            for start, end, look in bar.parts:
                self.box(start, end, y, step - 4, look)
            self.text(at, y + (n - 1) * (step - 3) + self.size * 0.98, bar.words, bold=bold, align=align)
        self.end_lane(height)

    def _beside(self, bar: Bar, bold: bool) -> tuple[float, str, int, tuple[float, float]]:
        """Return where the words of a bar go, on which side of that point, how many rows both take, and from where to where they reach.

        Where neither side has room, the words stand in a row below the bar.
        """
        wide = width(bar.words, self.size, bold)
        x, x2 = self.scale.x(bar.parts[0][0]), max(self.scale.x(part[1]) for part in bar.parts)
        x2 = max(x2, x + LEAST)
        if bar.inside and wide + 10 <= x2 - x:
            return x + 5, "start", 1, (x, x2)
        if x2 + 6 + wide <= self.wide:
            return x2 + 6, "start", 1, (x, x2 + 6 + wide)
        if x - 6 - wide >= LEFT:
            return x - 6, "end", 1, (x - 6 - wide, x2)
        at = max(LEFT, min(x, self.wide - wide))
        return at, "start", 2, (min(x, at), max(x2, at + wide))

    def say_empty(self, name: str, empty: str) -> None:
        """Put a lane that says that nothing is recorded."""
        self.end_lane(self._say_empty(name, empty))

    def _say_empty(self, name: str, empty: str) -> float:
        self.text(LEFT, self.y + self.size * 0.95 + 3, empty, fill=QUIET)
        return self.name_lane(name, self.y, BAR)

    def key(self) -> None:
        """Put what letters and numbers stand for, in columns read downwards; of many, in slightly smaller type."""
        for title, items in self.keys:
            size = self.size if len(items) <= _MANY else self.size * 0.93
            line = size * 1.3
            self.y += 4
            self.text(0, self.y + self.size, self.version.say(title), bold=True)
            self.y += self.line + 4
            number = max(width(n, size, True) for n, _, _ in items) + 6
            swatch = 20 if any(look for _, look, _ in items) else 0
            wide = max(width(words, size) for _, _, words in items) + number + swatch
            columns = max(1, int((self.wide + 12) // (wide + 12)))
            deep = -(-len(items) // columns)
            apart = min(wide + 30, (self.wide - wide) / max(1, columns - 1))
            for i, (n, look, words) in enumerate(items):
                x, y = i // deep * apart, self.y + i % deep * line
                self.text(x, y + size, n, bold=True, size=size)
                if look:
                    self.picture.boxes.append(Box(x + number, y + 2, 15, size - 1, look))
                self.text(x + number + swatch, y + size, words, size=size)
            self.y += deep * line + 4

    def symbols(self, items: Sequence[tuple[str, str, str]]) -> None:
        """Put what the signs mean. items: kind (box, mark, line), look or shape with an end after a colon, words."""
        self.y += 4
        title = self.version.say("symbols") + ":"
        self.text(0, self.y + self.size, title, bold=True)
        x = width(title, self.size, True) + 16
        for kind, look, words in items:
            wide = 30 + width(words, self.size) + 20
            if x + wide - 20 > self.wide:
                x, self.y = 0.0, self.y + self.line + 5
            if kind == "mark":
                self.picture.marks.append(Mark(x + 10, self.y + self.size * 0.62, look))
            elif kind == "line":
                self.picture.lines.append(Line(x + 14, self.y, x + 14, self.y + self.size + 4, look))
            else:
                look, _, end = look.partition(":")
                self.picture.boxes.append(Box(x, self.y + 2, 22, self.size, look, end))
            self.text(x + (20 if kind == "mark" else 28), self.y + self.size, words)
            x += wide
        self.y += self.line + 8

    def note(self, words: str) -> None:
        """Put a note below everything."""
        for line in wrap(words, self.wide, self.size * 0.93):
            self.text(0, self.y + self.size * 0.93, line, size=self.size * 0.93, fill=QUIET)
            self.y += self.line * 0.95


def _letter(i: int) -> str:
    """Return the letters of the alphabet, and then pairs of them.

    >>> _letter(0), _letter(25), _letter(26)
    ('a', 'z', 'aa')
    """
    return (chr(96 + i // 26) if i >= 26 else "") + chr(97 + i % 26)
