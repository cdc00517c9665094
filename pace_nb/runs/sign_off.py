"""The form in which somebody other than whoever made a run says that its pages may go out.

It is a file that is filled in by hand. It proves no identity: whoever can write the file can write any name in it. What it does is
to make two people look, and to leave in the log who they say they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pace_nb.definitions import Field, day, faulty, parse, read_values, text
from pace_nb.errors import ParameterError
from pace_nb.periods import show_date
from pace_nb.runs.folder import Run, file_sha256

_FIELDS = {
    name: Field(day if name == "date" else text, required=True)
    for name in ("run", "manifest", "made_by", "checked_by", "date", "for_whom", "statement")
}
_FORM = """\
# Sign-off of a release: filled in by hand, by somebody other than whoever made the run.
#
# Run {name}, as at {as_at}, finished {finished:%Y-%m-%d %H:%M} (UTC). Its pages:
{pages}
#
# Before you sign, open every page and ask:
#   Does anything here tell of one child to somebody who knows that child? Think of a parent, a carer, a colleague, a journalist.
#   Are there rows full of noughts, a group of which all or none are meant, a small place, a rare event?
#   What was published before, here or elsewhere: does the difference tell of a child?
#   Do titles and descriptions of aims and changes speak of a child, a family or a worker?
# If in doubt, do not sign.

run = "{name}"
manifest = "{manifest}"

made_by = ""      # who made the run
checked_by = ""   # who opened every page: somebody else
# date = 2019-08-01   # the day of the check: take the # away, and write the day without quotation marks
for_whom = ""     # who may have the pages, such as: the learning event of 12 August
statement = ""    # what you checked, in your own words
"""


@dataclass(frozen=True)
class SignOff:
    """Who made a run, who checked it, when, for whom, and in what words."""

    made_by: str
    checked_by: str
    date: date
    for_whom: str
    statement: str
    sha256: str


def write_form(run: Run, file: Path) -> Path:
    """Write the form for a run, to be filled in. Raises ParameterError if the file is there, or would lie in the run's folder."""
    if file.exists():
        raise ParameterError(
            f"'{file.name}' is there already, and somebody may have filled it in.", do="name another file."
        )
    if run.folder.resolve() in file.resolve().parents:
        raise ParameterError("The form would change the folder that it is about.", do="write it beside the folder.")
    pages = "\n".join(f"#   {page}" for page in run.pages)
    form = _FORM.format(
        name=run.name, as_at=show_date(run.as_at), finished=run.finished, pages=pages, manifest=run.manifest_sha256
    )
    file.write_text(form, encoding="utf-8", newline="\n")
    return file


def read_sign_off(file: Path, run: Run) -> SignOff:
    """Read a form that was filled in for a run.

    Raises DefinitionError with all its faults: a field that is missing or blank, another run, a manifest that has changed
    since, one person for both (whatever the order and capitals of the name), a check before the run had ended.
    """
    values, wrong = read_values(parse(file), _FIELDS, file.name)
    if "run" in values and values["run"] != run.name:
        wrong.append(f"{file.name}: it is the sign-off of run {values['run']}, and this is run {run.name}")
    elif "manifest" in values and values["manifest"] != run.manifest_sha256:
        wrong.append(f"{file.name}: the manifest of the run is no longer the one that was signed")
    if {"made_by", "checked_by"} <= set(values) and _person(values["made_by"]) == _person(values["checked_by"]):
        wrong.append(f"{file.name}: made_by and checked_by are the same person; somebody else has to check")
    if "date" in values and values["date"] < run.finished.date():
        wrong.append(f"{file.name}: the check is dated before the run was made")
    if wrong:
        raise faulty(file, wrong)
    return SignOff(*(values[n] for n in ("made_by", "checked_by", "date", "for_whom", "statement")), file_sha256(file))


def _person(name: str) -> list[str]:
    """Return a name as it is compared.

    >>> _person("Burns, Agnes") == _person("agnes  BURNS")
    True
    """
    return sorted(re.findall(r"\w+", name.casefold()))
