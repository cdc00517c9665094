"""A timeline that is handed out: four files, marked, named by the label alone, refused where nobody may see it."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pace_nb.errors import ParameterError
from pace_nb.handouts.timelines import ROOM, make_page, size_of, tell, write_timeline
from pace_nb.leaks import gather_secrets, scan_folder
from pace_nb.leaks.scan import LABEL, UNREADABLE
from pace_nb.marking import SENSITIVE
from pace_nb.wording.journeys import VERSIONS

sys.path.insert(0, str(Path(__file__).parents[1] / "journeys"))
from hard_children import CHILDREN, read_journeys, write_extract


@pytest.fixture(scope="module")
def family():
    return read_journeys("siblings apart")


@pytest.fixture(scope="module")
def made(family, tmp_path_factory):
    """Every kind of handout of one child, as it was written: version and whether with siblings, to its files."""
    extract, journeys = family
    out = tmp_path_factory.mktemp("made")
    return {
        (version, siblings): write_timeline(extract, journeys[0].label, out, version, siblings)
        for version, siblings in (("professional", False), ("family", False), ("family", True))
    }


def test_a_timeline_is_four_files_named_by_the_label_alone(family, made):
    code = family[1][0].label.removeprefix("Child ").replace("-", "").lower()
    names = [p.name for p in made["family", False]]
    assert names == [f"timeline-{code}-family.{kind}" for kind in ("html", "svg", "png", "pdf")]
    assert made["family", True][0].name == f"timeline-{code}-siblings-family.html"


def test_every_file_says_who_may_see_it(made):
    for html, svg, png, pdf in made.values():
        assert html.read_text(encoding="utf-8").count(SENSITIVE) == 2
        assert svg.read_text(encoding="utf-8").count(SENSITIVE) == 2
        assert SENSITIVE.encode() in png.read_bytes()
        assert pdf.read_bytes().startswith(b"%PDF")


def test_a_pdf_is_one_sheet_of_a4_landscape(made):
    for *_, pdf in made.values():
        found = re.findall(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+) ?\]", pdf.read_bytes())
        assert len(found) == 1
        wide, high = map(float, found[0])
        assert wide / high == pytest.approx(297 / 210, abs=0.01)


def test_no_file_holds_a_childs_number_or_a_reference_of_a_home(made, family, tmp_path):
    folder = write_extract("siblings apart", tmp_path / "again")
    where = made["family", True][0].parent
    assert [p for p in where.iterdir() if p.suffix == ".partial"] == []
    secrets = replace(gather_secrets(folder), births=frozenset())  # days of events may stand on a timeline
    found = scan_folder(where, secrets)
    assert {leak.kind for leak in found} <= {LABEL, UNREADABLE}  # the PNG and PDF are pictures of the SVG
    for files in made.values():
        assert not re.search(r"home_ref|\bH[123]\b", files[0].read_text(encoding="utf-8"))


def test_the_page_runs_nothing_asks_for_nothing_and_has_the_table(made):
    html = made["professional", False][0].read_text(encoding="utf-8")
    assert "<script" not in html
    assert "default-src" in html
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", html)
    assert "<caption>" in html
    assert '<th scope="col"' in html
    assert '<th scope="row"' in html
    assert html.count("Accommodated") > 3


@pytest.mark.parametrize("name", CHILDREN)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_picture_has_room_on_a_sheet_and_its_letters_can_be_read(name, version):
    extract, journeys = read_journeys(name)
    told = tell(extract, journeys[0].label, version)
    page = make_page(extract, told)
    wide, high = (float(re.search(rf"--{x}: ([\d.]+)mm", page)[1]) for x in "wh")
    assert wide <= ROOM[0] + 0.1
    assert high <= ROOM[1] + 0.1
    points = told.version.size * wide / size_of(told.paper)[0] / 25.4 * 72
    assert points >= (6.5 if name == "thirty placements" else 7.5)


class TestRefused:
    def test_for_everyone(self, family):
        extract, journeys = family
        with pytest.raises(ParameterError, match="A timeline"):
            tell(replace(extract, audience="aggregate"), journeys[0].label)

    @pytest.mark.parametrize(
        ("how", "said"),
        [
            ({"version": "short"}, "There is no version 'short'"),
            ({"child": " "}, "No child was named"),
            ({"child": "ZZZ-ZZZ"}, "No child of this extract has the label"),
        ],
    )
    def test_what_cannot_be_made(self, family, how, said):
        extract, journeys = family
        with pytest.raises(ParameterError, match=said):
            tell(extract, **{"child": journeys[0].label, **how})

    def test_siblings_of_a_child_who_has_none(self):
        extract, journeys = read_journeys("two spells")
        with pytest.raises(ParameterError, match="No brother or sister"):
            tell(extract, journeys[0].label, siblings=True)


def test_the_command_writes_them_and_says_what_they_are(run_cli, family, tmp_path):
    folder = write_extract("three weeks", tmp_path / "x")
    _, journeys = read_journeys("three weeks")
    label = journeys[0].label.removeprefix("Child ")
    ended = run_cli("timeline", folder, "--child", label, "--as-at", "2019-07-31", "--version", "family", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[0] == SENSITIVE
    assert len(list((tmp_path / "timelines").iterdir())) == 4
    assert "SYN-" not in ended.stdout + ended.stderr
