"""Sites in real git checkouts with real remotes, for the tests of publishing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONFIG = """\
baseURL = "https://ichi.example/"
title = "Ichi"
locale = "en"

[publish]
patience = 0

[params]
socialCards = false
"""
PAGES = {
    "config.toml": CONFIG,
    ".gitignore": "/build/\n/.cache/\n/instance/\n",
    "content/_index.md": "---\ntitle: Ichi\ndescription: One card\n---\n",
    "content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of rivers and of old towns.\n",
    "content/work.md": "---\ntitle: Work\nweight: 2\n---\n\nChairs, mostly, and tables for two people.\n",
    "content/notes/tea.md": "---\ntitle: Tea\ndate: 2026-01-02\n---\n\nGreen, from a small pot.\n",
}


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which git knows an author and nothing of this machine."""
    foreign = ("GIT_", "GITHUB_", "GH_", "MEISHI_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "gitconfig"
    if not settings.exists():
        settings.write_text(
            "[user]\n\tname = Ichi\n\temail = ichi@example.com\n[init]\n\tdefaultBranch = main\n",
            encoding="utf-8",
        )
    return kept | {
        "HOME": str(home), "GIT_CONFIG_GLOBAL": str(settings), "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONWARNINGS": "error", "LC_ALL": "C.UTF-8",
    } | dict(more or {})  # fmt: skip


@dataclass(frozen=True)
class Run:
    """How a publication ended."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]

    @property
    def done(self) -> dict[str, Any]:
        return {**self.events[-1]["data"], "text": self.events[-1].get("text", "")}

    @property
    def outcome(self) -> str:
        return str(self.done["outcome"])

    @property
    def plan(self) -> dict[str, Any]:
        return next(event["data"] for event in self.events if event["kind"] == "plan")

    @property
    def gates(self) -> list[str]:
        return [gate["name"] for gate in self.plan["gates"] if not gate["allowed"]]

    def changes(self) -> set[tuple[str, str]]:
        return {(each["kind"], each["address"]) for each in self.plan["difference"]["changes"]}


@dataclass
class GitSite:
    """A site in a checkout, its remote, and the environment in which it is published."""

    root: Path
    remote: Path
    environ: dict[str, str] = field(default_factory=dict)

    def git(self, *arguments: str, at: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=at or self.root, env=self.environ, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout.strip()

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text, encoding="utf-8")

    def commit(self, message: str = "Write") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def command(self, *options: str) -> list[str]:
        return [
            sys.executable,
            "-m",
            "meishi.freezing",
            "publish",
            "--source",
            str(self.root),
            "--json",
            *options,
        ]

    def publish(self, *options: str, **environ: str) -> Run:
        done = subprocess.run(
            self.command(*options), cwd=self.root, env=self.environ | environ, capture_output=True, text=True,
            check=False, timeout=300, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return Run(done.returncode, done.stdout, done.stderr)

    def start(self, *options: str, **environ: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*options), cwd=self.root, env=self.environ | environ, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def tip(self, branch: str = "gh-pages") -> str:
        """Return the remote's commit of a branch, "" if it has none."""
        done = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"], cwd=self.remote,
            env=self.environ, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        return done.stdout.strip()

    def published(self, commit: str = "gh-pages") -> dict[str, str]:
        """Return the remote's published files with their blobs."""
        lines = self.git("ls-tree", "-r", commit, at=self.remote).splitlines()
        return {line.partition("\t")[2]: line.split()[2] for line in lines}

    def shown(self, path: str, commit: str = "gh-pages") -> str:
        return self.git("show", f"{commit}:{path}", at=self.remote)


def git_site(folder: Path, files: Mapping[str, str] | None = None, *, init: Sequence[str] = ()) -> GitSite:
    """Make a site in a checkout with a bare repository as its remote."""
    site = GitSite(folder / "site", folder / "remote.git", environment(folder / "home"))
    site.root.mkdir(parents=True)
    site.git("init", "--quiet", "--bare", *init, str(site.remote), at=folder)
    site.git("init", "--quiet", "-b", "main", *init)
    site.git("remote", "add", "origin", str(site.remote))
    site.write(PAGES | dict(files or {}))
    site.commit("Begin")
    site.git("push", "--quiet", "-u", "origin", "main")
    return site
