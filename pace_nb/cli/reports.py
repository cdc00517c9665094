"""The command that makes pages: report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pace_nb.batch.order import ENGINES, Order, is_batch_file, read_batch, with_options
from pace_nb.batch.resume import nothing_to_do
from pace_nb.batch.workers import prepare
from pace_nb.cli.console import err_console, out_console, progress
from pace_nb.errors import PaceError, ParameterError, few
from pace_nb.outputs.files import PDF, PICTURES, WORKBOOK
from pace_nb.paths import TEMPLATES
from pace_nb.periods import to_date

if TYPE_CHECKING:
    from pace_nb.batch.make import Made

#: What `report` ends with when it was stopped, as a shell expects it.
STOPPED = 130
_EXAMPLE = TEMPLATES / "schedule" / "monthly.toml"


def report(
    data: Annotated[str, typer.Argument(help="An extract, a folder of extracts, or a batch file (.toml).")] = "",
    as_at: Annotated[
        str,
        typer.Option(
            "--as-at", help="The day up to which the records are known, such as 2019-07-31. Never today by default."
        ),
    ] = "",
    area: Annotated[
        list[str], typer.Option("--area", help="Only this local authority; may be given several times.")
    ] = [],  # noqa: B006
    notebook: Annotated[
        list[str], typer.Option("--notebook", help="Only this notebook, such as 2_aims; may be given several times.")
    ] = [],  # noqa: B006
    audience: Annotated[
        str, typer.Option(help="aggregate: for everyone (as a rule). working: for people entitled to see children.")
    ] = "",
    out: Annotated[str, typer.Option(help="Folder for the pages, made if it is not there; reports as a rule.")] = "",
    since: Annotated[
        str,
        typer.Option(
            help="Count waits that ended on or after this day. By default, from when each extract is complete."
        ),
    ] = "",
    engine: Annotated[
        str,
        typer.Option(
            help="warm: fast, forks a process that has imported everything (as a rule). standard: a kernel for each page."
        ),
    ] = "",
    workers: Annotated[
        int | None, typer.Option(min=0, help="How many pages to make at once; 0 is one for each processor.")
    ] = None,
    scheduler: Annotated[
        str, typer.Option(help="Make the pages on a Dask cluster: the address of its scheduler, or local.")
    ] = "",
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep the pages that would come out the same; make what is missing.")
    ] = False,
    back_test: Annotated[
        str, typer.Option(help="Folder of the last run: work its figures out again first, and list what differs.")
    ] = "",
    previous: Annotated[
        str,
        typer.Option(
            help="Folder of runs: the index compares with the last before this day; with what lies in --out as a rule."
        ),
    ] = "",
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print each page as PDF as well, where there is a Chromium.")
    ] = False,
    workbook: Annotated[
        bool, typer.Option("--workbook", help="Write the figures behind each page as an Excel workbook as well.")
    ] = False,
    pictures: Annotated[
        bool, typer.Option("--pictures", help="Write each chart as SVG and PNG as well, for slides.")
    ] = False,
    example: Annotated[
        bool, typer.Option("--example", help="Print a batch file to begin with, and do nothing else.")
    ] = False,
) -> None:
    """Run the notebooks for each local authority and write index.html, a page for each, and manifest.json.

    A batch file asks for several such runs at once: --example prints one.
    """
    if example:
        out_console.print(_EXAMPLE.read_text(encoding="utf-8").rstrip())
        return
    if not data:
        raise ParameterError(
            "It is not said what to make reports of.", do="name an extract, a folder of extracts, or a batch file."
        )
    day = to_date(as_at) if as_at else None
    how = {"engine": engine or None, "workers": workers, "scheduler": scheduler or None, "resume": resume or None}
    what = {
        "--area": area,
        "--notebook": notebook,
        "--audience": audience,
        "--out": out,
        "--since": since,
        "--back-test": back_test,
        "--previous": previous,
        "--pdf": pdf,
        "--workbook": workbook,
        "--pictures": pictures,
    }
    files = tuple(kind for kind, asked in ((WORKBOOK, workbook), (PICTURES, pictures), (PDF, pdf)) if asked)
    if is_batch_file(data):
        both = [name for name, said in what.items() if said]
        if both:
            raise ParameterError(
                f"{few(both)} stands in the batch file.", do="write it there, or leave the batch file out."
            )
        orders = read_batch(Path(data), day)
    elif day is None:
        raise ParameterError(
            "It is not said up to which day the records are known.", do="give --as-at, such as --as-at 2019-07-31."
        )
    else:
        begin = to_date(since, "since") if since else None
        orders = [
            Order(
                data,
                day,
                out or "reports",
                tuple(area),
                tuple(notebook),
                audience or "aggregate",
                begin,
                back_test=back_test,
                previous=previous,
                files=files,
            )
        ]
    if engine and engine not in ENGINES:
        raise ParameterError(f"There is no engine '{engine}'.", do=f"choose {' or '.join(ENGINES)}.")
    raise typer.Exit(_make_all([with_options(order, **how) for order in orders]))


def _make_all(orders: list[Order]) -> int:
    """Make one run after another, and return the highest exit code. One that cannot be made stops no other; Ctrl-C stops all."""
    codes = []
    for order in orders:
        if len(orders) > 1:
            out_console.print(f"{Path(order.out).name}:")
        try:
            codes.append(_make(order))
        except PaceError as error:
            if len(orders) == 1:
                raise
            err_console.print(str(error), markup=False)
            codes.append(error.exit_code)
        if codes[-1] == STOPPED:
            break
    return max(codes)


def _make(order: Order) -> int:
    """Make one run, say what came of it, and return the exit code."""
    there = nothing_to_do(order) if order.resume else None
    if there is not None:
        made = sum(r["outcome"] == "made" for r in there["runs"])
        out_console.print(
            f"Nothing to do: all {made} pages are there, and nothing that they are made from has changed."
        )
        out_console.print(f"Open {(Path(order.out) / 'index.html').resolve()}")
        return 0
    if order.scheduler:
        from pace_nb.batch.cluster import crosses_network_openly

        if crosses_network_openly(order.scheduler):
            err_console.print(
                f"Nothing protects what goes to {order.scheduler}: on its way it can be read, and whoever reaches the scheduler can run "
                "anything there. Use an address with tls://, or a network that nobody else is on (docs/monthly-run.md)."
            )
    if not order.scheduler:
        prepare()
    from pace_nb.batch.make import make_run
    from pace_nb.batch.publish import NOT_PUBLISHED
    from pace_nb.outputs.page_files import HELD_BACK

    try:
        done = make_run(order, lambda total: progress(total, "Making pages"))
    except KeyboardInterrupt:
        err_console.print("Stopped before a page was made.")
        return STOPPED
    failed = [r for r in done.results if r.outcome in NOT_PUBLISHED and r.outcome != "stopped"]
    for result in failed:
        err_console.print(
            f"{result.outcome.capitalize()}: {result.area}, {result.notebook}: {result.message}", markup=False
        )
    for message in dict.fromkeys(f"{r.notebook} {r.message}" for r in done.results if r.outcome == "refused"):
        err_console.print(f"Not made: {message}", markup=False)
    _say_notices(done, order)
    made = sum(r.outcome == "made" for r in done.results)
    kept = f" ({done.kept} of them kept from before)" if done.kept else ""
    out_console.print(f"{made} pages made{kept}, {len(failed)} failed, in {done.seconds:,.0f} seconds.")
    out_console.print(f"Open {_index(done.out)}")
    if done.stopped:
        return STOPPED
    return 1 if failed or any(HELD_BACK in said for said in done.lacking) else 0


def _say_notices(done: Made, order: Order) -> None:
    """Say what somebody has to know of a run besides what failed."""
    if done.renamed:
        err_console.print(
            f"Another key than in the last run into this folder: the children of {few(done.renamed)} have other labels now, and "
            "pages of before no longer match.",
            markup=False,
        )
    if not done.back_test and order.back_test:
        err_console.print("There is no run before this one, so no figure of it was worked out again.")
    if done.back_test:
        err_console.print(f"{done.back_test} See back_test.html.")
    for said, of in done.lacking.items():
        err_console.print(f"{said} ({of} {'page' if of == 1 else 'pages'}.)", markup=False)
    if done.stopped:
        left = sum(r.outcome == "stopped" for r in done.results)
        err_console.print(f"Stopped: {left} pages were not made. The same command with --resume goes on from here.")


def _index(out: str) -> Any:
    from pace_nb.batch.places import is_address, without_password

    return f"{without_password(out)}/index.html" if is_address(out) else (Path(out) / "index.html").resolve()
