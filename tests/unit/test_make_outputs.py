"""What was asked for of a run's pages and is not there yet: made once, kept while it is as it was made, said where it cannot be."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import pytest
from small_pages import make_small_page

from pace_nb.batch.one import Result, known_result
from pace_nb.batch.plan import Run
from pace_nb.outputs import make, pdf
from pace_nb.outputs.make import make_outputs

PAGE = "fife/2_aims.html"


@pytest.fixture
def page(tmp_path):
    """A page that was made, with its run and its result."""
    made = make_small_page()
    (tmp_path / "fife").mkdir()
    (tmp_path / PAGE).write_text(made.html, encoding="utf-8")
    result = Result("Fife", "fife", "2_aims", "made", page=PAGE, marking=made.marking)
    return Run("Fife", "2_aims", Path("data/sample/fife"), {"as_at": "2019-07-31"}), result


def test_a_file_that_is_as_it_was_made_is_not_made_again(page, tmp_path, monkeypatch):
    run, result = page
    (done,) = make_outputs([run], [result], tmp_path, ["workbook", "pictures"])
    assert [f["kind"] for f in done.files] == ["workbook", "pictures", "pictures"]
    monkeypatch.setattr(make, "make_files", lambda *_: pytest.fail("it is there"))
    assert make_outputs([run], [done], tmp_path, ["workbook", "pictures"]) == [done]


def test_one_that_was_changed_is_made_again_with_those_of_its_kind(page, tmp_path):
    run, result = page
    (done,) = make_outputs([run], [result], tmp_path, ["workbook", "pictures"])
    before = {f["path"]: (tmp_path / f["path"]).read_bytes() for f in done.files}
    (tmp_path / "fife/2_aims/aim-2.svg").write_text("other", encoding="utf-8")
    (tmp_path / "fife/2_aims/aim-2.png").unlink()
    (again,) = make_outputs([run], [known_result(done.as_row())], tmp_path, ["pictures"])
    assert again == done
    assert {f["path"]: (tmp_path / f["path"]).read_bytes() for f in again.files} == before


def test_nothing_is_made_of_what_is_no_page(page, tmp_path):
    run, result = page
    failed = replace(result, outcome="failed", page="")
    assert make_outputs([run], [failed], tmp_path, ["workbook", "pdf"]) == [failed]


def test_where_there_is_no_browser_it_is_said_and_tried_again_the_next_time(page, tmp_path, monkeypatch):
    run, result = page
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    (done,) = make_outputs([run], [result], tmp_path, ["pdf"])
    assert (done.files, done.lacking) == ([], [pdf.NO_BROWSER])
    assert known_result(done.as_row()).lacking == []


def test_a_browser_that_ends_again_and_again_stops_no_other_page(page, tmp_path, monkeypatch):
    run, result = page
    started = []

    @contextlib.contextmanager
    def open_browser():
        started.append(1)
        yield object()

    def lost(*_):
        raise pdf.BrowserLost

    monkeypatch.setattr(pdf, "open_browser", open_browser)
    monkeypatch.setattr(pdf, "print_page", lost)
    done = make_outputs([run] * 5, [result] * 5, tmp_path, ["pdf"])
    assert [r.lacking for r in done] == [[pdf.NOT_PRINTED]] * 5
    assert len(started) == 3, "and then no more"


@pytest.mark.parametrize(("sheets", "said"), [(["one", "two"], pdf.NOT_MARKED), (None, pdf.NOT_READ)])
def test_a_pdf_without_its_marking_or_that_cannot_be_read_is_not_taken_and_the_two_are_told_apart(
    page, tmp_path, monkeypatch, sheets, said
):
    run, result = page
    if sheets:
        monkeypatch.setattr(pdf, "pages_of", lambda _: sheets)
    monkeypatch.setattr(pdf, "open_browser", lambda: contextlib.nullcontext(object()))
    monkeypatch.setattr(pdf, "print_page", lambda *_: b"%PDF-1.4\nnothing")
    (done,) = make_outputs([run], [result], tmp_path, ["pdf"])
    assert (done.files, done.lacking) == ([], [said])
    assert not (tmp_path / "fife/2_aims.pdf").exists()
