"""The record of a build: what each file was made from, and how to see whether it is still as it was written.

Marshalled (the standard library's quickest reader: 5,000 pages in about 10 ms) behind a checksum, since
marshal must never see damaged bytes; a record of another Python or another layout counts as none.
"""

# Thousands of files: strings, not Paths.
# ruff: noqa: PTH116

from __future__ import annotations

import marshal
import os
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from meishi.publishing.sources import Stamp

_LAYOUT = b"meishi build 4 " + sys.implementation.cache_tag.encode() + b"\n"

# message, path, line
Note = tuple[str, str | None, int | None]


class Output(NamedTuple):
    """Describe one file of a build."""

    row: str
    language: str
    digest: str
    size: int
    mtime_ns: int
    inode: int
    reads: tuple[int, ...]  # positions in Manifest.ingredients
    pictures: tuple[str, ...]  # addresses of the picture variants that the page refers to
    warnings: tuple[Note, ...]
    facts: bytes  # marshalled facts about links, see links.py; opened only when they are needed
    source: str = ""  # the file below content/ that the page at this address is made of


class Manifest(NamedTuple):
    """Describe a whole build."""

    circumstances: str
    valid_until: float | None  # seconds since 1970: a page appears or expires then
    stamps: dict[str, Stamp]
    common: str
    ingredients: tuple[tuple[str, str], ...]  # name, digest
    states: dict[str, str]  # kind of ingredient → digest of all that it depends on
    outputs: dict[str, tuple[Any, ...]]  # by path below the destination; fields of Output
    addresses: dict[str, str]  # address → path below the destination
    folders: dict[str, int]  # path below the destination → mtime_ns
    spare_folders: dict[str, int]  # the same for the build before
    spare_only: tuple[str, ...]  # files of the build before that are not in this one
    warnings: tuple[Note, ...]  # those that belong to no single page
    table: str
    rows: dict[str, dict[str, int]]

    def output(self, path: str) -> Output | None:
        """Return what is known about the file at `path`."""
        fields = self.outputs.get(path)
        return None if fields is None else Output(*fields)

    def notes(self) -> list[Note]:
        """List every warning of the build."""
        return [*self.warnings, *(note for fields in self.outputs.values() for note in fields[8])]

    def encode(self) -> bytes:
        """Return the bytes that `decode` reads."""
        outputs = {path: tuple(fields) for path, fields in self.outputs.items()}
        payload = marshal.dumps(tuple(self._replace(outputs=outputs)))
        return _LAYOUT + zlib.crc32(payload).to_bytes(4) + payload


def decode(data: bytes) -> Manifest | None:
    """Read a manifest; None if it is damaged or of another layout."""
    head = len(_LAYOUT)
    if data[:head] != _LAYOUT:
        return None
    payload = memoryview(data)[head + 4 :]
    if zlib.crc32(payload).to_bytes(4) != data[head : head + 4]:
        return None
    return Manifest(*marshal.loads(payload))  # noqa: S302  (our own bytes, by the checksum)


def load(path: Path) -> Manifest | None:
    """Read the manifest at `path`; None if there is none that can be used."""
    try:
        return decode(path.read_bytes())
    except OSError:
        return None


def damaged(manifest: Manifest, destination: Path) -> set[str]:
    """Return the files that are not as the build wrote them, and folders that strange files came into.

    A strange file shows by its folder's time; the folder's path is returned then.
    """
    wrong: set[str] = set()
    base = str(destination) + os.sep
    stat = os.stat
    for path, fields in manifest.outputs.items():
        try:
            found = stat(base + path, follow_symlinks=False)
        except OSError:
            wrong.add(path)
            continue
        if found.st_mtime_ns != fields[4] or found.st_size != fields[3] or found.st_ino != fields[5]:
            wrong.add(path)
    wrong.update(strange(manifest.folders, destination))
    return wrong


def strange(folders: Mapping[str, int], tree: Path) -> list[str]:
    """Return the folders of `tree` in which something was added or removed since their time was noted."""
    wrong = []
    base = str(tree) + os.sep
    for folder, mtime_ns in folders.items():
        try:
            if os.stat(base + folder, follow_symlinks=False).st_mtime_ns != mtime_ns:
                wrong.append(folder)
        except OSError:
            wrong.append(folder)
    return wrong
