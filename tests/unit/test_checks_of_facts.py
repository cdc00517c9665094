"""Each check of the registry once on records that it must find, and once on records that it must leave alone.

Tables are drawn: a heading row, bars between the cells. The first row below the heading is row 2. Children who are only named
live in Fife and were born on 1 March 2010.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pace_nb.checks import check_facts, check_tables
from pace_nb.checks.document import PARTS, document
from pace_nb.checks.registry import CHECKS, check
from pace_nb.files import RawTable
from pace_nb.findings import RULES
from pace_nb.schema import TABLES

AS_AT = date(2019, 7, 31)
HEADS = {
    "children": ["child_id", "local_authority", "date_of_birth"],
    "placements": ["child_id", "placement_type", "start_date", "end_date"],
    "legal": ["child_id", "legal_type", "start_date", "end_date"],
    "events": ["child_id", "event", "date", "route"],
}


def drawn(name: str, text: str) -> list[list[str]]:
    """Return the rows of a table of which only these are drawn."""
    rows = [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()] if text.strip() else []
    return [r + [""] * (len(HEADS[name]) - len(r)) for r in rows]


def tables(drawings: dict[str, str]) -> dict[str, list[RawTable]]:
    """Return all four tables; children who are only named in another are there too."""
    rows = {name: drawn(name, drawings.get(name, "")) for name in HEADS}
    named = {r[0] for r in rows["children"]}
    for child in sorted({r[0] for some in rows.values() for r in some} - named):
        rows["children"].append([child, "Fife", "2010-03-01"])
    return {name: [raw(name, some)] for name, some in rows.items()}


def raw(name: str, rows: list[list[str]]) -> RawTable:
    return RawTable.of_rows(TABLES[name], f"{name}.csv", HEADS[name], rows)


def found(as_at: date = AS_AT, **drawings: str) -> dict[str, dict]:
    """Return what is found, by code: table and rows; and the tables under their names."""
    checked = check_facts(check_tables(tables(drawings), as_at), as_at)
    for one in checked.values():
        assert one.read == one.used + one.set_aside + one.duplicates + one.blank
    return {f.code: f for one in checked.values() for f in one.findings} | {"tables": checked}


ACC = "C1 | accommodated | 2017-01-02"
REC = "C1 | permanence_recommendation | 2017-06-05"
PANEL = "C1 | permanence_panel | 2017-07-03"
ADM = "C1 | adm_decision | 2017-07-10"
COURT = "C1 | court_application | 2017-11-06"
ORDER = "C1 | order_granted | 2018-03-05 | permanence_order"
HOME = "C1 | return_home | 2018-03-05"
CHAIN = (ACC, REC, PANEL, ADM, COURT, ORDER)
STAY = "C1 | foster | 2017-01-02"


def lines(*rows: str) -> str:
    return "\n".join(rows)


def on(event: str, day: str, route: str = "") -> str:
    return f"C1 | {event} | {day} | {route}"


def many(event: str, days: list[str]) -> str:
    return lines(*(f"C{i} | {event} | {day}" for i, day in enumerate(days)))


WEEKDAYS = [f"2015-{m:02d}-{d:02d}" for m in range(1, 13) for d in (2, 5, 9, 12, 16, 19, 23, 26)]


#: code: (records that are found, table, rows), then records that are not.
def times(children: int, *events: str) -> str:
    """Return the same events of so many children."""
    return lines(*(e.replace("C1", f"C{i}") for i in range(1, children + 1) for e in events))


EXAMPLES: dict[str, tuple[dict, tuple[int, ...], dict]] = {
    "recommendation-before-accommodated": (
        {"events": lines(ACC, on("permanence_recommendation", "2016-12-01"))},
        (3,),
        {"events": lines(ACC, REC)},
    ),
    "panel-before-recommendation": (
        {"events": lines(ACC, REC, on("permanence_panel", "2017-05-01"))},
        (4,),
        {"events": lines(*CHAIN)},
    ),
    "decision-before-recommendation": (
        {"events": lines(ACC, REC, on("adm_decision", "2017-06-04"))},
        (4,),
        {"events": lines(ACC, REC, on("adm_decision", "2017-06-05"))},  # on one day is no contradiction
    ),
    "application-before-decision": (
        {"events": lines(ACC, REC, PANEL, ADM, on("court_application", "2017-07-09"))},
        (6,),
        # An application for an earlier plan, and one after the decision: the wait can be counted.
        {"events": lines(ACC, REC, PANEL, ADM, on("court_application", "2017-07-09"), COURT)},
    ),
    "order-before-application": (
        {"events": lines(*CHAIN[:5], on("order_granted", "2017-11-05", "adoption"))},
        (7,),
        {"events": lines(*CHAIN[:4], on("order_granted", "2017-11-05", "adoption"))},
    ),
    "before-birth": (
        {"children": "C1 | Fife | 2017-01-02", "events": lines(ACC, on("permanence_recommendation", "2016-12-01"))},
        (3,),
        {"children": "C1 | Fife | 2017-01-02", "events": lines(on("referral", "2016-12-01"), ACC, REC)},
    ),
    "second-recommendation": (
        {"events": lines(REC, ACC, on("permanence_recommendation", "2017-12-22"))},
        (4,),
        {"events": lines(ACC, REC, on("permanence_recommendation", "2017-06-05", "adoption"))},
    ),
    "again-accommodated": (
        {"events": lines(ACC, HOME, on("accommodated", "2018-09-03"))},
        (4,),
        {"events": lines(ACC, HOME)},
    ),
    "accommodated-twice": (
        {"events": lines(ACC, on("accommodated", "2017-03-01"))},
        (3,),
        # Every placement had ended in between, so this is a new time away from home.
        {
            "events": lines(ACC, on("accommodated", "2017-03-01")),
            "placements": lines(f"{STAY} | 2017-02-01", "C1 | foster | 2017-03-01"),
        },
    ),
    "after-leaving": (
        {"events": lines(ACC, HOME, on("permanence_recommendation", "2018-04-02"))},
        (4,),
        {"events": lines(ACC, HOME, on("permanence_recommendation", "2018-03-05"))},
    ),
    "two-orders": (
        {"events": lines(*CHAIN, on("order_granted", "2018-03-05", "adoption"))},
        (7, 8),
        {"events": lines(*CHAIN, on("order_granted", "2019-03-05", "adoption"))},
    ),
    "order-after-18": (
        {"children": "C1 | Fife | 2000-03-04", "events": lines(*CHAIN)},
        (7,),
        {"children": "C1 | Fife | 2000-03-05", "events": lines(*CHAIN)},
    ),
    "accommodated-at-18": (
        {"children": "C1 | Fife | 1999-01-02", "events": ACC},
        (2,),
        {"children": "C1 | Fife | 1999-01-03", "events": ACC},
    ),
    "placements-overlap": (
        {"placements": lines(f"{STAY} | 2017-03-01", "C1 | kinship | 2017-02-28 | 2017-05-01")},
        (3,),
        {"placements": lines(f"{STAY} | 2017-03-01", "C1 | kinship | 2017-03-01 | 2017-05-01")},
    ),
    "two-open-placements": (
        {"placements": lines(STAY, "C1 | kinship | 2017-03-01", "C2 | kinship | 2017-03-01")},
        (2, 3),
        {"placements": lines(f"{STAY} | 2017-03-01", "C1 | kinship | 2017-03-01")},
    ),
    "placement-gap": (
        {"placements": lines(f"{STAY} | 2017-03-01", "C1 | kinship | 2017-03-31")},
        (3,),
        {
            "placements": lines(f"{STAY} | 2017-03-01", "C1 | kinship | 2017-03-31"),
            "events": lines(ACC, on("return_home", "2017-03-01"), on("accommodated", "2017-03-31")),
        },
    ),
    "home-but-placed": (
        {"events": lines(ACC, HOME), "placements": STAY},
        (2,),
        {"events": lines(ACC, HOME), "placements": lines(f"{STAY} | 2018-03-05", "C1 | at_home | 2018-03-05")},
    ),
    "adopters-before-decision": (
        {"events": lines(*CHAIN[:4]), "placements": "C1 | prospective_adopter | 2017-07-09"},
        (2,),
        {"events": lines(*CHAIN[:4]), "placements": "C1 | prospective_adopter | 2017-07-10"},
    ),
    "order-not-in-events": (
        {"events": ACC, "legal": lines("C1 | section_25 | 2017-01-02", "C1 | adoption_order | 2018-03-05")},
        (3,),
        {"events": lines(*CHAIN), "legal": "C1 | permanence_order | 2018-03-05"},
    ),
    "order-not-in-legal": (
        {"events": lines(*CHAIN), "legal": "C2 | permanence_order | 2018-03-05"},
        (7,),
        {"events": lines(*CHAIN), "legal": "C2 | section_25 | 2018-03-05"},  # nobody's orders are in legal
    ),
    "born-after-care": (
        {"children": "C1 | Fife | 2017-01-03", "events": ACC},
        (2,),
        {"children": "C1 | Fife | 2017-01-02", "events": ACC},
    ),
    "too-old": (
        {"children": "C1 | Fife | 1996-01-02", "events": ACC},
        (2,),
        {"children": "C1 | Fife | 1996-01-03", "events": ACC},
    ),
    "id-in-two-authorities": (
        {"children": lines("C1 | Fife | 2010-03-01", "C1 | Moray | 2011-03-01")},
        (2, 3),
        {"children": lines("C1 | Fife | 2010-03-01", "C2 | Moray | 2011-03-01")},
    ),
    "decision-late-after-panel": (
        {"events": lines(PANEL, on("adm_decision", "2017-07-18"))},
        (),
        {"events": lines(PANEL, on("adm_decision", "2017-07-17"))},
    ),
    "recommended-on-first-day": (
        {"events": lines(ACC, on("permanence_recommendation", "2017-01-02"))},
        (),
        {"events": lines(ACC, on("permanence_recommendation", "2017-01-03"))},
    ),
    "at-home-without-order": (
        {
            "placements": "C1 | at_home | 2017-01-02 | 2017-12-31",
            "legal": lines("C1 | compulsory_supervision_order | 2018-01-01", "C1 | section_25 | 2017-01-01"),
        },
        (2,),
        {
            "placements": "C1 | at_home | 2017-01-02 | 2017-12-31",
            "legal": "C1 | compulsory_supervision_order | 2017-12-31",
        },
    ),
    "adopters-without-decision": (
        {"placements": "C1 | prospective_adopter | 2017-07-09"},
        (2,),
        {"placements": "C1 | prospective_adopter | 2017-07-09", "events": lines(*CHAIN)},
    ),
    "many-placements": (
        {"placements": lines(*(f"C1 | foster | {d} | {d}" for d in WEEKDAYS[:31]))},
        (32,),
        {"placements": lines(*(f"C1 | foster | {d} | {d}" for d in WEEKDAYS[:30]))},
    ),
    "first-of-january-events": (
        {"events": many("review", ["2015-01-01"] * 5 + WEEKDAYS)},
        (),
        {"events": many("review", ["2015-01-01"] * 4 + WEEKDAYS)},
    ),
    "first-of-january-placements": (
        {"placements": many("foster", ["2015-01-01"] * 5 + WEEKDAYS)},
        (),
        {"placements": many("foster", ["2015-01-01"] * 4 + WEEKDAYS)},
    ),
    "first-of-month-events": (
        {"events": many("review", ["2015-02-01"] * 20 + WEEKDAYS)},
        (),
        {"events": many("review", ["2015-02-01"] * 19 + WEEKDAYS)},
    ),
    "first-of-month-placements": (
        {"placements": many("foster", ["2015-02-01"] * 20 + WEEKDAYS)},
        (),
        {"placements": many("foster", ["2015-02-01"] * 19 + WEEKDAYS)},
    ),
    "never-accommodated": (
        {"events": lines(REC, ADM, on("review", "2017-01-02"))},
        (2, 3),
        {"events": lines(REC, ADM), "placements": "C1 | at_home | 2016-01-01"},  # a plan made at home needs no such day
    ),
    "placed-not-accommodated": (
        {"placements": lines("C1 | at_home | 2016-01-01 | 2017-01-02", STAY, "C1 | kinship | 2018-01-01")},
        (3,),
        {"placements": lines("C1 | at_home | 2016-01-01 | 2017-01-02", STAY), "events": ACC},
    ),
    "no-permanence-recommendation": (
        {"events": lines(ACC, ORDER, PANEL)},
        (4,),  # the next step that is recorded
        {"events": lines(ACC, REC, ORDER)},
    ),
    "no-permanence-panel": (
        {"events": lines(ACC, REC, ADM)},
        (4,),
        {"events": lines(ACC, REC, on("order_granted", "2018-01-01", "kinship_care_order"))},
    ),
    "no-adm-decision": (
        {"events": lines(ACC, REC, PANEL, COURT)},
        (5,),
        {"events": lines(ACC, REC, PANEL)},
    ),
    "no-court-application": (
        {"events": lines(*CHAIN[:4], ORDER)},
        (6,),
        {"events": lines(ACC, REC, on("order_granted", "2018-01-01", "kinship_care_order"))},
    ),
    **{
        f"nowhere-{code}": (
            {"events": times(10, ACC, *(step for step in CHAIN[1:] if step is not without))},
            (),
            # One of them has it, so the others are gaps to be filled one by one.
            {"events": lines(times(10, ACC, *(step for step in CHAIN[1:] if step is not without)), without)},
        )
        for code, without in (
            ("permanence-recommendation", REC),
            ("permanence-panel", PANEL),
            ("adm-decision", ADM),
            ("court-application", COURT),
        )
    },
    "no-placement": (
        {"events": ACC, "placements": "C2 | foster | 2017-01-02"},
        (2,),
        {"events": ACC},  # nobody's placements are known
    ),
    "child-without-records": (
        {"children": lines("C1 | Fife | 2010-03-01", "C2 | Fife | 2010-03-01"), "events": ACC},
        (3,),
        {"children": "C1 | Fife | 2010-03-01"},  # no other table has rows
    ),
}


@pytest.mark.parametrize("code", CHECKS)
def test_a_check_finds_what_it_is_for_and_leaves_the_rest_alone(code):
    broken, rows, sound = EXAMPLES[code]
    hit = found(**broken)
    assert code in hit, sorted(hit)
    assert (hit[code].lines, hit[code].level) == (rows, RULES[code].level)
    assert hit[code].file == f"{CHECKS[code].table}.csv"
    assert code not in found(**sound)


def test_nothing_is_set_aside_by_a_check_of_facts():
    for broken, _, _ in EXAMPLES.values():
        for table in found(**broken)["tables"].values():
            assert table.used == table.read - table.blank - table.duplicates


@pytest.mark.parametrize("code", ["born-after-care", "too-old"])
def test_a_birth_date_that_cannot_be_is_not_used(code):
    broken, _, sound = EXAMPLES[code]
    assert found(**broken)["tables"]["children"].frame["date_of_birth"].isna().all()
    assert found(**sound)["tables"]["children"].frame["date_of_birth"].notna().all()


def test_what_matters_in_number_is_told_with_its_denominator():
    late = found(
        events=lines(
            PANEL,
            on("adm_decision", "2017-08-18"),
            "C2 | permanence_panel | 2017-01-02",
            "C2 | adm_decision | 2017-01-03",
        )
    )["decision-late-after-panel"]
    assert late.what.startswith("1 of 2 agency decisions came more than 14 days after")
    assert late.kinds == (("adm_decision", 1),)


def test_a_chain_in_order_is_left_alone():
    stays = lines(f"{STAY} | 2017-08-01", "C1 | prospective_adopter | 2017-08-01 | 2018-03-05")
    assert list(found(events=lines(*CHAIN), placements=stays, legal="C1 | permanence_order | 2018-03-05")) == ["tables"]


def test_all_on_one_day_is_left_alone_but_for_the_count():
    """Everything decided on the day of a removal happens; it is a wait of no days."""
    day = [
        on(e, "2017-01-02") for e in ("accommodated", "permanence_recommendation", "permanence_panel", "adm_decision")
    ]
    assert set(found(date(2018, 7, 31), events=lines(*day))) == {"tables", "recommended-on-first-day"}


def test_kinds_say_which_waits_the_rows_are_of():
    hit = found(events=lines(REC, ADM))["never-accommodated"]
    assert dict(hit.kinds) == {"permanence_recommendation": 1, "adm_decision": 1}


@pytest.mark.parametrize(
    ("as_at", "code"),
    [
        (date(2017, 1, 1), "as-at-before-all"),
        (date(2017, 1, 2), None),
        (date(2020, 3, 5), None),
        (date(2020, 3, 6), "as-at-long-after"),
    ],
)
def test_the_day_is_held_against_what_is_recorded_and_never_against_todays_clock(as_at, code):
    codes = set(found(as_at, events=lines(*CHAIN))) & {"as-at-before-all", "as-at-long-after"}
    assert codes == ({code} if code else set())


def test_two_sources_of_a_table_are_told_apart_and_the_files_own_heading_is_named():
    one, two = (raw("events", drawn("events", t)) for t in (ACC, lines(ACC, on("adm_decision", "2017-13-01"))))
    two.file, two.native = "legal team.csv", {"date": "ADM date"}
    raws = {"children": [raw("children", [["C1", "Fife", "2010-03-01"]])], "events": [one, two]}
    events = check_tables(raws, AS_AT)["events"]
    assert [(f.file, f.read, f.used, f.set_aside, f.duplicates) for f in events.files] == [
        ("events.csv", 1, 1, 0, 0),
        ("legal team.csv", 2, 0, 1, 1),
    ]
    assert [(f.code, f.file, f.lines, f.column) for f in events.findings if f.code == "impossible-date"] == [
        ("impossible-date", "legal team.csv", (3,), "ADM date")
    ]
    assert (list(events.frame["file"]), list(events.frame["line"])) == (["events.csv"], [2])


def test_two_sections_of_one_file_count_together():
    raws = {
        "children": [raw("children", [["C1", "Fife", "2010-03-01"]])],
        "events": [raw("events", drawn("events", ACC)), raw("events", drawn("events", REC))],
    }
    (file,) = check_tables(raws, AS_AT)["events"].files
    assert (file.read, file.used) == (2, 2)


def test_a_check_is_declared_once_and_speaks_in_sentences():
    with pytest.raises(ValueError, match="two rules"):
        check("before-birth", "notice", "sequence", table="events", says="is twice.")
    with pytest.raises(ValueError, match="end like a sentence"):
        check("new", "notice", "sequence", table="events", says="is no sentence")
    with pytest.raises(ValueError, match="none of"):
        check("new", "warning", "sequence", table="events", says="is a sentence.")
    assert "new" not in RULES


def test_the_page_of_checks_says_what_the_registry_says():
    """Written by `python -m pace_nb.checks.document > docs/checks.md`."""
    page = Path(__file__).parent.parent.parent / "docs" / "checks.md"
    assert page.read_text(encoding="utf-8") == document()
    assert {rule.part for rule in RULES.values()} <= set(PARTS)
