"""What stands between a notebook and a room: which dashboards there are, what each is given, and which are never shown."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from serving import TOKEN, write_dashboard
from typer.testing import CliRunner

from pace_nb.cli import app
from pace_nb.cli.dashboards import _parameters
from pace_nb.dashboards.find import FOLDER, find_dashboard, read_dashboard
from pace_nb.dashboards.kernels import AVAILABLE
from pace_nb.dashboards.launch import _announce, address
from pace_nb.dashboards.log import Quiet
from pace_nb.dashboards.page import make_page
from pace_nb.dashboards.server import Server
from pace_nb.dashboards.settings import Settings
from pace_nb.errors import DataError, DefinitionError, ParameterError

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
MASTHEAD = "application/vnd.pace.page+json"


def output(html: str, child_level: bool | None = False, **data: object) -> dict:
    about = {} if child_level is None else {"pace": {"child_level": child_level}}
    return {"output_type": "display_data", "data": {"text/html": html, **data}, "metadata": about}


class TestWhichThereAre:
    @pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda p: p.stem)
    def test_every_dashboard_says_for_whom_it_is_and_what_it_needs(self, path):
        dashboard = read_dashboard(path)
        assert dashboard.title
        assert {"extract": "extract_path", "pack": "pack_path"}.get(dashboard.needs, "") in (*dashboard.parameters, "")
        if "extract_path" in dashboard.parameters:
            assert dashboard.audience == "working"  # an extract has a row for each child

    def test_a_name_that_is_none_is_answered_with_those_there_are(self):
        with pytest.raises(ParameterError, match="learn_run_charts"):
            find_dashboard("explorer")

    def test_without_a_name_each_is_listed_with_its_question_and_what_it_is_given(self):
        told = CliRunner().invoke(app, ["dashboard"])
        assert told.exit_code == 0
        for path in FOLDER.glob("*.ipynb"):
            assert f"    {path.stem}" in told.output
            assert read_dashboard(path).title in told.output
        assert "explore my-extract --as-at 2019-07-31" in told.output

    def test_a_notebook_that_does_not_say_for_whom_it_is_is_no_dashboard(self, tmp_path):
        with pytest.raises(DefinitionError, match="does not say for whom"):
            find_dashboard(str(write_dashboard(tmp_path / "x.ipynb", "# X", audience="everyone")))


class TestWhatItIsGiven:
    def test_an_extract_of_one_area_is_named_by_its_folder_and_its_day(self):
        given = _parameters(find_dashboard("explore"), SAMPLE / "orkney-islands", "2019-07-31", "")
        assert given["area"] == "Orkney Islands"
        assert (given["as_at"], given["audience"]) == ("2019-07-31", "working")
        assert Path(given["extract_path"]).is_absolute()

    def test_a_folder_of_several_extracts_is_enough_with_the_area_in_any_spelling(self):
        given = _parameters(find_dashboard("explore"), SAMPLE, "2019-07-31", "orkney islands")
        assert Path(given["extract_path"]).name == "orkney-islands"
        assert given["area"] == "Orkney Islands"

    @pytest.mark.parametrize(
        ("name", "source", "says"),
        [("explore", None, "none is named"), ("learning_event", SAMPLE / "nowhere.json", "nowhere.json is not there")],
    )
    def test_what_it_needs_has_to_be_there(self, name, source, says):
        with pytest.raises(ParameterError, match=says):
            _parameters(find_dashboard(name), source, "2019-07-31", "")

    def test_the_day_is_never_taken_to_be_today(self):
        with pytest.raises(ParameterError, match="day is missing"):
            _parameters(find_dashboard("explore"), SAMPLE / "orkney-islands", "", "")

    def test_an_area_that_is_not_in_the_extract_is_refused_with_those_that_are(self):
        with pytest.raises(ParameterError, match="choose from Orkney Islands"):
            _parameters(find_dashboard("explore"), SAMPLE / "orkney-islands", "2019-07-31", "Fife")

    def test_tests_of_change_are_written_beside_the_extract_that_is_named(self, tmp_path):
        chosen = find_dashboard("record_a_test")
        (tmp_path / "children.csv").write_text("x")
        assert _parameters(chosen, tmp_path, "", "") == {"changes_path": str(tmp_path / "changes")}
        assert _parameters(chosen, tmp_path / "elsewhere", "", "") == {"changes_path": str(tmp_path / "elsewhere")}


class TestWhereItListens:
    def test_an_address_of_another_computer_is_refused_in_a_sentence(self):
        asked = SimpleNamespace(ip="192.0.2.1", port=0, settings=Settings(TOKEN, ip="192.0.2.1"))
        with pytest.raises(ParameterError, match=r"cannot listen on 192\.0\.2\.1"):
            Server.listen(asked)

    def test_a_proxy_is_never_sent_to_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            settings = Settings(TOKEN, port=port, public="https://events.example.org")
            with pytest.raises(ParameterError, match=f"port {port}"):
                Server.listen(SimpleNamespace(ip="127.0.0.1", port=port, settings=settings))

    def test_whoever_sets_up_the_proxy_is_told_where_to_send_people(self):
        told: list[str] = []
        settings = Settings(TOKEN, public="https://events.example.org")
        running = SimpleNamespace(settings=settings, port=8870, dashboard=SimpleNamespace(title="Waits"), page=None)
        _announce(running, told.append, None)
        assert "send that address on to 127.0.0.1, port 8870" in " ".join(told)

    @pytest.mark.parametrize(
        ("settings", "only_here"),
        [
            (Settings(TOKEN), True),
            (Settings(TOKEN, ip="192.0.2.1"), False),
            (Settings(TOKEN, public="https://x.org"), False),
        ],
    )
    def test_it_is_said_whether_other_computers_can_reach_it(self, settings, only_here):
        told: list[str] = []
        running = SimpleNamespace(settings=settings, port=8870, dashboard=SimpleNamespace(title="Waits"), page=None)
        _announce(running, told.append, None)
        assert ("Only this computer can reach it." in " ".join(told)) == only_here
        assert all(line.strip() for line in told)


class TestWhatIsNeverShown:
    def test_a_dashboard_for_everyone_with_a_child_on_it_is_refused(self, tmp_path):
        dashboard = read_dashboard(write_dashboard(tmp_path / "x.ipynb", "# X", "1", "2"))
        make_page(dashboard, {1: [output("<p>about 40 children</p>")]})
        for told in (output("<p>a child</p>", child_level=True), output("<p>who knows</p>", child_level=None)):
            with pytest.raises(DataError, match="would show single children"):
                make_page(dashboard, {1: [output("<p>fine</p>")], 2: [told]})

    def test_a_masthead_for_people_entitled_to_see_children_on_a_dashboard_for_everyone_is_refused(self, tmp_path):
        dashboard = read_dashboard(write_dashboard(tmp_path / "x.ipynb", "# X", "1"))
        with pytest.raises(DataError, match="would show single children"):
            make_page(dashboard, {1: [output("<p>Fife</p>", **{MASTHEAD: {"audience": "working"}})]})

    def test_a_working_dashboard_is_marked_whatever_is_on_it(self, tmp_path):
        dashboard = read_dashboard(write_dashboard(tmp_path / "x.ipynb", "# X", "1", audience="working"))
        page = make_page(dashboard, {1: [output("<p>fine</p>")]})
        assert page.marking.startswith("OFFICIAL-SENSITIVE")
        assert page.reading.count(page.marking) == 2

    def test_what_a_library_prints_and_what_went_wrong_are_not_on_the_page(self, tmp_path):
        dashboard = read_dashboard(write_dashboard(tmp_path / "x.ipynb", "# X", "1"))
        stream = {"output_type": "stream", "name": "stderr", "text": "child 4711"}
        error = {"output_type": "error", "ename": "ValueError", "evalue": "child 4712", "traceback": ["child 4713"]}
        assert "471" not in make_page(dashboard, {1: [stream, output("<p>fine</p>"), error]}).reading

    def test_values_for_the_pages_scripts_cannot_end_the_element_they_stand_in(self, tmp_path):
        dashboard = read_dashboard(write_dashboard(tmp_path / "x.ipynb", "# X", "1"))
        ending = make_page(dashboard, {}).scripts("/", {"kernelId": "</script><script>alert(1)</script>"}, "/x.js")
        assert "alert(1)</script>" not in ending
        config = ending.split('type="application/json">')[1].split("</script>")[0]
        assert json.loads(config)["kernelId"].endswith("</script>")

    @pytest.mark.skipif(not AVAILABLE, reason="elsewhere the notebook runs when its page is opened")
    @pytest.mark.parametrize(
        ("source", "says", "never"),
        [
            (
                "from pace_nb.errors import DataError\nraise DataError('No rows.', do='look there.')",
                "No rows.",
                "Traceback",
            ),
            ("raise ValueError('VALUE-OF-A-CHILD')", "its notebook stopped with ValueError", "VALUE-OF-A-CHILD"),
        ],
    )
    def test_a_notebook_that_fails_is_not_served_and_says_what_can_be_done(
        self, tmp_path, monkeypatch, source, says, never
    ):
        monkeypatch.setenv("PACE_NB_DASHBOARD_TOKEN", TOKEN)
        path = write_dashboard(tmp_path / "x.ipynb", "# X", source)
        ended = CliRunner().invoke(app, ["dashboard", str(path), "--no-browser", "--port", "0"])
        assert isinstance(ended.exception, DataError)
        assert says in str(ended.exception)
        assert never not in str(ended.exception) + ended.output


class TestAddressesAndTheLog:
    def test_the_address_holds_the_token_and_the_name_that_people_type(self):
        assert address(Settings("t" * 20, "127.0.0.1"), 81) == f"http://127.0.0.1:81/?token={'t' * 20}"
        assert address(Settings("t" * 20, "::1"), 81).startswith("http://[::1]:81/?")
        behind = Settings("t" * 20, public="https://events.example.org/room")
        assert address(behind, 81) == f"https://events.example.org/room/?token={'t' * 20}"

    def test_the_log_names_the_kind_of_a_fault_and_its_place_and_nothing_of_what_it_says(self, caplog):
        import logging

        logger = logging.getLogger("trying")
        try:
            int("VALUE-OF-A-CHILD")
        except ValueError:
            logger.exception("Error while executing cell: %r", {"source": "a cell", "outputs": "VALUE-OF-A-CHILD"})
        logger.error("302 GET /?token=%s&next=/ password=%s", "the-token", "the-password")
        first, second = (Quiet().format(r) for r in caplog.records)
        assert "ValueError in test_the_log_names" in first
        assert [w for w in ("VALUE-OF-A-CHILD", "a cell", "Traceback") if w in first] == []
        assert "the-token" not in second
        assert "the-password" not in second
