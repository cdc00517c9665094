"""Commands about an extract: sample, check, aims."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pace_nb.cli.console import AsAt, err_console, out_console, progress
from pace_nb.errors import PaceError, ParameterError, few
from pace_nb.marking import POINTS
from pace_nb.periods import show_date, to_date

if TYPE_CHECKING:
    from pace_nb.extract import Extract


def sample(
    folder: Annotated[Path, typer.Argument(help="Folder to write the 32 extracts to; made if it is not there.")],
    scale: Annotated[float, typer.Option(min=0.01, max=10, help="1.0 is the size of Scotland.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 2019,
) -> None:
    """Make synthetic extracts for all 32 areas, to try things on. No real child is in them."""
    from pace_nb.sample import write_sample
    from pace_nb.terms import AUTHORITIES

    with progress(len(AUTHORITIES), "Making extracts") as tell:
        written = write_sample(folder, scale=scale, seed=seed, progress=tell)
    out_console.print(f"{len(AUTHORITIES)} synthetic extracts ({len(written)} files) are in {folder}")


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
    out_console.print(POINTS)
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
    out_console.print(POINTS)
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
    from pace_nb.corrections import write_corrections

    listed = write_corrections(found, file)
    noted = sum(one.level == "notice" for one in listed)
    out_console.print(f"{len(listed) - noted:,} to correct and {noted:,} to know of, listed in {file}", markup=False)


def _print_check(path: Path, found: Extract) -> None:
    from pace_nb.checks.work import KIND
    from pace_nb.findings import HEADS
    from pace_nb.fitness import judge_fitness
    from pace_nb.pages.check import VERDICTS
    from pace_nb.terms import lower

    out_console.print(
        f"\n{path.name}: {len(found.children):,} children of {few(found.areas, 4)}, as at {show_date(found.as_at)}",
        style="bold",
    )
    table = Table("Table", "Rows read", "Used", "Set aside", "Exact copies", "Blank", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    several = found.rows["table"].duplicated(keep=False)
    for row, told_apart in zip(found.rows.itertuples(), several, strict=True):
        name = f"{row.table}: {row.file}" if told_apart else row.table
        table.add_row(name, *(f"{n:,}" for n in (row.read, row.used, row.set_aside, row.duplicates, row.blank)))
    out_console.print(table)
    for name in ("events", "placements", "legal"):
        column = getattr(found, name)[KIND[name]]
        kinds = ", ".join(f"{lower(kind)} {n:,}" for kind, n in column.value_counts().sort_index().items())
        out_console.print(f"{name} used: {kinds or 'none'}", markup=False)
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
    from pace_nb.marking import mark
    from pace_nb.pages.aim_checks import check_aims

    to_date(as_at)
    extracts = [read_extract(path, as_at, audience=audience) for path in find_extracts(extract)]
    marking = mark({found.audience for found in extracts}, child_level=False)
    out_console.print(marking)
    for found in extracts:
        for aim, findings in zip(found.aims.values(), check_aims(found).values(), strict=True):
            out_console.print(f"\n{found.area}: {aim}", style="bold", markup=False)
            for finding in findings:
                out_console.print(f"  To {finding.level}: {finding}", markup=False)
            if not findings:
                out_console.print("  Nothing stands out.")
    out_console.print(marking)
