"""The command that makes a learning event's pack: pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pace_nb.cli.console import AsAt, out_console
from pace_nb.periods import to_date
from pace_nb.terms import AUTHORITIES


def pack(
    extract: Annotated[
        Path,
        typer.Argument(help="An extract: a folder with the tables, or a workbook; or a folder of several extracts."),
    ],
    as_at: AsAt,
    area: Annotated[str, typer.Option(help="Of several areas, whose pack it is, such as Fife.")] = "",
    areas: Annotated[
        Path | None, typer.Option(help="A folder with the extracts of all areas, to compare with all others together.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the pack; made if it is not there.")] = Path("packs"),
    before: Annotated[
        Path | None,
        typer.Option(
            help="An earlier pack of the area that people may still have (its .pack.json): neither may give away what the other hides. "
            "By default the one that lies in --out."
        ),
    ] = None,
    since: Annotated[
        str,
        typer.Option(
            help="Count waits that ended on or after this day. By default, from when the extract is complete."
        ),
    ] = "",
) -> None:
    """Make the pack of a learning event: one page that needs no server, and the data that the event's dashboard reads.

    Both are for everyone: protected, audited together, and searched for what would tell on a child before they are written.
    """
    from pace_nb.areas import find_area
    from pace_nb.extract import read_extract
    from pace_nb.leaks import gather_secrets
    from pace_nb.packs import build_pack, read_pack
    from pace_nb.packs.page import write_pack

    day = to_date(as_at)
    extract = find_area(extract, area, day)
    found = read_extract(extract, day, area or None, since=since or None)
    lying = out / f"{AUTHORITIES[found.area].slug}.pack.json" if found.area in AUTHORITIES else out
    earlier = before or (lying if lying.is_file() else None)
    held = None if earlier is None else read_pack(earlier)
    made = build_pack(found, areas, held)
    secrets = gather_secrets(extract, [day, *([found.since] if found.since else [])])
    page, data = write_pack(made, out, secrets, held)
    if held is not None:
        out_console.print(f"Held against the pack as at {held.as_at}; docs/events.md says what that covers.")
    for line in made.left_out:
        out_console.print(f"Note: {line}")
    out_console.print(f"Wrote {page}: open it in any browser, or share the file; it needs no network.")
    out_console.print(f"Wrote {data}: for the dashboard learning_event.")
