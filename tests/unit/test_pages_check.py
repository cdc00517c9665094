"""The page that judges an extract: fit for what, what to correct first, gaps apart from waits, what became of the one before."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pace_nb import theme
from pace_nb.aims import read_aims
from pace_nb.charts.check import SHADES, draw_completeness_table
from pace_nb.errors import DataError, ParameterError
from pace_nb.extract import read_extract
from pace_nb.findings import Finding
from pace_nb.fitness import AimFitness, Fix
from pace_nb.pages import check
from pace_nb.pages.check import (
    describe_fitness,
    describe_previous,
    draw_completeness_by_placement,
    draw_completeness_by_year,
    show_checks,
    show_dates_changed,
    show_fitness,
    show_fixes,
    show_gaps,
    show_previous,
    show_vanished,
    study_previous,
)
from pace_nb.timelines import label_children

AS_AT = "2019-07-31"
SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
MANY = [f"C{n:02d}" for n in range(20)]
LABEL = re.compile(r"Child [0-9A-Z]{3}-")


@pytest.fixture
def read(write_extract):
    """A function that reads an extract of so many children, with events written as words."""

    def of(folder: str = "extract", children="A", events: str = "", audience: str = "working", area: str = "Fife"):
        ids = children if isinstance(children, list) else children.split()
        path = write_extract(
            folder,
            children="child_id,local_authority,date_of_birth\n" + "".join(f"{c},{area},2010-01-01\n" for c in ids),
            events="child_id,event,date\n" + "".join(f"{','.join(e.split())}\n" for e in events.strip().splitlines()),
            placements="child_id,placement_type,start_date,end_date\n"
            + "".join(f"{c},foster,2018-01-01,\n" for c in ids),
        )
        return read_extract(path, AS_AT, audience=audience)

    return of


def cells(shown, name: str) -> list[str]:
    """The cells of the row of this name."""
    return next(line.split("\t")[1:] for line in shown.text.splitlines() if line.split("\t")[0] == name)


class TestInShort:
    @pytest.fixture
    def judged(self, monkeypatch):
        """A function that gives each aim a verdict, and what is to be corrected."""

        def of(verdicts: str, fixes=()):
            aims = list(read_aims().values())
            found = [
                AimFitness(aim, v, ("Why.",), 8, 6, 7, 1, 2, 5)
                for aim, v in zip(aims, verdicts.split(","), strict=False)
            ]
            monkeypatch.setattr(check, "judge_fitness", lambda _: tuple(found))
            monkeypatch.setattr(check, "fix_first", lambda _: list(fixes))

        return of

    def test_says_for_which_aims_it_is_fit_the_best_first(self, read, judged):
        judged("care,fit,not fit,fit")
        said = describe_fitness(read()).text
        assert "Is it fit? Fit to use for Aim 2, Aim 4; use with care for Aim 1; not fit to use for Aim 3." in said
        assert "To correct: nothing that was found." in said

    def test_names_three_faults_with_their_rows_and_what_to_do(self, read, judged):
        judged(
            "fit", [Fix(f"c{n}", f"is fault {n}.", f"Mend {n}.", n, (f"events.csv, row {n}",), n) for n in (7, 1, 3, 2)]
        )
        said = describe_fitness(read()).text
        assert "Correct first: 7 rows. Each is fault 7. Mend 7." in said
        assert "Then: 1 row. It is fault 1. Mend 1." in said
        assert "fault 2" not in said
        hidden = describe_fitness(read(audience="aggregate")).text
        assert "Correct first: about 5 rows. Each is fault 7." in hidden
        assert "Then: fewer than 5 rows. Each is fault 1." in hidden

    def test_a_file_that_cannot_be_used_is_named_and_its_row_is_not(self, read, judged):
        judged("not fit", [Fix("c", "has no column date.", "Export it again.", 1, ("events.csv, row 1",), None)])
        said = describe_fitness(read(audience="aggregate")).text
        assert "Correct first: events.csv has no column date. Export it again." in said

    def test_says_how_many_rows_were_set_aside_and_which_files_could_not_be_used(self, read, judged):
        judged("fit")
        extract = read(events="A review 2018-01-01\nZ review 2018-01-01")
        refused = replace(extract, findings=(*extract.findings, Finding("x", "file", "legal.csv", "is empty.")))
        assert "Rows: 4 read; 1 set aside, each with its reason." in describe_fitness(extract).text
        assert "Not usable: 1 file or column" in describe_fitness(refused).text
        assert "Not usable" not in describe_fitness(extract).text

    def test_each_aim_has_its_counts_and_its_reason(self, read, judged):
        judged("care")
        row = cells(show_fitness(read()), read_aims()["aim-1"].title)
        assert row == ["Use with care", "8", "3", "7", "6", "Why."]
        assert cells(show_fitness(read(audience="aggregate")), read_aims()["aim-1"].title)[1:5] == ["10", "*", "5", "5"]

    def test_where_the_rows_are_is_told_to_those_only_who_may_see_children(self, read, judged):
        judged("fit", [Fix("c", "is wrong.", "Mend it.", 7, ("events.csv, rows 2, 4",), 7)])
        assert cells(show_fixes(read()), "1") == ["Is wrong.", "Mend it.", "7", "events.csv, rows 2, 4"]
        assert cells(show_fixes(read(audience="aggregate")), "1") == ["Is wrong.", "Mend it.", "5"]


class TestChecks:
    def test_each_check_is_counted_over_all_files_worst_first(self, read):
        found = (
            Finding("odd", "notice", "events.csv", "is odd.", "", "date", (2, 3)),
            Finding("odd", "notice", "legal.csv", "is odd.", "", "date", (4,)),
            Finding("bad", "rows", "events.csv", "is bad.", "", "date", (9,)),
            Finding("none", "file", "legal.csv", "is empty."),
        )
        shown = show_checks(replace(read(), findings=found))
        assert [line.split("\t") for line in shown.text.splitlines()[2:5]] == [
            ["Not usable", "none", "Is empty.", "1", "legal.csv"],
            ["Rows to correct", "bad", "Is bad.", "1", "events.csv"],
            ["For information", "odd", "Is odd.", "3", "events.csv, legal.csv"],
        ]
        hidden = show_checks(replace(read(audience="aggregate"), findings=found))
        assert [line.split("\t")[3] for line in hidden.text.splitlines()[2:5]] == ["*", "*", "*"]

    def test_nothing_found_is_said(self, read):
        assert "Nothing was found wrong." in show_checks(replace(read(), findings=())).html


class TestGaps:
    def test_a_date_that_is_missing_before_a_later_step_is_a_gap_and_one_that_may_still_come_is_a_wait(self, read):
        extract = read(
            children="A B C",
            events="""
            A accommodated 2018-01-01
            A permanence_recommendation 2018-03-01
            A adm_decision 2018-06-01
            B accommodated 2018-01-01
            B permanence_recommendation 2018-03-01
            C accommodated 2018-01-01
            """,
        )
        shown = show_gaps(extract)
        assert cells(shown, "Accommodated") == ["3", "0", "1"]
        assert cells(shown, "Permanence recommendation") == ["2", "0", "1"]
        assert cells(shown, "Permanence panel") == ["0", "1", "0"], "A's panel is a gap, B's has not come yet"
        assert cells(shown, "Agency decision") == ["1", "0", "1"]


class TestCompleteness:
    def table(self, *rows):
        return pd.DataFrame(rows, columns=["milestone", "year", "passed", "recorded"])

    def draw(self, *rows, audience="working"):
        table = self.table(*rows)
        return draw_completeness_table(table, "year", [(y, str(y)) for y in sorted(set(table["year"]))], audience)

    def fields(self, figure):
        return {(f["milestone"], f["group"]): (f["text"], f["color"]) for f in figure.data.rows["rows1"]}

    def test_each_field_has_its_share_in_words_and_a_colour_that_darkens_as_dates_are_missing(self):
        shares = (100, 90, 89, 75, 74, 50, 49, 0)
        figure = self.draw(*(("adm_decision", 2010 + n, 100, share) for n, share in enumerate(shares)))
        got = [self.fields(figure)["Agency decision", str(2010 + n)] for n in range(8)]
        assert [text for text, _ in got] == [f"{s} %" for s in shares]
        assert [color for _, color in got] == [SHADES[i][1] for i in (0, 0, 1, 1, 2, 2, 3, 3)]

    def test_of_fewer_than_ten_the_number_stands_in_the_field_and_no_colour(self):
        figure = self.draw(("adm_decision", 2018, 9, 0), ("adm_decision", 2019, 10, 0))
        assert self.fields(figure)["Agency decision", "2018"] == ("0 of 9", "white")
        assert self.fields(figure)["Agency decision", "2019"] == ("0 %", SHADES[3][1])
        assert "2018" not in figure.alt

    def test_where_nobody_passed_there_is_a_dash_and_no_colour(self):
        figure = self.draw(("adm_decision", 2018, 10, 5), ("accommodated", 2019, 10, 5))
        assert self.fields(figure)["Agency decision", "2019"] == ("–", "white")

    def test_the_text_alternative_names_what_is_least_complete(self):
        figure = self.draw(("adm_decision", 2018, 100, 40), ("accommodated", 2018, 100, 100))
        assert figure.alt.endswith("Under 75 %: Agency decision, 2018: 40 %.")
        assert self.draw(("adm_decision", 2018, 100, 80)).alt.endswith("No field that can be shown is under 75 %.")

    def test_the_numbers_behind_it_have_their_denominators(self):
        figure = self.draw(("adm_decision", 2018, 1200, 600))
        assert ["Agency decision", "50 % (1,200)"] in figure.rows

    def test_in_aggregate_few_and_none_and_all_are_not_shown(self):
        rows = [
            ("adm_decision", 2015, 7, 3),
            ("adm_decision", 2016, 40, 40),
            ("adm_decision", 2017, 40, 1),
            ("adm_decision", 2018, 43, 22),
        ]
        fields = self.fields(self.draw(*rows, audience="aggregate"))
        assert [fields["Agency decision", str(y)][0] for y in range(2015, 2019)] == ["*", "*", "*", "44 %"]

    def test_of_too_few_there_is_a_sentence_and_no_picture(self):
        figure = self.draw(("adm_decision", 2018, 3, 1), audience="aggregate")
        assert figure.chart is None
        assert "Too few children" in figure.alt

    def test_text_can_be_read_on_every_colour(self):
        def light(color: str) -> float:
            color = {"white": "#ffffff"}.get(color, color)
            parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
            r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
            return 0.2126 * r + 0.7152 * g + 0.0722 * b

        for _, color, ink, _ in (*SHADES, (0, "white", theme.QUIET, "")):
            one, two = sorted((light(color), light(ink)))
            assert (two + 0.05) / (one + 0.05) >= 4.5

    @pytest.mark.parametrize("audience", ["aggregate", "working"])
    def test_of_the_sample_both_are_drawn_and_tell_of_no_single_child(self, audience):
        extract = read_extract(SAMPLE / "fife", AS_AT, audience=audience)
        for figure in (draw_completeness_by_year(extract), draw_completeness_by_placement(extract)):
            assert figure.chart is not None
            assert not figure.child_level
            assert len(figure.rows) == 6
            assert figure.spec["layer"]


class TestAgainstTheOneBefore:
    @pytest.fixture
    def held(self, read, tmp_path):
        """A function that holds an extract of some children against one of others."""

        def of(now, before, audience="working", events="", events_before=""):
            read("before", before, events_before)
            return study_previous(read("now", now, events, audience), str(tmp_path / "before"))

        return of

    @pytest.mark.parametrize("blank", ["", "  "])
    def test_none_named_compares_with_none_and_says_so(self, read, blank):
        study = study_previous(read(), blank)
        assert "No earlier extract was named." in describe_previous(study).text
        assert [show(study).text for show in (show_previous, show_dates_changed, show_vanished)] == ["", "", ""]

    def test_one_of_another_area_is_refused_without_its_place(self, read, tmp_path):
        read("before", "A", area="Moray")
        with pytest.raises((DataError, ParameterError)) as caught:
            study_previous(read("now", "A"), str(tmp_path / "before"))
        assert str(tmp_path) not in str(caught.value)

    def test_one_that_is_not_there_is_refused(self, read, tmp_path):
        with pytest.raises(DataError):
            study_previous(read(), str(tmp_path / "nowhere"))

    def test_who_vanished_is_counted_and_listed_by_the_labels_of_before(self, held, tmp_path):
        study = held("B", "A B C")
        said = describe_previous(study)
        assert "Children: 3 before, 1 now; 2 of those before are no longer there, 0 came." in said.text
        assert "Still looked after when last seen: 2 children" in said.text
        before = label_children(read_extract(tmp_path / "before", AS_AT, audience="working"))
        shown = show_vanished(study)
        assert shown.child_level
        assert [line.split("\t")[0] for line in shown.text.splitlines()[2:4]] == [
            before["Fife", "A"],
            before["Fife", "C"],
        ]

    @pytest.mark.parametrize(("kept", "large"), [(14, False), (13, True)])
    def test_three_in_ten_fewer_is_said_to_be_a_large_drop(self, held, kept, large):
        study = held(MANY[:kept], MANY)
        assert ("A large drop: more than 30 % of the children are gone." in describe_previous(study).text) == large
        assert (cells(show_previous(study), "children")[2] == "fell by more than 30 %") == large

    def test_zeros_that_were_lost_are_suspected(self, held):
        assert "Numbers changed: 1 child came back with more or fewer zeros" in describe_previous(held("7", "007")).text

    def test_dates_that_changed_are_counted_by_kind(self, held):
        study = held("A", "A", events="A adm_decision 2018-02-01", events_before="A adm_decision 2018-01-01")
        assert "Dates: 1 of those before changed or went, 0 were added." in describe_previous(study).text
        assert cells(show_dates_changed(study), "Agency decision") == ["1", "0", "1", "0", "0", "100 %"]

    def test_in_aggregate_nobody_is_named_and_few_are_not_counted(self, held):
        study = held(MANY[:17], MANY, audience="aggregate")
        parts = [f(study) for f in (describe_previous, show_previous, show_dates_changed, show_vanished)]
        assert not any(p.child_level for p in parts)
        assert not any(LABEL.search(p.text) for p in parts)
        assert "fewer than 5 of those before are no longer there" in parts[0].text
        assert "only for people entitled to see them" in parts[3].text
        for part in parts:
            assert not re.search(r"\b(17|18|3)\b", part.text), part.text

    def test_a_long_list_is_cut_and_says_so_those_still_looked_after_first(self, held, monkeypatch):
        monkeypatch.setattr(check, "LISTED", 2)
        shown = show_vanished(held("C00", MANY))
        assert len(LABEL.findall(shown.text)) == 2
        assert "The first 2 of 19 children." in shown.text
