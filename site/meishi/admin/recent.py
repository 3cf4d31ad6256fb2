"""What was changed last: by git's commits where there are any, else by the files' own times."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from meishi.content.library import Library

_FORMAT = "%x00%aI%x1f%an%x1f%s"


@dataclass(frozen=True, slots=True)
class Edit:
    """The newest change of a page; the author is empty where nobody knows."""

    path: str
    title: str
    when: datetime
    author: str


class Recent:
    """Remember the newest changes for each reading of the content."""

    def __init__(self, root: Path, most: int = 6) -> None:
        self._content = root / "content"
        self._most = most
        self._known: tuple[Library, list[Edit]] | None = None

    def edits(self, library: Library) -> list[Edit]:
        """List the pages that were changed last, newest first."""
        known = self._known
        if known is None or known[0] is not library:
            found = self._from_git(library) or self._from_files(library)
            known = self._known = library, found[: self._most]
        return known[1]

    def _from_git(self, library: Library) -> list[Edit]:
        folders = (self._content, *self._content.parents)
        if not any((folder / ".git").exists() for folder in folders):
            return []
        command = ["git", "-C", str(self._content), "--no-optional-locks", "-c", "core.quotePath=false",
                   "log", "-n60", f"--format={_FORMAT}", "--name-only", "--relative", "--", "."]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=20,
                                  stdin=subprocess.DEVNULL)  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return []
        found: dict[str, Edit] = {}
        for entry in done.stdout.decode("utf-8", "replace").split("\0")[1:]:
            head, _, names = entry.partition("\n")
            when, author, _subject = head.split("\x1f", 2)
            for path in names.split("\n"):
                page = library.by_path.get(path)
                if page is not None and path not in found:
                    found[path] = Edit(path, page.title, datetime.fromisoformat(when), author)
        return list(found.values())

    def _from_files(self, library: Library) -> list[Edit]:
        times = []
        for path, page in library.by_path.items():
            try:
                times.append(((self._content / path).stat().st_mtime, path, page.title))
            except OSError:
                continue
        newest = sorted(times, reverse=True)[: self._most]
        return [Edit(path, title, datetime.fromtimestamp(moment, UTC), "") for moment, path, title in newest]
