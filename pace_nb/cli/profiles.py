"""Commands about a profile: profile new, profile check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pace_nb.cli.console import out_console
from pace_nb.marking import POINTS

if TYPE_CHECKING:
    from pace_nb.profiles.gaps import Outcomes

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
    from pace_nb.profiles.draft import draft_profile

    if not extract.exists():
        raise DataError(f"There is nothing at '{extract.name}'.", do="check the path of the extract.")
    target = out or (extract if extract.is_dir() else extract.parent) / NAME
    if target.exists():
        raise ParameterError(f"'{target.name}' is there already.", do="name another file with --out, or move it away.")
    draft = draft_profile(extract)
    target.write_text(draft.text, encoding="utf-8")
    out_console.print(POINTS)
    out_console.print(f"Wrote {target}: {draft.said}")
    out_console.print(
        f"Every line is a guess, with its evidence behind it. Correct it, then run: pace-nb profile check {extract}"
    )
    out_console.print(POINTS)


@app.command("check")
def profile_check(
    extract: Annotated[Path, typer.Argument(help="A folder with an area's own files and its profile.toml.")],
) -> None:
    """Say what a profile leaves unmapped, and what it makes of outcomes: headings, codes, outcomes, milestones."""
    from pace_nb.errors import DataError
    from pace_nb.extract import find_profile
    from pace_nb.profiles.gaps import check_profile

    profile = find_profile(extract) if extract.exists() else None
    if profile is None:
        raise DataError(f"There is no profile.toml beside '{extract.name}'.", do="make one with: pace-nb profile new")
    found = check_profile(profile, extract)
    out_console.print(POINTS)
    for gap in found.gaps:
        out_console.print(f"{gap.level}: {gap.where}: {gap.what}")
    for outcomes in found.outcomes:
        _print_outcomes(outcomes)
    costly = sum(g.costs for g in found.gaps)
    out_console.print(
        f"{costly} thing{'' if costly == 1 else 's'} to map before rows are lost or read wrongly, "
        f"{len(found.gaps) - costly} for information. Then run: pace-nb check {extract}"
    )
    out_console.print(POINTS)
    raise typer.Exit(1 if costly else 0)


def _print_outcomes(outcomes: Outcomes) -> None:
    out_console.print(f"What becomes of outcomes: {outcomes.where}, column {outcomes.heading}, {outcomes.rows:,} rows")
    for line in outcomes.lines:
        out_console.print(f'  {line.rows:>7,}  "{line.pattern}": {line.idle or line.meaning}')
    out_console.print(f"  {outcomes.left:>7,}  no line fits: nothing is taken from them")
    out_console.print(f"  {outcomes.blank:>7,}  blank")
