"""A page made of parts that a control shows, under the rules of every page: its marking, its policy, the search for leaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import nbformat

from pace_nb.batch.export import Page, make_page
from pace_nb.errors import DataError
from pace_nb.leaks import gather_secrets, scan_bytes


def compose_page(name: str, parts: Sequence[Any], audience: str, source: Path, days: Sequence[date] = ()) -> Page:
    """Return a page whose parts are shown one after another.

    parts: what a notebook's line may show (`Shown`, `Figure`), the masthead first; a text is a heading or a paragraph in Markdown and
    has to be this project's own. source: the extract, and days: those that the page names on purpose, for the search.
    Raises DataError if the page would tell on a child, or show single children to people who may not see them: there is no page then.
    """
    notebook = nbformat.v4.new_notebook()
    for n, part in enumerate(parts):
        if isinstance(part, str):
            notebook.cells.append(nbformat.v4.new_markdown_cell(part, id=f"c{n:02}"))
            continue
        data, about = part._repr_mimebundle_()
        shown = nbformat.v4.new_output("display_data", data=data, metadata=about)
        notebook.cells.append(nbformat.v4.new_code_cell("", outputs=[shown], id=f"c{n:02}"))
    page = make_page(notebook, name, audience)
    found = scan_bytes(f"{name}.html", page.html.encode(), gather_secrets(source, days), working=not page.for_everyone)
    if found:
        kinds = " and ".join(sorted({leak.kind for leak in found}))
        raise DataError(f"The page is held back: it tells {kinds}.", do="tell the developers: this is a fault.")
    return page
