"""Text that tries to be more than text, in every field that a person can write: it stands on every page as the text that it is.

Each field has a payload of its own, so that a page shows which one it printed. The pages are made by the command line, as a
person makes them, and opened in a real browser.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
AS_AT = ("--as-at", "2019-07-31")


def payload(field: str) -> str:
    """Markup, script, template, markdown, mathematics and formula at once; it names its field."""
    return (
        f"=HYPERLINK('http://x.example/{field}')<script>window.ran='{field}';alert(1)</script>"
        f"<img src=x onerror=\"window.ran='{field}'\"><svg onload=alert(2)>{{{{7*7}}}}{{% raw %}}${{7*7}}<%=7*7%>"
        f"[{field}](javascript:alert(3)) **{field}** $x_{field}$ </style></title></table></script>&lt;b&gt;"
    )


#: A file name may hold all of this but a slash.
FOLDER = "=1+1<img src=x onerror=alert(4)>{{7*7}}&lt;b&gt;"
PROFILED = "profiled"
#: The notebooks that print what people write, and the one that draws single children.
MADE = {
    "working": ("0_check_extract", "2_aims", "3_test_of_change", "4_timelines", "8_portfolio"),
    "aggregate": ("0_check_extract", "3_test_of_change"),
}


def quoted(text: str) -> str:
    return json.dumps(text)  # TOML writes text as JSON does


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def poison(path: Path) -> None:
    """Put a payload into every field of an extract that takes text: ids, groups, areas, codes, headings, names, definitions."""
    children, events, placements, legal = (
        read(path / f"{t}.csv") for t in ("children", "events", "placements", "legal")
    )
    number = {row[0]: f"{row[0]}{payload('id')}" for row in children[1:]}
    for table in (children, events, placements, legal):
        table[0].append(payload("heading"))
        for row in table[1:]:
            row[0] = number.get(row[0], row[0])
            row.append(payload("cell"))
    for row in children[1:]:
        row[children[0].index("sibling_group")] = payload("group")
    children.append([payload("id2"), payload("area"), payload("born"), payload("sex"), payload("group"), ""])
    events.append([children[1][0], payload("event"), payload("date"), payload("route"), ""])
    events.append([payload("nobody"), "accommodated", "2017-01-01", "", ""])
    placements.append([children[1][0], payload("place"), "2017-01-01", payload("end"), ""])
    legal.append([children[1][0], payload("reason"), "2017-01-01", "", ""])
    for name, rows in (("children", children), ("events", events), ("placements", placements), ("legal", legal)):
        write(path / f"{name}.csv", rows)
    (path / "=2+2<script>alert(5)<\\script>.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    aim = {
        "id": "hostile",
        "title": payload("aim"),
        "start": "accommodated",
        "end": "adm_decision",
        "why": payload("why"),
    }
    text = "".join(f"{k} = {quoted(v)}\n" for k, v in aim.items())
    with (path / "aims.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[aim]]\n{text}limit = "9 months"\nsource = {quoted(payload("source"))}\n')
    shutil.rmtree(path / "changes", ignore_errors=True)
    (path / "changes").mkdir()
    idea = {
        "id": "hostile",
        "title": payload("change"),
        "idea": payload("idea"),
        "aim": "aim-2",
        "owner": payload("owner"),
    }
    cycle = {"scale": "area", "objective": payload("objective"), "what": payload("what"), "learned": payload("learned")}
    (path / "changes" / "hostile.toml").write_text(
        "".join(f"{k} = {quoted(v)}\n" for k, v in idea.items())
        + "eligible_from = 2017-08-21\n\n[[cycle]]\nnumber = 1\nstart = 2017-08-21\n"
        + "".join(f"{k} = {quoted(v)}\n" for k, v in cycle.items())
        + f"\n[[cycle.question]]\nquestion = {quoted(payload('question'))}\nprediction = {quoted(payload('prediction'))}\n"
        + f"\n[[cycle.feedback]]\nquote = {quoted(payload('quote'))}\nsource = {quoted(payload('said'))}\n",
        encoding="utf-8",
    )


def native(path: Path) -> None:
    """An extract in a form of its own, whose file names and headings are hostile; its profile names them as they are."""
    shutil.copytree(SAMPLE / "highland", path)
    name, heading = f"{FOLDER}.csv", "=1+1<script>alert(6)</script>"
    people = (path / "CF_people.csv").read_bytes().replace(b"Birth Date", heading.encode(), 1)
    (path / name).write_bytes(people + f"SYN-99999;;;{payload('born')};F;\r\n".encode("cp1252"))
    (path / "CF_people.csv").unlink()
    profile = path / "profile.toml"
    text = (
        profile.read_text(encoding="utf-8")
        .replace('"CF_people.csv"', quoted(name))
        .replace('"Birth Date"', quoted(heading))
    )
    profile.write_text(
        re.sub(r'describes = ".*"', lambda _: f"describes = {quoted(payload('profile'))}", text), encoding="utf-8"
    )


def run(folder: Path, *arguments: object) -> dict:
    command = [sys.executable, "-m", "pace_nb", *map(str, arguments)]
    ended = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=900, check=False)
    return {"code": ended.returncode, "said": ended.stdout + ended.stderr}


@pytest.fixture(scope="module")
def hostile(make_shared) -> tuple[Path, dict[str, dict]]:
    """What was made of the two extracts, and what was said."""
    if os.name == "nt":
        pytest.skip("Windows has no such file names")
    folder = make_shared("hostile", _make)
    return folder, json.loads((folder / "out.json").read_text(encoding="utf-8"))


def _make(folder: Path) -> None:
    data = folder / "data"
    shutil.copytree(SAMPLE / "east-dunbartonshire", data / FOLDER)
    poison(data / FOLDER)
    native(data / PROFILED)
    one = data / FOLDER
    said = {
        "check": run(folder, "check", one, *AS_AT, "--corrections", folder / "back.xlsx"),
        "aims": run(folder, "aims", one, *AS_AT, "--audience", "working"),
        "whose": run(folder, "key", "whose", one, "Child AAA-AAA", *AS_AT),
        "native": run(folder, "check", data / PROFILED, *AS_AT, "--corrections", folder / "native.xlsx"),
        "gaps": run(folder, "profile", "check", data / PROFILED),
    }
    for audience, notebooks in MADE.items():
        asked = [x for n in notebooks for x in ("--notebook", n)]
        asked += ["--audience", audience, "--out", folder / audience, "--workers", 2]
        said[audience] = run(folder, "report", one, *AS_AT, *asked)
    (folder / "out.json").write_text(json.dumps(said, indent=1), encoding="utf-8")


#: Field → where its text is printed on purpose. What no page prints (numbers, groups, cells, codes) must be on none.
PRINTED = {"aim", "source", "change", "idea", "objective", "quote"}
NEVER = (
    "id",
    "id2",
    "group",
    "cell",
    "area",
    "born",
    "sex",
    "event",
    "date",
    "route",
    "nobody",
    "place",
    "end",
    "reason",
)


#: Pages with a script of our own, to sort and to filter; the policy names its hash and allows no other.
SCRIPTED = ("index.html", "children.html")


def pages(folder: Path) -> list[Path]:
    return sorted(
        p
        for audience in folder.iterdir()
        if audience.is_dir() and audience.name != "data"
        for p in audience.rglob("*.html")
    )


def test_every_page_was_made(hostile):
    _, said = hostile
    for name, told in said.items():
        assert "Traceback" not in told["said"], name
    for name in ("check", "native", "working", "aggregate"):
        assert said[name]["code"] == 0, said[name]["said"]
    assert said["whose"]["code"] == 2


def test_in_a_browser_nothing_runs_nothing_is_asked_for_and_nothing_strange_stands_there(hostile, visit):
    folder, _ = hostile
    opened = pages(folder)
    assert len(opened) == sum(map(len, MADE.values())) + 2, "and an index for each audience"
    seen = ""
    for path in opened:
        page = visit(path)
        page.wait_for_timeout(50)
        assert page.noted == [], path.name
        assert page.evaluate("window.ran === undefined"), path.name
        own = "" if path.name in SCRIPTED else "script, "  # a script of ours, and only that: the policy has its hash
        strange = page.evaluate(
            f"[...document.querySelectorAll('{own}img, iframe, object, embed, form, [onerror], [onload], base, link')]"
            ".map(e => e.outerHTML.slice(0, 80))"
        )
        assert strange == [], path.name
        links = page.evaluate("[...document.querySelectorAll('[href]')].map(e => e.getAttribute('href'))")
        assert [x for x in links if not re.fullmatch(r"#[\w-]+|[\w-]+/\w+\.html|\w+\.html#[\w-]+", x)] == [], path.name
        assert page.evaluate("[...document.querySelectorAll('svg')].every(s => s.closest('figure, .diagram, main'))")
        assert page.locator(".marking").count() == 2, path.name
        seen += page.evaluate("document.documentElement.textContent")
    squeezed = " ".join(seen.split())
    for field in PRINTED:
        assert " ".join(payload(field).split()) in squeezed, f"{field} does not stand there literally"
    assert FOLDER in squeezed
    assert "window.ran='heading'" in squeezed, "a heading is written as the schema writes names: small, with low lines"
    for field in NEVER:
        assert f"window.ran='{field}'" not in squeezed, f"{field} is printed"


def test_charts_hold_it_as_text_too(hostile):
    """Inside a drawing: in its text, in its spoken name, as a line's label."""
    folder, _ = hostile
    for path in pages(folder):
        html = path.read_text(encoding="utf-8")
        for svg in re.findall(r"<svg\b.*?</svg>", html, re.S):
            assert not re.search(r"<(script|img|foreignObject|iframe|image)\b", svg), path.name
            links = re.findall(r"<a\b[^>]*>", svg)  # a child's dot leads to the child's page
            assert [
                a for a in links if not re.fullmatch(r'<a data-child="\w+"( href="children\.html#\w+")?>', a)
            ] == [], path.name
            assert not re.search(r"<[^>]*\son\w+=[^>]*>", re.sub(r'"[^"]*"', '""', svg)), path.name


