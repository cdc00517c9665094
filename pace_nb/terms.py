"""The words of permanence planning: codes used in the tables, and how a reader sees them.

Labels follow the published tables on looked after children in Scotland; the codes are our own slugs,
because the numeric codes of the national return are not public.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One code: what the tables hold, what a reader sees, and what it means."""

    code: str
    label: str
    meaning: str


def _terms(*rows: tuple[str, str, str]) -> dict[str, Term]:
    return {code: Term(code, label, meaning) for code, label, meaning in rows}


EVENTS = _terms(
    ("referral", "Referral", "First referral that led to the child being looked after; may precede birth."),
    ("accommodated", "Accommodated", "The child becomes looked after away from home."),
    ("review", "Child's review", "A looked after child's review was held."),
    ("hearing", "Children's Hearing", "A Children's Hearing was held."),
    (
        "cso_review",
        "Review of the plan on a CSO",
        "The Child's Plan of a child on a compulsory supervision order "
        "at home was reviewed: is the order still needed?",
    ),
    (
        "permanence_recommendation",
        "Permanence recommendation",
        "A review recommends where the child should grow up, including a permanent return home.",
    ),
    ("permanence_panel", "Permanence panel", "The adoption, fostering and permanence panel considered the plan."),
    ("adm_decision", "Agency decision", "The Agency Decision Maker (ADM) signs off the plan."),
    ("court_application", "Court application", "The application for an order is lodged in court."),
    ("order_granted", "Order granted", "The court grants the order that makes the plan legally secure."),
    ("return_home", "Return home", "The child goes back to a parent's care."),
)

PLACEMENTS = _terms(
    ("at_home", "At home with parents", "Looked after while living with a parent."),
    ("kinship", "Kinship care", "Living with relatives or friends."),
    ("foster", "Foster care", "Living with foster carers, the authority's own or purchased."),
    ("prospective_adopter", "Prospective adopters", "Living with the people who intend to adopt."),
    ("residential", "Residential care", "A children's home, residential school or similar."),
    ("secure", "Secure care", "Secure accommodation."),
    ("other", "Other placement", "Any other known placement."),
)

LEGAL = _terms(
    ("compulsory_supervision_order", "Compulsory supervision order", "Made by a Children's Hearing (CSO)."),
    ("interim_compulsory_supervision_order", "Interim supervision order", "A short order until a hearing decides."),
    ("child_protection_order", "Child protection order", "An emergency order of the sheriff."),
    ("section_25", "Section 25 (voluntary)", "Accommodated by agreement, Children (Scotland) Act 1995 s.25."),
    ("permanence_order", "Permanence order", "Made by a sheriff; parental rights are shared or transferred."),
    (
        "permanence_order_with_authority_to_adopt",
        "Permanence order with authority to adopt",
        "A permanence order under which the child may be placed for adoption.",
    ),
    ("kinship_care_order", "Kinship care order (section 11)", "The kinship carer's own order; the carer applies."),
    ("adoption_order", "Adoption order", "The child becomes the adopters' child in law."),
)

ROUTES = _terms(
    ("return_home", "Return home", "A permanent return to, or stay in, a parent's care."),
    ("kinship_care_order", "Kinship care order", "Kinship care secured by the carer's section 11 order."),
    ("permanence_order", "Permanence order", "A permanence order in kinship, foster or residential care."),
    (
        "permanence_order_with_authority_to_adopt",
        "Permanence order with authority to adopt",
        "A step towards adoption.",
    ),
    ("adoption", "Adoption", "Adoption, by petition of the adopters."),
)

SEX = _terms(
    ("female", "Female", "As recorded."),
    ("male", "Male", "As recorded."),
    ("other", "Other", "As recorded."),
    ("unknown", "Not known", "Not recorded."),
)

#: The chain of milestones in the order in which they happen (CLAS permanence data set).
MILESTONES = (
    "accommodated",
    "permanence_recommendation",
    "permanence_panel",
    "adm_decision",
    "court_application",
    "order_granted",
)

#: Milestones that are worked out from the tables rather than recorded as events.
DERIVED_MILESTONES = {
    "cso_at_home": Term(
        "cso_at_home",
        "Supervision order at home began",
        "The first day on which the child was both at home and on a compulsory supervision order.",
    ),
}

#: Steps that a route does not pass through (domain: a return home needs neither panel, ADM nor court;
#: a section 11 order is applied for by the carer, so the authority has no panel, ADM or court date).
STEPS_NOT_ON_ROUTE = {
    "return_home": frozenset({"permanence_panel", "adm_decision", "court_application", "order_granted"}),
    "kinship_care_order": frozenset({"permanence_panel", "adm_decision", "court_application"}),
}

