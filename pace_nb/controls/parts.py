"""The parts of a control that ipywidgets has not: a spoken line, a part that changes in place, a drawing whose dots answer.

Each has a small script of its own beside this module; nothing is fetched from anywhere. What a script shows as HTML was made by this
project's functions, which escape every text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from pace_nb.charts.figure import Figure
from pace_nb.shown import Shown
from pace_nb.tables import make_table

_STATIC = Path(__file__).parent / "static"


class Live(anywidget.AnyWidget):
    """A line that is spoken when it changes, and is always the same element."""

    _esm = _STATIC / "live.js"
    text = traitlets.Unicode("").tag(sync=True)


class Fragment(anywidget.AnyWidget):
    """A part of the page that is replaced in place. html: escaped already. kind: its class."""

    _esm = _STATIC / "fragment.js"
    _css = _STATIC / "controls.css"
    html = traitlets.Unicode("").tag(sync=True)
    kind = traitlets.Unicode("").tag(sync=True)

    def show(self, *parts: Shown | Figure | str) -> None:
        """Show parts of a page one under another. A text is a paragraph, and is escaped."""
        self.html = "".join(as_html(part) for part in parts)


class Picture(anywidget.AnyWidget):
    """A drawing. labels: a name for each dot, so that it can be chosen; none where it cannot. chosen: (its number, how often so far)."""

    _esm = _STATIC / "picture.js"
    svg = traitlets.Unicode("").tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.List(traitlets.Int()).tag(sync=True)

    def draw(self, svg: str, labels: Sequence[str] = ()) -> None:
        """Draw another picture. The names go first: the script takes them up with the drawing."""
        self.labels = list(labels)
        self.svg = svg


class Draggable(anywidget.AnyWidget):
    """Dots that a reader drags or moves with the arrow keys. least: no value is smaller."""

    _esm = _STATIC / "draggable.js"
    values = traitlets.List(traitlets.Float()).tag(sync=True)
    least = traitlets.Float(0.0).tag(sync=True)
    name = traitlets.Unicode("Your values").tag(sync=True)


class Download(anywidget.AnyWidget):
    """A button that saves a file. words: on the button. make: returns its name, its type and its content when it is pressed."""

    _esm = _STATIC / "download.js"
    words = traitlets.Unicode("Download").tag(sync=True)

    def __init__(self, words: str, make: Callable[[], tuple[str, str, bytes] | None]):
        super().__init__(words=words)
        self._make = make
        self.on_msg(lambda _, message, __: self._answer(message))

    def _answer(self, message: Any) -> None:
        made = self._make() if message.get("asked") else None
        if made is not None:
            name, kind, content = made
            self.send({"name": name, "type": kind}, buffers=[content])


class Steps(anywidget.AnyWidget):
    """Back, next and notes. step: where, from 0; steps: how many; notes: whether they are shown; status: what is spoken."""

    _esm = _STATIC / "stage.js"
    step = traitlets.Int(0).tag(sync=True)
    steps = traitlets.Int(1).tag(sync=True)
    notes = traitlets.Bool(False).tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)


def as_html(part: Shown | Figure | str) -> str:
    """Return a part of a page as HTML: a figure with its caption and its numbers, a fragment as it is, a text escaped."""
    if isinstance(part, str):
        return f"<p>{escape(part)}</p>"
    if isinstance(part, Shown):
        return part.html
    if not part.svg:
        return f'<p class="empty">{escape(part.alt)}</p>'
    return f'<figure><div class="chart">{part.svg}</div>{caption_of(part)}</figure>'


def caption_of(figure: Figure) -> str:
    """Return what stands under a picture: how to read it, and its numbers as a table."""
    lines = "".join(f"<p>{line}</p>" for line in escape(figure.caption).split("\n") if line)
    numbers = ""
    if figure.rows:
        table = make_table(figure.columns, figure.rows, "The picture as a table").html
        numbers = f"<details><summary>The numbers behind the picture</summary>{table}</details>"
    return f"<figcaption>{lines}</figcaption>{numbers}"


def choose(label: str, options: Sequence[tuple[str, Any]], value: Any = None) -> widgets.Dropdown:
    """Return a list to choose from, with its label above it."""
    start = {} if value is None else {"value": value}
    return widgets.Dropdown(options=list(options), description=label, **start, **_wide())


def ask(label: str, value: str = "", lines: int = 1, hint: str = "") -> widgets.Text | widgets.Textarea:
    """Return a box to write in, with its label above it; a text of several lines where `lines` is more than one."""
    if lines == 1:
        return widgets.Text(value=value, description=label, placeholder=hint, continuous_update=False, **_wide())
    return widgets.Textarea(
        value=value, description=label, placeholder=hint, continuous_update=False, rows=lines, **_wide()
    )


def search(label: str) -> widgets.Text:
    """Return a box whose text is known at every letter, for a list that becomes shorter while somebody types."""
    box = ask(label)
    box.continuous_update = True
    return box


def is_found(text: str, sought: str) -> bool:
    """Tell whether a text holds every word that is sought, whatever its capitals and hyphens.

    >>> is_found("Child K7Q-2MX, May 2018, 63 weeks", "k7q2 may"), is_found("Child K7Q-2MX, May 2018, 63 weeks", "june")
    (True, False)
    """
    held = text.casefold().replace("-", "")
    return all(word in held for word in sought.casefold().replace("-", "").split())


def press(words: str, act: Callable[[], None]) -> widgets.Button:
    """Return a button that does something."""
    button = widgets.Button(
        description=words, layout=widgets.Layout(width="auto", height="auto", align_self="flex-start")
    )
    button.add_class("pace-button")
    button.on_click(lambda _: act())
    return button


def heading(words: str, level: int = 2) -> Fragment:
    """Return a heading between controls."""
    return Fragment(html=f"<h{level}>{escape(words)}</h{level}>")


def words(text: str) -> Fragment:
    """Return a paragraph between controls."""
    return Fragment(html=f"<p>{escape(text)}</p>")


def row(*parts: Any) -> widgets.Box:
    """Return controls beside one another that wrap where there is no room."""
    box = widgets.Box(list(parts), layout=widgets.Layout(display="flex", flex_flow="row wrap", align_items="flex-end"))
    box.add_class("pace-row")
    return box


def column(*parts: Any, kind: str = "") -> widgets.VBox:
    """Return controls under one another. kind: a class of the whole."""
    box = widgets.VBox(list(parts), layout=widgets.Layout(width="100%"))
    box.add_class("pace-controls")
    if kind:
        box.add_class(kind)
    return box


def _wide() -> dict[str, Any]:
    """The label stands above the control, so that neither is cut at any width; `controls.css` sees to it."""
    return {"layout": widgets.Layout(width="auto", height="auto"), "style": {"description_width": "initial"}}
