"""Writes a change idea to the log without ever writing over what somebody else wrote there.

A new idea needs a name that is not there. A new cycle is added to the idea as it was read: if that has changed since, nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pace_nb.definitions import parse
from pace_nb.errors import DefinitionError, ParameterError
from pace_nb.tests_of_change.build import build_idea
from pace_nb.tests_of_change.read import find_records, in_order, read_tests
from pace_nb.tests_of_change.records import ChangeIdea
from pace_nb.tests_of_change.workbook import write_workbook
from pace_nb.tests_of_change.write import to_toml


def keep_idea(folder: Path, idea: ChangeIdea, was: ChangeIdea | None, titles: Mapping[str, str]) -> Path:
    """Write an idea to the log and return the file: a new idea to a file of its own, one with a further cycle to the file it came from.

    was: the idea as it was read, None for a new one. titles: of the aims, for a workbook. A file takes the place of the old one only
    once it is whole. Raises ParameterError where the idea in the log is not, or no longer, the one that was read: nothing is written.
    """
    known = read_tests(folder, titles or None)
    if next((i for i in known if i.id == idea.id), None) != was:
        raise ParameterError(
            "The log holds something else under this name than was read here, so nothing was written.",
            do="read the log again; what you have written stays in the form. A new idea needs a name of its own.",
        )
    files = find_records(folder) if folder.exists() else []
    if files and files[0].suffix == ".xlsx":
        write_workbook(in_order([*(i for i in known if i.id != idea.id), idea]), files[0], dict(titles))
        return files[0]
    folder.mkdir(parents=True, exist_ok=True)
    if was is None:
        path = folder / f"{idea.id}.toml"
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(to_toml(idea))
        except FileExistsError:
            raise ParameterError(
                f"'{path.name}' is there already, so nothing was written.", do="choose another name."
            ) from None
        return path
    path = next(f for f in files if _id_in(f) == idea.id)
    partial = path.with_suffix(".partial")
    partial.write_text(to_toml(idea), encoding="utf-8", newline="\n")
    return partial.replace(path)


def _id_in(file: Path) -> str:
    try:
        return str(parse(file).get("id", ""))
    except DefinitionError:
        return ""


def check_idea(raw: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[ChangeIdea | None, list[str]]:
    """Return the idea that a form describes, and every fault, each in words that name a box of the form; None if it has any."""
    return build_idea(raw, "the form", titles)
