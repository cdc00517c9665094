"""Pages printed as PDF by a browser that is started once for all of them, with the network off and no script run.

The browser is spoken to through two pipes and not through a port, on which others of the same computer could listen. Where there are
no such pipes (Windows), each page is printed by a start of its own. A PDF is taken only if each of its sheets carries the
marking: a browser that cannot print what stands in the margins makes none.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import selectors
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pace_nb.batch.child_links import untie
from pace_nb.handouts.render import find_browser, print_pdf
from pace_nb.leaks.pdf import pages_of

SECONDS = 60  # that one page may take
NO_BROWSER = (
    "No PDF: there is no Chromium, Chrome or Edge on this computer. Install one, or set PACE_NB_CHROMIUM to its path."
)
NOT_PRINTED = "No PDF: the browser did not print this page."
NOT_MARKED = "No PDF: the browser did not print the marking on each sheet. A newer one (Chromium 131 or later) does."
NOT_READ = (
    "No PDF: what the browser printed cannot be read back, so it cannot be searched for what it must not tell. Tell the developers "
    "which browser it was."
)
_PRINT = {
    "printBackground": True,
    "preferCSSPageSize": True,
    "displayHeaderFooter": False,
    "generateTaggedPDF": True,
    "generateDocumentOutline": True,
    "transferMode": "ReturnAsBase64",
}
_FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--proxy-server=127.0.0.1:9",  # nothing listens there: a page asks for nothing, and gets nothing
)
_ELSEWHERE = re.compile(r'\s(?:xlink:)?href="(?!#)[^"]*"')
_WHEN = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")
_NODE = re.compile(rb"\(node(\d+)\)")


class BrowserLost(Exception):
    """The browser ended, or does not answer."""


class Browser:
    """A browser that prints. Use it as `with open_browser() as browser`."""

    def __init__(self, program: str) -> None:
        self._profile = tempfile.mkdtemp(prefix="pace-nb-")
        theirs_in, self._write = os.pipe()
        self._read, theirs_out = os.pipe()
        high = [_out_of_the_way(fd) for fd in (theirs_in, theirs_out)]
        flags = [*_FLAGS, f"--user-data-dir={self._profile}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        actions = [
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, high[0], 3),
            (os.POSIX_SPAWN_DUP2, high[1], 4),
        ]
        try:
            self._pid = os.posix_spawn(program, [program, *flags], os.environ, file_actions=actions, setpgroup=0)
        finally:
            for fd in high:
                os.close(fd)
        self._number, self._held = 0, b""

    def print(self, page: Path) -> bytes:
        """Return a page as PDF. Raises BrowserLost where the browser does not answer, OSError if the page cannot be read."""
        copy = _without_links(page, Path(self._profile))
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Emulation.setScriptExecutionDisabled", session, value=True)
        self._ask("Page.enable", session)
        self._ask("Page.navigate", session, url=copy.as_uri())
        self._until(lambda told: told.get("method") == "Page.loadEventFired" and told.get("sessionId") == session)
        printed = base64.b64decode(self._ask("Page.printToPDF", session, **_PRINT)["data"])
        self._ask("Target.closeTarget", targetId=target)
        return printed

    def close(self) -> None:
        """End the browser and remove what it wrote."""
        with contextlib.suppress(BrowserLost, OSError):
            self._ask("Browser.close")
        for fd in (self._write, self._read):
            os.close(fd)
        until = time.monotonic() + 5
        while os.waitpid(self._pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > until:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                break
            time.sleep(0.02)
        shutil.rmtree(self._profile, ignore_errors=True)

    def _ask(self, method: str, session: str = "", **given: Any) -> dict[str, Any]:
        self._number += 1
        number = self._number
        asked = {"id": number, "method": method, "params": given} | ({"sessionId": session} if session else {})
        try:
            _write_all(self._write, json.dumps(asked).encode() + b"\0")
        except OSError:
            raise BrowserLost from None
        answer = self._until(lambda told: told.get("id") == number)
        if "result" not in answer:
            raise BrowserLost
        return answer["result"]

    def _until(self, wanted) -> dict[str, Any]:
        """Return the first message that is wanted; the others are of no use here."""
        until = time.monotonic() + SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(self._read, selectors.EVENT_READ)
            while True:
                while b"\0" in self._held:
                    message, self._held = self._held.split(b"\0", 1)
                    told = json.loads(message)
                    if wanted(told):
                        return told
                if not selector.select(max(0, until - time.monotonic())):
                    raise BrowserLost
                more = os.read(self._read, 1 << 20)
                if not more:
                    raise BrowserLost
                self._held += more


def _out_of_the_way(fd: int) -> int:
    """Return a copy of a file descriptor with a number that is neither 3 nor 4, which are the browser's own ends."""
    import fcntl

    high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(fd)
    return high


def _write_all(fd: int, content: bytes) -> None:
    while content:
        content = content[os.write(fd, content) :]


@contextlib.contextmanager
def open_browser() -> Iterator[Browser | None]:
    """Yield a browser that prints many pages; None where there is none, or no pipes to speak to it."""
    program = find_browser()
    if program is None or os.name == "nt":
        yield None
        return
    browser = Browser(program)
    try:
        yield browser
    finally:
        browser.close()


def print_page(browser: Browser | None, page: Path) -> bytes | str:
    """Return a page as it was printed, or a sentence on why it was not.

    browser: from `open_browser`; without one, the page is printed by a start of its own. Raises BrowserLost if the browser does
    not answer.
    """
    if browser is None and find_browser() is None:
        return NO_BROWSER
    with tempfile.TemporaryDirectory(prefix="pace-nb-") as folder:
        copy = Path(folder) / page.name
        copy.write_bytes(untie(page.read_bytes().decode()).encode())  # on paper, links to other pages lead nowhere
        if browser is not None:
            return browser.print(copy)
        printed = print_pdf(copy)
        return NOT_PRINTED if printed is None else printed.read_bytes()


def _without_links(page: Path, folder: Path) -> Path:
    """Copy a page into a folder without its links to other files: a PDF would hold the path at which they lay on this computer."""
    copy = folder / "page.html"
    copy.write_text(_ELSEWHERE.sub("", page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    return copy


def settle(pdf: bytes, day: date) -> bytes:
    """Return a PDF without what changes from one printing to the next: when it was printed, and the browser's own numbering.

    Nothing becomes longer or shorter, as the file says of each piece where it begins.

    >>> settle(b"/CreationDate (D:20261123072905+00'00') (node00000041)", date(2019, 7, 31))
    b"/CreationDate (D:20190731000000+00'00') (node00000001)"
    """
    pdf = _WHEN.sub(rb"\g<1>" + f"{day:%Y%m%d}000000".encode(), pdf)
    seen: dict[bytes, int] = {}

    def again(found: re.Match[bytes]) -> bytes:
        number = seen.setdefault(found[1], len(seen) + 1)
        return b"(node" + str(number).zfill(len(found[1])).encode() + b")"

    return _NODE.sub(again, pdf)


def is_marked(pdf: bytes, marking: str) -> bool:
    """Tell whether each sheet carries the marking, as far as letters go: spaces are the browser's. Raises Unclear."""
    sheets = pages_of(pdf)
    wanted = marking.replace(" ", "")
    return bool(sheets) and all(wanted in re.sub(r"\s", "", sheet) for sheet in sheets)
