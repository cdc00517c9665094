"""The dashboard of a learning event: the story of an area, step by step, on a projector. Its process holds a pack and no record."""

from __future__ import annotations

from html import escape
from typing import Any

from pace_nb.controls.parts import Fragment, Steps, choose, column, row
from pace_nb.marking import AGGREGATE, bar
from pace_nb.packs import ALL, Pack
from pace_nb.packs.story import Step, empty_words, tell_steps
from pace_nb.pages.trust import SYNTHETIC
from pace_nb.session import is_dashboard
from pace_nb.shown import Shown, paragraphs


def show_pack(pack: Pack) -> Shown:
    """Show whose pack it is, as at when and how it was protected: the masthead of an event.

    In a dashboard nothing is shown here: its heading says it, and a projector has little room.
    """
    text = f"{pack.area}, as the records stood on {pack.as_at}. For everyone (aggregate, disclosure-controlled)."
    page = {
        "area": pack.area,
        "as_at": pack.as_at,
        "audience": "aggregate",
        "synthetic": pack.synthetic,
        "source": "a pack",
        "sha256": pack.sha256,
        "version": pack.version,
    }
    if pack.synthetic:
        text += f" {SYNTHETIC}"
    html = "" if is_dashboard() else bar(AGGREGATE) + paragraphs([text]).html
    return Shown(html, text, page=page)


def tell_event(pack: Pack) -> Any:
    """Return the steps of an event with their controls."""
    return Event(pack).page


class Event:
    """The steps, what is chosen, and the presenter's notes."""

    def __init__(self, pack: Pack):
        self.pack, self.told = pack, tell_steps(pack)
        self.aim = choose("Aim", [(a.title, a.id) for a in pack.aims], pack.first)
        self.group = choose("Where the child lives", self._groups(pack.first), ALL)
        self.where = Steps(steps=len(self.told))
        self.screen, self.notes = Fragment(), Fragment(kind="pace-notes")
        self.aim.observe(self._aim_chosen, "value")
        self.group.observe(lambda _: self.show(), "value")
        self.where.observe(lambda _: self.show(), ["step", "notes"])
        # A dashboard's page ends with its method and its marking; an open notebook has nothing outside its cells.
        end = () if is_dashboard() else (Fragment(html=paragraphs([pack.method], "note").html + bar(AGGREGATE)),)
        self.page = column(self.where, row(self.aim, self.group), self.screen, self.notes, *end, kind="pace-stage")
        self.show()

    def show(self) -> None:
        """Show the step, for the aim and the group that are chosen."""
        title, make = self.told[self.where.step]
        step = make(self.aim.value, self.group.value or ALL)
        self.screen.html = _as_screen(step)
        self.notes.html = "".join(f"<p>{escape(n)}</p>" for n in step.notes) if self.where.notes else ""
        self.notes.layout.display = "block" if self.where.notes else "none"
        who = self.pack.slice(self.aim.value, self.group.value or ALL).name
        self.where.status = f"Step {self.where.step + 1} of {len(self.told)}: {title.rstrip('?')}. {who}."

    def _aim_chosen(self, moved: Any) -> None:
        """Offer the groups of this aim; the one that was chosen stays if it can, and all children are shown otherwise."""
        options = self._groups(moved["new"])
        kept = self.group.value if self.group.value in [v for _, v in options] else ALL
        with self.group.hold_trait_notifications():
            self.group.options = options
            self.group.value = kept
        self.show()

    def _groups(self, aim: str) -> list[tuple[str, str]]:
        return [(s.name, s.group) for s in self.pack.groups(aim)]


def _as_screen(step: Step) -> str:
    said = "".join(f"<p>{escape(s)}</p>" for s in step.says)
    talk = f'<div class="talk"><p><b>At your tables:</b> {escape(step.talk)}</p></div>' if step.talk else ""
    missing = empty_words(step)
    picture = f'<div class="chart">{step.svg}</div>' if step.svg else f"<p>{escape(missing)}</p>" if missing else ""
    table = ""
    if step.table is not None:
        opened = "" if step.svg else " open"
        table = f"<details{opened}><summary>The numbers as a table</summary>{step.table.html}</details>"
    left, right = f"{said}{talk}", f"{picture}{table}"
    body = f'<div class="two"><div>{left}</div><div>{right}</div></div>' if step.svg else f"{said}{table}{talk}"
    return f"<h2>{escape(step.title)}</h2>{body}"
