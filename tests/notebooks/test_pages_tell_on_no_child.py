"""Every file that a run leaves, searched for every number, label and day of every child of its extracts; and what charts carry."""

from __future__ import annotations

import re
import shutil
from datetime import date

import pytest

from pace_nb.batch import one
from pace_nb.batch.plan import Run
from pace_nb.disclosure import audit_run
from pace_nb.disclosure.register import register_run
from pace_nb.files import find_extracts
from pace_nb.leaks import Leak, Secrets, gather_secrets, scan_folder
from pace_nb.leaks.days import find_days
from pace_nb.leaks.scan import BIRTH, NUMBER
from pace_nb.pseudonyms import DEMO

DAYS = (date(2019, 7, 31),)
BOTH = pytest.mark.parametrize("audience", ["working", "aggregate"])


@pytest.fixture(scope="module")
def secrets(reports) -> Secrets:
    """Of all tables of the extracts that the reports were made from, with the children's labels."""
    found = gather_secrets(reports.data, DAYS, key=DEMO, whole=True)
    assert len(found.numbers) > 400
    assert len(found.labels) > 400
    assert len(found.days) > 1000
    return found


@BOTH
def test_no_file_of_a_run_tells_on_a_child(reports, secrets, audience):
    assert scan_folder(getattr(reports, audience), secrets, working=audience == "working") == []


def test_nothing_speaks_against_releasing_the_pages_for_everyone(reports):
    """Every count in every table is rounded or hidden, and no count is told in two ways."""
    assert audit_run(reports.aggregate) == []
    assert len(register_run(reports.aggregate).counts) > 500


def test_the_search_would_have_found_it(reports, secrets, tmp_path):
    """The same pages with one number, and one day, put in among the rest."""
    folder = shutil.copytree(reports.aggregate / "fife", tmp_path / "fife")
    number, day = sorted(secrets.numbers)[7], sorted(secrets.days)[7]
    for name, text in (("2_aims.html", number), ("1_baseline.html", f"{day:%-d %B %Y}")):
        page = folder / name
        page.write_text(page.read_text(encoding="utf-8").replace("</main>", f"{text}</main>"), encoding="utf-8")
    assert scan_folder(folder, secrets) == [
        Leak("1_baseline.html", "1_baseline.html", BIRTH),
        Leak("2_aims.html", "2_aims.html", NUMBER),
    ]


def test_a_page_for_everyone_names_no_day_but_those_that_are_told_on_purpose(reports):
    """Not only no day of a child: no day at all but the as-at date and those of definition files."""
    told = Secrets(others=frozenset(DAYS)) | gather_secrets(reports.data, DAYS)
    for page in [*reports.pages("aggregate"), reports.aggregate / "index.html"]:
        text = re.sub(r'\s(d|transform)="[^"]*"', " ", page.read_text(encoding="utf-8"))
        assert find_days(text) - told.others == set(), page.name


@BOTH
def test_a_drawing_names_no_point_and_leads_nowhere_but_to_a_childs_page_where_that_may_be_seen(reports, audience):
    drawings = [
        (page.name, svg)
        for page in reports.pages(audience)
        for svg in re.findall(r"<svg\b.*?</svg>", page.read_text(encoding="utf-8"), re.S)
    ]
    assert len(drawings) > 20
    for name, svg in drawings:
        head, body = svg.split(">", 1)
        assert "aria-label" in head, name
        spoken = re.findall(r'aria-label="([^"]*)"', body)
        assert [x for x in spoken if not x.startswith(("Title text", "Subtitle text"))] == [], (
            "a point has a label of its own"
        )
        for word in ("usermeta", "vega.github.io", "vega-action", "<script", "http://x", "tooltip"):
            assert word not in body, (name, word)
        links = re.findall(r"<a\b[^>]*>", body)
        assert links == [] or audience == "working", name
        assert [a for a in links if not re.fullmatch(r'<a data-child="\w+"( href="children\.html#\w+")?>', a)] == [], (
            name
        )


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("SYN-00001", "withheld"), ("Child K7Q-2MX", "withheld"), ("child_id: 7", "withheld"), ("15 children", "made")],
)
def test_the_batch_holds_back_a_page_that_tells_on_a_child(reports, tmp_path, monkeypatch, text, outcome):
    """One cell of a notebook shows what it must not; the page is nowhere, and what it said is nowhere either."""
    made = one._papermill

    def spoil(run, work, engine):
        book = made(run, work, engine)
        shown = next(
            o
            for c in book.cells
            for o in c.get("outputs", [])
            if "text/html" in o.get("data", {}) and "setup" not in c.metadata.get("tags", [])
        )
        shown["data"]["text/html"] += f"<p>{text}</p>"
        return book

    monkeypatch.setattr(one, "_papermill", spoil)
    (path,) = find_extracts(reports.data / "orkney-islands")
    given = {
        "extract_path": str(path),
        "area": "Orkney Islands",
        "as_at": "2019-07-31",
        "audience": "aggregate",
        "since": "",
    }
    (tmp_path / one.WORK).mkdir()
    result = one.run_one(Run("Orkney Islands", "1_baseline", path, given), tmp_path, "pace-warm")
    assert result.outcome == outcome, result.message
    page = tmp_path / "orkney-islands" / "1_baseline.html"
    assert page.exists() == (outcome == "made")
    if outcome == "withheld":
        assert "is held back: it tells" in result.message
        assert text not in str(result)
        assert not [p for p in tmp_path.rglob("*") if p.is_file() and one.WORK not in p.parts]
