"""The folder that the next build is made in, made by a copy of this process while this one imports Flask.

After the first build of a site there is none yet: making it takes as long as all the rest of a small rebuild.
"""

from __future__ import annotations

import os
from pathlib import Path

from meishi.publishing.forking import Fork, can_fork
from meishi.publishing.manifest import Manifest
from meishi.publishing.state import State
from meishi.publishing.swap import Swap, remove_tree
from meishi.publishing.tree import Spare, twin
from meishi.publishing.workers import usable_cores

# With fewer folders, a copy of the process takes longer than the folders.
_WORTHWHILE = 100


class SpareMaker:
    """Make the staging folder of a build out of the published one, if there is none."""

    def __init__(self, state: State, swap: Swap) -> None:
        """Begin, where that is possible and worthwhile."""
        self._swap = swap
        self._fork: Fork | None = None
        old = state.manifest
        if old is None or state.damaged or state.unsure or swap.beside is not None or swap.staging.exists():
            return
        self._old: Manifest = old
        if len(old.folders) >= _WORTHWHILE and usable_cores() > 1 and can_fork():
            self._fork = Fork(lambda: _linked(swap.destination, swap.staging, old))

    def result(self) -> Spare | None:
        """Wait for the folder, and say what it holds; None if it has to be looked at, or is not there."""
        fork, self._fork = self._fork, None
        if fork is None:
            return None
        try:
            folders = fork.result()
        except OSError:
            return None  # whoever makes it now will meet the same, and tell
        finally:
            fork.stop()
        return Spare(folders, frozenset(self._old.outputs)) if folders else None

    def stop(self) -> None:
        """Give up; what is there already is looked at by the next build."""
        if self._fork is not None:
            self._fork.stop()


def _linked(published: Path, staging: Path, old: Manifest) -> dict[str, int]:
    """Make a copy by links; nothing where there are no links, as all that changes would be copied twice."""
    trial = staging.with_name(f"{staging.name}.trial")
    try:
        os.link(published / next(iter(old.outputs)), trial)
    except OSError:
        return {}
    trial.unlink()
    try:
        return twin(published, staging, old.outputs)
    except OSError:
        remove_tree(staging)
        raise
