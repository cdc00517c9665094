"""The figures of a page as a workbook: a sheet for each chart and table, what is hidden as the page hides it.

Numbers are numbers, so that they can be drawn and added up; everything else is text, and text is never worked out as a formula.
The same page gives the same bytes.
"""

from __future__ import annotations

import io
import re
from datetime import datetime

import xlsxwriter

from pace_nb.outputs.content import Content, Part

CONTENTS = "Contents"
_WIDEST, _NARROWEST = 60, 9  # of a column, in letters
_FIRST_ROW = 4  # of the table: title, area and day, marking and a blank line stand above it
_NUMBER = re.compile(
    r"(?P<sign>[+−-]?)(?P<figures>(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?P<rest>\.\d+)?)(?P<percent> ?%)?"
)


def read_number(text: str) -> tuple[float, str] | None:
    """Return a cell as a number and the form in which Excel shows it as the page does; None for what is text.

    A year is a number like any other. Numbers that begin with 0 are names of something, and stay text.

    >>> read_number("1,234"), read_number("75 %"), read_number("−3"), read_number("0.5")
    ((1234, '#,##0'), (0.75, '0 %'), (-3, '0'), (0.5, '0.0'))
    >>> [read_number(t) for t in ("*", "–", "about 20", "12 (45)", "007", "=1+1", "")]
    [None, None, None, None, None, None, None]
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    rest = found["rest"] or ""
    value = float(found["figures"].replace(",", "")) if rest else int(found["figures"].replace(",", ""))
    places = "." + "0" * (len(rest) - 1) if rest else ""
    if found["sign"] in ("−", "-"):
        value = -value
    if found["percent"]:
        return round(value / 100, 6), f"0{places} %"
    return value, ("#,##0" if "," in text else "0") + places


def make_workbook(content: Content, day: datetime) -> bytes:
    """Return the workbook of a page. day: its as-at day, which stands where Excel keeps when a file was made."""
    held = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties({"title": f"{content.title} {content.area}", "comments": content.marking, "created": day})
        looks = _formats(book)
        names = _sheet_names(content.tables)
        _write_contents(book, content, names, looks)
        for name, part in zip(names, content.tables, strict=True):
            _write_part(book, name, content, part, looks)
    return held.getvalue()


def _formats(book: xlsxwriter.Workbook) -> dict[str, xlsxwriter.format.Format]:
    top = {"valign": "top", "text_wrap": True}
    line = {**top, "bottom": 1, "bottom_color": "#D7DDE4"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "marking": book.add_format({"bold": True, "font_color": "#8A1C1C"}),
        "plain": book.add_format(top),
        "bold": book.add_format({**top, "bold": True}),
        "link": book.add_format({**top, "font_color": "#1D5B8F", "underline": 1}),
        "head": book.add_format({**top, "bold": True, "bg_color": "#E4ECF3", "bottom": 2}),
        "head right": book.add_format({**top, "bold": True, "bg_color": "#E4ECF3", "bottom": 2, "align": "right"}),
        "text": book.add_format(line),
        "right": book.add_format({**line, "align": "right"}),
    }


def _sheet_names(parts: tuple[Part, ...]) -> list[str]:
    """Return a name for each sheet, by what it holds: the page's own numbers of figures, and tables in their order."""
    names, figures, tables = [], 0, 0
    for part in parts:
        if part.name:
            found = re.match(r"Figure (\d+)\.", part.caption)
            figures = int(found[1]) if found else figures + 1
            names.append(f"Figure {figures}")
        else:
            tables += 1
            names.append(f"Table {tables}")
    return names


