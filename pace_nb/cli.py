"""The command line: pace-nb sample, check, aims, report, key, profile.

Exit codes: 0 all well, 1 some runs failed, 2 wrong use, 3 the data cannot be used.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from pace_nb.errors import PaceError, ParameterError, few
from pace_nb.periods import show_date, to_date

if TYPE_CHECKING:
    from pace_nb.extract import Extract

app = typer.Typer(
    help="Notebooks and reports for permanence planning: how long children wait, who waits now, whether a change helped.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
key_app = typer.Typer(help="The key that children's pseudonyms are made with.", no_args_is_help=True)
app.add_typer(key_app, name="key")
profile_app = typer.Typer(help="How an area's own files are read.", no_args_is_help=True)
app.add_typer(profile_app, name="profile")
out_console = Console(soft_wrap=True, highlight=False, markup=False)
err_console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)

AsAt = Annotated[
    str,
    typer.Option(
        "--as-at", help="The day up to which the records are known, such as 2019-07-31. Never today by default."
    ),
]


@contextmanager
def _progress(total: int, what: str):
    """Yield a function to call after each piece of work: a bar on a terminal, plain lines in a log."""
    if err_console.is_terminal:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=err_console) as bar:
            task = bar.add_task(what, total=total)
            yield lambda text: bar.update(task, advance=1, description=text[:60])
    else:
        done = 0

        def tell(text: str) -> None:
            nonlocal done
            done += 1
            if done % max(1, total // 16) == 0 or done == total:
                err_console.print(f"{done} of {total}: {text}")

        yield tell


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Folder to write the 32 extracts to; made if it is not there.")],
    scale: Annotated[float, typer.Option(min=0.01, max=10, help="1.0 is the size of Scotland.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 2019,
) -> None:
    """Make synthetic extracts for all 32 areas, to try things on. No real child is in them."""
    from pace_nb.sample import write_sample
    from pace_nb.terms import AUTHORITIES

    with _progress(len(AUTHORITIES), "Making extracts") as tell:
        written = write_sample(folder, scale=scale, seed=seed, progress=tell)
    out_console.print(f"{len(AUTHORITIES)} synthetic extracts ({len(written)} files) are in {folder}")


@app.command()
def check(
    extract: Annotated[Path, typer.Argument(help="A folder with the tables, or a workbook.")],
    as_at: AsAt,
    corrections: Annotated[
        Path | None,
        typer.Option(help="Write the rows to correct to this workbook (.xlsx), for whoever keeps the records."),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(help="The extract before this one: say how many children vanished and which dates changed."),
    ] = None,
) -> None:
    """Say whether an extract is fit to use: every row counted, every fault with its file, row and column."""
    from pace_nb.extract import read_extract
    from pace_nb.files import find_extracts

    to_date(as_at)
    unusable = False
    paths = find_extracts(extract)
    if corrections or previous:
        _require_one(paths, corrections)
    for path in paths:
        try:
            found = read_extract(path, as_at)
        except PaceError as error:
            err_console.print(f"{path.name} cannot be used.", style="bold")
            err_console.print(str(error), markup=False)
            unusable = True
            continue
        unusable |= any(f.level == "file" for f in found.findings)
        _print_check(path, found)
        if previous:
            _print_previous(found, previous)
        if corrections:
            _write_corrections(found, corrections)
    raise typer.Exit(3 if unusable else 0)


def _require_one(paths: Sequence[Path], corrections: Path | None) -> None:
    """Corrections and a comparison are of one extract; and nothing is ever written among an extract's files."""
    if len(paths) > 1:
        raise ParameterError(
            "--corrections and --previous are for one extract, and there are several.", do="name one of them."
        )
    folder = paths[0] if paths[0].is_dir() else paths[0].parent
    if corrections and corrections.resolve().parent == folder.resolve():
        raise ParameterError(
            "The list of corrections would lie among the extract's files.", do="write it to another folder."
        )


