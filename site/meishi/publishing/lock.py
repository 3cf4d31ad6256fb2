"""One build at a time for each destination, by a lock that dies with its process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def try_lock(handle: int, *, shared: bool = False) -> bool:
    """Take the lock if nobody has it. A lock of the system's, so that kill -9 leaves no stale one.

    A shared one, for who only wants to know, does not disturb others of its kind (Windows has none).
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
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
        while not try_lock(handle):
            if not told:
                on_wait()
                told = True
            time.sleep(pause)
        yield
    finally:
        os.close(handle)
