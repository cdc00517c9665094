"""A marking is worked out from what is on a page: nobody chooses it, and nobody can take it away."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pace_nb.batch.export import make_page
from pace_nb.batch.one import Result
from pace_nb.batch.publish import mark_run
from pace_nb.errors import DataError
from pace_nb.marking import AGGREGATE, SENSITIVE, bar
from pace_nb.shown import Shown, paragraphs
from pace_nb.tables import make_table

COUNTS = make_table(["Group", "Children"], [["all", "15"]], "Children, counted")
CHILD = make_table(["Child", "Weeks"], [["Child K7Q-2MX", "31"]], "One child", child_level=True)


def masthead(audience: str) -> Shown:
    page = {"area": "Fife", "as_at": "31 July 2019", "audience": audience, "source": "x", "sha256": "0", "version": "1"}
    return Shown(bar(SENSITIVE) + "<p>Fife</p>", "Fife", page=page)


def notebook(*shown: Shown):
    """A notebook that has shown these fragments."""
    cells = [new_markdown_cell("# Is it marked?\n\n## One"), *map(cell, shown)]
    return new_notebook(cells=cells)


def cell(shown: Shown):
    data, metadata = shown._repr_mimebundle_()
    return new_code_cell("", outputs=[new_output("execute_result", data=data, metadata=metadata)])


@pytest.mark.parametrize(
    ("shown", "asked", "marking"),
    [
        ((masthead("aggregate"), COUNTS), "aggregate", AGGREGATE),
        ((masthead("aggregate"), COUNTS), "working", AGGREGATE),
        ((masthead("working"), COUNTS), "working", SENSITIVE),
        ((masthead("aggregate"), COUNTS, CHILD), "working", SENSITIVE),
        ((masthead("working"), masthead("aggregate"), COUNTS), "working", SENSITIVE),
        ((masthead("aggregate"), masthead("working"), COUNTS), "working", SENSITIVE),
    ],
    ids=[
        "counts for everyone",
        "asked for more than it is",
        "exact counts",
        "a child among counts",
        "two audiences",
        "two audiences, the stricter last",
    ],
)
def test_a_page_is_marked_by_what_is_on_it_whatever_was_asked(shown, asked, marking):
    page = make_page(notebook(*shown), "a_page", asked)
    assert page.marking == marking
    assert page.for_everyone == (marking == AGGREGATE)
    other = SENSITIVE if marking == AGGREGATE else AGGREGATE
    body = page.html.split("<body>")[1]
    assert body.count(marking) == 2, "above and below"
    assert page.html.count(marking) == 4, "and on each printed sheet"
    assert other not in page.html
    assert body.index(marking) < body.index("<h1")
    assert body.rindex(marking) > body.index("</main>")


@pytest.mark.parametrize(
    "shown",
    [
        (masthead("aggregate"), COUNTS, CHILD),
        (masthead("working"), COUNTS),
        (masthead("aggregate"), masthead("working")),
    ],
    ids=["a child among counts", "exact counts", "two audiences"],
)
def test_what_is_not_for_everyone_is_no_page_for_everyone(shown):
    with pytest.raises(DataError, match="would show single children"):
        make_page(notebook(*shown), "a_page", "aggregate")


@pytest.mark.parametrize("audience", ["aggregate", "working"])
def test_what_does_not_say_for_whom_it_is_is_no_page(audience):
    with pytest.raises(DataError, match="does not say for whom it is"):
        make_page(notebook(COUNTS), "a_page", audience)


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "image/png", "image/svg+xml", "text/markdown"])
def test_what_does_not_say_what_it_is_counts_as_telling_of_children(kind):
    """Such as a table of records that an analyst looked at and forgot."""
    book = notebook(masthead("aggregate"), COUNTS)
    book.cells.append(new_code_cell("", outputs=[new_output("display_data", data={kind: "SYN-1"})]))
    with pytest.raises(DataError, match="would show single children"):
        make_page(book, "a_page", "aggregate")


def test_what_was_only_printed_is_on_no_page():
    book = notebook(masthead("aggregate"), COUNTS)
    book.cells.append(new_code_cell("", outputs=[new_output("stream", name="stdout", text="SYN-1")]))
    assert "SYN-1" not in make_page(book, "a_page", "aggregate").html


def test_in_an_open_notebook_a_part_that_tells_of_a_child_carries_its_marking_with_it():
    assert SENSITIVE in CHILD._repr_mimebundle_()[0]["text/html"]
    assert SENSITIVE not in COUNTS._repr_mimebundle_()[0]["text/html"]
    assert SENSITIVE not in paragraphs(["15 children wait."])._repr_mimebundle_()[0]["text/html"]


def result(outcome: str = "made", marking: str = "", kept: str = "") -> Result:
    return Result("Fife", "fife", "1_baseline", outcome, marking=marking, kept=kept)


@pytest.mark.parametrize(
    ("results", "audience", "marking"),
    [
        ([result(marking=AGGREGATE)], "aggregate", AGGREGATE),
        ([result(marking=AGGREGATE), result("refused"), result("withheld")], "aggregate", AGGREGATE),
        ([result(marking=AGGREGATE), result(marking=SENSITIVE)], "aggregate", SENSITIVE),
        ([result(marking=AGGREGATE), result("failed", kept="fife/x.FAILED.ipynb")], "aggregate", SENSITIVE),
        ([], "working", SENSITIVE),
        ([result(marking=AGGREGATE)], "working", SENSITIVE),
    ],
)
def test_a_run_is_marked_like_its_strictest_part(results, audience, marking):
    assert mark_run(results, audience) == marking
