"""A dashboard's own parameters take the place of those that stand in its notebook."""

from __future__ import annotations

import json

import pytest
from IPython.core.interactiveshell import InteractiveShell

from pace_nb.errors import ParameterError
from pace_nb.session import DASHBOARD, dashboard_parameters, is_dashboard, start


@pytest.fixture
def given(tmp_path, monkeypatch):
    """Return a function that starts a dashboard with these parameters."""

    def give(content: str):
        (tmp_path / "parameters.json").write_text(content, encoding="utf-8")
        monkeypatch.setenv(DASHBOARD, str(tmp_path / "parameters.json"))

    return give


@pytest.fixture
def shell():
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def test_outside_a_dashboard_nothing_is_given(monkeypatch):
    monkeypatch.delenv(DASHBOARD, raising=False)
    assert dashboard_parameters() == {}
    assert not is_dashboard()


def test_what_follows_start_uses_the_dashboards_parameters(given, shell):
    given(json.dumps({"area": "Fife"}))
    shell.run_cell('area = "Angus"\nas_at = "2019-07-31"')
    shell.run_cell("from pace_nb.session import start\nstart(area=area, as_at=as_at)\nused = area, as_at")
    assert shell.user_ns["used"] == ("Fife", "2019-07-31")
    assert is_dashboard()


def test_a_parameter_that_the_notebook_does_not_have_is_refused_and_nothing_is_set(given, shell):
    given(json.dumps({"area": "Fife", "chapter": "2"}))
    shell.run_cell('area = "Angus"')
    with pytest.raises(ParameterError, match="chapter is not a parameter of this notebook"):
        start(area="Angus")
    assert shell.user_ns["area"] == "Angus"


def test_the_dashboards_values_are_checked_like_a_notebooks(given):
    given(json.dumps({"audience": "everyone"}))
    with pytest.raises(ParameterError, match="audience is neither aggregate nor working"):
        start(audience="aggregate")


@pytest.mark.parametrize("content", ["[1]", "{", ""])
def test_a_file_that_is_no_object_is_refused_without_its_content(given, content):
    given(content)
    with pytest.raises(ParameterError, match="cannot be read"):
        start(area="Fife")
