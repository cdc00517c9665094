"""Commands about tests of change: tests new, add-cycle, check, convert. They ask, so that nobody has to know TOML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pace_nb.cli.console import out_console
from pace_nb.errors import ParameterError, few

if TYPE_CHECKING:
    from pace_nb.aims import Aim
    from pace_nb.tests_of_change import ChangeIdea, Cycle, Feedback, Question

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
    title = _ask("The change idea, in a few words")
    suggested = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]
    taken = {i.id for i in known}
    id = _ask("Its id", _an_id(taken), suggested if suggested not in taken else "")
    idea = ChangeIdea(
        id,
        title,
        _ask("What is done differently"),
        _choose("Which aim should it help", {a.id: a.title for a in aims.values()}),
        driver=_choose("Which driver does it act upon", _drivers(aims), optional=True),
        owner=_ask("Who leads it (a role, no name)", optional=True),
        partners=_several("Partner agency"),
    )
    if typer.confirm("Has a first cycle begun, or is its day fixed?", default=True):
        idea = replace(idea, cycles=(_new_cycle(idea),))
    _save(folder, known, idea)


@app.command("add-cycle")
def record_add_cycle(
    records: Records,
    change: Annotated[str, typer.Option("--change", help="The id of the change idea, where there are several.")] = "",
) -> None:
    """Close the cycle that is under way, if it has ended, and record the next: about five minutes."""
    from pace_nb.tests_of_change import read_tests

    known = read_tests(records, _aims(records))
    idea = _pick(known, change)
    cycles = list(idea.cycles)
    if cycles and cycles[-1].decision == "":
        out_console.print(f"Cycle {cycles[-1].number} has no decision yet: {cycles[-1].objective}")
        if typer.confirm("Has it ended?", default=True):
            cycles[-1] = _close(cycles[-1])
    idea = replace(idea, cycles=tuple(cycles))
    if typer.confirm("Record a new cycle?", default=True):
        idea = replace(idea, cycles=(*cycles, _new_cycle(idea)))
    _save(records, known, idea)


@app.command("check")
def record_check(
    records: Records,
    extract: Annotated[
        Path | None, typer.Option(help="The extract, to look for its children's numbers in the texts.")
    ] = None,
    as_at: Annotated[str, typer.Option("--as-at", help="With --extract: the day up to which it is known.")] = "",
) -> None:
    """Read the records, name every fault, and look for names, numbers and dates of birth in their texts. Exit code 3 if there are any."""
    from pace_nb.extract import read_extract
    from pace_nb.tests_of_change import STATES, find_told, read_tests

    if extract is not None and not as_at:
        raise ParameterError("--extract needs --as-at.", do="give the day up to which the extract is known.")
    ideas = read_tests(_there(records), _aims(records))
    ids = set() if extract is None else set(read_extract(extract, as_at).children["child_id"])
    for idea in ideas:
        out_console.print(f"{idea.id}: {len(idea.cycles)} cycles, {STATES[idea.state]}")
        for cycle in idea.cycles:
            if cycle.end and not cycle.decision:
                out_console.print(f"  cycle {cycle.number} has ended without a decision")
    told = find_told(ideas, ids)
    for one in told:
        out_console.print(f"May tell of a person: {one}")
    if told:
        out_console.print("What it says is not repeated here. Look there, and write a role or nothing instead.")
        raise typer.Exit(3)
    out_console.print(
        "No name, number or date of birth was found. Somebody who knows the area should read the texts too."
    )


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
        write_workbook(ideas, out)
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
    write_workbook((), out)
    out_console.print(f"Wrote {out}. Fill it in, put it in the folder changes, then run: pace-nb tests check")


def _there(records: Path) -> Path:
    if not records.exists():
        raise ParameterError(f"There is nothing at '{records.name}'.", do="check the path.")
    return records


def _aims(records: Path) -> dict[str, Aim]:
    """Return the aims of the extract beside which records lie, or the national ones."""
    from pace_nb.aims import read_aims

    folder = records if records.is_dir() or not records.suffix else records.parent
    return read_aims(folder.resolve().parent / "aims.toml")


def _drivers(aims: dict[str, Aim]) -> dict[str, str]:
    from pace_nb.theory.records import read_theory

    return {s.id: s.title for s in read_theory(None, aims).secondaries.values()}


def _pick(known: Sequence[ChangeIdea], change: str) -> ChangeIdea:
    found = [i for i in known if not change or i.id == change]
    if not found:
        raise ParameterError("There is no such change idea.", do=f"choose one of: {few(i.id for i in known)}.")
    if len(found) == 1:
        return found[0]
    id = _choose("Which change idea", {i.id: i.title for i in found})
    return next(i for i in found if i.id == id)


def _new_cycle(idea: ChangeIdea) -> Cycle:
    from pace_nb.tests_of_change import SCALES, Cycle

    number = idea.cycles[-1].number + 1 if idea.cycles else 1
    out_console.print(f"Cycle {number}: plan")
    earliest = idea.cycles[-1].start if idea.cycles else None
    return Cycle(
        number,
        start=_ask("First day (such as 2019-03-25)", _a_day(earliest)),
        scale=_choose("On what scale", SCALES),
        objective=_ask("What should it find out"),
        what=_ask("What will be done"),
        questions=_questions(),
        who=_ask("Who does it (roles)", optional=True),
        where=_ask("Where", optional=True),
        data=_ask("What data are collected", optional=True),
    )


def _questions() -> tuple[Question, ...]:
    from pace_nb.tests_of_change import Question

    found = [Question(_ask("A question that it answers"), _ask("What do you predict"))]
    while question := _ask("Another question (blank: no more)", optional=True):
        found.append(Question(question, _ask("What do you predict")))
    return tuple(found)


def _close(cycle: Cycle) -> Cycle:
    from pace_nb.tests_of_change import DECISIONS, HELD

    out_console.print(f"Cycle {cycle.number}: study and act")
    end = cycle.end or _ask("Last day (such as 2019-05-17)", _a_day(cycle.start))
    happened = _ask("What happened, with problems and surprises", optional=True, default=cycle.happened)
    questions = []
    for question in cycle.questions:
        out_console.print(f"{question.question} You predicted: {question.prediction}")
        held = _choose("Did that hold", HELD)
        questions.append(
            replace(question, held=held, found=_ask("What was found", optional=True, default=question.found))
        )
    return replace(
        cycle,
        end=end,
        happened=happened,
        questions=tuple(questions),
        learned=_ask("What was learned", optional=True, default=cycle.learned),
        feedback=(*cycle.feedback, *_feedback()),
        decision=_choose("The decision", DECISIONS),
        why=_ask("Why"),
        next=_ask("What comes next", optional=True),
    )


def _feedback() -> tuple[Feedback, ...]:
    from pace_nb.tests_of_change import Feedback

    found = []
    while quote := _ask("What somebody said, in their words (blank: no more)", optional=True):
        found.append(Feedback(quote, _ask("In which role (such as: a parent)")))
    return tuple(found)


def _several(question: str) -> tuple[str, ...]:
    found: list[str] = []
    while one := _ask(f"{question} (blank: no more)", optional=True):
        found.append(one)
    return tuple(found)


def _ask(question: str, read: Callable[[str], Any] | None = None, default: str = "", optional: bool = False) -> Any:
    """Ask until the answer can be used; a text that may tell of a person is asked about at once."""
    from pace_nb.tests_of_change import kinds_told

    while True:
        answer = " ".join(typer.prompt(question, default=default, show_default=bool(default)).split())
        if not answer and optional:
            return ""
        if not answer:
            out_console.print("  An answer is needed here.")
            continue
        if read is not None:
            try:
                return read(answer)
            except ValueError as error:
                out_console.print(f"  {error}")
                continue
        kinds = kinds_told(answer)
        if not kinds or typer.confirm(f"  This may hold {few(kinds)}. Is it fit for everyone to read?", default=False):
            return answer


def _choose(question: str, choices: dict[str, str], optional: bool = False) -> str:
    """Ask for one of several, by its number or its code."""
    codes = list(choices)
    for n, code in enumerate(codes, 1):
        out_console.print(f"  {n}  {code}: {choices[code]}")

    def read(answer: str) -> str:
        if answer.isdecimal() and 1 <= int(answer) <= len(codes):
            return codes[int(answer) - 1]
        if answer in codes:
            return answer
        raise ValueError(f"Give a number from 1 to {len(codes)}, or a word from the list.")

    return _ask(question, read, optional=optional)


def _an_id(taken: set[str]) -> Callable[[str], str]:
    from pace_nb.tests_of_change.build import slug

    def read(answer: str) -> str:
        if answer in taken:
            raise ValueError("That id is taken.")
        return slug(answer)

    return read


def _a_day(earliest: date | None) -> Callable[[str], date]:
    from pace_nb.definitions import day

    def read(answer: str) -> date:
        try:
            found = date.fromisoformat(answer)
        except ValueError:
            raise ValueError("Write the day as 2019-03-25.") from None
        if earliest is not None and found < earliest:
            raise ValueError(f"That is before {earliest}.")
        return day(found)

    return read


def _save(records: Path, known: Sequence[ChangeIdea], idea: ChangeIdea) -> None:
    """Write an idea where the others lie: to its TOML file, or to the workbook with all of them."""
    from pace_nb.tests_of_change import find_records, in_order, write_idea, write_workbook

    files = find_records(records) if records.exists() else []
    if files and files[0].suffix == ".xlsx":
        write_workbook(in_order([*(i for i in known if i.id != idea.id), idea]), files[0])
        out_console.print(f"Wrote {files[0]}")
        return
    folder = records.parent if records.suffix == ".toml" else records
    named = next((f for f in files if f.suffix == ".toml" and f.stem == idea.id), None)
    path = records if records.suffix == ".toml" else named or folder / f"{idea.id}.toml"
    out_console.print(f"Wrote {write_idea(idea, folder, path.name)}")
