"""How the six areas keep their records: from four tables of invented lives to files with words and headings of their own.

Six functions, one for each form, each with its words above it. Nothing is drawn by chance here: what a form has and the four
tables have not (carers, teams, meetings of other kinds) follows from the number of the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from pace_nb.terms import AUTHORITIES

Rows = Mapping[str, Sequence[tuple]]
#: A sheet, or a file of values between commas: its rows, the header among them.
Lines = list[Sequence[object]]
#: Each file of an extract by its name: for a workbook its sheets by name (one in brackets is hidden), for others the lines.
Files = dict[str, dict[str, Lines] | Lines]


def written(value: object, form: str) -> object:
    """Return a date as text in a form of `strftime`, and anything else as it is."""
    return value.strftime(form) if isinstance(value, date) else value


def _texts(lines: Iterable[Sequence[object]], form: str = "%d/%m/%Y") -> Lines:
    """Return lines with their dates as text: in a workbook, a cell of text and not of a date."""
    return [[written(v, form) for v in line] for line in lines]


def _times(rows: Rows, event: str) -> dict[str, list[tuple[date, str | None]]]:
    """Return, for each child, the days of an event in order, each with its route."""
    found: dict[str, list[tuple[date, str | None]]] = {}
    for key, kind, day, route in rows["events"]:
        if kind == event:
            found.setdefault(key, []).append((day, route))
    return found


def _nth(times: Mapping[str, list[tuple]], key: str, number: int) -> tuple[date | None, str | None]:
    """Return a child's so-manieth time and its route, or nothing."""
    of_child = times.get(key, [])
    return of_child[number] if number < len(of_child) else (None, None)


# One workbook, three title rows above each header, dates as text. ------------------------------------------------------------
# fmt: off
_A_PLACES = {
    "at_home": "With parent(s)", "kinship": "Kinship carer", "foster": "Foster carer", "other": "Other",
    "prospective_adopter": "Prospective adopters", "residential": "Children's house", "secure": "Secure unit",
}
_A_LEGAL = {
    "compulsory_supervision_order": "CSO", "interim_compulsory_supervision_order": "ICSO",
    "child_protection_order": "CPO", "section_25": "S25 voluntary", "permanence_order": "PO",
    "permanence_order_with_authority_to_adopt": "PO + adopt", "kinship_care_order": "S11 residence",
    "adoption_order": "Adoption Order",
}
_A_EVENTS = {
    "referral": "Initial referral", "accommodated": "Became accommodated", "review": "LAAC review",
    "hearing": "Children's Hearing", "cso_review": "CSO plan review", "permanence_recommendation": "Perm rec",
    "permanence_panel": "F&P panel", "adm_decision": "ADM sign off", "court_application": "Lodged at court",
    "order_granted": "Order granted", "return_home": "Home to parents",
}
_A_ROUTES = {
    "return_home": "Home", "kinship_care_order": "S11", "permanence_order": "PO",
    "permanence_order_with_authority_to_adopt": "PO + adopt", "adoption": "Adoption", None: "",
}
# fmt: on


def workbook(rows: Rows) -> Files:
    """One workbook: three title rows above each header, dates as text, a sheet for readers and a hidden one."""

    def titled(title: str, header: Sequence[str], lines: Iterable[Sequence[object]]) -> Lines:
        return [[title], ["Synthetic: no real child. Run on 31/07/2019"], [], header, *_texts(lines)]

    dates = []
    for number, (key, event, day, route) in enumerate(rows["events"]):
        dates.append((key, _A_EVENTS[event], day, _A_ROUTES[route]))
        if event == "review" and number % 40 == 0:  # meetings that are no concern of ours
            dates.append((key, "Core group", day + timedelta(14), ""))
    sheets = {
        "About": [["Looked after children: list for the permanence group"], ["Synthetic: no real child."]],
        "Children": titled(
            "Children", ["Client No", "Surname", "Gender", "D.O.B.", "Family Ref", "Ward"],
            ((k, "(left out)", s[0].upper(), b, g, f"Ward {1 + i % 12}") for i, (k, _, b, s, g) in enumerate(rows["children"])),
        ),
        "Where they lived": titled(
            "Where they lived", ["Client No", "Type of placement", "From", "To"],
            ((k, _A_PLACES[kind], a, b) for k, kind, a, b in rows["placements"]),
        ),
        "Legal status": titled(
            "Legal status", ["Client No", "Legal basis", "From", "To"],
            ((k, _A_LEGAL[kind], a, b) for k, kind, a, b in rows["legal"]),
        ),
        "Key dates": titled("Key dates", ["Client No", "What", "When", "Plan"], dates),
        "(Lookups)": [["Code", "Meaning"], ["PO", "Permanence Order"], ["ADM", "Agency Decision Maker"]],
    }  # fmt: skip
    return {"LAC permanence list 31-07-2019.xlsx": sheets}


