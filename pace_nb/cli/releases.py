"""Commands about runs that were made: release, forget."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pace_nb.cli.console import out_console
from pace_nb.errors import ParameterError
from pace_nb.periods import show_date, to_date


def release(
    run: Annotated[Path, typer.Argument(help="The folder that pace-nb report wrote.")],
    to: Annotated[
        Path | None, typer.Option(help="The folder for the released pages; it must not be there yet.")
    ] = None,
    sign_off: Annotated[
        Path | None, typer.Option(help="The sign-off form, filled in by somebody other than whoever made the run.")
    ] = None,
    prepare: Annotated[
        Path | None, typer.Option(help="Write the form to this file (.toml), to be filled in, and stop.")
    ] = None,
    extract: Annotated[
        Path | None, typer.Option(help="What the run was made from: search the pages once more, for all its tables.")
    ] = None,
    before: Annotated[
        Path | None, typer.Option(help="The last release of the same areas: the audit looks at the difference.")
    ] = None,
    log: Annotated[
        Path | None, typer.Option(help="The disclosure log; without this, disclosure-log.jsonl beside the new folder.")
    ] = None,
) -> None:
    """Copy the pages for everyone into a folder of their own, after an audit, a search and a second person's sign-off."""
    from pace_nb.runs import read_run, release_run, write_form

    if prepare:
        form = write_form(read_run(run), prepare)
        out_console.print(f"Wrote {form}. Somebody other than whoever made the run opens every page and fills it in.")
        return
    if to is None or sign_off is None:
        raise ParameterError(
            "A release needs a folder and a sign-off.", do="give --to and --sign-off; --prepare writes the form."
        )
    done = release_run(run, to, sign_off, extract=extract, before=before, log=log)
    more = f", {len(done.files)} files that go with them" if done.files else ""
    out_console.print(
        f"{len(done.pages)} page{'' if len(done.pages) == 1 else 's'}{more} and the index are in {done.folder}"
    )
    out_console.print(f"What, by whom and when stands in {done.log}")


def forget(
    folder: Annotated[Path, typer.Argument(help="The folder of a run, or one that holds several.")],
    before: Annotated[str, typer.Option(help="Remove runs that ended before this day, such as 2019-07-31.")],
    key: Annotated[
        Path | None, typer.Option(help="Remove this key file too: then nobody can tell whose the labels were.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> None:
    """Remove runs past a date, with all that they left, and say what was removed and what cannot be."""
    from pace_nb.runs import forget_key, plan_forgetting, remove
    from pace_nb.runs.forget import BEYOND

    planned, staying = plan_forgetting(folder, to_date(before, "before"))
    fingerprint = forget_key(key, staying) if key else ""
    if not dry_run:
        remove(planned)
        if key:
            key.unlink()
    done = "Would be removed" if dry_run else "Removed"
    for one in planned:
        when = f"as at {show_date(one.run.as_at)}, made on {show_date(one.run.finished.date())}"
        out_console.print(f"{done}: {one.run.folder} (run {one.run.name}, {when}): {len(one.files)} files")
        for name in one.files:
            out_console.print(f"  {name}")
        if one.strangers:
            out_console.print(f"  Left there, because pace-nb did not write it: {len(one.strangers)} files")
    if key:
        out_console.print(
            f"{done}: the key {fingerprint} ({key}). Keys of before beside it, named key-…, are not touched."
        )
    out_console.print(f"{len(planned)} run{'' if len(planned) == 1 else 's'} {done.lower()}; {len(staying)} not.")
    out_console.print(BEYOND)
