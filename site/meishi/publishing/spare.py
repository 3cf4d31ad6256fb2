"""The folder that the next build is made in: a twin of the first one, by links.

Its folders take as long as all the rest of a small rebuild. While the last files of the first build are made
and checked, another core has nothing else to do.
"""

# Thousands of files: strings, not Paths.
# ruff: noqa: PTH102

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from meishi.publishing.forking import Fork, can_fork
from meishi.publishing.swap import Swap, remove_tree
from meishi.publishing.tree import folders_of, times
from meishi.publishing.workers import usable_cores

# With fewer folders, the next build has made them before another process has begun.
_WORTHWHILE = 100
# With so many, the next build would take too long over them, even if this one has to wait.
_MANY = 2000


class Twin:
    """Make a second folder of the same files as the staging folder."""

    def __init__(self, swap: Swap, files: Iterable[str]) -> None:
        """Begin with the files that are there, if another process can do that."""
        self._source, self._target = swap.staging, swap.twin
        self._begun = tuple(files)
        self._fork: Fork | None = None
        if can_fork() and usable_cores() > 1 and len(folders_of(self._begun)) >= _WORTHWHILE:
            self._fork = Fork(lambda: _link_all(self._source, self._target, self._begun))

    def finish(self, files: Iterable[str]) -> dict[str, int]:
        """Link the rest, and return its folders with their times; none where it is left to the next build."""
        wanted = frozenset(files)
        folders = folders_of(wanted)
        fork, self._fork = self._fork, None
        if fork is not None:
            try:
                is_made = fork.result()
            finally:
                fork.stop()
            is_made = is_made and _link_all(self._source, self._target, wanted.difference(self._begun))
        else:
            is_made = len(folders) > _MANY and _link_all(self._source, self._target, wanted)
        return times(self._target, folders) if is_made else {}

    def stop(self) -> None:
        """Give it up; the next build removes what is there."""
        if self._fork is not None:
            self._fork.stop()


def _link_all(source: Path, target: Path, files: Iterable[str]) -> bool:
    """Link files, making their folders; False where that cannot be done: copies would only cost."""
    base, other = f"{source}{os.sep}", f"{target}{os.sep}"
    files = tuple(files)
    try:
        for folder in sorted(folders_of(files)):
            with contextlib.suppress(FileExistsError):
                os.mkdir(other + folder)
        for path in files:
            os.link(base + path, other + path)
    except OSError:
        remove_tree(target)
        return False
    return True
