"""Commit a build with ghp-import onto a branch of ours: the owner's branches stay as they are."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ghp_import

from meishi.content.editing.git import Author
from meishi.errors import PublishError, RemoteError
from meishi.publishing.git import Git


class _Importing(ghp_import.Git):  # type: ignore[misc]
    """Let ghp-import ask git where and how we do; by itself it uses the process's folder and environment."""

    def __init__(self, git: Git, author: Author, complaints: Any) -> None:
        super().__init__()
        self._git = git
        self._author = author
        self._complaints = complaints

    def open(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start git; what fast-import complains about is kept instead of printed."""
        if arguments[0] == "fast-import":
            options["stderr"] = options["stdout"] = self._complaints
        opened: subprocess.Popen[bytes] = super().open(
            *arguments, **options, cwd=self._git.folder, env=self._git.environment()
        )
        return opened

    def get_config(self, key: str) -> bytes:
        """Return the author's name and e-mail address; they need not stand in git's settings."""
        return {"user.name": self._author.name or "Meishi", "user.email": self._author.email}[key].encode()


def import_build(git: Git, build: Path, tip: str, message: str, author: Author, working: str) -> str:
    """Commit the files of `build` upon `tip` by way of the branch `working`; return the commit."""
    ref = f"refs/heads/{working}"
    if tip:
        git.ask("update-ref", ref, tip)
    else:
        git.attempt("update-ref", "-d", ref)
    options: Mapping[str, Any] = {
        "branch": working,
        "mesg": message,
        "prefix": None,
        "followlinks": False,
        # Both are files of the build, which is checked to have them.
        "nojekyll": False,
        "cname": None,
    }
    with tempfile.TemporaryFile() as complaints:
        try:
            ghp_import.run_import(_Importing(git, author, complaints), str(build), **options)
            failed = None
        except (TypeError, OSError, ghp_import.GhpError) as error:
            # ghp-import's own way to say that git failed ends in a TypeError.
            failed = error
        complaints.seek(0)
        said = git.mask(complaints.read().decode("utf-8", "replace")).strip()
    commit = git.attempt("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").out.strip()
    git.attempt("update-ref", "-d", ref)
    if failed is not None or not commit or commit == tip:
        reason = said.partition("\n")[0].removeprefix("fatal: ") or str(failed or "git made no commit")
        if "No space left" in said:
            raise PublishError("the disk is full", hint="Make room, and publish again; nothing was published")
        hint = "See that there is room on the disk, and publish again; nothing was published"
        raise RemoteError(f"the build could not be committed: {reason}", hint=hint)
    return commit
