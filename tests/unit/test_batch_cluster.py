"""What a cluster is refused for, what a worker sends back, and what crosses a network where it can be read."""

from __future__ import annotations

import shutil
import sys
from concurrent.futures import CancelledError
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from pace_nb.batch import cluster
from pace_nb.batch.cluster import Sent, crosses_network_openly, fingerprint, make_remote, open_cluster
from pace_nb.batch.execute import run_reports
from pace_nb.batch.one import Result
from pace_nb.batch.plan import Run
from pace_nb.batch.software import software
from pace_nb.errors import ParameterError

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
DAY = date(2019, 7, 31)
RUN = Run("Fife", "2_aims", Path("fife"))


def test_without_dask_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ParameterError, match="needs Dask") as told, open_cluster("tcp://127.0.0.1:1", 0):
        pass
    assert "pace-nb[cluster]" in str(told.value)


def test_where_no_scheduler_answers_it_says_so_and_takes_no_page_of_before_away(monkeypatch, tmp_path):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    (tmp_path / "fife").mkdir()
    (tmp_path / "fife" / "2_aims.html").write_text("of the last run", encoding="utf-8")
    begun = []
    with pytest.raises(ParameterError, match="No Dask scheduler answers at 'tcp://127"):
        run_reports([RUN], tmp_path, scheduler="tcp://127.0.0.1:1", begun=begun.append)
    assert begun == []
    assert (tmp_path / "fife" / "2_aims.html").read_text(encoding="utf-8") == "of the last run"


@pytest.mark.parametrize("part", ["software", "notebooks_digest", "key_digest"])
def test_every_part_of_what_has_to_be_the_same_counts(monkeypatch, part):
    before = fingerprint()
    assert fingerprint() == before
    monkeypatch.setattr(cluster, part, lambda: "another")
    assert fingerprint() != before


def client(fingerprints, threads=1):
    """What `_require_same` asks of a client."""
    return SimpleNamespace(
        scheduler_info=lambda n_workers: {"workers": {name: {"nthreads": threads} for name in fingerprints}},
        run=lambda function, on_error: fingerprints,
    )


def test_a_cluster_with_another_version_or_with_threads_is_refused_before_the_first_page():
    cluster._require_same(client({"tcp://a": "same", "tcp://b": "same"}), "same")
    with pytest.raises(ParameterError, match="worker at tcp://b has another version"):
        cluster._require_same(client({"tcp://a": "same", "tcp://b": "other"}), "same")
    with pytest.raises(ParameterError, match="worker at tcp://a has another version"):
        cluster._require_same(client({"tcp://a": ModuleNotFoundError("pace_nb")}), "same")
    with pytest.raises(ParameterError, match="one page at a time"):
        cluster._require_same(client({"tcp://a": "same"}, threads=4), "same")


class Cluster:
    """A cluster that ends what it is told to, has as many workers as it is told, and loses pages as it is told to."""

    def __init__(self, workers: int, raises: Exception | None = None, ready: bool = False) -> None:
        self.workers, self.raises, self.ready, self.loop, self.left = workers, raises, ready, None, []

    def submit(self, *_, **__):
        self.left.append(self)
        return self

    def result(self):
        raise self.raises

    def scheduler_info(self):
        return {"workers": dict.fromkeys(range(self.workers))}

    def cancel(self, *_, **__): ...

    def is_empty(self):
        return not self.left

    def has_ready(self):
        return self.ready

    def __next__(self):
        return self.left.pop()


def test_why_a_cluster_gave_no_page_is_a_sentence(monkeypatch, tmp_path):
    """Its workers died of it, the scheduler is gone, no worker is left: a run that nobody looks at does not wait for ever."""
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(distributed, "as_completed", lambda running, loop: next(iter(running)))
    monkeypatch.setattr(cluster, "ALONE", 0.05)
    for of, said in (
        (Cluster(2, distributed.KilledWorker("page", None, 3), ready=True), cluster.LOST),
        (Cluster(2, CancelledError(), ready=True), cluster.GONE),
        (Cluster(0), cluster.GONE),
    ):
        ((_, result),) = cluster.run_on_cluster(of, [RUN], tmp_path, None, lambda _: "fife")
        assert (result.outcome, result.message) == ("failed", said)


def test_a_worker_with_another_version_refuses_and_one_that_cannot_see_the_records_says_so(tmp_path):
    other = make_remote(RUN, str(tmp_path), None, "another")
    assert other.result is None
    assert "another version of pace-nb" in other.refused
    unseen = make_remote(RUN, str(tmp_path / "nowhere" / "fife"), None, fingerprint())
    assert "cannot see the extract 'fife'" in unseen.refused
    assert str(tmp_path) not in unseen.refused, "where it lies is nobody's business"


def test_other_records_under_the_same_path_make_no_page(tmp_path, monkeypatch):
    """The page is made, and its records are not those that were planned with."""
    from pace_nb.batch import one
    from pace_nb.batch.plan import plan_runs

    shutil.copytree(SAMPLE / "orkney-islands", tmp_path / "orkney-islands")
    (run,) = plan_runs(tmp_path / "orkney-islands", DAY, notebooks=["2_aims"])
    page = SimpleNamespace(html="<p>SHA-256 of other records", for_everyone=True)
    monkeypatch.setattr(one, "_papermill", lambda *_: None)
    monkeypatch.setattr("pace_nb.batch.export.make_page", lambda *_: page)
    sent = make_remote(run, str(tmp_path / "orkney-islands"), None, fingerprint())
    assert sent.result.outcome == "failed"
    assert "is not the one that was planned with" in sent.result.message
    assert sent.files == {}


def test_what_a_worker_sends_is_written_whole_and_only_where_it_belongs(tmp_path):
    made = Result("Fife", "fife", "2_aims", "made", page="fife/2_aims.html")
    assert cluster._write(Sent(made, {"fife/2_aims.html": b"page"}), RUN, tmp_path) == made
    assert (tmp_path / "fife" / "2_aims.html").read_bytes() == b"page"
    for name in ("angus/2_aims.html", "fife/../../x", "/etc/x"):
        assert cluster._write(Sent(made, {name: b"x"}), RUN, tmp_path).outcome == "failed"
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["2_aims.html"]


@pytest.mark.parametrize(
    ("address", "openly"),
    [
        ("", False),
        ("local", False),
        ("tcp://127.0.0.1:8786", False),
        ("localhost:8786", False),
        ("tls://10.0.0.4:8786", False),
        ("tcp://10.0.0.4:8786", True),
        ("10.0.0.4:8786", True),
    ],
)
def test_what_goes_over_a_network_unprotected_is_noticed(address, openly):
    assert crosses_network_openly(address) is openly


def test_the_fingerprint_tells_nothing_but_whether_it_is_the_same():
    assert len(fingerprint()) == 64
    assert fingerprint() != software()
