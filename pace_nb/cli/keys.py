"""Commands about the key: key new, key show, key whose."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pace_nb.cli.console import AsAt, out_console
from pace_nb.marking import SENSITIVE
from pace_nb.periods import to_date

app = typer.Typer(help="The key that children's pseudonyms are made with.", no_args_is_help=True)


@app.command("new")
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


@app.command("show")
def show_key() -> None:
    """Say which key is in use, by its fingerprint and where it lies. The key itself is never shown."""
    from pace_nb.pseudonyms import key_file, read_key

    out_console.print(f"{read_key(key_file()).fingerprint}  {key_file()}")


@app.command("whose")
def whose(
    extract: Annotated[Path, typer.Argument(help="The extract that the page was made from.")],
    label: Annotated[str, typer.Argument(help="A label on a page, such as K7Q-2MX.")],
    as_at: AsAt,
) -> None:
    """Say whose a label is: the child's number in the extract. It is printed here and kept nowhere."""
    from pace_nb.extract import read_extract
    from pace_nb.timelines import find_by_label

    authority, number = find_by_label(read_extract(extract, to_date(as_at), audience="working"), label)
    out_console.print(SENSITIVE)
    out_console.print(f"{number} ({authority})")
    out_console.print(SENSITIVE)
