"""A room opens a dashboard: `pace-nb dashboard` against stock Voila on the same notebook, in one run.

    python benchmarks/dashboards.py [small]

The page has seven charts and a control, on the sample extract of about 600 children. Stock Voila is started as anybody would start
it (`voila notebook.ipynb`); its preheated pool is measured too, for one visitor. `small` has 6 visitors in place of 60.

A visitor here is a light client that does what the page's own script does: fetches the page, reads the kernel's id from it, opens the
web socket, asks for the state of the controls and waits until it is there. The page counts as complete when all seven charts
and that state have come. Sixty browsers would measure the two processors that they share with the server, not the server. What a
browser adds (some 80 script files, the same for both, and drawing: SVG here, Vega there) is measured for one visitor in Chromium, if
there is one. Memory is the proportional set size of the server with all its processes, less the same before anyone came.
Read the ratios; absolute figures are those of the machine that is named.
"""

import asyncio
import json
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import nbformat
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import websocket_connect

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "sample"
EXTRACT, AREA, AS_AT = SAMPLE / "city-of-edinburgh", "City of Edinburgh", "2019-07-31"
LARGEST, LARGEST_AREA = SAMPLE / "glasgow-city", "Glasgow City"
TOKEN = "only-for-the-benchmark-0123456789"
CHARTS = 7
PATIENCE = 900  # seconds that anything may take
CHROMIUM = os.environ.get("PACE_NB_CHROMIUM", "/usr/bin/chromium")
READ = """import pace_nb as pace

pace.start(extract_path=extract_path, area=area, as_at=as_at, audience=audience)
extract = pace.read_extract(extract_path, as_at, area, audience, "")
pace.show_page(extract)"""
SHOW = [
    *(f'pace.draw_aim(pace.study_aim(extract, "aim-{n}"))' for n in (1, 2, 3, 4)),
    'pace.draw_shares(pace.study_aim(extract, "aim-2"))',
    "pace.draw_who_waits(extract)",
    "pace.draw_ways_out(pace.study_ways_out(extract))",
]
CONTROL = """import ipywidgets as widgets

aim, said = widgets.Dropdown(options=["aim-1", "aim-2", "aim-3"], description="aim"), widgets.HTML()
def show(_=None):
    said.value = pace.describe_aim(pace.study_aim(extract, aim.value)).html
aim.observe(show, "value")
show()
widgets.VBox([aim, said])"""


def write_notebook(path: Path) -> None:
    """Write the page that everybody opens."""
    given = {"extract_path": str(EXTRACT), "area": AREA, "as_at": AS_AT, "audience": "aggregate"}
    parameters = "\n".join(f"{name}: str = {value!r}" for name, value in given.items())
    cells = [nbformat.v4.new_markdown_cell("# Seven charts and a control")]
    cells += [nbformat.v4.new_code_cell(source) for source in (parameters, READ, *SHOW, CONTROL)]
    cells[1].metadata.tags, cells[2].metadata.tags = ["parameters"], ["setup"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    notebook.metadata["pace"] = {"dashboard": {"audience": "aggregate", "needs": "extract"}}
    nbformat.write(notebook, path)


class Server:
    """One of the servers, started for one scenario and ended after it."""

    def __init__(self, name: str, command: list[str], sign: str, address: str, home: Path):
        log = home / f"{uuid.uuid4().hex}.log"
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PACE_NB_DASHBOARD_TOKEN": TOKEN}
        began = time.monotonic()
        with log.open("w") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=file, env=environment)
        while sign not in log.read_text():
            if self.process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise SystemExit(f"{name} did not start:\n{log.read_text()}")
            time.sleep(0.2)
        self.name, self.base = name, re.search(address, log.read_text())[1]
        self.started = time.monotonic() - began

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)

    def memory(self) -> float:
        """Return the proportional memory of the server with all its processes, in MB."""
        total, todo = 0, [self.process.pid]
        while todo:
            pid = todo.pop()
            try:
                todo += [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
                total += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])
            except OSError:  # it has just ended
                continue
        return total / 1024


def ours(home: Path, name: str = "", extract: Path = EXTRACT) -> Server:
    """Start the dashboard."""
    command = [sys.executable, "-m", "pace_nb", "dashboard", name or str(home / "page.ipynb"), str(extract)]
    command += ["--as-at", AS_AT, "--no-browser", "--port", "0", "--visitors", "100"]
    return Server("pace-nb dashboard", command, "To stop it", r"(http://\S+/)\?token=", home)


def stock(home: Path, *options: str) -> Server:
    """Start Voila as it comes."""
    port = str(8900 + os.getpid() % 1000)
    command = [sys.executable, "-m", "voila", str(home / "page.ipynb"), "--no-browser", f"--port={port}", *options]
    return Server("stock Voila", command, "is running at", r"(http://\S+/)", home)


