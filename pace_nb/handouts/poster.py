"""A poster of one change: aim, theory, cycles, chart, what people said, what was learned, what comes next. One sheet.

Always aggregate: a poster hangs where everybody sees it. Texts that are longer than their place are cut at the end of a
sentence or a word and marked with an ellipsis, so that nothing runs over the sheet whatever people wrote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pace_nb.batch.export import draw_svg
from pace_nb.charts.poster import draw_poster_chart
from pace_nb.errors import NothingToShow, ParameterError, few
from pace_nb.extract import Extract
from pace_nb.handouts.numbers import chart_whole_periods, say_in_time, say_numbers
from pace_nb.handouts.render import render, write
from pace_nb.intervals import find_intervals
from pace_nb.pages.portfolio import gather
from pace_nb.pages.theory import study_theory
from pace_nb.pages.trust import SYNTHETIC
from pace_nb.periods import show_date
from pace_nb.terms import AUTHORITIES, lower
from pace_nb.tests_of_change import HELD, SCALES, ChangeIdea, Cycle, as_change
from pace_nb.tests_of_change.privacy import find_told
from pace_nb.theory.plan import state_aim
from pace_nb.theory.records import Theory
from pace_nb.theory.tested import WORDS, capital

#: Width and height of a sheet in millimetres, and how long 1 rem is on it.
SIZES = {"A3": (297, 420, 4.0), "A1": (594, 841, 8.0)}
_CYCLES = 4  # that fit beside one another
_QUOTES = 3
_NO_CHART = (
    "In no three periods did five or more children finish, so a chart would show single children. None is drawn; "
    "what was tried and what people said is told in words."
)
#: The more words, the smaller they are set and the lower the chart: letters at most, times as large, height of the chart, and
#: times as large without a chart.
_SETTINGS = (
    (900, 1.1, 540, 1.22),
    (1500, 1.04, 470, 1.08),
    (2300, 0.97, 400, 0.97),
    (3200, 0.9, 400, 0.9),
    (10**9, 0.86, 400, 0.86),
)


@dataclass(frozen=True)
class CycleCard:
    """What a poster shows of a cycle. asked: question, prediction, what became of that in words and its code, what was found."""

    number: int
    when: str
    scale: str
    scale_words: str
    what: str
    asked: tuple[tuple[str, str, str, str, str], ...]
    decision: str


def write_posters(
    extract: Extract, extract_path: Path, ids: Sequence[str], out: Path, size: str = "A3", was_read: bool = False
) -> list[Path]:
    """Write the poster of each change as a page that prints to one sheet, and return where they lie.

    extract_path: where the extract lies, for the theory of change beside it. ids: of changes; none means all of them. was_read:
    somebody has read the words that may tell of a person (see `tests_of_change.privacy`) and stands for them.
    Raises ParameterError for words that may tell of a person and that nobody has read, naming their places; for an extract that was
    read for people entitled to see children, or of several areas; for an unknown change or another size. NothingToShow if the area
    has recorded no change.
    """
    if size not in SIZES:
        raise ParameterError(f"The size is '{size}'.", do=f"say one of {', '.join(SIZES)}.")
    if extract.audience != "aggregate":
        raise ParameterError("A poster is for everyone.", do='read the extract for the audience "aggregate".')
    if len(extract.areas) > 1:
        raise ParameterError(
            f"The extract holds {len(extract.areas)} areas.", do=f"say whose poster: {few(extract.areas, 32)}."
        )
    ideas = [find_idea(extract, id) for id in ids or [t.id for t in extract.tests] or [""]]
    told = find_told(ideas, set(extract.children["child_id"]))
    if told and not was_read:
        raise ParameterError(
            "Words in the records may tell of a person, and a poster hangs where everybody sees it.",
            where=told,
            do="change the words; or, if somebody who knows the area has read them and nobody can be known by them, say --read.",
        )
    theory = study_theory(extract, extract_path).theory
    slug = AUTHORITIES[extract.area].slug
    return [write(out / f"{slug}-{i.id}-{size.lower()}.html", make_poster(extract, theory, i, size)) for i in ideas]


def find_idea(extract: Extract, id: str) -> ChangeIdea:
    """Return a change by its id. Raises NothingToShow where there is none, ParameterError naming those there are."""
    if not extract.tests:
        raise NothingToShow(f"{extract.area} has recorded no change.", do="record one, with its cycles, first.")
    found = [t for t in extract.tests if t.id == id]
    if not found:
        raise ParameterError(
            f"There is no change '{id}'.", do=f"choose one of: {', '.join(t.id for t in extract.tests)}."
        )
    return found[0]


def make_poster(extract: Extract, theory: Theory, idea: ChangeIdea, size: str = "A3") -> str:
    """Return the poster of one change as HTML."""
    width, height, rem = SIZES[size]
    aim = extract.aims[idea.aim]
    evidence = gather(extract, idea)
    intervals = evidence.cohorts.eligible if evidence else find_intervals(extract, aim)
    change = as_change(idea)
    run, unfinished = chart_whole_periods(intervals, (change,) if change else ())
    if evidence:
        evidence = replace(evidence, run=run)  # a poster says nothing of a dot that it does not show
    _, larger, tall, bare = next(setting for setting in _SETTINGS if _letters(idea) <= setting[0])
    starts = {c.number: c.start for c in idea.cycles if c.scale != "child"}
    figure = draw_poster_chart(run, intervals, starts, tall)
    chart = _at_top(draw_svg(figure.spec, figure.alt, "poster")) if figure.chart is not None else ""
    cycles, between = choose_cycles(idea.cycles)
    last = idea.cycles[-1] if idea.cycles else None
    return render(
        "poster",
        "poster.html.j2",
        size=size,
        width=width,
        height=height,
        rem=rem * (larger if chart else bare),
        area=extract.area,
        title=shorten(idea.title, 110),
        idea=shorten(idea.idea, 240),
        state=idea.state,
        state_words=capital(WORDS[idea.state]),
        period=_period(idea.cycles),
        partners=shorten(", ".join(idea.partners), 120),
        owner=shorten(idea.owner, 80),
        aim=aim.title,
        so=f"children wait less for the {lower(aim.end)}",
        goal=shorten(state_aim(aim), 300),
        chain=[shorten(t, 90) for t in _chain(theory, idea)],
        cycles=[_card(c) for c in cycles],
        between=between,
        chart=chart,
        no_chart=_NO_CHART,
        reading=_reading(run.baseline is not None, bool(starts), show_date(extract.as_at) if unfinished else ""),
        numbers=[shorten(s, 330) for s in say_numbers(evidence)],
        in_time=say_in_time(find_intervals(extract, aim)),
        quotes=choose_quotes(idea.cycles),
        learned=_learned(idea),
        decision=_decision(last),
        next=shorten(last.next if last else "", 150),
        as_at=show_date(extract.as_at),
        synthetic=SYNTHETIC if extract.synthetic else "",
    )


def _at_top(svg: str) -> str:
    """Return a drawing that stands at the top of a place that is higher than it is."""
    return svg.replace("<svg ", '<svg preserveAspectRatio="xMidYMin meet" ', 1)


def shorten(text: str, most: int) -> str:
    """Return a text of at most so many letters, cut at the end of a sentence if that keeps half of it, else after a word.

    >>> shorten("It works. People like it.", 30), shorten("It works. People like it.", 14)
    ('It works. People like it.', 'It works. …')
    >>> shorten("Everybody came", 11)
    'Everybody …'
    """
    text = re.sub(r"(\S{28})(?=\S)", "\\1\u200b", " ".join(text.split()))  # no word is wider than its place
    if len(text) <= most:
        return text
    room = text[: most - 2]
    sentence = max(room.rfind(end) for end in (". ", "! ", "? ")) + 1
    if sentence * 2 >= most:
        return f"{room[:sentence]} …"
    return f"{room.rsplit(' ', 1)[0]} …"


def choose_cycles(cycles: Sequence[Cycle]) -> tuple[list[Cycle], int]:
    """Return the cycles that fit, the first and the latest ones, and how many were left out between them."""
    if len(cycles) <= _CYCLES:
        return list(cycles), 0
    return [cycles[0], *cycles[-(_CYCLES - 1) :]], len(cycles) - _CYCLES


def choose_quotes(cycles: Sequence[Cycle]) -> list[tuple[str, str]]:
    """Return what people said, with their role: the latest words of each role first, so that one voice does not drown the rest."""
    latest = [f for c in reversed(cycles) for f in reversed(c.feedback)]
    firsts = {f.source.casefold(): f for f in reversed(latest)}
    chosen = [f for f in latest if firsts.get(f.source.casefold()) is f]
    chosen += [f for f in latest if f not in chosen]
    return [(shorten(f.quote, 160), shorten(f.source, 50)) for f in chosen[:_QUOTES]]


def _card(cycle: Cycle) -> CycleCard:
    asked = tuple(
        (
            shorten(q.question, 90),
            shorten(q.prediction, 80),
            HELD.get(q.held, "not yet known"),
            q.held or "unknown",
            shorten(q.found, 60),
        )
        for q in cycle.questions[:2]
    )
    return CycleCard(
        cycle.number,
        _days(cycle),
        cycle.scale,
        SCALES[cycle.scale],
        shorten(cycle.what, 170),
        asked,
        {"adapt": "Adapt", "adopt": "Adopt", "abandon": "Abandon"}.get(cycle.decision, "none yet: it goes on"),
    )


def _letters(idea: ChangeIdea) -> int:
    """Return how many letters of what people wrote a poster shows."""
    cards = [_card(c) for c in choose_cycles(idea.cycles)[0]]
    texts = [shorten(idea.title, 110), shorten(idea.idea, 240)]
    texts += [t for c in cards for t in (c.what, *(part for asked in c.asked for part in (*asked[:2], asked[4])))]
    texts += [quote for quote, _ in choose_quotes(idea.cycles)] + _learned(idea)
    if idea.cycles:
        texts += [shorten(idea.cycles[-1].why, 160), shorten(idea.cycles[-1].next, 150)]
    return sum(map(len, texts))


def _learned(idea: ChangeIdea) -> list[str]:
    return [shorten(c.learned, 130) for c in idea.cycles if c.learned][-4:]


def _month(day: object) -> str:
    return day.strftime("%B %Y")


def _days(cycle: Cycle) -> str:
    """Return when a cycle was; of one with a single family only the year, for those who know one date know the family."""
    if cycle.scale == "child":
        return str(cycle.start.year)
    begin = _month(cycle.start)
    if cycle.end is None:
        return f"since {begin}"
    end = _month(cycle.end)
    return begin if begin == end else f"{begin} to {end}"


def _period(cycles: Sequence[Cycle]) -> str:
    if not cycles:
        return "Not yet tested"
    count = f"{len(cycles)} cycle{'' if len(cycles) == 1 else 's'}"
    ends = [c.end for c in cycles]
    begin = cycles[0].start.year
    if None in ends:
        return f"{count}, since {begin}"
    return f"{count}, {begin}" if begin == max(ends).year else f"{count}, {begin} to {max(ends).year}"


def _chain(theory: Theory, idea: ChangeIdea) -> list[str]:
    """Return what the idea should act upon, and what that should move: the drivers' titles, or the driver's own words."""
    secondary = theory.secondaries.get(idea.driver)
    if secondary is None:
        return [idea.driver] if idea.driver else []
    return [secondary.title, theory.primaries[secondary.of].title]


def _decision(last: Cycle | None) -> str:
    if last is None or not last.decision:
        return "No decision yet: the cycle goes on."
    words = {"adopt": "Adopt", "adapt": "Adapt and try again", "abandon": "Abandon"}[last.decision]
    return f"{words}. {shorten(last.why, 160)}"


def _reading(baseline: bool, cycles: bool, unfinished: str) -> str:
    """Return how to read the chart. unfinished: the day of the page, if a period that was not over then is left out."""
    said = "Each dot is the median wait of the children who finished in that period, at least five of them."
    if baseline:
        said += " The line across is the median before the change, dashed where it is carried on."
    if cycles:
        said += " Upright lines: where that cycle began, with a team or the whole area."
    if unfinished:
        said += f" The period that was not over on {unfinished} is left out."
    return said
