"""A dashboard that is really served on this computer, for tests to knock at."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import nbformat

TOKEN = "only-for-tests-0123456789"


def write_dashboard(
    path: Path, *sources: str, audience: str = "aggregate", needs: str = "nothing", **about: bool
) -> Path:
    """Write a dashboard: sources that begin with # are Markdown. about: what else it says of itself."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = {"pace": {"dashboard": {"audience": audience, "needs": needs, **about}}}
    for number, source in enumerate(sources):
        text = source.startswith("#")
        cell = nbformat.v4.new_markdown_cell(source) if text else nbformat.v4.new_code_cell(source)
        cell.id = f"c{number:02}"
        notebook.cells.append(cell)
    nbformat.write(notebook, path)
    return path


@dataclass
class Answer:
    """What came back, read whole."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Served:
    """A running dashboard."""

    process: subprocess.Popen
    base: str
    log: Path

    @property
    def address(self) -> str:
        return f"{self.base}?token={TOKEN}"

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc

    def ask(self, path: str = "/", method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        """Ask for a path, following nothing; underscores in names of headers are hyphens."""
        connection = HTTPConnection(self.host, timeout=60)
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        answer: HTTPResponse = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, text)
        found.headers["set-cookie"] = "\n".join(answer.msg.get_all("set-cookie") or [])
        connection.close()
        return found

    def sign_in(self) -> str:
        """Return the cookie of somebody who has the token."""
        return self.ask(f"/?token={TOKEN}").headers["set-cookie"].split(";")[0]

    def open_page(self, cookie: str) -> tuple[Answer, str]:
        """Open the page as a visitor; return it, and the id of the visitor's kernel."""
        page = self.ask("/", Cookie=cookie)
        config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.text)
        assert config, page.text[-600:]
        return page, json.loads(config[1])["kernelId"]

    def close_page(self, cookie: str, kernel: str) -> None:
        """End a visitor's kernel, as a page does that is closed."""
        self.ask(f"/api/kernels/{kernel}", "DELETE", Authorization=f"token {TOKEN}")

    def told(self) -> str:
        """Return all that the server has written so far."""
        return self.log.read_text(encoding="utf-8")

    def kernels(self) -> list[int]:
        """Return the process ids of the kernels that run."""
        warm = children(self.process.pid)
        return [k for w in warm for k in children(w)]


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(p) for p in found]


def wait_until(true, seconds: float = 30) -> bool:
    """Wait until something is true; tell whether it became so."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return bool(true())


@contextmanager
def served(folder: Path, *arguments: str, script: str = "") -> Iterator[Served]:
    """Start `pace-nb dashboard` with these arguments on a port that the system chooses, or a script that serves; end it in the end."""
    log = folder / "server.log"
    environment = {**os.environ, "PACE_NB_DASHBOARD_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "pace_nb", "dashboard", *arguments, "--no-browser", "--port", "0"]
    if script:
        command = [sys.executable, "-c", script]
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=environment)
    try:
        wait_until(lambda: "To stop it" in log.read_text() or process.poll() is not None, 180)
        address = re.search(r"(http://\S+/)\?token=", log.read_text())
        assert address, log.read_text()
        yield Served(process, address[1], log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
