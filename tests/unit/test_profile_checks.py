"""What `profile new` and `profile check` may show, what they say of outcomes, and what they recognise of a layout never seen."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import openpyxl
import pytest

from pace_nb.definitions import parse
from pace_nb.errors import DefinitionError
from pace_nb.marking import POINTS
from pace_nb.profiles import read_profile
from pace_nb.profiles.draft import draft_profile
from pace_nb.profiles.gaps import INFO, LOST, WRONG, ProfileCheck, check_profile
from pace_nb.profiles.guess import code_of

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
NATIVE = ("clackmannanshire", "dumfries-and-galloway", "highland", "inverclyde", "midlothian", "scottish-borders")
GRAN = "Stay with gran Morag Kinnaldie"
OUTCOMES = ("Perm rec - PO", "No perm rec yet - reconvene", "Perm rec - POA", "Continue plan")


def tracker(folder: Path, number: str = "Mosaic ID") -> Path:
    """A workbook with a sheet for each year, names beside every row, and free text in the meetings."""
    folder.mkdir()
    book = openpyxl.Workbook()
    kids = book.active
    kids.title = "Kids"
    kids.append(["No", number, "Surname", "DoB", "M/F"])
    for i in range(30):
        kids.append([i + 1, f"SYN-{i:03}", f"Kinnaldie{i % 7}", f"{1 + i % 28:02}/03/2010", "FM"[i % 2]])
    for year in ("13-14", "14-15"):
        places = book.create_sheet(f"Plc {year}")
        places.append([number, "Surname", "Type", "From", "To"])
        for i in range(30):
            kind = "LA foster" if i % 3 else "Zz Kinnaldie3 house"
            places.append([f"SYN-{i:03}", f"Kinnaldie{i % 7}", kind, "05/01/2018", "01/01/2100"])
    meetings = book.create_sheet("Meetings")
    meetings.append([number, "When", "Meeting", "Held?", "Outcome"])
    for i in range(60):
        meetings.append([f"SYN-{i % 30:03}", "10/02/2018", "LAAC", "Y" if i < 50 else "N", OUTCOMES[i % 4]])
    for _ in range(6):
        meetings.append(["SYN-004", "10/03/2018", "LAAC", "Y", GRAN])
    book.create_sheet("Odd").append(["Thing", "Value"])
    for i in range(30):
        book["Odd"].append([f"Morag {i % 2}", "Section 25"])
    book.save(folder / "Tracker.xlsx")
    return folder


PROFILE = """
[[source]]
file = "Tracker.xlsx"
sheet = "Kids"
[source.children.columns]
child_id = "NUMBER"
date_of_birth = "DoB"
[source.children.constants]
local_authority = "Fife"

[[source]]
file = "Tracker.xlsx"
sheet = "Plc *"
[source.placements.columns]
child_id = "NUMBER"
placement_type = "Type"
start_date = "From"
end_date = "To"

