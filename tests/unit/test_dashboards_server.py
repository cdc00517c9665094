"""A dashboard that runs: what strangers get (nothing), what visitors get, and what the log says (no secret, no value)."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import uuid

import pytest
from serving import TOKEN, children, served, wait_until, write_dashboard
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from pace_nb.dashboards.kernels import AVAILABLE

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="kernels are copies of a process on Linux only")

CONTROLS = """
import ipywidgets as widgets
from IPython.display import display
from pace_nb.shown import paragraphs

number, told, shown = widgets.IntSlider(value=3), widgets.HTML(), widgets.Output()
def show(_=None):
    told.value = f"{number.value} squared is {number.value ** 2}"
    with shown:
        if number.value == 7:
            raise ValueError("VALUE-OF-A-CHILD")
number.observe(show, "value")
show()
"""
VISITORS = 3
#: As the command does, but kernels end that were not used for six seconds.
SERVE = """
from pace_nb.dashboards.find import find_dashboard
from pace_nb.dashboards.launch import make_token, serve
from pace_nb.dashboards.settings import Settings
serve(find_dashboard({path!r}), {{}}, Settings(make_token(), port=0, idle_minutes=0.1), print, browser=False)
"""
LISTS = [f"/voila/{p}" for p in ("tree", "tree/inside", "files/", "render/trying.ipynb", "api/contents/", "static/")]
LISTS += [
    f"/{p}"
    for p in ("api", "api/kernels", "api/contents", "api/sessions", "api/terminals", "tree", "lab", "trying.ipynb")
]
#: What a Jupyter server has elsewhere, and ways out of the folders of scripts that a dashboard does have.
ELSEWHERE = ["/files/trying.ipynb", "/nbconvert/html/trying.ipynb", "/terminals/websocket/1", "/logout", "/metrics"]
ELSEWHERE += [
    f"/{folder}/{way}/trying.ipynb"
    for folder in (
        "voila/static",
        "voila/labextensions",
        "voila/api/themes",
        "voila/templates/dashboard/static",
        "pace",
    )
    for way in ("..", "../../../../../..", "..%2f..%2f..", "%2e%2e/%2e%2e")
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dashboard")
    (folder / "map.png").write_bytes(b"\x89PNG of single children")
    (folder / "children.csv").write_text("child_id\n4711\n")
    (folder / "inside").mkdir()
    show = 'display(paragraphs(["Numbers: to try things on."]), widgets.VBox([number, told, shown]))'
    write_dashboard(folder / "trying.ipynb", "# A page to try things on", CONTROLS, show)
    with served(folder, str(folder / "trying.ipynb"), "--visitors", str(VISITORS)) as started:
        yield started


@pytest.fixture
def visitor(server):
    """Somebody who has the token and has opened the page: their cookie, the page, their kernel."""
    cookie = server.sign_in()
    page, kernel = server.open_page(cookie)
    yield cookie, page, kernel
    server.close_page(cookie, kernel)


def talk(server, cookie: str, kernel: str, *messages: dict, seconds: float = 3, **headers: str) -> list[dict]:
    """Connect to a kernel as its page does, send messages, and return all that comes back in so many seconds."""

    async def conversation() -> list[dict]:
        address = f"ws://{server.host}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        sent = {"Cookie": cookie, "Origin": f"http://{server.host}", **headers}
        connection = await websocket_connect(HTTPRequest(address, headers=sent, connect_timeout=20))
        for message in messages:
            await connection.write_message(json.dumps(message))
        heard = []
        try:
            while True:
                heard.append(json.loads(await asyncio.wait_for(connection.read_message(), seconds)))
        except TimeoutError:
            connection.close()
        return heard

    return asyncio.run(conversation())


def message(kind: str, content: dict, channel: str = "shell") -> dict:
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.3"}
    return {"channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content}


def states(heard: list[dict]) -> dict[str, dict]:
    """Return the state of every control, by its id, from what a kernel has sent."""
    known: dict[str, dict] = {}
    for m in heard:
        data = m["content"].get("data", {}) if m["msg_type"] == "comm_msg" else {}
        for comm, one in data.get("states", {}).items():
            known[comm] = dict(one["state"])
        if data.get("method") in ("update", "echo_update"):
            known.setdefault(m["content"]["comm_id"], {}).update(data["state"])
    return known


def ask_states() -> list[dict]:
    comm = uuid.uuid4().hex
    opened = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
    asked = {"comm_id": comm, "data": {"method": "request_states"}}
    begin = message("comm_open", opened)
    begin["metadata"] = {"version": "1.0.0"}
    return [begin, message("comm_msg", asked)]


def slider(known: dict[str, dict]) -> str:
    return next(c for c, s in known.items() if s.get("_model_name") == "IntSliderModel")


class TestStrangers:
    def test_nobody_sees_the_page_without_the_token(self, server):
        answer = server.ask("/")
        assert (answer.status, answer.headers["location"]) == (302, "/login?next=%2F")
        assert "Numbers" not in answer.text

    def test_a_wrong_token_opens_nothing_and_says_so(self, server):
        form = server.ask("/login")
        assert "Numbers" not in form.text
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', form.text)[1]
        cookie = form.headers["set-cookie"].split(";")[0]
        answer = server.ask(
            "/login",
            "POST",
            f"_xsrf={xsrf}&password=guessed",
            Cookie=cookie,
            Content_Type="application/x-www-form-urlencoded",
        )
        assert answer.status == 401
        assert "not the right token" in answer.text
        assert server.ask("/?token=guessed").status == 302

    def test_the_right_token_in_the_form_signs_in(self, server):
        form = server.ask("/login")
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', form.text)[1]
        body, cookie = f"_xsrf={xsrf}&password={TOKEN}", form.headers["set-cookie"].split(";")[0]
        answer = server.ask("/login", "POST", body, Cookie=cookie, Content_Type="application/x-www-form-urlencoded")
        assert (answer.status, answer.headers["location"]) == (302, "/")

    def test_a_form_of_another_page_signs_nobody_in(self, server):
        answer = server.ask("/login", "POST", f"password={TOKEN}", Content_Type="application/x-www-form-urlencoded")
        assert answer.status == 403
        assert "username" not in answer.headers["set-cookie"]

    @pytest.mark.parametrize(
        "name", ["map.png", "children.csv", "trying.ipynb", "../dashboard0/map.png", "%2e%2e/map.png"]
    )
    @pytest.mark.parametrize("signed_in", [False, True])
    def test_no_file_beside_the_notebook_is_served(self, server, name, signed_in):
        cookie = server.sign_in() if signed_in else ""
        answer = server.ask(f"/voila/files/{name}", Cookie=cookie)
        assert answer.status in (403, 404)
        assert "single children" not in answer.text

    @pytest.mark.parametrize("path", LISTS)
    def test_nothing_can_be_listed_even_by_visitors(self, server, path):
        answer = server.ask(path, Cookie=server.sign_in())
        assert answer.status in (403, 404, 405)
        assert "trying" not in answer.text
        assert "children.csv" not in answer.text

    @pytest.mark.parametrize("path", ELSEWHERE)
    def test_nothing_is_served_that_a_dashboard_does_not_need_and_no_fault_is_made_of_it(self, server, path):
        for cookie in ("", server.sign_in()):
            answer = server.ask(path, Cookie=cookie)
            assert answer.status in (403, 404)
            assert "trying" not in answer.text.replace("trying.ipynb", "")

    @pytest.mark.parametrize(
        "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "localhost.evil", "0.0.0.0", ""]
    )
    @pytest.mark.parametrize("path", ["/", "/voila/static/voila.js", "/login"])
    def test_a_foreign_name_for_this_address_gets_nothing_but_a_sentence(self, server, host, path):
        answer = server.ask(path, Host=host, Cookie=server.sign_in(), Authorization=f"token {TOKEN}")
        assert answer.status in (400, 421)
        assert "Numbers" not in answer.text

    def test_its_own_names_are_answered(self, server):
        port = server.host.split(":")[1]
        assert {server.ask("/login", Host=f"{h}:{port}").status for h in ("localhost", "127.0.0.1", "LOCALHOST")} == {
            200
        }

    @pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost.evil.example"])
    def test_a_page_from_elsewhere_cannot_reach_a_kernel(self, server, visitor, origin):
        cookie, _, kernel = visitor
        with pytest.raises(HTTPClientError, match="403"):
            talk(server, cookie, kernel, Origin=origin)

    def test_a_kernel_cannot_be_reached_without_signing_in(self, server, visitor):
        with pytest.raises(HTTPClientError, match="403"):
            talk(server, "", visitor[2])


class TestHeaders:
    def test_the_policy_lets_nothing_out_and_runs_no_script_from_text(self, server, visitor):
        policy = visitor[1].headers["content-security-policy"]
        parts = dict(p.strip().split(" ", 1) for p in policy.split(";"))
        assert parts["default-src"] == parts["base-uri"] == parts["frame-ancestors"] == "'none'"
        assert (
            parts["script-src"] == "'self' blob:"
        )  # a control's script comes from its kernel, and is loaded as a blob
        assert parts["form-action"] == "'none'"
        assert parts["connect-src"] == f"'self' ws://{server.host}"
        assert "http:" not in policy
        assert "*" not in policy
        assert "unsafe-eval" not in policy

    @pytest.mark.parametrize("path", ["/", "/login", "/api/kernels/none", "/voila/files/map.png"])
    def test_every_page_has_a_policy_and_gives_no_address_away(self, server, path):
        headers = server.ask(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers

    def test_the_cookie_is_kept_from_scripts_and_from_other_sites(self, server):
        cookie = server.ask(f"/?token={TOKEN}").headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie

    def test_the_token_does_not_stay_in_the_address(self, server):
        answer = server.ask(f"/?token={TOKEN}")
        assert (answer.status, answer.headers["location"]) == (302, "/")

    def test_the_page_is_stored_nowhere(self, visitor):
        assert visitor[1].headers["cache-control"] == "no-store"


class TestVisitors:
    def test_the_page_is_whole_and_holds_no_code(self, server, visitor):
        page = visitor[1].text
        assert "<b>Numbers:</b> to try things on." in page
        assert page.count("Aggregate, disclosure-controlled.") >= 2
        assert page.rstrip().endswith("</html>")
        assert [w for w in ("number.value", "IntSlider(", "import ", "VALUE-OF-A-CHILD") if w in page] == []

    def test_the_page_asks_nobody_else_for_anything(self, visitor):
        assert re.findall(r"""(?:src|href)=["'](?!/|#|data:)[^"']*""", visitor[1].text) == []
        assert re.findall(r"<script(?![^>]*(?:src=|type=\"application/))", visitor[1].text) == []

    def test_a_control_moved_changes_what_follows_from_it(self, server, visitor):
        cookie, _, kernel = visitor
        known = states(talk(server, cookie, kernel, *ask_states()))
        assert [s["value"] for s in known.values() if s.get("_model_name") == "HTMLModel"] == ["3 squared is 9"]
        moved = message("comm_msg", {"comm_id": slider(known), "data": {"method": "update", "state": {"value": 5}}})
        assert "5 squared is 25" in str(states(talk(server, cookie, kernel, moved)))

    def test_a_stranger_ends_no_kernel_and_no_visitor_can_list_start_or_restart_any(self, server, visitor):
        cookie, page, kernel = visitor
        other_cookie = server.sign_in()
        other_page, other = server.open_page(other_cookie)
        assert kernel not in other_page.text
        assert other not in page.text
        for path in (f"/voila/api/shutdown/{kernel}", f"/api/kernels/{kernel}/restart", "/api/kernels"):
            assert server.ask(path, "POST", "").status in (302, 403, 404)
            assert server.ask(path, "POST", "", Cookie=other_cookie).status in (
                403,
                404,
            )  # no form of another page does it
            assert server.ask(path, Cookie=other_cookie).status in (404, 405)
        with pytest.raises(HTTPClientError, match="404"):
            talk(server, other_cookie, str(uuid.uuid4()))
        assert server.ask(f"/api/kernels/{kernel}", Cookie=cookie).status == 200
        server.close_page(other_cookie, other)

    def test_what_one_visitor_does_another_does_not_see(self, server, visitor):
        cookie, _, kernel = visitor
        moved = {"comm_id": slider(states(talk(server, cookie, kernel, *ask_states()))), "data": {}}
        moved["data"] = {"method": "update", "state": {"value": 5}}
        talk(server, cookie, kernel, message("comm_msg", moved))
        _, other = server.open_page(cookie)
        assert "3 squared is 9" in str(states(talk(server, cookie, other, *ask_states())))
        server.close_page(cookie, other)

    def test_code_sent_by_hand_is_not_run(self, server, visitor, tmp_path):
        cookie, _, kernel = visitor
        code = {"code": f"open({str(tmp_path / 'ran')!r}, 'w')", "silent": False, "user_expressions": {}}
        heard = talk(server, cookie, kernel, message("execute_request", code), message("comm_info_request", {}))
        assert "comm_info_reply" in {m["msg_type"] for m in heard}  # it was listening
        assert "execute_reply" not in {m["msg_type"] for m in heard}
        assert not (tmp_path / "ran").exists()

    def test_what_goes_wrong_is_a_sentence_without_a_value(self, server, visitor):
        cookie, _, kernel = visitor
        known = states(talk(server, cookie, kernel, *ask_states()))
        moved = message("comm_msg", {"comm_id": slider(known), "data": {"method": "update", "state": {"value": 7}}})
        heard = json.dumps(talk(server, cookie, kernel, moved))
        assert "49" in heard
        assert "This could not be shown" in heard
        assert [w for w in ("VALUE-OF-A-CHILD", "Traceback", "ValueError", "raise ") if w in heard] == []
        assert "VALUE-OF-A-CHILD" not in server.told()

    def test_the_log_holds_no_token_and_no_traceback(self, server, visitor):
        server.ask(f"/nowhere?token={TOKEN}")
        server.ask("/?token=guessed-token-of-somebody")
        assert wait_until(lambda: "404 GET /nowhere" in server.told())
        after = server.told().split("To stop it", 1)[1]
        assert [w for w in (TOKEN, "guessed-token", "Traceback") if w in after] == []
        assert re.findall(r"session_id=(?!…)", after) == []

    def test_who_comes_when_every_place_is_taken_is_asked_to_wait(self, server):
        cookie = server.sign_in()
        assert wait_until(lambda: not server.kernels())
        taken = [server.open_page(cookie)[1] for _ in range(VISITORS)]
        answer = server.ask("/", Cookie=cookie)
        assert (answer.status, answer.headers["retry-after"]) == (503, "30")
        assert f"All {VISITORS} places are taken" in answer.text
        assert 'http-equiv="refresh"' in answer.text
        assert len(server.kernels()) == VISITORS
        server.close_page(cookie, taken.pop())
        taken.append(server.open_page(cookie)[1])
        for kernel in taken:
            server.close_page(cookie, kernel)
        assert wait_until(lambda: not server.kernels())

    def test_a_kernel_that_died_is_gone_for_its_page_and_gives_its_place_back(self, server):
        cookie = server.sign_in()
        assert wait_until(lambda: not server.kernels())
        _, kernel = server.open_page(cookie)
        assert server.ask(f"/api/kernels/{kernel}", Cookie=cookie).status == 200
        (pid,) = server.kernels()
        os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: server.ask(f"/api/kernels/{kernel}", Cookie=cookie).status == 404)
        assert server.kernels() == []


