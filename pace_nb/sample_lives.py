"""One simulated life after another: the children of one area of the synthetic sample.

Days are ordinals (`date.toordinal`) until they are written. What the numbers are anchored on stands in `sample.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import exp, log

import numpy as np

from pace_nb.periods import birthday
from pace_nb.sample_plan import DEFECTS, PLANS, Plan
from pace_nb.schema import TABLES
from pace_nb.terms import Authority

COLLECTED_FROM = date(2013, 8, 1)
_FROM = COLLECTED_FROM.toordinal()
_PAST = date(1995, 8, 1).toordinal()  # whoever started earlier was 18 before the collection began
_RECORDING_IMPROVED = date(2016, 1, 1).toordinal()
_NEVER = 10**7
_SEXES = {"female": 0.475, "male": 0.522, "unknown": 0.003}
_COURT_ROUTES = ("permanence_order", "permanence_order_with_authority_to_adopt", "adoption")

#: Columns as written: an extract of one authority need not repeat its name in every table, and few systems refer to a home.
COLUMNS = {
    name: [c for c in table.column_names if c != "home_ref" and (name == "children" or c != "local_authority")]
    for name, table in TABLES.items()
}

# By age at starting: under 1, 1 to 4, 5 to 11, 12 to 15, 16 to 17.
_BANDS = ((0.02, 1), (1, 5), (5, 12), (12, 16), (16, 17.6))
_STARTERS = (0.24, 0.235, 0.21, 0.295, 0.02)  # of first children; brothers and sisters are mostly older
_AWAY = (0.79, 0.73, 0.72, 0.68, 0.80)
_HOME_AGAIN = (0.27, 0.34, 0.36, 0.36, 0.25)
_SETTLES = tuple(  # the kind of placement in which a child away from home comes to rest
    dict(zip(("kinship", "foster", "residential"), shares, strict=True))
    for shares in ((0.45, 0.55, 0), (0.53, 0.47, 0), (0.52, 0.43, 0.05), (0.34, 0.32, 0.34), (0.2, 0.3, 0.5))
)
_FIRST = (  # where a child may live first instead
    {"foster": 0.85, "other": 0.15},
    {"foster": 0.9, "kinship": 0.1},
    {"foster": 0.8, "residential": 0.1, "other": 0.1},
    {"foster": 0.5, "residential": 0.3, "secure": 0.08, "other": 0.12},
    {"residential": 0.5, "secure": 0.15, "other": 0.35},
)
_FROM_FOSTER = tuple(
    dict(zip(_COURT_ROUTES, shares, strict=True))
    for shares in ((0.08, 0.38, 0.54), (0.2, 0.38, 0.42), (0.9, 0.06, 0.04), (1, 0, 0), (1, 0, 0))
)
_CARER_APPLIES = 0.65  # of recommendations for a child settled in kinship care

# Waits: median days, and the spread of the logarithm that puts the 90th centile where the comment says.
_P90 = 1.2816
_RECOMMENDATION = (42 * 7, log(110 / 42) / _P90)  # weeks 42, 110; from being accommodated
_PANEL = (26 * 7, log(60 / 26) / _P90)  # weeks 26, 60; from the recommendation
_DECISION = (10, 0.6)  # seven in ten within the 14 days of the regulations, a tail to 60
_COURT = (30 * 7, log(75 / 30) / _P90)  # weeks 30, 75; from the decision
_ORDER = (30 * 7, log(70 / 30) / _P90)  # weeks 30, 70; from the application
_HOMECOMING = (225, 0.8)  # mean nine months, as the slowest leave in other ways
_PLAN_REVIEW = (101 * 7, 0.22)  # about two years on an order at home, often late


Rows = dict[str, list[tuple]]


@dataclass
class _Spell:
    """One time of being looked after, from `start` to `end`; what it holds may still lie in the future."""

    start: int
    end: int = 0
    home: bool = False  # whether the child is with a parent at the end
    placements: list[tuple[str, int, int]] = field(default_factory=list)
    legal: list[tuple[str, int, int]] = field(default_factory=list)
    events: list[tuple[str, int, str | None]] = field(default_factory=list)

    def add(self, event: str, day: float, route: str | None = None) -> None:
        self.events.append((event, int(day), route))

    def waiting(self, as_at: int) -> bool:
        """Whether the child is accommodated on a day and has no recommendation yet."""
        known = {event for event, day, _ in self.events if day <= as_at}
        over = {"permanence_recommendation", "return_home"} & known
        return self.end > as_at and "accommodated" in known and not over


@dataclass
class _Child:
    born: int
    sex: str
    group: int | None
    spells: list[_Spell] = field(default_factory=list)


class _Shared:
    """Draws that brothers and sisters mostly share: they are accommodated, and mostly decided on, the same day."""

    def __init__(self, rng: np.random.Generator):
        self.rng, self.kept = rng, {}

    def chance(self, key: str) -> float:
        return self._draw(key, self.rng.random())

    def days(self, key: str, wait: tuple[float, float]) -> float:
        """Return a log-normal wait, given as its median and the spread of its logarithm."""
        return wait[0] * exp(wait[1] * self._draw(key, self.rng.standard_normal()))

    def _draw(self, key: str, own: float) -> float:
        return self.kept.setdefault(key, own) if self.rng.random() < 0.85 else own


def _pick(shares: dict, u: float):
    """Return the key on which a number between 0 and 1 falls."""
    for key, share in shares.items():
        u -= share
        if u < 0:
            return key
    return max(shares, key=shares.get)


def _working_day(day: float) -> int:
    """Return the day, or the Monday after it: reviews, panels and courts do not sit at weekends."""
    return int(day) + (1, 0, 0, 0, 0, 0, 2)[int(day) % 7]


def _band(age: float) -> int:
    return next((i for i, (_, upper) in enumerate(_BANDS) if age < upper), len(_BANDS) - 1)


class _Area:
    """The lives of one area's children. A method that lives a part of a spell returns the day on which it is over."""

    def __init__(self, authority: Authority, rng: np.random.Generator, as_at: date):
        self.authority, self.rng, self.as_at = authority, rng, as_at.toordinal()
        self.plans = {p.aim: p for p in PLANS[authority.name]}
        for plan in PLANS[authority.name]:
            if plan.passes_on:
                aim, factor = plan.passes_on
                self.plans[aim] = Plan(plan.idea, plan.on, factor)
        self.restless = 0.006 if authority.looked_after >= 400 else 0  # share of children with very many placements
        self.missing = {
            "permanence_recommendation": 0.05 + 0.1 * rng.random(),
            "permanence_panel": 0.1,
            "adm_decision": 0.2 + 0.2 * rng.random(),
            "court_application": 0.4 + 0.2 * rng.random(),
            "order_granted": 0.1,
        }

    def fill(self, wanted: int) -> list[_Child]:
        """Return children, `wanted` of them looked after on the day the extract is as at."""
        children, looked_after, groups = [], 0, 0
        while looked_after < wanted:
            start = _PAST + int(self.rng.random() * (self.as_at + 1 - _PAST))
            family = self.family(start, groups + 1 if self.rng.random() < 0.21 else None)
            now = sum(child.spells[-1].end > self.as_at for child in family)
            if looked_after + now > wanted:
                continue
            if len(family) == 1:
                family[0].group = None
            groups += any(child.group for child in family)
            looked_after += now
            children += family
        return children

    def family(self, start: int, group: int | None) -> list[_Child]:
        """Return a child, or the two to four of a sibling group, who start to be looked after on the same day."""
        rng, shared = self.rng, _Shared(self.rng)
        low, high = _pick(dict(zip(_BANDS, _STARTERS, strict=True)), rng.random())
        ages = [low + (high - low) * rng.random()]
        size = 1 if group is None else _pick({2: 0.6, 3: 0.28, 4: 0.12}, rng.random())
        while len(ages) < size:
            gap = 1 + 2.5 * rng.random()
            older, younger = max(ages) + gap, min(ages) - gap
            ages.append(younger if younger > 0 and (older > 17 or rng.random() < 0.5) else min(older, 17.5))
        children = []
        for age in ages:
            sex = _pick(_SEXES, rng.random())
            child = _Child(int(start - age * 365.25), sex, group)
            self.spell(child, start, shared.chance("away") < _AWAY[_band(age)], shared)
            while child.spells[-1].home and rng.random() < 0.65:  # some come back
                again = child.spells[-1].end + int(_Shared(rng).days("gap", (240, 0.7))) + 7
                if again > min(self.as_at, child.born + 17 * 365):
                    break
                self.spell(child, again, rng.random() < 0.85, _Shared(rng))
            child.spells = [s for s in child.spells if s.end >= _FROM]
            children += [child] if child.spells else []
        return children

    def spell(self, child: _Child, start: int, away: bool, shared: _Shared) -> None:
        """Live one spell from its referral to its end, on the 18th birthday at the latest."""
        spell = _Spell(start)
        child.spells.append(spell)
        adult = birthday(date.fromordinal(child.born), 18).toordinal()
        spell.add("referral", max(start - 2 - shared.days("referral", (85, 0.9)), child.born - 120))
        end = start
        if not away:
            end = self.at_home(spell, start, adult, 880, shared)
            away = end < adult and shared.chance("moves away") < 0.2
        spell.end = self.away_from_home(child, spell, end, adult, shared) if away else end
        spell.events = [e for e in spell.events if e[1] <= spell.end]
        spell.legal = [(kind, a, min(b, spell.end)) for kind, a, b in spell.legal if a <= spell.end]

    def at_home(self, spell: _Spell, start: int, adult: int, median: float, shared: _Shared) -> int:
        """Live at home on a supervision order, the plan reviewed at about two years, often late, sometimes never."""
        end = int(min(adult, start + 60 + shared.days(f"order {start}", (median, 0.75))))
        spell.placements.append(("at_home", start, end))
        spell.home = end < adult
        self.on_order(spell, start, end)
        held = self.rng.random() < 0.87
        day = _working_day(self.step("aim-1", start, shared.days("plan review", _PLAN_REVIEW)))
        while held and day < end:
            spell.add("cso_review", day)
            day = _working_day(day + shared.days("next", (500, 0.25)))
        self.reviews(spell, start, end, (90, 180, 320))
        return end

    def away_from_home(self, child: _Child, spell: _Spell, start: int, adult: int, shared: _Shared) -> int:
        """Live away from home until return, adoption, the carer's own order, leaving care or the 18th birthday."""
        rng, band = self.rng, _band((start - child.born) / 365.25)
        spell.add("accommodated", start)
        recommended = _working_day(self.step("aim-2", start, shared.days("recommendation", _RECOMMENDATION)))
        home, route, adopters, ordered = _NEVER, "return_home", _NEVER, _NEVER
        if shared.chance("home") < _HOME_AGAIN[band]:
            home = start + 4 + int(shared.days("homecoming", _HOMECOMING))
        early, late = rng.standard_exponential() * 11 * 365, rng.standard_exponential() * 2.5 * 365
        leaves = int(min(start + 30 + early, max(start + 30, child.born + 16 * 365) + late, adult))
        rests = _pick(_SETTLES[band], rng.random())
        end = min(home, leaves)
        if home > leaves:
            route = self.route(rests, _band((recommended - child.born) / 365.25), shared)
            if recommended < leaves:
                adopters, ordered, over = self.decisions(spell, recommended, route, shared)
                end = min(adult if ordered < leaves else leaves, over)  # an order keeps a child in care to 18
        if recommended < end:
            spell.add("permanence_recommendation", recommended, route)
        self.placements(spell, (start, end), band, rests, adopters)
        self.reviews(spell, start, end, (40, 88, 176), recommended)
        if spell.home:
            self.on_order(spell, start, min(end, ordered))
        else:
            self.first_orders(spell, start, min(end, ordered), shared)
        spell.home = end == home < adult
        if spell.home:
            spell.add("return_home", end)
            if shared.chance("order at home") < 0.55:
                return self.at_home(spell, end, adult, 440, shared)
        return end

    def route(self, rests: str, band: int, shared: _Shared) -> str:
        """Return the route to permanence of a child who does not go home."""
        u = shared.chance("route")
        if rests == "kinship":
            return "kinship_care_order" if u < _CARER_APPLIES else "permanence_order"
        return _pick(_FROM_FOSTER[band], u) if rests == "foster" else "permanence_order"

    def decisions(self, spell: _Spell, recommended: int, route: str, shared: _Shared) -> tuple[int, int, int]:
        """Add what follows a recommendation; return the days of the move to adopters, the order and the end."""
        if route == "kinship_care_order":
            ordered = _working_day(recommended + shared.days("carer's order", (45 * 7, 0.6)))
            if shared.chance("carer applies") < 0.3:
                return _NEVER, _NEVER, _NEVER
            self.order(spell, ordered, route, ordered)
            return _NEVER, ordered, ordered
        if shared.chance("goes no further") < (0.3 if route == "permanence_order" else 0.05):
            return _NEVER, _NEVER, _NEVER
        panel = _working_day(self.step("aim-3", recommended, shared.days("panel", _PANEL)))
        decided = _working_day(panel + min(60, shared.days("decision", _DECISION)))
        spell.add("permanence_panel", panel)
        spell.add("adm_decision", decided, route)
        if route == "permanence_order" and shared.chance("is not lodged") < 0.1:
            return _NEVER, _NEVER, _NEVER
        lodged = _working_day(self.step("aim-4", decided, shared.days("court", _COURT)))
        ordered = _working_day(lodged + shared.days("order", _ORDER))
        spell.add("court_application", lodged)
        adopted = ordered if route == "adoption" else _NEVER
        if route == _COURT_ROUTES[1] and shared.chance("adopted") < 0.75:
            adopted = _working_day(ordered + shared.days("adoption", (220, 0.4)))
        if route != "adoption":
            self.order(spell, ordered, route, adopted)
        if adopted < _NEVER:
            self.order(spell, adopted, "adoption", adopted)
            return max(decided + 21, adopted - 300 - int(300 * self.rng.random())), ordered, adopted
        return _NEVER, ordered, _NEVER

    def order(self, spell: _Spell, day: int, route: str, end: int) -> None:
        """Add an order that a court grants, and the legal reason that it makes."""
        spell.add("order_granted", day, route)
        spell.legal.append(("adoption_order" if route == "adoption" else route, day, end))

    def step(self, aim: str, start: int, days: float) -> float:
        """Return the day a step ends: from the day of a change its clock runs at another pace for all who wait."""
        plan = self.plans.get(aim)
        if plan is None:
            return start + days
        on = plan.on.toordinal()
        before = min(days, max(0, on - start))
        end = start + before + (days - before) * plan.factor
        if plan.clears and start < on - 240 and end > on and self.rng.random() < plan.clears:
            end = min(end, on + 14 + 150 * self.rng.random())
        return end

    def placements(self, spell: _Spell, stay: tuple[int, int], band: int, rests: str, adopters: int) -> None:
        """Add the places of a stay away from home, one after the other: a child leaves and arrives on the same day."""
        rng, (start, end) = self.rng, stay
        kind = rests if rng.random() < 0.78 else _pick(_FIRST[band], rng.random())
        moves = [(int(start + 130 * exp(0.8 * rng.standard_normal())), rests)] if kind != rests else []
        moves += [(adopters, "prospective_adopter")] if adopters < _NEVER else []
        unsettled = min(12, exp(1.4 * rng.standard_normal()))  # some move again and again, most hardly ever
        restless = band >= 2 and rng.random() < self.restless
        day = start
        while day < end and len(moves) < 28:
            yearly = 5 if restless else (0.18 if day < start + 365 else 0.08) * unsettled
            day += 3 + int(rng.standard_exponential() * 365.25 / yearly)
            moves.append((day, "residential" if band >= 2 and rng.random() < 0.1 else ""))
        for day, to in sorted(moves):
            if start + 2 < day < end and kind != "prospective_adopter":
                spell.placements.append((kind, start, day))
                start, kind = day, to or kind
        spell.placements.append((kind, start, end))

    def first_orders(self, spell: _Spell, start: int, stop: int, shared: _Shared) -> None:
        """Add the legal reasons of a child who comes from home: an agreement, or an emergency order and the next."""
        if shared.chance("by agreement") < 0.5:
            order = start + int(shared.days("agreement", (150, 0.7))) if self.rng.random() < 0.65 else stop
            spell.legal.append(("section_25", start, min(order, stop)))
        else:
            interim = start + 3 + int(8 * self.rng.random())
            order = interim + int(shared.days("interim", (70, 0.5)))
            spell.legal.append(("child_protection_order", start, min(interim, stop)))
            if interim < stop:
                spell.add("hearing", interim)
                spell.legal.append(("interim_compulsory_supervision_order", interim, min(order, stop)))
        if order < stop:
            self.on_order(spell, order, stop)

    def on_order(self, spell: _Spell, start: int, stop: int) -> None:
        """Add a supervision order: a hearing makes it and continues it at least every year, at times in other words."""
        day, since = start, start
        while day < stop:
            if _FROM <= day <= self.as_at:
                spell.add("hearing", day)
                if day > since and self.rng.random() < 0.45:
                    spell.legal.append(("compulsory_supervision_order", since, day))
                    since = day
            day = _working_day(day + 230 + 130 * self.rng.random())
        spell.legal.append(("compulsory_supervision_order", since, stop))

    def reviews(self, spell: _Spell, start: int, end: int, clock: tuple[int, int, int], also: int = _NEVER) -> None:
        """Add reviews, each counted from the one before (after `clock` days); a recommendation is made at a review."""
        waits = list(clock)
        if start < _FROM:
            start, waits = _FROM, [clock[-1] * self.rng.random(), clock[-1]]
        while True:
            wait = waits.pop(0) if len(waits) > 1 else waits[0]
            before, start = start, _working_day(start + wait * exp(0.12 * self.rng.standard_normal()))
            if before < also < start:
                start = also
            if start >= min(end, self.as_at + 1):
                return
            spell.add("review", start)

    def rows(self, children: list[_Child]) -> Rows:
        """Return the four tables as known on the day: numbered in shuffled order, what is not recorded left out."""
        rows: Rows = {name: [] for name in TABLES}
        numbers = self.rng.permutation(len(children)) + 1
        for number, child in sorted(zip(numbers, children, strict=True), key=lambda pair: pair[0]):
            key = f"SYN-{number:05d}"
            group = f"SG-{child.group:04d}" if child.group else None
            rows["children"].append((key, self.authority.name, _date(child.born), child.sex, group))
            for table in ("placements", "legal"):
                for kind, start, end in sorted(
                    (r for s in child.spells for r in getattr(s, table)), key=lambda r: r[1:]
                ):
                    if start <= self.as_at:
                        rows[table].append((key, kind, _date(start), _date(end) if end <= self.as_at else None))
            for event, day, route in sorted((e for s in child.spells for e in s.events), key=lambda e: e[1]):
                if day <= self.as_at and self.recorded(event, day):
                    unknown = event == "permanence_recommendation" and self.rng.random() < 0.06
                    rows["events"].append((key, event, _date(day), None if unknown else route))
        for plan in PLANS[self.authority.name]:
            if plan.recording:
                rows["events"] = _leave_out_short(rows["events"], plan.on)
        for defect in DEFECTS.get(self.authority.name, ()):
            _damage(rows, defect, self.rng, self.as_at)
        return rows

    def recorded(self, event: str, day: int) -> bool:
        """Whether a date found its way into the extract: fewer did before 2016."""
        share = self.missing.get(event, 0)
        if event in ("adm_decision", "court_application") and day >= _RECORDING_IMPROVED:
            share /= 3
        return self.rng.random() >= share


