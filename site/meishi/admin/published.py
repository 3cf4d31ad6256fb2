"""What visitors of the published site have: by the last build, else by what git pushed, else unknown."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from meishi.content.library import Library
from meishi.content.models import Page
from meishi.publishing.manifest import load
from meishi.publishing.options import FreezeOptions
from meishi.publishing.state import swap_for

#: "leaves": it is published, but the next build leaves it out.
Change = Literal["", "new", "changed", "leaves"]
_PREFIX = "site/content/"
#: Git is asked anew after this time even if no page changed: somebody may have pushed.
_PATIENCE = timedelta(seconds=20)


class Baseline(Protocol):
    """Tell what was published."""

    @property
    def kind(self) -> Literal["build", "push"]:
        """Say what the pages are compared with."""

    @property
    def when(self) -> datetime | None:
        """Say when that was, if it is known."""

    def has(self, page: Page) -> bool:
        """Tell whether a page is surely published."""

    def change(self, page: Page, files: Mapping[str, str]) -> Change:
        """Tell how a page differs from what is published."""

    def gone(self, library: Library) -> tuple[str, ...]:
        """List published pages that are not there any more."""


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The build in build/: digests of what it was made from, and its addresses."""

    digests: Mapping[str, str]
    addresses: frozenset[str]
    when: datetime | None
    kind: Literal["build"] = "build"

    def has(self, page: Page) -> bool:
        """Tell whether the build has the page's address from the page's file."""
        return page.address in self.addresses and page.path in self.digests

    def change(self, page: Page, files: Mapping[str, str]) -> Change:
        """Compare a page's file and its pictures with those of the build."""
        if not self.has(page):
            # A menu entry that leads elsewhere has no address of its own.
            return "new" if not page.link or page.path not in self.digests else self._differs(page, files)
        return self._differs(page, files)

    def gone(self, library: Library) -> tuple[str, ...]:
        """List the pages of the build whose file is gone."""
        known = library.by_path
        return tuple(
            path for path in self.digests if path.endswith((".md", ".markdown")) and path not in known
            and path not in library.sources.inside_bundles
            and all(file.path != path for file in library.sources.pages)
        )  # fmt: skip

    def _differs(self, page: Page, files: Mapping[str, str]) -> Change:
        same = self.digests.get(page.path) == page.digest and all(
            self.digests.get(path) == files.get(path) for path in page.resources
        )
        return "" if same else "changed"


@dataclass(frozen=True, slots=True)
class LastPush:
    """The branch that the checkout follows: which files are new, changed or gone since."""

    new: frozenset[str]
    changed: frozenset[str]
    deleted: tuple[str, ...]
    when: datetime | None = None
    kind: Literal["push"] = "push"

    def has(self, page: Page) -> bool:
        """Say no: whether a page that is not shown now was shown when it was pushed, nobody knows."""
        return False

    def change(self, page: Page, files: Mapping[str, str]) -> Change:
        """Compare a page's file and its pictures with what was pushed."""
        if page.path in self.new:
            return "new"
        return "changed" if not self.changed.isdisjoint((page.path, *page.resources)) else ""

    def gone(self, library: Library) -> tuple[str, ...]:
        """List the pages that were pushed and whose file is gone."""
        return tuple(path for path in self.deleted if path.endswith((".md", ".markdown"))
                     and path not in library.by_path)  # fmt: skip


class Published:
    """Keep what was published, read again when there is something new."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._record = swap_for(FreezeOptions(source=root, destination=root / "build")).record
        self._build: tuple[tuple[int, int], LastBuild | None] | None = None
        self._push: tuple[Library, datetime, LastPush | None] | None = None

    def baseline(self, library: Library, now: datetime) -> Baseline | None:
        """Return what to compare pages with; None if nothing was ever published."""
        return self._last_build() or self._last_push(library, now)

    def _last_build(self) -> LastBuild | None:
        try:
            status = self._record.stat()
        except OSError:
            return None
        look = (status.st_mtime_ns, status.st_size)
        if self._build is None or self._build[0] != look:
            manifest = load(self._record)
            found = None
            if manifest is not None:
                digests = {
                    name[len(_PREFIX) :]: stamp[3]
                    for name, stamp in manifest.stamps.items()
                    if name.startswith(_PREFIX)
                }
                when = datetime.fromtimestamp(status.st_mtime, UTC)
                found = LastBuild(digests, frozenset(manifest.addresses), when)
            self._build = look, found
        return self._build[1]

    def _last_push(self, library: Library, now: datetime) -> LastPush | None:
        known = self._push
        if known is not None and known[0] is library and now - known[1] < _PATIENCE:
            return known[2]
        found = None
        if any((folder / ".git").exists() for folder in (self._root, *self._root.parents)):
            found = self._ask_git()
        self._push = library, now, found
        return found

    def _ask_git(self) -> LastPush | None:
        changes = self._git("diff", "--name-status", "--no-renames", "--relative", "-z", "@{upstream}")
        untracked = self._git("ls-files", "--others", "--exclude-standard", "-z")
        if changes is None or untracked is None:
            return None
        parts = changes.split("\0")
        states = {path: letter for letter, path in zip(parts[::2], parts[1::2], strict=False)}
        new = {path for path, letter in states.items() if letter == "A"}
        return LastPush(
            new=frozenset(new.union(filter(None, untracked.split("\0")))),
            changed=frozenset(path for path, letter in states.items() if letter in ("M", "T")),
            deleted=tuple(path for path, letter in states.items() if letter == "D"),
        )

    def _git(self, *arguments: str) -> str | None:
        command = ["git", "-C", str(self._root / "content"), "--no-optional-locks", *arguments, "--", "."]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=20,
                                  stdin=subprocess.DEVNULL)  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return None
        return None if done.returncode else done.stdout.decode("utf-8", "surrogateescape")
