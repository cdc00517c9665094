"""The warm engine gives the same notebook as papermill's standard engine, and lets nothing pass from run to run."""

import json
import re
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook
from papermill.exceptions import PapermillExecutionError

from pace_nb.batch import engine as warm
from pace_nb.batch.execute import run_reports
from pace_nb.batch.one import kernel_settings
from pace_nb.batch.plan import plan_runs

pytestmark = [
    pytest.mark.skipif(
        not sys.platform.startswith("linux"), reason="needs Linux: elsewhere the standard engine is used"
    ),
]

CELLS = {
    "a value and what was printed": ["x = 1\nprint('a')\nprint('b')\nx"],
    "standard error": ["import sys\nprint('e', file=sys.stderr)"],
    "rich output with metadata": [
        "from IPython.display import HTML, display\ndisplay(HTML('<b>1</b>'), metadata={'text/html': {'k': 1}})"
    ],
    "a display changed by a later cell": [
        "from IPython.display import display\nd = display('first', display_id='one')",
        "d = display('second', display_id='one', update=True)",
    ],
    "outputs cleared": ["from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')"],
    "outputs cleared when the next comes": [
        "from IPython.display import clear_output\nprint('gone')\nclear_output(wait=True)\nprint('kept')"
    ],
    "a table": ["import pandas as pd\npd.DataFrame({'a': [1, 2]})"],
    "nothing to show": ["x = 1;", "None", "x;"],
    "awaiting": ["import asyncio\nawait asyncio.sleep(0.01)\n3"],
    "state from cell to cell": ["x = 1", "x += 1", "x"],
    "an error": ["1", "1 / 0", "print('never')"],
    "an error of ours, without a traceback": [
        "from pace_nb.errors import DataError\nraise DataError('no rows', do='add some')"
    ],
    "a syntax error": ["def :"],
    "asking for input": ["input('?')"],
    "leaving": ["raise SystemExit(3)"],
    "leaving politely": ["exit()", "print('after')"],
    "what programs print": [
        "import os, subprocess\nprint('before')\nsubprocess.run(['echo', 'caf\u00e9'])\nos.system('echo e >&2')",
        "!echo shell",
        "1",
    ],
    "an error that is expected": [("1 / 0", ["raises-exception"]), "print('after')"],
    "a cell to pass over": [("print('never')", ["skip-execution"]), "print('after')"],
    "what a stream says of itself": [
        "import sys\n(sys.stdout.encoding, sys.stdout.closed, sys.stdout.writable(), sys.stdout.isatty(), sys.stdout.fileno() > 0)",
        "sys.stdout.write(1)",
    ],
    "what programs are told of where they run": [
        "import os\n[os.environ.get(n) for n in ('TERM', 'PAGER', 'GIT_PAGER', 'FORCE_COLOR', 'CLICOLOR', 'MPLBACKEND')]"
    ],
    "interrupted": ["import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)", "print('never')"],
    "a display changed twice, also by the cell that made it": [
        "from IPython.display import HTML, display\nd = display(HTML('a'), display_id='one')\nd.update(HTML('b'))",
        "display(HTML('second'), display_id='one')\nd.update(HTML('c'))",
        "d.update(HTML('d'), metadata={'k': 1})",
    ],
}
#: Widgets that are made, changed and hold bytes: what a page would need to draw them.
WIDGETS = [
    "import ipywidgets as w\nfrom IPython.display import display\nslider = w.IntSlider(value=3, max=9, description='Weeks')\n"
    "display(slider)",
    "slider.value = 7\nbox = w.VBox([slider, w.Image(value=b'\\x00\\x01\\xff', format='png')])\nbox",
]


def run(cells, engine, tmp_path, **options):
    """Run cells and return each one's outputs, without the colours of tracebacks, and the name of what was raised."""
    source, target = tmp_path / "in.ipynb", tmp_path / f"out-{engine}.ipynb"
    tagged = [c if isinstance(c, tuple) else (c, []) for c in cells]
    cells = [new_code_cell(c, metadata={"tags": tags}) for c, tags in tagged]
    nbformat.write(new_notebook(cells=cells), source)
    raised = None
    try:
        papermill.execute_notebook(
            str(source),
            str(target),
            engine_name=engine,
            kernel_name="python3",
            progress_bar=False,
            config=kernel_settings(),
            cwd=str(tmp_path),
            **options,
        )
    except (PapermillExecutionError, CellTimeoutError, DeadKernelError) as error:
        raised = type(error).__name__
    executed = nbformat.read(target, 4)
    told = [c for c in executed.cells if c.cell_type == "code"]
    outputs = [[{k: v for k, v in o.items() if k != "traceback"} for o in c.outputs] for c in told]
    if raised is None:
        assert executed.metadata.language_info.pygments_lexer == "ipython3"
    return outputs, raised