@dataclass
class Visit:
    """What one visitor met with: seconds until the page was there, and until its controls were; blank if it was not whole."""

    page: float | None
    whole: float | None
    fault: str = ""


class Visitor:
    """A light client that does what the page's own script does."""

    def __init__(self, server: Server, client: AsyncHTTPClient):
        self.server, self.client, self.heard = server, client, {}

    async def come(self) -> Visit:
        """Open the page and wait for everything on it."""
        began = time.monotonic()
        try:
            headers = {"Authorization": f"token {TOKEN}"}
            answer = await self.client.fetch(HTTPRequest(self.server.base, headers=headers, request_timeout=PATIENCE))
            text, page = answer.body.decode(), time.monotonic() - began
            charts = max(text.count("<figure "), text.count("application/vnd.vegalite.v5+json"))
            if charts != CHARTS:
                return Visit(None, None, f"{charts} charts in place of {CHARTS}")
            self.kernel = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', text, re.S)[1])[
                "kernelId"
            ]
            await self.connect()
            known = await self.ask_states()
            if not any(s.get("_model_name") == "DropdownModel" for s in known.values()):
                return Visit(None, None, "no control")
            return Visit(page, time.monotonic() - began)
        except Exception as failed:
            return Visit(None, None, f"{type(failed).__name__}: {failed}"[:120])

    async def connect(self) -> None:
        """Open the kernel's web socket."""
        address = f"{self.server.base.replace('http', 'ws', 1)}api/kernels/{self.kernel}/channels?session_id={uuid.uuid4().hex}"
        headers = {"Authorization": f"token {TOKEN}"}
        self.socket = await websocket_connect(HTTPRequest(address, headers=headers, connect_timeout=PATIENCE))

    async def send(self, kind: str, content: dict, metadata: dict | None = None) -> str:
        """Send a message and return its id."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.3"}
        whole = {
            "channel": "shell",
            "header": header,
            "parent_header": {},
            "metadata": metadata or {},
            "content": content,
        }
        await self.socket.write_message(json.dumps(whole))
        return header["msg_id"]

    async def until(self, true) -> dict:
        """Return the first message of which something is true."""
        while True:
            read = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
            if read is None:
                raise ConnectionError("the web socket was closed")
            if isinstance(read, str) and true(message := json.loads(read)):
                return message

    async def ask_states(self) -> dict[str, dict]:
        """Return the state of every control, as a page's script asks for it."""
        comm = uuid.uuid4().hex
        await self.send(
            "comm_open", {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}, {"version": "1.0.0"}
        )
        await self.send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        told = await self.until(lambda m: m["msg_type"] == "comm_msg" and m["content"]["comm_id"] == comm)
        return {c: one["state"] for c, one in told["content"]["data"]["states"].items()}

    async def move(self, comm: str, state: dict) -> float:
        """Change a control and return the seconds until everything that follows from it has come."""
        began = time.monotonic()
        sent = await self.send("comm_msg", {"comm_id": comm, "data": {"method": "update", "state": state}})
        await self.until(
            lambda m: m["parent_header"].get("msg_id") == sent and m["content"].get("execution_state") == "idle"
        )
        return time.monotonic() - began


async def room(server: Server, visitors: int, over: float) -> tuple[list[Visit], float, float]:
    """Return what visitors met with who come evenly over so many seconds and stay; the memory they take; and the time in all."""
    client = SimpleAsyncHTTPClient(force_instance=True, max_clients=visitors, max_body_size=1 << 28)
    before, began = server.memory(), time.monotonic()

    async def one(number: int) -> Visit:
        await asyncio.sleep(over * number / visitors)
        return await Visitor(server, client).come()

    visits = await asyncio.gather(*(one(n) for n in range(visitors)))
    return visits, server.memory() - before, time.monotonic() - began


async def alone(server: Server, times: int, pause: float = 1) -> list[Visit]:
    """Return what one visitor after another met with."""
    visits = []
    for _ in range(times):
        visits += (await room(server, 1, 0))[0]
        await asyncio.sleep(pause)
    return visits


async def interact(server: Server, times: int) -> list[float]:
    """Return the seconds that each change of the first choice of the dashboard `explore` took."""
    client = SimpleAsyncHTTPClient(force_instance=True, max_body_size=1 << 28)
    headers = {"Authorization": f"token {TOKEN}"}
    answer = await client.fetch(HTTPRequest(server.base, headers=headers, request_timeout=PATIENCE))
    visitor = Visitor(server, client)
    visitor.kernel = json.loads(
        re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', answer.body.decode(), re.S)[1]
    )["kernelId"]
    await visitor.connect()
    known = await visitor.ask_states()
    comm, choices = next(
        (c, len(s["_options_labels"])) for c, s in known.items() if s.get("_model_name") == "DropdownModel"
    )
    return [await visitor.move(comm, {"index": n % choices}) for n in range(1, times + 1)]


