"""The commands that make what is printed and handed round: plans, poster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pace_nb.cli.console import AsAt, err_console, out_console
from pace_nb.periods import to_date

NO_BROWSER = (
    "No PDF was made: that takes Chromium, Chrome or Edge on this computer (or PACE_NB_CHROMIUM, with where one lies). "
    "Open the page in any browser and print it: it is laid out for the sheet."
)
READ_IT = (
    "Read each poster before it hangs anywhere. Counts are protected; words are not: where few children live, a role and a year "
    "may be enough to know whom somebody spoke of."
)
Pdf = Annotated[
    bool, typer.Option("--pdf/--no-pdf", help="Print each page as PDF too, where there is a browser for it.")
]


def plans(
    folder: Annotated[
        Path, typer.Argument(help="A folder with aims.toml, theory.toml and changes, such as an extract.")
    ],
    as_at: AsAt,
    area: Annotated[str, typer.Option(help="Whose plans they are, for the heading.")] = "",
    out: Annotated[Path, typer.Option(help="Folder for the pages; made if it is not there.")] = Path("plans"),
    pdf: Pdf = True,
) -> None:
    """Write the driver diagrams, the measurement plan and the data requirements. No record of a child is read."""
    from pace_nb.errors import ParameterError
    from pace_nb.handouts import print_pdf, write_plans
    from pace_nb.terms import authority_name

    if not folder.exists():
        raise ParameterError(f"There is nothing at '{folder.name}'.", do="name the folder where aims.toml lies.")
    if area and authority_name(area) is None:
        raise ParameterError(f"'{area}' is not a Scottish local authority.", do="use its name or its GSS code.")
    pages = write_plans(folder, out, to_date(as_at), authority_name(area) or "")
    _tell(pages, [print_pdf(p) for p in pages] if pdf else None)


def poster(
    extract: Annotated[Path, typer.Argument(help="A folder with the tables, or a workbook.")],
    as_at: AsAt,
    change: Annotated[
        list[str], typer.Option("--change", help="Id of a change; may be given several times. Without it, all of them.")
    ] = [],  # noqa: B006
    area: Annotated[str, typer.Option(help="Of an extract of several areas, whose poster it is.")] = "",
    size: Annotated[str, typer.Option(help="The sheet: A3 or A1.")] = "A3",
    out: Annotated[Path, typer.Option(help="Folder for the posters; made if it is not there.")] = Path("posters"),
    read: Annotated[
        bool, typer.Option("--read", help="Somebody has read the words that may tell of a person, and stands for them.")
    ] = False,
    pdf: Pdf = True,
) -> None:
    """Make a poster of a change: aim, theory, cycles, chart, what people said, what was learned. One sheet, for everyone."""
    from pace_nb.extract import read_extract
    from pace_nb.handouts import print_pdf
    from pace_nb.handouts.poster import write_posters

    found = read_extract(extract, to_date(as_at), area or None)
    pages = write_posters(found, extract, change, out, size.upper(), read)
    _tell(pages, [print_pdf(p) for p in pages] if pdf else None)
    err_console.print(READ_IT)


def _tell(pages: list[Path], printed: list[Path | None] | None) -> None:
    """Say what was written, and that no PDF was, if none could be."""
    for path in [*pages, *(p for p in printed or [] if p is not None)]:
        out_console.print(f"Wrote {path}")
    if printed and None in printed:
        err_console.print(NO_BROWSER)