def _leave_out_short(events: list[tuple], on: date) -> list[tuple]:
    """Return the events without most recommendations before a day that came within nine months: they stood in minutes only.

    With a random stream of its own, so that nothing else of the area depends on it.
    """
    rng, begun, kept = np.random.default_rng(on.toordinal()), {}, []
    for row in events:
        if row[1] == "accommodated":
            begun[row[0]] = row[2]
        short = row[1] == "permanence_recommendation" and row[2] < on and (row[2] - begun[row[0]]).days < 275
        if not (short and rng.random() < 0.9):
            kept.append(row)
    return kept


def _date(day: int) -> date:
    return date.fromordinal(int(day))


def _damage(rows: Rows, defect: str, rng: np.random.Generator, as_at: int) -> None:
    """Put one mistake into the tables; an extract too small to hold it stays as it is."""
    events, places = rows["events"], rows["placements"]
    at = int(rng.random() * len(events))
    if defect == "duplicate row":
        events.insert(at, events[at])
    elif defect == "unknown child":
        events.append(("SYN-99999", "review", _date(as_at - 100 - at % 300), None))
    elif defect == "future date":
        at = next(i for i in [*range(at, len(events)), *range(at)] if events[i][1] == "review")
        events[at] = (*events[at][:2], events[at][2].replace(year=events[at][2].year + 10, day=1), None)
    elif defect == "impossible date":
        at = next(i for i in [*range(at, len(events)), *range(at)] if events[i][1] == "hearing")
        events[at] = (*events[at][:2], f"{events[at][2].year}-02-30", None)
    elif defect == "end before start":
        closed = [i for i, row in enumerate(places) if row[3]]
        at = closed[at % len(closed)]
        places[at] = (*places[at][:3], places[at][2].replace(year=places[at][2].year - 1, day=1))
    elif defect == "decision before recommendation":
        recommended = {row[0]: row[2] for row in events if row[1] == "permanence_recommendation"}
        decided = [i for i, row in enumerate(events) if row[1] == "adm_decision" and row[0] in recommended]
        if decided:
            at = decided[at % len(decided)]
            early = recommended[events[at][0]].toordinal() - 20
            events[at] = (*events[at][:2], _date(early), events[at][3])


def make_area(authority: Authority, scale: float, rng: np.random.Generator, as_at: date = date(2019, 7, 31)) -> Rows:
    """Return one area's four tables as rows in the order of COLUMNS, as known on `as_at`.

    About `authority.looked_after * scale` children, six at least, are looked after on that day, and at least one
    of them is accommodated and waiting for a recommendation.
    """
    area, wanted = _Area(authority, rng, as_at), max(6, round(authority.looked_after * scale))
    while True:
        children = area.fill(wanted)
        # By chance a small area may have been far larger in earlier years; 2.3 times is usual after six years.
        odd = len(children) > wanted * (1.5 + 0.25 * (area.as_at - _FROM) / 365)
        if not odd and any(child.spells[-1].waiting(area.as_at) for child in children):
            return area.rows(children)