# A spreadsheet with one row for each child and a column for each milestone, and a sheet of placements. -----------------------
# fmt: off
WIDE_TIMES, WIDE_PLAN_REVIEWS = 2, 4
WIDE = (
    ("Referred", "referral"), ("Accommodated", "accommodated"),
    ("Permanence agreed at review", "permanence_recommendation"), ("Panel", "permanence_panel"),
    ("ADM", "adm_decision"), ("Lodged", "court_application"), ("Granted", "order_granted"),
    ("Back home", "return_home"),
)
_WIDE_ROUTE = {"permanence_recommendation": "Plan", "adm_decision": "Plan signed off", "order_granted": "Order"}
_B_PLACES = {
    "at_home": "Home", "kinship": "Kinship", "foster": "Foster", "prospective_adopter": "Adopters",
    "residential": "Resi", "secure": "Secure", "other": "Elsewhere",
}
# fmt: on


def wide(rows: Rows) -> Files:
    """A tracker with one row for each child and a column for each milestone, and a sheet of placements."""
    times = {event: _times(rows, event) for event in _A_EVENTS}
    header, columns = ["Ref", "Authority", "M/F", "DOB", "Siblings"], []
    for number in range(WIDE_TIMES):
        for heading, event in WIDE:
            again = "" if number == 0 else f" ({number + 1})"
            header.append(heading + again)
            columns.append((event, number, 0))
            if event in _WIDE_ROUTE:
                header.append(_WIDE_ROUTE[event] + again)
                columns.append((event, number, 1))
    for number in range(WIDE_PLAN_REVIEWS):
        header.append(f"CSO review {number + 1}")
        columns.append(("cso_review", number, 0))
    lines = []
    for key, area, born, sex, group in rows["children"]:
        cells = [_nth(times[event], key, number)[part] for event, number, part in columns]
        cells = [_A_ROUTES[c] if isinstance(c, str) else c for c in cells]
        lines.append([key, area, sex.capitalize(), born, group, *cells])
    places = [[k, _B_PLACES[kind], a, b] for k, kind, a, b in rows["placements"]]
    return {
        "Permanence tracker.xlsx": {
            "Tracker": [["Permanence tracker (synthetic: no real child)"], header, *lines],
            "Placements": [["Ref", "Placement", "Moved in", "Moved out"], *places],
        }
    }


# The two tables of the research extract of the national return, and the permanence dates that are voluntary in it. -----------
# fmt: off
_C_PLACES = {
    "at_home": ("At home with parent(s)",), "kinship": ("With friends/relatives",),
    "foster": ("With foster carers provided by LA", "With foster carers purchased by LA"),
    "prospective_adopter": ("With prospective adopters",),
    "residential": ("Local authority home", "Residential school"), "secure": ("Secure accommodation",),
    "other": ("Other community",),
}
_C_LEGAL = {
    "compulsory_supervision_order": "Compulsory supervision order",
    "child_protection_order": "Child protection order",
    "interim_compulsory_supervision_order": "Interim compulsory supervision order", "section_25": "Section 25",
    "permanence_order": "Permanence order", "adoption_order": "Adoption order",
    "kinship_care_order": "Section 11 order",
    "permanence_order_with_authority_to_adopt": "Permanence order with authority to adopt",
}
_C_ROUTES = {
    "return_home": "Return home", "kinship_care_order": "Section 11 order", "permanence_order": "Permanence order",
    "permanence_order_with_authority_to_adopt": "PO with authority to adopt", "adoption": "Adoption", None: "",
}
# fmt: on