def _print_previous(found: Extract, previous: Path) -> None:
    from dataclasses import replace

    from pace_nb.pages.check import describe_previous, study_previous

    out_console.print(f"Against {previous.name}", style="bold", markup=False)
    exact = replace(found, audience="working")  # as exact as all that this command says; it names no child
    for line in describe_previous(study_previous(exact, str(previous))).text.splitlines():
        out_console.print(f"  {line}", markup=False)


def _write_corrections(found: Extract, file: Path) -> None:
    from pace_nb.corrections import MARKING, write_corrections

    listed = write_corrections(found, file)
    out_console.print(f"{len(listed):,} to correct, listed in {file}", markup=False)
    out_console.print(MARKING, markup=False)


def _print_check(path: Path, found: Extract) -> None:
    from pace_nb.findings import HEADS
    from pace_nb.fitness import judge_fitness
    from pace_nb.pages.check import VERDICTS

    out_console.print(
        f"\n{path.name}: {len(found.children):,} children of {few(found.areas, 4)}, as at {show_date(found.as_at)}",
        style="bold",
    )
    table = Table("Table", "Rows read", "Used", "Set aside", "Exact copies", "Blank", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for row in found.rows.itertuples():
        table.add_row(row.table, *(f"{n:,}" for n in (row.read, row.used, row.set_aside, row.duplicates, row.blank)))
    out_console.print(table)
    for level, head in HEADS.items():
        those = [f for f in found.findings if f.level == level]
        if those:
            out_console.print(head, style="bold")
            for finding in those:
                out_console.print(f"  {finding}", markup=False)
    out_console.print("Fit for which aims", style="bold")
    for fitness in judge_fitness(found):
        out_console.print(f"  {fitness.aim.title}: {VERDICTS[fitness.verdict]}. {' '.join(fitness.why)}", markup=False)
    if not found.findings:
        out_console.print("Nothing was found wrong.")
    elif not any(f.level == "file" for f in found.findings):
        out_console.print("Fit to use: what is named above was set aside and counted.")
    else:
        out_console.print("Not fit as it is: mend what cannot be used, then check again.")


@app.command()
def aims(
    extract: Annotated[Path, typer.Argument(help="A folder with the tables, or a workbook.")],
    as_at: AsAt,
    audience: Annotated[
        str, typer.Option(help="aggregate: rounded numbers. working: exact ones, for people entitled to see children.")
    ] = "aggregate",
) -> None:
    """Read each aim as an improvement advisor would: what to mend, what to ask, with the numbers of the extract."""
    from pace_nb.extract import read_extract
    from pace_nb.files import find_extracts
    from pace_nb.pages.aim_checks import check_aims

    to_date(as_at)
    for path in find_extracts(extract):
        found = read_extract(path, as_at, audience=audience)
        for aim, findings in zip(found.aims.values(), check_aims(found).values(), strict=True):
            out_console.print(f"\n{found.area}: {aim}", style="bold", markup=False)
            for finding in findings:
                out_console.print(f"  To {finding.level}: {finding}", markup=False)
            if not findings:
                out_console.print("  Nothing stands out.")


@app.command()
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
    from pace_nb.batch.publish import other_keys, write_index, write_manifest

    day, begin = to_date(as_at), to_date(since, "since") if since else None
    began = time.monotonic()
    runs = plan_runs(data, day, areas=area, notebooks=notebook, audience=audience, since=begin)
    with _progress(len(runs), "Making pages") as tell:
        results = run_reports(
            runs,
            out,
            workers=workers or None,
            engine=engine,
            tell=lambda r: tell(f"{r.area}, {r.notebook}: {r.outcome}"),
        )
    seconds = time.monotonic() - began
    renamed = other_keys(results, out)
    write_manifest(results, out, day, audience, seconds)
    index = write_index(results, out, day, audience)
    failed = [r for r in results if r.outcome == "failed"]
    for result in failed:
        err_console.print(f"Failed: {result.area}, {result.notebook}: {result.message}", markup=False)
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


@key_app.command("new")
def new_key(
    rotate: Annotated[
        bool,
        typer.Option(
            "--rotate", help="Replace the key that is there; the old one is kept beside it until you delete it."
        ),
    ] = False,
) -> None:
    """Make the key that pages for people entitled to see children need. It is written to a file and never shown."""
    from pace_nb.pseudonyms import key_file, make_key

    key, kept = make_key(key_file(), rotate)
    out_console.print(f"A new key lies in {key_file()}")
    out_console.print(f"Its fingerprint is {key}. Note it down; it may be told to anybody.")
    if kept is None:
        out_console.print("Keep a copy where your authority keeps passwords. Never send it by e-mail.")
    else:
        out_console.print(f"The key of before is kept as {kept.name} beside it.")
        out_console.print(
            "From now on every child has another label. Delete the old key when nobody has to follow up old pages."
        )


@key_app.command("show")
def show_key() -> None:
    """Say which key is in use, by its fingerprint and where it lies. The key itself is never shown."""
    from pace_nb.pseudonyms import key_file, read_key

    out_console.print(f"{read_key(key_file()).fingerprint}  {key_file()}")


@key_app.command("whose")
def whose(
    extract: Annotated[Path, typer.Argument(help="The extract that the page was made from.")],
    label: Annotated[str, typer.Argument(help="A label on a page, such as K7Q-2MX.")],
    as_at: AsAt,
) -> None:
    """Say whose a label is: the child's number in the extract. It is printed here and kept nowhere."""
    from pace_nb.extract import read_extract
    from pace_nb.timelines import find_by_label

    authority, number = find_by_label(read_extract(extract, to_date(as_at), audience="working"), label)
    out_console.print(f"{number} ({authority})")


@profile_app.command("new")
def profile_new(
    extract: Annotated[Path, typer.Argument(help="A folder with an area's own files, or a workbook.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to write it; without this, profile.toml beside the files.")
    ] = None,
) -> None:
    """Write a first profile of an extract: guesses, each with its evidence, to be corrected by hand."""
    from pace_nb.errors import DataError, ParameterError
    from pace_nb.profiles import NAME
    from pace_nb.profiles.guess import guess_profile

    if not extract.exists():
        raise DataError(f"There is nothing at '{extract.name}'.", do="check the path of the extract.")
    target = out or (extract if extract.is_dir() else extract.parent) / NAME
    if target.exists():
        raise ParameterError(f"'{target.name}' is there already.", do="name another file with --out, or move it away.")
    target.write_text(guess_profile(extract), encoding="utf-8")
    out_console.print(f"Wrote {target}")
    out_console.print("Every line is a guess, with its evidence behind it. Correct it, then run: pace-nb profile check")


@profile_app.command("check")
def profile_check(
    extract: Annotated[Path, typer.Argument(help="A folder with an area's own files and its profile.toml.")],
) -> None:
    """Say what a profile leaves unmapped: headings, codes, outcomes, milestones."""
    from pace_nb.errors import DataError
    from pace_nb.extract import find_profile
    from pace_nb.profiles.gaps import find_gaps

    profile = find_profile(extract) if extract.exists() else None
    if profile is None:
        raise DataError(f"There is no profile.toml beside '{extract.name}'.", do="make one with: pace-nb profile new")
    gaps = find_gaps(profile, extract)
    for gap in gaps:
        out_console.print(f"{'Rows will be lost' if gap.costs else 'For information'}: {gap.where}: {gap.what}")
    costly = sum(g.costs for g in gaps)
    out_console.print(
        f"{costly} thing{'' if costly == 1 else 's'} to map before rows are lost, {len(gaps) - costly} for information. "
        "Then run: pace-nb check"
    )
    raise typer.Exit(1 if costly else 0)


def main() -> None:
    """Run the command line; faults that the reader can mend are shown as sentences."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not speak UTF-8
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except PaceError as error:
        err_console.print(str(error), markup=False)
        raise SystemExit(error.exit_code) from None


if __name__ == "__main__":
    main()
