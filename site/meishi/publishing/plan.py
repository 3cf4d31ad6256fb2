"""Decide which files of a build have to be made again, and which stay."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from meishi.content.cache import DocumentCache
from meishi.errors import MeishiError
from meishi.publishing.manifest import Manifest
from meishi.publishing.options import FreezeOptions
from meishi.publishing.site import Site
from meishi.publishing.sources import Root, Stamp
from meishi.publishing.state import State
from meishi.publishing.tree import Look

# What these hold is named by the pages that use it, as ingredients.
_CONTENT = "site/content/"
_PUBLISHED = ("site/static/", "product/static/")
# … but for the parts of static/ that go into every page by the hash in their address.
_SHARED = ("css/", "js/", "icons/", "dist/")


def common_digest(stamps: Mapping[str, Stamp], circumstances: str) -> str:
    """Digest what all pages share: configuration, templates, texts of the theme, style, code, libraries."""
    hasher = hashlib.blake2b(circumstances.encode(), digest_size=16)
    for name in sorted(stamps):
        if name.startswith(_CONTENT):
            continue
        if any(name.startswith(root) and not name[len(root) :].startswith(_SHARED) for root in _PUBLISHED):
            continue
        hasher.update(f"\0{name}\0{stamps[name][3]}".encode("utf-8", "surrogateescape"))
    return hasher.hexdigest()


def documents_for(options: FreezeOptions, state: State) -> DocumentCache:
    """Open the cache of what the content was read and rendered into, by the code as it is."""
    code = {name: stamp for name, stamp in state.sources.stamps.items() if name.startswith("code/")}
    return DocumentCache(options.cache / "documents.sqlite", common_digest(code, state.circumstances))


#: The ingredient of a file that is published as it is: "copy:/path/of/the/file".
COPY = "copy"
_COPIED = f"{COPY}:"


class Ingredients:
    """Compare what pages were made from with how it is now."""

    def __init__(
        self,
        site: Site,
        old: Manifest | None,
        file_digest: Callable[[Path], str],
        stamps: Mapping[str, Stamp] | None = None,
    ) -> None:
        self._site = site
        self._file_digest = file_digest
        self._now: dict[str, str] = {}
        self._old = old.ingredients if old is not None else ()
        # Of the new build; the old one's stay, so that what is known about files that stay, stays as well.
        self.positions = {name: position for position, (name, _) in enumerate(self._old)}
        states = old.states if old is not None else {}
        steady: dict[str, bool] = {}
        same_files = _same_files(old.stamps, stamps) if old is not None and stamps is not None else set()
        changed = []
        for position, (name, digest) in enumerate(self._old):
            kind = name.partition(":")[0]
            if kind not in steady:
                steady[kind] = kind in states and site.state(kind) == states[kind]
            if steady[kind] or (same_files and name in same_files):
                self._now[name] = digest
            elif self.digest(name) != digest:
                changed.append(position)
        self.changed = frozenset(changed)

    def digest(self, name: str) -> str:
        """Return an ingredient's digest; one that cannot be had counts as changed."""
        if name not in self._now:
            try:
                self._now[name] = self._digest(name)
            except MeishiError:
                self._now[name] = "-"
        return self._now[name]

    def learn(self, digests: Mapping[str, str]) -> None:
        """Take over digests that another process of this build worked out."""
        self._now.update(digests)

    def states(self) -> dict[str, str]:
        """Return what each kind of the new build's ingredients depends on as a whole, where that is known."""
        kinds = {name.partition(":")[0] for name in self.positions} - {COPY}
        return {kind: state for kind in kinds if (state := self._site.state(kind))}

    def same(self, output: tuple[Any, ...]) -> bool:
        """Tell whether all that an output was made from is as it was."""
        return self.changed.isdisjoint(output[6])

    def _digest(self, name: str) -> str:
        if name.startswith(_COPIED):
            return self._file_digest(Path(name[len(_COPIED) :]))
        return self._site.digest(name)


def _same_files(old: Mapping[str, Stamp], new: Mapping[str, Stamp]) -> set[str]:
    """Name the ingredients of content files that did not change, where no other file can change them."""
    changed = {name for name in old.keys() | new.keys() if name not in old or name not in new}
    changed |= {name for name, stamp in new.items() if name in old and old[name][3] != stamp[3]}
    if not all(_is_plain_page(name) for name in changed):
        return set()
    paths = [name[len(_CONTENT) :] for name in new if name.startswith(_CONTENT) and name not in changed]
    return {f"{kind}:{path}" for path in paths for kind in ("source", "meta")}


def _is_plain_page(name: str) -> bool:
    """Tell pages from what says something of other pages: _index.md files, bundles, settings, themes."""
    return name.startswith(_CONTENT) and bool(re.fullmatch(r"(?!_?index\.).+\.md", name.rpartition("/")[2]))


class FileDigests:
    """Know the hash of every source, and tell other files by their times."""

    def __init__(self, stamps: Mapping[str, Stamp], roots: Iterable[Root]) -> None:
        places = {root.name: root.path for root in roots}
        self._known: dict[str, str] = {}
        for name, stamp in stamps.items():
            end = name.find("/", name.find("/") + 1 if name.startswith(("site/", "product/")) else 0)
            root, rest = (name, "") if end < 0 else (name[:end], name[end:])
            if root in places:
                self._known[places[root] + rest.replace("/", os.sep)] = stamp[3]

    def __call__(self, path: Path | str) -> str:
        """Return the digest of a file."""
        text = str(path)
        known = self._known.get(text)
        if known is not None:
            return known
        try:
            found = os.stat(text)  # noqa: PTH116
        except OSError:
            return "-"
        return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ino}"


def look_of(output: tuple[Any, ...]) -> Look:
    """Return how an output of the old build looks on the disk."""
    return output[3], output[4], output[5]