def research(rows: Rows) -> Files:
    """A record for each placement with what is known of the child and the episode, and one for each legal reason."""
    child = {
        key: (sex.capitalize() if sex != "unknown" else "Not known", born) for key, _, born, sex, _ in rows["children"]
    }
    home = {(key, day) for key, event, day, _ in rows["events"] if event == "return_home"}
    code = AUTHORITIES[rows["children"][0][1]].code
    places = [["LA_CODE", "CHILD_NUMBER", "GENDER", "DATE_OF_BIRTH", "EPISODE_NUMBER", "EPISODE_START_DATE",
               "EPISODE_END_DATE", "DESTINATION", "PLACEMENT_NUMBER", "PLACEMENT_TYPE", "PLACEMENT_START_DATE",
               "PLACEMENT_END_DATE"]]  # fmt: skip
    for key, of_child in groupby(rows["placements"], key=lambda r: r[0]):
        for episode, stays in enumerate(_episodes(list(of_child)), 1):
            start, end = stays[0][2], stays[-1][3]
            left = "" if end is None else "With parents" if (key, end) in home else "Looked after no longer"
            for number, (_, kind, a, b) in enumerate(stays, 1):
                word = _C_PLACES[kind][(number + episode) % len(_C_PLACES[kind])]
                places.append([code, key, *child[key], episode, start, end, left, number, word, a, b])
    legal = [
        ["LA_CODE", "CHILD_NUMBER", "GENDER", "DATE_OF_BIRTH", "LEGAL_REASON", "REASON_START_DATE", "REASON_END_DATE"]
    ]
    legal += [[code, k, *child[k], _C_LEGAL[kind], a, b] for k, kind, a, b in rows["legal"]]
    steps = ("permanence_recommendation", "adm_decision", "court_application")
    times = {event: _times(rows, event) for event in steps}
    dates = [
        ["CHILD_NUMBER", "RECOMMENDATION_DATE", "RECOMMENDED_ROUTE", "ADM_DATE", "ADM_ROUTE", "COURT_APPLICATION_DATE"]
    ]
    for key in child:
        for number in range(max(len(times[e].get(key, [])) for e in steps)):
            (rec, plan), (adm, route), (court, _) = (_nth(times[e], key, number) for e in steps)
            dates.append([key, rec, _C_ROUTES[plan], adm, _C_ROUTES[route], court])
    return {
        "CLA_PLACEMENTS_2018-19.csv": places,
        "CLA_LEGAL_REASONS_2018-19.csv": legal,
        "CLA_PERMANENCE_2018-19.csv": dates,
    }


def _episodes(stays: list[tuple]) -> list[list[tuple]]:
    """Return a child's placements by times of being looked after: one placement follows the other on the same day."""
    found: list[list[tuple]] = []
    for stay in stays:
        if found and found[-1][-1][3] == stay[2]:
            found[-1].append(stay)
        else:
            found.append([stay])
    return found


# Semicolons, Windows-1252, two forms of dates; Gaelic in columns that nobody needs. -------------------------------------------
# fmt: off
_D_PLACES = {
    "at_home": "HOME", "kinship": "KIN", "foster": "FC", "prospective_adopter": "PA", "residential": "RES",
    "secure": "SEC", "other": "OTH",
}
_D_EVENTS = {
    "referral": "REF", "accommodated": "ACC", "review": "LAC-R", "hearing": "CH", "cso_review": "CSO-R",
    "permanence_recommendation": "PERM-REC", "permanence_panel": "APP", "adm_decision": "ADM-DEC",
    "court_application": "CRT-APP", "order_granted": "CRT-ORD", "return_home": "RTN",
}
_D_SEX = {"female": "F", "male": "M", "unknown": "U"}
_D_AREAS = ("Inbhir Nis", "An t-Eilean Sgitheanach", "Gallaibh", "Ros an Ear", "Loch Abar", "Bàideanach")
_D_TEAMS = ("Sgioba Chloinne – tuath", "Sgioba Chloinne – deas", "Sgioba Òigridh")
# fmt: on


