"""A journey in words: the summary says what the rows say, and the version for a family uses no word of the trade."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pace_nb import terms
from pace_nb.charts.journey import lay_out_child, lay_out_siblings
from pace_nb.spells import ENDINGS
from pace_nb.wording.journey_told import summarise, tabulate
from pace_nb.wording.journeys import FAMILY, PROFESSIONAL
from pace_nb.wording.siblings import summarise_siblings

sys.path.insert(0, str(Path(__file__).parents[1] / "journeys"))
from hard_children import CHILDREN, read_journeys

JARGON = re.compile(
    r"\b(CSO|ICSO|CPO|POA|ADM|LAC|s\.?25|section|accommodated|placement|permanence|milestone|panel|agency|spell|statutory|recommend\w*|"
    r"legal|residential|kinship|prospective|compulsory|interim|voluntary|CELCIS|record(ed|s)?|unusable|route|backlog)\b",
    re.IGNORECASE,
)
BLAME = re.compile(
    r"\b(fail\w*|too late|overdue|neglect\w*|ignored|should have|missed|fault|delay\w*)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def hard():
    return {n: read_journeys(n)[1] for n in CHILDREN}


def family_texts(hard) -> list[str]:
    texts = []
    for journeys in hard.values():
        for journey in journeys:
            texts += summarise(journey, FAMILY) + [t.words for t in lay_out_child(journey, FAMILY).texts]
            columns, rows = tabulate(journey, FAMILY)
            texts += [*columns, *(cell for row in rows for cell in row)]
        if len(journeys) > 1:
            texts += summarise_siblings(journeys, FAMILY)
            texts += [t.words for t in lay_out_siblings(journeys, FAMILY).texts]
    return texts


def test_a_family_reads_no_word_of_the_trade(hard):
    assert sorted({(m[0], text) for text in family_texts(hard) for m in JARGON.finditer(text)}) == []


def test_a_family_reads_no_blame(hard):
    assert [text for text in family_texts(hard) if BLAME.search(text)] == []


def test_the_family_version_has_words_of_its_own_for_every_code():
    assert set(FAMILY.places) == set(terms.PLACEMENTS)
    assert set(FAMILY.orders) == set(terms.LEGAL)
    assert set(FAMILY.events) >= {*terms.EVENTS, *terms.DERIVED_MILESTONES}
    assert set(FAMILY.routes) == set(PROFESSIONAL.routes) == set(terms.ROUTES)
    assert set(FAMILY.reasons) >= set(ENDINGS.values())
    assert set(FAMILY.texts) == set(PROFESSIONAL.texts)
    assert set(FAMILY.lanes) == set(PROFESSIONAL.lanes)


def test_every_sign_on_a_familys_picture_is_explained(hard):
    for name, journeys in hard.items():
        picture = lay_out_child(journeys[0], FAMILY)
        title = next(i for i, t in enumerate(picture.texts) if t.words.startswith("What the signs mean"))
        foot = picture.texts[title].y - 16
        for box in picture.boxes:
            if box.look not in ("home", "away", "order", "plain"):  # those say in words what they are
                assert [b for b in picture.boxes if b.look == box.look and b.y > foot], (name, box.look)
        for mark in picture.marks:
            assert [m for m in picture.marks if m.shape == mark.shape and m.y > foot], (name, mark.shape)


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("before birth", ["15 weeks before birth", "Lives now: prospective adopters, since 4 February 2019."]),
        ("adopted and returned", ["An order was granted on 16 March 2012: adoption.", "in 3 stretches"]),
        ("thirty placements", ["30 placements are recorded, with 25 moves", "The longest: 171 weeks with no recorded decision"]),
        ("two spells", ["Looked after at home for 63 weeks.", "An order was granted on 7 June 2019: kinship order."]),
        ("missing ends", ["For 20 weeks in care no placement is recorded.", "2 placements have no recorded end"]),
        ("turning 18", ["Turned 18 while still waiting."]),
    ],
)  # fmt: skip
def test_the_summary_says_what_matters(hard, name, sentences):
    said = " ".join(summarise(hard[name][0]))
    assert [s for s in sentences if s not in said] == []


def test_the_table_holds_every_row_of_the_record_once(hard):
    (journey,) = hard["thirty placements"]
    _, rows = tabulate(journey)
    kinds = [row[2] for row in rows]
    lanes = PROFESSIONAL.lanes
    assert kinds.count(lanes["places"]) == 30
    assert kinds.count(lanes["legal"]) == len(journey.legal)
    assert kinds.count(lanes["review"]) == 19
    assert kinds.count(lanes["waits"]) == len(journey.waits)
    assert kinds.count(lanes["gaps"]) == len(journey.silences) + len(journey.gaps)
    assert len(rows) == 30 + len(journey.legal) + len(journey.events) + len(journey.waits) + len(journey.silences)


def test_a_limit_that_is_not_national_says_so_to_professionals_only(hard):
    local = replace(hard["before birth"][0].waits[0].aim, local_limit=True)
    assert PROFESSIONAL.limit(local) == "6 months (local value: confirm with CELCIS)"
    assert FAMILY.limit(local) == "6 months"
