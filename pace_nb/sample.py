"""Makes the synthetic extracts: 32 areas of invented children whose numbers look like Scotland's.

Nobody in them exists. Children begin to be looked after at a steady rate; each lives one simulated life (places,
orders, reviews, milestones), and an extract keeps the spells that touch the time from 1 August 2013 to `as_at`,
with the true start of those that were under way when it began. Keeping new starters only would make the first
waits look short. An area is filled until as many children are looked after on `as_at` as the size asked for.

What the numbers are anchored on:

- size of each area: children looked after on 31 July 2019, from the Improvement Service's unit costs (terms.py);
- age at starting and mix of placements: Children Looked After Statistics 2018/19;
- moves: LGBF indicator CHN23, 17 to 20 % of looked after children have more than one placement in a year;
- 2.5 placements and 3.4 legal reasons for each child: the research extract of the national return, 2008/09 on;
- entry (three quarters of young children away from home, half of those under section 25), homecoming (a third,
  after nine months on average), adoption after 2 to 3 years, 87 % in one spell: the Permanently Progressing study;
- waits from milestone to milestone, and the shares that are missing: chosen to fit the above, not measured.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

import numpy as np
import xlsxwriter

from pace_nb.errors import ParameterError
from pace_nb.periods import show_date
from pace_nb.sample_changes import tests_of
from pace_nb.sample_layouts import LAYOUTS, write_native
from pace_nb.sample_lives import COLLECTED_FROM, COLUMNS, Rows, make_area
from pace_nb.sample_plan import DEFECTS, IDEAS, PLANS, TWO_PART_AIMS, UK_DATES, WORKBOOKS
from pace_nb.schema import TABLES
from pace_nb.terms import AUTHORITIES
from pace_nb.tests_of_change import FOLDER, to_toml


def write_sample(
    folder: Path,
    scale: float = 1.0,
    seed: int = 2019,
    as_at: date = date(2019, 7, 31),
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write an extract for each of the 32 authorities, and the codebook; return the files.

    Six areas come in forms of their own, each with the profile that reads it (`sample_layouts`).
    scale: 1.0 is the size of Scotland. The same arguments give the same bytes, and an area is the same whichever
    others are made. Files of the same name are overwritten; nothing else in the folder is touched.

    Raises ParameterError if scale or as_at cannot be used.
    """
    if not 0 < scale <= 10 or as_at <= COLLECTED_FROM:
        raise ParameterError(
            "The sample cannot be made with this scale or day.",
            do=f"give a scale above 0 and at most 10, and a day after {show_date(COLLECTED_FROM)}.",
        )
    written, sizes = [], {}
    for index, authority in enumerate(AUTHORITIES.values()):
        rows = make_area(authority, scale, np.random.default_rng([seed, index]), as_at)
        place = folder / authority.slug
        place.mkdir(parents=True, exist_ok=True)
        if authority.name in LAYOUTS:
            written += write_native(place, authority.name, rows, as_at)
        elif authority.name in WORKBOOKS:
            written.append(_write_workbook(place / f"{authority.slug}.xlsx", rows, as_at))
        else:
            form = "%d/%m/%Y" if authority.name in UK_DATES else "%Y-%m-%d"
            written += [_write_csv(place / f"{name}.csv", COLUMNS[name], rows[name], form) for name in TABLES]
        written.append(_write_text(place / "aims.toml", _aims(authority.name)))
        comment = f"A test of change of {authority.name} (synthetic sample: nobody said or did any of this)."
        (place / FOLDER).mkdir(exist_ok=True)
        written += [_write_text(place / FOLDER / f"{i.id}.toml", to_toml(i, comment)) for i in tests_of(authority.name)]
        complete = (
            f"# Everyone looked after on or after this day is in the extract.\ncomplete_from = {COLLECTED_FROM}\n"
        )
        written.append(_write_text(place / "extract.toml", complete))
        sizes[authority.name] = (len(rows["children"]), len({row[0] for row in rows["placements"] if not row[3]}))
        if progress:
            progress(authority.name)
    return [*written, _write_text(folder / "README.md", _codebook(sizes, scale, seed, as_at))]


