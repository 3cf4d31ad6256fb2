"""The files for CI fit the services' own schemas, and their scripts do in a fresh clone what they promise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from meishi.publishing.ci import CiSite, github_workflow, travis_file
from meishi.publishing.pages_site import look_up
from meishi.publishing.pages_tree import FolderTree

ROOT = Path(__file__).resolve().parents[2]
GITHUB, TRAVIS = ".github/workflows/pages.yml", ".travis.yml"
SCHEMAS = {GITHUB: "vendor.github-workflows", TRAVIS: "vendor.travis"}
SITES = {
    "plain": CiSite("main"),
    "derived": CiSite("main", fits=False),
    "domain": CiSite("master", domain="www.xn--wgv71a119e.jp", minute=59, hour=23),
    "folder": CiSite("main", folder="web", install="python -m pip install meishi", build="flask freeze"),
}
needs_bash = pytest.mark.skipif(sys.platform == "win32", reason="CI's shell is bash")


def complaints(file: str, *places: Path) -> str:
    """Return what the service's schema says against files; it comes with the program, nothing is asked."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[file], *map(str, places)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return "" if done.returncode == 0 else done.stdout + done.stderr


class Loader(yaml.SafeLoader):
    """Read YAML as the services do: `on` is a word, and not true."""


Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in pairs if not tag.endswith(":bool") or letter in "tf"]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(text: str) -> dict[str, Any]:
    found = yaml.load(text, Loader)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("file", "write"), [(GITHUB, github_workflow), (TRAVIS, travis_file)])
def test_our_file_and_those_of_users_fit_the_schema(
    file: str, write: Callable[[CiSite], str], tmp_path: Path
) -> None:
    places = [ROOT / file]
    for name, site in SITES.items():
        places.append(tmp_path / f"{name}.yml")
        places[-1].write_text(write(site), encoding="utf-8")

    assert complaints(file, *places) == ""


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        (GITHUB, "runs-on: ubuntu-latest", "run-on: ubuntu-latest"),
        (GITHUB, "  contents: read", "  contents: sometimes"),
        (TRAVIS, "language: python", "language: pythn"),
    ],
)
def test_a_slip_would_be_seen(file: str, right: str, wrong: str, tmp_path: Path) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "wrong.yml").write_text(text.replace(right, wrong, 1), encoding="utf-8")

    assert complaints(file, tmp_path / "wrong.yml")


def test_our_files_are_those_that_init_ci_writes() -> None:
    site = CiSite("main", fits=False, minute=7, hour=15)

    assert (ROOT / GITHUB).read_text(encoding="utf-8") == github_workflow(site)
    assert (ROOT / TRAVIS).read_text(encoding="utf-8") == travis_file(site)


