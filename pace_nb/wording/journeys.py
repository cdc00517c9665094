"""A child's journey in words: one version for people who work with records, one for the child or a parent.

The words for a family name no rule and no one to blame: "nothing was written down" and not "no decision was taken", because the
record is all that is known. Neither version says more than the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from pace_nb import terms
from pace_nb.aims import Aim
from pace_nb.periods import show_date
from pace_nb.spells import ENDINGS

VERSIONS = ("professional", "family")


def short_date(day: date) -> str:
    """Return a date with three letters of its month.

    >>> short_date(date(2019, 7, 31))
    '31 Jul 2019'
    """
    return f"{day.day} {day:%b %Y}"


def say_weeks_of(days: int) -> str:
    """Return a number of days as whole weeks, or as days where they are fewer than two weeks.

    >>> say_weeks_of(9), say_weeks_of(290)
    ('9 days', '41 weeks')
    """
    return _some(days, "day") if days < 14 else _some(days // 7, "week")


def say_length(days: int) -> str:
    """Return a length of time as people say it: days, weeks, or from two years on years and months (of 30.4 days).

    >>> say_length(1), say_length(60), say_length(1000)
    ('1 day', '8 weeks', '2 years 8 months')
    """
    if days < 730:
        return say_weeks_of(days)
    years, months = divmod(int(days / 30.4375), 12)
    return _some(years, "year") + (f" {_some(months, 'month')}" if months else "")


def _some(n: int, unit: str) -> str:
    return f"{n:,} {unit}" if n == 1 else f"{n:,} {unit}s"


@dataclass(frozen=True)
class Version:
    """The words of one version.

    places, orders, events: code to (name, short name). routes: code to short name. reasons: why a wait ended
    another way, in other words. lanes: lane to its name. texts: whole phrases by
    name, some with places to fill. day, short_day: how a day is said. axis: days and texts to mark between two days, None for the
    calendar. ages: whether ages are shown. size: of the type, in pixels of a picture 1120 pixels wide.
    """

    name: str
    places: Mapping[str, tuple[str, str]]
    orders: Mapping[str, tuple[str, str]]
    events: Mapping[str, tuple[str, str]]
    routes: Mapping[str, str]
    reasons: Mapping[str, str]
    lanes: Mapping[str, str]
    texts: Mapping[str, str]
    day: Callable[[date], str] = show_date
    short_day: Callable[[date], str] = short_date
    axis: Callable[[date, date], list[tuple[date, str]]] | None = None
    ages: bool = True
    size: float = 14

    def event(self, code: str, short: bool = False) -> str:
        """Return the name of an event; of one without words of its own, that of the vocabulary."""
        return self.events.get(code, (terms.label(code),) * 2)[short]

    def place(self, code: str, short: bool = False) -> str:
        """Return the name of a kind of placement."""
        return self.places.get(code, (terms.label(code),) * 2)[short]

    def order(self, code: str, short: bool = False) -> str:
        """Return the name of an order or section."""
        return self.orders.get(code, (terms.label(code),) * 2)[short]

    def limit(self, aim: Aim) -> str:
        """Return the limit of an aim; people who work with records see too when it is a local value."""
        return aim.limit_label if self.name != "family" else str(aim.limit)

    def say(self, phrase: str, /, **values: object) -> str:
        """Return a phrase, filled."""
        return self.texts[phrase].format(**values)


PROFESSIONAL = Version(
    "professional",
    places={
        "at_home": ("At home with parents", "Home"),
        "kinship": ("Kinship care", "Kin"),
        "foster": ("Foster care", "Foster"),
        "prospective_adopter": ("Prospective adopters", "Adopters"),
        "residential": ("Residential care", "Resid."),
        "secure": ("Secure care", "Secure"),
        "other": ("Other placement", "Other"),
    },
    orders={
        "compulsory_supervision_order": ("Compulsory supervision order", "CSO"),
        "interim_compulsory_supervision_order": ("Interim supervision order", "ICSO"),
        "child_protection_order": ("Child protection order", "CPO"),
        "section_25": ("Section 25 (voluntary)", "s.25"),
        "permanence_order": ("Permanence order", "PO"),
        "permanence_order_with_authority_to_adopt": ("Permanence order with authority to adopt", "POA"),
        "kinship_care_order": ("Kinship care order (section 11)", "s.11"),
        "adoption_order": ("Adoption order", "Adoption"),
    },
    events={
        "cso_at_home": ("Supervision order at home", "Order at home"),
        "cso_review": ("Review of the plan on a CSO", "Review of the plan"),
        "permanence_recommendation": ("Permanence recommendation", "Recommendation"),
        "permanence_panel": ("Permanence panel", "Panel"),
        "born": ("Born", "Born"),
        "eighteen": ("18th birthday", "18th birthday"),
    },
    routes={
        "return_home": "return home",
        "kinship_care_order": "kinship order",
        "permanence_order": "permanence order",
        "permanence_order_with_authority_to_adopt": "PO with adoption",
        "adoption": "adoption",
    },
    reasons={},
    lanes={
        "home": "At home or away",
        "places": "Where the child lived",
        "legal": "Legal basis",
        "review": "Reviews",
        "hearing": "Hearings",
        "marks": "Milestones",
        "waits": "Waits against aims",
        "gaps": "Nothing recorded",
        "together": "Who lived together",
        "joint": "Milestones",
        "date": "Date",
        "age": "Age",
    },
    texts={
        "title": "{label}: {first} to {last}",
        "as_at": "known to",
        "ends": "record ends",
        "at_home": "At home",
        "away": "Away from home",
        "moves": "{n} moves",
        "move": "1 move",
        "before_birth": "before birth",
        "later": "{length} later",
        "continued": "{name}, continued {n} times",
        "continued_once": "{name}, continued once",
        "no_limit": "{length}, no limit set",
        "in_time": "{length}, in time (limit {limit})",
        "late": "{length}, {over} past the limit of {limit}",
        "waiting": "{length} so far (limit {limit}, to {due})",
        "waiting_ends": "{length} so far, and the limit of {limit} runs out on this day",
        "waiting_late": "{length} so far, {over} past the limit of {limit}",
        "waiting_no_limit": "{length} so far, no limit set",
        "left": "ended after {length}: {reason}",
        "left_late": "ended after {length}, {over} past the limit of {limit}: {reason}",
        "unusable": "cannot be counted: {reason}",
        "wait": "{start} – {end}",
        "gap": "{length}: no placement recorded",
        "silence": "{length} with no recorded decision",
        "held": " ({held} held)",
        "reviews": "review",
        "hearings": "hearing",
        "none_places": "No placement is recorded",
        "none_legal": "No order or section is recorded",
        "none_marks": "No milestone is recorded",
        "none_review": "No review is recorded",
        "unended": "end not recorded",
        "lasts": "lasts",
        "key_places": "Placements",
        "key_marks": "Milestones",
        "key_orders": "Orders",
        "symbols": "Symbols",
        "s_review": "review",
        "s_hearing": "Children's Hearing",
        "s_mark": "milestone",
        "s_life": "birth, 18th birthday",
        "s_aim": "wait within the limit",
        "s_over": "past the limit",
        "s_unusable": "cannot be counted",
        "s_silence": "26 weeks or more without a recorded decision",
        "s_gap": "looked after, no placement recorded",
        "s_open": "lasts",
        "s_torn": "end not recorded",
        "begin": "The record of {who} begins on {day}.",
        "begin_aged": "{who} was {age} when the record begins, on {day}.",
        "begin_unborn": "The record of {who} begins on {day}, {before} before birth.",
        "one_place": "One placement is recorded",
        "places": "{n} placements are recorded",
        "with_move": ", with 1 move from one place away from home to another",
        "with_moves": ", with {n} moves from one place away from home to another",
        "time_away": "Lived away from home for {length}{times}.",
        "time_home": "Looked after at home for {length}{times}.",
        "in_times": " in {n} stretches",
        "lives": "Lives now: {place}, since {day}.",
        "no_longer": "No placement lasts; the last one ended on {day}.",
        "was_18": "Turned 18; the record ends on {day}.",
        "decided": "{start} ({day}) to {end}: {told}.",
        "decided_waiting": "{start} ({day}), waiting for {end}: {told}.",
        "decided_left": "{start} ({day}) to {end}: {told}.",
        "decided_unusable": "{start} ({day}) to {end}: {told}.",
        "secure": "An order was granted on {day}: {route}.",
        "secure_plain": "An order was granted on {day}; which one is not recorded.",
        "eighteen_waiting": "Turned 18 while still waiting.",
        "silent_once": "One stretch of half a year or more: {told}, {first} to {last}.",
        "silent": "{n} stretches of half a year or more have no recorded decision. The longest: {told}, {first} to {last}.",
        "missing": "For {length} in care no placement is recorded.",
        "torn_once": "One placement has no recorded end: it is drawn to the start of the next.",
        "torn": "{n} placements have no recorded end: each is drawn to the start of the next.",
        "siblings": "{n} brothers and sisters: {first} to {last}",
        "born": "born",
        "whose": "",
        "in_words": "In words",
        "as_table": "The same as a table",
        "known": "known on",
        "siblings_are": "{n} brothers and sisters: {names}.",
        "born_in": "born {year}",
        "pair": "{one} and {other}",
        "all": "all {n}",
        "together": "Together",
        "apart": "Apart",
        "unknown": "Cannot tell",
        "never_both": "never both in a recorded placement",
        "for_together": "together for {length}",
        "for_apart": "apart for {length}",
        "for_unknown": "the record cannot tell for {length}",
        "s_together": "in the same home, by its reference",
        "s_apart": "apart: another home, or another kind of placement",
        "s_unknown": "same kind of placement: the record cannot tell whether in the same home",
        "same_day": "Recorded for several on one day: {told}.",
        "column_who": "Who",
        "siblings_note": "Together is said only where the records give both children the same reference of a home. Dashed upright "
        "lines: days on which the same is recorded for two or more of them, named once. Nothing recorded is not the same as nothing "
        "done.",
        "siblings_note_no_homes": "These records hold no reference of the homes, so they cannot tell who lived together: only that "
        "children in placements of different kinds lived apart. Dashed upright lines: days on which the same is recorded for two or "
        "more of them, named once. Nothing recorded is not the same as nothing done.",
        "column_from": "From",
        "column_to": "To",
        "column_kind": "Kind",
        "column_what": "What",
        "column_length": "How long",
        "note": "Nothing recorded is not the same as nothing done. A decision here is a milestone, a return home, a review of the plan "
        "on an order at home, or the first day of an order of another kind; reviews and hearings are meetings, and what they "
        "decided is not in the record.",
    },
)

FAMILY = Version(
    "family",
    places={
        "at_home": ("At home", "Home"),
        "kinship": ("With relatives or friends", "Family"),
        "foster": ("With foster carers", "Foster"),
        "prospective_adopter": ("With people who hoped to adopt you", "Adopters"),
        "residential": ("In a children's house or school", "House"),
        "secure": ("In secure care", "Secure"),
        "other": ("Somewhere else", "Other"),
    },
    orders={
        "compulsory_supervision_order": ("Supervision order from a Children's Hearing", "Supervision order"),
        "interim_compulsory_supervision_order": (
            "Short supervision order from a Children's Hearing",
            "Short supervision order",
        ),
        "child_protection_order": ("Emergency order from a sheriff to keep you safe", "Emergency order"),
        "section_25": ("Your family agreed that you would be looked after", "Agreed"),
        "permanence_order": ("Court order about where you grow up", "Court order"),
        "permanence_order_with_authority_to_adopt": (
            "Court order about where you grow up, so that you could be adopted",
            "Court order",
        ),
        "kinship_care_order": ("Court order for the relatives or friends who look after you", "Carers' order"),
        "adoption_order": ("You were adopted", "Adopted"),
    },
    events={
        "referral": ("Someone first asked social work to help", "First asked for help"),
        "accommodated": ("You came to live away from home", "Came to live away from home"),
        "review": ("Meeting about you", "Meeting"),
        "hearing": ("Children's Hearing", "Hearing"),
        "cso_review": ("A meeting asked if the order was still needed", "Is the order still needed?"),
        "cso_at_home": ("You were at home with a supervision order", "At home with an order"),
        "permanence_recommendation": ("A meeting said where you should grow up", "A plan for growing up"),
        "permanence_panel": ("A group of people looked at the plan", "The plan was looked at"),
        "adm_decision": ("The council agreed the plan", "The council agreed"),
        "court_application": ("The court was asked", "The court was asked"),
        "order_granted": ("The court agreed", "The court agreed"),
        "return_home": ("You went home", "You went home"),
        "born": ("You were born", "You were born"),
        "eighteen": ("You turned 18", "You turned 18"),
    },
    routes={
        "return_home": "at home",
        "kinship_care_order": "with relatives",
        "permanence_order": "with carers",
        "permanence_order_with_authority_to_adopt": "adoption",
        "adoption": "adoption",
    },
    reasons={
        ENDINGS["return_home"]: "you went home",
        ENDINGS["order_granted"]: "the court agreed to an order",
        ENDINGS["left_care"]: "you were no longer looked after",
        ENDINGS["turned_18"]: "you turned 18",
        ENDINGS["order_ended"]: "the order ended, or you came to live somewhere else",
        "route without this step": "the plan changed to one that does not need this",
    },
    lanes={
        "home": "Home or away",
        "places": "Where you lived",
        "legal": "Orders and agreements",
        "review": "Meetings about you",
        "hearing": "Children's Hearings",
        "marks": "Important days",
        "waits": "How long it took",
        "gaps": "Nothing written down",
        "together": "Who lived together",
        "joint": "Important days",
        "date": "Date",
        "age": "Your age",
    },
    texts={
        **PROFESSIONAL.texts,
        "title": "Your journey, from {first} to {last}",
        "as_at": "up to",
        "ends": "ends here",
        "moves": "{n} moves",
        "move": "1 move",
        "before_birth": "before you were born",
        "continued": "{name}, kept going {n} times",
        "continued_once": "{name}, kept going once",
        "no_limit": "{length}",
        "in_time": "{length}. The aim is {limit}",
        "late": "{length}, longer than the aim of {limit}",
        "waiting": "{length} so far. The aim is {limit}",
        "waiting_ends": "{length} so far. The aim is {limit}",
        "waiting_late": "{length} so far, longer than the aim of {limit}",
        "waiting_no_limit": "{length} so far",
        "left": "{length}, then {reason}",
        "left_late": "{length}, then {reason}",
        "unusable": "the dates written down do not fit together",
        "wait": "{end}",
        "gap": "{length}: where you lived was not written down",
        "silence": "{length} with no decision written down",
        "held": " ({held})",
        "reviews": "meeting",
        "hearings": "hearing",
        "none_places": "Where you lived was not written down",
        "none_legal": "Nothing is written down",
        "none_marks": "Nothing is written down",
        "none_review": "No meeting is written down",
        "unended": "last day not written down",
        "lasts": "still so",
        "key_places": "Where you lived",
        "key_marks": "Important days",
        "key_orders": "Orders and agreements",
        "symbols": "What the signs mean",
        "s_review": "a meeting about you",
        "s_hearing": "a Children's Hearing",
        "s_mark": "an important day",
        "s_life": "the day you were born, or turned 18",
        "s_aim": "waiting, within the aim",
        "s_over": "waiting longer than the aim",
        "s_unusable": "the dates do not fit together",
        "s_silence": "half a year or more with no decision written down",
        "s_gap": "where you lived was not written down",
        "s_open": "still so",
        "s_torn": "last day not written down",
        "begin": "What was written down about you begins on {day}.",
        "begin_aged": "You were {age} when this begins, on {day}.",
        "begin_unborn": "This begins on {day}, {before} before you were born.",
        "one_place": "You lived in one place",
        "places": "{n} places where you lived are written down",
        "with_move": ", and you moved once from one place away from home to another",
        "with_moves": ", and you moved {n} times from one place away from home to another",
        "time_away": "You lived away from home for {length}{times}.",
        "time_home": "You lived at home with social work helping for {length}{times}.",
        "in_times": ", in {n} parts",
        "lives": "Now you live {place}, since {day}.",
        "no_longer": "The last place that is written down was until {day}.",
        "was_18": "You turned 18, and this ends on {day}.",
        "decided": "From the day {start_small} ({day}) until {end}: {told}.",
        "decided_waiting": "Since {start_small} ({day}), waiting until {end}: {told}.",
        "decided_left": "From the day {start_small} ({day}), waiting until {end}: {told}.",
        "decided_unusable": "How long it took until {end} cannot be told: {told}.",
        "secure": "The court agreed on {day}: {route}.",
        "secure_plain": "The court agreed on {day}.",
        "eighteen_waiting": "You turned 18 while you were still waiting.",
        "silent_once": "There was one time of half a year or more: {told}, from {first} to {last}.",
        "silent": "There were {n} times of half a year or more with no decision written down. The longest: {told}, {first} to {last}.",
        "missing": "For {length} it was not written down where you lived.",
        "torn_once": "For one place, the last day was not written down.",
        "torn": "For {n} places, the last day was not written down.",
        "whose": "This belongs to:",
        "known": "as written down by",
        "siblings": "The journey of {n} brothers and sisters, from {first} to {last}",
        "unknown": "Not written down",
        "never_both": "not both looked after at one time, as far as is written down",
        "for_unknown": "not written down for {length}",
        "s_together": "living together",
        "s_apart": "living in different places",
        "s_unknown": "if they lived together is not written down",
        "same_day": "On the same day: {told}.",
        "siblings_note": "This shows what people wrote down. Dashed upright lines: a day that was important for two or more of you. If "
        "something here is wrong or missing, please say so: it can be put right.",
        "siblings_note_no_homes": "This shows what people wrote down. Who lived together was not written down, only what kind of place "
        "each lived in. Dashed upright lines: a day that was important for two or more of you. If something here is wrong or "
        "missing, please say so: it can be put right.",
        "column_kind": "About",
        "column_what": "What happened",
        "note": "This shows what people wrote down. If nothing was written down, something may still have been done for you. If "
        "something here is wrong or missing, please say so: it can be put right.",
    },
    size=15.5,
)

_BY_NAME = {v.name: v for v in (PROFESSIONAL, FAMILY)}


def find_version(name: str) -> Version:
    """Return the version of a name. Raises KeyError for one that is not in `VERSIONS`."""
    return _BY_NAME[name]
