"""The portfolio: every test of an area, or of all areas, on one page, and what was tried elsewhere for the same driver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pace_nb import tables, terms
from pace_nb.errors import NothingToShow, ParameterError, few
from pace_nb.extract import Extract, only_area
from pace_nb.pages.areas import EVERYWHERE
from pace_nb.pages.theory import TheoryStudy
from pace_nb.periods import show_date
from pace_nb.runchart import analyse_run
from pace_nb.shown import Shown, paragraphs
from pace_nb.study import VERDICTS, Evidence, find_cohorts, find_evidence, weigh
from pace_nb.study.beside import LEVEL
from pace_nb.tests_of_change import SCALES, ChangeIdea, as_change, kinds_told
from pace_nb.theory.tested import WORDS, capital

QUIET_AFTER = 26  # weeks without a word of a test that is not over; no source: ours, and to be argued with here
#: In what order verdicts are told: first those with something to tell, whichever way it points.
_ORDER = ("shorter", "sign", "moved", "longer", "backlog", "no_sign", "recording", "too_few", "too_soon")
_CANNOT_TELL = ("recording", "too_few", "too_soon", "")
_HELD_BACK = "The aim is the area's own: see its own pages."
_NO_DAY = "Not yet tested."


@dataclass(frozen=True)
class Line:
    """One test in the portfolio. verdict: a code of VERDICTS, or "" where there is none; said: the same in a sentence.

    age: weeks from the first cycle to the day of the page, None before it. quiet: weeks since the last day that its record names.
    """

    area: str
    idea: ChangeIdea
    verdict: str
    said: str
    age: int | None
    quiet: int | None

    @property
    def stalled(self) -> bool:
        """Whether it is not over, and nothing has been written down of it for half a year."""
        return self.idea.state in ("testing", "adapting") and (self.quiet or 0) > QUIET_AFTER


@dataclass(frozen=True)
class Portfolio:
    """Every test of an extract. named: of several areas, the one that the page names; None for all alike."""

    extract: Extract
    lines: tuple[Line, ...]
    named: str | None = None

    @property
    def several(self) -> bool:
        """Whether there is more than one area."""
        return len(self.extract.areas) > 1

    @property
    def own(self) -> tuple[Line, ...]:
        """The tests of the named area; all of them where none is named."""
        return tuple(x for x in self.lines if self.named in (None, x.area))

    def __repr__(self) -> str:
        return f"Portfolio of {self.extract.area}: {len(self.lines)} tests"


def gather(extract: Extract, idea: ChangeIdea) -> Evidence | None:
    """Return all that the numbers of one area's extract say of a change; None before it has a first day."""
    change = as_change(idea)
    if change is None:
        return None
    cohorts = find_cohorts(extract, idea)
    return find_evidence(extract, cohorts, analyse_run(cohorts.eligible, [change]))


def study_portfolio(extract: Extract, area: str = "") -> Portfolio:
    """Weigh every test of an extract, as page 3 does for one of them.

    area: of an extract of several areas (`read_areas`), the one that is to be named; "Scotland" or blank for all alike. Tests of several
    areas are judged in the period that all share; of an aim of an area's own nothing is said there.
    Raises NothingToShow if no test is recorded, ParameterError if the authority is not among those that were read.
    """
    if not extract.tests:
        raise NothingToShow(f"{extract.area} has recorded no test of change.", do="record one, with its cycles, first.")
    several, named = len(extract.areas) > 1, None
    if several and area.strip().lower() not in EVERYWHERE:
        named = terms.authority_name(area)
        if named not in extract.areas:
            raise ParameterError(
                f"'{area}' is not among the areas that were read.",
                do=f"say Scotland, or one of: {few(extract.areas, 32)}.",
            )
    own = {a: only_area(extract, a) for a in {t.area for t in extract.tests}} if several else {}
    lines = []
    for idea in extract.tests:
        home = own[idea.area] if several else extract
        lines.append(_line(home, idea, extract.as_at))
    return Portfolio(extract, tuple(lines), named)


