"""See that files changed by looking at them now and then: where a server has no watcher of its own.

Several processes may serve one site, and a `git pull` may change it. Looking at a thousand pages takes a few
milliseconds, and is done only while somebody visits.
"""

# Thousands of files: strings, not Paths.
# ruff: noqa: PTH116

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

#: Seconds between two looks at least; a look that takes long is made less often.
PAUSE = 3.0
_SHARE = 100


class Looking:
    """Tell whether anything below some folders, or one of the top folder's files, changed since last time."""

    def __init__(
        self,
        root: Path,
        files: Iterable[str],
        folders: Iterable[Path],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._files = [str(root / name) for name in files]
        self._folders = [str(folder) for folder in folders]
        self._clock = clock
        self._seen = ""
        self._next = clock()

    def __call__(self) -> bool:
        """Look, unless the last look was just now; the first one has nothing to compare with."""
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + PAUSE  # others need not look meanwhile
        seen, self._seen = self._seen, self._look()
        took = self._clock() - now
        self._next = now + max(PAUSE, took * _SHARE)
        return bool(seen) and seen != self._seen

    def _look(self) -> str:
        hasher = blake2b(digest_size=16)
        for path, stat in self._all():
            look = f"{path}\0{stat.st_size} {stat.st_mtime_ns} {stat.st_ino}\n"
            hasher.update(look.encode("utf-8", "surrogateescape"))
        return hasher.hexdigest()

    def _all(self) -> Iterator[tuple[str, os.stat_result]]:
        for path in self._files:
            try:
                yield path, os.stat(path)
            except OSError:
                continue
        pending = list(self._folders)
        while pending:
            try:
                with os.scandir(pending.pop()) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in found:
                try:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        yield entry.path, entry.stat()
                except OSError:
                    continue  # gone by now: the next look shows it
