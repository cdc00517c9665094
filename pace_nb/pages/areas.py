"""Parts of the page across areas: all of them together, each against the rest, and what may be said of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pace_nb import disclosure, tables, terms
from pace_nb.charts import funnel as charts
from pace_nb.charts.figure import Figure
from pace_nb.charts.shares import share_series
from pace_nb.compare import ObservedExpected, area_against_rest
from pace_nb.errors import ParameterError, few
from pace_nb.extract import Extract
from pace_nb.funnels import LOOK, NAMED_FROM, Funnel, Place, compare_waits, measure_funnels
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.measures import measure_share, share_by_year
from pace_nb.pages.aims import headline_figures
from pace_nb.periods import show_date
from pace_nb.shown import Shown, paragraphs
from pace_nb.waits import summarise_waits
from pace_nb.wording import say_children, say_count, say_share

#: What `area` says where no authority is to be named.
EVERYWHERE = ("scotland", "all areas", "")
#: The steps whose waits are compared: from being accommodated to the application in court.
STEPS = ("aim-2", "aim-3", "aim-4")
_NAMES = 8  # of areas, in a sentence


@dataclass(frozen=True)
class AreasStudy:
    """Every area beside the others: intervals of each national aim, funnels of those with a limit, waits of each step.

    named: the one authority that the page names, or None. unrecorded: for each aim the areas whose extract records its end for
    nobody; they are in none of its numbers, because none of their children could be seen to reach it.
    """

    extract: Extract
    named: str | None
    intervals: dict[str, Intervals]
    funnels: dict[str, Funnel]
    waits: dict[str, list[ObservedExpected]]
    unrecorded: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def audience(self) -> str:
        """Who may see what is made from it."""
        return self.extract.audience

    @property
    def looks(self) -> int:
        """At how many areas and aims or steps the page looks."""
        return len(self.extract.areas) * (len(self.funnels) + len(self.waits))

    def __repr__(self) -> str:
        return f"AreasStudy of {self.extract.area}" + (f", naming {self.named}" if self.named else "")


def compare_areas(extract: Extract, area: str = "Scotland") -> AreasStudy:
    """Compare the areas of `read_areas`. area: "Scotland" for all alike, or the one authority that is to be named.

    Raises ParameterError if the authority is not among those that were read.
    """
    named = None
    if area.strip().lower() not in EVERYWHERE:
        named = terms.authority_name(area)
        if named not in extract.areas:
            raise ParameterError(
                f"'{area}' is not among the areas that were read.",
                do=f"say Scotland, or one of: {few(extract.areas, 32)}.",
            )
    intervals, unrecorded = {}, {}
    for id, aim in extract.aims.items():
        everyone = find_intervals(extract, aim)
        where = everyone.table["local_authority"]
        known = set(extract.events.loc[extract.events["event"] == aim.end, "local_authority"])
        intervals[id] = everyone.only(where.isin(known))
        unrecorded[id] = tuple(sorted(set(where) - known))
    funnels = {f.aim.id: f for f in measure_funnels(list(intervals.values()), extract.areas)}
    waits = {id: compare_waits(intervals[id]) for id in STEPS}
    return AreasStudy(extract, named, intervals, funnels, waits, unrecorded)


def describe_areas(study: AreasStudy) -> Shown:
    """Say how all areas do together, whether any may be singled out, and what could not be read."""
    a, said, main = study.audience, [], study.intervals["aim-2"]
    for funnel in sorted(study.funnels.values(), key=lambda f: f.aim.id != "aim-2"):
        said.append(f"{funnel.aim.title}: {_say_total(funnel, a)}. {_say_outside(study, funnel)}")
    waits, share = summarise_waits(main), measure_share(main)
    said.append(
        f"Waiting on {show_date(study.extract.as_at)}: {say_children(waits.waiting, a)} for a permanence recommendation, of whom "
        f"{say_count(waits.overdue, a)} past six months."
    )
    said.append(
        f"Many looks: {len(study.extract.areas)} areas and {len(study.funnels) + len(study.waits)} aims or steps are {study.looks} looks. "
        f"If areas differed by chance alone, about {round(study.looks * (1 - LOOK))} such looks would still lie outside 95 % limits. "
        "So 95 % is a reason to look, 99.8 % one to speak, and areas are never put in an order."
    )
    left_out = [f"{f.file} {f.what}" for f in study.extract.findings if f.code == "area-left-out"]
    if left_out:
        said.append(f"Not in these numbers: {' '.join(left_out)}")
    headline = headline_figures(waits, share, a) | {"Is it getting better?": "See each area."}
    told = {} if study.named else {"headline": headline, "series": share_series(main, "year")}
    shown = paragraphs(said, "conclusion")
    return Shown(shown.html, shown.text, page=told)


def _say_total(funnel: Funnel, audience: str) -> str:
    t = funnel.total
    return f"of children whose {funnel.aim.limit} have run out, {say_share(t.met, t.due, audience)} had it in time"


def describe_funnel(study: AreasStudy, id: str) -> Shown:
    """Say whether areas lie further apart than chance sets them, what was done about it, and who is outside the limits."""
    funnel, d = study.funnels[id], study.funnels[id].dispersion
    if d.phi is None:
        return paragraphs(["No child was due in any area, so there is nothing to compare."])
    size = f"{d.phi:.1f} times as far as chance does; above {d.threshold:.1f} is more than chance explains"
    said = [
        f"Areas lie further apart than chance alone would set them ({size}). Something that differs from area to area, such as "
        "the ages and needs of children or how dates are recorded, is at work in most of them. So the limits were widened by that spread; "
        "otherwise areas would lie outside for what nearly all of them share."
        if d.overdispersed
        else f"Areas lie no further apart than chance alone may set them ({size}). So the limits are those of chance, not widened.",
        _say_outside(study, funnel),
        _say_looks(study, funnel),
    ]
    absent = study.unrecorded.get(id, ())
    small = [p.area for p in funnel.places if p.where == "too few" and p.area not in absent]
    if small and study.named is None:
        said.append(
            f"Too few to show: {few(small, 32)} (fewer than {NAMED_FROM} children due, all years of the period taken together)."
        )
    if absent:
        said.append(
            f"Not in these numbers: {few(absent, 32)}. The extract records '{terms.lower(funnel.aim.end)}' for nobody there, so it cannot "
            "be seen who reached it."
        )
    return paragraphs(said)


def _say_outside(study: AreasStudy, funnel: Funnel) -> str:
    """Return who lies outside the limits; of a named area, where it lies and nothing of the others."""
    visible = [p for p in funnel.shown if charts.shown_share(p, study.audience)]
    if study.named is not None:
        own = next((p for p in visible if p.area == study.named), None)
        if own is None:
            return f"{study.named} has too few children to show."
        return f"{own.area}, {say_share(own.met, own.due, study.audience)} in time, lies {_say_place(own, funnel)}"
    speak, look = ([p.area for p in visible if p.where == w] for w in ("speak", "look"))
    said = (
        f"Outside the 99.8 % limits {'is' if len(speak) == 1 else 'are'}: {few(speak, _NAMES)}."
        if speak
        else ("No area lies outside the 99.8 % limits.")
    )
    if look:
        said += (
            f" Outside the 95 % limits only, so worth a look: {few(look, _NAMES)}; of {len(visible)} areas chance alone would put about "
            f"{len(visible) * (1 - LOOK):.1f} there."
        )
    return said


def _say_place(place: Place, funnel: Funnel) -> str:
    side = "above" if place.share > funnel.dispersion.target else "below"
    if place.where == "within":
        return "between the limits, where chance alone may put it."
    if place.where == "look":
        return f"{side} the 95 % limits: worth a look, and no more than that."
    return f"{side} the 99.8 % limits: further from the others than we would expect by chance."


def _say_looks(study: AreasStudy, funnel: Funnel) -> str:
    out = [p.area for p in funnel.shown if p.stands_out and charts.shown_share(p, study.audience)]
    rule = f"Allowing for all {funnel.looks} looks at areas and limits on this page (Benjamini and Hochberg, at most 1 in 20 false)"
    if study.named is not None:
        found = "differs" if study.named in out else "does not differ"
        return f"{rule}, {study.named} {found} from all other areas by more than we would expect by chance."
    if not out:
        return f"{rule}, no single area differs from all the others by more than we would expect by chance."
    wider = (
        " That is measured by chance alone, not by the wider spread of areas."
        if funnel.dispersion.overdispersed
        else ""
    )
    return (
        f"{rule}, these differ from all the others by more than we would expect by chance: {few(out, _NAMES)}.{wider}"
    )


def draw_funnel(study: AreasStudy, id: str) -> Figure:
    """Draw each area's share in time with the limits that chance sets."""
    return charts.draw_funnel(study.funnels[id], study.audience, study.named)


