"""What became of one address, and how files are published that no page is rendered for."""

from __future__ import annotations

import hashlib
import marshal
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from meishi.errors import FreezeError, MeishiError
from meishi.publishing.manifest import Note
from meishi.publishing.plan import COPY
from meishi.publishing.site import Site
from meishi.publishing.tree import remove


class Made(NamedTuple):
    """Say what became of one address."""

    address: str
    path: str
    digest: str
    reads: frozenset[str]
    needs: tuple[str, ...]
    notes: tuple[Note, ...]
    facts: bytes


def note_of(error: MeishiError) -> Note:
    """Take a warning apart, so that it can be kept."""
    text = error.message.rstrip(".")
    return (f"{text}. {error.hint}" if error.hint else text), str(error.path or "") or None, error.line


def facts_in(path: str, data: bytes) -> bytes:
    """Return the facts of a file's bytes as the manifest keeps them."""
    from meishi.publishing.facts import facts_of, has_facts

    return marshal.dumps(tuple(facts_of(path, data))) if has_facts(path) else b""


def digest(data: bytes) -> str:
    """Hash the bytes of an output."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def copy(site: Site, target: Any, path: str, staging: Path) -> Made:
    """Publish a file as it is, or as the site makes it."""
    known = len(site.warnings)
    source = site.file(target)
    if source is None:
        raise FreezeError(f"{target.address} has no file")
    place = staging / path
    remove(str(place))
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, place)
    from meishi.publishing.facts import has_facts

    data = place.read_bytes() if has_facts(path) else b""
    hashed = digest(data) if data else _digest_of(place)
    origin = target.file or source
    notes = tuple(map(note_of, site.warnings[known:]))
    reads = frozenset({f"{COPY}:{os.fspath(origin)}"})
    return Made(target.address, path, hashed, reads, (), notes, facts_in(path, data))


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        hasher = hashlib.blake2b(digest_size=16)
        while block := file.read(1 << 20):
            hasher.update(block)
    return hasher.hexdigest()
