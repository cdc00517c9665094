"""Who may see a page, what it was made from, and how far to trust it: the parts that every page has."""

from __future__ import annotations

import platform
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version

from pace_nb import disclosure, tables
from pace_nb.extract import Extract
from pace_nb.findings import HEADS
from pace_nb.marking import bar, mark
from pace_nb.periods import show_date
from pace_nb.pseudonyms import find_key
from pace_nb.shown import Shown, paragraphs

SYNTHETIC = "Synthetic sample: no real child is shown."
FILES_SHOWN = 12  # files of one extract; a page of many areas says how many there are


def show_page(extract: Extract) -> Shown:
    """Show the masthead: whose data, as at when, for whom. The report takes its heading from here.

    Raises ParameterError for people entitled to see children where there is no key: every page for them shows single
    children, so none is begun. The fingerprint of the key goes with the page, so that another key is noticed later.
    """
    page = {
        "area": extract.area,
        "as_at": show_date(extract.as_at),
        "audience": extract.audience,
        "synthetic": extract.synthetic,
        "source": extract.source,
        "sha256": extract.sha256,
        "version": version("pace-nb"),
        "children": extract.audience == "working" and len(extract.children),
        "key": find_key(extract.synthetic).fingerprint if extract.audience == "working" else "",
    }
    audience = (
        "people entitled to see children"
        if extract.audience == "working"
        else "everyone (aggregate, disclosure-controlled)"
    )
    text = f"{extract.area}, as at {show_date(extract.as_at)}. For {audience}."
    if extract.synthetic:
        text += f" {SYNTHETIC}"
    return Shown(bar(mark([extract.audience], False)) + paragraphs([text]).html, text, page=page)


def show_rows(extract: Extract) -> Shown:
    """Show what became of every row that was read: used, set aside, exact copies, blank; by file where a table has several."""
    counted = ["read", "used", "set_aside", "duplicates", "blank"]
    rows = []
    for table, files in extract.rows.groupby("table", sort=False):
        within = {0: range(1, len(counted))}
        whole = disclosure.protect_grid([[int(n) for n in files[counted].sum()]], extract.audience, within)
        parts = files[counted].astype(int).to_numpy().tolist() if len(files) > 1 else []
        parts = disclosure.protect_grid(parts, extract.audience, within, down=range(len(counted)))
        names = [table, *(f"{table}, of {file}" for file in files["file"])]
        rows += [[name, *map(tables.cell, numbers)] for name, numbers in zip(names, [*whole, *parts], strict=False)]
    return tables.make_table(
        ["Table", "Rows read", "Used", "Set aside", "Exact copies", "Blank"],
        rows,
        f"Every row of the extract '{extract.source}', counted",
        "Rows read are rows used, set aside, exact copies and blank rows together. An extract of several areas is counted whole.",
    )


def show_findings(extract: Extract) -> Shown:
    """Show what the checks found, worst first, and what to do about it."""
    if extract.audience != "working":
        rows = [
            [
                HEADS[level],
                tables.count(sum(len(f.lines) or 1 for f in extract.findings if f.level == level), "aggregate"),
            ]
            for level in HEADS
        ]
        return tables.make_table(["Level", "Rows or files"], rows, "What the checks found")
    rows = [[HEADS[f.level], f.place, f.what, f.do] for f in extract.findings]
    return tables.make_table(
        ["Level", "Where", "What was found", "What to do"],
        rows,
        "What the checks found, worst first",
        "Row numbers are those that Excel shows: the header is row 1.",
        empty="Nothing was found wrong.",
    )


@lru_cache(maxsize=1)
def made_with() -> str:
    """Return what pages are made with, and the version of each."""
    ours, *others = (f"{package} {version(package)}" for package in ("pace-nb", "pandas", "scipy", "altair"))
    return ", ".join([ours, f"Python {platform.python_version()}", *others])


def show_provenance(extract: Extract) -> Shown:
    """Show what the page was made from and by what, so that it can be made again and checked.

    It names files, not where they lay, and no time of day: the same extract gives the same page, byte for byte. When a page
    was made stands in the manifest of its run. In an open notebook the marking stands below it. Raises ParameterError as
    `show_page` does.
    """
    working = extract.audience == "working"
    since = (
        "all that are recorded" if extract.since is None else f"those that ended on or after {show_date(extract.since)}"
    )
    rows = [
        ["Area", extract.area],
        ["As at", f"{show_date(extract.as_at)}; what was recorded for later days is not used"],
        ["Waits counted", f"{since}; children still waiting always"],
        ["Extract", extract.source],
        ["SHA-256 of the extract", extract.sha256],
        *_files(extract),
        [
            "Read with",
            extract.profile or "no profile: files and columns have the names of docs/extract.md",
        ],
        ["Made with", made_with()],
        ["Names of children", _names(extract) if working else "no single child is on this page"],
        [
            "Protection",
            "Exact counts: this page is for people entitled to see children." if working else disclosure.METHOD,
        ],
        ["Run chart rules", "Perla, Provost and Murray 2011, as taught in Scotland; runs by the exact distribution"],
    ]
    table = tables.make_table(["Item", "Value"], rows, "What this page was made from")
    return replace(table, html=table.html + bar(mark([extract.audience], False)))


def _files(extract: Extract) -> list[list[str]]:
    if len(extract.files) > FILES_SHOWN:
        return [["Files", f"{len(extract.files)}, whose names and hashes the SHA-256 above covers"]]
    return [[f"File {name}", f"SHA-256 {sha256}"] for name, sha256 in extract.files]


def _names(extract: Extract) -> str:
    """Say how children are named: a pseudonym is not anonymous."""
    return (
        f"labels made with the key {find_key(extract.synthetic)}. Whoever has the key and the extract can tell whose they are, "
        "and so can someone who knows one date of a child"
    )
