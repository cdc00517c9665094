"""Folders that lie at an address: copied here to be read, written to as pages are made, and never left lying about."""

from __future__ import annotations

import fsspec
import pytest

from pace_nb.batch.one import Result
from pace_nb.batch.places import fetched, mirrored, without_password
from pace_nb.errors import DataError, ParameterError


@pytest.fixture
def memory():
    """An object store in memory."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def test_a_path_is_used_as_it_is(tmp_path):
    with fetched(str(tmp_path)) as here, mirrored(str(tmp_path)) as mirror:
        assert here == mirror.folder == tmp_path


@pytest.mark.parametrize("kind", ["memory", "file", "local"])
def test_what_lies_at_an_address_is_copied_and_the_copy_goes_away(kind, memory, tmp_path):
    place = "memory://store/extracts" if kind == "memory" else f"{kind}://{tmp_path}/extracts"
    for name, content in {"fife/children.csv": b"a", "fife/changes/one.toml": b"b", "angus.xlsx": b"c"}.items():
        with fsspec.open(f"{place}/{name}", "wb", auto_mkdir=True) as file:
            file.write(content)
    with fetched(place) as here:
        assert here.name == "extracts", "pages name an extract by its folder"
        assert {p.relative_to(here).as_posix(): p.read_bytes() for p in here.rglob("*") if p.is_file()} == {
            "fife/children.csv": b"a",
            "fife/changes/one.toml": b"b",
            "angus.xlsx": b"c",
        }
        assert here.parent.stat().st_mode & 0o077 == 0, "nobody else may open it"
    assert not here.exists()
    with fetched(f"{place}/angus.xlsx") as book:
        assert (book.name, book.read_bytes()) == ("angus.xlsx", b"c")


def test_pages_go_to_their_address_as_they_are_made_and_what_tells_of_them_last(memory):
    memory.pipe_file("/out/old/1_baseline.html", b"old")
    memory.pipe_file("/out/manifest.json", b"{}")
    with mirrored("memory://out") as mirror:
        assert (mirror.folder / "manifest.json").read_bytes() == b"{}", "a run can be gone on with"
        (mirror.folder / "fife").mkdir()
        (mirror.folder / ".work").mkdir()
        for name in ("fife/2_aims.html", "events.jsonl", "index.html", "manifest.json", ".work/half", ".lock"):
            (mirror.folder / name).write_bytes(f"new {name}".encode())
        (mirror.folder / "old" / "1_baseline.html").unlink()
        mirror.send(Result("Fife", "fife", "2_aims", "made"))
        assert memory.cat_file("/out/fife/2_aims.html") == b"new fife/2_aims.html"
        assert memory.cat_file("/out/manifest.json") == b"{}", "it does not tell of pages that are not there yet"
        mirror.send(None)
    assert sorted(memory.find("/out")) == [
        "/out/" + n for n in ("events.jsonl", "fife/2_aims.html", "index.html", "manifest.json")
    ]
    assert not mirror.folder.exists()


def test_what_cannot_be_used_is_said(memory):
    with pytest.raises(DataError, match="There is nothing at 'memory://nowhere'"), fetched("memory://nowhere"):
        pass
    with pytest.raises(ParameterError, match="no kind of address 'nonsense://'"), fetched("nonsense://x"):
        pass
    with (
        pytest.raises(ParameterError, match=r"begin with s3:// cannot be used here: Install s3fs"),
        mirrored("s3://bucket/x"),
    ):
        pass


def test_a_server_that_does_not_answer_is_said_and_the_password_of_an_address_is_not():
    """Some kinds of address connect as soon as they are named. 127.0.0.1 has nothing on port 1."""
    place = "ftp://someone:secret@127.0.0.1:1/reports"
    for use in (fetched, mirrored):
        with pytest.raises(ParameterError, match=r"'ftp://127\.0\.0\.1:1/reports' cannot be used") as told, use(place):
            pass
        assert "secret" not in str(told.value)
    assert without_password(place) == "ftp://127.0.0.1:1/reports"
    assert without_password("s3://bucket/a@b") == "s3://bucket/a@b"


def test_names_that_lead_out_of_the_folder_are_not_followed(memory, monkeypatch):
    memory.pipe_file("/in/good.csv", b"x")
    real = type(memory).find
    monkeypatch.setattr(
        type(memory), "find", lambda self, path, **k: [*real(self, path, **k), f"{path}/../../evil.csv"]
    )
    with fetched("memory://in") as here:
        assert [p.name for p in here.parent.rglob("*.csv")] == ["good.csv"]
