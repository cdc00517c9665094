"""Links from marks to children: only where they are asked for, taken away whole, and nothing of the drawing library's own address."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pace_nb.batch.child_links import carry_codes, name_marks, tie, untie
from pace_nb.batch.dead_links import drop_dead_links
from pace_nb.batch.export import draw_svg, make_figure
from pace_nb.batch.one import Result
from pace_nb.batch.plan import RUN_CHARTS, plan_runs
from pace_nb.children_page import CHILDREN
from pace_nb.errors import ParameterError
from pace_nb.extract import read_extract
from pace_nb.pages.aims import draw_aim, study_aim
from pace_nb.timelines import label_children

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
ORKNEY, MORAY = SAMPLE / "orkney-islands", SAMPLE / "moray"
AS_AT = date(2019, 7, 31)
LINK = re.compile(r'href="children\.html#([0-9A-Z]+)"')


def chart(audience: str) -> tuple[str, dict]:
    extract = read_extract(MORAY, AS_AT, audience=audience)
    data, about = draw_aim(study_aim(extract, "aim-2"))._repr_mimebundle_()
    return make_figure(data, about["pace"], 1, "aim-2"), data


@pytest.fixture(scope="module")
def working() -> tuple[str, dict]:
    return chart("working")


def test_every_dot_and_every_bar_leads_to_its_child_by_name(working):
    extract = read_extract(MORAY, AS_AT, audience="working")
    study = study_aim(extract, "aim-2")
    labels = label_children(extract)
    tied = tie(working[0])
    marks = re.findall(
        r'<a data-child="[0-9A-Z]+" href="children\.html#([0-9A-Z]+)"><title>(Child [^<]+)</title><path', tied
    )
    rows = [*study.intervals.reached.itertuples(), *study.intervals.waiting.itertuples()]
    assert [name for _, name in marks] == [labels[r.local_authority, r.child_id] for r in rows]
    assert all(code == name.removeprefix("Child ").replace("-", "") for code, name in marks)


def test_the_table_behind_the_chart_leads_there_too_for_those_who_cannot_hit_a_dot(working):
    table = tie(working[0]).split("<table>")[1]
    assert len(LINK.findall(table)) == len(LINK.findall(tie(working[0]).split("<table>")[0])) > 20
    assert "still waiting" in table


def test_nothing_is_a_link_before_it_is_tied_and_nothing_is_left_after_it_is_untied(working):
    assert "href" not in working[0]
    assert tie(working[0]) != working[0]
    assert untie(tie(working[0])) == working[0]
    assert tie(tie(working[0])).count("children.html#") == tie(working[0]).count("children.html#")


def test_no_address_of_the_drawing_library_stays(working):
    assert not re.search(r"https?://(?!www\.w3\.org)", working[0])


def test_a_drawing_with_links_is_a_group_and_one_without_is_a_picture(working):
    assert 'role="group" aria-label="Run chart' in working[0]
    assert carry_codes('<svg role="img"><path/></svg>') == '<svg role="img"><path/></svg>'


def test_many_links_can_be_passed_over_with_one_key(working):
    tied = tie(working[0])
    (target,) = re.findall(r'<a class="past" href="#([^"]+)">Past the \d+ links of this figure</a>', tied)
    assert f'<figcaption id="{target}" tabindex="-1">' in tied


def test_for_everyone_a_chart_names_nobody_and_has_nothing_that_could_become_a_link():
    html, data = chart("aggregate")
    assert tie(html) == html
    assert "Child " not in html + str(data)
    assert "tooltip" not in str(data)


def test_only_marks_that_name_their_child_are_drawn_as_links():
    over = {"mark": "point", "encoding": {"tooltip": {"field": "child"}, "x": {"value": 1}}}
    other = {"mark": "point", "encoding": {"tooltip": {"field": "weeks"}}}
    first, second = name_marks({"layer": [over, other]})["layer"]
    assert first["encoding"]["href"] == {"field": "child", "type": "nominal"}
    assert second == other
    spec = {"data": {"values": [{"child": "Child K7Q-2MX"}]}, **over}
    assert '<a data-child="K7Q2MX"><title>Child K7Q-2MX</title><path' in draw_svg(spec, "a point", "f1")


class TestPlan:
    def test_a_working_run_has_the_page_of_every_child_and_pages_that_know_of_it(self):
        runs = plan_runs(ORKNEY, AS_AT, audience="working")
        assert [r.page for r in runs if r.notebook == CHILDREN] == ["orkney-islands/children.html"]
        assert {r.beside for r in runs if r.slug == "orkney-islands"} == {(CHILDREN, RUN_CHARTS)}

    def test_other_pages_alone_have_no_links(self):
        alone = plan_runs(ORKNEY, AS_AT, audience="working", notebooks=["2_aims"])
        assert [(r.notebook, r.beside) for r in alone] == [("2_aims", ())]
        both = plan_runs(ORKNEY, AS_AT, audience="working", notebooks=["2_aims", CHILDREN])
        assert {r.notebook: r.beside for r in both} == dict.fromkeys(("2_aims", CHILDREN), (CHILDREN, RUN_CHARTS))
        assert alone[0].made_from != next(r for r in both if r.notebook == "2_aims").made_from

    def test_the_page_alone_leads_nowhere(self):
        (run,) = plan_runs(ORKNEY, AS_AT, audience="working", notebooks=[CHILDREN])
        assert (run.notebook, run.beside) == (CHILDREN, (CHILDREN,))

    def test_for_everyone_it_is_never_made(self):
        assert not [r for r in plan_runs(ORKNEY, AS_AT) if r.notebook == CHILDREN or r.beside]
        with pytest.raises(ParameterError, match="only for people entitled"):
            plan_runs(ORKNEY, AS_AT, notebooks=["2_aims", CHILDREN])


class TestDeadLinks:
    PAGE = '<td><a data-child="K7Q2MX" href="children.html#K7Q2MX">Child K7Q-2MX</a></td>'
    EVERY = '<meta name="figures" content="{&#34;aim-2&#34;: &#34;2_aims.html#chart-aim-2&#34;}">'

    @pytest.fixture
    def run(self, tmp_path):
        (tmp_path / "fife").mkdir()
        (tmp_path / "fife" / "2_aims.html").write_text(self.PAGE, encoding="utf-8")
        (tmp_path / "fife" / "children.html").write_text(self.EVERY, encoding="utf-8")
        made = [
            Result("Fife", "fife", n, "made", page=f"fife/{n}.html", page_sha256="before")
            for n in (RUN_CHARTS, CHILDREN)
        ]
        return tmp_path, made

    def test_where_both_pages_were_made_nothing_changes(self, run):
        out, made = run
        assert drop_dead_links(made, out) == made
        assert (out / "fife" / "2_aims.html").read_text(encoding="utf-8") == self.PAGE

    def test_links_to_a_page_that_failed_are_taken_away_and_the_hash_is_that_of_the_page(self, run):
        out, (aims, every) = run
        left, failed = drop_dead_links([aims, replace(every, outcome="failed", page="")], out)
        content = (out / "fife" / "2_aims.html").read_bytes()
        assert content == b"<td>Child K7Q-2MX</td>"
        assert (left.page_sha256, left.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
        assert failed.outcome == "failed"

    def test_links_back_to_charts_that_failed_are_taken_away(self, run):
        out, (aims, every) = run
        drop_dead_links([replace(aims, outcome="failed", page=""), every], out)
        assert (out / "fife" / "children.html").read_text(encoding="utf-8") == '<meta name="figures" content="{}">'
