"""One commit for each save, of that file alone; whatever else is staged or under way stays untouched."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from meishi.content.editing.errors import GitBusyError, GitError

#: Files in the git folder that say what is under way, and how to end it.
_UNDER_WAY = {
    "MERGE_HEAD": ("a merge", "git merge --continue"),
    "rebase-merge": ("a rebase", "git rebase --continue"),
    "rebase-apply": ("a rebase", "git rebase --continue"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue"),
    "REVERT_HEAD": ("a revert", "git revert --continue"),
    "BISECT_LOG": ("a bisect", "git bisect reset"),
}


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something; an e-mail address may be empty."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class GitOptions:
    """How to use git: the program, seconds a command may take, seconds to wait for another git's lock."""

    program: str = "git"
    timeout: float = 20.0
    patience: float = 2.0


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that changed a file, and the file's blob in it."""

    id: str
    blob: str
    when: datetime
    author: str
    message: str
    size: int


class Repository:
    """A git checkout, as the folder of a file sees it; worktrees and submodules too."""

    def __init__(self, top: Path, folder: Path, options: GitOptions) -> None:
        """Use `find` instead."""
        self.top = top
        self._folder = folder
        self._options = options

    @classmethod
    def find(cls, inside: Path, options: GitOptions) -> Repository | None:
        """Find the checkout that a folder belongs to; None if it belongs to none, or git is not there."""
        while not inside.is_dir():
            inside = inside.parent
        if not any((folder / ".git").exists() for folder in (inside, *inside.parents)):
            return None  # the usual reason, without starting a process
        try:
            done = _run(options, inside, "rev-parse", "--show-toplevel", "--absolute-git-dir")
        except FileNotFoundError:
            return None
        if done.returncode:
            if "dubious ownership" in done.stderr:
                raise GitError(
                    "saved, but git does not trust this folder, because another user owns it",
                    hint=f"Run once, as the server's user: git config --global --add safe.directory {inside}",
                )
            return None
        top, _, folder = done.stdout.strip("\n").partition("\n")
        return cls(Path(top), Path(folder), options)

    def commit(self, places: Sequence[Path], author: Author, message: str) -> str | None:
        """Commit these files alone; None when there was nothing to commit, or git is told to ignore them."""
        names = [self._name(place) for place in places]
        status = self._status(names)
        known = [name for name, state in status.items() if state not in {"!!", "??"}]
        new = [name for name, state in status.items() if state == "??"]
        if not known and not new:
            return None
        self._refuse_when_busy()
        if new:
            # Without content, so that nothing of the file is staged should the commit fail.
            self._ask_patiently("add", "--intent-to-add", "--", *new)
        self._ask_patiently(
            *("-c", f"user.name={author.name or 'Meishi'}", "-c", f"user.email={author.email}"),
            *("commit", "--only", "--quiet", "--no-verify", "--no-gpg-sign", "--cleanup=verbatim"),
            *("-m", message, "--", *known, *new),
        )
        return self._ask("rev-parse", "HEAD").strip()

    def log(self, place: Path, limit: int = 200) -> list[Commit]:
        """List the commits that changed a file, newest first, also under its former names."""
        pattern = "%x00%H%x1f%an%x1f%aI%x1f%s"
        asked = ("log", "--follow", "-M", f"--format={pattern}", "--raw", "--no-abbrev", f"-n{limit}")
        done = self._try(*asked, "--", self._name(place))
        if done.returncode:
            return []  # a checkout without any commit
        found = []
        for entry in done.stdout.split("\0")[1:]:
            head, _, changes = entry.partition("\n")
            identity, name, when, subject = head.split("\x1f", 3)
            raw = next((line for line in changes.splitlines() if line.startswith(":")), "").split()
            if len(raw) > 4 and not raw[4].startswith("D"):
                found.append((identity, raw[3], datetime.fromisoformat(when), name, subject))
        sizes = self._sizes([blob for _, blob, _, _, _ in found])
        return [Commit(*entry, size=sizes.get(entry[1], 0)) for entry in found]

    def blob(self, identity: str) -> bytes | None:
        """Read a blob."""
        command = [self._options.program, "cat-file", "blob", identity]
        done = subprocess.run(
            command, cwd=self.top, env=_environment(), capture_output=True, check=False,
            timeout=self._options.timeout, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return None if done.returncode else done.stdout

    def _name(self, place: Path) -> str:
        return place.relative_to(self.top.resolve()).as_posix()

    def _status(self, names: Sequence[str]) -> dict[str, str]:
        asked = (
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=all",
            "--ignored=matching",
            "--no-renames",
        )
        entries = self._ask(*asked, "--", *names).split("\0")
        return {entry[3:]: entry[:2] for entry in entries if entry}

    def _sizes(self, blobs: list[str]) -> dict[str, int]:
        done = self._try(
            "cat-file", "--batch-check=%(objectname) %(objectsize)", text="\n".join(blobs) + "\n"
        )
        pairs = (line.split() for line in done.stdout.splitlines())
        return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}

    def _refuse_when_busy(self) -> None:
        for name, (what, way_out) in _UNDER_WAY.items():
            if (self._folder / name).exists():
                raise GitBusyError(
                    f"saved, but not committed: {what} is under way in {self.top.name}",
                    hint=f"Finish it with `{way_out}`; your next save commits this change too",
                )
        if not (self._folder / "HEAD").read_text(encoding="utf-8").startswith("ref:"):
            raise GitBusyError(
                "saved, but not committed: no branch is checked out",
                hint="Run `git switch` with a branch's name; your next save commits this change too",
            )

    def _ask_patiently(self, *arguments: str) -> str:
        """Ask git for something that needs its lock, which another git may hold for a moment."""
        until = time.monotonic() + self._options.patience
        while True:
            try:
                return self._ask(*arguments)
            except GitBusyError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def _ask(self, *arguments: str) -> str:
        done = self._try(*arguments)
        if done.returncode == 0:
            return done.stdout
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        if ".lock': File exists" in done.stderr:
            raise GitBusyError(
                "saved, but not committed: another git command is running",
                hint="If none is, one was killed: delete index.lock in the .git folder. "
                "Your next save commits this change too",
            )
        raise GitError(
            f"saved, but not committed: git says “{said[0] if said else done.returncode}”",
            hint="Your next save tries again",
        )

    def _try(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        try:
            return _run(self._options, self.top, *arguments, text=text)
        except subprocess.TimeoutExpired as error:
            raise GitBusyError(
                f"saved, but git did not answer within {self._options.timeout:g} seconds",
                hint="Look at what it waits for; your next save tries again",
            ) from error


def _environment() -> dict[str, str]:
    # When the server is started by a git hook, GIT_DIR and the like point elsewhere.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    added = {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }
    config = {
        name: os.environ[name] for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM") if name in os.environ
    }
    return kept | config | added


def _run(
    options: GitOptions, folder: Path, *arguments: str, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [options.program, *arguments],
        cwd=folder, env=_environment(), input=text or "", capture_output=True, check=False,
        timeout=options.timeout, encoding="utf-8", errors="surrogateescape",
    )  # fmt: skip
