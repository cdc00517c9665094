"""What a dashboard may be served as: nothing that strangers could see, whatever is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pace_nb.dashboards import notices
from pace_nb.dashboards.settings import LOOPBACK, Settings, check, configure, policy
from pace_nb.errors import ParameterError

HERE = Settings("a-token-of-24-characters")
PROXY = replace(HERE, public="https://events.example.org/permanence")


def refused(settings: Settings, audience: str = "aggregate", plainly: bool = False) -> str:
    with pytest.raises(ParameterError) as raised:
        check(settings, audience, plainly)
    return str(raised.value)


def test_on_this_computer_both_kinds_may_be_shown():
    check(HERE, "aggregate", False)
    check(HERE, "working", False)


@pytest.mark.parametrize("token", ["", "short", "a" * 15])
def test_there_is_no_dashboard_without_a_token(token):
    assert "shorter than 16 characters" in refused(replace(HERE, token=token))


@pytest.mark.parametrize("token", ["a token with some spaces", "token-with&ip=0.0.0.0", "token/../../../../x"])
def test_a_token_that_an_address_cannot_hold_is_refused(token):
    assert "cannot hold" in refused(replace(HERE, token=token))


@pytest.mark.parametrize("ip", ["0.0.0.0", "::"])
def test_every_address_of_this_computer_needs_a_name_that_people_ask_for(ip):
    assert "by which name" in refused(replace(HERE, ip=ip))
    check(replace(HERE, ip=ip, public="http://hall.example.org:8866"), "aggregate", False)


@pytest.mark.parametrize("ip", ["192.168.1.20", "0.0.0.0"])
@pytest.mark.parametrize("public", ["", "https://events.example.org"])
def test_single_children_are_shown_to_other_computers_only_if_that_is_said_plainly(ip, public):
    assert "could be reached from other computers" in refused(replace(HERE, ip=ip, public=public), "working")


def test_single_children_are_never_sent_unencrypted():
    assert "not be encrypted" in refused(replace(HERE, ip="192.168.1.20"), "working", plainly=True)
    assert "not be encrypted" in refused(replace(HERE, public="http://events.example.org"), "working", plainly=True)
    check(PROXY, "working", True)


def test_a_proxy_alone_makes_it_reachable_too():
    assert "could be reached" in refused(PROXY, "working")


@pytest.mark.parametrize("visitors", [0, 501])
def test_the_number_of_visitors_has_bounds(visitors):
    assert "between 1 and 500" in refused(replace(HERE, visitors=visitors))


def test_it_answers_to_its_own_names_and_to_no_other():
    assert HERE.hosts == LOOPBACK
    assert replace(HERE, ip="192.168.1.20").hosts == (*LOOPBACK, "192.168.1.20")
    assert PROXY.hosts == (*LOOPBACK, "events.example.org")
    assert "0.0.0.0" not in replace(HERE, ip="0.0.0.0", public="http://hall").hosts


def test_behind_a_proxy_cookies_travel_through_tls_only_and_addresses_begin_with_its_path():
    config = configure(PROXY)
    assert config.IdentityProvider.secure_cookie is True
    assert config.Voila.tornado_settings["xsrf_cookie_kwargs"]["secure"] is True
    assert config.Voila.base_url == "/permanence/"
    assert configure(HERE).IdentityProvider.secure_cookie is False
    assert configure(HERE).Voila.base_url == "/"


def test_voila_is_told_what_keeps_it_safe():
    config = configure(HERE)
    assert config.Voila.token == HERE.token
    assert config.VoilaConfiguration.file_allowlist == []
    assert (config.VoilaConfiguration.strip_sources, config.VoilaConfiguration.show_tracebacks) == (True, False)
    kernels = config.MappingKernelManager
    assert (kernels.cull_idle_timeout, kernels.cull_connected, kernels.allow_tracebacks) == (1200, True, False)


def parts(policy: str) -> dict[str, str]:
    return dict(p.strip().split(" ", 1) for p in policy.split(";"))


def test_the_policy_names_the_page_own_socket_with_tls_or_without_and_nothing_else():
    assert parts(policy())["connect-src"] == "'self'"
    assert parts(policy("localhost:1"))["connect-src"] == "'self' ws://localhost:1"
    assert parts(policy("events.example.org", secure=True))["connect-src"] == "'self' wss://events.example.org"


def test_the_policy_allows_what_is_needed_and_each_exception_stands_here():
    """Whoever needs another writes its reason into docs/dashboards.md first."""
    assert parts(policy("localhost:1")) == {
        "default-src": "'none'",
        "script-src": "'self' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "data:",
        "connect-src": "'self' ws://localhost:1",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert parts(policy())["form-action"] == "'self'"  # the page that asks for the token


def test_who_comes_when_the_only_place_is_taken_reads_a_sentence_about_one():
    assert "<p>The only place is taken at the moment." in notices.full(1)
    assert "<p>All 80 places are taken at the moment." in notices.full(80)
