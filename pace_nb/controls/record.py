"""The form that records a plan-do-study-act cycle: the same log, the same checks as `pace-nb tests new` and `add-cycle`."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from pace_nb.aims import read_aims
from pace_nb.controls.parts import Fragment, Live, ask, choose, column, heading, press, row
from pace_nb.errors import PaceError
from pace_nb.files import is_extract
from pace_nb.leaks import gather_secrets
from pace_nb.session import is_injected
from pace_nb.tests_of_change import DECISIONS, HELD, SCALES, STATES, ChangeIdea, find_told, read_tests
from pace_nb.tests_of_change.build import day_of
from pace_nb.tests_of_change.keep import check_idea, keep_idea

NEW = ""
#: Boxes of the idea, of a cycle's plan and of what came of it: field, label, lines.
_IDEA = (
    ("title", "The change idea, in a few words", 1),
    ("idea", "What is done differently", 3),
    ("owner", "Who leads it: a role, no name (may be blank)", 1),
)
_PLAN = (
    ("objective", "What should this cycle find out?", 1),
    ("what", "What will be done?", 3),
    ("who", "Who does it: roles, no names (may be blank)", 1),
    ("where", "Where? (may be blank)", 1),
    ("data", "What data are collected? (may be blank)", 1),
)
_CAME = (
    ("happened", "What happened, with problems and surprises", 3),
    ("learned", "What was learned", 3),
    ("why", "Why this decision?", 1),
    ("next", "What comes next? (may be blank)", 1),
)
_KINDS = {
    "new": "Record a new change idea",
    "cycle": "Add a cycle to an idea",
    "close": "Say what came of the cycle that is under way",
}


def record_test(changes_path: str) -> Any:
    """Return the form that writes to the log of tests of change in a folder; None in a report. The folder is made when first written to."""
    return None if is_injected() else Recorder(Path(changes_path)).page


class Recorder:
    """The form, its checks and what it says of them. Nothing is written before the button "Write it down" finds no fault."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.aims = read_aims(folder.resolve().parent / "aims.toml")
        self.titles = {a.id: a.title for a in self.aims.values()}
        self.ids, looked = _ids_beside(folder.resolve().parent)
        self.kind = choose("What would you like to record?", [(words, code) for code, words in _KINDS.items()], "new")
        self.which = choose("Which change idea?", [("none yet", NEW)])
        self.aim = choose("Which aim should it help?", [(title, id) for id, title in self.titles.items()])
        self.boxes = {name: ask(label, lines=lines) for name, label, lines in (*_IDEA, *_PLAN, *_CAME)}
        self.start = ask("First day (25/03/2019 or 2019-03-25)")
        self.end = ask("Last day (25/03/2019 or 2019-03-25)")
        self.scale = choose("On what scale?", [(words, code) for code, words in SCALES.items()], "child")
        self.question = ask("A question that the cycle answers")
        self.prediction = ask("What do you predict?")
        self.found = ask("What was found, to the first question")
        self.held = choose("Did the prediction hold?", [(words, code) for code, words in HELD.items()], "yes")
        self.decision = choose("The decision", [(words, code) for code, words in DECISIONS.items()], "adapt")
        self.fit = widgets.Checkbox(
            description="I have read the words that are named, and they are fit for everyone to read", indent=False
        )
        self.live, self.told = Live(), Fragment()
        boxes = self.boxes
        self.about_idea = column(heading("The idea", 3), *(boxes[n] for n, _, _ in _IDEA), self.aim)
        self.plan = column(
            heading("Plan: the cycle", 3),
            row(self.start, self.scale),
            *(boxes[n] for n, _, _ in _PLAN),
            row(self.question, self.prediction),
        )
        self.came = column(
            heading("Study and act: what came of it", 3),
            row(self.end, self.held),
            self.found,
            boxes["happened"],
            boxes["learned"],
            row(self.decision, boxes["why"]),
            boxes["next"],
        )
        self.kind.observe(lambda _: self.read(), "value")
        self.which.observe(lambda _: self.tell_idea(), "value")
        self.page = column(
            Fragment(html=f"<p>{escape(looked)}</p>"),
            self.kind,
            self.which,
            self.about_idea,
            self.plan,
            self.came,
            heading("Check, then write", 3),
            row(
                press("Check it", self.check),
                press("Write it down", self.write),
                press("Read the log again", self.read),
            ),
            self.live,
            self.told,
            self.fit,
        )
        self.read()

    def read(self) -> None:
        """Read the log; what stands in the form stays there."""
        try:
            self.known = read_tests(self.folder, self.aims)
        except PaceError as error:
            self.known = ()
            self.live.text = "The log cannot be read."
            self.told.html = _box("wrong", str(error).splitlines())
            return
        self.live.text = f"The log holds {len(self.known)} change idea{'' if len(self.known) == 1 else 's'}."
        self.lay_out()

    def lay_out(self) -> None:
        """Show the boxes that are needed for what is to be recorded."""
        kind = self.kind.value
        offered = self.known if kind == "cycle" else [i for i in self.known if i.state == "testing"]
        options = [(f"{i.title} ({STATES[i.state]})", i.id) for i in offered] or [
            ("none: record a new idea first", NEW)
        ]
        if list(self.which.options) != options:
            self.which.options = options
        shown = {
            self.which: kind != "new",
            self.about_idea: kind == "new",
            self.plan: kind != "close",
            self.came: kind == "close",
        }
        for part, wanted in shown.items():
            part.layout.display = None if wanted else "none"
        self.tell_idea()

    def tell_idea(self) -> None:
        """Say of the idea that is chosen what its last cycle asked and predicted."""
        idea = self._idea()
        if self.kind.value == "new" or idea is None or not idea.cycles:
            self.told.html = ""
            return
        last = idea.cycles[-1]
        said = [
            f"Cycle {last.number}: {last.objective}",
            *(f"{q.question} You predicted: {q.prediction}" for q in last.questions),
        ]
        self.told.html = _box("note", said)

    def make(self) -> tuple[ChangeIdea | None, list[str]]:
        """Return the idea as it would be written, and every fault of the form."""
        faults: list[str] = []
        try:
            raw = {"new": self._new, "cycle": self._further, "close": self._closed}[self.kind.value](faults)
        except LookupError:
            return None, ["No change idea is chosen: choose one, or record a new one."]
        idea, wrong = check_idea(raw, self.titles)
        faults += [
            _in_words(fault) for fault in wrong if self.boxes["title"].value.strip() or " id " not in f" {fault}"
        ]
        return (None if faults else idea), faults

    def check(self) -> bool:
        """Say what is wrong with the form and what in it may tell of a person; return whether it can be written."""
        idea, faults = self.make()
        if idea is None:
            self.live.text = f"{len(faults)} thing{'' if len(faults) == 1 else 's'} to mend; nothing was written."
            self.told.html = _box("wrong", faults)
            return False
        told = find_told([idea], self.ids)
        if told and not self.fit.value:
            self.live.text = "Some words may tell of a person; nothing was written."
            self.told.html = _box(
                "wrong",
                [
                    *(f"May tell of a person: {one}" for one in told),
                    "Write a role or nothing there; or tick below that you have read them.",
                ],
            )
            return False
        self.live.text = "No fault was found. It can be written down."
        self.told.html = _box("right", ["No fault was found. Somebody who knows the area should read the words too."])
        return True

    def write(self) -> None:
        """Write it down, if nothing is wrong with it, and say where."""
        if not self.check():
            return
        idea, _ = self.make()
        try:
            path = keep_idea(self.folder, idea, None if self.kind.value == "new" else self._idea(), self.titles)
        except PaceError as error:
            self.live.text = "Nothing was written."
            self.told.html = _box("wrong", str(error).splitlines())
            return
        written = f"Written to {path.name} in the folder {path.parent.name}: {idea}."
        self.clear()
        self.read()
        self.live.text = written
        self.told.html = _box("right", [written])

    def clear(self) -> None:
        """Empty the form, so that nothing is written twice."""
        for box in (*self.boxes.values(), self.start, self.end, self.question, self.prediction, self.found):
            box.value = ""
        self.fit.value = False

    def _idea(self) -> ChangeIdea | None:
        return next((i for i in self.known if i.id == self.which.value), None)

    def _new(self, faults: list[str]) -> dict[str, Any]:
        title = self.boxes["title"].value.strip()
        id = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-")
        if id and id in {i.id for i in self.known}:
            faults.append("title: an idea of this name is in the log: choose another, or add a cycle to it")
        own = {name: self.boxes[name].value for name, _, _ in _IDEA if self.boxes[name].value.strip()}
        cycle = [self._cycle(1, faults)] if self.start.value.strip() or self.boxes["objective"].value.strip() else []
        return {"id": id, **own, "aim": self.aim.value, "cycle": cycle}

    def _further(self, faults: list[str]) -> dict[str, Any]:
        raw = self._raw()
        return {
            **raw,
            "cycle": [*raw["cycle"], self._cycle(max((c["number"] for c in raw["cycle"]), default=0) + 1, faults)],
        }

    def _closed(self, faults: list[str]) -> dict[str, Any]:
        raw = self._raw()
        *earlier, last = raw["cycle"]
        end = self._day(self.end, "last day", faults)
        texts = {n: self.boxes[n].value for n, _, _ in _CAME if self.boxes[n].value.strip()}
        first, *others = last["question"]
        found = {"found": self.found.value} if self.found.value.strip() else {}
        asked = [{**first, "held": self.held.value, **found}, *others]
        closed = {**last, **texts, "question": asked, "decision": self.decision.value, **({"end": end} if end else {})}
        return {**raw, "cycle": [*earlier, closed]}

    def _cycle(self, number: int, faults: list[str]) -> dict[str, Any]:
        start = self._day(self.start, "first day", faults)
        texts = {n: self.boxes[n].value for n, _, _ in _PLAN if self.boxes[n].value.strip()}
        asked = {
            n: b.value for n, b in (("question", self.question), ("prediction", self.prediction)) if b.value.strip()
        }
        return {
            "number": number,
            "scale": self.scale.value,
            **texts,
            **({"start": start} if start else {}),
            "question": [asked],
        }

    def _day(self, box: Any, name: str, faults: list[str]) -> Any:
        try:
            return day_of(box.value)
        except ValueError as error:
            faults.append(f"{name}: {error}")
            return None

    def _raw(self) -> dict[str, Any]:
        """Return the chosen idea as a file would say it. Raises LookupError where none is chosen, or nothing of it is under way."""
        idea = self._idea()
        if idea is None:
            raise LookupError
        return _as_said(asdict(replace(idea)))


