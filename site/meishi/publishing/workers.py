"""Render Markdown in other processes while this one imports Flask and fills templates.

Nobody hands out work: all processes take the next piece from a common counter, this one too when it has
nothing better to do than to wait. So it does not matter which of them is quick.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from meishi.publishing.forking import can_fork

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext

    from meishi.content.cache import Job

# Below this many texts, starting processes takes longer than rendering.
WORTHWHILE = 60
_PIECE = 8


def processes_for(jobs: int, cores: int) -> int:
    """Say how many processes should help with this many texts."""
    if jobs < WORTHWHILE or cores < 2:
        return 0
    return min(cores - 1, 1 + jobs // 200, 8)


def usable_cores() -> int:
    """Count the cores that this process may use."""
    if sys.platform != "win32" and hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class MarkdownPool:
    """Render texts in `processes` other processes."""

    def __init__(self, jobs: Sequence[Job], processes: int) -> None:
        self._jobs = jobs
        self._positions = {job.key: position for position, job in enumerate(jobs)}
        self._done: dict[str, bytes | None] = {}
        context = _context()
        self._next: Any = context.Value("l", 0)
        self._answers: Any = context.Queue()
        # Who holds the other end of this line ends with this process.
        receiver, self._line = context.Pipe(duplex=False)
        arguments = (jobs, self._next, self._answers, receiver, self._line)
        self._processes = [
            context.Process(target=_work, args=arguments, daemon=True)  # type: ignore[attr-defined]
            for _ in range(processes)
        ]
        for process in self._processes:
            process.start()
        receiver.close()

    def take(self, key: str) -> bytes | None:
        """Return the pickled document; None if it has to be rendered here after all."""
        if key not in self._positions:
            return None
        while key not in self._done:
            if self._receive(0):
                continue
            piece = _next_piece(self._next, len(self._jobs))
            if piece is not None:
                for job in self._jobs[piece]:
                    self._done[job.key] = rendered(job)
            elif not self._receive(0.2) and self._are_gone() and not self._receive(0):
                return None  # its worker was killed
        return self._done.pop(key)

    def finish(self) -> dict[str, bytes]:
        """Hand out nothing more; return what was rendered and not taken yet."""
        with self._next.get_lock():
            self._next.value = len(self._jobs)
        while not self._are_gone() or not self._answers.empty():
            self._receive(0.02)
        return {key: blob for key, blob in self._done.items() if blob is not None}

    def stop(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
        self._line.close()
        self._answers.close()
        self._answers.cancel_join_thread()

    def _are_gone(self) -> bool:
        return not any(process.is_alive() for process in self._processes)

    def _receive(self, seconds: float) -> bool:
        try:
            answers = self._answers.get(seconds > 0, seconds or None)
        except queue.Empty:
            return False
        self._done.update(answers)
        return True


def _context() -> BaseContext:
    import multiprocessing

    # A forked child starts in a millisecond and has the texts already.
    return multiprocessing.get_context("fork" if can_fork() else "spawn")


def _next_piece(counter: Any, total: int) -> slice | None:
    with counter.get_lock():
        start = counter.value
        if start >= total:
            return None
        counter.value = start + _PIECE
    return slice(start, start + _PIECE)


def rendered(job: Job) -> bytes | None:
    """Return the pickled document of a text; None if there is an error to report."""
    from meishi.content.cache import pickled
    from meishi.content.markdown import render
    from meishi.errors import MeishiError

    try:
        document = render(job.source, job.settings, first_line=job.first_line)
    except MeishiError:
        return None  # rendered again where the error can be reported
    return pickled(document)


def _work(jobs: Sequence[Job], counter: Any, answers: Any, line: Connection, far_end: Connection) -> None:
    """Render until nothing is left, or until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    far_end.close()
    threading.Thread(target=_end_with_parent, args=(line,), daemon=True).start()
    while (piece := _next_piece(counter, len(jobs))) is not None:
        answers.put([(job.key, rendered(job)) for job in jobs[piece]])


def _end_with_parent(line: Connection) -> None:
    """End this process when its parent does, whatever it waits for: it may have the build's lock, too."""
    with contextlib.suppress(EOFError, OSError):
        line.recv_bytes()
    os._exit(1)
