"""What a build is made from: every file that may matter, with a hash of its content.

By content, not by clock: a file whose size and times are as at the last build is taken to be unchanged
without reading it again, as git's index does, unless it was written so shortly before it was hashed that
a second write could have left the same times. Only light imports: this runs before Flask is loaded.
"""

# Thousands of files: strings, not Paths.
# ruff: noqa: PTH112, PTH116, PTH123, PTH208

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

# Two writes within one tick of the file system's clock look alike. FAT's tick is 2 s.
RACY_NS = 2_000_000_000
_SKIP = {"__pycache__", ".git", "node_modules", ".DS_Store"}

# size, mtime_ns, ctime_ns, digest, trusted: plain tuples, because thousands of them are marshalled
Stamp = tuple[int, int, int, str, bool]


class Root(NamedTuple):
    """Name a file or a folder that a build reads."""

    name: str
    path: str


class Sources(NamedTuple):
    """Hold the stamp of every file, by the root's name and the path below it ("site/content/about.md")."""

    stamps: dict[str, Stamp]
    reread: int

    def digests(self) -> dict[str, str]:
        """Return the hash of each file's content, by its name."""
        return {name: stamp[3] for name, stamp in self.stamps.items()}


def site_roots(source: Path, product: Path, package: Path) -> tuple[Root, ...]:
    """List what a site at `source` is built from; `product` brings templates and static files."""
    names = ("config.toml", "hugo.toml", "content", "static", "templates", "themes", "i18n", "data", "assets")
    roots = [Root(f"site/{name}", str(source / name)) for name in names]
    if product != source:
        roots += [Root(f"product/{name}", str(product / name)) for name in ("static", "templates")]
    return (*roots, Root("code", str(package)))


def digest_of(path: str) -> str:
    """Hash a file's content."""
    import hashlib  # takes OpenSSL's library with it: not while there is nothing to hash

    hasher = hashlib.blake2b(digest_size=16)
    with open(path, "rb", buffering=0) as file:
        while block := file.read(1 << 20):
            hasher.update(block)
    return hasher.hexdigest()


def scan(roots: Iterable[Root], known: Mapping[str, Stamp]) -> Sources:
    """Find every file below `roots`, and hash those that are not surely as `known`."""
    stamps: dict[str, Stamp] = {}
    reread = 0
    now = time.time_ns()  # compared with times that the file system gave, never put into a build
    for root in roots:
        for name, path, stat in _files(root):
            size, changed, status = stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
            old = known.get(name)
            if old is not None and old[4] and old[:3] == (size, changed, status):
                stamps[name] = old
                continue
            try:
                digest = digest_of(path)
            except FileNotFoundError:
                continue
            reread += 1
            stamps[name] = (size, changed, status, digest, max(changed, status) < now - RACY_NS)
    return Sources(stamps, reread)


def _files(root: Root) -> Iterator[tuple[str, str, os.stat_result]]:
    try:
        top = os.stat(root.path)
    except OSError:
        return
    if not os.path.isdir(root.path):
        yield root.name, root.path, top
        return
    pending = [(root.name, root.path)]
    seen: set[str] = set()
    while pending:
        name, folder = pending.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name in _SKIP:
                    continue
                child = f"{name}/{entry.name}"
                if entry.is_symlink() and entry.is_dir():
                    # A link that leads up would go round for ever.
                    real = os.path.realpath(entry.path)
                    if real in seen or folder.startswith(real):
                        continue
                    seen.add(real)
                if entry.is_dir():
                    pending.append((child, entry.path))
                elif entry.is_file():
                    yield child, entry.path, entry.stat()


def circumstances(options: Iterable[str], environment: Mapping[str, str]) -> str:
    """Write down what a build depends on besides its files: options, Python, libraries, its date."""
    parts = [sys.version, *options, environment.get("SOURCE_DATE_EPOCH", "")]
    for folder in sys.path:
        if folder.endswith(("site-packages", "dist-packages")) and os.path.isdir(folder):
            # The names of these folders hold the versions: "flask-3.1.3.dist-info".
            parts += sorted(name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info")))
    return "\0".join(parts)
