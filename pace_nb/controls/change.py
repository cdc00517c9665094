"""Controls for the page of a test of change: the same choices as a notebook's parameters, tried out without running it again.

Nothing is worked out here: a control sets a parameter, and the page's own parts show what comes of it. A report that a batch
makes has no controls, because nobody could use them there.
"""

from __future__ import annotations

from typing import Any

from pace_nb.errors import PaceError
from pace_nb.extract import Extract
from pace_nb.pages.change import ELIGIBLE, ChangeStudy, compare_exactly, draw_change, draw_waiting_curves, study_change
from pace_nb.pages.change_cycles import describe_verdict
from pace_nb.runchart import RULES
from pace_nb.session import is_injected


def explore_change(study: ChangeStudy) -> Any:
    """Return controls for change, baseline and eligible, with the verdict and the charts under them; None in a report.

    What is chosen is written under the controls as the parameters that make the same page.
    """
    if is_injected():
        return None
    import ipywidgets as widgets  # only here: a report never needs it

    wide = {"layout": widgets.Layout(width="36em"), "style": {"description_width": "8em"}}
    change = widgets.Dropdown(options=_changes(study.extract), value=study.idea.id, description="change", **wide)
    baseline = widgets.Dropdown(options=_baselines(study), value=study.baseline, description="baseline", **wide)
    whom = [(words, code) for code, words in ELIGIBLE.items()]
    eligible = widgets.Dropdown(options=whom, value=study.eligible, description="eligible", **wide)
    parameters, shown = widgets.HTML(), widgets.Output()

    def show(moved: Any = None) -> None:
        if moved is not None and moved["owner"] is change:
            # Another change has another chart, so a number of points chosen on this one means nothing there.
            baseline.unobserve(show, "value")
            baseline.options = _baselines(study_change(study.extract, change.value))
            baseline.observe(show, "value")
        chosen = {"change": change.value, "baseline": baseline.value or "", "eligible": eligible.value}
        parameters.value = "<br>".join(f'<code>{name}: str = "{value}"</code>' for name, value in chosen.items())
        shown.clear_output(wait=True)
        with shown:
            _display(study.extract, chosen)

    for control in (change, baseline, eligible):
        control.observe(show, "value")
    show()
    return widgets.VBox([change, baseline, eligible, parameters, shown])


def _display(extract: Extract, chosen: dict[str, str]) -> None:
    from IPython.display import display

    try:
        study = study_change(extract, **chosen)
    except PaceError as error:
        print(error)
        return
    display(describe_verdict(study), draw_change(study), draw_waiting_curves(study), compare_exactly(study))


def _changes(extract: Extract) -> list[tuple[str, str]]:
    return [(i.title, i.id) for i in extract.tests if i.starts is not None]


def _baselines(study: ChangeStudy) -> list[tuple[str, str]]:
    numbers = {*range(RULES.baseline, len(study.run.points) + 1), *([int(study.baseline)] if study.baseline else [])}
    return [("those before the change", ""), *((f"the first {n} points", str(n)) for n in sorted(numbers))]
