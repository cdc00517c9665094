"""Six areas keep the same lives in forms of their own: what their profiles read is what the four tables say, and no row is lost."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from pace_nb.dates import EXAMPLE
from pace_nb.extract import read_extract
from pace_nb.files import sheet_names
from pace_nb.profiles import NAME, read_profile
from pace_nb.sample import COLUMNS, make_area, write_sample
from pace_nb.sample_layouts import LAYOUTS, PROFILES, write_native
from pace_nb.schema import TABLES
from pace_nb.terms import AUTHORITIES, EVENTS

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
AS_AT = date(2019, 7, 31)
#: Enough that every route, order and kind of placement is there.
SCALE = 0.2
WIDE = {**dict.fromkeys(EVENTS, 2), "cso_review": 4, "review": 0, "hearing": 0}
RETURNED = ("accommodated", "permanence_recommendation", "adm_decision", "court_application", "return_home")
SECURE = {"adoption_order": "adoption"} | {
    o: o for o in ("permanence_order", "permanence_order_with_authority_to_adopt", "kinship_care_order")
}


def as_written(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@pytest.fixture(scope="module")
def lives(tmp_path_factory):
    """For each area: its own files, and the four tables made from the same lives, both as extracts."""
    folder, both = tmp_path_factory.mktemp("native"), {}
    for area in LAYOUTS:
        authority = AUTHORITIES[area]
        rows = make_area(authority, SCALE, np.random.default_rng([2019, list(AUTHORITIES).index(area)]))
        own, plain = folder / authority.slug, folder / "plain" / authority.slug
        for place in (own, plain):
            place.mkdir(parents=True)
        write_native(own, area, rows, AS_AT)
        for table in TABLES:
            with (plain / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([COLUMNS[table], *([as_written(v) for v in r] for r in rows[table])])
        both[area] = own, read_extract(own, AS_AT), read_extract(plain, AS_AT)
    return both


def facts(frame) -> list[tuple]:
    """The rows of a table in any order, as text."""
    return sorted(tuple(map(str, row)) for row in frame.astype(object).where(frame.notna(), "").to_numpy().tolist())


def first_of_each(events, most: dict[str, int]):
    """As many dates of each milestone of a child as there are columns for it."""
    seen: dict[tuple, int] = {}
    kept = []
    for row in events.sort_values("date", kind="stable").itertuples():
        seen[row.child_id, row.event] = seen.get((row.child_id, row.event), 0) + 1
        if seen[row.child_id, row.event] <= most[row.event]:
            kept.append(row.Index)
    return events.loc[kept]


@pytest.mark.parametrize("area", [a for a, layout in LAYOUTS.items() if layout.lost == "nothing"])
@pytest.mark.parametrize("table", TABLES)
def test_a_form_with_a_place_for_everything_holds_the_same_facts(lives, area, table):
    _, own, plain = lives[area]
    assert facts(getattr(own, table)) == facts(getattr(plain, table))
    assert len(getattr(own, table)) > 50


def test_four_of_the_six_forms_have_a_place_for_everything():
    assert [a for a, layout in LAYOUTS.items() if layout.lost != "nothing"] == ["Clackmannanshire", "Inverclyde"]


def test_a_row_for_each_child_holds_milestones_and_no_reviews_hearings_or_legal_reasons(lives):
    _, own, plain = lives["Clackmannanshire"]
    assert facts(own.children) == facts(plain.children)
    assert facts(own.placements) == facts(plain.placements)
    assert own.legal.empty
    assert own.refused == ("legal",)
    expected = first_of_each(plain.events, WIDE)
    assert facts(own.events) == facts(expected)
    # nothing of these lives came to a milestone more often than there are columns
    assert len(expected) == plain.events["event"].isin([e for e, n in WIDE.items() if n]).sum()


def test_the_national_return_holds_placements_and_legal_reasons_and_the_rest_follows_from_them(lives):
    """Coming into care and going home are not written in it; the facts that follow are those that the tables record."""
    _, own, plain = lives["Inverclyde"]
    assert facts(own.children.drop(columns="sibling_group")) == facts(plain.children.drop(columns="sibling_group"))
    assert own.children["sibling_group"].isna().all()
    assert facts(own.placements) == facts(plain.placements)
    assert facts(own.legal) == facts(plain.legal)
    recorded = plain.events[plain.events["event"].isin(RETURNED)]
    orders = own.events["event"] == "order_granted"
    assert facts(own.events[~orders]) == facts(recorded)
    granted = [  # every order of the legal reasons, also where no event of it found its way into the tables
        (r.child_id, "Inverclyde", "order_granted", str(r.start_date), SECURE[r.legal_type])
        for r in plain.legal.itertuples()
        if r.legal_type in SECURE
    ]
    assert facts(own.events[orders]) == sorted(granted)
    assert set(facts(plain.events[plain.events["event"] == "order_granted"])) <= set(granted)


@pytest.mark.parametrize("area", LAYOUTS)
def test_every_row_that_was_read_is_used_set_aside_a_copy_or_blank(lives, area):
    folder, own, _ = lives[area]
    rows = own.rows
    assert (rows["read"] == rows["used"] + rows["set_aside"] + rows["duplicates"] + rows["blank"]).all()
    for table, file, read in rows[["table", "file", "read"]].itertuples(index=False):
        if file != "table legal":  # which Clackmannanshire has not
            assert read == data_rows(folder, file), (table, file)
    assert own.profile == "profile"
    assert {name for name, _ in own.files} == {p.name for p in folder.iterdir() if p.name != NAME}


def parts(folder: Path, file: str) -> tuple[Path, str | None]:
    """The file and the sheet that a finding names."""
    path = next(p for p in folder.iterdir() if file.startswith(p.name))
    rest = file.removeprefix(path.name).removeprefix(" (")
    return path, rest.split(")")[0] if path.suffix == ".xlsx" else None


def cells(path: Path, sheet: str | None, area: str = "") -> list[list[str]]:
    """The cells of a file or sheet as text, found without the package."""
    if sheet is None:
        data = path.read_bytes()
        text = data.decode("cp1252" if b";" in data.splitlines()[0] else "utf-8")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in text.splitlines()[0] else ","))
    book = openpyxl.load_workbook(path)
    return [["" if c is None else str(c) for c in row] for row in book[sheet].iter_rows(values_only=True)]


def header_at(lines: list[list[str]]) -> int:
    """Where the header of a native file stands: the first row with all its cells but perhaps the last."""
    width = max(sum(map(bool, line)) for line in lines[:6])
    return next(i for i, line in enumerate(lines) if sum(map(bool, line)) == width)


def data_rows(folder: Path, file: str) -> int:
    lines = cells(*parts(folder, file))
    return len(lines) - header_at(lines) - 1


@pytest.mark.parametrize("area", LAYOUTS)
def test_findings_name_a_file_a_row_and_a_heading_that_are_there(lives, area):
    folder, own, _ = lives[area]
    placed = [f for f in own.findings if f.lines or f.column]
    assert placed
    for finding in placed:
        lines = cells(*parts(folder, finding.file))
        at = header_at(lines)
        assert not finding.column or finding.column in lines[at], finding
        assert all(at + 2 <= n <= len(lines) for n in finding.lines), finding


@pytest.mark.parametrize("area", LAYOUTS)
def test_no_finding_holds_what_stands_in_a_cell(lives, area):
    folder, own, _ = lives[area]
    said = "\n".join(f"{f.file} {f.column} {f.what} {f.do}" for f in own.findings)
    words = "\n".join(f"{f.what} {f.do}" for f in own.findings)
    assert "SYN-" not in said
    headings, contents = set(), set()
    for path in (p for p in folder.iterdir() if p.name != NAME):
        for sheet in [None] if path.suffix == ".csv" else sheet_names(path)[0]:
            lines = cells(path, sheet)
            at = header_at(lines)
            headings |= {h.lower() for h in lines[at]}
            contents |= {c for line in lines[at + 1 :] for c in line}
    dates = {c for c in contents if sum(x.isdigit() for x in c) >= 6 and not c.startswith(str(EXAMPLE))}
    codes = {v for s in read_profile(folder / NAME).sources for x in s.sections for m in x.codes.values() for v in m}
    assert not [c for c in dates if c in words]
    assert not [c for c in contents - codes if len(c) > 3 and c.lower() not in headings and c in words]


#: One broken date for each form: file (and sheet), Excel row, heading, and what then stands there.
BROKEN = {
    "Clackmannanshire": ("Permanence tracker.xlsx", "Tracker", 7, "Accommodated", "impossible-date"),
    "Dumfries and Galloway": ("LAC permanence list 31-07-2019.xlsx", "Key dates", 12, "When", "impossible-date"),
    "Highland": ("CF_chronology.csv", None, 30, "Entry Date", "impossible-date"),
    "Inverclyde": ("CLA_LEGAL_REASONS_2018-19.csv", None, 25, "REASON_START_DATE", "impossible-date"),
    "Midlothian": ("meetings.csv", None, 18, "Date held", "impossible-date"),
    "Scottish Borders": ("Legal - permanence cases.xlsx", "Cases", 6, "Order made", "impossible-date"),
}


@pytest.mark.parametrize("area", LAYOUTS)
def test_a_broken_date_is_found_where_it_stands_in_the_areas_own_file(lives, area, tmp_path):
    folder, before, _ = lives[area]
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    name, sheet, row, heading, code = BROKEN[area]
    break_date(tmp_path / name, sheet, row, heading)
    after = read_extract(tmp_path, AS_AT)
    found = [f for f in after.findings if f.code == code]
    assert {(f.lines, f.column) for f in found} == {((row,), heading)}
    assert all(f.file.startswith(name if sheet is None else f"{name} ({sheet})") for f in found)
    assert "31/02" not in " ".join(map(str, after.findings))
    assert after.rows["used"].sum() < before.rows["used"].sum()
    assert after.rows["read"].sum() == before.rows["read"].sum()


def break_date(path: Path, sheet: str | None, row: int, heading: str) -> None:
    lines = cells(path, sheet)
    column = lines[header_at(lines)].index(heading)
    if sheet is None:
        delimiter = ";" if path.name.startswith("CF_") else ","
        lines[row - 1][column] = {";": "31-Feb-2017"}.get(delimiter, "31/02/2017")
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(lines)
        path.write_bytes(text.getvalue().encode("cp1252" if delimiter == ";" else "utf-8"))
    else:
        book = openpyxl.load_workbook(path)
        book[sheet].cell(row, column + 1).value = "31/02/2017"
        book.save(path)


@pytest.mark.parametrize("area", LAYOUTS)
def test_the_sample_that_is_kept_is_what_is_written_now(lives, area):
    kept = {p.name: p.read_bytes() for p in (SAMPLE / AUTHORITIES[area].slug).iterdir() if p.is_file()}
    written = {p.name: p.read_bytes() for p in lives[area][0].iterdir()}
    beside = {"aims.toml", "extract.toml"}
    assert {n: b for n, b in kept.items() if n not in beside} == written


def test_every_profile_is_of_an_area_and_every_area_with_a_form_has_one(tmp_path):
    assert {p.stem for p in PROFILES.iterdir()} == {AUTHORITIES[a].slug for a in LAYOUTS}
    assert all(p.read_text(encoding="utf-8").startswith("# How the ") for p in PROFILES.glob("*.toml"))


def test_the_forms_hold_at_other_sizes_and_days_too(tmp_path):
    """Six children, in an extract of four years earlier."""
    write_sample(tmp_path, 0.03, seed=7, as_at=date(2015, 7, 31))
    for area in LAYOUTS:
        extract = read_extract(tmp_path / AUTHORITIES[area].slug, "2015-07-31")
        assert len(extract.children) >= 6
        assert not [f for f in extract.findings if f.level == "file"], area
