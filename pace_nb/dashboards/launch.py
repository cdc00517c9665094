"""Starts a dashboard: runs its notebook, serves its page, says where it is and how to stop it, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import webbrowser
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import nbformat

from pace_nb.dashboards.find import Dashboard
from pace_nb.dashboards.kernels import AVAILABLE, Ran, Warm, WarmProvisioner, threads_that_matter
from pace_nb.dashboards.page import Page, make_page
from pace_nb.dashboards.server import Server
from pace_nb.dashboards.settings import TOKEN, Settings, is_loopback
from pace_nb.errors import DataError
from pace_nb.session import DASHBOARD

IMPORTS = "import pace_nb, ipywidgets\nfor name in pace_nb.__all__: getattr(pace_nb, name)"


def make_token() -> str:
    """Return the token that the environment gives, or a new one that nobody can guess (256 bits)."""
    return os.environ.get(TOKEN) or secrets.token_urlsafe(32)


def serve(
    dashboard: Dashboard,
    parameters: dict[str, str],
    settings: Settings,
    tell: Callable[[str], None],
    browser: bool = True,
) -> None:
    """Serve a dashboard until it is stopped by Ctrl-C or SIGTERM.

    parameters: of the notebook, by name. tell: says a line to whoever started it. browser: whether to open the page here.
    Raises DataError if the notebook cannot be run with these parameters, or would show what its audience may not see.
    """
    with tempfile.TemporaryDirectory(prefix="pace-dashboard-") as private:  # for this user's eyes only (mode 0700)
        given = Path(private) / "parameters.json"
        given.write_text(json.dumps(parameters), encoding="utf-8")
        os.environ[DASHBOARD] = str(given)
        warm = None
        try:
            tell("The notebook is being run; this takes a moment …")
            warm, page = prepare(dashboard)
            if warm is None:
                tell("On this computer each visitor waits until the notebook has run for them.")
            server = Server.of(dashboard, settings, page)
            server.on_open = lambda: _announce(server, tell, Path(private) if browser else None)
            server.start()
        finally:
            WarmProvisioner.warm = None
            if warm is not None:
                warm.stop()
            del os.environ[DASHBOARD]
    tell("The dashboard has ended; nothing of it is left running.")


def prepare(dashboard: Dashboard) -> tuple[Warm | None, Page | None]:
    """Run the notebook in a process that will be copied for each visitor, and make the page.

    There is no page where each visitor's own kernel has to run the notebook: where the dashboard is to be fresh; and no process
    either where none can be copied safely, because the system does not fork or a library of the notebook has started threads.
    """
    if not AVAILABLE:
        return None, None
    notebook = nbformat.read(dashboard.path, as_version=4)
    cells = [(n, c.source) for n, c in enumerate(notebook.cells) if c.cell_type == "code" and c.source.strip()]
    warm = Warm(cells, str(dashboard.path.parent.resolve()))
    try:
        ran = warm.run()
        _refuse_faults(dashboard, ran)
        if threads_that_matter(ran.threads):
            warm.stop()
            return None, None
        page = make_page(dashboard, ran.outputs)
        if dashboard.fresh:  # it was run to see that it can be; what is copied has only imported what it needs
            warm.stop()
            warm, page = Warm([(0, IMPORTS)], warm.cwd), None
            warm.run()
    except BaseException:
        warm.stop()
        raise
    WarmProvisioner.warm = warm
    return warm, page


def address(settings: Settings, port: int) -> str:
    """Return the address that people open, with the token."""
    host = f"[{settings.ip}]" if ":" in settings.ip else settings.ip
    begin = settings.public.rstrip("/") + "/" if settings.public else f"http://{host}:{port}{settings.base_path}"
    return f"{begin}?token={settings.token}"


def _refuse_faults(dashboard: Dashboard, ran: Ran) -> None:
    faults: list[dict[str, Any]] = [
        o for outputs in ran.outputs.values() for o in outputs if o["output_type"] == "error"
    ]
    if faults and faults[0]["evalue"]:  # one that the reader can mend
        raise DataError(f"The dashboard '{dashboard.name}' cannot be shown. {faults[0]['evalue']}")
    if faults:
        raise DataError(
            f"The dashboard '{dashboard.name}' cannot be shown: its notebook stopped with {faults[0]['ename']}.",
            do="open the notebook in JupyterLab with the same parameters to see where.",
        )


def _announce(server: Server, tell: Callable[[str], None], private: Path | None) -> None:
    settings = server.settings
    where = address(settings, server.port)
    tell(f"{server.dashboard.title}\n\n    {where}\n")
    here = "Only this computer can reach it. " if is_loopback(settings.ip) and not settings.public else ""
    tell(
        f"{here}Whoever has this address can open it, up to {settings.visitors} at once. A page that is not used for "
        f"{settings.idle_minutes} minutes gives up its place."
    )
    if server.page is not None:
        tell(server.page.marking)
    if settings.public:
        tell(f"The proxy in between has to send that address on to {settings.ip}, port {server.port}.")
    if not is_loopback(settings.ip) and not settings.secure:
        tell(
            "What it sends is not encrypted: anybody on this network can read it. docs/dashboards.md says how to change that."
        )
    tell("To stop it, press Ctrl-C here.")
    if private is not None:  # through a file: the list of processes, which others can see, would show the token
        opener = private / "open.html"
        opener.write_text(
            f'<!DOCTYPE html><meta http-equiv="refresh" content="0;url={escape(where)}"><title>Opening</title>',
            encoding="utf-8",
        )
        webbrowser.open(opener.as_uri())