def _line(extract: Extract, idea: ChangeIdea, as_at: date) -> Line:
    verdict, said = "", _NO_DAY
    if idea.aim not in extract.aims:
        said = _HELD_BACK
    elif (evidence := gather(extract, idea)) is not None:
        verdict = weigh(evidence)
        said = VERDICTS[verdict]
    days = [d for c in idea.cycles for d in (c.start, c.end) if d is not None and d <= as_at]
    age = (as_at - idea.cycles[0].start).days // 7 if idea.cycles else None
    quiet = (as_at - max(days)).days // 7 if days else None
    return Line(extract.area, idea, verdict, said, age, quiet)


def describe_portfolio(portfolio: Portfolio) -> Shown:
    """Say how many tests there are, how they stand, what the numbers say, and which have gone quiet."""
    lines, e = portfolio.lines, portfolio.extract
    states = Counter(x.idea.state for x in lines)
    where = f" in {len({x.area for x in lines})} of {len(e.areas)} areas" if portfolio.several else ""
    standing = "; ".join(f"{states[s]} {word}" for s, word in WORDS.items() if states[s])
    said = [f"{_tests(len(lines))}{where}, as at {show_date(e.as_at)}: {standing}."]
    verdicts = Counter(x.verdict for x in lines if x.verdict)
    told = "; ".join(f"{_plain(v)} ({verdicts[v]})" for v in _ORDER if verdicts[v])
    said.append(f"What the numbers say: {told}." if told else "No test has begun, so the numbers say nothing yet.")
    could = sum(x.verdict not in _CANNOT_TELL for x in lines)
    if could > 5:
        said.append(
            f"Many looks: {could} of these tests have enough children to tell something. If nothing had changed anywhere, chance alone "
            f"would still let waits differ in about {max(1, round(could * LEVEL))} of them. So look for the same finding in another area."
        )
    hasty = [x for x in lines if x.idea.state == "adopted" and x.verdict not in ("shorter", "")]
    if hasty:
        said.append(
            f"Adopted without firm numbers: {_tests(len(hasty))} ({_names(hasty, portfolio)}). People may have had other reasons; "
            "ask what they were."
        )
    quiet = [x for x in lines if x.stalled]
    if quiet:
        said.append(
            f"Gone quiet: {_tests(len(quiet))} not over, and nothing written down for more than {QUIET_AFTER} weeks "
            f"({_names(quiet, portfolio)}). Study what there is and decide, or close it."
        )
    return paragraphs(said, "conclusion")


def _plain(verdict: str) -> str:
    """Return a verdict for the middle of a sentence."""
    text = VERDICTS[verdict].rstrip(".")
    return text[:1].lower() + text[1:]


def _tests(n: int) -> str:
    return f"{n} test{'' if n == 1 else 's'}"


def _names(lines: Sequence[Line], portfolio: Portfolio) -> str:
    return few([f"'{x.idea.title}'" + (f" in {x.area}" if portfolio.several else "") for x in lines], 6)


def show_portfolio(portfolio: Portfolio) -> Shown:
    """Show every test on one page: state, age, last cycle, aim, decision, what the numbers say."""
    several, aims = portfolio.several, portfolio.extract.aims
    rows = [
        [
            *([x.area] if several else []),
            x.idea.title,
            aims[x.idea.aim].title.split(":")[0] if x.idea.aim in aims else x.idea.aim,
            capital(WORDS[x.idea.state]),
            "–" if x.age is None else str(x.age),
            _last_cycle(x),
            _decision(x.idea, portfolio.extract.audience),
            x.said,
        ]
        for x in portfolio.lines
    ]
    return tables.make_table(
        [
            *(["Area"] if several else []),
            "Change",
            "Aim",
            "State",
            "Age, weeks",
            "Last cycle",
            "Decision",
            "What the numbers say",
        ],
        rows,
        "Every test of change" + (", in order of area" if several else ", in order of its first day"),
        "Age: from the first day of the first cycle to the day of this page. The decision is people's, with their reason; what the numbers "
        "say is worked out here, by the same rules for every test, and says nothing of what people saw and heard.",
    )


