"""A first profile of a layout never seen before, what it may show, and what a profile leaves out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import openpyxl
import pytest

from pace_nb.extract import read_extract
from pace_nb.files import file_digest
from pace_nb.profiles import read_profile
from pace_nb.profiles.draft import draft_profile
from pace_nb.profiles.gaps import check_profile

ROOT = Path(__file__).parent.parent.parent


def born(i: int) -> str:
    return f"{1 + i % 28:02}/03/{2005 + i % 10}"


@pytest.fixture
def native(tmp_path) -> Path:
    """An extract as a case system might make it: a workbook with titles and local codes, and a list of reviews."""
    folder = tmp_path / "fife"
    folder.mkdir()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Kids"
    for row in (["Looked after children"], ["Run in August"], []):
        sheet.append(row)
    sheet.append(["Case No", "Surname", "D.O.B", "Gender", "Became accommodated", "Perm Rec", "ADM sign-off"])
    for i in range(40):
        recommended = f"{1 + i % 28:02}/09/2018" if i % 2 else None
        sheet.append([f"K{i:03}", f"Name{i}", born(i), "F" if i % 3 else "M", "05/01/2018", recommended, None])
    places = book.create_sheet("Where living")
    places.append(["Case No", "Type of placement", "Date from", "Date to"])
    for i in range(40):
        kind = ("Fostering (internal)", "Friends/Relatives", "Zzyzx")[i % 3]
        places.append([f"K{i:03}", kind, "05/01/2018", "31/12/9999"])
    places.append(["K001", "Left a letter from a grandmother", "05/01/2017", "06/01/2017"])
    book.save(folder / "Extract August.xlsx")
    reviews = ["Person;Date of review;Review outcome;Chair"]
    for i in range(40):
        outcome = ("Recommendation for permanence", "Continue")[i % 2] if i < 39 else "Mother cried and left"
        reviews.append(f"K{i:03};10/02/2018;{outcome};J. Smith")
    (folder / "Reviews.csv").write_text("\n".join(reviews) + "\n", encoding="utf-8")
    return folder


def guessed(folder: Path) -> dict:
    return tomllib.loads(draft_profile(folder).text)


def test_finds_sheets_headers_tables_and_what_the_columns_hold(native):
    kids, places, reviews = guessed(native)["source"]
    assert (kids["sheet"], kids["header_row"]) == ("Kids", 4)
    assert kids["children"]["columns"] == {"child_id": "Case No", "date_of_birth": "D.O.B", "sex": "Gender"}
    assert kids["children"]["constants"] == {"local_authority": "Fife"}
    assert kids["children"]["codes"]["sex"] == {"F": "female", "M": "male"}
    assert kids["events"]["dates"] == {
        "accommodated": "Became accommodated",
        "permanence_recommendation": "Perm Rec",
        "adm_decision": "ADM sign-off",
    }, "a column that is still empty too: next month it may hold a date"
    assert places["placements"]["columns"]["end_date"] == "Date to", "31/12/9999 is a date that means still open"
    assert places["placements"]["codes"]["placement_type"] == {
        "Fostering (internal)": "foster",
        "Friends/Relatives": "kinship",
    }
    assert reviews["events"]["columns"]["child_id"] == "Person", "known by its values, not by its heading"
    assert reviews["events"]["outcome"] == "Review outcome"
    assert reviews["events"]["outcomes"] == {"recommendation for permanence": "permanence_recommendation"}
    assert guessed(native)["dates"]["formats"] == ["dd/mm/yyyy"]


def test_gives_its_evidence(native):
    text = draft_profile(native).text
    assert re.search(r'permanence_recommendation = "Perm Rec"  # filled in 20 of 40 rows, 20 of them dates', text)
    assert re.search(r'"Friends/Relatives" = "kinship"  # 13 rows', text)
    assert '# "Zzyzx" = ""  # 13 rows: choose one of at_home, kinship' in text


def test_shows_no_value_of_fewer_than_five_children_and_no_name(native):
    text = draft_profile(native).text
    for secret in ("grandmother", "Mother cried", "Name7", "J. Smith", "K001", "05/01/2018", born(3)):
        assert secret not in text, secret


def test_the_first_profile_reads_most_of_the_extract_and_the_check_says_the_rest(native):
    before = {p.name: file_digest(p) for p in native.iterdir()}
    (native / "profile.toml").write_text(draft_profile(native).text, encoding="utf-8")
    extract = read_extract(native, "2019-07-31", audience="working")
    assert len(extract.children) == 40
    assert (extract.events["event"] == "accommodated").sum() == 40
    assert (extract.events["event"] == "review").sum() == 40
    assert len(extract.placements) == 27, "thirteen of a kind that is not mapped and one of a rare kind are set aside"
    assert before == {p.name: file_digest(p) for p in native.iterdir() if p.name != "profile.toml"}
    gaps = check_profile(read_profile(native / "profile.toml"), native).gaps
    told = " ".join(g.what for g in gaps)
    assert "'Zzyzx' (13 rows), others, not shown, in 1 row (42)" in told
    assert "columns that are not read: Surname." in told
    assert "no source gives this table." in told
    assert "grandmother" not in told
    assert "Mother cried" not in told
    assert [g.costs for g in gaps] == sorted((g.costs for g in gaps), reverse=True)


def test_a_corrected_profile_leaves_nothing_that_costs_rows(native):
    text = draft_profile(native).text.replace('# "Zzyzx" = ""  # 13 rows', '"Zzyzx" = "other"  # 13 rows')
    text = text.replace(
        "# 1 rows hold rarer values, which are not shown here; ", '"Left a letter from a grandmother" = ""  # ', 1
    )
    (native / "profile.toml").write_text(text, encoding="utf-8")
    assert not any(g.costs for g in check_profile(read_profile(native / "profile.toml"), native).gaps)
    assert len(read_extract(native, "2019-07-31").placements) == 40


def test_a_heading_that_the_file_lacks_costs_rows(native):
    text = draft_profile(native).text.replace('"Perm Rec"', '"Perm recommendation date"')
    (native / "profile.toml").write_text(text, encoding="utf-8")
    gaps = check_profile(read_profile(native / "profile.toml"), native).gaps
    assert next(g.what for g in gaps if g.costs) == "has no column 'Perm recommendation date', which the profile names."


def test_an_extract_without_a_sheet_of_children_says_so(tmp_path):
    folder = tmp_path / "somewhere"
    folder.mkdir()
    (folder / "notes.csv").write_text("Topic,Owner\nBudget,A\nRota,B\n", encoding="utf-8")
    text = draft_profile(folder).text
    assert "No sheet with a row for each child was recognised" in text
    assert "Not used, because no table was recognised in it: notes.csv" in text


def test_the_command_line_writes_checks_and_never_overwrites(native, run_cli):
    made = run_cli("profile", "new", native, cwd=native.parent)
    assert made.returncode == 0, made.stderr
    assert (native / "profile.toml").exists()
    again = run_cli("profile", "new", native, cwd=native.parent)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    checked = run_cli("profile", "check", native, cwd=native.parent)
    assert checked.returncode == 1
    assert "Rows will be lost: Extract August.xlsx (Where living), column" in checked.stdout.replace(
        "(Where living): column", "(Where living), column"
    )
    assert "Traceback" not in checked.stderr


def test_the_example_of_the_documentation_can_be_read(tmp_path):
    block = re.search(r"```toml\n(.*?)```", (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8"), re.S)[1]
    (tmp_path / "profile.toml").write_text(block, encoding="utf-8")
    profile = read_profile(tmp_path / "profile.toml")
    assert [s.file for s in profile.sources] == [
        "LAC extract*.xlsx",
        "LAC extract*.xlsx",
        "Reviews.csv",
        "Legal court list.csv",
    ]
    assert profile.sources[1].sections[0].merge == ("placement_type", "carer")