def semicolons(rows: Rows) -> Files:
    """Four files of a system that writes for Excel on a Windows computer; short codes, a team and an area beside each child."""
    people = [["Person ID", "Sgìre", "Sgioba", "Birth Date", "Sex", "Sibling Set"]]
    for i, (key, _, born, sex, group) in enumerate(rows["children"]):
        people.append([key, _D_AREAS[i % 6], _D_TEAMS[i % 3], born, _D_SEX[sex], group])
    places = [["Person ID", "Plc Type", "Plc Start", "Plc End", "Àite"]]
    places += [[k, _D_PLACES[kind], a, b, _D_AREAS[i % 6]] for i, (k, kind, a, b) in enumerate(rows["placements"])]
    legal = [["Person ID", "Legal Status", "Start", "End"]]
    legal += [[k, _A_LEGAL[kind].upper(), a, b] for k, kind, a, b in rows["legal"]]
    chronology = [["Person ID", "Entry", "Entry Date", "Detail"]]
    chronology += _texts(((k, _D_EVENTS[e], day, _A_ROUTES[route]) for k, e, day, route in rows["events"]), "%d-%b-%Y")
    return {
        "CF_people.csv": people,
        "CF_placements.csv": places,
        "CF_legal.csv": legal,
        "CF_chronology.csv": chronology,
    }


# Meetings whose outcome is a sentence; referrals and returns in a file of times of being looked after. ------------------------
# fmt: off
_E_PLANS = {
    "return_home": "a permanent return to parents", "kinship_care_order": "a section 11 order for the kinship carers",
    "permanence_order": "a permanence order", "adoption": "adoption",
    None: "permanence away from home, route to be confirmed",
    "permanence_order_with_authority_to_adopt": "a permanence order with authority to adopt",
}
_E_NOTHING = (
    "Care plan to continue; next review in six months.", "No change to plan", "Contact increased. Plan continues.",
)
_E_OTHERS = {
    "permanence_panel": ("Permanence panel", "Panel heard the worker. Minute to follow."),
    "hearing": ("Children's Hearing", "Order continued."),
    "cso_review": ("Review of plan at home", "Plan reviewed; order still needed"),
    "adm_decision": ("Agency decision", "Agency Decision Maker agreed the plan for {plan}."),
    "court_application": ("Sheriff court", "Petition lodged"),
    "order_granted": ("Sheriff court", "Sheriff granted {plan}"),
    "permanence_recommendation": ("Permanence meeting", "Recommended {plan}."),
}
_PERIOD = ("referral", "accommodated", "return_home")
# fmt: on


def meetings(rows: Rows) -> Files:
    """A log of meetings with their outcomes in sentences: what a review recommended stands nowhere else."""
    recommended = {(k, day): route for k, event, day, route in rows["events"] if event == "permanence_recommendation"}
    reviewed = {(k, day) for k, event, day, _ in rows["events"] if event == "review"}
    log = [["Case number", "Date held", "Meeting", "Outcome"]]
    for number, (key, event, day, route) in enumerate(rows["events"]):
        if event == "review" and (key, day) in recommended:
            sentence = f"Review recommended {_E_PLANS[recommended[key, day]]}; refer to panel."
        elif event == "review":
            sentence = "See minute." if number % 50 == 0 else _E_NOTHING[number % 3]
        elif event in _PERIOD or (event == "permanence_recommendation" and (key, day) in reviewed):
            continue
        else:
            sentence = _E_OTHERS[event][1].format(plan=_E_PLANS[route])
        log.append([key, day, "LAAC review" if event == "review" else _E_OTHERS[event][0], sentence])
    times = {event: _times(rows, event) for event in _PERIOD}
    periods = [["Case number", "Referred on", "Accommodated on", "Returned home on"]]
    for key, *_ in rows["children"]:
        for number in range(max(len(times[e].get(key, [])) for e in _PERIOD)):
            periods.append([key, *(_nth(times[e], key, number)[0] for e in _PERIOD)])
    clients = [["Case number", "Council", "Born", "Gender", "Brothers and sisters"], *rows["children"]]
    clients[1:] = [[k, area, born, sex, group] for k, area, born, sex, group in clients[1:]]
    places = [["Case number", "Living arrangement", "Began", "Ended"]]
    places += [[k, _A_PLACES[kind], a, b] for k, kind, a, b in rows["placements"]]
    legal = [
        ["Case number", "Measure", "Began", "Ended"],
        *([k, _C_LEGAL[kind], a, b] for k, kind, a, b in rows["legal"]),
    ]
    return {
        "clients.csv": clients,
        "looked after periods.csv": periods,
        "living arrangements.csv": places,
        "legal measures.csv": legal,
        "meetings.csv": log,
    }


