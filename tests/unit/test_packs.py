"""A pack: its counts protected together, its page and its data the same number for number, nothing in it of a child."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from dataclasses import asdict, replace
from html import unescape
from pathlib import Path

import pytest

import pace_nb as pace
from pace_nb.controls.event import Event
from pace_nb.disclosure import HIDDEN, WITHHELD
from pace_nb.errors import DataError, ParameterError
from pace_nb.leaks import Secrets, gather_secrets
from pace_nb.packs import ALL, build_pack, read_pack, to_json
from pace_nb.packs.build import _told_before
from pace_nb.packs.page import check_counts, make_pack_page, vega_bundle, write_pack
from pace_nb.packs.protect import _system, is_safe, protect_waiting, protect_years
from pace_nb.packs.story import tell_steps
from pace_nb.packs.words import list_bands, list_curve, list_medians, list_years

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
AS_AT = "2019-07-31"


@pytest.fixture(scope="module")
def extract():
    return pace.read_extract(SAMPLE / "fife", AS_AT)


@pytest.fixture(scope="module")
def pack(extract):
    return build_pack(extract)


@pytest.fixture(scope="module")
def page(pack):
    return make_pack_page(pack)


def data_of(page: str) -> dict:
    return json.loads(re.search(r'id="pack-data">(.*?)</script>', page, re.S)[1])


def cells(html: str) -> list[list[str]]:
    """The cells of a table's rows as text."""
    rows = re.findall(r"<tr>(.*?)</tr>", html.split("</thead>")[1], re.S)
    return [[unescape(re.sub(r"<[^>]+>", "", c)) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r)] for r in rows]


def tables(html: str) -> list[str]:
    return [t for t in re.findall(r"<table.*?</table>", html, re.S) if "</thead>" in t]


#: Two groups and two years; the smaller group has 3 in 2018, and the sums over groups and years are published.
COUNTS = {"kin": {"2018": (20, 12), "2019": (22, 11)}, "foster": {"2018": (3, 2), "2019": (19, 9)}}


