"""What was last published from this computer: so that it is seen when someone else publishes."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from meishi.publishing.manifest import Manifest

_CONTENT = "site/content/"


@dataclass(frozen=True, slots=True)
class LastPublication:
    """The last publication: its commit, its build, and what the build was made from."""

    commit: str  # of the published branch; by push the commit of the content
    build: str
    via: str
    remote: str  # the address, without secrets
    branch: str
    when: str  # ISO
    address: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)  # file below content/ → digest
    addresses: Mapping[str, str] = field(default_factory=dict)  # address → path in the build


def note_pending(folder: Path, commit: str) -> None:
    """Write down what is about to be pushed: a kill afterwards must not make it somebody else's."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pending").write_text(commit, encoding="ascii")


def pending_in(folder: Path) -> str:
    """Return the commit that was about to be pushed, "" if there is none."""
    try:
        return (folder / "pending").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def sources_of(manifest: Manifest) -> dict[str, str]:
    """Return the files below content/ that a build was made from, with their digests."""
    found = manifest.stamps.items()
    return {name[len(_CONTENT) :]: stamp[3] for name, stamp in found if name.startswith(_CONTENT)}


def load_last(folder: Path) -> LastPublication | None:
    """Read what was last published; None if nothing was, or it cannot be read."""
    try:
        return LastPublication(**json.loads((folder / "published.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def save_last(folder: Path, last: LastPublication) -> None:
    """Write down what was published."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / "published.json.tmp"
    fresh.write_text(json.dumps(asdict(last), ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, folder / "published.json")  # noqa: PTH105
