"""One build at a time for each destination, by a lock that dies with its process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def _try(handle: int) -> bool:
    """Take the lock if nobody has it. A lock of the system's, so that kill -9 leaves no stale one."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def locked(path: Path, on_wait: Callable[[], None], *, pause: float = 0.05) -> Iterator[None]:
    """Hold the lock at `path`; call `on_wait` once if another process has it first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        told = False
        while not _try(handle):
            if not told:
                on_wait()
                told = True
            time.sleep(pause)
        yield
    finally:
        os.close(handle)
