"""One page: written whole or not at all, and what the system refuses is a sentence without a path."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from pace_nb.batch import one
from pace_nb.batch.one import known_result, no_page, publish_file, run_one, say_os_error
from pace_nb.batch.plan import Run

RUN = Run("Fife", "2_aims", Path("fife"), {"audience": "aggregate"}, "0" * 64, made_from="1" * 64)


def refuse(number):
    def write(self, content):
        self.write_text("half")
        raise OSError(number, os.strerror(number), str(self))

    return write


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "There was no room left to write the page."),
        (errno.EDQUOT, "There was no room left to write the page."),
        (errno.ENOMEM, "There was not enough memory to make the page."),
        (errno.EACCES, "The page could not be made: Permission denied."),
        (errno.EIO, "The page could not be made: Input/output error."),
    ],
)
def test_a_page_that_cannot_be_written_is_said_and_leaves_nothing(tmp_path, monkeypatch, number, said):
    """Whatever the system refuses while it writes, at the lowest level."""
    page = SimpleNamespace(html=f"<p>page {'0' * 64}", for_everyone=True)
    monkeypatch.setattr(one, "_papermill", lambda *_: None)
    monkeypatch.setattr(one, "scan_bytes", lambda *_, **__: [])
    monkeypatch.setattr(one, "secrets_of", lambda _: None)
    monkeypatch.setattr("pace_nb.batch.export.make_page", lambda *_: page)
    monkeypatch.setattr(Path, "write_bytes", refuse(number))
    result = run_one(RUN, tmp_path)
    assert result.outcome == "failed"
    assert result.message.startswith(said)
    assert str(tmp_path) not in result.message
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_page_that_was_there_stays_as_it_is_until_the_new_one_is_whole(tmp_path, monkeypatch):
    publish_file(b"old", tmp_path / "page.html")
    with monkeypatch.context() as broken:
        broken.setattr(Path, "write_bytes", refuse(errno.ENOSPC))
        with pytest.raises(OSError, match="No space left"):
            publish_file(b"new", tmp_path / "page.html")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("page.html", b"old")]
    publish_file(b"new", tmp_path / "page.html")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("page.html", b"new")]


def test_a_result_comes_back_from_its_row_whichever_version_wrote_it():
    result = no_page(RUN, "stopped", "The run was stopped.")
    assert known_result({**result.as_row(), "of a later version": 1}) == result
    assert (result.made_from, result.sha256, result.parameters) == (
        "1" * 64,
        "0" * 64,
        {"audience": "aggregate", "extract_path": "fife"},
    )


def test_an_error_without_words_is_named_by_its_kind():
    assert say_os_error(TimeoutError()) == "The page could not be made: TimeoutError."