def in_browser(server: Server, ready: str) -> tuple[float, float]:
    """Return the seconds until Chromium shows all charts, and until it shows the control too."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        began = time.monotonic()
        page.goto(f"{server.base}?token={TOKEN}", wait_until="commit", timeout=PATIENCE * 1000)
        page.wait_for_function(f"document.querySelectorAll({ready!r}).length >= {CHARTS}", timeout=PATIENCE * 1000)
        charts = time.monotonic() - began
        page.wait_for_selector("select", timeout=PATIENCE * 1000)
        controls = time.monotonic() - began
        page.close(run_before_unload=True)
        browser.close()
    return charts, controls


def tell(what: str, us: float, them: float, unit: str, target: float) -> None:
    """Print a figure of both, their ratio, and the ratio that was set."""
    print(f"{what:<46}{us:>10.2f}{them:>12.2f} {unit:<4}{us / them:>8.3f}   under {target:g}", flush=True)


def whole(visits: list[Visit]) -> list[float]:
    """Return the seconds of the visits that ended well."""
    return sorted(v.whole for v in visits if v.whole is not None) or [float("nan")]


def tenth(seconds: list[float]) -> float:
    """Return the 90th centile: of sixty visitors the 54th."""
    return seconds[max(0, -(-9 * len(seconds) // 10) - 1)]


def main(small: bool) -> None:
    """Run every scenario for both servers and print how they compare."""
    visitors, over, moves = (6, 9.0, 6) if small else (60, 90.0, 30)
    print(
        f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    )
    print(f"{visitors} visitors; {CHARTS} charts and a control; {AREA}\n")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_notebook(home / "page.ipynb")
        print(f"{'':<46}{'this':>10}{'stock':>12} {'':<4}{'ratio':>8}   target", flush=True)
        kept: dict[str, dict[str, object]] = {}
        for name, start, ready in (
            ("this", ours, "figure svg"),
            ("stock", stock, ".vega-embed svg, .vega-embed canvas"),
        ):
            got = kept[name] = {}
            with start(home) as server:
                got["started"], got["alone"] = server.started, asyncio.run(alone(server, 3 if small else 5))
                got["browser"] = in_browser(server, ready) if Path(CHROMIUM).exists() else None
            with start(home) as server:
                got["at once"] = asyncio.run(room(server, visitors, 0))
            with start(home) as server:
                got["spread"] = asyncio.run(room(server, visitors, over))
        us, them = kept["this"], kept["stock"]
        median = [statistics.median(whole(k["alone"])) for k in (us, them)]
        tell("one visitor, all charts and the control", *median, "s", 0.25)
        if us["browser"]:
            tell("  the same in Chromium, all charts", us["browser"][0], them["browser"][0], "s", 0.25)
            tell("  the same in Chromium, the control too", us["browser"][1], them["browser"][1], "s", 1)
        tell(f"{visitors} at once, the last", *(max(whole(k["at once"][0])) for k in (us, them)), "s", 0.5)
        tell(
            f"{visitors} at once, the middle one",
            *(statistics.median(whole(k["at once"][0])) for k in (us, them)),
            "s",
            0.5,
        )
        tell(
            f"{visitors} over {over:.0f} s, 90th centile",
            *(tenth(whole(k["spread"][0])) for k in (us, them)),
            "s",
            0.05,
        )
        tell(
            f"{visitors} over {over:.0f} s, the middle one",
            *(statistics.median(whole(k["spread"][0])) for k in (us, them)),
            "s",
            0.05,
        )
        tell(f"memory for {visitors} visitors", us["spread"][1], them["spread"][1], "MB", 0.6)
        tell("  a visitor", us["spread"][1] / visitors, them["spread"][1] / visitors, "MB", 0.6)
        tell("from the command to the first page", us["started"], them["started"], "s", float("inf"))
        for name, got in kept.items():
            faults = [v.fault for key in ("at once", "spread") for v in got[key][0] if v.fault]
            print(f"refused or broken, {name}: {len(faults)} of {2 * visitors} {faults[:3]}", flush=True)
        with stock(home, "--preheat_kernel=True", "--pool_size=4") as server:
            time.sleep(30 if small else 60)  # until its pool has settled
            pool = statistics.median(whole(asyncio.run(alone(server, 3, pause=15))))
        print(f"one visitor, stock Voila with a settled pool of four: {pool:.2f} s", flush=True)
        with ours(home, "explore", LARGEST) as server:
            moved = asyncio.run(interact(server, moves))
        middle, late = 1000 * statistics.median(moved), 1000 * tenth(sorted(moved))
        print(
            f"a choice changed in explore, {LARGEST_AREA}: median {middle:.0f} ms, 90th centile {late:.0f} ms (target 300)"
        )


if __name__ == "__main__":
    main("small" in sys.argv[1:])
