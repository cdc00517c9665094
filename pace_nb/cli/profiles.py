"""Commands about a profile: profile new, profile check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pace_nb.cli.console import out_console

app = typer.Typer(help="How an area's own files are read.", no_args_is_help=True)


@app.command("new")
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


@app.command("check")
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