@pytest.mark.parametrize("name", CELLS)
def test_both_engines_give_the_same_notebook(name, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it, a kernel does not look at what programs print
    standard, warmed = (run(CELLS[name], engine, tmp_path) for engine in (None, "pace-warm"))
    if name in ("asking for input",):  # the same refusal by two names
        assert standard[1] == warmed[1] == "PapermillExecutionError"
        return
    assert warmed == standard


def test_both_engines_keep_the_state_of_widgets(tmp_path):
    """The ids of widgets are drawn afresh each time: they are numbered as they are met, from what is shown on."""
    told = {}
    for engine in (None, "pace-warm"):
        outputs, raised = run(WIDGETS, engine, tmp_path)
        assert raised is None
        states = nbformat.read(tmp_path / f"out-{engine}.ipynb", 4).metadata.widgets
        held = states["application/vnd.jupyter.widget-state+json"]["state"]
        assert {s["model_name"] for s in held.values()} >= {"IntSliderModel", "VBoxModel", "ImageModel"}
        assert any(s["state"].get("value") == 7 for s in held.values())
        assert any(s.get("buffers", [{}])[0].get("data") == "AAH/" for s in held.values())
        ids = list(dict.fromkeys(re.findall(r"[0-9a-f]{32}", json.dumps(outputs))))
        for model in ids:  # grows as it goes: each widget names those that it is made of
            ids += [i for i in re.findall(r"[0-9a-f]{32}", json.dumps(held[model], sort_keys=True)) if i not in ids]
        text = json.dumps([outputs, {i: held.get(i) for i in ids}])
        told[engine] = json.loads(re.sub(r"[0-9a-f]{32}", lambda m, ids=ids: f"id-{ids.index(m[0])}", text))
        assert len(ids) == len(held)
    assert told["pace-warm"] == told[None]


def test_nothing_passes_from_one_run_to_the_next(tmp_path):
    """Variables, changed modules, the working folder, environment and seeds all begin anew."""
    spoil = [
        "import os, sys, random\nleft = 1\nos.environ['PACE_LEFT'] = '1'\nos.chdir('/')\nsys.path.append('/left')\n"
        "import pandas\npandas.LEFT = 1\nimport pace_nb.runchart\npace_nb.runchart.RULES = None"
    ]
    look = [
        "import os, sys, pandas, pace_nb.runchart\n"
        "('left' in dir(), 'PACE_LEFT' in os.environ, os.getcwd() == '/', '/left' in sys.path, hasattr(pandas, 'LEFT'), "
        "pace_nb.runchart.RULES is None)"
    ]
    run(spoil, "pace-warm", tmp_path)
    server = warm._server().process
    outputs, _ = run(look, "pace-warm", tmp_path)
    assert outputs[0][0]["data"]["text/plain"] == "(False, False, False, False, False, False)"
    assert warm._server().process == server, "the second run has to come from the same warm process"


def test_letters_that_are_none_cost_no_notebook(tmp_path):
    """Half a pair of UTF-16, as damaged text has it: it cannot be written to a file."""
    outputs, raised = run(["print('a\\ud800b')"], "pace-warm", tmp_path)
    assert (outputs[0][0]["text"], raised) == ("a?b\n", None)


def test_what_programs_print_stays_out_of_the_log_of_the_run(tmp_path, capfd):
    outputs, _ = run(["import os\nos.system('echo K7Q; echo K7Q >&2')"], "pace-warm", tmp_path)
    assert {o["name"]: o["text"] for o in outputs[0][:2]} == {"stdout": "K7Q\n", "stderr": "K7Q\n"}
    assert "K7Q" not in "".join(capfd.readouterr())


def test_a_notebook_in_another_language_goes_to_its_own_kernel(monkeypatch):
    asked = []
    monkeypatch.setattr(warm.NBClientEngine, "execute_managed_notebook", lambda *a, **k: asked.append(a[1]))
    notebook = new_notebook(
        cells=[new_code_cell("x <- 1")], metadata={"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    )
    warm.WarmEngine.execute_managed_notebook(SimpleNamespace(nb=notebook), "ir")
    assert asked == ["ir"]


def test_two_runs_do_not_draw_the_same_random_numbers(tmp_path):
    cells = ["import random, numpy\n(random.random(), numpy.random.random())"]
    first, second = (run(cells, "pace-warm", tmp_path)[0] for _ in range(2))
    assert first != second


def test_a_cell_that_does_not_end_is_stopped_with_all_that_it_started(tmp_path):
    cells = [
        "import subprocess\nchild = subprocess.Popen(['sleep', '60'])\nopen('pid', 'w').write(str(child.pid))\nchild.wait()"
    ]
    _, raised = run(cells, "pace-warm", tmp_path, execution_timeout=3)
    assert raised == "CellTimeoutError"
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        _wait_for_end(pid)
    assert run(["2"], "pace-warm", tmp_path)[0][0][0]["data"]["text/plain"] == "2", "the next run has to work"


def _wait_for_end(pid):
    import os
    import time

    for _ in range(50):
        os.kill(pid, 0)
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":  # ended, and nobody has asked for its result
            raise ProcessLookupError
        time.sleep(0.1)


def test_a_process_that_dies_is_said_to_have_died(tmp_path):
    _, raised = run(["import os\nos._exit(9)"], "pace-warm", tmp_path)
    assert raised == "DeadKernelError"
    assert run(["2"], "pace-warm", tmp_path)[0][0][0]["data"]["text/plain"] == "2", "the next run has to work"


def test_the_pages_of_both_engines_are_the_same_to_the_byte(tmp_path):
    """Two at a time, so that two kernels start at once."""
    sample = Path(__file__).parents[2] / "data" / "sample" / "orkney-islands"
    runs = plan_runs(sample, date(2019, 7, 31), notebooks=["1_baseline", "2_aims"], audience="working")
    pages = {}
    for engine in ("warm", "standard"):
        results = run_reports(runs, tmp_path / engine, workers=2, engine=engine)
        assert [r.outcome for r in results] == ["made", "made"]
        pages[engine] = {r.page: (tmp_path / engine / r.page).read_bytes() for r in results}
    assert pages["warm"] == pages["standard"]
