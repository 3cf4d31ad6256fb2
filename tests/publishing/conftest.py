"""Sites in git for the tests of publishing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from git_sites import GitSite, git_site

from meishi.publishing.forking import can_fork

NewSite = Callable[..., GitSite]


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Call what copies its process in a fresh one, where an earlier test has left a thread in this one."""
    if pyfuncitem.get_closest_marker("copies") is None or can_fork():
        return None
    if sys.platform != "linux":
        pytest.skip("processes are copied on Linux alone")
    assert "FRESH" not in os.environ, "there is another thread from the beginning"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", pyfuncitem.nodeid],
        cwd=pyfuncitem.config.rootpath,
        env={**environment, "FRESH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return True


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw the pictures that every site has once: icons and the like take most of a first build."""
    site = git_site(tmp_path_factory.mktemp("drawn"))
    run = site.publish("--dry-run")
    assert run.outcome == "looked", run.err
    return site.root / ".cache"


@pytest.fixture
def new_site(tmp_path: Path, drawn: Path) -> NewSite:
    """Make a site in a checkout with a remote: `new_site({"content/a.md": "…"}, name="other")`."""

    def make(files: Mapping[str, str] | None = None, *, name: str = "", init: Sequence[str] = ()) -> GitSite:
        folder = tmp_path / name if name else tmp_path
        site = git_site(folder, files, init=init)
        shutil.copytree(drawn, site.root / ".cache", ignore=shutil.ignore_patterns("freeze-*"))
        return site

    return make


@pytest.fixture
def site(new_site: NewSite) -> GitSite:
    """Make a site that was never published."""
    return new_site()


@pytest.fixture
def published(site: GitSite) -> GitSite:
    """Make a site that was published once."""
    run = site.publish("--no-wait")
    assert run.outcome == "pushed", run.err
    return site
