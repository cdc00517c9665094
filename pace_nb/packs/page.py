"""A pack as one page that needs no server: offline, with controls, to be opened from a folder by sixty phones at once.

Vega runs in the page, from the copy that vl-convert carries; its expressions are walked by the interpreter that vega-embed brings,
not made into code. So the page's policy names its scripts by their hashes and allows nothing else: no request, no other script, no
code made from text. Without scripts every combination is there as text and tables.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from pathlib import Path

from pace_nb.disclosure import HIDDEN, WITHHELD
from pace_nb.disclosure.register import Register
from pace_nb.errors import DataError
from pace_nb.handouts.render import render, write
from pace_nb.leaks import Secrets, scan_bytes
from pace_nb.packs.records import ALL, Pack, Slice, to_json
from pace_nb.packs.specs import make_specs, years_of
from pace_nb.packs.words import (
    QUESTIONS,
    list_bands,
    list_curve,
    list_medians,
    list_years,
    say_in_time,
    say_typical,
    say_waiting,
)
from pace_nb.pages.trust import SYNTHETIC
from pace_nb.paths import TEMPLATES
from pace_nb.tables import make_table
from pace_nb.vega import vega_script

_VEGA_LITE = "6.4"
_SECTIONS = {
    "shares": (
        "Who had it in time?",
        "Each dot is the share of the children whose limit ran out in that year who had the step by then; the number above the year is "
        "how many they were. A dashed line is the aim. Where no dot stands, too few were due, or they fared too much alike to be shown.",
    ),
    "bands": (
        "Who waits now?",
        "Each bar is how many children wait, by how long they have waited so far. These waits are not over: they will be longer.",
    ),
    "medians": (
        "Are waits changing?",
        "Each dot is the median wait of the children who finished in that period: half of them waited longer, half not so long. The "
        "line across is the median of all dots. Where no dot stands, too few finished for a median to be shown. "
        "The picture says nothing of children who still wait.",
    ),
    "curve": (
        "How long do waits last?",
        "Of all children whose clock started, the share who still wait after so many weeks. Move the slider. Children still waiting "
        "count for as long as they have waited.",
    ),
}


def make_pack_page(pack: Pack, bundle: str | None = None) -> str:
    """Return the page of a pack. bundle: the script of Vega; None takes that of vl-convert."""
    script = (TEMPLATES / "pack" / "pack.js").read_text(encoding="utf-8")
    vega = vega_bundle() if bundle is None else bundle
    policy = (
        f"default-src 'none'; script-src {_hash(vega)} {_hash(script)}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    specs = make_specs(pack)
    data = {
        "specs": specs,
        "years": years_of(pack),
        "slices": [
            {"aim": s.aim, "group": s.group, "name": s.name, "alt": _alts(pack, s), "drawn": _drawn(s)}
            for s in pack.slices
        ],
        "aims": {a.id: a.title for a in pack.aims},
    }
    return render(
        "pack",
        "pack.html.j2",
        policy=policy,
        vega=vega,
        script=script,
        # A "<" in a text must not end the element that holds it.
        data=json.dumps(data, ensure_ascii=False, sort_keys=True, allow_nan=False).replace("<", "\\u003c"),
        pack=pack,
        sections={
            key: {"title": title, "caption": caption, "slices": [_told(pack, s, key) for s in pack.slices]}
            for key, (title, caption) in _SECTIONS.items()
        },
        timescales=_table(pack.timescales),
        rest="" if pack.rest is None else _table(pack.rest),
        questions=QUESTIONS,
        hidden=HIDDEN,
        withheld=WITHHELD,
        synthetic=SYNTHETIC if pack.synthetic else "",
    )


def write_pack(pack: Pack, out: Path, secrets: Secrets, before: Pack | None = None) -> tuple[Path, Path]:
    """Write a pack's page and its data, once neither tells on a child; return where they lie.

    before: an earlier pack that people may still have.
    Raises DataError if one of them would, or if a count in them is not protected: then nothing is written.
    """
    problems = check_counts(pack, before)
    if problems:
        raise DataError(
            "The pack is held back: its counts are not all protected.", where=problems, do="tell the developers."
        )
    content = to_json(pack)
    page = make_pack_page(pack)
    # The script of Vega is the same for every area and full of figures: it is not searched, everything else is.
    searched = page.replace(vega_bundle(), "")
    leaks = [
        leak
        for name, text in (("page", searched), ("data", content))
        for leak in scan_bytes(f"{pack.slug}.{name}", text.encode(), secrets)
    ]
    if leaks:
        raise DataError(
            "The pack is held back: it would tell on a child.", where=leaks, do="tell the developers: this is a fault."
        )
    return write(out / f"{pack.slug}.pack.html", page), write(out / f"{pack.slug}.pack.json", content)


def check_counts(pack: Pack, before: Pack | None = None) -> list[str]:
    """Return what speaks against publishing the counts of a pack, each as a sentence: unrounded, told in two ways or, beside an earlier
    pack, so close to what that one tells that the difference is a few children. The same check as that of a release of pages."""
    now = _register(pack)
    return now.unrounded() + now.told_differently() + ([] if before is None else now.differences(_register(before)))


def _register(pack: Pack) -> Register:
    register = Register()
    for s in pack.slices:
        told = {
            **{("due", y.year): y.due for y in s.years},
            **{("in time", y.year): y.met for y in s.years},
            **{("waiting", name): n for name, n in s.bands},
            ("waiting", "now"): s.waiting,
        }
        for (what, period), n in told.items():
            text = HIDDEN if n is None else f"{n:,}" if isinstance(n, int) else n
            register.add(f"{s.aim}, {what}", s.group, period, pack.as_at, text)
    return register


@lru_cache(maxsize=1)
def vega_bundle() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script; it names no address that it would fetch from."""
    return vega_script(_VEGA_LITE)


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _told(pack: Pack, one: Slice, section: str) -> dict[str, object]:
    """Return what a section says of a slice, and its table."""
    said, table = {
        "shares": ([say_in_time(pack, one)], list_years(pack, one)),
        "bands": ([say_waiting(pack, one), say_typical(one)], list_bands(pack, one)),
        "medians": (list(one.signals), list_medians(pack, one)),
        "curve": ([] if one.curve else ["Too few children are followed to draw this."], list_curve(pack, one)),
    }[section]
    if section == "shares" and not one.years:
        table = None
    return {
        "aim": one.aim,
        "group": one.group,
        "heading": f"{pack.aim(one.aim).title}: {one.name}",
        "says": said,
        "table": table.html if table else "",
    }


