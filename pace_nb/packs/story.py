"""The story of an area in steps that a facilitator walks through, from a pack alone: no record of a child is anywhere near it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pace_nb.charts.quick import draw_bands, draw_curve, draw_group_shares, draw_medians, draw_share_points
from pace_nb.packs.records import ALL, Pack, Slice, Table
from pace_nb.packs.words import (
    QUESTIONS,
    list_bands,
    list_curve,
    list_groups,
    list_medians,
    list_years,
    say_in_time,
    say_share,
    say_typical,
    say_waiting,
)
from pace_nb.shown import Shown
from pace_nb.tables import cell, make_table

_SCREEN = 540  # narrow drawings: on a projector their letters are large
_FEW = "Too few children to draw a picture that tells of none of them."


@dataclass(frozen=True)
class Step:
    """One step. says: sentences; svg: a picture or ""; table: its numbers; talk: what tables talk about; notes: for the presenter."""

    title: str
    says: tuple[str, ...]
    svg: str = ""
    table: Shown | None = None
    talk: str = ""
    notes: tuple[str, ...] = ()


def tell_steps(pack: Pack) -> list[tuple[str, Callable[[str, str], Step]]]:
    """Return the steps of a pack in order: the title of each, and what makes it for an aim and a group."""
    steps: list[tuple[str, Callable[[Pack, Slice], Step]]] = [
        ("Before we look", _before),
        ("Who waits now?", _waiting),
        ("How long do waits last?", _long),
        ("Who had it in time?", _in_time),
        ("Does it differ by where children live?", _groups),
        ("Are waits changing?", _changing),
        ("Beside law and guidance", _law),
    ]
    if pack.rest is not None:
        steps.append(("Beside all other areas together", _rest))
    steps.append(("What will we try?", _try))
    return [(title, _of(pack, make)) for title, make in steps]


def _of(pack: Pack, make: Callable[[Pack, Slice], Step]) -> Callable[[str, str], Step]:
    return lambda aim, group: make(pack, _chosen(pack, aim, group))


def _chosen(pack: Pack, aim: str, group: str) -> Slice:
    """Return the slice that is asked for; all children where the group is not offered for this aim."""
    return next((s for s in pack.groups(aim) if s.group == group), pack.slice(aim))


def _who(pack: Pack, one: Slice) -> str:
    return f"{pack.aim(one.aim).title}. {one.name}."


def _before(pack: Pack, one: Slice) -> Step:
    aim = pack.aim(one.aim)
    ask = (
        f"Think of ten children in {pack.area} whose {aim.limit} ran out. How many of them had the step by then?"
        if aim.limit
        else f"Think of ten children in {pack.area} who wait for this step. How many will wait longer than half a year?"
    )
    return Step(
        "Before we look",
        (_who(pack, one), ask, "Write your number down. Nobody will collect it."),
        talk="Tell your neighbour your number, and what it rests on.",
        notes=(
            "Three minutes. People look harder at a picture when they have said first what they expect.",
            f"Everything here is from the records as they stood on {pack.as_at}. Numbers are rounded, and small ones are not shown: "
            "no picture tells of a single child.",
            "Keys: Page Down or the right arrow goes on, Page Up or the left arrow goes back, N shows or hides these notes.",
        ),
    )


def _waiting(pack: Pack, one: Slice) -> Step:
    return Step(
        "Who waits now?",
        (_who(pack, one), say_waiting(pack, one)),
        draw_bands(one.bands, 460),
        list_bands(pack, one),
        QUESTIONS[1],
        (
            "Five minutes. Begin with those who wait: pictures of children who finished leave them out.",
            "These waits are not over. Do not compare their length with that of finished waits.",
        ),
    )


def _long(pack: Pack, one: Slice) -> Step:
    aim = pack.aim(one.aim)
    table = list_curve(pack, one)
    svg = (
        draw_curve(one.curve, aim.weeks, aim.limit, table.text, "The share who still wait", _SCREEN)
        if one.curve
        else ""
    )
    return Step(
        "How long do waits last?",
        (_who(pack, one), say_typical(one)),
        svg,
        table,
        "At which week does the line fall fastest, and what happens in the work then?",
        (
            "Five minutes. Read one dot aloud: after so many weeks, that share still waits. Then let tables read another.",
            "Children still waiting count for as long as they have waited, so nobody is left out.",
        ),
    )


def _in_time(pack: Pack, one: Slice) -> Step:
    aim, years = pack.aim(one.aim), [y for y in one.years if y.year != ALL]
    points = [(y.year, y.share, cell(y.due), None) for y in years]
    known = sum(y.share is not None for y in years) > 1
    table = list_years(pack, one)
    svg = draw_share_points(points, "The share in time", table.text, aim.target, _SCREEN) if known else ""
    return Step(
        "Who had it in time?",
        (_who(pack, one), say_in_time(pack, one)),
        svg,
        table if years else None,
        QUESTIONS[0],
        (
            "Eight minutes. Ask first what people see, then what they think lies behind it.",
            "A share of few children moves a lot by chance alone. The number under each dot says how many they were.",
            "Nobody here is to be compared with anybody: this is about the system, not about a team.",
        ),
    )


def _groups(pack: Pack, one: Slice) -> Step:
    aim = pack.aim(one.aim)
    slices = pack.groups(one.aim)
    totals = [(s.name, next((y for y in s.years if y.year == ALL), None)) for s in slices]
    shares = [(name, y and y.share, cell(y.due) if y else "") for name, y in totals]
    said = (
        "Each bar is the share in time of the children of a group whose limit ran out, all years together."
        if len(slices) > 1
        else "For this aim only all children together can be shown: the groups are too small to tell apart."
    )
    svg = ""
    if aim.limit:
        alt = "; ".join(
            f"{name}: {say_share(share)}{f' of {due}' if share is not None else ''}" for name, share, due in shares
        )
        svg = draw_group_shares(
            shares,
            aim.target,
            f"Share in time by where the child lives. {alt}.",
            "In time, all years together",
            _SCREEN,
        )
    return Step(
        "Does it differ by where children live?",
        (f"{aim.title}.", said),
        svg,
        list_groups(pack, one.aim),
        "What differs for these children: the work, the law, or what is recorded?",
        (
            "Five minutes. Groups differ in their children, so a difference is a question and never a verdict.",
            "Where the child lives: on the day the wait ended, or now for children still waiting.",
        ),
    )


def _changing(pack: Pack, one: Slice) -> Step:
    aim, table = pack.aim(one.aim), list_medians(pack, one)
    svg = (
        draw_medians(one.medians, one.centre, aim.weeks, table.text, f"Median wait of each {one.by}", _SCREEN)
        if one.medians
        else ""
    )
    return Step(
        "Are waits changing?",
        (_who(pack, one), *one.signals),
        svg,
        table,
        QUESTIONS[2],
        (
            "Eight minutes. Half of the children of a period waited longer than its dot, half not so long.",
            "When long waits are cleared, dots go up for a while although the work got better. Look back at who waits now.",
            "The picture says that something changed, or that it cannot tell. It never says what changed it.",
        ),
    )


def _law(pack: Pack, one: Slice) -> Step:
    return Step(
        "Beside law and guidance",
        ("A timescale of law or guidance is the least that is asked for. It is no target.",),
        "",
        _shown(pack.timescales),
        f"Which of these did you not know? Which matters most to a child who waits as in '{pack.aim(one.aim).title}'?",
        ("Five minutes. The list does not follow the choice of aim or group: it is about all children.",),
    )


def _rest(pack: Pack, one: Slice) -> Step:
    del one
    return Step(
        "Beside all other areas together",
        pack.rest_says,
        "",
        _shown(pack.rest),
        "If we differ from the others, what else differs: the children, the courts, what is recorded?",
        (
            "Five minutes. Areas are never put in an order. 'Worth a look' is no more than that: look often enough, and chance shows "
            "something.",
        ),
    )


def _try(pack: Pack, one: Slice) -> Step:
    del pack, one
    return Step(
        "What will we try?",
        (QUESTIONS[3], "Write it as a test: what you will do, with whom, by when, and what you predict."),
        talk="Each table reads one test aloud. Who will be the first to try it, and with how few children can it begin?",
        notes=(
            "Fifteen minutes. Small is better: one child, one meeting, next week.",
            "Record each test the same day: pace-nb dashboard record_a_test, or pace-nb tests new.",
        ),
    )


def _shown(table: Table) -> Shown:
    return make_table(table.columns, table.rows, table.caption, table.note)


def empty_words(step: Step) -> str:
    """Return what stands where a picture would, if there is none although one was meant; "" for a step without a picture."""
    return _FEW if not step.svg and step.table is not None and step.title.endswith("?") else ""
