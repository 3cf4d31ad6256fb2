"""Every text that was opened or saved, under the digest of its bytes: what merges and histories need."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

from meishi.content.editing.files import read, write_over
from meishi.content.sources import digest_of

_NAME = re.compile(r"[0-9a-f]{32}")
_BROKEN = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def decode(data: bytes) -> str:
    """Read bytes as UTF-8; others survive as they are."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Write a text as UTF-8; half of a character, as a cut emoji leaves it, becomes the mark for one."""
    return _BROKEN.sub("\ufffd", text).encode("utf-8", "surrogateescape")


class Texts:
    """Keep texts by their digest."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`."""
        self._folder = folder

    def put(self, data: bytes, *, sync: bool = False) -> str:
        """Keep a text; return its version.

        Without `sync` a power cut may take it, which `get` notices: it is on the disk as a page, after all.
        """
        version = digest_of(data)
        place = self._place(version)
        if not place.exists() or place.stat().st_size != len(data):
            write_over(place, data, sync=sync)
        return version

    def has(self, version: str) -> bool:
        """Tell whether a text is kept."""
        return bool(_NAME.fullmatch(version)) and self._place(version).exists()

    def get(self, version: str) -> bytes | None:
        """Find a text by its version; None if it is not kept, or was damaged."""
        if not _NAME.fullmatch(version):
            return None
        data = read(self._place(version))
        return data if data is not None and digest_of(data) == version else None

    def prune(self, keep: Container[str], before: float) -> int:
        """Drop texts that nothing refers to and that are older than a time; count them."""
        dropped = 0
        for file in self._folder.glob("??/*"):
            if file.parent.name + file.name not in keep and file.stat().st_mtime < before:
                file.unlink(missing_ok=True)
                dropped += 1
        return dropped

    def _place(self, version: str) -> Path:
        return self._folder / version[:2] / version[2:]
