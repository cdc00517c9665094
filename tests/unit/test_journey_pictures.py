"""The picture of a journey before it is drawn: everything has a place of its own, within the sheet, and says what the rows say.

Whether letters really are as wide as they are taken to be is tested in a browser (tests/browser/test_timelines.py).
"""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import pytest

from pace_nb.charts.journey import draw_child, draw_siblings, lay_out_child, lay_out_siblings
from pace_nb.charts.journey.fit import pack, spread, staircase
from pace_nb.charts.journey.scale import Scale
from pace_nb.charts.journey.svg import LOOKS
from pace_nb.theme import INK
from pace_nb.wording.journeys import FAMILY, PROFESSIONAL

sys.path.insert(0, str(Path(__file__).parents[1] / "journeys"))
from hard_children import CHILDREN, read_journeys

WIDTHS = (1120.0, 1660.0)
VERSIONS = (PROFESSIONAL, FAMILY)


@pytest.fixture(scope="module")
def hard():
    return {n: read_journeys(n)[1] for n in CHILDREN}


@pytest.fixture(scope="module")
def pictures(hard):
    """Every picture, by a name: each child and the siblings, in both versions, narrow and wide."""
    made = {}
    for name, journeys in hard.items():
        for version in VERSIONS:
            for wide in WIDTHS:
                key = f"{name}, {version.name}, {wide:.0f}"
                made[key] = lay_out_child(journeys[0], version, wide)
                if len(journeys) > 1:
                    made[f"{key}, all"] = lay_out_siblings(journeys, version, wide)
    return made


def ink(text) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a text's letters."""
    return (*text.span, text.y - 0.75 * text.size, text.y + 0.2 * text.size)


def test_no_text_lies_on_another(pictures):
    faults = []
    for name, picture in pictures.items():
        texts = sorted(picture.texts, key=lambda t: t.y)
        for i, one in enumerate(texts):
            left, right, top, bottom = ink(one)
            for other in texts[i + 1 :]:
                a, b, upper, lower = ink(other)
                if a < right - 0.5 and left < b - 0.5 and upper < bottom and top < lower:
                    faults.append((name, one.words, other.words))
    assert faults == []


def test_everything_lies_within_the_sheet(pictures):
    for name, picture in pictures.items():
        for text in picture.texts:
            left, right, top, bottom = ink(text)
            assert left >= -1, (name, text.words)
            assert right <= picture.width + 1, (name, text.words)
            assert top >= 0, (name, text.words)
            assert bottom <= picture.height, (name, text.words)
        for box in picture.boxes:
            assert box.x >= 0, (name, box)
            assert box.x + box.w <= picture.width, (name, box)
            assert box.y + box.h <= picture.height, (name, box)


def test_signs_of_one_lane_do_not_cover_one_another(pictures):
    for name, picture in pictures.items():
        for i, one in enumerate(picture.marks):
            for other in picture.marks[i + 1 :]:
                assert abs(one.x - other.x) > 9 or abs(one.y - other.y) > 9, (name, one, other)


def test_every_placement_is_a_bar_at_its_days(hard):
    (journey,) = hard["thirty placements"]
    picture = lay_out_child(journey)
    bars = [b for b in picture.boxes if b.h == 26 and b.look != "gap"]
    assert [b.look for b in bars] == [p.code for p in journey.placements]
    days = [(p.start, p.days) for p in journey.placements]
    pixels = (bars[-1].x - bars[0].x) / (days[-1][0] - days[0][0]).days
    for bar, (start, length) in zip(bars, days, strict=True):
        assert bar.x == pytest.approx(bars[0].x + (start - days[0][0]).days * pixels, abs=0.01)
        assert bar.w == pytest.approx(max(3.0, length * pixels), abs=0.01)


def test_every_number_from_1_to_30_is_on_the_picture_and_in_its_key(hard):
    words = [t.words for t in lay_out_child(hard["thirty placements"][0]).texts]
    for n in range(1, 31):
        assert sum(bool(re.match(rf"{n}\b", w)) for w in words) >= 2, n


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("before birth", ["before birth", "Born", "Accommodated – Recommendation: 29 weeks, 3 weeks past the limit of 6 months"]),
        ("adopted and returned", ["Adoption order", "47 weeks with no recorded decision (2 reviews held)"]),
        ("two spells", ["Away from home, 1 move", "s.11"]),
        ("overlapping orders", ["Section 25 (voluntary)", "Compulsory supervision order, continued once", "POA"]),
        ("missing ends", ["20 weeks: no placement recorded", "end not recorded"]),
        ("turning 18", ["18", "150 weeks with no recorded decision (3 reviews, 2 hearings held)"]),
        ("three weeks", ["Accommodated – Recommendation: 2 weeks so far (limit 6 months, to 12 Jan 2020)"]),
    ],
)  # fmt: skip
def test_the_picture_says_what_is_hard_about_the_child(hard, name, said):
    words = [t.words for t in lay_out_child(hard[name][0]).texts]
    assert [s for s in said if s not in words] == []


