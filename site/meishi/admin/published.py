"""What visitors have: by the last publication, the last build, or what git pushed; else nobody knows."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, Literal, Protocol, TypeVar

from meishi.content.library import Library
from meishi.content.models import Page
from meishi.errors import MeishiError
from meishi.publishing.history import history_of
from meishi.publishing.last import LastPublication, load_last
from meishi.publishing.manifest import load
from meishi.publishing.options import FreezeOptions
from meishi.publishing.state import swap_for

#: "leaves": it is published, but the next build leaves it out.
Change = Literal["", "new", "changed", "leaves"]
Kind = Literal["publication", "build", "push"]
T = TypeVar("T")
_PREFIX = "site/content/"
#: Git is asked anew after this time even if no page changed: somebody may have pushed.
_PATIENCE = timedelta(seconds=20)


class Baseline(Protocol):
    """Tell what was published."""

    @property
    def kind(self) -> Kind:
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
    """A build that was published, or that in build/: digests of what it was made from, and its addresses."""

    digests: Mapping[str, str]
    addresses: frozenset[str]
    when: datetime | None
    kind: Kind = "build"

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
    """A commit of the content, such as that which was pushed: what is new, changed or gone since."""

    new: frozenset[str]
    changed: frozenset[str]
    deleted: tuple[str, ...]
    when: datetime | None = None
    kind: Kind = "push"

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

    def __init__(self, root: Path, instance: Path) -> None:
        self._root = root
        self._folder = instance / "publishing"
        self._record = swap_for(FreezeOptions(source=root, destination=root / "build")).record
        self._build: tuple[tuple[int, int] | None, LastBuild | None] | None = None
        self._last: tuple[tuple[int, int] | None, LastPublication | None] | None = None
        self._publication: _Kept[Baseline] | None = None
        self._push: _Kept[LastPush] | None = None

    def baseline(self, library: Library, now: datetime) -> Baseline | None:
        """Return what to compare pages with; None if nothing was ever published."""
        found = self._last_publication(library, now)
        if found is None and not self._folder.exists():
            # Where somebody publishes from here, build/ may hold what was only looked at.
            found = self._last_build()
        if found is None and library.config.publish.via == "push":
            # Only then does a push of the content publish it.
            found = self._last_push(library, now)
        return found

    def _last_publication(self, library: Library, now: datetime) -> Baseline | None:
        look = _look(self._folder / "published.json")
        if self._last is None or self._last[0] != look:
            self._last = look, load_last(self._folder) if look else None
            self._publication = None
        known = self._publication
        if known is None or not known.holds(library, now):
            known = self._publication = _Kept(library, now, self._newest(library, self._last[1]))
        return known.found

    def _newest(self, library: Library, last: LastPublication | None) -> Baseline | None:
        """Look whether the last publication made here is the newest; if not, go by the newest's content."""
        publish = library.config.publish
        if last is not None and last.digests and last.via == "push" == publish.via:
            return _as_build(last)
        try:
            history = history_of(self._root, library.config)
            newest = next(iter(history.publications(1)), None) if history is not None else None
        except MeishiError:
            return None
        if newest is None:
            return None
        if last is not None and last.commit == newest.id and last.digests:
            return _as_build(last)
        # A plus says that it was made from more than the commit: that cannot be known here.
        source = newest.source.rstrip("+")
        return self._since(source, newest.when, "publication") if source else None

    def _last_build(self) -> LastBuild | None:
        look = _look(self._record)
        if self._build is None or self._build[0] != look:
            manifest = load(self._record) if look else None
            found = None
            if manifest is not None and look is not None:
                digests = {
                    name[len(_PREFIX) :]: stamp[3]
                    for name, stamp in manifest.stamps.items()
                    if name.startswith(_PREFIX)
                }
                when = datetime.fromtimestamp(look[0] / 1e9, UTC)
                found = LastBuild(digests, frozenset(manifest.addresses), when)
            self._build = look, found
        return self._build[1]

    def _last_push(self, library: Library, now: datetime) -> LastPush | None:
        known = self._push
        if known is None or not known.holds(library, now):
            found = None
            if any((folder / ".git").exists() for folder in (self._root, *self._root.parents)):
                found = self._since("@{upstream}", None, "push")
            known = self._push = _Kept(library, now, found)
        return known.found

    def _since(self, commit: str, when: datetime | None, kind: Kind) -> LastPush | None:
        """Ask git what changed in the content since a commit."""
        changes = self._git("diff", "--name-status", "--no-renames", "--relative", "-z", commit)
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
            when=when,
            kind=kind,
        )

    def _git(self, *arguments: str) -> str | None:
        command = ["git", "-C", str(self._root / "content"), "--no-optional-locks", *arguments, "--", "."]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=20,
                                  stdin=subprocess.DEVNULL)  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return None
        return None if done.returncode else done.stdout.decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    """What git said about one reading of the content; it is asked again after a while."""

    library: Library
    since: datetime
    found: T | None

    def holds(self, library: Library, now: datetime) -> bool:
        return library is self.library and now - self.since < _PATIENCE


def _as_build(last: LastPublication) -> LastBuild:
    return LastBuild(
        last.digests, frozenset(last.addresses), datetime.fromisoformat(last.when), "publication"
    )


def _look(file: Path) -> tuple[int, int] | None:
    """Return what shows that a file was written anew; None if it is not there."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
