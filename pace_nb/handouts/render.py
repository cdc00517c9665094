"""From a template to a file: HTML that asks for nothing and runs nothing, and PDF where there is a browser to print it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pace_nb.batch.export import AGGREGATE, POLICY
from pace_nb.paths import TEMPLATES

#: Programs that print a page as PDF, in the order in which they are looked for; PACE_NB_CHROMIUM names another.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
_SECONDS = 120


def render(folder: str, name: str, **values: Any) -> str:
    """Return a template of a folder of `templates`, filled; every value is escaped unless the template says otherwise."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    given = {"policy": POLICY, "version": version("pace-nb"), "marking": AGGREGATE, **values}
    return environment.get_template(name).render(given)


def write(path: Path, text: str) -> Path:
    """Write a file under its final name only once it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    return partial.replace(path)


def find_browser() -> str | None:
    """Return the program that can print a page as PDF, or None."""
    return os.environ.get("PACE_NB_CHROMIUM") or next((p for n in BROWSERS if (p := shutil.which(n))), None)


def print_pdf(page: Path) -> Path | None:
    """Print a page as PDF beside it, with the network off; None where there is no browser, or it does not print."""
    browser = find_browser()
    if browser is None:
        return None
    target, partial = page.with_suffix(".pdf"), page.with_suffix(".pdf.partial")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            "--headless=new",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--proxy-server=127.0.0.1:9",  # nothing listens there: the page asks for nothing, and gets nothing
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={partial.resolve()}",
            page.resolve().as_uri(),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium does not run as root otherwise
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
    return partial.replace(target) if partial.exists() else None