#: Groups in which the programme looked at children; every placement type belongs to one.
PLACEMENT_GROUPS = {
    "at_home": "at_home",
    "kinship": "kinship",
    "foster": "foster",
    "prospective_adopter": "prospective_adopter",
    "residential": "residential",
    "secure": "residential",
    "other": "other",
}


def label(code: str | None) -> str:
    """Return what a reader sees for a code of any vocabulary; unknown codes are shown with spaces.

    >>> label("adm_decision")
    'Agency decision'
    """
    if code is None or code != code:
        return "Not recorded"
    for vocabulary in (EVENTS, PLACEMENTS, LEGAL, ROUTES, SEX, DERIVED_MILESTONES):
        if code in vocabulary:
            return vocabulary[code].label
    return str(code).replace("_", " ").capitalize()


def lower(code: str | None) -> str:
    """Return a label for the middle of a sentence; abbreviations keep their capitals.

    >>> lower("cso_review")
    'review of the plan on a CSO'
    """
    text = label(code)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@dataclass(frozen=True)
class Authority:
    """A Scottish local authority: the name we print, its GSS code, other spellings, and its size.

    `looked_after` is the number of children looked after on 31 July 2019, worked out from the
    Improvement Service's published unit costs (children = gross cost / 52 / cost per child per week).
    """

    name: str
    code: str
    looked_after: int
    also: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """Name for files and folders."""
        return self.name.lower().replace("&", "and").replace(" ", "-")


AUTHORITIES: dict[str, Authority] = {
    a.name: a
    for a in (
        Authority("Aberdeen City", "S12000033", 542, ("Aberdeen",)),
        Authority("Aberdeenshire", "S12000034", 403),
        Authority("Angus", "S12000041", 244),
        Authority("Argyll and Bute", "S12000035", 150),
        Authority("City of Edinburgh", "S12000036", 1234, ("Edinburgh", "Edinburgh City", "Edinburgh, City of")),
        Authority("Clackmannanshire", "S12000005", 185),
        Authority("Dumfries and Galloway", "S12000006", 395),
        Authority("Dundee City", "S12000042", 463, ("Dundee",)),
        Authority("East Ayrshire", "S12000008", 375),
        Authority("East Dunbartonshire", "S12000045", 149),
        Authority("East Lothian", "S12000010", 246),
        Authority("East Renfrewshire", "S12000011", 102),
        Authority("Falkirk", "S12000014", 344),
        Authority("Fife", "S12000047", 935),
        Authority("Glasgow City", "S12000049", 2523, ("Glasgow",)),
        Authority("Highland", "S12000017", 483),
        Authority("Inverclyde", "S12000018", 205),
        Authority("Midlothian", "S12000019", 218),
        Authority("Moray", "S12000020", 210),
        Authority("Na h-Eileanan Siar", "S12000013", 39, ("Eilean Siar", "Comhairle nan Eilean Siar", "Western Isles")),
        Authority("North Ayrshire", "S12000021", 550),
        Authority("North Lanarkshire", "S12000050", 850),
        Authority("Orkney Islands", "S12000023", 37, ("Orkney",)),
        Authority("Perth and Kinross", "S12000048", 282),
        Authority("Renfrewshire", "S12000038", 629),
        Authority("Scottish Borders", "S12000026", 195, ("Borders",)),
        Authority("Shetland Islands", "S12000027", 34, ("Shetland",)),
        Authority("South Ayrshire", "S12000028", 345),
        Authority("South Lanarkshire", "S12000029", 725),
        Authority("Stirling", "S12000030", 238),
        Authority("West Dunbartonshire", "S12000039", 505),
        Authority("West Lothian", "S12000040", 427),
    )
}


def _plain(name: str) -> str:
    words = name.replace("&", " and ").replace("-", " ").replace(",", " ").lower().split()
    return " ".join(w for w in words if w not in {"council", "the"})


_BY_SPELLING = {_plain(spelling): a.name for a in AUTHORITIES.values() for spelling in (a.name, a.code, *a.also)}


def authority_name(text: str) -> str | None:
    """Return the name we print for any known spelling or GSS code of a local authority; None if unknown.

    >>> authority_name("argyll & bute"), authority_name("S12000047"), authority_name("Narnia")
    ('Argyll and Bute', 'Fife', None)
    """
    return _BY_SPELLING.get(_plain(text))
