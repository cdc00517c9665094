"""Voila as this project serves it: the notebook has run before anyone comes, and strangers get nothing.

What differs from Voila: the page is made once and sent whole; a visitor's kernel is a copy of the one that has run the
notebook; requests under a foreign name are refused; there are only so many places. Voila's own page script, web sockets,
filters of messages and login stay in use.
"""

from __future__ import annotations

import errno
import logging
import re
import signal
import tempfile
import uuid
from copy import deepcopy
from html import escape
from typing import Any

import tornado.web
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from voila.app import Voila
from voila.utils import get_page_config

from pace_nb.dashboards import notices
from pace_nb.dashboards.cold import run_in_kernel
from pace_nb.dashboards.find import Dashboard
from pace_nb.dashboards.log import log_request, quieten
from pace_nb.dashboards.page import STATIC, Page, make_page
from pace_nb.dashboards.settings import HEADERS, Settings, configure, policy
from pace_nb.errors import PaceError, ParameterError

UNUSED_SECONDS = 60  # a kernel that no page has connected to by then is ended
#: What the page's script needs of JupyterLab's extensions; any other would be loaded and run for nothing.
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget")
#: What Voila and jupyter_server serve besides, and no dashboard needs: what is not there cannot be wrong.
NOT_SERVED = ("/voila/templates/", "/voila/files/", "/logout")
_log = logging.getLogger("pace-nb")


class PageHandler(JupyterHandler):
    """The dashboard's page. The kernel starts while the page is read."""

    def initialize(self, server: Server) -> None:
        """Take the server whose page this is."""
        self.server = server

    @tornado.web.authenticated
    async def get(self) -> None:
        """Send the page, then what connects it with a kernel of its own; a polite page where every place is taken."""
        if self.get_query_argument("token", None) is not None:
            self.redirect(self.base_url)  # signed in by now; the token need not stay in the address
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", policy(self.request.host, self.server.settings.secure))
        if not self.server.take_place():
            self.set_status(503)
            self.set_header("Retry-After", "30")
            self.finish(notices.full(self.server.settings.visitors))
            return
        _ = self.xsrf_token  # a cookie that lets the page give its kernel back when it is closed
        try:
            if self.server.page is not None:
                self.write(self.server.page.reading)
                await self.flush()
            self.finish(await self.server.finish_page())
        finally:
            self.server.arriving -= 1


class LoginHandler(LoginFormHandler):
    """Asks for the token, in a page that needs no script."""

    def _render(self, message: Any = None) -> None:
        target = escape(self.get_argument("next", default=self.base_url))
        action = f"{self.base_url}login?next={target}"
        self.finish(notices.login(action, self.xsrf_form_html(), refused=message is not None))


class FileHandler(tornado.web.StaticFileHandler):
    """The template's own script; nothing else lies there."""


