"""The page itself: a table of every child to choose from, packs of their parts, and the script that opens them.

The script is our own, stands in the page, and is allowed by its hash; nothing else may run, nothing is fetched and nothing sent.
Without it the page says so and still gives the table.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

from jinja2 import Environment, FileSystemLoader

from pace_nb.children_page.entries import Entry, find_entries, name_place, parts_of
from pace_nb.children_page.pack import TOGETHER, pack_parts
from pace_nb.extract import Extract
from pace_nb.marking import SENSITIVE
from pace_nb.pages.trust import SYNTHETIC
from pace_nb.paths import TEMPLATES
from pace_nb.periods import show_date
from pace_nb.pseudonyms import find_key
from pace_nb.timelines import AGES

_FIGURES = re.compile(r'<meta name="figures" content="[^"]*">')


@dataclass(frozen=True)
class ChildrenPage:
    """The page and what the index tells of it. key: the fingerprint of the key that its children are named with."""

    html: str
    children: int
    key: str
    synthetic: bool
    marking: str = SENSITIVE


def make_children_page(extract: Extract, figures: Mapping[str, str] | None = None) -> ChildrenPage:
    """Return the page of every child of an extract. Raises ParameterError in the aggregate audience, and without a key.

    figures: where the run chart of an aim is, by the aim's id, as an address from this page; only charts whose page is made too.
    """
    entries = find_entries(extract)
    script = _script()
    sha256 = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    allowed = f"script-src 'sha256-{sha256}'; style-src 'unsafe-inline'; img-src data:"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    key = find_key(extract.synthetic).fingerprint
    html = _template().render(
        area=extract.area,
        as_at=show_date(extract.as_at),
        marking=SENSITIVE,
        synthetic=SYNTHETIC if extract.synthetic else "",
        policy=policy,
        script=script,
        rows=[_row(e) for e in entries.children],
        lives=_options([(e.lives, name_place(e.lives)) for e in entries.children]),
        ages=[a for a in (*AGES, "not recorded") if any(e.ages == a for e in entries.children)],
        aims=[
            (a.id, a.title) for a in extract.aims.values() if any(s.aim == a for e in entries.children for s in e.waits)
        ],
        figures=json.dumps(dict(figures or {})),
        packs=pack_parts(parts_of(entries)),
        together=TOGETHER,
        key=key,
        source=extract.source,
        sha256=extract.sha256,
        version=version("pace-nb"),
    )
    return ChildrenPage(html, len(entries.children), key, extract.synthetic)


def without_figures(html: str) -> str:
    """Return the page without links to run charts, where the page that has them was not made."""
    return _FIGURES.sub('<meta name="figures" content="{}">', html, count=1)


def _row(entry: Entry) -> dict[str, object]:
    """What the table says of a child, and what it is filtered by."""
    past = [s for s in entry.waits if s.late]
    short = [s.aim.title.split(":")[0] for s in entry.waits]
    return {
        "code": entry.code,
        "label": entry.journey.label,
        "lives": entry.lives,
        "home": name_place(entry.lives),
        "ages": entry.ages,
        "waiting": " ".join(dict.fromkeys(s.aim.id for s in entry.waits)),
        "past": " ".join(dict.fromkeys(s.aim.id for s in past)),
        "care": "1" if entry.looked_after else "",
        "steps": ", ".join(dict.fromkeys(short)) or "–",
        "over": ", ".join(dict.fromkeys(s.aim.title.split(":")[0] for s in past)) or "–",
        "weeks": f"{entry.days // 7:,}" if entry.waits else "–",
        "moves": f"{len(entry.journey.moves)}",
    }


def _options(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(set(pairs), key=lambda p: p[1])


@lru_cache(maxsize=1)
def _script() -> str:
    return (TEMPLATES / "children" / "browse.js").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _template():
    folders = [TEMPLATES / "children", TEMPLATES / "report"]
    return Environment(loader=FileSystemLoader(folders), autoescape=True).get_template("children.html.j2")