[[source]]
file = "Tracker.xlsx"
sheet = "Meetings"
[source.events]
outcome = "Outcome"
[source.events.columns]
child_id = "NUMBER"
date = "When"
[source.events.outcomes]
"""


def checked(folder: Path, outcomes: str = '"*perm rec*" = "permanence_recommendation"', swap=("", "")) -> ProfileCheck:
    text = PROFILE.replace("NUMBER", "Mosaic ID") + outcomes + "\n"
    (folder / "profile.toml").write_text(text.replace(*swap) if swap[0] else text, encoding="utf-8")
    return check_profile(read_profile(folder / "profile.toml"), folder)


@pytest.fixture
def fife(tmp_path) -> Path:
    return tracker(tmp_path / "fife")


def test_a_text_of_one_child_is_not_shown_however_many_rows_it_stands_in_and_its_rows_are_given(fife):
    told = " ".join(g.what for g in checked(fife).gaps)
    assert "Morag" not in told
    assert "'Continue plan' (15 rows), others, not shown, in 6 rows (62, 63, 64, 65, 66 and 1 more)" in told
    assert "Morag" not in draft_profile(fife).text


def test_a_value_with_a_name_in_it_is_not_shown_though_many_children_have_it(fife):
    told = " ".join(g.what for g in checked(fife).gaps)
    assert "'LA foster' (20 rows), others, not shown, in 10 rows" in told
    assert "Kinnaldie" not in told + draft_profile(fife).text


def test_where_no_child_is_known_only_words_that_are_codes_are_shown(fife):
    text = draft_profile(fife).text
    assert '"Section 25": 30 rows' in text
    assert "Morag" not in text


@pytest.mark.parametrize("text", ["LAC", "LAAC", "laac", "LAAC review", "LAC review", "LAC Review "])
def test_laac_is_a_review_and_never_a_child_who_was_accommodated(text):
    assert code_of(text, "event") == "review"


def test_a_text_that_says_no_is_never_guessed_as_an_event():
    assert code_of("permanence recommended", "event") == "permanence_recommendation"
    assert code_of("permanence not recommended", "event") is None


def test_each_line_of_outcomes_says_how_many_rows_it_takes_and_what_they_become(fife):
    (found,) = checked(
        fife,
        '"perm rec*poa" = "permanence_recommendation permanence_order"\n"*rec*" = "permanence_recommendation"\n'
        '"*perm rec - PO" = "adm_decision"\n"zzz*" = ""\n"continue*" = ""',
    ).outcomes
    assert [(line.rows, line.idle or line.meaning) for line in found.lines] == [
        (15, "Permanence recommendation, route: Permanence order"),
        (30, "Permanence recommendation"),
        (0, "never fits: an earlier line takes its rows"),
        (0, "fits nothing"),
        (15, "nothing came of it"),
    ]
    assert (found.rows, found.left, found.blank) == (66, 6, 0)
    assert found.rows == sum(line.rows for line in found.lines) + found.left + found.blank


def test_a_line_that_takes_texts_that_say_no_is_to_be_mapped(fife):
    wrong = [g.what for g in checked(fife).gaps if g.level == WRONG]
    assert len(wrong) == 1
    assert "(no, yet): 'No perm rec yet - reconvene' (15 rows)" in wrong[0]
    assert "Perm rec - PO'" not in wrong[0]


@pytest.mark.parametrize("above", ['"No perm rec*" = ""', '"No perm rec yet*" = "review"'])
def test_a_line_above_that_knows_the_word_ends_the_warning(fife, above):
    gaps = checked(fife, f'{above}\n"*perm rec*" = "permanence_recommendation"').gaps
    assert not [g for g in gaps if g.level == WRONG]


def test_rows_that_are_passed_over_are_nobodys_outcome(fife):
    skip = ('outcome = "Outcome"', 'outcome = "Outcome"\nskip = { "Held?" = ["N"] }')
    assert checked(fife, swap=skip).outcomes[0].rows == 56


@pytest.mark.parametrize(
    ("swap", "said"),
    [
        (('sheet = "Kids"', 'sheet = "Kidz"'), "the workbook has no such sheet"),
        (('file = "Tracker.xlsx"\nsheet = "Meetings"', 'file = "Meetings.csv"'), "is not in the extract"),
        (('"DoB"', '"Born"'), "has no column 'Born'"),
    ],
)
def test_a_file_sheet_or_heading_that_is_not_there_costs_rows(fife, swap, said):
    assert not any(said in g.what for g in checked(fife).gaps)
    lost = [g.what for g in checked(fife, swap=swap).gaps if g.level == LOST]
    assert sum(said in what for what in lost) == 1


def test_a_heading_that_nobody_knows_is_the_childs_number_if_its_values_come_back(tmp_path):
    folder = tracker(tmp_path / "fife", "Zq")
    profile = tomllib.loads(draft_profile(folder).text)
    assert [s["sheet"] for s in profile["source"]] == ["Kids", "Plc *", "Meetings"]
    tables = [t for s in profile["source"] for t in s.values() if isinstance(t, dict)]
    assert [t["columns"]["child_id"] for t in tables] == ["Zq"] * 3, "and never the counter or the surname"


def test_says_how_many_tables_were_recognised_and_leaves_a_skeleton_of_the_others(fife):
    draft = draft_profile(fife)
    assert (draft.recognised, draft.tables) == (4, 5)
    assert "recognised 4 of 5 tables" in draft.text
    assert '# sheet = "Odd"' in draft.text
    assert '# ? = "Thing"  # filled in 30 of 30 rows' in draft.text


def test_outcomes_stand_as_a_list_to_be_mapped_with_their_rows(fife):
    text = draft_profile(fife).text
    assert '# "perm rec - po" = "?"  # 15 rows' in text
    assert '# "no perm rec yet - reconvene" = "?"  # 15 rows' in text
    assert '# skip = { "Held?" = ["N"] }' in text


def test_a_meeting_named_after_a_decision_is_none_beside_a_column_of_outcomes(tmp_path):
    folder = tmp_path / "fife"
    folder.mkdir()
    rows = [f"K{i:03};10/02/2018;{('LAAC', 'ADM')[i % 2]};{('Continue', 'ADM deferred')[i % 2]}" for i in range(40)]
    (folder / "meetings.csv").write_text("\n".join(["Case No;When;Meeting;Outcome", *rows]) + "\n", encoding="utf-8")
    events = tomllib.loads(draft_profile(folder).text)["source"][0]["events"]
    assert events["codes"]["event"] == {"LAAC": "review"}
    assert events["ignore"] == ["ADM"]


def test_usual_short_forms_that_are_read_anyway_are_not_told_of_as_lost(fife):
    lost = [
        g.what
        for g in checked(fife, swap=('date = "When"', 'date = "When"\nevent = "Meeting"')).gaps
        if g.level == LOST
    ]
    assert any("'LAAC' (66 rows)" in what for what in lost)
    (fife / "Orders.csv").write_text(
        "\n".join(["Mosaic ID,Basis,Start", *(f"SYN-{i:03},{('cso', 'Zz')[i % 2]},05/01/2018" for i in range(30))])
        + "\n",
        encoding="utf-8",
    )
    more = """
