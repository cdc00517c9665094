"""Driver diagrams, measurement plan and data requirements of an area, from its aims, its theory of change and its tests.

No record of a child is read for them, so an area can make them before it has an extract.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pace_nb.aims import read_aims
from pace_nb.charts.drivers import draw_drivers, list_drivers
from pace_nb.handouts.render import render, write
from pace_nb.pages.theory import aim_box, say_diagram
from pace_nb.periods import show_date
from pace_nb.schema import TABLES
from pace_nb.tests_of_change import FOLDER, known_on, read_tests
from pace_nb.theory.plan import columns_needed, events_needed, kept_by_hand, measures_for, state_aim
from pace_nb.theory.records import KINDS, NAME, Theory, read_theory
from pace_nb.theory.tested import Tested, place_tests

_PORTRAIT, _LANDSCAPE = "A4", "A4 landscape"
_MARKING = "No record of a child was read for this page."


def write_plans(folder: Path, out: Path, as_at: date, area: str = "") -> list[Path]:
    """Write driver-diagrams.html, measurement-plan.html and data-requirements.html, and return where they lie.

    folder: where aims.toml, theory.toml and the folder of tests lie, such as an extract's own; what is not there is the national
    default, or no test. area: whose they are, for the heading. as_at: tests stand as they were known on that day.
    Raises DefinitionError with every fault of a file.
    """
    folder = folder if folder.is_dir() else folder.parent
    aims = read_aims(folder / "aims.toml")
    theory = read_theory(folder / NAME, aims)
    tests = tuple(t for t in read_tests(folder / FOLDER, aims) if t.area in ("", area) or not area)
    tested = place_tests(theory, known_on(tests, as_at))
    common = {"area": area, "as_at": show_date(as_at), "marking": _MARKING}
    pages = {
        "driver-diagrams": _drivers(tested, **common),
        "measurement-plan": _measurement_plan(theory, **common),
        "data-requirements": _data_requirements(theory, **common),
    }
    return [write(out / f"{name}.html", text) for name, text in pages.items()]


def _drivers(tested: Tested, **common: str) -> str:
    diagrams = []
    for aim in tested.theory.aims.values():
        root = aim_box(tested, aim)
        if root.inside:
            diagrams.append((aim, draw_drivers(root, say_diagram(tested, aim)), list_drivers(root)))
    return render(
        "plans",
        "drivers.html.j2",
        title="Driver diagrams",
        size=_LANDSCAPE,
        diagrams=diagrams,
        astray=[t.title for t in tested.astray],
        **common,
    )


def _measurement_plan(theory: Theory, **common: str) -> str:
    aims = [(aim, state_aim(aim), measures_for(theory, aim.id)) for aim in theory.aims.values()]
    short = {id: aim.title.split(":")[0] for id, aim in theory.aims.items()}
    first: dict[str, str] = {}
    for aim, _, measures in aims:
        for m in measures:
            first.setdefault(m.id, aim.id)
    return render(
        "plans",
        "measurement_plan.html.j2",
        title="Measurement plan",
        size=_PORTRAIT,
        aims=aims,
        kinds=KINDS,
        repeated=first,
        firsts={aim: {m for m, of in first.items() if of == aim} for aim in theory.aims},
        titles=short,
        about={id: "; ".join(short.get(x, theory.title_of(x)) for x in m.of) for id, m in theory.measures.items()},
        **common,
    )


def _data_requirements(theory: Theory, **common: str) -> str:
    return render(
        "plans",
        "data_requirements.html.j2",
        title="Data requirements",
        size=_PORTRAIT,
        events=events_needed(theory),
        tables=columns_needed(theory),
        meanings={name: table.meaning for name, table in TABLES.items()},
        by_hand=kept_by_hand(theory),
        **common,
    )
