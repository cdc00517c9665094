"""The files that go with one page, each searched before it is written and listed with its SHA-256.

A file that would tell on a child is not written; a page is not lost because a file of it cannot be made.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from pace_nb.leaks import Secrets, scan_bytes
from pace_nb.leaks.pdf import Unclear
from pace_nb.marking import AGGREGATE
from pace_nb.outputs.content import read_content
from pace_nb.outputs.files import PDF, PICTURES, WORKBOOK, path_of
from pace_nb.outputs.pdf import NOT_MARKED, NOT_READ, is_marked, settle
from pace_nb.outputs.pictures import describe, make_png, make_svg
from pace_nb.outputs.workbook import make_workbook

HELD_BACK = "is held back"
NO_PARTS = "No workbook and no pictures: this page is not made of charts and tables that stand by themselves."
_WHAT = {WORKBOOK: "The workbook", PICTURES: "A picture", PDF: "The PDF"}

#: Rows of the manifest for the files that were made, and sentences on those that were not.
Made = tuple[list[dict[str, Any]], list[str]]


@dataclass(frozen=True)
class PageAt:
    """A page that was written: the folder of its run, where it lies in it, its day and marking, and what its files may not tell."""

    out: Path
    page: str
    day: date
    marking: str
    secrets: Secrets


def make_files(at: PageAt, kinds: Sequence[str]) -> Made:
    """Make the workbook and the pictures of a page, as `kinds` asks, and return what was made and what was not. Never raises."""
    made: Made = ([], [])
    try:
        content = read_content((at.out / at.page).read_text(encoding="utf-8"))
        if WORKBOOK in kinds:
            book = make_workbook(content, datetime.combine(at.day, time()))
            _put(at, {path_of(at.page, WORKBOOK): book}, WORKBOOK, "", made)
        for part in content.charts if PICTURES in kinds else ():
            svg = make_svg(content, part)
            drawn = {"svg": svg.encode(), "png": make_png(svg, part.title, describe(content, part))}
            named = {path_of(at.page, PICTURES, part.name, ending): data for ending, data in drawn.items()}
            _put(at, named, PICTURES, part.title, made)
    except ValueError:
        made[1].append(NO_PARTS)
    except Exception as error:  # our own fault: the page stays, and the kind of error says where to look
        made[1].append(f"Its files could not be made ({type(error).__name__}). Tell the developers: this is a fault.")
    return made


def finish_pdf(at: PageAt, printed: bytes) -> Made:
    """Write a page as it was printed, once it is settled, carries its marking on each sheet, and was searched."""
    content = settle(printed, at.day)
    try:
        if not is_marked(content, at.marking):
            return [], [NOT_MARKED]
    except Unclear:
        return [], [NOT_READ]
    made: Made = ([], [])
    _put(at, {path_of(at.page, PDF): content}, PDF, "", made)
    return made


def _put(at: PageAt, named: dict[str, bytes], kind: str, title: str, made: Made) -> None:
    """Write files that go together, all or none: what tells on a child is not written, and only the kind of thing is said."""
    files, lacking = made
    working = at.marking != AGGREGATE
    leaks = {leak.kind for name, data in named.items() for leak in scan_bytes(name, data, at.secrets, working=working)}
    if leaks:
        told = " and ".join(sorted(leaks))
        lacking.append(f"{_WHAT[kind]} {HELD_BACK}: it tells {told}. Tell the developers: this is a fault.")
        return
    for name, data in named.items():
        path = at.out / name
        partial = path.with_name(f"{path.name}.partial")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(data)
            partial.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            lacking.append(f"{_WHAT[kind]} could not be written: {error.strerror}.")
            return
        files.append(
            {"kind": kind, "path": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            | ({"title": title} if title else {})
        )