def _write_text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _write_csv(path: Path, header: list[str], rows: list[tuple], form: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows([v.strftime(form) if isinstance(v, date) else v for v in row] for row in rows)
    return path


def _write_workbook(path: Path, rows: Rows, as_at: date) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        made = datetime(as_at.year, as_at.month, as_at.day)  # the day it was written would change the bytes
        book.set_properties({"title": "Synthetic extract: no real child", "created": made})
        for name in TABLES:
            sheet = book.add_worksheet(name)
            sheet.set_column(0, len(COLUMNS[name]) - 1, 20)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate([COLUMNS[name], *rows[name]]):
                sheet.write_row(number, 0, row)
    return path


def _toml(table: str, values: dict[str, object]) -> str:
    lines = [f"{k} = {v if isinstance(v, date | int) else chr(34) + str(v) + chr(34)}" for k, v in values.items()]
    return "\n".join([f"[[{table}]]", *lines, ""])


def _aims(area: str) -> str:
    source = "Sample value, not a national aim: confirm locally"
    records = [
        {"id": "aim-3", "limit": "14 weeks", "source": source},
        {"id": "aim-4", "limit": "16 weeks", "source": source},
    ]
    if area in TWO_PART_AIMS:
        since, by, target = TWO_PART_AIMS[area]
        records.insert(0, {"id": "aim-2", "target": target, "from_date": since, "backlog_by": by, "source": source})
    return "\n".join([f"# Aims of {area} (synthetic sample).\n", *(_toml("aim", r) for r in records)])


def _table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(header), ["--"] * len(list(header)), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def _codebook(sizes: dict[str, tuple[int, int]], scale: float, seed: int, as_at: date) -> str:
    def layout(area: str) -> str:
        if area in LAYOUTS:
            return f"own form: {LAYOUTS[area].what}"
        return "workbook" if area in WORKBOOKS else "CSV, dd/mm/yyyy" if area in UK_DATES else "CSV"

    areas = [
        (a, *sizes[a], layout(a), "<br>".join(f"{p.on}: {IDEAS[p.idea][1]} ({p.aim})" for p in PLANS[a]),
         "<br>".join(p.effect for p in PLANS[a]))
        for a in AUTHORITIES
    ]  # fmt: skip
    two_part = [(a, since, by, f"{target} %") for a, (since, by, target) in TWO_PART_AIMS.items()]
    columns, words = [], []
    for table in TABLES.values():
        columns.append(f"### {table.name}\n\n{table.meaning}\n")
        kept = [c for c in table.columns if c.name in COLUMNS[table.name]]
        columns.append(_table(("column", "kind", "meaning"), ((c.name, c.kind, c.meaning) for c in kept)))
        for column in (c for c in kept if c.codes):
            words.append(f"### {column.name}\n")
            words.append(
                _table(("code", "label", "meaning"), ((t.code, t.label, t.meaning) for t in column.codes.values()))
            )
    return _CODEBOOK.format(
        seed=seed, scale=scale, as_at=show_date(as_at), start=show_date(COLLECTED_FROM),
        children=f"{sum(n for n, _ in sizes.values()):,}", now=f"{sum(n for _, n in sizes.values()):,}",
        areas=_table(("area", "children", "looked after now", "layout", "change (aim)", "built in"), areas),
        native=_table(("area", "form", "has no place for"), ((a, x.what, x.lost) for a, x in LAYOUTS.items())),
        two_part=_table(("area", "children accommodated from", "those before it by", "target"), two_part),
        defects=_table(("area", "mistakes"), ((a, ", ".join(d)) for a, d in DEFECTS.items())),
        columns="\n".join(columns), words="\n".join(words),
    )  # fmt: skip


_CODEBOOK = """# Synthetic extracts

**Everything here is invented. No row describes a real child, and nothing here says how any real council works.**
The names of councils are real so that reports look as they would; their children, dates, changes and results are not.

Made by `pace_nb/sample.py` with seed {seed} and scale {scale} (1.0 is the size of Scotland), as at {as_at}:
{children} children, {now} of them looked after on that day. The same seed and scale give the same bytes.

## How it was made

Children begin to be looked after at a steady rate. Each lives one simulated life: places, orders, reviews and
milestones, with skewed (log-normal) waits. About a third of children accommodated go home, most within a year; the
others wait for a recommendation, a panel, the agency decision, the court and the order, as far as their route goes.
An extract keeps every spell that touches the time from {start} to {as_at}, so children who were
already looked after when it begins are there with their true earlier dates. Reviews and hearings are recorded
from {start} only. An end that lies after {as_at} is blank.

Child numbers are shuffled and start at SYN-00001 in every area: a child is known by area and number together.
On the day of a move one placement ends and the next begins. The legal reason of an adoption or kinship care order
starts and ends on the day it ends the child's time of being looked after. About a third of the children belong to a
sibling group (SG-0001), accommodated on one day and mostly decided on together.

## What was built in

A shorter or longer wait applies from the day of the change to every child who is at that step or reaches it later,
so children already waiting are helped too. Where a backlog is cleared, most children who had waited more than eight
months at the change get their recommendation within the next half year: long waits that end together. In one area the
step after it takes longer instead. In one nothing became shorter: until the change, most recommendations that came within nine months stood
in minutes only, and were in no extract.

Each change is a test of change in the folder `changes`, with its cycles. Most are told in a line; ten are told in full, and what
people say in them is as invented as the children.

{areas}
Two-part aim 2 (the other areas keep the national aim as it is):

{two_part}
Limits for aims 3 and 4 (14 and 16 weeks) are sample values, not national aims.

### What is missing

By area, 5 to 15 % of recommendation dates; before 2016, 20 to 40 % of agency decisions and 40 to 60 % of court
applications, and a third of those shares later; a tenth of panel and order dates; 6 % of the routes of recommendations.

### Forms of their own

Most areas come in the project's own form: the four tables below. Six come as a case system or a person might keep them, with
headings, codes and forms of dates of their own. The `profile.toml` beside the files says how they are read, and that is how an
area's own extract is read too. They were made from the same lives: apart from what a form has no place for, reading them
gives the same children, placements, legal reasons and events.

{native}
### Mistakes put in on purpose

So that the checks have something to find. The areas not named have none.

{defects}
## Tables

Of an extract in the project's own form. Tables other than children leave out the column local_authority: each extract holds one authority.

{columns}
## Codes

{words}
## Sources of the figures

- Children looked after in each area, 31 July 2019: worked out from the Improvement Service's Local Government
  Benchmarking Framework (gross cost / 52 / cost per child per week).
- Age at starting and mix of placements: Scottish Government, Children's Social Work Statistics, 2018/19.
- Children with more than one placement in a year (17 to 20 %): Local Government Benchmarking Framework, CHN23.
- Placements (2.5) and legal reasons (3.4) for each child: research extract of the national return, 2008/09 on.
- Share away from home, section 25, going home and when, adoption and when, one spell: Permanently Progressing study.
- Medians and spread of the waits between milestones, shares missing, sibling groups: chosen to fit the figures above.
  They were not measured, and are no benchmark.
"""
