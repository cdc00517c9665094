"""The dashboard on which an analyst or a manager tries choices out: every picture and sentence follows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pandas as pd

from pace_nb import terms
from pace_nb.charts.quick import draw_quick_run, draw_run_at_once
from pace_nb.controls.parts import (
    Download,
    Fragment,
    Live,
    Picture,
    caption_of,
    choose,
    column,
    heading,
    is_found,
    row,
    search,
)
from pace_nb.errors import PaceError
from pace_nb.extract import Extract
from pace_nb.pages.aims import AimStudy, describe_aim, show_aim
from pace_nb.pages.explore import (
    DOTS,
    EVERYONE,
    GROUPS,
    RULES,
    Choice,
    chart_choice,
    draw_choice,
    draw_choice_shares,
    draw_shares_at_once,
    find_choice,
    show_choice,
    study_choice,
)
from pace_nb.pages.journeys import describe_journey, show_journey
from pace_nb.pages.trust import show_page, show_provenance
from pace_nb.periods import show_date
from pace_nb.session import is_injected
from pace_nb.timelines import choose_child
from pace_nb.timelines.labels import label_children

_REST = 0.15  # seconds without another choice before the words are worked out
_BASELINES = (8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100)


def explore(extract: Extract, extract_path: str, choice: Choice | None = None) -> Any:
    """Return the controls of an area with all that follows from them; None in a report.

    extract_path: where the extract lies, so that a downloaded page is searched for what it must not tell. choice: what is chosen first.
    """
    if is_injected():
        return None
    return Explorer(extract, Path(extract_path), choice or Choice()).page


class Explorer:
    """The controls and what they show. The waits of an aim are found once and kept; a changed control draws one picture anew."""

    def __init__(self, extract: Extract, path: Path, choice: Choice):
        self.extract, self.path = extract, path
        self._soon: asyncio.TimerHandle | None = None
        aims = [(a.title, a.id) for a in extract.aims.values()]
        self.aim = choose("Aim", aims, choice.aim)
        self.group = choose(
            "Where the child lives (on the last day of the wait)",
            [("All children", EVERYONE), *((terms.label(g), g) for g in GROUPS)],
            choice.group,
        )
        self.since = choose("Waits that ended", _periods(extract), choice.since)
        self.rules = choose("Rules", [(words, code) for code, words in RULES.items()], choice.rules)
        self.dots = choose("A dot is", [(words, code) for code, words in DOTS.items()], choice.dots)
        self.baseline = choose(
            "Baseline: the dots that set the median", [("those before the first change, or all", "")]
        )
        self.find = search("Find a child: part of the name, a month, or 'waits'")
        self.child = choose("Open the timeline of", [("no child", "")])
        self.names: list[str] = []
        self.opened, self.saved = Live(), Live()  # each stands where the reader looks who has just done something
        self.live, self.says, self.run, self.beside = Live(), Fragment(), Picture(), Fragment()
        self.shares, self.table, self.timeline = Fragment(), Fragment(), Fragment()
        self.controls = (self.aim, self.group, self.since, self.baseline, self.rules, self.dots)
        for control in self.controls:
            control.observe(self._follow, "value")
        self.run.observe(self._dot_chosen, "chosen")
        self.child.observe(self._child_chosen, "value")
        self.find.observe(self._search, "value")
        self._offer_baselines()
        working = extract.audience == "working"
        self.page = column(
            heading("Choose"),
            row(*self.controls),
            self.live,
            heading("How long children waited, and who still waits"),
            self.run,  # next to the controls: whoever changes one sees at once what it does
            *([self.opened, row(self.find, self.child), self.timeline] if working else []),
            self.beside,
            heading("What it says"),
            self.says,
            heading("Who had it in time"),
            self.shares,
            self.table,
            heading("Take it with you"),
            Download("Download this page", self.download),
            self.saved,
            kind="pace-explore",
        )
        self.show()

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        return Choice(*(control.value or "" for control in self.controls))

    def show(self) -> None:
        """Show what is chosen: the picture, and the words, whose false alarm rates may have to be simulated first."""
        if self.draw():
            self.words()

    def draw(self) -> bool:
        """Draw what is chosen, and tell whether it can be drawn."""
        try:
            run = chart_choice(self.extract, self.choice)
        except PaceError as error:
            self._say_fault(error)
            return False
        intervals = find_choice(self.extract, self.choice.aim, self.choice.group, self.choice.since)
        self.labels = self._labels(intervals) if run.kind == "child" else []
        self.run.draw(draw_run_at_once(run, intervals), self.labels)
        self.shares.html = draw_shares_at_once(intervals) or "<p>Too few children were due to draw shares.</p>"
        return True

    def words(self) -> None:
        """Say what the picture shows, and say aloud what is shown now."""
        study = study_choice(self.extract, self.choice)
        figure = draw_quick_run(study.run, study.intervals)
        self.run.svg = figure.svg or f"<p>{figure.alt}</p>"
        self.beside.html = caption_of(figure)
        self.says.show(describe_aim(study))
        self.table.show(show_aim(study))
        if self.extract.audience == "working":
            self._list_children(study.intervals)
        self.saved.text = ""
        self._mark_words("")
        self.live.text = self._shown_now(study)

    def _shown_now(self, study: AimStudy) -> str:
        """Say what is chosen, with how many children; of what is seldom changed only what was changed."""
        who = "All children" if self.group.value == EVERYONE else terms.label(self.group.value)
        said = f"Shown now: {study.aim.title}. {who}"
        if self.extract.audience == "working":
            said += f": {len(study.intervals.reached):,} finished, {len(study.intervals.waiting):,} waiting"
        seldom = (self.since, self.baseline, self.rules, self.dots)
        changed = [f"{c.description.split(':')[0]}: {c.label}." for c in seldom if c.index]
        return " ".join([f"{said}.", *changed])

    def _mark_words(self, kind: str) -> None:
        """Mark the words that belong to what was chosen before, until those of the new picture are there. kind: "stale" or ""."""
        for part in (self.says, self.beside, self.table):
            part.kind = kind

    def download(self) -> tuple[str, str, bytes] | None:
        """Return the page of what is chosen now, made and searched as every report is."""
        from pace_nb.batch.compose import compose_page

        self.saved.text = "The page is being made."
        try:
            study, choice = study_choice(self.extract, self.choice), self.choice
            parts = [
                "# One choice, looked at closely\n\n**Who asks:** an analyst or a manager of the area.  \n"
                "**What it decides:** where to look next.",
                show_page(self.extract),
                "## What was chosen",
                show_choice(self.extract, choice),
                "## What it says",
                describe_aim(study),
                "## How long children waited, and who still waits",
                draw_choice(self.extract, choice),
                "## Who had it in time",
                draw_choice_shares(self.extract, choice),
                show_aim(study),
                "## How far to trust it",
                show_provenance(self.extract),
            ]
            begin = pd.Timestamp(choice.since).date() if choice.since else self.extract.since
            days = [self.extract.as_at, *([begin] if begin else [])]
            page = compose_page("explore", parts, self.extract.audience, self.path, days)
        except PaceError as error:
            self.saved.text = f"{error.what} {error.do}"
            return None
        self.saved.text = f"The page is saved. {page.marking}"
        slug = terms.AUTHORITIES[self.extract.area].slug if self.extract.area in terms.AUTHORITIES else "area"
        return f"{slug}-explore.html", "text/html", page.html.encode()

    def _follow(self, moved: Any) -> None:
        if moved["owner"] in (self.aim, self.group, self.since, self.dots):
            self._offer_baselines()
        self.live.text = ""
        self._mark_words("stale")
        if self.draw():
            self._words_soon()

    def _words_soon(self) -> None:
        """Leave the words until the hand has rested: whoever goes through a list with the arrow keys waits for pictures only."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel: a test, a script
            self.words()
            return
        if self._soon is not None:
            self._soon.cancel()
        self._soon = loop.call_later(_REST, self.words)

    def _offer_baselines(self) -> None:
        """Offer the baselines that the chart is long enough for; the one that was chosen stays if it can."""
        n = len(find_choice(self.extract, self.aim.value, self.group.value, self.since.value or "").reached)
        options = [
            ("those before the first change, or all", ""),
            *((f"the first {k}", str(k)) for k in _BASELINES if k + 2 < n),
        ]
        if list(self.baseline.options) == options:
            return
        kept = self.baseline.value if self.baseline.value in [v for _, v in options] else ""
        self.baseline.unobserve(self._follow, "value")
        self.baseline.options = options
        self.baseline.value = kept
        self.baseline.observe(self._follow, "value")

    def _labels(self, intervals: Any) -> list[str]:
        """Return the name of each dot: label, month and weeks. None of them in the aggregate audience, whose dots are periods."""
        names = label_children(self.extract)
        rows = intervals.reached
        who = zip(rows["local_authority"], rows["child_id"], rows["end"], rows["days"], strict=True)
        return [f"{names[area, child]}, {end:%b %Y}, {days / 7:.0f} weeks" for area, child, end, days in who]

    def _list_children(self, intervals: Any) -> None:
        """List every child of the chart: those who wait, the longest wait first, then those who finished, the last one first."""
        names = label_children(self.extract)
        rows = intervals.waiting.sort_values("days", ascending=False)
        who = zip(rows["local_authority"], rows["child_id"], rows["days"], strict=True)
        listed = [f"{names[area, child]}, still waits, {days / 7:,.0f} weeks so far" for area, child, days in who]
        listed += self._labels(intervals)[::-1]
        if listed != self.names:
            self.names, self.timeline.html = listed, ""
            self._offer_children()
            self.opened.text = "Choose a dot, or a child from the list: the timeline opens here."

    def _offer_children(self, chosen: str = "") -> None:
        """Offer the children whom the search leaves. chosen: whose name stands in the box, if it is among them."""
        found = [name for name in self.names if is_found(name, self.find.value)]
        first = f"choose one of {len(found):,}" if found else "no child fits what is sought"
        self.child.unobserve(self._child_chosen, "value")
        self.child.options = [(first, ""), *((name, name.split(",")[0]) for name in found)]
        self.child.value = chosen if chosen in [code for _, code in self.child.options] else ""
        self.child.observe(self._child_chosen, "value")

    def _search(self, _: Any) -> None:
        self._offer_children(self.child.value)
        self.opened.text = f"{len(self.child.options) - 1:,} of {len(self.names):,} children fit what is sought."

    def _dot_chosen(self, moved: Any) -> None:
        if moved["new"] and moved["new"][0] < len(self.labels):
            label = self.labels[moved["new"][0]].split(",")[0]
            self._offer_children(label)
            self._open(label)

    def _child_chosen(self, moved: Any) -> None:
        if moved["new"]:
            self._open(moved["new"])

    def _open(self, label: str) -> None:
        try:
            journey = choose_child(self.extract, label)
        except PaceError as error:
            self.opened.text = f"{error.what} {error.do}"
            return
        self.timeline.show(describe_journey(journey), show_journey(journey))
        self.opened.text = f"The timeline of {label} is open below."

    def _say_fault(self, error: PaceError) -> None:
        self.live.text = f"{error.what} {error.do}"


def _periods(extract: Extract) -> list[tuple[str, str]]:
    """Return the periods that can be chosen: as the extract says, or since the first day of a later year."""
    first = extract.since
    whole = f"on or after {show_date(first)} (all that are complete)" if first else "on any recorded day"
    begin = first.year + 1 if first else extract.as_at.year - 6
    years = range(begin, extract.as_at.year)
    return [(whole, ""), *((f"on or after 1 January {y}", f"{y}-01-01") for y in years)]
