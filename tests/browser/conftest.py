"""A real browser with the network off, and what it notes of a page."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("PACE_NB_CHROMIUM") or next((p for n in names if (p := shutil.which(n))), None)


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where pictures of pages are kept to be looked at after the tests, until the next ones; git does not see the folder."""
    folder = Path(__file__).parent.parent.parent / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def browser():
    path = chromium()
    if path is None:
        pytest.skip("needs Chromium: apt-get install chromium, or set PACE_NB_CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield started
        started.close()


_HAS = """names => {
    const pen = document.createElement('canvas').getContext('2d');
    const wide = font => { pen.font = '72px ' + font; return pen.measureText('mmmWWlli').width; };
    return names.some(n => ['serif', 'monospace'].every(other => wide(`"${n}", ${other}`) !== wide(other)));
}"""


@pytest.fixture(scope="module")
def arial(browser):
    """The letters that our own drawings are measured for; other letters are wider, and boxes grow on paper."""
    page = browser.new_page()
    there = page.evaluate(_HAS, ["Arial", "Liberation Sans"])
    page.close()
    if not there:
        pytest.skip("needs the letters of Arial: apt-get install fonts-liberation")


@pytest.fixture
def visit(browser):
    """Return a function that opens a page without a network and notes all that it asks for and complains of."""
    contexts = []

    def to(path: Path, width: int = 1280, height: int = 900):
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.noted = []
        page.on("console", lambda m: page.noted.append(f"console: {m.text}"))
        page.on("pageerror", lambda e: page.noted.append(f"error: {e}"))
        page.on("dialog", lambda d: (page.noted.append(f"dialog: {d.message}"), d.dismiss()))
        page.on(
            "request", lambda r: r.url.split("#")[0] != path.as_uri() and page.noted.append(f"request: {r.url[:80]}")
        )
        page.goto(path.as_uri())
        return page

    yield to
    for context in contexts:
        context.close()
