"""The driver diagram: no text runs over, no box lies on another, a state is told without colour, and the list says the same."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.aims import read_aims
from pace_nb.charts.drivers import Box, draw_drivers, list_drivers
from pace_nb.charts.lettering import width, wrap
from pace_nb.pages.theory import aim_box
from pace_nb.tests_of_change import STATES
from pace_nb.theory import read_theory
from pace_nb.theory.tested import WORDS, place_tests

AIMS = read_aims()
TESTED = place_tests(read_theory(None, AIMS), [])
SVG = "{http://www.w3.org/2000/svg}"
LONG = "Everybodywhohaseverbeenaskedaboutthis agrees <that> it & 'that' takes “long” – " * 6


def drawn(root: Box) -> list[dict]:
    """Return each box with its corners and lines."""
    svg = ElementTree.fromstring(draw_drivers(root, "A diagram."))
    boxes = []
    for group in svg.iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        x, y, w, h = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
        lines = [
            (float(t.get("x")), float(t.get("y")), float(t.get("font-size")), t.get("font-weight") == "bold", t.text)
            for t in group.iter(f"{SVG}text")
        ]
        boxes.append({"corners": (x, y, x + w, y + h), "lines": lines})
    return boxes


def long_box(kind: int) -> Box:
    inside = tuple(long_box(kind + 1) for _ in range(2)) if kind < 3 else ()
    return Box(kind, LONG, (LONG,), state="adapting" if kind == 3 else "", inside=inside)


ROOTS = [*(aim_box(TESTED, a) for a in AIMS.values()), long_box(0), Box(0, "An aim", inside=(Box(1, "Alone"),))]


@pytest.mark.parametrize("root", ROOTS, ids=lambda r: r.title[:20])
def test_no_text_leaves_its_box(root):
    for box in drawn(root):
        left, top, right, bottom = box["corners"]
        assert box["lines"]
        for x, y, size, bold, text in box["lines"]:
            assert left < x
            assert x + width(text, size, bold) < right
            assert top < y - size * 0.75
            assert y + size * 0.25 < bottom


@pytest.mark.parametrize("root", ROOTS, ids=lambda r: r.title[:20])
def test_no_box_lies_on_another(root):
    for one, other in combinations([b["corners"] for b in drawn(root)], 2):
        apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
        assert apart, (one, other)


@pytest.mark.parametrize("root", ROOTS, ids=lambda r: r.title[:20])
def test_the_list_says_what_the_drawing_says(root):
    def flat(text: str) -> str:
        return re.sub(r"[\s.]", "", text)

    listed = flat("".join(ElementTree.fromstring(list_drivers(root)).itertext()))
    pictured = ["".join(line[-1] for line in b["lines"]) for b in drawn(root)]
    assert pictured
    assert all(flat(text) in listed for text in pictured)


@pytest.mark.parametrize("aim", AIMS.values(), ids=lambda a: a.id)
def test_the_national_diagrams_fit_a4_landscape_in_letters_of_8_points_and_more(aim):
    svg = ElementTree.fromstring(draw_drivers(aim_box(TESTED, aim), "A diagram."))
    wide, high = (float(v) for v in svg.get("viewBox").split()[2:])
    scale = min(277 / wide, 166 / high)  # millimetres for a unit, on the sheet of templates/plans/print.css
    titles = {line[2] for b in drawn(aim_box(TESTED, aim)) for line in b["lines"][:1]}
    assert min(titles) * scale / 25.4 * 72 >= 8


def test_states_differ_by_word_sign_and_border_and_not_by_colour_alone():
    looks = set()
    for state in STATES:
        svg = draw_drivers(
            Box(0, "Aim", inside=(Box(1, "D", inside=(Box(2, "E", inside=(Box(3, "I", ("?",), state),)),)),)), "A"
        )
        group = re.findall(r'<g class="box">.*?</g>', svg)[-1]
        border = re.search(
            r'fill="none" stroke="[^"]+" stroke-width="([\d.]+)"(?: stroke-dasharray="([^"]*)")?/><text', group
        )
        shapes = re.sub(r'(?:fill|stroke)="[^"]*"|[\d.]+|\s', "", "".join(re.findall(r"<(?:path|circle)[^>]*>", group)))
        looks.add((border.groups(), shapes))
    assert len(looks) == len(STATES)
    assert len({border for border, _ in looks}) == len(STATES)
    assert len(set(WORDS.values())) == len(STATES)


def test_every_idea_carries_its_states_word():
    for aim in AIMS.values():
        words = [b["lines"][-1][-1] for b in drawn(aim_box(TESTED, aim)) if b["corners"][0] == 946]
        assert words
        assert set(words) == {"Not yet tested"}


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=120), st.floats(30, 400), st.booleans()
)
def test_breaking_into_lines_loses_no_letter_and_keeps_within_the_room(text, room, bold):
    lines = wrap(text, room, 16, bold)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line, 16, bold) <= room or len(line) == 1 for line in lines)