class TestCountsTogether:
    def test_a_small_count_stays_hidden_whatever_is_subtracted(self):
        shown = protect_years(COUNTS)
        assert shown["foster"]["2018"][0] is None
        published = {
            (what, g, y): n
            for g, years in shown.items()
            for y, pair in years.items()
            for what, n in zip(("due", "met"), pair, strict=True)
            if not isinstance(n, str)
        }
        assert is_safe(_system(COUNTS, ["kin", "foster"], ["2018", "2019"]), published)

    def test_the_audit_sees_a_count_that_sums_give_away(self):
        """Shown: 5 (5 to 7) in one group, and a total of 5; the other group is hidden, and can be 1 or 2 only."""
        counts = {"kin": {"2018": (5, 0)}, "foster": {"2018": (2, 0)}}
        careless = {("due", "kin", y): 5 for y in ("2018", ALL)} | {("due", ALL, y): 5 for y in ("2018", ALL)}
        careless |= {("due", "foster", y): None for y in ("2018", ALL)}
        assert not is_safe(_system(counts, ["kin", "foster"], ["2018"]), careless)

    def test_an_earlier_pack_must_not_give_away_what_this_one_hides(self):
        """Both groups of 2018 are hidden here, beside a sum of 5 (5 to 7). Whoever kept a pack that shows 5 for one is left with 1 or 2."""
        counts = {"kin": {"2018": (5, 0), "2019": (30, 12)}, "foster": {"2018": (2, 0), "2019": (28, 13)}}
        alone = protect_years(counts)
        assert (alone["kin"]["2018"][0], alone["foster"]["2018"][0], alone[ALL]["2018"][0]) == (None, None, 5)
        assert protect_years(counts, {("due", "kin", "2018"): 5}) is None
        assert protect_years(counts, {("due", "kin", "2018"): None}) == alone
        assert (
            protect_years(counts, {("due", "kin", "2018"): 20}) == alone
        )  # of other children: it misleads who relies on it

    def test_all_children_are_told_as_the_report_tells_them(self, extract, pack):
        """The table of the aims page and the pack are two publications of one count: they have to agree."""
        reported = {r[0]: r[1:3] for r in cells(pace.show_aim(pace.study_aim(extract, "aim-2")).html)}
        told = {r[0]: r[1:3] for r in cells(list_years(pack, pack.slice("aim-2")).html)}
        assert told["All years"] == reported["All who were due"]
        assert {f"Due in {y}": n for y, n in told.items() if y != "All years"} == {
            y: n for y, n in reported.items() if y.startswith("Due in")
        }

    def test_bands_of_several_groups_are_protected_with_their_sums(self):
        shown = protect_waiting({"kin": [10, 8, 0, 3], "foster": [6, 9, 1, 12]}, {"kin": 5, "foster": 9})
        assert not isinstance(shown["kin"][0][3], int)
        assert not isinstance(shown["foster"][0][2], int)
        assert all(
            n is None or n == WITHHELD or n % 5 == 0
            for bands, total, late in shown.values()
            for n in [*bands, total, late]
        )

    def test_no_group_is_offered_whose_counts_do_not_pass(self, pack):
        for aim in pack.aims:
            groups = [s.group for s in pack.groups(aim.id)]
            assert groups[0] == ALL
            assert len(groups) != 2  # with two, one less all is the other
            if len(groups) == 1:
                assert any(aim.title in line for line in pack.left_out)

    def test_every_count_is_rounded_or_hidden(self, pack):
        assert check_counts(pack) == []
        unrounded = replace(pack.slices[0], waiting=23)
        assert check_counts(replace(pack, slices=(unrounded, *pack.slices[1:]))) != []

    def test_counts_a_few_children_apart_from_an_earlier_pack_speak_against_it(self, pack):
        then, now = (replace(pack, slices=(replace(pack.slices[0], waiting=n),)) for n in (21, 23))
        assert [p for p in check_counts(now, then) if "fewer than 5 apart" in p]
        assert not [p for p in check_counts(now) if "apart" in p]

    def test_years_that_are_over_are_held_against_an_earlier_pack_and_the_year_that_lasts_is_not(self, extract, pack):
        aim = extract.aims["aim-2"]
        told = _told_before(aim, extract, pack)
        years = {year for _, _, year in told}
        assert years == {y.year for y in pack.slice("aim-2").years} - {ALL, "2019"}
        assert told["due", ALL, "2017"] == next(y.due for y in pack.slice("aim-2").years if y.year == "2017")
        assert _told_before(aim, extract, None) == {}

    def test_a_pack_passes_beside_itself_and_is_not_held_against_another_area(self, extract, pack):
        assert build_pack(extract, before=pack) == pack
        with pytest.raises(ParameterError, match="one of Moray"):
            build_pack(extract, before=replace(pack, area="Moray"))


@pytest.fixture(scope="module")
def made(run_cli, tmp_path_factory):
    """A folder in which a pack was made beside two other areas, and then again a month later; what was said, and both packs."""
    folder = tmp_path_factory.mktemp("packs")
    for slug in ("angus", "moray"):
        shutil.copytree(SAMPLE / slug, folder / "areas" / slug)
    arguments = ("pack", "areas/moray", "--out", "out", "--as-at")
    first = run_cli(*arguments, "2019-06-30", "--areas", "areas", cwd=folder)
    assert first.returncode == 0, first.stderr
    out = folder / "out"
    names = sorted(p.name for p in out.iterdir())
    then, page = read_pack(out / "moray.pack.json"), (out / "moray.pack.html").read_text(encoding="utf-8")
    second = run_cli(*arguments, AS_AT, cwd=folder)
    assert second.returncode == 0, second.stderr
    return names, " ".join(first.stdout.split()), then, page, " ".join(second.stdout.split()), out / "moray.pack.json"


