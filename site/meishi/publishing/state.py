"""How things stand before a build: what is there, what has changed, and whether anything has to be done.

Run before anything heavy is imported: a site in which nothing changed is decided here.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from meishi.errors import FreezeError
from meishi.publishing.manifest import Manifest, damaged, load
from meishi.publishing.options import FreezeOptions
from meishi.publishing.sources import Root, Sources, circumstances, scan, site_roots
from meishi.publishing.swap import MARK, Swap

PACKAGE = Path(__file__).resolve().parent.parent
#: Meishi's own templates and static files lie two folders above the package.
PRODUCT = PACKAGE.parent.parent


class State(NamedTuple):
    """Hold what was found."""

    manifest: Manifest | None
    sources: Sources
    roots: tuple[Root, ...]
    circumstances: str
    damaged: set[str]
    record_time: int  # of the manifest's file
    unsure: bool  # a killed or failed build may have left anything in the spare

    def is_current(self, now: float) -> bool:
        """Tell whether the published build is what a new one would be."""
        old = self.manifest
        return (
            old is not None
            and not self.damaged
            and old.circumstances == self.circumstances
            and (old.valid_until is None or now < old.valid_until)
            and old.stamps.keys() == self.sources.stamps.keys()
            and all(old.stamps[name][3] == stamp[3] for name, stamp in self.sources.stamps.items())
        )


def swap_for(options: FreezeOptions) -> Swap:
    """Return the swap of a destination, its workshop on the same file system."""
    destination = options.destination
    name = f"{zlib.crc32(os.fsencode(destination)):08x}"
    workshop = options.cache / f"freeze-{name}"
    if _device(options.cache) == _device(destination.parent):
        return Swap(destination, workshop)
    # A rename cannot leave its file system.
    return Swap(destination, workshop, destination.parent / f".{destination.name}.freeze-{name}")


def _device(path: Path) -> int:
    while not path.exists():
        path = path.parent
    return path.stat().st_dev


def look(
    options: FreezeOptions,
    swap: Swap,
    environment: Mapping[str, str],
    *,
    unsure: bool = False,
    without: Collection[str] = (),
) -> State:
    """Look at the site and at the build that is published, leaving out some roots if need be."""
    time = swap.record_time()
    old = None if options.clean else load(swap.record)
    roots = roots_of(options)
    sources = scan((root for root in roots if root.name not in without), old.stamps if old else {})
    wrong = damaged(old, options.destination) if old else set()
    return State(old, sources, roots, circumstances(options.words(), environment), wrong, time, unsure)


def roots_of(options: FreezeOptions) -> tuple[Root, ...]:
    """List what a site is built from."""
    return site_roots(options.source, PRODUCT, PACKAGE)


def check_destination(options: FreezeOptions, swap: Swap) -> None:
    """Refuse a destination whose content would be lost and is not ours."""
    destination, source = options.destination, options.source
    hint = "Choose another folder with --destination."
    if destination.is_symlink():
        raise FreezeError("The destination is a link", path=destination, hint="Name the folder itself.")
    real = destination.resolve()
    if source.resolve().is_relative_to(real) or PRODUCT.is_relative_to(real):
        raise FreezeError("The destination would replace the site itself", path=destination, hint=hint)
    inner = ("content", "static", "templates", "themes", "i18n", "data", "assets", "site", ".git", ".cache")
    for name in inner:
        if real.is_relative_to((source / name).resolve()) or real.is_relative_to(PRODUCT / name):
            raise FreezeError(f"The destination lies in {name}/", path=destination, hint=hint)
    if not destination.exists():
        return
    if not destination.is_dir():
        raise FreezeError("The destination is a file", path=destination, hint=hint)
    if (destination / ".git").exists():
        raise FreezeError(
            "The destination is a git checkout, which a build would replace", path=destination, hint=hint
        )
    if options.clean or swap.record.exists() or not any(destination.iterdir()) or _is_ours(destination):
        return
    raise FreezeError(
        "The destination holds files that no build of this site made",
        path=destination,
        hint="Choose another folder with --destination, or let --clean replace it.",
    )


def _is_ours(destination: Path) -> bool:
    try:
        return (destination / ".nojekyll").read_bytes().startswith(MARK)
    except OSError:
        return False