class RefusingHandler(tornado.web.RequestHandler):
    """Answers everything with one status and one small page."""

    def initialize(self, status: int, page: str) -> None:
        """Take what to answer."""
        self.status, self.page = status, page

    def set_default_headers(self) -> None:
        """Send the headers that every page has."""
        for name, value in {**HEADERS, "Content-Security-Policy": policy()}.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse, whatever is asked for."""
        self.set_status(self.status)
        self.finish(self.page)


class Server(Voila):
    """Voila with one dashboard. page: what everybody sees; None where each visitor's kernel has to run the notebook itself."""

    dashboard: Dashboard
    settings: Settings
    page: Page | None
    arriving = 0  # visitors whose kernel does not count yet

    @classmethod
    def of(cls, dashboard: Dashboard, settings: Settings, page: Page | None) -> Server:
        """Return a server that is ready to start."""
        server = cls(config=configure(settings), notebook_path=str(dashboard.path))
        server.dashboard, server.settings, server.page = dashboard, settings, page
        server.initialize([])
        quieten(server.log)
        if hasattr(signal, "SIGHUP"):  # the terminal was closed
            signal.signal(signal.SIGHUP, server._handle_signal_stop)
        return server

    def init_settings(self) -> dict[str, Any]:
        """Return Tornado's settings: Voila's, a login page of our own, and a log that keeps tokens to itself."""
        settings = super().init_settings()
        self.identity_provider.login_handler_class = LoginHandler
        return {**settings, "log_function": log_request, "xsrf_cookies": True}

    def init_handlers(self) -> list:
        """Return Voila's handlers with our page in place of its own, and without its way to files by any other name."""
        *handlers, _page = super().init_handlers()
        prefix = re.escape(self.server_url)
        return [
            *(h for h in handlers if not any(path in h[0] for path in NOT_SERVED)),
            (rf"{prefix}pace/((?:dashboard|no-formulas)\.js)", FileHandler, {"path": str(STATIC)}),
            (rf"{prefix}$", PageHandler, {"server": self}),
            (r".*", RefusingHandler, {"status": 404, "page": notices.not_there()}),
        ]

    def start(self) -> None:
        """Serve until stopped by Ctrl-C or SIGTERM."""
        self.connection_dir = tempfile.mkdtemp(prefix="pace-", dir=self.connection_dir_root)
        self.app = tornado.web.Application(**self.init_settings(), default_host="")
        self.app.settings.update(self.tornado_settings)
        self.app.wildcard_router.rules.clear()
        handlers = self.init_handlers()
        self.app.add_handlers(_any_of(self.settings.hosts), handlers)
        # A foreign page may have given its own name this computer's address: by such a name there is nothing.
        self.app.add_handlers(".*", [(r".*", RefusingHandler, {"status": 421, "page": notices.wrong_host()})])
        self.page_config = _page_config(self)
        self.listen()

    def listen(self) -> None:
        """Open the port, say where, and serve. Raises ParameterError where the address or the port cannot be had.

        A port that is taken gives way to another, but not behind a proxy, which asks at the one that it was told.
        """
        try:
            sockets = bind_sockets(self.port, self.ip)
        except OSError as refused:
            if refused.errno != errno.EADDRINUSE or self.settings.public:
                raise ParameterError(
                    f"The dashboard cannot listen on {self.ip}, port {self.port}: {(refused.strerror or 'refused').lower()}.",
                    do="give --ip an address of this computer, or leave it out; give --port a number that is free.",
                ) from None
            sockets = bind_sockets(0, self.ip)
        self.port = sockets[0].getsockname()[1]
        http = HTTPServer(self.app, xheaders=bool(self.settings.public))
        http.add_sockets(sockets)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.on_open)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            http.stop()
            self.stop()

    def on_open(self) -> None:
        """Do what has to be done once people can come; the launcher puts its own in place."""

    def take_place(self) -> bool:
        """Take a place for a visitor, if one is free; it is theirs until their kernel ends."""
        if len(self.kernel_manager.list_kernel_ids()) + self.arriving >= self.settings.visitors:
            return False
        self.arriving += 1
        return True

    async def finish_page(self) -> str:
        """Start a kernel for a visitor and return the end of their page; a sentence where it cannot be started."""
        kernel_id = str(uuid.uuid4())
        try:
            await self.kernel_manager.start_kernel(kernel_name="python3", kernel_id=kernel_id, path="")
            begin, page = "", self.page
            if page is None:
                outputs = await run_in_kernel(self.dashboard.path, self.kernel_manager.get_kernel(kernel_id))
                page = make_page(self.dashboard, outputs)
                begin = page.reading
        except Exception as failed:  # whatever it is, the visitor gets a sentence and the log its kind
            _log.warning("a kernel could not be started: %s", type(failed).__name__)
            if kernel_id in self.kernel_manager:  # it would hold a place that nobody has
                await self.kernel_manager.shutdown_kernel(kernel_id, now=True)
            if self.page is None:
                return notices.not_shown(str(failed) if isinstance(failed, PaceError) else "")
            return notices.fault() + self.page.ending
        self.ioloop.call_later(UNUSED_SECONDS, self._end_if_unused, kernel_id)
        config = {**deepcopy(self.page_config), "kernelId": kernel_id}
        return begin + page.scripts(self.base_url, config, f"{self.page_config['fullStaticUrl']}/voila.js")

    async def _end_if_unused(self, kernel_id: str) -> None:
        kernels = self.kernel_manager
        if kernel_id in kernels and not kernels.kernel_model(kernel_id)["connections"]:
            await kernels.shutdown_kernel(kernel_id, now=True)


def _any_of(hosts: tuple[str, ...]) -> str:
    return "(" + "|".join(re.escape(h) for h in hosts) + ")$"


def _page_config(server: Server) -> dict[str, Any]:
    """Return what Voila's page script needs to know: where things lie, and which extensions to load."""
    config = get_page_config(server.base_url, server.app.settings, server.log, server.voila_configuration)
    extensions = [e for e in config["federated_extensions"] if e["name"] in EXTENSIONS]
    return {
        **config,
        "baseUrl": server.base_url,
        "themesUrl": url_path_join(server.base_url, "voila/api/themes"),
        "fullMathjaxUrl": url_path_join(server.base_url, "pace/no-formulas.js"),
        "mathjaxConfig": "none",
        "federated_extensions": extensions,
        "jupyterLabTheme": server.voila_configuration.theme,
    }
