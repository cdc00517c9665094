"""The picture of one child: home and away, places, orders, meetings, milestones, waits against aims, what is not recorded."""

from __future__ import annotations

from datetime import date, timedelta

from pace_nb.charts.journey.fit import pack
from pace_nb.charts.journey.page import BAR, LEAST, LEFT, RIGHT, WIDTH, Bar, Sheet
from pace_nb.charts.journey.scale import Scale
from pace_nb.charts.journey.shapes import Line, Picture, width
from pace_nb.timelines.records import Journey, Wait
from pace_nb.timelines.stretches import MEETINGS, Stay, Stretch, home_and_away
from pace_nb.wording.journey_told import join_orders, name_wait, tell_marks, tell_stay, tell_stretch, tell_wait
from pace_nb.wording.journeys import PROFESSIONAL, Version, say_length

_NUMBER_ROW = 24.0  # below bars too narrow for a number
#: Shape of what happened; every other event is a diamond.
_SHAPES = {"referral": "ring", "born": "ring", "eighteen": "ring", "return_home": "house"}


def lay_out_child(journey: Journey, version: Version = PROFESSIONAL, wide: float = WIDTH) -> Picture:
    """Return the picture of one child's journey, laid out `wide` pixels wide. It takes a few milliseconds."""
    sheet = Sheet(_scale(journey, wide), version)
    say = version.say
    title = say("title", label=journey.label, first=version.day(journey.first), last=version.day(journey.last))
    sheet.heading(title)
    ends = "as_at" if journey.last == journey.as_at else "ends"
    sheet.axis(journey.born, f"{say(ends)} {version.short_day(journey.last)}")
    for day in _birthdays(journey) if version.ages else ():
        sheet.upright(day, "born")
    sheet.upright(journey.last, "now")
    top = sheet.y
    _home_lane(sheet, journey)
    _places_lane(sheet, journey)
    _orders_lane(sheet, journey)
    for code in MEETINGS:
        days = [e.day for e in journey.events if e.code == code]
        if days:
            sheet.marks_lane(version.lanes[code], days, "circle" if code == "review" else "triangle")
        elif code == "review":
            sheet.say_empty(version.lanes[code], say("none_review"))
    marks = [(d, [_SHAPES.get(c, "diamond") for c in codes], words) for d, codes, words in tell_marks(journey, version)]
    sheet.labelled_marks(version.lanes["marks"], marks, say("none_marks"))
    sheet.bars_with_words(version.lanes["waits"], [_wait(w, version) for w in journey.waits])
    quiet = sorted((*journey.gaps, *journey.silences), key=lambda s: (s.start, s.kind))
    sheet.bars_with_words(version.lanes["gaps"], [_stretch(s, version) for s in quiet], bold=True)
    for silence in journey.silences:
        sheet.shade(silence.start, silence.end, top)
    sheet.close_lines()
    sheet.key()
    sheet.symbols(_symbols(journey, version))
    sheet.note(say("note"))
    return sheet.finish()