def test_a_wait_whose_dates_contradict_one_another_is_not_shown_as_late(hard):
    looks = [b.look for b in lay_out_child(hard["missing ends"][0]).boxes]
    assert "unknown" in looks
    assert "over" not in looks


def test_shared_decisions_are_marked_once_and_lined_through(hard):
    journeys = hard["siblings apart"]
    picture = lay_out_siblings(journeys)
    assert len({line.x for line in picture.lines if line.look == "share"}) == 5
    words = " ".join(t.words for t in picture.texts)
    assert words.count("Panel (A, C)") == 1
    assert "Together, 2 years 4 months" in words
    assert "Cannot tell, 63 weeks" in words


def test_a_drawing_has_a_title_a_description_and_no_name_twice(hard):
    journeys = hard["siblings apart"]
    page = "".join([draw_siblings(journeys), *(draw_child(j, v) for j in journeys for v in VERSIONS)])
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for name in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert set(name.split()) <= set(ids)
    assert page.count('role="img"') == page.count("<title") == page.count("<desc") == 7


def test_no_drawing_tells_a_number_a_home_or_a_date_of_birth(hard):
    for name, journeys in hard.items():
        for journey in journeys:
            svg = draw_child(journey) + draw_child(journey, FAMILY)
            assert "SYN-" not in svg
            others = {e.day for e in journey.events} | {s.start for s in (*journey.placements, *journey.legal)}
            others |= {s.end for s in (*journey.placements, *journey.legal)}
            born = journey.born
            if born not in others:
                assert f"{born.day} {born:%b %Y}" not in svg, name
                assert f"{born.day} {born:%B %Y}" not in svg, name


def test_words_on_bars_have_the_contrast_that_is_asked_for():
    """WCAG 2.2: 4.5 to 1, against the ground and against the lines of the pattern, should the white behind the letters be lost."""

    def light(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for look, (fill, tile, *_) in LOOKS.items():
        if look == "over":  # its words stand beside it
            continue
        for colour in {fill, *re.findall(r"#[0-9a-f]{6}", tile)}:
            assert (light(colour) + 0.05) / (light(INK) + 0.05) >= 4.5, (look, colour)


def test_kinds_of_place_are_told_apart_without_colour():
    """Each has a pattern of its own; at home is plain."""
    tiles = {look: re.sub("#[0-9a-f]{6}", "", LOOKS[look][1]) for look in PROFESSIONAL.places}
    assert len(set(tiles.values())) == len(tiles)


class TestFitting:
    def test_labels_keep_their_order_and_their_distance(self):
        places = spread([50, 51, 52, 400], [20, 20, 20, 20], 0, 500, gap=4)
        assert places == pytest.approx([27, 51, 75, 400])

    def test_labels_are_kept_within_the_edges(self):
        assert spread([1, 2], [20, 20], 0, 100, gap=4) == [10, 34]
        assert spread([98, 99], [20, 20], 0, 100, gap=4) == [66, 90]

    def test_a_span_that_takes_two_rows_keeps_both(self):
        assert pack([(0, 10), (20, 30), (0, 30)], rows_each=[2, 1, 1]) == [0, 0, 2]

    def test_no_line_of_the_stairs_crosses_a_label(self):
        places, widths = [0, 20, 40, 60, 300], [90, 15, 90, 50, 10]
        rows = staircase(places, widths)
        for i, (x, w) in enumerate(zip(places, widths, strict=True)):
            for j, other in enumerate(places):
                if x < other < x + w:
                    assert rows[j] < rows[i], (i, j)


class TestAxes:
    @pytest.mark.parametrize(
        ("days", "first"), [(21, "1 Jan"), (200, "Jan 2010"), (3 * 365, "Jan 2010"), (12 * 365, "2010"), (18 * 365, "2010")]
    )  # fmt: skip
    def test_three_weeks_and_eighteen_years_can_be_read(self, days, first):
        scale = Scale(date(2010, 1, 1), date.fromordinal(date(2010, 1, 1).toordinal() + days), 0, 800)
        marks = scale.calendar(14)
        assert marks[0][1] == first
        assert 3 <= len(marks) <= 20
        steps = [scale.x(b) - scale.x(a) for (a, _), (b, _) in zip(marks, marks[1:], strict=False)]
        assert min(steps) >= 40

    @pytest.mark.parametrize(
        ("days", "unit", "ages"),
        [(21, "weeks", "123"), (400, "months", "1"), (18 * 365 + 5, "years", "1")],
    )
    def test_ages_are_counted_as_people_count_them(self, days, unit, ages):
        born = date(2010, 1, 1)
        found, marks = Scale(born, date.fromordinal(born.toordinal() + days), 0, 800).ages(born, 14)
        assert found == unit
        assert "".join(t for _, t in marks).startswith(ages)
        assert (unit != "years") or marks[-1] == (date(2028, 1, 1), "18")
