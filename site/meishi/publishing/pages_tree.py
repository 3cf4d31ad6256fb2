"""What GitHub Pages publishes: the files of a folder, or those of a commit."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Blob:
    """A published file: its name, a mark that changes with its bytes, and when it was published."""

    path: str
    mark: str
    modified: datetime
    read: Callable[[], bytes]


class Tree(Protocol):
    """Published files by their names from the top, such as "notes/index.html"."""

    def blob(self, path: str) -> Blob | None:
        """Return a file; names are told apart by capitals, on every machine."""


class FolderTree:
    """A folder, looked at anew for each request: a build may be swapped meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def blob(self, path: str) -> Blob | None:
        """Return a file of the folder that does not lead out of it."""
        place = self._folder
        for name in path.split("/"):
            # Asking for the names and not for the file: disks of macOS and Windows mix up capitals.
            try:
                if name not in {entry.name for entry in place.iterdir()}:
                    return None
            except OSError:
                return None
            place /= name
        try:
            status = place.stat()
            inside = place.resolve().is_relative_to(self._folder.resolve())
        except OSError:
            return None
        if not inside or not place.is_file():
            return None
        mark = f"{status.st_mtime_ns:x}-{status.st_size:x}"
        return Blob(path, mark, datetime.fromtimestamp(status.st_mtime, UTC), place.read_bytes)


class CommitTree:
    """The files of a commit, without checking it out."""

    def __init__(self, repository: Path, commit: str, published: datetime) -> None:
        self._repository = repository
        self._commit = commit
        self._published = published

    def blob(self, path: str) -> Blob | None:
        """Return a file of the commit; git is asked for its bytes when they are read."""
        name = self._names.get(path)
        if name is None:
            return None
        return Blob(path, name, self._published, lambda: self._git("cat-file", "blob", name))

    @cached_property
    def _names(self) -> dict[str, str]:
        listing = self._git("ls-tree", "-r", "-z", "--full-tree", self._commit).decode("utf-8", "replace")
        rows = (row.split("\t", 1) for row in listing.split("\0") if row)
        # Links (mode 120000) are not published.
        return {path: about.split()[2] for about, path in rows if about.startswith("100")}

    def _git(self, *arguments: str) -> bytes:
        command = ["git", "-C", str(self._repository), "--no-optional-locks", *arguments]
        return subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL).stdout
