"""The digests of files that are looked at again and again, read only when the file changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from meishi.content.sources import digest_of

# Two writes within one tick of the file system's clock look alike. FAT's tick is 2 s.
_TICK = 2_000_000_000


class Digests:
    """Remember each file's digest together with its size and times."""

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        self._clock = clock
        self._known: dict[str, tuple[tuple[int, int, int, int], str]] = {}

    def __call__(self, path: Path | str) -> str:
        """Return the digest of a file's content."""
        name = os.fspath(path)
        known = self._known.get(name)
        stat = os.stat(name)  # noqa: PTH116  (thousands of files)
        look = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        if known is not None and known[0] == look:
            return known[1]
        digest = digest_of(Path(name).read_bytes())
        if self._clock() - stat.st_mtime_ns > _TICK:
            self._known[name] = look, digest
        return digest
