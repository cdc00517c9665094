"""The dashboards' notebooks in JupyterLab: the same controls as in a dashboard, and keys that belong to whoever has the focus."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from serving import TOKEN, wait_until

import pace_nb as pace
from pace_nb.packs import build_pack, to_json

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60_000  # milliseconds until a cell or a control answers, on a busy machine


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab that shows copies of the notebooks, with a pack beside them; nothing of it is kept."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks" / "dashboards", folder / "notebooks")
    (folder / "notebooks" / "packs").mkdir()
    pack = build_pack(pace.read_extract(ROOT / "data" / "sample" / "angus", "2019-07-31"))
    (folder / "notebooks" / "packs" / "fife.pack.json").write_text(to_json(pack), encoding="utf-8")
    own = {f"JUPYTER_{n}_DIR": str(folder / n.lower()) for n in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder / 'notebooks'}"]
    log = folder / "lab.log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env={**os.environ, **own})
    try:
        wait_until(lambda: "/lab?token=" in log.read_text(encoding="utf-8") or process.poll() is not None, 120)
        found = re.search(r"(http://127\.0\.0\.1:\d+)/lab", log.read_text(encoding="utf-8"))
        assert found, log.read_text(encoding="utf-8")
        yield found[1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.fixture
def run_notebook(browser, lab):
    """Return a function that opens a notebook, runs all its cells and waits for a control; the browser complains of nothing."""
    contexts, noted = [], []

    def run(name: str, ready: str):
        contexts.append(browser.new_context(viewport={"width": 1300, "height": 1400}))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda e: noted.append(str(e)[:200]))
        page.goto(f"{lab}/lab/tree/{name}.ipynb?token={TOKEN}&reset")  # without what was open before
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).first.click()
        page.locator(ready).first.wait_for()
        return page

    yield run
    for context in contexts:
        context.close()
    assert noted == []


def test_the_steps_of_an_event_are_marked_and_their_keys_leave_the_rest_of_the_notebook_alone(run_notebook):
    page = run_notebook("learning_event", ".pace-stage h2")
    assert page.get_by_text("Aggregate, disclosure-controlled.", exact=True).count() == 2  # above and below
    assert page.get_by_text("Angus, as the records stood on 31 July 2019.").count() == 1
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_text("Step 2 of 8").wait_for()
    page.keyboard.press("PageDown")
    page.get_by_text("Step 3 of 8").wait_for()
    page.locator(".jp-MarkdownCell").first.click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_text("Step 4 of 8").wait_for()  # one on, by the button alone
    assert not page.locator(".pace-notes").is_visible()


def test_a_chart_is_drawn_and_the_game_is_played_in_a_notebook(run_notebook):
    page = run_notebook("learn_run_charts", ".pace-draggable .dot")
    page.locator(".pace-draggable .dot").first.focus()
    page.keyboard.press("ArrowUp")
    assert wait_until(lambda: page.get_by_label("Your numbers").input_value().startswith("27 31"))
    page.get_by_role("button", name="Something changed").click()
    page.get_by_text(re.compile(r"Score: you \d of 1,")).first.wait_for()
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
