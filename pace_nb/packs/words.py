"""What is said of a pack, and its numbers as tables: the same on the page that needs no server and on the screen of an event."""

from __future__ import annotations

from pace_nb import tables
from pace_nb.packs.records import ALL, Cell, Pack, Slice
from pace_nb.shown import Shown

#: What people at a table may ask of any picture here.
QUESTIONS = (
    "What surprises you, and what did you expect?",
    "Which children are not in this picture, and where would we see them?",
    "What happened in the work when the picture changed, if it did?",
    "What is the smallest thing that we could try before we meet again, and how would we know that it helped?",
)


def say_number(n: Cell, what: str = "children") -> str:
    """Return a protected count in words.

    >>> say_number(25), say_number(None), say_number("–"), say_number(0)
    ('about 25 children', 'too few children to show', 'a number of children that is not shown', 'no children')
    """
    if n is None:
        return f"too few {what} to show"
    if isinstance(n, str):
        return f"a number of {what} that is not shown"
    return f"about {n:,} {what}" if n else f"no {what}"


def say_share(share: float | None) -> str:
    """Return a share in words.

    >>> say_share(0.4167), say_share(None)
    ('about 42 %', 'too few to show')
    """
    return "too few to show" if share is None else f"about {100 * share:.0f} %"


def say_in_time(pack: Pack, one: Slice) -> str:
    """Say who had the step in time, all years together, and the first and last year that can be shown."""
    aim = pack.aim(one.aim)
    if not aim.limit:
        return "In time: no limit is set for this aim, so no child can be early or late."
    total = next((y for y in one.years if y.year == ALL), None)
    if total is None or total.share is None:
        return f"In time: too few children whose {aim.limit} have run out to say, or they fared too much alike to be shown."
    said = (
        f"In time: of {say_number(total.due)} whose {aim.limit} have run out, {say_share(total.share)} had it in time."
    )
    known = [y for y in one.years if y.year != ALL and y.share is not None]
    if len(known) > 1:
        said += (
            f" In {known[0].year} it was {say_share(known[0].share)}, in {known[-1].year} {say_share(known[-1].share)}."
        )
    return said + (f" The aim is {aim.target} %." if aim.target else "")


def say_waiting(pack: Pack, one: Slice) -> str:
    """Say how many wait now, and how many of them past the limit."""
    said = f"Waiting on {pack.as_at}: {say_number(one.waiting)}"
    if pack.aim(one.aim).limit and one.waiting:
        late = say_number(one.overdue, "of them").replace("no of them", "none of them")
        said += f", {late} past the limit"
    return f"{said}."


def say_typical(one: Slice) -> str:
    """Say how long a typical wait is."""
    return f"How long: {one.typical}"


def list_years(pack: Pack, one: Slice) -> Shown:
    """Return who was due and in time, year by year, as a table."""
    rows = [
        [
            "All years" if y.year == ALL else y.year,
            tables.cell(y.due),
            tables.cell(y.met),
            "–" if y.share is None else f"{100 * y.share:.0f} %",
        ]
        for y in one.years
    ]
    caption = f"In time, by the year in which the limit ran out. {pack.aim(one.aim).title}: {one.name}"
    return tables.make_table(["Year", "Children due", "In time", "In time, %"], rows, caption)


def list_bands(pack: Pack, one: Slice) -> Shown:
    """Return how many wait how long, as a table."""
    rows = [[name, tables.cell(n)] for name, n in one.bands] + [["All who wait", tables.cell(one.waiting)]]
    return tables.make_table(
        ["How long so far", "Children waiting"], rows, f"Still waiting. {pack.aim(one.aim).title}: {one.name}"
    )


def list_medians(pack: Pack, one: Slice) -> Shown:
    """Return the median wait of each period, as a table."""
    rows = [[period, "–" if weeks is None else str(weeks)] for period, weeks in one.medians]
    caption = f"Median wait of those who finished in each {one.by}. {pack.aim(one.aim).title}: {one.name}"
    return tables.make_table(["Period", "Median wait, weeks"], rows, caption, empty="Too few children finished.")


def list_curve(pack: Pack, one: Slice) -> Shown:
    """Return the share still waiting after so many weeks, as a table."""
    rows = [[str(week), f"{100 * share:.0f} %"] for week, share in one.curve]
    caption = f"Still waiting, of all who started. {pack.aim(one.aim).title}: {one.name}"
    return tables.make_table(
        ["Weeks since the clock started", "Still waiting"], rows, caption, empty="Too few children."
    )


def list_groups(pack: Pack, aim: str) -> Shown:
    """Return who was due, in time and waiting in each group of an aim, all years together, as a table."""
    rows = []
    for one in pack.groups(aim):
        total = next((y for y in one.years if y.year == ALL), None)
        share = "–" if total is None or total.share is None else f"{100 * total.share:.0f} %"
        due, met = ("–", "–") if total is None else (tables.cell(total.due), tables.cell(total.met))
        rows.append([one.name, due, met, share, tables.cell(one.waiting)])
    caption = f"By where the child lives. {pack.aim(aim).title}"
    return tables.make_table(
        ["Where the child lives", "Children due", "In time", "In time, %", "Waiting now"], rows, caption
    )