def show_against_rest(study: AreasStudy, id: str) -> Shown:
    """Show each area, in order of name, against all the others together; only the named one where one is named."""
    funnel, a = study.funnels[id], study.audience
    rows = [_against(p, funnel, a) for p in funnel.places if study.named in (None, p.area)]
    limits = "widened limits" if funnel.dispersion.overdispersed else "limits"
    return tables.make_table(
        [
            "Area",
            "Children due",
            "In time",
            "In time, %",
            "All others, %",
            "Difference, % points (95 %)",
            f"By the {limits}",
        ],
        rows,
        f"{funnel.aim.title}: each area against all the others together, in order of name",
        "Difference: area less all others, with the interval in which it may lie allowing for chance. No ranking: areas differ in size, "
        "in the children they look after and in what they record."
        + ("" if a == "working" else " Worked out from counts rounded to 5; where it lies, from the exact ones."),
    )


def _against(place: Place, funnel: Funnel, audience: str) -> list[str]:
    found = charts.shown_share(place, audience)
    if place.where == "too few":
        return [place.area, *["–"] * 5, "too few to show" if place.due else "no child was due"]
    row = [place.area, tables.count(place.due, audience), tables.count(place.met, audience)]
    rest = (funnel.total.met - place.met, funnel.total.due - place.due)
    if found is None or disclosure.protect_share(*rest, audience) is None:
        return [*row, disclosure.HIDDEN, disclosure.HIDDEN, disclosure.HIDDEN, disclosure.HIDDEN]
    met, due = zip(*(_protected(*pair, audience) for pair in ((place.met, place.due), rest)), strict=True)
    against = area_against_rest(met, due)[0]
    low, high = against.interval
    return [
        *row,
        f"{100 * found[1]:.0f} %",
        tables.percent(*rest, audience),
        f"{_points(against.difference)} ({_points(low)} to {_points(high)})",
        charts.WHERE[place.where],
    ]