# A case system that splits placements when carers are approved anew, and Legal's own spreadsheet for the court. ---------------
# fmt: off
_F_OPEN = "31/12/9999"
_F_ORDERS = {
    "adoption": "Adoption", "permanence_order": "PO", "permanence_order_with_authority_to_adopt": "POA",
    "kinship_care_order": "s.11",
}
# fmt: on


def two_departments(rows: Rows) -> Files:
    """Four files of a case system, and a workbook that solicitors keep: the day of the application and of the order."""
    persons = [["PERSON_REF", "DOB", "SEX", "SIBLING_GROUP"]]
    persons += [[key, born, _D_SEX[sex], group] for key, _, born, sex, group in rows["children"]]
    latest = max(day for _, _, day, _ in rows["events"])
    places = [["PERSON_REF", "SERVICE", "PROVIDER_REF", "START", "END", "REASON"]]
    for number, (key, kind, start, end) in enumerate(rows["placements"]):
        carer = "" if kind == "at_home" else f"CR{1000 + number}"
        pieces = list(_split(start, end or latest, number)) if kind in ("foster", "kinship") else [(start, end)]
        for i, (a, b) in enumerate(pieces, 1):
            last = i == len(pieces)
            until = (end or _F_OPEN) if last else b
            places.append([key, _A_PLACES[kind], carer, a, until, "" if last else "Carer review"])
    legal = [["PERSON_REF", "LEGAL_STATUS", "START", "END"]]
    legal += [[k, _A_LEGAL[kind], a, b or _F_OPEN] for k, kind, a, b in rows["legal"]]
    steps = ("court_application", "order_granted")
    case = [["PERSON_REF", "STEP", "STEP_DATE", "ROUTE"]]
    case += [[k, _D_EVENTS[e], day, _A_ROUTES[route]] for k, e, day, route in rows["events"] if e not in steps]
    lodged, granted = (_times(rows, event) for event in steps)
    cases = [["Social work ref", "Solicitor", "Application lodged", "Order made", "Order"]]
    for key in sorted({*lodged, *granted}):
        for number in range(max(len(lodged.get(key, [])), len(granted.get(key, [])))):
            order, route = _nth(granted, key, number)
            cases.append([key, "AB", _nth(lodged, key, number)[0], order, _F_ORDERS.get(route, "")])
    return {
        "SW_PERSONS_20190731.csv": persons,
        "SW_SERVICES_20190731.csv": places,
        "SW_LEGAL_20190731.csv": legal,
        "SW_STEPS_20190731.csv": case,
        "Legal - permanence cases.xlsx": {"Cases": [["Legal Services (synthetic: no real child)"], [], *cases]},
    }


def _split(start: date, end: date, number: int) -> Iterable[tuple[date, date]]:
    """Yield a stay in pieces of a year and a half: the next begins on the last day of the one before, or on the day after."""
    while (end - start).days > 800:
        until = start + timedelta(540)
        yield start, until
        start = until + timedelta(number % 2)
    yield start, end
