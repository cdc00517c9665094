"""All that was asked for of the pages of a run, each file searched before it is written and listed with its SHA-256.

Workbooks and pictures are made by processes beside this one, while this one has a browser print. A file that would tell on a
child is not written; a page is not lost because a file of it cannot be made.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from pace_nb.batch.child_links import untie
from pace_nb.batch.one import Result, secrets_of
from pace_nb.batch.plan import Run
from pace_nb.children_page import CHILDREN
from pace_nb.leaks import scan_bytes
from pace_nb.marking import AGGREGATE
from pace_nb.outputs import pdf
from pace_nb.outputs.content import read_content
from pace_nb.outputs.files import KINDS, PDF, PICTURES, WORKBOOK, path_of
from pace_nb.outputs.pictures import describe, make_png, make_svg
from pace_nb.outputs.workbook import make_workbook

HELD_BACK = "is held back"
LOST = "The process that made the files of this page ended without a word (out of memory?)."
NO_PARTS = "No workbook and no pictures: this page is not made of charts and tables that stand by themselves."
_STARTS = 3  # of a browser that ends in the middle of its work

Made = tuple[list[dict[str, Any]], list[str]]


def make_outputs(
    runs: Sequence[Run],
    results: Sequence[Result],
    out: Path,
    kinds: Sequence[str],
    *,
    workers: int | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """Return the results with the files that were made of their pages, and sentences on what could not be made.

    runs, results: in the same order. kinds: of `KINDS`. A file that a result names already and that is still as it was made is not
    made again. tell: called with a page's name when its files are done.
    """
    kept = [_still_there(result, out) for result in results]
    wanted = [
        [k for k in kinds if _has_files(result) and k not in {f["kind"] for f in files}]
        for result, files in zip(results, kept, strict=True)
    ]
    todo = [i for i, kinds_of in enumerate(wanted) if kinds_of]
    if not todo:
        return [replace(r, files=files) for r, files in zip(results, kept, strict=True)]
    made: dict[int, list[Future[Made] | Made]] = {i: [] for i in todo}
    context = multiprocessing.get_context("spawn")  # as pages are made: the same on every system
    with ProcessPoolExecutor(min(workers or os.cpu_count() or 1, len(todo)), mp_context=context) as pool:
        for i in todo:
            if others := [k for k in wanted[i] if k != PDF]:
                made[i].append(pool.submit(make_files, runs[i], results[i], out, others))
        for i, printed in _printed(results, out, [i for i in todo if PDF in wanted[i]]):
            if isinstance(printed, str):
                made[i].append(([], [printed]))
            else:
                made[i].append(pool.submit(finish_pdf, runs[i], results[i], out, printed))
        done = {}
        for i in todo:
            parts = [_result_of(one) for one in made[i]]
            done[i] = ([*kept[i], *(f for files, _ in parts for f in files)], [s for _, said in parts for s in said])
            tell(f"{results[i].area}, {results[i].notebook}: files")
    order = {kind: n for n, kind in enumerate(KINDS)}
    return [
        replace(r, files=sorted(done[i][0], key=lambda f: (order[f["kind"]], f["path"])), lacking=done[i][1])
        if i in done
        else replace(r, files=kept[i])
        for i, r in enumerate(results)
    ]


def _has_files(result: Result) -> bool:
    """The page of every child has none: it is a page to choose in, and a file of all of them would be for nobody."""
    return result.outcome == "made" and result.notebook != CHILDREN


def _result_of(one: Future[Made] | Made) -> Made:
    if isinstance(one, tuple):
        return one
    try:
        return one.result()
    except BrokenProcessPool:
        return [], [LOST]
    except Exception as error:  # our own fault: the page stays, and the kind of error says where to look
        return [], [
            f"The files of this page could not be made ({type(error).__name__}). Tell the developers: this is a fault."
        ]


def _still_there(result: Result, out: Path) -> list[dict[str, Any]]:
    """Return the files of a page that was not made again, as far as they are what they were."""
    held = {f["path"]: out / f["path"] for f in result.files}
    fine = [
        f
        for f in result.files
        if held[f["path"]].is_file() and hashlib.sha256(held[f["path"]].read_bytes()).hexdigest() == f["sha256"]
    ]
    whole = {k for k in KINDS if sum(f["kind"] == k for f in fine) == sum(f["kind"] == k for f in result.files)}
    return [f for f in fine if f["kind"] in whole]


def _printed(results: Sequence[Result], out: Path, todo: Sequence[int]) -> Iterator[tuple[int, bytes | str]]:
    """Yield each page as a browser printed it, or a sentence on why it did not. A browser that ends is started again."""
    left, starts = list(todo), 0
    while left:
        starts += 1
        try:
            with pdf.open_browser() as browser:
                while left:
                    yield left[0], pdf.print_page(browser, out / results[left[0]].page)
                    left.pop(0)
        except (pdf.BrowserLost, OSError):
            yield left.pop(0), pdf.NOT_PRINTED
            if starts == _STARTS:
                yield from ((i, pdf.NOT_PRINTED) for i in left)
                return


def make_files(run: Run, result: Result, out: Path, kinds: Sequence[str]) -> Made:
    """Make the workbook and the pictures of a page, as `kinds` asks, and return what was made and what was not."""
    content = read_content(untie((out / result.page).read_text(encoding="utf-8")))
    files, lacking = [], []
    if WORKBOOK in kinds:
        book = make_workbook(content, datetime.combine(_day(run), time()))
        _put(run, result, out, {path_of(result.page, WORKBOOK): book}, WORKBOOK, "", files, lacking)
    for part in content.charts if PICTURES in kinds else ():
        svg = make_svg(content, part)
        drawn = {"svg": svg.encode(), "png": make_png(svg, part.title, describe(content, part))}
        named = {path_of(result.page, PICTURES, part.name, ending): data for ending, data in drawn.items()}
        _put(run, result, out, named, PICTURES, part.title, files, lacking)
    return files, lacking


def finish_pdf(run: Run, result: Result, out: Path, printed: bytes) -> Made:
    """Write a page as it was printed, once it is settled, carries its marking on each sheet, and was searched."""
    files, lacking = [], []
    content = pdf.settle(printed, _day(run))
    if not pdf.is_marked(content, result.marking):
        return files, [pdf.NOT_MARKED]
    _put(run, result, out, {path_of(result.page, PDF): content}, PDF, "", files, lacking)
    return files, lacking


def _put(
    run: Run,
    result: Result,
    out: Path,
    named: dict[str, bytes],
    kind: str,
    title: str,
    files: list[dict[str, Any]],
    lacking: list[str],
) -> None:
    """Write files that go together, all or none: what tells on a child is not written, and only the kind of thing is said."""
    secrets = secrets_of(run)
    working = result.marking != AGGREGATE
    leaks = {leak.kind for name, data in named.items() for leak in scan_bytes(name, data, secrets, working=working)}
    if leaks:
        what = {WORKBOOK: "The workbook", PICTURES: "A picture", PDF: "The PDF"}[kind]
        lacking.append(
            f"{what} {HELD_BACK}: it tells {' and '.join(sorted(leaks))}. Tell the developers: this is a fault."
        )
        return
    for name, data in named.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.partial")
        try:
            partial.write_bytes(data)
            partial.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            lacking.append(f"{name} could not be written: {error.strerror}.")
            return
        files.append(
            {"kind": kind, "path": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            | ({"title": title} if title else {})
        )


def _day(run: Run) -> date:
    return date.fromisoformat(run.parameters["as_at"])
