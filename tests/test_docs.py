"""The documentation is true of the code: links, commands, tables, codes, examples."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer

import pace_nb
from pace_nb import terms
from pace_nb.aims import read_aims
from pace_nb.cli import app
from pace_nb.definitions import Field, day, read_one
from pace_nb.marking import AGGREGATE, SENSITIVE
from pace_nb.schema import TABLES

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
COMMANDS = typer.main.get_command(app).commands


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def modules() -> list[str]:
    return ["pace_nb", *(m.name for m in pkgutil.walk_packages(pace_nb.__path__, "pace_nb."))]


def commands_shown() -> list[tuple[str, list[str]]]:
    """Return every pace-nb command in a code block, with the page it stands on."""
    shown = []
    for page in PAGES:
        for block in re.findall(r"^```\w*\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M):
            found = re.findall(r"^(?:\.venv[\\/]\w+[\\/])?pace-nb (.+)$", block, re.M)
            shown += [(page_id(page), shlex.split(line)) for line in found]
    return shown


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_relative_link_leads_to_a_file_that_is_there(page):
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    local = [link.split("#")[0] for link in links if not re.match(r"\w+:|#", link)]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_no_page_names_a_package_registry_or_a_folder_of_one_computer(page):
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"\S*(?:pypi\.org|pythonhosted|anaconda\.org|conda\.io|index-url)\S*", text, re.I) == []
    assert re.findall(r"(?<![\w.])/(?:home|root|work|tmp|Users|opt)/\S*|[A-Z]:\\\S*", text) == []


def test_the_readme_opens_with_the_two_commands():
    blocks = re.findall(r"^```\w*\n(.*?)^```", text_of("README.md"), re.S | re.M)
    assert [b.strip() for b in blocks[:2]] == ["make reports", "make test"]


def test_the_readme_leads_to_every_page():
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)\)", text_of("README.md")))
    assert sorted({f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")} - linked) == []


def test_every_make_target_that_is_shown_exists():
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.M))
    shown = {t for page in PAGES for t in re.findall(r"^make ([a-z]+)$", page.read_text(encoding="utf-8"), re.M)}
    assert shown
    assert shown - targets == set()


@pytest.mark.parametrize(("page", "words"), commands_shown(), ids=lambda v: v if isinstance(v, str) else " ".join(v))
def test_every_command_that_is_shown_is_one_the_command_line_takes(page, words):
    name, *rest = words
    if name == "--help":
        return
    if "--help" not in rest:  # parsed, not run: unknown options and missing arguments raise
        COMMANDS[name].make_context(name, rest)


def test_every_command_is_in_the_readme():
    assert set(COMMANDS) == {words[0] for page, words in commands_shown() if page == "README.md"} - {"--help"}


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_extract_md_describes_every_table_and_column(table):
    section = text_of("docs/extract.md").split(f"### {table.name}\n", 1)[1].split("\n#", 1)[0]
    assert table.meaning in section
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("| `")]
    needed = {"value": "column and value", "column": "column", "": "no"}
    kinds = {"id": "text", "authority": "council"}
    assert rows == [[f"`{c.name}`", kinds.get(c.kind, c.kind), needed[c.required], c.meaning] for c in table.columns], (
        f"docs/extract.md and pace_nb/schema.py differ on the table {table.name}"
    )


VOCABULARIES = {c.name: c.codes for t in TABLES.values() for c in t.columns if c.codes}


@pytest.mark.parametrize("column", VOCABULARIES)
def test_extract_md_describes_every_code(column):
    section = re.split(rf"^### {column} .*$", text_of("docs/extract.md"), flags=re.M)[1].split("\n#", 1)[0]
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("| `")]
    assert rows == [[f"`{t.code}`", t.label, t.meaning] for t in VOCABULARIES[column].values()]


def test_the_examples_of_extract_md_can_be_read(tmp_path):
    blocks = re.findall(r"^```toml\n# (\w+\.toml)\n(.*?)^```", text_of("docs/extract.md"), re.S | re.M)
    for name, content in blocks:
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert sorted(name for name, _ in blocks) == ["aims.toml", "extract.toml"]
    aims = read_aims(tmp_path / "aims.toml")
    assert str(aims["aim-3"].limit) == "14 weeks"
    assert read_one(tmp_path / "extract.toml", {"complete_from": Field(day)})


def test_extract_md_names_every_field_of_the_definition_files():
    from pace_nb import aims

    text = text_of("docs/extract.md")
    assert [f for f in aims._FIELDS if f"`{f}`" not in text] == []


def test_the_glossary_has_every_milestone():
    text = text_of("docs/glossary.md")
    assert [m for m in terms.MILESTONES if f"`{m}`" not in text] == []


def test_architecture_md_names_every_module_and_no_other():
    named = set(re.findall(r"`(pace_nb(?:\.\w+)+)`", text_of("docs/architecture.md")))
    assert named == set(modules()) - {"pace_nb"}


def test_decisions_md_gives_a_reason_for_every_dependency():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    names = [re.match(r"[\w.-]+", d)[0] for d in [*project["dependencies"], *project["optional-dependencies"]["dev"]]]
    text = text_of("docs/decisions.md")
    assert [n for n in names if f"`{n}`" not in text] == []


def test_method_md_names_only_what_is_there():
    """A name of the code in method.md is a module, or something that a module defines."""
    absent = []
    for name in sorted(set(re.findall(r"`(pace_nb(?:\.\w+)+)`", text_of("docs/method.md")))):
        module, _, last = name.rpartition(".")
        if name in modules():
            continue
        if module not in modules() or not hasattr(importlib.import_module(module), last):
            absent.append(name)
    assert absent == []


def test_privacy_md_quotes_the_markings():
    assert [m for m in (AGGREGATE, SENSITIVE) if m not in text_of("docs/privacy.md")] == []


def test_the_changelog_has_the_version_and_a_heading_for_changed_definitions():
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    text = text_of("CHANGELOG.md")
    assert f"## {version}" in text
    assert "### Changed definitions" in text


@pytest.mark.parametrize("name", modules())
def test_the_examples_in_docstrings_are_true(name):
    if name.endswith("__main__"):  # importing it runs the command line; it has no examples
        assert ">>>" not in text_of(name.replace(".", "/") + ".py")
        return
    import papermill  # noqa: F401  it loads pace_nb.batch.engine by its entry point, and cannot if that comes first

    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_example_of_tests_of_change_md_can_be_read_and_every_field_is_named(tmp_path):
    from pace_nb.tests_of_change import build, find_told, read_tests

    text = text_of("docs/tests-of-change.md")
    (content,) = re.findall(r"^```toml\n# changes/earlier-letters\.toml\n(.*?)^```", text, re.S | re.M)
    (tmp_path / "earlier-letters.toml").write_text(content, encoding="utf-8")
    (idea,) = read_tests(tmp_path, read_aims())
    assert (idea.id, idea.state, find_told([idea])) == ("earlier-letters", "adapting", ())
    named = {*build.IDEA_FIELDS, *build.CYCLE_FIELDS, *build.QUESTION_FIELDS, *build.FEEDBACK_FIELDS}
    assert [f for f in named if f"`{f}`" not in text] == []