class TestCommand:
    """`pace-nb pack` with the extracts of several areas, and once more into the same folder."""

    def test_writes_two_files_and_says_what_is_not_offered(self, made):
        names, said, pack, *_ = made
        assert names == ["moray.pack.html", "moray.pack.json"]
        assert pack.left_out
        assert [line for line in pack.left_out if f"Note: {' '.join(line.split())}" not in said] == []
        assert "Held against" not in said

    def test_a_pack_made_again_is_held_against_the_one_that_lies_there(self, made):
        _, _, then, _, said, file = made
        now = read_pack(file)
        assert (then.as_at, now.as_at) == ("30 June 2019", "31 July 2019")
        assert "Held against the pack as at 30 June 2019" in said
        assert check_counts(now, then) == []

    def test_law_and_all_other_areas_together_are_the_same_on_the_page_and_on_the_projector(self, made):
        _, _, pack, page, *_ = made
        event = Event(pack)
        titles = [title for title, _ in event.told]
        on_page = [row for table in tables(page) for row in cells(table)]
        for title, table, said in (
            ("Beside all other areas together", pack.rest, pack.rest_says),
            ("Beside law and guidance", pack.timescales, ()),
        ):
            event.where.step = titles.index(title)
            rows = [list(row) for row in table.rows]
            assert rows
            assert cells(event.screen.html) == rows
            assert [row for row in rows if row not in on_page] == []
            assert [s for s in said if s not in unescape(event.screen.html) or s not in unescape(page)] == []
        assert len(pack.rest_says) == len(pack.rest.rows)


class TestData:
    def test_what_is_written_is_read_again(self, pack, tmp_path):
        file = tmp_path / "a.pack.json"
        file.write_text(to_json(pack), encoding="utf-8")
        assert read_pack(file) == pack
        assert to_json(read_pack(file)) == to_json(pack)

    def test_the_same_extract_gives_the_same_bytes(self, extract, pack):
        assert to_json(build_pack(extract)) == to_json(pack)

    @pytest.mark.parametrize("content", ["", "[]", '{"format": 2}', '{"format": 1, "marking": "x"}', "child_id,a\n1,2"])
    def test_another_file_is_refused_in_words(self, content, tmp_path):
        (tmp_path / "x.json").write_text(content)
        with pytest.raises(DataError, match="no pack"):
            read_pack(tmp_path / "x.json")

    def test_an_extract_for_people_entitled_to_see_children_makes_no_pack(self, extract):
        with pytest.raises(ParameterError, match="for everyone"):
            build_pack(replace(extract, audience="working"))

    def test_a_pack_tells_of_no_child(self, pack, page):
        secrets = gather_secrets(SAMPLE / "fife")
        text = (to_json(pack) + page.replace(vega_bundle(), "")).lower()
        assert "syn-" not in text
        assert not [n for n in secrets.numbers if n.lower() in text]

    def test_a_pack_that_tells_of_a_child_is_held_back_and_nothing_is_written(self, pack, tmp_path):
        named = replace(pack, left_out=("See child SYN-00012.",))
        with pytest.raises(DataError, match="held back"):
            write_pack(named, tmp_path, Secrets(frozenset(["SYN-00012"])))
        assert list(tmp_path.iterdir()) == []


