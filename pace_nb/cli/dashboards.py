"""The command that shows a dashboard: dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pace_nb.cli.console import err_console, out_console
from pace_nb.dashboards.settings import IDLE_MINUTES, PORT, VISITORS, Settings, check
from pace_nb.errors import ParameterError
from pace_nb.periods import to_date
from pace_nb.terms import authority_name

#: What is written after the name of a dashboard, by what it needs.
GIVEN = {"extract": " my-extract --as-at 2019-07-31", "pack": " packs/area.pack.json", "nothing": ""}


def dashboard(
    name: Annotated[
        str, typer.Argument(help="Which one, such as learn_run_charts; without a name they are listed.")
    ] = "",
    source: Annotated[
        Path | None, typer.Argument(help="What it shows: an extract, or a prepared pack. Some dashboards need neither.")
    ] = None,
    as_at: Annotated[
        str,
        typer.Option("--as-at", help="For an extract: the day up to which its records are known, such as 2019-07-31."),
    ] = "",
    area: Annotated[str, typer.Option(help="For several areas: which local authority.")] = "",
    ip: Annotated[
        str, typer.Option(help="The address to listen on. By default only this computer can reach it.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; if it is taken, another. 0: any.")] = PORT,
    public_url: Annotated[
        str,
        typer.Option(help="The address that people type, where a proxy stands in between: https://events.example.org."),
    ] = "",
    visitors: Annotated[
        int, typer.Option(help="How many may have it open at once; the next one is asked to wait.")
    ] = VISITORS,
    idle_minutes: Annotated[
        int, typer.Option(help="After how long without use a page gives up its place.")
    ] = IDLE_MINUTES,
    working_on_network: Annotated[
        bool,
        typer.Option("--working-on-network", help="Say plainly that single children may be shown to other computers."),
    ] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page here.")] = True,
) -> None:
    """Show a notebook as a page with controls, for one person or a room of sixty. Ctrl-C ends it."""
    from pace_nb.dashboards.find import find_dashboard, find_dashboards
    from pace_nb.dashboards.launch import make_token, serve

    if not name:
        out_console.print("Which dashboard? Name one after pace-nb dashboard:")
        for one in find_dashboards():
            out_console.print(f"\n    {one.name}{GIVEN[one.needs]}\n        {one.title}")
        return
    chosen = find_dashboard(name)
    settings = Settings(make_token(), ip, port, public_url, visitors, idle_minutes)
    check(settings, chosen.audience, working_on_network)
    parameters = _parameters(chosen, source, as_at, area)
    serve(chosen, parameters, settings, lambda line: out_console.print(line, markup=False), browser)


def _parameters(chosen, source: Path | None, as_at: str, area: str) -> dict[str, str]:
    """Return the values of the notebook's parameters. Raises ParameterError if what it needs is not given, or not there."""
    if chosen.needs == "nothing" and "changes_path" in chosen.parameters:
        return {"changes_path": str(_changes(source or Path("changes")).resolve())}
    if chosen.needs == "nothing":
        if source is not None:
            err_console.print(f"{chosen.name} needs no data, so {source.name} is not read.", markup=False)
        return {}
    if source is None or not source.exists():
        raise ParameterError(
            f"The dashboard '{chosen.name}' shows {'an extract' if chosen.needs == 'extract' else 'a prepared pack'}, and "
            f"{'none is named' if source is None else f'{source.name} is not there'}.",
            do=f"name it: pace-nb dashboard {chosen.name} "
            + ("FOLDER --as-at DAY." if chosen.needs == "extract" else "packs/AREA.pack.json (pace-nb pack makes it)."),
        )
    if chosen.needs == "pack":
        return {"pack_path": str(source.resolve())}
    from pace_nb.areas import find_area
    from pace_nb.extract import list_areas

    if not as_at:
        raise ParameterError(
            "The day is missing up to which the records are known.", do="add --as-at, such as 2019-07-31."
        )
    source = find_area(source, area, to_date(as_at))
    inside = list_areas(source, to_date(as_at))
    area = authority_name(area) or area
    if area and area not in inside:
        raise ParameterError(f"{area} is not in {source.name}.", do=f"choose from {', '.join(inside)}.")
    if not area and len(inside) != 1:
        raise ParameterError(f"{source.name} holds {len(inside)} areas.", do="name one with --area.")
    given = {
        "extract_path": str(source.resolve()),
        "area": area or inside[0],
        "as_at": as_at,
        "audience": chosen.audience,
    }
    return {name: value for name, value in given.items() if name in chosen.parameters}


def _changes(source: Path) -> Path:
    """Return the folder of tests of change: the one that is named, or the one beside the extract that is named."""
    return (
        source / "changes"
        if (source / "changes").is_dir() or (source.is_dir() and any(source.glob("*.csv")))
        else source
    )
