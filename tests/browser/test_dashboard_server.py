"""A dashboard in a real browser: signing in, controls, a full house, a kernel that dies, a server that ends; with screenshots."""

from __future__ import annotations

import os
import signal

import pytest
from serving import TOKEN, Served, served, wait_until, write_dashboard

from pace_nb.dashboards.kernels import AVAILABLE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AVAILABLE, reason="kernels are copies of a process on Linux only"),
]
CONTROLS = """
import ipywidgets as widgets
from IPython.display import display
from pace_nb.shown import paragraphs

number, told, shown = widgets.IntSlider(value=3, max=9, description="number"), widgets.HTML(), widgets.Output()
def show(_=None):
    told.value = f"{number.value} squared is {number.value ** 2}"
    shown.clear_output(wait=True)
    with shown:
        if number.value == 5:
            raise ValueError("VALUE-OF-A-CHILD")
        print("cubed", number.value ** 3)
number.observe(show, "value")
show()
"""
#: What JupyterLab's parts say of one another's versions; nothing that a visitor sees follows from it.
HARMLESS = ("Unsatisfied version", "No satisfying version")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dashboard")
    show = 'display(paragraphs(["Numbers: to try things on."]), widgets.VBox([number, told, shown]))'
    write_dashboard(folder / "trying.ipynb", "# A page to try things on", CONTROLS, show)
    with served(folder, str(folder / "trying.ipynb"), "--visitors", "2") as started:
        yield started


@pytest.fixture
def enter(browser, server):
    """Return a function that opens a page of the server as a new visitor, and notes what goes wrong and what is asked for."""
    contexts = []

    def go(address: str = "", width: int = 1280, height: int = 800):
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.noted, page.asked = [], []
        page.on("console", lambda m: page.noted.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: page.noted.append(str(e)))
        page.on("request", lambda r: page.asked.append(r.url))
        page.goto(address or server.address, wait_until="commit")
        return page

    yield go
    for context in contexts:
        for page in context.pages:
            page.close(run_before_unload=True)
        context.close()
    assert wait_until(lambda: server.process.poll() is not None or not server.kernels())


def until_ready(page):
    page.wait_for_selector("body[data-ready=yes]", state="attached", timeout=90_000)
    return page


def worse(page) -> list[str]:
    """What the browser complains of, beside what is harmless."""
    return [n for n in page.noted if not n.startswith(HARMLESS)]


def move(page, to: str):
    """Move the slider by keyboard and wait for what follows from it."""
    page.locator(".noUi-handle").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text(to).wait_for(timeout=30_000)


def test_signing_in_by_the_form_leads_to_the_page(enter, server, pictures):
    page = enter(server.base)
    page.get_by_label("Token").wait_for()
    assert page.get_by_text("Numbers").count() == 0
    page.keyboard.type("not the token at all")
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="not the right token").wait_for()
    page.screenshot(path=pictures / "dashboard-sign-in.png")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Sign in").press("Enter")
    page.get_by_text("Numbers: to try things on.").wait_for()
    until_ready(page)
    assert [n for n in worse(page) if "401" not in n] == []


def test_a_control_works_by_keyboard_and_everything_stays_on_this_server(enter, server, pictures):
    page = until_ready(enter())
    move(page, "4 squared is 16")
    page.get_by_text("cubed 64").wait_for()
    page.screenshot(path=pictures / "dashboard-controls.png", full_page=True)
    assert worse(page) == []
    assert {a.split("/")[2] for a in page.asked if a.startswith("http")} == {server.host}
    assert all(a.startswith(("http://", "ws://", "data:", "blob:")) for a in page.asked)
    assert TOKEN not in page.url


def test_what_goes_wrong_in_a_control_is_told_in_a_sentence(enter, server):
    page = until_ready(enter())
    move(page, "4 squared is 16")
    move(page, "5 squared is 25")
    page.get_by_text("This could not be shown").wait_for()
    assert "VALUE-OF-A-CHILD" not in page.content()
    assert "VALUE-OF-A-CHILD" not in server.told()


def test_the_markings_stay_above_and_below_and_the_skip_link_comes_first(enter):
    page = until_ready(enter())
    tops = [m.bounding_box()["y"] for m in page.locator(".marking").all()]
    heading = page.get_by_role("heading", level=1).bounding_box()["y"]
    last = page.locator("footer.page").bounding_box()["y"]
    assert tops[0] < heading < last < tops[1]
    assert page.locator("html").get_attribute("lang") == "en-GB"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_and_at_400_per_cent_nothing_runs_out_of_the_page(enter, pictures, width):
    page = until_ready(enter(width=width))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=pictures / f"dashboard-width-{width}.png", full_page=True)


def test_everything_can_be_read_before_the_controls_are_ready_and_without_scripts(browser, server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.address)
    assert "Numbers: to try things on." in page.inner_text("body")
    assert "switched off in this browser" in page.inner_text("body")
    context.close()
    for kernel in server.kernels():  # nobody's script gives it back
        os.kill(kernel, signal.SIGKILL)
    assert wait_until(lambda: not server.kernels())


def test_a_full_house_asks_to_wait_and_a_place_comes_free_when_a_page_is_closed(enter, server, pictures):
    first, _second = until_ready(enter()), until_ready(enter())
    third = enter()
    third.get_by_role("heading", name="This dashboard is full").wait_for()
    third.screenshot(path=pictures / "dashboard-full.png")
    first.close(run_before_unload=True)
    assert wait_until(lambda: len(server.kernels()) == 1)
    third.reload()
    until_ready(third)


def test_a_page_whose_kernel_died_says_so_and_offers_to_load_it_again(enter, server, pictures):
    page = until_ready(enter())
    move(page, "4 squared is 16")
    (kernel,) = server.kernels()
    os.kill(kernel, signal.SIGKILL)
    page.get_by_role("alert").filter(has_text="The controls of this page have stopped").wait_for(timeout=60_000)
    page.screenshot(path=pictures / "dashboard-stopped.png")
    page.get_by_role("button", name="Load the page again").press("Enter")
    page.get_by_text("3 squared is 9").wait_for(timeout=60_000)
    until_ready(page)
    assert page.get_by_role("alert").count() == 0


def test_a_page_whose_server_ended_says_so(enter, server: Served, pictures):
    page = until_ready(enter())
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(30)
    page.get_by_role("alert").filter(has_text="The dashboard cannot be reached").wait_for(timeout=60_000)
    page.screenshot(path=pictures / "dashboard-ended.png")
    assert "Numbers: to try things on." in page.inner_text("main, #dashboard")
