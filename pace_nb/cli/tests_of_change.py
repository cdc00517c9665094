"""Commands about tests of change: tests new, add-cycle, check, convert. They ask, so that nobody has to know TOML."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pace_nb.cli.console import out_console
from pace_nb.cli.cycle_form import close_cycle, new_cycle
from pace_nb.cli.form import HOW, Form
from pace_nb.errors import PaceError, ParameterError, few

if TYPE_CHECKING:
    from pace_nb.aims import Aim
    from pace_nb.tests_of_change import ChangeIdea
    from pace_nb.theory.records import Theory

app = typer.Typer(help="Tests of change: change ideas and their plan-do-study-act cycles.", no_args_is_help=True)

Records = Annotated[Path, typer.Argument(help="The folder changes beside an extract, or one TOML file, or a workbook.")]


@app.command("new")
def record_new(
    folder: Annotated[Path, typer.Argument(help="The folder changes beside an extract; made if it is not there.")],
) -> None:
    """Record a change idea and, if it has begun, its first cycle: questions on the terminal, about five minutes."""
    from pace_nb.tests_of_change import ChangeIdea, read_tests

    aims = _aims(folder)
    known = read_tests(folder, aims)
    form = _form(folder)
    title = form.ask("The change idea, in a few words")
    suggested = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]
    taken = {i.id for i in known}
    id = form.ask("Its id", _an_id(taken), suggested if suggested not in taken else "")
    idea = ChangeIdea(
        id,
        title,
        form.ask("What is done differently"),
        form.choose("Which aim should it help", {a.id: a.title for a in aims.values()}),
        driver=form.choose(
            "Which driver does it act upon",
            {s.id: s.title for s in _theory(folder).secondaries.values()},
            optional=True,
        ),
        owner=form.ask("Who leads it (a role, no name)", optional=True),
        partners=form.several("Partner agency"),
    )
    if typer.confirm("Has a first cycle begun, or is its day fixed?", default=True):
        idea = replace(idea, cycles=(new_cycle(form, idea),))
    _save(folder, known, idea)


@app.command("add-cycle")
def record_add_cycle(
    records: Records,
    change: Annotated[str, typer.Option("--change", help="The id of the change idea, where there are several.")] = "",
) -> None:
    """Close the cycle that is under way, if it has ended, and record the next: about five minutes."""
    from pace_nb.tests_of_change import read_tests

    known = read_tests(records, _aims(records))
    form = _form(records)
    idea = _pick(form, known, change)
    cycles = list(idea.cycles)
    if cycles and cycles[-1].decision == "":
        out_console.print(f"Cycle {cycles[-1].number} has no decision yet: {cycles[-1].objective}")
        if typer.confirm("Has it ended?", default=True):
            cycles[-1] = close_cycle(form, cycles[-1])
    idea = replace(idea, cycles=tuple(cycles))
    if typer.confirm("Record a new cycle?", default=True):
        idea = replace(idea, cycles=(*cycles, new_cycle(form, idea)))
    _save(records, known, idea)


@app.command("check")
def record_check(
    records: Records,
    extract: Annotated[
        Path | None,
        typer.Option(
            help="The extract whose children's numbers are looked for, if it is not the one beside the folder."
        ),
    ] = None,
) -> None:
    """Read the records, name every fault, and look for names, numbers and dates of birth in their texts. Exit code 3 if there are any."""
    from pace_nb.tests_of_change import STATES, find_told, raise_faults, survey_tests

    found = survey_tests(_there(records), _aims(records))
    for idea in found.ideas:
        out_console.print(
            f"{idea.id}: {len(idea.cycles)} cycle{'' if len(idea.cycles) == 1 else 's'}, {STATES[idea.state]}"
        )
        for cycle in idea.cycles:
            if cycle.end and not cycle.decision:
                out_console.print(f"  cycle {cycle.number} has ended without a decision")
    ids, looked = _ids_beside(records, extract)
    told = find_told(found.raws, ids)
    for one in told:
        out_console.print(f"May tell of a person: {one}")
    if told:
        out_console.print("What it says is not repeated here. Look there, and write a role or nothing instead.")
    out_console.print(looked)
    for name in found.unread:
        out_console.print(f"{name} cannot be read, so nothing was looked for in it.")
    try:
        said = _say_drivers(found.raws, _theory(records))
    except PaceError as error:
        said = [f"{error.what} So no driver was looked up."]
    for line in said:
        out_console.print(line)
    raise_faults(records, found.faults)
    if told:
        raise typer.Exit(3)
    also = ", child's number" if ids else ""
    out_console.print(
        f"No name{also} or date of birth was found. Somebody who knows the area should read the texts too."
    )


def _say_drivers(raws: Sequence[Mapping[str, object]], theory: Theory) -> list[str]:
    """Return which drivers are in no theory of change; such an idea is in no driver diagram unless the theory has it by its id."""
    known = {s.id: s.id for s in theory.secondaries.values()} | {
        s.title.casefold(): s.title for s in theory.secondaries.values()
    }
    said = []
    for raw in raws:
        driver = str(raw.get("driver", ""))
        if driver and driver not in known and driver.casefold() not in known:
            close = difflib.get_close_matches(driver.casefold(), known, 1)
            hint = f"; did you mean '{known[close[0]]}'?" if close else "."
            said.append(f"{raw.get('id', 'An idea')}: its driver '{driver}' is in no theory of change{hint}")
    return said


@app.command("convert")
def record_convert(
    records: Records,
    out: Annotated[
        Path, typer.Argument(help="A workbook (.xlsx), or a folder for TOML files. Nothing is overwritten.")
    ],
) -> None:
    """Write the records as a workbook with drop-down lists, or as TOML files: the same records either way."""
    from pace_nb.tests_of_change import read_tests, write_idea, write_workbook

    ideas = read_tests(_there(records), _aims(records))
    if out.suffix == ".xlsx":
        if out.exists():
            raise ParameterError(f"'{out.name}' is there already.", do="name another file, or move it away.")
        write_workbook(ideas, out, _titles(records))
        written = [out.name]
    else:
        there = [f"{i.id}.toml" for i in ideas if (out / f"{i.id}.toml").exists()]
        if there:
            raise ParameterError(f"There already: {few(there)}.", do="name another folder, or move them away.")
        written = [write_idea(i, out).name for i in ideas]
    out_console.print(f"Wrote {few(written)}: {len(ideas)} change ideas, {sum(len(i.cycles) for i in ideas)} cycles.")


@app.command("workbook")
def record_workbook(out: Annotated[Path, typer.Argument(help="The workbook to write (.xlsx).")]) -> None:
    """Write an empty workbook with drop-down lists, to record tests of change in Excel."""
    from pace_nb.tests_of_change import write_workbook

    if out.suffix != ".xlsx" or out.exists():
        raise ParameterError(f"'{out.name}' cannot be written.", do="name a new file that ends in .xlsx.")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_workbook((), out, _titles(out))
    out_console.print(f"Wrote {out}. Fill it in, put it in the folder changes, then run: pace-nb tests check")


def _there(records: Path) -> Path:
    if not records.exists():
        raise ParameterError(f"There is nothing at '{records.name}'.", do="check the path.")
    return records


def _beside(records: Path) -> Path:
    """Return the folder beside whose tables records lie: that in which their own folder is."""
    return _folder(records).parent


def _aims(records: Path) -> dict[str, Aim]:
    """Return the aims of the extract beside which records lie, or the national ones."""
    from pace_nb.aims import read_aims

    return read_aims(_beside(records) / "aims.toml")


def _titles(records: Path) -> dict[str, str]:
    return {a.id: a.title for a in _aims(records).values()}


def _theory(records: Path) -> Theory:
    """Return the theory of change of the extract beside which records lie, or the national one."""
    from pace_nb.theory.records import NAME, read_theory

    return read_theory(_beside(records) / NAME, _aims(records))


def _ids_beside(records: Path, extract: Path | None = None) -> tuple[Collection[str], str]:
    """Return the children's numbers of an extract, or of the one beside which records lie, and whether they are looked for.

    Raises PaceError for an extract that is named and cannot be read.
    """
    from pace_nb.files import is_extract
    from pace_nb.leaks import gather_secrets

    ids: Collection[str] = ()
    place = extract or _beside(records)
    if extract is not None or is_extract(place):
        try:
            ids = gather_secrets(place).numbers - {""}
        except PaceError:
            if extract is not None:
                raise
    if ids:
        return ids, f"The children's numbers of the extract '{place.resolve().name}' are looked for."
    return (), (
        f"Children's own numbers are NOT looked for: no children can be read beside the folder '{_folder(records).name}'. "
        f"To look for them: pace-nb tests check {shlex.quote(str(records))} --extract <the extract>"
    )


def _folder(records: Path) -> Path:
    return (records if records.is_dir() or not records.suffix else records.parent).resolve()


def _form(records: Path) -> Form:
    """Return a form that knows the numbers of the children beside whose records it writes, and say how it works."""
    from pace_nb.tests_of_change import known_numbers

    ids, looked = _ids_beside(records)
    out_console.print(HOW)
    out_console.print(looked)
    return Form(known_numbers(ids))


def _pick(form: Form, known: Sequence[ChangeIdea], change: str) -> ChangeIdea:
    found = [i for i in known if not change or i.id == change]
    if not found:
        raise ParameterError("There is no such change idea.", do=f"choose one of: {few(i.id for i in known)}.")
    if len(found) == 1:
        return found[0]
    id = form.choose("Which change idea", {i.id: i.title for i in found})
    return next(i for i in found if i.id == id)


def _an_id(taken: set[str]) -> Callable[[str], str]:
    from pace_nb.tests_of_change.build import slug

    def read(answer: str) -> str:
        if answer in taken:
            raise ValueError("That id is taken.")
        return slug(answer)

    return read


def _save(records: Path, known: Sequence[ChangeIdea], idea: ChangeIdea) -> None:
    """Write an idea where the others lie: to its TOML file, or to the workbook with all of them."""
    from pace_nb.tests_of_change import find_records, in_order, write_idea, write_workbook

    files = find_records(records) if records.exists() else []
    if files and files[0].suffix == ".xlsx":
        write_workbook(in_order([*(i for i in known if i.id != idea.id), idea]), files[0], _titles(records))
        out_console.print(f"Wrote {files[0]}")
        _say_next(records, idea)
        return
    folder = records.parent if records.suffix == ".toml" else records
    named = next((f for f in files if f.suffix == ".toml" and f.stem == idea.id), None)
    path = records if records.suffix == ".toml" else named or folder / f"{idea.id}.toml"
    out_console.print(f"Wrote {write_idea(idea, folder, path.name)}")
    _say_next(records, idea)


def _say_next(records: Path, idea: ChangeIdea) -> None:
    """Say what to run next."""
    path = shlex.quote(str(records))
    out_console.print(f"Now look the texts through: pace-nb tests check {path}")
    if idea.state == "testing":
        out_console.print(
            f"When cycle {idea.cycles[-1].number} has ended: pace-nb tests add-cycle {path} --change {idea.id}"
        )
    elif idea.state in ("idea", "adapting"):
        out_console.print(f"When the next cycle begins: pace-nb tests add-cycle {path} --change {idea.id}")