@pytest.mark.parametrize("name", SITES)
def test_the_workflow_asks_for_what_pages_needs_and_no_more(name: str) -> None:
    workflow = read(github_workflow(SITES[name]))
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    actions = {step["uses"].partition("@")[0]: step for step in build["steps"] if "uses" in step}

    assert workflow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert workflow["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    assert workflow["on"]["push"]["branches"] == [SITES[name].branch]
    assert re.fullmatch(r"[0-5]?\d [01]?\d|[0-5]?\d 2[0-3]", workflow["on"]["schedule"][0]["cron"][:-6])
    names = ["checkout", "setup-python", "configure-pages", "upload-pages-artifact"]
    assert list(actions) == [f"actions/{each}" for each in names]
    upload, folder = actions["actions/upload-pages-artifact"], SITES[name].folder
    assert upload["with"]["path"] == (f"{folder}/build" if folder else "build")
    assert deploy["needs"] == "build"
    assert deploy["environment"]["name"] == "github-pages"
    assert deploy["steps"][0]["uses"].startswith("actions/deploy-pages@")


@pytest.mark.parametrize("name", SITES)
def test_travis_keeps_history_and_the_domain_and_shows_no_token(name: str) -> None:
    deploy = read(travis_file(SITES[name]))["deploy"]

    assert (deploy["provider"], deploy["target_branch"]) == ("pages", "gh-pages")
    assert deploy["keep_history"] is True
    assert deploy["token"] == "$GITHUB_TOKEN"
    assert deploy.get("fqdn", "") == SITES[name].domain
    assert deploy["on"]["branch"] == SITES[name].branch
    # dpl writes no .nojekyll and puts CNAME beside what is there: the build brings both.
    assert "verbose" not in deploy


@needs_bash
@pytest.mark.parametrize(
    ("slug", "address"),
    [
        ("ichi/web", "https://ichi.github.io/web/"),
        ("ichi/ichi.github.io", "https://ichi.github.io/"),
        ("ichi/my.site", "https://ichi.github.io/my.site/"),
    ],
)
def test_travis_derives_the_address_from_the_repository(slug: str, address: str, tmp_path: Path) -> None:
    script = read(travis_file(replace(SITES["derived"], build="echo")))["script"]

    done = bash("\n".join(script), tmp_path, {"TRAVIS_REPO_SLUG": slug})

    assert done.stdout == f"--base-url {address}\n"


def bash(script: str, folder: Path, more: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as CI does: the first command that fails ends it."""
    foreign = ("GIT_", "GITHUB_", "MEISHI_", "TRAVIS_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder, env={**kept, "PATH": path, "CI": "true", **more}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=900,
    )  # fmt: skip


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clone the last commit, as CI does."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    place = tmp_path_factory.mktemp("ci") / "repo"
    command = ["git", "clone", "-q", "--depth", "1", ROOT.as_uri(), str(place)]
    subprocess.run(command, check=True, capture_output=True)
    return place


def build_step(clone: Path) -> dict[str, Any]:
    steps = read((clone / GITHUB).read_text(encoding="utf-8"))["jobs"]["build"]["steps"]
    return next(step for step in steps if step.get("name") == "Build")


@pytest.fixture(scope="module")
def built(clone: Path) -> Path:
    """Run the workflow's build step in the clone, for a repository ichi/web."""
    step = build_step(clone)
    outputs = {"steps.pages.outputs.base_url": "https://ichi.github.io/web"}
    given = {
        name: re.sub(r"\$\{\{ (\S+) \}\}", lambda found: outputs[found[1]], value)
        for name, value in step.get("env", {}).items()
    }
    # The clone's own code, and not that of this checkout.
    done = bash(step["run"], clone, {**given, "PYTHONPATH": str(clone / "site")})
    assert done.returncode == 0, done.stdout + done.stderr
    return clone / "build"


class Links(HTMLParser):
    """Collect where a page leads and what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.found.add(value)


@needs_bash
def test_the_workflows_build_holds_together_where_pages_shows_it(built: Path) -> None:
    links = Links()
    links.feed((built / "index.html").read_text(encoding="utf-8"))
    own = {
        unquote(urlsplit(link).path)
        for link in links.found
        if urlsplit(link).netloc in ("", "ichi.github.io") and urlsplit(link).scheme in ("", "https")
        and urlsplit(link).path
    }  # fmt: skip

    assert len(own) > 5
    assert {path for path in own if not path.startswith("/web/")} == set()
    assert {path for path in own if look_up(FolderTree(built), path, "/web/").status == 404} == set()
    assert look_up(FolderTree(built), "/web/nothing", "/web/").blob is not None
    assert (built / ".nojekyll").is_file()
    assert not (built / "CNAME").exists()
    assert "https://ichi.github.io/web/" in (built / "sitemap.xml").read_text(encoding="utf-8")


@needs_bash
def test_traviss_script_makes_the_same_build(built: Path, clone: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in built.rglob("*") if file.is_file()}
    script = read((clone / TRAVIS).read_text(encoding="utf-8"))["script"]
    given = {"TRAVIS_REPO_SLUG": "ichi/web", "PYTHONPATH": str(clone / "site")}

    done = bash("\n".join(script), clone, given)

    assert done.returncode == 0, done.stdout + done.stderr
    assert {file: file.stat().st_mtime_ns for file in built.rglob("*") if file.is_file()} == before


@needs_bash
@pytest.mark.network
def test_the_install_step_installs_the_clone(
    clone: Path, tmp_path: Path, lacking: Callable[[str], NoReturn]
) -> None:
    """In an environment of its own that sees the pinned packages of this one: they are not fetched again."""
    steps = read((clone / GITHUB).read_text(encoding="utf-8"))["jobs"]["build"]["steps"]
    install = next(step["run"] for step in steps if step.get("name") == "Install")
    assert install == read((clone / TRAVIS).read_text(encoding="utf-8"))["install"]
    place = tmp_path / "venv"
    venv.create(place, with_pip=False)
    packages = next(place.glob("lib/python*/site-packages"))
    here = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "pinned.pth").write_text(f"{here}\n", encoding="utf-8")
    path = f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"

    done = bash(install, clone, {"PATH": path, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})

    said = done.stdout + done.stderr
    if "No matching distribution found" in said or "Connection" in said:
        lacking("the package registry cannot be reached")
    assert done.returncode == 0, done.stdout + done.stderr
    shown = subprocess.run(
        [place / "bin" / "python", "-c", "import meishi; print(meishi.__file__)"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    ).stdout  # fmt: skip
    assert Path(shown.strip()).is_relative_to(clone)
