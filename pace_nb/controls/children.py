"""The dashboard on which people who may see children go from child to child: choose an area, filter, open, step on, look at a group."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from pace_nb.children_page.entries import Entries, Entry, find_entries, name_place, write_standings
from pace_nb.controls.parts import Fragment, Live, as_html, choose, column, heading, is_found, press, row, search
from pace_nb.disclosure import require_working
from pace_nb.errors import PaceError
from pace_nb.extract import Extract, list_areas, read_extract
from pace_nb.files import find_extracts
from pace_nb.pages.anonymous import show_anonymous
from pace_nb.pages.groups import choose_group, describe_group, draw_histories
from pace_nb.pages.journeys import describe_journey, show_journey, show_siblings
from pace_nb.pseudonyms import plain_label
from pace_nb.session import is_injected
from pace_nb.timelines import AGES, ALIGNED, GROUPS, ORDERS

VIEWS = {
    "child": "as recorded",
    "siblings": "together with brothers and sisters",
    "anonymous": "without dates and name",
}


class Marks(anywidget.AnyWidget):
    """A part of the page whose marks of children can be chosen. chosen: (the child's code, how often so far). called: how often the
    reader was brought here."""

    _esm = Path(__file__).parent / "static" / "marks.js"
    html = traitlets.Unicode("").tag(sync=True)
    chosen = traitlets.List(traitlets.Unicode()).tag(sync=True)
    called = traitlets.Int(0).tag(sync=True)


def explore_children(extract: Extract, extract_path: str) -> Any:
    """Return the controls with which every child of an area is chosen and opened; None in a report.

    extract_path: where the extract lies. If it holds several areas, or is a folder of several extracts, each can be chosen.
    Raises ParameterError in the aggregate audience, and without a key.
    """
    require_working(extract.audience, "A dashboard of single children")
    return None if is_injected() else ChildExplorer(extract, Path(extract_path)).page


@lru_cache(maxsize=4)
def _entries(extract: Extract) -> Entries:
    return find_entries(extract)


class ChildExplorer:
    """The controls and what they show. An area is read when it is chosen, and kept; a child is drawn in a few milliseconds."""

    def __init__(self, extract: Extract, path: Path):
        self.extract = extract
        self.read = {extract.area: extract}
        self.places = _areas(path, extract)
        self.area = choose("Area", [(name, name) for name in self.places], extract.area)
        self.lives, self.ages = choose("Lives now", []), choose("Age now", [])
        self.waiting = choose("Waits for", [])
        self.past = choose(
            "Limit", [("past or not", ""), ("past the limit", "past"), ("not past a limit", "within")], ""
        )
        self.care = choose("Looked after", [("now or before", ""), ("now", "now"), ("not any more", "before")], "")
        self.find = search("Find a child: part of the name")
        self.child = choose("Child", [])
        self.view = choose("Show", [(words, code) for code, words in VIEWS.items()], "child")
        self.before, self.next = press("Child before", lambda: self.step(-1)), press("Next child", lambda: self.step(1))
        self.live, self.timeline = Live(), Marks()
        self.group = choose("Group", [(name, name) for name in GROUPS])
        self.aligned = choose("Rows laid on", [(words, code) for code, words in ALIGNED.items()], "wait")
        self.order = choose("Order", [(words, code) for code, words in ORDERS.items()], "wait")
        self.says, self.histories = Fragment(), Marks()
        self.filters = (self.lives, self.ages, self.waiting, self.past, self.care)
        self.find.observe(self._filter, "value")
        self.page = column(
            heading("Choose children"),
            row(*([self.area] if len(self.places) > 1 else []), *self.filters),
            self.live,
            row(self.find, self.child, self.view, self.before, self.next),
            self.timeline,
            heading("A group of children who wait"),
            row(self.group, self.aligned, self.order),
            self.says,
            self.histories,
        )
        self.area.observe(self._area_chosen, "value")
        for control in self.filters:
            control.observe(self._filter, "value")
        for control in (self.child, self.view):
            control.observe(self._open, "value")
        for control in (self.group, self.aligned, self.order):
            control.observe(self._draw_group, "value")
        for marks in (self.timeline, self.histories):
            marks.observe(self._mark_chosen, "chosen")
        self._begin()

    @property
    def entries(self) -> Entries:
        """Every child of the area that is chosen."""
        return _entries(self.extract)

    def step(self, by: int) -> None:
        """Go to another child of those chosen; at the ends nothing happens."""
        codes = [code for _, code in self.child.options]
        at = codes.index(self.child.value) + by if self.child.value in codes else 0
        if 0 <= at < len(codes):
            self.child.value = codes[at]

    def _begin(self) -> None:
        """Offer what the area has, and show its first child."""
        entries = self.entries.children
        lives = sorted({e.lives for e in entries}, key=name_place)
        ages = [a for a in (*AGES, "not recorded") if any(e.ages == a for e in entries)]
        aims = [a for a in self.extract.aims.values() if any(s.aim == a for e in entries for s in e.waits)]
        offered = {
            self.lives: [("anywhere", ""), *((name_place(c), c) for c in lives)],
            self.ages: [("any", ""), *((a, a) for a in ages)],
            self.waiting: [("anything or nothing", ""), ("any step", "any"), *((a.title, a.id) for a in aims)],
        }
        for control, options in offered.items():
            control.unobserve(self._filter, "value")
            control.options, control.value = options, ""
            control.observe(self._filter, "value")
        self._filter()
        self._draw_group()

    def _area_chosen(self, moved: Any) -> None:
        name, now = moved["new"], self.extract
        if name not in self.read:
            self.live.text = f"{name} is being read."
            try:
                self.read[name] = read_extract(self.places[name], now.as_at, name, now.audience)
            except PaceError as error:
                self.live.text = f"{error.what} {error.do}"
                return
        self.extract = self.read[name]
        self._begin()

    def _filter(self, _: Any = None) -> None:
        asked = {name: getattr(self, name).value or "" for name in ("lives", "ages", "waiting", "past", "care")}
        found = [e for e in self.entries.children if fits(e, **asked) and is_found(e.journey.label, self.find.value)]
        self.child.unobserve(self._open, "value")
        self.child.options = [(_say(e), e.code) for e in found] or [("no child fits", "")]
        self.child.value = self.child.options[0][1]
        self.child.observe(self._open, "value")
        n = len(self.entries.children)
        self.live.text = f"{len(found):,} of {n:,} children of {self.extract.area} fit."
        self._open()

    def _open(self, _: Any = None) -> None:
        codes = [code for _, code in self.child.options]
        entry = next((e for e in self.entries.children if e.code == self.child.value), None)
        if entry is None:
            self.timeline.html = ""
            return
        at = codes.index(entry.code)
        self.before.disabled, self.next.disabled = at == 0, at == len(codes) - 1
        self.timeline.html = self._write(entry)

    def _write(self, entry: Entry) -> str:
        """Return a child's part, in the view that is chosen."""
        title = f"<h3>{escape(entry.journey.label)}</h3>"
        if self.view.value == "anonymous":
            return as_html(show_anonymous(entry.journey, self.extract))
        siblings = self.entries.siblings[entry.together] if entry.together >= 0 else ()
        others = ", ".join(
            f'<a data-child="{plain_label(j.label)}">{escape(j.label)}</a>'
            for j in siblings
            if j.label != entry.journey.label
        )
        family = f"<p>Brothers and sisters: {others}.</p>" if others else "<p>No brothers or sisters are recorded.</p>"
        if self.view.value == "siblings" and siblings:
            return title + family + as_html(show_siblings(siblings))
        parts = (as_html(describe_journey(entry.journey)), as_html(show_journey(entry.journey)))
        return title + "".join(parts) + family + write_standings(entry.standings)

    def _mark_chosen(self, moved: Any) -> None:
        """Open the child whose mark was chosen, whether the filters fit or not."""
        code = moved["new"][0]
        entry = next((e for e in self.entries.children if e.code == code), None)
        if entry is None:
            return
        if code not in [c for _, c in self.child.options]:
            self.child.options = [*self.child.options, (_say(entry), code)]
        self.child.value = code
        self.timeline.called += 1  # the row may be a screen away from the timeline
        self.live.text = f"The timeline of {entry.journey.label} is open under the choices."

    def _draw_group(self, _: Any = None) -> None:
        chosen = choose_group(self.extract, self.group.value, self.aligned.value, self.order.value)
        self.says.show(describe_group(chosen))
        self.histories.html = as_html(draw_histories(chosen))


def fits(entry: Entry, lives: str = "", ages: str = "", waiting: str = "", past: str = "", care: str = "") -> bool:
    """Tell whether a child is among those asked for; "" asks for nothing.

    waiting: the id of an aim for whose step the child waits, or "any". past: "past" or "within" the limit: of that aim or, without one,
    of any. care: "now" or "before".
    """
    waits = [s for s in entry.waits if waiting in ("", "any", s.aim.id)]
    return (
        (not lives or entry.lives == lives)
        and (not ages or entry.ages == ages)
        and (not waiting or bool(waits))
        and (not past or (past == "past") == any(s.late for s in waits))
        and (not care or (care == "now") == entry.looked_after)
    )


def _say(entry: Entry) -> str:
    """Name a child in the list: the label, and what the child waits for the longest."""
    return f"{entry.journey.label}, waiting {entry.days // 7:,} weeks" if entry.waits else entry.journey.label


def _areas(path: Path, extract: Extract) -> dict[str, Path]:
    """Return where each area lies that can be chosen: those of the extract, or of every extract of a folder; what cannot be read is
    left out."""
    found = {extract.area: path}
    for one in find_extracts(path):
        try:
            found |= dict.fromkeys(list_areas(one, extract.as_at), one)
        except PaceError:
            continue
    return dict(sorted(found.items()))