def _scale(journey: Journey, wide: float) -> Scale:
    pad = timedelta(days=max(1, (journey.last - journey.first).days // 120))
    return Scale(journey.first - pad, journey.last, LEFT, wide - LEFT - RIGHT)


def _birthdays(journey: Journey) -> list[date]:
    """Return birth and 18th birthday, if they lie within the record."""
    return [d for d in (journey.born, journey.eighteenth) if d and journey.first <= d <= journey.last]


def _home_lane(sheet: Sheet, journey: Journey) -> None:
    parts = home_and_away(journey.placements)
    if not parts:
        return
    rows = pack([(sheet.scale.x(a), max(sheet.scale.x(b), sheet.scale.x(a) + LEAST)) for a, b, _ in parts])
    step = sheet.line + 4
    height = sheet.name_lane(sheet.version.lanes["home"], sheet.y, (max(rows) + 1) * step)
    for (start, end, at_home), row in zip(parts, rows, strict=True):
        y = sheet.y + row * step
        x, x2 = sheet.box(start, end, y, step - 2, "home" if at_home else "away")
        name = sheet.version.say("at_home" if at_home else "away")
        said = [f"{name}, {say_length((end - start).days)}"]
        moves = sum(start < m <= end for m in journey.moves)
        if moves and not at_home:
            counted = sheet.version.say("move" if moves == 1 else "moves", n=moves)
            said = [f"{said[0]}, {counted}", f"{name}, {counted}", *said]
        sheet.inside(x, x2, y + sheet.size * 0.95 + 1, [*said, name])
    sheet.end_lane(height)


def _places_lane(sheet: Sheet, journey: Journey) -> None:
    if not journey.placements:
        sheet.say_empty(sheet.version.lanes["places"], sheet.version.say("none_places"))
        return
    height = draw_places(sheet, journey)
    sheet.end_lane(sheet.name_lane(sheet.version.lanes["places"], sheet.y, height))


def draw_places(sheet: Sheet, journey: Journey, letter: str = "") -> float:
    """Put where a child lived, and return how high that is.

    If one bar has no room for its name, all are numbered, and the key tells of each. letter: of a sibling, before each number.
    """
    version, scale, stays = sheet.version, sheet.scale, journey.placements
    spans = [(scale.x(s.start), max(scale.x(s.end), scale.x(s.start) + LEAST)) for s in stays]
    rows = pack([(scale.x(s.start) + 0.2, scale.x(s.end)) for s in stays])
    numbered = any(
        width(version.place(s.code), sheet.size) + 10 > b - a for s, (a, b) in zip(stays, spans, strict=True)
    )
    outside: list[tuple[int, float, str]] = []
    step = BAR + (_NUMBER_ROW if numbered else 4)
    for i, (stay, row) in enumerate(zip(stays, rows, strict=True)):
        y = sheet.y + row * step
        x, x2 = sheet.box(stay.start, stay.end, y, BAR, stay.code, _end(stay))
        name, short, length = version.place(stay.code), version.place(stay.code, True), say_length(stay.days)
        number = f"{letter}{i + 1}"
        texts = [f"{name}, {length}", name]
        if numbered:
            texts = [f"{number} {name}, {length}", f"{number} {name}", f"{number} {short}", number]
        room = x2 - (7 if stay.open or stay.unended else 0)
        if not sheet.inside(x, room, y + BAR / 2 + sheet.size * 0.36, texts):
            outside.append((row, (x + x2) / 2, number))
    for gap in journey.gaps:
        sheet.box(gap.start, gap.end, sheet.y, BAR, "gap")
    for row in sorted({r for r, _, _ in outside}):
        own = [(x, n) for r, x, n in outside if r == row]
        y = sheet.y + row * step + BAR
        sheet.spread_numbers([x for x, _ in own], [n for _, n in own], y, y + 7)
    if numbered:
        told = [(f"{letter}{i}", s.code, tell_stay(s, version)) for i, s in enumerate(stays, 1)]
        sheet.add_key("key_places", told)
    return (max(rows, default=0) + 1) * step - (0 if outside else step - BAR)


def _end(stay: Stay) -> str:
    return "open" if stay.open else "torn" if stay.unended else ""


def _orders_lane(sheet: Sheet, journey: Journey) -> None:
    """Put each order in a row of its own where it overlaps another; one that is continued is one bar with a stroke for each time."""
    version, scale = sheet.version, sheet.scale
    runs = join_orders(journey.legal)
    if not runs:
        sheet.say_empty(version.lanes["legal"], version.say("none_legal"))
        return
    drawn, spans = [], []
    for run in runs:
        x, x2 = scale.x(run[0].start), max(scale.x(run[-1].end), scale.x(run[0].start) + LEAST)
        code, room = run[0].code, x2 - x - (16 if run[-1].open else 10)
        names = [version.order(code), version.order(code, True)]
        told = [
            _continued(names[0], len(run) - 1, version),
            names[0],
            _continued(names[1], len(run) - 1, version),
            names[1],
        ]
        fits = next((t for t in told if width(t, sheet.size) <= room), "")
        beside = "" if fits else names[x2 + width(names[0], sheet.size) + 6 > sheet.wide]
        drawn.append((run, x, fits, beside))
        spans.append((x, x2 + (width(beside, sheet.size) + 12 if beside else 0)))
    rows = pack(spans, 1)
    step = sheet.line + 8
    for (run, x, fits, beside), row in zip(drawn, rows, strict=True):
        y = sheet.y + row * step
        _, x2 = sheet.box(run[0].start, run[-1].end, y, step - 4, "order", _end(run[-1]))
        for stay in run[1:]:
            at = scale.x(stay.start)
            sheet.picture.lines.append(Line(at, y + step / 2, at, y + step - 4, "rule"))
        if fits:
            sheet.text(x + 5, y + sheet.size + 2, fits)
        elif beside:
            sheet.text(x2 + 5, y + sheet.size + 2, beside)
    sheet.end_lane(sheet.name_lane(version.lanes["legal"], sheet.y, (max(rows) + 1) * step))


def _continued(name: str, times: int, version: Version) -> str:
    if not times:
        return name
    return version.say("continued_once" if times == 1 else "continued", name=name, n=times)


def _wait(wait: Wait, version: Version) -> Bar:
    """Return the bar of a wait, its part past the limit apart. Of one that cannot be counted nothing is shown as late."""
    due, last = wait.due, wait.last
    parts: tuple[tuple[date, date, str], ...] = ((wait.start, last, "aim" if due else "plain"),)
    if wait.status == "unusable":
        parts = ((wait.start, last, "unknown"),)
    elif due and last > due:
        parts = ((wait.start, due, "aim"), (due, last, "over"))
    return Bar(parts, f"{name_wait(wait, version)}: {tell_wait(wait, version)}")


def _stretch(stretch: Stretch, version: Version) -> Bar:
    return Bar(((stretch.start, stretch.end, stretch.kind),), tell_stretch(stretch, version), inside=True)


def _symbols(journey: Journey, version: Version) -> list[tuple[str, str, str]]:
    """Return the signs that the picture uses, with what they mean."""
    codes = dict.fromkeys(p.code for p in journey.placements)
    items = [("box", code, version.place(code)) for code in version.places if code in codes]
    events = {e.code for e in journey.events}
    lasting = any(s.open for s in (*journey.placements, *journey.legal))
    conditional = (
        ("mark", "circle", "s_review", "review" in events),
        ("mark", "triangle", "s_hearing", "hearing" in events),
        ("mark", "diamond", "s_mark", bool(events - set(MEETINGS) - set(_SHAPES))),
        ("mark", "house", "return_home", "return_home" in events),
        ("mark", "ring", "referral", "referral" in events),
        ("line", "born", "s_life", version.ages and bool(_birthdays(journey))),
        ("box", "aim", "s_aim", any(w.due and w.status != "unusable" for w in journey.waits)),
        ("box", "over", "s_over", any(w.due and w.last > w.due and w.status != "unusable" for w in journey.waits)),
        ("box", "unknown", "s_unusable", any(w.status == "unusable" for w in journey.waits)),
        ("box", "silence", "s_silence", bool(journey.silences)),
        ("box", "gap", "s_gap", bool(journey.gaps)),
        ("box", "plain:open", "s_open", lasting),
        ("box", "plain:torn", "s_torn", any(p.unended for p in journey.placements)),
    )
    said = [
        (kind, look, version.event(name) if name in ("return_home", "referral") else version.say(name))
        for kind, look, name, there in conditional
        if there
    ]
    return items + said
