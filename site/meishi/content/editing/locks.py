"""Locks between processes, and between threads: one for each file that is being saved."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from meishi.content.editing.errors import LockedError, explain
from meishi.content.editing.paths import fold

#: So many lock files at most; two files that share one only wait for each other.
STRIPES = 64


class Locks:
    """Hand out locks that die with their process, so that kill -9 leaves no stale one."""

    def __init__(self, folder: Path, *, patience: float = 20.0) -> None:
        """Keep the lock files in `folder`; give up after `patience` seconds."""
        self.folder = folder
        self._patience = patience

    @contextmanager
    def hold(self, *paths: PurePosixPath) -> Iterator[None]:
        """Hold the locks of these files; always in one order, so that nobody waits in a circle."""
        names = sorted({self._name(path) for path in paths})
        with ExitStack() as stack:
            for name in names:
                stack.enter_context(self.named(name, paths[0]))
            yield

    @contextmanager
    def named(self, name: str, path: PurePosixPath | None = None) -> Iterator[None]:
        """Hold one lock by its name."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise explain(error, path or self.folder) from error
        try:
            until = time.monotonic() + self._patience
            while not _try(handle):
                if time.monotonic() > until:
                    raise LockedError(
                        "not saved: another process has been saving this for too long",
                        path=path,
                        hint="Save again in a moment; if it goes on, restart the server",
                    )
                time.sleep(0.005)
            yield
        finally:
            os.close(handle)

    @staticmethod
    def _name(path: PurePosixPath) -> str:
        digest = blake2b(fold(path.as_posix()).encode("utf-8", "surrogatepass"), digest_size=4).digest()
        return f"{int.from_bytes(digest, 'big') % STRIPES:02d}"


def _try(handle: int) -> bool:
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
