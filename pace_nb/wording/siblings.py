"""Brothers and sisters in words: who is who, what was decided for whom, who lived together as far as the record can tell."""

from __future__ import annotations

from collections.abc import Sequence

from pace_nb.timelines.records import Journey
from pace_nb.timelines.siblings import APART, TOGETHER, UNKNOWN, Joint, compare_homes, find_joint
from pace_nb.wording.journey_told import say_length, summarise, tabulate
from pace_nb.wording.journeys import PROFESSIONAL, Version


def letter_of(i: int) -> str:
    """Return the letter of a sibling: A is the oldest.

    >>> letter_of(0), letter_of(2)
    ('A', 'C')
    """
    return chr(65 + i)


def name_sibling(journey: Journey, i: int, version: Version) -> str:
    """Return how a sibling is named beside a lane: letter, label, and the year of birth."""
    name = f"{letter_of(i)} {journey.label}"
    if not version.ages or journey.born is None:
        return name
    return f"{name}, {version.say('born_in', year=journey.born.year)}"


def tell_joint(joint: Joint, n: int, version: Version) -> str:
    """Return an event and for which of n siblings it is recorded."""
    route = f": {version.routes[joint.route]}" if joint.route in version.routes else ""
    who = version.say("all", n=n) if len(joint.who) == n else ", ".join(letter_of(i) for i in joint.who)
    return f"{version.event(joint.code, True)}{route} ({who})"


def summarise_siblings(journeys: Sequence[Journey], version: Version = PROFESSIONAL) -> list[str]:
    """Return what a picture of siblings shows, in sentences: who they are, when they lived together, what they share."""
    said = [
        version.say(
            "siblings_are",
            n=len(journeys),
            names="; ".join(name_sibling(j, i, version) for i, j in enumerate(journeys)),
        )
    ]
    for pair in compare_homes(journeys):
        days = {
            state: sum((s.end - s.start).days for s in pair.shared if s.state == state)
            for state in (TOGETHER, APART, UNKNOWN)
        }
        told = ", ".join(f"{version.say(f'for_{state}', length=say_length(n))}" for state, n in days.items() if n)
        said.append(
            f"{version.say('pair', one=letter_of(pair.first), other=letter_of(pair.second))}: {told or version.say('never_both')}."
        )
    shared = [j for j in find_joint(journeys) if len(j.who) > 1]
    if shared:
        told = "; ".join(f"{tell_joint(j, len(journeys), version)}, {version.day(j.day)}" for j in shared)
        said.append(version.say("same_day", told=told))
    return said


def tabulate_siblings(
    journeys: Sequence[Journey], version: Version = PROFESSIONAL
) -> tuple[list[str], list[list[str]]]:
    """Return the content of the picture, and all that is recorded of each child, as one table; first who lived together."""
    headings, rows = [version.say("column_who")], []
    for pair in compare_homes(journeys):
        who = version.say("pair", one=letter_of(pair.first), other=letter_of(pair.second))
        for s in pair.shared:
            words = [version.day(s.start), version.day(s.end), version.lanes["together"], version.say(f"s_{s.state}")]
            rows.append([who, *words, say_length((s.end - s.start).days)])
    for i, journey in enumerate(journeys):
        columns, own = tabulate(journey, version)
        headings[1:] = columns
        rows += [[f"{letter_of(i)} {journey.label}", *row] for row in own]
    return headings, rows


def describe_siblings(journeys: Sequence[Journey], version: Version = PROFESSIONAL) -> str:
    """Return the description of a picture of siblings: its summary, then the summary of each child."""
    own = [f"{letter_of(i)}: {' '.join(summarise(j, version))}" for i, j in enumerate(journeys)]
    return " ".join([*summarise_siblings(journeys, version), *own])