def _write_contents(book, content: Content, names: list[str], looks: dict) -> None:
    sheet = book.add_worksheet(CONTENTS)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 62)
    sheet.set_column(2, 2, 44)
    sheet.write_string(0, 0, content.title, looks["title"])
    sheet.write_string(1, 0, f"{content.area}. {content.as_at}")
    sheet.write_string(2, 0, content.marking, looks["marking"])
    if content.synthetic:
        sheet.write_string(3, 0, content.synthetic)
    for column, name in enumerate(("Sheet", "What it holds", "Section of the page")):
        sheet.write_string(5, column, name, looks["head"])
    row = 6
    for name, part in zip(names, content.tables, strict=True):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", looks["link"], name)
        sheet.write_string(row, 1, part.title, looks["text"])
        sheet.write_string(row, 2, part.section, looks["text"])
        row += 1
    row += 1
    for note in (
        *content.notes,
        "* means: not shown, because it could tell of a child. – means: there is no such number.",
    ):
        sheet.merge_range(row, 0, row, 2, "", looks["plain"])
        sheet.write_string(row, 0, note, looks["plain"])
        sheet.set_row(row, 15 * _lines(note, 120))
        row += 1
    sheet.write_string(row + 1, 0, content.marking, looks["marking"])
    sheet.freeze_panes(6, 0)
    _print_setup(sheet, content)


def _write_part(book, name: str, content: Content, part: Part, looks: dict) -> None:
    table, sheet = part.table, book.add_worksheet(name)
    sheet.write_string(0, 0, part.title, looks["title"])
    sheet.write_string(1, 0, f"{content.area}. {content.as_at} Notes stand under the table.")
    sheet.write_string(2, 0, content.marking, looks["marking"])
    right = [_to_the_right(table.rows, i) for i in range(len(table.columns))]
    for column, heading in enumerate(table.columns):
        sheet.write_string(_FIRST_ROW, column, heading, looks["head right" if right[column] else "head"])
        sheet.set_column(column, column, _width(table, column))
    for row, cells in enumerate(table.rows, _FIRST_ROW + 1):
        for column, text in enumerate(cells):
            found = read_number(text) if column else None  # the first column names the row
            if found is None:
                sheet.write_string(
                    row, column, text, looks["right" if right[column : column + 1] == [True] else "text"]
                )
            else:
                value, form = found
                if form not in looks:
                    looks[form] = book.add_format(
                        {"valign": "top", "bottom": 1, "bottom_color": "#D7DDE4", "align": "right", "num_format": form}
                    )
                sheet.write_number(row, column, value, looks[form])
    last = _FIRST_ROW + len(table.rows)
    if table.rows and table.columns:
        sheet.autofilter(_FIRST_ROW, 0, last, len(table.columns) - 1)
    sheet.freeze_panes(_FIRST_ROW + 1, 1)
    sheet.repeat_rows(_FIRST_ROW)
    row = last + 2
    for note in (part.caption, part.alt, table.note, *content.notes, content.synthetic):
        if note:
            sheet.write_string(row, 0, note)
            row += 1
    sheet.write_url(row, 0, f"internal:'{CONTENTS}'!A1", looks["link"], "Back to the contents")
    sheet.write_string(row + 1, 0, content.marking, looks["marking"])
    _print_setup(sheet, content)


def _to_the_right(rows: tuple[tuple[str, ...], ...], column: int) -> bool:
    """Numbers stand to the right, and so does what stands in place of one in the same column."""
    return column > 0 and any(len(r) > column and read_number(r[column]) for r in rows)


def _width(table, column: int) -> float:
    """Wide enough for most cells; longer text is broken into lines."""
    longest = max([len(r[column]) for r in table.rows if len(r) > column], default=0)
    words = max((len(w) for w in table.columns[column].split()), default=0)
    return min(_WIDEST, max(_NARROWEST, longest + 2, words + 4, min(len(table.columns[column]) / 2, 18)))


def _lines(text: str, letters: int) -> int:
    return max(1, -(-len(text) // letters))


def _print_setup(sheet, content: Content) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&C&B{content.marking}")
    sheet.set_footer(f"&L{content.area.replace('&', '&&')}. {content.marking}&RPage &P of &N")
