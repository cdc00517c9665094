"""What was asked for of the pages of a run and is not there yet, once the pages are.

Workbooks and pictures are made where a page is made (`page_files.make_files`), unless the page was kept from an earlier run. PDFs are
printed here, by one browser for all pages, while a thread settles, searches and writes what was printed before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pace_nb.batch.one import Result, secrets_of
from pace_nb.batch.plan import Run
from pace_nb.outputs import pdf
from pace_nb.outputs.files import KINDS, PDF
from pace_nb.outputs.page_files import Made, PageAt, finish_pdf, make_files
from pace_nb.runs.folder import file_sha256

_STARTS = 3  # of a browser that ends in the middle of its work


def make_outputs(
    runs: Sequence[Run],
    results: Sequence[Result],
    out: Path,
    kinds: Sequence[str],
    tell: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """Return the results with the files that were made of their pages, and sentences on what could not be made.

    runs, results: in the same order. kinds: of `KINDS`. A file that a result names and that lies there as it was made is not
    made again. tell: called with a page's name when its files are done.
    """
    kept = [replace(r, files=_still_there(r, out)) for r in results]
    wanted = [
        [k for k in kinds if r.outcome == "made" and k not in {f["kind"] for f in r.files} and not _said(r, k)]
        for r in kept
    ]
    todo = [i for i, those in enumerate(wanted) if those]
    made: dict[int, list[Made]] = {i: [] for i in todo}
    for i in todo:
        if others := [k for k in wanted[i] if k != PDF]:
            made[i].append(make_files(_at(runs[i], kept[i], out), others))
    with ThreadPoolExecutor(1) as beside:
        waiting: list[tuple[int, Future[Made]]] = []
        for i, printed in _printed(kept, out, [i for i in todo if PDF in wanted[i]]):
            if isinstance(printed, str):
                made[i].append(([], [printed]))
            else:
                waiting.append((i, beside.submit(finish_pdf, _at(runs[i], kept[i], out), printed)))
            tell(f"{kept[i].area}, {kept[i].notebook}: PDF")
        for i, one in waiting:
            made[i].append(one.result())
    return [_with(r, made.get(i, [])) for i, r in enumerate(kept)]


def _with(result: Result, made: Sequence[Made]) -> Result:
    files = [*result.files, *(f for rows, _ in made for f in rows)]
    order = {kind: n for n, kind in enumerate(KINDS)}
    files.sort(key=lambda f: (order[f["kind"]], f["path"]) if f["kind"] != "pictures" else (order["pictures"], ""))
    return replace(result, files=files, lacking=[*result.lacking, *(s for _, said in made for s in said)])


def _said(result: Result, kind: str) -> bool:
    """Tell whether it was tried and said already why there is none: where the page was made just now."""
    return kind != PDF and bool(result.lacking)


def _at(run: Run, result: Result, out: Path) -> PageAt:
    return PageAt(out, result.page, date.fromisoformat(run.parameters["as_at"]), result.marking, secrets_of(run))


def _still_there(result: Result, out: Path) -> list[dict[str, Any]]:
    """Return the files that a result names, those of each kind only if all of them are what they were."""
    broken = {
        f["kind"]
        for f in result.files
        if not (out / f["path"]).is_file() or file_sha256(out / f["path"]) != f["sha256"]
    }
    return [f for f in result.files if f["kind"] not in broken]


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
