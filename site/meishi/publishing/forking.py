"""Share work with forked copies of this process: they know all that it knows, and cost a few milliseconds.

Each takes the next piece from a common counter, this process too, so that all end at the same time.
Only where forking is safe: on Linux, and as long as there is no other thread.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from meishi.errors import FreezeError


def can_fork() -> bool:
    """Tell whether this process may be copied."""
    return sys.platform == "linux" and threading.active_count() == 1


class Pieces:
    """Hand out the pieces of a range, each once, to whichever process asks first."""

    def __init__(self, total: int, size: int) -> None:
        import multiprocessing

        self._total = total
        self._size = size
        self._next: Any = multiprocessing.get_context("fork").Value("l", 0)

    def __iter__(self) -> Iterator[slice]:
        """Yield pieces until there are none left."""
        return self.but_last(0)

    def but_last(self, left: int) -> Iterator[slice]:
        """Yield pieces until `left` of the range are left, for who has more to do after them than others."""
        while True:
            with self._next.get_lock():
                start = self._next.value
                if start >= self._total - left:
                    return
                self._next.value = start + self._size
            yield slice(start, start + self._size)


class Fork:
    """Run a function in a copy of this process; `result` is what it returned there."""

    def __init__(self, work: Callable[[], Any]) -> None:
        reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(reader)
            _run(work, writer, parent)
        os.close(writer)
        self._reader = reader

    def result(self) -> Any:
        """Wait for the copy, and return what its function returned."""
        try:
            with os.fdopen(self._reader, "rb") as file:
                data = file.read()
        finally:
            self._reader = -1
            os.waitpid(self._pid, 0)
            self._pid = 0
        if not data:
            raise FreezeError("A helping process died", hint="Build again.")
        answer = pickle.loads(data)  # noqa: S301  (from our own copy)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def stop(self) -> None:
        """End the copy, if it is still there."""
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0
        if self._reader >= 0:
            os.close(self._reader)
            self._reader = -1


def _run(work: Callable[[], Any], writer: int, parent: int) -> None:
    """Do the work of the copy, hand over the result, and end without any of the parent's last acts."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_end_with_reader, args=(writer,), daemon=True).start()
        try:
            data = pickle.dumps(work(), 5)
        except BaseException as error:  # noqa: BLE001  (handed to the parent, which raises it)
            data = _pickled_error(error)
        if os.getppid() == parent:
            with os.fdopen(writer, "wb") as file:
                file.write(data)
    finally:
        os._exit(0)


def _end_with_reader(writer: int) -> None:
    """End this process when nobody is left who would read from it, whatever it waits for.

    A copy has the build's lock, too. Of a killed parent it would keep it, and go on to write into its folder.
    """
    pipe = select.poll()
    pipe.register(writer, 0)  # an error is told without being asked for
    pipe.poll()
    os._exit(1)


def _pickled_error(error: BaseException) -> bytes:
    try:
        return pickle.dumps(error, 5)
    except Exception:  # noqa: BLE001  (errors hold anything)
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"), 5)
