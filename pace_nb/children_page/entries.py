"""What the page of every child holds of each: a row to choose by, and the child's own part of the page.

Nothing of it is a date of birth or a number of the records: ages are bands, and a child is named by its label.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from pace_nb import terms
from pace_nb.disclosure import require_working
from pace_nb.extract import Extract
from pace_nb.pages.journeys import describe_journey, draw_siblings, show_journey
from pace_nb.pseudonyms import plain_label
from pace_nb.spells import KEY
from pace_nb.timelines import Journey, Standing, band_age, find_standings, label_children, tell_journey

NOWHERE = "not_recorded"  # of a child who is looked after, with no placement that lasts
GONE = "not_looked_after"


@dataclass(frozen=True)
class Entry:
    """A child of the page.

    standings: the child's marks on the charts. together: number of the child's sibling group among `Entries.siblings`, -1 without one.
    """

    journey: Journey
    standings: tuple[Standing, ...]
    together: int

    @property
    def code(self) -> str:
        """By what links name the child."""
        return plain_label(self.journey.label)

    @property
    def lives(self) -> str:
        """Where the child lives on the as-at date."""
        if not self.looked_after:
            return GONE
        return self.journey.lives.code if self.journey.lives else NOWHERE

    @property
    def looked_after(self) -> bool:
        """Whether the child is looked after on the as-at date, as far as the record says."""
        lasting = any(s.open for s in self.journey.placements)
        return lasting or any(s.end is None for s in self.journey.spells)

    @property
    def ages(self) -> str:
        """The band of the child's age on the as-at date."""
        return band_age(self.journey.born, self.journey.as_at)

    @property
    def waits(self) -> tuple[Standing, ...]:
        """The steps that the child waits for."""
        return tuple(s for s in self.standings if not s.reached)

    @property
    def days(self) -> int:
        """Whole days of the longest wait; 0 without one."""
        return max((s.days for s in self.waits), default=0)


@dataclass(frozen=True)
class Entries:
    """Every child of an extract: those past a limit first, then others who wait, longest first; and its sibling groups, oldest first."""

    children: tuple[Entry, ...]
    siblings: tuple[tuple[Journey, ...], ...]


def find_entries(extract: Extract) -> Entries:
    """Return every child of an extract as the page holds them. Raises ParameterError in the aggregate audience, and without a key."""
    require_working(extract.audience, "A page with every child's timeline")
    labels, standings = label_children(extract), find_standings(extract)
    journeys = {key: tell_journey(extract, key, label) for key, label in labels.items()}
    groups = _groups(extract, journeys)
    place = {j.label: n for n, group in enumerate(groups) for j in group}
    entries = [Entry(j, standings.get(key, ()), place.get(j.label, -1)) for key, j in journeys.items()]
    entries.sort(key=lambda e: (not any(s.late for s in e.waits), -e.days, not e.looked_after, e.journey.label))
    return Entries(tuple(entries), groups)


def _groups(extract: Extract, journeys: dict) -> tuple[tuple[Journey, ...], ...]:
    """Return the sibling groups of two and more."""
    members = extract.children.dropna(subset=["sibling_group"]).sort_values(["sibling_group", "date_of_birth", *KEY])
    found = (
        tuple(journeys[k] for k in rows[KEY].itertuples(index=False, name=None))
        for _, rows in members.groupby(["local_authority", "sibling_group"], sort=True)
    )
    return tuple(g for g in found if len(g) > 1)


def write_child(entry: Entry, siblings: Sequence[Journey]) -> str:
    """Return a child's part of the page: in words, as a picture, as a table, and where the child stands on each chart."""
    journey = entry.journey
    parts = [
        f'<h2 tabindex="-1">{escape(journey.label)}</h2>',
        describe_journey(journey).html,
        show_journey(journey).html,
        write_standings(entry.standings),
    ]
    others = [j for j in siblings if j.label != journey.label]
    if others:
        links = ", ".join(f'<a href="#{plain_label(j.label)}">{escape(j.label)}</a>' for j in others)
        together = f'<a href="#together-{entry.together}">together on one time axis</a>'
        parts.append(f"<h3>Brothers and sisters</h3><p>{links}; {together}.</p>")
    return "".join(parts)


def write_siblings(siblings: Sequence[Journey]) -> str:
    """Return a sibling group's part of the page."""
    names = ", ".join(f'<a href="#{plain_label(j.label)}">{escape(j.label)}</a>' for j in siblings)
    return f'<h2 tabindex="-1">Brothers and sisters</h2><p>{names}</p>{draw_siblings(siblings).html}'


def write_standings(standings: Sequence[Standing]) -> str:
    """Say which dot or bar of each chart is the child's. What names a chart becomes a link where that chart's page was made too."""
    if not standings:
        return "<h3>On the charts of the aims</h3><p>This child is on none of them.</p>"
    items = "".join(f"<li>{_say_standing(s)}</li>" for s in standings)
    return f"<h3>On the charts of the aims</h3><ul>{items}</ul>"


def _say_standing(standing: Standing) -> str:
    weeks, title = f"{standing.days // 7:,} weeks", escape(standing.aim.title)
    chart = f'<span data-figure="{escape(standing.aim.id)}">{title}</span>'
    middle = "" if standing.median is None else f"; the median of those who finished is {standing.median:.0f}"
    late = "" if standing.aim.limit is None else ", past the limit" if standing.late else ", within the limit"
    if standing.reached:
        return f"{chart}: dot {standing.place:,} of {standing.of:,}, {weeks}{late}{middle}."
    return f"{chart}: bar {standing.place:,} of {standing.of:,} who still wait, {weeks} so far{late}{middle}."


def name_place(code: str) -> str:
    """Return where a child lives in words.

    >>> name_place("kinship"), name_place("not_looked_after")
    ('Kinship care', 'Not looked after now')
    """
    return {GONE: "Not looked after now", NOWHERE: "Placement not recorded"}.get(code) or terms.label(code)


def parts_of(entries: Entries) -> Iterator[str]:
    """Yield the part of each child, in order, and then those of the sibling groups."""
    for entry in entries.children:
        yield write_child(entry, entries.siblings[entry.together] if entry.together >= 0 else ())
    for siblings in entries.siblings:
        yield write_siblings(siblings)