class TestPage:
    def test_its_charts_hold_the_numbers_of_the_pack_and_no_others(self, pack, page):
        specs = data_of(page)["specs"]
        shares = {(v["aim"], v["group"], str(v["year"])): v["share"] for v in specs["shares"]["data"]["values"]}
        assert shares == {(s.aim, s.group, y.year): y.share for s in pack.slices for y in s.years if y.year != ALL}
        medians = {(v["aim"], v["group"], v["period"]): v["weeks"] for v in specs["medians"]["data"]["values"]}
        assert medians == {(s.aim, s.group, p): w for s in pack.slices for p, w in s.medians}
        bands = {(v["aim"], v["group"], v["band"]): v["words"] for v in specs["bands"]["data"]["values"]}
        assert len(bands) == sum(len(s.bands) for s in pack.slices)
        for s in pack.slices:
            for name, n in s.bands:
                words = {None: "too few to show", WITHHELD: "not shown", 0: "0"}.get(n, f"about {n}")
                assert bands[s.aim, s.group, name] == words
        curve = {(v["aim"], v["group"], v["week"]): v["share"] for v in specs["curve"]["data"]["values"]}
        assert curve == {(s.aim, s.group, w): share for s in pack.slices for w, share in s.curve}

    def test_the_page_and_the_dashboard_agree_number_for_number(self, pack, page, tmp_path):
        """Each table of the page is a table of the dashboard's steps, which read the data file and nothing else."""
        file = tmp_path / "a.pack.json"
        file.write_text(to_json(pack), encoding="utf-8")
        event = Event(read_pack(file))
        titles = [title for title, _ in event.told]
        steps = {
            "Who waits now?": list_bands,
            "How long do waits last?": list_curve,
            "Are waits changing?": list_medians,
        }
        steps["Who had it in time?"] = list_years
        for one in pack.slices:
            event.aim.value = one.aim
            event.group.value = one.group
            for title, table in steps.items():
                if title == "Who had it in time?" and not one.years:
                    continue
                event.where.step = titles.index(title)
                expected = table(pack, one).html
                assert expected in event.screen.html
                assert expected in page

    def test_its_policy_names_each_script_and_allows_nothing_else(self, page):
        policy = unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1])
        scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts}
        parts = dict(p.strip().split(" ", 1) for p in policy.split(";"))
        assert len(scripts) == 2
        assert set(parts["script-src"].split()) == hashes
        assert parts["default-src"] == "'none'"
        assert "unsafe-eval" not in policy
        assert not re.search(r'(?:src|href)="(?!#)', page.replace(vega_bundle(), ""))

    def test_hostile_text_stays_text(self, pack, hostile_text):
        hostile = replace(pack, aims=(replace(pack.aims[0], title=hostile_text), *pack.aims[1:]), area=hostile_text)
        made = make_pack_page(hostile, bundle="")
        assert "<img" not in made
        assert made.count("<script>") == 2
        assert data_of(made)["aims"][pack.aims[0].id] == hostile_text

    def test_every_combination_has_words_and_tables_without_any_script(self, pack, page):
        for one in pack.slices:
            assert page.count(f'class="slice" data-aim="{one.aim}" data-group="{one.group}"') >= 7


class TestStory:
    def test_each_step_has_a_title_words_and_notes(self, pack):
        for title, make in tell_steps(pack):
            step = make("aim-2", ALL)
            assert step.title == title
            assert step.says
            assert step.notes
            assert not step.svg or 'role="img" aria-label="' in step.svg

    def test_a_group_that_an_aim_does_not_offer_shows_all_children(self, pack):
        make = dict(tell_steps(pack))["Who waits now?"]
        assert make("aim-1", "kinship") == make("aim-1", ALL)

    def test_every_share_of_a_group_says_of_how_many(self, pack):
        step = dict(tell_steps(pack))["Does it differ by where children live?"]("aim-2", ALL)
        known = [row for row in cells(step.table.html) if row[3].endswith("%")]
        assert len(known) > 1
        for _, due, _, share, _ in known:
            assert f">about {share} of {due}<" in step.svg
            assert f"about {share} of {due}" in step.svg.split('aria-label="')[1].split('"')[0]

    def test_hidden_numbers_are_never_said(self, pack):
        hidden = replace(pack.slice("aim-2"), waiting=None, overdue=None, bands=(("under 3 months", None),))
        made = replace(pack, slices=(hidden,))
        step = dict(tell_steps(made))["Who waits now?"]("aim-2", ALL)
        assert "too few children to show" in " ".join(step.says)
        assert cells(step.table.html)[0][1] == HIDDEN


def test_the_dashboard_of_an_event_reads_a_pack_and_no_extract(pack, tmp_path, monkeypatch):
    file = tmp_path / "a.pack.json"
    file.write_text(to_json(pack), encoding="utf-8")

    def never(*_):
        raise AssertionError("an extract was read")

    monkeypatch.setattr("pace_nb.extract.read_sources", never)
    monkeypatch.setattr("pace_nb.files.raw.RawTable.__init__", never)
    notebook = Path(__file__).parent.parent.parent / "notebooks" / "dashboards" / "learning_event.ipynb"
    held = {"pack_path": str(file)}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
            exec("".join(cell["source"]), held)
    assert held["pack"] == pack
    assert not [v for v in held.values() if type(v).__name__ in ("Extract", "DataFrame")]


def test_a_pack_says_in_plain_data_what_it_is(pack):
    told = asdict(pack)
    assert told["area"] == "Fife"
    assert set(told["slices"][0]) >= {"aim", "group", "years", "bands", "medians", "curve"}
