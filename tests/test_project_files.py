"""The project's own files: what is pinned, what is committed and what never may be."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PLATFORMS = [
    {"sys_platform": platform, "platform_system": system, "python_version": python}
    for platform, system in (("linux", "Linux"), ("darwin", "Darwin"), ("win32", "Windows"))
    for python in ("3.11", "3.12", "3.13", "3.14")
]


def pins(*files: Path) -> dict[str, Requirement]:
    """Read the requirements of these files by name."""
    lines = [line.strip() for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return {canonicalize_name(pin.name): pin for pin in found}


@pytest.fixture(scope="module")
def pyproject(project: Path) -> dict[str, Any]:
    return tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def committed(project: Path) -> list[str]:
    if not (project / ".git").exists():
        pytest.skip("this is not a checkout")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=project, capture_output=True, check=True)
    return done.stdout.decode().strip("\0").split("\0")


def test_site_is_a_source_root_and_never_a_package(project: Path) -> None:
    """The standard library owns the module name `site`."""
    assert not (project / "site" / "__init__.py").exists()


def test_the_install_puts_only_the_source_root_on_the_path(pyproject: dict[str, Any]) -> None:
    assert pyproject["tool"]["hatch"]["build"]["dev-mode-dirs"] == ["site"]
    assert pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["site/meishi"]


def test_no_third_party_or_built_code_is_committed(committed: list[str]) -> None:
    foreign = re.compile(r"(^|/)(vendor|node_modules|dist|\.venv)/|\.min\.(js|css)$|\.(pyc|whl|map)$")

    assert [name for name in committed if foreign.search(name)] == []


def test_no_committed_file_names_a_place_of_its_author(project: Path, committed: list[str]) -> None:
    place = re.compile(re.escape(str(Path.home())) + r"/|--(extra-)?index-url")

    def names_it(name: str) -> bool:
        file = project / name
        return file.is_file() and bool(place.search(file.read_bytes().decode("utf-8", "ignore")))

    assert [name for name in committed if name != "tests/test_project_files.py" and names_it(name)] == []


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_exactly(project: Path, file: str) -> None:
    loose = [
        str(pin)
        for pin in pins(project / file).values()
        if [specifier.operator for specifier in pin.specifier] != ["=="] or "*" in str(pin.specifier)
    ]

    assert loose == []


def test_the_pins_lie_within_the_ranges(project: Path, pyproject: dict[str, Any]) -> None:
    run = pins(project / "requirements.txt")
    develop = pins(project / "requirements-dev.txt")

    def outside(ranges: list[str], pinned: dict[str, Requirement]) -> Iterator[str]:
        for wanted in map(Requirement, ranges):
            pin = pinned.get(canonicalize_name(wanted.name))
            version = next(iter(pin.specifier)).version if pin else None
            if version is None or version not in wanted.specifier:
                yield f"{wanted} is pinned to {version}"

    assert list(outside(pyproject["project"]["dependencies"], run)) == []
    assert list(outside(pyproject["project"]["optional-dependencies"]["dev"], run | develop)) == []


def test_what_the_pins_need_is_pinned_too(project: Path) -> None:
    """On each platform and Python; a package that is not installed here cannot be asked."""
    run = pins(project / "requirements.txt")
    everything = run | pins(project / "requirements-dev.txt")

    def missing(pinned: dict[str, Requirement], known: dict[str, Requirement]) -> Iterator[str]:
        for name in pinned:
            try:
                needs = metadata.requires(name) or []
            except metadata.PackageNotFoundError:
                continue
            for need in map(Requirement, needs):
                wanted = need.marker is None or any(
                    need.marker.evaluate({**there, "extra": ""}) for there in PLATFORMS
                )
                if wanted and canonicalize_name(need.name) not in known:
                    yield f"{name} needs {need}"

    assert list(missing(run, run)) == []
    assert list(missing(everything, everything)) == []


def test_this_environment_is_the_pinned_one(project: Path) -> None:
    wrong = []
    for name, pin in pins(project / "requirements.txt", project / "requirements-dev.txt").items():
        if pin.marker is not None and not pin.marker.evaluate():
            continue
        installed = metadata.version(name)
        if installed not in pin.specifier:
            wrong.append(f"{pin} but {installed} is installed")

    assert wrong == []


def test_the_lock_names_contents_and_no_places(project: Path) -> None:
    text = (project / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]

    assert '"resolved"' not in text
    assert "://" not in re.sub(r'"funding": \{[^}]*\}|"url": "[^"]*"', "", text)
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_the_lock_fits_the_package_file(project: Path) -> None:
    package = json.loads((project / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((project / "package-lock.json").read_text(encoding="utf-8"))

    assert lock["packages"][""].get("dependencies", {}) == package["dependencies"]


def test_one_version_everywhere(project: Path, pyproject: dict[str, Any]) -> None:
    version = pyproject["project"]["version"]
    package = json.loads((project / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((project / "package-lock.json").read_text(encoding="utf-8"))
    released = re.findall(
        r"^## \[(\d[^\]]*)\]", (project / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert package["version"] == lock["version"] == version
    assert released[:1] in ([], [version])


def test_the_commands_of_the_readme_are_those_that_ci_runs(project: Path) -> None:
    text = (project / "README.md").read_text(encoding="utf-8")

    for requirements, program in (("requirements.txt", "flask run"), ("requirements-dev.txt", "pytest")):
        command = f"python -m venv .venv && .venv/bin/pip install -r {requirements} && .venv/bin/{program}"
        assert command in text, f"README.md lacks, on one line: {command}"


def test_every_file_of_the_tests_has_a_name_of_its_own(committed: list[str]) -> None:
    """Pytest imports them by their names alone."""
    names = [Path(name).name for name in committed if name.startswith("tests/") and name.endswith(".py")]
    twice = {name for name in names if names.count(name) > 1}

    assert twice <= {"conftest.py", "__init__.py"}