def test_a_fresh_dashboard_follows_its_data_and_pages_not_used_give_up_their_kernel_and_nothing_is_left_running(
    tmp_path,
):
    log = tmp_path / "log.txt"
    log.write_text("first")
    show = (
        f"from pathlib import Path\nfrom pace_nb.shown import paragraphs\nparagraphs([Path({str(log)!r}).read_text()])"
    )
    write_dashboard(tmp_path / "fresh.ipynb", "# Fresh", show, fresh=True)
    with served(tmp_path, script=SERVE.format(path=str(tmp_path / "fresh.ipynb"))) as started:
        cookie = started.sign_in()
        assert "<p>first</p>" in started.open_page(cookie)[0].text
        log.write_text("second")
        page = started.open_page(cookie)[0].text
        assert "<p>second</p>" in page
        assert page.count("Aggregate, disclosure-controlled.") == 2
        kernel = started.open_page(cookie)[1]
        talk(started, cookie, kernel, seconds=12)  # connected, and not used
        assert wait_until(lambda: started.ask(f"/api/kernels/{kernel}", Cookie=cookie).status == 404)
        started.open_page(cookie)
        log.unlink()
        assert "cannot be shown" in started.ask("/", Cookie=cookie).text  # a sentence, not a traceback
        kernels = started.kernels()
        started.process.send_signal(signal.SIGTERM)
        assert started.process.wait(30) == 0
        assert kernels
        assert wait_until(lambda: not [k for k in kernels if os.path.exists(f"/proc/{k}")])  # noqa: PTH110
    assert "nothing of it is left running" in started.told()
    assert "log.txt" not in started.told()


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("from pace_nb.errors import DataError\nraise DataError('No pack is there.', do='look.')", "No pack is there."),
        ("raise ValueError('VALUE-OF-A-CHILD')", "Something went wrong that you cannot mend."),
    ],
)
def test_where_no_process_can_be_copied_a_visitor_reads_what_is_wrong_and_no_kernel_keeps_the_place(
    tmp_path, fault, says
):
    """As on Windows and macOS: the notebook runs in an ordinary kernel when its page is opened."""
    write_dashboard(tmp_path / "wrong.ipynb", "# Wrong", fault)
    as_elsewhere = "import pace_nb.dashboards.launch as launch\nlaunch.AVAILABLE = False\n"
    with served(tmp_path, script=as_elsewhere + SERVE.format(path=str(tmp_path / "wrong.ipynb"))) as started:
        page = started.ask("/", Cookie=started.sign_in()).text
        assert "<h1>This dashboard cannot be shown</h1>" in page
        assert says in page
        assert [w for w in ("VALUE-OF-A-CHILD", "Traceback") if w in page + started.told()] == []
        assert wait_until(lambda: not children(started.process.pid))