def _last_cycle(line: Line) -> str:
    if not line.idea.cycles:
        return "–"
    last = line.idea.cycles[-1]
    ended = f"to {last.end:%b %Y}" if last.end else "and goes on"
    return f"{last.number}, {SCALES[last.scale]}: {last.start:%b %Y} {ended}"


def _decision(idea: ChangeIdea, audience: str) -> str:
    """Return the last decision with its reason; on a page for everyone, not a reason in which a person may be known."""
    last = idea.cycles[-1] if idea.cycles else None
    if last is None or not last.decision:
        return "Not yet"
    hidden = audience != "working" and kinds_told(last.why)
    return f"{capital(last.decision)}: {'the reason is not shown, as it may tell of a person' if hidden else last.why}"


def show_spread(portfolio: Portfolio, study: TheoryStudy) -> Shown:
    """Show, driver by driver, which ideas were tried where, how they stand, and how strong the numbers are, in words.

    Where an area is named: only drivers for which it tests something, and what other areas tried for them.
    """
    rows = [row for driver in study.theory.secondaries for row in _rows_of_driver(driver, portfolio, study)]
    named = portfolio.named
    return tables.make_table(
        ["Driver", "Idea", "Tried in", "How it stands", "How strong the numbers are"],
        rows,
        f"Tried elsewhere for the drivers on which {named} works" if named else "What was tried, driver by driver",
        "An idea that helped in one area may not in another: try it small, with a prediction, before it is spread. Areas stand in order "
        "of name; this is no ranking.",
        empty=f"No other area has tried anything for the drivers on which {named} works." if named else "None.",
    )


def _rows_of_driver(driver: str, portfolio: Portfolio, study: TheoryStudy) -> list[list[str]]:
    ideas = [i.id for i in study.theory.ideas_of(driver)]
    lines = [x for x in portfolio.lines if x.idea.id in ideas]
    mine = {x.idea.id for x in portfolio.lines if x.area == portfolio.named}
    if portfolio.named is not None and not mine & set(ideas):
        return []
    rows = []
    for id in ideas:
        tried = [x for x in lines if x.idea.id == id and x.area != portfolio.named]
        if not tried:
            continue
        here = f". Here: {WORDS[study.tested.state_in(id, portfolio.named)]}" if id in mine else ""
        rows.append(
            [
                study.theory.title_of(driver),
                study.theory.title_of(id),
                few(sorted({x.area for x in tried}), 8),
                _count_states(tried) + here,
                say_strength(tried),
            ]
        )
    return rows


def _count_states(lines: Sequence[Line]) -> str:
    counted = Counter(x.idea.state for x in lines)
    return capital("; ".join(f"{WORDS[s]} in {counted[s]}" for s in WORDS if counted[s]))


def say_strength(lines: Sequence[Line]) -> str:
    """Return how strong the numbers of one idea's tests are, in words: what was found in how many areas, never a sum of them.

    Each area's test is judged by itself: tests are not pooled, because no two were of the same children or quite the same change.
    """
    areas: dict[str, list[str]] = {}
    for x in lines:
        areas.setdefault(x.verdict, []).append(x.area)
    told = "; ".join(f"{_plain(v)} ({few(areas[v], 4)})" for v in _ORDER if v in areas)
    if not told:
        return "No numbers yet."
    firm = len(areas.get("shorter", ()))
    lead = (
        "No area can show shorter waits",
        "One area can show shorter waits",
        f"{firm} areas can show shorter waits",
    )[min(firm, 2)]
    return f"{lead}: {told}." if firm else f"{lead} yet: {told}."
