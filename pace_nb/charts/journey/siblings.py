"""The picture of brothers and sisters: a lane for each on one time axis, who lived together, and decisions that several shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from pace_nb.charts.journey.child import draw_places
from pace_nb.charts.journey.fit import pack
from pace_nb.charts.journey.page import LEFT, RIGHT, WIDTH, Sheet
from pace_nb.charts.journey.scale import Scale
from pace_nb.charts.journey.shapes import Mark, Picture, width
from pace_nb.timelines.records import Journey
from pace_nb.timelines.siblings import APART, TOGETHER, UNKNOWN, compare_homes, find_joint
from pace_nb.timelines.stretches import MEETINGS
from pace_nb.wording.journey_told import say_length
from pace_nb.wording.journeys import PROFESSIONAL, Version
from pace_nb.wording.siblings import letter_of, name_sibling, tell_joint


def lay_out_siblings(journeys: Sequence[Journey], version: Version = PROFESSIONAL, wide: float = WIDTH) -> Picture:
    """Return the picture of several children on one time axis, laid out `wide` pixels wide. journeys: in order of birth."""
    first, last = min(j.first for j in journeys), max(j.last for j in journeys)
    pad = timedelta(days=max(1, (last - first).days // 120))
    sheet = Sheet(Scale(first - pad, last, LEFT, wide - LEFT - RIGHT), version)
    say = version.say
    sheet.heading(say("siblings", n=len(journeys), first=version.day(first), last=version.day(last)))
    as_at = max(j.as_at for j in journeys)
    sheet.axis(None, f"{say('as_at' if last == as_at else 'ends')} {version.short_day(last)}")
    sheet.upright(last, "now")
    joint = find_joint(journeys)
    for day in sorted({j.day for j in joint if len(j.who) > 1}):
        sheet.upright(day, "share")
    for i, journey in enumerate(journeys):
        _child_lane(sheet, journey, i)
    _together_lane(sheet, journeys)
    marks = []
    for day, own in groupby(joint, key=lambda j: j.day):
        told = list(own)
        shapes = ["diamond"] * len(told)
        marks.append((day, shapes, [*(tell_joint(j, len(journeys), version) for j in told), version.short_day(day)]))
    sheet.labelled_marks(version.lanes["joint"], marks, say("none_marks"))
    sheet.close_lines()
    sheet.key()
    sheet.symbols(_symbols(journeys, version))
    sheet.note(
        say("siblings_note" if any(p.home for j in journeys for p in j.placements) else "siblings_note_no_homes")
    )
    return sheet.finish()


def _child_lane(sheet: Sheet, journey: Journey, i: int) -> None:
    """Put the places of one child, with birth if it lies within the picture, and a sign for each day on which something was decided."""
    name, version, scale, top = name_sibling(journey, i, sheet.version), sheet.version, sheet.scale, sheet.y
    born = journey.born if version.ages and journey.born and scale.first <= journey.born <= scale.last else None
    days = sorted({e.day for e in journey.events if e.code not in MEETINGS})
    signs = [(scale.x(d), "diamond") for d in days] + ([(scale.x(born), "ring")] if born else [])
    rows = pack([(x - 6.5, x + 6.5) for x, _ in signs])
    for (x, shape), row in zip(signs, rows, strict=True):
        sheet.picture.marks.append(Mark(x, top + 9 + row * 13, shape, 5.5))
    if born:
        _say_born(sheet, scale.x(born), [x for x, _ in signs], top + 9 + rows[-1] * 13 + sheet.size * 0.36)
    room = 20 + max(rows, default=0) * 13
    sheet.y += room
    height = draw_places(sheet, journey, letter_of(i)) + room
    sheet.y = top
    sheet.end_lane(max(height, sheet.name_lane(name, top, height)))


def _say_born(sheet: Sheet, x: float, signs: Sequence[float], y: float) -> None:
    """Name the sign of birth: left of it and of what stands close to it, or right of them where the lane begins there."""
    words, close = sheet.version.say("born"), [s for s in signs if abs(s - x) < 60]
    left = min(close) - 9
    if left - width(words, sheet.size) > LEFT:
        sheet.text(left, y, words, align="end")
    else:
        sheet.text(max(close) + 9, y, words)


def _together_lane(sheet: Sheet, journeys: Sequence[Journey]) -> None:
    """Put, for each two children, when they lived together or apart, a row for each pair under the name of the lane."""
    pairs, version, step = compare_homes(journeys), sheet.version, sheet.line + 5
    if not pairs:
        return
    sheet.text(0, sheet.y + sheet.size, version.lanes["together"], bold=True)
    sheet.y += step
    for pair in pairs:
        y = sheet.y + sheet.size * 0.98
        sheet.text(14, y, version.say("pair", one=letter_of(pair.first), other=letter_of(pair.second)))
        for shared in pair.shared:
            x, x2 = sheet.box(shared.start, shared.end, sheet.y, step - 4, shared.state)
            name = version.say(shared.state)
            sheet.inside(x, x2, y, [f"{name}, {say_length((shared.end - shared.start).days)}", name])
        if not pair.shared:
            sheet.text(LEFT, y, version.say("never_both"))
        sheet.y += step
    sheet.end_lane(0)


def _symbols(journeys: Sequence[Journey], version: Version) -> list[tuple[str, str, str]]:
    """Return the signs that the picture uses, with what they mean."""
    stays = [p for j in journeys for p in j.placements]
    codes = {p.code for p in stays}
    states = {s.state for p in compare_homes(journeys) for s in p.shared}
    first = min(j.first for j in journeys)
    conditional = (
        *(("box", state, f"s_{state}", state in states) for state in (TOGETHER, APART, UNKNOWN)),
        ("box", "gap", "s_gap", any(j.gaps for j in journeys)),
        ("box", "plain:open", "s_open", any(p.open for p in stays)),
        ("box", "plain:torn", "s_torn", any(p.unended for p in stays)),
        ("mark", "diamond", "s_mark", True),
        ("mark", "ring", "born", version.ages and any(j.born and j.born >= first for j in journeys)),
    )
    items = [("box", code, version.place(code)) for code in version.places if code in codes]
    return items + [(kind, look, version.say(name)) for kind, look, name, there in conditional if there]
