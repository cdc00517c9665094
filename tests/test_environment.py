"""pyproject.toml, requirements.lock and environment.yml say the same, so that every way to install gives one environment."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCK = "requirements.lock"


def declared() -> dict[str, Requirement]:
    """Return the direct dependencies of pyproject.toml, every extra included, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def locked() -> dict[str, list[tuple[str, int]]]:
    """Return for each name in the lock its pins: version and number of hashes. A name has several if markers divide it."""
    text = (ROOT / LOCK).read_text(encoding="utf-8").replace("\\\n", " ")
    pins: dict[str, list[tuple[str, int]]] = {}
    for line in text.splitlines():
        line = line.split(" # ")[0].strip()
        if not line or line.startswith("#"):
            continue
        found = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)\s*(?:;[^#]*?)?(?=\s--hash|$)", line)
        assert found, f"{LOCK} has a line that is no pin: {line[:80]}"
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}(?![0-9a-f])", line)
        pins.setdefault(canonicalize_name(found[1]), []).append((found[2], len(hashes)))
    return pins


def in_conda() -> dict[str, str]:
    """Return name and version of every package that environment.yml asks for, this project left out."""
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    lines = [d for d in content["dependencies"] if isinstance(d, str)]
    [pip] = [d["pip"] for d in content["dependencies"] if isinstance(d, dict)]
    pinned = [re.fullmatch(r"([A-Za-z0-9._-]+)=([\w.]+)", d) or d for d in lines]
    pinned += [re.fullmatch(r"([A-Za-z0-9._-]+)==([\w.]+)", d) or d for d in pip]
    loose = [d for d in pinned if isinstance(d, str)]
    assert sorted(loose) == ["-e .", "pip"], f"environment.yml has lines that pin nothing: {loose}"
    names = [canonicalize_name(d[1]) for d in pinned if not isinstance(d, str)]
    assert len(names) == len(set(names)), "environment.yml names a package twice"
    return {canonicalize_name(d[1]): d[2] for d in pinned if not isinstance(d, str)}


@pytest.mark.parametrize("name", sorted(declared()))
def test_a_direct_dependency_has_one_version_everywhere(name):
    wanted, pins, conda = declared()[name], locked().get(name, []), in_conda()
    assert len(pins) == 1, f"{name} is pinned {len(pins)} times in {LOCK}; run 'make lock'"
    version, hashes = pins[0]
    assert hashes, f"{name} has no hash in {LOCK}"
    assert wanted.specifier.contains(version), (
        f"{LOCK} has {name} {version}; pyproject.toml asks for {wanted.specifier}"
    )
    assert name in conda, f"environment.yml lacks {name}={version}"
    assert Version(conda[name]) == Version(version), f"environment.yml has {name} {conda[name]}; {LOCK} has {version}"


def test_environment_yml_asks_for_nothing_else():
    assert set(in_conda()) - set(declared()) == {"python"}


def test_python_of_environment_yml_is_one_that_the_project_supports():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert SpecifierSet(project["requires-python"]).contains(in_conda()["python"] + ".0")


def test_every_pin_of_the_lock_has_a_hash():
    assert [name for name, pins in locked().items() if not all(hashes for _, hashes in pins)] == []


def test_the_lock_names_no_address_and_no_registry():
    text = (ROOT / LOCK).read_text(encoding="utf-8")
    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url\S*|--find-links\S*|\w+ @ \S+", text) == []


def test_conda_takes_packages_from_conda_forge_alone():
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert (content["name"], content["channels"]) == ("pace-nb", ["conda-forge", "nodefaults"])
