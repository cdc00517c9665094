"""Aims and the extract's own facts as TOML: read exactly, and every fault of a file reported at once."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pytest

from pace_nb.aims import find_aim, read_aims, read_timescales
from pace_nb.definitions import Field, day, list_of, one_of, read_one, text, whole_number
from pace_nb.errors import DefinitionError, ParameterError
from pace_nb.periods import Limit


@pytest.fixture
def toml(tmp_path):
    def write(content: str, name: str = "aims.toml"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.fixture
def faults(toml):
    """Return a function that reads a file of aims and returns its faults."""

    def of(content: str) -> list[str]:
        with pytest.raises(DefinitionError) as caught:
            read_aims(toml(content))
        error = caught.value
        assert error.exit_code == 3
        if error.where:
            assert all(f"- {w}" in str(error) for w in error.where), (
                "a definition is mended in one go: all faults are shown"
            )
            assert str(error).startswith(f"aims.toml cannot be used: {len(error.where)} fault")
        return error.where

    return of


OWN = """
[[aim]]
id = "own"
title = "A home by the winter"
start = "accommodated"
end = "order_granted"
source = "our plan"
"""


class TestNationalAims:
    def test_there_are_four(self):
        aims = read_aims()
        assert {i: (a.start, a.end, a.limit) for i, a in aims.items()} == {
            "aim-1": ("cso_at_home", "cso_review", Limit(2, "years")),
            "aim-2": ("accommodated", "permanence_recommendation", Limit(6, "months")),
            "aim-3": ("permanence_recommendation", "adm_decision", None),
            "aim-4": ("adm_decision", "court_application", None),
        }
        assert all(a.origin == "national" and a.source and a.why for a in aims.values())

    def test_an_area_sets_the_limit_that_is_missing_and_it_is_labelled(self, toml):
        aims = read_aims(toml('[[aim]]\nid = "aim-3"\nlimit = "14 weeks"\nsource = "ours"\n'))
        assert aims["aim-3"].limit == Limit(14, "weeks")
        assert aims["aim-3"].limit_label == "14 weeks (local value: confirm with CELCIS)"
        assert aims["aim-3"].title == read_aims()["aim-3"].title
        assert aims["aim-4"].limit_label == "no limit set"
        assert list(aims) == ["aim-1", "aim-2", "aim-3", "aim-4"]

    def test_a_target_alone_leaves_the_limit_national(self, toml):
        aim = read_aims(toml('[[aim]]\nid = "aim-2"\ntarget = 90\n'))["aim-2"]
        assert (aim.target, aim.limit, aim.local_limit) == (90, Limit(6, "months"), False)

    def test_what_it_counts_cannot_be_changed(self, faults):
        (fault,) = faults('[[aim]]\nid = "aim-2"\nstart = "referral"\nend = "order_granted"\n')
        assert "cannot be changed; give the aim an id of its own" in fault

    def test_a_file_that_is_not_there_changes_nothing(self, tmp_path):
        assert read_aims(tmp_path / "aims.toml") == read_aims()


class TestOwnAims:
    def test_stands_beside_the_national_ones(self, toml):
        aims = read_aims(toml(OWN + 'limit = "2 years"\nplacements = ["foster", "kinship"]\nunder_age = 12\n'))
        assert list(aims)[-1] == "own"
        own = aims["own"]
        assert (own.origin, own.local_limit, own.placements, own.under_age) == (
            "local",
            True,
            ("foster", "kinship"),
            12,
        )

    def test_has_two_parts_new_children_from_a_date_and_the_backlog_by_a_date(self, toml):
        own = read_aims(toml(OWN + "from_date = 2017-01-01\nbacklog_by = 2017-03-31\n"))["own"]
        assert (own.from_date, own.backlog_by) == (date(2017, 1, 1), date(2017, 3, 31))
        assert str(own).endswith("no limit set, from 1 January 2017")

    @pytest.mark.parametrize(
        ("dates", "reason"),
        [
            ("backlog_by = 2017-03-31\n", "backlog_by needs a from_date"),
            ("from_date = 2017-03-31\nbacklog_by = 2017-03-31\n", "backlog_by has to be later than from_date"),
            ("from_date = 2017-04-01\nbacklog_by = 2017-03-31\n", "backlog_by has to be later than from_date"),
        ],
    )
    def test_the_backlog_ends_after_the_new_children_begin(self, faults, dates, reason):
        (fault,) = faults(OWN + dates)
        assert fault.startswith("aim 1 ('own'): ")
        assert reason in fault

    def test_a_national_from_date_serves_for_an_areas_backlog(self, toml):
        path = toml('[[aim]]\nid = "aim-2"\nfrom_date = 2016-07-01\nbacklog_by = 2017-03-31\n')
        assert read_aims(path)["aim-2"].backlog_by == date(2017, 3, 31)

    def test_an_unknown_aim_is_said_with_those_there_are(self):
        with pytest.raises(ParameterError, match="choose one of aim-1, aim-2, aim-3, aim-4"):
            find_aim(read_aims(), "aim-5")


class TestFaults:
    def test_all_faults_of_a_file_are_reported_at_once_each_with_its_place(self, faults):
        found = faults(
            OWN.replace("order_granted", "order_grantd")
            + 'limit = "600 weeks"\ntarget = 0\nlimt = 3\n'
            + '[[aim]]\nid = "own"\ntitle = ""\nend = "review"\nfrom_date = "2017-01-01"\nplacements = "foster"\n'
            + "[extra]\n"
        )
        for place, phrase in (
            ("'extra'", "only [[aim]] is"),
            ("aim 1 ('own')", "end: 'order_grantd' is not one of"),
            ("aim 1 ('own')", "did you mean 'order_granted'?"),
            ("aim 1 ('own')", "'600 weeks' is outside one day to five years"),
            ("aim 1 ('own')", "target must be a whole number from 1 to 100"),
            ("aim 1 ('own')", "'limt' is not a field; did you mean 'limit'?"),
            ("aim 2 ('own')", "this id is used twice"),
            ("aim 2 ('own')", "title must be text"),
            ("aim 2 ('own')", "'start' is missing"),
            ("aim 2 ('own')", "'source' is missing"),
            ("aim 2 ('own')", "from_date must be a date without quotation marks"),
            ("aim 2 ('own')", "placements must be a list"),
        ):
            assert any(f.startswith(place) and phrase in f for f in found), (place, phrase)
        assert len(found) == 11

    @pytest.mark.parametrize(
        "limit",
        ["0 days", "-3 weeks", "0.5 years", "9999 weeks", "6", "six months", "6 moons", "", "61 months", "6 years"],
    )
    def test_a_limit_is_a_length_of_time_between_a_day_and_five_years(self, faults, limit):
        (fault,) = faults(OWN + f'limit = "{limit}"\n')
        assert fault.startswith("aim 1 ('own'): limit: ")

    def test_a_limit_without_a_unit_is_not_guessed(self, faults):
        (fault,) = faults(OWN + "limit = 26\n")
        assert "'26' is not a length of time" in fault

    @pytest.mark.parametrize("target", ["101", "0", "true", "90.0", '"90"'])
    def test_a_target_is_a_whole_percentage(self, faults, target):
        assert len(faults(OWN + f"target = {target}\n")) == 1

    @pytest.mark.parametrize("content", ["[[aim]\n", "id = ", "\x00"])
    def test_what_is_no_toml_is_said_with_the_line(self, toml, content):
        with pytest.raises(DefinitionError, match=r"aims\.toml is not valid TOML: \w.*\."):
            read_aims(toml(content))

    def test_one_pair_of_brackets_is_a_common_slip(self, faults):
        assert any("two pairs of square brackets" in f for f in faults(OWN.replace("[[aim]]", "[aim]")))

    def test_a_file_that_is_no_text_is_said(self, tmp_path):
        path = tmp_path / "aims.toml"
        path.write_bytes(b'id = "\xff"')
        with pytest.raises(DefinitionError, match="not UTF-8 text"):
            read_aims(path)


class TestExtractFacts:
    FIELDS: ClassVar = {"complete_from": Field(day)}

    def test_the_day_from_which_it_is_complete(self, toml):
        assert read_one(toml("complete_from = 2013-08-01\n"), self.FIELDS) == {"complete_from": date(2013, 8, 1)}

    @pytest.mark.parametrize(
        "content",
        [
            'complete_from = "2013-08-01"',
            "complete_from = 2013-08-01T00:00:00",
            "complete_from = 1013-08-01",
            "complete = 2013-08-01",
        ],
    )
    def test_anything_else_is_a_fault(self, toml, content):
        with pytest.raises(DefinitionError, match=r"extract\.toml cannot be used: 1 fault\."):
            read_one(toml(content, "extract.toml"), self.FIELDS)


@pytest.mark.parametrize(
    ("read", "value"),
    [(text, " "), (text, 3), (day, 2017), (one_of("a"), "b"), (list_of(text), []), (list_of(text), ["a", 1]),
     (whole_number(1, 3), 4), (whole_number(0, 1), True)],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_says_why(read, value):
    with pytest.raises(ValueError, match=r"must|not"):
        read(value)


def test_timescales_say_whether_they_are_law_or_guidance():
    found = read_timescales()
    assert {t.origin for t in found} == {"statutory", "guidance"}
    assert all(t.limit and t.source for t in found)
