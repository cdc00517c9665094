"""The small pages that a dashboard shows in place of itself, and the sentence that stands for a fault."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from pace_nb.paths import TEMPLATES


def full(visitors: int) -> str:
    """Return the page for who comes when every place is taken; it tries again by itself."""
    places = f"All {visitors} places are" if visitors > 1 else "The only place is"
    return _notice(
        "This dashboard is full",
        f"<p>{places} taken at the moment. A place becomes free when somebody closes the page.</p>"
        "<p>This page tries again by itself every 30 seconds; there is nothing you need to do.</p>",
        head='<meta http-equiv="refresh" content="30">',
    )


def wrong_host() -> str:
    """Return the page for who asks for the dashboard by a name that it does not have."""
    return _notice(
        "This is not the dashboard's address",
        "<p>The dashboard answers only to the address that was printed when it was started. Ask whoever started it for that "
        "address; if people are to reach it under another one, it has to be started with <code>--public-url</code>.</p>",
    )


def not_there() -> str:
    """Return the page for who asks for something that a dashboard does not have; it has one page."""
    return _notice(
        "There is nothing here",
        "<p>The dashboard is one page, at the address that was printed when it was started.</p>",
    )


def login(action: str, xsrf: str, refused: bool) -> str:
    """Return the page that asks for the token. action: where the form goes; xsrf: its hidden field; refused: tried before."""
    wrong = '<p class="conclusion" role="alert">That was not the right token. Nothing was shown.</p>' if refused else ""
    return _notice(
        "Sign in to the dashboard",
        f'{wrong}<p>The token is the last part of the address that was printed when the dashboard was started.</p><form method="post" '
        f'action="{action}">{xsrf}<p><label for="token">Token</label><br><input id="token" name="password" type="password" '
        'autocomplete="off" required autofocus style="font:inherit;padding:.5rem;width:min(26rem,100%)"></p>'
        '<p><button style="font:inherit;padding:.5rem 1.2rem">Sign in</button></p></form>',
    )


def fault() -> str:
    """Return what is said where a page cannot be given its controls."""
    return (
        '<p class="lost" role="alert">The controls of this page could not be started. What you see stays right; to try again, '
        "load the page again.</p>"
    )


def not_shown(words: str) -> str:
    """Return the page where the notebook of a visitor stopped. words: what a reader can mend; blank where it is a fault of ours."""
    words = words or "Something went wrong that you cannot mend. To try again, load the page again."
    return _notice("This dashboard cannot be shown", "".join(f"<p>{escape(line)}</p>" for line in words.splitlines()))


def _notice(title: str, inner: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">{head}<meta name="viewport" content="width=device-width, '
        f'initial-scale=1"><link rel="icon" href="data:,"><title>{escape(title)}</title><style>{_style()}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{inner}</main></body></html>"
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return (TEMPLATES / "report" / "style.css").read_text(encoding="utf-8")