def _drawn(one: Slice) -> dict[str, bool]:
    """Return whether there is anything to draw of a slice, chart by chart."""
    return {
        "shares": any(y.share is not None for y in one.years if y.year != ALL),
        "bands": any(isinstance(n, int) for _, n in one.bands),
        "medians": bool(one.medians),
        "curve": bool(one.curve),
    }


def _alts(pack: Pack, one: Slice) -> dict[str, str]:
    """Return the text alternative of each chart for a slice."""
    who = f"{pack.aim(one.aim).title}: {one.name}."
    known = [f"{y.year} {100 * y.share:.0f} %" for y in one.years if y.share is not None and y.year != ALL]
    waits = "; ".join(f"{name} {n if isinstance(n, int) else 'too few to show'}" for name, n in one.bands)
    weeks = [w for _, w in one.medians if w is not None]
    ends = (
        f"from {weeks[0]} weeks in the first period to {weeks[-1]} in the last" if weeks else "too few children to draw"
    )
    curve = "; ".join(f"week {w}: {100 * s:.0f} %" for w, s in one.curve[:9])
    return {
        "shares": f"Share in time by year. {who} {'; '.join(known) or 'Too few children to draw.'}",
        "bands": f"Children waiting, by how long so far. {who} {waits}.",
        "medians": f"Median wait by {one.by}. {who} {ends}.",
        "curve": f"Share still waiting by weeks since the clock started. {who} {curve or 'Too few children to draw.'}",
    }


def _table(table: object) -> str:
    return make_table(table.columns, table.rows, table.caption, table.note).html
