"""Tables as people read them: a caption that says what is counted, right-aligned numbers, nothing but escaped text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from pace_nb import disclosure
from pace_nb.shown import Shown


def make_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    caption: str,
    note: str = "",
    child_level: bool = False,
    empty: str = "None.",
) -> Shown:
    """Return a table. The first column names the row; cells that look like numbers are set to the right."""
    sides = [_side(i, rows) for i in range(len(columns))]
    head = "".join(f'<th scope="col"{side}>{escape(c)}</th>' for side, c in zip(sides, columns, strict=True))
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row" style="text-align:left">{_written(str(cell))}</th>'
            if i == 0
            else f"<td{sides[i]}>{_written(str(cell))}</td>"
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    if not rows:
        body = f'<tr><td colspan="{len(columns)}">{escape(empty)}</td></tr>'
    html = (
        f'<div class="table" tabindex="0" role="region" aria-label="{escape(caption)}"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        + (f'<p class="note">{escape(note)}</p>' if note else "")
    )
    text = "\n".join([caption, "\t".join(columns), *("\t".join(map(str, r)) for r in rows), note]).strip()
    return Shown(html, text, child_level)


_written = lru_cache(maxsize=20_000)(escape)  # the same words stand in thousands of cells
_NUMBER = re.compile(rf"[\d,.]+( %)?( \([\d,]+\))?|–|{re.escape(disclosure.HIDDEN)}|")


def _side(i: int, rows: Sequence[Sequence[object]]) -> str:
    if i == 0 or not rows:
        return ' style="text-align:left"'
    return ' class="number"' if all(_NUMBER.fullmatch(str(r[i])) for r in rows) else ' style="text-align:left"'


def count(n: int, audience: str) -> str:
    """Return a count for a table cell.

    >>> count(1234, "working"), count(3, "aggregate"), count(13, "aggregate")
    ('1,234', '*', '15')
    """
    shown = disclosure.protect_count(n, audience)
    return disclosure.HIDDEN if shown is None else f"{shown:,}"


def cell(shown: int | str | None) -> str:
    """Return a count of `disclosure.protect_grid` for a table cell.

    >>> cell(15), cell(None), cell(disclosure.WITHHELD)
    ('15', '*', '–')
    """
    return disclosure.HIDDEN if shown is None else f"{shown:,}" if isinstance(shown, int) else shown


def percent(part: int, whole: int, audience: str) -> str:
    """Return a percentage for a table cell, a dash where there is no denominator."""
    if not whole:
        return "–"
    share = disclosure.protect_share(part, whole, audience)
    return disclosure.HIDDEN if share is None else f"{share * 100:.0f} %"


def weeks(days: float | None, n: int, audience: str) -> str:
    """Return a number of days as weeks for a table cell."""
    days = disclosure.protect_median(days, n, audience)
    return "–" if days is None else f"{days / 7:.0f}"
