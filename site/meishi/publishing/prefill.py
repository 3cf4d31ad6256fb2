"""Begin with the Markdown of a build while this process still reads, imports and prepares."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from meishi.content.cache import DocumentCache, Job
from meishi.publishing.forking import Fork, can_fork
from meishi.publishing.workers import MarkdownPool, processes_for, rendered, usable_cores


class Helper(Protocol):
    """Render texts elsewhere."""

    def take(self, key: str) -> bytes | None:
        """Return the pickled document; None if it has to be rendered here after all."""

    def finish(self) -> dict[str, bytes]:
        """Return what was rendered and not taken yet, and begin with nothing more."""

    def stop(self) -> None:
        """End it."""


class OneFork:
    """Render a few texts in a copy of this process: the usual case, a page that was edited."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._fork: Fork | None = Fork(lambda: {job.key: rendered(job) for job in jobs})
        self._done: dict[str, bytes | None] = {}

    def take(self, key: str) -> bytes | None:
        """Return the pickled document; None if it has to be rendered here after all."""
        self._wait()
        return self._done.pop(key, None)

    def finish(self) -> dict[str, bytes]:
        """Return what was rendered and not taken yet."""
        self._wait()
        return {key: blob for key, blob in self._done.items() if blob is not None}

    def stop(self) -> None:
        """End the copy."""
        if self._fork is not None:
            self._fork.stop()

    def _wait(self) -> None:
        if self._fork is not None:
            self._done, self._fork = self._fork.result(), None


class Prefill:
    """Start helpers once, and stop them whatever happens."""

    def __init__(self, documents: DocumentCache) -> None:
        self._documents = documents
        self._helper: Helper | None = None

    def __call__(self, keys: Iterable[str], job: Callable[[str], Job]) -> None:
        """Render the texts that are not in the cache."""
        missing = self._documents.missing(keys)
        cores = usable_cores()
        if not missing or self._helper is not None or cores < 2:
            return
        if "flask" in sys.modules and can_fork():
            return  # nothing to wait for: several processes are going to render texts with their pages
        if processes := processes_for(len(missing), cores):
            self._helper = MarkdownPool([job(key) for key in missing], processes)
        elif can_fork():
            self._helper = OneFork([job(key) for key in missing])
        else:
            return
        self._documents.source = self._helper.take

    def settle(self) -> None:
        """Take what the helpers have rendered so far, and let them go."""
        if self._helper is not None:
            self._documents.add(self._helper.finish())
            self._documents.source = None

    def stop(self) -> None:
        """End the helpers."""
        if self._helper is not None:
            self._helper.stop()