def _in_words(fault: str) -> str:
    """Return a fault with the labels of the form in place of the names of fields."""
    labels = {name: label.removesuffix(" (may be blank)") for name, label, _ in (*_IDEA, *_PLAN, *_CAME)}
    labels |= {
        "question": "A question that the cycle answers",
        "prediction": "What do you predict?",
        "start": "First day",
        "end": "Last day",
    }
    plain = re.sub(r"^the form(, |: )?", "", fault)
    return re.sub(r"'(\w+)'", lambda m: f"'{labels.get(m[1], m[1])}'", plain)


def _as_said(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record as a mapping of a TOML file: without what is not said, its parts under the names that files use."""
    names = {"cycles": "cycle", "questions": "question"}
    said: dict[str, Any] = {}
    for name, value in record.items():
        if value in (None, "", (), [], False):
            continue
        if isinstance(value, tuple | list) and value and isinstance(value[0], dict):
            value = [_as_said(part) for part in value]
        elif isinstance(value, tuple):
            value = list(value)
        said[names.get(name, name)] = value
    return {"cycle": [], **said} if "id" in record else said


def _ids_beside(place: Path) -> tuple[frozenset[str], str]:
    """Return the numbers of the children beside whose records the log lies, and whether they are looked for."""
    try:
        ids = gather_secrets(place).numbers - {""} if is_extract(place) else frozenset()
    except PaceError:
        ids = frozenset()
    if ids:
        return (
            ids,
            f"Names, dates of birth and the children's numbers of the extract '{place.name}' are looked for in what you write.",
        )
    return (
        ids,
        "Names and dates of birth are looked for in what you write. Children's numbers are not: no extract lies beside this log.",
    )


def _box(kind: str, said: list[str]) -> str:
    return f'<div class="{kind}"><ul>{"".join(f"<li>{escape(s.strip())}</li>" for s in said)}</ul></div>'
