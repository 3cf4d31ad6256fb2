"""A site in a git checkout, with a remote on this disk and a server like GitHub Pages that shows it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from visitors import Visitor, study_of

from meishi.publishing.job import JobState
from meishi.publishing.pages_server import PagesServer
from meishi.publishing.pages_tree import Blob, CommitTree

CONFIG = 'baseURL = "https://ichi.example/"\ntitle = "Ichi"\nlocale = "en"\n[publish]\npatience = 60\n'
FILES = {
    "config.toml": CONFIG,
    ".gitignore": "/build/\n/.cache/\n/instance/\n",
    "content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of rivers.\n",
    "content/work.md": "---\ntitle: Work\nweight: 2\n---\n\nChairs, mostly, and tables for two.\n",
}
IDENTITY = "[user]\n\tname = Ichi\n\temail = ichi@example.com\n[init]\n\tdefaultBranch = main\n"


@dataclass
class Branch:
    """What the remote's gh-pages holds at this moment, as GitHub would show it."""

    remote: Path
    frozen: str = ""  # a commit to go on showing, as a cache does
    away: bool = False

    def blob(self, path: str) -> Blob | None:
        commit = self.frozen or tip(self.remote)
        if self.away or not commit:
            return None
        return CommitTree(self.remote, commit, datetime.now(UTC)).blob(path)


@dataclass
class PublishSite:
    """The site, its remote, and the address at which visitors see it."""

    root: Path
    remote: Path
    address: str
    branch: Branch

    @property
    def tip(self) -> str:
        return tip(self.remote)

    def git(self, *arguments: str, at: Path | None = None) -> str:
        return git(at or self.root, *arguments)

    def write(self, files: Mapping[str, str | None]) -> None:
        for name, text in files.items():
            if text is None:
                (self.root / name).unlink()
            else:
                (self.root / name).write_text(text, encoding="utf-8")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout.strip()


def tip(remote: Path) -> str:
    command = ["git", "-C", str(remote), "rev-parse", "--verify", "--quiet", "refs/heads/gh-pages"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout.strip()


def make_publish_site(
    make_site: Callable[..., Path],
    served: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
) -> PublishSite:
    """Make the site, tell git who writes, and let publications wait for the server on this machine."""
    (folder / "gitconfig").write_text(IDENTITY)
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(folder / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    root, remote = make_site(FILES), folder / "remote.git"
    git(folder, "init", "--quiet", "--bare", str(remote))
    git(root, "init", "--quiet", "-b", "main")
    git(root, "remote", "add", "origin", str(remote))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "Begin")
    branch = Branch(remote)
    address = served(PagesServer(branch))
    monkeypatch.setenv("MEISHI_PUBLIC_URL", address)
    return PublishSite(root, remote, address, branch)


def ended(app: Flask, job: str = "", seconds: float = 120) -> JobState:
    """Wait until a job has ended; without a name the newest."""
    jobs = study_of(app).jobs
    job = job or jobs.latest() or ""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = jobs.state(job)
        if state is not None and not state.running:
            return state
        time.sleep(0.05)
    raise AssertionError(f"{job} still runs")


def reached(app: Flask, stage: str, seconds: float = 120) -> str:
    """Wait until the newest job is at a stage; return its id."""
    jobs = study_of(app).jobs
    job = jobs.latest() or ""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if any(event.stage == stage for event in jobs.events(job)):
            return job
        time.sleep(0.05)
    raise AssertionError(f"{job} never came to {stage}")


def pressed(owner: Visitor, path: str, data: dict[str, str] | None = None) -> str:
    """Press a button that starts a job, and wait until it has ended; return the job's address."""
    response = owner.post(path, data)
    assert response.status_code == 303, response.get_data(as_text=True)
    place = response.headers["Location"]
    ended(owner.client.application, place.rstrip("/").rpartition("/")[2])
    return place