@pytest.mark.parametrize("name", ["back.xlsx", "native.xlsx"])
def test_workbooks_hold_no_formula_and_no_link(hostile, name):
    folder, _ = hostile
    book = openpyxl.load_workbook(folder / name)
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert len(cells) > 12
    assert [c.coordinate for c in cells if c.data_type == "f"] == []
    assert [c.coordinate for c in cells if c.hyperlink] == []
    assert any(str(c.value).startswith("=1+1<") for c in cells), "what begins like a formula is there, as text"
    with zipfile.ZipFile(folder / name) as archive:
        for member in archive.namelist():
            assert b"<f>" not in archive.read(member), member
            assert "externalLink" not in member


def test_the_manifest_and_the_terminal_repeat_it_letter_for_letter_or_not_at_all(hostile):
    folder, said = hostile
    for audience in ("working", "aggregate"):
        rows = json.loads((folder / audience / "manifest.json").read_text(encoding="utf-8"))["runs"]
        assert {r["parameters"]["extract_path"] for r in rows} == {FOLDER}
    assert FOLDER in said["check"]["said"]
    assert " ".join(payload("aim").split()) in " ".join(said["aims"]["said"].split())
    everything = "".join(told["said"] for told in said.values())
    assert "\x1b" not in everything
    assert not any(f"window.ran='{field}'" in everything for field in NEVER)


def test_an_executed_notebook_that_is_kept_holds_it_as_text(hostile, tmp_path):
    """Nothing of an extract is ever a markdown cell, which a notebook would draw."""
    folder, _ = hostile
    kept = list(folder.rglob("*.ipynb"))
    assert [
        c
        for p in kept
        for c in json.loads(p.read_text())["cells"]
        if c["cell_type"] == "markdown" and "window.ran" in str(c)
    ] == []
