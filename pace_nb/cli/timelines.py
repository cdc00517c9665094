"""The command that hands out a child's timeline: timeline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pace_nb.cli.console import AsAt, err_console, out_console
from pace_nb.marking import SENSITIVE
from pace_nb.periods import to_date

READ_IT = (
    "Each file tells of a child. Give it to nobody who may not know, and look at it with somebody who knows the child first: what is "
    "not recorded is not in it."
)


def timeline(
    extract: Annotated[Path, typer.Argument(help="A folder with the tables, or a workbook.")],
    child: Annotated[str, typer.Option(help="The child's label on a page made with the same key, such as K7Q-2MX.")],
    as_at: AsAt,
    area: Annotated[str, typer.Option(help="Of an extract of several areas, whose child it is.")] = "",
    version: Annotated[
        str, typer.Option(help="professional; or family, in plain words for the child or a parent.")
    ] = "professional",
    siblings: Annotated[bool, typer.Option("--siblings", help="The child with brothers and sisters.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for the files; made if it is not there.")] = Path("timelines"),
) -> None:
    """Write one child's timeline as a page that prints to one sheet, and as SVG, PNG and PDF. For people entitled to see the child."""
    from pace_nb.extract import read_extract
    from pace_nb.handouts.timelines import write_timeline

    found = read_extract(extract, to_date(as_at), area or None, audience="working")
    out_console.print(SENSITIVE)
    for path in write_timeline(found, child, out, version.lower(), siblings):
        out_console.print(f"Wrote {path}")
    err_console.print(READ_IT)
