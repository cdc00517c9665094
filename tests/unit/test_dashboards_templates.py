"""The examples of how a dashboard is served to others can be read by what they are for, and say what keeps it safe."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from types import SimpleNamespace

import pytest
import typer
from traitlets.config import Config

from pace_nb.cli import app
from pace_nb.dashboards.settings import PORT, VISITORS
from pace_nb.paths import TEMPLATES

SERVER = TEMPLATES / "server"


def read(name: str) -> str:
    return (SERVER / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[str]:
    """Return the directives of an nginx file in order, blocks as the words before them; fail where braces do not match."""
    text = re.sub(r"(?m)(^|\s)#.*$", "", text)
    found, depth, word = [], 0, ""
    for part in re.findall(r"'[^']*'|\"[^\"]*\"|[{};]|[^{};'\"]+", text):
        if part == "{":
            found.append(f"{'  ' * depth}{' '.join(word.split())} {{")
            depth, word = depth + 1, ""
        elif part == "}":
            assert not word.strip(), f"'{word.strip()}' does not end with a semicolon"
            depth -= 1
            assert depth >= 0
        elif part == ";":
            found.append(f"{'  ' * depth}{' '.join(word.split())}")
            word = ""
        else:
            word += part
    assert depth == 0
    assert not word.strip()
    return found


def commands() -> list[str]:
    """Every command of pace-nb that stands in an example."""
    texts = [p.read_text(encoding="utf-8") for p in SERVER.iterdir() if p.is_file()]
    return [c for text in texts for c in re.findall(r"pace-nb (dashboard [^\n]*)", text) if "learning_event" in c]


@pytest.mark.parametrize("command", commands())
def test_every_command_in_an_example_is_one_that_the_command_line_takes(command):
    name, *rest = shlex.split(command)
    typer.main.get_command(app).commands[name].make_context(name, rest)


def test_the_nginx_example_is_well_formed_and_passes_only_to_this_computer():
    lines = [line.strip() for line in blocks(read("nginx.conf"))]
    assert {line for line in lines if line.startswith("proxy_pass")} == {f"proxy_pass http://127.0.0.1:{PORT}"}
    assert "proxy_set_header Host $host" in lines
    assert "proxy_set_header Upgrade $http_upgrade" in lines
    assert "ssl_protocols TLSv1.2 TLSv1.3" in lines
    log = next(line for line in lines if line.startswith("log_format"))
    assert "$request " not in log  # it has the address with the token
    assert "$request_uri" not in log
    assert "$args" not in log


def test_nginx_itself_takes_the_example(tmp_path):
    nginx, openssl = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin"), shutil.which("openssl")
    if not nginx or not openssl:
        pytest.skip("needs nginx and openssl: apt-get install nginx-light openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=x",
        "-keyout",
        key,
        "-out",
        certificate,
    ]
    subprocess.run(list(map(str, make)), check=True, capture_output=True)
    text = re.sub(r"/etc/ssl/private/\S+;", f"{key};", read("nginx.conf"))
    text = re.sub(r"/etc/ssl/events\S+;", f"{certificate};", text)
    text = re.sub(r"/(?:var/log/nginx|run)/", f"{tmp_path}/", text)
    (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")
    tried = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True)
    assert "syntax is ok" in tried.stderr, tried.stderr  # what follows needs folders that only root may make


def test_the_caddy_example_is_well_formed_and_passes_only_to_this_computer():
    text = re.sub(r"(?m)#.*$", "", read("Caddyfile"))
    assert text.count("{") == text.count("}")
    assert re.findall(r"reverse_proxy (\S+)", text) == [f"127.0.0.1:{PORT}"]
    assert "delete token" in text
    assert re.search(r"(?m)^\s+admin off$", text)


def test_caddy_itself_takes_the_example():
    caddy = shutil.which("caddy")
    if not caddy:
        pytest.skip("needs Caddy: apt-get install caddy")
    command = [caddy, "validate", "--adapter", "caddyfile", "--config", SERVER / "Caddyfile"]
    tried = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr


def test_the_service_runs_as_a_user_who_may_do_nothing_else():
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str
    unit.read_string(read("pace-dashboard.service"))
    service = unit["Service"]
    assert service["User"] != "root"
    assert "PACE_NB_DASHBOARD_TOKEN" not in service["ExecStart"]  # the list of processes shows it to everybody
    assert service["EnvironmentFile"].startswith("/etc/")
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["IPAddressDeny"]) == ("yes", "strict", "any")
    assert int(service["TasksMax"]) > 10 * VISITORS  # a kernel has some eight threads


@pytest.fixture
def hub(tmp_path):
    """The example for JupyterHub, as the hub would read it; its folder of areas is in a place of the test's own."""
    config = Config()
    code = compile(read("jupyterhub_config.py"), "jupyterhub_config.py", "exec")
    space = {"get_config": lambda: config}
    exec(code, space)
    space["ROOT"] = tmp_path
    return SimpleNamespace(config=config, **space)


def test_the_hub_lets_in_only_the_accounts_of_areas_and_listens_on_this_computer_only(hub):
    assert hub.config.Authenticator.allowed_users == hub.AREAS
    assert not hub.config.JupyterHub.admin_access
    assert hub.config.JupyterHub.bind_url.startswith("http://127.0.0.1:")
    assert hub.config.Spawner.notebook_dir.endswith("/{username}")
    assert hub.config.Spawner.environment["PACE_NB_DASHBOARD"].endswith("/{username}/parameters.json")


def test_the_hub_gives_voila_the_settings_that_keep_it_safe(hub):
    given = dict(a.removeprefix("--").split("=", 1) for a in hub.config.Spawner.args)
    assert given["VoilaConfiguration.file_allowlist"] == "[]"
    assert given["VoilaConfiguration.show_tracebacks"] == "False"
    assert given["MappingKernelManager.cull_connected"] == "True"
    assert given["KernelManager.transport"] == "ipc"


@pytest.mark.parametrize(("mode", "allowed"), [(0o700, True), (0o750, False), (0o705, False)])
def test_the_hub_does_not_start_for_an_area_whose_folder_others_may_open(hub, tmp_path, mode, allowed):
    folder = tmp_path / "fife"
    folder.mkdir(mode=0o700)
    folder.chmod(mode)
    owner = SimpleNamespace(user=SimpleNamespace(name="fife"))
    with pytest.raises(PermissionError, match="belongs to another" if allowed else "opened by others"):
        hub.config.Spawner.pre_spawn_hook(owner)  # the account fife does not exist here, so it is nobody's own folder


def test_the_hub_starts_for_an_area_whose_folder_is_its_own(hub, tmp_path):
    whoever = tmp_path.owner()
    (tmp_path / whoever).mkdir(mode=0o700)
    hub.config.Spawner.pre_spawn_hook(SimpleNamespace(user=SimpleNamespace(name=whoever)))
