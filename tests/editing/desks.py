"""What the tests of saving share: a desk on a small site, and git as a person uses it."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from meishi.content.editing.desk import Desk
from meishi.content.editing.git import Author, GitOptions

OWNER = Author("Hanako", "hanako@example.org")
ABOUT = PurePosixPath("about.md")
PAGE = "---\ntitle: About\ndate: 2026-01-01\n---\n\nFirst paragraph.\n\nSecond paragraph.\n"


def now() -> datetime:
    return datetime.now(UTC)


def new_site(root: Path) -> Path:
    """Make a site with one page."""
    (root / "content").mkdir(parents=True)
    (root / "content" / "about.md").write_bytes(PAGE.encode())
    return root


def new_desk(root: Path, *, git: bool = False, patience: float = 2.0, **options: object) -> Desk:
    """Make a desk for the site at `root`."""
    options.setdefault("quiet", 0.0)
    choice = GitOptions(patience=patience) if git else None
    return Desk(root, root / "instance", clock=now, git=choice, **options)  # type: ignore[arg-type]


def git(folder: Path, *arguments: str) -> str:
    """Run git as the owner does in a terminal."""
    who = [
        "-c",
        "user.name=Terminal",
        "-c",
        "user.email=terminal@example.org",
        "-c",
        "protocol.file.allow=always",
    ]
    done = subprocess.run(
        ["git", "-c", "core.quotepath=off", *who, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def new_checkout(root: Path) -> Path:
    """Make a site in a git checkout."""
    new_site(root)
    (root / ".gitignore").write_text("/instance/\n", encoding="utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Begin")
    return root
