"""The folder that the next build is made in: all files of the published one, by links.

There is none after the first build of a site, and its folders take as long to make as all the rest of a small
rebuild. So another core makes them: with many, while the first build makes its last files; else while the
next build imports what it needs. Where there is no other core, the next build makes them when it comes to it.
"""

# Thousands of files: strings, not Paths.
# ruff: noqa: PTH102

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from meishi.publishing.forking import Fork, can_fork
from meishi.publishing.state import State
from meishi.publishing.swap import Swap, remove_tree
from meishi.publishing.tree import Spare, folders_of, times
from meishi.publishing.workers import usable_cores

# With fewer folders, they are made before another process has begun.
_WORTHWHILE = 100
# With more, the next build could not hide them behind its imports.
_MANY = 2000


class SpareMaker:
    """Make the staging folder of a build out of the published one, if there is none yet."""

    def __init__(self, state: State, swap: Swap) -> None:
        """Begin, where that is possible and worthwhile."""
        self._fork: Fork | None = None
        old = state.manifest
        if old is None or state.damaged or state.unsure or swap.beside is not None or swap.staging.exists():
            return
        self._old = old
        if len(old.folders) >= _WORTHWHILE and _has_another_core():
            self._fork = Fork(lambda: _link_all(swap.destination, swap.staging, old.outputs))
            self._staging = swap.staging

    def result(self) -> Spare | None:
        """Wait for the folder, and say what it holds; None if it has to be looked at, or is not there."""
        fork, self._fork = self._fork, None
        if fork is None or not _done(fork):
            return None
        return Spare(times(self._staging, self._old.folders), frozenset(self._old.outputs))

    def stop(self) -> None:
        """Give up; what is there already is looked at by the next build."""
        if self._fork is not None:
            self._fork.stop()


class Twin:
    """Make a second folder of the same files as the staging folder, if they are many."""

    def __init__(self, swap: Swap, files: Iterable[str]) -> None:
        """Begin with the files that are there, if another process can do that."""
        self._source, self._target = swap.staging, swap.twin
        self._begun = tuple(files)
        self._fork: Fork | None = None
        if len(folders_of(self._begun)) > _MANY and _has_another_core():
            self._fork = Fork(lambda: _link_all(self._source, self._target, self._begun))

    def finish(self, files: Iterable[str]) -> dict[str, int]:
        """Link the rest, and return its folders with their times; none where it is left to the next build."""
        wanted = frozenset(files)
        folders = folders_of(wanted)
        fork, self._fork = self._fork, None
        if fork is not None:
            is_made = _done(fork) and _link_all(self._source, self._target, wanted.difference(self._begun))
        else:
            is_made = len(folders) > _MANY and _link_all(self._source, self._target, wanted)
        return times(self._target, folders) if is_made else {}

    def stop(self) -> None:
        """Give it up; the next build removes what is there."""
        if self._fork is not None:
            self._fork.stop()


def _has_another_core() -> bool:
    return usable_cores() > 1 and can_fork()


def _done(fork: Fork) -> bool:
    try:
        return bool(fork.result())
    finally:
        fork.stop()


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
