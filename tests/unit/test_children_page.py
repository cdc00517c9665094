"""The page of every child: what it holds, what it must not, how its parts are packed, and what it is filtered by."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from pace_nb.charts.figure import Figure
from pace_nb.children_page.entries import GONE, find_entries, write_standings
from pace_nb.children_page.make import make_children_page, without_figures
from pace_nb.children_page.pack import TOGETHER, pack_parts, unpack_parts
from pace_nb.controls.children import fits
from pace_nb.errors import ParameterError
from pace_nb.extract import Extract, read_extract
from pace_nb.intervals import find_intervals
from pace_nb.leaks import Secrets, gather_secrets, scan_bytes
from pace_nb.leaks.scan import NUMBER
from pace_nb.marking import SENSITIVE
from pace_nb.runchart import analyse_run
from pace_nb.timelines import label_children

ORKNEY = Path(__file__).parent.parent.parent / "data" / "sample" / "orkney-islands"
AS_AT = date(2019, 7, 31)


@pytest.fixture(scope="module")
def extract() -> Extract:
    return read_extract(ORKNEY, AS_AT, audience="working")


@pytest.fixture(scope="module")
def html(extract) -> str:
    return make_children_page(extract).html


@pytest.fixture(scope="module")
def entries(extract):
    return find_entries(extract)


def parts(html: str) -> list[str]:
    packs = re.findall(r'<script type="text/plain" class="pack">([^<]+)</script>', html)
    return [part for pack in packs for part in unpack_parts(pack)]


class TestThePage:
    def test_holds_every_child_once_in_the_order_of_its_table(self, html, extract):
        codes = re.findall(r'<tr data-code="([^"]+)"', html)
        assert sorted(codes) == sorted(
            x.removeprefix("Child ").replace("-", "") for x in label_children(extract).values()
        )
        heads = [re.match(r'<h2 tabindex="-1">Child ([^<]+)</h2>', p) for p in parts(html)[: len(codes)]]
        assert [h[1].replace("-", "") for h in heads] == codes

    def test_has_the_brothers_and_sisters_behind_the_children(self, html, entries):
        rest = parts(html)[len(entries.children) :]
        assert len(rest) == len(entries.siblings) > 0
        for part, group in zip(rest, entries.siblings, strict=True):
            assert all(j.label in part for j in group)
        links = {int(n) for p in parts(html) for n in re.findall(r'href="#together-(\d+)"', p)}
        assert links == set(range(len(rest)))

    def test_every_link_from_child_to_child_has_a_child_at_its_end(self, html):
        codes = set(re.findall(r'<tr data-code="([^"]+)"', html))
        found = {t for p in parts(html) for t in re.findall(r'href="#([0-9A-Z]+)"', p)}
        assert found
        assert found <= codes

    def test_tells_no_number_and_no_day_of_birth_not_even_in_its_packs(self, html, extract):
        secrets = gather_secrets(ORKNEY, [AS_AT])
        assert scan_bytes("children.html", html.encode(), secrets, working=True) == []
        born = {f"{d.day} {d:%B %Y}" for d in extract.children["date_of_birth"].dropna()}
        assert not [b for b in born for p in parts(html) if f"born {b}" in p]
        hidden = pack_parts(["<p>nothing</p>", f"<p>{sorted(secrets.numbers)[3]}</p>"])
        spoilt = html.replace("</body>", f"<script type='text/plain'>{next(hidden)}</script></body>")
        assert {leak.kind for leak in scan_bytes("children.html", spoilt.encode(), secrets, working=True)} == {NUMBER}

    def test_lets_only_its_own_script_run_and_nothing_be_fetched(self, html):
        policy = unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1])
        scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        assert len(scripts) == 1
        sha256 = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
        assert policy == (
            f"default-src 'none'; script-src 'sha256-{sha256}'; style-src 'unsafe-inline'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )
        for forbidden in ("fetch(", "XMLHttpRequest", "import(", "eval(", "localStorage", "WebSocket", "http"):
            assert forbidden not in scripts[0]
        assert not re.search(r'\bon[a-z]+="', "".join([html, *parts(html)]))

    def test_is_marked_above_and_below_and_says_from_what_it_was_made(self, html, extract):
        assert html.count(f'<div class="marking">{SENSITIVE}</div>') == 2
        assert extract.sha256 in html
        assert "Synthetic sample" in html

    def test_is_made_for_nobody_else(self):
        with pytest.raises(ParameterError, match="entitled"):
            make_children_page(read_extract(ORKNEY, AS_AT, audience="aggregate"))

    def test_is_the_same_each_time(self, html, extract):
        assert make_children_page(extract).html == html

    def test_links_to_run_charts_only_where_it_is_told_of_them(self, html, extract):
        figures = {"aim-2": "2_aims.html#chart-aim-2"}
        linked = make_children_page(extract, figures).html
        told = re.search(r'<meta name="figures" content="([^"]*)">', linked)[1]
        assert json.loads(unescape(told)) == figures
        assert without_figures(linked) == html
        assert 'data-figure="aim-2"' in "".join(parts(html))


class TestPacks:
    def test_letters_of_a_pack_are_not_taken_for_a_number_and_what_is_in_it_is(self):
        by_chance = gzip.compress(base64.b64decode("AAA/48213/AAAAAA") * 30, compresslevel=0, mtime=0)
        packed = base64.b64encode(by_chance).decode()
        assert "/48213/" in packed
        secrets = Secrets(numbers=frozenset({"48213"}))
        assert scan_bytes("children.html", f"<p>{packed}</p>".encode(), secrets, working=True) == []
        (told,) = pack_parts(
            [f"<td>48213</td>{' and more' * 50}", *(f"{i:x}" * 40 for i in range(900, 940))][:TOGETHER]
        )
        assert {k.kind for k in scan_bytes("children.html", f"<p>{told}</p>".encode(), secrets, working=True)} == {
            NUMBER
        }

    @pytest.mark.parametrize("n", [0, 1, TOGETHER, TOGETHER + 1])
    def test_hold_every_part_in_order(self, n):
        told = [f"<p>{i} é</p>" for i in range(n)]
        packs = list(pack_parts(told))
        assert [p for pack in packs for p in unpack_parts(pack)] == told
        assert len(packs) == -(-n // TOGETHER)


class TestWhereAChildStands:
    def test_each_dot_and_bar_of_each_chart_is_somebodys_and_the_median_is_the_charts(self, extract, entries):
        for aim in extract.aims.values():
            intervals = find_intervals(extract, aim)
            for reached, rows in ((True, intervals.reached), (False, intervals.waiting)):
                own = [s for e in entries.children for s in e.standings if (s.aim, s.reached) == (aim, reached)]
                assert sorted(s.place for s in own) == list(range(1, len(rows) + 1))
                assert all(s.days == rows["days"].iloc[s.place - 1] for s in own)
                assert {s.median for s in own} <= {analyse_run(intervals, extract.changes).median}

    def test_is_said_with_its_denominator(self, entries):
        entry = next(e for e in entries.children if e.waits)
        said = write_standings(entry.standings)
        assert re.search(r"bar \d+ of \d+ who still wait, \d+ weeks so far", said)
        assert write_standings(()) == "<h3>On the charts of the aims</h3><p>This child is on none of them.</p>"


class TestChoosing:
    def test_nothing_asked_for_fits_everyone(self, entries):
        assert all(fits(e) for e in entries.children)

    @pytest.mark.parametrize(
        ("asked", "holds"),
        [
            ({"lives": GONE}, lambda e: not e.looked_after),
            ({"care": "now"}, lambda e: e.looked_after),
            ({"care": "before"}, lambda e: not e.looked_after),
            ({"ages": "5 to 11"}, lambda e: e.ages == "5 to 11"),
            ({"waiting": "any"}, lambda e: bool(e.waits)),
            ({"waiting": "aim-2"}, lambda e: any(s.aim.id == "aim-2" for s in e.waits)),
            ({"past": "past"}, lambda e: any(s.late for s in e.waits)),
            (
                {"waiting": "aim-2", "past": "within"},
                lambda e: [s.late for s in e.waits if s.aim.id == "aim-2"] == [False],
            ),
        ],
    )
    def test_each_filter_keeps_those_and_no_others(self, entries, asked, holds):
        kept = [e for e in entries.children if fits(e, **asked)]
        assert kept == [e for e in entries.children if holds(e)]
        assert 0 < len(kept) < len(entries.children)

    def test_those_past_a_limit_stand_first_and_the_longest_wait_before_the_shorter(self, entries):
        late = [any(s.late for s in e.waits) for e in entries.children]
        assert late == sorted(late, reverse=True)
        days = [e.days for e, past in zip(entries.children, late, strict=True) if past]
        assert days == sorted(days, reverse=True)


def test_a_figure_of_our_own_is_told_apart_from_a_chart():
    data, about = Figure(None, "words", svg="<svg></svg>")._repr_mimebundle_()
    assert data == {"text/plain": "words", "text/html": "<svg></svg>"}
    assert about["pace"]["alt"] == "words"
