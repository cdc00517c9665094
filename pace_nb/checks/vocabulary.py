"""Vocabulary: which code a text stands for, and which authority.

A code, its label and the usual short forms below are read, in capitals or not. Anything else is told of and never guessed;
an area's own words are translated by its profile.
"""

from __future__ import annotations

import difflib
from functools import partial

from pace_nb import terms
from pace_nb.checks.work import Work
from pace_nb.errors import few
from pace_nb.files import plain_name
from pace_nb.findings import rule
from pace_nb.schema import Column

#: Usual ways of writing a code, besides the code and its label. Placement types: the headings of the published tables on
#: looked after children in Scotland. Add one here only if it can mean nothing else.
USUAL = {
    "event": {
        "perm_rec": "permanence_recommendation",
        "permanence_rec": "permanence_recommendation",
        "recommendation_for_permanence": "permanence_recommendation",
        "adm": "adm_decision",
        "adm_sign_off": "adm_decision",
        "adm_signoff": "adm_decision",
        "agency_decision_maker": "adm_decision",
        "agency_decision_maker_decision": "adm_decision",
        "apr_panel": "permanence_panel",
        "adoption_and_permanence_panel": "permanence_panel",
        "fostering_and_permanence_panel": "permanence_panel",
        "lac_review": "review",
        "laac_review": "review",
        "looked_after_review": "review",
        "looked_after_child_review": "review",
        "childrens_hearing": "hearing",
        "application_lodged": "court_application",
        "application_lodged_in_court": "court_application",
        "lodged_in_court": "court_application",
        "looked_after_and_accommodated": "accommodated",
        "returned_home": "return_home",
    },
    "placement_type": {
        "at_home_with_parent(s)": "at_home",
        "with_parents": "at_home",
        "with_friends/relatives": "kinship",
        "friends/relatives": "kinship",
        "kinship_carer": "kinship",
        "with_foster_carers_provided_by_la": "foster",
        "with_foster_carers_purchased_by_la": "foster",
        "foster_carers": "foster",
        "with_prospective_adopters": "prospective_adopter",
        "local_authority_home": "residential",
        "voluntary_home": "residential",
        "residential_school": "residential",
        "crisis_care": "residential",
        "other_residential": "residential",
        "secure_accommodation": "secure",
        "other_community": "other",
    },
    "legal_type": {
        "cso": "compulsory_supervision_order",
        "icso": "interim_compulsory_supervision_order",
        "interim_cso": "interim_compulsory_supervision_order",
        "cpo": "child_protection_order",
        "s25": "section_25",
        "s.25": "section_25",
        "po": "permanence_order",
        "poa": "permanence_order_with_authority_to_adopt",
        "permanence_order_with_authority_to_place_for_adoption": "permanence_order_with_authority_to_adopt",
        "kinship_care_order": "kinship_care_order",
        "s11": "kinship_care_order",
        "section_11": "kinship_care_order",
    },
    "route": {
        "po": "permanence_order",
        "poa": "permanence_order_with_authority_to_adopt",
        "kco": "kinship_care_order",
        "section_11": "kinship_care_order",
        "returned_home": "return_home",
    },
    "sex": {"f": "female", "m": "male", "x": "other", "u": "unknown", "not_known": "unknown"},
}

_rule = partial(rule, part="vocabulary")
SPELLED = _rule("code-spelling", "notice", says="writes a code in another way; it was recognised.")
SHORT = _rule(
    "usual-spelling",
    "notice",
    says="writes a code in a usual short form; it was read as one of the codes: {read}.",
    do="If it means something else with you, say so in the profile.",
)
NO_CODE = _rule("no-code", "rows", says="is blank; set aside.", do="Known codes: {known}.", fate="set aside")
UNKNOWN = _rule(
    "unknown-code",
    "rows",
    says="holds a code that is not known; set aside.",
    do="{near}Known codes: {known}.",
    fate="set aside",
)
NOT_RECORDED = _rule(
    "unknown-detail",
    "notice",
    says="holds a code that is not known; treated as not recorded.",
    do="{near}Known codes: {known}.",
    fate="used without it",
)
COUNCIL_SPELLED = _rule("authority-spelling", "notice", says="writes the authority in another way; it was recognised.")
UNKNOWN_COUNCIL = _rule(
    "unknown-authority",
    "rows",
    says="names no Scottish local authority; set aside.",
    do="Correct the name, or use its GSS code.",
    fate="set aside",
)
NO_COUNCIL = _rule("no-authority", "rows", says="has no local authority; set aside.", do="Add it.", fate="set aside")


def read_codes(work: Work, column: Column) -> None:
    """Read a column of codes."""
    values = work.texts[column.name]
    texts = values.texts
    own = {plain_name(c): c for c in column.codes} | {plain_name(t.label): c for c, t in column.codes.items()}
    usual = USUAL.get(column.name, {})
    names = [plain_name(t) for t in texts]
    codes = [own.get(n) or (usual.get(n) if n not in own else None) for n in names]
    found = {t: c or "" for t, c in zip(texts, codes, strict=True)}
    blank = values.where(not t for t in texts)
    unknown = values.where(bool(t) and c is None for t, c in zip(texts, codes, strict=True))
    spelled = values.where(n in own and own[n] != t for n, t in zip(names, texts, strict=True))
    short = values.where(n in usual and n not in own for n in names)
    read = sorted({usual[n] for n in names if n in usual and n not in own})
    work.texts[column.name] = values.read_as(lambda t: found[t])
    words = {
        "known": ", ".join(column.codes),
        "near": _nearest([n for n, c in zip(names, codes, strict=True) if n and c is None], own),
    }
    work.say(SPELLED, spelled, column.name)
    work.say(SHORT, short, column.name, read=few(read))
    if column.required == "value":
        work.drop(UNKNOWN, unknown, column.name, **words)
        work.drop(NO_CODE, blank, column.name, **words)
    else:
        work.say(NOT_RECORDED, unknown, column.name, **words)


def _nearest(names: list[str], own: dict[str, str]) -> str:
    """Return the codes that unknown ones are closest to; what was written is never repeated."""
    near = {own[m] for n in names for m in difflib.get_close_matches(n[:60], own, 1)}
    return f"Nearest code: {', '.join(sorted(near)[:3])}. " if near else ""


def read_authorities(work: Work, column: Column) -> None:
    """Read a column of authorities: any known spelling, or the GSS code."""
    values = work.texts[column.name]
    names = {t: terms.authority_name(t) if t else None for t in values.texts}
    blank = values.are(lambda t: not t)
    unknown = values.are(lambda t: t and names[t] is None)
    spelled = values.are(lambda t: names[t] not in (None, t))
    work.texts[column.name] = values.read_as(lambda t: names[t] or "")
    work.say(COUNCIL_SPELLED, spelled, column.name)
    work.drop(UNKNOWN_COUNCIL, unknown, column.name)
    if column.required:
        work.drop(NO_COUNCIL, blank, column.name)
