"""A child's journey told in words: a summary in sentences, the rows of a table with the content of the picture, single lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from pace_nb.periods import age
from pace_nb.timelines.records import Journey, Wait
from pace_nb.timelines.stretches import MEETINGS, Stay, Stretch, home_and_away
from pace_nb.wording.journeys import PROFESSIONAL, Version, say_length, say_weeks_of


def tell_stay(stay: Stay, version: Version) -> str:
    """Return a placement in a line: kind, first and last day, how long."""
    until = (
        version.say("lasts" if stay.open else "unended") if stay.open or stay.unended else version.short_day(stay.end)
    )
    return f"{version.place(stay.code)}, {version.short_day(stay.start)} – {until} ({say_length(stay.days)})"


def join_orders(legal: Sequence[Stay]) -> list[list[Stay]]:
    """Return orders in order of their start, with those of one kind that follow within a day as one run."""
    runs: list[list[Stay]] = []
    for stay in legal:
        run = next(
            (r for r in runs if r[-1].code == stay.code and not r[-1].open and 0 <= (stay.start - r[-1].end).days <= 1),
            None,
        )
        if run:
            run.append(stay)
        else:
            runs.append([stay])
    return runs


def tell_marks(journey: Journey, version: Version) -> list[tuple[date, list[str], list[str]]]:
    """Return what is marked of a journey but meetings, by day: the day, the code of each event, and its lines of words."""
    events = [(e.day, e.code, e.route) for e in journey.events if e.code not in MEETINGS]
    told, before = [], None
    for day, own in groupby(events, key=lambda e: e[0]):
        codes = [(code, route) for _, code, route in own]
        lines = [
            f"{version.event(code, True)}{f': {version.routes[route]}' if route in version.routes else ''}"
            for code, route in codes
        ]
        later = f", {version.say('later', length=say_weeks_of((day - before).days))}" if before else ""
        told.append((day, [c for c, _ in codes], [*lines, version.short_day(day) + later]))
        before = day
    return told


def name_wait(wait: Wait, version: Version) -> str:
    """Return from which milestone to which a wait runs, in short words."""
    return version.say("wait", start=version.event(wait.aim.start, True), end=version.event(wait.aim.end, True))


def tell_wait(wait: Wait, version: Version) -> str:
    """Return how a wait stands against its limit."""
    return version.say(_standing(wait), **_facts(wait, version))


def _standing(wait: Wait) -> str:
    """Return the name of the phrase for how a wait stands."""
    if wait.status == "unusable":
        return "unusable"
    over = wait.due is not None and wait.last > wait.due
    if wait.status == "left":
        return "left_late" if over else "left"
    if wait.due is None:
        return "waiting_no_limit" if wait.status == "waiting" else "no_limit"
    if wait.status == "waiting":
        return "waiting_late" if over else "waiting_ends" if wait.late else "waiting"
    return "late" if wait.late else "in_time"


def _facts(wait: Wait, version: Version) -> dict[str, str]:
    """Return what phrases about a wait are filled with."""
    over = (wait.last - wait.due).days if wait.due else 0
    return {
        "length": say_weeks_of(wait.days),
        "limit": version.limit(wait.aim),
        "over": say_weeks_of(over),
        "due": version.short_day(wait.due) if wait.due else "",
        "reason": version.reasons.get(wait.reason, wait.reason),
        "start": version.event(wait.aim.start),
        "start_small": _small(version.event(wait.aim.start)),
        "end": _small(version.event(wait.aim.end)),
        "day": version.day(wait.start),
    }


def tell_stretch(stretch: Stretch, version: Version) -> str:
    """Return how long a stretch is, and which meetings were held within it."""
    length = say_weeks_of(stretch.days)
    held = [
        f"{n} {version.say(name)}{'' if n == 1 else 's'}"
        for n, name in ((stretch.reviews, "reviews"), (stretch.hearings, "hearings"))
        if n
    ]
    return version.say(stretch.kind, length=length) + (version.say("held", held=", ".join(held)) if held else "")


def summarise(journey: Journey, version: Version = PROFESSIONAL) -> list[str]:
    """Return the journey in a few plain sentences: where the child lived, what was decided and when, what is not recorded."""
    sentences = [
        *_say_begin(journey, version),
        *_say_places(journey, version),
        *_say_decisions(journey, version),
        *_say_silences(journey, version),
    ]
    return [s[:1].upper() + s[1:] for s in sentences]


def _say_begin(journey: Journey, version: Version) -> list[str]:
    day = version.day(journey.first)
    if journey.born is None or not version.ages:
        return [version.say("begin", who=journey.label, day=day)]
    if journey.first < journey.born:
        before = say_weeks_of((journey.born - journey.first).days)
        return [version.say("begin_unborn", who=journey.label, day=day, before=before)]
    return [version.say("begin_aged", who=journey.label, day=day, age=say_age(journey.born, journey.first))]


def say_age(born: date, on: date) -> str:
    """Return an age in words: in days, weeks or months under two years.

    >>> say_age(date(2019, 1, 1), date(2019, 1, 9)), say_age(date(2016, 1, 1), date(2019, 3, 1))
    ('8 days old', '3 years old')
    """
    days = (on - born).days
    if days < 100:
        return f"{say_weeks_of(days)} old"
    years = age(born, on)
    if years < 2:
        return f"{int(days / 30.4375)} months old"
    return f"{years} years old"


def _say_places(journey: Journey, version: Version) -> list[str]:
    stays = journey.placements
    if not stays:
        return [version.say("none_places") + "."]
    said = [version.say("one_place" if len(stays) == 1 else "places", n=len(stays))]
    moves = len(journey.moves)
    if moves:
        said[0] += version.say("with_move" if moves == 1 else "with_moves", n=moves)
    said[0] += "."
    parts = home_and_away(stays)
    for at_home, name in ((False, "time_away"), (True, "time_home")):
        own = [(b - a).days for a, b, home in parts if home == at_home]
        if own and len(parts) > 1:
            times = "" if len(own) == 1 else version.say("in_times", n=len(own))
            said.append(version.say(name, length=say_length(sum(own)), times=times))
    lives = journey.lives
    if lives:
        place = _small(version.place(lives.code))
        said.append(version.say("lives", place=place, day=version.day(lives.start)))
    elif journey.eighteenth and journey.last >= journey.eighteenth:
        said.append(version.say("was_18", day=version.day(journey.last)))
    else:
        said.append(version.say("no_longer", day=version.day(max(s.end for s in stays))))
    return said


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _say_decisions(journey: Journey, version: Version) -> list[str]:
    said = []
    for wait in journey.waits:
        facts = _facts(wait, version)
        phrase = {"unusable": "decided_unusable", "left": "decided_left"}.get(wait.status, "decided")
        phrase = "decided_waiting" if wait.status == "waiting" else phrase
        said.append(version.say(phrase, **facts, told=tell_wait(wait, version)))
    orders = [e for e in journey.events if e.code == "order_granted"]
    for order in orders:
        route = version.routes.get(order.route)
        said.append(version.say("secure" if route else "secure_plain", route=route, day=version.day(order.day)))
    if not orders and not journey.waits:
        said.append(version.say("none_marks") + ".")
    if journey.eighteenth and any(w.status == "left" and "18" in w.reason for w in journey.waits):
        said.append(version.say("eighteen_waiting"))
    return said


def _say_silences(journey: Journey, version: Version) -> list[str]:
    said = []
    if journey.silences:
        longest = max(journey.silences, key=lambda s: (s.days, s.start))
        n = len(journey.silences)
        told = tell_stretch(longest, version)
        name = "silent_once" if n == 1 else "silent"
        said.append(version.say(name, n=n, told=told, first=version.day(longest.start), last=version.day(longest.end)))
    if journey.gaps:
        days = sum(g.days for g in journey.gaps)
        said.append(version.say("missing", length=say_weeks_of(days)))
    torn = sum(p.unended for p in journey.placements)
    if torn:
        said.append(version.say("torn_once" if torn == 1 else "torn", n=torn))
    return said


def tabulate(journey: Journey, version: Version = PROFESSIONAL) -> tuple[list[str], list[list[str]]]:
    """Return the content of the picture as a table: headings, and rows in order of date (from, to, kind, what, how long)."""
    lanes, rows = version.lanes, []

    def until(stay: Stay) -> str:
        return version.say("lasts" if stay.open else "unended") if stay.open or stay.unended else version.day(stay.end)

    for n, stay in enumerate(journey.placements, 1):
        rows.append(
            (stay.start, 1, until(stay), lanes["places"], f"{n}. {version.place(stay.code)}", say_length(stay.days))
        )
    for stay in journey.legal:
        rows.append((stay.start, 2, until(stay), lanes["legal"], version.order(stay.code), say_length(stay.days)))
    for event in journey.events:
        lane = lanes.get(event.code, lanes["marks"])
        route = f": {version.routes[event.route]}" if event.route in version.routes else ""
        rows.append((event.day, 3, "", lane, version.event(event.code) + route, ""))
    for wait in journey.waits:
        rows.append(
            (wait.start, 4, version.day(wait.last), lanes["waits"], name_wait(wait, version), tell_wait(wait, version))
        )
    for stretch in (*journey.gaps, *journey.silences):
        rows.append((stretch.start, 5, version.day(stretch.end), lanes["gaps"], tell_stretch(stretch, version), ""))
    rows.sort(key=lambda r: r[:2])
    headings = [version.say(f"column_{name}") for name in ("from", "to", "kind", "what", "length")]
    return headings, [[version.day(day), *rest] for day, _, *rest in rows]
