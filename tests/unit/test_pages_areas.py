"""The page across areas: areas in order of name, one of them named if asked, small ones not shown, nothing over-claimed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from pace_nb.aims import read_aims
from pace_nb.compare import ObservedExpected, ratio_interval
from pace_nb.errors import ParameterError
from pace_nb.extract import Extract, read_extract
from pace_nb.findings import Finding
from pace_nb.funnels import compare_waits, measure_funnels
from pace_nb.intervals import Intervals
from pace_nb.pages import areas as page
from pace_nb.pages.areas import AreasStudy

AS_AT = date(2019, 7, 31)
OVER_CLAIMS = (
    *("significant", "prove", "caused", "success", "fail", "best", "worst", "rank", "league", "perform"),
    *("better", "worse", "good", "bad", "outlier", "improv"),
)
#: Area: children in time, children due. Angus lies far out, Shetland has too few, Orkney none.
SHARES = {
    "Angus": (6, 80), "Dundee City": (37, 100), "Falkirk": (41, 103), "Fife": (38, 96), "Highland": (60, 151),
    "Moray": (3, 9), "Orkney Islands": (0, 0), "Shetland Islands": (2, 4), "Stirling": (40, 101),
}  # fmt: skip


def children(area: str, met: int, due: int) -> list[dict]:
    row = {
        "local_authority": area, "child_id": "SYN-1", "spell": 1, "start": pd.Timestamp("2018-01-01"),
        "due": pd.Timestamp("2018-07-01"), "end": pd.NaT, "late": False,
    }  # fmt: skip
    new = {"start": pd.Timestamp("2019-07-01"), "due": pd.Timestamp("2020-01-01")}
    return [
        *({**row, "days": 30 + i, "status": "reached"} for i in range(met)),
        *({**row, "days": 400 + i, "status": "reached", "late": True} for i in range(due - met)),
        *({**row, **new, "days": 30, "status": "waiting"} for _ in range(due // 10)),
    ]


@pytest.fixture(scope="module")
def study() -> AreasStudy:
    table = pd.DataFrame([c for a, s in SHARES.items() for c in children(a, *s)])
    empty = pd.DataFrame(columns=list(Extract.__dataclass_fields__))
    extract = Extract(
        children=empty, placements=empty, legal=empty, events=empty, rows=empty, findings=(), as_at=AS_AT,
        areas=tuple(SHARES), aims=read_aims(), changes=(), audience="working",
    )  # fmt: skip
    every = {i: Intervals(table, a, extract.area, AS_AT, "working") for i, a in extract.aims.items()}
    funnels = {f.aim.id: f for f in measure_funnels(list(every.values()), extract.areas) if f.aim.id == "aim-2"}
    return AreasStudy(extract, None, every, funnels, {i: compare_waits(every[i]) for i in page.STEPS})


def seen_by(study: AreasStudy, audience: str = "working", named: str | None = None) -> AreasStudy:
    every = {i: replace(v, audience=audience) for i, v in study.intervals.items()}
    return replace(study, extract=replace(study.extract, audience=audience), intervals=every, named=named)


def everything(study: AreasStudy) -> str:
    """All that the page says, shows and tells to a screen reader."""
    figures = [page.draw_funnel(study, "aim-2"), *(page.draw_observed_expected(study, i) for i in page.STEPS)]
    shown = [page.describe_areas(study), page.describe_funnel(study, "aim-2"), page.show_against_rest(study, "aim-2")]
    shown += [page.show_national(study), page.show_national_years(study)]
    drawn = [f"{f.alt} {f.caption} {f.columns} {f.rows} {f.data.rows}" for f in figures]
    return "\n".join([*(s.text for s in shown), *drawn])


def dots(figure) -> list[dict]:
    return [d for rows in figure.data.rows.values() for d in rows if "where" in d]


def labels(figure) -> list[str]:
    return [d["label"] for rows in figure.data.rows.values() for d in rows if "label" in d]


def rows_of(shown) -> list[list[str]]:
    return [line.split("\t") for line in shown.text.splitlines() if line.count("\t") >= 3][1:]


class TestAllAlike:
    def test_areas_stand_in_order_of_name_and_none_is_dropped(self, study):
        rows = rows_of(page.show_against_rest(study, "aim-2"))
        assert [r[0] for r in rows] == sorted(SHARES)
        assert [r[0] for r in page.draw_funnel(study, "aim-2").rows] == [a for a, s in SHARES.items() if s[1] >= 5]

    def test_what_is_outside_is_named_and_drawn_with_another_shape(self, study):
        assert "Outside the 99.8 % limits is: Angus." in page.describe_areas(study).text
        figure = page.draw_funnel(study, "aim-2")
        outside = [d for d in dots(figure) if d["where"] == "outside 99.8 %"]
        assert [(d["due"], d["share"]) for d in outside] == [(80, 6 / 80)]
        assert labels(figure) == ["Angus"], "only what is outside the 99.8 % limits has its name on the chart"
        scale = figure.spec["layer"][1]["encoding"]["shape"]["scale"]
        assert len(set(scale["range"])) == len(scale["domain"]) == 3

    def test_too_few_is_said_and_no_number_of_theirs_is_shown(self, study):
        rows = {r[0]: r[1:] for r in rows_of(page.show_against_rest(study, "aim-2"))}
        assert rows["Shetland Islands"] == ["–", "–", "–", "–", "–", "too few to show"]
        assert rows["Orkney Islands"] == ["–", "–", "–", "–", "–", "no child was due"]
        assert "Too few to show: Orkney Islands, Shetland Islands" in page.describe_funnel(study, "aim-2").text

    def test_each_area_is_compared_with_all_the_others(self, study):
        rows = {r[0]: r[1:] for r in rows_of(page.show_against_rest(study, "aim-2"))}
        met, due = (sum(s[k] for a, s in SHARES.items() if a != "Angus") for k in (0, 1))
        assert rows["Angus"][:4] == ["80", "6", "8 %", f"{100 * met / due:.0f} %"]
        assert rows["Angus"][4].startswith(f"−{100 * (met / due - 6 / 80):.0f} (")

    def test_the_number_of_looks_is_said_once(self, study):
        text = everything(study)
        assert text.count(f"{len(SHARES)} areas and 4 aims or steps are 36 looks") == 1

    def test_an_extract_that_could_not_be_read_is_named(self, study):
        left = Finding("area-left-out", "file", "moray", "is not part of this page: No child can be read.")
        for audience in ("working", "aggregate"):
            one = seen_by(study, audience)
            one = replace(one, extract=replace(one.extract, findings=(left,)))
            assert "moray is not part of this page" in page.describe_areas(one).text

    @pytest.mark.parametrize("audience", ["working", "aggregate"])
    @pytest.mark.parametrize("named", [None, "Angus", "Fife"])
    def test_no_word_is_stronger_than_the_evidence(self, study, audience, named):
        text = re.sub(r"[Nn]o ranking", "", everything(seen_by(study, audience, named)))
        text = re.sub(r"not a judgement of anybody's work", "", text)
        assert [w for w in OVER_CLAIMS if re.search(rf"\b{w}", text, re.I)] == []


class TestNamed:
    def test_only_the_named_area_is_named(self, study):
        text = everything(seen_by(study, named="Fife"))
        assert "Fife" in text
        assert [a for a in SHARES if a != "Fife" and a in text] == []

    def test_the_others_are_dots_without_a_name(self, study):
        figure = page.draw_funnel(seen_by(study, named="Fife"), "aim-2")
        assert len(dots(figure)) == 7
        assert all(set(d) == {"due", "share", "where", "size", "strength"} for d in dots(figure))
        assert labels(figure) == ["Fife"]
        assert [r[0] for r in figure.rows] == ["Fife"]

    def test_where_it_lies_is_said(self, study):
        assert (
            "Fife, 38 of 96 (40 %) in time, lies between the limits"
            in page.describe_areas(seen_by(study, named="Fife")).text
        )
        assert "below the 99.8 % limits: further from the others than we would expect by chance" in (
            page.describe_areas(seen_by(study, named="Angus")).text
        )

    def test_too_small_to_show_is_said(self, study):
        assert (
            "Shetland Islands has too few children to show."
            in page.describe_areas(seen_by(study, named="Shetland Islands")).text
        )

    def test_waits_are_shown_beside_all_the_others_together(self, study):
        figure = page.draw_observed_expected(seen_by(study, named="Fife"), "aim-2")
        assert [r[0] for r in figure.rows] == ["Fife", "All other areas together"]
        others = [o for o in study.waits["aim-2"] if o.area != "Fife"]
        expected, observed = sum(o.expected for o in others), sum(o.observed for o in others)
        assert figure.rows[1][1:4] == [f"{observed:,}", f"{expected:,.0f}", f"{observed / expected:.2f}"]

    def test_an_area_that_was_not_read_cannot_be_named(self, study):
        with pytest.raises(ParameterError, match="'Glasgow' is not among the areas"):
            page.compare_areas(study.extract, "Glasgow")


class TestAggregate:
    def test_positions_come_from_rounded_counts(self, study):
        figure = page.draw_funnel(seen_by(study, "aggregate"), "aim-2")
        rows = {r[0]: r for r in figure.rows}
        assert rows["Fife"][1:3] == ["95", "42 %"]  # 38 of 96: 40 of 95
        assert all(d["due"] % 5 == 0 for d in dots(figure))
        assert all(round(d["share"] * d["due"], 6) % 5 == 0 for d in dots(figure))
        assert "rounded to 5" in figure.caption

    def test_counts_below_five_are_hidden_and_so_is_where_such_an_area_lies(self, study):
        rows = {r[0]: r[1:] for r in rows_of(page.show_against_rest(seen_by(study, "aggregate"), "aim-2"))}
        assert rows["Moray"] == ["10", "*", "*", "*", "*", "*"]
        for shown in rows.values():
            assert not [c for c in shown if re.fullmatch(r"\d+", c) and int(c) % 5]

    def test_the_text_holds_no_exact_count(self, study):
        text = everything(seen_by(study, "aggregate"))
        exact = {str(n) for s in SHARES.values() for n in s if n >= 10 and n % 5}
        assert not [
            n for n in exact if re.search(rf"(?<![\d.,−+]){n}(?![\d.]|,\d| %| to| times)", text.split("[{", 1)[0])
        ]

    def test_observed_below_five_are_not_drawn(self, study):
        few = [
            ObservedExpected("Angus", 30, 4, 8.0, 0.5, ratio_interval(4, 8.0)),
            ObservedExpected("Fife", 30, 23, 20.0, 1.15, ratio_interval(23, 20.0)),
        ]
        one = replace(seen_by(study, "aggregate"), waits={"aim-2": few})
        figure = page.draw_observed_expected(one, "aim-2")
        assert [r[:2] for r in figure.rows] == [["Fife", "25"]]
        assert figure.rows[0][3] == "1.25"


class TestNothing:
    def test_where_no_child_was_due_it_is_said(self, study):
        none = measure_funnels(
            [study.intervals["aim-2"].only(study.intervals["aim-2"].table["days"] < 0)], study.extract.areas
        )
        one = replace(study, funnels={"aim-2": none[0]})
        assert (
            page.describe_funnel(one, "aim-2").text == "No child was due in any area, so there is nothing to compare."
        )
        assert page.draw_funnel(one, "aim-2").chart is None
        assert "no child was due" in page.describe_areas(one).text


class TestNotRecorded:
    def test_an_area_that_records_the_end_for_nobody_is_in_no_number_and_is_named(self, write_extract):
        """Nought in time there would be a statement about its records."""
        ids = {"Moray": [f"M{i}" for i in range(8)], "Fife": [f"F{i}" for i in range(8)]}
        tables = {
            "children": "child_id,local_authority,date_of_birth\n"
            + "".join(f"{c},{a},2010-03-01\n" for a, children in ids.items() for c in children),
            "placements": "child_id,placement_type,start_date,end_date\n"
            + "".join(f"{c},foster,2017-01-02,\n" for children in ids.values() for c in children),
            "legal": "child_id,legal_type,start_date,end_date\n",
            "events": "child_id,event,date,route\n"
            + "".join(f"{c},accommodated,2017-01-02,\n" for children in ids.values() for c in children)
            + "".join(f"{c},permanence_recommendation,2017-03-01,\n" for c in ids["Moray"][:6]),
        }
        study = page.compare_areas(read_extract(write_extract(**tables), AS_AT, audience="working"))
        assert study.unrecorded["aim-2"] == ("Fife",)
        assert (study.funnels["aim-2"].total.met, study.funnels["aim-2"].total.due) == (6, 8)
        said = page.describe_funnel(study, "aim-2").text
        assert "Not in these numbers: Fife. The extract records 'permanence recommendation' for nobody there" in said
        assert "Too few to show" not in said
