"""Whether an extract is fit for an aim, and what to correct first; gaps in recording by year and placement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pace_nb.extract import Extract, read_extract
from pace_nb.fitness import VERDICTS, AimFitness, fix_first, judge_fitness
from pace_nb.measures import completeness, completeness_by

AS_AT = "2019-07-31"
AIMS = '[[aim]]\nid = "aim-3"\nlimit = "14 weeks"\nsource = "local"\n'
DAYS = {
    "accommodated": "2017-01-02",
    "permanence_recommendation": "2017-06-05",
    "permanence_panel": "2017-07-03",
    "adm_decision": "2017-07-10",
    "court_application": "2017-11-06",
}
CHAIN = tuple(DAYS)


@pytest.fixture
def extract(write_extract) -> Callable[..., Extract]:
    """Return a function that makes an extract of children, each with some of the milestones."""

    def of(*children: tuple[str, ...], audience: str = "working", **files: str | bytes) -> Extract:
        ids = [f"C{i}" for i in range(len(children))]
        tables = {
            "children": "child_id,local_authority,date_of_birth\n" + "".join(f"{c},Fife,2010-03-01\n" for c in ids),
            "placements": "child_id,placement_type,start_date,end_date\n"
            + "".join(f"{c},foster,2017-01-02,\n" for c in ids),
            "legal": "child_id,legal_type,start_date,end_date\n",
            "events": "child_id,event,date,route\n"
            + "".join(f"{c},{e},{DAYS[e]},\n" for c, events in zip(ids, children, strict=True) for e in events),
            "aims.toml": AIMS,
        } | files
        return read_extract(write_extract(**tables), AS_AT, audience=audience)

    return of


def of_aim(extract: Extract, id: str) -> AimFitness:
    return next(f for f in judge_fitness(extract) if f.aim.id == id)


def without(*missing: str) -> tuple[str, ...]:
    return tuple(e for e in CHAIN if e not in missing)


def test_an_extract_with_all_its_dates_is_fit(extract):
    found = of_aim(extract(*[CHAIN] * 12), "aim-2")
    assert (found.verdict, found.starts, found.passed, found.ends_recorded) == ("fit", 12, 12, 12)
    assert found.why == (
        "Waits whose clock can be started: 12. Of those that passed 'permanence recommendation', 12 of 12 have a date for it.",
    )


@pytest.mark.parametrize(
    ("gaps", "verdict", "phrase"),
    [
        (2, "fit", "18 of 20 have a date"),  # 9 in 10 have a date, 1 in 10 is unclear
        (3, "care", "More than 1 in 10 of the waits cannot be measured (3 of 20)"),
        (4, "care", "More than 1 in 10"),
        (5, "care", "fewer than 8 in 10 have a date for it (15 of 20)"),
        (7, "not fit", "More than a third of the waits cannot be measured (7 of 20)"),
        (11, "not fit", "fewer than half have a date for it (9 of 20)"),
    ],
)
def test_gaps_make_an_extract_less_fit_by_stated_steps(extract, gaps, verdict, phrase):
    children = [without("permanence_recommendation")] * gaps + [CHAIN] * (20 - gaps)
    found = of_aim(extract(*children), "aim-2")
    assert found.verdict == verdict
    assert phrase in " ".join(found.why)
    assert (found.passed, found.ends_recorded, found.unclear) == (20, 20 - gaps, gaps)


def test_children_who_only_wait_are_no_gap(extract):
    found = of_aim(extract(*[CHAIN[:1]] * 12, CHAIN), "aim-2")
    assert (found.verdict, found.starts, found.passed) == ("fit", 13, 1)


def test_a_missing_start_counts_for_the_aim_that_begins_with_it(extract):
    found = of_aim(extract(*[without("permanence_recommendation")] * 4, *[CHAIN] * 8), "aim-3")
    assert (found.verdict, found.starts, found.unstarted) == ("care", 8, 4)
    assert "(4 of 12)" in found.why[0]


def test_few_children_and_no_limit_take_care(extract):
    few = extract(*[CHAIN] * 9)
    assert (of_aim(few, "aim-2").verdict, of_aim(few, "aim-4").verdict) == ("care", "care")
    assert "fewer than 10 waits" in of_aim(few, "aim-2").why[0]
    assert "No limit is set" in of_aim(extract(*[CHAIN] * 12), "aim-4").why[0]


def test_without_its_table_or_without_a_start_it_is_not_fit(extract):
    unreadable = extract(*[CHAIN] * 12, events=b"")
    assert {f.verdict for f in judge_fitness(unreadable)} == {"not fit"}
    assert of_aim(unreadable, "aim-2").why[0].startswith("The table events could not be used")
    nobody = of_aim(extract(*[CHAIN] * 12), "aim-1")
    assert (nobody.verdict, nobody.starts) == ("not fit", 0)
    assert nobody.why == (
        "No clock can be started: nobody has 'supervision order at home began' recorded in a time in care.",
    )


def test_everyone_is_told_no_exact_number(extract):
    children = [without("permanence_recommendation")] * 8 + [CHAIN] * 13
    for found in judge_fitness(extract(*children, audience="aggregate")):
        said = " ".join(found.why)
        assert found.verdict in VERDICTS
        assert " of 21" not in said
        assert "13" not in said


class TestFixFirst:
    def test_what_frees_most_waits_comes_first(self, extract):
        read = extract(
            *[without("adm_decision")] * 3, *[without("court_application", "permanence_panel")] * 5, *[CHAIN] * 4
        )
        fixes = fix_first(read)
        # An agency decision ends one aim and begins another.
        assert [(f.code, f.rows, f.waits) for f in fixes] == [("no-adm-decision", 3, 6), ("no-permanence-panel", 5, 0)]
        assert fixes[0].places == ("events.csv, rows 5, 9, 13, column event",)
        assert "Add the event adm_decision" in fixes[0].do

    def test_what_is_unusable_comes_before_all(self, extract):
        fixes = fix_first(extract(*[without("adm_decision")] * 3, placements="child_id\n"))
        assert [(f.code, f.waits) for f in fixes] == [
            ("missing-column", None),
            ("no-adm-decision", 6),
        ]

    def test_rows_set_aside_count_for_the_waits_they_begin_or_end(self, extract):
        read = extract(
            *[CHAIN] * 2, events="child_id,event,date,route\nC0,accommodated,2017-13-02,\nC0,review,2017-13-02,\n"
        )
        assert next((f.code, f.rows, f.waits) for f in fix_first(read)) == ("placed-not-accommodated", 2, 2)
        assert ("impossible-date", 2, 1) in [(f.code, f.rows, f.waits) for f in fix_first(read)]

    def test_nothing_to_correct_is_an_empty_list(self, extract):
        assert fix_first(extract(*[CHAIN] * 2)) == []

    def test_what_is_only_for_information_is_left_out(self, extract):
        twice = extract(CHAIN, legal="child_id,legal_type,start_date,end_date\n" + "C0,section_25,2017-01-02,\n" * 2)
        assert twice.findings
        assert fix_first(twice) == []


class TestCompletenessBy:
    @pytest.mark.parametrize("by", ["year", "placement"])
    def test_parts_add_up_to_the_whole(self, by, sample_extract):
        parts = completeness_by(sample_extract, by).groupby("milestone")[["passed", "recorded"]].sum()
        whole = completeness(sample_extract).set_index("milestone")[["passed", "recorded"]]
        assert parts.reindex(whole.index).equals(whole)

    def test_a_gap_is_told_apart_from_a_wait(self, extract):
        read = extract(without("adm_decision"), CHAIN, CHAIN[:2])
        table = completeness_by(read, "year").set_index(["milestone", "year"])
        assert tuple(table.loc[("adm_decision", 2017)]) == (2, 1)  # who waits for it has passed nothing

    def test_the_placement_is_that_of_the_day(self, extract):
        read = extract(
            CHAIN,
            placements="child_id,placement_type,start_date,end_date\nC0,foster,2017-02-01,2017-07-09\nC0,kinship,2017-07-10,\n",
        )
        table = completeness_by(read, "placement")
        assert dict(zip(table["milestone"], table["placement"], strict=True)) == {
            "accommodated": "not_recorded",
            "permanence_recommendation": "foster",
            "permanence_panel": "foster",
            "adm_decision": "kinship",
            "court_application": "kinship",
        }

    def test_another_part_is_refused(self, extract):
        with pytest.raises(ValueError, match="neither year nor placement"):
            completeness_by(extract(CHAIN), "sex")

    def test_an_extract_without_events_has_no_rows(self, extract):
        assert completeness_by(extract(()), "year").empty


@pytest.fixture(scope="module")
def sample_extract() -> Extract:
    return read_extract(Path(__file__).parent.parent.parent / "data" / "sample" / "fife", AS_AT)


def test_an_end_that_is_recorded_for_nobody_takes_care(extract):
    """Either all of them wait, or its date is kept elsewhere: the extract cannot say which."""
    found = of_aim(extract(*[CHAIN[:1]] * 12), "aim-2")
    assert (found.verdict, found.starts, found.passed) == ("care", 12, 0)
    assert found.why == (
        "'Permanence recommendation' is recorded for nobody. If some have had it, its date is kept elsewhere.",
    )
