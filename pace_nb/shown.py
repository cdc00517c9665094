"""What a cell of a notebook shows: a fragment of a page that knows whether it tells of single children.

A page for people entitled to see children is OFFICIAL-SENSITIVE whatever is on it, because its counts are exact; a page
for everyone is refused if one of its fragments is child-level. In an open notebook a child-level fragment carries its marking
itself, so that it keeps it when it is copied somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from pace_nb.marking import SENSITIVE, bar

#: The masthead of a page, read by the report exporter.
PAGE_MIME = "application/vnd.pace.page+json"


@dataclass(frozen=True)
class Shown:
    """A fragment of HTML with the same content as plain text."""

    html: str
    text: str
    child_level: bool = False
    page: dict[str, Any] = field(default_factory=dict)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        marked = f"{bar(SENSITIVE)}{self.html}" if self.child_level else self.html
        data: dict[str, Any] = {"text/html": marked, "text/plain": self.text}
        if self.page:
            data[PAGE_MIME] = self.page
        return data, {"pace": {"child_level": self.child_level}}

    def __repr__(self) -> str:
        return self.text


def paragraphs(sentences: Iterable[str], kind: str = "", child_level: bool = False) -> Shown:
    """Return sentences as paragraphs; `kind` "conclusion" sets them in the box that opens a section.

    What stands before the first colon or question mark is the paragraph's lead and is set in bold, if it is short.
    """
    sentences = [s for s in sentences if s]
    inner = "".join(f"<p>{_with_lead(s)}</p>" for s in sentences)
    html = f'<div class="{escape(kind)}">{inner}</div>' if kind else inner
    return Shown(html, "\n".join(sentences), child_level)


def _with_lead(sentence: str) -> str:
    found = re.match(r"[^.:?]{3,90}[:?](?= )", sentence)
    if not found:
        return escape(sentence)
    return f"<b>{escape(found[0])}</b>{escape(sentence[found.end() :])}"