[[source]]
file = "Orders.csv"
[source.legal.columns]
child_id = "Mosaic ID"
legal_type = "Basis"
start_date = "Start"
"""
    gaps = checked(fife, '"*perm rec*" = "permanence_recommendation"' + more).gaps
    assert [g.what for g in gaps if "Orders" in g.where and g.costs] == [
        "column Basis: values that are not mapped: 'Zz' (15 rows)."
    ]


def test_days_far_ahead_in_many_rows_are_suggested_as_open(fife):
    assert tomllib.loads(draft_profile(fife).text)["dates"]["open"] == ["01/01/2100"]


def test_what_is_recorded_as_events_is_not_worked_out(fife, tmp_path):
    assert tomllib.loads(draft_profile(fife).text)["derive"] == ["accommodated", "return_home"]
    days = "\n".join(["Mosaic ID,Came into care,Date home", *(f"SYN-{i:03},05/01/2018,06/01/2019" for i in range(30))])
    (fife / "Episodes.csv").write_text(days + "\n", encoding="utf-8")
    text = draft_profile(fife).text
    assert "derive" not in tomllib.loads(text)
    assert re.search(
        r'take away the # to have them:\n# derive = \["accommodated", "return_home", "order_granted"\]', text
    )


def test_the_commands_are_marked_above_and_below_and_name_the_folder(fife, run_cli):
    made = run_cli("profile", "new", fife, cwd=fife.parent).stdout.splitlines()
    assert (made[0], made[-1]) == (POINTS, POINTS)
    assert "recognised 4 of 5 tables" in made[1]
    assert made[-2].endswith(f"pace-nb profile check {fife}")
    checked(fife)
    done = run_cli("profile", "check", fife, cwd=fife.parent)
    told = done.stdout.splitlines()
    assert done.returncode == 1
    assert (told[0], told[-1]) == (POINTS, POINTS)
    assert '       45  "*perm rec*": Permanence recommendation' in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a = 1\nb "x"\n', "line 2: a name has to be followed by ="),
        ("a = 1\nb = foster\n", "line 2: what stands after = is no value"),
        ('a = "x\nb = 1\n', "line 1: a text is not closed with a quotation mark"),
        ("[a]\nb = 1\n[a]\n", "line 3: the same heading in square brackets stands twice"),
        ("a = 1\na = 2\n", "line 2: the same name stands twice"),
        ("a = [1,\n", "its last line: "),
    ],
)
def test_a_fault_of_toml_reads_like_a_sentence_with_its_line(tmp_path, text, said):
    (tmp_path / "profile.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=re.escape(f"profile.toml is not valid TOML: {said}")):
        parse(tmp_path / "profile.toml")


@pytest.mark.parametrize("area", NATIVE)
def test_every_sample_layout_is_recognised_whole_and_its_own_profile_loses_nothing(area, tmp_path):
    draft = draft_profile(SAMPLE / area)
    assert draft.recognised == draft.tables > 1
    (tmp_path / "profile.toml").write_text(draft.text, encoding="utf-8")
    first, final = read_profile(tmp_path / "profile.toml"), read_profile(SAMPLE / area / "profile.toml")
    tables = [{n.table for s in p.sources for n in s.sections} for p in (first, final)]
    assert tables[1] <= tables[0]
    ids = [{n.columns["child_id"].casefold() for s in p.sources for n in s.sections} for p in (first, final)]
    assert ids[0] == ids[1]
    assert {g.level for g in check_profile(final, SAMPLE / area).gaps} <= {INFO}
