"""How a dashboard is served: every setting that keeps it safe stands here, once, with its reason.

Nothing here opens, starts or reads anything; `pace_nb.dashboards.server` does what is said here.
"""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pace_nb.errors import ParameterError

if TYPE_CHECKING:
    from traitlets.config import Config

#: Environment variable with a token of one's own; without it a new one is made for each start.
TOKEN = "PACE_NB_DASHBOARD_TOKEN"
TOKEN_LENGTH = 16  # characters; what is shorter can be guessed in an evening
VISITORS = 80  # kernels at once: 80 take about 2 GB with an area of 600 children (docs/dashboards.md)
IDLE_MINUTES = 20
PORT = 8866  # Voila's own
LOOPBACK = ("localhost", "127.0.0.1", "::1")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # an address may hold the token; with less the browser would not say where forms come from
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@dataclass(frozen=True)
class Settings:
    """Where a dashboard is served, to whom, and to how many.

    ip: the address that it listens on. public: the address that people type, where that is another (behind a proxy). visitors:
    how many pages may be open at once. idle_minutes: after how long without use a page's kernel is ended.
    """

    token: str
    ip: str = "127.0.0.1"
    port: int = PORT
    public: str = ""
    visitors: int = VISITORS
    idle_minutes: float = IDLE_MINUTES

    @property
    def secure(self) -> bool:
        """Whether people reach it through TLS, which ends at a proxy."""
        return urlsplit(self.public).scheme == "https"

    @property
    def base_path(self) -> str:
        """The path that every address of the dashboard begins with: "/" or "/…/"."""
        return f"/{urlsplit(self.public).path.strip('/')}/".replace("//", "/")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names by which it may be asked for. Any other is refused: a foreign page may give its own name this address."""
        named = urlsplit(self.public).hostname
        own = () if self.ip in (*LOOPBACK, "0.0.0.0", "::") else (self.ip,)
        return (*LOOPBACK, *own, *((named,) if named else ()))


def is_loopback(ip: str) -> bool:
    """Tell whether an address can be reached from this computer only.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("events.example")
    (True, True, False, False)
    """
    try:
        return ip == "localhost" or ipaddress.ip_address(ip).is_loopback
    except ValueError:
        return False


def check(settings: Settings, audience: str, working_on_network: bool) -> None:
    """Refuse settings under which strangers could see a page. Raises ParameterError.

    audience: for whom the dashboard is. working_on_network: that a dashboard of single children may be reached from elsewhere
    was said plainly.
    """
    faults = []
    if len(settings.token) < TOKEN_LENGTH:
        faults.append(f"the token is shorter than {TOKEN_LENGTH} characters")
    if not settings.token.isascii() or re.search(r"[\s&#%+/?=]", settings.token):
        faults.append("the token has characters that an address cannot hold")
    if settings.public and urlsplit(settings.public).scheme not in ("http", "https"):
        faults.append("the public address does not begin with https:// or http://")
    if settings.ip in ("0.0.0.0", "::") and not settings.public:
        faults.append(f"it would listen on {settings.ip} without knowing by which name people ask for it")
    if not 1 <= settings.visitors <= 500:
        faults.append("the number of visitors is not between 1 and 500")
    if settings.idle_minutes < 1:
        faults.append("a page would end at once")
    reached = not is_loopback(settings.ip) or bool(settings.public)
    if audience == "working" and reached and not working_on_network:
        faults.append("it shows single children, and it could be reached from other computers")
    if audience == "working" and reached and not settings.secure:
        faults.append(
            "it shows single children, and what it sends would not be encrypted: --public-url has to be https"
        )
    if faults:
        raise ParameterError(
            "The dashboard is not started.",
            where=faults,
            do="leave --ip and --public-url out to show it on this computer only, or read docs/dashboards.md.",
        )


def policy(host: str = "", secure: bool = False) -> str:
    """Return the content-security policy: nothing is fetched from elsewhere, run from the page's text, or sent away.

    No script stands in the page and none is made from text ('unsafe-inline' and 'unsafe-eval' are absent for scripts);
    controls bring styles of their own. A control's script comes from its kernel and is loaded as a blob, which only a script
    that runs already can make. host: name and port by which the dashboard's page was asked for, blank for any other page. The
    page's web socket is named because not every browser counts one as 'self', with TLS (secure) or without, never both;
    and only the page that asks for the token has a form.
    """
    socket = f" {'wss' if secure else 'ws'}://{host}" if host else ""
    return (
        "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src data:; "
        f"connect-src 'self'{socket}; base-uri 'none'; form-action '{'none' if host else 'self'}'; frame-ancestors 'none'"
    )


def configure(settings: Settings) -> Config:
    """Return Voila's settings. What they must hold, with evidence, is in docs/dashboards.md."""
    from traitlets.config import Config  # only where a server is started: every command imports this module

    return Config(
        {
            "Voila": {
                "ip": settings.ip,
                "port": settings.port,
                "base_url": settings.base_path,
                "token": settings.token,
                "open_browser": False,  # the launcher opens it: Voila would write the address into a file
                "log_level": "WARN",
                "config_file_paths": [],  # a voila.json lying somewhere must not undo what is said here
                "tornado_settings": {
                    "headers": {**HEADERS, "Content-Security-Policy": policy()},
                    "xsrf_cookie_kwargs": {"samesite": "Strict", "secure": settings.secure},
                    "ws_ping_timeout": 30_000,  # as long as the interval between pings, which is the most that Tornado takes
                    "websocket_max_message_size": 1
                    << 20,  # controls send little; Tornado's own limit is ten times this
                },
            },
            "VoilaConfiguration": {
                "file_allowlist": [],  # pictures are served without the token otherwise
                "strip_sources": True,
                "show_tracebacks": False,
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
            },
            "IdentityProvider": {
                "cookie_options": {"httponly": True, "samesite": "Strict"},
                "secure_cookie": settings.secure,
            },
            "MappingKernelManager": {
                "cull_idle_timeout": int(settings.idle_minutes * 60),
                "cull_interval": max(1, min(30, int(settings.idle_minutes * 15))),
                "cull_connected": True,  # a page left open on a phone holds its place otherwise
                "cull_busy": False,
                "buffer_offline_messages": False,
                "allow_tracebacks": False,
            },
            # Files of this user only, where TCP would be open to every user of the computer; Windows has nothing else.
            "KernelManager": {"transport": "ipc" if os.name == "posix" else "tcp"},
            "KernelRestarter": {"restart_limit": 0},  # a new kernel would not know what the page shows
            "KernelProvisionerFactory": {"default_provisioner_name": "pace-warm"},
        }
    )