def _points(share: float) -> str:
    points = round(100 * share)
    return f"{points:+d}".replace("-", "−") if points else "0"


def _protected(met: int, due: int, audience: str) -> tuple[int, int]:
    met, due = (disclosure.protect_count(n, audience) for n in (met, due))
    return min(met, due), due


def show_national(study: AreasStudy) -> Shown:
    """Show all areas together: who was due, in time, waiting and past the limit."""
    rows, a = [], study.audience
    for i in study.intervals.values():
        share, w = measure_share(i), summarise_waits(i)
        due = ["–", "–", "–"]
        if share is not None:
            due = [tables.count(share.due, a), tables.count(share.met, a), tables.percent(share.met, share.due, a)]
        rows.append(
            [
                i.aim.title,
                *due,
                tables.count(w.waiting, a),
                tables.count(w.overdue, a) if share else "–",
                tables.weeks(w.typical, w.followed, a),
            ]
        )
    return tables.make_table(
        [
            "Aim",
            "Time has run out for",
            "of whom in time",
            "In time, %",
            "Waiting now",
            "of whom past it",
            "Typical wait, weeks",
        ],
        rows,
        f"{study.extract.area} together, as at {show_date(study.extract.as_at)}",
        "A dash: the aim has no limit that all areas share, so no child can be early or late; or the typical wait is not reached.",
    )


def show_national_years(study: AreasStudy) -> Shown:
    """Show who had each aim with a limit in time, by the year in which it ran out, in all areas together."""
    rows, a, by_aim = [], study.audience, {}
    for id in study.funnels:
        years = share_by_year(study.intervals[id])
        grid = disclosure.protect_grid([[s.due, s.met] for _, s in years], a, {0: [1]}, [(1, 0)], (0, 1))
        by_aim[id] = {year: (s, *shown) for (year, s), shown in zip(years, grid, strict=True)}
    for year in sorted({y for shares in by_aim.values() for y in shares}):
        cells = []
        for shares in by_aim.values():
            s, due, met = shares.get(year, (None, 0, 0))
            percent = tables.percent(s.met, s.due, a) if s and isinstance(met, int) else disclosure.HIDDEN
            cells += [tables.cell(due), percent] if s else ["0", "–"]  # no child of any area: nothing is told of one
        rows.append([year, *cells])
    short = [f.aim.title.split(":")[0] for f in study.funnels.values()]
    return tables.make_table(
        ["Year in which the limit ran out", *(h for n in short for h in (f"{n}: due", f"{n}: in time, %"))],
        rows,
        f"{study.extract.area} together, year by year",
        f"The last year goes to {show_date(study.extract.as_at)}. Children not yet due are in no year.",
    )


def draw_observed_expected(study: AreasStudy, id: str) -> Figure:
    """Draw how many children reached a step in each area against how many would at the pace of all areas together."""
    return charts.draw_ratios(study.waits[id], study.audience, study.named)
