"""The synthetic sample: the same each time, readable, plausible, and holding what its codebook says was built in."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pace_nb import sample, sample_lives
from pace_nb.aims import read_aims
from pace_nb.errors import ParameterError
from pace_nb.schema import TABLES
from pace_nb.terms import AUTHORITIES
from pace_nb.tests_of_change import read_tests

AS_AT = date(2019, 7, 31)
SMALL = 0.03
CLEAN = sorted(set(AUTHORITIES) - set(sample.DEFECTS))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    return folder, sample.write_sample(folder, SMALL)


def tables(area: str, scale: float, seed: int = 2019, as_at: date = AS_AT) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng([seed, list(AUTHORITIES).index(area)])
    rows = sample.make_area(AUTHORITIES[area], scale, rng, as_at)
    return {name: pd.DataFrame(rows[name], columns=sample.COLUMNS[name]) for name in TABLES}


def contents(folder) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def areas():
    return {area: tables(area, SMALL) for area in AUTHORITIES}


def dates_of(found: dict[str, pd.DataFrame], event: str) -> dict[str, list[date]]:
    dates: dict[str, list[date]] = {}
    for row in found["events"].itertuples():
        if row.event == event and isinstance(row.date, date):
            dates.setdefault(row.child_id, []).append(row.date)
    return dates


def waits(found: dict[str, pd.DataFrame], first: date, last: date) -> pd.DataFrame:
    """One row per accommodation in a period: weeks, and whether a recommendation ended the wait."""
    recommended, home = dates_of(found, "permanence_recommendation"), dates_of(found, "return_home")
    ended: dict[str, date] = {}
    for row in found["placements"].itertuples():
        ended[row.child_id] = max(ended.get(row.child_id, date.min), row.end_date or AS_AT)
    rows = []
    for child, starts in dates_of(found, "accommodated").items():
        for start in starts:
            out = min([d for d in home.get(child, []) if d > start] + [ended[child]])
            reached = min([d for d in recommended.get(child, []) if start <= d <= out], default=None)
            if first <= start <= last:
                rows.append((((reached or out) - start).days / 7, reached is not None))
    return pd.DataFrame(rows, columns=["weeks", "met"])


def kaplan_meier_median(frame: pd.DataFrame) -> float:
    left = 1.0
    for week, at in frame.groupby("weeks"):
        left *= 1 - at["met"].sum() / (frame["weeks"] >= week).sum()
        if left <= 0.5:
            return week
    return np.inf


def test_the_same_seed_gives_the_same_bytes(written, tmp_path):
    """Workbooks included: they hold no time of writing."""
    sample.write_sample(tmp_path, SMALL)
    assert contents(tmp_path) == contents(written[0])


def test_another_seed_gives_other_children():
    one, two = (sample.make_area(AUTHORITIES["Angus"], SMALL, np.random.default_rng([s, 2])) for s in (1, 2))
    assert one != two


def test_every_authority_has_an_extract_and_there_is_a_codebook(written):
    folder, files = written
    assert sorted(p.name for p in folder.iterdir() if p.is_dir()) == sorted(a.slug for a in AUTHORITIES.values())
    assert set(files) == {p for p in folder.rglob("*") if p.is_file()}
    native = {AUTHORITIES[a].slug for a in sample.LAYOUTS}
    workbooks = {p.stem for p in files if p.suffix == ".xlsx" and p.parent.name not in native}
    assert workbooks == {AUTHORITIES[a].slug for a in sample.WORKBOOKS}
    assert {p.parent.name for p in files if p.name == "profile.toml"} == native
    codebook = (folder / "README.md").read_text(encoding="utf-8")
    assert "Everything here is invented" in codebook
    for table in TABLES.values():
        assert all(c.meaning in codebook for c in table.columns if c.name in sample.COLUMNS[table.name])


def test_three_areas_write_dates_as_people_do(written):
    for area, authority in AUTHORITIES.items():
        if area not in sample.WORKBOOKS and area not in sample.LAYOUTS:
            born = pd.read_csv(written[0] / authority.slug / "children.csv", dtype=str)["date_of_birth"]
            form = r"\d\d/\d\d/\d{4}" if area in sample.UK_DATES else r"\d{4}-\d\d-\d\d"
            assert born.str.fullmatch(form).all(), area


def test_workbooks_hold_real_dates(written):
    book = pd.read_excel(written[0] / "moray" / "moray.xlsx", sheet_name=None)
    assert list(book) == list(TABLES)
    assert str(book["events"]["date"].dtype).startswith("datetime64")


def test_the_codebook_says_which_area_has_which_form_and_what_the_form_has_no_place_for(written):
    codebook = (written[0] / "README.md").read_text(encoding="utf-8")
    assert len(sample.LAYOUTS) == 6
    for area, layout in sample.LAYOUTS.items():
        assert f"| {area} | {layout.what} | {layout.lost} |" in codebook


def test_areas_with_a_form_of_their_own_have_no_mistakes_and_no_tables_in_the_projects_form(written):
    """What their profiles are shown to read is what was written, and nothing else."""
    for area in sample.LAYOUTS:
        assert area not in sample.DEFECTS
        names = {p.stem for p in (written[0] / AUTHORITIES[area].slug).iterdir()}
        assert not names & set(TABLES), area


def test_definitions_can_be_read(written):
    for area, authority in AUTHORITIES.items():
        aims = read_aims(written[0] / authority.slug / "aims.toml")
        assert (str(aims["aim-3"].limit), str(aims["aim-4"].limit)) == ("14 weeks", "16 weeks")
        assert (aims["aim-2"].backlog_by is not None) == (area in sample.TWO_PART_AIMS)
        tests = read_tests(written[0] / authority.slug / "changes", aims)
        assert [(t.id, t.aim, t.starts) for t in tests] == [(p.idea, p.aim, p.on) for p in sample.PLANS[area]]


@pytest.mark.parametrize("scale", [0.03, 0.2])
def test_sizes_are_in_proportion(scale):
    for area in ("Orkney Islands", "Angus", "Fife"):
        placements = tables(area, scale)["placements"]
        now = placements.loc[placements["end_date"].isna(), "child_id"].nunique()
        wanted = max(6, round(AUTHORITIES[area].looked_after * scale))
        assert abs(now - wanted) <= 1, area


def test_every_code_is_in_its_vocabulary(areas):
    for found in areas.values():
        for table in TABLES.values():
            for column in table.columns:
                if column.codes:
                    assert set(found[table.name][column.name].dropna()) <= set(column.codes)


def test_dates_are_possible_where_no_mistake_was_put_in(areas):
    for area in CLEAN:
        found = areas[area]
        assert set(found["events"]["child_id"]) <= set(found["children"]["child_id"])
        assert not found["events"].duplicated().any(), area
        assert (found["events"]["date"] <= AS_AT).all()
        for name in ("placements", "legal"):
            assert (found[name]["start_date"] <= found[name]["end_date"].fillna(AS_AT)).all()
            assert (found[name]["end_date"].fillna(AS_AT) <= AS_AT).all()


def test_placements_follow_one_another_and_only_the_last_is_open(areas):
    for area in CLEAN:
        placements = areas[area]["placements"]
        before = placements.groupby("child_id")[["end_date"]].shift()["end_date"]
        later = placements["child_id"].duplicated()
        assert (before[later] <= placements.loc[later, "start_date"]).all(), area


def test_mistakes_are_few_and_where_the_codebook_says():
    for area, defects in sample.DEFECTS.items():
        found = tables(area, 0.2)
        events, placements = found["events"], found["placements"]
        text = events["date"].map(lambda d: isinstance(d, str))
        late = events.loc[~text, "date"] > AS_AT
        seen = {
            "impossible date": text.sum(),
            "future date": late.sum(),
            "duplicate row": events.duplicated().sum(),
            "unknown child": (~events["child_id"].isin(found["children"]["child_id"])).sum(),
            "end before start": (placements["end_date"].fillna(AS_AT) < placements["start_date"]).sum(),
        }
        assert seen == {kind: int(kind in defects) for kind in seen}, area
        assert len(defects) < 0.003 * (len(events) + len(placements))


def test_the_backlog_is_there_with_its_true_start():
    """Children looked after on 1 August 2013 had started earlier; nobody who left before is in the extract."""
    placements = tables("Angus", 1)["placements"]
    started = placements.groupby("child_id")["start_date"].min()
    assert (started < sample.COLLECTED_FROM).sum() > 0.5 * AUTHORITIES["Angus"].looked_after
    last = placements.assign(end=placements["end_date"].fillna(AS_AT)).groupby("child_id")["end"].max()
    assert (last >= sample.COLLECTED_FROM).all()


def test_someone_is_always_waiting(areas):
    for area, found in areas.items():
        begun = dates_of(found, "accommodated")
        over = [dates_of(found, event) for event in ("permanence_recommendation", "return_home")]
        now = found["placements"].loc[found["placements"]["end_date"].isna(), "child_id"]
        assert any(
            max(begun[child]) > max([date.min, *over[0].get(child, []), *over[1].get(child, [])])
            for child in now
            if child in begun
        ), area


def test_without_missing_dates_the_early_wait_is_the_anchor(monkeypatch):
    """42 weeks from being accommodated to the recommendation, in a large area years before its change."""
    monkeypatch.setattr(sample_lives._Area, "recorded", lambda *_: True)
    early = waits(tables("South Lanarkshire", 1), date(2013, 8, 1), date(2015, 1, 31))
    assert len(early) > 150
    assert kaplan_meier_median(early) == pytest.approx(42, rel=0.2)


@pytest.mark.parametrize("area", ["Aberdeen City", "City of Edinburgh", "Fife", "Glasgow City"])
def test_the_four_cities_and_counties_improved(area):
    """Children accommodated after the change, with a year to wait, against those who had a year before it."""
    found, on = tables(area, 0.2), sample.PLANS[area][0].on
    before = waits(found, sample.COLLECTED_FROM, on.replace(year=on.year - 1))
    after = waits(found, on, AS_AT)
    assert kaplan_meier_median(after) < 0.75 * kaplan_meier_median(before)


def test_about_a_third_go_home():
    events = tables("North Ayrshire", 1)["events"]
    begun = events[(events["event"] == "accommodated") & events["date"].between(date(2013, 8, 1), date(2016, 7, 31))]
    home = events[events["event"] == "return_home"].groupby("child_id")["date"].max()
    share = (begun["child_id"].map(home).fillna(date.min) > begun["date"]).mean()
    assert 0.25 < share < 0.45


def test_plans_are_as_many_as_the_codebook_says():
    first = [plans[0] for plans in sample.PLANS.values()]
    assert set(sample.PLANS) == set(AUTHORITIES)
    assert sum(p.factor < 1 for p in first) == 18
    assert sum(p.factor > 1 for p in first) == 2
    assert sum(p.clears > 0 for p in first) == 7
    assert all(date(2015, 10, 1) <= p.on <= date(2018, 12, 31) for plans in sample.PLANS.values() for p in plans)


def test_no_number_looks_like_a_health_or_candidate_number(written):
    for path, content in contents(written[0]).items():
        if path.endswith((".csv", ".toml", ".md")):
            assert not re.search(rb"\d{9}", content), path


def test_nothing_is_written_for_an_impossible_scale(tmp_path):
    with pytest.raises(ParameterError, match="scale"):
        sample.write_sample(tmp_path, scale=0)
    assert not list(tmp_path.iterdir())


def test_an_area_is_the_same_whichever_others_are_made(written):
    """Alone from its own generator, or as one of 32."""
    alone = tables("Orkney Islands", SMALL)["events"]
    together = pd.read_csv(written[0] / "orkney-islands" / "events.csv", dtype=str)
    assert together["date"].tolist() == [d.isoformat() for d in alone["date"]]
    assert together["child_id"].tolist() == alone["child_id"].tolist()
