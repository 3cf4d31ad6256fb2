"""What one build knows: which files have to be made again, and which stay."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from meishi.errors import FreezeError, MeishiError
from meishi.publishing.addresses import files_of
from meishi.publishing.made import Made
from meishi.publishing.manifest import Manifest, Output
from meishi.publishing.plan import Ingredients
from meishi.publishing.site import Frozen
from meishi.publishing.spare import Twin
from meishi.publishing.state import State
from meishi.publishing.swap import Swap

# Nothing says what these are made from; they are few, and quick to make.
_ALWAYS = {"asset", "portrait"}


class BuildFailedError(FreezeError):
    """Hold every error of a build that could not be published, each once.

    A page's mistake is met again wherever the page is shown: in lists, in feeds.
    """

    def __init__(self, errors: list[MeishiError]) -> None:
        first = errors[0]
        super().__init__(first.message, path=first.path, line=first.line, hint=first.hint)
        told: dict[tuple[str, str, int | None], MeishiError] = {}
        for error in errors:
            told.setdefault((error.message, str(error.path), error.line), error)
        self.errors = tuple(told.values())


@dataclass(slots=True)
class Build:
    """Hold what one build knows while it runs."""

    source: Path
    state: State
    swap: Swap
    frozen: Frozen
    old: Manifest | None
    ingredients: Ingredients
    files: dict[str, str]  # address → path
    targets: dict[str, Any]  # address → target
    keep: dict[str, Output] = field(default_factory=dict)  # by path: files that stay
    dirty: list[str] = field(default_factory=list)  # addresses to make
    made: dict[str, Made] = field(default_factory=dict)  # by path
    copies: set[str] = field(default_factory=set)  # kept files that had to be copied
    twin: Twin | None = None  # the staging folder of the next build, if it is made with this one

    def old_output(self, path: str) -> Output | None:
        """Return what the published build knows about a file."""
        return self.old.output(path) if self.old is not None else None

    @property
    def staging(self) -> Path:
        """Return the folder that the new build is made in."""
        return self.swap.staging


def planned(
    source: Path,
    frozen: Frozen,
    ingredients: Ingredients,
    state: State,
    swap: Swap,
    common: str,
) -> Build:
    """Sort what is to be made from what stays."""
    old = state.manifest
    targets = dict(frozen.site.targets())
    known = old.addresses if old is not None else {}
    errors: list[FreezeError] = []
    if targets.keys() <= known.keys():
        # All of them were together before.
        files = {address: known[address] for address in targets}
    else:
        files, errors = files_of(targets)
    if errors:
        raise BuildFailedError(list(errors))
    build = Build(source, state, swap, frozen, old, ingredients, files, targets)
    outputs = old.outputs if old is not None and old.common == common else {}
    for address, path in files.items():
        fields = outputs.get(path)
        if (
            fields is not None
            and path not in state.damaged
            and ingredients.same(fields)
            and targets[address].kind not in _ALWAYS
            and targets[address].row == fields[0]
        ):
            build.keep[path] = Output(*fields)
        else:
            build.dirty.append(address)
    return build
