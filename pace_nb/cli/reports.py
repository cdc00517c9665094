"""The command that makes pages: report."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from pace_nb.cli.console import AsAt, err_console, out_console, progress
from pace_nb.errors import few
from pace_nb.periods import to_date


def report(
    data: Annotated[Path, typer.Argument(help="An extract, or a folder of extracts.")],
    as_at: AsAt,
    area: Annotated[
        list[str], typer.Option("--area", help="Only this local authority; may be given several times.")
    ] = [],  # noqa: B006
    notebook: Annotated[
        list[str], typer.Option("--notebook", help="Only this notebook, such as 2_aims; may be given several times.")
    ] = [],  # noqa: B006
    audience: Annotated[
        str, typer.Option(help="aggregate: for everyone. working: for people entitled to see children.")
    ] = "aggregate",
    out: Annotated[Path, typer.Option(help="Folder for the pages; made if it is not there.")] = Path("reports"),
    since: Annotated[
        str,
        typer.Option(
            help="Count waits that ended on or after this day. By default, from when each extract is complete."
        ),
    ] = "",
    engine: Annotated[
        str,
        typer.Option(
            help="warm: fast, forks a process that has imported everything. standard: a kernel for each page."
        ),
    ] = "warm",
    workers: Annotated[
        int, typer.Option(min=0, help="How many pages to make at once; 0 is one for each processor.")
    ] = 0,
) -> None:
    """Run the notebooks for each local authority and write index.html, a page for each, and manifest.json."""
    from pace_nb.batch import plan_runs, run_reports
    from pace_nb.batch.publish import NOT_PUBLISHED, other_keys, write_index, write_manifest

    day, begin = to_date(as_at), to_date(since, "since") if since else None
    began = time.monotonic()
    runs = plan_runs(data, day, areas=area, notebooks=notebook, audience=audience, since=begin)
    with progress(len(runs), "Making pages") as tell:
        results = run_reports(
            runs,
            out,
            workers=workers or None,
            engine=engine,
            tell=lambda r: tell(f"{r.area}, {r.notebook}: {r.outcome}"),
        )
    seconds = time.monotonic() - began
    renamed = other_keys(results, out)
    index = write_index(results, out, day, audience)
    write_manifest(results, out, day, audience, seconds)
    failed = [r for r in results if r.outcome in NOT_PUBLISHED]
    for result in failed:
        err_console.print(
            f"{result.outcome.capitalize()}: {result.area}, {result.notebook}: {result.message}", markup=False
        )
    for message in dict.fromkeys(f"{r.notebook} {r.message}" for r in results if r.outcome == "refused"):
        err_console.print(f"Not made: {message}", markup=False)
    if renamed:
        err_console.print(
            f"Another key than in the last run into this folder: the children of {few(renamed)} have other labels now, and "
            "pages of before no longer match.",
            markup=False,
        )
    made = sum(r.outcome == "made" for r in results)
    out_console.print(f"{made} pages made, {len(failed)} failed, in {seconds:,.0f} seconds.")
    out_console.print(f"Open {index.resolve()}")
    raise typer.Exit(1 if failed else 0)
